//! The board as a document says it. What does not count is settled here, by rules that need nothing but the document: every
//! device that has the same updates reads the same board.

use std::collections::BTreeMap;

use loro::{LoroDoc, LoroValue};
use millwright_model::*;
use uuid::Uuid;

use super::layout::{
    Area, FORMAT, Grant, canonical, date_of, list_of, note_of, number_of, split, text_of, times_of, vote_of,
    word_of,
};
use super::refusal::WorkshopRefusal;
use super::rights::Rights;

/// All that a document says, by area and key.
struct Said {
    areas: BTreeMap<String, BTreeMap<String, LoroValue>>,
    order: Vec<LoroValue>,
    nothing: BTreeMap<String, LoroValue>,
}

impl Said {
    fn of(doc: &LoroDoc) -> Self {
        let mut said = Self { areas: BTreeMap::new(), order: Vec::new(), nothing: BTreeMap::new() };
        if let LoroValue::Map(areas) = doc.get_deep_value() {
            for (name, values) in areas.iter() {
                match values {
                    LoroValue::Map(values) => {
                        let values = values.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
                        said.areas.insert(name.clone(), values);
                    }
                    LoroValue::List(values) if *name == Area::Order.name() => said.order = values.to_vec(),
                    _ => {}
                }
            }
        }
        said
    }

    fn area(&self, area: Area) -> &BTreeMap<String, LoroValue> {
        self.areas.get(&area.name()).unwrap_or(&self.nothing)
    }

    fn at(&self, area: Area, key: &str) -> Option<&LoroValue> {
        self.area(area).get(key)
    }

    fn text(&self, area: Area, key: &str) -> String {
        self.at(area, key).and_then(text_of).unwrap_or_default().to_owned()
    }

    fn holds(&self, area: Area, key: &str) -> bool {
        matches!(self.at(area, key), Some(LoroValue::Bool(true)))
    }

    fn id<T: std::str::FromStr + ToString>(&self, area: Area, key: &str) -> Option<T> {
        canonical(self.at(area, key).and_then(text_of)?)
    }
}

/// The board, and who may write where.
pub(crate) fn read(doc: &LoroDoc) -> Result<(Board, Rights), WorkshopRefusal> {
    let said = Said::of(doc);
    let no_board = |reason: &str| WorkshopRefusal::NoBoard { reason: reason.to_owned() };
    match said.at(Area::Head, "format") {
        Some(LoroValue::I64(FORMAT)) => {}
        Some(_) => return Err(no_board("a newer version wrote it")),
        None => return Err(no_board("nothing says what it is")),
    }
    let mut rights = Rights::default();
    said.area(Area::Grants).keys().filter_map(|key| Grant::parse(key)).for_each(|grant| rights.add(grant));
    if !rights.has_facilitator() {
        return Err(no_board("it has no facilitator"));
    }
    let mut board = head(&said).ok_or_else(|| no_board("nothing says which workshop it is of"))?;
    board.participants = rights.participants().map(|id| participant(&said, &rights, id)).collect();
    frames(&said, &mut board);
    notes(&said, &mut board);
    clusters_and_items(&said, &mut board);
    votes(&said, &mut board);
    weighings(&said, &mut board);
    strategies_and_actions(&said, &mut board);
    Ok((board, rights))
}

fn head(said: &Said) -> Option<Board> {
    let word = |key: &str| said.text(Area::Head, key);
    let timer = said.at(Area::Head, "timer").and_then(list_of).and_then(|timer| match timer {
        [LoroValue::I64(ends_at), length] => {
            Some(WorkshopTimer { ends_at: TimestampMs(*ends_at), length_ms: number_of(length)? })
        }
        _ => None,
    });
    Some(Board {
        workshop_id: said.id(Area::Head, "id")?,
        title: word("title"),
        language: word("language"),
        last_year: said.id(Area::Head, "last_year"),
        phase: word_of(&word("phase")).unwrap_or_default(),
        method: word_of(&word("method")).unwrap_or_default(),
        timer,
        allowance: said.at(Area::Head, "allowance").and_then(number_of).unwrap_or_default(),
        ..Board::default()
    })
}

fn participant(said: &Said, rights: &Rights, participant_id: ParticipantId) -> Participant {
    let key = participant_id.to_string();
    let (person, number) = match said.at(Area::People, &key).and_then(list_of) {
        Some([person, number]) => (text_of(person).and_then(canonical), number_of(number)),
        _ => (None, None),
    };
    Participant {
        participant_id,
        person_id: person,
        guest_number: number,
        role: rights.role(participant_id),
        devices: rights.devices_of(participant_id),
        entered_by: rights.entered_by(participant_id),
        excluded: said.holds(Area::Excluded, &key),
    }
}

