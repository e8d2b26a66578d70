//! Drafts: begun, shown, written by several, and taken back to a moment.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use millwright_documents::GuideDraft;
use millwright_local_db::Session;
use millwright_model::*;

use super::{check, manual, of_document, unfit};
use crate::EngineError;
use crate::engine::Inner;
use crate::unit::Unit;
use crate::use_case::document::{self, text_of, writer};
use crate::use_case::recording::keep_bytes;
use crate::use_case::{actor, machine_model, optional_text, required_text};

/// The most changes of one edit.
const EDITS_MAX: usize = 200;
const NAME_CHARS: usize = 200;

/// A draft as its updates make it, with who wrote each.
pub(super) struct Written {
    pub(super) draft: GuideDraft,
    updates: Vec<DocumentUpdate>,
}

impl Written {
    /// The draft of a guide.
    pub(super) async fn of(session: &mut Session, guide_id: GuideId) -> Result<Self, EngineError> {
        let updates = session.updates_of_document(guide_id.0).await?;
        let bytes = document::decoded(&updates).map_err(of_document)?;
        let draft = GuideDraft::of_updates(bytes.iter().map(Vec::as_slice)).map_err(of_document)?;
        Ok(Self { draft, updates })
    }

    /// Who wrote since a moment.
    pub(super) fn authors_since(&self, version: Option<&str>) -> Result<Vec<PersonId>, EngineError> {
        let version = version.map(document::version_of).transpose().map_err(of_document)?;
        let writers = self.draft.writers_since(version.as_ref()).map_err(of_document)?;
        let mut authors: Vec<PersonId> = self
            .updates
            .iter()
            .filter(|update| writers.contains(&writer(update.document_update_id)))
            .filter_map(|update| update.written_by)
            .collect();
        authors.sort_unstable();
        authors.dedup();
        Ok(authors)
    }
}

/// Keeps an update of a draft.
async fn keep(
    unit: &mut Unit<'_>,
    id: DocumentUpdateId,
    guide_id: GuideId,
    bytes: &[u8],
) -> Result<(), EngineError> {
    document::fits(bytes).map_err(of_document)?;
    document::keep(unit, id, guide_id.0, bytes, CacheTag::Guides).await
}

pub(crate) async fn begin(engine: &Inner, command: GuideCreate) -> Result<GuideId, EngineError> {
    let name = required_text(&command.name, Input::GuideName, NAME_CHARS)?;
    let content = GuideContent::empty(&command.language, &name);
    begin_with(engine, name, content, command.asset_id, command.asset_class).await
}

/// Begins a guide whose draft says `content`.
pub(super) async fn begin_with(
    engine: &Inner,
    name: String,
    content: GuideContent,
    asset_id: Option<AssetId>,
    asset_class: Option<String>,
) -> Result<GuideId, EngineError> {
    let asset_class = match asset_class {
        Some(class) => {
            Some(optional_text(&class, Input::AssetClass, NAME_CHARS)?).filter(|class| !class.is_empty())
        }
        None => None,
    };
    check::bounds(&content)?;
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    if let Some(asset_id) = asset_id {
        unit.need::<Asset>(asset_id, Missing::Machine).await?;
        unit.stale(CacheTag::Asset(asset_id));
    }
    let guide = Guide {
        guide_id: unit.mint(),
        name,
        asset_id,
        asset_class,
        created_at: unit.now,
        created_by: engine.person(),
        ended_at: None,
    };
    unit.create(&guide).await?;
    let id: DocumentUpdateId = unit.mint();
    let (_, update) = GuideDraft::begin(&content, writer(id)).map_err(of_document)?;
    keep(&mut unit, id, guide.guide_id, &update).await?;
    unit.commit().await?;
    Ok(guide.guide_id)
}

pub(crate) async fn end(engine: &Inner, command: GuideEnd) -> Result<Done, EngineError> {
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let guide: Guide = unit.need(command.guide_id, Missing::Guide).await?;
    let ended = Guide { ended_at: guide.ended_at.or(Some(unit.now)), ..guide.clone() };
    unit.update(&guide, &ended).await?;
    unit.stale(CacheTag::Guides);
    unit.commit().await
}

pub(crate) async fn draft_show(
    engine: &Inner,
    command: GuideDraftShow,
) -> Result<GuideDraftView, EngineError> {
    let mut session = engine.database.read().await?;
    let guide: Option<Guide> = session.get(command.guide_id).await?;
    let guide = guide.ok_or(EngineError::NotFound(Missing::Guide))?;
    let written = Written::of(&mut session, guide.guide_id).await?;
    view(&mut session, guide, &written.draft).await
}

