//! How parts look: never told apart by colour alone.

use serde::{Deserialize, Serialize};

use crate::model::PartId;

/// A part, as a frame names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PartRef {
    /// By its place in the model.
    Id(PartId),
    /// By its name: the first of it.
    Name(String),
}

/// What is done with a part's surface.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fill {
    /// Solid, in its own colours.
    #[default]
    Shaded,
    /// A veil through which one sees what lies behind, denser towards its rims.
    Ghost,
    /// Not there.
    Hidden,
    /// Not seen, but it hides what lies behind: the real part stands there in the camera's picture.
    Occluder,
}

/// What is laid on top of the surface.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Accent {
    /// Creases and silhouettes as lines.
    Edges,
    /// Seen through what lies before it, hatched there.
    #[serde(rename = "xray")]
    XRay,
    /// Brighter than all others, with a moving-free stripe pattern of the accent colour.
    Highlight,
    /// A double line of black and white around it.
    Outline,
    /// Hatched.
    Hatch,
    /// Left whole by sections, as shafts and bolts are in drawings.
    Uncut,
}

impl Accent {
    const ALL: [Self; 6] =
        [Self::Edges, Self::XRay, Self::Highlight, Self::Outline, Self::Hatch, Self::Uncut];

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A set of accents; in JSON a list.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Accent>", into = "Vec<Accent>")]
pub struct Accents(u8);

impl Accents {
    /// None.
    pub const NONE: Self = Self(0);

    /// Whether it is among them.
    pub const fn has(self, accent: Accent) -> bool {
        self.0 & accent.bit() != 0
    }

    /// With one more.
    #[must_use]
    pub const fn with(self, accent: Accent) -> Self {
        Self(self.0 | accent.bit())
    }

    /// As bits, in the order of [`Accent`].
    #[cfg(feature = "render")]
    pub(crate) const fn bits(self) -> u8 {
        self.0
    }
}

impl From<Vec<Accent>> for Accents {
    fn from(list: Vec<Accent>) -> Self {
        list.into_iter().fold(Self::NONE, Self::with)
    }
}

impl From<Accents> for Vec<Accent> {
    fn from(accents: Accents) -> Self {
        Accent::ALL.into_iter().filter(|accent| accents.has(*accent)).collect()
    }
}

/// How a part looks.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Look {
    /// Its surface.
    pub fill: Fill,
    /// What is laid on top.
    pub accents: Accents,
}

impl Look {
    /// This surface and nothing on top.
    pub const fn of(fill: Fill) -> Self {
        Self { fill, accents: Accents::NONE }
    }

    /// With one more accent.
    #[must_use]
    pub const fn with(self, accent: Accent) -> Self {
        Self { accents: self.accents.with(accent), ..self }
    }
}

/// How far a rule reaches.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// The part and all that hangs on it.
    #[default]
    Branch,
    /// The part alone.
    Alone,
}

/// How some part looks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Which.
    pub part: PartRef,
    /// And what with it.
    #[serde(default)]
    pub reach: Reach,
    /// How.
    pub look: Look,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_is_written_as_words() {
        let look = Look::of(Fill::Ghost).with(Accent::Outline).with(Accent::Edges);
        let text = serde_json::to_string(&look).unwrap();
        assert_eq!(text, r#"{"fill":"ghost","accents":["edges","outline"]}"#);
        assert_eq!(serde_json::from_str::<Look>(&text).unwrap(), look);
    }
}
