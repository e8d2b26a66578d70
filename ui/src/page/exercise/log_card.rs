//! The log of an exercise, the newest first, and new lines in it.

use leptos::prelude::*;
use millwright_model::{ExerciseEntry, ExerciseEntryKind, ExerciseView};

use super::desk::ExerciseDesk;
use super::entry_sheet::{EntryDraft, EntrySheet};
use crate::exercise_words as words;
use crate::icon::Glyph;
use crate::part::{Empty, Icon};
use crate::text;

/// What is written by a button of its own: responses are written where their inject stands.
const WRITTEN: [ExerciseEntryKind; 4] = [
    ExerciseEntryKind::Decision,
    ExerciseEntryKind::Strength,
    ExerciseEntryKind::Improve,
    ExerciseEntryKind::Note,
];

/// The card.
#[component]
pub(super) fn LogCard(desk: ExerciseDesk) -> impl IntoView {
    let log = Memo::new(move |_| desk.view.with(lines));
    let is_begun = Memo::new(move |_| desk.view.with(|view| view.clock.started_at.is_some()));
    let writing = RwSignal::new(None::<EntryDraft>);
    let buttons = WRITTEN.map(|kind| {
        view! { <button type="button" class="btn" data-test=format!("log-{}", words::entry_key(kind)) disabled=move || !is_begun.get() on:click=move |_| writing.set(Some(EntryDraft::of(kind)))><Icon glyph=Glyph::Plus/>{words::entry_kind(kind)}</button> }
    });
    view! {
        <section class="card" data-test="exercise-log"><h2>{text::exercise_log()}</h2>
            <div class="acts">{buttons}</div>
            <div class="rows">
                {move || log.with(Vec::is_empty).then(|| view! { <Empty says=text::exercise_log_empty()/> })}
                {move || log.get().into_iter().map(|line| row(line, writing)).collect_view()}</div></section>
        {move || writing.get().map(|draft| view! { <EntrySheet desk draft close=Callback::new(move |()| writing.set(None))/> })}
    }
}

/// A line as it is shown.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    entry: ExerciseEntry,
    /// Inject, role and who played it.
    about: String,
    is_corrected: bool,
}

/// All lines, the newest first.
fn lines(view: &ExerciseView) -> Vec<Line> {
    let line = |entry: &ExerciseEntry| Line {
        about: about(view, entry),
        is_corrected: view.is_corrected(entry.exercise_entry_id),
        entry: entry.clone(),
    };
    view.log.iter().rev().map(line).collect()
}

/// Inject, role and who played it, as far as they are known.
pub(super) fn about(view: &ExerciseView, entry: &ExerciseEntry) -> String {
    let number =
        entry.inject_id.and_then(|id| view.inject(id)).map(|(number, _)| text::exercise_number(number));
    let role = entry.role_id.map(|role_id| words::role(view, role_id));
    let player = view.name(entry.played_by).map(str::to_owned);
    [number, role, player].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn row(line: Line, writing: RwSignal<Option<EntryDraft>>) -> impl IntoView {
    let Line { entry, about, is_corrected } = line;
    let draft = EntryDraft::correcting(&entry);
    let kind = match entry.met {
        Some(met) => words::met(met),
        None => words::entry_kind(entry.entry_kind),
    };
    let look = if is_corrected { "tag" } else { words::met_look(entry.met) };
    let more = [words::time(entry.at_ms), about];
    let more = more.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    view! {
        <div class="row fit" class:struck=is_corrected data-test=format!("log-line-{}", entry.text)>
            <span class="grow"><span class=look>{kind}</span>" "<span class="pre said">{entry.text.clone()}</span>
                <div class="muted small">{more}{is_corrected.then(|| format!(" · {}", text::exercise_entry_corrected()))}</div></span>
            {(!is_corrected).then(|| view! { <button type="button" class="btn tight" aria-label=text::exercise_entry_correct() data-test="entry-correct" on:click=move |_| writing.set(Some(draft.clone()))><Icon glyph=Glyph::Pencil/></button> })}
        </div>
    }
}
