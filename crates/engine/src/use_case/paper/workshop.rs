//! A workshop's board on paper, as slides and as Markdown: frames with votes and weights, pairs, actions, and last year beside it.

use std::collections::BTreeMap;

use millwright_documents::workshop::{MarkdownWords, score, to_markdown};
use millwright_model::*;
use millwright_paper::Block;

use super::voice::Voice;
use super::words::{Language, filled};
use super::{
    BoardTold, Told, board_pptx, facts, heading, joined, refused_file, row, section, voice_of, words,
};
use crate::EngineError;
use crate::engine::Inner;
use crate::use_case::brief::Reader;
use crate::use_case::workshop::view_of;

/// What a board's files are called, without their endings.
pub(crate) fn workshop_stem(view: &WorkshopView) -> String {
    let title: String = view.board.title.chars().take(60).collect();
    format!("workshop-{title}")
}

/// A board as Markdown, in the words of a language; nothing for that of whoever asks.
pub(crate) async fn workshop_markdown(
    engine: &Inner,
    view: &WorkshopView,
    language: Option<String>,
) -> Result<String, EngineError> {
    let voice = voice_of(engine, language).await?;
    let language = voice.language;
    let people = view.board.actions.iter().filter_map(|action| action.owner);
    let people: BTreeMap<PersonId, String> =
        people.filter_map(|owner| Some((owner, engine.people.name(Some(owner))?))).collect();
    let words = MarkdownWords {
        frames: FrameKind::SWOT
            .into_iter()
            .map(|kind| (kind.key().to_owned(), frame_word(language, kind).to_owned()))
            .collect(),
        votes: language.votes().to_owned(),
        weight: language.weight().to_owned(),
        item: language.note().to_owned(),
        totals: language.totals().to_owned(),
        internal_total: language.internal_total().to_owned(),
        external_total: language.external_total().to_owned(),
        consistency: language.consistency().to_owned(),
        ties: language.ties().to_owned(),
        strategies: language.strategies().to_owned(),
        actions: language.actions().to_owned(),
        owner: language.who().to_owned(),
        due: language.due().to_owned(),
        people,
        decimal: match language {
            Language::English => '.',
            Language::German => ',',
        },
    };
    Ok(to_markdown(&view.board, &score(&view.board), &words))
}

/// A board as slides, in the words of a language; nothing for that of whoever asks.
pub(crate) async fn workshop_slides(
    engine: &Inner,
    view: WorkshopView,
    language: Option<String>,
) -> Result<Vec<u8>, EngineError> {
    let voice = voice_of(engine, language).await?;
    let reader = Reader { language: voice.language.tag().to_owned(), zone: voice.zone };
    let plant: String = engine.database.read().await?.setting("plant_name").await?.unwrap_or_default();
    let told = BoardTold::of_view(view, plant, engine.now());
    let written =
        tokio::task::spawn_blocking(move || board_pptx(&told, &reader).map(|written| written.bytes));
    written
        .await
        .map_err(EngineError::internal)?
        .map_err(|fault| refused_file(FileFault::NotWritten { reason: fault.to_string() }))
}

pub(super) async fn told(engine: &Inner, voice: &Voice, id: WorkshopId) -> Result<Told, EngineError> {
    let view = view_of(engine, id).await?;
    let (board, language) = (&view.board, voice.language);
    let named = |role: fn(WorkshopRole) -> bool| {
        let people = view.people.iter().filter(|one| role(one.role));
        people.filter_map(|one| one.name.clone()).collect::<Vec<_>>().join(", ")
    };
    let mut blocks = vec![facts([
        (language.held_on(), view.workshop.held_on.map(|day| voice.day(day))),
        (language.led_by(), Some(named(|role| role == WorkshopRole::Facilitator))),
        (language.took_part(), Some(named(|role| role < WorkshopRole::Facilitator))),
        (language.ended(), voice.moment_or_none(view.workshop.ended_at)),
        (language.internal_total(), view.scores.internal.total.map(|total| decimal(voice, total, 2))),
        (language.external_total(), view.scores.external.total.map(|total| decimal(voice, total, 2))),
    ])];
    for frame in &board.frames {
        blocks.extend(frame_blocks(voice, &view, frame));
    }
    blocks.extend(strategy_blocks(voice, &view));
    let action = |action: &BoardAction| {
        let owner = action.owner.map(|owner| engine.people.name(Some(owner)));
        row([
            action.text.clone(),
            owner.map(|name| voice.person(name.as_deref())).unwrap_or_default(),
            action.due.map(|due| voice.day(due)).unwrap_or_default(),
            if action.done { language.action_done() } else { "" }.to_owned(),
        ])
    };
    blocks.extend(section(
        language.actions(),
        [(language.actions(), 6.0), (language.who(), 3.0), (language.due(), 2.0), (language.state(), 1.5)],
        board.actions.iter().map(action).collect(),
    ));
    blocks.extend(year_blocks(voice, &view));
    Ok(Told {
        stem: workshop_stem(&view),
        name: language.workshop().to_owned(),
        title: board.title.clone(),
        standing: match view.workshop.ended_at {
            Some(_) => language.ended(),
            None => language.under_way(),
        }
        .to_owned(),
        blocks,
        single_page: false,
    })
}

