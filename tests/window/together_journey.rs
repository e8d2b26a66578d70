//! A workshop in two windows over a real broker while the node is out of reach, with a guest's browser; one window is cut
//! off in between; all of them have the same in the end, and so has the node.

use std::process::{Command, Stdio};
use std::time::Duration;

use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value as Json, json};

use crate::cable::Cable;
use crate::desk::{Desk, Ended, free_port, wait_for_port};
use crate::mosquitto::{broker, connection};
use crate::shift_journey::go;
use crate::team_journey::{Node, two_tablets};
use crate::workshop_journey::{go_on, note};

/// So often the guest's page is looked at before it is called broken: a minute.
const TRIES: u32 = 1_200;

/// A guest with a phone: Debian's chromium, and nothing of Millwright.
struct Phone {
    client: Client,
    _driver: Ended,
    _profile: tempfile::TempDir,
}

impl Phone {
    async fn open(url: &str) -> Self {
        let (port, profile) = (free_port(), tempfile::tempdir().unwrap());
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is missing: `cargo xtask setup` installs it");
        let driver = Ended(driver);
        wait_for_port(port).await;
        let mut capabilities = Capabilities::new();
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=420,860",
        ];
        let mut arguments: Vec<String> = arguments.map(str::to_owned).to_vec();
        arguments.push(format!("--user-data-dir={}", profile.path().display()));
        capabilities.insert("goog:chromeOptions".to_owned(), json!({"args": arguments}));
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .unwrap();
        client.goto(url).await.unwrap();
        Self { client, _driver: driver, _profile: profile }
    }

    async fn says(&self, text: &str) -> bool {
        let Ok(main) = self.client.find(Locator::Css("main")).await else { return false };
        main.text().await.unwrap_or_default().contains(text)
    }

    async fn until_it_says(&self, text: &str) {
        for _ in 0..TRIES {
            if self.says(text).await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let main = self.client.find(Locator::Css("main")).await.unwrap();
        panic!("waited in vain for «{text}» on the guest's page: {}", main.text().await.unwrap());
    }

    async fn note(&self, frame: &str, text: &str) {
        let field = self.client.wait().for_element(Locator::Id(&format!("new-{frame}"))).await.unwrap();
        field.send_keys(text).await.unwrap();
        self.client.find(Locator::Id(&format!("add-{frame}"))).await.unwrap().click().await.unwrap();
        self.until_it_says(text).await;
    }

    async fn vote(&self, item: &str) {
        let button = format!("button[aria-label='One vote more for {item}']");
        self.client.wait().for_element(Locator::Css(&button)).await.unwrap().click().await.unwrap();
    }

    async fn picture(&self, desk: &Desk, name: &str) {
        std::fs::write(desk.picture_place(name), self.client.screenshot().await.unwrap()).unwrap();
    }
}

async fn show(desk: &Desk, workshop: &Json) -> Json {
    desk.command("workshop_show", json!({"workshop_id": workshop})).await["value"].take()
}

fn texts(board: &Json) -> Vec<String> {
    let notes = board["notes"].as_array().cloned().unwrap_or_default();
    let mut texts: Vec<String> = notes.iter().map(|note| note["text"].as_str().unwrap().to_owned()).collect();
    texts.sort();
    texts
}

async fn until_all_say(desks: &[&Desk], workshop: &Json, wanted: &[&str]) {
    let mut wanted: Vec<String> = wanted.iter().map(|text| (*text).to_owned()).collect();
    wanted.sort();
    for desk in desks {
        desk.until(&format!("{wanted:?} to be on the board"), || async {
            texts(&show(desk, workshop).await["board"]) == wanted
        })
        .await;
    }
}

/// Connects a tablet to the broker, over `address`.
async fn connect(desk: &Desk, address: &str) {
    let port: u16 = address.rsplit_once(':').unwrap().1.parse().unwrap();
    let mut plant = connection(port);
    plant.listen_only = false;
    let save = json!({"connection": plant, "password": null, "client_key_pem": null});
    desk.value("plant_connection_save", save).await;
}

