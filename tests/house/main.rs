//! The house's own rules: who knows what, what every file says first, and that the boundary is one list.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot set up its world fails"
)]

mod comparison;
mod contract;
mod layers;
mod test_clock;
mod tidy;
