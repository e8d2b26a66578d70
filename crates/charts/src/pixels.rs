//! A plotters backend that draws pixels: lines with smooth edges, words in the app's own font, inks by role, as PNG.

use std::convert::Infallible;

use ab_glyph::{Font as _, FontRef, PxScale, ScaleFont as _, point};
use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};

use crate::ChartError;
use crate::role::Role;

const FONT: &[u8] = include_bytes!("../../../assets/fonts/inter-regular.ttf");
/// More pixels than any paper or slide needs.
const PIXELS_MAX: u64 = 16_000_000;
/// What most of the font's letters have, for one that it lacks.
const MISSING: char = '\u{25A1}';

/// Red, green and blue on white paper: those of the light theme (assets/tokens.css).
fn ink(role: Role) -> [u8; 3] {
    match role {
        Role::Series(0) => [0x08, 0x4c, 0x59],
        Role::Series(1) => [0x7f, 0x36, 0x00],
        Role::Series(2) => [0x12, 0x18, 0x1c],
        Role::Series(3) => [0x9a, 0x00, 0x16],
        Role::Series(4) => [0x1f, 0x4e, 0x79],
        Role::Series(5) => [0x5a, 0x48, 0x00],
        Role::Series(6) => [0x3b, 0x49, 0x52],
        Role::Series(_) => [0x6b, 0x79, 0x83],
        Role::Grid => [0xbc, 0xc6, 0xcc],
        Role::High => [0x6b, 0x79, 0x83],
        Role::Low | Role::Base | Role::Text => [0x12, 0x18, 0x1c],
        Role::Leader => [0x6b, 0x79, 0x83],
        Role::Axis | Role::Plate => [0xff, 0xff, 0xff],
    }
}

/// How thick a line is, in pixels of the screen.
fn thickness(role: Role) -> f64 {
    match role {
        Role::Series(_) => 2.0,
        Role::Low => 1.4,
        Role::Grid | Role::Leader | Role::Base => 0.8,
        Role::High | Role::Axis | Role::Plate | Role::Text => 1.0,
    }
}

/// A picture that is drawn.
pub(crate) struct Pixels<'p> {
    sheet: &'p mut Sheet,
}

/// Its pixels, from the upper left, and the font.
struct Sheet {
    width: usize,
    height: usize,
    rgb: Vec<[u8; 3]>,
    unit: f64,
    font: FontRef<'static>,
}

/// Draws a picture of `size`, each pixel of the screen as `scale` pixels, and writes it as PNG.
pub(crate) fn picture(
    size: (u32, u32),
    scale: u32,
    draw: impl FnOnce(Pixels<'_>, f64) -> Result<(), String>,
) -> Result<Vec<u8>, ChartError> {
    let (width, height) = (size.0.saturating_mul(scale), size.1.saturating_mul(scale));
    if scale == 0 || u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(ChartError::NoRoom(format!("{width} × {height} pixels")));
    }
    let font = FontRef::try_from_slice(FONT).map_err(|error| ChartError::NoRoom(error.to_string()))?;
    let (unit, white) = (f64::from(scale), [255; 3]);
    let (width_px, height_px) = (width as usize, height as usize);
    let rgb = vec![white; width_px * height_px];
    let mut sheet = Sheet { width: width_px, height: height_px, rgb, unit, font };
    draw(Pixels { sheet: &mut sheet }, unit).map_err(ChartError::NoRoom)?;
    encoded(&sheet, width, height).map_err(|error| ChartError::NoRoom(error.to_string()))
}

fn encoded(sheet: &Sheet, width: u32, height: u32) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = vec![];
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(sheet.rgb.as_flattened())?;
    writer.finish()?;
    Ok(bytes)
}

impl Sheet {
    /// Lays an ink over a pixel, so far as it covers it.
    fn mix(&mut self, x: i64, y: i64, ink: [u8; 3], cover: f64) {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else { return };
        if x >= self.width || y >= self.height {
            return;
        }
        let cover = cover.clamp(0.0, 1.0);
        if let Some(pixel) = self.rgb.get_mut(y * self.width + x) {
            for (part, ink) in pixel.iter_mut().zip(ink) {
                *part = (f64::from(*part) * (1.0 - cover) + f64::from(ink) * cover).round() as u8;
            }
        }
    }

    fn fill(&mut self, from: BackendCoord, to: BackendCoord, ink: [u8; 3]) {
        for y in i64::from(from.1.min(to.1))..i64::from(from.1.max(to.1)) {
            for x in i64::from(from.0.min(to.0))..i64::from(from.0.max(to.0)) {
                self.mix(x, y, ink, 1.0);
            }
        }
    }

