//! The draft of a guide: a tree of tasks with steps that several authors write, move and take out at the same time.

use loro::{ExportMode, Frontiers, LoroDoc, LoroMap, LoroTree, LoroValue, TreeID, TreeParentId};
use millwright_model::{GuideContent, GuideEdit, GuideStepId, GuideTaskId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

use crate::DocumentError;
use crate::guard::guarded;
use crate::node::{self, KIND};
use crate::updates::document_of;

/// A moment in the writing of a draft, as whoever edits it saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftVersion(pub Vec<u8>);

/// The draft of a guide.
pub struct GuideDraft {
    doc: LoroDoc,
}

impl GuideDraft {
    /// A draft that says `content`, and the update that makes it. `peer` names this writing among all others: a number
    /// that was never used before.
    ///
    /// # Errors
    /// When the library refuses.
    pub fn begin(content: &GuideContent, peer: u64) -> Result<(Self, Vec<u8>), DocumentError> {
        let doc = LoroDoc::new();
        doc.set_peer_id(peer)?;
        let head = head(&doc);
        head.insert("language", content.language.as_str())?;
        let draft = Self { doc };
        draft.apply(&GuideEdit::Title { title: content.title.clone() })?;
        draft.apply(&GuideEdit::Model { model: content.model.clone() })?;
        draft.apply(&GuideEdit::StandIns { stand_ins: content.stand_ins.clone() })?;
        for (place, task) in content.tasks.iter().enumerate() {
            draft.apply(&GuideEdit::AddTask { task: task.clone(), place })?;
        }
        draft.doc.commit();
        let update = draft.doc.export(ExportMode::all_updates()).map_err(failed)?;
        Ok((draft, update))
    }

    /// The draft that these updates make, in whichever order they come. Each was written by somebody else: one that
    /// cannot be read is named.
    ///
    /// # Errors
    /// When an update cannot be read, or there are more than are read.
    pub fn of_updates<'u>(updates: impl IntoIterator<Item = &'u [u8]>) -> Result<Self, DocumentError> {
        let draft = Self { doc: document_of(updates)? };
        // Read once in full: what a strange update left is found here, and not on a screen.
        guarded(|| draft.content()).map_err(DocumentError::Failed)??;
        Ok(draft)
    }

    /// The draft as it stands.
    pub fn version(&self) -> DraftVersion {
        DraftVersion(self.doc.oplog_frontiers().encode())
    }

    /// Who wrote since a version, by the numbers that their writings were named with.
    ///
    /// # Errors
    /// When the version is none of this draft.
    pub fn writers_since(&self, version: Option<&DraftVersion>) -> Result<Vec<u64>, DocumentError> {
        let now = self.doc.oplog_vv();
        let before = match version {
            Some(version) => {
                let seen =
                    Frontiers::decode(&version.0).map_err(|_unreadable| DocumentError::NoSuchVersion)?;
                self.doc.frontiers_to_vv(&seen).ok_or(DocumentError::NoSuchVersion)?
            }
            None => loro::VersionVector::default(),
        };
        let mut writers: Vec<u64> =
            now.iter().filter(|(peer, end)| before.get(peer) < Some(end)).map(|(peer, _)| *peer).collect();
        writers.sort_unstable();
        Ok(writers)
    }

    /// All that it says.
    ///
    /// # Errors
    /// When it does not hold what a guide has.
    pub fn content(&self) -> Result<GuideContent, DocumentError> {
        let (head, tree) = (node::read(&head(&self.doc)), tree(&self.doc));
        let mut tasks = Vec::new();
        for task in tree.children(TreeParentId::Root).unwrap_or_default() {
            if tasks.len() >= GuideContent::TASKS_MAX {
                return Err(DocumentError::TooLarge { what: "tasks", limit: GuideContent::TASKS_MAX });
            }
            let mut fields = node::read(&tree.get_meta(task)?);
            let mut steps = Vec::new();
            for step in tree.children(task).unwrap_or_default() {
                if steps.len() >= GuideContent::STEPS_MAX {
                    return Err(DocumentError::TooLarge { what: "steps", limit: GuideContent::STEPS_MAX });
                }
                steps.push(Json::Object(node::read(&tree.get_meta(step)?)));
            }
            fields.insert("steps".to_owned(), Json::Array(steps));
            tasks.push(Json::Object(fields));
        }
        let mut content = head;
        content.insert("tasks".to_owned(), Json::Array(tasks));
        typed("the draft", Json::Object(content))
    }

    /// Makes changes to the draft as their author saw it, whatever others wrote meanwhile, and answers the update that
    /// holds them; nothing where nothing changed. `peer` names this writing among all others.
    ///
    /// # Errors
    /// When the version is none of this draft, or what is to be changed was not in it. Then nothing changes.
    pub fn edit(
        &mut self,
        seen: &DraftVersion,
        edits: &[GuideEdit],
        peer: u64,
    ) -> Result<Option<Vec<u8>>, DocumentError> {
        let seen = Frontiers::decode(&seen.0).map_err(|_unreadable| DocumentError::NoSuchVersion)?;
        let forked = self.doc.fork_at(&seen).map_err(|_unknown| DocumentError::NoSuchVersion)?;
        forked.set_peer_id(peer)?;
        let (before, theirs) = (forked.oplog_vv(), Self { doc: forked });
        for edit in edits {
            theirs.apply(edit)?;
        }
        theirs.doc.commit();
        if theirs.doc.oplog_vv() == before {
            return Ok(None);
        }
        theirs.content()?;
        let update = theirs.doc.export(ExportMode::updates(&before)).map_err(failed)?;
        self.doc.import(&update)?;
        Ok(Some(update))
    }

    /// Takes back everything since a version, and answers the update that does it; nothing where nothing was written
    /// since.
    ///
    /// # Errors
    /// When the version is none of this draft.
    pub fn go_back(&mut self, to: &DraftVersion, peer: u64) -> Result<Option<Vec<u8>>, DocumentError> {
        let to = Frontiers::decode(&to.0).map_err(|_unreadable| DocumentError::NoSuchVersion)?;
        self.doc.set_peer_id(peer)?;
        let before = self.doc.oplog_vv();
        self.doc.revert_to(&to).map_err(|_unknown| DocumentError::NoSuchVersion)?;
        self.doc.commit();
        if self.doc.oplog_vv() == before {
            return Ok(None);
        }
        self.doc.export(ExportMode::updates(&before)).map(Some).map_err(failed)
    }

    fn apply(&self, edit: &GuideEdit) -> Result<(), DocumentError> {
        let (head, tree) = (head(&self.doc), tree(&self.doc));
        match edit {
            GuideEdit::Title { title } => node::write(&head, &fields("title", title)?),
            GuideEdit::Model { model } => node::write(&head, &fields("model", model)?),
            GuideEdit::StandIns { stand_ins } => node::write(&head, &fields("stand_ins", stand_ins)?),
            GuideEdit::AddTask { task, place } => {
                let node = self.add(&tree, TreeParentId::Root, *place, "task")?;
                let mut said = object(task)?;
                said.remove("steps");
                node::write(&tree.get_meta(node)?, &said)?;
                for (place, step) in task.steps.iter().enumerate() {
                    let child = self.add(&tree, TreeParentId::Node(node), place, "step")?;
                    node::write(&tree.get_meta(child)?, &object(step)?)?;
                }
                Ok(())
            }
            GuideEdit::TaskTitle { task_id, title } => {
                let node = self.task(&tree, *task_id)?;
                node::write(&tree.get_meta(node)?, &fields("title", title)?)
            }
            GuideEdit::MoveTask { task_id, place } => {
                let node = self.task(&tree, *task_id)?;
                Ok(tree.mov_to(node, TreeParentId::Root, last(&tree, TreeParentId::Root, *place, true))?)
            }
            GuideEdit::RemoveTask { task_id } => Ok(tree.delete(self.task(&tree, *task_id)?)?),
            GuideEdit::AddStep { task_id, step, place } => {
                let task = TreeParentId::Node(self.task(&tree, *task_id)?);
                let node = self.add(&tree, task, *place, "step")?;
                node::write(&tree.get_meta(node)?, &object(&**step)?)
            }
            GuideEdit::Step { step } => {
                let node = self.step(&tree, step.step_id)?;
                node::write(&tree.get_meta(node)?, &object(&**step)?)
            }
            GuideEdit::MoveStep { step_id, task_id, place } => {
                let (node, task) = (self.step(&tree, *step_id)?, self.task(&tree, *task_id)?);
                let stays = tree.parent(node) == Some(TreeParentId::Node(task));
                let place = last(&tree, TreeParentId::Node(task), *place, stays);
                Ok(tree.mov_to(node, TreeParentId::Node(task), place)?)
            }
            GuideEdit::RemoveStep { step_id } => Ok(tree.delete(self.step(&tree, *step_id)?)?),
        }
    }

    fn add(
        &self,
        tree: &LoroTree,
        parent: TreeParentId,
        place: usize,
        kind: &str,
    ) -> Result<TreeID, DocumentError> {
        let node = tree.create_at(parent, last(tree, parent, place, false))?;
        tree.get_meta(node)?.insert(KIND, kind)?;
        Ok(node)
    }

    fn task(&self, tree: &LoroTree, task_id: GuideTaskId) -> Result<TreeID, DocumentError> {
        find(tree, TreeParentId::Root, "task_id", &task_id.to_string())
            .ok_or_else(|| DocumentError::NotThere { what: format!("task {task_id}") })
    }

    fn step(&self, tree: &LoroTree, step_id: GuideStepId) -> Result<TreeID, DocumentError> {
        let wanted = step_id.to_string();
        tree.children(TreeParentId::Root)
            .unwrap_or_default()
            .into_iter()
            .find_map(|task| find(tree, TreeParentId::Node(task), "step_id", &wanted))
            .ok_or_else(|| DocumentError::NotThere { what: format!("step {step_id}") })
    }
}

