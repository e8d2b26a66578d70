//! What a device says next: greet, fill up with rows at the first start, offer what it wrote, fetch what was accepted,
//! exchange photos, rest. The order makes every step repeatable: whatever is cut off begins again with the greeting.

use millwright_model::{Entity, PersonId};
use uuid::Uuid;

use crate::message::{
    EXCHANGE_FORMAT, Judgement, RefusedTalk, Row, SealedPersonKey, TeamFacts, ToDevice, ToNode,
};
use crate::{Entry, TXNS_MAX};

/// What the device is about.
#[derive(Clone, Debug, PartialEq)]
enum Stage {
    Greeting,
    Filling { after: Option<(Entity, Uuid)> },
    Offering,
    Fetching,
    Photos,
    Resting,
    Refused(RefusedTalk),
}

/// What is to be done next.
#[derive(Clone, Debug, PartialEq)]
pub enum Next {
    /// Say this, and give the answer to [`Member::hear`].
    Say(ToNode),
    /// Offer what waits: at most so many transactions. Say [`Member::nothing_to_offer`] when nothing does.
    Offer {
        /// The most.
        limit: usize,
        /// The newest format that the node reads: what is newer waits for its update, with all that was written after it.
        op_format: u16,
    },
    /// Exchange photos and files, then say [`Member::photos_done`].
    Photos,
    /// Wait for news of the node or of one's own.
    Rest,
    /// The node does not talk.
    Refused(RefusedTalk),
}

/// What an answer means for the device's store. It is durable before the next message.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    /// Nothing.
    Nothing,
    /// Rows to lay aside, as they were when the node had come to `checkpoint`; with `last`, they become the base.
    Rows {
        /// Whether these are the first: what was laid aside before is void.
        first: bool,
        /// How far the node had come.
        checkpoint: i64,
        /// The rows.
        rows: Vec<Row>,
        /// Keys of people.
        person_keys: Vec<SealedPersonKey>,
        /// Whether these are the last.
        last: bool,
    },
    /// How the team's devices stand.
    Team(TeamFacts),
    /// What became of what was offered.
    Judged(Vec<Judgement>),
    /// What was accepted, up to `checkpoint`: takes effect at once or not at all.
    Accepted {
        /// How far the device has come with it.
        checkpoint: i64,
        /// The transactions.
        entries: Vec<Entry>,
        /// Rows that came into scope or left it.
        rows: Vec<Row>,
        /// Keys of people.
        person_keys: Vec<SealedPersonKey>,
    },
    /// The answer is not one to what was said: the connection is of no use.
    Astray,
}

/// A device's side of the talk.
#[derive(Clone, Debug)]
pub struct Member {
    stage: Stage,
    has_base: bool,
    checkpoint: i64,
    op_format: u16,
    /// What the node said that it reads.
    node_op_format: u16,
    holder: Option<PersonId>,
    pending: u64,
}

impl Member {
    /// A device that has come to `checkpoint`; without one it has no base yet.
    pub fn new(checkpoint: Option<i64>, op_format: u16, holder: Option<PersonId>, pending: u64) -> Self {
        Self {
            stage: Stage::Greeting,
            has_base: checkpoint.is_some(),
            checkpoint: checkpoint.unwrap_or_default(),
            op_format,
            node_op_format: op_format,
            holder,
            pending,
        }
    }

    /// What is to be done next.
    pub fn next(&self) -> Next {
        match &self.stage {
            Stage::Greeting => Next::Say(ToNode::Hello {
                format: EXCHANGE_FORMAT,
                op_format: self.op_format,
                checkpoint: self.checkpoint,
                holder: self.holder,
                pending: self.pending,
            }),
            Stage::Filling { after } => Next::Say(ToNode::Rows { after: *after }),
            Stage::Offering => Next::Offer { limit: TXNS_MAX, op_format: self.node_op_format },
            Stage::Fetching => Next::Say(ToNode::Fetch { after: self.checkpoint }),
            Stage::Photos => Next::Photos,
            Stage::Resting => Next::Rest,
            Stage::Refused(why) => Next::Refused(why.clone()),
        }
    }

