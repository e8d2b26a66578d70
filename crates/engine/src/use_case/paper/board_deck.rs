//! A workshop's board as slides: the frames with votes, factors weighed, pairs with what comes of them, actions.

use millwright_model::*;
use millwright_slides::{
    Align, Block, Column, Deck, Furniture, Made, Row, Slide, SlidesFault, Written, write_pptx,
};

use super::made;
use super::voice::Voice;
use super::words::{Language, filled};
use super::workshop::{decimal, frame_name, year_lines};
use crate::use_case::brief::Reader;
use crate::use_case::workshop::scores_of;

/// What slides tell of a workshop.
#[derive(Clone, Debug)]
pub struct BoardTold {
    /// Whose it is; empty where that is not known.
    pub plant: String,
    /// When the slides are made.
    pub made_at: TimestampMs,
    /// The day on which it was held.
    pub held_on: Option<CivilDate>,
    /// Since when it has ended; nothing while it is under way.
    pub ended_at: Option<TimestampMs>,
    /// Whether it is known that it is under way or has ended.
    pub has_standing: bool,
    /// The board.
    pub board: Board,
    /// What it comes to.
    pub scores: WorkshopScores,
    /// Who takes part, by name.
    pub people: Vec<WorkshopPerson>,
    /// Who is to act, by name.
    pub owners: Vec<ActionOwner>,
    /// Beside last year's.
    pub years: Option<WorkshopYears>,
}

impl BoardTold {
    /// A board alone, as a file holds it: nobody's name is known.
    pub fn of_board(board: Board, made_at: TimestampMs) -> Self {
        let scores = scores_of(&board, None);
        Self {
            plant: String::new(),
            made_at,
            held_on: None,
            ended_at: None,
            has_standing: false,
            board,
            scores,
            people: Vec::new(),
            owners: Vec::new(),
            years: None,
        }
    }

    pub(in crate::use_case) fn of_view(view: WorkshopView, plant: String, made_at: TimestampMs) -> Self {
        Self {
            plant,
            made_at,
            held_on: view.workshop.held_on,
            ended_at: view.workshop.ended_at,
            has_standing: true,
            board: view.board,
            scores: view.scores,
            people: view.people,
            owners: view.owners,
            years: view.years,
        }
    }

    fn weight(&self, item_id: WorkshopItemId) -> Option<f64> {
        let sides = [&self.scores.internal, &self.scores.external].into_iter();
        sides.flat_map(|side| &side.weights).find(|one| one.item_id == item_id).map(|one| one.weight)
    }

    fn said(&self, item_id: WorkshopItemId) -> String {
        self.board.item(item_id).map(|item| item.text.clone()).unwrap_or_default()
    }

    fn frame_of(&self, item_id: WorkshopItemId) -> FrameKind {
        self.board.item(item_id).map_or(FrameKind::Other, |item| FrameKind::of(&item.frame))
    }

    /// What meets in a pair, by the frames of both.
    fn kind(&self, internal: WorkshopItemId, external: WorkshopItemId) -> Option<PairKind> {
        match (self.frame_of(internal), self.frame_of(external)) {
            (FrameKind::Strengths, FrameKind::Opportunities) => Some(PairKind::StrengthOpportunity),
            (FrameKind::Strengths, FrameKind::Threats) => Some(PairKind::StrengthThreat),
            (FrameKind::Weaknesses, FrameKind::Opportunities) => Some(PairKind::WeaknessOpportunity),
            (FrameKind::Weaknesses, FrameKind::Threats) => Some(PairKind::WeaknessThreat),
            _ => None,
        }
    }
}

