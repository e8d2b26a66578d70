//! Deliveries as rows: planned with their transaction, then moved from state to state by the delivery loop.

use millwright_model::{
    Cause, Delivery, DeliveryId, DeliveryState, DeliveryTarget, Entity, Need, PlannedStep, Receipt,
    StepLabel, TimestampMs, Trouble, TxnId,
};
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use crate::projection::{Bind, uuid_at};
use crate::{Session, StoreError, WriteSession};

/// A delivery to be planned.
#[derive(Clone, Debug)]
pub struct NewDelivery {
    /// Its id.
    pub delivery_id: DeliveryId,
    /// The transaction.
    pub txn_id: TxnId,
    /// Where it goes.
    pub target: DeliveryTarget,
    /// Its place among the steps of its transaction at its target.
    pub step: i64,
    /// What the adapter planned.
    pub planned: PlannedStep,
    /// The record it is about.
    pub entity: Entity,
    /// Which.
    pub entity_id: Uuid,
    /// The number people know.
    pub entity_label: String,
    /// Not before this.
    pub not_before: TimestampMs,
    /// When it was planned.
    pub planned_at: TimestampMs,
}

/// A delivery with what the loop needs to send it.
#[derive(Clone, Debug)]
pub struct DeliveryRow {
    /// What people see.
    pub delivery: Delivery,
    /// What the adapter planned.
    pub planned: PlannedStep,
    /// Since when its outcome is unknown.
    pub unknown_since: Option<TimestampMs>,
}

const SELECT: &str = "select delivery_id, txn_id, target, step, step_key, label, entity, entity_id, entity_label, needs, \
     bytes, state, attempts, next_attempt_at, unknown_since, planned_at, receipt, error from delivery ";

/// What is sent or looked up without a person. Nobody can look an e-mail up: one that may have gone waits for a word.
const DUE_BY_ITSELF: &str = "(state = 'waiting' or (state = 'unknown' and target <> 'mail'))";

