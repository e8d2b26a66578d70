//! The exchange as a file: what a device would say, and what the node answers, in an envelope that is signed by the one
//! and sealed to the other. It may lie on a stick for days, be copied, come twice or never.

use millwright_model::{DeviceId, TxnId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Entry, Judgement, RefusedTalk, Row, SealedPersonKey, ToNode};

/// The letters that this version writes and reads.
pub const LETTER_FORMAT: u16 = 1;
/// The largest letter that is read or written.
pub const LETTER_MAX_BYTES: usize = 128 * 1024 * 1024;
/// What every letter begins with, so that any other file is told apart at once.
const PREFIX: &[u8] = b"millwright letter\n";

/// Which way a letter goes.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterTo {
    /// From a device to the team's node.
    Node,
    /// From the node to a device.
    Device,
}

/// A letter in its envelope.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Letter {
    /// Its format.
    pub format: u16,
    /// Which way it goes.
    pub to: LetterTo,
    /// The team.
    pub team_id: Uuid,
    /// The device that wrote it, or that it is for.
    pub device_id: DeviceId,
    /// What it says, sealed to the reader's X25519 key, in base64.
    pub sealed: String,
    /// The writer's Ed25519 signature over [`Letter::signed_bytes`], as 128 hex digits.
    pub sig: String,
}

/// What a letter to the node says: messages as they would be said over a line, and how far the device has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SaidToNode {
    /// In their order.
    pub messages: Vec<ToNode>,
}

/// What a letter to a device says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SaidToDevice {
    /// In their order.
    pub answers: Vec<LetterAnswer>,
}

/// A part of the node's answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum LetterAnswer {
    /// What became of transactions.
    Judged {
        /// Each.
        judgements: Vec<Judgement>,
    },
    /// The node keeps these transactions for a person to look at.
    LaidAside {
        /// Which.
        txn_ids: Vec<TxnId>,
    },
    /// What was accepted between two places of the node's order.
    Accepted {
        /// After this one.
        after: i64,
        /// Up to this one.
        checkpoint: i64,
        /// The transactions.
        entries: Vec<Entry>,
        /// Rows that came into scope or left it.
        rows: Vec<Row>,
        /// Keys of people.
        person_keys: Vec<SealedPersonKey>,
    },
    /// The node has this photo or file.
    HasBlob {
        /// Its hash.
        hash: String,
    },
    /// The node did not take what was said.
    Refused {
        /// Why.
        why: RefusedTalk,
    },
}

/// A file that is no letter.
#[derive(Debug, thiserror::Error)]
pub enum LetterError {
    /// It is something else.
    #[error("this file is no letter of a team")]
    Foreign,
    /// It is larger than is read.
    #[error("the letter has {bytes} bytes; at most {LETTER_MAX_BYTES} are taken")]
    TooLong {
        /// How large.
        bytes: usize,
    },
    /// It was cut off or changed.
    #[error("the letter cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// A newer version wrote it.
    #[error("a newer Millwright wrote this letter (format {format}, this one reads {LETTER_FORMAT})")]
    Newer {
        /// Its format.
        format: u16,
    },
}

impl Letter {
    /// What the signature is over: everything but itself.
    pub fn signed_bytes(&self) -> Vec<u8> {
        let to = match self.to {
            LetterTo::Node => "node",
            LetterTo::Device => "device",
        };
        format!("millwright letter {} {to} {} {}\n{}", self.format, self.team_id, self.device_id, self.sealed)
            .into_bytes()
    }

    /// The file.
    ///
    /// # Errors
    /// When it is larger than anybody reads.
    pub fn to_bytes(&self) -> Result<Vec<u8>, LetterError> {
        let mut bytes = PREFIX.to_vec();
        serde_json::to_writer(&mut bytes, self)?;
        if bytes.len() > LETTER_MAX_BYTES {
            return Err(LetterError::TooLong { bytes: bytes.len() });
        }
        Ok(bytes)
    }

    /// The letter that a file holds.
    ///
    /// # Errors
    /// When it holds none, or one that this version cannot read.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, LetterError> {
        if bytes.len() > LETTER_MAX_BYTES {
            return Err(LetterError::TooLong { bytes: bytes.len() });
        }
        let body = bytes.strip_prefix(PREFIX).ok_or(LetterError::Foreign)?;
        let letter: Self = serde_json::from_slice(body)?;
        if letter.format > LETTER_FORMAT {
            return Err(LetterError::Newer { format: letter.format });
        }
        Ok(letter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter() -> Letter {
        Letter {
            format: LETTER_FORMAT,
            to: LetterTo::Node,
            team_id: Uuid::from_u128(1),
            device_id: DeviceId(Uuid::from_u128(2)),
            sealed: "c2VhbGVk".to_owned(),
            sig: "00".repeat(64),
        }
    }

    #[test]
    fn a_letter_is_read_as_it_was_written() {
        let bytes = letter().to_bytes().unwrap();
        assert_eq!(Letter::from_bytes(&bytes).unwrap(), letter());
    }

    #[test]
    fn every_part_of_the_envelope_is_under_the_signature() {
        let whole = letter().signed_bytes();
        let other_team = Letter { team_id: Uuid::from_u128(9), ..letter() };
        let other_device = Letter { device_id: DeviceId(Uuid::from_u128(9)), ..letter() };
        let other_way = Letter { to: LetterTo::Device, ..letter() };
        let other_words = Letter { sealed: "b3RoZXI=".to_owned(), ..letter() };
        for changed in [other_team, other_device, other_way, other_words] {
            assert_ne!(changed.signed_bytes(), whole);
        }
    }

    #[test]
    fn what_is_no_letter_is_said() {
        assert!(matches!(Letter::from_bytes(b"%PDF-1.7"), Err(LetterError::Foreign)));
        let whole = letter().to_bytes().unwrap();
        let cut = &whole[..whole.len() - 5];
        assert!(matches!(Letter::from_bytes(cut), Err(LetterError::Unreadable(_))));
        let newer = Letter { format: LETTER_FORMAT + 1, ..letter() }.to_bytes().unwrap();
        assert!(matches!(Letter::from_bytes(&newer), Err(LetterError::Newer { format: 2 })));
    }
}
