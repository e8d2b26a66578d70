//! Reads a mapping file and says what is wrong with it: where, and what was probably meant.

use std::collections::BTreeMap;

use millwright_model::WorkOrderStatus;
use thiserror::Error;
use uuid::Uuid;

use super::mapping::{AssetTarget, CreateSettings, Mapping, Protocol};
use crate::Finding;
use crate::text::did_you_mean;

/// The mapping that ships for SAP's released services (OData version 2).
pub const SAP_V2: &str = include_str!("../../mapping/sap_v2.toml");
/// The same words for services of version 4.
pub const SAP_V4: &str = include_str!("../../mapping/sap_v4.toml");

const FORMAT_VERSION: u32 = 1;
/// A UUID in base64: shorter than this no field can hold our key.
const SHORTEST_OWN_KEY: usize = 22;

/// Why a mapping file is refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MappingError {
    /// It cannot be read.
    #[error("mapping, line {line}, column {column}: {message}")]
    Unreadable {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong there.
        message: String,
    },
    /// It is of another format.
    #[error("mapping: format {0} is not known here; this program reads format 1")]
    Format(u32),
    /// Something that is created could not be found again after a lost answer.
    #[error(
        "mapping, [{section}]: {reason}. After a lost answer Millwright could not tell whether the record exists, \
         and would have to make it twice or not at all"
    )]
    NoOwnKey {
        /// The section.
        section: String,
        /// What is missing.
        reason: String,
    },
    /// It names an asset source that it does not have.
    #[error("mapping, [{section}]: there is no [[asset]] named «{name}»{}", .meant.as_ref().map(|meant| format!("; did you mean «{meant}»?")).unwrap_or_default())]
    UnknownAsset {
        /// The section.
        section: String,
        /// What it names.
        name: String,
        /// What was probably meant.
        meant: Option<String>,
    },
}

impl Mapping {
    /// Reads and checks a mapping. The findings do not stop it from being used.
    pub fn load(text: &str) -> Result<(Self, Vec<Finding>), MappingError> {
        let mapping: Self = toml::from_str(text).map_err(|error| unreadable(text, &error))?;
        if mapping.version != FORMAT_VERSION {
            return Err(MappingError::Format(mapping.version));
        }
        for (section, create) in mapping.creates() {
            check_own_key(section, create)?;
        }
        mapping.check_asset_names()?;
        mapping.check_due(text)?;
        mapping.check_closing_text(text)?;
        let findings = mapping.findings();
        Ok((mapping, findings))
    }

    fn creates(&self) -> Vec<(&'static str, &CreateSettings)> {
        let mut creates = Vec::new();
        creates.extend(self.work_order.create.as_ref().map(|create| ("work_order.create", create)));
        creates.extend(self.request.as_ref().map(|request| ("request.create", &request.create)));
        creates.extend(self.labour.as_ref().map(|labour| ("labour.create", &labour.create)));
        creates.extend(self.movement.as_ref().map(|movement| ("movement.create", &movement.create)));
        creates
    }

    /// A time of day says nothing without its day.
    fn check_due(&self, text: &str) -> Result<(), MappingError> {
        match (&self.work_order.due_date, &self.work_order.due_time) {
            (None, Some(time)) => {
                let (line, column) = place(text, time.span().start);
                let message =
                    format!("«{}» is the time of a day: name its field in due_date", time.get_ref());
                Err(MappingError::Unreadable { line, column, message })
            }
            _ => Ok(()),
        }
    }

    /// What was found and done stands in one place, and not where the key of that place stands.
    fn check_closing_text(&self, text: &str) -> Result<(), MappingError> {
        let Some(texts) = &self.work_order.closing_texts else { return Ok(()) };
        let wrong = match &self.work_order.closing_text {
            Some(field) => Some((field, "leave out either closing_text or [work_order.closing_texts]")),
            None => {
                let field = texts.text.get_ref();
                let in_key = texts.order == *field || texts.which.contains_key(field);
                in_key.then_some((&texts.text, "it is part of the key: name the field that holds the text"))
            }
        };
        let Some((field, what)) = wrong else { return Ok(()) };
        let (line, column) = place(text, field.span().start);
        let message = format!("«{}»: {what}", field.get_ref());
        Err(MappingError::Unreadable { line, column, message })
    }

    fn check_asset_names(&self) -> Result<(), MappingError> {
        let known: Vec<&str> = self.asset.iter().map(|source| source.name.as_str()).collect();
        let check = |section: String, name: &str| {
            if known.contains(&name) {
                return Ok(());
            }
            let meant = did_you_mean(name, known.iter().copied()).map(str::to_owned);
            Err(MappingError::UnknownAsset { section, name: name.to_owned(), meant })
        };
        for source in &self.asset {
            for parent in &source.parents {
                check(format!("asset.parents of {}", source.name), &parent.asset)?;
            }
        }
        let targets = |section: &str, assets: &BTreeMap<String, AssetTarget>| {
            assets.keys().try_for_each(|name| check(format!("{section}.assets"), name))
        };
        targets("work_order", &self.work_order.assets)?;
        self.request.as_ref().map_or(Ok(()), |request| targets("request", &request.assets))
    }

