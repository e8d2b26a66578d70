//! The printed board for measuring a camera, and the way in which a person holds it before one.

use std::f64::consts::{PI, TAU};

use glam::{DQuat, DVec3};
use millwright_vision::{CalibrationBoard, RigidPose, SurveyedTag};

/// The sides of the sheet, in metres.
pub(crate) const SHEET_M: [f64; 2] = [0.210, 0.297];

/// How long the board is held still, and how long it takes to the next posture.
const HELD_S: f64 = 1.6;
const MOVED_S: f64 = 1.2;
/// How far a hand trembles, one amplitude of each turn and place.
const TREMBLE_RAD: f64 = 0.003;
const TREMBLE_M: f64 = 0.000_6;

/// How the board is held.
#[derive(Copy, Clone, Debug)]
struct Posture {
    /// Where its middle is seen, as directions to the right and down.
    towards: [f64; 2],
    /// How far ahead its middle is, in metres.
    ahead_m: f64,
    /// Its turns around the axes to the right, down and ahead.
    turn_rad: [f64; 3],
}

const fn held(towards: [f64; 2], ahead_m: f64, turn_rad: [f64; 3]) -> Posture {
    Posture { towards, ahead_m, turn_rad }
}

/// As the app asks for it: near enough to fill much of the picture, to all its sides, tilted to all sides.
const POSTURES: [Posture; 14] = [
    held([0.0, 0.0], 0.34, [0.0, 0.0, 0.0]),
    held([0.0, 0.02], 0.33, [0.65, 0.0, 0.0]),
    held([0.02, -0.02], 0.33, [-0.65, 0.0, 0.1]),
    held([-0.02, 0.0], 0.32, [0.0, 0.7, 0.0]),
    held([0.02, 0.0], 0.32, [0.0, -0.7, 0.0]),
    held([-0.28, 0.0], 0.36, [0.15, -0.35, 0.0]),
    held([0.28, 0.0], 0.36, [-0.15, 0.35, 0.0]),
    held([-0.26, -0.12], 0.40, [0.3, 0.3, 0.15]),
    held([0.26, -0.12], 0.40, [0.3, -0.3, -0.15]),
    held([-0.26, 0.12], 0.40, [-0.3, 0.3, -0.1]),
    held([0.26, 0.12], 0.40, [-0.3, -0.3, 0.1]),
    held([0.0, 0.0], 0.30, [0.3, 0.3, PI / 2.0]),
    held([0.05, -0.03], 0.45, [0.7, 0.45, 0.4]),
    held([-0.05, 0.03], 0.45, [-0.7, -0.45, -0.4]),
];

/// How long a person holds the board before the camera, in seconds.
pub(crate) const BOARD_DURATION_S: f64 = HELD_S + (POSTURES.len() - 1) as f64 * (HELD_S + MOVED_S);

/// The fiducials of the board, in the frame of its sheet: from its middle, x right, y up.
pub(crate) fn fiducials() -> Vec<SurveyedTag> {
    let board = CalibrationBoard::PRINTED;
    let middle = [board.columns - 1, board.rows - 1].map(|count| f64::from(count) * board.spacing_m / 2.0);
    (board.first_id..board.first_id + board.columns * board.rows)
        .filter_map(|id| {
            let [x, y] = board.middle_m(id)?;
            Some(SurveyedTag {
                family: board.family,
                id,
                size_m: board.size_m,
                machine_from_tag: RigidPose::of_quaternion(
                    [0.0, 0.0, 0.0, 1.0],
                    [x - middle[0], y + middle[1], 0.0],
                ),
                sigma_m: 0.0,
            })
        })
        .collect()
}

/// Where the board is before the camera at a time.
pub(crate) fn camera_from_board(at_s: f64) -> RigidPose {
    let steps = at_s.max(0.0) / (HELD_S + MOVED_S);
    let from = (steps as usize).min(POSTURES.len() - 1);
    let to = (from + 1).min(POSTURES.len() - 1);
    let moved = ((steps.fract() * (HELD_S + MOVED_S) - HELD_S) / MOVED_S).clamp(0.0, 1.0);
    // A hand begins and ends a move softly.
    let share = if from == to { 0.0 } else { moved * moved * (3.0 - 2.0 * moved) };
    let (from, to) = (POSTURES[from], POSTURES[to]);
    let between = |from: f64, to: f64| from + (to - from) * share;
    let tremble = |hertz: f64, phase: f64| (TAU * hertz * at_s + phase).sin();
    let ahead_m = between(from.ahead_m, to.ahead_m) + TREMBLE_M * tremble(1.3, 0.2);
    let place = |axis: usize| between(from.towards[axis], to.towards[axis]) * ahead_m;
    let turn = |axis: usize, hertz: f64| {
        between(from.turn_rad[axis], to.turn_rad[axis]) + TREMBLE_RAD * tremble(hertz, axis as f64)
    };
    let turned = DQuat::from_scaled_axis(DVec3::new(turn(0, 1.1), turn(1, 0.9), turn(2, 1.7)));
    // The sheet faces the camera upright: half a turn around the axis to the right.
    let facing = DQuat::from_axis_angle(DVec3::X, PI);
    let position_m =
        [place(0) + TREMBLE_M * tremble(0.8, 1.0), place(1) + TREMBLE_M * tremble(1.5, 2.0), ahead_m];
    RigidPose::of_quaternion((turned * facing).normalize().to_array(), position_m)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_board_is_shown_within_a_minute_and_a_half_and_faces_the_camera() {
        const { assert!(BOARD_DURATION_S < 90.0) };
        for step in 0..(BOARD_DURATION_S * 10.0) as usize {
            let pose = camera_from_board(step as f64 * 0.1);
            assert!((0.25..0.5).contains(&pose.position_m[2]));
            let towards_eye = -(0..3).map(|axis| pose.rotation[axis][2] * pose.position_m[axis]).sum::<f64>();
            assert!(towards_eye > 0.1, "at {step}");
            let up = pose.apply([0.0, 0.1, 0.0])[1] - pose.position_m[1];
            assert!(up < 0.05, "at {step}: it is not held upside down");
        }
    }

    #[test]
    fn the_board_has_its_fiducials_around_its_middle() {
        let all = fiducials();
        assert_eq!(all.len(), 20);
        let sum = all.iter().fold([0.0; 2], |sum, one| {
            [sum[0] + one.machine_from_tag.position_m[0], sum[1] + one.machine_from_tag.position_m[1]]
        });
        assert!(sum[0].abs() < 1e-9 && sum[1].abs() < 1e-9);
        let [first, .., last] = all.as_slice() else { return };
        assert!(first.machine_from_tag.position_m[0] < 0.0 && first.machine_from_tag.position_m[1] > 0.0);
        assert!(last.machine_from_tag.position_m[0] > 0.0 && last.machine_from_tag.position_m[1] < 0.0);
    }
}
