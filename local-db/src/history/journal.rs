//! A group commit as one record of the journal: compact, versioned, with a checksum. The first releases wrote JSON,
//! which is still read.

use millwright_model::{Quality, Value};

use super::StoredSample;
use super::bytes::{Reader, put_block, put_checksum, put_signed, put_unsigned};
use crate::StoreError;

/// The version of the layout below; JSON starts with `[`.
const LAYOUT: u8 = 1;
const JSON: u8 = b'[';

/// The samples of one series in a group commit.
pub(super) type SeriesSamples = (i64, Vec<StoredSample>);

const NO_VALUE: u8 = 0;
const FLOAT: u8 = 1;
const INT: u8 = 2;
const FALSE: u8 = 3;
const TRUE: u8 = 4;
const TEXT: u8 = 5;
const VALUE_BITS: u8 = 0b0000_0111;
const QUALITY_SHIFT: u8 = 3;
const SOURCE_TIME: u8 = 0b0010_0000;
const ORDINAL: u8 = 0b0100_0000;

/// Writes a record: `LAYOUT`, the number of series, and per series its id, the number of samples and each of them as
/// the time since the one before, a byte of flags, and the value.
pub(super) fn encode<'a>(series: impl ExactSizeIterator<Item = (i64, &'a [&'a StoredSample])>) -> Vec<u8> {
    let mut bytes = vec![LAYOUT];
    put_unsigned(&mut bytes, series.len() as u64);
    let mut before_ms = 0;
    for (series_id, samples) in series {
        put_signed(&mut bytes, series_id);
        put_unsigned(&mut bytes, samples.len() as u64);
        for sample in samples {
            put_sample(&mut bytes, sample, before_ms);
            before_ms = sample.at_ms;
        }
    }
    put_checksum(&mut bytes);
    bytes
}

fn put_sample(bytes: &mut Vec<u8>, sample: &StoredSample, before_ms: i64) {
    put_signed(bytes, sample.at_ms.wrapping_sub(before_ms));
    let value = match &sample.value {
        None => NO_VALUE,
        Some(Value::Float(_)) => FLOAT,
        Some(Value::Int(_)) => INT,
        Some(Value::Bool(false)) => FALSE,
        Some(Value::Bool(true)) => TRUE,
        Some(Value::Text(_)) => TEXT,
    };
    let quality = match sample.quality {
        Quality::Good => 0,
        Quality::Uncertain => 1,
        Quality::Bad => 2,
    };
    let source_time = if sample.source_time { SOURCE_TIME } else { 0 };
    let ordinal = if sample.ordinal > 0 { ORDINAL } else { 0 };
    bytes.push(value | quality << QUALITY_SHIFT | source_time | ordinal);
    if sample.ordinal > 0 {
        put_unsigned(bytes, u64::from(sample.ordinal));
    }
    match &sample.value {
        None | Some(Value::Bool(_)) => {}
        Some(Value::Float(number)) => bytes.extend_from_slice(&number.to_le_bytes()),
        Some(Value::Int(number)) => put_signed(bytes, *number),
        Some(Value::Text(text)) => put_block(bytes, text.as_bytes()),
    }
}

/// Reads a record of either kind.
pub(super) fn decode(bytes: &[u8]) -> Result<Vec<SeriesSamples>, StoreError> {
    match bytes.first() {
        Some(&JSON) => serde_json::from_slice(bytes).map_err(|error| StoreError::corrupt("journal", error)),
        _ => decode_binary(bytes),
    }
}

fn decode_binary(bytes: &[u8]) -> Result<Vec<SeriesSamples>, StoreError> {
    let mut reader = Reader::checked("journal", bytes)?;
    let layout = reader.byte()?;
    if layout != LAYOUT {
        return Err(StoreError::corrupt("journal", format!("layout {layout} is not known")));
    }
    let series_count = reader.count(2)?;
    let mut batch = Vec::with_capacity(series_count);
    let mut before_ms = 0;
    for _ in 0..series_count {
        let series_id = reader.signed()?;
        let count = reader.count(2)?;
        let mut samples = Vec::with_capacity(count);
        for _ in 0..count {
            let sample = sample(&mut reader, before_ms)?;
            before_ms = sample.at_ms;
            samples.push(sample);
        }
        batch.push((series_id, samples));
    }
    if reader.is_empty() { Ok(batch) } else { Err(reader.damaged()) }
}

fn sample(reader: &mut Reader<'_>, before_ms: i64) -> Result<StoredSample, StoreError> {
    let at_ms = before_ms.wrapping_add(reader.signed()?);
    let flags = reader.byte()?;
    let ordinal = if flags & ORDINAL == 0 {
        0
    } else {
        u16::try_from(reader.unsigned()?).map_err(|_too_large| reader.damaged())?
    };
    let quality = match (flags >> QUALITY_SHIFT) & 3 {
        0 => Quality::Good,
        1 => Quality::Uncertain,
        2 => Quality::Bad,
        _ => return Err(reader.damaged()),
    };
    let value = match flags & VALUE_BITS {
        NO_VALUE => None,
        FLOAT => Some(Value::Float(reader.float()?)),
        INT => Some(Value::Int(reader.signed()?)),
        FALSE => Some(Value::Bool(false)),
        TRUE => Some(Value::Bool(true)),
        TEXT => {
            let text = std::str::from_utf8(reader.block()?).map_err(|_not_text| reader.damaged())?;
            Some(Value::Text(text.to_owned()))
        }
        _ => return Err(reader.damaged()),
    };
    Ok(StoredSample { at_ms, ordinal, value, quality, source_time: flags & SOURCE_TIME != 0 })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::chunk::tests::any_sample;
    use super::*;

    fn written(batch: &[SeriesSamples]) -> Vec<u8> {
        let borrowed: Vec<(i64, Vec<&StoredSample>)> =
            batch.iter().map(|(series_id, samples)| (*series_id, samples.iter().collect())).collect();
        encode(borrowed.iter().map(|(series_id, samples)| (*series_id, samples.as_slice())))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_record_reads_as_it_was_written_and_a_damaged_one_is_refused(
            batch in prop::collection::vec((any::<i64>(), prop::collection::vec(any_sample(), 0..20)), 0..10),
            place in any::<prop::sample::Index>(),
        ) {
            let mut bytes = written(&batch);
            prop_assert_eq!(&decode(&bytes).unwrap(), &batch);
            let place = place.index(bytes.len());
            bytes[place] ^= 0x10;
            prop_assert!(decode(&bytes).is_err());
        }

        #[test]
        fn any_bytes_are_an_answer_and_never_a_panic(mut bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _refused = decode(&bytes).is_err();
            put_checksum(&mut bytes);
            let _read_or_refused = decode(&bytes).is_ok();
        }
    }

    #[test]
    fn a_record_of_the_first_releases_is_read() {
        let json = br#"[[7,[{"t":5,"v":{"kind":"float","value":1.5},"q":"good","s":true},{"t":6,"o":2,"v":null,"q":"bad","s":false}]]]"#;
        let batch = decode(json).unwrap();
        assert_eq!(batch[0].0, 7);
        assert_eq!(batch[0].1[0].value, Some(Value::Float(1.5)));
        assert_eq!((batch[0].1[1].ordinal, batch[0].1[1].quality), (2, Quality::Bad));
    }
}
