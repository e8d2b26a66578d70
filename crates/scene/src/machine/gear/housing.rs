//! The housing: two halves that meet at the shafts, with bosses, ribs and flanges, and what is screwed into them.

use std::f64::consts::{FRAC_PI_2, PI};

use glam::{DAffine3, DVec2, DVec3};
use serde_json::json;

use super::Layout;
use crate::geometry::Shape;
use crate::machine::assembly::{Assembly, Called, Piece, label_mount};
use crate::machine::body::{Body, bar, prism_x, ring_sector, rounded_rectangle, to_y, to_z, turned};
use crate::machine::paint::Paint;
use crate::machine::print::{Print, Weight};
use crate::machine::stock::{Thread, eye_bolt, hex_screw, plug, sight_glass};
use crate::model::{PartId, Texture};

const LOWER: Called = Called { number: "GBX-110", en: "Lower housing", de: "Gehäuseunterteil" };
const UPPER: Called = Called { number: "GBX-120", en: "Upper housing", de: "Gehäuseoberteil" };
const SPLIT_SCREW: Called = Called { number: "GBX-121", en: "Split line screw", de: "Teilfugenschraube" };
const HATCH: Called = Called { number: "GBX-130", en: "Inspection cover", de: "Schaulochdeckel" };
const HATCH_SCREW: Called =
    Called { number: "GBX-131", en: "Screw of the inspection cover", de: "Schraube Schaulochdeckel" };
const BREATHER: Called = Called { number: "GBX-132", en: "Breather", de: "Entlüftung" };
const GLASS: Called = Called { number: "GBX-140", en: "Oil level glass", de: "Ölschauglas" };
const DRAIN: Called = Called { number: "GBX-141", en: "Oil drain plug", de: "Ölablassschraube" };
const FOOT_SCREW: Called = Called { number: "GBX-160", en: "Foot screw", de: "Fußschraube" };
const SENSOR: Called = Called { number: "TE-201", en: "Oil temperature sensor", de: "Öltemperaturfühler" };

const FLANGE_M: f64 = 0.030;
const FLANGE_THICK_M: f64 = 0.016;
/// The largest label whose border fits between the oil level glass and the sensor.
const LABEL_M: f64 = 0.055;

/// What steps move.
pub(super) struct Housing {
    pub(super) upper: PartId,
    pub(super) split_screws: Vec<PartId>,
    pub(super) hatch: PartId,
    pub(super) hatch_screws: Vec<PartId>,
    pub(super) drain: PartId,
}

pub(super) fn build(assembly: &mut Assembly, unit: PartId, layout: &Layout) -> Housing {
    let lower_mesh = assembly.mesh("lower housing", &lower(layout));
    let mount = DAffine3::from_translation(DVec3::new(0.0, -layout.height * 0.42, layout.front + 0.0005));
    let lower = assembly.part(
        unit,
        Piece::of(LOWER)
            .showing(lower_mesh)
            .knows("label_mounts", json!([label_mount("housing-front", &mount, LABEL_M)])),
    );
    let picture = assembly.picture(nameplate());
    let upper_mesh = assembly.mesh("upper housing", &upper(layout, picture));
    let upper = assembly.part(unit, Piece::of(UPPER).showing(upper_mesh).knows("mass_kg", json!(48.0)));
    let split_screws = split_screws(assembly, unit, layout);
    let (hatch, hatch_screws) = hatch(assembly, upper, layout);
    let glass = assembly.mesh("oil level glass", &sight_glass(0.045));
    let at = DAffine3::from_translation(DVec3::new(0.062, -layout.height * 0.45, layout.front)) * to_z();
    assembly.part(lower, Piece::of(GLASS).placed(&at).showing(glass));
    let drain_mesh = assembly.mesh("oil drain plug", &plug(Thread::M20));
    let at = DAffine3::from_translation(DVec3::new(-0.050, -layout.height + 0.046, layout.front)) * to_z();
    let drain = assembly
        .part(lower, Piece::of(DRAIN).placed(&at).showing(drain_mesh).knows("torque_nm", json!(70.0)));
    let sensor = Body::of(
        Paint::Steel,
        turned(&[(0.0, 0.0), (0.0, 0.012), (0.012, 0.012), (0.012, 0.007), (0.050, 0.007), (0.050, 0.0)], 12),
    )
    .with(
        Paint::Black,
        turned(&[(0.050, 0.0), (0.050, 0.020), (0.078, 0.020), (0.082, 0.016), (0.082, 0.0)], 20),
    );
    let sensor = assembly.mesh("temperature sensor", &sensor);
    let at = DAffine3::from_translation(DVec3::new(-0.062, -layout.height * 0.45, layout.front)) * to_z();
    assembly.part(lower, Piece::of(SENSOR).placed(&at).showing(sensor).knows("tag", json!("TE-201")));
    feet_screws(assembly, lower, layout);
    Housing { upper, split_screws, hatch, hatch_screws, drain }
}

