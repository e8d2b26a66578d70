//! A store in a folder of its own, and records to put into it.
#![allow(dead_code, reason = "each test binary uses its own part of this")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set up its world fails")]

use std::collections::BTreeMap;

use millwright_local_db::*;
use millwright_model::*;
use serde_json::{Map, Value as Json};
use uuid::Uuid;

mod exercises;
mod guides;
mod scenarios;
pub use exercises::*;
pub use guides::*;
pub use scenarios::*;

pub struct Store {
    pub folder: tempfile::TempDir,
    pub directory: DataDirectory,
    pub database: Database,
    pub history: History,
    pub blobs: Blobs,
}

impl Store {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let directory = DataDirectory::open(folder.path(), "test").unwrap();
        let database = Database::open(&directory.database_path()).await.unwrap();
        let history = History::open(&directory.history_path()).await.unwrap();
        let blobs = Blobs::open(&directory.blobs_path()).unwrap();
        Self { folder, directory, database, history, blobs }
    }

    /// Writes a label with its transaction: a creation, or a change of its code from `from`.
    pub async fn write_label(&self, number: u128, code: &str, from: Option<&str>) {
        let mut session = self.database.write().await.unwrap();
        let head = session.chain_head(DEVICE).await.unwrap();
        let id = Uuid::from_u128(number);
        let op = match from {
            None => op(
                head.next_seq,
                Entity::Label,
                id,
                OpKind::Create,
                fields_of(&Label { label_id: LabelId(id), ..label(code) }),
            ),
            Some(from) => Op {
                fields: [("code".to_owned(), FieldChange { from: from.into(), to: code.into() })].into(),
                ..op(head.next_seq, Entity::Label, id, OpKind::Update, Map::new())
            },
        };
        session.apply(&op).await.unwrap();
        session
            .append(&sealed(u128::from(head.next_seq) + 100, head.next_seq, head.hash, vec![op]))
            .await
            .unwrap();
        session.commit().await.unwrap();
    }
}

pub const DEVICE: DeviceId = DeviceId(Uuid::from_u128(1));

pub fn op(seq: u64, entity: Entity, id: Uuid, kind: OpKind, fields: Map<String, Json>) -> Op {
    let fields: BTreeMap<String, FieldChange> =
        fields.into_iter().map(|(name, to)| (name, FieldChange { from: Json::Null, to })).collect();
    Op {
        op_id: OpId(Uuid::from_u128(u128::from(seq) + 1_000)),
        seq,
        actor: Actor::system(),
        entity,
        entity_id: id,
        kind,
        fields,
    }
}

pub fn sealed(number: u128, first_seq: u64, prev_hash: [u8; 32], ops: Vec<Op>) -> SealedTxn {
    let txn = Txn {
        txn_id: TxnId(Uuid::from_u128(number)),
        device_id: DEVICE,
        first_seq,
        format: OP_FORMAT,
        hlc: Hlc::from_parts(number as u64, 0),
        undoes: None,
        reason: None,
        decides: None,
        ops,
    };
    let bytes = serde_json::to_vec(&txn).unwrap();
    SealedTxn { txn, bytes, prev_hash, sig: [0; 64], recorded_at: TimestampMs(1), held_until: None }
}

pub fn delivery_id(number: u128) -> DeliveryId {
    DeliveryId(Uuid::from_u128(number))
}

pub fn new_delivery(number: u128, entity_id: Uuid) -> NewDelivery {
    NewDelivery {
        delivery_id: delivery_id(number),
        txn_id: TxnId(Uuid::from_u128(number)),
        target: DeliveryTarget::Erp,
        step: 0,
        planned: PlannedStep {
            step_key: number.to_string(),
            label: StepLabel::BookLabour { order: "4711".to_owned(), minutes: 42 },
            bytes: vec![1],
            needs: vec![],
        },
        entity: Entity::WorkOrder,
        entity_id,
        entity_label: "4711".to_owned(),
        not_before: TimestampMs(0),
        planned_at: TimestampMs(0),
    }
}

pub fn fields_of<R: Record>(record: &R) -> Map<String, Json> {
    match serde_json::to_value(record).unwrap() {
        Json::Object(map) => map,
        other => panic!("a record is an object, not {other}"),
    }
}

