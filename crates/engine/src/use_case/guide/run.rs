//! An order that is worked by a guide: it pins a revision, gets its steps, and branches lead past some of them.

use std::collections::BTreeMap;

use millwright_local_db::Session;
use millwright_model::*;

use super::{not_now, revision};
use crate::EngineError;
use crate::engine::Inner;
use crate::unit::Unit;
use crate::use_case::recording::recordable;
use crate::use_case::work_order::{TITLE_CHARS, changed, missing_to_close, step_views};
use crate::use_case::{actor, date};

/// The longest that a step is counted as in hand: a day.
const TOOK_MAX_MS: i64 = 24 * 60 * 60 * 1000;

pub(crate) async fn work_order_guide(engine: &Inner, command: WorkOrderGuide) -> Result<Done, EngineError> {
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let order = recordable(&mut unit, command.work_order_id).await?;
    if !order.status.is_open() {
        let order = order.number().to_owned();
        return Err(EngineError::Precondition(Refusal::OrderClosed { order }));
    }
    let guide: Guide = unit.need(command.guide_id, Missing::Guide).await?;
    let Some(revision) = unit.approved_revision(guide.guide_id).await? else {
        return Err(not_now(GuideFault::NotApproved { guide: guide.name }));
    };
    let steps = unit.work_steps_of(order.work_order_id).await?;
    let (guided, other): (Vec<_>, Vec<_>) = steps.into_iter().partition(|step| step.guide_place.is_some());
    if guided.iter().any(|step| step.outcome.is_some()) {
        return Err(not_now(GuideFault::OrderGuided { order: order.number().to_owned() }));
    }
    for step in &guided {
        unit.remove(step).await?;
    }
    let pinned = WorkOrder { guide_revision_id: Some(revision.guide_revision_id), ..order.clone() };
    unit.update(&order, &pinned).await?;
    let mut position = other.iter().map(|step| step.position).max().unwrap_or(0);
    for step in revision.content.steps() {
        for (number, evidence) in step.asks().into_iter().enumerate() {
            position += 1;
            let step = WorkStep {
                work_step_id: unit.mint(),
                work_order_id: order.work_order_id,
                position,
                title: title_of(&revision.content, step, &evidence),
                hint: None,
                form: evidence.form,
                mandatory: step.mandatory,
                outcome: None,
                recorded_at: None,
                recorded_by: None,
                instrument: None,
                guide_place: Some(GuidePlace {
                    guide_revision_id: revision.guide_revision_id,
                    step_id: step.step_id,
                    evidence: number as u32,
                }),
            };
            unit.create(&step).await?;
        }
    }
    changed(&mut unit, &pinned);
    unit.stale(CacheTag::Guides);
    unit.commit().await
}

/// A step's title on the order, in the language that the guide was written in.
fn title_of(content: &GuideContent, step: &GuideStep, evidence: &Evidence) -> String {
    let language = content.language.as_str();
    let (title, asked) = (step.title.read(language, language), evidence.title.read(language, language));
    let whole = if asked.is_empty() { title.to_owned() } else { format!("{title}: {asked}") };
    whole.chars().take(TITLE_CHARS).collect()
}

/// The records of each step of a guide on an order.
fn records_by_step(steps: &[WorkStep]) -> BTreeMap<GuideStepId, Vec<&WorkStep>> {
    let mut by_step: BTreeMap<GuideStepId, Vec<&WorkStep>> = BTreeMap::new();
    for step in steps {
        if let Some(place) = step.guide_place {
            by_step.entry(place.step_id).or_default().push(step);
        }
    }
    by_step
}

/// What was recorded of each step.
fn answers(records: &BTreeMap<GuideStepId, Vec<&WorkStep>>) -> GuideAnswers {
    let outcomes = |records: &Vec<&WorkStep>| records.iter().map(|record| record.outcome.clone()).collect();
    records.iter().map(|(step_id, records)| (*step_id, outcomes(records))).collect()
}

/// What still stands in the way of closing an order; steps that a guide's branches lead past do not.
pub(crate) async fn missing_of(
    session: &mut Session,
    order: &WorkOrder,
    steps: &[WorkStep],
) -> Result<Vec<String>, EngineError> {
    let revision: Option<GuideRevision> = match order.guide_revision_id {
        Some(revision) => session.get(revision).await?,
        None => None,
    };
    let Some(revision) = revision else { return Ok(missing_to_close(steps)) };
    let passed_over = GuideWay::of(&revision.content, &answers(&records_by_step(steps))).passed_over;
    let asked = |step: &&WorkStep| step.guide_place.is_none_or(|place| !passed_over.contains(&place.step_id));
    Ok(missing_to_close(&steps.iter().filter(asked).cloned().collect::<Vec<_>>()))
}

