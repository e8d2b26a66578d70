//! What node processes of one team have alike: a write here takes its turn at the ledger, begins with what others wrote
//! since, and is kept there before it is kept here.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use millwright_model::{
    Ledger, LedgerFault, LedgerReader, LedgerRow, LedgerRowsAfter, LedgerTurn, LedgerTxn, LedgerUnit,
    TimestampMs, Txn, Verdict,
};
use serde_json::{Map, Value as Json};
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Column, Row, TypeInfo, ValueRef};

use crate::log::bytes_at;
use crate::{Database, SealedTxn, Session, StoreError, WriteSession};

/// A table whose rows every node process has alike. What follows from transactions is not among them.
struct SharedTable {
    name: &'static str,
    key: &'static [&'static str],
}

const SHARED: &[SharedTable] = &[
    SharedTable { name: "conflict", key: &["conflict_id"] },
    SharedTable { name: "delivery", key: &["delivery_id"] },
    SharedTable { name: "external_ref", key: &["system", "kind", "external_key"] },
    SharedTable { name: "keyed_act", key: &["token_id", "key"] },
    SharedTable { name: "person_key", key: &["person_id"] },
    SharedTable { name: "pull_cursor", key: &["system"] },
    SharedTable { name: "setting", key: &["name"] },
    SharedTable { name: "shadow", key: &["system", "entity", "entity_id"] },
    SharedTable { name: "shared_secret", key: &["name"] },
    SharedTable { name: "team_ask", key: &["device_id"] },
    SharedTable { name: "team_contact", key: &["device_id"] },
    SharedTable { name: "token", key: &["token_id"] },
    SharedTable { name: "webhook", key: &["webhook_id"] },
    SharedTable { name: "webhook_event", key: &["webhook_id", "op_id"] },
];

/// Settings of one node process alone: who it is, and how far it has come.
const OWN_SETTINGS: &[&str] =
    &["device", "ledger", LEDGER_UNIT, "mqtt_client_id", "picked_person", "place", "plant_session"];

/// How far this file has come in the ledger.
const LEDGER_UNIT: &str = "ledger_unit";

/// How many transactions or rows are read at once.
const PAGE: i64 = 500;

/// A turn at the ledger, and the last place of the team's order when it began.
pub(crate) struct Turn {
    ledger: Box<dyn LedgerTurn>,
    place: i64,
}

impl Database {
    /// From now on every write takes its turn at this ledger.
    ///
    /// # Errors
    /// When it was told so before.
    pub fn share(&self, ledger: std::sync::Arc<dyn Ledger>) -> Result<(), StoreError> {
        self.ledger
            .set(ledger)
            .map_err(|_twice| StoreError::corrupt("ledger", "the store shares another one already"))
    }

    /// Takes what the ledger holds beyond this file, page by page, while others go on writing. What comes meanwhile is
    /// taken with the next turn. Answers how many transactions came.
    ///
    /// # Errors
    /// When the ledger does not serve, or the database refuses; the pages before it stay.
    pub async fn fill(&self) -> Result<u64, StoreError> {
        let Some(ledger) = self.ledger.get() else { return Ok(0) };
        let mut reader = ledger.reader().await?;
        let mut taken = 0;
        loop {
            let mut session = self.write_alone().await?;
            let after = session.ledger_head().await?;
            let page = reader.txns(after, PAGE).await?;
            if page.is_empty() {
                // Rows of the same moment; those that changed since come once more with the next turn.
                let unit = session.ledger_unit().await?;
                session.take_rows(&mut *reader, unit).await?;
                session.commit().await?;
                return Ok(taken);
            }
            for txn in &page {
                session.take_txn(txn).await?;
            }
            session.commit().await?;
            taken += page.len() as u64;
        }
    }

    /// Takes the last of what the ledger holds, and makes this file the truth: nobody writes there any more.
    ///
    /// # Errors
    /// When the ledger does not serve.
    pub async fn leave_ledger(&self, moved_to: &str) -> Result<(), StoreError> {
        let mut session = self.write().await?;
        if let Some(turn) = session.turn.take() {
            turn.ledger.close(moved_to.to_owned()).await?;
        }
        session.forget_ledger().await?;
        session.commit().await
    }

