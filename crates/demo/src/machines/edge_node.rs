//! A Sparkplug edge node: births with aliases, data with a running sequence, the will that speaks its death. Pure.

use bytes::Bytes;
use millwright_plant::sparkplug::REBIRTH_METRIC;
use millwright_plant::sparkplug::value::datatype;
use millwright_plant::sparkplug::wire::{Metric, MetricValue, Payload};
use prost::Message as _;

use crate::machines::{Message, Snapshot};
use crate::ready::SPARKPLUG_GROUP;
use crate::seed::{Machine, Speaks};

const BIRTH_DEATH_SEQUENCE: &str = "bdSeq";
const UPTIME: &str = "uptime";
const UPTIME_ALIAS: u64 = 1;
/// A device's aliases begin at a multiple of this.
const ALIASES_PER_DEVICE: u64 = 100;

/// An edge node with its devices.
#[derive(Clone, Debug)]
pub struct EdgeNode {
    name: String,
    devices: Vec<Device>,
    seq: u8,
    bd_seq: u64,
}

#[derive(Clone, Debug)]
struct Device {
    name: String,
    /// The machine, by its place in the plant's list.
    machine: usize,
    tags: Vec<String>,
    first_alias: u64,
    born: bool,
}

impl EdgeNode {
    /// All edge nodes of the plant.
    pub fn all(machines: &[Machine]) -> Vec<Self> {
        let mut nodes: Vec<Self> = Vec::new();
        for (index, machine) in machines.iter().enumerate() {
            let Speaks::Sparkplug { node: name, device } = &machine.speaks else { continue };
            let place = nodes.iter().position(|node| node.name == *name).unwrap_or_else(|| {
                nodes.push(Self { name: name.clone(), devices: Vec::new(), seq: 0, bd_seq: 0 });
                nodes.len() - 1
            });
            let Some(node) = nodes.get_mut(place) else { continue };
            node.devices.push(Device {
                name: device.clone(),
                machine: index,
                tags: machine.tags.iter().map(|tag| tag.tag.clone()).collect(),
                first_alias: ALIASES_PER_DEVICE * (node.devices.len() as u64 + 1),
                born: false,
            });
        }
        nodes
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The filter under which it hears commands.
    pub fn command_filter(&self) -> String {
        self.topic("NCMD", None)
    }

    /// What the broker shall say when it dies. Belongs to the connection that is opened next.
    pub fn will(&self) -> Message {
        let payload = Payload { metrics: vec![self.bd_seq_metric(None)], ..Payload::default() };
        Message { topic: self.topic("NDEATH", None), payload: payload.encode_to_vec().into() }
    }

    /// A connection ended: the next one has the next number.
    pub fn connection_ended(&mut self) {
        self.bd_seq = (self.bd_seq + 1) % 256;
    }

    /// Its own birth and those of all devices that say something.
    pub fn births(&mut self, snapshot: &Snapshot) -> Vec<Message> {
        self.seq = 0;
        let at = timestamp(snapshot);
        let rebirth = Metric {
            name: Some(REBIRTH_METRIC.to_owned()),
            timestamp: at,
            datatype: Some(datatype::BOOLEAN),
            value: Some(MetricValue::Boolean(false)),
            ..Metric::default()
        };
        let uptime = Metric {
            name: Some(UPTIME.to_owned()),
            datatype: Some(datatype::INT64),
            ..uptime_metric(snapshot)
        };
        let metrics = vec![self.bd_seq_metric(at), rebirth, uptime];
        let payload = Payload { timestamp: at, metrics, seq: Some(0), ..Payload::default() };
        let topic = self.topic("NBIRTH", None);
        let mut messages = vec![Message { topic, payload: payload.encode_to_vec().into() }];
        for device in &mut self.devices {
            device.born = false;
        }
        for index in 0..self.devices.len() {
            messages.extend(self.device_birth(index, snapshot));
        }
        messages
    }

    /// What its devices say now; a device that speaks for the first time is born first.
    pub fn data(&mut self, snapshot: &Snapshot) -> Vec<Message> {
        let mut messages = Vec::new();
        if snapshot.elapsed_s.is_multiple_of(10) {
            messages.push(self.numbered("NDATA", None, vec![uptime_metric(snapshot)], snapshot));
        }
        for index in 0..self.devices.len() {
            let Some(device) = self.devices.get(index) else { continue };
            if !device.born {
                messages.extend(self.device_birth(index, snapshot));
                continue;
            }
            let metrics: Vec<Metric> = device.metrics(snapshot).map(|(_, metric)| metric).collect();
            let name = device.name.clone();
            if !metrics.is_empty() {
                messages.push(self.numbered("DDATA", Some(&name), metrics, snapshot));
            }
        }
        messages
    }

    fn device_birth(&mut self, index: usize, snapshot: &Snapshot) -> Option<Message> {
        let device = self.devices.get_mut(index)?;
        let metrics: Vec<Metric> = device
            .metrics(snapshot)
            .map(|(name, metric)| Metric {
                name: Some(name.to_owned()),
                datatype: Some(datatype::DOUBLE),
                ..metric
            })
            .collect();
        if metrics.is_empty() {
            return None;
        }
        device.born = true;
        let name = device.name.clone();
        Some(self.numbered("DBIRTH", Some(&name), metrics, snapshot))
    }

    fn numbered(
        &mut self,
        kind: &str,
        device: Option<&str>,
        metrics: Vec<Metric>,
        snapshot: &Snapshot,
    ) -> Message {
        self.seq = self.seq.wrapping_add(1);
        let seq = Some(u64::from(self.seq));
        let payload = Payload { timestamp: timestamp(snapshot), metrics, seq, ..Payload::default() };
        Message { topic: self.topic(kind, device), payload: payload.encode_to_vec().into() }
    }

    fn bd_seq_metric(&self, at: Option<u64>) -> Metric {
        Metric {
            name: Some(BIRTH_DEATH_SEQUENCE.to_owned()),
            timestamp: at,
            datatype: Some(datatype::INT64),
            value: Some(MetricValue::Long(self.bd_seq)),
            ..Metric::default()
        }
    }

    fn topic(&self, kind: &str, device: Option<&str>) -> String {
        let device = device.map(|device| format!("/{device}")).unwrap_or_default();
        format!("spBv1.0/{SPARKPLUG_GROUP}/{kind}/{}{device}", self.name)
    }
}

impl Device {
    fn metrics<'a>(&'a self, snapshot: &'a Snapshot) -> impl Iterator<Item = (&'a str, Metric)> {
        let own = snapshot.readings.iter().filter(|reading| reading.machine == self.machine);
        own.filter_map(|reading| {
            let metric = Metric {
                alias: Some(self.first_alias + reading.tag as u64),
                timestamp: timestamp(snapshot),
                value: Some(MetricValue::Double(reading.value)),
                ..Metric::default()
            };
            Some((self.tags.get(reading.tag)?.as_str(), metric))
        })
    }
}

