//! The host's rules, each with the id of the specification's assertion where one applies.

use bytes::Bytes;
use millwright_model::{Quality, Sample, SeriesKey, TimestampMs, Value};
use proptest::prelude::*;
use prost::Message;

use super::value::datatype;
use super::wire::{Metric, MetricValue, Payload};
use super::*;
use crate::Moment;

const WALL: TimestampMs = TimestampMs(1_795_400_000_000);

fn at(monotonic_ms: u64) -> Moment {
    Moment { wall: WALL, monotonic_ms }
}

fn named(name: &str, alias: u64, datatype: u32, value: MetricValue) -> Metric {
    Metric {
        name: Some(name.into()),
        alias: Some(alias),
        datatype: Some(datatype),
        value: Some(value),
        ..Metric::default()
    }
}

fn by_alias(alias: u64, value: MetricValue) -> Metric {
    Metric { alias: Some(alias), value: Some(value), ..Metric::default() }
}

fn message(seq: u64, metrics: Vec<Metric>) -> Bytes {
    Payload { timestamp: Some(WALL.0 as u64), seq: Some(seq), metrics, ..Payload::default() }
        .encode_to_vec()
        .into()
}

fn bd(number: u64) -> Metric {
    Metric {
        name: Some("bdSeq".into()),
        datatype: Some(datatype::INT64),
        value: Some(MetricValue::Long(number)),
        ..Metric::default()
    }
}

fn birth(bd_seq: u64) -> Bytes {
    message(
        0,
        vec![
            bd(bd_seq),
            named("Node Control/Rebirth", 99, datatype::BOOLEAN, MetricValue::Boolean(false)),
            named("speed", 1, datatype::INT32, MetricValue::Int(0)),
        ],
    )
}

fn death(bd_seq: u64) -> Bytes {
    Payload { timestamp: Some(WALL.0 as u64), metrics: vec![bd(bd_seq)], ..Payload::default() }
        .encode_to_vec()
        .into()
}

fn speed(seq: u64, value: u32) -> Bytes {
    message(seq, vec![by_alias(1, MetricValue::Int(value))])
}

struct Stage {
    host: SparkplugHost,
    now_ms: u64,
}

impl Stage {
    fn new(settings: HostSettings) -> Self {
        Self { host: SparkplugHost::new(settings), now_ms: 0 }
    }

    fn born() -> Self {
        let mut stage = Self::new(HostSettings::default());
        stage.hear("NBIRTH", birth(7));
        stage
    }

    fn hear(&mut self, kind: &str, bytes: Bytes) -> Vec<Effect> {
        self.host.on_message(&format!("spBv1.0/g/{kind}/n"), &bytes, false, at(self.now_ms))
    }

    fn hear_device(&mut self, kind: &str, bytes: Bytes) -> Vec<Effect> {
        self.host.on_message(&format!("spBv1.0/g/{kind}/n/d"), &bytes, false, at(self.now_ms))
    }

    fn later(&mut self, delta_ms: u64) -> Vec<Effect> {
        self.now_ms += delta_ms;
        self.host.tick(at(self.now_ms))
    }
}

fn samples(effects: &[Effect]) -> Vec<(SeriesKey, Sample)> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Samples(samples) => Some(samples.clone()),
            _ => None,
        })
        .flatten()
        .collect()
}

fn numbers(effects: &[Effect]) -> Vec<i64> {
    samples(effects)
        .into_iter()
        .filter_map(|(_, sample)| match sample.value {
            Some(Value::Int(number)) => Some(number),
            _ => None,
        })
        .collect()
}

fn requests(effects: &[Effect]) -> Vec<RebirthReason> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::RequestRebirth { reason, .. } => Some(*reason),
            _ => None,
        })
        .collect()
}

fn died(effects: &[Effect]) -> Vec<&str> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Died { source } => Some(source.0.as_str()),
            _ => None,
        })
        .collect()
}

/// tck-id-payloads-alias-data-cmd-requirement: data carries the alias, the birth the name.
#[test]
fn data_by_alias_gets_the_name_and_datatype_of_the_birth() {
    let mut stage = Stage::born();
    let effects = stage.hear("NDATA", speed(1, u32::MAX));
    let samples = samples(&effects);
    assert_eq!(samples[0].0.0, "spb:g/n:speed");
    assert_eq!(samples[0].1.value, Some(Value::Int(-1)));
    assert_eq!(samples[0].1.source_at, Some(WALL));
}

