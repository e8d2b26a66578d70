//! What a plant should never send, sent by a real broker: a finding that names the place, nothing changed, and the
//! program goes on.

use std::time::{Duration, Instant};

use millwright_engine::{Engine, Handle};
use millwright_model::*;
use rumqttc::{AsyncClient, Event, MqttOptions, Packet, QoS};

use crate::flood::engine_at;
use crate::kills::PATIENCE;
use crate::mosquitto::{broker, connection};

/// The largest packet of the link.
const LIMIT: usize = 16 * 1024 * 1024;

/// Publishes with QoS 1 and waits for the broker's word.
struct Speaker {
    client: AsyncClient,
    acknowledged: tokio::sync::mpsc::UnboundedReceiver<()>,
}

impl Speaker {
    fn start(port: u16) -> Self {
        let mut options = MqttOptions::new("speaker", "127.0.0.1", port);
        options
            .set_keep_alive(Duration::from_secs(60))
            .set_max_packet_size(1 << 30, 1 << 30)
            .set_inflight(1_000);
        let (client, mut poll) = AsyncClient::new(options, 1_000);
        let (tell, acknowledged) = tokio::sync::mpsc::unbounded_channel();
        tokio::spawn(async move {
            loop {
                match poll.poll().await {
                    Ok(Event::Incoming(Packet::PubAck(_))) if tell.send(()).is_err() => return,
                    Ok(_) => {}
                    Err(_ended) => return,
                }
            }
        });
        Self { client, acknowledged }
    }

    async fn say(&mut self, topic: &str, payload: impl Into<Vec<u8>>, retain: bool) {
        self.client.publish(topic, QoS::AtLeastOnce, retain, payload).await.unwrap();
        self.acknowledged.recv().await.unwrap();
    }
}

async fn findings(engine: &Engine) -> String {
    engine.handle(SyncShow {}).await.unwrap().findings.join("\n")
}

/// What people and the ERP recorded, and the settings.
async fn records(engine: &Engine) -> String {
    let records = (
        engine.handle(AssetTree {}).await.unwrap(),
        engine.handle(WorkOrderList { filter: WorkOrderFilter::default() }).await.unwrap(),
        engine.handle(RequestList { open_only: false }).await.unwrap(),
        engine.handle(ConnectionsShow {}).await.unwrap(),
    );
    serde_json::to_string(&records).unwrap()
}

async fn live(engine: &Engine, topic: &str) -> Option<LiveValue> {
    let series = vec![SeriesKey(format!("uns:{topic}"))];
    engine.handle(LiveShow { series }).await.unwrap().pop()
}

