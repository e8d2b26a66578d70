//! Sparkplug topics, and the names that sources and series get from them.

use std::fmt::Write;

/// A node or one of its devices, as `spb:<group>/<node>[/<device>]`.
///
/// `:`, `%` and `/` in an id are written `%3A`, `%25`, `%2F`, so that the first `:` after the prefix
/// always ends the source (Sparkplug forbids only `+`, `/` and `#` in ids).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceName(pub String);

impl SourceName {
    /// The name of a node, or of a device of it.
    pub fn new(group: &str, node: &str, device: Option<&str>) -> Self {
        let mut name = String::with_capacity(6 + group.len() + node.len());
        name.push_str("spb:");
        push_escaped(&mut name, group);
        name.push('/');
        push_escaped(&mut name, node);
        if let Some(device) = device {
            name.push('/');
            push_escaped(&mut name, device);
        }
        Self(name)
    }

    /// The key of one of its metrics.
    pub fn series(&self, metric: &str) -> millwright_model::SeriesKey {
        millwright_model::SeriesKey(format!("{}:{metric}", self.0))
    }
}

impl std::fmt::Display for SourceName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

fn push_escaped(name: &mut String, id: &str) {
    for letter in id.chars() {
        match letter {
            ':' | '%' | '/' => {
                // Writing to a String cannot fail.
                let _always_ok = write!(name, "%{:02X}", u32::from(letter));
            }
            plain => name.push(plain),
        }
    }
}

/// The part of a topic filter that hears Sparkplug messages; nothing when it hears none.
pub fn sparkplug_part(filter: &str) -> Option<String> {
    let (share, own) = split_share(filter);
    let (first, rest) = own.split_once('/').map_or((own, None), |(first, rest)| (first, Some(rest)));
    match (first, rest) {
        ("#", None) => Some(format!("{share}{}", super::SUBSCRIPTION)),
        ("+" | "spBv1.0", Some(rest)) => Some(format!("{share}spBv1.0/{rest}")),
        // No Sparkplug message has a topic as short as this.
        _ => None,
    }
}

/// Whether a topic filter hears anything but Sparkplug messages.
pub fn hears_beside_sparkplug(filter: &str) -> bool {
    split_share(filter).1.split_once('/').is_none_or(|(first, _rest)| first != "spBv1.0")
}

/// `$share/group/` of a shared subscription, and the filter behind it.
fn split_share(filter: &str) -> (&str, &str) {
    let end = filter
        .strip_prefix("$share/")
        .and_then(|rest| rest.find('/'))
        .map_or(0, |group| "$share/".len() + group + 1);
    filter.split_at(end)
}

/// The kinds of messages of nodes and devices.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum MessageKind {
    /// A node's birth.
    NodeBirth,
    /// A node's death, spoken by the broker.
    NodeDeath,
    /// Values of a node.
    NodeData,
    /// A command to a node.
    NodeCommand,
    /// A device's birth.
    DeviceBirth,
    /// A device's death.
    DeviceDeath,
    /// Values of a device.
    DeviceData,
    /// A command to a device.
    DeviceCommand,
}

/// A topic of the `spBv1.0` namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SparkplugTopic<'a> {
    /// `spBv1.0/STATE/<host>`: whether a host application is there.
    State {
        /// The host's id.
        host: &'a str,
    },
    /// `spBv1.0/<group>/<kind>/<node>[/<device>]`.
    Message {
        /// The group.
        group: &'a str,
        /// What kind of message.
        kind: MessageKind,
        /// The node.
        node: &'a str,
        /// The device, for the kinds that start with D.
        device: Option<&'a str>,
    },
}

/// Why a topic is none of Sparkplug B's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TopicError {
    /// It does not start with `spBv1.0/`.
    #[error("the topic is not in the namespace spBv1.0")]
    OtherNamespace,
    /// A part is missing, empty or too much.
    #[error("the topic does not have the parts spBv1.0/group/kind/node[/device]")]
    WrongParts,
    /// The third part is no message type.
    #[error("«{kind}» is no Sparkplug message type")]
    UnknownKind {
        /// What stands there.
        kind: String,
    },
}

/// Whether a topic belongs to Sparkplug B at all.
pub fn is_sparkplug(topic: &str) -> bool {
    topic.starts_with("spBv1.0/")
}

