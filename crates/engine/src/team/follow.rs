//! A member's side: it asks to be let in, offers what it wrote, takes what was accepted, and exchanges photos, whenever
//! the node can be reached. Between the two it works on as if nothing were missing.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use ed25519_dalek::{Signature, VerifyingKey};
use millwright_local_db::{BaseRow, SealedTxn, StoredTxn, WriteSession};
use millwright_model::*;
use millwright_team::*;

use super::judging::{cards_of, label_of};
use super::line::{Line, LineError, TlsLine};
use super::node::{keep_person_keys, person_keys_for};
use super::{
    Membership, Role, Team, base64_of, carried, copies, facts, former, hex, invitation_of, photos, seal,
    unhex,
};
use crate::EngineError;
use crate::engine::Inner;
use crate::unit::is_held;
use crate::use_case::notice;

/// The pause after the first failure; it doubles up to [`AGAIN_MAX`].
const AGAIN_MIN: Duration = Duration::from_millis(500);
const AGAIN_MAX: Duration = Duration::from_secs(30);
/// How often a stranger asks whether a person has let it in.
const ASK_EVERY: Duration = Duration::from_secs(2);
/// The most bytes of transactions in one offer.
const OFFER_MAX_BYTES: usize = 6 * 1024 * 1024;

/// Why a talk ended.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TalkError {
    /// The line broke.
    #[error(transparent)]
    Line(#[from] LineError),
    /// This device's store failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The node does not talk.
    #[error("{0}")]
    Refused(RefusedTalk),
    /// The node said what cannot be.
    #[error("the node said what cannot be: {0}")]
    Astray(String),
}

impl TalkError {
    /// Why, with the words for it.
    fn trouble(&self) -> Trouble {
        let cause = match self {
            Self::Line(error) => error.cause(),
            Self::Engine(_) => Cause::Other,
            Self::Astray(_) => Cause::NotUnderstood,
            Self::Refused(why) => match why {
                RefusedTalk::CodeUnknown => Cause::Credentials,
                RefusedTalk::NotLetIn
                | RefusedTalk::NoMember
                | RefusedTalk::Revoked
                | RefusedTalk::ChainForked
                | RefusedTalk::SignatureWrong => Cause::NotAllowed,
                RefusedTalk::FormatUnknown { .. } => Cause::Version,
                RefusedTalk::TooEarly | RefusedTalk::Full | RefusedTalk::Unable => Cause::Busy,
                RefusedTalk::Unfit { .. } => Cause::NotUnderstood,
            },
        };
        Trouble::new(cause, self.to_string())
    }
}

impl From<millwright_local_db::StoreError> for TalkError {
    fn from(error: millwright_local_db::StoreError) -> Self {
        Self::Engine(error.into())
    }
}

/// Follows the node for as long as this device is a member.
pub(crate) async fn run(engine: Arc<Inner>) {
    let mut shutdown = engine.shutdown.subscribe();
    let mut changed = engine.team.changed.subscribe();
    let mut pause = AGAIN_MIN;
    loop {
        changed.borrow_and_update();
        let role = engine.team.role();
        let part = async {
            match &role {
                Role::Alone | Role::Node { .. } | Role::ShutOut => std::future::pending().await,
                Role::Asking { invitation, name } => {
                    let asked = ask(&engine, invitation, name).await;
                    tokio::time::sleep(ASK_EVERY).await;
                    asked
                }
                Role::Member(membership) => follow(&engine, membership).await,
            }
        };
        let ended = tokio::select! {
            _ = shutdown.wait_for(|ended| *ended) => return,
            _ = changed.changed() => continue,
            ended = part => ended,
        };
        match ended {
            Ok(()) => pause = AGAIN_MIN,
            Err(error) => {
                note_down(&engine, &error);
                if matches!(error, TalkError::Refused(RefusedTalk::Revoked)) {
                    if let Err(error) = Box::pin(leave(&engine)).await {
                        tracing::error!("what was held of the team could not be removed: {error}");
                    } else {
                        continue;
                    }
                }
                tokio::select! {
                    _ = shutdown.wait_for(|ended| *ended) => return,
                    _ = changed.changed() => {}
                    () = tokio::time::sleep(pause) => {}
                }
                pause = (pause * 2).min(AGAIN_MAX);
            }
        }
    }
}

