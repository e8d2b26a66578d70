//! A guide as Markdown that people read and write: `#` the guide, `##` tasks, `###` steps, sentences, and lines of a list
//! for tools, parts, torque, hazards, protection and evidence. Raw HTML is text like any other.

use std::fmt::Write as _;

use millwright_model::{
    Evidence, Guide, GuideContent, GuideFormat, GuidePart, GuideRevision, GuideStep, GuideStepId, GuideTask,
    GuideTaskId, Hazard, Protection, StepForm, Torque, Words,
};
use uuid::Uuid;

use super::Read;

/// The longest line, in characters.
const LINE_CHARS: usize = 20_000;
/// The language where a document names none.
const LANGUAGE: &str = "en";

pub(super) fn written(guide: &Guide, revision: &GuideRevision) -> String {
    let (content, mut text) = (&revision.content, String::new());
    let language = content.language.as_str();
    let mut line = |said: std::fmt::Arguments<'_>| {
        // Writing to a string cannot fail.
        let _written = text.write_fmt(said);
        text.push('\n');
    };
    line(format_args!("# {}\n", one_line(content.title.read(language, language))));
    line(format_args!(
        "Language: {language}  \nGuide: {}  \nRevision: {}\n",
        one_line(&guide.name),
        revision.number
    ));
    for task in &content.tasks {
        line(format_args!("## {}\n", one_line(task.title.read(language, language))));
        for step in &task.steps {
            let needed = if step.mandatory { " (!)" } else { "" };
            line(format_args!("### {}{needed}\n", one_line(step.title.read(language, language))));
            let said = step.text.read(language, language);
            if !said.is_empty() {
                line(format_args!("{}\n", escaped(said)));
            }
            for item in items(step) {
                line(format_args!("- {item}"));
            }
            if !items(step).is_empty() {
                line(format_args!(""));
            }
        }
    }
    text
}

