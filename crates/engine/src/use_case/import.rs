//! Assets from CSV: every row is understood or the whole file is refused, row by row with the reason.

use std::collections::{BTreeMap, BTreeSet};

use millwright_model::*;

use super::actor;
use crate::EngineError;
use crate::engine::Inner;
use crate::unit::Unit;

const COLUMNS: [&str; 8] =
    ["code", "name", "level", "parent", "erp_number", "uns_path", "criticality", "class"];
const ROWS_MAX: usize = 100_000;
const FILE_BYTES_MAX: usize = 64 * 1024 * 1024;

struct Row {
    line: i64,
    code: String,
    parent: Option<String>,
    asset: Asset,
}

pub(crate) async fn assets(engine: &Inner, command: AssetImport) -> Result<ImportReport, EngineError> {
    let mut report = ImportReport::default();
    let rows = read_rows(&command.csv, &mut report)?;
    let mut unit = Unit::begin(engine, actor(engine).unwrap_or_else(|_nobody| Actor::system())).await?;
    let known: BTreeMap<String, Asset> =
        unit.assets().await?.into_iter().map(|asset| (asset.code.clone(), asset)).collect();
    let mut ids: BTreeMap<String, AssetId> =
        known.iter().map(|(code, asset)| (code.clone(), asset.asset_id)).collect();
    for row in &rows {
        if !ids.contains_key(&row.code) {
            ids.insert(row.code.clone(), unit.mint());
        }
    }
    for row in &rows {
        let parent_id = match &row.parent {
            None => None,
            Some(parent) => match ids.get(parent) {
                Some(parent_id) => Some(*parent_id),
                None => {
                    report.refused.push(RefusedRow {
                        line: row.line,
                        reason: format!("the parent «{parent}» is neither in the file nor here"),
                    });
                    continue;
                }
            },
        };
        let Some(asset_id) = ids.get(&row.code).copied() else { continue };
        let after = Asset { asset_id, parent_id, ..row.asset.clone() };
        match known.get(&row.code) {
            None => {
                report.created += 1;
                unit.create(&after).await?;
            }
            Some(before) if *before == after => report.same += 1,
            Some(before) => {
                report.changed += 1;
                unit.update(before, &after).await?;
            }
        }
    }
    report.refused.sort_by_key(|refused| refused.line);
    if command.dry_run || !report.refused.is_empty() {
        // Leaving the unit without a commit leaves everything as it was.
        return Ok(report);
    }
    unit.stale(CacheTag::Assets);
    unit.commit().await?;
    Ok(report)
}

/// The rows of a file, for the fuzz target.
pub(crate) fn fuzzed(text: &str) {
    let mut report = ImportReport::default();
    if let Ok(rows) = read_rows(text, &mut report) {
        assert!(rows.iter().all(|row| !row.code.is_empty()), "a row without a code");
    }
}

fn read_rows(text: &str, report: &mut ImportReport) -> Result<Vec<Row>, EngineError> {
    if text.len() > FILE_BYTES_MAX {
        let (bytes, limit) = (text.len() as u64, FILE_BYTES_MAX as u64);
        return Err(EngineError::Invalid(Refusal::ImportTooLarge { bytes, limit }));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let first = text.lines().next().unwrap_or_default();
    let delimiter = [b';', b'\t']
        .into_iter()
        .find(|delimiter| first.bytes().any(|byte| byte == *delimiter))
        .unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers().map_err(csv_error)?.iter().map(str::to_lowercase).collect();
    let unknown: Vec<String> =
        header.iter().filter(|name| !COLUMNS.contains(&name.as_str())).cloned().collect();
    let missing: Vec<String> = ["code", "name", "level"]
        .into_iter()
        .filter(|name| !header.iter().any(|column| column == name))
        .map(str::to_owned)
        .collect();
    if !unknown.is_empty() || !missing.is_empty() {
        let known = COLUMNS.join(", ");
        return Err(EngineError::Invalid(Refusal::ColumnsUnfit { missing, unknown, known }));
    }
    let mut rows: Vec<Row> = Vec::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for record in reader.records() {
        let record = record.map_err(csv_error)?;
        if rows.len() >= ROWS_MAX {
            return Err(EngineError::Invalid(Refusal::TooManyRows { limit: ROWS_MAX as u64 }));
        }
        let line = record.position().map_or(0, |position| position.line() as i64);
        let outcome = read_row(&header, &record, line).and_then(|row| {
            if seen.insert(row.code.clone()) {
                Ok(row)
            } else {
                Err(format!("the code «{}» is in the file twice", row.code))
            }
        });
        match outcome {
            Ok(row) => rows.push(row),
            Err(reason) => report.refused.push(RefusedRow { line, reason }),
        }
    }
    Ok(rows)
}

fn csv_error(error: csv::Error) -> EngineError {
    EngineError::Invalid(Refusal::NotCsv { reason: error.to_string() })
}

fn read_row(header: &[String], record: &csv::StringRecord, line: i64) -> Result<Row, String> {
    if record.len() != header.len() {
        return Err(format!("it has {} fields where the header has {}", record.len(), header.len()));
    }
    let field = |name: &str| {
        let place = header.iter().position(|column| column == name)?;
        record.get(place).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let code = field("code").ok_or("the code is empty")?;
    let name = field("name").ok_or("the name is empty")?;
    if code.chars().count() > 60 || name.chars().count() > 200 {
        return Err("the code or the name is too long (60 and 200 characters at most)".to_owned());
    }
    let level = match field("level").ok_or("the level is empty")?.to_lowercase().as_str() {
        "enterprise" => AssetLevel::Enterprise,
        "site" => AssetLevel::Site,
        "area" => AssetLevel::Area,
        "line" => AssetLevel::Line,
        "machine" => AssetLevel::Machine,
        "component" => AssetLevel::Component,
        other => {
            return Err(format!(
                "«{other}» is not a level (enterprise, site, area, line, machine, component)"
            ));
        }
    };
    let criticality = match field("criticality").map(|text| text.to_uppercase()).as_deref() {
        None => Criticality::C,
        Some("A") => Criticality::A,
        Some("B") => Criticality::B,
        Some("C") => Criticality::C,
        Some(other) => return Err(format!("«{other}» is not a criticality (A, B, C)")),
    };
    let parent = field("parent");
    if parent.as_ref() == Some(&code) {
        return Err("it names itself as its parent".to_owned());
    }
    let asset = Asset {
        asset_id: AssetId::default(),
        parent_id: None,
        level,
        code: code.clone(),
        name,
        erp_number: field("erp_number"),
        uns_path: field("uns_path"),
        criticality,
        class: field("class"),
        retired_at: None,
    };
    Ok(Row { line, code, parent, asset })
}
