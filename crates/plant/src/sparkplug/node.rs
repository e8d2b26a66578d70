//! One node's session: births, sequence numbers, the buffer behind a gap, deaths, rebirth requests.

use std::collections::HashMap;

use bytes::Bytes;
use prost::Message;

use super::REBIRTH_METRIC;
use super::host::{Effect, HostSettings, Oddity, RebirthReason};
use super::tables::{MetricTables, Owner};
use super::topic::{MessageKind, SourceName};
use super::value::datatype;
use super::wire::{Metric, MetricValue, Payload};
use crate::Moment;

/// More metrics than this behind a gap are not held: the gap counts as lost at once.
const WAITING_METRICS_MAX: usize = 50_000;
/// Listening only, a gap up to this wide is passed over; a wider one looks like another session.
const GAP_PASSED_OVER_MAX: u8 = 128;

/// What a node may use while it acts.
pub(super) struct Turn<'a> {
    pub settings: &'a HostSettings,
    pub moment: Moment,
    pub effects: &'a mut Vec<Effect>,
}

impl Turn<'_> {
    fn odd(&mut self, oddity: Oddity) {
        self.effects.push(Effect::Odd { oddity });
    }
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Session {
    /// No birth was heard since we listen: its aliases mean nothing to us.
    Unknown,
    Online,
    Dead,
}

#[derive(Debug)]
struct Waiting {
    kind: MessageKind,
    device: Option<String>,
    payload: Payload,
    received: Moment,
}

#[derive(Debug)]
pub(super) struct Node {
    group: String,
    id: String,
    source: SourceName,
    session: Session,
    bd_seq: Option<u64>,
    expected_seq: u8,
    tables: MetricTables,
    waiting: HashMap<u8, Waiting>,
    waiting_metrics: usize,
    gap_until_ms: Option<u64>,
    rebirth_asked_at_ms: Option<u64>,
    rebirth_wanted: Option<RebirthReason>,
    withheld_told: bool,
    /// A gap was passed over: values are uncertain until the next birth.
    uncertain: bool,
}

impl Node {
    pub fn new(group: &str, id: &str) -> Self {
        Self {
            group: group.to_owned(),
            id: id.to_owned(),
            source: SourceName::new(group, id, None),
            session: Session::Unknown,
            bd_seq: None,
            expected_seq: 0,
            tables: MetricTables::default(),
            waiting: HashMap::new(),
            waiting_metrics: 0,
            gap_until_ms: None,
            rebirth_asked_at_ms: None,
            rebirth_wanted: None,
            withheld_told: false,
            uncertain: false,
        }
    }

    /// When [`Self::on_time`] is due.
    pub fn due_ms(&self, settings: &HostSettings) -> Option<u64> {
        let rebirth_ms = self
            .rebirth_wanted
            .map(|_| self.rebirth_asked_at_ms.map_or(0, |asked| asked + settings.rebirth_cooldown_ms));
        match (self.gap_until_ms, rebirth_ms) {
            (Some(gap), Some(rebirth)) => Some(gap.min(rebirth)),
            (one, other) => one.or(other),
        }
    }

    pub fn forget_session(&mut self) {
        self.session = Session::Unknown;
        self.drop_waiting();
        self.rebirth_wanted = None;
    }

    pub fn on_message(
        &mut self,
        kind: MessageKind,
        device: Option<&str>,
        payload: Payload,
        turn: &mut Turn<'_>,
    ) {
        match kind {
            MessageKind::NodeBirth => self.on_birth(&payload, turn),
            MessageKind::NodeDeath => self.on_death(&payload, turn),
            MessageKind::NodeData
            | MessageKind::DeviceBirth
            | MessageKind::DeviceDeath
            | MessageKind::DeviceData => self.on_numbered(kind, device, payload, turn),
            // The host filters these out: they are words of other hosts.
            MessageKind::NodeCommand | MessageKind::DeviceCommand => {}
        }
    }

    pub fn on_time(&mut self, turn: &mut Turn<'_>) {
        if self.gap_until_ms.is_some_and(|at_ms| at_ms <= turn.moment.monotonic_ms) {
            self.give_up_on_gap(turn);
        }
        if let Some(reason) = self.rebirth_wanted {
            self.want_rebirth(reason, turn);
        }
    }

