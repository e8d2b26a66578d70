//! The search index: codes without separators by trigram, words by prefix. Names of people are not in it.

use std::collections::BTreeMap;

use millwright_model::Entity;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use crate::folding::id_list;
use crate::projection::{Bind, bind_all, uuid_at};
use crate::table::table_of;
use crate::unindexed::{AT_ONCE_MAX, Typed};
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
pub(crate) fn indexed_columns(entity: Entity) -> Option<(&'static [&'static str], &'static [&'static str])> {
    match entity {
        Entity::Asset => Some((&["code", "erp_number"], &["code", "name", "class"])),
        Entity::WorkOrder => Some((&["erp_number", "local_number"], &["title", "description"])),
        Entity::Part => Some((&["number"], &["number", "name"])),
        Entity::TagBinding => Some((&[], &["name", "series"])),
        Entity::Supplier => Some((&["number"], &["name"])),
        Entity::Guide => Some((&[], &["name", "asset_class"])),
        Entity::Scenario => Some((&[], &["name"])),
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
        | Entity::MaintenancePlan
        | Entity::DocumentUpdate
        | Entity::GuideRevision
        | Entity::GuideRead
        | Entity::StepTime
        | Entity::Fiducial
        | Entity::CameraProfile
        | Entity::MachineModel
        | Entity::EnergySource
        | Entity::ScenarioBaseline
        | Entity::ScenarioDecision
        | Entity::ScenarioOutcome
        | Entity::Signpost
        | Entity::SignpostCrossing
        | Entity::Workshop
        | Entity::Exercise
        | Entity::ExerciseRole
        | Entity::ExerciseInject
        | Entity::ExerciseMove
        | Entity::ExerciseEntry
        | Entity::ExerciseAction => None,
    }
}

/// What the index says of a record holds.
const INDEXED: &str =
    "not exists (select 1 from unindexed u where u.entity = e.entity and u.entity_id = e.entity_id)";

/// So many rows are indexed with one statement for each table of the index.
const ROWS_AT_ONCE: usize = 1_000;

/// What a record is found by.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Said {
    pub(crate) codes: Vec<String>,
    pub(crate) text: Option<String>,
}

impl Said {
    /// What a row says: its id, then columns with codes, then those with words.
    pub(crate) fn of(row: &SqliteRow, codes: usize, columns: usize) -> Result<Self, StoreError> {
        let mut texts = Vec::with_capacity(columns);
        for index in 1..=columns {
            texts.push(row.try_get::<Option<String>, _>(index)?.unwrap_or_default());
        }
        let (codes, words) = texts.split_at(codes);
        let words: Vec<&str> = words.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
        Ok(Self {
            codes: codes.iter().map(|code| plain_code(code)).filter(|code| !code.is_empty()).collect(),
            text: Some(words.join(" ")),
        })
    }
}

/// What the index gets about some records: values by statement.
#[derive(Default)]
struct Entries {
    /// The last entry that was given out.
    last: i64,
    entries: Vec<Bind>,
    codes: Vec<Bind>,
    texts: Vec<Bind>,
}

impl Entries {
    fn add(&mut self, entity: Entity, id: &str, said: Said) {
        for code in said.codes {
            let entry = self.entry(entity, id);
            self.codes.extend([entry, Bind::Text(code)]);
        }
        let entry = self.entry(entity, id);
        self.texts.extend([entry, Bind::Text(said.text.unwrap_or_default())]);
    }

    fn entry(&mut self, entity: Entity, id: &str) -> Bind {
        self.last += 1;
        self.entries.extend([self.last.into(), entity.as_str().into(), id.into()]);
        self.last.into()
    }
}

impl WriteSession {
    /// The record may read otherwise now: its entries are brought up to date when the look is committed.
    pub(crate) fn will_index(&mut self, entity: Entity, id: Uuid) {
        if indexed_columns(entity).is_some() {
            self.unindexed.insert((entity, id));
        }
    }

    /// Brings the index up to date with every record that changed in this look, or leaves that for later where they are
    /// many. Answers whether anything was left.
    pub(crate) async fn index_changed(&mut self) -> Result<bool, StoreError> {
        let changed = std::mem::take(&mut self.unindexed);
        let later = changed.len() > AT_ONCE_MAX;
        let mut of_kind: BTreeMap<Entity, Vec<Uuid>> = BTreeMap::new();
        for (entity, id) in changed {
            of_kind.entry(entity).or_default().push(id);
        }
        for (entity, ids) in of_kind {
            match later {
                true => self.index_later(entity, &ids).await?,
                false => self.index_records(entity, &ids).await?,
            }
        }
        Ok(later)
    }

