//! The commands over HTTP: for programs beside the plant, on an address that a person named.
//!
//! Nothing here knows what a command means. Who may give which is the engine's to say ([`millwright_engine::Caller`]);
//! this crate keeps the socket, its bounds, and the words of HTTP.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod answering;
mod listening;
mod openapi;
mod problem;

pub use listening::{HttpDoor, ListenError, Tls, address_of};
pub use openapi::document;
