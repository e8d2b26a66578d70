//! Where things stand on a slide of 16:9, in EMU (914,400 of an inch, 12,700 of a point).

pub(crate) const SLIDE_WIDTH: i64 = 12_192_000;
pub(crate) const SLIDE_HEIGHT: i64 = 6_858_000;
pub(crate) const LEFT: i64 = 533_400;
pub(crate) const WIDTH: i64 = SLIDE_WIDTH - 2 * LEFT;
pub(crate) const TITLE_TOP: i64 = 342_900;
/// Nothing but the foot stands below.
pub(crate) const BODY_BOTTOM: i64 = 6_350_000;
pub(crate) const FOOT_TOP: i64 = 6_426_200;
pub(crate) const FOOT_HEIGHT: i64 = 280_000;
/// Between blocks, and between pictures.
pub(crate) const GAP: i64 = 130_000;

/// A rectangle.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) x: i64,
    pub(crate) y: i64,
    pub(crate) width: i64,
    pub(crate) height: i64,
}
