//! Manuals as PDF: opened within small limits and drawn small, or refused.
#![no_main]

use millwright_manual::{Area, Manual, ManualFault, ManualLimits};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let limits = ManualLimits {
        file_bytes: 1 << 20,
        pages: 50,
        stream_bytes: 8 << 20,
        all_streams_bytes: 16 << 20,
        page_bytes: 8 << 20,
        image_samples: 1 << 20,
        page_samples: 4 << 20,
        operations: 20_000,
        lines_px: 200_000,
        masks_bytes: 16 << 20,
        longest_px: 200,
        dots_per_inch: 100,
        seconds: 10,
    };
    let Ok(manual) = Manual::open_within(bytes, limits) else { return };
    assert!((1..=50).contains(&manual.page_count()), "a manual without pages, or with too many");
    let (width_pt, height_pt) = manual.page_size(1).expect("the first page is there");
    assert!(width_pt >= 1.0 && height_pt >= 1.0, "a page without a size");
    match manual.page_picture(1, 100) {
        Ok(picture) => {
            assert_eq!(picture.width_px.max(picture.height_px), 100, "a picture of another size");
            assert_eq!(picture.rgb.len(), (picture.width_px * picture.height_px * 3) as usize);
        }
        Err(fault) => assert!(!matches!(fault, ManualFault::NoSuchPage { .. }), "a page was lost"),
    }
    let _crop = manual.crop(1, Area { left: 0.25, top: 0.25, width: 0.5, height: 0.5 }, 20);
});
