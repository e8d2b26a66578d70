//! The edge node is killed again and again while it delivers to a real Tryton and a real broker: each booking has its
//! effect once at the ERP, and a consumer of events that drops known op ids sees each once and in order.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use millwright_tests::program;
use rumqttc::{AsyncClient, Event, MqttOptions, Packet, QoS};
use serde_json::{Value as Json, json};

use crate::mosquitto::broker;
use crate::tryton::{PASSWORD, Tryton};

/// A net under the test, never a measure.
pub const PATIENCE: Duration = Duration::from_secs(240);

/// An edge node: `millwrightctl` and its data directory.
pub struct Node {
    data: PathBuf,
    key: PathBuf,
    serving: Option<Child>,
}

impl Drop for Node {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Node {
    pub fn new(folder: &Path) -> Self {
        Self { data: folder.join("data"), key: folder.join("key"), serving: None }
    }

    pub fn process_id(&self) -> u32 {
        self.serving.as_ref().unwrap().id()
    }

    fn ctl(&self, words: &[&str]) -> Command {
        let mut command = Command::new(program("millwrightctl"));
        command.arg("--data").arg(&self.data).args(words).env("MILLWRIGHT_KEY_FOLDER", &self.key);
        command
    }

    fn run(&self, words: &[&str], input: &str) -> Output {
        let mut child = self
            .ctl(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    pub fn must(&self, words: &[&str], input: &str) -> String {
        let output = self.run(words, input);
        assert!(
            output.status.success(),
            "millwrightctl {words:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    /// The `data` of a command's JSON answer.
    pub fn ask(&self, words: &[&str]) -> Json {
        let mut all = vec!["--json"];
        all.extend(words);
        let mut document: Json = serde_json::from_str(&self.must(&all, "")).unwrap();
        document["data"].take()
    }

    pub fn serve(&mut self) {
        let mut child = self
            .ctl(&["serve"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut ready = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut ready).unwrap();
        assert!(ready.starts_with("ready:"), "{ready}");
        self.serving = Some(child);
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.serving.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }
}

/// Everything the broker ever sent us, in order: op id, order id, hybrid clock.
pub type Heard = Arc<Mutex<Vec<(String, String, u64)>>>;

pub async fn listen(port: u16) -> Heard {
    let heard: Heard = Arc::default();
    let mut options = MqttOptions::new("consumer", "127.0.0.1", port);
    options.set_keep_alive(Duration::from_secs(30));
    let (client, mut poll) = AsyncClient::new(options, 100);
    client.subscribe("umh/v1/kills/_maintenance_v1/labour/#", QoS::AtLeastOnce).await.unwrap();
    let ears = heard.clone();
    let (ready, is_ready) = tokio::sync::oneshot::channel();
    let mut ready = Some(ready);
    tokio::spawn(async move {
        loop {
            match poll.poll().await {
                Ok(Event::Incoming(Packet::SubAck(_))) => {
                    let _told = ready.take().map(|ready| ready.send(()));
                }
                Ok(Event::Incoming(Packet::Publish(message))) => {
                    let event: Json = serde_json::from_slice(&message.payload).unwrap();
                    let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
                    let order = event["fields"]["work_order_id"].as_str().unwrap_or_default().to_owned();
                    ears.lock().unwrap().push((text("op_id"), order, event["hlc"].as_u64().unwrap()));
                }
                Ok(_) => {}
                Err(_ended) => return,
            }
        }
    });
    is_ready.await.unwrap();
    heard
}

/// xorshift64: the same kills in every run.
pub struct Luck(pub u64);

impl Luck {
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

pub fn write_json(folder: &Path, name: &str, value: &Json) -> String {
    let path = folder.join(name);
    std::fs::write(&path, value.to_string()).unwrap();
    path.to_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_booking_takes_effect_once_however_often_the_node_is_killed() {
    let asked: Option<u64> = std::env::var("MILLWRIGHT_KILLS").ok().and_then(|count| count.parse().ok());
    let kills = asked.unwrap_or(if std::env::var_os("MILLWRIGHT_LONG").is_some() { 1_000 } else { 20 });
    let tryton = Tryton::start().await;
    let broker = broker().await;
    let heard = listen(broker.port).await;
    let folder = tempfile::tempdir().unwrap();
    let mut node = Node::new(folder.path());
    node.must(&["person", "add", "Anna Weber", "--erp-number", "1"], "");
    node.must(&["person", "pick", "Anna Weber"], "");
    let erp = json!({"protocol": "tryton", "url": format!("http://127.0.0.1:{}/plant", tryton.port), "system": "tryton", "username": "admin", "request_limit_s": 3});
    node.must(&["config", "erp", &write_json(folder.path(), "erp.json", &erp)], PASSWORD);
    let plant = json!({"host": "127.0.0.1", "port": broker.port, "transport": "tcp", "mqtt5": false, "filters": ["umh/v1/#"], "event_root": "umh/v1/kills", "listen_only": false});
    node.must(&["config", "plant", &write_json(folder.path(), "plant.json", &plant)], "");
    node.serve();
    let order = first_order(&node).await;
    let timer = json!({"work_order_id": order}).to_string();
    let mut luck = Luck(0x5eed_0000_2026_1123);
    for _ in 0..kills {
        // Each pair books one minute. With the node down the command line takes the directory and records by itself.
        node.must(&["call", "timer_start", &timer], "");
        node.must(&["call", "timer_stop", &timer], "");
        tokio::time::sleep(Duration::from_millis(luck.below(900))).await;
        if luck.below(5) == 0 {
            tryton.freeze();
            tokio::time::sleep(Duration::from_millis(luck.below(700))).await;
            node.kill();
            tryton.thaw();
        }
        node.kill();
        if luck.below(4) > 0 {
            node.serve();
        }
    }
    node.kill();
    node.serve();
    drained(&node).await;
    let view = node.ask(&["work-order", "show", &order]);
    assert_eq!(view["labour"].as_array().unwrap().len() as u64, kills, "every booking is here");
    let minutes = view["labour_minutes"].as_i64().unwrap();
    let lines = tryton.rows("timesheet.line", json!([]), &["duration", "uuid"]).await;
    assert_eq!(seconds(&lines), minutes * 60, "every booking is there, once: {} lines", lines.len());
    in_order_and_once(&heard, &view);
    let faults = node.run(&["sync", "errors"], "");
    node.kill();
    node.must(&["db", "check"], "");
    assert_eq!(
        String::from_utf8_lossy(&faults.stdout).lines().filter(|line| line.contains("rejected")).count(),
        0
    );
}

/// The sum of Tryton's durations (`{"__class__": "timedelta", "seconds": …}`).
fn seconds(lines: &[Json]) -> i64 {
    lines
        .iter()
        .map(|line| line["duration"]["seconds"].as_f64().unwrap_or_else(|| panic!("{line}")) as i64)
        .sum()
}

async fn first_order(node: &Node) -> String {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let orders = node.ask(&["work-order", "list"]);
        if let Some(first) = orders.as_array().unwrap().first() {
            return first["order"]["work_order_id"].as_str().unwrap().to_owned();
        }
        assert!(Instant::now() < deadline, "no order came from Tryton");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

pub async fn drained(node: &Node) {
    let (mut deadline, mut fewest) = (Instant::now() + PATIENCE, i64::MAX);
    loop {
        let state = node.ask(&["sync", "status"]);
        let waiting = state["erp_waiting"].as_i64().unwrap() + state["broker_waiting"].as_i64().unwrap();
        if waiting == 0 {
            return;
        }
        // A thousand bookings take their time; what must not be is that they stop.
        if waiting < fewest {
            (deadline, fewest) = (Instant::now() + PATIENCE, waiting);
        }
        assert!(Instant::now() < deadline, "deliveries do not drain: {state}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

fn in_order_and_once(heard: &Heard, view: &Json) {
    let heard = heard.lock().unwrap().clone();
    let mut known: BTreeSet<&str> = BTreeSet::new();
    let mut last: BTreeMap<&str, u64> = BTreeMap::new();
    for (op_id, order, hlc) in &heard {
        if known.insert(op_id) {
            let before = last.insert(order, *hlc);
            assert!(before.is_none_or(|before| before <= *hlc), "events of one order come in order");
        }
    }
    assert_eq!(
        known.len(),
        view["labour"].as_array().unwrap().len(),
        "each booking was heard, {} messages in all",
        heard.len()
    );
}
