//! Commands over HTTP from the program itself: opened when asked for, tokens while it runs, and killed at any moment.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set up its world fails")]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use serde_json::{Value as Json, json};

fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_millwrightctl"));
    command.arg("--data").arg(folder.join("data")).args(arguments);
    // The key of the secrets lies beside the data, so that no key store is asked.
    command.env("MILLWRIGHT_KEY_FOLDER", folder.join("key")).current_dir(folder);
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    program(folder, arguments).output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The edge node with its door; it is killed when this goes.
struct Node {
    child: Child,
    url: String,
}

impl Node {
    fn start(folder: &Path) -> Self {
        let mut serve = program(folder, &["serve", "--http", "0"]);
        let mut child = serve.stdout(Stdio::piped()).spawn().unwrap();
        let mut ready = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut ready).unwrap();
        let url = ready.split_whitespace().skip_while(|word| *word != "http").nth(1).unwrap().to_owned();
        Self { child, url }
    }

    /// Ends it as a power cut does: no word, no clean-up.
    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ended = self.child.kill().is_ok() && self.child.wait().is_ok();
    }
}

fn token(folder: &Path, more: &[&str]) -> String {
    let made = run(folder, &[&["token", "create", "mes", "--json"], more].concat());
    let made: Json = serde_json::from_slice(&made.stdout).unwrap();
    made["data"]["secret"].as_str().unwrap().to_owned()
}

async fn post(url: &str, secret: &str, key: &str, command: &str, body: &Json) -> Option<(u16, Json)> {
    let request = reqwest::Client::new().post(format!("{url}/commands/{command}"));
    let request = request.bearer_auth(secret).header("Idempotency-Key", key).json(body);
    let response = request.timeout(Duration::from_secs(20)).send().await.ok()?;
    Some((response.status().as_u16(), response.json().await.ok()?))
}

fn an_order(title: &str) -> Json {
    json!({
        "title": title, "description": "", "asset_id": null, "priority": "high", "request_id": null,
        "due_at": null, "assignee_id": null, "steps": [],
    })
}

fn orders(folder: &Path) -> Vec<String> {
    let listed = run(folder, &["work-order", "list", "--json"]);
    let listed: Json = serde_json::from_slice(&listed.stdout).unwrap();
    let titles = listed["data"].as_array().unwrap().iter();
    titles.map(|order| order["order"]["title"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn tokens_are_made_and_taken_back_while_the_node_runs() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert!(run(folder, &["person", "add", "Anna"]).status.success());
    let node = Node::start(folder);
    assert!(node.url.starts_with("http://127.0.0.1:"), "{}", node.url);
    let secret = token(folder, &["--for", "Anna", "--commands", "work_order_create,today_show"]);
    let (status, made) = post(&node.url, &secret, "a", "work_order_create", &an_order("Seal")).await.unwrap();
    assert_eq!(status, 200, "{made}");
    let listed = said(&run(folder, &["token", "list"]));
    assert!(listed.contains("mes\t364 days left\twork_order_create,today_show"), "{listed}");
    assert!(!listed.contains(&secret), "a secret is shown once");
    let taken = run(folder, &["token", "revoke", "mes"]);
    assert!(taken.status.success(), "{}", said(&taken));
    let (status, _) = post(&node.url, &secret, "b", "today_show", &json!({})).await.unwrap();
    assert_eq!(status, 401);
    assert_eq!(run(folder, &["token", "revoke", "mes"]).status.code(), Some(5), "there is none any more");
}

#[test]
fn no_door_opens_unasked_and_none_to_the_network_without_a_certificate() {
    let folder = tempfile::tempdir().unwrap();
    let refused = run(folder.path(), &["serve", "--http", "0.0.0.0:0"]);
    assert_eq!(refused.status.code(), Some(5));
    assert!(said(&refused).contains("--http-cert"), "{}", said(&refused));
    assert!(!said(&refused).contains("ready"), "it did not run without");
    let mut serve = program(folder.path(), &["serve"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut ready = String::new();
    BufReader::new(serve.stdout.take().unwrap()).read_line(&mut ready).unwrap();
    serve.kill().unwrap();
    serve.wait().unwrap();
    assert!(ready.starts_with("ready:") && !ready.split_whitespace().any(|word| word == "http"), "{ready}");
}

#[test]
fn the_description_needs_neither_a_node_nor_data() {
    let folder = tempfile::tempdir().unwrap();
    let printed = run(folder.path(), &["openapi"]);
    let document: Json = serde_json::from_slice(&printed.stdout).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    assert!(!folder.path().join("data").exists());
}

#[tokio::test]
async fn an_act_asked_for_until_it_is_answered_has_its_effect_once_however_often_the_node_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert!(run(folder, &["person", "add", "Anna"]).status.success());
    let secret = token(folder, &["--for", "Anna"]);
    let mut answered: Vec<(String, Json)> = Vec::new();
    for round in 0..8 {
        let mut node = Node::start(folder);
        let url = node.url.clone();
        // What was answered before a kill is answered the same after it.
        if let Some((title, first)) = answered.last() {
            let again = post(&url, &secret, title, "work_order_create", &an_order(title)).await.unwrap();
            assert_eq!(again, (200, first.clone()));
        }
        let killed_after = Duration::from_millis(30 + 23 * round);
        let killer = tokio::task::spawn_blocking(move || {
            std::thread::sleep(killed_after);
            node.kill();
        });
        loop {
            let title = format!("order-{}", answered.len());
            match post(&url, &secret, &title, "work_order_create", &an_order(&title)).await {
                Some((200, made)) => answered.push((title, made)),
                Some(other) => panic!("{other:?}"),
                None => break,
            }
        }
        killer.await.unwrap();
    }
    let _node = Node::start(folder);
    let mut here = orders(folder);
    here.sort();
    let mut asked: Vec<String> = answered.iter().map(|(title, _)| title.clone()).collect();
    // The last one may have had its effect without an answer.
    let last = format!("order-{}", answered.len());
    if here.contains(&last) {
        asked.push(last);
    }
    asked.sort();
    assert!(answered.len() > 8, "the node worked between its ends: {}", answered.len());
    assert_eq!(here, asked);
}
