//! What the node makes of offered transactions: checked, judged op by op on the rows as they are accepted, kept with
//! their verdict, and planned for the ERP and the plant; all of an offer in one transaction of the store.

use std::borrow::Cow;
use std::collections::BTreeSet;

use ed25519_dalek::VerifyingKey;
use millwright_local_db::{ChainHead, Contact, SealedTxn, StoreError, WriteSession};
use millwright_model::*;
use millwright_team::{Current, GIVEN_UP_MAX, Judged, Judgement, OfferedTxn, RefusedTalk, bounds, judge};
use uuid::Uuid;

use super::fresh::Fresh;
use super::opening;
use super::scope::ScopeView;
use super::undone::Undone;
use super::unhex;
use crate::EngineError;
use crate::engine::Inner;
use crate::unit::keep_op;
use crate::use_case::notice;
use crate::{outbound, people};

/// Why an offer is not taken.
pub(crate) enum NotTaken {
    /// The device is told so, and what was good before it stays.
    Refused(RefusedTalk),
    /// The node failed.
    Failed(EngineError),
}

impl<E: Into<EngineError>> From<E> for NotTaken {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// How a writer stands to the team.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is a member.
    Member,
    /// It was shut out, and a person lets its transactions in.
    LetIn,
    /// Nobody knows it: a member answers for it.
    Stranger,
}

/// Judges an offer. Known transactions get the verdict that they had.
pub(crate) async fn take(
    engine: &Inner,
    device: &Device,
    contact: &Contact,
    txns: &[OfferedTxn],
    standing: Standing,
) -> Result<Vec<Judgement>, NotTaken> {
    let key = unhex(&device.verifying_key).and_then(|bytes: [u8; 32]| VerifyingKey::from_bytes(&bytes).ok());
    let key = key.ok_or_else(|| EngineError::Internal(format!("the key of {} is unfit", device.name)))?;
    let opened = opening::open_all(txns, device.device_id, key).await;
    let one_at_a_time = engine.team.judging.lock().await;
    let mut session = engine.database.write().await?;
    // It may have been shut out since it said hello, at another node process.
    let now_is: Option<Device> = session.get(device.device_id).await?;
    let may = match (&now_is, standing) {
        (Some(_), Standing::LetIn) | (None, Standing::Stranger) => true,
        (Some(device), _) => device.revoked_at.is_none(),
        (None, _) => false,
    };
    if !may {
        return Err(NotTaken::Refused(RefusedTalk::Revoked));
    }
    let scope = ScopeView::of(&mut session, &device.scope).await?;
    let mut offer = Offer {
        engine,
        device,
        joined_seq: contact.joined_seq,
        scope,
        head: session.chain_head(device.device_id).await?,
        next_place: session.ledger_head().await? + 1,
        session,
        doubles: Vec::new(),
    };
    let mut judgements = Vec::with_capacity(txns.len());
    let mut refused = None;
    for (txn, opened) in txns.iter().zip(opened) {
        match offer.take_one(txn, opened).await {
            Ok(judgement) => judgements.push(judgement),
            Err(NotTaken::Refused(why)) => {
                refused = Some(why);
                break;
            }
            Err(failed) => return Err(failed),
        }
    }
    let place = offer.next_place - 1;
    offer.session.commit().await?;
    drop(one_at_a_time);
    if !judgements.is_empty() {
        engine.team.news.send_modify(|known| *known = place.max(*known));
        engine.tell_stale(
            [
                CacheTag::WorkOrders,
                CacheTag::Assets,
                CacheTag::Requests,
                CacheTag::Parts,
                CacheTag::Sync,
                CacheTag::Guides,
                CacheTag::Workshops,
                CacheTag::Scenarios,
                CacheTag::Exercises,
            ]
            .into(),
        );
        engine.wake_delivering.notify_waiters();
    }
    match refused {
        // What came before the fault was taken; the fault is told when it is offered alone.
        Some(why) if judgements.is_empty() => Err(NotTaken::Refused(why)),
        _ => Ok(judgements),
    }
}

