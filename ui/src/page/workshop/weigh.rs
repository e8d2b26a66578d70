//! Weighing the short list, half by half: by points, by rank or by judging pairs, with how far judgements hold together.

use leptos::prelude::*;
use millwright_model::{
    BoardItem, BoardSide, FrameKind, ItemJudgement, WeighingMethod, WorkshopAct, WorkshopConsistency,
    WorkshopItemId, WorkshopSideScores,
};

use super::board_desk::BoardDesk;
use super::points::{Points, Rank};
use crate::figure;
use crate::icon::Glyph;
use crate::part::{Empty, Icon};
use crate::text;
use crate::workshop_words;

const METHODS: [WeighingMethod; 3] = [WeighingMethod::Points, WeighingMethod::Rank, WeighingMethod::Pairs];
/// So many items can be judged in pairs.
const JUDGED_MAX: usize = 7;
/// How many times as important, from the first item to the second.
const TIMES: [f64; 9] = [9.0, 7.0, 5.0, 3.0, 1.0, 1.0 / 3.0, 1.0 / 5.0, 1.0 / 7.0, 1.0 / 9.0];

/// The short list of a half.
pub(super) fn shortlist(desk: BoardDesk, side: BoardSide) -> Vec<BoardItem> {
    desk.view.with(|view| view.board.shortlist(side).cloned().collect())
}

/// Both halves.
#[component]
pub(super) fn Weigh(desk: BoardDesk) -> impl IntoView {
    let method = Memo::new(move |_| desk.view.with(|view| view.board.method));
    view! {
        <section class="card" data-test="weigh-method">
            <div class="choice" role="radiogroup" aria-label=text::workshop_method()>
                {METHODS.map(|one| {
                    let on = move || method.get() == one;
                    let test = format!("method-{one:?}").to_lowercase();
                    view! { <button type="button" class="btn" role="radio" class:on=on aria-checked=move || on().to_string() data-test=test
                        disabled=move || !desk.leads() on:click=move |_| desk.act(vec![WorkshopAct::Method { method: one }])>{workshop_words::method(one)}</button> }
                })}
            </div>
        </section>
        <div class="board-frames">
            {[BoardSide::Internal, BoardSide::External].map(|side| view! { <Side desk side method/> })}
        </div>
    }
}

#[component]
fn Side(desk: BoardDesk, side: BoardSide, method: Memo<WeighingMethod>) -> impl IntoView {
    let items = Memo::new(move |_| shortlist(desk, side));
    let ids =
        Memo::new(move |_| items.with(|items| items.iter().map(|item| item.item_id).collect::<Vec<_>>()));
    let (name, test) = match side {
        BoardSide::Internal => (text::workshop_internal(), "weigh-internal"),
        BoardSide::External => (text::workshop_external(), "weigh-external"),
    };
    view! {
        <section class="card stack" data-test=test>
            <h2>{name}</h2>
            <Show when=move || ids.with(Vec::is_empty)><Empty says=text::workshop_shortlist_empty()/></Show>
            <Show when=move || !ids.with(Vec::is_empty) && desk.writes()>
                {move || match (desk.seat.get(), method.get()).1 {
                    WeighingMethod::Points => view! { <Points desk ids=ids.get()/> }.into_any(),
                    WeighingMethod::Rank => view! { <Rank desk side ids=ids.get()/> }.into_any(),
                    WeighingMethod::Pairs => view! { <Judged desk side ids=ids.get()/> }.into_any(),
                }}
            </Show>
            <Group desk side items/>
        </section>
    }
}