#[test]
fn data_by_name_is_heard_too() {
    let mut stage = Stage::born();
    let metric = Metric { name: Some("speed".into()), value: Some(MetricValue::Int(9)), ..Metric::default() };
    assert_eq!(numbers(&stage.hear("NDATA", message(1, vec![metric]))), [9]);
}

#[test]
fn session_words_are_no_samples() {
    let mut stage = Stage::new(HostSettings::default());
    let effects = stage.hear("NBIRTH", birth(0));
    let names: Vec<String> = samples(&effects).into_iter().map(|(series, _)| series.0).collect();
    assert_eq!(names, ["spb:g/n:speed"]);
}

/// tck-id-payloads-sequence-num-incrementing: 255 is followed by 0.
#[test]
fn the_sequence_wraps_after_255() {
    let mut stage = Stage::born();
    for step in 1..=600_u64 {
        let effects = stage.hear("NDATA", speed(step % 256, 1));
        assert_eq!(numbers(&effects), [1], "step {step}");
    }
}

/// tck-id-operational-behavior-host-reordering-success: a gap that is filled in time changes nothing.
#[test]
fn swapped_messages_are_put_in_order() {
    let mut stage = Stage::born();
    assert!(numbers(&stage.hear("NDATA", speed(3, 30))).is_empty());
    assert!(numbers(&stage.hear("NDATA", speed(2, 20))).is_empty());
    assert_eq!(numbers(&stage.hear("NDATA", speed(1, 10))), [10, 20, 30]);
    assert_eq!(stage.host.next_deadline_ms(), None);
    assert!(stage.later(60_000).is_empty());
}

/// tck-id-operational-behavior-host-reordering-rebirth: after the timeout a rebirth is requested.
#[test]
fn a_gap_that_stays_open_asks_for_a_rebirth() {
    let mut stage = Stage::born();
    stage.hear("NDATA", speed(2, 20));
    assert_eq!(stage.host.next_deadline_ms(), Some(3000));
    assert!(stage.later(2999).is_empty());
    let effects = stage.later(1);
    assert_eq!(requests(&effects), [RebirthReason::ReorderTimeout]);
    assert!(numbers(&effects).is_empty(), "aliases behind a gap may be of another session");
    let Some(Effect::RequestRebirth { topic, bytes, .. }) =
        effects.iter().find(|effect| matches!(effect, Effect::RequestRebirth { .. }))
    else {
        panic!("{effects:?}")
    };
    assert_eq!(topic, "spBv1.0/g/NCMD/n");
    let command = Payload::read(bytes).unwrap();
    assert_eq!(command.metrics[0].name.as_deref(), Some(REBIRTH_METRIC));
    assert_eq!(command.metrics[0].value, Some(MetricValue::Boolean(true)));
    assert!(command.timestamp.is_some() && command.seq.is_none());
}

#[test]
fn rebirth_requests_keep_five_seconds_between_them() {
    let mut stage = Stage::new(HostSettings::default());
    assert_eq!(requests(&stage.hear("NDATA", speed(4, 1))), [RebirthReason::UnknownNode]);
    for seq in 5..50 {
        assert!(requests(&stage.hear("NDATA", speed(seq, 1))).is_empty());
    }
    assert_eq!(stage.host.next_deadline_ms(), Some(5000));
    assert!(stage.later(4999).is_empty());
    assert_eq!(requests(&stage.later(1)), [RebirthReason::UnknownNode]);
    stage.hear("NDATA", speed(51, 1));
    stage.hear("NBIRTH", birth(1));
    assert_eq!(stage.host.next_deadline_ms(), None, "the birth answers the wish");
}

/// tck-id-operational-behavior-…-host-action-ndeath: matching bdSeq kills the node and its devices.
#[test]
fn a_death_counts_only_with_the_bd_seq_of_the_birth() {
    let mut stage = Stage::born();
    stage.hear_device("DBIRTH", message(1, vec![named("t", 5, datatype::DOUBLE, MetricValue::Double(1.0))]));
    assert!(stage.hear("NDEATH", death(6)).is_empty(), "a death of the connection before");
    assert_eq!(numbers(&stage.hear("NDATA", speed(2, 3))), [3]);
    assert_eq!(died(&stage.hear("NDEATH", death(7))), ["spb:g/n"]);
    assert_eq!(requests(&stage.hear("NDATA", speed(3, 3))), [RebirthReason::UnknownNode]);
}

