//! What is here already, by the names that files use for it.

use std::collections::BTreeMap;

use millwright_model::*;
use millwright_sheet::Value;

use super::Desk;
use super::line::{Fault, Line, Read, text_cell};
use crate::EngineError;

/// So long may a code or number be.
pub(super) const CODE_CHARS: usize = 60;
/// So long may a name be.
pub(super) const NAME_CHARS: usize = 200;

/// Machines and places.
pub(super) struct Machines {
    by_code: BTreeMap<String, Asset>,
    /// Codes of labels, and the machines they hang on.
    labels: BTreeMap<String, AssetId>,
    codes: BTreeMap<AssetId, String>,
}

impl Machines {
    pub(super) async fn here(desk: &mut Desk<'_>) -> Result<Self, EngineError> {
        let all: Vec<Asset> = desk.session.all().await?;
        let labels: Vec<Label> = desk.session.all().await?;
        Ok(Self {
            codes: all.iter().map(|asset| (asset.asset_id, asset.code.clone())).collect(),
            labels: labels.into_iter().map(|label| (label.code, label.asset_id)).collect(),
            by_code: all.into_iter().map(|asset| (asset.code.clone(), asset)).collect(),
        })
    }

    /// The machine that the plant calls `code`.
    pub(super) fn by_code(&self, code: &str) -> Option<&Asset> {
        self.by_code.get(code)
    }

    /// The code of the machine for which `code` stands only as a label.
    pub(super) fn behind_label(&self, code: &str) -> Option<&str> {
        if self.by_code.contains_key(code) {
            return None;
        }
        self.labels.get(code).and_then(|asset_id| self.codes.get(asset_id)).map(String::as_str)
    }

    /// The machine that a code or label stands for.
    pub(super) fn id(&self, code: &str) -> Option<AssetId> {
        let asset = self.by_code.get(code).map(|asset| asset.asset_id);
        asset.or_else(|| self.labels.get(code).copied().filter(|id| self.codes.contains_key(id)))
    }

    /// The machine that a cell names; nothing where it is empty.
    pub(super) fn named(&self, line: &Line<'_>, field: DataField) -> Read<Option<AssetId>> {
        let Some(given) = line.text(field, CODE_CHARS)? else { return Ok(None) };
        let id = self.id(&given);
        id.map(Some).ok_or_else(|| Fault::at(field, RowFault::NotHere { given, what: Missing::Machine }))
    }

    /// The machine that a cell must name.
    pub(super) fn needed(&self, line: &Line<'_>, field: DataField) -> Read<AssetId> {
        self.named(line, field)?.ok_or(Fault::at(field, RowFault::Empty))
    }

    /// What the plant calls a machine.
    pub(super) fn code(&self, asset_id: Option<AssetId>) -> &str {
        asset_id.and_then(|id| self.codes.get(&id)).map(String::as_str).unwrap_or_default()
    }

    /// The same as a cell of a file.
    pub(super) fn cell(&self, asset_id: Option<AssetId>) -> Value {
        text_cell(self.code(asset_id))
    }

    /// All of them, by code.
    pub(super) fn all(&self) -> impl Iterator<Item = &Asset> {
        self.by_code.values()
    }
}

/// Parts.
pub(super) struct Parts {
    by_number: BTreeMap<String, Vec<Part>>,
    numbers: BTreeMap<PartId, String>,
    /// Numbers of parts that gave way, and those that stay.
    gone: BTreeMap<String, PartId>,
}

impl Parts {
    pub(super) async fn here(desk: &mut Desk<'_>) -> Result<Self, EngineError> {
        let all: Vec<Part> = desk.session.all().await?;
        let mut gone = BTreeMap::new();
        for alias in desk.session.all::<Alias>().await? {
            if alias.record_kind != Entity::Part {
                continue;
            }
            let fields = desk.session.fields(Entity::Part, alias.alias_id.0).await?;
            let number =
                fields.as_ref().and_then(|fields| fields.get("number")).and_then(|text| text.as_str());
            let stays = desk.session.stands_for(alias.alias_id.0).await?;
            if let Some(number) = number {
                gone.insert(number.to_owned(), PartId(stays));
            }
        }
        let mut by_number: BTreeMap<String, Vec<Part>> = BTreeMap::new();
        let numbers = all.iter().map(|part| (part.part_id, part.number.clone())).collect();
        for part in all {
            by_number.entry(part.number.clone()).or_default().push(part);
        }
        Ok(Self { by_number, numbers, gone })
    }

    /// The part with a number; refused where it stands for several.
    pub(super) fn by_number(&self, field: DataField, number: &str) -> Read<Option<&Part>> {
        match self.by_number.get(number).map(Vec::as_slice) {
            None | Some([]) => Ok(None),
            Some([part]) => Ok(Some(part)),
            Some(_) => Err(Fault::at(field, RowFault::Several { given: number.to_owned() })),
        }
    }

