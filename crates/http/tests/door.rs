//! The door as programs meet it: real sockets, real requests, and everything that it turns away.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set up its world fails")]

mod common;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use common::*;
use millwright_engine::Handle;
use millwright_http::{HttpDoor, ListenError, Tls, address_of};
use millwright_model::*;
use reqwest::{Client, Response};
use serde_json::{Value as Json, json};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

/// An engine with an open door and Anna.
struct Plant {
    world: World,
    door: HttpDoor,
    anna: PersonId,
    client: Client,
}

impl Plant {
    async fn new() -> Self {
        Self::of(World::new().await).await
    }

    async fn of(world: World) -> Self {
        let door = HttpDoor::open(&world.engine, address_of("0").unwrap(), None).await.unwrap();
        let anna = world.engine.handle(PersonList {}).await.unwrap()[0].person_id;
        Self { world, door, anna, client: Client::new() }
    }

    async fn token(&self, create: TokenCreate) -> String {
        self.world.engine.handle(create).await.unwrap().secret
    }

    /// A token for everything that programs may, for Anna.
    async fn annas(&self) -> String {
        self.token(create("mes", Some(self.anna))).await
    }

    fn post(&self, secret: &str, command: &str, arguments: &Json) -> reqwest::RequestBuilder {
        let url = format!("{}/commands/{command}", self.door.url());
        self.client.post(url).bearer_auth(secret).json(arguments)
    }

    async fn give(&self, secret: &str, command: &str, arguments: Json) -> Answer {
        answer(self.post(secret, command, &arguments).send().await.unwrap()).await
    }

    async fn keyed(&self, secret: &str, key: &str, command: &str, arguments: Json) -> Answer {
        let request = self.post(secret, command, &arguments).header("Idempotency-Key", key);
        answer(request.send().await.unwrap()).await
    }

    async fn titles(&self) -> Vec<String> {
        let orders = self.world.engine.handle(WorkOrderList { filter: Default::default() }).await.unwrap();
        orders.into_iter().map(|order| order.order.title).collect()
    }

    fn address(&self) -> String {
        self.door.url().trim_start_matches("http://").trim_end_matches("/v1").to_owned()
    }
}

#[derive(Debug)]
struct Answer {
    status: u16,
    body: Json,
}

impl Answer {
    /// The word of the problem.
    fn problem(&self) -> &str {
        self.body["type"]
            .as_str()
            .unwrap_or_else(|| panic!("no problem: {self:?}"))
            .rsplit(':')
            .next()
            .unwrap()
    }
}

async fn answer(response: Response) -> Answer {
    let status = response.status().as_u16();
    let media_type = response.headers()["content-type"].to_str().unwrap().to_owned();
    assert_eq!(media_type == "application/problem+json", status >= 400, "{status} {media_type}");
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert!(!response.headers().keys().any(|name| name.as_str().starts_with("access-control")), "no CORS");
    let body: Json = response.json().await.unwrap();
    if status >= 400 {
        assert_eq!(body["status"], status);
        problem_fits(&body);
    }
    Answer { status, body }
}

/// Holds a problem against the description.
fn problem_fits(body: &Json) {
    let document = millwright_http::document();
    let schema = json!({ "$ref": "#/components/schemas/Problem", "components": document["components"] });
    let validator = jsonschema::options().build(&schema).unwrap();
    let faults: Vec<String> = validator.iter_errors(body).map(|fault| fault.to_string()).collect();
    assert!(faults.is_empty(), "{faults:?} {body}");
}

fn create(name: &str, person_id: Option<PersonId>) -> TokenCreate {
    TokenCreate { name: name.into(), reads_only: false, commands: None, person_id, days: 30 }
}

fn an_order(title: &str) -> Json {
    json!({
        "title": title, "description": "", "asset_id": null, "priority": "high", "request_id": null,
        "due_at": null, "assignee_id": null, "steps": [],
    })
}

