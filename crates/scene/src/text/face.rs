//! The shipped font: Inter 4.1 (OFL 1.1) in two weights, with figures that all have one width.

use ab_glyph::{Font as _, FontRef, Glyph, GlyphId, OutlinedGlyph, PxScale, ScaleFont as _};

const REGULAR: &[u8] = include_bytes!("../../../../assets/fonts/inter-regular.ttf");
const STRONG: &[u8] = include_bytes!("../../../../assets/fonts/inter-semibold.ttf");

/// How heavy words are.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum Weight {
    /// For reading.
    Regular,
    /// For what matters.
    Strong,
}

/// The font in its weights.
#[derive(Debug)]
pub struct Faces {
    regular: FontRef<'static>,
    strong: FontRef<'static>,
}

impl Faces {
    /// Reads the shipped font; nothing where it cannot be read, which the tests would have seen.
    pub fn shipped() -> Option<Self> {
        let read = |bytes| FontRef::try_from_slice(bytes).ok();
        Some(Self { regular: read(REGULAR)?, strong: read(STRONG)? })
    }

    fn face(&self, weight: Weight) -> &FontRef<'static> {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Strong => &self.strong,
        }
    }

    /// The scale at which an em has this many pixels.
    fn scale(&self, weight: Weight, size_px: f32) -> PxScale {
        let face = self.face(weight);
        let per_em = face.units_per_em().unwrap_or(1_000.0);
        PxScale::from(size_px * face.height_unscaled() / per_em)
    }

    /// How wide a line is, in pixels.
    pub fn width_px(&self, text: &str, weight: Weight, size_px: f32) -> f32 {
        let face = self.face(weight).as_scaled(self.scale(weight, size_px));
        text.chars().map(|letter| face.h_advance(face.glyph_id(letter))).sum()
    }

    /// How high capitals are, in pixels, as a share of the size; what lines are centred by.
    pub const CAPITALS: f32 = 0.727;

    /// The letters of a line, each with where it begins, in pixels from the line's start.
    pub fn letters<'a>(
        &'a self,
        text: &'a str,
        weight: Weight,
        size_px: f32,
    ) -> impl Iterator<Item = (GlyphId, f32)> + 'a {
        let face = self.face(weight).as_scaled(self.scale(weight, size_px));
        let mut at = 0.0;
        text.chars().map(move |letter| {
            let glyph = face.glyph_id(letter);
            let start = at;
            at += face.h_advance(glyph);
            (glyph, start)
        })
    }

    /// A letter as an outline, shifted by a part of a pixel; nothing for a blank.
    pub(super) fn outline(
        &self,
        weight: Weight,
        glyph: GlyphId,
        size_px: f32,
        shift_px: f32,
    ) -> Option<OutlinedGlyph> {
        let scale = self.scale(weight, size_px);
        let placed = Glyph { id: glyph, scale, position: ab_glyph::point(shift_px, 0.0) };
        self.face(weight).outline_glyph(placed)
    }

    /// A text cut so that it is no wider than this, with a mark where something is missing.
    pub fn cut(&self, text: &str, weight: Weight, size_px: f32, width_px: f32) -> String {
        if self.width_px(text, weight, size_px) <= width_px {
            return text.to_owned();
        }
        let room = width_px - self.width_px("…", weight, size_px);
        let fits = self.letters(text, weight, size_px).take_while(|(_, start)| *start <= room).count();
        let mut cut: String = text.chars().take(fits.saturating_sub(1)).collect();
        cut.truncate(cut.trim_end().len());
        cut.push('…');
        cut
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_one_width_and_an_em_has_the_size_that_was_asked_for() {
        let faces = Faces::shipped().unwrap();
        let width = |text: &str| faces.width_px(text, Weight::Regular, 20.0);
        assert!((width("1111") - width("8888")).abs() < 1e-3);
        assert!((8.0..16.0).contains(&width("8")), "{}", width("8"));
    }

    #[test]
    fn a_text_that_is_cut_says_so_and_fits() {
        let faces = Faces::shipped().unwrap();
        let cut = faces.cut("Mechanical seal cartridge", Weight::Strong, 16.0, 90.0);
        assert!(cut.ends_with('…') && faces.width_px(&cut, Weight::Strong, 16.0) <= 90.0, "{cut}");
    }
}
