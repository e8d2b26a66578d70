//! What a step shows on the machine's model: a part is tapped, and how it is shown is picked. Without a model one is brought.

use leptos::prelude::*;
use millwright_model::{
    CacheTag, GuideEdit, GuideFileAdd, GuideId, GuideStepId, MachineModelList, ShowHow, ShownPart, Words,
};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::draft_edit::DraftEdit;
use super::machine_view::MachineView;
use crate::icon::Glyph;
use crate::part::{Icon, read_file};
use crate::query::query;
use crate::session::{Matter, Session};
use crate::text;

/// The model with what the step shows; nothing for a guide that is for no machine of its own.
#[component]
pub(super) fn DraftShows(edit: DraftEdit, step_id: GuideStepId) -> impl IntoView {
    let (guide_id, asset_id) = edit.view.with_untracked(|view| (view.guide.guide_id, view.guide.asset_id));
    let asset_id = asset_id?;
    let models = query(move || MachineModelList { asset_id }, vec![CacheTag::Guides]);
    let model = Memo::new(move |_| models.ready().and_then(|models| models.into_iter().next()));
    let shows = Memo::new(move |_| edit.step(step_id).map(|step| step.shows).unwrap_or_default());
    let change = move |act: &dyn Fn(&mut Vec<ShownPart>)| {
        if let Some(mut step) = untrack(|| edit.step(step_id)) {
            act(&mut step.shows);
            edit.write(vec![GuideEdit::Step { step: Box::new(step) }]);
        }
    };
    let tapped = Callback::new(move |part: String| {
        change(&|shows| {
            if shows.iter().all(|shown| shown.part != part) {
                shows.push(ShownPart {
                    part: part.clone(),
                    how: ShowHow::Highlight,
                    label: Words::default(),
                });
            }
        });
    });
    let say = Callback::new(move |_shown: ShownPart| String::new());
    let torque_nm =
        move || edit.step(step_id).and_then(|step| step.torque).map_or(0.0, |torque| torque.nominal_nm);
    let rows = move || {
        let shows = shows.get().into_iter().enumerate();
        shows.map(|(place, shown)| {
            let hows = hows(untrack(torque_nm)).map(|(how, says, test)| {
                let on = std::mem::discriminant(&how) == std::mem::discriminant(&shown.how);
                let test = format!("show-{place}-{test}");
                view! { <button type="button" class="btn" role="radio" class:on=on aria-checked=on.to_string() data-test=test
                    on:click=move |_| { let how = how.clone(); change(&move |shows| if let Some(shown) = shows.get_mut(place) { shown.how = how.clone() }) }>{says}</button> }
            });
            view! { <div class="shown" data-test=format!("shown-{place}")>
                <div class="row fit"><span class="step-mark" aria-hidden="true">{place + 1}</span><b class="grow">{shown.part}</b>
                    <button type="button" class="btn tight" aria-label=text::show_remove() data-test=format!("show-remove-{place}")
                        on:click=move |_| change(&move |shows| if place < shows.len() { drop(shows.remove(place)) })><Icon glyph=Glyph::X/></button></div>
                <div class="choice" role="radiogroup">{hows}</div></div> }
        }).collect_view()
    };
    Some(view! {
        <div class="field"><span>{text::draft_shows()}</span>
            {move || match model.get() {
                Some(model) => view! {
                    <div class="stage small-stage"><MachineView attachment_id=model.attachment_id shows say tapped/></div>
                    <div class="muted small">{text::shows_tap()}</div>
                    <div class="stack tight-stack">{rows}</div>
                }.into_any(),
                None => view! { <BringModel guide_id/> }.into_any(),
            }}
        </div>
    })
}

/// How a part can be shown, with its words and its name in tests.
fn hows(torque_nm: f64) -> [(ShowHow, &'static str, &'static str); 6] {
    [
        (ShowHow::Highlight, text::show_highlight(), "highlight"),
        (ShowHow::Outline, text::show_outline(), "outline"),
        (ShowHow::XRay, text::show_xray(), "xray"),
        (ShowHow::Ghost, text::show_ghost(), "ghost"),
        (ShowHow::Removed, text::show_removed(), "removed"),
        (ShowHow::Tighten { torque_nm }, text::show_tighten(), "tighten"),
    ]
}

/// Brings a model of the machine from a file.
#[component]
fn BringModel(guide_id: GuideId) -> impl IntoView {
    let session = Session::here();
    let picked = move |event: web_sys::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some(file) = input.and_then(|input| input.files()).and_then(|files| files.get(0)) else { return };
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
