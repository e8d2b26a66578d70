//! A line of the shift log in three taps: the machine, what it is about, and text, photo or voice.

use leptos::prelude::*;
use millwright_model::{Asset, AssetId, AssetShow, AttachmentDraft, CacheTag, ShiftEntryAdd, ShiftEntryKind};

use crate::icon::Glyph;
use crate::part::{AssetPick, Icon, PhotoTake, Sheet, TextField, VoiceTake};
use crate::query::query;
use crate::session::Session;
use crate::text;
use crate::words;

/// Which machine a line is about.
#[derive(Clone, PartialEq)]
enum About {
    Unasked,
    Nothing,
    Machine(Asset),
}

/// What is being taken for the line.
#[derive(Copy, Clone, PartialEq)]
enum Taking {
    Photo,
    Voice,
}

/// Asks for a line.
#[component]
pub(crate) fn ShiftEntrySheet(asset_id: Option<AssetId>, close: Callback<()>) -> impl IntoView {
    let session = Session::here();
    let about = RwSignal::new(About::Unasked);
    let kind = RwSignal::new(None::<ShiftEntryKind>);
    let words = RwSignal::new(String::new());
    let taking = RwSignal::new(None::<Taking>);
    // What was taken stays here until it is kept: a refusal (a full disk) must not cost a spoken word.
    let attachment = RwSignal::new(None::<AttachmentDraft>);
    if let Some(asset_id) = asset_id {
        let asset = query(move || AssetShow { asset_id }, Vec::<CacheTag>::new());
        Effect::new(move |_| {
            if let Some(view) = asset.ready() {
                about.set(About::Machine(view.asset));
            }
        });
    }
    let keep = move || {
        let Some(entry_kind) = kind.get_untracked() else { return };
        let command = ShiftEntryAdd {
            entry_kind,
            text: words.get_untracked().trim().to_owned(),
            asset_id: about.with_untracked(|about| match about {
                About::Machine(asset) => Some(asset.asset_id),
                About::Unasked | About::Nothing => None,
            }),
            work_order_id: None,
            attachment: attachment.get_untracked(),
        };
        session.record_then(command, move || close.run(()));
    };
    let taken = Callback::new(move |draft: AttachmentDraft| {
        attachment.set(Some(draft));
        taking.set(None);
        keep();
    });
    let back = Callback::new(move |()| taking.set(None));
    let unsaid = move || words.with(|words| words.trim().is_empty()) && attachment.with(Option::is_none);
    view! {
        <Sheet title=text::shift_line_add() close test="shift-entry-sheet">
            {move || match about.get() {
                About::Unasked if asset_id.is_some() => view! { <div class="bar run" role="progressbar" aria-label=text::loading()></div> }.into_any(),
                About::Unasked => view! {
                    <h3>{text::shift_line_asset()}</h3>
                    <button type="button" class="btn big start-aligned" data-test="entry-no-asset" on:click=move |_| about.set(About::Nothing)>{text::shift_line_no_asset()}</button>
                    <AssetPick picked=Callback::new(move |asset| about.set(About::Machine(asset)))/>
                }.into_any(),
                About::Nothing => view! { <div class="strong">{text::shift_line_no_asset()}</div> }.into_any(),
                About::Machine(asset) => view! { <div class="strong">{format!("{} {}", asset.code, asset.name)}</div> }.into_any(),
            }}
            <Show when=move || about.with(|about| *about != About::Unasked)>
                <h3>{text::shift_line_kind()}</h3>
                <div class="choice" role="radiogroup" aria-label=text::shift_line_kind()>
                    {ShiftEntryKind::ALL.map(|choice| view! {
                        <button type="button" class="btn big" role="radio" class:on=move || kind.get() == Some(choice) aria-checked=move || (kind.get() == Some(choice)).to_string()
                            data-test=format!("entry-kind-{}", choice.as_str()) on:click=move |_| kind.set(Some(choice))>{words::entry_kind(choice)}</button>
                    })}
                </div>
            </Show>
            <Show when=move || kind.get().is_some()>
                <h3>{text::shift_line_how()}</h3>
                {move || attachment.with(|attachment| attachment.as_ref().map(|draft| draft.media_type.starts_with("audio/"))).map(|voice| view! {
                    <div class="tags"><span class="tag">{if voice { text::voice_note() } else { text::photo() }}</span></div>
                })}
                <TextField label=text::shift_line_words() value=words test="entry-text" lines=true/>
                <div class="acts end">
                    <button class="btn big" data-test="entry-photo" on:click=move |_| taking.set(Some(Taking::Photo))><Icon glyph=Glyph::Camera/>{text::shift_line_photo()}</button>
                    <button class="btn big" data-test="entry-voice" on:click=move |_| taking.set(Some(Taking::Voice))><Icon glyph=Glyph::Mic/>{text::shift_line_voice()}</button>
                    <button class="btn primary grow" data-test="entry-save" disabled=unsaid on:click=move |_| keep()>{text::shift_line_save()}</button>
                </div>
            </Show>
        </Sheet>
        {move || match taking.get() {
            None => ().into_any(),
            Some(Taking::Photo) => view! { <PhotoTake taken close=back kept=Callback::new(|_| ())/> }.into_any(),
            Some(Taking::Voice) => view! { <VoiceTake taken close=back/> }.into_any(),
        }}
    }
}
