//! Faults and load against real peers: nothing lost, nothing twice.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot set up its world fails"
)]

mod bad_input;
mod flood;
mod held;
mod key_store;
mod kills;
mod live_condition;
#[path = "../peers/mosquitto.rs"]
mod mosquitto;
mod tryton;
