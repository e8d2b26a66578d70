//! A tag in a row: name and age, gauge against its band, value.

use leptos::prelude::*;
use millwright_charts::{Gauge, gauge};
use millwright_model::{LiveValue, TagBinding, TagState, Value};

use crate::part::{TagMark, TagValue, condition_class, live_condition};
use crate::session::Session;
use crate::words;

/// What stands inside the gauge's `<svg>`.
pub(crate) fn gauge_of(binding: &TagBinding, live: Option<&LiveValue>) -> String {
    gauge(&Gauge {
        value: live.and_then(|live| live.sample.value.as_ref()).and_then(Value::as_f64),
        usual: (binding.usual_low, binding.usual_high),
        limits: (binding.limit_low, binding.limit_high),
    })
}

/// One tag of a machine.
#[component]
pub(crate) fn TagRow(tag: TagState) -> impl IntoView {
    let session = Session::here();
    let (live, stands) = live_condition(&tag);
    let (binding, judged) = (tag.binding.clone(), tag.binding.clone());
    let picture = Memo::new(move |_| live.with(|live| gauge_of(&binding, live.as_ref())));
    let age = move || live.with(|live| words::live_age(&judged, live.as_ref(), session.now.get()));
    view! {
        <div class="row">
            <TagMark condition=stands/>
            <div class="grow">{tag.binding.name.clone()}<div class="muted small">{age}</div></div>
            <svg class=move || format!("gauge {}", condition_class(stands.get()).replace("stale", "")) width="150" height="22"
                viewBox="0 0 150 22" aria-hidden="true" inner_html=picture></svg>
            <TagValue tag/>
        </div>
    }
}
