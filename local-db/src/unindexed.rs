//! Records that came in bulk: the search index takes them bit by bit after what brought them is durable, and until then
//! a search looks at their rows.

use std::collections::BTreeMap;

use millwright_model::Entity;
use sqlx::{AssertSqlSafe, Row};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use uuid::Uuid;

use crate::folding::id_list;
use crate::projection::uuid_at;
use crate::search::{FoundRecord, Said, entity_at, indexed_columns};
use crate::table::table_of;
use crate::{Database, Session, StoreError, WriteSession};

/// What changes more records than this is not kept waiting for the index.
pub(crate) const AT_ONCE_MAX: usize = 100;
/// So many records are indexed before others may write again.
const BIT: i64 = 500;
/// So many rows are looked at with one statement.
const PAGE: i64 = 2_000;

/// What was typed, as rows are compared with it.
pub(crate) struct Typed<'t> {
    /// Letters and digits only, lower case.
    pub(crate) plain: &'t str,
    /// The words, of which each must begin a word of the record.
    pub(crate) words: &'t [String],
}

impl Typed<'_> {
    /// How well a record fits, as [`FoundRecord::rank`] says it; nothing when it does not.
    fn rank(&self, said: &Said) -> Option<u8> {
        let of_code = |code: &String| match code.find(self.plain) {
            Some(0) if code.len() == self.plain.len() => Some(0),
            Some(0) => Some(1),
            Some(_) => Some(2),
            None => None,
        };
        let by_code = said.codes.iter().filter_map(of_code).min().filter(|_| !self.plain.is_empty());
        by_code.or_else(|| {
            let said: Vec<String> = words_of(said.text.as_deref().unwrap_or_default()).collect();
            let begins = |word: &String| {
                let word = without_marks(word);
                said.iter().any(|said| said.starts_with(&word))
            };
            (!self.words.is_empty() && self.words.iter().all(begins)).then_some(3)
        })
    }
}

/// The words of a text as the index keeps them: lower case, and without marks on letters (`Öl` is `ol`).
fn words_of(text: &str) -> impl Iterator<Item = String> {
    text.split(|character: char| !character.is_alphanumeric() && !is_combining_mark(character))
        .filter(|word| !word.is_empty())
        .map(without_marks)
}

fn without_marks(word: &str) -> String {
    word.nfd().filter(|character| !is_combining_mark(*character)).flat_map(char::to_lowercase).collect()
}

impl WriteSession {
    /// Leaves records to be indexed after this look.
    pub(crate) async fn index_later(&mut self, entity: Entity, ids: &[Uuid]) -> Result<(), StoreError> {
        sqlx::query("insert or ignore into unindexed (entity, entity_id) select ?, value from json_each(?)")
            .bind(entity.as_str())
            .bind(id_list(ids)?)
            .execute(self.connection().await?)
            .await?;
        Ok(())
    }
}

impl Database {
    /// Brings the search index up to date with some of what came in bulk. Answers whether there is more of it.
    ///
    /// # Errors
    /// When the database refuses; what was indexed before stays.
    pub async fn index_some(&self) -> Result<bool, StoreError> {
        if !self.read().await?.any_unindexed().await? {
            return Ok(false);
        }
        // What a file is searched by is its own.
        let mut session = self.write_alone().await?;
        let rows = sqlx::query("select entity, entity_id from unindexed limit ?")
            .bind(BIT)
            .fetch_all(session.connection().await?)
            .await?;
        let mut of_kind: BTreeMap<Entity, Vec<Uuid>> = BTreeMap::new();
        for row in &rows {
            of_kind.entry(entity_at(row)?).or_default().push(uuid_at(row, 1)?);
        }
        for (entity, ids) in of_kind {
            session.index_records(entity, &ids).await?;
            sqlx::query(
                "delete from unindexed where entity = ? and entity_id in (select value from json_each(?))",
            )
            .bind(entity.as_str())
            .bind(id_list(&ids)?)
            .execute(session.connection().await?)
            .await?;
        }
        session.commit().await?;
        Ok(rows.len() as i64 == BIT)
    }

    /// Waits until something came in bulk.
    pub async fn came_in_bulk(&self) {
        self.indexing.notified().await;
    }
}

impl Session {
    /// Whether anything came in bulk that is not in the search index yet.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn any_unindexed(&mut self) -> Result<bool, StoreError> {
        let row = sqlx::query("select exists (select 1 from unindexed)")
            .fetch_one(self.connection().await?)
            .await?;
        Ok(row.try_get::<i64, _>(0)? != 0)
    }

    /// Of what is not in the search index yet, what fits what was typed.
    pub(crate) async fn search_unindexed(
        &mut self,
        typed: &Typed<'_>,
    ) -> Result<Vec<FoundRecord>, StoreError> {
        let mut found = Vec::new();
        if !self.any_unindexed().await? {
            return Ok(found);
        }
        for entity in Entity::ALL {
            let Some((codes, words)) = indexed_columns(entity) else { continue };
            let columns: Vec<&str> = codes.iter().chain(words).copied().collect();
            let (name, key, width) = (entity.as_str(), table_of(entity).id_column(), columns.len());
            let sql = format!(
                "select r.{key}, r.{} from unindexed u join {name} r on r.{key} = u.entity_id \
                 where u.entity = ? and r.deleted = 0 and u.entity_id > ? order by u.entity_id limit {PAGE}",
                columns.join(", r.")
            );
            let mut after = String::new();
            loop {
                let rows = sqlx::query(AssertSqlSafe(sql.clone()))
                    .bind(name)
                    .bind(&after)
                    .fetch_all(self.connection().await?)
                    .await?;
                let Some(last) = rows.last() else { break };
                after = last.try_get(0)?;
                for row in &rows {
                    if let Some(rank) = typed.rank(&Said::of(row, codes.len(), width)?) {
                        found.push(FoundRecord { entity, id: uuid_at(row, 0)?, rank });
                    }
                }
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_compared_without_case_and_marks() {
        let words: Vec<String> = words_of("Ölpumpe, A\u{308}ußerer Ring/2").collect();
        assert_eq!(words, ["olpumpe", "außerer", "ring", "2"]);
    }
}
