//! Laying points of the machine over a picture that stands: which part is asked for, shown on the 3D view.

use leptos::prelude::*;
use millwright_model::{ShowHow, ShownPart, Words};

use super::camera_view::{Aligning, Sighting};
use super::machine::MachineShape;
use super::machine_view::MachineView;
use super::shown::Shown;
use crate::icon::Glyph;
use crate::part::Icon;
use crate::text;

/// What is to be tapped now, and how to go on without it.
#[component]
pub(super) fn AlignPanel(
    /// The machine.
    shape: MachineShape,
    sighting: Sighting,
) -> impl IntoView {
    let aligning = sighting.aligning;
    let part = Memo::new(move |_| aligning.with(|aligning| Some(aligning.as_ref()?.asked()?.0.clone())));
    let middle = move || {
        let middle_m = aligning.with(|aligning| Some(aligning.as_ref()?.asked()?.1))?;
        Some(middle_m.map(|metres| metres.to_string()).join(" "))
    };
    let laid = Memo::new(move |_| {
        aligning.with(|aligning| aligning.as_ref().map_or(0, |aligning| aligning.laid.len()))
    });
    let shows = Memo::new(move |_| {
        let shown = |part| ShownPart { part, how: ShowHow::Highlight, label: Words::default() };
        part.get().map(shown).into_iter().collect::<Vec<_>>()
    });
    let skip = move |_| {
        aligning.update(|aligning| {
            if let Some(aligning) = aligning {
                aligning.at += 1;
            }
        });
    };
    let undo = move |_| {
        aligning.update(|aligning| {
            let Some(aligning) = aligning else { return };
            if aligning.laid.pop().is_some() {
                aligning.at = aligning.at.saturating_sub(1);
            }
        });
    };
    view! {
        <div class="align" role="group" data-test="align">
            <div class="align-machine"><MachineView shape shown=Shown::only(shows.into()) side=sighting.side plain=true/></div>
            <div class="align-says"><b data-test="align-part" data-middle-m=middle>{move || match part.get() {
                    Some(part) => text::align_tap(part, laid.get() + 1, Aligning::ENOUGH),
                    // Every point was passed over: nothing can be said by hand.
                    None => text::align_none().to_owned(),
                }}</b>
                <div class="acts">
                    <button type="button" class="btn" data-test="align-skip" disabled=move || part.get().is_none() on:click=skip>{text::align_skip()}</button>
                    <button type="button" class="btn tight" aria-label=text::align_undo() data-test="align-undo" disabled=move || laid.get() == 0 on:click=undo><Icon glyph=Glyph::Undo2/></button>
                    <button type="button" class="btn" data-test="align-end" on:click=move |_| aligning.set(None)>{text::align_end()}</button>
                </div></div>
        </div>
    }
}