#[tokio::test]
async fn a_program_makes_an_order_and_the_trail_says_which_and_for_whom() {
    let plant = Plant::new().await;
    let secret = plant.annas().await;
    let made = plant.give(&secret, "work_order_create", an_order("From the MES")).await;
    assert_eq!(made.status, 200, "{made:?}");
    let work_order_id: WorkOrderId = serde_json::from_value(made.body).unwrap();
    let shown = plant.give(&secret, "work_order_show", json!({ "work_order_id": work_order_id })).await;
    assert_eq!(shown.body["overview"]["order"]["title"], "From the MES");
    let history = HistoryShow { entity: Entity::WorkOrder, entity_id: work_order_id.0 };
    let history = plant.world.engine.handle(history).await.unwrap();
    assert_eq!(history[0].actor, "Anna Weber via token mes");
    assert_eq!(history[0].assurance, Assurance::None, "nobody saw Anna");
}

#[tokio::test]
async fn a_token_of_nobody_records_without_a_person_and_cannot_do_what_a_person_does() {
    let plant = Plant::new().await;
    let secret = plant.token(create("plc", None)).await;
    let asset_id = plant.world.asset("P-1").await;
    let raise = json!({ "asset_id": asset_id, "text": "Overload", "priority": "high", "machine_down": true });
    let raised = plant.give(&secret, "request_raise", raise).await;
    let request_id: RequestId = serde_json::from_value(raised.body).unwrap();
    let history = HistoryShow { entity: Entity::Request, entity_id: request_id.0 };
    assert_eq!(plant.world.engine.handle(history).await.unwrap()[0].actor, "via token plc");
    let order = plant.give(&secret, "work_order_create", an_order("Look at it")).await.body;
    let refused = plant.give(&secret, "timer_start", json!({ "work_order_id": order })).await;
    assert_eq!(
        (refused.status, refused.problem()),
        (403, "no_actor"),
        "Anna holds the device, not the token"
    );
    assert_eq!(refused.body["code"], "no_actor");
}

#[tokio::test]
async fn nobody_gets_in_without_a_good_token() {
    let plant = Plant::new().await;
    let secret = plant.annas().await;
    let url = format!("{}/commands/today_show", plant.door.url());
    let bare = answer(plant.client.post(&url).json(&json!({})).send().await.unwrap()).await;
    assert_eq!((bare.status, bare.problem()), (401, "no_token"));
    let response = plant.post("mwt_guessed", "today_show", &json!({})).send().await.unwrap();
    assert_eq!(response.headers()["www-authenticate"], "Bearer");
    assert_eq!(answer(response).await.problem(), "token_unknown");
    assert_eq!(plant.give(&secret, "today_show", json!({})).await.status, 200);

    let token = plant.world.engine.handle(TokenList {}).await.unwrap()[0].clone();
    assert_eq!(token.used_at, Some(MORNING));
    plant.world.pass_ms(31 * 24 * 60 * 60 * 1000);
    assert_eq!(plant.give(&secret, "today_show", json!({})).await.problem(), "token_unknown", "it ended");
    let other = plant.token(create("erp", None)).await;
    let token_id = plant.world.engine.handle(TokenList {}).await.unwrap()[0].token_id;
    assert_eq!(plant.give(&other, "today_show", json!({})).await.status, 200);
    plant.world.engine.handle(TokenRevoke { token_id }).await.unwrap();
    assert_eq!(plant.give(&other, "today_show", json!({})).await.problem(), "token_unknown", "taken back");
}

#[tokio::test]
async fn the_files_hold_no_secret_of_a_token() {
    let plant = Plant::new().await;
    let secret = plant.annas().await;
    assert_eq!(plant.give(&secret, "today_show", json!({})).await.status, 200);
    plant.world.engine.close().await.unwrap();
    for entry in std::fs::read_dir(plant.world.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let held = path.is_file()
            && std::fs::read(&path).unwrap().windows(secret.len()).any(|at| at == secret.as_bytes());
        assert!(!held, "{}", path.display());
    }
}

