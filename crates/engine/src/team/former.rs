//! Who this device was before its directory was restored or copied: what it recorded as that device and the node may lack,
//! and how it is brought there once this device is in the same team again.

use millwright_local_db::{Session, WriteSession};
use millwright_model::*;
use millwright_team::{Invitation, RefusedTalk, TXNS_MAX, ToDevice, ToNode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::follow::{Offer, TalkError, offer, place};
use super::line::Line;
use super::{Role, base64_of, hex};
use crate::EngineError;
use crate::engine::Inner;

const SETTING: &str = "former_selves";

/// A device that this directory belonged to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct FormerSelf {
    pub(crate) device_id: DeviceId,
    /// The key that its transactions are signed with, as 64 hex digits. The secret half went with its machine.
    verifying_key: String,
    /// The team that it was in, where it was in one.
    team: Option<FormerTeam>,
}

/// The team of a former self.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct FormerTeam {
    team_id: Uuid,
    /// The certificate of the node's authority, as DER in base64; nothing where it was the node.
    authority: Option<String>,
}

/// What waits here of former selves.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub(crate) struct Waiting {
    pub(crate) records: i64,
    pub(crate) oldest_at: Option<TimestampMs>,
}

pub(super) async fn load(session: &mut Session) -> Result<Vec<FormerSelf>, EngineError> {
    Ok(session.setting(SETTING).await?.unwrap_or_default())
}

/// From now on the directory belongs to another device: who it was is kept, with its team.
pub(crate) async fn keep(
    session: &mut WriteSession,
    (device_id, verifying_key): (DeviceId, [u8; 32]),
) -> Result<(), EngineError> {
    let team = match session.setting::<Role>(super::SETTING).await?.unwrap_or_default() {
        Role::Member(membership) => {
            Some(FormerTeam { team_id: membership.team_id, authority: Some(membership.authority) })
        }
        Role::Node { team_id } => Some(FormerTeam { team_id, authority: None }),
        Role::Alone | Role::Asking { .. } | Role::ShutOut => None,
    };
    let mut formers = load(session).await?;
    formers.push(FormerSelf { device_id, verifying_key: hex(&verifying_key), team });
    Ok(session.set_setting(SETTING, &formers).await?)
}

/// Forgets who it was: nothing of it is here any more.
pub(super) async fn forget(engine: &Inner, session: &mut WriteSession) -> Result<(), EngineError> {
    session.set_setting(SETTING, &Vec::<FormerSelf>::new()).await?;
    engine.team.was_nobody();
    Ok(())
}

/// What was recorded for one team is not for another.
///
/// # Errors
/// When this directory was restored from one of another team than the one that invites.
pub(crate) fn may_ask(engine: &Inner, invitation: &Invitation) -> Result<(), EngineError> {
    let authority = base64_of(&invitation.authority);
    let another = |team: &FormerTeam| team.authority.as_ref().is_some_and(|known| *known != authority);
    refuse_another(engine, another)
}

/// The same once the node has said which team it is.
///
/// # Errors
/// When this directory was restored from one of another team.
pub(super) fn may_join(engine: &Inner, team_id: Uuid) -> Result<(), EngineError> {
    refuse_another(engine, |team| team.team_id != team_id)
}

fn refuse_another(engine: &Inner, another: impl Fn(&FormerTeam) -> bool) -> Result<(), EngineError> {
    match engine.team.formers().iter().filter_map(|former| former.team.as_ref()).any(another) {
        true => Err(EngineError::Precondition(Refusal::RestoredFromAnotherTeam)),
        false => Ok(()),
    }
}

/// How much of former selves waits here.
pub(crate) async fn waiting(engine: &Inner, session: &mut Session) -> Result<Waiting, EngineError> {
    let mut waiting = Waiting::default();
    for former in engine.team.formers() {
        let (records, oldest_at) = session.waiting_for_node(former.device_id).await?;
        waiting.records += records;
        waiting.oldest_at = [waiting.oldest_at, oldest_at].into_iter().flatten().min();
    }
    Ok(waiting)
}

