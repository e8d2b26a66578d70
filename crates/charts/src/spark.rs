//! A sparkline: the shape of the last hour in the width of a word.

use crate::Bucket;

/// Draws means over time in `size` pixels, with the usual band behind: what stands inside the `<svg>`.
pub fn spark(
    buckets: &[Bucket],
    bucket_ms: i64,
    usual: (Option<f64>, Option<f64>),
    size: (u32, u32),
) -> String {
    let (width, height) = (f64::from(size.0), f64::from(size.1));
    let (Some(first), Some(last)) = (buckets.first(), buckets.last()) else { return String::new() };
    let (mut low, mut high) = buckets
        .iter()
        .flat_map(|bucket| [bucket.min, bucket.max])
        .chain([usual.0, usual.1].into_iter().flatten())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    if high <= low {
        (low, high) = (low - 1.0, high + 1.0);
    }
    let span = ((last.at_ms - first.at_ms) as f64).max(1.0);
    let x = |at_ms: i64| (at_ms - first.at_ms) as f64 / span * width;
    let y = |value: f64| 2.0 + (high - value) / (high - low) * (height - 4.0);
    let mut svg = String::new();
    if let (Some(bottom), Some(top)) = usual {
        let (above, below) = (y(top), y(bottom));
        svg.push_str(&format!(
            r#"<rect class="c-band" x="0" y="{above:.1}" width="{width}" height="{:.1}"/>"#,
            (below - above).max(1.0)
        ));
    }
    let gap_ms = bucket_ms.max(1) * 3;
    for run in buckets.chunk_by(|earlier, later| later.at_ms - earlier.at_ms <= gap_ms) {
        let points: Vec<String> =
            run.iter().map(|bucket| format!("{:.1},{:.1}", x(bucket.at_ms), y(bucket.mean))).collect();
        svg.push_str(&format!(r#"<polyline class="c-spark" points="{}"/>"#, points.join(" ")));
    }
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flat_line_is_drawn_and_nothing_is_divided_by_zero() {
        let flat: Vec<Bucket> =
            (0..5).map(|at| Bucket { at_ms: at * 10, min: 2.0, max: 2.0, mean: 2.0 }).collect();
        let svg = spark(&flat, 10, (None, None), (120, 40));
        assert!(svg.contains("polyline") && !svg.contains("NaN"), "{svg}");
        assert_eq!(spark(&[], 10, (None, None), (120, 40)), "");
    }
}
