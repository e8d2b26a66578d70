//! E-mails of what nobody has taken on: each reader once for each request or order, whatever restarts in between.

use millwright_model::{AlertSubject, Entity, MailReader, TxnId};

use super::planning::{Letter, News, is_on_shift, plan_letter};
use super::words::Reader;
use crate::EngineError;
use crate::engine::Inner;
use crate::use_case::alert::{self, Asking};
use crate::use_case::occasion_id;
use crate::use_case::shift_time::Shifts;

/// The rule, as its occasions name it.
const CALL: &str = "alert";

impl News {
    /// What asks for somebody, as a reader is told of it.
    pub(super) fn of(one: &Asking) -> Self {
        Self {
            entity: entity(one.about),
            id: one.about.id(),
            number: one.number.clone(),
            priority: one.priority,
            text: one.text.clone(),
            machine: one.machine_name(),
            machine_down: one.machine_down,
            due_at: one.due_at,
            of_erp: one.of_erp,
        }
    }
}

fn entity(about: AlertSubject) -> Entity {
    match about {
        AlertSubject::Request(_) => Entity::Request,
        AlertSubject::WorkOrder(_) => Entity::WorkOrder,
    }
}

/// No record changes: the occasion itself stands for the transaction, so that it can be planned only once.
fn occasion(one: &Asking, reader: &MailReader) -> TxnId {
    TxnId(occasion_id(CALL, &one.about.id().to_string(), reader.address.to_ascii_lowercase()))
}

fn is_due(one: &Asking, reader: &MailReader) -> bool {
    let urgent = reader.from_priority.is_some_and(|from| one.priority.number() <= from.number());
    let after_ms = i64::from(reader.after_minutes) * 60_000;
    let wanted = reader.erp_orders || !one.of_erp;
    reader.after_minutes > 0 && urgent && wanted && one.stand.waited_ms >= after_ms
}

/// Plans what is due to readers who hear only of what nobody takes on, in the shifts that they read in.
pub(crate) async fn write_due(engine: &Inner) -> Result<(), EngineError> {
    let now = engine.now();
    let mut session = engine.database.read().await?;
    let Some(mail) = super::connection::kept(&mut session).await? else { return Ok(()) };
    let shift = Shifts::kept(&mut session).await?.at(now);
    let readers: Vec<&MailReader> = mail
        .readers
        .iter()
        .filter(|reader| reader.after_minutes > 0 && is_on_shift(reader, &shift))
        .collect();
    if readers.is_empty() {
        return Ok(());
    }
    let mut ladder = alert::ladder(engine, &mut session).await?;
    // Whoever reads e-mail says themselves from which priority up.
    ladder.from_priority = readers.iter().filter_map(|reader| reader.from_priority).max();
    ladder.erp_orders = readers.iter().any(|reader| reader.erp_orders);
    let asking = alert::asking(engine, &mut session, &ladder).await?;
    let mut due = Vec::new();
    for one in &asking {
        for reader in readers.iter().filter(|reader| is_due(one, reader)) {
            if session.deliveries_of_txn(occasion(one, reader)).await?.is_empty() {
                due.push((one, *reader));
            }
        }
    }
    drop(session);
    if due.is_empty() {
        return Ok(());
    }
    let mut session = engine.database.write().await?;
    for (one, reader) in due {
        let words = Reader::of(&mut session, &reader.language).await?;
        let letter = Letter {
            to: reader.address.clone(),
            subject: words.subject_of_alert(one),
            text: words.text_of_alert(one),
            entity: entity(one.about),
            entity_id: one.about.id(),
            entity_label: one.number.clone(),
        };
        let txn_id = occasion(one, reader);
        // Another node process may have planned it since.
        if session.deliveries_of_txn(txn_id).await?.is_empty() {
            plan_letter(engine, &mut session, &mail, txn_id, 0, letter, now, now).await?;
        }
    }
    session.commit().await?;
    engine.wake_delivering.notify_waiters();
    Ok(())
}