impl Session {
    /// The delivery to look at next: the oldest that is due and depends on nothing undone; never an e-mail that may have
    /// gone. One that would be due
    /// later than `longest_wait_ms` from now was dated by a clock that has been set back since: it is due too.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn next_delivery(
        &mut self,
        target: DeliveryTarget,
        now: TimestampMs,
        longest_wait_ms: i64,
    ) -> Result<Option<DeliveryRow>, StoreError> {
        let sql = format!(
            "{SELECT} d where target = ? and {DUE_BY_ITSELF} and (next_attempt_at <= ? or next_attempt_at > ?) \
             and not exists (select 1 from json_each(d.depends_on) e join delivery earlier on earlier.delivery_id = e.value \
                 where earlier.state not in ('done', 'discarded')) \
             order by rowid limit 1"
        );
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(target.as_str())
            .bind(now.0)
            .bind(now.plus_ms(longest_wait_ms).0)
            .fetch_optional(self.connection().await?)
            .await?;
        row.as_ref().map(read_row).transpose()
    }

    /// When the next delivery to `target` is due, whether or not it must wait for others.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn next_delivery_at(
        &mut self,
        target: DeliveryTarget,
    ) -> Result<Option<TimestampMs>, StoreError> {
        let sql = format!("select min(next_attempt_at) from delivery where target = ? and {DUE_BY_ITSELF}");
        let row =
            sqlx::query(AssertSqlSafe(sql)).bind(target.as_str()).fetch_one(self.connection().await?).await?;
        Ok(row.try_get::<Option<i64>, _>(0)?.map(TimestampMs))
    }

    /// One delivery.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn delivery(&mut self, delivery_id: DeliveryId) -> Result<Option<DeliveryRow>, StoreError> {
        let sql = AssertSqlSafe(format!("{SELECT} where delivery_id = ?"));
        let row =
            sqlx::query(sql).bind(delivery_id.to_string()).fetch_optional(self.connection().await?).await?;
        row.as_ref().map(read_row).transpose()
    }

    /// Deliveries in one of `states`, oldest first; settled ones newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn deliveries_in(
        &mut self,
        states: &[DeliveryState],
        newest_first: bool,
        limit: i64,
    ) -> Result<Vec<Delivery>, StoreError> {
        let names: Vec<&str> = states.iter().map(|state| state.as_str()).collect();
        let names =
            serde_json::to_string(&names).map_err(|error| StoreError::corrupt("delivery.state", error))?;
        let order = if newest_first { "settled_at desc, rowid desc" } else { "rowid" };
        let sql =
            format!("{SELECT} where state in (select value from json_each(?)) order by {order} limit ?");
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(names)
            .bind(limit)
            .fetch_all(self.connection().await?)
            .await?;
        rows.iter().map(|row| Ok(read_row(row)?.delivery)).collect()
    }

    /// The deliveries about one record, oldest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn deliveries_of(&mut self, entity_id: Uuid) -> Result<Vec<Delivery>, StoreError> {
        let sql = AssertSqlSafe(format!("{SELECT} where entity_id = ? order by rowid"));
        let rows = sqlx::query(sql).bind(entity_id.to_string()).fetch_all(self.connection().await?).await?;
        rows.iter().map(|row| Ok(read_row(row)?.delivery)).collect()
    }

    /// The deliveries of one transaction.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn deliveries_of_txn(&mut self, txn_id: TxnId) -> Result<Vec<Delivery>, StoreError> {
        let sql = AssertSqlSafe(format!("{SELECT} where txn_id = ? order by target, step"));
        let rows = sqlx::query(sql).bind(txn_id.to_string()).fetch_all(self.connection().await?).await?;
        rows.iter().map(|row| Ok(read_row(row)?.delivery)).collect()
    }

    /// The receipt of the step with `step_key` at `target`, where it took effect.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn receipt_of(
        &mut self,
        target: DeliveryTarget,
        step_key: &str,
    ) -> Result<Option<Receipt>, StoreError> {
        let row =
            sqlx::query("select receipt from delivery where target = ? and step_key = ? and state = 'done'")
                .bind(target.as_str())
                .bind(step_key)
                .fetch_optional(self.connection().await?)
                .await?;
        let Some(row) = row else { return Ok(None) };
        let text: Option<String> = row.try_get(0)?;
        text.map(|text| {
            serde_json::from_str(&text).map_err(|error| StoreError::corrupt("delivery.receipt", error))
        })
        .transpose()
    }

    /// How many deliveries to `target` are waiting or on their way, how many need a person, and the oldest of all.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn delivery_counts(
        &mut self,
        target: DeliveryTarget,
    ) -> Result<(i64, i64, Option<TimestampMs>), StoreError> {
        let row = sqlx::query(
            "select coalesce(sum(state in ('waiting', 'sending') or (state = 'unknown' and target <> 'mail')), 0), \
             coalesce(sum(state in ('conflict', 'rejected') or (state = 'unknown' and target = 'mail')), 0), \
             min(planned_at) from delivery where target = ? and state not in ('done', 'discarded')",
        )
        .bind(target.as_str())
        .fetch_one(self.connection().await?)
        .await?;
        Ok((row.try_get(0)?, row.try_get(1)?, row.try_get::<Option<i64>, _>(2)?.map(TimestampMs)))
    }

    /// How many transactions have a delivery to a system that is not settled: they are nowhere else yet. An e-mail keeps
    /// no record.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn undelivered_txn_count(&mut self) -> Result<i64, StoreError> {
        let row = sqlx::query(
            "select count(distinct txn_id) from delivery where state not in ('done', 'discarded') and target <> 'mail'",
        )
        .fetch_one(self.connection().await?)
        .await?;
        Ok(row.try_get(0)?)
    }
}

