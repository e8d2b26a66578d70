//! Runs around the gear reducer and the belt conveyor, each with one label in view, held against their truth.

use millwright_sight_runs::{LabelledMachine, Light, Run, record, usual_camera};

use crate::FLIP_DEG;
use crate::replay::{bounded_share, replay, report};

fn hold(machine: &LabelledMachine, seen_min: usize) {
    let run = Run::Under(Light::Workshop);
    let recorded = &record(machine, &usual_camera().unwrap(), &[run]).unwrap()[0];
    let told = replay(recorded);
    println!("{}", report(machine.name, recorded.labels.len(), &told));
    for told in &told {
        assert_eq!(told.wrong, 0, "{} at {} s: a label was seen where it is not", machine.name, told.at_s);
        let turned_deg = told.pose.map_or(0.0, |off| off.turn_deg);
        assert!(turned_deg < FLIP_DEG, "{} at {} s: turned by {turned_deg}°", machine.name, told.at_s);
    }
    let seen = told.iter().filter(|told| told.pose.is_some()).count();
    assert!(seen >= seen_min, "{}: a pose in {seen} of {} frames", machine.name, told.len());
    let share = bounded_share(&told);
    assert!(share >= 0.95, "{}: the stated bounds held in {share} of the frames", machine.name);
}

#[test]
fn one_label_on_the_gear_reducer_tells_where_it_stands() {
    // From the sides, the sensor and the glass beside the label stick out over its border: it is not seen then.
    hold(&LabelledMachine::gear_reducer().unwrap(), 30);
}

#[test]
fn the_label_at_the_conveyors_tail_tells_where_it_stands() {
    hold(&LabelledMachine::conveyor().unwrap(), 50);
}
