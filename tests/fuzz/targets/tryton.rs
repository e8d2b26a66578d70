//! Answers of Tryton.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| millwright_erp::fuzzing::tryton_answer(bytes));
