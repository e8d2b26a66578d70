//! The loop that asks the ERP for news: what is different from what it last said becomes ops, its own echo does not.

use std::sync::Arc;
use std::time::Duration;

use millwright_erp::{ErpPort, OrderField};
use millwright_model::*;
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use crate::EngineError;
use crate::engine::Inner;
use crate::people::sealed_person;
use crate::unit::Unit;
use crate::use_case::date;

/// How often the ERP is asked while all is well.
const PULL_EVERY: Duration = Duration::from_secs(60);
/// How soon it is asked again after a failure.
const PULL_AGAIN: Duration = Duration::from_secs(10);

/// How many changes of a record are looked through for one that the system may be repeating.
const CHANGES_LOOKED_AT: i64 = 50;

/// What the loop waits for.
enum Wake {
    Shutdown,
    Look,
}

pub(crate) async fn run(engine: Arc<Inner>) {
    let mut shutdown = engine.shutdown.subscribe();
    loop {
        let pause = match pull(&engine).await {
            Ok(()) => PULL_EVERY,
            Err(error) => {
                tracing::warn!("the pull from the ERP ended early: {error}");
                PULL_AGAIN
            }
        };
        let wake = tokio::select! {
            _ = shutdown.wait_for(|ended| *ended) => Wake::Shutdown,
            () = engine.wake_pulling.notified() => Wake::Look,
            () = tokio::time::sleep(pause) => Wake::Look,
        };
        match wake {
            Wake::Shutdown => return,
            Wake::Look => {}
        }
    }
}

/// Asks the ERP for news now, and waits until they are here.
pub(crate) async fn pull_now(engine: &Inner, _command: ErpPullNow) -> Result<(), EngineError> {
    if engine.erp().is_none() {
        return Err(EngineError::Precondition(Refusal::NoErp));
    }
    pull(engine).await
}

/// Pulls pages until there are no more.
pub(crate) async fn pull(engine: &Inner) -> Result<(), EngineError> {
    let Some(erp) = engine.erp() else { return Ok(()) };
    let _one_at_a_time = engine.pulling.lock().await;
    while !*engine.shutdown.borrow() && engine.speaks_outside() {
        let cursor = engine.database.read().await?.pull_cursor(erp.system()).await?.map(|(cursor, _)| cursor);
        let page = match erp.pull_changes(cursor.as_deref()).await {
            Ok(page) => page,
            Err(error) => {
                engine.set_erp_link(LinkState::down(engine.now(), error.trouble()));
                return Err(EngineError::Unreachable(crate::connection::refused_by_erp(&error)));
            }
        };
        engine.set_erp_link(LinkState::Up { since: engine.now() });
        let more = page.more;
        take_page(engine, &*erp, page).await?;
        if !more {
            return keep_caught_up(engine, erp.system()).await;
        }
    }
    Ok(())
}

/// Whether all that a system had was pulled once: what comes after that is news to people.
fn caught_up(system: &str) -> String {
    format!("erp_caught_up:{system}")
}

async fn keep_caught_up(engine: &Inner, system: &str) -> Result<(), EngineError> {
    let setting = caught_up(system);
    if engine.database.read().await?.setting::<bool>(&setting).await?.is_some() {
        return Ok(());
    }
    let mut session = engine.database.write().await?;
    session.set_setting(&setting, &true).await?;
    session.commit().await?;
    Ok(())
}

/// Takes one page in, with its cursor, in one transaction.
async fn take_page(engine: &Inner, erp: &dyn ErpPort, page: PullPage) -> Result<(), EngineError> {
    let system = erp.system().to_owned();
    let mut unit = Unit::begin(engine, Actor::erp(&system)).await?;
    let now = unit.now;
    unit.tells_people = unit.setting::<bool>(&caught_up(&system)).await?.unwrap_or_default();
    let mut people_changed = false;
    for record in &page.records {
        people_changed |= matches!(record, ErpRecord::Person(_));
        take_record(&mut unit, erp, record).await?;
    }
    for finding in &page.findings {
        unit.session.add_finding(&system, finding, now).await?;
    }
    unit.session.set_pull_cursor(&system, &page.next_cursor, now).await?;
    unit.commit().await?;
    if people_changed {
        engine.people.load(&mut engine.database.read().await?, &engine.vault).await?;
    }
    Ok(())
}

