//! A real mosquitto per test, on a free loopback port, and waiting for events with a generous deadline.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "each test binary uses a part of these helpers, and a test may panic"
)]

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use millwright_model::TimestampMs;
use millwright_plant::Clocks;
use millwright_plant::link::{Credentials, Link, LinkConfig, LinkEvent, LinkTimings, OutgoingMessage, Qos};
use tokio::sync::mpsc;

/// A safety net, never a measure: a test that reaches it hangs.
pub const DEADLINE: Duration = Duration::from_secs(90);

/// The time of all samples in these tests.
pub const WALL: TimestampMs = TimestampMs(1_795_400_000_000);

pub fn clocks() -> Clocks {
    Clocks::new(Arc::new(|| WALL))
}

/// A broker that ends with the test.
pub struct Broker {
    pub port: u16,
    pub folder: tempfile::TempDir,
    config: PathBuf,
    child: Option<Child>,
}

fn program(name: &str) -> PathBuf {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders)
        .chain([PathBuf::from("/usr/sbin"), PathBuf::from("/usr/bin")])
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
        .unwrap_or_else(|| {
            panic!("{name} is missing: `cargo xtask setup` installs it (Debian package mosquitto)")
        })
}

pub fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

impl Broker {
    /// `settings` are lines of mosquitto.conf behind the listener's; `{folder}` is the test's folder.
    pub fn start(settings: &str) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), settings)
    }

    pub fn anonymous() -> Self {
        Self::start("allow_anonymous true\n")
    }

    /// User `miller`, password `right`.
    pub fn with_password() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("passwords");
        let made = Command::new(program("mosquitto_passwd"))
            .args(["-b", "-c"])
            .arg(&file)
            .args(["miller", "right"])
            .status()
            .unwrap();
        assert!(made.success());
        Self::start_in(folder, "allow_anonymous false\npassword_file {folder}/passwords\n")
    }

    pub fn start_in(folder: tempfile::TempDir, settings: &str) -> Self {
        let port = free_port();
        let config = folder.path().join("mosquitto.conf");
        let settings = settings.replace("{folder}", folder.path().to_str().unwrap());
        // Started by root it would give up its rights and could not read the test's folder.
        let text = format!(
            "user root\npersistence false\nmax_queued_messages 0\nlistener {port} 127.0.0.1\n{settings}"
        );
        std::fs::write(&config, text).unwrap();
        let mut broker = Self { port, folder, config, child: None };
        broker.run();
        broker
    }

    pub fn run(&mut self) {
        let log = std::fs::File::create(self.folder.path().join("mosquitto.log")).unwrap();
        let child = Command::new(program("mosquitto"))
            .arg("-c")
            .arg(&self.config)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        self.child = Some(child);
        let started = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            let ended = self.child.as_mut().unwrap().try_wait().unwrap();
            assert!(
                ended.is_none() && started.elapsed() < DEADLINE,
                "mosquitto did not start:\n{}",
                self.log()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("mosquitto.log")).unwrap_or_default()
    }

    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    pub fn config(&self, client_id: &str, filters: &[&str]) -> LinkConfig {
        let mut config = LinkConfig::new("127.0.0.1", self.port, client_id, filters);
        config.timings = LinkTimings { first_wait_ms: 20, settle_ms: 300, ..LinkTimings::default() };
        config
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.kill();
    }
}

pub struct Heard {
    pub link: Link,
    pub events: mpsc::Receiver<LinkEvent>,
}

pub fn open(config: LinkConfig) -> Heard {
    open_with(config, Credentials::default())
}

pub fn open_with(config: LinkConfig, credentials: Credentials) -> Heard {
    let (link, events) = Link::start(config, credentials, clocks(), 65_536).unwrap();
    Heard { link, events }
}

/// The first event that `pick` picks; what comes before is passed over.
pub async fn until<E: std::fmt::Debug, T>(
    events: &mut mpsc::Receiver<E>,
    mut pick: impl FnMut(E) -> Option<T>,
) -> T {
    let wait = async {
        loop {
            let event = events.recv().await.expect("the task ended");
            if let Some(picked) = pick(event) {
                return picked;
            }
        }
    };
    tokio::time::timeout(DEADLINE, wait).await.expect("the event never came")
}

impl Heard {
    pub async fn up(&mut self) {
        until(&mut self.events, |event| matches!(event, LinkEvent::Up { .. }).then_some(())).await;
    }

    /// Publishes with QoS 1 and waits for the broker's word.
    pub async fn say(&mut self, token: u64, topic: &str, bytes: impl Into<bytes::Bytes>, retain: bool) {
        let message = OutgoingMessage {
            token,
            topic: topic.into(),
            bytes: bytes.into(),
            qos: Qos::AtLeastOnce,
            retain,
        };
        self.link.publish(message).unwrap();
        until(&mut self.events, |event| (event == LinkEvent::Published { token }).then_some(())).await;
    }

    pub async fn message(&mut self, topic: &str) -> (bytes::Bytes, bool) {
        until(&mut self.events, |event| match event {
            LinkEvent::Message { topic: of, payload, retained, .. } if of == topic => {
                Some((payload, retained))
            }
            _ => None,
        })
        .await
    }

    /// Says it again and again until the other one hears it: a subscription may still be on its way.
    pub async fn say_until_heard(
        &mut self,
        hearer: &mut Heard,
        topic: &str,
        bytes: &'static [u8],
    ) -> bytes::Bytes {
        for token in 1_000_000.. {
            self.say(token, topic, bytes, false).await;
            if let Ok((payload, _)) =
                tokio::time::timeout(Duration::from_millis(500), hearer.message(topic)).await
            {
                return payload;
            }
        }
        unreachable!()
    }
}

pub fn workspace_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_path_buf()
}
