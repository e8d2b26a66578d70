//! The sides of a PNG, as its head says them.

/// More pixels than any picture of a slide needs.
const SIDE_MAX: u32 = 20_000;

/// Width and height in pixels; nothing where it is no PNG, or one without sides.
pub(crate) fn sides(png: &[u8]) -> Option<(u32, u32)> {
    if !png.starts_with(b"\x89PNG\r\n\x1a\n") || png.get(12..16)? != b"IHDR" {
        return None;
    }
    let side = |at: usize| Some(u32::from_be_bytes(png.get(at..at + 4)?.try_into().ok()?));
    let (width, height) = (side(16)?, side(20)?);
    let is_sound = |side: u32| (1..=SIDE_MAX).contains(&side);
    (is_sound(width) && is_sound(height)).then_some((width, height))
}