pub fn label(code: &str) -> Label {
    Label {
        label_id: LabelId(Uuid::from_u128(7)),
        code: code.to_owned(),
        asset_id: AssetId(Uuid::from_u128(8)),
    }
}

pub fn asset_record(code: &str, name: &str) -> Asset {
    Asset {
        asset_id: AssetId(Uuid::from_u128(7)),
        parent_id: None,
        level: AssetLevel::Machine,
        code: code.to_owned(),
        name: name.to_owned(),
        erp_number: Some("10004711".to_owned()),
        uns_path: Some("umh/v1/north/pump-house/p-101a".to_owned()),
        criticality: Criticality::A,
        class: Some("centrifugal pump".to_owned()),
        retired_at: None,
    }
}

/// A line of the shift log.
pub fn shift_entry(number: u128, written_at: i64) -> ShiftEntry {
    ShiftEntry {
        shift_entry_id: ShiftEntryId(Uuid::from_u128(number)),
        entry_kind: ShiftEntryKind::Watch,
        text: "Runs warm".to_owned(),
        asset_id: Some(AssetId(Uuid::from_u128(7))),
        work_order_id: Some(WorkOrderId(Uuid::from_u128(20))),
        attachment_id: Some(AttachmentId(Uuid::from_u128(7))),
        about: Some(ShiftEntryAbout::StaleTag {
            tag_binding_id: TagBindingId(Uuid::from_u128(7)),
            since: TimestampMs(1),
        }),
        written_at: TimestampMs(written_at),
        written_by: Some(PersonId(Uuid::from_u128(21))),
    }
}

/// A hand-over by `giver` with words and one item.
pub fn handover(number: u128, giver: u128, given_at: i64) -> Handover {
    Handover {
        handover_id: HandoverId(Uuid::from_u128(number)),
        shift_name: "Night".to_owned(),
        shift_starts_at: TimestampMs(given_at - 100),
        shift_ends_at: TimestampMs(given_at + 100),
        given_at: TimestampMs(given_at),
        given_by: PersonId(Uuid::from_u128(giver)),
        text: "Quiet".to_owned(),
        items: vec![ShiftItem {
            item_id: Uuid::from_u128(50),
            at: TimestampMs(given_at),
            by: None,
            asset_id: None,
            work_order_id: None,
            happening: ShiftHappening::OrderStarted,
        }],
    }
}

/// A plan on the machine 7.
pub fn maintenance_plan(number: u128) -> MaintenancePlan {
    MaintenancePlan {
        maintenance_plan_id: MaintenancePlanId(Uuid::from_u128(number)),
        asset_id: AssetId(Uuid::from_u128(7)),
        title: "Grease the bearings".to_owned(),
        steps: vec![StepDraft { title: "Grease".to_owned(), form: StepForm::Check, mandatory: true }],
        priority: Priority::Low,
        planned_minutes: Some(30),
        rhythm: PlanRhythm::Calendar {
            every: 2,
            unit: CalendarUnit::Week,
            first_due: CivilDate::from_days(20_000),
        },
        mode: PlanMode::Floating,
        lead_days: 3,
        last_done_at: Some(TimestampMs(1)),
        ended_at: None,
    }
}

/// An order as the ERP could have given it.
pub fn work_order(number: u128, status: WorkOrderStatus) -> WorkOrder {
    WorkOrder {
        work_order_id: WorkOrderId(Uuid::from_u128(number)),
        erp_number: None,
        local_number: None,
        title: "Grease the bearings".to_owned(),
        description: String::new(),
        work_kind: WorkKind::Preventive,
        asset_id: None,
        request_id: None,
        status,
        status_reason: None,
        priority: Priority::Medium,
        due_at: None,
        planned_start_at: None,
        planned_minutes: None,
        assignee_id: None,
        found_code: None,
        found_text: None,
        done_code: None,
        done_text: None,
        details_pending: false,
        started_at: None,
        completed_at: None,
        created_at: TimestampMs(number as i64),
        hold_cause: None,
        plan_occasion: None,
        continued: None,
        reservation: None,
        taken: None,
        passed_on: None,
        guide_revision_id: None,
    }
}

