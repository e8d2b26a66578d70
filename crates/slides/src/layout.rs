//! Where everything stands: blocks become shapes on sheets; what a sheet does not hold goes on with the next one.

use std::sync::Arc;

use crate::SlidesFault;
use crate::deck::{Align, Block, Column, Deck, Picture, Row, SLIDES_MAX, Slide, at_most};
use crate::fault::Counted;
use crate::frame::{BODY_BOTTOM, Frame, GAP, LEFT, TITLE_TOP, WIDTH};
use crate::measure::{height, lines, wrap};
use crate::picture::sides;
use crate::text::{clean, clean_line};

pub(crate) const BODY_PT: f64 = 18.0;
pub(crate) const CELL_PT: f64 = 12.0;
const CAPTION_PT: f64 = 12.0;
/// Room that a bullet takes, and that readers keep inside a cell at its sides.
pub(crate) const INDENT: i64 = 285_750;
pub(crate) const CELL_SIDE: i64 = 72_000;
pub(crate) const CELL_AIR: i64 = 36_000;
/// A picture that would be lower goes to the next sheet.
const PICTURE_LEAST: i64 = 2_000_000;
/// More of a title is cut.
const TITLE_CHARS_MAX: usize = 240;
/// The sizes of a title, and how many lines it may have in each.
const TITLES: [(f64, usize); 3] = [(28.0, 1), (22.0, 2), (16.0, usize::MAX)];

/// A slide as it is written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sheet {
    pub(crate) title: String,
    pub(crate) title_pt: f64,
    pub(crate) title_height: i64,
    pub(crate) shapes: Vec<Shape>,
    pub(crate) notes: String,
}

#[derive(Clone, Debug)]
pub(crate) enum Shape {
    Words { at: Frame, paragraphs: Vec<Paragraph> },
    Table { at: Frame, columns: Vec<PlacedColumn>, rows: Vec<PlacedRow> },
    Picture { at: Frame, png: Arc<Vec<u8>>, says: String },
}

#[derive(Clone, Debug)]
pub(crate) struct Paragraph {
    pub(crate) text: String,
    pub(crate) size_pt: f64,
    pub(crate) look: Look,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    Plain,
    Strong,
    Bullet,
    /// Goes on with a bullet's words: indented, without a bullet of its own.
    Indented,
    Muted,
}

#[derive(Clone, Debug)]
pub(crate) struct PlacedColumn {
    pub(crate) width: i64,
    pub(crate) align: Align,
}

#[derive(Clone, Debug)]
pub(crate) struct PlacedRow {
    pub(crate) cells: Vec<String>,
    pub(crate) height: i64,
    pub(crate) look: RowLook,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum RowLook {
    Head,
    Plain,
    Strong,
}

/// Lays all slides out.
pub(crate) fn lay_out(deck: &Deck) -> Result<Vec<Sheet>, SlidesFault> {
    let mut sheets = vec![];
    for slide in &deck.slides {
        let mut desk = Desk::new(slide, &deck.furniture.goes_on);
        for block in &slide.blocks {
            desk.block(block);
            at_most(sheets.len() + desk.sheets.len(), SLIDES_MAX, Counted::Slides)?;
        }
        sheets.extend(desk.finish());
    }
    Ok(sheets)
}

/// The sheets of one slide.
struct Desk<'d> {
    goes_on: &'d str,
    sheets: Vec<Sheet>,
    /// Where the next thing begins on the last sheet.
    y: i64,
    body_top: i64,
}

