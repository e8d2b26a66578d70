//! Writing one step: its words, pictures, what it takes, what it warns of and what it asks for. What is changed is kept a
//! moment after the hand rests.

use std::time::Duration;

use leptos::prelude::*;
use millwright_model::*;

use super::draft_edit::DraftEdit;
use super::draft_shows::DraftShows;
use super::manual_sheet::ManualSheet;
use super::marked_picture::MarkedPicture;
use super::picture_edit::PictureEdit;
use crate::figure;
use crate::guide_draft::{part, plain, say, toggle};
use crate::guide_words;
use crate::icon::Glyph;
use crate::part::{Icon, PhotoTake, Sheet, StepEdit, StepEntry, TextField};
use crate::session::Session;
use crate::text;
use crate::words;

/// What is typed is kept when the hand has rested for so long.
const PAUSE: Duration = Duration::from_millis(600);

/// The form of a step.
#[component]
pub(super) fn DraftStep(
    edit: DraftEdit,
    step_id: GuideStepId,
    chosen: RwSignal<Option<GuideStepId>>,
) -> impl IntoView {
    let session = Session::here();
    let language = session.language();
    let original = edit.view.with_untracked(|view| view.content.language.clone());
    let begun = untrack(|| edit.step(step_id)).unwrap_or_else(|| GuideStep::plain(step_id, Words::default()));
    let written =
        |words: &Words| words.0.get(&language).map(|wording| wording.text.clone()).unwrap_or_default();
    let (title, body) = (RwSignal::new(written(&begun.title)), RwSignal::new(written(&begun.text)));
    let tools = RwSignal::new(begun.tools.join("; "));
    let torque =
        RwSignal::new(begun.torque.map(|torque| figure::plain(torque.nominal_nm)).unwrap_or_default());
    let wait = RwSignal::new(begun.timer_s.map(|seconds| seconds.to_string()).unwrap_or_default());
    let parts = RwSignal::new(
        begun
            .parts
            .iter()
            .map(|part| format!("{} × {}", part.number, figure::plain(part.count)))
            .collect::<Vec<_>>()
            .join("; "),
    );
    // A translation is written beside the original, which is shown above it.
    let translates = (language != original).then(|| begun.title.read(&original, &original).to_owned());
    let tongue = StoredValue::new((language.clone(), original.clone()));
    let newest = Memo::new(move |_| edit.view.with(|view| view.newest_number));
    let typed = move |step: &GuideStep| {
        let mut step = step.clone();
        tongue.with_value(|(language, original)| {
            let of_revision = (language != original).then(|| newest.get_untracked()).flatten();
            say(&mut step.title, language, &title.get(), of_revision);
            say(&mut step.text, language, &body.get(), of_revision);
        });
        step.tools = tools.with(|tools| {
            tools.split(';').map(str::trim).filter(|tool| !tool.is_empty()).map(str::to_owned).collect()
        });
        let tolerance_nm = step.torque.and_then(|torque| torque.tolerance_nm);
        step.torque = torque
            .with(|torque| figure::typed_number(torque))
            .map(|nominal_nm| Torque { nominal_nm, tolerance_nm });
        step.timer_s = wait.with(|wait| wait.trim().parse().ok());
        step.parts = parts.with(|parts| parts.split(';').filter_map(part).collect());
        step
    };
    let keep = move || {
        let Some(stands) = untrack(|| edit.step(step_id)) else { return };
        let step = untrack(|| typed(&stands));
        if step != stands {
            edit.write(vec![GuideEdit::Step { step: Box::new(step) }]);
        }
    };
    let timer = StoredValue::new(None::<TimeoutHandle>);
    Effect::new(move |begun: Option<()>| {
        for field in [title, body, tools, torque, wait, parts] {
            field.track();
        }
        if let Some(handle) = timer.try_update_value(Option::take).flatten() {
            handle.clear();
        }
        if begun.is_some() {
            timer.set_value(set_timeout_with_handle(keep, PAUSE).ok());
        }
    });
    on_cleanup(move || {
        if let Some(handle) = timer.try_update_value(Option::take).flatten() {
            handle.clear();
            keep();
        }
    });
    let change = Callback::new(move |act: fn(&mut GuideStep)| {
        if let Some(mut step) = untrack(|| edit.step(step_id)) {
            act(&mut step);
            edit.write(vec![GuideEdit::Step { step: Box::new(step) }]);
        }
    });
    let change_with = move |act: Box<dyn FnOnce(&mut GuideStep)>| {
        if let Some(mut step) = untrack(|| edit.step(step_id)) {
            act(&mut step);
            edit.write(vec![GuideEdit::Step { step: Box::new(step) }]);
        }
    };
    let step = Memo::new(move |_| edit.step(step_id));
    let (photographing, marking) = (RwSignal::new(false), RwSignal::new(None::<usize>));
    let (asking, entry) = (RwSignal::new(false), StepEntry::new());
    let guide_id = edit.view.with_untracked(|view| view.guide.guide_id);
    let taken = Callback::new(move |photo: AttachmentDraft| {
        photographing.set(false);
        let AttachmentDraft { media_type, file_name, bytes_base64 } = photo;
        session.send(GuideFileAdd { guide_id, media_type, file_name, bytes_base64 }, move |file| {
            let picture = GuidePicture {
                attachment_id: file.attachment_id,
                blob: file.blob,
                caption: Words::default(),
                marks: Vec::new(),
            };
            change_with(Box::new(move |step| step.pictures.push(picture)));
        });
    });
    let cropping = RwSignal::new(false);
    let cropped = Callback::new(move |(file, from): (GuideFile, String)| {
        cropping.set(false);
        let caption = tongue.with_value(|(language, _)| Words::of(language, from));
        let picture =
            GuidePicture { attachment_id: file.attachment_id, blob: file.blob, caption, marks: Vec::new() };
        change_with(Box::new(move |step| step.pictures.push(picture)));
    });
    let add_ask = Callback::new(move |()| {
        let Some(draft) = untrack(|| entry.draft()) else { return };
        let evidence = tongue.with_value(|(language, _)| Evidence {
            title: Words::of(language, draft.title),
            names_instrument: matches!(draft.form, StepForm::Measurement { .. }),
            form: draft.form,
        });
        change_with(Box::new(move |step| step.evidence.push(evidence)));
        asking.set(false);
    });
    let pictures = Memo::new(move |_| {
        step.with(|step| step.as_ref().map(|step| step.pictures.clone()).unwrap_or_default())
    });
    view! {
        <section class="card form draft-step" data-test="draft-step">
            {translates.map(|said| view! { <div class="notice-box" role="note">{text::draft_translates(said)}</div> })}
            <TextField label=text::step_title() value=title test="draft-title" focused=true/>
            <TextField label=text::draft_text() value=body test="draft-text" lines=true/>
            <div class="field"><span>{text::pictures()}</span>
                <div class="draft-pictures">
                    {move || pictures.get().into_iter().enumerate().map(|(place, picture)| view! {
                        <div class="draft-picture">
                            <button type="button" class="plain" aria-label=text::picture_mark() data-test=format!("picture-{place}") on:click=move |_| marking.set(Some(place))><MarkedPicture picture alt=text::picture_of(place + 1, place + 1)/></button>
                            <button type="button" class="btn tight" aria-label=text::picture_remove() data-test=format!("picture-remove-{place}")
                                on:click=move |_| change_with(Box::new(move |step| { if place < step.pictures.len() { step.pictures.remove(place); } }))><Icon glyph=Glyph::X/></button>
                        </div>
                    }).collect_view()}
                    <button type="button" class="btn big" data-test="picture-add" on:click=move |_| photographing.set(true)><Icon glyph=Glyph::Camera/>{text::photo_take()}</button>
                    <button type="button" class="btn big" data-test="picture-manual" on:click=move |_| cropping.set(true)><Icon glyph=Glyph::BookOpen/>{text::manual_open()}</button>
                </div></div>
            <DraftShows edit step_id/>
            <div class="field"><span>{text::draft_warns()}</span>
                <div class="choice" role="group" aria-label=text::draft_warns()>{Hazard::ALL.map(|hazard| {
                    let on = move || step.with(|step| step.as_ref().is_some_and(|step| step.hazards.contains(&hazard)));
                    view! { <button type="button" class="btn" class:on=on role="checkbox" aria-checked=move || on().to_string() data-test=format!("hazard-{}", hazard.sign())
                        on:click=move |_| change_with(Box::new(move |step| toggle(&mut step.hazards, hazard)))>{guide_words::hazard(hazard)}</button> }
                })}</div></div>
            <div class="field"><span>{text::draft_wears()}</span>
                <div class="choice" role="group" aria-label=text::draft_wears()>{Protection::ALL.map(|worn| {
                    let on = move || step.with(|step| step.as_ref().is_some_and(|step| step.protection.contains(&worn)));
                    view! { <button type="button" class="btn" class:on=on role="checkbox" aria-checked=move || on().to_string() data-test=format!("wear-{}", worn.sign())
                        on:click=move |_| change_with(Box::new(move |step| toggle(&mut step.protection, worn)))>{guide_words::protection(worn)}</button> }
                })}</div></div>
            <div class="form two">
                <TextField label=text::draft_tools() value=tools test="draft-tools"/>
                <TextField label=text::draft_parts() value=parts test="draft-parts"/>
                <TextField label=text::draft_torque() value=torque test="draft-torque"/>
                <TextField label=text::draft_wait() value=wait test="draft-wait"/>
            </div>
            <div class="field"><span>{text::draft_evidence()}</span>
                <div class="rows">
                    {move || step.with(|step| step.as_ref().map(|step| step.evidence.clone()).unwrap_or_default()).into_iter().enumerate().map(|(place, evidence)| {
                        let said = tongue.with_value(|(language, original)| evidence.title.read(language, original).to_owned());
                        view! { <div class="row fit"><span class="grow"><b>{said}</b><span class="muted small">{words::form(&evidence.form)}</span></span>
                            <button type="button" class="btn tight" aria-label=text::step_remove() data-test=format!("ask-remove-{place}")
                                on:click=move |_| change_with(Box::new(move |step| { if place < step.evidence.len() { step.evidence.remove(place); } }))><Icon glyph=Glyph::X/></button></div> }
                    }).collect_view()}
                </div>
                <div class="acts">
                    <button type="button" class="btn" data-test="ask-photo" on:click=move |_| change.run(|step| step.evidence.push(plain(StepForm::Photo)))><Icon glyph=Glyph::Camera/>{text::step_kind_photo()}</button>
                    <button type="button" class="btn" data-test="ask-add" on:click=move |_| { entry.fill(None); asking.set(true) }><Icon glyph=Glyph::Plus/>{text::draft_ask_add()}</button>
                </div></div>
            <label class="check"><input type="checkbox" data-test="draft-mandatory" prop:checked=move || step.with(|step| step.as_ref().is_some_and(|step| step.mandatory))
                on:change=move |event| { let on = event_target_checked(&event); change_with(Box::new(move |step| step.mandatory = on)) }/>{text::step_mandatory()}</label>
            <Condition edit step_id/>
            <div class="acts"><button type="button" class="btn big danger" data-test="draft-remove" on:click=move |_| { chosen.set(None); edit.write(vec![GuideEdit::RemoveStep { step_id }]) }>{text::step_remove()}</button></div>
        </section>
        <Show when=move || photographing.get()>
            <PhotoTake close=Callback::new(move |()| photographing.set(false)) kept=Callback::new(|_| ()) taken/>
        </Show>
        <Show when=move || cropping.get()><ManualSheet guide_id close=Callback::new(move |()| cropping.set(false)) taken=cropped/></Show>
        {move || marking.get().and_then(|place| pictures.with_untracked(|pictures| pictures.get(place).cloned()).map(|picture| view! {
            <PictureEdit picture close=Callback::new(move |()| marking.set(None))
                kept=Callback::new(move |marks: Vec<PictureMark>| {
                    marking.set(None);
                    change_with(Box::new(move |step| { if let Some(picture) = step.pictures.get_mut(place) { picture.marks = marks; } }));
                })/>
        }))}
        <Show when=move || asking.get()>
            <Sheet title=text::draft_ask_add() close=Callback::new(move |()| asking.set(false)) test="ask-sheet">
                <StepEdit entry entered=add_ask/>
                <div class="acts end"><button type="button" class="btn primary" data-test="ask-confirm" disabled=move || entry.draft().is_none() on:click=move |_| add_ask.run(())>{text::draft_ask_add()}</button></div>
            </Sheet>
        </Show>
    }
}