fn note_down(engine: &Inner, error: &TalkError) {
    tracing::debug!("the team's node: {error}");
    set_talk(engine, LinkState::down(engine.now(), error.trouble()));
}

fn set_talk(engine: &Inner, state: LinkState) {
    let Ok(mut kept) = engine.team.talk.write() else { return };
    let same = matches!(
        (&*kept, &state),
        (LinkState::Up { .. }, LinkState::Up { .. }) | (LinkState::Down { .. }, LinkState::Down { .. })
    );
    if !same {
        *kept = state;
        drop(kept);
        engine.tell_stale([CacheTag::Sync].into());
    }
}

/// Says everything there is to say to the node, once: for commands that run and end.
pub(crate) async fn exchange(engine: &Inner) -> Result<(), TalkError> {
    match engine.team.role() {
        Role::Alone | Role::Node { .. } | Role::ShutOut => Ok(()),
        Role::Asking { invitation, name } => ask(engine, &invitation, &name).await,
        Role::Member(membership) => {
            let told = async {
                let mut line = TlsLine::member(engine, &membership).await?;
                talk(engine, &mut line, &mut greet(engine).await?).await?;
                copies::announce(engine, &mut line).await
            };
            match told.await {
                Ok(()) => {
                    set_talk(engine, LinkState::Up { since: engine.now() });
                    Ok(())
                }
                Err(error) => {
                    note_down(engine, &error);
                    if matches!(error, TalkError::Refused(RefusedTalk::Revoked)) {
                        leave(engine).await?;
                    }
                    Err(error)
                }
            }
        }
    }
}

/// Asks once to be let in.
async fn ask(engine: &Inner, invitation: &str, name: &str) -> Result<(), TalkError> {
    let invitation = invitation_of(invitation)?;
    let mut line = TlsLine::stranger(&invitation.address, &invitation.authority).await?;
    ask_over(engine, &mut line, &invitation, name).await
}

pub(crate) async fn ask_over(
    engine: &Inner,
    line: &mut impl Line,
    invitation: &Invitation,
    name: &str,
) -> Result<(), TalkError> {
    let next_seq = engine.database.read().await?.chain_head(engine.device.device_id).await?.next_seq;
    let ask = JoinAsk {
        code: invitation.code.clone(),
        device_id: engine.device.device_id,
        device_code: engine.device.code(),
        name: name.to_owned(),
        verifying_key: hex(&engine.device.verifying_key()),
        sealing_key: hex(&seal::own_public(&engine.vault, &*engine.ports.mint)?),
        next_seq,
    };
    match line.say(ToNode::Join(ask)).await? {
        ToDevice::Asked => {
            set_talk(engine, LinkState::Up { since: engine.now() });
            Ok(())
        }
        ToDevice::Joined { team_id, plant_name, certificate, scope, sealing_key, zone, device_code } => {
            if let Err(refusal) = former::may_join(engine, team_id) {
                stay_alone(engine).await?;
                return Err(refusal.into());
            }
            let membership = Membership {
                team_id,
                address: invitation.address.clone(),
                authority: base64_of(&invitation.authority),
                certificate,
                node_sealing_key: sealing_key,
                scope,
                checkpoint: None,
                filled_format: OP_FORMAT,
            };
            become_member(engine, membership, &plant_name, zone, &device_code).await?;
            Ok(())
        }
        ToDevice::Refused { why: why @ (RefusedTalk::CodeUnknown | RefusedTalk::NotLetIn) } => {
            stay_alone(engine).await?;
            Err(TalkError::Refused(why))
        }
        ToDevice::Refused { why } => Err(TalkError::Refused(why)),
        other => Err(TalkError::Astray(format!("{other:?}"))),
    }
}

