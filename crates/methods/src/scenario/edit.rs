//! What is drawn in the diagram of a model, written in its text: a figure is added, called something else, made anew, taken out.

use super::Model;
use super::diagram::Figure;
use super::fault::{Fault, ModelFault, Place, fault};
use super::parse::parse;
use super::syntax::{Says, Statement, Written};
use super::token::{Token, split};

/// Adds a figure: `says` is its whole statement. It stands before the first result, where people read on to what comes of it.
///
/// # Errors
/// When `says` is not one figure with a name of its own, or the model is wrong with it: then nothing is to be changed.
pub fn add_figure(text: &str, says: &str) -> Result<String, ModelFault> {
    let before = Model::read(text)?.figures();
    let first_result = parse(text)?.statements.into_iter().find(|statement| match &statement.says {
        Says::Variable(variable) => variable.is_result,
        _ => false,
    });
    let at = first_result.map_or(text.len(), |statement| line_start(text, &statement));
    let (head, tail) = text.split_at(at);
    let apart = if head.is_empty() || head.ends_with('\n') { "" } else { "\n" };
    let changed = format!("{head}{apart}{}\n{tail}", says.trim());
    let after = Model::read(&changed)?.figures();
    let is_one = after.len() == before.len() + 1 && before.iter().all(|figure| is_in(&after, &figure.name));
    if is_one { Ok(changed) } else { fault(line_place(at, head), one_figure(says)) }
}

/// Makes a figure anew: `says` is its whole statement, under the name that it has. The rest of the text stays as it is.
///
/// # Errors
/// When there is no such figure, `says` is not that one figure, or the model is wrong with it: then nothing is to be changed.
pub fn define_figure(text: &str, name: &str, says: &str) -> Result<String, ModelFault> {
    let before = Model::read(text)?.figures();
    let written = parse(text)?;
    let Place { start, end, line, column } = figure(&written, name)?.place;
    let changed = format!("{}{}{}", &text[..start], says.trim(), &text[end..]);
    let after = Model::read(&changed)?.figures();
    let is_same = after.len() == before.len() && before.iter().all(|figure| is_in(&after, &figure.name));
    if is_same { Ok(changed) } else { fault(Place { start, end, line, column }, one_figure(says)) }
}

/// Calls a figure something else, wherever it is named.
///
/// # Errors
/// When there is no such figure, the new name is none or means something already, or the model would say something else.
pub fn rename_figure(text: &str, name: &str, to: &str) -> Result<String, ModelFault> {
    let before = Model::read(text)?.figures();
    let place = figure(&parse(text)?, name)?.place;
    if is_in(&before, to) {
        return fault(place, Fault::NameTaken(to.to_owned()));
    }
    let mut changed = String::with_capacity(text.len());
    let mut at = 0;
    for (token, place) in split(text)? {
        if token == Token::Word(name.to_owned()) {
            changed.push_str(&text[at..place.start]);
            changed.push_str(to);
            at = place.end;
        }
    }
    changed.push_str(&text[at..]);
    let after = Model::read(&changed)?.figures();
    // A word may be a name here and a unit or a member there: then more would change than a name.
    let renamed = |told: &String| if told == name { to.to_owned() } else { told.clone() };
    let is_same = after.len() == before.len()
        && before.iter().zip(&after).all(|(was, is)| {
            renamed(&was.name) == is.name
                && was.kind == is.kind
                && was.made_of.iter().map(renamed).eq(is.made_of.iter().cloned())
        });
    if is_same { Ok(changed) } else { fault(place, Fault::NameTaken(to.to_owned())) }
}

/// Takes a figure out, with what is remarked at the end of its line.
///
/// # Errors
/// When there is no such figure, others are made of it (they are named), or nothing to tell would be left.
pub fn remove_figure(text: &str, name: &str) -> Result<String, ModelFault> {
    let model = Model::read(text)?;
    let place = figure(&model.written, name)?.place;
    let figures = model.figures();
    let made_of_it = figures.iter().filter(|figure| figure.made_of.iter().any(|of| of == name));
    let made_of_it: Vec<&str> = made_of_it.map(|figure| figure.name.as_str()).collect();
    if !made_of_it.is_empty() {
        return fault(place, Fault::StillNeeded { name: name.to_owned(), by: made_of_it.join(", ") });
    }
    let from = text[..place.start].rfind('\n').map_or(0, |newline| newline + 1);
    let to = text[place.end..].find('\n').map_or(text.len(), |newline| place.end + newline + 1);
    let changed = format!("{}{}", &text[..from], &text[to..]);
    Model::read(&changed)?;
    Ok(changed)
}

