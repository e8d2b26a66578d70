//! A board as a file: pages of A4, slides, Markdown for whoever was not there, JSON that can be read in again.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use millwright_documents::workshop::{score, to_json};
use millwright_model::*;

use super::{of_board, view_of};
use crate::EngineError;
use crate::engine::Inner;
use crate::use_case::paper;

pub(crate) async fn export(engine: &Inner, command: WorkshopExport) -> Result<WorkshopFile, EngineError> {
    let WorkshopExport { workshop_id, form, language } = command;
    let view = view_of(engine, workshop_id).await?;
    let stem = paper::workshop_stem(&view);
    let (bytes_base64, ending, media_type) = match form {
        WorkshopForm::Pdf => {
            let subject = PaperSubject::Workshop { workshop_id };
            let file = paper::record(engine, RecordPaper { subject, language }).await?;
            (file.bytes_base64, "pdf", "application/pdf")
        }
        WorkshopForm::Pptx => {
            const MEDIA_TYPE: &str =
                "application/vnd.openxmlformats-officedocument.presentationml.presentation";
            (STANDARD.encode(paper::workshop_slides(engine, view, language).await?), "pptx", MEDIA_TYPE)
        }
        WorkshopForm::Markdown => {
            let text = paper::workshop_markdown(engine, &view, language).await?;
            (STANDARD.encode(text), "md", "text/markdown")
        }
        WorkshopForm::Json => {
            let text = to_json(&view.board, &score(&view.board)).map_err(of_board)?;
            (STANDARD.encode(text), "json", "application/json")
        }
    };
    let (file_name, media_type) = (format!("{stem}.{ending}"), media_type.to_owned());
    Ok(WorkshopFile { file_name, media_type, bytes_base64 })
}
