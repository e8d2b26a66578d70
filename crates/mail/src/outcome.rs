//! What is known of a message that the server did not take.

use std::error::Error;

use millwright_model::{Cause, MailTrouble, Trouble};

/// The most that is kept of a server's words, in characters.
const SAID_MAX: usize = 500;

/// Why a message was not taken, and whether that is sure.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{said}")]
pub struct NotTaken {
    /// What kind of trouble it is.
    pub trouble: MailTrouble,
    /// Why, as every face can say it.
    pub cause: Cause,
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
        let cause = match trouble {
            MailTrouble::OutOfReach | MailTrouble::AnswerLost => Cause::BrokeOff,
            MailTrouble::NotSecured => Cause::NotEncrypted,
            MailTrouble::Login => Cause::Credentials,
            MailTrouble::NotNow => Cause::Busy,
            MailTrouble::Refused => Cause::SaysNo,
            MailTrouble::Settings => Cause::Settings,
        };
        Self { trouble, cause, said: said.trim().to_owned() }
    }

    /// What an error of the network or of TLS made of it.
    pub(crate) fn of(trouble: MailTrouble, error: &(dyn Error + 'static)) -> Self {
        let not_taken = Self::new(trouble, error.to_string());
        match millwright_cause::of(error) {
            Cause::Other => not_taken,
            cause => not_taken.because(cause),
        }
    }

    /// The same, for a reason that is known more exactly.
    pub(crate) fn because(self, cause: Cause) -> Self {
        Self { cause, ..self }
    }

    /// Why, with the words for it.
    pub fn as_trouble(&self) -> Trouble {
        Trouble::new(self.cause.clone(), self.said.as_str())
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
