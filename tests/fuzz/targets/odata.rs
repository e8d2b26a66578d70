//! Answers of OData services, both versions.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| millwright_erp::fuzzing::odata_answer(bytes));
