//! What a guide says: tasks of steps with texts in several languages, pictures with marks, what is shown on the machine,
//! hazards, evidence, branches and conditions. A revision keeps it whole; a draft is a document of the same shape.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{AttachmentId, EnergySourceId, GuideStepId, GuideTaskId, StepForm, TagBindingId};

/// A text in one language.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Wording {
    /// The text.
    pub text: String,
    /// For a translation: the revision whose text it says again. What is newer there is not said here yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of_revision: Option<i64>,
}

/// A text in the languages that it was written in, by their tags (`en`, `de`; BCP 47).
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Words(pub BTreeMap<String, Wording>);

impl Words {
    /// A text in one language.
    pub fn of(language: &str, text: impl Into<String>) -> Self {
        Self([(language.to_owned(), Wording { text: text.into(), of_revision: None })].into())
    }

    /// The text for somebody who reads `language`: in it, else in `original`, else in whichever there is.
    pub fn read(&self, language: &str, original: &str) -> &str {
        let found = self.0.get(language).filter(|wording| !wording.text.is_empty());
        let found = found.or_else(|| self.0.get(original)).or_else(|| self.0.values().next());
        found.map_or("", |wording| wording.text.as_str())
    }

    /// Whether nothing is said in any language.
    pub fn is_empty(&self) -> bool {
        self.0.values().all(|wording| wording.text.is_empty())
    }
}

/// A place in a picture: shares of its width and height, from the upper left corner.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PicturePoint {
    /// From 0 (left) to 1 (right).
    pub x: f64,
    /// From 0 (top) to 1 (bottom).
    pub y: f64,
}

/// What is drawn on a picture.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PictureMark {
    /// An arrow.
    Arrow {
        /// Where it begins.
        from: PicturePoint,
        /// What it points at.
        to: PicturePoint,
    },
    /// A circle around something.
    Circle {
        /// Its middle.
        center: PicturePoint,
        /// Its radius as a share of the picture's width.
        radius: f64,
    },
    /// A number, as the text names it.
    Number {
        /// Where.
        at: PicturePoint,
        /// Which.
        number: u32,
    },
    /// A screw with its torque.
    Torque {
        /// Where.
        at: PicturePoint,
        /// In newton metres.
        torque_nm: f64,
    },
}

/// A picture of a step: a photo, or a page of a manual.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GuidePicture {
    /// The attachment that brings its bytes.
    pub attachment_id: AttachmentId,
    /// BLAKE3 of the bytes, in hex.
    pub blob: String,
    /// What stands below it.
    #[serde(default)]
    pub caption: Words,
    /// What is drawn on it.
    #[serde(default)]
    pub marks: Vec<PictureMark>,
}

/// A place and an attitude: a point of the inner frame at `p` is at `rotation · p + position` of the outer one.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pose {
    /// In metres.
    pub position_m: [f64; 3],
    /// A unit quaternion: x, y, z, w.
    pub rotation: [f64; 4],
}

impl Pose {
    /// Where both frames are one.
    pub const IDENTITY: Self = Self { position_m: [0.0; 3], rotation: [0.0, 0.0, 0.0, 1.0] };

    /// Whether it is one: finite, within a kilometre, and turned by a unit quaternion.
    pub fn is_sound(&self) -> bool {
        let length: f64 = self.rotation.iter().map(|part| part * part).sum();
        self.position_m.iter().all(|part| part.is_finite() && part.abs() <= 1_000.0)
            && (length - 1.0).abs() < 1e-6
    }
}

/// A simple body that stands in for a part of a machine that has no model.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StandIn {
    /// The part's name: steps show it by this.
    pub part: String,
    /// Its shape.
    pub shape: StandInShape,
    /// Where it is on the machine.
    pub machine_from_part: Pose,
}

/// The shape of a stand-in, around its middle.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum StandInShape {
    /// A box.
    Block {
        /// Along x, y and z, in metres.
        size_m: [f64; 3],
    },
    /// A cylinder along z.
    Cylinder {
        /// In metres.
        radius_m: f64,
        /// In metres.
        length_m: f64,
    },
}

