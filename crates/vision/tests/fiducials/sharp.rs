//! Pictures without any lens: what a pixel shows is as sharp as the print.

use std::f64::consts::TAU;

use millwright_vision::{Detector, FiducialFamily, GreyFrame};

use crate::pose::held_in_pictures;
use crate::scene::{Chance, Pixel, Placed, Shot, View, picture};

const SIZE_M: f64 = 0.16;
/// Of 100 places that are normally distributed on both axes, 95 are less than so many standard deviations away.
const REACH_95: f64 = 2.45;

/// What became of the corners of fiducials in many pictures.
#[derive(Default)]
struct Corners {
    count: usize,
    within_a_tenth: usize,
    within_bounds: usize,
    squares: f64,
    most_px: f64,
}

impl Corners {
    fn rms_px(&self) -> f64 {
        (self.squares / self.count as f64).sqrt()
    }
}

/// How a fiducial is held.
#[derive(Clone, Copy, Debug)]
struct Held {
    side_px: f64,
    roll_rad: f64,
    tilt_max_rad: f64,
}

fn look(held: Held, shot: impl Fn(u64) -> Shot, pictures: u64) -> Corners {
    let view = View { width_px: 400, height_px: 400, centre_px: [200.0, 200.0], ..View::hd() };
    let mut all = Corners::default();
    for seed in 0..pictures {
        let mut chance = Chance::new(seed);
        let family = FiducialFamily::ALL[(seed % 2) as usize];
        // Also on whole and quarter pixels, where all edges are alike.
        let aside = |chance: &mut Chance| match seed % 4 {
            0 => 0.0,
            1 => 0.25,
            _ => chance.between(-0.5, 0.5),
        };
        let seen_px = [200.0 + aside(&mut chance), 200.0 + aside(&mut chance)];
        let tilt_rad = chance.between(0.0, held.tilt_max_rad);
        let axis_rad = chance.between(0.0, TAU);
        let placed = Placed::tilted(
            family,
            (seed * 7 % 500) as u32,
            SIZE_M,
            &view,
            seen_px,
            view.focal_px * SIZE_M / held.side_px,
            held.roll_rad,
            tilt_rad,
            axis_rad,
        );
        let pixels = picture(&view, &[placed], &shot(seed));
        let frame = GreyFrame::new(view.width_px, view.height_px, view.width_px, &pixels).unwrap();
        let mut detector = Detector::new(&FiducialFamily::ALL);
        let found = detector.detect(frame);
        assert_eq!(found.len(), 1, "{held:?} seed {seed}");
        for (seen, truth) in found[0].corners_px.iter().zip(placed.corners_px(&view)) {
            let off_px = (seen[0] - truth[0]).hypot(seen[1] - truth[1]);
            all.count += 1;
            all.within_a_tenth += usize::from(off_px <= 0.1);
            all.within_bounds += usize::from(off_px <= REACH_95 * found[0].corner_sigma_px());
            all.squares += off_px * off_px;
            all.most_px = all.most_px.max(off_px);
        }
    }
    all
}

/// Upright and turned, flat and tilted, small and large.
fn ways() -> Vec<Held> {
    let mut all = vec![];
    for side_px in [32.0, 80.0, 97.3, 144.0] {
        for (roll_deg, tilt_deg) in [(0.0, 0.0), (7.0, 0.0), (45.0, 0.0), (20.0, 50.0)] {
            let (roll_rad, tilt_max_rad) = (f64::to_radians(roll_deg), f64::to_radians(tilt_deg));
            all.push(Held { side_px, roll_rad, tilt_max_rad });
        }
    }
    all
}

fn sharp(pixel: Pixel, gamma: f64, noise: f64) -> impl Fn(u64) -> Shot {
    move |seed| Shot { black: 20.0, white: 200.0, pixel, blur_px: 0.0, noise, gamma, ..Shot::plain(seed) }
}

fn look_at_all(shot: impl Fn(u64) -> Shot, pictures: u64) -> Corners {
    let mut sum = Corners::default();
    for held in ways() {
        let one = look(held, &shot, pictures);
        println!(
            "{:5.1} px, {:2.0}°, tilt to {:2.0}°: RMS {:.3} px, most {:.3} px, bounds held for {} of {}",
            held.side_px,
            held.roll_rad.to_degrees(),
            held.tilt_max_rad.to_degrees(),
            one.rms_px(),
            one.most_px,
            one.within_bounds,
            one.count
        );
        sum.count += one.count;
        sum.within_a_tenth += one.within_a_tenth;
        sum.within_bounds += one.within_bounds;
        sum.squares += one.squares;
        sum.most_px = sum.most_px.max(one.most_px);
    }
    println!(
        "all: RMS {:.3} px, most {:.3} px, a tenth for {} and bounds for {} of {}",
        sum.rms_px(),
        sum.most_px,
        sum.within_a_tenth,
        sum.within_bounds,
        sum.count
    );
    sum
}

#[test]
fn corners_of_razor_sharp_fiducials_are_told_to_a_tenth_of_a_pixel_and_within_their_bounds() {
    for (gamma, noise) in [(1.0, 0.0), (1.0, 2.0), (2.2, 1.0)] {
        let all = look_at_all(sharp(Pixel::Surface, gamma, noise), 4);
        assert!(all.within_a_tenth >= all.count * 95 / 100, "{} of {}", all.within_a_tenth, all.count);
        assert!(all.within_bounds >= all.count * 95 / 100, "{} of {}", all.within_bounds, all.count);
    }
}

#[test]
fn corners_of_a_raster_without_any_shades_are_within_their_bounds() {
    let all = look_at_all(sharp(Pixel::Middle, 1.0, 0.0), 4);
    assert!(all.within_bounds >= all.count * 95 / 100, "{} of {}", all.within_bounds, all.count);
}

#[test]
fn bounds_of_poses_hold_in_razor_sharp_pictures() {
    let (frames, places, attitudes) = held_in_pictures(120, |seed, chance| Shot {
        pixel: Pixel::Surface,
        blur_px: 0.0,
        noise: chance.between(0.0, 2.0),
        gamma: if seed % 2 == 0 { 1.0 } else { 2.2 },
        ..Shot::plain(seed)
    });
    assert!(frames >= 105.0 && places >= 0.95 * frames && attitudes >= 0.95 * frames);
}
