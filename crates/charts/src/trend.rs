//! A trend: the usual band, smallest to largest of every moment, the mean, limits; a gap stays a gap.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::class_svg::{AXIS, BAND, ClassSvg, GRID, LIMIT, MEAN, SHADE};

/// What hinders a picture.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChartError {
    /// The span or the size leaves nothing to draw on.
    #[error("there is no room to draw: {0}")]
    NoRoom(String),
}

/// All samples of a moment.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Bucket {
    /// Its start, in milliseconds.
    pub at_ms: i64,
    /// The smallest value.
    pub min: f64,
    /// The largest value.
    pub max: f64,
    /// The mean.
    pub mean: f64,
}

/// What a trend shows.
pub struct Trend<'a> {
    /// The buckets that hold samples, in time order.
    pub buckets: &'a [Bucket],
    /// How wide a bucket is.
    pub bucket_ms: i64,
    /// The span, in milliseconds.
    pub from_ms: i64,
    /// The end of the span, exclusive.
    pub to_ms: i64,
    /// The usual band.
    pub usual: (Option<f64>, Option<f64>),
    /// The limits.
    pub limits: (Option<f64>, Option<f64>),
    /// Writes a time under the picture.
    pub time_label: &'a dyn Fn(i64) -> String,
    /// Writes a number at its side.
    pub number_label: &'a dyn Fn(f64) -> String,
    /// Names a limit.
    pub limit_label: &'a dyn Fn(f64) -> String,
}

/// Draws a trend of `size` pixels: what stands inside the `<svg>`.
///
/// # Errors
/// When span or size are empty.
pub fn trend(trend: &Trend<'_>, size: (u32, u32)) -> Result<String, ChartError> {
    if trend.to_ms <= trend.from_ms || size.0 < 120 || size.1 < 80 {
        return Err(ChartError::NoRoom(format!("{} × {} pixels", size.0, size.1)));
    }
    let mut out = String::new();
    draw(trend, ClassSvg::new(&mut out, size)).map_err(ChartError::NoRoom)?;
    Ok(out)
}

fn draw(trend: &Trend<'_>, backend: ClassSvg<'_>) -> Result<(), String> {
    let say = |error: &dyn std::fmt::Display| error.to_string();
    let root = backend.into_drawing_area();
    let (low, high) = value_range(trend);
    let (from, to) = (trend.from_ms as f64, trend.to_ms as f64);
    let mut chart = ChartBuilder::on(&root)
        .margin_top(14)
        .margin_right(8)
        .x_label_area_size(26)
        .y_label_area_size(52)
        .build_cartesian_2d(from..to, low..high)
        .map_err(|error| say(&error))?;
    let font = TextStyle::from(("Inter", 12));
    chart
        .configure_mesh()
        .disable_x_mesh()
        .x_labels(0)
        .y_labels(5)
        .axis_style(AXIS)
        .bold_line_style(GRID)
        .light_line_style(AXIS)
        .y_max_light_lines(1)
        .y_label_style(font.clone())
        .y_label_formatter(&|number| (trend.number_label)(*number))
        .draw()
        .map_err(|error| say(&error))?;
    let clip = |number: f64| number.clamp(low, high);
    if let (Some(bottom), Some(top)) =
        (trend.usual.0.or(trend.usual.1.map(|_| low)), trend.usual.1.or(trend.usual.0.map(|_| high)))
    {
        let band = Rectangle::new([(from, clip(top)), (to, clip(bottom))], BAND.filled());
        chart.draw_series([band]).map_err(|error| say(&error))?;
    }
    for run in runs(trend.buckets, trend.bucket_ms) {
        let middle = |bucket: &Bucket| bucket.at_ms as f64 + trend.bucket_ms as f64 / 2.0;
        let mut outline: Vec<(f64, f64)> = run.iter().map(|bucket| (middle(bucket), bucket.max)).collect();
        outline.extend(run.iter().rev().map(|bucket| (middle(bucket), bucket.min)));
        let line: Vec<(f64, f64)> = run.iter().map(|bucket| (middle(bucket), bucket.mean)).collect();
        if let [only] = run {
            let (left, right) = (only.at_ms as f64, (only.at_ms + trend.bucket_ms) as f64);
            chart
                .draw_series([PathElement::new(vec![(left, only.mean), (right, only.mean)], MEAN)])
                .map_err(|error| say(&error))?;
            continue;
        }
        chart.draw_series([Polygon::new(outline, SHADE.filled())]).map_err(|error| say(&error))?;
        chart.draw_series([PathElement::new(line, MEAN)]).map_err(|error| say(&error))?;
    }
    let named = font.clone().color(&LIMIT).pos(Pos::new(HPos::Right, VPos::Bottom));
    for limit in
        [trend.limits.0, trend.limits.1].into_iter().flatten().filter(|limit| (low..=high).contains(limit))
    {
        chart
            .draw_series([PathElement::new(vec![(from, limit), (to, limit)], LIMIT)])
            .map_err(|error| say(&error))?;
        let (x, y) = chart.as_coord_spec().translate(&(to, limit));
        root.draw_text(&(trend.limit_label)(limit), &named, (x - 6, y - 4)).map_err(|error| say(&error))?;
    }
    let under = font.pos(Pos::new(HPos::Center, VPos::Top));
    for at_ms in time_ticks(trend.from_ms, trend.to_ms) {
        let (x, y) = chart.as_coord_spec().translate(&(at_ms as f64, low));
        root.draw_text(&(trend.time_label)(at_ms), &under, (x, y + 8)).map_err(|error| say(&error))?;
    }
    root.present().map_err(|error| say(&error))
}

