//! What one person may not do alone, and what nobody may write anew: an approved revision of a guide, and the binding of a
//! tag to a source of energy. The engine of a device refuses it first; here it is refused of a device that does not.

use millwright_model::{Entity, Op, OpKind, PersonId, RejectReason, RevisionStatus};
use serde_json::{Map, Value as Json};

/// What may change of a revision once it was handed in.
const REVISION_MOVES: [&str; 4] = ["status", "status_reason", "decided_at", "decided_by"];

/// Refuses an op that does alone what two must do, or changes what stands for ever.
pub(crate) fn check(op: &Op, fields: Option<&Map<String, Json>>) -> Result<(), RejectReason> {
    match (op.entity, op.kind) {
        (Entity::GuideRevision, OpKind::Create) => new_revision(op),
        (Entity::GuideRevision, OpKind::Update) => decided_revision(op, fields),
        (Entity::EnergySource, OpKind::Create | OpKind::Update) => approved_source(op, fields),
        (
            Entity::DocumentUpdate
            | Entity::GuideRead
            | Entity::StepTime
            | Entity::ScenarioBaseline
            | Entity::ScenarioDecision
            | Entity::ScenarioOutcome
            | Entity::ExerciseMove
            | Entity::ExerciseEntry,
            OpKind::Update,
        ) => Err(unfit(op.fields.keys().next().map_or("", String::as_str))),
        _ => Ok(()),
    }
}

fn unfit(field: &str) -> RejectReason {
    RejectReason::ValueUnfit { field: field.to_owned() }
}

/// What a field says after the op.
fn said<'o>(op: &'o Op, fields: Option<&'o Map<String, Json>>, name: &str) -> Option<&'o Json> {
    op.fields
        .get(name)
        .map(|change| &change.to)
        .or_else(|| fields?.get(name))
        .filter(|value| !value.is_null())
}

fn is_actor(op: &Op, person: &Json) -> bool {
    serde_json::from_value::<PersonId>(person.clone()).ok() == op.actor.person_id()
        && op.actor.person_id().is_some()
}

fn new_revision(op: &Op) -> Result<(), RejectReason> {
    let status = said(op, None, "status").and_then(Json::as_str);
    if status != Some(RevisionStatus::InReview.as_str()) || said(op, None, "decided_by").is_some() {
        return Err(unfit("status"));
    }
    Ok(())
}

fn decided_revision(op: &Op, fields: Option<&Map<String, Json>>) -> Result<(), RejectReason> {
    if let Some(field) = op.fields.keys().find(|field| !REVISION_MOVES.contains(&field.as_str())) {
        return Err(unfit(field));
    }
    let Some(decided_by) = said(op, None, "decided_by") else { return Ok(()) };
    let authors = said(op, fields, "authors").and_then(Json::as_array);
    let is_author = authors.is_some_and(|authors| authors.contains(decided_by));
    let submitted = said(op, fields, "submitted_by") == Some(decided_by);
    if is_author || submitted || !is_actor(op, decided_by) {
        return Err(unfit("decided_by"));
    }
    Ok(())
}

fn approved_source(op: &Op, fields: Option<&Map<String, Json>>) -> Result<(), RejectReason> {
    let binds = op.fields.contains_key("tag_binding_id") || op.kind == OpKind::Create;
    let Some(approved_by) = said(op, fields, "approved_by") else { return Ok(()) };
    // A tag that is bound anew wants a second look anew.
    if binds || said(op, fields, "bound_by") == Some(approved_by) {
        return Err(unfit("approved_by"));
    }
    if op.fields.contains_key("approved_by") && !is_actor(op, approved_by) {
        return Err(unfit("approved_by"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use millwright_model::{Actor, FieldChange, OpId};
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn person(number: u128) -> PersonId {
        PersonId(Uuid::from_u128(number))
    }

    fn op(entity: Entity, kind: OpKind, by: PersonId, fields: &[(&str, Json)]) -> Op {
        Op {
            op_id: OpId(Uuid::from_u128(1)),
            seq: 0,
            actor: Actor::picked(by),
            entity,
            entity_id: Uuid::from_u128(2),
            kind,
            fields: fields
                .iter()
                .map(|(name, to)| ((*name).to_owned(), FieldChange { from: Json::Null, to: to.clone() }))
                .collect(),
        }
    }

    fn fields(said: Json) -> Map<String, Json> {
        said.as_object().unwrap().clone()
    }

    #[test]
    fn a_revision_is_approved_by_somebody_who_did_not_write_it() {
        let revision =
            fields(json!({ "authors": [person(1)], "submitted_by": person(2), "status": "in_review" }));
        let approve = |by: PersonId, as_who: PersonId| {
            let said = [("status", json!("approved")), ("decided_by", json!(as_who))];
            check(&op(Entity::GuideRevision, OpKind::Update, by, &said), Some(&revision))
        };
        assert_eq!(approve(person(3), person(3)), Ok(()));
        for (by, as_who) in [(1, 1), (2, 2), (1, 3)] {
            assert_eq!(approve(person(by), person(as_who)), Err(unfit("decided_by")), "{by} as {as_who}");
        }
    }

    #[test]
    fn what_a_revision_says_is_never_written_again() {
        let revision = fields(json!({ "authors": [], "status": "approved" }));
        let said = [("content", json!({}))];
        let written = op(Entity::GuideRevision, OpKind::Update, person(3), &said);
        assert_eq!(check(&written, Some(&revision)), Err(unfit("content")));
        let born = op(Entity::GuideRevision, OpKind::Create, person(3), &[("status", json!("approved"))]);
        assert_eq!(check(&born, None), Err(unfit("status")));
    }

    #[test]
    fn a_tag_shows_a_source_of_energy_once_two_people_say_so() {
        let source = fields(json!({ "bound_by": person(1), "tag_binding_id": "t" }));
        let approve = |by: PersonId| {
            check(&op(Entity::EnergySource, OpKind::Update, by, &[("approved_by", json!(by))]), Some(&source))
        };
        assert_eq!(approve(person(2)), Ok(()));
        assert_eq!(approve(person(1)), Err(unfit("approved_by")));
        let approved =
            fields(json!({ "bound_by": person(1), "approved_by": person(2), "tag_binding_id": "t" }));
        let anew = op(Entity::EnergySource, OpKind::Update, person(1), &[("tag_binding_id", json!("other"))]);
        assert_eq!(check(&anew, Some(&approved)), Err(unfit("approved_by")));
    }
}
