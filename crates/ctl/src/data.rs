//! Files of data at a terminal: how they are understood, bringing them in, and taking out what is here.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use millwright_model::*;

use crate::cli::{DataAct, FileArguments};
use crate::face::{Face, internal};
use crate::output::answer;
use crate::run::invalid;

pub(crate) async fn act(face: &Face, json: bool, act: &DataAct) -> Result<(), ApiError> {
    match act {
        DataAct::Preview { file } => {
            let (view, _file) = preview(face, file).await?;
            answer(json, "data-preview", &view, preview_lines)
        }
        DataAct::Import { file, dry_run, refused } => {
            import(face, json, file, *dry_run, refused.as_deref()).await
        }
        DataAct::Export { kind, file, format, containing, open } => {
            let format = match format {
                Some(format) => *format,
                None => format_of(file)?,
            };
            let orders = WorkOrderFilter { open_only: *open, ..WorkOrderFilter::default() };
            let seen = DataSeen { containing: containing.clone(), orders };
            let out = face.call(DataExport { kind: *kind, format, seen }).await?;
            write_new(file, &out.bytes_base64)?;
            let saved = SavedFile { path: file.display().to_string() };
            answer(json, "data-export", &saved, |saved| vec![format!("{} rows in {}", out.rows, saved.path)])
        }
    }
}

async fn import(
    face: &Face,
    json: bool,
    arguments: &FileArguments,
    dry_run: bool,
    refused: Option<&Path>,
) -> Result<(), ApiError> {
    let (view, file) = preview(face, arguments).await?;
    let (kind, reading, matches) = (arguments.kind, reading(arguments), view.matches);
    let command =
        DataBring { kind, file: file.clone(), reading: reading.clone(), matches: matches.clone(), dry_run };
    let report = face.call(command).await?;
    if let Some(path) = refused.filter(|_| report.refused > 0) {
        let out = face.call(DataRefused { kind, file, reading, matches, reasons: BTreeMap::new() }).await?;
        write_new(path, &out.bytes_base64)?;
    }
    answer(json, "data-import", &report, report_lines)?;
    match (report.refused, dry_run) {
        (0, _) => Ok(()),
        (count, true) => Err(invalid(format!("{count} rows would be refused. Nothing was changed."))),
        (count, false) => Err(invalid(format!("{count} rows were refused; the others came in."))),
    }
}

/// How a file is understood, and the file.
async fn preview(face: &Face, arguments: &FileArguments) -> Result<(DataPreviewView, DataFile), ApiError> {
    let path = &arguments.file;
    let bytes = std::fs::read(path).map_err(|error| invalid(format!("{}: {error}", path.display())))?;
    let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let file = DataFile { file_name, bytes_base64: STANDARD.encode(bytes) };
    let command =
        DataPreview { kind: arguments.kind, file: file.clone(), reading: reading(arguments), matches: None };
    let view = face.call(command.clone()).await?;
    if arguments.matches.is_empty() {
        return Ok((view, file));
    }
    let said =
        arguments.matches.iter().map(|text| matched(text, &view.columns)).collect::<Result<Vec<_>, _>>()?;
    // What is said goes before what is known by name.
    let mut matches = view.matches;
    matches.retain(|one| !said.iter().any(|said| said.column == one.column || said.field == one.field));
    matches.extend(said);
    let view = face.call(DataPreview { matches: Some(matches), ..command }).await?;
    Ok((view, file))
}

fn reading(arguments: &FileArguments) -> DataReading {
    DataReading {
        encoding: arguments.encoding,
        separator: arguments.separator,
        decimal_mark: arguments.decimal_mark,
        sheet: arguments.sheet.clone(),
        header_row: arguments.header_row,
    }
}

/// What `COLUMN=FIELD` says; the field stands behind the last `=`.
fn matched(text: &str, columns: &[FileColumn]) -> Result<ColumnMatch, ApiError> {
    let (column, field) =
        text.rsplit_once('=').ok_or_else(|| invalid(format!("«{text}» is not COLUMN=FIELD")))?;
    let by_name = columns.iter().position(|known| known.header == column);
    let by_letter = || columns.iter().position(|known| known.letter.eq_ignore_ascii_case(column));
    let place = by_name.or_else(by_letter).and_then(|place| u32::try_from(place).ok());
    let column = place.ok_or_else(|| invalid(format!("the file has no column «{column}»")))?;
    let field = DataField::parse(field).ok_or_else(|| {
        let known: Vec<&str> = DataField::ALL.iter().map(|field| field.as_str()).collect();
        invalid(format!("«{field}» is not a field ({})", known.join(", ")))
    })?;
    Ok(ColumnMatch { column, field })
}

fn format_of(file: &Path) -> Result<FileFormat, ApiError> {
    let extension = file.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    extension
        .as_deref()
        .and_then(FileFormat::parse)
        .ok_or_else(|| invalid(format!("{}: end it in .csv or .xlsx, or give --format", file.display())))
}

/// Writes a file that was not there before.
pub(crate) fn write_new(path: &Path, bytes_base64: &str) -> Result<(), ApiError> {
    let bytes = STANDARD.decode(bytes_base64).map_err(internal)?;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .map_err(|error| invalid(format!("{}: {error}", path.display())))?;
    file.write_all(&bytes).and_then(|()| file.sync_all()).map_err(internal)
}

fn preview_lines(view: &DataPreviewView) -> Vec<String> {
    let understood = &view.understood;
    let mut said = vec![understood.format.to_string()];
    said.extend(understood.encoding.map(|encoding| encoding.to_string()));
    said.extend(understood.separator.map(|separator| format!("separator {separator}")));
    said.extend(understood.decimal_mark.map(|mark| format!("decimal {mark}")));
    said.extend(understood.sheet.as_ref().map(|sheet| format!("sheet «{sheet}»")));
    said.push(format!("names in row {}", understood.header_row));
    said.push(format!("{} rows", understood.rows));
    if understood.matrix {
        said.push("a matrix, read as one row per person and skill".to_owned());
    }
    if understood.formulas > 0 {
        said.push(format!("{} formulas, taken by their last result", understood.formulas));
    }
    let mut lines = vec![said.join(", ")];
    for (place, column) in view.columns.iter().enumerate() {
        let meant = view.matches.iter().find(|one| one.column as usize == place);
        let meant = meant.map_or("–", |one| one.field.as_str());
        lines.push(format!("{}\t{}\t{meant}", column.letter, column.header));
    }
    lines.extend(view.missing.iter().map(|field| format!("missing\t{field}")));
    lines.extend(view.open_number.as_ref().map(|open| {
        format!(
            "{}{}: «{}» can be {} or {}: give --decimal-mark comma or point",
            open.column, open.row, open.given, open.with_comma, open.with_point
        )
    }));
    lines
}

fn report_lines(report: &DataReport) -> Vec<String> {
    let mut lines = vec![format!(
        "{} new, {} changed, {} as they were, {} refused",
        report.new, report.changed, report.same, report.refused
    )];
    lines.extend(report.refused_rows.iter().map(|refusal| match &refusal.column {
        Some(column) => format!("row {} ({column}): {refusal}", refusal.row),
        None => format!("row {}: {refusal}", refusal.row),
    }));
    lines
}
