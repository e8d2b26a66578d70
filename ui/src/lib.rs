//! The screens of Millwright. What is pure builds and is tested on the host; the rest needs a webview.
#![forbid(unsafe_op_in_unsafe_fn)]
// Away from the webview only the tests use the pure modules.
#![cfg_attr(
    not(target_arch = "wasm32"),
    expect(dead_code, reason = "the screens that use them build for wasm32")
)]

mod address;
mod bodies;
#[cfg(test)]
mod catalogue;
#[cfg(test)]
mod catalogue_test;
mod condition;
mod data_words;
mod diagram;
mod draft;
mod exercise_words;
mod field;
#[cfg(test)]
mod field_test;
mod figure;
mod finding;
mod fineness;
mod guide_draft;
mod guide_run;
mod guide_words;
mod icon;
mod inside;
mod line_changes;
mod model_words;
mod needs;
mod no_picture;
mod overlay;
mod pad;
mod page_area;
mod picture_marks;
mod plan_draft;
mod route;
mod scenario_words;
mod slide;
mod step_scene;
mod text;
mod trouble;
mod wedge;
mod words;
mod workshop_words;

#[cfg(target_arch = "wasm32")]
mod app;
#[cfg(target_arch = "wasm32")]
mod calendar;
#[cfg(target_arch = "wasm32")]
mod dialog;
#[cfg(target_arch = "wasm32")]
mod ipc;
#[cfg(target_arch = "wasm32")]
mod kept_fields;
#[cfg(target_arch = "wasm32")]
mod live;
#[cfg(target_arch = "wasm32")]
mod page;
#[cfg(target_arch = "wasm32")]
mod part;
#[cfg(target_arch = "wasm32")]
mod query;
#[cfg(target_arch = "wasm32")]
mod session;
#[cfg(target_arch = "wasm32")]
mod shell;
#[cfg(target_arch = "wasm32")]
mod stage3d;

/// Puts the screens into the page.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen(start)]
pub fn start() {
    // A fault of ours is told with its place, where the webview's own console and tests hear it.
    std::panic::set_hook(Box::new(|fault| report(&fault.to_string())));
    app::mount();
}

/// Tells the webview of an error, as an uncaught one of a script would be told.
#[cfg(target_arch = "wasm32")]
fn report(message: &str) {
    use wasm_bindgen::JsCast;
    let global = js_sys::global();
    let reporter = js_sys::Reflect::get(&global, &"reportError".into());
    if let Some(reporter) = reporter.ok().and_then(|found| found.dyn_into::<js_sys::Function>().ok())
        && reporter.call1(&global, &js_sys::Error::new(message)).is_err()
    {
        // Nobody listens: the screen shows that it stands still.
    }
}
