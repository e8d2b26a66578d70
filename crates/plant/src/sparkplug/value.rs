//! From a metric on the wire to a value of ours: the datatypes of chapter 6.4.16 of the specification.

use bytes::Bytes;
use millwright_model::{Quality, Value};
use prost::Message;

use super::wire::{Metric, MetricValue};
use crate::text;

/// Datatype numbers of the specification that a value is read from.
pub mod datatype {
    /// 8 bits with a sign.
    pub const INT8: u32 = 1;
    /// 16 bits with a sign.
    pub const INT16: u32 = 2;
    /// 32 bits with a sign.
    pub const INT32: u32 = 3;
    /// 64 bits with a sign.
    pub const INT64: u32 = 4;
    /// 8 bits without a sign.
    pub const UINT8: u32 = 5;
    /// 16 bits without a sign.
    pub const UINT16: u32 = 6;
    /// 32 bits without a sign.
    pub const UINT32: u32 = 7;
    /// 64 bits without a sign.
    pub const UINT64: u32 = 8;
    /// 32-bit float.
    pub const FLOAT: u32 = 9;
    /// 64-bit float.
    pub const DOUBLE: u32 = 10;
    /// Yes or no.
    pub const BOOLEAN: u32 = 11;
    /// Text.
    pub const STRING: u32 = 12;
    /// Milliseconds since the epoch.
    pub const DATE_TIME: u32 = 13;
    /// Text.
    pub const TEXT: u32 = 14;
    /// A UUID as text.
    pub const UUID: u32 = 15;
    /// A table; its columns are series.
    pub const DATA_SET: u32 = 16;
    /// A structure; its members are series.
    pub const TEMPLATE: u32 = 19;
}

/// What a metric says.
#[derive(Clone, Debug, PartialEq)]
pub enum Converted {
    /// A value, or the honest lack of one, and how far to trust it.
    Scalar {
        /// The value.
        value: Option<Value>,
        /// Its quality.
        quality: Quality,
    },
    /// A type that is no single value (data set, template, bytes, file, array, unknown number).
    Skipped {
        /// What it is called.
        type_name: &'static str,
    },
    /// The value has another form than its datatype: no value, quality bad, worth a finding.
    Mismatch,
}

/// The value of a metric whose datatype is `datatype` (its own, or the one from its birth).
pub fn convert(datatype: u32, metric: &Metric) -> Converted {
    let type_name = match datatype {
        datatype::INT8..=datatype::UUID => None,
        16 => Some("DataSet"),
        17 => Some("Bytes"),
        18 => Some("File"),
        19 => Some("Template"),
        20 => Some("PropertySet"),
        21 => Some("PropertySetList"),
        22..=34 => Some("array"),
        _ => Some("unknown datatype"),
    };
    if let Some(type_name) = type_name {
        return Converted::Skipped { type_name };
    }
    if metric.is_null == Some(true) {
        return Converted::Scalar { value: None, quality: Quality::Bad };
    }
    let Some(wire) = &metric.value else {
        return Converted::Scalar { value: None, quality: Quality::Bad };
    };
    let quality = metric.properties.as_ref().and_then(quality_property).unwrap_or(Quality::Good);
    let value = match (datatype, wire) {
        (datatype::FLOAT | datatype::DOUBLE, MetricValue::Float(number)) => Value::finite(widened(*number)),
        (datatype::FLOAT | datatype::DOUBLE, MetricValue::Double(number)) => Value::finite(*number),
        (datatype::BOOLEAN, MetricValue::Boolean(flag)) => Some(Value::Bool(*flag)),
        (datatype::STRING | datatype::TEXT | datatype::UUID, MetricValue::String(full)) => {
            let (kept, cut) = text::bounded(full);
            let quality = if cut { Quality::Bad } else { quality };
            return Converted::Scalar { value: Some(Value::Text(kept.to_owned())), quality };
        }
        // Stacks differ in which of the two fields carries UInt32 and the like: both are read.
        (number_type, MetricValue::Int(bits)) => match whole_number(number_type, u64::from(*bits), 32) {
            Some(value) => Some(value),
            None => return Converted::Mismatch,
        },
        (number_type, MetricValue::Long(bits)) => match whole_number(number_type, *bits, 64) {
            Some(value) => Some(value),
            None => return Converted::Mismatch,
        },
        (
            _,
            MetricValue::Float(_)
            | MetricValue::Double(_)
            | MetricValue::Boolean(_)
            | MetricValue::String(_)
            | MetricValue::Bytes(_)
            | MetricValue::DataSet(_)
            | MetricValue::Template(_)
            | MetricValue::Extension(_),
        ) => return Converted::Mismatch,
    };
    let quality = if value.is_some() { quality } else { Quality::Bad };
    Converted::Scalar { value, quality }
}

