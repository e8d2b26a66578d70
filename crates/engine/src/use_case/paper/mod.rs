//! Records on paper: what a view of a record looks like as a document, in the language of the person who reads it.

mod asset;
mod board_deck;
mod exercise;
mod guide;
pub(crate) mod label;
mod order;
mod part;
mod plan;
mod request;
mod shift;
mod step_picture;
pub(super) mod voice;
pub(crate) mod words;
mod workshop;

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use millwright_local_db::BlobHash;
use millwright_model::*;
use millwright_paper::{Align, Block, Column, Fact, Furniture, Made, Paper, Photo, Row, write_pdf};

pub use self::board_deck::{BoardTold, pptx as board_pptx};
pub(crate) use self::exercise::{exercise_markdown, exercise_stem};
use self::voice::Voice;
use self::words::{Language, filled};
pub(crate) use self::workshop::{workshop_markdown, workshop_slides, workshop_stem};
use super::date;
use crate::EngineError;
use crate::engine::Inner;
use crate::place::downloads_directory;
use crate::viewer;

/// So many photos of one record are printed, the newest.
const PHOTOS_MAX: usize = 60;

/// What a record says of itself on paper.
struct Told {
    /// What the file is called, without its ending.
    stem: String,
    /// The kind of record and its number.
    name: String,
    title: String,
    standing: String,
    blocks: Vec<Block>,
    single_page: bool,
}

pub(crate) async fn record(engine: &Inner, command: RecordPaper) -> Result<PaperFile, EngineError> {
    let now = engine.now();
    let voice = voice_of(engine, command.language).await?;
    let owner: String = engine.database.read().await?.setting("plant_name").await?.unwrap_or_default();
    let told = match command.subject {
        PaperSubject::WorkOrder { work_order_id } => order::told(engine, &voice, work_order_id).await?,
        PaperSubject::Request { request_id } => request::told(engine, &voice, request_id).await?,
        PaperSubject::Asset { asset_id } => asset::told(engine, &voice, asset_id).await?,
        PaperSubject::Part { part_id } => part::told(engine, &voice, part_id).await?,
        PaperSubject::Shift { at } => shift::told(engine, &voice, at).await?,
        PaperSubject::Plan { maintenance_plan_id } => plan::told(engine, &voice, maintenance_plan_id).await?,
        PaperSubject::Guide { guide_revision_id } => guide::told(engine, &voice, guide_revision_id).await?,
        PaperSubject::Workshop { workshop_id } => workshop::told(engine, &voice, workshop_id).await?,
        PaperSubject::Exercise { exercise_id } => exercise::told(engine, &voice, exercise_id).await?,
    };
    let language = voice.language;
    let made_at = voice.moment(now);
    let paper = Paper {
        name: told.name,
        title: told.title,
        owner,
        standing: told.standing,
        made_words: filled(language.made(), &[("at", &made_at), ("device", &engine.device.code())]),
        made: made(now),
        language: language.tag().to_owned(),
        blocks: told.blocks,
        furniture: Furniture {
            page: language.page().to_owned(),
            left_out: language.left_out().to_owned(),
            replaced: language.replaced().to_owned(),
            no_photo: language.no_photo().to_owned(),
        },
        single_page: told.single_page,
    };
    let written =
        tokio::task::spawn_blocking(move || write_pdf(&paper)).await.map_err(EngineError::internal)?;
    let written =
        written.map_err(|fault| refused_file(FileFault::NotWritten { reason: fault.to_string() }))?;
    Ok(PaperFile {
        file_name: format!("{}.pdf", told.stem),
        pages: written.pages,
        bytes_base64: STANDARD.encode(written.bytes),
    })
}

/// The language that is asked for, else that of whoever asks, and the plant's clock.
async fn voice_of(engine: &Inner, language: Option<String>) -> Result<Voice, EngineError> {
    let settings = crate::settings::kept(&mut engine.database.read().await?).await?;
    let holder = engine.person().and_then(|person_id| engine.people.get(person_id));
    let tag = language.or(holder.map(|person| person.language)).unwrap_or(settings.language);
    Ok(Voice { language: Language::of_tag(&tag), zone: settings.plant_zone })
}

/// Opens what [`record`] made and `file_save` kept. Nothing else: a window must not start programs on files.
pub(crate) async fn open(_engine: &Inner, command: PaperOpen) -> Result<(), EngineError> {
    let folder = downloads_directory().ok_or_else(|| refused_file(FileFault::NoFolder))?;
    let opened = tokio::task::spawn_blocking(move || {
        let path = viewer::kept_pdf(&folder, std::path::Path::new(&command.path))?;
        viewer::show(&path)
    });
    opened
        .await
        .map_err(EngineError::internal)?
        .map_err(|error| refused_file(FileFault::NotOpened { reason: error.to_string() }))
}

fn refused_file(fault: FileFault) -> EngineError {
    EngineError::Invalid(Refusal::FileRefused { fault })
}

