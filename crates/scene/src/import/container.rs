//! The GLB container (glTF 2.0, chapter 4.4): a header and chunks with their lengths.

use super::ImportFault;
use super::limits::{Limits, within};

/// What every GLB begins with.
pub(super) const MAGIC: &[u8] = b"glTF";
const HEADER_BYTES: usize = 12;
const JSON: &[u8; 4] = b"JSON";
const BINARY: &[u8; 4] = b"BIN\0";

/// The two chunks that matter.
pub(super) struct Chunks<'a> {
    pub(super) json: &'a [u8],
    pub(super) binary: &'a [u8],
}

/// Splits a file; a glTF that is plain JSON has no binary chunk.
pub(super) fn split<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Chunks<'a>, ImportFault> {
    limits.bytes_fit(bytes.len())?;
    let chunks = match bytes.starts_with(MAGIC) {
        true => chunks(bytes)?,
        false => Chunks { json: bytes, binary: &[] },
    };
    within("the JSON", "bytes", chunks.json.len() as u64, limits.json_bytes as u64)?;
    Ok(chunks)
}

fn chunks(bytes: &[u8]) -> Result<Chunks<'_>, ImportFault> {
    let version = number(bytes, 4, "the header")?;
    if version != 2 {
        return Err(ImportFault::Unsupported {
            at: "the header".to_owned(),
            what: format!("version {version} of the GLB container"),
            advice: "Export it as glTF 2.0.",
        });
    }
    let length = number(bytes, 8, "the header")? as usize;
    let whole = bytes.get(..length).ok_or_else(|| {
        ImportFault::damaged(
            "the header",
            format!("it says {length} bytes, and the file has {}", bytes.len()),
        )
    })?;
    let mut rest = whole.get(HEADER_BYTES..).unwrap_or_default();
    let mut found = Chunks { json: &[], binary: &[] };
    let mut index = 0;
    while !rest.is_empty() {
        let at = format!("chunk {index}");
        let length = number(rest, 0, &at)? as usize;
        let kind = rest.get(4..8).ok_or_else(|| ImportFault::damaged(&at, "it has no kind"))?;
        let end = length.checked_add(8).filter(|end| *end <= rest.len());
        let end = end.ok_or_else(|| {
            ImportFault::damaged(&at, format!("it says {length} bytes and the file ends before"))
        })?;
        let (chunk, behind) = rest.split_at(end);
        let body = chunk.get(8..).unwrap_or_default();
        match (index, kind) {
            (0, kind) if kind == JSON => found.json = body,
            (0, _) => return Err(ImportFault::damaged(at, "the first chunk is not JSON")),
            (1, kind) if kind == BINARY => found.binary = body,
            // Readers leave out chunks that they do not know.
            _ => {}
        }
        rest = behind;
        index += 1;
    }
    Ok(found)
}

fn number(bytes: &[u8], at: usize, place: &str) -> Result<u32, ImportFault> {
    let number = bytes.get(at..).and_then(|rest| rest.first_chunk::<4>());
    number
        .map(|bytes| u32::from_le_bytes(*bytes))
        .ok_or_else(|| ImportFault::damaged(place, "the file ends inside it"))
}
