//! Marks, one picture for each kind, in each theme and on dense screens.

use glam::Vec3;
use millwright_scene::frame::{
    Anchor, ArrowSense, Frame, Mark, Motion, PartRef, Round, Sign, Theme, Tone, Trust, Turn, ZoneShape,
};
use serde_json::json;

use crate::{frame_around, pump, snapshot, stage};

fn frame(azimuth_rad: f32, zoom: f32) -> Frame {
    frame_around(&pump(), Motion::default(), azimuth_rad, 0.3, zoom)
}

fn check(name: &str, frame: &Frame) {
    snapshot::check(name, &stage(&pump()).picture(frame).unwrap());
}

fn part(name: &str) -> Anchor {
    Anchor::Part(PartRef::Name(name.into()))
}

/// The middle of the pump's shaft is there.
const AXIS_M: f32 = 0.29;

#[test]
fn arrows_straight_bent_in_and_out() {
    let at = |x: f32, y: f32, z: f32| Vec3::new(x, y, z);
    let arrow = |way_m: Vec<Vec3>, sense, tone| Mark::Arrow { way_m, sense, tone };
    let marks = vec![
        arrow(vec![at(-0.05, 0.62, 0.0), at(-0.05, 0.50, 0.0)], ArrowSense::Insert, Tone::Accent),
        arrow(vec![at(0.45, 0.42, 0.0), at(0.45, 0.68, 0.0)], ArrowSense::Remove, Tone::Critical),
        arrow(
            vec![at(0.25, AXIS_M, 0.12), at(0.1, 0.2, 0.4), at(-0.2, 0.1, 0.4)],
            ArrowSense::Plain,
            Tone::Notice,
        ),
        // Behind the motor, and so only weakly seen.
        arrow(vec![at(0.60, AXIS_M, -0.25), at(0.98, AXIS_M, -0.25)], ArrowSense::Plain, Tone::Accent),
    ];
    check("arrows", &Frame { marks, ..frame(0.3, 1.3) });
}

#[test]
fn torque_and_rotation() {
    let round = |middle_m, axis, radius_m, turn| Round { middle_m, axis, radius_m, turn };
    let marks = vec![
        Mark::Torque {
            round: round(Vec3::new(0.268, 0.16, 0.06), Vec3::NEG_Y, 0.07, Turn::Clockwise),
            text: "85 N·m".into(),
            tone: Tone::Accent,
        },
        Mark::Rotation {
            round: round(Vec3::new(0.98, AXIS_M, 0.0), Vec3::NEG_X, 0.16, Turn::Clockwise),
            tone: Tone::Quiet,
        },
    ];
    check("torque", &Frame { marks, ..frame(0.5, 1.4) });
}

#[test]
fn a_dimension_and_the_points_that_were_measured() {
    let (from_m, to_m) = (Vec3::new(0.0, AXIS_M, 0.2), Vec3::new(0.575, AXIS_M, 0.2));
    let marks = vec![
        Mark::Dimension { from_m, to_m, offset_m: Vec3::new(0.0, -0.22, 0.05), text: "575.0 mm".into() },
        Mark::Point { at_m: from_m },
        Mark::Point { at_m: to_m },
    ];
    check("dimension", &Frame { marks, ..frame(0.1, 1.3) });
}

fn callouts() -> Vec<Mark> {
    let callout = |id: &str, badge: &str, name: &str, title: &str, detail: &str, tone| Mark::Callout {
        id: id.into(),
        anchor: part(name),
        badge: badge.into(),
        title: title.into(),
        detail: detail.into(),
        tone,
    };
    vec![
        callout("a", "1", "GRD-100", "Coupling guard", "4 × M8", Tone::Accent),
        callout("b", "2", "PMP-120", "Casing", "", Tone::Quiet),
        callout("c", "3", "MOT-130", "Fan", "turns", Tone::Critical),
        callout("d", "4", "MOT-120", "Terminals", "", Tone::Notice),
    ]
}

#[test]
fn callouts_stand_beside_each_other_with_lines_to_their_parts() {
    let mut frame = frame(0.3, 1.0);
    (frame.width_px, frame.height_px) = (640, 400);
    frame.camera = frame_around(&pump(), Motion::default(), 0.3, 0.3, 0.9).camera;
    frame.marks = callouts();
    check("callouts", &frame);
}

fn labels() -> Vec<Mark> {
    let label = |id: &str, name: &str, title: &str, value: &str, age: &str, trust| Mark::Label {
        id: id.into(),
        anchor: part(name),
        title: title.into(),
        value: value.into(),
        age: age.into(),
        trust,
    };
    vec![
        label("good", "PMP-230", "Bearing", "48 °C", "1 s ago", Trust::Good),
        label("stale", "VIB-101", "Vibration", "4.1 mm/s", "12 min ago", Trust::Stale),
        label("uncertain", "PI-101", "Discharge", "3.2 bar", "now", Trust::Uncertain),
        label("bad", "MOT-130", "Winding", "381 °C", "2 s ago", Trust::Bad),
    ]
}

