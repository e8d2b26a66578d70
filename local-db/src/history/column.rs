//! Columns of numbers: even steps take a few bytes for all of them, decimals are packed as the whole numbers that they
//! are, and the rest goes to pco as it is.

use pco::ChunkConfig;
use pco::data_types::Number;
use pco::standalone::{simple_compress, simple_decompress};

use super::bytes::{Reader, put_block, put_signed};
use crate::StoreError;

const STEADY: u8 = 0;
const COMPRESSED: u8 = 1;
/// For floats: no number at all, floats as they are, or (from here on) whole numbers of so many decimal places.
const NONE: u8 = 0;
const DECIMALS: u8 = 2;
/// The most decimal places that are tried.
const PLACES_MAX: u8 = 6;
/// Beyond this a scaled number is no longer exact.
const EXACT_MAX: f64 = 9_007_199_254_740_992.0;

fn packed<T: Number>(what: &'static str, numbers: &[T]) -> Result<Vec<u8>, StoreError> {
    simple_compress(numbers, &ChunkConfig::default()).map_err(|error| StoreError::corrupt(what, error))
}

fn unpacked<T: Number>(what: &'static str, bytes: &[u8], count: usize) -> Result<Vec<T>, StoreError> {
    let numbers = simple_decompress(bytes).map_err(|error| StoreError::corrupt(what, error))?;
    if numbers.len() == count {
        Ok(numbers)
    } else {
        Err(StoreError::corrupt(what, "a column has another length"))
    }
}

/// Appends whole numbers.
pub(super) fn put_ints(bytes: &mut Vec<u8>, what: &'static str, ints: &[i64]) -> Result<(), StoreError> {
    match even_step(ints) {
        Some((first, step)) => {
            bytes.push(STEADY);
            put_signed(bytes, first);
            put_signed(bytes, step);
        }
        None => {
            bytes.push(COMPRESSED);
            put_block(bytes, &packed(what, ints)?);
        }
    }
    Ok(())
}

/// Reads `count` whole numbers; the caller has bounded the count.
pub(super) fn ints(
    reader: &mut Reader<'_>,
    what: &'static str,
    count: usize,
) -> Result<Vec<i64>, StoreError> {
    match reader.byte()? {
        STEADY => {
            let (first, step) = (reader.signed()?, reader.signed()?);
            Ok((0..count as i64).map(|place| first.wrapping_add(step.wrapping_mul(place))).collect())
        }
        COMPRESSED => unpacked(what, reader.block()?, count),
        _ => Err(reader.damaged()),
    }
}

/// The first number and the step, when all are as far apart.
fn even_step(ints: &[i64]) -> Option<(i64, i64)> {
    let Some(first) = ints.first() else { return Some((0, 0)) };
    let step = ints.get(1).map_or(Some(0), |second| second.checked_sub(*first))?;
    ints.windows(2).all(|pair| pair[1].checked_sub(pair[0]) == Some(step)).then_some((*first, step))
}

/// Appends floats.
pub(super) fn put_floats(bytes: &mut Vec<u8>, what: &'static str, floats: &[f64]) -> Result<(), StoreError> {
    if floats.is_empty() {
        bytes.push(NONE);
        return Ok(());
    }
    match scaled(floats) {
        Some((places, ints)) => {
            bytes.push(DECIMALS + places);
            put_block(bytes, &packed(what, &ints)?);
        }
        None => {
            bytes.push(COMPRESSED);
            put_block(bytes, &packed(what, floats)?);
        }
    }
    Ok(())
}

/// Reads `count` floats.
pub(super) fn floats(
    reader: &mut Reader<'_>,
    what: &'static str,
    count: usize,
) -> Result<Vec<f64>, StoreError> {
    match reader.byte()? {
        NONE if count == 0 => Ok(Vec::new()),
        COMPRESSED => unpacked(what, reader.block()?, count),
        tag @ DECIMALS.. if tag - DECIMALS <= PLACES_MAX => {
            let ints: Vec<i64> = unpacked(what, reader.block()?, count)?;
            let scale = 10_f64.powi(i32::from(tag - DECIMALS));
            Ok(ints.into_iter().map(|int| int as f64 / scale).collect())
        }
        _ => Err(reader.damaged()),
    }
}

/// The fewest decimal places with which every number is exact, and the numbers without their point.
fn scaled(floats: &[f64]) -> Option<(u8, Vec<i64>)> {
    (0..=PLACES_MAX).find_map(|places| {
        let scale = 10_f64.powi(i32::from(places));
        let ints = floats.iter().map(|float| {
            let int = (float * scale).round();
            let exact = int.abs() < EXACT_MAX && (int as i64 as f64 / scale).to_bits() == float.to_bits();
            exact.then_some(int as i64)
        });
        Some((places, ints.collect::<Option<Vec<i64>>>()?))
    })
}

/// A sum of such numbers without the dust of its additions.
pub(super) fn dusted(floats: &[f64], sum: f64) -> f64 {
    let Some((places, _)) = scaled(floats) else { return sum };
    let scale = 10_f64.powi(i32::from(places));
    let clean = (sum * scale).round() / scale;
    if clean.is_finite() { clean } else { sum }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn back(floats: &[f64], ints: &[i64]) {
        let mut bytes = Vec::new();
        put_floats(&mut bytes, "test", floats).unwrap();
        put_ints(&mut bytes, "test", ints).unwrap();
        let mut reader = Reader::new("test", &bytes);
        let read = super::floats(&mut reader, "test", floats.len()).unwrap();
        let bits = |floats: &[f64]| floats.iter().map(|float| float.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&read), bits(floats));
        assert_eq!(super::ints(&mut reader, "test", ints.len()).unwrap(), ints);
        assert!(reader.is_empty());
    }

    proptest! {
        #[test]
        fn numbers_come_back_bit_by_bit(
            floats in prop::collection::vec(any::<f64>(), 0..20),
            cents in prop::collection::vec(any::<i32>(), 0..20),
            ints in prop::collection::vec(any::<i64>(), 0..20),
        ) {
            back(&floats, &ints);
            let decimals: Vec<f64> = cents.iter().map(|cents| f64::from(*cents) / 100.0).collect();
            back(&decimals, &cents.iter().map(|cents| i64::from(*cents)).collect::<Vec<_>>());
        }
    }

    #[test]
    fn minus_zero_stays_what_it_is() {
        back(&[-0.0, 0.0, 1.5], &[3, 5, 7]);
    }
}
