//! One line tried out: its machines and buffers as they stand, options with their changes, and what comes of them.

use leptos::prelude::*;
use millwright_model::{
    AssetId, ForkedMachine, ForkedShift, LineFork, LineForkShow, WhatIfKeep, WhatIfOption,
};

use super::comparison::Comparison;
use super::machine_sheet::{MachineSheet, origin};
use super::trial_line::{REPLICATIONS, TrialLine};
use crate::calendar;
use crate::figure;
use crate::icon::Glyph;
use crate::part::{Icon, NumberField, Sheet, TextField};
use crate::query::{query, shown};
use crate::route::Route;
use crate::session::Session;
use crate::shell;
use crate::text;

/// How far can be looked ahead, in hours.
const HOURS: [f64; 4] = [8.0, 24.0, 168.0, 672.0];

/// The page.
#[component]
pub(crate) fn WhatIfPage(line_id: AssetId) -> impl IntoView {
    // Taken once: what is tried out stays as it was taken, whatever the plant does meanwhile.
    let fork = query(move || LineForkShow { line_id }, Vec::new());
    view! {
        <div class="page" data-test="page-what-if">
            {shown(fork, move |fork| {
                let trial = TrialLine::of(fork.get_untracked());
                view! { <Bench trial/> }.into_any()
            })}
        </div>
    }
}

#[component]
fn Bench(trial: TrialLine) -> impl IntoView {
    let keeping = RwSignal::new(false);
    let costing = RwSignal::new(false);
    let name = trial.base.with_untracked(|base| base.name.clone());
    let taken = trial.base.with_untracked(|base| calendar::moment(base.taken_at));
    let full = move || trial.options.with(Vec::len) >= WhatIfOption::MAX;
    let may_run = move || !trial.running.get();
    view! {
        <div class="head"><a class="btn tight" aria-label=text::back() href=Route::WhatIfLines.hash() data-test="back"><Icon glyph=Glyph::ChevronLeft/></a>
            <div class="grow"><div class="muted small">{text::what_if_taken(taken)}</div><h1>{name}</h1></div>
            <button type="button" class="btn big" data-test="what-if-costs" on:click=move |_| costing.set(true)>{text::what_if_costs()}</button>
            <button type="button" class="btn big" data-test="what-if-keep" disabled=move || trial.told.with(Option::is_none) on:click=move |_| keeping.set(true)>{text::what_if_keep()}</button></div>
        <section class="card" data-test="what-if-options"><div class="tags wrap" role="radiogroup" aria-label=text::what_if_options()>
            {chip(trial, None, text::what_if_as_it_is().to_owned())}
            {move || trial.options.get().into_iter().enumerate().map(|(place, option)| chip(trial, Some(place), option.name)).collect_view()}
            <button type="button" class="btn" data-test="what-if-add" disabled=full on:click=move |_| trial.add()><Icon glyph=Glyph::Plus/>{text::what_if_add()}</button>
            </div>
            <Show when=move || trial.chosen.get().is_some()><OptionName trial/></Show>
        </section>
        <Line trial/>
        <section class="card"><div class="acts">
            <div class="choice wrap" role="radiogroup" aria-label=text::what_if_ahead()><span class="muted small">{text::what_if_ahead()}</span>
                {HOURS.map(|hours| {
                    let on = move || trial.hours.get() == hours;
                    let set = move |_| { trial.hours.set(hours); trial.told.set(None); };
                    view! { <button type="button" class="btn" role="radio" class:on=on aria-checked=move || on().to_string() data-test=format!("hours-{hours}") on:click=set>{figure::span((hours * 3_600_000.0) as i64)}</button> }
                })}</div>
            <span class="grow"></span>
            <button type="button" class="btn primary" data-test="what-if-run" disabled=move || !may_run() on:click=move |_| trial.run()>{text::what_if_run()}</button></div>
            <Show when=move || trial.running.get()><div class="bar run" role="progressbar" aria-label=text::loading()></div></Show>
            <p class="muted small">{text::what_if_nothing_changes()}</p>
        </section>
        <Comparison trial/>
        <Show when=move || keeping.get()><KeepSheet trial close=Callback::new(move |()| keeping.set(false))/></Show>
        <Show when=move || costing.get()><CostSheet trial close=Callback::new(move |()| costing.set(false))/></Show>
    }
}

fn chip(trial: TrialLine, place: Option<usize>, name: String) -> impl IntoView {
    let on = move || trial.chosen.get() == place;
    let test = place.map_or_else(|| "option-base".to_owned(), |place| format!("option-{place}"));
    view! { <button type="button" class="chip" role="radio" class:on=on aria-checked=move || on().to_string() data-test=test on:click=move |_| trial.chosen.set(place)>{name}</button> }
}

