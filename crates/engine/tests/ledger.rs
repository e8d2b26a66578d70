//! Several node processes on one ledger, against a real PostgreSQL: one order, one voice, and nothing lost when a
//! server or a node process dies.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    reason = "a test that cannot set up its world fails"
)]
#![cfg(unix)]

mod common;
#[path = "common/postgres.rs"]
mod postgres;

use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use common::*;
use millwright_engine::Handle;
use millwright_ledger_pg::PostgresLedger;
use millwright_model::*;
use postgres::Postgres;

const KEY: [u8; 32] = [7; 32];
/// How often a tablet asks again before it counts as not heard.
const TRIES: usize = 5;

async fn ledger(address: &str) -> Arc<dyn Ledger> {
    Arc::new(PostgresLedger::open(address.parse().unwrap()).await.unwrap())
}

/// A plant whose node is two processes on one ledger, with a device that knows both.
struct Plant {
    address: String,
    clock: Arc<TestClock>,
    erp: Arc<TestErp>,
    one: World,
    two: World,
    tablet: World,
    order: WorkOrderId,
}

impl Plant {
    /// The first process founds the ledger with one order of the ERP in it; the second comes in.
    async fn on(address: &str) -> Self {
        let clock = Arc::new(TestClock(AtomicI64::new(MORNING.0)));
        let erp = Arc::new(TestErp::default());
        let one = node(address, &clock, &erp).await;
        let anna =
            PersonAdd { name: "Anna Weber".into(), erp_number: Some("1001".into()), language: "de".into() };
        let anna = one.engine.handle(anna).await.unwrap();
        one.engine.handle(PersonPick { person_id: Some(anna) }).await.unwrap();
        let order = one.pulled_order().await;
        let two = node(address, &clock, &erp).await;
        let first = one.engine.serve_team("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let second = two.engine.serve_team("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let tablet = World::new().await;
        let invite = TeamInvite { address: format!("{first},{second}"), minutes: 10 };
        let invitation = one.engine.handle(invite).await.unwrap().invitation;
        tablet.engine.handle(TeamJoin { invitation, name: "A".into() }).await.unwrap();
        tablet.engine.exchange().await.unwrap();
        let device_id = one.engine.handle(TeamShow {}).await.unwrap().asks[0].device_id;
        one.engine.handle(TeamAdmit { device_id, scope: Scope::default() }).await.unwrap();
        tablet.engine.exchange().await.unwrap();
        tablet.engine.exchange().await.unwrap();
        Self { address: address.to_owned(), clock, erp, one, two, tablet, order }
    }

    /// The tablet lets the time of undoing pass and talks to whichever node process answers.
    async fn meet(&self) {
        self.tablet.pass_ms(11_000);
        self.tablet.engine.exchange().await.unwrap();
    }

    async fn note(&self, text: &str) {
        let note = NoteAdd { work_order_id: self.order, text: text.into() };
        self.tablet.engine.handle(note).await.unwrap();
        self.tablet.pass_ms(10);
    }
}

async fn node(address: &str, clock: &Arc<TestClock>, erp: &Arc<TestErp>) -> World {
    World::on_ledger(tempfile::tempdir().unwrap(), clock, erp, KEY, ledger(address).await).await.unwrap()
}

async fn rows(world: &World) -> std::collections::BTreeMap<String, Vec<String>> {
    world.engine.database().read().await.unwrap().dump().await.unwrap()
}

async fn notes(world: &World, order: WorkOrderId) -> Vec<String> {
    world.show(order).await.notes.into_iter().map(|view| view.note.text).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_node_process_accepts_the_other_serves_and_both_are_equal() {
    let server = Postgres::start();
    let plant = Plant::on(&server.address()).await;
    plant.note("through the first").await;
    plant.meet().await;
    plant.two.engine.synchronise().await.unwrap();
    assert_eq!(notes(&plant.two, plant.order).await, ["through the first"]);
    // The first process dies; the tablet goes on with the second.
    plant.one.engine.close().await.unwrap();
    plant.note("through the second").await;
    plant.meet().await;
    assert_eq!(notes(&plant.two, plant.order).await, ["through the first", "through the second"]);
    let (there, here) = (rows(&plant.two).await, rows(&plant.tablet).await);
    for (table, rows) in &there {
        assert_eq!(rows, &here[table], "{table}");
    }
    let third = node(&plant.address, &plant.clock, &plant.erp).await;
    assert_eq!(rows(&third).await["note"], there["note"], "a new process has what the ledger has");
    let names = third.engine.handle(PersonList {}).await.unwrap();
    assert!(names.iter().any(|person| person.name.as_deref() == Some("Anna Weber")), "and may read names");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promoted_standby_has_every_accepted_transaction() {
    let primary = Postgres::start();
    let standby = primary.synchronous_standby();
    let plant = Plant::on(&format!("{},{}", primary.address(), standby.address())).await;
    for number in 0..20 {
        plant.note(&format!("note {number}")).await;
        plant.meet().await;
    }
    let head = ledger_head(&plant.two).await;
    primary.cut_power();
    plant.note("while no server took writes").await;
    plant.tablet.pass_ms(11_000);
    assert!(plant.tablet.engine.exchange().await.is_err(), "nothing is accepted without the ledger");
    assert_eq!(plant.tablet.sync().await.state.records_only_here, 1, "it stays on the tablet");
    standby.promote();
    plant.meet().await;
    plant.two.engine.synchronise().await.unwrap();
    let mut wanted: Vec<String> = (0..20).map(|number| format!("note {number}")).collect();
    wanted.push("while no server took writes".to_owned());
    assert_eq!(notes(&plant.two, plant.order).await, wanted);
    assert!(ledger_head(&plant.two).await > head);
    assert_eq!(rows(&plant.two).await["note"], rows(&plant.tablet).await["note"]);
}

async fn ledger_head(node: &World) -> i64 {
    node.engine.database().read().await.unwrap().ledger_head().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_power_was_cut_comes_back_with_what_it_accepted() {
    let server = Postgres::start();
    let plant = Plant::on(&server.address()).await;
    plant.note("accepted").await;
    plant.meet().await;
    let server = server.after_power_cut();
    plant.two.engine.synchronise().await.unwrap();
    assert_eq!(notes(&plant.two, plant.order).await, ["accepted"]);
    plant.note("afterwards").await;
    plant.meet().await;
    plant.two.engine.synchronise().await.unwrap();
    assert_eq!(notes(&plant.two, plant.order).await, ["accepted", "afterwards"]);
    assert_ne!(server.sql("select head from millwright.ledger"), "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_dies_at_any_point_loses_nothing_and_doubles_nothing() {
    let mut server = Postgres::start();
    let plant = Plant::on(&server.address()).await;
    let mut wanted = Vec::new();
    for round in 0..8_u32 {
        for number in 0..3 {
            let text = format!("round {round}, note {number}");
            plant.note(&text).await;
            wanted.push(text);
        }
        plant.tablet.pass_ms(11_000);
        let tablet = plant.tablet.engine.clone();
        let talk = tokio::spawn(async move { tablet.exchange().await.is_ok() });
        // Each round cuts at another point of the talk.
        for _ in 0..round * 400 {
            tokio::task::yield_now().await;
        }
        server = tokio::task::spawn_blocking(move || server.after_power_cut()).await.unwrap();
        let _heard_or_not = talk.await.unwrap();
    }
    plant.meet().await;
    plant.two.engine.synchronise().await.unwrap();
    assert_eq!(notes(&plant.two, plant.order).await, wanted);
    let mut session = plant.two.engine.database().read().await.unwrap();
    assert_eq!(session.chain_fault().await.unwrap(), None);
    drop(session);
    assert_eq!(rows(&plant.two).await["note"], rows(&plant.tablet).await["note"]);
    assert_eq!(plant.tablet.sync().await.state.records_only_here, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_node_process_at_a_time_speaks_to_the_erp_and_its_successor_looks_up_what_it_sent() {
    let server = Postgres::start();
    let plant = Plant::on(&server.address()).await;
    plant.tablet.engine.handle(WorkOrderStart { work_order_id: plant.order }).await.unwrap();
    let close = WorkOrderClose { work_order_id: plant.order, closing: full_closing(40) };
    plant.tablet.engine.handle(close).await.unwrap();
    plant.meet().await;
    plant.clock.0.fetch_add(11_000, std::sync::atomic::Ordering::SeqCst);
    plant.erp.set_mood(Mood::LosesAnswers);
    plant.one.engine.synchronise().await.unwrap();
    let sent = plant.erp.pushes.lock().unwrap().len();
    assert!(sent > 0, "the first process speaks");
    plant.erp.set_mood(Mood::Well);
    plant.two.engine.synchronise().await.unwrap();
    assert_eq!(
        plant.erp.pushes.lock().unwrap().len(),
        sent,
        "the second is silent while the first has the right"
    );
    // The first process hangs, and its right runs out by the server's clock.
    server.sql("update millwright.hold set held_until = clock_timestamp() - interval '1 second'");
    for _ in 0..6 {
        plant.clock.0.fetch_add(60_000, std::sync::atomic::Ordering::SeqCst);
        plant.two.engine.synchronise().await.unwrap();
    }
    assert!(!plant.erp.lookups.lock().unwrap().is_empty(), "what was sent is looked up, not sent again");
    for (step, count) in plant.erp.effect_counts() {
        assert_eq!(count, 1, "{step} took effect once");
    }
    let booked = plant
        .erp
        .facts()
        .iter()
        .filter(|fact| matches!(fact, Fact::LabourBooked { minutes: 40, .. }))
        .count();
    assert_eq!(booked, 1);
    let waiting = plant.two.sync().await.state.erp_waiting;
    assert_eq!(waiting, 0, "everything was delivered");
    plant.one.engine.synchronise().await.unwrap();
    assert_eq!(plant.one.sync().await.state.erp_waiting, 0, "and the first process knows");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_process_restored_from_yesterday_takes_what_was_accepted_since() {
    let server = Postgres::start();
    let plant = Plant::on(&server.address()).await;
    let folder = node(&plant.address, &plant.clock, &plant.erp).await.end().await;
    let yesterday = tempfile::tempdir().unwrap();
    let copied = std::process::Command::new("cp")
        .args(["-a", &format!("{}/.", folder.path().display())])
        .arg(yesterday.path())
        .status()
        .unwrap();
    assert!(copied.success());
    let again =
        World::on_ledger(folder, &plant.clock, &plant.erp, KEY, ledger(&plant.address).await).await.unwrap();
    let machine = again.asset("P-101").await;
    drop(again);
    let back = World::on_ledger(yesterday, &plant.clock, &plant.erp, KEY, ledger(&plant.address).await)
        .await
        .unwrap();
    let tree = back.engine.handle(AssetTree {}).await.unwrap();
    assert_eq!(tree[0].asset.asset_id, machine);
    back.asset("P-102").await;
    let mut session = back.engine.database().read().await.unwrap();
    assert_eq!(session.chain_fault().await.unwrap(), None, "its own chain goes on without a fork");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_taken_in_at_one_node_process_is_given_out_by_the_other() {
    let server = Postgres::start();
    let plant = Plant::on(&server.address()).await;
    let jpeg = [&[0xff, 0xd8, 0xff, 0xe0][..], &[7; 3_000_000][..]].concat();
    let add = AttachmentAdd {
        work_order_id: Some(plant.order),
        work_step_id: None,
        asset_id: None,
        request_id: None,
        media_type: "image/jpeg".into(),
        file_name: "seal.jpg".into(),
        bytes_base64: base64_of(&jpeg),
        part: None,
    };
    let attachment_id = plant.tablet.engine.handle(add).await.unwrap();
    plant.meet().await;
    plant.meet().await;
    plant.one.engine.close().await.unwrap();
    std::fs::remove_dir_all(plant.one.folder.path().join("blobs")).unwrap();
    plant.two.engine.synchronise().await.unwrap();
    let other = World::new().await;
    let doors = plant.two.engine.serve_team("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let invite = TeamInvite { address: doors.to_string(), minutes: 10 };
    let invitation = plant.two.engine.handle(invite).await.unwrap().invitation;
    other.engine.handle(TeamJoin { invitation, name: "B".into() }).await.unwrap();
    other.engine.exchange().await.unwrap();
    let device_id = plant.two.engine.handle(TeamShow {}).await.unwrap().asks[0].device_id;
    plant.two.engine.handle(TeamAdmit { device_id, scope: Scope::default() }).await.unwrap();
    for _ in 0..3 {
        other.engine.exchange().await.unwrap();
    }
    let shown = other.engine.handle(AttachmentRead { attachment_id }).await.unwrap();
    assert_eq!(shown.bytes_base64, base64_of(&jpeg));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_the_ledger_is_refused_and_nothing_is_changed() {
    let server = Postgres::start();
    let plant = Plant::on(&server.address()).await;
    let head = server.sql("select head from millwright.ledger");
    let refusal = |outcome: Result<World, millwright_engine::EngineError>| match outcome {
        Ok(_) => panic!("it was let in"),
        Err(error) => error.to_string(),
    };
    // Another key than the team's node has.
    let fresh = tempfile::tempdir().unwrap();
    let wrong_key =
        World::on_ledger(fresh, &plant.clock, &plant.erp, [9; 32], ledger(&plant.address).await).await;
    assert!(refusal(wrong_key).contains("do not open with this machine's key"));
    // A directory with records of its own.
    let stranger = World::new().await;
    let folder = stranger.end().await;
    let other_team =
        World::on_ledger(folder, &plant.clock, &plant.erp, KEY, ledger(&plant.address).await).await;
    let said = refusal(other_team);
    assert!(said.contains("another team"), "{said}");
    assert_eq!(server.sql("select head from millwright.ledger"), head);
    // A node's directory without its ledger.
    let folder = node(&plant.address, &plant.clock, &plant.erp).await.end().await;
    let alone = World::in_place(folder, &plant.clock, &plant.erp, KEY).await;
    assert!(refusal(alone).contains("lies elsewhere"));
    // A server that may lose what it accepted.
    server.sql("alter system set fsync = off");
    server.sql("select pg_reload_conf()");
    let loose = PostgresLedger::open(plant.address.parse().unwrap()).await;
    assert!(loose.unwrap_err().to_string().contains("fsync switched off"));
}

fn base64_of(bytes: &[u8]) -> String {
    use base64::Engine as _;

    base64::engine::general_purpose::STANDARD.encode(bytes)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_moves_to_postgresql_and_back_with_everything_it_has() {
    let server = Postgres::start();
    let plant = Plant::on(&server.address()).await;
    plant.note("on PostgreSQL").await;
    plant.meet().await;
    plant.two.engine.synchronise().await.unwrap();
    let before = rows(&plant.two).await;
    let mut third = node(&plant.address, &plant.clock, &plant.erp).await;
    third.engine.leave_ledger().await.unwrap();
    let refused = plant.two.engine.synchronise().await.unwrap_err();
    assert!(refused.to_string().contains("moved away"), "{refused}");
    let folder = third.end().await;
    third = World::in_place(folder, &plant.clock, &plant.erp, KEY).await.unwrap();
    let after = rows(&third).await;
    for (table, rows) in before.iter().filter(|(table, _)| *table != "device") {
        assert_eq!(rows, &after[table], "{table}");
    }
    third.asset("P-101").await;
    assert!(matches!(third.engine.handle(TeamShow {}).await.unwrap().role, TeamRole::Node));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_power_cut_in_the_middle_of_moving_back_leaves_the_team_in_one_place() {
    let server = Postgres::start();
    let plant = Plant::on(&server.address()).await;
    let third = node(&plant.address, &plant.clock, &plant.erp).await;
    let folder = third.end().await;
    let copy = tempfile::tempdir().unwrap();
    let copied = std::process::Command::new("cp")
        .args(["-a", &format!("{}/.", folder.path().display())])
        .arg(copy.path())
        .status()
        .unwrap();
    assert!(copied.success());
    let moved =
        World::on_ledger(folder, &plant.clock, &plant.erp, KEY, ledger(&plant.address).await).await.unwrap();
    moved.engine.leave_ledger().await.unwrap();
    drop(moved);
    // The disk has what was there before the ledger was closed.
    let back =
        World::on_ledger(copy, &plant.clock, &plant.erp, KEY, ledger(&plant.address).await).await.unwrap();
    assert_eq!(back.engine.ledger_state().await.unwrap(), None, "it is the team's truth");
    back.asset("P-101").await;
    let folder = back.end().await;
    let back = World::in_place(folder, &plant.clock, &plant.erp, KEY).await.unwrap();
    assert_eq!(back.engine.handle(AssetTree {}).await.unwrap().len(), 1);
}

/// As many tablets as a plant has, each on its own, all speaking at once to both node processes.
#[tokio::test(flavor = "multi_thread")]
async fn many_tablets_that_meet_at_once_are_all_heard_and_see_the_same() {
    let devices = if std::env::var_os("MILLWRIGHT_LONG").is_some() { 200 } else { 6 };
    let server = Postgres::start();
    let plant = Plant::on(&server.address()).await;
    let doors = [&plant.one, &plant.two].map(|node| node.engine.clone());
    let mut tablets = Vec::new();
    for number in 0..devices {
        let engine = &doors[number % 2];
        let door = engine.serve_team("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let invite = TeamInvite { address: door.to_string(), minutes: 10 };
        let invitation = engine.handle(invite).await.unwrap().invitation;
        let tablet = World::new().await;
        tablet.engine.handle(TeamJoin { invitation, name: format!("Tablet {number}") }).await.unwrap();
        tablet.engine.exchange().await.unwrap();
        let device_id = engine.handle(TeamShow {}).await.unwrap().asks[0].device_id;
        engine.handle(TeamAdmit { device_id, scope: Scope::default() }).await.unwrap();
        tablet.engine.exchange().await.unwrap();
        tablet.engine.exchange().await.unwrap();
        tablets.push(tablet);
    }
    for (number, tablet) in tablets.iter().enumerate() {
        for note in 0..5 {
            let text = format!("{note} of tablet {number}");
            tablet.engine.handle(NoteAdd { work_order_id: plant.order, text }).await.unwrap();
        }
        tablet.pass_ms(11_000);
    }
    let talks: Vec<_> = tablets
        .iter()
        .map(|tablet| {
            let engine = tablet.engine.clone();
            // Who is kept waiting too long asks again, as tablets do by themselves.
            tokio::spawn(async move {
                for _ in 0..TRIES {
                    if engine.exchange().await.is_ok() {
                        return true;
                    }
                }
                false
            })
        })
        .collect();
    for talk in talks {
        assert!(talk.await.unwrap(), "every tablet is heard");
    }
    plant.two.engine.synchronise().await.unwrap();
    let told = notes(&plant.two, plant.order).await.len();
    assert_eq!(told, devices * 5, "every note of every tablet, once");
    let last = tablets.last().unwrap();
    last.engine.exchange().await.unwrap();
    assert_eq!(rows(last).await["note"], rows(&plant.two).await["note"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_act_of_a_program_asked_for_at_both_node_processes_has_its_effect_once() {
    let server = Postgres::start();
    let plant = Plant::on(&server.address()).await;
    let anna = plant.one.engine.handle(PersonList {}).await.unwrap()[0].person_id;
    let create = TokenCreate {
        name: "mes".into(),
        reads_only: false,
        commands: None,
        person_id: Some(anna),
        days: 30,
    };
    let secret = plant.one.engine.handle(create).await.unwrap().secret;
    plant.two.engine.synchronise().await.unwrap();
    let caller = plant.two.engine.caller(&secret).await.unwrap().expect("tokens are shared");
    let note = serde_json::json!({ "work_order_id": plant.order, "text": "from the MES" });
    let (one, two) = tokio::join!(
        plant.one.engine.call_for(&caller, "note_add", note.clone(), Some("k")),
        plant.two.engine.call_for(&caller, "note_add", note.clone(), Some("k")),
    );
    let txn = |answer: Result<serde_json::Value, _>| answer.unwrap()["txn_id"].clone();
    assert_eq!(txn(one), txn(two), "both answer with the one act");
    plant.one.engine.synchronise().await.unwrap();
    assert_eq!(notes(&plant.one, plant.order).await, ["from the MES"]);
    let late = plant.one.engine.call_for(&caller, "note_add", note, Some("k")).await;
    assert!(txn(late).is_string());
    assert_eq!(notes(&plant.one, plant.order).await, ["from the MES"]);
    let token_id = caller.token().token_id;
    plant.two.engine.handle(TokenRevoke { token_id }).await.unwrap();
    plant.one.engine.synchronise().await.unwrap();
    assert!(
        plant.one.engine.caller(&secret).await.unwrap().is_none(),
        "taken back at one, taken back at all"
    );
}
