//! Files of assets.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| millwright_engine::fuzzing::asset_csv(text));
