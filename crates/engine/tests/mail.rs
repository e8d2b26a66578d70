//! E-mails reach a real SMTP server once: with a dead server, lost answers, kills, refusals and bad certificates.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set up its world fails")]

mod common;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::postbox::{Manner, Postbox};
use common::team::*;
use common::*;
use millwright_engine::Handle;
use millwright_model::*;
use serde_json::Value as Json;

async fn connect(world: &World, connection: MailConnection) {
    world.engine.handle(MailConnectionSave { connection: Some(connection), password: None }).await.unwrap();
}

async fn raise(world: &World, text: &str, priority: Priority) -> RequestId {
    let asset_id = world.asset("P-101").await;
    let request = RequestRaise { asset_id, part: None, text: text.into(), priority, machine_down: true };
    world.engine.handle(request).await.unwrap()
}

/// The e-mails of a world, whatever became of them.
async fn mails(world: &World) -> Vec<Delivery> {
    let sync = world.sync().await;
    let all = sync.waiting.into_iter().chain(sync.needs_you).chain(sync.done).chain(sync.discarded);
    all.filter(|delivery| delivery.target == DeliveryTarget::Mail).collect()
}

async fn only_mail(world: &World) -> Delivery {
    let mails = mails(world).await;
    let [mail] = &mails[..] else { panic!("one e-mail, not {mails:?}") };
    mail.clone()
}

fn header<'m>(mail: &'m Json, name: &str) -> Vec<&'m str> {
    let head = mail["text"].as_str().unwrap().split("\r\n\r\n").next().unwrap();
    head.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).collect()
}

#[tokio::test]
async fn an_emergency_is_written_of_once_and_only_after_it_can_no_longer_be_undone() {
    let (world, postbox) = (World::new().await, Postbox::plain());
    connect(&world, postbox.connection()).await;
    raise(&world, "Seal leaks", Priority::Emergency).await;
    world.engine.synchronise().await.unwrap();
    assert_eq!(postbox.taken().len(), 0, "it can still be undone");
    world.deliver().await;
    world.deliver().await;
    let taken = postbox.taken();
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0]["to"], serde_json::json!(["supervisor@plant.example"]));
    assert_eq!(taken[0]["from"], "millwright@plant.example");
    assert_eq!(header(&taken[0], "Subject"), ["Emergency: P-101 Pump =?utf-8?b?4oCT?= Seal leaks"]);
    let text = taken[0]["text"].as_str().unwrap();
    assert!(text.contains("Seal leaks") && text.contains("The machine stands still."), "{text}");
    assert_eq!(only_mail(&world).await.state, DeliveryState::Done);
    assert_eq!(world.sync().await.state.mail_waiting, 0);
}

#[tokio::test]
async fn nobody_is_written_to_of_what_is_less_urgent_than_they_asked_for_or_was_undone() {
    let (world, postbox) = (World::new().await, Postbox::plain());
    connect(&world, postbox.connection()).await;
    raise(&world, "Paint flakes", Priority::Low).await;
    world.deliver().await;
    assert_eq!(mails(&world).await, []);
    raise(&world, "A mistake", Priority::Emergency).await;
    let txn_id = only_mail(&world).await.txn_id;
    world.engine.handle(TxnUndo { txn_id }).await.unwrap();
    world.deliver().await;
    assert_eq!(only_mail(&world).await.state, DeliveryState::Discarded);
    assert_eq!(postbox.taken().len(), 0);
}

#[tokio::test]
async fn an_e_mail_waits_while_the_server_is_dead_and_goes_when_it_is_back() {
    let (world, mut postbox) = (World::new().await, Postbox::plain());
    connect(&world, postbox.connection()).await;
    postbox.kill();
    raise(&world, "Seal leaks", Priority::Emergency).await;
    world.deliver().await;
    let waiting = only_mail(&world).await;
    assert_eq!((waiting.state, waiting.attempts), (DeliveryState::Waiting, 1));
    let state = world.sync().await.state;
    assert_eq!((state.mail_waiting, state.needs_you), (1, 0));
    assert!(
        matches!(state.mail, LinkState::Down { cause: Cause::ConnectionRefused, .. }),
        "{:?}",
        state.mail
    );
    assert_eq!(waiting.cause, Some(Cause::ConnectionRefused));
    postbox.run();
    world.engine.synchronise().await.unwrap();
    assert_eq!(postbox.taken().len(), 0, "it is not tried in one breath");
    world.pass_ms(60_000);
    world.engine.synchronise().await.unwrap();
    assert_eq!(postbox.taken().len(), 1);
    assert!(matches!(world.sync().await.state.mail, LinkState::Up { .. }));
}

