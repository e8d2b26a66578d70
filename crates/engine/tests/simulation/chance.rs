//! Chance from a seed: SplitMix64 (Steele, Lea, Flood 2014), also as the source of ids and keys.

use std::sync::atomic::{AtomicU64, Ordering};

use millwright_engine::Mint;
use millwright_model::TimestampMs;
use uuid::Uuid;

/// What a seed decides.
pub struct Chance(AtomicU64);

fn mixed(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

impl Chance {
    pub fn new(seed: u64) -> Self {
        // Mixed once more: seeds that stand beside each other would draw the same numbers, one after the other.
        Self(AtomicU64::new(mixed(seed)))
    }

    pub fn next(&self) -> u64 {
        let state =
            self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::SeqCst).wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed(state)
    }

    pub fn below(&self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    pub fn one_in(&self, bound: usize) -> bool {
        self.below(bound) == 0
    }

    /// Any of `all`; nothing when there is none.
    pub fn any_of<'a, T>(&self, all: &'a [T]) -> Option<&'a T> {
        all.get(self.below(all.len().max(1)))
    }
}

impl Mint for Chance {
    fn uuid(&self, now: TimestampMs) -> Uuid {
        let mut random = [0; 10];
        random[..8].copy_from_slice(&self.next().to_le_bytes());
        random[8..].copy_from_slice(&self.next().to_le_bytes()[..2]);
        uuid::Builder::from_unix_timestamp_millis(now.0.max(0) as u64, &random).into_uuid()
    }

    fn secret(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for chunk in bytes.chunks_exact_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes());
        }
        bytes
    }
}
