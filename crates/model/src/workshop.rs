//! A SWOT workshop as it is read, and what people do in one.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::id::ids;
use crate::{CivilDate, PersonId, TimestampMs};

ids! {
    /// A workshop.
    WorkshopId,
    /// Somebody who takes part in one: a person of the plant, or a guest.
    ParticipantId,
    /// A note on the board.
    WorkshopNoteId,
    /// Notes that say the same, or belong together.
    ClusterId,
    /// What is voted for and weighed: a cluster, or a note that is in none.
    WorkshopItemId,
    /// A strategy: an internal and an external item that meet.
    StrategyId,
    /// Something that somebody will do.
    WorkshopActionId,
}

impl WorkshopNoteId {
    /// A note of this author; `random` was never drawn for another. The author is part of the id, so that nobody can put a
    /// note in the place of somebody else's.
    pub fn of(author: ParticipantId, random: u64) -> Self {
        Self(Uuid::from_u64_pair(author.0.as_u64_pair().1, random))
    }

    /// Whether a note of this id can be this author's.
    pub fn is_of(self, author: ParticipantId) -> bool {
        self.0.as_u64_pair().0 == author.0.as_u64_pair().1
    }
}

impl From<WorkshopNoteId> for WorkshopItemId {
    fn from(id: WorkshopNoteId) -> Self {
        Self(id.0)
    }
}

impl From<ClusterId> for WorkshopItemId {
    fn from(id: ClusterId) -> Self {
        Self(id.0)
    }
}

/// The name under which a device writes in one workshop: drawn by chance, and never used by two writings at a time.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WorkshopDevice(pub u64);

#[cfg(feature = "schema")]
impl schemars::JsonSchema for WorkshopDevice {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "WorkshopDevice".into()
    }

    fn json_schema(_generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[0-9]+$" })
    }
}

/// Who may do something in a workshop.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkshopNeeds {
    /// A device that writes for whom it is said to be.
    Device,
    /// A facilitator.
    Facilitator,
    /// A person of the plant, not a guest.
    Member,
    /// Whoever wrote the note.
    Author,
}

impl fmt::Display for WorkshopNeeds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Device => "device that writes for this participant",
            Self::Facilitator => "facilitator",
            Self::Member => "member of the plant, not a guest",
            Self::Author => "note's author",
        })
    }
}

impl fmt::Display for WorkshopDevice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for WorkshopDevice {
    type Err = std::num::ParseIntError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl From<WorkshopDevice> for String {
    fn from(device: WorkshopDevice) -> Self {
        device.to_string()
    }
}

impl TryFrom<String> for WorkshopDevice {
    type Error = std::num::ParseIntError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// What a workshop goes through. The facilitator may go back.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkshopPhase {
    /// Everybody writes notes that only they see.
    #[default]
    Collect,
    /// The notes are put on the board.
    Reveal,
    /// What belongs together is put together.
    Cluster,
    /// Dots are given.
    Vote,
    /// The items on the short list are weighed.
    Weigh,
    /// Internal and external items are paired.
    Pair,
    /// Actions are agreed on.
    Act,
}

/// How items are weighed.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WeighingMethod {
    /// 100 points are shared out.
    #[default]
    Points,
    /// Items are put in order.
    Rank,
    /// Items are judged in pairs.
    Pairs,
}

/// A half of the board that is weighed as one.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BoardSide {
    /// Strengths and weaknesses.
    Internal,
    /// Opportunities and threats.
    External,
}

/// What a frame holds.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FrameKind {
    /// What the plant is good at.
    Strengths,
    /// What it is not good at.
    Weaknesses,
    /// What the world offers.
    Opportunities,
    /// What the world threatens with.
    Threats,
    /// Something else, by its title.
    Other,
}

impl FrameKind {
    /// The four of every board, as they are shown.
    pub const SWOT: [Self; 4] = [Self::Strengths, Self::Weaknesses, Self::Opportunities, Self::Threats];

    /// What a frame of the four is named by; nothing for another.
    pub fn key(self) -> &'static str {
        match self {
            Self::Strengths => "strengths",
            Self::Weaknesses => "weaknesses",
            Self::Opportunities => "opportunities",
            Self::Threats => "threats",
            Self::Other => "",
        }
    }

    /// What the frame with this key holds.
    pub fn of(key: &str) -> Self {
        Self::SWOT.into_iter().find(|kind| kind.key() == key).unwrap_or(Self::Other)
    }

    /// In which half it is weighed.
    pub fn side(self) -> Option<BoardSide> {
        match self {
            Self::Strengths | Self::Weaknesses => Some(BoardSide::Internal),
            Self::Opportunities | Self::Threats => Some(BoardSide::External),
            Self::Other => None,
        }
    }
}

