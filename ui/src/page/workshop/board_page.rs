//! A workshop's board: its phases, the four frames, weighing, pairs and actions.

use leptos::prelude::*;
use millwright_model::{CacheTag, WorkshopId, WorkshopNoteId, WorkshopPhase, WorkshopShow};

use super::actions::Actions;
use super::board_desk::BoardDesk;
use super::board_side::{Foot, Notices, Revealing};
use super::cluster_bar::{Alike, ClusterBar};
use super::frames::Frames;
use super::out::Out;
use super::pairs::Pairs;
use super::people_sheet::PeopleSheet;
use super::phase_bar::PhaseBar;
use super::strategies::Strategies;
use super::weigh::Weigh;
use crate::icon::Glyph;
use crate::part::Icon;
use crate::query::{query, shown};
use crate::route::Route;
use crate::text;

/// The board.
#[component]
pub(crate) fn WorkshopPage(workshop_id: WorkshopId) -> impl IntoView {
    let workshop = query(move || WorkshopShow { workshop_id }, vec![CacheTag::Workshops, CacheTag::People]);
    view! {
        <div class="page workshop" data-test="page-workshop">
            {shown(workshop, move |view| {
                let desk = BoardDesk { view };
                let chosen = RwSignal::new(Vec::<WorkshopNoteId>::new());
                let people = RwSignal::new(false);
                let phase = Memo::new(move |_| desk.phase());
                let title = move || view.with(|view| view.board.title.clone());
                let about = move || view.with(|view| {
                    let away = view.board.participants.len();
                    format!("{} · {}", text::workshop(), text::workshop_people_count(away))
                });
                view! {
                    <div class="head"><a class="btn tight" aria-label=text::back() href=Route::Workshops.hash() data-test="back"><Icon glyph=Glyph::ChevronLeft/></a>
                        <div class="grow"><div class="muted small">{about}</div><h1 data-test="workshop-name">{title}</h1></div>
                        <a class="btn big" href=Route::WorkshopStage(workshop_id).hash() data-test="workshop-stage">{text::workshop_stage()}</a>
                        <button type="button" class="btn big" data-test="workshop-people" on:click=move |_| people.set(true)><Icon glyph=Glyph::User/>{text::workshop_people()}</button></div>
                    <Notices desk/>
                    <PhaseBar desk/>
                    <Revealing desk/>
                    {move || match phase.get() {
                        WorkshopPhase::Collect | WorkshopPhase::Reveal | WorkshopPhase::Cluster | WorkshopPhase::Vote => view! {
                            <Frames desk chosen/><ClusterBar desk chosen/><Alike desk/> }.into_any(),
                        WorkshopPhase::Weigh => view! { <Weigh desk/> }.into_any(),
                        WorkshopPhase::Pair => view! { <Pairs desk/> }.into_any(),
                        WorkshopPhase::Act => view! { <Actions desk/><Strategies desk/><Frames desk chosen/> }.into_any(),
                    }}
                    <Foot desk/>
                    <Out desk/>
                    <Show when=move || people.get()><PeopleSheet desk close=Callback::new(move |()| people.set(false))/></Show>
                }.into_any()
            })}
        </div>
    }
}
