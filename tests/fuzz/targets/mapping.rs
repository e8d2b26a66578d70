//! Mapping files.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| millwright_erp::fuzzing::mapping(text));
