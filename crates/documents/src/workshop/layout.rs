//! Where a board keeps what, who may write there, and what may stand there. Every container is a root one: none is made by
//! an update, so none can be made twice, and its name says whose it is.

use std::str::FromStr;

use loro::{ContainerID, ContainerType, LoroValue};
use millwright_model::{CivilDate, ParticipantId, WorkshopDevice, WorkshopNoteId};
use uuid::Uuid;

/// The format of boards that this version writes and reads.
pub(crate) const FORMAT: i64 = 1;
/// The most letters of a note, a title or an action.
pub const TEXT_MAX: usize = 500;
/// The most votes that anybody may have.
pub const ALLOWANCE_MAX: u32 = 100;
/// The most items that can be judged in pairs: 21 judgements, which a person gives in some minutes.
pub const JUDGED_MAX: usize = 7;
/// The most letters of a frame's name.
const FRAME_KEY_MAX: usize = 24;
/// The most items in an order.
pub(crate) const ORDERED_MAX: usize = 200;

/// A part of the document.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Area {
    /// Title, phase, timer and what else there is one of.
    Head,
    /// Frames by their keys.
    Frames,
    /// Which of them are locked.
    Locked,
    /// Who takes part.
    People,
    /// Who may do what: only ever more, so that an update that was in order when it was written is so on every device,
    /// whenever it comes.
    Grants,
    /// Whose writings do not count.
    Excluded,
    /// Which notes are set aside.
    Hidden,
    /// Which items are on the short list.
    Shortlist,
    /// The order of the notes.
    Order,
    /// Notes that were moved to another frame.
    FrameOf,
    /// Clusters.
    Clusters,
    /// Which note is in which.
    ClusterOf,
    /// How items are rated.
    Ratings,
    /// Strategies, and how attractive they are.
    Strategies,
    /// Actions.
    Actions,
    /// A participant's notes.
    Notes(ParticipantId),
    /// A participant's votes.
    Votes(ParticipantId),
    /// How a participant weighs.
    Weights(ParticipantId),
}

/// Who may write in an area.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Writers {
    /// Facilitators.
    Facilitators,
    /// Facilitators and members.
    Members,
    /// Whoever may write for this participant.
    Of(ParticipantId),
    /// Everybody puts their own notes there; members move them.
    OwnNotes,
}

const SINGLE: [(Area, &str); 15] = [
    (Area::Head, "head"),
    (Area::Frames, "frames"),
    (Area::Locked, "locked"),
    (Area::People, "people"),
    (Area::Grants, "grants"),
    (Area::Excluded, "excluded"),
    (Area::Hidden, "hidden"),
    (Area::Shortlist, "shortlist"),
    (Area::Order, "order"),
    (Area::FrameOf, "frame_of"),
    (Area::Clusters, "clusters"),
    (Area::ClusterOf, "cluster_of"),
    (Area::Ratings, "ratings"),
    (Area::Strategies, "strategies"),
    (Area::Actions, "actions"),
];
const NOTES_OF: &str = "notes_of_";
const VOTES_OF: &str = "votes_of_";
const WEIGHTS_OF: &str = "weights_of_";

impl Area {
    /// The area that a container is; none if a board has no such container.
    pub(crate) fn of(container: &ContainerID) -> Option<Self> {
        let ContainerID::Root { name, container_type } = container else { return None };
        let name = name.as_str();
        let area = SINGLE.iter().find(|(_, known)| *known == name).map(|(area, _)| *area).or_else(|| {
            let of = |start: &str| canonical::<ParticipantId>(name.strip_prefix(start)?);
            of(NOTES_OF)
                .map(Self::Notes)
                .or_else(|| of(VOTES_OF).map(Self::Votes))
                .or_else(|| of(WEIGHTS_OF).map(Self::Weights))
        })?;
        let kind = if area == Self::Order { ContainerType::MovableList } else { ContainerType::Map };
        (*container_type == kind).then_some(area)
    }

