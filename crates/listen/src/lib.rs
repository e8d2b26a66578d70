//! Sockets that speak HTTP/1: how many may hold one, for how long, and how often they may ask.
//!
//! Nothing here knows what is said. Who opens a door, on which address and with which certificate, is the business of whoever
//! calls this.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod pace;

use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
pub use pace::{Buckets, Pace};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

/// The most connections at once; more are turned away.
const CONNECTIONS_MAX: usize = 128;
/// A handshake takes no longer.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);
/// A request's head is here within this, also the next one of a connection that rests.
const HEAD_WITHIN: Duration = Duration::from_secs(10);
/// The longest head.
const HEAD_MAX_BYTES: usize = 16 * 1024;
/// No connection lives longer: whoever reads slowly gives its place back.
const CONNECTION_WITHIN: Duration = Duration::from_secs(300);
/// What runs when a connection's time is over may still be answered.
const LAST_ANSWER_WITHIN: Duration = Duration::from_secs(70);

/// A door that is open; nobody comes in any more when this goes.
pub struct Door {
    what: &'static str,
    open: oneshot::Sender<()>,
    listening: JoinHandle<()>,
}

impl Door {
    /// Lets callers in at a socket, with TLS where there is an acceptor. `what` names the door in the log.
    pub fn open(
        what: &'static str,
        listener: TcpListener,
        acceptor: Option<TlsAcceptor>,
        routes: Router,
    ) -> Self {
        let (open, closed) = oneshot::channel();
        let listening = tokio::spawn(accept(what, listener, acceptor, routes, closed));
        Self { what, open, listening }
    }

    /// Closes it, and ends what is still said. What runs behind it goes on.
    pub async fn close(self) {
        let Self { what, open, listening } = self;
        drop(open);
        if let Err(error) = listening.await {
            tracing::error!("{what}: {error}");
        }
    }
}

async fn accept(
    what: &'static str,
    listener: TcpListener,
    acceptor: Option<TlsAcceptor>,
    routes: Router,
    mut closed: oneshot::Receiver<()>,
) {
    let mut talks = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            _ = &mut closed => break,
            Some(_ended) = talks.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        let (stream, from) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!("{what}: {error}");
                // Out of descriptors: asking again at once would only burn the processor.
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        if talks.len() >= CONNECTIONS_MAX {
            tracing::warn!("{what}: full, {from} is turned away");
            continue;
        }
        talks.spawn(meet(what, stream, acceptor.clone(), routes.clone()));
    }
    talks.shutdown().await;
}

async fn meet(what: &'static str, stream: TcpStream, acceptor: Option<TlsAcceptor>, routes: Router) {
    let Some(acceptor) = acceptor else { return talk(what, stream, routes).await };
    match tokio::time::timeout(HANDSHAKE_WITHIN, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => talk(what, stream, routes).await,
        Ok(Err(error)) => tracing::debug!("{what}: {error}"),
        Err(_elapsed) => tracing::debug!("{what}: a handshake took too long"),
    }
}

async fn talk(
    what: &'static str,
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    routes: Router,
) {
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_buf_size(HEAD_MAX_BYTES)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(routes));
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => Some(ended),
        () = tokio::time::sleep(CONNECTION_WITHIN) => None,
    };
    let ended = match ended {
        Some(ended) => ended,
        None => {
            connection.as_mut().graceful_shutdown();
            match tokio::time::timeout(LAST_ANSWER_WITHIN, connection).await {
                Ok(ended) => ended,
                Err(_elapsed) => return,
            }
        }
    };
    if let Err(error) = ended {
        tracing::debug!("{what}: {error}");
    }
}
