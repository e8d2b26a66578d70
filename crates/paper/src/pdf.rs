//! Pages of marks become the bytes of a PDF/A-2u: fonts inside, every letter with its meaning, nothing fetched.

use krilla::Document;
use krilla::SerializeSettings;
use krilla::color::luma;
use krilla::configure::{Archival, ConfigurationBuilder};
use krilla::error::KrillaError;
use krilla::geom::{Path, PathBuilder, Point, Rect, Size, Transform};
use krilla::metadata::{DateTime, Metadata, TextDirection};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, LineCap, LineJoin, Stroke};
use krilla::surface::Surface;

use crate::document::{Made, Paper};
use crate::font::Faces;
use crate::layout::{Ink, Mark, PAGE_HEIGHT, PAGE_WIDTH, lay_out};
use crate::{PaperFault, Written};

pub(crate) fn write(paper: &Paper) -> Result<Written, PaperFault> {
    let faces = Faces::of_the_app()?;
    match serialized(paper, &faces, &lay_out(paper, &faces, true)) {
        // A photo whose head looks sound can still be damaged inside: the words matter more.
        Err(KrillaError::Image(..) | KrillaError::Validation(_)) => {
            serialized(paper, &faces, &lay_out(paper, &faces, false))
        }
        outcome => outcome,
    }
    .map_err(|error| refused(&error))
}

fn serialized(paper: &Paper, faces: &Faces, sheets: &[Vec<Mark>]) -> Result<Written, KrillaError> {
    let title = format!("{} {}", paper.name, paper.title);
    let particulars = Particulars { title: &title, language: &paper.language, made: paper.made };
    let sheets = sheets.iter().map(|marks| (PAGE_WIDTH, PAGE_HEIGHT, marks.as_slice()));
    document(metadata(particulars), SerializeSettings::default(), faces, sheets)
}

/// What a file says of itself.
#[derive(Copy, Clone)]
pub(crate) struct Particulars<'p> {
    pub(crate) title: &'p str,
    pub(crate) language: &'p str,
    pub(crate) made: Made,
}

/// A page of its own size, in points.
pub(crate) struct Sheet {
    pub(crate) width: f32,
    pub(crate) height: f32,
    pub(crate) marks: Vec<Mark>,
}

/// Writes pages that are to be printed as large as they are.
pub(crate) fn sheets_in_true_size(
    particulars: Particulars<'_>,
    faces: &Faces,
    sheets: &[Sheet],
) -> Result<Written, PaperFault> {
    let metadata = metadata(particulars).text_direction(TextDirection::LeftToRight);
    let sheets = sheets.iter().map(|sheet| (sheet.width, sheet.height, sheet.marks.as_slice()));
    // Written with blanks between its parts, the preference below has room for another one.
    let settings = SerializeSettings { pretty: true, ..Default::default() };
    let mut written = document(metadata, settings, faces, sheets).map_err(|error| refused(&error))?;
    ask_for_no_scaling(&mut written.bytes);
    Ok(written)
}

/// Asks readers to print without scaling: many would fit pages to the paper, which makes everything a few hundredths
/// smaller.
///
/// The writer has no word for `/PrintScaling`. It writes one preference that is what readers take anyway, and that is
/// put in its place, as long to the byte: no offset in the file changes. Should the writer ever lay it out otherwise, the
/// preference is missing, which a test tells, and the file is as good as before.
fn ask_for_no_scaling(bytes: &mut [u8]) {
    const PLACE: &[u8] = b"/ViewerPreferences <<\n    /Direction /L2R\n";
    const WANTED: &[u8] = b"/ViewerPreferences <<\n/PrintScaling /None\n";
    // The catalog stands near the end of the file; nothing behind it holds texts of ours.
    let found = bytes.windows(PLACE.len()).rposition(|window| window == PLACE);
    if let Some(place) = found.and_then(|start| bytes.get_mut(start..start + PLACE.len())) {
        place.copy_from_slice(WANTED);
    }
}

fn document<'m>(
    metadata: Metadata,
    settings: SerializeSettings,
    faces: &Faces,
    sheets: impl Iterator<Item = (f32, f32, &'m [Mark])>,
) -> Result<Written, KrillaError> {
    let configuration =
        ConfigurationBuilder::new().with_archival_validator(Archival::A2_U).finish().unwrap_or_default();
    let mut document =
        Document::new_with(SerializeSettings { configuration, enable_tagging: false, ..settings });
    document.set_metadata(metadata);
    let mut pages = 0;
    for (width, height, marks) in sheets {
        let Some(settings) = PageSettings::from_wh(width, height) else { continue };
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        for mark in marks {
            draw(&mut surface, faces, mark);
        }
        surface.finish();
        page.finish();
        pages += 1;
    }
    let bytes = document.finish()?;
    Ok(Written { bytes, pages })
}