#[tokio::test]
async fn a_workshop_in_two_windows_over_the_broker_with_a_guest_and_one_cut_off() {
    let node = Node::start();
    let (_order, anna, bernd) = two_tablets(&node).await;
    let broker = broker().await;
    let over = format!("127.0.0.1:{}", broker.port);
    let cable = Cable::to(&over);
    connect(&anna, &over).await;
    connect(&bernd, &cable.address).await;

    let begin = json!({"title": "SWOT 2027", "language": "en", "last_year": null});
    let workshop = anna.value("workshop_create", begin).await;
    let bernds = bernd.value("app_status", json!({})).await["person"]["person_id"].clone();
    anna.value("workshop_admit", json!({"workshop_id": workshop, "person_ids": [bernds]})).await;
    let there = || async { show(&bernd, &workshop).await["may_write"] == true };
    bernd.until("the board to have come through the node", there).await;

    // From here on the node answers nobody: what is written goes over the broker alone.
    node.signal("-STOP");
    let place = format!("plan/workshops/{}", workshop.as_str().unwrap());
    for desk in [&anna, &bernd] {
        go(desk, &place).await;
        desk.see("live-devices").await;
    }

    // The door for guests: a network is chosen, and a reason given.
    anna.touch("workshop-guests").await;
    anna.see("door-reason").await;
    anna.fits("workshop-guests-shut").await;
    anna.touch("place-127.0.0.1").await;
    anna.write("door-reason", "Nobody else is in this network").await;
    anna.touch("door-open").await;
    anna.touch("guest-invite").await;
    anna.see("guest-qr").await;
    anna.fits("workshop-guests").await;
    anna.pictures_in_all_themes("workshop-guests").await;
    let url = anna.see("guest-url").await.text().await.unwrap();
    let phone = Phone::open(&url).await;
    phone.until_it_says("Guest 1").await;
    assert!(
        !phone.client.current_url().await.unwrap().as_str().contains('#'),
        "the code does not stay in the address"
    );
    anna.until("the guest to be there", || async {
        anna.see("guest-stand-1").await.text().await.unwrap_or_default() == "there"
    })
    .await;
    anna.touch("sheet-close").await;
    anna.see("door-badge").await;

    // Silent notes on three devices; revealed on one, they come out on all.
    note(&anna, "strengths", "Own seal workshop").await;
    note(&bernd, "threats", "Supplier A in restructuring").await;
    phone.note("weaknesses", "Two people know the filler").await;
    assert!(!phone.says("null").await, "nothing is shown that is not there");
    phone.picture(&anna, "guest-collect.png").await;
    go_on(&anna, "reveal").await;
    let all = ["Own seal workshop", "Supplier A in restructuring", "Two people know the filler"];
    until_all_say(&[&anna, &bernd], &workshop, &all).await;
    phone.until_it_says("Supplier A in restructuring").await;

    // Bernd's tablet is cut off, and all go on.
    cable.cut();
    note(&bernd, "opportunities", "The neighbour closes").await;
    note(&anna, "strengths", "Short ways").await;
    phone.note("threats", "Energy price").await;
    let here = texts(&show(&bernd, &workshop).await["board"]);
    assert_eq!(here.len(), 4, "work goes on, with what was there: {here:?}");
    cable.mend();
    let all = [&all[..], &["The neighbour closes", "Short ways", "Energy price"]].concat();
    until_all_say(&[&anna, &bernd], &workshop, &all).await;
    phone.until_it_says("The neighbour closes").await;
    bernd.fits("workshop-live").await;
    bernd.picture("workshop-live").await;

    // Votes: never more than there are, wherever they are given.
    go_on(&anna, "cluster").await;
    go_on(&anna, "vote").await;
    bernd.see("votes-left").await;
    phone.until_it_says("5 votes left").await;
    for left in (0..5).rev() {
        phone.vote("Energy price").await;
        phone.until_it_says(&format!("{left} votes left")).await;
    }
    bernd.touch("vote-Energy price").await;
    for desk in [&anna, &bernd] {
        desk.until("six votes to stand on the board", || async {
            let view = show(desk, &workshop).await;
            let items = view["board"]["items"].as_array().unwrap().clone();
            items.iter().any(|item| item["text"] == "Energy price" && item["votes"] == 6)
        })
        .await;
    }
    phone.picture(&anna, "guest-vote.png").await;

    // The node is back: what was said over the broker comes to rest there.
    node.signal("-CONT");
    anna.until("the node to have the whole board", || async {
        let view = node.call("workshop_show", json!({"workshop_id": workshop}));
        let votes: u64 = view["board"]["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["votes"].as_u64().unwrap())
            .sum();
        texts(&view["board"]).len() == 6 && votes == 6
    })
    .await;
    for desk in [&anna, &bernd] {
        let left_out = show(desk, &workshop).await["left_out"].clone();
        assert_eq!(left_out, json!([]), "nothing was left out on the way");
    }

    // The workshop ends, and with it the door.
    anna.value("workshop_end", json!({"workshop_id": workshop})).await;
    phone.until_it_says("The door for guests is shut").await;
    phone.client.clone().close().await.unwrap();
    bernd.close().await;
    anna.close().await;
}