/// How a part is shown in a step. Never by hue alone.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ShowHow {
    /// Filled and outlined.
    Highlight,
    /// Outlined.
    Outline,
    /// Seen through what is in front of it.
    XRay,
    /// Only a hint of it, so that what is behind shows.
    Ghost,
    /// Not there any more: it was taken off.
    Removed,
    /// An arrow along which it moves, in the machine's frame.
    Move {
        /// Direction and length, in metres.
        along_m: [f64; 3],
    },
    /// It is turned about its own axis.
    Turn {
        /// Seen from outside.
        clockwise: bool,
    },
    /// It is tightened.
    Tighten {
        /// In newton metres.
        torque_nm: f64,
    },
    /// It moves as a movement of the model says, and stays there in the steps after.
    Play {
        /// The movement's name in the model.
        animation: String,
    },
    /// It is back where it was, with all that earlier steps moved.
    PutBack,
    /// A live value stands on it, with its age.
    Value {
        /// The tag.
        tag_binding_id: TagBindingId,
    },
    /// A zone around it in which something can hurt.
    Zone {
        /// What.
        hazard: Hazard,
        /// Around its middle, in metres.
        radius_m: f64,
    },
}

/// A part that a step shows on the machine.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShownPart {
    /// The part: its name in the model, or a stand-in's.
    pub part: String,
    /// How it is shown.
    pub how: ShowHow,
    /// What is written beside it.
    #[serde(default)]
    pub label: Words,
}

/// Something that can hurt, by its sign of ISO 7010:2019.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hazard {
    /// W001.
    General,
    /// W002.
    Explosive,
    /// W004.
    Laser,
    /// W006.
    MagneticField,
    /// W008.
    Drop,
    /// W011.
    Slippery,
    /// W012.
    Electricity,
    /// W015.
    SuspendedLoad,
    /// W016.
    Toxic,
    /// W017.
    HotSurface,
    /// W018.
    AutomaticStart,
    /// W019.
    Crushing,
    /// W021.
    Flammable,
    /// W022.
    SharpElement,
    /// W023.
    Corrosive,
    /// W024.
    CrushingOfHands,
    /// W025.
    CounterRotatingRollers,
    /// W029.
    PressurizedCylinder,
}

impl Hazard {
    /// All of them, by their sign.
    pub const ALL: [Self; 18] = [
        Self::General,
        Self::Explosive,
        Self::Laser,
        Self::MagneticField,
        Self::Drop,
        Self::Slippery,
        Self::Electricity,
        Self::SuspendedLoad,
        Self::Toxic,
        Self::HotSurface,
        Self::AutomaticStart,
        Self::Crushing,
        Self::Flammable,
        Self::SharpElement,
        Self::Corrosive,
        Self::CrushingOfHands,
        Self::CounterRotatingRollers,
        Self::PressurizedCylinder,
    ];

    /// The number of its sign in ISO 7010.
    pub fn sign(self) -> &'static str {
        match self {
            Self::General => "W001",
            Self::Explosive => "W002",
            Self::Laser => "W004",
            Self::MagneticField => "W006",
            Self::Drop => "W008",
            Self::Slippery => "W011",
            Self::Electricity => "W012",
            Self::SuspendedLoad => "W015",
            Self::Toxic => "W016",
            Self::HotSurface => "W017",
            Self::AutomaticStart => "W018",
            Self::Crushing => "W019",
            Self::Flammable => "W021",
            Self::SharpElement => "W022",
            Self::Corrosive => "W023",
            Self::CrushingOfHands => "W024",
            Self::CounterRotatingRollers => "W025",
            Self::PressurizedCylinder => "W029",
        }
    }

    /// The hazard with a sign.
    pub fn of_sign(sign: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|hazard| hazard.sign() == sign)
    }
}

/// Something that must be worn or done, by its sign of ISO 7010:2019.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protection {
    /// M003.
    Ears,
    /// M004.
    Eyes,
    /// M008.
    Footwear,
    /// M009.
    Gloves,
    /// M010.
    Clothing,
    /// M013.
    FaceShield,
    /// M014.
    Head,
    /// M016.
    Mask,
    /// M017.
    Breathing,
    /// M018.
    Harness,
}

