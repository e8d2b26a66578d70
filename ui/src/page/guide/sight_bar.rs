//! Beside the camera's picture: how sure the position is, what would make it better, and what a hand can do.

use leptos::prelude::*;
use leptos::task::spawn_local;
use millwright_model::{
    FiducialFound, FiducialSurvey, LabelFault, SightHint, SightProof, SightSeen, SightSurvey, SurveyedLabel,
};
use web_sys::MediaStreamTrack;

use super::camera_view::{Sighting, is_unproven};
use super::eye;
use crate::figure;
use crate::icon::Glyph;
use crate::ipc;
use crate::overlay::Fits;
use crate::part::Icon;
use crate::session::Session;
use crate::text;

/// Every so many pictures it is asked where labels hang that nobody surveyed.
const SURVEY_EVERY: u32 = 15;
/// Fewer pictures are too few to keep a place by, unless a hand laid the machine over one.
const SURVEY_MIN: u32 = 8;

/// What is said of the picture, and the buttons under it.
#[component]
pub(super) fn SightBar(
    sighting: Sighting,
    /// Whether the camera gives a picture.
    live: RwSignal<bool>,
    /// A person wants to lay points over the picture.
    align: Callback<()>,
    /// A recorded run or pictures were picked.
    picked: Callback<web_sys::Event>,
    /// The camera.
    track: Callback<(), Option<MediaStreamTrack>>,
) -> impl IntoView {
    let Sighting { seen, view, fits, frozen, over, run, trouble, .. } = sighting;
    let asks = move || fits.get() == Fits::Unsaid && seen.with(|seen| seen.as_ref().is_some_and(is_unproven));
    // Labels whose places nobody knew, seen beside those whose places are known: asked for every so many pictures.
    let surveyed = RwSignal::new(Vec::<SurveyedLabel>::new());
    let pictures = StoredValue::new(0_u32);
    Effect::new(move |_| {
        let open = seen.with(|seen| {
            seen.as_ref().is_some_and(|seen| {
                seen.labels.iter().any(|label| label.fiducial_id.is_some() && !label.is_surveyed)
            })
        });
        pictures.update_value(|pictures| *pictures = pictures.wrapping_add(1));
        let due = frozen.get() || pictures.get_value().is_multiple_of(SURVEY_EVERY);
        if open && due {
            spawn_local(async move {
                if let Ok(found) = ipc::call(SightSurvey {}).await {
                    let enough = |label: &SurveyedLabel| {
                        label.picture_count >= SURVEY_MIN || frozen.try_get_untracked() == Some(true)
                    };
                    surveyed.try_set(found.into_iter().filter(enough).collect());
                }
            });
        }
    });
    let session = Session::here();
    let keep = move || {
        let known = view.with_untracked(|view| view.as_ref().and_then(|view| view.labels.first()).cloned());
        let Some(asset_id) = known.map(|known| known.asset_id) else { return };
        let found = surveyed.get_untracked().into_iter().map(|label| {
            let SurveyedLabel { fiducial_id, machine_from_label, sigma, .. } = label;
            FiducialFound { fiducial_id, machine_from_label, sigma }
        });
        session.record_then(FiducialSurvey { asset_id, found: found.collect() }, move || {
            surveyed.set(Vec::new());
            sighting.again.update(|again| *again = again.wrapping_add(1));
        });
    };
    let has_torch =
        Memo::new(move |_| live.get() && track.run(()).is_some_and(|track| eye::has_torch(&track)));
    let torch = RwSignal::new(false);
    let switch = move |_| {
        let on = !torch.get_untracked();
        if let Some(track) = track.run(()) {
            spawn_local(async move {
                if eye::set_torch(&track, on).await {
                    torch.try_set(on);
                }
            });
        }
    };
    view! {
        <div class="sight-says">
            {move || trouble.get().map(|said| view! { <div class="error-box" role="alert" data-test="sight-trouble">{said}</div> })}
            {move || seen.with(|seen| seen.as_ref().map(|seen| view! {
                <div class="pill" data-test="sight-error">{error(seen)}</div>
                {seen.faults.iter().map(|fault| view! { <div class="pill warns" role="alert" data-test="sight-fault"><Icon glyph=Glyph::TriangleAlert/>{fault_words(fault)}</div> }).collect_view()}
                {seen.hints.iter().take(2).map(|hint| view! { <div class="pill" data-test="sight-hint">{hint_words(*hint)}</div> }).collect_view()}
            }))}
            {move || view.with(|view| view.as_ref().filter(|view| !view.is_measured).map(|_| view! { <div class="pill" data-test="sight-unmeasured">{text::sight_unmeasured()}</div> }))}
            <Show when=asks>
                <div class="fits" role="group" data-test="fits">
                    <b>{text::sight_not_proven()}</b>
                    <button type="button" class="btn big" data-test="fits-yes" on:click=move |_| fits.set(Fits::Yes)>{text::sight_fits()}</button>
                    <button type="button" class="btn big" data-test="fits-no" on:click=move |_| fits.set(Fits::No)>{text::sight_fits_not()}</button>
                </div>
            </Show>
            <Show when=move || !surveyed.with(Vec::is_empty)>
                <div class="fits" role="group" data-test="survey"><span>{move || surveyed.with(|found| told_of(found))}</span>
                    <button type="button" class="btn" data-test="survey-keep" on:click=move |_| keep()>{text::survey_keep()}</button></div>
            </Show>
            <Show when=move || fits.get() == Fits::No>
                <div class="pill warns" data-test="fits-denied">{text::sight_denied()}
                    <button type="button" class="btn pill-btn" data-test="fits-again" on:click=move |_| fits.set(Fits::Unsaid)>{text::sight_look_again()}</button></div>
            </Show>
        </div>
        <div class="stage-acts sight-acts">
            <Show when=move || view.with(Option::is_some)>
                <button type="button" class="btn big" class:primary=move || frozen.get() data-test="freeze" aria-pressed=move || frozen.get().to_string()
                    on:click=move |_| frozen.update(|frozen| *frozen = !*frozen)><Icon glyph=Glyph::Pause/>{move || if frozen.get() { text::sight_go_on() } else { text::sight_freeze() }}</button>
            </Show>
            <Show when=move || view.with(Option::is_some) && sighting.aligning.with(Option::is_none)>
                <button type="button" class="btn big tight" title=text::align_begin() aria-label=text::align_begin() data-test="align-begin" on:click=move |_| align.run(())><Icon glyph=Glyph::Hash/></button>
            </Show>
            <Show when=move || has_torch.get()>
                <button type="button" class="btn big" data-test="torch" aria-pressed=move || torch.get().to_string() on:click=switch>{text::sight_torch()}</button>
            </Show>
            <Show when=move || over.get()>
                <button type="button" class="btn big" data-test="run-again" on:click=move |_| { let again = run.get_untracked(); run.set(again) }><Icon glyph=Glyph::RefreshCw/>{text::sight_run_again()}</button>
            </Show>
            <Show when=move || run.with(Option::is_some)>
                <button type="button" class="btn big" data-test="run-end" on:click=move |_| run.set(None)><Icon glyph=Glyph::Camera/>{text::sight_camera()}</button>
            </Show>
            <Show when=move || run.with(Option::is_none)>
                <label class="btn big tight" title=text::sight_run() aria-label=text::sight_run()><Icon glyph=Glyph::FolderOpen/>
                    <input class="hidden-input" type="file" accept=".mwview,image/*" multiple data-test="run-file" on:change=move |event| picked.run(event)/></label>
            </Show>
        </div>
    }
}

