//! Why an ERP cannot be used is told from real failures on this machine, not from words.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::sync::Arc;
use std::time::Duration;

use millwright_erp::odata::{Login, Mapping, ODataConfig, ODataErp, SAP_V4};
use millwright_erp::tryton::{TrytonConfig, TrytonErp};
use millwright_erp::{ErpPort, Secret};
use millwright_model::Cause;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use url::Url;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

fn odata(root: &str) -> ODataErp {
    let (mapping, _) = Mapping::load(SAP_V4).unwrap();
    let login = Login::Basic { user: "planner".to_owned(), password: Secret::new("plant-secret") };
    let mut config = ODataConfig::new("S4", Url::parse(root).unwrap(), login, mapping);
    config.timeout = Duration::from_secs(1);
    config.plain_http_is_chosen = true;
    ODataErp::new(config).unwrap()
}

async fn cause_at(root: &str) -> Cause {
    odata(root).pull_changes(None).await.unwrap_err().trouble().cause
}

async fn cause_of_answer(answer: ResponseTemplate) -> Cause {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    cause_at(&server.uri()).await
}

/// A server with a certificate that no authority issued.
async fn self_signed() -> u16 {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // The other side hangs up as soon as it has seen the certificate.
            drop(acceptor.accept(stream).await);
        }
    });
    port
}

#[tokio::test]
async fn a_closed_port_an_unknown_name_and_a_stranger_s_certificate_are_told_apart() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed = listener.local_addr().unwrap().port();
    drop(listener);
    assert_eq!(cause_at(&format!("http://127.0.0.1:{closed}/")).await, Cause::ConnectionRefused);
    assert_eq!(cause_at("http://no-such-erp.invalid/").await, Cause::NameNotFound);
    let stranger = self_signed().await;
    assert_eq!(cause_at(&format!("https://localhost:{stranger}/")).await, Cause::CertificateUntrusted);
}

#[tokio::test]
async fn a_server_that_is_silent_and_one_that_hangs_up_are_told_apart() {
    let silent = ResponseTemplate::new(200).set_delay(Duration::from_secs(30));
    assert_eq!(cause_of_answer(silent).await, Cause::TimedOut);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move { while listener.accept().await.is_ok() {} });
    assert_eq!(cause_at(&format!("http://127.0.0.1:{port}/")).await, Cause::BrokeOff);
}

#[tokio::test]
async fn what_a_server_answers_is_told_by_its_status() {
    for (status, cause) in [
        (401, Cause::Credentials),
        (403, Cause::NotAllowed),
        (429, Cause::Busy),
        (503, Cause::ServerFailed { status: 503 }),
        (404, Cause::NotUnderstood),
        (302, Cause::NotUnderstood),
    ] {
        assert_eq!(cause_of_answer(ResponseTemplate::new(status)).await, cause, "{status}");
    }
    let no_odata = ResponseTemplate::new(200).set_body_string("<html>Welcome</html>");
    assert_eq!(cause_of_answer(no_odata).await, Cause::NotUnderstood);
}

#[tokio::test]
async fn tryton_that_refuses_the_password_and_tryton_that_fails_are_told_apart() {
    for (status, cause) in [
        (401, Cause::Credentials),
        (404, Cause::Settings),
        (429, Cause::Busy),
        (500, Cause::ServerFailed { status: 500 }),
        (200, Cause::NotUnderstood),
    ] {
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(ResponseTemplate::new(status)).mount(&server).await;
        let root = Url::parse(&server.uri()).unwrap();
        let secret = Secret::new("wrong");
        let config = TrytonConfig::new("tryton", root, "plant".to_owned(), "admin", secret);
        let erp = TrytonErp::new(config).unwrap();
        assert_eq!(erp.pull_changes(None).await.unwrap_err().trouble().cause, cause, "{status}");
    }
}