#[test]
fn a_device_dies_alone_and_is_unknown_until_its_birth() {
    let mut stage = Stage::born();
    let device_birth = |seq| message(seq, vec![named("t", 5, datatype::DOUBLE, MetricValue::Double(1.5))]);
    let effects = stage.hear_device("DBIRTH", device_birth(1));
    assert_eq!(samples(&effects)[0].0.0, "spb:g/n/d:t");
    assert_eq!(died(&stage.hear_device("DDEATH", message(2, vec![]))), ["spb:g/n/d"]);
    let data = |seq| message(seq, vec![by_alias(5, MetricValue::Double(2.5))]);
    assert_eq!(requests(&stage.hear_device("DDATA", data(3))), [RebirthReason::UnknownDevice]);
    assert_eq!(numbers(&stage.hear("NDATA", speed(4, 8))), [8], "the node lives on");
    stage.hear_device("DBIRTH", device_birth(5));
    assert_eq!(samples(&stage.hear_device("DDATA", data(6)))[0].1.value, Some(Value::Float(2.5)));
}

#[test]
fn a_new_birth_ends_the_old_devices() {
    let mut stage = Stage::born();
    stage.hear_device("DBIRTH", message(1, vec![]));
    assert_eq!(died(&stage.hear("NBIRTH", birth(8))), ["spb:g/n/d"]);
}

#[test]
fn an_unknown_alias_or_that_of_another_owner_asks_for_a_rebirth() {
    let mut stage = Stage::born();
    let effects = stage
        .hear("NDATA", message(1, vec![by_alias(1, MetricValue::Int(4)), by_alias(77, MetricValue::Int(5))]));
    assert_eq!(numbers(&effects), [4], "what is known is used");
    assert_eq!(requests(&effects), [RebirthReason::UnknownMetric]);
    let mut stage = Stage::born();
    stage.hear_device("DBIRTH", message(1, vec![named("t", 5, datatype::INT32, MetricValue::Int(1))]));
    let effects = stage.hear_device("DDATA", message(2, vec![by_alias(1, MetricValue::Int(4))]));
    assert_eq!((numbers(&effects).len(), requests(&effects)), (0, vec![RebirthReason::UnknownMetric]));
}

#[test]
fn who_only_listens_never_asks_and_says_so_once() {
    let mut stage = Stage::new(HostSettings { listen_only: true, ..HostSettings::default() });
    let effects = stage.hear("NDATA", speed(4, 1));
    assert!(matches!(effects[..], [Effect::RebirthWithheld { reason: RebirthReason::UnknownNode, .. }]));
    assert!(stage.hear("NDATA", speed(5, 1)).is_empty());

    stage.hear("NBIRTH", birth(0));
    stage.hear("NDATA", speed(3, 33));
    let effects = stage.later(3000);
    assert_eq!(numbers(&effects), [33]);
    assert_eq!(samples(&effects)[0].1.quality, Quality::Uncertain);
    assert!(requests(&effects).is_empty());
    stage.hear("NBIRTH", birth(0));
    assert_eq!(samples(&stage.hear("NDATA", speed(1, 1)))[0].1.quality, Quality::Good);
}

#[test]
fn historical_null_and_mistimed_metrics_are_marked() {
    let mut stage = Stage::born();
    let historical = Metric { is_historical: Some(true), ..by_alias(1, MetricValue::Int(1)) };
    let null = Metric { alias: Some(1), is_null: Some(true), ..Metric::default() };
    let mistimed = Metric { timestamp: Some(4), ..by_alias(1, MetricValue::Int(2)) };
    let effects = stage.hear("NDATA", message(1, vec![historical, null, mistimed]));
    let samples = samples(&effects);
    assert!(samples[0].1.historical && !samples[1].1.historical);
    assert_eq!((&samples[1].1.value, samples[1].1.quality), (&None, Quality::Bad));
    assert_eq!((samples[2].1.source_at, samples[2].1.quality), (None, Quality::Uncertain));
    assert_eq!(samples.iter().map(|(_, sample)| sample.ordinal).collect::<Vec<_>>(), [0, 1, 2]);
    assert!(
        effects.contains(&Effect::Odd { oddity: Oddity::Time { first: "spb:g/n:speed".into(), count: 1 } })
    );
}

