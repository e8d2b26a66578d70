//! How many bytes of payloads wait for the consumer, however deep they are queued.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;

/// So many bytes may wait; one message beyond is still taken.
const WAITING_MAX_BYTES: usize = 128 * 1024 * 1024;
/// Smaller payloads are not counted: the number of messages in a channel bounds them.
const COUNTED_FROM_BYTES: usize = 1024;

/// The bytes of payloads that were handed over and not dropped yet.
#[derive(Debug, Default)]
pub(super) struct Load {
    waiting_bytes: Arc<AtomicUsize>,
}

struct Counted {
    payload: Bytes,
    waiting_bytes: Arc<AtomicUsize>,
}

impl AsRef<[u8]> for Counted {
    fn as_ref(&self) -> &[u8] {
        &self.payload
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.waiting_bytes.fetch_sub(self.payload.len(), Ordering::Relaxed);
    }
}

impl Load {
    /// The same payload, counted until the last copy of it is dropped.
    pub fn counted(&self, payload: Bytes) -> Bytes {
        if payload.len() < COUNTED_FROM_BYTES {
            return payload;
        }
        self.waiting_bytes.fetch_add(payload.len(), Ordering::Relaxed);
        Bytes::from_owner(Counted { payload, waiting_bytes: Arc::clone(&self.waiting_bytes) })
    }

    pub fn is_full(&self) -> bool {
        self.waiting_bytes.load(Ordering::Relaxed) >= WAITING_MAX_BYTES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payloads_count_until_the_last_copy_is_gone() {
        let load = Load::default();
        let giant = load.counted(vec![0; WAITING_MAX_BYTES].into());
        let copy = giant.clone();
        drop(giant);
        assert!(load.is_full());
        drop(copy);
        assert!(!load.is_full());
    }
}
