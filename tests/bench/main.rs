//! The desk, measured: start, memory, idle load, and taps under a flood; each beside the smallest webview there is.
//! `cargo xtask bench` builds what it measures and runs it; figures go to standard output as Markdown.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench that cannot set up its world stops, and its output is its result"
)]

mod bare;
#[path = "../window/desk.rs"]
#[allow(dead_code, reason = "a bench uses less of the desk than the tests do")]
mod desk;
#[path = "../window/guide_journey.rs"]
#[allow(dead_code, unused_imports, reason = "a bench goes a part of the journey")]
mod guide_journey;
#[path = "../peers/mosquitto.rs"]
#[allow(dead_code, reason = "nobody forgets anything here")]
mod mosquitto;
mod processes;
mod screen;
mod seed;
#[path = "../window/shift_journey.rs"]
#[allow(dead_code, unused_imports, reason = "a bench goes a part of the journey")]
mod shift_journey;
mod sight;
#[path = "../window/sight_journey.rs"]
#[allow(dead_code, unused_imports, reason = "a bench goes a part of the journey")]
mod sight_journey;
mod soak;
mod start;
mod survey;

use std::time::Duration;

/// How many ops the database holds that the app starts on.
const OPS: i64 = 100_000;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    // `cargo bench -- soak` runs one part; with no word, all of them.
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let runs = |part: &str| wanted.is_empty() || wanted.iter().any(|word| word == part);
    if runs("sight") {
        sight::measure().await;
    }
    if !runs("start") && !runs("soak") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let places = survey::of_the_rooms(&seed::founded(&folder.path().join("survey"), 40).await).await;
    if runs("start") {
        let data = seed::founded(&folder.path().join("large"), OPS).await;
        start::measure(&data, &places);
        processes::idle(&data);
    }
    if runs("soak") {
        let minutes = std::env::var("MILLWRIGHT_SOAK_MINUTES").ok().and_then(|text| text.parse().ok());
        let data = seed::founded(&folder.path().join("soak"), 2_000).await;
        soak::measure(&data, &places, Duration::from_secs(60 * minutes.unwrap_or(10))).await;
    }
}
