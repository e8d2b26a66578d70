//! The link and the feed against a real mosquitto.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests may panic like tests"
)]

mod common;

use common::{Broker, Heard, clocks, open, open_with, until};
use millwright_model::{Cause, Value};
use millwright_plant::feed::{self, FeedSettings, PlantEvent};
use millwright_plant::link::{
    Credentials, Link, LinkConfig, LinkEvent, LinkProblem, MessageReceipt, OutgoingMessage, ProtocolVersion,
    Qos, SessionKind, TlsSettings, Transport, forget_session, test_connection,
};

const VERSIONS: [ProtocolVersion; 2] = [ProtocolVersion::V311, ProtocolVersion::V5];

fn speaking(protocol: ProtocolVersion, config: LinkConfig) -> LinkConfig {
    LinkConfig { protocol, ..config }
}

#[tokio::test]
async fn both_versions_publish_with_acknowledgement_and_hear() {
    let broker = Broker::anonymous();
    for protocol in VERSIONS {
        let mut hearer = open(speaking(protocol, broker.config("hearer", &["umh/#"])));
        hearer.up().await;
        let mut speaker = open(speaking(protocol, broker.config("speaker", &[])));
        let heard = speaker.say_until_heard(&mut hearer, "umh/v1/a", b"{\"value\":1}").await;
        assert_eq!(&heard[..], b"{\"value\":1}", "{protocol:?}");
        speaker.say(1, "umh/v1/kept", "5", true).await;
        let mut late = open(speaking(protocol, broker.config("late", &["umh/v1/kept"])));
        assert_eq!(late.message("umh/v1/kept").await, ("5".into(), true));
        assert!(speaker.link.status().published >= 2);
        speaker.link.shutdown().await;
    }
}

#[tokio::test]
async fn after_a_kill_of_the_broker_the_subscriptions_are_renewed() {
    for protocol in VERSIONS {
        let mut broker = Broker::anonymous();
        let mut hearer = open(speaking(protocol, broker.config("hearer", &["a/#", "b"])));
        hearer.up().await;
        broker.kill();
        until(&mut hearer.events, |event| matches!(event, LinkEvent::Down { .. }).then_some(())).await;
        assert!(!hearer.link.status().is_up);
        let mut speaker = open(speaking(protocol, broker.config("speaker", &[])));
        let waiting = OutgoingMessage {
            token: 77,
            topic: "c".into(),
            bytes: "1".into(),
            qos: Qos::AtLeastOnce,
            retain: false,
        };
        speaker.link.publish(waiting).unwrap();
        broker.run();
        until(&mut speaker.events, |event| (event == LinkEvent::Published { token: 77 }).then_some(())).await;
        hearer.up().await;
        speaker.say_until_heard(&mut hearer, "a/x", b"1").await;
        speaker.say_until_heard(&mut hearer, "b", b"2").await;
    }
}

#[tokio::test]
async fn wrong_credentials_are_called_that() {
    let broker = Broker::with_password();
    let credentials = |password: &str| Credentials {
        username: Some("miller".into()),
        password: Some(password.into()),
        client_key_pem: None,
    };
    for protocol in VERSIONS {
        let config = speaking(protocol, broker.config("t", &["#"]));
        let problem = test_connection(&config, &credentials("wrong"), 10).await.unwrap_err();
        assert!(matches!(problem.cause(), Cause::Credentials | Cause::NotAllowed), "{problem:?}");
        let mut wrong = open_with(config.clone(), credentials("wrong"));
        until(&mut wrong.events, |event| match event {
            LinkEvent::Down { problem: LinkProblem::Credentials | LinkProblem::NotAuthorized, .. } => {
                Some(())
            }
            other => panic!("{other:?}"),
        })
        .await;
        assert_eq!(test_connection(&config, &credentials("right"), 10).await.unwrap().topics, 0);
    }
}