/// A part of the board.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardFrame {
    /// Names it: a word of small letters, digits, `-` and `_`.
    pub key: String,
    /// What it holds.
    pub kind: FrameKind,
    /// What it is called; nothing for the four, which are called in the reader's language.
    pub title: String,
    /// Whether its notes stay as they are.
    pub locked: bool,
}

/// What somebody may do.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkshopRole {
    /// Their own notes, votes and weights.
    Guest,
    /// Also what is everybody's: clusters, pairs, actions.
    Member,
    /// Also who takes part, the phases and the frames.
    Facilitator,
}

/// Somebody who takes part.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// Who, within the workshop.
    pub participant_id: ParticipantId,
    /// Who, in the plant; none for a guest. No name is kept here: a document cannot forget.
    pub person_id: Option<PersonId>,
    /// A guest's number.
    pub guest_number: Option<u32>,
    /// What they may do.
    pub role: WorkshopRole,
    /// Their devices.
    pub devices: Vec<WorkshopDevice>,
    /// Who enters for them: they are in the room without a device.
    pub entered_by: Vec<ParticipantId>,
    /// Whether what they wrote does not count.
    pub excluded: bool,
}

/// How long a phase takes. It ends nothing by itself.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkshopTimer {
    /// By the clock of the device that set it.
    pub ends_at: TimestampMs,
    /// For a device whose clock is off: so long from when it hears of it.
    pub length_ms: u32,
}

/// A note.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardNote {
    /// Which.
    pub note_id: WorkshopNoteId,
    /// In which frame.
    pub frame: String,
    /// What it says: plain text, whatever is in it.
    pub text: String,
    /// Whose it is.
    pub author: ParticipantId,
    /// Whether it was written on paper, and entered.
    pub on_paper: bool,
    /// In which cluster.
    pub cluster_id: Option<ClusterId>,
}

/// Notes that belong together.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardCluster {
    /// Which.
    pub cluster_id: ClusterId,
    /// What it is called.
    pub title: String,
    /// The frame of its first note.
    pub frame: String,
    /// Its notes, in their order.
    pub notes: Vec<WorkshopNoteId>,
}

/// What is voted for and weighed.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardItem {
    /// Which.
    pub item_id: WorkshopItemId,
    /// In which frame.
    pub frame: String,
    /// A cluster's title, or a note's text.
    pub text: String,
    /// The votes that count, those for its notes among them.
    pub votes: u32,
    /// Whether it is on the short list.
    pub shortlisted: bool,
    /// How it is rated, 1 to 4.
    pub rating: Option<u8>,
}

/// A number for an item.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemCount {
    /// Which item.
    pub item_id: WorkshopItemId,
    /// How many.
    pub count: u32,
}

/// Somebody's votes.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParticipantVotes {
    /// Whose.
    pub participant_id: ParticipantId,
    /// Those that count: never more than the allowance.
    pub counted: Vec<ItemCount>,
    /// Those that do not, since two devices gave more than there are.
    pub above: Vec<ItemCount>,
    /// How many are left to give.
    pub left: u32,
}

/// A judgement of a pair.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ItemJudgement {
    /// This item …
    pub item_id: WorkshopItemId,
    /// … against that one …
    pub other_id: WorkshopItemId,
    /// … is so many times as important: 1/9 to 9.
    pub times: f64,
}

/// An order of items.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemOrder {
    /// Of which half.
    pub side: BoardSide,
    /// The most important first.
    pub items: Vec<WorkshopItemId>,
}

/// How somebody weighs.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ParticipantWeighing {
    /// Who.
    pub participant_id: ParticipantId,
    /// Points given.
    pub points: Vec<ItemCount>,
    /// Orders made.
    pub orders: Vec<ItemOrder>,
    /// Pairs judged.
    pub judgements: Vec<ItemJudgement>,
}

/// How attractive a strategy is where an item is looked at.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemAttractiveness {
    /// Which item.
    pub item_id: WorkshopItemId,
    /// 1 to 4.
    pub score: u8,
}

