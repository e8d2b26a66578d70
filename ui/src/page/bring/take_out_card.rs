//! Taking out what is here: a kind, and the file it becomes.

use leptos::prelude::*;
use millwright_model::{DataKind, DataSeen};

use crate::data_words;
use crate::part::TakeOut;
use crate::text;

/// Every kind of data as a file.
#[component]
pub(super) fn TakeOutCard() -> impl IntoView {
    let kind = RwSignal::new(DataKind::Assets);
    view! {
        <section class="card form" data-test="take-out-card">
            <h2>{text::take_out()}</h2>
            <p class="muted">{text::take_out_more()}</p>
            <div class="choice" role="radiogroup" aria-label=text::take_out()>
                {DataKind::ALL.iter().map(|choice| {
                    let on = move || kind.get() == *choice;
                    view! { <button type="button" class="btn" role="radio" class:on=on aria-checked=move || on().to_string()
                        data-test=format!("take-out-kind-{choice}") on:click=move |_| kind.set(*choice)>{data_words::kind(*choice)}</button> }
                }).collect_view()}
            </div>
            <TakeOut kind seen=Signal::derive(DataSeen::default) open=true/>
        </section>
    }
}