    /// Makes an empty ledger hold everything that this file holds of the team.
    ///
    /// # Errors
    /// When it is not empty or does not serve.
    pub async fn found_ledger(&self) -> Result<(), StoreError> {
        let mut session = self.write().await?;
        let turn = session.turn.as_ref().map(|turn| turn.ledger.head());
        if turn != Some(0) {
            let reason = "it holds a team already".to_owned();
            return Err(StoreError::Ledger(LedgerFault::Unfit { reason }));
        }
        session.everything_is_news().await?;
        session.commit().await
    }
}

impl Session {
    /// How far this file has come in the ledger; 0 when it never shared one.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn ledger_unit(&mut self) -> Result<i64, StoreError> {
        Ok(self.setting(LEDGER_UNIT).await?.unwrap_or_default())
    }

    /// The secrets that node processes share, by name, as the vault sealed them.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn shared_secrets(&mut self) -> Result<Vec<(String, String)>, StoreError> {
        let rows = sqlx::query("select name, sealed from shared_secret order by name")
            .fetch_all(self.connection().await?)
            .await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }
}

impl WriteSession {
    /// Keeps a secret that node processes share, as the vault sealed it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_shared_secret(&mut self, name: &str, sealed: Option<&str>) -> Result<(), StoreError> {
        let query = match sealed {
            Some(sealed) => sqlx::query("insert or replace into shared_secret (name, sealed) values (?, ?)")
                .bind(name.to_owned())
                .bind(sealed.to_owned()),
            None => sqlx::query("delete from shared_secret where name = ?").bind(name.to_owned()),
        };
        query.execute(self.connection().await?).await?;
        Ok(())
    }

    /// Forgets how far this file had come: it shares no ledger any more.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn forget_ledger(&mut self) -> Result<(), StoreError> {
        sqlx::query("delete from setting where name = ?")
            .bind(LEDGER_UNIT)
            .execute(self.connection().await?)
            .await?;
        self.learned.forget();
        Ok(())
    }

    /// Begins a turn: what others wrote since comes first.
    pub(crate) async fn begin_turn(&mut self, mut ledger: Box<dyn LedgerTurn>) -> Result<(), StoreError> {
        let unit = self.ledger_unit().await?;
        let head = ledger.head();
        if head < unit {
            let reason = format!(
                "it has come to {head}, and this node has seen {unit}: it is a copy that lost what was accepted"
            );
            return Err(StoreError::Ledger(LedgerFault::Unfit { reason }));
        }
        self.watch_changes().await?;
        if head > unit {
            self.take_news(&mut *ledger, unit).await?;
            self.learned.forget();
            self.set_setting(LEDGER_UNIT, &head).await?;
        }
        sqlx::query("delete from shared_change").execute(self.connection().await?).await?;
        let place = self.ledger_head().await?;
        self.turn = Some(Turn { ledger, place });
        Ok(())
    }

    /// Keeps at the ledger what this look wrote of the shared truth.
    pub(crate) async fn end_turn(&mut self, turn: Turn) -> Result<(), StoreError> {
        let unit =
            LedgerUnit { txns: self.placed_after(turn.place).await?, rows: self.changed_rows().await? };
        if unit.is_empty() {
            return Ok(());
        }
        let head = turn.ledger.append(unit).await?;
        self.set_setting(LEDGER_UNIT, &head).await
    }

    async fn take_news(&mut self, reader: &mut dyn LedgerReader, unit: i64) -> Result<(), StoreError> {
        loop {
            let after = self.ledger_head().await?;
            let page = reader.txns(after, PAGE).await?;
            for txn in &page {
                self.take_txn(txn).await?;
            }
            if (page.len() as i64) < PAGE {
                return self.take_rows(reader, unit).await;
            }
        }
    }

    async fn take_rows(&mut self, reader: &mut dyn LedgerReader, unit: i64) -> Result<(), StoreError> {
        let mut after = LedgerRowsAfter { unit, row: None };
        loop {
            let page = reader.rows(&after, PAGE).await?;
            for row in &page {
                self.take_row(row).await?;
            }
            let Some(last) = page.last().filter(|_| page.len() as i64 == PAGE) else { return Ok(()) };
            after.row = Some((last.table.clone(), last.key.clone()));
        }
    }

    /// Keeps a transaction of the ledger and lets it take effect, as the node process did that judged it.
    async fn take_txn(&mut self, kept: &LedgerTxn) -> Result<(), StoreError> {
        let astray = |what: &str| StoreError::corrupt(format!("ledger transaction {}", kept.place), what);
        let bytes_of = |name: &str| kept.image.get(name).and_then(blob_of).ok_or_else(|| astray(name));
        let bytes = bytes_of("bytes")?;
        let txn: Txn = serde_json::from_slice(&bytes).map_err(|error| astray(&error.to_string()))?;
        let verdict = match kept.image.get("verdict") {
            Some(Json::String(text)) => {
                serde_json::from_str(text).map_err(|error| astray(&error.to_string()))?
            }
            _ => Verdict::Accepted,
        };
        let recorded_at = kept.image.get("recorded_at").and_then(Json::as_i64);
        let sealed = SealedTxn {
            bytes,
            prev_hash: bytes_of("prev_hash")?.try_into().map_err(|_length| astray("prev_hash"))?,
            sig: bytes_of("sig")?.try_into().map_err(|_length| astray("sig"))?,
            recorded_at: TimestampMs(recorded_at.ok_or_else(|| astray("recorded_at"))?),
            held_until: None,
            txn,
        };
        match verdict {
            Verdict::Rejected { .. } => drop(self.append_alone(&sealed).await?),
            _ => drop(self.append(&sealed).await?),
        }
        self.place(sealed.txn.txn_id, kept.place, &verdict).await?;
        for op in verdict.effective(&sealed.txn) {
            self.apply(&op).await?;
        }
        Ok(())
    }

    async fn take_row(&mut self, row: &LedgerRow) -> Result<(), StoreError> {
        let astray = |what: &str| StoreError::corrupt(format!("ledger row {} {}", row.table, row.key), what);
        let table = SHARED.iter().find(|table| table.name == row.table);
        let table = table.ok_or_else(|| astray("there is no such table: a newer version wrote it"))?;
        let Some(image) = &row.image else {
            let keys: Vec<Json> =
                serde_json::from_str(&row.key).map_err(|error| astray(&error.to_string()))?;
            let sql = format!("delete from {} where {}", table.name, key_test(table));
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for key in keys {
                query = query.bind(key.as_str().map(str::to_owned));
            }
            query.execute(self.connection().await?).await?;
            return Ok(());
        };
        let image = image.as_object().ok_or_else(|| astray("it is no row"))?;
        if !image.keys().all(|name| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')) {
            return Err(astray("a column has a strange name"));
        }
        let names = image.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        let marks = vec!["?"; image.len()].join(", ");
        let sql = format!("insert or replace into {} ({names}) values ({marks})", table.name);
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for value in image.values() {
            query = match value {
                Json::Null => query.bind(None::<String>),
                Json::String(text) => query.bind(text.clone()),
                Json::Number(number) if number.is_i64() => query.bind(number.as_i64()),
                Json::Number(number) => query.bind(number.as_f64()),
                other => query.bind(blob_of(other).ok_or_else(|| astray("a value is none of ours"))?),
            };
        }
        query.execute(self.connection().await?).await?;
        Ok(())
    }

    /// Notes which rows of the shared tables this connection writes. The notes live with the connection.
    async fn watch_changes(&mut self) -> Result<(), StoreError> {
        let there = sqlx::query("select count(*) from temp.sqlite_schema where name = 'shared_change'")
            .fetch_one(self.connection().await?)
            .await?;
        if there.try_get::<i64, _>(0)? != 0 {
            return Ok(());
        }
        let own = OWN_SETTINGS.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ");
        let mut sql = "create temp table shared_change (table_name text not null, row_key text not null, \
                       primary key (table_name, row_key)) without rowid;"
            .to_owned();
        for SharedTable { name, key } in SHARED {
            for (act, row) in [("insert", "new"), ("update", "new"), ("delete", "old")] {
                let parts = key.iter().map(|column| format!("{row}.{column}")).collect::<Vec<_>>().join(", ");
                let when = match *name {
                    "setting" => format!("when {row}.name not in ({own})"),
                    _ => String::new(),
                };
                sql.push_str(&format!(
                    "create temp trigger shared_{name}_{act} after {act} on main.{name} {when} begin \
                     insert into shared_change select '{name}', json_array({parts}) where not exists \
                     (select 1 from shared_change where table_name = '{name}' and row_key = json_array({parts})); end;"
                ));
            }
        }
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(self.connection().await?).await?;
        Ok(())
    }

    /// Notes every row and every transaction as news.
    async fn everything_is_news(&mut self) -> Result<(), StoreError> {
        let own = OWN_SETTINGS.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ");
        for SharedTable { name, key } in SHARED {
            let tail = if *name == "setting" { format!("where name not in ({own})") } else { String::new() };
            let sql = format!(
                "insert or ignore into shared_change select '{name}', json_array({}) from {name} {tail}",
                key.join(", ")
            );
            sqlx::query(AssertSqlSafe(sql)).execute(self.connection().await?).await?;
        }
        if let Some(turn) = &mut self.turn {
            turn.place = 0;
        }
        Ok(())
    }

    async fn placed_after(&mut self, place: i64) -> Result<Vec<LedgerTxn>, StoreError> {
        let rows = sqlx::query(
            "select ledger_seq, txn_id, device_id, recorded_at, prev_hash, sig, bytes, verdict from txn \
             where ledger_seq > ? order by ledger_seq",
        )
        .bind(place)
        .fetch_all(self.connection().await?)
        .await?;
        rows.iter()
            .map(|row| {
                let mut image = Map::new();
                for name in ["device_id", "recorded_at", "verdict", "bytes"] {
                    image.insert(name.to_owned(), value_at(row, name)?);
                }
                image.insert("prev_hash".to_owned(), blob(&bytes_at::<32>(row, "prev_hash")?));
                image.insert("sig".to_owned(), blob(&bytes_at::<64>(row, "sig")?));
                Ok(LedgerTxn {
                    place: row.try_get("ledger_seq")?,
                    txn_id: row.try_get("txn_id")?,
                    image: Json::Object(image),
                })
            })
            .collect()
    }

    async fn changed_rows(&mut self) -> Result<Vec<LedgerRow>, StoreError> {
        let noted = sqlx::query("select table_name, row_key from shared_change order by 1, 2")
            .fetch_all(self.connection().await?)
            .await?;
        let mut changed = Vec::with_capacity(noted.len());
        for note in &noted {
            let (name, key): (String, String) = (note.try_get(0)?, note.try_get(1)?);
            let Some(table) = SHARED.iter().find(|table| table.name == name) else { continue };
            let keys: Vec<String> =
                serde_json::from_str(&key).map_err(|error| StoreError::corrupt(name.clone(), error))?;
            let sql = format!("select * from {} where {}", table.name, key_test(table));
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for key in keys {
                query = query.bind(key);
            }
            let row = query.fetch_optional(self.connection().await?).await?;
            let image = row.as_ref().map(image_of).transpose()?;
            changed.push(LedgerRow { table: name, key, image });
        }
        sqlx::query("delete from shared_change").execute(self.connection().await?).await?;
        Ok(changed)
    }
}

