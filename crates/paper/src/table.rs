//! Tables: rows stay together where a page holds them, and each page repeats the heads.

use crate::document::{Align, Column, Row};
use crate::font::Weight;
use crate::layout::{BODY, BODY_LEADING, Desk, GAP, Ink, LEFT, Mark, SMALL, SMALL_LEADING, WIDTH};
use crate::wrap::{cut, wrap};

const HEAD_HEIGHT: f32 = SMALL_LEADING + 7.0;
/// Above and below the words of a row, together.
const ROW_AIR: f32 = 6.0;

/// Where a column stands.
struct Place {
    x: f32,
    width: f32,
    align: Align,
    head: String,
}

pub(crate) fn lay(desk: &mut Desk<'_>, columns: &[Column], rows: &[Row]) {
    let places = places(desk, columns);
    if !desk.make_room(HEAD_HEIGHT + BODY_LEADING + ROW_AIR) {
        desk.left_out += rows.len();
        return;
    }
    head(desk, &places);
    for row in rows {
        let weight = if row.strong { Weight::Strong } else { Weight::Regular };
        let cells: Vec<Vec<String>> = places
            .iter()
            .zip(&row.cells)
            .map(|(place, cell)| {
                let cell = desk.cleaned(cell);
                wrap(&cell, desk.faces.face(weight), BODY, place.width)
            })
            .collect();
        if !lay_row(desk, &places, &cells, weight) {
            desk.left_out += 1;
        }
    }
    desk.y += 8.0;
}

fn places(desk: &mut Desk<'_>, columns: &[Column]) -> Vec<Place> {
    let shares: f32 = columns.iter().map(|column| column.share).sum();
    let room = WIDTH - GAP * columns.len().saturating_sub(1) as f32;
    let mut x = LEFT;
    columns
        .iter()
        .map(|column| {
            let width = room * column.share / shares;
            let head = desk.cleaned_line(&column.head);
            let head = cut(&head, desk.faces.face(Weight::Regular), SMALL, width);
            let place = Place { x, width, align: column.align, head };
            x += width + GAP;
            place
        })
        .collect()
}

fn head(desk: &mut Desk<'_>, places: &[Place]) {
    desk.mark(Mark::Area { x: LEFT, y: desk.y, width: WIDTH, height: HEAD_HEIGHT - 3.0, ink: Ink::Shade });
    for place in places {
        let x = begin(desk, place, &place.head, SMALL, Weight::Regular);
        desk.text(x, desk.y + SMALL + 2.5, SMALL, Weight::Regular, Ink::Grey, place.head.clone());
    }
    desk.y += HEAD_HEIGHT;
}

/// Lays one row, over several pages where none holds it. False where no page is left for all of it.
fn lay_row(desk: &mut Desk<'_>, places: &[Place], cells: &[Vec<String>], weight: Weight) -> bool {
    let lines = cells.iter().map(Vec::len).max().unwrap_or_default();
    let height = |lines: usize| lines as f32 * BODY_LEADING + ROW_AIR;
    let mut from = 0;
    while from < lines {
        let left = lines - from;
        let whole = height(left);
        let splits = whole > desk.fresh_room() - HEAD_HEIGHT;
        let least = if splits { height(2) } else { whole };
        if desk.room() < least {
            if !desk.make_room(least + HEAD_HEIGHT) {
                return false;
            }
            head(desk, places);
        }
        let fit = ((desk.room() - ROW_AIR) / BODY_LEADING) as usize;
        let upto = from + left.min(fit.max(1));
        for (place, lines) in places.iter().zip(cells) {
            for (number, line) in lines.iter().skip(from).take(upto - from).enumerate() {
                let x = begin(desk, place, line, BODY, weight);
                let baseline = desk.y + BODY + number as f32 * BODY_LEADING;
                desk.text(x, baseline, BODY, weight, Ink::Black, line.clone());
            }
        }
        desk.y += height(upto - from) - 3.0;
        desk.rule(desk.y, Ink::Line, 0.5);
        desk.y += 3.0;
        from = upto;
    }
    true
}

/// Where a line begins, so that it stands at its column's side.
fn begin(desk: &Desk<'_>, place: &Place, line: &str, size: f32, weight: Weight) -> f32 {
    match place.align {
        Align::Start => place.x,
        Align::End => place.x + place.width - desk.faces.face(weight).width(line, size),
    }
}
