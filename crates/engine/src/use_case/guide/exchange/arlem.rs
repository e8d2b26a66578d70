//! ARLEM, IEEE 1589-2020: a guide as an activity (its actions, what enters and leaves with them, what leads on) and a
//! workplace (things, persons, tools as devices, hazards and warnings), two JSON documents in one archive.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};

use millwright_model::{
    Evidence, Guide, GuideContent, GuideFormat, GuideRevision, GuideStep, GuideStepId, GuideTask,
    GuideTaskId, Hazard, ShowHow, ShownPart, StepForm, Words,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::Read;

/// The most bytes that a document of the archive unpacks to.
const DOCUMENT_MAX_BYTES: u64 = 8 * 1024 * 1024;
/// The most documents of an archive.
const DOCUMENTS_MAX: usize = 1_000;
/// The most actions of an activity.
const ACTIONS_MAX: usize = GuideContent::STEPS_MAX;

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Activity {
    id: String,
    name: String,
    version: String,
    language: String,
    workplace: String,
    start: String,
    actions: Vec<Action>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Action {
    id: String,
    viewport: String,
    #[serde(rename = "type")]
    kind: String,
    device: String,
    location: String,
    predicate: String,
    instruction: Instruction,
    enter: Change,
    exit: Change,
    triggers: Vec<Trigger>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Instruction {
    title: String,
    description: String,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Change {
    activates: Vec<Activation>,
    deactivates: Vec<Activation>,
    messages: Vec<String>,
    remove_self: bool,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Activation {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    predicate: String,
    poi: String,
    option: String,
    text: String,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Trigger {
    mode: String,
    #[serde(rename = "type")]
    kind: String,
    id: String,
    viewport: String,
    duration: f64,
    option: String,
    value: String,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Workplace {
    id: String,
    name: String,
    things: Vec<Thing>,
    places: Vec<Thing>,
    persons: Vec<Thing>,
    sensors: Vec<Thing>,
    devices: Vec<Thing>,
    detectables: Vec<Thing>,
    predicates: Vec<Thing>,
    warnings: Vec<Thing>,
    hazards: Vec<Thing>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Thing {
    id: String,
    name: String,
    urn: String,
    detectable: String,
    #[serde(rename = "type")]
    kind: String,
}

pub(super) fn written(guide: &Guide, revision: &GuideRevision) -> Result<Vec<u8>, String> {
    let content = &revision.content;
    let (activity, workplace) = (activity(guide, revision), workplace(guide, content));
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    // The same guide gives the same bytes: no time of writing.
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, json) in [
        ("activity.json", serde_json::to_vec_pretty(&activity)),
        ("workplace.json", serde_json::to_vec_pretty(&workplace)),
    ] {
        archive.start_file(name, options).map_err(|error| error.to_string())?;
        archive.write_all(&json.map_err(|error| error.to_string())?).map_err(|error| error.to_string())?;
    }
    Ok(archive.finish().map_err(|error| error.to_string())?.into_inner())
}

fn activity(guide: &Guide, revision: &GuideRevision) -> Activity {
    let (content, language) = (&revision.content, revision.content.language.as_str());
    let steps: Vec<&GuideStep> = content.steps().collect();
    let actions = steps
        .iter()
        .enumerate()
        .map(|(place, step)| {
            let next = steps.get(place + 1).map(|next| next.step_id.to_string());
            Action {
                id: step.step_id.to_string(),
                viewport: "actions".to_owned(),
                kind: "action".to_owned(),
                device: "tablet".to_owned(),
                location: "machine".to_owned(),
                predicate: "none".to_owned(),
                instruction: Instruction {
                    title: step.title.read(language, language).to_owned(),
                    description: step.text.read(language, language).to_owned(),
                },
                enter: Change {
                    activates: step.shows.iter().map(|shown| activation(shown, language)).collect(),
                    messages: step.hazards.iter().map(|hazard| hazard.sign().to_owned()).collect(),
                    ..Change::default()
                },
                exit: Change {
                    activates: next
                        .into_iter()
                        .map(|id| Activation { id, kind: "action".to_owned(), ..Activation::default() })
                        .collect(),
                    deactivates: vec![Activation {
                        id: step.step_id.to_string(),
                        kind: "action".to_owned(),
                        ..Activation::default()
                    }],
                    ..Change::default()
                },
                triggers: triggers(step),
            }
        })
        .collect();
    Activity {
        id: revision.guide_revision_id.to_string(),
        name: guide.name.clone(),
        version: revision.number.to_string(),
        language: content.language.clone(),
        workplace: "workplace.json".to_owned(),
        start: steps.first().map(|step| step.step_id.to_string()).unwrap_or_default(),
        actions,
    }
}

fn activation(shown: &ShownPart, language: &str) -> Activation {
    let predicate = match &shown.how {
        ShowHow::Highlight | ShowHow::Outline | ShowHow::XRay => "highlight",
        ShowHow::Ghost => "ghost",
        ShowHow::Removed => "removed",
        ShowHow::Move { .. } => "move",
        ShowHow::Turn { clockwise: true } => "rotatecw",
        ShowHow::Turn { clockwise: false } => "rotateccw",
        ShowHow::Tighten { .. } => "tighten",
        ShowHow::Play { .. } => "animation",
        ShowHow::PutBack => "putback",
        ShowHow::Value { .. } => "sensor",
        ShowHow::Zone { .. } => "hazard",
    };
    let option = match &shown.how {
        ShowHow::Tighten { torque_nm } => format!("{torque_nm} N·m"),
        ShowHow::Zone { hazard, .. } => hazard.sign().to_owned(),
        ShowHow::Play { animation } => animation.clone(),
        _ => String::new(),
    };
    Activation {
        id: shown.part.clone(),
        kind: "tangible".to_owned(),
        predicate: predicate.to_owned(),
        poi: "default".to_owned(),
        option,
        text: shown.label.read(language, language).to_owned(),
    }
}

fn triggers(step: &GuideStep) -> Vec<Trigger> {
    let mut triggers = vec![Trigger {
        mode: "click".to_owned(),
        kind: "action".to_owned(),
        id: step.step_id.to_string(),
        ..Trigger::default()
    }];
    if let Some(seconds) = step.timer_s {
        triggers.push(Trigger {
            mode: "timer".to_owned(),
            kind: "action".to_owned(),
            id: step.step_id.to_string(),
            duration: f64::from(seconds),
            ..Trigger::default()
        });
    }
    triggers
}

fn workplace(guide: &Guide, content: &GuideContent) -> Workplace {
    let thing = |id: &str, kind: &str| Thing {
        id: id.to_owned(),
        name: id.to_owned(),
        kind: kind.to_owned(),
        ..Thing::default()
    };
    let mut parts: BTreeMap<&str, Thing> = BTreeMap::new();
    let (mut tools, mut hazards) = (BTreeMap::new(), BTreeMap::new());
    for step in content.steps() {
        parts.extend(step.shows.iter().map(|shown| (shown.part.as_str(), thing(&shown.part, "part"))));
        parts.extend(step.parts.iter().map(|part| (part.number.as_str(), thing(&part.number, "part"))));
        tools.extend(step.tools.iter().map(|tool| (tool.as_str(), thing(tool, "tool"))));
        hazards.extend(step.hazards.iter().map(|hazard| (hazard.sign(), thing(hazard.sign(), "hazard"))));
    }
    Workplace {
        id: guide.guide_id.to_string(),
        name: guide.name.clone(),
        things: parts.into_values().chain(tools.into_values()).collect(),
        places: vec![thing("machine", "place")],
        devices: vec![thing("tablet", "device")],
        hazards: hazards.into_values().collect(),
        ..Workplace::default()
    }
}

pub(super) fn read(bytes: &[u8]) -> Result<Read, String> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
    if archive.len() > DOCUMENTS_MAX {
        return Err(format!("the archive has {} files, and at most {DOCUMENTS_MAX} are read", archive.len()));
    }
    let mut activity: Option<Activity> = None;
    let mut left_out = Vec::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).map_err(|error| error.to_string())?;
        let name = file.name().to_owned();
        if !name.ends_with(".json") {
            left_out.push(name);
            continue;
        }
        let mut text = String::new();
        let taken = file
            .by_ref()
            .take(DOCUMENT_MAX_BYTES + 1)
            .read_to_string(&mut text)
            .map_err(|error| format!("{name}: {error}"))?;
        if taken as u64 > DOCUMENT_MAX_BYTES {
            return Err(format!("{name}: it unpacks to more than {DOCUMENT_MAX_BYTES} bytes"));
        }
        let value: serde_json::Value =
            serde_json::from_str(&text).map_err(|error| format!("{name}, line {}: {error}", error.line()))?;
        if value.get("actions").is_some() && activity.is_none() {
            activity = Some(serde_json::from_value(value).map_err(|error| format!("{name}: {error}"))?);
        } else if value.get("things").is_none() {
            left_out.push(name);
        }
    }
    let activity = activity.ok_or("there is no activity in the archive: no document with «actions»")?;
    of_activity(activity, left_out)
}

fn of_activity(activity: Activity, mut left_out: Vec<String>) -> Result<Read, String> {
    if activity.actions.is_empty() || activity.actions.len() > ACTIONS_MAX {
        return Err(format!("an activity has 1 to {ACTIONS_MAX} actions, not {}", activity.actions.len()));
    }
    let language = if activity.language.is_empty() { "en".to_owned() } else { activity.language.clone() };
    let words = |text: &str| if text.is_empty() { Words::default() } else { Words::of(&language, text) };
    let ordered = in_order(&activity);
    let mut steps = Vec::with_capacity(ordered.len());
    for action in ordered {
        let step_id = action.id.parse().map(GuideStepId).unwrap_or_else(|_other| {
            GuideStepId(Uuid::new_v5(
                &Uuid::NAMESPACE_OID,
                format!("arlem:{}:{}", activity.id, action.id).as_bytes(),
            ))
        });
        let mut step = GuideStep::plain(step_id, words(&action.instruction.title));
        if step.title.is_empty() {
            step.title = words(&action.id);
        }
        step.text = words(&action.instruction.description);
        step.hazards = action.enter.messages.iter().filter_map(|sign| Hazard::of_sign(sign)).collect();
        for activated in &action.enter.activates {
            match shown(activated, &language) {
                Some(shown) => step.shows.push(shown),
                None => left_out.push(format!("{}: {} «{}»", action.id, activated.predicate, activated.id)),
            }
        }
        for trigger in &action.triggers {
            match trigger.mode.as_str() {
                "click" => {}
                "timer" | "duration" => step.timer_s = Some(trigger.duration.clamp(0.0, 604_800.0) as u32),
                "photo" | "image" => step.evidence.push(Evidence {
                    title: Words::default(),
                    form: StepForm::Photo,
                    names_instrument: false,
                }),
                other => left_out.push(format!("{}: trigger {other}", action.id)),
            }
        }
        steps.push(step);
    }
    let task = GuideTask {
        task_id: GuideTaskId(Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("arlem:{}", activity.id).as_bytes())),
        title: words(&activity.name),
        steps,
    };
    let name = if activity.name.is_empty() { activity.id.clone() } else { activity.name.clone() };
    let content = GuideContent { tasks: vec![task], ..GuideContent::empty(&language, &name) };
    Ok(Read { format: GuideFormat::Arlem, name, content, files: Vec::new(), left_out })
}

/// The actions as one leads to the next, from the start; those that nothing leads to come last, as they stand.
fn in_order(activity: &Activity) -> Vec<&Action> {
    let by_id: BTreeMap<&str, &Action> =
        activity.actions.iter().map(|action| (action.id.as_str(), action)).collect();
    let (mut ordered, mut seen) = (Vec::new(), std::collections::BTreeSet::new());
    let mut next = by_id.get(activity.start.as_str()).copied();
    while let Some(action) = next.filter(|action| seen.insert(action.id.as_str())) {
        ordered.push(action);
        let leads =
            action.exit.activates.iter().filter(|change| change.kind.is_empty() || change.kind == "action");
        next = leads.filter_map(|change| by_id.get(change.id.as_str()).copied()).next();
    }
    ordered.extend(activity.actions.iter().filter(|action| !seen.contains(action.id.as_str())));
    ordered
}

fn shown(activated: &Activation, language: &str) -> Option<ShownPart> {
    let how = match activated.predicate.as_str() {
        "highlight" | "point" | "locate" | "label" | "outline" => ShowHow::Highlight,
        "ghost" | "ghosts" => ShowHow::Ghost,
        "removed" => ShowHow::Removed,
        "putback" => ShowHow::PutBack,
        "rotatecw" => ShowHow::Turn { clockwise: true },
        "rotateccw" => ShowHow::Turn { clockwise: false },
        "animation" if !activated.option.is_empty() => ShowHow::Play { animation: activated.option.clone() },
        "tighten" | "screwin" => {
            let torque = activated.option.trim_end_matches("N·m").trim().parse().unwrap_or(0.0);
            ShowHow::Tighten { torque_nm: torque }
        }
        _ => return None,
    };
    let label = match activated.text.as_str() {
        "" => Words::default(),
        text => Words::of(language, text),
    };
    (!activated.id.is_empty()).then(|| ShownPart { part: activated.id.clone(), how, label })
}
