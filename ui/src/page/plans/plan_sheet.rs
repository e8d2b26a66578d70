//! The form of a plan: what, how often, from when, how urgent, with which checklist.

use leptos::prelude::*;
use millwright_model::{
    AssetId, AssetShow, CacheTag, CalendarUnit, CivilDate, MaintenancePlan, PaperSubject, PlanEnd, PlanMode,
    PlanSave,
};

use crate::calendar;
use crate::dialog::{Checklist, PriorityChoice};
use crate::icon::Glyph;
use crate::part::{AssetPick, Empty, Icon, OnPaper, Sheet, Stepper, TextField};
use crate::plan_draft::{PlanBy, TypedPlan};
use crate::query::{query, shown};
use crate::session::Session;
use crate::text;
use crate::words;

fn by_name(by: PlanBy) -> &'static str {
    match by {
        PlanBy::Calendar => text::plan_by_calendar(),
        PlanBy::Tag => text::plan_by_tag(),
        PlanBy::Reading => text::plan_by_reading(),
    }
}

fn unit_name(unit: CalendarUnit) -> &'static str {
    match unit {
        CalendarUnit::Day => text::unit_days(),
        CalendarUnit::Week => text::unit_weeks(),
        CalendarUnit::Month => text::unit_months(),
        CalendarUnit::Year => text::unit_years(),
    }
}

/// Asks for a machine where none is known, then for the plan.
#[component]
pub(super) fn PlanSheet(
    asset_id: Option<AssetId>,
    before: Option<MaintenancePlan>,
    close: Callback<()>,
) -> impl IntoView {
    let machine = RwSignal::new(asset_id);
    let title = if before.is_some() { text::plan_change() } else { text::plan_new() };
    view! {
        <Sheet title=title close test="plan-sheet" wide=true>
            {move || match machine.get() {
                None => view! { <AssetPick picked=Callback::new(move |asset: millwright_model::Asset| machine.set(Some(asset.asset_id)))/> }.into_any(),
                Some(asset_id) => view! { <PlanForm asset_id before=before.clone() close/> }.into_any(),
            }}
        </Sheet>
    }
}

