//! The picture of a step: the best that there is, chosen by itself and named.

use leptos::prelude::*;
use millwright_model::{CacheTag, FiducialList, GuideStepId, MachineModelList};

use super::camera_view::{CameraView, Sighting};
use super::machine::MachineShape;
use super::machine_view::MachineView;
use super::marked_picture::MarkedPicture;
use super::shown::Shown;
use super::touched_part::TouchedPart;
use crate::guide_run::Running;
use crate::icon::Glyph;
use crate::overlay::Standing;
use crate::part::Icon;
use crate::query::query;
use crate::session::Session;
use crate::text;
use millwright_step_scene::Touched;

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
    if sighting.is_away.get() {
        return text::stage_away();
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
    let session = Session::here();
    let title = Memo::new(move |_| {
        let language = session.language();
        step.with(|step| step.as_ref().map(|step| step.step.title.clone()))
            .map(|title| running.with(|running| running.say(&title, &language)))
            .unwrap_or_default()
    });
    let asset_id = running.with_untracked(|running| running.asset.as_ref().map(|asset| asset.asset_id));
    let parts = Shown::of_step(running, at, asset_id);
    let shows = parts.parts;
    let models =
        asset_id.map(|asset_id| query(move || MachineModelList { asset_id }, vec![CacheTag::Guides]));
    let bodies = Memo::new(move |_| running.with(|running| running.revision.content.stand_ins.clone()));
    // The machine's newest model; for one without a model the bodies that stand in for its parts.
    let shape = Memo::new(move |_| {
        let models = models.map(|models| models.ready());
        let model = match models {
            None => None,
            Some(None) => return None,
            Some(Some(models)) => models.into_iter().next().map(|model| model.attachment_id),
        };
        (model.is_some() || !bodies.with(Vec::is_empty)).then_some(model)
    });
    let shape_of = move |model| MachineShape { model, bodies: bodies.into() };
    let labels = asset_id.map(|asset_id| query(move || FiducialList { asset_id }, vec![CacheTag::Guides]));
    let is_surveyed = Memo::new(move |_| {
        let labels = labels.and_then(|labels| labels.ready()).unwrap_or_default();
        labels.iter().any(|label| label.removed_at.is_none() && label.survey.is_some())
    });
    let sighting = Sighting::new();
    // What the person asked to see instead, until the next step.
    let asked = RwSignal::new(None::<Kind>);
    let shown = RwSignal::new(0_usize);
    let touched = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        at.track();
        shown.set(0);
        touched.set(None);
        // Whoever holds the tablet over the machine goes on there.
        asked.update(|asked| *asked = asked.filter(|asked| *asked == Kind::Camera));
    });
    let kinds = Memo::new(move |_| {
        let (model, photo) = (shape.get().is_some(), !pictures.with(Vec::is_empty));
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
    let practice = running.with_untracked(|running| running.order.is_none());
    let tapped = Callback::new(move |hit: Touched| touched.set(Some(hit.name)));
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
                Kind::Camera => shape.get().map(shape_of).zip(asset_id).map(|(shape, asset_id)| view! {
                    <Show when=move || sighting.is_aside()>
                        <MachineView shape shown=parts side=sighting.side tapped beside_camera=true/>
                    </Show>
                    <CameraView asset_id shape shown=parts sighting tapped/>
                }.into_any()),
                Kind::Model => shape.get().map(shape_of).map(|shape| view! { <MachineView shape shown=parts tapped/> }.into_any()),
                Kind::Photo => pictures.with(|pictures| {
                    let picture = pictures.get(shown.get().min(pictures.len().saturating_sub(1)))?;
                    Some(view! { <MarkedPicture picture=picture.clone() alt=title.get()/> }.into_any())
                }),
                Kind::Words => Some(view! { <div class="stage-words"><Icon glyph=Glyph::BookOpen/></div> }.into_any()),
            }}
            {asset_id.map(|asset_id| view! { <TouchedPart asset_id touched practice/> })}
            <Show when=move || { kind.get() == Kind::Photo && count() > 1 }>
                <div class="stage-acts">
                    <button type="button" class="btn big" aria-label=text::picture_before() data-test="picture-before" disabled=move || shown.get() == 0 on:click=move |_| shown.update(|shown| *shown = shown.saturating_sub(1))><Icon glyph=Glyph::ChevronLeft/></button>
                    <span class="pill">{move || text::picture_of(shown.get() + 1, count())}</span>
                    <button type="button" class="btn big" aria-label=text::picture_after() data-test="picture-after" disabled=move || { shown.get() + 1 >= count() } on:click=move |_| shown.update(|shown| *shown += 1)><Icon glyph=Glyph::ChevronRight/></button>
                </div>
            </Show>
        </section>
    }
}
