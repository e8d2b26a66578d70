//! Which figure hangs on which: the influence diagram of a model.

use std::collections::BTreeSet;

use serde::Serialize;

use super::Model;
use super::syntax::{Expression, Form, Origin, Says};

/// A figure in the diagram.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// Its name.
    pub name: String,
    /// What kind it is: diagrams draw each in a shape of its own.
    pub kind: FigureKind,
    /// What it is, in the language of models.
    pub value: String,
    /// Its whole statement.
    pub says: String,
    /// What is remarked on it.
    pub remarks: Vec<String>,
    /// Where it comes from.
    pub origin: Option<Origin>,
    /// The figures that it is made of, in the order of the text.
    pub made_of: Vec<String>,
}

/// What kinds of figures there are.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FigureKind {
    /// Given as it is.
    Given,
    /// Comes by chance.
    Chance,
    /// Made of others.
    Formula,
    /// Carried from step to step of time.
    Stock,
    /// To be decided.
    Decision,
    /// May go wrong.
    Disruption,
    /// Asked for.
    Result,
}

impl Model {
    /// All figures, in the order of the text.
    pub fn figures(&self) -> Vec<Figure> {
        let mut figures = vec![];
        for statement in &self.written.statements {
            let mut names = BTreeSet::new();
            let (name, kind, value, origin) = match &statement.says {
                Says::Variable(variable) => {
                    collect(&variable.value, &mut names);
                    if let Some(change) = &variable.change {
                        collect(change, &mut names);
                    }
                    let kind = if variable.is_result {
                        FigureKind::Result
                    } else if variable.change.is_some() {
                        FigureKind::Stock
                    } else if draws(&variable.value) {
                        FigureKind::Chance
                    } else if names.is_empty() {
                        FigureKind::Given
                    } else {
                        FigureKind::Formula
                    };
                    let value = super::format::expression(&variable.value);
                    (&variable.name.name, kind, value, variable.origin.clone())
                }
                Says::Decision { name, options } => {
                    options.iter().for_each(|option| collect(&option.value, &mut names));
                    let values: Vec<String> =
                        options.iter().map(|option| super::format::expression(&option.value)).collect();
                    (&name.name, FigureKind::Decision, values.join(", "), None)
                }
                Says::Disruption(disruption) => {
                    let parts = [&disruption.start, &disruption.lasts, &disruption.recovers];
                    collect(&disruption.probability, &mut names);
                    parts.into_iter().flatten().for_each(|part| collect(part, &mut names));
                    let value = super::format::expression(&disruption.probability);
                    (&disruption.name.name, FigureKind::Disruption, value, disruption.origin.clone())
                }
                Says::Title(_)
                | Says::Horizon { .. }
                | Says::Unit { .. }
                | Says::Index { .. }
                | Says::Correlation { .. } => continue,
            };
            let remarks = statement.remarks.iter().chain(&statement.aside).cloned().collect();
            let says = super::format::says(&statement.says);
            figures.push((name.clone(), kind, (value, says), remarks, origin, names));
        }
        let order: Vec<String> = figures.iter().map(|figure| figure.0.clone()).collect();
        figures
            .into_iter()
            .map(|(name, kind, (value, says), remarks, origin, names)| {
                let made_of = order.iter().filter(|other| names.contains(*other)).cloned().collect();
                Figure { name, kind, value, says, remarks, origin, made_of }
            })
            .collect()
    }
}

/// The names in an expression.
fn collect(expression: &Expression, names: &mut BTreeSet<String>) {
    match &expression.form {
        Form::Number { .. } | Form::YesOrNo(_) => {}
        Form::Name(name) | Form::Part(name, _) => {
            names.insert(name.clone());
        }
        Form::Member { of, .. } | Form::Negative(of) | Form::Not(of) => collect(of, names),
        Form::List(all) => all.iter().for_each(|one| collect(one, names)),
        Form::Pair(_, one, other) | Form::Range(one, other) => {
            collect(one, names);
            collect(other, names);
        }
        Form::If(condition, then, otherwise) => {
            [condition, then, otherwise].into_iter().for_each(|part| collect(part, names));
        }
        Form::Call { arguments, .. } => {
            for argument in arguments {
                if let Some(label) = &argument.label {
                    collect(label, names);
                }
                collect(&argument.value, names);
            }
        }
    }
}

/// Whether something in an expression is drawn by chance.
fn draws(expression: &Expression) -> bool {
    match &expression.form {
        Form::Range(..) => true,
        Form::Call { function, arguments, .. } => {
            super::chance::is_distribution(function)
                || arguments.iter().any(|argument| draws(&argument.value))
        }
        Form::Number { .. } | Form::YesOrNo(_) | Form::Name(_) | Form::Part(..) => false,
        Form::Member { of, .. } | Form::Negative(of) | Form::Not(of) => draws(of),
        Form::List(all) => all.iter().any(draws),
        Form::Pair(_, one, other) => draws(one) || draws(other),
        Form::If(condition, then, otherwise) => {
            [condition, then, otherwise].into_iter().any(|part| draws(part))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diagram_tells_kinds_and_what_is_made_of_what() {
        let model = Model::read(
            "horizon 10 days step 1 day\nprice = 3 EUR/pcs  # as agreed\nneed = 10 to 20 pcs/day\n\
             decision buffer = 0 pcs, 50 pcs\ndisruption stop: probability 5 %, lasts 3 days\n\
             stock held = buffer, change -need * (1 - stop)\nresult cost in EUR = -last(held) * price",
        )
        .unwrap();
        let told: Vec<_> = model
            .figures()
            .into_iter()
            .map(|figure| (figure.name, figure.kind, figure.made_of.join(" ")))
            .collect();
        let wanted = [
            ("price", FigureKind::Given, ""),
            ("need", FigureKind::Chance, ""),
            ("buffer", FigureKind::Decision, ""),
            ("stop", FigureKind::Disruption, ""),
            ("held", FigureKind::Stock, "need buffer stop"),
            ("cost", FigureKind::Result, "price held"),
        ]
        .map(|(name, kind, made_of)| (name.to_owned(), kind, made_of.to_owned()));
        assert_eq!(told, wanted);
        assert_eq!(model.figures()[0].remarks, ["as agreed"]);
    }
}