/// The height of the roof over the split, along Z: higher over the large wheel.
fn roof(layout: &Layout) -> [(f64, f64); 5] {
    let wheel = f64::from(layout.spec.second_teeth[1]) * layout.spec.second_module_m / 2.0;
    let (low, high) = (0.135, wheel + 0.036);
    let z = layout.shafts_z[2];
    [
        (layout.front, 0.070),
        (layout.front - 0.030, low),
        (z + wheel * 0.45, high),
        (z - wheel * 0.45, high),
        (layout.back, wheel * 0.52),
    ]
}

/// A wall that runs round from end to end, as thick as the housing's.
fn shell(layout: &Layout, points: &[(f64, f64)]) -> Vec<DVec2> {
    let middle =
        points.iter().fold(DVec2::ZERO, |sum, (z, y)| sum + DVec2::new(*z, *y)) / points.len().max(1) as f64;
    let outside: Vec<DVec2> = points.iter().map(|(z, y)| DVec2::new(*z, *y)).collect();
    let last = outside.len() - 1;
    let inside = outside.iter().enumerate().map(|(index, point)| {
        let towards = (middle - *point).normalize_or(DVec2::Y) * layout.wall * 1.3;
        // The ends of the wall stay on the split.
        let inner = *point + towards;
        if index == 0 || index == last {
            DVec2::new(point.x + layout.wall * towards.x.signum(), point.y)
        } else {
            inner
        }
    });
    let inside: Vec<DVec2> = inside.collect();
    outside.into_iter().chain(inside.into_iter().rev()).collect()
}

fn lower(layout: &Layout) -> Body {
    let (half, wall, floor) = (layout.half_width, layout.wall, -layout.height + 0.022);
    let around = [(layout.front, 0.0), (layout.front, floor), (layout.back, floor), (layout.back, 0.0)];
    let reach = half + wall;
    let mut body = Body::of(Paint::GearGrey, prism_x(&shell(layout, &around), &[], -reach, reach));
    let side: Vec<DVec2> = around.iter().map(|(z, y)| DVec2::new(*z, *y)).collect();
    let outline = notched(layout, &side, -1.0);
    for x in [-reach, half] {
        body = body.with(Paint::GearGrey, prism_x(&outline, &[], x, x + wall));
    }
    body = bosses(layout, body, PI).and(&flange(layout, -FLANGE_THICK_M, 0.0));
    for z in layout.shafts_z {
        for x in [-1.0_f64, 1.0] {
            let (near, far) = (x * reach, x * (reach + 0.022));
            let rib = bar(
                DVec3::new(near.min(far), floor + 0.004, z - 0.007),
                DVec3::new(near.max(far), -0.055, z + 0.007),
            );
            body = body.with(Paint::GearGrey, rib);
        }
    }
    // Feet along both sides.
    let foot = |z: f64| {
        bar(
            DVec3::new(-reach - 0.065, -layout.height, z - 0.060),
            DVec3::new(reach + 0.065, -layout.height + 0.024, z + 0.060),
        )
    };
    for z in [layout.front - 0.080, layout.back + 0.080] {
        body = body.with(Paint::GearGrey, foot(z));
        for x in [-1.0_f64, 1.0] {
            let web = [
                (0.0, -layout.height + 0.020),
                (0.058, -layout.height + 0.020),
                (0.0, -layout.height + 0.110),
            ];
            let web: Vec<DVec2> =
                web.iter().map(|(out, y)| DVec2::new(x * (reach + out - 0.001), *y)).collect();
            body =
                body.with(Paint::GearGrey, Shape::extruded(&web, &[], 0.012).moved(DVec3::Z * (z - 0.006)));
        }
    }
    body
}

/// A side wall with room for the bearings cut out of its edge at the split; `side` is -1 below and 1 above.
fn notched(layout: &Layout, outline: &[DVec2], side: f64) -> Vec<DVec2> {
    let mut edge = Vec::new();
    for (z, radius) in layout.shafts_z.iter().zip(layout.bearings_m) {
        for step in 0..=10 {
            let turn = PI * f64::from(step) / 10.0;
            edge.push(DVec2::new(z + radius * turn.cos(), side * radius * turn.sin()));
        }
    }
    // From the front along the split to the back, and round the outside.
    edge.into_iter().chain(outline.iter().rev().copied()).collect()
}

