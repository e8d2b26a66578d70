//! Runs around machines, seen again and held against their truth: the pump under five lights and while labels are
//! covered, the gear reducer and the conveyor, and the board by which a camera is measured.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails where it cannot measure, and says what it did"
)]

mod machines;
mod measured;
mod replay;

use std::sync::LazyLock;

use millwright_sight_runs::{LabelledMachine, Light, Recorded, Run, record, record_part, usual_camera};
use replay::{Off, Told, bounded_share, replay, report};

/// No attitude is ever so wrong: a flipped one is off by twice the angle at which a label is seen.
const FLIP_DEG: f64 = 20.0;

/// All runs, with what was told of each.
static SEEN: LazyLock<Vec<(Recorded, Vec<Told>)>> = LazyLock::new(|| {
    let recorded = record(&LabelledMachine::pump().unwrap(), &usual_camera().unwrap(), &Run::ALL).unwrap();
    let told: Vec<Vec<Told>> = std::thread::scope(|scope| {
        let told: Vec<_> = recorded.iter().map(|recorded| scope.spawn(|| replay(recorded))).collect();
        told.into_iter().map(|told| told.join().unwrap()).collect()
    });
    recorded.into_iter().zip(told).collect()
});

fn seen(run: Run) -> &'static (Recorded, Vec<Told>) {
    SEEN.iter().find(|(recorded, _)| recorded.run == run).unwrap()
}

/// What must hold whatever the light: no label is taken for another, nothing flips, and what is stated holds.
fn hold(run: Run) {
    let (recorded, told) = seen(run);
    let name = run.as_str();
    println!("{}", report(name, recorded.labels.len(), told));
    for told in told {
        assert_eq!(told.wrong, 0, "{name} at {} s: a label was seen where it is not", told.at_s);
        let turned_deg = told.pose.map_or(0.0, |off| off.turn_deg);
        assert!(turned_deg < FLIP_DEG, "{name} at {} s: turned by {turned_deg}°", told.at_s);
    }
    let share = bounded_share(told);
    assert!(share >= 0.95, "{name}: the stated bounds held in {share} of the frames");
}

#[test]
fn under_every_light_what_is_stated_holds() {
    for light in Light::ALL {
        hold(Run::Under(light));
    }
}

#[test]
fn in_a_workshop_every_frame_has_a_pose_to_half_a_millimetre() {
    let (_, told) = seen(Run::Under(Light::Workshop));
    for told in told {
        assert!(told.ids.len() >= 3, "at {} s: {:?}", told.at_s, told.ids);
        let off = told.pose.unwrap();
        assert!(off.point_mm < 0.5, "at {} s: {} mm", told.at_s, off.point_mm);
    }
}

#[test]
fn as_labels_are_covered_the_pose_stays_until_none_is_left() {
    let run = Run::LabelsCoveredOneByOne;
    hold(run);
    let (recorded, told) = seen(run);
    for (truth, told) in recorded.frames.iter().zip(told) {
        for (label, cover) in recorded.labels.iter().zip(&truth.covers) {
            let is_told = told.ids.contains(&label.id);
            assert!(*cover < 1.0 || !is_told, "at {} s: {} is covered", told.at_s, label.id);
        }
        assert_eq!(told.pose.is_some(), !told.ids.is_empty(), "at {} s", told.at_s);
    }
    // With each label that goes, the pose stays, and what is stated of it grows.
    let stated_mm = |labels: usize| {
        let poses = told.iter().filter(|told| told.ids.len() == labels).filter_map(|told| told.pose);
        let mut bounds: Vec<f64> = poses.map(|off: Off| off.stated.bound_mm).collect();
        assert!(bounds.len() >= 5, "{labels} labels were seen in {} frames", bounds.len());
        bounds.sort_by(f64::total_cmp);
        bounds[bounds.len() / 2]
    };
    let stated = [3, 2, 1].map(stated_mm);
    println!("stated with 3, 2 and 1 labels: {stated:?} mm");
    assert!(stated[0] < stated[1] && stated[1] < stated[2]);
    let all_covered =
        recorded.frames.iter().zip(told).filter(|(truth, _)| truth.covers.iter().all(|cover| *cover >= 1.0));
    assert!(all_covered.clone().count() >= 5);
    assert!(all_covered.into_iter().all(|(_, told)| told.ids.is_empty() && told.pose.is_none()));
}

#[test]
fn corners_are_off_to_no_side() {
    // If drawing moved edges, all labels would seem larger or smaller.
    let (recorded, told) = seen(Run::Under(Light::Workshop));
    for label in &recorded.labels {
        let grown: Vec<f64> = told
            .iter()
            .flat_map(|told| &told.corners)
            .filter(|corners| corners.id == label.id)
            .map(|corners| corners.grown_px)
            .collect();
        let mean_px = grown.iter().sum::<f64>() / grown.len() as f64;
        println!("label {}: {mean_px:+.4} px outwards, in {} frames", label.id, grown.len());
        assert!(grown.len() >= 15 && mean_px.abs() < 0.025, "{}: {mean_px}", label.id);
    }
}

#[test]
fn a_frame_is_the_same_whenever_it_is_drawn() {
    let run = Run::Under(Light::WetLens);
    let (recorded, _) = seen(run);
    let again =
        record_part(&LabelledMachine::pump().unwrap(), &usual_camera().unwrap(), &[run], 30..32).unwrap();
    assert_eq!(again[0].frames, recorded.frames[30..32]);
}

#[test]
fn the_truth_survives_being_written() {
    let (recorded, _) = seen(Run::LabelsCoveredOneByOne);
    let truth = recorded.truth();
    let read: millwright_sight_runs::Truth = serde_json::from_slice(&truth.to_json().unwrap()).unwrap();
    assert_eq!(read.labels.len(), 4);
    assert_eq!(read.camera, recorded.camera);
    for (read, frame) in read.frames.iter().zip(&recorded.frames) {
        let pose = millwright_vision::RigidPose::from(&read.camera_from_machine);
        assert!(pose.angle_to_rad(&frame.camera_from_machine) < 1e-9);
        assert!(pose.distance_to_m(&frame.camera_from_machine) < 1e-9);
    }
}
