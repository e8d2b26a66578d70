//! Records as PDFs at a terminal.

use millwright_model::*;

use crate::cli::PdfWords;
use crate::data::write_new;
use crate::face::Face;
use crate::output::answer;

/// Writes a record into a file that was not there before.
pub(crate) async fn write(
    face: &Face,
    json: bool,
    subject: PaperSubject,
    words: &PdfWords,
) -> Result<(), ApiError> {
    let made = face.call(RecordPaper { subject, language: words.language.clone() }).await?;
    write_new(&words.out, &made.bytes_base64)?;
    let saved = SavedFile { path: words.out.display().to_string() };
    answer(json, "record-pdf", &saved, |saved| {
        vec![format!("{} is written: {} of A4.", saved.path, made.pages)]
    })
}

/// The request that a number or id names.
pub(crate) async fn find_request(face: &Face, request: &str) -> Result<RequestId, ApiError> {
    if let Ok(id) = request.parse::<RequestId>() {
        return Ok(id);
    }
    let all = face.call(RequestList { open_only: false }).await?;
    let named = |view: &&RequestOverview| {
        let numbers = [&view.request.erp_number, &view.request.local_number];
        numbers.into_iter().flatten().any(|number| number == request)
    };
    all.iter()
        .find(named)
        .map(|view| view.request.request_id)
        .ok_or_else(|| ApiError::new(Code::NotFound, format!("There is no request {request} here")))
}

/// The part that a number names.
pub(crate) async fn find_part(face: &Face, part: &str) -> Result<PartId, ApiError> {
    let all = face.call(PartList { containing: part.to_owned(), asset_id: None }).await?;
    all.iter()
        .find(|view| view.part.number == part)
        .map(|view| view.part.part_id)
        .ok_or_else(|| ApiError::new(Code::NotFound, format!("There is no part {part} here")))
}
