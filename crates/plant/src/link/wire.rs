//! The client library behind one small face: both versions of MQTT give the same events.

use std::sync::Arc;

use bytes::Bytes;
use millwright_model::{Cause, Trouble};
use rumqttc::v5;
use rumqttc::{Event, Outgoing, Packet};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::announce::Notice;
use super::config::{Credentials, LinkConfig, ProtocolVersion, SessionKind, Transport};
use super::{LinkProblem, Qos};

/// Requests the library queues for us; our own window of publishes is far below it.
const REQUESTS: usize = 256;
/// With a kept session an acknowledgement may wait for every packet id there is; the queue grows only as needed.
const REQUESTS_WITH_RECEIPTS: usize = 70_000;
/// Packet ids the library uses in turn; far above our window, so that they never collide.
const PACKET_IDS: u16 = 1000;

/// What came from the wire.
#[derive(Debug)]
pub(super) enum WireEvent {
    Connected {
        session_present: bool,
    },
    Message {
        topic: String,
        payload: Bytes,
        retained: bool,
        /// Awaits our acknowledgement, in a kept session; 0 for QoS 0 and in a clean one.
        packet_id: u16,
    },
    /// A publish of ours was written; 0 for QoS 0.
    Written {
        packet_id: u16,
    },
    /// A publish of ours was acknowledged, or refused for this.
    Acknowledged {
        packet_id: u16,
        refused: Option<Trouble>,
    },
    /// Each filter of the oldest open subscription: whether it was granted.
    Subscribed {
        granted: Vec<bool>,
    },
    Disconnected,
    /// Signs of life and steps we do not act on.
    Other,
}

/// The sending side; every call returns at once.
pub(super) enum Sender {
    V4(rumqttc::AsyncClient),
    V5(v5::AsyncClient),
}

/// The side that must be polled for anything to happen.
pub(super) enum Poller {
    V4(Box<rumqttc::EventLoop>),
    V5(Box<v5::EventLoop>),
}

pub(super) fn open(
    config: &LinkConfig,
    credentials: &Credentials,
    will: Option<&Notice>,
) -> Result<(Sender, Poller), LinkProblem> {
    let transport = transport(config, credentials)?;
    let address = address(config);
    let login =
        credentials.username.clone().map(|name| (name, credentials.password.clone().unwrap_or_default()));
    let requests = if config.session.is_kept() { REQUESTS_WITH_RECEIPTS } else { REQUESTS };
    match config.protocol {
        ProtocolVersion::V311 => {
            let mut options = rumqttc::MqttOptions::new(&config.client_id, address, config.port);
            let limit = config.max_packet_bytes as usize;
            options
                .set_transport(transport)
                .set_keep_alive(config.keep_alive())
                .set_clean_session(!config.session.is_kept())
                .set_manual_acks(config.session.is_kept())
                .set_inflight(PACKET_IDS)
                .set_max_packet_size(limit, limit);
            if let Some(will) = will {
                let qos = rumqttc::QoS::AtLeastOnce;
                options.set_last_will(rumqttc::LastWill::new(&will.topic, will.payload.clone(), qos, true));
            }
            if let Some((name, password)) = login {
                options.set_credentials(name, password);
            }
            let (client, mut event_loop) = rumqttc::AsyncClient::new(options, requests);
            event_loop.network_options.set_connection_timeout(u64::from(config.timings.connect_timeout_s));
            Ok((Sender::V4(client), Poller::V4(Box::new(event_loop))))
        }
        ProtocolVersion::V5 => {
            let mut options = v5::MqttOptions::new(&config.client_id, address, config.port);
            options
                .set_transport(transport)
                .set_keep_alive(config.keep_alive())
                .set_clean_start(!config.session.is_kept())
                .set_manual_acks(config.session.is_kept())
                .set_max_packet_size(Some(config.max_packet_bytes))
                .set_connection_timeout(u64::from(config.timings.connect_timeout_s))
                .set_outgoing_inflight_upper_limit(PACKET_IDS);
            match &config.session {
                SessionKind::Clean => {
                    options.set_session_expiry_interval(Some(0));
                }
                SessionKind::Kept { expiry_s, receive_maximum, former: _ } => {
                    options.set_session_expiry_interval(Some(*expiry_s));
                    options.set_receive_maximum(Some(*receive_maximum));
                }
            }
            if let Some(will) = will {
                let qos = v5::mqttbytes::QoS::AtLeastOnce;
                let payload = will.payload.clone();
                options.set_last_will(v5::mqttbytes::v5::LastWill::new(
                    &will.topic,
                    payload,
                    qos,
                    true,
                    None,
                ));
            }
            if let Some((name, password)) = login {
                options.set_credentials(name, password);
            }
            let (client, event_loop) = v5::AsyncClient::new(options, requests);
            Ok((Sender::V5(client), Poller::V5(Box::new(event_loop))))
        }
    }
}

