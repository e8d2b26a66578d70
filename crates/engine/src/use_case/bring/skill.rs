//! The skills matrix in files: a person, a skill, how well, until when.

use std::collections::BTreeMap;

use millwright_model::*;
use millwright_sheet::Value;

use super::Desk;
use super::books::{CODE_CHARS, NAME_CHARS, Persons, grouped, is_seen};
use super::line::{Fault, Line, Read, day_cell, text_cell, whole_cell};
use super::plan::{Plan, Seen};
use crate::EngineError;

pub(super) async fn plan(
    desk: &mut Desk<'_>,
    lines: &[Line<'_>],
    plan: &mut Plan,
) -> Result<(), EngineError> {
    let persons = Persons::here(desk);
    let all: Vec<Skill> = desk.session.all().await?;
    let before: BTreeMap<String, Skill> = all.into_iter().map(|skill| (skill.code.clone(), skill)).collect();
    let levels = grouped(desk.session.all::<SkillLevel>().await?, |one| (one.person_id, one.skill_id));
    // Skills as the file names them, with the row that did so first.
    let mut named: BTreeMap<String, (u32, Skill)> = BTreeMap::new();
    let mut seen = Seen::default();
    for line in lines {
        let (mut skill, mut level) = match read(line, &persons, &before, &named, &mut seen) {
            Ok(read) => read,
            Err(fault) => {
                plan.refuse(line, fault);
                continue;
            }
        };
        if skill.skill_id == SkillId::default() {
            skill.skill_id = desk.mint();
        }
        level.skill_id = skill.skill_id;
        if !named.contains_key(&skill.code) {
            plan.write_also(before.get(&skill.code).cloned(), skill.clone());
            named.insert(skill.code.clone(), (line.row, skill.clone()));
        }
        let of_pair = levels.get(&(level.person_id, level.skill_id));
        let level_before = of_pair.and_then(|levels| levels.first());
        level.skill_level_id = match level_before {
            Some(before) => before.skill_level_id,
            None => desk.mint(),
        };
        if !line.has(DataField::ValidUntil) {
            level.valid_until = level_before.and_then(|before| before.valid_until);
        }
        let label = format!("{} · {}", persons.label(Some(level.person_id)), skill.code);
        plan.take(line.row, &label, level_before, level, |one| cells(one, &skill, &persons));
    }
    Ok(())
}

fn read(
    line: &Line<'_>,
    persons: &Persons,
    before: &BTreeMap<String, Skill>,
    named: &BTreeMap<String, (u32, Skill)>,
    seen: &mut Seen,
) -> Read<(Skill, SkillLevel)> {
    let person_id = persons.named(line, DataField::Person)?;
    let person_id = person_id.ok_or(Fault::at(DataField::Person, RowFault::Empty))?;
    let code = line.needed(DataField::Skill, CODE_CHARS)?;
    let name = line.text(DataField::SkillName, NAME_CHARS)?;
    let level = line.whole(DataField::SkillLevel, 0, SkillLevel::LEVEL_MAX)?;
    let level = level.ok_or(Fault::at(DataField::SkillLevel, RowFault::Empty))?;
    let valid_until = line.day(DataField::ValidUntil)?;
    let skill = match (named.get(&code), before.get(&code), name) {
        (Some((first, skill)), _, Some(name)) if skill.name != name => {
            let why = RowFault::Differs { given: name, first: *first };
            return Err(Fault::at(DataField::SkillName, why));
        }
        (Some((_, skill)), _, _) => skill.clone(),
        (None, Some(skill), None) => skill.clone(),
        (None, Some(skill), Some(name)) => Skill { name, ..skill.clone() },
        (None, None, Some(name)) => Skill { skill_id: SkillId::default(), code: code.clone(), name },
        // A code that nobody explains is a slip, not a new skill.
        (None, None, None) => {
            let why = RowFault::NotHere { given: code, what: Missing::Skill };
            return Err(Fault::at(DataField::Skill, why));
        }
    };
    seen.once(line, &[&person_id.to_string(), &code])?;
    let (skill_level_id, skill_id) = (SkillLevelId::default(), skill.skill_id);
    Ok((skill, SkillLevel { skill_level_id, person_id, skill_id, level, valid_until }))
}

fn cells(level: &SkillLevel, skill: &Skill, persons: &Persons) -> Vec<Value> {
    vec![
        text_cell(persons.label(Some(level.person_id))),
        text_cell(&skill.code),
        text_cell(&skill.name),
        whole_cell(level.level),
        level.valid_until.map_or(Value::Empty, |day| day_cell(day, None)),
    ]
}

pub(super) async fn rows(desk: &mut Desk<'_>, seen: &DataSeen) -> Result<Vec<Vec<Value>>, EngineError> {
    let persons = Persons::here(desk);
    let skills: BTreeMap<SkillId, Skill> =
        desk.session.all::<Skill>().await?.into_iter().map(|skill| (skill.skill_id, skill)).collect();
    let mut rows = Vec::new();
    for level in desk.session.all::<SkillLevel>().await? {
        let label = persons.label(Some(level.person_id)).to_owned();
        if let Some(skill) = skills.get(&level.skill_id)
            && is_seen(seen, &[&label, &skill.code, &skill.name])
        {
            rows.push(((label, skill.code.clone()), cells(&level, skill, &persons)));
        }
    }
    rows.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(rows.into_iter().map(|(_, cells)| cells).collect())
}