impl<'d> Desk<'d> {
    fn new(slide: &Slide, goes_on: &'d str) -> Self {
        let mut title: String = clean_line(&slide.title);
        if title.chars().count() > TITLE_CHARS_MAX {
            title = title.chars().take(TITLE_CHARS_MAX).chain(['\u{2026}']).collect();
        }
        // Room is kept for the words of a slide that goes on.
        let longest = format!("{title}  {}", goes_on.replace("{slide}", "99").replace("{slides}", "99"));
        let fits = |(size_pt, most): &(f64, usize)| lines(&longest, *size_pt, true, WIDTH) <= *most;
        let title_pt = TITLES.iter().find(|title| fits(title)).map_or(16.0, |(size_pt, _)| *size_pt);
        let title_height = height(lines(&longest, title_pt, true, WIDTH), title_pt) + 60_000;
        let body_top = TITLE_TOP + title_height + GAP;
        let notes = clean(&slide.notes);
        let first = Sheet { title, title_pt, title_height, shapes: vec![], notes };
        Self { goes_on, sheets: vec![first], y: body_top, body_top }
    }

    fn finish(mut self) -> Vec<Sheet> {
        let count = self.sheets.len();
        if count > 1 {
            for (place, sheet) in self.sheets.iter_mut().enumerate() {
                let goes_on = self.goes_on.replace("{slides}", &count.to_string());
                let goes_on = clean_line(&goes_on.replace("{slide}", &(place + 1).to_string()));
                sheet.title = format!("{}  {goes_on}", sheet.title).trim_end().to_owned();
            }
        }
        self.sheets
    }

    fn next_sheet(&mut self) {
        let Some(first) = self.sheets.first() else { return };
        let (title, title_pt, title_height) = (first.title.clone(), first.title_pt, first.title_height);
        self.sheets.push(Sheet { title, title_pt, title_height, ..Sheet::default() });
        self.y = self.body_top;
    }

    fn room(&self) -> i64 {
        BODY_BOTTOM - self.y
    }

    fn fresh_room(&self) -> i64 {
        BODY_BOTTOM - self.body_top
    }

    /// Whether there are more sheets than a deck has: then all of it is refused, and the rest need not be laid out.
    fn is_beyond(&self) -> bool {
        self.sheets.len() > SLIDES_MAX
    }

    /// Whether something stands on the last sheet.
    fn has_begun(&self) -> bool {
        self.sheets.last().is_some_and(|sheet| !sheet.shapes.is_empty())
    }

