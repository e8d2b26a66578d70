//! The document of a scenario: its model as text that merges line by line, what figures are bound to, stories, and where
//! figures stand in the diagram.

use loro::{ExportMode, Frontiers, LoroDoc, LoroMap, LoroText, LoroValue, UpdateOptions, ValueOrContainer};
use millwright_model::{ScenarioDriver, ScenarioNarrative, ScenarioPlace};

use crate::DocumentError;
use crate::guard::guarded;
use crate::guide_draft::DraftVersion;
use crate::updates::document_of;

/// The longest model, in bytes: as the language of models has it.
const TEXT_MAX_BYTES: usize = millwright_methods::scenario::TEXT_MAX_BYTES;
/// The most stories.
const NARRATIVES_MAX: usize = 64;
/// The longest story, in characters.
const NARRATIVE_CHARS: usize = 8_000;
/// The most figures that are bound.
const DRIVERS_MAX: usize = 200;
/// The most figures that were moved in the diagram.
const PLACES_MAX: usize = millwright_methods::scenario::STATEMENTS_MAX;

/// The document of a scenario.
pub struct ScenarioDraft {
    doc: LoroDoc,
}

impl ScenarioDraft {
    /// A document with this model, and the update that makes it. `peer` names this writing among all others: a number
    /// that was never used before.
    ///
    /// # Errors
    /// When the text is too long, or the library refuses.
    pub fn begin(text: &str, peer: u64) -> Result<(Self, Vec<u8>), DocumentError> {
        let draft = Self { doc: LoroDoc::new() };
        let update = draft.write(peer, |draft| draft.set_text(text))?.unwrap_or_default();
        Ok((draft, update))
    }

    /// The document that these updates make, in whichever order they come. Each was written by somebody else: one that
    /// cannot be read is named.
    ///
    /// # Errors
    /// When an update cannot be read, or there are more than are read.
    pub fn of_updates<'u>(updates: impl IntoIterator<Item = &'u [u8]>) -> Result<Self, DocumentError> {
        let draft = Self { doc: document_of(updates)? };
        guarded(|| draft.check()).map_err(DocumentError::Failed)??;
        Ok(draft)
    }

    /// The model's text.
    pub fn text(&self) -> String {
        model(&self.doc).to_string()
    }

    /// The document as it stands.
    pub fn version(&self) -> DraftVersion {
        DraftVersion(self.doc.oplog_frontiers().encode())
    }

    /// What a figure is bound to; what this version does not know is left out.
    pub fn drivers(&self) -> Vec<(String, ScenarioDriver)> {
        entries(&drivers(&self.doc))
            .into_iter()
            .filter_map(|(name, value)| Some((name, serde_json::from_str(&value).ok()?)))
            .collect()
    }

    /// The stories, by what they are about.
    pub fn narratives(&self) -> Vec<ScenarioNarrative> {
        let told = |(about, text): (String, String)| ScenarioNarrative { about, text };
        entries(&narratives(&self.doc)).into_iter().map(told).collect()
    }

    /// Where figures stand in the diagram that somebody moved; what is no place is left out.
    pub fn places(&self) -> Vec<ScenarioPlace> {
        let place = |(name, value): (String, String)| {
            let (x, y) = value.split_once(' ')?;
            let within = |text: &str| text.parse::<i32>().ok().filter(|at| at.abs() <= ScenarioPlace::MOST);
            Some(ScenarioPlace { name, x: within(x)?, y: within(y)? })
        };
        entries(&places(&self.doc)).into_iter().filter_map(place).collect()
    }

    /// Writes the model as the author of `seen` wants it, whatever others wrote meanwhile in other lines, and answers the
    /// update; nothing where nothing changed. `peer` names this writing among all others.
    ///
    /// # Errors
    /// When the version is none of this document, or the text is too long. Then nothing changes.
    pub fn write_text(
        &mut self,
        seen: &DraftVersion,
        text: &str,
        peer: u64,
    ) -> Result<Option<Vec<u8>>, DocumentError> {
        let seen = Frontiers::decode(&seen.0).map_err(|_unreadable| DocumentError::NoSuchVersion)?;
        let forked = self.doc.fork_at(&seen).map_err(|_unknown| DocumentError::NoSuchVersion)?;
        let theirs = Self { doc: forked };
        let Some(update) = theirs.write(peer, |draft| draft.set_text(text))? else { return Ok(None) };
        self.doc.import(&update)?;
        Ok(Some(update))
    }

    /// Binds a figure to what it is taken from, or frees it.
    ///
    /// # Errors
    /// When there are more than are kept. Then nothing changes.
    pub fn drive(
        &mut self,
        name: &str,
        driver: Option<&ScenarioDriver>,
        peer: u64,
    ) -> Result<Option<Vec<u8>>, DocumentError> {
        let value = driver.map(serde_json::to_string).transpose();
        let value = value.map_err(|error| DocumentError::Failed(error.to_string()))?;
        let entry = |draft: &Self| {
            set_entry(&drivers(&draft.doc), name, value.as_deref(), DRIVERS_MAX, "bound figures")
        };
        self.write(peer, entry)
    }

    /// Tells a story; an empty one is taken out.
    ///
    /// # Errors
    /// When there are more than are kept, or it is too long. Then nothing changes.
    pub fn tell(&mut self, about: &str, text: &str, peer: u64) -> Result<Option<Vec<u8>>, DocumentError> {
        if text.chars().count() > NARRATIVE_CHARS {
            return Err(DocumentError::TooLarge { what: "characters of a story", limit: NARRATIVE_CHARS });
        }
        let text = Some(text).filter(|text| !text.trim().is_empty());
        self.write(peer, |draft| set_entry(&narratives(&draft.doc), about, text, NARRATIVES_MAX, "stories"))
    }

    /// Puts a figure to a place in the diagram, or gives it back to where it falls.
    ///
    /// # Errors
    /// When there are more than are kept. Then nothing changes.
    pub fn place(
        &mut self,
        name: &str,
        at: Option<(i32, i32)>,
        peer: u64,
    ) -> Result<Option<Vec<u8>>, DocumentError> {
        let within = |at: i32| at.clamp(-ScenarioPlace::MOST, ScenarioPlace::MOST);
        let value = at.map(|(x, y)| format!("{} {}", within(x), within(y)));
        let entry = |draft: &Self| {
            set_entry(&places(&draft.doc), name, value.as_deref(), PLACES_MAX, "moved figures")
        };
        self.write(peer, entry)
    }

    /// Calls a figure by a new name: `text` is the model that does, and what is kept of the figure goes with it (what it is
    /// bound to, where it stands, the stories at its ends).
    ///
    /// # Errors
    /// When the text is too long, or the library refuses.
    pub fn rename(
        &mut self,
        text: &str,
        name: &str,
        to: &str,
        peer: u64,
    ) -> Result<Option<Vec<u8>>, DocumentError> {
        self.write(peer, |draft| {
            draft.set_text(text)?;
            for (map, limit, what) in [
                (drivers(&draft.doc), DRIVERS_MAX, "bound figures"),
                (places(&draft.doc), PLACES_MAX, "moved figures"),
                (narratives(&draft.doc), NARRATIVES_MAX, "stories"),
            ] {
                for (key, value) in entries(&map) {
                    let renamed = renamed(&key, name, to);
                    if renamed != key {
                        set_entry(&map, &key, None, limit, what)?;
                        set_entry(&map, &renamed, Some(&value), limit, what)?;
                    }
                }
            }
            Ok(())
        })
    }

    fn write(
        &self,
        peer: u64,
        act: impl FnOnce(&Self) -> Result<(), DocumentError>,
    ) -> Result<Option<Vec<u8>>, DocumentError> {
        self.doc.set_peer_id(peer)?;
        let before = self.doc.oplog_vv();
        act(self)?;
        self.doc.commit();
        if self.doc.oplog_vv() == before {
            return Ok(None);
        }
        let failed = |error: loro::LoroEncodeError| DocumentError::Failed(error.to_string());
        self.doc.export(ExportMode::updates(&before)).map(Some).map_err(failed)
    }

    fn set_text(&self, text: &str) -> Result<(), DocumentError> {
        if text.len() > TEXT_MAX_BYTES {
            return Err(DocumentError::TooLarge { what: "bytes of a model", limit: TEXT_MAX_BYTES });
        }
        // Whole lines: two people who change the same line both keep theirs, and the model says that it is told twice.
        model(&self.doc)
            .update_by_line(text, UpdateOptions::default())
            .map_err(|error| DocumentError::Failed(format!("{error:?}")))
    }

    /// What a strange update may have left: within bounds.
    fn check(&self) -> Result<(), DocumentError> {
        // Twice the longest: two people may each have written one.
        if model(&self.doc).len_utf8() > 2 * TEXT_MAX_BYTES {
            return Err(DocumentError::TooLarge { what: "bytes of a model", limit: 2 * TEXT_MAX_BYTES });
        }
        for (map, limit, what) in [
            (drivers(&self.doc), DRIVERS_MAX, "bound figures"),
            (narratives(&self.doc), NARRATIVES_MAX, "stories"),
            (places(&self.doc), PLACES_MAX, "moved figures"),
        ] {
            if map.len() > 2 * limit {
                return Err(DocumentError::TooLarge { what, limit: 2 * limit });
            }
        }
        Ok(())
    }
}