/// The id of a record that an outside system was the first to name.
pub(crate) fn outside_id(system: &str, kind: ExternalKind, key: &str) -> Uuid {
    let namespace = Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("millwright:{system}").as_bytes());
    Uuid::new_v5(&namespace, format!("{}:{key}", kind.as_str()).as_bytes())
}

/// The id under which a stock location's key is kept.
fn location_id(system: &str, name: &str) -> Uuid {
    outside_id(system, ExternalKind::Location, &format!("name:{name}"))
}

async fn id_of(
    unit: &mut Unit<'_>,
    system: &str,
    kind: ExternalKind,
    key: &str,
) -> Result<Uuid, EngineError> {
    Ok(unit.id_of(system, kind, key).await?.unwrap_or_else(|| outside_id(system, kind, key)))
}

async fn optional_id(
    unit: &mut Unit<'_>,
    system: &str,
    kind: ExternalKind,
    key: Option<&str>,
) -> Result<Option<Uuid>, EngineError> {
    match key {
        Some(key) => id_of(unit, system, kind, key).await.map(Some),
        None => Ok(None),
    }
}

async fn take_record(unit: &mut Unit<'_>, erp: &dyn ErpPort, record: &ErpRecord) -> Result<(), EngineError> {
    let system = erp.system();
    match record {
        ErpRecord::Asset(asset) => take_asset(unit, system, asset).await,
        ErpRecord::WorkOrder(order) => take_order(unit, erp, order).await,
        ErpRecord::Part(part) => take_part(unit, system, part).await,
        ErpRecord::Stock(stock) => take_stock(unit, system, stock).await,
        ErpRecord::Supplier(supplier) => take_supplier(unit, system, supplier).await,
        ErpRecord::Person(person) => take_person(unit, system, person).await,
        ErpRecord::Deleted(deleted) => take_deleted(unit, system, deleted).await,
    }
}

async fn take_asset(unit: &mut Unit<'_>, system: &str, pulled: &ErpAsset) -> Result<(), EngineError> {
    let known = unit.id_of(system, ExternalKind::Asset, &pulled.key).await?;
    // A machine that was imported from a list before the ERP was connected is the same machine by its code.
    let id = match known {
        Some(id) => id,
        None => match unit.asset_by_code(&pulled.code).await? {
            Some(asset) => asset.asset_id.0,
            None => outside_id(system, ExternalKind::Asset, &pulled.key),
        },
    };
    unit.session.set_external_ref(system, ExternalKind::Asset, &pulled.key, id, &pulled.code).await?;
    let parent_id =
        optional_id(unit, system, ExternalKind::Asset, pulled.parent_key.as_deref()).await?.map(AssetId);
    let fresh = Asset {
        asset_id: AssetId(id),
        parent_id,
        level: pulled.level,
        code: pulled.code.clone(),
        name: pulled.name.clone(),
        erp_number: Some(pulled.key.clone()),
        uns_path: None,
        criticality: pulled.criticality,
        class: pulled.class.clone(),
        retired_at: None,
    };
    let owned = &["parent_id", "level", "code", "name", "erp_number", "criticality", "class"];
    merge(unit, system, &fresh, owned, &pulled.code, None).await?;
    unit.stale(CacheTag::Assets);
    unit.stale(CacheTag::Asset(AssetId(id)));
    Ok(())
}

/// The fields of an order that a system owns: those that it has a place for.
fn owned_order_fields(erp: &dyn ErpPort) -> Vec<&'static str> {
    let optional = [
        (OrderField::Description, "description"),
        (OrderField::Kind, "work_kind"),
        (OrderField::Asset, "asset_id"),
        (OrderField::Priority, "priority"),
        (OrderField::Due, "due_at"),
        (OrderField::PlannedStart, "planned_start_at"),
        (OrderField::PlannedMinutes, "planned_minutes"),
        (OrderField::Assignee, "assignee_id"),
    ];
    let kept = optional.into_iter().filter(|(field, _)| erp.has_order_field(*field));
    ["erp_number", "title", "status"].into_iter().chain(kept.map(|(_, name)| name)).collect()
}

