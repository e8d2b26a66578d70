//! The belt, the drums that it runs round, the rollers that carry it, and the scraper that cleans it.

use std::f64::consts::PI;

use glam::{DAffine3, DVec2, DVec3};
use serde_json::json;

use super::Layout;
use crate::geometry::Shape;
use crate::machine::assembly::{Assembly, Called, Piece};
use crate::machine::body::{Body, bar, block, rod, to_z, tube, turned, turns};
use crate::machine::paint::Paint;
use crate::machine::stock::{Thread, hex_screw};
use crate::model::{JointKind, PartId};

const BELT: Called = Called { number: "CNV-200", en: "Belt", de: "Fördergurt" };
const HEAD: Called = Called { number: "CNV-210", en: "Head drum", de: "Antriebstrommel" };
const TAIL: Called = Called { number: "CNV-220", en: "Tail drum", de: "Umlenktrommel" };
const BEARING: Called = Called { number: "CNV-230", en: "Flange bearing", de: "Flanschlager" };
const ROLLER: Called = Called { number: "CNV-240", en: "Carrying roller", de: "Tragrolle" };
const RETURN: Called = Called { number: "CNV-250", en: "Return roller", de: "Unterrolle" };
const SCRAPER: Called = Called { number: "CNV-260", en: "Belt scraper", de: "Gurtabstreifer" };

/// Of the belt.
pub(super) const THICK_M: f64 = 0.006;
const ROLLER_M: f64 = 0.030;

/// What others hang on and what steps move.
pub(super) struct Belt {
    pub(super) belt: PartId,
    pub(super) head_drum: PartId,
    pub(super) tail_drum: PartId,
    pub(super) rollers: Vec<PartId>,
    pub(super) scraper: PartId,
}

pub(super) fn build(assembly: &mut Assembly, unit: PartId, layout: &Layout) -> Belt {
    let mesh = assembly.mesh("belt", &belt(layout));
    let belt = assembly.part(unit, Piece::of(BELT).showing(mesh).knows("hazard", json!(["W025"])));
    let head = drum(layout, Paint::Rubber);
    let head = assembly.mesh("head drum", &head);
    let tail = assembly.mesh("tail drum", &drum(layout, Paint::Steel));
    let at = |x: f64| DVec3::new(x, layout.axis, 0.0);
    let head_drum = assembly
        .part(unit, Piece::of(HEAD).at(at(layout.head)).showing(head).knows("hazard", json!(["W025"])));
    let tail_drum = assembly
        .part(unit, Piece::of(TAIL).at(at(layout.tail)).showing(tail).knows("hazard", json!(["W025"])));
    bearings(assembly, unit, layout);
    let rollers = rollers(assembly, unit, layout);
    let spin = JointKind::Continuous { axis: glam::Vec3::NEG_Z };
    assembly.joint("head-drum", head_drum, spin);
    assembly.joint("tail-drum", tail_drum, spin);
    for (place, roller) in rollers.iter().enumerate() {
        assembly.joint(&format!("roller-{}", place + 1), *roller, spin);
    }
    let scraper = scraper(assembly, unit, layout);
    Belt { belt, head_drum, tail_drum, rollers, scraper }
}

fn belt(layout: &Layout) -> Body {
    let around = |radius: f64| {
        let half = |x: f64, start: f64| {
            (0..=12).map(move |step| {
                let turn = start + PI * f64::from(step) / 12.0;
                DVec2::new(x + radius * turn.cos(), radius * turn.sin())
            })
        };
        half(layout.head, -PI / 2.0).chain(half(layout.tail, PI / 2.0)).collect::<Vec<_>>()
    };
    let width = layout.spec.width_m;
    let loop_ = Shape::extruded(&around(layout.drum + THICK_M), &[around(layout.drum)], width);
    let mut body = Body::of(Paint::Rubber, loop_.moved(DVec3::new(0.0, layout.axis, -width / 2.0)));
    // Where its ends are joined, and a seam that lets one see it run.
    for x in [layout.tail + 0.9, layout.tail + 0.915] {
        let low = DVec3::new(x, layout.axis + layout.drum + THICK_M - 0.001, -width / 2.0 + 0.002);
        body = body.with(Paint::Steel, bar(low, low + DVec3::new(0.008, 0.0018, width - 0.004)));
    }
    body
}

