//! The brief as slides.

use std::sync::Arc;

use millwright_model::*;
use millwright_slides::{Align, Block, Column, Deck, Furniture, Made, Row, Slide, Written, write_pptx};

use super::page::{
    assumption_rows, baseline, compared_by, option_heads, option_rows, option_words, outcomes, signpost_rows,
};
use super::picture::{Picture, distributions, strongest, tornado};
use super::say::Say;
use super::{BriefFault, Reader};
use crate::use_case::paper::made;
use crate::use_case::paper::words::filled;

/// A picture over the width of a slide, in pixels of a screen, and how many pixels of the picture each of them has.
const WIDE: (u32, u32) = (760, 250);
const LARGE: (u32, u32) = (760, 340);
const SCALE: u32 = 2;

/// Writes a brief as PPTX.
///
/// # Errors
/// When it has more than a deck holds, or the deck cannot be written.
pub fn pptx(brief: &ScenarioBrief, reader: &Reader) -> Result<Written, BriefFault> {
    let say = Say::new(&reader.language, &reader.zone);
    let at = say.voice.moment(brief.made_at);
    let foot = [brief.plant.clone(), brief.name.clone(), filled(say.words.made(), &[("at", &at)])];
    let foot = foot.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" \u{b7} ");
    let when = made(brief.made_at);
    let deck = Deck {
        title: format!("{}: {}", say.words.scenario(), brief.name),
        owner: brief.plant.clone(),
        made: Made {
            year: when.year,
            month: when.month,
            day: when.day,
            hour: when.hour,
            minute: when.minute,
            second: when.second,
        },
        language: say.voice.language.tag().to_owned(),
        furniture: Furniture { foot, goes_on: say.words.goes_on().to_owned() },
        slides: vec![
            beginning(brief, &say),
            results(brief, &say),
            moves(brief, &say),
            decided(brief, &say),
            assumptions(brief, &say),
        ],
    };
    Ok(write_pptx(&deck)?)
}

fn beginning(brief: &ScenarioBrief, say: &Say) -> Slide {
    let mut blocks = vec![];
    if !brief.question.is_empty() {
        blocks.push(Block::Text(brief.question.clone()));
    }
    let fact = |name: &str, value: String| format!("{name}: {value}");
    let mut bullets = vec![
        fact(say.words.baseline(), baseline(brief, say)),
        fact(say.words.compared_by(), compared_by(brief, say)),
    ];
    bullets.push(match &brief.decided {
        Some(decided) => fact(say.words.decision(), say.choice(&decided.choice)),
        None => say.words.undecided().to_owned(),
    });
    blocks.push(Block::Bullets(bullets));
    Slide { title: brief.name.clone(), blocks, notes: String::new() }
}

fn results(brief: &ScenarioBrief, say: &Say) -> Slide {
    let columns = option_heads(brief, say).into_iter().enumerate().map(|(place, head)| Column {
        head: head.to_owned(),
        share: if place == 0 { 3.6 } else { 1.4 },
        align: if place == 0 { Align::Start } else { Align::End },
    });
    let rows = option_rows(brief, say).into_iter().map(|(cells, strong)| Row { cells, strong }).collect();
    let mut blocks = vec![Block::Table { columns: columns.collect(), rows }];
    blocks.extend(distributions(brief, say, WIDE, SCALE).map(pictured));
    let mut notes = option_words(brief, say);
    notes.push(say.words.how_to_read().to_owned());
    let notes = notes.join("\n");
    Slide { title: say.words.results().to_owned(), blocks, notes }
}

fn pictured(picture: Picture) -> Block {
    let (png, says, caption) = (Arc::new(picture.png), picture.says, picture.caption);
    Block::Pictures(vec![millwright_slides::Picture { png, says, caption }])
}

fn moves(brief: &ScenarioBrief, say: &Say) -> Slide {
    let mut blocks = vec![Block::Text(strongest(brief, say))];
    blocks.extend(tornado(brief, say, LARGE, SCALE).map(pictured));
    Slide { title: say.words.moves().to_owned(), blocks, notes: String::new() }
}

fn decided(brief: &ScenarioBrief, say: &Say) -> Slide {
    let mut blocks = vec![];
    match &brief.decided {
        None => blocks.push(Block::Text(say.words.undecided().to_owned())),
        Some(decided) => {
            blocks.push(Block::Strong(say.choice(&decided.choice)));
            let fact = |name: &str, value: String| format!("{name}: {value}");
            let mut bullets =
                vec![fact(say.words.decided(), say.at_by(decided.decided_at, decided.decided_by.as_deref()))];
            bullets.extend(decided.owner.clone().map(|owner| fact(say.words.owner(), owner)));
            bullets.extend(decided.review_on.map(|day| fact(say.words.review(), say.voice.day(day))));
            bullets.extend(outcomes(decided, say));
            blocks.push(Block::Bullets(bullets));
            if !decided.reason.is_empty() {
                blocks.push(Block::Text(decided.reason.clone()));
            }
        }
    }
    let rows = signpost_rows(brief, say);
    if rows.is_empty() {
        blocks.push(Block::Text(say.words.no_signposts().to_owned()));
    } else {
        let heads = [
            (say.words.meaning(), 4.0),
            (say.words.tag(), 2.0),
            (say.words.threshold(), 2.5),
            (say.words.standing(), 2.5),
        ];
        blocks.push(table(heads, rows));
    }
    let title = format!("{}, {}", say.words.decision(), say.words.signposts());
    Slide { title, blocks, notes: String::new() }
}

fn assumptions(brief: &ScenarioBrief, say: &Say) -> Slide {
    let heads = [
        (say.words.figure(), 5.0),
        (say.words.answer(), 2.0),
        (say.words.unit(), 1.2),
        (say.words.origin(), 2.4),
        (say.words.remarks(), 2.0),
    ];
    let blocks = vec![table(heads, assumption_rows(brief, say))];
    Slide { title: say.words.assumptions().to_owned(), blocks, notes: String::new() }
}

fn table<const N: usize>(heads: [(&str, f32); N], rows: Vec<[String; N]>) -> Block {
    let column = |(head, share): (&str, f32)| Column { head: head.to_owned(), share, align: Align::Start };
    Block::Table {
        columns: heads.into_iter().map(column).collect(),
        rows: rows.into_iter().map(|cells| Row { cells: cells.to_vec(), strong: false }).collect(),
    }
}
