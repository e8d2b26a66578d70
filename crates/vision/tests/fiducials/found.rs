//! What is found in pictures whose truth is known.

use std::f64::consts::TAU;

use millwright_vision::{Detection, Detector, FiducialFamily, GreyFrame, Region};

use crate::scene::{Chance, Placed, Shot, View, Wall, picture};

const SIZE_M: f64 = 0.16;

fn detect(view: &View, pixels: &[u8]) -> Vec<Detection> {
    let frame = GreyFrame::new(view.width_px, view.height_px, view.width_px, pixels).unwrap();
    Detector::new(&FiducialFamily::ALL).detect(frame).to_vec()
}

/// A fiducial somewhere in the picture, `side_px` wide when seen straight.
fn somewhere(
    chance: &mut Chance,
    view: &View,
    family: FiducialFamily,
    side_px: f64,
    tilt_max_rad: f64,
) -> Placed {
    let id = (chance.next() % u64::from(family.id_count())) as u32;
    let margin = side_px * 1.4 + 8.0;
    let seen_px = [
        chance.between(margin, view.width_px as f64 - margin),
        chance.between(margin, view.height_px as f64 - margin),
    ];
    let distance_m = view.focal_px * SIZE_M / side_px;
    let (roll, tilt, axis) =
        (chance.between(0.0, TAU), chance.between(0.0, tilt_max_rad), chance.between(0.0, TAU));
    Placed::tilted(family, id, SIZE_M, view, seen_px, distance_m, roll, tilt, axis)
}

/// The share that was found, and the root mean square of how far corners were off, in pixels.
fn recall(family: FiducialFamily, side_px: f64, wall: Wall, noise: f64, frames: u64) -> (f64, f64) {
    recall_of(family, side_px, &|seed| Shot { wall, noise, ..Shot::plain(seed) }, frames)
}

fn recall_of(family: FiducialFamily, side_px: f64, shot: &dyn Fn(u64) -> Shot, frames: u64) -> (f64, f64) {
    let view = View { width_px: 480, height_px: 400, centre_px: [240.0, 200.0], ..View::hd() };
    let (mut found, mut squares) = (0.0, 0.0);
    for seed in 0..frames {
        let mut chance = Chance::new(seed);
        let placed = somewhere(&mut chance, &view, family, side_px, 55_f64.to_radians());
        let pixels = picture(&view, &[placed], &shot(seed));
        let truth = placed.corners_px(&view);
        for detection in detect(&view, &pixels) {
            assert_eq!((detection.family, detection.id), (family, placed.id), "seed {seed}");
            found += 1.0;
            squares += detection
                .corners_px
                .iter()
                .zip(truth)
                .map(|(seen, truth)| (seen[0] - truth[0]).powi(2) + (seen[1] - truth[1]).powi(2))
                .sum::<f64>();
        }
    }
    let rms = (squares / (4.0 * f64::max(found, 1.0))).sqrt();
    let Shot { wall, noise, gamma, .. } = shot(0);
    println!(
        "{} {side_px} px {wall:?} noise {noise} gamma {gamma}: recall {:.3}, RMS {rms:.4} px",
        family.as_str(),
        found / frames as f64
    );
    (found / frames as f64, rms)
}

#[test]
fn fiducials_24_pixels_wide_are_found_in_noise_on_a_busy_wall() {
    for family in FiducialFamily::ALL {
        let (share, rms) = recall(family, 24.0, Wall::Busy, 4.0, 40);
        assert!(share >= 0.95, "{share}");
        assert!(rms <= 0.06, "{rms}");
    }
}

#[test]
fn fiducials_16_pixels_wide_are_found_in_noise() {
    let (share, rms) = recall(FiducialFamily::Tag36h11, 16.0, Wall::Flat(120.0), 4.0, 60);
    assert!(share >= 0.95, "{share}");
    assert!(rms <= 0.08, "{rms}");
}

#[test]
fn corners_are_told_to_a_twentieth_of_a_pixel() {
    for side_px in [48.0, 144.0] {
        let (share, rms) = recall(FiducialFamily::Tag36h11, side_px, Wall::Flat(120.0), 4.0, 40);
        assert!(share >= 0.99, "{share}");
        assert!(rms <= 0.05, "{rms}");
    }
}

#[test]
fn what_a_camera_for_eyes_writes_of_light_moves_no_corner() {
    // Edges of the frame alone are off by a quarter of a pixel: white seems to grow.
    let eyes = |seed| Shot { black: 15.0, white: 190.0, noise: 1.0, gamma: 2.2, ..Shot::plain(seed) };
    for family in FiducialFamily::ALL {
        for side_px in [32.0, 48.0, 80.0, 144.0] {
            let (share, rms) = recall_of(family, side_px, &eyes, 15);
            assert!(share >= 0.95, "{share}");
            assert!(rms <= 0.08, "{rms}");
        }
    }
}

