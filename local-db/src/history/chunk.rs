//! Sealed chunks: timestamps and values compressed with pco, side by side, and what a trend needs of them.

use millwright_model::{Quality, Value};
use pco::ChunkConfig;
use pco::standalone::{simple_compress, simple_decompress};

use super::StoredSample;
use crate::StoreError;

/// The version of the layout below.
const LAYOUT: u8 = 1;

/// What a chunk's row says without opening its blob.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub(crate) struct Summary {
    pub(crate) first_ms: i64,
    pub(crate) last_ms: i64,
    pub(crate) count: i64,
    /// Over the numbers of good or uncertain quality; nothing when there are none.
    pub(crate) numbers: Option<NumberSummary>,
}

#[derive(Copy, Clone, Debug, PartialEq)]
pub(crate) struct NumberSummary {
    pub(crate) min: f64,
    pub(crate) max: f64,
    pub(crate) sum: f64,
    pub(crate) count: u64,
}

/// The number a trend draws for a sample; nothing for text, null and bad quality.
pub(crate) fn drawn_number(sample: &StoredSample) -> Option<f64> {
    match sample.quality {
        Quality::Bad => None,
        Quality::Good | Quality::Uncertain => sample.value.as_ref().and_then(Value::as_f64),
    }
}

pub(crate) fn summarise(samples: &[StoredSample]) -> Summary {
    let mut numbers: Option<NumberSummary> = None;
    for number in samples.iter().filter_map(drawn_number) {
        let sum = numbers.get_or_insert(NumberSummary { min: number, max: number, sum: 0.0, count: 0 });
        sum.min = sum.min.min(number);
        sum.max = sum.max.max(number);
        sum.sum += number;
        sum.count += 1;
    }
    Summary {
        first_ms: samples.first().map_or(0, |sample| sample.at_ms),
        last_ms: samples.last().map_or(0, |sample| sample.at_ms),
        count: samples.len() as i64,
        numbers,
    }
}

/// Value classes of a sample, one number each: they compress to almost nothing in a steady series.
fn class_of(sample: &StoredSample) -> u32 {
    let value = match &sample.value {
        None => 0,
        Some(Value::Float(_)) => 1,
        Some(Value::Int(_)) => 2,
        Some(Value::Bool(_)) => 3,
        Some(Value::Text(_)) => 4,
    };
    let quality = match sample.quality {
        Quality::Good => 0,
        Quality::Uncertain => 1,
        Quality::Bad => 2,
    };
    value | quality << 3 | u32::from(sample.source_time) << 5 | u32::from(sample.ordinal) << 8
}