/// Every pair of the short list, judged one tap each.
#[component]
fn Judged(desk: BoardDesk, side: BoardSide, ids: Vec<WorkshopItemId>) -> impl IntoView {
    if ids.len() > JUDGED_MAX {
        return view! { <p class="notice-box">{text::workshop_too_many_pairs(JUDGED_MAX)}</p> }.into_any();
    }
    let pairs: Vec<_> = ids
        .iter()
        .enumerate()
        .flat_map(|(place, one)| ids.iter().skip(place + 1).map(|other| (*one, *other)))
        .collect();
    let said = move |one: WorkshopItemId, other: WorkshopItemId| {
        let writer = desk.writer();
        desk.view.with(|view| {
            let own = view.board.weighings.iter().find(|weighing| Some(weighing.participant_id) == writer)?;
            own.judgements.iter().find_map(|judgement| match (judgement.item_id, judgement.other_id) {
                (item, against) if (item, against) == (one, other) => Some(judgement.times),
                (item, against) if (item, against) == (other, one) => Some(1.0 / judgement.times),
                _ => None,
            })
        })
    };
    let own = move || desk.view.with(|view| side_scores(&view.scores, side).own_consistency.clone());
    view! {
        {pairs.into_iter().enumerate().map(|(place, (one, other))| {
            let (this, that) = untrack(|| (desk.item_text(one), desk.item_text(other)));
            let named = text::workshop_judge(&this, &that);
            view! {
                <div class="judged" role="radiogroup" aria-label=named data-test=format!("judge-{place}")>
                    <div class="judged-names"><span class="pre">{this}</span><span class="pre">{that}</span></div>
                    <div class="judged-scale">{TIMES.map(|times| {
                        let on = move || said(one, other).is_some_and(|said| (said - times).abs() < 1e-6);
                        let judgement = ItemJudgement { item_id: one, other_id: other, times };
                        let label = if times >= 1.0 { figure::plain(times) } else { figure::plain((1.0 / times).round()) };
                        let says = if times > 1.0 { text::workshop_times_first(&label) } else if times < 1.0 { text::workshop_times_second(&label) } else { text::workshop_times_same().to_owned() };
                        view! { <button type="button" class="btn" role="radio" class:on=on aria-checked=move || on().to_string() aria-label=says
                            on:click=move |_| desk.act(vec![WorkshopAct::Judge { judgement: judgement.clone() }])>{if times == 1.0 { "=".to_owned() } else { label }}</button> }
                    })}</div>
                </div>
            }
        }).collect_view()}
        {move || own().map(|own| view! { <Consistency desk consistency=own named=text::workshop_own_judgements() test="own-consistency"/> })}
    }.into_any()
}

pub(super) fn side_scores(scores: &millwright_model::WorkshopScores, side: BoardSide) -> &WorkshopSideScores {
    match side {
        BoardSide::Internal => &scores.internal,
        BoardSide::External => &scores.external,
    }
}

/// Whether judgements hold together, and the one that holds least.
#[component]
fn Consistency(
    desk: BoardDesk,
    consistency: WorkshopConsistency,
    named: &'static str,
    test: &'static str,
) -> impl IntoView {
    let ratio = figure::fixed(consistency.ratio, 2);
    let words = if consistency.holds { text::workshop_holds(ratio) } else { text::workshop_holds_not(ratio) };
    let worst = consistency.worst.filter(|_| !consistency.holds).map(|worst| {
        let (item_id, other_id, times, fitting) = if worst.times >= 1.0 {
            (worst.item_id, worst.other_id, worst.times, worst.fitting)
        } else {
            (worst.other_id, worst.item_id, 1.0 / worst.times, 1.0 / worst.fitting)
        };
        text::workshop_worst(
            desk.item_text(item_id),
            figure::fixed(times, 0),
            desk.item_text(other_id),
            figure::fixed(fitting, 1),
        )
    });
    view! {
        <div class="consistency" class:notice-box=!consistency.holds role="status" data-test=test>
            <b>{named}</b>" "{words}{worst.map(|worst| view! { <div data-test=format!("{test}-worst")>{worst}</div> })}</div>
    }
}

