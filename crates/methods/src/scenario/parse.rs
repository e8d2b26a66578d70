//! Reads a model's text.

use std::collections::BTreeSet;

use super::fault::{Counted, Expected, Fault, ModelFault, Place, fault};
use super::syntax::{
    Argument, Asked, Better, DecisionOption, Disruption, Expression, Form, Method, Named, Operator, Origin,
    OriginKind, Says, Statement, UnitText, Variable, Written,
};
use super::token::{Sign, Token, split};
use super::unit;

/// How deep brackets may stand in brackets.
pub(super) const DEPTH_MAX: usize = 48;
/// How many statements a model may have.
pub const STATEMENTS_MAX: usize = 2_000;
/// How many figures a list may have.
pub const LIST_MAX: usize = 10_000;

/// Words with a meaning of their own, which no figure may have as its name.
pub(super) const WORDS: &[&str] = &[
    "model",
    "horizon",
    "step",
    "method",
    "unit",
    "index",
    "decision",
    "disruption",
    "stock",
    "correlate",
    "result",
    "in",
    "from",
    "to",
    "per",
    "over",
    "if",
    "then",
    "else",
    "and",
    "or",
    "not",
    "yes",
    "no",
    "is",
    "better",
    "asked",
    "between",
    "time",
];

/// Reads one expression, where the words in `units` are units of the model's own.
///
/// # Errors
/// When it is none, with its place in `text`.
pub(super) fn parse_expression(text: &str, units: &BTreeSet<String>) -> Result<Expression, ModelFault> {
    let mut parser = Parser { tokens: split(text)?, at: 0, own_units: units.clone(), depth: 0 };
    let expression = parser.expression()?;
    // One line, and nothing after it.
    let is_over = *parser.here() == Token::LineEnd && *parser.after() == Token::End;
    if is_over { Ok(expression) } else { parser.unexpected(Expected::LineEnd) }
}

/// Reads a text.
///
/// # Errors
/// The first thing in it that is no model, with its place.
pub(super) fn parse(text: &str) -> Result<Written, ModelFault> {
    let tokens = split(text)?;
    let own_units = own_units(&tokens);
    Parser { tokens, at: 0, own_units, depth: 0 }.model()
}

/// The units that a text makes: whether a word is a unit decides how what follows a number is read.
fn own_units(tokens: &[(Token, Place)]) -> BTreeSet<String> {
    let word = |place: usize| match tokens.get(place) {
        Some((Token::Word(word), _)) => Some(word.as_str()),
        _ => None,
    };
    let begins = |place: usize| place == 0 || matches!(tokens.get(place - 1), Some((Token::LineEnd, _)));
    (0..tokens.len())
        .filter(|place| begins(*place) && word(*place) == Some("unit"))
        .filter_map(|place| word(place + 1).map(str::to_owned))
        .collect()
}

struct Parser {
    tokens: Vec<(Token, Place)>,
    at: usize,
    own_units: BTreeSet<String>,
    depth: usize,
}

type Parsed<T> = Result<T, ModelFault>;

