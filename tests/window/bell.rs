//! A session bus of its own, and on it a desktop that shows notifications and writes down what it was given.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use zbus::zvariant::OwnedValue;

use crate::desk::Ended;

/// One notification as the desktop got it.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    pub sender: String,
    pub title: String,
    pub text: String,
    pub urgency: u8,
}

struct Notifications(Arc<Mutex<Vec<Shown>>>);

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Notifications {
    fn get_capabilities(&self) -> Vec<String> {
        vec!["body".to_owned()]
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        ("desktop of a test".to_owned(), "test".to_owned(), "1".to_owned(), "1.2".to_owned())
    }

    #[expect(clippy::too_many_arguments, reason = "the interface has so many")]
    fn notify(
        &self,
        app_name: String,
        _replaces_id: u32,
        _app_icon: String,
        summary: String,
        body: String,
        _actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        _expire_timeout: i32,
    ) -> u32 {
        let urgency = hints.get("urgency").and_then(|value| value.downcast_ref::<u8>().ok()).unwrap_or(1);
        let mut shown = self.0.lock().unwrap();
        shown.push(Shown { sender: app_name, title: summary, text: body, urgency });
        shown.len() as u32
    }
}

/// A session with a desktop.
pub struct Desktop {
    pub address: String,
    shown: Arc<Mutex<Vec<Shown>>>,
    _connection: zbus::blocking::Connection,
    _bus: Ended,
}

impl Desktop {
    pub fn start() -> Self {
        let mut bus = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--print-address=1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon is missing: `cargo xtask setup` installs it");
        let mut address = String::new();
        BufReader::new(bus.stdout.take().unwrap()).read_line(&mut address).unwrap();
        let address = address.trim().to_owned();
        let shown = Arc::new(Mutex::new(Vec::new()));
        let connection = zbus::blocking::connection::Builder::address(address.as_str())
            .unwrap()
            .serve_at("/org/freedesktop/Notifications", Notifications(shown.clone()))
            .unwrap()
            .name("org.freedesktop.Notifications")
            .unwrap()
            .build()
            .unwrap();
        Self { address, shown, _connection: connection, _bus: Ended(bus) }
    }

    /// What it was given, in order.
    pub fn shown(&self) -> Vec<Shown> {
        self.shown.lock().unwrap().clone()
    }
}
