//! The description of the commands as OpenAPI 3.1, made from their types.

use millwright_model::Reach;
use millwright_model::schema::{CommandSchema, Schemas};
use serde_json::{Map, Value as Json, json};

use crate::problem::Problem;

/// The description of this version.
pub fn document() -> Json {
    let schemas = Schemas::with_errors_as::<Problem>();
    let mut paths = Map::new();
    for command in &schemas.commands {
        let (summary, more) = words_of(command, &schemas.named);
        paths.insert(
            format!("/v1/commands/{}", command.name),
            json!({ "post": operation(command, &summary, &more) }),
        );
    }
    paths.insert("/v1/health".to_owned(), json!({ "get": health() }));
    paths.insert("/v1/openapi.json".to_owned(), json!({ "get": itself() }));
    json!({
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "Millwright",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "The commands of Millwright for programs.",
            "description": "Every command is a POST with its arguments as a JSON object; its answer is JSON. Instants are milliseconds since 1970-01-01 UTC. A command that fails answers with problem details (RFC 9457).",
        },
        "servers": [{ "url": "/" }],
        "security": [{ "token": [] }],
        "tags": [
            { "name": "reads", "description": "Asks; nothing changes." },
            { "name": "changes", "description": "Changes something. Give an Idempotency-Key, and ask again when no answer came." },
        ],
        "paths": paths,
        "components": {
            "schemas": schemas.named,
            "responses": {
                "Problem": {
                    "description": "Why there is no answer.",
                    "headers": {
                        "Retry-After": {
                            "description": "After how many seconds to ask again, where that helps.",
                            "schema": { "type": "integer", "minimum": 1 },
                        },
                    },
                    "content": { "application/problem+json": { "schema": schemas.error } },
                },
            },
            "parameters": {
                "IdempotencyKey": {
                    "name": "Idempotency-Key",
                    "in": "header",
                    "required": false,
                    "description": "A key of the act's own, of 1 to 200 visible letters: asked for again with it within a day, the act has its effect once.",
                    "schema": { "type": "string", "minLength": 1, "maxLength": 200 },
                },
            },
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token that `millwrightctl token create` made.",
                },
            },
        },
    })
}

/// The first sentence of what a command does, and the rest: the words of its type.
fn words_of(command: &CommandSchema, named: &Map<String, Json>) -> (String, String) {
    let name = command.input.get("$ref").and_then(Json::as_str).and_then(|place| place.rsplit('/').next());
    let words = name.and_then(|name| named.get(name)?.get("description")?.as_str()).unwrap_or_default();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.split_once(". ") {
        Some((first, rest)) => (format!("{first}."), rest.to_owned()),
        None => (words, String::new()),
    }
}

fn operation(command: &CommandSchema, summary: &str, more: &str) -> Json {
    let changes = command.reach == Reach::Changes;
    let mut operation = json!({
        "operationId": command.name,
        "tags": [if changes { "changes" } else { "reads" }],
        "summary": summary,
        "requestBody": {
            "required": true,
            "content": { "application/json": { "schema": command.input } },
        },
        "responses": {
            "200": {
                "description": "The answer.",
                "content": { "application/json": { "schema": command.output } },
            },
            "default": { "$ref": "#/components/responses/Problem" },
        },
    });
    if !more.is_empty() {
        operation["description"] = more.into();
    }
    if changes {
        operation["parameters"] = json!([{ "$ref": "#/components/parameters/IdempotencyKey" }]);
    }
    operation
}

fn health() -> Json {
    let status = json!({ "type": "object", "required": ["status"], "properties": { "status": { "enum": ["ok", "failing"] } } });
    let answer = |description: &str| json!({ "description": description, "content": { "application/json": { "schema": status } } });
    json!({
        "operationId": "health",
        "summary": "Whether the engine answers.",
        "security": [],
        "responses": { "200": answer("It does."), "503": answer("It does not.") },
    })
}

fn itself() -> Json {
    json!({
        "operationId": "openapi",
        "summary": "This description.",
        "security": [],
        "responses": {
            "200": {
                "description": "An OpenAPI 3.1 document.",
                "content": { "application/json": { "schema": { "type": "object" } } },
            },
        },
    })
}