async fn take_order(
    unit: &mut Unit<'_>,
    erp: &dyn ErpPort,
    pulled: &ErpWorkOrder,
) -> Result<(), EngineError> {
    let system = erp.system();
    let known = unit.id_of(system, ExternalKind::WorkOrder, &pulled.key).await?;
    let ours = match pulled.our_id {
        Some(our_id) => unit.get::<WorkOrder>(our_id).await?.map(|order| order.work_order_id.0),
        None => None,
    };
    let id = known.or(ours).unwrap_or_else(|| outside_id(system, ExternalKind::WorkOrder, &pulled.key));
    unit.session.set_external_ref(system, ExternalKind::WorkOrder, &pulled.key, id, &pulled.number).await?;
    let asset_id =
        optional_id(unit, system, ExternalKind::Asset, pulled.asset_key.as_deref()).await?.map(AssetId);
    let assignee_id = match pulled.assignee_key.as_deref() {
        Some(key) => unit
            .id_of(system, ExternalKind::Person, key)
            .await?
            .map(PersonId)
            .or_else(|| unit.engine.people.by_erp_number(key)),
        None => None,
    };
    let now = unit.now;
    let zone = unit.plant_zone().await?;
    let order_id = WorkOrderId(id);
    let fresh = WorkOrder {
        work_order_id: order_id,
        erp_number: Some(pulled.number.clone()),
        local_number: None,
        title: pulled.title.clone(),
        description: pulled.description.clone(),
        work_kind: pulled.work_kind,
        asset_id,
        request_id: None,
        status: pulled.status,
        status_reason: None,
        priority: pulled.priority,
        due_at: pulled.due.map(|said| date::due_at(said, &zone)),
        planned_start_at: pulled.planned_start.map(|said| date::begins_at(said, &zone)),
        planned_minutes: pulled.planned_minutes,
        assignee_id,
        found_code: None,
        found_text: None,
        done_code: None,
        done_text: None,
        details_pending: false,
        started_at: None,
        completed_at: (pulled.status == WorkOrderStatus::Completed).then_some(now),
        created_at: now,
        hold_cause: None,
        plan_occasion: None,
        continued: None,
        reservation: None,
        taken: None,
        passed_on: None,
        guide_revision_id: None,
    };
    let owned = owned_order_fields(erp);
    merge(unit, system, &fresh, &owned, &pulled.number, pulled.changed_by.as_deref()).await?;
    for operation in &pulled.operations {
        let step_key = format!("{}/{}", pulled.key, operation.key);
        let step_id = id_of(unit, system, ExternalKind::WorkStep, &step_key).await?;
        let fresh = WorkStep {
            work_step_id: WorkStepId(step_id),
            work_order_id: order_id,
            position: operation.position,
            title: operation.title.clone(),
            hint: None,
            form: operation.form.clone(),
            mandatory: false,
            outcome: None,
            recorded_at: None,
            recorded_by: None,
            instrument: None,
            guide_place: None,
        };
        merge(
            unit,
            system,
            &fresh,
            &["position", "title", "form"],
            &pulled.number,
            pulled.changed_by.as_deref(),
        )
        .await?;
    }
    unit.stale(CacheTag::WorkOrders);
    unit.stale(CacheTag::WorkOrder(order_id));
    Ok(())
}

async fn take_part(unit: &mut Unit<'_>, system: &str, pulled: &ErpPart) -> Result<(), EngineError> {
    let id = id_of(unit, system, ExternalKind::Part, &pulled.key).await?;
    unit.session.set_external_ref(system, ExternalKind::Part, &pulled.key, id, &pulled.number).await?;
    let fresh = Part {
        part_id: PartId(id),
        number: pulled.number.clone(),
        name: pulled.name.clone(),
        unit: pulled.unit.clone(),
        alternates: Vec::new(),
    };
    merge(unit, system, &fresh, &["number", "name", "unit"], &pulled.number, None).await?;
    unit.stale(CacheTag::Parts);
    Ok(())
}

