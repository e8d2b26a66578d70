//! Boards of workshops that several people write on apart.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set up its world fails")]

mod apart;
mod gather;
mod hostile;
mod room;
mod rules;
mod scores;
mod speed;
