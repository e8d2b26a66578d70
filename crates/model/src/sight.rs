//! What a camera sees of a machine: how a picture comes to the engine, and what the engine tells of it.

use serde::{Deserialize, Serialize};

use crate::{AssetId, Fiducial, FiducialFamily, FiducialId, Pose};

/// Handlers of the shell that take or give pictures as bytes: they are not in the list of commands, which speaks JSON.
pub const SIGHT_HANDLERS: [&str; 2] = ["sight_frame", "sight_next"];

/// The longest side of a camera's picture, in pixels.
pub const SIGHT_SIDE_MAX_PX: u32 = 1_920;

/// What a camera is looked through for.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SightPurpose {
    /// To tell where a machine stands.
    Machine {
        /// Which.
        asset_id: AssetId,
    },
    /// To measure the camera by the printed board.
    Board,
    /// To see by a label of known size whether the camera's profile still fits.
    Check {
        /// Which label.
        fiducial_id: FiducialId,
    },
}

/// A camera, at the resolution and focus that it is looked through at.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SightCamera {
    /// What the system calls it.
    pub camera: String,
    /// Its focus, where it tells one.
    pub focus: String,
    /// The picture, across and downwards, in pixels.
    pub size_px: [u32; 2],
}

/// What a camera's pictures are looked at by.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SightView {
    /// The camera's picture, across and downwards, in pixels.
    pub size_px: [u32; 2],
    /// Focal lengths and principal point, in pixels: fx, fy, cx, cy. The centre of the first pixel is (0.5, 0.5).
    pub intrinsics_px: [f64; 4],
    /// Brown–Conrady: k1, k2, p1, p2, k3.
    pub distortion: [f64; 5],
    /// Whether a profile says so. Else it is a usual field of view, and every bound is wider for it.
    pub is_measured: bool,
    /// The labels that hang on the machine.
    pub labels: Vec<Fiducial>,
}

/// How far what is seen says where the machine stands.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SightProof {
    /// Nothing says it.
    Nothing,
    /// One label does, and nothing holds it against another one: the position is not proven.
    OneLabel,
    /// Several labels do, and they agree.
    Agreeing,
    /// Several labels do, and they contradict each other: see the faults.
    Contradicting,
    /// A person laid four or more points of the model over the picture.
    ByHand,
}

/// What is wrong with labels that hang on the machine.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LabelFault {
    /// A label is printed in another size than it was registered with.
    WrongSize {
        /// What it is called.
        label: String,
        /// The size that it was registered with, in metres.
        registered_m: f64,
        /// The size that it seems to have, in metres.
        seems_m: f64,
    },
    /// A label hangs elsewhere than it was surveyed.
    Moved {
        /// What it is called.
        label: String,
        /// By how much, in metres.
        by_m: f64,
    },
    /// Two labels hang in each other's places.
    Swapped {
        /// What they are called.
        labels: [String; 2],
    },
    /// Labels contradict each other, and it cannot be told which is wrong.
    Contradiction,
}

/// What keeps a label from being told well.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SightHint {
    /// It is seen from too far aside.
    Oblique,
    /// It is too small in the picture.
    Far,
    /// It is out of focus, or the tablet moves.
    Blurred,
    /// Too little light falls on it.
    Dark,
    /// A lamp is mirrored in it.
    Glare,
    /// Its black and white are hardly apart.
    Pale,
}

/// A label in the picture.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeenLabel {
    /// Which of the machine's it is; nothing where none of them has this number.
    pub fiducial_id: Option<FiducialId>,
    /// Its family.
    pub family: FiducialFamily,
    /// Its number in the family.
    pub number: i64,
    /// Lower left, lower right, upper right, upper left of the sheet, in pixels.
    pub corners_px: [[f64; 2]; 4],
    /// Whether it is known where it hangs.
    pub is_surveyed: bool,
}

/// How far off something may be.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SightError {
    /// The distance that the part of interest stays within in 95 of 100 pictures, in millimetres.
    pub bound_mm: f64,
    /// The angle that the attitude stays within in 95 of 100 pictures, in degrees.
    pub bound_deg: f64,
}

/// How far measuring a camera by the printed board has come.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BoardProgress {
    /// How many pictures of the board are kept.
    pub picture_count: u32,
    /// How many are needed at least.
    pub picture_goal: u32,
    /// The share of the picture that the board was seen in, 0 to 1.
    pub coverage: f64,
    /// The share that is needed.
    pub coverage_goal: f64,
    /// Whether this picture was kept: it shows the board elsewhere than those before.
    pub is_kept: bool,
}

/// How far holding a camera's profile against a label has come, and what it says.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProfileCheck {
    /// How many pictures of the label were seen.
    pub picture_count: u32,
    /// What they say.
    pub answer: ProfileAnswer,
}

/// What pictures of a label say of a camera's profile.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ProfileAnswer {
    /// Nothing yet.
    NotYet {
        /// What is to be shown next.
        show: ShowLabel,
    },
    /// It fits.
    Fits {
        /// How much too far away things are taken to be, as a share.
        scale_off: f64,
        /// How far the picture's edge is off, in pixels.
        edge_off_px: f64,
    },
    /// It does not: the camera is to be measured anew.
    DoesNotFit {
        /// What does not.
        misfit: ProfileMisfit,
        /// How much too far away things are taken to be, as a share.
        scale_off: f64,
        /// How far the picture's edge is off, in pixels.
        edge_off_px: f64,
    },
}

