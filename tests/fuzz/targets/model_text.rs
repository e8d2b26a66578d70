//! A scenario's model, as text: read or refused; what is read is formatted, read again and run.
#![no_main]

use millwright_methods::scenario::{Model, Run, Watch, format};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(model) = Model::read(text) else { return };
    let formatted = model.formatted();
    assert_eq!(format(&formatted).as_ref(), Ok(&formatted));
    // A fault of a run is an answer, too.
    let _told = model.run(&Run { trials: 2, ..Run::default() }, &Watch::default());
});