impl WriteSession {
    /// Plans a delivery. It waits for every earlier undone one of the same record at the same target and of
    /// every record it needs a key of; an e-mail waits for nothing.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn plan_delivery(&mut self, new: &NewDelivery) -> Result<(), StoreError> {
        let json = |what: &str, value: Result<String, serde_json::Error>| {
            value.map_err(|error| StoreError::corrupt(what, error))
        };
        let mut awaited: Vec<String> = vec![new.entity_id.to_string()];
        awaited.extend(new.planned.needs.iter().map(|need| need.id.to_string()));
        let binds: [Bind; 15] = [
            new.delivery_id.0.into(),
            new.txn_id.0.into(),
            new.target.as_str().into(),
            new.step.into(),
            new.planned.step_key.as_str().into(),
            new.planned.label.stored().map_err(|error| StoreError::corrupt("label", error))?.into(),
            new.entity.as_str().into(),
            new.entity_id.into(),
            new.entity_label.as_str().into(),
            json("delivery.needs", serde_json::to_string(&new.planned.needs))?.into(),
            new.planned.bytes[..].into(),
            new.not_before.0.into(),
            new.planned_at.0.into(),
            new.target.as_str().into(),
            json("delivery.depends_on", serde_json::to_string(&awaited))?.into(),
        ];
        self.write_later(
            "insert into delivery (delivery_id, txn_id, target, step, step_key, label, entity, entity_id, entity_label, needs, \
             bytes, state, next_attempt_at, planned_at, depends_on) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?, \
             (select json_group_array(delivery_id) from (select delivery_id from delivery where target = ? \
             and target <> 'mail' and state not in ('done', 'discarded') \
             and entity_id in (select value from json_each(?)) order by rowid)))",
            binds,
        )
        .await
    }

    /// Puts a delivery that was just planned where others were that it takes the place of: it waits for what came
    /// before them, and what waits for them waits for it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn take_place(
        &mut self,
        delivery_id: DeliveryId,
        instead_of: &[DeliveryId],
    ) -> Result<(), StoreError> {
        if instead_of.is_empty() {
            return Ok(());
        }
        let instead_of: Vec<String> = instead_of.iter().map(ToString::to_string).collect();
        let instead_of = serde_json::to_string(&instead_of)
            .map_err(|error| StoreError::corrupt("delivery.depends_on", error))?;
        sqlx::query(
            "update delivery set depends_on = (select json_group_array(e.value) from json_each(delivery.depends_on) e \
                 join delivery earlier on earlier.delivery_id = e.value \
                 where earlier.delivery_id in (select value from json_each(?2)) or earlier.rowid < \
                     (select min(rowid) from delivery where delivery_id in (select value from json_each(?2)))) \
             where delivery_id = ?1",
        )
        .bind(delivery_id.to_string())
        .bind(&instead_of)
        .execute(self.connection().await?)
        .await?;
        sqlx::query(
            "update delivery set depends_on = json_insert(depends_on, '$[#]', ?1) \
             where delivery_id <> ?1 and state not in ('done', 'discarded') \
             and delivery_id not in (select value from json_each(?2)) \
             and exists (select 1 from json_each(delivery.depends_on) e where e.value in (select value from json_each(?2)))",
        )
        .bind(delivery_id.to_string())
        .bind(&instead_of)
        .execute(self.connection().await?)
        .await?;
        Ok(())
    }

    /// Marks a delivery as on its way, if it still stands as it was looked up; false when somebody undid it, gave it up
    /// or began to send it since. The mark is durable before a byte leaves.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn mark_sending(&mut self, looked_up: &Delivery) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "update delivery set state = 'sending', attempts = attempts + 1 where delivery_id = ? and state = ?",
        )
        .bind(looked_up.delivery_id.to_string())
        .bind(looked_up.state.as_str())
        .execute(self.connection().await?)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Puts a delivery into `state` with what is known of it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn settle_delivery(
        &mut self,
        delivery_id: DeliveryId,
        state: DeliveryState,
        receipt: Option<&Receipt>,
        trouble: Option<&Trouble>,
        at: TimestampMs,
    ) -> Result<(), StoreError> {
        let receipt = receipt
            .map(serde_json::to_string)
            .transpose()
            .map_err(|error| StoreError::corrupt("delivery.receipt", error))?;
        sqlx::query("update delivery set state = ?, receipt = coalesce(?, receipt), error = ?, settled_at = ?, unknown_since = null where delivery_id = ?")
            .bind(state.as_str())
            .bind(receipt)
            .bind(stored(trouble)?)
            .bind(at.0)
            .bind(delivery_id.to_string())
            .execute(self.connection().await?)
            .await?;
        Ok(())
    }

    /// Puts a delivery back to be looked at again: as waiting when it surely did not leave, else as unknown.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn postpone_delivery(
        &mut self,
        delivery_id: DeliveryId,
        state: DeliveryState,
        trouble: Option<&Trouble>,
        next_attempt_at: TimestampMs,
        at: TimestampMs,
    ) -> Result<(), StoreError> {
        let unknown_since = (state == DeliveryState::Unknown).then_some(at.0);
        sqlx::query(
            "update delivery set state = ?, error = ?, next_attempt_at = ?, unknown_since = coalesce(unknown_since, ?) where delivery_id = ?",
        )
        .bind(state.as_str())
        .bind(stored(trouble)?)
        .bind(next_attempt_at.0)
        .bind(unknown_since)
        .bind(delivery_id.to_string())
        .execute(self.connection().await?)
        .await?;
        if state == DeliveryState::Waiting {
            sqlx::query("update delivery set unknown_since = null where delivery_id = ?")
                .bind(delivery_id.to_string())
                .execute(self.connection().await?)
                .await?;
        }
        Ok(())
    }

    /// What was on its way when the process ended has an unknown outcome. Answers how many there were.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn sending_becomes_unknown(&mut self, at: TimestampMs) -> Result<u64, StoreError> {
        let result = sqlx::query("update delivery set state = 'unknown', unknown_since = coalesce(unknown_since, ?) where state = 'sending'")
            .bind(at.0)
            .execute(self.connection().await?)
            .await?;
        Ok(result.rows_affected())
    }

    /// What is marked as on its way to `target` and is not among `in_flight` has an unknown outcome: its end could not be
    /// noted. Answers how many there were.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn lost_becomes_unknown(
        &mut self,
        target: DeliveryTarget,
        in_flight: &[DeliveryId],
        at: TimestampMs,
    ) -> Result<u64, StoreError> {
        let in_flight = serde_json::to_string(in_flight)
            .map_err(|error| StoreError::corrupt("delivery.delivery_id", error))?;
        let result = sqlx::query(
            "update delivery set state = 'unknown', unknown_since = coalesce(unknown_since, ?) where state = 'sending' \
             and target = ? and delivery_id not in (select value from json_each(?))",
        )
        .bind(at.0)
        .bind(target.as_str())
        .bind(in_flight)
        .execute(self.connection().await?)
        .await?;
        Ok(result.rows_affected())
    }

    /// Another device had begun to deliver this transaction: what it gave up is not taken up again, and every other
    /// step at the ERP may have had its effect.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn planned_was_begun(
        &mut self,
        txn_id: TxnId,
        given_up: &[String],
        at: TimestampMs,
    ) -> Result<(), StoreError> {
        for step_key in given_up {
            sqlx::query(
                "update delivery set state = 'discarded', settled_at = ? where txn_id = ? and step_key = ? and state = 'waiting'",
            )
            .bind(at.0)
            .bind(txn_id.to_string())
            .bind(step_key)
            .execute(self.connection().await?)
            .await?;
        }
        sqlx::query(
            "update delivery set state = 'unknown', unknown_since = ? where txn_id = ? and target = 'erp' and state = 'waiting'",
        )
        .bind(at.0)
        .bind(txn_id.to_string())
        .execute(self.connection().await?)
        .await?;
        Ok(())
    }

    /// The node delivers this transaction now: whatever of it was not settled here is no longer this device's, but for
    /// e-mails that may have gone from here.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn hand_deliveries_over(&mut self, txn_id: TxnId, at: TimestampMs) -> Result<(), StoreError> {
        let with_node = Trouble::new(Cause::WithNode, "handed to the node of the team");
        sqlx::query(
            "update delivery set state = 'discarded', settled_at = ?, error = ? \
             where txn_id = ? and state not in ('done', 'discarded') \
             and not (target = 'mail' and state in ('sending', 'unknown'))",
        )
        .bind(at.0)
        .bind(stored(Some(&with_node))?)
        .bind(txn_id.to_string())
        .execute(self.connection().await?)
        .await?;
        Ok(())
    }

    /// After a restore nobody knows what left since the backup: every undone delivery has an unknown outcome.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn undone_becomes_unknown(&mut self, at: TimestampMs) -> Result<u64, StoreError> {
        let result = sqlx::query(
            "update delivery set state = 'unknown', unknown_since = ?, next_attempt_at = ? where state in ('waiting', 'sending', 'unknown')",
        )
        .bind(at.0)
        .bind(at.0)
        .execute(self.connection().await?)
        .await?;
        Ok(result.rows_affected())
    }

    /// The deliveries that wait for `delivery_id`, directly or through others, and are not settled.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn dependents_of(&mut self, delivery_id: DeliveryId) -> Result<Vec<DeliveryRow>, StoreError> {
        let sql = format!(
            "with recursive waits (id) as (select ?1 union select d.delivery_id from delivery d, json_each(d.depends_on) e, waits \
                 where e.value = waits.id and d.state not in ('done', 'discarded')) \
             {SELECT} where delivery_id in (select id from waits) and delivery_id <> ?1 order by rowid"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(delivery_id.to_string())
            .fetch_all(self.connection().await?)
            .await?;
        rows.iter().map(read_row).collect()
    }
}

