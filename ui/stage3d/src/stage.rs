//! The stage as the screens have it: a class of the module, spoken to in JSON.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use millwright_scene::camera::Orbit;
use millwright_scene::frame::Frame;
use millwright_scene::machine::{StandIn, with_stand_ins};
use millwright_scene::model::Model;
use millwright_scene::render::{Picture, Pixels};
use wasm_bindgen::prelude::*;
use web_sys::HtmlCanvasElement;

use crate::kept::Kept;
use crate::told;
use crate::watch::{Watch, report};

/// A machine on a canvas. What is refused is thrown as an error whose text says why.
#[wasm_bindgen]
pub struct Stage {
    kept: Rc<RefCell<Kept>>,
    /// The frame that is shown, as it was asked for: the same text again needs no reading.
    asked: Option<String>,
    /// The model as it was brought, without what stands in for its parts.
    base: Model,
    /// How many things of its file were left out.
    left_out: usize,
    _watch: Watch,
}

#[wasm_bindgen]
impl Stage {
    /// A stage on a canvas.
    ///
    /// # Errors
    /// When the webview has no WebGL2, or the canvas is in use already.
    pub async fn open(canvas: HtmlCanvasElement) -> Result<Stage, JsError> {
        let kept = Rc::new(RefCell::new(Kept::on(canvas.clone())?));
        let (losing, winning) = (Rc::downgrade(&kept), Rc::downgrade(&kept));
        let lost = move || {
            if let Some(kept) = losing.upgrade() {
                kept.borrow_mut().let_go();
            }
        };
        let back = move || {
            if let Some(kept) = winning.upgrade()
                && let Err(fault) = kept.borrow_mut().bring_back()
            {
                report(&fault.to_string());
            }
        };
        let watch = Watch::on(&canvas, lost, back).map_err(|_refused| {
            JsError::new("the webview does not tell when the canvas loses its graphics")
        })?;
        Ok(Self { kept, asked: None, base: Model::default(), left_out: 0, _watch: watch })
    }

    /// Takes a model (GLB, glTF with everything inside, or STL) in place of the one before, and tells of it:
    /// `{name, extras, triangles, parts: [{part, name, path, parent, triangles, extras}], animations: [{name,
    /// duration_s, parts}], joints: [{name, part}], bounds_m: [low, high] | null, left_out}`. No bytes are a machine of
    /// which nothing is known yet. Bodies (`[{part, shape, machine_from_part}]`) stand in for parts that it does not have.
    ///
    /// # Errors
    /// When the file is refused, with the place in it, or the adapter cannot draw so much.
    pub fn load(&mut self, bytes: &[u8], bodies_json: &str) -> Result<String, JsError> {
        (self.base, self.left_out) = match bytes {
            [] => (Model::default(), 0),
            bytes => {
                let read = told::model_of(bytes)?;
                (read.model, read.notes.len())
            }
        };
        self.stand_in(bodies_json)
    }

    /// Takes other bodies in place of those before; tells of the model as [`Stage::load`] does.
    ///
    /// # Errors
    /// When the text names no bodies, one makes no mesh, or the adapter cannot draw so much.
    pub fn stand_in(&mut self, bodies_json: &str) -> Result<String, JsError> {
        let bodies: Vec<StandIn> = serde_json::from_str(bodies_json)
            .map_err(|error| JsError::new(&format!("the bodies cannot be read: {error}")))?;
        let model = Arc::new(with_stand_ins(self.base.clone(), &bodies)?);
        self.asked = None;
        self.kept.borrow_mut().load(Arc::clone(&model))?;
        Ok(told::model(&model, self.left_out).to_string())
    }

