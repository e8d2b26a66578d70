//! A text to type, by our own keyboard or a real one.

use leptos::prelude::*;

use crate::session::{KeysFor, Session};

/// A labelled text field.
#[component]
pub(crate) fn TextField(
    #[prop(into)] label: String,
    value: RwSignal<String>,
    #[prop(into)] test: String,
    /// Several lines.
    #[prop(optional)]
    lines: bool,
    /// Not shown while typed.
    #[prop(optional)]
    secret: bool,
    /// Takes the focus when it appears.
    #[prop(optional)]
    focused: bool,
    /// Enter was pressed, where there is one line.
    #[prop(optional)]
    entered: Option<Callback<()>>,
) -> impl IntoView {
    let session = Session::here();
    let mode = move || if session.own_keys() { "none" } else { "text" };
    let up = move || {
        if session.own_keys() {
            session.keys_for.set(KeysFor::Field);
        }
    };
    let down = move || session.keys_for.set(KeysFor::Nobody);
    on_cleanup(move || {
        session.keys_for.try_set(KeysFor::Nobody);
    });
    let input = NodeRef::<leptos::html::Input>::new();
    let area = NodeRef::<leptos::html::Textarea>::new();
    Effect::new(move |_| {
        if !focused {
            return;
        }
        let (input, area) = (input.get(), area.get());
        // The handler of the focus runs at once; what it reads must not bring the focus back here later.
        let taken =
            untrack(|| input.map(|element| element.focus()).or_else(|| area.map(|element| element.focus())));
        if matches!(taken, Some(Err(_))) {
            // It can still be tapped.
        }
    });
    if lines {
        return view! {
            <label class="field"><span>{label}</span>
                <textarea data-test=test inputmode=mode prop:value=value node_ref=area
                    on:input=move |event| value.set(event_target_value(&event))
                    on:focus=move |_| up() on:blur=move |_| down()></textarea>
            </label>
        }
        .into_any();
    }
    view! {
        <label class="field"><span>{label}</span>
            <input type=if secret { "password" } else { "text" } data-test=test inputmode=mode prop:value=value node_ref=input
                autocomplete="off" spellcheck="false"
                on:input=move |event| value.set(event_target_value(&event))
                on:focus=move |_| up() on:blur=move |_| down()
                on:keydown=move |event| { if event.key() == "Enter" && let Some(entered) = entered { entered.run(()) } }/>
        </label>
    }
    .into_any()
}
