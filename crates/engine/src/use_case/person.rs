//! Who uses this device: profiles, and who holds it now.

use millwright_model::*;

use super::{actor, required_text};
use crate::EngineError;
use crate::engine::Inner;
use crate::people::sealed_person;
use crate::unit::Unit;

pub(crate) async fn list(engine: &Inner, _command: PersonList) -> Result<Vec<PersonView>, EngineError> {
    Ok(engine.people.all())
}

pub(crate) async fn add(engine: &Inner, command: PersonAdd) -> Result<PersonId, EngineError> {
    let name = required_text(&command.name, Input::PersonName, 80)?;
    let erp_number = command.erp_number.as_deref().map(str::trim).filter(|number| !number.is_empty());
    if let Some(number) = erp_number
        && engine.people.by_erp_number(number).is_some()
    {
        return Err(EngineError::Invalid(Refusal::ErpNumberTaken { number: number.to_owned() }));
    }
    // The first person of a device has nobody to name but themselves.
    let actor = actor(engine).unwrap_or_else(|_nobody| Actor::system());
    let mut unit = Unit::begin(engine, actor).await?;
    let person_id: PersonId = unit.mint();
    let (person, key) =
        sealed_person(person_id, &name, erp_number, &command.language, &engine.vault, &*engine.ports.mint)?;
    unit.create(&person).await?;
    unit.session.set_person_key(person_id, Some(&key)).await?;
    unit.stale(CacheTag::People);
    unit.commit().await?;
    engine.people.load(&mut engine.database.read().await?, &engine.vault).await?;
    Ok(person_id)
}

pub(crate) async fn role_set(engine: &Inner, command: PersonRoleSet) -> Result<Done, EngineError> {
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let person: Person = unit.need(command.person_id, Missing::Person).await?;
    if person.role.unwrap_or_default() == command.role {
        return Ok(Done { txn_id: None, undo_until: None });
    }
    let after = Person { role: Some(command.role), ..person.clone() };
    unit.update(&person, &after).await?;
    unit.stale(CacheTag::People);
    let done = unit.commit().await?;
    engine.people.load(&mut engine.database.read().await?, &engine.vault).await?;
    engine.tell_stale([CacheTag::People, CacheTag::WorkOrders].into());
    Ok(done)
}

pub(crate) async fn pick(engine: &Inner, command: PersonPick) -> Result<(), EngineError> {
    if let Some(person_id) = command.person_id
        && engine.people.get(person_id).is_none()
    {
        return Err(EngineError::NotFound(Missing::Person));
    }
    let mut session = engine.database.write().await?;
    session.set_setting("picked_person", &command.person_id).await?;
    session.commit().await?;
    if let Ok(mut person) = engine.person.lock() {
        *person = command.person_id;
    }
    engine.team.handed.notify_one();
    engine.tell_stale([CacheTag::People, CacheTag::WorkOrders, CacheTag::Shift].into());
    Ok(())
}
