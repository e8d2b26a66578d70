//! Lines through the local door.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| millwright_engine::fuzzing::door_line(text));
