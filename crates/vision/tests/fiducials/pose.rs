//! Where the camera stands, against truth: poses up to 75° and from 0.2 to 3 m, in any order of corners.

use std::f64::consts::TAU;

use millwright_vision::{
    CameraModel, CameraNumbers, Detector, FiducialFamily, GreyFrame, PoseError, RigidPose, SurveyedTag,
    TagFault, TagView, check_tags, estimate_machine, estimate_tag,
};
use proptest::prelude::*;

use crate::scene::{Chance, Patch, Placed, Shot, View, Wall, picture};

const SIZE_M: f64 = 0.1;

fn webcam(sigma_px: [f64; 4]) -> CameraModel {
    CameraModel::new(CameraNumbers {
        size_px: [1280, 720],
        focal_px: [910.0, 905.0],
        centre_px: [651.0, 348.0],
        distortion: [-0.12, 0.04, 0.0012, -0.0008, 0.0],
        sigma_px,
    })
    .unwrap()
}

fn turned(axis: [f64; 3], angle_rad: f64) -> RigidPose {
    let sine = (angle_rad / 2.0).sin();
    RigidPose::of_quaternion(
        [axis[0] * sine, axis[1] * sine, axis[2] * sine, (angle_rad / 2.0).cos()],
        [0.0; 3],
    )
}

/// A fiducial that faces the camera from `distance_m`, tilted away by `tilt_rad` around an axis in the picture.
fn facing(distance_m: f64, roll_rad: f64, tilt_rad: f64, axis_rad: f64, aside: [f64; 2]) -> RigidPose {
    let flipped = turned([1.0, 0.0, 0.0], TAU / 2.0);
    let attitude = turned([axis_rad.cos(), axis_rad.sin(), 0.0], tilt_rad)
        .then(&turned([0.0, 0.0, 1.0], roll_rad))
        .then(&flipped);
    RigidPose { position_m: [aside[0] * distance_m, aside[1] * distance_m, distance_m], ..attitude }
}

fn corners(camera: &CameraModel, camera_from_tag: &RigidPose, size_m: f64) -> [[f64; 2]; 4] {
    let half = size_m / 2.0;
    [[-half, -half], [half, -half], [half, half], [-half, half]]
        .map(|[x, y]| camera.project(camera_from_tag.apply([x, y, 0.0])).unwrap())
}

fn noisy(corners: [[f64; 2]; 4], sigma_px: f64, chance: &mut Chance) -> [[f64; 2]; 4] {
    corners.map(|corner| corner.map(|place| place + sigma_px * chance.normal()))
}

fn somewhere(chance: &mut Chance) -> RigidPose {
    facing(
        chance.between(0.2, 3.0),
        chance.between(0.0, TAU),
        chance.between(0.0, 75_f64.to_radians()),
        chance.between(0.0, TAU),
        [chance.between(-0.4, 0.4), chance.between(-0.2, 0.2)],
    )
}

