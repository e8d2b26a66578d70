//! The hot end of a series: its newest samples, in time order, before they are sealed.

use std::sync::Arc;

use millwright_model::{Quality, Value};
use serde::{Deserialize, Serialize};

/// A sample as history keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredSample {
    /// When, in milliseconds since the epoch: the source's time, else ours.
    #[serde(rename = "t")]
    pub at_ms: i64,
    /// Its place among the samples of this series and time in one payload.
    #[serde(rename = "o", default, skip_serializing_if = "is_zero")]
    pub ordinal: u16,
    /// The value; nothing for null and NaN.
    #[serde(rename = "v")]
    pub value: Option<Value>,
    /// How far it can be trusted.
    #[serde(rename = "q")]
    pub quality: Quality,
    /// Whether the time is the source's own: only then can a repeat be told from a new sample.
    #[serde(rename = "s")]
    pub source_time: bool,
}

fn is_zero(ordinal: &u16) -> bool {
    *ordinal == 0
}

/// The hot end of one series.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) series_id: i64,
    pub(crate) key: Arc<str>,
    pub(crate) samples: Vec<StoredSample>,
    pub(crate) dirty: bool,
}

/// What became of a sample offered to a head.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Offered {
    Kept,
    /// The same key and value were there.
    Duplicate,
    /// The same key was there with another value: both are kept.
    Contradiction,
}

impl Head {
    /// Adds a sample in its place.
    pub(crate) fn offer(&mut self, sample: StoredSample) -> Offered {
        let key = |sample: &StoredSample| (sample.at_ms, sample.ordinal);
        if self.samples.last().is_none_or(|last| key(last) < key(&sample)) {
            self.samples.push(sample);
            self.dirty = true;
            return Offered::Kept;
        }
        let place = self.samples.partition_point(|kept| key(kept) <= key(&sample));
        let mut outcome = Offered::Kept;
        if sample.source_time {
            let twins = self.samples.iter().take(place).rev().take_while(|kept| key(kept) == key(&sample));
            for twin in twins.filter(|twin| twin.source_time) {
                if twin.value == sample.value && twin.quality == sample.quality {
                    return Offered::Duplicate;
                }
                outcome = Offered::Contradiction;
            }
        }
        self.samples.insert(place, sample);
        self.dirty = true;
        outcome
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(at_ms: i64, value: f64, source_time: bool) -> StoredSample {
        StoredSample {
            at_ms,
            ordinal: 0,
            value: Some(Value::Float(value)),
            quality: Quality::Good,
            source_time,
        }
    }

    fn head() -> Head {
        Head { series_id: 1, key: "uns:a".into(), samples: vec![], dirty: false }
    }

    #[test]
    fn a_late_sample_finds_its_place() {
        let mut head = head();
        for at_ms in [10, 30, 20] {
            assert_eq!(head.offer(sample(at_ms, 1.0, true)), Offered::Kept);
        }
        assert_eq!(head.samples.iter().map(|kept| kept.at_ms).collect::<Vec<_>>(), [10, 20, 30]);
    }

    #[test]
    fn the_same_sample_twice_is_kept_once() {
        let mut head = head();
        head.offer(sample(10, 1.0, true));
        assert_eq!(head.offer(sample(10, 1.0, true)), Offered::Duplicate);
        assert_eq!(head.samples.len(), 1);
    }

    #[test]
    fn the_same_time_with_another_value_keeps_both() {
        let mut head = head();
        head.offer(sample(10, 1.0, true));
        assert_eq!(head.offer(sample(10, 2.0, true)), Offered::Contradiction);
        assert_eq!(head.samples.len(), 2);
    }

    #[test]
    fn samples_without_a_time_of_their_own_are_never_taken_for_repeats() {
        let mut head = head();
        head.offer(sample(10, 1.0, false));
        assert_eq!(head.offer(sample(10, 1.0, false)), Offered::Kept);
    }
}
