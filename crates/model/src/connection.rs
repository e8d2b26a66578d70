//! Connections to the plant's broker and the ERP: what is kept of them, and what trying one found.

use serde::{Deserialize, Serialize};

use crate::{MailConnection, Refusal};

/// How to reach the plant's broker.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlantConnection {
    /// Its host name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// TCP, TLS, WebSocket or WebSocket over TLS.
    pub transport: PlantTransport,
    /// Speak MQTT 5 rather than 3.1.1.
    pub mqtt5: bool,
    /// The user name; the password is kept apart.
    pub username: Option<String>,
    /// A certificate authority to trust, as PEM, beside the system's.
    pub ca_pem: Option<String>,
    /// Our certificate, as PEM; its key is kept apart.
    pub client_certificate_pem: Option<String>,
    /// The topic filters to listen to.
    pub filters: Vec<String>,
    /// The place of this plant in the namespace (`umh/v1/acme/north`), where events go.
    pub event_root: Option<String>,
    /// Hear only: never publish.
    pub listen_only: bool,
    /// The id under which this engine says that a Sparkplug host is online. One engine of a plant has it.
    #[serde(default)]
    pub sparkplug_host_id: Option<String>,
    /// The most tags that are kept, where a plant needs more or fewer than the usual 200,000; at most 2,000,000.
    #[serde(default)]
    pub tags_max: Option<u32>,
    /// Why an unencrypted connection to another host is accepted.
    pub plain_reason: Option<String>,
}

/// How MQTT travels.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlantTransport {
    /// Plain TCP.
    #[default]
    Tcp,
    /// TLS.
    Tls,
    /// WebSocket.
    WebSocket,
    /// WebSocket over TLS.
    WebSocketTls,
}

/// How to reach the ERP.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErpConnection {
    /// What it speaks.
    pub protocol: ErpProtocol,
    /// Where it is.
    pub url: String,
    /// The name of this system in our records; never changed once used.
    pub system: String,
    /// The user name, or the client id of OAuth2.
    pub username: String,
    /// Where OAuth2 tokens come from; nothing for basic sign-in.
    pub token_url: Option<String>,
    /// The mapping, as TOML; nothing for the one that comes with the protocol.
    pub mapping_toml: Option<String>,
    /// How long the server may still work on a request whose answer was lost, in seconds; nothing for what the
    /// protocol's servers usually do.
    pub request_limit_s: Option<u32>,
    /// Why an unencrypted connection to another host is accepted.
    pub plain_reason: Option<String>,
}

/// What an ERP speaks.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErpProtocol {
    /// OData version 2.
    ODataV2,
    /// OData version 4.
    ODataV4,
    /// Tryton's JSON-RPC.
    Tryton,
}

/// The connections, without secrets.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connections {
    /// The broker.
    pub plant: Option<PlantConnection>,
    /// The ERP.
    pub erp: Option<ErpConnection>,
    /// The mail server, and who is written to.
    #[serde(default)]
    pub mail: Option<MailConnection>,
    /// Whether the key of our certificate for the broker is kept.
    pub plant_key_kept: bool,
}

/// What trying a connection found.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConnectionFinding {
    /// Whether it works.
    pub works: bool,
    /// What happened, line by line: what was tried, what answered, what to do.
    pub lines: Vec<String>,
    /// What `lines` say, where it is on our list: for faces that say it in the person's language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
}
