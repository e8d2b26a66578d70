//! Pictures of brightness: fiducials and codes are found in them, or not, whatever they show.
#![no_main]

use millwright_vision::{Detector, FiducialFamily, GreyFrame, Picture, read_code};

/// Codes are looked for in smaller pictures: in a large one the search takes most of a second, built as it is here.
const CODE_SIDE_MAX_PX: u32 = 48;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let [width, height, brightness @ ..] = bytes else { return };
    // What fills the picture stands once and is repeated: so a short input is a whole picture.
    let (width, height) = (u32::from(*width), u32::from(*height));
    if brightness.is_empty() {
        return;
    }
    let filled: Vec<u8> = brightness.iter().copied().cycle().take((width * height) as usize).collect();
    if let Ok(frame) = GreyFrame::new(width as usize, height as usize, width as usize, &filled) {
        let mut detector = Detector::new(&[FiducialFamily::Tag36h11, FiducialFamily::TagStandard41h12]);
        for found in detector.detect(frame) {
            assert!(found.corners_px.iter().flatten().all(|place| place.is_finite()), "a corner nowhere");
            assert!(found.family.bitmap(found.id).is_some(), "a number that its family does not have");
            assert!(found.corner_sigma_px() > 0.0, "as sure as nothing is");
        }
    }
    if width.max(height) <= CODE_SIDE_MAX_PX
        && let Ok(picture) = Picture::new(width, height, filled)
    {
        let _code = read_code(picture);
    }
});
