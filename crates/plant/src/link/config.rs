//! Where the broker is and how to speak to it.

use serde::{Deserialize, Serialize};

use super::LinkProblem;

/// The usual limit of one packet: more than any honest plant message, less than a tablet's memory.
pub const MAX_PACKET_BYTES: u32 = 16 * 1024 * 1024;

/// The version of MQTT to speak.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProtocolVersion {
    /// 3.1.1, what every broker speaks.
    #[default]
    V311,
    /// 5: a broker that speaks it never sends packets above our limit.
    V5,
}

/// What carries the packets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Transport {
    /// Plain TCP.
    #[default]
    Tcp,
    /// TLS over TCP.
    Tls,
    /// WebSocket over TCP.
    WebSocket {
        /// The path of the endpoint, usually `/mqtt`.
        path: String,
    },
    /// WebSocket over TLS.
    WebSocketTls {
        /// The path of the endpoint, usually `/mqtt`.
        path: String,
    },
}

impl Transport {
    /// Whether the other side proves who it is and nobody reads along.
    pub fn is_encrypted(&self) -> bool {
        match self {
            Self::Tcp | Self::WebSocket { .. } => false,
            Self::Tls | Self::WebSocketTls { .. } => true,
        }
    }
}

/// The public half of what TLS needs; the private key is in [`Credentials`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TlsSettings {
    /// The authority that vouches for the broker, PEM; without one those of the operating system count.
    pub ca_pem: Option<Vec<u8>>,
    /// Our certificate chain, PEM, where the broker wants one.
    pub client_certificate_pem: Option<Vec<u8>>,
}

/// The usual number of messages a broker may hand over before we have kept the first of them (MQTT 5).
pub const RECEIVE_MAXIMUM: u16 = 5_000;

/// What the broker keeps for us between two connections.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SessionKind {
    /// Nothing: what is said while we are away is not heard.
    #[default]
    Clean,
    /// Its subscriptions and what QoS 1 messages were not acknowledged. The consumer acknowledges each message
    /// itself (see [`MessageReceipt`](super::MessageReceipt)), so none is lost between receipt and disk.
    Kept {
        /// How long a broker that speaks MQTT 5 keeps the session of a device that is away.
        expiry_s: u32,
        /// How many messages a broker that speaks MQTT 5 may hand over unacknowledged.
        receive_maximum: u16,
        /// Filters of former settings, that the broker may still hold: they are given up.
        former: Vec<String>,
    },
}

impl SessionKind {
    /// A kept session with the usual numbers: a week, and [`RECEIVE_MAXIMUM`].
    pub fn kept(former: Vec<String>) -> Self {
        Self::Kept { expiry_s: 7 * 24 * 3600, receive_maximum: RECEIVE_MAXIMUM, former }
    }

    /// Whether the broker keeps anything.
    pub fn is_kept(&self) -> bool {
        match self {
            Self::Clean => false,
            Self::Kept { .. } => true,
        }
    }
}

/// Times of a link, apart so that a test can shorten them.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LinkTimings {
    /// How long name, socket, TLS and CONNACK may take together.
    pub connect_timeout_s: u16,
    /// The first wait after a lost link; each further one is twice as long.
    pub first_wait_ms: u64,
    /// The longest wait.
    pub longest_wait_ms: u64,
    /// How long a link must have held for the next wait to be the first again.
    pub steady_after_ms: u64,
    /// Looking for a giant message, how long each filter is given to show one.
    pub settle_ms: u64,
}

impl Default for LinkTimings {
    fn default() -> Self {
        Self {
            connect_timeout_s: 10,
            first_wait_ms: 500,
            longest_wait_ms: 30_000,
            steady_after_ms: 5000,
            settle_ms: 1500,
        }
    }
}

/// One connection to one broker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkConfig {
    /// Name or address of the broker.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// What carries the packets.
    #[serde(default)]
    pub transport: Transport,
    /// The version of MQTT.
    #[serde(default)]
    pub protocol: ProtocolVersion,
    /// Our name at the broker: stable over restarts, another one per device.
    pub client_id: String,
    /// Seconds between signs of life; at least 5.
    #[serde(default = "default_keep_alive_s")]
    pub keep_alive_s: u16,
    /// What to hear.
    pub subscriptions: Vec<String>,
    /// What the broker keeps for us.
    #[serde(default)]
    pub session: SessionKind,
    /// The id under which this link tells that a Sparkplug host is online; never together with `listen_only`.
    #[serde(default)]
    pub sparkplug_host_id: Option<String>,
    /// The largest packet that is taken.
    #[serde(default = "default_max_packet_bytes")]
    pub max_packet_bytes: u32,
    /// Certificates, for the encrypted transports.
    #[serde(default)]
    pub tls: TlsSettings,
    /// Only hear: nothing is ever published, no rebirth requested.
    #[serde(default)]
    pub listen_only: bool,
    /// Times.
    #[serde(default)]
    pub timings: LinkTimings,
}

