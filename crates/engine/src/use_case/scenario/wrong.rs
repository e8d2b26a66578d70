//! What is wrong with a model, in the words of the boundary.

use millwright_methods::scenario as language;
use millwright_model::*;

/// What is wrong with a model.
pub(super) fn wrong(told: &language::Fault) -> ScenarioTextWrong {
    match told {
        language::Fault::TooLong(of) => ScenarioTextWrong::TooLong(*of as u64),
        language::Fault::TooMany { what, most } => {
            ScenarioTextWrong::TooMany { what: told_counted(*what), most: *most as u64 }
        }
        language::Fault::UnknownSign(of) => ScenarioTextWrong::UnknownSign(of.to_string()),
        language::Fault::OpenText => ScenarioTextWrong::OpenText,
        language::Fault::Unexpected { expected, found } => {
            ScenarioTextWrong::Unexpected { expected: told_expected(expected), found: told_found(found) }
        }
        language::Fault::NotANumber(of) => ScenarioTextWrong::NotANumber(of.clone()),
        language::Fault::UnknownName(of) => ScenarioTextWrong::UnknownName(of.clone()),
        language::Fault::UnknownUnit(of) => ScenarioTextWrong::UnknownUnit(of.clone()),
        language::Fault::UnknownFunction(of) => ScenarioTextWrong::UnknownFunction(of.clone()),
        language::Fault::NameTaken(of) => ScenarioTextWrong::NameTaken(of.clone()),
        language::Fault::UnitsDiffer { left, right } => {
            ScenarioTextWrong::UnitsDiffer { left: left.clone(), right: right.clone() }
        }
        language::Fault::UnitNotWanted(of) => ScenarioTextWrong::UnitNotWanted(of.clone()),
        language::Fault::UnitWanted { wanted, found } => {
            ScenarioTextWrong::UnitWanted { wanted: wanted.clone(), found: found.clone() }
        }
        language::Fault::WrongKind { expected } => {
            ScenarioTextWrong::WrongKind { expected: told_wanted(*expected) }
        }
        language::Fault::Cycle(of) => ScenarioTextWrong::Cycle(of.clone()),
        language::Fault::Arguments { function, takes } => {
            ScenarioTextWrong::Arguments { function: function.clone(), takes: told_takes(takes) }
        }
        language::Fault::OutOfRange(of) => ScenarioTextWrong::OutOfRange(told_range(*of)),
        language::Fault::NotFixed => ScenarioTextWrong::NotFixed,
        language::Fault::NoHorizon => ScenarioTextWrong::NoHorizon,
        language::Fault::NotInTime => ScenarioTextWrong::NotInTime,
        language::Fault::StillInTime => ScenarioTextWrong::StillInTime,
        language::Fault::NoSuchIndex { name, index } => {
            ScenarioTextWrong::NoSuchIndex { name: name.clone(), index: index.clone() }
        }
        language::Fault::NoSuchMember { member, index } => {
            ScenarioTextWrong::NoSuchMember { member: member.clone(), index: index.clone() }
        }
        language::Fault::ListLength { index, wanted, found } => ScenarioTextWrong::ListLength {
            index: index.clone(),
            wanted: *wanted as u64,
            found: *found as u64,
        },
        language::Fault::StillOverIndex(of) => ScenarioTextWrong::StillOverIndex(of.clone()),
        language::Fault::Correlations => ScenarioTextWrong::Correlations,
        language::Fault::NotDrawn(of) => ScenarioTextWrong::NotDrawn(of.clone()),
        language::Fault::NotOneFigure(of) => ScenarioTextWrong::NotOneFigure(of.clone()),
        language::Fault::StillNeeded { name, by } => {
            ScenarioTextWrong::StillNeeded { name: name.clone(), by: by.clone() }
        }
        language::Fault::NoResult => ScenarioTextWrong::NoResult,
        language::Fault::NoNumber(of) => ScenarioTextWrong::NoNumber(of.clone()),
        language::Fault::TooMuchWork(of) => ScenarioTextWrong::TooMuchWork(*of),
    }
}

