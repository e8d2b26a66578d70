//! A real Tryton on a copy of the prepared database, and questions to it past our own connector.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use millwright_tests::workspace;
use serde_json::{Value as Json, json};

/// The password of the prepared database.
pub const PASSWORD: &str = "millwright-test";

pub struct Tryton {
    child: Child,
    pub port: u16,
    _folder: tempfile::TempDir,
}

impl Drop for Tryton {
    fn drop(&mut self) {
        let _gone = self.child.kill().is_err();
        let _reaped = self.child.wait().is_err();
    }
}

fn home() -> PathBuf {
    let peers =
        std::env::var_os("MILLWRIGHT_PEERS").map_or_else(|| workspace().join(".cache/peers"), PathBuf::from);
    let home = peers.join("tryton");
    assert!(
        home.join("stamp").exists(),
        "Tryton is not installed in {}: run `cargo xtask setup`",
        home.display()
    );
    home
}

impl Tryton {
    /// Starts it and waits until it answers.
    pub async fn start() -> Self {
        let home = home();
        let folder = tempfile::tempdir().unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        std::fs::copy(home.join("data/plant.sqlite"), folder.path().join("plant.sqlite")).unwrap();
        let pattern =
            std::fs::read_to_string(workspace().join("crates/erp/tests/peers/tryton/trytond.conf")).unwrap();
        let configuration =
            pattern.replace("@DATA@", folder.path().to_str().unwrap()).replace("@PORT@", &port.to_string());
        let file = folder.path().join("trytond.conf");
        std::fs::write(&file, configuration).unwrap();
        let child = Command::new(home.join("venv/bin/python"))
            .arg(home.join("venv/bin/trytond"))
            .arg("-c")
            .arg(&file)
            .args(["-d", "plant"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Self { child, port, _folder: folder }
    }

    /// Stops answering, as a server does whose machine is off.
    pub fn freeze(&self) {
        signal(&self.child, "-STOP");
    }

    /// Goes on.
    pub fn thaw(&self) {
        signal(&self.child, "-CONT");
    }

    async fn rpc(&self, session: Option<&str>, method: &str, params: Json) -> Json {
        let mut request = reqwest::Client::new()
            .post(format!("http://127.0.0.1:{}/plant/rpc/", self.port))
            .header("Content-Type", "application/json")
            .body(json!({"id": 1, "method": method, "params": params}).to_string());
        if let Some(session) = session {
            request = request.header("Authorization", format!("Session {session}"));
        }
        let text = request.send().await.unwrap().text().await.unwrap();
        serde_json::from_str(&text).unwrap()
    }

    /// Rows of a model that pass a domain.
    pub async fn rows(&self, model: &str, domain: Json, fields: &[&str]) -> Vec<Json> {
        let login = self.rpc(None, "common.db.login", json!(["admin", {"password": PASSWORD}, "en"])).await;
        let answer = login.get("result").unwrap_or(&login);
        let session = STANDARD.encode(format!("admin:{}:{}", answer[0], answer[1].as_str().unwrap()));
        let rows = self
            .rpc(
                Some(&session),
                &format!("model.{model}.search_read"),
                json!([domain, 0, 10_000, null, fields, {}]),
            )
            .await;
        rows.get("result").unwrap_or(&rows).as_array().unwrap_or_else(|| panic!("{rows}")).clone()
    }
}

fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
    assert!(status.success());
}
