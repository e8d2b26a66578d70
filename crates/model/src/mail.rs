//! E-mail: how to reach the plant's mail server, who is written to, and what can be wrong with it.

use serde::{Deserialize, Serialize};

use crate::Priority;

/// How to reach the plant's mail server, and who is written to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MailConnection {
    /// Its host name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the link is secured; it never falls back to less.
    pub security: MailSecurity,
    /// The user name; the password is kept apart. Nothing where the server wants none.
    pub username: Option<String>,
    /// The address that the plant writes from.
    pub from: String,
    /// A certificate authority to trust, as PEM, instead of the system's.
    pub ca_pem: Option<String>,
    /// Why an unencrypted connection to another host is accepted.
    pub plain_reason: Option<String>,
    /// Who is written to. Nobody until someone is named.
    #[serde(default)]
    pub readers: Vec<MailReader>,
}

impl MailConnection {
    /// The most readers of one plant: a wider circle is a list that the mail server keeps.
    pub const READERS_MAX: usize = 50;
}

/// How a link to a mail server is secured.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MailSecurity {
    /// TLS from the first byte.
    #[default]
    Tls,
    /// TLS begun with STARTTLS; without it nothing is sent.
    StartTls,
    /// None.
    Plain,
}

/// An address that is written to, and of what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MailReader {
    /// The address.
    pub address: String,
    /// Of new requests and orders from this priority up; of none where nothing is said.
    pub from_priority: Option<Priority>,
    /// What stands open, when a shift begins.
    #[serde(default)]
    pub digest: MailDigest,
    /// The language they read, as a BCP 47 tag.
    #[serde(default)]
    pub language: String,
    /// The shifts in which they are written to of requests and orders, by name; in all where none is named.
    #[serde(default)]
    pub shifts: Vec<String>,
    /// Minutes after which they hear of a request or order that nobody has taken on; 0 for at once, taken or not.
    #[serde(default)]
    pub after_minutes: u32,
    /// Orders that the ERP makes, too.
    #[serde(default)]
    pub erp_orders: bool,
}

/// When a reader is told at the start of a shift what stands open.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MailDigest {
    /// Never.
    #[default]
    Never,
    /// When there is something to say.
    WhenOpen,
    /// Always.
    Always,
}

/// What keeps a mail server from taking an e-mail.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MailTrouble {
    /// It cannot be reached, or stopped answering.
    OutOfReach,
    /// The link could not be encrypted: the certificate is not trusted, or STARTTLS is missing.
    NotSecured,
    /// It refused the sign-in, or wants one.
    Login,
    /// It refuses for now.
    NotNow,
    /// It refuses for good.
    Refused,
    /// What we say of it, or of an address, cannot be used.
    Settings,
    /// The answer was lost after the message had left: it may have gone.
    AnswerLost,
}
