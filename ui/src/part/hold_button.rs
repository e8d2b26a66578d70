//! Press and hold: for acts that cannot be undone and for signing. A drop of water does not hold on.

use std::time::Duration;

use leptos::prelude::*;

use crate::text;

/// As long as `--hold` in the tokens.
const HOLD: Duration = Duration::from_millis(1200);

/// A button that acts after it was held.
#[component]
pub(crate) fn HoldButton(
    #[prop(into)] label: String,
    /// The look beside `btn hold`.
    look: &'static str,
    #[prop(into)] test: String,
    /// Whether it may act.
    #[prop(into, optional)]
    disabled: Signal<bool>,
    acts: Callback<()>,
) -> impl IntoView {
    let holding = RwSignal::new(false);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let begin = move || {
        if disabled.get_untracked() || holding.get_untracked() {
            return;
        }
        holding.set(true);
        let ended = move || {
            if holding.try_get_untracked() == Some(true) {
                holding.set(false);
                acts.run(());
            }
        };
        timer.set_value(set_timeout_with_handle(ended, HOLD).ok());
    };
    let end = move || {
        holding.set(false);
        if let Some(handle) = timer.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    };
    on_cleanup(move || {
        if let Some(handle) = timer.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    });
    let is_key = |key: &str| matches!(key, "Enter" | " ");
    view! {
        <button class=format!("btn hold {look}") class:holding=holding title=text::press_and_hold() data-test=test
            disabled=disabled
            on:pointerdown=move |event| { if event.is_primary() { begin() } }
            on:pointerup=move |_| end() on:pointerleave=move |_| end() on:pointercancel=move |_| end()
            on:contextmenu=|event| event.prevent_default()
            on:keydown=move |event| { if is_key(&event.key()) { event.prevent_default(); begin() } }
            on:keyup=move |event| { if is_key(&event.key()) { end() } }>
            {label}
        </button>
    }
}