/// A strategy.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardStrategy {
    /// Which.
    pub strategy_id: StrategyId,
    /// The strength or weakness.
    pub internal: WorkshopItemId,
    /// The opportunity or threat.
    pub external: WorkshopItemId,
    /// What it is.
    pub text: String,
    /// How attractive it is; an item that does not bear on it is left out.
    pub attractiveness: Vec<ItemAttractiveness>,
}

/// Something that somebody will do.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardAction {
    /// Which.
    pub action_id: WorkshopActionId,
    /// What.
    pub text: String,
    /// Who.
    pub owner: Option<PersonId>,
    /// Until when.
    pub due: Option<CivilDate>,
    /// For which strategy.
    pub strategy_id: Option<StrategyId>,
    /// Whether it is done.
    #[serde(default)]
    pub done: bool,
}

/// A board as it stands: the same on every device that has the same updates.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Board {
    /// Of which workshop.
    pub workshop_id: WorkshopId,
    /// What it is called.
    pub title: String,
    /// In which language it was begun.
    pub language: String,
    /// The workshop to compare with.
    pub last_year: Option<WorkshopId>,
    /// Where it stands.
    pub phase: WorkshopPhase,
    /// What runs.
    pub timer: Option<WorkshopTimer>,
    /// How many votes everybody has.
    pub allowance: u32,
    /// How items are weighed.
    pub method: WeighingMethod,
    /// Its frames: the four, then others.
    pub frames: Vec<BoardFrame>,
    /// Who takes part.
    pub participants: Vec<Participant>,
    /// Its notes, frame by frame.
    pub notes: Vec<BoardNote>,
    /// Notes that their authors took back, that were hidden, or whose authors are excluded: nothing is lost.
    pub set_aside: Vec<BoardNote>,
    /// Its clusters.
    pub clusters: Vec<BoardCluster>,
    /// What is voted for and weighed, frame by frame in the order of the notes.
    pub items: Vec<BoardItem>,
    /// Everybody's votes.
    pub votes: Vec<ParticipantVotes>,
    /// How everybody weighs.
    pub weighings: Vec<ParticipantWeighing>,
    /// Strategies.
    pub strategies: Vec<BoardStrategy>,
    /// Actions.
    pub actions: Vec<BoardAction>,
}

impl Board {
    /// The participant with this id.
    pub fn participant(&self, participant_id: ParticipantId) -> Option<&Participant> {
        self.participants.iter().find(|participant| participant.participant_id == participant_id)
    }

    /// The note with this id, unless it is set aside.
    pub fn note(&self, note_id: WorkshopNoteId) -> Option<&BoardNote> {
        self.notes.iter().find(|note| note.note_id == note_id)
    }

    /// The item with this id.
    pub fn item(&self, item_id: WorkshopItemId) -> Option<&BoardItem> {
        self.items.iter().find(|item| item.item_id == item_id)
    }

    /// The items of a half that are on the short list.
    pub fn shortlist(&self, side: BoardSide) -> impl Iterator<Item = &BoardItem> {
        let of = move |item: &&BoardItem| item.shortlisted && FrameKind::of(&item.frame).side() == Some(side);
        self.items.iter().filter(of)
    }
}

