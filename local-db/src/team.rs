//! What a team adds to the log: the node's order with its verdicts, the base that a member starts from, its waiting ops
//! on top of what is accepted, and how the node's talk with each device stands.

use std::collections::BTreeSet;

use millwright_model::{Attachment, DeviceId, Entity, Op, PersonId, TimestampMs, TxnId, Verdict};
use serde_json::{Map, Value as Json};
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use crate::known::code_column;
use crate::log::COLUMNS;
use crate::projection::{Bind, read_fields, uuid_at};
use crate::table::{Kind, table_of};
use crate::{SealedTxn, Session, StoreError, StoredTxn, WriteSession};

/// A row as a base or a page of rows holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct BaseRow {
    /// The kind of record.
    pub entity: Entity,
    /// Which.
    pub id: Uuid,
    /// Its fields; nothing when there is no such row.
    pub fields: Option<Map<String, Json>>,
    /// Whether it was removed.
    pub deleted: bool,
}

/// How the node's talk with a device stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Contact {
    /// The device.
    pub device_id: DeviceId,
    /// The certificate that was made for it, as DER.
    pub certificate: Vec<u8>,
    /// The place of the first op of its chain that has no gap before it.
    pub joined_seq: u64,
    /// When it last spoke.
    pub contact_at: Option<TimestampMs>,
    /// Who held it then.
    pub holder: Option<PersonId>,
    /// How far it had come in the node's order.
    pub checkpoint: i64,
    /// How many transactions waited there.
    pub pending: i64,
    /// Why nothing more is taken from it, where that is so.
    pub quarantined: Option<String>,
}

