//! Many ops at once, for a rebuild: folded per record in memory and written in few statements. Gives the rows that
//! [`WriteSession::apply`] gives op by op.

use std::collections::{BTreeMap, HashMap};

use millwright_model::{Entity, FieldChange, Op, OpKind};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::projection::{Bind, bind_all, to_bind, unknown_fields};
use crate::table::{Table, table_of};
use crate::{StoreError, WriteSession};

/// So many ops are folded before they are written: what they take in memory is bounded.
const WINDOW_OPS: usize = 20_000;
/// The most values in one statement; SQLite takes 32,766.
const BINDS_MAX: usize = 4_000;

/// Ops that have still to be written, in their order.
#[derive(Default)]
pub(crate) struct Window(Vec<Op>);

/// What the ops of a window make of one record.
#[derive(Default)]
struct Folded {
    /// It came to be here: all of its fields are known.
    created: bool,
    deleted: Option<bool>,
    fields: BTreeMap<String, FieldChange>,
}

impl Folded {
    fn take(&mut self, op: &Op) {
        match op.kind {
            // A record that was removed and comes back begins anew.
            OpKind::Create => *self = Self { created: true, deleted: Some(false), fields: op.fields.clone() },
            OpKind::Update => {
                self.fields.extend(op.fields.iter().map(|(name, change)| (name.clone(), change.clone())));
            }
            OpKind::Delete => self.deleted = Some(true),
        }
    }
}

impl WriteSession {
    /// Takes an op into the window. What it means for search is left to [`WriteSession::index_all`].
    pub(crate) async fn fold(&mut self, window: &mut Window, op: Op) -> Result<(), StoreError> {
        if op.entity == Entity::Alias {
            // It leads what other rows say: those have to be there.
            self.write_window(window).await?;
            return self.apply(&op).await;
        }
        window.0.push(op);
        if window.0.len() >= WINDOW_OPS {
            self.write_window(window).await?;
        }
        Ok(())
    }

    /// Writes what the window holds.
    pub(crate) async fn write_window(&mut self, window: &mut Window) -> Result<(), StoreError> {
        let ops = std::mem::take(&mut window.0);
        if ops.is_empty() {
            return Ok(());
        }
        if !self.has_aliases().await? {
            self.begin_part().await?;
            let written = self.write_folded(&ops).await;
            self.end_part(written.is_ok()).await?;
            if written.is_ok() {
                return Ok(());
            }
        }
        // References are led, or a code went from one record to another in between: one after the other.
        for op in &ops {
            self.apply(op).await?;
        }
        Ok(())
    }

    async fn write_folded(&mut self, ops: &[Op]) -> Result<(), StoreError> {
        let mut places: HashMap<(Entity, Uuid), usize> = HashMap::new();
        let mut records: Vec<(Entity, Uuid, Folded)> = Vec::new();
        for op in ops {
            let place = *places.entry((op.entity, op.entity_id)).or_insert_with(|| {
                records.push((op.entity, op.entity_id, Folded::default()));
                records.len() - 1
            });
            if let Some((_, _, folded)) = records.get_mut(place) {
                folded.take(op);
            }
        }
        let mut created: BTreeMap<Entity, Vec<(Uuid, Folded)>> = BTreeMap::new();
        for (entity, id, folded) in records {
            if folded.created {
                created.entry(entity).or_default().push((id, folded));
                continue;
            }
            let table = table_of(entity);
            self.update_row(table, id, &folded.fields).await?;
            if folded.deleted == Some(true) {
                self.delete_row(table, id).await?;
            }
        }
        for (entity, rows) in created {
            self.insert_rows(table_of(entity), &rows).await?;
        }
        Ok(())
    }

    async fn insert_rows(&mut self, table: &Table, rows: &[(Uuid, Folded)]) -> Result<(), StoreError> {
        let width = table.columns.len() + 2;
        let names: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
        let (columns, name, key) = (names.join(", "), table.entity.as_str(), table.id_column());
        let updates: Vec<String> =
            names.iter().map(|column| format!("{column} = excluded.{column}")).collect();
        let updates = updates.join(", ");
        let marks = format!("({})", vec!["?"; width].join(", "));
        for rows in rows.chunks((BINDS_MAX / width).max(1)) {
            let mut binds = Vec::with_capacity(rows.len() * width);
            for (id, folded) in rows {
                for (column, kind) in table.columns {
                    binds.push(match folded.fields.get(*column) {
                        Some(change) => to_bind(table, column, *kind, &change.to)?,
                        None if *column == key => (*id).into(),
                        None => Bind::Null,
                    });
                }
                binds.push(Bind::Text(unknown_fields(table, &folded.fields, serde_json::Map::new())?));
                binds.push(Bind::Integer(i64::from(folded.deleted == Some(true))));
            }
            let sql = format!(
                "insert into {name} ({columns}, extra, deleted) values {} \
                 on conflict ({key}) do update set {updates}, extra = excluded.extra, deleted = excluded.deleted",
                vec![marks.as_str(); rows.len()].join(", ")
            );
            bind_all(sqlx::query(AssertSqlSafe(sql)), binds).execute(self.connection()).await?;
        }
        Ok(())
    }
}
