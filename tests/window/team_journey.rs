//! Two windows and one node: let in, work apart, meet, a conflict decided on one and seen on the other, a lost tablet
//! shut out.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use millwright_tests::program;
use serde_json::{Value as Json, json};

use crate::desk::{Desk, Ended};

/// A node as a plant would run one: the command line, serving a team.
struct Node {
    process: Ended,
    address: String,
    folder: tempfile::TempDir,
}

fn ctl(folder: &std::path::Path) -> Command {
    let mut command = Command::new(program("millwrightctl"));
    command.arg("--data").arg(folder.join("data")).env("MILLWRIGHT_KEY_FOLDER", folder.join("key"));
    command
}

impl Node {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut process = ctl(folder.path())
            .args(["serve", "--team", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut ready = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut ready).unwrap();
        let (_, address) = ready.trim().rsplit_once(" team ").unwrap();
        let address = address.to_owned();
        Self { process: Ended(process), address, folder }
    }

    fn run(&self, arguments: &[&str]) -> Json {
        let output = ctl(self.folder.path()).arg("--json").args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice::<Json>(&output.stdout).unwrap()["data"].take()
    }

    fn call(&self, name: &str, arguments: Json) -> Json {
        self.run(&["call", name, &arguments.to_string()])
    }

    /// Stopped, it answers nobody, as behind a cut cable.
    fn signal(&self, signal: &str) {
        let status = Command::new("kill").args([signal, &self.process.0.id().to_string()]).status().unwrap();
        assert!(status.success(), "the node runs");
    }
}

/// A tablet at its first start, with its person, asking to be let in through the screens.
async fn tablet(node: &Node, name: &str, person: &str) -> Desk {
    let desk = Desk::open().await;
    desk.touch("first-start-plant").await;
    desk.write("plant-name", "Alone\u{e007}").await;
    desk.see("person-add").await;
    let mut settings = desk.value("settings_show", json!({})).await;
    settings["own_keys"] = json!(false);
    desk.value("settings_save", json!({"settings": settings})).await;
    let id = desk.value("person_add", json!({"name": person, "erp_number": null, "language": "en"})).await;
    desk.value("person_pick", json!({"person_id": id})).await;
    desk.touch("rail-settings").await;
    desk.touch("settings-team").await;
    desk.see("team-join").await;
    desk.fits("team alone").await;
    let invitation = node.run(&["team", "invite", &node.address])["invitation"].as_str().unwrap().to_owned();
    desk.write("team-name", name).await;
    desk.write("team-invitation", &invitation).await;
    desk.touch("team-ask").await;
    desk.see("team-asking").await;
    let asks = || async { !node.run(&["team", "show"])["asks"].as_array().unwrap().is_empty() };
    desk.until("the wish to reach the node", asks).await;
    node.run(&["team", "admit", name]);
    desk.see("team-member").await;
    let filled = || async { desk.value("team_show", json!({})).await["role"]["filled"] == true };
    desk.until("the plant's records to be here", filled).await;
    desk
}

async fn title(desk: &Desk, order: &Json) -> String {
    let view = desk.value("work_order_show", json!({"work_order_id": order})).await;
    view["overview"]["order"]["title"].as_str().unwrap_or_default().to_owned()
}

async fn retitle(desk: &Desk, order: &Json, title: &str) {
    let view =
        desk.value("work_order_show", json!({"work_order_id": order})).await["overview"]["order"].take();
    let edit = json!({"work_order_id": order, "title": title, "description": view["description"],
        "priority": view["priority"], "due_at": view["due_at"], "assignee_id": view["assignee_id"], "asset_id": view["asset_id"]});
    desk.value("work_order_edit", edit).await;
}

#[tokio::test]
async fn two_tablets_work_apart_and_meet_at_the_node() {
    let node = Node::start();
    let created = json!({"title": "Replace mechanical seal", "description": "", "asset_id": null, "priority": "high",
        "request_id": null, "due_at": null, "assignee_id": null, "steps": []});
    let keeper = node.call("person_add", json!({"name": "Nora Lind", "erp_number": null, "language": "en"}));
    node.call("person_pick", json!({"person_id": keeper}));
    let order = node.call("work_order_create", created);
    let a = tablet(&node, "Tablet A", "Anna Weber").await;
    let b = tablet(&node, "Tablet B", "Bernd Krause").await;
    assert_eq!(title(&b, &order).await, "Replace mechanical seal");
    b.pictures_in_all_themes("team-member").await;
    b.fits("team member").await;

    node.signal("-STOP");
    retitle(&a, &order, "Seal, drive side").await;
    retitle(&b, &order, "Seal and sleeve").await;
    assert_eq!(title(&b, &order).await, "Seal and sleeve", "work goes on without the node");
    a.set_clock_forward(Duration::from_secs(11)).await;
    node.signal("-CONT");
    let accepted = || async { a.value("team_show", json!({})).await["pending"] == 0 };
    a.until("the node to have judged", accepted).await;
    b.set_clock_forward(Duration::from_secs(11)).await;
    b.touch("rail-sync").await;
    b.see("conflict").await;
    assert_eq!(
        title(&b, &order).await,
        "Seal, drive side",
        "what was accepted stands until a person decides"
    );
    b.pictures_in_all_themes("team-conflict").await;
    b.fits("team conflict").await;
    b.touch("conflict-ours").await;
    b.set_clock_forward(Duration::from_secs(30)).await;
    let seen = || async { title(&a, &order).await == "Seal and sleeve" };
    a.until("the decision to reach the other tablet", seen).await;
    b.gone("conflict").await;

    node.run(&["team", "revoke", "Tablet B", "--reason", "Left in a taxi"]);
    b.see("team-shut-out").await;
    b.see("first-start-plant").await;
    b.picture("team-shut-out").await;
    let orders = b.value("work_order_list", json!({"filter": {}})).await;
    assert_eq!(orders, json!([]), "nothing of the plant is left on it");
    b.close().await;
    a.close().await;
}
