//! What stands on which page, in millimetres from its upper left corner: labels, marks to cut by and the bar to measure.

use super::check::{Cells, CheckedLabel, drawable};
use super::fault::{LabelFault, LabelFaultKind};
use super::plan::{self, MM_PER_POINT, Plan, SAME_MM, TextLine, broken};
use super::{BAR_MM, BarPlace, LabelMedia, MEDIA_SIDE_MM};
use crate::font::{Faces, Weight};

const A4_MM: (f64, f64) = (210.0, 297.0);
/// Printers leave up to 5 mm of a sheet white; marks to cut by stand outside of labels and must be printed too.
const A4_EDGE_MM: f64 = 9.0;
/// Between neighbouring labels: the marks of both find room.
const A4_GUTTER_MM: f64 = 6.0;
/// White between a cut and what is printed: nobody cuts to the tenth of a millimetre.
const A4_PADDING_MM: f64 = 2.0;
/// From the lowest label to the bar.
const A4_BAR_GAP_MM: f64 = 6.0;
/// From the corner of a label to its mark, and how long that is.
const CUT_MARK_MM: (f64, f64) = (1.0, 2.0);
const CUT_MARK_THICKNESS_MM: f64 = 0.2;
/// Printers leave up to 2 mm of a die-cut label white.
const DIE_CUT_EDGE_MM: f64 = 2.0;
const DIE_CUT_BAR_GAP_MM: f64 = 1.5;
/// How far the ticks of the bar reach.
pub(super) const TICK_MM: f64 = 4.0;
/// How thick the bar and its ticks are.
pub(super) const BAR_THICKNESS_MM: f64 = 0.5;
const BAR_WORDS_SIZE: f32 = 8.0;
const BAR_WORDS_LINES_MAX: usize = 12;

/// One thing on a page.
pub(super) enum Item<'l> {
    /// A square, at the corner of its first cell.
    Cells { x_mm: f64, y_mm: f64, cells: &'l Cells },
    /// A dark rectangle that nobody measures.
    Rule { x_mm: f64, y_mm: f64, width_mm: f64, height_mm: f64 },
    /// The bar that a person measures, with ticks to its right when it stands upright, else below it.
    Bar { x_mm: f64, y_mm: f64, is_upright: bool },
    /// Words.
    Text(TextLine),
}

/// One page.
pub(super) struct Page<'l> {
    pub(super) width_mm: f64,
    pub(super) height_mm: f64,
    pub(super) items: Vec<Item<'l>>,
}

/// All pages.
pub(super) struct Pages<'l> {
    pub(super) pages: Vec<Page<'l>>,
    pub(super) bar: BarPlace,
    /// Which labels have a text that was cut or a sign that was replaced.
    pub(super) altered: Vec<usize>,
}

/// Puts labels on pages.
pub(super) fn paginate<'l>(
    labels: &'l [CheckedLabel],
    bar_words: &str,
    media: LabelMedia,
    faces: &Faces,
) -> Result<Pages<'l>, LabelFault> {
    let words = drawable(bar_words, faces, &mut false);
    match media {
        LabelMedia::A4 => on_a4(labels, &words, faces),
        LabelMedia::DieCut { width_mm, height_mm } => {
            let (low_mm, high_mm) = MEDIA_SIDE_MM;
            let fits = |side_mm: f64| (low_mm..=high_mm).contains(&side_mm);
            if !fits(width_mm) || !fits(height_mm) {
                return Err(LabelFault::Media { width_mm, height_mm, low_mm, high_mm });
            }
            one_each(labels, &words, (width_mm, height_mm), faces)
        }
    }
}

/// Labels beside each other, each with where it begins in the row.
struct Row<'l> {
    height_mm: f64,
    labels: Vec<(f64, Plan, &'l CheckedLabel)>,
}

