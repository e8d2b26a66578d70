//! People in files: names stay sealed here, under the key that each person has.

use std::collections::BTreeMap;

use millwright_model::*;
use millwright_sheet::Value;

use super::Desk;
use super::books::{CODE_CHARS, Persons, is_seen};
use super::line::{Fault, Line, Read, optional_cell, text_cell};
use super::plan::{Plan, Seen, Taken};
use crate::EngineError;
use crate::people::{opened_keys, sealed_again, sealed_person};

/// So long may a person's name be.
const NAME_CHARS: usize = 80;

/// The languages that the screens speak.
const LANGUAGES: &[(&str, &[&str], &str)] =
    &[("en", &["English", "Englisch"], "en"), ("de", &["German", "Deutsch"], "de")];

pub(super) async fn plan(
    desk: &mut Desk<'_>,
    lines: &[Line<'_>],
    plan: &mut Plan,
) -> Result<(), EngineError> {
    let persons = Persons::here(desk);
    let settings = crate::settings::kept(desk.session).await?;
    let records: BTreeMap<PersonId, Person> =
        desk.session.people().await?.into_iter().map(|person| (person.person_id, person)).collect();
    let keys = opened_keys(desk.session, &desk.engine.vault).await?;
    let (mut seen, mut seen_person) = (Seen::default(), Seen::default());
    for line in lines {
        let (before, after) = match read(line, &persons, &settings.language, &mut seen) {
            Ok(read) => read,
            Err(fault) => {
                plan.refuse(line, fault);
                continue;
            }
        };
        let name = after.name.clone().unwrap_or_default();
        let Some(before) = before else {
            let person_id: PersonId = desk.mint();
            let number = after.erp_number.as_deref();
            let (vault, mint) = (&desk.engine.vault, &*desk.engine.ports.mint);
            let (person, key) = sealed_person(person_id, &name, number, &after.language, vault, mint)?;
            plan.count(line.row, &name, Taken::New);
            plan.write_person(None, person, Some(key));
            continue;
        };
        if let Err(fault) = seen_person.once(line, &[&before.person_id.to_string()]) {
            plan.refuse(line, fault);
            continue;
        }
        if *before == after {
            plan.count(line.row, &name, Taken::Same);
            continue;
        }
        let (Some(record), Some(key)) = (records.get(&before.person_id), keys.get(&before.person_id)) else {
            plan.refuse(line, Fault::row(RowFault::KeyGone));
            continue;
        };
        let mint = &*desk.engine.ports.mint;
        // What stays the same stays sealed as it is: a new seal would look like a change.
        let sealed_name = if before.name == after.name {
            record.sealed_name.clone()
        } else {
            sealed_again(key, &name, mint)?
        };
        let sealed_erp_number = match &after.erp_number {
            number if *number == before.erp_number => record.sealed_erp_number.clone(),
            Some(number) => Some(sealed_again(key, number, mint)?),
            None => None,
        };
        let language = after.language.clone();
        let sealed = Person { sealed_name, sealed_erp_number, language, ..record.clone() };
        let fields = plan.differences(&cells(before), &cells(&after));
        plan.count(line.row, &name, Taken::Changed(fields));
        plan.write_person(Some(record.clone()), sealed, None);
    }
    Ok(())
}

fn read<'p>(
    line: &Line<'_>,
    persons: &'p Persons,
    language: &str,
    seen: &mut Seen,
) -> Read<(Option<&'p PersonView>, PersonView)> {
    let name = line.needed(DataField::Name, NAME_CHARS)?;
    let number = line.text(DataField::ErpNumber, CODE_CHARS)?;
    match &number {
        Some(number) => seen.once(line, &["number", number])?,
        None => seen.once(line, &["name", &name])?,
    }
    let by_number = number.as_deref().and_then(|number| persons.by_number(number));
    let before = match by_number {
        Some(person) => Some(person),
        // Somebody of the same name with another number is somebody else.
        None => persons
            .by_name(DataField::Name, &name)?
            .filter(|person| person.erp_number.is_none() || number.is_none()),
    };
    let erp_number = number.or_else(|| before.and_then(|before| before.erp_number.clone()));
    let was = before.map_or(language, |before| before.language.as_str()).to_owned();
    let language = line.one_of(DataField::Language, LANGUAGES)?.map_or(was, str::to_owned);
    let person_id = before.map(|before| before.person_id).unwrap_or_default();
    let role = before.map(|before| before.role).unwrap_or_default();
    Ok((before, PersonView { person_id, name: Some(name), erp_number, language, role }))
}

fn cells(person: &PersonView) -> Vec<Value> {
    vec![
        optional_cell(person.name.as_deref()),
        optional_cell(person.erp_number.as_deref()),
        text_cell(&person.language),
    ]
}

pub(super) async fn rows(desk: &mut Desk<'_>, seen: &DataSeen) -> Result<Vec<Vec<Value>>, EngineError> {
    let persons = Persons::here(desk);
    let named = persons.all().iter().filter(|person| person.name.is_some());
    let wanted = named.filter(|person| is_seen(seen, &[person.name.as_deref().unwrap_or_default()]));
    Ok(wanted.map(cells).collect())
}
