//! The clock of end-to-end tests: an offset to the wall clock, set through the local door.

#[cfg(not(debug_assertions))]
compile_error!("the feature test-clock is for tests: a release build does not carry it");

use std::sync::atomic::{AtomicI64, Ordering};

/// The furthest that a test may go: a hundred years.
const OFFSET_MAX_MS: i64 = 100 * 365 * 24 * 3600 * 1000;

static OFFSET_MS: AtomicI64 = AtomicI64::new(0);

/// What the wall clock is set forward by.
pub(crate) fn offset_ms() -> i64 {
    OFFSET_MS.load(Ordering::SeqCst)
}

/// The name of the door's command.
pub(crate) const COMMAND: &str = "test_clock_set";

/// Sets the clock forward; refuses what is no offset.
pub(crate) fn set(arguments: &serde_json::Value) -> Result<i64, String> {
    let offset = arguments.get("offset_ms").and_then(serde_json::Value::as_i64);
    let offset = offset.filter(|offset| offset.abs() <= OFFSET_MAX_MS).ok_or_else(|| {
        format!("{COMMAND}: offset_ms is a number of milliseconds, at most {OFFSET_MAX_MS}")
    })?;
    OFFSET_MS.store(offset, Ordering::SeqCst);
    Ok(offset)
}
