//! The loop that brings deliveries to the ERP: each step's mark is durable before a byte leaves, a lost answer is
//! looked up before anything is sent again, and what the ERP refuses waits for a person.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use millwright_erp::{ErpPort, KnownKeys, PushError};
use millwright_local_db::{DeliveryRow, Session};
use millwright_model::{
    Actor, CacheTag, Cause, DeliveryState, DeliveryTarget, ExternalKind, LearnedKey, LinkState,
    LookupOutcome, PushOutcome, Receipt, Request, StepLabel, TimestampMs, Trouble, WorkOrder,
};

use crate::EngineError;
use crate::engine::Inner;
use crate::unit::Unit;

/// The pause after the first failure, in milliseconds; it doubles up to [`RETRY_MAX_MS`].
const RETRY_MIN_MS: i64 = 1_000;
const RETRY_MAX_MS: i64 = 60_000;
/// No delivery is ever put off further than this: the longest request limit and some.
pub(crate) const LONGEST_WAIT_MS: i64 = 15 * 60 * 1000;
/// How many changes of an order are looked through for a decision that takes the place of a step.
const DECISIONS_LOOKED_AT: i64 = 50;
/// The loop looks at least this often, so that a wrong clock cannot stop it.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// What the loop waits for.
enum Wake {
    Shutdown,
    Look,
}

pub(crate) async fn run(engine: Arc<Inner>) {
    let mut shutdown = engine.shutdown.subscribe();
    loop {
        match deliver_due(&engine).await {
            Ok(()) => {}
            Err(error) => tracing::error!("deliveries stopped for now: {error}"),
        }
        let pause = next_pause(&engine).await;
        let wake = tokio::select! {
            _ = shutdown.wait_for(|ended| *ended) => Wake::Shutdown,
            () = engine.wake_delivering.notified() => Wake::Look,
            () = tokio::time::sleep(pause) => Wake::Look,
        };
        match wake {
            Wake::Shutdown => return,
            Wake::Look => {}
        }
    }
}

async fn next_pause(engine: &Inner) -> Duration {
    let due = async {
        let mut session = engine.database.read().await.ok()?;
        session.next_delivery_at(DeliveryTarget::Erp).await.ok()?
    };
    match due.await {
        Some(at) => {
            Duration::from_millis(at.since_ms(engine.now()).clamp(20, LOOK_AGAIN.as_millis() as i64) as u64)
        }
        None => LOOK_AGAIN,
    }
}

/// Sends everything that is due now, one step after the other.
pub(crate) async fn deliver_due(engine: &Inner) -> Result<(), EngineError> {
    let Some(erp) = engine.erp() else { return Ok(()) };
    engine.look_at_unnoted(DeliveryTarget::Erp, &[]).await?;
    while !*engine.shutdown.borrow() && engine.speaks_outside() {
        let now = engine.now();
        let next =
            engine.database.read().await?.next_delivery(DeliveryTarget::Erp, now, LONGEST_WAIT_MS).await?;
        let Some(row) = next else { return Ok(()) };
        if let Err(error) = deliver(engine, &*erp, row).await {
            engine.could_not_note(DeliveryTarget::Erp);
            return Err(error);
        }
        engine.tell_stale([CacheTag::Sync].into());
    }
    Ok(())
}

async fn deliver(engine: &Inner, erp: &dyn ErpPort, row: DeliveryRow) -> Result<(), EngineError> {
    let keys = known_keys(engine, erp, &row).await?;
    if row.delivery.state == DeliveryState::Unknown {
        return look_up(engine, erp, row, &keys).await;
    }
    push(engine, erp, row, &keys).await
}

async fn known_keys(engine: &Inner, erp: &dyn ErpPort, row: &DeliveryRow) -> Result<KnownKeys, EngineError> {
    let mut session = engine.database.read().await?;
    let mut known = KnownKeys::default();
    for need in &row.planned.needs {
        if let Some((key, _)) = session.external_key(erp.system(), need.kind, need.id).await? {
            known.keys.insert((need.kind, need.id), key);
        }
    }
    Ok(known)
}