#[tokio::test]
async fn a_token_does_what_it_was_made_for_and_no_more() {
    let plant = Plant::new().await;
    let reader = plant.token(TokenCreate { reads_only: true, ..create("board", None) }).await;
    assert_eq!(
        plant.give(&reader, "work_order_list", json!({ "filter": WorkOrderFilter::default() })).await.status,
        200
    );
    let refused = plant.give(&reader, "work_order_create", an_order("x")).await;
    assert_eq!((refused.status, refused.problem()), (403, "reads_only"));
    let commands = Some(vec!["request_raise".to_owned()]);
    let narrow = plant.token(TokenCreate { commands, ..create("plc", None) }).await;
    assert_eq!(plant.give(&narrow, "today_show", json!({})).await.problem(), "not_granted");
    let all = plant.annas().await;
    for (name, reach) in COMMAND_REACHES {
        if let Reach::Closed(why) = reach {
            let refused = plant.give(&all, name, json!({})).await;
            assert_eq!((refused.status, refused.problem()), (403, "closed"), "{name}");
            assert!(refused.body["detail"].as_str().unwrap().contains(&why.to_string()), "{name} says why");
        }
    }
    assert_eq!(plant.give(&all, "drop_tables", json!({})).await.problem(), "no_such_command");
    let wish = TokenCreate { commands: Some(vec!["team_invite".into()]), ..create("x", None) };
    let refused = plant.world.engine.handle(wish).await.unwrap_err();
    assert_eq!(refused.refusal, Some(Refusal::NotForPrograms { command: "team_invite".into() }));
    assert!(plant.titles().await.is_empty());
}

#[tokio::test]
async fn an_act_asked_for_again_has_its_effect_once() {
    let plant = Plant::new().await;
    let secret = plant.annas().await;
    let first = plant.keyed(&secret, "order-77", "work_order_create", an_order("Once")).await;
    let again = plant.keyed(&secret, "\"order-77\"", "work_order_create", an_order("Once")).await;
    assert_eq!((again.status, &again.body), (200, &first.body), "the same answer, quoted or not");
    assert_eq!(plant.titles().await, ["Once"]);
    let other = plant.keyed(&secret, "order-77", "work_order_create", an_order("Twice")).await;
    assert_eq!((other.status, other.problem()), (422, "key_of_another"));
    let stranger = plant.token(create("erp", None)).await;
    let theirs = plant.keyed(&stranger, "order-77", "work_order_create", an_order("Theirs")).await;
    assert_ne!(theirs.body, first.body, "a key is its token's own");
    assert_eq!(plant.keyed(&secret, "a b", "work_order_create", an_order("x")).await.problem(), "bad_key");
    plant.world.pass_ms(25 * 60 * 60 * 1000);
    plant.keyed(&secret, "order-78", "work_order_create", an_order("Tomorrow")).await;
    let late = plant.keyed(&secret, "order-77", "work_order_create", an_order("Once")).await;
    assert_ne!(late.body, first.body, "after a day a key is forgotten");
}

#[tokio::test]
async fn an_act_that_failed_may_be_asked_for_again_with_its_key() {
    let plant = Plant::new().await;
    let secret = plant.annas().await;
    let order = plant.give(&secret, "work_order_create", an_order("Seal")).await.body;
    let note = |text: &str| json!({ "work_order_id": order, "text": text });
    let failed = plant.keyed(&secret, "k", "note_add", note("")).await;
    assert_eq!((failed.status, failed.problem()), (400, "invalid"));
    assert_eq!(failed.body["refusal"], json!({ "refused": "empty", "input": "note" }));
    assert_eq!(plant.keyed(&secret, "k", "note_add", note("Oil")).await.status, 200);
}

/// Forgets the answers, as if the process had ended between each effect and its answer: the key is kept with the
/// effect, the answer is not.
async fn lose_answers(world: &World) {
    let file = SqliteConnectOptions::new().filename(world.folder.path().join("millwright.db"));
    let mut connection = SqliteConnection::connect_with(&file).await.unwrap();
    sqlx::query("update keyed_act set answer = null").execute(&mut connection).await.unwrap();
}