fn model(doc: &LoroDoc) -> LoroText {
    doc.get_text("model")
}

fn drivers(doc: &LoroDoc) -> LoroMap {
    doc.get_map("drivers")
}

fn narratives(doc: &LoroDoc) -> LoroMap {
    doc.get_map("narratives")
}

fn places(doc: &LoroDoc) -> LoroMap {
    doc.get_map("places")
}

/// What is kept under a figure's name, or under its name with an end (`demand high, price low`), by its new name.
fn renamed(key: &str, name: &str, to: &str) -> String {
    let part = |part: &str| match part.strip_prefix(name) {
        Some(rest) if rest.is_empty() || rest.starts_with(' ') => format!("{to}{rest}"),
        _ => part.to_owned(),
    };
    key.split(", ").map(part).collect::<Vec<_>>().join(", ")
}

/// The texts of a map, by their keys.
fn entries(map: &LoroMap) -> Vec<(String, String)> {
    let mut keys: Vec<String> = map.keys().map(|key| key.to_string()).collect();
    keys.sort_unstable();
    let text = |key: String| match map.get(&key) {
        Some(ValueOrContainer::Value(LoroValue::String(text))) => Some((key, text.to_string())),
        _ => None,
    };
    keys.into_iter().filter_map(text).collect()
}

fn set_entry(
    map: &LoroMap,
    key: &str,
    value: Option<&str>,
    limit: usize,
    what: &'static str,
) -> Result<(), DocumentError> {
    let here = match map.get(key) {
        Some(ValueOrContainer::Value(LoroValue::String(text))) => Some(text.to_string()),
        _ => None,
    };
    if here.as_deref() == value {
        return Ok(());
    }
    match value {
        Some(value) => {
            if here.is_none() && map.len() >= limit {
                return Err(DocumentError::TooLarge { what, limit });
            }
            Ok(map.insert(key, value)?)
        }
        None => Ok(map.delete(key)?),
    }
}