async fn push(
    engine: &Inner,
    erp: &dyn ErpPort,
    row: DeliveryRow,
    keys: &KnownKeys,
) -> Result<(), EngineError> {
    let mut session = engine.database.write().await?;
    if !session.mark_sending(&row.delivery).await? {
        return Ok(());
    }
    session.commit().await?;
    if !engine.speaks_outside() {
        // The mark took longer than the right to speak lasts: whoever has it now looks this step up.
        return Ok(());
    }
    match erp.push(&row.planned, keys).await {
        Ok(PushOutcome::Applied(receipt)) => applied(engine, erp, &row, receipt).await,
        Ok(PushOutcome::Conflict { message, changed_by }) => {
            let words = match &changed_by {
                Some(who) => format!("{message} (changed there by {who})"),
                None => message,
            };
            let changed = Trouble::new(Cause::ChangedThere { by: changed_by }, words);
            settle(engine, &row, DeliveryState::Conflict, &changed).await
        }
        Ok(PushOutcome::Rejected { message }) => {
            settle(engine, &row, DeliveryState::Rejected, &Trouble::new(Cause::SaysNo, message)).await
        }
        Err(PushError::NotSent(trouble)) => {
            erp_down(engine, &trouble);
            let next = engine.now().plus_ms(retry_after_ms(row.delivery.attempts));
            postpone(engine, &row, DeliveryState::Waiting, Some(&trouble), next).await
        }
        Err(PushError::Unknown(trouble)) => {
            erp_down(engine, &trouble);
            let next = engine.now().plus_ms(erp.request_limit_ms() as i64);
            postpone(engine, &row, DeliveryState::Unknown, Some(&trouble), next).await
        }
    }
}

async fn look_up(
    engine: &Inner,
    erp: &dyn ErpPort,
    row: DeliveryRow,
    keys: &KnownKeys,
) -> Result<(), EngineError> {
    let now = engine.now();
    let since = row.unknown_since.unwrap_or(now);
    let earliest = since.plus_ms(erp.request_limit_ms() as i64);
    // A clock that jumped back must not keep a step unknown for ever: no wait is longer than the limit itself.
    if earliest > now && now >= since {
        let trouble = row.delivery.trouble();
        return postpone(engine, &row, DeliveryState::Unknown, trouble.as_ref(), earliest).await;
    }
    match erp.lookup(&row.planned, keys).await {
        Ok(LookupOutcome::Done(receipt)) => applied(engine, erp, &row, receipt).await,
        Ok(LookupOutcome::Absent) => push(engine, erp, row, keys).await,
        Ok(LookupOutcome::CannotTell) => {
            let words = "The answer was lost and the ERP cannot be searched for it. Look there, then retry or discard.";
            settle(engine, &row, DeliveryState::Conflict, &Trouble::new(Cause::CannotTell, words)).await
        }
        Err(error) => {
            let trouble = error.trouble();
            erp_down(engine, &trouble);
            let next = now.plus_ms(retry_after_ms(row.delivery.attempts));
            postpone(engine, &row, DeliveryState::Unknown, Some(&trouble), next).await
        }
    }
}

async fn applied(
    engine: &Inner,
    erp: &dyn ErpPort,
    row: &DeliveryRow,
    receipt: Receipt,
) -> Result<(), EngineError> {
    if engine.team.follows() {
        // It joined a team while this was on its way: the node looks the step up, and tells what the ERP gave.
        return Ok(());
    }
    let now = engine.now();
    engine.set_erp_link(LinkState::Up { since: now });
    let mut unit = Unit::begin(engine, Actor::erp(erp.system())).await?;
    for learned in &receipt.learned {
        learn(&mut unit, erp.system(), learned).await?;
    }
    unit.session
        .settle_delivery(row.delivery.delivery_id, DeliveryState::Done, Some(&receipt), None, now)
        .await?;
    unit.stale(CacheTag::Sync);
    unit.commit().await?;
    Ok(())
}

