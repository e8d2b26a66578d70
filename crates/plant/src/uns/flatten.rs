//! One pass over JSON text into its scalars with their paths, within limits, without a tree in between.

use std::fmt;

use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{FIELD_MAX_BYTES, UnsLimits};
use crate::text;

/// One scalar of the payload.
pub(super) struct Leaf {
    /// Names of the objects around it and its own, joined by dots; empty for a bare scalar.
    pub path: String,
    pub scalar: Scalar,
}

pub(super) enum Scalar {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    /// The kept start of a text and how long all of it was.
    Text {
        kept: String,
        full_bytes: usize,
    },
}

impl Scalar {
    /// The number as whole milliseconds.
    pub fn whole_ms(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            // Every float below 2^53 converts exactly; beyond it no clock is believed anyway.
            Self::Float(number) if number.fract() == 0.0 => Some(*number as i64),
            Self::Null | Self::Bool(_) | Self::Float(_) | Self::Text { .. } => None,
        }
    }
}

#[derive(Default)]
pub(super) struct Flattened {
    pub leaves: Vec<Leaf>,
    pub arrays_skipped: usize,
    pub first_array: String,
}

/// Reads the value at `path` into `into`.
pub(super) struct Flattener<'a> {
    pub into: &'a mut Flattened,
    pub path: &'a mut String,
    /// How many objects are around this value.
    pub depth: usize,
    pub limits: &'a UnsLimits,
}

impl Flattener<'_> {
    fn leaf<E: Error>(self, scalar: Scalar) -> Result<(), E> {
        if self.into.leaves.len() >= self.limits.fields {
            return Err(E::custom(format_args!("more than {} fields", self.limits.fields)));
        }
        self.into.leaves.push(Leaf { path: self.path.clone(), scalar });
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Flattener<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Flattener<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.leaf(Scalar::Null)
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<(), E> {
        self.leaf(Scalar::Bool(flag))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        self.leaf(Scalar::Int(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        // What does not fit a signed whole number keeps its size, not its last digits.
        let scalar = i64::try_from(number).map_or(Scalar::Float(number as f64), Scalar::Int);
        self.leaf(scalar)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<(), E> {
        self.leaf(Scalar::Float(number))
    }

    fn visit_str<E: Error>(self, full: &str) -> Result<(), E> {
        let (kept, _) = text::bounded(full);
        self.leaf(Scalar::Text { kept: kept.to_owned(), full_bytes: full.len() })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        if self.into.arrays_skipped == 0 {
            self.into.first_array = self.path.clone();
        }
        self.into.arrays_skipped += 1;
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        if self.depth >= self.limits.depth {
            return Err(A::Error::custom(format_args!(
                "more than {} objects within objects",
                self.limits.depth
            )));
        }
        let path_before = self.path.len();
        while let Some(name) = fields.next_key::<std::borrow::Cow<'_, str>>()? {
            if path_before > 0 {
                self.path.push('.');
            }
            self.path.push_str(&name);
            if self.path.len() > FIELD_MAX_BYTES {
                return Err(A::Error::custom(format_args!(
                    "a field name longer than {FIELD_MAX_BYTES} bytes"
                )));
            }
            fields.next_value_seed(Flattener {
                into: &mut *self.into,
                path: &mut *self.path,
                depth: self.depth + 1,
                limits: self.limits,
            })?;
            self.path.truncate(path_before);
        }
        Ok(())
    }
}
