//! Draws a page of a PDF: `draw FILE PAGE LONGEST_PX OUT.png`, and says how long it took and what memory it came to.
#![allow(clippy::print_stdout, reason = "it is asked by a person at a terminal")]

use std::time::Instant;

use millwright_manual::Manual;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, file, page, longest_px, out] = arguments.as_slice() else {
        return Err("usage: draw FILE PAGE LONGEST_PX OUT.png".into());
    };
    let bytes = std::fs::read(file)?;
    let started = Instant::now();
    let manual = Manual::open(bytes);
    println!("opened in {} ms: {manual:?}", started.elapsed().as_millis());
    let started = Instant::now();
    let picture = manual.and_then(|manual| {
        manual.page_picture(page.parse().unwrap_or(1), longest_px.parse().unwrap_or(1_600))
    });
    println!("drawn in {} ms: {picture:?}", started.elapsed().as_millis());
    // Linux alone tells it so.
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    println!(
        "{}",
        status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("memory is not told here")
    );
    std::fs::write(out, picture?.to_png()?)?;
    Ok(())
}