impl<'a> SparkplugTopic<'a> {
    /// Reads a topic.
    pub fn parse(topic: &'a str) -> Result<Self, TopicError> {
        let rest = topic.strip_prefix("spBv1.0/").ok_or(TopicError::OtherNamespace)?;
        let mut parts = rest.split('/');
        let group = parts.next().filter(|part| !part.is_empty()).ok_or(TopicError::WrongParts)?;
        let kind = parts.next().filter(|part| !part.is_empty()).ok_or(TopicError::WrongParts)?;
        if group == "STATE" {
            return match parts.next() {
                None => Ok(Self::State { host: kind }),
                Some(_) => Err(TopicError::WrongParts),
            };
        }
        let kind = match kind {
            "NBIRTH" => MessageKind::NodeBirth,
            "NDEATH" => MessageKind::NodeDeath,
            "NDATA" => MessageKind::NodeData,
            "NCMD" => MessageKind::NodeCommand,
            "DBIRTH" => MessageKind::DeviceBirth,
            "DDEATH" => MessageKind::DeviceDeath,
            "DDATA" => MessageKind::DeviceData,
            "DCMD" => MessageKind::DeviceCommand,
            other => return Err(TopicError::UnknownKind { kind: other.chars().take(40).collect() }),
        };
        let node = parts.next().filter(|part| !part.is_empty()).ok_or(TopicError::WrongParts)?;
        let device = parts.next();
        let device_wanted = match kind {
            MessageKind::NodeBirth
            | MessageKind::NodeDeath
            | MessageKind::NodeData
            | MessageKind::NodeCommand => false,
            MessageKind::DeviceBirth
            | MessageKind::DeviceDeath
            | MessageKind::DeviceData
            | MessageKind::DeviceCommand => true,
        };
        if device_wanted != device.is_some_and(|part| !part.is_empty())
            || (!device_wanted && device.is_some())
            || parts.next().is_some()
        {
            return Err(TopicError::WrongParts);
        }
        Ok(Self::Message { group, kind, node, device })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_of_nodes_devices_and_hosts_are_read() {
        assert_eq!(
            SparkplugTopic::parse("spBv1.0/G 1/DDATA/edge/press"),
            Ok(SparkplugTopic::Message {
                group: "G 1",
                kind: MessageKind::DeviceData,
                node: "edge",
                device: Some("press")
            })
        );
        assert_eq!(SparkplugTopic::parse("spBv1.0/STATE/hall"), Ok(SparkplugTopic::State { host: "hall" }));
    }

    #[test]
    fn a_filter_falls_into_the_part_for_sparkplug_and_the_rest() {
        for (filter, sparkplug, beside) in [
            ("#", Some("spBv1.0/#"), true),
            ("spBv1.0/#", Some("spBv1.0/#"), false),
            ("spBv1.0/hall/+/edge", Some("spBv1.0/hall/+/edge"), false),
            ("+/hall/#", Some("spBv1.0/hall/#"), true),
            ("+", None, true),
            ("spBv1.0", None, true),
            ("umh/v1/#", None, true),
            ("$share/a/spBv1.0/#", Some("$share/a/spBv1.0/#"), false),
            ("$share/a/#", Some("$share/a/spBv1.0/#"), true),
        ] {
            assert_eq!(sparkplug_part(filter).as_deref(), sparkplug, "{filter}");
            assert_eq!(hears_beside_sparkplug(filter), beside, "{filter}");
        }
    }

    #[test]
    fn what_is_no_sparkplug_topic_is_refused() {
        for (topic, error) in [
            ("umh/v1/x", TopicError::OtherNamespace),
            ("spBv1.0/g/NBIRTH", TopicError::WrongParts),
            ("spBv1.0/g/NBIRTH/n/d", TopicError::WrongParts),
            ("spBv1.0/g/DDATA/n", TopicError::WrongParts),
            ("spBv1.0/g/DDATA/n/", TopicError::WrongParts),
            ("spBv1.0/g/DDATA/n/d/e", TopicError::WrongParts),
            ("spBv1.0//NDATA/n", TopicError::WrongParts),
            ("spBv1.0/g/HELLO/n", TopicError::UnknownKind { kind: "HELLO".into() }),
        ] {
            assert_eq!(SparkplugTopic::parse(topic), Err(error), "{topic}");
        }
    }

    #[test]
    fn a_colon_in_an_id_cannot_forge_another_source() {
        let odd = SourceName::new("g", "n:x", None);
        assert_eq!(odd.series("m").0, "spb:g/n%3Ax:m");
        assert_ne!(odd.series("m"), SourceName::new("g", "n", None).series("x:m"));
    }
}
