//! Unified Namespace payloads: JSON bytes of one topic in, samples of its series out. Pure.

mod flatten;
#[cfg(test)]
mod tests;

use millwright_model::{MessageFault, Quality, Sample, SeriesKey, TimestampMs, Value};
use serde::de::DeserializeSeed;

use self::flatten::{Flattened, Flattener, Leaf, Scalar};

/// The longest topic that can name a series; a plant's own are far shorter, a hostile one is 65,535 bytes.
pub const TOPIC_MAX_BYTES: usize = 1024;
/// The longest field path (`a.b.c`) that can name a series.
pub const FIELD_MAX_BYTES: usize = 512;

/// What a payload may hold at most.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct UnsLimits {
    /// Bytes of the payload.
    pub payload_bytes: usize,
    /// Scalars in the payload.
    pub fields: usize,
    /// Objects within objects; 1 is an object of scalars.
    pub depth: usize,
}

impl Default for UnsLimits {
    fn default() -> Self {
        Self { payload_bytes: 16 * 1024 * 1024, fields: 1000, depth: 4 }
    }
}

/// What one payload said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UnsReading {
    /// Its samples, in the order of the payload.
    pub samples: Vec<(SeriesKey, Sample)>,
    /// What was odd about it; at most one of each kind.
    pub warnings: Vec<UnsWarning>,
}

/// Something odd in a payload that was still read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnsWarning {
    /// Arrays are no values.
    #[error("{count} array(s) skipped, the first at «{first_field}»")]
    ArraysSkipped {
        /// The first one's path, empty for the payload itself.
        first_field: String,
        /// How many.
        count: usize,
    },
    /// A clock that cannot be believed: filed under our time, quality uncertain.
    #[error("the timestamp {timestamp_ms} cannot be believed, filed under the time of receipt")]
    TimestampImplausible {
        /// What it said.
        timestamp_ms: i64,
    },
    /// `timestamp_ms` is no whole number: filed under our time, quality uncertain.
    #[error("«timestamp_ms» is not a whole number of milliseconds, filed under the time of receipt")]
    TimestampUnreadable,
    /// A text was longer than what is kept: cut, quality bad.
    #[error("a text of {bytes} bytes was cut at «{field}»")]
    TextCut {
        /// Its path, empty for the value itself.
        field: String,
        /// How long it was.
        bytes: usize,
    },
    /// The same field twice: the last one counts.
    #[error("the field «{field}» appears more than once, the last one counts")]
    DuplicateField {
        /// The first such field.
        field: String,
    },
}

/// Why a payload could not be read at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PayloadError {
    /// The topic cannot name a series.
    #[error("the topic is {bytes} bytes long, longer than {TOPIC_MAX_BYTES}: «{start}…»")]
    TopicTooLong {
        /// Its first 80 characters.
        start: String,
        /// Its length.
        bytes: usize,
    },
    /// More bytes than are read.
    #[error("{topic}: the payload has {bytes} bytes, more than {limit}")]
    TooLarge {
        /// The topic.
        topic: String,
        /// How many it has.
        bytes: usize,
        /// How many are read.
        limit: usize,
    },
    /// It is not text.
    #[error("{topic}: not UTF-8 at line {line}, column {column}")]
    NotUtf8 {
        /// The topic.
        topic: String,
        /// Line of the first wrong byte, from 1.
        line: usize,
        /// Its place in the line in bytes, from 1.
        column: usize,
    },
    /// It is not JSON, or goes beyond the limits.
    #[error("{topic}: {reason} at line {line}, column {column}")]
    Malformed {
        /// The topic.
        topic: String,
        /// What is wrong.
        reason: String,
        /// Line, from 1.
        line: usize,
        /// Column, from 1 (0 at the very start).
        column: usize,
    },
}

