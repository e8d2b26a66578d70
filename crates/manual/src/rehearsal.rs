//! A page drawn without a stroke: everything that would be drawn is counted, and too much ends it.
//!
//! Nothing is unpacked here but what the page's own commands stand in. So images are known by their measures before
//! they take memory, and what is drawn over and over is known before it takes time.

use std::collections::HashSet;

use hayro::hayro_interpret::font::{Glyph, GlyphRun};
use hayro::hayro_interpret::hayro_syntax::object::{Array, Dict, Object, Stream};
use hayro::hayro_interpret::pattern::{Pattern, TilingPattern};
use hayro::hayro_interpret::util::x_y_advances;
use hayro::hayro_interpret::{
    BlendMode, CacheKey, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterCache, Paint, SoftMask, StrokeProps, interpret_page,
};
use hayro::hayro_syntax::Filter;
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, BezPath, Point, Rect, Shape};

use crate::fault::Excess;
use crate::manual::settings;
use crate::watch::{Deadline, stop};
use crate::weight::unpacked_bytes;
use crate::{ManualFault, ManualLimits};

/// What a letter's outline counts for, in pixels: most are drawn from a few that are kept.
const LETTER_PX: f64 = 60.0;
/// Bytes of a pixel of a tile.
const TILE_PIXEL_BYTES: f64 = 4.0;
/// How deep patterns, masks and letters may be drawn by each other, as the renderer has it.
const DEPTH_MAX: u32 = 50;
/// Layers over each other.
const LAYERS_MAX: u32 = 200;

/// Goes through a page; what is too much of it ends the work of this thread with the fault.
pub(crate) fn rehearse<'a>(
    page: &'a Page<'a>,
    px_from_page: Affine,
    (width_px, height_px): (u16, u16),
    limits: &ManualLimits,
    deadline: Deadline,
    number: u32,
) {
    let target = Rect::new(0.0, 0.0, f64::from(width_px), f64::from(height_px));
    let cache = InterpreterCache::new();
    let mut context = Context::new(px_from_page, target, &cache, page.xref(), settings());
    let mut rehearsal = Rehearsal {
        limits,
        deadline,
        page: number,
        target,
        operations: 0.0,
        calls: 0,
        lines_px: 0.0,
        masks_bytes: 0.0,
        samples: 0.0,
        masks: HashSet::new(),
        images: HashSet::new(),
        times: 1.0,
        depth: 0,
        layers: 0,
    };
    interpret_page(page, &mut context, &mut rehearsal);
}

struct Rehearsal<'l> {
    limits: &'l ManualLimits,
    deadline: Deadline,
    page: u32,
    target: Rect,
    operations: f64,
    calls: u32,
    lines_px: f64,
    masks_bytes: f64,
    samples: f64,
    /// Masks that were gone through: the renderer keeps them.
    masks: HashSet<u128>,
    /// Images that were measured.
    images: HashSet<u128>,
    /// How often what is gone through now will be drawn.
    times: f64,
    depth: u32,
    layers: u32,
}

