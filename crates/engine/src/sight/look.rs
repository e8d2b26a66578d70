//! What a picture shows of one machine: which of its labels, where it stands by them, and what is wrong with them.

use std::time::Instant;

use millwright_model::{
    Fiducial, FiducialFamily, LabelFault, Pose, SeenLabel, SightError, SightHint, SightProof, SightSeen,
    SurveyedLabel,
};
use millwright_vision::{
    CameraModel, Detection, GreyFrame, Hint, PosePair, RigidPose, SurveyedTag, TagFault, TagTracker, TagView,
    check_tags, estimate_machine, hints,
};

use super::survey::Surveys;

/// A picture whose pixels are darker than this on average is dark, where no label is found in it.
const DARK_MEAN: u64 = 28;

/// A look at one machine, from picture to picture.
pub(super) struct Look {
    tracker: TagTracker,
    known: Vec<Known>,
    previous: Option<RigidPose>,
    surveys: Surveys,
    last: Last,
}

/// A label that hangs on the machine.
struct Known {
    fiducial: Fiducial,
    family: millwright_vision::FiducialFamily,
    id: u32,
    /// Once it is known where it hangs.
    tag: Option<SurveyedTag>,
}

/// What the picture before showed, for a hand that lays points over it.
#[derive(Default)]
struct Last {
    at_s: f64,
    labels: Vec<SeenLabel>,
    unsurveyed: Vec<(usize, TagView)>,
    camera: Option<CameraModel>,
}

/// A label in the picture: which of the known ones it is, and how it is seen.
struct Sighted {
    known: Option<usize>,
    detection: Detection,
    view: TagView,
}

/// A family of the register, as cameras find it.
pub(crate) fn family_of(family: FiducialFamily) -> millwright_vision::FiducialFamily {
    match family {
        FiducialFamily::Tag36h11 => millwright_vision::FiducialFamily::Tag36h11,
        FiducialFamily::TagStandard41h12 => millwright_vision::FiducialFamily::TagStandard41h12,
    }
}

fn family_in_register(family: millwright_vision::FiducialFamily) -> FiducialFamily {
    match family {
        millwright_vision::FiducialFamily::Tag36h11 => FiducialFamily::Tag36h11,
        millwright_vision::FiducialFamily::TagStandard41h12 => FiducialFamily::TagStandard41h12,
    }
}

fn hint_of(hint: &Hint) -> SightHint {
    match hint {
        Hint::Oblique { .. } => SightHint::Oblique,
        Hint::Far { .. } => SightHint::Far,
        Hint::Blurred { .. } => SightHint::Blurred,
        Hint::Dark { .. } => SightHint::Dark,
        Hint::Glare { .. } => SightHint::Glare,
        Hint::Pale { .. } => SightHint::Pale,
    }
}

/// A pose as records keep it.
pub(super) fn kept(pose: &RigidPose) -> Pose {
    Pose { position_m: pose.position_m, rotation: pose.quaternion() }
}

impl Known {
    fn of(fiducial: &Fiducial) -> Option<Self> {
        let (family, id) = (family_of(fiducial.family), u32::try_from(fiducial.number).ok()?);
        let tag = fiducial.survey.as_ref().map(|survey| {
            let Pose { position_m, rotation } = survey.machine_from_label;
            let [x, y, z, ..] = survey.sigma;
            SurveyedTag {
                family,
                id,
                size_m: fiducial.true_size_m(),
                machine_from_tag: RigidPose::of_quaternion(rotation, position_m),
                sigma_m: ((x * x + y * y + z * z) / 3.0).sqrt(),
            }
        });
        Some(Self { fiducial: fiducial.clone(), family, id, tag })
    }
}

impl Look {
    /// A look by the labels that hang on a machine.
    pub(super) fn of(labels: &[Fiducial]) -> Self {
        let hanging = labels.iter().filter(|label| label.removed_at.is_none());
        let known: Vec<Known> = hanging.filter_map(Known::of).collect();
        let mut families: Vec<_> = known.iter().map(|known| known.family).collect();
        families.dedup();
        if families.is_empty() {
            // Labels that nobody registered are shown, so that they can be.
            families = millwright_vision::FiducialFamily::ALL.to_vec();
        }
        Self {
            tracker: TagTracker::new(&families),
            known,
            previous: None,
            surveys: Surveys::default(),
            last: Last::default(),
        }
    }