impl Protection {
    /// All of them, by their sign.
    pub const ALL: [Self; 10] = [
        Self::Ears,
        Self::Eyes,
        Self::Footwear,
        Self::Gloves,
        Self::Clothing,
        Self::FaceShield,
        Self::Head,
        Self::Mask,
        Self::Breathing,
        Self::Harness,
    ];

    /// The number of its sign in ISO 7010.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Ears => "M003",
            Self::Eyes => "M004",
            Self::Footwear => "M008",
            Self::Gloves => "M009",
            Self::Clothing => "M010",
            Self::FaceShield => "M013",
            Self::Head => "M014",
            Self::Mask => "M016",
            Self::Breathing => "M017",
            Self::Harness => "M018",
        }
    }

    /// What has a sign.
    pub fn of_sign(sign: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|protection| protection.sign() == sign)
    }
}

/// A part that a step takes, by its number.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GuidePart {
    /// Its number.
    pub number: String,
    /// How many, in its own unit.
    pub count: f64,
}

/// How tight something is to be.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Torque {
    /// In newton metres.
    pub nominal_nm: f64,
    /// What it may differ by, either way.
    pub tolerance_nm: Option<f64>,
}

/// A skill that a step wants.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GuideSkill {
    /// Its code.
    pub code: String,
    /// The level that is wanted, as [`crate::SkillLevel::level`] counts.
    pub level: i64,
}

/// What a step wants to be kept of it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// What it asks for, in one line; the step's own title where it says nothing.
    #[serde(default)]
    pub title: Words,
    /// What is answered.
    pub form: StepForm,
    /// Whether the instrument that it was measured with is named.
    #[serde(default)]
    pub names_instrument: bool,
}

/// When a step leads somewhere else than to the next.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "when", rename_all = "snake_case")]
pub enum BranchWhen {
    /// An option was chosen.
    Chosen {
        /// Which.
        option: String,
    },
    /// An inspection failed.
    Failed,
    /// A reading was outside its limits.
    OutOfLimits,
}

/// Where a step leads to under a condition.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Branch {
    /// The condition.
    #[serde(flatten)]
    pub when: BranchWhen,
    /// The step that comes then.
    pub to: GuideStepId,
}

/// What the plant must be seen to be before a step goes on. It can only hold a step back: a person's own try-out is
/// always wanted as well. An aid, not a safety function.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LiveCondition {
    /// The source of energy that is to be proven gone.
    pub energy_source_id: EnergySourceId,
    /// The lowest value that counts as gone, in the tag's unit.
    pub low: f64,
    /// The highest value that counts as gone.
    pub high: f64,
}

/// From where the machine is shown when there is no position of the camera.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Viewpoint {
    /// Where the eye is, in the machine's frame, in metres.
    pub eye_m: [f64; 3],
    /// What it looks at.
    pub target_m: [f64; 3],
}

/// One thing to do.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GuideStep {
    /// Its id: the same in every revision.
    pub step_id: GuideStepId,
    /// One line.
    pub title: Words,
    /// What is done, in a few sentences.
    #[serde(default)]
    pub text: Words,
    /// Pictures, the best first.
    #[serde(default)]
    pub pictures: Vec<GuidePicture>,
    /// What is shown on the machine.
    #[serde(default)]
    pub shows: Vec<ShownPart>,
    /// From where, without a camera.
    #[serde(default)]
    pub viewpoint: Option<Viewpoint>,
    /// How exactly an overlay must stand to be shown as exact, in millimetres.
    #[serde(default)]
    pub tolerance_mm: Option<f64>,
    /// Parts that it takes.
    #[serde(default)]
    pub parts: Vec<GuidePart>,
    /// Tools that it takes.
    #[serde(default)]
    pub tools: Vec<String>,
    /// How tight.
    #[serde(default)]
    pub torque: Option<Torque>,
    /// What can hurt.
    #[serde(default)]
    pub hazards: Vec<Hazard>,
    /// What is worn.
    #[serde(default)]
    pub protection: Vec<Protection>,
    /// What the person must be able to do.
    #[serde(default)]
    pub skill: Option<GuideSkill>,
    /// What is kept of it; nothing but that it was done where this is empty.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
    /// Whether the order may not be closed without it.
    pub mandatory: bool,
    /// Where it leads other than to the next one.
    #[serde(default)]
    pub branches: Vec<Branch>,
    /// How long to wait, in seconds (glue sets, pressure falls).
    #[serde(default)]
    pub timer_s: Option<u32>,
    /// What the plant must be seen to be before.
    #[serde(default)]
    pub condition: Option<LiveCondition>,
}

