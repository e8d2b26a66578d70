//! Thinning a span to buckets that keep the smallest and the largest value of every moment.

use millwright_model::{TimestampMs, TrendBucket, TrendView};

use super::StoredSample;
use super::chunk::{NumberSummary, drawn_number};

/// A span of at most this part of a bucket is taken as a whole.
const SHORT_SPAN: i64 = 8;

/// Collects samples and whole chunks into buckets of equal width.
pub(crate) struct Thinner {
    from_ms: i64,
    to_ms: i64,
    bucket_ms: i64,
    buckets: Vec<Option<NumberSummary>>,
    samples: u64,
}

impl Thinner {
    /// Buckets over `from_ms..to_ms`, at most `bucket_count` of them.
    pub(crate) fn new(from_ms: i64, to_ms: i64, bucket_count: u32) -> Self {
        let span = to_ms.saturating_sub(from_ms).max(1);
        let wanted = i64::from(bucket_count.clamp(1, 10_000));
        let bucket_ms = (span / wanted + i64::from(span % wanted != 0)).max(1);
        let count = (span / bucket_ms + i64::from(span % bucket_ms != 0)) as usize;
        Self { from_ms, to_ms, bucket_ms, buckets: vec![None; count], samples: 0 }
    }

    fn bucket_of(&self, at_ms: i64) -> Option<usize> {
        (at_ms >= self.from_ms && at_ms < self.to_ms)
            .then(|| ((at_ms - self.from_ms) / self.bucket_ms) as usize)
    }

    /// Whether a summary of this span can be taken as a whole: it lies within one bucket, or is so short against a
    /// bucket that nobody sees to which of two neighbours it was given.
    pub(crate) fn takes_whole(&self, first_ms: i64, last_ms: i64) -> bool {
        match (self.bucket_of(first_ms), self.bucket_of(last_ms)) {
            (Some(first), Some(last)) => {
                first == last || last_ms.saturating_sub(first_ms) <= self.bucket_ms / SHORT_SPAN
            }
            _ => false,
        }
    }

    /// Whether a span touches what is asked for.
    pub(crate) fn touches(&self, first_ms: i64, last_ms: i64) -> bool {
        last_ms >= self.from_ms && first_ms < self.to_ms
    }

    /// Takes a summary whose middle lies at `at_ms`.
    pub(crate) fn add_summary(&mut self, at_ms: i64, numbers: NumberSummary) {
        let Some(slot) = self.bucket_of(at_ms).and_then(|index| self.buckets.get_mut(index)) else {
            return;
        };
        self.samples += numbers.count;
        match slot {
            None => *slot = Some(numbers),
            Some(sum) => {
                sum.min = sum.min.min(numbers.min);
                sum.max = sum.max.max(numbers.max);
                sum.sum += numbers.sum;
                sum.count += numbers.count;
            }
        }
    }

    pub(crate) fn add_sample(&mut self, sample: &StoredSample) {
        if self.bucket_of(sample.at_ms).is_none() {
            return;
        }
        if let Some(number) = drawn_number(sample) {
            self.add_summary(sample.at_ms, NumberSummary { min: number, max: number, sum: number, count: 1 });
        }
    }

    pub(crate) fn finish(self) -> TrendView {
        let mut buckets = Vec::new();
        for (index, numbers) in self.buckets.iter().enumerate() {
            let Some(numbers) = numbers else { continue };
            buckets.push(TrendBucket {
                at: TimestampMs(self.from_ms + index as i64 * self.bucket_ms),
                min: numbers.min,
                max: numbers.max,
                mean: numbers.sum / numbers.count as f64,
                count: numbers.count,
            });
        }
        TrendView { buckets, bucket_ms: self.bucket_ms, samples: self.samples }
    }
}
