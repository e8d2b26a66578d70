//! Drawing on a picture: an arrow, a circle, a number or a torque, by one tap or one stroke.

use leptos::prelude::*;
use millwright_model::{AttachmentRead, GuidePicture, PictureMark, PicturePoint};
use web_sys::PointerEvent;

use super::marked_picture::{Marks, pointed};
use crate::figure;
use crate::icon::Glyph;
use crate::part::{Icon, Sheet, TextField};
use crate::picture_marks::{Tool, mark};
use crate::query::query;
use crate::text;

/// The sheet with the picture.
#[component]
pub(super) fn PictureEdit(
    picture: GuidePicture,
    close: Callback<()>,
    kept: Callback<Vec<PictureMark>>,
) -> impl IntoView {
    let attachment_id = picture.attachment_id;
    let bytes = query(move || AttachmentRead { attachment_id }, Vec::new());
    let marks = RwSignal::new(picture.marks);
    let tool = RwSignal::new(Tool::Arrow);
    let torque = RwSignal::new("45".to_owned());
    let shape = RwSignal::new((4.0_f64, 3.0_f64));
    let (image, board) = (NodeRef::<leptos::html::Img>::new(), NodeRef::<leptos::html::Div>::new());
    let stroke = RwSignal::new(None::<(PicturePoint, PicturePoint)>);
    let place = move |event: &PointerEvent| pointed(board, event);
    let next_number = move || {
        marks.with(|marks| {
            marks
                .iter()
                .filter_map(
                    |mark| if let PictureMark::Number { number, .. } = mark { Some(*number) } else { None },
                )
                .max()
                .unwrap_or(0)
                + 1
        })
    };
    let drawn = move || {
        let (from, to) = stroke.get()?;
        let nm = torque.with(|torque| figure::typed_number(torque)).unwrap_or(0.0);
        Some(mark(tool.get(), from, to, shape.get(), next_number(), nm))
    };
    let begin = move |event: PointerEvent| {
        event.prevent_default();
        stroke.set(place(&event).map(|at| (at, at)));
    };
    let go_on = move |event: PointerEvent| {
        if let (Some((from, _)), Some(at)) = (stroke.get_untracked(), place(&event)) {
            stroke.set(Some((from, at)));
        }
    };
    let end = move |_| {
        if let Some(mark) = untrack(drawn) {
            marks.update(|marks| marks.push(mark));
        }
        stroke.set(None);
    };
    let seen = Signal::derive(move || marks.get().into_iter().chain(drawn()).collect::<Vec<_>>());
    let loaded = move |_| {
        if let Some(image) = image.get_untracked() {
            shape.set((f64::from(image.natural_width().max(1)), f64::from(image.natural_height().max(1))));
        }
    };
    view! {
        <Sheet title=text::picture_mark() close test="picture-sheet" wide=true>
            <div class="acts">
                <div class="choice" role="radiogroup" aria-label=text::picture_mark()>
                    {Tool::ALL.map(|one| view! {
                        <button type="button" class="btn" role="radio" class:on=move || tool.get() == one aria-checked=move || (tool.get() == one).to_string()
                            data-test=format!("mark-{}", one.as_str()) on:click=move |_| tool.set(one)><Icon glyph=one.glyph()/>{one.says()}</button> })}
                </div>
                <button type="button" class="btn" data-test="mark-undo" disabled=move || marks.with(Vec::is_empty) on:click=move |_| marks.update(|marks| { marks.pop(); })><Icon glyph=Glyph::Undo2/>{text::draft_undo()}</button>
                <Show when=move || tool.get() == Tool::Torque><TextField label=text::draft_torque() value=torque test="mark-torque-nm"/></Show>
            </div>
            {move || match bytes.ready() {
                Some(bytes) => view! {
                    <div class="marked drawing" node_ref=board data-test="drawing" style:aspect-ratio=move || { let (width, height) = shape.get(); format!("{width} / {height}") }
                        on:pointerdown=begin on:pointermove=go_on on:pointerup=end on:pointercancel=move |_| stroke.set(None)>
                        <img node_ref=image src=format!("data:{};base64,{}", bytes.media_type, bytes.bytes_base64) alt="" on:load=loaded draggable="false"/>
                        <Marks marks=seen shape/>
                    </div>
                }.into_any(),
                None => view! { <div class="marked blank"><Icon glyph=Glyph::Image/></div> }.into_any(),
            }}
            <div class="acts end"><button type="button" class="btn primary" data-test="marks-keep" on:click=move |_| kept.run(marks.get_untracked())>{text::save()}</button></div>
        </Sheet>
    }
}
