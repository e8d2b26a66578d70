//! Closing: exactly four inputs, or «done, details later».

use leptos::prelude::*;
use millwright_model::{Closing, FindingCode, WorkOrderClose, WorkOrderView};

use crate::figure;
use crate::finding;
use crate::part::{NumberField, Sheet, TextField};
use crate::session::Session;
use crate::text;

/// What was chosen: a choice of the list, or own words.
#[derive(Clone, Debug, Default, PartialEq)]
struct Chosen {
    code: Option<String>,
    other: bool,
}

/// Closes an order.
#[component]
pub(super) fn CloseSheet(view: RwSignal<WorkOrderView>, close: Callback<()>) -> impl IntoView {
    let session = Session::here();
    let shown = view.get_untracked();
    let work_order_id = shown.overview.order.work_order_id;
    let running = shown
        .timer
        .map(|timer| session.now.get_untracked().since_ms(timer.started_at) / 60_000)
        .unwrap_or_default();
    // Labour that was booked is not asked for again; the running timer is.
    let (entry, minutes) = (
        RwSignal::new(running.max(i64::from(shown.labour_minutes == 0)).to_string()),
        RwSignal::new(None::<f64>),
    );
    let (found, found_text) = (RwSignal::new(Chosen::default()), RwSignal::new(String::new()));
    let (done, done_text) = (RwSignal::new(Chosen::default()), RwSignal::new(String::new()));
    let missing = Memo::new(move |_| view.with(|view| view.missing_to_close.clone()));
    // Minutes are booked; who thinks in hours may give them with decimals.
    let in_hours = RwSignal::new(false);
    let minutes_given = move || {
        let given = minutes.get()?;
        Some(if in_hours.get() { given * 60.0 } else { given }.round() as i64)
    };
    let give_in = move |hours: bool| {
        let Some(known) = untrack(minutes_given) else { return in_hours.set(hours) };
        let shown = if hours { figure::fixed(known as f64 / 60.0, 2) } else { known.to_string() };
        in_hours.set(hours);
        entry.set(shown);
    };
    let chosen = |choice: RwSignal<Chosen>, words: RwSignal<String>| {
        move || choice.with(|choice| choice.code.is_some()) || words.with(|words| !words.trim().is_empty())
    };
    let ready = Signal::derive(move || {
        chosen(found, found_text)()
            && chosen(done, done_text)()
            && minutes_given().is_some_and(|minutes| minutes >= 0)
    });
    let send = move |closing: Closing| {
        session.record_then(WorkOrderClose { work_order_id, closing }, move || close.run(()))
    };
    let confirm = move || {
        if !ready.get_untracked() {
            return;
        }
        send(Closing::Full {
            found_code: found.get_untracked().code,
            found_text: found_text.get_untracked().trim().to_owned(),
            done_code: done.get_untracked().code,
            done_text: done_text.get_untracked().trim().to_owned(),
            minutes: untrack(minutes_given).unwrap_or_default(),
        });
    };
    let booked = shown.labour_minutes;
    let pending = shown.overview.order.details_pending;
    view! {
        <Sheet title=text::close_order() close test="close-sheet" wide=true>
            {move || missing.with(|missing| !missing.is_empty()).then(|| view! {
                <div class="notice-box" data-test="close-missing"><b>{text::still_to_do()}</b>" "{missing.get().join(" · ")}</div> })}
            <div class="cols even">
                <div class="stack">
                    <Choices title=text::found() test="found" choices=shown.found_choices chosen=found words=found_text/>
                    <Choices title=text::done_what() test="done" choices=shown.done_choices chosen=done words=done_text/>
                </div>
                <div class="stack tight-stack"><h3>{text::minutes_worked()}</h3>
                    <div class="choice" role="radiogroup" aria-label=text::minutes_worked()>
                        {[(false, text::in_minutes(), "close-in-minutes"), (true, text::in_hours(), "close-in-hours")].map(|(hours, name, test)| view! {
                            <button type="button" class="btn" role="radio" class:on=move || in_hours.get() == hours aria-checked=move || (in_hours.get() == hours).to_string()
                                data-test=test on:click=move |_| give_in(hours)>{name}</button> })}
                    </div>
                    {move || { let hours = in_hours.get(); view! {
                        <NumberField entry number=minutes label=if hours { text::hours_worked() } else { text::minutes_worked() }
                            unit=if hours { text::unit_hours() } else { text::unit_minutes() } decimals=if hours { 2 } else { 0 } test="close-minutes"
                            entered=Callback::new(move |()| confirm())><div class="muted small">{text::minutes_booked(booked)}</div></NumberField> } }}
                </div>
            </div>
            <div class="acts end">
                {(!pending).then(|| view! { <button class="btn big" data-test="close-later" on:click=move |_| send(Closing::DetailsLater)>{text::details_later()}</button> })}
                <button class="btn primary grow" data-test="close-confirm" disabled=move || !ready.get() on:click=move |_| confirm()>{text::close_confirm()}</button>
            </div>
        </Sheet>
    }
}

/// One-tap choices and «other».
#[component]
fn Choices(
    title: &'static str,
    test: &'static str,
    choices: Vec<FindingCode>,
    chosen: RwSignal<Chosen>,
    words: RwSignal<String>,
) -> impl IntoView {
    let none = choices.is_empty();
    view! {
        <div><h3>{title}</h3>
            <div class="choice">
                {choices.into_iter().enumerate().map(|(place, choice)| {
                    let code = choice.code.clone();
                    let on = { let code = code.clone(); move || chosen.with(|chosen| chosen.code.as_ref() == Some(&code)) };
                    // What is kept is what the person read; the code says the same in every language.
                    let shown = finding::choice(&choice);
                    let said = shown.clone();
                    view! {
                        <button type="button" class="btn" class:on=on data-test=format!("{test}-{place}") on:click=move |_| {
                            chosen.set(Chosen { code: Some(code.clone()), other: false });
                            words.set(said.clone());
                        }>{shown}</button>
                    }
                }).collect_view()}
                {(!none).then(|| view! { <button type="button" class="btn" class:on=move || chosen.with(|chosen| chosen.other) data-test=format!("{test}-other")
                    on:click=move |_| { chosen.set(Chosen { code: None, other: true }); words.set(String::new()) }>{text::other()}</button> })}
            </div>
            <Show when=move || none || chosen.with(|chosen| chosen.other)>
                <TextField label=title value=words test=format!("{test}-text")/>
            </Show>
        </div>
    }
}
