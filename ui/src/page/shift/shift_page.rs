//! One shift: what happened by machine, what it handed over, and the way to other shifts.

use leptos::prelude::*;
use millwright_model::{CacheTag, PaperSubject, ShiftShow, TimestampMs};

use super::hand_over_sheet::HandOverSheet;
use super::handover_card::HandoverCard;
use super::line_row::{LineRow, span_words};
use super::pattern_sheet::PatternSheet;
use super::unread_card::UnreadCard;
use crate::icon::Glyph;
use crate::part::{Empty, Icon, OnPaper};
use crate::query::{query, shown};
use crate::route::Route;
use crate::session::{Overlay, Session};
use crate::text;

/// A sheet of the room.
#[derive(Copy, Clone, PartialEq)]
enum Sheets {
    HandOver,
    Pattern,
}

/// The shift that runs, or the one in which `at` lies.
#[component]
pub(crate) fn ShiftPage(at: Option<TimestampMs>) -> impl IntoView {
    let session = Session::here();
    let tags = vec![CacheTag::Shift, CacheTag::WorkOrders, CacheTag::Requests, CacheTag::People];
    let open = RwSignal::new(None::<Sheets>);
    // The running shift becomes the next one by itself: asked again every quarter of an hour.
    let quarter = Memo::new(move |_| session.now.get().0 / 900_000);
    let view = query(
        move || {
            quarter.track();
            ShiftShow { at }
        },
        tags,
    );
    view! {
        <div class="page" data-test="page-shift">
            {shown(view, move |view| {
                let shift = Memo::new(move |_| view.with(|view| view.shift.clone()));
                let current = Memo::new(move |_| view.with(|view| view.current));
                let earlier = Memo::new(move |_| view.with(|view| view.earlier.clone()));
                let later = Memo::new(move |_| view.with(|view| view.later.clone()));
                let groups = Memo::new(move |_| view.with(|view| view.groups.clone()));
                let handovers = Memo::new(move |_| view.with(|view| view.handovers.clone()));
                let unread = Memo::new(move |_| view.with(|view| view.unread.clone()));
                let more = Memo::new(move |_| view.with(|view| view.more));
                let plant = Memo::new(move |_| view.with(|view| view.plant_name.clone()));
                let shut = Callback::new(move |()| open.set(None));
                view! {
                    <div class="head"><div class="grow"><h1 data-test="shift-title">{move || shift.with(span_words)}</h1>
                        <div class="muted small">{plant}{move || current.get().then(|| format!(" · {}", text::shift_running()))}</div></div>
                        <OnPaper subject=Signal::derive(move || PaperSubject::Shift { at: Some(shift.get().starts_at) })/>
                        <button class="btn big no-print" data-test="handover-open" on:click=move |_| open.set(Some(Sheets::HandOver))>{text::handover()}</button>
                        <button class="btn primary no-print" data-test="shift-entry-open" on:click=move |_| session.overlay.set(Some(Overlay::ShiftEntry(None)))><Icon glyph=Glyph::Plus/>{text::shift_line_add()}</button>
                    </div>
                    <nav class="tags no-print" aria-label=text::shift_past()>
                        {move || earlier.with(|earlier| earlier.first().map(|span| span.starts_at)).map(|at| view! { <a class="chip" href=Route::Shift(Some(at)).hash() data-test="shift-before"><Icon glyph=Glyph::ChevronLeft/>{text::shift_before()}</a> })}
                        {move || later.get().map(|span| view! { <a class="chip" href=Route::Shift(Some(span.starts_at)).hash() data-test="shift-after">{text::shift_after()}<Icon glyph=Glyph::ChevronRight/></a> })}
                        {move || (!current.get()).then(|| view! { <a class="chip" href=Route::Shift(None).hash() data-test="shift-now">{text::shift_now()}</a> })}
                    </nav>
                    <div class="no-print">{move || view! { <UnreadCard unread=unread.get()/> }}</div>
                    <div class="cols">
                        <div class="stack" data-test="shift-log">
                            {move || groups.with(Vec::is_empty).then(|| view! { <section class="card"><h2>{text::shift_log()}</h2><Empty says=text::shift_log_empty()/></section> })}
                            {move || groups.get().into_iter().map(|group| {
                                let name = match (group.asset_code, group.asset_name) {
                                    (Some(code), Some(name)) => format!("{code} {name}"),
                                    _ => text::shift_no_machine().to_owned(),
                                };
                                view! {
                                    <section class="card"><div class="head"><h2 class="grow">{name.clone()}</h2>{group.asset_id.map(|asset_id| view! {
                                        <a class="btn tight no-print" aria-label=name href=Route::Asset(asset_id).hash() data-test="shift-machine"><Icon glyph=Glyph::ChevronRight/></a> })}</div>
                                        <div class="rows">{group.lines.into_iter().map(|line| view! { <LineRow line/> }).collect_view()}</div></section>
                                }
                            }).collect_view()}
                            {move || more.get().then(|| view! { <div class="notice-box">{text::shift_log_more()}</div> })}
                        </div>
                        <div class="stack">
                            {move || view! { <HandoverCard handovers=handovers.get()/> }}
                            <section class="card no-print"><h2>{text::shift_past()}</h2>
                                <div class="rows">{move || earlier.get().into_iter().enumerate().map(|(place, span)| view! {
                                    <a class="row" href=Route::Shift(Some(span.starts_at)).hash() data-test=format!("shift-past-{place}")><span class="grow">{span_words(&span)}</span><Icon glyph=Glyph::ChevronRight/></a>
                                }).collect_view()}</div>
                                <div class="acts"><button class="btn" data-test="pattern-open" on:click=move |_| open.set(Some(Sheets::Pattern))><Icon glyph=Glyph::Pencil/>{text::shift_pattern()}</button></div>
                            </section>
                        </div>
                    </div>
                    {move || match open.get() {
                        None => ().into_any(),
                        Some(Sheets::HandOver) => {
                            let (span, running) = (shift.get_untracked(), current.get_untracked());
                            let mut choices = vec![span.clone()];
                            if running {
                                choices.extend(earlier.with_untracked(|earlier| earlier.first().cloned()));
                            }
                            view! { <HandOverSheet choices at=(!running).then_some(span.starts_at) close=shut/> }.into_any()
                        }
                        Some(Sheets::Pattern) => view! { <PatternSheet pattern=view.with_untracked(|view| view.pattern.clone()) close=shut/> }.into_any(),
                    }}
                }.into_any()
            })}
        </div>
    }
}