    pub fn want_rebirth(&mut self, reason: RebirthReason, turn: &mut Turn<'_>) {
        if turn.settings.listen_only {
            if !self.withheld_told {
                self.withheld_told = true;
                turn.effects.push(Effect::RebirthWithheld { source: self.source.clone(), reason });
            }
            return;
        }
        let now_ms = turn.moment.monotonic_ms;
        let cooling =
            self.rebirth_asked_at_ms.is_some_and(|asked| now_ms < asked + turn.settings.rebirth_cooldown_ms);
        if cooling {
            self.rebirth_wanted = Some(reason);
            return;
        }
        self.rebirth_wanted = None;
        self.rebirth_asked_at_ms = Some(now_ms);
        turn.effects.push(Effect::RequestRebirth {
            source: self.source.clone(),
            reason,
            topic: format!("spBv1.0/{}/NCMD/{}", self.group, self.id),
            bytes: rebirth_command(turn.moment),
        });
    }

    fn on_birth(&mut self, payload: &Payload, turn: &mut Turn<'_>) {
        let seq = match sequence_number(payload) {
            Some(seq) => seq,
            None => {
                turn.odd(Oddity::Sequence);
                0
            }
        };
        for device in self.tables.clear() {
            turn.effects.push(Effect::Died { source: device });
        }
        self.drop_waiting();
        self.rebirth_wanted = None;
        self.withheld_told = false;
        self.uncertain = false;
        self.session = Session::Online;
        self.bd_seq = bd_seq(payload);
        self.expected_seq = seq.wrapping_add(1);
        let metrics = self.tables.learn(Owner::Node, &self.source, payload, turn);
        turn.effects.push(Effect::NodeBorn { source: self.source.clone(), metrics });
        let all_known = self.tables.read(Owner::Node, payload, turn.moment, false, turn);
        if !all_known {
            self.want_rebirth(RebirthReason::UnknownMetric, turn);
        }
    }

    /// An NDEATH whose bdSeq is not that of the current birth belongs to an earlier connection and is
    /// ignored (tck-id-payloads-ndeath-bdseq, -host-action-ndeath).
    fn on_death(&mut self, payload: &Payload, turn: &mut Turn<'_>) {
        if let (Some(born), Some(died)) = (self.bd_seq, bd_seq(payload))
            && born != died
        {
            return;
        }
        if self.session == Session::Dead {
            return;
        }
        self.session = Session::Dead;
        self.drop_waiting();
        self.rebirth_wanted = None;
        // The node's death is the death of all its devices: one effect names them all.
        drop(self.tables.clear());
        turn.effects.push(Effect::Died { source: self.source.clone() });
    }

    fn on_numbered(
        &mut self,
        kind: MessageKind,
        device: Option<&str>,
        payload: Payload,
        turn: &mut Turn<'_>,
    ) {
        match self.session {
            Session::Unknown | Session::Dead => {
                self.want_rebirth(RebirthReason::UnknownNode, turn);
                return;
            }
            Session::Online => {}
        }
        let Some(seq) = sequence_number(&payload) else {
            turn.odd(Oddity::Sequence);
            self.want_rebirth(RebirthReason::InvalidPayload, turn);
            return;
        };
        if seq == self.expected_seq {
            self.apply(kind, device, &payload, turn.moment, turn);
            self.expected_seq = self.expected_seq.wrapping_add(1);
            self.apply_waiting(turn);
            return;
        }
        // tck-id-operational-behavior-host-reordering-start
        self.waiting_metrics += payload.metrics.len();
        let message = Waiting { kind, device: device.map(str::to_owned), payload, received: turn.moment };
        if let Some(replaced) = self.waiting.insert(seq, message) {
            self.waiting_metrics -= replaced.payload.metrics.len();
        }
        if self.gap_until_ms.is_none() {
            self.gap_until_ms = Some(turn.moment.monotonic_ms + turn.settings.reorder_timeout_ms);
        }
        if self.waiting_metrics > WAITING_METRICS_MAX {
            self.give_up_on_gap(turn);
        }
    }

