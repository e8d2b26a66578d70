//! Workshops as screens show them: the list, a board with names and what it comes to, and actions for whoever does them.

use std::collections::BTreeSet;

use millwright_documents::workshop::{compare_years, duplicate_hints};
use millwright_local_db::Session;
use millwright_model::*;

use super::open::{LeftOut, Opened};
use super::seat::{is_let_in, me, me_or};
use super::{not_now, private, scores};
use crate::EngineError;
use crate::engine::Inner;
use crate::use_case::date;

/// So many pairs of notes that may say the same are shown.
const ALIKE_MAX: usize = 20;
/// So many actions are shown to somebody.
const ACTIONS_MAX: usize = 50;

pub(crate) async fn list(
    engine: &Inner,
    _command: WorkshopList,
) -> Result<Vec<WorkshopOverview>, EngineError> {
    let mut session = engine.database.read().await?;
    let mut overviews = Vec::new();
    for workshop in session.workshops().await? {
        let opened = Opened::of(engine, &mut session, workshop).await?;
        overviews.push(overview(engine, &opened));
        engine.boards.give_back(opened);
    }
    Ok(overviews)
}

fn overview(engine: &Inner, opened: &Opened) -> WorkshopOverview {
    let workshop = opened.workshop.clone();
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    match opened.board() {
        Some(board) => WorkshopOverview {
            title: board.title.clone(),
            phase: Some(board.phase),
            note_count: count(board.notes.len()),
            participant_count: count(board.participants.len()),
            open_action_count: count(board.actions.iter().filter(|action| !action.done).count()),
            role: me(engine, board).and_then(|me| board.participant(me)).map(|one| one.role),
            workshop,
        },
        None => WorkshopOverview {
            title: workshop.title.clone(),
            phase: None,
            note_count: 0,
            participant_count: 0,
            open_action_count: 0,
            role: None,
            workshop,
        },
    }
}

pub(crate) async fn show(engine: &Inner, command: WorkshopShow) -> Result<WorkshopView, EngineError> {
    view_of(engine, command.workshop_id).await
}

/// A workshop as whoever gives the command sees it.
pub(crate) async fn view_of(engine: &Inner, workshop_id: WorkshopId) -> Result<WorkshopView, EngineError> {
    let mut session = engine.database.read().await?;
    let opened = Opened::need(engine, &mut session, workshop_id).await?;
    let Some(board) = opened.board().cloned() else {
        engine.boards.give_back(opened);
        return Err(not_now(WorkshopFault::NotHereYet));
    };
    let me = me(engine, &board);
    let kept = private::kept(&mut session, workshop_id).await?;
    let all: usize = kept.values().map(|notes| notes.notes.len()).sum();
    let enters = |author: ParticipantId| me_or(engine, &board, Some(author)).is_some();
    let private: Vec<WorkshopPrivateNote> = kept
        .iter()
        .filter(|(author, _)| me == Some(**author) || enters(**author))
        .flat_map(|(_, notes)| &notes.notes)
        .map(|note| WorkshopPrivateNote {
            note_id: note.note_id,
            author: note.author,
            frame: note.frame.clone(),
            text: note.text.clone(),
        })
        .collect();
    let alike = duplicate_hints(&board.notes).into_iter().take(ALIKE_MAX);
    let view = WorkshopView {
        me,
        role: me.and_then(|me| board.participant(me)).map(|one| one.role),
        may_write: me.is_some_and(|me| is_let_in(engine, &board, me)),
        people: board.participants.iter().map(|one| person(engine, one, me)).collect(),
        owners: owners(engine, &board),
        private_of_others: u32::try_from(all - private.len()).unwrap_or(u32::MAX),
        private,
        scores: scores::of(&board, me),
        alike: alike
            .map(|hint| NotesAlike {
                note_id: hint.note_id,
                other_id: hint.other_id,
                likeness: hint.likeness,
            })
            .collect(),
        years: years(engine, &mut session, &board).await?,
        left_out: opened.left_out.iter().map(|left| left_out(engine, left)).collect(),
        live_devices: engine.together.devices_with(workshop_id.0, engine.now()),
        workshop: opened.workshop.clone(),
        board,
    };
    engine.boards.give_back(opened);
    Ok(view)
}