/// The labels whose places were found, and how far off the worst of them may be, as one standard deviation.
fn told_of(found: &[SurveyedLabel]) -> String {
    let sigma_m = |label: &SurveyedLabel| {
        let [x, y, z, ..] = label.sigma;
        (x * x + y * y + z * z).sqrt()
    };
    let worst_m = found.iter().map(sigma_m).fold(0.0, f64::max);
    let names: Vec<String> = found.iter().map(|label| format!("«{}»", label.name)).collect();
    text::survey_found(names.join(", "), figure::plain(rounded(worst_m * 1_000.0)))
}

/// How far off the part of interest may be, and by how many labels that is known.
fn error(seen: &SightSeen) -> String {
    let labels = seen.labels.iter().filter(|label| label.is_surveyed).count();
    match (seen.error, seen.proof) {
        (Some(error), SightProof::ByHand) => text::sight_error_by_hand(
            figure::plain(rounded(error.bound_mm)),
            figure::plain(rounded(error.bound_deg)),
        ),
        (Some(error), _) => text::sight_error(
            figure::plain(rounded(error.bound_mm)),
            figure::plain(rounded(error.bound_deg)),
            labels,
        ),
        (None, _) if seen.labels.is_empty() => text::sight_no_label().to_owned(),
        (None, _) => text::sight_no_surveyed_label().to_owned(),
    }
}

/// One place behind the point below ten, none above.
fn rounded(value: f64) -> f64 {
    if value < 10.0 { (value * 10.0).round() / 10.0 } else { value.round() }
}

fn hint_words(hint: SightHint) -> &'static str {
    match hint {
        SightHint::Oblique => text::hint_oblique(),
        SightHint::Far => text::hint_far(),
        SightHint::Blurred => text::hint_blurred(),
        SightHint::Dark => text::hint_dark(),
        SightHint::Glare => text::hint_glare(),
        SightHint::Pale => text::hint_pale(),
    }
}

fn fault_words(fault: &LabelFault) -> String {
    let mm = |metres: f64| figure::plain((metres * 1_000.0).round());
    match fault {
        LabelFault::WrongSize { label, registered_m, seems_m } => {
            text::label_wrong_size(label, mm(*seems_m), mm(*registered_m))
        }
        LabelFault::Moved { label, by_m } => text::label_moved(label, mm(*by_m)),
        LabelFault::Swapped { labels: [one, other] } => text::label_swapped(one, other),
        LabelFault::Contradiction => text::label_contradiction().to_owned(),
    }
}
