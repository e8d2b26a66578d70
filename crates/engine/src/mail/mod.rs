//! E-mail: the connection to the mail server, what is written to whom and when, and the loop that sends it.

pub(crate) mod calling;
pub(crate) mod connection;
pub(crate) mod digest;
pub(crate) mod planning;
pub(crate) mod sending;
pub(crate) mod words;