    /// What the next picture shows; `point_m` is the part of interest, in the machine's frame.
    pub(super) fn at(
        &mut self,
        camera: &CameraModel,
        frame: GreyFrame<'_>,
        at_s: f64,
        point_m: Option<[f64; 3]>,
    ) -> SightSeen {
        let began = Instant::now();
        let sighted = self.sighted(frame, at_s);
        let surveyed: Vec<(usize, TagView, SurveyedTag)> = sighted
            .iter()
            .filter_map(|seen| {
                let known = seen.known?;
                Some((known, seen.view, self.known.get(known)?.tag?))
            })
            .collect();
        let (pair, proof, faults) = self.placed(camera, &surveyed);
        self.previous = pair.as_ref().map(|pair| pair.best.camera_from_body);
        if let Some(pair) = pair.as_ref().filter(|pair| proof == SightProof::Agreeing || !pair.is_ambiguous())
        {
            self.learn(camera, &sighted, pair);
        }
        let labels: Vec<SeenLabel> = sighted.iter().map(|seen| self.told(seen)).collect();
        self.last = Last {
            at_s,
            labels: labels.clone(),
            unsurveyed: self.unsurveyed(&sighted),
            camera: Some(camera.clone()),
        };
        SightSeen {
            at_s,
            labels,
            camera_from_machine: pair.as_ref().map(|pair| kept(&pair.best.camera_from_body)),
            error: pair.as_ref().map(|pair| error_at(pair, point_m)),
            proof,
            faults,
            hints: hints_of(frame, &sighted, pair.as_ref(), &self.known),
            board: None,
            check: None,
            took_us: u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX),
        }
    }

    /// What a person laid over the picture before says; labels that are seen there are surveyed by it.
    pub(super) fn by_hand(&mut self, pair: &PosePair, point_m: Option<[f64; 3]>) -> SightSeen {
        let pose = &pair.best.camera_from_body;
        if let Some(camera) = self.last.camera.clone() {
            for (known, view) in std::mem::take(&mut self.last.unsurveyed) {
                self.surveyed_one(&camera, known, &view, pair);
                self.last.unsurveyed.push((known, view));
            }
        }
        SightSeen {
            at_s: self.last.at_s,
            labels: self.last.labels.clone(),
            camera_from_machine: Some(kept(pose)),
            error: Some(error_at(pair, point_m)),
            proof: SightProof::ByHand,
            faults: vec![],
            hints: vec![],
            board: None,
            check: None,
            took_us: 0,
        }
    }

    /// Where labels hang that nobody surveyed, as it was seen so far.
    pub(super) fn surveyed(&self) -> Vec<SurveyedLabel> {
        let name = |known: usize| {
            let fiducial = &self.known.get(known)?.fiducial;
            Some((fiducial.fiducial_id, fiducial.name.clone()))
        };
        self.surveys.told(name)
    }

    /// The labels in the picture. Where one number is seen twice, neither is taken for the machine's.
    fn sighted(&mut self, frame: GreyFrame<'_>, at_s: f64) -> Vec<Sighted> {
        let tracked = self.tracker.track(frame, at_s);
        let alike = |one: &Detection, other: &Detection| one.family == other.family && one.id == other.id;
        tracked
            .iter()
            .map(|tag| {
                let twice =
                    tracked.iter().filter(|other| alike(&other.detection, &tag.detection)).count() > 1;
                let is_it =
                    |known: &Known| known.family == tag.detection.family && known.id == tag.detection.id;
                Sighted {
                    known: self.known.iter().position(is_it).filter(|_| !twice),
                    detection: tag.detection,
                    view: TagView::of_tracked(tag),
                }
            })
            .collect()
    }

    /// Where the machine stands by what is surveyed, how far that is proven, and what is wrong.
    fn placed(
        &self,
        camera: &CameraModel,
        surveyed: &[(usize, TagView, SurveyedTag)],
    ) -> (Option<PosePair>, SightProof, Vec<LabelFault>) {
        let seen: Vec<(TagView, SurveyedTag)> = surveyed.iter().map(|(_, view, tag)| (*view, *tag)).collect();
        let estimate =
            |seen: &[(TagView, SurveyedTag)]| estimate_machine(camera, seen, self.previous.as_ref()).ok();
        if seen.len() < 2 {
            let pair = estimate(&seen);
            let proof = if pair.is_some() { SightProof::OneLabel } else { SightProof::Nothing };
            return (pair, proof, vec![]);
        }
        let fault = check_tags(camera, &seen).ok().and_then(|finding| finding.fault);
        let Some(fault) = fault else {
            return (estimate(&seen), SightProof::Agreeing, vec![]);
        };
        let name = |index: usize| {
            let known = surveyed.get(index).and_then(|(known, ..)| self.known.get(*known));
            known.map(|known| known.fiducial.name.clone()).unwrap_or_default()
        };
        let told = match &fault {
            TagFault::WrongSize { index, size_m } => LabelFault::WrongSize {
                label: name(*index),
                registered_m: seen.get(*index).map_or(0.0, |(_, tag)| tag.size_m),
                seems_m: *size_m,
            },
            TagFault::Moved { index, by_m } => LabelFault::Moved { label: name(*index), by_m: *by_m },
            TagFault::Swapped { indices } => LabelFault::Swapped { labels: indices.map(name) },
            TagFault::Contradiction => LabelFault::Contradiction,
        };
        // The one that is wrong is known, and the others agree without it: the machine stands where they say.
        let odd = match fault {
            TagFault::WrongSize { index, .. } | TagFault::Moved { index, .. } => Some(index),
            TagFault::Swapped { .. } | TagFault::Contradiction => None,
        };
        let rest: Vec<(TagView, SurveyedTag)> =
            seen.iter().enumerate().filter(|(index, _)| Some(*index) != odd).map(|(_, seen)| *seen).collect();
        match odd {
            Some(_) if rest.len() > 1 => (estimate(&rest), SightProof::Agreeing, vec![told]),
            _ => (estimate(&seen), SightProof::Contradicting, vec![told]),
        }
    }

    fn unsurveyed(&self, sighted: &[Sighted]) -> Vec<(usize, TagView)> {
        sighted
            .iter()
            .filter_map(|seen| Some((seen.known?, seen.view)))
            .filter(|(known, _)| self.known.get(*known).is_some_and(|known| known.tag.is_none()))
            .collect()
    }

    fn learn(&mut self, camera: &CameraModel, sighted: &[Sighted], pair: &PosePair) {
        for (known, view) in self.unsurveyed(sighted) {
            self.surveyed_one(camera, known, &view, pair);
        }
    }

    fn surveyed_one(&mut self, camera: &CameraModel, known: usize, view: &TagView, pair: &PosePair) {
        let Some(size_m) = self.known.get(known).map(|known| known.fiducial.true_size_m()) else { return };
        self.surveys.add(known, camera, view, size_m, pair);
    }

    fn told(&self, seen: &Sighted) -> SeenLabel {
        let known = seen.known.and_then(|known| self.known.get(known));
        SeenLabel {
            fiducial_id: known.map(|known| known.fiducial.fiducial_id),
            family: family_in_register(seen.detection.family),
            number: i64::from(seen.detection.id),
            corners_px: seen.view.corners_px,
            is_surveyed: known.is_some_and(|known| known.tag.is_some()),
        }
    }
}

