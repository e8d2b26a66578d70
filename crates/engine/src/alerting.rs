//! The loop that calls people for what is urgent: once for each rung on this device, whatever restarts in between, and
//! only when it can no longer be undone.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use millwright_local_db::Session;
use millwright_model::{AlertLadder, AlertStand, AlertSubject, CacheTag, TimestampMs};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::EngineError;
use crate::engine::Inner;
use crate::mail::words::Reader;
use crate::ports::Ring;
use crate::unit::HOLD_MS;
use crate::use_case::alert::{self, Asking};

/// What this device remembers of alerts: it is not told to others.
const HEARD: &str = "alerts_heard";
/// How often it is looked whether time alone brought an alert on.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How long an alert is remembered that asks no more: who took it on may take that back.
const REMEMBERED_FOR_MS: i64 = 2 * AlertLadder::ALERT_FOR_MS;

/// What this device remembers of an alert.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Heard {
    /// When it was heard of first, by this device's clock.
    pub(crate) at: TimestampMs,
    /// The rung for which people were called last.
    rung: Option<usize>,
    /// When it was passed on, as of that call.
    passed_at: Option<TimestampMs>,
}

/// What this device remembers.
pub(crate) async fn heard(session: &mut Session) -> Result<BTreeMap<Uuid, Heard>, EngineError> {
    Ok(session.setting(HEARD).await?.unwrap_or_default())
}

/// Looks until the engine ends: when something changed that may ask for somebody, and as time passes.
pub(crate) async fn run(engine: Arc<Inner>) {
    let mut shutdown = engine.shutdown.subscribe();
    loop {
        if let Err(error) = look(&engine).await {
            tracing::error!("nobody is called for what is urgent, for now: {error}");
        }
        tokio::select! {
            _ = shutdown.wait_for(|ended| *ended) => return,
            () = engine.wake_alerting.notified() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

/// Remembers what is new, calls whom it concerns, and tells the screens when it stands otherwise than before.
pub(crate) async fn look(engine: &Inner) -> Result<(), EngineError> {
    let now = engine.now();
    let mut session = engine.database.read().await?;
    let ladder = alert::ladder(engine, &mut session).await?;
    let asking = alert::asking(engine, &mut session, &ladder).await?;
    let before = heard(&mut session).await?;
    let settings = crate::settings::kept(&mut session).await?;
    let mut after = before.clone();
    for one in &asking {
        let fresh = Heard { at: now, rung: None, passed_at: None };
        let heard = after.entry(one.about.id()).or_insert(fresh);
        heard.at = heard.at.min(now);
    }
    after.retain(|_, heard| now.since_ms(heard.at) <= REMEMBERED_FOR_MS);
    let (holder, bell_from) = (alert::holder(engine), settings.bell_from);
    let calls: Vec<&Asking> = asking
        .iter()
        .filter(|one| bell_from.is_some_and(|from| one.priority.number() <= from.number()))
        // Until then whoever raised it may take it back.
        .filter(|one| now.since_ms(one.stand.since) >= HOLD_MS && ladder.calls(&one.stand, holder))
        .filter(|one| after.get(&one.about.id()).is_none_or(|heard| is_news(heard, one)))
        .collect();
    if !calls.is_empty() && engine.ports.shell.ring(ring_of(engine, &mut session, &calls).await?) {
        for one in &calls {
            if let Some(heard) = after.get_mut(&one.about.id()) {
                heard.rung = Some(one.stand.rung);
                heard.passed_at = one.passed_at;
            }
        }
    }
    drop(session);
    if after != before {
        let mut session = engine.database.write().await?;
        session.set_setting(HEARD, &after).await?;
        session.commit().await?;
    }
    tell_changes(engine, asking.iter().map(|one| (one.about, one.stand)).collect());
    Ok(())
}

/// Whether people were not called for this yet.
fn is_news(heard: &Heard, one: &Asking) -> bool {
    heard.passed_at != one.passed_at || heard.rung.is_none_or(|rung| rung < one.stand.rung)
}

/// What people are called with, in the language of the person who holds this device: many at once are one call.
async fn ring_of(engine: &Inner, session: &mut Session, calls: &[&Asking]) -> Result<Ring, EngineError> {
    let reader = Reader::of(session, &crate::mail::words::holders_language(engine)).await?;
    let priority = calls.iter().map(|one| one.priority).min().unwrap_or_default();
    Ok(Ring { priority, title: reader.title_of_call(calls), text: reader.text_of_call(calls) })
}

/// Tells the screens where something asks that did not, asks no more, or stands on another rung.
fn tell_changes(engine: &Inner, stands: Vec<(AlertSubject, AlertStand)>) {
    let in_short = |stands: &[(AlertSubject, AlertStand)]| -> Vec<_> {
        stands.iter().map(|(about, stand)| (*about, stand.rung, stand.asks)).collect()
    };
    let Ok(mut told) = engine.alerts_told.lock() else { return };
    let news = in_short(&told) != in_short(&stands);
    *told = stands;
    drop(told);
    if news {
        engine.tell_stale([CacheTag::Alerts].into());
    }
}
