//! Where pictures come from: the device's camera, a recorded run that the engine plays, or files of pictures. A picture and
//! what it shows come together, so that nothing is drawn over another picture than the one that was looked at.

use std::rc::Rc;

use millwright_model::{
    ApiError, AssetId, Code, SightCamera, SightHead, SightOpen, SightPurpose, SightSeen, SightView,
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    CanvasRenderingContext2d, File, HtmlCanvasElement, HtmlVideoElement, ImageBitmap, MediaStream,
    MediaStreamTrack,
};

use crate::ipc;
use crate::overlay;
use crate::stage3d::Stage3d;
use crate::text;

/// The longest side of a picture that is looked at, in pixels: more takes longer to bring over than it is worth on a tablet.
const SIDE_MAX_PX: u32 = 640;
/// The longest side of a picture from a file, in pixels: nobody waits for the next one with the camera in the hand.
const FILE_SIDE_MAX_PX: u32 = 1_600;
/// How far apart pictures from files are taken to be, in seconds.
const FILE_EVERY_S: f64 = 0.1;

/// What is looked at instead of the camera.
#[derive(Clone)]
pub(super) enum Played {
    /// A recorded run, in base64.
    Run(String),
    /// Pictures from files, in the order of their names: all of one camera, and of one size.
    Pictures(Rc<[File]>),
}

/// Takes pictures.
pub(crate) struct Eye {
    source: Source,
    /// The picture that was looked at last, as it is shown.
    before: Picture,
    still_for: u32,
}

/// Where they come from.
enum Source {
    Camera { video: HtmlVideoElement, capture: Capture },
    Files { files: Rc<[File]>, taken: usize, whole_px: [u32; 2], capture: Capture },
    Run,
}

/// What a picture is drawn on to be read.
struct Capture {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
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
        let size_px = bounded([video.video_width(), video.video_height()], SIDE_MAX_PX);
        let capture = Capture::of(size_px).ok_or_else(ipc::no_canvas)?;
        let camera = track_of(&video).map(|track| track.label()).unwrap_or_default();
        let camera = SightCamera { camera, focus: String::new(), size_px };
        let view = ipc::call(SightOpen { purpose, camera: Some(camera), recording_base64: None }).await?;
        Ok((Self::of(Source::Camera { video, capture }), view))
    }

    /// Looks at what is played, at a machine.
    ///
    /// # Errors
    /// When it cannot be read, or the engine refuses.
    pub(super) async fn through(played: Played, asset_id: AssetId) -> Result<(Self, SightView), ApiError> {
        match played {
            Played::Run(base64) => Self::through_run(base64, asset_id).await,
            Played::Pictures(files) => Self::through_files(files, asset_id).await,
        }
    }

    /// Nobody knows the camera that took them: its usual field of view is taken, and the bounds are as wide.
    async fn through_files(files: Rc<[File]>, asset_id: AssetId) -> Result<(Self, SightView), ApiError> {
        let first = files.first().ok_or_else(ipc::no_canvas)?;
        let first = decoded(first).await?;
        let whole_px = [first.width(), first.height()];
        let size_px = bounded(whole_px, FILE_SIDE_MAX_PX);
        let capture = Capture::of(size_px).ok_or_else(ipc::no_canvas)?;
        let camera = SightCamera { camera: String::new(), focus: String::new(), size_px };
        let purpose = SightPurpose::Machine { asset_id };
        let view = ipc::call(SightOpen { purpose, camera: Some(camera), recording_base64: None }).await?;
        Ok((Self::of(Source::Files { files, taken: 0, whole_px, capture }), view))
    }

    async fn through_run(base64: String, asset_id: AssetId) -> Result<(Self, SightView), ApiError> {
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
        match &mut self.source {
            Source::Camera { video, capture } => {
                if video.ready_state() < 2 {
                    return Ok(Taken::Nothing);
                }
                let Some(bytes) = capture.read(Drawable::Video(video), began / 1_000.0, point_m) else {
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
            Source::Files { files, taken, whole_px, capture } => {
                let Some(file) = files.get(*taken) else { return Ok(Taken::Over) };
                let at_s = *taken as f64 * FILE_EVERY_S;
                *taken += 1;
                let picture = decoded(file).await?;
                if [picture.width(), picture.height()] != *whole_px {
                    return Err(ApiError::new(Code::Invalid, text::pictures_unlike(file.name())));
                }
                let read = capture.read(Drawable::Bitmap(&picture), at_s, point_m);
                let bytes = read.ok_or_else(ipc::no_canvas)?;
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
            (Picture::Captured(_), Source::Camera { capture, .. } | Source::Files { capture, .. }) => {
                stage.show_canvas(&capture.canvas)
            }
            (Picture::Grey(size_px, grey), _) => stage.show_grey(*size_px, grey),
            _ => Ok(()),
        }
    }
}

impl Capture {
    fn of([width_px, height_px]: [u32; 2]) -> Option<Self> {
        let document = web_sys::window()?.document()?;
        let canvas: HtmlCanvasElement = document.create_element("canvas").ok()?.dyn_into().ok()?;
        canvas.set_width(width_px);
        canvas.set_height(height_px);
        let options = js_sys::Object::new();
        // Its pixels are read with every picture: they stay where they can be.
        js_sys::Reflect::set(&options, &"willReadFrequently".into(), &JsValue::TRUE).ok()?;
        let context = canvas.get_context_with_context_options("2d", &options).ok()??.dyn_into().ok()?;
        Some(Self { canvas, context })
    }

    /// The brightness of what is drawn now, behind a head.
    fn read(&self, drawable: Drawable<'_>, at_s: f64, point_m: Option<[f64; 3]>) -> Option<Vec<u8>> {
        let size_px = [self.canvas.width(), self.canvas.height()];
        let [wide, high] = size_px.map(f64::from);
        let context = &self.context;
        match drawable {
            Drawable::Video(video) => {
                context.draw_image_with_html_video_element_and_dw_and_dh(video, 0.0, 0.0, wide, high)
            }
            Drawable::Bitmap(bitmap) => {
                context.draw_image_with_image_bitmap_and_dw_and_dh(bitmap, 0.0, 0.0, wide, high)
            }
        }
        .ok()?;
        let pixels = context.get_image_data(0.0, 0.0, wide, high).ok()?.data();
        let head = SightHead { size_px, at_s, point_m };
        Some(overlay::grey_behind(&head.to_bytes(), &pixels))
    }
}

/// What a canvas takes a picture from.
enum Drawable<'a> {
    Video(&'a HtmlVideoElement),
    Bitmap(&'a ImageBitmap),
}

/// A size whose longer side has at most so many pixels.
fn bounded([wide, high]: [u32; 2], longest_px: u32) -> [u32; 2] {
    let longest = wide.max(high).max(1);
    let scale = f64::from(longest_px.min(longest)) / f64::from(longest);
    [wide, high].map(|px| (f64::from(px) * scale).round().max(1.0) as u32)
}

/// The picture in a file.
async fn decoded(file: &File) -> Result<ImageBitmap, ApiError> {
    let refused = || ApiError::new(Code::Invalid, text::picture_unreadable(file.name()));
    let window = web_sys::window().ok_or_else(ipc::no_canvas)?;
    let decoding = window.create_image_bitmap_with_blob(file).ok().ok_or_else(refused)?;
    let picture = JsFuture::from(decoding).await.ok().ok_or_else(refused)?;
    picture.dyn_into().ok().ok_or_else(refused)
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
