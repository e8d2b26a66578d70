//! Plates under words.

use glam::Vec2;

use super::canvas::Canvas;
use super::on_pixels;
use crate::frame::{Rgba, TEXT_CHARS_MAX};
use crate::ink::{Mode, rounded_box};
use crate::text::{Faces, Weight};

/// Size of the words on a small plate, pixels of the layout.
const SMALL_PX: f32 = 16.0;
const SMALL_MARGIN_PX: Vec2 = Vec2::new(8.0, 5.0);

/// A text that is no longer than a text may be.
pub(super) fn bounded(text: &str) -> String {
    match text.char_indices().nth(TEXT_CHARS_MAX) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
    }
}

/// How large a small plate is, pixels.
pub(super) fn small_size(canvas: &Canvas<'_>, text: &str) -> Vec2 {
    let width = canvas.text_px(&bounded(text), Weight::Strong, SMALL_PX);
    Vec2::new(width, SMALL_PX * canvas.scale) + SMALL_MARGIN_PX * 2.0 * canvas.scale
}

/// A few words on a plate, its middle at a place.
pub(super) fn small(canvas: &mut Canvas<'_>, middle_px: Vec2, text: &str) {
    if text.is_empty() {
        return;
    }
    let text = bounded(text);
    let size = small_size(canvas, &text);
    let low = on_pixels(middle_px - size / 2.0);
    let high = low + on_pixels(size);
    rim(canvas, low, high, 6.0, canvas.theme.rim, 1.5);
    let color = canvas.theme.text;
    let start =
        Vec2::new(low.x + SMALL_MARGIN_PX.x * canvas.scale, baseline(canvas, low.y, high.y, SMALL_PX));
    canvas.words(&text, Weight::Strong, SMALL_PX, color, start);
}

/// Where words of a size stand in the middle between two heights.
pub(super) fn baseline(canvas: &Canvas<'_>, top_px: f32, bottom_px: f32, size: f32) -> f32 {
    (top_px + bottom_px) / 2.0 + Faces::CAPITALS * size * canvas.scale / 2.0
}

/// A plate with a rim of a colour and a width, pixels of the layout.
pub(super) fn rim(canvas: &mut Canvas<'_>, low: Vec2, high: Vec2, rounding: f32, color: Rgba, width: f32) {
    let (width, rounding) = (width * canvas.scale, rounding * canvas.scale);
    rounded_box(canvas.ink, low - width, high + width, rounding + width, color, Mode::Plain);
    rounded_box(canvas.ink, low, high, rounding, canvas.theme.plate, Mode::Plain);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_without_end_is_cut_and_shown_as_cut() {
        let cut = bounded(&"ö".repeat(10_000));
        assert_eq!((cut.chars().count(), cut.ends_with('…')), (TEXT_CHARS_MAX + 1, true));
        assert_eq!(bounded("45 N·m"), "45 N·m");
    }
}
