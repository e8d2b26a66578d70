//! Guides, labels, models, sources of energy and workshops to put into a store.

use millwright_model::*;
use uuid::Uuid;

const AT: TimestampMs = TimestampMs(1_000);

fn person() -> Option<PersonId> {
    Some(PersonId(Uuid::from_u128(21)))
}

/// A guide that was given up, for a machine and a class.
pub fn guide(number: u128) -> Guide {
    Guide {
        guide_id: GuideId(Uuid::from_u128(number)),
        name: format!("Guide {number}"),
        asset_id: Some(AssetId(Uuid::from_u128(7))),
        asset_class: Some("pump".into()),
        created_at: AT,
        created_by: person(),
        ended_at: Some(AT),
    }
}

pub fn document_update(number: u128, document: u128, written_at: i64) -> DocumentUpdate {
    DocumentUpdate {
        document_update_id: DocumentUpdateId(Uuid::from_u128(number)),
        document_id: Uuid::from_u128(document),
        bytes: "AAAA".into(),
        written_at: TimestampMs(written_at),
        written_by: person(),
        written_on: Some(DeviceId(Uuid::from_u128(2))),
    }
}

pub fn guide_revision(number: u128, guide: u128, revision: i64, status: RevisionStatus) -> GuideRevision {
    GuideRevision {
        guide_revision_id: GuideRevisionId(Uuid::from_u128(number)),
        guide_id: GuideId(Uuid::from_u128(guide)),
        number: revision,
        content: GuideContent {
            language: "en".into(),
            title: Words::of("en", "Seal"),
            tasks: Vec::new(),
            model: None,
            stand_ins: Vec::new(),
        },
        content_hash: "00".repeat(32),
        draft_version: "v".into(),
        news: "First".into(),
        authors: person().into_iter().collect(),
        status,
        status_reason: Some("A new seal".into()),
        submitted_at: TimestampMs(number as i64),
        submitted_by: person(),
        decided_at: Some(AT),
        decided_by: person(),
    }
}

pub fn guide_read(number: u128, revision: u128, reader: u128) -> GuideRead {
    GuideRead {
        guide_read_id: GuideReadId(Uuid::from_u128(number)),
        guide_revision_id: GuideRevisionId(Uuid::from_u128(revision)),
        person_id: PersonId(Uuid::from_u128(reader)),
        read_at: AT,
    }
}

pub fn step_time(number: u128, revision: u128, recorded_at: i64) -> StepTime {
    StepTime {
        step_time_id: StepTimeId(Uuid::from_u128(number)),
        guide_revision_id: GuideRevisionId(Uuid::from_u128(revision)),
        step_id: GuideStepId(Uuid::from_u128(1)),
        work_order_id: Some(WorkOrderId(Uuid::from_u128(20))),
        took_ms: 9_000,
        recorded_at: TimestampMs(recorded_at),
    }
}

/// A label that was surveyed and taken down.
pub fn fiducial(number: u128, asset: u128, printed: i64) -> Fiducial {
    Fiducial {
        fiducial_id: FiducialId(Uuid::from_u128(number)),
        asset_id: AssetId(Uuid::from_u128(asset)),
        family: FiducialFamily::Tag36h11,
        number: printed,
        size_m: 0.1,
        name: "Motor, north".into(),
        bar_mm: Some(99.5),
        survey: Some(Survey {
            machine_from_label: Pose::IDENTITY,
            sigma: [0.001; 6],
            surveyed_at: AT,
            surveyed_by: person(),
        }),
        hung_at: AT,
        hung_by: person(),
        removed_at: Some(AT),
    }
}

pub fn camera_profile(number: u128, camera: &str) -> CameraProfile {
    CameraProfile {
        camera_profile_id: CameraProfileId(Uuid::from_u128(number)),
        camera: camera.into(),
        width_px: 1280,
        height_px: 720,
        focus: "fixed".into(),
        intrinsics_px: [900.0, 900.5, 640.0, 360.0],
        distortion: [0.1, -0.01, 0.0, 0.001, 0.0],
        sigma_px: [0.5; 4],
        residual_px: 0.2,
        coverage: 0.8,
        picture_count: 20,
        made_at: TimestampMs(number as i64),
        made_by: person(),
        ended_at: Some(AT),
    }
}

pub fn machine_model(number: u128) -> MachineModel {
    MachineModel {
        machine_model_id: MachineModelId(Uuid::from_u128(number)),
        name: "Pump".into(),
        asset_id: Some(AssetId(Uuid::from_u128(7))),
        asset_class: Some("pump".into()),
        attachment_id: AttachmentId(Uuid::from_u128(3)),
        blob: "00".repeat(32),
        parts: vec!["housing".into(), "seal".into()],
        triangle_count: 1_200,
        brought_at: TimestampMs(number as i64),
        brought_by: person(),
        ended_at: Some(AT),
    }
}

pub fn energy_source(number: u128, asset: u128) -> EnergySource {
    EnergySource {
        energy_source_id: EnergySourceId(Uuid::from_u128(number)),
        asset_id: AssetId(Uuid::from_u128(asset)),
        name: format!("Source {number}"),
        energy: EnergyKind::Electrical,
        tag_binding_id: Some(TagBindingId(Uuid::from_u128(4))),
        bound_by: person(),
        approved_by: person(),
        approved_at: Some(AT),
        isolated_at: "Main switch Q1".into(),
        ended_at: Some(AT),
    }
}

/// A workshop that ended.
pub fn workshop(number: u128, created_at: i64) -> Workshop {
    Workshop {
        workshop_id: WorkshopId(Uuid::from_u128(number)),
        title: format!("SWOT {number}"),
        created_at: TimestampMs(created_at),
        created_by: person(),
        created_on: Some(DeviceId(Uuid::from_u128(2))),
        held_on: Some(CivilDate::from_days(20_000)),
        ended_at: Some(AT),
        door: Some(WorkshopDoor {
            opened_at: AT,
            opened_on: DeviceId(Uuid::from_u128(2)),
            address: "192.168.1.20:8123".into(),
            reason: "Network of the meeting room".into(),
        }),
    }
}
