//! Side channels, legs, feet, take-up screws and the rail that guides goods.

use glam::{DAffine3, DVec2, DVec3};
use serde_json::json;

use super::Layout;
use crate::machine::assembly::{Assembly, Called, Piece, label_mount};
use crate::machine::body::{Body, bar, block, prism_x, rod, to_y, to_z, tube};
use crate::machine::paint::Paint;
use crate::machine::stock::{Thread, hex_screw, stud_nut};
use crate::model::PartId;

const FRAME: Called = Called { number: "CNV-110", en: "Side frame", de: "Längsträger" };
const LEG: Called = Called { number: "CNV-120", en: "Leg", de: "Stütze" };
const FOOT: Called = Called { number: "CNV-121", en: "Levelling foot", de: "Stellfuß" };
const TAKE_UP: Called = Called { number: "CNV-130", en: "Take-up screw", de: "Spannschraube" };
const RAIL: Called = Called { number: "CNV-140", en: "Side rail", de: "Seitenführung" };
const SENSOR: Called = Called { number: "BX-301", en: "Photo eye", de: "Lichtschranke" };

/// Height of the channels.
const CHANNEL_M: f64 = 0.150;

pub(super) fn build(assembly: &mut Assembly, unit: PartId, layout: &Layout) {
    let mesh = assembly.mesh("side frames", &channels(layout));
    let mount = DAffine3::from_translation(DVec3::new(layout.tail + 0.55, layout.axis, layout.side + 0.0525));
    assembly.part(
        unit,
        Piece::of(FRAME)
            .showing(mesh)
            .knows("label_mounts", json!([label_mount("frame-front", &mount, 0.10)])),
    );
    legs(assembly, unit, layout);
    take_up(assembly, unit, layout);
    rails(assembly, unit, layout);
}

fn channels(layout: &Layout) -> Body {
    let (from, to) = (layout.tail - 0.140, layout.head + 0.130);
    let (half, wall, lip) = (CHANNEL_M / 2.0, 0.004, 0.052);
    let mut body = Body::default();
    for side in [-1.0, 1.0] {
        let outline = [
            (0.0, -half),
            (lip, -half),
            (lip, -half + wall),
            (wall, -half + wall),
            (wall, half - wall),
            (lip, half - wall),
            (lip, half),
            (0.0, half),
        ];
        let outline: Vec<DVec2> =
            outline.iter().map(|(z, y)| DVec2::new(side * (layout.side + z), layout.axis + y)).collect();
        body = body.with(Paint::Frame, prism_x(&outline, &[], from, to));
    }
    // Cross members between the runs of the belt.
    let count = 4;
    for index in 0..count {
        let x = layout.tail + layout.spec.length_m * (f64::from(index) + 0.5) / f64::from(count);
        let low = DVec3::new(x - 0.020, layout.axis - 0.020, -layout.side - 0.001);
        body = body
            .with(Paint::Frame, bar(low, DVec3::new(x + 0.020, layout.axis + 0.020, layout.side + 0.001)));
    }
    body
}

fn legs(assembly: &mut Assembly, unit: PartId, layout: &Layout) {
    let top = layout.axis + 0.050;
    let z = layout.side + 0.030;
    let post = |side: f64| {
        bar(DVec3::new(-0.025, 0.060, side * z - 0.022), DVec3::new(0.025, top, side * z + 0.022))
    };
    let cross = |y: f64| bar(DVec3::new(-0.020, y - 0.020, -z), DVec3::new(0.020, y + 0.020, z));
    let mut body =
        Body::of(Paint::Frame, post(-1.0)).with(Paint::Frame, post(1.0)).with(Paint::Frame, cross(0.200));
    for side in [-1.0, 1.0] {
        for (dx, y) in [(0.0, layout.axis + 0.030), (0.0, layout.axis - 0.040)] {
            let screw = hex_screw(Thread::M10, 0.006).placed(&to_z());
            let screw = if side > 0.0 {
                screw
            } else {
                screw.placed(&DAffine3::from_rotation_y(std::f64::consts::PI))
            };
            body = body.and(&screw.moved(DVec3::new(dx, y, side * (z + 0.022))));
        }
    }
    let mesh = assembly.mesh("legs", &body);
    let foot = Body::of(Paint::Black, rod(0.014, 0.045, 0.003, 20).placed(&to_y()))
        .with(Paint::Steel, rod(0.090, 0.008, 0.001, 10).placed(&to_y()).moved(DVec3::Y * 0.012))
        .and(&stud_nut(Thread::M16).placed(&to_y()).moved(DVec3::Y * 0.040));
    let foot = assembly.mesh("levelling foot", &foot);
    for (place, share) in [0.10, 0.50, 0.90].into_iter().enumerate() {
        let x = layout.tail + layout.spec.length_m * share;
        let leg = assembly.part(unit, Piece::nth(LEG, place).at(DVec3::X * x).showing(mesh));
        for (index, side) in [-1.0, 1.0].into_iter().enumerate() {
            let piece = Piece::nth(FOOT, place * 2 + index).at(DVec3::Z * side * z).showing(foot);
            assembly.part(leg, piece);
        }
    }
}

