//! The machines that are made by code: whole, named, and the same as the files that are shipped.

use std::collections::HashSet;
use std::path::Path;

use glam::DVec3;
use millwright_scene::camera::Ray;
use millwright_scene::frame::{Look, Motion, Played};
use millwright_scene::import::{Limits, read_gltf};
use millwright_scene::machine;
use millwright_scene::model::{Model, PartId};
use millwright_scene::pick::{Picker, Scene};
use millwright_scene::pose::{Rig, Stance};

fn all() -> Vec<(&'static str, Model)> {
    machine::all().unwrap()
}

fn stand(model: &Model, motion: &Motion) -> Stance {
    let mut stance = Stance::default();
    Rig::of(model).stand(model, motion, &mut stance);
    stance
}

#[test]
fn the_shipped_files_are_what_the_code_makes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/machines");
    for (name, model) in all() {
        let shipped = std::fs::read(folder.join(name)).unwrap();
        let back = read_gltf(&shipped, "", &|_| None, &Limits::default()).unwrap();
        assert!(back.notes.is_empty(), "{name}: {:?}", back.notes);
        assert!(back.model == model, "{name}: run `cargo run -p millwright-scene --example machines`");
        assert!(shipped.len() < 1_000_000, "{name} has {} bytes", shipped.len());
    }
}

#[test]
fn every_part_is_named_by_its_number_and_knows_what_it_is_called() {
    for (name, model) in all() {
        let mut names = HashSet::new();
        for part in model.parts() {
            assert!(names.insert(part.name.clone()), "{name}: two parts are «{}»", part.name);
            let number = part.extras["part_number"].as_str().unwrap();
            assert!(part.name.starts_with(number), "{name}: «{}» is no {number}", part.name);
            assert!(
                part.extras["name"].as_str().is_some_and(|name| !name.is_empty()),
                "{name}: {}",
                part.name
            );
        }
    }
}

#[test]
fn screws_know_their_torque() {
    for (name, model) in all() {
        for part in model.parts() {
            let called = part.extras["name"].as_str().unwrap();
            let is_screw = called.to_lowercase().contains("screw")
                && part.name.contains('-')
                && called != "Take-up screw";
            if is_screw {
                assert!(
                    part.extras["torque_nm"].as_f64().is_some_and(|torque| torque > 0.0),
                    "{name}: {}",
                    part.name
                );
            }
        }
    }
}

#[test]
fn every_step_begins_where_the_steps_before_it_ended_and_moves_something() {
    for (name, model) in all() {
        for steps in model.extras()["procedures"].as_object().unwrap().values() {
            let mut played = Vec::new();
            for step in steps.as_array().unwrap() {
                let step = step.as_str().unwrap().to_owned();
                let before = stand(&model, &Motion { played: played.clone(), ..Motion::default() });
                played.push(Played { animation: step.clone(), at_s: 0.0 });
                let begun = stand(&model, &Motion { played: played.clone(), ..Motion::default() });
                for (index, (a, b)) in
                    before.machine_from_part.iter().zip(&begun.machine_from_part).enumerate()
                {
                    assert!(a.abs_diff_eq(*b, 1e-5), "{name}, {step}: {} jumps", model.parts()[index].name);
                }
                played.last_mut().unwrap().at_s = 100.0;
                let done = stand(&model, &Motion { played: played.clone(), ..Motion::default() });
                assert_ne!(begun, done, "{name}: {step} moves nothing");
            }
        }
    }
}

#[test]
fn a_turn_of_the_pumps_shaft_turns_the_impeller() {
    let model = machine::Pump::default().model().unwrap();
    let impeller = model.part_named("PMP-220").unwrap();
    let turned = Motion { joints: [("shaft".into(), 1.0)].into(), ..Motion::default() };
    let (rest, turned) = (stand(&model, &Motion::default()), stand(&model, &turned));
    let turn = (rest.machine_from(impeller).inverse() * turned.machine_from(impeller))
        .to_scale_rotation_translation()
        .1;
    assert!(turn.abs_diff_eq(glam::Quat::from_rotation_x(1.0), 1e-4), "{turn}");
    assert_eq!(rest.machine_from(PartId(0)), turned.machine_from(PartId(0)), "the frame stands still");
}

#[test]
fn machines_stand_on_the_floor() {
    for (name, model) in all() {
        let bounds = Rig::of(&model).bounds(&stand(&model, &Motion::default()));
        assert!((-0.06..0.005).contains(&bounds.low.y), "{name} begins {} m from the floor", bounds.low.y);
    }
}

#[test]
fn other_sizes_make_other_machines() {
    let small = machine::Pump {
        impeller_m: 0.160,
        shaft_height_m: 0.132,
        motor_height_m: 0.112,
        ..Default::default()
    };
    assert!(small.model().unwrap() != machine::Pump::default().model().unwrap());
    let long = machine::Conveyor { length_m: 6.0, ..Default::default() };
    assert!(
        long.model().unwrap().parts().len() > machine::Conveyor::default().model().unwrap().parts().len()
    );
}

#[test]
fn nothing_of_a_machine_lies_over_its_labels() {
    // The printed side of a 36h11 is ten cells, its corners are eight apart; it is looked at from half a metre.
    let (printed_share, ahead_m) = (1.25, 0.5);
    for (name, model) in all() {
        let (rig, stance) = (Rig::of(&model), stand(&model, &Motion::default()));
        let looks = vec![Look::default(); model.parts().len()];
        let scene = Scene { model: &model, rig: &rig, stance: &stance, looks: &looks, sections: &[] };
        let picker = Picker::of(&model);
        for mount in machine::label_mounts(&model).unwrap() {
            let half_m = mount.size_m * printed_share / 2.0;
            let along = |step: i32| half_m * f64::from(step) / 8.0;
            for (x, y) in (-8..=8).flat_map(|x| (-8..=8).map(move |y| (along(x), along(y)))) {
                let eye = mount.machine_from_label.transform_point3(DVec3::new(x, y, ahead_m));
                let towards = mount.machine_from_label.transform_vector3(DVec3::NEG_Z);
                let ray = Ray { origin: eye.as_vec3a(), direction: towards.as_vec3a() };
                let Some(hit) = picker.cast(&scene, &ray) else { continue };
                let over_m = ahead_m - f64::from(hit.distance_m);
                let by = &model.parts()[hit.part.index()].name;
                assert!(over_m < 0.001, "{name}: {by} stands {over_m} m before the label of {}", mount.part);
            }
        }
    }
}
