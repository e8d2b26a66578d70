//! The archive that a workbook is: unpacked once to nowhere, so that whoever reads it afterwards meets only parts whose
//! real size and kind are known.
//!
//! A declared size is a claim; what counts is what comes out. Nothing of it is kept, and archives inside are not opened.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::{Limits, SheetFault};

/// More strings than a workbook within the limits can hold: a claim that a reader would make room for.
const COUNT_DIGITS_MAX: usize = 7;

const PIECE_BYTES: usize = 64 * 1024;

/// So much of a reference is looked at.
const VALUE_BYTES: usize = 40;

/// What is looked for across the border of two pieces.
const OVERLAP_BYTES: usize = 64;

/// Whether the archive can be read as a workbook within the limits.
pub(crate) fn check(bytes: &[u8], limits: &Limits) -> Result<(), SheetFault> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged("the archive", &error))?;
    if archive.len() > limits.parts {
        return Err(SheetFault::TooManyParts { count: archive.len() as u64, limit: limits.parts as u64 });
    }
    let names: Vec<String> = archive.file_names().map(str::to_owned).collect();
    let has = |name: &str| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    if !has("[Content_Types].xml") || !has("xl/workbook.xml") {
        return Err(SheetFault::NotAWorkbook);
    }
    let inflates = |part: &str| SheetFault::Inflates { part: shown(part), limit: limits.inflated_bytes };
    // First what the parts say of themselves: that costs nothing.
    let mut declared = 0_u64;
    for place in 0..archive.len() {
        let part = archive.by_index_raw(place).map_err(|error| damaged("the archive", &error))?;
        if part.encrypted() {
            return Err(SheetFault::OldOrLocked);
        }
        declared = declared.saturating_add(part.size());
        if declared > limits.inflated_bytes {
            return Err(inflates(part.name()));
        }
    }
    // Then what they are.
    let mut unpacked = 0_u64;
    for place in 0..archive.len() {
        let mut part = archive.by_index(place).map_err(|error| damaged("the archive", &error))?;
        let name = part.name().to_owned();
        let mut watch = Watch::new(&name);
        let mut piece = vec![0_u8; PIECE_BYTES];
        loop {
            let count = part.read(&mut piece).map_err(|error| damaged(&name, &error))?;
            if count == 0 {
                break;
            }
            unpacked = unpacked.saturating_add(count as u64);
            if unpacked > limits.inflated_bytes {
                return Err(inflates(&name));
            }
            watch.look(piece.get(..count).unwrap_or_default())?;
        }
    }
    Ok(())
}

/// Looks for what no workbook holds while a part goes by.
struct Watch<'n> {
    name: &'n str,
    picture: bool,
    /// Texts of cells, where anything may stand.
    texts: bool,
    seen: Vec<u8>,
    first: bool,
}

impl<'n> Watch<'n> {
    fn new(name: &'n str) -> Self {
        let (picture, texts) = (name.starts_with("xl/media/"), name == "xl/sharedStrings.xml");
        Self { name, picture, texts, seen: Vec::new(), first: true }
    }

    fn look(&mut self, piece: &[u8]) -> Result<(), SheetFault> {
        self.seen.extend_from_slice(piece);
        if self.first && self.seen.len() >= 2 {
            self.first = false;
            // What follows could hide from the search below; Excel writes UTF-8 alone.
            if self.seen.starts_with(b"\xFF\xFE") || self.seen.starts_with(b"\xFE\xFF") {
                let reason = "it is not UTF-8".to_owned();
                return Err(SheetFault::Damaged { part: shown(self.name), reason });
            }
        }
        if !self.picture && (holds(&self.seen, b"<!DOCTYPE") || holds(&self.seen, b"<!ENTITY")) {
            return Err(SheetFault::Declares { part: shown(self.name) });
        }
        if claims_too_much(&self.seen) {
            let reason = "it claims more texts than a workbook can hold".to_owned();
            return Err(SheetFault::Damaged { part: shown(self.name), reason });
        }
        if !self.texts && names_no_cell(&self.seen) {
            let reason = "it names a cell that no sheet has".to_owned();
            return Err(SheetFault::Damaged { part: shown(self.name), reason });
        }
        let keep = self.seen.len().saturating_sub(OVERLAP_BYTES);
        self.seen.drain(..keep);
        Ok(())
    }
}

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    let Some(first) = wanted.first() else { return false };
    bytes
        .iter()
        .enumerate()
        .filter(|(_, byte)| *byte == first)
        .any(|(place, _)| bytes.get(place..).is_some_and(|rest| rest.starts_with(wanted)))
}

