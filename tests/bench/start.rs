//! Start time: from the start of the process to the first frame that shows the first order's text.

use std::path::Path;
use std::time::Instant;

use crate::bare;
use crate::processes::App;
use crate::screen::Screen;
use crate::survey::Places;

/// How often each is started; the middle counts.
const RUNS: usize = 20;

/// Starts the app and the bare webview in turns.
pub fn measure(data: &Path, places: &Places) {
    let screen = Screen::start();
    let folder = tempfile::tempdir().unwrap();
    let peer = bare::built(folder.path());
    let (app_wanted, peer_wanted) = (reference(&screen, data, places), peer_reference(&screen, &peer));
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _run in 0..RUNS {
        let started = Instant::now();
        let app = App::start(&screen, data);
        let seen = screen.until_it_shows(places.first_order, &app_wanted);
        ours.push((seen - started).as_secs_f64() * 1e3);
        drop(app);
        cleared(&screen);
        let started = Instant::now();
        let mut child = bare::start(&peer, &screen);
        let seen = screen.until_it_shows(bare::TEXT, &peer_wanted);
        theirs.push((seen - started).as_secs_f64() * 1e3);
        child.kill().unwrap();
        child.wait().unwrap();
        cleared(&screen);
    }
    let (app_ms, bare_ms) = (median(&mut ours), median(&mut theirs));
    println!("\n## Start: process start to the first order's text on the screen\n");
    println!("Median of {RUNS} (fastest to slowest), release, warm page cache, no session bus.\n");
    println!("| | ms |\n|---|---|");
    println!("| Millwright | {app_ms:.0} ({:.0} to {:.0}) |", ours[0], ours[RUNS - 1]);
    println!(
        "| a bare webview with the same words | {bare_ms:.0} ({:.0} to {:.0}) |",
        theirs[0],
        theirs[RUNS - 1]
    );
    println!("| our own part | {:.0} |", app_ms - bare_ms);
}

/// The pixels of the first order's title once all is at rest; the first start also warms the page cache.
fn reference(screen: &Screen, data: &Path, places: &Places) -> Vec<u8> {
    let app = App::start(screen, data);
    let pixels = screen.settled(places.first_order);
    drop(app);
    cleared(screen);
    pixels
}

fn peer_reference(screen: &Screen, program: &Path) -> Vec<u8> {
    let mut child = bare::start(program, screen);
    let pixels = screen.settled(bare::TEXT);
    child.kill().unwrap();
    child.wait().unwrap();
    cleared(screen);
    pixels
}

/// Waits until the screen is bare again, so that no run sees the one before it.
fn cleared(screen: &Screen) {
    let everything = crate::screen::Area { x: 0, y: 0, width: 1280, height: 800 };
    let black = |pixels: &[u8]| pixels.chunks_exact(4).all(|pixel| pixel[..3] == [0, 0, 0]);
    let started = Instant::now();
    while !black(&screen.look(everything)) {
        assert!(started.elapsed().as_secs() < 30, "the window never left the screen");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

/// Sorts, and answers the middle.
pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
