//! Textures: PNG and JPEG pictures, their size looked at before they are unpacked.

use std::io::Cursor;

use image::{ImageFormat, ImageReader};

use super::limits::{Limits, Tally, within};
use super::{ImportFault, accessor::Buffers};
use crate::model::Texture;

/// Reads one picture of a file.
pub(super) fn read(
    bytes: &[u8],
    name: String,
    at: &str,
    limits: &Limits,
    pixels: &mut Tally,
) -> Result<Texture, ImportFault> {
    let format = match bytes {
        [0x89, b'P', b'N', b'G', ..] => ImageFormat::Png,
        [0xFF, 0xD8, 0xFF, ..] => ImageFormat::Jpeg,
        [0xAB, b'K', b'T', b'X', ..] => return Err(unsupported(at, "a KTX2 texture")),
        [b'R', b'I', b'F', b'F', ..] => return Err(unsupported(at, "a WebP texture")),
        _ => return Err(ImportFault::damaged(at, "the picture is neither PNG nor JPEG")),
    };
    let damaged = |error: image::ImageError| ImportFault::damaged(at, error);
    let (width_px, height_px) =
        ImageReader::with_format(Cursor::new(bytes), format).into_dimensions().map_err(damaged)?;
    let side = u64::from(width_px.max(height_px));
    within(at, "pixels along a side", side, u64::from(limits.texture_side_px))?;
    pixels.take(at, u64::from(width_px) * u64::from(height_px))?;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut bounds = image::Limits::default();
    bounds.max_image_width = Some(limits.texture_side_px);
    bounds.max_image_height = Some(limits.texture_side_px);
    // Sixteen bits in four channels, and as much again to work in.
    bounds.max_alloc = Some(limits.texture_pixels.saturating_mul(16));
    reader.limits(bounds);
    let rgba = reader.decode().map_err(damaged)?.into_rgba8();
    Ok(Texture { name, width_px: rgba.width(), height_px: rgba.height(), rgba: rgba.into_raw() })
}

/// Where the bytes of a picture are.
pub(super) fn bytes_of<'a>(
    picture: &'a gltf::json::Image,
    buffers: &'a Buffers<'_>,
    at: &str,
    outside: &dyn Fn(&str) -> Option<Vec<u8>>,
    limits: &Limits,
) -> Result<std::borrow::Cow<'a, [u8]>, ImportFault> {
    if let Some(view) = picture.buffer_view {
        return Ok(buffers.view(view, at)?.0.into());
    }
    let uri = picture.uri.as_deref().ok_or_else(|| ImportFault::damaged(at, "the picture has no bytes"))?;
    Ok(super::gltf::resolve(uri, at, outside, limits)?.into())
}

fn unsupported(at: &str, what: &str) -> ImportFault {
    ImportFault::Unsupported {
        at: at.to_owned(),
        what: what.to_owned(),
        advice: "Export it with PNG or JPEG textures.",
    }
}