/// Keeps a key the ERP gave, and shows its number on the record.
async fn learn(unit: &mut Unit<'_>, system: &str, learned: &LearnedKey) -> Result<(), EngineError> {
    unit.session
        .set_external_ref(system, learned.kind, &learned.external_key, learned.id, &learned.label)
        .await?;
    match learned.kind {
        ExternalKind::WorkOrder => {
            if let Some(before) = unit.get::<WorkOrder>(learned.id).await? {
                let after = WorkOrder { erp_number: Some(learned.label.clone()), ..before.clone() };
                unit.update(&before, &after).await?;
                unit.stale(CacheTag::WorkOrders);
                unit.stale(CacheTag::WorkOrder(after.work_order_id));
            }
        }
        ExternalKind::Request => {
            if let Some(before) = unit.get::<Request>(learned.id).await? {
                let after = Request { erp_number: Some(learned.label.clone()), ..before.clone() };
                unit.update(&before, &after).await?;
                unit.stale(CacheTag::Requests);
            }
        }
        ExternalKind::Asset
        | ExternalKind::Part
        | ExternalKind::Location
        | ExternalKind::Stock
        | ExternalKind::Supplier
        | ExternalKind::Person
        | ExternalKind::WorkStep
        | ExternalKind::Labour
        | ExternalKind::Movement => {}
    }
    Ok(())
}

async fn settle(
    engine: &Inner,
    row: &DeliveryRow,
    state: DeliveryState,
    trouble: &Trouble,
) -> Result<(), EngineError> {
    let now = engine.now();
    engine.set_erp_link(LinkState::Up { since: now });
    let mut session = engine.database.write().await?;
    if is_settled(&mut session, row).await? {
        return Ok(());
    }
    let delivery_id = row.delivery.delivery_id;
    if superseded(&mut session, row).await? {
        let words = "a card was decided while it was on its way: that decision stands";
        let decided = Trouble::new(Cause::DecidedMeanwhile, words);
        session.settle_delivery(delivery_id, DeliveryState::Discarded, None, Some(&decided), now).await?;
    } else {
        session.settle_delivery(delivery_id, state, None, Some(trouble), now).await?;
    }
    session.commit().await?;
    Ok(())
}

/// Whether somebody gave the step up while it was looked up, or handed it to a team's node: that stands.
async fn is_settled(session: &mut Session, row: &DeliveryRow) -> Result<bool, EngineError> {
    let stands = session.delivery(row.delivery.delivery_id).await?;
    Ok(stands.is_none_or(|stands| stands.delivery.state.is_settled()))
}

/// Whether a card was decided since, so that what it tells takes the place of this step.
async fn superseded(session: &mut Session, row: &DeliveryRow) -> Result<bool, EngineError> {
    let delivery = &row.delivery;
    if !matches!(delivery.label, StepLabel::ChangeOrder { .. }) {
        return Ok(false);
    }
    let mut undone = BTreeSet::new();
    let record = BTreeSet::from([(delivery.entity, delivery.entity_id)]);
    for stored in session.txns_of_records(&record, DECISIONS_LOOKED_AT).await? {
        let txn = stored.txn()?;
        undone.extend(txn.undoes);
        let stands = txn.decides.filter(|_| !undone.contains(&txn.txn_id));
        if stands.is_some_and(|decision| decision.supersedes.contains(&delivery.delivery_id)) {
            return Ok(true);
        }
        if txn.txn_id == delivery.txn_id {
            break;
        }
    }
    Ok(false)
}

async fn postpone(
    engine: &Inner,
    row: &DeliveryRow,
    state: DeliveryState,
    trouble: Option<&Trouble>,
    next: TimestampMs,
) -> Result<(), EngineError> {
    let mut session = engine.database.write().await?;
    if is_settled(&mut session, row).await? {
        return Ok(());
    }
    session.postpone_delivery(row.delivery.delivery_id, state, trouble, next, engine.now()).await?;
    session.commit().await?;
    Ok(())
}

fn erp_down(engine: &Inner, trouble: &Trouble) {
    engine.set_erp_link(LinkState::down(engine.now(), trouble.clone()));
}

fn retry_after_ms(attempts: i64) -> i64 {
    doubled_ms(attempts, RETRY_MIN_MS, RETRY_MAX_MS)
}

/// The pause after so many failed tries: `first_ms`, twice as long each time, never longer than `longest_ms`.
pub(crate) fn doubled_ms(attempts: i64, first_ms: i64, longest_ms: i64) -> i64 {
    let doublings = attempts.clamp(0, 32) as u32;
    first_ms.saturating_mul(1 << doublings).min(longest_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_between_tries_grow_and_end_at_a_minute() {
        let pauses: Vec<i64> = (0..10).map(retry_after_ms).collect();
        assert_eq!(pauses[..4], [1_000, 2_000, 4_000, 8_000]);
        assert_eq!(pauses[9], 60_000);
    }
}