/// The library takes a bare host for sockets and a whole URL for WebSockets.
fn address(config: &LinkConfig) -> String {
    let host = if config.host.contains(':') && !config.host.starts_with('[') {
        format!("[{}]", config.host)
    } else {
        config.host.clone()
    };
    let url = |scheme, path: &str| {
        format!("{scheme}://{host}:{}/{}", config.port, path.strip_prefix('/').unwrap_or(path))
    };
    match &config.transport {
        Transport::Tcp => host,
        // TLS checks the certificate against this text: no brackets.
        Transport::Tls => config.host.clone(),
        Transport::WebSocket { path } => url("ws", path),
        Transport::WebSocketTls { path } => url("wss", path),
    }
}

fn transport(config: &LinkConfig, credentials: &Credentials) -> Result<rumqttc::Transport, LinkProblem> {
    let tls = || tls_config(config, credentials).map(rumqttc::TlsConfiguration::Rustls);
    Ok(match config.transport {
        Transport::Tcp => rumqttc::Transport::Tcp,
        Transport::Tls => rumqttc::Transport::tls_with_config(tls()?),
        Transport::WebSocket { .. } => rumqttc::Transport::Ws,
        Transport::WebSocketTls { .. } => rumqttc::Transport::wss_with_config(tls()?),
    })
}

fn tls_config(
    config: &LinkConfig,
    credentials: &Credentials,
) -> Result<Arc<rustls::ClientConfig>, LinkProblem> {
    let mut roots = rustls::RootCertStore::empty();
    match &config.tls.ca_pem {
        Some(pem) => {
            for certificate in certificates(pem, "certificate authority")? {
                roots.add(certificate).map_err(|error| LinkProblem::Settings {
                    detail: format!("the certificate authority cannot be used: {error}"),
                })?;
            }
        }
        None => {
            let found = rustls_native_certs::load_native_certs();
            roots.add_parsable_certificates(found.certs);
        }
    }
    if roots.is_empty() {
        return Err(LinkProblem::Settings { detail: "there is no certificate authority to trust".into() });
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| LinkProblem::Tls { detail: error.to_string() })?
        .with_root_certificates(roots);
    let built = match (&config.tls.client_certificate_pem, &credentials.client_key_pem) {
        (None, None) => builder.with_no_client_auth(),
        (Some(certificate), Some(key)) => {
            let chain = certificates(certificate, "certificate of this device")?;
            let key = PrivateKeyDer::from_pem_slice(key).map_err(|error| LinkProblem::Settings {
                detail: format!("the private key of this device cannot be read: {error}"),
            })?;
            builder.with_client_auth_cert(chain, key).map_err(|error| LinkProblem::Settings {
                detail: format!("the certificate of this device and its key do not go together: {error}"),
            })?
        }
        (Some(_), None) => {
            return Err(LinkProblem::Settings { detail: "the certificate of this device has no key".into() });
        }
        (None, Some(_)) => {
            return Err(LinkProblem::Settings { detail: "the key of this device has no certificate".into() });
        }
    };
    Ok(Arc::new(built))
}

