//! Why a link is down, in words for a person: what happened and what to do.

use std::error::Error as StdError;
use std::io;

use millwright_model::{Cause, Trouble};
use rumqttc::v5;
use rustls::{AlertDescription, CertificateError};

use super::config::LinkConfig;

/// Why there is no link.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkProblem {
    /// The settings cannot work.
    #[error("The settings cannot work: {detail}.")]
    Settings {
        /// What is wrong.
        detail: String,
    },
    /// No such name.
    #[error(
        "The name «{host}» was not found. Check its spelling and whether this device is in the plant's network."
    )]
    NameNotFound {
        /// The name.
        host: String,
    },
    /// Nothing listens there.
    #[error(
        "«{host}» answers, but nothing listens at port {port}. Check the port and whether the broker runs."
    )]
    Refused {
        /// The host.
        host: String,
        /// The port.
        port: u16,
    },
    /// No way there.
    #[error("«{host}» cannot be reached ({detail}). Check the network and any firewall.")]
    Unreachable {
        /// The host.
        host: String,
        /// The system's words.
        detail: String,
    },
    /// No answer in time.
    #[error("«{host}» did not answer in time. Check the network; the broker may be overloaded.")]
    TimedOut {
        /// The host.
        host: String,
    },
    /// The broker's certificate is not vouched for.
    #[error(
        "The broker's certificate is not trusted ({detail}). Choose the plant's certificate authority in the settings."
    )]
    CertificateNotTrusted {
        /// The check that failed.
        detail: String,
    },
    /// The broker's certificate is for another name.
    #[error(
        "The broker's certificate is not for the name «{host}». Use the name that stands in the certificate."
    )]
    CertificateName {
        /// The name we used.
        host: String,
    },
    /// The broker's certificate is not valid today.
    #[error(
        "The broker's certificate is expired or not valid yet. Check this device's clock, or have it renewed."
    )]
    CertificateDates,
    /// Our own certificate is missing or refused.
    #[error(
        "The broker did not take this device's certificate ({detail}). Choose one that the broker's authority issued."
    )]
    ClientCertificate {
        /// What it said.
        detail: String,
    },
    /// TLS failed otherwise.
    #[error("No encrypted connection came about ({detail}). Check that this port speaks TLS.")]
    Tls {
        /// What failed.
        detail: String,
    },
    /// Wrong user or password.
    #[error("The broker did not take this user name and password. Enter them again.")]
    Credentials,
    /// Known, but not allowed.
    #[error(
        "The broker does not allow this. Check the user name and password, or ask for the right to connect."
    )]
    NotAuthorized,
    /// The client id is not taken.
    #[error("The broker does not take the client id «{client_id}». Choose another one.")]
    ClientId {
        /// The id.
        client_id: String,
    },
    /// Another connection has our client id.
    #[error("Another device connected with the client id «{client_id}». Every device needs its own.")]
    ClientIdTaken {
        /// The id.
        client_id: String,
    },
    /// The broker cannot serve now.
    #[error("The broker is there but cannot serve now. It is tried again.")]
    BrokerUnavailable,
    /// The broker does not speak this version.
    #[error("The broker does not speak this version of MQTT. Choose the other one.")]
    ProtocolVersion,
    /// A message above the limit.
    #[error(
        "A message of {bytes} bytes came, more than the {limit} that are taken. It is looked for and left out; \
         with MQTT 5 the broker would hold it back."
    )]
    PacketTooLarge {
        /// Its size.
        bytes: u64,
        /// The limit.
        limit: u32,
    },
    /// The other side closed.
    #[error(
        "The broker closed the connection. If this repeats, another device may use the same client id, \
         or the port expects encryption."
    )]
    Closed,
    /// The WebSocket did not come about.
    #[error("The WebSocket did not open ({detail}). Check the path and that this port speaks WebSocket.")]
    WebSocket {
        /// What failed.
        detail: String,
    },
    /// Not MQTT.
    #[error(
        "The other side does not follow the MQTT protocol ({detail}). Check that this port is a broker's."
    )]
    Protocol {
        /// What failed.
        detail: String,
    },
}