#[tokio::test]
async fn an_act_whose_answer_was_lost_with_the_process_is_told_from_its_effect() {
    let plant = Plant::new().await;
    let secret = plant.annas().await;
    let asset_id = plant.world.asset("P-1").await;
    let order = plant.give(&secret, "work_order_create", an_order("Seal")).await.body;
    let step = json!({ "title": "Clean", "form": { "kind": "check" }, "mandatory": false });
    let acts = [
        ("work_order_create", an_order("Once")),
        ("work_step_add", json!({ "work_order_id": order, "draft": step })),
        (
            "request_raise",
            json!({ "asset_id": asset_id, "text": "Leaks", "priority": "low", "machine_down": false }),
        ),
        ("person_add", json!({ "name": "Ben", "erp_number": null, "language": "en" })),
        (
            "attachment_add",
            json!({
                "work_order_id": order, "work_step_id": null, "asset_id": null, "request_id": null,
                "media_type": "text/plain", "file_name": "a.txt", "bytes_base64": "aGk=",
            }),
        ),
        ("note_add", json!({ "work_order_id": order, "text": "Oil" })),
        ("work_order_start", json!({ "work_order_id": order })),
    ];
    let mut firsts = Vec::new();
    for (name, arguments) in &acts {
        firsts.push(plant.keyed(&secret, name, name, arguments.clone()).await);
    }
    lose_answers(&plant.world).await;
    let ops = plant.world.engine.database().read().await.unwrap().op_count().await.unwrap();
    plant.door.close().await;
    let plant = Plant::of(plant.world.after_kill().await).await;
    for ((name, arguments), first) in acts.iter().zip(firsts) {
        let mut again = plant.keyed(&secret, name, name, arguments.clone()).await;
        if first.body.get("undo_until").is_some() {
            again.body["undo_until"] = first.body["undo_until"].clone();
        }
        assert_eq!((again.status, again.body), (200, first.body), "{name}");
    }
    let ops_now = plant.world.engine.database().read().await.unwrap().op_count().await.unwrap();
    assert_eq!(ops_now, ops, "nothing was done twice");

    let bring = json!({ "csv": "code,name,level,parent,criticality,class,erp_number,uns_path\nP-9,Pump,machine,,b,,,\n", "dry_run": false });
    assert_eq!(plant.keyed(&secret, "csv", "asset_import", bring.clone()).await.status, 200);
    lose_answers(&plant.world).await;
    let again = plant.keyed(&secret, "csv", "asset_import", bring).await;
    assert_eq!(
        (again.status, again.problem()),
        (409, "took_effect"),
        "what no effect tells is said to be done"
    );
    assert!(again.body["txn_id"].is_string());
}

#[tokio::test]
async fn what_is_no_command_is_turned_away_with_a_reason() {
    let plant = Plant::new().await;
    let secret = plant.annas().await;
    let url = |path: &str| format!("{}{path}", plant.door.url());
    let get = answer(plant.client.get(url("/commands/today_show")).send().await.unwrap()).await;
    assert_eq!((get.status, get.problem()), (405, "wrong_method"));
    let nowhere = answer(plant.client.get(url("/")).send().await.unwrap()).await;
    assert_eq!((nowhere.status, nowhere.problem()), (404, "nowhere"));
    for (media_type, body) in [
        ("text/plain", "{}"),
        ("application/json", "[]"),
        ("application/json", "{"),
        ("application/json", "\u{0}"),
    ] {
        let request = plant.client.post(url("/commands/today_show")).bearer_auth(&secret);
        let request = request.header("content-type", media_type).body(body);
        let refused = answer(request.send().await.unwrap()).await;
        assert_eq!((refused.status, refused.problem()), (400, "not_json"), "{media_type} {body:?}");
    }
    let unknown = plant.give(&secret, "today_show", json!({ "surprise": 1 })).await;
    assert_eq!((unknown.status, unknown.problem()), (400, "invalid"), "{unknown:?}");
    let empty = plant.client.post(url("/commands/today_show")).bearer_auth(&secret);
    assert_eq!(answer(empty.send().await.unwrap()).await.status, 200, "no body is no argument");
    let large = json!({ "text": "x".repeat(17 * 1024 * 1024) });
    let sent = plant.post(&secret, "search", &large).send().await;
    // The door answers and hangs up while the rest still comes: either of both reaches the caller.
    if let Ok(response) = sent {
        assert_eq!(answer(response).await.problem(), "too_large");
    }
    assert_eq!(plant.give(&secret, "today_show", json!({})).await.status, 200);
}

