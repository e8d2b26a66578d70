//! What the rows of a file would do, and doing it.

use std::collections::{BTreeMap, BTreeSet};

use millwright_model::*;
use millwright_sheet::Value;

use super::line::{Fault, Line, Read};
use crate::EngineError;
use crate::unit::Unit;
use crate::use_case::{recording, work_order};

/// A record before and after.
pub(super) struct Change<R> {
    before: Option<R>,
    after: R,
}

impl<R: Record> Change<R> {
    async fn write(&self, unit: &mut Unit<'_>) -> Result<(), EngineError> {
        match &self.before {
            None => unit.create(&self.after).await.map(|_op| ()),
            Some(before) => unit.update(before, &self.after).await.map(|_op| ()),
        }
    }
}

/// One record to write.
pub(super) enum Write {
    Asset(Change<Asset>),
    Part(Change<Part>),
    WhereUsed(Change<WhereUsed>),
    Stock(Change<Stock>),
    Supplier(Change<Supplier>),
    Offer(Change<Offer>),
    Person(Change<Person>, Option<Vec<u8>>),
    Skill(Change<Skill>),
    SkillLevel(Change<SkillLevel>),
    Order(Box<Change<WorkOrder>>),
    Downtime(Change<Downtime>),
    TagBinding(Change<TagBinding>),
}

impl Write {
    async fn write(self, unit: &mut Unit<'_>) -> Result<(), EngineError> {
        match self {
            Self::Asset(change) => {
                unit.stale(CacheTag::Asset(change.after.asset_id));
                change.write(unit).await
            }
            Self::Part(change) => change.write(unit).await,
            Self::WhereUsed(change) => {
                unit.stale(CacheTag::Asset(change.after.asset_id));
                change.write(unit).await
            }
            Self::Stock(change) => change.write(unit).await,
            Self::Supplier(change) => change.write(unit).await,
            Self::Offer(change) => change.write(unit).await,
            Self::Person(change, key) => {
                if let Some(key) = key {
                    unit.session.set_person_key(change.after.person_id, Some(&key)).await?;
                }
                change.write(unit).await
            }
            Self::Skill(change) => change.write(unit).await,
            Self::SkillLevel(change) => change.write(unit).await,
            Self::Order(change) => {
                let cancelled = change.before.as_ref().is_some_and(|before| before.status.is_open())
                    && change.after.status == WorkOrderStatus::Cancelled;
                change.write(unit).await?;
                if cancelled {
                    recording::book_running_timers(unit, &change.after).await?;
                }
                work_order::changed(unit, &change.after);
                Ok(())
            }
            Self::Downtime(change) => {
                unit.stale(CacheTag::Asset(change.after.asset_id));
                change.write(unit).await
            }
            Self::TagBinding(change) => {
                unit.stale(CacheTag::Asset(change.after.asset_id));
                change.write(unit).await
            }
        }
    }
}

/// A change of a record as something to write.
pub(super) trait Brought: Record {
    /// The change, to write.
    fn to_write(change: Change<Self>) -> Write;
}

macro_rules! brought {
    ($($record:ident => $write:expr;)+) => {$(
        impl Brought for $record {
            fn to_write(change: Change<Self>) -> Write {
                $write(change)
            }
        }
    )+};
}

brought! {
    Asset => Write::Asset;
    Part => Write::Part;
    WhereUsed => Write::WhereUsed;
    Stock => Write::Stock;
    Supplier => Write::Supplier;
    Offer => Write::Offer;
    Skill => Write::Skill;
    SkillLevel => Write::SkillLevel;
    WorkOrder => |change| Write::Order(Box::new(change));
    Downtime => Write::Downtime;
    TagBinding => Write::TagBinding;
}

/// What the rows of a file would do.
pub(super) struct Plan {
    kind: DataKind,
    new: Vec<TakenRow>,
    changed: Vec<TakenRow>,
    same: Vec<TakenRow>,
    /// With the place of each among the rows of the file.
    refused: Vec<(usize, RowRefusal)>,
    writes: Vec<Write>,
}

impl Plan {
    /// Nothing yet.
    pub(super) fn new(kind: DataKind) -> Self {
        Self {
            kind,
            new: Vec::new(),
            changed: Vec::new(),
            same: Vec::new(),
            refused: Vec::new(),
            writes: Vec::new(),
        }
    }

    /// Refuses a row.
    pub(super) fn refuse(&mut self, line: &Line<'_>, fault: Fault) {
        let column = fault.field.and_then(|field| line.letter(field));
        let refusal = RowRefusal { row: line.row, column, field: fault.field, fault: fault.why };
        self.refused.push((line.place, refusal));
    }

