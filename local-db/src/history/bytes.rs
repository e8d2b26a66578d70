//! Whole numbers of few bytes, and a checksum around a record: what the history's own formats are made of.

use crate::StoreError;

/// Bytes of the checksum behind a record: the first of its BLAKE3.
const CHECKSUM_BYTES: usize = 8;

/// Appends a number, seven bits to a byte, the lowest first (LEB128).
pub(super) fn put_unsigned(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Appends a number with a sign; small ones of either sign take few bytes (zigzag).
pub(super) fn put_signed(bytes: &mut Vec<u8>, number: i64) {
    put_unsigned(bytes, ((number << 1) ^ (number >> 63)) as u64);
}

/// Appends a block with its length before it.
pub(super) fn put_block(bytes: &mut Vec<u8>, block: &[u8]) {
    put_unsigned(bytes, block.len() as u64);
    bytes.extend_from_slice(block);
}

/// Ends a record with its checksum.
pub(super) fn put_checksum(bytes: &mut Vec<u8>) {
    let hash = blake3::hash(bytes);
    bytes.extend_from_slice(&hash.as_bytes()[..CHECKSUM_BYTES]);
}

/// Reads what was put; every step says when the bytes end too early.
pub(super) struct Reader<'a> {
    what: &'static str,
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// `what` is named in errors.
    pub(super) fn new(what: &'static str, bytes: &'a [u8]) -> Self {
        Self { what, rest: bytes }
    }

    /// A record whose checksum is behind it.
    pub(super) fn checked(what: &'static str, bytes: &'a [u8]) -> Result<Self, StoreError> {
        let damaged = || StoreError::corrupt(what, "its checksum is wrong");
        let (body, checksum) = bytes.split_last_chunk::<CHECKSUM_BYTES>().ok_or_else(damaged)?;
        if blake3::hash(body).as_bytes()[..CHECKSUM_BYTES] != checksum[..] {
            return Err(damaged());
        }
        Ok(Self { what, rest: body })
    }

    pub(super) fn damaged(&self) -> StoreError {
        StoreError::corrupt(self.what, "its layout is damaged")
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn byte(&mut self) -> Result<u8, StoreError> {
        let (&first, rest) = self.rest.split_first().ok_or_else(|| self.damaged())?;
        self.rest = rest;
        Ok(first)
    }

    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], StoreError> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or_else(|| self.damaged())?;
        self.rest = rest;
        Ok(taken)
    }

    pub(super) fn unsigned(&mut self) -> Result<u64, StoreError> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(self.damaged())
    }

    pub(super) fn signed(&mut self) -> Result<i64, StoreError> {
        let folded = self.unsigned()?;
        Ok((folded >> 1) as i64 ^ -((folded & 1) as i64))
    }

    /// How many things of at least `bytes_each` follow; more than the bytes can hold is damage.
    pub(super) fn count(&mut self, bytes_each: usize) -> Result<usize, StoreError> {
        let count = usize::try_from(self.unsigned()?).map_err(|_too_many| self.damaged())?;
        if count > self.rest.len() / bytes_each.max(1) { Err(self.damaged()) } else { Ok(count) }
    }

    pub(super) fn block(&mut self) -> Result<&'a [u8], StoreError> {
        let length = self.count(1)?;
        self.take(length)
    }

    pub(super) fn float(&mut self) -> Result<f64, StoreError> {
        let bytes = self.take(8)?;
        let bytes: [u8; 8] = bytes.try_into().map_err(|_short| self.damaged())?;
        Ok(f64::from_le_bytes(bytes))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_come_back(unsigned in any::<u64>(), signed in any::<i64>()) {
            let mut bytes = Vec::new();
            put_unsigned(&mut bytes, unsigned);
            put_signed(&mut bytes, signed);
            put_checksum(&mut bytes);
            let mut reader = Reader::checked("test", &bytes).unwrap();
            prop_assert_eq!((reader.unsigned().unwrap(), reader.signed().unwrap()), (unsigned, signed));
            prop_assert!(reader.is_empty());
            let last = bytes.len() - 1;
            bytes[last] ^= 1;
            prop_assert!(Reader::checked("test", &bytes).is_err());
        }
    }
}
