//! Whether what a guide says can be done: bounds, forms, numbers, and branches that only lead on.

use std::collections::BTreeMap;

use millwright_model::{
    Evidence, GuideContent, GuideFault, GuideStep, GuideStepId, PictureMark, ShowHow, StandInShape,
    StepDraft, Words,
};

use super::unfit;
use crate::EngineError;
use crate::use_case::step;

/// The most languages of a text.
const LANGUAGES_MAX: usize = 20;
/// The longest tag of a language.
const LANGUAGE_CHARS: usize = 35;
/// The longest name of a part, tool or code.
const NAME_CHARS: usize = 200;
/// The most bytes of what a guide says, as it is kept.
const CONTENT_MAX_BYTES: usize = 400 * 1024;
/// The longest wait, in seconds.
const TIMER_MAX_S: u32 = 7 * 24 * 60 * 60;
/// The tightest screw, in newton metres.
const TORQUE_MAX_NM: f64 = 100_000.0;

/// Refuses content that nobody could work by. A draft may be unfinished: it is checked when it is handed in, and its
/// bounds with every edit.
pub(super) fn finished(content: &GuideContent) -> Result<(), EngineError> {
    bounds(content)?;
    if content.steps().next().is_none() {
        return Err(unfit(GuideFault::NoSteps));
    }
    let places: BTreeMap<GuideStepId, usize> =
        content.steps().enumerate().map(|(place, step)| (step.step_id, place)).collect();
    for (place, step) in content.steps().enumerate() {
        let name = step_name(content, step, place);
        let fault = |reason: String| unfit(GuideFault::StepUnfit { step: name.clone(), reason });
        if step.title.is_empty() {
            return Err(fault("it has no title".to_owned()));
        }
        for (number, evidence) in step.asks().iter().enumerate() {
            let title = format!("{name}, {}", number + 1);
            let draft = StepDraft { title, form: evidence.form.clone(), mandatory: step.mandatory };
            step::checked(draft)?;
        }
        for branch in &step.branches {
            match places.get(&branch.to) {
                None => return Err(fault("it leads to a step that is not there".to_owned())),
                // A way back has no end.
                Some(to) if *to <= place => return Err(fault("it leads back: a branch leads on".to_owned())),
                Some(_) => {}
            }
        }
    }
    Ok(())
}

/// What people call a step in a message: its title, or its place.
fn step_name(content: &GuideContent, step: &GuideStep, place: usize) -> String {
    match step.title.read(&content.language, &content.language) {
        "" => format!("{}", place + 1),
        title => title.to_owned(),
    }
}

/// Refuses what is more than a guide has, and numbers that are none.
pub(super) fn bounds(content: &GuideContent) -> Result<(), EngineError> {
    let too_many = |what: &str, limit: usize| {
        Err(unfit(GuideFault::TooMany { what: what.to_owned(), limit: limit as u64 }))
    };
    if content.tasks.len() > GuideContent::TASKS_MAX {
        return too_many("tasks", GuideContent::TASKS_MAX);
    }
    if content.steps().count() > GuideContent::STEPS_MAX {
        return too_many("steps", GuideContent::STEPS_MAX);
    }
    if content.stand_ins.len() > GuideContent::LIST_MAX {
        return too_many("stand-ins", GuideContent::LIST_MAX);
    }
    words("the title", &content.title, GuideContent::TITLE_CHARS)?;
    for stand_in in &content.stand_ins {
        let sound = stand_in.machine_from_part.is_sound()
            && match stand_in.shape {
                StandInShape::Block { size_m } => size_m.iter().all(|side| is_length(*side)),
                StandInShape::Cylinder { radius_m, length_m } => is_length(radius_m) && is_length(length_m),
            };
        if !sound {
            return Err(unfit(GuideFault::NotANumber { what: format!("«{}»", stand_in.part) }));
        }
    }
    for task in &content.tasks {
        words("a task's title", &task.title, GuideContent::TITLE_CHARS)?;
    }
    for (place, step) in content.steps().enumerate() {
        step_bounds(&step_name(content, step, place), step)?;
    }
    let bytes = serde_json::to_vec(content).map_err(EngineError::from)?.len();
    if bytes > CONTENT_MAX_BYTES {
        return too_many("bytes (pictures apart)", CONTENT_MAX_BYTES);
    }
    Ok(())
}

