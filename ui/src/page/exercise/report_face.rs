//! An exercise looked back on: what was to happen and what did, what went well and what is to be improved, and the report.

use leptos::prelude::*;
use millwright_model::{
    ExerciseEntryKind, ExerciseInject, ExerciseReportForm, ExerciseReportWrite, ExerciseView, FileBytes,
    FileSave, InjectMet, PaperSubject,
};

use super::action_sheet::ActionDraft;
use super::actions_card::ActionsCard;
use super::desk::ExerciseDesk;
use super::entry_sheet::{EntryDraft, EntrySheet};
use super::log_card::{LogCard, about};
use crate::exercise_words as words;
use crate::icon::Glyph;
use crate::part::{Empty, Icon, OnPaper, save_file};
use crate::session::Session;
use crate::text;

/// The face.
#[component]
pub(super) fn ReportFace(desk: ExerciseDesk) -> impl IntoView {
    let is_begun = Memo::new(move |_| desk.view.with(|view| view.clock.started_at.is_some()));
    let acting = RwSignal::new(None::<ActionDraft>);
    move || {
        if !is_begun.get() {
            return view! { <section class="card"><p class="muted">{text::exercise_not_begun()}</p></section> }
                .into_any();
        }
        view! {
            <div class="stack">
                <Summary desk/>
                <ActionsCard desk acting/>
                <Course desk acting/>
                <div class="cols even">
                    <Seen desk kind=ExerciseEntryKind::Strength title=text::exercise_strengths() acting/>
                    <Seen desk kind=ExerciseEntryKind::Improve title=text::exercise_improves() acting/></div>
                <Seen desk kind=ExerciseEntryKind::Decision title=text::exercise_decisions() acting/>
                <LogCard desk/>
            </div>
        }
        .into_any()
    }
}

/// How it went in figures, and the report.
#[component]
fn Summary(desk: ExerciseDesk) -> impl IntoView {
    let busy = RwSignal::new(false);
    let exercise_id = desk.exercise_id();
    let tiles = Memo::new(move |_| desk.view.with(tiles));
    let save = move |form: ExerciseReportForm| {
        let language = Some(text::language().tag().to_owned());
        let file_of =
            |file: FileBytes| FileSave { file_name: file.file_name, bytes_base64: file.bytes_base64 };
        save_file(ExerciseReportWrite { exercise_id, form, language }, file_of, busy);
    };
    let others = [
        (ExerciseReportForm::Markdown, "report-markdown", text::exercise_report_markdown(), text::format_markdown()),
        (ExerciseReportForm::Json, "report-json", text::exercise_report_json(), text::format_json()),
    ]
    .map(|(form, test, label, name)| {
        view! { <button type="button" class="btn" aria-label=label data-test=test disabled=busy on:click=move |_| save(form)><Icon glyph=Glyph::FileDown/>{name}</button> }
    });
    view! {
        <section class="card" data-test="exercise-report"><div class="head"><h2 class="grow">{text::exercise_report()}" "<span class="muted">{move || text::exercise_lasted(words::clock(desk.read_ms.get()))}</span></h2>
            <div class="acts"><OnPaper subject=Signal::derive(move || PaperSubject::Exercise { exercise_id })/>{others}</div></div>
            <div class="tiles">{move || tiles.get().into_iter().map(|(count, name, look)| view! { <div class="tile"><span class=look>{name}</span><span class="num">{count}</span></div> }).collect_view()}</div></section>
    }
}

/// How many injects were met how.
fn tiles(view: &ExerciseView) -> Vec<(usize, &'static str, &'static str)> {
    let now = Session::here().now.get_untracked();
    let mut tiles: Vec<_> = InjectMet::ALL
        .map(|met| (view.met_count(met), words::met(met), words::met_look(Some(met))))
        .into_iter()
        .collect();
    let open = view.came(now).filter(|inject| view.met(inject.exercise_inject_id).is_none()).count();
    let not_played = view.injects.len() - view.came(now).count();
    tiles.extend([(open, text::met_open(), "tag"), (not_played, text::met_not_played(), "tag")]);
    tiles.into_iter().filter(|(count, ..)| *count > 0).collect()
}

/// An inject beside what was done about it.
#[derive(Clone, Debug, PartialEq)]
struct Held {
    number: usize,
    inject: ExerciseInject,
    way: String,
    done: Vec<String>,
    met: Option<InjectMet>,
    came: bool,
    /// What an action is made of, where something was missing.
    gap: Option<ActionDraft>,
}

