//! What the app is, how it stands, the first-start choice, and its settings.

use millwright_local_db::{Session, WaitingHere};
use millwright_model::*;

use super::{date, required_text};
use crate::engine::Inner;
use crate::team::{Role, former};
use crate::{EngineError, disk};

pub(crate) async fn app_status(engine: &Inner, _command: AppStatus) -> Result<AppStatusView, EngineError> {
    let mut session = engine.database.read().await?;
    let settings = crate::settings::kept(&mut session).await?;
    let plant_name: String = session.setting("plant_name").await?.unwrap_or_default();
    let sync = sync_state(engine, &mut session).await?;
    Ok(AppStatusView {
        mode: engine.mode(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        plant_name,
        device_code: engine.device.code(),
        person: engine.person().and_then(|person_id| engine.people.get(person_id)),
        settings,
        sync,
        now: engine.now(),
    })
}

/// The sync state that every screen shows.
pub(crate) async fn sync_state(engine: &Inner, session: &mut Session) -> Result<SyncState, EngineError> {
    let (erp_waiting, erp_stuck, erp_oldest) = session.delivery_counts(DeliveryTarget::Erp).await?;
    let (broker_waiting, broker_stuck, _) = session.delivery_counts(DeliveryTarget::Broker).await?;
    let (mail_waiting, mail_stuck, _) = session.delivery_counts(DeliveryTarget::Mail).await?;
    let cards = session.open_conflicts().await?;
    let between = |between| cards.iter().filter(|card| card.between == between).count() as i64;
    let needs = Needs {
        erp: erp_stuck + between(Between::UsAndErp),
        broker: broker_stuck,
        mail: mail_stuck,
        team: between(Between::TwoDevices),
    };
    let erp_pulled_at = match engine.erp() {
        Some(erp) => session.pull_cursor(erp.system()).await?.map(|(_, at)| at),
        None => None,
    };
    let waiting = waiting_here(engine, session, erp_oldest).await?;
    let team = match engine.team.role() {
        Role::Asking { .. } | Role::Member(_) => engine.team.talk.read().ok().map(|talk| talk.clone()),
        Role::Alone | Role::Node { .. } | Role::ShutOut => None,
    };
    Ok(SyncState {
        team,
        plant: engine.links.plant(),
        erp: engine.links.erp(),
        erp_pulled_at,
        erp_waiting,
        broker_waiting,
        mail: engine.links.mail(),
        mail_waiting,
        needs_you: needs.erp + needs.broker + needs.mail + needs.team,
        needs,
        records_only_here: waiting.records_only_here,
        photos_only_here: waiting.photos_only_here,
        oldest_only_here_at: waiting.oldest_only_here_at,
        records_copied: waiting.records_copied,
        photos_copied: waiting.photos_copied,
        copied_to: waiting.keepers,
        samples_dropped: engine.live.dropped(),
        values_refused: engine.live.refused() + engine.history.statistics().await.refused,
        held: engine.live.held_values(),
        heard: engine.live.plant_heard(),
        disk_low: disk::is_low(&engine.path()),
        plain_links: crate::plain::links(engine, session).await?,
    })
}

/// What waits to leave this device.
async fn waiting_here(
    engine: &Inner,
    session: &mut Session,
    erp_oldest: Option<TimestampMs>,
) -> Result<WaitingHere, EngineError> {
    if engine.team.follows() {
        let own = session.waiting_here(engine.device.device_id).await?;
        let formers = former::waiting(engine, session).await?;
        return Ok(WaitingHere {
            records_only_here: own.records_only_here + formers.records,
            oldest_only_here_at: [own.oldest_only_here_at, formers.oldest_at].into_iter().flatten().min(),
            ..own
        });
    }
    let (photos_only_here, photos_oldest) = match engine.team.is_node() {
        // What the node has is not on one tablet only.
        true => (0, None),
        false => session.attachment_count().await?,
    };
    let undelivered = session.undelivered_txn_count().await?;
    let (records_only_here, oldest_at) = match former::waiting_for_team(engine, session).await? {
        // It was restored, and its team has not let it in again: that is who lacks what is here.
        Some(waiting) => (waiting.records.max(undelivered), waiting.oldest_at.or(erp_oldest)),
        None => (undelivered, erp_oldest),
    };
    Ok(WaitingHere {
        records_only_here,
        photos_only_here,
        oldest_only_here_at: [oldest_at, photos_oldest].into_iter().flatten().min(),
        ..WaitingHere::default()
    })
}

pub(crate) async fn demo_start(engine: &Inner, _command: DemoStart) -> Result<(), EngineError> {
    let mode = engine.mode();
    if mode == AppMode::Demo {
        return Ok(());
    }
    if mode != AppMode::FirstStart {
        return Err(EngineError::Precondition(Refusal::FolderOfPlant));
    }
    crate::connection::start_demo(engine).await?;
    set_mode(engine, AppMode::Demo, "Demo plant").await
}

pub(crate) async fn plant_start(engine: &Inner, command: PlantStart) -> Result<(), EngineError> {
    let plant_name = required_text(&command.plant_name, Input::PlantName, 80)?;
    if engine.mode() == AppMode::Demo {
        return Err(EngineError::Precondition(Refusal::DemoStaysDemo));
    }
    set_mode(engine, AppMode::Plant, &plant_name).await?;
    crate::connection::seed_plant(engine).await
}

async fn set_mode(engine: &Inner, mode: AppMode, plant_name: &str) -> Result<(), EngineError> {
    let mut session = engine.database.write().await?;
    session.set_setting("mode", &mode).await?;
    session.set_setting("plant_name", &plant_name).await?;
    session.commit().await?;
    if let Ok(mut kept) = engine.mode.lock() {
        *kept = mode;
    }
    engine.tell_stale([CacheTag::Settings, CacheTag::Sync].into());
    Ok(())
}

pub(crate) async fn settings_show(engine: &Inner, _command: SettingsShow) -> Result<Settings, EngineError> {
    Ok(crate::settings::kept(&mut engine.database.read().await?).await?)
}

pub(crate) async fn history_size(
    engine: &Inner,
    _command: HistorySize,
) -> Result<HistorySizeView, EngineError> {
    let series = engine.history.statistics().await.series;
    let used_bytes = engine.history.used_bytes().await?;
    Ok(HistorySizeView { used_bytes, series: i64::try_from(series).unwrap_or(i64::MAX) })
}

pub(crate) async fn settings_save(engine: &Inner, command: SettingsSave) -> Result<(), EngineError> {
    if !date::is_zone(&command.settings.plant_zone) {
        return Err(EngineError::Invalid(Refusal::ZoneUnknown { zone: command.settings.plant_zone }));
    }
    let HistoryKept { bound_days, other_days, size_max_gib } = command.settings.history;
    let days = 1..=HistoryKept::DAYS_MAX;
    if !days.contains(&bound_days) || !days.contains(&other_days) {
        return Err(EngineError::Invalid(Refusal::KeptDays { limit: HistoryKept::DAYS_MAX }));
    }
    if !(1..=HistoryKept::SIZE_MAX_GIB).contains(&size_max_gib) {
        return Err(EngineError::Invalid(Refusal::KeptSize { limit_gib: HistoryKept::SIZE_MAX_GIB }));
    }
    let silent_after_hours = command.settings.silent_after_hours.clamp(1, Settings::SILENT_AFTER_HOURS_MAX);
    let alerts = command.settings.alerts.clone().set_right();
    let settings = Settings { silent_after_hours, alerts, ..command.settings };
    let mut session = engine.database.write().await?;
    crate::settings::keep(&mut session, &settings).await?;
    session.commit().await?;
    engine.team.shares_copies.send_if_modified(|shares| {
        std::mem::replace(shares, settings.shares_copies) != settings.shares_copies
    });
    engine.tell_stale([CacheTag::Settings, CacheTag::Alerts].into());
    Ok(())
}
