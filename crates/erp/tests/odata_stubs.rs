//! What no installed server can be made to do: token servers, foreign links, circles, floods. Stubs stand in.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

mod support;

use std::time::Duration;

use millwright_erp::odata::{Login, Mapping, ODataConfig, ODataErp, SAP_V4};
use millwright_erp::{ErpError, ErpPort, KnownKeys, PushError, Secret};
use millwright_model::{Fact, PushOutcome, TimestampMs, WorkOrderStatus};
use serde_json::json;
use support::{op, order, plan};
use url::Url;
use wiremock::matchers::{body_string_contains, header, method, path, path_regex};
use wiremock::{Mock, MockServer, ResponseTemplate};

fn erp(server: &MockServer, login: Login, max_answer_bytes: usize) -> ODataErp {
    let (mapping, _) = Mapping::load(SAP_V4).unwrap();
    let mut config = ODataConfig::new("S4", Url::parse(&server.uri()).unwrap(), login, mapping);
    config.timeout = Duration::from_secs(2);
    config.max_answer_bytes = max_answer_bytes;
    ODataErp::new(config).unwrap()
}

fn client_credentials(server: &MockServer, secret: &str) -> Login {
    Login::ClientCredentials {
        token_url: Url::parse(&format!("{}/token", server.uri())).unwrap(),
        client_id: "millwright".to_owned(),
        client_secret: Secret::new(secret),
        scope: Some("maintenance read".to_owned()),
    }
}

fn token(text: &str, expires_in: u64) -> ResponseTemplate {
    ResponseTemplate::new(200)
        .set_body_json(json!({"access_token": text, "token_type": "Bearer", "expires_in": expires_in}))
}

fn empty_page() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({"value": []}))
}

#[tokio::test]
async fn an_access_token_is_kept_until_it_is_refused_and_then_fetched_once() {
    let server = MockServer::start().await;
    Mock::given(path("/token"))
        .and(body_string_contains("grant_type=client_credentials&scope=maintenance%20read"))
        .respond_with(token("first", 3600))
        .up_to_n_times(1)
        .expect(1)
        .mount(&server)
        .await;
    Mock::given(path("/token")).respond_with(token("second", 3600)).expect(1).mount(&server).await;
    Mock::given(path_regex("^/API"))
        .and(header("authorization", "Bearer first"))
        .respond_with(empty_page())
        .up_to_n_times(2)
        .mount(&server)
        .await;
    Mock::given(path_regex("^/API"))
        .and(header("authorization", "Bearer first"))
        .respond_with(ResponseTemplate::new(401))
        .expect(1)
        .mount(&server)
        .await;
    Mock::given(path_regex("^/API"))
        .and(header("authorization", "Bearer second"))
        .respond_with(empty_page())
        .mount(&server)
        .await;
    let erp = erp(&server, client_credentials(&server, "secret"), 1 << 20);
    let mut cursor = None;
    for _ in 0..4 {
        cursor = Some(erp.pull_changes(cursor.as_deref()).await.unwrap().next_cursor);
    }
}

#[tokio::test]
async fn a_token_that_ran_out_is_not_used() {
    let server = MockServer::start().await;
    Mock::given(path("/token")).respond_with(token("short", 1)).expect(2).mount(&server).await;
    Mock::given(path_regex("^/API")).respond_with(empty_page()).mount(&server).await;
    let erp = erp(&server, client_credentials(&server, "secret"), 1 << 20);
    let page = erp.pull_changes(None).await.unwrap();
    erp.pull_changes(Some(&page.next_cursor)).await.unwrap();
}

#[tokio::test]
async fn a_wrong_client_secret_is_said_plainly_and_nothing_is_sent() {
    let server = MockServer::start().await;
    Mock::given(path("/token"))
        .respond_with(
            ResponseTemplate::new(401).set_body_json(
                json!({"error": "invalid_client", "error_description": "Bad client credentials"}),
            ),
        )
        .mount(&server)
        .await;
    Mock::given(path_regex("^/API")).respond_with(empty_page()).expect(0).mount(&server).await;
    let erp = erp(&server, client_credentials(&server, "wrong"), 1 << 20);
    let error = erp.test_connection().await.unwrap_err().to_string();
    assert!(error.contains("«millwright» no access token (401: Bad client credentials)"), "{error}");
    assert!(!error.contains("wrong"), "no secret in a message: {error}");
}

