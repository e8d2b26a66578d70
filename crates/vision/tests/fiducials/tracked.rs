//! Fiducials that move through frames.

use millwright_vision::{FiducialFamily, GreyFrame, TagTracker, TagView, TrackedTag};

use crate::scene::{Placed, Shot, View, picture};

const FRAME_S: f64 = 1.0 / 30.0;

fn view() -> View {
    View { width_px: 320, height_px: 240, centre_px: [160.0, 120.0], ..View::hd() }
}

/// A fiducial whose middle is seen at a place.
fn at(x_px: f64) -> Placed {
    Placed::tilted(FiducialFamily::Tag36h11, 3, 0.1, &view(), [x_px, 120.0], 2.0, 0.2, 0.5, 0.9)
}

/// What is followed while the middle is seen at each place in turn; nothing there where no place is given.
fn follow(places: &[Option<f64>]) -> Vec<(Option<Placed>, Vec<TrackedTag>)> {
    let mut tracker = TagTracker::new(&FiducialFamily::ALL);
    let frames = places.iter().enumerate().map(|(index, place)| {
        let placed = place.map(at);
        let shot = Shot { noise: 2.0, ..Shot::plain(index as u64) };
        let pixels = picture(&view(), placed.as_slice(), &shot);
        let frame = GreyFrame::new(320, 240, 320, &pixels).unwrap();
        (placed, tracker.track(frame, index as f64 * FRAME_S).to_vec())
    });
    frames.collect()
}

/// The root mean square of how far corners are off, in pixels.
fn off_px(corners: &[[f64; 2]; 4], placed: &Placed) -> f64 {
    let truth = placed.corners_px(&view());
    let squares =
        corners.iter().flatten().zip(truth.iter().flatten()).map(|(one, other)| (one - other).powi(2));
    (squares.sum::<f64>() / 4.0).sqrt()
}

#[test]
fn a_fiducial_that_moves_evenly_is_followed_without_lag() {
    let places: Vec<_> = (0..30).map(|index| Some(80.0 + 4.0 * f64::from(index))).collect();
    for (placed, tags) in &follow(&places)[6..] {
        assert_eq!(tags.len(), 1);
        assert!(!tags[0].jumped);
        assert!(off_px(&tags[0].smoothed_px, &placed.unwrap()) < 0.15);
        assert!((tags[0].speed_px_per_s[0] - 120.0).abs() < 6.0, "{:?}", tags[0].speed_px_per_s);
    }
}

#[test]
fn a_jump_is_shown_at_once_and_said() {
    let places: Vec<_> = (0..12).map(|index| Some(if index < 6 { 120.0 } else { 123.0 })).collect();
    let frames = follow(&places);
    let (placed, tags) = &frames[6];
    assert!(tags[0].jumped);
    assert!(off_px(&tags[0].smoothed_px, &placed.unwrap()) < 0.1);
}

#[test]
fn where_a_hand_does_not_move_evenly_smoothed_corners_are_as_near_as_they_say() {
    // Ten frames a second, and turns of speed that are no jumps yet: a pixel or less from where it was due.
    let mut tracker = TagTracker::new(&[FiducialFamily::Tag36h11]);
    for index in 0..40_u32 {
        let at_s = f64::from(index) / 10.0;
        let placed = at(150.0 + 3.0 * (2.5 * at_s).sin());
        let pixels = picture(&view(), &[placed], &Shot { noise: 1.0, ..Shot::plain(u64::from(index)) });
        let frame = GreyFrame::new(320, 240, 320, &pixels).unwrap();
        let tags = tracker.track(frame, at_s);
        assert_eq!(tags.len(), 1);
        let stated_px = 2.0 * f64::sqrt(2.0) * TagView::of_tracked(&tags[0]).sigma_px;
        let off_px = off_px(&tags[0].smoothed_px, &placed);
        assert!(off_px < stated_px, "frame {index}: off by {off_px} px, and at most {stated_px} was stated");
    }
}

#[test]
fn a_fiducial_that_stands_still_trembles_less_than_what_is_detected() {
    let frames = follow(&[Some(150.0); 30]);
    let (mut smoothed, mut detected) = (0.0, 0.0);
    for (placed, tags) in &frames[5..] {
        let placed = placed.unwrap();
        smoothed += off_px(&tags[0].smoothed_px, &placed).powi(2);
        detected += off_px(&tags[0].detection.corners_px, &placed).powi(2);
    }
    assert!(smoothed < detected, "{smoothed} {detected}");
}

#[test]
fn what_comes_back_after_it_was_covered_is_followed_on() {
    let mut places = vec![Some(120.0); 5];
    places.extend([None; 3]);
    places.extend([Some(120.0); 3]);
    let seen: Vec<usize> = follow(&places).iter().map(|(_, tags)| tags.len()).collect();
    assert_eq!(seen, [1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1]);
}

#[test]
fn what_comes_into_view_is_found_within_ten_frames() {
    let mut tracker = TagTracker::new(&[FiducialFamily::Tag36h11]);
    let other = Placed { id: 8, ..at(240.0) };
    let mut seen = vec![];
    for index in 0..16 {
        let tags = if index < 3 { vec![at(80.0)] } else { vec![at(80.0), other] };
        let pixels = picture(&view(), &tags, &Shot::plain(index));
        let frame = GreyFrame::new(320, 240, 320, &pixels).unwrap();
        seen.push(tracker.track(frame, index as f64 * FRAME_S).len());
    }
    assert_eq!(seen[2], 1);
    assert_eq!(seen[13], 2);
}

#[test]
fn the_same_frames_give_the_same_answers_bit_for_bit() {
    let places: Vec<_> = (0..14).map(|index| Some(90.0 + 3.0 * f64::from(index))).collect();
    let answers = || follow(&places).into_iter().map(|(_, tags)| tags).collect::<Vec<_>>();
    assert_eq!(answers(), answers());
}
