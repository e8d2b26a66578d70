//! How a result comes out under several options: a curve for each, told from the others by dashes as well as by colour.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::ChartError;
use crate::class_svg::{AXIS, ClassSvg, GRID, OPTIONS_MAX, option};

/// An option's curve.
#[derive(Clone, Debug, PartialEq)]
pub struct SpreadOption {
    /// What it is called; nothing where it is told beside the picture.
    pub label: String,
    /// Its height at each of [`Spread::at`], from 0.
    pub heights: Vec<f64>,
}

/// What a picture of several options shows.
pub struct Spread<'a> {
    /// The figures along the foot, rising.
    pub at: &'a [f64],
    /// The options, in their order; the first six are drawn.
    pub options: &'a [SpreadOption],
    /// The option that is drawn strongest.
    pub strong: Option<usize>,
    /// What the heights are told in at the side; nothing for shares whose sizes mean nothing by themselves.
    pub height_label: Option<&'a dyn Fn(f64) -> String>,
    /// Writes a figure under the picture.
    pub number_label: &'a dyn Fn(f64) -> String,
}

/// The room that a label takes for each of its letters, in pixels.
const LETTER_PX: i32 = 8;
const LINE_PX: i32 = 18;

/// Draws the curves of options on `size` pixels: what stands inside the `<svg>`.
///
/// # Errors
/// When there are fewer than two figures along the foot, or the size is too small.
pub fn spread(spread: &Spread<'_>, size: (u32, u32)) -> Result<String, ChartError> {
    let (Some(first), Some(last)) = (spread.at.first(), spread.at.last()) else {
        return Err(ChartError::NoRoom("no figures along the foot".to_owned()));
    };
    if last <= first || size.0 < 120 || size.1 < 80 {
        return Err(ChartError::NoRoom(format!("{} × {} pixels", size.0, size.1)));
    }
    let mut out = String::new();
    draw(spread, (*first, *last), ClassSvg::new(&mut out, size)).map_err(ChartError::NoRoom)?;
    Ok(out)
}

fn draw(spread: &Spread<'_>, (from, to): (f64, f64), backend: ClassSvg<'_>) -> Result<(), String> {
    let say = |error: &dyn std::fmt::Display| error.to_string();
    let root = backend.into_drawing_area();
    let (width, _) = root.dim_in_pixel();
    let options: Vec<&SpreadOption> = spread.options.iter().take(OPTIONS_MAX).collect();
    let heights = options.iter().flat_map(|option| option.heights.iter().copied());
    let top = heights.filter(|height| height.is_finite()).fold(0.0, f64::max);
    let top = if top > 0.0 { top } else { 1.0 };
    let side = if spread.height_label.is_some() { 52 } else { 8 };
    let mut chart = ChartBuilder::on(&root)
        .margin_top(24)
        .margin_right(16)
        .x_label_area_size(26)
        .y_label_area_size(side)
        .build_cartesian_2d(from..to, 0.0..top * 1.06)
        .map_err(|error| say(&error))?;
    let font = TextStyle::from(("Inter", 12));
    let nothing = |_: &f64| String::new();
    let heights_told = |height: &f64| spread.height_label.map_or_else(String::new, |label| label(*height));
    chart
        .configure_mesh()
        .disable_x_mesh()
        .x_labels(0)
        .y_labels(if spread.height_label.is_some() { 5 } else { 0 })
        .axis_style(AXIS)
        .bold_line_style(GRID)
        .light_line_style(AXIS)
        .y_max_light_lines(1)
        .y_label_style(font.clone())
        .x_label_formatter(&nothing)
        .y_label_formatter(&heights_told)
        .draw()
        .map_err(|error| say(&error))?;
    chart.draw_series([PathElement::new(vec![(from, 0.0), (to, 0.0)], GRID)]).map_err(|error| say(&error))?;
    // The strong one last, over the others.
    let mut order: Vec<usize> = (0..options.len()).collect();
    order.sort_by_key(|place| Some(*place) == spread.strong);
    let mut labels: Vec<(i32, i32, i32)> = Vec::new();
    for place in order {
        let Some(drawn) = options.get(place) else { continue };
        let line: Vec<(f64, f64)> = spread.at.iter().copied().zip(drawn.heights.iter().copied()).collect();
        let peak =
            line.iter().copied().fold((from, 0.0), |peak, point| if point.1 > peak.1 { point } else { peak });
        chart.draw_series([PathElement::new(line, option(place))]).map_err(|error| say(&error))?;
        if drawn.label.is_empty() {
            continue;
        }
        let (x, y) = chart.as_coord_spec().translate(&peak);
        let half = drawn.label.chars().count() as i32 * LETTER_PX / 2;
        let x = x.clamp(half + 4, (width as i32 - half - 4).max(half + 4));
        let mut y = (y - 6).max(14);
        // Beneath what is there already.
        while labels
            .iter()
            .any(|(at, height, reach)| (at - x).abs() < reach + half && (height - y).abs() < LINE_PX)
        {
            y += LINE_PX;
        }
        labels.push((x, y, half));
        let color = option(place);
        let named = font.clone().color(&color).pos(Pos::new(HPos::Center, VPos::Bottom));
        root.draw_text(&drawn.label, &named, (x, y)).map_err(|error| say(&error))?;
    }
    let under = font.pos(Pos::new(HPos::Center, VPos::Top));
    for figure in round_figures(from, to) {
        let (x, y) = chart.as_coord_spec().translate(&(figure, 0.0));
        root.draw_text(&(spread.number_label)(figure), &under, (x, y + 8)).map_err(|error| say(&error))?;
    }
    root.present().map_err(|error| say(&error))
}