    /// Draws pieces of lines with smooth edges. Where pieces meet, none covers twice.
    fn strokes(&mut self, pieces: &[[(f64, f64); 2]], thick: f64, ink: [u8; 3]) {
        let reach = thick / 2.0 + 1.0;
        let xs = || pieces.iter().flatten().map(|point| point.0);
        let ys = || pieces.iter().flatten().map(|point| point.1);
        let bound = |value: f64, most: usize| value.clamp(0.0, most as f64) as usize;
        let left = bound(xs().fold(f64::INFINITY, f64::min) - reach, self.width);
        let right = bound(xs().fold(f64::NEG_INFINITY, f64::max) + reach + 1.0, self.width);
        let top = bound(ys().fold(f64::INFINITY, f64::min) - reach, self.height);
        let bottom = bound(ys().fold(f64::NEG_INFINITY, f64::max) + reach + 1.0, self.height);
        if left >= right || top >= bottom {
            return;
        }
        let wide = right - left;
        let mut covers = vec![0.0_f32; wide * (bottom - top)];
        for [from, to] in pieces {
            let span = |one: f64, other: f64, low: usize, high: usize| {
                let begin = bound(one.min(other) - reach, high).max(low);
                begin..bound(one.max(other) + reach + 1.0, high)
            };
            for y in span(from.1, to.1, top, bottom) {
                for x in span(from.0, to.0, left, right) {
                    let away = distance((x as f64 + 0.5, y as f64 + 0.5), *from, *to);
                    let cover = (thick / 2.0 + 0.5 - away).clamp(0.0, 1.0) as f32;
                    if let Some(held) = covers.get_mut((y - top) * wide + x - left) {
                        *held = held.max(cover);
                    }
                }
            }
        }
        for (at, cover) in covers.into_iter().enumerate().filter(|(_, cover)| *cover > 0.0) {
            self.mix((left + at % wide) as i64, (top + at / wide) as i64, ink, f64::from(cover));
        }
    }

    fn scale_of(&self, size: f64) -> PxScale {
        // What is asked for is the size of the font; the scale here is from its top to its foot.
        let em = self.font.units_per_em().unwrap_or(1_000.0);
        PxScale::from((size as f32) * self.font.height_unscaled() / em)
    }

    fn width_of(&self, text: &str, size: f64) -> f64 {
        let font = self.font.as_scaled(self.scale_of(size));
        text.chars().map(|letter| f64::from(font.h_advance(self.glyph_of(letter)))).sum()
    }

    fn glyph_of(&self, letter: char) -> ab_glyph::GlyphId {
        match self.font.glyph_id(letter) {
            ab_glyph::GlyphId(0) => self.font.glyph_id(MISSING),
            known => known,
        }
    }

    fn words(&mut self, text: &str, left: f64, baseline: f64, size: f64, ink: [u8; 3]) {
        let scale = self.scale_of(size);
        let mut x = left as f32;
        for letter in text.chars() {
            let id = self.glyph_of(letter);
            let glyph = id.with_scale_and_position(scale, point(x, baseline as f32));
            x += self.font.as_scaled(scale).h_advance(id);
            let Some(outline) = self.font.outline_glyph(glyph) else { continue };
            let bounds = outline.px_bounds();
            let (at_x, at_y) = (bounds.min.x as i64, bounds.min.y as i64);
            let mut drawn = vec![];
            outline.draw(|x, y, cover| drawn.push((at_x + i64::from(x), at_y + i64::from(y), cover)));
            for (x, y, cover) in drawn {
                self.mix(x, y, ink, f64::from(cover));
            }
        }
    }
}