/// Signed numbers travel as unsigned two's complement; some senders fill only the type's own bits.
fn whole_number(number_type: u32, bits: u64, carried_bits: u32) -> Option<Value> {
    let number = match number_type {
        datatype::INT8 => i64::from(bits as u8 as i8),
        datatype::INT16 => i64::from(bits as u16 as i16),
        datatype::INT32 => i64::from(bits as u32 as i32),
        datatype::INT64 if carried_bits == 32 => i64::from(bits as u32 as i32),
        datatype::INT64 => bits as i64,
        datatype::UINT8 => i64::from(bits as u8),
        datatype::UINT16 => i64::from(bits as u16),
        datatype::UINT32 => i64::from(bits as u32),
        datatype::UINT64 | datatype::DATE_TIME => {
            // What does not fit a signed whole number keeps its size, not its last digits.
            return Some(i64::try_from(bits).map_or(Value::Float(bits as f64), Value::Int));
        }
        _ => return None,
    };
    Some(Value::Int(number))
}

/// A 32-bit float as the decimal a person would write for it: 0.1 stays 0.1, not 0.10000000149011612.
pub fn widened(number: f32) -> f64 {
    let direct = f64::from(number);
    if direct.fract() == 0.0 || !number.is_finite() {
        return direct;
    }
    number.to_string().parse().unwrap_or(direct)
}

#[derive(Clone, PartialEq, Message)]
struct PropertySet {
    #[prost(string, repeated, tag = "1")]
    keys: Vec<String>,
    #[prost(message, repeated, tag = "2")]
    values: Vec<PropertyValue>,
}

#[derive(Clone, PartialEq, Message)]
struct PropertyValue {
    #[prost(uint32, optional, tag = "3")]
    int_value: Option<u32>,
    #[prost(uint64, optional, tag = "4")]
    long_value: Option<u64>,
}

/// A property set of more bytes than this is not searched for a quality.
const PROPERTIES_MAX_BYTES: usize = 16 * 1024;

