//! Words of the language of models as words of the boundary, and the other way around.

use jiff::Timestamp;
use millwright_methods::scenario as language;
use millwright_model::*;

use crate::engine::Inner;

/// An answer as the language of models has it.
pub(super) fn answer(answer: &ScenarioAnswer) -> language::Answer {
    match answer {
        ScenarioAnswer::Figure { value } => language::Answer::Figure(*value),
        ScenarioAnswer::Between { low, high } => language::Answer::Between(*low, *high),
        ScenarioAnswer::YesOrNo { yes } => language::Answer::YesOrNo(*yes),
        ScenarioAnswer::Unknown => language::Answer::Unknown,
        ScenarioAnswer::Other { formula } => language::Answer::Other(formula.clone()),
    }
}

fn told_answer(answer: language::Answer) -> ScenarioAnswer {
    match answer {
        language::Answer::Figure(value) => ScenarioAnswer::Figure { value },
        language::Answer::Between(low, high) => ScenarioAnswer::Between { low, high },
        language::Answer::YesOrNo(yes) => ScenarioAnswer::YesOrNo { yes },
        language::Answer::Unknown => ScenarioAnswer::Unknown,
        language::Answer::Other(formula) => ScenarioAnswer::Other { formula },
    }
}

/// An origin as the language of models has it: on one line, without its quotation marks.
pub(super) fn origin(origin: &ScenarioOrigin) -> language::Origin {
    let kind = match origin.kind {
        ScenarioOriginKind::Tag => language::OriginKind::Tag,
        ScenarioOriginKind::Erp => language::OriginKind::Erp,
        ScenarioOriginKind::File => language::OriginKind::File,
        ScenarioOriginKind::Person => language::OriginKind::Person,
        ScenarioOriginKind::Assumption => language::OriginKind::Assumption,
    };
    let clean = |letter: char| match letter {
        '"' => '\'',
        letter if letter.is_control() => ' ',
        letter => letter,
    };
    language::Origin { kind, of: origin.of.chars().map(clean).take(ORIGIN_CHARS).collect() }
}

/// The longest origin.
const ORIGIN_CHARS: usize = 300;

fn told_origin(origin: language::Origin) -> ScenarioOrigin {
    let kind = match origin.kind {
        language::OriginKind::Tag => ScenarioOriginKind::Tag,
        language::OriginKind::Erp => ScenarioOriginKind::Erp,
        language::OriginKind::File => ScenarioOriginKind::File,
        language::OriginKind::Person => ScenarioOriginKind::Person,
        language::OriginKind::Assumption => ScenarioOriginKind::Assumption,
    };
    ScenarioOrigin { kind, of: origin.of }
}

/// That a person said so. A document cannot forget: it holds who by their id, never by their name.
pub(super) fn said_by(person: Option<PersonId>, at: TimestampMs) -> ScenarioOrigin {
    let who = person.map_or_else(|| "-".to_owned(), |person| person.to_string());
    ScenarioOrigin { kind: ScenarioOriginKind::Person, of: format!("{who} {}", stamp(at)) }
}

/// An instant in the text of a model.
pub(super) fn stamp(at: TimestampMs) -> String {
    Timestamp::from_millisecond(at.0).map_or_else(|_beyond| at.0.to_string(), |at| at.to_string())
}

/// Who said so and when, where an origin is of [`said_by`].
fn who_and_when(origin: &ScenarioOrigin) -> Option<(Option<PersonId>, TimestampMs)> {
    if origin.kind != ScenarioOriginKind::Person {
        return None;
    }
    let (who, when) = origin.of.split_once(' ')?;
    let when: Timestamp = when.parse().ok()?;
    Some((who.parse().ok(), TimestampMs(when.as_millisecond())))
}

/// A question, with what it is bound to and who answered it.
pub(super) fn question(
    engine: &Inner,
    question: language::Question,
    drivers: &[(String, ScenarioDriver, Option<ScenarioBound>)],
) -> ScenarioQuestion {
    let origin = question.origin.map(told_origin);
    let told = origin.as_ref().and_then(who_and_when);
    let bound = drivers.iter().find(|(name, ..)| *name == question.name);
    ScenarioQuestion {
        driver: bound.map(|(_, driver, _)| *driver),
        bound_to: bound.and_then(|(.., to)| to.clone()),
        answered_at: told.map(|(_, at)| at),
        answered_by: told.and_then(|(who, _)| engine.people.name(who)),
        // Who and when are told in words of their own.
        origin: origin.map(|origin| match told {
            Some(_) => ScenarioOrigin { of: String::new(), ..origin },
            None => origin,
        }),
        name: question.name,
        question: question.question,
        unit: question.unit,
        answer: told_answer(question.answer),
        least: question.least,
        most: question.most,
    }
}

/// A figure of the diagram.
pub(super) fn figure(figure: language::Figure) -> ScenarioFigure {
    let kind = match figure.kind {
        language::FigureKind::Given => ScenarioFigureKind::Given,
        language::FigureKind::Chance => ScenarioFigureKind::Chance,
        language::FigureKind::Formula => ScenarioFigureKind::Formula,
        language::FigureKind::Stock => ScenarioFigureKind::Stock,
        language::FigureKind::Decision => ScenarioFigureKind::Decision,
        language::FigureKind::Disruption => ScenarioFigureKind::Disruption,
        language::FigureKind::Result => ScenarioFigureKind::Result,
    };
    ScenarioFigure {
        name: figure.name,
        kind,
        value: figure.value,
        says: figure.says,
        remarks: figure.remarks,
        origin: figure.origin.map(told_origin),
        made_of: figure.made_of,
    }
}

/// A name with its members in brackets.
pub(super) fn labelled(name: &str, members: &[String]) -> String {
    if members.is_empty() { name.to_owned() } else { format!("{name}[{}]", members.join(", ")) }
}

/// What is chosen, as the boundary has it: in the order of the model's decisions.
pub(super) fn choice(
    decisions: &[language::Decision],
    options: &std::collections::BTreeMap<String, String>,
) -> Vec<ScenarioChoice> {
    let chosen = |decision: &language::Decision| {
        let option = options.get(&decision.name)?.clone();
        Some(ScenarioChoice { decision: decision.name.clone(), option })
    };
    decisions.iter().filter_map(chosen).collect()
}
