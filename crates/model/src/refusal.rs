//! What the engine refuses or cannot do, as a closed list: the screens say it in the person's language, and
//! `Display` in English for logs, terminals and scripts.

use serde::{Deserialize, Serialize};

use crate::*;

/// One thing that was refused or could not be done. Words that come from outside (of a broker, an ERP, the system)
/// are arguments.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "refused", rename_all = "snake_case")]
pub enum Refusal {
    /// A text that is needed has no character.
    #[error("{input} is empty")]
    Empty {
        /// Which.
        input: Input,
    },
    /// A text is longer than is kept.
    #[error("{input} has {count} characters; at most {limit} are kept")]
    TooLong {
        /// Which.
        input: Input,
        /// How long it is, in characters.
        count: u64,
        /// How long it may be.
        limit: u64,
    },
    /// There is no such record.
    #[error("{what} is not here (any more)")]
    NotHere {
        /// What was asked for.
        what: Missing,
    },
    /// Nobody holds the device.
    #[error("Pick who you are first: every record names a person.")]
    NobodyPicked,
    /// A unique rule of the store was broken.
    #[error("{what} exists already")]
    ExistsAlready {
        /// What it is, as the schema names it (`asset.code`).
        what: String,
    },
    /// A webhook's secret that is none.
    #[error("A secret is «whsec_» and 24 to 64 bytes in base64.")]
    NoWebhookSecret,
    /// A token is to grant what no program may.
    #[error("Programs cannot give the command «{command}».")]
    NotForPrograms {
        /// Its name.
        command: String,
    },
    /// The disk is full.
    #[error("The disk is full. What was recorded before is safe; free some space and try again.")]
    DiskFull,
    /// The disk answers with an error, and not for want of room.
    #[error(
        "The disk reports an error, and this was not done. What was recorded before is untouched: make a backup onto another disk now, then try again. A disk that does this more than once has to be replaced."
    )]
    DiskFailed,
    /// The disk is full, and there is room for one more try.
    #[error(
        "The disk is full. What was recorded before is safe, and a reserve was freed: try again now, and free some space soon."
    )]
    DiskReserveFreed,
    /// The key that seals the secrets cannot be had.
    #[error("{fault}")]
    Key {
        /// Why.
        fault: KeyFault,
    },

    /// Nothing is recorded on a cancelled order.
    #[error("Order {order} was cancelled.")]
    OrderCancelled {
        /// Its number.
        order: String,
    },
    /// The checklist of a closed order stays as it is.
    #[error("Order {order} is closed.")]
    OrderClosed {
        /// Its number.
        order: String,
    },
    /// The state machine has no such way.
    #[error("Order {order} is {}: it cannot become {}.", said(*.from), said(*.to))]
    NoSuchMove {
        /// Its number.
        order: String,
        /// Where it stands.
        from: WorkOrderStatus,
        /// Where it should have gone.
        to: WorkOrderStatus,
    },
    /// An order that is no longer open is not edited.
    #[error("Order {order} is {}: it is corrected, not edited.", said(*.status))]
    OrderNotEdited {
        /// Its number.
        order: String,
        /// Where it stands.
        status: WorkOrderStatus,
    },
    /// Mandatory steps have no record.
    #[error("Still to do: {}. «Done, details later» works all the same.", .steps.join("; "))]
    StepsToDo {
        /// Position and title of each.
        steps: Vec<String>,
    },
    /// Too many steps at once.
    #[error("An order can be made with at most {limit} steps")]
    TooManySteps {
        /// How many there may be.
        limit: u64,
    },
    /// Something about a guide, or about what guidance needs.
    #[error("{fault}")]
    Guide {
        /// What.
        fault: GuideFault,
    },
    /// Something about a scenario.
    #[error("{fault}")]
    Scenario {
        /// What.
        fault: ScenarioFault,
    },
    /// Something about a workshop.
    #[error("{fault}")]
    Workshop {
        /// What.
        fault: WorkshopFault,
    },
    /// Something about trying out a line.
    #[error("{fault}")]
    WhatIf {
        /// What.
        fault: WhatIfFault,
    },
    /// Something about a tabletop exercise.
    #[error("{fault}")]
    Exercise {
        /// What.
        fault: ExerciseFault,
    },
    /// A try-out without the plant's word wants two people.
    #[error(
        "The plant does not show that the energy is gone: a second person who was there is named as well."
    )]
    TryOutAlone,
    /// A step that nobody could answer.
    #[error("Step «{step}»: {fault}")]
    StepUnfit {
        /// Its title.
        step: String,
        /// What is wrong with it.
        fault: StepFault,
    },
    /// A step with a record is not changed.
    #[error("Step {position} is recorded already: take its record back first.")]
    StepRecorded {
        /// Its place in the checklist.
        position: i64,
    },
    /// A step that another system wrote is changed there.
    #[error("Step {position} comes from the ERP: it is changed there, or skipped here with a reason.")]
    StepOfErp {
        /// Its place in the checklist.
        position: i64,
    },
    /// The answer is of another kind than the step asks for.
    #[error("This is not what the step asks for")]
    AnswerUnfit,
    /// A reading is infinite or not a number.
    #[error("The reading is not a number")]
    ReadingNotANumber,
    /// A quantity is zero, negative or beyond all measure.
    #[error("{quantity} is not a quantity that can be used")]
    QuantityUnusable {
        /// What was given.
        quantity: Quantity,
    },
    /// A fraction of a piece.
    #[error("{part} is counted in whole pieces")]
    WholePieces {
        /// The part's number.
        part: String,
    },
    /// A quantity in another unit than the part has.
    #[error("{part} is counted in {unit}, not in {given}")]
    OtherUnit {
        /// The part's number.
        part: String,
        /// Its unit.
        unit: String,
        /// The unit that was given.
        given: String,
    },
    /// There is no timer to stop.
    #[error("No timer of yours runs on this order.")]
    NoTimer,
    /// More minutes than one booking may hold.
    #[error("{minutes} minutes cannot be booked at once; at most {limit} can")]
    MinutesAtOnce {
        /// What was given.
        minutes: i64,
        /// The most.
        limit: i64,
    },
    /// A booking cannot be corrected to this.
    #[error("{minutes} minutes cannot be booked")]
    MinutesUnbookable {
        /// What was given.
        minutes: i64,
    },
    /// A correction is not corrected, nor the booking of another order.
    #[error("Only a first booking of this order can be corrected")]
    NoFirstBooking,
    /// A correction is not corrected, nor the use on another order.
    #[error("Only a first use on this order can be corrected")]
    NoFirstUse,
    /// More comes back than was taken.
    #[error("At most {used} can be corrected down to zero; record a further use for more")]
    MoreThanUsed {
        /// What was used.
        used: Quantity,
    },
    /// A request was taken over or declined before.
    #[error("This request was answered already.")]
    RequestAnswered,

    /// The hold is over.
    #[error("It has left already. Correct the order instead: that reaches the ERP too.")]
    UndoTooLate,
    /// A later change touches the same record.
    #[error("Something newer builds on it. Undo the newer change first.")]
    UndoBuiltUpon,
    /// It is being sent.
    #[error("It is on its way already. Correct the order instead.")]
    UndoUnderWay,
    /// A delivery that is on its way or over.
    #[error("There is nothing to retry here.")]
    NothingToRetry,
    /// A delivery that is on its way or over.
    #[error("It cannot be given up any more.")]
    NotGivenUp,
    /// A card that has its decision.
    #[error("Somebody decided this already.")]
    DecidedAlready,

    /// The bytes of a file are damaged.
    #[error("The file did not arrive whole: {reason}")]
    FileBroken {
        /// How that shows.
        reason: String,
    },
    /// An empty file, or one that is too large.
    #[error("The file has {bytes} bytes; between 1 and {limit} are kept")]
    FileSize {
        /// Its size.
        bytes: u64,
        /// The most.
        limit: u64,
    },
    /// A picture for reading codes has too many pixels.
    #[error("A picture may have at most {side_px} pixels on each side")]
    PictureTooLarge {
        /// The longest side that is taken.
        side_px: u32,
    },
    /// The bytes of a picture are damaged.
    #[error("The picture did not arrive whole: {reason}")]
    PictureBroken {
        /// How that shows.
        reason: String,
    },
    /// Pixels and bytes of a picture do not go together.
    #[error("{reason}")]
    PictureUnfit {
        /// Why.
        reason: String,
    },

    /// A limit or the end of a band is infinite or not a number.
    #[error("A limit is not a number")]
    LimitNotANumber,
    /// A tag would be called silent all the time.
    #[error("A tag cannot be called silent after less than 0.1 s")]
    SilenceTooShort,
    /// A window watches too much.
    #[error("At most {limit} series are shown live at once")]
    TooManyWatched {
        /// The most.
        limit: u64,
    },
    /// A trend of no time.
    #[error("The span of a trend ends before it begins")]
    SpanReversed,

    /// A file to import is too large.
    #[error("The file has {bytes} bytes; at most {limit} are read")]
    ImportTooLarge {
        /// Its size.
        bytes: u64,
        /// The most.
        limit: u64,
    },
    /// A file to import has other columns.
    #[error("The columns do not fit. Missing: {missing:?}. Not known: {unknown:?}. Known are: {known}.")]
    ColumnsUnfit {
        /// Those that are needed.
        missing: Vec<String>,
        /// Those that mean nothing here.
        unknown: Vec<String>,
        /// Those that can be there.
        known: String,
    },
    /// A file that is not taken as it is.
    #[error("{fault}. Nothing was changed.")]
    FileRefused {
        /// Why, with the place.
        fault: FileFault,
    },

    /// Two people with one number.
    #[error("Somebody here has the ERP number {number} already")]
    ErpNumberTaken {
        /// The number.
        number: String,
    },
    /// No such time zone.
    #[error("«{zone}» is not the name of a time zone (as Europe/Berlin is)")]
    ZoneUnknown {
        /// What was given.
        zone: String,
    },

    /// Values are kept for no time, or for ever.
    #[error("Values are kept for 1 to {limit} days")]
    KeptDays {
        /// The most days.
        limit: u32,
    },
    /// Values have no room, or more than any disk.
    #[error("Values take 1 to {limit_gib} GiB")]
    KeptSize {
        /// The most room, in GiB.
        limit_gib: u32,
    },

    /// Two records that are one already.
    #[error("{code} is that one already.")]
    JoinedAlready {
        /// What people call it.
        code: String,
    },
    /// Two assets on different levels of the plant.
    #[error("{gives_way} and {stays} stand on different levels of the plant.")]
    JoinLevels {
        /// The one that would give way.
        gives_way: String,
        /// The one that would stay.
        stays: String,
    },
    /// One asset is part of the other one.
    #[error("{below} is part of {above}: they are not one machine.")]
    JoinBelow {
        /// The part.
        below: String,
        /// What it is part of.
        above: String,
    },
    /// The ERP would go on speaking of the one that gives way.
    #[error("The ERP knows {gives_way}. Keep that one, and let {stays} give way.")]
    JoinKeepsErp {
        /// The one that would give way.
        gives_way: String,
        /// The one that would stay.
        stays: String,
    },
    /// The ERP keeps both apart.
    #[error("The ERP has both {gives_way} and {stays}. Join them there first.")]
    JoinBothInErp {
        /// The one that would give way.
        gives_way: String,
        /// The one that would stay.
        stays: String,
    },

    /// A line of the shift log that says nothing.
    #[error("A line needs a text, a photo or a voice note")]
    LineSaysNothing,
    /// A shift pattern that no day can follow.
    #[error("A day has 1 to {limit} shifts, each with its own begin")]
    ShiftsUnfit {
        /// The most shifts.
        limit: u64,
    },
    /// A shift that has not begun.
    #[error("This shift has not begun.")]
    ShiftNotBegun,
    /// A hand-over that nobody can read.
    #[error("At most {limit} items are handed over at once")]
    HandoverTooLong {
        /// The most items.
        limit: u64,
    },
    /// A rhythm that never comes round.
    #[error("A plan comes round every 1 to {limit}")]
    RhythmUnfit {
        /// The most.
        limit: u64,
    },
    /// A lead that is too long or negative.
    #[error("The lead is 0 to {limit} days")]
    LeadUnfit {
        /// The most days.
        limit: u64,
    },
    /// A plan that was given up.
    #[error("This plan was ended. Make a new one.")]
    PlanEnded,

    /// The demo plant does not move into a real plant's folder.
    #[error("This data folder belongs to a real plant. The demo plant has a folder of its own.")]
    FolderOfPlant,
    /// The demo plant's folder does not become a real plant's.
    #[error("The demo plant can never become a real one. Open another data folder for your plant.")]
    DemoStaysDemo,
    /// The demo plant speaks to nobody else.
    #[error("The demo plant can never be connected to a real one. Open another data folder for your plant.")]
    DemoStaysApart,
    /// The program is missing.
    #[error("This installation has no demo plant (the program millwright-demo is missing).")]
    NoDemoPlant,
    /// The program did not start.
    #[error("The demo plant ({program}) did not start: {reason}")]
    DemoNotStarted {
        /// Where the program lies.
        program: String,
        /// What the system said.
        reason: String,
    },
    /// The program started and never said that it is ready.
    #[error("The demo plant did not become ready: {reason}")]
    DemoNotReady {
        /// How that shows.
        reason: String,
    },

    /// Nothing to pull from.
    #[error("No ERP is connected. Set one up in Settings.")]
    NoErp,

    /// This device belongs to a team, or asks to.
    #[error("This device is in a team already, or has asked to be let in. Nothing was changed.")]
    InAnotherTeam,
    /// This directory was restored or copied from a device of another team.
    #[error(
        "This folder was restored from a tablet of another team, and what was recorded for that team stays out of this one. Join the team that it was in, or take an empty folder for this one. Nothing was changed."
    )]
    RestoredFromAnotherTeam,
    /// This device belongs to no team.
    #[error("This device is in no team.")]
    NoTeam,
    /// This device is no team's node.
    #[error("This device is no team's node. Start one with «millwrightctl serve --team».")]
    NoNode,
    /// This directory belongs to a node process that shares a ledger, and was opened without it.
    #[error(
        "This data directory belongs to a node whose team's ledger lies elsewhere. Open it with «millwrightctl --ledger ADDRESS …»."
    )]
    LedgerElsewhere,
    /// No ledger is shared here.
    #[error("This node shares no ledger.")]
    NoLedger,
    /// The ledger that node processes share does not serve.
    #[error("{said}. What was recorded before is safe; devices keep what they record until it is back.")]
    Ledger {
        /// What does not fit or was heard.
        said: String,
    },
    /// The node cannot be reached, or does not talk to this device.
    #[error("The node: {said}. What was recorded is kept here and goes when the node can be reached.")]
    Node {
        /// In its words, or the network's.
        said: String,
    },
    /// A file that is no letter of a team, or was cut off.
    #[error("{reason}. Nothing was changed.")]
    LetterUnreadable {
        /// How that shows.
        reason: String,
    },
    /// A letter whose signature does not hold, or that nobody here can open.
    #[error("The letter was changed on its way, or is not from this team. Nothing was changed.")]
    LetterForged,
    /// A letter for another device, team or direction.
    #[error("This letter is for another device or another team. Nothing was changed.")]
    LetterForAnother,
    /// A letter wants a device that the node has filled once.
    #[error("This device has nothing of the team yet: its first start needs the network.")]
    LetterBeforeFirstStart,
    /// A person gave up bringing data in.
    #[error("It was cancelled: nothing was changed.")]
    BringCancelled,
    /// A text that is no invitation.
    #[error("This is no invitation to a team, or a part of it is missing. Scan the code of the node again.")]
    InvitationBroken,
    /// Somebody laid the order aside for themselves.
    #[error("{who} has laid this order aside. Ask them, or take it over with a reason.")]
    ReservedByAnother {
        /// Who.
        who: String,
        /// Until when.
        until: TimestampMs,
    },
    /// Somebody else took it on before.
    #[error("{who} has taken it on already.")]
    TakenByAnother {
        /// Who.
        who: String,
    },
    /// It asks nobody: it is done, answered or under way.
    #[error("It asks for nobody any more.")]
    AsksNobody,
    /// The order was begun or is not open: it cannot be laid aside.
    #[error("Only an order that nobody has begun can be laid aside.")]
    NotToReserve,
    /// The ERP cannot be reached, or does not do what was asked.
    #[error("{said}")]
    Erp {
        /// Which of the two.
        trouble: ErpTrouble,
        /// In the connector's words, which hold the ERP's own.
        said: String,
        /// Why, more exactly.
        #[serde(default)]
        cause: Cause,
    },
    /// The broker cannot be reached, or does not do what was asked.
    #[error("{said}")]
    Broker {
        /// Why.
        cause: Cause,
        /// In the link's words.
        said: String,
    },
    /// An address that is none.
    #[error("«{address}» is not an address: {reason}")]
    NotAnAddress {
        /// What was given.
        address: String,
        /// What is wrong with it.
        reason: String,
    },
    /// An address of Tryton without its database.
    #[error("The address lacks the database: http://host:8000/DATABASE")]
    DatabaseMissing,
    /// A mapping that cannot be used.
    #[error("{reason}")]
    MappingUnfit {
        /// Where and why.
        reason: String,
    },
    /// Settings of the broker's connection that cannot work.
    #[error("{reason}")]
    BrokerSettings {
        /// Why.
        reason: String,
    },
    /// The most tags that are kept, out of bounds.
    #[error("The most tags that are kept: a number from 1 to {limit}")]
    TagsOutOfBounds {
        /// The most that can be chosen.
        limit: u64,
    },
    /// A mail server that does not take what is sent, or what is said of it cannot be used.
    #[error("{said}")]
    Mail {
        /// What kind of trouble.
        trouble: MailTrouble,
        /// In the server's words, or ours.
        said: String,
        /// Why, more exactly.
        #[serde(default)]
        cause: Cause,
    },
    /// A key file that cannot be used.
    #[error("The key file is no private key in PEM without a passphrase (-----BEGIN PRIVATE KEY-----)")]
    NotAKey,
    /// An unencrypted link that nobody gave a reason for.
    #[error(
        "The connection to {host} is not encrypted: anyone on the way can read and change it. Choose an encrypted one, or say why this is accepted."
    )]
    NotEncrypted {
        /// Where it leads.
        host: String,
    },
    /// A kept password over a link for which it was not given.
    #[error("The password would travel to {host} unencrypted: give it again if that is accepted.")]
    PasswordInTheOpen {
        /// Where it would go.
        host: String,
    },
}