    /// The number of the part for which `number` gave way.
    pub(super) fn behind(&self, number: &str) -> Option<&str> {
        if self.by_number.contains_key(number) {
            return None;
        }
        self.gone.get(number).and_then(|part_id| self.numbers.get(part_id)).map(String::as_str)
    }

    /// The part that a cell names; nothing where it is empty.
    pub(super) fn named(&self, line: &Line<'_>, field: DataField) -> Read<Option<&Part>> {
        let Some(given) = line.text(field, CODE_CHARS)? else { return Ok(None) };
        self.find(field, &given).map(Some)
    }

    /// The part that a number stands for.
    pub(super) fn find(&self, field: DataField, number: &str) -> Read<&Part> {
        let number = self.behind(number).unwrap_or(number);
        let missing = || RowFault::NotHere { given: number.to_owned(), what: Missing::Part };
        self.by_number(field, number)?.ok_or_else(|| Fault::at(field, missing()))
    }

    /// The part that a cell must name.
    pub(super) fn needed(&self, line: &Line<'_>, field: DataField) -> Read<&Part> {
        self.named(line, field)?.ok_or(Fault::at(field, RowFault::Empty))
    }

    /// The number of a part.
    pub(super) fn number(&self, part_id: PartId) -> &str {
        self.numbers.get(&part_id).map(String::as_str).unwrap_or_default()
    }

    /// All of them, by number.
    pub(super) fn all(&self) -> impl Iterator<Item = &Part> {
        self.by_number.values().flatten()
    }
}

/// Refuses another unit than the part is counted in.
pub(super) fn same_unit(line: &Line<'_>, part: &Part) -> Read<()> {
    match line.text(DataField::Unit, CODE_CHARS)? {
        Some(given) if given != part.unit => {
            Err(Fault::at(DataField::Unit, RowFault::OtherUnit { unit: part.unit.clone(), given }))
        }
        _ => Ok(()),
    }
}

/// People.
pub(super) struct Persons {
    all: Vec<PersonView>,
}

impl Persons {
    pub(super) fn here(desk: &Desk<'_>) -> Self {
        Self { all: desk.engine.people.all() }
    }

    /// The person with a number at the ERP.
    pub(super) fn by_number(&self, number: &str) -> Option<&PersonView> {
        self.all.iter().find(|person| person.erp_number.as_deref() == Some(number))
    }

    /// The person with a name; refused where it stands for several.
    pub(super) fn by_name(&self, field: DataField, name: &str) -> Read<Option<&PersonView>> {
        let mut found = self.all.iter().filter(|person| person.name.as_deref() == Some(name));
        match (found.next(), found.next()) {
            (person, None) => Ok(person),
            (_, Some(_)) => Err(Fault::at(field, RowFault::Several { given: name.to_owned() })),
        }
    }

    /// The person that a cell names by number or name; nothing where it is empty.
    pub(super) fn named(&self, line: &Line<'_>, field: DataField) -> Read<Option<PersonId>> {
        let Some(given) = line.text(field, NAME_CHARS)? else { return Ok(None) };
        let person = match self.by_number(&given) {
            Some(person) => Some(person),
            None => self.by_name(field, &given)?,
        };
        let missing = || RowFault::NotHere { given: given.clone(), what: Missing::Person };
        person.map(|person| Some(person.person_id)).ok_or_else(|| Fault::at(field, missing()))
    }

    /// What a file calls a person: the number at the ERP, else the name.
    pub(super) fn label(&self, person_id: Option<PersonId>) -> &str {
        let person = self.all.iter().find(|person| Some(person.person_id) == person_id);
        person.and_then(|person| person.erp_number.as_deref().or(person.name.as_deref())).unwrap_or_default()
    }

    /// All of them, by name.
    pub(super) fn all(&self) -> &[PersonView] {
        &self.all
    }
}

/// Whether a record is among those that are seen.
pub(super) fn is_seen(seen: &DataSeen, texts: &[&str]) -> bool {
    let wanted = seen.containing.trim().to_lowercase();
    wanted.is_empty() || texts.iter().any(|text| text.to_lowercase().contains(&wanted))
}

/// Records by what files call them, so that a row finds its own at once.
pub(super) fn grouped<K: Ord, R>(records: Vec<R>, key: impl Fn(&R) -> K) -> BTreeMap<K, Vec<R>> {
    let mut groups: BTreeMap<K, Vec<R>> = BTreeMap::new();
    for record in records {
        groups.entry(key(&record)).or_default().push(record);
    }
    groups
}
