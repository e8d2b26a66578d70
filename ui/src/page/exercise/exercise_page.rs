//! One exercise with its three faces: planned, played, looked back on. It opens where it stands.

use leptos::prelude::*;
use millwright_model::{CacheTag, ExerciseId, ExerciseShow, ExerciseState, ExerciseView};

use super::about_sheet::AboutCard;
use super::desk::ExerciseDesk;
use super::injects_card::InjectsCard;
use super::play_face::PlayFace;
use super::report_face::ReportFace;
use super::roles_card::RolesCard;
use crate::exercise_words as words;
use crate::icon::Glyph;
use crate::part::Icon;
use crate::query::{query, shown};
use crate::route::Route;
use crate::text;

/// Which face is shown.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Face {
    Plan,
    Play,
    Report,
}

impl Face {
    const ALL: [Self; 3] = [Self::Plan, Self::Play, Self::Report];

    fn of(state: ExerciseState) -> Self {
        match state {
            ExerciseState::Planned => Self::Plan,
            ExerciseState::Running | ExerciseState::Paused => Self::Play,
            ExerciseState::Ended => Self::Report,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Plan => text::exercise_face_plan(),
            Self::Play => text::exercise_face_play(),
            Self::Report => text::exercise_face_report(),
        }
    }

    fn test(self) -> &'static str {
        match self {
            Self::Plan => "face-plan",
            Self::Play => "face-play",
            Self::Report => "face-report",
        }
    }
}

/// The page.
#[component]
pub(crate) fn ExercisePage(exercise_id: ExerciseId) -> impl IntoView {
    let found = query(move || ExerciseShow { exercise_id }, vec![CacheTag::Exercises, CacheTag::People]);
    view! {
        <div class="page" data-test="page-exercise">{shown(found, move |view| opened(view).into_any())}</div>
    }
}

fn opened(view: RwSignal<ExerciseView>) -> impl IntoView {
    let desk = ExerciseDesk::of(view);
    let state = Memo::new(move |_| desk.state());
    let face = RwSignal::new(Face::of(state.get_untracked()));
    // Where it goes on, everybody at the table goes with it.
    Effect::new(move |before: Option<ExerciseState>| {
        let now = state.get();
        if before.is_some_and(|before| Face::of(before) != Face::of(now)) {
            face.set(Face::of(now));
        }
        now
    });
    let scenario_id = view.with_untracked(|view| view.exercise.scenario_id);
    let tabs = Face::ALL.map(|one| {
        let on = move || face.get() == one;
        view! { <button type="button" class="chip" class:on=on aria-pressed=move || on().to_string() data-test=one.test() on:click=move |_| face.set(one)>{one.name()}</button> }
    });
    view! {
        <div class="head">
            <a class="btn tight" aria-label=text::back() href=Route::Exercises(scenario_id).hash() data-test="back"><Icon glyph=Glyph::ChevronLeft/></a>
            <div class="grow"><div class="muted small">{move || format!("{} · {}", text::exercise(), view.with(|view| view.scenario_name.clone()))}</div>
                <h1 data-test="exercise-title">{move || view.with(|view| view.exercise.title.clone())}</h1></div>
            <span class="tag" data-test="exercise-state">{move || words::state(state.get())}</span>
            <div class="tags" role="group">{tabs}</div>
        </div>
        {move || match face.get() {
            Face::Plan => view! { <div class="stack"><AboutCard desk/><InjectsCard desk/><RolesCard desk/></div> }.into_any(),
            Face::Play => view! { <PlayFace desk/> }.into_any(),
            Face::Report => view! { <ReportFace desk/> }.into_any(),
        }}
    }
}
