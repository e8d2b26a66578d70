//! Where pictures come from: the device's camera, or a recorded run that the engine plays. A picture and what it shows
//! come together, so that nothing is drawn over another picture than the one that was looked at.

use millwright_model::{
    ApiError, AssetId, SightCamera, SightHead, SightOpen, SightPurpose, SightSeen, SightView,
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlVideoElement, MediaStream, MediaStreamTrack};

use crate::ipc;
use crate::overlay;
use crate::stage3d::Stage3d;

/// The longest side of a picture that is looked at, in pixels: more takes longer to bring over than it is worth on a tablet.
const SIDE_MAX_PX: u32 = 640;

/// Takes pictures.
pub(crate) struct Eye {
    source: Source,
    /// The picture that was looked at last, as it is shown.
    before: Picture,
    still_for: u32,
}

/// Where they come from.
enum Source {
    Camera { video: HtmlVideoElement, capture: HtmlCanvasElement, context: CanvasRenderingContext2d },
    Run,
}

enum Picture {
    None,
    /// On the capturing canvas; with its brightness behind a head.
    Captured(Vec<u8>),
    /// Of a recorded run: size and brightness.
    Grey([u32; 2], Vec<u8>),
}

/// What taking a picture gave.
pub(crate) enum Taken {
    /// A picture with what it shows, and how long bringing it over took, in milliseconds.
    Picture(Box<SightSeen>, f64),
    /// The camera has none yet, or the same one.
    Nothing,
    /// The recorded run is over.
    Over,
}

impl Eye {
    /// Looks through the camera whose picture a video shows.
    ///
    /// # Errors
    /// When the webview has no canvas for it, or the engine refuses.
    pub(crate) async fn through_camera(
        video: HtmlVideoElement,
        purpose: SightPurpose,
    ) -> Result<(Self, SightView), ApiError> {
        let (wide, high) = (video.video_width().max(1), video.video_height().max(1));
        let scale = f64::from(SIDE_MAX_PX.min(wide.max(high))) / f64::from(wide.max(high));
        let side = |px: u32| (f64::from(px) * scale).round().max(1.0) as u32;
        let size_px = [side(wide), side(high)];
        let (capture, context) = canvas(size_px).ok_or_else(ipc::no_canvas)?;
        let camera = track_of(&video).map(|track| track.label()).unwrap_or_default();
        let camera = SightCamera { camera, focus: String::new(), size_px };
        let view = ipc::call(SightOpen { purpose, camera: Some(camera), recording_base64: None }).await?;
        Ok((Self::of(Source::Camera { video, capture, context }), view))
    }

    /// Plays a recorded run of a machine.
    ///
    /// # Errors
    /// When it is none.
    pub(super) async fn through_run(
        base64: String,
        asset_id: AssetId,
    ) -> Result<(Self, SightView), ApiError> {
        let purpose = SightPurpose::Machine { asset_id };
        let view = ipc::call(SightOpen { purpose, camera: None, recording_base64: Some(base64) }).await?;
        Ok((Self::of(Source::Run), view))
    }

    fn of(source: Source) -> Self {
        Self { source, before: Picture::None, still_for: 0 }
    }

    /// The next picture, looked at with a part of interest in the machine's frame, in metres.
    ///
    /// # Errors
    /// When the engine cannot look at it.
    pub(crate) async fn next(&mut self, point_m: Option<[f64; 3]>) -> Result<Taken, ApiError> {
        let began = now_ms();
        match &self.source {
            Source::Camera { video, capture, context } => {
                let Some(bytes) = captured(video, capture, context, point_m) else {
                    return Ok(Taken::Nothing);
                };
                if let Picture::Captured(before) = &self.before {
                    let (old, new) = (before.get(SightHead::BYTES..), bytes.get(SightHead::BYTES..));
                    let still = old.zip(new).is_some_and(|(old, new)| overlay::is_still(old, new));
                    self.still_for = if still { self.still_for.saturating_add(1) } else { 0 };
                }
                let brought_ms = now_ms() - began;
                let seen = ipc::call_with_bytes("sight_frame", &bytes).await?;
                self.before = Picture::Captured(bytes);
                Ok(Taken::Picture(Box::new(seen), brought_ms))
            }
            Source::Run => {
                let bytes =
                    ipc::call_for_bytes("sight_next", &serde_json::json!({ "point_m": point_m })).await?;
                let Some((seen, size_px, grey)) = run_picture(&bytes) else { return Ok(Taken::Over) };
                self.before = Picture::Grey(size_px, grey);
                let brought_ms = now_ms() - began - seen.took_us as f64 / 1_000.0;
                Ok(Taken::Picture(Box::new(seen), brought_ms))
            }
        }
    }

