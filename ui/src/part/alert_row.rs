//! Something urgent that asks for somebody, with what a person can do about it.

use leptos::prelude::*;
use millwright_model::{AlertSubject, AlertTake, AlertView, Priority};

use crate::calendar;
use crate::icon::Glyph;
use crate::part::Icon;
use crate::route::Route;
use crate::session::{Overlay, Session};
use crate::text;
use crate::words;

/// Where it is opened: an order on its page, a request on its machine's.
pub(crate) fn way(alert: &AlertView) -> Route {
    match alert.about {
        AlertSubject::WorkOrder(work_order_id) => Route::Order(work_order_id),
        AlertSubject::Request(_) => alert.asset_id.map_or(Route::Today, Route::Asset),
    }
}

/// What stands below the words: since when, and who said what about it.
fn detail(alert: &AlertView) -> String {
    let mut parts = vec![alert.number.clone(), text::since(calendar::moment(alert.since))];
    if let Some(passed) = &alert.passed_on {
        let name = |name: &Option<String>| name.clone().unwrap_or_else(|| text::person_unnamed().to_owned());
        let who = name(&passed.by_name);
        parts.push(match (alert.asks_you, passed.to_person) {
            (true, _) => text::alert_asks_you(who),
            (false, true) => text::alert_passed_to(who, name(&passed.to_name)),
            (false, false) => text::alert_passed_next(who),
        });
        if !passed.word.is_empty() {
            parts.push(text::alert_word(&passed.word));
        }
    }
    if alert.rung > 0 {
        parts.push(text::alert_climbed().to_owned());
    }
    parts.retain(|part| !part.is_empty());
    parts.join(" · ")
}

/// One alert. `children` are further acts.
#[component]
pub(crate) fn AlertRow(
    alert: AlertView,
    /// Its name in tests.
    #[prop(into)]
    test: String,
    /// The person has done something about it.
    #[prop(optional)]
    done: Option<Callback<()>>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let session = Session::here();
    let about = alert.about;
    let finished = move || {
        if let Some(done) = done {
            done.run(());
        }
    };
    let take = move |_| session.record_then(AlertTake { about }, finished);
    let pass = move |_| session.overlay.set(Some(Overlay::PassOn(about)));
    let (shape, class) = match alert.priority {
        Priority::Emergency => ("sq", "tag critical"),
        Priority::High | Priority::Medium | Priority::Low => ("tri", "tag high"),
    };
    let machine = [alert.asset_code.clone(), alert.asset_name.clone()].into_iter().flatten();
    let machine = machine.collect::<Vec<_>>().join(" ");
    view! {
        <div class="grow">
            <div class="acts"><span class=class><i class=shape></i>{words::priority(alert.priority)}</span>
                {alert.machine_down.then(|| view! { <span class="tag critical"><i class="sq"></i>{text::machine_down()}</span> })}
                <b>{machine}</b></div>
            <div class="alert-words">{alert.text.clone()}</div>
            <div class="muted small">{detail(&alert)}</div>
        </div>
        <div class="acts">
            {children.map(|children| children())}
            <a class="btn tight" href=way(&alert).hash() data-test=format!("{test}-open") on:click=move |_| finished()>{text::alert_open()}</a>
            <button class="btn tight" data-test=format!("{test}-pass") on:click=pass>{text::alert_pass()}</button>
            <button class="btn big on" data-test=format!("{test}-take") on:click=take><Icon glyph=Glyph::Check/>{text::alert_take()}</button>
        </div>
    }
}
