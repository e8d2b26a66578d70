//! Many rows at once: ops folded per record in memory, and rows written in few statements. Gives the rows that
//! [`WriteSession::apply`] gives op by op.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use millwright_model::{Entity, FieldChange, Op, OpKind};
use serde_json::Value as Json;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::projection::{Bind, bind_all, to_bind};
use crate::table::{Table, table_of};
use crate::team::BaseRow;
use crate::{StoreError, WriteSession};

/// So many ops are folded before they are written: what they take in memory is bounded.
const WINDOW_OPS: usize = 20_000;
/// Fewer than so many are written one after the other: that takes fewer statements.
const WORTH_FOLDING: usize = 4;
/// The most values in one statement; SQLite takes 32,766.
const BINDS_MAX: usize = 4_000;

/// Ops that have still to be written, in their order.
#[derive(Default)]
pub(crate) struct Window<'o>(Vec<Cow<'o, Op>>);

/// Fields with their values, where they lie.
type Fields<'o> = BTreeMap<&'o str, &'o Json>;

/// What the ops of a window make of one record.
#[derive(Default)]
struct Folded<'o> {
    /// It came to be here: all of its fields are known.
    created: bool,
    deleted: bool,
    fields: Fields<'o>,
}

impl<'o> Folded<'o> {
    fn take(&mut self, op: &'o Op) {
        let fields = op.fields.iter().map(|(name, change)| (name.as_str(), &change.to));
        match op.kind {
            // A record that was removed and comes back begins anew.
            OpKind::Create => *self = Self { created: true, deleted: false, fields: fields.collect() },
            OpKind::Update => self.fields.extend(fields),
            OpKind::Delete => self.deleted = true,
        }
    }
}

/// A whole row that is to be written.
struct NewRow<'o> {
    id: Uuid,
    fields: Fields<'o>,
    deleted: bool,
}