#[tokio::test]
async fn a_missing_name_a_closed_port_and_a_stranger_are_told_apart() {
    let config = LinkConfig::new("no-such-broker.invalid", 1883, "t", &[]);
    let nowhere = test_connection(&config, &Credentials::default(), 10).await.unwrap_err();
    assert!(matches!(nowhere.cause(), Cause::NameNotFound | Cause::TimedOut), "{nowhere:?}");
    let config = LinkConfig::new("127.0.0.1", common::free_port(), "t", &[]);
    let closed = test_connection(&config, &Credentials::default(), 10).await.unwrap_err();
    assert_eq!(closed.cause(), Cause::ConnectionRefused, "{closed:?}");
}

#[tokio::test]
async fn trying_a_connection_counts_the_topics() {
    let broker = Broker::anonymous();
    let mut speaker = open(broker.config("speaker", &[]));
    for (token, topic) in ["a", "b", "c"].into_iter().enumerate() {
        speaker.say(token as u64, topic, "1", true).await;
    }
    // How much is heard in a short while depends on the machine: the try is repeated.
    for _ in 0..60 {
        let report =
            test_connection(&broker.config("t", &["#"]), &Credentials::default(), 300).await.unwrap();
        if report.topics == 3 {
            assert_eq!(report.examples, ["a", "b", "c"]);
            return;
        }
    }
    panic!("the three topics were never heard");
}

#[tokio::test]
async fn ten_megabytes_are_heard() {
    let broker = Broker::anonymous();
    for protocol in VERSIONS {
        let mut speaker = open(speaking(protocol, broker.config("speaker", &[])));
        let large = vec![b'x'; 10_000_000];
        speaker.say(1, "large", large.clone(), true).await;
        let mut hearer = open(speaking(protocol, broker.config("hearer", &["#"])));
        assert_eq!(hearer.message("large").await.0.len(), large.len(), "{protocol:?}");
    }
}

#[tokio::test]
async fn a_retained_giant_is_narrowed_out_and_the_rest_is_heard() {
    let broker = Broker::anonymous();
    let mut config = broker.config("speaker", &[]);
    config.max_packet_bytes = 64 * 1024 * 1024;
    let mut speaker = open(config);
    speaker.say(1, "plant/blob/giant", vec![b'x'; 20_000_000], true).await;
    speaker.say(2, "plant/press", "7", true).await;

    let mut hearer = open(broker.config("hearer", &["other/#", "plant/#"]));
    let (filter, bytes) = until(&mut hearer.events, |event| match event {
        LinkEvent::FilterQuarantined { filter, bytes } => Some((filter, bytes)),
        _ => None,
    })
    .await;
    assert_eq!(filter, "plant/+/+");
    assert!(bytes >= 20_000_000);
    hearer.up().await;
    assert_eq!(hearer.message("plant/press").await.0, "7");
    speaker.say_until_heard(&mut hearer, "other/deep/topic/here", b"1").await;
    speaker.say_until_heard(&mut hearer, "plant/a/b/c", b"2").await;
    assert_eq!(hearer.link.status().quarantined, ["plant/+/+"]);

    // With MQTT 5 the broker holds the giant back by itself.
    let mut modern = open(speaking(ProtocolVersion::V5, broker.config("modern", &["plant/#"])));
    assert_eq!(modern.message("plant/press").await.0, "7");
    speaker.say_until_heard(&mut modern, "plant/a/b", b"3").await;
    assert!(modern.link.status().quarantined.is_empty());
}

#[tokio::test]
async fn a_payload_that_is_not_text_is_a_finding_and_nothing_else() {
    let broker = Broker::anonymous();
    let mut speaker = open(broker.config("speaker", &[]));
    speaker.say(1, "umh/v1/bad", &b"{\"value\":\"\xff\"}"[..], true).await;
    let hearer = open(broker.config("hearer", &["umh/#"]));
    let mut plant =
        feed::start(hearer.events, hearer.link.publisher(), FeedSettings::default(), clocks(), 1024);
    let message = until(&mut plant, |event| match event {
        PlantEvent::Finding { topic, message, .. } if topic == "umh/v1/bad" => Some(message),
        PlantEvent::Samples(samples) => panic!("{samples:?}"),
        _ => None,
    })
    .await;
    assert!(message.contains("umh/v1/bad") && message.contains("line 1, column 11"), "{message}");
    speaker.say(2, "umh/v1/good", "1", true).await;
    until(&mut plant, |event| matches!(event, PlantEvent::Samples(_)).then_some(())).await;
}

