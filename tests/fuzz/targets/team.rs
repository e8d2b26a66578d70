//! What a device or a node hears, and invitations.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| millwright_team::fuzzing::heard(bytes));
