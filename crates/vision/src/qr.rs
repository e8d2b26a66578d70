//! QR codes for a screen, to be read by another device's camera.

use rxing::qrcode::QRCodeWriter;
use rxing::{BarcodeFormat, Writer};

/// The longest text that is written: more makes a code that a camera cannot read off a screen.
const TEXT_MAX_BYTES: usize = 1_500;

/// The modules of a QR code that says `text`, row by row from the top with its quiet zone: true is dark. Nothing when
/// the text is empty or too long.
pub fn write_qr(text: &str) -> Option<Vec<Vec<bool>>> {
    if text.is_empty() || text.len() > TEXT_MAX_BYTES {
        return None;
    }
    // Asked for no size, the writer makes one pixel of each module.
    let matrix = QRCodeWriter.encode(text, &BarcodeFormat::QR_CODE, 0, 0).ok()?;
    let (width, height) = (matrix.width(), matrix.height());
    Some((0..height).map(|row| (0..width).map(|column| matrix.get(column, row)).collect()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Picture, read_code};

    #[test]
    fn a_camera_reads_what_was_written() {
        let text = "millwright:join:1:10.0.0.7:7411/ABCDEFGHJKLM/".to_owned() + &"MIIBQjCB".repeat(60);
        let modules = write_qr(&text).unwrap();
        let side = modules.len() * 4;
        let brightness = (0..side * side)
            .map(|pixel| if modules[pixel / side / 4][pixel % side / 4] { 0 } else { 255 })
            .collect();
        let picture = Picture::new(side as u32, side as u32, brightness).unwrap();
        assert_eq!(read_code(picture).unwrap().text, text);
    }

    #[test]
    fn what_no_code_can_say_is_nothing() {
        assert_eq!(write_qr(""), None);
        assert_eq!(write_qr(&"x".repeat(TEXT_MAX_BYTES + 1)), None);
    }
}
