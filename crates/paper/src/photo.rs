//! Photos: whether they can be shown, how large they are and which way is up.

use std::sync::Arc;

use krilla::image::Image;

/// Photos of a document may hold so much together; those beyond are named instead of shown.
pub const PHOTO_BYTES_MAX: usize = 128 * 1024 * 1024;
/// More pixels than any camera of a tablet has; an unpacked PNG of this size still fits into memory.
const PIXELS_MAX: u64 = 50_000_000;

/// A photo that can be shown.
#[derive(Clone)]
pub(crate) struct Picture {
    pub(crate) image: Image,
    pub(crate) turn: Turn,
    pub(crate) width: f32,
    pub(crate) height: f32,
}

/// Which way is up, as cameras note it (EXIF `Orientation`, 1 to 8).
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Turn(u16);

impl Turn {
    const NONE: Self = Self(1);

    /// Whether height and width change places.
    fn lies(self) -> bool {
        self.0 >= 5
    }

    /// The matrix that lays a picture of one by one upright into a place of one by one: `sx, ky, kx, sy, tx, ty`.
    pub(crate) fn matrix(self) -> [f32; 6] {
        match self.0 {
            2 => [-1.0, 0.0, 0.0, 1.0, 1.0, 0.0],
            3 => [-1.0, 0.0, 0.0, -1.0, 1.0, 1.0],
            4 => [1.0, 0.0, 0.0, -1.0, 0.0, 1.0],
            5 => [0.0, 1.0, 1.0, 0.0, 0.0, 0.0],
            6 => [0.0, 1.0, -1.0, 0.0, 1.0, 0.0],
            7 => [0.0, -1.0, -1.0, 0.0, 1.0, 1.0],
            8 => [0.0, -1.0, 1.0, 0.0, 0.0, 1.0],
            _ => [1.0, 0.0, 0.0, 1.0, 0.0, 0.0],
        }
    }
}

/// A photo as it can be shown; nothing for what is no photo that is shown here.
pub(crate) fn picture(bytes: &Arc<Vec<u8>>) -> Option<Picture> {
    let (image, turn) = if bytes.starts_with(&[0xFF, 0xD8]) {
        let turn = jpeg_turn(bytes)?;
        (Image::from_jpeg(Arc::clone(bytes).into(), false).ok()?, turn)
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        let side = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        small_enough(side(16)?, side(20)?)?;
        (Image::from_png(Arc::clone(bytes).into(), false).ok()?, Turn::NONE)
    } else {
        return None;
    };
    let (width, height) = image.size();
    small_enough(width, height)?;
    let (width, height) = if turn.lies() { (height, width) } else { (width, height) };
    Some(Picture { image, turn, width: width as f32, height: height as f32 })
}

fn small_enough(width: u32, height: u32) -> Option<()> {
    (1..=PIXELS_MAX).contains(&(u64::from(width) * u64::from(height))).then_some(())
}

/// Which way is up in a JPEG, by its segments up to its frame. Nothing where it is damaged, or has other than grey or
/// three colours of 8 bits: what printers' colours look like is not known here.
fn jpeg_turn(bytes: &[u8]) -> Option<Turn> {
    let mut turn = Turn::NONE;
    let mut at = 2;
    loop {
        if *bytes.get(at)? != 0xFF {
            return None;
        }
        let marker = *bytes.get(at + 1)?;
        if marker == 0xFF {
            at += 1;
            continue;
        }
        let length = usize::from(u16::from_be_bytes(bytes.get(at + 2..at + 4)?.try_into().ok()?));
        let segment = bytes.get(at + 4..at + 2 + length.max(2))?;
        match marker {
            0xE1 => turn = exif_turn(segment).unwrap_or(turn),
            // Frames; C4, C8 and CC are tables among them.
            0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => {
                let known = *segment.first()? == 8 && matches!(*segment.get(5)?, 1 | 3);
                return known.then_some(turn);
            }
            0xDA | 0xD9 => return None,
            _ => {}
        }
        at += 2 + length.max(2);
    }
}

/// Which way is up, where an EXIF segment says so.
fn exif_turn(segment: &[u8]) -> Option<Turn> {
    let tiff = segment.strip_prefix(b"Exif\0\0")?;
    let little = match tiff.get(..2)? {
        b"II" => true,
        b"MM" => false,
        _ => return None,
    };
    let short = |at: usize| -> Option<u16> {
        let pair: [u8; 2] = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
    };
    let four: [u8; 4] = tiff.get(4..8)?.try_into().ok()?;
    let directory = if little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) } as usize;
    let entries = usize::from(short(directory)?);
    for entry in 0..entries {
        let at = directory.checked_add(2 + entry * 12)?;
        if short(at)? == 0x0112 {
            return short(at.checked_add(8)?).filter(|turn| (1..=8).contains(turn)).map(Turn);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A JPEG's head with an EXIF segment.
    fn head(turn: u8, components: u8) -> Vec<u8> {
        let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xE1, 0, 34];
        bytes.extend(b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0");
        bytes.extend([turn, 0, 0, 0, 0, 0, 0]);
        bytes.extend([0xFF, 0xC0, 0, 11, 8, 0, 16, 0, 32, components, 1, 0x11, 0]);
        bytes
    }

    #[test]
    fn a_camera_that_was_held_upright_is_believed() {
        assert_eq!(jpeg_turn(&head(6, 3)), Some(Turn(6)));
        assert!(Turn(6).lies() && !Turn(3).lies());
    }

    #[test]
    fn colours_of_printers_are_not_shown() {
        assert_eq!(jpeg_turn(&head(1, 4)), None);
    }

    #[test]
    fn a_png_that_would_fill_the_memory_is_not_opened() {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        bytes.extend([0, 1, 0, 0, 0, 1, 0, 0, 8, 2, 0, 0, 0]);
        assert!(picture(&Arc::new(bytes)).is_none());
    }

    proptest! {
        #[test]
        fn damaged_photos_are_left_alone(mut bytes in proptest::collection::vec(any::<u8>(), 0..300), png in any::<bool>()) {
            let mark: &[u8] = if png { b"\x89PNG\r\n\x1a\n" } else { &[0xFF, 0xD8, 0xFF, 0xE1] };
            bytes.splice(0..0, mark.iter().copied());
            let _shown = picture(&Arc::new(bytes));
        }
    }
}
