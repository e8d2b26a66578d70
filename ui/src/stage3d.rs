//! Machines on a canvas: the second module, loaded when the first machine is to be seen, and what it is asked.
//!
//! Frames and answers are JSON, as `ui/stage3d` documents them: the screens do not know the scene.

use millwright_model::StandIn;
use wasm_bindgen::prelude::*;
use web_sys::HtmlCanvasElement;

use millwright_step_scene::{MachineFacts, Touched};

#[wasm_bindgen]
extern "C" {
    /// Of `start.js`: the module is fetched once, with the first canvas.
    #[wasm_bindgen(catch, js_name = "openStage3d")]
    async fn open_stage3d(canvas: &HtmlCanvasElement) -> Result<JsValue, JsValue>;

    /// The class of the module.
    type Stage;

    #[wasm_bindgen(method, catch)]
    fn load(this: &Stage, bytes: &[u8], bodies_json: &str) -> Result<String, JsValue>;
    #[wasm_bindgen(method, catch, js_name = "stand_in")]
    fn stand_in(this: &Stage, bodies_json: &str) -> Result<String, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn draw(this: &Stage, frame_json: &str) -> Result<String, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn pick(this: &Stage, x_px: f32, y_px: f32) -> Result<Option<String>, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn around(this: &Stage, azimuth_rad: f32, elevation_rad: f32) -> Result<Option<String>, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn orbit(this: &Stage, orbit_json: &str, width_px: u32, height_px: u32) -> Result<String, JsValue>;
    #[wasm_bindgen(method, catch, js_name = "show_canvas")]
    fn show_canvas(this: &Stage, canvas: &HtmlCanvasElement) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = "show_grey")]
    fn show_grey(this: &Stage, width_px: u32, height_px: u32, brightness: &[u8]) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    fn part(this: &Stage, name: &str) -> Result<Option<String>, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn free(this: &Stage) -> Result<(), JsValue>;
}

fn bodies_json(bodies: &[StandIn]) -> Result<String, String> {
    serde_json::to_string(bodies).map_err(|error| error.to_string())
}

fn facts(told: Result<String, JsValue>) -> Result<MachineFacts, String> {
    serde_json::from_str(&told.map_err(|thrown| said(&thrown))?).map_err(|error| error.to_string())
}

/// A machine on a canvas; dropped, it gives back what it holds on the device. Every error is a text for a person.
pub(crate) struct Stage3d(Stage);

impl Stage3d {
    /// A stage on a canvas: with the first one the module is loaded.
    ///
    /// # Errors
    /// When the module cannot be loaded, or the webview has no WebGL2 for this canvas.
    pub(crate) async fn open(canvas: &HtmlCanvasElement) -> Result<Self, String> {
        open_stage3d(canvas).await.map(|stage| Self(stage.unchecked_into())).map_err(|thrown| said(&thrown))
    }

    /// Takes a model in place of the one before, or none where there are no bytes, with simple bodies for the parts that it
    /// does not have; answers what is known of it.
    ///
    /// # Errors
    /// When the file is refused, with the place in it, or the adapter cannot draw so much.
    pub(crate) fn load(&self, bytes: &[u8], bodies: &[StandIn]) -> Result<MachineFacts, String> {
        facts(self.0.load(bytes, &bodies_json(bodies)?))
    }

    /// Takes other bodies in place of those before; answers what is known then.
    ///
    /// # Errors
    /// When a body makes no mesh, or the adapter cannot draw so much.
    pub(crate) fn stand_in(&self, bodies: &[StandIn]) -> Result<MachineFacts, String> {
        facts(self.0.stand_in(&bodies_json(bodies)?))
    }

    /// Draws a frame, unless it is the one that is shown; answers what was done.
    ///
    /// # Errors
    /// When the text is no frame, its size cannot be drawn on, or the driver refuses.
    pub(crate) fn draw(&self, frame_json: &str) -> Result<String, String> {
        self.0.draw(frame_json).map_err(|thrown| said(&thrown))
    }

    /// The part under a pixel of the canvas, and the point of it in the machine's frame, metres.
    ///
    /// # Errors
    /// When the module stands still.
    pub(crate) fn pick(&self, x_px: f32, y_px: f32) -> Result<Option<Touched>, String> {
        let hit = self.0.pick(x_px, y_px).map_err(|thrown| said(&thrown))?;
        hit.map(|hit| serde_json::from_str(&hit)).transpose().map_err(|error| error.to_string())
    }

    /// An orbit from a direction (radians) that has all of the machine in view; nothing where nothing is to be seen.
    ///
    /// # Errors
    /// When the module stands still.
    pub(crate) fn around(&self, azimuth_rad: f32, elevation_rad: f32) -> Result<Option<String>, String> {
        self.0.around(azimuth_rad, elevation_rad).map_err(|thrown| said(&thrown))
    }

    /// Takes what another canvas shows now as the camera's picture, for frames whose background is `picture`.
    ///
    /// # Errors
    /// When it is too large for the adapter.
    pub(crate) fn show_canvas(&self, canvas: &HtmlCanvasElement) -> Result<(), String> {
        self.0.show_canvas(canvas).map_err(|thrown| said(&thrown))
    }

    /// Takes brightness, row by row from the upper left corner, as the camera's picture.
    ///
    /// # Errors
    /// When it does not fill the picture.
    pub(crate) fn show_grey(&self, [width_px, height_px]: [u32; 2], brightness: &[u8]) -> Result<(), String> {
        self.0.show_grey(width_px, height_px, brightness).map_err(|thrown| said(&thrown))
    }

    /// Where a part and all that hangs on it is: the middle in the machine's frame and the radius round it, in metres;
    /// nothing where there is no such part.
    pub(crate) fn part(&self, name: &str) -> Option<([f64; 3], f64)> {
        let place = self.0.part(name).ok().flatten()?;
        let place: serde_json::Value = serde_json::from_str(&place).ok()?;
        let middle = |axis: usize| place["middle_m"][axis].as_f64();
        Some(([middle(0)?, middle(1)?, middle(2)?], place["radius_m"].as_f64()?))
    }

    /// The camera of an orbit, as a frame has it, for so many pixels.
    ///
    /// # Errors
    /// When the text is no orbit.
    pub(crate) fn orbit(&self, orbit_json: &str, width_px: u32, height_px: u32) -> Result<String, String> {
        self.0.orbit(orbit_json, width_px, height_px).map_err(|thrown| said(&thrown))
    }
}

impl Drop for Stage3d {
    fn drop(&mut self) {
        if self.0.free().is_err() {
            // The module stands still after a fault of its own: the webview has the rest.
        }
    }
}

/// The text of what was thrown.
fn said(thrown: &JsValue) -> String {
    let message = js_sys::Reflect::get(thrown, &"message".into()).ok().and_then(|text| text.as_string());
    message.or_else(|| thrown.as_string()).unwrap_or_else(|| format!("{thrown:?}"))
}
