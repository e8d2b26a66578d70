//! Why an outside system gives or takes nothing: a closed list, so that every face says it in its person's language.

use serde::{Deserialize, Serialize};

use crate::Side;

/// Why something that needs another system does not come about.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Cause {
    /// Nobody knows a host of that name.
    NameNotFound,
    /// The host is there, and nothing listens at that port.
    ConnectionRefused,
    /// No network leads there.
    NoRoute,
    /// It did not answer in time.
    TimedOut,
    /// It ended the connection before it had answered.
    BrokeOff,
    /// No authority that is trusted here vouches for its certificate.
    CertificateUntrusted,
    /// Its certificate is for another name.
    CertificateName,
    /// Its certificate is expired, or not valid yet.
    CertificateDates,
    /// It wants a certificate of ours, or does not take the one it was shown.
    OwnCertificate,
    /// No encrypted connection came about.
    NotEncrypted,
    /// It does not accept the user name and password, or the token.
    Credentials,
    /// It knows who we are and does not allow this.
    NotAllowed,
    /// It does not take the client id.
    ClientId,
    /// Another device is connected under the same client id.
    ClientIdTaken,
    /// It answers, but not as the system that is set up.
    NotUnderstood,
    /// It does not speak this version of the protocol.
    Version,
    /// It fails, and says so.
    ServerFailed {
        /// The status it answers with.
        status: u16,
    },
    /// It cannot serve now, or a limit is reached.
    Busy,
    /// What was sent or came is larger than is taken.
    TooLarge,
    /// What is set up for it cannot work.
    Settings,
    /// It refuses this very record, for reasons of its own.
    SaysNo,
    /// The record was changed there meanwhile.
    ChangedThere {
        /// By whom, where it says so.
        by: Option<String>,
    },
    /// The answer was lost, and it cannot be searched for what became of it.
    CannotTell,
    /// A person gave it up.
    GivenUp {
        /// What people call them.
        by: String,
        /// In their words.
        reason: String,
    },
    /// It was undone before it left.
    Undone,
    /// A person decided which value stands.
    Decided {
        /// What people call them.
        by: String,
        /// Whose value stays.
        keep: Side,
    },
    /// A card was decided while it was on its way: what was decided stands.
    DecidedMeanwhile,
    /// The node of the team sees to it.
    WithNode,
    /// Something else, which only its words tell; also what a newer version added.
    #[default]
    #[serde(other)]
    Other,
}

/// What went wrong with another system: why, and in whose words.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{said}")]
pub struct Trouble {
    /// Why.
    pub cause: Cause,
    /// The other system's words where it said any, else those of the network, of a library, or ours: in English, for
    /// logs and scripts.
    pub said: String,
}

impl Trouble {
    /// Of this cause, in these words.
    pub fn new(cause: Cause, said: impl Into<String>) -> Self {
        Self { cause, said: said.into() }
    }

    /// The text that is stored.
    ///
    /// # Errors
    /// When it does not serialise.
    pub fn stored(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// What a stored text tells: its words, and the cause. Older versions stored words alone.
    pub fn read(stored: String) -> (String, Option<Cause>) {
        match serde_json::from_str::<Self>(&stored) {
            Ok(Self { cause, said }) => (said, Some(cause)),
            Err(_words) => (stored, None),
        }
    }
}

/// Words that nobody looked into.
impl<S: Into<String>> From<S> for Trouble {
    fn from(said: S) -> Self {
        Self::new(Cause::Other, said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_trouble_is_read_again_with_its_cause() {
        let trouble = Trouble::new(Cause::ServerFailed { status: 503 }, "it answers 503");
        let read = Trouble::read(trouble.stored().unwrap());
        assert_eq!(read, (trouble.said, Some(trouble.cause)));
    }

    #[test]
    fn words_of_an_older_version_are_read_as_words() {
        for words in ["the period is closed", "", r#"{"error":"the period is closed"}"#] {
            assert_eq!(Trouble::read(words.to_owned()), (words.to_owned(), None));
        }
    }

    #[test]
    fn a_cause_of_a_newer_version_is_something_else() {
        let newer = r#"{"cause":{"is":"eaten_by_a_fox","times":2},"said":"it is gone"}"#;
        assert_eq!(Trouble::read(newer.to_owned()), ("it is gone".to_owned(), Some(Cause::Other)));
    }
}
