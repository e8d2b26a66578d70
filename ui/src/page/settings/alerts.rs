//! Alerts: what this device shows as notifications of its system, and what counts as one in the plant.

use leptos::prelude::*;
use millwright_model::*;

use super::rung_people::{RungNames, RungPeopleSheet};
use crate::icon::Glyph;
use crate::part::Icon;
use crate::session::{Matter, Session};
use crate::text;
use crate::words;

/// How far one tap moves a step.
const STEP_MIN: u32 = 5;

fn save(session: Session, change: impl FnOnce(&mut Settings)) {
    let mut settings = session.settings();
    change(&mut settings);
    session.send(SettingsSave { settings }, move |()| {
        session.say(Matter::Notice(text::kept().to_owned()));
        session.send(AppStatus {}, move |status| session.take_status(status));
    });
}

/// A priority from which on something happens, or never.
#[component]
fn FromPriority(
    chosen: Memo<Option<Priority>>,
    choose: Callback<Option<Priority>>,
    label: &'static str,
    test: &'static str,
) -> impl IntoView {
    let choices =
        [None, Some(Priority::Emergency), Some(Priority::High), Some(Priority::Medium), Some(Priority::Low)];
    view! {
        <div class="choice" role="radiogroup" aria-label=label>{choices.map(|choice| view! {
            <button type="button" class="btn" role="radio" class:on=move || chosen.get() == choice aria-checked=move || (chosen.get() == choice).to_string()
                data-test=format!("{test}-{}", choice.map_or(0, Priority::number)) on:click=move |_| choose.run(choice)>
                {choice.map_or(text::bell_off(), words::priority)}</button>
        })}</div>
    }
}

/// What this device shows as notifications, and why it cannot.
#[component]
pub(super) fn BellSettings() -> impl IntoView {
    let session = Session::here();
    let chosen = Memo::new(move |_| session.settings().bell_from);
    let broken = move || {
        session.alerts.with(|view| match &view.bell {
            Bell::Broken { said } => Some(text::bell_broken(said)),
            Bell::NotHere | Bell::Ready => None,
        })
    };
    let choose = Callback::new(move |bell_from| save(session, |settings| settings.bell_from = bell_from));
    view! {
        <section class="card form" data-test="bell-settings">
            <h2>{text::bell_title()}</h2>
            <p class="muted">{text::bell_explained()}</p>
            <FromPriority chosen choose label=text::bell_title() test="bell"/>
            {move || broken().map(|words| view! { <div class="notice-box" role="status" data-test="bell-broken">{words}</div> })}
        </section>
    }
}

/// What counts as an alert, and who hears of it after how long.
#[component]
pub(super) fn LadderSettings() -> impl IntoView {
    let session = Session::here();
    let ladder = Memo::new(move |_| session.alerts.with(|view| view.ladder.clone()));
    let in_team = Memo::new(move |_| {
        session.status.with(|status| status.as_ref().is_some_and(|status| status.sync.team.is_some()))
    });
    let change = move |change: Box<dyn FnOnce(&mut AlertLadder)>| {
        save(session, move |settings| change(&mut settings.alerts));
    };
    let chosen = Memo::new(move |_| ladder.with(|ladder| ladder.from_priority));
    let choose = Callback::new(move |from| change(Box::new(move |ladder| ladder.from_priority = from)));
    // The list is drawn anew with every change; what lies over it stays.
    let naming = RwSignal::new(None::<usize>);
    let named = move |place: usize| {
        ladder.with_untracked(|ladder| match ladder.rungs.get(place).map(|rung| &rung.who) {
            Some(AlertAudience::People(people)) => people.clone(),
            _ => Vec::new(),
        })
    };
    let keep = move |place: usize, people: Vec<PersonId>| {
        change(Box::new(move |ladder| {
            if let Some(rung) = ladder.rungs.get_mut(place) {
                rung.who = AlertAudience::People(people);
            }
        }));
        naming.set(None);
    };
    let rung = move |(place, rung): (usize, AlertRung)| view! { <RungRow place rung naming change/> };
    let add = move |_| {
        change(Box::new(|ladder| {
            let last = ladder.rungs.last().map_or(0, |rung| rung.after_minutes);
            ladder
                .rungs
                .push(AlertRung { after_minutes: last + 2 * STEP_MIN, who: AlertAudience::Supervisors });
        }));
    };
    view! {
        <section class="card form" data-test="ladder-settings">
            <h2>{text::ladder_title()}</h2>
            {move || match in_team.get() {
                true => view! { <p class="muted" data-test="ladder-node">{text::ladder_node()}</p> }.into_any(),
                false => view! {
                    <p class="muted">{text::ladder_explained()}</p>
                    <FromPriority chosen choose label=text::ladder_title() test="ladder"/>
                    <label class="check"><input type="checkbox" data-test="ladder-erp" prop:checked=move || ladder.with(|ladder| ladder.erp_orders)
                        on:change=move |event| { let on = event_target_checked(&event); change(Box::new(move |ladder| ladder.erp_orders = on)); }/>{text::ladder_erp()}</label>
                    <div class="rows">{move || ladder.get().rungs.into_iter().enumerate().map(rung).collect_view()}</div>
                    <div class="acts"><button type="button" class="btn" data-test="ladder-add" disabled=move || ladder.with(|ladder| ladder.rungs.len() >= AlertLadder::RUNGS_MAX)
                        on:click=add><Icon glyph=Glyph::Plus/>{text::ladder_add()}</button></div>
                }.into_any(),
            }}
            {move || naming.get().map(|place| view! {
                <RungPeopleSheet people=named(place) kept=Callback::new(move |people| keep(place, people)) close=Callback::new(move |()| naming.set(None))/>
            })}
        </section>
    }
}

