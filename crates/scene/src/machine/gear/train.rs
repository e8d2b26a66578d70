//! Gears, shafts, bearings and their covers.

use std::f64::consts::TAU;

use glam::{DVec2, DVec3};
use serde_json::json;

use super::Layout;
use crate::geometry::Shape;
use crate::machine::assembly::{Assembly, Called, Piece};
use crate::machine::body::{Body, circle, prism_x, tube, turned, turned_ring, turns};
use crate::machine::paint::Paint;
use crate::machine::stock::{Thread, ball_bearing, hex_screw, key, ring_of};
use crate::model::PartId;

const SHAFTS: [Called; 3] = [
    Called { number: "GBX-210", en: "Input shaft with pinion", de: "Antriebswelle mit Ritzel" },
    Called { number: "GBX-220", en: "Intermediate shaft", de: "Zwischenwelle" },
    Called { number: "GBX-230", en: "Output shaft", de: "Abtriebswelle" },
];
const FIRST_WHEEL: Called =
    Called { number: "GBX-221", en: "Gear wheel, first stage", de: "Zahnrad Stufe 1" };
const SECOND_WHEEL: Called =
    Called { number: "GBX-231", en: "Gear wheel, second stage", de: "Zahnrad Stufe 2" };
const BEARING: Called = Called { number: "GBX-240", en: "Bearing", de: "Lager" };
const COVER: Called = Called { number: "GBX-250", en: "Bearing cover", de: "Lagerdeckel" };

/// Along X: where the stages sit, and how wide they are.
const FIRST_STAGE: [f64; 2] = [0.022, 0.062];
const SECOND_STAGE: [f64; 2] = [-0.068, -0.004];
/// Helix angle of both stages.
const HELIX_RAD: f64 = 0.21;

/// What steps move.
pub(super) struct Train {
    pub(super) shafts: [PartId; 3],
    pub(super) covers: Vec<PartId>,
}

pub(super) fn build(assembly: &mut Assembly, unit: PartId, layout: &Layout) -> Train {
    let end = layout.half_width + layout.wall + 0.020;
    let spec = &layout.spec;
    let bodies = [input(layout, end), intermediate(layout), output(layout, end)];
    let mut shafts = [unit; 3];
    for (place, body) in bodies.iter().enumerate() {
        let mesh = assembly.mesh(SHAFTS[place].number, body);
        let at = DVec3::Z * layout.shafts_z[place];
        shafts[place] = assembly
            .part(unit, Piece::of(SHAFTS[place]).at(at).showing(mesh).knows("hazard", json!(["W025"])));
    }
    let first = wheel(spec.first_teeth[1], spec.first_module_m, FIRST_STAGE, -1.0, 0.030);
    let first = assembly.mesh("wheel of the first stage", &first);
    assembly
        .part(shafts[1], Piece::of(FIRST_WHEEL).showing(first).knows("teeth", json!(spec.first_teeth[1])));
    let second = wheel(spec.second_teeth[1], spec.second_module_m, SECOND_STAGE, 1.0, 0.042);
    let second = assembly.mesh("wheel of the second stage", &second);
    assembly
        .part(shafts[2], Piece::of(SECOND_WHEEL).showing(second).knows("teeth", json!(spec.second_teeth[1])));
    let mut covers = Vec::new();
    for (place, shaft) in shafts.iter().enumerate() {
        let (radius, z) = (layout.bearings_m[place], layout.shafts_z[place]);
        let bore = [0.020, 0.023, 0.035][place];
        let bearing = assembly.mesh("bearing", &ball_bearing(bore * 2.0, radius * 2.0, 0.026));
        for (side, x) in [-1.0, 1.0].into_iter().zip([-layout.half_width - 0.028, layout.half_width + 0.002])
        {
            let piece =
                Piece::nth(BEARING, place * 2 + usize::from(side > 0.0)).at(DVec3::X * x).showing(bearing);
            assembly.part(*shaft, piece);
            // The driving shaft leaves to +X, the driven one to -X; all other ends are closed.
            let is_open = (place == 0 && side > 0.0) || (place == 2 && side < 0.0);
            let body = cover(radius, is_open.then_some(bore * 0.92));
            let body = if side > 0.0 { body } else { body.placed(&crate::machine::body::to_minus_x()) };
            let mesh = assembly.mesh("bearing cover", &body);
            let at = DVec3::new(side * end, 0.0, z);
            let piece = Piece::nth(COVER, covers.len()).at(at).showing(mesh).tightened(Thread::M8);
            covers.push(assembly.part(unit, piece));
        }
    }
    Train { shafts, covers }
}

