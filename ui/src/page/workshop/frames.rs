//! The four frames with their notes, and, where dots are given, with what they come to.

use leptos::prelude::*;
use millwright_model::{
    BoardFrame, BoardNote, ClusterId, ItemCount, WorkshopAct, WorkshopItemId, WorkshopNoteId,
    WorkshopNotePut, WorkshopPhase, WorkshopPrivateNote,
};

use super::board_desk::BoardDesk;
use super::note_drag::{DraggedNote, NoteDrag};
use super::note_row::{NoteRow, PrivateNoteRow};
use crate::icon::Glyph;
use crate::part::{Empty, Icon, Sheet, TextField};
use crate::session::Session;
use crate::text;
use crate::workshop_words;

/// What a frame lists.
#[derive(Copy, Clone, PartialEq)]
enum Look {
    Private,
    Notes,
    Items,
}

/// All frames.
#[component]
pub(super) fn Frames(desk: BoardDesk, chosen: RwSignal<Vec<WorkshopNoteId>>) -> impl IntoView {
    let frames = Memo::new(move |_| desk.view.with(|view| view.board.frames.clone()));
    let drag = NoteDrag::of(desk);
    view! {
        <div class="board-frames" data-test="board-frames">
            {move || frames.get().into_iter().map(|frame| view! { <Frame desk frame chosen drag/> }).collect_view()}
            <DraggedNote drag/>
        </div>
    }
}

#[component]
fn Frame(
    desk: BoardDesk,
    frame: BoardFrame,
    chosen: RwSignal<Vec<WorkshopNoteId>>,
    drag: NoteDrag,
) -> impl IntoView {
    let phase = Memo::new(move |_| desk.phase());
    let (key, name, hint) =
        (frame.key.clone(), workshop_words::frame(&frame), workshop_words::frame_hint(frame.kind));
    let adds = Memo::new(move |_| {
        let now =
            matches!(phase.get(), WorkshopPhase::Collect | WorkshopPhase::Reveal | WorkshopPhase::Cluster);
        let is_private = phase.get() == WorkshopPhase::Collect;
        // A note that stays here needs no right yet.
        let may = if is_private {
            desk.writer().is_some() && desk.view.with(|view| view.workshop.ended_at.is_none())
        } else {
            desk.writes()
        };
        now && may && (is_private || !frame.locked)
    });
    let (key_of_private, key_of_notes, key_of_items, key_of_form, key_of_drag) =
        (key.clone(), key.clone(), key.clone(), key.clone(), key.clone());
    // Each list is drawn anew only where it changed: what is typed beside it stays.
    let private = Memo::new(move |_| private_notes(desk, &key_of_private));
    let listed = Memo::new(move |_| notes(desk, &key_of_notes));
    let items = Memo::new(move |_| items(desk, &key_of_items));
    let look = Memo::new(move |_| match phase.get() {
        WorkshopPhase::Collect => Look::Private,
        WorkshopPhase::Reveal | WorkshopPhase::Cluster => Look::Notes,
        WorkshopPhase::Vote | WorkshopPhase::Weigh | WorkshopPhase::Pair | WorkshopPhase::Act => Look::Items,
    });
    view! {
        <section class="card board-frame" class:aimed=move || drag.is_over_frame(&key_of_drag) data-frame=key.clone() data-test=format!("frame-{key}") aria-label=name.clone()>
            <div class="head base"><h2>{name.clone()}</h2><span class="muted small">{hint}</span>{frame.locked.then(|| view! { <span class="tag" data-test=format!("locked-{}", frame.key)>{text::workshop_frame_locked()}</span> })}</div>
            <div class="notes">{move || match look.get() {
                Look::Private => view! {
                    {move || private.get().into_iter().map(|note| view! { <PrivateNoteRow desk note/> }).collect_view()}
                }.into_any(),
                Look::Notes => view! {
                    {move || listed.with(|(alone, clusters)| alone.is_empty() && clusters.is_empty()).then(|| view! { <Empty says=text::workshop_frame_empty()/> })}
                    {move || {
                        let (alone, clusters) = listed.get();
                        view! {
                            {clusters.into_iter().map(|(cluster_id, title, notes)| view! { <Cluster desk cluster_id title notes chosen drag/> }).collect_view()}
                            {alone.into_iter().map(|note| view! { <NoteRow desk note chosen drag/> }).collect_view()}
                        }
                    }}
                }.into_any(),
                Look::Items => view! {
                    {move || items.with(Vec::is_empty).then(|| view! { <Empty says=text::workshop_frame_empty()/> })}
                    <For each=move || items.get() key=|(item_id, says)| (*item_id, says.clone()) children=move |(item_id, says)| view! { <ItemRow desk item_id says/> }/>
                }.into_any(),
            }}</div>
            <Show when=move || adds.get()><AddNote desk frame=key_of_form.clone()/></Show>
        </section>
    }
}