fn certificates(pem: &[u8], what: &str) -> Result<Vec<CertificateDer<'static>>, LinkProblem> {
    let wrong =
        |detail: String| LinkProblem::Settings { detail: format!("the {what} cannot be read: {detail}") };
    let found: Vec<_> = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .map_err(|error| wrong(error.to_string()))?;
    if found.is_empty() { Err(wrong("there is none in the file".into())) } else { Ok(found) }
}

/// The library's queue is full: try again after the next event.
#[derive(Debug)]
pub(super) struct QueueFull;

impl Sender {
    pub fn subscribe(&self, filters: &[String]) -> Result<(), QueueFull> {
        match self {
            Self::V4(client) => {
                client
                    .try_subscribe_many(filters.iter().map(|filter| {
                        rumqttc::SubscribeFilter::new(filter.clone(), rumqttc::QoS::AtLeastOnce)
                    }))
                    .map_err(|_full_or_gone| QueueFull)
            }
            Self::V5(client) => client
                .try_subscribe_many(filters.iter().map(|filter| {
                    v5::mqttbytes::v5::Filter::new(filter.clone(), v5::mqttbytes::QoS::AtLeastOnce)
                }))
                .map_err(|_full_or_gone| QueueFull),
        }
    }

    pub fn publish(&self, topic: &str, bytes: &Bytes, qos: Qos, retain: bool) -> Result<(), QueueFull> {
        match self {
            Self::V4(client) => {
                let qos = match qos {
                    Qos::AtMostOnce => rumqttc::QoS::AtMostOnce,
                    Qos::AtLeastOnce => rumqttc::QoS::AtLeastOnce,
                };
                client.try_publish(topic, qos, retain, bytes.clone()).map_err(|_full_or_gone| QueueFull)
            }
            Self::V5(client) => {
                let qos = match qos {
                    Qos::AtMostOnce => v5::mqttbytes::QoS::AtMostOnce,
                    Qos::AtLeastOnce => v5::mqttbytes::QoS::AtLeastOnce,
                };
                client.try_publish(topic, qos, retain, bytes.clone()).map_err(|_full_or_gone| QueueFull)
            }
        }
    }

    /// Tells the broker that a message of its kept session is safe.
    pub fn acknowledge(&self, packet_id: u16) -> Result<(), QueueFull> {
        match self {
            Self::V4(client) => {
                let mut message = rumqttc::Publish::new("", rumqttc::QoS::AtLeastOnce, Vec::new());
                message.pkid = packet_id;
                client.try_ack(&message).map_err(|_full_or_gone| QueueFull)
            }
            Self::V5(client) => {
                let qos = v5::mqttbytes::QoS::AtLeastOnce;
                let mut message = v5::mqttbytes::v5::Publish::new("", qos, Vec::new(), None);
                message.pkid = packet_id;
                client.try_ack(&message).map_err(|_full_or_gone| QueueFull)
            }
        }
    }

    pub fn unsubscribe(&self, filter: &str) -> Result<(), QueueFull> {
        match self {
            Self::V4(client) => client.try_unsubscribe(filter).map_err(|_full_or_gone| QueueFull),
            Self::V5(client) => client.try_unsubscribe(filter).map_err(|_full_or_gone| QueueFull),
        }
    }

    pub fn disconnect(&self) -> Result<(), QueueFull> {
        match self {
            Self::V4(client) => client.try_disconnect().map_err(|_full_or_gone| QueueFull),
            Self::V5(client) => client.try_disconnect().map_err(|_full_or_gone| QueueFull),
        }
    }
}