impl From<&PayloadError> for MessageFault {
    fn from(error: &PayloadError) -> Self {
        match error {
            PayloadError::TopicTooLong { bytes, .. } => {
                Self::TopicTooLong { bytes: *bytes as u64, limit: TOPIC_MAX_BYTES as u64 }
            }
            PayloadError::TooLarge { bytes, limit, .. } => {
                Self::TooLarge { bytes: *bytes as u64, limit: *limit as u64 }
            }
            PayloadError::NotUtf8 { line, column, .. } => {
                Self::NotUtf8 { line: *line as u64, column: *column as u64 }
            }
            PayloadError::Malformed { reason, line, column, .. } => {
                Self::NotJson { reason: reason.clone(), line: *line as u64, column: *column as u64 }
            }
        }
    }
}

/// Reads one payload.
///
/// A top-level `value` (or a bare scalar) is the topic's own series, every other scalar the series
/// `uns:<topic>#<path>`. `timestamp_ms` dates all of them; a `quality` that is one of the words good,
/// uncertain, bad qualifies all of them (any other `quality` is a field like the rest).
/// Who says nothing on quality is believed: the quality is good.
pub fn parse(
    topic: &str,
    payload: &[u8],
    retained: bool,
    received_at: TimestampMs,
    limits: &UnsLimits,
) -> Result<UnsReading, PayloadError> {
    if topic.len() > TOPIC_MAX_BYTES {
        return Err(PayloadError::TopicTooLong {
            start: topic.chars().take(80).collect(),
            bytes: topic.len(),
        });
    }
    if payload.len() > limits.payload_bytes {
        return Err(PayloadError::TooLarge {
            topic: topic.to_owned(),
            bytes: payload.len(),
            limit: limits.payload_bytes,
        });
    }
    if payload.is_empty() {
        // An empty payload clears a retained message: it says nothing.
        return Ok(UnsReading::default());
    }
    let text = std::str::from_utf8(payload).map_err(|error| {
        let (line, column) = place(&payload[..error.valid_up_to()]);
        PayloadError::NotUtf8 { topic: topic.to_owned(), line, column }
    })?;
    let flattened = flatten_text(text, limits).map_err(|error| PayloadError::Malformed {
        topic: topic.to_owned(),
        reason: reason_without_place(&error),
        line: error.line(),
        column: error.column(),
    })?;
    Ok(read(topic, flattened, retained, received_at))
}

fn flatten_text(text: &str, limits: &UnsLimits) -> Result<Flattened, serde_json::Error> {
    let mut flattened = Flattened::default();
    let mut path = String::new();
    let mut deserializer = serde_json::Deserializer::from_str(text);
    Flattener { into: &mut flattened, path: &mut path, depth: 0, limits }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(flattened)
}

/// serde_json appends the place to its message; we carry it as numbers.
fn reason_without_place(error: &serde_json::Error) -> String {
    let message = error.to_string();
    match message.rfind(" at line ") {
        Some(end) => message[..end].to_owned(),
        None => message,
    }
}

fn place(before: &[u8]) -> (usize, usize) {
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
    (line, column)
}

