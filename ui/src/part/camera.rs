//! The camera's picture, and when there is none, why.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlVideoElement, MediaStream, MediaStreamConstraints, MediaStreamTrack};

use crate::icon::Glyph;
use crate::no_picture::NoPicture;
use crate::part::Icon;
use crate::text;

/// The live picture; `live` becomes true when there is one.
#[component]
pub(crate) fn Camera(video: NodeRef<leptos::html::Video>, live: RwSignal<bool>) -> impl IntoView {
    let why = RwSignal::new(NoPicture::Opening);
    let stream = StoredValue::new_local(None::<MediaStream>);
    live.set(false);
    let attempt = RwSignal::new(0_u32);
    Effect::new(move |_| {
        attempt.track();
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
                    let name =
                        js_sys::Reflect::get(&error, &"name".into()).ok().and_then(|name| name.as_string());
                    why.try_set(NoPicture::of_error(name.as_deref()));
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
            <Show when=move || !live.get()>
                <div><p role="status" data-test="camera-says">{move || why.get().words()}</p>
                    <Show when=move || why.get() != NoPicture::Opening>
                        <button type="button" class="btn" data-test="camera-again" on:click=move |_| { why.set(NoPicture::Opening); attempt.update(|attempt| *attempt += 1) }>
                            <Icon glyph=Glyph::RefreshCw/>{text::try_again()}</button>
                    </Show></div>
            </Show>
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
