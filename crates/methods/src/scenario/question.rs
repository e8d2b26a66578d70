//! What a model asks people, and what becomes of their answers: the same text, changed in one place.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::fault::{Fault, ModelFault, Place, fault};
use super::parse::{parse, parse_expression};
use super::syntax::{Expression, Form, Origin, OriginKind, Says, Statement, Variable, Written};
use super::unit::{Unit, Units};
use super::{Model, format};

/// By what an answer that nobody knows is widened on either side.
const WIDER: f64 = 2.0;

/// A figure that people are asked for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Question {
    /// The figure's name.
    pub name: String,
    /// The question.
    pub question: String,
    /// What it is answered in.
    pub unit: String,
    /// What is answered so far.
    pub answer: Answer,
    /// The least that is taken for an answer.
    pub least: Option<f64>,
    /// The most that is taken for an answer.
    pub most: Option<f64>,
    /// Where the answer comes from.
    pub origin: Option<Origin>,
}

/// An answer, in the question's unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// One figure.
    Figure(f64),
    /// Ninety per cent lie between.
    Between(f64, f64),
    /// Yes or no.
    YesOrNo(bool),
    /// Nobody knows: as wide as is taken for an answer, or much wider than it was.
    Unknown,
    /// Something else, in the language of models.
    Other(String),
}

impl Model {
    /// What the model asks people, in the order of its text.
    pub fn questions(&self) -> Vec<Question> {
        self.written.statements.iter().filter_map(|statement| self.question(statement)).collect()
    }

    fn question(&self, statement: &Statement) -> Option<Question> {
        let Says::Variable(variable) = &statement.says else { return None };
        let asked = variable.asked.as_ref()?;
        let units = &self.built.units;
        let unit = unit_of(units, variable);
        let of = |expression: &Expression| figure(units, expression).map(|value| value / unit.scale);
        let answer = match &variable.value.form {
            Form::YesOrNo(is) => Answer::YesOrNo(*is),
            Form::Range(..) | Form::Call { .. } => match ends(units, &variable.value).as_deref() {
                Some([low, high]) => Answer::Between(low / unit.scale, high / unit.scale),
                _ => Answer::Other(format::expression(&variable.value)),
            },
            _ => of(&variable.value)
                .map_or_else(|| Answer::Other(format::expression(&variable.value)), Answer::Figure),
        };
        let bound = |most: bool| {
            let (least, greatest) = asked.between.as_ref()?;
            of(if most { greatest } else { least })
        };
        Some(Question {
            name: variable.name.name.clone(),
            question: asked.question.clone(),
            unit: unit.name.clone(),
            answer,
            least: bound(false),
            most: bound(true),
            origin: variable.origin.clone(),
        })
    }
}

/// A number with or without a unit, in base units.
fn figure(units: &Units, expression: &Expression) -> Option<f64> {
    match &expression.form {
        Form::Number { value, unit: None } => Some(*value),
        Form::Number { value, unit: Some(unit) } => Some(value * units.read(unit).ok()?.scale),
        Form::Negative(of) => figure(units, of).map(|value| -value),
        _ => None,
    }
}

/// What is drawn where nobody knows more than bounds.
const ANYWHERE: &str = "anywhere";

/// Both ends of a range, or of what is anywhere between, in base units, where they are numbers. The first takes the unit of
/// the second where it has none.
pub(super) fn ends(units: &Units, expression: &Expression) -> Option<Vec<f64>> {
    let (low, high) = match &expression.form {
        Form::Range(low, high) => (low.as_ref(), high.as_ref()),
        Form::Call { function, arguments, over: None } if function == ANYWHERE => {
            match arguments.as_slice() {
                [low, high] if low.label.is_none() && high.label.is_none() => (&low.value, &high.value),
                _ => return None,
            }
        }
        _ => return None,
    };
    let to = figure(units, high)?;
    let from = figure(units, low)?;
    let from = match first_unit(high).filter(|_| low.is_bare()) {
        Some(unit) => from * units.read(unit).ok()?.scale,
        None => from,
    };
    Some(vec![from, to])
}

/// What a variable is answered in: as it says, or as its figures are written.
fn unit_of(units: &Units, variable: &Variable) -> Unit {
    let written = variable.unit.as_ref().or_else(|| first_unit(&variable.value));
    written.and_then(|unit| units.read(unit).ok()).unwrap_or_else(Unit::none)
}

fn first_unit(expression: &Expression) -> Option<&super::syntax::UnitText> {
    match &expression.form {
        Form::Number { unit, .. } => unit.as_ref(),
        Form::Negative(of) => first_unit(of),
        Form::Range(low, high) => first_unit(high).or_else(|| first_unit(low)),
        Form::Call { arguments, .. } => arguments.iter().find_map(|argument| first_unit(&argument.value)),
        _ => None,
    }
}