/// Writes a board as PPTX.
///
/// # Errors
/// When it has more than a deck holds, or the deck cannot be written.
pub fn pptx(told: &BoardTold, reader: &Reader) -> Result<Written, SlidesFault> {
    let voice = Voice { language: Language::of_tag(&reader.language), zone: reader.zone.clone() };
    let language = voice.language;
    let at = voice.moment(told.made_at);
    let foot = [told.plant.clone(), told.board.title.clone(), filled(language.made_at(), &[("at", &at)])];
    let foot = foot.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" \u{b7} ");
    let when = made(told.made_at);
    let mut slides = vec![beginning(told, &voice)];
    slides.extend(told.board.frames.iter().map(|frame| of_frame(told, &voice, frame)));
    slides.extend(
        [BoardSide::Internal, BoardSide::External].into_iter().filter_map(|side| weighed(told, &voice, side)),
    );
    slides.extend(PairKind::ALL.into_iter().filter_map(|kind| pairs(told, &voice, kind)));
    slides.extend(other_strategies(told, &voice));
    slides.push(actions(told, &voice));
    slides.extend(years(told, &voice));
    let deck = Deck {
        title: format!("{}: {}", language.workshop(), told.board.title),
        owner: told.plant.clone(),
        made: Made {
            year: when.year,
            month: when.month,
            day: when.day,
            hour: when.hour,
            minute: when.minute,
            second: when.second,
        },
        language: language.tag().to_owned(),
        furniture: Furniture { foot, goes_on: language.goes_on().to_owned() },
        slides,
    };
    write_pptx(&deck)
}

fn beginning(told: &BoardTold, voice: &Voice) -> Slide {
    let language = voice.language;
    let named = |role: fn(WorkshopRole) -> bool| {
        let people = told.people.iter().filter(|one| role(one.role));
        let names = people.filter_map(|one| one.name.clone()).collect::<Vec<_>>().join(", ");
        (!names.is_empty()).then_some(names)
    };
    let standing = told.has_standing.then(|| match told.ended_at {
        Some(at) => format!("{} {}", language.ended(), voice.moment(at)),
        None => language.under_way().to_owned(),
    });
    let facts = [
        (language.held_on(), told.held_on.map(|day| voice.day(day))),
        (language.led_by(), named(|role| role == WorkshopRole::Facilitator)),
        (language.took_part(), named(|role| role < WorkshopRole::Facilitator)),
        (language.state(), standing),
        (language.notes_on_board(), Some(told.board.notes.len().to_string())),
        (language.internal_total(), told.scores.internal.total.map(|total| decimal(voice, total, 2))),
        (language.external_total(), told.scores.external.total.map(|total| decimal(voice, total, 2))),
    ];
    let bullets = facts.into_iter().filter_map(|(name, value)| Some(format!("{name}: {}", value?))).collect();
    let blocks = vec![Block::Text(language.workshop().to_owned()), Block::Bullets(bullets)];
    Slide { title: told.board.title.clone(), blocks, notes: String::new() }
}

/// The notes of a frame by what they were put together to, the most votes first.
fn of_frame(told: &BoardTold, voice: &Voice, frame: &BoardFrame) -> Slide {
    let (board, language) = (&told.board, voice.language);
    let mut items: Vec<&BoardItem> = board.items.iter().filter(|item| item.frame == frame.key).collect();
    items.sort_by_key(|item| std::cmp::Reverse(item.votes));
    let mut rows = Vec::new();
    for item in items {
        rows.push(Row { cells: vec![item.text.clone(), item.votes.to_string()], strong: item.shortlisted });
        let cluster = board.clusters.iter().find(|cluster| cluster.cluster_id.0 == item.item_id.0);
        let notes = cluster.iter().flat_map(|cluster| &cluster.notes).filter_map(|id| board.note(*id));
        rows.extend(notes.map(|note| plain([format!("\u{2013} {}", note.text), String::new()])));
    }
    let blocks = if rows.is_empty() {
        vec![Block::Text(language.no_notes().to_owned())]
    } else {
        vec![table(&[(language.note(), 8.0), (language.votes(), -1.5)], rows)]
    };
    Slide { title: frame_name(language, board, &frame.key), blocks, notes: String::new() }
}