async fn take_stock(unit: &mut Unit<'_>, system: &str, pulled: &ErpStock) -> Result<(), EngineError> {
    let part_id = PartId(id_of(unit, system, ExternalKind::Part, &pulled.part_key).await?);
    let key =
        format!("{}/{}/{}", pulled.part_key, pulled.location_key, pulled.bin.as_deref().unwrap_or_default());
    let id = id_of(unit, system, ExternalKind::Stock, &key).await?;
    let location = location_id(system, &pulled.location);
    unit.session
        .set_external_ref(system, ExternalKind::Location, &pulled.location_key, location, &pulled.location)
        .await?;
    let fresh = Stock {
        stock_id: StockId(id),
        part_id,
        location: pulled.location.clone(),
        bin: pulled.bin.clone(),
        on_hand: pulled.on_hand.clone(),
        as_of: unit.now,
    };
    // `as_of` moves only with the balance: a repeated answer makes no op.
    let before: Option<Stock> = unit.get(id).await?;
    if before.as_ref().is_some_and(|before| before.on_hand == fresh.on_hand && before.bin == fresh.bin) {
        return Ok(());
    }
    merge(unit, system, &fresh, &["part_id", "location", "bin", "on_hand", "as_of"], &pulled.location, None)
        .await?;
    unit.stale(CacheTag::Parts);
    Ok(())
}

async fn take_supplier(unit: &mut Unit<'_>, system: &str, pulled: &ErpSupplier) -> Result<(), EngineError> {
    let id = id_of(unit, system, ExternalKind::Supplier, &pulled.key).await?;
    unit.session.set_external_ref(system, ExternalKind::Supplier, &pulled.key, id, &pulled.number).await?;
    let fresh =
        Supplier { supplier_id: SupplierId(id), number: pulled.number.clone(), name: pulled.name.clone() };
    merge(unit, system, &fresh, &["number", "name"], &pulled.number, None).await?;
    for offered in &pulled.offers {
        let part_id = PartId(id_of(unit, system, ExternalKind::Part, &offered.part_key).await?);
        let offer = Offer {
            offer_id: OfferId(outside_id(
                system,
                ExternalKind::Supplier,
                &format!("{}/{}", pulled.key, offered.part_key),
            )),
            part_id,
            supplier_id: SupplierId(id),
            lead_time_days: offered.lead_time_days,
            price_hundredths: offered.price_hundredths,
            currency: offered.currency.clone(),
        };
        merge(
            unit,
            system,
            &offer,
            &["part_id", "supplier_id", "lead_time_days", "price_hundredths", "currency"],
            &pulled.number,
            None,
        )
        .await?;
    }
    unit.stale(CacheTag::Parts);
    Ok(())
}

async fn take_person(unit: &mut Unit<'_>, system: &str, pulled: &ErpPerson) -> Result<(), EngineError> {
    let id = match unit.id_of(system, ExternalKind::Person, &pulled.key).await? {
        Some(id) => id,
        None => match unit.engine.people.by_erp_number(&pulled.number) {
            Some(person_id) => person_id.0,
            None => outside_id(system, ExternalKind::Person, &pulled.key),
        },
    };
    unit.session.set_external_ref(system, ExternalKind::Person, &pulled.key, id, &pulled.number).await?;
    let known = unit.engine.people.get(PersonId(id));
    let before: Option<Person> = unit.get(id).await?;
    let same = known.is_some_and(|known| {
        known.name.as_deref() == Some(&pulled.name) && known.erp_number.as_deref() == Some(&pulled.number)
    });
    // Sealing is never the same twice, so only a real difference is sealed anew; an erased person stays erased.
    if before.is_some() {
        if !same {
            tracing::info!(
                "the ERP says something else of a person; names are kept as they were first learnt"
            );
        }
        return Ok(());
    }
    let engine = unit.engine;
    let (person, key) = sealed_person(
        PersonId(id),
        &pulled.name,
        Some(&pulled.number),
        "en",
        &engine.vault,
        &*engine.ports.mint,
    )?;
    unit.create(&person).await?;
    unit.session.set_person_key(PersonId(id), Some(&key)).await?;
    unit.stale(CacheTag::People);
    Ok(())
}