#[tokio::test]
async fn health_and_the_description_need_no_token() {
    let plant = Plant::new().await;
    let get = |path: &str| plant.client.get(format!("{}{path}", plant.door.url()));
    assert_eq!(answer(get("/health").send().await.unwrap()).await.body, json!({ "status": "ok" }));
    let described = answer(get("/openapi.json").send().await.unwrap()).await;
    assert_eq!(described.body, millwright_http::document());
}

#[tokio::test]
async fn whoever_asks_too_often_waits_and_the_others_do_not() {
    let plant = Plant::new().await;
    let (hasty, calm) = (plant.annas().await, plant.token(create("board", None)).await);
    let mut last = None;
    for _ in 0..400 {
        let response = plant.post(&hasty, "no_such", &json!({})).send().await.unwrap();
        if response.status() == 429 {
            last = Some(response);
            break;
        }
    }
    let last = last.unwrap();
    assert_eq!(last.headers()["retry-after"], "1");
    assert_eq!(answer(last).await.problem(), "too_often");
    assert_eq!(plant.give(&calm, "today_show", json!({})).await.status, 200);
}

#[tokio::test]
async fn a_caller_that_never_ends_its_request_loses_its_place() {
    let plant = Plant::new().await;
    let address = plant.address();
    let slow = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream.write_all(b"POST /v1/commands/today_show HTTP/1.1\r\nHost: a\r\nX-Slow: ").unwrap();
        let started = std::time::Instant::now();
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).unwrap();
        started.elapsed()
    });
    let held = slow.await.unwrap();
    assert!(held < Duration::from_secs(20), "the door hung up after {held:?}");
}

#[tokio::test]
async fn another_interface_is_opened_with_tls_alone() {
    let world = World::new().await;
    let everywhere = "0.0.0.0:0".parse().unwrap();
    let refused = HttpDoor::open(&world.engine, everywhere, None).await.err().unwrap();
    assert!(matches!(refused, ListenError::NeedsTls { .. }), "{refused}");
    assert!(refused.to_string().contains("--http-cert"), "{refused}");

    let key = rcgen::KeyPair::generate().unwrap();
    let certificate =
        rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap().self_signed(&key).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (cert_file, key_file) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    std::fs::write(&cert_file, certificate.pem()).unwrap();
    std::fs::write(&key_file, key.serialize_pem()).unwrap();
    let other_key = folder.path().join("other.pem");
    std::fs::write(&other_key, rcgen::KeyPair::generate().unwrap().serialize_pem()).unwrap();
    assert!(Tls::read(&cert_file, &other_key).is_err(), "a key of another certificate");
    assert!(Tls::read(&key_file, &key_file).is_err(), "no certificate in it");

    let tls = Tls::read(&cert_file, &key_file).unwrap();
    let door = HttpDoor::open(&world.engine, everywhere, Some(tls)).await.unwrap();
    let url = door.url().replace("0.0.0.0", "localhost");
    assert!(url.starts_with("https://"), "{url}");
    let trusting = Client::builder()
        .add_root_certificate(reqwest::Certificate::from_pem(certificate.pem().as_bytes()).unwrap())
        .build()
        .unwrap();
    let healthy = trusting.get(format!("{url}/health")).send().await.unwrap();
    assert_eq!(healthy.status(), 200);
    let plain = Client::new().get(format!("{}/health", url.replace("https", "http"))).send().await;
    assert!(plain.is_err() || !plain.unwrap().status().is_success(), "nothing is said in the open");
}