fn key_test(table: &SharedTable) -> String {
    table.key.iter().map(|column| format!("{column} = ?")).collect::<Vec<_>>().join(" and ")
}

fn image_of(row: &SqliteRow) -> Result<Json, StoreError> {
    let mut image = Map::new();
    for column in row.columns() {
        image.insert(column.name().to_owned(), value_at(row, column.name())?);
    }
    Ok(Json::Object(image))
}

fn value_at(row: &SqliteRow, name: &str) -> Result<Json, StoreError> {
    let raw = row.try_get_raw(name)?;
    if raw.is_null() {
        return Ok(Json::Null);
    }
    let kind = raw.type_info().name().to_owned();
    Ok(match kind.as_str() {
        "INTEGER" => Json::from(row.try_get::<i64, _>(name)?),
        "REAL" => Json::from(row.try_get::<f64, _>(name)?),
        "BLOB" => blob(&row.try_get::<Vec<u8>, _>(name)?),
        _ => Json::from(row.try_get::<String, _>(name)?),
    })
}

/// Bytes as JSON has them here.
fn blob(bytes: &[u8]) -> Json {
    serde_json::json!({ "base64": STANDARD.encode(bytes) })
}

fn blob_of(value: &Json) -> Option<Vec<u8>> {
    STANDARD.decode(value.get("base64")?.as_str()?).ok()
}
