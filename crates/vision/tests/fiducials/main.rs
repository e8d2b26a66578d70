//! Fiducials: what is printed, what is found in pictures, and where that says the camera stands.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that cannot set up its world fails, and says what it left out"
)]

mod calibrated;
mod found;
mod hinted;
mod pose;
mod printed;
mod real;
mod recorded;
mod scene;
mod sharp;
mod tracked;
