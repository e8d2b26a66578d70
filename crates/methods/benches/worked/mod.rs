//! How long a processor worked for the thread that asks: others on the machine do not change it.

use std::time::Instant;

/// Counts from its beginning. By the clock where the system does not count (only Linux is asked).
pub struct Worked {
    counted_s: Option<f64>,
    began: Instant,
}

impl Worked {
    pub fn begin() -> Self {
        Self { counted_s: Self::counted_s(), began: Instant::now() }
    }

    fn counted_s() -> Option<f64> {
        let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        Some(text.split_whitespace().next()?.parse::<f64>().ok()? / 1e9)
    }

    pub fn end_s(&self) -> f64 {
        let counted = Self::counted_s().zip(self.counted_s).map(|(end, begin)| end - begin);
        counted.unwrap_or_else(|| self.began.elapsed().as_secs_f64())
    }
}