async fn stay_alone(engine: &Inner) -> Result<(), EngineError> {
    let mut session = engine.database.write().await?;
    Team::keep(&mut session, &Role::Alone).await?;
    session.commit().await?;
    engine.team.now_is(Role::Alone);
    Ok(())
}

/// From now on the node's order is this device's, and somebody else speaks to the ERP and the plant.
async fn become_member(
    engine: &Inner,
    membership: Membership,
    plant_name: &str,
    zone: String,
    device_code: &str,
) -> Result<(), EngineError> {
    let role = Role::Member(membership);
    let mut session = engine.database.write().await?;
    session.set_judged_aside().await?;
    session.set_pulled_aside().await?;
    session.sending_becomes_unknown(engine.now()).await?;
    if engine.device.code() != device_code {
        engine.device.take_code(&mut session, device_code).await?;
    }
    let settings = crate::settings::kept(&mut session).await?;
    crate::settings::keep(&mut session, &Settings { plant_zone: zone, ..settings }).await?;
    session.set_setting("plant_name", &plant_name).await?;
    session.set_setting("mode", &AppMode::Plant).await?;
    Team::keep(&mut session, &role).await?;
    session.commit().await?;
    if let Ok(mut mode) = engine.mode.lock() {
        *mode = AppMode::Plant;
    }
    engine.team.now_is(role);
    engine.tell_stale([CacheTag::Settings, CacheTag::Sync].into());
    Ok(())
}

/// One connection's life: talk until all is said, then listen for news and for what is written here.
async fn follow(engine: &Arc<Inner>, membership: &Membership) -> Result<(), TalkError> {
    let mut line = TlsLine::member(engine, membership).await?;
    let mut member = greet(engine).await?;
    talk(engine, &mut line, &mut member).await?;
    set_talk(engine, LinkState::Up { since: engine.now() });
    copies::announce(engine, &mut line).await?;
    // Waiting needs a line of its own: an answer that is held back must not hold back what is written here.
    let mut listening = TlsLine::member(engine, membership).await?;
    let mut known = member.checkpoint();
    loop {
        let after = known;
        let wait = async {
            loop {
                match listening.say(ToNode::Wait { after }).await? {
                    ToDevice::News { checkpoint, team } => {
                        if let Some(team) = team {
                            facts::hear(engine, team).await?;
                        }
                        if checkpoint > after {
                            return Ok(checkpoint);
                        }
                    }
                    ToDevice::Refused { why } => return Err(TalkError::Refused(why)),
                    other => return Err(TalkError::Astray(format!("{other:?}"))),
                }
            }
        };
        let mut wait = std::pin::pin!(wait);
        // The wait goes on while this device speaks of its own accord, so that no answer is left lying on the line.
        let news = loop {
            tokio::select! {
                news = &mut wait => break news?,
                () = next_own(engine) => {
                    member.wake();
                    talk(engine, &mut line, &mut member).await?;
                }
                // Another member asked this device to keep something for the node.
                () = engine.team.carries.notified() => {
                    member.wake();
                    talk(engine, &mut line, &mut member).await?;
                }
                // Who holds this device now is said with a greeting.
                () = engine.team.handed.notified() => {
                    member = greet(engine).await?;
                    talk(engine, &mut line, &mut member).await?;
                }
            }
        };
        known = news;
        if news > member.checkpoint() {
            member.wake();
            talk(engine, &mut line, &mut member).await?;
        }
    }
}

