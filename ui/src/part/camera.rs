//! The camera's picture, and when there is none, why.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlVideoElement, MediaStream, MediaStreamConstraints, MediaStreamTrack};

use crate::text;

/// Why there is no picture.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum NoPicture {
    Opening,
    Denied,
    Missing,
    Busy,
    Other,
}

impl NoPicture {
    fn from_error(error: &JsValue) -> Self {
        let name = js_sys::Reflect::get(error, &"name".into()).ok().and_then(|name| name.as_string());
        match name.as_deref() {
            Some("NotAllowedError" | "SecurityError") => Self::Denied,
            Some("NotFoundError" | "OverconstrainedError") => Self::Missing,
            Some("NotReadableError" | "AbortError") => Self::Busy,
            _ => Self::Other,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Opening => text::camera_opening(),
            Self::Denied => text::camera_denied(),
            Self::Missing => text::camera_missing(),
            Self::Busy => text::camera_busy(),
            Self::Other => text::camera_other(),
        }
    }
}

/// The live picture; `live` becomes true when there is one.
#[component]
pub(crate) fn Camera(video: NodeRef<leptos::html::Video>, live: RwSignal<bool>) -> impl IntoView {
    let why = RwSignal::new(NoPicture::Opening);
    let stream = StoredValue::new_local(None::<MediaStream>);
    live.set(false);
    Effect::new(move |_| {
        let Some(element) = video.get() else { return };
        spawn_local(async move {
            match open().await {
                Ok(opened) if stream.try_update_value(|kept| *kept = Some(opened.clone())).is_some() => {
                    show(&element, &opened).await;
                    live.try_set(true);
                }
                // The screen was left meanwhile.
                Ok(opened) => stop(&opened),
                Err(error) => {
                    why.try_set(NoPicture::from_error(&error));
                }
            }
        });
    });
    on_cleanup(move || {
        if let Some(opened) = stream.try_update_value(Option::take).flatten() {
            stop(&opened);
        }
    });
    view! {
        <div class="camera" data-test="camera">
            <video node_ref=video playsinline muted class:hidden=move || !live.get()></video>
            <Show when=move || !live.get()><p role="status" data-test="camera-says">{move || why.get().words()}</p></Show>
        </div>
    }
}

async fn open() -> Result<MediaStream, JsValue> {
    let constraints = MediaStreamConstraints::new();
    let facing = js_sys::Object::new();
    js_sys::Reflect::set(&facing, &"facingMode".into(), &"environment".into())?;
    constraints.set_video(&facing);
    let devices = window().navigator().media_devices()?;
    if devices.is_undefined() {
        return Err(JsValue::NULL);
    }
    JsFuture::from(devices.get_user_media_with_constraints(&constraints)?).await?.dyn_into()
}

async fn show(element: &HtmlVideoElement, opened: &MediaStream) {
    element.set_src_object(Some(opened));
    if let Ok(playing) = element.play()
        && JsFuture::from(playing).await.is_err()
    {
        // Paused pictures are still pictures; the person sees it.
    }
}

fn stop(opened: &MediaStream) {
    for track in opened.get_tracks() {
        if let Ok(track) = track.dyn_into::<MediaStreamTrack>() {
            track.stop();
        }
    }
}
