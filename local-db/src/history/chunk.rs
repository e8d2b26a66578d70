//! Sealed chunks: timestamps and values compressed with pco, side by side, and what a trend needs of them.

use millwright_model::{Quality, Value};
use pco::standalone::simple_decompress;

use super::bytes::{Reader, put_block, put_unsigned};
use super::{StoredSample, column};
use crate::StoreError;

/// The layout that is written.
const LAYOUT: u8 = 2;
/// The layout of the first releases: five blocks with their lengths, none left out.
const FIRST_LAYOUT: u8 = 1;
/// More samples than this are in no chunk: a damaged number must not take the memory.
const SAMPLES_MAX: u64 = 1 << 20;

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

/// The values of samples by their form, in order.
#[derive(Default)]
struct Columns {
    times: Vec<i64>,
    classes: Vec<u32>,
    floats: Vec<f64>,
    ints: Vec<i64>,
    texts: Vec<String>,
}

/// Compresses samples: `LAYOUT`, how many samples, floats and ints there are, and the columns of times, classes,
/// floats, ints and texts.
pub(crate) fn seal(samples: &[StoredSample]) -> Result<Vec<u8>, StoreError> {
    let failed = |error: &dyn ToString| StoreError::corrupt("chunk", error.to_string());
    let columns = columns(samples);
    let classes: Vec<i64> = columns.classes.iter().map(|class| i64::from(*class)).collect();
    let mut bytes = vec![LAYOUT];
    for count in [samples.len(), columns.floats.len(), columns.ints.len()] {
        put_unsigned(&mut bytes, count as u64);
    }
    column::put_ints(&mut bytes, "chunk", &columns.times)?;
    column::put_ints(&mut bytes, "chunk", &classes)?;
    column::put_floats(&mut bytes, "chunk", &columns.floats)?;
    column::put_ints(&mut bytes, "chunk", &columns.ints)?;
    let texts = match columns.texts.is_empty() {
        true => Vec::new(),
        false => serde_json::to_vec(&columns.texts).map_err(|error| failed(&error))?,
    };
    put_block(&mut bytes, &texts);
    Ok(bytes)
}

fn columns(samples: &[StoredSample]) -> Columns {
    let mut columns = Columns {
        times: samples.iter().map(|sample| sample.at_ms).collect(),
        classes: samples.iter().map(class_of).collect(),
        ..Columns::default()
    };
    for sample in samples {
        match &sample.value {
            None => {}
            Some(Value::Float(number)) => columns.floats.push(*number),
            Some(Value::Int(number)) => columns.ints.push(*number),
            Some(Value::Bool(flag)) => columns.ints.push(i64::from(*flag)),
            Some(Value::Text(text)) => columns.texts.push(text.clone()),
        }
    }
    columns
}

/// The samples of a sealed chunk, of this layout or the first.
pub(crate) fn open(bytes: &[u8]) -> Result<Vec<StoredSample>, StoreError> {
    match bytes.first() {
        Some(&FIRST_LAYOUT) => samples_of(first_layout(bytes)?),
        Some(&LAYOUT) => samples_of(this_layout(bytes)?),
        Some(layout) => Err(StoreError::corrupt("chunk", format!("layout {layout} is not known"))),
        None => Err(StoreError::corrupt("chunk", "it is empty")),
    }
}

fn this_layout(bytes: &[u8]) -> Result<Columns, StoreError> {
    let mut reader = Reader::new("chunk", bytes);
    let _layout = reader.byte()?;
    let (count, float_count, int_count) = (reader.unsigned()?, reader.unsigned()?, reader.unsigned()?);
    if count > SAMPLES_MAX || float_count > count || int_count > count {
        return Err(reader.damaged());
    }
    let times = column::ints(&mut reader, "chunk", count as usize)?;
    let classes = column::ints(&mut reader, "chunk", count as usize)?
        .into_iter()
        .map(|class| u32::try_from(class).map_err(|_too_large| reader.damaged()))
        .collect::<Result<_, _>>()?;
    let floats = column::floats(&mut reader, "chunk", float_count as usize)?;
    let ints = column::ints(&mut reader, "chunk", int_count as usize)?;
    let texts = match reader.block()? {
        [] => Vec::new(),
        block => serde_json::from_slice(block).map_err(|error| StoreError::corrupt("chunk", error))?,
    };
    if reader.is_empty() {
        Ok(Columns { times, classes, floats, ints, texts })
    } else {
        Err(reader.damaged())
    }
}

fn first_layout(bytes: &[u8]) -> Result<Columns, StoreError> {
    let damaged = || StoreError::corrupt("chunk", "its layout is damaged");
    let failed = |error: &dyn ToString| StoreError::corrupt("chunk", error.to_string());
    let (_layout, mut rest) = bytes.split_first().ok_or_else(damaged)?;
    let mut next_block = || -> Result<&[u8], StoreError> {
        let (length, tail) = rest.split_first_chunk::<4>().ok_or_else(damaged)?;
        let (block, tail) =
            tail.split_at_checked(u32::from_le_bytes(*length) as usize).ok_or_else(damaged)?;
        rest = tail;
        Ok(block)
    };
    Ok(Columns {
        times: simple_decompress(next_block()?).map_err(|error| failed(&error))?,
        classes: simple_decompress(next_block()?).map_err(|error| failed(&error))?,
        floats: simple_decompress(next_block()?).map_err(|error| failed(&error))?,
        ints: simple_decompress(next_block()?).map_err(|error| failed(&error))?,
        texts: serde_json::from_slice(next_block()?).map_err(|error| failed(&error))?,
    })
}

fn samples_of(columns: Columns) -> Result<Vec<StoredSample>, StoreError> {
    let damaged = || StoreError::corrupt("chunk", "its layout is damaged");
    let Columns { times, classes, floats, ints, texts } = columns;
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
pub(super) mod tests {
    use pco::ChunkConfig;
    use pco::standalone::simple_compress;
    use proptest::prelude::*;

    use super::*;

    /// A sample of any kind.
    pub(in super::super) fn any_sample() -> impl Strategy<Value = StoredSample> {
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

    /// The layout of the first releases, as they wrote it.
    fn sealed_at_first(samples: &[StoredSample]) -> Vec<u8> {
        let columns = columns(samples);
        let config = ChunkConfig::default();
        let mut bytes = vec![FIRST_LAYOUT];
        for block in [
            simple_compress(&columns.times, &config).unwrap(),
            simple_compress(&columns.classes, &config).unwrap(),
            simple_compress(&columns.floats, &config).unwrap(),
            simple_compress(&columns.ints, &config).unwrap(),
            serde_json::to_vec(&columns.texts).unwrap(),
        ] {
            bytes.extend_from_slice(&(block.len() as u32).to_le_bytes());
            bytes.extend_from_slice(&block);
        }
        bytes
    }

    #[test]
    fn an_even_series_takes_a_few_bytes_beside_its_values() {
        let sample = |place: i64| StoredSample {
            at_ms: 1_795_000_000_000 + place * 1_000,
            ordinal: 0,
            value: None,
            quality: Quality::Bad,
            source_time: true,
        };
        let samples: Vec<StoredSample> = (0..4_000).map(sample).collect();
        let sealed = seal(&samples).unwrap();
        assert!(sealed.len() < 32, "{} bytes", sealed.len());
        assert_eq!(open(&sealed).unwrap(), samples);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_chunk_of_the_first_releases_opens(samples in prop::collection::vec(any_sample(), 0..50)) {
            prop_assert_eq!(open(&sealed_at_first(&samples)).unwrap(), samples);
        }

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
