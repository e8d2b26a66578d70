//! The word of a Sparkplug host on whether it is online: the will, the birth that matches it, and the goodbye. Pure.

use bytes::Bytes;
use millwright_model::TimestampMs;
use serde::Deserialize;

/// One retained message about ourselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Notice {
    pub topic: String,
    pub payload: Bytes,
}

/// The announcement of one connection: will and birth carry the same time
/// (tck-id-host-topic-phid-birth-payload-timestamp).
#[derive(Clone, Debug)]
pub(super) struct Announcement {
    topic: String,
    at: TimestampMs,
}

#[derive(Deserialize)]
struct State {
    online: bool,
}

impl Announcement {
    pub fn new(host_id: &str, at: TimestampMs) -> Self {
        Self { topic: format!("spBv1.0/STATE/{host_id}"), at }
    }

    pub fn topic(&self) -> &str {
        &self.topic
    }

    /// What the broker says when this connection breaks.
    pub fn will(&self) -> Notice {
        self.notice(false, self.at)
    }

    pub fn birth(&self) -> Notice {
        self.notice(true, self.at)
    }

    /// What is said before a clean end
    /// (tck-id-operational-behavior-host-application-death-payload-timestamp-disconnect-clean).
    pub fn death(&self, now: TimestampMs) -> Notice {
        self.notice(false, now)
    }

    /// Whether a message on our own topic says that we are offline, which is wrong while we hear it
    /// (tck-id-message-flow-hid-sparkplug-state-message-delivered).
    pub fn is_wrong(&self, topic: &str, payload: &[u8]) -> bool {
        topic == self.topic && serde_json::from_slice::<State>(payload).is_ok_and(|state| !state.online)
    }

    fn notice(&self, online: bool, at: TimestampMs) -> Notice {
        let payload = serde_json::json!({ "online": online, "timestamp": at.0 }).to_string();
        Notice { topic: self.topic.clone(), payload: payload.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn will_and_birth_carry_the_same_time_and_only_a_word_of_absence_is_wrong() {
        let announcement = Announcement::new("hall", TimestampMs(5));
        assert_eq!(announcement.will().payload, r#"{"online":false,"timestamp":5}"#);
        assert_eq!(announcement.birth().payload, r#"{"online":true,"timestamp":5}"#);
        assert_eq!(announcement.death(TimestampMs(9)).payload, r#"{"online":false,"timestamp":9}"#);
        assert!(announcement.is_wrong("spBv1.0/STATE/hall", br#"{"online":false,"timestamp":5}"#));
        assert!(!announcement.is_wrong("spBv1.0/STATE/hall", br#"{"online":true,"timestamp":5}"#));
        assert!(!announcement.is_wrong("spBv1.0/STATE/other", br#"{"online":false,"timestamp":5}"#));
        assert!(!announcement.is_wrong("spBv1.0/STATE/hall", b"OFFLINE"));
    }
}
