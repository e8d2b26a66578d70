//! The hot end of a series: its newest samples, in time order, before they are sealed.
//!
//! What a checkpoint has put into the file already stays in memory as it lies there, about a byte a sample; only what
//! came since is spread out. So a head needs the same room whether its chunk has just begun or is nearly full.

use std::sync::Arc;

use millwright_model::{Quality, Value};
use serde::{Deserialize, Serialize};

use super::chunk;
use crate::StoreError;

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
    folded: Option<Folded>,
    /// What came since the last checkpoint; later than all that is folded.
    samples: Vec<StoredSample>,
}

/// The samples of a head as the last checkpoint wrote them.
#[derive(Clone, Debug)]
pub(crate) struct Folded {
    bytes: Vec<u8>,
    last: (i64, u16),
}

impl Folded {
    /// Samples that a checkpoint writes; nothing for none.
    pub(crate) fn seal(samples: &[StoredSample]) -> Result<Option<Self>, StoreError> {
        let Some(last) = samples.last().map(place_of) else { return Ok(None) };
        Ok(Some(Self { bytes: chunk::seal(samples)?, last }))
    }

    /// As they lie in the file.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// What orders samples of a series.
fn place_of(sample: &StoredSample) -> (i64, u16) {
    (sample.at_ms, sample.ordinal)
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
    pub(crate) fn new(series_id: i64, key: Arc<str>) -> Self {
        Self { series_id, key, folded: None, samples: Vec::new() }
    }

    /// Whether anything came since the last checkpoint.
    pub(crate) fn is_dirty(&self) -> bool {
        !self.samples.is_empty()
    }

    /// All of its samples, in order.
    pub(crate) fn all(&self) -> Result<Vec<StoredSample>, StoreError> {
        let mut all = match &self.folded {
            Some(folded) => chunk::open(&folded.bytes)?,
            None => Vec::new(),
        };
        all.extend_from_slice(&self.samples);
        Ok(all)
    }

    /// What the last checkpoint wrote, while nothing came since.
    pub(crate) fn folded(&self) -> Option<&Folded> {
        self.folded.as_ref()
    }

    /// What it holds is in the file now, `folded` of it as the head, the rest in chunks.
    pub(crate) fn fold(&mut self, folded: Option<Folded>) {
        self.folded = folded;
        self.samples = Vec::new();
    }

    /// Adds a sample in its place.
    pub(crate) fn offer(&mut self, sample: StoredSample) -> Offered {
        if self.folded.as_ref().is_some_and(|folded| place_of(&sample) <= folded.last) {
            self.unfold();
        }
        if self.samples.last().is_none_or(|last| place_of(last) < place_of(&sample)) {
            self.samples.push(sample);
            return Offered::Kept;
        }
        let place = self.samples.partition_point(|kept| place_of(kept) <= place_of(&sample));
        let mut outcome = Offered::Kept;
        if sample.source_time {
            let twins =
                self.samples.iter().take(place).rev().take_while(|kept| place_of(kept) == place_of(&sample));
            for twin in twins.filter(|twin| twin.source_time) {
                if twin.value == sample.value && twin.quality == sample.quality {
                    return Offered::Duplicate;
                }
                outcome = Offered::Contradiction;
            }
        }
        self.samples.insert(place, sample);
        outcome
    }

    /// A late sample finds its place among those that were folded.
    fn unfold(&mut self) {
        match self.all() {
            Ok(all) => {
                self.samples = all;
                self.folded = None;
            }
            // Our own bytes, sealed in this process or checked when they were read: then the late one stands behind
            // them, and whoever reads sorts.
            Err(error) => tracing::error!(series = %self.key, %error, "a head could not be unfolded"),
        }
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
        Head::new(1, "uns:a".into())
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

    /// The head after a checkpoint that sealed no chunk.
    fn folded_head(at_ms: &[i64]) -> Head {
        let mut head = head();
        for at_ms in at_ms {
            head.offer(sample(*at_ms, 1.0, true));
        }
        let folded = Folded::seal(&head.all().unwrap()).unwrap();
        head.fold(folded);
        head
    }

    #[test]
    fn folded_samples_are_followed_by_what_came_since() {
        let mut head = folded_head(&[10, 20]);
        assert!(!head.is_dirty());
        head.offer(sample(30, 1.0, true));
        assert!(head.is_dirty());
        assert_eq!(head.all().unwrap().iter().map(|kept| kept.at_ms).collect::<Vec<_>>(), [10, 20, 30]);
        assert_eq!(head.samples.len(), 1, "only what is new is spread out");
    }

    #[test]
    fn a_late_sample_and_a_repeat_are_told_from_folded_ones() {
        let mut head = folded_head(&[10, 30]);
        assert_eq!(head.offer(sample(30, 1.0, true)), Offered::Duplicate);
        assert_eq!(head.offer(sample(20, 1.0, true)), Offered::Kept);
        assert_eq!(head.offer(sample(10, 2.0, true)), Offered::Contradiction);
        assert_eq!(head.all().unwrap().iter().map(|kept| kept.at_ms).collect::<Vec<_>>(), [10, 10, 20, 30]);
    }
}
