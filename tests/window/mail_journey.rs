//! E-mail from a plant: a mail server is set up and tried, an emergency is written of, and a person decides on an
//! e-mail whose answer was lost.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use millwright_tests::workspace;
use serde_json::{Value as Json, json};

use crate::desk::{Desk, Ended};

/// A real SMTP server, which writes down what it takes.
struct Postbox {
    folder: tempfile::TempDir,
    port: u16,
    _server: Ended,
}

impl Postbox {
    async fn start(desk: &Desk) -> Self {
        let peers = std::env::var_os("MILLWRIGHT_PEERS")
            .map_or_else(|| workspace().join(".cache/peers"), PathBuf::from)
            .join("smtp");
        assert!(peers.join("stamp").exists(), "the test server «smtp» is missing: run `cargo xtask setup`");
        let folder = tempfile::tempdir().unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let server = Command::new(peers.join("venv/bin/python"))
            .arg(workspace().join("crates/mail/tests/peers/server.py"))
            .arg(folder.path())
            .args([&port.to_string(), "plain"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let postbox = Self { folder, port, _server: Ended(server) };
        let ready = || async { postbox.path("ready").exists() };
        desk.until("the mail server to be there", ready).await;
        postbox
    }

    fn path(&self, name: &str) -> PathBuf {
        Path::new(self.folder.path()).join(name)
    }

    fn behaves(&self, mood: &str) {
        std::fs::write(self.path("mood"), mood).unwrap();
    }

    fn taken(&self) -> Vec<Json> {
        let text = std::fs::read_to_string(self.path("taken")).unwrap_or_default();
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }
}

#[tokio::test]
async fn an_emergency_is_written_of_and_a_lost_answer_is_decided_by_a_person() {
    let desk = Desk::open().await;
    let postbox = Postbox::start(&desk).await;
    desk.touch("first-start-plant").await;
    desk.write("plant-name", "North\u{e007}").await;
    desk.see("person-add").await;
    let mut settings = desk.value("settings_show", json!({})).await;
    settings["own_keys"] = json!(false);
    desk.value("settings_save", json!({"settings": settings})).await;
    let person = json!({"name": "Anna Weber", "erp_number": null, "language": "en"});
    let anna = desk.value("person_add", person).await;
    desk.value("person_pick", json!({"person_id": anna})).await;
    let csv = "code,name,level,parent,criticality\nP-101A,Cooling water pump,machine,,A\n";
    desk.value("asset_import", json!({"csv": csv, "dry_run": false})).await;
    let asset_id = desk.value("asset_tree", json!({})).await[0]["asset"]["asset_id"].take();

    // Nobody is written to until somebody is named; a server that cannot be reached says so.
    desk.see("page-today").await;
    desk.touch("rail-settings").await;
    desk.touch("settings-connections").await;
    desk.see("mail-form").await;
    desk.touch("mail-security-plain").await;
    desk.write("mail-host", "127.0.0.1").await;
    desk.write("mail-port", "9").await;
    desk.write("mail-from", "mill@plant.example").await;
    desk.touch("mail-add").await;
    desk.write("mail-reader-0-address", "supervisor@plant.example").await;
    desk.touch("mail-reader-0-1").await;
    desk.touch("mail-test").await;
    desk.see("connection-finding").await;
    desk.until("the trouble", || async { desk.text().await.contains("does not answer") }).await;
    desk.write("mail-port", &postbox.port.to_string()).await;
    desk.write("mail-test-to", "supervisor@plant.example").await;
    desk.touch("mail-test").await;
    desk.until("the test to arrive", || async { postbox.taken().len() == 1 }).await;
    desk.until("the finding", || async { desk.text().await.contains("has taken a test e-mail") }).await;
    desk.script("document.querySelector('[data-test=mail-form]').scrollIntoView()").await;
    desk.fits("mail-form").await;
    desk.pictures_in_all_themes("mail-form").await;
    desk.script("document.querySelector('[data-test=mail-save]').scrollIntoView({block: 'end'})").await;
    desk.pictures_in_all_themes("mail-form-readers").await;
    desk.touch("mail-save").await;
    let kept = || async {
        let kept = desk.value("connections_show", json!({})).await;
        kept["mail"]["readers"][0]["address"] == "supervisor@plant.example"
    };
    desk.until("the connection to be kept", kept).await;

    // The answer to the first e-mail is lost: it asks, and goes again only by a person's word.
    postbox.behaves("loses the answer");
    let raise =
        json!({"asset_id": asset_id, "text": "Seal leaks", "priority": "emergency", "machine_down": true});
    desk.value("request_raise", raise).await;
    desk.set_clock_forward(Duration::from_secs(11)).await;
    desk.until("the e-mail to leave", || async { postbox.taken().len() == 2 }).await;
    desk.script("location.hash = '#/sync'").await;
    desk.until("the question", || async { desk.text().await.contains("it may have gone") }).await;
    let needs = desk.see("chip-needs").await.text().await.unwrap();
    assert_eq!(needs, "E-mail: 1 needs you", "the chip names what needs a person");
    let erp = desk.see("chip-erp").await.text().await.unwrap();
    assert!(!erp.contains("you"), "the ERP has nothing to do with it: {erp}");
    desk.fits("mail-may-have-gone").await;
    desk.pictures_in_all_themes("mail-may-have-gone").await;
    postbox.behaves("");
    desk.touch("delivery-retry").await;
    desk.until("the e-mail to go again", || async { postbox.taken().len() == 3 }).await;
    let taken = postbox.taken();
    assert_eq!(taken[1]["text"], taken[2]["text"], "with the same Message-ID and words");
    desk.gone("mail-let-be").await;
    desk.gone("chip-needs").await;
    desk.close().await;
}
