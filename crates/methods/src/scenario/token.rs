//! A model's text as words, numbers and signs.

use super::fault::{Counted, Fault, Found, ModelFault, Place, fault};

/// The longest text of a model, in bytes.
pub const TEXT_MAX_BYTES: usize = 256 * 1024;

/// What stands at a place.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Word(String),
    Number(f64),
    Text(String),
    Sign(Sign),
    /// The end of a statement: a line's end outside of brackets.
    LineEnd,
    /// What follows a «#», to the line's end; whether something stands before it on its line.
    Comment {
        text: String,
        is_trailing: bool,
    },
    End,
}

/// A sign with a meaning.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Plus,
    Minus,
    Times,
    Over,
    Power,
    Open,
    Close,
    OpenList,
    CloseList,
    Comma,
    Colon,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Percent,
    Dot,
}

impl Sign {
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Plus => "+",
            Self::Minus => "-",
            Self::Times => "*",
            Self::Over => "/",
            Self::Power => "^",
            Self::Open => "(",
            Self::Close => ")",
            Self::OpenList => "[",
            Self::CloseList => "]",
            Self::Comma => ",",
            Self::Colon => ":",
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Percent => "%",
            Self::Dot => ".",
        }
    }
}

impl Token {
    /// As a fault tells it.
    pub(super) fn found(&self) -> Found {
        match self {
            Self::Word(word) => Found::Written(word.clone()),
            Self::Number(number) => Found::Written(number.to_string()),
            Self::Text(_) => Found::Text,
            Self::Sign(sign) => Found::Written(sign.text().to_owned()),
            Self::LineEnd => Found::LineEnd,
            Self::Comment { .. } => Found::Remark,
            Self::End => Found::End,
        }
    }
}

/// Splits a text.
///
/// # Errors
/// When it is too long, or holds what is neither word, number, text nor sign.
pub(super) fn split(text: &str) -> Result<Vec<(Token, Place)>, ModelFault> {
    if text.len() > TEXT_MAX_BYTES {
        return fault(Place { line: 1, column: 1, ..Place::default() }, Fault::TooLong(TEXT_MAX_BYTES));
    }
    let mut splitter = Splitter { text, at: 0, line: 1, line_start: 0, depth: 0, tokens: vec![] };
    splitter.run()?;
    Ok(splitter.tokens)
}

struct Splitter<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    line_start: usize,
    /// Open brackets: within them a line's end means nothing.
    depth: usize,
    tokens: Vec<(Token, Place)>,
}

