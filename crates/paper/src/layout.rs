//! Where everything stands: blocks become marks on pages of A4, in points from the upper left corner.

use crate::clean::clean;
use crate::document::{Block, Fact, PAGES_MAX, Paper, Photo};
use crate::font::{Faces, Weight};
use crate::over::{self, PhotoFrame};
use crate::photo::{PHOTO_BYTES_MAX, Picture, picture};
use crate::table;
use crate::wrap::{cut, wrap};

pub(crate) const PAGE_WIDTH: f32 = 595.28;
pub(crate) const PAGE_HEIGHT: f32 = 841.89;
pub(crate) const LEFT: f32 = 45.0;
pub(crate) const WIDTH: f32 = PAGE_WIDTH - 2.0 * LEFT;
const TOP: f32 = 40.0;
/// Where the body of every page but the first begins.
const NEXT_TOP: f32 = TOP + 26.0;
/// Nothing but the foot stands below.
const BOTTOM: f32 = PAGE_HEIGHT - 56.0;

pub(crate) const BODY: f32 = 9.5;
pub(crate) const BODY_LEADING: f32 = 13.0;
pub(crate) const SMALL: f32 = 8.0;
pub(crate) const SMALL_LEADING: f32 = 11.0;
const HEADING: f32 = 11.5;
const TITLE: f32 = 17.0;
const TITLE_LEADING: f32 = 21.0;
/// Between columns.
pub(crate) const GAP: f32 = 12.0;
const PHOTO_HEIGHT: f32 = 180.0;
const FACTS_BESIDE: usize = 3;
const FACT_LINES_MAX: usize = 12;
/// More letters than a line of the narrowest ones holds.
const LINE_CHARS_MAX: usize = 600;

/// How dark a mark is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    Black,
    Grey,
    Line,
    Shade,
    White,
}

/// One thing that is drawn.
#[derive(Clone)]
pub(crate) enum Mark {
    Text {
        x: f32,
        baseline: f32,
        size: f32,
        weight: Weight,
        ink: Ink,
        text: String,
    },
    Area {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        ink: Ink,
    },
    /// Black rectangles that are one figure, each by its left, top, right and lower edge.
    Areas {
        areas: Vec<[f32; 4]>,
    },
    Frame {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
    },
    Picture {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        picture: Picture,
    },
    Line {
        points: Vec<(f32, f32)>,
        width: f32,
        ink: Ink,
    },
}

/// The pages of a document.
pub(crate) struct Desk<'p> {
    paper: &'p Paper,
    pub(crate) faces: &'p Faces,
    pub(crate) sheets: Vec<Vec<Mark>>,
    /// Where the next thing begins on the last sheet.
    pub(crate) y: f32,
    /// What found no place.
    pub(crate) left_out: usize,
    replaced: bool,
    photo_bytes: usize,
    with_photos: bool,
}

/// Lays a document out. Without `with_photos` each photo is named, and said not to be shown.
pub(crate) fn lay_out(paper: &Paper, faces: &Faces, with_photos: bool) -> Vec<Vec<Mark>> {
    let mut desk = Desk {
        paper,
        faces,
        sheets: vec![Vec::new()],
        y: TOP,
        left_out: 0,
        replaced: false,
        photo_bytes: 0,
        with_photos,
    };
    desk.first_head();
    let mut blocks = paper.blocks.iter().peekable();
    while let Some(block) = blocks.next() {
        desk.block(block, blocks.peek().copied());
    }
    desk.close();
    desk.sheets
}