/// Which source of energy must be seen to be gone before this step, where the machine has any.
#[component]
fn Condition(edit: DraftEdit, step_id: GuideStepId) -> impl IntoView {
    let asset_id = edit.view.with_untracked(|view| view.guide.asset_id);
    let sources = RwSignal::new(Vec::<EnergySource>::new());
    if let Some(asset_id) = asset_id {
        Session::here().send(EnergySourceList { asset_id }, move |found| sources.set(found));
    }
    let chosen = Memo::new(move |_| {
        edit.step(step_id).and_then(|step| step.condition).map(|condition| condition.energy_source_id)
    });
    let choose = move |source: Option<EnergySourceId>| {
        if let Some(mut step) = untrack(|| edit.step(step_id)) {
            // What counts as gone is near nothing; a plant that knows better says so in its file.
            step.condition =
                source.map(|energy_source_id| LiveCondition { energy_source_id, low: -0.5, high: 0.5 });
            edit.write(vec![GuideEdit::Step { step: Box::new(step) }]);
        }
    };
    view! {
        <Show when=move || !sources.with(Vec::is_empty)>
            <div class="field"><span>{text::draft_isolates()}</span>
                <div class="choice" role="radiogroup" aria-label=text::draft_isolates()>
                    <button type="button" class="btn" role="radio" class:on=move || chosen.get().is_none() aria-checked=move || chosen.get().is_none().to_string() data-test="isolates-none" on:click=move |_| choose(None)>{text::nothing()}</button>
                    {move || sources.get().into_iter().enumerate().map(|(place, source)| {
                        let id = source.energy_source_id;
                        let on = move || chosen.get() == Some(id);
                        view! { <button type="button" class="btn" role="radio" class:on=on aria-checked=move || on().to_string() data-test=format!("isolates-{place}") on:click=move |_| choose(Some(id))>{source.name}</button> }
                    }).collect_view()}
                </div></div>
        </Show>
    }
}
