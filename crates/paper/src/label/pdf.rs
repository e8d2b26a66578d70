//! Labels as a PDF: every cell a rectangle at its place in points, nothing as a picture, nothing scaled.

use super::check::check;
use super::fault::LabelFault;
use super::page::{BAR_THICKNESS_MM, Item, Page, TICK_MM, bar_rectangles, paginate};
use super::plan::MM_PER_POINT;
use super::{BAR_MM, LabelMedia, LabelPdf, LabelSheet};
use crate::font::Faces;
use crate::layout::{Ink, Mark};
use crate::pdf::{Particulars, Sheet, sheets_in_true_size};

/// Lays labels out on `media` and writes them as PDF/A-2u in true size. Readers that heed it print it unscaled without
/// being told to.
///
/// # Errors
/// When there is no label or too many, when a label has matrices, sizes or texts out of bounds or is larger than the media,
/// when the media's sides are out of bounds, or when the file cannot be written.
pub fn write_label_pdf(sheet: &LabelSheet, media: LabelMedia) -> Result<LabelPdf, LabelFault> {
    let faces = Faces::of_the_app()?;
    let labels = check(sheet, &faces, None)?;
    let pages = paginate(&labels, &sheet.bar_words, media, &faces)?;
    let sheets: Vec<Sheet> = pages.pages.iter().map(drawn).collect();
    let particulars = Particulars { title: &sheet.title, language: &sheet.language, made: sheet.made };
    let written = sheets_in_true_size(particulars, &faces, &sheets)?;
    Ok(LabelPdf { bytes: written.bytes, pages: written.pages, bar: pages.bar, altered: pages.altered })
}

fn points(mm: f64) -> f32 {
    (mm / MM_PER_POINT) as f32
}

/// A rectangle of millimetres by its edges in points. Each edge is rounded by itself, so that neighbours share theirs.
fn edges([left_mm, top_mm, width_mm, height_mm]: [f64; 4]) -> [f32; 4] {
    [points(left_mm), points(top_mm), points(left_mm + width_mm), points(top_mm + height_mm)]
}

fn drawn(page: &Page<'_>) -> Sheet {
    let mark = |item: &Item<'_>| match item {
        Item::Cells { x_mm, y_mm, cells } => {
            let areas = cells.dark.iter().map(|dark| {
                let cell_mm = cells.cell_mm;
                edges([
                    x_mm + dark.column as f64 * cell_mm,
                    y_mm + dark.row as f64 * cell_mm,
                    dark.columns as f64 * cell_mm,
                    dark.rows as f64 * cell_mm,
                ])
            });
            Mark::Areas { areas: areas.collect() }
        }
        Item::Rule { x_mm, y_mm, width_mm, height_mm } => {
            Mark::Areas { areas: vec![edges([*x_mm, *y_mm, *width_mm, *height_mm])] }
        }
        Item::Bar { x_mm, y_mm, is_upright } => {
            let bar = bar_rectangles((*x_mm, *y_mm), BAR_MM, BAR_THICKNESS_MM, TICK_MM, *is_upright);
            Mark::Areas { areas: bar.map(edges).to_vec() }
        }
        Item::Text(line) => Mark::Text {
            x: points(line.x_mm),
            baseline: points(line.baseline_mm),
            size: line.size,
            weight: line.weight,
            ink: Ink::Black,
            text: line.text.clone(),
        },
    };
    Sheet {
        width: points(page.width_mm),
        height: points(page.height_mm),
        marks: page.items.iter().map(mark).collect(),
    }
}
