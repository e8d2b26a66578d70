//! The after-action report of an exercise on paper and as Markdown: what was to happen and what did, what was missing, and
//! who does what about it by when.

use millwright_model::*;
use millwright_paper::{Align, Block, Column, Row};

use super::voice::Voice;
use super::words::{Language, filled};
use super::{Told, facts, heading, joined, voice_of, words};
use crate::EngineError;
use crate::engine::Inner;
use crate::use_case::brief::{escaped, fact, table};
use crate::use_case::exercise::report_of;

/// What a report's files are called, without their endings.
pub(crate) fn exercise_stem(report: &ExerciseReport) -> String {
    let letter = |sign: char| if sign.is_alphanumeric() { sign } else { '-' };
    format!("after-action-{}", report.title.chars().take(60).map(letter).collect::<String>())
}

pub(super) async fn told(engine: &Inner, voice: &Voice, id: ExerciseId) -> Result<Told, EngineError> {
    let report = report_of(engine, id).await?;
    let language = voice.language;
    let mut blocks = vec![facts(known(voice, &report))];
    if !report.objectives.is_empty() {
        blocks.push(words(language.objectives(), report.objectives.join("\n")));
    }
    for part in parts(voice, &report) {
        blocks.push(heading(part.title));
        blocks.push(part.block());
    }
    Ok(Told {
        stem: exercise_stem(&report),
        name: language.after_action().to_owned(),
        title: report.title.clone(),
        standing: standing(language, report.state).to_owned(),
        blocks,
        single_page: false,
    })
}

/// A report as Markdown, in the words of a language; nothing for that of whoever asks.
pub(crate) async fn exercise_markdown(
    engine: &Inner,
    report: &ExerciseReport,
    language: Option<String>,
) -> Result<String, EngineError> {
    Ok(markdown(&voice_of(engine, language).await?, report))
}

fn markdown(voice: &Voice, report: &ExerciseReport) -> String {
    let language = voice.language;
    let mut paragraphs = vec![format!("# {}: {}", language.after_action(), escaped(&report.title))];
    let known = known(voice, report).into_iter();
    let known = known.filter_map(|(name, value)| Some(fact(name, &value.filter(|said| !said.is_empty())?)));
    paragraphs.push(known.collect::<Vec<_>>().join("\n"));
    if !report.objectives.is_empty() {
        paragraphs.push(format!("## {}", language.objectives()));
        let line = |text: &String| format!("- {}", escaped(text));
        paragraphs.push(report.objectives.iter().map(line).collect::<Vec<_>>().join("\n"));
    }
    for part in parts(voice, report) {
        paragraphs.push(format!("## {}", part.title));
        let heads: Vec<&str> = part.columns.iter().map(|(head, _)| *head).collect();
        paragraphs.push(table(&heads, part.rows.into_iter()));
    }
    let made = joined([report.plant.clone(), voice.moment(report.made_at)]);
    paragraphs.push(escaped(&made));
    paragraphs.join("\n\n") + "\n"
}

fn known<'w>(voice: &Voice, report: &ExerciseReport) -> [(&'w str, Option<String>); 7] {
    let language = voice.language;
    let begun = report.started_at.is_some();
    [
        (language.scenario(), Some(report.scenario.clone())),
        (language.state(), Some(standing(language, report.state).to_owned())),
        (language.planned_for(), report.planned_on.map(|day| voice.day(day))),
        (language.started_at(), voice.moment_or_none(report.started_at)),
        (language.ended(), voice.moment_or_none(report.ended_at)),
        (language.exercise_time(), begun.then(|| exercise_time(report.lasted_ms))),
        (language.injects(), begun.then(|| counts(language, report))),
    ]
}

/// How the injects were met, in one line.
fn counts(language: Language, report: &ExerciseReport) -> String {
    let of = |met: InjectMet| report.injects.iter().filter(|inject| inject.met == Some(met)).count();
    let mut said: Vec<(usize, &str)> =
        InjectMet::ALL.iter().map(|met| (of(*met), met_word(language, *met))).collect();
    let unanswered = report.injects.iter().filter(|inject| inject.came && inject.met.is_none()).count();
    let not_played = report.injects.iter().filter(|inject| !inject.came).count();
    said.extend([(unanswered, language.unanswered()), (not_played, language.not_played())]);
    let said = said.into_iter().filter(|(count, _)| *count > 0);
    said.map(|(count, word)| format!("{count} {word}")).collect::<Vec<_>>().join(", ")
}

