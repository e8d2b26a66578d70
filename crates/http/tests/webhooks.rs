//! Webhooks against a receiver with a real socket: told once it can be, in order, with the same id and bytes, and never
//! given up without a word.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set up its world fails")]

mod common;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::*;
use millwright_engine::Handle;
use millwright_model::*;
use serde_json::Value as Json;
use tokio::task::JoinHandle;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// How the receiver answers.
#[derive(Copy, Clone, Debug, PartialEq)]
enum Mood {
    Status(u16),
    /// It takes the event, and its answer is lost.
    LosesAnswers,
    /// It sends whoever comes to another place.
    SendsAway,
    /// It takes everything but events whose body holds this word.
    RefusesWord(&'static str),
}

#[derive(Clone, Debug, PartialEq)]
struct Heard {
    path: String,
    id: String,
    second: String,
    signature: String,
    body: String,
}

impl Heard {
    fn data(&self) -> Json {
        serde_json::from_str::<Json>(&self.body).unwrap()["data"].clone()
    }
}

/// A receiver that listens at one address, whenever it runs.
struct Receiver {
    address: SocketAddr,
    mood: Arc<Mutex<Mood>>,
    heard: Arc<Mutex<Vec<Heard>>>,
    running: Option<JoinHandle<()>>,
}

impl Receiver {
    async fn new() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (mood, heard) = (Arc::new(Mutex::new(Mood::Status(204))), Arc::default());
        let mut receiver = Self { address, mood, heard, running: None };
        receiver.serve(listener);
        receiver
    }

    fn serve(&mut self, listener: tokio::net::TcpListener) {
        let routes = Router::new().fallback(hear).with_state((self.mood.clone(), self.heard.clone()));
        let serving = async move { axum::serve(listener, routes).await.unwrap() };
        self.running = Some(tokio::spawn(serving));
    }

    async fn die(&mut self) {
        let running = self.running.take().unwrap();
        running.abort();
        assert!(running.await.unwrap_err().is_cancelled());
    }

    async fn come_back(&mut self) {
        let listener = tokio::net::TcpListener::bind(self.address).await.unwrap();
        self.serve(listener);
    }

    fn set(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap().clone()
    }

    fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }
}

type Shared = (Arc<Mutex<Mood>>, Arc<Mutex<Vec<Heard>>>);

async fn hear(State((mood, heard)): State<Shared>, request: axum::extract::Request) -> Response {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1_000_000).await.unwrap();
    let word = |headers: &HeaderMap, name: &str| headers[name].to_str().unwrap().to_owned();
    let event = Heard {
        path: head.uri.path().to_owned(),
        id: word(&head.headers, "webhook-id"),
        second: word(&head.headers, "webhook-timestamp"),
        signature: word(&head.headers, "webhook-signature"),
        body: String::from_utf8(body.to_vec()).unwrap(),
    };
    let refused = |refused: &str| event.body.contains(refused);
    let mood = *mood.lock().unwrap();
    let answer = match mood {
        Mood::Status(status) => StatusCode::from_u16(status).unwrap().into_response(),
        Mood::RefusesWord(word) if refused(word) => StatusCode::BAD_REQUEST.into_response(),
        Mood::RefusesWord(_) | Mood::LosesAnswers => StatusCode::NO_CONTENT.into_response(),
        Mood::SendsAway => (StatusCode::FOUND, [(header::LOCATION, "/elsewhere")]).into_response(),
    };
    heard.lock().unwrap().push(event);
    // The connection breaks off without a byte of an answer.
    assert_ne!(mood, Mood::LosesAnswers, "the answer is lost on purpose");
    answer
}

/// A world whose changes of orders and notes are told to a receiver.
async fn told() -> (World, Receiver, WebhookId) {
    let (world, receiver) = (World::new().await, Receiver::new().await);
    let add = WebhookAdd {
        url: receiver.url(),
        entities: vec![Entity::WorkOrder, Entity::Note],
        secret: Some(SECRET.into()),
        authority_pem: None,
    };
    let made = world.engine.handle(add).await.unwrap();
    assert_eq!(made.secret, SECRET);
    (world, receiver, made.webhook.webhook_id)
}

async fn order(world: &World, title: &str) -> WorkOrderId {
    let create = WorkOrderCreate {
        title: title.into(),
        description: String::new(),
        asset_id: None,
        priority: Priority::High,
        request_id: None,
        due_at: None,
        assignee_id: None,
        steps: vec![],
    };
    world.engine.handle(create).await.unwrap()
}

