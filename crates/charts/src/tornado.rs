//! A tornado: what a result would be where each figure is low or high, the strongest on top.

use std::convert::Infallible;

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::ChartError;
use crate::distributions::fitted;
use crate::role::{BASE, HIGH, LOW};

/// The most bars of one picture.
pub const BARS_MAX: usize = 12;

/// A bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// The figure that is moved.
    pub name: String,
    /// The result where it is low.
    pub at_low: f64,
    /// The result where it is high.
    pub at_high: f64,
}

/// What the picture shows.
pub struct Tornado<'a> {
    /// The bars, the strongest first: the first [`BARS_MAX`] of them.
    pub bars: &'a [Bar],
    /// The result where nothing is moved.
    pub base: f64,
    /// What stands under the picture: the result and its unit.
    pub axis: &'a str,
    /// What a bar's outline says: the figure is low.
    pub low: &'a str,
    /// What a filled bar says: the figure is high.
    pub high: &'a str,
    /// Writes a figure.
    pub number_label: &'a dyn Fn(f64) -> String,
}

/// Draws a tornado as PNG: of `size` pixels of a screen, each of them `scale` pixels of the picture.
///
/// # Errors
/// When nothing can be drawn on such a size, the picture would be too large, or there is no bar.
pub fn tornado_png(shown: &Tornado<'_>, size: (u32, u32), scale: u32) -> Result<Vec<u8>, ChartError> {
    check(shown, size)?;
    crate::pixels::picture(size, scale, |pixels, unit| draw(shown, pixels, unit))
}

fn check(shown: &Tornado<'_>, size: (u32, u32)) -> Result<(), ChartError> {
    if size.0 < 160 || size.1 < 100 {
        return Err(ChartError::NoRoom(format!("{} × {} pixels", size.0, size.1)));
    }
    let is_sound = |bar: &Bar| bar.at_low.is_finite() && bar.at_high.is_finite();
    if shown.bars.is_empty() || !shown.base.is_finite() || !shown.bars.iter().all(is_sound) {
        return Err(ChartError::NoRoom("no bar has both ends".to_owned()));
    }
    Ok(())
}

fn draw<B: DrawingBackend<ErrorType = Infallible>>(
    shown: &Tornado<'_>,
    backend: B,
    unit: f64,
) -> Result<(), String> {
    let say = |error: &dyn std::fmt::Display| error.to_string();
    let pixels = |count: f64| (count * unit).round() as i32;
    let bars: Vec<&Bar> = shown.bars.iter().take(BARS_MAX).collect();
    let font = TextStyle::from(("Inter", 11.0 * unit));
    let root = backend.into_drawing_area();
    let (width, height) = root.dim_in_pixel();
    let (width, height) = (width as i32, height as i32);
    let mut names = vec![];
    let mut names_wide = 0;
    for bar in &bars {
        let (name, (wide, _)) = fitted(&root, &bar.name, &font, width * 36 / 100)?;
        names_wide = names_wide.max(wide);
        names.push(name);
    }
    let mut numbers_wide = 0;
    for end in bars.iter().flat_map(|bar| [bar.at_low, bar.at_high]) {
        let (_, (wide, _)) = fitted(&root, &(shown.number_label)(end), &font, width)?;
        numbers_wide = numbers_wide.max(wide);
    }
    let ends = || bars.iter().flat_map(|bar| [bar.at_low, bar.at_high]).chain([shown.base]);
    let (least, most) =
        ends().fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), end| (least.min(end), most.max(end)));
    // Each end's number stands outside of its bar.
    let from = names_wide + pixels(12.0) + numbers_wide + pixels(4.0);
    let upto = width - numbers_wide - pixels(10.0);
    let span = if most > least { most - least } else { 1.0 };
    let x = |value: f64| from + ((value - least) / span * f64::from((upto - from).max(1))).round() as i32;
    let (top, bottom) = (pixels(24.0), height - pixels(24.0));
    let row = f64::from(bottom - top) / bars.len() as f64;
    let thick = (row * 0.62).min(20.0 * unit);
    legend(&root, shown, &font, unit)?;
    for (at, (bar, name)) in bars.iter().zip(&names).enumerate() {
        let middle = top + (row * (at as f64 + 0.5)) as i32;
        let (upper, lower) = (middle - (thick / 2.0) as i32, middle + (thick / 2.0) as i32);
        let left_name = font.clone().pos(Pos::new(HPos::Left, VPos::Center));
        root.draw_text(name, &left_name, (pixels(4.0), middle)).map_err(|error| say(&error))?;
        let base = x(shown.base);
        let [low, high] = [bar.at_low, bar.at_high].map(x);
        let area = |end: i32| [(base.min(end), upper), (base.max(end), lower)];
        root.draw(&Rectangle::new(area(high), HIGH.filled())).map_err(|error| say(&error))?;
        root.draw(&frame(area(low))).map_err(|error| say(&error))?;
        let is_low_left = low < high || (low == high && low < base);
        let (left, right) = if is_low_left { (bar.at_low, bar.at_high) } else { (bar.at_high, bar.at_low) };
        let at_left = font.clone().pos(Pos::new(HPos::Right, VPos::Center));
        let at_right = font.clone().pos(Pos::new(HPos::Left, VPos::Center));
        let gap = pixels(3.0);
        let said = (shown.number_label)(left);
        root.draw_text(&said, &at_left, (x(left).min(base) - gap, middle)).map_err(|error| say(&error))?;
        let said = (shown.number_label)(right);
        root.draw_text(&said, &at_right, (x(right).max(base) + gap, middle)).map_err(|error| say(&error))?;
    }
    let line = PathElement::new(vec![(x(shown.base), top), (x(shown.base), bottom)], BASE);
    root.draw(&line).map_err(|error| say(&error))?;
    let under = font.pos(Pos::new(HPos::Center, VPos::Bottom));
    let foot = (width / 2, height - pixels(2.0));
    let axis = format!("{}: {}", shown.axis, (shown.number_label)(shown.base));
    root.draw_text(&axis, &under, foot).map_err(|error| say(&error))?;
    root.present().map_err(|error| say(&error))
}