/// Whether `uniqueCount="…"` has more digits than any honest count.
fn claims_too_much(bytes: &[u8]) -> bool {
    const NAME: &[u8] = b"uniqueCount";
    let mut rest = bytes;
    while let Some(place) = rest.windows(NAME.len()).position(|window| window == NAME) {
        rest = rest.get(place + NAME.len()..).unwrap_or_default();
        let value: Vec<u8> = rest
            .iter()
            .copied()
            .skip_while(|byte| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'"' | b'\''))
            .skip_while(|byte| matches!(byte, b'0' | b'+'))
            .take_while(u8::is_ascii_digit)
            .take(COUNT_DIGITS_MAX + 1)
            .collect();
        if value.len() > COUNT_DIGITS_MAX {
            return true;
        }
    }
    false
}

/// Whether an attribute `r` or `ref` names a cell beyond the last one that a sheet has (XFD1048576), by so much that a
/// reader who counts along would begin anew.
fn names_no_cell(bytes: &[u8]) -> bool {
    let marks = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'=').map(|(place, _)| place);
    marks.into_iter().any(|place| {
        let name = bytes.get(..place).unwrap_or_default().trim_ascii_end();
        let is_reference = [&b"r"[..], b"ref"].into_iter().any(|wanted| {
            let before = name.strip_suffix(wanted);
            before.is_some_and(|before| before.last().is_some_and(u8::is_ascii_whitespace))
        });
        let value = bytes.get(place + 1..).unwrap_or_default().trim_ascii_start();
        let Some((b'"' | b'\'', value)) = value.split_first() else { return false };
        let cells = value.get(..value.len().min(VALUE_BYTES)).unwrap_or_default();
        let cells = cells.split(|byte| matches!(byte, b'"' | b'\'')).next().unwrap_or_default();
        is_reference && cells.split(|byte| *byte == b':').any(is_beyond)
    })
}

/// Letters and then digits, too many of either.
fn is_beyond(cell: &[u8]) -> bool {
    let letters = cell.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let digits = cell.iter().skip(letters).take_while(|byte| byte.is_ascii_digit()).count();
    letters > 3 && digits + letters == cell.len() || digits > 7
}

fn damaged(part: &str, error: &dyn std::error::Error) -> SheetFault {
    SheetFault::Damaged { part: shown(part), reason: error.to_string() }
}

/// A name from inside an archive is anybody's: it is cut and freed of what no person reads.
fn shown(name: &str) -> String {
    name.chars().filter(|character| !character.is_control()).take(120).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_is_seen_wherever_a_piece_ends() {
        let text = b"<sst count=\"1\" uniqueCount = '99999999999'>";
        assert!(claims_too_much(text));
        assert!(!claims_too_much(b"<sst uniqueCount=\"2000000\">"));
        for cut in 0..text.len() {
            let mut watch = Watch::new("xl/sharedStrings.xml");
            let (one, other) = text.split_at(cut);
            assert!(watch.look(one).and_then(|()| watch.look(other)).is_err(), "cut at {cut}");
        }
    }

    #[test]
    fn a_cell_that_no_sheet_has_is_seen() {
        for text in [
            "<c r=\"A4294967297\">",
            "<c  r = 'AAAAAAAA1'>",
            "<row r=\"12345678\">",
            "<dimension ref=\"A1:A99999999\"/>",
        ] {
            assert!(names_no_cell(text.as_bytes()), "{text}");
        }
        for text in [
            "<c r=\"XFD1048576\">",
            "<dimension ref=\"A1:XFD1048576\"/>",
            "<c r:id=\"rId12345678\">",
            "<a x=\"99999999\">",
        ] {
            assert!(!names_no_cell(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn a_document_type_is_seen_and_pictures_may_have_one() {
        assert!(Watch::new("xl/workbook.xml").look(b"<?xml?><!DOCTYPE a [<!ENTITY b 'c'>]>").is_err());
        assert!(Watch::new("xl/media/image1.svg").look(b"<!DOCTYPE svg>").is_ok());
        assert!(Watch::new("xl/workbook.xml").look(b"\xFF\xFE<\0").is_err());
    }
}