/// A field for the next note.
#[component]
fn AddNote(desk: BoardDesk, frame: String) -> impl IntoView {
    let session = Session::here();
    let words = RwSignal::new(String::new());
    let workshop_id = desk.workshop_id();
    let test = format!("add-{frame}");
    let add = Callback::new(move |()| {
        let text = words.get_untracked().trim().to_owned();
        if text.is_empty() {
            return;
        }
        let frame = frame.clone();
        if desk.view.with_untracked(|view| view.board.phase) == WorkshopPhase::Collect {
            let command =
                WorkshopNotePut { workshop_id, note_id: None, frame, text, seat: desk.seat.get_untracked() };
            session.send(command, move |_| drop(words.try_set(String::new())));
        } else if let Some(note_id) = desk.new_note() {
            let act =
                WorkshopAct::AddNote { note_id, frame, text, on_paper: desk.seat.get_untracked().is_some() };
            desk.act_then(vec![act], move || drop(words.try_set(String::new())));
        }
    });
    view! {
        <div class="add-note">
            <TextField label=text::workshop_note_new() value=words test=test.clone() entered=add/>
            <button type="button" class="btn tight" aria-label=text::workshop_note_add() data-test=format!("{test}-go") disabled=move || words.with(|words| words.trim().is_empty()) on:click=move |_| add.run(())><Icon glyph=Glyph::Plus/></button>
        </div>
    }
}

fn private_notes(desk: BoardDesk, key: &str) -> Vec<WorkshopPrivateNote> {
    let writer = desk.writer();
    let is_theirs = |note: &&WorkshopPrivateNote| note.frame == key && Some(note.author) == writer;
    desk.view.with(|view| view.private.iter().filter(is_theirs).cloned().collect())
}

/// Notes that are in no cluster, and clusters with theirs.
type Listed = (Vec<BoardNote>, Vec<(ClusterId, String, Vec<BoardNote>)>);

fn notes(desk: BoardDesk, key: &str) -> Listed {
    desk.view.with(|view| {
        let of = |note: &&BoardNote| note.frame == key && note.cluster_id.is_none();
        let alone: Vec<BoardNote> = view.board.notes.iter().filter(of).cloned().collect();
        let clusters =
            view.board.clusters.iter().filter(|cluster| cluster.frame == key && !cluster.notes.is_empty());
        let clusters = clusters.map(|cluster| {
            let notes = cluster.notes.iter().filter_map(|note_id| view.board.note(*note_id).cloned());
            (cluster.cluster_id, cluster.title.clone(), notes.collect())
        });
        (alone, clusters.collect())
    })
}

#[component]
fn Cluster(
    desk: BoardDesk,
    cluster_id: ClusterId,
    title: String,
    notes: Vec<BoardNote>,
    chosen: RwSignal<Vec<WorkshopNoteId>>,
    drag: NoteDrag,
) -> impl IntoView {
    let naming = RwSignal::new(false);
    let words = RwSignal::new(title.clone());
    let may_name = Memo::new(move |_| desk.is_member() && desk.phase() == WorkshopPhase::Cluster);
    let save = Callback::new(move |()| {
        let title = words.get_untracked().trim().to_owned();
        desk.act_then(vec![WorkshopAct::Cluster { cluster_id, title }], move || {
            naming.try_set(false);
        });
    });
    view! {
        <div class="cluster" data-test=format!("cluster-{title}")>
            <div class="head"><b class="grow">{title.clone()}</b>
                <Show when=move || may_name.get()>
                    <button type="button" class="btn tight" aria-label=text::workshop_cluster_name() data-test="cluster-name" on:click=move |_| naming.set(true)><Icon glyph=Glyph::Pencil/></button>
                </Show></div>
            {notes.into_iter().map(|note| view! { <NoteRow desk note chosen drag/> }).collect_view()}
        </div>
        <Show when=move || naming.get()>
            <Sheet title=text::workshop_cluster_name() close=Callback::new(move |()| naming.set(false)) test="cluster-sheet">
                <TextField label=text::workshop_cluster_title() value=words test="cluster-title" focused=true entered=save/>
                <div class="acts end"><button type="button" class="btn primary" data-test="cluster-save" on:click=move |_| save.run(())>{text::save()}</button></div>
            </Sheet>
        </Show>
    }
}

