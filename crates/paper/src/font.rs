//! The app's own fonts: which letters they know, how wide each is, and how it is drawn.
//!
//! They are Inter 4.1 (OFL 1.1) in two weights, cut down to Latin, Greek, Cyrillic and the signs of a plant, without
//! hints and layout tables, with figures that all have one width.

use std::collections::HashMap;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider as _};

use crate::PaperFault;

const REGULAR: &[u8] = include_bytes!("../../../assets/fonts/inter-regular.ttf");
const SEMIBOLD: &[u8] = include_bytes!("../../../assets/fonts/inter-semibold.ttf");

/// How heavy words are.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    Strong,
}

/// One font.
pub(crate) struct Face {
    embedded: Font,
    /// What draws each letter, and how wide it is at a size of one.
    letters: HashMap<char, (GlyphId, f32)>,
}

impl Face {
    pub(crate) fn regular() -> Result<Self, PaperFault> {
        Self::read(REGULAR)
    }

    fn read(bytes: &'static [u8]) -> Result<Self, PaperFault> {
        let font = FontRef::new(bytes).map_err(|_unreadable| PaperFault::Font)?;
        let embedded = Font::new(bytes.into(), 0).ok_or(PaperFault::Font)?;
        let metrics = font.glyph_metrics(Size::new(1.0), LocationRef::default());
        let known = font.charmap().mappings().filter_map(|(letter, glyph)| {
            let advance = metrics.advance_width(glyph)?;
            Some((char::from_u32(letter)?, (GlyphId::new(glyph.to_u32()), advance)))
        });
        Ok(Self { embedded, letters: known.collect() })
    }

    /// Whether the font can draw a letter.
    pub(crate) fn knows(&self, letter: char) -> bool {
        self.letters.contains_key(&letter)
    }

    /// How wide a text is at this size, in points.
    pub(crate) fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().filter_map(|letter| self.letters.get(&letter)).map(|(_, advance)| advance * size).sum()
    }

    /// The letters of a clean text as they are drawn, one after the other.
    pub(crate) fn glyphs(&self, text: &str) -> Vec<KrillaGlyph> {
        let glyph = |(start, letter): (usize, char)| {
            let (glyph, advance) = *self.letters.get(&letter)?;
            let range = start..start + letter.len_utf8();
            Some(KrillaGlyph::new(glyph, advance, 0.0, 0.0, 0.0, range, None))
        };
        text.char_indices().filter_map(glyph).collect()
    }

    /// The font as the document keeps it.
    pub(crate) fn embedded(&self) -> Font {
        self.embedded.clone()
    }
}

/// The fonts of a document.
pub(crate) struct Faces {
    regular: Face,
    strong: Face,
}

impl Faces {
    pub(crate) fn of_the_app() -> Result<Self, PaperFault> {
        Ok(Self { regular: Face::regular()?, strong: Face::read(SEMIBOLD)? })
    }

    pub(crate) fn face(&self, weight: Weight) -> &Face {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Strong => &self.strong,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_stand_beneath_each_other() {
        let face = Face::regular().unwrap();
        assert_eq!(face.width("1111", 10.0), face.width("8888", 10.0));
        assert!(face.width("Wm", 10.0) > face.width("il", 10.0));
    }

    #[test]
    fn both_weights_know_the_same_letters() {
        let faces = Faces::of_the_app().unwrap();
        let differs = |letter: &char| {
            faces.face(Weight::Regular).knows(*letter) != faces.face(Weight::Strong).knows(*letter)
        };
        assert_eq!(('\u{20}'..'\u{FFFF}').find(differs), None);
    }
}
