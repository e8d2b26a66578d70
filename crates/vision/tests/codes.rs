//! Labels as a camera sees them: drawn by an encoder, then turned, shrunk, dimmed and sprinkled with noise.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot set up its world fails"
)]

use millwright_vision::{Code, CodeKind, Picture, read_code};
use rxing::{BarcodeFormat, MultiFormatWriter, Writer};

const WIDTH: usize = 640;
const HEIGHT: usize = 480;

/// A label in the middle of a camera's frame.
struct Frame {
    dark: u8,
    light: u8,
    pixels: Vec<u8>,
}

impl Frame {
    fn of(kind: CodeKind, text: &str, module_px: usize, dark: u8, light: u8) -> Self {
        let (format, width, height) = match kind {
            CodeKind::Qr => (BarcodeFormat::QR_CODE, 0, 0),
            CodeKind::DataMatrix => (BarcodeFormat::DATA_MATRIX, 0, 0),
            CodeKind::Code128 => (BarcodeFormat::CODE_128, 0, 40),
        };
        let code = MultiFormatWriter.encode(text, &format, width, height).unwrap();
        let (columns, rows) = (code.getWidth() as usize, code.getHeight() as usize);
        let mut pixels = vec![light; WIDTH * HEIGHT];
        let (left, top) = ((WIDTH - columns * module_px) / 2, (HEIGHT - rows * module_px) / 2);
        for y in 0..rows * module_px {
            for x in 0..columns * module_px {
                if code.get((x / module_px) as u32, (y / module_px) as u32) {
                    pixels[(top + y) * WIDTH + left + x] = dark;
                }
            }
        }
        Self { dark, light, pixels }
    }

    /// The same frame with the camera held at an angle.
    fn turned(self, degrees: f64) -> Self {
        let (sine, cosine) = degrees.to_radians().sin_cos();
        let centre = (WIDTH as f64 / 2.0, HEIGHT as f64 / 2.0);
        let mut pixels = vec![self.light; WIDTH * HEIGHT];
        for y in 0..HEIGHT {
            for x in 0..WIDTH {
                let (dx, dy) = (x as f64 - centre.0, y as f64 - centre.1);
                let from = (centre.0 + dx * cosine + dy * sine, centre.1 - dx * sine + dy * cosine);
                let (column, row) = (from.0.round(), from.1.round());
                let inside = (0.0..WIDTH as f64).contains(&column) && (0.0..HEIGHT as f64).contains(&row);
                if inside {
                    pixels[y * WIDTH + x] = self.pixels[row as usize * WIDTH + column as usize];
                }
            }
        }
        Self { pixels, ..self }
    }

    /// The same frame with a sensor's noise, from a fixed seed.
    fn noisy(mut self, strength: i32) -> Self {
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        for pixel in &mut self.pixels {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let noise = (state % (2 * strength as u64 + 1)) as i32 - strength;
            *pixel = (i32::from(*pixel) + noise).clamp(0, 255) as u8;
        }
        self
    }

    fn read(self) -> Option<Code> {
        assert_ne!(self.dark, self.light, "a label can be seen");
        read_code(Picture::new(WIDTH as u32, HEIGHT as u32, self.pixels).unwrap())
    }
}

const KINDS: [CodeKind; 3] = [CodeKind::Qr, CodeKind::DataMatrix, CodeKind::Code128];

fn expected(kind: CodeKind, text: &str) -> Option<Code> {
    Some(Code { kind, text: text.to_owned() })
}

#[test]
fn a_label_of_each_kind_is_read() {
    for kind in KINDS {
        assert_eq!(Frame::of(kind, "P-101A", 3, 20, 230).read(), expected(kind, "P-101A"));
    }
}

#[test]
fn a_label_is_read_with_the_tablet_held_askew() {
    for kind in KINDS {
        for degrees in [4.0, 90.0, 180.0] {
            let frame = Frame::of(kind, "CV-7", 4, 20, 230).turned(degrees);
            assert_eq!(frame.read(), expected(kind, "CV-7"), "{kind:?} at {degrees}°");
        }
    }
    for degrees in [30.0, 45.0] {
        let frame = Frame::of(CodeKind::Qr, "CV-7", 5, 20, 230).turned(degrees);
        assert_eq!(frame.read(), expected(CodeKind::Qr, "CV-7"), "{degrees}°");
    }
}

#[test]
fn a_label_is_read_in_the_dark_with_a_noisy_sensor() {
    for kind in KINDS {
        let frame = Frame::of(kind, "GR-12", 4, 20, 90).noisy(12);
        assert_eq!(frame.read(), expected(kind, "GR-12"), "{kind:?}");
    }
}

#[test]
fn an_engraved_plate_is_light_on_dark() {
    for kind in [CodeKind::Qr, CodeKind::DataMatrix] {
        assert_eq!(Frame::of(kind, "K-7", 4, 220, 30).read(), expected(kind, "K-7"), "{kind:?}");
    }
}

#[test]
fn letters_of_any_language_come_through_a_qr_code() {
    assert_eq!(
        Frame::of(CodeKind::Qr, "Kühlwasserpumpe 3 — Süd", 4, 20, 230).read(),
        expected(CodeKind::Qr, "Kühlwasserpumpe 3 — Süd")
    );
}

#[test]
fn a_picture_without_a_code_gives_none() {
    let grey = Frame { dark: 0, light: 120, pixels: vec![120; WIDTH * HEIGHT] };
    assert_eq!(grey.noisy(60).read(), None);
}