/// How far a place is from a piece of a line.
fn distance(at: (f64, f64), from: (f64, f64), to: (f64, f64)) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx * dx + dy * dy;
    let along = if length > 0.0 {
        (((at.0 - from.0) * dx + (at.1 - from.1) * dy) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (at.0 - from.0 - along * dx).hypot(at.1 - from.1 - along * dy)
}

/// The pieces of a path that are drawn, where it has dashes (dash, gap, dash, gap …); all of it where it has none.
fn pieces(path: &[(f64, f64)], dashes: &[f64]) -> Vec<[(f64, f64); 2]> {
    let mut found = vec![];
    let (mut place, mut left) = (0, dashes.first().copied().unwrap_or(f64::INFINITY));
    for pair in path.windows(2) {
        let [from, to] = pair else { continue };
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        let at = |along: f64| {
            let share = if length > 0.0 { along / length } else { 0.0 };
            (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share)
        };
        let mut gone = 0.0;
        loop {
            let step = left.min(length - gone);
            if place % 2 == 0 {
                found.push([at(gone), at(gone + step)]);
            }
            gone += step;
            left -= step;
            if left > 0.0 {
                break;
            }
            place = (place + 1) % dashes.len().max(1);
            left = dashes.get(place).copied().unwrap_or(f64::INFINITY);
            if gone >= length {
                break;
            }
        }
    }
    found
}

type Outcome = Result<(), DrawingErrorKind<Infallible>>;

fn middle((x, y): BackendCoord) -> (f64, f64) {
    (f64::from(x) + 0.5, f64::from(y) + 0.5)
}

impl DrawingBackend for Pixels<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        (self.sheet.width as u32, self.sheet.height as u32)
    }

    fn ensure_prepared(&mut self) -> Outcome {
        Ok(())
    }

    fn present(&mut self) -> Outcome {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Outcome {
        self.sheet.mix(x.into(), y.into(), ink(Role::of(color)), color.alpha);
        Ok(())
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Outcome {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        _fill: bool,
    ) -> Outcome {
        self.sheet.fill(upper_left, bottom_right, ink(Role::of(style.color())));
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Outcome {
        let role = Role::of(style.color());
        if role == Role::Axis {
            return Ok(());
        }
        let unit = self.sheet.unit;
        let dashes: Vec<f64> = role.dashes().iter().map(|length| length * unit).collect();
        let path: Vec<(f64, f64)> = path.into_iter().map(middle).collect();
        self.sheet.strokes(&pieces(&path, &dashes), thickness(role) * unit, ink(role));
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        vertices: I,
        style: &S,
    ) -> Outcome {
        let ink = ink(Role::of(style.color()));
        let corners: Vec<(f64, f64)> =
            vertices.into_iter().map(|(x, y)| (f64::from(x), f64::from(y))).collect();
        for y in 0..self.sheet.height {
            let at = y as f64 + 0.5;
            let mut crossed: Vec<f64> = corners
                .iter()
                .zip(corners.iter().cycle().skip(1))
                .filter(|(from, to)| (from.1 <= at) != (to.1 <= at))
                .map(|(from, to)| from.0 + (at - from.1) / (to.1 - from.1) * (to.0 - from.0))
                .collect();
            crossed.sort_unstable_by(f64::total_cmp);
            for pair in crossed.chunks_exact(2) {
                let [left, right] = pair else { continue };
                for x in left.floor().max(0.0) as i64..right.ceil().min(self.sheet.width as f64) as i64 {
                    let cover = (x as f64 + 1.0).min(*right) - (x as f64).max(*left);
                    self.sheet.mix(x, y as i64, ink, cover);
                }
            }
        }
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, (x, y): BackendCoord) -> Outcome {
        let (role, size) = (Role::of(style.color()), style.size());
        let width = self.sheet.width_of(text, size);
        let left = match style.anchor().h_pos {
            HPos::Left => f64::from(x),
            HPos::Center => f64::from(x) - width / 2.0,
            HPos::Right => f64::from(x) - width,
        };
        let drop = match style.anchor().v_pos {
            VPos::Top => size * 0.85,
            VPos::Center => size * 0.36,
            VPos::Bottom => -size * 0.15,
        };
        self.sheet.words(text, left, f64::from(y) + drop, size, ink(role));
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        Ok((self.sheet.width_of(text, style.size()).ceil() as u32, style.size().ceil() as u32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_go_on_round_corners_and_gaps_are_left_out() {
        let path = [(0.0, 0.0), (5.0, 0.0), (5.0, 5.0)];
        assert_eq!(pieces(&path, &[]), [[(0.0, 0.0), (5.0, 0.0)], [(5.0, 0.0), (5.0, 5.0)]]);
        let dashed = pieces(&path, &[3.0, 1.0]);
        assert_eq!(
            dashed,
            [
                [(0.0, 0.0), (3.0, 0.0)],
                [(4.0, 0.0), (5.0, 0.0)],
                [(5.0, 0.0), (5.0, 2.0)],
                [(5.0, 3.0), (5.0, 5.0)]
            ]
        );
    }

    #[test]
    fn every_ink_is_a_colour_of_the_light_theme() {
        let tokens = include_str!("../../../assets/tokens.css").to_lowercase();
        let roles =
            (0..8).map(Role::Series).chain([Role::Grid, Role::High, Role::Low, Role::Leader, Role::Text]);
        for role in roles {
            let [red, green, blue] = ink(role);
            let said = format!("#{red:02x}{green:02x}{blue:02x}");
            assert!(tokens.contains(&said), "{role:?}: {said}");
        }
    }

    #[test]
    fn words_are_as_wide_as_their_letters_and_a_letter_that_is_not_known_has_a_mark() {
        let font = FontRef::try_from_slice(FONT).unwrap();
        let sheet = Sheet { width: 1, height: 1, rgb: vec![[255; 3]], unit: 1.0, font };
        assert!((sheet.width_of("88", 12.0) - 2.0 * sheet.width_of("1", 12.0)).abs() < 1e-4);
        assert!(sheet.width_of("Wm", 12.0) > sheet.width_of("il", 12.0));
        assert_eq!(sheet.glyph_of('泵'), sheet.glyph_of(MISSING));
    }

    #[test]
    fn a_picture_beyond_all_measure_is_refused() {
        assert!(picture((4_000, 4_000), 4, |_, _| Ok(())).is_err());
        assert!(picture((10, 10), 0, |_, _| Ok(())).is_err());
        assert!(picture((10, 10), 2, |_, _| Ok(())).is_ok());
    }
}
