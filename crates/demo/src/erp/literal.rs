//! OData V2 literals: the values and the words that addresses are made of, keys, and dates.

use millwright_model::CivilDate;
use serde_json::Value;

use super::Refusal;
use super::schema::EntitySet;

const DAY_MS: i64 = 86_400_000;

/// A value in an address.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Literal {
    Text(String),
    InstantMs(i64),
    Number(f64),
    Null,
}

/// A word or sign of an address.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Word(String),
    Value(Literal),
    Open,
    Close,
    Comma,
    Equals,
}

/// Milliseconds of `/Date(1795…)/` and `/Date(1795…+0000)/`.
pub(super) fn date_ms(text: &str) -> Option<i64> {
    let inner = text.strip_prefix("/Date(")?.strip_suffix(")/")?;
    let digits = inner.get(1..)?.find(['+', '-']).map_or(inner, |end| inner.get(..=end).unwrap_or(inner));
    digits.parse().ok()
}

/// `/Date(1795…)/`
pub(super) fn date_text(ms: i64) -> Value {
    Value::String(format!("/Date({ms})/"))
}

/// A key predicate: `'4000127'` or `A='1',B=datetime'…'`, as text per key field in their order.
pub(super) fn key_values(text: &str, set: &EntitySet) -> Result<Vec<String>, Refusal> {
    let tokens = tokens(text)?;
    let mut named = Vec::new();
    for part in tokens.split(|token| *token == Token::Comma) {
        match part {
            [Token::Value(value)] => named.push((None, value)),
            [Token::Word(name), Token::Equals, Token::Value(value)] => {
                named.push((Some(name.as_str()), value));
            }
            _ => return Err(Refusal::bad("This is no key.")),
        }
    }
    let keys = set.keys.iter().map(|key| {
        let found = named.iter().find(|(name, _)| name.map_or(set.keys.len() == 1, |name| name == *key));
        match found {
            Some((_, Literal::Text(text))) => Ok(text.clone()),
            Some((_, Literal::InstantMs(ms))) => Ok(format!("/Date({ms})/")),
            Some((_, Literal::Number(_) | Literal::Null)) | None => {
                Err(Refusal::bad(&format!("The key field {key} is missing or is no text.")))
            }
        }
    });
    keys.collect()
}

/// The words and signs of a text.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Refusal> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        rest = match first {
            '(' | ')' | ',' | '=' => {
                tokens.push(match first {
                    '(' => Token::Open,
                    ')' => Token::Close,
                    ',' => Token::Comma,
                    _ => Token::Equals,
                });
                rest.get(1..).unwrap_or_default()
            }
            '\'' => {
                let (text, after) = quoted(rest)?;
                tokens.push(Token::Value(Literal::Text(text)));
                after
            }
            _ => {
                let end = rest.find([' ', '(', ')', ',', '=', '\'']).unwrap_or(rest.len());
                let (word, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
                match (word, after.starts_with('\'')) {
                    ("datetime" | "datetimeoffset", true) => {
                        let (text, after) = quoted(after)?;
                        let ms = iso_ms(&text)
                            .ok_or_else(|| Refusal::bad(&format!("«{text}» is no date and time.")))?;
                        tokens.push(Token::Value(Literal::InstantMs(ms)));
                        after
                    }
                    (_, true) => return Err(Refusal::bad(&format!("«{word}'…'» is not supported."))),
                    (_, false) => {
                        tokens.push(plain(word));
                        after
                    }
                }
            }
        }
        .trim_start();
    }
    Ok(tokens)
}

fn plain(word: &str) -> Token {
    if word == "null" {
        return Token::Value(Literal::Null);
    }
    let number = word.trim_end_matches(['M', 'm', 'd', 'D', 'L', 'f']);
    if word.starts_with(|first: char| first.is_ascii_digit() || first == '-')
        && let Ok(number) = number.parse()
    {
        return Token::Value(Literal::Number(number));
    }
    Token::Word(word.to_owned())
}

/// A text in single quotes, doubled inside, at the start; and what comes after it.
fn quoted(text: &str) -> Result<(String, &str), Refusal> {
    let mut inner = String::new();
    let mut letters = text.char_indices().skip(1).peekable();
    while let Some((at, letter)) = letters.next() {
        if letter != '\'' {
            inner.push(letter);
        } else if letters.peek().is_some_and(|(_, next)| *next == '\'') {
            inner.push('\'');
            letters.next();
        } else {
            return Ok((inner, text.get(at + 1..).unwrap_or_default()));
        }
    }
    Err(Refusal::bad("A text is not closed."))
}

/// Milliseconds of `2026-11-23T08:00:00.000Z`, with or without fraction and Z.
fn iso_ms(text: &str) -> Option<i64> {
    let (date, time) = text.trim_end_matches('Z').split_once('T')?;
    let date = CivilDate::try_from(date.to_owned()).ok()?;
    let mut parts = time.splitn(3, ':');
    let hours: i64 = parts.next()?.parse().ok()?;
    let minutes: i64 = parts.next()?.parse().ok()?;
    let seconds: f64 = parts.next().unwrap_or("0").parse().ok()?;
    Some(i64::from(date.days()) * DAY_MS + hours * 3_600_000 + minutes * 60_000 + (seconds * 1000.0) as i64)
}

/// `2026-11-23T08:00:00.000Z`
pub(super) fn iso_text(ms: i64) -> String {
    let date = CivilDate::from_days(i32::try_from(ms.div_euclid(DAY_MS)).unwrap_or(0));
    let rest = ms.rem_euclid(DAY_MS);
    let (seconds, millis) = (rest / 1000, rest % 1000);
    format!("{date}T{:02}:{:02}:{:02}.{millis:03}Z", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::super::schema::set_named;
    use super::*;

    #[test]
    fn keys_are_read_with_and_without_names() {
        let order = set_named("MaintenanceOrder").unwrap();
        assert_eq!(key_values("'4000127'", order).unwrap(), ["4000127"]);
        let header = set_named("A_MaterialDocumentHeader").unwrap();
        let keys = key_values("MaterialDocument='49',MaterialDocumentYear='2026'", header).unwrap();
        assert_eq!(keys, ["2026", "49"]);
        assert!(key_values("'49'", header).is_err());
    }
}
