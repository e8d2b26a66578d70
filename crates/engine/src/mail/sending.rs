//! The loop that sends e-mails: each mark is durable before a byte leaves, and one that may have gone waits for a
//! person, since nobody can look it up.

use std::sync::Arc;
use std::time::Duration;

use millwright_local_db::DeliveryRow;
use millwright_mail::{Mail, MailServer, NotTaken};
use millwright_model::{CacheTag, Cause, DeliveryState, DeliveryTarget, LinkState, Receipt, Trouble};

use super::connection;
use crate::EngineError;
use crate::delivering::{LONGEST_WAIT_MS, doubled_ms};
use crate::engine::Inner;

/// The pause after the first failure, in milliseconds; it doubles up to the longest wait of a delivery.
const RETRY_MIN_MS: i64 = 5_000;
/// The loop looks at least this often, so that a wrong clock cannot stop it.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// Sends until the engine ends.
pub(crate) async fn run(engine: Arc<Inner>) {
    let mut shutdown = engine.shutdown.subscribe();
    loop {
        if let Err(error) = send_due(&engine).await {
            tracing::error!("e-mails stopped for now: {error}");
        }
        tokio::select! {
            _ = shutdown.wait_for(|ended| *ended) => return,
            () = engine.wake_delivering.notified() => {}
            () = tokio::time::sleep(LOOK_AGAIN) => {}
        }
    }
}

/// Sends everything that is due now, one after the other.
pub(crate) async fn send_due(engine: &Inner) -> Result<(), EngineError> {
    let Some(server) = connection::server(engine).await? else { return Ok(()) };
    engine.look_at_unnoted(DeliveryTarget::Mail, &[]).await?;
    while !*engine.shutdown.borrow() && engine.speaks_outside() {
        let now = engine.now();
        let next =
            engine.database.read().await?.next_delivery(DeliveryTarget::Mail, now, LONGEST_WAIT_MS).await?;
        let Some(row) = next else { return Ok(()) };
        if let Err(error) = send(engine, &server, &row).await {
            engine.could_not_note(DeliveryTarget::Mail);
            return Err(error);
        }
        engine.tell_stale([CacheTag::Sync].into());
    }
    Ok(())
}

async fn send(engine: &Inner, server: &MailServer, row: &DeliveryRow) -> Result<(), EngineError> {
    let delivery_id = row.delivery.delivery_id;
    let mut session = engine.database.write().await?;
    if !session.mark_sending(&row.delivery).await? {
        return Ok(());
    }
    let mail: Mail = match serde_json::from_slice(&row.planned.bytes) {
        Ok(mail) => mail,
        Err(error) => {
            let (trouble, now) = (Trouble::new(Cause::Other, error.to_string()), engine.now());
            session.settle_delivery(delivery_id, DeliveryState::Rejected, None, Some(&trouble), now).await?;
            session.commit().await?;
            return Ok(());
        }
    };
    session.commit().await?;
    if !engine.speaks_outside() {
        // The mark took longer than the right to speak lasts: whoever has it now asks a person.
        return Ok(());
    }
    match server.send(&mail).await {
        Ok(()) => taken(engine, row).await,
        Err(not_taken) => failed(engine, row, &not_taken).await,
    }
}

async fn taken(engine: &Inner, row: &DeliveryRow) -> Result<(), EngineError> {
    let now = engine.now();
    engine.set_mail_link(LinkState::Up { since: now });
    let receipt = Receipt { message: "the mail server has it".to_owned(), ..Receipt::default() };
    let mut session = engine.database.write().await?;
    let delivery_id = row.delivery.delivery_id;
    session.settle_delivery(delivery_id, DeliveryState::Done, Some(&receipt), None, now).await?;
    session.commit().await?;
    Ok(())
}

async fn failed(engine: &Inner, row: &DeliveryRow, not_taken: &NotTaken) -> Result<(), EngineError> {
    let (now, trouble) = (engine.now(), not_taken.as_trouble());
    engine.set_mail_link(match not_taken.is_final() {
        true => LinkState::Up { since: now },
        false => LinkState::down(now, trouble.clone()),
    });
    let delivery_id = row.delivery.delivery_id;
    let mut session = engine.database.write().await?;
    if not_taken.is_final() {
        session.settle_delivery(delivery_id, DeliveryState::Rejected, None, Some(&trouble), now).await?;
    } else if not_taken.may_have_gone() {
        session.postpone_delivery(delivery_id, DeliveryState::Unknown, Some(&trouble), now, now).await?;
    } else {
        let next = now.plus_ms(retry_after_ms(row.delivery.attempts));
        session.postpone_delivery(delivery_id, DeliveryState::Waiting, Some(&trouble), next, now).await?;
    }
    session.commit().await?;
    Ok(())
}

fn retry_after_ms(attempts: i64) -> i64 {
    doubled_ms(attempts, RETRY_MIN_MS, LONGEST_WAIT_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_between_tries_grow_and_end_at_a_quarter_of_an_hour() {
        let pauses: Vec<i64> = (0..12).map(retry_after_ms).collect();
        assert_eq!(pauses[..4], [5_000, 10_000, 20_000, 40_000]);
        assert_eq!(pauses[11], 15 * 60_000);
    }
}