proptest! {
    #[test]
    fn perfect_corners_give_the_true_pose_whichever_comes_first(
        distance_m in 0.2..3.0_f64, roll in 0.0..TAU, tilt_deg in 0.0..75.0_f64, axis in 0.0..TAU, first in 0..4_usize,
    ) {
        let camera = webcam([0.0; 4]);
        let truth = facing(distance_m, roll, tilt_deg.to_radians(), axis, [0.1, -0.05]);
        let seen = corners(&camera, &truth, SIZE_M);
        let view = TagView { corners_px: [0, 1, 2, 3].map(|index| seen[(index + first) % 4]), sigma_px: 0.1 };
        let found = estimate_tag(&camera, &view, SIZE_M).unwrap().best.camera_from_body;
        // Another first corner is the same sheet turned by quarters.
        let expected = truth.then(&turned([0.0, 0.0, 1.0], TAU / 4.0 * first as f64));
        prop_assert!(found.angle_to_rad(&expected).to_degrees() < 0.02, "{}", found.angle_to_rad(&expected).to_degrees());
        prop_assert!(found.distance_to_m(&expected) < 1e-4 * distance_m);
    }

    #[test]
    fn any_corners_give_a_sound_pose_or_a_reason(
        places in prop::collection::vec(-2_000.0..4_000.0_f64, 8), size_m in 0.001..1.0_f64,
    ) {
        let corners_px = [0, 2, 4, 6].map(|index| [places[index], places[index + 1]]);
        if let Ok(pair) = estimate_tag(&webcam([5.0; 4]), &TagView { corners_px, sigma_px: 0.1 }, size_m) {
            let error = pair.error_at([0.1, 0.0, 0.0]);
            prop_assert!(pair.best.camera_from_body.position_m[2] > 0.0);
            prop_assert!(error.bound_mm.is_finite() && error.bound_deg.is_finite() && error.sigma_mm >= 0.0);
        }
    }

    #[test]
    fn corners_in_no_order_around_are_refused(tilt_deg in 0.0..75.0_f64, axis in 0.0..TAU, first in 0..4_usize) {
        let camera = webcam([0.0; 4]);
        let seen = corners(&camera, &facing(1.0, 0.3, tilt_deg.to_radians(), axis, [0.0; 2]), SIZE_M);
        for order in [[3, 2, 1, 0], [0, 2, 1, 3], [0, 1, 3, 2]] {
            let view = TagView { corners_px: order.map(|index| seen[(index + first) % 4]), sigma_px: 0.1 };
            prop_assert_eq!(estimate_tag(&camera, &view, SIZE_M), Err(PoseError::Corners));
        }
    }
}

/// The share of frames in which the point and the attitude lay within their stated bounds.
fn held(sigma_px: f64, camera_sigma_px: [f64; 4], frames: u64) -> (f64, f64) {
    let camera = webcam(camera_sigma_px);
    let (mut places, mut attitudes) = (0.0, 0.0);
    for seed in 0..frames {
        let mut chance = Chance::new(seed);
        let truth = somewhere(&mut chance);
        let mut numbers = camera.numbers().clone();
        for (index, sigma) in camera_sigma_px.iter().enumerate() {
            let of = if index < 2 { &mut numbers.focal_px } else { &mut numbers.centre_px };
            of[index % 2] += sigma * chance.normal();
        }
        let seen = corners(&CameraModel::new(numbers).unwrap(), &truth, SIZE_M);
        let view = TagView { corners_px: noisy(seen, sigma_px, &mut chance), sigma_px };
        let Ok(pair) = estimate_tag(&camera, &view, SIZE_M) else { continue };
        let point = [0.1, 0.05, -0.2];
        let error = pair.error_at(point);
        let found = pair.best.camera_from_body;
        let [one, other] = [found.apply(point), truth.apply(point)];
        let off_mm = (0..3).map(|axis| (one[axis] - other[axis]).powi(2)).sum::<f64>().sqrt() * 1_000.0;
        places += f64::from(u8::from(off_mm <= error.bound_mm));
        attitudes += f64::from(u8::from(found.angle_to_rad(&truth).to_degrees() <= error.bound_deg));
    }
    println!("corners {sigma_px} px, camera {camera_sigma_px:?}: held {places} and {attitudes} of {frames}");
    (places / frames as f64, attitudes / frames as f64)
}

#[test]
fn bounds_hold_in_95_of_100_frames() {
    for sigma_px in [0.05, 0.2, 0.5] {
        let (places, attitudes) = held(sigma_px, [0.0; 4], 2_000);
        assert!(places >= 0.95 && attitudes >= 0.95, "{places} {attitudes}");
    }
}

#[test]
fn bounds_hold_when_the_camera_is_not_quite_what_it_is_taken_for() {
    let (places, attitudes) = held(0.1, [20.0, 20.0, 12.0, 12.0], 2_000);
    assert!(places >= 0.95 && attitudes >= 0.95, "{places} {attitudes}");
}