impl Rehearsal<'_> {
    fn refuse(&self, excess: Excess) -> ! {
        stop(ManualFault::TooMuch { page: self.page, excess })
    }

    fn count(&mut self, operations: f64) {
        self.calls = self.calls.wrapping_add(1);
        // Asking the clock takes as long as counting a thing.
        if self.calls.is_multiple_of(32) {
            self.deadline.check();
        }
        self.operations += operations * self.times;
        if is_above(self.operations, self.limits.operations) {
            self.refuse(Excess::Operations { most: self.limits.operations });
        }
    }

    fn line(&mut self, px: f64) {
        self.lines_px += px * self.times;
        if is_above(self.lines_px, self.limits.lines_px) {
            self.refuse(Excess::Lines { most: self.limits.lines_px });
        }
    }

    fn memory(&mut self, bytes: f64) {
        self.masks_bytes += bytes * self.times;
        if is_above(self.masks_bytes, self.limits.masks_bytes) {
            self.refuse(Excess::Masks { most: self.limits.masks_bytes });
        }
    }

    /// Counts a path as it lies over the picture.
    fn path(&mut self, path: &BezPath, px_from_path: Affine, stroke: Option<&StrokeProps>) {
        self.count(1.0 + path.elements().len() as f64 / 8.0);
        let within = |point: Point| {
            let point = px_from_path * point;
            let clamp = |value: f64, most: f64| if value.is_finite() { value.clamp(0.0, most) } else { most };
            Point::new(clamp(point.x, self.target.width()), clamp(point.y, self.target.height()))
        };
        let mut px = 0.0;
        let mut length = 0.0;
        let mut last: Option<(Point, Point)> = None;
        let mut to = |point: Point| {
            let here = (point, within(point));
            if let Some((from, from_px)) = last {
                length += (point - from).hypot();
                px += (here.1.x - from_px.x).abs() + (here.1.y - from_px.y).abs();
            }
            last = Some(here);
        };
        for element in path.elements() {
            use hayro::kurbo::PathEl;
            match element {
                PathEl::MoveTo(point) | PathEl::LineTo(point) => to(*point),
                PathEl::QuadTo(first, point) => [*first, *point].into_iter().for_each(&mut to),
                PathEl::CurveTo(first, second, point) => {
                    [*first, *second, *point].into_iter().for_each(&mut to);
                }
                PathEl::ClosePath => {}
            }
        }
        let Some(stroke) = stroke else { return self.line(px) };
        self.line(2.0 * px);
        if stroke.dash_array.is_empty() {
            return;
        }
        // A dash is cut off the whole line, also where that lies beside the page.
        let shares = stroke.dash_array.iter().map(|share| f64::from(*share));
        let is_forward = shares.clone().all(|share| share > 0.0) && f64::from(stroke.dash_offset).is_finite();
        let period: f64 = shares.sum();
        let dashes = (length + f64::from(stroke.dash_offset).abs()) / period * stroke.dash_array.len() as f64;
        self.count(if is_forward { dashes } else { f64::INFINITY });
    }

    fn paint(&mut self, paint: &Paint<'_>, is_stroke: bool, area: Rect) {
        let Paint::Pattern(pattern) = paint else { return };
        match &**pattern {
            Pattern::Shading(_) => {
                let seen = area.intersect(self.target);
                self.memory_for_now(seen.width().max(0.0) * seen.height().max(0.0) * TILE_PIXEL_BYTES);
                self.count(20.0);
            }
            Pattern::Tiling(tiling) => self.tiling(tiling, is_stroke, area),
        }
    }

    /// Memory that is given back before the next thing is drawn.
    fn memory_for_now(&mut self, bytes: f64) {
        if is_above(bytes, self.limits.masks_bytes) {
            self.refuse(Excess::Masks { most: self.limits.masks_bytes });
        }
    }

    /// The renderer draws the tile's content as often as neighbouring tiles reach into one, into a picture of its own.
    fn tiling(&mut self, tiling: &TilingPattern<'_>, is_stroke: bool, area: Rect) {
        let seen = tiling.matrix.inverse().transform_rect_bbox(area.intersect(self.target));
        let (along_x, along_y) = x_y_advances(&tiling.matrix);
        let side = |scale: f64, cell: f64, step: f32, visible: f64| {
            let step = f64::from(step.abs());
            let copies = 1.0 + cell / step + if visible >= step { 0.0 } else { 1.0 };
            (copies, visible.min(step).max(0.0) * scale + 1.0)
        };
        let (copies_x, width_px) = side(along_x.length(), tiling.bbox.width(), tiling.x_step, seen.width());
        let (copies_y, height_px) =
            side(along_y.length(), tiling.bbox.height(), tiling.y_step, seen.height());
        let is_too_wide = is_above(width_px.max(height_px), u64::from(u16::MAX));
        self.memory(if is_too_wide { f64::INFINITY } else { width_px * height_px * TILE_PIXEL_BYTES });
        let px_from_tile = Affine::scale_non_uniform(along_x.length(), along_y.length());
        let copies = copies_x * copies_y;
        self.deeper(copies, |own| {
            own.count(1.0);
            tiling.interpret(own, px_from_tile, is_stroke);
        });
    }

    fn deeper(&mut self, times: f64, within: impl FnOnce(&mut Self)) {
        if self.depth >= DEPTH_MAX {
            return;
        }
        let (times_before, layers_before) = (self.times, self.layers);
        self.depth += 1;
        self.times *= times;
        within(self);
        self.depth -= 1;
        (self.times, self.layers) = (times_before, layers_before);
    }

    fn mask(&mut self, mask: Option<&SoftMask<'_>>) {
        let Some(mask) = mask else { return };
        self.count(1.0);
        if self.masks.insert(mask.cache_key()) {
            self.memory(self.target.area());
            self.memory_for_now(self.target.area() * TILE_PIXEL_BYTES);
            self.deeper(1.0, |own| mask.interpret(own));
        }
    }

    fn image(&mut self, stream: &Stream<'_>, key: u128) {
        let samples = samples_of(stream);
        let masks = [&b"SMask"[..], b"Mask"].map(|key| stream.dict().get::<Stream<'_>>(key));
        let all = masks.iter().flatten().map(samples_of).fold(samples, u64::saturating_add);
        if all > self.limits.image_samples {
            self.refuse(Excess::Image { samples: all, most: self.limits.image_samples });
        }
        self.samples += all as f64 * self.times;
        if is_above(self.samples, self.limits.page_samples) {
            self.refuse(Excess::Image { samples: self.samples as u64, most: self.limits.page_samples });
        }
        if !self.images.insert(key) {
            return;
        }
        for packed in std::iter::once(stream).chain(masks.iter().flatten()) {
            let most = self.limits.stream_bytes;
            match unpacked_bytes(&packed.filters(), &packed.raw_data(), most) {
                Ok(bytes) if bytes > most => self.refuse(Excess::Unpacked { bytes, most }),
                Ok(_) => {}
                Err(excess) => self.refuse(excess),
            }
        }
    }
}