fn uptime_metric(snapshot: &Snapshot) -> Metric {
    Metric {
        alias: Some(UPTIME_ALIAS),
        timestamp: timestamp(snapshot),
        value: Some(MetricValue::Long(snapshot.elapsed_s)),
        ..Metric::default()
    }
}

fn timestamp(snapshot: &Snapshot) -> Option<u64> {
    u64::try_from(snapshot.at.0).ok()
}

/// Whether a command asks for the births.
pub fn asks_for_rebirth(bytes: &Bytes) -> bool {
    Payload::read(bytes).is_ok_and(|payload| {
        payload.metrics.iter().any(|metric| {
            metric.name.as_deref() == Some(REBIRTH_METRIC) && metric.value == Some(MetricValue::Boolean(true))
        })
    })
}

#[cfg(test)]
mod tests {
    use millwright_model::{TimestampMs, Value};
    use millwright_plant::Moment;
    use millwright_plant::sparkplug::{Effect, HostSettings, SparkplugHost};

    use super::*;
    use crate::physics::{Reading, Simulation};
    use crate::seed::Seed;

    fn hear(host: &mut SparkplugHost, messages: Vec<Message>, at_s: i64) -> Vec<Effect> {
        let moment =
            Moment { wall: TimestampMs(1_795_400_000_000 + at_s * 1000), monotonic_ms: at_s as u64 * 1000 };
        let effects = messages
            .iter()
            .flat_map(|message| host.on_message(&message.topic, &message.payload, false, moment));
        effects.collect()
    }