async fn view(
    session: &mut Session,
    guide: Guide,
    draft: &GuideDraft,
) -> Result<GuideDraftView, EngineError> {
    let content = draft.content().map_err(of_document)?;
    let newest = session.revisions_of(guide.guide_id).await?.into_iter().next();
    let models = match guide.asset_id {
        Some(asset_id) => match session.get::<Asset>(asset_id).await? {
            Some(asset) => session.models_for(&asset).await?,
            None => Vec::new(),
        },
        None => Vec::new(),
    };
    Ok(GuideDraftView {
        is_new: newest.as_ref().is_none_or(|revision| revision.content != content),
        newest_number: newest.map(|revision| revision.number),
        version: text_of(&draft.version()),
        guide,
        content,
        models,
    })
}

pub(crate) async fn edit(engine: &Inner, command: GuideDraftEdit) -> Result<GuideDraftView, EngineError> {
    if command.edits.len() > EDITS_MAX {
        let limit = EDITS_MAX as u64;
        return Err(unfit(GuideFault::TooMany { what: "changes of one edit".to_owned(), limit }));
    }
    let seen = document::version_of(&command.version).map_err(of_document)?;
    write(engine, command.guide_id, |draft, peer| draft.edit(&seen, &command.edits, peer)).await
}

pub(crate) async fn back(engine: &Inner, command: GuideDraftBack) -> Result<GuideDraftView, EngineError> {
    let to = document::version_of(&command.version).map_err(of_document)?;
    write(engine, command.guide_id, |draft, peer| draft.go_back(&to, peer)).await
}

async fn write(
    engine: &Inner,
    guide_id: GuideId,
    act: impl FnOnce(&mut GuideDraft, u64) -> Result<Option<Vec<u8>>, millwright_documents::DocumentError>,
) -> Result<GuideDraftView, EngineError> {
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let guide: Guide = unit.need(guide_id, Missing::Guide).await?;
    let mut written = Written::of(&mut unit, guide_id).await?;
    let id: DocumentUpdateId = unit.mint();
    let update = act(&mut written.draft, writer(id)).map_err(of_document)?;
    check::bounds(&written.draft.content().map_err(of_document)?)?;
    if let Some(update) = update {
        keep(&mut unit, id, guide_id, &update).await?;
    }
    let view = view(&mut unit, guide, &written.draft).await?;
    unit.commit().await?;
    Ok(view)
}

/// Makes a draft say `content`, whose tasks and steps it has already.
pub(super) async fn say(
    engine: &Inner,
    guide_id: GuideId,
    content: &GuideContent,
) -> Result<(), EngineError> {
    let mut edits = vec![GuideEdit::Model { model: content.model.clone() }];
    edits.extend(content.steps().map(|step| GuideEdit::Step { step: Box::new(step.clone()) }));
    write(engine, guide_id, |draft, peer| {
        let seen = draft.version();
        draft.edit(&seen, &edits, peer)
    })
    .await?;
    Ok(())
}

pub(crate) async fn file_add(engine: &Inner, command: GuideFileAdd) -> Result<GuideFile, EngineError> {
    let actor = actor(engine)?;
    let GuideFileAdd { guide_id, media_type, file_name, bytes_base64 } = command;
    if media_type == manual::PDF {
        let bytes = STANDARD
            .decode(&bytes_base64)
            .map_err(|error| unfit(GuideFault::ManualUnfit { reason: error.to_string() }))?;
        manual::look(bytes).await?;
    }
    let brought = machine_model::brought(engine, media_type, file_name, bytes_base64).await?;
    let kept = keep_bytes(engine, brought.draft)?;
    let mut unit = Unit::begin(engine, actor).await?;
    let guide: Guide = unit.need(guide_id, Missing::Guide).await?;
    let attachment = Attachment {
        attachment_id: unit.mint(),
        work_order_id: None,
        work_step_id: None,
        asset_id: None,
        request_id: None,
        blob: kept.hash.to_string(),
        size_bytes: kept.size_bytes,
        media_type: kept.media_type,
        file_name: kept.file_name,
        taken_at: unit.now,
        taken_by: engine.person(),
        guide_id: Some(guide_id),
        part: None,
    };
    unit.create(&attachment).await?;
    let parts = match brought.model {
        Some(shape) => {
            let model = machine_model::of_attachment(&unit, &attachment, &guide, shape);
            unit.create(&model).await?;
            model.parts
        }
        None => Vec::new(),
    };
    unit.leaves_at_once();
    unit.stale(CacheTag::Guides);
    unit.commit().await?;
    Ok(GuideFile { attachment_id: attachment.attachment_id, blob: attachment.blob, parts })
}
