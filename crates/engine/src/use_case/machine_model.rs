//! Models of machines: CAD exchange files are read within bounds and kept as GLB with named parts.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use millwright_model::*;
use millwright_scene::import::{Imported, StlReading, read};
use millwright_scene::to_glb;

use super::actor;
use super::guide::unfit;
use crate::EngineError;
use crate::engine::Inner;
use crate::unit::Unit;

/// The media type of a binary glTF (RFC-less, registered with IANA).
const GLB: &str = "model/gltf-binary";
/// The longest file in base64.
const FILE_MAX_CHARS: usize = 50 * 1024 * 1024 / 3 * 4;

/// What a model has.
pub(crate) struct ModelShape {
    pub(crate) name: String,
    pub(crate) parts: Vec<String>,
    pub(crate) triangle_count: i64,
}

/// A file for a guide: as it came, or as GLB where it is a model.
pub(crate) struct Brought {
    pub(crate) draft: AttachmentDraft,
    pub(crate) model: Option<ModelShape>,
}

/// Reads a file that is brought; a model is read in full, so that nothing is kept that could not be shown.
pub(crate) async fn brought(
    _engine: &Inner,
    media_type: String,
    file_name: String,
    bytes_base64: String,
) -> Result<Brought, EngineError> {
    if !is_model(&media_type, &file_name) {
        return Ok(Brought { draft: AttachmentDraft { media_type, file_name, bytes_base64 }, model: None });
    }
    let refused = |reason: String| unfit(GuideFault::ModelUnfit { reason });
    if bytes_base64.len() > FILE_MAX_CHARS {
        return Err(refused(format!("it has more than {} MB", FILE_MAX_CHARS / 4 * 3 / 1_000_000)));
    }
    let bytes = STANDARD.decode(&bytes_base64).map_err(|error| refused(error.to_string()))?;
    let name = stem(&file_name).to_owned();
    // Reading takes up to a second: not on a thread that others wait for.
    let made = tokio::task::spawn_blocking(move || -> Result<_, String> {
        let Imported { model, .. } =
            read(&bytes, &name, &StlReading::default()).map_err(|error| error.to_string())?;
        let glb = to_glb(&model).map_err(|error| error.to_string())?;
        let parts: Vec<String> =
            model.parts().iter().map(|part| part.name.clone()).take(MachineModel::PARTS_MAX).collect();
        let shape = ModelShape { name, parts, triangle_count: model.drawn_triangles() as i64 };
        Ok((glb, shape))
    });
    let (glb, shape) = made.await.map_err(EngineError::internal)?.map_err(refused)?;
    let draft = AttachmentDraft {
        media_type: GLB.to_owned(),
        file_name: format!("{}.glb", shape.name),
        bytes_base64: STANDARD.encode(glb),
    };
    Ok(Brought { draft, model: Some(shape) })
}

fn is_model(media_type: &str, file_name: &str) -> bool {
    let ends = |ending: &&str| file_name.to_lowercase().ends_with(ending);
    media_type.starts_with("model/")
        || [".glb", ".gltf", ".stl", ".step", ".stp", ".iges", ".igs", ".obj", ".urdf"].iter().any(ends)
}

fn stem(file_name: &str) -> &str {
    file_name.rsplit_once('.').map_or(file_name, |(stem, _)| stem)
}

/// The record of a model that came with a guide.
pub(crate) fn of_attachment(
    unit: &Unit<'_>,
    attachment: &Attachment,
    guide: &Guide,
    shape: ModelShape,
) -> MachineModel {
    MachineModel {
        machine_model_id: unit.mint(),
        name: shape.name,
        asset_id: guide.asset_id,
        asset_class: guide.asset_class.clone(),
        attachment_id: attachment.attachment_id,
        blob: attachment.blob.clone(),
        parts: shape.parts,
        triangle_count: shape.triangle_count,
        brought_at: unit.now,
        brought_by: unit.engine.person(),
        ended_at: None,
    }
}

pub(crate) async fn list(
    engine: &Inner,
    command: MachineModelList,
) -> Result<Vec<MachineModel>, EngineError> {
    let mut session = engine.database.read().await?;
    let asset: Option<Asset> = session.get(command.asset_id).await?;
    Ok(session.models_for(&asset.ok_or(EngineError::NotFound(Missing::Machine))?).await?)
}

pub(crate) async fn end(engine: &Inner, command: MachineModelEnd) -> Result<Done, EngineError> {
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let model: MachineModel = unit.need(command.machine_model_id, Missing::Model).await?;
    let ended = MachineModel { ended_at: model.ended_at.or(Some(unit.now)), ..model.clone() };
    unit.update(&model, &ended).await?;
    unit.stale(CacheTag::Guides);
    unit.commit().await
}