    fn snapshot(simulation: &Simulation, at_s: i64) -> Snapshot {
        Snapshot {
            at: TimestampMs(1_795_400_000_000 + at_s * 1000),
            elapsed_s: at_s as u64,
            readings: simulation.readings(),
        }
    }

    #[test]
    fn a_host_understands_births_and_a_long_run_of_data_without_a_gap() {
        let seed = Seed::load().unwrap();
        let mut simulation = Simulation::new(&seed.machines, 5);
        for mut node in EdgeNode::all(&seed.machines) {
            let mut host = SparkplugHost::new(HostSettings::default());
            let born = hear(&mut host, node.births(&snapshot(&simulation, 0)), 0);
            assert!(born.iter().any(|effect| matches!(effect, Effect::NodeBorn { .. })), "{born:?}");
            for at_s in 1..600 {
                simulation.advance(1.0);
                let effects = hear(&mut host, node.data(&snapshot(&simulation, at_s)), at_s);
                assert!(effects.iter().all(|effect| matches!(effect, Effect::Samples(_))), "{effects:?}");
            }
        }
    }

    #[test]
    fn values_arrive_under_the_series_that_the_bindings_name() {
        let seed = Seed::load().unwrap();
        let machine = seed.machines.iter().position(|machine| machine.code == "GR-12").unwrap();
        let snapshot = Snapshot {
            at: TimestampMs(1_795_400_000_000),
            elapsed_s: 1,
            readings: vec![Reading { machine, tag: 0, value: 61.5 }],
        };
        let mut host = SparkplugHost::new(HostSettings::default());
        let mut node = EdgeNode::all(&seed.machines).into_iter().find(|node| node.name == "line-3").unwrap();
        let effects = hear(&mut host, node.births(&snapshot), 0);
        let heard = effects.iter().any(|effect| match effect {
            Effect::Samples(samples) => samples.iter().any(|(series, sample)| {
                series.0 == "spb:north/line-3/GR-12:oil_temperature"
                    && sample.value == Some(Value::Float(61.5))
            }),
            _ => false,
        });
        assert!(heard, "{effects:?}");
    }

    #[test]
    fn a_host_that_came_late_asks_for_the_births_and_is_understood() {
        let seed = Seed::load().unwrap();
        let simulation = Simulation::new(&seed.machines, 5);
        let mut node = EdgeNode::all(&seed.machines).remove(0);
        drop(node.births(&snapshot(&simulation, 0)));
        let mut host = SparkplugHost::new(HostSettings::default());
        let effects = hear(&mut host, node.data(&snapshot(&simulation, 1)), 1);
        let asked = effects.iter().find_map(|effect| match effect {
            Effect::RequestRebirth { topic, bytes, .. } => Some((topic.clone(), bytes.clone())),
            _ => None,
        });
        let (topic, bytes) = asked.unwrap();
        assert_eq!(topic, node.command_filter());
        assert!(asks_for_rebirth(&bytes));
        let effects = hear(&mut host, node.births(&snapshot(&simulation, 2)), 2);
        assert!(effects.iter().any(|effect| matches!(effect, Effect::Samples(_))));
    }

    #[test]
    fn the_will_of_an_earlier_connection_does_not_kill_a_later_birth() {
        let seed = Seed::load().unwrap();
        let simulation = Simulation::new(&seed.machines, 5);
        let mut node = EdgeNode::all(&seed.machines).remove(0);
        let old_will = node.will();
        node.connection_ended();
        let mut host = SparkplugHost::new(HostSettings::default());
        hear(&mut host, node.births(&snapshot(&simulation, 0)), 0);
        assert_eq!(hear(&mut host, vec![old_will], 1), vec![]);
        let died = hear(&mut host, vec![node.will()], 2);
        assert!(matches!(died.as_slice(), [Effect::Died { .. }]), "{died:?}");
    }
}
