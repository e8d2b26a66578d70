//! How much of a PDF is taken.

/// How much of a PDF is taken, opened and drawn.
///
/// What these bound: the bytes of the file, what any part of it unpacks to, what belongs to one page, images, lines,
/// masks, and the time. What they do not bound exactly: the memory of one page is reckoned from these, not metered, and
/// came to 600 MB with the worst pages known at the largest picture; object streams under names that hide what they are count only one
/// by one. A page that takes too long is no longer waited for; its thread stops at the next object that it looks up in
/// the file, and only at its own end where it looks up none.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct ManualLimits {
    /// Bytes of the file.
    pub file_bytes: usize,
    /// Pages of the file.
    pub pages: usize,
    /// What one stream of the file may unpack to, in bytes.
    pub stream_bytes: u64,
    /// What all streams that are no images may unpack to together, in bytes.
    pub all_streams_bytes: u64,
    /// What belongs to one page may unpack to, images left out, in bytes.
    pub page_bytes: u64,
    /// Pixels times colours of one image.
    pub image_samples: u64,
    /// Pixels times colours of all images on a page, counted as often as they are drawn.
    pub page_samples: u64,
    /// Things that are drawn on a page, counted as often as they are drawn.
    pub operations: u64,
    /// Length of all lines and outlines on a page, in pixels of the picture.
    pub lines_px: u64,
    /// Memory for masks and tiles of patterns, in bytes.
    pub masks_bytes: u64,
    /// The longer side of a picture, in pixels.
    pub longest_px: u32,
    /// Dots per inch of a crop.
    pub dots_per_inch: u32,
    /// How long opening, or drawing a page, is waited for, in seconds.
    pub seconds: u64,
}

impl Default for ManualLimits {
    fn default() -> Self {
        Self {
            file_bytes: 64 << 20,
            pages: 2_000,
            stream_bytes: 256 << 20,
            all_streams_bytes: 1 << 30,
            page_bytes: 96 << 20,
            // An A4 page scanned in colour at 600 dots per inch has 104 million.
            image_samples: 120_000_000,
            page_samples: 600_000_000,
            operations: 2_000_000,
            lines_px: 30_000_000,
            masks_bytes: 512 << 20,
            longest_px: 4_096,
            dots_per_inch: 300,
            seconds: 10,
        }
    }
}
