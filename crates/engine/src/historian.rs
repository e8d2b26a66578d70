//! The historian: group commits of telemetry, and the word to the broker once what it holds is on the disk.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::MissedTickBehavior;

use crate::engine::Inner;
use crate::{EngineError, disk};

/// Group commits of telemetry: at most ten a second, beside those for which the broker waits.
const COMMIT_EVERY: Duration = Duration::from_millis(100);
/// How often the journal is folded even when little comes in.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(300);

/// What the historian waits for.
enum Wake {
    Shutdown,
    Commit,
    /// The broker has handed over all it will before our word.
    WindowFull,
    Checkpoint,
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
    loop {
        let wake = tokio::select! {
            _ = shutdown.wait_for(|ended| *ended) => Wake::Shutdown,
            _ = commit.tick() => Wake::Commit,
            () = engine.live.window_is_full() => Wake::WindowFull,
            _ = checkpoint.tick() => Wake::Checkpoint,
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
        }
    }
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