#[tokio::test]
async fn a_server_that_says_later_is_asked_again_later() {
    let (world, postbox) = (World::new().await, Postbox::plain());
    connect(&world, postbox.connection()).await;
    postbox.behaves(Manner::ComeBackLater);
    raise(&world, "Seal leaks", Priority::Emergency).await;
    world.deliver().await;
    let waiting = only_mail(&world).await;
    assert_eq!(waiting.state, DeliveryState::Waiting);
    assert!(waiting.error.unwrap().contains("come back later"), "in the server's words");
    postbox.behaves(Manner::TakesIt);
    world.pass_ms(60_000);
    world.engine.synchronise().await.unwrap();
    assert_eq!(postbox.taken().len(), 1);
}

#[tokio::test]
async fn an_e_mail_whose_answer_was_lost_may_have_gone_and_goes_again_only_when_a_person_says_so() {
    let (world, postbox) = (World::new().await, Postbox::plain());
    connect(&world, postbox.connection()).await;
    postbox.behaves(Manner::LosesTheAnswer);
    raise(&world, "Seal leaks", Priority::Emergency).await;
    world.deliver().await;
    postbox.behaves(Manner::TakesIt);
    for _ in 0..5 {
        world.pass_ms(3_600_000);
        world.engine.synchronise().await.unwrap();
    }
    assert_eq!(postbox.taken().len(), 1, "never sent again by itself");
    let mail = only_mail(&world).await;
    assert!(mail.may_have_gone());
    let sync = world.sync().await;
    assert_eq!(sync.state.needs, Needs { mail: 1, ..Needs::default() });
    assert_eq!((sync.state.needs_you, sync.state.mail_waiting, sync.waiting.len()), (1, 0, 0));
    // A later e-mail about the same machine does not wait for the word of a person.
    raise(&world, "Seal leaks more", Priority::Emergency).await;
    world.deliver().await;
    assert_eq!(postbox.taken().len(), 2);
    world.engine.handle(DeliveryRetry { delivery_id: mail.delivery_id }).await.unwrap();
    world.engine.synchronise().await.unwrap();
    let taken = postbox.taken();
    assert_eq!(taken.len(), 3);
    assert_eq!(header(&taken[0], "Message-ID"), header(&taken[2], "Message-ID"), "the receiver can tell");
    assert_eq!(taken[0]["text"], taken[2]["text"]);
    assert_ne!(header(&taken[0], "Message-ID"), header(&taken[1], "Message-ID"));
    assert_eq!(world.sync().await.state.needs_you, 0);
}

#[tokio::test]
async fn an_e_mail_that_may_have_gone_can_be_let_be() {
    let (world, postbox) = (World::new().await, Postbox::plain());
    connect(&world, postbox.connection()).await;
    postbox.behaves(Manner::LosesTheAnswer);
    raise(&world, "Seal leaks", Priority::Emergency).await;
    world.deliver().await;
    let delivery_id = only_mail(&world).await.delivery_id;
    let reason = "she has read it".to_owned();
    world.engine.handle(DeliveryDiscard { delivery_id, reason }).await.unwrap();
    world.pass_ms(3_600_000);
    world.engine.synchronise().await.unwrap();
    assert_eq!(postbox.taken().len(), 1);
    assert_eq!(only_mail(&world).await.state, DeliveryState::Discarded);
}

#[tokio::test]
async fn an_e_mail_that_the_server_refuses_for_good_waits_for_a_person_with_the_servers_words() {
    let (world, postbox) = (World::new().await, Postbox::plain());
    connect(&world, postbox.connection()).await;
    postbox.behaves(Manner::Refuses);
    raise(&world, "Seal leaks", Priority::Emergency).await;
    world.deliver().await;
    let mail = only_mail(&world).await;
    assert_eq!(mail.state, DeliveryState::Rejected);
    assert!(mail.error.unwrap().contains("no such mailbox here"));
    postbox.behaves(Manner::TakesIt);
    world.pass_ms(3_600_000);
    world.engine.synchronise().await.unwrap();
    assert_eq!(postbox.taken().len(), 0, "not by itself");
    world.engine.handle(DeliveryRetry { delivery_id: mail.delivery_id }).await.unwrap();
    world.engine.synchronise().await.unwrap();
    assert_eq!(postbox.taken().len(), 1, "mended there and sent again here");
}

