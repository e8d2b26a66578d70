//! The pictures of a brief: distributions of the options, and the tornado.

use millwright_charts::{Bar, Curve, Distributions, Tornado, distributions_png, tornado_png};
use millwright_model::*;

use super::say::{Say, readable};
use super::{INFLUENCES_MAX, told_options};
use crate::use_case::paper::words::filled;

/// The most curves of one picture: more of them nobody tells apart.
const CURVES_MAX: usize = 5;
/// Where more of all trials than this share one stretch, what is rare would lie on the ground.
const SPIKE: f64 = 0.25;

/// A picture of a brief.
pub(super) struct Picture {
    pub(super) png: Vec<u8>,
    pub(super) caption: String,
    /// What is seen on it, for who does not see it.
    pub(super) says: String,
}

/// How likely each figure is under each option; nothing where there is nothing to draw.
pub(super) fn distributions(
    brief: &ScenarioBrief,
    say: &Say,
    size: (u32, u32),
    scale: u32,
) -> Option<Picture> {
    let picture = &brief.picture;
    let told = told_options(picture, CURVES_MAX);
    let options: Vec<&ScenarioOption> = told.iter().filter_map(|place| picture.options.get(*place)).collect();
    let is_root = options.iter().flat_map(|option| &option.shares).any(|share| *share > SPIKE);
    let curves: Vec<Curve> = options
        .iter()
        .map(|option| Curve {
            name: say.choice(&option.choice),
            points: points(&picture.limits, &option.shares, is_root),
        })
        .collect();
    let axis = say.result(picture);
    let shown =
        Distributions { curves: &curves, axis: &axis, number_label: &|value| say.of_result(picture, value) };
    let png = distributions_png(&shown, size, scale).ok()?;
    let caption = if is_root { say.words.spread_root() } else { say.words.spread() };
    let names: Vec<&str> = curves.iter().map(|curve| curve.name.as_str()).collect();
    let says = filled(say.words.spread_says(), &[("result", &axis), ("options", &names.join(", "))]);
    Some(Picture { png, caption: caption.to_owned(), says })
}

/// The middle of each stretch with how many trials lie there.
fn points(limits: &[f64], shares: &[f64], is_root: bool) -> Vec<(f64, f64)> {
    let middle = |pair: &[f64]| pair.iter().sum::<f64>() / 2.0;
    let height = |share: &f64| if is_root { share.max(0.0).sqrt() } else { *share };
    limits.windows(2).map(middle).zip(shares.iter().map(height)).collect()
}

/// What a result would be where each figure is low or high; nothing where nothing moves it.
pub(super) fn tornado(brief: &ScenarioBrief, say: &Say, size: (u32, u32), scale: u32) -> Option<Picture> {
    let picture = &brief.picture;
    let base = brief.at_medians?;
    let bars: Vec<Bar> = moving(brief)
        .into_iter()
        .map(|influence| Bar {
            name: readable(&influence.name),
            at_low: influence.at_low,
            at_high: influence.at_high,
        })
        .collect();
    let axis = filled(say.words.in_the_middle(), &[("result", &say.result(picture))]);
    let shown = Tornado {
        bars: &bars,
        base,
        axis: &axis,
        low: say.words.low(),
        high: say.words.high(),
        number_label: &|value| say.of_result(picture, value),
    };
    let png = tornado_png(&shown, size, scale).ok()?;
    let says = filled(say.words.moves_says(), &[("result", &say.result(picture))]);
    Some(Picture { png, caption: say.words.moves_caption().to_owned(), says })
}

/// What moves the result with all others in the middle: the widest bar first.
fn moving(brief: &ScenarioBrief) -> Vec<&ScenarioInfluence> {
    let width = |influence: &ScenarioInfluence| (influence.at_high - influence.at_low).abs();
    let mut moving: Vec<&ScenarioInfluence> =
        brief.influences.iter().filter(|influence| width(influence) > 0.0).collect();
    moving.sort_by(|one, other| width(other).total_cmp(&width(one)));
    moving.truncate(INFLUENCES_MAX);
    moving
}

/// The figures that most of the spread hangs on, with their shares: a few.
pub(super) fn strongest(brief: &ScenarioBrief, say: &Say) -> String {
    const FIGURES: usize = 3;
    /// What bears on less is not worth a word.
    const LEAST: f64 = 0.02;
    /// Where figures explain less of the spread, something else does.
    const EXPLAINED: f64 = 0.8;
    let told: Vec<String> = brief
        .influences
        .iter()
        .filter(|influence| influence.total >= LEAST)
        .take(FIGURES)
        .map(|influence| format!("{} ({})", readable(&influence.name), say.percent(influence.total.min(1.0))))
        .collect();
    if told.is_empty() {
        return say.words.moves_nothing().to_owned();
    }
    let said = filled(say.words.moves_strongest(), &[("figures", &told.join(", "))]);
    // What is not told by figures is not kept quiet: a disruption bears on a result and is in no list of figures.
    let explained: f64 = brief.influences.iter().map(|influence| influence.total).sum();
    if explained < EXPLAINED { format!("{said} {}", say.words.moves_rest()) } else { said }
}
