//! The motor: ribbed body, shields, fan under its cowl, terminal box and feet.

use std::f64::consts::FRAC_PI_2;

use glam::{DAffine3, DVec2, DVec3};
use serde_json::json;

use super::Layout;
use crate::geometry::Shape;
use crate::machine::assembly::{Assembly, Called, Piece, label_mount};
use crate::machine::body::{
    Body, around_x, bar, block, circle, prism_x, rod, rounded_rectangle, to_y, to_z, tube, turned,
    turned_ring, turns,
};
use crate::machine::paint::Paint;
use crate::machine::print::{Print, Weight};
use crate::machine::stock::{Thread, eye_bolt, hex_screw, key, ring_of, socket_head};
use crate::model::{PartId, Texture};

const MOTOR: Called = Called { number: "MOT-100", en: "Electric motor", de: "Elektromotor" };
const SHAFT: Called = Called { number: "MOT-160", en: "Motor shaft", de: "Motorwelle" };
const SHIELD: Called =
    Called { number: "MOT-150", en: "End shield, drive side", de: "Lagerschild Antriebsseite" };
const BOX: Called = Called { number: "MOT-120", en: "Terminal box", de: "Klemmenkasten" };
const LID: Called = Called { number: "MOT-121", en: "Lid of the terminal box", de: "Deckel Klemmenkasten" };
const STATOR: Called = Called { number: "MOT-110", en: "Stator", de: "Stator" };
const FAN: Called = Called { number: "MOT-140", en: "Fan", de: "Lüfterrad" };
const COWL: Called = Called { number: "MOT-130", en: "Fan cowl", de: "Lüfterhaube" };
const SCREW: Called = Called { number: "MOT-170", en: "Foot screw of the motor", de: "Fußschraube Motor" };
const EYE: Called = Called { number: "MOT-180", en: "Lifting eye", de: "Ringschraube" };

/// What others hang on and what steps move.
pub(super) struct Drive {
    pub(super) motor: PartId,
    pub(super) shaft: PartId,
    pub(super) screws: Vec<PartId>,
    pub(super) cowl: PartId,
}

pub(super) fn build(assembly: &mut Assembly, unit: PartId, layout: &Layout) -> Drive {
    let picture = assembly.picture(nameplate());
    let mesh = assembly.mesh("motor", &frame(layout, picture));
    let radius = layout.motor_radius;
    let middle = layout.motor_body + layout.motor_length * 0.52;
    let mount = DAffine3::from_translation(DVec3::new(middle + 0.052, 0.0, radius * 1.16 + 0.0005));
    let motor = assembly.part(
        unit,
        Piece::of(MOTOR)
            .at(DVec3::Y * layout.axis_height())
            .showing(mesh)
            .knows("hazard", json!(["W012", "W017"]))
            .knows("mass_kg", json!(62.0))
            .knows("label_mounts", json!([label_mount("motor-front", &mount, 0.07)])),
    );
    let shield = assembly.mesh("end shield", &shield(layout));
    assembly.part(motor, Piece::of(SHIELD).showing(shield));
    let (from, to) = (layout.motor_shaft, layout.motor_body + layout.motor_length + 0.080);
    let shaft = turned(
        &[
            (from, 0.0),
            (from, 0.013),
            (from + 0.001, 0.014),
            (layout.motor_body - 0.004, 0.014),
            (layout.motor_body - 0.004, 0.020),
            (to - 0.030, 0.020),
            (to - 0.030, 0.012),
            (to, 0.012),
            (to, 0.0),
        ],
        24,
    );
    let rotor = turned(
        &[
            (layout.motor_body + layout.motor_length * 0.25, 0.0),
            (layout.motor_body + layout.motor_length * 0.25, radius * 0.525),
            (layout.motor_body + layout.motor_length * 0.79, radius * 0.525),
            (layout.motor_body + layout.motor_length * 0.79, 0.0),
        ],
        28,
    );
    let shaft = Body::of(Paint::Bright, shaft)
        .with(Paint::Aluminium, rotor)
        .with(Paint::Steel, key(0.034, 0.008, 0.014).moved(DVec3::X * (from + 0.022)));
    let shaft_mesh = assembly.mesh("motor shaft", &shaft);
    let shaft = assembly.part(motor, Piece::of(SHAFT).showing(shaft_mesh).knows("hazard", json!(["W025"])));
    let stator = assembly.mesh("stator", &stator(layout));
    assembly.part(motor, Piece::of(STATOR).showing(stator).knows("hazard", json!(["W012"])));
    let fan_mesh = assembly.mesh("fan", &fan(layout));
    assembly.part(shaft, Piece::of(FAN).showing(fan_mesh));
    let cowl_mesh = assembly.mesh("fan cowl", &cowl(layout));
    let cowl = assembly.part(motor, Piece::of(COWL).showing(cowl_mesh));
    terminal_box(assembly, motor, layout);
    let eye = assembly.mesh("lifting eye", &eye_bolt(0.020));
    let on_top =
        DAffine3::from_translation(DVec3::new(layout.motor_body + 0.062, radius * 1.05, 0.0)) * to_y();
    assembly.part(motor, Piece::of(EYE).placed(&on_top).showing(eye));
    let screws = screws(assembly, motor, layout);
    Drive { motor, shaft, screws, cowl }
}