/// A drum with its shaft, about Z.
fn drum(layout: &Layout, cover: Paint) -> Body {
    let (half, radius) = (layout.spec.width_m / 2.0 + 0.012, layout.drum);
    let shaft_end = layout.side + 0.085;
    let shell = turned(
        &[
            (-half, 0.0),
            (-half, 0.030),
            (-half + 0.010, 0.034),
            (-half + 0.010, radius - 0.014),
            (-half, radius - 0.010),
            (-half, radius - 0.001),
            (-half + 0.001, radius),
            (half - 0.001, radius),
            (half, radius - 0.001),
            (half, radius - 0.010),
            (half - 0.010, radius - 0.014),
            (half - 0.010, 0.034),
            (half, 0.030),
            (half, 0.0),
        ],
        36,
    );
    let shaft = rod(shaft_end * 2.0, 0.020, 0.002, 24).moved(DVec3::X * -shaft_end);
    let marks = turns(3, 0.0).map(|turn| {
        bar(DVec3::new(half - 0.011, 0.045, -0.006), DVec3::new(half - 0.004, 0.075, 0.006))
            .placed(&DAffine3::from_rotation_x(turn))
    });
    Body::of(cover, shell).with(Paint::Bright, shaft).with_all(Paint::Steel, marks).placed(&to_z())
}

fn bearings(assembly: &mut Assembly, unit: PartId, layout: &Layout) {
    let flange = block(DVec3::new(0.110, 0.110, 0.012), 0.016);
    let boss =
        turned(&[(0.006, 0.0225), (0.006, 0.042), (0.030, 0.038), (0.032, 0.034), (0.032, 0.0225)], 24)
            .placed(&to_z());
    let mut body = Body::of(Paint::Cast, flange).with(Paint::Cast, boss);
    for (x, y) in [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)] {
        let screw = hex_screw(Thread::M12, 0.004).placed(&to_z());
        body = body.and(&screw.moved(DVec3::new(x * 0.042, y * 0.042, 0.006)));
    }
    let mesh = assembly.mesh("flange bearing", &body);
    let mut place = 0;
    for x in [layout.head, layout.tail] {
        for side in [-1.0, 1.0] {
            let at = DAffine3::from_translation(DVec3::new(x, layout.axis, side * (layout.side + 0.012)));
            let at = if side > 0.0 { at } else { at * DAffine3::from_rotation_y(PI) };
            assembly.part(unit, Piece::nth(BEARING, place).placed(&at).showing(mesh).tightened(Thread::M12));
            place += 1;
        }
    }
}

fn rollers(assembly: &mut Assembly, unit: PartId, layout: &Layout) -> Vec<PartId> {
    let half = layout.spec.width_m / 2.0 + 0.010;
    let shell = turned(
        &[
            (-half, 0.0),
            (-half, ROLLER_M - 0.004),
            (-half + 0.003, ROLLER_M),
            (half - 0.003, ROLLER_M),
            (half, ROLLER_M - 0.004),
            (half, 0.0),
        ],
        20,
    );
    let axle = rod(layout.side * 2.0 + 0.008, 0.0075, 0.001, 10).moved(DVec3::X * (-layout.side - 0.004));
    let body = Body::of(Paint::Steel, shell).with(Paint::Bright, axle).placed(&to_z());
    let mesh = assembly.mesh("roller", &body);
    let count = (layout.spec.length_m / 0.30).round().max(2.0) as usize - 1;
    let step = layout.spec.length_m / (count + 1) as f64;
    let mut rollers: Vec<PartId> = (0..count)
        .map(|place| {
            let at = DVec3::new(
                layout.tail + step * (place + 1) as f64,
                layout.axis + layout.drum - ROLLER_M,
                0.0,
            );
            assembly.part(unit, Piece::nth(ROLLER, place).at(at).showing(mesh))
        })
        .collect();
    for (place, share) in [0.25, 0.75].into_iter().enumerate() {
        let at =
            DVec3::new(layout.tail + layout.spec.length_m * share, layout.axis - layout.drum + ROLLER_M, 0.0);
        rollers.push(assembly.part(unit, Piece::nth(RETURN, place).at(at).showing(mesh)));
    }
    rollers
}

fn scraper(assembly: &mut Assembly, unit: PartId, layout: &Layout) -> PartId {
    let width = layout.spec.width_m;
    let blade = block(DVec3::new(0.008, 0.060, width * 0.94), 0.002).placed(&DAffine3::from_rotation_z(-0.5));
    let tube_length = layout.side * 2.0 + 0.120;
    let beam = tube(tube_length, 0.016, 0.020, 16).moved(DVec3::X * (-tube_length / 2.0)).placed(&to_z());
    let holder =
        block(DVec3::new(0.014, 0.036, width * 0.90), 0.003).placed(&DAffine3::from_rotation_z(-0.5));
    let body = Body::of(Paint::Red, blade.moved(DVec3::new(-0.014, 0.026, 0.0)))
        .with(Paint::Steel, beam.moved(DVec3::new(0.012, -0.018, 0.0)))
        .with(Paint::Steel, holder.moved(DVec3::new(0.002, -0.002, 0.0)));
    let mesh = assembly.mesh("belt scraper", &body);
    let turn = 0.70_f64;
    let reach = layout.drum + THICK_M + 0.030;
    let at = DVec3::new(layout.head + reach * turn.cos(), layout.axis - reach * turn.sin(), 0.0);
    assembly.part(unit, Piece::of(SCRAPER).at(at).showing(mesh))
}
