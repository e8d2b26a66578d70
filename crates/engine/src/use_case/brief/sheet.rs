//! A scenario's assumptions as rows of a workbook: out, and in again as answers. A row that does not fit is refused with its
//! place and changes nothing.

use std::collections::BTreeMap;

use millwright_methods::scenario::{self as language, Answer, Model, Question};
use millwright_model::*;
use millwright_sheet::{
    Cell, NumberFault, Row, Table, Value, Wishes, column_letter, read_decimal, write_xlsx,
};

use super::say::Say;
use super::words::Words;
use super::{BriefFault, Reader, tidy};
use crate::use_case::paper::words::Language;

/// The longest origin that is read.
const ORIGIN_CHARS: usize = 300;
/// Stands for an answer that nobody knows.
const UNKNOWN: &str = "?";

/// What a column of the workbook means.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Field {
    Name,
    Question,
    Low,
    High,
    Unit,
    OriginKind,
    OriginText,
}

impl Field {
    const ALL: [Self; 7] =
        [Self::Name, Self::Question, Self::Low, Self::High, Self::Unit, Self::OriginKind, Self::OriginText];

    fn head(self, words: Words) -> &'static str {
        match self {
            Self::Name => words.name(),
            Self::Question => words.question(),
            Self::Low => words.answer_low(),
            Self::High => words.answer_high(),
            Self::Unit => words.unit(),
            Self::OriginKind => words.origin_kind(),
            Self::OriginText => words.origin_text(),
        }
    }
}

/// Both languages: a workbook that was written in one comes in where the other is spoken.
const LANGUAGES: [Words; 2] = [Words(Language::English), Words(Language::German)];

/// Writes what a scenario asks as a workbook: a row for each figure with its question, its answer, its unit and where the
/// answer comes from.
///
/// # Errors
/// When a text is longer than a cell holds.
pub fn write_assumptions(questions: &[ScenarioQuestion], reader: &Reader) -> Result<Vec<u8>, BriefFault> {
    let say = Say::new(&reader.language, &reader.zone);
    let heads = Field::ALL.map(|field| Value::Text(field.head(say.words).to_owned()));
    let mut rows = vec![heads.to_vec()];
    rows.extend(questions.iter().map(|question| written(question, &say)));
    Ok(write_xlsx(say.words.assumptions(), &rows)?)
}

fn written(question: &ScenarioQuestion, say: &Say) -> Vec<Value> {
    let text = |said: &str| if said.is_empty() { Value::Empty } else { Value::Text(said.to_owned()) };
    let (low, high) = answer_cells(&question.answer, say);
    vec![
        text(&question.name),
        text(&question.question),
        low,
        high,
        text(&question.unit),
        question.origin.as_ref().map_or(Value::Empty, |origin| text(say.origin_kind(origin.kind))),
        text(&origin_text(question, say)),
    ]
}

fn answer_cells(answer: &ScenarioAnswer, say: &Say) -> (Value, Value) {
    match &tidy(answer) {
        ScenarioAnswer::Figure { value } => (Value::Number(*value), Value::Empty),
        ScenarioAnswer::Between { low, high } => (Value::Number(*low), Value::Number(*high)),
        ScenarioAnswer::YesOrNo { yes } => (Value::Text(say.yes_or_no(*yes).to_owned()), Value::Empty),
        ScenarioAnswer::Unknown => (Value::Text(UNKNOWN.to_owned()), Value::Empty),
        ScenarioAnswer::Other { formula } => (Value::Text(formula.clone()), Value::Empty),
    }
}

/// Which source, or who said so and when.
fn origin_text(question: &ScenarioQuestion, say: &Say) -> String {
    let of = question.origin.as_ref().map(|origin| origin.of.clone()).unwrap_or_default();
    let when = question.answered_at.map(|at| say.voice.moment(at));
    let parts = [Some(of), question.answered_by.clone(), when];
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// What a workbook of assumptions comes to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Brought {
    /// What is to be written into the scenario, in the order of the rows: answers alone.
    pub edits: Vec<ScenarioEdit>,
    /// What would change, and what is refused.
    pub report: ScenarioSheetReport,
}