fn head(doc: &LoroDoc) -> LoroMap {
    doc.get_map("guide")
}

fn tree(doc: &LoroDoc) -> LoroTree {
    let tree = doc.get_tree("outline");
    if !tree.is_fractional_index_enabled() {
        tree.enable_fractional_index(0);
    }
    tree
}

/// A place among the children of `parent`, none beyond their end; one of them that moves leaves its own.
fn last(tree: &LoroTree, parent: TreeParentId, place: usize, stays: bool) -> usize {
    let count = tree.children_num(parent).unwrap_or_default();
    place.min(if stays { count.saturating_sub(1) } else { count })
}

fn find(tree: &LoroTree, parent: TreeParentId, field: &str, id: &str) -> Option<TreeID> {
    tree.children(parent)?.into_iter().find(|node| {
        let said = tree.get_meta(*node).ok().and_then(|meta| meta.get(field));
        matches!(said, Some(loro::ValueOrContainer::Value(LoroValue::String(said))) if said.as_str() == id)
    })
}

fn object(value: &impl Serialize) -> Result<Map<String, Json>, DocumentError> {
    match serde_json::to_value(value) {
        Ok(Json::Object(fields)) => Ok(fields),
        Ok(other) => Err(DocumentError::Failed(format!("{other} is no record"))),
        Err(error) => Err(DocumentError::Failed(error.to_string())),
    }
}

fn fields(name: &str, value: &impl Serialize) -> Result<Map<String, Json>, DocumentError> {
    let value = serde_json::to_value(value).map_err(|error| DocumentError::Failed(error.to_string()))?;
    Ok([(name.to_owned(), value)].into_iter().collect())
}

fn typed<T: DeserializeOwned>(place: &str, value: Json) -> Result<T, DocumentError> {
    serde_json::from_value(value)
        .map_err(|error| DocumentError::Unfit { place: place.to_owned(), reason: error.to_string() })
}

fn failed(error: loro::LoroEncodeError) -> DocumentError {
    DocumentError::Failed(error.to_string())
}