impl Session {
    /// The last place of the node's order that this file knows.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn ledger_head(&mut self) -> Result<i64, StoreError> {
        if let Some(known) = self.learned.ledger_head {
            return Ok(known);
        }
        let row = sqlx::query("select coalesce(max(ledger_seq), 0) from txn")
            .fetch_one(self.connection().await?)
            .await?;
        let head = row.try_get(0)?;
        if self.writes() {
            self.learned.ledger_head = Some(head);
        }
        Ok(head)
    }

    /// Accepted transactions after a place of the node's order.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn entries_after(&mut self, ledger_seq: i64, limit: i64) -> Result<Vec<StoredTxn>, StoreError> {
        let sql = AssertSqlSafe(format!("{COLUMNS} where ledger_seq > ? order by ledger_seq limit ?"));
        let rows = sqlx::query(sql).bind(ledger_seq).bind(limit).fetch_all(self.connection().await?).await?;
        rows.iter().map(StoredTxn::from_row).collect()
    }

    /// A device's own transactions that wait for the node, in the order of its chain, after a place in it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn pending_after(
        &mut self,
        device_id: DeviceId,
        after: Option<u64>,
        limit: i64,
    ) -> Result<Vec<StoredTxn>, StoreError> {
        let sql = AssertSqlSafe(format!(
            "{COLUMNS} where ledger_seq is null and device_id = ? and first_seq > ? order by first_seq limit ?"
        ));
        let rows = sqlx::query(sql)
            .bind(device_id.to_string())
            .bind(after.map_or(-1, |after| after as i64))
            .bind(limit)
            .fetch_all(self.connection().await?)
            .await?;
        rows.iter().map(StoredTxn::from_row).collect()
    }

    /// How many of them there are, and when the oldest was recorded.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn waiting_for_node(
        &mut self,
        device_id: DeviceId,
    ) -> Result<(i64, Option<TimestampMs>), StoreError> {
        let row = sqlx::query(
            "select count(*), min(recorded_at) from txn where ledger_seq is null and device_id = ?",
        )
        .bind(device_id.to_string())
        .fetch_one(self.connection().await?)
        .await?;
        Ok((row.try_get(0)?, row.try_get::<Option<i64>, _>(1)?.map(TimestampMs)))
    }

    /// How many of them have a newer format than the node reads.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn newer_than_node(&mut self, device_id: DeviceId, op_format: u16) -> Result<i64, StoreError> {
        let row =
            sqlx::query("select count(*) from txn where ledger_seq is null and device_id = ? and format > ?")
                .bind(device_id.to_string())
                .bind(i64::from(op_format))
                .fetch_one(self.connection().await?)
                .await?;
        Ok(row.try_get(0)?)
    }

    /// When the first of them may leave; the past when it may now, and nothing when the node does not read it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn next_release(
        &mut self,
        device_id: DeviceId,
        op_format: u16,
    ) -> Result<Option<TimestampMs>, StoreError> {
        let row = sqlx::query(
            "select coalesce(held_until, 0), format from txn where ledger_seq is null and device_id = ? \
             order by first_seq limit 1",
        )
        .bind(device_id.to_string())
        .fetch_optional(self.connection().await?)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let readable = row.try_get::<i64, _>(1)? <= i64::from(op_format);
        Ok(if readable { Some(TimestampMs(row.try_get(0)?)) } else { None })
    }

    /// The transactions that take back one of `txns`.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn is_undone(&mut self, txn_id: TxnId) -> Result<bool, StoreError> {
        let row = sqlx::query("select exists (select 1 from txn where undoes = ?)")
            .bind(txn_id.to_string())
            .fetch_one(self.connection().await?)
            .await?;
        Ok(row.try_get::<i64, _>(0)? != 0)
    }

    /// Whether an op of that id is kept, and in which transaction.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn txn_of_op(&mut self, op_id: Uuid) -> Result<Option<TxnId>, StoreError> {
        let row = sqlx::query("select txn_id from op where op_id = ?")
            .bind(op_id.to_string())
            .fetch_optional(self.connection().await?)
            .await?;
        row.map(|row| uuid_at(&row, 0).map(TxnId)).transpose()
    }

    /// A row as it is, also a removed one; nothing when there is none.
    ///
    /// # Errors
    /// When the database refuses or the row cannot be read.
    pub async fn row(&mut self, entity: Entity, id: Uuid) -> Result<BaseRow, StoreError> {
        let table = table_of(entity);
        let (columns, name, key) =
            (crate::projection::column_list(table), entity.as_str(), table.id_column());
        let sql = AssertSqlSafe(format!("select {columns}, extra, deleted from {name} where {key} = ?"));
        let row = sqlx::query(sql).bind(id.to_string()).fetch_optional(self.connection().await?).await?;
        let Some(row) = row else { return Ok(BaseRow { entity, id, fields: None, deleted: false }) };
        let deleted = row.try_get::<i64, _>("deleted")? != 0;
        Ok(BaseRow { entity, id, fields: Some(read_fields(table, &row)?), deleted })
    }

    /// The rows of every kind after `after`, in the order of kinds and ids, also removed ones.
    ///
    /// # Errors
    /// When the database refuses or a row cannot be read.
    pub async fn rows_after(
        &mut self,
        after: Option<(Entity, Uuid)>,
        limit: usize,
    ) -> Result<Vec<BaseRow>, StoreError> {
        let mut found = Vec::new();
        let from =
            after.map_or(0, |(entity, _)| Entity::ALL.iter().position(|known| *known == entity).unwrap_or(0));
        for entity in Entity::ALL.into_iter().skip(from) {
            let table = table_of(entity);
            let (columns, name, key) =
                (crate::projection::column_list(table), entity.as_str(), table.id_column());
            let beyond = match after {
                Some((of, id)) if of == entity => id.to_string(),
                _ => String::new(),
            };
            let room = i64::try_from(limit - found.len()).unwrap_or(i64::MAX);
            let sql = AssertSqlSafe(format!(
                "select {columns}, extra, deleted from {name} where {key} > ? order by {key} limit ?"
            ));
            let rows = sqlx::query(sql).bind(beyond).bind(room).fetch_all(self.connection().await?).await?;
            for row in &rows {
                let deleted = row.try_get::<i64, _>("deleted")? != 0;
                found.push(BaseRow {
                    entity,
                    id: uuid_at(row, 0)?,
                    fields: Some(read_fields(table, row)?),
                    deleted,
                });
            }
            if found.len() >= limit {
                break;
            }
        }
        Ok(found)
    }

    /// Every row that names one of two records.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn rows_naming(&mut self, ids: [Uuid; 2]) -> Result<BTreeSet<(Entity, Uuid)>, StoreError> {
        let mut naming = BTreeSet::new();
        for entity in Entity::ALL {
            let table = table_of(entity);
            for (column, kind) in table.columns {
                let test = match kind {
                    Kind::Reference => format!("{column} in (?1, ?2)"),
                    Kind::References => format!("instr({column}, ?1) > 0 or instr({column}, ?2) > 0"),
                    _ => continue,
                };
                let sql = AssertSqlSafe(format!(
                    "select {} from {} where {test}",
                    table.id_column(),
                    entity.as_str()
                ));
                let rows = sqlx::query(sql)
                    .bind(ids[0].to_string())
                    .bind(ids[1].to_string())
                    .fetch_all(self.connection().await?)
                    .await?;
                for row in &rows {
                    naming.insert((entity, uuid_at(row, 0)?));
                }
            }
        }
        Ok(naming)
    }

    /// Another living record that has this code (of assets and labels) or number (of parts and suppliers).
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn code_holder(
        &mut self,
        entity: Entity,
        id: Uuid,
        code: &str,
    ) -> Result<Option<Uuid>, StoreError> {
        let Some(column) = code_column(entity) else { return Ok(None) };
        let (name, key) = (entity.as_str(), table_of(entity).id_column());
        let sql = AssertSqlSafe(format!(
            "select {key} from {name} where {column} = ? and deleted = 0 and {key} <> ? limit 1"
        ));
        let row =
            sqlx::query(sql).bind(code).bind(id.to_string()).fetch_optional(self.connection().await?).await?;
        row.map(|row| uuid_at(&row, 0)).transpose()
    }

    /// How the talk with a device stands.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn contact(&mut self, device_id: DeviceId) -> Result<Option<Contact>, StoreError> {
        let row = sqlx::query("select * from team_contact where device_id = ?")
            .bind(device_id.to_string())
            .fetch_optional(self.connection().await?)
            .await?;
        row.as_ref().map(contact_of).transpose()
    }

    /// How the talk with every device stands that was let in.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn contacts(&mut self) -> Result<Vec<Contact>, StoreError> {
        let rows = sqlx::query("select * from team_contact order by device_id")
            .fetch_all(self.connection().await?)
            .await?;
        rows.iter().map(contact_of).collect()
    }

    /// The talk with the device that has this certificate, given as DER.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn contact_of_certificate(
        &mut self,
        certificate: &[u8],
    ) -> Result<Option<Contact>, StoreError> {
        let row = sqlx::query("select * from team_contact where certificate_hash = ?")
            .bind(&blake3::hash(certificate).as_bytes()[..])
            .fetch_optional(self.connection().await?)
            .await?;
        row.as_ref().map(contact_of).transpose()
    }

    /// Photos and files on records: the hash of each, its size in bytes, and whether the node has it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn blobs_named(&mut self) -> Result<Vec<(String, i64, bool)>, StoreError> {
        let rows = sqlx::query(
            "select blob, max(size_bytes), exists (select 1 from blob_at_node where hash = blob) \
             from attachment where deleted = 0 group by blob order by min(taken_at)",
        )
        .fetch_all(self.connection().await?)
        .await?;
        rows.iter()
            .map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get::<i64, _>(2)? != 0)))
            .collect()
    }

    /// The records that name a photo or file: at most `limit`.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn attachments_of_blob(
        &mut self,
        hash: &str,
        limit: i64,
    ) -> Result<Vec<Attachment>, StoreError> {
        self.select(
            "where blob = ? and deleted = 0 order by attachment_id limit ?",
            vec![hash.into(), limit.into()],
        )
        .await
    }
}

