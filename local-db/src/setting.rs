//! Small values by name: settings, counters, the mode of the app. Outside the projection.

use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::Row;

use crate::{Session, StoreError, WriteSession};

impl Session {
    /// The value kept under `name`; nothing when there is none.
    ///
    /// # Errors
    /// When the database refuses or the value cannot be read as `T`.
    pub async fn setting<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>, StoreError> {
        if !self.learned.settings.contains_key(name) {
            self.look_up_settings(&[name]).await?;
        }
        let Some(Some(text)) = self.learned.settings.get(name) else { return Ok(None) };
        serde_json::from_str(text)
            .map(Some)
            .map_err(|error| StoreError::corrupt(format!("setting {name}"), error))
    }

    /// Reads several values at once, of which [`Session::setting`] then knows: a look is consistent.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn look_up_settings(&mut self, names: &[&str]) -> Result<(), StoreError> {
        let names: Vec<&str> =
            names.iter().copied().filter(|name| !self.learned.settings.contains_key(*name)).collect();
        if names.is_empty() {
            return Ok(());
        }
        let list = serde_json::to_string(&names).map_err(|error| StoreError::corrupt("settings", error))?;
        let rows =
            sqlx::query("select name, value from setting where name in (select value from json_each(?))")
                .bind(list)
                .fetch_all(self.connection().await?)
                .await?;
        self.learned.settings.extend(names.iter().map(|name| ((*name).to_owned(), None)));
        for row in rows {
            self.learned.settings.insert(row.try_get(0)?, Some(row.try_get(1)?));
        }
        Ok(())
    }
}

impl WriteSession {
    /// Keeps `value` under `name`.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_setting<T: Serialize>(&mut self, name: &str, value: &T) -> Result<(), StoreError> {
        let text = serde_json::to_string(value)
            .map_err(|error| StoreError::corrupt(format!("setting {name}"), error))?;
        sqlx::query("insert into setting (name, value) values (?, ?) on conflict (name) do update set value = excluded.value")
            .bind(name)
            .bind(&text)
            .execute(self.connection().await?)
            .await?;
        self.learned.settings.insert(name.to_owned(), Some(text));
        Ok(())
    }

    /// The next number of a counter, from 1.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn next_number(&mut self, counter: &str) -> Result<i64, StoreError> {
        let next = self.setting::<i64>(counter).await?.unwrap_or(0) + 1;
        self.set_setting(counter, &next).await?;
        Ok(next)
    }

    /// Keeps the key of a person, or deletes it with `None`: that is the erasure.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_person_key(
        &mut self,
        person_id: millwright_model::PersonId,
        key: Option<&[u8]>,
    ) -> Result<(), StoreError> {
        let query = match key {
            Some(key) => {
                sqlx::query("insert or replace into person_key (person_id, sealed_key) values (?, ?)")
                    .bind(person_id.to_string())
                    .bind(key.to_vec())
            }
            None => sqlx::query("delete from person_key where person_id = ?").bind(person_id.to_string()),
        };
        query.execute(self.connection().await?).await?;
        Ok(())
    }
}

impl Session {
    /// The keys of people, sealed.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn person_keys(&mut self) -> Result<Vec<(millwright_model::PersonId, Vec<u8>)>, StoreError> {
        let rows = sqlx::query("select person_id, sealed_key from person_key")
            .fetch_all(self.connection().await?)
            .await?;
        rows.iter()
            .map(|row| Ok((millwright_model::PersonId(crate::projection::uuid_at(row, 0)?), row.try_get(1)?)))
            .collect()
    }
}
