//! A manual's pages: one is looked at, and a piece of it is drawn round and taken as the picture of a step.

use leptos::prelude::*;
use millwright_model::{
    Attachment, CacheTag, GuideFile, GuideFileAdd, GuideId, ManualCrop, ManualList, ManualPage,
    ManualPageView, PicturePoint,
};
use web_sys::PointerEvent;

use super::marked_picture::pointed;
use crate::icon::Glyph;
use crate::page_area::{WHOLE, between};
use crate::part::{Icon, Sheet, picked_file, read_file};
use crate::query::query;
use crate::session::{Matter, Session};
use crate::text;

/// The longer side of a page on the screen, in pixels.
const PAGE_PX: u32 = 1_400;

/// How much of the window a page is high, in hundredths: what is done with it stays in view.
const PAGE_VH: f64 = 56.0;

/// The sheet.
#[component]
pub(super) fn ManualSheet(
    guide_id: GuideId,
    close: Callback<()>,
    /// A piece was kept: its file, and where it is from.
    taken: Callback<(GuideFile, String)>,
) -> impl IntoView {
    let session = Session::here();
    let manuals = query(move || ManualList { guide_id }, vec![CacheTag::Guides]);
    let manual = RwSignal::new(None::<Attachment>);
    let (page, view) = (RwSignal::new(1_u32), RwSignal::new(None::<ManualPageView>));
    let area = RwSignal::new(WHOLE);
    let busy = RwSignal::new(false);
    // With one manual that is the one.
    Effect::new(move |_| {
        if let (Some(found), None) = (manuals.ready(), manual.get_untracked()) {
            manual.set(found.into_iter().next());
        }
    });
    Effect::new(move |_| {
        let Some(attachment_id) = manual.with(|manual| Some(manual.as_ref()?.attachment_id)) else { return };
        let wanted = ManualPage { attachment_id, page: page.get(), longest_px: PAGE_PX };
        view.set(None);
        area.set(WHOLE);
        session.send(wanted, move |shown| {
            if page.try_get_untracked() == Some(shown.page) {
                view.try_set(Some(shown));
            }
        });
    });
    let picked = move |event: web_sys::Event| {
        let Some(file) = picked_file(&event) else { return };
        busy.set(true);
        read_file(file, move |read| {
            let Some(read) = read else {
                busy.try_set(false);
                return session.say(Matter::Problem(text::photo_unreadable().to_owned()));
            };
            let command = GuideFileAdd {
                guide_id,
                media_type: "application/pdf".to_owned(),
                file_name: read.file_name,
                bytes_base64: read.bytes_base64,
            };
            session.send_or(
                command,
                move |_file| {
                    busy.try_set(false);
                    // The newest comes first.
                    manual.try_set(None);
                    page.try_set(1);
                },
                move || {
                    busy.try_set(false);
                },
            );
        });
    };
    let board = NodeRef::<leptos::html::Div>::new();
    let stroke = StoredValue::new(None::<PicturePoint>);
    let place = move |event: &PointerEvent| pointed(board, event);
    let begin = move |event: PointerEvent| {
        event.prevent_default();
        stroke.set_value(place(&event));
        area.set(WHOLE);
    };
    let go_on = move |event: PointerEvent| {
        if let (Some(from), Some(to)) = (stroke.get_value(), place(&event)) {
            area.set(between(from, to));
        }
    };
    let take = move |_| {
        let Some(manual) = manual.get_untracked() else { return };
        let (page, area) = (page.get_untracked(), area.get_untracked());
        let from = text::manual_from(&manual.file_name, page);
        busy.set(true);
        let command = ManualCrop { guide_id, attachment_id: manual.attachment_id, page, area };
        session.send_or(
            command,
            move |file| taken.run((file, from.clone())),
            move || {
                busy.try_set(false);
            },
        );
    };
    let count = move || view.with(|view| view.as_ref().map_or(1, |view| view.page_count));
    let percent = |share: f64| format!("{:.3}%", share * 100.0);
    view! {
        <Sheet title=text::manual() close test="manual-sheet" wide=true>
            <div class="acts">
                {move || manuals.ready().unwrap_or_default().into_iter().enumerate().map(|(at, one)| {
                    let (id, named) = (one.attachment_id, one.file_name.clone());
                    let on = move || manual.with(|manual| manual.as_ref().is_some_and(|manual| manual.attachment_id == id));
                    view! { <button type="button" class="btn" class:on=on data-test=format!("manual-{at}") on:click=move |_| { page.set(1); manual.set(Some(one.clone())) }>{named}</button> }
                }).collect_view()}
                <label class="btn"><Icon glyph=Glyph::FolderOpen/>{text::manual_bring()}
                    <input class="hidden-input" type="file" accept="application/pdf,.pdf" data-test="manual-file" on:change=picked/></label>
            </div>
            <Show when=move || busy.get()><div class="bar run" role="progressbar" aria-label=text::loading()></div></Show>
            {move || match (manual.with(Option::is_some), view.get()) {
                (false, _) => view! { <p class="muted">{text::manual_none()}</p> }.into_any(),
                (true, None) => view! { <div class="marked blank"><div class="bar run" role="progressbar" aria-label=text::loading()></div></div> }.into_any(),
                (true, Some(shown)) => view! {
                    <div class="manual-page" node_ref=board data-test="manual-page" style:aspect-ratio=format!("{} / {}", shown.width_px, shown.height_px)
                        style:width=format!("min(100%, {}vh)", PAGE_VH * f64::from(shown.width_px) / f64::from(shown.height_px.max(1)))
                        on:pointerdown=begin on:pointermove=go_on on:pointerup=move |_| stroke.set_value(None) on:pointercancel=move |_| stroke.set_value(None)>
                        <img src=format!("data:{};base64,{}", shown.media_type, shown.bytes_base64) alt=text::manual_page_of(shown.page, shown.page_count) draggable="false"/>
                        <i class="cut" style:left=move || percent(area.get().left) style:top=move || percent(area.get().top)
                            style:width=move || percent(area.get().width) style:height=move || percent(area.get().height)></i>
                    </div>
                }.into_any(),
            }}
            <div class="acts end">
                <button type="button" class="btn big" aria-label=text::manual_before() data-test="manual-before" disabled=move || page.get() <= 1 on:click=move |_| page.update(|page| *page = page.saturating_sub(1).max(1))><Icon glyph=Glyph::ChevronLeft/></button>
                <span class="pill" data-test="manual-where">{move || text::manual_page_of(page.get(), count())}</span>
                <button type="button" class="btn big" aria-label=text::manual_after() data-test="manual-after" disabled=move || { page.get() >= count() } on:click=move |_| page.update(|page| *page += 1)><Icon glyph=Glyph::ChevronRight/></button>
                <button type="button" class="btn primary" data-test="manual-take" disabled=move || view.with(Option::is_none) || busy.get() on:click=take>
                    {move || if area.get() == WHOLE { text::manual_take_page() } else { text::manual_take_piece() }}</button>
            </div>
        </Sheet>
    }
}