/// The items of a frame, those with the most votes first once nobody votes any more.
fn items(desk: BoardDesk, key: &str) -> Vec<(WorkshopItemId, String)> {
    let mut items = desk.items_of(key);
    if desk.phase() != WorkshopPhase::Vote {
        items.sort_by_key(|item| std::cmp::Reverse(item.votes));
    }
    items.into_iter().map(|item| (item.item_id, item.text)).collect()
}

/// An item: its votes, and while dots are given one's own.
#[component]
fn ItemRow(desk: BoardDesk, item_id: WorkshopItemId, says: String) -> impl IntoView {
    let item = Memo::new(move |_| {
        desk.view
            .with(|view| view.board.item(item_id).map_or((0, false), |item| (item.votes, item.shortlisted)))
    });
    let own = Memo::new(move |_| {
        let writer = desk.writer();
        desk.view.with(|view| {
            let own = view.board.votes.iter().find(|votes| Some(votes.participant_id) == writer);
            own.map_or((0, 0), |own| (count_of(own.counted.iter().chain(&own.above), item_id), own.left))
        })
    });
    let is_open = Memo::new(move |_| desk.phase() == WorkshopPhase::Vote && desk.writes());
    let lists = Memo::new(move |_| is_open.get() && desk.leads());
    // Taps are faster than what comes back: what is wanted is shown at once, and sent one after the other.
    let wanted = RwSignal::new(None::<u32>);
    let count = move || wanted.get().unwrap_or_else(|| own.get().0);
    let left = move || (own.get().0 + own.get().1).saturating_sub(count());
    let give = move |more: bool| {
        let votes = untrack(count);
        let votes = if more { votes + 1 } else { votes.saturating_sub(1) };
        let is_sending = wanted.get_untracked().is_some();
        wanted.set(Some(votes));
        if !is_sending {
            send_votes(desk, item_id, wanted, votes);
        }
    };
    let (test, named) = (says.clone(), says.clone());
    let on = move || item.get().1;
    let list = move |_| desk.act(vec![WorkshopAct::Shortlist { item_id, on: !item.get_untracked().1 }]);
    let (for_list, for_votes) = (says.clone(), says.clone());
    view! {
        <div class="note" data-test=format!("item-{test}") class:chosen=on>
            <span class="grow pre">{says}</span>
            <Show when=move || is_open.get()>
                <span class="stepper" role="group" aria-label=text::workshop_votes_for(&named)>
                    <button type="button" class="btn tight" aria-label=text::workshop_vote_back() data-test=format!("vote-back-{for_votes}") disabled=move || count() == 0 on:click=move |_| give(false)><Icon glyph=Glyph::Minus/></button>
                    <output class="own-votes">{count}</output>
                    <button type="button" class="btn tight" aria-label=text::workshop_vote() data-test=format!("vote-{for_votes}") disabled=move || left() == 0 on:click=move |_| give(true)><Icon glyph=Glyph::Plus/></button>
                </span>
            </Show>
            <Show when=move || lists.get()>
                <button type="button" class="btn tight" role="checkbox" aria-checked=move || on().to_string() aria-label=text::workshop_shortlist() title=text::workshop_shortlist()
                    data-test=format!("list-{for_list}") on:click=list>{move || view! { <Icon glyph=if on() { Glyph::Check } else { Glyph::ListChecks }/> }}</button>
            </Show>
            <b class="dots" aria-label=move || text::workshop_vote_count(item.get().0)>{move || item.get().0}</b>
        </div>
    }
}

/// Sends so many votes, and then what was tapped meanwhile.
fn send_votes(desk: BoardDesk, item_id: WorkshopItemId, wanted: RwSignal<Option<u32>>, votes: u32) {
    desk.act_settled(vec![WorkshopAct::Vote { item_id, votes }], move || {
        match wanted.try_get_untracked().flatten() {
            Some(now) if now != votes => send_votes(desk, item_id, wanted, now),
            _ => {
                wanted.try_set(None);
            }
        }
    });
}

fn count_of<'c>(counts: impl Iterator<Item = &'c ItemCount>, item_id: WorkshopItemId) -> u32 {
    counts.filter(|one| one.item_id == item_id).map(|one| one.count).sum()
}
