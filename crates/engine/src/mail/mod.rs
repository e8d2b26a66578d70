//! E-mail: the connection to the mail server, what is written of a transaction and to whom, and the loop that sends it.

pub(crate) mod connection;
pub(crate) mod digest;
pub(crate) mod planning;
pub(crate) mod sending;
mod words;
