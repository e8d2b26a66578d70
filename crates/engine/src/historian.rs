//! The historian: group commits of telemetry, and the word to the broker once what it holds is on the disk.

use std::sync::Arc;
use std::time::{Duration, Instant};

use millwright_local_db::{Forgotten, Retention};
use millwright_model::SeriesKey;
use tokio::time::MissedTickBehavior;

use crate::engine::Inner;
use crate::{EngineError, disk};

/// Group commits of telemetry: at most ten a second, beside those for which the broker waits.
const COMMIT_EVERY: Duration = Duration::from_millis(100);
/// How often the journal is folded even when little comes in.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(300);

/// How often what is past its age is let go. A step at a time: see [`millwright_local_db::Retention`].
const LET_GO_EVERY: Duration = Duration::from_secs(3_600);
const DAY_MS: i64 = 86_400_000;
const GIB: i64 = 1 << 30;

/// What the historian waits for.
enum Wake {
    Shutdown,
    Commit,
    /// The broker has handed over all it will before our word.
    WindowFull,
    Checkpoint,
    LetGo,
}

/// Writes what came in to history until the engine ends.
pub(crate) async fn run(engine: Arc<Inner>) {
    if let Err(error) = note_damage(&engine).await {
        tracing::error!("what the historian found at its start could not be noted: {error}");
    }
    let mut shutdown = engine.shutdown.subscribe();
    let mut commit = tokio::time::interval(COMMIT_EVERY);
    commit.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut checkpoint = tokio::time::interval(CHECKPOINT_EVERY);
    checkpoint.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // Not at the start, when people wait for the first screen.
    let mut let_go = tokio::time::interval_at(tokio::time::Instant::now() + CHECKPOINT_EVERY, LET_GO_EVERY);
    let_go.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let wake = tokio::select! {
            _ = shutdown.wait_for(|ended| *ended) => Wake::Shutdown,
            _ = commit.tick() => Wake::Commit,
            () = engine.live.window_is_full() => Wake::WindowFull,
            _ = checkpoint.tick() => Wake::Checkpoint,
            _ = let_go.tick() => Wake::LetGo,
        };
        keep(&engine).await;
        match wake {
            Wake::Shutdown => return,
            Wake::Commit | Wake::WindowFull => {}
            Wake::Checkpoint => {
                if let Err(error) = engine.history.checkpoint().await {
                    tracing::error!("history could not be folded: {error}");
                }
            }
            Wake::LetGo => {
                // In a task of its own: letting go reads much, and commits must not wait for it.
                let engine = engine.clone();
                tokio::spawn(async move {
                    if let Err(error) = let_go_of_old(&engine).await {
                        tracing::error!("old history could not be let go: {error}");
                    }
                });
            }
        }
    }
}

/// Lets go what the settings do not keep.
pub(crate) async fn let_go_of_old(engine: &Inner) -> Result<Forgotten, EngineError> {
    let mut session = engine.database.read().await?;
    let settings = crate::settings::kept(&mut session).await?;
    let bound: Vec<SeriesKey> =
        session.tag_bindings().await?.into_iter().map(|binding| binding.series).collect();
    drop(session);
    let (now, kept) = (engine.now(), settings.history);
    let before = |days: u32| now.plus_ms(-i64::from(days) * DAY_MS);
    let retention = Retention {
        bound_before: before(kept.bound_days),
        other_before: before(kept.other_days),
        bytes_max: i64::from(kept.size_max_gib) * GIB,
    };
    let forgotten = engine.history.let_go(retention, &bound).await?;
    if forgotten != Forgotten::default() {
        tracing::info!(
            by_age = forgotten.by_age,
            by_size = forgotten.by_size,
            "old values were let go, as the settings say"
        );
    }
    Ok(forgotten)
}

/// Says what could not be read when history was opened.
async fn note_damage(engine: &Inner) -> Result<(), EngineError> {
    let records = engine.history.statistics().await.damaged_records;
    if records == 0 {
        return Ok(());
    }
    let message = format!(
        "{records} group commits of the history's journal could not be read and were passed over: their values are \
         lost. Check this device's disk."
    );
    let mut session = engine.database.write().await?;
    session.add_finding("history", &message, engine.now()).await?;
    session.commit().await?;
    Ok(())
}

async fn keep(engine: &Inner) {
    let loose = engine.live.take_pending();
    if disk::is_low(&engine.path()) {
        // What is left belongs to what people record. What the broker holds stays there.
        engine.live.count_dropped(loose.len() as u64);
        return;
    }
    let mut held = engine.live.held().begin_commit();
    let held_count = held.samples.len();
    let mut batch = std::mem::take(&mut held.samples);
    batch.extend(loose);
    let started = Instant::now();
    match engine.history.commit(&batch).await {
        Ok(()) => {
            let took_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
            engine.live.held().committed(took_us);
            engine.live.acknowledge(held.receipts);
        }
        Err(error) => {
            let loose_count = batch.len() - held_count;
            batch.truncate(held_count);
            held.samples = batch;
            engine.live.held().put_back(held);
            engine.live.count_dropped(loose_count as u64);
            tracing::error!("{loose_count} values were not kept, {held_count} stay with the broker: {error}");
        }
    }
}