/// tck-id-payloads-propertyset-quality-value-value: 0 bad, 192 good, 500 stale.
fn quality_property(properties: &Bytes) -> Option<Quality> {
    if properties.len() > PROPERTIES_MAX_BYTES {
        return None;
    }
    let set = PropertySet::decode(properties.clone()).ok()?;
    let place = set.keys.iter().position(|key| key == "Quality")?;
    let value = set.values.get(place)?;
    match value.int_value.map(u64::from).or(value.long_value)? {
        192 => Some(Quality::Good),
        0 => Some(Quality::Bad),
        _ => Some(Quality::Uncertain),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn scalar(datatype: u32, value: MetricValue) -> (Option<Value>, Quality) {
        match convert(datatype, &Metric { value: Some(value), ..Metric::default() }) {
            Converted::Scalar { value, quality } => (value, quality),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn signed_numbers_come_back_from_twos_complement() {
        for (datatype, wire, number) in [
            (datatype::INT8, MetricValue::Int(0xFF), -1),
            (datatype::INT8, MetricValue::Int(0xFFFF_FF80), -128),
            (datatype::INT16, MetricValue::Int(0xFFFF_FFFE), -2),
            (datatype::INT16, MetricValue::Int(0x8000), -32_768),
            (datatype::INT32, MetricValue::Int(0xFFFF_FFFF), -1),
            (datatype::INT64, MetricValue::Long(u64::MAX), -1),
            (datatype::INT64, MetricValue::Int(0xFFFF_FFFF), -1),
            (datatype::UINT8, MetricValue::Int(255), 255),
            (datatype::UINT16, MetricValue::Int(65_535), 65_535),
            (datatype::UINT32, MetricValue::Int(u32::MAX), 4_294_967_295),
            (datatype::UINT32, MetricValue::Long(4_294_967_295), 4_294_967_295),
            (datatype::UINT64, MetricValue::Long(7), 7),
            (datatype::DATE_TIME, MetricValue::Long(1_795_400_000_000), 1_795_400_000_000),
        ] {
            assert_eq!(scalar(datatype, wire), (Some(Value::Int(number)), Quality::Good), "{datatype}");
        }
        assert_eq!(
            scalar(datatype::UINT64, MetricValue::Long(u64::MAX)).0,
            Some(Value::Float(18_446_744_073_709_551_615.0))
        );
    }

    #[test]
    fn floats_keep_their_decimal_and_nan_is_bad() {
        assert_eq!(scalar(datatype::FLOAT, MetricValue::Float(0.1)).0, Some(Value::Float(0.1)));
        assert_eq!(scalar(datatype::FLOAT, MetricValue::Float(1.0e10)).0, Some(Value::Float(1.0e10)));
        for odd in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            assert_eq!(scalar(datatype::FLOAT, MetricValue::Float(odd)), (None, Quality::Bad));
        }
        assert_eq!(scalar(datatype::DOUBLE, MetricValue::Double(f64::NAN)), (None, Quality::Bad));
    }

    #[test]
    fn text_types_and_booleans_are_read() {
        for datatype in [datatype::STRING, datatype::TEXT, datatype::UUID] {
            assert_eq!(scalar(datatype, MetricValue::String("on".into())).0, Some(Value::Text("on".into())));
        }
        assert_eq!(scalar(datatype::BOOLEAN, MetricValue::Boolean(true)).0, Some(Value::Bool(true)));
    }

    #[test]
    fn null_and_absent_values_are_bad_without_a_value() {
        let null = Metric { is_null: Some(true), value: Some(MetricValue::Int(3)), ..Metric::default() };
        for metric in [null, Metric::default()] {
            assert_eq!(
                convert(datatype::INT32, &metric),
                Converted::Scalar { value: None, quality: Quality::Bad }
            );
        }
    }

    #[test]
    fn what_is_no_single_value_is_skipped_by_name() {
        for (datatype, type_name) in [
            (0, "unknown datatype"),
            (16, "DataSet"),
            (19, "Template"),
            (22, "array"),
            (35, "unknown datatype"),
        ] {
            assert_eq!(convert(datatype, &Metric::default()), Converted::Skipped { type_name });
        }
    }

    #[test]
    fn a_value_of_another_form_is_a_mismatch() {
        let metric = Metric { value: Some(MetricValue::String("7".into())), ..Metric::default() };
        assert_eq!(convert(datatype::INT32, &metric), Converted::Mismatch);
        let metric = Metric { value: Some(MetricValue::Int(1)), ..Metric::default() };
        assert_eq!(convert(datatype::BOOLEAN, &metric), Converted::Mismatch);
    }

    #[test]
    fn the_quality_property_is_heard() {
        for (code, quality) in [(192, Quality::Good), (0, Quality::Bad), (500, Quality::Uncertain)] {
            let set = PropertySet {
                keys: vec!["Unit".into(), "Quality".into()],
                values: vec![
                    PropertyValue::default(),
                    PropertyValue { int_value: Some(code), long_value: None },
                ],
            };
            let metric = Metric {
                properties: Some(set.encode_to_vec().into()),
                value: Some(MetricValue::Int(1)),
                ..Metric::default()
            };
            assert_eq!(
                convert(datatype::INT32, &metric),
                Converted::Scalar { value: Some(Value::Int(1)), quality }
            );
        }
    }

    proptest! {
        #[test]
        fn a_widened_float_narrows_to_itself(number in any::<f32>()) {
            let back = widened(number) as f32;
            prop_assert!(back == number || number.is_nan());
        }
    }
}
