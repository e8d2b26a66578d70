//! How many messages a second the router decodes on one core: `cargo bench -p millwright-plant`.
#![allow(clippy::print_stdout, reason = "a bench prints its numbers")]

use std::time::Instant;

use bytes::Bytes;
use millwright_model::TimestampMs;
use millwright_plant::Moment;
use millwright_plant::feed::{FeedSettings, PlantEvent, Routed, Router};
use millwright_plant::link::LinkEvent;
use millwright_plant::monitor::{Monitor, MonitorSettings};
use millwright_plant::sparkplug::value::datatype;
use millwright_plant::sparkplug::wire::{Metric, MetricValue, Payload};
use prost::Message;

const WALL: TimestampMs = TimestampMs(1_795_400_000_000);
const MESSAGES: u64 = 1_000_000;

fn message(topic: String, payload: Bytes) -> LinkEvent {
    LinkEvent::Message { topic, payload, retained: false, received_at: WALL, receipt: None }
}

fn run(name: &str, mut event: impl FnMut(u64) -> LinkEvent) {
    let mut router = Router::new(FeedSettings::default());
    let mut monitor = Monitor::new(MonitorSettings::default());
    let mut samples = 0;
    let started = Instant::now();
    for number in 0..MESSAGES {
        let moment = Moment { wall: WALL, monotonic_ms: number / 100 };
        let mut routed = Routed::default();
        router.on_event(event(number), moment, &mut routed);
        for event in routed.events {
            if let PlantEvent::Samples(heard) = event {
                for (series, sample) in &heard {
                    monitor.record(series, sample, moment);
                    samples += 1;
                }
            }
        }
    }
    let rate = MESSAGES as f64 / started.elapsed().as_secs_f64();
    println!("{name}: {rate:.0} messages/s, {samples} samples, {} series", monitor.series_count());
}

fn main() {
    run("uns", |number| {
        let topic = format!("umh/v1/ent/site/area/line/machine-{}/_raw/vibration", number % 1000);
        let payload = format!("{{\"timestamp_ms\":{},\"value\":{}.25}}", WALL.0, number);
        message(topic, payload.into())
    });
    let birth = Payload {
        seq: Some(0),
        metrics: (0..100)
            .map(|alias| Metric {
                name: Some(format!("axis/{alias}/speed")),
                alias: Some(alias),
                datatype: Some(datatype::FLOAT),
                value: Some(MetricValue::Float(0.0)),
                ..Metric::default()
            })
            .collect(),
        ..Payload::default()
    };
    run("sparkplug", |number| {
        if number == 0 {
            return message("spBv1.0/g/NBIRTH/n".into(), birth.encode_to_vec().into());
        }
        let metric = Metric {
            alias: Some(number % 100),
            value: Some(MetricValue::Float(number as f32 / 7.0)),
            ..Metric::default()
        };
        let data = Payload {
            timestamp: u64::try_from(WALL.0).ok(),
            seq: Some(number % 256),
            metrics: vec![metric],
            ..Payload::default()
        };
        message("spBv1.0/g/NDATA/n".into(), data.encode_to_vec().into())
    });
}
