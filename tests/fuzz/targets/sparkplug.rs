//! A Sparkplug session: each part of the input is a message of one of the kinds, with time in between.
#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use millwright_model::TimestampMs;
use millwright_plant::Moment;
use millwright_plant::sparkplug::{Effect, HostSettings, SparkplugHost};

const TOPICS: [&str; 6] = [
    "spBv1.0/g/NBIRTH/n",
    "spBv1.0/g/NDATA/n",
    "spBv1.0/g/DBIRTH/n/d",
    "spBv1.0/g/DDATA/n/d",
    "spBv1.0/g/NDEATH/n",
    "spBv1.0/g/DDEATH/n/d",
];

fuzz_target!(|input: &[u8]| {
    let mut host =
        SparkplugHost::new(HostSettings { metrics_per_node_max: 1_000, ..HostSettings::default() });
    let mut rest = input;
    let mut monotonic_ms = 0;
    // Each message: a byte for its kind, two for its length, and itself.
    while let Some((&[kind, low, high], tail)) = rest.split_first_chunk::<3>() {
        let length = usize::from(u16::from_le_bytes([low, high])).min(tail.len());
        let (payload, tail) = tail.split_at(length);
        rest = tail;
        monotonic_ms += 1_000;
        let moment = Moment { wall: TimestampMs(1_795_400_000_000), monotonic_ms };
        let topic = TOPICS[usize::from(kind) % TOPICS.len()];
        let mut effects = host.on_message(topic, &Bytes::copy_from_slice(payload), false, moment);
        effects.extend(host.tick(moment));
        for effect in effects {
            if let Effect::Samples(samples) = effect {
                for (_, sample) in samples {
                    assert!(sample.value.and_then(|value| value.as_f64()).is_none_or(f64::is_finite));
                }
            }
        }
    }
});
