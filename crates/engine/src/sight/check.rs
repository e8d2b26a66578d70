//! Holding a camera's profile against one label of known size: what its pictures say, and what is to be shown next.

use std::time::Instant;

use millwright_model::{
    Fiducial, ProfileAnswer, ProfileCheck, ProfileMisfit, SeenLabel, ShowLabel, SightProof, SightSeen,
};
use millwright_vision::{
    CHECK_VIEWS_MAX, CameraModel, CheckMissing, Detection, Detector, GreyFrame, ProfileCheck as Said,
    ProfileMisfit as Misfit, TagView, check_profile,
};

use super::look::family_of;

/// The profile is held against the pictures anew after so many: between them little changes.
const AFRESH_AFTER: usize = 5;
/// A picture that shows every corner nearer than this to where the one before did tells nothing new, in pixels.
const SAME_PX: f64 = 1.0;

/// The label, and how pictures showed it.
pub(super) struct Check {
    label: Fiducial,
    detector: Detector,
    views: Vec<TagView>,
    answer: ProfileAnswer,
}

impl Check {
    pub(super) fn of(label: &Fiducial) -> Self {
        Self {
            label: label.clone(),
            detector: Detector::new(&[family_of(label.family)]),
            views: Vec::new(),
            answer: ProfileAnswer::NotYet { show: ShowLabel::Middle },
        }
    }

    /// What the next picture shows, and what all so far say of the camera's profile.
    pub(super) fn at(&mut self, camera: &CameraModel, frame: GreyFrame<'_>, at_s: f64) -> SightSeen {
        let began = Instant::now();
        let number = self.label.number;
        let found: Vec<Detection> = self.detector.detect(frame).to_vec();
        let mut found = found.into_iter().filter(|detection| i64::from(detection.id) == number);
        // Two of one number are taken for none: which of them it is nobody knows.
        let only = found.next().filter(|_| found.next().is_none());
        if let Some(detection) = &only {
            self.take(camera, TagView::of(detection));
        }
        let label = only.map(|detection| SeenLabel {
            fiducial_id: Some(self.label.fiducial_id),
            family: self.label.family,
            number,
            corners_px: detection.corners_px,
            is_surveyed: self.label.survey.is_some(),
        });
        SightSeen {
            at_s,
            labels: label.into_iter().collect(),
            camera_from_machine: None,
            error: None,
            proof: SightProof::Nothing,
            faults: vec![],
            hints: vec![],
            board: None,
            check: Some(ProfileCheck {
                picture_count: u32::try_from(self.views.len()).unwrap_or(u32::MAX),
                answer: self.answer,
            }),
            took_us: u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX),
        }
    }

    fn take(&mut self, camera: &CameraModel, view: TagView) {
        if self.views.len() >= CHECK_VIEWS_MAX || self.views.last().is_some_and(|last| is_same(last, &view)) {
            return;
        }
        self.views.push(view);
        if self.views.len().is_multiple_of(AFRESH_AFTER)
            && let Ok(said) = check_profile(camera, self.label.true_size_m(), &self.views)
        {
            self.answer = answer_of(&said);
        }
    }
}

fn is_same(before: &TagView, view: &TagView) -> bool {
    let pairs = before.corners_px.iter().zip(&view.corners_px);
    pairs.clone().all(|(a, b)| (a[0] - b[0]).hypot(a[1] - b[1]) < SAME_PX)
}

fn answer_of(said: &Said) -> ProfileAnswer {
    match said {
        Said::Fits(evidence) => {
            ProfileAnswer::Fits { scale_off: evidence.scale_off, edge_off_px: evidence.edge_off_px }
        }
        Said::DoesNotFit { misfit, evidence } => ProfileAnswer::DoesNotFit {
            misfit: match misfit {
                Misfit::FocalLength => ProfileMisfit::FocalLength,
                Misfit::Distortion => ProfileMisfit::Distortion,
                Misfit::Unexplained => ProfileMisfit::Unexplained,
            },
            scale_off: evidence.scale_off,
            edge_off_px: evidence.edge_off_px,
        },
        Said::NotYet { missing } => ProfileAnswer::NotYet {
            show: match missing.first() {
                Some(CheckMissing::Views) | None => ShowLabel::Longer,
                Some(CheckMissing::Middle) => ShowLabel::Middle,
                Some(CheckMissing::Left) => ShowLabel::Left,
                Some(CheckMissing::Right) => ShowLabel::Right,
                Some(CheckMissing::Top) => ShowLabel::Top,
                Some(CheckMissing::Bottom) => ShowLabel::Bottom,
                Some(CheckMissing::Tilt) => ShowLabel::Tilted,
            },
        },
    }
}
