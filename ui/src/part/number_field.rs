//! A number to type, with our own pad beside it; what can be read two ways is asked back.

use leptos::prelude::*;

use crate::figure::{self, Typed};
use crate::part::NumberPad;
use crate::session::Session;
use crate::text;

/// A number field. `number` follows what was typed, and is nothing while that is no number or ambiguous.
#[component]
pub(crate) fn NumberField(
    entry: RwSignal<String>,
    number: RwSignal<Option<f64>>,
    /// What is asked, for screen readers.
    #[prop(into)]
    label: String,
    #[prop(into, optional)] unit: String,
    decimals: u8,
    #[prop(optional)] signed: bool,
    #[prop(into)] test: String,
    /// Enter was pressed.
    #[prop(optional)]
    entered: Option<Callback<()>>,
    /// What stands beside the field.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let session = Session::here();
    // Our own pad writes no thousands; a keyboard may.
    let by_keyboard = RwSignal::new(false);
    let meaning = Memo::new(move |_| figure::typed(&entry.get(), !by_keyboard.get()));
    Effect::new(move |_| {
        number.set(match meaning.get() {
            Typed::Number(number) => Some(number),
            Typed::Nothing | Typed::Ambiguous(..) => None,
        });
    });
    let choose = move |chosen: f64| {
        by_keyboard.set(false);
        entry.set(figure::plain(chosen).replace('−', "-"));
    };
    let typed = move |event| {
        by_keyboard.set(true);
        entry.set(event_target_value(&event));
    };
    let question = move || match meaning.get() {
        Typed::Ambiguous(one, other) => Some(view! {
            <div class="notice-box" role="alert">
                <p>{text::number_ambiguous(entry.get())}</p>
                <div class="acts">
                    {[one, other].map(|choice| view! {
                        <button type="button" class="btn" on:click=move |_| choose(choice)>{figure::plain(choice)}</button>
                    })}
                </div>
            </div>
        }),
        Typed::Nothing | Typed::Number(_) => None,
    };
    view! {
        <div class="measure">
            <div class="stack">
                <label class="entry">
                    <input type="text" aria-label=label data-test=test prop:value=entry on:input=typed autocomplete="off"
                        inputmode=move || if session.own_keys() { "none" } else { "decimal" }
                        on:keydown=move |event| { if event.key() == "Enter" && let Some(entered) = entered { entered.run(()) } }/>
                    <span>{unit}</span>
                </label>
                {children.map(|children| children())}
            </div>
            <Show when=move || session.own_keys()>
                <NumberPad entry decimals signed/>
            </Show>
        </div>
        {question}
    }
}