/// Screws at the tail by which the belt is tightened.
fn take_up(assembly: &mut Assembly, unit: PartId, layout: &Layout) {
    let end = layout.tail - 0.140;
    let spindle = Body::of(Paint::Steel, rod(0.190, 0.008, 0.001, 12).moved(DVec3::X * (end - 0.040)))
        .and(
            &hex_screw(Thread::M16, 0.004)
                .placed(&crate::machine::body::to_minus_x())
                .moved(DVec3::X * (end - 0.026)),
        )
        .with(Paint::Frame, bar(DVec3::new(end - 0.010, -0.045, -0.022), DVec3::new(end, 0.045, 0.022)));
    let mesh = assembly.mesh("take-up screw", &spindle);
    for (place, side) in [-1.0, 1.0].into_iter().enumerate() {
        let at = DVec3::new(0.0, layout.axis, side * (layout.side + 0.030));
        assembly.part(unit, Piece::nth(TAKE_UP, place).at(at).showing(mesh).knows("thread", json!("M16")));
    }
}

fn rails(assembly: &mut Assembly, unit: PartId, layout: &Layout) {
    let top = layout.spec.height_m;
    let (from, to) = (layout.tail + 0.12, layout.head - 0.20);
    let mut body = Body::default();
    for side in [-1.0, 1.0] {
        let z = side * (layout.spec.width_m / 2.0 - 0.010);
        let rail = block(DVec3::new(to - from, 0.050, 0.006), 0.010).moved(DVec3::new(
            (from + to) / 2.0,
            top + 0.060,
            z,
        ));
        body = body.with(Paint::Steel, rail);
        for index in 0..4 {
            let x = from + (to - from) * (f64::from(index) + 0.5) / 4.0;
            let out = side * (layout.side + 0.030);
            let post = tube(0.090, 0.005, 0.008, 10).placed(&to_y()).moved(DVec3::new(
                x,
                layout.axis + CHANNEL_M / 2.0 - 0.002,
                out,
            ));
            let arm = bar(
                DVec3::new(x - 0.006, top + 0.052, z.min(out)),
                DVec3::new(x + 0.006, top + 0.064, z.max(out)),
            );
            body = body.with(Paint::Steel, post).with(Paint::Steel, arm);
        }
    }
    let mesh = assembly.mesh("side rails", &body);
    assembly.part(unit, Piece::of(RAIL).showing(mesh));
    let x = layout.head - 0.30;
    let eye = Body::of(Paint::Black, block(DVec3::new(0.022, 0.050, 0.030), 0.003))
        .with(
            Paint::Red,
            rod(0.003, 0.007, 0.001, 14).placed(&to_z().inverse()).moved(DVec3::new(0.0, 0.008, -0.015)),
        )
        .with(Paint::Steel, bar(DVec3::new(-0.012, -0.100, 0.004), DVec3::new(0.012, -0.020, 0.008)))
        .with(
            Paint::Rubber,
            rod(0.060, 0.003, 0.0005, 8)
                .placed(&DAffine3::from_rotation_z(-std::f64::consts::FRAC_PI_2))
                .moved(DVec3::Y * -0.024),
        );
    let mesh = assembly.mesh("photo eye", &eye);
    let at = DVec3::new(x, top + 0.120, layout.side + 0.012);
    assembly.part(unit, Piece::of(SENSOR).at(at).showing(mesh).knows("tag", json!("BX-301")));
}