#[tokio::test]
async fn of_twenty_thousand_numbered_samples_none_is_lost() {
    const COUNT: i64 = 20_000;
    let broker = Broker::anonymous();
    for protocol in VERSIONS {
        let hearer = open(speaking(protocol, broker.config("hearer", &["umh/#"])));
        let publisher = hearer.link.publisher();
        let mut plant =
            feed::start(hearer.events, publisher.clone(), FeedSettings::default(), clocks(), 1024);
        let mut speaker = open(speaking(protocol, broker.config("speaker", &[])));
        // The hearer's subscription stands once it hears this.
        let probe = async {
            for token in 0.. {
                speaker.say(token, "umh/v1/probe", "0", true).await;
                let wait = until(&mut plant, |event| matches!(event, PlantEvent::Samples(_)).then_some(()));
                if tokio::time::timeout(std::time::Duration::from_secs(5), wait).await.is_ok() {
                    return;
                }
            }
        };
        probe.await;
        let out = speaker.link.publisher();
        let talk = tokio::spawn(async move {
            let mut number = 0;
            while number < COUNT {
                let message = OutgoingMessage {
                    token: number as u64,
                    topic: "umh/v1/n".into(),
                    bytes: format!("{{\"timestamp_ms\":{},\"value\":{number}}}", common::WALL.0 - number)
                        .into(),
                    qos: Qos::AtLeastOnce,
                    retain: false,
                };
                match out.publish(message) {
                    Ok(()) => number += 1,
                    Err(_queue_full) => drop(speaker.events.recv().await),
                }
            }
            // Answers are still to come: the link must live until then.
            until(&mut speaker.events, |event| {
                (event == LinkEvent::Published { token: COUNT as u64 - 1 }).then_some(())
            })
            .await;
        });
        let mut next = 0;
        while next < COUNT {
            let samples = until(&mut plant, |event| match event {
                PlantEvent::Samples(samples) => Some(samples),
                PlantEvent::Overflow { dropped } => panic!("{dropped} dropped"),
                _ => None,
            })
            .await;
            for (series, sample) in samples.iter().filter(|(series, _)| series.0 == "uns:umh/v1/n") {
                assert_eq!(sample.value, Some(Value::Int(next)), "{series}");
                next += 1;
            }
            // Publishing goes on while messages pour in (rumqtt#1025).
            if next == COUNT / 2 {
                let own = OutgoingMessage {
                    token: 5,
                    topic: "own".into(),
                    bytes: "1".into(),
                    qos: Qos::AtLeastOnce,
                    retain: false,
                };
                publisher.publish(own).unwrap();
            }
        }
        talk.await.unwrap();
    }
}

#[tokio::test]
async fn a_consumer_that_stands_still_costs_telemetry_and_never_an_acknowledgement() {
    let broker = Broker::anonymous();
    let (link, mut events) = millwright_plant::link::Link::start(
        broker.config("hearer", &["flood"]),
        Credentials::default(),
        clocks(),
        4,
    )
    .unwrap();
    let mut speaker = open(broker.config("speaker", &[]));
    for token in 0.. {
        speaker.say(token, "flood", "1", false).await;
        if link.status().dropped > 20 {
            break;
        }
    }
    for token in 0..10 {
        let message = OutgoingMessage {
            token,
            topic: "own".into(),
            bytes: "1".into(),
            qos: Qos::AtLeastOnce,
            retain: false,
        };
        link.publish(message).unwrap();
    }
    let mut published = Vec::new();
    let mut overflowed = 0;
    while published.len() < 10 {
        until(&mut events, |event| {
            match event {
                LinkEvent::Published { token } => published.push(token),
                LinkEvent::Overflow { dropped } => overflowed += dropped,
                _ => {}
            }
            Some(())
        })
        .await;
    }
    assert_eq!(published, (0..10).collect::<Vec<_>>());
    assert!(overflowed > 20 && overflowed == link.status().dropped, "{overflowed}");
}

