//! A message and its bytes: addresses and subjects within their bounds, so that no header can be slipped in.

use std::time::{Duration, SystemTime};

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::{Address, address::Envelope};
use millwright_model::TimestampMs;
use serde::{Deserialize, Serialize};

/// The longest address, in bytes (RFC 5321).
const ADDRESS_MAX: usize = 254;
/// The longest subject, in characters: more is cut by most readers anyway.
const SUBJECT_MAX: usize = 200;
/// The longest text, in bytes.
const TEXT_MAX: usize = 64 * 1024;

/// One message to one address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// Its own name: `<…@…>`. The same message always has the same, however often it is sent.
    pub message_id: String,
    /// To whom.
    pub to: String,
    /// One line.
    pub subject: String,
    /// What it says, as plain text.
    pub text: String,
    /// When it was written.
    pub written_at: TimestampMs,
}

/// What a message must not be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailFault {
    /// An address that is none, is too long, or would end its header.
    #[error("«{address}» is no address that can be written to")]
    Address {
        /// What was given.
        address: String,
    },
    /// A subject that is too long, or would end its header.
    #[error("the subject must be one line of at most {limit} characters")]
    Subject {
        /// The most characters.
        limit: usize,
    },
    /// A text that is too long.
    #[error("the text must have at most {limit} bytes")]
    Text {
        /// The most bytes.
        limit: usize,
    },
    /// A name that is none.
    #[error("the message has no proper Message-ID")]
    MessageId,
}

/// Refuses what is no plain address: one mailbox in ASCII, without a name, quotes or control characters.
///
/// # Errors
/// When it is none.
pub fn check_address(address: &str) -> Result<(), MailFault> {
    read_address(address).map(|_address| ())
}

fn read_address(address: &str) -> Result<Address, MailFault> {
    let fault =
        || MailFault::Address { address: address.chars().filter(|c| !c.is_control()).take(80).collect() };
    let plain =
        |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'(' | b')' | b',' | b';');
    if address.len() > ADDRESS_MAX || !address.bytes().all(plain) {
        return Err(fault());
    }
    address.parse().map_err(|_not_an_address: lettre::address::AddressError| fault())
}

impl Mail {
    /// Refuses a message whose fields are out of bounds.
    ///
    /// # Errors
    /// Names the field.
    pub fn check(&self) -> Result<(), MailFault> {
        check_address(&self.to)?;
        if self.subject.chars().count() > SUBJECT_MAX || self.subject.chars().any(char::is_control) {
            return Err(MailFault::Subject { limit: SUBJECT_MAX });
        }
        if self.text.len() > TEXT_MAX {
            return Err(MailFault::Text { limit: TEXT_MAX });
        }
        let inside = self.message_id.strip_prefix('<').and_then(|id| id.strip_suffix('>'));
        inside.map(check_address).ok_or(MailFault::MessageId)?.map_err(|_no_name| MailFault::MessageId)
    }

    /// The envelope and the bytes of the message as it goes out.
    pub(crate) fn written(&self, from: &str) -> Result<(Envelope, Vec<u8>), MailFault> {
        self.check()?;
        let (from, to) = (read_address(from)?, read_address(&self.to)?);
        let since = Duration::from_millis(u64::try_from(self.written_at.0).unwrap_or_default());
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        let message = Message::builder()
            .from(Mailbox::new(None, from))
            .to(Mailbox::new(None, to))
            .subject(&self.subject)
            .date(SystemTime::UNIX_EPOCH + since)
            .message_id(Some(self.message_id.clone()))
            // Keeps absence notes from answering a machine.
            .raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()))
            .header(ContentType::TEXT_PLAIN)
            .body(self.text.clone())
            .map_err(|_incomplete| MailFault::MessageId)?;
        Ok((message.envelope().clone(), message.formatted()))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn mail() -> Mail {
        Mail {
            message_id: "<0192.0@plant.example>".into(),
            to: "anna@plant.example".into(),
            subject: "Dringend: Pumpe läuft heiß".into(),
            text: "Störung an P-101\n.\nZweite Zeile".into(),
            written_at: TimestampMs(1_795_424_400_000),
        }
    }

    #[test]
    fn an_address_that_would_end_its_header_or_name_a_second_one_is_refused() {
        for address in [
            "anna@plant.example\r\nBcc: eve@evil.example",
            "anna@plant.example\nDATA",
            "anna@plant.example, eve@evil.example",
            "Anna <anna@plant.example>",
            "\"a b\"@plant.example",
            "anna",
            "",
            "@plant.example",
            "änna@plant.example",
        ] {
            assert!(check_address(address).is_err(), "«{address}»");
        }
        let long = format!("{}@plant.example", "a".repeat(300));
        assert!(check_address(&long).is_err());
        check_address("anna.weber+shift@plant.example").unwrap();
    }

    #[test]
    fn a_subject_that_would_end_its_header_is_refused() {
        for subject in ["Urgent\r\nBcc: eve@evil.example", "Urgent\nX: y", "Urgent\u{0}", "Urgent\u{85}X"] {
            let fault = Mail { subject: subject.into(), ..mail() }.written("mill@plant.example").unwrap_err();
            assert_eq!(fault, MailFault::Subject { limit: SUBJECT_MAX }, "{subject:?}");
        }
    }

    #[test]
    fn a_message_id_that_would_end_its_header_is_refused() {
        for message_id in ["<a@b>\r\nBcc: eve@evil.example", "a@b", "<a b@c>", ""] {
            assert_eq!(Mail { message_id: message_id.into(), ..mail() }.check(), Err(MailFault::MessageId));
        }
    }

    #[test]
    fn the_same_message_is_always_the_same_bytes() {
        let (envelope, bytes) = mail().written("mill@plant.example").unwrap();
        assert_eq!(mail().written("mill@plant.example").unwrap().1, bytes);
        assert_eq!(envelope.to().len(), 1);
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.is_ascii(), "every server takes it");
        let head = text.split("\r\n\r\n").next().unwrap();
        assert!(head.contains("Message-ID: <0192.0@plant.example>"), "{head}");
        assert!(head.contains("Date: Mon, 23 Nov 2026 09:00:00 +0000"), "{head}");
        assert!(head.contains("Auto-Submitted: auto-generated"), "{head}");
    }
}
