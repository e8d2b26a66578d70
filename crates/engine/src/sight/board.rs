//! Measuring a camera by the printed board: which pictures are worth keeping, and what they say together.

use std::time::Instant;

use millwright_model::{BoardProgress, SightProof, SightSeen};
use millwright_vision::{
    COVERAGE_MIN, Calibration, CalibrationBoard, CalibrationError, Detection, Detector, GreyFrame,
    PICTURES_MIN, calibrate,
};

/// More pictures take longer than they are worth.
const PICTURES_MAX: usize = 24;
/// How many are asked of a person: more than the fewest that settle anything.
const PICTURES_GOAL: usize = PICTURES_MIN + 5;
/// Fewer labels of the board in a picture tell too little.
const TAGS_MIN: usize = 6;
/// A picture that shows the board less than this elsewhere than one before is not kept, as a share of the width.
const ELSEWHERE: f64 = 0.06;

/// The board, and what pictures showed of it.
pub(super) struct Board {
    board: CalibrationBoard,
    size_px: [u32; 2],
    detector: Detector,
    kept: Vec<Vec<Detection>>,
    coverage: f64,
}

impl Board {
    pub(super) fn of(board: CalibrationBoard, size_px: [u32; 2]) -> Self {
        let detector = Detector::new(&[board.family]);
        Self { board, size_px, detector, kept: vec![], coverage: 0.0 }
    }

    /// What the next picture shows; it is kept where it shows the board elsewhere than those before.
    pub(super) fn at(&mut self, frame: GreyFrame<'_>, at_s: f64) -> SightSeen {
        let began = Instant::now();
        let board = self.board;
        let found: Vec<Detection> = self
            .detector
            .detect(frame)
            .iter()
            .filter(|detection| board.middle_m(detection.id).is_some())
            .copied()
            .collect();
        let is_kept = found.len() >= TAGS_MIN && self.kept.len() < PICTURES_MAX && self.is_elsewhere(&found);
        if is_kept {
            self.kept.push(found);
            self.coverage = board.coverage(self.size_px, &self.kept);
        }
        SightSeen {
            at_s,
            labels: vec![],
            camera_from_machine: None,
            error: None,
            proof: SightProof::Nothing,
            faults: vec![],
            hints: vec![],
            board: Some(BoardProgress {
                picture_count: u32::try_from(self.kept.len()).unwrap_or(u32::MAX),
                picture_goal: u32::try_from(PICTURES_GOAL).unwrap_or(u32::MAX),
                coverage: self.coverage,
                coverage_goal: COVERAGE_MIN,
                is_kept,
            }),
            check: None,
            took_us: u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX),
        }
    }

    /// The camera that the kept pictures say.
    pub(super) fn measured(&self) -> Result<Calibration, CalibrationError> {
        calibrate(&self.board, self.size_px, &self.kept)
    }

    /// Whether every kept picture showed the corners elsewhere, by the root mean square of those in both.
    fn is_elsewhere(&self, found: &[Detection]) -> bool {
        let least_px = ELSEWHERE * f64::from(self.size_px[0]);
        self.kept.iter().all(|before| {
            let moved = found.iter().filter_map(|detection| {
                let same = before.iter().find(|other| other.id == detection.id)?;
                let squares = detection.corners_px.iter().zip(same.corners_px);
                Some(
                    squares
                        .map(|(one, other)| (one[0] - other[0]).powi(2) + (one[1] - other[1]).powi(2))
                        .sum::<f64>()
                        / 4.0,
                )
            });
            let (sum, count) = moved.fold((0.0, 0.0), |(sum, count), square| (sum + square, count + 1.0));
            count == 0.0 || (sum / f64::max(count, 1.0)).sqrt() >= least_px
        })
    }
}
