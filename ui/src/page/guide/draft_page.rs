//! Writing a guide by doing: steps come from photos, words are typed beside them, and all of it is kept as it is written.

use leptos::prelude::*;
use millwright_model::{
    AttachmentDraft, CacheTag, GuideDraftShow, GuideFileAdd, GuideId, GuidePicture, GuideStep, GuideStepId,
    Words,
};

use super::draft_edit::{DraftEdit, new_id};
use super::draft_step::DraftStep;
use super::outline::Outline;
use crate::icon::Glyph;
use crate::part::{Empty, Icon, PhotoTake};
use crate::query::{query, shown};
use crate::route::Route;
use crate::session::Session;
use crate::text;

/// The draft of a guide.
#[component]
pub(crate) fn GuideDraftPage(guide_id: GuideId) -> impl IntoView {
    let session = Session::here();
    let draft = query(move || GuideDraftShow { guide_id }, vec![CacheTag::Guides]);
    view! {
        <div class="page guide-draft" data-test="page-guide-draft">
            {shown(draft, move |view| {
                let edit = DraftEdit::new(view);
                let chosen = RwSignal::new(view.with_untracked(|view| view.content.steps().next().map(|step| step.step_id)));
                let photographing = RwSignal::new(false);
                let name = view.with_untracked(|view| view.guide.name.clone());
                let add = move |pictures: Vec<GuidePicture>| {
                    let step_id = GuideStepId(new_id());
                    let mut step = GuideStep::plain(step_id, Words::default());
                    step.pictures = pictures;
                    edit.add_step(step, chosen.get_untracked(), move || chosen.set(Some(step_id)));
                };
                let taken = Callback::new(move |photo: AttachmentDraft| {
                    photographing.set(false);
                    let AttachmentDraft { media_type, file_name, bytes_base64 } = photo;
                    session.send(GuideFileAdd { guide_id, media_type, file_name, bytes_base64 }, move |file| {
                        add(vec![GuidePicture { attachment_id: file.attachment_id, blob: file.blob, caption: Words::default(), marks: Vec::new() }]);
                    });
                });
                let count = move || view.with(|view| view.content.steps().count());
                view! {
                    <div class="head"><a class="btn tight" aria-label=text::back() href=Route::Guide(guide_id).hash() data-test="back"><Icon glyph=Glyph::ChevronLeft/></a>
                        <div class="grow"><div class="muted small">{move || text::draft_steps(count())}</div><h1>{name}</h1></div>
                        <button type="button" class="btn big" data-test="draft-undo" disabled=move || !edit.can_go_back() on:click=move |_| edit.go_back()><Icon glyph=Glyph::Undo2/>{text::draft_undo()}</button>
                        <a class="btn big" href=Route::Guide(guide_id).hash() data-test="draft-done"><Icon glyph=Glyph::Check/>{text::draft_done()}</a></div>
                    <div class="draft-cols">
                        <section class="card" data-test="outline">
                            <Outline edit chosen/>
                            <div class="acts">
                                <button type="button" class="btn primary grow" data-test="step-from-photo" on:click=move |_| photographing.set(true)><Icon glyph=Glyph::Camera/>{text::draft_photo_step()}</button>
                                <button type="button" class="btn big" data-test="step-new" on:click=move |_| add(Vec::new())><Icon glyph=Glyph::Plus/>{text::step_add()}</button>
                            </div>
                        </section>
                        {move || match chosen.get().filter(|step_id| view.with_untracked(|view| view.content.step(*step_id).is_some())) {
                            Some(step_id) => view! { <DraftStep edit step_id chosen/> }.into_any(),
                            None => view! { <section class="card"><Empty says=text::draft_empty()/></section> }.into_any(),
                        }}
                    </div>
                    <Show when=move || photographing.get()>
                        <PhotoTake close=Callback::new(move |()| photographing.set(false)) kept=Callback::new(|_| ()) taken/>
                    </Show>
                }.into_any()
            })}
        </div>
    }
}
