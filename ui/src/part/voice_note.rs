//! A kept voice note, to be heard.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use leptos::prelude::*;
use millwright_model::{Attachment, AttachmentBytes, AttachmentRead};
use web_sys::{Blob, BlobPropertyBag, Url};

use crate::icon::Glyph;
use crate::part::Icon;
use crate::query::query;
use crate::text;

/// The player of a voice note.
#[component]
pub(crate) fn VoiceNote(attachment: Attachment) -> impl IntoView {
    let attachment_id = attachment.attachment_id;
    let bytes = query(move || AttachmentRead { attachment_id }, Vec::new());
    // The content security policy lets a page hear what it holds as a blob, and nothing by a data address.
    let address = StoredValue::new(None::<String>);
    let source = Memo::new(move |_| {
        let found = bytes.ready().and_then(|bytes| address_of(&bytes));
        release(address.try_update_value(|kept| std::mem::replace(kept, found.clone())).flatten());
        found
    });
    on_cleanup(move || release(address.try_update_value(Option::take).flatten()));
    view! {
        {move || match source.get() {
            Some(source) => view! { <audio class="voice" controls src=source aria-label=text::voice_note() data-test="voice-note"></audio> }.into_any(),
            None => view! { <div class="blank"><Icon glyph=Glyph::Mic/>{text::voice_note()}</div> }.into_any(),
        }}
    }
}

fn address_of(bytes: &AttachmentBytes) -> Option<String> {
    let decoded = STANDARD.decode(&bytes.bytes_base64).ok()?;
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(decoded.as_slice()));
    let kind = BlobPropertyBag::new();
    kind.set_type(&bytes.media_type);
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &kind).ok()?;
    Url::create_object_url_with_blob(&blob).ok()
}

fn release(address: Option<String>) {
    if address.is_some_and(|address| Url::revoke_object_url(&address).is_err()) {
        // It goes with the page.
    }
}
