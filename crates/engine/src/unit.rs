//! One transaction being made: rows change as ops are added, and nothing stays without the commit.

use std::collections::BTreeSet;
use std::ops::{Deref, DerefMut};

use millwright_local_db::{ChainHead, SealedTxn, Session, WriteSession};
use millwright_model::{
    Actor, ActorKind, CacheTag, Decision, DocumentUpdate, Done, Event, Missing, Op, OpId, OpKind, Record,
    TimestampMs, Txn, TxnId, Verdict, field_changes, format_of,
};
use uuid::Uuid;

use crate::engine::Inner;
use crate::use_case::date;
use crate::{EngineError, caller, outbound};

/// How long a person's transaction is held from leaving, so that it can be undone.
pub(crate) const HOLD_MS: i64 = 10_000;

/// Whether a transaction can still be undone. A clock that was set back does not hold it for years.
pub(crate) fn is_held(until: TimestampMs, now: TimestampMs) -> bool {
    (1..=HOLD_MS).contains(&until.since_ms(now))
}

/// A transaction being made.
pub(crate) struct Unit<'e> {
    pub(crate) engine: &'e Inner,
    pub(crate) session: WriteSession,
    pub(crate) actor: Actor,
    pub(crate) now: TimestampMs,
    pub(crate) txn_id: TxnId,
    pub(crate) undoes: Option<TxnId>,
    pub(crate) reason: Option<String>,
    pub(crate) decides: Option<Decision>,
    /// What the ERP says is news to people, and not what it always had.
    pub(crate) tells_people: bool,
    /// It leaves without the ten seconds in which it could be undone.
    at_once: bool,
    head: ChainHead,
    zone: Option<String>,
    ops: Vec<Op>,
    stale: BTreeSet<CacheTag>,
    /// What was written in documents: said to those who write in them too, once it is durable.
    written: Vec<DocumentUpdate>,
}

impl<'e> Unit<'e> {
    /// Begins a transaction of `actor`.
    pub(crate) async fn begin(engine: &'e Inner, actor: Actor) -> Result<Self, EngineError> {
        let mut session = engine.database.write().await?;
        let head = session.chain_head(engine.device.device_id).await?;
        let now = engine.ports.clock.now();
        let txn_id = TxnId(engine.ports.mint.uuid(now));
        Ok(Self {
            engine,
            session,
            actor,
            now,
            txn_id,
            undoes: None,
            reason: None,
            decides: None,
            tells_people: false,
            at_once: false,
            head,
            zone: None,
            ops: Vec::new(),
            stale: BTreeSet::new(),
            written: Vec::new(),
        })
    }

    /// A new id.
    pub(crate) fn mint<Id: From<Uuid>>(&self) -> Id {
        self.engine.ports.mint.uuid(self.now).into()
    }

    /// The name of the plant's zone; a pull asks for it with every order.
    pub(crate) async fn plant_zone(&mut self) -> Result<String, EngineError> {
        if let Some(zone) = &self.zone {
            return Ok(zone.clone());
        }
        let zone = date::plant_zone(&mut self.session).await?;
        self.zone = Some(zone.clone());
        Ok(zone)
    }

    /// The record with `id`.
    pub(crate) async fn need<R: Record>(
        &mut self,
        id: impl Into<Uuid>,
        what: Missing,
    ) -> Result<R, EngineError> {
        self.session.get(id).await?.ok_or(EngineError::NotFound(what))
    }

    /// Adds the creation of a record.
    pub(crate) async fn create<R: Record>(&mut self, record: &R) -> Result<OpId, EngineError> {
        let fields = field_changes(None, Some(record))?;
        self.add(R::ENTITY, record.record_id(), OpKind::Create, fields).await
    }

    /// Adds the change of a record; nothing when nothing changed.
    pub(crate) async fn update<R: Record>(
        &mut self,
        before: &R,
        after: &R,
    ) -> Result<Option<OpId>, EngineError> {
        let fields = field_changes(Some(before), Some(after))?;
        if fields.is_empty() {
            return Ok(None);
        }
        self.add(R::ENTITY, after.record_id(), OpKind::Update, fields).await.map(Some)
    }

