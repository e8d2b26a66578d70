//! Looking for a code in the camera's picture: a few small frames a second go to the engine, one at a time.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use leptos::prelude::*;
use leptos::task::spawn_local;
use millwright_model::{CodeFound, CodeRead};
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlVideoElement};

use crate::ipc;
use crate::text;

/// At most four frames a second; the next one waits for the answer to the last.
const EVERY: Duration = Duration::from_millis(250);
/// The longer side of a frame: a label that fills a third of the picture is read at this size.
const SIDE_MAX_PX: u32 = 800;

/// Looks at the picture while it is live, and gives on the first code.
#[component]
pub(crate) fn CodeLook(
    video: NodeRef<leptos::html::Video>,
    live: RwSignal<bool>,
    found: Callback<CodeFound>,
) -> impl IntoView {
    let busy = StoredValue::new(false);
    let over = StoredValue::new(false);
    let frames = RwSignal::new(0_u32);
    let read = RwSignal::new(None::<String>);
    let look = move || {
        if !live.get_untracked() || busy.get_value() || over.get_value() {
            return;
        }
        let Some(frame) = video.get_untracked().and_then(|video| frame(&video)) else { return };
        busy.set_value(true);
        spawn_local(async move {
            let answer = ipc::call(frame).await;
            // The sheet may be gone by now.
            busy.try_set_value(false);
            frames.try_update(|frames| *frames += 1);
            if let Ok(Some(code)) = answer
                && over.try_get_value() == Some(false)
            {
                over.set_value(true);
                read.set(Some(code.text.clone()));
                found.run(code);
            }
        });
    };
    let ticking = set_interval_with_handle(look, EVERY);
    on_cleanup(move || {
        if let Ok(handle) = ticking {
            handle.clear()
        }
    });
    let says = move || match (read.get(), live.get(), frames.get()) {
        (Some(code), ..) => text::scan_read(code),
        (None, true, 0) | (None, false, _) => text::scan_looking().to_owned(),
        (None, true, _) => format!("{} · {}", text::scan_no_code(), text::scan_looking()),
    };
    view! { <p class="muted" role="status" data-test="scan-says" data-frames=move || frames.get().to_string()>{says}</p> }
}

/// The brightness of what the camera shows now, no larger than it needs to be.
fn frame(video: &HtmlVideoElement) -> Option<CodeRead> {
    let (wide, high) = (video.video_width(), video.video_height());
    if wide == 0 || high == 0 {
        return None;
    }
    let scale = (f64::from(SIDE_MAX_PX) / f64::from(wide.max(high))).min(1.0);
    let (width, height) = ((f64::from(wide) * scale) as u32, (f64::from(high) * scale) as u32);
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(width);
    canvas.set_height(height);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    context
        .draw_image_with_html_video_element_and_dw_and_dh(
            video,
            0.0,
            0.0,
            f64::from(width),
            f64::from(height),
        )
        .ok()?;
    let pixels = context.get_image_data(0.0, 0.0, f64::from(width), f64::from(height)).ok()?.data();
    let brightness: Vec<u8> = pixels.chunks_exact(4).map(luma).collect();
    Some(CodeRead { width, height, brightness_base64: STANDARD.encode(brightness) })
}

/// Brightness as ITU-R BT.601 weighs the colours.
fn luma(pixel: &[u8]) -> u8 {
    match pixel {
        [red, green, blue, ..] => {
            ((77 * u32::from(*red) + 150 * u32::from(*green) + 29 * u32::from(*blue)) >> 8) as u8
        }
        _ => 0,
    }
}
