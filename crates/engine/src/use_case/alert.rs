//! What is urgent and asks for somebody: a question to open requests and orders; taking it on, and passing it on.

use std::collections::BTreeMap;

use millwright_local_db::Session;
use millwright_model::*;
use uuid::Uuid;

use super::{actor, optional_text, work_order};
use crate::EngineError;
use crate::alerting::{Heard, heard};
use crate::engine::Inner;
use crate::team::facts;
use crate::unit::{HOLD_MS, Unit};

/// So many of each kind are looked at; what is less urgent waits until those are taken.
const EACH_MAX: i64 = 200;
/// The longest of what is said when something is passed on.
const WORD_CHARS: usize = 300;

/// Something that asks for somebody.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Asking {
    pub(crate) about: AlertSubject,
    pub(crate) stand: AlertStand,
    pub(crate) priority: Priority,
    pub(crate) number: String,
    pub(crate) text: String,
    pub(crate) machine: Option<Asset>,
    pub(crate) machine_down: bool,
    pub(crate) due_at: Option<TimestampMs>,
    pub(crate) passed_on: Option<PassedOn>,
    /// When it was passed on, once that can no longer be undone.
    pub(crate) passed_at: Option<TimestampMs>,
    /// Whether the ERP made it.
    pub(crate) of_erp: bool,
}

impl Asking {
    /// The machine as people call it.
    pub(crate) fn machine_name(&self) -> Option<String> {
        self.machine.as_ref().map(|asset| format!("{} {}", asset.code, asset.name).trim().to_owned())
    }
}

/// What counts as an alert in this plant: in a team as the node says.
pub(crate) async fn ladder(engine: &Inner, session: &mut Session) -> Result<AlertLadder, EngineError> {
    if engine.team.follows()
        && let Some(told) = facts::known(engine, session).await?.and_then(|told| told.facts.alerts)
    {
        return Ok(told.set_right());
    }
    let settings = crate::settings::kept(session).await?;
    Ok(settings.alerts.set_right())
}

/// Who holds this device.
pub(crate) fn holder(engine: &Inner) -> Option<(PersonId, PersonRole)> {
    let person = engine.people.get(engine.person()?)?;
    Some((person.person_id, person.role))
}

/// What asks for somebody in this plant, the most urgent first, whoever holds this device.
pub(crate) async fn asking(
    engine: &Inner,
    session: &mut Session,
    ladder: &AlertLadder,
) -> Result<Vec<Asking>, EngineError> {
    let Some(from_priority) = ladder.from_priority else { return Ok(Vec::new()) };
    let look =
        Look { ladder, heard: heard(session).await?, here: engine.device.device_id, now: engine.now() };
    let since = look.now.plus_ms(-AlertLadder::ALERT_FOR_MS);
    let mut asking = Vec::new();
    for request in session.requests_since(since, EACH_MAX).await? {
        if request.taken.is_none() && request.priority.number() <= from_priority.number() {
            asking.extend(look.at_request(session, request).await?);
        }
    }
    for order in session.urgent_orders(from_priority, ladder.erp_orders, since, EACH_MAX).await? {
        asking.extend(look.at_order(session, order).await?);
    }
    asking.sort_by_key(|one| (one.priority, !one.machine_down, one.stand.since));
    asking.truncate(AlertsView::ALERTS_MAX);
    Ok(asking)
}

/// One look at what may ask.
struct Look<'l> {
    ladder: &'l AlertLadder,
    heard: BTreeMap<Uuid, Heard>,
    here: DeviceId,
    now: TimestampMs,
}

