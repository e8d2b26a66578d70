//! Labels as ZPL II: whole dots, boxes for what is dark, texts that cannot be taken for commands.

use std::fmt::Write as _;

use super::check::check;
use super::fault::LabelFault;
use super::page::{BAR_THICKNESS_MM, Item, Page, TICK_MM, bar_rectangles, paginate};
use super::plan::{MM_PER_POINT, TextLine};
use super::{BAR_MM, DotDensity, LabelMedia, LabelPrinter, LabelSheet, LabelZpl, PrintedLabel};
use crate::font::Faces;

/// Lays labels out for a label printer. Cells become whole dots, so that a fiducial differs a little from what was asked
/// for: what it will be is in [`LabelZpl::printed`]; [`super::printed_size_m`] tells it beforehand, for the texts and for the
/// register.
///
/// # Errors
/// When there is no label or too many, when a label has matrices, sizes or texts out of bounds, cells of too few dots, or is
/// larger than the media, or when the media's sides are out of bounds.
pub fn write_label_zpl(sheet: &LabelSheet, printer: LabelPrinter) -> Result<LabelZpl, LabelFault> {
    let LabelPrinter { width_mm, height_mm, density } = printer;
    let faces = Faces::of_the_app()?;
    let labels = check(sheet, &faces, Some(density))?;
    let pages = paginate(&labels, &sheet.bar_words, LabelMedia::DieCut { width_mm, height_mm }, &faces)?;
    let mut format = Format { commands: String::new(), density };
    for page in &pages.pages {
        format.page(page);
    }
    let printed = labels.iter().map(|label| PrintedLabel {
        fiducial_cell_m: label.fiducial.cell_mm / 1_000.0,
        code_module_m: label.code.cell_mm / 1_000.0,
    });
    let bar_mm = format.dots(BAR_MM) / density.dots_per_mm();
    Ok(LabelZpl {
        commands: format.commands,
        pages: u32::try_from(pages.pages.len()).unwrap_or(u32::MAX),
        bar: pages.bar,
        bar_mm,
        printed: printed.collect(),
        altered: pages.altered,
    })
}

struct Format {
    commands: String,
    density: DotDensity,
}

impl Format {
    /// The nearest dot.
    fn dots(&self, mm: f64) -> f64 {
        (mm * self.density.dots_per_mm()).round()
    }

    fn page(&mut self, page: &Page<'_>) {
        let (width, height) = (self.dots(page.width_mm), self.dots(page.height_mm));
        // What another program left behind in the printer must not scale, mirror or move anything: full density, dots as
        // units without conversion, no mirror, the corner of the label as origin. Where labels begin on the roll (^LT, ^LS)
        // is left as a person set it. 28 is UTF-8.
        let base = match self.density {
            DotDensity::Dpi203 => 200,
            DotDensity::Dpi300 => 300,
            DotDensity::Dpi600 => 600,
        };
        self.say(&format!("^XA\n^JMA^MUd,{base},{base}^PMN^LH0,0^CI28\n^PW{width}^LL{height}\n"));
        for item in &page.items {
            match item {
                Item::Cells { x_mm, y_mm, cells } => {
                    let (x, y, cell) = (self.dots(*x_mm), self.dots(*y_mm), self.dots(cells.cell_mm));
                    for dark in &cells.dark {
                        self.dark_box([
                            x + dark.column as f64 * cell,
                            y + dark.row as f64 * cell,
                            dark.columns as f64 * cell,
                            dark.rows as f64 * cell,
                        ]);
                    }
                }
                Item::Rule { x_mm, y_mm, width_mm, height_mm } => {
                    let corner = [self.dots(*x_mm), self.dots(*y_mm)];
                    let [width, height] = [width_mm, height_mm].map(|mm| self.dots(*mm).max(1.0));
                    self.dark_box([corner[0], corner[1], width, height]);
                }
                Item::Bar { x_mm, y_mm, is_upright } => {
                    let corner = (self.dots(*x_mm), self.dots(*y_mm));
                    let thickness = self.dots(BAR_THICKNESS_MM).max(1.0);
                    let (length, tick) = (self.dots(BAR_MM), self.dots(TICK_MM));
                    for rectangle in bar_rectangles(corner, length, thickness, tick, *is_upright) {
                        self.dark_box(rectangle);
                    }
                }
                Item::Text(line) => self.text(line),
            }
        }
        self.say("^PQ1\n^XZ\n");
    }

    /// A box whose border is as thick as its shorter side is filled. Graphic fields would be bounded to 99,999 bytes, which
    /// a large fiducial of fine dots has more of.
    fn dark_box(&mut self, [left, top, width, height]: [f64; 4]) {
        let border = width.min(height);
        self.say(&format!("^FO{left},{top}^GB{width},{height},{border},B,0^FS\n"));
    }

    /// Words in the printer's scalable font, which is narrower than the one they were measured by.
    fn text(&mut self, line: &TextLine) {
        let (x, baseline) = (self.dots(line.x_mm), self.dots(line.baseline_mm));
        let height = self.dots(f64::from(line.size) * MM_PER_POINT).max(1.0);
        let text = escaped(&line.text);
        self.say(&format!("^FT{x},{baseline}^A0N,{height},{height}^FH_^FD{text}^FS\n"));
    }

    fn say(&mut self, commands: &str) {
        self.commands.push_str(commands);
    }
}

/// A text in which everything but plain letters, figures and a few signs is written as hexadecimal bytes of UTF-8: no
/// prefix of a command, no delimiter and nothing that a link could garble is left.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        // The sign for what our font lacks is lacking in most printers.
        let letter = if letter == '\u{25A1}' { '?' } else { letter };
        if letter.is_ascii_alphanumeric() || " .-/:()+?".contains(letter) {
            out.push(letter);
            continue;
        }
        for byte in letter.encode_utf8(&mut [0; 4]).bytes() {
            // Writing into a string does not fail.
            write!(out, "_{byte:02X}").ok();
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_a_command() {
        assert_eq!(escaped("P-101 (A)"), "P-101 (A)");
        assert_eq!(escaped("^XZ~JR_41,\\&"), "_5EXZ_7EJR_5F41_2C_5C_26");
        assert_eq!(escaped("Kühl □\n"), "K_C3_BChl ?_0A");
    }
}