#[test]
fn samples_of_one_series_and_time_are_numbered() {
    let mut stage = Stage::born();
    let metric = |value, delta| Metric {
        timestamp: Some(WALL.0 as u64 - delta),
        ..by_alias(1, MetricValue::Int(value))
    };
    let effects = stage.hear("NDATA", message(1, vec![metric(1, 5), metric(2, 5), metric(3, 4)]));
    assert_eq!(samples(&effects).iter().map(|(_, sample)| sample.ordinal).collect::<Vec<_>>(), [0, 1, 0]);
}

#[test]
fn files_and_arrays_are_skipped_by_name() {
    let mut stage = Stage::new(HostSettings::default());
    let effects = stage.hear(
        "NBIRTH",
        message(
            0,
            vec![
                bd(0),
                named("photo", 1, 18, MetricValue::Bytes(Bytes::from_static(b"x"))),
                named("waveform", 2, 30, MetricValue::Bytes(Bytes::new())),
                named("ok", 3, datatype::BOOLEAN, MetricValue::Boolean(true)),
            ],
        ),
    );
    assert_eq!(samples(&effects).len(), 1);
    let oddity = Oddity::Skipped { first: "spb:g/n:photo".into(), type_name: "File", count: 2 };
    assert!(effects.contains(&Effect::Odd { oddity }));
}

#[test]
fn columns_of_a_data_set_and_members_of_a_template_are_series_of_their_own() {
    // columns "tool" (Int32) and "wear" (Double); rows (1, 0.25) and (2, 0.5).
    let table = b"\x12\x04tool\x12\x04wear\x1a\x02\x03\x0a\
        \x22\x0f\x0a\x02\x08\x01\x0a\x09\x21\x00\x00\x00\x00\x00\x00\xd0\x3f\
        \x22\x0f\x0a\x02\x08\x02\x0a\x09\x21\x00\x00\x00\x00\x00\x00\xe0\x3f";
    // One member "rpm"; the birth says Int32, the data leaves it out.
    let born = b"\x12\x09\x0a\x03rpm\x20\x03\x50\x05";
    let data = b"\x12\x07\x0a\x03rpm\x50\x06";
    let mut stage = Stage::new(HostSettings::default());
    let effects = stage.hear(
        "NBIRTH",
        message(
            0,
            vec![
                bd(0),
                named("table", 1, datatype::DATA_SET, MetricValue::DataSet(Bytes::from_static(table))),
                named("motor", 2, datatype::TEMPLATE, MetricValue::Template(Bytes::from_static(born))),
            ],
        ),
    );
    let said: Vec<(String, Option<Value>, u16)> = samples(&effects)
        .iter()
        .map(|(series, sample)| (series.0.clone(), sample.value.clone(), sample.ordinal))
        .collect();
    let wanted = [
        ("spb:g/n:table#tool", Value::Int(1), 0),
        ("spb:g/n:table#wear", Value::Float(0.25), 0),
        ("spb:g/n:table#tool", Value::Int(2), 1),
        ("spb:g/n:table#wear", Value::Float(0.5), 1),
        ("spb:g/n:motor#rpm", Value::Int(5), 0),
    ];
    assert_eq!(said, wanted.map(|(series, value, ordinal)| (series.to_owned(), Some(value), ordinal)));
    let effects =
        stage.hear("NDATA", message(1, vec![by_alias(2, MetricValue::Template(Bytes::from_static(data)))]));
    assert_eq!(samples(&effects)[0].1.value, Some(Value::Int(6)), "its type is known from the birth");

    let broken = vec![
        by_alias(1, MetricValue::DataSet(Bytes::from_static(b"\xff\xff"))),
        by_alias(2, MetricValue::Int(5)),
        Metric { is_null: Some(true), ..by_alias(1, MetricValue::Int(0)) },
    ];
    let effects = stage.hear("NDATA", message(2, broken));
    let bad = samples(&effects);
    assert_eq!(bad.len(), 3);
    for (series, sample) in bad {
        assert_eq!((&sample.value, sample.quality), (&None, Quality::Bad), "{series}");
    }
    let oddity = Oddity::Mismatch { first: "spb:g/n:table".into(), count: 2 };
    assert!(effects.contains(&Effect::Odd { oddity }));
}