impl Look<'_> {
    /// How it stands, and when it was passed on. What is not remembered is heard of now; what was passed on here a moment
    /// ago can still be undone.
    fn stand(
        &self,
        about: AlertSubject,
        raised_at: TimestampMs,
        passed_on: Option<&PassedOn>,
    ) -> Option<(AlertStand, Option<TimestampMs>)> {
        let held = |passed: &&PassedOn| {
            passed.on == self.here && (0..HOLD_MS).contains(&self.now.since_ms(passed.at))
        };
        let passed_on = passed_on.filter(|passed| !held(passed));
        let heard_at = self.heard.get(&about.id()).map_or(self.now, |heard| heard.at);
        let stand = self.ladder.stand(raised_at, heard_at, passed_on, self.now)?;
        Some((stand, passed_on.map(|passed| passed.at)))
    }

    async fn at_request(
        &self,
        session: &mut Session,
        request: Request,
    ) -> Result<Option<Asking>, EngineError> {
        let about = AlertSubject::Request(request.request_id);
        let stand = self.stand(about, request.raised_at, request.passed_on.as_ref());
        let Some((stand, passed_at)) = stand else { return Ok(None) };
        Ok(Some(Asking {
            about,
            stand,
            priority: request.priority,
            number: request.erp_number.or(request.local_number).unwrap_or_default(),
            text: request.text,
            machine: session.get(request.asset_id).await?,
            machine_down: request.machine_down,
            due_at: None,
            passed_on: request.passed_on,
            passed_at,
            of_erp: false,
        }))
    }

    /// An order asks where nobody laid it aside, and nobody took on the request that it answers.
    async fn at_order(&self, session: &mut Session, order: WorkOrder) -> Result<Option<Asking>, EngineError> {
        if order.reservation.as_ref().is_some_and(|reserved| reserved.holds(self.now)) {
            return Ok(None);
        }
        let request: Option<Request> = match order.request_id {
            Some(request_id) => session.get(request_id).await?,
            None => None,
        };
        if request.as_ref().is_some_and(|request| request.taken.is_some()) {
            return Ok(None);
        }
        let about = AlertSubject::WorkOrder(order.work_order_id);
        let stand = self.stand(about, order.created_at, order.passed_on.as_ref());
        let Some((stand, passed_at)) = stand else { return Ok(None) };
        let machine = match order.asset_id {
            Some(asset_id) => session.get(asset_id).await?,
            None => None,
        };
        Ok(Some(Asking {
            about,
            stand,
            priority: order.priority,
            number: order.number().to_owned(),
            machine,
            machine_down: request.is_some_and(|request| request.machine_down),
            due_at: order.due_at,
            passed_at,
            of_erp: order.local_number.is_none(),
            passed_on: order.passed_on,
            text: order.title,
        }))
    }
}

/// What asks the person who holds this device.
pub(crate) async fn list(engine: &Inner, _command: AlertList) -> Result<AlertsView, EngineError> {
    let mut session = engine.database.read().await?;
    let ladder = ladder(engine, &mut session).await?;
    let holder = holder(engine);
    let shown = asking(engine, &mut session, &ladder).await?;
    let shown = shown.into_iter().filter(|one| ladder.is_shown_to(&one.stand, holder));
    let alerts = shown.map(|one| view(engine, one)).collect();
    Ok(AlertsView { alerts, bell: engine.ports.shell.bell(), ladder })
}

/// What was passed on since nobody took it, for whoever sees to that.
pub(crate) async fn nobody_takes(
    engine: &Inner,
    session: &mut Session,
) -> Result<Vec<TodayException>, EngineError> {
    let ladder = ladder(engine, session).await?;
    let asking = asking(engine, session, &ladder).await?;
    let passed_on = asking.into_iter().filter(|one| one.stand.rung > 0);
    Ok(passed_on.map(|one| TodayException::NobodyTakes { alert: Box::new(view(engine, one)) }).collect())
}

fn view(engine: &Inner, one: Asking) -> AlertView {
    let person_id = engine.person();
    let passed_on = one.passed_on.map(|passed| PassedOnView {
        by_name: engine.people.name(Some(passed.by)),
        to_person: passed.to.is_some(),
        to_name: engine.people.name(passed.to),
        at: passed.at,
        word: passed.word,
    });
    let (asset_code, asset_name) = one.machine.clone().map(|asset| (asset.code, asset.name)).unzip();
    AlertView {
        about: one.about,
        priority: one.priority,
        number: one.number,
        text: one.text,
        asset_id: one.machine.map(|asset| asset.asset_id),
        asset_code,
        asset_name,
        machine_down: one.machine_down,
        since: one.stand.since,
        rung: u32::try_from(one.stand.rung).unwrap_or(u32::MAX),
        passed_on,
        asks_you: one.stand.asks.is_some() && one.stand.asks == person_id,
    }
}

