//! What shapes are for: told to a backend as a colour that nobody sees, and told apart by ink and dashes.

use plotters::style::RGBColor;
use plotters_backend::BackendColor;

/// Lines of the grid.
pub(crate) const GRID: RGBColor = RGBColor(5, 0, 0);
/// What stays invisible.
pub(crate) const AXIS: RGBColor = RGBColor(6, 0, 0);
/// One of several curves, and the words at it.
pub(crate) const SERIES: [RGBColor; 8] = [
    RGBColor(11, 0, 0),
    RGBColor(12, 0, 0),
    RGBColor(13, 0, 0),
    RGBColor(14, 0, 0),
    RGBColor(15, 0, 0),
    RGBColor(16, 0, 0),
    RGBColor(17, 0, 0),
    RGBColor(18, 0, 0),
];
/// A bar for where a figure is low: its outline alone.
pub(crate) const LOW: RGBColor = RGBColor(21, 0, 0);
/// A bar for where a figure is high.
pub(crate) const HIGH: RGBColor = RGBColor(22, 0, 0);
/// From words to what they are about.
pub(crate) const LEADER: RGBColor = RGBColor(23, 0, 0);
/// Behind words, so that they can be read over lines.
pub(crate) const PLATE: RGBColor = RGBColor(24, 0, 0);
/// The line that bars stand at.
pub(crate) const BASE: RGBColor = RGBColor(25, 0, 0);

/// What a shape is for.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Grid,
    Axis,
    Series(u8),
    Low,
    High,
    Leader,
    Plate,
    Base,
    Text,
}

impl Role {
    pub(crate) fn of(color: BackendColor) -> Self {
        match color.rgb.0 {
            5 => Self::Grid,
            6 => Self::Axis,
            series @ 11..=18 => Self::Series(series - 11),
            21 => Self::Low,
            22 => Self::High,
            23 => Self::Leader,
            24 => Self::Plate,
            25 => Self::Base,
            _ => Self::Text,
        }
    }

    /// Dashes and gaps of a line, in pixels of the screen; none for a line without. Curves differ by them where there is no
    /// colour.
    pub(crate) fn dashes(self) -> &'static [f64] {
        match self {
            Self::Series(1) => &[9.0, 4.0],
            Self::Series(2) => &[2.5, 3.5],
            Self::Series(3) => &[12.0, 4.0, 2.5, 4.0],
            Self::Series(4) => &[5.0, 3.0],
            Self::Series(5) => &[14.0, 7.0],
            Self::Series(6) => &[9.0, 3.0, 2.5, 3.0, 2.5, 3.0],
            Self::Series(7) => &[2.5, 8.0],
            Self::Grid
            | Self::Axis
            | Self::Series(_)
            | Self::Low
            | Self::High
            | Self::Leader
            | Self::Plate
            | Self::Base
            | Self::Text => &[],
        }
    }
}
