//! The brief on two pages of A4.

use std::sync::Arc;

use millwright_model::*;
use millwright_paper::{Block, Furniture, Paper, Photo, Row, Written, write_pdf};

use super::picture::{Picture, distributions, strongest, tornado};
use super::say::{Say, readable};
use super::{BriefFault, OPTIONS_MAX, Reader, told_options};
use crate::use_case::paper::words::filled;
use crate::use_case::paper::{facts, heading, made, row, table, words};

/// As large as two pictures stand beside each other, in points, and how many pixels each of these has.
const PICTURE: (u32, u32) = (330, 200);
const SCALE: u32 = 4;
/// So many columns of the table of options have room on a page.
const PAGE_COLUMNS: usize = 7;
/// So many signposts stand on the first page.
const SIGNPOSTS_MAX: usize = 6;

/// Writes a brief as PDF: what comes of it on the first page, on what it stands on the second.
///
/// # Errors
/// When the document cannot be written.
pub fn pdf(brief: &ScenarioBrief, reader: &Reader) -> Result<Written, BriefFault> {
    let say = Say::new(&reader.language, &reader.zone);
    let mut blocks = vec![head(brief, &say)];
    if !brief.question.is_empty() {
        blocks.push(words("", brief.question.clone()));
    }
    blocks.extend(results(brief, &say));
    blocks.extend(pictures(brief, &say));
    blocks.push(words("", strongest(brief, &say)));
    blocks.extend(decision(brief, &say));
    blocks.extend(signposts(brief, &say));
    blocks.push(Block::PageBreak);
    blocks.push(heading(say.words.assumptions()));
    blocks.push(assumptions(brief, &say));
    if !brief.picture.is_truth {
        blocks.push(words("", say.words.how_to_read()));
    }
    let standing =
        if brief.decided.is_some() { say.words.decided_standing() } else { say.words.open_standing() };
    let paper = Paper {
        name: say.words.scenario().to_owned(),
        title: brief.name.clone(),
        owner: brief.plant.clone(),
        standing: standing.to_owned(),
        made_words: filled(say.words.made(), &[("at", &say.voice.moment(brief.made_at))]),
        made: made(brief.made_at),
        language: say.voice.language.tag().to_owned(),
        blocks,
        furniture: Furniture {
            page: say.words.page().to_owned(),
            left_out: say.words.left_out().to_owned(),
            replaced: say.words.replaced().to_owned(),
            no_photo: say.words.no_picture().to_owned(),
        },
        single_page: false,
    };
    Ok(write_pdf(&paper)?)
}

fn head(brief: &ScenarioBrief, say: &Say) -> Block {
    facts([
        (say.words.baseline(), Some(super::page::baseline(brief, say))),
        (say.words.compared_by(), Some(compared_by(brief, say))),
        (say.words.trials(), Some(say.given(brief.picture.trials as f64))),
    ])
}

/// When the figures of the plant were taken.
pub(super) fn baseline(brief: &ScenarioBrief, say: &Say) -> String {
    match &brief.baseline {
        Some(baseline) => say.at_by(baseline.taken_at, baseline.taken_by.as_deref()),
        None => say.words.no_baseline().to_owned(),
    }
}

/// The result that options are compared by, and which of two is better.
pub(super) fn compared_by(brief: &ScenarioBrief, say: &Say) -> String {
    let result = say.result(&brief.picture);
    match brief.picture.lower_is_better {
        Some(true) => filled(say.words.lower_better(), &[("result", &result)]),
        Some(false) => filled(say.words.higher_better(), &[("result", &result)]),
        None => result,
    }
}

/// The heads of the table of options.
pub(super) fn option_heads(brief: &ScenarioBrief, say: &Say) -> Vec<&'static str> {
    let words = say.words;
    if brief.picture.is_truth {
        return vec![words.option(), words.yes_in(), words.regret(), words.best_share()];
    }
    vec![
        words.option(),
        words.p5(),
        words.p50(),
        words.p95(),
        words.mean(),
        words.regret(),
        words.regret_most(),
        words.best_share(),
    ]
}

/// The rows of the table of options, and whether each is the best one.
pub(super) fn option_rows(brief: &ScenarioBrief, say: &Say) -> Vec<(Vec<String>, bool)> {
    let picture = &brief.picture;
    let told = told_options(picture, OPTIONS_MAX);
    told.into_iter()
        .filter_map(|place| picture.options.get(place).map(|option| (place, option)))
        .map(|(place, option)| {
            let figure = |value: f64| say.of_result(picture, value);
            let name = say.choice(&option.choice);
            let cells = if picture.is_truth {
                vec![name, figure(option.mean), figure(option.regret_mean), say.percent(option.best_share)]
            } else {
                vec![
                    name,
                    figure(option.p5),
                    figure(option.p50),
                    figure(option.p95),
                    figure(option.mean),
                    figure(option.regret_mean),
                    figure(option.regret_most),
                    say.percent(option.best_share),
                ]
            };
            (cells, place == picture.best as usize)
        })
        .collect()
}

/// What is said under the table of options: how many more there are, which is best.
pub(super) fn option_words(brief: &ScenarioBrief, say: &Say) -> Vec<String> {
    let picture = &brief.picture;
    let mut said = vec![];
    let more = picture.options.len().saturating_sub(OPTIONS_MAX);
    if more > 0 {
        said.push(filled(say.words.more_options(), &[("count", &more.to_string())]));
    }
    let named = |place: u32| picture.options.get(place as usize).map(|option| say.choice(&option.choice));
    if let (true, Some(best), Some(careful)) =
        (picture.options.len() > 1, named(picture.best), named(picture.least_regret))
    {
        let worth = say.of_result(picture, picture.perfect_information);
        let worth = if picture.is_truth { worth } else { format!("{worth} {}", picture.unit) };
        let values = [("option", best.as_str()), ("careful", &careful), ("worth", worth.trim_end())];
        said.push(filled(say.words.best_says(), &values));
    }
    said
}