impl LinkProblem {
    /// Why, as every face can say it.
    pub fn cause(&self) -> Cause {
        match self {
            Self::Settings { .. } => Cause::Settings,
            Self::NameNotFound { .. } => Cause::NameNotFound,
            Self::Refused { .. } => Cause::ConnectionRefused,
            Self::Unreachable { .. } => Cause::NoRoute,
            Self::TimedOut { .. } => Cause::TimedOut,
            Self::CertificateNotTrusted { .. } => Cause::CertificateUntrusted,
            Self::CertificateName { .. } => Cause::CertificateName,
            Self::CertificateDates => Cause::CertificateDates,
            Self::ClientCertificate { .. } => Cause::OwnCertificate,
            Self::Tls { .. } => Cause::NotEncrypted,
            Self::Credentials => Cause::Credentials,
            Self::NotAuthorized => Cause::NotAllowed,
            Self::ClientId { .. } => Cause::ClientId,
            Self::ClientIdTaken { .. } => Cause::ClientIdTaken,
            Self::BrokerUnavailable => Cause::Busy,
            Self::ProtocolVersion => Cause::Version,
            Self::PacketTooLarge { .. } => Cause::TooLarge,
            Self::Closed => Cause::BrokeOff,
            Self::WebSocket { .. } | Self::Protocol { .. } => Cause::NotUnderstood,
        }
    }

    /// Why, with our words for it.
    pub fn trouble(&self) -> Trouble {
        Trouble::new(self.cause(), self.to_string())
    }

    pub(super) fn timed_out(config: &LinkConfig) -> Self {
        Self::TimedOut { host: config.host.clone() }
    }

    pub(super) fn from_v4(error: &rumqttc::ConnectionError, config: &LinkConfig) -> Self {
        use rumqttc::{ConnectReturnCode as Code, ConnectionError as Error};
        match error {
            Error::ConnectionRefused(code) => match code {
                Code::BadUserNamePassword => Self::Credentials,
                Code::NotAuthorized => Self::NotAuthorized,
                Code::BadClientId => Self::ClientId { client_id: config.client_id.clone() },
                Code::ServiceUnavailable => Self::BrokerUnavailable,
                Code::RefusedProtocolVersion => Self::ProtocolVersion,
                Code::Success => Self::Protocol { detail: "refused with success".into() },
            },
            Error::NetworkTimeout | Error::FlushTimeout => Self::timed_out(config),
            Error::RequestsDone => Self::Closed,
            other => Self::from_chain(other, config),
        }
    }

    pub(super) fn from_v5(error: &v5::ConnectionError, config: &LinkConfig) -> Self {
        use v5::ConnectionError as Error;
        use v5::mqttbytes::v5::ConnectReturnCode as Code;
        match error {
            Error::ConnectionRefused(code) => match code {
                Code::BadUserNamePassword | Code::BadAuthenticationMethod => Self::Credentials,
                Code::NotAuthorized | Code::Banned => Self::NotAuthorized,
                Code::BadClientId | Code::ClientIdentifierNotValid => {
                    Self::ClientId { client_id: config.client_id.clone() }
                }
                Code::ServiceUnavailable
                | Code::ServerUnavailable
                | Code::ServerBusy
                | Code::ConnectionRateExceeded
                | Code::QuotaExceeded => Self::BrokerUnavailable,
                Code::RefusedProtocolVersion | Code::UnsupportedProtocolVersion => Self::ProtocolVersion,
                other => Self::Protocol { detail: format!("{other:?}") },
            },
            Error::Timeout(_) => Self::timed_out(config),
            Error::RequestsDone => Self::Closed,
            other => Self::from_chain(other, config),
        }
    }

