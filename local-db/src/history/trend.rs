//! Thinning a span to buckets that keep the smallest and the largest value of every moment.

use millwright_model::{TimestampMs, TrendBucket, TrendView};

use super::StoredSample;
use super::chunk::{NumberSummary, drawn_number};

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

    /// Whether a chunk lies within one bucket, so that its summary says all.
    pub(crate) fn fits_one_bucket(&self, first_ms: i64, last_ms: i64) -> bool {
        matches!((self.bucket_of(first_ms), self.bucket_of(last_ms)), (Some(first), Some(last)) if first == last)
    }

    pub(crate) fn add_summary(&mut self, first_ms: i64, numbers: NumberSummary) {
        self.samples += numbers.count;
        let Some(slot) = self.bucket_of(first_ms).and_then(|index| self.buckets.get_mut(index)) else {
            return;
        };
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
