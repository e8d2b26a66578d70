//! Scenarios in words: answers, where they come from, results, faults.

use millwright_model::{
    BriefForm, ScenarioAnswer, ScenarioChoice, ScenarioFault, ScenarioFigureKind, ScenarioLeftWhy,
    ScenarioMissingWhy, ScenarioOriginKind, ScenarioPart, ScenarioQuestion, ScenarioRowFault, Signpost,
    SignpostSide,
};

use crate::data_words;
use crate::figure;
use crate::model_words;
use crate::text;

/// A result in three digits: with `k` or `M` where it is large.
pub(crate) fn amount(value: f64) -> String {
    let size = value.abs();
    if size >= 999_500_000.0 {
        return text::figure_billions(three(value / 1e9));
    }
    if size >= 999_500.0 {
        return text::figure_millions(three(value / 1e6));
    }
    if size >= 9_995.0 {
        return text::figure_thousands(three(value / 1e3));
    }
    three(value)
}

fn three(value: f64) -> String {
    let size = value.abs();
    let decimals = if size == 0.0 || size >= 100.0 {
        0
    } else if size >= 10.0 {
        1
    } else if size >= 0.1 {
        2
    } else {
        4
    };
    figure::plain(figure_rounded(value, decimals))
}

fn figure_rounded(value: f64, decimals: i32) -> f64 {
    let scale = 10_f64.powi(decimals);
    (value * scale).round() / scale
}

/// A result with its unit; a probability in percent.
pub(crate) fn result(value: f64, unit: &str, is_truth: bool) -> String {
    if is_truth {
        return text::percent(three(value * 100.0));
    }
    if unit.is_empty() { amount(value) } else { format!("{} {}", amount(value), unit_shown(unit)) }
}

/// A unit of the language of models as people write it.
pub(crate) fn unit_shown(unit: &str) -> String {
    unit.replace("EUR", "€").replace('*', "·")
}

/// An answer without its unit.
pub(crate) fn answer(answer: &ScenarioAnswer) -> String {
    match answer {
        ScenarioAnswer::Figure { value } => amount(*value),
        ScenarioAnswer::Between { low, high } => text::scenario_between(amount(*low), amount(*high)),
        ScenarioAnswer::YesOrNo { yes: true } => text::yes().to_owned(),
        ScenarioAnswer::YesOrNo { yes: false } => text::no().to_owned(),
        ScenarioAnswer::Unknown => text::scenario_unknown().to_owned(),
        ScenarioAnswer::Other { formula } => formula.clone(),
    }
}

/// An answer with its unit.
pub(crate) fn answer_with_unit(question: &ScenarioQuestion, said: &ScenarioAnswer) -> String {
    match said {
        ScenarioAnswer::Figure { .. } | ScenarioAnswer::Between { .. } if !question.unit.is_empty() => {
            format!("{} {}", answer(said), unit_shown(&question.unit))
        }
        _ => answer(said),
    }
}

/// What kind of source a figure comes from.
pub(crate) fn origin_kind(kind: ScenarioOriginKind) -> &'static str {
    match kind {
        ScenarioOriginKind::Tag => text::origin_tag(),
        ScenarioOriginKind::Erp => text::origin_erp(),
        ScenarioOriginKind::File => text::origin_file(),
        ScenarioOriginKind::Person => text::origin_person(),
        ScenarioOriginKind::Assumption => text::origin_assumption(),
    }
}

/// What a line of a model says of its figure, without its question and its origin.
pub(crate) fn value_of(line: &str) -> String {
    let value = line.split_once('=').map_or(line, |(_, value)| value);
    let value = value.split(" asked ").next().unwrap_or(value);
    let value = ORIGINS.iter().find_map(|word| value.split_once(word)).map_or(value, |(value, _)| value);
    value.trim().to_owned()
}

/// How a model says where a figure comes from.
const ORIGINS: [&str; 5] =
    [" from tag \"", " from erp \"", " from file \"", " from person \"", " from assumption \""];

/// A choice in words.
pub(crate) fn choice(choice: &[ScenarioChoice]) -> String {
    if choice.is_empty() {
        return text::scenario_no_choice().to_owned();
    }
    choice.iter().map(|one| one.option.clone()).collect::<Vec<_>>().join(" + ")
}

/// What kind a figure of a model is.
pub(crate) fn figure_kind(kind: ScenarioFigureKind) -> &'static str {
    match kind {
        ScenarioFigureKind::Given => text::figure_given(),
        ScenarioFigureKind::Chance => text::figure_chance(),
        ScenarioFigureKind::Formula => text::figure_formula(),
        ScenarioFigureKind::Stock => text::figure_stock(),
        ScenarioFigureKind::Decision => text::figure_decision(),
        ScenarioFigureKind::Disruption => text::figure_disruption(),
        ScenarioFigureKind::Result => text::figure_result(),
    }
}

