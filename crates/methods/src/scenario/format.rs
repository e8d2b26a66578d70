//! Writes a model out again, each statement in one way.

use super::syntax::{
    Argument, Better, Disruption, Expression, Form, Method, NEGATIVE_LEVEL, NOT_LEVEL, Named, Operator,
    Origin, RANGE_LEVEL, Says, Variable, Written,
};

/// A whole model.
pub(super) fn model(written: &Written) -> String {
    let mut text = String::new();
    for statement in &written.statements {
        if statement.is_apart {
            text.push('\n');
        }
        for remark in &statement.remarks {
            line(&mut text, &remarked(remark));
        }
        let mut says = says(&statement.says);
        if let Some(aside) = &statement.aside {
            says.push_str("  ");
            says.push_str(&remarked(aside));
        }
        line(&mut text, &says);
    }
    for remark in &written.last_remarks {
        line(&mut text, &remarked(remark));
    }
    text
}

fn line(text: &mut String, line: &str) {
    text.push_str(line.trim_end());
    text.push('\n');
}

fn remarked(remark: &str) -> String {
    format!("# {remark}")
}

/// One statement.
pub(super) fn says(says: &Says) -> String {
    match says {
        Says::Title(title) => format!("model \"{title}\""),
        Says::Horizon { length, step, method } => {
            let method = match method {
                Method::Euler => "",
                Method::RungeKutta => " method rk4",
            };
            format!("horizon {} step {}{method}", expression(length), expression(step))
        }
        Says::Unit { name, definition } => match definition {
            Some((count, unit)) => format!("unit {} = {count} {}", name.name, unit.text()),
            None => format!("unit {}", name.name),
        },
        Says::Index { name, members } => format!("index {} = {}", name.name, names(members)),
        Says::Variable(of) => variable(of),
        Says::Decision { name, options } => {
            let option = |option: &super::syntax::DecisionOption| match &option.label {
                Some(label) => format!("\"{label}\": {}", expression(&option.value)),
                None => expression(&option.value),
            };
            format!("decision {} = {}", name.name, options.iter().map(option).collect::<Vec<_>>().join(", "))
        }
        Says::Disruption(of) => disruption(of),
        Says::Correlation { one, other, value } => {
            format!("correlate {}, {} = {}", one.name, other.name, expression(value))
        }
    }
}

fn names(all: &[Named]) -> String {
    all.iter().map(|named| named.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn variable(of: &Variable) -> String {
    let mut text = String::new();
    if of.change.is_some() {
        text.push_str("stock ");
    }
    if of.is_result {
        text.push_str("result ");
    }
    text.push_str(&of.name.name);
    if !of.indexes.is_empty() {
        text.push_str(&format!("[{}]", names(&of.indexes)));
    }
    if let Some(unit) = &of.unit {
        text.push_str(&format!(" in {}", unit.text()));
    }
    text.push_str(&format!(" = {}", expression(&of.value)));
    if let Some(change) = &of.change {
        text.push_str(&format!(", change {}", expression(change)));
    }
    match of.better {
        Some(Better::Higher) => text.push_str(", higher is better"),
        Some(Better::Lower) => text.push_str(", lower is better"),
        None => {}
    }
    if let Some(asked) = &of.asked {
        text.push_str(&format!(" asked \"{}\"", asked.question));
        if let Some((least, most)) = &asked.between {
            let [least, most] = [least, most].map(|bound| at_level(bound, Operator::And.level() + 1));
            text.push_str(&format!(" between {least} and {most}"));
        }
    }
    text.push_str(&origin(of.origin.as_ref()));
    text
}

fn origin(of: Option<&Origin>) -> String {
    of.map_or_else(String::new, |origin| format!(" from {} \"{}\"", origin.kind.word(), origin.of))
}

fn disruption(of: &Disruption) -> String {
    let mut text = format!("disruption {}: probability {}", of.name.name, expression(&of.probability));
    for (word, part) in [("start", &of.start), ("lasts", &of.lasts), ("recovers", &of.recovers)] {
        if let Some(part) = part {
            text.push_str(&format!(", {word} {}", expression(part)));
        }
    }
    text.push_str(&origin(of.origin.as_ref()));
    text
}

/// An expression.
pub(super) fn expression(of: &Expression) -> String {
    at_level(of, 0)
}

/// An expression within another that binds as closely as `level`.
fn at_level(of: &Expression, level: u8) -> String {
    let (text, own) = match &of.form {
        Form::Number { value, unit } => {
            let unit = unit.as_ref().map_or_else(String::new, |unit| format!(" {}", unit.text()));
            // A unit runs on over «/» and «^»: it stays by its number.
            let own = if unit.is_empty() { u8::MAX } else { Operator::Times.level() + 1 };
            (format!("{value}{unit}"), own)
        }
        Form::YesOrNo(is) => ((if *is { "yes" } else { "no" }).to_owned(), u8::MAX),
        Form::Name(name) => (name.clone(), u8::MAX),
        Form::Part(name, part) => (format!("{name}.{part}"), u8::MAX),
        Form::Member { of, index, member } => {
            (format!("{}[{index} = {member}]", at_level(of, u8::MAX)), u8::MAX)
        }
        Form::List(figures) => {
            (format!("[{}]", figures.iter().map(expression).collect::<Vec<_>>().join(", ")), u8::MAX)
        }
        Form::Negative(of) => (format!("-{}", at_level(of, NEGATIVE_LEVEL)), NEGATIVE_LEVEL),
        Form::Not(of) => (format!("not {}", at_level(of, NOT_LEVEL)), NOT_LEVEL),
        Form::Pair(operator, one, other) => {
            let own = operator.level();
            // Powers are taken from the right, all others from the left.
            let (left, right) = if *operator == Operator::Power { (own + 1, own) } else { (own, own + 1) };
            (format!("{} {} {}", at_level(one, left), operator.text(), at_level(other, right)), own)
        }
        Form::Range(low, high) => {
            (format!("{} to {}", at_level(low, RANGE_LEVEL), at_level(high, RANGE_LEVEL + 1)), RANGE_LEVEL)
        }
        Form::If(condition, then, otherwise) => {
            let parts = [condition, then, otherwise].map(|part| expression(part));
            (format!("if {} then {} else {}", parts[0], parts[1], parts[2]), 0)
        }
        Form::Call { function, arguments, over } => {
            let over = over.as_ref().map_or_else(String::new, |over| format!(" over {}", over.name));
            let arguments: Vec<String> = arguments.iter().map(argument).collect();
            (format!("{function}({}{over})", arguments.join(", ")), u8::MAX)
        }
    };
    // What begins with «if» runs on to its end, wherever it stands.
    let is_open = matches!(of.form, Form::If(..)) && level > 0;
    if own < level || is_open { format!("({text})") } else { text }
}

fn argument(argument: &Argument) -> String {
    match &argument.label {
        Some(label) => format!("{}: {}", expression(label), expression(&argument.value)),
        None => expression(&argument.value),
    }
}
