//! What the node alone knows of the team's devices, and what a member was told of it.

use std::collections::BTreeMap;

use millwright_local_db::{Contact, Session, WriteSession};
use millwright_model::{AlertLadder, CacheTag, Device, DeviceId, PersonId, TimestampMs};
use millwright_team::{DEVICES_MAX, DeviceFacts, SharedKey, TeamFacts};
use serde::{Deserialize, Serialize};

use super::{Role, hex};
use crate::EngineError;
use crate::engine::Inner;
use crate::together;

pub(super) const SETTING: &str = "team_facts";
/// How often a device that waits is told.
const TELL_EVERY_MS: i64 = 20_000;
/// How often what was told is kept while nothing but ages changes.
const KEEP_EVERY_MS: i64 = 60_000;

/// What the node told, and when this device heard it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Told {
    pub(crate) at: TimestampMs,
    pub(crate) facts: TeamFacts,
    /// When it was kept last.
    #[serde(skip)]
    kept_at: Option<TimestampMs>,
}

impl Told {
    /// The facts of one device.
    pub(crate) fn of(&self, device_id: DeviceId) -> Option<&DeviceFacts> {
        self.facts.devices.iter().find(|device| device.device_id == device_id)
    }

    /// When a device last spoke, by the clock of this one.
    pub(crate) fn contact_at(&self, device: &DeviceFacts) -> Option<TimestampMs> {
        device.silent_ms.map(|silent_ms| self.at.plus_ms(-silent_ms))
    }
}

/// How the team's devices stand: the node looks, a member says what it was told last. A member that is cut off knows
/// nothing newer, so no age grows here. Nothing on a device without a team.
pub(crate) async fn known(engine: &Inner, session: &mut Session) -> Result<Option<Told>, EngineError> {
    match engine.team.role() {
        Role::Node { .. } => {
            let facts = seen_by_node(engine, session).await?;
            Ok(Some(Told { at: engine.now(), facts, kept_at: None }))
        }
        Role::Member(_) => Ok(engine.team.told()),
        Role::Alone | Role::Asking { .. } | Role::ShutOut => Ok(None),
    }
}

/// Forgets what was told: this device is out of its team.
pub(super) async fn forget(engine: &Inner, session: &mut WriteSession) -> Result<(), EngineError> {
    session.set_setting(SETTING, &None::<Told>).await?;
    engine.team.was_told(None);
    Ok(())
}

/// How the devices stand that are let in, those silent longest first.
pub(crate) async fn seen_by_node(engine: &Inner, session: &mut Session) -> Result<TeamFacts, EngineError> {
    let (now, head) = (engine.now(), session.ledger_head().await?);
    let settings = crate::settings::kept(session).await?;
    let mut contacts: BTreeMap<DeviceId, Contact> =
        session.contacts().await?.into_iter().map(|contact| (contact.device_id, contact)).collect();
    let let_in = session.devices().await?.into_iter().filter(|device| device.revoked_at.is_none());
    let facts = |device: Device| {
        let contact = contacts.remove(&device.device_id)?;
        Some(DeviceFacts {
            device_id: contact.device_id,
            silent_ms: contact.contact_at.map(|at| now.since_ms(at).max(0)),
            holder: contact.holder,
            pending: contact.pending,
            behind: head.saturating_sub(contact.checkpoint).max(0),
            quarantined: contact.quarantined,
            listens_at: engine.team.listening(device.device_id).map(|address| address.to_string()),
        })
    };
    let mut devices: Vec<DeviceFacts> = let_in.filter_map(facts).collect();
    devices.sort_by_key(|device| std::cmp::Reverse(device.silent_ms));
    devices.truncate(DEVICES_MAX);
    let (silent_after_hours, alerts) = (settings.silent_after_hours, Some(settings.alerts));
    Ok(TeamFacts {
        silent_after_hours,
        devices,
        passes_on: true,
        takes_former: true,
        alerts,
        together_key: None,
    })
}

/// The same for a member, with the key that the whole team has.
pub(super) async fn for_member(engine: &Inner, session: &mut Session) -> Result<TeamFacts, EngineError> {
    let together_key = Some(SharedKey(hex(&together::own_key(engine).await?)));
    Ok(TeamFacts { together_key, ..seen_by_node(engine, session).await? })
}

/// The same for a device that waits, where it was not told lately: a busy plant has news many times a second.
pub(super) async fn due(engine: &Inner, device_id: DeviceId) -> Result<Option<TeamFacts>, EngineError> {
    let now = engine.now();
    let lately = engine.team.telling.lock().is_ok_and(|mut telling| {
        let last = telling.insert(device_id, now);
        let lately = last.filter(|last| (0..TELL_EVERY_MS).contains(&now.since_ms(*last)));
        if let Some(last) = lately {
            telling.insert(device_id, last);
        }
        lately.is_some()
    });
    if lately {
        return Ok(None);
    }
    Ok(Some(for_member(engine, &mut engine.database.read().await?).await?))
}

/// Takes what the node told. Ages alone are no news.
pub(crate) async fn hear(engine: &Inner, mut facts: TeamFacts) -> Result<(), EngineError> {
    facts.devices.truncate(DEVICES_MAX);
    // A secret does not lie among what is kept in the open.
    if let Some(SharedKey(key)) = facts.together_key.take() {
        together::hear_key(engine, &key)?;
    }
    let now = engine.now();
    let before = engine.team.told();
    let news = before.as_ref().is_none_or(|before| in_short(&before.facts) != in_short(&facts));
    let kept_at = before.and_then(|before| before.kept_at);
    let kept_lately = kept_at.is_some_and(|kept_at| (0..KEEP_EVERY_MS).contains(&now.since_ms(kept_at)));
    let mut told = Told { at: now, facts, kept_at };
    if news || !kept_lately {
        told.kept_at = Some(now);
        let mut session = engine.database.write().await?;
        session.set_setting(SETTING, &told).await?;
        session.commit().await?;
    }
    engine.team.was_told(Some(told));
    if news {
        engine.tell_stale([CacheTag::Sync, CacheTag::Alerts].into());
    }
    Ok(())
}

/// What of it a person would see change.
fn in_short(facts: &TeamFacts) -> (u32, Option<&AlertLadder>, Vec<Short>) {
    let mut devices: Vec<Short> = facts
        .devices
        .iter()
        .map(|device| Short {
            device_id: device.device_id,
            silent: facts.is_silent(device),
            holder: device.holder,
            pending: device.pending,
            quarantined: device.quarantined.clone(),
            listens: device.listens_at.is_some(),
        })
        .collect();
    devices.sort_by_key(|device| device.device_id);
    (facts.silent_after_hours, facts.alerts.as_ref(), devices)
}

#[derive(PartialEq)]
struct Short {
    device_id: DeviceId,
    silent: bool,
    holder: Option<PersonId>,
    pending: i64,
    quarantined: Option<String>,
    listens: bool,
}