/// One rung: when, and who.
#[component]
fn RungRow(
    place: usize,
    rung: AlertRung,
    /// The rung for which people are picked.
    naming: RwSignal<Option<usize>>,
    change: impl Fn(Box<dyn FnOnce(&mut AlertLadder)>) + Copy + Send + 'static,
) -> impl IntoView {
    let set = move |alter: fn(&mut AlertRung)| {
        change(Box::new(move |ladder| {
            if let Some(rung) = ladder.rungs.get_mut(place) {
                alter(rung);
            }
        }));
    };
    let remove = move |_| {
        change(Box::new(move |ladder| {
            if place < ladder.rungs.len() {
                ladder.rungs.remove(place);
            }
        }));
    };
    let when = match rung.after_minutes {
        0 => text::ladder_at_once().to_owned(),
        minutes => text::ladder_after(minutes),
    };
    let named = match &rung.who {
        AlertAudience::People(people) => people.clone(),
        AlertAudience::Everyone | AlertAudience::Supervisors => Vec::new(),
    };
    let by_name = !named.is_empty();
    let everyone = rung.who == AlertAudience::Everyone;
    let supervisors = rung.who == AlertAudience::Supervisors;
    view! {
        <div class="row fit" data-test=format!("rung-{place}")>
            <div class="grow"><b>{when.clone()}</b>{by_name.then(|| view! { <RungNames people=named/> })}</div>
            {(place > 0).then(|| view! {
                <div class="stepper" role="group" aria-label=when.clone()>
                    <button type="button" class="btn tight" aria-label=text::ladder_earlier() data-test=format!("rung-{place}-earlier")
                        on:click=move |_| set(|rung| rung.after_minutes = rung.after_minutes.saturating_sub(STEP_MIN).max(STEP_MIN))><Icon glyph=Glyph::Minus/></button>
                    <button type="button" class="btn tight" aria-label=text::ladder_later() data-test=format!("rung-{place}-later")
                        on:click=move |_| set(|rung| rung.after_minutes += STEP_MIN)><Icon glyph=Glyph::Plus/></button>
                </div>
            })}
            <div class="choice" role="radiogroup" aria-label=when>
                <button type="button" class="btn" role="radio" class:on=everyone aria-checked=everyone.to_string() data-test=format!("rung-{place}-everyone")
                    on:click=move |_| set(|rung| rung.who = AlertAudience::Everyone)>{text::audience_everyone()}</button>
                <button type="button" class="btn" role="radio" class:on=supervisors aria-checked=supervisors.to_string() data-test=format!("rung-{place}-supervisors")
                    on:click=move |_| set(|rung| rung.who = AlertAudience::Supervisors)>{text::audience_supervisors()}</button>
                <button type="button" class="btn" role="radio" class:on=by_name aria-checked=by_name.to_string() data-test=format!("rung-{place}-people")
                    on:click=move |_| naming.set(Some(place))>{text::audience_by_name()}</button>
            </div>
            {(place > 0).then(|| view! {
                <button type="button" class="btn tight" aria-label=text::ladder_remove() data-test=format!("rung-{place}-remove") on:click=remove><Icon glyph=Glyph::X/></button>
            })}
        </div>
    }
}