/// From the smallest to the largest thing shown, with some air.
fn value_range(trend: &Trend<'_>) -> (f64, f64) {
    let values = trend.buckets.iter().flat_map(|bucket| [bucket.min, bucket.max]);
    let marks = [trend.usual.0, trend.usual.1, trend.limits.0, trend.limits.1].into_iter().flatten();
    let (low, high) = values
        .chain(marks)
        .filter(|value| value.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    if low > high {
        return (0.0, 1.0);
    }
    let air = if high > low { (high - low) * 0.08 } else { high.abs().max(1.0) * 0.1 };
    (low - air, high + air)
}

/// Buckets without a gap between them, run by run.
fn runs(buckets: &[Bucket], bucket_ms: i64) -> impl Iterator<Item = &[Bucket]> {
    buckets.chunk_by(move |earlier, later| later.at_ms - earlier.at_ms <= bucket_ms + bucket_ms / 2)
}

/// Round times, at most eight.
fn time_ticks(from_ms: i64, to_ms: i64) -> Vec<i64> {
    const MINUTE: i64 = 60_000;
    const STEPS: [i64; 13] = [1, 5, 10, 15, 30, 60, 120, 240, 480, 1440, 2880, 7200, 14_400];
    let step = STEPS.iter().map(|minutes| minutes * MINUTE).find(|step| (to_ms - from_ms) / step <= 8);
    let step = step.unwrap_or((to_ms - from_ms) / 8).max(1);
    // The outermost tenths stay free, so that no time is cut.
    let edge = (to_ms - from_ms) / 25;
    (from_ms.div_euclid(step)..=to_ms.div_euclid(step))
        .map(|count| count * step)
        .filter(|at| *at >= from_ms + edge && *at <= to_ms - edge)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(buckets: &[Bucket]) -> String {
        let label = |number: f64| format!("{number:.1}");
        let asked = Trend {
            buckets,
            bucket_ms: 60_000,
            from_ms: 0,
            to_ms: 3_600_000,
            usual: (Some(1.9), Some(2.4)),
            limits: (None, Some(3.5)),
            time_label: &|at| format!("{}", at / 60_000),
            number_label: &label,
            limit_label: &label,
        };
        trend(&asked, (800, 300)).unwrap()
    }

    fn bucket(minute: i64) -> Bucket {
        Bucket { at_ms: minute * 60_000, min: 2.0, max: 2.2, mean: 2.1 }
    }

    #[test]
    fn a_gap_stays_a_gap() {
        let whole: Vec<Bucket> = (0..40).map(bucket).collect();
        let torn: Vec<Bucket> = (0..40).filter(|minute| !(10..20).contains(minute)).map(bucket).collect();
        assert_eq!(picture(&whole).matches("c-mean").count(), 1);
        assert_eq!(picture(&torn).matches("c-mean").count(), 2);
    }

    #[test]
    fn a_spike_reaches_the_picture() {
        let mut buckets: Vec<Bucket> = (0..40).map(bucket).collect();
        buckets[20].max = 3.4;
        let shade = |svg: &str| svg.split("c-shade").nth(1).unwrap().split("/>").next().unwrap().to_owned();
        assert_ne!(shade(&picture(&buckets)), shade(&picture(&(0..40).map(bucket).collect::<Vec<_>>())));
    }

    #[test]
    fn band_limit_and_times_are_there() {
        let svg = picture(&[bucket(3)]);
        for part in ["c-band", "c-limit", ">3.5</text>", ">30</text>"] {
            assert!(svg.contains(part), "{part} in {svg}");
        }
        assert!(!svg.contains("style="), "the content security policy forbids style attributes");
    }

    #[test]
    fn nothing_heard_is_an_empty_picture_and_no_error() {
        assert!(picture(&[]).contains("c-band"));
    }
}
