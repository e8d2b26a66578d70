//! Guides at a terminal: listed, taken out as files and on paper, brought in.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::{ArgGroup, Args, Subcommand, ValueEnum};
use millwright_model::*;

use crate::cli::PdfWords;
use crate::data::write_new;
use crate::face::Face;
use crate::output::answer;
use crate::paper;
use crate::run::{find_asset, invalid};
use crate::sight::{self, SightAct};

#[derive(Debug, Subcommand)]
pub(crate) enum GuideAct {
    /// List all guides, or those for a machine.
    List {
        /// The machine's code.
        #[arg(long)]
        asset: Option<String>,
    },
    /// Write the approved revision of a guide, or another one, into a file.
    Export(GuideExportWords),
    /// Begin a guide from a file (JSON, Markdown or ARLEM).
    Import {
        /// The file.
        file: PathBuf,
        /// The code of the machine that it is for.
        #[arg(long, conflicts_with = "class")]
        asset: Option<String>,
        /// The class of machines that it is for.
        #[arg(long)]
        class: Option<String>,
    },
    #[command(flatten)]
    Sight(SightAct),
}

/// What is written, and where.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("kind").required(true).args(["pdf", "format"])))]
pub(crate) struct GuideExportWords {
    /// The guide's name or id.
    guide: String,
    /// The number of a revision (else the approved one).
    #[arg(long)]
    revision: Option<i64>,
    /// As pages of A4.
    #[arg(long)]
    pdf: bool,
    /// As a file of this format.
    #[arg(long, value_enum)]
    format: Option<FormatWord>,
    #[command(flatten)]
    words: PdfWords,
}

/// The formats that guides are exchanged in.
#[derive(Copy, Clone, Debug, ValueEnum)]
enum FormatWord {
    /// Our own: nothing is lost.
    Json,
    /// Text for people and wikis.
    Markdown,
    /// IEEE 1589 (ARLEM), zipped.
    Arlem,
}

impl From<FormatWord> for GuideFormat {
    fn from(word: FormatWord) -> Self {
        match word {
            FormatWord::Json => Self::Json,
            FormatWord::Markdown => Self::Markdown,
            FormatWord::Arlem => Self::Arlem,
        }
    }
}

pub(crate) async fn act(face: &Face, json: bool, act: &GuideAct) -> Result<(), ApiError> {
    match act {
        GuideAct::List { asset } => {
            let asset_id = match asset {
                Some(code) => Some(find_asset(face, code).await?),
                None => None,
            };
            let guides = face.call(GuideList { asset_id }).await?;
            answer(json, "guide-list", &guides, |guides| guides.iter().map(line).collect())
        }
        GuideAct::Sight(act) => sight::act(json, act),
        GuideAct::Export(words) => export(face, json, words).await,
        GuideAct::Import { file, asset, class } => {
            let asset_id = match asset {
                Some(code) => Some(find_asset(face, code).await?),
                None => None,
            };
            let import = GuideImport {
                file_name: file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
                bytes_base64: STANDARD.encode(read(file)?),
                asset_id,
                asset_class: class.clone(),
            };
            let came = face.call(import).await?;
            answer(json, "guide-imported", &came, |came| {
                let left_out = came.left_out.iter().map(|what| format!("left out: {what}"));
                std::iter::once(format!("A draft of {} steps.", came.step_count)).chain(left_out).collect()
            })
        }
    }
}

fn line(overview: &GuideOverview) -> String {
    let stands = match (overview.approved_number, overview.in_review) {
        (Some(number), _) => format!("revision {number}, {} steps", overview.step_count),
        (None, Some(_)) => "in review".to_owned(),
        (None, None) => "draft".to_owned(),
    };
    let of = overview.asset_code.as_deref().or(overview.guide.asset_class.as_deref()).unwrap_or("-");
    format!("{}\t{of}\t{stands}", overview.guide.name)
}

async fn export(face: &Face, json: bool, asked: &GuideExportWords) -> Result<(), ApiError> {
    let guide_revision_id = find_revision(face, &asked.guide, asked.revision).await?;
    let Some(format) = asked.format.filter(|_| !asked.pdf) else {
        return paper::write(face, json, PaperSubject::Guide { guide_revision_id }, &asked.words).await;
    };
    let out = face.call(GuideExport { guide_revision_id, format: format.into() }).await?;
    write_new(&asked.words.out, &out.bytes_base64)?;
    let saved = SavedFile { path: asked.words.out.display().to_string() };
    answer(json, "guide-file", &saved, |saved| vec![format!("{} is written.", saved.path)])
}

/// The revision of a guide that people work by, or the one with a number.
async fn find_revision(face: &Face, guide: &str, number: Option<i64>) -> Result<GuideRevisionId, ApiError> {
    let all = face.call(GuideList { asset_id: None }).await?;
    let is_meant = |overview: &&GuideOverview| {
        overview.guide.name == guide || overview.guide.guide_id.to_string() == guide
    };
    let mut found = all.iter().filter(is_meant);
    let missing = || ApiError::new(Code::NotFound, format!("There is no guide «{guide}» here"));
    let one = found.next().ok_or_else(missing)?;
    if found.next().is_some() {
        return Err(invalid(format!("There are several guides «{guide}»: give the id of one")));
    }
    let view = face.call(GuideShow { guide_id: one.guide.guide_id }).await?;
    let revision = match number {
        Some(number) => {
            view.revisions.iter().find(|revision| revision.number == number).map(|one| one.guide_revision_id)
        }
        None => view.approved.map(|revision| revision.guide_revision_id),
    };
    revision.ok_or_else(|| {
        ApiError::new(Code::NotFound, format!("«{guide}» has no such revision, or none is approved"))
    })
}

/// The bytes of a file that was named.
pub(crate) fn read(file: &Path) -> Result<Vec<u8>, ApiError> {
    std::fs::read(file).map_err(|error| invalid(format!("{}: {error}", file.display())))
}