    fn place(&mut self, shape: Shape, below: i64) {
        if let Some(sheet) = self.sheets.last_mut() {
            sheet.shapes.push(shape);
        }
        self.y += below;
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Text(text) => self.words(paragraphs(text, Look::Plain)),
            Block::Strong(text) => self.words(paragraphs(text, Look::Strong)),
            Block::Bullets(bullets) => {
                let bullets = bullets.iter().flat_map(|bullet| {
                    let mut lines = paragraphs(bullet, Look::Indented);
                    if let Some(first) = lines.first_mut() {
                        first.look = Look::Bullet;
                    }
                    lines
                });
                self.words(bullets.collect());
            }
            Block::Table { columns, rows } => self.table(columns, rows),
            Block::Pictures(pictures) => self.pictures(pictures),
        }
    }

    fn words(&mut self, paragraphs: Vec<Paragraph>) {
        let mut held: Vec<Paragraph> = vec![];
        let mut held_height = 0;
        let mut waiting = paragraphs.into_iter().rev().collect::<Vec<_>>();
        while let Some(paragraph) = waiting.pop() {
            if self.is_beyond() {
                return;
            }
            let broken = broken(&paragraph);
            let free = self.room() - held_height;
            let whole = height(broken.len(), paragraph.size_pt);
            if whole <= free {
                held_height += whole;
                held.push(paragraph);
                continue;
            }
            let fit = (1..broken.len()).take_while(|count| height(*count, paragraph.size_pt) <= free).count();
            let is_alone = held.is_empty() && !self.has_begun();
            // Two lines at least stand together, but on a sheet of its own a paragraph is broken wherever it must.
            if fit >= 2 || (is_alone && fit >= 1) {
                let (begin, rest) = split(&paragraph.text, &broken, fit);
                let look = match paragraph.look {
                    Look::Bullet => Look::Indented,
                    other => other,
                };
                waiting.push(Paragraph { text: rest, look, ..paragraph.clone() });
                held_height += height(fit, paragraph.size_pt);
                held.push(Paragraph { text: begin, ..paragraph });
            } else if is_alone {
                // Not one line fits beside such a title; it is written, whatever becomes of its foot.
                held_height += whole;
                held.push(paragraph);
                continue;
            } else {
                waiting.push(paragraph);
            }
            self.put_words(std::mem::take(&mut held), held_height);
            held_height = 0;
            self.next_sheet();
        }
        self.put_words(held, held_height);
    }

    fn put_words(&mut self, paragraphs: Vec<Paragraph>, height: i64) {
        if !paragraphs.is_empty() {
            let at = Frame { x: LEFT, y: self.y, width: WIDTH, height };
            self.place(Shape::Words { at, paragraphs }, height + GAP);
        }
    }

    fn table(&mut self, columns: &[Column], rows: &[Row]) {
        if columns.is_empty() {
            return;
        }
        let placed = placed_columns(columns);
        let head = Row { cells: columns.iter().map(|column| column.head.clone()).collect(), strong: true };
        let head = placed_row(&placed, &head.cells, RowLook::Head);
        let most = self.fresh_room() - head.height;
        let mut waiting: Vec<PlacedRow> = rows
            .iter()
            .flat_map(|row| {
                let look = if row.strong { RowLook::Strong } else { RowLook::Plain };
                broken_row(&placed, &row.cells, look, most)
            })
            .collect();
        waiting.reverse();
        while let Some(next) = waiting.last() {
            if self.has_begun() && self.room() < head.height + next.height {
                self.next_sheet();
            }
            if self.is_beyond() {
                return;
            }
            let mut held = vec![head.clone()];
            let mut held_height = head.height;
            while let Some(row) = waiting.pop() {
                if held_height + row.height > self.room() && held.len() > 1 {
                    waiting.push(row);
                    break;
                }
                held_height += row.height;
                held.push(row);
            }
            let at = Frame { x: LEFT, y: self.y, width: WIDTH, height: held_height };
            self.place(Shape::Table { at, columns: placed.clone(), rows: held }, held_height + GAP);
        }
    }

    fn pictures(&mut self, pictures: &[Picture]) {
        let count = pictures.len() as i64;
        if count == 0 {
            return;
        }
        if self.has_begun() && self.room() < PICTURE_LEAST {
            self.next_sheet();
        }
        let width = (WIDTH - GAP * (count - 1)) / count;
        let captions: Vec<Vec<Paragraph>> = pictures
            .iter()
            .map(|picture| {
                let mut lines = paragraphs(&picture.caption, Look::Muted);
                lines.iter_mut().for_each(|line| line.size_pt = CAPTION_PT);
                if picture.caption.is_empty() { vec![] } else { lines }
            })
            .collect();
        let caption_height = |caption: &Vec<Paragraph>| {
            height(caption.iter().map(|line| lines(&line.text, CAPTION_PT, false, width)).sum(), CAPTION_PT)
        };
        let caption_room = captions.iter().map(caption_height).max().unwrap_or(0);
        let room = (self.room() - caption_room).max(PICTURE_LEAST / 2);
        let mut tallest = 0;
        let mut shapes = vec![];
        for (place, (picture, caption)) in pictures.iter().zip(captions).enumerate() {
            let Some((pixels_wide, pixels_high)) = sides(&picture.png) else { continue };
            let (wide, high) = (f64::from(pixels_wide), f64::from(pixels_high));
            let scale = (width as f64 / wide).min(room as f64 / high);
            let (wide, high) = ((wide * scale) as i64, (high * scale) as i64);
            let x = LEFT + place as i64 * (width + GAP);
            let (left, right) = (x + (width - wide) / 2, x + width);
            let at = Frame { x: left, y: self.y, width: wide.max(1), height: high.max(1) };
            let says = clean_line(&picture.says);
            shapes.push(Shape::Picture { at, png: Arc::clone(&picture.png), says });
            tallest = tallest.max(high);
            if !caption.is_empty() {
                let at = Frame { x: left, y: self.y + high, width: right - left, height: caption_room };
                shapes.push(Shape::Words { at, paragraphs: caption });
            }
        }
        for shape in shapes {
            self.place(shape, 0);
        }
        self.y += tallest + caption_room + GAP;
    }
}

