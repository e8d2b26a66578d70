//! The words of systems and libraries, small, for whoever looks after them.

use leptos::prelude::*;

use crate::text;

/// Words that nobody translated, said to be that.
#[component]
pub(crate) fn Technical(said: String) -> impl IntoView {
    view! { <div class="muted small pre selectable" data-test="technical">{text::technical(said)}</div> }
}
