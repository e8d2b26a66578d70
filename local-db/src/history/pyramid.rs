//! What a trend needs of a chunk without opening it: smallest, largest, sum and count of every few dozen samples.

use super::bytes::{Reader, put_unsigned};
use super::chunk::{NumberSummary, Summary, drawn_number, summarise};
use super::{StoredSample, column};
use crate::StoreError;

/// The version of the layout below.
const LAYOUT: u8 = 1;
/// So many samples an entry stands for.
pub(super) const ENTRY_SAMPLES: usize = 128;

/// More entries than this are in no pyramid: a damaged number must not take the memory.
const ENTRIES_MAX: u64 = 1 << 16;

/// The entries of a chunk's samples, in their order.
pub(super) fn entries(samples: &[StoredSample]) -> Vec<Summary> {
    let entry = |samples: &[StoredSample]| {
        let mut summary = summarise(samples);
        if let Some(numbers) = &mut summary.numbers {
            let drawn: Vec<f64> = samples.iter().filter_map(drawn_number).collect();
            numbers.sum = column::dusted(&drawn, numbers.sum);
        }
        summary
    };
    samples.chunks(ENTRY_SAMPLES).map(entry).collect()
}

/// Writes entries as columns: first times, spans, counts, counts of numbers, then smallest, largest and sums.
pub(super) fn encode(entries: &[Summary]) -> Result<Vec<u8>, StoreError> {
    let mut bytes = vec![LAYOUT];
    put_unsigned(&mut bytes, entries.len() as u64);
    let mut put = |ints: Vec<i64>| column::put_ints(&mut bytes, "pyramid", &ints);
    put(entries.iter().map(|entry| entry.first_ms).collect())?;
    put(entries.iter().map(|entry| entry.last_ms.wrapping_sub(entry.first_ms)).collect())?;
    put(entries.iter().map(|entry| entry.count).collect())?;
    put(entries.iter().map(|entry| entry.numbers.map_or(0, |numbers| numbers.count as i64)).collect())?;
    let numbers: Vec<NumberSummary> = entries.iter().filter_map(|entry| entry.numbers).collect();
    let mut ends: Vec<f64> = numbers.iter().map(|numbers| numbers.min).collect();
    ends.extend(numbers.iter().map(|numbers| numbers.max));
    let sums: Vec<f64> = numbers.iter().map(|numbers| numbers.sum).collect();
    column::put_floats(&mut bytes, "pyramid", &ends)?;
    column::put_floats(&mut bytes, "pyramid", &sums)?;
    Ok(bytes)
}

/// Reads entries.
pub(super) fn decode(bytes: &[u8]) -> Result<Vec<Summary>, StoreError> {
    let mut reader = Reader::new("pyramid", bytes);
    let layout = reader.byte()?;
    if layout != LAYOUT {
        return Err(StoreError::corrupt("pyramid", format!("layout {layout} is not known")));
    }
    let count = reader.unsigned()?;
    if count > ENTRIES_MAX {
        return Err(reader.damaged());
    }
    let mut ints = || column::ints(&mut reader, "pyramid", count as usize);
    let (firsts, spans, counts, number_counts) = (ints()?, ints()?, ints()?, ints()?);
    let filled = number_counts.iter().filter(|count| **count > 0).count();
    let ends = column::floats(&mut reader, "pyramid", 2 * filled)?;
    let sums = column::floats(&mut reader, "pyramid", filled)?;
    let (mins, maxs) = ends.split_at(filled);
    let mut numbers = mins.iter().zip(maxs).zip(&sums);
    let times = firsts.into_iter().zip(spans);
    Ok(times
        .zip(counts.into_iter().zip(number_counts))
        .map(|((first_ms, span), (count, number_count))| {
            let numbers = match u64::try_from(number_count) {
                Ok(count) if count > 0 => numbers.next().map(|((min, max), sum)| NumberSummary {
                    min: *min,
                    max: *max,
                    sum: *sum,
                    count,
                }),
                _ => None,
            };
            Summary { first_ms, last_ms: first_ms.wrapping_add(span), count, numbers }
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::chunk::tests::any_sample;
    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn entries_come_back(samples in prop::collection::vec(any_sample(), 0..300)) {
            let written = entries(&samples);
            prop_assert_eq!(decode(&encode(&written).unwrap()).unwrap(), written);
        }

        #[test]
        fn any_bytes_are_an_answer_and_never_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _read_or_refused = decode(&bytes).is_ok();
        }
    }
}