/// How many of a part there are, and how many were used within a year.
pub(crate) fn stock_and_use(part: &ScenarioPart) -> String {
    let stock = match &part.on_hand {
        Some(on_hand) => text::on_stock(figure::amount(on_hand)),
        None => text::scenario_fill_no_stock().to_owned(),
    };
    format!("{stock}, {}", text::scenario_fill_used(figure::amount(&part.used_in_a_year)))
}

/// When a signpost raises its scenario.
pub(crate) fn signpost_when(signpost: &Signpost, tag: &str, unit: &str) -> String {
    let limit = format!("{} {}", figure::plain(signpost.threshold), unit).trim().to_owned();
    let when = match signpost.side {
        SignpostSide::Above => text::signpost_above(tag, limit),
        SignpostSide::Below => text::signpost_below(tag, limit),
    };
    if signpost.holds_ms == 0 {
        return when;
    }
    text::signpost_for(when, figure::span(signpost.holds_ms))
}

/// Why a bound figure stayed as it was.
pub(crate) fn left_why(why: ScenarioLeftWhy) -> &'static str {
    match why {
        ScenarioLeftWhy::NoValue => text::left_no_value(),
        ScenarioLeftWhy::Gone => text::left_gone(),
        ScenarioLeftWhy::OutOfRange => text::left_out_of_range(),
        ScenarioLeftWhy::NotAsked => text::left_not_asked(),
    }
}

/// Why the store does not know a figure.
pub(crate) fn missing_why(why: ScenarioMissingWhy) -> &'static str {
    match why {
        ScenarioMissingWhy::NotKept => text::fill_not_kept(),
        ScenarioMissingWhy::NoPart => text::fill_no_part(),
        ScenarioMissingWhy::NoStock => text::fill_no_stock(),
        ScenarioMissingWhy::NoUse => text::fill_no_use(),
        ScenarioMissingWhy::NoOtherOffer => text::fill_no_other_offer(),
        ScenarioMissingWhy::OutOfRange => text::fill_out_of_range(),
    }
}

/// As what a brief is written.
pub(crate) fn brief_form(form: BriefForm) -> &'static str {
    match form {
        BriefForm::Pdf => text::brief_pdf(),
        BriefForm::Pptx => text::brief_pptx(),
        BriefForm::Xlsx => text::brief_xlsx(),
        BriefForm::Markdown => text::format_markdown(),
        BriefForm::Json => text::format_json(),
    }
}

/// Why a row of assumptions is not taken.
pub(crate) fn row_fault(fault: &ScenarioRowFault) -> String {
    match fault {
        ScenarioRowFault::Cell { fault } => data_words::row_fault(fault),
        ScenarioRowFault::NoQuestion { name } => text::scenario_no_figure(name),
        ScenarioRowFault::OtherUnit { unit, given } => text::scenario_other_unit(unit, given),
        ScenarioRowFault::Model { says } => says.clone(),
    }
}

/// What a scenario was refused for.
pub(crate) fn fault(fault: &ScenarioFault) -> String {
    match fault {
        ScenarioFault::NoTemplate { key } => text::scenario_no_template(key),
        ScenarioFault::NoBeginning => text::scenario_no_beginning().to_owned(),
        ScenarioFault::TextUnfit { line, column, wrong, .. } => {
            text::scenario_text_unfit(line, column, model_words::wrong(wrong))
        }
        ScenarioFault::NoFigure { name } => text::scenario_no_figure(name),
        ScenarioFault::NoResult { name } => text::scenario_no_result(name),
        ScenarioFault::NoOption { decision, option } => text::scenario_no_option(decision, option),
        ScenarioFault::TooMany { what, limit } => text::scenario_too_many(figure::grouped(*limit), what),
        ScenarioFault::Unreadable { reason } => text::scenario_unreadable(reason),
        ScenarioFault::NoRange { name } => text::scenario_no_range(name),
        ScenarioFault::Overtaken => text::scenario_overtaken().to_owned(),
        ScenarioFault::NoNumber { name } => text::scenario_no_number(name),
        ScenarioFault::HoldsTooLong => text::scenario_holds_too_long().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_told_in_three_digits() {
        assert_eq!(
            [1_234_567.0, 45_678.0, 9_321.0, 12.345, 0.0].map(amount),
            ["1.23 M", "45.7 k", "9321", "12.3", "0"]
        );
    }

    #[test]
    fn a_line_of_a_model_is_told_by_its_value_alone() {
        let line = "insolvency = 80 % asked \"How likely?\" between 0 % and 100 % from person \"x\"";
        assert_eq!(value_of(line), "80 %");
        assert_eq!(value_of("stock = 3 weeks from tag \"Stock\""), "3 weeks");
    }

    #[test]
    fn a_probability_is_told_in_percent() {
        assert_eq!(result(0.0512, "", true), "5.12 %");
    }
}
