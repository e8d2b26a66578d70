//! What is known of a message that the server did not take.

use millwright_model::MailTrouble;

/// The most that is kept of a server's words, in characters.
const SAID_MAX: usize = 500;

/// Why a message was not taken, and whether that is sure.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{said}")]
pub struct NotTaken {
    /// What kind of trouble it is.
    pub trouble: MailTrouble,
    /// In the server's words where it said any, else the network's or ours.
    pub said: String,
}

impl NotTaken {
    /// Keeps the words short and in one piece: they come from outside.
    pub(crate) fn new(trouble: MailTrouble, said: impl AsRef<str>) -> Self {
        let said: String = said
            .as_ref()
            .chars()
            .map(|character| if character.is_control() { ' ' } else { character })
            .take(SAID_MAX)
            .collect();
        Self { trouble, said: said.trim().to_owned() }
    }

    /// Whether the message may have gone all the same.
    pub fn may_have_gone(&self) -> bool {
        self.trouble == MailTrouble::AnswerLost
    }

    /// Whether the server refused this message for good.
    pub fn is_final(&self) -> bool {
        self.trouble == MailTrouble::Refused
    }
}