fn person(engine: &Inner, one: &Participant, me: Option<ParticipantId>) -> WorkshopPerson {
    WorkshopPerson {
        participant_id: one.participant_id,
        person_id: one.person_id,
        name: engine.people.name(one.person_id),
        guest_number: one.guest_number,
        role: one.role,
        entered_here: me.is_some_and(|me| one.entered_by.contains(&me)),
        excluded: one.excluded,
    }
}

fn owners(engine: &Inner, board: &Board) -> Vec<ActionOwner> {
    let all: BTreeSet<PersonId> = board.actions.iter().filter_map(|action| action.owner).collect();
    let owner = |person_id| ActionOwner { person_id, name: engine.people.name(Some(person_id)) };
    all.into_iter().map(owner).collect()
}

fn left_out(engine: &Inner, left: &LeftOut) -> WorkshopLeftOut {
    WorkshopLeftOut {
        document_update_id: left.update.document_update_id,
        written_by_name: engine.people.name(left.update.written_by),
        reason: left.refusal.to_string(),
        may_come: left.may_come(),
    }
}

/// The board beside last year's, where that is here.
async fn years(
    engine: &Inner,
    session: &mut Session,
    board: &Board,
) -> Result<Option<WorkshopYears>, EngineError> {
    let Some(last_year) = board.last_year.filter(|last_year| *last_year != board.workshop_id) else {
        return Ok(None);
    };
    let Some(workshop) = session.get::<Workshop>(last_year).await? else { return Ok(None) };
    let opened = Opened::of(engine, session, workshop).await?;
    let years = opened.board().map(|before| {
        let apart = compare_years(board, before);
        let kept = apart.kept.iter().filter_map(|kept| {
            let item = before.item(kept.before_id)?;
            Some(ItemAgain {
                item_id: kept.item_id,
                text_before: item.text.clone(),
                frame_before: item.frame.clone(),
                moved: kept.moved,
            })
        });
        let gone = apart.gone.iter().filter_map(|item_id| {
            let item = before.item(*item_id)?;
            Some(ItemGone { frame: item.frame.clone(), text: item.text.clone() })
        });
        WorkshopYears {
            title_before: before.title.clone(),
            kept: kept.collect(),
            new: apart.new.clone(),
            gone: gone.collect(),
        }
    });
    engine.boards.give_back(opened);
    Ok(years)
}

/// The last workshop, where it was held a year ago.
pub(crate) async fn again(engine: &Inner, session: &mut Session) -> Result<Vec<TodayException>, EngineError> {
    let zone = date::plant_zone(session).await?;
    let today = date::civil_date(engine.now(), &zone);
    let Some(year_ago) = today.plus_months(-12) else { return Ok(Vec::new()) };
    let workshops = session.workshops().await?;
    // The newest alone asks: whoever held one since looked again, whether or not they named the one before.
    let newest = workshops.first().filter(|newest| newest.held_on.is_some_and(|held_on| held_on <= year_ago));
    let Some((newest, held_on)) = newest.and_then(|newest| Some((newest, newest.held_on?))) else {
        return Ok(Vec::new());
    };
    let opened = Opened::of(engine, session, newest.clone()).await?;
    let title = opened.board().map_or_else(|| newest.title.clone(), |board| board.title.clone());
    engine.boards.give_back(opened);
    Ok(vec![TodayException::WorkshopAgain { workshop_id: newest.workshop_id, title, held_on }])
}

pub(crate) async fn actions(
    engine: &Inner,
    _command: WorkshopActionList,
) -> Result<Vec<WorkshopActionView>, EngineError> {
    let Some(person_id) = engine.person() else { return Ok(Vec::new()) };
    let is_own = |owner: PersonId| engine.people.stands_for(owner) == engine.people.stands_for(person_id);
    let mut session = engine.database.read().await?;
    let zone = date::plant_zone(&mut session).await?;
    let today = date::civil_date(engine.now(), &zone);
    let mut found = Vec::new();
    for workshop in session.workshops().await? {
        let opened = Opened::of(engine, &mut session, workshop).await?;
        if let Some(board) = opened.board() {
            let own = board.actions.iter().filter(|action| !action.done && action.owner.is_some_and(is_own));
            found.extend(own.map(|action| WorkshopActionView {
                workshop_id: board.workshop_id,
                workshop_title: board.title.clone(),
                action: action.clone(),
                late: action.due.is_some_and(|due| due < today),
            }));
        }
        engine.boards.give_back(opened);
    }
    found.sort_by_key(WorkshopActionView::order);
    found.truncate(ACTIONS_MAX);
    Ok(found)
}