/// What waits on a restored device that is not in its team again: its own records do too. Nothing where it was in none.
pub(crate) async fn waiting_for_team(
    engine: &Inner,
    session: &mut Session,
) -> Result<Option<Waiting>, EngineError> {
    if !engine.team.formers().iter().any(|former| former.team.is_some()) {
        return Ok(None);
    }
    let formers = waiting(engine, session).await?;
    let (records, oldest_at) = session.waiting_for_node(engine.device.device_id).await?;
    Ok(Some(Waiting {
        records: formers.records + records,
        oldest_at: [formers.oldest_at, oldest_at].into_iter().flatten().min(),
    }))
}

/// How much of it the node does not read yet: with it waits all that was recorded here since, which may build on it.
pub(crate) async fn unread_by_node(engine: &Inner, session: &mut Session) -> Result<i64, EngineError> {
    let mut unread = 0;
    for former in engine.team.formers() {
        unread += match node_takes(engine) {
            true => session.newer_than_node(former.device_id, engine.team.node_reads()).await?,
            false => session.waiting_for_node(former.device_id).await?.0,
        };
    }
    Ok(unread)
}

fn node_takes(engine: &Inner) -> bool {
    engine.team.told().is_some_and(|told| told.facts.takes_former)
}

impl FormerSelf {
    async fn says(&self, engine: &Inner, offer: Offer) -> Result<ToNode, EngineError> {
        let next_seq = engine.database.read().await?.chain_head(self.device_id).await?.next_seq;
        let Offer { txns, person_keys } = offer;
        let (device_id, verifying_key) = (self.device_id, self.verifying_key.clone());
        Ok(ToNode::OfferFormer { device_id, verifying_key, next_seq, txns, person_keys })
    }
}

/// Everything of former selves that may leave, in its order: for a letter, which hears no answer in between.
pub(super) async fn messages(engine: &Inner) -> Result<Vec<ToNode>, EngineError> {
    let mut messages = Vec::new();
    if !node_takes(engine) {
        return Ok(messages);
    }
    for former in engine.team.formers() {
        let mut after = None;
        while let Some(next) =
            offer(engine, former.device_id, TXNS_MAX, engine.team.node_reads(), after).await?
        {
            after = next.txns.last().map(|txn| txn.first_seq);
            messages.push(former.says(engine, next).await?);
        }
    }
    Ok(messages)
}

/// Brings the node what it lacks of former selves. Answers whether what was recorded here since may follow.
pub(super) async fn bring(engine: &Inner, line: &mut impl Line, op_format: u16) -> Result<bool, TalkError> {
    let formers = engine.team.formers();
    if formers.is_empty() {
        return Ok(true);
    }
    for former in formers.iter().filter(|_| node_takes(engine)) {
        while let Some(next) = offer(engine, former.device_id, TXNS_MAX, op_format, None).await? {
            let txn_ids: Vec<TxnId> = next.txns.iter().map(|txn| txn.txn_id).collect();
            match line.say(former.says(engine, next).await?).await? {
                ToDevice::Judged { judgements } if !judgements.is_empty() => {
                    place(engine, &judgements).await?;
                }
                ToDevice::Noted => {
                    tracing::warn!(
                        "the node keeps what {} recorded for a person to look at",
                        former.device_id
                    );
                    laid_aside(engine, &txn_ids).await?;
                }
                // It is of no use to say it again now, and holds up nothing else.
                ToDevice::Refused { why: why @ (RefusedTalk::TooEarly | RefusedTalk::Unfit { .. }) } => {
                    tracing::warn!("what {} recorded is not taken: {why}", former.device_id);
                    break;
                }
                ToDevice::Refused { why } => return Err(TalkError::Refused(why)),
                other => return Err(TalkError::Astray(format!("{other:?}"))),
            }
        }
    }
    let unread = unread_by_node(engine, &mut engine.database.read().await?).await?;
    Ok(unread == 0)
}

/// The node keeps these for a person: they are not on the rows here any more, and come back if the person takes them in.
pub(super) async fn laid_aside(engine: &Inner, txn_ids: &[TxnId]) -> Result<(), EngineError> {
    let mut session = engine.database.write().await?;
    session.set_laid_aside(txn_ids).await?;
    if let Some(checkpoint) = engine.team.checkpoint() {
        session.lift_pending().await?;
        session.lay_pending(&engine.writers(), checkpoint).await?;
    }
    session.commit().await?;
    super::follow::all_is_new(engine).await
}