/// What a step says beside its sentences, one line each.
fn items(step: &GuideStep) -> Vec<String> {
    let mut items = Vec::new();
    if !step.tools.is_empty() {
        items.push(format!(
            "Tools: {}",
            step.tools.iter().map(|tool| one_line(tool)).collect::<Vec<_>>().join("; ")
        ));
    }
    for part in &step.parts {
        items.push(format!("Part: {} × {}", one_line(&part.number), part.count));
    }
    if let Some(torque) = step.torque {
        let tolerance = torque.tolerance_nm.map(|nm| format!(" ± {nm}")).unwrap_or_default();
        items.push(format!("Torque: {}{tolerance} N·m", torque.nominal_nm));
    }
    items.extend(step.hazards.iter().map(|hazard| format!("Hazard: {}", hazard.sign())));
    items.extend(step.protection.iter().map(|worn| format!("Wear: {}", worn.sign())));
    if let Some(seconds) = step.timer_s {
        items.push(format!("Wait: {seconds} s"));
    }
    let named =
        |evidence: &Evidence| one_line(evidence.title.0.values().next().map_or("", |word| &word.text));
    for evidence in &step.evidence {
        items.push(match &evidence.form {
            StepForm::Check => format!("Check: {}", named(evidence)),
            StepForm::Inspection => format!("Inspect: {}", named(evidence)),
            StepForm::Photo => format!("Photo: {}", named(evidence)),
            StepForm::Text => format!("Write: {}", named(evidence)),
            StepForm::Choice { options } => format!("Choose: {} | {}", named(evidence), options.join(" | ")),
            StepForm::Signature { meaning } => format!("Sign: {}", one_line(meaning)),
            StepForm::Measurement { unit, low, high, .. } => {
                let limit = |limit: &Option<f64>| limit.map_or("…".to_owned(), |limit| limit.to_string());
                format!("Measure: {} ({unit}, {} to {})", named(evidence), limit(low), limit(high))
            }
            StepForm::TryOut { .. } => "Try out".to_owned(),
        });
    }
    items
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Sentences whose lines cannot be taken for headings or items.
fn escaped(text: &str) -> String {
    let line = |line: &str| match line.trim_start().chars().next() {
        Some('#' | '-' | '*' | '\\') => format!("\\{}", line.trim_start()),
        _ => line.to_owned(),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

pub(super) fn read(file_name: &str, text: &str) -> Result<Read, String> {
    let mut reading = Reading::new();
    for (number, line) in text.lines().enumerate() {
        if line.chars().count() > LINE_CHARS {
            return Err(format!("line {} is longer than {LINE_CHARS} characters", number + 1));
        }
        reading.take(line).map_err(|reason| format!("line {}: {reason}", number + 1))?;
    }
    let title = reading.title.clone().filter(|title| !title.is_empty());
    let title = title.unwrap_or_else(|| file_name.trim_end_matches(".md").to_owned());
    if reading.tasks.iter().all(|task| task.steps.is_empty()) {
        return Err("it has no step: a line with «### » begins one".to_owned());
    }
    let name = reading.name.clone().unwrap_or_else(|| title.clone());
    let content = GuideContent {
        title: Words::of(&reading.language, title),
        tasks: reading.tasks,
        ..GuideContent::empty(&reading.language, "")
    };
    Ok(Read { format: GuideFormat::Markdown, name, content, files: Vec::new(), left_out: reading.left_out })
}

struct Reading {
    language: String,
    title: Option<String>,
    name: Option<String>,
    tasks: Vec<GuideTask>,
    left_out: Vec<String>,
    /// How many ids were given out: the same text gives the same ids.
    ids: u128,
}

impl Reading {
    fn new() -> Self {
        Self {
            language: LANGUAGE.to_owned(),
            title: None,
            name: None,
            tasks: Vec::new(),
            left_out: Vec::new(),
            ids: 0,
        }
    }

    fn id(&mut self, title: &str) -> Uuid {
        self.ids += 1;
        Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("millwright:markdown:{}:{title}", self.ids).as_bytes())
    }

    fn words(&self, text: &str) -> Words {
        Words::of(&self.language, text)
    }

    fn take(&mut self, line: &str) -> Result<(), String> {
        let line = line.trim_end();
        if let Some(title) = line.strip_prefix("### ") {
            let (title, mandatory) = match title.trim().strip_suffix("(!)") {
                Some(title) => (title.trim(), true),
                None => (title.trim(), false),
            };
            let step_id = GuideStepId(self.id(title));
            let step = GuideStep { mandatory, ..GuideStep::plain(step_id, self.words(title)) };
            if self.tasks.is_empty() {
                self.begin_task("");
            }
            let Some(task) = self.tasks.last_mut() else { return Ok(()) };
            if task.steps.len() >= GuideContent::STEPS_MAX {
                return Err(format!("more than {} steps", GuideContent::STEPS_MAX));
            }
            task.steps.push(step);
        } else if let Some(title) = line.strip_prefix("## ") {
            if self.tasks.len() >= GuideContent::TASKS_MAX {
                return Err(format!("more than {} tasks", GuideContent::TASKS_MAX));
            }
            self.begin_task(title.trim());
        } else if let Some(title) = line.strip_prefix("# ") {
            self.title = self.title.take().or(Some(title.trim().to_owned()));
        } else if self.tasks.is_empty() {
            self.head(line.trim());
        } else if let Some(item) = line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")) {
            self.item(item.trim());
        } else if !line.trim().is_empty() || self.has_text() {
            self.sentence(line);
        }
        Ok(())
    }

    fn begin_task(&mut self, title: &str) {
        let task_id = GuideTaskId(self.id(title));
        let title = if title.is_empty() { Words::default() } else { self.words(title) };
        self.tasks.push(GuideTask { task_id, title, steps: Vec::new() });
    }

    fn head(&mut self, line: &str) {
        match line.split_once(':') {
            Some(("Language", tag)) if !tag.trim().is_empty() => self.language = tag.trim().to_owned(),
            Some(("Guide", name)) => self.name = Some(name.trim().to_owned()),
            Some(("Revision", _)) => {}
            _ if line.is_empty() => {}
            _ => self.left_out.push(line.to_owned()),
        }
    }

    fn step(&mut self) -> Option<&mut GuideStep> {
        self.tasks.last_mut()?.steps.last_mut()
    }

    fn has_text(&mut self) -> bool {
        self.step().is_some_and(|step| !step.text.is_empty())
    }

    fn sentence(&mut self, line: &str) {
        let line = line.trim_end().strip_prefix('\\').unwrap_or(line.trim_end()).to_owned();
        let language = self.language.clone();
        match self.step() {
            Some(step) => {
                let wording = step.text.0.entry(language).or_default();
                if !wording.text.is_empty() {
                    wording.text.push('\n');
                }
                wording.text.push_str(&line);
                let length = wording.text.trim_end().len();
                if line.is_empty() && wording.text.ends_with("\n\n") {
                    wording.text.truncate(length + 1);
                }
            }
            None if line.trim().is_empty() => {}
            None => self.left_out.push(line),
        }
    }

    fn item(&mut self, item: &str) {
        let (key, said) = item.split_once(':').map_or((item, ""), |(key, said)| (key.trim(), said.trim()));
        let words = if said.is_empty() { Words::default() } else { self.words(said) };
        let evidence = |title: Words, form| Evidence { title, form, names_instrument: false };
        let measured = measurement(said).map(|(name, form)| {
            evidence(if name.is_empty() { Words::default() } else { self.words(name) }, form)
        });
        let chosen = choice(said).map(|(name, form)| {
            evidence(if name.is_empty() { Words::default() } else { self.words(name) }, form)
        });
        let Some(step) = self.step() else {
            self.left_out.push(item.to_owned());
            return;
        };
        let understood = match key {
            "Tools" | "Tool" => {
                step.tools.extend(
                    said.split(';').map(str::trim).filter(|tool| !tool.is_empty()).map(str::to_owned),
                );
                true
            }
            "Part" => part(said).map(|part| step.parts.push(part)).is_some(),
            "Torque" => torque(said).map(|torque| step.torque = Some(torque)).is_some(),
            "Hazard" => Hazard::of_sign(said).map(|hazard| step.hazards.push(hazard)).is_some(),
            "Wear" => Protection::of_sign(said).map(|worn| step.protection.push(worn)).is_some(),
            "Wait" => {
                let seconds = said.trim_end_matches('s').trim().parse().ok();
                seconds.map(|seconds| step.timer_s = Some(seconds)).is_some()
            }
            "Check" => {
                step.evidence.push(evidence(words, StepForm::Check));
                true
            }
            "Inspect" => {
                step.evidence.push(evidence(words, StepForm::Inspection));
                true
            }
            "Photo" => {
                step.evidence.push(evidence(words, StepForm::Photo));
                true
            }
            "Write" => {
                step.evidence.push(evidence(words, StepForm::Text));
                true
            }
            "Sign" => {
                step.evidence
                    .push(evidence(Words::default(), StepForm::Signature { meaning: said.to_owned() }));
                true
            }
            "Measure" => measured.map(|evidence| step.evidence.push(evidence)).is_some(),
            "Choose" => chosen.map(|evidence| step.evidence.push(evidence)).is_some(),
            _ => false,
        };
        if !understood {
            // It is kept as a sentence, so that nothing of what was written is lost.
            self.sentence(&format!("- {item}"));
        }
    }
}

fn part(said: &str) -> Option<GuidePart> {
    let (number, count) = match said.rsplit_once('×') {
        Some((number, count)) => (number.trim(), count.trim().parse().ok()?),
        None => (said.trim(), 1.0),
    };
    (!number.is_empty()).then(|| GuidePart { number: number.to_owned(), count })
}

fn torque(said: &str) -> Option<Torque> {
    let figures = said.trim_end_matches("N·m").trim_end_matches("Nm").trim();
    let (nominal, tolerance) = match figures.split_once('±') {
        Some((nominal, tolerance)) => (nominal, Some(tolerance.trim().parse().ok()?)),
        None => (figures, None),
    };
    Some(Torque { nominal_nm: nominal.trim().parse().ok()?, tolerance_nm: tolerance })
}

/// `Run-out (mm, 0 to 0.05)`; `…` for a limit that is none.
fn measurement(said: &str) -> Option<(&str, StepForm)> {
    let (name, limits) = said.strip_suffix(')')?.rsplit_once('(')?;
    let (unit, span) = limits.split_once(',')?;
    let (low, high) = span.split_once(" to ")?;
    let limit = |text: &str| match text.trim() {
        "…" | "..." => Some(None),
        text => text.parse::<f64>().ok().map(Some),
    };
    let decimals = [low, high].map(|text| text.trim().split_once('.').map_or(0, |(_, after)| after.len()));
    let form = StepForm::Measurement {
        unit: unit.trim().to_owned(),
        low: limit(low)?,
        high: limit(high)?,
        decimals: decimals.into_iter().max().unwrap_or(0).min(6) as u8,
    };
    Some((name.trim(), form))
}

/// `Seal faces | good | worn`.
fn choice(said: &str) -> Option<(&str, StepForm)> {
    let mut parts = said.split('|').map(str::trim);
    let name = parts.next()?;
    let options: Vec<String> = parts.map(str::to_owned).collect();
    (options.len() >= 2).then_some((name, StepForm::Choice { options }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEAL: &str = "# Replace mechanical seal

Language: en
Guide: Seal of P-101

## Take apart

### Isolate the pump (!)

Lock the main switch.
Try to start.

- Hazard: W012
- Sign: Isolated and tried out

### Draw the cartridge

- Tools: Hex key 8; Puller P2
- Part: SEAL-45 × 1
- Torque: 45 ± 2.5 N·m
- Wear: M009
- Wait: 30 s
- Measure: Run-out (mm, … to 0.05)
- Choose: Faces | good | worn
- Photo: The faces
- Mind the cat
";

    #[test]
    fn what_people_write_is_understood_and_the_rest_stays_as_text() {
        let read = read("seal.md", SEAL).unwrap();
        assert_eq!((read.name.as_str(), read.left_out.len()), ("Seal of P-101", 0));
        let steps: Vec<&GuideStep> = read.content.steps().collect();
        assert_eq!(steps.len(), 2);
        assert!(steps[0].mandatory && !steps[1].mandatory);
        assert_eq!(steps[0].text.read("en", "en").trim_end(), "Lock the main switch.\nTry to start.");
        assert_eq!(steps[0].hazards, [Hazard::Electricity]);
        let second = steps[1];
        assert_eq!(second.tools, ["Hex key 8", "Puller P2"]);
        assert_eq!(second.torque, Some(Torque { nominal_nm: 45.0, tolerance_nm: Some(2.5) }));
        assert_eq!(second.timer_s, Some(30));
        assert_eq!(second.evidence.len(), 3);
        let form = StepForm::Measurement { unit: "mm".into(), low: None, high: Some(0.05), decimals: 2 };
        assert_eq!(second.evidence[0].form, form);
        assert!(second.text.read("en", "en").contains("Mind the cat"));
    }

    #[test]
    fn a_text_without_a_step_is_no_guide() {
        let reason = read("notes.md", "# Notes\n\nNothing to do.\n").err().unwrap();
        assert!(reason.contains("no step"), "{reason}");
        assert!(read("long.md", &format!("### {}", "x".repeat(30_000))).is_err());
    }
}
