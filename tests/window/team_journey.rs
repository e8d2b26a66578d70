//! Two windows and one node: let in, work apart, meet, a conflict decided on one and seen on the other, a lost tablet
//! shut out; an order that goes on elsewhere while its tablet is silent, a shift handed over from one to the other, and
//! three windows of which one is away for a day.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use millwright_tests::program;
use serde_json::{Value as Json, json};

use crate::cable::Cable;
use crate::desk::{Desk, Ended};

/// A node as a plant would run one: the command line, serving a team.
pub(crate) struct Node {
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
    pub(crate) fn start() -> Self {
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

    pub(crate) fn call(&self, name: &str, arguments: Json) -> Json {
        self.run(&["call", name, &arguments.to_string()])
    }

    /// Stopped, it answers nobody, as behind a cut cable.
    pub(crate) fn signal(&self, signal: &str) {
        let status = Command::new("kill").args([signal, &self.process.0.id().to_string()]).status().unwrap();
        assert!(status.success(), "the node runs");
    }
}

/// A tablet at its first start, with its person, asking at `address` to be let in through the screens.
async fn tablet_at(node: &Node, address: &str, name: &str, person: &str) -> Desk {
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
    let invitation = node.run(&["team", "invite", address])["invitation"].as_str().unwrap().to_owned();
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

/// A plant whose node has one order, and two tablets in it.
pub(crate) async fn two_tablets(node: &Node) -> (Json, Desk, Desk) {
    two_tablets_at(node, &node.address).await
}

/// The same, reaching the node at `address`.
async fn two_tablets_at(node: &Node, address: &str) -> (Json, Desk, Desk) {
    let created = json!({"title": "Replace mechanical seal", "description": "", "asset_id": null, "priority": "high",
        "request_id": null, "due_at": null, "assignee_id": null, "steps": []});
    let keeper = node.call("person_add", json!({"name": "Nora Lind", "erp_number": null, "language": "en"}));
    node.call("person_pick", json!({"person_id": keeper}));
    let order = node.call("work_order_create", created);
    let a = tablet_at(node, address, "Tablet A", "Anna Weber").await;
    let b = tablet_at(node, address, "Tablet B", "Bernd Krause").await;
    (order, a, b)
}

#[tokio::test]
async fn two_tablets_work_apart_and_meet_at_the_node() {
    let node = Node::start();
    let (order, a, b) = two_tablets(&node).await;
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

async fn go(desk: &Desk, place: &str) {
    desk.script(&format!("location.hash = '#/{place}'")).await;
}

async fn order_of(desk: &Desk, order: &Json) -> Json {
    desk.value("work_order_show", json!({"work_order_id": order})).await
}

/// Lets the time of undoing pass, and waits until the node has judged all of it.
async fn meet(desk: &Desk, forward_s: u64) {
    desk.set_clock_forward(Duration::from_secs(forward_s)).await;
    let judged = || async { desk.value("team_show", json!({})).await["pending"] == 0 };
    desk.until("the node to have judged", judged).await;
}

#[tokio::test]
async fn an_order_goes_on_elsewhere_while_its_tablet_is_silent_and_both_contributions_stay() {
    let node = Node::start();
    let (order, a, b) = two_tablets(&node).await;
    let address = format!("order/{}", order.as_str().unwrap());
    go(&a, &address).await;
    a.touch("order-start").await;
    a.see("close-open").await;
    meet(&a, 11).await;
    let begun = || async { order_of(&b, &order).await["overview"]["order"]["status"] == "in_progress" };
    b.until("the start to be known on the other tablet", begun).await;

    // Anna's tablet is out of reach: she closes the order there, and its battery is empty.
    node.signal("-STOP");
    a.value("note_add", json!({"work_order_id": order, "text": "The shaft is scored"})).await;
    let closing = |found: &str, minutes: i64| {
        json!({"work_order_id": order, "closing": {"how": "full", "found_code": null, "found_text": found,
            "done_code": null, "done_text": "Seal replaced", "minutes": minutes}})
    };
    a.value("work_order_close", closing("Seal leaks", 40)).await;
    let folder = a.switch_off().await;
    node.signal("-CONT");

    // Hours later Bernd, who sees to the shift's work, is told of the silent tablet.
    node.call("test_clock_set", json!({"offset_ms": 9 * 3_600_000}));
    go(&b, "settings/people").await;
    let people = b.value("person_list", json!({})).await;
    let place = people.as_array().unwrap().iter().position(|one| one["name"] == "Bernd Krause").unwrap();
    b.touch(&format!("role-{place}-supervisor")).await;
    go(&b, "settings/team").await;
    b.until("the node to have told", || async { b.text().await.contains("silent") }).await;
    b.fits("team silent").await;
    b.pictures_in_all_themes("team-silent").await;
    go(&b, &address).await;
    b.see("order-hand").await;
    assert!(b.text().await.contains("In hand: Anna Weber on Tablet A"), "who, where, since when");
    b.fits("order in hand").await;
    b.pictures_in_all_themes("order-in-hand").await;
    b.touch("rail-today").await;
    b.see("exceptions").await;
    let said = || async { b.see("exceptions").await.text().await.unwrap_or_default() };
    b.until("the silent tablet", || async { said().await.contains("Silent tablet") }).await;
    b.fits("silent tablet").await;
    b.pictures_in_all_themes("silent-tablet").await;
    b.touch("exception-0-act").await;
    b.see("device-order-0").await;
    b.fits("device orders").await;
    b.pictures_in_all_themes("device-orders").await;
    b.touch("device-order-0-continue").await;
    b.touch("continue-reason-0").await;
    b.fits("continue").await;
    b.pictures_in_all_themes("continue").await;
    b.touch("continue-confirm").await;
    b.gone("reason-sheet").await;
    let here = || async { order_of(&b, &order).await["hand"]["is_here"] == true };
    b.until("the order to be in hand here", here).await;
    b.touch("sheet-close").await;
    go(&b, &address).await;
    b.touch("history-open").await;
    b.until("the story to tell it", || async { b.text().await.contains("Tablet broken or empty") }).await;
    b.script("document.querySelector('[data-test=history-entry]').scrollIntoView({block: 'start'})").await;
    b.size(1280, 800).await;
    b.picture("continued-story").await;
    b.value("work_order_close", closing("Seal leaks", 20)).await;
    meet(&b, 30).await;

    // The old tablet comes back.
    let a = Desk::switch_on(folder).await;
    a.see("team-notices").await;
    meet(&a, 11).await;
    let heard = || async { a.see("team-notices").await.text().await.unwrap_or_default() };
    a.until("both notices", || async { heard().await.contains("Two tablets worked") }).await;
    assert!(heard().await.contains("Bernd Krause on Tablet B took this order over"), "{}", heard().await);
    assert!(heard().await.contains("Tablet broken or empty"));
    a.fits("team notices").await;
    a.pictures_in_all_themes("team-notices").await;
    let view = order_of(&a, &order).await;
    assert_eq!(
        (&view["labour_minutes"], &view["overview"]["order"]["status"]),
        (&json!(60), &json!("completed"))
    );
    assert_eq!(view["notes"][0]["note"]["text"], "The shaft is scored");
    a.touch("team-notice-0-order").await;
    a.see("order-notice").await;
    a.fits("order notice").await;
    a.pictures_in_all_themes("order-notice").await;
    a.touch("order-notice-seen").await;
    let one_left = "return document.querySelectorAll('[data-test=order-notice]').length === 1";
    a.until("one to be seen", || async { a.script(one_left).await == true }).await;
    a.touch("order-notice-seen").await;
    a.gone("order-notice").await;

    // Bernd hears of the work that was done twice; what Anna recorded is on his tablet too.
    b.touch("rail-today").await;
    b.see("team-notices").await;
    assert_eq!(order_of(&b, &order).await["labour_minutes"], 60);
    b.touch("team-notice-0-seen").await;
    b.gone("team-notices").await;
    b.close().await;
    a.close().await;
}

#[tokio::test]
async fn a_shift_is_handed_over_on_one_tablet_and_read_on_the_other() {
    let node = Node::start();
    let shifts = json!([{"name": "Day and night", "starts_min": 0}]);
    let keeper = node.call("person_add", json!({"name": "Nora Lind", "erp_number": null, "language": "en"}));
    node.call("person_pick", json!({"person_id": keeper}));
    node.call("plant_start", json!({"plant_name": "North"}));
    node.call("shift_pattern_save", json!({"shifts": shifts}));
    let a = tablet_at(&node, &node.address, "Tablet A", "Anna Weber").await;
    let b = tablet_at(&node, &node.address, "Tablet B", "Bernd Krause").await;
    let line = json!({"entry_kind": "watch", "text": "Runs warm at the drive side", "asset_id": null,
        "work_order_id": null, "attachment": null});
    a.value("shift_entry_add", line).await;
    a.touch("rail-shift").await;
    a.touch("handover-open").await;
    a.see("handover-item-0").await;
    a.write("handover-text", "The seal waits in the cabinet").await;
    a.touch("handover-give").await;
    a.gone("handover-sheet").await;
    meet(&a, 11).await;
    b.touch("rail-today").await;
    b.see("unread").await;
    assert!(b.text().await.contains("The seal waits in the cabinet"));
    b.picture("team-unread").await;
    b.touch("unread-all").await;
    b.gone("unread").await;
    meet(&b, 11).await;
    let read = || async {
        let shift = a.value("shift_show", json!({"at": null})).await;
        let lines = shift["handovers"][0]["lines"].as_array().cloned().unwrap_or_default();
        !lines.is_empty() && lines.iter().all(|line| line["acknowledged"][0]["person_name"] == "Bernd Krause")
    };
    a.until("every item to be read by name on the tablet that gave it", read).await;
    go(&a, "today").await;
    go(&a, "shift").await;
    a.until("the name to be shown", || async { a.text().await.contains("Read by Bernd Krause") }).await;
    a.picture("team-handover-read").await;
    b.close().await;
    a.close().await;

    // At the node itself a person says when a tablet counts as silent.
    let Node { process, folder, .. } = node;
    drop(process);
    let keeper = Desk::switch_on(folder).await;
    go(&keeper, "settings/team").await;
    keeper.see("team-silent-after").await;
    keeper.write("team-silent-hours", "12").await;
    keeper.fits("team at the node").await;
    keeper.picture("team-node").await;
    keeper.touch("team-silent-save").await;
    let kept = || async { keeper.value("settings_show", json!({})).await["silent_after_hours"] == 12 };
    keeper.until("the hours to be kept", kept).await;
    keeper.close().await;
}

/// The orders as a window shows them, without what is its own.
async fn orders(desk: &Desk) -> Json {
    desk.value("work_order_list", json!({"filter": {"open_only": false}})).await
}

#[tokio::test]
async fn three_windows_of_which_one_is_away_for_a_day_end_equal() {
    const DAY: u64 = 24 * 3_600;
    let node = Node::start();
    let cable = Cable::to(&node.address);
    let (order, a, b) = two_tablets(&node).await;
    let c = tablet_at(&node, &cable.address, "Tablet C", "Cleo Brandt").await;
    let address = format!("order/{}", order.as_str().unwrap());

    // Cleo lays the order aside for her round, where no network is; the others see it and are kept from it.
    go(&c, &address).await;
    c.touch("reserve-open").await;
    c.see("reserve-8").await;
    c.fits("reserve").await;
    c.pictures_in_all_themes("reserve").await;
    c.touch("reserve-8").await;
    c.see("order-reservation").await;
    meet(&c, 11).await;
    go(&b, &address).await;
    b.see("order-reservation").await;
    assert!(b.text().await.contains("Laid aside for Cleo Brandt on Tablet C"), "for whom, and until when");
    b.touch("order-start").await;
    b.until("the reason why not", || async { b.text().await.contains("has laid this order aside") }).await;
    b.fits("order reserved").await;
    b.pictures_in_all_themes("order-reserved").await;

    // Her cable is cut for a day, and nobody else is in reach. Everybody works.
    let mut settings = c.value("settings_show", json!({})).await;
    settings["shares_copies"] = json!(false);
    c.value("settings_save", json!({"settings": settings})).await;
    cable.cut();
    c.touch("order-start").await;
    c.see("close-open").await;
    c.value("note_add", json!({"work_order_id": order, "text": "The shaft is scored"})).await;
    let own = json!({"title": "Weld the guard", "description": "", "asset_id": null, "priority": "medium",
        "request_id": null, "due_at": null, "assignee_id": null, "steps": []});
    c.value("work_order_create", own).await;
    retitle(&a, &order, "Seal, drive side").await;
    b.value("note_add", json!({"work_order_id": order, "text": "The spare is in the cabinet"})).await;
    for desk in [&a, &b] {
        meet(desk, DAY).await;
    }
    node.call("test_clock_set", json!({"offset_ms": DAY * 1_000}));
    c.set_clock_forward(Duration::from_secs(DAY)).await;
    c.value(
        "work_order_close",
        json!({"work_order_id": order, "closing": {"how": "full", "found_code": null, "found_text": "Seal leaks",
            "done_code": null, "done_text": "Seal replaced", "minutes": 40}}),
    )
    .await;
    c.until("the state to say what is only here", || async {
        c.text().await.contains("Only here: 4 records")
    })
    .await;
    c.picture("a-day-away").await;
    let open = || async { order_of(&b, &order).await["overview"]["order"]["status"] == "released" };
    assert!(open().await, "nobody has heard of it");

    // The cable is mended: everything she did is everywhere, and what the others did is with her.
    cable.mend();
    meet(&c, DAY + 60).await;
    for (name, desk) in [("A", &a), ("B", &b)] {
        let completed =
            || async { order_of(desk, &order).await["overview"]["order"]["status"] == "completed" };
        desk.until(&format!("the order to be done on {name}"), completed).await;
    }
    for desk in [&a, &b, &c] {
        let both = || async { order_of(desk, &order).await["notes"].as_array().map(Vec::len) == Some(2) };
        desk.until("both notes", both).await;
        let equal = || async { orders(desk).await == orders(&a).await };
        desk.until("the same orders as on the others", equal).await;
    }
    assert_eq!(title(&c, &order).await, "Seal, drive side", "what was changed meanwhile is with her");
    assert_eq!(orders(&c).await.as_array().unwrap().len(), 2);
    go(&c, &address).await;
    c.until("both notes to be shown", || async { c.text().await.contains("The spare is in the cabinet") })
        .await;
    c.picture("back-after-a-day").await;
    for desk in [a, b, c] {
        desk.close().await;
    }
}

#[tokio::test]
async fn what_a_tablet_recorded_that_is_lost_reaches_the_node_through_another_tablet() {
    let node = Node::start();
    let cable = Cable::to(&node.address);
    let (order, a, b) = two_tablets_at(&node, &cable.address).await;
    // The node tells everybody where the others are, with whatever it answers next.
    let found = || async {
        node.call("note_add", json!({"work_order_id": order, "text": "The spare is in the cabinet"}));
        let devices = a.value("team_show", json!({})).await["devices"].take();
        devices
            .as_array()
            .unwrap()
            .iter()
            .any(|view| view["device"]["name"] == "Tablet B" && view["keeps_copies"] == true)
    };
    a.until("the other tablet to be known", found).await;

    cable.cut();
    a.value("note_add", json!({"work_order_id": order, "text": "The shaft is scored"})).await;
    let photo = json!({"work_order_id": order, "work_step_id": null, "asset_id": null, "request_id": null,
        "media_type": "image/jpeg", "file_name": "shaft.jpg", "bytes_base64": "c2hhZnQ="});
    a.value("attachment_add", photo).await;
    a.set_clock_forward(Duration::from_secs(60)).await;
    a.until("the state to say who has a copy", || async {
        a.text().await.contains("2 records, 1 photo also on Tablet B")
    })
    .await;
    go(&a, "sync").await;
    a.see("sync-copied").await;
    a.fits("copied").await;
    a.pictures_in_all_themes("copied").await;
    go(&b, "settings").await;
    b.touch("settings-team").await;
    b.see("team-carried-row").await;
    b.fits("kept for others").await;
    b.pictures_in_all_themes("kept-for-others").await;

    // It falls into the press. Nobody will ever switch it on again.
    drop(a.switch_off().await);
    cable.mend();
    let arrived = || async {
        let notes = node.call("work_order_show", json!({"work_order_id": order}))["notes"].take();
        notes.as_array().unwrap().iter().any(|view| view["note"]["text"] == "The shaft is scored")
    };
    b.until("its note to be at the node", arrived).await;
    b.gone("team-carried-row").await;
    let view = node.call("work_order_show", json!({"work_order_id": order}));
    let attachment = view["attachments"][0]["attachment_id"].clone();
    let read = node.call("attachment_read", json!({"attachment_id": attachment}));
    assert_eq!(read["bytes_base64"], "c2hhZnQ=", "and its photo");
    b.close().await;
}

#[tokio::test]
async fn what_waited_on_a_tablet_that_was_shut_out_is_taken_in_by_a_person_at_the_node() {
    let node = Node::start();
    let cable = Cable::to(&node.address);
    let (order, a, b) = two_tablets_at(&node, &cable.address).await;
    b.close().await;
    cable.cut();
    a.value("note_add", json!({"work_order_id": order, "text": "The shaft is scored"})).await;
    a.set_clock_forward(Duration::from_secs(11)).await;
    node.run(&["team", "revoke", "Tablet A", "--reason", "Left in a taxi"]);
    cable.mend();
    let emptied = || async { a.value("team_show", json!({})).await["role"]["role"] == "shut_out" };
    a.until("the tablet to be emptied", emptied).await;
    a.close().await;
    let notes = node.call("work_order_show", json!({"work_order_id": order}))["notes"].take();
    assert_eq!(notes, json!([]), "nothing of it is taken by itself");

    // The node's own window, on its folder.
    let Node { process, folder, .. } = node;
    drop(process);
    let desk = Desk::switch_on(folder).await;
    desk.value("plant_start", json!({"plant_name": "Acme"})).await;
    go(&desk, "settings").await;
    desk.touch("settings-team").await;
    desk.see("team-carried-row").await;
    desk.fits("laid aside").await;
    desk.pictures_in_all_themes("laid-aside").await;
    desk.touch("outbox-take").await;
    desk.gone("team-carried-row").await;
    let view = desk.value("work_order_show", json!({"work_order_id": order})).await;
    assert_eq!(view["notes"][0]["note"]["text"], "The shaft is scored");
    desk.close().await;
}