/// Half rings that carry the bearings.
fn bosses(layout: &Layout, body: Body, turn_rad: f64) -> Body {
    let reach = layout.half_width + layout.wall + 0.020;
    let rings = layout.shafts_z.iter().zip(layout.bearings_m).flat_map(|(z, radius)| {
        let ring = ring_sector(radius, radius + 0.024, turn_rad, PI);
        [(-reach, -layout.half_width + 0.004), (layout.half_width - 0.004, reach)]
            .map(|(from, to)| prism_x(&ring, &[], from, to).moved(DVec3::Z * *z))
    });
    body.with_all(Paint::GearGrey, rings)
}

/// The rim at the split.
fn flange(layout: &Layout, from: f64, to: f64) -> Body {
    let reach = layout.half_width + layout.wall;
    let size = |out: f64| DVec2::new((reach + out) * 2.0, layout.front - layout.back + out * 2.0);
    let hole = rounded_rectangle(size(-layout.wall), 0.004, 2);
    let ring = Shape::extruded(&rounded_rectangle(size(FLANGE_M), 0.020, 3), &[hole], to - from);
    let flat = DAffine3::from_translation(DVec3::new(0.0, from, (layout.front + layout.back) / 2.0))
        * DAffine3::from_rotation_x(-FRAC_PI_2);
    Body::of(Paint::GearGrey, ring.placed(&flat))
}

fn upper(layout: &Layout, picture: u32) -> Body {
    let reach = layout.half_width + layout.wall;
    let mut around = vec![(layout.front, 0.0)];
    around.extend(roof(layout));
    around.push((layout.back, 0.0));
    let mut body = Body::of(Paint::GearGrey, prism_x(&shell(layout, &around), &[], -reach, reach));
    let side: Vec<DVec2> = around.iter().map(|(z, y)| DVec2::new(*z, *y)).collect();
    let outline = notched(layout, &side, 1.0);
    for x in [-reach, layout.half_width] {
        body = body.with(Paint::GearGrey, prism_x(&outline, &[], x, x + layout.wall));
    }
    body = bosses(layout, body, 0.0).and(&flange(layout, 0.0, FLANGE_THICK_M));
    // Eyes stand on both ends of the roof; a rib runs over it.
    let wheel = roof(layout)[2].1;
    for (x, z) in [(-0.055, layout.shafts_z[2]), (0.055, layout.shafts_z[2])] {
        let eye = eye_bolt(0.024).placed(&(DAffine3::from_translation(DVec3::new(x, wheel, z)) * to_y()));
        body = body.and(&eye);
    }
    let place =
        DAffine3::from_translation(DVec3::new(reach + 0.0005, 0.120, layout.shafts_z[2] * 0.55 + 0.02))
            * DAffine3::from_rotation_y(FRAC_PI_2);
    body.with_plate(picture, DVec2::new(0.110, 0.055), &place)
}

fn split_screws(assembly: &mut Assembly, unit: PartId, layout: &Layout) -> Vec<PartId> {
    let mesh = assembly.mesh("hex screw M12x45", &hex_screw(Thread::M12, 0.045));
    let reach = layout.half_width + layout.wall + FLANGE_M * 0.55;
    let mut places = Vec::new();
    let between = |a: usize, b: usize| (layout.shafts_z[a] + layout.shafts_z[b]) / 2.0;
    for z in [
        layout.front - 0.012,
        between(0, 1),
        between(1, 2) + 0.012,
        layout.shafts_z[2] - 0.105,
        layout.back + 0.012,
    ] {
        places.extend([DVec3::new(-reach, 0.0, z), DVec3::new(reach, 0.0, z)]);
    }
    for x in [-0.050, 0.050] {
        places.extend([
            DVec3::new(x, 0.0, layout.front + FLANGE_M * 0.55),
            DVec3::new(x, 0.0, layout.back - FLANGE_M * 0.55),
        ]);
    }
    let screws = places.into_iter().enumerate().map(|(place, at)| {
        let upright = DAffine3::from_translation(at + DVec3::Y * FLANGE_THICK_M) * to_y();
        assembly
            .part(unit, Piece::nth(SPLIT_SCREW, place).placed(&upright).showing(mesh).tightened(Thread::M12))
    });
    screws.collect()
}