/// The value comes through; what was sent before it was dealt with by then.
async fn hears(engine: &Engine, speaker: &mut Speaker, topic: &str, number: i64) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        speaker.say(topic, number.to_string(), false).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        if live(engine, topic).await.is_some_and(|live| live.sample.value == Some(Value::Int(number))) {
            return;
        }
        assert!(Instant::now() < deadline, "{topic} is not heard: {}", findings(engine).await);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_read_is_a_finding_at_its_topic_and_the_rest_goes_on() {
    let broker = broker().await;
    let folder = tempfile::tempdir().unwrap();
    let mut connection = connection(broker.port);
    connection.filters.push("spBv1.0/#".into());
    let engine = engine_at(folder.path(), &connection).await;
    let mut speaker = Speaker::start(broker.port);
    hears(&engine, &mut speaker, "umh/v1/ok", 1).await;
    let before = records(&engine).await;
    let now_ms = engine.handle(AppStatus {}).await.unwrap().now.0;

    for (topic, payload, words) in [
        ("umh/v1/broken", &b"{\"value\": 1"[..], "EOF while parsing an object at line 1, column 11"),
        ("umh/v1/words", b"not json", "line 1, column 2"),
        ("umh/v1/bytes", b"{\"value\":\"\xff\"}", "not UTF-8 at line 1, column 11"),
        ("umh/v1/nan", b"{\"value\":NaN}", "line 1, column 10"),
        ("umh/v1/huge", b"{\"value\":1e999}", "line 1"),
        ("umh/v1/old", b"{\"value\":70,\"timestamp_ms\":0}", "the timestamp 0 cannot be believed"),
        (
            "umh/v1/ahead",
            b"{\"value\":2100,\"timestamp_ms\":4102444800000}",
            "the timestamp 4102444800000 cannot be believed",
        ),
        ("spBv1.0/g/NBIRTH/n", b"\xff\xff\xff", "not a Sparkplug B payload"),
        ("spBv1.0/g/HELLO/n", b"", "«HELLO» is no Sparkplug message type"),
    ] {
        speaker.say(topic, payload, false).await;
        let deadline = Instant::now() + PATIENCE;
        loop {
            let findings = findings(&engine).await;
            if findings.lines().any(|line| line.contains(topic) && line.contains(words)) {
                break;
            }
            assert!(Instant::now() < deadline, "{topic}: «{words}» is not in\n{findings}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    for topic in ["umh/v1/old", "umh/v1/ahead"] {
        let sample = live(&engine, topic).await.unwrap().sample;
        assert_eq!((sample.source_at, sample.quality), (None, Quality::Uncertain), "{topic}");
        assert!(sample.received_at.0 >= now_ms, "{topic}: filed under the time of receipt");
    }
    for topic in ["umh/v1/broken", "umh/v1/bytes", "umh/v1/nan", "umh/v1/huge"] {
        assert_eq!(live(&engine, topic).await, None, "{topic}");
    }
    hears(&engine, &mut speaker, "umh/v1/ok", 2).await;
    assert_eq!(records(&engine).await, before, "no record was touched");
    engine.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_retained_giant_is_read_up_to_the_limit_and_left_out_beyond_it() {
    let broker = broker().await;
    let mut speaker = Speaker::start(broker.port);
    // Ten megabytes of fields, far more than are read; twenty megabytes, more than a packet may have.
    let fields: Vec<String> = (0..620_000).map(|number| format!("\"f{number}\":{number}")).collect();
    let ten = format!("{{{}}}", fields.join(","));
    assert!(ten.len() > 10_000_000 && ten.len() < LIMIT, "{}", ten.len());
    speaker.say("umh/v1/large", ten, true).await;
    speaker.say("umh/v1/deep/er/giant", vec![b' '; 20_000_000], true).await;
    let folder = tempfile::tempdir().unwrap();
    let engine = engine_at(folder.path(), &connection(broker.port)).await;
    let deadline = Instant::now() + PATIENCE;
    loop {
        let findings = findings(&engine).await;
        let large = findings.lines().any(|line| line.contains("umh/v1/large"));
        let giant = findings.lines().any(|line| line.contains("is left out") && line.contains("16 MiB"));
        if large && giant {
            break;
        }
        assert!(Instant::now() < deadline, "{findings}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    hears(&engine, &mut speaker, "umh/v1/ok", 5).await;
    engine.close().await.unwrap();
}

/// Peak resident memory of this process in bytes.
fn peak_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or_default() * 1024
}

/// Says to a test that it has a process of its own.
const ALONE: &str = "MILLWRIGHT_TEST_ALONE";

/// Runs this one test in a process of its own, where the memory it measures is nobody else's. True in that process.
fn alone(test: &str) -> bool {
    if std::env::var_os(ALONE).is_some() {
        return true;
    }
    let program = std::env::current_exe().unwrap();
    let run = std::process::Command::new(program).args(["--exact", test]).env(ALONE, "1").output().unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && said.contains("1 passed"), "{said}");
    false
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_topics_than_are_kept_are_refused_counted_and_told() {
    if !alone("bad_input::more_topics_than_are_kept_are_refused_counted_and_told") {
        return;
    }
    let long = std::env::var_os("MILLWRIGHT_LONG").is_some();
    let (topics, tags_max) = if long { (1_000_000, 100_000) } else { (20_000, 2_000) };
    let broker = broker().await;
    let folder = tempfile::tempdir().unwrap();
    let connection = PlantConnection { tags_max: Some(tags_max), ..connection(broker.port) };
    let engine = engine_at(folder.path(), &connection).await;
    let mut speaker = Speaker::start(broker.port);
    hears(&engine, &mut speaker, "umh/v1/first", 1).await;
    let before = peak_bytes();
    for number in 0..topics {
        let topic = format!("umh/v1/many/t-{number}");
        speaker.client.publish(topic, QoS::AtLeastOnce, false, "7").await.unwrap();
    }
    for _ in 0..topics {
        speaker.acknowledged.recv().await.unwrap();
    }
    // The first tag is kept whatever came after it, and its last value comes behind all the others.
    hears(&engine, &mut speaker, "umh/v1/first", 2).await;
    let state = engine.handle(AppStatus {}).await.unwrap().sync;
    let kept = u64::from(tags_max) - 1;
    assert_eq!(state.samples_dropped, 0);
    // A broker repeats what was on its way when a link broke, as one may under a million; the repeats are refused too.
    let refused = state.values_refused;
    assert!(if long { refused >= topics - kept } else { refused == topics - kept }, "{refused}");
    let deadline = Instant::now() + PATIENCE;
    while !findings(&engine).await.contains(&format!("more tags than the {tags_max} that are kept")) {
        assert!(Instant::now() < deadline, "{}", findings(&engine).await);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(engine.history_statistics().await.series <= u64::from(tags_max), "history keeps no more either");
    // A kept tag takes about half a kilobyte in the monitor and as much in history; refused ones take nothing.
    let grown = peak_bytes().saturating_sub(before);
    let allowed = 64 * 1024 * 1024 + u64::from(tags_max) * 4 * 1024;
    assert!(grown < allowed, "{} MiB for {tags_max} kept tags of {topics}", grown / (1024 * 1024));
    engine.close().await.unwrap();
}
