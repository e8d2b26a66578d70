//! The guards over the places where the belt runs in.

use glam::{DAffine3, DVec2, DVec3};
use serde_json::json;

use super::Layout;
use crate::geometry::Shape;
use crate::machine::assembly::{Assembly, Called, Piece};
use crate::machine::body::{Body, slot, to_y};
use crate::machine::paint::Paint;
use crate::machine::stock::{Thread, hex_screw};
use crate::model::PartId;

const HEAD: Called = Called { number: "GRD-310", en: "Guard of the head drum", de: "Schutz Antriebstrommel" };
const HEAD_SCREW: Called =
    Called { number: "GRD-311", en: "Screw of the head guard", de: "Schraube Kopfschutz" };
const TAIL: Called = Called { number: "GRD-320", en: "Guard of the tail drum", de: "Schutz Umlenktrommel" };
const TAIL_SCREW: Called =
    Called { number: "GRD-321", en: "Screw of the tail guard", de: "Schraube Heckschutz" };

/// What steps move.
pub(super) struct Guards {
    pub(super) head: PartId,
    pub(super) head_screws: Vec<PartId>,
    pub(super) tail: PartId,
    pub(super) tail_screws: Vec<PartId>,
}

pub(super) fn build(assembly: &mut Assembly, unit: PartId, layout: &Layout) -> Guards {
    let mesh = assembly.mesh("drum guard", &guard(layout));
    let screw = assembly.mesh("hex screw M8x16", &hex_screw(Thread::M8, 0.016));
    let mut put = |called: Called, of_screws: Called, x: f64, turned: bool| {
        let turn = if turned { DAffine3::from_rotation_y(std::f64::consts::PI) } else { DAffine3::IDENTITY };
        let place = DAffine3::from_translation(DVec3::new(x, layout.axis, 0.0)) * turn;
        let piece = Piece::of(called).placed(&place).showing(mesh).knows("hazard", json!(["W025", "P010"]));
        let guard = assembly.part(unit, piece);
        let corners = [(-0.110, 1.0), (0.060, 1.0), (-0.110, -1.0), (0.060, -1.0)];
        let screws: Vec<PartId> = corners
            .into_iter()
            .enumerate()
            .map(|(index, (along, side))| {
                let at = place.transform_point3(DVec3::new(along, 0.0785, side * (layout.side + 0.030)));
                let upright = DAffine3::from_translation(at) * to_y();
                let piece = Piece::nth(of_screws, index).placed(&upright).showing(screw);
                assembly.part(unit, piece.tightened(Thread::M8))
            })
            .collect();
        (guard, screws)
    };
    let (head, head_screws) = put(HEAD, HEAD_SCREW, layout.head, false);
    let (tail, tail_screws) = put(TAIL, TAIL_SCREW, layout.tail, true);
    Guards { head, head_screws, tail, tail_screws }
}

/// A hood round the end of the belt, from the drum's axis outwards, towards +X.
fn guard(layout: &Layout) -> Body {
    let (inner, thick) = (layout.drum + 0.040, 0.002);
    let arc = |radius: f64| {
        (0..=12).map(move |step| {
            let turn = -1.15 + 2.15 * f64::from(step) / 12.0;
            DVec2::new(radius * turn.cos(), radius * turn.sin())
        })
    };
    let skin: Vec<DVec2> =
        arc(inner + thick).chain(arc(inner).collect::<Vec<_>>().into_iter().rev()).collect();
    let width = (layout.side + 0.004) * 2.0;
    let hood = Shape::extruded(&skin, &[], width).moved(DVec3::Z * (-width / 2.0));
    let mut body = Body::of(Paint::Guard, hood);
    // Cheeks with slots, and lips that are screwed to the frame.
    let mut cheek: Vec<DVec2> = arc(inner + thick).collect();
    cheek.extend([(-0.140, 0.118), (-0.140, 0.077), (0.020, 0.077)].map(DVec2::from));
    let slots: Vec<Vec<DVec2>> = (0..3)
        .map(|place| slot(DVec2::new(-0.075 + 0.045 * f64::from(place), 0.098), 0.032, 0.010))
        .collect();
    let cheek: Vec<DVec2> = cheek.into_iter().filter(|point| point.y > 0.0769).collect();
    for side in [-1.0, 1.0] {
        let z = side * (layout.side + 0.002) - 0.001;
        body = body.with(Paint::Guard, Shape::extruded(&cheek, &slots, thick).moved(DVec3::Z * z));
        let lip = crate::machine::body::block(DVec3::new(0.200, 0.003, 0.046), 0.0);
        body = body.with(Paint::Guard, lip.moved(DVec3::new(-0.030, 0.0768, side * (layout.side + 0.026))));
    }
    body
}