/// The cover over the mesh of the first stage, on the slope of the roof.
fn hatch(assembly: &mut Assembly, upper: PartId, layout: &Layout) -> (PartId, Vec<PartId>) {
    let roof = roof(layout);
    let (from, to) = (DVec3::new(0.0, roof[1].1, roof[1].0), DVec3::new(0.0, roof[2].1, roof[2].0));
    let along = (to - from).normalize();
    let normal = along.cross(DVec3::X) * if along.cross(DVec3::X).y > 0.0 { 1.0 } else { -1.0 };
    let place = DAffine3 {
        matrix3: glam::DMat3::from_cols(DVec3::X, normal.cross(DVec3::X), normal),
        translation: from.lerp(to, 0.47),
    };
    let size = DVec2::new(0.130, 0.150);
    let body =
        Body::of(Paint::Rubber, Shape::extruded(&rounded_rectangle(size - 0.006, 0.014, 3), &[], 0.002))
            .with(
                Paint::GearGrey,
                Shape::extruded(&rounded_rectangle(size, 0.016, 3), &[], 0.008).moved(DVec3::Z * 0.002),
            );
    let mesh = assembly.mesh("inspection cover", &body);
    let hatch = assembly.part(upper, Piece::of(HATCH).placed(&place).showing(mesh));
    let breather = Body::of(
        Paint::Brass,
        turned(
            &[
                (0.0, 0.0),
                (0.0, 0.014),
                (0.010, 0.014),
                (0.010, 0.010),
                (0.018, 0.010),
                (0.020, 0.018),
                (0.038, 0.018),
                (0.042, 0.012),
                (0.042, 0.0),
            ],
            20,
        ),
    );
    let breather = assembly.mesh("breather", &breather);
    let on_hatch =
        DAffine3::from_translation(DVec3::new(0.0, 0.030, 0.010)) * DAffine3::from_rotation_y(-FRAC_PI_2);
    assembly.part(hatch, Piece::of(BREATHER).placed(&on_hatch).showing(breather));
    let screw = assembly.mesh("hex screw M8x16", &hex_screw(Thread::M8, 0.016));
    let corners = [(1.0, 1.0), (1.0, 0.0), (1.0, -1.0), (-1.0, -1.0), (-1.0, 0.0), (-1.0, 1.0)];
    let screws = corners.into_iter().enumerate().map(|(index, (x, y))| {
        let at = DVec3::new(x * (size.x / 2.0 - 0.012), y * (size.y / 2.0 - 0.012), 0.010);
        let upright = DAffine3::from_translation(at) * DAffine3::from_rotation_y(-FRAC_PI_2);
        assembly
            .part(hatch, Piece::nth(HATCH_SCREW, index).placed(&upright).showing(screw).tightened(Thread::M8))
    });
    let screws = screws.collect();
    (hatch, screws)
}

fn feet_screws(assembly: &mut Assembly, lower: PartId, layout: &Layout) {
    let mesh = assembly.mesh("hex screw M20x60", &hex_screw(Thread::M20, 0.030));
    let reach = layout.half_width + layout.wall + 0.040;
    let places = [
        (reach, layout.front - 0.110),
        (-reach, layout.front - 0.110),
        (reach, layout.back + 0.110),
        (-reach, layout.back + 0.110),
    ];
    for (place, (x, z)) in places.into_iter().enumerate() {
        let at = DVec3::new(x, -layout.height + 0.024, z);
        let upright = DAffine3::from_translation(at) * to_y();
        let piece = Piece::nth(FOOT_SCREW, place).placed(&upright).showing(mesh).tightened(Thread::M20);
        assembly.part(lower, piece);
    }
}

fn nameplate() -> Texture {
    let (ink, paper) = ([24, 28, 32], [222, 224, 226]);
    let mut print = Print::blank(320, 160, paper);
    print.frame(4, 4, 312, 152, 2, ink);
    print.words("HELICAL GEAR REDUCER", 14.0, 34.0, 21.0, Weight::Strong, ink);
    for (line, text) in
        ["i = 16.0    P = 11 kW", "n1 1450    n2 90.6 1/min", "T2 = 1160 N·m", "Oil CLP 220   9.5 l"]
            .into_iter()
            .enumerate()
    {
        print.fill(12, 44 + 27 * line as i32, 296, 1, ink);
        print.words(text, 16.0, 64.0 + 27.0 * line as f32, 18.0, Weight::Regular, ink);
    }
    print.texture("nameplate of the gear reducer")
}
