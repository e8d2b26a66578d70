//! Ten minutes at 6,000 values a second with a finger on the screen: taps stay quick and memory stays where it is.

use std::path::Path;
use std::time::{Duration, Instant};

use millwright_engine::Handle;
use millwright_model::*;

use crate::mosquitto;
use crate::processes::{App, processor_seconds, pss_mb};
use crate::screen::Screen;
use crate::seed;
use crate::survey::{Places, Room};

/// A tap every so often, round the rooms.
const TAP_EVERY: Duration = Duration::from_secs(2);
/// Memory is compared from this minute on: by then caches are warm and every series has been seen.
const WARM: Duration = Duration::from_secs(120);

/// Floods the app for `length` and taps.
pub async fn measure(data: &Path, places: &Places, length: Duration) {
    let broker = mosquitto::broker().await;
    connect(data, broker.port).await;
    let mut screen = Screen::start();
    let app = App::start(&screen, data);
    let rooms = [places.work, places.today];
    screen.settled(places.first_order);
    // What each room's heading looks like, before the flood.
    let headings: Vec<Vec<u8>> = rooms
        .iter()
        .map(|room| {
            let before = screen.look(room.heading);
            screen.tap(room.way);
            screen.until_it_leaves(room.heading, &before);
            screen.settled(room.heading)
        })
        .collect();
    let rounds = length.as_secs() * mosquitto::PER_SECOND;
    let start_ms = i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap() - 1_000_000;
    let flooding = tokio::spawn(mosquitto::publish(broker.port, rounds, start_ms));
    let id = app.id();
    let taps = tokio::task::spawn_blocking(move || finger(&mut screen, &rooms, &headings, id, length));
    let Taps { mut taps_ms, warm_mb, end_mb, share } = taps.await.unwrap();
    flooding.await.unwrap();
    // What came last is committed within 100 ms; then the app is killed, as power cuts do.
    tokio::time::sleep(Duration::from_secs(2)).await;
    drop(app);
    let kept = kept(data, start_ms, rounds).await;
    let sent = rounds * (mosquitto::MACHINES * mosquitto::TAGS) as u64;
    taps_ms.sort_by(f64::total_cmp);
    let at = |share: f64| taps_ms[((taps_ms.len() - 1) as f64 * share) as usize];
    println!("\n## {} minutes at 6,000 values a second\n", length.as_secs() / 60);
    println!("| | |\n|---|---|");
    println!(
        "| tap to the new room's heading, {} taps: median, p95, worst | {:.0}, {:.0}, {:.0} ms |",
        taps_ms.len(),
        at(0.5),
        at(0.95),
        at(1.0)
    );
    println!(
        "| memory of all processes (PSS), minute 2 and end | {warm_mb:.0} MB, {end_mb:.0} MB ({:.3} ×) |",
        end_mb / warm_mb
    );
    println!("| of one core | {:.0} % |", share * 100.0);
    println!("| values sent, kept in history | {sent}, {kept} |");
}

struct Taps {
    taps_ms: Vec<f64>,
    warm_mb: f64,
    end_mb: f64,
    share: f64,
}

fn finger(screen: &mut Screen, rooms: &[Room; 2], headings: &[Vec<u8>], app: u32, length: Duration) -> Taps {
    let started = Instant::now();
    let spent = processor_seconds(app);
    let (mut taps_ms, mut warm_mb) = (Vec::new(), None);
    for turn in 0.. {
        if started.elapsed() >= length {
            break;
        }
        if started.elapsed() >= WARM.min(length / 2) && warm_mb.is_none() {
            warm_mb = Some(pss_mb(app));
        }
        let room = &rooms[turn % rooms.len()];
        let tapped = screen.tap(room.way);
        let seen = screen.until_it_shows(room.heading, &headings[turn % rooms.len()]);
        taps_ms.push((seen - tapped).as_secs_f64() * 1e3);
        std::thread::sleep(TAP_EVERY);
    }
    let share = (processor_seconds(app) - spent) / started.elapsed().as_secs_f64();
    // While there is still a screen: without one the webview ends.
    let end_mb = pss_mb(app);
    Taps { taps_ms, warm_mb: warm_mb.unwrap(), end_mb, share }
}

/// Writes the connection to the broker into the directory, as the form in Settings does.
async fn connect(data: &Path, port: u16) {
    let engine = seed::engine(data, false).await;
    engine
        .handle(PlantConnectionSave {
            connection: Some(mosquitto::connection(port)),
            password: None,
            client_key_pem: None,
        })
        .await
        .unwrap();
    engine.close().await.unwrap();
}

/// How many samples of the flood the directory's history holds.
async fn kept(data: &Path, start_ms: i64, rounds: u64) -> u64 {
    let engine = seed::engine(data, false).await;
    let mut samples = 0;
    for machine in 0..mosquitto::MACHINES {
        for tag in 0..mosquitto::TAGS {
            let (from, to) = (TimestampMs(start_ms), TimestampMs(start_ms + rounds as i64));
            let series = SeriesKey(format!("uns:{}", mosquitto::series(machine, tag)));
            samples += engine.handle(TagHistory { series, from, to, buckets: 1 }).await.unwrap().samples;
        }
    }
    engine.close().await.unwrap();
    samples
}
