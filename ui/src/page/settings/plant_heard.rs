//! What was heard on the plant's link, what of it was refused, and how much history can take.

use leptos::prelude::*;
use millwright_model::{AppStatus, CacheTag, LinkState, SyncState};

use crate::calendar;
use crate::figure;
use crate::query::query;
use crate::session::Session;
use crate::text;
use crate::words;

/// How often the figures are asked for anew while they are looked at.
const EVERY_MS: i64 = 5_000;

/// The figures of the link; nothing where no broker is set up.
#[component]
pub(super) fn PlantHeardCard() -> impl IntoView {
    let session = Session::here();
    let turn = Memo::new(move |_| session.now.get().0.div_euclid(EVERY_MS));
    let status = query(
        move || {
            turn.track();
            AppStatus {}
        },
        vec![CacheTag::Sync, CacheTag::Settings],
    );
    let state = Memo::new(move |_| {
        status.ready().map(|status| status.sync).filter(|sync| sync.plant != LinkState::NotConfigured)
    });
    view! {
        <Show when=move || state.with(Option::is_some)>
            <section class="card" data-test="plant-heard"><h2>{text::heard()}</h2>
                {move || state.get().map(|state| view! { <Figures state/> })}
            </section>
        </Show>
    }
}

#[component]
fn Figures(state: SyncState) -> impl IntoView {
    let SyncState { heard, held, values_refused, .. } = state;
    // With MQTT 5 the window is wide, and the disk is not what bounds the plant.
    let rate = held.reachable_per_s.filter(|_| held.window_of_broker);
    view! {
        <dl class="facts">
            <dt>{text::heard_values()}</dt><dd data-test="heard-values">{figure::grouped(heard.values)}</dd>
            <dt>{text::heard_messages_refused()}</dt><dd data-test="heard-messages-refused">{figure::grouped(heard.messages_refused)}</dd>
            {(values_refused > 0).then(|| view! { <dt>{text::heard_values_refused()}</dt><dd>{figure::grouped(values_refused)}</dd> })}
            {heard.last_refused.map(|last| view! { <dt>{text::heard_last_refused()}</dt>
                <dd class="selectable" data-test="heard-last-refused">{calendar::moment(last.at)}" · "{last.topic}<div class="muted small">{words::message_fault(&last.fault)}</div></dd> })}
            {rate.map(|rate| view! { <dt>{text::heard_rate()}</dt>
                <dd data-test="heard-rate">{text::heard_rate_value(figure::grouped(rate))}<div class="muted small">{text::heard_rate_more(held.window)}</div></dd> })}
        </dl>
    }
}
