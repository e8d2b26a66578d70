//! What stands where: fiducials on machines, what cameras see by, models of machines, and sources of energy.

use serde::{Deserialize, Serialize};

use crate::record::record;
use crate::{
    AssetId, AttachmentId, CameraProfileId, EnergySourceId, FiducialId, MachineModelId, PersonId, Pose,
    TagBindingId, TimestampMs,
};

/// A family of fiducials.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum FiducialFamily {
    /// AprilTag 36h11: 587 ids.
    #[serde(rename = "tag36h11")]
    Tag36h11,
    /// AprilTag standard 41h12: 2,115 ids.
    #[serde(rename = "tagStandard41h12")]
    TagStandard41h12,
}

impl FiducialFamily {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Tag36h11, Self::TagStandard41h12];

    /// Its name, as its makers write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tag36h11 => "tag36h11",
            Self::TagStandard41h12 => "tagStandard41h12",
        }
    }

    /// The family of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|family| family.as_str() == name)
    }

    /// How many ids it has.
    pub fn id_count(self) -> u32 {
        match self {
            Self::Tag36h11 => 587,
            Self::TagStandard41h12 => 2_115,
        }
    }
}

/// How well it is known where a fiducial hangs.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Survey {
    /// Where it hangs, in the machine's frame.
    pub machine_from_label: Pose,
    /// One standard deviation of its place, in metres, and of its attitude, in radians: x, y, z of each.
    pub sigma: [f64; 6],
    /// When it was found.
    pub surveyed_at: TimestampMs,
    /// By whom.
    pub surveyed_by: Option<PersonId>,
}

/// A fiducial that hangs on a machine: it says where. Which machine it is, its neighbour says, or the order in hand: the
/// same number may hang on many machines.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fiducial {
    /// Its id.
    pub fiducial_id: FiducialId,
    /// The machine that it hangs on.
    pub asset_id: AssetId,
    /// Its family.
    pub family: FiducialFamily,
    /// Its number in the family.
    pub number: i64,
    /// The distance between its detection corners, in metres, as it was printed.
    pub size_m: f64,
    /// What people call it (`Motor, north side`).
    pub name: String,
    /// The sheet's bar of 100 mm as it was measured, in millimetres: the printer's scale. Nothing until somebody did.
    pub bar_mm: Option<f64>,
    /// Where it hangs, once that is known.
    pub survey: Option<Survey>,
    /// When it was registered.
    pub hung_at: TimestampMs,
    /// By whom.
    pub hung_by: Option<PersonId>,
    /// When it was taken down.
    pub removed_at: Option<TimestampMs>,
}
record!(Fiducial, Fiducial, fiducial_id);

impl Fiducial {
    /// The length of a sheet's bar, in millimetres.
    pub const BAR_MM: f64 = 100.0;

    /// Its size as the printer made it, in metres.
    pub fn true_size_m(&self) -> f64 {
        self.size_m * self.bar_mm.map_or(1.0, |bar_mm| bar_mm / Self::BAR_MM)
    }
}

/// What labels are printed on.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LabelMedia {
    /// A sheet of A4, as a PDF.
    A4,
    /// Labels that are cut already, one to a page, as a PDF.
    DieCut {
        /// Across, in millimetres.
        width_mm: f64,
        /// Downwards, in millimetres.
        height_mm: f64,
    },
    /// A printer of labels that speaks ZPL II.
    Zpl {
        /// Across, in millimetres.
        width_mm: f64,
        /// Downwards, in millimetres.
        height_mm: f64,
        /// Its dots per inch: 203, 300 or 600.
        dots_per_inch: u32,
    },
}