fn held(view: &ExerciseView) -> Vec<Held> {
    let now = Session::here().now.get_untracked();
    let one = |(place, inject): (usize, &ExerciseInject)| {
        let id = inject.exercise_inject_id;
        let met = view.met(id);
        let came = view.clock.has_come(inject, now);
        let last = view.responses(id).last();
        let gap = met.map_or(came, InjectMet::is_gap).then(|| ActionDraft {
            exercise_action_id: None,
            text: String::new(),
            entry_id: last.map(|entry| entry.exercise_entry_id),
            owner: None,
            due: None,
        });
        Held {
            number: place + 1,
            way: text::exercise_from_to(&inject.sender, words::role(view, inject.role_id)),
            done: view
                .responses(id)
                .map(|entry| {
                    let by = about(view, entry);
                    let said = if entry.text.is_empty() { String::new() } else { format!("{} ", entry.text) };
                    format!("{said}({} · {by})", words::time(entry.at_ms))
                })
                .collect(),
            inject: inject.clone(),
            met,
            came,
            gap,
        }
    };
    view.injects.iter().enumerate().map(one).collect()
}

#[component]
fn Course(desk: ExerciseDesk, acting: RwSignal<Option<ActionDraft>>) -> impl IntoView {
    let all = Memo::new(move |_| desk.view.with(held));
    let row = move |held: Held| {
        let Held { number, inject, way, done, met, came, gap } = held;
        let how = match met {
            Some(met) => words::met(met),
            None if came => text::met_open(),
            None => text::met_not_played(),
        };
        let expected = if inject.expected.is_empty() {
            text::exercise_nothing_expected().to_owned()
        } else {
            inject.expected
        };
        view! {
            <div class="inject-row" data-test=format!("review-{number}")>
                <div class="inject-when"><b>{words::time(inject.at_ms)}</b><span class="muted small">{text::exercise_number(number)}</span></div>
                <div class="inject-says"><span class="muted small">{way}</span><span class="pre">{inject.message}</span></div>
                <div class="inject-expects stack tight"><span class="small pre">{text::exercise_expected(expected)}</span>
                    {done.into_iter().map(|said| view! { <span class="pre">{said}</span> }).collect_view()}
                    <div class="tags"><span class=words::met_look(met)>{how}</span></div></div>
                <div class="inject-moves">{gap.map(|gap| view! { <button type="button" class="btn tight" aria-label=text::exercise_make_action() title=text::exercise_make_action() data-test=format!("review-{number}-action") on:click=move |_| acting.set(Some(gap.clone()))><Icon glyph=Glyph::ListChecks/></button> })}</div>
            </div>
        }
    };
    view! {
        <section class="card" data-test="exercise-course"><h2>{text::exercise_review()}</h2>
            <div class="rows">{move || all.get().into_iter().map(row).collect_view()}</div></section>
    }
}

/// What of the log is of one kind, and a way to add to it.
#[component]
fn Seen(
    desk: ExerciseDesk,
    kind: ExerciseEntryKind,
    title: &'static str,
    acting: RwSignal<Option<ActionDraft>>,
) -> impl IntoView {
    let entries = Memo::new(move |_| {
        desk.view.with(|view| {
            view.standing(kind).map(|entry| (entry.clone(), about(view, entry))).collect::<Vec<_>>()
        })
    });
    let writing = RwSignal::new(None::<EntryDraft>);
    let is_gap = kind == ExerciseEntryKind::Improve;
    let row = move |(entry, about): (millwright_model::ExerciseEntry, String)| {
        let draft = ActionDraft {
            exercise_action_id: None,
            text: String::new(),
            entry_id: Some(entry.exercise_entry_id),
            owner: None,
            due: None,
        };
        let more = [words::time(entry.at_ms), about];
        let more = more.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
        view! {
            <div class="row fit"><span class="grow"><span class="pre">{entry.text}</span><div class="muted small">{more}</div></span>
                {is_gap.then(|| view! { <button type="button" class="btn tight" aria-label=text::exercise_make_action() title=text::exercise_make_action() data-test="improve-action" on:click=move |_| acting.set(Some(draft.clone()))><Icon glyph=Glyph::ListChecks/></button> })}</div>
        }
    };
    view! {
        <section class="card" data-test=format!("seen-{}", words::entry_key(kind))><div class="head"><h2 class="grow">{title}</h2>
            <button type="button" class="btn tight" aria-label=text::exercise_observe() data-test=format!("seen-{}-add", words::entry_key(kind)) on:click=move |_| writing.set(Some(EntryDraft::of(kind)))><Icon glyph=Glyph::Plus/></button></div>
            <div class="rows">
                {move || entries.with(Vec::is_empty).then(|| view! { <Empty says=text::exercise_none_yet()/> })}
                {move || entries.get().into_iter().map(row).collect_view()}</div></section>
        {move || writing.get().map(|draft| view! { <EntrySheet desk draft close=Callback::new(move |()| writing.set(None))/> })}
    }
}