/// IFE or EFE: what is on the short list of a half, with weight, rating and their product.
fn weighed(told: &BoardTold, voice: &Voice, side: BoardSide) -> Option<Slide> {
    let language = voice.language;
    let (scores, title) = match side {
        BoardSide::Internal => (&told.scores.internal, language.internal_total()),
        BoardSide::External => (&told.scores.external, language.external_total()),
    };
    let listed = |item: &&BoardItem| item.shortlisted && FrameKind::of(&item.frame).side() == Some(side);
    let mut items: Vec<&BoardItem> = told.board.items.iter().filter(listed).collect();
    if items.is_empty() {
        return None;
    }
    let weight = |item: &BoardItem| told.weight(item.item_id);
    items.sort_by(|one, other| weight(other).unwrap_or_default().total_cmp(&weight(one).unwrap_or_default()));
    let mut rows: Vec<Row> = items
        .into_iter()
        .map(|item| {
            let (weight, rating) = (weight(item), item.rating);
            let score = weight.zip(rating).map(|(weight, rating)| weight * f64::from(rating));
            plain([
                item.text.clone(),
                frame_name(language, &told.board, &item.frame),
                weight.map(|weight| decimal(voice, weight, 3)).unwrap_or_default(),
                rating.map(|rating| rating.to_string()).unwrap_or_default(),
                score.map(|score| decimal(voice, score, 2)).unwrap_or_default(),
            ])
        })
        .collect();
    if let Some(total) = scores.total {
        let cells = [language.total(), "", "", "", &decimal(voice, total, 2)].map(str::to_owned);
        rows.push(Row { cells: cells.to_vec(), strong: true });
    }
    let heads = [
        (language.note(), 5.0),
        (language.frame(), 2.0),
        (language.weight(), -1.3),
        (language.rating(), -1.3),
        (language.score(), -1.3),
    ];
    let mut blocks = vec![table(&heads, rows)];
    if let Some(consistency) = &scores.consistency {
        blocks.push(Block::Text(format!(
            "{}: {}",
            language.consistency(),
            decimal(voice, consistency.ratio, 3)
        )));
    }
    if !scores.ties.is_empty() {
        let tie = |tie: &ItemTie| format!("{} \u{2194} {}", told.said(tie.item_id), told.said(tie.other_id));
        blocks.push(Block::Text(format!("{}:", language.ties())));
        blocks.push(Block::Bullets(scores.ties.iter().map(tie).collect()));
    }
    Some(Slide { title: title.to_owned(), blocks, notes: String::new() })
}

/// Where inside meets outside in one way: pairs with the strategies made of them, those first.
fn pairs(told: &BoardTold, voice: &Voice, kind: PairKind) -> Option<Slide> {
    let language = voice.language;
    let title = match kind {
        PairKind::StrengthOpportunity => language.strength_opportunity(),
        PairKind::StrengthThreat => language.strength_threat(),
        PairKind::WeaknessOpportunity => language.weakness_opportunity(),
        PairKind::WeaknessThreat => language.weakness_threat(),
    };
    let proposed: Vec<&WorkshopPair> = told.scores.pairs.iter().filter(|pair| pair.kind == kind).collect();
    let of = |strategy: &BoardStrategy| (strategy.internal, strategy.external);
    let made: Vec<&BoardStrategy> = told
        .board
        .strategies
        .iter()
        .filter(|strategy| told.kind(strategy.internal, strategy.external) == Some(kind))
        .collect();
    let mut rows: Vec<Row> = made
        .iter()
        .map(|strategy| {
            let pair = proposed.iter().find(|pair| (pair.internal, pair.external) == of(strategy));
            Row {
                cells: vec![
                    told.said(strategy.internal),
                    told.said(strategy.external),
                    pair.map(|pair| decimal(voice, pair.score, 3)).unwrap_or_default(),
                    strategy_says(told, voice, strategy),
                ],
                strong: true,
            }
        })
        .collect();
    let is_free =
        |pair: &&&WorkshopPair| made.iter().all(|strategy| of(strategy) != (pair.internal, pair.external));
    rows.extend(proposed.iter().filter(is_free).map(|pair| {
        let score = decimal(voice, pair.score, 3);
        plain([told.said(pair.internal), told.said(pair.external), score, String::new()])
    }));
    if rows.is_empty() {
        return None;
    }
    let heads = [
        (language.inside(), 3.0),
        (language.outside(), 3.0),
        (language.weight(), -1.2),
        (language.strategies(), 4.0),
    ];
    Some(Slide { title: title.to_owned(), blocks: vec![table(&heads, rows)], notes: String::new() })
}

