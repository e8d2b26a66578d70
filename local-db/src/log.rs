//! The log: transactions as they were hashed and signed, and the chain they form.

use std::collections::BTreeSet;

use millwright_model::{ActorKind, DeviceId, Entity, Hlc, Op, OpKind, TimestampMs, Txn, TxnId, Verdict};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use crate::projection::{Bind, uuid_at};
use crate::table::table_of;
use crate::{Session, StoreError, WriteSession};

/// So many ops are kept with one statement.
const OPS_AT_ONCE: usize = 500;

/// A transaction that is ready to be kept.
#[derive(Clone, Debug)]
pub struct SealedTxn {
    /// The transaction.
    pub txn: Txn,
    /// Its bytes, which are hashed, signed and exchanged verbatim.
    pub bytes: Vec<u8>,
    /// The hash of the transaction before it in the device's chain.
    pub prev_hash: [u8; 32],
    /// The device's Ed25519 signature over the hash.
    pub sig: [u8; 64],
    /// When, by this device's wall clock.
    pub recorded_at: TimestampMs,
    /// Until when it is held from leaving, where it can be undone.
    pub held_until: Option<TimestampMs>,
}

impl SealedTxn {
    /// BLAKE3 over the previous hash and the bytes.
    pub fn chain_hash(prev_hash: &[u8; 32], bytes: &[u8]) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        hasher.update(prev_hash);
        hasher.update(bytes);
        *hasher.finalize().as_bytes()
    }
}

/// The end of a device's chain.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct ChainHead {
    /// The place of the next op.
    pub next_seq: u64,
    /// The hash of the last transaction; zeros before the first.
    pub hash: [u8; 32],
    /// The stamp of the last transaction.
    pub hlc: Hlc,
}

/// A kept transaction.
#[derive(Clone, Debug)]
pub struct StoredTxn {
    /// Its place in this file.
    pub local_seq: i64,
    /// Its id.
    pub txn_id: TxnId,
    /// Its device.
    pub device_id: DeviceId,
    /// The place of its first op in the device's chain.
    pub first_seq: u64,
    /// When, by this device's wall clock.
    pub recorded_at: TimestampMs,
    /// Until when it is held from leaving.
    pub held_until: Option<TimestampMs>,
    /// The hash before it.
    pub prev_hash: [u8; 32],
    /// Its hash.
    pub hash: [u8; 32],
    /// Its signature.
    pub sig: [u8; 64],
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its place in the node's order; nothing while only this device has it, or it has no team.
    pub ledger_seq: Option<i64>,
    /// What the node made of it.
    pub verdict: Verdict,
    /// Whether some of its ops are not here, being out of this device's scope.
    pub excerpt: bool,
}

impl StoredTxn {
    /// The transaction that the bytes hold.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn txn(&self) -> Result<Txn, StoreError> {
        serde_json::from_slice(&self.bytes)
            .map_err(|error| StoreError::corrupt(format!("txn {}", self.txn_id), error))
    }

    pub(crate) fn from_row(row: &SqliteRow) -> Result<Self, StoreError> {
        let id = |name: &str| -> Result<Uuid, StoreError> {
            let text: String = row.try_get(name)?;
            Uuid::parse_str(&text).map_err(|error| StoreError::corrupt(name, error))
        };
        Ok(Self {
            local_seq: row.try_get("local_seq")?,
            txn_id: TxnId(id("txn_id")?),
            device_id: DeviceId(id("device_id")?),
            first_seq: row.try_get::<i64, _>("first_seq")? as u64,
            recorded_at: TimestampMs(row.try_get("recorded_at")?),
            held_until: row.try_get::<Option<i64>, _>("held_until")?.map(TimestampMs),
            prev_hash: bytes_at(row, "prev_hash")?,
            hash: bytes_at(row, "hash")?,
            sig: bytes_at(row, "sig")?,
            bytes: row.try_get("bytes")?,
            ledger_seq: row.try_get("ledger_seq")?,
            verdict: match row.try_get::<Option<String>, _>("verdict")? {
                None => Verdict::Accepted,
                Some(text) => {
                    serde_json::from_str(&text).map_err(|error| StoreError::corrupt("verdict", error))?
                }
            },
            excerpt: row.try_get::<i64, _>("excerpt")? != 0,
        })
    }
}

/// A place where a chain does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainFault {
    /// The transaction.
    pub txn_id: TxnId,
    /// What does not hold.
    pub reason: String,
}

pub(crate) const COLUMNS: &str = "select local_seq, txn_id, device_id, first_seq, recorded_at, held_until, prev_hash, hash, sig, bytes, ledger_seq, verdict, excerpt from txn ";