impl Parser {
    fn here(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |(token, _)| token)
    }

    fn after(&self) -> &Token {
        self.tokens.get(self.at + 1).map_or(&Token::End, |(token, _)| token)
    }

    fn place(&self) -> Place {
        self.tokens.get(self.at).or(self.tokens.last()).map_or(Place::default(), |(_, place)| *place)
    }

    fn last_place(&self) -> Place {
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        last.map_or(Place::default(), |(_, place)| *place)
    }

    fn unexpected<T>(&self, expected: Expected) -> Parsed<T> {
        fault(self.place(), Fault::Unexpected { expected, found: self.here().found() })
    }

    fn takes_sign(&mut self, sign: Sign) -> bool {
        let takes = *self.here() == Token::Sign(sign);
        self.at += usize::from(takes);
        takes
    }

    fn sign(&mut self, sign: Sign) -> Parsed<()> {
        if self.takes_sign(sign) { Ok(()) } else { self.unexpected(Expected::words([sign.text()])) }
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.here(), Token::Word(here) if here == word)
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let takes = self.is_word(word);
        self.at += usize::from(takes);
        takes
    }

    fn word(&mut self, word: &str) -> Parsed<()> {
        if self.takes_word(word) { Ok(()) } else { self.unexpected(Expected::words([word])) }
    }

    /// A new name, or one of a figure.
    fn name(&mut self) -> Parsed<Named> {
        let Token::Word(name) = self.here() else { return self.unexpected(Expected::Name) };
        let (name, place) = (name.clone(), self.place());
        if WORDS.contains(&name.as_str()) || self.is_unit(&name) {
            return fault(place, Fault::NameTaken(name));
        }
        self.at += 1;
        Ok(Named { name, place })
    }

    fn is_unit(&self, word: &str) -> bool {
        unit::is_known(word) || self.own_units.contains(word)
    }

    fn model(&mut self) -> Parsed<Written> {
        let mut written = Written::default();
        let mut remarks = vec![];
        let mut empty_lines = 0;
        loop {
            match self.here().clone() {
                Token::End => break,
                Token::LineEnd => {
                    empty_lines += 1;
                    self.at += 1;
                }
                Token::Comment { text, .. } => {
                    remarks.push(text);
                    self.at += 1;
                    // Its own line's end.
                    self.at += usize::from(*self.here() == Token::LineEnd);
                }
                _ => {
                    if written.statements.len() >= STATEMENTS_MAX {
                        let many = Fault::TooMany { what: Counted::Statements, most: STATEMENTS_MAX };
                        return fault(self.place(), many);
                    }
                    let from = self.place();
                    let says = self.statement()?;
                    let place = from.until(self.last_place());
                    let aside = match self.here().clone() {
                        Token::Comment { text, is_trailing: true } => {
                            self.at += 1;
                            Some(text)
                        }
                        _ => None,
                    };
                    if *self.here() != Token::LineEnd {
                        return self.unexpected(Expected::LineEnd);
                    }
                    self.at += 1;
                    let is_apart = empty_lines > 0 && !written.statements.is_empty();
                    let remarks = std::mem::take(&mut remarks);
                    written.statements.push(Statement { place, is_apart, remarks, aside, says });
                    empty_lines = 0;
                }
            }
        }
        written.last_remarks = remarks;
        Ok(written)
    }

    fn statement(&mut self) -> Parsed<Says> {
        let Token::Word(first) = self.here().clone() else { return self.unexpected(Expected::Name) };
        match first.as_str() {
            "model" => {
                self.at += 1;
                let Token::Text(title) = self.here().clone() else {
                    return self.unexpected(Expected::Text);
                };
                self.at += 1;
                Ok(Says::Title(title))
            }
            "horizon" => {
                self.at += 1;
                let length = self.expression()?;
                self.word("step")?;
                let step = self.expression()?;
                let method = if self.takes_word("method") { self.method()? } else { Method::default() };
                Ok(Says::Horizon { length, step, method })
            }
            "unit" => {
                self.at += 1;
                self.unit_statement()
            }
            "index" => {
                self.at += 1;
                let name = self.name()?;
                self.sign(Sign::Equal)?;
                let mut members = vec![self.name()?];
                while self.takes_sign(Sign::Comma) {
                    members.push(self.name()?);
                }
                Ok(Says::Index { name, members })
            }
            "decision" => {
                self.at += 1;
                let name = self.name()?;
                self.sign(Sign::Equal)?;
                let mut options = vec![self.option()?];
                while self.takes_sign(Sign::Comma) {
                    options.push(self.option()?);
                }
                Ok(Says::Decision { name, options })
            }
            "disruption" => {
                self.at += 1;
                self.disruption()
            }
            "correlate" => {
                self.at += 1;
                let one = self.name()?;
                self.sign(Sign::Comma)?;
                let other = self.name()?;
                self.sign(Sign::Equal)?;
                Ok(Says::Correlation { one, other, value: self.expression()? })
            }
            "stock" => {
                self.at += 1;
                self.variable(true, false)
            }
            "result" => {
                self.at += 1;
                self.variable(false, true)
            }
            _ => self.variable(false, false),
        }
    }

    fn method(&mut self) -> Parsed<Method> {
        if self.takes_word("euler") {
            return Ok(Method::Euler);
        }
        if self.takes_word("rk4") {
            return Ok(Method::RungeKutta);
        }
        self.unexpected(Expected::words(["euler", "rk4"]))
    }

    fn unit_statement(&mut self) -> Parsed<Says> {
        let Token::Word(name) = self.here().clone() else { return self.unexpected(Expected::Name) };
        let name = Named { name, place: self.place() };
        if WORDS.contains(&name.name.as_str()) || unit::is_known(&name.name) {
            return fault(name.place, Fault::NameTaken(name.name));
        }
        self.at += 1;
        if !self.takes_sign(Sign::Equal) {
            return Ok(Says::Unit { name, definition: None });
        }
        let Token::Number(count) = *self.here() else { return self.unexpected(Expected::NumberWithUnit) };
        self.at += 1;
        let Some(unit) = self.unit()? else { return self.unexpected(Expected::Unit) };
        Ok(Says::Unit { name, definition: Some((count, unit)) })
    }

    fn option(&mut self) -> Parsed<DecisionOption> {
        let label = match self.here().clone() {
            Token::Text(label) => {
                self.at += 1;
                self.sign(Sign::Colon)?;
                Some(label)
            }
            _ => None,
        };
        Ok(DecisionOption { label, value: self.expression()? })
    }

    fn disruption(&mut self) -> Parsed<Says> {
        let name = self.name()?;
        self.sign(Sign::Colon)?;
        self.word("probability")?;
        let probability = self.expression()?;
        let (mut start, mut lasts, mut recovers) = (None, None, None);
        while self.takes_sign(Sign::Comma) {
            let part = match self.here() {
                Token::Word(word) if word == "start" => &mut start,
                Token::Word(word) if word == "lasts" => &mut lasts,
                Token::Word(word) if word == "recovers" => &mut recovers,
                _ => return self.unexpected(Expected::words(["start", "lasts", "recovers"])),
            };
            if part.is_some() {
                return self.unexpected(Expected::AnotherPart);
            }
            self.at += 1;
            let value = self.expression()?;
            *part = Some(value);
        }
        let origin = self.origin()?;
        Ok(Says::Disruption(Disruption { name, probability, start, lasts, recovers, origin }))
    }

    fn variable(&mut self, is_stock: bool, is_result: bool) -> Parsed<Says> {
        let name = self.name()?;
        let mut indexes = vec![];
        if self.takes_sign(Sign::OpenList) {
            indexes.push(self.name()?);
            while self.takes_sign(Sign::Comma) {
                indexes.push(self.name()?);
            }
            self.sign(Sign::CloseList)?;
        }
        let unit = if self.takes_word("in") {
            match self.unit()? {
                Some(unit) => Some(unit),
                None => return self.unexpected(Expected::Unit),
            }
        } else {
            None
        };
        self.sign(Sign::Equal)?;
        let value = self.expression()?;
        let change = if is_stock {
            self.sign(Sign::Comma)?;
            self.word("change")?;
            Some(self.expression()?)
        } else {
            None
        };
        let mut better = None;
        if is_result && self.takes_sign(Sign::Comma) {
            better = Some(match self.here() {
                Token::Word(word) if word == "higher" => Better::Higher,
                Token::Word(word) if word == "lower" => Better::Lower,
                _ => return self.unexpected(Expected::words(["higher is better", "lower is better"])),
            });
            self.at += 1;
            self.word("is")?;
            self.word("better")?;
        }
        let asked = self.asked()?;
        let origin = self.origin()?;
        Ok(Says::Variable(Variable { name, indexes, unit, value, change, is_result, better, asked, origin }))
    }

    /// How people are asked for a figure.
    fn asked(&mut self) -> Parsed<Option<Asked>> {
        if !self.takes_word("asked") {
            return Ok(None);
        }
        let Token::Text(question) = self.here().clone() else {
            return self.unexpected(Expected::Text);
        };
        self.at += 1;
        let mut between = None;
        if self.takes_word("between") {
            // «and» stands between the two, and joins nothing here.
            let least = self.nested(Operator::And.level())?;
            self.word("and")?;
            between = Some((least, self.nested(Operator::And.level())?));
        }
        Ok(Some(Asked { question, between }))
    }

    /// Where a figure comes from.
    fn origin(&mut self) -> Parsed<Option<Origin>> {
        if !self.takes_word("from") {
            return Ok(None);
        }
        let kind = match self.here() {
            Token::Word(word) => OriginKind::ALL.into_iter().find(|kind| kind.word() == word),
            _ => None,
        };
        let Some(kind) = kind else {
            return self.unexpected(Expected::words(["tag", "erp", "file", "person", "assumption"]));
        };
        self.at += 1;
        let Token::Text(of) = self.here().clone() else {
            return self.unexpected(Expected::Text);
        };
        self.at += 1;
        Ok(Some(Origin { kind, of }))
    }

    /// A unit, when one stands here.
    fn unit(&mut self) -> Parsed<Option<UnitText>> {
        let from = self.place();
        let mut parts = vec![];
        let begins_below = matches!((self.here(), self.after()), (Token::Number(one), Token::Sign(Sign::Over)) if *one == 1.0)
            && matches!(self.tokens.get(self.at + 2), Some((Token::Word(word), _)) if self.is_unit(word));
        if begins_below {
            self.at += 2;
            self.unit_part(&mut parts, -1)?;
        } else if !self.unit_part(&mut parts, 1)? {
            return Ok(None);
        }
        loop {
            let power = match self.here() {
                Token::Sign(Sign::Times) => 1,
                Token::Sign(Sign::Over) => -1,
                Token::Word(word) if word == "per" => -1,
                _ => break,
            };
            let follows = matches!(self.after(), Token::Word(word) if self.is_unit(word));
            if !follows {
                break;
            }
            self.at += 1;
            self.unit_part(&mut parts, power)?;
        }
        let place = from.until(self.last_place());
        Ok(Some(UnitText { parts, place }))
    }

    /// One name of a unit with its power; whether there is one.
    fn unit_part(&mut self, parts: &mut Vec<(String, i8)>, sign: i8) -> Parsed<bool> {
        let name = match self.here() {
            Token::Sign(Sign::Percent) => "%".to_owned(),
            Token::Word(word) if self.is_unit(word) => word.clone(),
            _ => return Ok(false),
        };
        self.at += 1;
        let mut power = 1;
        if *self.here() == Token::Sign(Sign::Power) {
            match self.after() {
                Token::Number(number) if (1.0..=9.0).contains(number) && number.fract() == 0.0 => {
                    power = *number as i8
                }
                _ => return self.unexpected(Expected::Power),
            }
            self.at += 2;
        }
        parts.push((name, sign * power));
        Ok(true)
    }

    fn expression(&mut self) -> Parsed<Expression> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return fault(self.place(), Fault::TooMany { what: Counted::Levels, most: DEPTH_MAX });
        }
        let expression = self.pairs(0);
        self.depth -= 1;
        expression
    }

    /// Values with what stands between them, as long as that binds closer than `level`.
    fn pairs(&mut self, level: u8) -> Parsed<Expression> {
        let mut left = self.single()?;
        loop {
            if super::syntax::RANGE_LEVEL > level && self.is_word("to") {
                self.at += 1;
                let right = self.pairs(super::syntax::RANGE_LEVEL)?;
                let place = left.place.until(right.place);
                left = Expression { place, form: Form::Range(Box::new(left), Box::new(right)) };
                continue;
            }
            let Some(operator) = self.operator() else { break };
            if operator.level() <= level {
                break;
            }
            self.at += 1;
            // Powers are taken from the right: 2 ^ 3 ^ 2 is 2 ^ 9.
            let bound = if operator == Operator::Power { operator.level() - 1 } else { operator.level() };
            self.depth += 1;
            if self.depth > DEPTH_MAX {
                return fault(self.place(), Fault::TooMany { what: Counted::Levels, most: DEPTH_MAX });
            }
            let right = self.pairs(bound)?;
            self.depth -= 1;
            let place = left.place.until(right.place);
            left = Expression { place, form: Form::Pair(operator, Box::new(left), Box::new(right)) };
        }
        Ok(left)
    }

    fn operator(&self) -> Option<Operator> {
        Some(match self.here() {
            Token::Sign(Sign::Plus) => Operator::Plus,
            Token::Sign(Sign::Minus) => Operator::Minus,
            Token::Sign(Sign::Times) => Operator::Times,
            Token::Sign(Sign::Over) => Operator::Over,
            Token::Sign(Sign::Power) => Operator::Power,
            Token::Sign(Sign::Equal) => Operator::Equal,
            Token::Sign(Sign::NotEqual) => Operator::NotEqual,
            Token::Sign(Sign::Less) => Operator::Less,
            Token::Sign(Sign::LessOrEqual) => Operator::LessOrEqual,
            Token::Sign(Sign::Greater) => Operator::Greater,
            Token::Sign(Sign::GreaterOrEqual) => Operator::GreaterOrEqual,
            Token::Word(word) if word == "and" => Operator::And,
            Token::Word(word) if word == "or" => Operator::Or,
            _ => return None,
        })
    }

    /// A value, with what stands before it.
    fn single(&mut self) -> Parsed<Expression> {
        let from = self.place();
        if self.takes_sign(Sign::Minus) {
            let value = self.nested(super::syntax::NEGATIVE_LEVEL)?;
            let place = from.until(value.place);
            return Ok(Expression { place, form: Form::Negative(Box::new(value)) });
        }
        if self.takes_word("not") {
            let value = self.nested(super::syntax::NOT_LEVEL)?;
            let place = from.until(value.place);
            return Ok(Expression { place, form: Form::Not(Box::new(value)) });
        }
        if self.takes_word("if") {
            let condition = self.expression()?;
            self.word("then")?;
            let then = self.expression()?;
            self.word("else")?;
            let otherwise = self.expression()?;
            let place = from.until(otherwise.place);
            let form = Form::If(Box::new(condition), Box::new(then), Box::new(otherwise));
            return Ok(Expression { place, form });
        }
        self.member()
    }

    fn nested(&mut self, level: u8) -> Parsed<Expression> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return fault(self.place(), Fault::TooMany { what: Counted::Levels, most: DEPTH_MAX });
        }
        let value = self.pairs(level);
        self.depth -= 1;
        value
    }

    /// A value, with the members of its indexes that are chosen.
    fn member(&mut self) -> Parsed<Expression> {
        let mut value = self.primary()?;
        while self.takes_sign(Sign::OpenList) {
            loop {
                let index = self.name()?;
                self.sign(Sign::Equal)?;
                let member = self.name()?;
                let place = value.place.until(member.place);
                let form = Form::Member { of: Box::new(value), index: index.name, member: member.name };
                value = Expression { place, form };
                if !self.takes_sign(Sign::Comma) {
                    break;
                }
            }
            self.sign(Sign::CloseList)?;
            value.place = value.place.until(self.last_place());
        }
        Ok(value)
    }

    fn primary(&mut self) -> Parsed<Expression> {
        let from = self.place();
        match self.here().clone() {
            Token::Number(value) => {
                self.at += 1;
                let unit = self.unit()?;
                Ok(Expression { place: from.until(self.last_place()), form: Form::Number { value, unit } })
            }
            Token::Sign(Sign::Open) => {
                self.at += 1;
                let mut inner = self.expression()?;
                self.sign(Sign::Close)?;
                inner.place = from.until(self.last_place());
                Ok(inner)
            }
            Token::Sign(Sign::OpenList) => {
                self.at += 1;
                let mut figures = vec![self.expression()?];
                while self.takes_sign(Sign::Comma) {
                    figures.push(self.expression()?);
                    if figures.len() > LIST_MAX {
                        return fault(from, Fault::TooMany { what: Counted::Figures, most: LIST_MAX });
                    }
                }
                self.sign(Sign::CloseList)?;
                Ok(Expression { place: from.until(self.last_place()), form: Form::List(figures) })
            }
            Token::Word(word) if word == "yes" || word == "no" => {
                self.at += 1;
                Ok(Expression { place: from, form: Form::YesOrNo(word == "yes") })
            }
            Token::Word(word) if word == "time" => {
                self.at += 1;
                Ok(Expression { place: from, form: Form::Name(word) })
            }
            Token::Word(_) => self.named(from),
            _ => self.unexpected(Expected::Figure),
        }
    }

    /// A figure by its name, a part of a disruption, or a function.
    fn named(&mut self, from: Place) -> Parsed<Expression> {
        // Before a bracket stands a function, also where its name is a unit's: «min».
        let name = match (self.here().clone(), self.after()) {
            (Token::Word(name), Token::Sign(Sign::Open)) if !WORDS.contains(&name.as_str()) => {
                self.at += 1;
                name
            }
            _ => self.name()?.name,
        };
        if self.takes_sign(Sign::Dot) {
            let Token::Word(part) = self.here().clone() else {
                return self.unexpected(Expected::DisruptionPart);
            };
            self.at += 1;
            return Ok(Expression { place: from.until(self.last_place()), form: Form::Part(name, part) });
        }
        if !self.takes_sign(Sign::Open) {
            return Ok(Expression { place: from, form: Form::Name(name) });
        }
        let mut arguments = vec![];
        let mut over = None;
        if *self.here() != Token::Sign(Sign::Close) {
            loop {
                arguments.push(self.argument()?);
                if arguments.len() > LIST_MAX {
                    return fault(from, Fault::TooMany { what: Counted::Figures, most: LIST_MAX });
                }
                if self.takes_word("over") {
                    over = Some(self.name()?);
                    break;
                }
                if !self.takes_sign(Sign::Comma) {
                    break;
                }
            }
        }
        self.sign(Sign::Close)?;
        let place = from.until(self.last_place());
        Ok(Expression { place, form: Form::Call { function: name, arguments, over } })
    }

    fn argument(&mut self) -> Parsed<Argument> {
        let first = self.expression()?;
        if self.takes_sign(Sign::Colon) {
            return Ok(Argument { label: Some(first), value: self.expression()? });
        }
        Ok(Argument { label: None, value: first })
    }
}
