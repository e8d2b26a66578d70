//! Rows as the projection of ops: applying an op, reading rows back, and building all of it anew.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use millwright_model::{Entity, FieldChange, Op, OpKind, Record};
use serde_json::{Map, Value as Json};
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row, Sqlite};
use uuid::Uuid;

use crate::folding::Window;
use crate::table::{Kind, Table, table_of};
use crate::{Database, Session, StoreError, WriteSession};

/// A value given to a query.
#[derive(Clone, Debug)]
pub(crate) enum Bind {
    Text(String),
    Integer(i64),
    Real(f64),
    Blob(Vec<u8>),
    Null,
}

impl From<String> for Bind {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&[u8]> for Bind {
    fn from(bytes: &[u8]) -> Self {
        Self::Blob(bytes.to_vec())
    }
}

impl<T: Into<Bind>> From<Option<T>> for Bind {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl From<&str> for Bind {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Uuid> for Bind {
    fn from(uuid: Uuid) -> Self {
        Self::Text(uuid.to_string())
    }
}

impl From<i64> for Bind {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

type Query<'q> = sqlx::query::Query<'q, Sqlite, sqlx::sqlite::SqliteArguments>;

pub(crate) fn bind_all(mut query: Query<'_>, binds: Vec<Bind>) -> Query<'_> {
    for bind in binds {
        query = match bind {
            Bind::Text(text) => query.bind(text),
            Bind::Integer(number) => query.bind(number),
            Bind::Real(number) => query.bind(number),
            Bind::Blob(bytes) => query.bind(bytes),
            Bind::Null => query.bind(None::<String>),
        };
    }
    query
}

pub(crate) fn uuid_at(row: &SqliteRow, index: usize) -> Result<Uuid, StoreError> {
    let text: String = row.try_get(index)?;
    Uuid::parse_str(&text).map_err(|error| StoreError::corrupt(format!("id «{text}»"), error))
}

impl Session {
    /// The record with `id`, or the one that it gave way to; nothing when there is none or it was deleted.
    ///
    /// # Errors
    /// When the database refuses or the row cannot be read.
    pub async fn get<R: Record>(&mut self, id: impl Into<Uuid>) -> Result<Option<R>, StoreError> {
        let id: Uuid = id.into();
        if let Some(record) = self.read_one(id).await? {
            return Ok(Some(record));
        }
        let stands = self.stands_for(id).await?;
        if stands == id { Ok(None) } else { self.read_one(stands).await }
    }

    /// The record in the row with this very id. In a look that writes it is read once until it is written.
    async fn read_one<R: Record>(&mut self, id: Uuid) -> Result<Option<R>, StoreError> {
        if let Some(fields) = self.learned.record(R::ENTITY, id).cloned() {
            if cfg!(debug_assertions) && !self.waits() {
                let read = self.fields(R::ENTITY, id).await?;
                debug_assert_eq!(read.as_ref(), Some(&fields), "a row that was written is read anew");
            }
            return record_of(fields).map(Some);
        }
        let table = table_of(R::ENTITY);
        let tail = format!("where deleted = 0 and {} = ?", table.id_column());
        let rows = self.rows_of(table, &tail, vec![id.into()]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let fields = read_fields(table, row)?;
        let record = record_of(fields.clone())?;
        if self.writes() {
            self.learned.read(R::ENTITY, id, fields);
        }
        Ok(Some(record))
    }

    /// Every record of a kind, by id.
    ///
    /// # Errors
    /// When the database refuses or a row cannot be read.
    pub async fn all<R: Record>(&mut self) -> Result<Vec<R>, StoreError> {
        let tail = format!("where deleted = 0 order by {}", table_of(R::ENTITY).id_column());
        self.select(&tail, Vec::new()).await
    }

    pub(crate) async fn select_one<R: Record>(
        &mut self,
        tail: &str,
        binds: Vec<Bind>,
    ) -> Result<Option<R>, StoreError> {
        Ok(self.select(&format!("{tail} limit 1"), binds).await?.into_iter().next())
    }

    /// The records that `tail` (where, order, limit) lets through.
    pub(crate) async fn select<R: Record>(
        &mut self,
        tail: &str,
        binds: Vec<Bind>,
    ) -> Result<Vec<R>, StoreError> {
        let table = table_of(R::ENTITY);
        let rows = self.rows_of(table, tail, binds).await?;
        rows.iter().map(|row| record_of(read_fields(table, row)?)).collect()
    }

    async fn rows_of(
        &mut self,
        table: &Table,
        tail: &str,
        binds: Vec<Bind>,
    ) -> Result<Vec<SqliteRow>, StoreError> {
        let sql = format!("select {}, extra from {} {tail}", column_list(table), table.entity.as_str());
        self.ask(sql, binds).await
    }

    /// The fields of a record as ops name them, also when it was deleted; nothing when it never was.
    ///
    /// # Errors
    /// When the database refuses or the row cannot be read.
    pub async fn fields(
        &mut self,
        entity: Entity,
        id: Uuid,
    ) -> Result<Option<Map<String, Json>>, StoreError> {
        let table = table_of(entity);
        let (columns, name, key) = (column_list(table), entity.as_str(), table.id_column());
        let sql = format!("select {columns}, extra from {name} where {key} = ?");
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(id.to_string())
            .fetch_optional(self.connection().await?)
            .await?;
        row.map(|row| read_fields(table, &row)).transpose()
    }

    /// Every row of every projected table as text, to compare two states.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn dump(&mut self) -> Result<BTreeMap<String, Vec<String>>, StoreError> {
        let mut dump = BTreeMap::new();
        for entity in Entity::ALL {
            let table = table_of(entity);
            let sql =
                format!("select {}, extra, deleted from {} order by 1", column_list(table), entity.as_str());
            let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(self.connection().await?).await?;
            let mut lines = Vec::with_capacity(rows.len());
            for row in &rows {
                let deleted: i64 = row.try_get("deleted")?;
                let fields = serde_json::to_string(&read_fields(table, row)?);
                lines.push(format!(
                    "{} {deleted}",
                    fields.map_err(|error| StoreError::corrupt(entity.as_str(), error))?
                ));
            }
            dump.insert(entity.as_str().to_owned(), lines);
        }
        Ok(dump)
    }
}

impl WriteSession {
    /// Lets an op take effect on its row and on the search index. A fault of the database is told with the next question
    /// or with the commit.
    ///
    /// # Errors
    /// When the database refuses, or a field has a value that its column cannot hold.
    pub async fn apply(&mut self, op: &Op) -> Result<(), StoreError> {
        let table = table_of(op.entity);
        let stood = match op.entity {
            Entity::Alias => Some(self.stands_for(op.entity_id).await?),
            _ => None,
        };
        match op.kind {
            OpKind::Create => self.insert_row(table, op.entity_id, &op.fields).await?,
            OpKind::Update => self.update_row(table, op.entity_id, &op.fields).await?,
            OpKind::Delete => self.delete_row(table, op.entity_id).await?,
        }
        if let Some(stood) = stood {
            self.lead_references(op, stood).await?;
        }
        self.will_index(op.entity, op.entity_id);
        Ok(())
    }

    /// A field's value as its column holds it: a reference is led to the record that stands for it.
    pub(crate) async fn bind_of(
        &mut self,
        table: &Table,
        name: &str,
        kind: Kind,
        value: &Json,
    ) -> Result<Bind, StoreError> {
        match self.led(kind, value).await? {
            Some(led) => to_bind(table, name, kind, &led),
            None => to_bind(table, name, kind, value),
        }
    }

    /// What was known of aliases may not hold any more.
    pub(crate) fn may_change_aliases(&mut self, table: &Table) {
        if table.entity == Entity::Alias {
            self.learned.aliases = None;
        }
    }

    /// Writes a whole row.
    pub(crate) async fn write_fields(
        &mut self,
        table: &Table,
        id: Uuid,
        fields: &Map<String, Json>,
    ) -> Result<(), StoreError> {
        let fields = fields
            .iter()
            .map(|(name, to)| (name.clone(), FieldChange { from: Json::Null, to: to.clone() }))
            .collect();
        self.insert_row(table, id, &fields).await
    }

    async fn insert_row(
        &mut self,
        table: &Table,
        id: Uuid,
        fields: &BTreeMap<String, FieldChange>,
    ) -> Result<(), StoreError> {
        self.may_change_aliases(table);
        let mut columns = String::new();
        let mut updates = String::new();
        let mut marks = String::new();
        let mut binds = Vec::new();
        for (name, kind) in table.columns {
            let value = match fields.get(*name) {
                Some(change) => self.bind_of(table, name, *kind, &change.to).await?,
                None if *name == table.id_column() => id.into(),
                None => Bind::Null,
            };
            let separator = if columns.is_empty() { "" } else { ", " };
            write_sql(&mut columns, format_args!("{separator}{name}"))?;
            write_sql(&mut marks, format_args!("{separator}?"))?;
            write_sql(&mut updates, format_args!("{separator}{name} = excluded.{name}"))?;
            binds.push(value);
        }
        binds.push(Bind::Text(unknown_fields(table, fields, Map::new())?));
        let (name, key) = (table.entity.as_str(), table.id_column());
        // A record of an outside system that was deleted there and comes back has the same id: its row wakes up.
        let sql = format!(
            "insert into {name} ({columns}, extra) values ({marks}, ?) \
             on conflict ({key}) do update set {updates}, extra = excluded.extra, deleted = 0"
        );
        self.learned.forget_record(table.entity, id);
        self.write_later(&sql, binds).await
    }

    pub(crate) async fn update_row(
        &mut self,
        table: &Table,
        id: Uuid,
        fields: &BTreeMap<String, FieldChange>,
    ) -> Result<(), StoreError> {
        self.may_change_aliases(table);
        let mut sets = String::new();
        let mut binds = Vec::new();
        for (name, kind) in table.columns {
            let Some(change) = fields.get(*name) else { continue };
            let separator = if sets.is_empty() { "" } else { ", " };
            write_sql(&mut sets, format_args!("{separator}{name} = ?"))?;
            binds.push(self.bind_of(table, name, *kind, &change.to).await?);
        }
        let (name, key) = (table.entity.as_str(), table.id_column());
        if binds.len() < fields.len() {
            let sql = format!("select extra from {name} where {key} = ?");
            let row = sqlx::query(AssertSqlSafe(sql))
                .bind(id.to_string())
                .fetch_optional(self.connection().await?)
                .await?;
            let kept: Option<String> = row.map(|row| row.try_get(0)).transpose()?;
            let kept = kept.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
            let separator = if sets.is_empty() { "" } else { ", " };
            write_sql(&mut sets, format_args!("{separator}extra = ?"))?;
            binds.push(Bind::Text(unknown_fields(table, fields, kept)?));
        }
        if binds.is_empty() {
            return Ok(());
        }
        binds.push(id.into());
        let sql = format!("update {name} set {sets} where {key} = ?");
        self.learned.forget_record(table.entity, id);
        self.write_later(&sql, binds).await
    }

    pub(crate) async fn delete_row(&mut self, table: &Table, id: Uuid) -> Result<(), StoreError> {
        self.may_change_aliases(table);
        let sql = format!("update {} set deleted = 1 where {} = ?", table.entity.as_str(), table.id_column());
        self.learned.forget_record(table.entity, id);
        self.write_later(&sql, [id.into()]).await
    }
}

impl WriteSession {
    /// Empties every projected table and the search index.
    pub(crate) async fn clear_rows(&mut self) -> Result<(), StoreError> {
        self.learned.forget();
        for entity in Entity::ALL {
            let sql = format!("delete from {}", entity.as_str());
            sqlx::query(AssertSqlSafe(sql)).execute(self.connection().await?).await?;
        }
        sqlx::query("delete from beneath").execute(self.connection().await?).await?;
        self.clear_index().await
    }

    /// Lets everything that the node accepted take effect, in its order, on the base that this device started from.
    /// Answers how many ops did, and whether there is a base: only a member of a team has one.
    async fn apply_accepted(&mut self) -> Result<(u64, bool), StoreError> {
        let row = sqlx::query("select min(ledger_seq), max(ledger_seq) from base_row")
            .fetch_one(self.connection().await?)
            .await?;
        let (first, last): (Option<i64>, Option<i64>) = (row.try_get(0)?, row.try_get(1)?);
        let mut after = first.unwrap_or_default();
        if let Some(first) = first {
            self.put_base(first, first).await?;
        }
        let (mut applied, mut window) = (0, Window::default());
        loop {
            let page = self.entries_after(after, 500).await?;
            let Some(end) = page.last().and_then(|stored| stored.ledger_seq) else { break };
            for stored in &page {
                // Rows that came with a place of the order lie on top of what was accepted up to it.
                let place = stored.ledger_seq.unwrap_or_default();
                if last.is_some_and(|last| after < last) {
                    self.write_window(&mut window).await?;
                    self.put_base(after + 1, place - 1).await?;
                }
                for op in stored.verdict.effective(&stored.txn()?) {
                    self.fold(&mut window, Cow::Owned(op)).await?;
                    applied += 1;
                }
                if last.is_some_and(|last| place <= last) {
                    self.write_window(&mut window).await?;
                    self.put_base(place, place).await?;
                }
                after = place;
            }
            after = end;
        }
        self.write_window(&mut window).await?;
        if last.is_some_and(|last| after < last) {
            self.put_base(after + 1, i64::MAX).await?;
        }
        Ok((applied, first.is_some()))
    }
}

impl Database {
    /// Builds every row anew from the ops. What is not a projection (deliveries, settings, keys) stays as it is.
    ///
    /// # Errors
    /// When the database refuses or an op cannot be read; then nothing is changed.
    pub async fn rebuild(&self) -> Result<u64, StoreError> {
        let mut session = self.write().await?;
        session.clear_rows().await?;
        let (mut applied, is_member) = session.apply_accepted().await?;
        let (mut after, mut window) = (0, Window::default());
        loop {
            let page = session.waiting_after(after, 500).await?;
            let Some(last) = page.last() else { break };
            after = last.local_seq;
            for stored in &page {
                for op in stored.txn()?.ops {
                    match is_member {
                        false => session.fold(&mut window, Cow::Owned(op)).await?,
                        true => session.apply_waiting(&op).await?,
                    }
                    applied += 1;
                }
            }
        }
        session.write_window(&mut window).await?;
        session.index_all().await?;
        session.commit().await?;
        Ok(applied)
    }
}

fn write_sql(sql: &mut String, part: std::fmt::Arguments<'_>) -> Result<(), StoreError> {
    sql.write_fmt(part).map_err(|error| StoreError::corrupt("statement", error))
}

pub(crate) fn column_list(table: &Table) -> String {
    table.columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

/// Fields that this version has no column for, kept verbatim for the version that has.
fn unknown_fields(
    table: &Table,
    fields: &BTreeMap<String, FieldChange>,
    mut kept: Map<String, Json>,
) -> Result<String, StoreError> {
    for (name, change) in fields {
        if !table.columns.iter().any(|(column, _)| column == name) {
            kept.insert(name.clone(), change.to.clone());
        }
    }
    serde_json::to_string(&kept).map_err(|error| StoreError::corrupt("extra", error))
}

pub(crate) fn to_bind(table: &Table, name: &str, kind: Kind, value: &Json) -> Result<Bind, StoreError> {
    let refuse =
        || StoreError::corrupt(format!("{}.{name}", table.entity.as_str()), format!("{value} does not fit"));
    if value.is_null() {
        return Ok(Bind::Null);
    }
    match kind {
        Kind::Text | Kind::Reference => value.as_str().map(Bind::from).ok_or_else(refuse),
        Kind::Integer => value.as_i64().map(Bind::Integer).ok_or_else(refuse),
        Kind::Real => value.as_f64().map(Bind::Real).ok_or_else(refuse),
        Kind::Boolean => value.as_bool().map(|flag| Bind::Integer(i64::from(flag))).ok_or_else(refuse),
        Kind::Json | Kind::References => {
            serde_json::to_string(value).map(Bind::Text).map_err(|error| StoreError::corrupt(name, error))
        }
    }
}

fn record_of<R: Record>(fields: Map<String, Json>) -> Result<R, StoreError> {
    serde_json::from_value(Json::Object(fields))
        .map_err(|error| StoreError::corrupt(R::ENTITY.as_str(), error))
}

pub(crate) fn read_fields(table: &Table, row: &SqliteRow) -> Result<Map<String, Json>, StoreError> {
    let extra: String = row.try_get("extra")?;
    let mut fields: Map<String, Json> =
        serde_json::from_str(&extra).map_err(|error| StoreError::corrupt(table.entity.as_str(), error))?;
    for (index, (name, kind)) in table.columns.iter().enumerate() {
        let value = match kind {
            Kind::Text | Kind::Reference => row.try_get::<Option<String>, _>(index)?.map(Json::from),
            Kind::Integer => row.try_get::<Option<i64>, _>(index)?.map(Json::from),
            Kind::Real => row.try_get::<Option<f64>, _>(index)?.map(Json::from),
            Kind::Boolean => row.try_get::<Option<i64>, _>(index)?.map(|number| Json::from(number != 0)),
            Kind::Json | Kind::References => match row.try_get::<Option<String>, _>(index)? {
                Some(text) => {
                    Some(serde_json::from_str(&text).map_err(|error| StoreError::corrupt(*name, error))?)
                }
                None => None,
            },
        };
        fields.insert((*name).to_owned(), value.unwrap_or(Json::Null));
    }
    Ok(fields)
}
