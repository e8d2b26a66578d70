//! `$filter` expressions: `A eq 'x' and (B ge datetime'…' or not C eq 5)`.

use serde_json::Value;

use super::literal::{Literal, Token, date_ms, tokens};
use super::schema::{EntitySet, FieldKind};
use super::{Refusal, Row};

/// Expressions nested deeper than this are refused.
const DEPTH_MAX: usize = 32;

/// A condition on rows.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Condition {
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
    Not(Box<Condition>),
    Compare { field: String, operator: Operator, literal: Literal },
}

/// How two values are compared.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

impl Condition {
    /// Reads a `$filter`.
    pub fn parse(text: &str, set: &EntitySet) -> Result<Self, Refusal> {
        let tokens = tokens(text)?;
        let mut parser = Parser { tokens: &tokens, at: 0, set, depth: 0 };
        let condition = parser.or()?;
        match parser.peek() {
            None => Ok(condition),
            Some(_) => Err(Refusal::bad("The filter goes on where it should end.")),
        }
    }

    /// Whether a row passes.
    pub fn holds(&self, row: &Row) -> bool {
        match self {
            Self::And(one, other) => one.holds(row) && other.holds(row),
            Self::Or(one, other) => one.holds(row) || other.holds(row),
            Self::Not(inner) => !inner.holds(row),
            Self::Compare { field, operator, literal } => compare(row.get(field), *operator, literal),
        }
    }
}

fn compare(value: Option<&Value>, operator: Operator, literal: &Literal) -> bool {
    use std::cmp::Ordering;
    let there = value.unwrap_or(&Value::Null);
    let text = there.as_str();
    let ordering = match literal {
        Literal::Text(wanted) => text.map(|text| text.cmp(wanted.as_str())),
        Literal::InstantMs(wanted) => text.and_then(date_ms).map(|there| there.cmp(wanted)),
        Literal::Number(wanted) => {
            text.and_then(|text| text.parse::<f64>().ok()).and_then(|there| there.partial_cmp(wanted))
        }
        Literal::Null => Some(if there.is_null() { Ordering::Equal } else { Ordering::Greater }),
    };
    let Some(ordering) = ordering else { return operator == Operator::NotEqual };
    match operator {
        Operator::Equal => ordering.is_eq(),
        Operator::NotEqual => ordering.is_ne(),
        Operator::Greater => ordering.is_gt(),
        Operator::GreaterOrEqual => ordering.is_ge(),
        Operator::Less => ordering.is_lt(),
        Operator::LessOrEqual => ordering.is_le(),
    }
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    set: &'a EntitySet,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.peek().cloned();
        self.at += 1;
        token
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let there = matches!(self.peek(), Some(Token::Word(found)) if found == word);
        self.at += usize::from(there);
        there
    }

    fn or(&mut self) -> Result<Condition, Refusal> {
        let mut left = self.and()?;
        while self.takes_word("or") {
            left = Condition::Or(Box::new(left), Box::new(self.and()?));
        }
        Ok(left)
    }

    fn and(&mut self) -> Result<Condition, Refusal> {
        let mut left = self.term()?;
        while self.takes_word("and") {
            left = Condition::And(Box::new(left), Box::new(self.term()?));
        }
        Ok(left)
    }

    fn term(&mut self) -> Result<Condition, Refusal> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(Refusal::bad("The filter is nested too deeply."));
        }
        let condition = if self.takes_word("not") {
            Condition::Not(Box::new(self.term()?))
        } else if self.peek() == Some(&Token::Open) {
            self.at += 1;
            let inner = self.or()?;
            if self.next() != Some(Token::Close) {
                return Err(Refusal::bad("A bracket of the filter is not closed."));
            }
            inner
        } else {
            self.comparison()?
        };
        self.depth -= 1;
        Ok(condition)
    }

    fn comparison(&mut self) -> Result<Condition, Refusal> {
        let (Some(Token::Word(field)), Some(Token::Word(operator)), Some(Token::Value(literal))) =
            (self.next(), self.next(), self.next())
        else {
            return Err(Refusal::bad("The filter is not of the form «Field eq 'value'»."));
        };
        let Some(known) = self.set.field(&field) else {
            return Err(Refusal::bad(&format!("Property {field} is not known in {}.", self.set.name)));
        };
        let fits = matches!(
            (known.kind, &literal),
            (_, Literal::Null)
                | (FieldKind::Text(_) | FieldKind::Time, Literal::Text(_))
                | (FieldKind::Date | FieldKind::Instant, Literal::InstantMs(_))
                | (FieldKind::Decimal, Literal::Number(_))
        );
        if !fits {
            return Err(Refusal::bad(&format!("The value does not fit the type of {field}.")));
        }
        let operator = match operator.as_str() {
            "eq" => Operator::Equal,
            "ne" => Operator::NotEqual,
            "gt" => Operator::Greater,
            "ge" => Operator::GreaterOrEqual,
            "lt" => Operator::Less,
            "le" => Operator::LessOrEqual,
            other => return Err(Refusal::bad(&format!("«{other}» is not supported in a filter."))),
        };
        Ok(Condition::Compare { field, operator, literal })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::schema::set_named;
    use super::*;

    fn holds(filter: &str, row: Value) -> bool {
        let set = set_named("MaintenanceOrder").unwrap();
        Condition::parse(filter, set).unwrap().holds(row.as_object().unwrap())
    }

    #[test]
    fn filters_of_the_adapter_are_understood() {
        let row = json!({ "MaintenanceOrder": "4000127", "MaintenanceOrderDesc": "It's due",
            "LastChangeDateTime": "/Date(1795400000000+0000)/", "MaintOrdBasicEndDate": "/Date(253402214400000)/" });
        for (filter, expected) in [
            ("MaintenanceOrder eq '4000127'", true),
            ("MaintenanceOrderDesc eq 'It''s due'", true),
            ("MaintenanceOrder eq '1' or MaintenanceOrder eq '4000127'", true),
            (
                "(MaintenanceOrder eq '1') and LastChangeDateTime ge datetimeoffset'2000-01-01T00:00:00.000Z'",
                false,
            ),
            ("LastChangeDateTime ge datetimeoffset'2026-11-23T00:00:00.000Z'", true),
            ("LastChangeDateTime gt datetimeoffset'2036-11-23T00:00:00.000Z'", false),
            ("MaintOrdBasicEndDate eq datetime'9999-12-31T00:00:00'", true),
            ("not MaintenanceOrder eq '1'", true),
            ("YY1_MillwrightKey_ORD eq 'x'", false),
        ] {
            assert_eq!(holds(filter, row.clone()), expected, "{filter}");
        }
    }

    #[test]
    fn what_is_no_filter_is_refused() {
        let set = set_named("MaintenanceOrder").unwrap();
        for filter in [
            "",
            "MaintenanceOrder",
            "MaintenanceOrder eq",
            "MaintenanceOrder eq '1",
            "(MaintenanceOrder eq '1'",
            "MaintenanceOrder eq '1' '2'",
            "Nonsense eq '1'",
            "MaintenanceOrder eq 5",
            "substringof('a',MaintenanceOrder)",
            "LastChangeDateTime ge datetime'yesterday'",
        ] {
            assert!(Condition::parse(filter, set).is_err(), "{filter}");
        }
    }
}
