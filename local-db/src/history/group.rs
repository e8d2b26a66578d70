//! Heads of neighbouring series in one row: alone, each would leave half a page empty.

use super::bytes::{Reader, put_block, put_checksum, put_signed, put_unsigned};
use crate::StoreError;

/// The version of the layout below.
const LAYOUT: u8 = 1;
/// So many series share a row.
const GROUP_SERIES: i64 = 64;

/// The row of a series.
pub(super) fn group_of(series_id: i64) -> i64 {
    series_id.div_euclid(GROUP_SERIES)
}

/// Writes a row: `LAYOUT`, the number of heads, and per head its series and its samples as a chunk.
pub(super) fn encode(heads: &[(i64, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = vec![LAYOUT];
    put_unsigned(&mut bytes, heads.len() as u64);
    for (series_id, chunk) in heads {
        put_signed(&mut bytes, *series_id);
        put_block(&mut bytes, chunk);
    }
    put_checksum(&mut bytes);
    bytes
}

/// Reads a row: each series with its chunk.
pub(super) fn decode(bytes: &[u8]) -> Result<Vec<(i64, &[u8])>, StoreError> {
    let mut reader = Reader::checked("head", bytes)?;
    let layout = reader.byte()?;
    if layout != LAYOUT {
        return Err(StoreError::corrupt("head", format!("layout {layout} is not known")));
    }
    let count = reader.count(2)?;
    let mut heads = Vec::with_capacity(count);
    for _ in 0..count {
        heads.push((reader.signed()?, reader.block()?));
    }
    if reader.is_empty() { Ok(heads) } else { Err(reader.damaged()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_come_back_and_a_damaged_row_is_refused() {
        let mut row = encode(&[(7, vec![1, 2]), (-1, Vec::new())]);
        assert_eq!(decode(&row).unwrap(), [(7, &[1, 2][..]), (-1, &[][..])]);
        row[3] ^= 1;
        assert!(decode(&row).is_err());
        assert_eq!((group_of(0), group_of(63), group_of(64)), (0, 0, 1));
    }
}