fn stored(trouble: Option<&Trouble>) -> Result<Option<String>, StoreError> {
    trouble.map(Trouble::stored).transpose().map_err(|error| StoreError::corrupt("delivery.error", error))
}

fn read_row(row: &SqliteRow) -> Result<DeliveryRow, StoreError> {
    let corrupt =
        |name: &str, value: &str| StoreError::corrupt(format!("delivery.{name}"), format!("«{value}»"));
    let (target, state, entity): (String, String, String) =
        (row.try_get("target")?, row.try_get("state")?, row.try_get("entity")?);
    let needs: String = row.try_get("needs")?;
    let needs: Vec<Need> =
        serde_json::from_str(&needs).map_err(|error| StoreError::corrupt("delivery.needs", error))?;
    let receipt: Option<String> = row.try_get("receipt")?;
    let receipt = receipt.map(|text| {
        serde_json::from_str(&text).map_err(|error| StoreError::corrupt("delivery.receipt", error))
    });
    let (step_key, label): (String, String) = (row.try_get("step_key")?, row.try_get("label")?);
    let label = StepLabel::read(&label);
    let (error, cause) = row.try_get::<Option<String>, _>("error")?.map(Trouble::read).unzip();
    Ok(DeliveryRow {
        delivery: Delivery {
            delivery_id: DeliveryId(uuid_at(row, 0)?),
            txn_id: TxnId(uuid_at(row, 1)?),
            target: DeliveryTarget::parse(&target).ok_or_else(|| corrupt("target", &target))?,
            step: row.try_get("step")?,
            step_key: step_key.clone(),
            label: label.clone(),
            entity: Entity::parse(&entity).ok_or_else(|| corrupt("entity", &entity))?,
            entity_id: uuid_at(row, 7)?,
            entity_label: row.try_get("entity_label")?,
            state: DeliveryState::parse(&state).ok_or_else(|| corrupt("state", &state))?,
            attempts: row.try_get("attempts")?,
            next_attempt_at: TimestampMs(row.try_get("next_attempt_at")?),
            planned_at: TimestampMs(row.try_get("planned_at")?),
            receipt: receipt.transpose()?,
            error,
            cause: cause.flatten(),
        },
        planned: PlannedStep { step_key, label, bytes: row.try_get("bytes")?, needs },
        unknown_since: row.try_get::<Option<i64>, _>("unknown_since")?.map(TimestampMs),
    })
}
