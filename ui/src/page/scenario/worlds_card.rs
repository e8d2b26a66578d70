//! Four worlds: two answers at the ends of their ranges, the best option in each, and its story.

use std::collections::BTreeSet;

use leptos::prelude::*;
use millwright_model::{
    CacheTag, ScenarioAnswer, ScenarioEdit, ScenarioQuestion, ScenarioWorld, ScenarioWorldsShow,
};

use super::trial::Trial;
use crate::icon::Glyph;
use crate::part::{Empty, Icon, Sheet, TextField};
use crate::query::{query, shown};
use crate::scenario_words as words;
use crate::text;

/// The trials of each world.
const TRIALS: u32 = 10_000;

/// The card.
#[component]
pub(super) fn WorldsCard(trial: Trial) -> impl IntoView {
    let ranges = Memo::new(move |_| {
        let is_range =
            |question: &&ScenarioQuestion| matches!(question.answer, ScenarioAnswer::Between { .. });
        trial.view.with(|view| {
            view.questions
                .iter()
                .filter(is_range)
                .map(|one| (one.name.clone(), one.question.clone()))
                .collect::<Vec<_>>()
        })
    });
    let open = RwSignal::new(false);
    view! {
        <section class="card" data-test="scenario-worlds">
            <div class="head"><h2 class="grow">{text::worlds()}</h2>
                <button type="button" class="btn" data-test="worlds-open" aria-expanded=move || open.get().to_string() on:click=move |_| open.update(|open| *open = !*open)>
                    {move || view! { <Icon glyph=if open.get() { Glyph::ChevronUp } else { Glyph::ChevronRight }/> }}{text::worlds()}</button></div>
            <p class="muted small">{text::worlds_how()}</p>
            {move || open.get().then(|| match &ranges.get()[..] {
                [across, up, ..] => view! { <Worlds trial ranges first=(across.0.clone(), up.0.clone())/> }.into_any(),
                [] | [_] => view! { <Empty says=text::worlds_none()/> }.into_any(),
            })}
        </section>
    }
}

#[component]
fn Worlds(trial: Trial, ranges: Memo<Vec<(String, String)>>, first: (String, String)) -> impl IntoView {
    let (across, up) = (RwSignal::new(first.0), RwSignal::new(first.1));
    let scenario_id = trial.view.with_untracked(|view| view.scenario.scenario_id);
    let found = query(
        move || ScenarioWorldsShow {
            scenario_id,
            tries: trial.tries.get(),
            across: across.get(),
            up: up.get(),
            trials: TRIALS,
            result: trial.result.get(),
        },
        vec![CacheTag::Scenarios],
    );
    let axis = move |label: &'static str,
                     chosen: RwSignal<String>,
                     other: RwSignal<String>,
                     test: &'static str| {
        view! {
            <label class="field"><span>{label}</span>
                <select data-test=test on:change=move |event| chosen.set(event_target_value(&event))>
                    {move || ranges.get().into_iter().filter(|(name, _)| *name != other.get()).map(|(name, question)| {
                        let value = name.clone();
                        view! { <option value=value selected=move || chosen.get() == name>{question}</option> }
                    }).collect_view()}
                </select></label>
        }
    };
    view! {
        <div class="form two">{axis(text::worlds_across(), across, up, "worlds-across")}{axis(text::worlds_up(), up, across, "worlds-up")}</div>
        {shown(found, move |found| view! {
            {move || found.with(|worlds| robust(worlds))}
            <div class="worlds">{move || found.get().into_iter().map(|world| view! { <World trial world axes=(across.get_untracked(), up.get_untracked())/> }).collect_view()}</div>
        }.into_any())}
    }
}

/// What is right in all four.
fn robust(worlds: &[ScenarioWorld]) -> Option<AnyView> {
    let best: BTreeSet<u32> = worlds.iter().map(|world| world.best).collect();
    let world = worlds.first().filter(|world| best.len() == 1 && world.options.len() > 1)?;
    let option = words::choice(&world.options.get(world.best as usize)?.choice);
    Some(view! { <p class="strong" data-test="worlds-robust">{text::worlds_robust(option)}</p> }.into_any())
}

#[component]
fn World(trial: Trial, world: ScenarioWorld, axes: (String, String)) -> impl IntoView {
    let telling = RwSignal::new(false);
    let place = format!(
        "world-{}-{}",
        if world.is_across_high { "high" } else { "low" },
        if world.is_up_high { "high" } else { "low" }
    );
    let about = world.about.clone();
    let story = Memo::new(move |_| {
        trial.view.with(|view| {
            view.narratives
                .iter()
                .find(|told| told.about == about)
                .map(|told| told.text.clone())
                .unwrap_or_default()
        })
    });
    let options = world.options.iter().enumerate().map(|(place, option)| {
        let is_best = place == world.best as usize;
        let mean = words::amount(option.mean);
        view! { <div class="fact-row" class:strong=is_best><span>{words::choice(&option.choice)}</span><b>{mean}</b></div> }
    });
    let options = options.collect_view();
    let (across, up) = axes;
    let head = format!(
        "{} {} · {} {}",
        across.replace('_', " "),
        words::amount(world.across),
        up.replace('_', " "),
        words::amount(world.up)
    );
    let about = world.about.clone();
    view! {
        <div class="world" data-test=place.clone()><div class="muted small">{head}</div>{options}
            <p class="small">{story}</p>
            <button type="button" class="btn link start-aligned" data-test=format!("{place}-tell") on:click=move |_| telling.set(true)><Icon glyph=Glyph::Pencil/>{text::world_tell()}</button></div>
        <Show when=move || telling.get()>
            <StorySheet trial about=about.clone() story=story.get_untracked() close=Callback::new(move |()| telling.set(false))/>
        </Show>
    }
}

#[component]
fn StorySheet(trial: Trial, about: String, story: String, close: Callback<()>) -> impl IntoView {
    let told = RwSignal::new(story);
    let about = StoredValue::new(about);
    let keep = move |_| {
        let edit = ScenarioEdit::Narrative { about: about.get_value(), text: told.get_untracked() };
        trial.write(vec![edit], move || {
            close.try_run(());
        });
    };
    view! {
        <Sheet title=text::world_story() close test="story-sheet" wide=true>
            <div class="form"><TextField label=text::world_story() value=told test="story-text" lines=true focused=true/></div>
            <div class="acts end"><button type="button" class="btn primary grow" data-test="story-keep" on:click=keep>{text::save()}</button></div>
        </Sheet>
    }
}