/// Answers the question for `name` in a model's text, and says where the answer comes from; the rest of the text stays as it
/// is.
///
/// # Errors
/// When the model asks for no such figure, or is wrong with this answer: then nothing is to be changed.
pub fn answer(text: &str, name: &str, answer: &Answer, origin: Option<Origin>) -> Result<String, ModelFault> {
    let model = Model::read(text)?;
    let (statement, variable) = asked(&model.written, name)?;
    let unit = model.question(statement).map(|question| question.unit).unwrap_or_default();
    let with_unit = |value: f64| if unit.is_empty() { format!("{value}") } else { format!("{value} {unit}") };
    let between = |low: f64, high: f64| format!("{low} to {}", with_unit(high));
    let (value, origin) = match answer {
        Answer::Figure(value) => (with_unit(*value), origin),
        Answer::Between(low, high) => (between(*low, *high), origin),
        Answer::YesOrNo(is) => ((if *is { "yes" } else { "no" }).to_owned(), origin),
        Answer::Other(text) => (text.clone(), origin),
        Answer::Unknown => {
            let Some(question) = model.question(statement) else {
                return fault(statement.place, Fault::UnknownName(name.to_owned()));
            };
            let unknown = Origin { kind: OriginKind::Assumption, of: "?".to_owned() };
            match wide(&question) {
                // Within bounds nothing is likelier: a range would reach far beyond them.
                Some((low, high)) if question.least.is_some() && question.most.is_some() => {
                    let value = format!("{ANYWHERE}({}, {})", with_unit(low), with_unit(high));
                    (value, origin.or(Some(unknown)))
                }
                Some((low, high)) => (between(low, high), origin.or(Some(unknown))),
                None => (format::expression(&variable.value), origin.or(Some(unknown))),
            }
        }
    };
    let value = parse_expression(&value, &own_units(&model.written))?;
    let changed = Says::Variable(Variable { value, origin, ..variable.clone() });
    replace(text, statement, &format::says(&changed))
}

/// The text with one statement written anew, when it is still a model.
fn replace(text: &str, statement: &Statement, says: &str) -> Result<String, ModelFault> {
    let Place { start, end, .. } = statement.place;
    let (Some(before), Some(after)) = (text.get(..start), text.get(end..)) else {
        return fault(statement.place, Fault::UnknownName(String::new()));
    };
    let changed = format!("{before}{says}{after}");
    Model::read(&changed)?;
    Ok(changed)
}

fn asked<'a>(written: &'a Written, name: &str) -> Result<(&'a Statement, &'a Variable), ModelFault> {
    let found = written.statements.iter().find_map(|statement| match &statement.says {
        Says::Variable(variable) if variable.name.name == name && variable.asked.is_some() => {
            Some((statement, variable))
        }
        _ => None,
    });
    match found {
        Some(found) => Ok(found),
        None => fault(Place { line: 1, column: 1, ..Place::default() }, Fault::UnknownName(name.to_owned())),
    }
}

/// The units that a model makes itself.
fn own_units(written: &Written) -> BTreeSet<String> {
    let name = |statement: &Statement| match &statement.says {
        Says::Unit { name, .. } => Some(name.name.clone()),
        _ => None,
    };
    written.statements.iter().filter_map(name).collect()
}

/// How wide an answer is that nobody knows.
fn wide(question: &Question) -> Option<(f64, f64)> {
    if let (Some(least), Some(most)) = (question.least, question.most) {
        return Some((least, most));
    }
    match question.answer {
        Answer::Figure(value) if value > 0.0 => Some((value / WIDER, value * WIDER)),
        Answer::Figure(value) if value < 0.0 => Some((value * WIDER, value / WIDER)),
        Answer::Between(low, high) if low > 0.0 => Some((low / WIDER, high * WIDER)),
        Answer::Between(low, high) => {
            let more = (high - low) * (WIDER - 1.0) / 2.0;
            Some((low - more, high + more))
        }
        _ => None,
    }
}

