//! A camera that is measured by a printed board.

use millwright_vision::{
    Calibration, CalibrationBoard, CalibrationError, CameraModel, CameraNumbers, Detection, FiducialFamily,
    RigidPose, calibrate,
};

use crate::scene::Chance;

const BOARD: CalibrationBoard = CalibrationBoard {
    family: FiducialFamily::Tag36h11,
    first_id: 10,
    columns: 6,
    rows: 4,
    size_m: 0.03,
    spacing_m: 0.04,
};

fn truth() -> CameraModel {
    CameraModel::new(CameraNumbers {
        size_px: [1280, 720],
        focal_px: [935.0, 930.0],
        centre_px: [652.0, 349.0],
        distortion: [-0.21, 0.09, 0.0011, -0.0007, -0.01],
        sigma_px: [0.0; 4],
    })
    .unwrap()
}

/// What is found of a board whose middle is seen in a direction, tilted by a rotation vector.
fn picture(
    tilt_rad: [f64; 3],
    aside: [f64; 2],
    distance_m: f64,
    noise_px: f64,
    chance: &mut Chance,
) -> Vec<Detection> {
    let camera = truth();
    let angle = tilt_rad.iter().map(|part| part * part).sum::<f64>().sqrt().max(1e-9);
    let sine = (angle / 2.0).sin() / angle;
    let tilted = RigidPose::of_quaternion(
        [tilt_rad[0] * sine, tilt_rad[1] * sine, tilt_rad[2] * sine, (angle / 2.0).cos()],
        [aside[0] * distance_m, aside[1] * distance_m, distance_m],
    );
    // Facing the camera, around the board's middle.
    let pose = tilted.then(&RigidPose::of_quaternion([1.0, 0.0, 0.0, 0.0], [0.0; 3])).then(&RigidPose {
        position_m: [-2.5 * BOARD.spacing_m, 1.5 * BOARD.spacing_m, 0.0],
        ..RigidPose::IDENTITY
    });
    let mut found = vec![];
    for id in 10..34 {
        let [x, y] = BOARD.middle_m(id).unwrap();
        let half = BOARD.size_m / 2.0;
        let corners = [[-half, -half], [half, -half], [half, half], [-half, half]].map(|corner| {
            let pixel = camera.project(pose.apply([corner[0] + x, corner[1] + y, 0.0])).unwrap();
            pixel.map(|place| place + noise_px * chance.normal())
        });
        let is_inside =
            |corner: &[f64; 2]| corner[0] > 0.0 && corner[0] < 1280.0 && corner[1] > 0.0 && corner[1] < 720.0;
        if corners.iter().all(is_inside) {
            found.push(Detection {
                family: BOARD.family,
                id,
                corners_px: corners,
                hamming: 0,
                decision_margin: 80.0,
                is_measured: true,
                blur_px: 0.7,
                noise_px,
                black: 40.0,
                white: 210.0,
            });
        }
    }
    found
}

/// Boards all over the picture, tilted to all sides.
fn pictures(noise_px: f64, tilt: f64, reach: f64) -> Vec<Vec<Detection>> {
    let mut chance = Chance::new(5);
    (0..16)
        .map(|_| {
            let turn = [chance.between(-tilt, tilt), chance.between(-tilt, tilt), chance.between(-0.5, 0.5)];
            let aside = [chance.between(-0.45, 0.45) * reach, chance.between(-0.22, 0.22) * reach];
            let distance_m = chance.between(0.25, 0.45);
            picture(turn, aside, distance_m, noise_px, &mut chance)
        })
        .collect()
}

fn measured(noise_px: f64) -> Calibration {
    calibrate(&BOARD, [1280, 720], &pictures(noise_px, 0.7, 1.0)).unwrap()
}

#[test]
fn perfect_pictures_give_the_true_camera() {
    let found = measured(0.0);
    let (numbers, truth) = (found.camera.numbers().clone(), truth());
    assert!((numbers.focal_px[0] - truth.numbers().focal_px[0]).abs() < 0.1, "{numbers:?}");
    assert!((numbers.centre_px[1] - truth.numbers().centre_px[1]).abs() < 0.1, "{numbers:?}");
    assert!(found.residual_px < 0.01, "{}", found.residual_px);
}

#[test]
fn noisy_pictures_give_a_camera_within_its_own_bounds() {
    let found = measured(0.05);
    println!(
        "{:?}, residual {:.3} px, coverage {:.2}",
        found.camera.numbers(),
        found.residual_px,
        found.coverage
    );
    let (numbers, truth) = (found.camera.numbers(), truth());
    for axis in 0..2 {
        let off = numbers.focal_px[axis] - truth.numbers().focal_px[axis];
        assert!(off.abs() <= 3.0 * numbers.sigma_px[axis] && off.abs() < 5.0, "{off} {:?}", numbers.sigma_px);
        let off = numbers.centre_px[axis] - truth.numbers().centre_px[axis];
        assert!(
            off.abs() <= 3.0 * numbers.sigma_px[2 + axis] && off.abs() < 5.0,
            "{off} {:?}",
            numbers.sigma_px
        );
    }
    assert!((found.residual_px - 0.05).abs() < 0.01);
}

#[test]
fn every_part_of_the_picture_is_seen_through_the_measured_camera_as_through_the_true_one() {
    let camera = measured(0.05).camera;
    for pixel in [[80.0, 60.0], [1200.0, 80.0], [640.0, 360.0], [100.0, 660.0], [1180.0, 650.0]] {
        let [x, y] = truth().unproject(pixel).unwrap();
        let seen = camera.project([x, y, 1.0]).unwrap();
        let off = (seen[0] - pixel[0]).hypot(seen[1] - pixel[1]);
        assert!(off < 3.0, "{pixel:?} {off}");
    }
}

#[test]
fn too_few_pictures_are_refused() {
    let few = &pictures(0.05, 0.7, 1.0)[..4];
    let found = calibrate(&BOARD, [1280, 720], few);
    assert_eq!(found, Err(CalibrationError::TooFewPictures { found: 4 }));
}

#[test]
fn a_board_in_the_middle_only_is_refused() {
    let mut chance = Chance::new(1);
    let middle: Vec<_> = (0..8)
        .map(|index| picture([0.1 * f64::from(index), 0.3, 0.0], [0.0, 0.0], 0.7, 0.05, &mut chance))
        .collect();
    match calibrate(&BOARD, [1280, 720], &middle) {
        Err(CalibrationError::Coverage { coverage }) => assert!(coverage < 0.5),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_board_that_was_never_tilted_is_refused() {
    match calibrate(&BOARD, [1280, 720], &pictures(0.05, 0.0, 1.0)) {
        Err(CalibrationError::Unsettled { share }) => assert!(share > 0.01),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_board_that_is_not_what_it_is_said_to_be_is_refused() {
    let other = CalibrationBoard { size_m: 0.035, ..BOARD };
    let found = calibrate(&other, [1280, 720], &pictures(0.05, 0.7, 1.0));
    assert!(matches!(found, Err(CalibrationError::Residual { .. })), "{found:?}");
}
