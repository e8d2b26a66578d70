//! Reading: sets with `$filter`, `$orderby`, `$top`, `$skip`, `$skiptoken`, `$expand`, `$select`, `$inlinecount`,
//! single records, counts, and the envelope of version 2.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::filter::Condition;
use super::literal::{date_ms, iso_text, key_values};
use super::schema::{EntitySet, FieldKind, SETS, set_named};
use super::store::{Store, key_of};
use super::{Refusal, Row, text};

/// A page has at most so many records.
const PAGE_MAX: usize = 100;

/// The options of a query, by name, decoded.
pub(super) type Options = BTreeMap<String, String>;

/// Answers in the form of version 2.
pub(super) struct Reader<'a> {
    pub store: &'a Store,
    /// The address under which the services stand, with a slash at its end.
    pub root: &'a str,
}

impl Reader<'_> {
    /// What a service offers.
    pub fn service(service: &str) -> Result<Value, Refusal> {
        let sets: Vec<&str> = SETS.iter().filter(|set| set.service == service).map(|set| set.name).collect();
        if sets.is_empty() {
            return Err(Refusal::not_found(&format!("The service {service}")));
        }
        Ok(json!({ "d": { "EntitySets": sets } }))
    }

    /// How many records pass the filter.
    pub fn count(&self, set: &'static EntitySet, options: &Options) -> Result<usize, Refusal> {
        Ok(self.passing(set, options)?.len())
    }

    fn passing(&self, set: &'static EntitySet, options: &Options) -> Result<Vec<&Row>, Refusal> {
        let condition = match options.get("$filter") {
            Some(filter) => Some(Condition::parse(filter, set)?),
            None => None,
        };
        let rows = self.store.rows(set.name);
        Ok(rows.filter(|row| condition.as_ref().is_none_or(|condition| condition.holds(row))).collect())
    }

    /// A page of a set.
    pub fn page(
        &self,
        set: &'static EntitySet,
        options: &Options,
        page_size: Option<usize>,
    ) -> Result<Value, Refusal> {
        let mut rows = self.passing(set, options)?;
        let count = rows.len();
        if let Some(order) = options.get("$orderby") {
            sort(set, &mut rows, order)?;
        }
        let skip = number(options, "$skip")?.unwrap_or(0);
        let top = number(options, "$top")?;
        let wanted: Vec<&Row> = rows.into_iter().skip(skip).take(top.unwrap_or(usize::MAX)).collect();
        let begun = number(options, "$skiptoken")?.unwrap_or(0);
        let size = page_size.unwrap_or(PAGE_MAX).clamp(1, PAGE_MAX);
        let page = wanted.iter().skip(begun).take(size);
        let results: Result<Vec<Value>, Refusal> = page.map(|row| self.record(set, row, options)).collect();
        let mut inner = json!({ "results": results? });
        if options.get("$inlinecount").is_some_and(|wish| wish == "allpages") {
            inner["__count"] = count.to_string().into();
        }
        if wanted.len() > begun + size {
            inner["__next"] = self.next_link(set, options, begun + size).into();
        }
        Ok(json!({ "d": inner }))
    }

    fn next_link(&self, set: &EntitySet, options: &Options, begun: usize) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in options.iter().filter(|(name, _)| *name != "$skiptoken") {
            query.append_pair(name, value);
        }
        query.append_pair("$skiptoken", &begun.to_string());
        format!("{}{}/{}?{}", self.root, set.service, set.name, query.finish())
    }

    /// The record of a key predicate.
    pub fn find(&self, set: &'static EntitySet, predicate: &str) -> Result<&Row, Refusal> {
        let key = key_values(predicate, set)?;
        let what = || Refusal::not_found(&format!("{} {}", set.name, key.join("/")));
        self.store.row(set.name, &key).ok_or_else(what)
    }

    /// A record with its `__metadata`, children where they are asked for, and deferred links where not.
    pub fn record(&self, set: &'static EntitySet, row: &Row, options: &Options) -> Result<Value, Refusal> {
        let selected: Option<Vec<&str>> =
            options.get("$select").map(|list| list.split(',').map(str::trim).collect());
        let shown = |name: &str| selected.as_ref().is_none_or(|names| names.contains(&name));
        let uri = self.uri(set, row);
        let mut metadata =
            json!({ "id": uri, "uri": uri, "type": format!("{}.{}Type", set.service, set.name) });
        if let Some(etag) = etag(set, row) {
            metadata["etag"] = etag.into();
        }
        let mut record = Row::new();
        record.insert("__metadata".to_owned(), metadata);
        record.extend(
            row.iter()
                .filter(|(name, _)| set.has_field(name) && shown(name))
                .map(|(name, value)| (name.clone(), value.clone())),
        );
        if let Some(expand) = options.get("$expand") {
            for path in expand.split(',').map(str::trim) {
                if set.navigation(path).is_none() {
                    return Err(Refusal::bad(&format!("«{path}» leads nowhere from {}.", set.name)));
                }
            }
        }
        for navigation in set.navigation {
            let expanded = options
                .get("$expand")
                .is_some_and(|paths| paths.split(',').any(|path| path.trim() == navigation.name));
            let value = match set_named(navigation.set) {
                Some(child_set) if expanded => {
                    let children = self.store.children(set, row, navigation);
                    let none = Options::new();
                    let records: Result<Vec<Value>, Refusal> =
                        children.into_iter().map(|child| self.record(child_set, child, &none)).collect();
                    json!({ "results": records? })
                }
                Some(_) | None => json!({ "__deferred": { "uri": format!("{uri}/{}", navigation.name) } }),
            };
            record.insert(navigation.name.to_owned(), value);
        }
        Ok(Value::Object(record))
    }

    /// What a record leads to.
    pub fn below(&self, set: &'static EntitySet, row: &Row, name: &str) -> Result<Value, Refusal> {
        let nowhere = || Refusal::not_found(&format!("{}/{name}", set.name));
        let navigation = set.navigation(name).ok_or_else(nowhere)?;
        let child_set = set_named(navigation.set).ok_or_else(nowhere)?;
        let none = Options::new();
        let children = self.store.children(set, row, navigation).into_iter();
        let records: Result<Vec<Value>, Refusal> =
            children.map(|child| self.record(child_set, child, &none)).collect();
        Ok(json!({ "d": { "results": records? } }))
    }

    /// The address of a record.
    pub fn uri(&self, set: &EntitySet, row: &Row) -> String {
        let key = key_of(set, row);
        let predicate = match key.as_slice() {
            [only] => literal(only),
            several => {
                let named =
                    set.keys.iter().zip(several).map(|(name, value)| format!("{name}={}", literal(value)));
                named.collect::<Vec<_>>().join(",")
            }
        };
        format!("{}{}/{}({predicate})", self.root, set.service, set.name)
    }
}

