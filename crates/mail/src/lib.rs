//! E-mail: one message to one address over SMTP, and what is known to have become of it.
//!
//! Whether a message is sent, when, and what follows from the outcome is its caller's matter.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod message;
mod outcome;
mod secured;
mod session;

pub use message::{Mail, MailFault, check_address};
pub use outcome::NotTaken;
pub use session::{Login, MailServer};