fn frame(layout: &Layout, picture: u32) -> Body {
    let (radius, length, start) = (layout.motor_radius, layout.motor_length, layout.motor_body);
    let shell = turned_ring(
        &[
            (start + 0.012, radius * 0.86),
            (start + 0.012, radius),
            (start + length, radius),
            (start + length, radius * 0.86),
        ],
        40,
    );
    let mut body = Body::of(Paint::MotorGrey, shell);
    // Ribs stand upright above and below, and level at the sides, as castings are drawn from their moulds.
    let rib = |turn: f64, tall: f64| {
        let low = DVec3::new(start + 0.022, radius * 0.96, -0.0016);
        let high = DVec3::new(start + length - 0.006, radius + tall, 0.0016);
        bar(low, high).placed(&DAffine3::from_rotation_x(turn))
    };
    for index in 0..36 {
        let turn = f64::from(index) * std::f64::consts::TAU / 36.0 + 0.087;
        let from_top = turn.sin().abs().min(turn.cos().abs());
        let is_under_box = turn.cos() > 0.90;
        let is_at_foot = turn.cos() < -0.80;
        if is_under_box || is_at_foot {
            continue;
        }
        body = body.with(Paint::MotorGrey, rib(turn, radius * (0.11 + 0.07 * from_top)));
    }
    // A flat place at the front, for the plate and for a label.
    let middle = start + length * 0.52;
    let pad =
        block(DVec3::new(0.200, 0.092, radius * 0.26), 0.004).moved(DVec3::new(middle, 0.0, radius * 1.03));
    body = body.with(Paint::MotorGrey, pad);
    let plate = DAffine3::from_translation(DVec3::new(middle - 0.046, 0.0, radius * 1.16));
    body = body.with_plate(picture, DVec2::new(0.100, 0.050), &plate);
    for x in [start + 0.050, start + length - 0.050] {
        for side in [-1.0, 1.0] {
            body = body.with(Paint::MotorGrey, foot(layout, x, side));
        }
    }
    let studs = ring_of(&socket_head(Thread::M6), radius * 0.93, turns(4, 0.785))
        .placed(&crate::machine::body::to_minus_x());
    body.and(&studs.moved(DVec3::X * (start + 0.0)))
}