#[tokio::test]
async fn a_link_to_another_server_is_not_followed() {
    let server = MockServer::start().await;
    let page = json!({"value": [], "@odata.nextLink": "https://evil.example/API?$skiptoken=1"});
    Mock::given(path_regex("^/API"))
        .respond_with(ResponseTemplate::new(200).set_body_json(page))
        .mount(&server)
        .await;
    let erp = erp(&server, Login::Anonymous, 1 << 20);
    let cursor = erp.pull_changes(None).await.unwrap().next_cursor;
    let error = erp.pull_changes(Some(&cursor)).await.unwrap_err();
    assert!(
        matches!(&error, ErpError::NotUnderstood(message) if message.contains("https://evil.example")),
        "{error}"
    );
}

#[tokio::test]
async fn a_server_that_links_in_circles_comes_to_an_end() {
    let server = MockServer::start().await;
    let page = json!({"value": [], "@odata.nextLink": "FunctionalLocation?$skiptoken=1"});
    Mock::given(path_regex("^/API"))
        .respond_with(ResponseTemplate::new(200).set_body_json(page))
        .mount(&server)
        .await;
    let erp = erp(&server, Login::Anonymous, 1 << 20);
    let cursor = erp.pull_changes(None).await.unwrap().next_cursor;
    let error = erp.pull_changes(Some(&cursor)).await.unwrap_err();
    assert!(matches!(&error, ErpError::NotUnderstood(message) if message.contains("circles")), "{error}");
}

#[tokio::test]
async fn an_answer_beyond_the_limit_is_refused() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(200).set_body_bytes(vec![b' '; 10_000]))
        .mount(&server)
        .await;
    let error = erp(&server, Login::Anonymous, 1000).pull_changes(None).await.unwrap_err();
    assert!(
        matches!(&error, ErpError::Unreachable(trouble) if trouble.said.contains("larger than 1000")),
        "{error}"
    );
}

#[tokio::test]
async fn what_an_answer_says_decides_whether_the_step_may_have_had_an_effect() {
    let fact = Fact::OrderStatusChanged {
        op_id: op(),
        order: order("4000003"),
        from: WorkOrderStatus::Planned,
        to: WorkOrderStatus::Released,
        text: String::new(),
        at: TimestampMs(0),
    };
    let error = json!({"error": {"message": "Order is locked by MILLER"}});
    for (status, expected) in [
        (400, "rejected"),
        (401, "not sent"),
        (403, "not sent"),
        (408, "unknown"),
        (429, "not sent"),
        (500, "unknown"),
        (502, "unknown"),
        (503, "unknown"),
        (504, "unknown"),
    ] {
        let server = MockServer::start().await;
        let row =
            json!({"MaintenanceOrder": "4000003", "MaintOrdProcessPhaseCode": "00", "@odata.etag": "1"});
        Mock::given(method("GET"))
            .respond_with(ResponseTemplate::new(200).set_body_json(row))
            .mount(&server)
            .await;
        Mock::given(method("POST"))
            .respond_with(ResponseTemplate::new(status).set_body_json(&error))
            .mount(&server)
            .await;
        let erp = erp(&server, Login::Anonymous, 1 << 20);
        let outcome = erp.push(&plan(&erp, vec![fact.clone()])[0], &KnownKeys::default()).await;
        let said = match &outcome {
            Err(PushError::NotSent(_)) => "not sent",
            Err(PushError::Unknown(_)) => "unknown",
            Ok(PushOutcome::Rejected { message }) if message == "Order is locked by MILLER" => "rejected",
            _ => "something else",
        };
        assert_eq!(said, expected, "{status}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_server_that_never_answers_a_write_leaves_it_unknown() {
    let server = MockServer::start().await;
    let row = json!({"MaintenanceOrder": "4000003", "MaintOrdProcessPhaseCode": "00", "@odata.etag": "1"});
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(200).set_body_json(row))
        .mount(&server)
        .await;
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(204).set_delay(Duration::from_secs(30)))
        .mount(&server)
        .await;
    let erp = erp(&server, Login::Anonymous, 1 << 20);
    let fact = Fact::OrderStatusChanged {
        op_id: op(),
        order: order("4000003"),
        from: WorkOrderStatus::Planned,
        to: WorkOrderStatus::Released,
        text: String::new(),
        at: TimestampMs(0),
    };
    let outcome = erp.push(&plan(&erp, vec![fact])[0], &KnownKeys::default()).await;
    assert!(
        matches!(&outcome, Err(PushError::Unknown(trouble)) if trouble.said.contains("in time")),
        "{outcome:?}"
    );
}