pub(crate) async fn run(engine: &Inner, command: GuideRun) -> Result<GuideRunView, EngineError> {
    let mut session = engine.database.read().await?;
    let order: Option<WorkOrder> = session.get(command.work_order_id).await?;
    let order = order.ok_or(EngineError::NotFound(Missing::Order))?;
    let pinned = order.guide_revision_id.ok_or(EngineError::NotFound(Missing::Guide))?;
    let revision: Option<GuideRevision> = session.get(pinned).await?;
    let revision = revision.ok_or(EngineError::NotFound(Missing::Revision))?;
    let asset = match order.asset_id {
        Some(asset_id) => session.get(asset_id).await?,
        None => None,
    };
    let fiducials = match order.asset_id {
        Some(asset_id) => session.fiducials_of(asset_id).await?,
        None => Vec::new(),
    };
    let newer = session.approved_revision(revision.guide_id).await?;
    let newer_number = newer.map(|newer| newer.number).filter(|number| *number > revision.number);
    let steps = session.work_steps_of(order.work_order_id).await?;
    let skills = Skills::of(engine, &mut session).await?;
    let records = records_by_step(&steps);
    let way = GuideWay::of(&revision.content, &answers(&records));
    let mut views: BTreeMap<WorkStepId, StepView> = step_views(engine, &mut session, &order, steps.clone())
        .await?
        .into_iter()
        .map(|view| (view.step.work_step_id, view))
        .collect();
    let mut run_steps = Vec::new();
    for step in revision.content.steps() {
        let of_step = records.get(&step.step_id).map(Vec::as_slice).unwrap_or_default();
        run_steps.push(RunStep {
            step_id: step.step_id,
            done: !of_step.is_empty() && of_step.iter().all(|record| record.outcome.is_some()),
            passed_over: way.passed_over.contains(&step.step_id),
            skill_lacking: step.skill.as_ref().is_some_and(|skill| !skills.has(skill)),
            records: of_step.iter().filter_map(|record| views.remove(&record.work_step_id)).collect(),
        });
    }
    let to_read = revision::is_to_read(engine, &mut session, &revision).await?;
    Ok(GuideRunView {
        work_order_id: order.work_order_id,
        order_number: order.number().to_owned(),
        asset,
        newer_number,
        steps: run_steps,
        at: way.at,
        fiducials,
        to_read,
        revision,
    })
}

/// What the person who holds the device can do today.
struct Skills(BTreeMap<String, i64>);

impl Skills {
    async fn of(engine: &Inner, session: &mut Session) -> Result<Self, EngineError> {
        let Some(person) = engine.person() else { return Ok(Self(BTreeMap::new())) };
        let today = date::civil_date(engine.now(), &date::plant_zone(session).await?);
        let codes: BTreeMap<SkillId, String> =
            session.all::<Skill>().await?.into_iter().map(|skill| (skill.skill_id, skill.code)).collect();
        let mine = session.all::<SkillLevel>().await?.into_iter().filter(|level| level.person_id == person);
        let counts = mine.filter(|level| level.valid_until.is_none_or(|until| until >= today));
        Ok(Self(
            counts.filter_map(|level| Some((codes.get(&level.skill_id)?.clone(), level.level))).collect(),
        ))
    }

    fn has(&self, wanted: &GuideSkill) -> bool {
        self.0.get(&wanted.code).is_some_and(|level| *level >= wanted.level)
    }
}

pub(crate) async fn step_time_add(engine: &Inner, command: StepTimeAdd) -> Result<(), EngineError> {
    let mut unit = Unit::begin(engine, Actor::system()).await?;
    let revision: GuideRevision = unit.need(command.guide_revision_id, Missing::Revision).await?;
    if revision.content.step(command.step_id).is_none() {
        return Err(EngineError::NotFound(Missing::Step));
    }
    // A tablet that lay aside over night says nothing about the step.
    if !(1..=TOOK_MAX_MS).contains(&command.took_ms) {
        return Ok(());
    }
    let time = StepTime {
        step_time_id: unit.mint(),
        guide_revision_id: command.guide_revision_id,
        step_id: command.step_id,
        work_order_id: command.work_order_id,
        took_ms: command.took_ms,
        recorded_at: unit.now,
    };
    unit.create(&time).await?;
    unit.commit().await?;
    Ok(())
}