#[test]
fn a_camera_that_nobody_measured_has_wide_bounds() {
    let measured = webcam([1.0; 4]);
    let unmeasured = CameraModel::unmeasured(1280, 720).unwrap();
    let seen = corners(&measured, &facing(1.0, 0.3, 0.5, 1.0, [0.1, 0.1]), SIZE_M);
    let view = TagView { corners_px: seen, sigma_px: 0.1 };
    let bound = |camera| estimate_tag(camera, &view, SIZE_M).unwrap().error_at([0.0; 3]).bound_mm;
    assert!(bound(&unmeasured) > 10.0 * bound(&measured));
    assert!(bound(&unmeasured) > 80.0);
}

/// A machine with fiducials on two faces.
fn machine() -> Vec<SurveyedTag> {
    let place = |x: f64, y: f64, z: f64, yaw: f64| RigidPose {
        position_m: [x, y, z],
        ..turned([0.0, 1.0, 0.0], yaw)
    };
    let places = [
        place(0.0, 0.0, 0.0, 0.0),
        place(0.4, 0.05, 0.0, 0.0),
        place(0.1, 0.35, 0.02, 0.1),
        place(0.55, 0.2, -0.2, 0.9),
    ];
    let tag = |(id, machine_from_tag)| SurveyedTag {
        family: FiducialFamily::Tag36h11,
        id,
        size_m: SIZE_M,
        machine_from_tag,
        sigma_m: 0.0005,
    };
    (0..).zip(places).map(tag).collect()
}

/// What a camera sees of `true_tags` when they are taken for `machine()`.
fn seen(true_tags: &[SurveyedTag], seed: u64) -> (CameraModel, RigidPose, Vec<(TagView, SurveyedTag)>) {
    let camera = webcam([0.0; 4]);
    let camera_from_machine = facing(1.6, 0.2, 0.5, 1.1, [-0.1, -0.05]);
    let mut chance = Chance::new(seed);
    let views = true_tags.iter().zip(machine()).map(|(tag, taken_for)| {
        let pixels = corners(&camera, &camera_from_machine.then(&tag.machine_from_tag), tag.size_m);
        (TagView { corners_px: noisy(pixels, 0.1, &mut chance), sigma_px: 0.1 }, taken_for)
    });
    let views = views.collect();
    (camera, camera_from_machine, views)
}

#[test]
fn all_fiducials_of_a_machine_tell_its_pose_better_than_one() {
    let (mut one_off, mut all_off) = (0.0, 0.0);
    let point = [0.3, 0.1, -0.1];
    for seed in 0..40 {
        let (camera, truth, views) = seen(&machine(), seed);
        let off = |views: &[(TagView, SurveyedTag)]| {
            let pair = estimate_machine(&camera, views, None).unwrap();
            let [one, other] = [pair.best.camera_from_body.apply(point), truth.apply(point)];
            (0..3).map(|axis| (one[axis] - other[axis]).powi(2)).sum::<f64>().sqrt()
        };
        one_off += off(&views[..1]);
        all_off += off(&views);
    }
    assert!(all_off < one_off / 3.0, "{all_off} {one_off}");
}

#[test]
fn bounds_of_a_machine_hold_in_95_of_100_frames() {
    let point = [0.3, 0.1, -0.1];
    let frames = 400;
    let mut held = 0;
    for seed in 0..frames {
        let mut chance = Chance::new(seed + 9_000);
        let hung: Vec<SurveyedTag> = machine()
            .into_iter()
            .map(|mut tag| {
                for place in &mut tag.machine_from_tag.position_m {
                    *place += tag.sigma_m * chance.normal();
                }
                tag
            })
            .collect();
        let (camera, truth, views) = seen(&hung, seed);
        let pair = estimate_machine(&camera, &views, None).unwrap();
        let [one, other] = [pair.best.camera_from_body.apply(point), truth.apply(point)];
        let off_mm = (0..3).map(|axis| (one[axis] - other[axis]).powi(2)).sum::<f64>().sqrt() * 1_000.0;
        held += usize::from(off_mm <= pair.error_at(point).bound_mm);
    }
    println!("a machine's bounds held in {held} of {frames}");
    assert!(held as f64 >= 0.95 * frames as f64, "{held}");
}