impl Session {
    /// The end of a device's chain.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn chain_head(&mut self, device_id: DeviceId) -> Result<ChainHead, StoreError> {
        if let Some(head) = self.learned.heads.get(&device_id) {
            return Ok(*head);
        }
        let row = sqlx::query(
            "select hash, hlc, first_seq, op_count as ops from txn where device_id = ? order by first_seq desc limit 1",
        )
        .bind(device_id.to_string())
        .fetch_optional(self.connection().await?)
        .await?;
        let head = row.as_ref().map(head_of).transpose()?.unwrap_or_default();
        if self.writes() {
            self.learned.heads.insert(device_id, head);
        }
        Ok(head)
    }

    /// Transactions after a place in this file, in order.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn txns_after(&mut self, local_seq: i64, limit: i64) -> Result<Vec<StoredTxn>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!("{COLUMNS} where local_seq > ? order by local_seq limit ?"));
        let rows = sqlx::query(sql).bind(local_seq).bind(limit).fetch_all(self.connection().await?).await?;
        rows.iter().map(StoredTxn::from_row).collect()
    }

    /// Transactions after a place in this file that have no place in a node's order, in order.
    pub(crate) async fn waiting_after(
        &mut self,
        local_seq: i64,
        limit: i64,
    ) -> Result<Vec<StoredTxn>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!(
            "{COLUMNS} where local_seq > ? and ledger_seq is null order by local_seq limit ?"
        ));
        let rows = sqlx::query(sql).bind(local_seq).bind(limit).fetch_all(self.connection().await?).await?;
        rows.iter().map(StoredTxn::from_row).collect()
    }

    /// One transaction.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn txn(&mut self, txn_id: TxnId) -> Result<Option<StoredTxn>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!("{COLUMNS} where txn_id = ?"));
        let row = sqlx::query(sql).bind(txn_id.to_string()).fetch_optional(self.connection().await?).await?;
        row.as_ref().map(StoredTxn::from_row).transpose()
    }

    /// A record and those that hang on it (an order's steps and bookings, a machine's tags), also deleted ones.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn with_what_hangs_on_it(
        &mut self,
        entity: Entity,
        id: Uuid,
    ) -> Result<BTreeSet<(Entity, Uuid)>, StoreError> {
        let (column, hanging): (&str, &[Entity]) = match entity {
            Entity::WorkOrder => (
                "work_order_id",
                &[
                    Entity::WorkStep,
                    Entity::Labour,
                    Entity::PartUse,
                    Entity::Note,
                    Entity::Attachment,
                    Entity::Signature,
                ],
            ),
            Entity::Asset => (
                "asset_id",
                &[
                    Entity::TagBinding,
                    Entity::Label,
                    Entity::Attachment,
                    Entity::Reading,
                    Entity::MaintenancePlan,
                    Entity::Fiducial,
                    Entity::EnergySource,
                    Entity::Downtime,
                ],
            ),
            _ => ("", &[]),
        };
        let mut records = BTreeSet::from([(entity, id)]);
        for hanging in hanging {
            let (table, key) = (hanging.as_str(), table_of(*hanging).id_column());
            let sql = sqlx::AssertSqlSafe(format!("select {key} from {table} where {column} = ? limit 2000"));
            for row in sqlx::query(sql).bind(id.to_string()).fetch_all(self.connection().await?).await? {
                records.insert((*hanging, uuid_at(&row, 0)?));
            }
        }
        Ok(records)
    }

    /// The transactions that changed any of these records, newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn txns_of_records(
        &mut self,
        records: &BTreeSet<(Entity, Uuid)>,
        limit: i64,
    ) -> Result<Vec<StoredTxn>, StoreError> {
        let keys: Vec<[String; 2]> =
            records.iter().map(|(entity, id)| [entity.as_str().to_owned(), id.to_string()]).collect();
        let keys = serde_json::to_string(&keys).map_err(|error| StoreError::corrupt("records", error))?;
        let sql = sqlx::AssertSqlSafe(format!(
            "{COLUMNS} where txn_id in (select txn_id from op where (entity, entity_id) in \
             (select json_extract(value, '$[0]'), json_extract(value, '$[1]') from json_each(?))) \
             order by local_seq desc limit ?"
        ));
        let rows = sqlx::query(sql).bind(keys).bind(limit).fetch_all(self.connection().await?).await?;
        rows.iter().map(StoredTxn::from_row).collect()
    }

    /// The transactions recorded from `from` until before `until` that change any of `entities`, hold an op of any of
    /// `actors`, were not taken back and take nothing back, newest first. The pages of a pull are passed over unread.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn txns_between(
        &mut self,
        from: TimestampMs,
        until: TimestampMs,
        entities: &[Entity],
        actors: &[ActorKind],
        limit: i64,
    ) -> Result<Vec<StoredTxn>, StoreError> {
        let mut by = String::from("0");
        let mut marks = Vec::with_capacity(actors.len());
        for actor in actors {
            let kind = serde_json::to_string(actor).map_err(|error| StoreError::corrupt("actors", error))?;
            marks.push(format!("\"actor_kind\":{kind}").into_bytes());
            by.push_str(" or instr(bytes, ?) > 0");
        }
        let names: Vec<&str> = entities.iter().map(|entity| entity.as_str()).collect();
        let names = serde_json::to_string(&names).map_err(|error| StoreError::corrupt("entities", error))?;
        let sql = sqlx::AssertSqlSafe(format!(
            "{COLUMNS} t where recorded_at >= ? and recorded_at < ? and undoes is null \
             and not exists (select 1 from txn back where back.undoes = t.txn_id) \
             and exists (select 1 from op where op.txn_id = t.txn_id \
               and op.entity in (select value from json_each(?))) \
             and ({by}) order by local_seq desc limit ?"
        ));
        let mut query = sqlx::query(sql).bind(from.0).bind(until.0).bind(names);
        for mark in marks {
            query = query.bind(mark);
        }
        let rows = query.bind(limit).fetch_all(self.connection().await?).await?;
        rows.iter().map(StoredTxn::from_row).collect()
    }

    /// Whether a later transaction changed any of the records that `txn_id` changed.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn changed_since(&mut self, txn_id: TxnId) -> Result<bool, StoreError> {
        let row = sqlx::query(
            "select exists (select 1 from op mine join op later \
                 on later.entity = mine.entity and later.entity_id = mine.entity_id and later.txn_id <> mine.txn_id \
             join txn t on t.txn_id = later.txn_id join txn m on m.txn_id = mine.txn_id \
             where mine.txn_id = ? and t.local_seq > m.local_seq)",
        )
        .bind(txn_id.to_string())
        .fetch_one(self.connection().await?)
        .await?;
        Ok(row.try_get::<i64, _>(0)? != 0)
    }

    /// The op that created a record.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn creating_op(
        &mut self,
        entity: Entity,
        id: Uuid,
    ) -> Result<Option<(TxnId, Uuid)>, StoreError> {
        let row = sqlx::query(
            "select txn_id, op_id from op where entity = ? and entity_id = ? and kind = 'create' limit 1",
        )
        .bind(entity.as_str())
        .bind(id.to_string())
        .fetch_optional(self.connection().await?)
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some((TxnId(crate::projection::uuid_at(&row, 0)?), crate::projection::uuid_at(&row, 1)?)))
    }

    /// How many transactions this file holds.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn txn_count(&mut self) -> Result<i64, StoreError> {
        Ok(sqlx::query("select count(*) from txn").fetch_one(self.connection().await?).await?.try_get(0)?)
    }

    /// How many ops this file holds.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn op_count(&mut self) -> Result<i64, StoreError> {
        Ok(sqlx::query("select count(*) from op").fetch_one(self.connection().await?).await?.try_get(0)?)
    }

    /// The first place where a link of any chain does not hold; nothing when all do. Signatures are the engine's.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn chain_fault(&mut self) -> Result<Option<ChainFault>, StoreError> {
        let mut heads: std::collections::BTreeMap<DeviceId, ([u8; 32], u64)> = Default::default();
        let mut after = 0;
        loop {
            let page = self.txns_after(after, 500).await?;
            let Some(last) = page.last() else { return Ok(None) };
            after = last.local_seq;
            for stored in &page {
                let (prev_hash, next_seq) = heads.get(&stored.device_id).copied().unwrap_or_default();
                let fault =
                    |reason: &str| Ok(Some(ChainFault { txn_id: stored.txn_id, reason: reason.to_owned() }));
                // What another device wrote before it joined, before our base or out of our scope is not here.
                let after_a_gap = stored.ledger_seq.is_some() && stored.first_seq > next_seq;
                if stored.prev_hash != prev_hash && !after_a_gap {
                    return fault("it does not follow the transaction before it");
                }
                if stored.first_seq != next_seq && !after_a_gap {
                    return fault("its place in the chain is not the next one");
                }
                let matches = SealedTxn::chain_hash(&stored.prev_hash, &stored.bytes) == stored.hash;
                if !matches && !stored.excerpt {
                    return fault("its bytes do not match its hash");
                }
                let Ok(txn) = stored.txn() else { return fault("its bytes cannot be read") };
                heads.insert(stored.device_id, (stored.hash, next_seq + txn.ops.len() as u64));
            }
        }
    }
}