    /// Brings the index up to date with some records of a kind.
    pub(crate) async fn index_records(&mut self, entity: Entity, ids: &[Uuid]) -> Result<(), StoreError> {
        let (table, list) = (table_of(entity), id_list(ids)?);
        let Some((codes, words)) = indexed_columns(entity) else { return Ok(()) };
        let rows = sqlx::query(
            "select e.entity_id, e.entry_id, c.code, t.text from search_entry e \
             left join search_code c on c.rowid = e.entry_id left join search_text t on t.rowid = e.entry_id \
             where e.entity_id in (select value from json_each(?))",
        )
        .bind(&list)
        .fetch_all(self.connection().await?)
        .await?;
        let mut known: BTreeMap<String, (Vec<i64>, Said)> = BTreeMap::new();
        for row in &rows {
            let (entries, said) = known.entry(row.try_get(0)?).or_default();
            entries.push(row.try_get(1)?);
            said.codes.extend(row.try_get::<Option<String>, _>(2)?);
            said.text = row.try_get::<Option<String>, _>(3)?.or(said.text.take());
        }
        let columns: Vec<&str> = codes.iter().chain(words).copied().collect();
        let (name, key) = (entity.as_str(), table.id_column());
        let sql = format!(
            "select {key}, {} from {name} where deleted = 0 and {key} in (select value from json_each(?))",
            columns.join(", ")
        );
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(&list).fetch_all(self.connection().await?).await?;
        let mut said = Vec::with_capacity(rows.len());
        for row in &rows {
            let id: String = row.try_get(0)?;
            let now = Said::of(row, codes.len(), columns.len())?;
            // Most changes are of something else than what is searched for.
            match known.get(&id) {
                Some((_, before)) if *before == now => drop(known.remove(&id)),
                _ => said.push((id, now)),
            }
        }
        let stale: Vec<i64> = known.into_values().flat_map(|(entries, _)| entries).collect();
        if !stale.is_empty() {
            let stale =
                serde_json::to_string(&stale).map_err(|error| StoreError::corrupt("search", error))?;
            for sql in [
                "delete from search_code where rowid in (select value from json_each(?))",
                "delete from search_text where rowid in (select value from json_each(?))",
                "delete from search_entry where entry_id in (select value from json_each(?))",
            ] {
                sqlx::query(sql).bind(&stale).execute(self.connection().await?).await?;
            }
        }
        if said.is_empty() {
            return Ok(());
        }
        let row = sqlx::query("select coalesce(max(entry_id), 0) from search_entry")
            .fetch_one(self.connection().await?)
            .await?;
        let mut entries = Entries { last: row.try_get(0)?, ..Entries::default() };
        for (id, said) in said {
            entries.add(entity, &id, said);
        }
        self.keep_entries(entries).await
    }

    /// Builds the whole index anew from the rows.
    pub(crate) async fn index_all(&mut self) -> Result<(), StoreError> {
        self.clear_index().await?;
        self.unindexed.clear();
        let mut last = 0;
        for entity in Entity::ALL {
            let Some((codes, words)) = indexed_columns(entity) else { continue };
            let (name, key) = (entity.as_str(), table_of(entity).id_column());
            let columns: Vec<&str> = codes.iter().chain(words).copied().collect();
            let sql = format!(
                "select {key}, {} from {name} where deleted = 0 and {key} > ? order by {key} limit {ROWS_AT_ONCE}",
                columns.join(", ")
            );
            let mut after = String::new();
            loop {
                let rows = sqlx::query(AssertSqlSafe(sql.clone()))
                    .bind(&after)
                    .fetch_all(self.connection().await?)
                    .await?;
                let Some(end) = rows.last() else { break };
                after = end.try_get(0)?;
                let mut entries = Entries { last, ..Entries::default() };
                for row in &rows {
                    let id: String = row.try_get(0)?;
                    entries.add(entity, &id, Said::of(row, codes.len(), columns.len())?);
                }
                last = entries.last;
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
            bind_all(sqlx::query(AssertSqlSafe(sql)), binds).execute(self.connection().await?).await?;
        }
        Ok(())
    }

    pub(crate) async fn clear_index(&mut self) -> Result<(), StoreError> {
        sqlx::query("delete from search_code").execute(self.connection().await?).await?;
        sqlx::query("delete from search_text").execute(self.connection().await?).await?;
        sqlx::query("delete from search_entry").execute(self.connection().await?).await?;
        sqlx::query("delete from unindexed").execute(self.connection().await?).await?;
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
        let words: Vec<String> = typed
            .split(|character: char| !character.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect();
        let mut found = self.search_unindexed(&Typed { plain: &plain, words: &words }).await?;
        if !plain.is_empty() {
            // The trigram index answers from three characters on; shorter ones are a scan of codes only.
            let rows =
                sqlx::query(AssertSqlSafe(format!(
                    "select e.entity, e.entity_id, c.code from search_code c join search_entry e on e.entry_id = c.rowid \
                     where c.code like ? and {INDEXED} limit ?"
                )))
                    .bind(format!("%{plain}%"))
                    .bind(limit * 4)
                    .fetch_all(self.connection().await?)
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
        let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"*")).collect();
        if !words.is_empty() {
            // The newest first: to weigh all that match would take longer than people wait, and short titles weigh alike.
            let rows = sqlx::query(AssertSqlSafe(format!(
                "select e.entity, e.entity_id from search_text t join search_entry e on e.entry_id = t.rowid \
                 where search_text match ? and {INDEXED} order by t.rowid desc limit ?"
            )))
            .bind(words.join(" "))
            .bind(limit)
            .fetch_all(self.connection().await?)
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

pub(crate) fn entity_at(row: &SqliteRow) -> Result<Entity, StoreError> {
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
