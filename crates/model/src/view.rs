//! What commands answer where one record is not enough: each is named for the question it answers.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::*;

/// How the app came to be where it is.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppMode {
    /// Nothing was chosen yet.
    #[default]
    FirstStart,
    /// The embedded demo plant.
    Demo,
    /// A real plant.
    Plant,
}

/// What the app is and how it stands.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AppStatusView {
    /// How it came to be where it is.
    pub mode: AppMode,
    /// The version of the app.
    pub version: String,
    /// What the plant is called.
    pub plant_name: String,
    /// The code of this device, which precedes local numbers.
    pub device_code: String,
    /// Who holds the device.
    pub person: Option<PersonView>,
    /// How the device looks and behaves.
    pub settings: Settings,
    /// The sync state.
    pub sync: SyncState,
    /// The time of the engine, for ages.
    pub now: TimestampMs,
}

/// The look.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// Like the system.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
    /// For bright sun.
    Sunlight,
}

/// The hand that holds the tablet's free side.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hand {
    /// Primary acts at the right.
    #[default]
    Right,
    /// Primary acts at the left.
    Left,
}

/// How long values of machines are kept on this device, and how much of them.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HistoryKept {
    /// Days, of tags that are bound to a machine or place.
    pub bound_days: u32,
    /// Days, of everything else that is heard.
    pub other_days: u32,
    /// GiB of both together; the oldest goes first, that of unbound tags before the rest.
    pub size_max_gib: u32,
}

impl HistoryKept {
    /// A hundred years.
    pub const DAYS_MAX: u32 = 36_500;
    /// More than any disk of a tablet.
    pub const SIZE_MAX_GIB: u32 = 100_000;
}

impl Default for HistoryKept {
    fn default() -> Self {
        Self { bound_days: 730, other_days: 90, size_max_gib: 20 }
    }
}

/// The room that the values of machines take on this device.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistorySizeView {
    /// Bytes of the file that hold something.
    pub used_bytes: i64,
    /// Series known.
    pub series: i64,
}

/// How this device looks and behaves. Not part of the projection.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The look.
    pub theme: Theme,
    /// The hand.
    pub hand: Hand,
    /// The language while nobody is picked, a BCP 47 tag.
    pub language: String,
    /// The plant's time zone, an IANA name.
    pub plant_zone: String,
    /// Use our own number pad and keyboard.
    pub own_keys: bool,
    /// How long values are kept here.
    pub history: HistoryKept,
    /// After how many hours without a word a device of the team counts as silent. The node's counts for all of them.
    pub silent_after_hours: u32,
    /// In a team: others get copies of what waits here while the node is gone, and theirs are kept here.
    pub shares_copies: bool,
    /// What counts as an alert, and who hears of it when. The node's counts for all devices of a team.
    pub alerts: AlertLadder,
    /// From which priority up this device shows alerts as notifications of the system; nothing for none.
    pub bell_from: Option<Priority>,
}

impl Settings {
    /// A year.
    pub const SILENT_AFTER_HOURS_MAX: u32 = 24 * 365;
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            hand: Hand::Right,
            language: "en".to_owned(),
            plant_zone: "UTC".to_owned(),
            own_keys: true,
            history: HistoryKept::default(),
            // A shift.
            silent_after_hours: 8,
            shares_copies: true,
            alerts: AlertLadder::default(),
            bell_from: Some(Priority::High),
        }
    }
}

/// A change was kept. It can be undone until `undo_until`.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// The transaction that holds it; nothing when there was nothing to change.
    pub txn_id: Option<TxnId>,
    /// Until when it is held and can be undone.
    pub undo_until: Option<TimestampMs>,
}

/// The first screen.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TodayView {
    /// The next order for the person.
    pub next: Option<WorkOrderOverview>,
    /// What decides whether it can start.
    pub next_facts: Vec<StartFact>,
    /// The other open orders of the person and those of nobody.
    pub mine: Vec<WorkOrderOverview>,
    /// Machines with abnormal or stale tags.
    pub asking: Vec<AskingMachine>,
    /// Requests that nobody has answered.
    pub requests: Vec<RequestOverview>,
    /// Orders closed with «details later».
    pub details_pending: Vec<WorkOrderOverview>,
    /// What the shifts before handed over and the person has not read yet.
    #[serde(default)]
    pub unread: Vec<HandoverView>,
    /// What does not go as it should, for a supervisor.
    #[serde(default)]
    pub exceptions: Vec<TodayException>,
    /// What happened to the person's orders on other devices, and they have not seen yet.
    #[serde(default)]
    pub notices: Vec<TeamNoticeView>,
}