/// The paragraphs of a text: its lines, blanks that follow each other taken as one.
fn paragraphs(text: &str, look: Look) -> Vec<Paragraph> {
    let one = |line: &str| {
        let text = line.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        Paragraph { text, size_pt: BODY_PT, look }
    };
    clean(text).trim_end_matches('\n').split('\n').map(one).collect()
}

/// The lines of a paragraph.
fn broken(paragraph: &Paragraph) -> Vec<String> {
    let room = match paragraph.look {
        Look::Bullet | Look::Indented => WIDTH - INDENT,
        Look::Plain | Look::Strong | Look::Muted => WIDTH,
    };
    wrap(&paragraph.text, paragraph.size_pt, paragraph.look == Look::Strong, room)
}

/// A text in two, behind its first `count` lines.
fn split(text: &str, lines: &[String], count: usize) -> (String, String) {
    let mut end = 0;
    for line in lines.iter().take(count) {
        end += line.len();
        // A blank between two lines is neither one's; a word broken between letters has none.
        end += usize::from(text.get(end..).is_some_and(|rest| rest.starts_with(' ')));
    }
    let begin = text.get(..end).unwrap_or(text).trim_end().to_owned();
    (begin, text.get(end..).unwrap_or_default().to_owned())
}

fn placed_columns(columns: &[Column]) -> Vec<PlacedColumn> {
    let share = |column: &Column| f64::from(column.share.max(0.05));
    let all: f64 = columns.iter().map(share).sum();
    let placed = |column: &Column| PlacedColumn {
        width: (WIDTH as f64 * share(column) / all) as i64,
        align: column.align,
    };
    columns.iter().map(placed).collect()
}

fn cell_lines(column: &PlacedColumn, cell: &str, look: RowLook) -> usize {
    lines(cell, CELL_PT, look != RowLook::Plain, column.width - 2 * CELL_SIDE)
}

fn placed_row(columns: &[PlacedColumn], cells: &[String], look: RowLook) -> PlacedRow {
    let cells: Vec<String> = cells.iter().map(|cell| clean(cell)).collect();
    let count = columns.iter().zip(&cells).map(|(column, cell)| cell_lines(column, cell, look)).max();
    PlacedRow { height: height(count.unwrap_or(1), CELL_PT) + 2 * CELL_AIR, cells, look }
}

/// A row; several where one is higher than `most`.
fn broken_row(columns: &[PlacedColumn], cells: &[String], look: RowLook, most: i64) -> Vec<PlacedRow> {
    let whole = placed_row(columns, cells, look);
    if whole.height <= most {
        return vec![whole];
    }
    let fit = (1..).take_while(|count| height(*count, CELL_PT) + 2 * CELL_AIR <= most).count().max(1);
    let lines_of = |(column, cell): (&PlacedColumn, &String)| -> Vec<String> {
        let room = column.width - 2 * CELL_SIDE;
        let is_strong = look != RowLook::Plain;
        cell.split('\n').flat_map(|line| wrap(line, CELL_PT, is_strong, room)).collect()
    };
    let broken: Vec<Vec<String>> = columns.iter().zip(&whole.cells).map(lines_of).collect();
    let longest = broken.iter().map(Vec::len).max().unwrap_or(0);
    (0..longest)
        .step_by(fit)
        .map(|from| {
            let part = |lines: &Vec<String>| {
                lines.iter().skip(from).take(fit).cloned().collect::<Vec<_>>().join("\n")
            };
            let cells: Vec<String> = broken.iter().map(part).collect();
            placed_row(columns, &cells, look)
        })
        .collect()
}