impl WriteSession {
    /// Begins a part of this transaction that can be given up alone.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn begin_part(&mut self) -> Result<(), StoreError> {
        sqlx::query("savepoint part").execute(self.connection().await?).await?;
        Ok(())
    }

    /// Keeps the part, or gives it up.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn end_part(&mut self, keep: bool) -> Result<(), StoreError> {
        if !keep {
            sqlx::query("rollback to part").execute(self.connection().await?).await?;
            self.learned.forget();
        }
        sqlx::query("release part").execute(self.connection().await?).await?;
        Ok(())
    }

    /// Gives every transaction of this file a place in the node's order: this device becomes the node.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn order_all(&mut self) -> Result<(), StoreError> {
        self.learned.ledger_head = None;
        sqlx::query("update txn set ledger_seq = local_seq where ledger_seq is null")
            .execute(self.connection().await?)
            .await?;
        Ok(())
    }

    /// Keeps a transaction that the node accepted at a place of its order. One that waited here gets its place; true
    /// when it did.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn keep_accepted(
        &mut self,
        sealed: &SealedTxn,
        ledger_seq: i64,
        verdict: &Verdict,
        excerpt: bool,
    ) -> Result<bool, StoreError> {
        if self.place(sealed.txn.txn_id, ledger_seq, verdict).await? {
            return Ok(true);
        }
        self.append(sealed).await?;
        self.place(sealed.txn.txn_id, ledger_seq, verdict).await?;
        if excerpt {
            sqlx::query("update txn set excerpt = 1 where txn_id = ?")
                .bind(sealed.txn.txn_id.to_string())
                .execute(self.connection().await?)
                .await?;
        }
        Ok(false)
    }

    /// Gives a kept transaction its place in the node's order; false when it is not here.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn place(
        &mut self,
        txn_id: TxnId,
        ledger_seq: i64,
        verdict: &Verdict,
    ) -> Result<bool, StoreError> {
        self.learned.ledger_head = None;
        let done = sqlx::query(PLACE)
            .bind(ledger_seq)
            .bind(stored_verdict(verdict)?)
            .bind(txn_id.to_string())
            .execute(self.connection().await?)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Gives a transaction that was just appended the next place in the node's order.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn place_next(&mut self, txn_id: TxnId, verdict: &Verdict) -> Result<i64, StoreError> {
        let next = self.ledger_head().await? + 1;
        self.write_later(PLACE, [next.into(), stored_verdict(verdict)?.into(), txn_id.0.into()]).await?;
        self.learned.ledger_head = Some(next);
        Ok(next)
    }

    /// Lets an op that waits for the node take effect on its row, and keeps what is accepted beneath it.
    ///
    /// # Errors
    /// When the database refuses, or a field has a value that its column cannot hold.
    pub async fn apply_pending(&mut self, op: &Op) -> Result<(), StoreError> {
        self.keep_beneath(op.entity, op.entity_id).await?;
        if op.entity == Entity::Alias {
            let stood = self.stands_for(op.entity_id).await?;
            for (entity, id) in self.rows_naming([stood, op.entity_id]).await? {
                self.keep_beneath(entity, id).await?;
            }
        }
        self.apply(op).await
    }

    /// [`WriteSession::apply_pending`], where the code that it claims may have been taken.
    pub(crate) async fn apply_waiting(&mut self, op: &Op) -> Result<(), StoreError> {
        self.write_waiting().await?;
        self.apply_pending(op).await?;
        match self.write_waiting().await {
            Err(StoreError::Duplicate { .. }) => Ok(()),
            done => done,
        }
    }

    async fn keep_beneath(&mut self, entity: Entity, id: Uuid) -> Result<(), StoreError> {
        let row = self.row(entity, id).await?;
        insert_base_rows(self, "beneath", None, &[row], "or ignore").await
    }

    /// Takes what waits off the rows: they are as accepted.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn lift_pending(&mut self) -> Result<(), StoreError> {
        // What stands for what comes first: references are led by it when rows are written.
        let rows = sqlx::query(
            "select entity, entity_id, fields, deleted from beneath order by entity <> 'alias', entity, entity_id",
        )
        .fetch_all(self.connection().await?)
        .await?;
        // A code moves between records: all of them give theirs up before any takes one.
        let rows = rows.iter().map(base_row_of).collect::<Result<Vec<_>, _>>()?;
        let out = rows.iter().map(|row| BaseRow { fields: None, ..row.clone() }).collect();
        self.put_rows(out).await?;
        self.put_rows(rows.into_iter().filter(|row| row.fields.is_some()).collect()).await?;
        sqlx::query("delete from beneath").execute(self.connection().await?).await?;
        Ok(())
    }

    /// Writes a row as it stands at the node, over whatever is here.
    ///
    /// # Errors
    /// When the database refuses, or a field has a value that its column cannot hold.
    pub async fn put_row(&mut self, row: &BaseRow) -> Result<(), StoreError> {
        self.learned.forget_record(row.entity, row.id);
        let table = table_of(row.entity);
        let Some(fields) = &row.fields else {
            let sql = format!("delete from {} where {} = ?", row.entity.as_str(), table.id_column());
            sqlx::query(AssertSqlSafe(sql))
                .bind(row.id.to_string())
                .execute(self.connection().await?)
                .await?;
            self.will_index(row.entity, row.id);
            return Ok(());
        };
        self.write_fields(table, row.id, fields).await?;
        if row.deleted {
            self.delete_row(table, row.id).await?;
        }
        self.will_index(row.entity, row.id);
        Ok(())
    }

    /// Lays pages of a first start aside.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn keep_pages(&mut self, first: bool, rows: &[BaseRow]) -> Result<(), StoreError> {
        if first {
            sqlx::query("delete from base_page").execute(self.connection().await?).await?;
        }
        insert_base_rows(self, "base_page", None, rows, "or replace").await
    }

    /// Makes the pages that were laid aside the base, as of a place in the node's order: every row is as the node had
    /// it, with what waits here of `writers` on top.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn found_base(&mut self, ledger_seq: i64, writers: &[DeviceId]) -> Result<(), StoreError> {
        sqlx::query("delete from base_row").execute(self.connection().await?).await?;
        sqlx::query(
            "insert into base_row (ledger_seq, entity, entity_id, fields, deleted) \
             select ?, entity, entity_id, fields, deleted from base_page",
        )
        .bind(ledger_seq)
        .execute(self.connection().await?)
        .await?;
        sqlx::query("delete from base_page").execute(self.connection().await?).await?;
        self.clear_rows().await?;
        self.put_base(ledger_seq, ledger_seq).await?;
        self.lay_pending(writers, ledger_seq).await
    }

    /// Keeps rows that came into scope or left it at a place in the node's order, and writes them.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn keep_rows(&mut self, ledger_seq: i64, rows: &[BaseRow]) -> Result<(), StoreError> {
        insert_base_rows(self, "base_row", Some(ledger_seq), rows, "or replace").await?;
        for row in rows {
            self.put_row(row).await?;
        }
        Ok(())
    }

    /// Writes the rows of the base that came with places `from` to `to`.
    pub(crate) async fn put_base(&mut self, from: i64, to: i64) -> Result<(), StoreError> {
        let mut after = (from, String::new(), String::new());
        loop {
            let rows = sqlx::query(
                "select entity, entity_id, fields, deleted, ledger_seq from base_row \
                 where (ledger_seq, entity, entity_id) > (?, ?, ?) and ledger_seq <= ? \
                 order by ledger_seq, entity, entity_id limit 1000",
            )
            .bind(after.0)
            .bind(&after.1)
            .bind(&after.2)
            .bind(to)
            .fetch_all(self.connection().await?)
            .await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = (last.try_get("ledger_seq")?, last.try_get(0)?, last.try_get(1)?);
            self.put_rows(rows.iter().map(base_row_of).collect::<Result<_, _>>()?).await?;
        }
    }

    /// Keeps how the talk with a device stands.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_contact(&mut self, contact: &Contact) -> Result<(), StoreError> {
        sqlx::query(
            "insert or replace into team_contact \
             (device_id, certificate, certificate_hash, joined_seq, contact_at, holder, checkpoint, pending, quarantined) \
             values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(contact.device_id.to_string())
        .bind(&contact.certificate[..])
        .bind(&blake3::hash(&contact.certificate).as_bytes()[..])
        .bind(contact.joined_seq as i64)
        .bind(contact.contact_at.map(|at| at.0))
        .bind(contact.holder.map(|holder| holder.to_string()))
        .bind(contact.checkpoint)
        .bind(contact.pending)
        .bind(contact.quarantined.as_deref())
        .execute(self.connection().await?)
        .await?;
        Ok(())
    }

    /// Notes that the node has a photo or file.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn blob_is_at_node(&mut self, hash: &str) -> Result<(), StoreError> {
        sqlx::query("insert or ignore into blob_at_node (hash) values (?)")
            .bind(hash)
            .execute(self.connection().await?)
            .await?;
        Ok(())
    }
}