fn labelled(theme: Theme) -> Frame {
    let mut frame = frame(0.3, 1.0);
    (frame.width_px, frame.height_px) = (640, 400);
    frame.camera = frame_around(&pump(), Motion::default(), 0.3, 0.3, 0.9).camera;
    Frame { marks: labels(), theme, ..frame }
}

#[test]
fn values_show_how_far_they_can_be_trusted_by_shape_in_every_theme() {
    for (name, theme) in
        [("labels-light", Theme::LIGHT), ("labels-dark", Theme::DARK), ("labels-sunlight", Theme::SUNLIGHT)]
    {
        check(name, &labelled(theme));
    }
}

#[test]
fn on_a_dense_screen_texts_have_the_same_size_and_twice_the_pixels() {
    let mut frame = frame(0.3, 1.0);
    (frame.width_px, frame.height_px, frame.px_scale) = (640, 480, 2.0);
    frame.marks = vec![labels().swap_remove(1)];
    check("dense", &frame);
}

#[test]
fn zones_are_striped_and_carry_their_sign() {
    let marks = vec![
        Mark::Zone {
            shape: ZoneShape::Cylinder {
                from_m: Vec3::new(0.33, AXIS_M, 0.0),
                to_m: Vec3::new(0.57, AXIS_M, 0.0),
                radius_m: 0.15,
            },
            sign: Some(Sign::W025),
            text: String::new(),
        },
        Mark::Zone {
            shape: ZoneShape::Prism {
                outline_m: vec![[-0.3, 0.1], [0.1, 0.1], [0.1, 0.5], [-0.3, 0.5]],
                from_y_m: 0.0,
                to_y_m: 0.3,
            },
            sign: None,
            text: "Keep clear".into(),
        },
        Mark::Zone {
            shape: ZoneShape::Sphere { middle_m: Vec3::new(0.75, 0.5, 0.0), radius_m: 0.12 },
            sign: Some(Sign::W012),
            text: String::new(),
        },
    ];
    check("zones", &Frame { marks, ..frame(0.5, 1.1) });
}

#[test]
fn an_error_circle_says_how_far_off_a_place_may_be() {
    let marks = vec![Mark::ErrorCircle { anchor: part("SEAL-45"), radius_mm: 60.0, text: "±60 mm".into() }];
    check("error-circle", &Frame { marks, ..frame(0.2, 1.6) });
}

#[test]
fn all_signs() {
    let mut frame = frame(0.0, 0.2);
    (frame.width_px, frame.height_px) = (560, 280);
    frame.look = millwright_scene::frame::Look::of(millwright_scene::frame::Fill::Hidden);
    let view = frame.camera.view(frame.width_px, frame.height_px);
    frame.marks = Sign::ALL
        .into_iter()
        .enumerate()
        .map(|(index, sign)| {
            let at = glam::Vec2::new(52.0 + 90.0 * (index % 6) as f32, 50.0 + 88.0 * (index / 6) as f32);
            Mark::Safety { anchor: Anchor::Point(Vec3::from(view.ray(at).at(2.0))), sign, size_px: 76.0 }
        })
        .collect();
    check("signs", &frame);
}

#[test]
fn a_frame_is_written_as_json_and_reads_back_the_same() {
    let frame = Frame { marks: [callouts(), labels()].concat(), ..frame(0.3, 1.0) };
    let text = serde_json::to_string(&frame).unwrap();
    assert_eq!(serde_json::from_str::<Frame>(&text).unwrap(), frame);
}

#[test]
fn marks_without_sense_are_left_out_and_nothing_breaks() {
    let marks = json!([
        { "kind": "arrow", "way_m": [] },
        { "kind": "arrow", "way_m": [[0, 0, 0]] },
        { "kind": "torque", "middle_m": [0, 0, 0], "axis": [0, 0, 0], "radius_m": -1, "text": "" },
        { "kind": "dimension", "from_m": [0, 0, 0], "to_m": [0, 0, 0], "text": "0" },
        { "kind": "callout", "id": "a", "anchor": { "part": "none" }, "badge": "", "title": "" },
        { "kind": "label", "id": "b", "anchor": { "part": 99999 }, "title": "", "value": "", "trust": "good" },
        { "kind": "zone", "shape": { "prism": { "outline_m": [], "from_y_m": 1, "to_y_m": 0 } } },
        { "kind": "error_circle", "anchor": { "point": [0, 0, -1e30] }, "radius_mm": 1e30 },
        { "kind": "safety", "anchor": { "point": [1e30, 1e30, 1e30] }, "sign": "P010", "size_px": 1e9 },
        { "kind": "point", "at_m": [1e38, 0, 0] },
    ]);
    let mut frame = frame(0.3, 1.0);
    frame.marks = serde_json::from_value(marks).unwrap();
    let with = stage(&pump()).picture(&frame).unwrap();
    assert_eq!(with.rgba.len(), (frame.width_px * frame.height_px * 4) as usize);
}