/// A cover on the end of a boss, its face on 0, with its screws.
fn cover(bearing_m: f64, hole_m: Option<f64>) -> Body {
    let outer = bearing_m + 0.022;
    let outline = match hole_m {
        Some(hole) => {
            vec![
                (0.0, hole),
                (0.0, outer),
                (0.010, outer),
                (0.012, outer - 0.002),
                (0.012, hole + 0.018),
                (0.022, hole + 0.014),
                (0.022, hole),
            ]
        }
        None => vec![
            (0.0, 0.0),
            (0.0, outer),
            (0.010, outer),
            (0.012, outer - 0.002),
            (0.012, outer * 0.62),
            (0.016, outer * 0.58),
            (0.016, 0.0),
        ],
    };
    let shape = if hole_m.is_some() { turned_ring(&outline, 32) } else { turned(&outline, 32) };
    let mut body = Body::of(Paint::GearGrey, shape);
    if let Some(hole) = hole_m {
        body = body.with(Paint::Rubber, tube(0.004, hole, hole + 0.010, 24).moved(DVec3::X * 0.0195));
    }
    let screws = ring_of(&hex_screw(Thread::M8, 0.006), bearing_m + 0.011, turns(6, 0.52));
    body.and(&screws.moved(DVec3::X * 0.012))
}

fn input(layout: &Layout, end: f64) -> Body {
    let tip = end + 0.105;
    let from = -layout.half_width - 0.030;
    let profile = [
        (from, 0.0),
        (from, 0.019),
        (from + 0.001, 0.020),
        (-layout.half_width + 0.004, 0.020),
        (-layout.half_width + 0.004, 0.0235),
        (layout.half_width - 0.004, 0.0235),
        (layout.half_width - 0.004, 0.020),
        (end + 0.024, 0.020),
        (end + 0.024, 0.0175),
        (tip - 0.0015, 0.0175),
        (tip, 0.016),
        (tip, 0.0),
    ];
    let pinion = toothed(layout.spec.first_teeth[0], layout.spec.first_module_m, FIRST_STAGE, 1.0, &[]);
    Body::of(Paint::Bright, turned(&profile, 28))
        .with(Paint::Bright, pinion)
        .with(Paint::Steel, key(0.050, 0.010, 0.0175).moved(DVec3::X * (tip - 0.034)))
}

fn intermediate(layout: &Layout) -> Body {
    let reach = layout.half_width + 0.030;
    let profile = [
        (-reach, 0.0),
        (-reach, 0.022),
        (-reach + 0.001, 0.023),
        (-layout.half_width + 0.004, 0.023),
        (-layout.half_width + 0.004, 0.029),
        (layout.half_width - 0.004, 0.029),
        (layout.half_width - 0.004, 0.023),
        (reach - 0.001, 0.023),
        (reach, 0.022),
        (reach, 0.0),
    ];
    let pinion = toothed(layout.spec.second_teeth[0], layout.spec.second_module_m, SECOND_STAGE, -1.0, &[]);
    Body::of(Paint::Bright, turned(&profile, 28)).with(Paint::Bright, pinion)
}

fn output(layout: &Layout, end: f64) -> Body {
    let tip = -end - 0.130;
    let reach = layout.half_width + 0.030;
    let profile = [
        (tip, 0.0),
        (tip, 0.029),
        (tip + 0.002, 0.031),
        (-end - 0.024, 0.031),
        (-end - 0.024, 0.035),
        (-layout.half_width + 0.004, 0.035),
        (-layout.half_width + 0.004, 0.042),
        (layout.half_width - 0.004, 0.042),
        (layout.half_width - 0.004, 0.035),
        (reach - 0.001, 0.035),
        (reach, 0.034),
        (reach, 0.0),
    ];
    Body::of(Paint::Bright, turned(&profile, 32))
        .with(Paint::Steel, key(0.080, 0.016, 0.031).moved(DVec3::X * (tip + 0.050)))
}

/// A wheel with a bore, and holes that lighten it.
fn wheel(teeth: u32, module_m: f64, place: [f64; 2], hand: f64, bore_m: f64) -> Body {
    let pitch = f64::from(teeth) * module_m / 2.0;
    let web = (pitch - 2.5 * module_m - bore_m) / 2.0;
    let hole_on = bore_m + web * 1.05;
    let mut holes = vec![circle(DVec2::ZERO, bore_m, 24)];
    holes.extend(turns(6, 0.0).map(|turn| circle(DVec2::from_angle(turn) * hole_on, web * 0.42, 12)));
    let hub = tube(place[1] - place[0] + 0.010, bore_m - 0.001, bore_m + web * 0.42, 28);
    Body::of(Paint::Steel, toothed(teeth, module_m, place, hand, &holes))
        .with(Paint::Steel, hub.moved(DVec3::X * (place[0] - 0.005)))
}

/// Teeth along X, as high as ISO 53 has them, with straight flanks.
fn toothed(teeth: u32, module_m: f64, place: [f64; 2], hand: f64, holes: &[Vec<DVec2>]) -> Shape {
    let pitch = f64::from(teeth) * module_m / 2.0;
    let (root, tip) = (pitch - 1.25 * module_m, pitch + module_m);
    let step = TAU / f64::from(teeth);
    let outline: Vec<DVec2> = (0..teeth)
        .flat_map(|tooth| {
            let middle = f64::from(tooth) * step;
            [(-0.36, root), (-0.13, tip), (0.13, tip), (0.36, root)]
                .map(|(share, radius)| DVec2::from_angle(middle + share * step) * radius)
        })
        .collect();
    let width = place[1] - place[0];
    let middle = (place[0] + place[1]) / 2.0;
    prism_x(&outline, holes, -width / 2.0, width / 2.0)
        .twisted(hand * HELIX_RAD.tan() / pitch)
        .moved(DVec3::X * middle)
}