/// Waits until something that was written here may leave.
async fn next_own(engine: &Inner) {
    loop {
        let held = async {
            let mut session = engine.database.read().await.ok()?;
            if former::unread_by_node(engine, &mut session).await.ok()? > 0 {
                return None;
            }
            session.next_release(engine.device.device_id, engine.team.node_reads()).await.ok()?
        };
        let wrote = engine.team.wrote.notified();
        match held.await {
            None => wrote.await,
            Some(until) if !is_held(until, engine.now()) => return,
            Some(until) => {
                let left = until.since_ms(engine.now()).max(0);
                let left = Duration::from_millis(u64::try_from(left).unwrap_or_default());
                // A clock that jumps must not hold a record back: it is looked at again soon.
                tokio::select! {
                    () = wrote => {}
                    () = tokio::time::sleep(left.min(Duration::from_secs(1))) => {}
                }
            }
        }
    }
}

/// The beginning of a talk: it says who holds this device and how much waits here.
pub(crate) async fn greet(engine: &Inner) -> Result<Member, EngineError> {
    let Role::Member(membership) = engine.team.role() else {
        return Err(EngineError::Precondition(Refusal::NoTeam));
    };
    let mut session = engine.database.read().await?;
    let own = session.waiting_for_node(engine.device.device_id).await?.0;
    let pending = own + former::waiting(engine, &mut session).await?.records;
    Ok(Member::new(
        membership.checkpoint,
        OP_FORMAT,
        engine.person(),
        u64::try_from(pending).unwrap_or_default(),
    ))
}

/// Talks until all is said.
pub(crate) async fn talk(engine: &Inner, line: &mut impl Line, member: &mut Member) -> Result<(), TalkError> {
    loop {
        match member.next() {
            Next::Say(message) => {
                let answer = line.say(message).await?;
                heard(engine, member, answer).await?;
            }
            Next::Offer { limit, op_format } => {
                let own = match former::bring(engine, line, op_format).await? {
                    true => offer(engine, engine.device.device_id, limit, op_format, None).await?,
                    false => None,
                };
                match own {
                    None => member.nothing_to_offer(),
                    Some(offer) => {
                        let answer = line.say(offer.into()).await?;
                        heard(engine, member, answer).await?;
                    }
                }
            }
            Next::Photos => {
                photos::exchange(engine, line).await?;
                carried::hand_over(engine, line).await?;
                member.photos_done();
            }
            Next::Rest => return Ok(()),
            Next::Refused(why) => return Err(TalkError::Refused(why)),
        }
    }
}

async fn heard(engine: &Inner, member: &mut Member, answer: ToDevice) -> Result<(), TalkError> {
    let said = format!("{answer:?}").chars().take(200).collect::<String>();
    match member.hear(answer) {
        Heard::Nothing => Ok(()),
        Heard::Team(team) => Ok(facts::hear(engine, team).await?),
        Heard::Judged(judgements) if judgements.is_empty() => {
            Err(TalkError::Astray("an offer without a judgement".to_owned()))
        }
        Heard::Judged(judgements) => Ok(place(engine, &judgements).await?),
        Heard::Rows { first, checkpoint, rows, person_keys, last } => {
            Ok(fill(engine, first, checkpoint, &rows, &person_keys, last).await?)
        }
        Heard::Accepted { checkpoint, entries, rows, person_keys } => {
            accept(engine, checkpoint, entries, &rows, &person_keys).await
        }
        Heard::Astray => Err(TalkError::Astray(said)),
    }
}

/// Transactions to be offered in one message, with the keys of people that they made.
pub(crate) struct Offer {
    pub(crate) txns: Vec<OfferedTxn>,
    pub(super) person_keys: Vec<SealedPersonKey>,
}

impl From<Offer> for ToNode {
    fn from(Offer { txns, person_keys }: Offer) -> Self {
        Self::Offer { txns, person_keys }
    }
}

