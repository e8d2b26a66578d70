//! The printed board held before a camera whose lens is known: measuring it finds that lens again.

use millwright_sight_runs::{LabelledMachine, Light, Run, record_part, usual_camera};
use millwright_vision::{CalibrationBoard, Detector, GreyFrame, calibrate};

/// Every so many frames are looked at: the app keeps those in which the board is elsewhere.
const EVERY: usize = 14;

#[test]
fn a_camera_is_found_again_from_the_board_that_a_person_holds_before_it() {
    let camera = usual_camera().unwrap();
    let machine = LabelledMachine::board().unwrap();
    let frames = (5..machine.frame_count()).step_by(EVERY);
    let recorded = &record_part(&machine, &camera, &[Run::Under(Light::Workshop)], frames).unwrap()[0];
    let board = CalibrationBoard::PRINTED;
    let mut detector = Detector::new(&[board.family]);
    let [width, height] = camera.numbers().size_px.map(|side| side as usize);
    let pictures: Vec<_> = recorded
        .frames
        .iter()
        .map(|frame| {
            let grey = GreyFrame::new(width, height, width, &frame.brightness).unwrap();
            detector.detect(grey).to_vec()
        })
        .collect();
    let seen: usize = pictures.iter().map(Vec::len).sum();
    assert!(pictures.iter().flatten().all(|found| board.middle_m(found.id).is_some()), "a wrong number");
    let measured = calibrate(&board, camera.numbers().size_px, &pictures).unwrap();
    let (truth, found) = (camera.numbers(), measured.camera.numbers());
    println!(
        "{} pictures, {seen} fiducials, coverage {:.2}, residual {:.3} px: {found:?}",
        measured.picture_count, measured.coverage, measured.residual_px
    );
    for axis in 0..2 {
        let share = found.focal_px[axis] / truth.focal_px[axis] - 1.0;
        assert!(share.abs() < 0.002, "the focal length is off by {share}");
        assert!((found.centre_px[axis] - truth.centre_px[axis]).abs() < 1.0, "{found:?}");
    }
    // What distortion does where the board was: places near the edges come out where they are.
    for place in [[60.0, 240.0], [580.0, 240.0], [320.0, 50.0], [320.0, 430.0], [90.0, 70.0], [550.0, 410.0]]
    {
        let [x, y] = camera.unproject(place).unwrap();
        let [u, v] = measured.camera.project([x, y, 1.0]).unwrap();
        let off_px = (u - place[0]).hypot(v - place[1]);
        assert!(off_px < 0.3, "{place:?} is off by {off_px} px");
    }
}