fn told_expected(told: &language::Expected) -> ScenarioTextExpected {
    match told {
        language::Expected::OneOf(of) => ScenarioTextExpected::OneOf(of.clone()),
        language::Expected::LineEnd => ScenarioTextExpected::LineEnd,
        language::Expected::Name => ScenarioTextExpected::Name,
        language::Expected::Text => ScenarioTextExpected::Text,
        language::Expected::NumberWithUnit => ScenarioTextExpected::NumberWithUnit,
        language::Expected::Unit => ScenarioTextExpected::Unit,
        language::Expected::AnotherPart => ScenarioTextExpected::AnotherPart,
        language::Expected::DisruptionPart => ScenarioTextExpected::DisruptionPart,
        language::Expected::Power => ScenarioTextExpected::Power,
        language::Expected::Figure => ScenarioTextExpected::Figure,
    }
}

fn told_found(told: &language::Found) -> ScenarioTextFound {
    match told {
        language::Found::Written(of) => ScenarioTextFound::Written(of.clone()),
        language::Found::Text => ScenarioTextFound::Text,
        language::Found::LineEnd => ScenarioTextFound::LineEnd,
        language::Found::Remark => ScenarioTextFound::Remark,
        language::Found::List => ScenarioTextFound::List,
        language::Found::End => ScenarioTextFound::End,
    }
}

fn told_takes(told: &language::Takes) -> ScenarioTextTakes {
    match told {
        language::Takes::Named(of) => ScenarioTextTakes::Named(of.clone()),
        language::Takes::TwoOrMore => ScenarioTextTakes::TwoOrMore,
        language::Takes::OverIndex => ScenarioTextTakes::OverIndex,
        language::Takes::NoIndex(of) => ScenarioTextTakes::NoIndex(of.clone()),
        language::Takes::WithProbabilities => ScenarioTextTakes::WithProbabilities,
        language::Takes::Seen => ScenarioTextTakes::Seen,
    }
}

fn told_counted(told: language::Counted) -> ScenarioTextCounted {
    match told {
        language::Counted::Statements => ScenarioTextCounted::Statements,
        language::Counted::Levels => ScenarioTextCounted::Levels,
        language::Counted::Members => ScenarioTextCounted::Members,
        language::Counted::Cells => ScenarioTextCounted::Cells,
        language::Counted::Steps => ScenarioTextCounted::Steps,
        language::Counted::Options => ScenarioTextCounted::Options,
        language::Counted::Figures => ScenarioTextCounted::Figures,
        language::Counted::Trials => ScenarioTextCounted::Trials,
    }
}

fn told_wanted(told: language::Wanted) -> ScenarioTextWanted {
    match told {
        language::Wanted::Number => ScenarioTextWanted::Number,
        language::Wanted::YesOrNo => ScenarioTextWanted::YesOrNo,
    }
}

fn told_range(told: language::RangeFault) -> ScenarioTextRange {
    match told {
        language::RangeFault::LowNotBelowHigh => ScenarioTextRange::LowNotBelowHigh,
        language::RangeFault::ModeOutside => ScenarioTextRange::ModeOutside,
        language::RangeFault::NotAboveZero => ScenarioTextRange::NotAboveZero,
        language::RangeFault::BelowZero => ScenarioTextRange::BelowZero,
        language::RangeFault::NoProbability => ScenarioTextRange::NoProbability,
        language::RangeFault::NotWhole => ScenarioTextRange::NotWhole,
        language::RangeFault::NoCorrelation => ScenarioTextRange::NoCorrelation,
        language::RangeFault::TooLarge => ScenarioTextRange::TooLarge,
        language::RangeFault::Outside => ScenarioTextRange::Outside,
        language::RangeFault::StepTooLong => ScenarioTextRange::StepTooLong,
    }
}
