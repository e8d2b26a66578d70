//! Distributions beside each other: how likely each figure is under each option, with its name at its curve.

use std::convert::Infallible;

use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::ChartError;
use crate::label::{Area, place};
use crate::role::{AXIS, BASE, GRID, LEADER, PLATE, SERIES};

/// The most curves that are told apart in one picture.
pub const CURVES_MAX: usize = SERIES.len();

/// A curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// What stands at it.
    pub name: String,
    /// Figures, the smaller first, each with how likely it is (per unit of the figure, or of anything else that all curves
    /// share).
    pub points: Vec<(f64, f64)>,
}

/// What the picture shows.
pub struct Distributions<'a> {
    /// The curves, in order: the first [`CURVES_MAX`] of them.
    pub curves: &'a [Curve],
    /// What stands under the picture: the figure and its unit.
    pub axis: &'a str,
    /// Writes a figure.
    pub number_label: &'a dyn Fn(f64) -> String,
}

/// Draws distributions as PNG: of `size` pixels of a screen, each of them `scale` pixels of the picture.
///
/// # Errors
/// When nothing can be drawn on such a size, the picture would be too large, or no curve has two figures.
pub fn distributions_png(
    shown: &Distributions<'_>,
    size: (u32, u32),
    scale: u32,
) -> Result<Vec<u8>, ChartError> {
    let range = check(shown, size)?;
    crate::pixels::picture(size, scale, |pixels, unit| draw(shown, range, pixels, unit))
}

/// From the least to the greatest figure, and the greatest likelihood.
fn check(shown: &Distributions<'_>, size: (u32, u32)) -> Result<(f64, f64, f64), ChartError> {
    let room = |said: String| ChartError::NoRoom(said);
    if size.0 < 160 || size.1 < 120 {
        return Err(room(format!("{} × {} pixels", size.0, size.1)));
    }
    let points = || shown.curves.iter().take(CURVES_MAX).flat_map(|curve| curve.points.iter());
    let is_sound = points().all(|(figure, likely)| figure.is_finite() && likely.is_finite());
    let low = points().map(|point| point.0).fold(f64::INFINITY, f64::min);
    let high = points().map(|point| point.0).fold(f64::NEG_INFINITY, f64::max);
    let most = points().map(|point| point.1).fold(0.0, f64::max);
    if !is_sound || low >= high || most <= 0.0 {
        return Err(room("no curve has two figures".to_owned()));
    }
    Ok((low, high, most))
}

type Plot<'p, B> = ChartContext<'p, B, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

fn draw<B: DrawingBackend<ErrorType = Infallible>>(
    shown: &Distributions<'_>,
    (low, high, most): (f64, f64, f64),
    backend: B,
    unit: f64,
) -> Result<(), String> {
    let say = |error: &dyn std::fmt::Display| error.to_string();
    let pixels = |count: f64| (count * unit).round() as i32;
    let font = TextStyle::from(("Inter", 12.0 * unit));
    let root = backend.into_drawing_area();
    let (width, height) = root.dim_in_pixel();
    let mut chart: Plot<'_, B> = ChartBuilder::on(&root)
        .margin_top(pixels(10.0))
        .margin_right(pixels(26.0))
        .margin_left(pixels(26.0))
        .x_label_area_size(pixels(38.0))
        .build_cartesian_2d(low..high, 0.0..most * 1.08)
        .map_err(|error| say(&error))?;
    let count = (f64::from(width) / unit / 90.0).clamp(2.0, 8.0) as usize;
    chart
        .configure_mesh()
        .disable_y_mesh()
        .y_labels(0)
        .x_labels(count)
        .axis_style(BASE)
        .bold_line_style(GRID)
        .light_line_style(AXIS)
        .x_max_light_lines(1)
        .x_label_style(font.clone())
        .x_label_formatter(&|number| (shown.number_label)(*number))
        .draw()
        .map_err(|error| say(&error))?;
    let under = font.clone().pos(Pos::new(HPos::Center, VPos::Bottom));
    let foot = (width as i32 / 2, height as i32 - pixels(2.0));
    root.draw_text(shown.axis, &under, foot).map_err(|error| say(&error))?;
    let curves: Vec<&Curve> = shown.curves.iter().take(CURVES_MAX).collect();
    for (curve, role) in curves.iter().zip(SERIES) {
        let line = PathElement::new(curve.points.clone(), role.stroke_width(pixels(2.0).max(1) as u32));
        chart.draw_series([line]).map_err(|error| say(&error))?;
    }
    let spec = chart.as_coord_spec();
    let placed: Vec<Vec<(i32, i32)>> =
        curves.iter().map(|curve| curve.points.iter().map(|point| spec.translate(point)).collect()).collect();
    let (left, top) = spec.translate(&(low, most * 1.08));
    let (right, bottom) = spec.translate(&(high, 0.0));
    name_curves(&root, &curves, &placed, (left, top, right, bottom), unit)?;
    root.present().map_err(|error| say(&error))
}