    /// Adds the removal of a record.
    pub(crate) async fn remove<R: Record>(&mut self, record: &R) -> Result<OpId, EngineError> {
        let fields = field_changes(Some(record), None)?;
        self.add(R::ENTITY, record.record_id(), OpKind::Delete, fields).await
    }

    /// Adds an op as it is.
    pub(crate) async fn add(
        &mut self,
        entity: millwright_model::Entity,
        entity_id: Uuid,
        kind: OpKind,
        fields: std::collections::BTreeMap<String, millwright_model::FieldChange>,
    ) -> Result<OpId, EngineError> {
        self.add_by(self.actor.clone(), entity, entity_id, kind, fields).await
    }

    /// Adds an op of somebody else than the one whose transaction it is.
    pub(crate) async fn add_by(
        &mut self,
        actor: Actor,
        entity: millwright_model::Entity,
        entity_id: Uuid,
        kind: OpKind,
        fields: std::collections::BTreeMap<String, millwright_model::FieldChange>,
    ) -> Result<OpId, EngineError> {
        let op_id = OpId(self.engine.ports.mint.uuid(self.now));
        let seq = self.head.next_seq + self.ops.len() as u64;
        let op = Op { op_id, seq, actor, entity, entity_id, kind, fields };
        match self.engine.team.follows() {
            true => self.session.apply_pending(&op).await?,
            false => self.session.apply(&op).await?,
        }
        self.ops.push(op);
        Ok(op_id)
    }

    /// Nobody undoes it: it leaves without the ten seconds.
    pub(crate) fn leaves_at_once(&mut self) {
        self.at_once = true;
    }

    /// Others who write in the same document hear of it at once.
    pub(crate) fn says(&mut self, update: DocumentUpdate) {
        self.written.push(update);
    }

    /// Says that part of the views became stale.
    pub(crate) fn stale(&mut self, tag: CacheTag) {
        self.stale.insert(tag);
    }

    /// Signs the transaction, plans its deliveries, makes all of it durable, and tells the shell.
    pub(crate) async fn commit(mut self) -> Result<Done, EngineError> {
        if self.ops.is_empty() {
            // Nothing to keep in the log; what was written beside it (settings, cursors) still counts.
            let (engine, stale) = (self.engine, std::mem::take(&mut self.stale));
            caller::keep_act(&mut self.session, None, None, self.now).await?;
            self.session.commit().await?;
            engine.tell_stale(stale);
            return Ok(Done { txn_id: None, undo_until: None });
        }
        let held_until = self.held_until();
        let created = self.ops.iter().find(|op| op.kind == OpKind::Create).map(|op| op.entity_id);
        let place = self.keep(held_until).await?;
        caller::keep_act(&mut self.session, Some(self.txn_id), created, self.now).await?;
        let (engine, mut stale, txn_id) = (self.engine, std::mem::take(&mut self.stale), self.txn_id);
        let written = std::mem::take(&mut self.written);
        self.session.commit().await?;
        written.into_iter().for_each(|update| engine.together.say(update));
        stale.insert(CacheTag::Sync);
        engine.tell_stale(stale);
        engine.wake_delivering.notify_waiters();
        if let Some(place) = place {
            engine.team.news.send_modify(|known| *known = place.max(*known));
        }
        engine.team.wrote.notify_one();
        Ok(Done { txn_id: Some(txn_id), undo_until: held_until })
    }