/// A table of a report; it is left out where it has no rows.
struct Part {
    title: &'static str,
    columns: Vec<(&'static str, f32)>,
    rows: Vec<Vec<String>>,
}

impl Part {
    fn block(self) -> Block {
        let column =
            |(head, share): (&str, f32)| Column { head: head.to_owned(), share, align: Align::Start };
        let row = |cells| Row { cells, strong: false };
        Block::Table {
            columns: self.columns.into_iter().map(column).collect(),
            rows: self.rows.into_iter().map(row).collect(),
        }
    }
}

fn parts(voice: &Voice, report: &ExerciseReport) -> Vec<Part> {
    let language = voice.language;
    let course = Part {
        title: language.course_of_exercise(),
        columns: vec![
            (language.step_number(), 0.7),
            (language.time(), 1.0),
            (language.inject(), 5.0),
            (language.expected_act(), 4.0),
            (language.act_taken(), 4.0),
            (language.met(), 1.8),
        ],
        rows: report.injects.iter().map(|inject| course_row(language, inject)).collect(),
    };
    let gaps = Part {
        title: language.gaps(),
        columns: vec![
            (language.step_number(), 0.7),
            (language.role(), 2.5),
            (language.expected_act(), 5.0),
            (language.act_taken(), 5.0),
            (language.met(), 1.8),
        ],
        rows: report.gaps().map(|inject| gap_row(language, inject)).collect(),
    };
    let roles = Part {
        title: language.roles(),
        columns: vec![(language.role(), 4.0), (language.played_by(), 4.0)],
        rows: report
            .roles
            .iter()
            .map(|role| vec![role.name.clone(), role.played_by.clone().unwrap_or_default()])
            .collect(),
    };
    let entries = |title, entries: &[ReportEntry]| Part {
        title,
        columns: vec![(language.time(), 1.0), (language.what(), 9.0), (language.who(), 3.5)],
        rows: entries
            .iter()
            .map(|entry| vec![exercise_time(entry.at_ms), about(entry), who(entry)])
            .collect(),
    };
    let actions = Part {
        title: language.improvement_actions(),
        columns: vec![
            (language.what(), 5.0),
            (language.because_of(), 4.5),
            (language.owner(), 3.0),
            (language.due(), 1.8),
            (language.state(), 1.7),
        ],
        rows: report.actions.iter().map(|action| action_row(voice, action)).collect(),
    };
    let all = [
        roles,
        course,
        gaps,
        entries(language.decisions(), &report.decisions),
        entries(language.went_well(), &report.strengths),
        entries(language.to_improve(), &report.to_improve),
        actions,
        entries(language.notes(), &report.notes),
    ];
    all.into_iter().filter(|part| !part.rows.is_empty()).collect()
}

fn course_row(language: Language, inject: &ReportInject) -> Vec<String> {
    let way = filled(language.inject_way(), &[("from", &inject.sender), ("to", &inject.role)]);
    vec![
        inject.number.to_string(),
        exercise_time(inject.at_ms),
        format!("{way}: {}", inject.message),
        inject.expected.clone(),
        acts(inject),
        met_said(language, inject).to_owned(),
    ]
}

fn gap_row(language: Language, inject: &ReportInject) -> Vec<String> {
    vec![
        inject.number.to_string(),
        inject.role.clone(),
        inject.expected.clone(),
        acts(inject),
        met_said(language, inject).to_owned(),
    ]
}

/// What was done about an inject, by whom and when.
fn acts(inject: &ReportInject) -> String {
    let act = |entry: &ReportEntry| {
        let by = [exercise_time(entry.at_ms), who(entry)];
        let by = by.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
        format!("{} ({by})", entry.text).trim_start().to_owned()
    };
    inject.responses.iter().map(act).collect::<Vec<_>>().join("\n")
}

fn about(entry: &ReportEntry) -> String {
    match entry.inject_number {
        Some(number) => format!("{} (#{number})", entry.text),
        None => entry.text.clone(),
    }
}

/// The role that acted, and who played it.
fn who(entry: &ReportEntry) -> String {
    match (&entry.role, &entry.played_by) {
        (Some(role), Some(person)) => format!("{role}: {person}"),
        (Some(role), None) => role.clone(),
        (None, _) => String::new(),
    }
}

fn action_row(voice: &Voice, action: &ReportAction) -> Vec<String> {
    let language = voice.language;
    vec![
        action.text.clone(),
        action.because.clone().unwrap_or_default(),
        action.owner.clone().unwrap_or_default(),
        action.due.map(|due| voice.day(due)).unwrap_or_default(),
        match action.done_at {
            Some(at) => filled(language.done_on(), &[("at", &voice.moment(at))]),
            None => language.open_action().to_owned(),
        },
    ]
}

fn met_said(language: Language, inject: &ReportInject) -> &'static str {
    match inject.met {
        Some(met) => met_word(language, met),
        None if inject.came => language.unanswered(),
        None => language.not_played(),
    }
}

fn met_word(language: Language, met: InjectMet) -> &'static str {
    match met {
        InjectMet::AsExpected => language.met_as_expected(),
        InjectMet::Better => language.met_better(),
        InjectMet::Partly => language.met_partly(),
        InjectMet::NotMet => language.met_not(),
    }
}

fn standing(language: Language, state: ExerciseState) -> &'static str {
    match state {
        ExerciseState::Planned => language.planned(),
        ExerciseState::Running | ExerciseState::Paused => language.under_way(),
        ExerciseState::Ended => language.ended(),
    }
}

/// Exercise time as `1:05`.
fn exercise_time(at_ms: i64) -> String {
    let minutes = at_ms / 60_000;
    format!("{}:{:02}", minutes / 60, minutes % 60)
}