fn on_a4<'l>(labels: &'l [CheckedLabel], words: &str, faces: &Faces) -> Result<Pages<'l>, LabelFault> {
    let width_mm = A4_MM.0 - 2.0 * A4_EDGE_MM;
    let height_mm = A4_MM.1 - 2.0 * A4_EDGE_MM - A4_BAR_GAP_MM - TICK_MM;
    let padding_mm = 2.0 * A4_PADDING_MM;
    let mut altered = Vec::new();
    // Labels stand beside each other as long as there is room; those of one size make a grid.
    let mut rows: Vec<Row<'l>> = Vec::new();
    let mut next_mm = f64::INFINITY;
    for label in labels {
        let plan = plan::free(label, faces, (width_mm - padding_mm, height_mm - padding_mm))
            .map_err(|what| label.fault(grown(what, padding_mm)))?;
        if label.has_replaced || plan.is_cut {
            altered.push(label.index);
        }
        let (label_width_mm, label_height_mm) = (plan.width_mm + padding_mm, plan.height_mm + padding_mm);
        if next_mm + label_width_mm > width_mm + SAME_MM {
            rows.push(Row { height_mm: 0.0, labels: vec![] });
            next_mm = 0.0;
        }
        if let Some(row) = rows.last_mut() {
            row.height_mm = row.height_mm.max(label_height_mm);
            row.labels.push((next_mm, plan, label));
        }
        next_mm += label_width_mm + A4_GUTTER_MM;
    }
    let mut pages: Vec<Page<'l>> = Vec::new();
    let mut below_mm = f64::INFINITY;
    for row in rows {
        if below_mm + row.height_mm > height_mm + SAME_MM {
            pages.push(a4_page(words, faces));
            below_mm = 0.0;
        }
        if let Some(page) = pages.last_mut() {
            for (across_mm, plan, label) in row.labels {
                let corner_mm = (A4_EDGE_MM + across_mm, A4_EDGE_MM + below_mm);
                cut_marks(page, corner_mm, (plan.width_mm + padding_mm, plan.height_mm + padding_mm));
                place(page, label, plan, (corner_mm.0 + A4_PADDING_MM, corner_mm.1 + A4_PADDING_MM));
            }
        }
        below_mm += row.height_mm + A4_GUTTER_MM;
    }
    Ok(Pages { pages, bar: BarPlace::EveryPage, altered })
}

fn a4_page<'l>(words: &str, faces: &Faces) -> Page<'l> {
    let (width_mm, height_mm) = A4_MM;
    let y_mm = height_mm - A4_EDGE_MM - TICK_MM;
    let mut page = Page { width_mm, height_mm, items: vec![] };
    page.items.push(Item::Bar { x_mm: A4_EDGE_MM, y_mm, is_upright: false });
    let words_mm = A4_EDGE_MM + BAR_MM + 3.0;
    bar_words(&mut page, words, faces, (words_mm, y_mm), width_mm - A4_EDGE_MM - words_mm, 1);
    page
}

/// Short lines outside of the corners of a label, along which it is cut.
fn cut_marks(page: &mut Page<'_>, (left_mm, top_mm): (f64, f64), (width_mm, height_mm): (f64, f64)) {
    let (away_mm, length_mm) = CUT_MARK_MM;
    let half_mm = CUT_MARK_THICKNESS_MM / 2.0;
    for x_mm in [left_mm, left_mm + width_mm] {
        for y_mm in [top_mm - away_mm - length_mm, top_mm + height_mm + away_mm] {
            let x_mm = x_mm - half_mm;
            page.items.push(Item::Rule { x_mm, y_mm, width_mm: 2.0 * half_mm, height_mm: length_mm });
        }
    }
    for y_mm in [top_mm, top_mm + height_mm] {
        for x_mm in [left_mm - away_mm - length_mm, left_mm + width_mm + away_mm] {
            let y_mm = y_mm - half_mm;
            page.items.push(Item::Rule { x_mm, y_mm, width_mm: length_mm, height_mm: 2.0 * half_mm });
        }
    }
}

fn one_each<'l>(
    labels: &'l [CheckedLabel],
    words: &str,
    (width_mm, height_mm): (f64, f64),
    faces: &Faces,
) -> Result<Pages<'l>, LabelFault> {
    let edges_mm = 2.0 * DIE_CUT_EDGE_MM;
    let inner_mm = (width_mm - edges_mm, height_mm - edges_mm);
    let lower_mm = (inner_mm.0, inner_mm.1 - TICK_MM - DIE_CUT_BAR_GAP_MM);
    let all_within = |area_mm: (f64, f64)| -> Result<Vec<Plan>, LabelFault> {
        let plan = |label| {
            plan::within(label, faces, area_mm)
                .map_err(|what: LabelFaultKind| label.fault(grown(what, edges_mm)))
        };
        labels.iter().map(plan).collect()
    };
    let with_bar = if inner_mm.0 >= BAR_MM { all_within(lower_mm).ok() } else { None };
    let (plans, area_mm, bar) = match with_bar {
        Some(plans) => (plans, lower_mm, BarPlace::EveryPage),
        None => (all_within(inner_mm)?, inner_mm, BarPlace::FirstPage),
    };
    let mut pages = Vec::with_capacity(labels.len() + 1);
    if bar == BarPlace::FirstPage {
        pages.push(bar_page(words, (width_mm, height_mm), faces));
    }
    let mut altered = Vec::new();
    for (label, plan) in labels.iter().zip(plans) {
        if label.has_replaced || plan.is_cut {
            altered.push(label.index);
        }
        let mut page = Page { width_mm, height_mm, items: vec![] };
        let y_mm = DIE_CUT_EDGE_MM + (area_mm.1 - plan.height_mm).max(0.0) / 2.0;
        place(&mut page, label, plan, (DIE_CUT_EDGE_MM, y_mm));
        if bar == BarPlace::EveryPage {
            lying_bar(&mut page, words, faces, height_mm - DIE_CUT_EDGE_MM - TICK_MM);
        }
        pages.push(page);
    }
    Ok(Pages { pages, bar, altered })
}

