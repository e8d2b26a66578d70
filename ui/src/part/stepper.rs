//! A quantity by whole steps: minus, how many, plus.

use leptos::prelude::*;

use crate::icon::Glyph;
use crate::part::Icon;
use crate::text;

/// How many, from `least` to `most`.
#[component]
pub(crate) fn Stepper(
    count: RwSignal<i64>,
    #[prop(default = 1)] least: i64,
    #[prop(default = 9999)] most: i64,
    #[prop(into)] test: String,
) -> impl IntoView {
    let change = move |by: i64| count.update(|count| *count = (*count + by).clamp(least, most));
    view! {
        <div class="stepper" role="group" aria-label=text::quantity()>
            <button type="button" class="btn tight" aria-label=text::fewer() data-test=format!("{test}-fewer") on:click=move |_| change(-1)><Icon glyph=Glyph::Minus/></button>
            <output data-test=format!("{test}-count")>{count}</output>
            <button type="button" class="btn tight" aria-label=text::more_of_it() data-test=format!("{test}-more") on:click=move |_| change(1)><Icon glyph=Glyph::Plus/></button>
        </div>
    }
}
