//! A task or a step as a node of the document's tree: texts that merge letter by letter, lists that merge item by item,
//! and single values of which the later stays.

use loro::{LoroMap, LoroMovableList, LoroText, LoroValue, ToJson, UpdateOptions, ValueOrContainer};
use serde_json::{Map, Value as Json};

use crate::DocumentError;

/// Fields that are texts by language.
const WORDS: [&str; 2] = ["title", "text"];
/// Fields that are lists.
const LISTS: [&str; 8] =
    ["pictures", "shows", "parts", "tools", "hazards", "protection", "evidence", "branches"];
/// The field that tells nodes from each other: written once.
pub(crate) const KIND: &str = "node";
/// What a list of languages is kept under, beside the texts of a field.
const OF_REVISION: &str = "_of_revision";

/// Writes what differs from what the node says.
pub(crate) fn write(node: &LoroMap, said: &Map<String, Json>) -> Result<(), DocumentError> {
    for (field, value) in said {
        if WORDS.contains(&field.as_str()) {
            write_words(node, field, value)?;
        } else if LISTS.contains(&field.as_str()) {
            write_list(&node.ensure_mergeable_movable_list(field)?, value.as_array().unwrap_or(&Vec::new()))?;
        } else if single(node, field) != *value {
            node.insert(field, LoroValue::from(value.clone()))?;
        }
    }
    Ok(())
}

/// What the node says, without what it has of the document's own.
pub(crate) fn read(node: &LoroMap) -> Map<String, Json> {
    let mut said = Map::new();
    let keys: Vec<String> = node.keys().map(|key| key.to_string()).collect();
    for key in keys {
        let key = key.as_str();
        if key == KIND || key.ends_with(OF_REVISION) {
            continue;
        }
        let value = if WORDS.contains(&key) { read_words(node, key) } else { single(node, key) };
        said.insert(key.to_owned(), value);
    }
    said
}

fn single(node: &LoroMap, field: &str) -> Json {
    match node.get(field) {
        Some(ValueOrContainer::Value(value)) => value.to_json_value(),
        Some(ValueOrContainer::Container(container)) => container_value(&container),
        None => Json::Null,
    }
}

fn container_value(container: &loro::Container) -> Json {
    match container {
        loro::Container::MovableList(list) => list.get_deep_value().to_json_value(),
        loro::Container::Map(map) => map.get_deep_value().to_json_value(),
        loro::Container::Text(text) => Json::String(text.to_string()),
        _ => Json::Null,
    }
}

fn write_words(node: &LoroMap, field: &str, words: &Json) -> Result<(), DocumentError> {
    let none = Map::new();
    let words = words.as_object().unwrap_or(&none);
    let (texts, of) =
        (node.ensure_mergeable_map(field)?, node.ensure_mergeable_map(&format!("{field}{OF_REVISION}"))?);
    for (language, wording) in words {
        let text = wording.get("text").and_then(Json::as_str).unwrap_or_default();
        let here: LoroText = texts.ensure_mergeable_text(language)?;
        if here.to_string() != text {
            here.update(text, UpdateOptions::default())
                .map_err(|error| DocumentError::Failed(format!("{error:?}")))?;
        }
        let revision = wording.get("of_revision").cloned().unwrap_or(Json::Null);
        if single(&of, language) != revision {
            of.insert(language, LoroValue::from(revision))?;
        }
    }
    // What is said no more is emptied: a text that somebody else writes on meanwhile keeps their words.
    let gone: Vec<String> =
        texts.keys().map(|key| key.to_string()).filter(|language| !words.contains_key(language)).collect();
    for language in gone {
        texts
            .ensure_mergeable_text(&language)?
            .update("", UpdateOptions::default())
            .map_err(|error| DocumentError::Failed(format!("{error:?}")))?;
    }
    Ok(())
}

