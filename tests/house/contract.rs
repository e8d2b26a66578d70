//! The boundary: one list of commands, the same at the engine, in the shell and in the window's rights.

use std::collections::BTreeSet;

use millwright_model::{COMMAND_NAMES, SIGHT_HANDLERS};
use millwright_tests::workspace;
use serde_json::Value as Json;

#[test]
fn every_command_has_another_name() {
    let names: BTreeSet<&str> = COMMAND_NAMES.iter().copied().collect();
    assert_eq!(names.len(), COMMAND_NAMES.len());
}

#[test]
fn the_engine_takes_every_command_and_no_other() {
    assert_eq!(millwright_engine::Engine::HANDLED, COMMAND_NAMES);
}

#[test]
fn the_one_window_may_give_every_command_and_nothing_but_hear_events_besides() {
    let text = std::fs::read_to_string(workspace().join("src-tauri/capabilities/main.json")).unwrap();
    let capability: Json = serde_json::from_str(&text).unwrap();
    assert_eq!(capability["windows"], serde_json::json!(["main"]));
    let granted: BTreeSet<String> = capability["permissions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap().to_owned())
        .collect();
    let mut expected: BTreeSet<String> = COMMAND_NAMES
        .iter()
        .chain(&SIGHT_HANDLERS)
        .map(|name| format!("allow-{}", name.replace('_', "-")))
        .collect();
    expected.extend(["core:event:allow-listen".to_owned(), "core:event:allow-unlisten".to_owned()]);
    assert_eq!(granted, expected, "src-tauri/capabilities/main.json and the commands of model differ");
}

#[test]
fn there_is_one_capability_file() {
    let files = std::fs::read_dir(workspace().join("src-tauri/capabilities")).unwrap().count();
    assert_eq!(files, 1, "a further window gets its rights on purpose, with a test of its own");
}

#[test]
fn the_content_security_policy_is_the_one_of_the_architecture() {
    let text = std::fs::read_to_string(workspace().join("tauri.conf.json")).unwrap();
    let configuration: Json = serde_json::from_str(&text).unwrap();
    let policy = configuration["app"]["security"]["csp"].as_str().unwrap();
    for rule in [
        "default-src 'self'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "object-src 'none'",
        "frame-src 'none'",
        "base-uri 'none'",
    ] {
        assert!(policy.contains(rule), "«{rule}» is missing");
    }
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
}