fn frame_word(language: Language, kind: FrameKind) -> &'static str {
    match kind {
        FrameKind::Strengths => language.strengths(),
        FrameKind::Weaknesses => language.weaknesses(),
        FrameKind::Opportunities => language.opportunities(),
        FrameKind::Threats => language.threats(),
        FrameKind::Other => "",
    }
}

pub(super) fn frame_name(language: Language, board: &Board, key: &str) -> String {
    match FrameKind::of(key) {
        FrameKind::Other => {
            board.frames.iter().find(|frame| frame.key == key).map_or(key, |frame| &frame.title).to_owned()
        }
        kind => frame_word(language, kind).to_owned(),
    }
}

pub(super) fn decimal(voice: &Voice, number: f64, digits: usize) -> String {
    let said = format!("{number:.digits$}");
    match voice.language {
        Language::English => said,
        Language::German => said.replace('.', ","),
    }
}

/// The items of a frame with the notes behind them, the most votes first.
fn frame_blocks(voice: &Voice, view: &WorkshopView, frame: &BoardFrame) -> Vec<Block> {
    let (board, language) = (&view.board, voice.language);
    let mut items: Vec<&BoardItem> = board.items.iter().filter(|item| item.frame == frame.key).collect();
    items.sort_by_key(|item| std::cmp::Reverse(item.votes));
    let mut rows = Vec::new();
    for item in items {
        let weight = view.weight(item.item_id).map(|weight| decimal(voice, weight, 3));
        rows.push(row([
            item.text.clone(),
            item.votes.to_string(),
            weight.unwrap_or_default(),
            item.rating.map(|rating| rating.to_string()).unwrap_or_default(),
        ]));
        let cluster = board.clusters.iter().find(|cluster| cluster.cluster_id.0 == item.item_id.0);
        let notes = cluster.iter().flat_map(|cluster| &cluster.notes).filter_map(|id| board.note(*id));
        rows.extend(notes.map(|note| {
            row([format!("\u{2013} {}", note.text), String::new(), String::new(), String::new()])
        }));
    }
    section(
        &frame_name(language, board, &frame.key),
        [
            (language.note(), 7.0),
            (language.votes(), -1.2),
            (language.weight(), -1.2),
            (language.rating(), -1.2),
        ],
        rows,
    )
}

fn strategy_blocks(voice: &Voice, view: &WorkshopView) -> Vec<Block> {
    let (board, language) = (&view.board, voice.language);
    let text = |item_id| board.item(item_id).map(|item| item.text.clone()).unwrap_or_default();
    let line = |strategy: &BoardStrategy| {
        let total = view.scores.strategies.iter().find(|one| one.strategy_id == strategy.strategy_id);
        row([
            strategy.text.clone(),
            joined([text(strategy.internal), text(strategy.external)]),
            total.map(|one| decimal(voice, one.total, 2)).unwrap_or_default(),
        ])
    };
    section(
        language.strategies(),
        [(language.strategies(), 5.0), (language.pair(), 5.0), (language.total(), -1.5)],
        board.strategies.iter().map(line).collect(),
    )
}

fn year_blocks(voice: &Voice, view: &WorkshopView) -> Vec<Block> {
    let Some(years) = &view.years else { return Vec::new() };
    let title = filled(voice.language.compared_with(), &[("title", &years.title_before)]);
    let mut blocks = vec![heading(&title)];
    blocks.extend(
        year_lines(voice, &view.board, years).into_iter().map(|(head, lines)| words(head, lines.join("\n"))),
    );
    blocks
}

/// What is there again, what is new and what is gone since last year, each with its head.
pub(super) fn year_lines(
    voice: &Voice,
    board: &Board,
    years: &WorkshopYears,
) -> [(&'static str, Vec<String>); 3] {
    let language = voice.language;
    let text = |item_id| board.item(item_id).map(|item| item.text.clone());
    let kept = years.kept.iter().filter_map(|kept| {
        let said = text(kept.item_id)?;
        let was = frame_name(language, board, &kept.frame_before);
        Some(if kept.moved {
            filled(language.moved_from(), &[("text", &said), ("frame", &was)])
        } else {
            said
        })
    });
    [
        (language.there_again(), kept.collect()),
        (language.new_since(), years.new.iter().filter_map(|item_id| text(*item_id)).collect()),
        (language.gone_since(), years.gone.iter().map(|gone| gone.text.clone()).collect()),
    ]
}
