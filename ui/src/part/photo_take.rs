//! Taking a photo: by the camera or from a file. It is on disk before the sheet closes.

use leptos::prelude::*;
use millwright_model::{
    AssetId, AttachmentAdd, AttachmentDraft, AttachmentId, RequestId, WorkOrderId, WorkStepId,
};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{CanvasRenderingContext2d, FileReader, HtmlCanvasElement, HtmlInputElement, HtmlVideoElement};

use crate::icon::Glyph;
use crate::part::{Camera, Icon, Sheet};
use crate::session::{Matter, Session};
use crate::text;

/// A sheet that takes one photo for a record.
#[component]
pub(crate) fn PhotoTake(
    #[prop(optional)] work_order_id: Option<WorkOrderId>,
    #[prop(optional)] work_step_id: Option<WorkStepId>,
    #[prop(optional)] asset_id: Option<AssetId>,
    #[prop(optional)] request_id: Option<RequestId>,
    close: Callback<()>,
    /// Whoever keeps it as part of something else; without it, it is kept for the record.
    #[prop(optional)]
    taken: Option<Callback<AttachmentDraft>>,
    /// It is kept.
    kept: Callback<AttachmentId>,
) -> impl IntoView {
    let session = Session::here();
    let (video, live) = (NodeRef::<leptos::html::Video>::new(), RwSignal::new(false));
    let busy = RwSignal::new(false);
    let keep = move |file_name: String, data_url: String| {
        let Some((head, bytes_base64)) = data_url.split_once(";base64,") else {
            session.say(Matter::Problem(text::photo_unreadable().to_owned()));
            return;
        };
        let media_type = head.trim_start_matches("data:").to_owned();
        busy.set(true);
        let bytes_base64 = bytes_base64.to_owned();
        if let Some(taken) = taken {
            taken.run(AttachmentDraft { media_type, file_name, bytes_base64 });
            return;
        }
        let command = AttachmentAdd {
            work_order_id,
            work_step_id,
            asset_id,
            request_id,
            media_type,
            file_name,
            bytes_base64,
            part: None,
        };
        session.send(command, move |attachment_id| {
            session.say(Matter::Notice(text::photo_kept().to_owned()));
            kept.run(attachment_id);
            close.run(());
        });
    };
    let shoot = move |_| match video.get().and_then(|video| still(&video)) {
        Some(data_url) => keep(format!("photo-{}.jpg", session.now.get_untracked().0), data_url),
        None => session.say(Matter::Problem(text::camera_other().to_owned())),
    };
    let picked = move |event: web_sys::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        if let Some(file) = input.and_then(|input| input.files()).and_then(|files| files.get(0)) {
            read_file(file, keep);
        }
    };
    view! {
        <Sheet title=text::photo_take() close test="photo-sheet">
            <Camera video live/>
            <div class="acts end">
                <label class="btn big"><Icon glyph=Glyph::FolderOpen/>{text::photo_from_file()}
                    <input class="hidden-input" type="file" accept="image/*" data-test="photo-file" on:change=picked/></label>
                <button class="btn primary grow" data-test="photo-shoot" disabled=move || !live.get() || busy.get() on:click=shoot>
                    <Icon glyph=Glyph::Camera/>{text::photo_shoot()}</button>
            </div>
        </Sheet>
    }
}

/// What the camera shows now, as a JPEG in a data URL.
fn still(video: &HtmlVideoElement) -> Option<String> {
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(video.video_width());
    canvas.set_height(video.video_height());
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    context.draw_image_with_html_video_element(video, 0.0, 0.0).ok()?;
    canvas.to_data_url_with_type("image/jpeg").ok().filter(|url| url.len() > 64)
}

fn read_file(file: web_sys::File, then: impl Fn(String, String) + 'static) {
    let Ok(reader) = FileReader::new() else { return };
    let name = file.name();
    let done = Closure::once_into_js({
        let reader = reader.clone();
        move || {
            let url = reader.result().ok().and_then(|result| result.as_string()).unwrap_or_default();
            then(name, url);
        }
    });
    reader.set_onloadend(done.dyn_ref());
    if reader.read_as_data_url(&file).is_err() {
        // The reader ends with an error then, and `done` says that it is unreadable.
    }
}