/// Everything that may leave now after a place of the chain, in its order: for a letter, which hears no answer in between.
pub(crate) async fn offers(engine: &Inner, mut after: Option<u64>) -> Result<Vec<Offer>, EngineError> {
    let mut offers = Vec::new();
    let (own, op_format) = (engine.device.device_id, engine.team.node_reads());
    while let Some(offer) = offer(engine, own, TXNS_MAX, op_format, after).await? {
        after = offer.txns.last().map(|txn| txn.first_seq);
        offers.push(offer);
    }
    Ok(offers)
}

/// What may leave now of a writer after a place of its chain, in its order.
pub(super) async fn offer(
    engine: &Inner,
    writer: DeviceId,
    limit: usize,
    op_format: u16,
    after: Option<u64>,
) -> Result<Option<Offer>, EngineError> {
    engine.team.node_reads.store(op_format, Ordering::Relaxed);
    let now = engine.now();
    let Role::Member(membership) = engine.team.role() else { return Ok(None) };
    let mut session = engine.database.read().await?;
    let pending = session.pending_after(writer, after, limit as i64).await?;
    drop(session);
    end_holds(engine, &pending, now).await?;
    // What was undone before its hold ended shows from here on, and nothing of it can be undone any more.
    let mut session = engine.database.read().await?;
    let (mut txns, mut people, mut bytes) = (Vec::new(), BTreeSet::new(), 0);
    for stored in pending {
        bytes += stored.bytes.len();
        let held = stored.held_until.is_some_and(|until| is_held(until, now));
        if held || (!txns.is_empty() && bytes > OFFER_MAX_BYTES) {
            break;
        }
        let txn = stored.txn()?;
        if txn.format > op_format {
            let (format, id) = (txn.format, txn.txn_id);
            tracing::warn!("{id} waits: it has format {format}, and the node reads {op_format}");
            break;
        }
        people
            .extend(txn.ops.iter().filter(|op| op.entity == Entity::Person).map(|op| PersonId(op.entity_id)));
        let deliveries = session.deliveries_of_txn(stored.txn_id).await?;
        let settled =
            delivered(&deliveries) || txn.undoes.is_some() || session.is_undone(stored.txn_id).await?;
        let begun = begun(&deliveries).filter(|_| !settled);
        txns.push(OfferedTxn {
            txn_id: stored.txn_id,
            first_seq: stored.first_seq,
            prev_hash: hex(&stored.prev_hash),
            sig: hex(&stored.sig),
            bytes: String::from_utf8(stored.bytes).map_err(EngineError::internal)?,
            recorded_at: stored.recorded_at.0,
            settled,
            begun,
        });
    }
    if txns.is_empty() {
        return Ok(None);
    }
    let key = &membership.node_sealing_key;
    let person_keys = person_keys_for(engine, &mut session, key, &people).await?;
    Ok(Some(Offer { txns, person_keys }))
}

/// What is about to leave can no longer be undone, whatever the clock says later: the mark is durable before a byte goes.
async fn end_holds(engine: &Inner, pending: &[StoredTxn], now: TimestampMs) -> Result<(), EngineError> {
    let marked = |stored: &&StoredTxn| stored.held_until.is_some_and(|until| !is_held(until, now));
    let over: Vec<TxnId> = pending.iter().filter(marked).map(|stored| stored.txn_id).collect();
    if over.is_empty() {
        return Ok(());
    }
    let mut session = engine.database.write().await?;
    for txn_id in over {
        session.end_hold(txn_id).await?;
    }
    Ok(session.commit().await?)
}

/// Whether all that the ERP and the plant are told of a transaction was settled here; an e-mail tells neither.
fn delivered(deliveries: &[Delivery]) -> bool {
    let mut outside = deliveries.iter().filter(|step| step.target != DeliveryTarget::Mail).peekable();
    outside.peek().is_some() && outside.all(|step| step.state.is_settled())
}

