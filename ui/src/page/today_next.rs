//! The next job: what, where, what decides whether it can start, and the start itself.

use leptos::prelude::*;
use millwright_model::{Priority, StartFact, WorkOrderOverview, WorkOrderStart, WorkOrderStatus};

use crate::calendar;
use crate::figure;
use crate::page::order::AssignSheet;
use crate::route::{Route, WorkList};
use crate::session::Session;
use crate::shell::go;
use crate::text;
use crate::words;

fn fact_words(fact: &StartFact) -> (String, bool) {
    match fact {
        StartFact::PartOnStock { name, on_hand, place, .. } => {
            let amount = figure::amount(on_hand);
            let words = match place {
                Some(place) => text::fact_part_at(name, amount, place),
                None => text::fact_part(name, amount),
            };
            (words, on_hand.thousandths <= 0)
        }
        StartFact::Checklist { steps, mandatory } => (text::fact_steps(steps, mandatory), false),
        StartFact::PlannedTime { minutes } => (text::fact_minutes(minutes), false),
    }
}

/// The big card.
#[component]
pub(crate) fn NextJob(next: Option<(WorkOrderOverview, Vec<StartFact>)>) -> impl IntoView {
    let session = Session::here();
    let Some((next, facts)) = next else {
        return view! {
            <section class="card next" data-test="next-empty">
                <div class="muted small">{text::next_for_you()}</div>
                <h1>{text::next_empty()}</h1>
                <p class="muted">{text::next_empty_more()}</p>
                <div class="acts"><a class="btn primary" href=Route::Work(WorkList::Open).hash()>{text::all_work()}</a></div>
            </section>
        }
        .into_any();
    };
    let handing = RwSignal::new(false);
    let order = next.order;
    let work_order_id = order.work_order_id;
    let running = order.status == WorkOrderStatus::InProgress;
    let start = move |_| {
        if running {
            go(Route::Order(work_order_id));
        } else {
            session.record_then(WorkOrderStart { work_order_id }, move || go(Route::Order(work_order_id)));
        }
    };
    let mut above = vec![text::next_for_you().to_owned(), order.number().to_owned()];
    above.extend(order.due_at.map(|due| text::due(calendar::moment(due))));
    let urgent = matches!(order.priority, Priority::Emergency | Priority::High);
    view! {
        <section class="card next" data-test="next-job">
            <div class="muted small">{above.join(" · ")}</div>
            <h1><a href=Route::Order(work_order_id).hash() data-test="next-title">{order.title.clone()}</a></h1>
            <div class="strong-line">{next.asset_code}" "{next.asset_name}<span class="muted">{next.asset_path.filter(|path| !path.is_empty()).map(|path| format!(" · {path}"))}</span></div>
            <div class="tags">
                {urgent.then(|| view! { <span class="tag high"><i class="tri"></i>{words::priority(order.priority)}</span> })}
                {facts.iter().map(fact_words).map(|(words, lacking)| view! {
                    <span class="tag" class:high=lacking>{lacking.then(|| view! { <i class="tri"></i> })}{words}</span>
                }).collect_view()}
            </div>
            <div class="acts">
                <button class="btn primary grow" data-test="order-start" on:click=start>{if running { text::go_on() } else { text::start() }}</button>
                <button class="btn big" data-test="hand-over" on:click=move |_| handing.set(true)>{text::hand_over()}</button>
            </div>
        </section>
        <Show when=move || handing.get()><AssignSheet work_order_id close=Callback::new(move |()| handing.set(false))/></Show>
    }
    .into_any()
}
