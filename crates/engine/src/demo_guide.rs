//! A machine of the demo plant as guidance needs it: its model, the labels that hang on it where its model has places for
//! them, and an approved guide. Ids come from the contents, so that doing it again changes nothing.

use millwright_documents::GuideDraft;
use millwright_model::*;
use millwright_scene::machine::{Conveyor, GearReducer, LabelMount, Pump, label_mounts};
use millwright_scene::model::{Model, ModelFault};
use millwright_scene::to_glb;

use crate::EngineError;
use crate::connection::{create_once, seed_id};
use crate::unit::Unit;
use crate::use_case::document::writer;

/// How exactly the labels of the demo plant hang where they are said to: metres and radians.
const HANGS_WITHIN: (f64, f64) = (0.0005, 0.002);

/// Gives a machine its model, its labels and its guide; nothing for a machine that has not come from the ERP yet.
pub(crate) async fn seed(unit: &mut Unit<'_>, demo: &DemoGuide) -> Result<(), EngineError> {
    let Some(asset) = unit.asset_by_code(&demo.asset_code).await? else { return Ok(()) };
    let guide_id = GuideId(seed_id(&format!("guide:{}", demo.asset_code)));
    if unit.get::<Guide>(guide_id).await?.is_some() {
        return Ok(());
    }
    let model = made(demo.machine).map_err(EngineError::internal)?;
    let glb = to_glb(&model).map_err(EngineError::internal)?;
    // The bytes are on disk before the record that names them.
    let blob = unit.engine.blobs.put(&glb)?.to_string();
    let attachment = Attachment {
        attachment_id: AttachmentId(seed_id(&format!("model-file:{}", demo.asset_code))),
        work_order_id: None,
        work_step_id: None,
        asset_id: None,
        request_id: None,
        blob: blob.clone(),
        size_bytes: glb.len() as i64,
        media_type: "model/gltf-binary".to_owned(),
        file_name: format!("{}.glb", model.name()),
        taken_at: unit.now,
        taken_by: None,
        guide_id: Some(guide_id),
        part: None,
    };
    create_once(unit, &attachment).await?;
    let machine_model = MachineModel {
        machine_model_id: MachineModelId(seed_id(&format!("model:{}", demo.asset_code))),
        name: model.name().to_owned(),
        asset_id: Some(asset.asset_id),
        asset_class: None,
        attachment_id: attachment.attachment_id,
        blob: blob.clone(),
        parts: model.parts().iter().map(|part| part.name.clone()).take(MachineModel::PARTS_MAX).collect(),
        triangle_count: model.drawn_triangles() as i64,
        brought_at: unit.now,
        brought_by: None,
        ended_at: None,
    };
    create_once(unit, &machine_model).await?;
    let mounts = label_mounts(&model).map_err(EngineError::internal)?;
    for (place, mount) in mounts.iter().enumerate() {
        let label = hung(unit, demo, &asset, mount, place);
        create_once(unit, &label).await?;
    }
    let mut content = demo.content.clone();
    content.model = Some(GuideModel { attachment_id: attachment.attachment_id, blob });
    let tags = unit.tag_bindings_of(asset.asset_id).await?;
    for live in &demo.live {
        let Some(tag) = tags.iter().find(|tag| tag.name == live.tag) else { continue };
        let step = content.tasks.iter_mut().flat_map(|task| &mut task.steps);
        if let Some(step) = step.into_iter().find(|step| step.step_id == live.step_id) {
            let how = ShowHow::Value { tag_binding_id: tag.tag_binding_id };
            step.shows.push(ShownPart { part: live.part.clone(), how, label: Words::default() });
        }
    }
    written(unit, demo, &asset, guide_id, content).await
}

/// The guide with its draft and its one revision.
async fn written(
    unit: &mut Unit<'_>,
    demo: &DemoGuide,
    asset: &Asset,
    guide_id: GuideId,
    content: GuideContent,
) -> Result<(), EngineError> {
    let update_id = seed_id(&format!("draft:{}", demo.asset_code));
    let (draft, update) =
        GuideDraft::begin(&content, writer(DocumentUpdateId(update_id))).map_err(EngineError::internal)?;
    let guide = Guide {
        guide_id,
        name: demo.name.clone(),
        asset_id: Some(asset.asset_id),
        asset_class: None,
        created_at: unit.now,
        created_by: None,
        ended_at: None,
    };
    create_once(unit, &guide).await?;
    let base64 = |bytes: &[u8]| {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.encode(bytes)
    };
    let update = DocumentUpdate {
        document_update_id: DocumentUpdateId(update_id),
        document_id: guide_id.0,
        bytes: base64(&update),
        written_at: unit.now,
        written_by: None,
        written_on: None,
    };
    create_once(unit, &update).await?;
    let revision = GuideRevision {
        guide_revision_id: GuideRevisionId(seed_id(&format!("revision:{}", demo.asset_code))),
        guide_id,
        number: 1,
        content_hash: blake3::hash(&serde_json::to_vec(&content)?).to_hex().to_string(),
        draft_version: base64(&draft.version().0),
        content,
        news: String::new(),
        authors: Vec::new(),
        status: RevisionStatus::Approved,
        status_reason: None,
        submitted_at: unit.now,
        submitted_by: None,
        decided_at: Some(unit.now),
        decided_by: None,
    };
    create_once(unit, &revision).await
}

fn made(machine: DemoMachine) -> Result<Model, ModelFault> {
    match machine {
        DemoMachine::Pump => Pump::default().model(),
        DemoMachine::GearReducer => GearReducer::default().model(),
        DemoMachine::BeltConveyor => Conveyor::default().model(),
    }
}

/// The label at one of the places that a model has for labels, surveyed as the model says.
fn hung(unit: &Unit<'_>, demo: &DemoGuide, asset: &Asset, mount: &LabelMount, place: usize) -> Fiducial {
    let (scale, rotation, position) = mount.machine_from_label.to_scale_rotation_translation();
    debug_assert!((scale - 1.0).abs().max_element() < 1e-3, "a label is not scaled");
    let (sigma_m, sigma_rad) = HANGS_WITHIN;
    let survey = Survey {
        machine_from_label: Pose {
            position_m: position.to_array(),
            rotation: rotation.normalize().to_array(),
        },
        sigma: [sigma_m, sigma_m, sigma_m, sigma_rad, sigma_rad, sigma_rad],
        surveyed_at: unit.now,
        surveyed_by: None,
    };
    Fiducial {
        fiducial_id: FiducialId(seed_id(&format!("label:{}:{place}", demo.asset_code))),
        asset_id: asset.asset_id,
        family: FiducialFamily::Tag36h11,
        number: demo.first_label + place as i64,
        size_m: mount.size_m,
        name: if mount.name.is_empty() { mount.part.clone() } else { mount.name.clone() },
        bar_mm: None,
        survey: Some(survey),
        hung_at: unit.now,
        hung_by: None,
        removed_at: None,
    }
}