impl WriteSession {
    /// Keeps a transaction and its ops. Their effect on rows is [`WriteSession::apply`]'s. A fault of the database, as a
    /// fork of the chain is one, is told with the next question or with the commit.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn append(&mut self, sealed: &SealedTxn) -> Result<[u8; 32], StoreError> {
        let hash = self.append_alone(sealed).await?;
        for ops in sealed.txn.ops.chunks(OPS_AT_ONCE) {
            let (sql, binds) = insert_of_ops(sealed.txn.txn_id, ops);
            self.write_later(&sql, binds).await?;
        }
        Ok(hash)
    }

    /// Keeps a transaction without its ops: none of them had an effect.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn append_alone(&mut self, sealed: &SealedTxn) -> Result<[u8; 32], StoreError> {
        let hash = SealedTxn::chain_hash(&sealed.prev_hash, &sealed.bytes);
        let txn = &sealed.txn;
        let ops = i64::try_from(txn.ops.len()).unwrap_or(i64::MAX);
        let binds: [Bind; 13] = [
            txn.txn_id.0.into(),
            txn.device_id.0.into(),
            (txn.first_seq as i64).into(),
            i64::from(txn.format).into(),
            (txn.hlc.0 as i64).into(),
            txn.undoes.map(|undone| undone.0).into(),
            sealed.recorded_at.0.into(),
            sealed.held_until.map(|until| until.0).into(),
            sealed.prev_hash[..].into(),
            hash[..].into(),
            sealed.sig[..].into(),
            sealed.bytes[..].into(),
            ops.into(),
        ];
        self.write_later(
            "insert into txn (txn_id, device_id, first_seq, format, hlc, undoes, recorded_at, held_until, prev_hash, hash, sig, \
             bytes, op_count) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            binds,
        )
        .await?;
        // What stood before a gap may come after what stands behind it: the end of the chain is the later one.
        if let Some(head) = self.learned.heads.get_mut(&txn.device_id)
            && head.next_seq <= txn.first_seq
        {
            *head = ChainHead { next_seq: txn.first_seq + txn.ops.len() as u64, hash, hlc: txn.hlc };
        }
        Ok(hash)
    }

    /// Ends every hold: a restart ends the wait.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn end_all_holds(&mut self) -> Result<(), StoreError> {
        sqlx::query("update txn set held_until = null where held_until is not null")
            .execute(self.connection().await?)
            .await?;
        Ok(())
    }

    /// Ends the hold of a transaction: it may leave, or it was undone.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn end_hold(&mut self, txn_id: TxnId) -> Result<(), StoreError> {
        sqlx::query("update txn set held_until = null where txn_id = ?")
            .bind(txn_id.to_string())
            .execute(self.connection().await?)
            .await?;
        Ok(())
    }
}

