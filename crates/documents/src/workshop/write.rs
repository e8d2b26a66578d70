//! How acts are written into the document: one register for each thing that people say apart, so that none says over
//! another's.

use loro::{LoroDoc, LoroValue, ValueOrContainer};
use millwright_model::*;

use super::Beginning;
use super::layout::{Area, FORMAT, Grant, is_written, text_of, vote_of};
use super::refusal::WorkshopRefusal;

/// Writes what every board has.
pub(crate) fn begin(
    doc: &LoroDoc,
    beginning: &Beginning,
    device: WorkshopDevice,
) -> Result<(), WorkshopRefusal> {
    let unfit = |what, reason: &str| WorkshopRefusal::Unfit { what, reason: reason.to_owned() };
    if !is_written(&beginning.title, true) {
        return Err(unfit("the title", "it is too long"));
    }
    if beginning.language.len() > 16 {
        return Err(unfit("the language", "it is no short name of a language"));
    }
    if beginning.allowance > super::ALLOWANCE_MAX {
        return Err(unfit("the allowance", "it is above 100 votes"));
    }
    set(doc, Area::Head, "format", FORMAT)?;
    set(doc, Area::Head, "id", beginning.workshop_id.to_string())?;
    set(doc, Area::Head, "language", beginning.language.as_str())?;
    set(doc, Area::Head, "title", beginning.title.as_str())?;
    set(doc, Area::Head, "allowance", i64::from(beginning.allowance))?;
    admit(doc, beginning.facilitator, beginning.person_id, None, WorkshopRole::Facilitator)?;
    grant(doc, Grant::Device(device, beginning.facilitator))
}

/// Writes an act that was checked.
pub(crate) fn write(doc: &LoroDoc, author: ParticipantId, act: &WorkshopAct) -> Result<(), WorkshopRefusal> {
    use WorkshopAct as Do;
    match act {
        Do::Title { title } => set(doc, Area::Head, "title", title.as_str()),
        Do::Phase { phase } => set(doc, Area::Head, "phase", word(phase)),
        Do::Method { method } => set(doc, Area::Head, "method", word(method)),
        Do::Allowance { votes } => set(doc, Area::Head, "allowance", i64::from(*votes)),
        Do::Timer { timer } => {
            let timer = timer.map(|timer| vec![LoroValue::from(timer.ends_at.0), number(timer.length_ms)]);
            set(doc, Area::Head, "timer", timer.map_or(LoroValue::Null, LoroValue::from))
        }
        Do::LastYear { workshop_id } => set(doc, Area::Head, "last_year", optional(workshop_id.as_ref())),
        Do::Frame { key, title } => set(doc, Area::Frames, key, title.as_str()),
        Do::LockFrame { key, locked } => set(doc, Area::Locked, key, *locked),
        Do::Admit { participant_id, person_id, guest_number, role } => {
            admit(doc, *participant_id, *person_id, *guest_number, *role)
        }
        Do::AdmitDevice { participant_id, device } => grant(doc, Grant::Device(*device, *participant_id)),
        Do::EnterFor { participant_id, entered_by } => grant(doc, Grant::Hands(*participant_id, *entered_by)),
        Do::Exclude { participant_id, excluded } => {
            set(doc, Area::Excluded, &participant_id.to_string(), *excluded)
        }
        Do::HideNote { note_id, hidden } => set(doc, Area::Hidden, &note_id.to_string(), *hidden),
        Do::Shortlist { item_id, on } => set(doc, Area::Shortlist, &item_id.to_string(), *on),
        Do::AddNote { note_id, frame, text, on_paper } => {
            let (area, key) = (Area::Notes(author), note_id.to_string());
            set(doc, area, &key, vec![LoroValue::from(frame.as_str()), LoroValue::from(*on_paper)])?;
            set(doc, area, &format!("{key}/text"), text.as_str())?;
            Ok(doc.get_movable_list(Area::Order.name()).push(key)?)
        }
        Do::NoteText { note_id, text } => {
            set(doc, Area::Notes(author), &format!("{note_id}/text"), text.as_str())
        }
        Do::WithdrawNote { note_id, withdrawn } => {
            set(doc, Area::Notes(author), &format!("{note_id}/withdrawn"), *withdrawn)
        }
        Do::MoveNote { note_id, frame, before } => move_note(doc, *note_id, frame, *before),
        Do::Cluster { cluster_id, title } => {
            set(doc, Area::Clusters, &cluster_id.to_string(), title.as_str())
        }
        Do::IntoCluster { note_id, cluster_id } => {
            set(doc, Area::ClusterOf, &note_id.to_string(), optional(cluster_id.as_ref()))
        }
        Do::Vote { item_id, votes } => vote(doc, author, *item_id, *votes),
        Do::Points { item_id, points } => {
            set(doc, Area::Weights(author), &format!("points/{item_id}"), i64::from(*points))
        }
        Do::Rank { side, items } => {
            let items: Vec<LoroValue> = items.iter().map(|item| LoroValue::from(item.to_string())).collect();
            set(doc, Area::Weights(author), &format!("rank/{}", word(side)), items)
        }
        Do::Judge { judgement } => {
            // One register for a pair, whichever way round it is said.
            let (one, other) = (judgement.item_id.to_string(), judgement.other_id.to_string());
            let (key, times) = if one < other {
                (format!("judge/{one}/{other}"), judgement.times)
            } else {
                (format!("judge/{other}/{one}"), 1.0 / judgement.times)
            };
            set(doc, Area::Weights(author), &key, times)
        }
        Do::Rate { item_id, rating } => set(doc, Area::Ratings, &item_id.to_string(), rated(*rating)),
        Do::Strategy { strategy_id, internal, external, text } => {
            let pair = vec![LoroValue::from(internal.to_string()), LoroValue::from(external.to_string())];
            set(doc, Area::Strategies, &format!("{strategy_id}/pair"), pair)?;
            set(doc, Area::Strategies, &format!("{strategy_id}/text"), text.as_str())
        }
        Do::StrategyText { strategy_id, text } => {
            set(doc, Area::Strategies, &format!("{strategy_id}/text"), text.as_str())
        }
        Do::DropStrategy { strategy_id, out } => {
            set(doc, Area::Strategies, &format!("{strategy_id}/out"), *out)
        }
        Do::Attractiveness { strategy_id, item_id, score } => {
            set(doc, Area::Strategies, &format!("{strategy_id}/{item_id}"), rated(*score))
        }
        Do::Action { action } => {
            let id = action.action_id;
            set(doc, Area::Actions, &format!("{id}/text"), action.text.as_str())?;
            set(doc, Area::Actions, &format!("{id}/owner"), optional(action.owner.as_ref()))?;
            set(doc, Area::Actions, &format!("{id}/due"), optional(action.due.as_ref()))?;
            set(doc, Area::Actions, &format!("{id}/strategy"), optional(action.strategy_id.as_ref()))
        }
        Do::ActionDone { action_id, done } => set(doc, Area::Actions, &format!("{action_id}/done"), *done),
        Do::DropAction { action_id, out } => set(doc, Area::Actions, &format!("{action_id}/out"), *out),
    }
}

