//! What stands open as a shift begins, in one e-mail to each who wants it: once a shift, whatever restarts in between.

use millwright_local_db::Session;
use millwright_model::{
    Entity, MailDigest, ShiftItem, ShiftPattern, ShiftSpan, TimestampMs, TodayException, TxnId,
    WorkOrderOverview,
};

use super::planning::{Letter, plan_letter};
use super::words::Reader;
use crate::EngineError;
use crate::engine::Inner;
use crate::use_case::shift_time::Shifts;
use crate::use_case::{exception, occasion_id, work_order};

/// The rule, as its occasions name it.
const DIGEST: &str = "digest";
/// For which shift it was decided last.
const DECIDED_FOR: &str = "mail_digest_shift";
/// A digest that would come later than this into the shift is none any more: the app says it better.
const WITHIN_MS: i64 = 30 * 60_000;
/// So many open orders are looked through for those that fall due.
const ORDERS_MAX: i64 = 2_000;
const HANDOVERS_MAX: i64 = 50;

/// What stands open.
pub(super) struct Open {
    pub(super) shift: ShiftSpan,
    /// Items of the last shift's hand-overs that nobody has read.
    pub(super) unread: usize,
    pub(super) exceptions: Vec<TodayException>,
    /// Orders that fall due in the shift.
    pub(super) due: Vec<WorkOrderOverview>,
}

impl Open {
    pub(super) fn count(&self) -> usize {
        self.unread + self.exceptions.len() + self.due.len()
    }
}

/// Plans the digest of the shift that has just begun, where that was not decided yet.
pub(crate) async fn write_due(engine: &Inner) -> Result<(), EngineError> {
    let now = engine.now();
    let mut session = engine.database.read().await?;
    let Some(mail) = super::connection::kept(&mut session).await? else { return Ok(()) };
    let readers: Vec<_> = mail.readers.iter().filter(|reader| reader.digest != MailDigest::Never).collect();
    let shifts = Shifts::kept(&mut session).await?;
    let shift = shifts.at(now);
    let decided: Option<TimestampMs> = session.setting(DECIDED_FOR).await?;
    if readers.is_empty() || decided == Some(shift.starts_at) || now.since_ms(shift.starts_at) > WITHIN_MS {
        return Ok(());
    }
    let before = shifts.before(&shift);
    let open = open(engine, &mut session, shift, &before, now).await?;
    drop(session);
    // No record changes: the occasion itself stands for the transaction, so that it can be planned only once.
    let txn_id = TxnId(occasion_id(DIGEST, "shift", open.shift.starts_at.0));
    let mut session = engine.database.write().await?;
    let planned = !session.deliveries_of_txn(txn_id).await?.is_empty();
    let mut step = 0;
    for reader in readers.into_iter().filter(|_| !planned) {
        if reader.digest == MailDigest::WhenOpen && open.count() == 0 {
            continue;
        }
        let words = Reader::of(&mut session, &reader.language).await?;
        let letter = Letter {
            to: reader.address.clone(),
            subject: words.subject_of_digest(&open),
            text: words.text_of_digest(&open),
            entity: Entity::ShiftPattern,
            entity_id: ShiftPattern::ID.0,
            entity_label: String::new(),
        };
        plan_letter(engine, &mut session, &mail, txn_id, step, letter, now, now).await?;
        step += 1;
    }
    session.set_setting(DECIDED_FOR, &open.shift.starts_at).await?;
    session.commit().await?;
    engine.wake_delivering.notify_waiters();
    Ok(())
}

async fn open(
    engine: &Inner,
    session: &mut Session,
    shift: ShiftSpan,
    before: &ShiftSpan,
    now: TimestampMs,
) -> Result<Open, EngineError> {
    let mut due = session.late_orders(shift.ends_at, ORDERS_MAX).await?;
    due.retain(|order| order.due_at.is_some_and(|due_at| due_at >= now));
    Ok(Open {
        unread: unread(session, before).await?,
        exceptions: exception::all(engine, session).await?,
        due: work_order::overviews(engine, session, due).await?,
        shift,
    })
}

/// How much of what a shift handed over nobody has read.
async fn unread(session: &mut Session, shift: &ShiftSpan) -> Result<usize, EngineError> {
    let mut unread = 0;
    for handover in session.handovers_of_span(shift.starts_at, shift.ends_at, HANDOVERS_MAX).await? {
        let read = session.acknowledgements_of(handover.handover_id).await?;
        let is_read = |item: &ShiftItem| read.iter().any(|read| read.item_id == item.item_id);
        unread += handover.to_acknowledge().iter().filter(|item| !is_read(item)).count();
    }
    Ok(unread)
}