/// One fact that decides whether a job can start.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum StartFact {
    /// A part the machine uses, and how many are on stock.
    PartOnStock {
        /// The part.
        part_id: PartId,
        /// What it is.
        name: String,
        /// How many.
        on_hand: Quantity,
        /// Where.
        place: Option<String>,
    },
    /// Steps on its checklist, and how many are mandatory.
    Checklist {
        /// All of them.
        steps: i64,
        /// Those it may not be closed without.
        mandatory: i64,
    },
    /// How long it is planned to take.
    PlannedTime {
        /// In minutes.
        minutes: i64,
    },
}

/// A machine with an abnormal or stale tag.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AskingMachine {
    /// The machine.
    pub asset_id: AssetId,
    /// What the plant calls it.
    pub code: String,
    /// What it is.
    pub name: String,
    /// The tag that asks.
    pub tag: TagState,
    /// Its last hour, thinned, for a small trend: `(at, min, max)`.
    pub spark: Vec<TrendBucket>,
    /// Since when it has been abnormal, where known.
    pub since: Option<TimestampMs>,
}

/// How a tag stands against its band and limits.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TagCondition {
    /// Within its band, or it has none.
    Normal,
    /// Outside its usual band.
    Unusual,
    /// Outside its limits.
    BeyondLimit,
    /// Its last value is not current.
    Stale,
    /// Its quality is not good.
    NotGood,
    /// Nothing was ever heard.
    Silent,
}

impl TagBinding {
    /// How a value stands against this rule. A value that is not current or not of good quality is never shown as good.
    pub fn condition(&self, live: Option<&LiveValue>) -> TagCondition {
        let Some(live) = live else { return TagCondition::Silent };
        if live.stale.is_some() {
            return TagCondition::Stale;
        }
        let (Quality::Good, Some(value)) = (live.sample.quality, &live.sample.value) else {
            return TagCondition::NotGood;
        };
        let Some(number) = value.as_f64() else { return TagCondition::Normal };
        let outside = |low: Option<f64>, high: Option<f64>| {
            low.is_some_and(|low| number < low) || high.is_some_and(|high| number > high)
        };
        if outside(self.limit_low, self.limit_high) {
            TagCondition::BeyondLimit
        } else if outside(self.usual_low, self.usual_high) {
            TagCondition::Unusual
        } else {
            TagCondition::Normal
        }
    }
}

/// A bound tag and its last value.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TagState {
    /// The rule.
    pub binding: TagBinding,
    /// Its last value.
    pub live: Option<LiveValue>,
    /// How it stands.
    pub condition: TagCondition,
}

/// Which orders to list.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct WorkOrderFilter {
    /// Only open ones.
    pub open_only: bool,
    /// Only those of this person.
    pub assignee_id: Option<PersonId>,
    /// Only those of this asset.
    pub asset_id: Option<AssetId>,
    /// Only those with details missing.
    pub details_pending: bool,
    /// At most so many; nothing for 500.
    pub limit: Option<u32>,
}

/// An order in a list.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkOrderOverview {
    /// The order.
    pub order: WorkOrder,
    /// What the plant calls the machine.
    pub asset_code: Option<String>,
    /// What the machine is.
    pub asset_name: Option<String>,
    /// Where the machine is, from the site down.
    pub asset_path: Option<String>,
    /// How much hangs on the machine.
    pub criticality: Option<Criticality>,
    /// Who is to do it.
    pub assignee_name: Option<String>,
    /// Steps recorded.
    pub steps_done: i64,
    /// Steps in all.
    pub steps: i64,
}

