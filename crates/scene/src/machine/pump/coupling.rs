//! The coupling with its spacer, and the guard over it.

use glam::{DAffine3, DVec2, DVec3};
use serde_json::json;

use super::Layout;
use super::rotor::Rotor;
use crate::geometry::Shape;
use crate::machine::assembly::{Assembly, Called, Piece};
use crate::machine::body::{
    Body, around_x, bar, block, circle, outwards, prism_x, slot, to_minus_x, to_y, tube, turned_ring, turns,
};
use crate::machine::paint::Paint;
use crate::machine::stock::{Thread, hex_screw, socket_screw};
use crate::model::PartId;

const PUMP_HUB: Called =
    Called { number: "CPL-110", en: "Coupling hub, pump side", de: "Kupplungsnabe Pumpenseite" };
const SPACER: Called = Called { number: "CPL-120", en: "Coupling spacer", de: "Zwischenhülse" };
const MOTOR_HUB: Called =
    Called { number: "CPL-130", en: "Coupling hub, motor side", de: "Kupplungsnabe Motorseite" };
const SCREW: Called = Called { number: "CPL-150", en: "Coupling screw", de: "Kupplungsschraube" };
const GUARD: Called = Called { number: "GRD-100", en: "Coupling guard", de: "Kupplungsschutz" };
const GUARD_SCREW: Called = Called { number: "GRD-110", en: "Guard screw", de: "Schraube Kupplungsschutz" };

const FLANGE_M: f64 = 0.050;
const SCREWS_ON_M: f64 = 0.041;
const SCREWS: usize = 6;

/// What steps move.
pub(super) struct Coupling {
    pub(super) guard: PartId,
    pub(super) guard_screws: Vec<PartId>,
    pub(super) spacer: PartId,
    pub(super) pump_hub: PartId,
    pub(super) spacer_screws: Vec<PartId>,
}

pub(super) fn build(
    assembly: &mut Assembly,
    unit: PartId,
    rotor: &Rotor,
    motor_shaft: PartId,
    layout: &Layout,
) -> Coupling {
    let axis = DVec3::Y * layout.axis_height();
    let hub = hub();
    let hub = assembly.mesh("hub", &hub);
    let pump_hub =
        assembly.part(rotor.shaft, Piece::of(PUMP_HUB).at(DVec3::X * layout.shaft_end).showing(hub));
    let turned_round = DAffine3::from_translation(DVec3::X * layout.motor_shaft) * to_minus_x();
    assembly.part(motor_shaft, Piece::of(MOTOR_HUB).placed(&turned_round).showing(hub));
    let spacer_mesh = assembly.mesh("spacer", &spacer(layout));
    let spacer =
        assembly.part(unit, Piece::of(SPACER).at(axis).showing(spacer_mesh).knows("hazard", json!(["W025"])));
    let screw = assembly.mesh("coupling screw M8", &socket_screw(Thread::M8, 0.016));
    let mut spacer_screws = Vec::new();
    let ends = [(layout.shaft_end + 0.022, 1.0), (layout.motor_shaft - 0.022, -1.0)];
    for (x, side) in ends {
        for turn in turns(SCREWS, 0.0) {
            let at = DAffine3::from_translation(around_x(SCREWS_ON_M, turn) + axis + DVec3::X * x);
            let at = if side > 0.0 { at } else { at * to_minus_x() };
            let piece =
                Piece::nth(SCREW, spacer_screws.len()).placed(&at).showing(screw).tightened(Thread::M8);
            spacer_screws.push(assembly.part(unit, piece.knows("torque_nm", json!(28.0))));
        }
    }
    let (guard, guard_screws) = guard(assembly, unit, layout);
    Coupling { guard, guard_screws, spacer, pump_hub, spacer_screws }
}

/// From the end of its shaft at 0 back along -X.
fn hub() -> Body {
    let outline = [
        (-0.048, 0.0145),
        (-0.048, 0.026),
        (-0.046, 0.028),
        (-0.014, 0.028),
        (-0.011, 0.032),
        (-0.011, FLANGE_M - 0.001),
        (-0.010, FLANGE_M),
        (-0.001, FLANGE_M),
        (0.0, FLANGE_M - 0.001),
        (0.0, 0.0145),
    ];
    let set_screw = tube(0.002, 0.002, 0.004, 10)
        .placed(&(DAffine3::from_translation(around_x(0.0275, 0.9) + DVec3::X * -0.032) * outwards(0.9)));
    Body::of(Paint::Steel, turned_ring(&outline, 32)).with(Paint::Black, set_screw)
}

