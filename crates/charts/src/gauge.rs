//! A gauge: where a value stands against its usual band and its limits.

/// What a gauge shows.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub struct Gauge {
    /// The value.
    pub value: Option<f64>,
    /// The usual band.
    pub usual: (Option<f64>, Option<f64>),
    /// The limits.
    pub limits: (Option<f64>, Option<f64>),
}

/// Draws a gauge of 150 × 22: what stands inside the `<svg viewBox="0 0 150 22">`. Empty where nothing scales it.
pub fn gauge(shown: &Gauge) -> String {
    let marks = [shown.usual.0, shown.usual.1, shown.limits.0, shown.limits.1];
    let known: Vec<f64> = marks.into_iter().flatten().filter(|mark| mark.is_finite()).collect();
    let (Some(low), Some(high)) =
        (known.iter().copied().reduce(f64::min), known.iter().copied().reduce(f64::max))
    else {
        return String::new();
    };
    let reach = if high > low { high - low } else { high.abs().max(1.0) };
    let (low, high) = (low - reach * 0.35, high + reach * 0.35);
    let x = |value: f64| ((value - low) / (high - low) * 138.0 + 6.0).clamp(6.0, 144.0);
    let mut svg = String::from(r#"<rect class="g-track" x="0" y="8" width="150" height="6" rx="3"/>"#);
    if shown.usual != (None, None) {
        let (left, right) = (x(shown.usual.0.unwrap_or(low)), x(shown.usual.1.unwrap_or(high)));
        svg.push_str(&format!(
            r#"<rect class="g-band" x="{left:.1}" y="4" width="{:.1}" height="14" rx="2"/>"#,
            (right - left).max(3.0)
        ));
    }
    for limit in [shown.limits.0, shown.limits.1].into_iter().flatten() {
        let at = x(limit);
        svg.push_str(&format!(r#"<line class="g-limit" x1="{at:.1}" x2="{at:.1}" y1="1" y2="21"/>"#));
    }
    if let Some(value) = shown.value.filter(|value| value.is_finite()) {
        let at = x(value);
        svg.push_str(&format!(r#"<path class="g-mark" d="M{at:.1} 21l-6-10h12z"/>"#));
    }
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_far_out_stays_at_the_edge() {
        let shown = Gauge { value: Some(1e9), usual: (Some(1.0), Some(2.0)), limits: (None, Some(3.0)) };
        assert!(gauge(&shown).contains("M144.0 21"), "{}", gauge(&shown));
    }

    #[test]
    fn without_band_and_limits_there_is_no_gauge() {
        assert_eq!(gauge(&Gauge { value: Some(1.0), ..Gauge::default() }), "");
    }
}