/// Refuses what somebody else took on; answers whether the person has it already.
fn is_mine(engine: &Inner, owner: Option<PersonId>, person_id: PersonId) -> Result<bool, EngineError> {
    let Some(owner) = owner else { return Ok(false) };
    if engine.people.stands_for(owner) == engine.people.stands_for(person_id) {
        return Ok(true);
    }
    let who = engine.people.name(Some(owner)).unwrap_or_default();
    Err(EngineError::Precondition(Refusal::TakenByAnother { who }))
}

/// Takes something on for the person.
pub(crate) async fn take(engine: &Inner, command: AlertTake) -> Result<Done, EngineError> {
    let person_id = engine.person().ok_or(EngineError::NoActor)?;
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let taken = Some(Taken { by: person_id, on: engine.device.device_id, at: unit.now });
    match command.about {
        AlertSubject::Request(request_id) => {
            let request: Request = unit.need(request_id, Missing::Request).await?;
            if is_mine(engine, request.taken.as_ref().map(|taken| taken.by), person_id)? {
                return Ok(Done { txn_id: None, undo_until: None });
            }
            asks(request.status == RequestStatus::New)?;
            change_request(&mut unit, &request, taken, None).await?;
        }
        AlertSubject::WorkOrder(work_order_id) => {
            let order: WorkOrder = unit.need(work_order_id, Missing::Order).await?;
            if is_mine(engine, order.assignee_id, person_id)? {
                return Ok(Done { txn_id: None, undo_until: None });
            }
            asks(order.status.is_open())?;
            change_order(&mut unit, &order, Some(person_id), taken, None).await?;
        }
    }
    unit.commit().await
}

/// Passes something on that asks for somebody, or that the person took on.
pub(crate) async fn pass(engine: &Inner, command: AlertPass) -> Result<Done, EngineError> {
    let word = optional_text(&command.word, Input::Note, WORD_CHARS)?;
    let person_id = engine.person().ok_or(EngineError::NoActor)?;
    work_order::known_person(engine, command.to)?;
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let (on, at) = (engine.device.device_id, unit.now);
    let passed_on = Some(PassedOn { by: person_id, on, at, to: command.to, word });
    match command.about {
        AlertSubject::Request(request_id) => {
            let request: Request = unit.need(request_id, Missing::Request).await?;
            is_mine(engine, request.taken.as_ref().map(|taken| taken.by), person_id)?;
            asks(request.status == RequestStatus::New)?;
            change_request(&mut unit, &request, None, passed_on).await?;
        }
        AlertSubject::WorkOrder(work_order_id) => {
            let order: WorkOrder = unit.need(work_order_id, Missing::Order).await?;
            is_mine(engine, order.assignee_id, person_id)?;
            asks(order.status == WorkOrderStatus::Released)?;
            change_order(&mut unit, &order, None, None, passed_on).await?;
        }
    }
    unit.commit().await
}

fn asks(still: bool) -> Result<(), EngineError> {
    if still { Ok(()) } else { Err(EngineError::Precondition(Refusal::AsksNobody)) }
}

async fn change_request(
    unit: &mut Unit<'_>,
    request: &Request,
    taken: Option<Taken>,
    passed_on: Option<PassedOn>,
) -> Result<(), EngineError> {
    let after = Request { taken, passed_on, ..request.clone() };
    unit.update(request, &after).await?;
    unit.stale(CacheTag::Requests);
    unit.stale(CacheTag::Asset(request.asset_id));
    unit.stale(CacheTag::Alerts);
    Ok(())
}

async fn change_order(
    unit: &mut Unit<'_>,
    order: &WorkOrder,
    assignee_id: Option<PersonId>,
    taken: Option<Taken>,
    passed_on: Option<PassedOn>,
) -> Result<(), EngineError> {
    let after = WorkOrder { assignee_id, taken, passed_on, ..order.clone() };
    unit.update(order, &after).await?;
    work_order::changed(unit, &after);
    unit.stale(CacheTag::Alerts);
    Ok(())
}
