//! What people do about the team: invite, let in, shut out, and ask to be let in.

use millwright_local_db::Contact;
use millwright_model::*;
use millwright_team::{Invitation, JoinAsk};

use super::{actor, elsewhere, required_text};
use crate::EngineError;
use crate::device::random_code;
use crate::engine::Inner;
use crate::team::node::{OpenInvitation, code_hash, invitations, keep_invitations};
use crate::team::shared::give_secrets;
use crate::team::{Role, Team, carried, facts, former, hex, invitation_of, seal, unhex};
use crate::together;
use crate::unit::Unit;

/// The longest that an invitation may be used, in minutes.
const INVITATION_MINUTES_MAX: u32 = 24 * 60;
/// The most invitations that are kept: the oldest give way.
const INVITATIONS_MAX: usize = 200;
/// Letters of a one-time code.
const CODE_LETTERS: usize = 12;

pub(crate) async fn show(engine: &Inner, _command: TeamShow) -> Result<TeamView, EngineError> {
    let mut session = engine.database.read().await?;
    let role = match engine.team.role() {
        Role::Alone => TeamRole::Alone,
        Role::Node { .. } => TeamRole::Node,
        Role::Asking { invitation, .. } => {
            let address = invitation_of(&invitation).map(|invitation| invitation.address);
            TeamRole::Asking { address: address.unwrap_or_default() }
        }
        Role::Member(membership) => {
            TeamRole::Member { address: membership.address, filled: membership.checkpoint.is_some() }
        }
        Role::ShutOut => TeamRole::ShutOut,
    };
    let talk = engine.team.talk.read().map(|talk| talk.clone()).unwrap_or_default();
    let pending = match role {
        TeamRole::Member { .. } => {
            session.waiting_for_node(engine.device.device_id).await?.0
                + former::waiting(engine, &mut session).await?.records
        }
        TeamRole::Alone | TeamRole::Node | TeamRole::Asking { .. } | TeamRole::ShutOut => 0,
    };
    let head = session.ledger_head().await?;
    let pending_newer = match role {
        TeamRole::Member { .. } => {
            session.newer_than_node(engine.device.device_id, engine.team.node_reads()).await?
                + former::unread_by_node(engine, &mut session).await?
        }
        TeamRole::Alone | TeamRole::Node | TeamRole::Asking { .. } | TeamRole::ShutOut => 0,
    };
    let mut devices = Vec::new();
    let told = facts::known(engine, &mut session).await?;
    let mut held = match &told {
        Some(told) => elsewhere::orders_by_device(&mut session, told).await?,
        None => Default::default(),
    };
    for device in session.devices().await? {
        let known = told.as_ref().and_then(|told| Some((told, told.of(device.device_id)?)));
        let open_orders = held.remove(&device.device_id).unwrap_or_default();
        let is_this = device.device_id == engine.device.device_id;
        devices.push(DeviceView {
            is_this,
            contact_at: known.and_then(|(told, facts)| told.contact_at(facts)),
            holder: engine.people.name(known.and_then(|(_, facts)| facts.holder)),
            // What waits here is known better here.
            pending: if is_this { pending } else { known.map_or(0, |(_, facts)| facts.pending) },
            behind: known.filter(|_| !is_this).map_or(0, |(_, facts)| facts.behind),
            quarantined: known.and_then(|(_, facts)| facts.quarantined.clone()),
            open_orders: open_orders.iter().map(|order| order.number().to_owned()).collect(),
            keeps_copies: known.is_some_and(|(_, facts)| facts.listens_at.is_some()),
            silent: known.is_some_and(|(told, facts)| told.facts.is_silent(facts)),
            device,
        });
    }
    let told_at = told.filter(|_| engine.team.follows()).map(|told| told.at);
    devices.sort_by_key(|view| (view.device.revoked_at.is_some(), view.contact_at));
    let mut asks = Vec::new();
    for stored in session.asks().await?.into_iter().filter(|stored| !stored.refused) {
        let ask: JoinAsk = serde_json::from_str(&stored.ask)?;
        asks.push(AskView {
            device_id: stored.device_id,
            proof: proof(&ask.verifying_key),
            name: ask.name,
            asked_at: stored.asked_at,
        });
    }
    let carried = carried::by_device(&mut session).await?;
    Ok(TeamView { role, talk, pending, pending_newer, checkpoint: head, devices, told_at, asks, carried })
}