fn foot(layout: &Layout, x: f64, side: f64) -> Shape {
    let (radius, height) = (layout.motor_radius, layout.spec.motor_height_m);
    let outline = [
        (0.030, -radius * 0.90),
        (radius * 0.80, -radius * 0.52),
        (radius * 0.92, -radius * 0.40),
        (radius * 0.98, -height + 0.014),
        (radius * 1.02, -height + 0.014),
        (radius * 1.02, -height),
        (radius * 0.62, -height),
        (radius * 0.60, -height + 0.018),
        (0.030, -radius * 1.02),
    ];
    let outline: Vec<DVec2> = outline.iter().map(|(z, y)| DVec2::new(z * side, *y)).collect();
    prism_x(&outline, &[], x - 0.020, x + 0.020)
}

fn shield(layout: &Layout) -> Body {
    let (radius, start) = (layout.motor_radius, layout.motor_body);
    let outline = [
        (start - 0.006, 0.021),
        (start - 0.006, 0.046),
        (start + 0.000, 0.052),
        (start + 0.004, radius * 0.82),
        (start - 0.000, radius * 0.97),
        (start + 0.002, radius * 1.02),
        (start + 0.014, radius * 1.02),
        (start + 0.014, 0.021),
    ];
    let ribs = turns(8, 0.39).map(|turn| {
        let low = DVec3::new(start - 0.003, 0.045, -0.003);
        bar(low, DVec3::new(start + 0.006, radius * 0.90, 0.003)).placed(&DAffine3::from_rotation_x(turn))
    });
    Body::of(Paint::MotorGrey, turned_ring(&outline, 40)).with_all(Paint::MotorGrey, ribs)
}

fn fan(layout: &Layout) -> Body {
    let at = layout.motor_body + layout.motor_length + 0.028;
    let blade = |turn: f64| {
        block(DVec3::new(0.034, layout.motor_radius * 0.52, 0.003), 0.002)
            .moved(DVec3::new(at + 0.010, layout.motor_radius * 0.56, 0.0))
            .placed(&DAffine3::from_rotation_x(turn))
    };
    Body::of(Paint::Black, tube(0.036, 0.0121, 0.030, 24).moved(DVec3::X * at))
        .with(Paint::Black, tube(0.003, 0.028, layout.motor_radius * 0.82, 26).moved(DVec3::X * (at - 0.006)))
        .with_all(Paint::Black, turns(8, 0.0).map(blade))
}

fn cowl(layout: &Layout) -> Body {
    let (radius, start) = (layout.motor_radius, layout.motor_body + layout.motor_length);
    let (depth, thick) = (0.096, 0.0016);
    let outer = radius * 1.06;
    let barrel = turned_ring(
        &[
            (start - 0.012, outer),
            (start + depth - 0.012, outer),
            (start + depth, outer - 0.012),
            (start + depth - thick, outer - 0.012 - thick),
            (start + depth - 0.012 - thick, outer - thick),
            (start - 0.012, outer - thick),
        ],
        40,
    );
    // Slots in rings, through which it breathes.
    let mut holes: Vec<Vec<DVec2>> = Vec::new();
    for (ring, count) in [(0.38, 8), (0.72, 14)] {
        for turn in turns(count, 0.0) {
            let width = outer * 0.22;
            let spoke =
                rounded_rectangle(DVec2::new(width, outer * ring * 3.6 / count as f64), width * 0.25, 1);
            let direction = DVec2::from_angle(turn);
            holes
                .push(spoke.iter().map(|point| direction.rotate(*point + DVec2::X * outer * ring)).collect());
        }
    }
    let grille =
        prism_x(&circle(DVec2::ZERO, outer - 0.0125, 36), &holes, start + depth - thick, start + depth);
    let screws = [0.785, 2.356, 3.927, 5.498].into_iter().fold(Body::default(), |all, turn| {
        let screw = socket_head(Thread::M6).placed(&crate::machine::body::outwards(turn));
        all.and(&screw.moved(around_x(outer, turn) + DVec3::X * (start - 0.004)))
    });
    Body::of(Paint::MotorGrey, barrel).with(Paint::MotorGrey, grille).and(&screws)
}