#[tokio::test]
async fn an_e_mail_that_was_on_its_way_when_the_process_ended_may_have_gone() {
    let (world, postbox) = (World::new().await, Postbox::plain());
    connect(&world, postbox.connection()).await;
    raise(&world, "Seal leaks", Priority::Emergency).await;
    let mail = only_mail(&world).await;
    // The kill comes between the durable mark and the first byte.
    let mut session = world.engine.database().write().await.unwrap();
    assert!(session.mark_sending(&mail).await.unwrap());
    session.commit().await.unwrap();
    let world = world.after_kill().await;
    world.deliver().await;
    assert!(only_mail(&world).await.may_have_gone());
    assert_eq!(postbox.taken().len(), 0);
}

#[tokio::test]
async fn e_mails_travel_encrypted_from_the_first_byte_or_by_starttls() {
    for security in [MailSecurity::Tls, MailSecurity::StartTls] {
        let (world, postbox) = (World::new().await, Postbox::encrypted(security, "localhost"));
        connect(&world, postbox.connection()).await;
        raise(&world, "Seal leaks", Priority::Emergency).await;
        world.deliver().await;
        let taken = postbox.taken();
        assert_eq!((taken.len(), &taken[0]["encrypted"]), (1, &Json::Bool(true)), "{security:?}");
    }
}

#[tokio::test]
async fn a_server_without_starttls_gets_nothing() {
    let (world, postbox) = (World::new().await, Postbox::plain());
    let connection = MailConnection { security: MailSecurity::StartTls, ..postbox.connection() };
    connect(&world, connection.clone()).await;
    raise(&world, "Seal leaks", Priority::Emergency).await;
    world.deliver().await;
    let mail = only_mail(&world).await;
    assert_eq!(mail.state, DeliveryState::Waiting);
    assert!(mail.error.unwrap().contains("STARTTLS"));
    assert_eq!(postbox.taken().len(), 0);
    let test = MailConnectionTest { connection, password: None, to: "supervisor@plant.example".into() };
    let finding = world.engine.handle(test).await.unwrap();
    assert!(!finding.works);
    assert!(matches!(
        finding.refusal,
        Some(Refusal::Mail { trouble: MailTrouble::NotSecured, cause: Cause::NotEncrypted, .. })
    ));
}

#[tokio::test]
async fn a_mail_server_that_is_not_there_and_a_name_that_nobody_knows_are_told_apart() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let world = World::new().await;
    for (host, port, cause) in
        [("localhost", closed, Cause::ConnectionRefused), ("no-such-host.invalid", 465, Cause::NameNotFound)]
    {
        let connection = MailConnection {
            host: host.into(),
            port,
            security: MailSecurity::Tls,
            ..Postbox::plain().connection()
        };
        let test = MailConnectionTest { connection, password: None, to: "supervisor@plant.example".into() };
        let finding = world.engine.handle(test).await.unwrap();
        let said = finding.lines[0].clone();
        let expected = Refusal::Mail { trouble: MailTrouble::OutOfReach, said, cause };
        assert_eq!(finding.refusal, Some(expected), "{host}");
    }
}

#[tokio::test]
async fn a_server_with_another_certificate_gets_nothing() {
    for security in [MailSecurity::Tls, MailSecurity::StartTls] {
        // One has another name, the other one another authority.
        let elsewhere = Postbox::encrypted(security, "mail.elsewhere.example");
        let stranger = Postbox::encrypted(security, "localhost");
        let trusted = Postbox::encrypted(security, "localhost").connection().ca_pem;
        let wrong = [
            (elsewhere.connection(), Cause::CertificateName),
            (MailConnection { ca_pem: trusted, ..stranger.connection() }, Cause::CertificateUntrusted),
        ];
        for (connection, cause) in wrong {
            let world = World::new().await;
            connect(&world, connection).await;
            raise(&world, "Seal leaks", Priority::Emergency).await;
            world.deliver().await;
            let mail = only_mail(&world).await;
            assert_eq!(mail.state, DeliveryState::Waiting);
            assert!(mail.error.unwrap().contains("certificate"), "{security:?}");
            assert_eq!(mail.cause, Some(cause), "{security:?}");
        }
        assert_eq!((elsewhere.taken().len(), stranger.taken().len()), (0, 0), "{security:?}");
    }
}