fn is_in(figures: &[Figure], name: &str) -> bool {
    figures.iter().any(|figure| figure.name == name)
}

fn figure<'w>(written: &'w Written, name: &str) -> Result<&'w Statement, ModelFault> {
    let is_it = |statement: &&Statement| match &statement.says {
        Says::Variable(variable) => variable.name.name == name,
        Says::Decision { name: own, .. } => own.name == name,
        Says::Disruption(disruption) => disruption.name.name == name,
        Says::Title(_)
        | Says::Horizon { .. }
        | Says::Unit { .. }
        | Says::Index { .. }
        | Says::Correlation { .. } => false,
    };
    match written.statements.iter().find(is_it) {
        Some(statement) => Ok(statement),
        None => fault(Place { line: 1, column: 1, ..Place::default() }, Fault::UnknownName(name.to_owned())),
    }
}

/// Where the line of a statement begins, with the remarks that stand right before it.
fn line_start(text: &str, statement: &Statement) -> usize {
    let mut start = text[..statement.place.start].rfind('\n').map_or(0, |newline| newline + 1);
    for _ in &statement.remarks {
        let before = &text[..start.saturating_sub(1)];
        let line = before.rfind('\n').map_or(0, |newline| newline + 1);
        if !before[line..].trim_start().starts_with('#') {
            break;
        }
        start = line;
    }
    start
}

fn line_place(at: usize, head: &str) -> Place {
    Place { start: at, end: at, line: head.matches('\n').count() + 1, column: 1 }
}

fn one_figure(says: &str) -> Fault {
    Fault::NotOneFigure(says.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "model \"M\"\nprice = 3 EUR/pcs  # as agreed\nneed = 10 to 20 pcs\n\n# What it costs\nresult cost in EUR = need * price\n";

    #[test]
    fn a_new_figure_stands_before_the_results_and_their_remarks() {
        let changed = add_figure(TEXT, "discount = 5 %").unwrap();
        assert_eq!(changed, TEXT.replace("# What", "discount = 5 %\n# What"));
        assert!(add_figure(TEXT, "a = 1\nb = 2").is_err());
        assert!(add_figure(TEXT, "unit pallet = 40 pcs").is_err());
        assert!(add_figure(TEXT, "# only a remark").is_err());
        assert!(add_figure(TEXT, "price = 4 EUR/pcs").is_err());
    }

    #[test]
    fn a_figure_is_made_anew_in_its_place_and_keeps_its_remark() {
        let changed = define_figure(TEXT, "price", "price = 2 to 4 EUR/pcs").unwrap();
        assert_eq!(changed, TEXT.replace("price = 3 EUR/pcs", "price = 2 to 4 EUR/pcs"));
        let wrong = define_figure(TEXT, "price", "price = 3 kg").unwrap_err();
        assert_eq!(wrong.place.line, 6, "{wrong}");
        assert!(define_figure(TEXT, "price", "other = 3 EUR/pcs").is_err());
        assert!(define_figure(TEXT, "price", "price = 3 EUR/pcs\nmore = 1").is_err());
    }

    #[test]
    fn a_new_name_is_told_wherever_the_old_one_was_and_in_no_text() {
        let text = TEXT.replace("# What it costs", "# What price comes to");
        let changed = rename_figure(&text, "price", "unit_price").unwrap();
        assert!(changed.contains("unit_price = 3 EUR/pcs") && changed.contains("need * unit_price"));
        assert!(changed.contains("# What price comes to"), "{changed}");
        for taken in ["need", "to", "EUR", "1st", "two words", ""] {
            assert!(rename_figure(&text, "price", taken).is_err(), "{taken}");
        }
    }

    #[test]
    fn a_figure_that_others_are_made_of_stays_and_they_are_named() {
        let fault = remove_figure(TEXT, "price").unwrap_err().fault;
        assert_eq!(fault, Fault::StillNeeded { name: "price".to_owned(), by: "cost".to_owned() });
        let with = add_figure(TEXT, "spare = 1 pcs").unwrap();
        assert_eq!(remove_figure(&with, "spare").unwrap(), TEXT);
        assert!(matches!(remove_figure(TEXT, "cost").unwrap_err().fault, Fault::NoResult));
    }
}
