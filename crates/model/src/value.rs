//! Live values: what a tag says, when, and how far it can be trusted.

use serde::{Deserialize, Serialize};

use crate::TimestampMs;

/// The longest text value that is kept; longer ones are cut by the source with bad quality.
pub const TEXT_VALUE_MAX_BYTES: usize = 4096;

/// A value at the boundary and in history. NaN and infinities never appear here: they are bad quality.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum Value {
    /// A finite number.
    Float(f64),
    /// A whole number.
    Int(i64),
    /// A yes or no.
    Bool(bool),
    /// A short text.
    Text(String),
}

impl Value {
    /// A float, or nothing when it is NaN or infinite.
    pub fn finite(number: f64) -> Option<Self> {
        number.is_finite().then_some(Self::Float(number))
    }

    /// The value as a number, for trends and limits; nothing for text.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Float(number) => Some(*number),
            Self::Int(number) => Some(*number as f64),
            Self::Bool(flag) => Some(f64::from(u8::from(*flag))),
            Self::Text(_) => None,
        }
    }
}

/// How far a value can be trusted (after OPC UA: good, uncertain, bad).
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    /// The source vouches for it.
    Good,
    /// The source gave no word on it, or its time cannot be believed.
    #[default]
    Uncertain,
    /// The source says it is wrong, or it cannot be a value (NaN, null).
    Bad,
}

impl Quality {
    /// The worse of two.
    pub fn worst(self, other: Self) -> Self {
        match (self, other) {
            (Self::Bad, _) | (_, Self::Bad) => Self::Bad,
            (Self::Uncertain, _) | (_, Self::Uncertain) => Self::Uncertain,
            (Self::Good, Self::Good) => Self::Good,
        }
    }
}

/// Why a tag's last value is not current.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StaleReason {
    /// The source announced its death (Sparkplug NDEATH or DDEATH).
    Death,
    /// Nothing came for longer than the tag's usual silence.
    Silence,
    /// The link to the broker is down.
    LinkLost,
    /// It was retained by the broker and has no time of its own: its age is unknown.
    AgeUnknown,
}

/// One sample of one series as a source gave it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// The source's own time, where it gave a believable one.
    pub source_at: Option<TimestampMs>,
    /// When this device received it.
    pub received_at: TimestampMs,
    /// Its place among the samples of this series and timestamp in one payload.
    pub ordinal: u16,
    /// The value; nothing when the source said null or NaN.
    pub value: Option<Value>,
    /// How far it can be trusted.
    pub quality: Quality,
    /// Whether the broker delivered it from its retained store.
    pub retained: bool,
    /// Whether the source marked it as not current (Sparkplug `is_historical`).
    pub historical: bool,
}

impl Sample {
    /// The time to file it under: the source's, else ours.
    pub fn at(&self) -> TimestampMs {
        self.source_at.unwrap_or(self.received_at)
    }
}

/// A tag's last value as screens show it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LiveValue {
    /// The series, as `protocol:path` (see [`SeriesKey`]).
    pub series: SeriesKey,
    /// The last sample.
    pub sample: Sample,
    /// Why it is not current, or nothing when it is.
    pub stale: Option<StaleReason>,
}

/// The name of a series: `uns:<topic>[#field]` or `spb:<group>/<node>[/<device>]:<metric>`.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SeriesKey(pub String);

impl SeriesKey {
    /// The last part of the name, what a person would call the tag.
    pub fn short_name(&self) -> &str {
        self.0.rsplit(['/', ':', '#']).next().unwrap_or(&self.0)
    }
}

impl std::fmt::Display for SeriesKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nan_is_not_a_value() {
        assert_eq!(Value::finite(f64::NAN), None);
        assert_eq!(Value::finite(f64::INFINITY), None);
        assert_eq!(Value::finite(1.5), Some(Value::Float(1.5)));
    }

    #[test]
    fn a_series_is_called_by_its_last_part() {
        assert_eq!(SeriesKey("uns:umh/v1/ent/site/p-101a/_raw/vibration".into()).short_name(), "vibration");
        assert_eq!(SeriesKey("uns:a/b#speed".into()).short_name(), "speed");
    }
}
