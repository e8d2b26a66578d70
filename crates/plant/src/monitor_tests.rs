//! What the monitor says of last values, rule by rule.

use millwright_model::{TimestampMs, Value};
use proptest::prelude::*;

use super::*;
use crate::sparkplug::SourceName;

const WALL: TimestampMs = TimestampMs(1_795_400_000_000);

fn at(monotonic_ms: u64) -> Moment {
    Moment { wall: WALL.plus_ms(monotonic_ms as i64), monotonic_ms }
}

fn sample(number: i64, source_at: Option<i64>) -> Sample {
    Sample {
        source_at: source_at.map(|delta| WALL.plus_ms(delta)),
        received_at: WALL,
        ordinal: 0,
        value: Some(Value::Int(number)),
        quality: Quality::Good,
        retained: false,
        historical: false,
    }
}

fn key(name: &str) -> SeriesKey {
    SeriesKey(name.into())
}

fn stale(monitor: &Monitor, name: &str, moment: Moment) -> Option<StaleReason> {
    monitor.get(&key(name), moment).unwrap().stale
}

#[test]
fn the_newest_value_stays_and_late_ones_do_not_replace_it() {
    let mut monitor = Monitor::new(MonitorSettings::default());
    let series = key("uns:a");
    assert_eq!(monitor.record(&series, &sample(1, Some(100)), at(0)), Recorded::Current);
    assert_eq!(monitor.record(&series, &sample(2, Some(50)), at(1)), Recorded::Late);
    let historical = Sample { historical: true, ..sample(3, Some(500)) };
    assert_eq!(monitor.record(&series, &historical, at(2)), Recorded::Late);
    assert_eq!(monitor.get(&series, at(3)).unwrap().sample.value, Some(Value::Int(1)));
}

#[test]
fn a_death_reaches_the_node_and_its_devices_and_nobody_else() {
    let mut monitor = Monitor::new(MonitorSettings::default());
    for name in ["spb:g/n:m", "spb:g/n/d:a/b:c", "spb:g/n2:m", "uns:g/n"] {
        monitor.record(&key(name), &sample(1, None), at(0));
    }
    let node = SourceName::new("g", "n", None);
    monitor.mark_stale(&StaleScope::Source(node), StaleReason::Death);
    assert_eq!(stale(&monitor, "spb:g/n:m", at(1)), Some(StaleReason::Death));
    assert_eq!(stale(&monitor, "spb:g/n/d:a/b:c", at(1)), Some(StaleReason::Death));
    assert_eq!(stale(&monitor, "spb:g/n2:m", at(1)), None);
    monitor.mark_stale(&StaleScope::Sparkplug, StaleReason::LinkLost);
    assert_eq!(stale(&monitor, "spb:g/n:m", at(1)), Some(StaleReason::Death), "the stronger word stays");
    assert_eq!(stale(&monitor, "spb:g/n2:m", at(1)), Some(StaleReason::LinkLost));
    assert_eq!(stale(&monitor, "uns:g/n", at(1)), None, "another link brings it");
    monitor.mark_stale(&StaleScope::Namespace, StaleReason::LinkLost);
    assert_eq!(stale(&monitor, "uns:g/n", at(1)), Some(StaleReason::LinkLost));
    monitor.record(&key("spb:g/n:m"), &sample(2, None), at(2));
    assert_eq!(stale(&monitor, "spb:g/n:m", at(2)), None, "the next sample is current again");
}

#[test]
fn a_device_dies_without_its_node() {
    let mut monitor = Monitor::new(MonitorSettings::default());
    for name in ["spb:g/n:m", "spb:g/n/d:m"] {
        monitor.record(&key(name), &sample(1, None), at(0));
    }
    let device = SourceName::new("g", "n", Some("d"));
    monitor.mark_stale(&StaleScope::Source(device), StaleReason::Death);
    assert_eq!(stale(&monitor, "spb:g/n:m", at(1)), None);
    assert_eq!(stale(&monitor, "spb:g/n/d:m", at(1)), Some(StaleReason::Death));
}