    /// Takes the node's answer to what [`Member::next`] said, or to an offer.
    pub fn hear(&mut self, answer: ToDevice) -> Heard {
        match (&self.stage, answer) {
            (_, ToDevice::Refused { why }) => {
                self.stage = Stage::Refused(why);
                Heard::Nothing
            }
            (Stage::Greeting, ToDevice::Welcome { team, op_format, .. }) => {
                self.node_op_format = op_format;
                self.stage = if self.has_base { Stage::Offering } else { Stage::Filling { after: None } };
                team.map_or(Heard::Nothing, Heard::Team)
            }
            (Stage::Filling { after }, ToDevice::Rows { checkpoint, rows, more, person_keys }) => {
                let first = after.is_none();
                if first {
                    // Later pages may be newer; what was accepted since this one is fetched again on top of them.
                    self.checkpoint = checkpoint;
                }
                let last = rows.last().map(|row| (row.entity, row.id)).filter(|_| more);
                self.stage = match last {
                    Some(last) => Stage::Filling { after: Some(last) },
                    None => Stage::Offering,
                };
                self.has_base = last.is_none();
                Heard::Rows { first, checkpoint: self.checkpoint, rows, person_keys, last: last.is_none() }
            }
            (Stage::Offering, ToDevice::Judged { judgements }) => Heard::Judged(judgements),
            (Stage::Fetching, ToDevice::Entries { checkpoint, more, entries, rows, person_keys }) => {
                if checkpoint < self.checkpoint || (more && checkpoint == self.checkpoint) {
                    return Heard::Astray;
                }
                self.checkpoint = checkpoint;
                if !more {
                    self.stage = Stage::Photos;
                }
                Heard::Accepted { checkpoint, entries, rows, person_keys }
            }
            _ => Heard::Astray,
        }
    }

    /// Everything that may leave was offered.
    pub fn nothing_to_offer(&mut self) {
        if self.stage == Stage::Offering {
            self.stage = Stage::Fetching;
        }
    }

    /// Photos and files were exchanged, as far as they could.
    pub fn photos_done(&mut self) {
        if self.stage == Stage::Photos {
            self.stage = Stage::Resting;
        }
    }

    /// There is news: of the node, or of one's own.
    pub fn wake(&mut self) {
        if self.stage == Stage::Resting {
            self.stage = Stage::Offering;
        }
    }

    /// How far the device has come.
    pub fn checkpoint(&self) -> i64 {
        self.checkpoint
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn welcome() -> ToDevice {
        ToDevice::Welcome { format: 1, op_format: 1, checkpoint: 9, team: None }
    }

    fn row(number: u128) -> Row {
        Row { entity: Entity::Asset, id: Uuid::from_u128(number), fields: None, deleted: false }
    }

    #[test]
    fn a_new_device_fills_up_before_it_offers_and_starts_from_the_first_pages_checkpoint() {
        let mut member = Member::new(None, 1, None, 0);
        assert!(matches!(member.next(), Next::Say(ToNode::Hello { .. })));
        member.hear(welcome());
        assert_eq!(member.next(), Next::Say(ToNode::Rows { after: None }));
        let page = |checkpoint, number, more| ToDevice::Rows {
            checkpoint,
            rows: vec![row(number)],
            more,
            person_keys: vec![],
        };
        assert!(matches!(member.hear(page(7, 1, true)), Heard::Rows { first: true, last: false, .. }));
        assert_eq!(
            member.next(),
            Next::Say(ToNode::Rows { after: Some((Entity::Asset, Uuid::from_u128(1))) })
        );
        assert!(matches!(
            member.hear(page(9, 2, false)),
            Heard::Rows { first: false, last: true, checkpoint: 7, .. }
        ));
        assert_eq!(member.next(), Next::Offer { limit: TXNS_MAX, op_format: 1 });
        member.nothing_to_offer();
        assert_eq!(member.next(), Next::Say(ToNode::Fetch { after: 7 }));
    }

    #[test]
    fn a_member_offers_then_fetches_until_there_is_no_more_then_rests() {
        let mut member = Member::new(Some(3), 1, None, 0);
        member.hear(welcome());
        member.nothing_to_offer();
        let entries = |checkpoint, more| ToDevice::Entries {
            checkpoint,
            more,
            entries: vec![],
            rows: vec![],
            person_keys: vec![],
        };
        member.hear(entries(6, true));
        assert_eq!(member.next(), Next::Say(ToNode::Fetch { after: 6 }));
        member.hear(entries(9, false));
        assert_eq!(member.next(), Next::Photos);
        member.photos_done();
        assert_eq!(member.next(), Next::Rest);
        member.wake();
        assert_eq!(member.next(), Next::Offer { limit: TXNS_MAX, op_format: 1 });
    }

    #[test]
    fn a_node_that_goes_back_or_never_ends_is_not_followed() {
        let mut member = Member::new(Some(5), 1, None, 0);
        member.hear(welcome());
        member.nothing_to_offer();
        let entries = |checkpoint, more| ToDevice::Entries {
            checkpoint,
            more,
            entries: vec![],
            rows: vec![],
            person_keys: vec![],
        };
        assert_eq!(member.hear(entries(4, false)), Heard::Astray);
        assert_eq!(member.hear(entries(5, true)), Heard::Astray);
        assert_eq!(member.checkpoint(), 5);
    }

    #[test]
    fn a_refusal_ends_the_talk_at_any_place() {
        let mut member = Member::new(Some(5), 1, None, 0);
        member.hear(ToDevice::Refused { why: RefusedTalk::Revoked });
        assert_eq!(member.next(), Next::Refused(RefusedTalk::Revoked));
    }
}
