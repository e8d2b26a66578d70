//! A module for wasm32 that runs models: what it tells is held against the same runs here (`crates/methods/tests/same_bits.rs`).

#[path = "../../tests/same_bits/runs.rs"]
mod runs;

/// The bits of some runs.
#[expect(unsafe_code, reason = "it is called by its name from outside, and takes nothing")]
#[unsafe(no_mangle)]
pub extern "C" fn bits_of_runs() -> u64 {
    runs::bits_of_runs()
}
