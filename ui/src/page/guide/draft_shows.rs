//! What a step shows on the machine: a part is tapped, and how it is shown is picked. A machine without a model is built
//! from simple bodies, or a model is brought.

use leptos::prelude::*;
use millwright_model::{
    AssetId, CacheTag, GuideEdit, GuideFileAdd, GuideId, GuideStepId, MachineModelList, ShowHow, ShownPart,
    Words,
};

use super::draft_bodies::{BodyPanel, write_bodies};
use super::draft_edit::DraftEdit;
use super::draft_shown::ShownRow;
use super::machine::MachineShape;
use super::machine_view::MachineView;
use super::shown::{Shown, tags_of};
use crate::bodies::{FLOOR, floor, placed};
use crate::icon::Glyph;
use crate::part::{Icon, picked_file, read_file};
use crate::query::query;
use crate::session::{Matter, Session};
use crate::text;
use millwright_step_scene::{MachineFacts, StepMoves, Touched};

/// What a tap on the machine does.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Tap {
    /// Shows the part in the step.
    Show,
    /// Places a body, or takes one in hand.
    Place {
        /// A cylinder, not a box.
        is_cylinder: bool,
    },
}

/// The machine with what the step shows on it.
#[component]
pub(super) fn DraftShows(edit: DraftEdit, step_id: GuideStepId) -> impl IntoView {
    let (guide_id, asset_id) = edit.view.with_untracked(|view| (view.guide.guide_id, view.guide.asset_id));
    let model = model_of(asset_id);
    let stand_ins = Memo::new(move |_| edit.view.with(|view| view.content.stand_ins.clone()));
    let tap = RwSignal::new(Tap::Show);
    let in_hand = RwSignal::new(None::<String>);
    // The ground is there while bodies are placed.
    let bodies = Signal::derive(move || {
        let ground = matches!(tap.get(), Tap::Place { .. }).then(floor);
        stand_ins.get().into_iter().chain(ground).collect::<Vec<_>>()
    });
    let shows = Memo::new(move |_| edit.step(step_id).map(|step| step.shows).unwrap_or_default());
    let moves = Signal::derive(move || {
        edit.view.with(|view| {
            let earlier = view.content.steps().take_while(|step| step.step_id != step_id);
            shows.with(|shows| StepMoves::of(earlier.map(|step| step.shows.as_slice()), shows))
        })
    });
    let tags = tags_of(asset_id, shows.into());
    let (facts, told) = signal(MachineFacts::default());
    let show = move |part: String| {
        if let Some(mut step) = untrack(|| edit.step(step_id))
            && step.shows.iter().all(|shown| shown.part != part)
        {
            step.shows.push(ShownPart { part, how: ShowHow::Highlight, label: Words::default() });
            edit.write(vec![GuideEdit::Step { step: Box::new(step) }]);
        }
    };
    let tapped = Callback::new(move |hit: Touched| match tap.get_untracked() {
        Tap::Show if hit.name != FLOOR => show(hit.name),
        Tap::Show => {}
        Tap::Place { is_cylinder } => {
            let known = stand_ins.with_untracked(|bodies| bodies.iter().any(|body| body.part == hit.name));
            if known && in_hand.with_untracked(|in_hand| in_hand.as_deref() != Some(hit.name.as_str())) {
                return in_hand.set(Some(hit.name));
            }
            let body = stand_ins.with_untracked(|bodies| placed(&hit, is_cylinder, bodies, text::body_new));
            in_hand.set(Some(body.part.clone()));
            write_bodies(edit, |bodies| bodies.push(body));
        }
    });
    let is_seen = move || model.get().flatten().is_some() || !bodies.with(Vec::is_empty);
    let shape = Memo::new(move |_| is_seen().then(|| model.get().flatten()));
    // While a body is in hand, it is what is looked at.
    let seen = Signal::derive(move || match (tap.get(), in_hand.get()) {
        (Tap::Place { .. }, Some(part)) => {
            vec![ShownPart { part, how: ShowHow::Outline, label: Words::default() }]
        }
        (Tap::Place { .. }, None) => Vec::new(),
        (Tap::Show, _) => shows.get(),
    });
    // A row stays while it is written in: only another number of them makes them anew.
    let count = Memo::new(move |_| shows.with(Vec::len));
    let rows = move || {
        (0..count.get()).map(|place| view! { <ShownRow edit step_id place facts tags/> }).collect_view()
    };
    let taps = [
        (Tap::Show, text::tap_shows(), "show"),
        (Tap::Place { is_cylinder: false }, text::tap_places_box(), "box"),
        (Tap::Place { is_cylinder: true }, text::tap_places_cylinder(), "cylinder"),
    ];
    view! {
        <div class="field"><span>{text::draft_shows()}</span>
            {move || match (model.get(), shape.get()) {
                (None, _) => view! { <div class="bar run" role="progressbar" aria-label=text::loading()></div> }.into_any(),
                (Some(_), Some(model)) => {
                    let shape = MachineShape { model, bodies };
                    let shown = Shown::of_draft(seen, moves, tags);
                    view! {
                        <div class="choice" role="radiogroup" aria-label=text::tap_does()>{taps.map(|(one, said, test)| view! {
                            <button type="button" class="btn" role="radio" class:on=move || tap.get() == one aria-checked=move || (tap.get() == one).to_string() data-test=format!("tap-{test}") on:click=move |_| tap.set(one)>{said}</button>
                        })}</div>
                        <div class="stage small-stage"><MachineView shape shown tapped told/></div>
                        <div class="muted small">{move || match tap.get() { Tap::Show => text::shows_tap(), Tap::Place { .. } => text::body_tap() }}</div>
                        <Show when=move || matches!(tap.get(), Tap::Place { .. })><BodyPanel edit in_hand/></Show>
                        <div class="stack tight-stack">{rows}</div>
                    }.into_any()
                }
                (Some(_), None) => view! {
                    <BringModel guide_id/>
                    <div class="acts"><button type="button" class="btn" data-test="bodies-begin" on:click=move |_| tap.set(Tap::Place { is_cylinder: false })><Icon glyph=Glyph::Box/>{text::bodies_begin()}</button>
                        <span class="muted small">{text::bodies_say()}</span></div>
                }.into_any(),
            }}
        </div>
    }
}

