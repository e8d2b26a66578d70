//! What the order is, its timer, and the acts that move it on.

use leptos::prelude::*;
use millwright_model::*;

use super::assign_sheet::AssignSheet;
use super::close_sheet::CloseSheet;
use super::correct_sheet::CorrectSheet;
use super::edit_sheet::EditSheet;
use super::reason_sheet::ReasonSheet;
use crate::calendar;
use crate::figure;
use crate::icon::Glyph;
use crate::page::elsewhere::{ContinueSheet, ReservationBox, ReserveSheet};
use crate::part::Icon;
use crate::route::Route;
use crate::session::Session;
use crate::shell::go_back;
use crate::text;
use crate::words;

/// A sheet of the order.
#[derive(Copy, Clone, PartialEq)]
enum Sheets {
    Close,
    Hold,
    Cancel,
    Assign,
    Correct,
    Edit,
    Continue,
    Reserve,
}

/// The head of the page.
#[component]
pub(super) fn OrderHead(view: RwSignal<WorkOrderView>) -> impl IntoView {
    let session = Session::here();
    let open = RwSignal::new(None::<Sheets>);
    let shut = Callback::new(move |()| open.set(None));
    let work_order_id = view.with_untracked(|view| view.overview.order.work_order_id);
    let overview = Memo::new(move |_| view.with(|view| view.overview.clone()));
    let timer = Memo::new(move |_| view.with(|view| view.timer.clone()));
    let status = Memo::new(move |_| overview.with(|overview| overview.order.status));
    let pending = Memo::new(move |_| overview.with(|overview| overview.order.details_pending));
    // Who has it in hand on another device or as another person.
    let elsewhere = Memo::new(move |_| view.with(|view| view.hand.clone().filter(|hand| !hand.is_here)));
    let reservation = Memo::new(move |_| view.with(|view| view.reservation.clone()));
    let may_reserve = move || {
        matches!(status.get(), WorkOrderStatus::Planned | WorkOrderStatus::Released)
            && reservation.with(Option::is_none)
    };
    // What is laid aside for somebody else is not the next thing to begin here.
    let for_another = move || {
        reservation.with(|reservation| reservation.as_ref().is_some_and(|reserved| !reserved.is_mine))
    };
    let above = move || {
        overview.with(|overview| {
            let order = &overview.order;
            let mut parts = vec![order.number().to_owned(), words::work_kind(order.work_kind).to_owned()];
            parts.extend(overview.assignee_name.clone());
            parts.extend(order.due_at.map(|due| text::due(calendar::moment(due))));
            parts.join(" · ")
        })
    };
    let machine = move || {
        overview.with(|overview| {
        let asset_id = overview.order.asset_id?;
        let name = format!("{} {}", overview.asset_code.clone().unwrap_or_default(), overview.asset_name.clone().unwrap_or_default());
        Some(view! { <a class="btn tight" href=Route::Asset(asset_id).hash() data-test="order-machine"><Icon glyph=Glyph::Activity/>{name}</a> })
    })
    };
    let running =
        move || timer.get().map(|timer| figure::stopwatch(session.now.get().since_ms(timer.started_at)));
    let toggle = move |_| {
        if timer.with_untracked(Option::is_some) {
            session.record(TimerStop { work_order_id });
        } else {
            session.record(TimerStart { work_order_id });
        }
    };
    view! {
        <div class="head">
            <button class="btn" data-test="back" on:click=move |_| go_back()><Icon glyph=Glyph::ChevronLeft/>{text::back()}</button>
            <div class="grow"><div class="muted small">{above}</div><h1 data-test="order-title">{move || overview.with(|overview| overview.order.title.clone())}</h1></div>
            {machine}
            <span class="tag" data-test="order-status">{move || words::status(status.get())}</span>
            {move || overview.with(|overview| matches!(overview.order.priority, Priority::Emergency | Priority::High).then(|| view! {
                <span class="tag high"><i class="tri"></i>{words::priority(overview.order.priority)}</span> }))}
        </div>
        {move || overview.with(|overview| overview.order.status_reason.clone()).map(|reason| view! { <div class="notice-box">{text::status_because(words::status(status.get()), reason)}</div> })}
        {move || elsewhere.get().map(|hand| view! {
            <div class="notice-box acts" data-test="order-hand">
                <span class="grow">{text::in_hand_of(words::whereabouts(&hand.who), calendar::moment(hand.since))}</span>
                <button class="btn big" data-test="continue-open" on:click=move |_| open.set(Some(Sheets::Continue))><Icon glyph=Glyph::Play/>{text::continue_elsewhere()}</button>
            </div>
        })}
        {move || reservation.get().map(|reservation| view! {
            <ReservationBox work_order_id reservation take_over=Callback::new(move |()| open.set(Some(Sheets::Continue)))/>
        })}
        <div class="acts" data-test="order-acts">
            {move || match status.get() {
                WorkOrderStatus::Released | WorkOrderStatus::OnHold => view! {
                    <button class="btn grow" class:primary=move || !for_another() class:big=for_another data-test="order-start" on:click=move |_| session.record(WorkOrderStart { work_order_id })>
                        <Icon glyph=Glyph::Play/>{if status.get_untracked() == WorkOrderStatus::OnHold { text::go_on() } else { text::start() }}</button>
                }.into_any(),
                WorkOrderStatus::InProgress => view! {
                    <button class="btn primary grow" data-test="close-open" on:click=move |_| open.set(Some(Sheets::Close))><Icon glyph=Glyph::Check/>{text::close_order()}</button>
                    <button class="btn big" data-test="timer-toggle" on:click=toggle><Icon glyph=Glyph::Clock/>{move || running().unwrap_or_else(|| text::timer_start().to_owned())}
                        {move || timer.with(Option::is_some).then(|| view! { <span class="muted small">{text::timer_stop()}</span> })}</button>
                    <button class="btn big" data-test="hold-open" on:click=move |_| open.set(Some(Sheets::Hold))><Icon glyph=Glyph::Pause/>{text::hold()}</button>
                }.into_any(),
                WorkOrderStatus::Completed if pending.get() => view! {
                    <button class="btn primary grow" data-test="close-open" on:click=move |_| open.set(Some(Sheets::Close))>{text::add_details()}</button>
                    <button class="btn big" data-test="correct-open" on:click=move |_| open.set(Some(Sheets::Correct))><Icon glyph=Glyph::Pencil/>{text::correct_order()}</button>
                }.into_any(),
                WorkOrderStatus::Completed => view! {
                    <button class="btn big" data-test="correct-open" on:click=move |_| open.set(Some(Sheets::Correct))><Icon glyph=Glyph::Pencil/>{text::correct_order()}</button>
                }.into_any(),
                WorkOrderStatus::Planned => view! { <div class="notice-box grow">{text::planned_not_released()}</div> }.into_any(),
                WorkOrderStatus::Cancelled => ().into_any(),
            }}
            <Show when=move || !status.get().is_open() && timer.with(Option::is_some)>
                <button class="btn big" data-test="timer-stop" on:click=move |_| session.record(TimerStop { work_order_id })><Icon glyph=Glyph::Clock/>{move || running().unwrap_or_default()}
                    <span class="muted small">{text::timer_stop()}</span></button>
            </Show>
            <Show when=may_reserve>
                <button class="btn big" data-test="reserve-open" on:click=move |_| open.set(Some(Sheets::Reserve))>{text::reserve()}</button>
            </Show>
            <Show when=move || status.get().is_open()>
                <button class="btn big" data-test="edit-open" on:click=move |_| open.set(Some(Sheets::Edit))><Icon glyph=Glyph::Pencil/>{text::edit_order()}</button>
                <button class="btn big" data-test="assign-open" on:click=move |_| open.set(Some(Sheets::Assign))>{text::hand_over()}</button>
                <button class="btn big link" data-test="cancel-open" on:click=move |_| open.set(Some(Sheets::Cancel))>{text::cancel_order()}</button>
            </Show>
        </div>
        {move || match open.get() {
            None => ().into_any(),
            Some(Sheets::Close) => view! { <CloseSheet view close=shut/> }.into_any(),
            Some(Sheets::Edit) => view! { <EditSheet overview=overview.get_untracked() close=shut/> }.into_any(),
            Some(Sheets::Correct) => view! { <CorrectSheet view close=shut/> }.into_any(),
            Some(Sheets::Assign) => view! { <AssignSheet work_order_id close=shut/> }.into_any(),
            Some(Sheets::Continue) => view! { <ContinueSheet work_order_id close=shut/> }.into_any(),
            Some(Sheets::Reserve) => view! { <ReserveSheet work_order_id close=shut/> }.into_any(),
            Some(Sheets::Hold) => view! {
                <ReasonSheet title=text::hold_title() act=text::hold() test="hold"
                    choices=vec![text::hold_part(), text::hold_production(), text::hold_help(), text::hold_shift()] close=shut
                    given=Callback::new(move |reason: String| { let cause = words::hold_cause_of(&reason); session.record_then(WorkOrderHold { work_order_id, reason, cause }, move || shut.run(())) })/>
            }.into_any(),
            Some(Sheets::Cancel) => view! {
                <ReasonSheet title=text::cancel_title() act=text::cancel_order() test="cancel"
                    choices=vec![text::cancel_double(), text::cancel_not_needed()] close=shut
                    given=Callback::new(move |reason| session.record_then(WorkOrderCancel { work_order_id, reason }, move || shut.run(())))/>
            }.into_any(),
        }}
    }
}
