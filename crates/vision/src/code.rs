//! Reading codes: QR, Data Matrix and Code 128, also turned, small, noisy or light on dark.

use std::collections::HashSet;

use rxing::common::HybridBinarizer;
use rxing::{
    BarcodeFormat, BinaryBitmap, DecodeHints, FilteredImageReader, Luma8LuminanceSource, MultiFormatReader,
    Reader,
};

use crate::Picture;

/// The longest text that a code may give.
const TEXT_MAX_CHARS: usize = 1_500;

/// The kinds that are read.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum CodeKind {
    /// QR code (ISO/IEC 18004).
    Qr,
    /// Data Matrix (ISO/IEC 16022).
    DataMatrix,
    /// Code 128 (ISO/IEC 15417).
    Code128,
}

/// A code that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// What kind it is.
    pub kind: CodeKind,
    /// What it says, without control characters.
    pub text: String,
}

/// The code in a picture; nothing when there is none that can be read for sure.
pub fn read_code(picture: Picture) -> Option<Code> {
    let (width_px, height_px) = (picture.width_px(), picture.height_px());
    let source = Luma8LuminanceSource::new(picture.into_brightness(), width_px, height_px).ok()?;
    let hints = DecodeHints {
        PossibleFormats: Some(HashSet::from([
            BarcodeFormat::QR_CODE,
            BarcodeFormat::DATA_MATRIX,
            BarcodeFormat::CODE_128,
        ])),
        TryHarder: Some(true),
        AlsoInverted: Some(true),
        ..DecodeHints::default()
    };
    let mut bitmap = BinaryBitmap::new(HybridBinarizer::new(source));
    let found =
        FilteredImageReader::new(MultiFormatReader::default()).decode_with_hints(&mut bitmap, &hints).ok()?;
    let kind = match found.getBarcodeFormat() {
        BarcodeFormat::QR_CODE => CodeKind::Qr,
        BarcodeFormat::DATA_MATRIX => CodeKind::DataMatrix,
        BarcodeFormat::CODE_128 => CodeKind::Code128,
        _ => return None,
    };
    let text: String = found.getText().chars().filter(|character| !character.is_control()).collect();
    let text = text.trim().to_owned();
    (!text.is_empty() && text.chars().count() <= TEXT_MAX_CHARS).then_some(Code { kind, text })
}