fn name_curves<B: DrawingBackend<ErrorType = Infallible>>(
    root: &DrawingArea<B, plotters::coord::Shift>,
    curves: &[&Curve],
    placed: &[Vec<(i32, i32)>],
    plot: Area,
    unit: f64,
) -> Result<(), String> {
    let say = |error: &dyn std::fmt::Display| error.to_string();
    let pixels = |count: f64| (count * unit).round() as i32;
    let font = TextStyle::from(("Inter", 12.0 * unit));
    // A piece of the line stands before its name: it says which curve it is also where a name stands at two.
    let (sample, gap) = (pixels(24.0), pixels(5.0));
    let most = (plot.2 - plot.0) * 6 / 10 - sample - gap;
    let mut names = vec![];
    let mut sizes = vec![];
    for curve in curves {
        let (name, (width, height)) = fitted(root, &curve.name, &font, most)?;
        names.push(name);
        sizes.push((width + sample + 2 * gap, height + pixels(4.0)));
    }
    for (at, label) in place(placed, &sizes, plot, pixels(7.0)).into_iter().enumerate() {
        let (Some(name), Some(role)) = (names.get(at), SERIES.get(at)) else { continue };
        let (left, top, right, bottom) = label.area;
        let middle = (top + bottom) / 2;
        let nearest = (label.anchor.0.clamp(left, right), label.anchor.1.clamp(top, bottom));
        root.draw(&PathElement::new(vec![label.anchor, nearest], LEADER)).map_err(|error| say(&error))?;
        root.draw(&Rectangle::new([(left, top), (right, bottom)], PLATE.filled()))
            .map_err(|error| say(&error))?;
        let line = vec![(left + gap / 2, middle), (left + sample, middle)];
        let stroke = role.stroke_width(pixels(2.0).max(1) as u32);
        root.draw(&PathElement::new(line, stroke)).map_err(|error| say(&error))?;
        let style = font.clone().color(role).pos(Pos::new(HPos::Left, VPos::Center));
        root.draw_text(name, &style, (left + sample + gap, middle)).map_err(|error| say(&error))?;
    }
    Ok(())
}

/// A text cut so that it is at most so wide, and its size.
pub(crate) fn fitted<B: DrawingBackend<ErrorType = Infallible>>(
    root: &DrawingArea<B, plotters::coord::Shift>,
    text: &str,
    font: &TextStyle<'_>,
    most: i32,
) -> Result<(String, (i32, i32)), String> {
    let size = |text: &str| -> Result<(i32, i32), String> {
        let (width, height) = root.estimate_text_size(text, font).map_err(|error| error.to_string())?;
        Ok((width as i32, height as i32))
    };
    let mut cut: Vec<char> = text.chars().take(200).collect();
    let mut said: String = cut.iter().collect();
    while size(&said)?.0 > most && cut.pop().is_some() {
        said = cut.iter().collect::<String>().trim_end().to_owned() + "\u{2026}";
    }
    let size = size(&said)?;
    Ok((said, size))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recorded::{Drawn, Recorded};
    use crate::role::Role;

    fn hill(name: &str, middle: f64) -> Curve {
        let likely = |figure: f64| (-(figure - middle).powi(2) / 200.0).exp();
        Curve {
            name: name.to_owned(),
            points: (0..100).map(|at| (f64::from(at), likely(f64::from(at)))).collect(),
        }
    }

    fn shown<'a>(curves: &'a [Curve]) -> Distributions<'a> {
        Distributions { curves, axis: "loss in EUR", number_label: &|number| format!("{number}") }
    }

    #[test]
    fn every_option_has_a_line_of_its_own_dashes_and_its_name_at_it() {
        let curves = [hill("as now", 30.0), hill("double", 50.0), hill("second <new>", 60.0)];
        let (recorded, drawn) = Recorded::new((400, 260));
        let range = check(&shown(&curves), (400, 260)).unwrap();
        draw(&shown(&curves), range, recorded, 1.0).unwrap();
        let drawn = drawn.borrow();
        for at in 0..3_u8 {
            let is_its = |drawn: &&Drawn| matches!(drawn, Drawn::Line(Role::Series(of), _) if *of == at);
            assert_eq!(drawn.iter().filter(is_its).count(), 2, "the curve, and a piece of it at its name");
            for other in 0..at {
                assert_ne!(Role::Series(at).dashes(), Role::Series(other).dashes());
            }
        }
        for name in ["as now", "double", "second <new>", "loss in EUR"] {
            let is_it = |drawn: &Drawn| matches!(drawn, Drawn::Text { says, .. } if says == name);
            assert!(drawn.iter().any(is_it), "{name}: {drawn:?}");
        }
    }

    #[test]
    fn nothing_to_draw_is_said() {
        let picture = |curves: &[Curve]| distributions_png(&shown(curves), (400, 260), 1);
        assert!(picture(&[]).is_err());
        let flat = Curve { name: "a".to_owned(), points: vec![(1.0, 1.0)] };
        assert!(picture(std::slice::from_ref(&flat)).is_err());
        let wild = Curve { points: vec![(1.0, f64::NAN), (2.0, 1.0)], ..flat };
        assert!(picture(&[wild]).is_err());
    }

    #[test]
    fn the_same_curves_give_the_same_png_and_other_curves_another() {
        let png = |middle: f64| {
            let curves = [hill("as now", middle), hill("double", 50.0)];
            distributions_png(&shown(&curves), (246, 180), 4).unwrap()
        };
        assert!(png(30.0).starts_with(b"\x89PNG\r\n\x1a\n"));
        assert_eq!(png(30.0), png(30.0));
        assert_ne!(png(30.0), png(40.0));
    }
}
