//! What is wrong with the model of a scenario, in the reader's language.

use millwright_model::{
    ScenarioTextCounted, ScenarioTextExpected, ScenarioTextFound, ScenarioTextRange, ScenarioTextTakes,
    ScenarioTextWanted, ScenarioTextWrong,
};

use crate::text;

/// What is wrong.
pub(crate) fn wrong(wrong: &ScenarioTextWrong) -> String {
    match wrong {
        ScenarioTextWrong::TooLong(most) => text::model_too_long(most),
        ScenarioTextWrong::TooMany { what, most } => text::model_too_many(most, counted(*what)),
        ScenarioTextWrong::UnknownSign(sign) => text::model_unknown_sign(sign),
        ScenarioTextWrong::OpenText => text::model_open_text().to_owned(),
        ScenarioTextWrong::Unexpected { expected: wanted, found: there } => {
            text::model_unexpected(expected(wanted), found(there))
        }
        ScenarioTextWrong::NotANumber(written) => text::model_no_number_written(written),
        ScenarioTextWrong::UnknownName(name) => text::model_unknown_name(name),
        ScenarioTextWrong::UnknownUnit(unit) => text::model_unknown_unit(unit),
        ScenarioTextWrong::UnknownFunction(name) => text::model_unknown_function(name),
        ScenarioTextWrong::NameTaken(name) => text::model_name_taken(name),
        ScenarioTextWrong::UnitsDiffer { left, right } => text::model_units_differ(left, right),
        ScenarioTextWrong::UnitNotWanted(unit) => text::model_unit_not_wanted(unit),
        ScenarioTextWrong::UnitWanted { wanted, found } => text::model_unit_wanted(wanted, found),
        ScenarioTextWrong::WrongKind { expected: ScenarioTextWanted::Number } => {
            text::model_wrong_kind(text::model_a_number())
        }
        ScenarioTextWrong::WrongKind { expected: ScenarioTextWanted::YesOrNo } => {
            text::model_wrong_kind(text::model_yes_or_no())
        }
        ScenarioTextWrong::Cycle(names) => text::model_cycle(names),
        ScenarioTextWrong::Arguments { function, takes: what } => {
            text::model_arguments(function, takes(what))
        }
        ScenarioTextWrong::OutOfRange(why) => range(*why).to_owned(),
        ScenarioTextWrong::NotFixed => text::model_not_fixed().to_owned(),
        ScenarioTextWrong::NoHorizon => text::model_no_horizon().to_owned(),
        ScenarioTextWrong::NotInTime => text::model_not_in_time().to_owned(),
        ScenarioTextWrong::StillInTime => text::model_still_in_time().to_owned(),
        ScenarioTextWrong::NoSuchIndex { name, index } => text::model_no_such_index(name, index),
        ScenarioTextWrong::NoSuchMember { member, index } => text::model_no_such_member(member, index),
        ScenarioTextWrong::ListLength { index, wanted, found } => {
            text::model_list_length(index, wanted, found)
        }
        ScenarioTextWrong::StillOverIndex(index) => text::model_still_over_index(index),
        ScenarioTextWrong::Correlations => text::model_correlations().to_owned(),
        ScenarioTextWrong::NotDrawn(name) => text::model_not_drawn(name),
        ScenarioTextWrong::NotOneFigure(says) => text::model_not_one_figure(says),
        ScenarioTextWrong::StillNeeded { name, by } => text::model_still_needed(name, by),
        ScenarioTextWrong::NoResult => text::model_no_result().to_owned(),
        ScenarioTextWrong::NoNumber(name) => text::model_came_to_nothing(name),
        ScenarioTextWrong::TooMuchWork(steps) => text::model_too_much_work(steps),
    }
}

