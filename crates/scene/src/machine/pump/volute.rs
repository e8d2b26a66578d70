//! The casing: a spiral that widens round the impeller and leaves upwards through the middle, with its flanges and feet.

use std::f64::consts::FRAC_PI_2;

use glam::{DAffine3, DVec2, DVec3};
use serde_json::json;

use super::Layout;
use crate::geometry::Shape;
use crate::machine::assembly::{Assembly, Called, Piece, label_mount};
use crate::machine::body::{Body, bar, block, prism_x, rod, to_y, to_z, turned_ring, turns};
use crate::machine::paint::Paint;
use crate::machine::print::{Print, Weight};
use crate::machine::stock::{Flange, Thread, hex_screw, plug, stud_nut};
use crate::model::PartId;

const CASING: Called = Called { number: "PMP-120", en: "Volute casing", de: "Spiralgehäuse" };
const FOOT_SCREW: Called =
    Called { number: "PMP-121", en: "Foot screw of the casing", de: "Fußschraube Gehäuse" };
const DRAIN: Called = Called { number: "PMP-122", en: "Drain plug", de: "Entleerungsschraube" };
const GAUGE: Called = Called { number: "PI-101", en: "Discharge pressure gauge", de: "Manometer Druckseite" };

const PIPE: Called = Called { number: "PI-101-1", en: "Gauge pipe", de: "Manometerrohr" };

/// Where the spiral begins and ends, clockwise from the top seen from the motor.
const TONGUE_RAD: f64 = -0.70;
const END_RAD: f64 = 5.24;
const SECTION_POINTS: usize = 15;

pub(super) fn build(assembly: &mut Assembly, pump: PartId, layout: &Layout) {
    let print = nameplate();
    let picture = assembly.picture(print);
    let body = body(layout, picture);
    let mesh = assembly.mesh("casing", &body);
    let scale = layout.scale;
    let mount = DAffine3::from_translation(DVec3::new(-0.005, -0.115 * scale, 0.155 * scale));
    let casing = assembly.part(
        pump,
        Piece::of(CASING)
            .showing(mesh)
            .knows("label_mounts", json!([label_mount("casing-front", &mount, 0.06)])),
    );
    let screw = assembly.mesh("hex screw M16x45", &hex_screw(Thread::M16, 0.045));
    for (place, z) in [-1.0, 1.0].into_iter().enumerate() {
        let at = DVec3::new(0.0, -layout.spec.shaft_height_m + 0.018, z * 0.105 * scale);
        let upright = DAffine3::from_translation(at) * to_y();
        let piece = Piece::nth(FOOT_SCREW, place).placed(&upright).showing(screw).tightened(Thread::M16);
        assembly.part(casing, piece);
    }
    let drain = assembly.mesh("drain plug", &plug(Thread::M16));
    let down = DAffine3::from_translation(DVec3::new(0.0, -0.178 * scale, 0.0))
        * DAffine3::from_rotation_z(-FRAC_PI_2);
    assembly.part(casing, Piece::of(DRAIN).placed(&down).showing(drain).knows("hazard", json!(["W017"])));
    gauge(assembly, casing, layout);
}