/// One order with all on it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkOrderView {
    /// The order and its machine.
    pub overview: WorkOrderOverview,
    /// Its checklist.
    pub steps: Vec<StepView>,
    /// Bookings of labour.
    pub labour: Vec<LabourView>,
    /// Minutes in all.
    pub labour_minutes: i64,
    /// The running timer of the person who holds the device.
    pub timer: Option<LabourTimer>,
    /// Parts used.
    pub parts: Vec<PartUseView>,
    /// Parts the machine is known to use.
    pub suggested_parts: Vec<PartOverview>,
    /// Notes.
    pub notes: Vec<NoteView>,
    /// Photos and files.
    pub attachments: Vec<Attachment>,
    /// Signatures.
    pub signatures: Vec<SignatureView>,
    /// The machine's tags.
    pub tags: Vec<TagState>,
    /// Choices for «found», commonest first.
    pub found_choices: Vec<FindingCode>,
    /// Choices for «done», commonest first.
    pub done_choices: Vec<FindingCode>,
    /// What still stands in the way of closing, in words; «details later» always works.
    pub missing_to_close: Vec<String>,
    /// Where everything recorded stands.
    pub deliveries: Vec<Delivery>,
    /// Photos and files of this order that are only on this device.
    pub photos_only_here: i64,
    /// The request it answers.
    pub request: Option<RequestOverview>,
    /// Who has it in hand, where somebody does.
    #[serde(default)]
    pub hand: Option<HandView>,
    /// For whom it is laid aside, where it is.
    #[serde(default)]
    pub reservation: Option<ReservationView>,
    /// What happened to it on other devices, and the person has not seen yet.
    #[serde(default)]
    pub notices: Vec<TeamNoticeView>,
}

/// A step and who recorded it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepView {
    /// The step.
    pub step: WorkStep,
    /// Who recorded it.
    pub recorded_by_name: Option<String>,
    /// What was recorded on the same step of the machine's last order, for measurements.
    pub last_time: Option<f64>,
    /// Whether it may be written anew or removed here: nothing is recorded on it, no other system wrote it, and its
    /// order is open.
    #[serde(default)]
    pub changeable: bool,
}

/// A booking and who worked.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LabourView {
    /// The booking.
    pub labour: Labour,
    /// Who worked.
    pub person_name: Option<String>,
}

/// A use of a part and what it is.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartUseView {
    /// The use.
    pub part_use: PartUse,
    /// The part's number.
    pub number: String,
    /// What it is.
    pub name: String,
}

/// A note and who wrote it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoteView {
    /// The note.
    pub note: Note,
    /// Who wrote it.
    pub written_by_name: Option<String>,
}

/// A signature and who signed.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignatureView {
    /// The signature.
    pub signature: Signature,
    /// Who signed.
    pub person_name: Option<String>,
}

/// The bytes of a photo or file.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AttachmentBytes {
    /// Its media type.
    pub media_type: String,
    /// Its bytes, in base64.
    pub bytes_base64: String,
}

/// How an order is completed.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum Closing {
    /// With the four inputs.
    Full {
        /// What was found: the code of a choice, or nothing for «other».
        found_code: Option<String>,
        /// What was found, in words.
        found_text: String,
        /// What was done: the code of a choice, or nothing for «other».
        done_code: Option<String>,
        /// What was done, in words.
        done_text: String,
        /// Minutes worked by the person, as the timer said or as they changed it.
        minutes: i64,
    },
    /// Done, details later.
    DetailsLater,
}

/// A booking that gets another duration.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabourCorrection {
    /// The booking.
    pub labour_id: LabourId,
    /// The minutes that are right.
    pub minutes: i64,
}

/// A use that was another quantity.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartCorrection {
    /// The use.
    pub part_use_id: PartUseId,
    /// The quantity that is right, zero or more and no more than was recorded.
    pub quantity: Quantity,
}

/// A request in a list.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RequestOverview {
    /// The request.
    pub request: Request,
    /// What the plant calls the machine.
    pub asset_code: String,
    /// What the machine is.
    pub asset_name: String,
    /// Who raised it.
    pub raised_by_name: Option<String>,
    /// Who took it on.
    #[serde(default)]
    pub taken_by_name: Option<String>,
    /// The order it became.
    pub order: Option<WorkOrder>,
    /// Photos that came with it.
    pub photos: Vec<Attachment>,
}

/// An asset in the tree.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssetNode {
    /// The asset.
    pub asset: Asset,
    /// Its tags and their last values.
    pub tags: Vec<TagState>,
    /// Open orders on it.
    pub open_orders: i64,
}

/// One asset with all on it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssetView {
    /// The asset.
    pub asset: Asset,
    /// Where it is, from the site down, itself last.
    pub path: Vec<Asset>,
    /// Its tags and their last values.
    pub tags: Vec<TagState>,
    /// Its orders, open ones first.
    pub orders: Vec<WorkOrderOverview>,
    /// Its requests, newest first.
    pub requests: Vec<RequestOverview>,
    /// The parts it uses.
    pub parts: Vec<PartOverview>,
    /// Photos and files of it, newest first.
    pub attachments: Vec<Attachment>,
    /// The assets that were found to be this one.
    pub joined: Vec<Joined>,
}