impl WriteSession {
    /// Lets ops take effect, in their order.
    ///
    /// # Errors
    /// When the database refuses, or a field has a value that its column cannot hold.
    pub async fn apply_all<'o>(
        &mut self,
        ops: impl IntoIterator<Item = Cow<'o, Op>>,
    ) -> Result<(), StoreError> {
        let mut window = Window::default();
        for op in ops {
            self.fold(&mut window, op).await?;
        }
        self.write_window(&mut window).await
    }

    /// Takes an op into the window.
    pub(crate) async fn fold<'o>(
        &mut self,
        window: &mut Window<'o>,
        op: Cow<'o, Op>,
    ) -> Result<(), StoreError> {
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
    pub(crate) async fn write_window(&mut self, window: &mut Window<'_>) -> Result<(), StoreError> {
        let ops = std::mem::take(&mut window.0);
        if ops.len() >= WORTH_FOLDING {
            self.begin_part().await?;
            let written = self.write_folded(&ops).await;
            self.end_part(written.is_ok()).await?;
            if written.is_ok() {
                return Ok(());
            }
        }
        // A few, or a code went from one record to another in between: one after the other.
        for op in &ops {
            self.apply(op).await?;
        }
        self.write_waiting().await
    }

    async fn write_folded(&mut self, ops: &[Cow<'_, Op>]) -> Result<(), StoreError> {
        let mut places: HashMap<(Entity, Uuid), usize> = HashMap::new();
        let mut records: Vec<(Entity, Uuid, Folded<'_>)> = Vec::new();
        for op in ops {
            let place = *places.entry((op.entity, op.entity_id)).or_insert_with(|| {
                records.push((op.entity, op.entity_id, Folded::default()));
                records.len() - 1
            });
            if let Some((_, _, folded)) = records.get_mut(place) {
                folded.take(op);
            }
        }
        let mut created: BTreeMap<Entity, Vec<NewRow<'_>>> = BTreeMap::new();
        for (entity, id, Folded { created: is_new, deleted, fields }) in records {
            self.will_index(entity, id);
            if is_new {
                created.entry(entity).or_default().push(NewRow { id, fields, deleted });
                continue;
            }
            let table = table_of(entity);
            let change = |(name, to): (&str, &Json)| {
                (name.to_owned(), FieldChange { from: Json::Null, to: to.clone() })
            };
            let changes = fields.into_iter().map(change).collect();
            self.update_row(table, id, &changes).await?;
            if deleted {
                self.delete_row(table, id).await?;
            }
        }
        for (entity, rows) in created {
            self.insert_rows(table_of(entity), &rows).await?;
        }
        self.write_waiting().await
    }

    /// Puts rows into their tables as they are; those without fields are taken out.
    pub(crate) async fn put_rows(&mut self, rows: Vec<BaseRow>) -> Result<(), StoreError> {
        let mut gone: BTreeMap<Entity, Vec<Uuid>> = BTreeMap::new();
        let mut there: BTreeMap<Entity, Vec<NewRow<'_>>> = BTreeMap::new();
        for BaseRow { entity, id, fields, deleted } in &rows {
            self.will_index(*entity, *id);
            match fields {
                None => gone.entry(*entity).or_default().push(*id),
                Some(fields) => {
                    let fields = fields.iter().map(|(name, value)| (name.as_str(), value)).collect();
                    there.entry(*entity).or_default().push(NewRow { id: *id, fields, deleted: *deleted });
                }
            }
        }
        for (entity, ids) in gone {
            self.take_out(table_of(entity), &ids).await?;
        }
        // What stands for what comes first: references are led by it when rows are written.
        if let Some(aliases) = there.remove(&Entity::Alias) {
            self.insert_rows(table_of(Entity::Alias), &aliases).await?;
        }
        for (entity, rows) in there {
            self.insert_rows(table_of(entity), &rows).await?;
        }
        Ok(())
    }

    async fn take_out(&mut self, table: &Table, ids: &[Uuid]) -> Result<(), StoreError> {
        self.learned.forget_records();
        self.may_change_aliases(table);
        let (name, key) = (table.entity.as_str(), table.id_column());
        let sql = format!("delete from {name} where {key} in (select value from json_each(?))");
        sqlx::query(AssertSqlSafe(sql)).bind(id_list(ids)?).execute(self.connection().await?).await?;
        Ok(())
    }

    async fn insert_rows(&mut self, table: &Table, rows: &[NewRow<'_>]) -> Result<(), StoreError> {
        self.learned.forget_records();
        self.may_change_aliases(table);
        let has_aliases = self.has_aliases().await?;
        let width = table.columns.len() + 2;
        let names: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
        let (columns, name, key) = (names.join(", "), table.entity.as_str(), table.id_column());
        let updates: Vec<String> =
            names.iter().map(|column| format!("{column} = excluded.{column}")).collect();
        let updates = updates.join(", ");
        let marks = format!("({})", vec!["?"; width].join(", "));
        for rows in rows.chunks((BINDS_MAX / width).max(1)) {
            let mut binds = Vec::with_capacity(rows.len() * width);
            for row in rows {
                for (column, kind) in table.columns {
                    binds.push(match row.fields.get(*column) {
                        Some(value) if has_aliases => self.bind_of(table, column, *kind, value).await?,
                        Some(value) => to_bind(table, column, *kind, value)?,
                        None if *column == key => row.id.into(),
                        None => Bind::Null,
                    });
                }
                binds.push(Bind::Text(without_columns(table, &row.fields)?));
                binds.push(Bind::Integer(i64::from(row.deleted)));
            }
            let sql = format!(
                "insert into {name} ({columns}, extra, deleted) values {} \
                 on conflict ({key}) do update set {updates}, extra = excluded.extra, deleted = excluded.deleted",
                vec![marks.as_str(); rows.len()].join(", ")
            );
            bind_all(sqlx::query(AssertSqlSafe(sql)), binds).execute(self.connection().await?).await?;
        }
        Ok(())
    }
}

/// Ids as one value for `json_each`.
pub(crate) fn id_list(ids: &[Uuid]) -> Result<String, StoreError> {
    serde_json::to_string(ids).map_err(|error| StoreError::corrupt("ids", error))
}

/// Fields that this version has no column for, kept verbatim for the version that has.
fn without_columns(table: &Table, fields: &Fields<'_>) -> Result<String, StoreError> {
    let has_column = |name: &str| table.columns.iter().any(|(column, _)| *column == name);
    if fields.keys().all(|name| has_column(name)) {
        return Ok("{}".to_owned());
    }
    let kept: Fields<'_> =
        fields.iter().filter(|(name, _)| !has_column(name)).map(|(name, value)| (*name, *value)).collect();
    serde_json::to_string(&kept).map_err(|error| StoreError::corrupt("extra", error))
}