/// A tube with two flanges, and a pack of discs at each end.
fn spacer(layout: &Layout) -> Body {
    let (from, to) = (layout.shaft_end, layout.motor_shaft);
    let mut body = Body::of(
        Paint::MotorGrey,
        turned_ring(
            &[
                (from + 0.010, 0.022),
                (from + 0.010, FLANGE_M),
                (from + 0.022, FLANGE_M),
                (from + 0.024, 0.030),
                (to - 0.024, 0.030),
                (to - 0.022, FLANGE_M),
                (to - 0.010, FLANGE_M),
                (to - 0.010, 0.022),
            ],
            32,
        ),
    );
    for start in [from + 0.0005, to - 0.0095] {
        for disc in 0..2 {
            let x = start + f64::from(disc) * 0.0050;
            body = body.with(Paint::Bright, tube(0.0036, 0.030, FLANGE_M - 0.002, 24).moved(DVec3::X * x));
        }
    }
    body
}

fn guard(assembly: &mut Assembly, unit: PartId, layout: &Layout) -> (PartId, Vec<PartId>) {
    let axis = layout.axis_height();
    let (from, to) = (layout.shaft_end - 0.034, layout.motor_body - 0.006);
    let (half, thick) = (0.074, 0.002);
    let floor = -layout.spec.shaft_height_m;
    let length = to - from;
    // Sides with slots to look through, and a round top.
    let side = [(0.0, floor), (length, floor), (length, 0.0), (0.0, 0.0)].map(DVec2::from);
    let slots: Vec<Vec<DVec2>> = (0..2)
        .flat_map(|row| {
            let count = ((length - 0.030) / 0.040).floor() as usize;
            (0..count).map(move |column| {
                let x = length / 2.0 + (column as f64 - (count as f64 - 1.0) / 2.0) * 0.040;
                slot(DVec2::new(x, -0.026 - 0.036 * f64::from(row)), 0.030, 0.012)
            })
        })
        .collect();
    let sheet = Shape::extruded(&side, &slots, thick).moved(DVec3::X * from);
    let top: Vec<DVec2> = {
        let arc = |radius: f64| {
            (0..=16)
                .map(move |step| DVec2::from_angle(std::f64::consts::PI * f64::from(step) / 16.0) * radius)
        };
        arc(half).chain(arc(half - thick).collect::<Vec<_>>().into_iter().rev()).collect()
    };
    let end = |hole_m: f64| {
        let mut outline: Vec<DVec2> = (0..=12)
            .map(|step| DVec2::from_angle(std::f64::consts::PI * f64::from(step) / 12.0) * half)
            .collect();
        outline.extend([(-half, floor), (half, floor)].map(DVec2::from));
        (outline, circle(DVec2::ZERO, hole_m, 24))
    };
    let (pump_end, pump_hole) = end(0.034);
    let (motor_end, motor_hole) = end(0.040);
    let mut body = Body::of(Paint::Guard, sheet.moved(DVec3::Z * (half - thick)))
        .with(Paint::Guard, sheet.moved(DVec3::Z * -half))
        .with(Paint::Guard, prism_x(&top, &[], from, to))
        .with(Paint::Guard, prism_x(&pump_end, &[pump_hole], from, from + thick))
        .with(Paint::Guard, prism_x(&motor_end, &[motor_hole], to - thick, to));
    for z in [-1.0, 1.0] {
        let low = DVec3::new(from + 0.010, floor, if z > 0.0 { half } else { -half - 0.024 });
        let flange = bar(low, low + DVec3::new(length - 0.020, 0.003, 0.024));
        body = body.with(Paint::Guard, flange);
    }
    // A handle, and the sign of what turns beneath.
    let handle = block(DVec3::new(0.070, 0.006, 0.010), 0.002).moved(DVec3::new(
        from + length / 2.0,
        half + 0.022,
        0.0,
    ));
    let post =
        |x: f64| bar(DVec3::new(x - 0.004, half - 0.003, -0.004), DVec3::new(x + 0.004, half + 0.022, 0.004));
    body = body
        .with(Paint::Black, handle)
        .with(Paint::Black, post(from + length / 2.0 - 0.030))
        .with(Paint::Black, post(from + length / 2.0 + 0.030));
    let mesh = assembly.mesh("coupling guard", &body);
    let guard = assembly.part(
        unit,
        Piece::of(GUARD).at(DVec3::Y * axis).showing(mesh).knows("hazard", json!(["W025", "P010"])),
    );
    let screw = assembly.mesh("hex screw M8x16", &hex_screw(Thread::M8, 0.016));
    let corners = [(0.026, 1.0), (length - 0.026, 1.0), (0.026, -1.0), (length - 0.026, -1.0)];
    let screws = corners.into_iter().enumerate().map(|(place, (x, z))| {
        let at = DVec3::new(from + x, axis + floor + 0.003, z * (half + 0.013));
        let piece = Piece::nth(GUARD_SCREW, place).placed(&(DAffine3::from_translation(at) * to_y()));
        assembly.part(unit, piece.showing(screw).tightened(Thread::M8))
    });
    let screws = screws.collect();
    (guard, screws)
}
