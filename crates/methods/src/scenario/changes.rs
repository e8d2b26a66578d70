//! What changed from one text of a model to another, and how far each change moved a result.

use std::collections::BTreeMap;

use serde::Serialize;

use super::run::{Run, RunFault, Watch};
use super::syntax::{Says, Statement, Written};
use super::{Model, build, format, run};

/// A change, and what it did.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// What changed: a figure's name, or the first word of a statement without one.
    pub name: String,
    /// As it was; nothing where it is new.
    pub before: Option<String>,
    /// As it is; nothing where it is gone.
    pub after: Option<String>,
    /// By how much it moved the mean of the result, in the result's unit, after all changes before it. What is made of it may
    /// not have been there yet: then it moved nothing, and what is made of it did.
    pub moved: f64,
}

/// All changes from one model to another, each with how far it moved the mean of the result `result`. Together they are the
/// whole difference: what is new comes first, then what changed, in the order of the text, then what is gone.
///
/// # Errors
/// As [`Model::run`].
pub fn changes(
    before: &Model,
    after: &Model,
    result: &str,
    run: &Run,
    watch: &Watch,
) -> Result<Vec<Change>, RunFault> {
    let (old, new) = (by_name(&before.written), by_name(&after.written));
    let mut statements = before.written.statements.clone();
    let mut last = mean(&before.written, result, run, watch)?;
    let mut told = vec![];
    let mut waiting: Vec<(String, Option<&Statement>, Option<&Statement>)> = vec![];
    for statement in &after.written.statements {
        let name = name_of(statement);
        if !old.contains_key(&name) {
            waiting.push((name, None, Some(statement)));
        }
    }
    for statement in &after.written.statements {
        let name = name_of(statement);
        if let Some(was) = old.get(&name)
            && format::says(&was.says) != format::says(&statement.says)
        {
            waiting.push((name, Some(*was), Some(statement)));
        }
    }
    for statement in before.written.statements.iter().rev() {
        let name = name_of(statement);
        if !new.contains_key(&name) {
            waiting.push((name, Some(statement), None));
        }
    }
    // What needs a change that comes later waits for it: until none of those that are left can be made alone.
    let mut together = vec![];
    while !waiting.is_empty() {
        let mut left = vec![];
        let count = waiting.len();
        for (name, was, is) in waiting {
            let changed = with(&statements, &name, is);
            match mean(&Written { statements: changed.clone(), last_remarks: vec![] }, result, run, watch) {
                Ok(Some(mean)) => {
                    let moved = last.map_or(0.0, |last| mean - last);
                    last = Some(mean);
                    statements = changed;
                    told.push(change(name, was, is, moved));
                }
                Ok(None) | Err(RunFault::Model(_)) => left.push((name, was, is)),
                Err(other) => return Err(other),
            }
        }
        if left.len() == count {
            together = left;
            break;
        }
        waiting = left;
    }
    if !together.is_empty() {
        // These stand only together: the first of them is told what all did.
        let whole = mean(&after.written, result, run, watch)?;
        let mut moved = whole.zip(last).map_or(0.0, |(whole, last)| whole - last);
        for (name, was, is) in together {
            told.push(change(name, was, is, std::mem::take(&mut moved)));
        }
    }
    Ok(told)
}

fn change(name: String, was: Option<&Statement>, is: Option<&Statement>, moved: f64) -> Change {
    let says = |statement: &Statement| format::says(&statement.says);
    Change { name, before: was.map(says), after: is.map(says), moved }
}

/// The statements with one of them replaced, added or left out.
fn with(statements: &[Statement], name: &str, is: Option<&Statement>) -> Vec<Statement> {
    let mut changed: Vec<Statement> = statements.to_vec();
    let at = changed.iter().position(|statement| name_of(statement) == name);
    match (at, is) {
        (Some(at), Some(is)) => changed[at] = is.clone(),
        (Some(at), None) => {
            changed.remove(at);
        }
        (None, Some(is)) => changed.push(is.clone()),
        (None, None) => {}
    }
    changed
}

/// The mean of the result's first figure; nothing where there is no such result.
fn mean(written: &Written, result: &str, run: &Run, watch: &Watch) -> Result<Option<f64>, RunFault> {
    let built = build::build(written, &run.choice)?;
    let figures = run::run(&built, run, watch)?;
    Ok(figures.iter().find(|figures| figures.name == result).map(|figures| figures.mean))
}

fn by_name(written: &Written) -> BTreeMap<String, &Statement> {
    written.statements.iter().map(|statement| (name_of(statement), statement)).collect()
}

fn name_of(statement: &Statement) -> String {
    match &statement.says {
        Says::Title(_) => "model".to_owned(),
        Says::Horizon { .. } => "horizon".to_owned(),
        Says::Unit { name, .. } | Says::Index { name, .. } | Says::Decision { name, .. } => name.name.clone(),
        Says::Variable(variable) => variable.name.name.clone(),
        Says::Disruption(disruption) => disruption.name.name.clone(),
        Says::Correlation { one, other, .. } => format!("correlate {}, {}", one.name, other.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_told_one_by_one_and_make_up_the_whole() {
        let before =
            Model::read("price = 10\nneed = 3 to 6\nold = 1\nresult cost = price * need + old").unwrap();
        let after =
            Model::read("price = 12\nfreight = 5\nneed = 4 to 9\nresult cost = price * need + freight")
                .unwrap();
        let run = Run::default();
        let told = changes(&before, &after, "cost", &run, &Watch::default()).unwrap();
        let names: Vec<&str> = told.iter().map(|change| change.name.as_str()).collect();
        assert_eq!(names, ["freight", "price", "need", "cost", "old"]);
        let mean = |model: &Model| model.run(&run, &Watch::default()).unwrap()[0].mean;
        let whole: f64 = told.iter().map(|change| change.moved).sum();
        assert!((whole - (mean(&after) - mean(&before))).abs() < 1e-9);
        assert_eq!((told[0].moved, told[4].moved), (0.0, 0.0));
        assert!((told[3].moved - 4.0).abs() < 1e-9, "five more for freight, and one less for what was old");
        assert_eq!(told[1].before.as_deref(), Some("price = 10"));
        assert_eq!(told[4].after, None);
    }

    #[test]
    fn what_stands_only_together_is_told_together() {
        let before = Model::read("a = 2 EUR\nresult x = a").unwrap();
        let after = Model::read("a = 3 pcs\nb = 2 EUR/pcs\nresult x = a * b").unwrap();
        let told = changes(&before, &after, "x", &Run::default(), &Watch::default()).unwrap();
        assert_eq!(told.iter().map(|change| change.moved).sum::<f64>(), 4.0);
        assert_eq!(changes(&after, &after, "x", &Run::default(), &Watch::default()).unwrap(), []);
    }
}