fn frames(said: &Said, board: &mut Board) {
    let others = said.area(Area::Frames).keys().filter(|key| FrameKind::of(key) == FrameKind::Other);
    let keys = FrameKind::SWOT.iter().map(|kind| kind.key()).chain(others.map(String::as_str));
    board.frames = keys
        .map(|key| BoardFrame {
            key: key.to_owned(),
            kind: FrameKind::of(key),
            title: said.text(Area::Frames, key),
            locked: said.holds(Area::Locked, key),
        })
        .collect();
}

/// The notes: by frame, then as the order says, then those it does not know by their ids.
fn notes(said: &Said, board: &mut Board) {
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for (place, note) in said.order.iter().enumerate() {
        if let Some(note) = text_of(note) {
            places.entry(note).or_insert(place);
        }
    }
    let mut placed = Vec::new();
    for author in &board.participants {
        let area = Area::Notes(author.participant_id);
        for (key, value) in said.area(area) {
            let (Some(note_id), Some((frame, on_paper))) = (canonical::<WorkshopNoteId>(key), note_of(value))
            else {
                continue;
            };
            let frame = said.at(Area::FrameOf, key).and_then(text_of).unwrap_or(frame);
            let frame_place = board.frames.iter().position(|known| known.key == frame);
            let aside = author.excluded
                || frame_place.is_none()
                || said.holds(area, &format!("{key}/withdrawn"))
                || said.holds(Area::Hidden, key);
            let note = BoardNote {
                note_id,
                frame: frame.to_owned(),
                text: said.text(area, &format!("{key}/text")),
                author: author.participant_id,
                on_paper,
                cluster_id: said
                    .id::<ClusterId>(Area::ClusterOf, key)
                    .filter(|cluster| said.at(Area::Clusters, &cluster.to_string()).is_some()),
            };
            let place = (frame_place, places.get(key.as_str()).copied().unwrap_or(usize::MAX), note_id);
            placed.push((place, aside, note));
        }
    }
    placed.sort_by_key(|(place, _, _)| *place);
    for (_, aside, note) in placed {
        if aside { &mut board.set_aside } else { &mut board.notes }.push(note);
    }
}

fn clusters_and_items(said: &Said, board: &mut Board) {
    let mut clusters: BTreeMap<ClusterId, BoardCluster> = BTreeMap::new();
    for (key, title) in said.area(Area::Clusters) {
        if let (Some(cluster_id), Some(title)) = (canonical(key), text_of(title)) {
            let (title, frame, notes) = (title.to_owned(), String::new(), Vec::new());
            clusters.insert(cluster_id, BoardCluster { cluster_id, title, frame, notes });
        }
    }
    let mut items: Vec<BoardItem> = Vec::new();
    for note in &board.notes {
        let cluster = note.cluster_id.and_then(|cluster_id| clusters.get_mut(&cluster_id));
        let (item_id, text) = match cluster {
            Some(cluster) => {
                cluster.notes.push(note.note_id);
                if cluster.notes.len() > 1 {
                    continue;
                }
                cluster.frame.clone_from(&note.frame);
                let title = if cluster.title.is_empty() { &note.text } else { &cluster.title };
                (cluster.cluster_id.into(), title.clone())
            }
            None => (note.note_id.into(), note.text.clone()),
        };
        let key = WorkshopItemId::to_string(&item_id);
        items.push(BoardItem {
            item_id,
            frame: note.frame.clone(),
            text,
            votes: 0,
            shortlisted: said.holds(Area::Shortlist, &key),
            rating: said.at(Area::Ratings, &key).and_then(rating_of),
        });
    }
    board.items = items;
    board.clusters = clusters.into_values().collect();
}

fn rating_of(value: &LoroValue) -> Option<u8> {
    number_of(value).and_then(|rating| u8::try_from(rating).ok())
}

/// Counts everybody's votes: in the order in which they were given, as far as the allowance goes. Two devices of one person
/// that each gave all they had meet here: the earlier turns count, those of one turn by the id of what they are for.
fn votes(said: &Said, board: &mut Board) {
    // A vote for a note that is in a cluster is one for the cluster.
    let mut places: BTreeMap<Uuid, usize> = BTreeMap::new();
    for (place, item) in board.items.iter().enumerate() {
        places.insert(item.item_id.0, place);
    }
    for cluster in &board.clusters {
        if let Some(place) = places.get(&cluster.cluster_id.0).copied() {
            cluster.notes.iter().for_each(|note| {
                places.insert(note.0, place);
            });
        }
    }
    let mut all = Vec::new();
    for participant in board.participants.iter().filter(|participant| !participant.excluded) {
        let mut given: Vec<(u32, WorkshopItemId, u32)> = said
            .area(Area::Votes(participant.participant_id))
            .iter()
            .filter_map(|(key, value)| {
                let (turn, count) = vote_of(value)?;
                Some((turn, canonical::<WorkshopItemId>(key)?, count))
            })
            .filter(|(_, item_id, count)| *count > 0 && places.contains_key(&item_id.0))
            .collect();
        given.sort_unstable();
        let (mut left, mut counted, mut above) = (board.allowance, Vec::new(), Vec::new());
        for (_, item_id, count) in given {
            let counts = count.min(left);
            left -= counts;
            if counts > 0 {
                counted.push(ItemCount { item_id, count: counts });
                let item = places.get(&item_id.0).and_then(|place| board.items.get_mut(*place));
                item.into_iter().for_each(|item| item.votes += counts);
            }
            if count > counts {
                above.push(ItemCount { item_id, count: count - counts });
            }
        }
        all.push(ParticipantVotes { participant_id: participant.participant_id, counted, above, left });
    }
    board.votes = all;
}