fn refused(error: &KrillaError) -> PaperFault {
    PaperFault::Refused(format!("{error:?}").chars().take(500).collect())
}

fn metadata(particulars: Particulars<'_>) -> Metadata {
    let plain = |text: &str| text.chars().filter(|letter| !letter.is_control()).take(500).collect::<String>();
    let made = particulars.made;
    let at = DateTime::new(made.year)
        .month(made.month)
        .day(made.day)
        .hour(made.hour)
        .minute(made.minute)
        .second(made.second)
        .utc_offset_hour(0)
        .utc_offset_minute(0);
    Metadata::new()
        .title(plain(particulars.title))
        .language(plain(particulars.language))
        .creator("Millwright".to_owned())
        .creation_date(at)
}

fn draw(surface: &mut Surface<'_>, faces: &Faces, mark: &Mark) {
    match mark {
        Mark::Text { x, baseline, size, weight, ink, text } => {
            let face = faces.face(*weight);
            surface.set_stroke(None);
            surface.set_fill(Some(fill(*ink)));
            let start = Point::from_xy(*x, *baseline);
            surface.draw_glyphs(start, &face.glyphs(text), face.embedded(), text, *size, false);
        }
        Mark::Area { x, y, width, height, ink } => {
            surface.set_stroke(None);
            surface.set_fill(Some(fill(*ink)));
            if let Some(path) = rectangle(*x, *y, *width, *height) {
                surface.draw_path(&path);
            }
        }
        Mark::Areas { areas } => {
            surface.set_stroke(None);
            surface.set_fill(Some(fill(Ink::Black)));
            // One path: no viewer shows a seam between rectangles that touch.
            let mut path = PathBuilder::new();
            for [left, top, right, bottom] in areas {
                if let Some(rectangle) = Rect::from_ltrb(*left, *top, *right, *bottom) {
                    path.push_rect(rectangle);
                }
            }
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
        Mark::Frame { x, y, width, height } => {
            surface.set_fill(None);
            let stroke = Stroke {
                paint: luma::Color::new(shade(Ink::Black)).into(),
                width: 0.8,
                ..Default::default()
            };
            surface.set_stroke(Some(stroke));
            if let Some(path) = rectangle(*x, *y, *width, *height) {
                surface.draw_path(&path);
            }
        }
        Mark::Picture { x, y, width, height, picture } => {
            let [sx, ky, kx, sy, tx, ty] = picture.turn.matrix();
            surface.push_transform(&Transform::from_row(*width, 0.0, 0.0, *height, *x, *y));
            surface.push_transform(&Transform::from_row(sx, ky, kx, sy, tx, ty));
            if let Some(size) = Size::from_wh(1.0, 1.0) {
                surface.draw_image(picture.image.clone(), size);
            }
            surface.pop();
            surface.pop();
        }
        Mark::Line { points, width, ink } => {
            surface.set_fill(None);
            let (line_cap, line_join) = (LineCap::Round, LineJoin::Round);
            let paint = luma::Color::new(shade(*ink)).into();
            surface.set_stroke(Some(Stroke {
                paint,
                width: *width,
                line_cap,
                line_join,
                ..Default::default()
            }));
            if let Some(path) = line(points) {
                surface.draw_path(&path);
            }
        }
    }
}

fn line(points: &[(f32, f32)]) -> Option<Path> {
    let mut path = PathBuilder::new();
    let (first, rest) = points.split_first()?;
    path.move_to(first.0, first.1);
    for (x, y) in rest {
        path.line_to(*x, *y);
    }
    path.finish()
}

fn fill(ink: Ink) -> Fill {
    Fill { paint: luma::Color::new(shade(ink)).into(), opacity: NormalizedF32::ONE, rule: FillRule::NonZero }
}

/// How bright an ink is, from black to white.
fn shade(ink: Ink) -> u8 {
    match ink {
        Ink::Black => 0,
        Ink::Grey => 80,
        Ink::Line => 170,
        Ink::Shade => 236,
        Ink::White => 255,
    }
}

fn rectangle(x: f32, y: f32, width: f32, height: f32) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.push_rect(Rect::from_xywh(x, y, width, height)?);
    path.finish()
}
