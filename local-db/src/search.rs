//! The search index: codes without separators by trigram, words by prefix. Names of people are not in it.

use millwright_model::Entity;
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use crate::projection::{Bind, bind_all, uuid_at};
use crate::table::table_of;
use crate::{Session, StoreError, WriteSession};

/// A record that a search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundRecord {
    /// The kind of record.
    pub entity: Entity,
    /// Which.
    pub id: Uuid,
    /// Whether its code is exactly what was typed, begins with it, holds it, or only its words match: 0 to 3.
    pub rank: u8,
}

/// A code as it is searched for: letters and digits only, lower case (`P-101 A` is `p101a`).
pub fn plain_code(code: &str) -> String {
    code.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The columns that make a record found: its codes and its words.
fn indexed_columns(entity: Entity) -> Option<(&'static [&'static str], &'static [&'static str])> {
    match entity {
        Entity::Asset => Some((&["code", "erp_number"], &["code", "name", "class"])),
        Entity::WorkOrder => Some((&["erp_number", "local_number"], &["title", "description"])),
        Entity::Part => Some((&["number"], &["number", "name"])),
        Entity::TagBinding => Some((&[], &["name", "series"])),
        Entity::Supplier => Some((&["number"], &["name"])),
        Entity::Label
        | Entity::WorkStep
        | Entity::Labour
        | Entity::LabourTimer
        | Entity::PartUse
        | Entity::Note
        | Entity::Attachment
        | Entity::Signature
        | Entity::Reading
        | Entity::Request
        | Entity::Offer
        | Entity::WhereUsed
        | Entity::Stock
        | Entity::Person
        | Entity::FindingCode
        | Entity::PlainConsent
        | Entity::Alias
        | Entity::Device
        | Entity::Downtime
        | Entity::Skill
        | Entity::SkillLevel
        | Entity::ShiftPattern
        | Entity::ShiftEntry
        | Entity::Handover
        | Entity::HandoverAcknowledgement
        | Entity::MaintenancePlan => None,
    }
}

/// So many rows are indexed with one statement for each table of the index.
const ROWS_AT_ONCE: usize = 1_000;

/// What the index gets about some rows: values by statement.
#[derive(Default)]
struct Entries {
    entries: Vec<Bind>,
    codes: Vec<Bind>,
    texts: Vec<Bind>,
}

impl Entries {
    fn entry(&mut self, entry_id: i64, entity: Entity, id: &str) {
        self.entries.extend([entry_id.into(), entity.as_str().into(), id.into()]);
    }
}