impl GuideStep {
    /// The greatest exactness that is asked where the author said nothing, in millimetres.
    pub const TOLERANCE_USUAL_MM: f64 = 10.0;

    /// What is recorded of it, in order: what the plant must be seen to be with a person's own try-out, then its evidence;
    /// that it was done where there is neither.
    pub fn asks(&self) -> Vec<Evidence> {
        let asked = |form| Evidence { title: Words::default(), form, names_instrument: false };
        let mut asks: Vec<Evidence> = self
            .condition
            .iter()
            .map(|condition| asked(StepForm::TryOut { condition: condition.clone() }))
            .collect();
        asks.extend(self.evidence.iter().cloned());
        if asks.is_empty() {
            asks.push(asked(StepForm::Check));
        }
        asks
    }

    /// A step that is only done.
    pub fn plain(step_id: GuideStepId, title: Words) -> Self {
        Self {
            step_id,
            title,
            text: Words::default(),
            pictures: Vec::new(),
            shows: Vec::new(),
            viewpoint: None,
            tolerance_mm: None,
            parts: Vec::new(),
            tools: Vec::new(),
            torque: None,
            hazards: Vec::new(),
            protection: Vec::new(),
            skill: None,
            evidence: Vec::new(),
            mandatory: false,
            branches: Vec::new(),
            timer_s: None,
            condition: None,
        }
    }
}

/// Steps that belong together.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GuideTask {
    /// Its id: the same in every revision.
    pub task_id: GuideTaskId,
    /// One line.
    pub title: Words,
    /// What is done, in order.
    pub steps: Vec<GuideStep>,
}

/// All that a guide says.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GuideContent {
    /// The language that it was written in.
    pub language: String,
    /// What it is for, in one line.
    pub title: Words,
    /// The attachment with the model of the machine (GLB), where there is one.
    #[serde(default)]
    pub model: Option<GuideModel>,
    /// Simple bodies for parts without a model.
    #[serde(default)]
    pub stand_ins: Vec<StandIn>,
    /// What is done, in order.
    pub tasks: Vec<GuideTask>,
}

/// The model of the machine that a guide shows.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GuideModel {
    /// The attachment that brings its bytes.
    pub attachment_id: AttachmentId,
    /// BLAKE3 of the bytes, in hex.
    pub blob: String,
}

impl GuideContent {
    /// The most tasks of a guide.
    pub const TASKS_MAX: usize = 100;
    /// The most steps of a guide.
    pub const STEPS_MAX: usize = 1_000;
    /// The most of anything that a step has a list of.
    pub const LIST_MAX: usize = 100;
    /// The longest title, in characters.
    pub const TITLE_CHARS: usize = 200;
    /// The longest text, in characters.
    pub const TEXT_CHARS: usize = 4_000;

    /// A guide without steps.
    pub fn empty(language: &str, title: &str) -> Self {
        Self {
            language: language.to_owned(),
            title: Words::of(language, title),
            model: None,
            stand_ins: Vec::new(),
            tasks: Vec::new(),
        }
    }

    /// Every step, in order.
    pub fn steps(&self) -> impl Iterator<Item = &GuideStep> {
        self.tasks.iter().flat_map(|task| &task.steps)
    }

    /// A step.
    pub fn step(&self, step_id: GuideStepId) -> Option<&GuideStep> {
        self.steps().find(|step| step.step_id == step_id)
    }
}
