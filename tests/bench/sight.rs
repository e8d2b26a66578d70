//! A step over the camera's picture, measured: from a picture to its overlay on the screen, part by part, and what
//! processor time it takes while it runs, while it stands, and frozen.

use std::time::{Duration, Instant};

use millwright_sight_runs::{Light, Run};

use crate::desk::Desk;
use crate::processes;
use crate::shift_journey::plant;
use crate::sight_journey::{guided, labels, play, recorded, scan};

/// How often the run is played.
const PLAYED: usize = 4;
/// How long processor time is counted.
const WATCHED: Duration = Duration::from_secs(15);

/// Plays a recorded run of the pump over its order's guide.
pub async fn measure() {
    let run = recorded(Run::Under(Light::Workshop), 1);
    let desk = Desk::open().await;
    let (anna, bernd, pump) = plant(&desk).await;
    let order = guided(&desk, &pump, &bernd, &anna).await;
    labels(&desk, &pump, &run).await;
    // From the scan over the machine's one open order and its guide to the first step, with the machine drawn. There is no
    // camera on the machine that measures: the 3D view stands in its place.
    desk.see("page-today").await;
    let began = Instant::now();
    scan(&desk, "P-101A").await;
    desk.touch("guide-open").await;
    desk.see("step-title").await;
    desk.until("the machine to be drawn", || async {
        desk.script("return document.querySelector('[data-test=machine]')?.dataset.ready").await == "true"
    })
    .await;
    let scanned_s = began.elapsed().as_secs_f64();
    assert!(order.is_string());
    play(&desk, &run).await;
    let mut timings: Vec<[f64; 3]> = vec![];
    let (mut live_s, mut drawn_on) = (0.0, String::new());
    for played in 0..PLAYED {
        if played > 0 {
            desk.touch("run-again").await;
        }
        let (began, spent) = (Instant::now(), processes::spent_s());
        let mut last = String::new();
        loop {
            let told = "const view = document.querySelector('[data-test=camera-view]'); \
                 const canvas = document.querySelector('[data-test=sight-canvas]'); \
                 return [view.dataset.pictures ?? '', view.dataset.timing ?? '', \
                 document.querySelector('[data-test=run-again]') ? 'over' : '', \
                 `${canvas.width} × ${canvas.height} of ${canvas.clientWidth} × ${canvas.clientHeight}`]";
            let told: Vec<String> = serde_json::from_value(desk.script(told).await).unwrap();
            if !told[0].is_empty() && told[0] != last {
                last.clone_from(&told[0]);
                let parts: Vec<f64> = told[1].split(',').filter_map(|part| part.parse().ok()).collect();
                drawn_on.clone_from(&told[3]);
                if let [brought, looked, drawn] = parts[..] {
                    timings.push([brought, looked, drawn]);
                }
            }
            if told[2] == "over" && began.elapsed() > Duration::from_secs(5) {
                break;
            }
            assert!(began.elapsed() < Duration::from_secs(120), "the run never ended");
        }
        live_s += (processes::spent_s() - spent) / began.elapsed().as_secs_f64() * 60.0;
    }
    let stands_s = watched().await;
    desk.touch("freeze").await;
    desk.see("ask-0-frozen").await;
    let frozen_s = watched().await;
    println!("\n## Over the camera's picture: from a picture to its overlay\n");
    println!(
        "A recorded run of the pump, 640 × 480, four labels, software GL, canvas as at 1280 × 800; {} pictures seen, as many \
         as the driver's questions caught. «Brought» is from the engine's reading of the run to the page.\n",
        timings.len()
    );
    println!(
        "Scan → order → guide → step 1 with the machine drawn: {scanned_s:.1} s, a driver's touch between each.\n"
    );
    println!("Pixels of the canvas at last, of those on the screen: {drawn_on}.\n");
    println!("| ms | median | p95 |\n|---|---|---|");
    for (part, name) in ["brought over", "looked at", "drawn"].into_iter().enumerate() {
        let mut of_part: Vec<f64> = timings.iter().map(|timing| timing[part]).collect();
        println!("| {name} | {:.1} | {:.1} |", at(&mut of_part, 0.5), at(&mut of_part, 0.95));
    }
    let mut whole: Vec<f64> = timings.iter().map(|timing| timing.iter().sum()).collect();
    println!("| **picture → overlay** | {:.1} | {:.1} |", at(&mut whole, 0.5), at(&mut whole, 0.95));
    println!("\n| processor seconds a minute, app and webview | |\n|---|---|");
    println!("| live, ten pictures a second | {:.1} |", live_s / PLAYED as f64);
    println!("| the picture stands | {stands_s:.1} |");
    println!("| frozen | {frozen_s:.1} |");
    desk.client.close().await.unwrap();
}

async fn watched() -> f64 {
    tokio::time::sleep(Duration::from_secs(2)).await;
    let spent = processes::spent_s();
    tokio::time::sleep(WATCHED).await;
    (processes::spent_s() - spent) / WATCHED.as_secs_f64() * 60.0
}

fn at(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let place = (values.len().saturating_sub(1) as f64 * share).round() as usize;
    values.get(place).copied().unwrap_or(f64::NAN)
}