impl WriteSession {
    /// Brings the index up to date with a record.
    pub(crate) async fn index(&mut self, entity: Entity, id: Uuid, deleted: bool) -> Result<(), StoreError> {
        let Some((codes, words)) = indexed_columns(entity) else { return Ok(()) };
        let rows = sqlx::query("select entry_id from search_entry where entity_id = ?")
            .bind(id.to_string())
            .fetch_all(self.connection())
            .await?;
        for row in &rows {
            let entry_id: i64 = row.try_get(0)?;
            for sql in [
                "delete from search_code where rowid = ?",
                "delete from search_text where rowid = ?",
                "delete from search_entry where entry_id = ?",
            ] {
                sqlx::query(sql).bind(entry_id).execute(self.connection()).await?;
            }
        }
        if deleted {
            return Ok(());
        }
        let Some(fields) = self.fields(entity, id).await? else { return Ok(()) };
        let text_of =
            |name: &&str| fields.get(*name).and_then(|value| value.as_str()).filter(|text| !text.is_empty());
        for code in codes.iter().filter_map(text_of).map(plain_code).filter(|code| !code.is_empty()) {
            let entry_id = self.new_entry(entity, id).await?;
            sqlx::query("insert into search_code (rowid, code) values (?, ?)")
                .bind(entry_id)
                .bind(code)
                .execute(self.connection())
                .await?;
        }
        let text = words.iter().filter_map(text_of).collect::<Vec<_>>().join(" ");
        let entry_id = self.new_entry(entity, id).await?;
        sqlx::query("insert into search_text (rowid, text) values (?, ?)")
            .bind(entry_id)
            .bind(text)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    async fn new_entry(&mut self, entity: Entity, id: Uuid) -> Result<i64, StoreError> {
        let row =
            sqlx::query("insert into search_entry (entity, entity_id) values (?, ?) returning entry_id")
                .bind(entity.as_str())
                .bind(id.to_string())
                .fetch_one(self.connection())
                .await?;
        Ok(row.try_get(0)?)
    }

    /// Builds the whole index anew from the rows.
    pub(crate) async fn index_all(&mut self) -> Result<(), StoreError> {
        self.clear_index().await?;
        let mut entry_id = 0_i64;
        for entity in Entity::ALL {
            let Some((codes, words)) = indexed_columns(entity) else { continue };
            let table = table_of(entity);
            let (name, key) = (entity.as_str(), table.id_column());
            let mut after = String::new();
            loop {
                let columns: Vec<&str> = codes.iter().chain(words).copied().collect();
                let sql = format!(
                    "select {key}, {} from {name} where deleted = 0 and {key} > ? order by {key} limit {ROWS_AT_ONCE}",
                    columns.join(", ")
                );
                let rows = sqlx::query(AssertSqlSafe(sql)).bind(&after).fetch_all(self.connection()).await?;
                let Some(last) = rows.last() else { break };
                after = last.try_get(0)?;
                let mut entries = Entries::default();
                for row in &rows {
                    let id: String = row.try_get(0)?;
                    let mut texts = Vec::with_capacity(columns.len());
                    for index in 1..=columns.len() {
                        texts.push(row.try_get::<Option<String>, _>(index)?.unwrap_or_default());
                    }
                    let (code_texts, word_texts) = texts.split_at(codes.len());
                    for code in code_texts.iter().map(|code| plain_code(code)).filter(|code| !code.is_empty())
                    {
                        entry_id += 1;
                        entries.entry(entry_id, entity, &id);
                        entries.codes.extend([entry_id.into(), Bind::Text(code)]);
                    }
                    let said: Vec<&str> =
                        word_texts.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
                    entry_id += 1;
                    entries.entry(entry_id, entity, &id);
                    entries.texts.extend([entry_id.into(), Bind::Text(said.join(" "))]);
                }
                self.keep_entries(entries).await?;
            }
        }
        Ok(())
    }

    async fn keep_entries(&mut self, entries: Entries) -> Result<(), StoreError> {
        for (into, width, binds) in [
            ("search_entry (entry_id, entity, entity_id)", 3, entries.entries),
            ("search_code (rowid, code)", 2, entries.codes),
            ("search_text (rowid, text)", 2, entries.texts),
        ] {
            if binds.is_empty() {
                continue;
            }
            let marks = format!("({})", vec!["?"; width].join(", "));
            let values = vec![marks.as_str(); binds.len() / width].join(", ");
            let sql = format!("insert into {into} values {values}");
            bind_all(sqlx::query(AssertSqlSafe(sql)), binds).execute(self.connection()).await?;
        }
        Ok(())
    }

    pub(crate) async fn clear_index(&mut self) -> Result<(), StoreError> {
        sqlx::query("delete from search_code").execute(self.connection()).await?;
        sqlx::query("delete from search_text").execute(self.connection()).await?;
        sqlx::query("delete from search_entry").execute(self.connection()).await?;
        Ok(())
    }
}

impl Session {
    /// Records whose code or words match what was typed, best first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn search(&mut self, typed: &str, limit: i64) -> Result<Vec<FoundRecord>, StoreError> {
        let plain = plain_code(typed);
        let mut found: Vec<FoundRecord> = Vec::new();
        if !plain.is_empty() {
            // The trigram index answers from three characters on; shorter ones are a scan of codes only.
            let rows =
                sqlx::query("select e.entity, e.entity_id, c.code from search_code c join search_entry e on e.entry_id = c.rowid where c.code like ? limit ?")
                    .bind(format!("%{plain}%"))
                    .bind(limit * 4)
                    .fetch_all(self.connection())
                    .await?;
            for row in &rows {
                let code: String = row.try_get(2)?;
                let rank = if code == plain {
                    0
                } else if code.starts_with(&plain) {
                    1
                } else {
                    2
                };
                push_best(&mut found, entity_at(row)?, uuid_at(row, 1)?, rank);
            }
        }
        let words: Vec<String> = typed
            .split(|character: char| !character.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(|word| format!("\"{word}\"*"))
            .collect();
        if !words.is_empty() {
            let rows = sqlx::query(
                "select e.entity, e.entity_id from search_text t join search_entry e on e.entry_id = t.rowid where search_text match ? order by t.rank limit ?",
            )
            .bind(words.join(" "))
            .bind(limit)
            .fetch_all(self.connection())
            .await?;
            for row in &rows {
                push_best(&mut found, entity_at(row)?, uuid_at(row, 1)?, 3);
            }
        }
        found.sort_by_key(|hit| hit.rank);
        found.truncate(limit.max(0) as usize);
        Ok(found)
    }
}

fn push_best(found: &mut Vec<FoundRecord>, entity: Entity, id: Uuid, rank: u8) {
    match found.iter_mut().find(|hit| hit.entity == entity && hit.id == id) {
        Some(hit) => hit.rank = hit.rank.min(rank),
        None => found.push(FoundRecord { entity, id, rank }),
    }
}

fn entity_at(row: &sqlx::sqlite::SqliteRow) -> Result<Entity, StoreError> {
    let name: String = row.try_get(0)?;
    Entity::parse(&name).ok_or_else(|| StoreError::corrupt("search", name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_searched_without_its_separators() {
        for typed in ["P-101A", "p 101 a", "P.101/a", "p101a"] {
            assert_eq!(plain_code(typed), "p101a");
        }
    }
}