    /// Draws a frame of the scene, unless it is the one that is shown; tells what was done: `{done: "drawn", draws,
    /// uploaded_bytes}`, `{done: "unchanged"}`, or `{done: "lost"}` where it is drawn later by itself.
    ///
    /// # Errors
    /// When the text is no frame, its size cannot be drawn on, or the driver refuses.
    pub fn draw(&mut self, frame_json: &str) -> Result<String, JsError> {
        let mut kept = self.kept.borrow_mut();
        if self.asked.as_deref() == Some(frame_json) && !kept.is_lost() {
            return Ok(told::Done::Unchanged.told().to_string());
        }
        let frame: Frame = serde_json::from_str(frame_json)
            .map_err(|error| JsError::new(&format!("the frame cannot be read: {error}")))?;
        self.asked = None;
        let done = kept.draw(frame)?;
        self.asked = Some(frame_json.to_owned());
        Ok(done.told().to_string())
    }

    /// Draws the frame that is shown on another number of pixels; tells what was done, as [`Stage::draw`] does.
    ///
    /// # Errors
    /// When the size cannot be drawn on, or the driver refuses.
    pub fn resize(&mut self, width_px: u32, height_px: u32) -> Result<String, JsError> {
        let mut kept = self.kept.borrow_mut();
        let Some(frame) = kept.frame().cloned() else {
            return Ok(told::Done::Unchanged.told().to_string());
        };
        self.asked = None;
        Ok(kept.draw(Frame { width_px, height_px, ..frame })?.told().to_string())
    }

    /// Takes what another canvas shows now as the camera's picture, for frames whose background is `picture`.
    ///
    /// # Errors
    /// When it is too large for the adapter.
    pub fn show_canvas(&mut self, canvas: HtmlCanvasElement) -> Result<(), JsError> {
        self.asked = None;
        Ok(self.kept.borrow_mut().show_canvas(canvas)?)
    }

    /// Takes brightness, row by row from the upper left corner, as the camera's picture.
    ///
    /// # Errors
    /// When it does not fill the picture, or that is too large for the adapter.
    pub fn show_grey(&mut self, width_px: u32, height_px: u32, brightness: &[u8]) -> Result<(), JsError> {
        self.asked = None;
        let picture = Picture { width_px, height_px, pixels: Pixels::Grey(brightness) };
        Ok(self.kept.borrow_mut().show(&picture)?)
    }

    /// Where a part and all that hangs on it is as the machine rests: `{middle_m, radius_m}` in the machine's frame;
    /// nothing where there is no such part.
    pub fn part(&self, name: &str) -> Option<String> {
        Some(told::place_of(self.kept.borrow().model(), name)?.to_string())
    }

    /// What is under a pixel of the canvas: `{part, name, point_m, normal, distance_m}` in the machine's frame.
    pub fn pick(&self, x_px: f32, y_px: f32) -> Option<String> {
        let kept = self.kept.borrow();
        let hit = kept.pick(x_px, y_px)?;
        Some(told::hit(kept.model(), &hit).to_string())
    }

    /// An orbit from a direction (radians) that has all of the machine in view, for [`Stage::orbit`]; nothing where
    /// there is nothing to be seen.
    pub fn around(&self, azimuth_rad: f32, elevation_rad: f32) -> Option<String> {
        let bounds = told::bounds(self.kept.borrow().model())?;
        let orbit = Orbit::around(bounds.low.into(), bounds.high.into(), azimuth_rad, elevation_rad);
        serde_json::to_string(&orbit).ok()
    }

    /// The camera of an orbit, as a frame has it, for so many pixels.
    ///
    /// # Errors
    /// When the text is no orbit.
    pub fn orbit(&self, orbit_json: &str, width_px: u32, height_px: u32) -> Result<String, JsError> {
        let orbit: Orbit = serde_json::from_str(orbit_json)
            .map_err(|error| JsError::new(&format!("the orbit cannot be read: {error}")))?;
        Ok(serde_json::to_string(&orbit.camera(width_px, height_px))?)
    }

    /// Whether the webview took the canvas's graphics away. It brings back by itself what was seen.
    pub fn lost(&self) -> bool {
        self.kept.borrow().is_lost()
    }

    /// The name of the graphics adapter; nothing while the graphics are lost.
    pub fn adapter(&self) -> Option<String> {
        self.kept.borrow().adapter().map(str::to_owned)
    }
}
