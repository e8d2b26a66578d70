//! Marks: what is laid over the machine for a person to read. Words come in as they are to be shown, in whichever
//! language; nothing here speaks one.

use glam::Vec3;
use serde::{Deserialize, Serialize};

use super::PartRef;

/// Marks of one frame.
pub const MARKS_MAX: usize = 500;
/// Characters of one text; more is cut, and shown as cut.
pub const TEXT_CHARS_MAX: usize = 200;

/// Something laid over the machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Mark {
    /// An arrow along a way: straight through two points, bent through more.
    Arrow {
        /// The way, at least two points in the machine's frame.
        way_m: Vec<Vec3>,
        /// What it says.
        #[serde(default)]
        sense: ArrowSense,
        /// How it is coloured.
        #[serde(default)]
        tone: Tone,
    },
    /// An arrow round an axis that says how hard something is turned.
    Torque {
        /// The axis, and how far off it the arrow runs.
        #[serde(flatten)]
        round: Round,
        /// Such as «45 N·m».
        text: String,
        /// How it is coloured.
        #[serde(default)]
        tone: Tone,
    },
    /// Two arrows round an axis: this turns by itself.
    Rotation {
        /// The axis, and how far off it the arrows run.
        #[serde(flatten)]
        round: Round,
        /// How it is coloured.
        #[serde(default)]
        tone: Tone,
    },
    /// How far two points are apart, drawn as on paper.
    Dimension {
        /// One point.
        from_m: Vec3,
        /// The other.
        to_m: Vec3,
        /// From the points to the line that is dimensioned, so that it stands beside them.
        #[serde(default)]
        offset_m: Vec3,
        /// Such as «125.0 mm».
        text: String,
    },
    /// A number with words and a line to what they are about. Several find places beside each other.
    Callout {
        /// Its name, by which it keeps its place from frame to frame.
        id: String,
        /// What it is about.
        anchor: Anchor,
        /// In the badge: a number or a letter.
        badge: String,
        /// The first line.
        title: String,
        /// The second line; nothing where it is empty.
        #[serde(default)]
        detail: String,
        /// How it is coloured.
        #[serde(default)]
        tone: Tone,
    },
    /// A live value with its age and how far it can be trusted.
    Label {
        /// Its name, by which it keeps its place from frame to frame.
        id: String,
        /// What it is about.
        anchor: Anchor,
        /// What is measured.
        title: String,
        /// The value with its unit.
        value: String,
        /// How old it is, such as «1 s ago».
        #[serde(default)]
        age: String,
        /// How far it can be trusted. There is no standard: who says nothing would say «good».
        trust: Trust,
    },
    /// A room in which one must not be.
    Zone {
        /// Its shape.
        shape: ZoneShape,
        /// The sign on it.
        #[serde(default)]
        sign: Option<Sign>,
        /// Beside the sign.
        #[serde(default)]
        text: String,
    },
    /// A safety sign at a place.
    Safety {
        /// Where.
        anchor: Anchor,
        /// Which.
        sign: Sign,
        /// Pixels of the layout, across.
        #[serde(default = "sign_px")]
        size_px: f32,
    },
    /// How far off a place may be.
    ErrorCircle {
        /// The place.
        anchor: Anchor,
        /// How far, millimetres.
        radius_mm: f32,
        /// Such as «±1.8 mm».
        #[serde(default)]
        text: String,
    },
    /// A cross at a point, as one end of what is measured.
    Point {
        /// The point.
        at_m: Vec3,
    },
}

fn sign_px() -> f32 {
    56.0
}

/// What something is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Anchor {
    /// A point in the machine's frame.
    Point(Vec3),
    /// The bulk of a part and all that hangs on it, wherever it stands.
    Part(PartRef),
}

/// An axis, and a circle about it.
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Round {
    /// The middle of the circle, in the machine's frame.
    pub middle_m: Vec3,
    /// The axis.
    pub axis: Vec3,
    /// Of the circle.
    pub radius_m: f32,
    /// Which way it goes, looking along the axis.
    #[serde(default)]
    pub turn: Turn,
}

