//! The disk: telemetry gives way early when room runs out, a reserve keeps recording possible when nothing is left,
//! and after a crash the records are checked while people work.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Weak;

use millwright_local_db::Database;
use millwright_model::CacheTag;

use crate::EngineError;
use crate::engine::Inner;

/// Below this much free space telemetry is given up and every screen says so.
const LOW_BYTES: u64 = 500 * 1024 * 1024;
/// Kept back for what people record after the disk is full: some thousand transactions.
const RESERVE_BYTES: usize = 16 * 1024 * 1024;

/// Whether there is so little room that only recording goes on.
pub(crate) fn is_low(path: &Path) -> bool {
    free_bytes(path).is_some_and(|free| free < LOW_BYTES)
}

#[cfg(unix)]
fn free_bytes(path: &Path) -> Option<u64> {
    let space = rustix::fs::statvfs(path).ok()?;
    Some(space.f_bavail.saturating_mul(space.f_frsize))
}

#[cfg(not(unix))]
fn free_bytes(_path: &Path) -> Option<u64> {
    // Asking needs a Windows call of its own; the reserve works all the same.
    None
}

/// Keeps the reserve back, where there is room for it.
pub(crate) fn keep_reserve(directory: &Path) {
    let path = directory.join("reserve");
    if path.is_file() {
        return;
    }
    let write = || -> std::io::Result<()> {
        let mut file = File::create(&path)?;
        // Written, not only sized: a sparse file would keep nothing back.
        file.write_all(&vec![0x6d; RESERVE_BYTES])?;
        file.sync_all()
    };
    if let Err(error) = write() {
        tracing::warn!("no reserve could be kept back: {error}");
        give_up_reserve(directory);
    }
}

/// Gives the reserve's room to what must be recorded. Answers whether there was one.
pub(crate) fn give_up_reserve(directory: &Path) -> bool {
    std::fs::remove_file(directory.join("reserve")).is_ok()
}

/// Looks through the records in the background after a stop that closed nothing. A fault is said in the Sync centre
/// and the log; nothing is changed by itself.
pub(crate) async fn check_after_a_crash(engine: Weak<Inner>, database: Database) {
    let faults = match database.check(false).await {
        Ok(faults) => faults,
        Err(error) => vec![error.to_string()],
    };
    let (Some(first), Some(engine)) = (faults.first(), engine.upgrade()) else { return };
    let message = format!(
        "After the last stop, which was not a clean one, the check of the records found {} faults, the first: {first}. \
         Recording goes on. Make a backup now, then run `millwrightctl db check` and `db rebuild`.",
        faults.len()
    );
    tracing::error!("{message}");
    if let Err(error) = keep_finding(&engine, &message).await {
        tracing::error!("the finding could not be kept: {error}");
    }
}

async fn keep_finding(engine: &Inner, message: &str) -> Result<(), EngineError> {
    let mut session = engine.database.write().await?;
    session.add_finding("records", message, engine.now()).await?;
    session.commit().await?;
    engine.tell_stale([CacheTag::Sync].into());
    Ok(())
}
