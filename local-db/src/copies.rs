//! Copies of what waits for the node: what of this device lies on other members too, and letters of others that lie here.

use millwright_model::{DeviceId, TimestampMs};
use sqlx::Row;

use crate::projection::uuid_at;
use crate::{Session, StoreError, WriteSession};

/// A letter of another device that lies here. Its bytes are a blob among the letters.
#[derive(Clone, Debug, PartialEq)]
pub struct CarriedLetter {
    /// The hash of its bytes.
    pub hash: String,
    /// Who wrote it.
    pub device_id: DeviceId,
    /// How large it is.
    pub size_bytes: u64,
    /// Since when it lies here.
    pub kept_at: TimestampMs,
}

/// What of this device waits for the node: how much of it lies nowhere else.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WaitingHere {
    /// Transactions that lie nowhere else.
    pub records_only_here: i64,
    /// Photos and files that lie nowhere else.
    pub photos_only_here: i64,
    /// The oldest of both.
    pub oldest_only_here_at: Option<TimestampMs>,
    /// Transactions of which another member has a copy.
    pub records_copied: i64,
    /// Photos and files of which another member has a copy.
    pub photos_copied: i64,
    /// What people call the members that have copies.
    pub keepers: Vec<String>,
}

/// A copy counts while the member that has it is in the team.
const COPIED_UP_TO: &str = "(select coalesce(max(first_seq), -1) from record_copy join device on device_id = keeper_id \
     where deleted = 0 and revoked_at is null)";
const BLOB_IS_COPIED: &str = "exists (select 1 from blob_copy join device on device_id = keeper_id \
     where hash = blob and device.deleted = 0 and revoked_at is null)";

impl Session {
    /// Letters of others that lie here, in the order in which they came.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn carried_letters(&mut self) -> Result<Vec<CarriedLetter>, StoreError> {
        let rows =
            sqlx::query("select device_id, hash, size_bytes, kept_at from carried_letter order by place")
                .fetch_all(self.connection().await?)
                .await?;
        rows.iter()
            .map(|row| {
                Ok(CarriedLetter {
                    device_id: DeviceId(uuid_at(row, 0)?),
                    hash: row.try_get(1)?,
                    size_bytes: row.try_get::<i64, _>(2)? as u64,
                    kept_at: TimestampMs(row.try_get(3)?),
                })
            })
            .collect()
    }

    /// The first seq of the last transaction of this device's chain that `keeper` has a copy of.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn copied_up_to(&mut self, keeper: DeviceId) -> Result<Option<u64>, StoreError> {
        let row = sqlx::query("select first_seq from record_copy where keeper_id = ?")
            .bind(keeper.to_string())
            .fetch_optional(self.connection().await?)
            .await?;
        Ok(row.map(|row| row.try_get::<i64, _>(0)).transpose()?.map(|seq| seq as u64))
    }

    /// Whether `keeper` has a copy of a photo or file.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn blob_is_copied_to(&mut self, hash: &str, keeper: DeviceId) -> Result<bool, StoreError> {
        let row = sqlx::query("select exists (select 1 from blob_copy where hash = ? and keeper_id = ?)")
            .bind(hash)
            .bind(keeper.to_string())
            .fetch_one(self.connection().await?)
            .await?;
        Ok(row.try_get::<i64, _>(0)? != 0)
    }

    /// What of `device_id` waits for the node, and how much of it lies nowhere else.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn waiting_here(&mut self, device_id: DeviceId) -> Result<WaitingHere, StoreError> {
        let records = sqlx::query(sqlx::AssertSqlSafe(format!(
            "select count(*) filter (where first_seq > {COPIED_UP_TO}), count(*) filter (where first_seq <= {COPIED_UP_TO}), \
             min(recorded_at) filter (where first_seq > {COPIED_UP_TO}) \
             from txn where ledger_seq is null and device_id = ?"
        )))
        .bind(device_id.to_string())
        .fetch_one(self.connection().await?)
        .await?;
        let photos = sqlx::query(sqlx::AssertSqlSafe(format!(
            "select count(*) filter (where not {BLOB_IS_COPIED}), count(*) filter (where {BLOB_IS_COPIED}), \
             min(taken_at) filter (where not {BLOB_IS_COPIED}) from attachment \
             where deleted = 0 and not exists (select 1 from blob_at_node where hash = blob)"
        )))
        .fetch_one(self.connection().await?)
        .await?;
        let (records_copied, photos_copied): (i64, i64) = (records.try_get(1)?, photos.try_get(1)?);
        let oldest = [records.try_get::<Option<i64>, _>(2)?, photos.try_get(2)?].into_iter().flatten().min();
        let keepers = match records_copied + photos_copied {
            0 => Vec::new(),
            _ => self.keepers().await?,
        };
        Ok(WaitingHere {
            records_only_here: records.try_get(0)?,
            photos_only_here: photos.try_get(0)?,
            oldest_only_here_at: oldest.map(TimestampMs),
            records_copied,
            photos_copied,
            keepers,
        })
    }

    async fn keepers(&mut self) -> Result<Vec<String>, StoreError> {
        let rows = sqlx::query(
            "select name from device where deleted = 0 and revoked_at is null and (device_id in \
             (select keeper_id from record_copy) or device_id in (select keeper_id from blob_copy)) order by name",
        )
        .fetch_all(self.connection().await?)
        .await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }
}

impl WriteSession {
    /// A letter of another device lies here from now on.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn carry(&mut self, letter: &CarriedLetter) -> Result<(), StoreError> {
        sqlx::query(
            "insert into carried_letter (hash, device_id, size_bytes, kept_at) values (?, ?, ?, ?) \
             on conflict (hash) do nothing",
        )
        .bind(&letter.hash)
        .bind(letter.device_id.to_string())
        .bind(letter.size_bytes as i64)
        .bind(letter.kept_at.0)
        .execute(self.connection().await?)
        .await?;
        Ok(())
    }

    /// A letter of another device lies here no longer.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn put_down(&mut self, hash: &str) -> Result<(), StoreError> {
        sqlx::query("delete from carried_letter where hash = ?")
            .bind(hash)
            .execute(self.connection().await?)
            .await?;
        Ok(())
    }

    /// `keeper` has copies of this device's chain up to the transaction that begins at `first_seq`.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_copied_up_to(
        &mut self,
        keeper: DeviceId,
        first_seq: u64,
        copied_at: TimestampMs,
    ) -> Result<(), StoreError> {
        sqlx::query("insert or replace into record_copy (keeper_id, first_seq, copied_at) values (?, ?, ?)")
            .bind(keeper.to_string())
            .bind(first_seq as i64)
            .bind(copied_at.0)
            .execute(self.connection().await?)
            .await?;
        Ok(())
    }

    /// `keeper` has a copy of a photo or file.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_blob_copied(&mut self, hash: &str, keeper: DeviceId) -> Result<(), StoreError> {
        sqlx::query("insert or ignore into blob_copy (hash, keeper_id) values (?, ?)")
            .bind(hash)
            .bind(keeper.to_string())
            .execute(self.connection().await?)
            .await?;
        Ok(())
    }

    /// Forgets who has copies of what, and what lies here of others: this device is another one now.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn forget_copies(&mut self) -> Result<(), StoreError> {
        for sql in ["delete from carried_letter", "delete from record_copy", "delete from blob_copy"] {
            sqlx::query(sql).execute(self.connection().await?).await?;
        }
        Ok(())
    }
}
