//! Trying a connection once, for the form where a person enters it.

use std::collections::HashSet;
use std::time::Duration;

use super::wire::{self, WireEvent};
use super::{Credentials, LinkConfig, LinkProblem, SessionKind};

/// More topics than this are not told apart while trying.
const TOPICS_MAX: usize = 10_000;

/// What a try found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnectionReport {
    /// How many different topics were heard.
    pub topics: usize,
    /// How many messages were heard.
    pub messages: u64,
    /// Filters the broker refused.
    pub refused_filters: Vec<String>,
    /// A few of the topics, in the order of the alphabet.
    pub examples: Vec<String>,
}

/// Connects, subscribes, listens for `listen_ms`, disconnects.
pub async fn test_connection(
    config: &LinkConfig,
    credentials: &Credentials,
    listen_ms: u64,
) -> Result<ConnectionReport, LinkProblem> {
    config.check()?;
    resolve(config).await?;
    let (sender, mut poller) = wire::open(config, credentials, None)?;
    let mut report = ConnectionReport::default();
    let mut topics = HashSet::new();
    // The library bounds the time of connecting itself; what follows is bounded here.
    loop {
        match poller.poll(config).await? {
            WireEvent::Connected { session_present: _ } => break,
            WireEvent::Message { .. }
            | WireEvent::Written { .. }
            | WireEvent::Acknowledged { .. }
            | WireEvent::Subscribed { .. }
            | WireEvent::Disconnected
            | WireEvent::Other => {}
        }
    }
    if !config.subscriptions.is_empty() && sender.subscribe(&config.subscriptions).is_err() {
        return Err(LinkProblem::Protocol { detail: "the subscription could not be sent".into() });
    }
    let until = tokio::time::Instant::now() + Duration::from_millis(listen_ms);
    while let Ok(event) = tokio::time::timeout_at(until, poller.poll(config)).await {
        match event? {
            WireEvent::Message { topic, payload: _, retained: _, packet_id: _ } => {
                report.messages += 1;
                if topics.len() < TOPICS_MAX {
                    topics.insert(topic);
                }
            }
            WireEvent::Subscribed { granted } => {
                let refused = config.subscriptions.iter().zip(granted).filter(|(_, granted)| !granted);
                report.refused_filters.extend(refused.map(|(filter, _)| filter.clone()));
            }
            WireEvent::Connected { .. }
            | WireEvent::Written { .. }
            | WireEvent::Acknowledged { .. }
            | WireEvent::Disconnected
            | WireEvent::Other => {}
        }
    }
    goodbye(&sender, &mut poller, config).await;
    report.topics = topics.len();
    report.examples = topics.into_iter().collect();
    report.examples.sort();
    report.examples.truncate(20);
    Ok(report)
}

/// Has the broker forget what it keeps under this client id: a clean connection, and goodbye.
///
/// # Errors
/// When the broker cannot be reached; then it keeps the session until it forgets by itself.
pub async fn forget_session(config: &LinkConfig, credentials: &Credentials) -> Result<(), LinkProblem> {
    let clean = LinkConfig { session: SessionKind::Clean, sparkplug_host_id: None, ..config.clone() };
    resolve(&clean).await?;
    let (sender, mut poller) = wire::open(&clean, credentials, None)?;
    // Connecting is bounded by the library, and the first thing it answers is the connection.
    while !matches!(poller.poll(&clean).await?, WireEvent::Connected { .. }) {}
    goodbye(&sender, &mut poller, &clean).await;
    Ok(())
}

/// A name that is not found looks like any other failure to the library: it is asked for first.
pub(super) async fn resolve(config: &LinkConfig) -> Result<(), LinkProblem> {
    let limit = Duration::from_secs(u64::from(config.timings.connect_timeout_s));
    match tokio::time::timeout(limit, tokio::net::lookup_host((config.host.as_str(), config.port))).await {
        Ok(Ok(mut addresses)) => match addresses.next() {
            Some(_) => Ok(()),
            None => Err(LinkProblem::NameNotFound { host: config.host.clone() }),
        },
        Ok(Err(_)) => Err(LinkProblem::NameNotFound { host: config.host.clone() }),
        Err(_elapsed) => Err(LinkProblem::timed_out(config)),
    }
}

/// Says goodbye, so that the broker does not speak our will; a broker that does not listen is left.
pub(super) async fn goodbye(sender: &wire::Sender, poller: &mut wire::Poller, config: &LinkConfig) {
    if sender.disconnect().is_err() {
        return;
    }
    let until = tokio::time::Instant::now() + Duration::from_secs(1);
    while let Ok(Ok(event)) = tokio::time::timeout_at(until, poller.poll(config)).await {
        if matches!(event, WireEvent::Disconnected) {
            break;
        }
    }
}
