//! Workshops as screens show them: lists, a board with what whoever asks may do on it, what it comes to, and actions.

use serde::{Deserialize, Serialize};

use crate::{
    Board, BoardAction, BoardSide, CivilDate, DocumentUpdateId, ParticipantId, PersonId, StrategyId,
    TimestampMs, Workshop, WorkshopId, WorkshopItemId, WorkshopNoteId, WorkshopPhase, WorkshopRole,
};

/// A workshop as lists show it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkshopOverview {
    /// The workshop.
    pub workshop: Workshop,
    /// What its board calls it now.
    pub title: String,
    /// Where it stands; nothing as long as its board is not on this device.
    pub phase: Option<WorkshopPhase>,
    /// How many notes are on the board.
    pub note_count: u32,
    /// How many take part.
    pub participant_count: u32,
    /// How many actions are not done.
    pub open_action_count: u32,
    /// What whoever asks may do in it; nothing if they take no part.
    pub role: Option<WorkshopRole>,
}

/// Somebody who takes part, by name.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkshopPerson {
    /// Who, within the workshop.
    pub participant_id: ParticipantId,
    /// Who, in the plant; nothing for a guest.
    pub person_id: Option<PersonId>,
    /// What they are called, where that is known.
    pub name: Option<String>,
    /// A guest's number.
    pub guest_number: Option<u32>,
    /// What they may do.
    pub role: WorkshopRole,
    /// Whether whoever asks enters for them.
    pub entered_here: bool,
    /// Whether what they wrote does not count.
    pub excluded: bool,
}

/// A note that is not on the board yet, and on this device only.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkshopPrivateNote {
    /// Which.
    pub note_id: WorkshopNoteId,
    /// Whose: one's own, or of somebody for whom whoever asks enters.
    pub author: ParticipantId,
    /// For which frame.
    pub frame: String,
    /// What it says.
    pub text: String,
}

/// What an item weighs.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ItemWeight {
    /// Which item.
    pub item_id: WorkshopItemId,
    /// Its share of 1.
    pub weight: f64,
}

/// How far judgements of pairs hold together.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkshopConsistency {
    /// The consistency ratio; up to 0.1 the judgements hold together.
    pub ratio: f64,
    /// Whether they do.
    pub holds: bool,
    /// The judgement that fits the others least.
    pub worst: Option<WorstPair>,
}

/// A judgement that fits the others least.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorstPair {
    /// This item …
    pub item_id: WorkshopItemId,
    /// … against that one …
    pub other_id: WorkshopItemId,
    /// … was judged so many times as important …
    pub times: f64,
    /// … and this is what the other judgements say.
    pub fitting: f64,
}

/// Two items of which one way of weighing puts one first, and another way the other.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ItemTie {
    /// One.
    pub item_id: WorkshopItemId,
    /// The other.
    pub other_id: WorkshopItemId,
}

/// What one half of the board comes to.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkshopSideScores {
    /// Which half.
    pub side: BoardSide,
    /// The group's weights by the workshop's method; empty as long as nobody weighed.
    pub weights: Vec<ItemWeight>,
    /// How far the group's judgements of pairs hold together.
    pub consistency: Option<WorkshopConsistency>,
    /// The same of whoever asks.
    pub own_consistency: Option<WorkshopConsistency>,
    /// Items whose order hangs on the way of weighing.
    pub ties: Vec<ItemTie>,
    /// Whose points are not 100 in all.
    pub points_not_100: Vec<ParticipantId>,
    /// The total of IFE or EFE, 1 to 4, once all items on the short list are weighed and rated.
    pub total: Option<f64>,
    /// Why something is not there, in the words of whoever reckoned.
    pub missing: Vec<String>,
}

/// Which kinds of items meet in a pair.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PairKind {
    /// A strength takes an opportunity.
    StrengthOpportunity,
    /// A strength wards off a threat.
    StrengthThreat,
    /// A weakness is mended by an opportunity.
    WeaknessOpportunity,
    /// A weakness is kept from a threat.
    WeaknessThreat,
}

impl PairKind {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 4] =
        [Self::StrengthOpportunity, Self::WeaknessOpportunity, Self::StrengthThreat, Self::WeaknessThreat];
}

/// An internal and an external item to talk about.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkshopPair {
    /// What meets.
    pub kind: PairKind,
    /// The strength or weakness.
    pub internal: WorkshopItemId,
    /// The opportunity or threat.
    pub external: WorkshopItemId,
    /// The product of both weights: pairs are proposed by it, the highest first.
    pub score: f64,
}

/// What a strategy comes to.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StrategyTotal {
    /// Which.
    pub strategy_id: StrategyId,
    /// Σ weight × attractiveness.
    pub total: f64,
}

/// What a board comes to.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkshopScores {
    /// Strengths and weaknesses.
    pub internal: WorkshopSideScores,
    /// Opportunities and threats.
    pub external: WorkshopSideScores,
    /// Pairs to talk about, once both halves are weighed: by kind, in each the highest first.
    pub pairs: Vec<WorkshopPair>,
    /// Strategies compared, once both halves are weighed.
    pub strategies: Vec<StrategyTotal>,
}

/// Two notes that may say the same.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NotesAlike {
    /// One.
    pub note_id: WorkshopNoteId,
    /// The other.
    pub other_id: WorkshopNoteId,
    /// 0 to 1.
    pub likeness: f64,
}

