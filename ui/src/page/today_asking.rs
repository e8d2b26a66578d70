//! Machines that ask for somebody: what is abnormal, since when, the last hour, the value now.

use leptos::prelude::*;
use millwright_model::{AskingMachine, TagCondition};

use crate::calendar;
use crate::condition::stale;
use crate::figure;
use crate::part::{Empty, Spark, TagMark, TagValue, condition_class, live_condition};
use crate::route::Route;
use crate::session::Session;
use crate::text;
use crate::words;

/// The list of them.
#[component]
pub(crate) fn Asking(machines: Vec<AskingMachine>) -> impl IntoView {
    view! {
        <section class="card" data-test="asking">
            <h2>{text::machines_asking()}</h2>
            <div class="rows">
                {machines.is_empty().then(|| view! { <Empty says=text::asking_empty()/> })}
                {machines.into_iter().map(|machine| view! { <AskingRow machine/> }).collect_view()}
            </div>
        </section>
    }
}

#[component]
fn AskingRow(machine: AskingMachine) -> impl IntoView {
    let session = Session::here();
    let (live, stands) = live_condition(&machine.tag);
    let binding = machine.tag.binding.clone();
    let judged = binding.clone();
    let since = machine.since;
    let detail = move || {
        let now = session.now.get();
        let mut parts = Vec::new();
        match stands.get() {
            TagCondition::Stale | TagCondition::Silent => {
                live.with(|live| match live {
                    Some(live) => {
                        parts.push(text::last_value_ago(figure::span(now.since_ms(live.sample.at()))));
                        parts.extend(stale(&judged, live, now).map(|reason| words::stale(reason).to_owned()));
                    }
                    None => parts.push(text::never_heard().to_owned()),
                });
            }
            TagCondition::Normal
            | TagCondition::Unusual
            | TagCondition::BeyondLimit
            | TagCondition::NotGood => {
                parts.extend(since.map(|since| text::since(calendar::moment(since))));
                parts.extend(words::usual(&judged));
            }
        }
        parts.join(" · ")
    };
    let spark = machine.spark.clone();
    let code = machine.code.clone();
    let says = move || match stands.get() {
        TagCondition::Normal => text::asks_normal(&binding.name),
        TagCondition::Unusual => text::asks_unusual(&binding.name),
        TagCondition::BeyondLimit => text::asks_limit(&binding.name),
        TagCondition::Stale | TagCondition::Silent => text::asks_silent(&binding.name),
        TagCondition::NotGood => text::asks_not_good(&binding.name),
    };
    let picture_binding = machine.tag.binding.clone();
    view! {
        <a class="row" href=Route::Asset(machine.asset_id).hash() data-test=format!("asking-{code}")>
            <TagMark condition=stands/>
            <div class="grow"><b>{machine.code.clone()}</b>" "{says}<div class="muted small">{detail}</div></div>
            {(!spark.is_empty()).then(|| view! {
                <span class=move || format!("hide-tight {}", condition_class(stands.get()).replace("stale", ""))><Spark shown=spark binding=picture_binding/></span>
            })}
            <TagValue tag=machine.tag/>
        </a>
    }
}
