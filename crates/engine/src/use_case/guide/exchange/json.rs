//! All of a guide in one JSON document, with its pictures and its model.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use millwright_model::{Attachment, AttachmentId, Guide, GuideContent, GuideFormat, GuideRevision};
use serde::{Deserialize, Serialize};

use super::{BroughtFile, Read};
use crate::EngineError;

/// What the document says it is.
const FORMAT: &str = "millwright-guide";
/// The newest version that is read and written.
const VERSION: u32 = 1;
/// The most files of a guide.
const FILES_MAX: usize = 2_000;

#[derive(Serialize, Deserialize)]
struct Document {
    format: String,
    version: u32,
    name: String,
    #[serde(default)]
    revision: i64,
    content: GuideContent,
    #[serde(default)]
    files: Vec<File>,
}

#[derive(Serialize, Deserialize)]
struct File {
    attachment_id: AttachmentId,
    media_type: String,
    file_name: String,
    bytes_base64: String,
}

pub(super) fn written(
    guide: &Guide,
    revision: &GuideRevision,
    files: &[(Attachment, Vec<u8>)],
) -> Result<Vec<u8>, EngineError> {
    let file = |(attachment, bytes): &(Attachment, Vec<u8>)| File {
        attachment_id: attachment.attachment_id,
        media_type: attachment.media_type.clone(),
        file_name: attachment.file_name.clone(),
        bytes_base64: STANDARD.encode(bytes),
    };
    let document = Document {
        format: FORMAT.to_owned(),
        version: VERSION,
        name: guide.name.clone(),
        revision: revision.number,
        content: revision.content.clone(),
        files: files.iter().map(file).collect(),
    };
    Ok(serde_json::to_vec_pretty(&document)?)
}

pub(super) fn read(text: &str) -> Result<Read, String> {
    let document: Document = serde_json::from_str(text)
        .map_err(|error| format!("line {}, column {}: {error}", error.line(), error.column()))?;
    if document.format != FORMAT {
        return Err(format!("it says that it is «{}»", document.format));
    }
    if document.version > VERSION {
        return Err(format!("it is of version {}, and {VERSION} is read here", document.version));
    }
    if document.files.len() > FILES_MAX {
        return Err(format!("it has {} files, and at most {FILES_MAX} are read", document.files.len()));
    }
    let mut files = Vec::with_capacity(document.files.len());
    for file in document.files {
        let bytes = STANDARD
            .decode(&file.bytes_base64)
            .map_err(|error| format!("file «{}»: {error}", file.file_name))?;
        files.push(BroughtFile {
            attachment_id: file.attachment_id,
            media_type: file.media_type,
            file_name: file.file_name,
            bytes,
        });
    }
    Ok(Read {
        format: GuideFormat::Json,
        name: document.name,
        content: document.content,
        files,
        left_out: Vec::new(),
    })
}
