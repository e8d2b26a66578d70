//! What outlives the graphics of a canvas: the model and the frame that are to be seen, drawn again when they are back.

use std::sync::Arc;

use millwright_scene::frame::Frame;
use millwright_scene::model::Model;
use millwright_scene::pick::Hit;
use millwright_scene::render::{Drawn, Picture, Stage, StageFault};
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlCanvasElement, WebGl2RenderingContext};

use crate::told::Done;

/// A canvas and what is to be seen on it.
pub(crate) struct Kept {
    canvas: HtmlCanvasElement,
    context: WebGl2RenderingContext,
    /// Nothing while the graphics are lost.
    stage: Option<Stage>,
    model: Arc<Model>,
    frame: Option<Frame>,
}

impl Kept {
    /// A canvas on which nothing is seen yet.
    pub(crate) fn on(canvas: HtmlCanvasElement) -> Result<Self, StageFault> {
        let stage = Stage::on_canvas(canvas.clone())?;
        // The stage's own: a canvas has one.
        let context = canvas.get_context("webgl2").ok().flatten();
        let context = context.and_then(|context| context.dyn_into().ok());
        let context = context.ok_or_else(|| StageFault::NoCanvas { reason: "no context".to_owned() })?;
        Ok(Self { canvas, context, stage: Some(stage), model: Arc::default(), frame: None })
    }

    /// Takes a model in place of the one before.
    pub(crate) fn load(&mut self, model: Arc<Model>) -> Result<(), StageFault> {
        self.frame = None;
        self.model = Arc::clone(&model);
        match &mut self.stage {
            Some(stage) => stage.load(model),
            None => Ok(()),
        }
    }

    /// The model that is to be seen.
    pub(crate) fn model(&self) -> &Model {
        &self.model
    }

    /// The frame that is to be seen.
    pub(crate) fn frame(&self) -> Option<&Frame> {
        self.frame.as_ref()
    }

    /// Draws a frame, or keeps it until the graphics are back.
    pub(crate) fn draw(&mut self, frame: Frame) -> Result<Done, StageFault> {
        let drawn = self.draw_now(&frame);
        self.frame = Some(frame);
        match drawn {
            // What went wrong half way, did so because the graphics went.
            Err(_) if self.is_lost() => Ok(Done::Lost),
            other => other,
        }
    }

    fn draw_now(&mut self, frame: &Frame) -> Result<Done, StageFault> {
        if self.context.is_context_lost() {
            return Ok(Done::Lost);
        }
        let mut stage = match self.stage.take() {
            Some(stage) => stage,
            None => self.made_anew()?,
        };
        let drawn = stage.draw(frame);
        self.stage = Some(stage);
        Ok(match drawn? {
            Drawn::Unchanged => Done::Unchanged,
            Drawn::Anew(work) => Done::Drawn { draws: work.draws, uploaded_bytes: work.uploaded_bytes },
        })
    }

    fn made_anew(&self) -> Result<Stage, StageFault> {
        let mut stage = Stage::on_canvas(self.canvas.clone())?;
        stage.load(Arc::clone(&self.model))?;
        Ok(stage)
    }

    /// Takes the camera's picture. While the graphics are lost it goes by: the next one comes soon.
    pub(crate) fn show(&mut self, picture: &Picture<'_>) -> Result<(), StageFault> {
        self.stage.as_mut().map_or(Ok(()), |stage| stage.show_picture(picture))
    }

    /// Takes what another canvas shows now as the camera's picture, as [`Kept::show`] does.
    pub(crate) fn show_canvas(&mut self, canvas: HtmlCanvasElement) -> Result<(), StageFault> {
        self.stage.as_mut().map_or(Ok(()), |stage| stage.show_canvas(canvas))
    }

    /// What is under a pixel of the frame that is shown.
    pub(crate) fn pick(&self, x_px: f32, y_px: f32) -> Option<Hit> {
        self.stage.as_ref()?.pick([x_px, y_px].into())
    }

    /// Whether nothing can be drawn until the webview gives the graphics back.
    pub(crate) fn is_lost(&self) -> bool {
        self.stage.is_none() || self.context.is_context_lost()
    }

    /// The name of the graphics adapter; nothing while the graphics are lost.
    pub(crate) fn adapter(&self) -> Option<&str> {
        self.stage.as_ref().map(Stage::adapter_name)
    }

    /// The graphics went: what lay on the device is gone.
    pub(crate) fn let_go(&mut self) {
        self.stage = None;
    }

    /// The graphics are back: what was to be seen is seen again.
    pub(crate) fn bring_back(&mut self) -> Result<(), StageFault> {
        match self.frame.take() {
            Some(frame) => self.draw(frame).map(|_done| ()),
            None => {
                self.stage = Some(self.made_anew()?);
                Ok(())
            }
        }
    }
}