fn results(brief: &ScenarioBrief, say: &Say) -> Vec<Block> {
    // A page is narrower than a slide: how often an option is the best one stands there.
    let columns = option_heads(brief, say).into_iter().take(PAGE_COLUMNS).enumerate().map(|(place, head)| {
        let (share, align) = match place {
            0 => (3.2, millwright_paper::Align::Start),
            _ => (1.8, millwright_paper::Align::End),
        };
        millwright_paper::Column { head: head.to_owned(), share, align }
    });
    let rows = option_rows(brief, say).into_iter().map(|(mut cells, strong)| {
        cells.truncate(PAGE_COLUMNS);
        Row { cells, strong }
    });
    vec![
        heading(say.words.results()),
        Block::Table { columns: columns.collect(), rows: rows.collect() },
        words("", option_words(brief, say).join(" ")),
    ]
}

fn pictures(brief: &ScenarioBrief, say: &Say) -> Vec<Block> {
    let photo = |picture: Picture| Photo {
        bytes: Some(Arc::new(picture.png)),
        caption: picture.caption,
        drawn: vec![],
    };
    let both = [distributions(brief, say, PICTURE, SCALE), tornado(brief, say, PICTURE, SCALE)];
    let photos: Vec<Photo> = both.into_iter().flatten().map(photo).collect();
    if photos.is_empty() { vec![] } else { vec![Block::Photos(photos)] }
}

fn decision(brief: &ScenarioBrief, say: &Say) -> Vec<Block> {
    let mut blocks = vec![heading(say.words.decision())];
    let Some(decided) = &brief.decided else {
        blocks.push(words("", say.words.undecided()));
        return blocks;
    };
    blocks.push(Block::Notice(say.choice(&decided.choice)));
    blocks.push(facts([
        (say.words.decided(), Some(say.at_by(decided.decided_at, decided.decided_by.as_deref()))),
        (say.words.owner(), decided.owner.clone()),
        (say.words.review(), decided.review_on.map(|day| say.voice.day(day))),
    ]));
    if !decided.reason.is_empty() {
        blocks.push(words(say.words.reason(), decided.reason.clone()));
    }
    if !decided.outcomes.is_empty() {
        blocks.push(words(say.words.came(), outcomes(decided, say).join("\n")));
    }
    blocks
}

/// What came of a decision, a line for each result.
pub(super) fn outcomes(decided: &BriefDecision, say: &Say) -> Vec<String> {
    let line = |outcome: &BriefOutcome| {
        let came = format!("{} {}", say.figure(outcome.came), outcome.unit);
        let came = filled(
            say.words.came_says(),
            &[("result", &readable(&outcome.result)), ("came", came.trim_end())],
        );
        let where_ = if outcome.is_within_ninety_percent { say.words.within() } else { say.words.beyond() };
        format!("{came} ({where_}; {})", say.voice.moment(outcome.told_at))
    };
    decided.outcomes.iter().map(line).collect()
}

/// The rows of the table of signposts: what each means, the tag, the threshold, how it stands.
pub(super) fn signpost_rows(brief: &ScenarioBrief, say: &Say) -> Vec<[String; 4]> {
    let line = |signpost: &BriefSignpost| {
        [
            signpost.name.clone(),
            signpost.tag.clone().unwrap_or_default(),
            say.threshold(signpost),
            say.signpost_stands(signpost),
        ]
    };
    brief.signposts.iter().map(line).collect()
}

fn signposts(brief: &ScenarioBrief, say: &Say) -> Vec<Block> {
    let mut blocks = vec![heading(say.words.signposts())];
    if brief.signposts.is_empty() {
        blocks.push(words("", say.words.no_signposts()));
        return blocks;
    }
    let columns = [
        (say.words.meaning(), 5.0),
        (say.words.tag(), 2.5),
        (say.words.threshold(), 3.0),
        (say.words.standing(), 3.0),
    ];
    let rows = signpost_rows(brief, say).into_iter().take(SIGNPOSTS_MAX).map(row).collect();
    blocks.push(table(columns, rows));
    let more = brief.signposts.len().saturating_sub(SIGNPOSTS_MAX);
    if more > 0 {
        blocks.push(words("", filled(say.words.left_out(), &[("count", &more.to_string())])));
    }
    blocks
}

/// The rows of the table of assumptions: figure and question, answer, unit, where it comes from, what is remarked.
pub(super) fn assumption_rows(brief: &ScenarioBrief, say: &Say) -> Vec<[String; 5]> {
    let line = |assumption: &BriefAssumption| {
        let figure = readable(&assumption.name);
        let asked = if assumption.question.is_empty() {
            figure
        } else {
            format!("{figure}: {}", assumption.question)
        };
        [
            asked,
            say.answer(&assumption.answer),
            assumption.unit.clone(),
            say.origin(assumption),
            assumption.remarks.join(" "),
        ]
    };
    brief.assumptions.iter().map(line).collect()
}

fn assumptions(brief: &ScenarioBrief, say: &Say) -> Block {
    let has_remarks = brief.assumptions.iter().any(|assumption| !assumption.remarks.is_empty());
    let columns = [
        (say.words.figure(), 5.5),
        (say.words.answer(), 2.6),
        (say.words.unit(), 1.6),
        (say.words.origin(), 2.6),
        // Where nothing is remarked, the others have the room.
        (say.words.remarks(), if has_remarks { 2.6 } else { 1.4 }),
    ];
    table(columns, assumption_rows(brief, say).into_iter().map(row).collect())
}