fn terminal_box(assembly: &mut Assembly, motor: PartId, layout: &Layout) {
    let x = layout.motor_body + layout.motor_length * 0.60;
    let base = layout.motor_radius * 0.93;
    let size = DVec2::new(0.122, 0.122);
    let upright = |height: f64| {
        DAffine3::from_translation(DVec3::new(x, height, 0.0)) * DAffine3::from_rotation_x(-FRAC_PI_2)
    };
    let plate = |size: DVec2, holes: &[Vec<DVec2>], depth: f64, height: f64| {
        Shape::extruded(&rounded_rectangle(size, 0.012, 2), holes, depth).placed(&upright(height))
    };
    let inside = rounded_rectangle(size - 0.010, 0.008, 2);
    let mut body = Body::of(Paint::MotorGrey, plate(size, std::slice::from_ref(&inside), 0.064, base))
        .with(Paint::MotorGrey, plate(size - 0.010, &[], 0.006, base))
        .with(Paint::Rubber, plate(size - 0.003, &[inside], 0.002, base + 0.0635))
        .with(
            Paint::White,
            block(DVec3::new(0.074, 0.014, 0.046), 0.001).moved(DVec3::new(x, base + 0.016, 0.0)),
        );
    for (column, row) in (0..3).flat_map(|column| [(column, -1.0), (column, 1.0)]) {
        let at = DVec3::new(x + 0.024 * (f64::from(column) - 1.0), base + 0.023, 0.012 * row);
        body = body.with(
            Paint::Brass,
            rod(0.014, 0.0035, 0.001, 6).placed(&(DAffine3::from_translation(at) * to_y())),
        );
    }
    // Two glands towards the front, and the cable that hangs from one.
    for (dx, has_cable) in [(-0.028, true), (0.028, false)] {
        let at = DAffine3::from_translation(DVec3::new(x + dx, base + 0.030, 0.061)) * to_z();
        let gland = turned(
            &[
                (0.0, 0.0),
                (0.0, 0.017),
                (0.010, 0.017),
                (0.012, 0.015),
                (0.022, 0.014),
                (0.026, 0.010),
                (0.026, 0.0),
            ],
            6,
        );
        body = body.with(Paint::Brass, gland.placed(&at));
        if has_cable {
            let from = DVec3::new(x + dx, base + 0.030, 0.085);
            body = body.with(Paint::Rubber, cable(from, -layout.axis_height() + 0.006));
        }
    }
    let mesh = assembly.mesh("terminal box", &body);
    let terminals = assembly.part(
        motor,
        Piece::of(BOX).showing(mesh).knows("hazard", json!(["W012"])).knows(
            "lock_point",
            json!({ "energy": "electric", "how": "Switch off Q12, lock it, and prove that no voltage is there." }),
        ),
    );
    let mut lid = Body::of(Paint::MotorGrey, plate(size + 0.008, &[], 0.012, base + 0.0655));
    for (dx, dz) in [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)] {
        let at = DVec3::new(x + 0.052 * dx, base + 0.0775, 0.052 * dz);
        lid = lid.and(&socket_head(Thread::M6).placed(&(DAffine3::from_translation(at) * to_y())));
    }
    let lid = assembly.mesh("lid of the terminal box", &lid);
    assembly.part(terminals, Piece::of(LID).showing(lid).tightened(Thread::M6));
}

/// Windings in their stator, which a section shows.
fn stator(layout: &Layout) -> Body {
    let (radius, length, start) = (layout.motor_radius, layout.motor_length, layout.motor_body);
    let core =
        tube(length * 0.52, radius * 0.535, radius * 0.855, 28).moved(DVec3::X * (start + length * 0.26));
    let winding = |x: f64| {
        let outline = [(0.0, 0.58), (0.004, 0.54), (0.030, 0.56), (0.036, 0.64), (0.030, 0.76), (0.0, 0.80)];
        turned_ring(&outline.map(|(along, share)| (x + along, radius * share)), 24)
    };
    let other = DAffine3::from_translation(DVec3::X * (2.0 * start + length * 1.04))
        * DAffine3::from_scale(DVec3::new(-1.0, 1.0, 1.0));
    let end = winding(start + length * 0.775);
    Body::of(Paint::Steel, core).with(Paint::Bronze, end.placed(&other)).with(Paint::Bronze, end)
}

