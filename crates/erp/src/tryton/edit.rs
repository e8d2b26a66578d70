//! Edited fields of an order at Tryton: the name of its task, and the part of its comment that is the description.

use millwright_model::{Changed, PushOutcome};
use serde_json::{Map, Value, json};

use super::TrytonErp;
use super::push::{COMMENT_MARK, done, id_of, pushed};
use super::rpc::CallError;
use crate::reference::Reference;
use crate::text::{Stand, Stands, growing_text_stands, plain_text, shortened};
use crate::{KeyLookup, PushError};

/// What an edit changes of a task.
pub(super) struct TaskEdit<'a> {
    /// What people call the order.
    pub number: &'a str,
    pub title: Option<&'a Changed<String>>,
    pub description: Option<&'a Changed<String>>,
}

fn text_of(row: &Value, field: &str) -> String {
    plain_text(row.get(field).and_then(Value::as_str).unwrap_or_default())
}

/// A comment in its parts: the lines that carry our id, and all others, which are the description.
fn parts_of(comment: &str) -> (Vec<&str>, String) {
    let is_mark = |line: &&str| line.trim().starts_with(COMMENT_MARK);
    let words: Vec<&str> = comment.lines().filter(|line| !is_mark(line)).collect();
    (comment.lines().filter(is_mark).collect(), plain_text(&words.join("\n")))
}

/// The comment with another description: our id stays, and so does what was written below.
fn comment_with(comment: &str, description: &Changed<String>) -> String {
    let (marks, words) = parts_of(comment);
    let (_, below) = growing_text_stands(&words, &description.from, &description.to);
    let lines = std::iter::once(description.to.as_str()).chain(marks).chain(std::iter::once(below));
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

impl TaskEdit<'_> {
    /// Where the task stands.
    pub fn stand(&self, row: &Value) -> Stands {
        Stands::of([self.title_stands(row), self.description_stands(row)].into_iter().flatten())
    }

    fn title_stands(&self, row: &Value) -> Option<Stand> {
        let title = self.title?;
        let there = text_of(row, "name");
        Some(match there {
            there if there == title.to => Stand::Ours,
            there if there == title.from => Stand::Before,
            _ => Stand::Elsewhere,
        })
    }

    fn description_stands(&self, row: &Value) -> Option<Stand> {
        let description = self.description?;
        let comment = text_of(row, "comment");
        let (_, words) = parts_of(&comment);
        Some(growing_text_stands(&words, &description.from, &description.to).0)
    }

    fn values(&self, row: &Value) -> Value {
        let mut values = Map::new();
        if let Some(title) = self.title {
            values.insert("name".to_owned(), json!(title.to));
        }
        if let Some(description) = self.description {
            let comment = comment_with(&text_of(row, "comment"), description);
            values.insert("comment".to_owned(), json!(comment));
        }
        Value::Object(values)
    }

    fn conflict(&self, row: &Value) -> PushOutcome {
        let mut changed = Vec::new();
        if self.title_stands(row) == Some(Stand::Elsewhere) {
            changed.push(format!("the title «{}»", shortened(&text_of(row, "name"), 60)));
        }
        if self.description_stands(row) == Some(Stand::Elsewhere) {
            let (_, words) = parts_of(&text_of(row, "comment"));
            changed.push(format!("the description «{}»", shortened(&words, 60)));
        }
        let what = if changed.is_empty() { "changed meanwhile".to_owned() } else { changed.join(", ") };
        let who = row.get("write_uid.").and_then(|user| user.get("rec_name")).and_then(Value::as_str);
        PushOutcome::Conflict {
            message: format!("Order {} has {what} in Tryton; here it was edited too.", self.number),
            changed_by: who.map(str::to_owned),
        }
    }
}

impl TrytonErp {
    pub(super) async fn edit_task(
        &self,
        order: &Reference,
        edit: &TaskEdit<'_>,
        keys: &dyn KeyLookup,
    ) -> Result<PushOutcome, PushError> {
        let id = id_of(&order.resolve(keys).map_err(PushError::unfit)?)?;
        // With a version we saw, Tryton itself notices a change since.
        let mut seen = keys.version(order.kind, order.id);
        for last_try in [false, true] {
            let Some(row) = self.task(id).await.map_err(CallError::while_reading)? else {
                return Ok(PushOutcome::Conflict {
                    message: format!("Order {} is not in Tryton any more.", edit.number),
                    changed_by: None,
                });
            };
            match edit.stand(&row) {
                Stands::AllOurs => {
                    return Ok(PushOutcome::Applied(done(Some(id.to_string()), "it stands there")));
                }
                Stands::Elsewhere => return Ok(edit.conflict(&row)),
                Stands::AllBefore | Stands::Between => {}
            }
            let version =
                seen.take().map_or_else(|| row.get("_timestamp").cloned(), |seen| Some(seen.into()));
            let context = json!({"_timestamp": {format!("project.work,{id}"): version}});
            let params = vec![json!([id]), edit.values(&row)];
            let called = self.rpc.call("model.project.work.write", params, context).await;
            match pushed(called.map(|called| called.result))? {
                Ok(_) => return Ok(PushOutcome::Applied(done(Some(id.to_string()), "changed"))),
                Err(PushOutcome::Conflict { .. }) if !last_try => {}
                Err(PushOutcome::Conflict { .. }) => return Ok(edit.conflict(&row)),
                Err(outcome) => return Ok(outcome),
            }
        }
        Err(PushError::changes_too_fast())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(from: &str, to: &str) -> Changed<String> {
        Changed { from: from.to_owned(), to: to.to_owned() }
    }

    #[test]
    fn a_new_description_keeps_our_id_and_what_was_found() {
        let mark = format!("{COMMENT_MARK}0193");
        for (comment, from, to, expected) in [
            ("Noise.", "Noise.", "Loud noise.", "Loud noise.".to_owned()),
            ("Noise.\nWorn ring.", "Noise.", "Loud.", "Loud.\nWorn ring.".to_owned()),
            ("", "", "New.", "New.".to_owned()),
            ("Noise.", "Noise.", "", String::new()),
        ] {
            assert_eq!(comment_with(comment, &changed(from, to)), expected, "{comment:?}");
        }
        let with_mark = format!("Noise.\n{mark}\nWorn ring.");
        assert_eq!(
            comment_with(&with_mark, &changed("Noise.", "Loud.")),
            format!("Loud.\n{mark}\nWorn ring.")
        );
        assert_eq!(
            comment_with(&with_mark, &changed("Noise.\nWorn ring.", "Loud.")),
            format!("Loud.\n{mark}")
        );
        assert_eq!(comment_with(&mark, &changed("", "New.")), format!("New.\n{mark}"));
    }

    #[test]
    fn a_task_stands_as_before_as_ours_or_elsewhere() {
        let (title, description) = (changed("A", "B"), changed("x", "y"));
        let edit = TaskEdit { number: "7", title: Some(&title), description: Some(&description) };
        let row = |name: &str, comment: &str| json!({"name": name, "comment": comment});
        assert_eq!(edit.stand(&row("A", "x")), Stands::AllBefore);
        assert_eq!(edit.stand(&row("B", "y\nfound")), Stands::AllOurs);
        assert_eq!(edit.stand(&row("B", "x")), Stands::Between);
        assert_eq!(edit.stand(&row("C", "x")), Stands::Elsewhere);
        let PushOutcome::Conflict { message, .. } = edit.conflict(&row("C", "x")) else { panic!() };
        assert!(message.contains("the title «C»") && !message.contains("description"), "{message}");
    }
}