/// So many rows are kept with one statement.
const ROWS_AT_ONCE: usize = 500;

const PLACE: &str = "update txn set ledger_seq = ?, verdict = ? where txn_id = ?";

fn stored_verdict(verdict: &Verdict) -> Result<Option<String>, StoreError> {
    match verdict {
        Verdict::Accepted => Ok(None),
        other => {
            serde_json::to_string(other).map(Some).map_err(|error| StoreError::corrupt("verdict", error))
        }
    }
}

async fn insert_base_rows(
    session: &mut WriteSession,
    table: &str,
    ledger_seq: Option<i64>,
    rows: &[BaseRow],
    how: &str,
) -> Result<(), StoreError> {
    let (column, mark) = if ledger_seq.is_some() { (", ledger_seq", ", ?") } else { ("", "") };
    let marks = format!("(?, ?, ?, ?{mark})");
    for rows in rows.chunks(ROWS_AT_ONCE) {
        let mut binds = Vec::with_capacity(rows.len() * 5);
        for row in rows {
            let fields = row.fields.as_ref().map(serde_json::to_string).transpose();
            let fields = fields.map_err(|error| StoreError::corrupt(row.entity.as_str(), error))?;
            binds.extend([
                row.entity.as_str().into(),
                row.id.into(),
                fields.map_or(Bind::Null, Bind::Text),
                Bind::Integer(i64::from(row.deleted)),
            ]);
            binds.extend(ledger_seq.map(Bind::Integer));
        }
        let values = vec![marks.as_str(); rows.len()].join(", ");
        let sql =
            format!("insert {how} into {table} (entity, entity_id, fields, deleted{column}) values {values}");
        session.write_later(&sql, binds).await?;
    }
    Ok(())
}