fn expected(expected: &ScenarioTextExpected) -> String {
    match expected {
        ScenarioTextExpected::OneOf(words) => {
            let quoted: Vec<String> = words.iter().map(|word| format!("«{word}»")).collect();
            match quoted.as_slice() {
                [all @ .., last] if !all.is_empty() => text::model_or(all.join(", "), last),
                all => all.concat(),
            }
        }
        ScenarioTextExpected::LineEnd => text::model_expected_line_end().to_owned(),
        ScenarioTextExpected::Name => text::model_expected_name().to_owned(),
        ScenarioTextExpected::Text => text::model_expected_text().to_owned(),
        ScenarioTextExpected::NumberWithUnit => text::model_expected_number_with_unit().to_owned(),
        ScenarioTextExpected::Unit => text::model_expected_unit().to_owned(),
        ScenarioTextExpected::AnotherPart => text::model_expected_another_part().to_owned(),
        ScenarioTextExpected::DisruptionPart => text::model_expected_disruption_part().to_owned(),
        ScenarioTextExpected::Power => text::model_expected_power().to_owned(),
        ScenarioTextExpected::Figure => text::model_expected_figure().to_owned(),
    }
}

fn found(found: &ScenarioTextFound) -> String {
    match found {
        ScenarioTextFound::Written(written) => format!("«{written}»"),
        ScenarioTextFound::Text => text::model_found_text().to_owned(),
        ScenarioTextFound::LineEnd => text::model_expected_line_end().to_owned(),
        ScenarioTextFound::Remark => text::model_found_remark().to_owned(),
        ScenarioTextFound::List => text::model_found_list().to_owned(),
        ScenarioTextFound::End => text::model_found_end().to_owned(),
    }
}

fn takes(takes: &ScenarioTextTakes) -> String {
    match takes {
        ScenarioTextTakes::Named(names) => names.join(", "),
        ScenarioTextTakes::TwoOrMore => text::model_takes_two_or_more().to_owned(),
        ScenarioTextTakes::OverIndex => text::model_takes_over_index().to_owned(),
        ScenarioTextTakes::NoIndex(names) => text::model_takes_no_index(names.join(", ")),
        ScenarioTextTakes::WithProbabilities => text::model_takes_with_probabilities().to_owned(),
        ScenarioTextTakes::Seen => text::model_takes_seen().to_owned(),
    }
}

fn counted(counted: ScenarioTextCounted) -> &'static str {
    match counted {
        ScenarioTextCounted::Statements => text::model_statements(),
        ScenarioTextCounted::Levels => text::model_levels(),
        ScenarioTextCounted::Members => text::model_members(),
        ScenarioTextCounted::Cells => text::model_cells(),
        ScenarioTextCounted::Steps => text::model_steps(),
        ScenarioTextCounted::Options => text::model_options(),
        ScenarioTextCounted::Figures => text::model_figures(),
        ScenarioTextCounted::Trials => text::model_trials(),
    }
}

fn range(range: ScenarioTextRange) -> &'static str {
    match range {
        ScenarioTextRange::LowNotBelowHigh => text::model_low_not_below_high(),
        ScenarioTextRange::ModeOutside => text::model_mode_outside(),
        ScenarioTextRange::NotAboveZero => text::model_not_above_zero(),
        ScenarioTextRange::BelowZero => text::model_below_zero(),
        ScenarioTextRange::NoProbability => text::model_no_probability(),
        ScenarioTextRange::NotWhole => text::model_not_whole(),
        ScenarioTextRange::NoCorrelation => text::model_no_correlation(),
        ScenarioTextRange::TooLarge => text::model_too_large(),
        ScenarioTextRange::Outside => text::model_outside(),
        ScenarioTextRange::StepTooLong => text::model_step_too_long(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_expected_is_told_with_what_is_there() {
        let words = ["start", "lasts", "recovers"].map(str::to_owned).to_vec();
        let told = wrong(&ScenarioTextWrong::Unexpected {
            expected: ScenarioTextExpected::OneOf(words),
            found: ScenarioTextFound::End,
        });
        assert_eq!(told, "«start», «lasts» or «recovers» is expected here, not the end of the model");
    }
}
