//! Labels, and the board that cameras are measured by, as sheets to print in true size.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use millwright_model::*;
use millwright_paper::label::{
    DotDensity, Label, LabelFault, LabelMedia as PaperMedia, LabelOutput, LabelPrinter, LabelSheet, Matrix,
    printed_size_m, write_label_pdf, write_label_zpl,
};
use millwright_vision::{CalibrationBoard, FiducialFamily as Family, write_qr};

use super::made;
use super::words::{Language, filled};
use crate::EngineError;
use crate::engine::Inner;
use crate::sight::family_of;
use crate::unit::Unit;
use crate::use_case::actor;
use crate::use_case::guide::unfit;

/// The board that cameras are measured by.
const BOARD: CalibrationBoard = CalibrationBoard::PRINTED;
/// Sizes that differ by less are one, in metres: a hundredth of what a printer gets wrong.
const SAME_M: f64 = 0.000_001;
/// How wide a module of a label's code is, as a share of the fiducial's size: a tablet that reads the one reads the other.
const MODULE_SHARE: f64 = 0.018;
/// A module is no finer than a camera reads at arm's length, and no coarser than it needs to be, in metres.
const MODULE_M: (f64, f64) = (0.000_4, 0.002);

fn refused(reason: impl ToString) -> EngineError {
    unfit(GuideFault::LabelUnfit { reason: reason.to_string() })
}

pub(crate) async fn print(engine: &Inner, command: LabelPrint) -> Result<PaperFile, EngineError> {
    let language = language(engine).await?;
    let mut session = engine.database.read().await?;
    let mut fiducials = Vec::with_capacity(command.fiducial_ids.len().min(1_000));
    for fiducial_id in &command.fiducial_ids {
        let fiducial: Fiducial =
            session.get(*fiducial_id).await?.ok_or(EngineError::NotFound(Missing::Fiducial))?;
        let asset: Asset =
            session.get(fiducial.asset_id).await?.ok_or(EngineError::NotFound(Missing::Machine))?;
        fiducials.push((fiducial, asset));
    }
    drop(session);
    let paper = paper_of(command.media)?;
    let output: LabelOutput = match paper {
        Paper::Printer(printer) => printer.into(),
        Paper::Pages(media) => media.into(),
    };
    let labels = fiducials
        .iter()
        .map(|(fiducial, asset)| label(language, fiducial, asset, output))
        .collect::<Result<Vec<Label>, EngineError>>()?;
    let sheet = sheet(engine, language, language.labels().to_owned(), labels);
    let stem = match fiducials.as_slice() {
        [(fiducial, asset)] => format!("{} {}", asset.code, fiducial.name),
        _ => language.labels().to_owned(),
    };
    let file = written(sheet, paper, stem).await?;
    keep_printed(engine, &fiducials, output).await?;
    Ok(file)
}

/// How large a fiducial comes out, in metres; nothing where it does not come out at all.
fn printed(fiducial: &Fiducial, output: LabelOutput) -> Option<f64> {
    printed_size_m(output, fiducial.size_m, family_of(fiducial.family).corner_distance_cells())
}

/// Keeps the size in which labels come out of a label printer: its cells are whole dots, and poses are true by what hangs,
/// not by what was asked for. A bar that was measured was another sheet's.
async fn keep_printed(
    engine: &Inner,
    fiducials: &[(Fiducial, Asset)],
    output: LabelOutput,
) -> Result<(), EngineError> {
    let other_size = |(fiducial, _): &(Fiducial, Asset)| {
        let size_m = printed(fiducial, output)?;
        let differs = (size_m - fiducial.size_m).abs() > SAME_M;
        differs.then_some((fiducial.fiducial_id, size_m))
    };
    let other_sizes: Vec<(FiducialId, f64)> = fiducials.iter().filter_map(other_size).collect();
    if other_sizes.is_empty() {
        return Ok(());
    }
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    for (fiducial_id, size_m) in other_sizes {
        let before: Fiducial = unit.need(fiducial_id, Missing::Fiducial).await?;
        let after = Fiducial { size_m, bar_mm: None, ..before.clone() };
        unit.update(&before, &after).await?;
        unit.stale(CacheTag::Asset(before.asset_id));
    }
    unit.stale(CacheTag::Guides);
    unit.commit().await?;
    Ok(())
}

