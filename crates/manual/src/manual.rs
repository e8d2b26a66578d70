//! A manual that is open: its pages, their sizes, their pictures.

use std::sync::Arc;

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{LoadPdfError, Pdf};
use hayro::kurbo::Affine;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::vello_cpu::{Pixmap, RasterizerSettings, RenderContext, Resources, TargetInit};
use hayro::{RenderCache, RenderSettings, render_into};

use crate::picture::{Area, Crop, PagePicture};
use crate::rehearsal::rehearse;
use crate::watch::{Deadline, WatchedBytes, on_own_thread};
use crate::{ManualFault, ManualLimits, reach, weight};

const POINTS_PER_INCH: f64 = 72.0;
/// How far into a file its first words may stand: mail programs put their own before them.
const HEADER_WITHIN: usize = 1_024;
/// The sides that a page is taken to have, in points: a bus door and a stamp. What says otherwise is drawn as if.
const SIDE_PT: (f64, f64) = (1.0, 20_000.0);

/// A PDF whose pages can be drawn. Its bytes are kept, and nothing else: each picture reads them anew, so that no page
/// leaves anything behind for the next.
#[derive(Clone)]
pub struct Manual {
    bytes: Arc<[u8]>,
    limits: ManualLimits,
    sizes_pt: Arc<[(f64, f64)]>,
}

impl std::fmt::Debug for Manual {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Manual({} bytes, {} pages)", self.bytes.len(), self.page_count())
    }
}

impl Manual {
    /// Opens a PDF.
    ///
    /// # Errors
    /// When it is none, is encrypted, is damaged, has no pages, or more of anything than is taken.
    pub fn open(bytes: impl Into<Arc<[u8]>>) -> Result<Self, ManualFault> {
        Self::open_within(bytes, ManualLimits::default())
    }

    /// The same, with other limits, which then hold for its pages too.
    ///
    /// # Errors
    /// As [`Manual::open`].
    pub fn open_within(bytes: impl Into<Arc<[u8]>>, limits: ManualLimits) -> Result<Self, ManualFault> {
        let bytes = bytes.into();
        if bytes.len() > limits.file_bytes {
            return Err(ManualFault::FileTooLarge {
                bytes: bytes.len() as u64,
                most: limits.file_bytes as u64,
            });
        }
        let start = bytes.get(..HEADER_WITHIN.min(bytes.len())).unwrap_or_default();
        if !start.windows(5).any(|window| window == b"%PDF-") {
            return Err(ManualFault::NotPdf);
        }
        let deadline = Deadline::after(limits.seconds, None);
        let kept = Arc::clone(&bytes);
        let sizes_pt = on_own_thread(deadline, move || {
            if says_encrypted(&bytes) {
                return Err(ManualFault::Encrypted);
            }
            weight::weigh_file(&bytes, limits.stream_bytes, limits.all_streams_bytes)
                .map_err(|(at, bytes, most)| ManualFault::Unpacks { at, bytes, most })?;
            let pdf = opened(bytes, deadline)?;
            let pages = pdf.pages();
            if pages.is_empty() {
                return Err(ManualFault::NoPages);
            }
            if pages.len() > limits.pages {
                return Err(ManualFault::TooManyPages { pages: pages.len(), most: limits.pages });
            }
            Ok(pages.iter().map(size_pt).collect::<Vec<_>>())
        })?;
        Ok(Self { bytes: kept, limits, sizes_pt: sizes_pt.into() })
    }

    /// How many pages it has.
    pub fn page_count(&self) -> u32 {
        u32::try_from(self.sizes_pt.len()).unwrap_or(u32::MAX)
    }

    /// Width and height of a page as it is shown, in points of 1/72 inch. Pages are counted from one.
    ///
    /// # Errors
    /// When there is no such page.
    pub fn page_size(&self, page: u32) -> Result<(f64, f64), ManualFault> {
        let at = page.checked_sub(1).and_then(|index| self.sizes_pt.get(index as usize));
        at.copied().ok_or(ManualFault::NoSuchPage { page, pages: self.page_count() })
    }

    /// A page as a picture whose longer side has so many pixels.
    ///
    /// # Errors
    /// When there is no such page, the picture would be too large, or the page cannot be drawn within the limits.
    pub fn page_picture(&self, page: u32, longest_side_px: u32) -> Result<PagePicture, ManualFault> {
        let (width_pt, height_pt) = self.page_size(page)?;
        let most_px = self.limits.longest_px.min(u32::from(u16::MAX));
        if !(1..=most_px).contains(&longest_side_px) {
            return Err(ManualFault::PictureSize { longest_px: longest_side_px, most_px });
        }
        let px_per_pt = f64::from(longest_side_px) / width_pt.max(height_pt);
        self.drawn(page, Area::PAGE, px_per_pt)
    }