/// What everybody's weighing comes to: weights, ratings, and the total.
#[component]
fn Group(desk: BoardDesk, side: BoardSide, items: Memo<Vec<BoardItem>>) -> impl IntoView {
    let scores = Memo::new(move |_| desk.view.with(|view| side_scores(&view.scores, side).clone()));
    let weight_of = move |item_id| {
        scores.with(|scores| scores.weights.iter().find(|one| one.item_id == item_id).map(|one| one.weight))
    };
    let sorted = move || {
        let mut items = items.get();
        items.sort_by(|one, other| {
            weight_of(other.item_id).unwrap_or(-1.0).total_cmp(&weight_of(one.item_id).unwrap_or(-1.0))
        });
        items.into_iter().map(|item| (item.item_id, item.frame, item.text)).collect::<Vec<_>>()
    };
    let row = move |(item_id, frame, says): (WorkshopItemId, String, String)| {
        let rating =
            Memo::new(move |_| desk.view.with(|view| view.board.item(item_id).and_then(|item| item.rating)));
        let share = move || weight_of(item_id).map(|weight| weight * 100.0);
        let within = match FrameKind::of(&frame) {
            FrameKind::Strengths => 3..=4,
            FrameKind::Weaknesses => 1..=2,
            FrameKind::Opportunities | FrameKind::Threats | FrameKind::Other => 1..=4,
        };
        let rate = move |value: u8| {
            let on = move || rating.get() == Some(value);
            let tap = move |_| {
                let rating = (rating.get_untracked() != Some(value)).then_some(value);
                desk.act(vec![WorkshopAct::Rate { item_id, rating }]);
            };
            view! { <button type="button" class="btn tight" role="radio" class:on=on aria-checked=move || on().to_string() disabled=move || !desk.is_member() data-test=format!("rate-{value}") on:click=tap>{value}</button> }
        };
        view! {
            <div class="weighed" data-test=format!("weighed-{says}")>
                <div class="head base"><span class="grow pre">{says.clone()}</span><b class="tabular">{move || share().map(|share| format!("{} %", figure::fixed(share, 0)))}</b></div>
                {move || share().map(|share| view! { <div class="bar" aria-hidden="true"><i style:width=format!("{share:.1}%")></i></div> })}
                <div class="choice" role="radiogroup" aria-label=text::workshop_rating()><span class="muted small">{text::workshop_rating()}</span>{within.map(rate).collect_view()}</div>
            </div>
        }
    };
    let names = move || {
        let off = scores.with(|scores| scores.points_not_100.clone());
        desk.view.with(|view| {
            let named = view.people.iter().filter(|one| off.contains(&one.participant_id));
            named.map(workshop_words::person).collect::<Vec<_>>().join(", ")
        })
    };
    view! {
        <h3>{text::workshop_together_weigh()}</h3>
        <Show when=move || scores.with(|scores| scores.weights.is_empty())><Empty says=text::workshop_nobody_weighed()/></Show>
        <div class="stack"><For each=sorted key=|(item_id, _, says)| (*item_id, says.clone()) children=row/></div>
        {move || scores.with(|scores| scores.consistency.clone()).map(|group| view! { <Consistency desk consistency=group named=text::workshop_group_judgements() test="group-consistency"/> })}
        {move || { let names = names(); (!names.is_empty()).then(|| view! { <p class="notice-box">{text::workshop_points_off(names)}</p> }) }}
        {move || scores.with(|scores| scores.ties.clone()).into_iter().map(|tie| view! {
            <p class="muted">{text::workshop_tie(desk.item_text(tie.item_id), desk.item_text(tie.other_id))}</p> }).collect_view()}
        {move || scores.with(|scores| scores.total).map(|total| view! {
            <p class="strong" data-test="total"><Icon glyph=Glyph::Check/>" "{match side { BoardSide::Internal => text::workshop_total_inside(figure::fixed(total, 2)), BoardSide::External => text::workshop_total_outside(figure::fixed(total, 2)) }}</p> })}
    }
}
