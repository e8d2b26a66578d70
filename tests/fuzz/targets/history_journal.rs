//! Records of the history's journal.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| millwright_local_db::fuzzing::history_journal(bytes));