async fn note(world: &World, work_order_id: WorkOrderId, text: &str) -> TxnId {
    let note = NoteAdd { work_order_id, text: text.into() };
    world.engine.handle(note).await.unwrap().txn_id.unwrap()
}

async fn state(world: &World) -> Webhook {
    world.engine.handle(WebhookList {}).await.unwrap().remove(0)
}

async fn findings(world: &World) -> String {
    world.engine.handle(SyncShow {}).await.unwrap().findings.join("; ")
}

/// The texts of notes in the order in which they were heard.
fn texts(heard: &[Heard]) -> Vec<String> {
    let notes = heard.iter().filter_map(|event| Some(event.data()["fields"]["text"].as_str()?.to_owned()));
    notes.collect()
}

#[tokio::test]
async fn changes_are_told_in_order_once_undoing_is_over_and_signed() {
    let (world, receiver, _) = told().await;
    let id = order(&world, "Seal").await;
    for text in ["one", "two", "three"] {
        note(&world, id, text).await;
    }
    world.engine.synchronise().await.unwrap();
    assert_eq!(receiver.heard(), [], "they are held as long as they can be undone");
    world.deliver().await;
    let heard = receiver.heard();
    assert_eq!(texts(&heard), ["one", "two", "three"]);
    let first: Json = serde_json::from_str(&heard[0].body).unwrap();
    assert_eq!(first["type"], "work_order.created");
    assert_eq!(first["timestamp"], "2026-11-23T09:00:00Z");
    assert_eq!(first["data"]["entity_id"], id.to_string());
    assert_eq!(first["data"]["fields"]["title"], "Seal");
    assert_eq!(state(&world).await.waiting, 0);
    let key = STANDARD.decode(SECRET.trim_start_matches("whsec_")).unwrap();
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &key);
    for event in &heard {
        let signed = format!("{}.{}.{}", event.id, event.second, event.body);
        let tag = STANDARD.decode(event.signature.strip_prefix("v1,").unwrap()).unwrap();
        assert!(ring::hmac::verify(&key, signed.as_bytes(), &tag).is_ok(), "{event:?}");
        assert_eq!(event.id, event.data()["op_id"].as_str().unwrap(), "its id is the op's");
    }
    world.deliver().await;
    assert_eq!(receiver.heard().len(), heard.len(), "nothing is told twice");
}

#[tokio::test]
async fn what_is_undone_in_time_is_never_told() {
    let (world, receiver, _) = told().await;
    let id = order(&world, "Seal").await;
    let txn_id = note(&world, id, "a slip").await;
    world.engine.handle(TxnUndo { txn_id }).await.unwrap();
    world.deliver().await;
    assert_eq!(receiver.heard().len(), 1, "the order alone");
}

#[tokio::test]
async fn a_receiver_that_is_dead_is_told_when_it_is_back_also_after_a_kill() {
    let (world, mut receiver, _) = told().await;
    receiver.die().await;
    let id = order(&world, "Seal").await;
    world.deliver().await;
    let webhook = state(&world).await;
    assert_eq!(webhook.waiting, 1);
    assert!(webhook.problem.is_some() && webhook.next_attempt_at > MORNING, "{webhook:?}");
    assert!(findings(&world).await.contains(&receiver.url()), "the Sync centre says so");
    let world = world.after_kill().await;
    note(&world, id, "meanwhile").await;
    receiver.come_back().await;
    world.pass_ms(60 * 60 * 1000);
    world.engine.synchronise().await.unwrap();
    assert_eq!(receiver.heard().len(), 2);
    assert_eq!(state(&world).await.problem, None);
}

#[tokio::test]
async fn a_receiver_that_fails_is_left_alone_longer_each_time_and_told_the_same_again() {
    let (world, receiver, _) = told().await;
    receiver.set(Mood::Status(500));
    order(&world, "Seal").await;
    world.deliver().await;
    assert_eq!(receiver.heard().len(), 1);
    for (wait_ms, heard) in [(900, 1), (200, 2), (1_500, 2), (600, 3)] {
        world.pass_ms(wait_ms);
        world.engine.synchronise().await.unwrap();
        assert_eq!(receiver.heard().len(), heard, "1 s after the first, 2 s after the second");
    }
    receiver.set(Mood::LosesAnswers);
    world.pass_ms(10_000);
    world.engine.synchronise().await.unwrap();
    receiver.set(Mood::Status(204));
    world.pass_ms(60_000);
    world.engine.synchronise().await.unwrap();
    let heard = receiver.heard();
    assert_eq!(heard.len(), 5, "a lost answer is no answer");
    assert!(heard.iter().all(|event| (&event.id, &event.body) == (&heard[0].id, &heard[0].body)));
    assert_eq!(state(&world).await.waiting, 0);
}