impl<'a> Device<'a> for Rehearsal<'_> {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, draw_mode: &DrawMode) {
        let stroke = match draw_mode {
            DrawMode::Stroke(stroke) | DrawMode::FillAndStroke(_, stroke) => Some(stroke),
            DrawMode::Fill(_) | DrawMode::Invisible => None,
        };
        self.path(path, props.transform, stroke);
        self.mask(props.soft_mask.as_ref());
        let width = stroke.map_or(0.0, |stroke| f64::from(stroke.line_width));
        let area = props.transform.transform_rect_bbox(path.bounding_box().inflate(width, width));
        self.paint(&props.paint, stroke.is_some(), area);
    }

    fn push_clip_path(&mut self, clip_path: &ClipPath) {
        self.path(&clip_path.path, Affine::IDENTITY, None);
    }

    fn push_transparency_group(&mut self, _opacity: f32, mask: Option<SoftMask<'a>>, _blend_mode: BlendMode) {
        self.count(1.0);
        self.layers += 1;
        if self.layers > LAYERS_MAX {
            self.refuse(Excess::Operations { most: u64::from(LAYERS_MAX) });
        }
        self.mask(mask.as_ref());
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, draw_mode: &DrawMode) {
        if matches!(draw_mode, DrawMode::Invisible) {
            return self.count(run.glyphs().len() as f64);
        }
        self.mask(props.soft_mask.as_ref());
        for glyph in run.glyphs() {
            self.count(1.0);
            self.paint(&props.paint, false, self.target);
            match &**glyph {
                Glyph::Outline(_) => self.line(LETTER_PX),
                Glyph::Type3(drawn) => {
                    let transform = props.transform * glyph.transform();
                    let paint = props.paint.clone();
                    self.deeper(1.0, |own| drawn.interpret(own, transform, Affine::IDENTITY, &paint));
                }
            }
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.count(4.0);
        self.mask(props.soft_mask.as_ref());
        let key = image.cache_key();
        match &image {
            Image::Raster(raster) => self.image(raster.stream(), key),
            Image::Stencil(stencil) => self.image(stencil.stream(), key),
        }
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {
        self.layers = self.layers.saturating_sub(1);
    }
}

/// Whether it is more; what is no number is.
fn is_above(value: f64, most: u64) -> bool {
    value.is_nan() || value > most as f64
}

/// Pixels times colours that an image takes when it is unpacked, by what the file and the image's own bytes say.
fn samples_of(stream: &Stream<'_>) -> u64 {
    let dict = stream.dict();
    let number = |long: &[u8], short: &[u8]| {
        dict.get::<u32>(long).or_else(|| dict.get::<u32>(short)).map_or(0, u64::from)
    };
    let (width, height) = (number(b"Width", b"W"), number(b"Height", b"H"));
    let filters = stream.filters();
    let raw = stream.raw_data();
    let has = |filter| filters.contains(&filter);
    let own = if has(Filter::JpxDecode) {
        of_jpeg_2000(&raw)
    } else if has(Filter::Jbig2Decode) {
        of_jbig2(&raw)
    } else if has(Filter::CcittFaxDecode) {
        columns_of(dict).saturating_mul(height)
    } else {
        0
    };
    let is_grey = has(Filter::Jbig2Decode)
        || has(Filter::CcittFaxDecode)
        || number(b"BitsPerComponent", b"BPC") == 1
        || [&b"ImageMask"[..], b"IM"].iter().any(|key| dict.get::<bool>(*key) == Some(true));
    let colours = if is_grey { 1 } else { colours_of(dict) };
    width.saturating_mul(height).max(own).saturating_mul(colours)
}

/// How many colours a pixel has: three, unless the file says more or one.
fn colours_of(dict: &Dict<'_>) -> u64 {
    let space = [&b"ColorSpace"[..], b"CS"].iter().find_map(|key| dict.get::<Object<'_>>(*key));
    match space {
        Some(Object::Name(name)) => match name.as_ref() {
            b"DeviceGray" | b"G" | b"CalGray" => 1,
            b"DeviceCMYK" | b"CMYK" => 4,
            _ => 3,
        },
        Some(Object::Array(array)) => {
            let mut items = array.iter::<Object<'_>>();
            match (items.next(), items.next()) {
                (Some(Object::Name(kind)), Some(Object::Array(names))) if kind.as_ref() == b"DeviceN" => {
                    names.raw_iter().count().max(4) as u64
                }
                (Some(Object::Name(kind)), _) if kind.as_ref() == b"CalGray" => 1,
                _ => 4,
            }
        }
        _ => 3,
    }
}

fn columns_of(dict: &Dict<'_>) -> u64 {
    let of = |parameters: &Dict<'_>| parameters.get::<u32>(b"Columns").unwrap_or(1_728);
    [&b"DecodeParms"[..], b"DP"]
        .iter()
        .filter_map(|key| {
            let one = dict.get::<Dict<'_>>(*key).map(|parameters| of(&parameters));
            let many = || {
                dict.get::<Array<'_>>(*key)
                    .map(|all| all.iter::<Dict<'_>>().map(|one| of(&one)).max().unwrap_or(1_728))
            };
            one.or_else(many)
        })
        .max()
        .map_or(1_728, u64::from)
}

/// The largest picture that JPEG 2000 bytes speak of, in samples of one colour, from the marker of its size.
fn of_jpeg_2000(raw: &[u8]) -> u64 {
    let number = |bytes: &[u8], at: usize| {
        bytes
            .get(at..at + 4)
            .and_then(|four| four.try_into().ok())
            .map_or(0, |four| u64::from(u32::from_be_bytes(four)))
    };
    let marked = raw.windows(4).enumerate().filter(|(_, four)| *four == [0xFF, 0x4F, 0xFF, 0x51]);
    let sizes = marked.take(16).map(|(at, _)| {
        let size = raw.get(at + 4..).unwrap_or_default();
        let side = |far: usize, near: usize| number(size, far).saturating_sub(number(size, near));
        side(4, 12).saturating_mul(side(8, 16))
    });
    sizes.max().unwrap_or(0)
}

/// The largest picture that JBIG2 segments speak of: wherever four bytes of a width and four of a height could stand at the
/// head of a page or a region. Segments are followed from the first; what cannot be followed ends the search.
fn of_jbig2(raw: &[u8]) -> u64 {
    let number =
        |at: usize| raw.get(at..at + 4).and_then(|four| four.try_into().ok()).map(u32::from_be_bytes);
    let (mut at, mut largest) = (0, 0_u64);
    while let (Some(own), Some(flags)) = (number(at), raw.get(at + 4)) {
        let Some(mut referred) = raw.get(at + 5).map(|byte| usize::from(byte >> 5)) else { break };
        let mut header = at + 6;
        if referred == 7 {
            let Some(count) = number(at + 5) else { break };
            referred = (count & 0x1FFF_FFFF) as usize;
            header = at + 9 + (referred + 1).div_ceil(8);
        }
        let width = match own {
            0..=256 => 1,
            257..=65_536 => 2,
            _ => 4,
        };
        header =
            header.saturating_add(referred.saturating_mul(width)) + if flags & 0x40 != 0 { 4 } else { 1 };
        let Some(length) = number(header) else { break };
        let data = header + 4;
        // A page, or a region of any kind: both begin with their width and height.
        if matches!(flags & 0x3F, 4..=7 | 20..=43 | 48)
            && let (Some(width_px), Some(height_px)) = (number(data), number(data + 4))
        {
            let height_px = if height_px == u32::MAX { 1 } else { height_px };
            largest = largest.max(u64::from(width_px).saturating_mul(u64::from(height_px)));
        }
        if length == u32::MAX {
            break;
        }
        at = data.saturating_add(length as usize);
    }
    largest
}
