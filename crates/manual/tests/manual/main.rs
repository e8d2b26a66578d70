//! Manuals opened and drawn, good ones and hostile ones.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test fails where it stands")]

mod drawing;
mod hostile;
mod opening;
mod written;