fn literal(value: &str) -> String {
    match date_ms(value) {
        Some(ms) => format!("datetime'{}'", iso_text(ms).trim_end_matches(".000Z")),
        None => format!("'{}'", value.replace('\'', "''")),
    }
}

/// The mark of a record's version, where its set has one.
pub(super) fn etag(set: &EntitySet, row: &Row) -> Option<String> {
    let ms = date_ms(text(row, set.version?)?)?;
    Some(format!("W/\"datetimeoffset'{}'\"", iso_text(ms)))
}

fn number(options: &Options, name: &str) -> Result<Option<usize>, Refusal> {
    match options.get(name) {
        None => Ok(None),
        Some(text) => match text.parse() {
            Ok(number) => Ok(Some(number)),
            Err(_not_a_number) => Err(Refusal::bad(&format!("{name} is no number: «{text}»."))),
        },
    }
}

/// By the named fields; by key where they are equal (the rows come in the order of their keys).
fn sort(set: &EntitySet, rows: &mut [&Row], order: &str) -> Result<(), Refusal> {
    let mut fields = Vec::new();
    for part in order.split(',') {
        let mut words = part.split_whitespace();
        let name = words.next().unwrap_or_default();
        let down = match words.next() {
            None | Some("asc") => false,
            Some("desc") => true,
            Some(other) => return Err(Refusal::bad(&format!("«{other}» is no order."))),
        };
        let field = set
            .field(name)
            .ok_or_else(|| Refusal::bad(&format!("Property {name} is not known in {}.", set.name)))?;
        fields.push((field, down));
    }
    rows.sort_by(|one, other| {
        fields.iter().fold(std::cmp::Ordering::Equal, |before, (field, down)| {
            before.then_with(|| {
                let value = |row: &Row| text(row, field.name).unwrap_or_default().to_owned();
                let (one, other) = (value(one), value(other));
                let ordering = match field.kind {
                    FieldKind::Date | FieldKind::Instant => date_ms(&one).cmp(&date_ms(&other)),
                    FieldKind::Decimal => {
                        let number = |text: &str| text.parse::<f64>().unwrap_or(0.0);
                        number(&one).total_cmp(&number(&other))
                    }
                    FieldKind::Text(_) | FieldKind::Time => one.cmp(&other),
                };
                if *down { ordering.reverse() } else { ordering }
            })
        })
    });
    Ok(())
}