/// Which way something turns, for one who looks along its axis.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// As the hands of a clock; as most screws are tightened.
    #[default]
    Clockwise,
    /// The other way.
    CounterClockwise,
}

/// What an arrow says.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArrowSense {
    /// That way.
    #[default]
    Plain,
    /// In until it stops: a bar stands before its tip.
    Insert,
    /// Out of where it is: a bar stands behind its tail.
    Remove,
}

/// How a mark is coloured, beside its shape.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// What is to be done or looked at.
    #[default]
    Accent,
    /// What is only said.
    Quiet,
    /// What is out of the ordinary.
    Notice,
    /// What is dangerous or broken.
    Critical,
}

/// How far a value can be trusted.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// Fresh, and measured well.
    Good,
    /// Fresh, and measured somehow.
    Uncertain,
    /// Not fresh.
    Stale,
    /// Not to be believed.
    Bad,
}

/// The shape of a room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ZoneShape {
    /// An outline on the ground (x, z), from one height to another.
    Prism {
        /// At least three corners, metres.
        outline_m: Vec<[f32; 2]>,
        /// Metres.
        from_y_m: f32,
        /// Metres.
        to_y_m: f32,
    },
    /// About an axis.
    Cylinder {
        /// The middle of one end.
        from_m: Vec3,
        /// The middle of the other.
        to_m: Vec3,
        /// Metres.
        radius_m: f32,
    },
    /// About a point.
    Sphere {
        /// The point.
        middle_m: Vec3,
        /// Metres.
        radius_m: f32,
    },
}

/// Corners of the outline of a zone.
pub const OUTLINE_CORNERS_MAX: usize = 256;

/// Safety signs of ISO 7010, by their registered numbers.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Sign {
    /// General warning.
    W001,
    /// Electricity.
    W012,
    /// Hot surface.
    W017,
    /// Automatic start-up.
    W018,
    /// Crushing.
    W019,
    /// Overhead load.
    W015,
    /// Crushing of hands.
    W024,
    /// Counter-rotating rollers.
    W025,
    /// General mandatory action.
    M001,
    /// Wear ear protection.
    M003,
    /// Wear eye protection.
    M004,
    /// Wear protective gloves.
    M009,
    /// Wear head protection.
    M014,
    /// Disconnect before maintenance.
    M021,
    /// General prohibition.
    P001,
    /// Do not touch.
    P010,
    /// Do not alter the state of the switch.
    P031,
}

impl Sign {
    /// All that are drawn.
    pub const ALL: [Self; 17] = [
        Self::W001,
        Self::W012,
        Self::W017,
        Self::W018,
        Self::W019,
        Self::W015,
        Self::W024,
        Self::W025,
        Self::M001,
        Self::M003,
        Self::M004,
        Self::M009,
        Self::M014,
        Self::M021,
        Self::P001,
        Self::P010,
        Self::P031,
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_written_with_its_kind() {
        let mark: Mark = serde_json::from_str(
            r#"{"kind":"torque","middle_m":[0,1,0],"axis":[1,0,0],"radius_m":0.05,"text":"45 N·m"}"#,
        )
        .unwrap();
        let Mark::Torque { round, text, tone } = &mark else { panic!("{mark:?}") };
        assert_eq!((round.turn, text.as_str(), *tone), (Turn::Clockwise, "45 N·m", Tone::Accent));
        let back: Mark = serde_json::from_str(&serde_json::to_string(&mark).unwrap()).unwrap();
        assert_eq!(back, mark);
    }

    #[test]
    fn a_label_that_does_not_say_how_far_it_can_be_trusted_is_refused() {
        let label =
            r#"{"kind":"label","id":"t","anchor":{"part":"PMP-230"},"title":"Bearing","value":"48 °C"}"#;
        let error = serde_json::from_str::<Mark>(label).unwrap_err().to_string();
        assert!(error.contains("trust"), "{error}");
    }

    #[test]
    fn a_sign_is_called_by_its_number() {
        assert_eq!(serde_json::to_string(&Sign::W019).unwrap(), r#""W019""#);
    }
}