fn step_bounds(name: &str, step: &GuideStep) -> Result<(), EngineError> {
    let fault = |reason: String| Err(unfit(GuideFault::StepUnfit { step: name.to_owned(), reason }));
    words("its title", &step.title, GuideContent::TITLE_CHARS)?;
    words("its text", &step.text, GuideContent::TEXT_CHARS)?;
    let counts = [
        ("pictures", step.pictures.len()),
        ("parts shown", step.shows.len()),
        ("parts", step.parts.len()),
        ("tools", step.tools.len()),
        ("hazards", step.hazards.len()),
        ("protection", step.protection.len()),
        ("evidence", step.evidence.len()),
        ("branches", step.branches.len()),
    ];
    if let Some((what, _)) = counts.into_iter().find(|(_, count)| *count > GuideContent::LIST_MAX) {
        return fault(format!("more than {} of its {what}", GuideContent::LIST_MAX));
    }
    let long = step.tools.iter().chain(step.parts.iter().map(|part| &part.number));
    let long = long.chain(step.shows.iter().map(|shown| &shown.part));
    if long.clone().any(|text| text.chars().count() > NAME_CHARS || text.trim().is_empty()) {
        return fault(format!("the name of a part or tool is empty or longer than {NAME_CHARS} characters"));
    }
    if step.tolerance_mm.is_some_and(|tolerance| !(0.1..=1_000.0).contains(&tolerance)) {
        return fault("its exactness is 0.1 to 1,000 mm".to_owned());
    }
    let torques =
        step.torque.iter().flat_map(|torque| [Some(torque.nominal_nm), torque.tolerance_nm]).flatten();
    if torques.clone().any(|torque| !(0.0..=TORQUE_MAX_NM).contains(&torque)) {
        return fault(format!("a torque is 0 to {TORQUE_MAX_NM} N·m"));
    }
    if step.parts.iter().any(|part| !part.count.is_finite() || part.count <= 0.0) {
        return fault("a count of parts is more than 0".to_owned());
    }
    if step.timer_s.is_some_and(|seconds| seconds > TIMER_MAX_S) {
        return fault("it waits for longer than a week".to_owned());
    }
    if let Some(condition) = &step.condition
        && !(condition.low.is_finite() && condition.high.is_finite() && condition.low <= condition.high)
    {
        return fault("the limits of its live condition are crossed or no numbers".to_owned());
    }
    if step
        .viewpoint
        .is_some_and(|view| !view.eye_m.iter().chain(&view.target_m).all(|part| part.is_finite()))
    {
        return fault("its viewpoint is none".to_owned());
    }
    for shown in &step.shows {
        words("a label", &shown.label, GuideContent::TITLE_CHARS)?;
        let sound = match &shown.how {
            ShowHow::Move { along_m } => along_m.iter().all(|part| part.is_finite() && part.abs() <= 100.0),
            ShowHow::Tighten { torque_nm } => (0.0..=TORQUE_MAX_NM).contains(torque_nm),
            ShowHow::Zone { radius_m, .. } => is_length(*radius_m),
            ShowHow::Play { animation } => {
                !animation.trim().is_empty() && animation.chars().count() <= NAME_CHARS
            }
            ShowHow::Highlight
            | ShowHow::Outline
            | ShowHow::XRay
            | ShowHow::Ghost
            | ShowHow::Removed
            | ShowHow::PutBack
            | ShowHow::Turn { .. }
            | ShowHow::Value { .. } => true,
        };
        if !sound {
            return fault(format!("what is shown of «{}» has a number that cannot be", shown.part));
        }
    }
    for picture in &step.pictures {
        words("a picture's caption", &picture.caption, GuideContent::TITLE_CHARS)?;
        if picture.marks.len() > GuideContent::LIST_MAX || !picture.marks.iter().all(is_in_picture) {
            return fault("a mark lies outside its picture".to_owned());
        }
    }
    for Evidence { title, .. } in &step.evidence {
        words("what it asks for", title, GuideContent::TITLE_CHARS)?;
    }
    Ok(())
}

fn is_length(length_m: f64) -> bool {
    (0.0005..=100.0).contains(&length_m)
}

fn is_in_picture(mark: &PictureMark) -> bool {
    let inside = |point: &millwright_model::PicturePoint| {
        (0.0..=1.0).contains(&point.x) && (0.0..=1.0).contains(&point.y)
    };
    match mark {
        PictureMark::Arrow { from, to } => inside(from) && inside(to),
        PictureMark::Circle { center, radius } => inside(center) && (0.0..=1.0).contains(radius),
        PictureMark::Number { at, number } => inside(at) && *number <= 999,
        PictureMark::Torque { at, torque_nm } => inside(at) && (0.0..=TORQUE_MAX_NM).contains(torque_nm),
    }
}

fn words(what: &str, words: &Words, max_chars: usize) -> Result<(), EngineError> {
    if words.0.len() > LANGUAGES_MAX {
        let limit = LANGUAGES_MAX as u64;
        return Err(unfit(GuideFault::TooMany { what: format!("languages of {what}"), limit }));
    }
    let is_tag = |tag: &str| {
        !tag.is_empty()
            && tag.len() <= LANGUAGE_CHARS
            && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    if let Some(tag) = words.0.keys().find(|tag| !is_tag(tag)) {
        return Err(unfit(GuideFault::StepUnfit {
            step: what.to_owned(),
            reason: format!("«{tag}» is no tag of a language"),
        }));
    }
    if words.0.values().any(|wording| wording.text.chars().count() > max_chars) {
        let limit = max_chars as u64;
        return Err(unfit(GuideFault::TooMany { what: format!("characters in {what}"), limit }));
    }
    Ok(())
}
