//! What is to be seen: a frame is a plain value, and two equal ones are the same picture.

mod look;
mod mark;
mod motion;
mod theme;

pub use look::{Accent, Accents, Fill, Look, PartRef, Reach, Rule};
pub use mark::{
    Anchor, ArrowSense, MARKS_MAX, Mark, OUTLINE_CORNERS_MAX, Round, Sign, TEXT_CHARS_MAX, Tone, Trust, Turn,
    ZoneShape,
};
pub use motion::{Motion, Placed, Played};
pub use theme::{Rgba, Theme};

use glam::Vec3;
use serde::{Deserialize, Serialize};

use crate::camera::Camera;

/// A picture that is asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Frame {
    /// Pixels of what is drawn on, across.
    pub width_px: u32,
    /// Pixels of what is drawn on, downwards.
    pub height_px: u32,
    /// Pixels of what is drawn on for one of the layout: 2 on a dense screen. Texts and lines keep their size by it.
    #[serde(default = "one")]
    pub px_scale: f32,
    /// From where it is seen.
    pub camera: Camera,
    /// What lies behind.
    #[serde(default)]
    pub background: Background,
    /// The colours.
    #[serde(default)]
    pub theme: Theme,
    /// How the parts stand.
    #[serde(default)]
    pub motion: Motion,
    /// How every part looks that no rule says otherwise of.
    #[serde(default)]
    pub look: Look,
    /// How some parts look; a later rule wins.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// Where the machine is cut open; the first three count.
    #[serde(default)]
    pub sections: Vec<Section>,
    /// What is laid over it.
    #[serde(default)]
    pub marks: Vec<Mark>,
    /// Whether edges are smoothed, by four samples a pixel. A picture that moves on a slow device does without.
    #[serde(default = "yes")]
    pub is_smooth: bool,
    /// What is kept free of texts at the edges, for what lies over the picture: top, right, bottom, left, pixels of the
    /// layout.
    #[serde(default)]
    pub insets_px: [f32; 4],
}

fn yes() -> bool {
    true
}

fn one() -> f32 {
    1.0
}

impl Frame {
    /// The machine as it stands, from a camera.
    pub fn of(width_px: u32, height_px: u32, camera: Camera) -> Self {
        Self {
            width_px,
            height_px,
            px_scale: 1.0,
            camera,
            background: Background::default(),
            theme: Theme::default(),
            motion: Motion::default(),
            look: Look::default(),
            rules: Vec::new(),
            sections: Vec::new(),
            marks: Vec::new(),
            is_smooth: true,
            insets_px: [0.0; 4],
        }
    }
}

/// What lies behind the machine.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Background {
    /// Nothing: what is drawn is laid over something else.
    Clear,
    /// The theme's backdrop.
    #[default]
    Backdrop,
    /// The camera's picture, straightened by its lens.
    Picture,
}

/// Sections of one frame.
pub const SECTIONS_MAX: usize = 3;

/// A plane; what lies on the side to which it points is cut away.
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// A point of it, in the machine's frame.
    pub point_m: Vec3,
    /// A unit vector.
    pub normal: Vec3,
}
