//! When the demo plant ends: with its parent (its standard input closes), or when it is told to.

use tokio::io::AsyncReadExt;

/// Waits until the parent is gone or the process is asked to end. What the parent writes is ignored.
pub async fn asked_to_end() {
    let parent_gone = async {
        let mut input = tokio::io::stdin();
        let mut ignored = [0; 256];
        while matches!(input.read(&mut ignored).await, Ok(count) if count > 0) {}
    };
    tokio::select! {
        () = parent_gone => {}
        () = signalled() => {}
    }
}

#[cfg(unix)]
async fn signalled() {
    use tokio::signal::unix::{SignalKind, signal};
    match (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) {
        (Ok(mut terminate), Ok(mut interrupt)) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        }
        // Without a handler the signal ends the process by itself.
        _ => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn signalled() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