/// Six letters of a device's key, which both sides show.
fn proof(verifying_key: &str) -> String {
    let hash = blake3::hash(verifying_key.as_bytes());
    hash.to_hex().chars().take(6).map(|digit| digit.to_ascii_uppercase()).collect()
}

pub(crate) async fn invite(engine: &Inner, command: TeamInvite) -> Result<InvitationView, EngineError> {
    let authority = engine.authority()?;
    let minutes = command.minutes.clamp(1, INVITATION_MINUTES_MAX);
    let now = engine.now();
    let code = random_code(&*engine.ports.mint, CODE_LETTERS);
    let invitation = Invitation {
        address: command.address.trim().to_owned(),
        code: code.clone(),
        authority: authority.certificate().to_vec(),
    };
    let text = invitation.to_string();
    if text.parse() != Ok(invitation) {
        let (address, reason) = (command.address, "host:port is wanted".to_owned());
        return Err(EngineError::Invalid(Refusal::NotAnAddress { address, reason }));
    }
    let expires_at = now.plus_ms(i64::from(minutes) * 60_000);
    let mut session = engine.database.write().await?;
    let mut open = invitations(&mut session).await?;
    open.retain(|invitation| invitation.used_by.is_some() || invitation.expires_at >= now);
    let too_many = (open.len() + 1).saturating_sub(INVITATIONS_MAX);
    open.drain(..too_many);
    open.push(OpenInvitation { code_hash: code_hash(&code), expires_at, used_by: None });
    keep_invitations(&mut session, &open).await?;
    session.commit().await?;
    engine.team.wrong_codes.store(0, std::sync::atomic::Ordering::Relaxed);
    let rows = millwright_vision::write_qr(&text).unwrap_or_default();
    let modules = rows.iter().map(|row| row.iter().map(|dark| if *dark { '#' } else { ' ' }).collect());
    Ok(InvitationView { modules: modules.collect(), invitation: text, expires_at })
}

/// Who acts on the node: the person who holds it, or the node itself where nobody does.
fn keeper(engine: &Inner) -> Actor {
    actor(engine).unwrap_or_else(|_nobody| Actor::system())
}

pub(crate) async fn admit(engine: &Inner, command: TeamAdmit) -> Result<Done, EngineError> {
    let authority = engine.authority()?;
    let mut unit = Unit::begin(engine, keeper(engine)).await?;
    let asks = unit.asks().await?;
    let stored = asks.into_iter().find(|stored| stored.device_id == command.device_id);
    let stored = stored.ok_or(EngineError::NotFound(Missing::Device))?;
    let ask: JoinAsk = serde_json::from_str(&stored.ask)?;
    for area in &command.scope.areas {
        unit.need::<Asset>(*area, Missing::Machine).await?;
    }
    let key = unhex(&ask.verifying_key).ok_or(EngineError::NotFound(Missing::Device))?;
    let known = unit.devices().await?;
    let mut code = ask.device_code;
    while known.iter().any(|device| device.code == code && device.device_id != command.device_id) {
        code = random_code(&*engine.ports.mint, 3);
    }
    let device = Device {
        device_id: command.device_id,
        code,
        name: ask.name,
        verifying_key: ask.verifying_key,
        sealing_key: ask.sealing_key,
        scope: command.scope,
        joined_at: unit.now,
        revoked_at: None,
        revoked_reason: None,
    };
    match unit.get::<Device>(command.device_id).await? {
        None => drop(unit.create(&device).await?),
        Some(before) => drop(unit.update(&before, &device).await?),
    }
    let certificate = authority.certify(command.device_id, key, &*engine.ports.mint)?;
    unit.session
        .set_contact(&Contact {
            device_id: command.device_id,
            certificate,
            joined_seq: ask.next_seq,
            contact_at: None,
            holder: None,
            checkpoint: 0,
            pending: 0,
            quarantined: None,
        })
        .await?;
    unit.session.set_ask(command.device_id, None).await?;
    unit.stale(CacheTag::Sync);
    unit.commit().await
}

pub(crate) async fn turn_away(engine: &Inner, command: TeamTurnAway) -> Result<(), EngineError> {
    let mut session = engine.database.write().await?;
    let asks = session.asks().await?;
    let stored = asks.into_iter().find(|stored| stored.device_id == command.device_id);
    let mut stored = stored.ok_or(EngineError::NotFound(Missing::Device))?;
    stored.refused = true;
    session.set_ask(command.device_id, Some(&stored)).await?;
    session.commit().await?;
    engine.tell_stale([CacheTag::Sync].into());
    Ok(())
}