    /// The next messages in line, if they are here; an open gap behind them gets a new time.
    fn apply_waiting(&mut self, turn: &mut Turn<'_>) {
        if self.waiting.is_empty() {
            return;
        }
        let mut moved = false;
        while let Some(next) = self.waiting.remove(&self.expected_seq) {
            moved = true;
            self.waiting_metrics -= next.payload.metrics.len();
            self.apply(next.kind, next.device.as_deref(), &next.payload, next.received, turn);
            self.expected_seq = self.expected_seq.wrapping_add(1);
        }
        if self.waiting.is_empty() {
            // tck-id-operational-behavior-host-reordering-success
            self.gap_until_ms = None;
        } else if moved {
            self.gap_until_ms = Some(turn.moment.monotonic_ms + turn.settings.reorder_timeout_ms);
        }
    }

    /// tck-id-operational-behavior-host-reordering-rebirth
    fn give_up_on_gap(&mut self, turn: &mut Turn<'_>) {
        let nearest =
            self.waiting.keys().map(|seq| seq.wrapping_sub(self.expected_seq)).min().unwrap_or(u8::MAX);
        if turn.settings.listen_only && nearest <= GAP_PASSED_OVER_MAX {
            // Who may not ask for a birth goes on with what comes, and says that it is uncertain.
            self.uncertain = true;
            turn.odd(Oddity::GapPassedOver);
            self.gap_until_ms = None;
            self.expected_seq = self.expected_seq.wrapping_add(nearest);
            self.apply_waiting(turn);
        } else {
            // The gap may hide a new birth with other aliases: nothing behind it can be named safely.
            turn.odd(Oddity::DroppedBehindGap { count: self.waiting.len() });
            self.drop_waiting();
            self.session = Session::Unknown;
        }
        self.want_rebirth(RebirthReason::ReorderTimeout, turn);
    }

    fn drop_waiting(&mut self) {
        self.waiting.clear();
        self.waiting_metrics = 0;
        self.gap_until_ms = None;
    }

    fn apply(
        &mut self,
        kind: MessageKind,
        device: Option<&str>,
        payload: &Payload,
        received: Moment,
        turn: &mut Turn<'_>,
    ) {
        let owner = device.map_or(Owner::Node, Owner::Device);
        match kind {
            MessageKind::DeviceBirth => {
                let source = SourceName::new(&self.group, &self.id, device);
                let metrics = self.tables.learn(owner, &source, payload, turn);
                turn.effects.push(Effect::DeviceBorn { source, metrics });
                self.read(owner, payload, received, turn);
            }
            MessageKind::DeviceDeath => {
                if let Some(source) = self.tables.forget(owner) {
                    turn.effects.push(Effect::Died { source });
                }
            }
            MessageKind::NodeData | MessageKind::DeviceData if self.tables.knows(owner) => {
                self.read(owner, payload, received, turn);
            }
            MessageKind::NodeData | MessageKind::DeviceData => {
                self.want_rebirth(RebirthReason::UnknownDevice, turn);
            }
            // Not numbered, or filtered out before.
            MessageKind::NodeBirth
            | MessageKind::NodeDeath
            | MessageKind::NodeCommand
            | MessageKind::DeviceCommand => {}
        }
    }

    fn read(&mut self, owner: Owner<'_>, payload: &Payload, received: Moment, turn: &mut Turn<'_>) {
        if !self.tables.read(owner, payload, received, self.uncertain, turn) {
            self.want_rebirth(RebirthReason::UnknownMetric, turn);
        }
    }
}

fn sequence_number(payload: &Payload) -> Option<u8> {
    payload.seq.and_then(|seq| u8::try_from(seq).ok())
}

fn bd_seq(payload: &Payload) -> Option<u64> {
    let metric = payload.metrics.iter().find(|metric| metric.name.as_deref() == Some("bdSeq"))?;
    match metric.value {
        Some(MetricValue::Long(number)) => Some(number),
        Some(MetricValue::Int(number)) => Some(u64::from(number)),
        _ => None,
    }
}

fn rebirth_command(moment: Moment) -> Bytes {
    let timestamp = u64::try_from(moment.wall.0).ok();
    let metric = Metric {
        name: Some(REBIRTH_METRIC.to_owned()),
        timestamp,
        datatype: Some(datatype::BOOLEAN),
        value: Some(MetricValue::Boolean(true)),
        ..Metric::default()
    };
    Payload { timestamp, metrics: vec![metric], ..Payload::default() }.encode_to_vec().into()
}
