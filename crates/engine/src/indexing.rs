//! The loop that brings the search index up to date with what came in bulk, bit by bit, so that others write in between.

use std::sync::Arc;
use std::time::Duration;

use crate::engine::Inner;

/// The pause after a fault; until then a search looks at the rows themselves.
const AGAIN: Duration = Duration::from_secs(30);

/// Indexes until the engine ends, beginning with what was left when it ended before.
pub(crate) async fn run(engine: Arc<Inner>) {
    let mut shutdown = engine.shutdown.subscribe();
    loop {
        let next = async {
            match engine.database.index_some().await {
                Ok(true) => {}
                Ok(false) => engine.database.came_in_bulk().await,
                Err(error) => {
                    tracing::warn!("what came in bulk is not in the search index yet: {error}");
                    tokio::time::sleep(AGAIN).await;
                }
            }
        };
        tokio::select! {
            _ = shutdown.wait_for(|ended| *ended) => return,
            () = next => {}
        }
    }
}
