//! Links that are not encrypted: a reason, a name, an op, a badge, and no password that was given for something else.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot set up its world fails"
)]

mod common;

use common::World;
use millwright_engine::Handle;
use millwright_model::*;

fn broker(host: &str, transport: PlantTransport, reason: Option<&str>) -> PlantConnection {
    PlantConnection {
        host: host.into(),
        port: 1883,
        transport,
        mqtt5: false,
        username: Some("millwright".into()),
        ca_pem: None,
        client_certificate_pem: None,
        filters: vec!["umh/v1/#".into()],
        event_root: None,
        listen_only: true,
        sparkplug_host_id: None,
        tags_max: None,
        plain_reason: reason.map(str::to_owned),
    }
}

async fn save(world: &World, connection: PlantConnection, password: Option<&str>) -> Result<(), ApiError> {
    let password = password.map(str::to_owned);
    let command = PlantConnectionSave { connection: Some(connection), password, client_key_pem: None };
    world.engine.handle(command).await
}

async fn badges(world: &World) -> Vec<PlainLink> {
    world.engine.handle(AppStatus {}).await.unwrap().sync.plain_links
}

#[tokio::test]
async fn accepting_a_plain_link_asks_a_reason_and_the_password_and_is_kept_with_the_name() {
    let world = World::new().await;
    save(&world, broker("broker.example", PlantTransport::Tls, None), Some("secret")).await.unwrap();
    assert!(badges(&world).await.is_empty());

    let unreasoned = save(&world, broker("broker.example", PlantTransport::Tcp, None), Some("secret")).await;
    assert_eq!(unreasoned.unwrap_err().code, Code::Invalid);
    let reason = Some("own cable, no switch between");
    let kept_password = save(&world, broker("broker.example", PlantTransport::Tcp, reason), None).await;
    let refused = kept_password.unwrap_err();
    assert!(refused.message.contains("unencrypted"), "{}", refused.message);
    assert!(badges(&world).await.is_empty(), "a refusal changes nothing");

    save(&world, broker("broker.example", PlantTransport::Tcp, reason), Some("secret")).await.unwrap();
    let shown = badges(&world).await;
    assert_eq!(shown.len(), 1);
    assert_eq!(
        (shown[0].host.as_str(), shown[0].accepted_by.as_deref()),
        ("broker.example", Some("Anna Weber"))
    );
    // The same again is no news, and the password it was given for may be used.
    save(&world, broker("broker.example", PlantTransport::Tcp, reason), None).await.unwrap();

    let another = save(&world, broker("other.example", PlantTransport::Tcp, reason), None).await;
    assert_eq!(another.unwrap_err().code, Code::Invalid, "another host is another question");

    save(&world, broker("broker.example", PlantTransport::Tls, None), None).await.unwrap();
    assert!(badges(&world).await.is_empty(), "the badge goes with the plain link");
}

#[tokio::test]
async fn the_log_holds_who_accepted_and_why() {
    let world = World::new().await;
    let reason = Some("test bench");
    save(&world, broker("10.0.0.7", PlantTransport::WebSocket, reason), Some("secret")).await.unwrap();
    let mut session = world.engine.database().read().await.unwrap();
    let consent = session.plain_consent(DeliveryTarget::Broker).await.unwrap().unwrap();
    let id = (Entity::PlainConsent, consent.plain_consent_id.0);
    let stored = session.txns_of_records(&[id].into(), 10).await.unwrap();
    let txn = stored[0].txn().unwrap();
    assert_eq!(txn.reason.as_deref(), Some("test bench"));
    assert_eq!(txn.ops[0].actor.person_id(), Some(consent.accepted_by));
    assert_eq!(txn.ops[0].fields["host"].to, "10.0.0.7");
}

#[tokio::test]
async fn nobody_accepts_a_plain_link_without_a_name() {
    let world = World::new().await;
    world.engine.handle(PersonPick { person_id: None }).await.unwrap();
    let reason = Some("test bench");
    let refused = save(&world, broker("10.0.0.7", PlantTransport::Tcp, reason), Some("secret")).await;
    assert_eq!(refused.unwrap_err().code, Code::NoActor);
}

#[tokio::test]
async fn a_link_within_this_machine_is_nobodys_business() {
    let world = World::new().await;
    save(&world, broker("127.0.0.1", PlantTransport::Tcp, None), Some("secret")).await.unwrap();
    save(&world, broker("127.0.0.1", PlantTransport::Tcp, None), None).await.unwrap();
    assert!(badges(&world).await.is_empty());
}

#[tokio::test]
async fn an_erp_or_its_token_address_over_http_is_asked_about_too() {
    let world = World::new().await;
    let mut connection = ErpConnection {
        protocol: ErpProtocol::ODataV2,
        url: "https://erp.example/sap".into(),
        system: "erp".into(),
        username: "client".into(),
        token_url: Some("http://tokens.example/token".into()),
        mapping_toml: None,
        request_limit_s: None,
        plain_reason: None,
    };
    let save = |connection: ErpConnection| ErpConnectionSave {
        connection: Some(connection),
        password: Some("secret".into()),
    };
    assert_eq!(world.engine.handle(save(connection.clone())).await.unwrap_err().code, Code::Invalid);
    connection.plain_reason = Some("the token server is next door".into());
    world.engine.handle(save(connection)).await.unwrap();
    let shown = badges(&world).await;
    assert_eq!((shown[0].target, shown[0].host.as_str()), (DeliveryTarget::Erp, "tokens.example"));
}

#[tokio::test]
async fn a_key_file_is_kept_as_a_secret_and_what_is_no_key_is_refused() {
    let world = World::new().await;
    let connection = broker("broker.example", PlantTransport::Tls, None);
    let with_key = |pem: &str| PlantConnectionSave {
        connection: Some(connection.clone()),
        password: Some("secret".into()),
        client_key_pem: Some(pem.to_owned()),
    };
    let refused = world.engine.handle(with_key("-----BEGIN CERTIFICATE-----\nAAAA\n")).await.unwrap_err();
    assert_eq!(refused.code, Code::Invalid);
    assert!(!world.engine.handle(ConnectionsShow {}).await.unwrap().plant_key_kept);
    let pem = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ\n-----END PRIVATE KEY-----\n";
    world.engine.handle(with_key(pem)).await.unwrap();
    let shown = world.engine.handle(ConnectionsShow {}).await.unwrap();
    assert!(shown.plant_key_kept);
    assert!(!serde_json::to_string(&shown).unwrap().contains("PRIVATE"), "nobody gets it back");
    for entry in
        std::fs::read_dir(world.engine.path()).unwrap().flatten().filter(|entry| entry.path().is_file())
    {
        let bytes = std::fs::read(entry.path()).unwrap_or_default();
        assert!(
            !bytes.windows(18).any(|window| window == b"MC4CAQAwBQYDK2VwBC"),
            "{}",
            entry.path().display()
        );
    }
}