#[test]
fn a_silence_limit_set_before_the_first_sample_counts() {
    let mut monitor = Monitor::new(MonitorSettings::default());
    monitor.set_silence(&key("uns:a"), Some(1000));
    monitor.record(&key("uns:a"), &sample(1, None), at(0));
    assert_eq!(stale(&monitor, "uns:a", at(1000)), None);
    assert_eq!(stale(&monitor, "uns:a", at(1001)), Some(StaleReason::Silence));
}

#[test]
fn silence_is_per_series_and_shows_up_as_a_change() {
    let mut monitor = Monitor::new(MonitorSettings { silence_ms: 1000, ..MonitorSettings::default() });
    for name in ["uns:a", "uns:b"] {
        monitor.record(&key(name), &sample(1, None), at(0));
    }
    monitor.set_silence(&key("uns:b"), Some(10_000));
    let (_, revision) = monitor.snapshot(at(0));
    monitor.sweep(at(1001));
    let (changes, revision) = monitor.changes_since(revision, at(1001));
    assert_eq!(changes.len(), 1);
    assert_eq!((changes[0].series.0.as_str(), changes[0].stale), ("uns:a", Some(StaleReason::Silence)));
    monitor.sweep(at(1002));
    assert!(monitor.changes_since(revision, at(1002)).0.is_empty());
}

#[test]
fn a_retained_value_without_a_time_is_never_good_enough() {
    let mut monitor = Monitor::new(MonitorSettings::default());
    let series = key("uns:a");
    monitor.record(&series, &Sample { retained: true, ..sample(1, None) }, at(0));
    assert_eq!(stale(&monitor, "uns:a", at(0)), Some(StaleReason::AgeUnknown));
    assert!(!monitor.is_current(&series, at(0)));
    assert_eq!(monitor.age_ms(&series, at(5)), None);
    monitor.record(&series, &sample(1, Some(0)), at(5));
    assert!(monitor.is_current(&series, at(5)));
    assert_eq!(monitor.age_ms(&series, at(7)), Some(7));
}

#[test]
fn a_retained_value_from_last_week_is_silent_at_once() {
    let mut monitor = Monitor::new(MonitorSettings::default());
    let old = Sample { retained: true, ..sample(1, Some(-7 * 24 * 3600 * 1000)) };
    monitor.record(&key("uns:a"), &old, at(0));
    assert_eq!(stale(&monitor, "uns:a", at(0)), Some(StaleReason::Silence));
}

#[test]
fn a_million_topics_are_refused_and_counted() {
    let mut monitor = Monitor::new(MonitorSettings { series_max: 1000, ..MonitorSettings::default() });
    for number in 0..100_000 {
        monitor.record(&key(&format!("uns:t/{number}")), &sample(1, None), at(0));
    }
    assert_eq!((monitor.series_count(), monitor.refused()), (1000, 99_000));
    assert_eq!(monitor.record(&key("uns:t/5"), &sample(2, None), at(1)), Recorded::Current);
}

proptest! {
    #[test]
    fn changes_add_up_to_the_snapshot(
        steps in proptest::collection::vec((0..20_u32, any::<i32>(), any::<bool>()), 1..200)
    ) {
        let mut monitor = Monitor::new(MonitorSettings { series_max: 15, ..MonitorSettings::default() });
        let mut seen = HashMap::new();
        let mut revision = 0;
        for (step, (series, number, look)) in steps.into_iter().enumerate() {
            monitor.record(&key(&format!("uns:{series}")), &sample(number.into(), None), at(step as u64));
            if look {
                let (changes, next) = monitor.changes_since(revision, at(step as u64));
                revision = next;
                seen.extend(changes.into_iter().map(|live| (live.series.clone(), live)));
            }
        }
        seen.extend(
            monitor.changes_since(revision, at(0)).0.into_iter().map(|live| (live.series.clone(), live)));
        let (all, _) = monitor.snapshot(at(0));
        prop_assert_eq!(seen.len(), all.len());
        for live in all {
            prop_assert_eq!(seen.get(&live.series), Some(&live));
        }
    }
}