fn weighings(said: &Said, board: &mut Board) {
    let side_of = |item_id: WorkshopItemId| {
        board.item(item_id).filter(|item| item.shortlisted).and_then(|item| FrameKind::of(&item.frame).side())
    };
    let mut all = Vec::new();
    for participant in board.participants.iter().filter(|participant| !participant.excluded) {
        let (mut points, mut orders, mut judgements) = (Vec::new(), Vec::new(), Vec::new());
        for (key, value) in said.area(Area::Weights(participant.participant_id)) {
            let Some((what, rest)) = key.split_once('/') else { continue };
            match what {
                "points" => {
                    let item_id = canonical(rest).filter(|item_id| side_of(*item_id).is_some());
                    if let (Some(item_id), Some(count)) = (item_id, number_of(value)) {
                        points.push(ItemCount { item_id, count });
                    }
                }
                "rank" => {
                    let Some(side) = word_of::<BoardSide>(rest) else { continue };
                    let mut items: Vec<WorkshopItemId> = Vec::new();
                    for item_id in list_of(value).unwrap_or_default().iter().filter_map(text_of) {
                        if let Some(item_id) = canonical(item_id)
                            && side_of(item_id) == Some(side)
                            && !items.contains(&item_id)
                        {
                            items.push(item_id);
                        }
                    }
                    orders.push(ItemOrder { side, items });
                }
                _ => {
                    let pair =
                        split(rest).and_then(|(one, other)| Some((canonical(one)?, canonical(other)?)));
                    if let (Some((item_id, other_id)), Some(times)) = (pair, times_of(value))
                        && side_of(item_id).is_some()
                        && side_of(item_id) == side_of(other_id)
                    {
                        judgements.push(ItemJudgement { item_id, other_id, times });
                    }
                }
            }
        }
        if !(points.is_empty() && orders.is_empty() && judgements.is_empty()) {
            let participant_id = participant.participant_id;
            all.push(ParticipantWeighing { participant_id, points, orders, judgements });
        }
    }
    board.weighings = all;
}

fn strategies_and_actions(said: &Said, board: &mut Board) {
    // A note that was paired, and then put into a cluster, is paired as the cluster.
    let item_of = |id: WorkshopItemId| {
        let cluster = board.clusters.iter().find(|cluster| cluster.notes.iter().any(|note| note.0 == id.0));
        cluster.map_or(id, |cluster| cluster.cluster_id.into())
    };
    let mut strategies = Vec::new();
    for (key, pair) in said.area(Area::Strategies) {
        let Some((id, "pair")) = split(key) else { continue };
        let Some([internal, external]) = list_of(pair) else { continue };
        let (Some(strategy_id), Some(internal), Some(external)) = (
            canonical(id),
            text_of(internal).and_then(canonical).map(item_of),
            text_of(external).and_then(canonical).map(item_of),
        ) else {
            continue;
        };
        if said.holds(Area::Strategies, &format!("{id}/out")) {
            continue;
        }
        let of_it = said.area(Area::Strategies).range(format!("{id}/")..);
        let attractiveness = of_it
            .take_while(|(key, _)| key.starts_with(id))
            .filter_map(|(key, value)| {
                Some(ItemAttractiveness { item_id: canonical(split(key)?.1)?, score: rating_of(value)? })
            })
            .collect();
        let text = said.text(Area::Strategies, &format!("{id}/text"));
        strategies.push(BoardStrategy { strategy_id, internal, external, text, attractiveness });
    }
    let mut actions = Vec::new();
    for (key, text) in said.area(Area::Actions) {
        let Some((id, "text")) = split(key) else { continue };
        let (Some(action_id), Some(text)) = (canonical(id), text_of(text)) else { continue };
        if said.holds(Area::Actions, &format!("{id}/out")) {
            continue;
        }
        actions.push(BoardAction {
            action_id,
            text: text.to_owned(),
            owner: said.id(Area::Actions, &format!("{id}/owner")),
            due: said.at(Area::Actions, &format!("{id}/due")).and_then(date_of),
            strategy_id: said.id(Area::Actions, &format!("{id}/strategy")),
            done: said.holds(Area::Actions, &format!("{id}/done")),
        });
    }
    (board.strategies, board.actions) = (strategies, actions);
}
