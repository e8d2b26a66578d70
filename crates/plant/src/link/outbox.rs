//! What is on its way out: our own window over the library, so that nothing is lost with a connection. Pure.

use std::collections::{HashMap, VecDeque};

use super::{OutgoingMessage, Qos};

/// So many publishes are with the library at once.
const WINDOW: usize = 64;

#[derive(Debug)]
struct Item {
    /// Orders items again after a lost link.
    number: u64,
    message: OutgoingMessage,
}

/// Waiting, handed to the library, written and not yet acknowledged.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    next_number: u64,
    waiting: VecDeque<Item>,
    /// With the library, in its order; nothing for a publish that belongs to the connection alone.
    handed_over: VecDeque<Option<Item>>,
    unacknowledged: HashMap<u16, Item>,
}

impl Outbox {
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// How many were handed to the library and not written yet.
    pub fn with_library(&self) -> usize {
        self.handed_over.len()
    }

    pub fn push(&mut self, message: OutgoingMessage) {
        self.waiting.push_back(Item { number: self.next_number, message });
        self.next_number += 1;
    }

    /// The next message the window has room for.
    pub fn next(&self) -> Option<&OutgoingMessage> {
        let on_the_way = self.handed_over.len() + self.unacknowledged.len();
        if on_the_way >= WINDOW { None } else { self.waiting.front().map(|item| &item.message) }
    }

    /// The library took what [`Self::next`] gave.
    pub fn handed_over(&mut self) {
        self.handed_over.extend(self.waiting.pop_front().map(Some));
    }

    /// The library took a publish that is none of the consumer's and ends with the connection.
    pub fn handed_over_own(&mut self) {
        self.handed_over.push_back(None);
    }

    /// The library wrote its oldest publish; returns the token of one that needs no acknowledgement.
    pub fn written(&mut self, packet_id: u16) -> Option<u64> {
        let item = self.handed_over.pop_front()??;
        match item.message.qos {
            Qos::AtMostOnce => Some(item.message.token),
            Qos::AtLeastOnce => {
                self.unacknowledged.insert(packet_id, item);
                None
            }
        }
    }

    /// The broker acknowledged; returns the token.
    pub fn acknowledged(&mut self, packet_id: u16) -> Option<u64> {
        self.unacknowledged.remove(&packet_id).map(|item| item.message.token)
    }

    /// The link is lost: everything not acknowledged waits again, in its order.
    pub fn link_lost(&mut self) {
        let mut items: Vec<Item> = self.handed_over.drain(..).flatten().collect();
        items.extend(self.unacknowledged.drain().map(|(_, item)| item));
        items.extend(self.waiting.drain(..));
        items.sort_by_key(|item| item.number);
        self.waiting = items.into();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(token: u64, qos: Qos) -> OutgoingMessage {
        OutgoingMessage { token, topic: "t".into(), bytes: bytes::Bytes::new(), qos, retain: false }
    }

    #[test]
    fn what_was_not_acknowledged_goes_again_in_order() {
        let mut outbox = Outbox::default();
        for token in 0..200 {
            outbox.push(message(token, Qos::AtLeastOnce));
        }
        let mut handed = 0;
        while outbox.next().is_some() {
            outbox.handed_over();
            handed += 1;
        }
        assert_eq!(handed, WINDOW);
        for packet_id in 1..=10 {
            assert_eq!(outbox.written(packet_id), None);
        }
        assert_eq!(outbox.acknowledged(3), Some(2));
        assert_eq!(outbox.acknowledged(3), None);
        outbox.link_lost();
        let order: Vec<u64> = outbox.waiting.iter().map(|item| item.message.token).collect();
        assert_eq!(order, (0..200).filter(|token| *token != 2).collect::<Vec<_>>());
    }

    #[test]
    fn a_publish_of_the_connection_itself_keeps_the_order_and_ends_with_it() {
        let mut outbox = Outbox::default();
        outbox.handed_over_own();
        outbox.push(message(4, Qos::AtMostOnce));
        outbox.handed_over();
        assert_eq!(outbox.written(1), None);
        assert_eq!(outbox.acknowledged(1), None);
        assert_eq!(outbox.written(0), Some(4));
        outbox.handed_over_own();
        outbox.link_lost();
        assert_eq!(outbox.waiting(), 0);
    }

    #[test]
    fn qos_0_is_done_when_it_is_written() {
        let mut outbox = Outbox::default();
        outbox.push(message(9, Qos::AtMostOnce));
        assert!(outbox.next().is_some());
        outbox.handed_over();
        assert_eq!(outbox.written(0), Some(9));
    }
}