    /// Looks through an error and its causes for the first that says something definite.
    pub(super) fn from_chain(error: &(dyn StdError + 'static), config: &LinkConfig) -> Self {
        Self::search(error, config).unwrap_or_else(|| {
            let detail = error.to_string();
            if detail.to_lowercase().contains("websocket") {
                Self::WebSocket { detail }
            } else {
                Self::Protocol { detail }
            }
        })
    }

    fn search(error: &(dyn StdError + 'static), config: &LinkConfig) -> Option<Self> {
        let mut next = Some(error);
        while let Some(cause) = next {
            if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
                return Some(Self::from_tls(tls, config));
            }
            if let Some(io) = cause.downcast_ref::<io::Error>() {
                return io
                    .get_ref()
                    .and_then(|inner| Self::search(inner, config))
                    .or_else(|| Some(Self::from_io(io, config)));
            }
            if let Some(state) = cause.downcast_ref::<rumqttc::StateError>() {
                match state {
                    rumqttc::StateError::ConnectionAborted => return Some(Self::Closed),
                    rumqttc::StateError::AwaitPingResp => return Some(Self::timed_out(config)),
                    _ => {}
                }
            }
            if let Some(rumqttc::mqttbytes::Error::PayloadSizeLimitExceeded(bytes)) = cause.downcast_ref() {
                return Some(Self::PacketTooLarge { bytes: *bytes as u64, limit: config.max_packet_bytes });
            }
            if let Some(state) = cause.downcast_ref::<v5::StateError>()
                && let Some(problem) = Self::from_v5_state(state, config)
            {
                return Some(problem);
            }
            next = cause.source();
        }
        None
    }

    fn from_v5_state(state: &v5::StateError, config: &LinkConfig) -> Option<Self> {
        use v5::mqttbytes::Error as Bytes;
        use v5::mqttbytes::v5::DisconnectReasonCode as Reason;
        match state {
            v5::StateError::ConnectionAborted => Some(Self::Closed),
            v5::StateError::AwaitPingResp => Some(Self::timed_out(config)),
            v5::StateError::Deserialization(Bytes::PayloadSizeLimitExceeded { pkt_size, max }) => {
                Some(Self::PacketTooLarge { bytes: *pkt_size as u64, limit: *max })
            }
            v5::StateError::IncomingPacketTooLarge { pkt_size, max: _ } => {
                Some(Self::PacketTooLarge { bytes: *pkt_size as u64, limit: config.max_packet_bytes })
            }
            v5::StateError::Deserialization(Bytes::Io(io)) | v5::StateError::Io(io) => Some(
                io.get_ref()
                    .and_then(|inner| Self::search(inner, config))
                    .unwrap_or_else(|| Self::from_io(io, config)),
            ),
            v5::StateError::ServerDisconnect { reason_code, reason_string } => Some(match reason_code {
                Reason::SessionTakenOver => Self::ClientIdTaken { client_id: config.client_id.clone() },
                Reason::NotAuthorized => Self::NotAuthorized,
                Reason::ServerBusy | Reason::ServerShuttingDown | Reason::ConnectionRateExceeded => {
                    Self::BrokerUnavailable
                }
                Reason::KeepAliveTimeout => Self::timed_out(config),
                other => Self::Protocol {
                    detail: format!("{other:?} {}", reason_string.as_deref().unwrap_or_default()),
                },
            }),
            _ => None,
        }
    }

    fn from_io(error: &io::Error, config: &LinkConfig) -> Self {
        let host = config.host.clone();
        match error.kind() {
            io::ErrorKind::ConnectionRefused => Self::Refused { host, port: config.port },
            io::ErrorKind::TimedOut => Self::TimedOut { host },
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::UnexpectedEof => Self::Closed,
            io::ErrorKind::InvalidData => Self::Protocol { detail: error.to_string() },
            _ => Self::Unreachable { host, detail: error.to_string() },
        }
    }

    fn from_tls(error: &rustls::Error, config: &LinkConfig) -> Self {
        match error {
            rustls::Error::InvalidCertificate(reason) => match reason {
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                    Self::CertificateName { host: config.host.clone() }
                }
                CertificateError::Expired
                | CertificateError::ExpiredContext { .. }
                | CertificateError::NotValidYet
                | CertificateError::NotValidYetContext { .. } => Self::CertificateDates,
                other => Self::CertificateNotTrusted { detail: other.to_string() },
            },
            rustls::Error::AlertReceived(
                alert @ (AlertDescription::CertificateRequired
                | AlertDescription::BadCertificate
                | AlertDescription::UnknownCA
                | AlertDescription::UnsupportedCertificate
                | AlertDescription::CertificateExpired
                | AlertDescription::CertificateRevoked
                | AlertDescription::CertificateUnknown
                | AlertDescription::AccessDenied
                | AlertDescription::HandshakeFailure),
            ) => Self::ClientCertificate { detail: format!("{alert:?}") },
            other => Self::Tls { detail: other.to_string() },
        }
    }
}