async fn take_deleted(unit: &mut Unit<'_>, system: &str, deleted: &ErpDeleted) -> Result<(), EngineError> {
    let Some(id) = unit.id_of(system, deleted.record_kind, &deleted.key).await? else { return Ok(()) };
    match deleted.record_kind {
        ExternalKind::WorkOrder => {
            let Some(order) = unit.get::<WorkOrder>(id).await? else { return Ok(()) };
            if !order.status.is_open() {
                return Ok(());
            }
            let after = WorkOrder {
                status: WorkOrderStatus::Cancelled,
                status_reason: Some(format!("deleted at {system}")),
                ..order.clone()
            };
            unit.update(&order, &after).await?;
            unit.stale(CacheTag::WorkOrders);
            unit.stale(CacheTag::WorkOrder(order.work_order_id));
        }
        ExternalKind::Asset => {
            let Some(asset) = unit.get::<Asset>(id).await? else { return Ok(()) };
            let after = Asset { retired_at: Some(unit.now), ..asset.clone() };
            unit.update(&asset, &after).await?;
            unit.stale(CacheTag::Assets);
        }
        ExternalKind::Request
        | ExternalKind::Part
        | ExternalKind::Location
        | ExternalKind::Stock
        | ExternalKind::Supplier
        | ExternalKind::Person
        | ExternalKind::WorkStep
        | ExternalKind::Labour
        | ExternalKind::Movement => {}
    }
    Ok(())
}

/// Brings a pulled record in: a creation when it is new, else only the fields that differ from what the system
/// said last. A field that was also changed here keeps our value and opens a card with both.
async fn merge<R: Record>(
    unit: &mut Unit<'_>,
    system: &str,
    fresh: &R,
    owned: &[&str],
    label: &str,
    changed_by: Option<&str>,
) -> Result<(), EngineError> {
    let Json::Object(pulled) = serde_json::to_value(fresh)? else {
        return Err(EngineError::internal("a record is not an object"));
    };
    let theirs: Map<String, Json> =
        owned.iter().filter_map(|name| Some(((*name).to_owned(), pulled.get(*name)?.clone()))).collect();
    let id = fresh.record_id();
    let shadow = unit.shadow(system, R::ENTITY, id).await?;
    if shadow.as_ref() == Some(&theirs) {
        return Ok(());
    }
    let Some(before) = unit.get::<R>(id).await? else {
        unit.create(fresh).await?;
        unit.session.set_shadow(system, R::ENTITY, id, Some(&theirs)).await?;
        return Ok(());
    };
    let Json::Object(ours) = serde_json::to_value(&before)? else {
        return Err(EngineError::internal("a record is not an object"));
    };
    let mut merged = ours.clone();
    for (name, their_value) in &theirs {
        let said_before = shadow.as_ref().and_then(|shadow| shadow.get(name));
        let our_value = ours.get(name).unwrap_or(&Json::Null);
        if said_before == Some(their_value) || our_value == their_value {
            continue;
        }
        // Without a shadow the system speaks of a record of ours for the first time: it fills what is empty.
        let changed_here = match said_before {
            Some(said_before) => {
                our_value != said_before && !is_echo(unit, name, our_value, said_before).await?
            }
            None => !our_value.is_null(),
        };
        if !changed_here
            || (name == "status" && status_may_follow(our_value, their_value))
            || (name == "description" && goes_on_from(our_value, their_value))
        {
            merged.insert(name.clone(), their_value.clone());
            continue;
        }
        if is_echo(unit, name, our_value, their_value).await?
            || was_told_before(unit, R::ENTITY, id, name, their_value).await?
        {
            continue;
        }
        if shadow.is_none() && (name == "status" || is_our_word_in_theirs(our_value, their_value)) {
            continue;
        }
        let conflict = Conflict {
            conflict_id: unit.mint(),
            entity: R::ENTITY,
            entity_id: id,
            entity_label: label.to_owned(),
            field: name.clone(),
            ours: our_value.clone(),
            theirs: their_value.clone(),
            changed_by: changed_by.map(str::to_owned),
            noticed_at: unit.now,
            resolved_at: None,
            between: Between::UsAndErp,
        };
        unit.session.open_conflict(&conflict).await?;
        unit.stale(CacheTag::Sync);
    }
    let after: R = serde_json::from_value(Json::Object(merged))?;
    unit.update(&before, &after).await?;
    unit.session.set_shadow(system, R::ENTITY, id, Some(&theirs)).await?;
    Ok(())
}