impl Splitter<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn place(&self, start: usize) -> Place {
        let column = self.text.get(self.line_start..start).map_or(0, |before| before.chars().count()) + 1;
        Place { start, end: self.at, line: self.line, column }
    }

    fn push(&mut self, token: Token, start: usize) {
        let place = self.place(start);
        self.tokens.push((token, place));
    }

    fn run(&mut self) -> Result<(), ModelFault> {
        while let Some(sign) = self.rest().chars().next() {
            let start = self.at;
            match sign {
                '\n' => {
                    self.at += 1;
                    if self.depth == 0 {
                        self.push(Token::LineEnd, start);
                    }
                    self.line += 1;
                    self.line_start = self.at;
                }
                ' ' | '\t' | '\r' | '\u{a0}' | '\u{feff}' => self.at += sign.len_utf8(),
                '#' => self.comment(start),
                '"' => self.quoted(start)?,
                '0'..='9' => self.number(start)?,
                _ if sign.is_alphabetic() || sign == '_' => self.word(start),
                _ => self.sign(start, sign)?,
            }
        }
        self.push(Token::LineEnd, self.at);
        self.push(Token::End, self.at);
        Ok(())
    }

    fn comment(&mut self, start: usize) {
        let long = self.rest().find('\n').unwrap_or(self.rest().len());
        let text = self.rest().get(1..long).unwrap_or_default().trim().to_owned();
        self.at += long;
        let is_trailing =
            !matches!(self.tokens.last(), None | Some((Token::LineEnd | Token::Comment { .. }, _)))
                && self.depth == 0;
        // Remarks within brackets would have no place of their own.
        if self.depth == 0 {
            self.push(Token::Comment { text, is_trailing }, start);
        }
    }

    fn quoted(&mut self, start: usize) -> Result<(), ModelFault> {
        let inner = self.rest().get(1..).unwrap_or_default();
        let long = inner.find(['"', '\n']).unwrap_or(inner.len());
        let (text, has_end) =
            (inner.get(..long).unwrap_or_default().to_owned(), inner.get(long..long + 1) == Some("\""));
        self.at += long + 1 + usize::from(has_end);
        if !has_end {
            self.at = self.at.min(self.text.len());
            return fault(self.place(start), Fault::OpenText);
        }
        self.push(Token::Text(text), start);
        Ok(())
    }

    /// Digits with a point, and an exponent: 1_000.5e-3.
    fn number(&mut self, start: usize) -> Result<(), ModelFault> {
        let bytes = self.text.as_bytes();
        let digit = |at: usize| bytes.get(at).is_some_and(|byte| byte.is_ascii_digit() || *byte == b'_');
        let mut at = self.at;
        while digit(at) {
            at += 1;
        }
        if bytes.get(at) == Some(&b'.') && digit(at + 1) {
            at += 1;
            while digit(at) {
                at += 1;
            }
        }
        if matches!(bytes.get(at), Some(b'e' | b'E')) {
            let signed = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
            if bytes.get(at + 1 + signed).is_some_and(u8::is_ascii_digit) {
                at += 1 + signed;
                while digit(at) {
                    at += 1;
                }
            }
        }
        self.at = at;
        let written = self.text.get(start..at).unwrap_or_default();
        match written.replace('_', "").parse::<f64>() {
            Ok(number) if number.is_finite() => {
                self.push(Token::Number(number), start);
                Ok(())
            }
            _ => fault(self.place(start), Fault::NotANumber(written.to_owned())),
        }
    }

    fn word(&mut self, start: usize) {
        let long = self.rest().find(|sign: char| !(sign.is_alphanumeric() || sign == '_'));
        let long = long.unwrap_or(self.rest().len());
        let word = self.rest().get(..long).unwrap_or_default().to_owned();
        self.at += long;
        self.push(Token::Word(word), start);
    }

    fn sign(&mut self, start: usize, sign: char) -> Result<(), ModelFault> {
        let next = self.rest().chars().nth(1);
        let (meaning, long) = match (sign, next) {
            ('<', Some('=')) => (Sign::LessOrEqual, 2),
            ('>', Some('=')) => (Sign::GreaterOrEqual, 2),
            ('!', Some('=')) => (Sign::NotEqual, 2),
            ('≤', _) => (Sign::LessOrEqual, sign.len_utf8()),
            ('≥', _) => (Sign::GreaterOrEqual, sign.len_utf8()),
            ('≠', _) => (Sign::NotEqual, sign.len_utf8()),
            ('·' | '×', _) => (Sign::Times, sign.len_utf8()),
            ('−', _) => (Sign::Minus, sign.len_utf8()),
            ('<', _) => (Sign::Less, 1),
            ('>', _) => (Sign::Greater, 1),
            ('+', _) => (Sign::Plus, 1),
            ('-', _) => (Sign::Minus, 1),
            ('*', _) => (Sign::Times, 1),
            ('/', _) => (Sign::Over, 1),
            ('^', _) => (Sign::Power, 1),
            ('(', _) => (Sign::Open, 1),
            (')', _) => (Sign::Close, 1),
            ('[', _) => (Sign::OpenList, 1),
            (']', _) => (Sign::CloseList, 1),
            (',', _) => (Sign::Comma, 1),
            (':', _) => (Sign::Colon, 1),
            ('=', _) => (Sign::Equal, 1),
            ('%', _) => (Sign::Percent, 1),
            ('.', _) => (Sign::Dot, 1),
            _ => {
                self.at += sign.len_utf8();
                return fault(self.place(start), Fault::UnknownSign(sign));
            }
        };
        self.at += long;
        match meaning {
            Sign::Open | Sign::OpenList => self.depth += 1,
            Sign::Close | Sign::CloseList => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        if self.depth > super::parse::DEPTH_MAX {
            let counted = Fault::TooMany { what: Counted::Levels, most: super::parse::DEPTH_MAX };
            return fault(self.place(start), counted);
        }
        self.push(Token::Sign(meaning), start);
        Ok(())
    }
}