fn body(layout: &Layout, picture: u32) -> Body {
    let scale = layout.scale;
    let scaled =
        |outline: &[(f64, f64)]| outline.iter().map(|(x, r)| (x * scale, r * scale)).collect::<Vec<_>>();
    // From the suction nozzle to the face where the cover sits, and back inside.
    let shell = scaled(&[
        (-0.084, 0.042),
        (-0.056, 0.044),
        (-0.044, 0.056),
        (-0.036, 0.082),
        (-0.031, 0.108),
        (-0.024, 0.117),
        (0.018, 0.120),
        (0.021, 0.139),
        (0.034, 0.139),
        (0.034, 0.1125),
        (0.012, 0.1125),
        (0.008, 0.104),
        (-0.018, 0.104),
        (-0.022, 0.070),
        (-0.030, 0.036),
        (-0.084, 0.0325),
    ]);
    let suction = Flange::dn(layout.spec.suction_dn);
    let discharge = Flange::dn(layout.spec.discharge_dn);
    let upwards =
        DAffine3::from_translation(DVec3::Y * layout.discharge_face) * DAffine3::from_rotation_z(-FRAC_PI_2);
    let feet_y = -layout.spec.shaft_height_m;
    let mut body = Body::of(Paint::Blue, turned_ring(&shell, 36))
        .with(Paint::Blue, spiral(layout, Skin::Outside))
        .with(Paint::Cast, spiral(layout, Skin::Passage))
        .with_all(
            Paint::Blue,
            suction.shape().into_iter().map(|shape| shape.moved(DVec3::X * layout.suction_face)),
        )
        .with_all(Paint::Blue, discharge.shape().into_iter().map(|shape| shape.placed(&upwards)));
    for side in [-1.0, 1.0] {
        // A leg from the shell to the foot, with a rib before and behind.
        let leg = [
            (0.070, -0.095),
            (0.120, -0.030),
            (0.128, -0.060),
            (0.124, -0.145),
            (0.124, -0.160),
            (0.070, -0.160),
        ];
        let leg: Vec<DVec2> = leg
            .iter()
            .map(|(z, y)| {
                DVec2::new(z * scale * side, if *y < -0.14 { feet_y.min(y * scale) } else { y * scale })
            })
            .collect();
        body = body.with(Paint::Blue, prism_x(&leg, &[], -0.012 * scale, 0.012 * scale)).with(
            Paint::Blue,
            bar(
                DVec3::new(-0.042 * scale, feet_y, (0.075 * side * scale).min(0.145 * side * scale)),
                DVec3::new(0.042 * scale, feet_y + 0.018, (0.075 * side * scale).max(0.145 * side * scale)),
            ),
        );
    }
    // A plugged thread for a gauge on the suction side.
    let on_neck = DAffine3::from_translation(DVec3::new(-0.062, 0.045, 0.0) * scale) * to_y();
    let place = plate_place(layout);
    let boss = block(DVec3::new(0.096, 0.050, 0.060), 0.006).moved(DVec3::Z * -0.030).placed(&place);
    body.and(&plug(Thread::M12).placed(&on_neck)).with(Paint::Blue, boss).with_plate(
        picture,
        DVec2::new(0.088, 0.044),
        &place,
    )
}

/// The name plate on a boss at the front of the casing.
fn plate_place(layout: &Layout) -> DAffine3 {
    let scale = layout.scale;
    DAffine3::from_translation(DVec3::new(0.0, -0.020 * scale, 0.1915 * scale))
        * DAffine3::from_rotation_x(0.10)
}

/// The spiral and the nozzle above it, as one skin: outside, or the passage within it.
fn spiral(layout: &Layout, skin: Skin) -> Shape {
    let scale = layout.scale;
    let inner = layout.spec.impeller_m / 2.0 * 1.02;
    let bore = f64::from(layout.spec.discharge_dn) / 2000.0;
    let passage = |share: f64| 0.013 + (bore * 1.5 - 0.013) * share;
    let wall = |share: f64| match skin {
        Skin::Outside => 0.005 + 0.003 * share,
        Skin::Passage => 0.0,
    };
    let mut rings: Vec<Vec<DVec3>> = Vec::new();
    let steps = 24;
    let place = |turn: f64, radius: f64| DVec3::new(0.0, turn.cos(), -turn.sin()) * radius;
    for step in 0..=steps {
        let share = f64::from(step) / f64::from(steps);
        let turn = TONGUE_RAD + (END_RAD - TONGUE_RAD) * share;
        let middle = place(turn, inner + passage(share) * 0.92);
        rings.push(ring(middle, place(turn, 1.0), passage(share) + wall(share)));
    }
    // On to the flange: a curve that leaves the spiral along its way and arrives upright.
    let from = place(END_RAD, inner + passage(1.0) * 0.92);
    let along = DVec3::new(0.0, -END_RAD.sin(), -END_RAD.cos());
    let top = match skin {
        Skin::Outside => layout.discharge_face - 0.010,
        Skin::Passage => layout.discharge_face - 0.001,
    };
    let to = DVec3::new(0.0, top, 0.0);
    let bend = 0.085 * scale;
    let controls = [from, from + along * bend * 0.6, to - DVec3::Y * bend * 0.9, to];
    let (first, last) = (passage(1.0) + wall(1.0), bore + if skin == Skin::Outside { 0.009 } else { 0.0 });
    for step in 1..=8 {
        let share = f64::from(step) / 8.0;
        let (middle, way) = bezier(&controls, share);
        rings.push(ring(middle, DVec3::X.cross(way).normalize(), first + (last - first) * share));
    }
    match skin {
        Skin::Outside => Shape::lofted(&rings),
        Skin::Passage => Shape::lofted(&rings).inside_out(),
    }
}

/// Which skin of a hollow casting.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Skin {
    Outside,
    /// Its faces look into the hollow, so that a section shows it empty.
    Passage,
}

/// A section of the spiral, between outwards and the axis.
fn ring(middle: DVec3, outwards: DVec3, radius: f64) -> Vec<DVec3> {
    turns(SECTION_POINTS, 0.0)
        .map(|turn| middle + (outwards * turn.cos() + DVec3::X * turn.sin()) * radius)
        .collect()
}

