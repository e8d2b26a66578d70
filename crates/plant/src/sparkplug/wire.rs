//! The Sparkplug B payload on the wire, written by hand after `sparkplug_b.proto` of the 3.0.0 specification.
//!
//! Data sets, templates and property sets stay bytes here until somebody unfolds them, within bounds.

use bytes::{Buf, Bytes};
use prost::Message;
use prost::encoding::{DecodeContext, decode_key, skip_field};

/// The most metrics that one payload may hold; a hostile one could fill memory with empty metrics.
pub const METRICS_MAX: usize = 50_000;
/// The most bytes a payload may have.
pub const PAYLOAD_MAX_BYTES: usize = 16 * 1024 * 1024;

/// One Sparkplug B message.
#[derive(Clone, PartialEq, Message)]
pub struct Payload {
    /// When it was sent, ms since the epoch.
    #[prost(uint64, optional, tag = "1")]
    pub timestamp: Option<u64>,
    /// Its metrics.
    #[prost(message, repeated, tag = "2")]
    pub metrics: Vec<Metric>,
    /// 0–255, one more than the message before; none in NDEATH.
    #[prost(uint64, optional, tag = "3")]
    pub seq: Option<u64>,
    /// The schema of `body`.
    #[prost(string, optional, tag = "4")]
    pub uuid: Option<String>,
    /// Anything else.
    #[prost(bytes = "bytes", optional, tag = "5")]
    pub body: Option<Bytes>,
}

/// One metric.
#[derive(Clone, PartialEq, Message)]
pub struct Metric {
    /// Its name; in data usually absent, the alias stands for it.
    #[prost(string, optional, tag = "1")]
    pub name: Option<String>,
    /// Its number, given at birth, unique over the node and its devices.
    #[prost(uint64, optional, tag = "2")]
    pub alias: Option<u64>,
    /// When the value was taken, ms since the epoch.
    #[prost(uint64, optional, tag = "3")]
    pub timestamp: Option<u64>,
    /// 1–34; required in births.
    #[prost(uint32, optional, tag = "4")]
    pub datatype: Option<u32>,
    /// Whether it is not a current value.
    #[prost(bool, optional, tag = "5")]
    pub is_historical: Option<bool>,
    /// Whether it should not be stored.
    #[prost(bool, optional, tag = "6")]
    pub is_transient: Option<bool>,
    /// Whether it has no value.
    #[prost(bool, optional, tag = "7")]
    pub is_null: Option<bool>,
    /// MetaData, kept as bytes.
    #[prost(bytes = "bytes", optional, tag = "8")]
    pub metadata: Option<Bytes>,
    /// PropertySet, kept as bytes.
    #[prost(bytes = "bytes", optional, tag = "9")]
    pub properties: Option<Bytes>,
    /// The value.
    #[prost(oneof = "MetricValue", tags = "10, 11, 12, 13, 14, 15, 16, 17, 18, 19")]
    pub value: Option<MetricValue>,
}

/// The forms a value has on the wire.
#[derive(Clone, PartialEq, prost::Oneof)]
pub enum MetricValue {
    /// Whole numbers up to 32 bits, signed ones in two's complement.
    #[prost(uint32, tag = "10")]
    Int(u32),
    /// Whole numbers up to 64 bits, signed ones in two's complement.
    #[prost(uint64, tag = "11")]
    Long(u64),
    /// A 32-bit float.
    #[prost(float, tag = "12")]
    Float(f32),
    /// A 64-bit float.
    #[prost(double, tag = "13")]
    Double(f64),
    /// A yes or no.
    #[prost(bool, tag = "14")]
    Boolean(bool),
    /// A text.
    #[prost(string, tag = "15")]
    String(String),
    /// Bytes, a file or an array.
    #[prost(bytes = "bytes", tag = "16")]
    Bytes(Bytes),
    /// A table, kept as bytes.
    #[prost(bytes = "bytes", tag = "17")]
    DataSet(Bytes),
    /// A template, kept as bytes.
    #[prost(bytes = "bytes", tag = "18")]
    Template(Bytes),
    /// An extension, kept as bytes.
    #[prost(bytes = "bytes", tag = "19")]
    Extension(Bytes),
}

/// Why bytes are no Sparkplug payload that is read.
#[derive(Debug, thiserror::Error)]
pub enum PayloadLimitError {
    /// They do not follow the protocol.
    #[error("not a Sparkplug B payload: {0}")]
    Malformed(#[from] prost::DecodeError),
    /// More bytes than are read.
    #[error("the payload has {bytes} bytes, more than {PAYLOAD_MAX_BYTES}")]
    TooLarge {
        /// How many.
        bytes: usize,
    },
    /// More metrics than are read.
    #[error("the payload has more than {METRICS_MAX} metrics")]
    TooManyMetrics,
}

impl Payload {
    /// Reads a payload within the limits; the metrics are counted before any memory is set aside for them.
    pub fn read(bytes: &Bytes) -> Result<Self, PayloadLimitError> {
        if bytes.len() > PAYLOAD_MAX_BYTES {
            return Err(PayloadLimitError::TooLarge { bytes: bytes.len() });
        }
        // An empty metric takes two bytes: below that no payload can hold too many.
        if bytes.len() > METRICS_MAX * 2 && count_fields(bytes.clone(), 2)? > METRICS_MAX {
            return Err(PayloadLimitError::TooManyMetrics);
        }
        Ok(Self::decode(bytes.clone())?)
    }
}

/// How often a field is there, before any memory is set aside for it.
pub(super) fn count_fields(mut bytes: Bytes, wanted_tag: u32) -> Result<usize, prost::DecodeError> {
    let mut count = 0;
    while bytes.has_remaining() {
        let (tag, wire_type) = decode_key(&mut bytes)?;
        if tag == wanted_tag {
            count += 1;
        }
        skip_field(wire_type, tag, &mut bytes, DecodeContext::default())?;
    }
    Ok(count)
}