/// A WebSocket door before the broker: Debian's mosquitto 2.0.11 could not open one of its own on the machine
/// where this was written («Unable to start any listening sockets»), whatever address it was given.
async fn websocket_door(broker_port: u16) -> u16 {
    use async_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                #[allow(clippy::result_large_err, reason = "the type is the library's")]
                let speaks_mqtt =
                    |request: &Request, mut response: Response| -> Result<Response, ErrorResponse> {
                        assert_eq!(request.uri().path(), "/mqtt");
                        response.headers_mut().insert("Sec-WebSocket-Protocol", "mqtt".parse().unwrap());
                        Ok(response)
                    };
                let socket = async_tungstenite::tokio::accept_hdr_async(stream, speaks_mqtt).await.unwrap();
                let mut inside = tokio::net::TcpStream::connect(("127.0.0.1", broker_port)).await.unwrap();
                let mut outside = ws_stream_tungstenite::WsStream::new(socket);
                // Either side may go first: that is an end, not a failure.
                drop(tokio::io::copy_bidirectional(&mut outside, &mut inside).await);
            });
        }
    });
    port
}

#[tokio::test]
async fn a_websocket_carries_both_versions() {
    let broker = Broker::anonymous();
    let port = websocket_door(broker.port).await;
    for protocol in VERSIONS {
        let transport = Transport::WebSocket { path: "/mqtt".into() };
        let config = |name: &str, filters: &[&str]| LinkConfig {
            transport: transport.clone(),
            port,
            ..speaking(protocol, broker.config(name, filters))
        };
        let mut hearer = open(config("hearer", &["a"]));
        let mut speaker = open(config("speaker", &[]));
        speaker.say_until_heard(&mut hearer, "a", b"1").await;
    }
    let mut plain = broker.config("t", &[]);
    plain.transport = Transport::WebSocket { path: "/mqtt".into() };
    let problem = test_connection(&plain, &Credentials::default(), 10).await.unwrap_err();
    assert!(matches!(problem, LinkProblem::WebSocket { .. } | LinkProblem::Closed), "{problem:?}");
}

struct Authority {
    issuer: rcgen::CertifiedIssuer<'static, rcgen::KeyPair>,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = rcgen::CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
        let issuer =
            rcgen::CertifiedIssuer::self_signed(params, rcgen::KeyPair::generate().unwrap()).unwrap();
        Self { issuer }
    }

    fn pem(&self) -> String {
        self.issuer.pem()
    }

    fn issue(&self, name: &str) -> (String, String) {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut params = rcgen::CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
        (params.signed_by(&key, &self.issuer).unwrap().pem(), key.serialize_pem())
    }
}

#[tokio::test]
async fn tls_with_client_certificates_trusts_only_whom_it_should() {
    let plant = Authority::new("plant");
    let stranger = Authority::new("stranger");
    let (certificate, key) = plant.issue("127.0.0.1");
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("ca.pem", &plant.pem()), ("broker.pem", &certificate), ("broker.key", &key)] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let tls = "allow_anonymous true\ncafile {folder}/ca.pem\ncertfile {folder}/broker.pem\n\
               keyfile {folder}/broker.key\nrequire_certificate true\n";
    let broker = Broker::start_in(folder, tls);
    for protocol in VERSIONS {
        let with = |ca: &Authority, certificate: Option<&str>, name: &str| LinkConfig {
            transport: Transport::Tls,
            tls: TlsSettings {
                ca_pem: Some(ca.pem().into_bytes()),
                client_certificate_pem: certificate.map(|pem| pem.as_bytes().to_vec()),
            },
            ..speaking(protocol, broker.config(name, &["a"]))
        };
        let (ours, our_key) = plant.issue("tablet-1");
        let key = |pem: &str| Credentials { client_key_pem: Some(pem.into()), ..Credentials::default() };
        let mut hearer = open_with(with(&plant, Some(&ours), "hearer"), key(&our_key));
        let mut speaker = open_with(with(&plant, Some(&ours), "speaker"), key(&our_key));
        speaker.say_until_heard(&mut hearer, "a", b"1").await;

        let untrusted = test_connection(&with(&stranger, Some(&ours), "t"), &key(&our_key), 10).await;
        assert_eq!(untrusted.unwrap_err().cause(), Cause::CertificateUntrusted);
        let without = test_connection(&with(&plant, None, "t"), &Credentials::default(), 10).await;
        assert!(
            matches!(without, Err(LinkProblem::ClientCertificate { .. } | LinkProblem::Closed)),
            "{without:?}"
        );
        let mut other_name = with(&plant, Some(&ours), "t");
        other_name.host = "localhost".into();
        let other_name = test_connection(&other_name, &key(&our_key), 10).await;
        assert_eq!(other_name.unwrap_err().cause(), Cause::CertificateName);
        let (_, wrong_key) = stranger.issue("tablet-1");
        let mismatched = test_connection(&with(&plant, Some(&ours), "t"), &key(&wrong_key), 10).await;
        assert!(mismatched.is_err());
    }
}