/// Compresses samples: `LAYOUT`, then five length-prefixed blocks (times, classes, floats, ints, texts as JSON).
pub(crate) fn seal(samples: &[StoredSample]) -> Result<Vec<u8>, StoreError> {
    let failed = |error: &dyn ToString| StoreError::corrupt("chunk", error.to_string());
    let times: Vec<i64> = samples.iter().map(|sample| sample.at_ms).collect();
    let classes: Vec<u32> = samples.iter().map(class_of).collect();
    let (mut floats, mut ints, mut texts) = (Vec::new(), Vec::new(), Vec::new());
    for sample in samples {
        match &sample.value {
            None => {}
            Some(Value::Float(number)) => floats.push(*number),
            Some(Value::Int(number)) => ints.push(*number),
            Some(Value::Bool(flag)) => ints.push(i64::from(*flag)),
            Some(Value::Text(text)) => texts.push(text.clone()),
        }
    }
    let config = ChunkConfig::default();
    let blocks = [
        simple_compress(&times, &config).map_err(|error| failed(&error))?,
        simple_compress(&classes, &config).map_err(|error| failed(&error))?,
        simple_compress(&floats, &config).map_err(|error| failed(&error))?,
        simple_compress(&ints, &config).map_err(|error| failed(&error))?,
        serde_json::to_vec(&texts).map_err(|error| failed(&error))?,
    ];
    let mut bytes = vec![LAYOUT];
    for block in blocks {
        bytes.extend_from_slice(&(block.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&block);
    }
    Ok(bytes)
}

/// The samples of a sealed chunk.
pub(crate) fn open(bytes: &[u8]) -> Result<Vec<StoredSample>, StoreError> {
    let damaged = || StoreError::corrupt("chunk", "its layout is damaged");
    let failed = |error: &dyn ToString| StoreError::corrupt("chunk", error.to_string());
    let (&layout, mut rest) = bytes.split_first().ok_or_else(damaged)?;
    if layout != LAYOUT {
        return Err(StoreError::corrupt("chunk", format!("layout {layout} is not known")));
    }
    let mut next_block = || -> Result<&[u8], StoreError> {
        let (length, tail) = rest.split_first_chunk::<4>().ok_or_else(damaged)?;
        let (block, tail) =
            tail.split_at_checked(u32::from_le_bytes(*length) as usize).ok_or_else(damaged)?;
        rest = tail;
        Ok(block)
    };
    let times: Vec<i64> = simple_decompress(next_block()?).map_err(|error| failed(&error))?;
    let classes: Vec<u32> = simple_decompress(next_block()?).map_err(|error| failed(&error))?;
    let floats: Vec<f64> = simple_decompress(next_block()?).map_err(|error| failed(&error))?;
    let ints: Vec<i64> = simple_decompress(next_block()?).map_err(|error| failed(&error))?;
    let texts: Vec<String> = serde_json::from_slice(next_block()?).map_err(|error| failed(&error))?;
    if classes.len() != times.len() {
        return Err(damaged());
    }
    let (mut floats, mut ints, mut texts) = (floats.into_iter(), ints.into_iter(), texts.into_iter());
    let mut samples = Vec::with_capacity(times.len());
    for (at_ms, class) in times.into_iter().zip(classes) {
        let value = match class & 7 {
            0 => None,
            1 => Some(Value::Float(floats.next().ok_or_else(damaged)?)),
            2 => Some(Value::Int(ints.next().ok_or_else(damaged)?)),
            3 => Some(Value::Bool(ints.next().ok_or_else(damaged)? != 0)),
            4 => Some(Value::Text(texts.next().ok_or_else(damaged)?)),
            _ => return Err(damaged()),
        };
        let quality = match (class >> 3) & 3 {
            0 => Quality::Good,
            1 => Quality::Uncertain,
            2 => Quality::Bad,
            _ => return Err(damaged()),
        };
        samples.push(StoredSample {
            at_ms,
            ordinal: (class >> 8) as u16,
            value,
            quality,
            source_time: class & 32 != 0,
        });
    }
    Ok(samples)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_sample() -> impl Strategy<Value = StoredSample> {
        let value = prop_oneof![
            Just(None),
            any::<f64>()
                .prop_filter("finite", |number| number.is_finite())
                .prop_map(|number| Some(Value::Float(number))),
            any::<i64>().prop_map(|number| Some(Value::Int(number))),
            any::<bool>().prop_map(|flag| Some(Value::Bool(flag))),
            "[a-z]{0,8}".prop_map(|text| Some(Value::Text(text))),
        ];
        let quality = prop_oneof![Just(Quality::Good), Just(Quality::Uncertain), Just(Quality::Bad)];
        (any::<i64>(), any::<u16>(), value, quality, any::<bool>()).prop_map(
            |(at_ms, ordinal, value, quality, source_time)| StoredSample {
                at_ms,
                ordinal,
                value,
                quality,
                source_time,
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_sealed_chunk_opens_to_the_same_samples(samples in prop::collection::vec(any_sample(), 0..200)) {
            prop_assert_eq!(open(&seal(&samples).unwrap()).unwrap(), samples);
        }

        #[test]
        fn damaged_bytes_are_an_error_and_never_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _outcome = open(&bytes);
        }
    }
}
