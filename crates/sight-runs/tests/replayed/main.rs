//! Runs around the pump, seen again and held against their truth: under five lights, and while labels are covered.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails where it cannot measure, and says what it did"
)]

mod replay;

use std::sync::LazyLock;

use millwright_sight_runs::{LabelledMachine, Light, Recorded, Run, record, usual_camera};
use replay::{Told, bounded_share, replay, report};

/// All runs, with what was told of each.
static SEEN: LazyLock<Vec<(Recorded, Vec<Told>)>> = LazyLock::new(|| {
    let recorded = record(&LabelledMachine::pump().unwrap(), &usual_camera().unwrap(), &Run::ALL).unwrap();
    std::thread::scope(|scope| {
        let told: Vec<_> = recorded.iter().map(|recorded| scope.spawn(|| replay(recorded))).collect();
        let told: Vec<Vec<Told>> = told.into_iter().map(|told| told.join().unwrap()).collect();
        recorded.iter().cloned().zip(told).collect()
    })
});

fn seen(run: Run) -> &'static (Recorded, Vec<Told>) {
    SEEN.iter().find(|(recorded, _)| recorded.run == run).unwrap()
}

/// No attitude is ever so wrong: a flipped one is off by twice the angle at which a label is seen.
const FLIP_DEG: f64 = 20.0;

/// What must hold whatever the light: no label is taken for another, nothing flips, and what is stated holds.
fn hold(name: &str, told: &[Told]) {
    let wrong: usize = told.iter().map(|told| told.wrong).sum();
    assert_eq!(wrong, 0, "{name}: a label was seen where it is not");
    for told in told {
        let turned = told.pose.map_or(0.0, |off| off.turn_deg);
        assert!(turned < FLIP_DEG, "{name} at {} s: turned by {turned}°", told.at_s);
    }
    let share = bounded_share(told);
    assert!(share >= 0.95, "{name}: the stated bounds held in {share} of the frames");
}

#[test]
fn under_every_light_what_is_stated_holds() {
    for (recorded, told) in SEEN.iter() {
        println!("{}", report(recorded.run.as_str(), recorded.labels.len(), told));
        if std::env::var_os("DETAIL").is_some() {
            detail(told);
        }
    }
    for (recorded, told) in SEEN.iter() {
        hold(recorded.run.as_str(), told);
    }
}

#[test]
fn as_labels_are_covered_the_pose_stays_until_none_is_left() {
    let (recorded, told) = seen(Run::LabelsCoveredOneByOne);
    hold("labels-covered", told);
}

fn detail(told: &[Told]) {
    for t in told {
        let c: Vec<String> =
            t.corners.iter().map(|(id, off, sigma)| format!("{id}:{off:.3}/{sigma:.3}")).collect();
        match &t.pose {
            Some(o) => println!(
                "  {:.1} {} {:.2} mm (<{:.2}) {:.3} deg (<{:.3}) res {:.3}{} {}",
                t.at_s,
                if o.is_bounded() { "ok " } else { "OUT" },
                o.point_mm,
                o.stated.bound_mm,
                o.turn_deg,
                o.stated.bound_deg,
                o.residual_px,
                if o.is_ambiguous { " amb" } else { "" },
                c.join(" ")
            ),
            None => println!("  {:.1} none {}", t.at_s, c.join(" ")),
        }
    }
}
