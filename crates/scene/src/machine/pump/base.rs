//! The frame that all stands on: channels, cross members, pads, and the anchors in the floor.

use glam::{DAffine3, DVec2, DVec3};
use serde_json::json;

use super::Layout;
use crate::machine::assembly::{Assembly, Called, Piece, label_mount};
use crate::machine::body::{Body, bar, prism_x, to_y, to_z, tube};
use crate::machine::paint::Paint;
use crate::machine::stock::{Thread, hex_screw};
use crate::model::PartId;

const FRAME: Called = Called { number: "FRM-100", en: "Base frame", de: "Grundrahmen" };
const ANCHOR: Called = Called { number: "FRM-110", en: "Anchor bolt", de: "Ankerschraube" };

const HALF_WIDTH_M: f64 = 0.215;

pub(super) fn build(assembly: &mut Assembly, unit: PartId, layout: &Layout) {
    let (from, to) = (-0.165 * layout.scale, layout.motor_body + layout.motor_length + 0.060);
    let height = layout.frame_height;
    let mut body = Body::default();
    for side in [-1.0, 1.0] {
        // A channel with its back outside.
        let back = HALF_WIDTH_M;
        let channel = [
            (back, 0.0),
            (back, height),
            (back - 0.055, height),
            (back - 0.055, height - 0.009),
            (back - 0.008, height - 0.009),
            (back - 0.008, 0.009),
            (back - 0.055, 0.009),
            (back - 0.055, 0.0),
        ];
        let channel: Vec<DVec2> = channel.iter().map(|(z, y)| DVec2::new(z * side, *y)).collect();
        body = body.with(Paint::Frame, prism_x(&channel, &[], from, to));
    }
    let across = |x: f64, width: f64, low: f64, high: f64| {
        let inner = HALF_WIDTH_M - 0.008;
        bar(DVec3::new(x, low, -inner), DVec3::new(x + width, high, inner))
    };
    let plates = [
        (from, 0.008),
        (-0.060 * layout.scale, 0.120 * layout.scale),
        (0.232, 0.072),
        (layout.shaft_end - 0.050, layout.motor_body - layout.shaft_end + 0.060),
        (layout.motor_body + 0.022, 0.056),
        (layout.motor_body + layout.motor_length - 0.078, 0.056),
        (to - 0.008, 0.008),
    ];
    for (x, width) in plates {
        let low = if width < 0.010 { 0.0 } else { height - 0.009 };
        body = body.with(Paint::Frame, across(x, width, low, height - 0.0005));
    }
    // Pads that bring the motor to the height of the pump.
    let rise = layout.spec.shaft_height_m - layout.spec.motor_height_m;
    if rise > 0.001 {
        for x in [layout.motor_body + 0.050, layout.motor_body + layout.motor_length - 0.050] {
            for side in [-1.0, 1.0] {
                let z = side * layout.motor_radius * 0.80;
                body = body.with(
                    Paint::Frame,
                    bar(
                        DVec3::new(x - 0.026, height - 0.0005, z - 0.032),
                        DVec3::new(x + 0.026, height + rise, z + 0.032),
                    ),
                );
            }
        }
    }
    let mesh = assembly.mesh("base frame", &with_lugs(body, from, to));
    let mount = DAffine3::from_translation(DVec3::new(0.120, height * 0.5, HALF_WIDTH_M + 0.0005));
    let frame = assembly.part(
        unit,
        Piece::of(FRAME)
            .showing(mesh)
            .knows("label_mounts", json!([label_mount("frame-front", &mount, 0.10)])),
    );
    let anchor = assembly.mesh("anchor bolt M16", &hex_screw(Thread::M16, 0.030));
    let mut place = 0;
    for x in [from + 0.075, (from + to) / 2.0, to - 0.075] {
        for side in [-1.0, 1.0] {
            let at = DVec3::new(x, 0.010, side * (HALF_WIDTH_M + 0.032));
            let piece =
                Piece::nth(ANCHOR, place).placed(&(DAffine3::from_translation(at) * to_y())).showing(anchor);
            assembly.part(frame, piece.tightened(Thread::M16));
            place += 1;
        }
    }
}

/// Plates for the anchors, and eyes to lift by.
fn with_lugs(mut body: Body, from: f64, to: f64) -> Body {
    for x in [from + 0.075, (from + to) / 2.0, to - 0.075] {
        for side in [-1.0, 1.0] {
            let (near, far) = (HALF_WIDTH_M * side, (HALF_WIDTH_M + 0.064) * side);
            let lug =
                bar(DVec3::new(x - 0.036, 0.0, near.min(far)), DVec3::new(x + 0.036, 0.010, near.max(far)));
            let web = bar(
                DVec3::new(x - 0.005, 0.009, near.min(near + 0.012 * side)),
                DVec3::new(x + 0.005, 0.060, near.max(near + 0.012 * side)),
            );
            body = body.with(Paint::Frame, lug).with(Paint::Frame, web);
        }
    }
    for x in [from + 0.030, to - 0.060] {
        for side in [-1.0, 1.0] {
            let pipe = tube(0.030, 0.016, 0.021, 20).placed(&to_z());
            let reach = if side > 0.0 { HALF_WIDTH_M - 0.006 } else { -HALF_WIDTH_M - 0.024 };
            body = body.with(Paint::Frame, pipe.moved(DVec3::new(x, 0.065, reach)));
        }
    }
    body
}