#[test]
fn corners_follow_the_sheet_in_all_four_attitudes() {
    let view = View { width_px: 200, height_px: 160, centre_px: [100.0, 80.0], ..View::hd() };
    for family in FiducialFamily::ALL {
        for quarter in 0..4 {
            let roll = TAU / 4.0 * f64::from(quarter) + 0.1;
            let placed = Placed::tilted(family, 5, SIZE_M, &view, [100.0, 80.0], 2.5, roll, 0.2, 1.0);
            let found = detect(&view, &picture(&view, &[placed], &Shot::plain(1)));
            assert_eq!(found.len(), 1);
            for (seen, truth) in found[0].corners_px.iter().zip(placed.corners_px(&view)) {
                assert!((seen[0] - truth[0]).hypot(seen[1] - truth[1]) < 0.2, "{family:?} {quarter}");
            }
        }
    }
}

#[test]
fn mirrored_fiducials_are_refused() {
    let view = View { width_px: 200, height_px: 160, centre_px: [100.0, 80.0], ..View::hd() };
    for family in FiducialFamily::ALL {
        let placed = Placed::tilted(family, 5, SIZE_M, &view, [100.0, 80.0], 2.5, 0.3, 0.2, 1.0);
        let mut pixels = picture(&view, &[placed], &Shot::plain(1));
        for row in pixels.chunks_exact_mut(view.width_px) {
            row.reverse();
        }
        assert_eq!(detect(&view, &pixels), []);
    }
}

#[test]
fn walls_without_fiducials_show_none() {
    let view = View { width_px: 640, height_px: 480, centre_px: [320.0, 240.0], ..View::hd() };
    for seed in 0..60 {
        let shot = Shot { wall: Wall::Busy, noise: (seed % 5) as f64 * 2.0, ..Shot::plain(seed) };
        assert_eq!(detect(&view, &picture(&view, &[], &shot)), [], "seed {seed}");
    }
}

#[test]
fn pure_noise_shows_none() {
    let mut chance = Chance::new(9);
    let pixels: Vec<u8> = (0..320 * 240).map(|_| chance.next() as u8).collect();
    let frame = GreyFrame::new(320, 240, 320, &pixels).unwrap();
    assert_eq!(Detector::new(&FiducialFamily::ALL).detect(frame), []);
}

#[test]
fn frames_too_small_for_any_fiducial_show_none() {
    let mut detector = Detector::new(&FiducialFamily::ALL);
    for (width, height) in [(1, 1), (1, 9), (9, 1), (3, 3), (5, 7), (17, 2)] {
        let pixels: Vec<u8> = (0..width * height).map(|index| (index * 97 % 251) as u8).collect();
        assert_eq!(detector.detect(GreyFrame::new(width, height, width, &pixels).unwrap()), []);
    }
}

#[test]
fn a_part_of_a_frame_tells_the_same_corners_as_the_whole() {
    let view = View { width_px: 320, height_px: 240, centre_px: [160.0, 120.0], ..View::hd() };
    let placed =
        Placed::tilted(FiducialFamily::Tag36h11, 5, SIZE_M, &view, [201.0, 131.0], 2.5, 0.3, 0.2, 1.0);
    let pixels = picture(&view, &[placed], &Shot::plain(1));
    let frame = GreyFrame::new(320, 240, 320, &pixels).unwrap();
    let mut detector = Detector::new(&[FiducialFamily::Tag36h11]);
    let whole = detector.detect(frame).to_vec();
    let region = Region { left_px: 120, top_px: 60, width_px: 160, height_px: 140 };
    let part = detector.detect_within(frame, region);
    assert_eq!((whole.len(), part.len()), (1, 1));
    for (one, other) in whole[0].corners_px.iter().zip(part[0].corners_px) {
        assert!((one[0] - other[0]).hypot(one[1] - other[1]) < 0.01);
    }
}

#[test]
fn rows_may_lie_farther_apart_than_they_are_long() {
    let view = View { width_px: 200, height_px: 160, centre_px: [100.0, 80.0], ..View::hd() };
    let placed =
        Placed::tilted(FiducialFamily::Tag36h11, 5, SIZE_M, &view, [100.0, 80.0], 2.5, 0.3, 0.2, 1.0);
    let pixels = picture(&view, &[placed], &Shot::plain(1));
    let apart: Vec<u8> = pixels.chunks_exact(200).flat_map(|row| [row, &[0; 24]].concat()).collect();
    let frame = GreyFrame::new(200, 160, 224, &apart).unwrap();
    let found = Detector::new(&FiducialFamily::ALL).detect(frame).to_vec();
    assert_eq!(found.len(), 1);
    assert_eq!(found, detect(&view, &pixels));
}

#[test]
fn the_same_frame_gives_the_same_answer_bit_for_bit() {
    let view = View { width_px: 320, height_px: 240, centre_px: [160.0, 120.0], ..View::hd() };
    let placed =
        Placed::tilted(FiducialFamily::Tag36h11, 5, SIZE_M, &view, [160.0, 120.0], 2.5, 0.3, 0.2, 1.0);
    let shot = Shot { wall: Wall::Busy, noise: 3.0, ..Shot::plain(1) };
    let pixels = picture(&view, &[placed], &shot);
    let other = picture(&view, &[], &shot);
    let of = |pixels| GreyFrame::new(320, 240, 320, pixels).unwrap();
    let mut used = Detector::new(&FiducialFamily::ALL);
    used.detect(of(&other));
    assert_eq!(used.detect(of(&pixels)), Detector::new(&FiducialFamily::ALL).detect(of(&pixels)));
}
