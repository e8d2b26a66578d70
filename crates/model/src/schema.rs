//! JSON Schemas of what programs ask over a network and what they hear, made from the types themselves.

use std::collections::BTreeSet;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value as Json};

use crate::Reach;
use crate::command::open_command_schemas;

/// Where the schemas lie in the document that holds them.
const PLACE: &str = "/components/schemas";

/// A command and the schemas of its two sides.
#[derive(Clone, Debug)]
pub struct CommandSchema {
    /// Its name at the boundary.
    pub name: &'static str,
    /// What it does to what is kept.
    pub reach: Reach,
    /// Of its arguments.
    pub input: Json,
    /// Of its answer.
    pub output: Json,
}

/// Everything that a description of the commands needs.
#[derive(Clone, Debug)]
pub struct Schemas {
    /// The commands that programs may give.
    pub commands: Vec<CommandSchema>,
    /// Of an error.
    pub error: Json,
    /// The named schemas that the others refer to as `#/components/schemas/NAME`.
    pub named: Map<String, Json>,
}

impl Schemas {
    /// The schemas of this version, with errors as `E`.
    ///
    /// A type that is taken otherwise than it is given (a field that may be left out when asking and is always there in
    /// an answer) has two schemas: the one for asking is called `…Input`.
    pub fn with_errors_as<E: JsonSchema>() -> Self {
        let settings = SchemaSettings::draft2020_12().with(|settings| {
            settings.definitions_path = PLACE.into();
            settings.meta_schema = None;
        });
        let mut asked = SchemaGenerator::new(settings.clone().for_deserialize());
        let mut answered = SchemaGenerator::new(settings.for_serialize());
        let mut commands = open_command_schemas(&mut asked, &mut answered);
        let error = answered.subschema_for::<E>().to_value();
        let (asked, mut named) = (asked.take_definitions(true), answered.take_definitions(true));
        let apart = apart(&asked, &named);
        for command in &mut commands {
            rename(&mut command.input, &apart);
        }
        for (name, mut schema) in asked {
            rename(&mut schema, &apart);
            let name = if apart.contains(&name) { input_name(&name) } else { name };
            named.insert(name, schema);
        }
        Self { commands, error, named }
    }
}

fn input_name(name: &str) -> String {
    format!("{name}Input")
}

/// The names whose schemas differ between asking and answering, by themselves or by what they refer to.
fn apart(asked: &Map<String, Json>, answered: &Map<String, Json>) -> BTreeSet<String> {
    let mut apart: BTreeSet<String> = asked
        .iter()
        .filter(|(name, schema)| answered.get(*name).is_some_and(|other| other != *schema))
        .map(|(name, _)| name.clone())
        .collect();
    loop {
        let more: Vec<String> = asked
            .iter()
            .filter(|(name, schema)| {
                answered.contains_key(*name) && !apart.contains(*name) && refers_to(schema, &apart)
            })
            .map(|(name, _)| name.clone())
            .collect();
        if more.is_empty() {
            return apart;
        }
        apart.extend(more);
    }
}

/// The name that a reference leads to.
fn referred(reference: &str) -> Option<&str> {
    reference.strip_prefix('#')?.strip_prefix(PLACE)?.strip_prefix('/')
}

fn refers_to(schema: &Json, names: &BTreeSet<String>) -> bool {
    match schema {
        Json::Object(fields) => fields.iter().any(|(key, value)| match (key.as_str(), value) {
            ("$ref", Json::String(reference)) => referred(reference).is_some_and(|name| names.contains(name)),
            _ => refers_to(value, names),
        }),
        Json::Array(items) => items.iter().any(|item| refers_to(item, names)),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => false,
    }
}

fn rename(schema: &mut Json, names: &BTreeSet<String>) {
    match schema {
        Json::Object(fields) => {
            for (key, value) in fields {
                match value {
                    Json::String(reference) if key == "$ref" => {
                        if let Some(name) = referred(reference).filter(|name| names.contains(*name)) {
                            *reference = format!("#{PLACE}/{}", input_name(name));
                        }
                    }
                    value => rename(value, names),
                }
            }
        }
        Json::Array(items) => items.iter_mut().for_each(|item| rename(item, names)),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ApiError, COMMAND_REACHES};

    #[test]
    fn every_open_command_and_no_closed_one_has_its_schemas() {
        let schemas = Schemas::with_errors_as::<ApiError>();
        let described: Vec<&str> = schemas.commands.iter().map(|command| command.name).collect();
        let open = COMMAND_REACHES.iter().filter(|(_, reach)| !matches!(reach, Reach::Closed(_)));
        let open: Vec<&str> = open.map(|(name, _)| *name).collect();
        assert_eq!(described, open);
    }

    #[test]
    fn every_reference_leads_to_a_schema() {
        fn references(schema: &Json, found: &mut BTreeSet<String>) {
            match schema {
                Json::Object(fields) => fields.iter().for_each(|(key, value)| match value {
                    Json::String(reference) if key == "$ref" => {
                        found.insert(referred(reference).unwrap().to_owned());
                    }
                    value => references(value, found),
                }),
                Json::Array(items) => items.iter().for_each(|item| references(item, found)),
                _ => {}
            }
        }
        let schemas = Schemas::with_errors_as::<ApiError>();
        let mut found = BTreeSet::new();
        for command in &schemas.commands {
            references(&command.input, &mut found);
            references(&command.output, &mut found);
        }
        references(&schemas.error, &mut found);
        schemas.named.values().for_each(|schema| references(schema, &mut found));
        let named: BTreeSet<String> = schemas.named.keys().cloned().collect();
        assert_eq!(found, named, "every name is there, and none for nobody");
    }

    #[test]
    fn a_type_that_is_taken_otherwise_than_given_has_two_schemas() {
        let schemas = Schemas::with_errors_as::<ApiError>();
        let low_is_needed = |name: &str| {
            let forms = schemas.named[name]["oneOf"].as_array().unwrap();
            let measurement = forms.iter().find(|form| form["properties"].get("low").is_some()).unwrap();
            measurement["required"].as_array().unwrap().contains(&"low".into())
        };
        // A limit may be left out when asking, and is always said in an answer, if only as null.
        assert_eq!((low_is_needed("StepFormInput"), low_is_needed("StepForm")), (false, true));
        let draft = schemas.named["StepDraftInput"]["properties"]["form"]["$ref"].as_str();
        assert_eq!(draft, Some("#/components/schemas/StepFormInput"), "what holds it has two as well");
        assert!(!schemas.named.contains_key("AssetIdInput"), "what is the same both ways has one");
    }
}