    /// What does not stop the mapping, but will surprise someone.
    fn findings(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut find = |place: &str, message: String| {
            findings.push(Finding { place: place.to_owned(), message });
        };
        for (section, create) in self.creates() {
            let mapped = self.mapped_fields(section);
            for field in &create.required {
                if !create.defaults.contains_key(field) && !mapped.contains(&field.as_str()) {
                    find(
                        section,
                        format!(
                            "The ERP wants «{field}», and nothing sets it: add it to [{section}.defaults]."
                        ),
                    );
                }
            }
        }
        let order = &self.work_order;
        for status in WorkOrderStatus::ALL {
            let name = status.as_str();
            match order.status_mapping(status) {
                None => find(
                    "work_order.statuses",
                    format!("«{name}» is not mapped: moves to it are not told to the ERP."),
                ),
                Some(mapping) if mapping.action.is_none() && status != WorkOrderStatus::Planned => find(
                    &format!("work_order.statuses.{name}"),
                    "It has no action: moves to it are not told to the ERP.".to_owned(),
                ),
                Some(_) => {}
            }
        }
        if order.changed_at.is_none() {
            find("work_order", "Without changed_at every pull reads all orders.".to_owned());
        }
        if self.overlap_seconds < 60 {
            find(
                "overlap_seconds",
                "Less than a minute can miss changes of transactions that commit late.".to_owned(),
            );
        }
        for (place, missing) in [("labour", self.labour.is_none()), ("movement", self.movement.is_none())] {
            if missing {
                find(place, "Not mapped: it is recorded here and not told to the ERP.".to_owned());
            }
        }
        if self.protocol == Protocol::V2 && order.statuses.values().any(|mapping| mapping.bound) {
            find("work_order.statuses", "Version 2 has no bound actions: «bound» is ignored.".to_owned());
        }
        findings
    }

    /// The fields that the adapter sets by itself in what a section creates.
    fn mapped_fields(&self, section: &str) -> Vec<&str> {
        fn some<'a>(fields: &[&'a Option<String>]) -> Vec<&'a str> {
            fields.iter().filter_map(|field| field.as_deref()).collect()
        }
        match section {
            "work_order.create" => {
                let order = &self.work_order;
                let mut fields = some(&[&order.description, &order.priority, &order.due_at]);
                if order.due_at.is_none() {
                    fields.extend(order.due_date.iter().chain(order.due_time()).map(String::as_str));
                }
                fields.push(&order.title);
                fields
            }
            "request.create" => self.request.as_ref().map_or_else(Vec::new, |request| {
                let mut fields =
                    some(&[&request.text, &request.priority, &request.started_date, &request.started_time]);
                fields.push(&request.title);
                fields
            }),
            "labour.create" => self.labour.as_ref().map_or_else(Vec::new, |labour| {
                let mut fields = some(&[&labour.person, &labour.work_unit, &labour.text]);
                fields.extend([labour.order.as_str(), &labour.work, &labour.on]);
                fields
            }),
            _ => self
                .movement
                .as_ref()
                .map_or_else(Vec::new, |movement| movement.on.iter().map(String::as_str).collect()),
        }
    }
}

fn check_own_key(section: &str, create: &CreateSettings) -> Result<(), MappingError> {
    let refuse = |reason: String| Err(MappingError::NoOwnKey { section: section.to_owned(), reason });
    match &create.own_key {
        None => {
            refuse("own_key is missing: name a field that carries our key and can be searched".to_owned())
        }
        Some(field) if create.own_key_length < SHORTEST_OWN_KEY => refuse(format!(
            "«{field}» has {} characters, and our key needs at least {SHORTEST_OWN_KEY}",
            create.own_key_length
        )),
        Some(_) => Ok(()),
    }
}

/// Our key in the longest form that a field of `length` characters holds.
pub(crate) fn own_key_text(id: Uuid, length: usize) -> String {
    use base64::Engine as _;
    if length >= 36 {
        id.to_string()
    } else if length >= 32 {
        id.simple().to_string()
    } else {
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(id.as_bytes())
    }
}

/// The reverse of `own_key_text`, in any of its forms.
pub(crate) fn own_key_id(text: &str) -> Option<Uuid> {
    use base64::Engine as _;
    if let Ok(id) = Uuid::parse_str(text) {
        return Some(id);
    }
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).ok()?;
    Uuid::from_slice(&bytes).ok()
}

/// Line and column of a place in a text, from 1.
fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset.min(text.len())).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
    (line, column)
}

