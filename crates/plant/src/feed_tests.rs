//! What the router makes of link events.

use millwright_model::{TimestampMs, Value};

use super::*;

const WALL: TimestampMs = TimestampMs(1_795_400_000_000);

fn at(monotonic_ms: u64) -> Moment {
    Moment { wall: WALL, monotonic_ms }
}

fn message(topic: &str, payload: &[u8]) -> LinkEvent {
    LinkEvent::Message {
        topic: topic.into(),
        payload: Bytes::copy_from_slice(payload),
        retained: false,
        received_at: WALL,
        receipt: None,
    }
}

fn route(router: &mut Router, events: Vec<LinkEvent>, moment: Moment) -> Routed {
    let mut routed = Routed::default();
    for event in events {
        router.on_event(event, moment, &mut routed);
    }
    routed
}

#[test]
fn samples_of_one_batch_travel_together_and_stay_in_order_with_the_rest() {
    let mut router = Router::new(FeedSettings::default());
    let routed = route(
        &mut router,
        vec![
            message("a", b"1"),
            message("b", b"2"),
            LinkEvent::Published { token: 7 },
            message("a", b"3"),
            message("umh/v1/e/_maintenance_v1/work_order/create", b"{\"op_id\":1}"),
            message("$SYS/broker/uptime", b"5"),
        ],
        at(0),
    );
    let lengths: Vec<Option<usize>> = routed
        .events
        .iter()
        .map(|event| match event {
            PlantEvent::Samples(samples) => Some(samples.len()),
            _ => None,
        })
        .collect();
    assert_eq!(lengths, [Some(2), None, Some(1)]);
    let PlantEvent::Samples(last) = &routed.events[2] else { panic!() };
    assert_eq!(last[0].1.value, Some(Value::Int(3)));
}

#[test]
fn broken_payloads_are_findings_once_a_minute_and_counted_between() {
    let mut router = Router::new(FeedSettings::default());
    let routed =
        route(&mut router, vec![message("a", b"\xff"), message("a", b"{"), message("b", b"{")], at(0));
    assert_eq!(routed.events.len(), 2, "{:?}", routed.events);
    let refused = routed.refused.unwrap();
    assert_eq!((refused.count, refused.topic.as_str()), (3, "b"), "every one is counted");
    assert!(matches!(refused.fault, MessageFault::NotJson { line: 1, .. }), "{:?}", refused.fault);
    let routed = route(&mut router, vec![message("a", b"{")], at(60_000));
    let [PlantEvent::Finding { topic, untold, .. }] = &routed.events[..] else { panic!() };
    assert_eq!((topic.as_str(), *untold), ("a", 0), "the one between was told with b's");
    let flood = (0..10_000).map(|number| message(&format!("t/{number}"), b"{")).collect();
    let routed = route(&mut router, flood, at(60_001));
    assert!(routed.events.len() <= FINDING_TOPICS_MAX);
    assert_eq!(routed.refused.unwrap().count, 10_000);
    let routed = route(&mut router, vec![message("a", b"1"), message("a", b"NaN")], at(60_002));
    assert_eq!(routed.refused.map(|refused| refused.count), Some(1), "not a number is no JSON");
}

#[test]
fn a_lost_link_makes_everything_stale_and_its_return_asks_for_births() {
    let mut router = Router::new(FeedSettings::default());
    let down = LinkEvent::Down { problem: LinkProblem::Closed, retry_in_ms: 5 };
    let up = LinkEvent::Up { session_present: false };
    let routed = route(&mut router, vec![up.clone(), message("spBv1.0/g/NBIRTH/n", b"")], at(0));
    assert!(routed.requests.is_empty());
    let routed = route(&mut router, vec![down, up], at(10));
    for scope in [StaleScope::Namespace, StaleScope::Sparkplug] {
        assert!(routed.events.contains(&PlantEvent::Stale { scope, reason: StaleReason::LinkLost }));
    }
    assert_eq!(routed.requests[0].0, "spBv1.0/g/NCMD/n");
    let routed = route(&mut router, vec![LinkEvent::Published { token: REBIRTH_TOKEN }], at(11));
    assert!(routed.events.is_empty());
}