/// How a label is to be shown to a camera, so that its profile can be held against it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShowLabel {
    /// In more pictures.
    Longer,
    /// In the middle of the picture.
    Middle,
    /// At its left edge.
    Left,
    /// At its right edge.
    Right,
    /// At its upper edge.
    Top,
    /// At its lower edge.
    Bottom,
    /// Tilted more, to all sides, or from nearer.
    Tilted,
}

/// What of a camera's profile does not fit.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfileMisfit {
    /// Distances come out wrong everywhere.
    FocalLength,
    /// Places come out wrong towards the picture's edges.
    Distortion,
    /// Neither explains it: a label that is not flat, or pictures taken in too quick a motion.
    Unexplained,
}

/// Where a label hangs, as pictures showed it beside labels that are surveyed.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SurveyedLabel {
    /// Which.
    pub fiducial_id: FiducialId,
    /// What it is called.
    pub name: String,
    /// How many pictures showed it.
    pub picture_count: u32,
    /// Where it hangs.
    pub machine_from_label: Pose,
    /// One standard deviation of its place, in metres, and of its attitude, in radians: x, y, z of each.
    pub sigma: [f64; 6],
}

/// What one picture shows.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SightSeen {
    /// When it was taken, in seconds of the clock that its camera or its recording goes by.
    pub at_s: f64,
    /// The labels in it.
    pub labels: Vec<SeenLabel>,
    /// Where the machine stands before the camera.
    pub camera_from_machine: Option<Pose>,
    /// How far off that may be at the part of interest.
    pub error: Option<SightError>,
    /// How far that is proven.
    pub proof: SightProof,
    /// What is wrong with the labels.
    pub faults: Vec<LabelFault>,
    /// What keeps them from being told better, the worst first.
    pub hints: Vec<SightHint>,
    /// How far measuring the camera has come, where that is what it is looked through for.
    pub board: Option<BoardProgress>,
    /// What a label says of the camera's profile, where that is what it is looked through for.
    #[serde(default)]
    pub check: Option<ProfileCheck>,
    /// How long looking took, in microseconds.
    pub took_us: u64,
}

/// A point of the machine, and where a person saw it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlignedPoint {
    /// In the machine's frame, in metres.
    pub point_m: [f64; 3],
    /// In the camera's picture as it was taken, in pixels.
    pub at_px: [f64; 2],
}

/// What comes before the brightness of a picture on its way to the engine: little-endian, as wide as [`Self::BYTES`].
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct SightHead {
    /// Across and downwards, in pixels.
    pub size_px: [u32; 2],
    /// When it was taken, in seconds of any clock that goes forward.
    pub at_s: f64,
    /// The part of interest, in the machine's frame, in metres.
    pub point_m: Option<[f64; 3]>,
}

impl SightHead {
    /// How many bytes it takes.
    pub const BYTES: usize = 40;

    /// As bytes; a point that is nowhere is not a number.
    pub fn to_bytes(self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        let point_m = self.point_m.unwrap_or([f64::NAN; 3]);
        let sides = self.size_px.into_iter().flat_map(u32::to_le_bytes);
        let numbers = std::iter::once(self.at_s).chain(point_m).flat_map(f64::to_le_bytes);
        for (byte, value) in bytes.iter_mut().zip(sides.chain(numbers)) {
            *byte = value;
        }
        bytes
    }

    /// Of the bytes of a picture: the head, and the brightness behind it. Nothing where they do not belong together.
    pub fn split(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let (head, brightness) = bytes.split_at_checked(Self::BYTES)?;
        let (sides, numbers) = head.split_at_checked(8)?;
        let mut sides = sides.chunks_exact(4).filter_map(|side| side.try_into().ok().map(u32::from_le_bytes));
        let mut numbers =
            numbers.chunks_exact(8).filter_map(|number| number.try_into().ok().map(f64::from_le_bytes));
        let size_px = [sides.next()?, sides.next()?];
        let at_s = numbers.next()?;
        let point_m = [numbers.next()?, numbers.next()?, numbers.next()?];
        let fits = size_px.iter().all(|side| (1..=SIGHT_SIDE_MAX_PX).contains(side))
            && at_s.is_finite()
            && size_px.iter().map(|side| *side as usize).product::<usize>() == brightness.len();
        let point_m = Some(point_m).filter(|point| point.iter().all(|part| part.is_finite()));
        fits.then_some((Self { size_px, at_s, point_m }, brightness))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(point_m: Option<[f64; 3]>) -> SightHead {
        SightHead { size_px: [4, 3], at_s: 12.5, point_m }
    }

    #[test]
    fn a_picture_arrives_with_its_size_its_time_and_the_part_of_interest() {
        for point_m in [None, Some([0.1, -0.2, 3.0])] {
            let bytes = [&head(point_m).to_bytes()[..], &[7; 12]].concat();
            assert_eq!(SightHead::split(&bytes), Some((head(point_m), &[7; 12][..])));
        }
    }

    #[test]
    fn a_picture_that_was_cut_or_says_another_size_is_none() {
        let whole = [&head(None).to_bytes()[..], &[7; 12]].concat();
        assert_eq!(SightHead::split(&whole[..51]), None);
        assert_eq!(SightHead::split(&whole[..20]), None);
        assert_eq!(SightHead::split(&[]), None);
        let large = SightHead { size_px: [u32::MAX, u32::MAX], ..head(None) };
        assert_eq!(SightHead::split(&large.to_bytes()), None);
        let never = SightHead { at_s: f64::NAN, ..head(None) };
        assert_eq!(SightHead::split(&[&never.to_bytes()[..], &[7; 12]].concat()), None);
    }
}