/// An offer being judged.
struct Offer<'e> {
    engine: &'e Inner,
    device: &'e Device,
    joined_seq: u64,
    scope: ScopeView,
    head: ChainHead,
    next_place: i64,
    session: WriteSession,
    /// Records whose code another one has: kind, the one that gives way, the one that stays.
    doubles: Vec<(Entity, Uuid, Uuid)>,
}

impl Offer<'_> {
    async fn take_one(
        &mut self,
        offered: &OfferedTxn,
        opened: Result<SealedTxn, RefusedTalk>,
    ) -> Result<Judgement, NotTaken> {
        let unfit = |what: &str| NotTaken::Refused(RefusedTalk::Unfit { what: what.to_owned() });
        if let Some(known) = self.session.txn(offered.txn_id).await? {
            if known.bytes != offered.bytes.as_bytes() || known.device_id != self.device.device_id {
                return Err(NotTaken::Refused(RefusedTalk::ChainForked));
            }
            let ledger_seq = known.ledger_seq.ok_or_else(|| unfit("a transaction without a place"))?;
            return Ok(Judgement { txn_id: offered.txn_id, ledger_seq, verdict: known.verdict });
        }
        let sealed = self.in_its_place(opened.map_err(NotTaken::Refused)?)?;
        let verdict = self.judged(&sealed).await?;
        let ledger_seq = self.next_place;
        if let Verdict::Rejected { reason } = &verdict {
            tracing::warn!("transaction {} of {} is rejected: {reason}", offered.txn_id, self.device.name);
            self.session.append_alone(&sealed).await?;
        } else {
            self.session.append(&sealed).await?;
        }
        self.session.place(offered.txn_id, ledger_seq, &verdict).await?;
        self.open_cards(&sealed.txn, &verdict, sealed.recorded_at).await?;
        notice::take(&mut self.session, &sealed.txn, ledger_seq, &verdict, sealed.recorded_at).await?;
        if !offered.settled {
            let narrowed;
            let told = match &verdict {
                Verdict::Accepted => &sealed.txn,
                other => {
                    narrowed = Txn { ops: other.effective(&sealed.txn), ..sealed.txn.clone() };
                    &narrowed
                }
            };
            let now = self.engine.now();
            if !told.ops.is_empty() && told.undoes.is_none() {
                outbound::plan_deliveries(self.engine, &mut self.session, told, now, now).await?;
                if let Some(begun) = &offered.begun {
                    if begun.given_up.len() > GIVEN_UP_MAX {
                        return Err(unfit("more steps than one transaction has"));
                    }
                    self.session.planned_was_begun(offered.txn_id, &begun.given_up, now).await?;
                }
            }
        }
        self.next_place += 1;
        for (entity, loser, winner) in std::mem::take(&mut self.doubles) {
            self.join_double(entity, loser, winner).await?;
        }
        self.head.next_seq = sealed.txn.first_seq + sealed.txn.ops.len() as u64;
        self.head.hash = SealedTxn::chain_hash(&sealed.prev_hash, &sealed.bytes);
        Ok(Judgement { txn_id: offered.txn_id, ledger_seq, verdict })
    }

    /// The transaction, if it stands where the chain goes on.
    fn in_its_place(&self, sealed: SealedTxn) -> Result<SealedTxn, NotTaken> {
        let (txn, prev_hash) = (&sealed.txn, sealed.prev_hash);
        let goes_on = txn.first_seq == self.head.next_seq && prev_hash == self.head.hash;
        // What a device pulled from the ERP before it joined is not offered: its chain has gaps up to there.
        let before_it_joined = txn.first_seq > self.head.next_seq && txn.first_seq <= self.joined_seq;
        if txn.first_seq > self.head.next_seq && !before_it_joined {
            // What stands before it comes another way, or was kept back: a gap is no fork.
            return Err(NotTaken::Refused(RefusedTalk::TooEarly));
        }
        if !goes_on && !before_it_joined {
            return Err(NotTaken::Refused(RefusedTalk::ChainForked));
        }
        Ok(SealedTxn { recorded_at: self.engine.now(), ..sealed })
    }

    /// Lets what may take effect do so. A rejected transaction leaves no trace in the rows.
    async fn judged(&mut self, sealed: &SealedTxn) -> Result<Verdict, NotTaken> {
        if let Err(reason) = bounds(&sealed.txn, sealed.bytes.len()) {
            return Ok(Verdict::Rejected { reason });
        }
        self.session.begin_part().await?;
        let doubles = self.doubles.len();
        let outcome = self.apply_all(&sealed.txn).await;
        self.session.end_part(matches!(outcome, Ok(Ok(_)))).await?;
        match outcome? {
            Ok(judged) => Ok(judged.verdict()),
            Err(reason) => {
                self.doubles.truncate(doubles);
                Ok(Verdict::Rejected { reason })
            }
        }
    }

    async fn apply_all(&mut self, txn: &Txn) -> Result<Result<Judged, RejectReason>, EngineError> {
        let mut whole = Judged::default();
        let mut ids = BTreeSet::new();
        if let Some(actor) = self.unknown_actor(txn).await? {
            return Ok(Err(RejectReason::ActorForged { actor }));
        }
        let op_ids: Vec<Uuid> = txn.ops.iter().map(|op| op.op_id.0).collect();
        if !op_ids.iter().all(|op_id| ids.insert(*op_id)) || self.session.any_op_known(&op_ids).await? {
            return Ok(Err(RejectReason::OpReplayed));
        }
        let fresh = match self.scope.is_whole_plant() {
            true => Fresh::of(&mut self.session, txn).await?,
            false => Fresh::default(),
        };
        let undone = Undone::of(&mut self.session, txn).await?;
        let mut bulk = Vec::new();
        for op in &txn.ops {
            if fresh.holds(op) {
                bulk.push(Cow::Borrowed(op));
                continue;
            }
            if let Err(reason) = self.take_effect(std::mem::take(&mut bulk)).await? {
                return Ok(Err(reason));
            }
            let current = self.current(op).await?;
            if !self.in_scope(op, &current).await? {
                return Ok(Err(RejectReason::OutOfScope));
            }
            let mut judged = match judge(op, &current) {
                Ok(judged) => judged,
                Err(reason) => return Ok(Err(reason)),
            };
            undone.hold_back(op, &current, &mut judged);
            if let (OpKind::Create, Some(winner)) = (op.kind, current.taken_by)
                && matches!(
                    op.entity,
                    Entity::Asset
                        | Entity::Part
                        | Entity::Label
                        | Entity::Supplier
                        | Entity::Skill
                        | Entity::Person
                )
            {
                self.doubles.push((op.entity, op.entity_id, winner));
            }
            if let Some(rest) = HeldBack::rest_of(&judged.held_back, op)
                && let Err(reason) = self.take_effect(vec![Cow::Owned(rest)]).await?
            {
                return Ok(Err(reason));
            }
            whole.add(judged);
        }
        if let Err(reason) = self.take_effect(bulk).await? {
            return Ok(Err(reason));
        }
        if let Some(decision) = &txn.decides {
            self.session.resolve_conflict(decision.conflict_id, self.engine.now()).await?;
        }
        Ok(Ok(whole))
    }

    /// Lets ops take effect on the rows, in their order.
    async fn take_effect(&mut self, ops: Vec<Cow<'_, Op>>) -> Result<Result<(), RejectReason>, EngineError> {
        let Some(entity) = ops.last().map(|op| op.entity) else { return Ok(Ok(())) };
        match self.session.apply_all(ops).await {
            Ok(()) => Ok(Ok(())),
            Err(StoreError::Corrupt { what, .. } | StoreError::Duplicate { what }) => {
                Ok(Err(RejectReason::ValueUnfit { field: what }))
            }
            Err(StoreError::Database(error)) if is_constraint(&error.to_string()) => {
                Ok(Err(RejectReason::ValueUnfit { field: entity.as_str().to_owned() }))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Somebody in whose name an op is, and whom nobody knows.
    async fn unknown_actor(&mut self, txn: &Txn) -> Result<Option<String>, EngineError> {
        let named =
            txn.ops.iter().flat_map(|op| op.actor.person_id().into_iter().chain(op.actor.second_actor_id));
        for person in named.collect::<BTreeSet<PersonId>>() {
            let made_here = txn.ops.iter().any(|op| op.entity == Entity::Person && op.entity_id == person.0);
            if made_here || self.session.row(Entity::Person, person.0).await?.fields.is_some() {
                continue;
            }
            if self.session.stands_for(person.0).await? == person.0 {
                return Ok(Some(person.to_string()));
            }
        }
        Ok(None)
    }

    /// The record that an op is about, as it is accepted.
    async fn current(&mut self, op: &Op) -> Result<Current, EngineError> {
        let row = self.session.row(op.entity, op.entity_id).await?;
        let mut taken_by = None;
        if row.fields.is_none() && op.kind != OpKind::Create {
            let stands = self.session.stands_for(op.entity_id).await?;
            taken_by = (stands != op.entity_id).then_some(stands);
        }
        let code = op.fields.get("code").or_else(|| op.fields.get("number"));
        if let Some(code) = code.and_then(|change| change.to.as_str())
            && op.kind != OpKind::Delete
        {
            taken_by = taken_by.or(self.session.code_holder(op.entity, op.entity_id, code).await?);
        }
        if op.entity == Entity::Person && op.kind == OpKind::Create && row.fields.is_none() {
            taken_by = taken_by.or(self.same_person(op).await?.map(|person| person.0));
        }
        Ok(Current { fields: row.fields, deleted: row.deleted, taken_by })
    }

    /// The person whom the node knows under the number that the ERP has for the one of this op.
    async fn same_person(&mut self, op: &Op) -> Result<Option<PersonId>, EngineError> {
        let sealed = op.fields.get("sealed_erp_number").and_then(|change| change.to.as_str());
        let Some(sealed) = sealed else { return Ok(None) };
        let (vault, person) = (&self.engine.vault, PersonId(op.entity_id));
        let number = people::number_of(&mut self.session, vault, person, sealed).await?;
        Ok(number.and_then(|number| self.engine.people.by_erp_number(&number)))
    }

    /// Whether the device may touch this record: as it was, and as it would be.
    async fn in_scope(&mut self, op: &Op, current: &Current) -> Result<bool, EngineError> {
        if self.scope.is_whole_plant() {
            return Ok(true);
        }
        let mut fields = current.fields.clone().unwrap_or_default();
        if current.fields.is_some()
            && !self.scope.holds(&mut self.session, op.entity, op.entity_id, &fields).await?
        {
            return Ok(false);
        }
        for (name, change) in &op.fields {
            fields.insert(name.clone(), change.to.clone());
        }
        if op.entity == Entity::Asset && current.fields.is_none() {
            // A new asset is where its parent is.
            let parent =
                fields.get("parent_id").and_then(|id| id.as_str()).and_then(|id| id.parse::<Uuid>().ok());
            let Some(parent) = parent else { return Ok(false) };
            return self.scope.holds(&mut self.session, Entity::Asset, parent, &Default::default()).await;
        }
        self.scope.holds(&mut self.session, op.entity, op.entity_id, &fields).await
    }

    /// Two records were made for one thing: the later gives way, and whatever names it means the one that stays.
    async fn join_double(&mut self, entity: Entity, loser: Uuid, winner: Uuid) -> Result<(), EngineError> {
        let alias = Alias { alias_id: AliasId(loser), record_kind: entity, winner_id: winner };
        let op = Op {
            op_id: OpId(self.engine.ports.mint.uuid(self.engine.now())),
            seq: 0,
            actor: Actor {
                actor_kind: ActorKind::Rule,
                actor_id: Some("same code".to_owned()),
                ..Actor::system()
            },
            entity: Entity::Alias,
            entity_id: loser,
            kind: OpKind::Create,
            fields: field_changes(None, Some(&alias))?,
        };
        self.next_place = keep_op(self.engine, &mut self.session, op).await? + 1;
        Ok(())
    }

    /// A card for each field in which two people wanted different things.
    async fn open_cards(
        &mut self,
        txn: &Txn,
        verdict: &Verdict,
        now: TimestampMs,
    ) -> Result<(), EngineError> {
        for card in cards_of(txn, verdict) {
            let entity_label = label_of(&mut self.session, card.entity, card.entity_id).await?;
            let changed_by = Some(self.device.name.clone());
            self.session
                .add_conflict(&Conflict { entity_label, changed_by, noticed_at: now, ..card })
                .await?;
        }
        Ok(())
    }
}

/// The cards that a verdict opens: the same ones on every device.
pub(crate) fn cards_of(txn: &Txn, verdict: &Verdict) -> Vec<Conflict> {
    let mut cards = Vec::new();
    for part in verdict.held_back() {
        let asks = match part.because {
            HeldBackBecause::ChangedByAnother | HeldBackBecause::MoveRefused => true,
            HeldBackBecause::Removed | HeldBackBecause::CodeTaken | HeldBackBecause::Repeated => false,
        };
        let Some(field) = part.field.as_deref().filter(|_| asks) else { continue };
        // When and why go with the status; one card asks about the move.
        let goes_along = part.because == HeldBackBecause::MoveRefused && field != "status";
        let Some(op) = txn.ops.iter().find(|op| op.op_id == part.op_id).filter(|_| !goes_along) else {
            continue;
        };
        // Who begins an order or goes on with it takes it; of two the first has it, and both are told by a notice.
        let takes = ["status", "continued", "reservation", "taken", "passed_on"]
            .iter()
            .any(|field| op.fields.contains_key(*field));
        if matches!(op.entity, Entity::WorkOrder | Entity::Request)
            && takes
            && matches!(field, "assignee_id" | "continued" | "reservation" | "taken" | "passed_on")
        {
            continue;
        }
        // What a timer said is booked; when it was stopped a second time is nobody's question.
        if op.entity == Entity::LabourTimer {
            continue;
        }
        // Who started or paused what others had ended has nothing to decide: what they recorded stays on it.
        if part.because == HeldBackBecause::MoveRefused && !ends_an_order(op) {
            continue;
        }
        let name = [part.op_id.0.as_bytes().as_slice(), field.as_bytes()].concat();
        cards.push(Conflict {
            conflict_id: ConflictId(Uuid::new_v5(&txn.txn_id.0, &name)),
            entity: op.entity,
            entity_id: op.entity_id,
            entity_label: String::new(),
            field: field.to_owned(),
            ours: op.fields.get(field).map(|change| change.to.clone()).unwrap_or_default(),
            theirs: part.accepted.clone(),
            changed_by: None,
            noticed_at: TimestampMs(0),
            resolved_at: None,
            between: Between::TwoDevices,
        });
    }
    cards
}

fn ends_an_order(op: &Op) -> bool {
    let to = op.fields.get("status").and_then(|change| serde_json::from_value(change.to.clone()).ok());
    to.is_some_and(|status: WorkOrderStatus| !status.is_open())
}

/// What people call a record: the number of the order it belongs to, or its own name.
pub(crate) async fn label_of(
    session: &mut millwright_local_db::Session,
    entity: Entity,
    id: Uuid,
) -> Result<String, EngineError> {
    let fields = session.fields(entity, id).await?.unwrap_or_default();
    let text = |field: &str| fields.get(field).and_then(|value| value.as_str()).map(str::to_owned);
    if let Some(order) = text("work_order_id").and_then(|id| id.parse::<WorkOrderId>().ok())
        && let Some(order) = session.get::<WorkOrder>(order).await?
    {
        return Ok(order.number().to_owned());
    }
    let named = ["erp_number", "local_number", "code", "number", "name", "title"].into_iter().find_map(text);
    Ok(named.unwrap_or_default())
}

/// What SQLite says when a value breaks a rule of the schema.
fn is_constraint(message: &str) -> bool {
    message.contains("constraint failed") || message.contains("cannot store")
}
