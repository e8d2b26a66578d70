//! A team at a terminal: what a device holds is said anew, and what was laid aside of one that is shut out is looked at,
//! taken or thrown away; wrong names and wrong places.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up its world fails")]

mod common;

use common::{Running, Terminal};
use serde_json::{Value as Json, json};

/// A node that runs, with two areas and a machine in each.
struct Plant {
    node: Terminal,
    address: String,
    _running: Running,
}

impl Plant {
    fn new() -> Self {
        let node = Terminal::new();
        let (running, address) = node.serve_team();
        node.says(&["person", "add", "Keeper"]);
        node.says(&["person", "pick", "Keeper"]);
        let assets = "code,name,level,parent\nNORTH,North,area,\nSOUTH,South,area,\n\
                      P-1,Pump,machine,NORTH\nP-2,Pump,machine,SOUTH\n";
        node.write("assets.csv", assets);
        node.says(&["asset", "import", "assets.csv"]);
        Self { node, address, _running: running }
    }

    /// A tablet of a person that was let in and is full.
    fn tablet(&self, name: &str) -> Terminal {
        let tablet = Terminal::new();
        tablet.says(&["person", "add", "Anna"]);
        tablet.says(&["person", "pick", "Anna"]);
        let invitation = self.node.json("team-invitation", &["team", "invite", &self.address]);
        let invitation = invitation["invitation"].as_str().unwrap();
        tablet.says(&["team", "join", invitation, "--name", name]);
        tablet.says(&["team", "exchange"]);
        assert_eq!(self.node.says(&["team", "admit", name]).trim(), "Let in.");
        exchange(&tablet);
        tablet
    }

    /// Everything that the node calls an order.
    fn titles(&self) -> Vec<String> {
        titles(&self.node)
    }
}

/// Asks, fills up, and says what there is.
fn exchange(tablet: &Terminal) {
    tablet.says(&["team", "exchange"]);
    tablet.says(&["team", "exchange"]);
}

fn titles(terminal: &Terminal) -> Vec<String> {
    let orders = terminal.json("work-order-list", &["work-order", "list"]);
    let title = |order: &Json| order["order"]["title"].as_str().unwrap().to_owned();
    orders.as_array().unwrap().iter().map(title).collect()
}

fn codes(terminal: &Terminal) -> Vec<String> {
    let assets = terminal.json("asset-list", &["asset", "list"]);
    let code = |node: &Json| node["asset"]["code"].as_str().unwrap().to_owned();
    let mut codes: Vec<String> = assets.as_array().unwrap().iter().map(code).collect();
    codes.sort();
    codes
}

fn record(tablet: &Terminal, title: &str) {
    let order = json!({
        "title": title, "description": "", "asset_id": null, "priority": "low", "request_id": null,
        "due_at": null, "assignee_id": null, "steps": [],
    });
    tablet.says(&["call", "work_order_create", &order.to_string()]);
}

/// A tablet that recorded something, was shut out, and came once more.
fn shut_out(plant: &Plant, name: &str, title: &str) {
    let tablet = plant.tablet(name);
    record(&tablet, title);
    assert_eq!(plant.node.says(&["team", "revoke", name, "--reason", "lost"]).trim(), "Shut out.");
    let (code, said) = tablet.run(&["team", "exchange"]);
    assert_eq!(code, Some(7), "{said}");
    assert_eq!(tablet.json("team", &["team", "show"])["role"]["role"], "shut_out");
}

#[test]
fn a_device_is_told_anew_what_it_holds_and_fills_up_with_it() {
    let plant = Plant::new();
    let tablet = plant.tablet("Tablet 3");
    assert_eq!(codes(&tablet), ["NORTH", "P-1", "P-2", "SOUTH"]);
    let said = plant.node.says(&["team", "scope", "Tablet 3", "--area", "NORTH"]);
    assert_eq!(said.trim(), "Said. The device fills up again.");
    exchange(&tablet);
    exchange(&tablet);
    assert_eq!(codes(&tablet), ["NORTH", "P-1"]);
    let done = plant.node.json("done", &["team", "scope", "Tablet 3"]);
    assert!(done["txn_id"].is_string(), "{done}");
    exchange(&tablet);
    exchange(&tablet);
    assert_eq!(codes(&tablet), ["NORTH", "P-1", "P-2", "SOUTH"], "without an area it is the whole plant");
}

#[test]
fn who_and_what_the_node_does_not_know_is_said_and_changes_nothing() {
    let plant = Plant::new();
    let tablet = plant.tablet("Tablet 3");
    let (code, said) = plant.node.run(&["team", "scope", "Tablet 4", "--area", "NORTH"]);
    assert_eq!((code, said.trim()), (Some(5), "millwrightctl: There is no device «Tablet 4» here"));
    let (code, said) = plant.node.run(&["team", "scope", "Tablet 3", "--area", "WEST"]);
    assert_eq!((code, said.trim()), (Some(5), "millwrightctl: There is no machine WEST here"));
    for act in ["take", "discard"] {
        assert_eq!(
            plant.node.refuses(&["team", "outbox", act, "Tablet 3"]),
            (Some(5), json!("not_found")),
            "nothing of it was laid aside"
        );
    }
    assert_eq!(plant.node.run(&["team", "outbox"]).0, Some(2));
    let here = tablet.refuses(&["team", "scope", "Tablet 3", "--area", "NORTH"]);
    assert_eq!(here, (Some(6), json!("precondition")), "only the node says what a device holds");
    exchange(&tablet);
    assert_eq!(codes(&tablet), ["NORTH", "P-1", "P-2", "SOUTH"]);
}

#[test]
fn what_was_laid_aside_is_listed_and_taken() {
    let plant = Plant::new();
    assert_eq!(plant.node.says(&["team", "outbox", "list"]).trim(), "");
    shut_out(&plant, "Tablet 3", "Found on the way out");
    assert_eq!(plant.titles(), [""; 0], "nothing is taken by itself");
    let listed = plant.node.says(&["team", "outbox", "list"]);
    assert!(listed.starts_with("laid aside\tTablet 3\t1 letters\t"), "{listed}");
    assert!(plant.node.says(&["team", "show"]).contains(listed.trim()), "the team shows it too");
    let listed = plant.node.json("team-outbox-list", &["team", "outbox", "list"]);
    assert_eq!((&listed[0]["device_name"], &listed[0]["letters"]), (&json!("Tablet 3"), &json!(1)));
    assert_eq!(plant.node.says(&["team", "outbox", "take", "Tablet 3"]).trim(), "1 records were judged.");
    assert_eq!(plant.titles(), ["Found on the way out"]);
    assert_eq!(plant.node.says(&["team", "outbox", "list"]).trim(), "");
    assert_eq!(plant.node.run(&["team", "outbox", "take", "Tablet 3"]).0, Some(5), "it is not there twice");
}

#[test]
fn what_was_laid_aside_is_thrown_away_and_that_of_others_stays() {
    let plant = Plant::new();
    shut_out(&plant, "Tablet 3", "Nobody wants this");
    shut_out(&plant, "Tablet 4", "Somebody wants this");
    assert_eq!(plant.node.says(&["team", "outbox", "discard", "Tablet 3"]).trim(), "Thrown away.");
    let judged = plant.node.json("team-outbox", &["team", "outbox", "take", "Tablet 4"]);
    assert_eq!(judged, json!(1));
    assert_eq!(plant.titles(), ["Somebody wants this"]);
}
