//! Guests of a workshop by browser: a code for one, once; notes that stay apart until they are revealed; votes within what
//! everybody has; and nothing else, whatever is sent.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set up its world fails")]

mod common;

use common::*;
use millwright_engine::Handle as _;
use millwright_model::*;
use reqwest::{Client, StatusCode};
use serde_json::{Value as Json, json};

const REASON: &str = "Network of the meeting room, nobody else is in it";

/// A workshop with its door open on this machine.
async fn room() -> (World, WorkshopId) {
    let world = World::new().await;
    let begin = WorkshopCreate { title: "SWOT 2027".into(), language: "en".into(), last_year: None };
    let workshop_id = world.engine.handle(begin).await.unwrap();
    open(&world, workshop_id).await;
    (world, workshop_id)
}

async fn open(world: &World, workshop_id: WorkshopId) -> WorkshopDoorView {
    let open =
        WorkshopDoorOpen { workshop_id, address: "127.0.0.1".into(), port: None, reason: REASON.into() };
    world.engine.handle(open).await.unwrap()
}

async fn door(world: &World, workshop_id: WorkshopId) -> Option<WorkshopDoorView> {
    world.engine.handle(WorkshopDoorShow { workshop_id }).await.unwrap()
}

/// Invites one more guest: where they come in, and their code.
async fn invite(world: &World, workshop_id: WorkshopId) -> (String, String) {
    let view = world.engine.handle(WorkshopGuestInvite { workshop_id, participant_id: None }).await.unwrap();
    let GuestStand::Invited { code, url, modules, .. } = view.guests.last().unwrap().stand.clone() else {
        panic!("{:?}", view.guests)
    };
    assert_eq!(
        url,
        format!("{}#{code}", view.url),
        "the code stands behind the door, where no server is told it"
    );
    assert!(modules.len() > 20, "it is there to be read with a camera");
    (view.url, code)
}

/// A guest's browser that came in.
#[derive(Clone)]
struct Browser {
    client: Client,
    url: String,
    token: String,
}

async fn enter(url: &str, code: &str) -> Result<Browser, (StatusCode, String)> {
    let client = Client::new();
    let answer =
        client.post(format!("{url}enter")).body(json!({"code": code}).to_string()).send().await.unwrap();
    let status = answer.status();
    let said: Json = answer.json().await.unwrap();
    match said["token"].as_str() {
        Some(token) => Ok(Browser { client, url: url.to_owned(), token: token.to_owned() }),
        None => Err((status, said["why"].as_str().unwrap().to_owned())),
    }
}

impl Browser {
    async fn board(&self) -> Json {
        let ask = self.client.get(format!("{}board", self.url)).bearer_auth(&self.token);
        ask.send().await.unwrap().json().await.unwrap()
    }

    /// Does something; answers why not.
    async fn act(&self, act: Json) -> Option<String> {
        let ask = self.client.post(format!("{}act", self.url)).bearer_auth(&self.token).body(act.to_string());
        let answer = ask.send().await.unwrap();
        if answer.status() == StatusCode::NO_CONTENT {
            return None;
        }
        let said: Json = answer.json().await.unwrap();
        Some(said["why"].as_str().unwrap().to_owned())
    }

    async fn note(&self, frame: &str, text: &str) {
        assert_eq!(self.act(json!({"do": "note", "frame": frame, "text": text})).await, None);
    }
}

async fn guest(world: &World, workshop_id: WorkshopId) -> Browser {
    let (url, code) = invite(world, workshop_id).await;
    enter(&url, &code).await.unwrap()
}

