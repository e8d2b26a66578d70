//! The picture of a step: the best that there is, chosen by itself and named.

use leptos::prelude::*;
use millwright_model::{CacheTag, FiducialList, GuideStepId, MachineModelList, ShownPart};

use super::camera_view::{CameraView, Sighting};
use super::machine_view::MachineView;
use super::marked_picture::MarkedPicture;
use crate::guide_run::Running;
use crate::icon::Glyph;
use crate::overlay::Standing;
use crate::part::Icon;
use crate::query::query;
use crate::session::Session;
use crate::text;

/// What a step can be seen by, the best first.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Kind {
    /// What the step shows, standing on the machine in the camera's picture, as far as it is known where that is.
    Camera,
    /// The machine's model, with what the step shows on it.
    Model,
    /// Its photos.
    Photo,
    /// Its words.
    Words,
}

impl Kind {
    fn says(self) -> &'static str {
        match self {
            Self::Camera => text::stage_camera(),
            Self::Model => text::stage_model(),
            Self::Photo => text::stage_photo(),
            Self::Words => text::stage_words(),
        }
    }
}

/// What is seen while the camera is looked through, by its name: nobody takes one for a better one.
fn says_over(sighting: &Sighting) -> &'static str {
    if sighting.aligning.with(Option::is_some) {
        return text::align_begin();
    }
    match (sighting.standing.get(), sighting.side.get()) {
        (Standing::Exact, _) => text::stage_exact(),
        (Standing::Outline, _) => text::stage_outline(),
        (Standing::Circle, _) => text::stage_circle(),
        (Standing::Lost, Some(_)) => text::stage_model_side(),
        (Standing::Lost, None) => text::stage_model(),
    }
}

/// The pictures of the step in hand; with several, one after the other.
#[component]
pub(super) fn Stage(running: Signal<Running>, at: Memo<Option<GuideStepId>>) -> impl IntoView {
    let of_step = move |running: &Running| at.get().and_then(|at| running.step(at).cloned());
    let step = Memo::new(move |_| running.with(of_step));
    let pictures = Memo::new(move |_| {
        step.with(|step| step.as_ref().map(|step| step.step.pictures.clone()).unwrap_or_default())
    });
    let shows = Memo::new(move |_| {
        step.with(|step| step.as_ref().map(|step| step.step.shows.clone()).unwrap_or_default())
    });
    let session = Session::here();
    let title = Memo::new(move |_| {
        let language = session.language();
        step.with(|step| step.as_ref().map(|step| step.step.title.clone()))
            .map(|title| running.with(|running| running.say(&title, &language)))
            .unwrap_or_default()
    });
    let asset_id = running.with_untracked(|running| running.asset.as_ref().map(|asset| asset.asset_id));
    let models =
        asset_id.map(|asset_id| query(move || MachineModelList { asset_id }, vec![CacheTag::Guides]));
    let model = Memo::new(move |_| {
        let models = models.and_then(|models| models.ready())?;
        models.into_iter().next().map(|model| model.attachment_id)
    });
    let labels = asset_id.map(|asset_id| query(move || FiducialList { asset_id }, vec![CacheTag::Guides]));
    let is_surveyed = Memo::new(move |_| {
        let labels = labels.and_then(|labels| labels.ready()).unwrap_or_default();
        labels.iter().any(|label| label.removed_at.is_none() && label.survey.is_some())
    });
    let sighting = Sighting::new();
    // What the person asked to see instead, until the next step.
    let asked = RwSignal::new(None::<Kind>);
    let shown = RwSignal::new(0_usize);
    Effect::new(move |_| {
        at.track();
        shown.set(0);
        // Whoever holds the tablet over the machine goes on there.
        asked.update(|asked| *asked = asked.filter(|asked| *asked == Kind::Camera));
    });
    let kinds = Memo::new(move |_| {
        let (model, photo) = (model.get().is_some(), !pictures.with(Vec::is_empty));
        // A step that shows nothing on the model is seen better on its photo.
        let model_first = !shows.with(Vec::is_empty);
        let usual = match (model, photo, model_first) {
            (true, true, true) => vec![Kind::Model, Kind::Photo],
            (true, true, false) => vec![Kind::Photo, Kind::Model],
            (true, false, _) => vec![Kind::Model],
            (false, true, _) => vec![Kind::Photo],
            (false, false, _) => vec![Kind::Words],
        };
        // The camera knows where the machine stands by its labels; without any, a hand says it on request.
        match (model && model_first, is_surveyed.get()) {
            (true, true) => [vec![Kind::Camera], usual].concat(),
            (true, false) => [usual, vec![Kind::Camera]].concat(),
            (false, _) => usual,
        }
    });
    let kind = Memo::new(move |_| {
        kinds.with(|kinds| {
            let asked = asked.get().filter(|asked| kinds.contains(asked));
            asked.or(kinds.first().copied()).unwrap_or(Kind::Words)
        })
    });
    let say = Callback::new(move |shown: ShownPart| {
        running.with_untracked(|running| running.say(&shown.label, &session.language()))
    });
    let count = move || pictures.with(Vec::len);
    view! {
        <section class="stage" class:words=move || kind.get() == Kind::Words data-test="stage">
            <div class="pills"><span class="pill" data-test="stage-kind">{move || match kind.get() {
                    Kind::Camera => says_over(&sighting),
                    other => other.says(),
                }}</span>
                {move || kinds.get().into_iter().filter(|one| *one != kind.get()).map(|other| view! {
                    <button type="button" class="btn pill-btn" data-test="stage-other" on:click=move |_| asked.set(Some(other))>{
                        if other == Kind::Model && kind.get() == Kind::Camera { text::stage_model_only() } else { other.says() }
                    }</button>
                }).collect_view()}</div>
            {move || match kind.get() {
                Kind::Camera => model.get().zip(asset_id).map(|(attachment_id, asset_id)| view! {
                    <Show when=move || sighting.is_aside()>
                        <MachineView attachment_id shows say side=sighting.side/>
                    </Show>
                    <CameraView asset_id attachment_id shows say sighting/>
                }.into_any()),
                Kind::Model => model.get().map(|attachment_id| view! { <MachineView attachment_id shows say/> }.into_any()),
                Kind::Photo => pictures.with(|pictures| {
                    let picture = pictures.get(shown.get().min(pictures.len().saturating_sub(1)))?;
                    Some(view! { <MarkedPicture picture=picture.clone() alt=title.get()/> }.into_any())
                }),
                Kind::Words => Some(view! { <div class="stage-words"><Icon glyph=Glyph::BookOpen/><p>{title}</p></div> }.into_any()),
            }}
            <Show when=move || { kind.get() == Kind::Photo && count() > 1 }>
                <div class="stage-acts">
                    <button type="button" class="btn big" aria-label=text::picture_before() data-test="picture-before" disabled=move || shown.get() == 0 on:click=move |_| shown.update(|shown| *shown = shown.saturating_sub(1))><Icon glyph=Glyph::ChevronLeft/></button>
                    <span class="pill">{move || text::picture_of(shown.get() + 1, count())}</span>
                    <button type="button" class="btn big" aria-label=text::picture_after() data-test="picture-after" disabled=move || shown.get() + 1 >= count() on:click=move |_| shown.update(|shown| *shown += 1)><Icon glyph=Glyph::ChevronRight/></button>
                </div>
            </Show>
        </section>
    }
}
