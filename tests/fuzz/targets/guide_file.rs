//! Guides as files, in JSON, Markdown and ARLEM: read, or refused with a reason.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| millwright_engine::fuzzing::guide_file(bytes));
