//! What a pixel is probably like, from its neighbours to the left and above (the median edge detector of JPEG-LS): what
//! is left compresses well.

/// Writes the difference of each pixel of a row from its guess. `above` is the row before; empty for the first.
pub(super) fn differences(row: &[u8], above: &[u8], into: &mut Vec<u8>) {
    let (mut left, mut corner) = (0, 0);
    for (x, pixel) in row.iter().enumerate() {
        let up = above.get(x).copied().unwrap_or(left);
        into.push(pixel.wrapping_sub(guess(left, up, corner)));
        (left, corner) = (*pixel, up);
    }
}

/// Turns the differences of a row back into its pixels.
pub(super) fn pixels(row: &mut [u8], above: &[u8]) {
    let (mut left, mut corner) = (0, 0);
    for (x, cell) in row.iter_mut().enumerate() {
        let up = above.get(x).copied().unwrap_or(left);
        *cell = cell.wrapping_add(guess(left, up, corner));
        (left, corner) = (*cell, up);
    }
}

fn guess(left: u8, up: u8, corner: u8) -> u8 {
    let (low, high) = (left.min(up), left.max(up));
    if corner >= high {
        low
    } else if corner <= low {
        high
    } else {
        // Between both: no overflow.
        (i16::from(left) + i16::from(up) - i16::from(corner)) as u8
    }
}
