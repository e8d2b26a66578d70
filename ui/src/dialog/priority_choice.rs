//! How urgent it is, in one tap.

use leptos::prelude::*;
use millwright_model::Priority;

use crate::text;
use crate::words;

/// Four buttons, one of them on.
#[component]
pub(crate) fn PriorityChoice(priority: RwSignal<Priority>) -> impl IntoView {
    view! {
        <div class="choice" role="radiogroup" aria-label=text::priority()>
            {Priority::ALL.map(|choice| view! {
                <button type="button" class="btn" role="radio" class:on=move || priority.get() == choice
                    aria-checked=move || (priority.get() == choice).to_string()
                    data-test=format!("priority-{}", choice.number()) on:click=move |_| priority.set(choice)>{words::priority(choice)}</button>
            })}
        </div>
    }
}
