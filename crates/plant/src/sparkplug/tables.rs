//! What a node's births named: metrics by name and by alias, and reading payloads with them.

use std::collections::HashMap;
use std::sync::Arc;

use millwright_model::{Quality, Sample, SeriesKey, TimestampMs};

use super::composite::{Leaf, Unfolded, is_composite, unfold};
use super::host::{Effect, Oddity};
use super::node::Turn;
use super::topic::SourceName;
use super::value::{Converted, convert, datatype};
use super::wire::{METRICS_MAX, Metric, MetricValue, Payload};
use crate::Moment;

/// The longest metric name that is kept.
const METRIC_NAME_MAX_BYTES: usize = 1024;

/// Whose metrics are meant.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Owner<'a> {
    Node,
    Device(&'a str),
}

#[derive(Debug)]
struct MetricInfo {
    series: SeriesKey,
    datatype: u32,
    /// Which birth named it; 0 is the node's own.
    owner: usize,
    /// The datatypes of a template's members, which its data may leave out.
    members: HashMap<String, u32>,
    /// Session words (`bdSeq`, `Node Control/…`) are no measurements.
    is_session_word: bool,
}

#[derive(Debug)]
struct OwnerTable {
    source: SourceName,
    number: usize,
    by_name: HashMap<String, Arc<MetricInfo>>,
}

#[derive(Debug, Default)]
pub(super) struct MetricTables {
    node: Option<OwnerTable>,
    devices: HashMap<String, OwnerTable>,
    by_alias: HashMap<u64, Arc<MetricInfo>>,
    next_number: usize,
    count: usize,
}

/// Counts of odd metrics of one payload, told once each.
#[derive(Default)]
struct Odds {
    skipped: Option<(String, &'static str, usize)>,
    mismatched: Option<(String, usize)>,
    mistimed: Option<(String, usize)>,
}

impl MetricTables {
    /// Forgets everything; the devices that were alive are returned.
    pub fn clear(&mut self) -> Vec<SourceName> {
        self.node = None;
        self.by_alias.clear();
        self.next_number = 0;
        self.count = 0;
        let mut devices: Vec<SourceName> = self.devices.drain().map(|(_, table)| table.source).collect();
        devices.sort();
        devices
    }

    pub fn knows(&self, owner: Owner<'_>) -> bool {
        self.table(owner).is_some()
    }

    /// Forgets a device; returns its name if it was alive.
    pub fn forget(&mut self, owner: Owner<'_>) -> Option<SourceName> {
        let table = match owner {
            Owner::Node => self.node.take(),
            Owner::Device(device) => self.devices.remove(device),
        }?;
        self.by_alias.retain(|_, metric| metric.owner != table.number);
        self.count -= table.by_name.len();
        Some(table.source)
    }

    fn table(&self, owner: Owner<'_>) -> Option<&OwnerTable> {
        match owner {
            Owner::Node => self.node.as_ref(),
            Owner::Device(device) => self.devices.get(device),
        }
    }

    /// Takes the names, aliases and datatypes of a birth; returns how many metrics it named.
    pub fn learn(
        &mut self,
        owner: Owner<'_>,
        source: &SourceName,
        payload: &Payload,
        turn: &mut Turn<'_>,
    ) -> usize {
        // A device that is born again replaces its names; it did not die in between.
        drop(self.forget(owner));
        let number = self.next_number;
        self.next_number += 1;
        let mut table = OwnerTable { source: source.clone(), number, by_name: HashMap::new() };
        let mut unnamed = 0;
        let mut too_many = false;
        for metric in &payload.metrics {
            let (Some(name), Some(datatype)) = (&metric.name, metric.datatype) else {
                unnamed += 1;
                continue;
            };
            if name.len() > METRIC_NAME_MAX_BYTES || name.is_empty() {
                unnamed += 1;
                continue;
            }
            if self.count >= turn.settings.metrics_per_node_max {
                too_many = true;
                break;
            }
            let info = Arc::new(MetricInfo {
                series: source.series(name),
                datatype,
                owner: number,
                members: if datatype == datatype::TEMPLATE { member_types(metric) } else { HashMap::new() },
                is_session_word: name == "bdSeq" || name.starts_with("Node Control/"),
            });
            if let Some(alias) = metric.alias {
                self.by_alias.insert(alias, Arc::clone(&info));
            }
            if table.by_name.insert(name.clone(), info).is_none() {
                self.count += 1;
            }
        }
        if unnamed > 0 {
            turn.effects.push(Effect::Odd { oddity: Oddity::Unnamed { count: unnamed } });
        }
        if too_many {
            let limit = turn.settings.metrics_per_node_max;
            turn.effects.push(Effect::Odd { oddity: Oddity::TooManyMetrics { limit } });
        }
        let named = table.by_name.len();
        match owner {
            Owner::Node => self.node = Some(table),
            Owner::Device(device) => {
                self.devices.insert(device.to_owned(), table);
            }
        }
        named
    }