/// A record that was found to be another one.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joined {
    /// The record that gave way.
    pub alias_id: AliasId,
    /// What people called it: its code or number.
    pub code: String,
    /// What it was said to be.
    pub name: String,
}

/// What an import did or would do.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    /// Rows that become new records.
    pub created: i64,
    /// Rows that change records.
    pub changed: i64,
    /// Rows that are as they were.
    pub same: i64,
    /// Rows that are refused: line and reason. When there is one, nothing is changed.
    pub refused: Vec<RefusedRow>,
}

/// A row that an import refuses.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedRow {
    /// The line of the file, from 1.
    pub line: i64,
    /// Why.
    pub reason: String,
}

/// A bucket of a trend: all samples of a moment, none of its spikes lost.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrendBucket {
    /// Its start.
    pub at: TimestampMs,
    /// The smallest value.
    pub min: f64,
    /// The largest value.
    pub max: f64,
    /// The mean.
    pub mean: f64,
    /// How many samples.
    pub count: u64,
}

/// A span of a series' history.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrendView {
    /// The buckets that hold samples, in time order; a gap is a bucket that is not there.
    pub buckets: Vec<TrendBucket>,
    /// How wide a bucket is.
    pub bucket_ms: i64,
    /// How many samples stand behind them.
    pub samples: u64,
}

/// A supplier in a list.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SupplierOverview {
    /// The supplier.
    pub supplier: Supplier,
    /// How many parts it offers.
    pub part_count: u32,
    /// How many of them nobody else offers.
    pub single_source_count: u32,
}

/// A part in a list.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartOverview {
    /// The part.
    pub part: Part,
    /// How many are on stock in all, less what was used here since the ERP last said.
    pub on_hand: Quantity,
    /// Where, for one location and bin.
    pub place: Option<String>,
    /// Whether only one supplier offers it.
    pub single_source: bool,
}

/// One part with all on it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartView {
    /// The part and its stock.
    pub overview: PartOverview,
    /// Stock per location.
    pub stock: Vec<Stock>,
    /// Who delivers it.
    pub offers: Vec<OfferView>,
    /// Where it is used.
    pub where_used: Vec<WhereUsedView>,
    /// Parts that can take its place.
    pub alternates: Vec<Part>,
    /// The parts that were found to be this one.
    pub joined: Vec<Joined>,
}

/// An offer and who makes it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OfferView {
    /// The offer.
    pub offer: Offer,
    /// The supplier's name.
    pub supplier_name: String,
}

/// A line of a where-used list and its asset.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WhereUsedView {
    /// The line.
    pub where_used: WhereUsed,
    /// What the plant calls the asset.
    pub asset_code: String,
    /// What the asset is.
    pub asset_name: String,
}

/// The Sync centre.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SyncView {
    /// The sync state.
    pub state: SyncState,
    /// What waits or is on its way.
    pub waiting: Vec<Delivery>,
    /// What needs a person: conflicts and rejections.
    pub needs_you: Vec<Delivery>,
    /// Cards with two values.
    pub conflicts: Vec<Conflict>,
    /// What went lately, newest first.
    pub done: Vec<Delivery>,
    /// What was given up lately, newest first.
    pub discarded: Vec<Delivery>,
    /// What pulls and mappings found, for the integrator.
    pub findings: Vec<String>,
    /// What people call the records that values of `conflicts` name, by id.
    pub names: std::collections::BTreeMap<String, String>,
}

/// Whose value stands.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Ours.
    Ours,
    /// Theirs.
    Theirs,
}

/// One change of a record, for people.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// The kind of record: the one asked for, or one that hangs on it.
    pub entity: Entity,
    /// What people call that record, where it is not the one asked for.
    pub about: Option<String>,
    /// What people call the records that values of `fields` name, by id.
    pub names: std::collections::BTreeMap<String, String>,
    /// When.
    pub at: TimestampMs,
    /// Who, in words.
    pub actor: String,
    /// How they showed it.
    pub assurance: Assurance,
    /// What kind of change.
    pub kind: OpKind,
    /// The fields, with what they were and are.
    pub fields: std::collections::BTreeMap<String, FieldChange>,
    /// Why, where said.
    pub reason: Option<String>,
    /// The transaction.
    pub txn_id: TxnId,
    /// The op.
    pub op_id: Uuid,
}
