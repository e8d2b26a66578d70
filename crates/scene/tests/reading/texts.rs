//! Texts about a real machine while one walks round it: none covers another, no lines cross, and none hops to and fro.

use std::collections::HashMap;

use glam::{Vec2, Vec3};
use millwright_scene::camera::Orbit;
use millwright_scene::frame::{Anchor, Frame, Mark, Motion, PartRef, Tone};
use millwright_scene::layout::{Layout, Place};
use millwright_scene::machine::Pump;
use millwright_scene::mark::{Setting, draw};
use millwright_scene::pose::{Rig, Stance};
use millwright_scene::text::{Atlas, Faces};

const ABOUT: [&str; 7] = ["PMP-120", "SEAL-45", "PMP-230", "GRD-100", "MOT-100", "MOT-120", "FRM-100"];

fn callouts() -> Vec<Mark> {
    let callout = |(index, name): (usize, &str)| Mark::Callout {
        id: name.into(),
        anchor: Anchor::Part(PartRef::Name(name.into())),
        badge: (index + 1).to_string(),
        title: format!("Part {name}"),
        detail: "some words about it".into(),
        tone: Tone::Accent,
    };
    ABOUT.into_iter().enumerate().map(callout).collect()
}

fn crosses(a: &Place, b: &Place) -> bool {
    let side = |from: Vec2, to: Vec2, point: Vec2| (to - from).perp_dot(point - from);
    let apart = |x: f32, y: f32| x * y < -1.0;
    apart(side(a.port_px, a.anchor_px, b.port_px), side(a.port_px, a.anchor_px, b.anchor_px))
        && apart(side(b.port_px, b.anchor_px, a.port_px), side(b.port_px, b.anchor_px, a.anchor_px))
}

#[test]
fn walking_round_the_pump() {
    let model = Pump::default().model().unwrap();
    let (rig, mut stance) = (Rig::of(&model), Stance::default());
    rig.stand(&model, &Motion::default(), &mut stance);
    let bounds = rig.bounds(&stance);
    let (faces, mut atlas, mut before) = (Faces::shipped().unwrap(), Atlas::default(), Layout::new());
    let mut hops: HashMap<String, usize> = HashMap::new();
    let steps = 360;
    for step in 0..steps {
        let azimuth_rad = step as f32 / steps as f32 * std::f32::consts::TAU;
        let mut orbit = Orbit::around(Vec3::from(bounds.low), Vec3::from(bounds.high), azimuth_rad, 0.35);
        orbit.distance_m *= 1.1;
        let frame = Frame { marks: callouts(), ..Frame::of(1280, 800, orbit.camera(1280, 800)) };
        let view = frame.camera.view(1280, 800);
        let setting = Setting {
            frame: &frame,
            view: &view,
            rig: &rig,
            stance: &stance,
            faces: &faces,
            before: &before,
        };
        let layout = draw(&setting, &mut atlas).layout;
        assert_eq!(layout.len(), ABOUT.len(), "all are seen at {azimuth_rad}");
        let mut places: Vec<(&String, &Place)> = layout.iter().collect();
        places.sort_by_key(|(id, _)| *id);
        for (index, (id, place)) in places.iter().enumerate() {
            for (other_id, other) in places.iter().skip(index + 1) {
                assert!(!place.rect.overlaps(&other.rect), "{id} covers {other_id} at {azimuth_rad}");
                assert!(!crosses(place, other), "the lines of {id} and {other_id} cross at {azimuth_rad}");
            }
            let on_picture =
                place.rect.low.cmpge(Vec2::ZERO).all() && place.rect.high.cmple(view.size_px).all();
            assert!(on_picture, "{id} is beside the picture at {azimuth_rad}");
            let moved = before.get(*id).map_or(0.0, |known| known.rect.low.distance(place.rect.low));
            *hops.entry((*id).clone()).or_default() += usize::from(moved > 40.0);
        }
        before = layout;
    }
    // On one round each goes to the other side and back, and neighbours change places now and then.
    assert!(hops.values().all(|count| *count <= 12), "in {steps} frames: {hops:?}");
}