    /// Emits the samples of a payload; says whether every metric was known.
    pub fn read(
        &self,
        owner: Owner<'_>,
        payload: &Payload,
        received: Moment,
        uncertain: bool,
        turn: &mut Turn<'_>,
    ) -> bool {
        let Some(table) = self.table(owner) else { return false };
        let mut all_known = true;
        let mut reading = Reading::new(payload, received, uncertain);
        for metric in &payload.metrics {
            let Some(info) = self.find(table, metric) else {
                // A metric of a birth without a name or datatype was told of already.
                all_known &= metric.name.is_none() && metric.alias.is_none();
                continue;
            };
            if info.is_session_word {
                continue;
            }
            let datatype = metric.datatype.unwrap_or(info.datatype);
            match (is_composite(datatype), metric.is_null == Some(true)) {
                (true, false) => reading.composite(info, metric),
                // Null has no type that matters.
                (true, true) => reading.single(info, datatype::INT8, metric),
                (false, _) => reading.single(info, datatype, metric),
            }
        }
        let Reading { samples, odds, .. } = reading;
        odds.tell(turn);
        if !samples.is_empty() {
            turn.effects.push(Effect::Samples(samples));
        }
        all_known
    }

    fn find<'a>(&'a self, table: &'a OwnerTable, metric: &Metric) -> Option<&'a Arc<MetricInfo>> {
        // A name is the truth where there is one (tck-id-payloads-name-requirement); else the alias counts,
        // and only for its own node or device.
        match (&metric.name, metric.alias) {
            (Some(name), _) if !name.is_empty() => table.by_name.get(name),
            (_, Some(alias)) => self.by_alias.get(&alias).filter(|info| info.owner == table.number),
            (_, None) => None,
        }
    }
}

/// One payload while it becomes samples.
struct Reading<'a> {
    payload: &'a Payload,
    received: Moment,
    uncertain: bool,
    samples: Vec<(SeriesKey, Sample)>,
    odds: Odds,
    ordinals: Ordinals,
    /// Of columns and members: how many samples of a series and time this payload gave already.
    unfolded: HashMap<(SeriesKey, TimestampMs), u16>,
}

impl<'a> Reading<'a> {
    fn new(payload: &'a Payload, received: Moment, uncertain: bool) -> Self {
        Self {
            payload,
            received,
            uncertain,
            samples: Vec::with_capacity(payload.metrics.len()),
            odds: Odds::default(),
            ordinals: Ordinals::default(),
            unfolded: HashMap::new(),
        }
    }

    fn single(&mut self, info: &Arc<MetricInfo>, datatype: u32, metric: &Metric) {
        let Some(sample) = self.sample(&info.series, datatype, metric) else { return };
        let ordinal = self.ordinals.next(info, sample.at(), self.payload.metrics.len());
        self.samples.push((info.series.clone(), Sample { ordinal, ..sample }));
    }