#[tokio::test]
async fn a_test_says_whether_the_sign_in_fits_and_the_kept_password_is_used_afterwards() {
    let (world, postbox) = (World::new().await, Postbox::with_login("mill", "right"));
    let connection = MailConnection { username: Some("mill".into()), ..postbox.connection() };
    let test = |password: &str| MailConnectionTest {
        connection: connection.clone(),
        password: Some(password.into()),
        to: "supervisor@plant.example".into(),
    };
    let wrong = world.engine.handle(test("wrong")).await.unwrap();
    assert!(!wrong.works);
    let login = Refusal::Mail {
        trouble: MailTrouble::Login,
        said: wrong.lines[0].clone(),
        cause: Cause::Credentials,
    };
    assert_eq!(wrong.refusal, Some(login));
    let right = world.engine.handle(test("right")).await.unwrap();
    assert!(right.works, "{right:?}");
    let save = MailConnectionSave { connection: Some(connection), password: Some("right".into()) };
    world.engine.handle(save).await.unwrap();
    raise(&world, "Seal leaks", Priority::Emergency).await;
    world.deliver().await;
    let taken = postbox.taken();
    assert_eq!(taken.len(), 2, "the test and the e-mail");
    assert!(taken.iter().all(|mail| mail["signed_in"] == Json::Bool(true)));
}

#[tokio::test]
async fn what_people_write_never_becomes_a_header_or_a_second_receiver() {
    let (world, postbox) = (World::new().await, Postbox::plain());
    connect(&world, postbox.connection()).await;
    raise(&world, "Seal\r\nBcc: eve@evil.example\r\n\r\nleaks\r\n.\r\nQUIT", Priority::Emergency).await;
    world.deliver().await;
    let taken = postbox.taken();
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0]["to"], serde_json::json!(["supervisor@plant.example"]));
    assert!(header(&taken[0], "Bcc").is_empty());
    assert_eq!(header(&taken[0], "Subject").len(), 1);
    let mut readers = postbox.connection().readers;
    readers[0].address = "supervisor@plant.example\r\nBcc: eve@evil.example".into();
    let connection = MailConnection { readers, ..postbox.connection() };
    let saved =
        world.engine.handle(MailConnectionSave { connection: Some(connection), password: None }).await;
    assert!(matches!(saved.unwrap_err().refusal, Some(Refusal::Mail { trouble: MailTrouble::Settings, .. })));
}

#[tokio::test]
async fn an_unencrypted_server_elsewhere_needs_a_reason_that_a_person_gave() {
    let world = World::new().await;
    let connection = |plain_reason: Option<&str>| MailConnection {
        host: "mail.plant.example".into(),
        port: 25,
        security: MailSecurity::Plain,
        plain_reason: plain_reason.map(str::to_owned),
        ..Postbox::plain().connection()
    };
    let save = |connection| MailConnectionSave { connection: Some(connection), password: None };
    let refused = world.engine.handle(save(connection(None))).await.unwrap_err();
    assert!(matches!(refused.refusal, Some(Refusal::NotEncrypted { host }) if host == "mail.plant.example"));
    world.engine.handle(save(connection(Some("a cable of our own")))).await.unwrap();
    let links = world.sync().await.state.plain_links;
    assert_eq!((links.len(), links[0].target), (1, DeliveryTarget::Mail));
    assert_eq!(links[0].accepted_by.as_deref(), Some("Anna Weber"));
}

#[tokio::test]
async fn many_urgent_orders_of_one_change_are_one_e_mail() {
    let (world, postbox) = (World::new().await, Postbox::plain());
    connect(&world, postbox.connection()).await;
    let rows: String = (0..30).map(|row| format!("A-{row};Seal {row};released;emergency\n")).collect();
    let text = format!("order;title;status;priority\n{rows}");
    let file = DataFile { file_name: "orders.csv".into(), bytes_base64: STANDARD.encode(text) };
    let (kind, reading) = (DataKind::Orders, DataReading::default());
    let preview = DataPreview { kind, file: file.clone(), reading: reading.clone(), matches: None };
    let matches = world.engine.handle(preview).await.unwrap().matches;
    let bring = DataBring { kind, file, reading, matches, dry_run: false };
    let report = world.engine.handle(bring).await.unwrap();
    assert_eq!((report.new, report.refused), (30, 0));
    world.deliver().await;
    assert_eq!(postbox.taken().len(), 1);
}

/// A world whose shift begins at 14:00 on the plant's clock, in a reader's words.
async fn with_digest(world: &World, postbox: &Postbox, digest: MailDigest) {
    let settings = Settings { plant_zone: "Europe/Berlin".into(), ..Settings::default() };
    world.engine.handle(SettingsSave { settings }).await.unwrap();
    let mut connection = postbox.connection();
    connection.readers[0].digest = digest;
    connect(world, connection).await;
}

/// From 10:00 to 14:01 in Berlin, where the late shift begins at 14:00.
const TO_THE_LATE_SHIFT_MS: i64 = (4 * 60 + 1) * 60_000;

