//! The picture of a step: the best that there is, chosen by itself and named.

use leptos::prelude::*;
use millwright_model::GuideStepId;

use super::marked_picture::MarkedPicture;
use crate::guide_run::Running;
use crate::icon::Glyph;
use crate::part::Icon;
use crate::session::Session;
use crate::text;

/// The pictures of the step in hand; with several, one after the other.
#[component]
pub(super) fn Stage(running: Signal<Running>, at: Memo<Option<GuideStepId>>) -> impl IntoView {
    let pictures = Memo::new(move |_| {
        let step = at
            .get()
            .and_then(|at| running.with(|running| running.step(at).map(|step| step.step.pictures.clone())));
        step.unwrap_or_default()
    });
    let session = Session::here();
    let title = Memo::new(move |_| {
        let language = session.language();
        let said =
            |running: &Running| running.step(at.get()?).map(|step| running.say(&step.step.title, &language));
        running.with(said).unwrap_or_default()
    });
    let shown = RwSignal::new(0_usize);
    Effect::new(move |_| {
        at.track();
        shown.set(0);
    });
    let count = move || pictures.with(Vec::len);
    view! {
        <section class="stage" class:words=move || count() == 0 data-test="stage">
            <div class="pills"><span class="pill" data-test="stage-kind">{move || if count() == 0 { text::stage_words() } else { text::stage_photo() }}</span></div>
            {move || pictures.with(|pictures| match pictures.get(shown.get().min(pictures.len().saturating_sub(1))) {
                Some(picture) => view! { <MarkedPicture picture=picture.clone() alt=title.get()/> }.into_any(),
                None => view! { <div class="stage-words"><Icon glyph=Glyph::BookOpen/><p>{title}</p></div> }.into_any(),
            })}
            <Show when=move || { count() > 1 }>
                <div class="stage-acts">
                    <button type="button" class="btn big" aria-label=text::picture_before() data-test="picture-before" disabled=move || shown.get() == 0 on:click=move |_| shown.update(|shown| *shown = shown.saturating_sub(1))><Icon glyph=Glyph::ChevronLeft/></button>
                    <span class="pill">{move || text::picture_of(shown.get() + 1, count())}</span>
                    <button type="button" class="btn big" aria-label=text::picture_after() data-test="picture-after" disabled=move || shown.get() + 1 >= count() on:click=move |_| shown.update(|shown| *shown += 1)><Icon glyph=Glyph::ChevronRight/></button>
                </div>
            </Show>
        </section>
    }
}