/// What was asked for and is not there.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// An order.
    #[error("This order")]
    Order,
    /// A machine or place.
    #[error("This machine")]
    Machine,
    /// A request.
    #[error("This request")]
    Request,
    /// A person.
    #[error("This person")]
    Person,
    /// A device of the team, or one that asked.
    #[error("This device")]
    Device,
    /// A transaction.
    #[error("This change")]
    Change,
    /// A delivery.
    #[error("This delivery")]
    Delivery,
    /// A card with two values.
    #[error("This card")]
    Card,
    /// The record behind a card.
    #[error("This record")]
    Record,
    /// A photo or file.
    #[error("This photo")]
    Photo,
    /// A step of a checklist.
    #[error("This step")]
    Step,
    /// A supplier.
    #[error("This supplier")]
    Supplier,
    /// A part.
    #[error("This part")]
    Part,
    /// A booking of labour.
    #[error("This booking")]
    Booking,
    /// A use of a part.
    #[error("This use")]
    Use,
    /// A tag bound to a machine.
    #[error("This tag")]
    Tag,
    /// Something people can be able to do.
    #[error("This skill")]
    Skill,
    /// A hand-over.
    #[error("This hand-over")]
    Handover,
    /// A line of the log or of a hand-over.
    #[error("This line")]
    Line,
    /// A maintenance plan.
    #[error("This plan")]
    Plan,
    /// A token of a program.
    #[error("This token")]
    Token,
    /// A guide.
    #[error("This guide")]
    Guide,
    /// A revision of a guide.
    #[error("This revision")]
    Revision,
    /// A label on a machine.
    #[error("This label")]
    Fiducial,
    /// A profile of a camera.
    #[error("This camera profile")]
    CameraProfile,
    /// A model of a machine.
    #[error("This model")]
    Model,
    /// A source of energy.
    #[error("This source of energy")]
    EnergySource,
    /// A workshop.
    #[error("This workshop")]
    Workshop,
    /// A receiver of changes.
    #[error("This webhook")]
    Webhook,
    /// A scenario.
    #[error("This scenario")]
    Scenario,
    /// A decision in a scenario.
    #[error("This decision")]
    ScenarioDecision,
    /// A sign that a scenario comes true.
    #[error("This signpost")]
    Signpost,
    /// A tabletop exercise.
    #[error("This exercise")]
    Exercise,
    /// A role in an exercise.
    #[error("This role")]
    ExerciseRole,
    /// Something that happens in an exercise.
    #[error("This inject")]
    ExerciseInject,
    /// A line of an exercise's log.
    #[error("This entry")]
    ExerciseEntry,
    /// What is to be improved after an exercise.
    #[error("This action")]
    ExerciseAction,
}