    fn composite(&mut self, info: &Arc<MetricInfo>, metric: &Metric) {
        let leaves = match unfold(metric) {
            Unfolded::Definition => return,
            Unfolded::Leaves(leaves) if self.samples.len() + leaves.len() <= METRICS_MAX => leaves,
            // The whole is one bad value under its own name.
            Unfolded::Leaves(_) | Unfolded::Unreadable => {
                return self.single(info, datatype::INT8, &Metric { value: Some(MISFIT), ..metric.clone() });
            }
        };
        for Leaf { path, metric } in leaves {
            let series = SeriesKey(format!("{}#{path}", info.series));
            let datatype = metric.datatype.or_else(|| info.members.get(&path).copied()).unwrap_or_default();
            let Some(sample) = self.sample(&series, datatype, &metric) else { continue };
            let next = self.unfolded.entry((series.clone(), sample.at())).or_default();
            let ordinal = *next;
            *next = next.saturating_add(1);
            self.samples.push((series, Sample { ordinal, ..sample }));
        }
    }

    /// One value; nothing when its type is none that has single values.
    fn sample(&mut self, series: &SeriesKey, datatype: u32, metric: &Metric) -> Option<Sample> {
        let (value, mut quality) = match convert(datatype, metric) {
            Converted::Scalar { value, quality } => (value, quality),
            Converted::Skipped { type_name } => {
                self.odds.skipped.get_or_insert_with(|| (series.0.clone(), type_name, 0)).2 += 1;
                return None;
            }
            Converted::Mismatch => {
                self.odds.mismatched.get_or_insert_with(|| (series.0.clone(), 0)).1 += 1;
                (None, Quality::Bad)
            }
        };
        let said = metric.timestamp.or(self.payload.timestamp);
        let said = said.map(|ms| i64::try_from(ms).unwrap_or(i64::MAX));
        let source_at = said.map(TimestampMs).filter(|at| at.is_plausible_at(self.received.wall));
        let mistimed = said.is_some() && source_at.is_none();
        if mistimed {
            self.odds.mistimed.get_or_insert_with(|| (series.0.clone(), 0)).1 += 1;
        }
        if (mistimed || self.uncertain) && quality == Quality::Good {
            quality = Quality::Uncertain;
        }
        Some(Sample {
            source_at,
            received_at: self.received.wall,
            ordinal: 0,
            value,
            quality,
            retained: false,
            historical: metric.is_historical == Some(true),
        })
    }
}

/// A value that fits no number: stands for what could not be unfolded.
const MISFIT: MetricValue = MetricValue::Boolean(false);

/// The datatypes that a birth gives a template's members.
fn member_types(metric: &Metric) -> HashMap<String, u32> {
    match unfold(metric) {
        Unfolded::Leaves(leaves) => leaves
            .into_iter()
            .filter_map(|leaf| leaf.metric.datatype.map(|datatype| (leaf.path, datatype)))
            .collect(),
        Unfolded::Definition | Unfolded::Unreadable => HashMap::new(),
    }
}

impl Odds {
    fn tell(self, turn: &mut Turn<'_>) {
        if let Some((first, type_name, count)) = self.skipped {
            turn.effects.push(Effect::Odd { oddity: Oddity::Skipped { first, type_name, count } });
        }
        if let Some((first, count)) = self.mismatched {
            turn.effects.push(Effect::Odd { oddity: Oddity::Mismatch { first, count } });
        }
        if let Some((first, count)) = self.mistimed {
            turn.effects.push(Effect::Odd { oddity: Oddity::Time { first, count } });
        }
    }
}

/// Numbers samples of the same series and time within one payload.
#[derive(Default)]
struct Ordinals {
    seen: HashMap<(*const MetricInfo, TimestampMs), u16>,
}

impl Ordinals {
    fn next(&mut self, info: &Arc<MetricInfo>, at: TimestampMs, metrics_in_payload: usize) -> u16 {
        if metrics_in_payload < 2 {
            return 0;
        }
        let next = self.seen.entry((Arc::as_ptr(info), at)).or_default();
        let ordinal = *next;
        *next = next.saturating_add(1);
        ordinal
    }
}