#[test]
fn fiducials_that_hang_as_surveyed_have_no_fault() {
    for seed in 0..20 {
        let (camera, _, views) = seen(&machine(), seed);
        assert_eq!(check_tags(&camera, &views).unwrap().fault, None);
    }
}

#[test]
fn a_fiducial_of_the_wrong_size_is_named_with_its_size() {
    let mut tags = machine();
    tags[1].size_m = 0.08;
    let (camera, _, views) = seen(&tags, 1);
    match check_tags(&camera, &views).unwrap().fault {
        Some(TagFault::WrongSize { index: 1, size_m }) => assert!((size_m - 0.08).abs() < 0.001),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_fiducial_that_was_moved_is_named_with_how_far() {
    let mut tags = machine();
    tags[2].machine_from_tag.position_m[0] += 0.06;
    let (camera, _, views) = seen(&tags, 2);
    match check_tags(&camera, &views).unwrap().fault {
        Some(TagFault::Moved { index: 2, by_m }) => assert!((by_m - 0.06).abs() < 0.02, "{by_m}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn two_fiducials_in_each_others_places_are_named() {
    let mut tags = machine();
    let first = tags[0].machine_from_tag;
    tags[0].machine_from_tag = tags[3].machine_from_tag;
    tags[3].machine_from_tag = first;
    let (camera, _, views) = seen(&tags, 3);
    assert_eq!(check_tags(&camera, &views).unwrap().fault, Some(TagFault::Swapped { indices: [0, 3] }));
}

#[test]
fn the_pose_does_not_flip_while_it_is_followed() {
    let camera = webcam([0.0; 4]);
    let mut previous: Option<RigidPose> = None;
    let mut flips = 0;
    for frame in 0..300 {
        let mut chance = Chance::new(frame);
        let tilt = (20.0 + 6.0 * (frame as f64 / 40.0).sin()).to_radians();
        let truth = facing(2.5, 0.3, tilt, 0.4, [0.0; 2]);
        let view =
            TagView { corners_px: noisy(corners(&camera, &truth, SIZE_M), 0.1, &mut chance), sigma_px: 0.1 };
        let mut pair = estimate_tag(&camera, &view, SIZE_M).unwrap();
        if let Some(previous) = &previous {
            pair = pair.following(previous);
            flips += usize::from(pair.best.camera_from_body.angle_to_rad(previous).to_degrees() > 15.0);
        }
        previous = Some(if frame == 0 { truth } else { pair.best.camera_from_body });
    }
    assert_eq!(flips, 0);
}

#[test]
fn numbers_that_are_no_fiducials_are_refused() {
    let camera = webcam([0.0; 4]);
    let view = TagView {
        corners_px: corners(&camera, &facing(1.0, 0.0, 0.3, 0.0, [0.0; 2]), SIZE_M),
        sigma_px: 0.1,
    };
    assert_eq!(estimate_tag(&camera, &view, 0.0), Err(PoseError::Size));
    assert_eq!(estimate_tag(&camera, &view, f64::NAN), Err(PoseError::Size));
    assert_eq!(estimate_tag(&camera, &TagView { sigma_px: 0.0, ..view }, SIZE_M), Err(PoseError::Sigma));
    assert_eq!(
        estimate_tag(&camera, &TagView { corners_px: [[f64::NAN; 2]; 4], ..view }, SIZE_M),
        Err(PoseError::Corners)
    );
    assert_eq!(estimate_machine(&camera, &[], None), Err(PoseError::Nothing));
}

/// Of pictures of fiducials: how many were found, and in how many of those the bounds of place and attitude held.
pub fn held_in_pictures(pictures: u64, shot: impl Fn(u64, &mut Chance) -> Shot) -> (f64, f64, f64) {
    let view = View { width_px: 480, height_px: 400, centre_px: [240.0, 200.0], ..View::hd() };
    let camera = CameraModel::new(CameraNumbers {
        size_px: [480, 400],
        focal_px: [view.focal_px; 2],
        centre_px: view.centre_px,
        distortion: [0.0; 5],
        sigma_px: [0.0; 4],
    })
    .unwrap();
    let (mut frames, mut places, mut attitudes) = (0.0, 0.0, 0.0);
    let mut detector = Detector::new(&FiducialFamily::ALL);
    for seed in 0..pictures {
        let mut chance = Chance::new(seed);
        let family = FiducialFamily::ALL[(seed % 2) as usize];
        let angles = [TAU, 75_f64.to_radians(), TAU].map(|most| chance.between(0.0, most));
        let distance_m = chance.between(0.35, 2.2);
        let distance_m = if seed % 4 < 2 { distance_m } else { 1.87 };
        let placed = Placed::tilted(
            family,
            7,
            SIZE_M,
            &view,
            [240.0, 200.0],
            distance_m,
            angles[0],
            angles[1],
            angles[2],
        );
        let pixels = picture(&view, &[placed], &shot(seed, &mut chance));
        let frame = GreyFrame::new(480, 400, 480, &pixels).unwrap();
        let Some(detection) = detector.detect(frame).first() else { continue };
        let pair = estimate_tag(&camera, &TagView::of(detection), SIZE_M).unwrap();
        // The sheet's axes are right, down and away; the tag's are right, up and out of its face.
        let truth = RigidPose { rotation: placed.camera_from_tag, position_m: placed.middle_m }
            .then(&turned([1.0, 0.0, 0.0], TAU / 2.0));
        let point = [0.05, 0.02, -0.1];
        let error = pair.error_at(point);
        let found = pair.best.camera_from_body;
        let [one, other] = [found.apply(point), truth.apply(point)];
        let off_mm = (0..3).map(|axis| (one[axis] - other[axis]).powi(2)).sum::<f64>().sqrt() * 1_000.0;
        frames += 1.0;
        places += f64::from(u8::from(off_mm <= error.bound_mm));
        attitudes += f64::from(u8::from(found.angle_to_rad(&truth).to_degrees() <= error.bound_deg));
    }
    println!("in {frames} pictures, bounds held in {places} and {attitudes}");
    (frames, places, attitudes)
}

#[test]
fn bounds_hold_for_what_was_found_in_pictures() {
    let (frames, places, attitudes) = held_in_pictures(240, |seed, chance| Shot {
        wall: Wall::Busy,
        noise: chance.between(0.0, 4.0),
        ..Shot::plain(seed)
    });
    assert!(frames >= 215.0 && places >= 0.95 * frames && attitudes >= 0.95 * frames);
}

#[test]
fn bounds_hold_whatever_the_camera_writes_of_light() {
    let (frames, places, attitudes) = held_in_pictures(160, |seed, chance| Shot {
        black: chance.between(8.0, 40.0),
        white: chance.between(120.0, 230.0),
        noise: chance.between(0.0, 2.0),
        gamma: chance.between(1.0, 2.4),
        ..Shot::plain(seed)
    });
    assert!(frames >= 145.0 && places >= 0.95 * frames && attitudes >= 0.95 * frames);
}

#[test]
fn bounds_hold_where_little_light_is_noise() {
    let (frames, places, attitudes) =
        held_in_pictures(120, |seed, chance| Shot { noise: chance.between(5.0, 14.0), ..Shot::plain(seed) });
    assert!(frames >= 100.0 && places >= 0.95 * frames && attitudes >= 0.95 * frames);
}

#[test]
fn bounds_hold_where_a_lamp_is_mirrored_in_a_part() {
    let (frames, places, attitudes) = held_in_pictures(160, |seed, chance| Shot {
        noise: 2.0,
        patch: Some(Patch {
            middle: [0, 1].map(|_axis| chance.between(-0.5, 0.5)),
            radius: 0.05,
            light: chance.between(40.0, 500.0),
            is_mirrored: true,
        }),
        ..Shot::plain(seed)
    });
    assert!(frames >= 80.0 && places >= 0.95 * frames && attitudes >= 0.95 * frames);
}