fn read_words(node: &LoroMap, field: &str) -> Json {
    let texts = single(node, field);
    let of = single(node, &format!("{field}{OF_REVISION}"));
    let mut words = Map::new();
    for (language, text) in texts.as_object().into_iter().flatten() {
        let Some(text) = text.as_str().filter(|text| !text.is_empty()) else { continue };
        let mut wording = Map::new();
        wording.insert("text".to_owned(), text.into());
        if let Some(revision) = of.get(language).filter(|revision| !revision.is_null()) {
            wording.insert("of_revision".to_owned(), revision.clone());
        }
        words.insert(language.clone(), Json::Object(wording));
    }
    Json::Object(words)
}

/// Makes the list say `wanted`, leaving alone what both have in the same order.
fn write_list(list: &LoroMovableList, wanted: &[Json]) -> Result<(), DocumentError> {
    let here = list.get_deep_value().to_json_value();
    let none = Vec::new();
    let here = here.as_array().unwrap_or(&none);
    let kept = common(here, wanted);
    let (mut from, mut to) = (here.len(), wanted.len());
    // From the end, so that places before it stay what they are.
    for (in_here, in_wanted) in kept.into_iter().rev().chain([(usize::MAX, usize::MAX)]) {
        let (next_from, next_to) = if in_here == usize::MAX { (0, 0) } else { (in_here + 1, in_wanted + 1) };
        if from > next_from {
            list.delete(next_from, from - next_from)?;
        }
        for value in wanted.get(next_to..to).unwrap_or_default().iter().rev() {
            list.insert(next_from, LoroValue::from(value.clone()))?;
        }
        (from, to) = (next_from.saturating_sub(1), next_to.saturating_sub(1));
    }
    Ok(())
}

/// The places of a longest common subsequence, in both.
fn common(left: &[Json], right: &[Json]) -> Vec<(usize, usize)> {
    let width = right.len() + 1;
    let mut longest = vec![0_usize; (left.len() + 1) * width];
    let at = |row: usize, column: usize| row * width + column;
    for (row, one) in left.iter().enumerate().rev() {
        for (column, other) in right.iter().enumerate().rev() {
            let value = if one == other {
                longest.get(at(row + 1, column + 1)).copied().unwrap_or_default() + 1
            } else {
                let below = longest.get(at(row + 1, column)).copied().unwrap_or_default();
                below.max(longest.get(at(row, column + 1)).copied().unwrap_or_default())
            };
            if let Some(cell) = longest.get_mut(at(row, column)) {
                *cell = value;
            }
        }
    }
    let (mut row, mut column, mut places) = (0, 0, Vec::new());
    while let (Some(one), Some(other)) = (left.get(row), right.get(column)) {
        if one == other {
            places.push((row, column));
            (row, column) = (row + 1, column + 1);
        } else if longest.get(at(row + 1, column)) >= longest.get(at(row, column + 1)) {
            row += 1;
        } else {
            column += 1;
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use loro::LoroDoc;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    proptest! {
        #[test]
        fn a_list_says_what_is_wanted_whatever_it_said(
            before in proptest::collection::vec(0_u8..6, 0..12),
            after in proptest::collection::vec(0_u8..6, 0..12),
        ) {
            let doc = LoroDoc::new();
            let list = doc.get_movable_list("list");
            let values = |numbers: &[u8]| numbers.iter().map(|number| json!({ "n": number })).collect::<Vec<_>>();
            write_list(&list, &values(&before)).unwrap();
            write_list(&list, &values(&after)).unwrap();
            prop_assert_eq!(list.get_deep_value().to_json_value(), Json::Array(values(&after)));
        }
    }

    #[test]
    fn what_two_people_add_to_a_list_is_there_twice() {
        let base = LoroDoc::new();
        write_list(&base.get_movable_list("tools"), &[json!("Hex key 8")]).unwrap();
        let (one, other) = (base.fork(), base.fork());
        write_list(&one.get_movable_list("tools"), &[json!("Hex key 8"), json!("Puller P2")]).unwrap();
        write_list(&other.get_movable_list("tools"), &[json!("Torque wrench"), json!("Hex key 8")]).unwrap();
        one.import(&other.export(loro::ExportMode::all_updates()).unwrap()).unwrap();
        let tools = one.get_movable_list("tools").get_deep_value().to_json_value();
        assert_eq!(tools, json!(["Torque wrench", "Hex key 8", "Puller P2"]));
    }
}