fn error_at(pair: &PosePair, point_m: Option<[f64; 3]>) -> SightError {
    let error = pair.error_at(point_m.unwrap_or_default());
    // More than half a turn is no more than any attitude.
    SightError { bound_mm: error.bound_mm, bound_deg: error.bound_deg.min(180.0) }
}

/// What keeps the label that is told best from being told better; what is wrong with others does not matter then.
fn hints_of(
    frame: GreyFrame<'_>,
    sighted: &[Sighted],
    pair: Option<&PosePair>,
    known: &[Known],
) -> Vec<SightHint> {
    let angle_rad = |seen: &Sighted| {
        let tag = seen.known.and_then(|index| known.get(index))?.tag?;
        let camera_from_tag = pair?.best.camera_from_body.then(&tag.machine_from_tag);
        let face = camera_from_tag.rotation.map(|row| row[2]);
        let [x, y, z] = camera_from_tag.position_m;
        let far_m = (x * x + y * y + z * z).sqrt().max(1e-9);
        Some((-(face[0] * x + face[1] * y + face[2] * z) / far_m).clamp(-1.0, 1.0).acos())
    };
    let of_each = sighted.iter().map(|seen| hints(frame, &seen.detection, angle_rad(seen)));
    match of_each.min_by_key(Vec::len) {
        Some(hints) => hints.iter().map(hint_of).collect(),
        None if mean_brightness(frame) < DARK_MEAN => vec![SightHint::Dark],
        None => vec![],
    }
}

/// Of every eighth row.
fn mean_brightness(frame: GreyFrame<'_>) -> u64 {
    let rows = (0..frame.height_px()).step_by(8).map(|y| frame.row(y));
    let (sum, count) = rows.fold((0_u64, 0_u64), |(sum, count), row| {
        (sum + row.iter().map(|pixel| u64::from(*pixel)).sum::<u64>(), count + row.len() as u64)
    });
    sum / count.max(1)
}
