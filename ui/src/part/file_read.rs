//! Reading a file that a person picked.

use millwright_model::DataFile;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{FileReader, HtmlInputElement};

/// The file that a person picked with an input.
pub(crate) fn picked_file(event: &web_sys::Event) -> Option<web_sys::File> {
    event.target()?.dyn_into::<HtmlInputElement>().ok()?.files()?.get(0)
}

/// Reads a file of text; nothing where it cannot be read.
pub(crate) fn read_text(file: &web_sys::File, then: impl Fn(Option<String>) + 'static) {
    let Ok(reader) = FileReader::new() else { return then(None) };
    let done = Closure::once_into_js({
        let reader = reader.clone();
        move || then(reader.result().ok().and_then(|result| result.as_string()))
    });
    reader.set_onloadend(done.dyn_ref());
    if reader.read_as_text(file).is_err() {
        // The reader ends with an error then, and `done` says that it is unreadable.
    }
}

/// Reads a file; nothing where it cannot be read.
pub(crate) fn read_file(file: web_sys::File, then: impl Fn(Option<DataFile>) + 'static) {
    let Ok(reader) = FileReader::new() else { return then(None) };
    let file_name = file.name();
    let done = Closure::once_into_js({
        let reader = reader.clone();
        move || {
            let url = reader.result().ok().and_then(|result| result.as_string()).unwrap_or_default();
            // An empty file has an address without bytes.
            let bytes = url.split_once(";base64,").map(|(_, bytes)| bytes.to_owned());
            let empty = url.starts_with("data:") && bytes.is_none();
            let bytes = if empty { Some(String::new()) } else { bytes };
            then(bytes.map(|bytes_base64| DataFile { file_name, bytes_base64 }));
        }
    });
    reader.set_onloadend(done.dyn_ref());
    if reader.read_as_data_url(&file).is_err() {
        // The reader ends with an error then, and `done` says that it is unreadable.
    }
}
