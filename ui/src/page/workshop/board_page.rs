//! A workshop's board: its phases, the four frames, weighing, pairs and actions.

use leptos::prelude::*;
use millwright_model::{CacheTag, WorkshopId, WorkshopNoteId, WorkshopPhase, WorkshopShow};

use super::actions::Actions;
use super::board_desk::BoardDesk;
use super::board_side::{Foot, Notices, Revealing};
use super::cluster_bar::{Alike, ClusterBar};
use super::frames::Frames;
use super::guests_sheet::GuestsSheet;
use super::out::Out;
use super::pairs::Pairs;
use super::people_sheet::PeopleSheet;
use super::phase_bar::PhaseBar;
use super::rules_sheet::RulesSheet;
use super::seat_bar::SeatBar;
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
                let desk = BoardDesk::of(view);
                let chosen = RwSignal::new(Vec::<WorkshopNoteId>::new());
                let (people, guests, rules) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
                let door = move || view.with(|view| view.workshop.door.as_ref().map(|door| door.address.clone()));
                let phase = Memo::new(move |_| desk.phase());
                let live = Memo::new(move |_| view.with(|view| view.live_devices));
                let title = move || view.with(|view| view.board.title.clone());
                let about = move || view.with(|view| {
                    let away = view.board.participants.len();
                    format!("{} · {}", text::workshop(), text::workshop_people_count(away))
                });
                view! {
                    <div class="head"><a class="btn tight" aria-label=text::back() href=Route::Workshops.hash() data-test="back"><Icon glyph=Glyph::ChevronLeft/></a>
                        <div class="grow"><div class="muted small">{about}</div><h1 data-test="workshop-name">{title}</h1></div>
                        {move || (live.get() > 0).then(|| view! { <span class="tag good" data-test="live-devices">{text::workshop_live(live.get())}</span> })}
                        {move || door().map(|address| view! { <span class="tag notice" data-test="door-badge">{text::workshop_door_badge(address)}</span> })}
                        <a class="btn big" href=Route::WorkshopStage(workshop_id).hash() data-test="workshop-stage">{text::workshop_stage()}</a>
                        <button type="button" class="btn big" data-test="workshop-people" on:click=move |_| people.set(true)><Icon glyph=Glyph::User/>{text::workshop_people()}</button>
                        <Show when=move || desk.leads()>
                            <button type="button" class="btn big" data-test="workshop-guests" on:click=move |_| guests.set(true)>{text::workshop_guests()}</button>
                            <button type="button" class="btn big" data-test="workshop-rules" on:click=move |_| rules.set(true)><Icon glyph=Glyph::Settings/>{text::workshop_rules()}</button>
                        </Show></div>
                    <Notices desk/>
                    <PhaseBar desk/>
                    <SeatBar desk/>
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
                    <Show when=move || guests.get()><GuestsSheet desk close=Callback::new(move |()| guests.set(false))/></Show>
                    <Show when=move || rules.get()><RulesSheet desk close=Callback::new(move |()| rules.set(false))/></Show>
                    <Show when=move || people.get()><PeopleSheet desk close=Callback::new(move |()| people.set(false))/></Show>
                }.into_any()
            })}
        </div>
    }
}