/// Whether what the system says of a field is what it was told from here, in the form that it has room for: a text that
/// it cuts, a day where we know the time.
async fn is_echo(unit: &mut Unit<'_>, name: &str, ours: &Json, theirs: &Json) -> Result<bool, EngineError> {
    if name == "due_at" {
        let (Some(ours), Some(theirs)) = (ours.as_i64(), theirs.as_i64()) else { return Ok(false) };
        let zone = unit.plant_zone().await?;
        let said = |at| date::plant_time(TimestampMs(at), &zone);
        let (ours, theirs) = (said(ours), said(theirs));
        let same_second = ours.at.0.div_euclid(1000) == theirs.at.0.div_euclid(1000);
        return Ok(same_second || (theirs.ends_its_day() && ours.on == theirs.on));
    }
    let (Some(ours), Some(theirs)) = (ours.as_str(), theirs.as_str()) else { return Ok(false) };
    let cut = match theirs.strip_suffix('…') {
        Some(start) => ours.starts_with(start),
        None => false,
    };
    Ok(matches!(name, "title" | "description") && (cut || ours.trim() == theirs.trim()))
}

/// Whether the system says what it was told by an earlier change of ours, while a later one is still on its way to it.
async fn was_told_before(
    unit: &mut Unit<'_>,
    entity: Entity,
    id: Uuid,
    name: &str,
    theirs: &Json,
) -> Result<bool, EngineError> {
    use DeliveryState::{Sending, Unknown, Waiting};
    let on_its_way = unit.deliveries_of(id).await?.into_iter().any(|delivery| {
        delivery.target == DeliveryTarget::Erp && matches!(delivery.state, Waiting | Sending | Unknown)
    });
    if !on_its_way {
        return Ok(false);
    }
    for stored in unit.txns_of_records(&[(entity, id)].into(), CHANGES_LOOKED_AT).await? {
        for op in stored.txn()?.ops {
            let ours = op.entity_id == id && op.actor.actor_kind != ActorKind::Erp;
            let Some(change) = op.fields.get(name).filter(|_| ours) else { continue };
            if change.to == *theirs || is_echo(unit, name, &change.to, theirs).await? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Whether the system's text is ours and something that was written below it there.
fn goes_on_from(ours: &Json, theirs: &Json) -> bool {
    let (Some(ours), Some(theirs)) = (ours.as_str(), theirs.as_str()) else { return false };
    !ours.is_empty() && theirs.strip_prefix(ours).is_some_and(|rest| rest.starts_with('\n'))
}

/// Whether the system's first word on a record of ours is only what it has room for: nothing where it was told nothing
/// (an assignee, a description), or the start of a text that is longer here.
fn is_our_word_in_theirs(ours: &Json, theirs: &Json) -> bool {
    match (ours, theirs) {
        (_, Json::Null) => true,
        (Json::String(ours), Json::String(theirs)) => ours.starts_with(theirs.trim_end_matches('…')),
        _ => false,
    }
}

/// Whether an order that was moved here may follow the system's move: forward along the state machine only.
fn status_may_follow(ours: &Json, theirs: &Json) -> bool {
    let status = |value: &Json| serde_json::from_value::<WorkOrderStatus>(value.clone()).ok();
    match (status(ours), status(theirs)) {
        (Some(ours), Some(theirs)) => ours.may_become(theirs),
        _ => false,
    }
}