/// What somebody does in a workshop.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum WorkshopAct {
    /// Calls the workshop something.
    Title {
        /// What.
        title: String,
    },
    /// Goes to a phase.
    Phase {
        /// Which.
        phase: WorkshopPhase,
    },
    /// Sets the timer, or stops it.
    Timer {
        /// How.
        timer: Option<WorkshopTimer>,
    },
    /// Says how many votes everybody has.
    Allowance {
        /// How many.
        votes: u32,
    },
    /// Says how items are weighed.
    Method {
        /// How.
        method: WeighingMethod,
    },
    /// Names the workshop to compare with.
    LastYear {
        /// Which.
        workshop_id: Option<WorkshopId>,
    },
    /// Adds a frame, or calls it something else.
    Frame {
        /// Which.
        key: String,
        /// What it is called.
        title: String,
    },
    /// Locks a frame, or opens it.
    LockFrame {
        /// Which.
        key: String,
        /// Whether its notes stay as they are.
        locked: bool,
    },
    /// Lets somebody take part. What is once allowed cannot be taken back: an update written under it may come any day.
    Admit {
        /// Who, within the workshop.
        participant_id: ParticipantId,
        /// Who, in the plant; none for a guest.
        person_id: Option<PersonId>,
        /// A guest's number.
        guest_number: Option<u32>,
        /// What they may do.
        role: WorkshopRole,
    },
    /// Lets a device write for somebody.
    AdmitDevice {
        /// For whom.
        participant_id: ParticipantId,
        /// Which.
        device: WorkshopDevice,
    },
    /// Lets somebody enter what others in the room say.
    EnterFor {
        /// Who has no device.
        participant_id: ParticipantId,
        /// Who enters.
        entered_by: ParticipantId,
    },
    /// What somebody wrote does not count any more, or does again.
    Exclude {
        /// Who.
        participant_id: ParticipantId,
        /// Whether.
        excluded: bool,
    },
    /// Sets a note aside, or puts it back.
    HideNote {
        /// Which.
        note_id: WorkshopNoteId,
        /// Whether it is set aside.
        hidden: bool,
    },
    /// Puts an item on the short list, or takes it off.
    Shortlist {
        /// Which.
        item_id: WorkshopItemId,
        /// Whether it is on it.
        on: bool,
    },
    /// Puts a note on the board.
    AddNote {
        /// A new id of its author.
        note_id: WorkshopNoteId,
        /// In which frame.
        frame: String,
        /// What it says.
        text: String,
        /// Whether it was written on paper.
        on_paper: bool,
    },
    /// Changes one's note.
    NoteText {
        /// Which.
        note_id: WorkshopNoteId,
        /// What it says.
        text: String,
    },
    /// Takes one's note back, or puts it there again.
    WithdrawNote {
        /// Which.
        note_id: WorkshopNoteId,
        /// Whether it is taken back.
        withdrawn: bool,
    },
    /// Moves a note.
    MoveNote {
        /// Which.
        note_id: WorkshopNoteId,
        /// Into which frame.
        frame: String,
        /// Before which note; at the end if none.
        before: Option<WorkshopNoteId>,
    },
    /// Makes a cluster, or calls it something else.
    Cluster {
        /// Which.
        cluster_id: ClusterId,
        /// What it is called.
        title: String,
    },
    /// Puts a note into a cluster, or takes it out.
    IntoCluster {
        /// Which note.
        note_id: WorkshopNoteId,
        /// Into which.
        cluster_id: Option<ClusterId>,
    },
    /// Gives an item so many votes in all.
    Vote {
        /// Which.
        item_id: WorkshopItemId,
        /// How many; 0 takes them back.
        votes: u32,
    },
    /// Gives an item so many of 100 points.
    Points {
        /// Which.
        item_id: WorkshopItemId,
        /// How many.
        points: u32,
    },
    /// Puts the short list of a half in order.
    Rank {
        /// Of which half.
        side: BoardSide,
        /// The most important first.
        items: Vec<WorkshopItemId>,
    },
    /// Judges a pair.
    Judge {
        /// How.
        judgement: ItemJudgement,
    },
    /// Rates an item, 1 to 4.
    Rate {
        /// Which.
        item_id: WorkshopItemId,
        /// How; none takes it back.
        rating: Option<u8>,
    },
    /// Pairs an internal with an external item.
    Strategy {
        /// A new id.
        strategy_id: StrategyId,
        /// The strength or weakness.
        internal: WorkshopItemId,
        /// The opportunity or threat.
        external: WorkshopItemId,
        /// What it is.
        text: String,
    },
    /// Says what a strategy is.
    StrategyText {
        /// Which.
        strategy_id: StrategyId,
        /// What.
        text: String,
    },
    /// Takes a strategy out, or puts it back.
    DropStrategy {
        /// Which.
        strategy_id: StrategyId,
        /// Whether it is out.
        out: bool,
    },
    /// Says how attractive a strategy is where an item is looked at.
    Attractiveness {
        /// Which strategy.
        strategy_id: StrategyId,
        /// Which item.
        item_id: WorkshopItemId,
        /// 1 to 4; none where it does not bear.
        score: Option<u8>,
    },
    /// Agrees on an action, or on what is in it.
    Action {
        /// The action, as it is to be.
        action: BoardAction,
    },
    /// Says that an action is done, or that it is not after all: also long after the workshop.
    ActionDone {
        /// Which.
        action_id: WorkshopActionId,
        /// Whether it is done.
        done: bool,
    },
    /// Takes an action out, or puts it back.
    DropAction {
        /// Which.
        action_id: WorkshopActionId,
        /// Whether it is out.
        out: bool,
    },
}