fn held(protocol: ProtocolVersion, config: LinkConfig, former: Vec<String>) -> LinkConfig {
    LinkConfig { session: SessionKind::kept(former), ..speaking(protocol, config) }
}

/// The next message with its receipt.
async fn next(heard: &mut Heard) -> (String, MessageReceipt) {
    until(&mut heard.events, |event| match event {
        LinkEvent::Message { payload, receipt: Some(receipt), .. } => {
            Some((String::from_utf8(payload.to_vec()).unwrap(), receipt))
        }
        _ => None,
    })
    .await
}

async fn up_with_session(heard: &mut Heard) -> bool {
    until(&mut heard.events, |event| match event {
        LinkEvent::Up { session_present } => Some(session_present),
        _ => None,
    })
    .await
}

/// Says it until the subscription is there; then the session holds it for as long as the broker runs.
async fn subscribed(speaker: &mut Heard, hearer: &mut Heard) {
    let heard = speaker.say_until_heard(hearer, "a/first", b"0").await;
    assert_eq!(&heard[..], b"0");
}

#[tokio::test]
async fn what_was_not_acknowledged_comes_again_and_what_was_does_not() {
    let broker = Broker::anonymous();
    for protocol in VERSIONS {
        let config = || held(protocol, broker.config("hearer", &["a/#"]), Vec::new());
        let mut speaker = open(speaking(protocol, broker.config("speaker", &[])));
        speaker.up().await;
        let mut hearer = open(config());
        assert!(!up_with_session(&mut hearer).await);
        subscribed(&mut speaker, &mut hearer).await;
        for number in 1..=4 {
            speaker.say(number, "a/x", number.to_string(), false).await;
        }
        let mut receipts = Vec::new();
        loop {
            let (said, receipt) = next(&mut hearer).await;
            receipts.push(receipt);
            if said == "2" {
                break;
            }
        }
        hearer.link.acknowledger().acknowledge(receipts);
        // Said goodbye to, so that the acknowledgements went out first.
        hearer.link.shutdown().await;
        speaker.say(5, "a/x", "5", false).await;
        let mut again = open(config());
        assert!(up_with_session(&mut again).await, "{protocol:?}: the broker kept the session");
        let mut said = Vec::new();
        while said.last().map(String::as_str) != Some("5") {
            said.push(next(&mut again).await.0);
        }
        let numbers: Vec<&str> = said.iter().map(String::as_str).filter(|said| *said != "0").collect();
        assert_eq!(numbers, ["3", "4", "5"], "{protocol:?}");
        again.link.shutdown().await;
        forget_session(&config(), &Credentials::default()).await.unwrap();
    }
}