    /// What its container is called.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Notes(participant) => format!("{NOTES_OF}{participant}"),
            Self::Votes(participant) => format!("{VOTES_OF}{participant}"),
            Self::Weights(participant) => format!("{WEIGHTS_OF}{participant}"),
            single => SINGLE
                .iter()
                .find(|(area, _)| *area == single)
                .map(|(_, name)| (*name).to_owned())
                .unwrap_or_default(),
        }
    }

    pub(crate) fn writers(self) -> Writers {
        match self {
            Self::Head
            | Self::Frames
            | Self::Locked
            | Self::People
            | Self::Grants
            | Self::Excluded
            | Self::Hidden
            | Self::Shortlist => Writers::Facilitators,
            Self::FrameOf
            | Self::Clusters
            | Self::ClusterOf
            | Self::Ratings
            | Self::Strategies
            | Self::Actions => Writers::Members,
            Self::Order => Writers::OwnNotes,
            Self::Notes(participant) | Self::Votes(participant) | Self::Weights(participant) => {
                Writers::Of(participant)
            }
        }
    }

    /// Whether a value may stand under a key.
    pub(crate) fn takes(self, key: &str, value: &LoroValue) -> bool {
        use LoroValue::{Bool, Null};
        match self {
            Self::Head => head_takes(key, value),
            Self::Frames => is_frame_key(key) && is_text(value, true),
            Self::Locked => is_frame_key(key) && matches!(value, Bool(_)),
            Self::People => is_id(key) && is_person(value),
            Self::Grants => Grant::parse(key).is_some() && matches!(value, Bool(true)),
            Self::Excluded | Self::Hidden | Self::Shortlist => is_id(key) && matches!(value, Bool(_)),
            Self::Order => false,
            Self::FrameOf => is_id(key) && text_of(value).is_some_and(is_frame_key),
            Self::Clusters => is_id(key) && is_text(value, true),
            Self::ClusterOf => is_id(key) && (matches!(value, Null) || text_of(value).is_some_and(is_id)),
            Self::Ratings => is_id(key) && is_rating(value),
            Self::Strategies => match split(key) {
                Some((id, "pair")) => {
                    is_id(id)
                        && list_of(value).is_some_and(|pair| pair.len() == 2 && pair.iter().all(is_id_value))
                }
                Some((id, "text")) => is_id(id) && is_text(value, true),
                Some((id, "out")) => is_id(id) && matches!(value, Bool(_)),
                Some((id, item)) => is_id(id) && is_id(item) && is_rating(value),
                None => false,
            },
            Self::Actions => match split(key) {
                Some((id, "text")) => is_id(id) && is_text(value, false),
                Some((id, "owner" | "strategy")) => {
                    is_id(id) && (matches!(value, Null) || is_id_value(value))
                }
                Some((id, "due")) => is_id(id) && (matches!(value, Null) || date_of(value).is_some()),
                Some((id, "out" | "done")) => is_id(id) && matches!(value, Bool(_)),
                _ => false,
            },
            Self::Notes(participant) => {
                let of = |id: &str| canonical::<WorkshopNoteId>(id).is_some_and(|id| id.is_of(participant));
                match split(key) {
                    None => of(key) && is_note(value),
                    Some((id, "text")) => of(id) && is_text(value, false),
                    Some((id, "withdrawn")) => of(id) && matches!(value, Bool(_)),
                    Some(_) => false,
                }
            }
            Self::Votes(_) => is_id(key) && vote_of(value).is_some(),
            Self::Weights(_) => match key.split_once('/') {
                Some(("points", item)) => is_id(item) && number_of(value).is_some_and(|points| points <= 100),
                Some(("rank", "internal" | "external")) => list_of(value)
                    .is_some_and(|items| items.len() <= ORDERED_MAX && items.iter().all(is_id_value)),
                Some(("judge", pair)) => {
                    split(pair).is_some_and(|(one, other)| is_id(one) && is_id(other) && one < other)
                        && times_of(value).is_some()
                }
                _ => false,
            },
        }
    }
}

/// Something that somebody may do from now on.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Grant {
    /// Has a part of the board of their own.
    Part(ParticipantId),
    /// May do what members may.
    Member(ParticipantId),
    /// May do what facilitators may.
    Facilitator(ParticipantId),
    /// A device writes for a participant.
    Device(WorkshopDevice, ParticipantId),
    /// The second enters for the first.
    Hands(ParticipantId, ParticipantId),
}

impl Grant {
    pub(crate) fn parse(key: &str) -> Option<Self> {
        let (kind, rest) = key.split_once('/')?;
        Some(match kind {
            "part" => Self::Part(canonical(rest)?),
            "member" => Self::Member(canonical(rest)?),
            "facilitator" => Self::Facilitator(canonical(rest)?),
            "device" => {
                let (device, participant) = rest.split_once('/')?;
                Self::Device(canonical(device)?, canonical(participant)?)
            }
            "hands" => {
                let (participant, by) = rest.split_once('/')?;
                Self::Hands(canonical(participant)?, canonical(by)?)
            }
            _ => return None,
        })
    }

    pub(crate) fn key(self) -> String {
        match self {
            Self::Part(participant) => format!("part/{participant}"),
            Self::Member(participant) => format!("member/{participant}"),
            Self::Facilitator(participant) => format!("facilitator/{participant}"),
            Self::Device(device, participant) => format!("device/{device}/{participant}"),
            Self::Hands(participant, by) => format!("hands/{participant}/{by}"),
        }
    }
}