/// Replaces what a figure is, in the language of models; the rest of the text stays as it is. For whoever moves a slider or
/// draws in the diagram.
///
/// # Errors
/// When there is no such figure, or the model is wrong with this value: then nothing is to be changed.
pub fn set_value(text: &str, name: &str, value: &str) -> Result<String, ModelFault> {
    let written = parse(text)?;
    let found = written.statements.iter().find_map(|statement| match &statement.says {
        Says::Variable(variable) if variable.name.name == name => Some((statement, variable)),
        _ => None,
    });
    let Some((statement, variable)) = found else {
        let place = Place { line: 1, column: 1, ..Place::default() };
        return fault(place, Fault::UnknownName(name.to_owned()));
    };
    let value = parse_expression(value, &own_units(&written))?;
    replace(text, statement, &format::says(&Says::Variable(Variable { value, ..variable.clone() })))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# A remark stays\nunit pallet = 40 pcs\n\
        lead_time = 2 to 10 weeks asked \"How long until a second supplier delivers?\" between 1 week and 1 year from assumption \"as last time\"\n\
        price in EUR/pcs = 120 EUR/pcs asked \"What does one cost?\"   # aside\n\
        has_second = no asked \"Is there a second supplier?\"\n\
        need = 3 pallet / 1 week asked \"How many are needed?\"\n\
        result loss in EUR = if has_second then 0 EUR else lead_time * need * price\n";

    #[test]
    fn questions_are_what_the_model_asks() {
        let questions = Model::read(TEXT).unwrap().questions();
        let told: Vec<_> =
            questions.iter().map(|asked| (asked.name.as_str(), asked.unit.as_str(), &asked.answer)).collect();
        assert_eq!(
            told,
            [
                ("lead_time", "weeks", &Answer::Between(2.0, 10.0)),
                ("price", "EUR/pcs", &Answer::Figure(120.0)),
                ("has_second", "", &Answer::YesOrNo(false)),
                ("need", "", &Answer::Other("3 pallet / 1 week".to_owned())),
            ]
        );
        let [first, ..] = &questions[..] else { panic!("none") };
        assert_eq!(first.question, "How long until a second supplier delivers?");
        assert!(
            (first.least.unwrap() - 1.0).abs() < 1e-12 && (first.most.unwrap() - 52.178_571).abs() < 1e-6
        );
        assert_eq!(first.origin.as_ref().map(|origin| origin.of.as_str()), Some("as last time"));
    }

    #[test]
    fn an_answer_changes_its_line_and_nothing_else() {
        let origin = Origin { kind: OriginKind::Person, of: "Anna Weber, 2026-11-30".to_owned() };
        let changed = answer(TEXT, "price", &Answer::Between(90.0, 150.0), Some(origin)).unwrap();
        let line = "price in EUR/pcs = 90 to 150 EUR/pcs asked \"What does one cost?\" from person \"Anna Weber, 2026-11-30\"   # aside";
        assert_eq!(changed.lines().nth(3), Some(line));
        let others = |text: &str| {
            text.lines()
                .enumerate()
                .filter(|(at, _)| *at != 3)
                .map(|(_, line)| line.to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(others(&changed), others(TEXT));
        let yes = answer(TEXT, "has_second", &Answer::YesOrNo(true), None).unwrap();
        assert!(yes.contains("has_second = yes asked"));
    }

    #[test]
    fn what_nobody_knows_becomes_wide() {
        let unknown = answer(TEXT, "lead_time", &Answer::Unknown, None).unwrap();
        let questions = Model::read(&unknown).unwrap().questions();
        let Answer::Between(low, high) = questions[0].answer else { panic!("{:?}", questions[0]) };
        assert!((low - 1.0).abs() < 1e-9 && high > 52.0);
        assert_eq!(questions[0].origin.as_ref().map(|origin| origin.kind), Some(OriginKind::Assumption));
        let price = Model::read(&answer(TEXT, "price", &Answer::Unknown, None).unwrap()).unwrap();
        assert_eq!(price.questions()[1].answer, Answer::Between(60.0, 240.0));
    }

    #[test]
    fn an_answer_that_cannot_be_is_refused_at_its_place() {
        let said = |answered: &Answer| answer(TEXT, "lead_time", answered, None).unwrap_err().to_string();
        assert_eq!(
            said(&Answer::Between(2.0, 100.0)),
            "line 3, column 13: this lies outside of what is asked for"
        );
        assert_eq!(
            said(&Answer::Between(9.0, 2.0)),
            "line 3, column 13: the first figure must lie below the second"
        );
        assert!(said(&Answer::Other("2 EUR".to_owned())).contains("EUR"));
        assert!(
            said(&Answer::Other("2 weeks\nresult y = 1".to_owned()))
                .contains("is expected here, not the end of the line")
        );
        assert!(answer(TEXT, "loss", &Answer::Figure(1.0), None).is_err());
    }

    #[test]
    fn a_slider_sets_a_figure() {
        let moved = set_value(TEXT, "need", "4 pallet / 1 week").unwrap();
        assert!(moved.contains("need = 4 pallet / 1 week asked"));
        assert!(set_value(TEXT, "need", "4 EUR").is_err());
    }
}
