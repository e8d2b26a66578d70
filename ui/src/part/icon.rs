//! An icon: seen, not read out.

use leptos::prelude::*;

use crate::icon::Glyph;

/// Draws one icon.
#[component]
pub(crate) fn Icon(glyph: Glyph) -> impl IntoView {
    view! { <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=glyph.path()></path></svg> }
}