#[tokio::test]
async fn filters_of_former_settings_are_given_up_with_a_kept_session() {
    let broker = Broker::anonymous();
    for protocol in VERSIONS {
        let mut speaker = open(speaking(protocol, broker.config("speaker", &[])));
        speaker.up().await;
        let mut before = open(held(protocol, broker.config("hearer", &["a/#", "b/#"]), Vec::new()));
        before.up().await;
        subscribed(&mut speaker, &mut before).await;
        before.link.shutdown().await;
        let former = vec!["a/#".to_owned(), "b/#".to_owned()];
        let mut now = open(held(protocol, broker.config("hearer", &["b/#"]), former));
        assert!(up_with_session(&mut now).await);
        speaker.say_until_heard(&mut now, "b/x", b"1").await;
        speaker.say(1, "a/x", "given up", false).await;
        speaker.say(2, "b/x", "last", false).await;
        let mut said = Vec::new();
        while said.last().map(String::as_str) != Some("last") {
            said.push(next(&mut now).await.0);
        }
        assert!(!said.contains(&"given up".to_owned()), "{protocol:?}: {said:?}");
        now.link.shutdown().await;
        forget_session(&held(protocol, broker.config("hearer", &[]), vec![]), &Credentials::default())
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn a_giant_in_a_kept_session_is_thrown_out_with_it_and_the_rest_is_heard() {
    let broker = Broker::anonymous();
    let limit = 64 * 1024;
    let config = LinkConfig {
        max_packet_bytes: limit,
        ..held(ProtocolVersion::V311, broker.config("hearer", &["a/#", "b/#"]), Vec::new())
    };
    let mut speaker = open(broker.config("speaker", &[]));
    speaker.up().await;
    speaker.say(1, "a/giant", vec![b' '; 2 * limit as usize], true).await;
    let mut hearer = open(config);
    let left_out = until(&mut hearer.events, |event| match event {
        LinkEvent::FilterQuarantined { filter, .. } => Some(filter),
        _ => None,
    })
    .await;
    assert_eq!(left_out, "a/+");
    speaker.say_until_heard(&mut hearer, "b/x", b"1").await;
    speaker.say_until_heard(&mut hearer, "a/deep/er", b"2").await;
}

#[tokio::test]
async fn a_consumer_that_stands_still_gets_every_held_message_once_it_goes_on() {
    let broker = Broker::anonymous();
    let config = held(ProtocolVersion::V5, broker.config("hearer", &["a/#"]), Vec::new());
    let (link, events) = Link::start(config, Credentials::default(), clocks(), 8).unwrap();
    let mut hearer = Heard { link, events };
    let mut speaker = open(broker.config("speaker", &[]));
    speaker.up().await;
    subscribed(&mut speaker, &mut hearer).await;
    for number in 1..=200 {
        speaker.say(number, "a/x", number.to_string(), false).await;
    }
    let acknowledger = hearer.link.acknowledger();
    let mut said = std::collections::BTreeSet::new();
    while said.len() < 200 {
        let (number, receipt) = next(&mut hearer).await;
        acknowledger.acknowledge(vec![receipt]);
        if number != "0" {
            said.insert(number.parse::<u64>().unwrap());
        }
    }
    assert_eq!(hearer.link.status().dropped, 0, "nothing gave way");
}

#[tokio::test]
async fn a_host_says_that_it_is_online_and_the_broker_says_when_it_is_gone() {
    for protocol in VERSIONS {
        let broker = Broker::anonymous();
        let state = "spBv1.0/STATE/hall";
        let mut watcher = open(speaking(protocol, broker.config("watcher", &[state])));
        watcher.up().await;
        let config = || LinkConfig {
            sparkplug_host_id: Some("hall".into()),
            ..speaking(protocol, broker.config("host", &["spBv1.0/#"]))
        };
        let online = format!(r#"{{"online":true,"timestamp":{}}}"#, common::WALL.0);
        let offline = format!(r#"{{"online":false,"timestamp":{}}}"#, common::WALL.0);
        let mut host = open(config());
        host.up().await;
        assert_eq!(watcher.message(state).await.0, online, "{protocol:?}");
        let mut late = open(speaking(protocol, broker.config("late", &[state])));
        assert_eq!(late.message(state).await, (online.clone().into(), true), "{protocol:?}: retained");

        // Somebody says we are gone: that is put right at once.
        watcher.say(7, state, offline.clone(), true).await;
        let mut said = Vec::new();
        while said.last() != Some(&online) {
            said.push(String::from_utf8(late.message(state).await.0.to_vec()).unwrap());
        }
        assert!(said.contains(&offline), "{protocol:?}: {said:?}");

        // Another connection takes our client id: the broker speaks the will of this one.
        let mut thief = open(speaking(protocol, broker.config("host", &[])));
        thief.up().await;
        while late.message(state).await.0 != offline {}
        thief.link.shutdown().await;
        while late.message(state).await.0 != online {}
        host.link.shutdown().await;
        let mut last = open(speaking(protocol, broker.config("last", &[state])));
        assert_eq!(last.message(state).await, (offline.into(), true), "{protocol:?}: goodbye");
    }
}
