//! What we say to the plant's broker: topic and bytes of a work order event. Pure and deterministic.

use serde::Serialize;
use serde_json::{Map, Value};

/// One event on a work order, for the Unified Namespace.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WorkOrderEvent {
    /// The op it tells of: whoever drops known ones sees each event once.
    pub op_id: String,
    /// The order.
    pub entity_id: String,
    /// The version of the order the op was made on.
    pub base_version: u64,
    /// The hybrid logical clock of the op.
    pub hlc: String,
    /// Who did it (an id, never a name).
    pub actor: String,
    /// What changed; names in the order of the alphabet, so the bytes are always the same.
    pub fields: Map<String, Value>,
}

/// Why an event cannot be said.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// A part of the topic is empty or has a character that topics forbid.
    #[error("«{part}» cannot be part of an MQTT topic")]
    TopicPart {
        /// The part.
        part: String,
    },
    /// The fields cannot be written.
    #[error("the event cannot be written: {0}")]
    Json(#[from] serde_json::Error),
}

/// Topic and bytes of `event`: `umh/v1/<location path>/_maintenance_v1/work_order/<verb>`.
///
/// The same input gives the same bytes on every call, so a delivery can be repeated verbatim.
pub fn work_order_event(
    location: &[&str],
    verb: &str,
    event: &WorkOrderEvent,
) -> Result<(String, Vec<u8>), EventError> {
    let mut topic = String::from("umh/v1");
    for part in location {
        push_part(&mut topic, part)?;
    }
    topic.push_str("/_maintenance_v1/work_order");
    push_part(&mut topic, verb)?;
    Ok((topic, serde_json::to_vec(&sorted(event)?)?))
}

/// serde_json keeps the order of insertion where another crate of the build asks for it; ours is the alphabet's.
fn sorted(event: &WorkOrderEvent) -> Result<Value, serde_json::Error> {
    fn by_name(value: Value) -> Value {
        match value {
            Value::Object(fields) => {
                let mut pairs: Vec<(String, Value)> = fields.into_iter().collect();
                pairs.sort_by(|left, right| left.0.cmp(&right.0));
                Value::Object(pairs.into_iter().map(|(name, inner)| (name, by_name(inner))).collect())
            }
            Value::Array(items) => Value::Array(items.into_iter().map(by_name).collect()),
            scalar @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => scalar,
        }
    }
    Ok(by_name(serde_json::to_value(event)?))
}

fn push_part(topic: &mut String, part: &str) -> Result<(), EventError> {
    if part.is_empty() || part.contains(['+', '#', '/', '\0']) {
        return Err(EventError::TopicPart { part: part.to_owned() });
    }
    topic.push('/');
    topic.push_str(part);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event() -> WorkOrderEvent {
        let fields = serde_json::json!({"status": {"to": "done", "from": "open"}, "note": "ü"});
        WorkOrderEvent {
            op_id: "op-1".into(),
            entity_id: "order-1".into(),
            base_version: 3,
            hlc: "00000000000f-0001".into(),
            actor: "person-1".into(),
            fields: fields.as_object().cloned().unwrap(),
        }
    }

    #[test]
    fn an_event_has_its_topic_and_always_the_same_bytes() {
        let (topic, bytes) =
            work_order_event(&["ent", "site", "line-2"], "status_changed", &event()).unwrap();
        assert_eq!(topic, "umh/v1/ent/site/line-2/_maintenance_v1/work_order/status_changed");
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            concat!(
                r#"{"actor":"person-1","base_version":3,"entity_id":"order-1","#,
                r#""fields":{"note":"ü","status":{"from":"open","to":"done"}},"hlc":"00000000000f-0001","op_id":"op-1"}"#
            )
        );
    }

    #[test]
    fn wildcards_and_empty_parts_are_refused() {
        for part in ["", "a/b", "+", "x#"] {
            assert!(matches!(
                work_order_event(&["ent", part], "create", &event()),
                Err(EventError::TopicPart { .. })
            ));
        }
    }
}