pub(super) fn made(at: TimestampMs) -> Made {
    let said = date::plant_time(at, "UTC");
    let (year, month, day) = said.on.ymd();
    let seconds = said.time_ms / 1000;
    Made {
        year: u16::try_from(year).unwrap_or_default(),
        month: month as u8,
        day: day as u8,
        hour: (seconds / 3600) as u8,
        minute: (seconds / 60 % 60) as u8,
        second: (seconds % 60) as u8,
    }
}

pub(super) fn heading(text: &str) -> Block {
    Block::Heading(text.to_owned())
}

pub(super) fn words(name: &str, text: impl Into<String>) -> Block {
    Block::Words { name: name.to_owned(), text: text.into() }
}

/// The facts that are known, in order.
pub(super) fn facts<const N: usize>(known: [(&str, Option<String>); N]) -> Block {
    let fact = |(name, value): (&str, Option<String>)| {
        let value = value.filter(|value| !value.is_empty())?;
        Some(Fact { name: name.to_owned(), value })
    };
    Block::Facts(known.into_iter().filter_map(fact).collect())
}

/// A heading with its table; nothing where there are no rows.
fn section<const N: usize>(title: &str, columns: [(&str, f32); N], rows: Vec<Row>) -> Vec<Block> {
    if rows.is_empty() { Vec::new() } else { vec![heading(title), table(columns, rows)] }
}

/// A table. A column whose share is negative stands at the end, as numbers do.
pub(super) fn table<const N: usize>(columns: [(&str, f32); N], rows: Vec<Row>) -> Block {
    let column = |(head, share): (&str, f32)| Column {
        head: head.to_owned(),
        share: share.abs(),
        align: if share < 0.0 { Align::End } else { Align::Start },
    };
    Block::Table { columns: columns.into_iter().map(column).collect(), rows }
}

pub(super) fn row<const N: usize>(cells: [String; N]) -> Row {
    Row { cells: cells.to_vec(), strong: false }
}

/// Parts of a line that are there, with a dot between.
pub(super) fn joined(parts: impl IntoIterator<Item = String>) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" \u{b7} ")
}

/// A machine by its code and name.
fn machine(code: &str, name: &str) -> String {
    format!("{code} {name}").trim().to_owned()
}

/// Photos, the newest first, then the files that paper cannot show.
async fn attachments(
    engine: &Inner,
    voice: &Voice,
    mut all: Vec<Attachment>,
    about: impl Fn(&Attachment) -> String,
) -> Vec<Block> {
    let language = voice.language;
    all.sort_by_key(|attachment| std::cmp::Reverse(attachment.taken_at));
    let (photos, files): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|attachment| attachment.media_type.starts_with("image/"));
    let mut blocks = Vec::new();
    if !photos.is_empty() {
        blocks.push(heading(language.photos()));
        let photo = |attachment: &Attachment| Photo {
            bytes: bytes_of(engine, attachment),
            caption: joined([
                about(attachment),
                voice.moment(attachment.taken_at),
                engine.people.name(attachment.taken_by).unwrap_or_default(),
            ]),
            drawn: Vec::new(),
        };
        blocks.push(Block::Photos(photos.iter().take(PHOTOS_MAX).map(photo).collect()));
        if photos.len() > PHOTOS_MAX {
            let count = (photos.len() - PHOTOS_MAX).to_string();
            blocks.push(words("", filled(language.more_photos(), &[("count", &count)])));
        }
    }
    let file = |attachment: &Attachment| {
        row([
            attachment.file_name.clone(),
            voice.size(attachment.size_bytes),
            voice.moment(attachment.taken_at),
            engine.people.name(attachment.taken_by).unwrap_or_default(),
        ])
    };
    let columns =
        [(language.file(), 5.0), (language.size(), -1.5), (language.when(), 2.5), (language.who(), 3.0)];
    blocks.extend(section(language.files(), columns, files.iter().map(file).collect()));
    blocks
}

/// The bytes of a photo; nothing where they are not on this device.
fn bytes_of(engine: &Inner, attachment: &Attachment) -> Option<Arc<Vec<u8>>> {
    let hash = BlobHash::parse(&attachment.blob)?;
    engine.blobs.get(hash).ok().flatten().map(Arc::new)
}

/// Rows of orders, as lists of other records show them.
fn order_rows<'o>(voice: &Voice, orders: impl IntoIterator<Item = &'o WorkOrder>) -> Vec<Row> {
    let line = |order: &WorkOrder| {
        row([
            order.number().to_owned(),
            order.title.clone(),
            voice.status(order.status).to_owned(),
            voice.priority(order.priority).to_owned(),
            voice.moment_or_none(order.completed_at.or(order.due_at)).unwrap_or_default(),
        ])
    };
    orders.into_iter().map(line).collect()
}

fn order_columns(language: Language, when: &'static str) -> [(&'static str, f32); 5] {
    [
        (language.number(), 2.0),
        (language.order(), 5.0),
        (language.state(), 2.0),
        (language.priority(), 1.5),
        (when, 2.5),
    ]
}