/// How far the deliveries of a transaction had come while this device was alone; nothing when nothing had left.
fn begun(deliveries: &[Delivery]) -> Option<Begun> {
    let untouched = |step: &Delivery| step.state == DeliveryState::Waiting && step.attempts == 0;
    if deliveries.iter().all(untouched) {
        return None;
    }
    // An e-mail that has gone, or may have, is not written again by the node.
    let over = |step: &&Delivery| {
        step.state == DeliveryState::Discarded || step.target == DeliveryTarget::Mail && !untouched(step)
    };
    let given_up = deliveries.iter().filter(over);
    Some(Begun { given_up: given_up.map(|step| step.step_key.clone()).collect() })
}

/// What was offered has its place in the node's order; its effect on the rows comes with all that stands before it.
pub(crate) async fn place(engine: &Inner, judgements: &[Judgement]) -> Result<(), EngineError> {
    let mut session = engine.database.write().await?;
    let on_the_rows = engine.team.checkpoint();
    for judgement in judgements {
        session.place(judgement.txn_id, judgement.ledger_seq, &judgement.verdict).await?;
        // What was planned here before this device joined is the node's to deliver.
        session.hand_deliveries_over(judgement.txn_id, engine.now()).await?;
    }
    // The node had it before: the rows that came from there hold it, with what was done to it since.
    if let Some(checkpoint) = on_the_rows
        && judgements.iter().any(|judgement| judgement.ledger_seq <= checkpoint)
    {
        session.lift_pending().await?;
        session.lay_pending(&engine.writers(), checkpoint).await?;
    }
    session.commit().await?;
    engine.tell_stale([CacheTag::Sync].into());
    Ok(())
}

fn base_rows(rows: &[Row]) -> Vec<BaseRow> {
    let of = |row: &Row| BaseRow {
        entity: row.entity,
        id: row.id,
        fields: row.fields.clone(),
        deleted: row.deleted,
    };
    rows.iter().map(of).collect()
}

/// Lays a page of rows aside; the last one makes them the base.
async fn fill(
    engine: &Inner,
    first: bool,
    checkpoint: i64,
    rows: &[Row],
    person_keys: &[SealedPersonKey],
    last: bool,
) -> Result<(), EngineError> {
    keep_person_keys(engine, person_keys).await?;
    let mut session = engine.database.write().await?;
    session.keep_pages(first, &base_rows(rows)).await?;
    if last {
        session.found_base(checkpoint, &engine.writers()).await?;
        come_to(engine, &mut session, checkpoint).await?;
    }
    session.commit().await?;
    if last {
        engine.team.came_to(checkpoint);
        all_is_new(engine).await?;
    }
    Ok(())
}

async fn come_to(engine: &Inner, session: &mut WriteSession, checkpoint: i64) -> Result<(), EngineError> {
    let Role::Member(membership) = engine.team.role() else { return Ok(()) };
    Team::keep(session, &Role::Member(Membership { checkpoint: Some(checkpoint), ..membership })).await
}

