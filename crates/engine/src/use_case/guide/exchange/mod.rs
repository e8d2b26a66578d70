//! Guides as files: all of one with its pictures (JSON), text that people read and write (Markdown), and the open
//! standard for AR procedures (ARLEM).

mod arlem;
mod json;
mod markdown;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use millwright_local_db::BlobHash;
use millwright_model::*;

use super::draft::begin_with;
use super::unfit;
use crate::EngineError;
use crate::engine::Inner;
use crate::use_case::required_text;

/// The largest file of a guide, in bytes.
pub(crate) const FILE_MAX_BYTES: usize = 60 * 1024 * 1024;
const NAME_CHARS: usize = 200;

/// A picture or model that comes with a guide.
pub(crate) struct BroughtFile {
    /// What the guide calls it: the attachment that it was where it comes from.
    pub(crate) attachment_id: AttachmentId,
    pub(crate) media_type: String,
    pub(crate) file_name: String,
    pub(crate) bytes: Vec<u8>,
}

/// What a file says.
pub(crate) struct Read {
    pub(crate) format: GuideFormat,
    pub(crate) name: String,
    pub(crate) content: GuideContent,
    pub(crate) files: Vec<BroughtFile>,
    /// What it says and a guide has no place for.
    pub(crate) left_out: Vec<String>,
}

/// Reads a guide from a file of any of the formats.
///
/// # Errors
/// Why it is none, with the place.
pub(crate) fn read(file_name: &str, bytes: &[u8]) -> Result<Read, String> {
    if bytes.len() > FILE_MAX_BYTES {
        return Err(format!("it has {} bytes, and at most {FILE_MAX_BYTES} are read", bytes.len()));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return arlem::read(bytes);
    }
    let text =
        std::str::from_utf8(bytes).map_err(|error| format!("byte {} is no UTF-8", error.valid_up_to()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match text.trim_start().starts_with('{') {
        true => json::read(text),
        false => markdown::read(file_name, text),
    }
}

pub(crate) async fn export(engine: &Inner, command: GuideExport) -> Result<GuideFileOut, EngineError> {
    let mut session = engine.database.read().await?;
    let revision: Option<GuideRevision> = session.get(command.guide_revision_id).await?;
    let revision = revision.ok_or(EngineError::NotFound(Missing::Revision))?;
    let guide: Option<Guide> = session.get(revision.guide_id).await?;
    let guide = guide.ok_or(EngineError::NotFound(Missing::Guide))?;
    let stem = format!("{}-{}", safe(&guide.name), revision.number);
    let (file_name, media_type, bytes) = match command.format {
        GuideFormat::Json => {
            let mut files = Vec::new();
            for (attachment_id, blob) in named_files(&revision.content) {
                let attachment: Option<Attachment> = session.get(attachment_id).await?;
                let bytes = BlobHash::parse(&blob).map(|hash| engine.blobs.get(hash)).transpose()?.flatten();
                // A picture that has not come to this device yet is named, and its bytes are not there.
                if let (Some(attachment), Some(bytes)) = (attachment, bytes) {
                    files.push((attachment, bytes));
                }
            }
            (format!("{stem}.guide.json"), "application/json", json::written(&guide, &revision, &files)?)
        }
        GuideFormat::Markdown => {
            (format!("{stem}.md"), "text/markdown", markdown::written(&guide, &revision).into_bytes())
        }
        GuideFormat::Arlem => {
            let bytes = arlem::written(&guide, &revision).map_err(EngineError::internal)?;
            (format!("{stem}.arlem.zip"), "application/zip", bytes)
        }
    };
    Ok(GuideFileOut { file_name, media_type: media_type.to_owned(), bytes_base64: STANDARD.encode(bytes) })
}

/// A name as files may have it.
fn safe(name: &str) -> String {
    let kept = |letter: char| if letter.is_alphanumeric() { letter } else { '-' };
    let name: String = name.chars().map(kept).take(60).collect();
    name.trim_matches('-').to_owned()
}

/// The files that a guide names.
fn named_files(content: &GuideContent) -> Vec<(AttachmentId, String)> {
    let mut files: Vec<(AttachmentId, String)> =
        content.model.iter().map(|model| (model.attachment_id, model.blob.clone())).collect();
    for picture in content.steps().flat_map(|step| &step.pictures) {
        files.push((picture.attachment_id, picture.blob.clone()));
    }
    files.sort();
    files.dedup();
    files
}

pub(crate) async fn import(engine: &Inner, command: GuideImport) -> Result<GuideImported, EngineError> {
    let broken = |reason: String| unfit(GuideFault::FileUnfit { reason });
    if command.bytes_base64.len() > FILE_MAX_BYTES.div_ceil(3) * 4 {
        return Err(broken(format!("at most {FILE_MAX_BYTES} bytes are read")));
    }
    let bytes = STANDARD.decode(&command.bytes_base64).map_err(|error| broken(error.to_string()))?;
    let Read { format, name, mut content, files, mut left_out } =
        read(&command.file_name, &bytes).map_err(broken)?;
    let name = required_text(&name, Input::GuideName, NAME_CHARS)?;
    // Ids of tasks and steps stay: a guide that goes out, is changed and comes in again keeps its steps' times.
    let guide_id =
        begin_with(engine, name, content.clone(), command.asset_id, command.asset_class.clone()).await?;
    if !files.is_empty() {
        let mut brought = std::collections::BTreeMap::new();
        for file in files {
            let kept = super::file_add(
                engine,
                GuideFileAdd {
                    guide_id,
                    media_type: file.media_type,
                    file_name: file.file_name,
                    bytes_base64: STANDARD.encode(&file.bytes),
                },
            )
            .await?;
            brought.insert(file.attachment_id, kept);
        }
        name_anew(&mut content, &brought, &mut left_out);
        super::draft::say(engine, guide_id, &content).await?;
    }
    Ok(GuideImported { guide_id, format, step_count: content.steps().count() as i64, left_out })
}

/// Names the files as they are kept here; what did not come is left out by name.
fn name_anew(
    content: &mut GuideContent,
    brought: &std::collections::BTreeMap<AttachmentId, GuideFile>,
    left_out: &mut Vec<String>,
) {
    content.model = content.model.take().and_then(|model| {
        let kept = brought.get(&model.attachment_id)?;
        Some(GuideModel { attachment_id: kept.attachment_id, blob: kept.blob.clone() })
    });
    for step in content.tasks.iter_mut().flat_map(|task| &mut task.steps) {
        step.pictures.retain_mut(|picture| match brought.get(&picture.attachment_id) {
            Some(kept) => {
                (picture.attachment_id, picture.blob) = (kept.attachment_id, kept.blob.clone());
                true
            }
            None => {
                left_out.push(format!("picture {}", picture.attachment_id));
                false
            }
        });
    }
}