fn base_row_of(row: &SqliteRow) -> Result<BaseRow, StoreError> {
    let name: String = row.try_get(0)?;
    let entity = Entity::parse(&name)
        .ok_or_else(|| StoreError::corrupt("base", format!("there is no kind of record «{name}»")))?;
    let fields: Option<String> = row.try_get(2)?;
    let fields = fields.map(|text| serde_json::from_str(&text)).transpose();
    Ok(BaseRow {
        entity,
        id: uuid_at(row, 1)?,
        fields: fields.map_err(|error| StoreError::corrupt(name, error))?,
        deleted: row.try_get::<i64, _>(3)? != 0,
    })
}

fn contact_of(row: &SqliteRow) -> Result<Contact, StoreError> {
    let device_id: String = row.try_get("device_id")?;
    let device_id =
        Uuid::parse_str(&device_id).map_err(|error| StoreError::corrupt("team_contact", error))?;
    let holder: Option<String> = row.try_get("holder")?;
    Ok(Contact {
        device_id: DeviceId(device_id),
        certificate: row.try_get("certificate")?,
        joined_seq: row.try_get::<i64, _>("joined_seq")? as u64,
        contact_at: row.try_get::<Option<i64>, _>("contact_at")?.map(TimestampMs),
        holder: holder.and_then(|text| text.parse().ok()),
        checkpoint: row.try_get("checkpoint")?,
        pending: row.try_get("pending")?,
        quarantined: row.try_get("quarantined")?,
    })
}
