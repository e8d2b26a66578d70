//! What the options come to: a curve for each under the same luck, and their figures beneath.

use leptos::prelude::*;
use millwright_charts::{Spread, SpreadOption, spread};
use millwright_model::{ScenarioOption, ScenarioPicture};

use super::trial::Trial;
use crate::figure;
use crate::scenario_words as words;
use crate::text;

/// How heights of neighbours are mixed, so that a curve shows the spread and not the luck of the trials.
const SMOOTHINGS: usize = 3;

/// The card.
#[component]
pub(super) fn PictureCard(trial: Trial) -> impl IntoView {
    let above = RwSignal::new(false);
    let area = NodeRef::<leptos::html::Div>::new();
    let title = move || {
        trial.picture.with(|picture| {
            picture.as_ref().map_or_else(String::new, |picture| {
                let unit = words::unit_shown(&picture.unit);
                if unit.is_empty() { picture.result.clone() } else { format!("{}, {unit}", picture.result) }
            })
        })
    };
    let options =
        move || trial.picture.with(|picture| picture.as_ref().map_or(0, |picture| picture.options.len()));
    let results = Memo::new(move |_| {
        trial.view.with(|view| view.results.iter().map(|result| result.name.clone()).collect::<Vec<_>>())
    });
    let several = move || results.with(Vec::len) > 1;
    let drawn = move || {
        let width = area.get().map_or(620, |area| area.client_width()).clamp(280, 1200) as u32;
        trial.picture.with(|picture| {
            let picture = picture.as_ref().filter(|picture| !picture.is_truth)?;
            Some(((width, 240), draw(picture, above.get(), (width, 240))))
        })
    };
    view! {
        <section class="card" data-test="scenario-picture">
            <div class="head"><h2 class="grow">{title}" "<span class="muted plain">{move || text::scenario_same_luck(options())}</span></h2>
                <div class="tags">
                    <button type="button" class="chip" class:on=move || !above.get() data-test="picture-spread" on:click=move |_| above.set(false)>{text::scenario_show_spread()}</button>
                    <button type="button" class="chip" class:on=above data-test="picture-above" on:click=move |_| above.set(true)>{text::scenario_show_above()}</button>
                </div></div>
            <Show when=several>
                <div class="tags" role="radiogroup" aria-label=text::scenario_which_result()>
                    {move || results.get().into_iter().map(|name| {
                        let on = { let name = name.clone(); move || trial.picture.with(|picture| picture.as_ref().is_some_and(|picture| picture.result == name)) };
                        let chosen = name.clone();
                        view! { <button type="button" class="chip" role="radio" class:on=on.clone() aria-checked=move || on().to_string() data-test=format!("result-{name}")
                            on:click=move |_| trial.result.set(Some(chosen.clone()))>{name.replace('_', " ")}</button> }
                    }).collect_view()}</div>
            </Show>
            {move || trial.trouble.get().map(|trouble| view! { <div class="error-box" role="alert" data-test="scenario-trouble">{trouble}</div> })}
            <div node_ref=area class:dim=move || trial.trouble.with(Option::is_some)>
                {move || drawn().map(|(size, inner)| view! {
                    <svg class="chart options" viewBox=format!("0 0 {} {}", size.0, size.1) role="img" aria-label=text::scenario_show_spread() inner_html=inner></svg>
                })}
            </div>
            {move || trial.picture.with(|picture| match picture {
                None => view! { <div class="bar run" role="progressbar" aria-label=text::loading()></div> }.into_any(),
                Some(picture) => tiles(picture),
            })}
        </section>
    }
}

fn tiles(picture: &ScenarioPicture) -> AnyView {
    let is_truth = picture.is_truth;
    let several = picture.options.len() > 1;
    let tile = |(place, option): (usize, &ScenarioOption)| {
        let said = |value| words::result(value, "", is_truth);
        let mut more = Vec::new();
        if !is_truth {
            more.push(if picture.lower_is_better == Some(false) {
                text::scenario_p5(said(option.p5))
            } else {
                text::scenario_p95(said(option.p95))
            });
        }
        if several {
            more.push(text::scenario_regret(said(option.regret_mean)));
            more.push(text::scenario_best_share(words::result(option.best_share, "", true)));
        }
        let marks = [
            (several && picture.best as usize == place).then(text::scenario_best),
            (several && picture.least_regret as usize == place).then(text::scenario_least_regret),
        ];
        view! {
            <div class=format!("option-tile option-{}", place.min(5) + 1) data-test=format!("option-{place}")>
                <div class="small muted">{words::choice(&option.choice)}</div>
                <b class="figure" data-test=format!("option-{place}-mean")>{said(option.mean)}</b>
                <div class="muted small">{more.join(" · ")}</div>
                <div class="tags">{marks.into_iter().flatten().map(|mark| view! { <span class="tag">{mark}</span> }).collect_view()}</div>
            </div>
        }
    };
    let tiles = picture.options.iter().enumerate().map(tile).collect_view();
    let worth = (several && !is_truth && picture.perfect_information > 0.0).then(|| {
        let amount = words::result(picture.perfect_information, &picture.unit, false);
        view! { <span>{text::scenario_worth_knowing(amount)}</span> }
    });
    let trials = text::scenario_trials(figure::grouped(picture.trials));
    view! {
        <div class="option-tiles">{tiles}</div>
        <div class="muted small spread-apart">{worth}<span data-test="picture-trials" data-ms=format!("{:.1}", picture.took_ms)>{trials}</span></div>
    }
    .into_any()
}

fn draw(picture: &ScenarioPicture, above: bool, size: (u32, u32)) -> String {
    let middles: Vec<f64> = picture.limits.windows(2).map(|pair| pair.iter().sum::<f64>() / 2.0).collect();
    let curve = |option: &ScenarioOption| SpreadOption {
        // Such curves begin at the same place, so that their names would lie over each other: the tiles beneath tell them.
        label: if above { String::new() } else { words::choice(&option.choice) },
        heights: if above { option.exceedance.clone() } else { smooth(&option.shares) },
    };
    let options: Vec<SpreadOption> = picture.options.iter().map(curve).collect();
    let share = |height: f64| words::result(height, "", true);
    let asked = Spread {
        at: if above { &picture.limits } else { &middles },
        options: &options,
        strong: Some(picture.best as usize),
        height_label: if above { Some(&share) } else { None },
        number_label: &words::amount,
    };
    spread(&asked, size).unwrap_or_default()
}

fn smooth(shares: &[f64]) -> Vec<f64> {
    let mut heights = shares.to_vec();
    for _ in 0..SMOOTHINGS {
        let at = |place: Option<usize>| place.and_then(|place| heights.get(place)).copied();
        heights = heights
            .iter()
            .enumerate()
            .map(|(place, here)| {
                let (left, right) = (at(place.checked_sub(1)), at(Some(place + 1)));
                0.5 * here + 0.25 * left.unwrap_or(*here) + 0.25 * right.unwrap_or(*here)
            })
            .collect();
    }
    heights
}