/// Four to eight round figures between two.
fn round_figures(from: f64, to: f64) -> Vec<f64> {
    let rough = (to - from) / 5.0;
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|times| times * power).find(|step| *step >= rough);
    let step = step.unwrap_or(power * 10.0);
    if !(step.is_finite() && step > 0.0) {
        return vec![];
    }
    let first = (from / step).ceil();
    (0..12).map(|place| (first + f64::from(place)) * step).take_while(|figure| *figure <= to).collect()
}

/// How a result swings with one figure.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Swing {
    /// The result where the figure is low.
    pub at_low: f64,
    /// The result where it is high.
    pub at_high: f64,
    /// The result where it is in the middle.
    pub middle: f64,
    /// Where the picture begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
}

/// Draws one bar of a tornado on `size` pixels: what stands inside the `<svg>`. The side of the low figure is filled, that
/// of the high one is lighter.
///
/// # Errors
/// When the span or the size is empty.
pub fn swing(swing: Swing, size: (u32, u32)) -> Result<String, ChartError> {
    let (width, height) = (f64::from(size.0), f64::from(size.1));
    if swing.to <= swing.from || size.0 < 40 || size.1 < 8 {
        return Err(ChartError::NoRoom(format!("{} × {} pixels", size.0, size.1)));
    }
    let x = |value: f64| ((value - swing.from) / (swing.to - swing.from)).clamp(0.0, 1.0) * width;
    let bar = |end: f64, class: &str| {
        let (left, right) = (x(end).min(x(swing.middle)), x(end).max(x(swing.middle)));
        format!(
            "<rect class=\"{class}\" x=\"{left:.1}\" y=\"3\" width=\"{:.1}\" height=\"{:.1}\"/>",
            (right - left).max(0.0),
            height - 6.0
        )
    };
    let middle = x(swing.middle);
    Ok(format!(
        "{}{}<path class=\"w-middle\" d=\"M{middle:.1} 0V{height:.1}\"/>",
        bar(swing.at_low, "w-low"),
        bar(swing.at_high, "w-high"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(number: f64) -> String {
        number.to_string()
    }

    fn three() -> Vec<SpreadOption> {
        let of = |label: &str, at: f64| SpreadOption {
            label: label.to_owned(),
            heights: (0..11).map(|place| (-(f64::from(place) - at).powi(2)).exp()).collect(),
        };
        vec![of("wait", 6.0), of("qualify", 5.5), of("stock", 2.0)]
    }

    #[test]
    fn every_option_has_a_curve_and_a_label_of_its_own() {
        let at: Vec<f64> = (0..11).map(f64::from).collect();
        let options = three();
        let asked =
            Spread { at: &at, options: &options, strong: Some(2), height_label: None, number_label: &plain };
        let drawn = spread(&asked, (600, 240)).unwrap_or_default();
        for (place, option) in options.iter().enumerate() {
            assert!(drawn.contains(&format!("c-option-{}", place + 1)), "{drawn}");
            assert!(drawn.contains(&option.label), "{drawn}");
        }
        let strong = drawn.rfind("c-option-3").unwrap_or_default();
        let other = drawn.find("c-option-1").unwrap_or(usize::MAX);
        assert!(strong > other, "the strong one is drawn last");
    }

    #[test]
    fn figures_under_the_picture_are_round() {
        assert_eq!(round_figures(-0.3, 12.4), [0.0, 5.0, 10.0]);
        assert_eq!(round_figures(0.0, 1.0), [0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0]);
    }

    #[test]
    fn a_picture_without_a_span_is_refused() {
        let asked =
            Spread { at: &[1.0, 1.0], options: &[], strong: None, height_label: None, number_label: &plain };
        assert!(spread(&asked, (600, 240)).is_err());
        let flat = Swing { at_low: 1.0, at_high: 1.0, middle: 1.0, from: 1.0, to: 1.0 };
        assert!(swing(flat, (300, 24)).is_err());
    }

    #[test]
    fn a_bar_reaches_from_the_middle_to_both_ends() {
        let drawn = swing(Swing { at_low: 2.0, at_high: 8.0, middle: 4.0, from: 0.0, to: 10.0 }, (100, 24));
        let drawn = drawn.unwrap_or_default();
        assert!(drawn.contains("class=\"w-low\" x=\"20.0\" y=\"3\" width=\"20.0\""), "{drawn}");
        assert!(drawn.contains("class=\"w-high\" x=\"40.0\" y=\"3\" width=\"40.0\""), "{drawn}");
    }
}