/// Takes what was accepted, all of it at once: what waits here is lifted off, lies on top again, and nobody sees
/// anything in between.
pub(crate) async fn accept(
    engine: &Inner,
    checkpoint: i64,
    entries: Vec<Entry>,
    rows: &[Row],
    person_keys: &[SealedPersonKey],
) -> Result<(), TalkError> {
    if entries.is_empty() && rows.is_empty() && engine.team.checkpoint() == Some(checkpoint) {
        return Ok(());
    }
    keep_person_keys(engine, person_keys).await?;
    let mut session = engine.database.write().await?;
    let mut keys: BTreeMap<DeviceId, [u8; 32]> = session
        .devices()
        .await?
        .into_iter()
        .filter_map(|device| Some((device.device_id, unhex(&device.verifying_key)?)))
        .collect();
    let writers = engine.writers();
    let back = back_as_written(&entries).filter(|_| rows.is_empty());
    let lies = match &back {
        Some(back) => session.lie_already(&writers, checkpoint, back).await?,
        None => false,
    };
    if !lies {
        session.lift_pending().await?;
    }
    let mut own_scope = None;
    for entry in entries {
        let (sealed, verdict) = (checked(&entry, &keys)?, entry.verdict);
        let txn = &sealed.txn;
        let own = writers.contains(&txn.device_id);
        if own || !matches!(verdict, Verdict::Rejected { .. }) {
            session.keep_accepted(&sealed, entry.ledger_seq, &verdict, entry.excerpt).await?;
        }
        let effective = verdict.effective(txn);
        for op in &effective {
            if op.entity == Entity::Device && op.entity_id == engine.device.device_id.0 {
                own_scope = op.fields.get("scope").map(|change| change.to.clone()).or(own_scope);
            }
            if op.entity == Entity::Device
                && let Some(key) =
                    op.fields.get("verifying_key").and_then(|change| unhex(change.to.as_str()?))
            {
                keys.insert(DeviceId(op.entity_id), key);
            }
        }
        if !lies {
            session.apply_all(effective.into_iter().map(Cow::Owned)).await?;
        }
        if let Some(decision) = &txn.decides {
            session.resolve_conflict(decision.conflict_id, engine.now()).await?;
        }
        notice::take(&mut session, txn, entry.ledger_seq, &verdict, engine.now()).await?;
        if own {
            for card in cards_of(txn, &verdict) {
                let entity_label = label_of(&mut session, card.entity, card.entity_id).await?;
                let noticed_at = engine.now();
                session.add_conflict(&Conflict { entity_label, noticed_at, ..card }).await?;
            }
        }
    }
    session.keep_rows(checkpoint, &base_rows(rows)).await?;
    match back.filter(|_| lies) {
        Some(back) => session.settle(&back).await?,
        None => session.lay_pending(&writers, checkpoint).await?,
    }
    come_to(engine, &mut session, checkpoint).await?;
    let begins_anew = match own_scope.map(serde_json::from_value) {
        Some(Ok(scope)) => fills_anew(engine, &mut session, scope).await?,
        Some(Err(_)) | None => None,
    };
    session.commit().await?;
    engine.team.came_to(checkpoint);
    if let Some(role) = begins_anew {
        engine.team.now_is(role);
    }
    all_is_new(engine).await?;
    Ok(())
}

/// What comes back whole and accepted as it was written, as places of the node's order with the hash of what stands
/// there; nothing where any of it does not.
fn back_as_written(entries: &[Entry]) -> Option<BTreeMap<i64, [u8; 32]>> {
    let hash = |entry: &Entry| {
        let whole = entry.verdict == Verdict::Accepted && !entry.excerpt;
        let prev_hash: [u8; 32] = unhex(&entry.prev_hash).filter(|_| whole)?;
        Some((entry.ledger_seq, SealedTxn::chain_hash(&prev_hash, entry.bytes.as_bytes())))
    };
    entries.iter().map(hash).collect()
}

/// The role of a member that holds something else from now on, where it does: it fills up again with the next talk, and
/// until then shows what it has.
async fn fills_anew(
    engine: &Inner,
    session: &mut WriteSession,
    scope: Scope,
) -> Result<Option<Role>, EngineError> {
    let Role::Member(membership) = engine.team.role() else { return Ok(None) };
    if membership.scope == scope {
        return Ok(None);
    }
    let role = Role::Member(Membership { scope, checkpoint: None, ..membership });
    Team::keep(session, &role).await?;
    Ok(Some(role))
}

