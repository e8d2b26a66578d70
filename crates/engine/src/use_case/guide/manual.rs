//! Manuals of makers: brought as PDF, looked at page by page, and a piece of a page kept as the picture of a step.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use millwright_local_db::BlobHash;
use millwright_manual::{Area, Manual, ManualFault};
use millwright_model::*;

use super::{file_add, unfit};
use crate::EngineError;
use crate::engine::Inner;

/// What manuals are.
pub(super) const PDF: &str = "application/pdf";
/// How sharp a piece of a page is kept: what stands on a tablet is not read more sharply.
const DOTS_PER_INCH: u32 = 200;

fn shown(fault: ManualFault) -> EngineError {
    unfit(GuideFault::ManualUnfit { reason: fault.to_string() })
}

/// Looks whether a file is a manual that can be shown, before anything is kept of it.
pub(super) async fn look(bytes: Vec<u8>) -> Result<(), EngineError> {
    let opened = tokio::task::spawn_blocking(move || Manual::open(bytes).map(drop));
    opened.await.map_err(EngineError::internal)?.map_err(shown)
}

async fn bytes_of(
    engine: &Inner,
    attachment_id: AttachmentId,
) -> Result<(Attachment, Arc<[u8]>), EngineError> {
    let attachment: Option<Attachment> = engine.database.read().await?.get(attachment_id).await?;
    let attachment = attachment.ok_or(EngineError::NotFound(Missing::Photo))?;
    let bytes = BlobHash::parse(&attachment.blob).map(|hash| engine.blobs.get(hash)).transpose()?.flatten();
    let bytes = bytes.ok_or(EngineError::NotFound(Missing::Photo))?;
    Ok((attachment, bytes.into()))
}

pub(crate) async fn list(engine: &Inner, command: ManualList) -> Result<Vec<Attachment>, EngineError> {
    Ok(engine.database.read().await?.files_of_guide(command.guide_id, PDF).await?)
}

pub(crate) async fn page(engine: &Inner, command: ManualPage) -> Result<ManualPageView, EngineError> {
    let (_, bytes) = bytes_of(engine, command.attachment_id).await?;
    let ManualPage { page, longest_px, .. } = command;
    // Drawing takes up to seconds: not on a thread that others wait for.
    let drawn = tokio::task::spawn_blocking(move || {
        let manual = Manual::open(bytes)?;
        let picture = manual.page_picture(page, longest_px)?;
        Ok((manual.page_count(), picture.width_px, picture.height_px, picture.to_png()?))
    });
    let (page_count, width_px, height_px, png) =
        drawn.await.map_err(EngineError::internal)?.map_err(shown)?;
    Ok(ManualPageView {
        page,
        page_count,
        width_px,
        height_px,
        media_type: "image/png".to_owned(),
        bytes_base64: STANDARD.encode(png),
    })
}

pub(crate) async fn crop(engine: &Inner, command: ManualCrop) -> Result<GuideFile, EngineError> {
    let (manual, bytes) = bytes_of(engine, command.attachment_id).await?;
    let ManualCrop { guide_id, page, area: PageArea { left, top, width, height }, .. } = command;
    let cut = tokio::task::spawn_blocking(move || {
        Manual::open(bytes)?.crop(page, Area { left, top, width, height }, DOTS_PER_INCH)
    });
    let cut = cut.await.map_err(EngineError::internal)?.map_err(shown)?;
    let stem = manual.file_name.rsplit_once('.').map_or(manual.file_name.as_str(), |(stem, _)| stem);
    let picture = GuideFileAdd {
        guide_id,
        media_type: "image/png".to_owned(),
        file_name: format!("{stem} · {page}.png"),
        bytes_base64: STANDARD.encode(cut.png),
    };
    file_add(engine, picture).await
}