fn head_of(row: &SqliteRow) -> Result<ChainHead, StoreError> {
    let (first_seq, ops): (i64, i64) = (row.try_get("first_seq")?, row.try_get("ops")?);
    Ok(ChainHead {
        next_seq: (first_seq + ops) as u64,
        hash: bytes_at(row, "hash")?,
        hlc: Hlc(row.try_get::<i64, _>("hlc")? as u64),
    })
}

pub(crate) fn bytes_at<const N: usize>(row: &SqliteRow, name: &str) -> Result<[u8; N], StoreError> {
    let bytes: Vec<u8> = row.try_get(name)?;
    let length = bytes.len();
    bytes
        .try_into()
        .map_err(|_bytes: Vec<u8>| StoreError::corrupt(name, format!("{length} bytes instead of {N}")))
}

/// The statement that keeps ops of a transaction, and its values.
fn insert_of_ops(txn_id: TxnId, ops: &[Op]) -> (String, Vec<Bind>) {
    let mut binds = Vec::with_capacity(ops.len() * 6);
    for op in ops {
        let kind = match op.kind {
            OpKind::Create => "create",
            OpKind::Update => "update",
            OpKind::Delete => "delete",
        };
        binds.extend([
            op.op_id.0.into(),
            txn_id.0.into(),
            Bind::Integer(op.seq as i64),
            op.entity.as_str().into(),
            op.entity_id.into(),
            kind.into(),
        ]);
    }
    let marks = vec!["(?, ?, ?, ?, ?, ?)"; ops.len()].join(", ");
    (format!("insert into op (op_id, txn_id, seq, entity, entity_id, kind) values {marks}"), binds)
}