#[test]
fn a_retained_birth_and_a_broken_payload_change_nothing() {
    let mut stage = Stage::new(HostSettings::default());
    let effects = stage.host.on_message("spBv1.0/g/NBIRTH/n", &birth(0), true, at(0));
    assert!(matches!(effects[..], [Effect::Odd { oddity: Oddity::Retained(_) }]));
    let mut stage = Stage::born();
    let effects = stage.hear("NDATA", Bytes::from_static(b"\xff\xff\xff"));
    assert!(matches!(effects[..], [Effect::Odd { oddity: Oddity::Payload(_) }]));
    assert_eq!(numbers(&stage.hear("NDATA", speed(1, 6))), [6]);
}

#[test]
fn a_compressed_payload_is_named() {
    let mut stage = Stage::born();
    let payload = Payload { uuid: Some("SPBV1.0_COMPRESSED".into()), ..Payload::default() };
    let effects = stage.hear("NBIRTH", payload.encode_to_vec().into());
    assert_eq!(effects, [Effect::Odd { oddity: Oddity::Compressed }]);
    assert_eq!(numbers(&stage.hear("NDATA", speed(1, 6))), [6], "nothing else changed");
}

#[test]
fn a_lost_link_makes_every_node_ask_again() {
    let mut stage = Stage::born();
    stage.host.link_lost();
    assert_eq!(requests(&stage.host.link_restored(at(10))), [RebirthReason::LinkRestored]);
    assert!(numbers(&stage.hear("NDATA", speed(1, 1))).is_empty(), "its aliases may have changed meanwhile");
}

#[test]
fn floods_of_nodes_and_metrics_are_bounded() {
    let settings = HostSettings { nodes_max: 3, metrics_per_node_max: 2, ..HostSettings::default() };
    let mut host = SparkplugHost::new(settings);
    for node in 0..10 {
        host.on_message(&format!("spBv1.0/g/NBIRTH/n{node}"), &birth(0), false, at(0));
    }
    assert_eq!(host.node_count(), 3);
    let flood = Bytes::from([0x12, 0x00].repeat(wire::METRICS_MAX + 1));
    assert!(matches!(Payload::read(&flood), Err(PayloadLimitError::TooManyMetrics)));
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(
        messages in proptest::collection::vec(
            (prop::sample::select(vec!["NBIRTH/n", "NDATA/n", "NDEATH/n", "DBIRTH/n/d", "DDATA/n/d", "DDEATH/n/d"]),
             proptest::collection::vec(any::<u8>(), 0..64)), 0..24)
    ) {
        let mut host = SparkplugHost::new(HostSettings::default());
        for (place, (rest, bytes)) in messages.into_iter().enumerate() {
            let topic = format!("spBv1.0/g/{rest}");
            host.on_message(&topic, &Bytes::from(bytes), false, at(place as u64 * 1000));
            host.tick(at(place as u64 * 1000));
        }
    }

    #[test]
    fn any_topic_is_read_or_refused(topic in "(spBv1.0/)?[a-zA-Z/:%]{0,40}") {
        drop(SparkplugTopic::parse(&topic));
    }

    /// Whatever the order of arrival within the window, samples come out in sequence and none is lost.
    #[test]
    fn any_interleaving_comes_out_in_sequence(
        order in Just((1..=60_u32).collect::<Vec<_>>()).prop_shuffle(), start in 0..256_u64
    ) {
        let mut stage = Stage::new(HostSettings::default());
        let mut payload = Payload::decode(birth(1)).unwrap();
        payload.seq = Some(start);
        stage.hear("NBIRTH", payload.encode_to_vec().into());
        let mut heard = Vec::new();
        for step in order {
            let seq = (start + u64::from(step)) % 256;
            heard.extend(numbers(&stage.hear("NDATA", speed(seq, step))));
        }
        prop_assert_eq!(heard, (1..=60_i64).collect::<Vec<_>>());
        prop_assert_eq!(stage.host.next_deadline_ms(), None);
    }

    /// With losses and time passing, values never go backwards and a wish for a birth is never forgotten.
    #[test]
    fn losses_never_reorder_and_always_lead_to_a_request(
        lost in proptest::collection::hash_set(1..100_u32, 1..10)
    ) {
        let mut stage = Stage::born();
        let mut heard = Vec::new();
        let mut asked = 0;
        for step in 1..=100_u32 {
            if !lost.contains(&step) {
                let effects = stage.hear("NDATA", speed(u64::from(step % 256), step));
                heard.extend(numbers(&effects));
                asked += requests(&effects).len();
            }
            asked += requests(&stage.later(100)).len();
        }
        asked += requests(&stage.later(10_000)).len();
        prop_assert!(heard.is_sorted());
        prop_assert!(asked >= 1);
    }
}
