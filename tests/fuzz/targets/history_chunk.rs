//! Sealed chunks, pyramids and rows of heads.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| millwright_local_db::fuzzing::history_chunk(bytes));
