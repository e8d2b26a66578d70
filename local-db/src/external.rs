//! What outside systems call our records, what they last said of them, and how far their pulls have come.

use millwright_model::{
    Between, Conflict, ConflictId, Entity, ExternalKind, PartId, TimestampMs, WorkOrderId,
};
use serde_json::{Map, Value as Json};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use crate::projection::uuid_at;
use crate::{Session, StoreError, WriteSession};

/// How many findings are kept; the oldest give way.
const FINDINGS_MAX: i64 = 500;

/// What an outside system must be told to move a part on an order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartAt {
    /// What it calls the order.
    pub order_key: Option<String>,
    /// What it calls the part.
    pub part_key: Option<String>,
    /// Where the part lies, the fullest place first.
    pub places: Vec<PartPlace>,
}

/// A place that holds a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartPlace {
    /// Its name.
    pub location: String,
    /// The bin there.
    pub bin: Option<String>,
    /// What the outside system calls the place.
    pub location_key: Option<String>,
}

impl Session {
    /// Our id of a record that `system` calls `external_key`.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn id_of(
        &mut self,
        system: &str,
        kind: ExternalKind,
        external_key: &str,
    ) -> Result<Option<Uuid>, StoreError> {
        let row =
            sqlx::query("select id from external_ref where system = ? and kind = ? and external_key = ?")
                .bind(system)
                .bind(kind.as_str())
                .bind(external_key)
                .fetch_optional(self.connection().await?)
                .await?;
        row.map(|row| uuid_at(&row, 0)).transpose()
    }

    /// What `system` calls our record, and the number people see.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn external_key(
        &mut self,
        system: &str,
        kind: ExternalKind,
        id: Uuid,
    ) -> Result<Option<(String, String)>, StoreError> {
        let row = sqlx::query(
            "select external_key, label from external_ref where id = ? and system = ? and kind = ?",
        )
        .bind(self.stands_for(id).await?.to_string())
        .bind(system)
        .bind(kind.as_str())
        .fetch_optional(self.connection().await?)
        .await?;
        row.map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).transpose()
    }

    /// What `system` calls an order and a part, and the places that hold the part, the fullest first: what it must be told
    /// to move the part, with one question.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn part_at(
        &mut self,
        system: &str,
        work_order_id: WorkOrderId,
        part_id: PartId,
    ) -> Result<PartAt, StoreError> {
        let sql = "select (select external_key from external_ref where id = ? and system = ? and kind = ?), \
             (select external_key from external_ref where id = ? and system = ? and kind = ?), s.location, s.bin, \
             (select external_key from external_ref where system = ? and kind = ? and label = s.location limit 1) \
             from (select 1) left join stock s on s.deleted = 0 and s.part_id = ? \
             order by json_extract(s.on_hand, '$.thousandths') desc, s.location";
        let binds = vec![
            work_order_id.0.into(),
            system.into(),
            ExternalKind::WorkOrder.as_str().into(),
            part_id.0.into(),
            system.into(),
            ExternalKind::Part.as_str().into(),
            system.into(),
            ExternalKind::Location.as_str().into(),
            part_id.0.into(),
        ];
        let rows = self.ask(sql.to_owned(), binds).await?;
        let mut found = PartAt::default();
        for row in &rows {
            (found.order_key, found.part_key) = (row.try_get(0)?, row.try_get(1)?);
            if let Some(location) = row.try_get(2)? {
                found.places.push(PartPlace {
                    location,
                    bin: row.try_get(3)?,
                    location_key: row.try_get(4)?,
                });
            }
        }
        Ok(found)
    }

    /// Whether an outside system told of a record, so that its word on it counts.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn comes_from_outside(&mut self, entity: Entity, id: Uuid) -> Result<bool, StoreError> {
        let query = sqlx::query("select exists (select 1 from shadow where entity = ? and entity_id = ?)");
        let row =
            query.bind(entity.as_str()).bind(id.to_string()).fetch_one(self.connection().await?).await?;
        Ok(row.try_get::<i64, _>(0)? != 0)
    }

    /// What `system` last said of a record.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn shadow(
        &mut self,
        system: &str,
        entity: Entity,
        id: Uuid,
    ) -> Result<Option<Map<String, Json>>, StoreError> {
        let row = sqlx::query("select fields from shadow where system = ? and entity = ? and entity_id = ?")
            .bind(system)
            .bind(entity.as_str())
            .bind(id.to_string())
            .fetch_optional(self.connection().await?)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let text: String = row.try_get(0)?;
        serde_json::from_str(&text).map(Some).map_err(|error| StoreError::corrupt("shadow", error))
    }

    /// How far the pull from `system` has come, and when it last ended well.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn pull_cursor(&mut self, system: &str) -> Result<Option<(String, TimestampMs)>, StoreError> {
        let row = sqlx::query("select cursor, pulled_at from pull_cursor where system = ?")
            .bind(system)
            .fetch_optional(self.connection().await?)
            .await?;
        row.map(|row| Ok((row.try_get(0)?, TimestampMs(row.try_get(1)?)))).transpose()
    }

    /// Cards that nobody has decided, oldest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn open_conflicts(&mut self) -> Result<Vec<Conflict>, StoreError> {
        let rows = sqlx::query("select * from conflict where resolved_at is null order by noticed_at")
            .fetch_all(self.connection().await?)
            .await?;
        rows.iter().map(read_conflict).collect()
    }

    /// One card.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn conflict(&mut self, conflict_id: ConflictId) -> Result<Option<Conflict>, StoreError> {
        let row = sqlx::query("select * from conflict where conflict_id = ?")
            .bind(conflict_id.to_string())
            .fetch_optional(self.connection().await?)
            .await?;
        row.as_ref().map(read_conflict).transpose()
    }

    /// What pulls and mappings found, newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn findings(&mut self) -> Result<Vec<String>, StoreError> {
        let rows = sqlx::query(
            "select source, message, seen_count from finding order by last_seen_at desc limit 100",
        )
        .fetch_all(self.connection().await?)
        .await?;
        rows.iter()
            .map(|row| {
                let (source, message, count): (String, String, i64) =
                    (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
                Ok(if count > 1 {
                    format!("{source}: {message} ({count}×)")
                } else {
                    format!("{source}: {message}")
                })
            })
            .collect()
    }
}

