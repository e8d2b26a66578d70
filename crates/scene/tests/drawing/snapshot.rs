//! Pictures that were looked at once and must stay as they are.
//!
//! `MILLWRIGHT_SNAPSHOTS=write` takes them anew: look at each before it is kept.

use std::path::PathBuf;

use millwright_scene::render::Pixmap;

pub const WIDTH_PX: u32 = 320;
pub const HEIGHT_PX: u32 = 240;
/// A pixel differs when one of its values is so far off.
const PIXEL_OFF: u8 = 24;
/// So many of a thousand pixels may differ: rims fall a hair otherwise on other rasterisers.
const DIFFERING_PER_MILLE: usize = 8;

/// Compares a picture with the one that was looked at.
pub fn check(name: &str, picture: &Pixmap) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots");
    let path = folder.join(format!("{name}.png"));
    if std::env::var_os("MILLWRIGHT_SNAPSHOTS").is_some_and(|value| value == "write") {
        std::fs::write(&path, picture.to_png().unwrap()).unwrap();
        return;
    }
    let known = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let known = image::load_from_memory(&known).unwrap().to_rgba8();
    assert_eq!(known.dimensions(), (picture.width_px, picture.height_px), "{name} has another size");
    let fresh = image::load_from_memory(&picture.to_png().unwrap()).unwrap().to_rgba8();
    let differs = |(a, b): (&image::Rgba<u8>, &image::Rgba<u8>)| {
        a.0.iter().zip(b.0).any(|(a, b)| a.abs_diff(b) > PIXEL_OFF)
    };
    let differing = known.pixels().zip(fresh.pixels()).filter(|pair| differs(*pair)).count();
    let allowed = (known.width() * known.height()) as usize * DIFFERING_PER_MILLE / 1_000;
    if differing > allowed {
        let seen = std::env::temp_dir().join(format!("{name}.png"));
        std::fs::write(&seen, picture.to_png().unwrap()).unwrap();
        panic!("{name}: {differing} pixels differ, {allowed} may; what was drawn is at {}", seen.display());
    }
}