#[tokio::test]
async fn an_event_that_is_refused_is_kept_aside_and_told_again_on_a_persons_word() {
    let (world, receiver, webhook_id) = told().await;
    let id = order(&world, "Seal").await;
    receiver.set(Mood::RefusesWord("two"));
    for text in ["one", "two", "three"] {
        note(&world, id, text).await;
    }
    world.deliver().await;
    let webhook = state(&world).await;
    assert_eq!((webhook.waiting, webhook.refused), (0, 1));
    assert!(findings(&world).await.contains("refused an event: HTTP 400"), "{}", findings(&world).await);
    assert_eq!(texts(&receiver.heard()), ["one", "two", "three"], "the others are told");
    receiver.set(Mood::Status(204));
    world.engine.handle(WebhookResume { webhook_id }).await.unwrap();
    world.engine.synchronise().await.unwrap();
    assert_eq!(texts(&receiver.heard()), ["one", "two", "three", "two"]);
    assert_eq!(state(&world).await.refused, 0);
}

#[tokio::test]
async fn an_event_that_always_fails_gives_way_to_the_next_ones_in_the_end() {
    let (world, receiver, _) = told().await;
    receiver.set(Mood::Status(503));
    order(&world, "Seal").await;
    world.deliver().await;
    for _ in 0..25 {
        world.pass_ms(60 * 60 * 1000);
        world.engine.synchronise().await.unwrap();
    }
    assert_eq!(receiver.heard().len(), 20);
    assert_eq!((state(&world).await.waiting, state(&world).await.refused), (0, 1), "kept aside, not lost");
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_told_nothing_more_and_that_is_said() {
    let (world, receiver, webhook_id) = told().await;
    receiver.set(Mood::Status(410));
    let id = order(&world, "Seal").await;
    world.deliver().await;
    let webhook = state(&world).await;
    assert!(webhook.stopped_at.is_some() && webhook.problem.unwrap().contains("410"));
    assert!(findings(&world).await.contains("is told nothing any more"));
    note(&world, id, "unheard").await;
    world.deliver().await;
    assert_eq!((receiver.heard().len(), state(&world).await.waiting), (1, 1), "nothing more is planned");
    receiver.set(Mood::Status(204));
    world.engine.handle(WebhookResume { webhook_id }).await.unwrap();
    world.engine.synchronise().await.unwrap();
    assert_eq!(receiver.heard().len(), 2, "what waited is told on a person's word");
}

#[tokio::test]
async fn nobody_is_followed_to_another_place() {
    let (world, receiver, _) = told().await;
    receiver.set(Mood::SendsAway);
    order(&world, "Seal").await;
    world.deliver().await;
    let paths: Vec<String> = receiver.heard().into_iter().map(|event| event.path).collect();
    assert_eq!(paths, ["/hook"]);
    assert_eq!(state(&world).await.waiting, 1);
}

#[tokio::test]
async fn one_that_is_silent_holds_up_no_other_and_removing_one_forgets_it() {
    let (world, mut receiver, webhook_id) = told().await;
    receiver.die().await;
    let other = Receiver::new().await;
    let add =
        WebhookAdd { url: other.url(), entities: vec![Entity::WorkOrder], secret: None, authority_pem: None };
    let made = world.engine.handle(add).await.unwrap();
    assert_ne!(made.secret, SECRET, "a secret of its own is drawn");
    let said = WebhookTest { webhook_id: made.webhook.webhook_id };
    assert_eq!(world.engine.handle(said).await.unwrap(), "taken");
    let id = order(&world, "Seal").await;
    note(&world, id, "not for the other").await;
    world.deliver().await;
    assert_eq!(other.heard().len(), 2, "the test and the order");
    world.engine.handle(WebhookRemove { webhook_id }).await.unwrap();
    receiver.come_back().await;
    world.pass_ms(60 * 60 * 1000);
    world.engine.synchronise().await.unwrap();
    assert_eq!(receiver.heard(), []);
    let bad = WebhookAdd {
        url: "http://10.0.0.5/hook".into(),
        entities: vec![Entity::WorkOrder],
        secret: None,
        authority_pem: None,
    };
    assert!(world.engine.handle(bad).await.is_err(), "not in the open to another machine");
}
