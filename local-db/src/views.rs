//! The views that other programs may read, laid anew at an opening where their text is another than this version's.

use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection};

use crate::StoreError;

const VIEWS: &str = include_str!("../views.sql");
/// The version of the contract: another one only where a column goes or changes its meaning.
const VERSION: u32 = 1;
/// Says which contract the file keeps.
const CONTRACT: &str = "v_contract";

/// Makes the file's views those of this version. Nothing is written where they are.
pub(crate) async fn renew(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let mark = blake3::hash(VIEWS.as_bytes()).to_hex();
    let kept: Option<String> = sqlx::query("select sql from sqlite_schema where type = 'view' and name = ?")
        .bind(CONTRACT)
        .fetch_optional(&mut *connection)
        .await?
        .map(|row| row.try_get(0))
        .transpose()?;
    if kept.is_some_and(|sql| sql.contains(mark.as_str())) {
        return Ok(());
    }
    let mut transaction = connection.begin_with("begin immediate").await?;
    take_away(&mut transaction).await?;
    sqlx::raw_sql(VIEWS).execute(&mut *transaction).await?;
    let contract = format!("create view {CONTRACT} as select {VERSION} as version, '{mark}' as text_hash");
    sqlx::raw_sql(AssertSqlSafe(contract)).execute(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(())
}

/// Takes all of our views away: a migration could not change a table under them.
pub(crate) async fn take_away(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let kept = sqlx::query("select name from sqlite_schema where type = 'view' and name glob 'v_[a-z_]*'")
        .fetch_all(&mut *connection)
        .await?;
    for row in kept {
        let name: String = row.try_get(0)?;
        sqlx::raw_sql(AssertSqlSafe(format!("drop view \"{name}\""))).execute(&mut *connection).await?;
    }
    Ok(())
}
