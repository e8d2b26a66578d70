//! A plotters backend that writes SVG elements with a class per role instead of colours.

use std::convert::Infallible;
use std::fmt::Write;

use plotters::style::RGBColor;
use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};

/// The usual band.
pub(crate) const BAND: RGBColor = RGBColor(1, 0, 0);
/// Smallest to largest of every moment.
pub(crate) const SHADE: RGBColor = RGBColor(2, 0, 0);
/// The mean.
pub(crate) const MEAN: RGBColor = RGBColor(3, 0, 0);
/// A limit.
pub(crate) const LIMIT: RGBColor = RGBColor(4, 0, 0);
/// Lines of the grid.
pub(crate) const GRID: RGBColor = RGBColor(5, 0, 0);
/// What stays invisible.
pub(crate) const AXIS: RGBColor = RGBColor(6, 0, 0);
/// How many options of a scenario are told from each other.
pub(crate) const OPTIONS_MAX: usize = 6;

/// The option at a place.
pub(crate) fn option(place: usize) -> RGBColor {
    RGBColor(11 + place.min(OPTIONS_MAX - 1) as u8, 0, 0)
}

/// Inter's digits and letters are about this wide, in parts of the font's size.
const LETTER_WIDTH: f64 = 0.58;

fn role(color: BackendColor) -> &'static str {
    match color.rgb.0 {
        1 => "c-band",
        2 => "c-shade",
        3 => "c-mean",
        4 => "c-limit",
        5 => "c-grid",
        6 => "c-axis",
        11 => "c-option-1",
        12 => "c-option-2",
        13 => "c-option-3",
        14 => "c-option-4",
        15 => "c-option-5",
        16 => "c-option-6",
        _ => "c-text",
    }
}

/// Writes into a string.
pub(crate) struct ClassSvg<'out> {
    out: &'out mut String,
    size: (u32, u32),
}

impl<'out> ClassSvg<'out> {
    /// A picture of `size`.
    pub(crate) fn new(out: &'out mut String, size: (u32, u32)) -> Self {
        Self { out, size }
    }

    fn put(&mut self, element: std::fmt::Arguments<'_>) -> Result<(), DrawingErrorKind<Infallible>> {
        if self.out.write_fmt(element).is_err() {
            // Writing into a string does not fail.
        }
        Ok(())
    }
}

fn points(path: impl IntoIterator<Item = BackendCoord>) -> String {
    let mut points = String::new();
    for (x, y) in path {
        if !points.is_empty() {
            points.push(' ');
        }
        points.push_str(&format!("{x},{y}"));
    }
    points
}

impl DrawingBackend for ClassSvg<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Result<(), DrawingErrorKind<Infallible>> {
        Ok(())
    }

    fn present(&mut self) -> Result<(), DrawingErrorKind<Infallible>> {
        Ok(())
    }

    fn draw_pixel(
        &mut self,
        (x, y): BackendCoord,
        color: BackendColor,
    ) -> Result<(), DrawingErrorKind<Infallible>> {
        self.put(format_args!(r#"<rect class="{}" x="{x}" y="{y}" width="1" height="1"/>"#, role(color)))
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Result<(), DrawingErrorKind<Infallible>> {
        self.put(format_args!(
            r#"<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>"#,
            role(style.color()),
            from.0,
            from.1,
            to.0,
            to.1
        ))
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        _fill: bool,
    ) -> Result<(), DrawingErrorKind<Infallible>> {
        self.put(format_args!(
            r#"<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>"#,
            role(style.color()),
            upper_left.0,
            upper_left.1,
            (bottom_right.0 - upper_left.0).max(1),
            (bottom_right.1 - upper_left.1).max(1)
        ))
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Result<(), DrawingErrorKind<Infallible>> {
        self.put(format_args!(r#"<polyline class="{}" points="{}"/>"#, role(style.color()), points(path)))
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        vertices: I,
        style: &S,
    ) -> Result<(), DrawingErrorKind<Infallible>> {
        self.put(format_args!(r#"<polygon class="{}" points="{}"/>"#, role(style.color()), points(vertices)))
    }

    fn draw_text<S: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &S,
        (x, y): BackendCoord,
    ) -> Result<(), DrawingErrorKind<Infallible>> {
        let anchor = match style.anchor().h_pos {
            HPos::Left => "start",
            HPos::Center => "middle",
            HPos::Right => "end",
        };
        let drop = match style.anchor().v_pos {
            VPos::Top => style.size(),
            VPos::Center => style.size() * 0.36,
            VPos::Bottom => 0.0,
        };
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        self.put(format_args!(
            r#"<text class="{}" text-anchor="{anchor}" x="{x}" y="{:.0}">{text}</text>"#,
            role(style.color()),
            f64::from(y) + drop
        ))
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let width = text.chars().count() as f64 * style.size() * LETTER_WIDTH;
        Ok((width.ceil() as u32, style.size().ceil() as u32))
    }
}