/// From a gland outwards and down to the floor.
fn cable(from: DVec3, floor: f64) -> Shape {
    let way = [
        from,
        from + DVec3::new(0.0, 0.004, 0.040),
        from + DVec3::new(0.004, -0.030, 0.100),
        DVec3::new(from.x + 0.010, floor + 0.090, from.z + 0.150),
        DVec3::new(from.x + 0.030, floor + 0.012, from.z + 0.190),
        DVec3::new(from.x + 0.160, floor + 0.004, from.z + 0.215),
    ];
    let point =
        |index: isize| way.get(index.clamp(0, way.len() as isize - 1) as usize).copied().unwrap_or_default();
    let mut rings = Vec::new();
    let steps = 5;
    for segment in 0..way.len() as isize - 1 {
        for step in 0..steps {
            // Catmull and Rom, 1974.
            let t = f64::from(step) / f64::from(steps);
            let (a, b, c, d) = (point(segment - 1), point(segment), point(segment + 1), point(segment + 2));
            let middle = (b * 2.0
                + (c - a) * t
                + (a * 2.0 - b * 5.0 + c * 4.0 - d) * t * t
                + (b * 3.0 - c * 3.0 + d - a) * t * t * t)
                / 2.0;
            let along = ((c - a)
                + (a * 2.0 - b * 5.0 + c * 4.0 - d) * 2.0 * t
                + (b * 3.0 - c * 3.0 + d - a) * 3.0 * t * t)
                .normalize();
            let side = along.cross(DVec3::X).normalize_or(DVec3::Y);
            let other = along.cross(side);
            rings.push(
                turns(8, 0.0)
                    .map(|turn| middle + (side * turn.cos() + other * turn.sin()) * 0.0065)
                    .collect(),
            );
        }
    }
    Shape::lofted(&rings)
}

fn screws(assembly: &mut Assembly, motor: PartId, layout: &Layout) -> Vec<PartId> {
    let mesh = assembly.mesh("hex screw M10x35", &hex_screw(Thread::M10, 0.035));
    let (start, length) = (layout.motor_body, layout.motor_length);
    let corners = [
        (start + 0.050, 1.0),
        (start + length - 0.050, 1.0),
        (start + 0.050, -1.0),
        (start + length - 0.050, -1.0),
    ];
    let screws = corners.into_iter().enumerate().map(|(place, (x, side))| {
        let at = DVec3::new(x, -layout.spec.motor_height_m + 0.0165, side * layout.motor_radius * 0.81);
        let piece = Piece::nth(SCREW, place).placed(&(DAffine3::from_translation(at) * to_y())).showing(mesh);
        assembly.part(motor, piece.tightened(Thread::M10))
    });
    screws.collect()
}

fn nameplate() -> Texture {
    let (ink, paper) = ([24, 28, 32], [222, 224, 226]);
    let mut print = Print::blank(320, 160, paper);
    print.frame(4, 4, 312, 152, 2, ink);
    print.words("3~ MOTOR  132S-4", 14.0, 32.0, 22.0, Weight::Strong, ink);
    for (line, text) in [
        "IEC 60034    IP 55    Th.Cl. F",
        "400 V Δ  50 Hz   11.2 A",
        "5.5 kW   cosφ 0.82   IE3",
        "1455 1/min    62 kg",
    ]
    .into_iter()
    .enumerate()
    {
        print.fill(12, 41 + 28 * line as i32, 296, 1, ink);
        print.words(text, 16.0, 62.0 + 28.0 * line as f32, 18.0, Weight::Regular, ink);
    }
    print.texture("nameplate of the motor")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cable_is_right_side_out() {
        assert!(cable(DVec3::new(0.0, 0.3, 0.1), 0.0).volume_m3() > 0.0);
    }
}