pub(crate) async fn revoke(engine: &Inner, command: TeamRevoke) -> Result<Done, EngineError> {
    engine.authority()?;
    let reason = required_text(&command.reason, Input::Reason, 500)?;
    let mut unit = Unit::begin(engine, keeper(engine)).await?;
    let before: Device = unit.need(command.device_id, Missing::Device).await?;
    let after = Device { revoked_at: Some(unit.now), revoked_reason: Some(reason), ..before.clone() };
    unit.update(&before, &after).await?;
    unit.stale(CacheTag::Sync);
    // What the device that is out of the team still knows opens nothing that is said from now on.
    together::renew_key(engine)?;
    if engine.shared.is_some() {
        give_secrets(engine, &mut unit.session).await?;
    }
    unit.commit().await
}

pub(crate) async fn scope_set(engine: &Inner, command: TeamScopeSet) -> Result<Done, EngineError> {
    engine.authority()?;
    let mut unit = Unit::begin(engine, keeper(engine)).await?;
    let before: Device = unit.need(command.device_id, Missing::Device).await?;
    if before.revoked_at.is_some() || before.device_id == engine.device.device_id {
        return Err(EngineError::NotFound(Missing::Device));
    }
    for area in &command.scope.areas {
        unit.need::<Asset>(*area, Missing::Machine).await?;
    }
    let after = Device { scope: command.scope, ..before.clone() };
    unit.update(&before, &after).await?;
    unit.stale(CacheTag::Sync);
    unit.commit().await
}

pub(crate) async fn outbox_take(engine: &Inner, command: TeamOutboxTake) -> Result<u64, EngineError> {
    carried::settle(engine, command.device_id, true).await
}

pub(crate) async fn outbox_discard(engine: &Inner, command: TeamOutboxDiscard) -> Result<(), EngineError> {
    carried::settle(engine, command.device_id, false).await.map(|_none| ())
}

pub(crate) async fn join(engine: &Inner, command: TeamJoin) -> Result<(), EngineError> {
    former::may_ask(engine, &invitation_of(&command.invitation)?)?;
    let name = required_text(&command.name, Input::DeviceName, 80)?;
    match engine.team.role() {
        Role::Alone | Role::ShutOut => {}
        Role::Node { .. } | Role::Asking { .. } | Role::Member(_) => {
            return Err(EngineError::Precondition(Refusal::InAnotherTeam));
        }
    }
    if engine.mode() == AppMode::Demo {
        return Err(EngineError::Precondition(Refusal::DemoStaysDemo));
    }
    let mut session = engine.database.write().await?;
    let role = Role::Asking { invitation: command.invitation, name };
    Team::keep(&mut session, &role).await?;
    session.commit().await?;
    engine.team.now_is(role);
    engine.tell_stale([CacheTag::Sync].into());
    Ok(())
}

pub(crate) async fn join_cancel(engine: &Inner, _command: TeamJoinCancel) -> Result<(), EngineError> {
    if !matches!(engine.team.role(), Role::Asking { .. }) {
        return Err(EngineError::Precondition(Refusal::NoTeam));
    }
    let mut session = engine.database.write().await?;
    Team::keep(&mut session, &Role::Alone).await?;
    session.commit().await?;
    engine.team.now_is(Role::Alone);
    engine.tell_stale([CacheTag::Sync].into());
    Ok(())
}

/// The node's own record among the devices, so that everybody can check its signatures.
pub(crate) async fn record_node(engine: &Inner) -> Result<(), EngineError> {
    let mut unit = Unit::begin(engine, Actor::system()).await?;
    if unit.get::<Device>(engine.device.device_id).await?.is_some() {
        return Ok(());
    }
    let known = unit.devices().await?;
    let mut code = engine.device.code();
    while known.iter().any(|device| device.code == code) {
        code = random_code(&*engine.ports.mint, 3);
    }
    if code != engine.device.code() {
        engine.device.take_code(&mut unit.session, &code).await?;
    }
    let name = if known.is_empty() { "Node".to_owned() } else { format!("Node {code}") };
    let device = Device {
        device_id: engine.device.device_id,
        code,
        name,
        verifying_key: hex(&engine.device.verifying_key()),
        sealing_key: hex(&seal::own_public(&engine.vault, &*engine.ports.mint)?),
        scope: Scope::default(),
        joined_at: unit.now,
        revoked_at: None,
        revoked_reason: None,
    };
    unit.create(&device).await?;
    unit.commit().await?;
    Ok(())
}
