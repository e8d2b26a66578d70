//! A question's slider: where its answer lies, and what it says when it is moved.

use millwright_model::{ScenarioAnswer, ScenarioQuestion};

/// From how many times its least on a slider counts in orders of magnitude.
const ORDERS_FROM: f64 = 50.0;
/// The places of a slider.
pub(crate) const PLACES: f64 = 1_000.0;

/// The scale of a question's slider.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(crate) struct Slide {
    least: f64,
    most: f64,
    in_orders: bool,
}

impl Slide {
    /// The scale of a question; nothing where its answer is no figure.
    pub(crate) fn of(question: &ScenarioQuestion) -> Option<Self> {
        let (low, high) = ends(&question.answer).or_else(|| Some((question.least?, question.most?)))?;
        let reach = low.abs().max(high.abs()).max(f64::MIN_POSITIVE) * 4.0;
        let least = question.least.unwrap_or(if low >= 0.0 { 0.0 } else { -reach });
        let most = question.most.unwrap_or(reach);
        let is_fit = least.is_finite() && most.is_finite() && most > least;
        let in_orders = least > 0.0 && most / least >= ORDERS_FROM;
        is_fit.then_some(Self { least, most, in_orders })
    }

    /// Where a figure lies, from 0 to 1.
    pub(crate) fn place(self, value: f64) -> f64 {
        let share = if self.in_orders {
            (value.max(self.least) / self.least).ln() / (self.most / self.least).ln()
        } else {
            (value - self.least) / (self.most - self.least)
        };
        share.clamp(0.0, 1.0)
    }

    fn value(self, place: f64) -> f64 {
        if self.in_orders {
            self.least * (self.most / self.least).powf(place)
        } else {
            self.least + (self.most - self.least) * place
        }
    }

    /// Where an answer begins, where its middle is, and where it ends.
    pub(crate) fn places(self, answer: &ScenarioAnswer) -> (f64, f64, f64) {
        let (low, high) = ends(answer).unwrap_or((self.least, self.most));
        let (low, high) = (self.place(low), self.place(high));
        (low, (low + high) / 2.0, high)
    }

    /// The answer with its middle at `place`: as wide as it was, as far as the ends of the slider let it.
    pub(crate) fn moved(self, answer: &ScenarioAnswer, place: f64) -> ScenarioAnswer {
        let (low, _, high) = self.places(answer);
        let half = (high - low) / 2.0;
        let middle = place.clamp(half, (1.0 - half).max(half));
        if half <= 0.0 {
            return ScenarioAnswer::Figure { value: rounded(self.value(place.clamp(0.0, 1.0))) };
        }
        let (low, high) = (rounded(self.value(middle - half)), rounded(self.value(middle + half)));
        ScenarioAnswer::Between { low: low.max(self.least), high: high.min(self.most) }
    }
}

fn ends(answer: &ScenarioAnswer) -> Option<(f64, f64)> {
    match answer {
        ScenarioAnswer::Figure { value } => Some((*value, *value)),
        ScenarioAnswer::Between { low, high } => Some((*low, *high)),
        ScenarioAnswer::YesOrNo { .. } | ScenarioAnswer::Unknown | ScenarioAnswer::Other { .. } => None,
    }
}

/// Three digits: nobody drags more into a slider than they mean.
pub(crate) fn rounded(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let digits = 2 - value.abs().log10().floor() as i32;
    if digits <= 0 {
        let scale = 10_f64.powi(-digits);
        return (value / scale).round() * scale;
    }
    let scale = 10_f64.powi(digits);
    (value * scale).round() / scale
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(answer: ScenarioAnswer, least: Option<f64>, most: Option<f64>) -> ScenarioQuestion {
        ScenarioQuestion {
            name: "demand".into(),
            question: "How many?".into(),
            unit: "pcs".into(),
            answer,
            least,
            most,
            origin: None,
            driver: None,
            bound_to: None,
            answered_at: None,
            answered_by: None,
        }
    }

    #[test]
    fn a_moved_range_stays_as_wide_as_it_was() {
        let asked = question(ScenarioAnswer::Between { low: 20.0, high: 40.0 }, Some(0.0), Some(100.0));
        let slide = Slide::of(&asked).unwrap();
        let (low, middle, high) = slide.places(&asked.answer);
        assert_eq!((rounded(low), rounded(middle), rounded(high)), (0.2, 0.3, 0.4));
        let moved = slide.moved(&asked.answer, 0.5);
        assert_eq!(moved, ScenarioAnswer::Between { low: 40.0, high: 60.0 });
    }

    #[test]
    fn a_range_stops_at_the_ends_of_the_slider_and_does_not_shrink() {
        let asked = question(ScenarioAnswer::Between { low: 20.0, high: 40.0 }, Some(0.0), Some(100.0));
        let slide = Slide::of(&asked).unwrap();
        assert_eq!(slide.moved(&asked.answer, 1.0), ScenarioAnswer::Between { low: 80.0, high: 100.0 });
        assert_eq!(slide.moved(&asked.answer, 0.0), ScenarioAnswer::Between { low: 0.0, high: 20.0 });
    }

    #[test]
    fn what_may_be_small_or_huge_moves_in_orders_of_magnitude() {
        let asked = question(ScenarioAnswer::Figure { value: 100.0 }, Some(1.0), Some(10_000.0));
        let slide = Slide::of(&asked).unwrap();
        assert!((slide.place(100.0) - 0.5).abs() < 1e-9);
        assert_eq!(slide.moved(&asked.answer, 0.75), ScenarioAnswer::Figure { value: 1000.0 });
    }

    #[test]
    fn without_bounds_a_slider_reaches_four_times_as_far() {
        let asked = question(ScenarioAnswer::Figure { value: 5.0 }, None, None);
        assert_eq!(
            Slide::of(&asked).map(|slide| slide.moved(&asked.answer, 1.0)),
            Some(ScenarioAnswer::Figure { value: 20.0 })
        );
    }

    #[test]
    fn an_answer_that_is_no_figure_has_no_slider_without_bounds() {
        assert_eq!(Slide::of(&question(ScenarioAnswer::Unknown, None, None)), None);
    }

    #[test]
    fn figures_are_rounded_to_three_digits() {
        assert_eq!([rounded(123_456.0), rounded(0.012_345), rounded(-9.876)], [123_000.0, 0.0123, -9.88]);
    }
}
