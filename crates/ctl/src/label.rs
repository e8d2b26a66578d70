//! Labels at a terminal: hung on machines, listed, and printed in true size; and the board that cameras are measured by.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use millwright_model::*;

use crate::data::write_new;
use crate::face::Face;
use crate::output::answer;
use crate::run::{find_asset, invalid};
use crate::sight::FamilyWord;

#[derive(Debug, Subcommand)]
pub(crate) enum LabelAct {
    /// List the labels of a machine.
    List {
        /// The machine's code.
        #[arg(long)]
        asset: String,
    },
    /// Register a label for a machine: it gets the next number that is free near it.
    Hang {
        /// The machine's code.
        #[arg(long)]
        asset: String,
        /// What people call it.
        name: String,
        /// The distance between its detection corners, in millimetres.
        #[arg(long, default_value_t = 60.0)]
        size_mm: f64,
        /// Its family.
        #[arg(long, value_enum, default_value = "tag36h11")]
        family: FamilyWord,
        /// Its number in the family; else the next that is free.
        #[arg(long)]
        number: Option<i64>,
    },
    /// Write labels as sheets to print in true size, each with a bar of 100 mm to measure.
    Print(PrintWords),
    /// Keep how long a sheet's bar of 100 mm came out.
    Measure {
        /// The machine's code.
        #[arg(long)]
        asset: String,
        /// The label's name.
        name: String,
        /// The bar as it was measured, in millimetres.
        #[arg(long)]
        bar_mm: f64,
    },
    /// Write the board that cameras are measured by, for A4.
    Board {
        /// The PDF to write; a file that is there stays.
        #[arg(long)]
        out: PathBuf,
    },
}

/// Which labels, on what.
#[derive(Debug, Args)]
pub(crate) struct PrintWords {
    /// The machine's code.
    #[arg(long)]
    asset: String,
    /// The names of labels (else all that hang on the machine).
    #[arg(long = "label")]
    labels: Vec<String>,
    /// What they are printed on.
    #[arg(long, value_enum, default_value = "a4")]
    media: MediaWord,
    /// The width of a die-cut label, in millimetres.
    #[arg(long, default_value_t = 100.0)]
    width_mm: f64,
    /// The height of a die-cut label, in millimetres.
    #[arg(long, default_value_t = 150.0)]
    height_mm: f64,
    /// The dots per inch of a label printer: 203, 300 or 600.
    #[arg(long, default_value_t = 203)]
    dpi: u32,
    /// The file to write (PDF, or ZPL for a label printer); a file that is there stays.
    #[arg(long)]
    out: PathBuf,
}

/// What labels are printed on.
#[derive(Copy, Clone, Debug, ValueEnum)]
enum MediaWord {
    /// Sheets of A4, as a PDF.
    A4,
    /// Labels that are cut already, one to a page, as a PDF.
    DieCut,
    /// A label printer that speaks ZPL II.
    Zpl,
}

impl PrintWords {
    fn media(&self) -> LabelMedia {
        let (width_mm, height_mm) = (self.width_mm, self.height_mm);
        match self.media {
            MediaWord::A4 => LabelMedia::A4,
            MediaWord::DieCut => LabelMedia::DieCut { width_mm, height_mm },
            MediaWord::Zpl => LabelMedia::Zpl { width_mm, height_mm, dots_per_inch: self.dpi },
        }
    }
}

pub(crate) async fn act(face: &Face, json: bool, act: &LabelAct) -> Result<(), ApiError> {
    match act {
        LabelAct::List { asset } => {
            let labels = hanging(face, asset).await?;
            answer(json, "label-list", &labels, |labels| labels.iter().map(line).collect())
        }
        LabelAct::Hang { asset, name, size_mm, family, number } => {
            let asset_id = find_asset(face, asset).await?;
            let family = match family {
                FamilyWord::Tag36h11 => FiducialFamily::Tag36h11,
                FamilyWord::TagStandard41h12 => FiducialFamily::TagStandard41h12,
            };
            let hang =
                FiducialHang { asset_id, family, number: *number, size_mm: *size_mm, name: name.clone() };
            let fiducial_id = face.call(hang).await?;
            let labels = hanging(face, asset).await?;
            let hung: Vec<Fiducial> =
                labels.into_iter().filter(|label| label.fiducial_id == fiducial_id).collect();
            answer(json, "label", &hung, |hung| hung.iter().map(line).collect())
        }
        LabelAct::Print(words) => {
            let labels = hanging(face, &words.asset).await?;
            let fiducial_ids = match words.labels.as_slice() {
                [] => labels.iter().map(|label| label.fiducial_id).collect(),
                names => {
                    names.iter().map(|name| named(&labels, name)).collect::<Result<Vec<FiducialId>, _>>()?
                }
            };
            let file = face.call(LabelPrint { fiducial_ids, media: words.media() }).await?;
            written(json, &words.out, &file)
        }
        LabelAct::Measure { asset, name, bar_mm } => {
            let fiducial_id = named(&hanging(face, asset).await?, name)?;
            face.call(FiducialMeasure { fiducial_id, bar_mm: *bar_mm }).await?;
            let labels = hanging(face, asset).await?;
            let measured: Vec<Fiducial> =
                labels.into_iter().filter(|label| label.fiducial_id == fiducial_id).collect();
            answer(json, "label", &measured, |measured| measured.iter().map(line).collect())
        }
        LabelAct::Board { out } => {
            let file = face.call(BoardPrint {}).await?;
            written(json, out, &file)
        }
    }
}

async fn hanging(face: &Face, asset: &str) -> Result<Vec<Fiducial>, ApiError> {
    let asset_id = find_asset(face, asset).await?;
    let labels = face.call(FiducialList { asset_id }).await?;
    Ok(labels.into_iter().filter(|label| label.removed_at.is_none()).collect())
}

fn named(labels: &[Fiducial], name: &str) -> Result<FiducialId, ApiError> {
    let found = labels.iter().find(|label| label.name == name);
    found
        .map(|label| label.fiducial_id)
        .ok_or_else(|| invalid(format!("No label «{name}» hangs on that machine")))
}

fn written(json: bool, out: &std::path::Path, file: &PaperFile) -> Result<(), ApiError> {
    write_new(out, &file.bytes_base64)?;
    let saved = SavedFile { path: out.display().to_string() };
    answer(json, "label-sheet", &saved, |saved| {
        vec![format!(
            "{} is written. Print it at 100 %, measure the bar, and note it with `label measure`.",
            saved.path
        )]
    })
}

fn line(label: &Fiducial) -> String {
    let stands = if label.survey.is_some() { "surveyed" } else { "not surveyed" };
    let bar = label.bar_mm.map_or_else(|| "bar not measured".to_owned(), |bar_mm| format!("bar {bar_mm} mm"));
    format!(
        "{}\t{} {}\t{:.1} mm\t{stands}\t{bar}",
        label.name,
        label.family.as_str(),
        label.number,
        label.size_m * 1_000.0
    )
}