/// The board: fiducials in rows and columns, of which the pattern of one sheet is made.
pub(crate) async fn board(engine: &Inner, _command: BoardPrint) -> Result<PaperFile, EngineError> {
    let language = language(engine).await?;
    let cell_m = BOARD.size_m / f64::from(BOARD.family.corner_distance_cells());
    let side = BOARD.family.printed_side_cells() as usize;
    let pitch = (BOARD.spacing_m / cell_m).round() as usize;
    let long = |count: u32| (count as usize - 1) * pitch + side;
    let mut white = vec![vec![true; long(BOARD.columns)]; long(BOARD.rows)];
    for index in 0..BOARD.columns * BOARD.rows {
        let bitmap =
            BOARD.family.bitmap(BOARD.first_id + index).ok_or_else(|| refused("the board's numbers"))?;
        let (left, top) =
            ((index % BOARD.columns) as usize * pitch, (index / BOARD.columns) as usize * pitch);
        for (row, cells) in white.iter_mut().skip(top).zip(&bitmap) {
            for (cell, is_white) in row.iter_mut().skip(left).zip(cells) {
                *cell = *is_white;
            }
        }
    }
    let code = write_qr("millwright:board:1").ok_or_else(|| refused("the board's code"))?;
    let board = Label {
        code: Matrix::of_dark(code),
        code_module_m: MODULE_M.0,
        fiducial: Matrix::of_light(white),
        fiducial_cell_m: cell_m,
        title: language.board().to_owned(),
        lines: vec![language.board_says().to_owned()],
    };
    let sheet = sheet(engine, language, language.board().to_owned(), vec![board]);
    written(sheet, Paper::Pages(PaperMedia::A4), language.board().to_owned()).await
}

async fn language(engine: &Inner) -> Result<Language, EngineError> {
    let mut session = engine.database.read().await?;
    let settings = crate::settings::kept(&mut session).await?;
    let holder = engine.person().and_then(|person_id| engine.people.get(person_id));
    Ok(Language::of_tag(&holder.map(|person| person.language).unwrap_or(settings.language)))
}

fn sheet(engine: &Inner, language: Language, title: String, labels: Vec<Label>) -> LabelSheet {
    LabelSheet {
        title,
        language: language.tag().to_owned(),
        made: made(engine.now()),
        bar_words: language.bar().to_owned(),
        labels,
    }
}

fn label(
    language: Language,
    fiducial: &Fiducial,
    asset: &Asset,
    output: LabelOutput,
) -> Result<Label, EngineError> {
    let family: Family = family_of(fiducial.family);
    let bitmap = u32::try_from(fiducial.number).ok().and_then(|id| family.bitmap(id));
    let bitmap = bitmap.ok_or_else(|| refused(format!("{} {}", family.as_str(), fiducial.number)))?;
    let code =
        write_qr(&asset.code).ok_or_else(|| refused(format!("«{}» is no code to print", asset.code)))?;
    let cell_m = fiducial.size_m / f64::from(family.corner_distance_cells());
    // What comes out is written on the label, and the register keeps it. What does not is refused when it is written.
    let printed_m = printed(fiducial, output).unwrap_or(fiducial.size_m);
    let size = format!("{:.2}", printed_m * 1_000.0);
    let size = if language == Language::German { size.replace('.', ",") } else { size };
    Ok(Label {
        code: Matrix::of_dark(code),
        code_module_m: (fiducial.size_m * MODULE_SHARE).clamp(MODULE_M.0, MODULE_M.1),
        fiducial: Matrix::of_light(bitmap),
        fiducial_cell_m: cell_m,
        title: asset.code.clone(),
        lines: vec![
            fiducial.name.clone(),
            format!("{} · {}", family.as_str(), fiducial.number),
            filled(language.between_corners(), &[("mm", &size)]),
        ],
    })
}

/// What the sheet is written for.
#[derive(Copy, Clone)]
enum Paper {
    Pages(PaperMedia),
    Printer(LabelPrinter),
}

fn paper_of(media: LabelMedia) -> Result<Paper, EngineError> {
    Ok(match media {
        LabelMedia::A4 => Paper::Pages(PaperMedia::A4),
        LabelMedia::DieCut { width_mm, height_mm } => {
            Paper::Pages(PaperMedia::DieCut { width_mm, height_mm })
        }
        LabelMedia::Zpl { width_mm, height_mm, dots_per_inch } => {
            Paper::Printer(LabelPrinter { width_mm, height_mm, density: density(dots_per_inch)? })
        }
    })
}

fn density(dots_per_inch: u32) -> Result<DotDensity, EngineError> {
    match dots_per_inch {
        203 => Ok(DotDensity::Dpi203),
        300 => Ok(DotDensity::Dpi300),
        600 => Ok(DotDensity::Dpi600),
        other => Err(refused(format!("{other} dots per inch: label printers have 203, 300 or 600"))),
    }
}

async fn written(sheet: LabelSheet, paper: Paper, stem: String) -> Result<PaperFile, EngineError> {
    let stem: String =
        stem.chars().map(|letter| if letter.is_alphanumeric() { letter } else { '-' }).collect();
    let write = move || -> Result<(Vec<u8>, u32, &'static str), LabelFault> {
        match paper {
            Paper::Pages(media) => write_label_pdf(&sheet, media).map(|made| (made.bytes, made.pages, "pdf")),
            Paper::Printer(printer) => {
                write_label_zpl(&sheet, printer).map(|made| (made.commands.into_bytes(), made.pages, "zpl"))
            }
        }
    };
    let made = tokio::task::spawn_blocking(write).await.map_err(EngineError::internal)?;
    let (bytes, pages, ending) = made.map_err(refused)?;
    Ok(PaperFile { file_name: format!("{stem}.{ending}"), pages, bytes_base64: STANDARD.encode(bytes) })
}