    /// Appends the signed transaction and plans what leaves; answers its place in the node's order, on the node.
    async fn keep(&mut self, held_until: Option<TimestampMs>) -> Result<Option<i64>, EngineError> {
        let txn = Txn {
            txn_id: self.txn_id,
            device_id: self.engine.device.device_id,
            first_seq: self.head.next_seq,
            format: format_of(&self.ops),
            hlc: self.head.hlc.next(self.now.0.max(0) as u64),
            undoes: self.undoes,
            reason: self.reason.clone(),
            decides: self.decides.take(),
            ops: std::mem::take(&mut self.ops),
        };
        let sealed = sealed(self.engine, txn, self.head.hash, self.now, held_until)?;
        self.session.append(&sealed).await?;
        let mut place = None;
        // The node's own acts take their place among everyone's.
        if self.engine.team.is_node() {
            place = Some(self.session.place_next(sealed.txn.txn_id, &Verdict::Accepted).await?);
        }
        let not_before = held_until.unwrap_or(self.now);
        if self.actor.actor_kind == ActorKind::Erp {
            if self.tells_people {
                outbound::plan_e_mails(self.engine, &mut self.session, &sealed.txn, not_before, self.now)
                    .await?;
            }
        } else if sealed.txn.undoes.is_none() {
            outbound::plan_deliveries(self.engine, &mut self.session, &sealed.txn, not_before, self.now)
                .await?;
        }
        Ok(place)
    }

    fn held_until(&self) -> Option<TimestampMs> {
        let by_person = matches!(self.actor.actor_kind, ActorKind::Person | ActorKind::Unnamed);
        (by_person && self.undoes.is_none() && !self.at_once).then(|| self.now.plus_ms(HOLD_MS))
    }
}

/// The transaction with this device's signature.
fn sealed(
    engine: &Inner,
    txn: Txn,
    prev_hash: [u8; 32],
    recorded_at: TimestampMs,
    held_until: Option<TimestampMs>,
) -> Result<SealedTxn, EngineError> {
    let bytes = serde_json::to_vec(&txn)?;
    let sig = engine.device.sign(&SealedTxn::chain_hash(&prev_hash, &bytes));
    Ok(SealedTxn { txn, bytes, prev_hash, sig, recorded_at, held_until })
}

/// Keeps one op of the node's own in the middle of another session, where a rule of the node wants it at once. It plans
/// nothing; answers its place in the node's order.
pub(crate) async fn keep_op(engine: &Inner, session: &mut WriteSession, op: Op) -> Result<i64, EngineError> {
    let (head, now) = (session.chain_head(engine.device.device_id).await?, engine.now());
    let op = Op { seq: head.next_seq, ..op };
    session.apply(&op).await?;
    let txn = Txn {
        txn_id: TxnId(engine.ports.mint.uuid(now)),
        device_id: engine.device.device_id,
        first_seq: head.next_seq,
        format: op.entity.since_format(),
        hlc: head.hlc.next(now.0.max(0) as u64),
        undoes: None,
        reason: None,
        decides: None,
        ops: vec![op],
    };
    let sealed = sealed(engine, txn, head.hash, now, None)?;
    session.append(&sealed).await?;
    Ok(session.place_next(sealed.txn.txn_id, &Verdict::Accepted).await?)
}

/// Whether what became stale may ask for somebody, or ask no more.
fn may_change_alerts(tag: &CacheTag) -> bool {
    matches!(
        tag,
        CacheTag::WorkOrders
            | CacheTag::WorkOrder(_)
            | CacheTag::Requests
            | CacheTag::People
            | CacheTag::Settings
            | CacheTag::Alerts
    )
}

impl Inner {
    /// Tells the shell what became stale.
    pub(crate) fn tell_stale(&self, stale: BTreeSet<CacheTag>) {
        if stale.iter().any(may_change_alerts) {
            self.wake_alerting.notify_one();
        }
        if stale.contains(&CacheTag::Workshops) {
            self.guests.news.send_modify(|news| *news += 1);
        }
        if !stale.is_empty() {
            self.ports.shell.tell(Event::Changed(stale.into_iter().collect()));
        }
    }
}

impl Deref for Unit<'_> {
    type Target = Session;
    fn deref(&self) -> &Session {
        &self.session
    }
}

impl DerefMut for Unit<'_> {
    fn deref_mut(&mut self) -> &mut Session {
        &mut self.session
    }
}