fn bezier(points: &[DVec3; 4], share: f64) -> (DVec3, DVec3) {
    let [a, b, c, d] = *points;
    let rest = 1.0 - share;
    let at =
        a * rest.powi(3) + b * 3.0 * rest * rest * share + c * 3.0 * rest * share * share + d * share.powi(3);
    let way = (b - a) * rest * rest + (c - b) * 2.0 * rest * share + (d - c) * share * share;
    (at, way)
}

fn nameplate() -> crate::model::Texture {
    let (dark, paper) = ([26, 32, 38], [214, 218, 222]);
    let mut print = Print::blank(320, 160, paper);
    print.frame(4, 4, 312, 152, 3, dark);
    print.words("MILLWRIGHT PUMPS", 16.0, 36.0, 24.0, Weight::Strong, dark);
    print.fill(14, 46, 292, 2, dark);
    for (line, text) in
        ["Type  MP 65-40-200", "Q  50 m³/h    H  12.5 m", "n  1450 1/min   P  5.5 kW", "No.  48-20417 / 2019"]
            .into_iter()
            .enumerate()
    {
        print.words(text, 18.0, 72.0 + 25.0 * line as f32, 19.0, Weight::Regular, dark);
    }
    print.texture("nameplate of the pump")
}

/// A gauge on a stub at the discharge, its face to the front.
fn gauge(assembly: &mut Assembly, casing: PartId, layout: &Layout) {
    let picture = assembly.picture(dial());
    let (radius, depth) = (0.032, 0.024);
    let case = rod(depth, radius, 0.003, 24).placed(&to_z());
    let rim = turned_ring(
        &[
            (depth - 0.002, radius * 0.90),
            (depth - 0.002, radius * 1.06),
            (depth + 0.004, radius * 1.06),
            (depth + 0.006, radius * 0.94),
            (depth + 0.003, radius * 0.90),
        ],
        24,
    )
    .placed(&to_z());
    let stem = rod(0.055, 0.006, 0.001, 10).placed(&DAffine3::from_rotation_z(-FRAC_PI_2)).moved(DVec3::new(
        0.0,
        -radius + 0.004,
        depth / 2.0,
    ));
    let hex =
        hex_screw(Thread::M10, 0.004).placed(&to_y()).moved(DVec3::new(0.0, -radius - 0.014, depth / 2.0));
    let face = DAffine3::from_translation(DVec3::Z * (depth + 0.0006));
    let body = Body::of(Paint::Black, case)
        .with(Paint::Bright, rim)
        .with(Paint::Brass, stem)
        .and(&hex)
        .with_plate(picture, DVec2::splat(radius * 1.62), &face);
    let mesh = assembly.mesh("pressure gauge", &body);
    let elbow = DVec3::new(0.0, layout.discharge_face - 0.005 + 0.075, 0.068);
    let piece = Piece::of(GAUGE).at(elbow).showing(mesh).knows("tag", json!("PI-101"));
    assembly.part(casing, piece);
    let pipe = Body::of(
        Paint::Brass,
        rod(0.066, 0.006, 0.001, 10).placed(&to_z()).moved(DVec3::new(
            0.0,
            layout.discharge_face - 0.009,
            0.018,
        )),
    )
    .and(&stud_nut(Thread::M10).placed(&to_z()).moved(DVec3::new(
        0.0,
        layout.discharge_face - 0.009,
        0.074,
    )));
    let mesh = assembly.mesh("gauge pipe", &pipe);
    assembly.part(casing, Piece::of(PIPE).showing(mesh));
}

fn dial() -> crate::model::Texture {
    let (paper, ink, red) = ([240, 240, 236], [20, 22, 24], [170, 30, 30]);
    let mut print = Print::blank(128, 128, paper);
    print.arc([64.0, 64.0], 50.0, 53.0, [0.0, std::f32::consts::TAU], ink);
    for step in 0..=10 {
        let turn = 2.36 + 4.71 * step as f32 / 10.0;
        for along in 40..50 {
            let (x, y) = (64.0 + turn.cos() * along as f32, 64.0 + turn.sin() * along as f32);
            print.ring([x, y], -1.0, 1.2, ink);
        }
    }
    for along in -8..38 {
        let turn = 2.36_f32 + 4.71 * 0.32;
        print.ring([64.0 + turn.cos() * along as f32, 64.0 + turn.sin() * along as f32], -1.0, 1.6, red);
    }
    print.ring([64.0, 64.0], -1.0, 5.0, ink);
    print.words("bar", 54.0, 94.0, 17.0, Weight::Strong, ink);
    print.texture("dial of the gauge")
}