/// The newest model of a machine: nothing until that is known, and then perhaps none.
fn model_of(asset_id: Option<AssetId>) -> Memo<Option<Option<millwright_model::AttachmentId>>> {
    let models =
        asset_id.map(|asset_id| query(move || MachineModelList { asset_id }, vec![CacheTag::Guides]));
    Memo::new(move |_| match models {
        None => Some(None),
        Some(models) => {
            models.ready().map(|models| models.into_iter().next().map(|model| model.attachment_id))
        }
    })
}

/// Brings a model of the machine from a file.
#[component]
fn BringModel(guide_id: GuideId) -> impl IntoView {
    let session = Session::here();
    let picked = move |event: web_sys::Event| {
        let Some(file) = picked_file(&event) else { return };
        read_file(file, move |file| {
            let Some(file) = file else {
                return session.say(Matter::Problem(text::photo_unreadable().to_owned()));
            };
            let command = GuideFileAdd {
                guide_id,
                // Which of the kinds it is, the engine reads off the file itself.
                media_type: "model/gltf-binary".to_owned(),
                file_name: file.file_name,
                bytes_base64: file.bytes_base64,
            };
            session.send(command, |_kept| ());
        });
    };
    view! {
        <div class="acts"><label class="btn"><Icon glyph=Glyph::Box/>{text::model_bring()}
            <input class="hidden-input" type="file" accept=".glb,.gltf,.stl,.urdf" data-test="model-file" on:change=picked/></label>
            <span class="muted small">{text::model_bring_says()}</span></div>
    }
}