async fn order_due_in_ms(world: &World, ms: i64) {
    let due_at = Some(MORNING.plus_ms(ms));
    let assignee_id = world.engine.handle(PersonList {}).await.unwrap()[0].person_id;
    let order = WorkOrderCreate {
        title: "Grease the bearings".into(),
        description: String::new(),
        asset_id: None,
        priority: Priority::Low,
        request_id: None,
        due_at,
        assignee_id: Some(assignee_id),
        steps: vec![],
    };
    world.engine.handle(order).await.unwrap();
}

#[tokio::test]
async fn a_shift_begins_with_one_e_mail_of_what_stands_open_even_after_a_restart() {
    let (world, postbox) = (World::new().await, Postbox::plain());
    with_digest(&world, &postbox, MailDigest::WhenOpen).await;
    order_due_in_ms(&world, 8 * 3_600_000).await;
    order_due_in_ms(&world, 20 * 3_600_000).await;
    world.deliver().await;
    assert_eq!(postbox.taken().len(), 0, "the early shift began hours ago");
    world.pass_ms(TO_THE_LATE_SHIFT_MS);
    world.engine.synchronise().await.unwrap();
    let world = world.after_kill().await;
    world.engine.synchronise().await.unwrap();
    let taken = postbox.taken();
    assert_eq!(taken.len(), 1);
    assert_eq!(header(&taken[0], "Subject"), ["Late 2026-11-23: 1 open"]);
    let text = taken[0]["text"].as_str().unwrap();
    assert!(text.contains("Due in this shift") && text.contains("Grease the bearings"), "{text}");
    world.pass_ms(8 * 3_600_000);
    world.engine.synchronise().await.unwrap();
    assert_eq!(postbox.taken().len(), 2, "the night has its own: the first order is late by now");
}

#[tokio::test]
async fn a_shift_with_nothing_open_is_written_of_only_to_those_who_want_that() {
    for (digest, count) in [(MailDigest::Never, 0), (MailDigest::WhenOpen, 0), (MailDigest::Always, 1)] {
        let (world, postbox) = (World::new().await, Postbox::plain());
        with_digest(&world, &postbox, digest).await;
        world.pass_ms(TO_THE_LATE_SHIFT_MS);
        world.engine.synchronise().await.unwrap();
        order_due_in_ms(&world, 8 * 3_600_000).await;
        world.deliver().await;
        assert_eq!(postbox.taken().len(), count, "{digest:?}: what comes up later is no digest");
    }
}

#[tokio::test]
async fn an_engine_that_starts_in_the_middle_of_a_shift_writes_no_digest() {
    let (world, postbox) = (World::new().await, Postbox::plain());
    with_digest(&world, &postbox, MailDigest::Always).await;
    world.pass_ms(TO_THE_LATE_SHIFT_MS + 3_600_000);
    world.engine.synchronise().await.unwrap();
    assert_eq!(postbox.taken().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_team_the_node_writes_for_all_and_a_member_to_nobody() {
    let (plant, postbox) = (Plant::new().await, Postbox::plain());
    connect(&plant.node, postbox.connection()).await;
    let tablet = World::new().await;
    connect(&tablet, postbox.connection()).await;
    plant.admit(&tablet, "Tablet", &[]).await;
    raise(&tablet, "Seal leaks", Priority::Emergency).await;
    tablet.deliver().await;
    assert_eq!(postbox.taken().len(), 0);
    tablet.meet().await;
    plant.node.deliver().await;
    plant.node.deliver().await;
    tablet.deliver().await;
    assert_eq!(postbox.taken().len(), 1);
    assert_eq!(mails(&tablet).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_device_wrote_while_it_was_alone_the_node_does_not_write_again() {
    let (plant, postbox) = (Plant::new().await, Postbox::plain());
    connect(&plant.node, postbox.connection()).await;
    let lone = World::new().await;
    connect(&lone, postbox.connection()).await;
    // One has gone, and one may have.
    raise(&lone, "Seal leaks", Priority::Emergency).await;
    lone.deliver().await;
    postbox.behaves(Manner::LosesTheAnswer);
    raise(&lone, "Bearing is loud", Priority::Emergency).await;
    lone.deliver().await;
    postbox.behaves(Manner::TakesIt);
    assert_eq!(postbox.taken().len(), 2);
    plant.admit(&lone, "Lone", &[]).await;
    lone.meet().await;
    plant.node.deliver().await;
    plant.node.deliver().await;
    assert_eq!(postbox.taken().len(), 2);
    let needs_you = lone.sync().await.needs_you;
    assert!(
        matches!(&needs_you[..], [mail] if mail.may_have_gone()),
        "its own question stays: {needs_you:?}"
    );
}
