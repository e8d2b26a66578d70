//! What a person is told about a fiducial that is seen badly.

use millwright_vision::{Detection, Detector, FiducialFamily, GreyFrame, Hint, hints};

use crate::scene::{Placed, Shot, View, Wall, picture};

const SIZE_M: f64 = 0.1;

/// The hints for a fiducial that is `side_px` wide and tilted.
fn told(side_px: f64, tilt_deg: f64, shot: Shot) -> Vec<Hint> {
    told_of(side_px, tilt_deg, shot, |pixels| pixels)
}

fn told_of(side_px: f64, tilt_deg: f64, shot: Shot, spoil: impl Fn(Vec<u8>) -> Vec<u8>) -> Vec<Hint> {
    let view = View { width_px: 320, height_px: 240, centre_px: [160.0, 120.0], ..View::hd() };
    let distance_m = view.focal_px * SIZE_M / side_px;
    let tilt = tilt_deg.to_radians();
    let family = FiducialFamily::Tag36h11;
    let placed = Placed::tilted(family, 3, SIZE_M, &view, [160.0, 120.0], distance_m, 0.2, tilt, 0.9);
    let pixels = spoil(picture(&view, &[placed], &shot));
    let frame = GreyFrame::new(320, 240, 320, &pixels).unwrap();
    let found: Vec<Detection> = Detector::new(&[family]).detect(frame).to_vec();
    assert_eq!(found.len(), 1);
    hints(frame, &found[0], None)
}

#[test]
fn a_fiducial_that_is_seen_well_has_no_hint() {
    assert_eq!(told(60.0, 30.0, Shot::plain(1)), []);
    assert_eq!(told(60.0, 30.0, Shot { noise: 4.0, white: 254.0, ..Shot::plain(1) }), []);
}

#[test]
fn a_fiducial_from_aside_is_oblique() {
    let found = told(110.0, 72.0, Shot::plain(1));
    assert!(
        matches!(found[..], [Hint::Oblique { angle_deg }] if (angle_deg - 72.0).abs() < 4.0),
        "{found:?}"
    );
}

#[test]
fn a_small_fiducial_is_far() {
    let found = told(17.0, 10.0, Shot::plain(1));
    assert!(matches!(found[..], [Hint::Far { side_px }] if (side_px - 17.0).abs() < 1.0), "{found:?}");
}

#[test]
fn a_fiducial_out_of_focus_is_blurred() {
    let found = told(80.0, 10.0, Shot { blur_px: 2.5, ..Shot::plain(1) });
    assert!(matches!(found[..], [Hint::Blurred { blur_px }] if (blur_px - 2.5).abs() < 0.4), "{found:?}");
}

#[test]
fn a_fiducial_in_the_dark_is_dark() {
    let shot = Shot { wall: Wall::Flat(20.0), black: 6.0, white: 45.0, noise: 1.0, ..Shot::plain(1) };
    assert!(matches!(told(80.0, 10.0, shot)[..], [Hint::Dark { .. }]));
}

#[test]
fn a_fiducial_that_mirrors_a_lamp_glares() {
    let light_up = |pixels: Vec<u8>| pixels.into_iter().map(|pixel| pixel.saturating_add(165)).collect();
    let found = told_of(80.0, 10.0, Shot::plain(1), light_up);
    assert!(matches!(found[..], [Hint::Glare { share }] if share > 0.2), "{found:?}");
}

#[test]
fn a_faded_fiducial_is_pale() {
    let shot = Shot { black: 130.0, white: 150.0, wall: Wall::Flat(140.0), ..Shot::plain(1) };
    assert!(matches!(told(80.0, 10.0, shot)[..], [Hint::Pale { .. }]));
}