#[component]
fn PlanForm(asset_id: AssetId, before: Option<MaintenancePlan>, close: Callback<()>) -> impl IntoView {
    let session = Session::here();
    let today = calendar::civil_of(session.now.get_untracked());
    let typed = before.as_ref().map_or_else(|| TypedPlan::empty(today), |plan| TypedPlan::of(plan, today));
    let (title, steps) = (RwSignal::new(typed.title), RwSignal::new(typed.steps));
    let (priority, by, mode) =
        (RwSignal::new(typed.priority), RwSignal::new(typed.by), RwSignal::new(typed.mode));
    let (every, unit) = (RwSignal::new(typed.every), RwSignal::new(typed.unit));
    let (first_due, lead_days) = (RwSignal::new(typed.first_due), RwSignal::new(typed.lead_days));
    let (every_meter, counted_from) = (RwSignal::new(typed.every_meter), RwSignal::new(typed.counted_from));
    let (ahead, tag_binding_id) = (RwSignal::new(typed.ahead), RwSignal::new(typed.tag_binding_id));
    let (meter_name, meter_unit) = (RwSignal::new(typed.meter_name), RwSignal::new(typed.meter_unit));
    let kept = StoredValue::new(before.clone());
    let plan = move || {
        let typed = TypedPlan {
            title: title.get(),
            steps: steps.get(),
            priority: priority.get(),
            by: by.get(),
            every: every.get(),
            unit: unit.get(),
            first_due: first_due.get(),
            every_meter: every_meter.get(),
            counted_from: counted_from.get(),
            ahead: ahead.get(),
            tag_binding_id: tag_binding_id.get(),
            meter_name: meter_name.get(),
            meter_unit: meter_unit.get(),
            mode: mode.get(),
            lead_days: lead_days.get(),
        };
        kept.with_value(|before| typed.plan(asset_id, before.as_ref()))
    };
    let save = move |_| {
        if let Some(plan) = untrack(plan) {
            session.record_then(PlanSave { plan }, move || close.run(()));
        }
    };
    let on_paper = before.as_ref().map(|plan| {
        let subject = PaperSubject::Plan { maintenance_plan_id: plan.maintenance_plan_id };
        view! { <OnPaper subject/> }
    });
    let end = before.map(|plan| {
        let maintenance_plan_id = plan.maintenance_plan_id;
        view! { <button type="button" class="btn danger" data-test="plan-end" on:click=move |_| session.record_then(PlanEnd { maintenance_plan_id }, move || close.run(()))>{text::plan_end()}</button> }
    });
    let asset = query(move || AssetShow { asset_id }, Vec::<CacheTag>::new());
    view! {
        {move || asset.ready().map(|view| view! { <div class="strong">{format!("{} {}", view.asset.code, view.asset.name)}</div> })}
        <TextField label=text::plan_title() value=title test="plan-title" focused=true/>
        <div class="field"><span>{text::plan_by()}</span>
            <div class="choice" role="radiogroup" aria-label=text::plan_by()>
                {PlanBy::ALL.map(|choice| view! {
                    <button type="button" class="btn" role="radio" class:on=move || by.get() == choice aria-checked=move || (by.get() == choice).to_string()
                        data-test=format!("plan-by-{}", choice.as_str()) on:click=move |_| by.set(choice)>{by_name(choice)}</button>
                })}
            </div></div>
        <Show when=move || by.get() == PlanBy::Calendar>
            <div class="field"><span>{text::plan_every()}</span><div class="acts">
                <Stepper count=every most=1000 test="plan-every"/>
                <div class="choice" role="radiogroup" aria-label=text::plan_every()>
                    {CalendarUnit::ALL.map(|choice| view! {
                        <button type="button" class="btn" role="radio" class:on=move || unit.get() == choice aria-checked=move || (unit.get() == choice).to_string()
                            data-test=format!("plan-unit-{}", choice.as_str()) on:click=move |_| unit.set(choice)>{unit_name(choice)}</button>
                    })}
                </div></div></div>
            <FirstDue first_due today/>
        </Show>
        <Show when=move || by.get() == PlanBy::Tag>
            <div class="field"><span>{text::plan_which_tag()}</span>
                {shown(asset, move |view| view! {
                    {move || view.with(|view| view.tags.is_empty()).then(|| view! { <Empty says=text::plan_no_tags()/> })}
                    <div class="choice" role="radiogroup" aria-label=text::plan_which_tag()>
                        {move || view.with(|view| view.tags.clone()).into_iter().enumerate().map(|(place, tag)| {
                            let id = tag.binding.tag_binding_id;
                            let on = move || tag_binding_id.get() == Some(id);
                            view! { <button type="button" class="btn" role="radio" class:on=on aria-checked=move || on().to_string() data-test=format!("plan-tag-{place}")
                                on:click=move |_| tag_binding_id.set(Some(id))>{tag.binding.name}</button> }
                        }).collect_view()}
                    </div>
                }.into_any())}</div>
        </Show>
        <Show when=move || by.get() == PlanBy::Reading>
            <div class="form two">
                <TextField label=text::plan_meter_name() value=meter_name test="plan-meter-name"/>
                <TextField label=text::tag_unit() value=meter_unit test="plan-meter-unit"/>
            </div>
        </Show>
        <Show when=move || by.get() != PlanBy::Calendar>
            <div class="form two">
                <TextField label=text::plan_every_meter() value=every_meter test="plan-every-meter"/>
                <TextField label=text::plan_counted_from() value=counted_from test="plan-counted-from"/>
                <TextField label=text::plan_ahead() value=ahead test="plan-ahead"/>
            </div>
        </Show>
        <div class="field"><span>{text::plan_mode()}</span>
            <div class="choice" role="radiogroup" aria-label=text::plan_mode()>
                {[(PlanMode::Fixed, "plan-fixed"), (PlanMode::Floating, "plan-floating")].map(|(choice, test)| view! {
                    <button type="button" class="btn" role="radio" class:on=move || mode.get() == choice aria-checked=move || (mode.get() == choice).to_string()
                        data-test=test on:click=move |_| mode.set(choice)>{words::plan_mode(choice)}</button>
                })}
            </div></div>
        <div class="field"><span>{move || if by.get() == PlanBy::Calendar { text::plan_lead_calendar() } else { text::plan_lead_meter() }}</span>
            <Stepper count=lead_days least=0 most=MaintenancePlan::LEAD_DAYS_MAX test="plan-lead"/></div>
        <div class="field"><span>{text::priority()}</span><PriorityChoice priority/></div>
        <Checklist steps/>
        <div class="acts end sticky">
            {end}
            {on_paper}
            <button class="btn primary grow" data-test="plan-save" disabled=move || plan().is_none() on:click=save>{text::plan_save()}</button>
        </div>
    }
}

/// The first day it is due, by steps of a day, a week or a month.
#[component]
fn FirstDue(first_due: RwSignal<CivilDate>, today: CivilDate) -> impl IntoView {
    let step = move |glyph: Glyph, label: String, test: &'static str, unit: CalendarUnit, count: i64| {
        let move_on = move |_| {
            let moved = unit.after(first_due.get_untracked(), count);
            first_due.update(|day| *day = moved.unwrap_or(*day));
        };
        view! { <button type="button" class="btn" data-test=test on:click=move_on><Icon glyph/>{label}</button> }
    };
    view! {
        <div class="field"><span>{text::plan_first_due()}</span>
            <div class="strong" data-test="plan-first-due">{move || calendar::civil(first_due.get())}</div>
            <div class="choice">
                <button type="button" class="btn" class:on=move || first_due.get() == today data-test="plan-due-today" on:click=move |_| first_due.set(today)>{text::due_today()}</button>
                {step(Glyph::Minus, text::span_days(1), "plan-due-day-earlier", CalendarUnit::Day, -1)}
                {step(Glyph::Plus, text::span_days(1), "plan-due-day-later", CalendarUnit::Day, 1)}
                {step(Glyph::Plus, text::span_weeks(1), "plan-due-week-later", CalendarUnit::Week, 1)}
                {step(Glyph::Plus, text::span_months(1), "plan-due-month-later", CalendarUnit::Month, 1)}
            </div></div>
    }
}