/// An accepted transaction whose signature holds, where its device's key is known and nothing was left out of it.
fn checked(entry: &Entry, keys: &BTreeMap<DeviceId, [u8; 32]>) -> Result<SealedTxn, TalkError> {
    let astray = |what: &str| TalkError::Astray(format!("entry {}: {what}", entry.ledger_seq));
    let bytes = entry.bytes.clone().into_bytes();
    let txn: Txn = serde_json::from_slice(&bytes).map_err(|error| astray(&error.to_string()))?;
    let prev_hash = unhex(&entry.prev_hash).ok_or_else(|| astray("a hash that is none"))?;
    let sig = unhex(&entry.sig).ok_or_else(|| astray("a signature that is none"))?;
    if !entry.excerpt
        && let Some(key) = keys.get(&txn.device_id)
    {
        let key = VerifyingKey::from_bytes(key).map_err(|error| astray(&error.to_string()))?;
        let hash = SealedTxn::chain_hash(&prev_hash, &bytes);
        key.verify_strict(&hash, &Signature::from_bytes(&sig)).map_err(|error| astray(&error.to_string()))?;
    }
    let recorded_at = TimestampMs(entry.recorded_at);
    Ok(SealedTxn { txn, bytes, prev_hash, sig, recorded_at, held_until: None })
}

pub(crate) async fn all_is_new(engine: &Inner) -> Result<(), EngineError> {
    engine.people.load(&mut engine.database.read().await?, &engine.vault).await?;
    hold_as_who_stands(engine).await?;
    engine.live.load_bindings(&engine.database).await?;
    engine.tell_stale(
        [
            CacheTag::WorkOrders,
            CacheTag::Assets,
            CacheTag::Requests,
            CacheTag::Parts,
            CacheTag::People,
            CacheTag::Settings,
            CacheTag::Sync,
            CacheTag::Guides,
            CacheTag::Workshops,
            CacheTag::Scenarios,
            CacheTag::Exercises,
        ]
        .into(),
    );
    Ok(())
}

/// Whoever holds this device may have turned out to be somebody whom the team knows already.
async fn hold_as_who_stands(engine: &Inner) -> Result<(), EngineError> {
    let Some(person) = engine.person() else { return Ok(()) };
    let stands = engine.people.stands_for(person);
    if stands == person {
        return Ok(());
    }
    let mut session = engine.database.write().await?;
    session.set_setting("picked_person", &Some(stands)).await?;
    session.commit().await?;
    if let Ok(mut held) = engine.person.lock() {
        *held = Some(stands);
    }
    Ok(())
}

/// This device was shut out: what waits here goes to the node, which lays it aside until a person has looked, and then
/// everything of the team is removed. Where the line breaks before that, it is tried again with the next word of the node.
async fn leave(engine: &Inner) -> Result<(), TalkError> {
    if let Role::Member(membership) = engine.team.role()
        && membership.checkpoint.is_some()
    {
        let mut line = TlsLine::member(engine, &membership).await?;
        match copies::give_up(engine, &mut line).await {
            Ok(()) => {}
            Err(TalkError::Line(error)) => return Err(error.into()),
            // What the node does not want, or cannot take, is no reason to stay.
            Err(error) => tracing::warn!("what waited here could not be laid aside: {error}"),
        }
    }
    Ok(wipe(engine).await?)
}

/// Removes everything of the team.
pub(crate) async fn wipe(engine: &Inner) -> Result<(), EngineError> {
    let mut session = engine.database.write().await?;
    session.forget_everything().await?;
    session.set_setting("picked_person", &None::<PersonId>).await?;
    // Nobody and nothing is here any more: the device stands before its first choice again.
    session.set_setting("mode", &AppMode::FirstStart).await?;
    facts::forget(engine, &mut session).await?;
    former::forget(engine, &mut session).await?;
    notice::forget(&mut session).await?;
    Team::keep(&mut session, &Role::ShutOut).await?;
    session.commit().await?;
    crate::together::forget_key(engine)?;
    engine.blobs.remove_all()?;
    engine.letters.remove_all()?;
    if let Ok(mut mode) = engine.mode.lock() {
        *mode = AppMode::FirstStart;
    }
    if let Ok(mut person) = engine.person.lock() {
        *person = None;
    }
    engine.team.now_is(Role::ShutOut);
    all_is_new(engine).await
}
