//! The tables of the ERP, in memory, and how a change gets into them: through the journal first.

use std::collections::BTreeMap;
use std::path::Path;

use millwright_model::TimestampMs;
use serde_json::Value;

use super::journal::{Journal, Line};
use super::schema::{EntitySet, Navigation, set_named};
use super::{Refusal, Row, founding, text};
use crate::DemoError;
use crate::seed::Seed;

/// Records that are new or replaced: set and record.
pub(super) type Change = Vec<(&'static str, Row)>;

/// The tables.
#[derive(Debug)]
pub(crate) struct Store {
    tables: BTreeMap<String, BTreeMap<Vec<String>, Row>>,
    journal: Journal,
}

impl Store {
    /// Opens what stands in `folder`, or founds the plant there.
    pub fn open(folder: &Path, seed: &Seed, now: TimestampMs) -> Result<Self, DemoError> {
        let (mut journal, lines) = Journal::open(folder)?;
        let founded = match lines.first() {
            Some(Line::Founded { at }) => *at,
            Some(Line::Put(_)) | None => {
                journal.append(&Line::Founded { at: now })?;
                now
            }
        };
        let mut store = Self { tables: BTreeMap::new(), journal };
        for (set, row) in founding::rows(seed, founded) {
            store.put(set, row);
        }
        for line in lines {
            match line {
                Line::Founded { .. } => {}
                Line::Put(rows) => rows.into_iter().for_each(|(set, row)| store.put(&set, row)),
            }
        }
        Ok(store)
    }

    /// Takes a change in, whole: it is on disk before it is in the tables.
    pub fn commit(&mut self, change: Change) -> Result<(), Refusal> {
        let rows = change.into_iter().map(|(set, row)| (set.to_owned(), row)).collect();
        let line = Line::Put(rows);
        self.journal.append(&line).map_err(|error| Refusal::new(507, &error.to_string()))?;
        if let Line::Put(rows) = line {
            rows.into_iter().for_each(|(set, row)| self.put(&set, row));
        }
        Ok(())
    }

    fn put(&mut self, set: &str, row: Row) {
        // A set of a later version of this program is kept in the journal and not shown.
        let Some(known) = set_named(set) else { return };
        self.tables.entry(set.to_owned()).or_default().insert(key_of(known, &row), row);
    }

    /// All records of a set, by key.
    pub fn rows(&self, set: &str) -> impl DoubleEndedIterator<Item = &Row> {
        self.tables.get(set).into_iter().flat_map(BTreeMap::values)
    }

    /// The record of a key.
    pub fn row(&self, set: &str, key: &[String]) -> Option<&Row> {
        self.tables.get(set)?.get(key)
    }

    /// The record of a key of one field.
    pub fn row_of(&self, set: &str, key: &str) -> Option<&Row> {
        self.row(set, &[key.to_owned()])
    }

    /// The children of a record.
    pub fn children(&self, set: &EntitySet, row: &Row, navigation: &Navigation) -> Vec<&Row> {
        let of_parent = |child: &&Row| set.keys.iter().all(|key| child.get(*key) == row.get(*key));
        self.rows(navigation.set).filter(of_parent).collect()
    }

    /// The number after the highest one in `field`, with leading zeros up to `width`.
    pub fn next_number(&self, set: &str, field: &str, width: usize, first: u64) -> String {
        let numbers = self.rows(set).filter_map(|row| text(row, field)?.parse::<u64>().ok());
        let next = numbers.max().map_or(first, |highest| highest + 1);
        format!("{next:0width$}")
    }
}

/// The key of a record, as text per field.
pub(super) fn key_of(set: &EntitySet, row: &Row) -> Vec<String> {
    let field = |key: &&str| row.get(*key).and_then(Value::as_str).unwrap_or_default().to_owned();
    set.keys.iter().map(field).collect()
}
