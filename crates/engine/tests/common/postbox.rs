//! A real SMTP server that nobody here wrote: aiosmtpd, which writes down what it takes and misbehaves as it is told.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use millwright_model::{MailConnection, MailDigest, MailReader, MailSecurity, Priority};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use serde_json::Value as Json;

/// A safety net, never a measure: a test that reaches it hangs.
const DEADLINE: Duration = Duration::from_secs(60);

/// The server, which ends with the test.
pub struct Postbox {
    folder: tempfile::TempDir,
    port: u16,
    security: MailSecurity,
    ca_pem: Option<String>,
    child: Option<Child>,
}

/// What the server does with the next message.
#[derive(Copy, Clone, Debug)]
pub enum Manner {
    TakesIt,
    LosesTheAnswer,
    Refuses,
    ComeBackLater,
}

fn peer() -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let peers = std::env::var_os("MILLWRIGHT_PEERS").map_or(workspace.join(".cache/peers"), PathBuf::from);
    let found = peers.join("smtp");
    assert!(
        found.join("stamp").exists(),
        "the test server «smtp» is not installed in {}: run `cargo xtask setup`",
        found.display()
    );
    found
}

fn pem(kind: &str, der: &[u8]) -> String {
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {kind}-----\n{}\n-----END {kind}-----\n", lines.join("\n"))
}

/// An authority and a certificate that it made for `name`, with its key.
fn certificate(name: &str) -> (String, String, String) {
    let authority_key = KeyPair::generate().unwrap();
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_pem = pem("CERTIFICATE", authority.self_signed(&authority_key).unwrap().der());
    let issuer = Issuer::new(authority, authority_key);
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
    (authority_pem, pem("CERTIFICATE", leaf.der()), pem("PRIVATE KEY", &key.serialize_der()))
}

impl Postbox {
    /// A server on this machine without encryption.
    pub fn plain() -> Self {
        Self::start(MailSecurity::Plain, "localhost", None)
    }

    /// One that encrypts, with a certificate for `name`.
    pub fn encrypted(security: MailSecurity, name: &str) -> Self {
        Self::start(security, name, None)
    }

    /// One that encrypts and lets only this user in.
    pub fn with_login(user: &str, password: &str) -> Self {
        Self::start(MailSecurity::Tls, "localhost", Some(format!("{user} {password}")))
    }

    fn start(security: MailSecurity, name: &str, login: Option<String>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (ca_pem, certificate, key) = certificate(name);
        std::fs::write(folder.path().join("certificate.pem"), certificate).unwrap();
        std::fs::write(folder.path().join("key.pem"), key).unwrap();
        if let Some(login) = login {
            std::fs::write(folder.path().join("login"), login).unwrap();
        }
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let ca_pem = (security != MailSecurity::Plain).then_some(ca_pem);
        let mut postbox = Self { folder, port, security, ca_pem, child: None };
        postbox.run();
        postbox
    }

    /// Starts it (again) on its port.
    pub fn run(&mut self) {
        let ready = self.folder.path().join("ready");
        drop(std::fs::remove_file(&ready));
        let security = match self.security {
            MailSecurity::Plain => "plain",
            MailSecurity::StartTls => "starttls",
            MailSecurity::Tls => "tls",
        };
        let log = std::fs::File::create(self.folder.path().join("log")).unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../mail/tests/peers/server.py");
        let child = Command::new(peer().join("venv/bin/python"))
            .arg(script)
            .arg(self.folder.path())
            .args([&self.port.to_string(), security])
            .args([self.folder.path().join("certificate.pem"), self.folder.path().join("key.pem")])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        self.child = Some(child);
        let started = Instant::now();
        while !ready.exists() {
            let ended = self.child.as_mut().unwrap().try_wait().unwrap();
            let log = || std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            assert!(ended.is_none() && started.elapsed() < DEADLINE, "the server did not start:\n{}", log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    pub fn behaves(&self, manner: Manner) {
        let mood = match manner {
            Manner::TakesIt => "",
            Manner::LosesTheAnswer => "loses the answer",
            Manner::Refuses => "refuses",
            Manner::ComeBackLater => "later",
        };
        std::fs::write(self.folder.path().join("mood"), mood).unwrap();
    }

    /// What it took, in order.
    pub fn taken(&self) -> Vec<Json> {
        let text = std::fs::read_to_string(self.folder.path().join("taken")).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// How the plant reaches it: it writes to the supervisor of emergencies and what is high.
    pub fn connection(&self) -> MailConnection {
        MailConnection {
            host: "localhost".into(),
            port: self.port,
            security: self.security,
            username: None,
            from: "millwright@plant.example".into(),
            ca_pem: self.ca_pem.clone(),
            plain_reason: None,
            readers: vec![MailReader {
                address: "supervisor@plant.example".into(),
                from_priority: Some(Priority::High),
                digest: MailDigest::Never,
                language: "en".into(),
                shifts: vec![],
                after_minutes: 0,
                erp_orders: false,
            }],
        }
    }
}

impl Drop for Postbox {
    fn drop(&mut self) {
        self.kill();
    }
}