/// A strategy with what it comes to beside the others.
fn strategy_says(told: &BoardTold, voice: &Voice, strategy: &BoardStrategy) -> String {
    let total = told.scores.strategies.iter().find(|one| one.strategy_id == strategy.strategy_id);
    match total {
        Some(one) => {
            format!("{} ({} {})", strategy.text, voice.language.score(), decimal(voice, one.total, 2))
        }
        None => strategy.text.clone(),
    }
}

/// Strategies whose items are no longer in the frames of a pair.
fn other_strategies(told: &BoardTold, voice: &Voice) -> Option<Slide> {
    let language = voice.language;
    let is_other = |strategy: &&BoardStrategy| told.kind(strategy.internal, strategy.external).is_none();
    let rows: Vec<Row> = told
        .board
        .strategies
        .iter()
        .filter(is_other)
        .map(|strategy| {
            plain([
                told.said(strategy.internal),
                told.said(strategy.external),
                strategy_says(told, voice, strategy),
            ])
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    let heads = [(language.inside(), 3.0), (language.outside(), 3.0), (language.strategies(), 4.0)];
    Some(Slide {
        title: language.strategies().to_owned(),
        blocks: vec![table(&heads, rows)],
        notes: String::new(),
    })
}

fn actions(told: &BoardTold, voice: &Voice) -> Slide {
    let (board, language) = (&told.board, voice.language);
    let owner = |owner: PersonId| {
        let known = told.owners.iter().find(|known| known.person_id == owner);
        known.map(|known| voice.person(known.name.as_deref())).unwrap_or_default()
    };
    let row = |action: &BoardAction| {
        let strategy = board.strategies.iter().find(|one| Some(one.strategy_id) == action.strategy_id);
        plain([
            action.text.clone(),
            action.owner.map(owner).unwrap_or_default(),
            action.due.map(|due| voice.day(due)).unwrap_or_default(),
            if action.done { language.action_done() } else { "" }.to_owned(),
            strategy.map(|strategy| strategy.text.clone()).unwrap_or_default(),
        ])
    };
    let heads = [
        (language.actions(), 4.0),
        (language.who(), 2.2),
        (language.due(), 1.8),
        (language.state(), 1.4),
        (language.pair(), 3.0),
    ];
    let blocks = if board.actions.is_empty() {
        vec![Block::Text(language.no_actions().to_owned())]
    } else {
        vec![table(&heads, board.actions.iter().map(row).collect())]
    };
    Slide { title: language.actions().to_owned(), blocks, notes: String::new() }
}

fn years(told: &BoardTold, voice: &Voice) -> Option<Slide> {
    let years = told.years.as_ref()?;
    let title = filled(voice.language.compared_with(), &[("title", &years.title_before)]);
    let mut blocks = Vec::new();
    for (head, lines) in year_lines(voice, &told.board, years) {
        if !lines.is_empty() {
            blocks.push(Block::Strong(head.to_owned()));
            blocks.push(Block::Bullets(lines));
        }
    }
    (!blocks.is_empty()).then_some(Slide { title, blocks, notes: String::new() })
}

fn plain<const N: usize>(cells: [String; N]) -> Row {
    Row { cells: cells.to_vec(), strong: false }
}

/// A share below 0 puts a column's words at its end.
fn table(heads: &[(&str, f32)], rows: Vec<Row>) -> Block {
    let column = |(head, share): &(&str, f32)| Column {
        head: (*head).to_owned(),
        share: share.abs(),
        align: if *share < 0.0 { Align::End } else { Align::Start },
    };
    Block::Table { columns: heads.iter().map(column).collect(), rows }
}
