//! The broker: rumqttd on a thread of its own, on loopback, with one user.
//!
//! `Broker::start` takes a fixed address, blocks and cannot be stopped: the port is found first, and the broker ends
//! with this process.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::time::Duration;

use rumqttd::{Broker, Config, ConnectionSettings, RouterConfig, ServerSettings};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};

use crate::DemoError;
use crate::ready::Credentials;

/// The largest payload it takes, as large as the plant side reads.
const PAYLOAD_MAX_BYTES: usize = 16 * 1024 * 1024;
/// Each subscription may be this far behind before messages are lost to it: four segments of a mebibyte.
const SEGMENT_MAX_BYTES: usize = 1024 * 1024;
const SEGMENTS_MAX: usize = 4;
/// How often another port is tried when somebody took the free one in between.
const PORTS_TRIED_MAX: usize = 5;
const UP_WITHIN: Duration = Duration::from_secs(5);

/// Starts the broker; gives the port it listens on.
///
/// # Errors
/// When it does not come up on any of several free ports.
pub async fn start(credentials: &Credentials) -> Result<u16, DemoError> {
    let mut last = String::new();
    for _ in 0..PORTS_TRIED_MAX {
        let port = free_port()?;
        let config = config(port, credentials);
        let thread = std::thread::Builder::new()
            .name("broker".to_owned())
            .spawn(move || {
                if let Err(error) = Broker::new(config).start() {
                    tracing::error!("the broker ended: {error}");
                }
            })
            .map_err(DemoError::Socket)?;
        let until = Instant::now() + UP_WITHIN;
        // A server that cannot have its port ends its thread.
        while Instant::now() < until && !thread.is_finished() {
            if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_ok() {
                return Ok(port);
            }
            sleep(Duration::from_millis(10)).await;
        }
        last = format!("nothing listens on port {port}");
    }
    Err(DemoError::Broker(last))
}

fn free_port() -> Result<u16, DemoError> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(DemoError::Socket)?;
    Ok(listener.local_addr().map_err(DemoError::Socket)?.port())
}

fn config(port: u16, credentials: &Credentials) -> Config {
    let connections = ConnectionSettings {
        connection_timeout_ms: 5_000,
        max_payload_size: PAYLOAD_MAX_BYTES,
        max_inflight_count: 100,
        auth: Some(HashMap::from([(credentials.username.clone(), credentials.password.clone())])),
        external_auth: None,
        dynamic_filters: false,
    };
    let server = ServerSettings {
        name: "demo".to_owned(),
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
        tls: None,
        next_connection_delay_ms: 1,
        connections,
    };
    let router = RouterConfig {
        max_connections: 50,
        max_outgoing_packet_count: 200,
        max_segment_size: SEGMENT_MAX_BYTES,
        max_segment_count: SEGMENTS_MAX,
        // Without a subscription a publish would match nothing and be refused.
        initialized_filters: Some(vec!["#".to_owned()]),
        ..RouterConfig::default()
    };
    Config { router, v4: Some(HashMap::from([("demo".to_owned(), server)])), ..Config::default() }
}

#[cfg(test)]
mod tests {
    use rumqttc::{AsyncClient, Event, MqttOptions, Packet, QoS};

    use super::*;

    fn client(port: u16, id: &str, credentials: &Credentials) -> (AsyncClient, rumqttc::EventLoop) {
        let mut options = MqttOptions::new(id, "127.0.0.1", port);
        options.set_credentials(&credentials.username, &credentials.password);
        options.set_max_packet_size(PAYLOAD_MAX_BYTES, PAYLOAD_MAX_BYTES);
        AsyncClient::new(options, 10)
    }

    async fn next_publish(events: &mut rumqttc::EventLoop) -> (Vec<u8>, bool) {
        let wait = async {
            loop {
                if let Event::Incoming(Packet::Publish(publish)) = events.poll().await.unwrap() {
                    return (publish.payload.to_vec(), publish.retain);
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(20), wait).await.unwrap()
    }

    #[tokio::test]
    async fn a_wrong_password_is_refused_and_the_right_one_is_heard() {
        let credentials = Credentials::draw("plant").unwrap();
        let port = start(&credentials).await.unwrap();
        let wrong = Credentials { password: "guess".to_owned(), ..credentials.clone() };
        let (_client, mut events) = client(port, "intruder", &wrong);
        assert!(events.poll().await.is_err(), "a wrong password gets no connection");
        let (_client, mut events) = client(port, "right", &credentials);
        assert!(matches!(events.poll().await, Ok(Event::Incoming(Packet::ConnAck(_)))));
    }

    #[tokio::test]
    async fn retained_and_large_messages_arrive() {
        let credentials = Credentials::draw("plant").unwrap();
        let port = start(&credentials).await.unwrap();
        let (speaker, mut speaking) = client(port, "speaker", &credentials);
        speaker.publish("umh/v1/kept", QoS::AtLeastOnce, true, "kept").await.unwrap();
        while !matches!(speaking.poll().await.unwrap(), Event::Incoming(Packet::PubAck(_))) {}
        let (listener, mut heard) = client(port, "listener", &credentials);
        listener.subscribe("umh/v1/#", QoS::AtLeastOnce).await.unwrap();
        assert_eq!(next_publish(&mut heard).await, (b"kept".to_vec(), true));
        let large = vec![b'x'; 12 * 1024 * 1024];
        speaker.publish("umh/v1/large", QoS::AtLeastOnce, false, large.clone()).await.unwrap();
        let speaking = tokio::spawn(async move { while speaking.poll().await.is_ok() {} });
        let (payload, retained) = next_publish(&mut heard).await;
        assert!(payload == large && !retained, "{} bytes", payload.len());
        speaking.abort();
    }
}
