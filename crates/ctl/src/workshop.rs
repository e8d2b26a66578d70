//! SWOT workshops at a terminal: what a board in a file comes to, and the board as text, slides and JSON.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::{Subcommand, ValueEnum};
use millwright_documents::workshop::{
    Beginning, BoardScores, MarkdownWords, Workshop, from_json, score, to_json, to_markdown,
};
use millwright_engine::brief::Reader;
use millwright_engine::{BoardTold, Clock as _, SystemClock, board_pptx};
use millwright_model::{ApiError, Board, FrameKind, ParticipantId, WorkshopDevice, WorkshopId};
use uuid::Uuid;

use crate::face::internal;
use crate::guide::read;
use crate::output::{answer, write_line};
use crate::run::invalid;

#[derive(Debug, Subcommand)]
pub(crate) enum WorkshopAct {
    /// Say what a board comes to: weights with how far judgements hold together, IFE and EFE, pairs, strategies.
    Score {
        /// The board, as JSON.
        board: PathBuf,
    },
    /// Print a board for whoever was not there.
    Export {
        /// The board, as JSON.
        board: PathBuf,
        /// In which form.
        #[arg(long = "as", value_enum, default_value_t = FormWord::Markdown)]
        form: FormWord,
        /// Where to; slides always go to a file.
        #[arg(long, value_name = "FILE", required_if_eq("form", "pptx"))]
        out: Option<PathBuf>,
        /// In which language slides are: en or de.
        #[arg(long, default_value = "en")]
        language: String,
    },
}

/// A form of a board.
#[derive(Copy, Clone, Debug, ValueEnum)]
pub(crate) enum FormWord {
    /// Tables that a plain reader shows.
    Markdown,
    /// What can be read in again.
    Json,
    /// Slides.
    Pptx,
}

pub(crate) fn act(json: bool, act: &WorkshopAct) -> Result<(), ApiError> {
    match act {
        WorkshopAct::Score { board } => {
            let workshop = open(board)?;
            let scores = score(workshop.board());
            answer(json, "workshop-score", &scores, |scores| score_lines(workshop.board(), scores))
        }
        WorkshopAct::Export { board, form, out, language } => {
            let workshop = open(board)?;
            let scores = score(workshop.board());
            let bytes = match form {
                FormWord::Markdown => to_markdown(workshop.board(), &scores, &english()).into_bytes(),
                FormWord::Json => to_json(workshop.board(), &scores).map_err(internal)?.into_bytes(),
                FormWord::Pptx => slides(workshop.board(), language)?,
            };
            match out {
                None => write_line(String::from_utf8_lossy(&bytes).trim_end()),
                Some(out) => {
                    std::fs::write(out, &bytes)
                        .map_err(|error| invalid(format!("{}: {error}", out.display())))?;
                    write_line(&format!("{} written.", out.display()))
                }
            }
        }
    }
}

/// Nobody's name is in a file, and no plant's clock: times are those of UTC.
fn slides(board: &Board, language: &str) -> Result<Vec<u8>, ApiError> {
    let reader = Reader { language: language.to_owned(), zone: "UTC".to_owned() };
    let told = BoardTold::of_board(board.clone(), SystemClock.now());
    board_pptx(&told, &reader).map(|written| written.bytes).map_err(|fault| invalid(fault.to_string()))
}

/// A board out of a file, through the door that a stranger's writing passes. It is kept nowhere, so its own ids are of no
/// matter.
fn open(file: &Path) -> Result<Workshop, ApiError> {
    let beginning = Beginning {
        workshop_id: WorkshopId(Uuid::from_u128(1)),
        title: "Workshop".to_owned(),
        language: "en".to_owned(),
        allowance: 1,
        facilitator: ParticipantId(Uuid::max()),
        person_id: None,
    };
    from_json(&read(file)?, &beginning, WorkshopDevice(1))
        .map_err(|refusal| invalid(format!("{}: {refusal}", file.display())))
}

fn score_lines(board: &Board, scores: &BoardScores) -> Vec<String> {
    let said = |id: &str| {
        let item = board.items.iter().find(|item| item.item_id.to_string() == id);
        item.map_or_else(|| id.to_owned(), |item| item.text.clone())
    };
    let mut lines = vec![];
    for (name, side) in [("internal", &scores.internal), ("external", &scores.external)] {
        for weight in side.weights.iter().flatten() {
            lines.push(format!("{name}\t{}\t{:.3}", said(&weight.item), weight.weight));
        }
        if let Some(pairs) = &side.pairs {
            lines.push(format!("{name}\tconsistency ratio\t{:.3}", pairs.consistency_ratio));
        }
        if let Some(table) = &side.table {
            lines.push(format!("{name}\ttotal\t{:.2}", table.total));
        }
        lines.extend(side.missing.iter().map(|missing| format!("{name}\tmissing: {missing}")));
    }
    lines
}

/// The words of the terminal's own language.
fn english() -> MarkdownWords {
    let frames = [
        (FrameKind::Strengths, "Strengths"),
        (FrameKind::Weaknesses, "Weaknesses"),
        (FrameKind::Opportunities, "Opportunities"),
        (FrameKind::Threats, "Threats"),
    ];
    MarkdownWords {
        frames: frames.into_iter().map(|(kind, name)| (kind.key().to_owned(), name.to_owned())).collect(),
        votes: "Votes".to_owned(),
        weight: "Weight".to_owned(),
        item: "Item".to_owned(),
        totals: "Totals".to_owned(),
        internal_total: "IFE".to_owned(),
        external_total: "EFE".to_owned(),
        consistency: "Consistency ratio".to_owned(),
        ties: "Ties".to_owned(),
        strategies: "Strategies".to_owned(),
        actions: "Actions".to_owned(),
        owner: "Owner".to_owned(),
        due: "Due".to_owned(),
        people: BTreeMap::new(),
        decimal: '.',
    }
}
