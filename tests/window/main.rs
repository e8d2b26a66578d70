//! The real window, driven as a person would.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot set up its world fails"
)]

mod alert_journey;
mod author_journey;
mod bell;
mod cable;
mod data_journey;
mod demo_journey;
mod desk;
mod exercise_journey;
mod guide_journey;
mod listener;
mod mail_journey;
mod memory;
#[allow(dead_code, reason = "what floods a broker is for other tests")]
#[path = "../peers/mosquitto.rs"]
mod mosquitto;
mod plan_journey;
mod plant_journey;
mod rights;
mod shift_journey;
mod sight_journey;
mod sight_trouble_journey;
mod team_journey;
mod together_journey;
mod trouble_journey;
mod work_journey;
mod workshop_journey;
