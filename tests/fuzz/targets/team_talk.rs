//! What devices of a team say over the broker, sealed or not: heard, or not.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| millwright_engine::fuzzing::team_talk(bytes));