impl WriteSession {
    /// Keeps what `system` calls a record.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_external_ref(
        &mut self,
        system: &str,
        kind: ExternalKind,
        external_key: &str,
        id: Uuid,
        label: &str,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "insert into external_ref (system, kind, external_key, id, label) values (?, ?, ?, ?, ?) \
             on conflict (system, kind, external_key) do update set label = excluded.label",
        )
        .bind(system)
        .bind(kind.as_str())
        .bind(external_key)
        .bind(id.to_string())
        .bind(label)
        .execute(self.connection().await?)
        .await?;
        Ok(())
    }

    /// Keeps what `system` said of a record; nothing forgets it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_shadow(
        &mut self,
        system: &str,
        entity: Entity,
        id: Uuid,
        fields: Option<&Map<String, Json>>,
    ) -> Result<(), StoreError> {
        let query = match fields {
            Some(fields) => {
                let text =
                    serde_json::to_string(fields).map_err(|error| StoreError::corrupt("shadow", error))?;
                sqlx::query("insert or replace into shadow (system, entity, entity_id, fields) values (?1, ?2, ?3, ?4)")
                    .bind(system)
                    .bind(entity.as_str())
                    .bind(id.to_string())
                    .bind(text)
            }
            None => sqlx::query("delete from shadow where system = ? and entity = ? and entity_id = ?")
                .bind(system)
                .bind(entity.as_str())
                .bind(id.to_string()),
        };
        query.execute(self.connection().await?).await?;
        Ok(())
    }

    /// Keeps how far a pull has come, in the transaction that keeps its page.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_pull_cursor(
        &mut self,
        system: &str,
        cursor: &str,
        pulled_at: TimestampMs,
    ) -> Result<(), StoreError> {
        sqlx::query("insert or replace into pull_cursor (system, cursor, pulled_at) values (?, ?, ?)")
            .bind(system)
            .bind(cursor)
            .bind(pulled_at.0)
            .execute(self.connection().await?)
            .await?;
        Ok(())
    }

    /// Opens a card, or puts their newer value on the open one of the same field.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn open_conflict(&mut self, conflict: &Conflict) -> Result<(), StoreError> {
        let theirs = conflict.theirs.to_string();
        let updated = sqlx::query("update conflict set theirs = ?, changed_by = ? where entity_id = ? and field = ? and resolved_at is null and two_devices = 0")
            .bind(&theirs)
            .bind(&conflict.changed_by)
            .bind(conflict.entity_id.to_string())
            .bind(&conflict.field)
            .execute(self.connection().await?)
            .await?;
        if updated.rows_affected() > 0 {
            return Ok(());
        }
        sqlx::query(
            "insert into conflict (conflict_id, entity, entity_id, entity_label, field, ours, theirs, changed_by, noticed_at) \
             values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(conflict.conflict_id.to_string())
        .bind(conflict.entity.as_str())
        .bind(conflict.entity_id.to_string())
        .bind(&conflict.entity_label)
        .bind(&conflict.field)
        .bind(conflict.ours.to_string())
        .bind(theirs)
        .bind(&conflict.changed_by)
        .bind(conflict.noticed_at.0)
        .execute(self.connection().await?)
        .await?;
        Ok(())
    }

    /// Opens a card between two devices, once: its id says which op and field it is about.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn add_conflict(&mut self, conflict: &Conflict) -> Result<(), StoreError> {
        let two_devices = match conflict.between {
            Between::UsAndErp => 0,
            Between::TwoDevices => 1,
        };
        sqlx::query(
            "insert or ignore into conflict (conflict_id, entity, entity_id, entity_label, field, ours, theirs, \
             changed_by, noticed_at, resolved_at, two_devices) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(conflict.conflict_id.to_string())
        .bind(conflict.entity.as_str())
        .bind(conflict.entity_id.to_string())
        .bind(&conflict.entity_label)
        .bind(&conflict.field)
        .bind(conflict.ours.to_string())
        .bind(conflict.theirs.to_string())
        .bind(&conflict.changed_by)
        .bind(conflict.noticed_at.0)
        .bind(conflict.resolved_at.map(|at| at.0))
        .bind(two_devices)
        .execute(self.connection().await?)
        .await?;
        Ok(())
    }

    /// Notes that a person decided a card.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn resolve_conflict(
        &mut self,
        conflict_id: ConflictId,
        at: TimestampMs,
    ) -> Result<(), StoreError> {
        sqlx::query("update conflict set resolved_at = ? where conflict_id = ?")
            .bind(at.0)
            .bind(conflict_id.to_string())
            .execute(self.connection().await?)
            .await?;
        Ok(())
    }

    /// Opens a card again whose decision was taken back, unless a newer one of the same field is open.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn reopen_conflict(&mut self, conflict_id: ConflictId) -> Result<(), StoreError> {
        sqlx::query(
            "update conflict set resolved_at = null where conflict_id = ? and not exists (select 1 from conflict newer \
                 where newer.entity_id = conflict.entity_id and newer.field = conflict.field and newer.resolved_at is null)",
        )
        .bind(conflict_id.to_string())
        .execute(self.connection().await?)
        .await?;
        Ok(())
    }

    /// Keeps a finding for the integrator; the same one is counted.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn add_finding(
        &mut self,
        source: &str,
        message: &str,
        at: TimestampMs,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "insert into finding (source, message, last_seen_at) values (?, ?, ?) \
             on conflict (source, message) do update set seen_count = seen_count + 1, last_seen_at = excluded.last_seen_at",
        )
        .bind(source)
        .bind(message)
        .bind(at.0)
        .execute(self.connection().await?)
        .await?;
        sqlx::query("delete from finding where finding_id <= (select max(finding_id) from finding) - ?")
            .bind(FINDINGS_MAX)
            .execute(self.connection().await?)
            .await?;
        Ok(())
    }
}

fn read_conflict(row: &SqliteRow) -> Result<Conflict, StoreError> {
    let json = |name: &str| -> Result<Json, StoreError> {
        let text: String = row.try_get(name)?;
        serde_json::from_str(&text).map_err(|error| StoreError::corrupt(name, error))
    };
    let entity: String = row.try_get("entity")?;
    Ok(Conflict {
        conflict_id: ConflictId(uuid_at(row, 0)?),
        entity: Entity::parse(&entity).ok_or_else(|| StoreError::corrupt("conflict.entity", entity))?,
        entity_id: uuid_at(row, 2)?,
        entity_label: row.try_get("entity_label")?,
        field: row.try_get("field")?,
        ours: json("ours")?,
        theirs: json("theirs")?,
        changed_by: row.try_get("changed_by")?,
        noticed_at: TimestampMs(row.try_get("noticed_at")?),
        resolved_at: row.try_get::<Option<i64>, _>("resolved_at")?.map(TimestampMs),
        between: match row.try_get::<i64, _>("two_devices")? {
            0 => Between::UsAndErp,
            _ => Between::TwoDevices,
        },
    })
}
