//! The boundary: every command a face can give, its input and its output.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::command_exercise::with_exercise_commands;
use crate::command_guide::with_guide_commands;
use crate::command_list::commands;
use crate::command_scenario::with_scenario_commands;
use crate::command_what_if::with_what_if_commands;
use crate::command_workshop::with_workshop_commands;
use crate::reach::reach;
use crate::view::*;
use crate::*;

with_guide_commands! { with_scenario_commands with_workshop_commands with_what_if_commands with_exercise_commands commands
    /// What the app is and how it stands: the first thing every screen asks.
    AppStatus = app_status: reads -> AppStatusView {}
    /// Start on the embedded demo plant.
    DemoStart = demo_start: closed(SetUp) -> () {}
    /// Leave the first-start choice for a real plant: connections are set up in Settings.
    PlantStart = plant_start: closed(SetUp) -> () {
        /// What the plant is called.
        plant_name: String,
    }
    /// What is kept about how this device looks and behaves.
    SettingsShow = settings_show: reads -> Settings {}
    /// Keeps them.
    SettingsSave = settings_save: closed(SetUp) -> () {
        /// All of them.
        settings: Settings,
    }
    /// How much room the values of machines take on this device.
    HistorySize = history_size: reads -> HistorySizeView {}
    /// The connections to the broker, the ERP and the mail server, without secrets.
    ConnectionsShow = connections_show: closed(Connections) -> Connections {}
    /// Tries a connection to a broker and says what it found.
    PlantConnectionTest = plant_connection_test: closed(Connections) -> ConnectionFinding {
        /// What to try.
        connection: PlantConnection,
        /// The password, where it is to be another than the kept one.
        password: Option<String>,
        /// The key of our certificate, as PEM, where it is to be another than the kept one.
        client_key_pem: Option<String>,
    }
    /// Keeps a connection to a broker and uses it.
    PlantConnectionSave = plant_connection_save: closed(Connections) -> () {
        /// What to keep; nothing disconnects.
        connection: Option<PlantConnection>,
        /// The password, where it is to be another than the kept one.
        password: Option<String>,
        /// The key of our certificate, as PEM, where it is to be another than the kept one.
        client_key_pem: Option<String>,
    }
    /// Tries a connection to an ERP and says what it found.
    ErpConnectionTest = erp_connection_test: closed(Connections) -> ConnectionFinding {
        /// What to try.
        connection: ErpConnection,
        /// The password or client secret, where it is to be another than the kept one.
        password: Option<String>,
    }
    /// Keeps a connection to an ERP and uses it.
    ErpConnectionSave = erp_connection_save: closed(Connections) -> () {
        /// What to keep; nothing disconnects.
        connection: Option<ErpConnection>,
        /// The password or client secret, where it is to be another than the kept one.
        password: Option<String>,
    }
    /// Sends a test e-mail and says what came of it.
    MailConnectionTest = mail_connection_test: closed(Connections) -> ConnectionFinding {
        /// What to try.
        connection: MailConnection,
        /// The password, where it is to be another than the kept one.
        password: Option<String>,
        /// The address that the test goes to.
        to: String,
    }
    /// Keeps a connection to a mail server and who is written to.
    MailConnectionSave = mail_connection_save: closed(Connections) -> () {
        /// What to keep; nothing disconnects.
        connection: Option<MailConnection>,
        /// The password, where it is to be another than the kept one.
        password: Option<String>,
    }
    /// The people of this device.
    PersonList = person_list: reads -> Vec<PersonView> {}
    /// Adds a person.
    PersonAdd = person_add: changes -> PersonId {
        /// Their name.
        name: String,
        /// Their number at the ERP.
        erp_number: Option<String>,
        /// The language they read.
        language: String,
    }
    /// Says who holds the device; nothing signs off.
    PersonPick = person_pick: closed(Holder) -> () {
        /// Who.
        person_id: Option<PersonId>,
    }
    /// Says what a person sees to.
    PersonRoleSet = person_role_set: changes -> Done {
        /// Who.
        person_id: PersonId,
        /// What they see to.
        role: PersonRole,
    }
    /// The first screen.
    TodayShow = today_show: reads -> TodayView {}
    /// Orders, most urgent first.
    WorkOrderList = work_order_list: reads -> Vec<WorkOrderOverview> {
        /// Which.
        filter: WorkOrderFilter,
    }
    /// One order with all on it.
    WorkOrderShow = work_order_show: reads -> WorkOrderView {
        /// Which.
        work_order_id: WorkOrderId,
    }
    /// A new order of our own.
    WorkOrderCreate = work_order_create: changes -> WorkOrderId {
        /// One line of what is to be done.
        title: String,
        /// More on it.
        description: String,
        /// The machine.
        asset_id: Option<AssetId>,
        /// How urgent it is.
        priority: Priority,
        /// The request it answers.
        request_id: Option<RequestId>,
        /// When it should be done.
        due_at: Option<TimestampMs>,
        /// Who is to do it; nothing for nobody.
        assignee_id: Option<PersonId>,
        /// Its checklist, in order.
        steps: Vec<StepDraft>,
    }
    /// Starts work on an order, and the timer of the person.
    WorkOrderStart = work_order_start: changes -> Done {
        /// Which.
        work_order_id: WorkOrderId,
    }
    /// Interrupts an order.
    WorkOrderHold = work_order_hold: changes -> Done {
        /// Which.
        work_order_id: WorkOrderId,
        /// Why.
        reason: String,
        /// What it waits for, where that is on the list.
        #[serde(default)]
        cause: Option<HoldCause>,
    }
    /// Takes an order over that somebody else, or another device, has in hand.
    WorkOrderContinue = work_order_continue: changes -> Done {
        /// Which.
        work_order_id: WorkOrderId,
        /// Why.
        reason: String,
    }
    /// Lays an order aside for the person: before it runs out nobody else begins it without a reason.
    WorkOrderReserve = work_order_reserve: changes -> Done {
        /// Which.
        work_order_id: WorkOrderId,
        /// For how many hours: at most [`Reservation::HOURS_MAX`].
        hours: u32,
    }
    /// Gives an order back that was laid aside.
    WorkOrderRelease = work_order_release: changes -> Done {
        /// Which.
        work_order_id: WorkOrderId,
    }
    /// Gives an order up.
    WorkOrderCancel = work_order_cancel: changes -> Done {
        /// Which.
        work_order_id: WorkOrderId,
        /// Why.
        reason: String,
    }
    /// Hands an order to somebody.
    WorkOrderAssign = work_order_assign: changes -> Done {
        /// Which.
        work_order_id: WorkOrderId,
        /// To whom; nothing for nobody.
        assignee_id: Option<PersonId>,
    }
    /// Changes what an order says; every field is given, also those that stay.
    WorkOrderEdit = work_order_edit: changes -> Done {
        /// Which.
        work_order_id: WorkOrderId,
        /// One line of what is to be done.
        title: String,
        /// More on it.
        description: String,
        /// How urgent it is.
        priority: Priority,
        /// When it should be done.
        due_at: Option<TimestampMs>,
        /// Who is to do it; nothing for nobody.
        assignee_id: Option<PersonId>,
        /// The machine; nothing for none.
        asset_id: Option<AssetId>,
    }
    /// Records a step, or takes a record back with `outcome` empty.
    WorkStepRecord = work_step_record: changes -> Done {
        /// Which.
        work_step_id: WorkStepId,
        /// What was found.
        outcome: Option<StepOutcome>,
        /// The instrument that it was measured with, where it is named.
        #[serde(default)]
        instrument: Option<String>,
    }
    /// Adds a step to an order.
    WorkStepAdd = work_step_add: changes -> WorkStepId {
        /// The order.
        work_order_id: WorkOrderId,
        /// What it says and asks for.
        draft: StepDraft,
    }
    /// Changes a step that nobody has recorded yet.
    WorkStepEdit = work_step_edit: changes -> Done {
        /// Which.
        work_step_id: WorkStepId,
        /// What it says and asks for.
        draft: StepDraft,
    }
    /// Removes a step that nobody has recorded yet.
    WorkStepRemove = work_step_remove: changes -> Done {
        /// Which.
        work_step_id: WorkStepId,
    }
    /// Writes a note on an order.
    NoteAdd = note_add: changes -> Done {
        /// The order.
        work_order_id: WorkOrderId,
        /// What it says.
        text: String,
    }
    /// Records a part as used.
    PartUseAdd = part_use_add: changes -> Done {
        /// The order.
        work_order_id: WorkOrderId,
        /// The part.
        part_id: PartId,
        /// How many.
        quantity: Quantity,
        /// The stock location it came from, by name.
        location: Option<String>,
    }
    /// Starts the person's timer on an order.
    TimerStart = timer_start: changes -> Done {
        /// The order.
        work_order_id: WorkOrderId,
    }
    /// Stops the person's timer on an order and books its minutes.
    TimerStop = timer_stop: changes -> Done {
        /// The order.
        work_order_id: WorkOrderId,
    }
    /// Keeps a photo or file. Its bytes are on disk before this answers.
    AttachmentAdd = attachment_add: changes -> AttachmentId {
        /// The order, where it is on one.
        work_order_id: Option<WorkOrderId>,
        /// The step, where it is evidence for one.
        work_step_id: Option<WorkStepId>,
        /// The asset, where it is on one.
        asset_id: Option<AssetId>,
        /// The request, where it is on one.
        request_id: Option<RequestId>,
        /// Its media type.
        media_type: String,
        /// Its name.
        file_name: String,
        /// Its bytes, in base64.
        bytes_base64: String,
        /// The part of the machine that it is about, by its name in the model.
        #[serde(default)]
        part: Option<String>,
    }
    /// The bytes of a photo or file.
    AttachmentRead = attachment_read: reads -> AttachmentBytes {
        /// Which.
        attachment_id: AttachmentId,
    }
    /// Signs an order.
    SignatureAdd = signature_add: changes -> Done {
        /// The order.
        work_order_id: WorkOrderId,
        /// What the signature means.
        meaning: String,
    }
    /// Completes an order.
    WorkOrderClose = work_order_close: changes -> Done {
        /// Which.
        work_order_id: WorkOrderId,
        /// How.
        closing: Closing,
    }
    /// Corrects a completed order: what was booked is reversed or changed here and at the ERP.
    WorkOrderCorrect = work_order_correct: changes -> Done {
        /// Which.
        work_order_id: WorkOrderId,
        /// Why.
        reason: String,
        /// Bookings that get another duration, in minutes.
        labour: Vec<LabourCorrection>,
        /// Uses that were other quantities.
        parts: Vec<PartCorrection>,
        /// What was found, where it is to be another.
        found_text: Option<String>,
        /// What was done, where it is to be another.
        done_text: Option<String>,
    }
    /// Takes a transaction back while it is held, before anything left.
    TxnUndo = txn_undo: changes -> () {
        /// Which.
        txn_id: TxnId,
    }
    /// Something is wrong with a machine.
    RequestRaise = request_raise: changes -> RequestId {
        /// The machine.
        asset_id: AssetId,
        /// The part of it that the request is about, by its name in the machine's model.
        #[serde(default)]
        part: Option<String>,
        /// What is wrong.
        text: String,
        /// How urgent it is.
        priority: Priority,
        /// Whether the machine stands still.
        machine_down: bool,
    }
    /// Requests, newest first.
    RequestList = request_list: reads -> Vec<RequestOverview> {
        /// Only those that nobody has answered.
        open_only: bool,
    }
    /// Turns a request down.
    RequestDecline = request_decline: changes -> Done {
        /// Which.
        request_id: RequestId,
        /// Why.
        reason: String,
    }
    /// What is urgent and asks for somebody, the most urgent first.
    AlertList = alert_list: reads -> AlertsView {}
    /// Takes on what asks for somebody: it is the person's from now on.
    AlertTake = alert_take: changes -> Done {
        /// What.
        about: AlertSubject,
    }
    /// Passes on what asks for somebody.
    AlertPass = alert_pass: changes -> Done {
        /// What.
        about: AlertSubject,
        /// To whom; nothing for whoever is next in line.
        to: Option<PersonId>,
        /// What there is to say about it; may be empty.
        #[serde(default)]
        word: String,
    }
    /// The tree of assets with the state of each.
    AssetTree = asset_tree: reads -> Vec<AssetNode> {}
    /// One asset with all on it.
    AssetShow = asset_show: reads -> AssetView {
        /// Which.
        asset_id: AssetId,
    }
    /// Reads assets from CSV: all or nothing.
    AssetImport = asset_import: changes -> ImportReport {
        /// The text of the file.
        csv: String,
        /// Only say what would happen.
        dry_run: bool,
    }
    /// A file of data as understood; nothing is tried and nothing changes.
    DataPreview = data_preview: reads -> DataPreviewView {
        /// What it holds.
        kind: DataKind,
        /// The file.
        file: DataFile,
        /// What the person says about it.
        reading: DataReading,
        /// What its columns mean; nothing to find out.
        matches: Option<Vec<ColumnMatch>>,
    }
    /// Brings the rows of a file in (refused ones stay out) as one transaction, or only says what would happen.
    DataBring = data_bring: changes -> DataReport {
        /// What it holds.
        kind: DataKind,
        /// The file.
        file: DataFile,
        /// What the person says about it.
        reading: DataReading,
        /// What its columns mean.
        matches: Vec<ColumnMatch>,
        /// Only say what would happen.
        dry_run: bool,
    }
    /// Gives up the bringing of data that goes on now, where nothing of it is written yet.
    DataBringCancel = data_bring_cancel: closed(Window) -> () {}
    /// The rows of a file that are refused, in the same columns and with the reason.
    DataRefused = data_refused: reads -> FileBytes {
        /// What it holds.
        kind: DataKind,
        /// The file.
        file: DataFile,
        /// What the person says about it.
        reading: DataReading,
        /// What its columns mean.
        matches: Vec<ColumnMatch>,
        /// Reasons in the person's language, by row; in English where there is none.
        reasons: std::collections::BTreeMap<u32, String>,
    }
    /// What is here as a file that can be edited and brought in again.
    DataExport = data_export: reads -> FileBytes {
        /// What to take out.
        kind: DataKind,
        /// As what.
        format: FileFormat,
        /// Which records: those that are seen.
        seen: DataSeen,
    }
    /// Keeps a file in the person's folder for downloads, never in the place of another one.
    FileSave = file_save: closed(FilesHere) -> SavedFile {
        /// What to call it.
        file_name: String,
        /// Its bytes, in base64.
        bytes_base64: String,
    }
    /// A record as a PDF of A4 pages.
    RecordPaper = record_paper: reads -> PaperFile {
        /// Which.
        subject: PaperSubject,
        /// Its language; nothing for the one of the person who holds the device.
        #[serde(default)]
        language: Option<String>,
    }
    /// Opens a PDF that was kept in the person's folder for downloads with the system's viewer, to print it.
    PaperOpen = paper_open: closed(FilesHere) -> () {
        /// Where it lies, as `file_save` said.
        path: String,
    }
    /// Binds a tag to an asset, or changes the rule.
    TagBindingSave = tag_binding_save: changes -> Done {
        /// The rule; a nil id makes a new one.
        binding: TagBinding,
    }
    /// Removes a rule.
    TagBindingRemove = tag_binding_remove: changes -> Done {
        /// Which.
        tag_binding_id: TagBindingId,
    }
    /// Looks for a code in a picture of the camera.
    CodeRead = code_read: reads -> Option<CodeFound> {
        /// How many pixels a row has.
        width: u32,
        /// How many rows.
        height: u32,
        /// The brightness of each pixel, one byte each, row by row from the top, in base64.
        brightness_base64: String,
    }
    /// What a scanned or typed code means.
    ScanResolve = scan_resolve: reads -> ScanFinding {
        /// The code.
        code: String,
    }
    /// Learns a code for an asset.
    LabelLearn = label_learn: changes -> Done {
        /// The code.
        code: String,
        /// The asset it hangs on.
        asset_id: AssetId,
    }
    /// Says that two assets are one: whatever names the first means the second from now on.
    AssetJoin = asset_join: changes -> Done {
        /// The asset that gives way.
        asset_id: AssetId,
        /// The asset that stays.
        into: AssetId,
    }
    /// Says that an asset that gave way is one of its own after all.
    AssetSeparate = asset_separate: changes -> Done {
        /// The asset that gave way.
        asset_id: AssetId,
    }
    /// Says that two parts are one: whatever names the first means the second from now on.
    PartJoin = part_join: changes -> Done {
        /// The part that gives way.
        part_id: PartId,
        /// The part that stays.
        into: PartId,
    }
    /// Says that a part that gave way is one of its own after all.
    PartSeparate = part_separate: changes -> Done {
        /// The part that gave way.
        part_id: PartId,
    }
    /// Finds assets, orders, parts, people and tags.
    Search = search: reads -> Vec<SearchHit> {
        /// What was typed.
        text: String,
    }
    /// The series heard, with their last values.
    TagList = tag_list: reads -> Vec<LiveValue> {
        /// Only those whose name holds this text.
        containing: String,
        /// At most so many.
        limit: u32,
    }
    /// The last values of some series.
    LiveShow = live_show: reads -> Vec<LiveValue> {
        /// Which.
        series: Vec<SeriesKey>,
    }
    /// From now on the shell is told of changes of these series only; answers their last values.
    LiveWatch = live_watch: closed(Window) -> Vec<LiveValue> {
        /// Which.
        series: Vec<SeriesKey>,
    }
    /// A span of a series' history, thinned to buckets that keep every spike.
    TagHistory = tag_history: reads -> TrendView {
        /// Which.
        series: SeriesKey,
        /// From when.
        from: TimestampMs,
        /// To when, exclusive.
        to: TimestampMs,
        /// At most so many buckets.
        buckets: u32,
    }
    /// Parts, by number.
    PartList = part_list: reads -> Vec<PartOverview> {
        /// Only those whose number or name holds this text.
        containing: String,
        /// Only those used on this asset, where one is named.
        asset_id: Option<AssetId>,
    }
    /// One part with suppliers, stock and where-used list.
    PartShow = part_show: reads -> PartView {
        /// Which.
        part_id: PartId,
    }
    /// Who delivers parts, by name.
    SupplierList = supplier_list: reads -> Vec<SupplierOverview> {}
    /// What waits, what needs a person, what went.
    SyncShow = sync_show: reads -> SyncView {}
    /// Tries a delivery again now.
    DeliveryRetry = delivery_retry: changes -> () {
        /// Which.
        delivery_id: DeliveryId,
    }
    /// Gives a delivery up: its effect stays only here.
    DeliveryDiscard = delivery_discard: changes -> () {
        /// Which.
        delivery_id: DeliveryId,
        /// Why.
        reason: String,
    }
    /// Decides a card.
    ConflictResolve = conflict_resolve: changes -> Done {
        /// Which.
        conflict_id: ConflictId,
        /// Whose value stands.
        keep: Side,
    }
    /// Asks the ERP for news now.
    ErpPullNow = erp_pull_now: changes -> () {}
    /// How this device stands in a team, and the devices of it.
    TeamShow = team_show: closed(Team) -> TeamView {}
    /// The open orders of a device: in hand there, or of the person who holds it.
    TeamDeviceOrders = team_device_orders: reads -> Vec<WorkOrderOverview> {
        /// Which.
        device_id: DeviceId,
    }
    /// Says that the person who holds this device has seen what happened on another.
    TeamNoticeSeen = team_notice_seen: closed(Holder) -> () {
        /// Which.
        notice_id: Uuid,
    }
    /// Makes an invitation for one device. Only the node does.
    TeamInvite = team_invite: closed(Team) -> InvitationView {
        /// Where the node is reached: host and port.
        address: String,
        /// How many minutes it may be used.
        minutes: u32,
    }
    /// Lets a device in that asked.
    TeamAdmit = team_admit: closed(Team) -> Done {
        /// Which.
        device_id: DeviceId,
        /// What it holds.
        scope: Scope,
    }
    /// Says anew what a device holds: it fills up again with it.
    TeamScopeSet = team_scope_set: closed(Team) -> Done {
        /// Which.
        device_id: DeviceId,
        /// What it holds from now on.
        scope: Scope,
    }
    /// Takes what was laid aside of a device that is shut out; answers how many transactions were judged.
    TeamOutboxTake = team_outbox_take: closed(Team) -> u64 {
        /// Which.
        device_id: DeviceId,
    }
    /// Throws away what was laid aside of a device that is shut out.
    TeamOutboxDiscard = team_outbox_discard: closed(Team) -> () {
        /// Which.
        device_id: DeviceId,
    }
    /// Does not let a device in that asked.
    TeamTurnAway = team_turn_away: closed(Team) -> () {
        /// Which.
        device_id: DeviceId,
    }
    /// Shuts a device out: what it offers from now on is not taken, and what it holds is removed when it next speaks.
    TeamRevoke = team_revoke: closed(Team) -> Done {
        /// Which.
        device_id: DeviceId,
        /// Why.
        reason: String,
    }
    /// Asks to be let into a team.
    TeamJoin = team_join: closed(Team) -> () {
        /// The invitation, as it was scanned or pasted.
        invitation: String,
        /// What people are to call this device.
        name: String,
    }
    /// Asks no more to be let in.
    TeamJoinCancel = team_join_cancel: closed(Team) -> () {}
    /// What waits here as a letter to the team's node, where no network leads to it; on paths that people carry.
    TeamLetterWrite = team_letter_write: closed(Team) -> LetterWritten {}
    /// Takes a letter: on the node, what a device wrote; on a device, the node's answer.
    TeamLetterTake = team_letter_take: closed(Team) -> LetterTaken {
        /// The file, in base64.
        bytes_base64: String,
    }
    /// The changes of one record, newest first.
    HistoryShow = history_show: reads -> Vec<HistoryEntry> {
        /// The kind of record.
        entity: Entity,
        /// Which.
        entity_id: Uuid,
    }
    /// A shift with all that happened in it.
    ShiftShow = shift_show: reads -> ShiftView {
        /// An instant in the shift; nothing for the one that runs.
        at: Option<TimestampMs>,
    }
    /// Says when the plant's shifts begin.
    ShiftPatternSave = shift_pattern_save: changes -> Done {
        /// The shifts of a day.
        shifts: Vec<ShiftTime>,
    }
    /// Writes a line into the shift log. The bytes of its photo or voice note are on disk before this answers.
    ShiftEntryAdd = shift_entry_add: changes -> Done {
        /// What it is about.
        entry_kind: ShiftEntryKind,
        /// What it says; may be empty with a photo or voice note.
        text: String,
        /// The machine or place.
        asset_id: Option<AssetId>,
        /// The order.
        work_order_id: Option<WorkOrderId>,
        /// A photo or voice note.
        attachment: Option<AttachmentDraft>,
    }
    /// What a shift could hand over, for the person to trim.
    HandoverPrepare = handover_prepare: reads -> HandoverProposal {
        /// An instant in the shift; nothing for the one that runs, or the one before it in the first hour.
        at: Option<TimestampMs>,
    }
    /// Hands a shift over.
    HandoverGive = handover_give: changes -> Done {
        /// An instant in the shift.
        at: TimestampMs,
        /// What the person says beside the items; may be empty.
        text: String,
        /// The items of the proposal that are handed over.
        items: Vec<Uuid>,
    }
    /// Says that the person who holds the device has read items of a hand-over.
    HandoverAcknowledge = handover_acknowledge: changes -> Done {
        /// The hand-over.
        handover_id: HandoverId,
        /// The items.
        items: Vec<Uuid>,
    }
    /// Maintenance plans, those due first in front.
    PlanList = plan_list: reads -> Vec<PlanView> {
        /// Only those of this machine.
        asset_id: Option<AssetId>,
    }
    /// Makes a maintenance plan, or changes one.
    PlanSave = plan_save: changes -> Done {
        /// The plan; a nil id makes a new one.
        plan: MaintenancePlan,
    }
    /// Gives a maintenance plan up: it raises no more orders.
    PlanEnd = plan_end: changes -> Done {
        /// Which.
        maintenance_plan_id: MaintenancePlanId,
    }
    /// Records what a person read off a machine.
    ReadingAdd = reading_add: changes -> Done {
        /// The machine.
        asset_id: AssetId,
        /// What was read (`Operating hours`).
        name: String,
        /// The value, in `unit`.
        value: f64,
        /// The unit's UCUM code.
        unit: String,
    }
    /// Makes a token with which a program gives commands over HTTP. Its secret is told this once.
    TokenCreate = token_create: closed(Tokens) -> TokenMade {
        /// What people call it: the name of the program.
        name: String,
        /// Whether it may only ask.
        reads_only: bool,
        /// The commands that it may give; nothing for all that programs may.
        commands: Option<Vec<String>>,
        /// The person for whom it acts; nothing for nobody.
        person_id: Option<PersonId>,
        /// After how many days it ends.
        days: u32,
    }
    /// The tokens, newest first; never their secrets.
    TokenList = token_list: closed(Tokens) -> Vec<Token> {}
    /// Takes a token back: from now on nobody gets in with it.
    TokenRevoke = token_revoke: closed(Tokens) -> () {
        /// Which.
        token_id: TokenId,
    }
    /// Adds a receiver of changes. The secret is told this once.
    WebhookAdd = webhook_add: closed(Connections) -> WebhookMade {
        /// Where it is told.
        url: String,
        /// The kinds of record that it hears of.
        entities: Vec<Entity>,
        /// The secret with which its events are signed; nothing to draw one.
        secret: Option<String>,
        /// The authority of its server, as PEM, where the public ones do not know it.
        authority_pem: Option<String>,
    }
    /// The receivers of changes, and how they stand.
    WebhookList = webhook_list: closed(Connections) -> Vec<Webhook> {}
    /// Removes a receiver of changes, with all that it was to be told.
    WebhookRemove = webhook_remove: closed(Connections) -> () {
        /// Which.
        webhook_id: WebhookId,
    }
    /// Tells a receiver that this is a test, now; answers what it said.
    WebhookTest = webhook_test: closed(Connections) -> String {
        /// Which.
        webhook_id: WebhookId,
    }
    /// Tells a receiver again: what waits, and once more what it refused.
    WebhookResume = webhook_resume: closed(Connections) -> () {
        /// Which.
        webhook_id: WebhookId,
    }
}
