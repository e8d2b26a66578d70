//! One scenario: questions at one side, what comes of them at the other.

use leptos::prelude::*;
use millwright_model::{
    CacheTag, ScenarioEnd, ScenarioFreeze, ScenarioFrozen, ScenarioId, ScenarioShow, ScenarioView,
};

use super::brief_sheet::BriefSheet;
use super::change_sheet::ChangeSheet;
use super::decide_sheet::DecideSheet;
use super::decided_card::DecidedCard;
use super::diagram_card::DiagramCard;
use super::fill_sheet::{FillSheet, is_about_supply};
use super::influence_card::InfluenceCard;
use super::model_sheet::ModelSheet;
use super::picture_card::PictureCard;
use super::questions_card::QuestionsCard;
use super::signposts_card::SignpostsCard;
use super::trial::Trial;
use super::twice_card::TwiceCards;
use super::worlds_card::WorldsCard;
use crate::calendar;
use crate::icon::Glyph;
use crate::model_words;
use crate::part::{Icon, Sheet};
use crate::query::{query, shown};
use crate::route::Route;
use crate::scenario_words as words;
use crate::session::{Matter, Session};
use crate::shell;
use crate::text;

/// What lies over the page.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Over {
    Brief,
    Changes,
    Decide,
    Fill,
    Model,
    PutAway,
}

/// The page.
#[component]
pub(crate) fn ScenarioPage(scenario_id: ScenarioId) -> impl IntoView {
    let found = query(move || ScenarioShow { scenario_id }, vec![CacheTag::Scenarios, CacheTag::Tags]);
    view! {
        <div class="page" data-test="page-scenario">
            {shown(found, move |view| opened(view).into_any())}
        </div>
    }
}

fn opened(view: RwSignal<ScenarioView>) -> impl IntoView {
    let session = Session::here();
    let trial = Trial::of(view);
    let over = RwSignal::new(None::<Over>);
    let is_drawn = RwSignal::new(false);
    let close = Callback::new(move |()| over.set(None));
    let scenario_id = view.with_untracked(|view| view.scenario.scenario_id);
    let name = move || view.with(|view| view.scenario.name.clone());
    let about = move || {
        let frozen = view.with(|view| view.baselines.first().map(|baseline| baseline.taken_at));
        let frozen = frozen.map_or_else(
            || text::scenario_no_baseline().to_owned(),
            |at| text::scenario_baseline_at(calendar::moment(at)),
        );
        format!("{} · {frozen}", text::scenario_kind())
    };
    let freeze = move |_| {
        session.send(ScenarioFreeze { scenario_id }, move |frozen| session.say(Matter::Notice(said(&frozen))))
    };
    let put_away = move |_| {
        session.record_then(ScenarioEnd { scenario_id }, || shell::go(Route::Scenarios));
    };
    let about_supply = move || view.with(|view| is_about_supply(&view.questions));
    let fault = move || {
        let fault = view.with(|view| view.fault.clone())?;
        let said = text::scenario_text_unfit(fault.line, fault.column, model_words::wrong(&fault.wrong));
        Some(view! { <div class="error-box" role="alert" data-test="scenario-fault">{said}</div> })
    };
    view! {
        <div class="head">
            <a class="btn tight" aria-label=text::back() href=Route::Scenarios.hash() data-test="back"><Icon glyph=Glyph::ChevronLeft/></a>
            <div class="grow"><div class="muted small" data-test="scenario-about">{about}</div><h1>{name}</h1></div>
            <button type="button" class="btn" data-test="scenario-changes" on:click=move |_| over.set(Some(Over::Changes))>{text::scenario_what_changed()}</button>
            <Show when=about_supply>
                <button type="button" class="btn" data-test="scenario-fill" on:click=move |_| over.set(Some(Over::Fill))>{text::scenario_fill()}</button>
            </Show>
            <button type="button" class="btn" data-test="scenario-freeze" on:click=freeze>{text::scenario_freeze()}</button>
            <button type="button" class="btn" data-test="scenario-brief" on:click=move |_| over.set(Some(Over::Brief))>{text::scenario_brief()}</button>
            <a class="btn" href=Route::Exercises(scenario_id).hash() data-test="scenario-exercises">{text::exercise()}</a>
            <button type="button" class="btn" aria-pressed=move || is_drawn.get().to_string() class:on=move || is_drawn.get() data-test="scenario-draw" on:click=move |_| is_drawn.update(|drawn| *drawn = !*drawn)>{text::diagram()}</button>
            <button type="button" class="btn" data-test="scenario-model" on:click=move |_| over.set(Some(Over::Model))>{text::scenario_model()}</button>
            <button type="button" class="btn primary" data-test="scenario-decide" disabled=move || trial.picture.with(Option::is_none) on:click=move |_| over.set(Some(Over::Decide))>{text::scenario_decide()}</button>
        </div>
        {fault}
        <TwiceCards trial/>
        <Show when=move || is_drawn.get()><DiagramCard trial/></Show>
        <div class="cols scenario-cols">
            <div class="stack"><QuestionsCard trial/><SignpostsCard trial/></div>
            <div class="stack"><PictureCard trial/><InfluenceCard trial/><WorldsCard trial/><DecidedCard trial/>
                <div class="acts end"><button type="button" class="btn link" data-test="scenario-away" on:click=move |_| over.set(Some(Over::PutAway))>{text::scenario_away()}</button></div></div>
        </div>
        {move || over.get().map(|what| match what {
            Over::Brief => view! { <BriefSheet trial close/> }.into_any(),
            Over::Changes => view! { <ChangeSheet trial close/> }.into_any(),
            Over::Decide => view! { <DecideSheet trial close/> }.into_any(),
            Over::Fill => view! { <FillSheet trial close/> }.into_any(),
            Over::Model => view! { <ModelSheet trial close/> }.into_any(),
            Over::PutAway => view! {
                <Sheet title=text::scenario_away() close test="away-sheet">
                    <p>{text::scenario_away_ask(name())}</p>
                    <div class="acts end"><button type="button" class="btn primary grow" data-test="away-yes" on:click=put_away>{text::scenario_away()}</button></div>
                </Sheet>
            }.into_any(),
        })}
    }
}

/// What a frozen baseline took, and what stayed as it was.
fn said(frozen: &ScenarioFrozen) -> String {
    let mut said = vec![text::scenario_frozen(frozen.taken.len())];
    said.extend(
        frozen
            .left
            .iter()
            .map(|left| text::scenario_left(left.name.replace('_', " "), words::left_why(left.why))),
    );
    said.join(" ")
}