fn texts_of(board: &Json, frame: usize) -> Vec<&str> {
    board["frames"][frame]["notes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|note| note["text"].as_str().unwrap())
        .collect()
}

async fn write(world: &World, workshop_id: WorkshopId, acts: Vec<WorkshopAct>) -> WorkshopView {
    world.engine.handle(WorkshopWrite { workshop_id, acts, seat: None }).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_writes_silently_votes_and_sees_no_names() {
    let (world, workshop_id) = room().await;
    let browser = guest(&world, workshop_id).await;
    browser.note("threats", "<script>alert(1)</script>").await;
    let seen = browser.board().await;
    assert_eq!(texts_of(&seen, 3), ["<script>alert(1)</script>"], "their own note, as they wrote it");
    let view = world.engine.handle(WorkshopShow { workshop_id }).await.unwrap();
    assert!(view.board.notes.is_empty() && view.private.is_empty());
    assert_eq!(view.private_of_others, 1, "nobody reads it before it is revealed");

    let own = WorkshopNotePut {
        workshop_id,
        note_id: None,
        frame: "threats".into(),
        text: "Supplier A is in trouble".into(),
        seat: None,
    };
    world.engine.handle(own).await.unwrap();
    world.engine.handle(WorkshopReveal { workshop_id }).await.unwrap();
    let seen = browser.board().await;
    assert_eq!(texts_of(&seen, 3).len(), 2);
    let notes = seen["frames"][3]["notes"].as_array().unwrap();
    let mine: Vec<bool> = notes.iter().map(|note| note["mine"].as_bool().unwrap()).collect();
    assert_eq!(mine.iter().filter(|mine| **mine).count(), 1);
    assert!(!seen.to_string().contains("Anna"), "no name leaves: {seen}");

    write(&world, workshop_id, vec![WorkshopAct::Phase { phase: WorkshopPhase::Vote }]).await;
    let seen = browser.board().await;
    let item = seen["frames"][3]["items"][0]["id"].clone();
    assert_eq!(browser.act(json!({"do": "vote", "id": item, "votes": 5})).await, None);
    let above = browser.act(json!({"do": "vote", "id": item, "votes": 6})).await;
    assert_eq!(above.as_deref(), Some("no_votes_left"));
    let seen = browser.board().await;
    assert_eq!((seen["votes_left"].as_u64(), seen["number"].as_u64()), (Some(0), Some(1)));
    let board = world.engine.handle(WorkshopShow { workshop_id }).await.unwrap().board;
    assert_eq!(board.items.iter().map(|item| item.votes).sum::<u32>(), 5);
    assert_eq!(door(&world, workshop_id).await.unwrap().guests[0].stand, GuestStand::Here);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_lets_one_browser_in_once() {
    let (world, workshop_id) = room().await;
    let (url, code) = invite(&world, workshop_id).await;
    let browser = enter(&url, &code.to_lowercase()).await.unwrap();
    let again = enter(&url, &code).await.err().unwrap();
    assert_eq!(again, (StatusCode::FORBIDDEN, "code".to_owned()));
    // A new code for the same guest shuts the browser out that came in before: they lost it, or somebody took it.
    let guest = door(&world, workshop_id).await.unwrap().guests[0].participant_id;
    let anew = WorkshopGuestInvite { workshop_id, participant_id: Some(guest) };
    let view = world.engine.handle(anew).await.unwrap();
    assert_eq!(view.guests.len(), 1, "it is the same guest");
    let GuestStand::Invited { code, .. } = view.guests[0].stand.clone() else { panic!("{view:?}") };
    assert_eq!(
        browser.act(json!({"do": "note", "frame": "threats", "text": "x"})).await.as_deref(),
        Some("stranger")
    );
    world.pass_ms(16 * 60_000);
    assert_eq!(enter(&url, &code).await.err().unwrap().1, "code", "after a quarter of an hour it is too old");
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_codes_is_slowed_down() {
    let (world, workshop_id) = room().await;
    let (url, _code) = invite(&world, workshop_id).await;
    let mut said = Vec::new();
    for _ in 0..45 {
        said.push(enter(&url, "AAAAAAAA").await.err().unwrap().1);
    }
    assert!(said.contains(&"too_often".to_owned()), "{said:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_guest_sends_is_refused_before_it_touches_the_board() {
    let (world, workshop_id) = room().await;
    let browser = guest(&world, workshop_id).await;
    let before = world.engine.handle(WorkshopShow { workshop_id }).await.unwrap().board;
    for act in [
        json!({"do": "phase", "phase": "vote"}),
        json!({"act": "phase", "phase": "vote"}),
        json!({"do": "note", "frame": "threats", "text": "x".repeat(501)}),
        json!({"do": "note", "frame": "nowhere", "text": "x"}),
        json!({"do": "note", "frame": "threats", "text": "x", "author": "somebody"}),
        json!({"do": "vote", "id": WorkshopItemId::default(), "votes": 1}),
        json!({"do": "take_back", "id": "no id"}),
        json!([]),
    ] {
        assert!(browser.act(act.clone()).await.is_some(), "{act}");
    }
    let ask = |path: &str| browser.client.post(format!("{}{path}", browser.url)).bearer_auth(&browser.token);
    let ten_megabytes = ask("act").body("x".repeat(10_000_000)).send().await;
    let refused = ten_megabytes.is_err_and(|error| error.is_request())
        || ask("act").body("x".repeat(20_000)).send().await.unwrap().status()
            == StatusCode::PAYLOAD_TOO_LARGE;
    assert!(refused, "a note of 10 MB");
    // Another site that points its name here, or sends its readers here, is not answered.
    let named = browser.client.get(&browser.url).header("host", "plant.example").send().await.unwrap();
    assert_eq!(named.status(), StatusCode::MISDIRECTED_REQUEST);
    let sent = ask("act").header("origin", "http://plant.example").body("{}").send().await.unwrap();
    assert_eq!(sent.status(), StatusCode::MISDIRECTED_REQUEST);
    // Nothing of the app is behind this door.
    for path in ["v1/commands/workshop_list", "v1/health", "../etc/passwd", "board?after=x"] {
        let status = browser.client.get(format!("{}{path}", browser.url)).send().await.unwrap().status();
        assert!(status.is_client_error(), "{path}: {status}");
    }
    let after = world.engine.handle(WorkshopShow { workshop_id }).await.unwrap().board;
    assert_eq!(before, after);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_runs_its_own_script_alone() {
    let (world, workshop_id) = room().await;
    let (url, _code) = invite(&world, workshop_id).await;
    let page = reqwest::get(&url).await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'self'"), "{policy}");
    let html = page.text().await.unwrap();
    assert!(html.contains("\"enter\":\"Come in\"") && !html.contains("{{"), "{html}");
    for part in ["page.js", "page.css"] {
        assert_eq!(reqwest::get(format!("{url}{part}")).await.unwrap().status(), StatusCode::OK);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_door_is_in_the_log_with_its_reason_and_ends_with_the_workshop() {
    let (world, workshop_id) = room().await;
    let workshop = world.engine.handle(WorkshopShow { workshop_id }).await.unwrap().workshop;
    assert_eq!(workshop.door.as_ref().map(|door| door.reason.as_str()), Some(REASON));
    let browser = guest(&world, workshop_id).await;
    world.engine.handle(WorkshopEnd { workshop_id }).await.unwrap();
    assert_eq!(door(&world, workshop_id).await, None);
    assert_eq!(world.engine.handle(WorkshopShow { workshop_id }).await.unwrap().workshop.door, None);
    let gone = browser.client.get(format!("{}board", browser.url)).bearer_auth(&browser.token).send().await;
    assert!(gone.is_err() || gone.unwrap().status() == StatusCode::GONE, "nobody listens any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_leads_opens_a_door_and_only_on_this_machine() {
    let (world, workshop_id) = room().await;
    world.engine.handle(WorkshopDoorClose { workshop_id }).await.unwrap();
    let open = |address: &str, reason: &str| WorkshopDoorOpen {
        workshop_id,
        address: address.into(),
        port: None,
        reason: reason.into(),
    };
    let foreign = world.engine.handle(open("192.0.2.7", REASON)).await.unwrap_err();
    assert!(matches!(
        foreign.refusal,
        Some(Refusal::Workshop { fault: WorkshopFault::NotOurAddress { .. } })
    ));
    assert!(world.engine.handle(open("127.0.0.1", " ")).await.is_err(), "there is a reason, or no door");
    let places = world.engine.handle(WorkshopDoorPlaces {}).await.unwrap();
    assert!(places.iter().any(|place| place.only_here && place.address == "127.0.0.1"), "{places:?}");
    let add = PersonAdd { name: "Ben Novak".into(), erp_number: None, language: "en".into() };
    let ben = world.engine.handle(add).await.unwrap();
    world.engine.handle(PersonPick { person_id: Some(ben) }).await.unwrap();
    assert!(world.engine.handle(open("127.0.0.1", REASON)).await.is_err());
    assert_eq!(door(&world, workshop_id).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn twelve_guests_write_and_vote_at_once_and_nothing_is_lost() {
    let (world, workshop_id) = room().await;
    let mut browsers = Vec::new();
    for _ in 0..12 {
        browsers.push(guest(&world, workshop_id).await);
    }
    let write_all = |browser: Browser, guest: usize| async move {
        for note in 0..3 {
            browser.note("strengths", &format!("Note {note} of guest {guest}")).await;
        }
    };
    let all =
        browsers.iter().cloned().enumerate().map(|(guest, browser)| tokio::spawn(write_all(browser, guest)));
    for writing in all.collect::<Vec<_>>() {
        writing.await.unwrap();
    }
    world.engine.handle(WorkshopReveal { workshop_id }).await.unwrap();
    let view = write(&world, workshop_id, vec![WorkshopAct::Phase { phase: WorkshopPhase::Vote }]).await;
    assert_eq!(view.board.notes.len(), 36);
    let item = view.board.items[0].item_id;
    let votes = browsers.iter().cloned().map(|browser| {
        tokio::spawn(async move { browser.act(json!({"do": "vote", "id": item, "votes": 2})).await })
    });
    for voting in votes.collect::<Vec<_>>() {
        assert_eq!(voting.await.unwrap(), None);
    }
    let board = world.engine.handle(WorkshopShow { workshop_id }).await.unwrap().board;
    assert_eq!(board.item(item).unwrap().votes, 24);
    assert_eq!(browsers[11].board().await["frames"][0]["notes"].as_array().unwrap().len(), 36);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_device_enters_notes_on_paper_and_votes_for_who_has_none() {
    let (world, workshop_id) = room().await;
    let view = world.engine.handle(WorkshopSeatAdd { workshop_id }).await.unwrap();
    let seat = view.people.iter().find(|one| one.entered_here).unwrap().participant_id;
    let put = WorkshopNotePut {
        workshop_id,
        note_id: None,
        frame: "strengths".into(),
        text: "The old hands know every valve".into(),
        seat: Some(seat),
    };
    world.engine.handle(put).await.unwrap();
    let view = world.engine.handle(WorkshopReveal { workshop_id }).await.unwrap();
    let note = &view.board.notes[0];
    assert_eq!((note.author, note.on_paper), (seat, true));
    write(&world, workshop_id, vec![WorkshopAct::Phase { phase: WorkshopPhase::Vote }]).await;
    let item_id = WorkshopItemId::from(note.note_id);
    let vote =
        |seat, votes| WorkshopWrite { workshop_id, acts: vec![WorkshopAct::Vote { item_id, votes }], seat };
    world.engine.handle(vote(Some(seat), 3)).await.unwrap();
    let view = world.engine.handle(vote(None, 2)).await.unwrap();
    assert_eq!(view.board.item(item_id).unwrap().votes, 5, "theirs and one's own");
    let of_nobody = world.engine.handle(vote(Some(ParticipantId::default()), 1)).await;
    assert!(of_nobody.is_err(), "only for those whom this device enters for");
}