    /// Whether the camera has shown the same for a while, and the tablet lies somewhere.
    pub(super) fn is_still(&self) -> bool {
        self.still_for > 20
    }

    /// Gives the picture that was looked at to a stage.
    pub(super) fn show(&self, stage: &Stage3d) -> Result<(), String> {
        match (&self.before, &self.source) {
            (Picture::Captured(_), Source::Camera { capture, .. }) => stage.show_canvas(capture),
            (Picture::Grey(size_px, grey), _) => stage.show_grey(*size_px, grey),
            _ => Ok(()),
        }
    }
}

fn canvas([width_px, height_px]: [u32; 2]) -> Option<(HtmlCanvasElement, CanvasRenderingContext2d)> {
    let document = web_sys::window()?.document()?;
    let canvas: HtmlCanvasElement = document.create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(width_px);
    canvas.set_height(height_px);
    let options = js_sys::Object::new();
    // Its pixels are read with every picture: they stay where they can be.
    js_sys::Reflect::set(&options, &"willReadFrequently".into(), &JsValue::TRUE).ok()?;
    let context = canvas.get_context_with_context_options("2d", &options).ok()??.dyn_into().ok()?;
    Some((canvas, context))
}

fn captured(
    video: &HtmlVideoElement,
    capture: &HtmlCanvasElement,
    context: &CanvasRenderingContext2d,
    point_m: Option<[f64; 3]>,
) -> Option<Vec<u8>> {
    if video.ready_state() < 2 {
        return None;
    }
    let (wide, high) = (f64::from(capture.width()), f64::from(capture.height()));
    context.draw_image_with_html_video_element_and_dw_and_dh(video, 0.0, 0.0, wide, high).ok()?;
    let pixels = context.get_image_data(0.0, 0.0, wide, high).ok()?.data();
    let head = SightHead { size_px: [capture.width(), capture.height()], at_s: now_ms() / 1_000.0, point_m };
    Some(overlay::grey_behind(&head.to_bytes(), &pixels))
}

/// Of the answer of a recorded run: what the picture shows, its size and its brightness.
fn run_picture(bytes: &[u8]) -> Option<(SightSeen, [u32; 2], Vec<u8>)> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let (json, picture) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    let (head, brightness) = SightHead::split(picture)?;
    Some((serde_json::from_slice(json).ok()?, head.size_px, brightness.to_vec()))
}

/// The camera behind a video.
pub(super) fn track_of(video: &HtmlVideoElement) -> Option<MediaStreamTrack> {
    let stream: MediaStream = video.src_object()?;
    stream.get_video_tracks().get(0).dyn_into().ok()
}

/// Whether a camera has a lamp.
pub(super) fn has_torch(track: &MediaStreamTrack) -> bool {
    let get = |object: &JsValue, name: &str| js_sys::Reflect::get(object, &name.into()).ok();
    let ask = get(track, "getCapabilities").and_then(|ask| ask.dyn_into::<js_sys::Function>().ok());
    let told = ask.and_then(|ask| ask.call0(track).ok());
    told.and_then(|told| get(&told, "torch")).is_some_and(|torch| torch.is_truthy())
}

/// Turns the lamp of a camera on or off; whether the camera did.
pub(super) async fn set_torch(track: &MediaStreamTrack, on: bool) -> bool {
    let wish = serde_json::json!({ "advanced": [{ "torch": on }] });
    let Ok(wish) = js_sys::JSON::parse(&wish.to_string()) else { return false };
    match track.apply_constraints_with_constraints(wish.unchecked_ref()) {
        Ok(done) => JsFuture::from(done).await.is_ok(),
        Err(_refused) => false,
    }
}

/// Milliseconds since the page began.
pub(super) fn now_ms() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |clock| clock.now())
}

/// Waits until the webview draws next; a page that nobody sees waits as long.
pub(crate) async fn next_drawing() {
    wait(|resolve| {
        if let Some(window) = web_sys::window()
            && window.request_animation_frame(resolve).is_err()
        {
            // The page is going: nobody waits any more.
        }
    })
    .await;
}

/// Waits so many milliseconds.
pub(crate) async fn pause(ms: i32) {
    wait(|resolve| {
        if let Some(window) = web_sys::window()
            && window.set_timeout_with_callback_and_timeout_and_arguments_0(resolve, ms).is_err()
        {
            // The page is going: nobody waits any more.
        }
    })
    .await;
}

async fn wait(mut begin: impl FnMut(&js_sys::Function)) {
    let promise = js_sys::Promise::new(&mut |resolve, _reject| begin(&resolve));
    if JsFuture::from(promise).await.is_err() {
        // It is never rejected.
    }
}