/// What a kind of camera sees by, at a resolution and focus. Made once, and good for every camera of its kind.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CameraProfile {
    /// Its id.
    pub camera_profile_id: CameraProfileId,
    /// What the system calls the camera.
    pub camera: String,
    /// The picture's width it was made at, in pixels.
    pub width_px: i64,
    /// The picture's height, in pixels.
    pub height_px: i64,
    /// The focus it was made at, where the camera tells one (`fixed`, `0.35`).
    pub focus: String,
    /// Focal lengths and principal point, in pixels: fx, fy, cx, cy.
    pub intrinsics_px: [f64; 4],
    /// Brown–Conrady: k1, k2, p1, p2, k3.
    pub distortion: [f64; 5],
    /// One standard deviation of the intrinsics, in pixels.
    pub sigma_px: [f64; 4],
    /// The root mean square of what is left of the board's corners, in pixels.
    pub residual_px: f64,
    /// The share of the picture that the board was seen in, 0 to 1.
    pub coverage: f64,
    /// How many pictures of the board it was made of.
    pub picture_count: i64,
    /// When it was made.
    pub made_at: TimestampMs,
    /// By whom.
    pub made_by: Option<PersonId>,
    /// When it was given up.
    pub ended_at: Option<TimestampMs>,
}
record!(CameraProfile, CameraProfile, camera_profile_id);

/// A model of a machine: what its parts are called and how they look.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MachineModel {
    /// Its id.
    pub machine_model_id: MachineModelId,
    /// What people call it.
    pub name: String,
    /// The machine, where it is of one.
    pub asset_id: Option<AssetId>,
    /// The class of machines, where it is of all of them.
    pub asset_class: Option<String>,
    /// The attachment that brings its bytes (GLB).
    pub attachment_id: AttachmentId,
    /// BLAKE3 of the bytes, in hex.
    pub blob: String,
    /// The names of its parts, as steps show them.
    pub parts: Vec<String>,
    /// How many triangles it has.
    pub triangle_count: i64,
    /// When it was brought.
    pub brought_at: TimestampMs,
    /// By whom.
    pub brought_by: Option<PersonId>,
    /// When it was given up.
    pub ended_at: Option<TimestampMs>,
}
record!(MachineModel, MachineModel, machine_model_id);

impl MachineModel {
    /// The most parts that are kept by name.
    pub const PARTS_MAX: usize = 5_000;
}

/// What kind of energy a source holds (ISO 14118, clause 3).
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EnergyKind {
    /// Electrical.
    Electrical,
    /// Something turns or moves.
    Motion,
    /// Compressed air.
    Pneumatic,
    /// A liquid under pressure.
    Hydraulic,
    /// Heat or cold.
    Thermal,
    /// A load that can fall.
    Gravity,
    /// A spring.
    Spring,
}

impl EnergyKind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Electrical,
        Self::Motion,
        Self::Pneumatic,
        Self::Hydraulic,
        Self::Thermal,
        Self::Gravity,
        Self::Spring,
    ];
}

/// A source of energy of a machine: what must be isolated before somebody puts their hands in.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EnergySource {
    /// Its id.
    pub energy_source_id: EnergySourceId,
    /// The machine.
    pub asset_id: AssetId,
    /// What people call it (`Motor, 400 V`).
    pub name: String,
    /// What it holds.
    pub energy: EnergyKind,
    /// The tag that shows it, where there is one.
    pub tag_binding_id: Option<TagBindingId>,
    /// Who bound the tag to it.
    pub bound_by: Option<PersonId>,
    /// Who else looked and agreed that the tag shows it. Nothing is held back or shown by it before.
    pub approved_by: Option<PersonId>,
    /// When.
    pub approved_at: Option<TimestampMs>,
    /// Where it is isolated, in words (`Main switch Q1`).
    pub isolated_at: String,
    /// When it was given up.
    pub ended_at: Option<TimestampMs>,
}
record!(EnergySource, EnergySource, energy_source_id);

impl EnergySource {
    /// The tag, once two people say that it shows this source.
    pub fn proven_tag(&self) -> Option<TagBindingId> {
        self.tag_binding_id.filter(|_| self.approved_at.is_some())
    }
}
