//! Ears on the canvas: the webview may take a canvas's graphics away and give them back, as after a reset of the driver.

use wasm_bindgen::prelude::*;
use web_sys::{Event, HtmlCanvasElement};

/// What hears an event.
type Ear = Closure<dyn FnMut(Event)>;

/// Tells when the graphics of a canvas are lost and when they are back, as long as it lives.
pub(crate) struct Watch {
    canvas: HtmlCanvasElement,
    ears: [(&'static str, Ear); 2],
}

impl Watch {
    /// On a canvas.
    ///
    /// # Errors
    /// When the webview takes no listener.
    pub(crate) fn on(
        canvas: &HtmlCanvasElement,
        mut lost: impl FnMut() + 'static,
        mut back: impl FnMut() + 'static,
    ) -> Result<Self, JsValue> {
        let on_lost = Ear::new(move |event: Event| {
            // Otherwise the webview never gives them back.
            event.prevent_default();
            lost();
        });
        let on_back = Ear::new(move |_event: Event| back());
        let ears = [("webglcontextlost", on_lost), ("webglcontextrestored", on_back)];
        for (name, ear) in &ears {
            canvas.add_event_listener_with_callback(name, ear.as_ref().unchecked_ref())?;
        }
        Ok(Self { canvas: canvas.clone(), ears })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        for (name, ear) in &self.ears {
            let removed = self.canvas.remove_event_listener_with_callback(name, ear.as_ref().unchecked_ref());
            if removed.is_err() {
                // A webview that is closing: nobody is called any more.
            }
        }
    }
}

/// Tells the webview of an error, as an uncaught one of a script would be told.
pub(crate) fn report(message: &str) {
    let global = js_sys::global();
    let reporter = js_sys::Reflect::get(&global, &"reportError".into());
    if let Some(reporter) = reporter.ok().and_then(|found| found.dyn_into::<js_sys::Function>().ok())
        && reporter.call1(&global, &js_sys::Error::new(message)).is_err()
    {
        // Nobody listens: the canvas shows that it stands still.
    }
}
