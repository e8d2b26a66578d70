//! Nothing here yet: says what to do next.

use leptos::prelude::*;

/// A quiet sentence where a list has nothing.
#[component]
pub(crate) fn Empty(#[prop(into)] says: String) -> impl IntoView {
    view! { <div class="empty">{says}</div> }
}