/// Creates records in one look that may write.
pub async fn put<R: Record>(store: &Store, records: &[R]) {
    let mut session = store.database.write().await.unwrap();
    for (place, record) in records.iter().enumerate() {
        let op = op(place as u64, R::ENTITY, record.record_id(), OpKind::Create, fields_of(record));
        session.apply(&op).await.unwrap();
    }
    session.commit().await.unwrap();
}

/// One full record of every kind, as fields, with the id 7.
pub fn sample_records() -> Vec<(Entity, Map<String, Json>)> {
    let id = Uuid::from_u128(7);
    let at = TimestampMs(1_000);
    let order = WorkOrderId(Uuid::from_u128(20));
    let person = PersonId(Uuid::from_u128(21));
    let date = CivilDate::from_days(20_000);
    let piece = Quantity::whole(2, "EA");
    let text = || "text".to_owned();
    vec![
        (
            Entity::Person,
            fields_of(&Person {
                person_id: PersonId(id),
                sealed_name: text(),
                sealed_erp_number: Some(text()),
                language: "de".into(),
                left_at: Some(at),
                role: Some(PersonRole::Supervisor),
            }),
        ),
        (
            Entity::Asset,
            fields_of(&Asset {
                retired_at: Some(at),
                parent_id: Some(AssetId(id)),
                ..asset_record("P-1", "Pump")
            }),
        ),
        (
            Entity::TagBinding,
            fields_of(&TagBinding {
                tag_binding_id: TagBindingId(id),
                asset_id: AssetId(id),
                series: SeriesKey(text()),
                name: text(),
                unit: "mm/s".into(),
                usual_low: Some(1.5),
                usual_high: Some(2.5),
                limit_low: Some(0.5),
                limit_high: Some(3.5),
                silence_ms: 5_000,
                position: 1,
            }),
        ),
        (Entity::Label, fields_of(&label("L"))),
        (
            Entity::FindingCode,
            fields_of(&FindingCode {
                finding_code_id: FindingCodeId(id),
                finding_kind: FindingKind::Found,
                code: text(),
                text: text(),
                asset_class: Some(text()),
            }),
        ),
        (
            Entity::Supplier,
            fields_of(&Supplier { supplier_id: SupplierId(id), number: text(), name: text() }),
        ),
        (
            Entity::Part,
            fields_of(&Part {
                part_id: PartId(id),
                number: text(),
                name: text(),
                unit: "EA".into(),
                alternates: vec![PartId(id)],
            }),
        ),
        (
            Entity::Offer,
            fields_of(&Offer {
                offer_id: OfferId(id),
                part_id: PartId(id),
                supplier_id: SupplierId(id),
                lead_time_days: 5,
                price_hundredths: Some(1_250),
                currency: Some("EUR".into()),
            }),
        ),
        (
            Entity::WhereUsed,
            fields_of(&WhereUsed {
                where_used_id: WhereUsedId(id),
                part_id: PartId(id),
                asset_id: AssetId(id),
                quantity: piece.clone(),
                place: Some(text()),
            }),
        ),
        (
            Entity::Stock,
            fields_of(&Stock {
                stock_id: StockId(id),
                part_id: PartId(id),
                location: text(),
                bin: Some(text()),
                on_hand: piece.clone(),
                as_of: at,
            }),
        ),
        (
            Entity::Request,
            fields_of(&Request {
                request_id: RequestId(id),
                erp_number: Some(text()),
                local_number: Some(text()),
                asset_id: AssetId(id),
                part: Some(text()),
                text: text(),
                priority: Priority::High,
                machine_down: true,
                status: RequestStatus::New,
                status_reason: Some(text()),
                raised_at: at,
                raised_by: Some(person),
                taken: Some(Taken { by: PersonId(id), on: DeviceId(id), at: TimestampMs(1) }),
                passed_on: Some(PassedOn {
                    by: PersonId(id),
                    on: DeviceId(id),
                    at: TimestampMs(1),
                    to: Some(PersonId(id)),
                    word: text(),
                }),
            }),
        ),
        (
            Entity::WorkOrder,
            fields_of(&WorkOrder {
                work_order_id: WorkOrderId(id),
                erp_number: Some(text()),
                local_number: Some(text()),
                title: text(),
                description: text(),
                work_kind: WorkKind::Corrective,
                asset_id: Some(AssetId(id)),
                request_id: Some(RequestId(id)),
                status: WorkOrderStatus::Released,
                status_reason: Some(text()),
                priority: Priority::High,
                due_at: Some(at),
                planned_start_at: Some(at),
                planned_minutes: Some(30),
                assignee_id: Some(person),
                found_code: Some(text()),
                found_text: Some(text()),
                done_code: Some(text()),
                done_text: Some(text()),
                details_pending: true,
                started_at: Some(at),
                completed_at: Some(at),
                created_at: at,
                hold_cause: Some(HoldCause::Part),
                plan_occasion: Some(PlanOccasion {
                    maintenance_plan_id: MaintenancePlanId(id),
                    due: OccasionDue::Day(date),
                }),
                continued: Some(Continued {
                    from_person: Some(PersonId(id)),
                    from_device: Some(DeviceId(id)),
                    by: PersonId(id),
                    on: DeviceId(id),
                    at: TimestampMs(1),
                    reason: "Tablet empty".into(),
                }),
                reservation: Some(Reservation {
                    by: PersonId(id),
                    on: DeviceId(id),
                    at: TimestampMs(1),
                    until: TimestampMs(2),
                }),
                taken: Some(Taken { by: PersonId(id), on: DeviceId(id), at: TimestampMs(1) }),
                passed_on: Some(PassedOn {
                    by: PersonId(id),
                    on: DeviceId(id),
                    at: TimestampMs(1),
                    to: Some(PersonId(id)),
                    word: text(),
                }),
                guide_revision_id: Some(GuideRevisionId(id)),
            }),
        ),
        (
            Entity::WorkStep,
            fields_of(&WorkStep {
                work_step_id: WorkStepId(id),
                work_order_id: order,
                position: 1,
                title: text(),
                hint: Some(text()),
                form: StepForm::Check,
                mandatory: true,
                outcome: Some(StepOutcome::Checked),
                recorded_at: Some(at),
                recorded_by: Some(person),
                instrument: Some(text()),
                guide_place: Some(GuidePlace {
                    guide_revision_id: GuideRevisionId(id),
                    step_id: GuideStepId(id),
                    evidence: 1,
                }),
            }),
        ),
        (
            Entity::Labour,
            fields_of(&Labour {
                labour_id: LabourId(id),
                work_order_id: order,
                person_id: person,
                minutes: -5,
                worked_on: date,
                corrects: Some(LabourId(id)),
                reason: Some(text()),
                recorded_at: at,
            }),
        ),
        (
            Entity::LabourTimer,
            fields_of(&LabourTimer {
                timer_id: TimerId(id),
                work_order_id: order,
                person_id: person,
                started_at: at,
                stopped_at: Some(at),
            }),
        ),
        (
            Entity::PartUse,
            fields_of(&PartUse {
                part_use_id: PartUseId(id),
                work_order_id: order,
                part_id: PartId(id),
                quantity: piece,
                location: Some(text()),
                corrects: Some(PartUseId(id)),
                reason: Some(text()),
                recorded_at: at,
                recorded_by: Some(person),
            }),
        ),
        (
            Entity::Note,
            fields_of(&Note {
                note_id: NoteId(id),
                work_order_id: Some(order),
                asset_id: Some(AssetId(id)),
                text: text(),
                written_at: at,
                written_by: Some(person),
            }),
        ),
        (
            Entity::Attachment,
            fields_of(&Attachment {
                attachment_id: AttachmentId(id),
                work_order_id: Some(order),
                work_step_id: Some(WorkStepId(id)),
                asset_id: Some(AssetId(id)),
                request_id: Some(RequestId(id)),
                blob: text(),
                size_bytes: 5,
                media_type: text(),
                file_name: text(),
                taken_at: at,
                taken_by: Some(person),
                guide_id: Some(GuideId(id)),
                part: Some(text()),
            }),
        ),
        (
            Entity::Signature,
            fields_of(&Signature {
                signature_id: SignatureId(id),
                work_order_id: order,
                person_id: person,
                meaning: text(),
                attachment_id: Some(AttachmentId(id)),
                signed_at: at,
            }),
        ),
        (
            Entity::Reading,
            fields_of(&Reading {
                reading_id: ReadingId(id),
                asset_id: AssetId(id),
                work_order_id: Some(order),
                name: text(),
                value: 1.5,
                unit: "h".into(),
                corrects: Some(ReadingId(id)),
                reason: Some(text()),
                read_at: at,
                read_by: Some(person),
            }),
        ),
        (
            Entity::PlainConsent,
            fields_of(&PlainConsent {
                plain_consent_id: PlainConsentId(id),
                target: DeliveryTarget::Erp,
                host: text(),
                reason: text(),
                accepted_at: at,
                accepted_by: person,
                ended_at: Some(at),
            }),
        ),
        (
            Entity::Alias,
            fields_of(&Alias {
                alias_id: AliasId(id),
                record_kind: Entity::Asset,
                winner_id: Uuid::from_u128(8),
            }),
        ),
        (
            Entity::Device,
            fields_of(&Device {
                device_id: DeviceId(id),
                code: "ABC".into(),
                name: text(),
                verifying_key: text(),
                sealing_key: text(),
                scope: Scope { areas: vec![AssetId(id)] },
                joined_at: at,
                revoked_at: Some(at),
                revoked_reason: Some(text()),
            }),
        ),
        (
            Entity::Downtime,
            fields_of(&Downtime {
                downtime_id: DowntimeId(id),
                asset_id: AssetId(id),
                from_at: at,
                to_at: Some(at),
                reason_code: Some(text()),
                reason_text: Some(text()),
                recorded_by: Some(person),
            }),
        ),
        (Entity::Skill, fields_of(&Skill { skill_id: SkillId(id), code: text(), name: text() })),
        (
            Entity::SkillLevel,
            fields_of(&SkillLevel {
                skill_level_id: SkillLevelId(id),
                person_id: person,
                skill_id: SkillId(id),
                level: 3,
                valid_until: Some(date),
            }),
        ),
        (
            Entity::ShiftPattern,
            fields_of(&ShiftPattern { shift_pattern_id: ShiftPatternId(id), shifts: ShiftTime::usual() }),
        ),
        (Entity::ShiftEntry, fields_of(&shift_entry(7, at.0))),
        (Entity::Handover, fields_of(&handover(7, 8, at.0))),
        (
            Entity::HandoverAcknowledgement,
            fields_of(&HandoverAcknowledgement {
                handover_acknowledgement_id: AcknowledgementId(id),
                handover_id: HandoverId(id),
                item_id: Uuid::from_u128(8),
                person_id: person,
                acknowledged_at: at,
            }),
        ),
        (Entity::MaintenancePlan, fields_of(&maintenance_plan(7))),
        (Entity::Guide, fields_of(&guide(7))),
        (Entity::DocumentUpdate, fields_of(&document_update(7, 8, 9))),
        (Entity::GuideRevision, fields_of(&guide_revision(7, 8, 1, RevisionStatus::Withdrawn))),
        (Entity::GuideRead, fields_of(&guide_read(7, 8, 9))),
        (Entity::StepTime, fields_of(&step_time(7, 8, 9))),
        (Entity::Fiducial, fields_of(&fiducial(7, 8, 9))),
        (Entity::CameraProfile, fields_of(&camera_profile(7, "USB camera"))),
        (Entity::MachineModel, fields_of(&machine_model(7))),
        (Entity::EnergySource, fields_of(&energy_source(7, 8))),
        (Entity::Scenario, fields_of(&scenario(7))),
        (Entity::ScenarioBaseline, fields_of(&scenario_baseline(7, 8, 9))),
        (Entity::ScenarioDecision, fields_of(&scenario_decision(7, 8, 9))),
        (Entity::ScenarioOutcome, fields_of(&scenario_outcome(7, 8, 9))),
        (Entity::Signpost, fields_of(&signpost(7, 8))),
        (Entity::SignpostCrossing, fields_of(&signpost_crossing(7, 8, 9))),
        (Entity::Workshop, fields_of(&workshop(7, 9))),
        (Entity::Exercise, fields_of(&exercise(7, 8, 9))),
        (Entity::ExerciseRole, fields_of(&exercise_role(7, 8, 9))),
        (Entity::ExerciseInject, fields_of(&exercise_inject(7, 8, 9))),
        (Entity::ExerciseMove, fields_of(&exercise_move(7, 8, 9))),
        (Entity::ExerciseEntry, fields_of(&exercise_entry(7, 8, 9))),
        (Entity::ExerciseAction, fields_of(&exercise_action(7, 8))),
    ]
}