impl Desk<'_> {
    /// A text made fit to be drawn.
    pub(crate) fn cleaned(&mut self, text: &str) -> String {
        let clean = clean(text, self.faces.face(Weight::Regular));
        self.replaced |= clean.replaced;
        clean.text
    }

    /// The beginning of a text that gets one line at most.
    pub(crate) fn cleaned_line(&mut self, text: &str) -> String {
        let begin: String = text.chars().take(LINE_CHARS_MAX).collect();
        self.cleaned(&begin)
    }

    pub(crate) fn mark(&mut self, mark: Mark) {
        if let Some(sheet) = self.sheets.last_mut() {
            sheet.push(mark);
        }
    }

    pub(crate) fn text(&mut self, x: f32, baseline: f32, size: f32, weight: Weight, ink: Ink, text: String) {
        if !text.is_empty() {
            self.mark(Mark::Text { x, baseline, size, weight, ink, text });
        }
    }

    pub(crate) fn rule(&mut self, y: f32, ink: Ink, height: f32) {
        self.mark(Mark::Area { x: LEFT, y, width: WIDTH, height, ink });
    }

    /// Where words end on this page. The last page keeps a line free for what is left out.
    fn floor(&self) -> f32 {
        if self.is_last() { BOTTOM - BODY_LEADING } else { BOTTOM }
    }

    fn is_last(&self) -> bool {
        self.sheets.len() >= if self.paper.single_page { 1 } else { PAGES_MAX }
    }

    /// What is free on this page.
    pub(crate) fn room(&self) -> f32 {
        self.floor() - self.y
    }

    /// What is free on a page that has its head only.
    pub(crate) fn fresh_room(&self) -> f32 {
        BOTTOM - BODY_LEADING - (TOP + 30.0)
    }

    /// Goes to the next page where `height` is not free here. False where there is no next page.
    pub(crate) fn make_room(&mut self, height: f32) -> bool {
        if self.room() >= height {
            return true;
        }
        if self.is_last() {
            return false;
        }
        self.begin_page();
        self.room() >= height
    }

    fn block(&mut self, block: &Block, next: Option<&Block>) {
        match block {
            Block::Heading(text) => self.heading(text, next),
            Block::Facts(facts) => self.facts(facts),
            Block::Words { name, text } => self.words(name, text),
            Block::Notice(text) => self.notice(text),
            Block::Table { columns, rows } => table::lay(self, columns, rows),
            Block::Photos(photos) => self.photos(photos),
            // Nothing follows the last one.
            Block::PageBreak if next.is_none() => {}
            Block::PageBreak => self.page_break(),
        }
    }

    /// Goes to the next page, unless nothing stands on this one or there is no next.
    fn page_break(&mut self) {
        let is_fresh = self.sheets.len() > 1 && self.y <= NEXT_TOP;
        if !is_fresh && !self.is_last() {
            self.begin_page();
        }
    }

    fn begin_page(&mut self) {
        self.sheets.push(Vec::new());
        self.y = TOP;
        self.next_head();
    }

    fn first_head(&mut self) {
        let owner = self.cleaned_line(&self.paper.owner);
        let name = self.cleaned_line(&self.paper.name);
        let standing = self.cleaned_line(&self.paper.standing);
        let (regular, strong) = (self.faces.face(Weight::Regular), self.faces.face(Weight::Strong));
        let owner = cut(&owner, regular, SMALL, WIDTH);
        let standing = cut(&standing, strong, BODY, 150.0);
        let standing_width = strong.width(&standing, BODY);
        let name = cut(&name, strong, HEADING, WIDTH - standing_width - 30.0);
        self.text(LEFT, self.y + SMALL, SMALL, Weight::Regular, Ink::Grey, owner);
        self.y += SMALL_LEADING + 6.0;
        self.text(LEFT, self.y + HEADING, HEADING, Weight::Strong, Ink::Black, name);
        if !standing.is_empty() {
            let x = LEFT + WIDTH - standing_width - 14.0;
            self.mark(Mark::Frame { x, y: self.y - 3.0, width: standing_width + 14.0, height: 18.0 });
            self.text(x + 7.0, self.y + 9.5, BODY, Weight::Strong, Ink::Black, standing);
        }
        self.y += 20.0;
        let title = self.cleaned_line(&self.paper.title);
        for line in wrap(&title, self.faces.face(Weight::Strong), TITLE, WIDTH).into_iter().take(4) {
            self.text(LEFT, self.y + TITLE - 3.0, TITLE, Weight::Strong, Ink::Black, line);
            self.y += TITLE_LEADING;
        }
        self.y += 2.0;
        self.rule(self.y, Ink::Black, 1.2);
        self.y += 11.0;
    }

    /// The head of every page but the first.
    fn next_head(&mut self) {
        let name = self.cleaned_line(&self.paper.name);
        let owner = self.cleaned_line(&self.paper.owner);
        let title = self.cleaned_line(&self.paper.title);
        let (regular, strong) = (self.faces.face(Weight::Regular), self.faces.face(Weight::Strong));
        let name = cut(&name, strong, SMALL, WIDTH * 0.35);
        let owner = cut(&owner, regular, SMALL, WIDTH * 0.25);
        let (name_width, owner_width) = (strong.width(&name, SMALL), regular.width(&owner, SMALL));
        let title = cut(&title, regular, SMALL, WIDTH - name_width - owner_width - 30.0);
        let baseline = self.y + SMALL;
        self.text(LEFT, baseline, SMALL, Weight::Strong, Ink::Black, name);
        self.text(LEFT + name_width + 8.0, baseline, SMALL, Weight::Regular, Ink::Grey, title);
        self.text(LEFT + WIDTH - owner_width, baseline, SMALL, Weight::Regular, Ink::Grey, owner);
        self.rule(self.y + 14.0, Ink::Line, 0.7);
        self.y = NEXT_TOP;
    }

    fn heading(&mut self, text: &str, next: Option<&Block>) {
        // A heading goes with the first lines of what it heads.
        let with = match next {
            Some(Block::Photos(_)) => PHOTO_HEIGHT + 30.0,
            Some(Block::Table { .. }) => 60.0,
            Some(Block::PageBreak) | None => 0.0,
            Some(_) => 3.0 * BODY_LEADING,
        };
        if !self.make_room(26.0 + with) {
            return;
        }
        let text = self.cleaned_line(text);
        let text = cut(&text, self.faces.face(Weight::Strong), HEADING, WIDTH);
        self.y += 8.0;
        self.text(LEFT, self.y + HEADING, HEADING, Weight::Strong, Ink::Black, text);
        self.y += 20.0;
    }

    fn facts(&mut self, facts: &[Fact]) {
        let width = (WIDTH - GAP * (FACTS_BESIDE - 1) as f32) / FACTS_BESIDE as f32;
        for row in facts.chunks(FACTS_BESIDE) {
            let cells: Vec<(String, Vec<String>)> = row
                .iter()
                .map(|fact| {
                    let (name, value) = (self.cleaned_line(&fact.name), self.cleaned(&fact.value));
                    let face = self.faces.face(Weight::Regular);
                    let mut lines = wrap(&value, face, BODY, width);
                    if lines.len() > FACT_LINES_MAX {
                        lines.truncate(FACT_LINES_MAX - 1);
                        lines.push("\u{2026}".to_owned());
                    }
                    (cut(&name, face, SMALL, width), lines)
                })
                .collect();
            let lines = cells.iter().map(|(_, lines)| lines.len()).max().unwrap_or_default();
            let height = SMALL_LEADING + lines as f32 * BODY_LEADING + 5.0;
            if !self.make_room(height) {
                self.left_out += row.len();
                continue;
            }
            for (place, (name, lines)) in cells.into_iter().enumerate() {
                let x = LEFT + place as f32 * (width + GAP);
                self.text(x, self.y + SMALL, SMALL, Weight::Regular, Ink::Grey, name);
                for (number, line) in lines.into_iter().enumerate() {
                    let baseline = self.y + SMALL_LEADING + BODY + number as f32 * BODY_LEADING;
                    self.text(x, baseline, BODY, Weight::Regular, Ink::Black, line);
                }
            }
            self.y += height;
        }
        self.y += 3.0;
    }

    fn words(&mut self, name: &str, text: &str) {
        let (name, text) = (self.cleaned_line(name), self.cleaned(text));
        let face = self.faces.face(Weight::Regular);
        let lines = wrap(&text, face, BODY, WIDTH);
        let name = cut(&name, face, SMALL, WIDTH);
        let head = if name.is_empty() { 0.0 } else { SMALL_LEADING };
        if !self.make_room(head + BODY_LEADING * lines.len().min(2) as f32) {
            self.left_out += 1;
            return;
        }
        if !name.is_empty() {
            self.text(LEFT, self.y + SMALL, SMALL, Weight::Regular, Ink::Grey, name);
            self.y += head;
        }
        for line in lines {
            if !self.make_room(BODY_LEADING) {
                self.left_out += 1;
                return;
            }
            self.text(LEFT, self.y + BODY, BODY, Weight::Regular, Ink::Black, line);
            self.y += BODY_LEADING;
        }
        self.y += 6.0;
    }

    fn notice(&mut self, text: &str) {
        let text = self.cleaned(text);
        for line in wrap(&text, self.faces.face(Weight::Strong), BODY, WIDTH - 12.0) {
            if !self.make_room(BODY_LEADING) {
                self.left_out += 1;
                return;
            }
            self.mark(Mark::Area { x: LEFT, y: self.y, width: 3.0, height: BODY_LEADING, ink: Ink::Black });
            self.text(LEFT + 10.0, self.y + BODY, BODY, Weight::Strong, Ink::Black, line);
            self.y += BODY_LEADING;
        }
        self.y += 8.0;
    }

    fn photos(&mut self, photos: &[Photo]) {
        let width = (WIDTH - GAP) / 2.0;
        for pair in photos.chunks(2) {
            let shown: Vec<Option<Picture>> = pair.iter().map(|photo| self.shown(photo)).collect();
            let fits = |picture: &Picture| {
                let scale = (width / picture.width).min(PHOTO_HEIGHT / picture.height);
                (picture.width * scale, picture.height * scale)
            };
            let tallest = |shown: &Option<Picture>| shown.as_ref().map_or(48.0, |picture| fits(picture).1);
            let height = shown.iter().map(tallest).fold(0.0, f32::max);
            let whole = height + 4.0 + 2.0 * SMALL_LEADING + 8.0;
            if !self.make_room(whole) {
                self.left_out += pair.len();
                continue;
            }
            for (place, (photo, picture)) in pair.iter().zip(shown).enumerate() {
                let (x, y) = (LEFT + place as f32 * (width + GAP), self.y);
                match picture {
                    Some(picture) => {
                        let (width, height) = fits(&picture);
                        self.mark(Mark::Picture { x, y, width, height, picture });
                        over::draw(self, &photo.drawn, PhotoFrame { x, y, width, height });
                    }
                    None => {
                        let words = self.cleaned(&self.paper.furniture.no_photo);
                        let words = cut(&words, self.faces.face(Weight::Regular), SMALL, width - 16.0);
                        self.mark(Mark::Frame { x, y, width, height: 48.0 });
                        self.text(x + 8.0, y + 27.0, SMALL, Weight::Regular, Ink::Grey, words);
                    }
                }
                let caption = self.cleaned_line(&photo.caption);
                let lines = wrap(&caption, self.faces.face(Weight::Regular), SMALL, width);
                for (number, line) in lines.into_iter().take(2).enumerate() {
                    let baseline = self.y + height + 4.0 + SMALL + number as f32 * SMALL_LEADING;
                    self.text(x, baseline, SMALL, Weight::Regular, Ink::Grey, line);
                }
            }
            self.y += whole;
        }
    }

    /// The picture of a photo, as long as all of them together stay within bounds.
    fn shown(&mut self, photo: &Photo) -> Option<Picture> {
        let bytes = photo.bytes.as_ref().filter(|_| self.with_photos)?;
        if self.photo_bytes + bytes.len() > PHOTO_BYTES_MAX {
            return None;
        }
        let picture = picture(bytes)?;
        self.photo_bytes += bytes.len();
        Some(picture)
    }

    /// What is left out, what was replaced, and the foot of every page.
    fn close(&mut self) {
        let furniture = &self.paper.furniture;
        if self.replaced {
            let words = self.cleaned(&furniture.replaced);
            let words = cut(&words, self.faces.face(Weight::Regular), SMALL, WIDTH);
            if self.make_room(SMALL_LEADING + 4.0) {
                self.text(LEFT, self.y + SMALL + 4.0, SMALL, Weight::Regular, Ink::Grey, words);
            }
        }
        if self.left_out > 0 {
            let words = furniture.left_out.replace("{count}", &self.left_out.to_string());
            let words = self.cleaned(&words);
            self.text(LEFT, BOTTOM - 3.0, BODY, Weight::Strong, Ink::Black, words);
        }
        let pages = self.sheets.len();
        let made = self.cleaned_line(&self.paper.made_words);
        let face = self.faces.face(Weight::Regular);
        for (place, sheet) in self.sheets.iter_mut().enumerate() {
            let page = furniture.page.replace("{page}", &(place + 1).to_string());
            let page = page.replace("{pages}", &pages.to_string());
            let page_width = face.width(&page, SMALL);
            let made = cut(&made, face, SMALL, WIDTH - page_width - 20.0);
            let (y, baseline) = (PAGE_HEIGHT - 44.0, PAGE_HEIGHT - 30.0);
            sheet.push(Mark::Area { x: LEFT, y, width: WIDTH, height: 0.7, ink: Ink::Line });
            for (x, text) in [(LEFT, made), (LEFT + WIDTH - page_width, page)] {
                let (size, weight, ink) = (SMALL, Weight::Regular, Ink::Grey);
                sheet.push(Mark::Text { x, baseline, size, weight, ink, text });
            }
        }
    }
}
