//! What a guest's browser sends as an act: read, or refused.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| millwright_engine::fuzzing::guest_act(bytes));