/// A page with nothing but the bar: across the label or along it; longer than a label where neither holds it.
fn bar_page<'l>(words: &str, (width_mm, height_mm): (f64, f64), faces: &Faces) -> Page<'l> {
    let edges_mm = 2.0 * DIE_CUT_EDGE_MM;
    if width_mm - edges_mm >= BAR_MM {
        let mut page = Page { width_mm, height_mm, items: vec![] };
        lying_bar(&mut page, words, faces, DIE_CUT_EDGE_MM);
        return page;
    }
    let mut page = Page { width_mm, height_mm: height_mm.max(BAR_MM + edges_mm), items: vec![] };
    page.items.push(Item::Bar { x_mm: DIE_CUT_EDGE_MM, y_mm: DIE_CUT_EDGE_MM, is_upright: true });
    let x_mm = DIE_CUT_EDGE_MM + TICK_MM + 1.0;
    let words_width_mm = width_mm - DIE_CUT_EDGE_MM - x_mm;
    bar_words(&mut page, words, faces, (x_mm, DIE_CUT_EDGE_MM), words_width_mm, BAR_WORDS_LINES_MAX);
    page
}

/// A bar across the page with its words between the ticks.
fn lying_bar(page: &mut Page<'_>, words: &str, faces: &Faces, y_mm: f64) {
    let x_mm = (page.width_mm - BAR_MM) / 2.0;
    page.items.push(Item::Bar { x_mm, y_mm, is_upright: false });
    let (left_mm, room_mm) = (x_mm + 2.0, BAR_MM - 4.0);
    bar_words(page, words, faces, (left_mm, y_mm + BAR_THICKNESS_MM), room_mm, 1);
}

fn bar_words(
    page: &mut Page<'_>,
    words: &str,
    faces: &Faces,
    (x_mm, y_mm): (f64, f64),
    width_mm: f64,
    lines_max: usize,
) {
    let (weight, size) = (Weight::Regular, BAR_WORDS_SIZE);
    let width = (width_mm / MM_PER_POINT) as f32;
    let (lines, _is_cut) = broken(words, faces.face(weight), size, width, lines_max);
    for (number, text) in lines.into_iter().enumerate() {
        let down = f64::from(size) * (1.0 + 1.3 * number as f64);
        page.items.push(Item::Text(TextLine {
            x_mm,
            baseline_mm: y_mm + down * MM_PER_POINT,
            size,
            weight,
            text,
        }));
    }
}

fn place<'l>(page: &mut Page<'l>, label: &'l CheckedLabel, plan: Plan, (x_mm, y_mm): (f64, f64)) {
    for (corner_mm, cells) in [(plan.fiducial_mm, &label.fiducial), (plan.code_mm, &label.code)] {
        page.items.push(Item::Cells { x_mm: x_mm + corner_mm.0, y_mm: y_mm + corner_mm.1, cells });
    }
    page.items.extend(plan.texts.into_iter().map(|text| {
        let (x_mm, baseline_mm) = (x_mm + text.x_mm, y_mm + text.baseline_mm);
        Item::Text(TextLine { x_mm, baseline_mm, ..text })
    }));
}

/// A size that is missing, as the media is measured: with its edges, and rounded so that what is said is enough.
fn grown(what: LabelFaultKind, edges_mm: f64) -> LabelFaultKind {
    let enough = |side_mm: f64| ((side_mm + edges_mm) * 10.0 - SAME_MM).ceil() / 10.0;
    match what {
        LabelFaultKind::TooLarge { needed_width_mm, needed_height_mm, width_mm, height_mm } => {
            LabelFaultKind::TooLarge {
                needed_width_mm: enough(needed_width_mm),
                needed_height_mm: enough(needed_height_mm),
                width_mm: width_mm + edges_mm,
                height_mm: height_mm + edges_mm,
            }
        }
        other => other,
    }
}

/// The three rectangles of a bar whose outer edges are `length` apart, as left, top, width and height in the units given.
pub(super) fn bar_rectangles(
    (x, y): (f64, f64),
    length: f64,
    thickness: f64,
    tick: f64,
    is_upright: bool,
) -> [[f64; 4]; 3] {
    if is_upright {
        let end = y + length - thickness;
        [[x, y, thickness, length], [x, y, tick, thickness], [x, end, tick, thickness]]
    } else {
        let end = x + length - thickness;
        [[x, y, length, thickness], [x, y, thickness, tick], [end, y, thickness, tick]]
    }
}