/// An item that was on last year's board too.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemAgain {
    /// This year's.
    pub item_id: WorkshopItemId,
    /// What it said last year.
    pub text_before: String,
    /// In which frame it was.
    pub frame_before: String,
    /// Whether that is another one now.
    pub moved: bool,
}

/// An item that is gone since last year.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemGone {
    /// In which frame it was.
    pub frame: String,
    /// What it said.
    pub text: String,
}

/// This board beside last year's.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkshopYears {
    /// What last year's is called.
    pub title_before: String,
    /// What is there again.
    pub kept: Vec<ItemAgain>,
    /// What is new.
    pub new: Vec<WorkshopItemId>,
    /// What is gone.
    pub gone: Vec<ItemGone>,
}

/// An update that came and is not on the board.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkshopLeftOut {
    /// Which.
    pub document_update_id: DocumentUpdateId,
    /// Who wrote it, as it says, by name.
    pub written_by_name: Option<String>,
    /// What is wrong with it, in the words of whoever looked.
    pub reason: String,
    /// Whether it may come in order yet: something that it builds on is missing.
    pub may_come: bool,
}

/// A workshop with its board.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkshopView {
    /// The workshop.
    pub workshop: Workshop,
    /// Its board.
    pub board: Board,
    /// Whoever asks, within the workshop; nothing if they take no part.
    pub me: Option<ParticipantId>,
    /// What they may do.
    pub role: Option<WorkshopRole>,
    /// Whether this device may write for them.
    pub may_write: bool,
    /// Everybody who takes part, by name.
    pub people: Vec<WorkshopPerson>,
    /// Owners of actions, by name.
    pub owners: Vec<ActionOwner>,
    /// The own notes that are on this device only, and those of people for whom whoever asks enters.
    pub private: Vec<WorkshopPrivateNote>,
    /// How many notes of others are on this device only.
    pub private_of_others: u32,
    /// What it comes to.
    pub scores: WorkshopScores,
    /// Notes that may say the same: the likest first.
    pub alike: Vec<NotesAlike>,
    /// Beside last year's board, where that is named and on this device.
    pub years: Option<WorkshopYears>,
    /// What came and is not on the board.
    pub left_out: Vec<WorkshopLeftOut>,
    /// On how many other devices it is open to what is written here at once, over the plant's broker.
    pub live_devices: u32,
}

impl WorkshopView {
    /// What an item weighs, where its half is weighed.
    pub fn weight(&self, item_id: WorkshopItemId) -> Option<f64> {
        let sides = [&self.scores.internal, &self.scores.external].into_iter();
        sides.flat_map(|side| &side.weights).find(|one| one.item_id == item_id).map(|one| one.weight)
    }
}

/// Who is to do something, by name.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionOwner {
    /// Who.
    pub person_id: PersonId,
    /// What they are called, where that is known.
    pub name: Option<String>,
}

/// An action of a workshop, for whoever is to do it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkshopActionView {
    /// Of which workshop.
    pub workshop_id: WorkshopId,
    /// What that is called.
    pub workshop_title: String,
    /// The action.
    pub action: BoardAction,
    /// Whether its day is over, by the plant's calendar.
    pub late: bool,
}

/// An address of this machine at which guests could come in.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoorPlace {
    /// What the system calls the network's interface.
    pub interface: String,
    /// The address.
    pub address: String,
    /// Whether only this machine reaches it.
    pub only_here: bool,
}

/// The door for guests by browser, as whoever leads sees it on the device where it is open.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkshopDoorView {
    /// What guests open.
    pub url: String,
    /// Since when.
    pub opened_at: TimestampMs,
    /// Why what is said there may be read along.
    pub reason: String,
    /// The guests, by their numbers.
    pub guests: Vec<WorkshopGuest>,
}

/// A guest by browser.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkshopGuest {
    /// Who, within the workshop.
    pub participant_id: ParticipantId,
    /// Their number.
    pub number: u32,
    /// How they stand.
    pub stand: GuestStand,
}

/// How a guest stands.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum GuestStand {
    /// A code waits to be used, once.
    Invited {
        /// The code.
        code: String,
        /// What to open: the door with the code behind it.
        url: String,
        /// The same as a QR code: its rows from the top, `#` for dark.
        modules: Vec<String>,
        /// Until when it may be used.
        expires_at: TimestampMs,
    },
    /// Their browser speaks.
    Here,
    /// Their browser has not spoken for a while; it comes in again by itself.
    Away,
    /// They have no code and no browser: a new code lets them in again.
    Out,
}

/// In which form a board is taken out.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkshopForm {
    /// Tables that a plain reader shows.
    Markdown,
    /// What can be read in again.
    Json,
    /// Pages of A4.
    Pdf,
    /// Slides.
    Pptx,
}

impl WorkshopForm {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Pdf, Self::Pptx, Self::Markdown, Self::Json];
}

/// A board as a file.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkshopFile {
    /// What to call it.
    pub file_name: String,
    /// Its media type.
    pub media_type: String,
    /// Its bytes, in base64.
    pub bytes_base64: String,
}

impl WorkshopActionView {
    /// What lists sort it by: the day, those without one last.
    pub fn order(&self) -> (bool, Option<CivilDate>, String) {
        (self.action.due.is_none(), self.action.due, self.action.text.clone())
    }
}