fn unreadable(text: &str, error: &toml::de::Error) -> MappingError {
    let (line, column) = place(text, error.span().map_or(0, |span| span.start));
    let mut message = error.message().to_owned();
    // serde's own words: unknown field `a`, expected one of `b`, `c`
    let mut quoted = message.split('`').skip(1).step_by(2);
    if message.starts_with("unknown ")
        && let Some(typed) = quoted.next()
        && let Some(meant) = did_you_mean(typed, quoted)
    {
        message = format!("«{typed}» is not known here; did you mean «{meant}»?");
    }
    MappingError::Unreadable { line, column, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_mappings_are_in_order() {
        for text in [SAP_V2, SAP_V4] {
            let (_, findings) = Mapping::load(text).unwrap();
            assert!(
                findings.iter().all(|finding| finding.place.starts_with("work_order.statuses")),
                "{findings:?}"
            );
        }
    }

    #[test]
    fn a_typo_is_named_with_its_line_and_what_was_meant() {
        let text = SAP_V2.replacen("priority = \"MaintPriority\"", "pririty = \"MaintPriority\"", 1);
        let line = text.lines().position(|line| line.starts_with("pririty")).unwrap() + 1;
        let error = Mapping::load(&text).unwrap_err();
        let MappingError::Unreadable { line: said, column, message } = &error else { panic!("{error}") };
        assert_eq!((*said, *column), (line, 1), "{error}");
        assert!(message.contains("did you mean «priority»"), "{error}");
    }

    #[test]
    fn a_time_without_its_day_is_named_with_its_place() {
        let text = SAP_V2.replace("due_date = \"MaintOrdBasicEndDate\"\n", "");
        let line = text.lines().position(|line| line.starts_with("due_time")).unwrap() + 1;
        let error = Mapping::load(&text).unwrap_err();
        let MappingError::Unreadable { line: said, column, message } = &error else { panic!("{error}") };
        assert_eq!((*said, *column), (line, "due_time = ".len() + 1), "{error}");
        assert!(message.contains("due_date"), "{error}");
    }

    #[test]
    fn a_second_place_for_the_closing_text_and_one_in_its_key_are_named_with_their_place() {
        let said = |text: String, start: &str| {
            let line = text.lines().position(|line| line.starts_with(start)).unwrap() + 1;
            let error = Mapping::load(&text).unwrap_err();
            let MappingError::Unreadable { line: said, column, message } = error else { panic!("{error}") };
            assert_eq!((said, column > 1), (line, true), "{message}");
            message
        };
        let twice = SAP_V2.replacen("[work_order]\n", "[work_order]\nclosing_text = \"Text\"\n", 1);
        assert!(said(twice, "closing_text = ").contains("closing_texts"));
        let field = "text = \"MaintenanceOrderLongText\"";
        let in_key = SAP_V2.replacen(field, "text = \"Language\"", 1);
        assert!(said(in_key, "text = \"Language\"").contains("part of the key"));
        let typo = SAP_V2.replacen(field, "txt = \"MaintenanceOrderLongText\"", 1);
        let error = Mapping::load(&typo).unwrap_err();
        assert!(error.to_string().contains("did you mean «text»"), "{error}");
    }

    #[test]
    fn bins_are_keys_of_movements_and_stock_and_their_typos_are_named() {
        let text = SAP_V2.replace("location = [\"Plant\"", "bin = \"Bin\"\nlocation = [\"Plant\"");
        assert!(Mapping::load(&text).is_ok());
        let text = text.replacen("bin = \"Bin\"", "bim = \"Bin\"", 1);
        let error = Mapping::load(&text).unwrap_err();
        assert!(error.to_string().contains("did you mean «bin»"), "{error}");
    }

    #[test]
    fn a_create_that_could_not_be_found_again_is_refused() {
        let text = SAP_V2.replace("own_key = \"YY1_MillwrightKey_CNF\"\n", "");
        assert!(matches!(
            Mapping::load(&text),
            Err(MappingError::NoOwnKey { section, .. }) if section == "labour.create"
        ));
        let text = SAP_V2.replace("own_key_length = 25", "own_key_length = 16");
        assert!(matches!(
            Mapping::load(&text),
            Err(MappingError::NoOwnKey { section, .. }) if section == "movement.create"
        ));
    }

    #[test]
    fn a_missing_default_is_a_finding_for_the_integrator() {
        let text = SAP_V2.replace("MaintenancePlanningPlant = \"1010\"\n", "");
        let (_, findings) = Mapping::load(&text).unwrap();
        assert!(
            findings.iter().any(|finding| finding.message.contains("«MaintenancePlanningPlant»")),
            "{findings:?}"
        );
    }

    #[test]
    fn an_asset_source_that_is_not_there_is_refused() {
        let text = SAP_V2.replace("asset = \"functional_location\"", "asset = \"functional_locaton\"");
        let error = Mapping::load(&text).unwrap_err();
        assert!(error.to_string().contains("did you mean «functional_location»"), "{error}");
    }

    #[test]
    fn our_key_survives_every_length_it_may_have() {
        let id = Uuid::from_u128(0x0193_5a7e_0000_7000_8000_0000_0000_00ff);
        for length in [22, 25, 31, 32, 35, 36, 80] {
            let text = own_key_text(id, length);
            assert!(text.len() <= length, "{text}");
            assert_eq!(own_key_id(&text), Some(id), "{text}");
        }
    }
}
