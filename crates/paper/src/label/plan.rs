//! Where the two squares and the words of one label stand, in millimetres from its upper left corner.

use super::check::CheckedLabel;
use super::fault::LabelFaultKind;
use crate::font::{Face, Faces, Weight};
use crate::wrap::{cut, wrap};

pub(super) const MM_PER_POINT: f64 = 25.4 / 72.0;
/// Between the parts of a label.
const GAP_MM: f64 = 2.0;
/// Lines that a title or a line may be broken into.
const BROKEN_INTO_MAX: usize = 2;
/// What sums of sizes may differ by and still be the same.
pub(super) const SAME_MM: f64 = 1e-6;

/// How the parts stand to each other. Words never have anything at their right: what is wider than was thought, in a
/// printer's own font, does not run into a square.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Arrangement {
    /// Fiducial, code and words beside each other.
    Row,
    /// The words below the code, both beside the fiducial.
    Beside,
    /// Code and words beside each other, both below the fiducial.
    Below,
    /// All below each other.
    Stacked,
}

const ARRANGEMENTS: [Arrangement; 4] =
    [Arrangement::Row, Arrangement::Beside, Arrangement::Below, Arrangement::Stacked];

/// How large words are, in points.
#[derive(Copy, Clone)]
struct Lettering {
    /// Sizes of the title: the first in which it is one line, else the last.
    titles: [f32; 3],
    line: f32,
    /// The width that words need, in millimetres.
    column_mm: f64,
}

const COMMON: Lettering = Lettering { titles: [15.0, 12.0, 10.0], line: 8.0, column_mm: 36.0 };
const SMALL: Lettering = Lettering { titles: [9.0, 8.0, 7.0], line: 6.0, column_mm: 20.0 };
/// From one line to the next, in sizes of the line.
const LEADING: f32 = 1.3;

/// One line of words.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TextLine {
    pub(super) x_mm: f64,
    pub(super) baseline_mm: f64,
    pub(super) size: f32,
    pub(super) weight: Weight,
    pub(super) text: String,
}

/// A label with everything at its place.
pub(super) struct Plan {
    pub(super) width_mm: f64,
    pub(super) height_mm: f64,
    /// The upper left corner of the fiducial's first cell.
    pub(super) fiducial_mm: (f64, f64),
    /// The upper left corner of the code's first module.
    pub(super) code_mm: (f64, f64),
    pub(super) texts: Vec<TextLine>,
    /// Whether a text had to be cut.
    pub(super) is_cut: bool,
}

/// Lays a label out in as little of an area as it can.
pub(super) fn free(
    label: &CheckedLabel,
    faces: &Faces,
    (width_mm, height_mm): (f64, f64),
) -> Result<Plan, LabelFaultKind> {
    for lettering in [COMMON, SMALL] {
        let plans = ARRANGEMENTS.into_iter().map(|arrangement| {
            let width_mm = width_needed_mm(label, arrangement, lettering);
            arranged(label, faces, arrangement, lettering, width_mm)
        });
        let fits = |plan: &Plan| plan.width_mm <= width_mm + SAME_MM && plan.height_mm <= height_mm + SAME_MM;
        let order = |plan: &Plan| (plan.is_cut, plan.width_mm * plan.height_mm);
        let best = plans
            .filter(fits)
            .min_by(|one, other| order(one).partial_cmp(&order(other)).unwrap_or(std::cmp::Ordering::Equal));
        if let Some(plan) = best {
            return Ok(plan);
        }
    }
    Err(too_large(label, faces, (width_mm, height_mm)))
}

/// Lays a label out in a given area, from edge to edge and in the middle of its height.
pub(super) fn within(
    label: &CheckedLabel,
    faces: &Faces,
    (width_mm, height_mm): (f64, f64),
) -> Result<Plan, LabelFaultKind> {
    let mut found: Option<Plan> = None;
    for lettering in [COMMON, SMALL] {
        for arrangement in ARRANGEMENTS {
            if width_needed_mm(label, arrangement, lettering) > width_mm + SAME_MM {
                continue;
            }
            let plan = arranged(label, faces, arrangement, lettering, width_mm);
            if plan.height_mm > height_mm + SAME_MM {
                continue;
            }
            // Small words are better than some that are cut.
            if !plan.is_cut {
                return Ok(plan);
            }
            found = found.or(Some(plan));
        }
    }
    found.ok_or_else(|| too_large(label, faces, (width_mm, height_mm)))
}

