//! One machine of a line that is tried out: its figures, where each is known from, and changing them.

use leptos::prelude::*;
use millwright_model::{ForkedFigure, ForkedFrom, ForkedMachine};

use super::trial_line::TrialLine;
use crate::calendar;
use crate::figure;
use crate::part::{NumberField, Sheet};
use crate::text;

/// Where a figure comes from, in words.
pub(super) fn origin(from: &ForkedFrom) -> String {
    match from {
        ForkedFrom::Assumption => text::what_if_from_assumption().to_owned(),
        ForkedFrom::Person => text::what_if_from_you().to_owned(),
        ForkedFrom::Standstills { count, days } => text::what_if_from_standstills(*count, *days),
        ForkedFrom::Plan { title } => text::what_if_from_plan(title),
        ForkedFrom::Tag { name, at } => text::what_if_from_tag(name, calendar::moment(*at)),
    }
}

/// A figure being typed.
#[derive(Copy, Clone)]
struct Entry {
    text: RwSignal<String>,
    number: RwSignal<Option<f64>>,
    before: f64,
}

impl Entry {
    fn of(value: f64) -> Self {
        Self { text: RwSignal::new(figure::plain(value)), number: RwSignal::new(None), before: value }
    }

    /// What is typed, where it is another figure than before.
    fn changed(self) -> Option<f64> {
        self.number.get_untracked().filter(|number| (number - self.before).abs() > 1e-9)
    }
}

/// The sheet.
#[component]
pub(super) fn MachineSheet(trial: TrialLine, place: usize, close: Callback<()>) -> impl IntoView {
    let machine: Option<ForkedMachine> = untrack(|| trial.line().machines.get(place).cloned());
    let Some(machine) = machine else { return ().into_any() };
    let cycle = Entry::of(machine.cycle_time_s.value);
    let fails = Entry::of(machine.time_to_failure_h.value);
    let repair = Entry::of(machine.repair_h.value);
    let scrap = Entry::of(machine.scrap_share.value * 100.0);
    let takes = Entry::of(machine.maintenance.as_ref().map_or(0.0, |planned| planned.takes_h.value));
    let every = Entry::of(machine.maintenance.as_ref().map_or(0.0, |planned| planned.every_h.value / 24.0));
    let is_looked_after = machine.maintenance.is_some();
    let all = [cycle, fails, repair, scrap, takes, every];
    let unfit = move || {
        let positive = |entry: Entry| entry.number.get().is_none_or(|number| number <= 0.0);
        let cared = is_looked_after && (positive(takes) || positive(every));
        let share = scrap.number.get().is_none_or(|share| !(0.0..100.0).contains(&share));
        positive(cycle) || positive(fails) || positive(repair) || share || cared
    };
    let save = move |_| {
        let to = |figure: &mut ForkedFigure, value: Option<f64>| {
            if let Some(value) = value {
                *figure = ForkedFigure::said(value);
            }
        };
        let [cycle, fails, repair, scrap, takes, every] = all.map(Entry::changed);
        trial.change(|line| {
            let Some(machine) = line.machines.get_mut(place) else { return };
            to(&mut machine.cycle_time_s, cycle);
            to(&mut machine.time_to_failure_h, fails);
            to(&mut machine.repair_h, repair);
            to(&mut machine.scrap_share, scrap.map(|percent| percent / 100.0));
            if let Some(planned) = &mut machine.maintenance {
                to(&mut planned.takes_h, takes);
                to(&mut planned.every_h, every.map(|days| days * 24.0));
            }
        });
        close.run(());
    };
    let field = |entry: Entry,
                 label: &'static str,
                 unit: &'static str,
                 test: &'static str,
                 from: Option<&ForkedFrom>| {
        let from = from.map(origin);
        view! {
            <div class="stack"><NumberField entry=entry.text number=entry.number label=label unit=unit decimals=2 test=test/>
                {from.map(|from| view! { <p class="muted small">{from}</p> })}</div>
        }
    };
    let planned = machine.maintenance.clone();
    view! {
        <Sheet title=machine.name.clone() close test="machine-sheet">
            <div class="form">
                {field(cycle, text::what_if_cycle(), "s", "what-if-cycle", Some(&machine.cycle_time_s.from))}
                {field(fails, text::what_if_fails(), "h", "what-if-fails", Some(&machine.time_to_failure_h.from))}
                {field(repair, text::what_if_repair(), "h", "what-if-repair", Some(&machine.repair_h.from))}
                {field(scrap, text::what_if_scrap(), "%", "what-if-scrap", Some(&machine.scrap_share.from))}
                {planned.map(|planned| view! {
                    {field(every, text::what_if_every(), "d", "what-if-every", Some(&planned.every_h.from))}
                    {field(takes, text::what_if_takes(), "h", "what-if-takes", Some(&planned.takes_h.from))}
                })}
            </div>
            <div class="acts end sticky"><button type="button" class="btn primary" data-test="machine-save" disabled=unfit on:click=save>{text::save()}</button></div>
        </Sheet>
    }
    .into_any()
}
