//! The part of the machine that a person tapped: what it is called, and what can be said of it.

use leptos::prelude::*;
use millwright_model::AssetId;

use crate::icon::Glyph;
use crate::part::Icon;
use crate::session::{Overlay, Session};
use crate::text;

/// The part's name, with the way to report a fault of it.
#[component]
pub(super) fn TouchedPart(
    /// The machine.
    asset_id: AssetId,
    /// The part.
    touched: RwSignal<Option<String>>,
    /// Nothing of it leaves the screen.
    practice: bool,
) -> impl IntoView {
    let session = Session::here();
    let report = move |_| {
        session.overlay.set(Some(Overlay::Raise { asset_id: Some(asset_id), part: touched.get_untracked() }));
    };
    view! {
        <Show when=move || touched.with(Option::is_some)>
            <div class="touched" role="group" aria-label=text::touched_part() data-test="touched">
                <b class="grow" data-test="touched-part">{move || touched.get()}</b>
                {(!practice).then(|| view! { <button type="button" class="btn" data-test="touched-report" on:click=report><Icon glyph=Glyph::TriangleAlert/>{text::report_fault_here()}</button> })}
                <button type="button" class="btn tight" aria-label=text::close() data-test="touched-close" on:click=move |_| touched.set(None)><Icon glyph=Glyph::X/></button>
            </div>
        </Show>
    }
}