/// What an option is called, and throwing it away.
#[component]
fn OptionName(trial: TrialLine) -> impl IntoView {
    let called = move || {
        let at = trial.chosen.get()?;
        trial.options.with(|options| options.get(at).map(|option| option.name.clone()))
    };
    let name = RwSignal::new(untrack(called).unwrap_or_default());
    Effect::new(move |_| {
        trial.chosen.track();
        name.set(untrack(called).unwrap_or_default());
    });
    let rename = Callback::new(move |()| {
        let said: String = name.get_untracked().trim().chars().take(WhatIfOption::NAME_CHARS).collect();
        let Some(at) = trial.chosen.get_untracked().filter(|_| !said.is_empty()) else { return };
        trial.options.update(|options| {
            if let Some(option) = options.get_mut(at) {
                option.name = said;
            }
        });
        trial.told.set(None);
    });
    view! {
        <div class="add-note"><TextField label=text::what_if_option_name() value=name test="option-name" entered=rename/>
            <button type="button" class="btn" data-test="option-rename" on:click=move |_| rename.run(())>{text::save()}</button>
            <button type="button" class="btn" data-test="option-remove" on:click=move |_| trial.remove()>{text::what_if_remove()}</button></div>
    }
}

/// Machines and buffers, in the order in which a piece goes through them; shifts and crews.
#[component]
fn Line(trial: TrialLine) -> impl IntoView {
    let editing = RwSignal::new(None::<usize>);
    let line = Memo::new(move |_| trial.line());
    let rows = move || {
        let (line, base) = (line.get(), trial.base.get());
        let last = line.machines.len().saturating_sub(1);
        line.machines
            .iter()
            .enumerate()
            .map(|(place, machine)| {
                let is_changed = base.machines.get(place) != Some(machine);
                let buffer = (place < last).then(|| buffer(trial, place, &line));
                view! { {row(machine, is_changed, move || editing.set(Some(place)))}{buffer} }
            })
            .collect_view()
    };
    let shifts = Memo::new(move |_| line.with(|line| line.shifts.clone()));
    let crews = Memo::new(move |_| line.with(|line| line.crews));
    let shift = move |(place, shift): (usize, ForkedShift)| {
        let turn = move |_| {
            trial.change(|line| {
                if let Some(shift) = line.shifts.get_mut(place) {
                    shift.works = !shift.works;
                }
            })
        };
        view! { <button type="button" class="btn" role="checkbox" aria-checked=shift.works.to_string() class:on=shift.works data-test=format!("shift-{}", shift.name) on:click=turn>{shift.works.then(|| view! { <Icon glyph=Glyph::Check/> })}{shift.name.clone()}</button> }
    };
    let crew = move |many: Option<u32>| {
        let on = move || crews.get() == many;
        let says = many.map_or_else(|| text::what_if_crews_enough().to_owned(), |many| many.to_string());
        view! { <button type="button" class="btn" role="radio" class:on=on aria-checked=move || on().to_string() data-test=format!("crews-{}", many.unwrap_or_default()) on:click=move |_| trial.change(|line| line.crews = many)>{says}</button> }
    };
    view! {
        <section class="card" data-test="what-if-line"><div class="rows">{rows}</div>
            <p class="muted small">{text::what_if_buffers_assumed()}</p>
            <div class="choice wrap" role="group" aria-label=text::what_if_shifts()><span class="muted small">{text::what_if_shifts()}</span>
                {move || shifts.get().into_iter().enumerate().map(shift).collect_view()}</div>
            <div class="choice wrap" role="radiogroup" aria-label=text::what_if_crews()><span class="muted small">{text::what_if_crews()}</span>
                {[None, Some(1), Some(2), Some(3)].map(crew)}</div>
        </section>
        {move || editing.get().map(|place| view! { <MachineSheet trial place close=Callback::new(move |()| editing.set(None))/> })}
    }
}

fn row(machine: &ForkedMachine, is_changed: bool, open: impl Fn() + 'static) -> AnyView {
    let stands = machine.stands_since.map(|since| text::what_if_stands(calendar::moment(since)));
    let cycle = text::what_if_cycle_short(figure::measured(machine.cycle_time_s.value));
    let breaks = text::what_if_breaks_short(
        figure::measured(machine.time_to_failure_h.value),
        figure::measured(machine.repair_h.value),
    );
    let from = origin(&machine.time_to_failure_h.from);
    let test = format!("machine-{}", machine.name);
    view! {
        <button type="button" class="row fit" data-test=test on:click=move |_| open()>
            <span class="grow"><b class="pre">{machine.name.clone()}</b><div class="muted small">{cycle}" · "{breaks}" ("{from}")"</div></span>
            {stands.map(|stands| view! { <span class="tag limit"><i class="tri"></i>{stands}</span> })}
            {is_changed.then(|| view! { <span class="tag notice">{text::what_if_changed()}</span> })}
            <Icon glyph=Glyph::Pencil/></button>
    }
    .into_any()
}