/// Says something, unless it is said already.
fn set(doc: &LoroDoc, area: Area, key: &str, value: impl Into<LoroValue>) -> Result<(), WorkshopRefusal> {
    let (map, value) = (doc.get_map(area.name()), value.into());
    let said = match map.get(key) {
        Some(ValueOrContainer::Value(said)) => said == value,
        Some(ValueOrContainer::Container(_)) => false,
        // Nothing is said where nothing was.
        None => value == LoroValue::Null,
    };
    if !said {
        map.insert(key, value)?;
    }
    Ok(())
}

fn grant(doc: &LoroDoc, grant: Grant) -> Result<(), WorkshopRefusal> {
    set(doc, Area::Grants, &grant.key(), true)
}

fn admit(
    doc: &LoroDoc,
    participant_id: ParticipantId,
    person_id: Option<PersonId>,
    guest_number: Option<u32>,
    role: WorkshopRole,
) -> Result<(), WorkshopRefusal> {
    let who = vec![optional(person_id.as_ref()), guest_number.map_or(LoroValue::Null, number)];
    // The rights first: whoever reads the changes one by one finds the part before what is written in it.
    grant(doc, Grant::Part(participant_id))?;
    if role >= WorkshopRole::Member {
        grant(doc, Grant::Member(participant_id))?;
    }
    if role >= WorkshopRole::Facilitator {
        grant(doc, Grant::Facilitator(participant_id))?;
    }
    set(doc, Area::People, &participant_id.to_string(), who)
}

fn move_note(
    doc: &LoroDoc,
    note_id: WorkshopNoteId,
    frame: &str,
    before: Option<WorkshopNoteId>,
) -> Result<(), WorkshopRefusal> {
    let key = note_id.to_string();
    set(doc, Area::FrameOf, &key, frame)?;
    let order = doc.get_movable_list(Area::Order.name());
    let said: Vec<LoroValue> = match order.get_value() {
        LoroValue::List(said) => said.to_vec(),
        _ => Vec::new(),
    };
    let place = |note: &str| said.iter().position(|known| text_of(known) == Some(note));
    let to = before.and_then(|before| place(&before.to_string()));
    match (place(&key), to) {
        // A place after its own moves up when it leaves.
        (Some(from), Some(to)) => {
            let to = if from < to { to - 1 } else { to };
            if from != to {
                order.mov(from, to)?;
            }
        }
        (Some(from), None) => {
            if from + 1 != said.len() {
                order.mov(from, said.len() - 1)?;
            }
        }
        (None, Some(to)) => order.insert(to, key)?,
        (None, None) => order.push(key)?,
    }
    Ok(())
}

/// Gives votes a turn after all that the participant gave so far.
fn vote(
    doc: &LoroDoc,
    author: ParticipantId,
    item_id: WorkshopItemId,
    votes: u32,
) -> Result<(), WorkshopRefusal> {
    let (area, key) = (Area::Votes(author), item_id.to_string());
    let map = doc.get_map(area.name());
    let given = match map.get_value() {
        LoroValue::Map(given) => given,
        _ => return Err(WorkshopRefusal::Failed("votes are kept in a map".to_owned())),
    };
    if given.get(&key).and_then(vote_of).map_or(0, |(_, count)| count) == votes {
        return Ok(());
    }
    let last = given.values().filter_map(vote_of).map(|(turn, _)| turn).max().unwrap_or_default();
    set(doc, area, &key, vec![number(last.saturating_add(1)), number(votes)])
}

fn number(value: u32) -> LoroValue {
    LoroValue::from(i64::from(value))
}

fn rated(rating: Option<u8>) -> LoroValue {
    rating.map_or(LoroValue::Null, |rating| number(u32::from(rating)))
}

fn optional(value: Option<&impl ToString>) -> LoroValue {
    value.map_or(LoroValue::Null, |value| LoroValue::from(value.to_string()))
}

/// How a word of a closed set is written.
fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
