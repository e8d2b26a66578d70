//! The command line for Windows, run here under wine: a smoke run, not a claim about Windows itself.
//! `cargo xtask test --long` builds `millwrightctl.exe` and names it in `MILLWRIGHT_WINDOWS_CTL`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    reason = "a test that cannot set up its world fails"
)]

#[path = "../peers/mosquitto.rs"]
#[allow(dead_code, reason = "no flood here")]
mod mosquitto;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use millwright_tests::workspace;
use rumqttc::{AsyncClient, Event, MqttOptions, Packet, QoS};
use serde_json::{Value as Json, json};

/// The data directory, on the drive of that Windows.
const PLANT: &str = "C:\\plant";
const PATIENCE: Duration = Duration::from_secs(120);

/// A Windows of its own, with a data directory on its drive.
struct Wine {
    folder: tempfile::TempDir,
    program: PathBuf,
}

impl Drop for Wine {
    fn drop(&mut self) {
        // Wine leaves its server behind, which holds the folder.
        let _ended = Command::new("/usr/lib/wine/wineserver")
            .arg("-k")
            .env("WINEPREFIX", self.prefix())
            .status()
            .is_err();
    }
}

impl Wine {
    fn new() -> Self {
        let program = std::env::var_os("MILLWRIGHT_WINDOWS_CTL")
            .expect("MILLWRIGHT_WINDOWS_CTL names no program: `cargo xtask test --long` builds it");
        let folder = tempfile::tempdir().unwrap();
        // Beside the program lies what this wine lacks.
        let copy = folder.path().join("millwrightctl.exe");
        std::fs::copy(program, &copy).unwrap();
        let built = Command::new("x86_64-w64-mingw32-gcc")
            .args(["-shared", "-O2", "-o"])
            .arg(folder.path().join("bcryptprimitives.dll"))
            .arg(workspace().join("tests/windows/bcryptprimitives.c"))
            .arg("-ladvapi32")
            .status()
            .expect("mingw-w64 is missing: `cargo xtask test --long` installs it");
        assert!(built.success());
        Self { folder, program: copy }
    }

    fn prefix(&self) -> PathBuf {
        self.folder.path().join("wine")
    }

    fn ctl(&self, directory: &str, words: &[&str]) -> Command {
        let wine =
            ["/usr/lib/wine/wine64", "/usr/bin/wine"].into_iter().find(|path| Path::new(path).is_file());
        let mut command = Command::new(wine.expect("wine is missing: `cargo xtask test --long` installs it"));
        command
            .arg(&self.program)
            .args(["--data", directory])
            .args(words)
            .env("WINEPREFIX", self.prefix())
            .env("WINEDEBUG", "-all")
            .env("WINEDLLOVERRIDES", "mscoree,mshtml=")
            .env_remove("DISPLAY");
        command
    }

    fn must(&self, words: &[&str]) -> String {
        self.must_on(PLANT, words)
    }

    fn must_on(&self, directory: &str, words: &[&str]) -> String {
        let output = self.ctl(directory, words).stdin(Stdio::null()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "millwrightctl {words:?} ended with {}: {said}", output.status);
        String::from_utf8(output.stdout).unwrap()
    }

    fn call(&self, name: &str, arguments: &Json) -> Json {
        let answer = self.must(&["--json", "call", name, &arguments.to_string()]);
        let answer: Json = serde_json::from_str(&answer).unwrap();
        answer["data"].clone()
    }
}

/// A node that serves until it is dropped.
struct Serving(Child);

impl Serving {
    fn start(wine: &Wine) -> Self {
        let mut child = wine.ctl(PLANT, &["serve"]).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.contains("ready"), "the node says that it is ready, not «{line}»");
        Self(child)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _gone = self.0.kill().is_err();
        let _reaped = self.0.wait().is_err();
    }
}

#[test]
fn an_order_is_done_backed_up_and_restored() {
    let wine = Wine::new();
    assert!(wine.must(&["--version"]).contains(env!("CARGO_PKG_VERSION")));
    wine.call("plant_start", &json!({"plant_name": "Wine"}));
    wine.must(&["person", "add", "Ines"]);
    wine.must(&["person", "pick", "Ines"]);
    std::fs::write(wine.folder.path().join("assets.csv"), "code,name,level\nP-101A,Feed pump,machine\n")
        .unwrap();
    let csv = format!("Z:{}", wine.folder.path().join("assets.csv").display()).replace('/', "\\");
    wine.must(&["asset", "import", &csv]);
    assert!(wine.must(&["asset", "list"]).contains("P-101A"));
    let order = json!({"title": "Grease the bearings", "description": "", "asset_id": null, "priority": "medium", "request_id": null, "assignee_id": null, "due_at": null, "steps": []});
    let order = wine.call("work_order_create", &order);
    let order = order.as_str().unwrap();
    wine.must(&["work-order", "start", order]);
    wine.must(&["work-order", "close", order, "--found", "Dry", "--done", "Greased", "--minutes", "20"]);
    wine.must(&["db", "check"]);
    wine.must(&["db", "rebuild"]);
    wine.must(&["db", "backup", "C:\\backup.millwright"]);
    wine.must_on("C:\\again", &["db", "restore", "C:\\backup.millwright"]);
    let again = wine.must_on("C:\\again", &["--json", "work-order", "show", order]);
    assert!(again.contains("Greased"), "the restored directory knows what was done: {again}");
}

#[tokio::test]
async fn a_node_hears_a_broker_and_takes_commands_through_its_pipe() {
    let wine = Wine::new();
    wine.call("plant_start", &json!({"plant_name": "Wine"}));
    let broker = mosquitto::broker().await;
    let connection = serde_json::to_value(mosquitto::connection(broker.port)).unwrap();
    wine.call("plant_connection_save", &json!({"connection": connection, "password": null}));
    let _serving = Serving::start(&wine);
    publish_one(broker.port).await;
    let started = Instant::now();
    loop {
        // The directory is locked, so this goes through the pipe to its owner.
        let tags = wine.must(&["--json", "plant", "tags"]);
        if tags.contains("tag-0") {
            break;
        }
        assert!(started.elapsed() < PATIENCE, "the value never came: {tags}");
    }
}

async fn publish_one(port: u16) {
    let mut options = MqttOptions::new("one", "127.0.0.1", port);
    options.set_keep_alive(Duration::from_secs(30));
    let (client, mut poll) = AsyncClient::new(options, 10);
    client
        .publish(
            mosquitto::series(0, 0),
            QoS::AtLeastOnce,
            true,
            "{\"timestamp_ms\":1795000000000,\"value\":7}",
        )
        .await
        .unwrap();
    while !matches!(poll.poll().await.unwrap(), Event::Incoming(Packet::PubAck(_))) {}
}