impl Poller {
    pub async fn poll(&mut self, config: &LinkConfig) -> Result<WireEvent, LinkProblem> {
        match self {
            Self::V4(event_loop) => match event_loop.poll().await {
                Ok(event) => Ok(from_v4(event)),
                Err(error) => Err(LinkProblem::from_v4(&error, config)),
            },
            Self::V5(event_loop) => match event_loop.poll().await {
                Ok(event) => Ok(from_v5(event)),
                Err(error) => Err(LinkProblem::from_v5(&error, config)),
            },
        }
    }

    /// What was read in one go with the error that ended the connection.
    pub fn leftovers(&mut self) -> Vec<WireEvent> {
        match self {
            Self::V4(event_loop) => event_loop.state.events.drain(..).map(from_v4).collect(),
            Self::V5(event_loop) => event_loop.state.events.drain(..).map(from_v5).collect(),
        }
    }
}

fn from_v4(event: Event) -> WireEvent {
    match event {
        Event::Outgoing(outgoing) => from_outgoing(&outgoing),
        Event::Incoming(packet) => match packet {
            Packet::ConnAck(ack) => WireEvent::Connected { session_present: ack.session_present },
            Packet::Publish(publish) => WireEvent::Message {
                topic: publish.topic,
                payload: publish.payload,
                retained: publish.retain,
                packet_id: publish.pkid,
            },
            Packet::PubAck(ack) => WireEvent::Acknowledged { packet_id: ack.pkid, refused: None },
            Packet::SubAck(ack) => WireEvent::Subscribed {
                granted: ack
                    .return_codes
                    .iter()
                    .map(|code| matches!(code, rumqttc::SubscribeReasonCode::Success(_)))
                    .collect(),
            },
            _ => WireEvent::Other,
        },
    }
}

fn from_v5(event: v5::Event) -> WireEvent {
    use v5::mqttbytes::v5::SubscribeReasonCode;
    match event {
        v5::Event::Outgoing(outgoing) => from_outgoing(&outgoing),
        v5::Event::Incoming(packet) => match packet {
            v5::Incoming::ConnAck(ack) => WireEvent::Connected { session_present: ack.session_present },
            v5::Incoming::Publish(publish) => WireEvent::Message {
                topic: String::from_utf8_lossy(&publish.topic).into_owned(),
                payload: publish.payload,
                retained: publish.retain,
                packet_id: publish.pkid,
            },
            v5::Incoming::PubAck(ack) => {
                WireEvent::Acknowledged { packet_id: ack.pkid, refused: refusal(ack.reason) }
            }
            v5::Incoming::SubAck(ack) => WireEvent::Subscribed {
                granted: ack
                    .return_codes
                    .iter()
                    .map(|code| matches!(code, SubscribeReasonCode::Success(_)))
                    .collect(),
            },
            _ => WireEvent::Other,
        },
    }
}

/// What a reason for a publish of ours says, where it is a refusal.
fn refusal(reason: v5::mqttbytes::v5::PubAckReason) -> Option<Trouble> {
    use v5::mqttbytes::v5::PubAckReason as Reason;
    let cause = match reason {
        Reason::Success | Reason::NoMatchingSubscribers => return None,
        Reason::NotAuthorized => Cause::NotAllowed,
        Reason::QuotaExceeded => Cause::Busy,
        Reason::TopicNameInvalid => Cause::Settings,
        Reason::UnspecifiedError
        | Reason::ImplementationSpecificError
        | Reason::PacketIdentifierInUse
        | Reason::PayloadFormatInvalid => Cause::SaysNo,
    };
    Some(Trouble::new(cause, format!("{reason:?}")))
}

fn from_outgoing(outgoing: &Outgoing) -> WireEvent {
    match outgoing {
        Outgoing::Publish(packet_id) => WireEvent::Written { packet_id: *packet_id },
        Outgoing::Disconnect => WireEvent::Disconnected,
        _ => WireEvent::Other,
    }
}
