//! The tables of `history.db` and what becomes of a file of an earlier version.

use std::collections::BTreeMap;

use sqlx::{AssertSqlSafe, Row, SqliteConnection};

use super::group;
use crate::StoreError;

/// `application_id` of `history.db`: «MWHI».
pub(super) const APPLICATION_ID: i64 = 0x4d57_4849;
/// The version that this program writes.
pub(super) const SCHEMA: i64 = 2;
/// Three chunks lie in a page of a new file; in SQLite's usual 4,096 bytes it would be one and much of nothing.
pub(super) const PAGE_BYTES: u32 = 8192;

const SERIES_SQL: &str = "
-- Written when a series is first heard.
create table series (series_id integer primary key, key text not null unique) strict;
-- Written by every group commit: all samples of all series since the one before. Emptied by a checkpoint.
create table journal (journal_id integer primary key, bytes blob not null) strict;
-- Written by a checkpoint from a full head; never changed. min, max, sum and count are over drawn numbers; the
-- pyramid has them for every few dozen samples (none in chunks of the first releases).
create table chunk (
    chunk_id integer primary key,
    series_id integer not null references series (series_id),
    first_ms integer not null,
    last_ms integer not null,
    count integer not null,
    number_min real,
    number_max real,
    number_sum real,
    number_count integer not null,
    pyramid blob,
    bytes blob not null
) strict;
";

const SHARED_SQL: &str = "
-- Written by a checkpoint: the samples of neighbouring series that are not sealed yet.
create table head_group (group_id integer primary key, bytes blob not null) strict;
-- A wide trend reads the summaries here and no chunk.
create index chunk_summary on chunk (series_id, last_ms, first_ms, number_min, number_max, number_sum, number_count);
";

/// Makes the tables of a new file.
pub(super) async fn create(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    sqlx::raw_sql(SERIES_SQL).execute(&mut *connection).await?;
    sqlx::raw_sql(SHARED_SQL).execute(&mut *connection).await?;
    stamp(connection).await
}

/// Brings a file of version 1 to this one. What is in it stays as it is; only its places change.
pub(super) async fn migrate(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let column = "alter table chunk add column pyramid blob; drop index chunk_span;";
    sqlx::raw_sql(column).execute(&mut *connection).await?;
    sqlx::raw_sql(SHARED_SQL).execute(&mut *connection).await?;
    let rows = sqlx::query("select series_id, bytes from head order by series_id")
        .fetch_all(&mut *connection)
        .await?;
    let mut groups: BTreeMap<i64, Vec<(i64, Vec<u8>)>> = BTreeMap::new();
    for row in &rows {
        let series_id: i64 = row.try_get(0)?;
        groups.entry(group::group_of(series_id)).or_default().push((series_id, row.try_get(1)?));
    }
    for (group_id, heads) in groups {
        sqlx::query("insert into head_group (group_id, bytes) values (?, ?)")
            .bind(group_id)
            .bind(group::encode(&heads))
            .execute(&mut *connection)
            .await?;
    }
    sqlx::raw_sql("drop table head").execute(&mut *connection).await?;
    stamp(connection).await
}

async fn stamp(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let stamp = format!("pragma application_id = {APPLICATION_ID}; pragma user_version = {SCHEMA}");
    sqlx::raw_sql(AssertSqlSafe(stamp)).execute(connection).await?;
    Ok(())
}