    /// A piece of a page as PNG, so fine. A piece that would become larger than pictures are made comes less fine, and
    /// says how fine it is.
    ///
    /// # Errors
    /// When there is no such page, the piece is not within it, it is asked for too fine, or the page cannot be drawn
    /// within the limits.
    pub fn crop(&self, page: u32, area: Area, dots_per_inch: u32) -> Result<Crop, ManualFault> {
        let (width_pt, height_pt) = self.page_size(page)?;
        if !area.is_within_page() {
            return Err(ManualFault::NotWithinPage);
        }
        let most = self.limits.dots_per_inch;
        if !(1..=most).contains(&dots_per_inch) {
            return Err(ManualFault::Fineness { dots_per_inch, most });
        }
        let longest_pt = (width_pt * area.width).max(height_pt * area.height);
        let most_px = f64::from(self.limits.longest_px.min(u32::from(u16::MAX)));
        let px_per_pt = (f64::from(dots_per_inch) / POINTS_PER_INCH).min(most_px / longest_pt);
        let picture = self.drawn(page, area, px_per_pt)?;
        Ok(Crop {
            png: picture.to_png()?,
            width_px: picture.width_px,
            height_px: picture.height_px,
            dots_per_inch: px_per_pt * POINTS_PER_INCH,
        })
    }

    fn drawn(&self, page: u32, area: Area, px_per_pt: f64) -> Result<PagePicture, ManualFault> {
        let (width_pt, height_pt) = self.page_size(page)?;
        let side_px = |side_pt: f64| (side_pt * px_per_pt).round().clamp(1.0, f64::from(u16::MAX)) as u16;
        let size_px = (side_px(width_pt * area.width), side_px(height_pt * area.height));
        let limits = self.limits;
        let deadline = Deadline::after(limits.seconds, Some(page));
        let (bytes, index) = (Arc::clone(&self.bytes), page as usize - 1);
        let gone = ManualFault::NoSuchPage { page, pages: self.page_count() };
        on_own_thread(deadline, move || {
            let pdf = opened(bytes, deadline)?;
            let shown = pdf.pages().get(index).ok_or(gone)?;
            let too_much = |excess| ManualFault::TooMuch { page, excess };
            reach::weigh_page(shown, limits.page_bytes).map_err(too_much)?;
            let corner_px = (-area.left * width_pt * px_per_pt, -area.top * height_pt * px_per_pt);
            let px_from_page = Affine::translate(corner_px)
                * Affine::scale(px_per_pt)
                * Affine::new(shown.initial_transform(true).as_coeffs());
            rehearse(shown, px_from_page, size_px, &limits, deadline, page);
            Ok(draw(shown, px_from_page, size_px))
        })
    }
}

fn opened(bytes: Arc<[u8]>, deadline: Deadline) -> Result<Pdf, ManualFault> {
    Pdf::new(Arc::new(WatchedBytes::new(bytes, deadline))).map_err(|fault| match fault {
        LoadPdfError::Decryption(_) => ManualFault::Encrypted,
        LoadPdfError::Invalid => ManualFault::Damaged,
    })
}

/// Whether a file says that it is encrypted. One that opens without a password is too: what is in it cannot be weighed
/// before it is decrypted, and whoever wrote it did not want pieces of it elsewhere.
fn says_encrypted(bytes: &[u8]) -> bool {
    const WORD: &[u8] = b"/Encrypt";
    let is_word = |rest: &[u8]| rest.first().is_some_and(|next| !next.is_ascii_alphanumeric());
    bytes
        .windows(WORD.len())
        .enumerate()
        .any(|(at, window)| window == WORD && bytes.get(at + WORD.len()..).is_some_and(is_word))
}

fn size_pt(page: &Page<'_>) -> (f64, f64) {
    let (width, height) = page.render_dimensions();
    let side = |side: f32| {
        let side = f64::from(side);
        if side.is_finite() { side.clamp(SIDE_PT.0, SIDE_PT.1) } else { SIDE_PT.1 }
    };
    (side(width), side(height))
}

pub(crate) fn settings() -> InterpreterSettings {
    InterpreterSettings::default()
}

fn draw(page: &Page<'_>, px_from_page: Affine, (width_px, height_px): (u16, u16)) -> PagePicture {
    let mut context = RenderContext::new(width_px, height_px);
    let cache = RenderCache::new();
    render_into(page, &cache, &settings(), &RenderSettings::default(), &mut context, px_from_page);
    context.flush();
    let mut pixels = Pixmap::new(width_px, height_px);
    let on_white =
        RasterizerSettings { target_init: TargetInit::Clear(WHITE), ..RasterizerSettings::default() };
    context.render_with(&mut pixels, &mut Resources::default(), on_white);
    let rgb = pixels.data().iter().flat_map(|pixel| [pixel.r, pixel.g, pixel.b]).collect();
    PagePicture { width_px: u32::from(width_px), height_px: u32::from(height_px), rgb }
}
