//! Taking a voice note by the webview's recorder. Its bytes are handed on the moment it ends.

use leptos::prelude::*;
use leptos::task::spawn_local;
use millwright_model::{AttachmentDraft, TimestampMs};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobEvent, FileReader, MediaRecorder, MediaStream, MediaStreamConstraints, MediaStreamTrack,
    RecordingState,
};

use crate::icon::Glyph;
use crate::no_picture::NoPicture;
use crate::part::{Icon, Sheet};
use crate::session::Session;
use crate::text;

/// The longest voice note: what is longer nobody listens to.
const SECONDS_MAX: i64 = 120;

/// How the recorder stands.
#[derive(Copy, Clone, PartialEq)]
enum Stands {
    Ready,
    Opening,
    Running(TimestampMs),
    Keeping,
    Silent(NoPicture),
}

/// A recorder and the microphone behind it.
#[derive(Clone)]
struct Recording {
    recorder: MediaRecorder,
    stream: MediaStream,
}

impl Recording {
    fn end(&self) {
        if self.recorder.state() == RecordingState::Recording && self.recorder.stop().is_err() {
            // It ended by itself.
        }
        for track in self.stream.get_tracks() {
            if let Ok(track) = track.dyn_into::<MediaStreamTrack>() {
                track.stop();
            }
        }
    }
}

/// A sheet that takes one voice note.
#[component]
pub(crate) fn VoiceTake(close: Callback<()>, taken: Callback<AttachmentDraft>) -> impl IntoView {
    let session = Session::here();
    let stands = RwSignal::new(Stands::Ready);
    let running = StoredValue::new_local(None::<Recording>);
    // What ends because the sheet is left is not kept.
    let wanted = StoredValue::new(true);
    let heard = move |data_url: String| {
        if wanted.try_get_value() != Some(true) {
            return;
        }
        match data_url.split_once(";base64,") {
            Some((head, bytes_base64)) if !bytes_base64.is_empty() => taken.run(AttachmentDraft {
                media_type: media_type_of(head),
                file_name: format!("voice-{}", session.now.get_untracked().0),
                bytes_base64: bytes_base64.to_owned(),
            }),
            _ => stands.set(Stands::Silent(NoPicture::Other)),
        }
    };
    let start = move |_| {
        stands.set(Stands::Opening);
        spawn_local(async move {
            match record(heard).await {
                Ok(recording) if wanted.try_get_value() == Some(true) => {
                    running.set_value(Some(recording));
                    stands.set(Stands::Running(session.now.get_untracked()));
                }
                // The sheet was left meanwhile.
                Ok(recording) => recording.end(),
                Err(error) => {
                    let name =
                        js_sys::Reflect::get(&error, &"name".into()).ok().and_then(|name| name.as_string());
                    stands.try_set(Stands::Silent(NoPicture::of_error(name.as_deref())));
                }
            }
        });
    };
    let stop = move || {
        if let Some(recording) = running.try_update_value(Option::take).flatten() {
            stands.set(Stands::Keeping);
            recording.end();
        }
    };
    let seconds = move || match stands.get() {
        Stands::Running(since) => (session.now.get().since_ms(since) / 1000).clamp(0, SECONDS_MAX),
        Stands::Ready | Stands::Opening | Stands::Keeping | Stands::Silent(_) => 0,
    };
    Effect::new(move |_| {
        if seconds() >= SECONDS_MAX {
            stop();
        }
    });
    on_cleanup(move || {
        wanted.try_set_value(false);
        if let Some(recording) = running.try_update_value(Option::take).flatten() {
            recording.end();
        }
    });
    let says = move || match stands.get() {
        Stands::Ready => text::voice_ready().to_owned(),
        Stands::Opening => NoPicture::Opening.words_of_sound().to_owned(),
        Stands::Running(_) => text::voice_running(seconds(), SECONDS_MAX),
        Stands::Keeping => text::loading().to_owned(),
        Stands::Silent(why) => why.words_of_sound().to_owned(),
    };
    let is_running = move || matches!(stands.get(), Stands::Running(_));
    view! {
        <Sheet title=text::voice_take() close test="voice-sheet">
            <div class="strong" role="status" data-test="voice-says">{says}</div>
            <div class="bar" class:run=is_running></div>
            <div class="acts end">
                <Show when=move || !is_running() fallback=move || view! {
                    <button class="btn primary grow" data-test="voice-stop" on:click=move |_| stop()><Icon glyph=Glyph::Square/>{text::voice_stop()}</button>
                }>
                    <button class="btn primary grow" data-test="voice-start" disabled=move || matches!(stands.get(), Stands::Opening | Stands::Keeping) on:click=start>
                        <Icon glyph=Glyph::Mic/>{text::voice_start()}</button>
                </Show>
            </div>
        </Sheet>
    }
}

/// The media type of a data address, without what the recorder adds of codecs.
fn media_type_of(head: &str) -> String {
    let said = head.trim_start_matches("data:").split(';').next().unwrap_or_default();
    if said.starts_with("audio/") { said.to_owned() } else { "audio/webm".to_owned() }
}

/// Opens the microphone and records; `then` gets the whole of it as a data address when it ends.
async fn record(then: impl Fn(String) + 'static) -> Result<Recording, JsValue> {
    let constraints = MediaStreamConstraints::new();
    constraints.set_audio(&JsValue::TRUE);
    let devices = window().navigator().media_devices()?;
    if devices.is_undefined() {
        return Err(JsValue::NULL);
    }
    let stream: MediaStream =
        JsFuture::from(devices.get_user_media_with_constraints(&constraints)?).await?.dyn_into()?;
    let recorder = match begin(&stream, then) {
        Ok(recorder) => recorder,
        Err(error) => {
            // Without a recorder the microphone is let go of at once.
            for track in stream.get_tracks() {
                if let Ok(track) = track.dyn_into::<MediaStreamTrack>() {
                    track.stop();
                }
            }
            return Err(error);
        }
    };
    Ok(Recording { recorder, stream })
}

fn begin(stream: &MediaStream, then: impl Fn(String) + 'static) -> Result<MediaRecorder, JsValue> {
    let recorder = MediaRecorder::new_with_media_stream(stream)?;
    // Without a time slice the recorder gives one blob, when it ends.
    let done = Closure::once_into_js(move |event: BlobEvent| match event.data() {
        Some(blob) => read(&blob, then),
        None => then(String::new()),
    });
    recorder.set_ondataavailable(done.dyn_ref());
    recorder.start()?;
    Ok(recorder)
}

fn read(blob: &Blob, then: impl Fn(String) + 'static) {
    let Ok(reader) = FileReader::new() else { return then(String::new()) };
    let done = Closure::once_into_js({
        let reader = reader.clone();
        move || then(reader.result().ok().and_then(|result| result.as_string()).unwrap_or_default())
    });
    reader.set_onloadend(done.dyn_ref());
    if reader.read_as_data_url(blob).is_err() {
        // The reader ends with an error then, and `done` says that nothing was recorded.
    }
}