/// What lies between two machines: how many pieces fit, and how many are there.
fn buffer(trial: TrialLine, place: usize, line: &LineFork) -> impl IntoView + use<> {
    let Some(held) = line.buffers.get(place).copied() else { return ().into_any() };
    let to = move |more: bool| {
        trial.change(|line| {
            if let Some(buffer) = line.buffers.get_mut(place) {
                buffer.capacity =
                    if more { buffer.capacity.saturating_add(5) } else { buffer.capacity.saturating_sub(5) };
                buffer.holds = buffer.holds.min(buffer.capacity);
            }
        });
    };
    view! {
        <div class="row fit buffer" data-test=format!("buffer-{place}")><span class="grow muted small">{text::what_if_buffer(held.capacity, held.holds)}</span>
            <span class="stepper" role="group" aria-label=text::what_if_buffer_room()>
                <button type="button" class="btn tight" aria-label=text::what_if_buffer_less() data-test=format!("buffer-less-{place}") disabled=held.capacity == 0 on:click=move |_| to(false)><Icon glyph=Glyph::Minus/></button>
                <output>{held.capacity}</output>
                <button type="button" class="btn tight" aria-label=text::what_if_buffer_more() data-test=format!("buffer-more-{place}") on:click=move |_| to(true)><Icon glyph=Glyph::Plus/></button></span></div>
    }
    .into_any()
}

/// What an hour and a piece cost; the same for all options.
#[component]
fn CostSheet(trial: TrialLine, close: Callback<()>) -> impl IntoView {
    let costs = trial.base.with_untracked(|base| base.costs);
    let entry = |value: f64| (RwSignal::new(figure::plain(value)), RwSignal::new(None::<f64>));
    let (shift, repair, care, piece) = (
        entry(costs.shift_per_h),
        entry(costs.repair_per_h),
        entry(costs.maintenance_per_h),
        entry(costs.material_per_piece),
    );
    let said = [shift.1, repair.1, care.1, piece.1];
    let unfit = move || said.iter().any(|number| number.get().is_none_or(|number| number < 0.0));
    let save = move |_| {
        let [shift, repair, care, piece] = said.map(|number| number.get_untracked().unwrap_or_default());
        let change = move |line: &mut LineFork| {
            line.costs.shift_per_h = shift;
            line.costs.repair_per_h = repair;
            line.costs.maintenance_per_h = care;
            line.costs.material_per_piece = piece;
        };
        trial.base.update(change);
        trial.options.update(|options| options.iter_mut().for_each(|option| change(&mut option.line)));
        trial.told.set(None);
        close.run(());
    };
    view! {
        <Sheet title=text::what_if_costs() close test="what-if-cost-sheet">
            <div class="form">
                <NumberField entry=shift.0 number=shift.1 label=text::what_if_cost_shift() decimals=2 test="cost-shift"/>
                <NumberField entry=repair.0 number=repair.1 label=text::what_if_cost_repair() decimals=2 test="cost-repair"/>
                <NumberField entry=care.0 number=care.1 label=text::what_if_cost_care() decimals=2 test="cost-care"/>
                <NumberField entry=piece.0 number=piece.1 label=text::what_if_cost_piece() decimals=2 test="cost-piece"/>
            </div>
            <div class="acts end sticky"><button type="button" class="btn primary" data-test="cost-save" disabled=unfit on:click=save>{text::save()}</button></div>
        </Sheet>
    }
}

/// Keeps it as a scenario.
#[component]
fn KeepSheet(trial: TrialLine, close: Callback<()>) -> impl IntoView {
    let session = Session::here();
    let name = RwSignal::new(trial.base.with_untracked(|base| text::what_if_of(&base.name)));
    let keep = Callback::new(move |()| {
        let command = WhatIfKeep {
            name: name.get_untracked(),
            language: text::language().tag().to_owned(),
            line: trial.base.get_untracked(),
            options: trial.options.get_untracked(),
            hours: trial.hours.get_untracked(),
            replications: REPLICATIONS,
        };
        session.send(command, |scenario_id| shell::go(Route::Scenario(scenario_id)));
    });
    view! {
        <Sheet title=text::what_if_keep() close test="what-if-keep-sheet">
            <p class="muted">{text::what_if_keep_about()}</p>
            <TextField label=text::what_if_name() value=name test="what-if-name" focused=true entered=keep/>
            <div class="acts end"><button type="button" class="btn primary" data-test="what-if-keep-go" disabled=move || name.with(|name| name.trim().is_empty()) on:click=move |_| keep.run(())>{text::save()}</button></div>
        </Sheet>
    }
}