/// Reads a workbook (or CSV) of assumptions against a scenario: each row that says something else than stands there becomes an
/// answer. `text` is the model that the answers are for, `questions` what it asks now. Nothing is written.
///
/// An origin that the file does not change stays with an answer that it does not change; a changed answer with the origin of
/// before is its reader's word. A person's name is never taken out of a file into the text: whoever brings it in is named.
///
/// # Errors
/// When the file cannot be read or has no column of names or of answers, or `text` is no model.
pub fn bring_assumptions(
    text: &str,
    questions: &[ScenarioQuestion],
    bytes: &[u8],
    reader: &Reader,
) -> Result<Brought, BriefFault> {
    let say = Say::new(&reader.language, &reader.zone);
    let table = millwright_sheet::read(bytes, &Wishes::default())?;
    let columns = columns(&table, say.words)?;
    let asked = Model::read(text)?.questions();
    let mut reading =
        Reading { text, asked: &asked, questions, say: &say, columns: &columns, seen: BTreeMap::new() };
    let mut brought = Brought::default();
    for row in table.rows.iter().skip(1) {
        match reading.row(row) {
            Ok(Some(edit)) => {
                if let ScenarioEdit::Answer { name, .. } = &edit {
                    brought.report.answered.push(name.clone());
                }
                brought.edits.push(edit);
            }
            Ok(None) => brought.report.same += 1,
            Err(fault) => {
                let place = columns.get(&fault.field).copied().unwrap_or(0);
                brought.report.refused.push(ScenarioRowRefusal {
                    row: row.number,
                    column: column_letter(place),
                    fault: fault.why,
                });
            }
        }
    }
    Ok(brought)
}

/// Which column means what, by the names at the head in either language.
fn columns(table: &Table, words: Words) -> Result<BTreeMap<Field, usize>, BriefFault> {
    let heads = table.rows.first().map(|row| row.cells.as_slice()).unwrap_or_default();
    let mut found = BTreeMap::new();
    for (place, cell) in heads.iter().enumerate() {
        let Value::Text(head) = &cell.value else { continue };
        let means = |field: &Field| LANGUAGES.iter().any(|words| same(field.head(*words), head));
        if let Some(field) = Field::ALL.into_iter().find(means) {
            found.entry(field).or_insert(place);
        }
    }
    for field in [Field::Name, Field::Low] {
        if !found.contains_key(&field) {
            return Err(BriefFault::ColumnMissing { column: field.head(words).to_owned() });
        }
    }
    Ok(found)
}

fn same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

/// A cell that cannot be taken.
struct Fault {
    field: Field,
    why: ScenarioRowFault,
}

fn fault<T>(field: Field, why: ScenarioRowFault) -> Result<T, Fault> {
    Err(Fault { field, why })
}

fn unreadable<T>(field: Field, why: RowFault) -> Result<T, Fault> {
    fault(field, ScenarioRowFault::Cell { fault: why })
}

struct Reading<'r> {
    text: &'r str,
    /// What the model asks, in its own words.
    asked: &'r [Question],
    questions: &'r [ScenarioQuestion],
    say: &'r Say,
    columns: &'r BTreeMap<Field, usize>,
    /// Figures that had a row, and which.
    seen: BTreeMap<String, u32>,
}