/// Says the least area that would hold the label, of a shape near the one there is.
fn too_large(label: &CheckedLabel, faces: &Faces, (width_mm, height_mm): (f64, f64)) -> LabelFaultKind {
    let plans = ARRANGEMENTS.into_iter().map(|arrangement| {
        let width_mm = width_needed_mm(label, arrangement, SMALL);
        arranged(label, faces, arrangement, SMALL, width_mm)
    });
    let excess = |plan: &Plan| (plan.width_mm / width_mm).max(plan.height_mm / height_mm);
    let least = plans.min_by(|one, other| excess(one).total_cmp(&excess(other)));
    let (needed_width_mm, needed_height_mm) =
        least.map_or((0.0, 0.0), |plan| (plan.width_mm, plan.height_mm));
    LabelFaultKind::TooLarge { needed_width_mm, needed_height_mm, width_mm, height_mm }
}

fn width_needed_mm(label: &CheckedLabel, arrangement: Arrangement, lettering: Lettering) -> f64 {
    let (fiducial, code, column) = (label.fiducial.width_mm(), label.code.width_mm(), lettering.column_mm);
    match arrangement {
        Arrangement::Row => fiducial + GAP_MM + code + GAP_MM + column,
        Arrangement::Beside => fiducial + GAP_MM + code.max(column),
        Arrangement::Below => fiducial.max(code + GAP_MM + column),
        Arrangement::Stacked => fiducial.max(code).max(column),
    }
}

/// A label that is `width_mm` wide, which is what it needs at least.
fn arranged(
    label: &CheckedLabel,
    faces: &Faces,
    arrangement: Arrangement,
    lettering: Lettering,
    width_mm: f64,
) -> Plan {
    let (fiducial, code) = (&label.fiducial, &label.code);
    let beside_fiducial = fiducial.width_mm() + GAP_MM;
    let beside_code = code.width_mm() + GAP_MM;
    let below_fiducial = fiducial.height_mm() + GAP_MM;
    let (code_at, words_at) = match arrangement {
        Arrangement::Row => ((beside_fiducial, 0.0), (beside_fiducial + beside_code, 0.0)),
        Arrangement::Beside => ((beside_fiducial, 0.0), (beside_fiducial, code.height_mm() + GAP_MM)),
        Arrangement::Below => ((0.0, below_fiducial), (beside_code, below_fiducial)),
        Arrangement::Stacked => ((0.0, below_fiducial), (0.0, below_fiducial + code.height_mm() + GAP_MM)),
    };
    let mut words =
        Words { faces, width_mm: width_mm - words_at.0, texts: vec![], height_mm: 0.0, is_cut: false };
    words.title(&label.title, lettering);
    for line in &label.lines {
        words.say(line, Weight::Regular, lettering.line);
    }
    let height_mm = fiducial.height_mm().max(code_at.1 + code.height_mm()).max(words_at.1 + words.height_mm);
    let place = |text: TextLine| TextLine {
        x_mm: text.x_mm + words_at.0,
        baseline_mm: text.baseline_mm + words_at.1,
        ..text
    };
    Plan {
        width_mm,
        height_mm,
        fiducial_mm: (fiducial.quiet_mm(), fiducial.quiet_mm()),
        code_mm: (code_at.0 + code.quiet_mm(), code_at.1 + code.quiet_mm()),
        texts: words.texts.into_iter().map(place).collect(),
        is_cut: words.is_cut,
    }
}

/// Words below each other.
struct Words<'f> {
    faces: &'f Faces,
    width_mm: f64,
    texts: Vec<TextLine>,
    height_mm: f64,
    is_cut: bool,
}

impl Words<'_> {
    fn title(&mut self, text: &str, lettering: Lettering) {
        let face = self.faces.face(Weight::Strong);
        let width = (self.width_mm / MM_PER_POINT) as f32;
        let [.., least] = lettering.titles;
        let size = lettering.titles.into_iter().find(|size| face.width(text, *size) <= width);
        self.say(text, Weight::Strong, size.unwrap_or(least));
    }

    fn say(&mut self, text: &str, weight: Weight, size: f32) {
        let width = (self.width_mm / MM_PER_POINT) as f32;
        let (lines, is_cut) = broken(text, self.faces.face(weight), size, width, BROKEN_INTO_MAX);
        self.is_cut |= is_cut;
        for text in lines {
            let baseline_mm = self.height_mm + f64::from(size) * MM_PER_POINT;
            self.texts.push(TextLine { x_mm: 0.0, baseline_mm, size, weight, text });
            self.height_mm += f64::from(size * LEADING) * MM_PER_POINT;
        }
    }
}

/// A text in at most `count` lines of `width` points, and whether it had to be cut for that.
pub(super) fn broken(text: &str, face: &Face, size: f32, width: f32, count: usize) -> (Vec<String>, bool) {
    let mut lines = wrap(text, face, size, width);
    let is_cut = lines.len() > count;
    if is_cut {
        let rest = lines.split_off(count.saturating_sub(1)).join(" ");
        lines.push(cut(&rest, face, size, width));
    }
    (lines, is_cut)
}
