//! Data sets and templates unfolded to single values: a column or a member is a series of its own. Pure.
//!
//! A data set's rows are samples of the same time, in the order of the rows. A template's members stand under their
//! path (`pump/speed`), down to a depth. What goes beyond the bounds, or cannot be read, is one bad value.

use bytes::Bytes;
use prost::Message;

use super::value::datatype;
use super::wire::{Metric, MetricValue, count_fields};

/// The most columns of a data set, the most rows, and the most cells of both together.
const COLUMNS_MAX: usize = 256;
const ROWS_MAX: usize = 1_000;
const CELLS_MAX: usize = 10_000;
/// The most members of a template, and how deep templates may lie in templates.
const MEMBERS_MAX: usize = 1_000;
const DEPTH_MAX: usize = 4;
/// The most bytes of one data set or template.
const BYTES_MAX: usize = 1024 * 1024;
/// The longest path of a column or member.
const PATH_MAX_BYTES: usize = 512;

/// One value out of a data set or template.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Leaf {
    /// The column, or the path of the member.
    pub path: String,
    /// The value as a metric; its datatype may be missing in a template that is no birth.
    pub metric: Metric,
}

/// What a data set or template holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Unfolded {
    /// Its values.
    Leaves(Vec<Leaf>),
    /// It describes a template: there is nothing to show.
    Definition,
    /// It cannot be read, or goes beyond the bounds.
    Unreadable,
}

#[derive(Clone, PartialEq, Message)]
struct DataSet {
    #[prost(string, repeated, tag = "2")]
    columns: Vec<String>,
    #[prost(uint32, repeated, tag = "3")]
    types: Vec<u32>,
    #[prost(message, repeated, tag = "4")]
    rows: Vec<Row>,
}

#[derive(Clone, PartialEq, Message)]
struct Row {
    #[prost(message, repeated, tag = "1")]
    elements: Vec<Element>,
}

#[derive(Clone, PartialEq, Message)]
struct Element {
    #[prost(oneof = "ElementValue", tags = "1, 2, 3, 4, 5, 6")]
    value: Option<ElementValue>,
}

#[derive(Clone, PartialEq, prost::Oneof)]
enum ElementValue {
    #[prost(uint32, tag = "1")]
    Int(u32),
    #[prost(uint64, tag = "2")]
    Long(u64),
    #[prost(float, tag = "3")]
    Float(f32),
    #[prost(double, tag = "4")]
    Double(f64),
    #[prost(bool, tag = "5")]
    Boolean(bool),
    #[prost(string, tag = "6")]
    String(String),
}

#[derive(Clone, PartialEq, Message)]
struct Template {
    #[prost(message, repeated, tag = "2")]
    metrics: Vec<Metric>,
    #[prost(bool, optional, tag = "5")]
    is_definition: Option<bool>,
}

/// Whether values of this datatype are unfolded.
pub(super) fn is_composite(datatype: u32) -> bool {
    matches!(datatype, datatype::DATA_SET | datatype::TEMPLATE)
}

/// The values of a data set or template.
pub(super) fn unfold(metric: &Metric) -> Unfolded {
    match &metric.value {
        Some(MetricValue::DataSet(bytes)) => {
            data_set(bytes, metric).map_or(Unfolded::Unreadable, Unfolded::Leaves)
        }
        Some(MetricValue::Template(bytes)) => {
            let mut leaves = Vec::new();
            match template(bytes, metric, "", 1, &mut leaves) {
                Some(true) => Unfolded::Definition,
                Some(false) => Unfolded::Leaves(leaves),
                None => Unfolded::Unreadable,
            }
        }
        _ => Unfolded::Unreadable,
    }
}

fn data_set(bytes: &Bytes, metric: &Metric) -> Option<Vec<Leaf>> {
    if bytes.len() > BYTES_MAX || count_fields(bytes.clone(), 4).ok()? > ROWS_MAX {
        return None;
    }
    let set = DataSet::decode(bytes.clone()).ok()?;
    let names_fit = set.columns.iter().all(|name| !name.is_empty() && name.len() <= PATH_MAX_BYTES);
    let sizes_fit = set.columns.len() <= COLUMNS_MAX && set.columns.len() * set.rows.len() <= CELLS_MAX;
    if !names_fit || !sizes_fit || set.columns.len() != set.types.len() {
        return None;
    }
    // A row of another length cannot be laid under the columns.
    if set.rows.iter().any(|row| row.elements.len() != set.columns.len()) {
        return None;
    }
    let mut leaves = Vec::with_capacity(set.columns.len() * set.rows.len());
    for row in set.rows {
        for ((element, name), datatype) in row.elements.into_iter().zip(&set.columns).zip(&set.types) {
            let value = element.value.map(|value| match value {
                ElementValue::Int(number) => MetricValue::Int(number),
                ElementValue::Long(number) => MetricValue::Long(number),
                ElementValue::Float(number) => MetricValue::Float(number),
                ElementValue::Double(number) => MetricValue::Double(number),
                ElementValue::Boolean(flag) => MetricValue::Boolean(flag),
                ElementValue::String(text) => MetricValue::String(text),
            });
            let cell = Metric {
                datatype: Some(*datatype),
                timestamp: metric.timestamp,
                is_historical: metric.is_historical,
                value,
                ..Metric::default()
            };
            leaves.push(Leaf { path: name.clone(), metric: cell });
        }
    }
    Some(leaves)
}

/// Collects the members; answers whether it is a definition, nothing when it cannot be read.
fn template(
    bytes: &Bytes,
    metric: &Metric,
    path: &str,
    depth: usize,
    leaves: &mut Vec<Leaf>,
) -> Option<bool> {
    if bytes.len() > BYTES_MAX || depth > DEPTH_MAX || count_fields(bytes.clone(), 2).ok()? > MEMBERS_MAX {
        return None;
    }
    let template = Template::decode(bytes.clone()).ok()?;
    if template.is_definition == Some(true) {
        return Some(true);
    }
    for mut member in template.metrics {
        let name = member.name.take().filter(|name| !name.is_empty())?;
        let path = if path.is_empty() { name } else { format!("{path}/{name}") };
        if path.len() > PATH_MAX_BYTES || leaves.len() >= MEMBERS_MAX {
            return None;
        }
        member.timestamp = member.timestamp.or(metric.timestamp);
        member.is_historical = member.is_historical.or(metric.is_historical);
        match &member.value {
            Some(MetricValue::Template(inner)) => {
                let inner = inner.clone();
                template_inside(&inner, &member, &path, depth, leaves)?;
            }
            _ => leaves.push(Leaf { path, metric: member }),
        }
    }
    Some(false)
}

fn template_inside(
    bytes: &Bytes,
    member: &Metric,
    path: &str,
    depth: usize,
    leaves: &mut Vec<Leaf>,
) -> Option<()> {
    template(bytes, member, path, depth + 1, leaves).map(|_is_definition| ())
}

#[cfg(test)]
#[path = "composite_tests.rs"]
mod tests;
