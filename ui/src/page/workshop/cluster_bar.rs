//! What is done with chosen notes: put together, taken apart, moved; and notes that may say the same.

use leptos::prelude::*;
use millwright_model::{ClusterId, NotesAlike, WorkshopAct, WorkshopNoteId, WorkshopPhase};

use super::board_desk::BoardDesk;
use crate::icon::Glyph;
use crate::page::guide::new_id;
use crate::part::Icon;
use crate::text;
use crate::workshop_words;

/// Puts notes together: into the cluster that one of them is in, else into a new one that is called like the first.
pub(super) fn together(desk: BoardDesk, notes: Vec<WorkshopNoteId>, then: impl FnOnce() + 'static) {
    let acts = desk.view.with_untracked(|view| {
        let known = notes.iter().find_map(|note_id| view.board.note(*note_id)?.cluster_id);
        let mut acts = Vec::new();
        let cluster_id = known.unwrap_or_else(|| {
            let cluster_id = ClusterId(new_id());
            let first = notes.first().and_then(|note_id| view.board.note(*note_id));
            let title = first.map(|note| note.text.clone()).unwrap_or_default();
            acts.push(WorkshopAct::Cluster { cluster_id, title });
            cluster_id
        });
        let into = |note_id| WorkshopAct::IntoCluster { note_id, cluster_id: Some(cluster_id) };
        acts.extend(notes.iter().copied().map(into));
        acts
    });
    desk.act_then(acts, then);
}

/// The bar with what can be done with the chosen notes.
#[component]
pub(super) fn ClusterBar(desk: BoardDesk, chosen: RwSignal<Vec<WorkshopNoteId>>) -> impl IntoView {
    // A note that is gone meanwhile is not chosen any more.
    let notes = Memo::new(move |_| {
        let chosen = chosen.get();
        desk.view
            .with(|view| chosen.into_iter().filter(|id| view.board.note(*id).is_some()).collect::<Vec<_>>())
    });
    let clear = move || drop(chosen.try_set(Vec::new()));
    let shows = move || desk.phase() == WorkshopPhase::Cluster && desk.is_member();
    let apart = move |_| {
        let acts = notes
            .get_untracked()
            .into_iter()
            .map(|note_id| WorkshopAct::IntoCluster { note_id, cluster_id: None });
        desk.act_then(acts.collect(), clear);
    };
    let frames = move || {
        desk.view.with(|view| {
            view.board
                .frames
                .iter()
                .map(|frame| (frame.key.clone(), workshop_words::frame(frame)))
                .collect::<Vec<_>>()
        })
    };
    let to_frame = move |key: String| {
        let acts = notes.get_untracked().into_iter().map(|note_id| WorkshopAct::MoveNote {
            note_id,
            frame: key.clone(),
            before: None,
        });
        desk.act_then(acts.collect(), clear);
    };
    view! {
        <Show when=shows>
            <section class="card sticky-acts" data-test="cluster-bar">
                <div class="acts">
                    <b class="grow">{move || if notes.with(Vec::is_empty) { text::workshop_choose_notes().to_owned() } else { text::workshop_chosen(notes.with(Vec::len)) }}</b>
                    <button type="button" class="btn primary" data-test="cluster-together" disabled=move || { notes.with(Vec::len) < 2 } on:click=move |_| together(desk, notes.get_untracked(), clear)>{text::workshop_together()}</button>
                    <button type="button" class="btn" data-test="cluster-apart" disabled=move || notes.with(Vec::is_empty) on:click=apart>{text::workshop_apart()}</button>
                    <button type="button" class="btn" data-test="cluster-clear" disabled=move || notes.with(Vec::is_empty) on:click=move |_| clear()><Icon glyph=Glyph::X/>{text::workshop_choose_none()}</button>
                </div>
                <Show when=move || !notes.with(Vec::is_empty)>
                    <div class="acts"><span class="muted">{text::workshop_move_to()}</span>
                        {move || frames().into_iter().map(|(key, name)| {
                            let test = format!("move-{key}");
                            view! { <button type="button" class="btn" data-test=test on:click=move |_| to_frame(key.clone())>{name}</button> }
                        }).collect_view()}</div>
                </Show>
            </section>
        </Show>
    }
}

/// Notes that may say the same.
#[component]
pub(super) fn Alike(desk: BoardDesk) -> impl IntoView {
    let pairs =
        Memo::new(move |_| desk.view.with(|view| view.alike.iter().take(6).cloned().collect::<Vec<_>>()));
    let shows = move || {
        matches!(desk.phase(), WorkshopPhase::Reveal | WorkshopPhase::Cluster) && !pairs.with(Vec::is_empty)
    };
    let text_of = move |note_id| {
        desk.view.with(|view| view.board.note(note_id).map(|note| note.text.clone())).unwrap_or_default()
    };
    let row = move |alike: NotesAlike| {
        let may = desk.is_member() && desk.phase() == WorkshopPhase::Cluster;
        view! {
            <div class="row fit" data-test="alike"><span class="grow"><span class="pre">{text_of(alike.note_id)}</span><div class="muted pre">{text_of(alike.other_id)}</div></span>
                {may.then(|| view! { <button type="button" class="btn" data-test="alike-together" on:click=move |_| together(desk, vec![alike.note_id, alike.other_id], || ())>{text::workshop_together()}</button> })}</div>
        }
    };
    view! {
        <Show when=shows>
            <section class="card" data-test="alikes"><h2>{text::workshop_alike()}</h2>
                <div class="rows">{move || pairs.get().into_iter().map(row).collect_view()}</div></section>
        </Show>
    }
}
