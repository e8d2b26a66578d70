//! What a result hangs on: a tornado, the strongest figure first.

use leptos::prelude::*;
use millwright_charts::{Swing, swing};
use millwright_model::ScenarioInfluence;

use super::trial::Trial;
use crate::part::Empty;
use crate::scenario_words as words;
use crate::text;

/// So many are shown.
const SHOWN: usize = 7;
const SIZE: (u32, u32) = (300, 24);

/// The card.
#[component]
pub(super) fn InfluenceCard(trial: Trial) -> impl IntoView {
    let rows = move || {
        trial.influences.with(|influences| match influences {
            None => {
                view! { <div class="bar run" role="progressbar" aria-label=text::loading()></div> }.into_any()
            }
            Some(influences) if influences.is_empty() => {
                view! { <Empty says=text::scenario_moves_nothing()/> }.into_any()
            }
            Some(influences) => tornado(influences),
        })
    };
    view! {
        <section class="card" data-test="scenario-influences"><h2>{text::scenario_moves_most()}</h2>{rows}
            <p class="muted small">{text::scenario_moves_legend()}</p></section>
    }
}

fn tornado(influences: &[ScenarioInfluence]) -> AnyView {
    let mut strongest: Vec<&ScenarioInfluence> = influences.iter().collect();
    strongest.sort_by(|one, other| other.total.total_cmp(&one.total));
    strongest.truncate(SHOWN);
    let ends = || strongest.iter().flat_map(|one| [one.at_low, one.at_high]).filter(|end| end.is_finite());
    let (from, to) =
        ends().fold((f64::INFINITY, f64::NEG_INFINITY), |(from, to), end| (from.min(end), to.max(end)));
    // All others at their medians: the middle is where most swings meet.
    let middle = {
        let sum: f64 = ends().sum();
        sum / ends().count().max(1) as f64
    };
    // Where what matters rarely happens, nothing swings at the medians: then the shares of the spread are drawn.
    let swings = to - from > 0.0;
    let most = strongest.iter().map(|one| one.total).fold(f64::MIN_POSITIVE, f64::max);
    strongest
        .into_iter()
        .map(|one| {
            let drawn = if swings {
                Swing { at_low: one.at_low, at_high: one.at_high, middle, from, to }
            } else {
                Swing { at_low: one.total.max(0.0), at_high: 0.0, middle: 0.0, from: 0.0, to: most }
            };
            let bar = swing(drawn, SIZE);
            let name = one.question.clone().unwrap_or_else(|| one.name.replace(['_', '.'], " "));
            let share = text::scenario_share_of_variance(words::result(one.total.clamp(0.0, 1.0), "", true));
            let ends = text::scenario_between(words::amount(one.at_low), words::amount(one.at_high));
            let test = format!("influence-{}", one.name);
            view! {
                <div class="swing" data-test=test><span>{name}<div class="muted small">{share}</div></span>
                    <svg viewBox=format!("0 0 {} {}", SIZE.0, SIZE.1) preserveAspectRatio="none" role="img" aria-label=ends inner_html=bar.unwrap_or_default()></svg></div>
            }
        })
        .collect_view()
        .into_any()
}
