//! How often a caller may ask: a bucket of calls that fills by itself. Pure.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::{Duration, Instant};

/// How fast calls may come.
#[derive(Copy, Clone, Debug)]
pub struct Pace {
    /// So many at once.
    pub burst: f64,
    /// So many a second in the long run.
    pub per_s: f64,
}

struct Bucket {
    left: f64,
    at: Instant,
}

/// The buckets of callers.
pub struct Buckets<Key> {
    pace: Pace,
    buckets: HashMap<Key, Bucket>,
}

impl<Key: Eq + Hash> Buckets<Key> {
    /// Buckets that fill at this pace.
    pub fn new(pace: Pace) -> Self {
        Self { pace, buckets: HashMap::new() }
    }

    /// Takes a call out of the caller's bucket; where it is empty, says after how long the next one is in it.
    pub fn take(&mut self, caller: Key, now: Instant) -> Result<(), Duration> {
        let Pace { burst, per_s } = self.pace;
        let filled = |bucket: &Bucket| {
            let since_s = now.saturating_duration_since(bucket.at).as_secs_f64();
            (bucket.left + since_s * per_s).min(burst)
        };
        // A bucket that is full again says nothing: the map stays as small as the callers of the last moments.
        self.buckets.retain(|_caller, bucket| filled(bucket) < burst);
        let left = self.buckets.get(&caller).map_or(burst, filled);
        if left < 1.0 {
            return Err(Duration::from_secs_f64((1.0 - left) / per_s));
        }
        self.buckets.insert(caller, Bucket { left: left - 1.0, at: now });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_then_calls_come_at_their_pace() {
        let mut buckets = Buckets::new(Pace { burst: 3.0, per_s: 2.0 });
        let start = Instant::now();
        let at = |ms: u64| start + Duration::from_millis(ms);
        for _ in 0..3 {
            assert_eq!(buckets.take("mes", start), Ok(()));
        }
        assert_eq!(buckets.take("mes", start), Err(Duration::from_millis(500)));
        assert_eq!(buckets.take("other", start), Ok(()), "one caller does not use up another one's calls");
        assert_eq!(buckets.take("mes", at(500)), Ok(()));
        assert!(buckets.take("mes", at(600)).is_err());
    }

    #[test]
    fn callers_that_rest_are_forgotten() {
        let mut buckets = Buckets::new(Pace { burst: 1.0, per_s: 10.0 });
        let start = Instant::now();
        for caller in 0..1_000 {
            assert_eq!(buckets.take(caller, start), Ok(()));
        }
        assert_eq!(buckets.take(0, start + Duration::from_secs(1)), Ok(()));
        assert_eq!(buckets.buckets.len(), 1);
    }
}