fn default_keep_alive_s() -> u16 {
    30
}

fn default_max_packet_bytes() -> u32 {
    MAX_PACKET_BYTES
}

impl LinkConfig {
    /// A plain connection with the usual settings.
    pub fn new(host: &str, port: u16, client_id: &str, subscriptions: &[&str]) -> Self {
        Self {
            host: host.to_owned(),
            port,
            transport: Transport::default(),
            protocol: ProtocolVersion::default(),
            client_id: client_id.to_owned(),
            keep_alive_s: default_keep_alive_s(),
            subscriptions: subscriptions.iter().map(|filter| (*filter).to_owned()).collect(),
            session: SessionKind::default(),
            sparkplug_host_id: None,
            max_packet_bytes: default_max_packet_bytes(),
            tls: TlsSettings::default(),
            listen_only: false,
            timings: LinkTimings::default(),
        }
    }

    /// Refuses what could never work, before any socket is opened.
    pub fn check(&self) -> Result<(), LinkProblem> {
        let wrong = |detail: String| Err(LinkProblem::Settings { detail });
        if self.host.trim().is_empty() || self.host.contains(char::is_whitespace) {
            return wrong("the broker's name is missing or has a space in it".into());
        }
        if self.client_id.is_empty() || self.client_id.starts_with(' ') || self.client_id.len() > 128 {
            return wrong("the client id must have 1 to 128 characters and not start with a space".into());
        }
        if self.max_packet_bytes < 1024 {
            return wrong("the largest packet must be at least 1,024 bytes".into());
        }
        if let Some(id) = &self.sparkplug_host_id
            && (id.is_empty() || id.len() > 128 || id.contains(['+', '#', '/', '\0']))
        {
            return wrong("the Sparkplug host id must have 1 to 128 characters and none of + # /".into());
        }
        if self.sparkplug_host_id.is_some() && self.listen_only {
            return wrong("a link that only listens cannot announce a Sparkplug host".into());
        }
        match self.subscriptions.iter().find(|filter| !is_filter(filter)) {
            Some(filter) => wrong(format!("«{filter}» is not a topic filter")),
            None => Ok(()),
        }
    }

    pub(super) fn keep_alive(&self) -> std::time::Duration {
        // rumqttc asserts at least 5 s for MQTT 5.
        std::time::Duration::from_secs(u64::from(self.keep_alive_s.max(5)))
    }
}

fn is_filter(filter: &str) -> bool {
    let mut levels = filter.split('/').peekable();
    if filter.is_empty() || filter.contains('\0') {
        return false;
    }
    while let Some(level) = levels.next() {
        let is_last = levels.peek().is_none();
        if (level.contains('#') && (level != "#" || !is_last)) || (level.contains('+') && level != "+") {
            return false;
        }
    }
    true
}

/// What must never be printed, stored in plain or logged.
#[derive(Clone, Default)]
pub struct Credentials {
    /// The user's name.
    pub username: Option<String>,
    /// The password.
    pub password: Option<String>,
    /// The private key of our certificate, PEM.
    pub client_key_pem: Option<Vec<u8>>,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credentials(not shown)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_never_printed() {
        let credentials = Credentials {
            username: Some("miller".into()),
            password: Some("secret".into()),
            client_key_pem: Some(b"key".to_vec()),
        };
        assert_eq!(format!("{credentials:?}"), "Credentials(not shown)");
    }

    #[test]
    fn settings_that_cannot_work_are_refused() {
        let good = LinkConfig::new("broker", 1883, "tablet-1", &["umh/v1/#", "spBv1.0/#", "+/a"]);
        assert_eq!(good.check(), Ok(()));
        for wrong in [
            LinkConfig { host: " ".into(), ..good.clone() },
            LinkConfig { client_id: String::new(), ..good.clone() },
            LinkConfig { subscriptions: vec!["a/#/b".into()], ..good.clone() },
            LinkConfig { subscriptions: vec!["a+".into()], ..good.clone() },
            LinkConfig { sparkplug_host_id: Some("a/b".into()), ..good.clone() },
            LinkConfig { sparkplug_host_id: Some("hall".into()), listen_only: true, ..good.clone() },
            LinkConfig { max_packet_bytes: 10, ..good },
        ] {
            assert!(matches!(wrong.check(), Err(LinkProblem::Settings { .. })), "{wrong:?}");
        }
    }
}
