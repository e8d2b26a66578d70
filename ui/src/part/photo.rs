//! A kept photo.

use leptos::prelude::*;
use millwright_model::{Attachment, AttachmentRead};

use crate::icon::Glyph;
use crate::part::{Icon, VoiceNote};
use crate::query::query;

/// Shows a photo, or the name of a file that is none.
#[component]
pub(crate) fn Photo(attachment: Attachment) -> impl IntoView {
    let attachment_id = attachment.attachment_id;
    let name = attachment.file_name.clone();
    if attachment.media_type.starts_with("audio/") {
        return view! { <VoiceNote attachment/> }.into_any();
    }
    if !attachment.media_type.starts_with("image/") {
        return view! { <div class="blank"><Icon glyph=Glyph::Box/>{name}</div> }.into_any();
    }
    let bytes = query(move || AttachmentRead { attachment_id }, Vec::new());
    view! {
        {move || match bytes.ready() {
            Some(bytes) => {
                let source = format!("data:{};base64,{}", bytes.media_type, bytes.bytes_base64);
                view! { <img src=source alt=name.clone()/> }.into_any()
            }
            None => view! { <div class="blank"><Icon glyph=Glyph::Image/></div> }.into_any(),
        }}
    }
    .into_any()
}
