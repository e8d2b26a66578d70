//! How long to wait before the next try. Pure: the random number is passed in.

use super::config::LinkTimings;

#[derive(Debug, Default)]
pub(super) struct Backoff {
    tries: u32,
}

impl Backoff {
    /// The next wait: twice the one before, at most the longest, of which a random half is left off so
    /// that a hall of tablets does not come back in one instant.
    pub fn next_ms(&mut self, timings: &LinkTimings, random: u64) -> u64 {
        let doubled = timings.first_wait_ms.saturating_mul(1_u64 << self.tries.min(20));
        let full_ms = doubled.min(timings.longest_wait_ms).max(1);
        self.tries = self.tries.saturating_add(1);
        full_ms - random % (full_ms / 2 + 1)
    }

    pub fn reset(&mut self) {
        self.tries = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_the_cap_and_start_again_after_a_reset() {
        let timings = LinkTimings::default();
        let mut backoff = Backoff::default();
        let full: Vec<u64> = (0..9).map(|_| backoff.next_ms(&timings, 0)).collect();
        assert_eq!(full, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
        backoff.reset();
        for random in [0, 1, 250, u64::MAX] {
            let mut backoff = Backoff::default();
            let wait_ms = backoff.next_ms(&timings, random);
            assert!((250..=500).contains(&wait_ms), "{wait_ms}");
        }
        assert_eq!(backoff.next_ms(&timings, 0), 500);
    }
}