impl Reading<'_> {
    /// What a row says; nothing where it says what stands there, or leaves the answer empty.
    fn row(&mut self, row: &Row) -> Result<Option<ScenarioEdit>, Fault> {
        let name = self.word(row, Field::Name)?;
        if name.is_empty() {
            let is_empty = row.cells.iter().all(|cell| cell.value == Value::Empty);
            return if is_empty { Ok(None) } else { unreadable(Field::Name, RowFault::Empty) };
        }
        let question = self.questions.iter().find(|question| question.name == name);
        let asked = self.asked.iter().find(|question| question.name == name);
        let (Some(question), Some(asked)) = (question, asked) else {
            return fault(Field::Name, ScenarioRowFault::NoQuestion { name });
        };
        if let Some(first) = self.seen.insert(name.clone(), row.number) {
            self.seen.insert(name, first);
            return unreadable(Field::Name, RowFault::Twice { first });
        }
        let unit = self.word(row, Field::Unit)?;
        if !unit.is_empty() && unit != question.unit {
            let unit_here = question.unit.clone();
            return fault(Field::Unit, ScenarioRowFault::OtherUnit { unit: unit_here, given: unit });
        }
        let Some(answer) = self.answer(row, question)? else { return Ok(None) };
        let is_same_answer = answer == question.answer;
        let origin = self.origin(row, question)?;
        if is_same_answer && origin.is_none() {
            return Ok(None);
        }
        self.fits(asked, &answer, origin.as_ref())?;
        Ok(Some(ScenarioEdit::Answer { name: question.name.clone(), answer, origin }))
    }

    fn cell(&self, row: &Row, field: Field) -> Result<Value, Fault> {
        let cell = self.columns.get(&field).and_then(|place| row.cells.get(*place));
        match cell {
            None => Ok(Value::Empty),
            Some(Cell { value: Value::Empty, formula: true }) => unreadable(field, RowFault::NoResult),
            Some(Cell { value: Value::Fault(given), .. }) => {
                unreadable(field, RowFault::FormulaError { given: given.clone() })
            }
            Some(cell) => Ok(cell.value.clone()),
        }
    }

    /// A text of one line; empty where the cell is.
    fn word(&self, row: &Row, field: Field) -> Result<String, Fault> {
        let text = match self.cell(row, field)? {
            Value::Empty | Value::Fault(_) => String::new(),
            Value::Text(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
            Value::Number(number) => format!("{number}"),
            Value::Flag(flag) => self.say.yes_or_no(flag).to_owned(),
            Value::Moment(moment) => {
                let (year, month, day) = moment.day.ymd();
                format!("{year:04}-{month:02}-{day:02}")
            }
        };
        let count = text.chars().count();
        if count > ORIGIN_CHARS {
            let (count, limit) = (count as u64, ORIGIN_CHARS as u64);
            return unreadable(field, RowFault::TooLong { count, limit });
        }
        Ok(text)
    }

    /// The answer of a row; nothing where both of its cells are empty.
    fn answer(&self, row: &Row, question: &ScenarioQuestion) -> Result<Option<ScenarioAnswer>, Fault> {
        let (low, high) = (self.cell(row, Field::Low)?, self.cell(row, Field::High)?);
        // What went out as words comes in as the same answer.
        let (low_out, high_out) = answer_cells(&question.answer, self.say);
        if low == low_out && high == high_out {
            return Ok(Some(question.answer.clone()));
        }
        if low == Value::Empty && high == Value::Empty {
            return Ok(None);
        }
        if low == Value::Empty {
            return unreadable(Field::Low, RowFault::Empty);
        }
        if let (Some(answer), Value::Empty) = (self.said(&low), &high) {
            return Ok(Some(answer));
        }
        let from = self.number(low, Field::Low)?;
        if high == Value::Empty {
            return Ok(Some(ScenarioAnswer::Figure { value: from }));
        }
        let upto = self.number(high, Field::High)?;
        if from > upto {
            let (low, high) = (self.say.given(from), self.say.given(upto));
            return unreadable(Field::High, RowFault::Crossed { low, high });
        }
        if from == upto {
            return Ok(Some(ScenarioAnswer::Figure { value: from }));
        }
        Ok(Some(ScenarioAnswer::Between { low: from, high: upto }))
    }

    /// An answer in words: yes, no, or that nobody knows.
    fn said(&self, value: &Value) -> Option<ScenarioAnswer> {
        match value {
            Value::Flag(yes) => Some(ScenarioAnswer::YesOrNo { yes: *yes }),
            Value::Text(text) if text.trim() == UNKNOWN => Some(ScenarioAnswer::Unknown),
            Value::Text(text) => {
                let is =
                    |word: fn(Words) -> &'static str| LANGUAGES.iter().any(|words| same(word(*words), text));
                if is(Words::not_known) {
                    return Some(ScenarioAnswer::Unknown);
                }
                let (yes, no) = (is(Words::yes), is(Words::no));
                (yes || no).then_some(ScenarioAnswer::YesOrNo { yes })
            }
            Value::Empty | Value::Number(_) | Value::Moment(_) | Value::Fault(_) => None,
        }
    }

    fn number(&self, value: Value, field: Field) -> Result<f64, Fault> {
        let text = match value {
            Value::Number(number) => return Ok(number),
            Value::Text(text) => text,
            Value::Empty | Value::Moment(_) | Value::Flag(_) | Value::Fault(_) => String::new(),
        };
        let given: String = text.trim().chars().take(80).collect();
        let decimal = match read_decimal(&given, None) {
            Ok(decimal) => decimal,
            Err(NumberFault::NotANumber) => return unreadable(field, RowFault::NotANumber { given }),
            Err(NumberFault::Ambiguous { with_comma, with_point }) => {
                return unreadable(field, RowFault::OpenNumber { given, with_comma, with_point });
            }
        };
        match decimal.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(number),
            Ok(_) | Err(_) => unreadable(field, RowFault::NotANumber { given }),
        }
    }

    /// Where the answer comes from, where the file says another thing than went out; nothing for whoever brings it in.
    fn origin(&self, row: &Row, question: &ScenarioQuestion) -> Result<Option<ScenarioOrigin>, Fault> {
        let (kind, of) = (self.word(row, Field::OriginKind)?, self.word(row, Field::OriginText)?);
        let kind_out = question.origin.as_ref().map(|origin| origin.kind);
        let of_out = origin_text(question, self.say).split_whitespace().collect::<Vec<_>>().join(" ");
        if kind.is_empty() {
            return Ok(None);
        }
        let known = [
            ScenarioOriginKind::Tag,
            ScenarioOriginKind::Erp,
            ScenarioOriginKind::File,
            ScenarioOriginKind::Person,
            ScenarioOriginKind::Assumption,
        ];
        let means = |known: &ScenarioOriginKind| {
            LANGUAGES.iter().any(|words| {
                let say = Say { words: *words, voice: self.say.voice.clone() };
                same(say.origin_kind(*known), &kind)
            })
        };
        let Some(found) = known.into_iter().find(means) else {
            let known = known.map(|known| self.say.origin_kind(known).to_owned()).to_vec();
            return unreadable(Field::OriginKind, RowFault::NotOneOf { given: kind, known });
        };
        let is_as_before = Some(found) == kind_out && of == of_out;
        if is_as_before || found == ScenarioOriginKind::Person {
            return Ok(None);
        }
        Ok(Some(ScenarioOrigin { kind: found, of }))
    }

    /// Whether the model takes this answer.
    fn fits(
        &self,
        asked: &Question,
        answer: &ScenarioAnswer,
        origin: Option<&ScenarioOrigin>,
    ) -> Result<(), Fault> {
        let within = |field: Field, value: f64| {
            let is_below = asked.least.is_some_and(|least| value < least);
            let is_above = asked.most.is_some_and(|most| value > most);
            if !is_below && !is_above {
                return Ok(());
            }
            let end = |end: Option<f64>| end.map_or_else(|| "\u{2026}".to_owned(), |end| self.say.given(end));
            let (given, least, most) = (self.say.given(value), end(asked.least), end(asked.most));
            unreadable(field, RowFault::OutOfBounds { given, least, most })
        };
        let told = match answer {
            ScenarioAnswer::Figure { value } => {
                within(Field::Low, *value)?;
                Answer::Figure(*value)
            }
            ScenarioAnswer::Between { low, high } => {
                within(Field::Low, *low)?;
                within(Field::High, *high)?;
                Answer::Between(*low, *high)
            }
            ScenarioAnswer::YesOrNo { yes } => Answer::YesOrNo(*yes),
            ScenarioAnswer::Unknown => Answer::Unknown,
            ScenarioAnswer::Other { formula } => Answer::Other(formula.clone()),
        };
        // Quotation marks end an origin in the language of models: whoever writes it takes them out.
        let origin = origin.map(|_| language::Origin { kind: language::OriginKind::File, of: String::new() });
        match language::answer(self.text, &asked.name, &told, origin) {
            Ok(_) => Ok(()),
            Err(wrong) => fault(Field::Low, ScenarioRowFault::Model { says: wrong.fault.to_string() }),
        }
    }
}