fn read(topic: &str, mut flattened: Flattened, retained: bool, received_at: TimestampMs) -> UnsReading {
    let mut reading = UnsReading::default();
    if flattened.arrays_skipped > 0 {
        reading.warnings.push(UnsWarning::ArraysSkipped {
            first_field: std::mem::take(&mut flattened.first_array),
            count: flattened.arrays_skipped,
        });
    }
    drop_duplicates(&mut flattened.leaves, &mut reading.warnings);

    let mut source_at = None;
    let mut quality = Quality::Good;
    if let Some(scalar) = take(&mut flattened.leaves, "timestamp_ms", |_| true) {
        match scalar.whole_ms().map(TimestampMs) {
            Some(at) if at.is_plausible_at(received_at) => source_at = Some(at),
            Some(at) => {
                quality = Quality::Uncertain;
                reading.warnings.push(UnsWarning::TimestampImplausible { timestamp_ms: at.0 });
            }
            None => {
                quality = Quality::Uncertain;
                reading.warnings.push(UnsWarning::TimestampUnreadable);
            }
        }
    }
    if let Some(scalar) = take(&mut flattened.leaves, "quality", |scalar| quality_word(scalar).is_some()) {
        quality = worse(quality, quality_word(&scalar).unwrap_or_default());
    }

    reading.samples.reserve(flattened.leaves.len());
    for leaf in flattened.leaves {
        let own_series = leaf.path.is_empty() || leaf.path == "value";
        let series = if own_series { format!("uns:{topic}") } else { format!("uns:{topic}#{}", leaf.path) };
        let (value, value_quality) = match leaf.scalar {
            Scalar::Null => (None, Quality::Bad),
            Scalar::Bool(flag) => (Some(Value::Bool(flag)), quality),
            Scalar::Int(number) => (Some(Value::Int(number)), quality),
            Scalar::Float(number) => match Value::finite(number) {
                Some(value) => (Some(value), quality),
                None => (None, Quality::Bad),
            },
            Scalar::Text { kept, full_bytes } if full_bytes > kept.len() => {
                warn_text_cut(&mut reading.warnings, leaf.path, full_bytes);
                (Some(Value::Text(kept)), Quality::Bad)
            }
            Scalar::Text { kept, full_bytes: _ } => (Some(Value::Text(kept)), quality),
        };
        let sample = Sample {
            source_at,
            received_at,
            ordinal: 0,
            value,
            quality: value_quality,
            retained,
            historical: false,
        };
        reading.samples.push((SeriesKey(series), sample));
    }
    reading
}

fn warn_text_cut(warnings: &mut Vec<UnsWarning>, field: String, bytes: usize) {
    if !warnings.iter().any(|warning| matches!(warning, UnsWarning::TextCut { .. })) {
        warnings.push(UnsWarning::TextCut { field, bytes });
    }
}

fn take(leaves: &mut Vec<Leaf>, path: &str, fits: impl Fn(&Scalar) -> bool) -> Option<Scalar> {
    let place = leaves.iter().position(|leaf| leaf.path == path && fits(&leaf.scalar))?;
    Some(leaves.remove(place).scalar)
}

/// JSON leaves the meaning of a repeated name open; most readers let the last one win, and so do we.
fn drop_duplicates(leaves: &mut Vec<Leaf>, warnings: &mut Vec<UnsWarning>) {
    if leaves.len() < 2 {
        return;
    }
    let mut last_place = std::collections::HashMap::with_capacity(leaves.len());
    for (place, leaf) in leaves.iter().enumerate() {
        last_place.insert(leaf.path.as_str(), place);
    }
    if last_place.len() == leaves.len() {
        return;
    }
    let keep: Vec<bool> = leaves
        .iter()
        .enumerate()
        .map(|(place, leaf)| last_place.get(leaf.path.as_str()) == Some(&place))
        .collect();
    if let Some(place) = keep.iter().position(|kept| !kept) {
        warnings.push(UnsWarning::DuplicateField { field: leaves[place].path.clone() });
    }
    let mut kept = keep.iter();
    leaves.retain(|_| kept.next().copied().unwrap_or(true));
}

fn quality_word(scalar: &Scalar) -> Option<Quality> {
    let Scalar::Text { kept, full_bytes: _ } = scalar else { return None };
    if kept.eq_ignore_ascii_case("good") {
        Some(Quality::Good)
    } else if kept.eq_ignore_ascii_case("uncertain") {
        Some(Quality::Uncertain)
    } else if kept.eq_ignore_ascii_case("bad") {
        Some(Quality::Bad)
    } else {
        None
    }
}

fn worse(left: Quality, right: Quality) -> Quality {
    match (left, right) {
        (Quality::Bad, _) | (_, Quality::Bad) => Quality::Bad,
        (Quality::Uncertain, _) | (_, Quality::Uncertain) => Quality::Uncertain,
        (Quality::Good, Quality::Good) => Quality::Good,
    }
}
