//! Alerts at a terminal: what asks for somebody, taking it on and passing it on, and wrong names.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up its world fails")]

mod common;

use common::Terminal;
use serde_json::{Value as Json, json};

/// A device that Anna holds, with Bernd beside her and one machine.
fn device() -> Terminal {
    let device = Terminal::new();
    for name in ["Anna", "Bernd"] {
        device.says(&["person", "add", name]);
    }
    device.says(&["person", "pick", "Anna"]);
    device.write("assets.csv", "code,name,level\nP-1,Pump,machine\n");
    device.says(&["asset", "import", "assets.csv"]);
    device
}

/// Something is wrong with the machine; answers its number.
fn raised(device: &Terminal, text: &str, priority: &str) -> String {
    let asset = device.json("asset-list", &["asset", "list"])[0]["asset"]["asset_id"].take();
    let request = json!({"asset_id": asset, "text": text, "priority": priority, "machine_down": true});
    device.says(&["call", "request_raise", &request.to_string()]);
    let alerts = alerts(device);
    let alert = alerts.iter().find(|alert| alert["text"] == text).unwrap();
    alert["number"].as_str().unwrap().to_owned()
}

fn alerts(device: &Terminal) -> Vec<Json> {
    device.json("alert-list", &["alert", "list"])["alerts"].as_array().unwrap().clone()
}

#[test]
fn what_asks_for_somebody_is_listed_the_most_urgent_first_until_somebody_takes_it_on() {
    let device = device();
    assert_eq!(device.says(&["alert", "list"]).trim(), "", "nothing asks");
    let fan = raised(&device, "Fan is loud", "high");
    let seal = raised(&device, "Seal leaks", "emergency");
    let listed = device.says(&["alert", "list"]);
    let lines: Vec<&str> = listed.lines().collect();
    let line =
        |number: &str, priority: u8, text: &str| format!("{number}\tpriority {priority}\tP-1\t{text}\tasks");
    assert_eq!(lines, [line(&seal, 1, "Seal leaks"), line(&fan, 2, "Fan is loud")]);
    assert_eq!(device.says(&["alert", "take", &seal]).trim(), "Taken on.");
    assert_eq!(alerts(&device).len(), 1, "who took it on sees to it");
    let left = alerts(&device).remove(0);
    let done = device.json("done", &["alert", "take", left["about"]["id"].as_str().unwrap()]);
    assert!(done["txn_id"].is_string(), "it can be undone: {done}");
    assert_eq!(device.says(&["alert", "list"]).trim(), "");
}

#[test]
fn it_is_passed_on_to_somebody_by_name_or_to_whoever_is_next_in_line() {
    let device = device();
    let seal = raised(&device, "Seal leaks", "emergency");
    let pass = ["alert", "pass", &seal, "--to", "Bernd", "--word", "I am at the other end"];
    assert_eq!(device.says(&pass).trim(), "Passed on.");
    let passed_on = alerts(&device)[0]["passed_on"].clone();
    assert_eq!((&passed_on["by_name"], &passed_on["to_name"]), (&json!("Anna"), &json!("Bernd")));
    assert_eq!(passed_on["word"], "I am at the other end");
    assert!(device.says(&["alert", "list"]).trim().ends_with("asks Bernd"));
    let done = device.json("done", &["--person", "Bernd", "alert", "pass", &seal]);
    assert!(done["txn_id"].is_string(), "{done}");
    assert!(device.says(&["alert", "list"]).trim().ends_with("\tpassed on"));
}

#[test]
fn wrong_names_are_said_and_change_nothing() {
    let device = device();
    let seal = raised(&device, "Seal leaks", "emergency");
    let (code, said) = device.run(&["alert", "take", "4711"]);
    assert_eq!((code, said.trim()), (Some(5), "millwrightctl: No alert has the number 4711"));
    let (code, said) = device.run(&["alert", "pass", &seal, "--to", "Clara"]);
    assert_eq!((code, said.trim()), (Some(5), "millwrightctl: There is nobody called Clara here"));
    assert_eq!(device.refuses(&["alert", "pass", "4711"]), (Some(5), json!("not_found")));
    device.says(&["person", "add", "Bernd"]);
    let (code, said) = device.run(&["alert", "pass", &seal, "--to", "Bernd"]);
    assert_eq!((code, said.trim()), (Some(5), "millwrightctl: «Bernd» is the name of several people"));
    assert_eq!(device.run(&["alert", "take"]).0, Some(2), "an alert is wanted");
    assert_eq!(alerts(&device)[0]["passed_on"], Json::Null);
    // Somebody else has it: that is no wrong name, but not possible now.
    device.says(&["alert", "take", &seal]);
    assert_eq!(device.refuses(&["alert", "take", &seal]).0, Some(5), "it asks no more");
}