/// What a text says when it is written the one way that it is written here: another spelling of the same id would be a
/// second register for it.
pub(crate) fn canonical<T: FromStr + ToString>(text: &str) -> Option<T> {
    text.parse::<T>().ok().filter(|value| value.to_string() == text)
}

pub(crate) fn is_id(text: &str) -> bool {
    text.len() == 36 && canonical::<Uuid>(text).is_some()
}

fn is_id_value(value: &LoroValue) -> bool {
    text_of(value).is_some_and(is_id)
}

pub(crate) fn is_frame_key(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_';
    (1..=FRAME_KEY_MAX).contains(&text.len()) && text.bytes().all(fits)
}

/// Whether a person can have written this: not too long, and no signs that no key writes.
pub(crate) fn is_written(text: &str, may_be_empty: bool) -> bool {
    // Four bytes are the most that a letter has: a long text is not even read.
    text.len() <= TEXT_MAX * 4
        && (may_be_empty || !text.trim().is_empty())
        && text.chars().count() <= TEXT_MAX
        && !text.chars().any(|letter| letter.is_control() && letter != '\n')
}

fn is_text(value: &LoroValue, may_be_empty: bool) -> bool {
    text_of(value).is_some_and(|text| is_written(text, may_be_empty))
}

pub(crate) fn text_of(value: &LoroValue) -> Option<&str> {
    match value {
        LoroValue::String(text) => Some(text.as_str()),
        _ => None,
    }
}

pub(crate) fn number_of(value: &LoroValue) -> Option<u32> {
    match value {
        LoroValue::I64(number) => u32::try_from(*number).ok(),
        _ => None,
    }
}

pub(crate) fn date_of(value: &LoroValue) -> Option<CivilDate> {
    CivilDate::try_from(text_of(value)?.to_owned()).ok()
}

pub(crate) fn list_of(value: &LoroValue) -> Option<&[LoroValue]> {
    match value {
        LoroValue::List(list) => Some(list.as_slice()),
        _ => None,
    }
}

/// A vote: its turn among the participant's votes, and how many.
pub(crate) fn vote_of(value: &LoroValue) -> Option<(u32, u32)> {
    match list_of(value)? {
        [turn, count] => Some((number_of(turn)?, number_of(count).filter(|count| *count <= ALLOWANCE_MAX)?)),
        _ => None,
    }
}

pub(crate) fn times_of(value: &LoroValue) -> Option<f64> {
    match value {
        LoroValue::Double(times) if (1.0 / 9.01..=9.01).contains(times) => Some(*times),
        _ => None,
    }
}

/// A note when it is put on the board: its frame, and whether it was on paper. Its text stands beside it.
pub(crate) fn note_of(value: &LoroValue) -> Option<(&str, bool)> {
    match list_of(value)? {
        [frame, LoroValue::Bool(on_paper)] => Some((text_of(frame)?, *on_paper)),
        _ => None,
    }
}

fn is_note(value: &LoroValue) -> bool {
    note_of(value).is_some_and(|(frame, _)| is_frame_key(frame))
}

fn is_rating(value: &LoroValue) -> bool {
    matches!(value, LoroValue::Null) || number_of(value).is_some_and(|rating| (1..=4).contains(&rating))
}

/// Who somebody is: a person of the plant or nobody's, and a guest's number or none.
fn is_person(value: &LoroValue) -> bool {
    let Some([person, number]) = list_of(value) else { return false };
    (matches!(person, LoroValue::Null) || is_id_value(person))
        && (matches!(number, LoroValue::Null) || number_of(number).is_some())
}

/// An id, and what follows it.
pub(crate) fn split(key: &str) -> Option<(&str, &str)> {
    key.split_once('/')
}

fn head_takes(key: &str, value: &LoroValue) -> bool {
    match key {
        "format" => matches!(value, LoroValue::I64(FORMAT)),
        "id" => is_id_value(value),
        "last_year" => matches!(value, LoroValue::Null) || is_id_value(value),
        "title" => is_text(value, true),
        "language" => text_of(value).is_some_and(|language| language.len() <= 16),
        "phase" => {
            text_of(value).is_some_and(|word| word_of::<millwright_model::WorkshopPhase>(word).is_some())
        }
        "method" => {
            text_of(value).is_some_and(|word| word_of::<millwright_model::WeighingMethod>(word).is_some())
        }
        "allowance" => number_of(value).is_some_and(|votes| votes <= ALLOWANCE_MAX),
        "timer" => {
            matches!(value, LoroValue::Null)
                || matches!(list_of(value), Some([LoroValue::I64(_), length]) if number_of(length).is_some())
        }
        _ => false,
    }
}

/// What a closed set of words says.
pub(crate) fn word_of<T: serde::de::DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
}