    /// Counts a row as new, changed or as it was.
    pub(super) fn count(&mut self, row: u32, label: &str, what: Taken) {
        let label = label.to_owned();
        match what {
            Taken::New => self.new.push(TakenRow { row, label, fields: Vec::new() }),
            Taken::Changed(fields) => self.changed.push(TakenRow { row, label, fields }),
            Taken::Same => self.same.push(TakenRow { row, label, fields: Vec::new() }),
        }
    }

    /// Writes a record without counting a row for it.
    pub(super) fn write_also<R: Brought>(&mut self, before: Option<R>, after: R) {
        if before.as_ref() != Some(&after) {
            self.writes.push(R::to_write(Change { before, after }));
        }
    }

    /// Writes a person, with the key of somebody new.
    pub(super) fn write_person(&mut self, before: Option<Person>, after: Person, key: Option<Vec<u8>>) {
        self.writes.push(Write::Person(Change { before, after }, key));
    }

    /// Takes a row that stands for one record. `cells` are the columns of its kind, by which it is told what changes.
    pub(super) fn take<R: Brought>(
        &mut self,
        row: u32,
        label: &str,
        before: Option<&R>,
        after: R,
        cells: impl Fn(&R) -> Vec<Value>,
    ) {
        let what = match before {
            None => Taken::New,
            Some(before) if *before == after => Taken::Same,
            Some(before) => Taken::Changed(self.differences(&cells(before), &cells(&after))),
        };
        self.count(row, label, what);
        self.write_also(before.cloned(), after);
    }

    /// The fields in which two rows of this kind differ.
    pub(super) fn differences(&self, before: &[Value], after: &[Value]) -> Vec<DataField> {
        let fields = self.kind.fields().iter().map(|(field, _)| *field);
        let cells = before.iter().zip(after);
        fields.zip(cells).filter(|(_, (before, after))| before != after).map(|(field, _)| field).collect()
    }

    /// Puts the rows into the order of the file.
    pub(super) fn sort(&mut self) {
        for rows in [&mut self.new, &mut self.changed, &mut self.same] {
            rows.sort_by_key(|row| row.row);
        }
        self.refused.sort_by_key(|(place, _)| *place);
    }

    /// All refused rows, in the order of the file, each with its place among the rows.
    pub(super) fn refusals(&self) -> impl Iterator<Item = &(usize, RowRefusal)> {
        self.refused.iter()
    }

    /// What to tell of it.
    pub(super) fn report(&self) -> DataReport {
        let count = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
        let told = |rows: &[TakenRow]| rows.iter().take(DataReport::ROWS_TOLD).cloned().collect();
        DataReport {
            new: count(self.new.len()),
            changed: count(self.changed.len()),
            same: count(self.same.len()),
            refused: count(self.refused.len()),
            new_rows: told(&self.new),
            changed_rows: told(&self.changed),
            same_rows: told(&self.same),
            refused_rows: self
                .refused
                .iter()
                .take(DataReport::ROWS_TOLD)
                .map(|(_, refusal)| refusal.clone())
                .collect(),
            done: None,
        }
    }

    /// Writes what the rows that fit change.
    pub(super) async fn write(&mut self, unit: &mut Unit<'_>) -> Result<(), EngineError> {
        let writes = std::mem::take(&mut self.writes);
        if writes.is_empty() {
            return Ok(());
        }
        for write in writes {
            write.write(unit).await?;
        }
        let tags: &[CacheTag] = match self.kind {
            DataKind::Assets | DataKind::Downtimes => &[CacheTag::Assets],
            DataKind::Parts | DataKind::WhereUsed | DataKind::Stock | DataKind::Suppliers => {
                &[CacheTag::Parts]
            }
            DataKind::People | DataKind::Skills => &[CacheTag::People],
            DataKind::Orders => &[CacheTag::WorkOrders],
            DataKind::TagBindings => &[CacheTag::Assets, CacheTag::Tags],
        };
        for tag in tags {
            unit.stale(*tag);
        }
        Ok(())
    }
}

/// What a row does.
pub(super) enum Taken {
    /// It becomes a record.
    New,
    /// It changes one, in these fields.
    Changed(Vec<DataField>),
    /// It says what is here already.
    Same,
}

/// Which row was the first to speak of something.
#[derive(Default)]
pub(super) struct Seen(BTreeMap<Vec<String>, u32>);

impl Seen {
    /// Refuses what an earlier row spoke of.
    pub(super) fn once(&mut self, line: &Line<'_>, key: &[&str]) -> Read<()> {
        let key = key.iter().map(|part| (*part).to_owned()).collect();
        match self.0.get(&key) {
            Some(first) => Err(Fault::row(RowFault::Twice { first: *first })),
            None => {
                self.0.insert(key, line.row);
                Ok(())
            }
        }
    }
}

/// A set of texts, for what is known.
pub(super) type Known = BTreeSet<String>;