/// What kind of trouble the ERP makes.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErpTrouble {
    /// It does not answer.
    OutOfReach,
    /// It does not accept the login, or the login may not do this.
    Login,
    /// It answers, but not as the system that is set up.
    NotUnderstood,
    /// What is set up does not fit.
    Settings,
}

fn said(status: WorkOrderStatus) -> &'static str {
    match status {
        WorkOrderStatus::Planned => "planned",
        WorkOrderStatus::Released => "released",
        WorkOrderStatus::InProgress => "in progress",
        WorkOrderStatus::OnHold => "on hold",
        WorkOrderStatus::Completed => "completed",
        WorkOrderStatus::Cancelled => "cancelled",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ApiError, Code};

    #[test]
    fn a_refusal_travels_typed_beside_its_sentence() {
        let refusal = Refusal::NoSuchMove {
            order: "D1-7".to_owned(),
            from: WorkOrderStatus::Completed,
            to: WorkOrderStatus::InProgress,
        };
        let error = ApiError::refused(Code::Precondition, refusal.clone());
        assert_eq!(error.message, "Order D1-7 is completed: it cannot become in progress.");
        let json = serde_json::to_value(&error).unwrap();
        assert_eq!(json["refusal"]["refused"], "no_such_move");
        assert_eq!(json["refusal"]["to"], "in_progress");
        assert_eq!(serde_json::from_value::<ApiError>(json).unwrap().refusal, Some(refusal));
    }

    #[test]
    fn a_refusal_of_another_version_leaves_its_sentence() {
        let newer = r#"{"code":"invalid","message":"Too blue.","refusal":{"refused":"too_blue","shade":3}}"#;
        let older = r#"{"code":"invalid","message":"Too blue."}"#;
        for json in [newer, older] {
            let error: ApiError = serde_json::from_str(json).unwrap();
            assert_eq!(error, ApiError::new(Code::Invalid, "Too blue."));
        }
        assert_eq!(
            serde_json::to_string(&ApiError::new(Code::Invalid, "Too blue.")).unwrap(),
            older,
            "what has no refusal is told as before"
        );
    }

    #[test]
    fn sentences_name_what_is_wrong() {
        let empty = Refusal::Empty { input: Input::Reason };
        assert_eq!(empty.to_string(), "The reason is empty");
        let crossed = Refusal::StepUnfit {
            step: "Run-out".to_owned(),
            fault: StepFault::LimitsCrossed { low: 2.0, high: 1.5 },
        };
        assert_eq!(crossed.to_string(), "Step «Run-out»: the lower limit 2 is above the upper limit 1.5");
        let to_do = Refusal::StepsToDo { steps: vec!["1. Measure".to_owned(), "3. Photo".to_owned()] };
        assert!(to_do.to_string().starts_with("Still to do: 1. Measure; 3. Photo. "), "{to_do}");
    }
}