/// The outline of a bar.
fn frame([upper_left, lower_right]: [(i32, i32); 2]) -> PathElement<(i32, i32)> {
    let corners = vec![
        upper_left,
        (lower_right.0, upper_left.1),
        lower_right,
        (upper_left.0, lower_right.1),
        upper_left,
    ];
    PathElement::new(corners, LOW)
}

/// What outlined and filled bars say, on top.
fn legend<B: DrawingBackend<ErrorType = Infallible>>(
    root: &DrawingArea<B, plotters::coord::Shift>,
    shown: &Tornado<'_>,
    font: &TextStyle<'_>,
    unit: f64,
) -> Result<(), String> {
    let say = |error: &dyn std::fmt::Display| error.to_string();
    let pixels = |count: f64| (count * unit).round() as i32;
    let (width, _) = root.dim_in_pixel();
    let mut left = pixels(4.0);
    let style = font.clone().pos(Pos::new(HPos::Left, VPos::Center));
    for (words, is_low) in [(shown.low, true), (shown.high, false)] {
        let area = [(left, pixels(6.0)), (left + pixels(18.0), pixels(16.0))];
        if is_low {
            root.draw(&frame(area)).map_err(|error| say(&error))?;
        } else {
            root.draw(&Rectangle::new(area, HIGH.filled())).map_err(|error| say(&error))?;
        }
        let (said, (wide, _)) = fitted(root, words, font, width as i32 / 2 - pixels(40.0))?;
        root.draw_text(&said, &style, (left + pixels(23.0), pixels(11.0))).map_err(|error| say(&error))?;
        left += pixels(23.0) + wide + pixels(16.0);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recorded::{Drawn, Recorded};
    use crate::role::Role;

    fn bar(name: &str, at_low: f64, at_high: f64) -> Bar {
        Bar { name: name.to_owned(), at_low, at_high }
    }

    fn shown<'a>(bars: &'a [Bar], base: f64) -> Tornado<'a> {
        Tornado {
            bars,
            base,
            axis: "loss",
            low: "low",
            high: "high",
            number_label: &|number| format!("{number}"),
        }
    }

    fn drawn(bars: &[Bar], base: f64) -> Vec<Drawn> {
        let (recorded, drawn) = Recorded::new((420, 240));
        draw(&shown(bars, base), recorded, 1.0).unwrap();
        drawn.take()
    }

    #[test]
    fn a_bar_has_its_name_both_ends_and_tells_low_from_high_without_colour() {
        let bars = [bar("approval", 100.0, 900.0), bar("stock", 700.0, 300.0), bar("none", 500.0, 500.0)];
        let drawn = drawn(&bars, 500.0);
        for said in ["approval", "100", "900", "700", "300", "low", "high", "loss: 500"] {
            let is_it = |drawn: &Drawn| matches!(drawn, Drawn::Text { says, .. } if says == said);
            assert!(drawn.iter().any(is_it), "{said}: {drawn:?}");
        }
        // Three bars, and what they mean: an outline for low, filled for high.
        assert_eq!(drawn.iter().filter(|drawn| **drawn == Drawn::Area(Role::High)).count(), 4);
        let is_outline = |drawn: &&Drawn| matches!(drawn, Drawn::Line(Role::Low, _));
        assert_eq!(drawn.iter().filter(is_outline).count(), 4);
    }

    #[test]
    fn numbers_stand_outside_of_their_bars_on_either_side() {
        let drawn = drawn(&[bar("a", 100.0, 900.0), bar("b", 900.0, 100.0)], 500.0);
        let places: Vec<(i32, bool)> = drawn
            .iter()
            .filter_map(|drawn| match drawn {
                Drawn::Text { says, at, is_at_its_end } if says == "100" => Some((at.0, *is_at_its_end)),
                _ => None,
            })
            .collect();
        assert_eq!(places.len(), 2);
        assert!(places.iter().all(|place| place.1) && places[0].0 == places[1].0, "{places:?}");
    }

    #[test]
    fn nothing_to_draw_is_said() {
        assert!(tornado_png(&shown(&[], 1.0), (420, 240), 1).is_err());
        assert!(tornado_png(&shown(&[bar("a", f64::NAN, 1.0)], 1.0), (420, 240), 1).is_err());
        assert!(tornado_png(&shown(&[bar("a", 0.0, 1.0)], 1.0), (10, 10), 1).is_err());
    }
}
