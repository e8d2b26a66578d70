//! What is drawn out to the back: cover, impeller, shaft, seal and bearings in their bracket.

use std::f64::consts::{FRAC_PI_2, PI};

use glam::{DAffine3, DVec2, DVec3};
use serde_json::json;

use super::Layout;
use crate::geometry::Shape;
use crate::machine::assembly::{Assembly, Called, Piece, label_mount};
use crate::machine::body::{
    Body, around_x, bar, prism_x, ring_sector, rod, to_y, to_z, tube, turned, turned_ring, turns,
};
use crate::machine::paint::Paint;
use crate::machine::stock::{
    Thread, ball_bearing, hex_screw, key, plug, ring_of, sight_glass, socket_head, socket_screw, standing_on,
    stud_nut,
};
use crate::model::PartId;

const PULL_OUT: Called = Called { number: "PMP-200", en: "Back pull-out unit", de: "Einschubeinheit" };
const COVER: Called = Called { number: "PMP-210", en: "Casing cover", de: "Gehäusedeckel" };
const NUT: Called = Called { number: "PMP-211", en: "Casing nut", de: "Gehäusemutter" };
const BRACKET: Called = Called { number: "PMP-230", en: "Bearing bracket", de: "Lagerträger" };
const FOOT: Called = Called { number: "PMP-234", en: "Support foot", de: "Stützfuß" };
const FOOT_SCREW: Called =
    Called { number: "PMP-235", en: "Foot screw of the bracket", de: "Fußschraube Lagerträger" };
const BEARING_COVER: Called = Called { number: "PMP-231", en: "Bearing cover", de: "Lagerdeckel" };
const BEARING: Called =
    Called { number: "PMP-250", en: "Deep groove ball bearing 6307", de: "Rillenkugellager 6307" };
const SHAFT: Called = Called { number: "PMP-240", en: "Pump shaft", de: "Pumpenwelle" };
const IMPELLER: Called = Called { number: "PMP-220", en: "Impeller", de: "Laufrad" };
const IMPELLER_NUT: Called = Called { number: "PMP-221", en: "Impeller nut", de: "Laufradmutter" };
const SEAL: Called =
    Called { number: "SEAL-45", en: "Mechanical seal cartridge", de: "Gleitringdichtung Patrone" };
const GLAND: Called = Called { number: "SEAL-45-1", en: "Gland plate", de: "Dichtungsdeckel" };
const ROTATING: Called =
    Called { number: "SEAL-45-2", en: "Sleeve with rotating face", de: "Wellenhülse mit Gleitring" };
const STATIONARY: Called = Called { number: "SEAL-45-3", en: "Stationary face", de: "Gegenring" };
const SEAL_SCREW: Called =
    Called { number: "SEAL-45-4", en: "Screw of the gland plate", de: "Schraube Dichtungsdeckel" };
const OIL_GLASS: Called = Called { number: "PMP-270", en: "Oil level glass", de: "Ölschauglas" };
const VENT: Called =
    Called { number: "PMP-271", en: "Oil filler and vent", de: "Öleinfüllung mit Entlüftung" };
const OIL_DRAIN: Called = Called { number: "PMP-272", en: "Oil drain plug", de: "Ölablassschraube" };
const SENSOR: Called = Called { number: "VIB-101", en: "Vibration sensor", de: "Schwingungssensor" };

const NUTS: usize = 8;
const NUTS_ON_M: f64 = 0.127;

/// What others hang on and what steps move.
pub(super) struct Rotor {
    pub(super) pull_out: PartId,
    pub(super) cover: PartId,
    pub(super) shaft: PartId,
    pub(super) impeller: PartId,
    pub(super) impeller_nut: PartId,
    pub(super) seal: PartId,
    pub(super) seal_screws: Vec<PartId>,
    pub(super) casing_nuts: Vec<PartId>,
    pub(super) foot_screws: Vec<PartId>,
}

pub(super) fn build(assembly: &mut Assembly, pump: PartId, layout: &Layout) -> Rotor {
    let pull_out = assembly.part(pump, Piece::of(PULL_OUT).knows("mass_kg", json!(31.0)));
    let casing_nuts = nuts(assembly, pump, layout);
    let cover_mesh = assembly.mesh("casing cover", &cover(layout));
    let cover = assembly.part(pull_out, Piece::of(COVER).showing(cover_mesh));
    let foot_screws = bracket(assembly, pull_out, layout);
    let shaft_mesh = assembly.mesh("shaft", &shaft(layout));
    let shaft =
        assembly.part(pull_out, Piece::of(SHAFT).showing(shaft_mesh).knows("hazard", json!(["W025"])));
    let bearing = assembly.mesh("bearing 6307", &ball_bearing(0.035, 0.080, 0.021));
    for (place, x) in [0.166, 0.302].into_iter().enumerate() {
        assembly.part(pull_out, Piece::nth(BEARING, place).at(DVec3::X * x).showing(bearing));
    }
    let impeller_mesh = assembly.mesh("impeller", &impeller(layout));
    let impeller = assembly.part(shaft, Piece::of(IMPELLER).showing(impeller_mesh));
    let nut_mesh = assembly.mesh("impeller nut", &impeller_nut());
    let nut = Piece::of(IMPELLER_NUT).at(DVec3::X * -0.022).showing(nut_mesh).knows("torque_nm", json!(55.0));
    let impeller_nut = assembly.part(shaft, nut);
    let (seal, seal_screws) = seal(assembly, pull_out);
    Rotor { pull_out, cover, shaft, impeller, impeller_nut, seal, seal_screws, casing_nuts, foot_screws }
}

fn nuts(assembly: &mut Assembly, pump: PartId, layout: &Layout) -> Vec<PartId> {
    let mesh = assembly.mesh("stud nut M12", &stud_nut(Thread::M12));
    let on = NUTS_ON_M * layout.scale;
    let at = |turn: f64| around_x(on, turn) + DVec3::X * 0.064;
    turns(NUTS, PI / NUTS as f64)
        .enumerate()
        .map(|(place, turn)| {
            let piece = Piece::nth(NUT, place).at(at(turn)).showing(mesh).tightened(Thread::M12);
            assembly.part(pump, piece)
        })
        .collect()
}

fn cover(layout: &Layout) -> Body {
    let wide = |r: f64| r * layout.scale;
    let outline = [
        (0.034, wide(0.138)),
        (0.050, wide(0.138)),
        (0.050, 0.068),
        (0.090, 0.064),
        (0.090, 0.033),
        (0.026, 0.033),
        (0.022, 0.027),
        (0.013, 0.027),
        (0.013, wide(0.1115)),
        (0.034, wide(0.1115)),
    ];
    Body::of(Paint::Blue, turned_ring(&outline, 40))
}

/// Bracket, foot, covers and what is screwed into them; answers the screws of the foot.
fn bracket(assembly: &mut Assembly, pull_out: PartId, layout: &Layout) -> Vec<PartId> {
    let wide = |r: f64| r * layout.scale;
    let housing = [
        (0.140, 0.086),
        (0.158, 0.086),
        (0.176, 0.066),
        (0.312, 0.060),
        (0.319, 0.066),
        (0.334, 0.066),
        (0.334, 0.0405),
        (0.160, 0.0405),
        (0.160, 0.030),
        (0.140, 0.030),
    ];
    let flange = [(0.050, wide(0.138)), (0.064, wide(0.138)), (0.064, 0.078), (0.050, 0.078)];
    let mut body =
        Body::of(Paint::Blue, turned_ring(&housing, 36)).with(Paint::Blue, turned_ring(&flange, 40));
    // Between the windows through which one reaches the seal stand two arches.
    for turn in [0.0, PI] {
        let arch = ring_sector(0.074, 0.087, turn, 1.65);
        body = body.with(Paint::Blue, prism_x(&arch, &[], 0.060, 0.146));
    }
    for turn in [0.0, FRAC_PI_2, PI, -FRAC_PI_2] {
        let rib = [(0.150, 0.060), (0.158, 0.086), (0.200, 0.066), (0.310, 0.063), (0.310, 0.055)];
        let rib: Vec<DVec2> = rib.iter().map(|(x, r)| DVec2::new(*x, *r)).collect();
        let shape = Shape::extruded(&rib, &[], 0.008).moved(DVec3::Z * -0.004);
        body = body.with(Paint::Blue, shape.placed(&DAffine3::from_rotation_x(turn + 0.6)));
    }
    let mesh = assembly.mesh("bearing bracket", &body);
    let mount = DAffine3::from_translation(DVec3::new(0.244, 0.0, 0.0665));
    let bracket = assembly.part(
        pull_out,
        Piece::of(BRACKET)
            .showing(mesh)
            .knows("hazard", json!(["W017"]))
            .knows("label_mounts", json!([label_mount("bracket-front", &mount, 0.04)])),
    );
    let cover = turned_ring(
        &[(0.0, 0.0165), (0.0, 0.064), (0.008, 0.064), (0.012, 0.048), (0.020, 0.030), (0.020, 0.0165)],
        28,
    );
    let screws = ring_of(&socket_head(Thread::M6), 0.054, turns(4, 0.785));
    let screws = screws.moved(DVec3::X * 0.008);
    let cover = assembly.mesh("bearing cover", &Body::of(Paint::Blue, cover).and(&screws));
    assembly.part(bracket, Piece::of(BEARING_COVER).at(DVec3::X * 0.334).showing(cover));
    fittings(assembly, bracket);
    foot(assembly, pull_out, layout)
}

fn fittings(assembly: &mut Assembly, bracket: PartId) {
    let to_front = DAffine3::from_translation(DVec3::new(0.290, -0.012, 0.058)) * to_z();
    let glass = assembly.mesh("oil level glass", &sight_glass(0.034).placed(&DAffine3::IDENTITY));
    assembly.part(bracket, Piece::of(OIL_GLASS).placed(&to_front).showing(glass));
    let vent = Body::of(
        Paint::Black,
        turned(
            &[
                (0.0, 0.0),
                (0.0, 0.010),
                (0.012, 0.010),
                (0.014, 0.019),
                (0.026, 0.017),
                (0.029, 0.010),
                (0.029, 0.0),
            ],
            20,
        ),
    );
    let vent = assembly.mesh("vent", &vent);
    let on_top = DAffine3::from_translation(DVec3::new(0.215, 0.061, 0.0)) * to_y();
    assembly.part(bracket, Piece::of(VENT).placed(&on_top).showing(vent));
    let drain = assembly.mesh("oil drain plug", &plug(Thread::M10));
    let below =
        DAffine3::from_translation(DVec3::new(0.215, -0.062, 0.0)) * DAffine3::from_rotation_z(-FRAC_PI_2);
    assembly.part(bracket, Piece::of(OIL_DRAIN).placed(&below).showing(drain));
    let sensor = standing_on(
        &Body::of(Paint::Steel, rod(0.004, 0.012, 0.0005, 6))
            .with(Paint::Bright, rod(0.030, 0.010, 0.001, 20).moved(DVec3::X * 0.004))
            .with(Paint::Black, rod(0.014, 0.006, 0.001, 14).moved(DVec3::X * 0.034))
            .with(Paint::Rubber, rod(0.030, 0.0032, 0.001, 10).moved(DVec3::X * 0.046)),
        0.305,
        0.062,
        0.0,
    );
    let sensor = assembly.mesh("vibration sensor", &sensor);
    assembly.part(bracket, Piece::of(SENSOR).showing(sensor).knows("tag", json!("VIB-101")));
}

fn foot(assembly: &mut Assembly, pull_out: PartId, layout: &Layout) -> Vec<PartId> {
    let floor = -layout.spec.shaft_height_m;
    let web =
        [(-0.034, -0.050), (0.034, -0.050), (0.040, floor + 0.010), (-0.040, floor + 0.010)].map(DVec2::from);
    let window =
        [(-0.018, -0.085), (0.018, -0.085), (0.024, floor + 0.030), (-0.024, floor + 0.030)].map(DVec2::from);
    let body = Body::of(Paint::Blue, prism_x(&web, &[window.to_vec()], 0.262, 0.274))
        .with(Paint::Blue, bar(DVec3::new(0.246, floor, -0.075), DVec3::new(0.290, floor + 0.012, 0.075)));
    let mesh = assembly.mesh("support foot", &body);
    let foot = assembly.part(pull_out, Piece::of(FOOT).showing(mesh));
    let screw = assembly.mesh("hex screw M12x40", &hex_screw(Thread::M12, 0.040));
    [-1.0, 1.0]
        .into_iter()
        .enumerate()
        .map(|(place, side)| {
            let at = DAffine3::from_translation(DVec3::new(0.268, floor + 0.012, 0.060 * side)) * to_y();
            assembly
                .part(foot, Piece::nth(FOOT_SCREW, place).placed(&at).showing(screw).tightened(Thread::M12))
        })
        .collect()
}

fn shaft(layout: &Layout) -> Body {
    let end = layout.shaft_end;
    let profile = [
        (-0.040, 0.0),
        (-0.040, 0.007),
        (-0.038, 0.008),
        (-0.022, 0.008),
        (-0.022, 0.0125),
        (0.022, 0.0125),
        (0.022, 0.0215),
        (0.140, 0.0215),
        (0.140, 0.0175),
        (0.330, 0.0175),
        (0.330, 0.0142),
        (end - 0.001, 0.0142),
        (end, 0.0132),
        (end, 0.0),
    ];
    Body::of(Paint::Bright, turned(&profile, 24))
        .with(Paint::Steel, key(0.034, 0.008, 0.0142).moved(DVec3::X * (end - 0.020)))
}

/// Closed, with six vanes that bend backwards.
fn impeller(layout: &Layout) -> Body {
    let outer = layout.spec.impeller_m / 2.0;
    let back = [
        (0.000, 0.0125),
        (0.012, 0.0125),
        (0.012, 0.020),
        (0.007, 0.034),
        (0.0055, outer),
        (0.001, outer),
        (-0.002, 0.032),
        (-0.016, 0.020),
        (-0.022, 0.0185),
        (-0.022, 0.0125),
    ];
    let front = [
        (-0.030, 0.0345),
        (-0.030, 0.0305),
        (-0.019, 0.031),
        (-0.014, 0.042),
        (-0.0095, outer),
        (-0.0125, outer),
        (-0.018, 0.044),
        (-0.023, 0.0345),
    ];
    let vane: Vec<DVec2> = {
        let side = |offset: f64| {
            (0..=7).map(move |step| {
                let share = f64::from(step) / 7.0;
                let radius = 0.034 + (outer - 0.001 - 0.034) * share;
                let turn = -1.55 * share.powf(0.85) + offset / radius;
                DVec2::from_angle(turn) * radius
            })
        };
        side(0.0018).chain(side(-0.0018).collect::<Vec<_>>().into_iter().rev()).collect()
    };
    let vanes =
        turns(6, 0.0).map(|turn| prism_x(&vane, &[], -0.016, 0.003).placed(&DAffine3::from_rotation_x(turn)));
    Body::of(Paint::Bronze, turned_ring(&back, 32))
        .with(Paint::Bronze, turned_ring(&front, 32))
        .with_all(Paint::Bronze, vanes)
}

/// A cap nut, pointing along -X.
fn impeller_nut() -> Body {
    let hex = turns(6, 0.0).map(|turn| around_x(0.0145, turn)).collect::<Vec<_>>();
    let ring = |x: f64, share: f64| hex.iter().map(|point| *point * share + DVec3::X * x).collect::<Vec<_>>();
    let dome: Vec<(f64, f64)> = (0..=5)
        .map(|step| FRAC_PI_2 * f64::from(step) / 5.0)
        .map(|turn| (-0.014 - 0.009 * turn.sin(), 0.0115 * turn.cos()))
        .collect();
    Body::of(Paint::Steel, Shape::lofted(&[ring(-0.003, 1.0), ring(-0.013, 1.0), ring(-0.015, 0.86)]))
        .with(Paint::Steel, turned(&dome, 18))
        .with(Paint::Steel, tube(0.003, 0.008, 0.017, 20).moved(DVec3::X * -0.003))
}

fn seal(assembly: &mut Assembly, pull_out: PartId) -> (PartId, Vec<PartId>) {
    let seal = assembly.part(
        pull_out,
        Piece::of(SEAL).knows("hazard", json!(["W019"])).knows("tools", json!(["Hex key 8", "Puller P2"])),
    );
    let gland = turned_ring(
        &[
            (0.090, 0.027),
            (0.090, 0.062),
            (0.104, 0.062),
            (0.106, 0.060),
            (0.106, 0.036),
            (0.110, 0.034),
            (0.110, 0.027),
        ],
        32,
    );
    let ears = turns(4, PI / 4.0).map(|turn| {
        let ear = rod(0.013, 0.011, 0.001, 12).moved(around_x(0.054, turn));
        ear.moved(DVec3::X * 0.0905)
    });
    let port = standing_on(&plug(Thread::M10), 0.098, 0.061, 0.0);
    let body = Body::of(Paint::Steel, gland).with_all(Paint::Steel, ears).and(&port);
    let gland = assembly.mesh("gland plate", &body);
    assembly.part(seal, Piece::of(GLAND).showing(gland));
    let sleeve = turned_ring(&[(0.040, 0.0218), (0.040, 0.0255), (0.122, 0.0255), (0.122, 0.0218)], 24);
    let face = tube(0.012, 0.0256, 0.0310, 24).moved(DVec3::X * 0.064);
    let retainer = turned_ring(
        &[(0.044, 0.0256), (0.044, 0.0318), (0.060, 0.0318), (0.063, 0.0300), (0.063, 0.0256)],
        28,
    );
    let collar = turned_ring(
        &[(0.112, 0.0256), (0.112, 0.0365), (0.114, 0.038), (0.122, 0.038), (0.124, 0.0365), (0.124, 0.0256)],
        28,
    );
    let set_screws = turns(3, 0.4).map(|turn| {
        rod(0.003, 0.004, 0.0005, 8).placed(
            &(DAffine3::from_translation(around_x(0.0362, turn) + DVec3::X * 0.118)
                * crate::machine::body::outwards(turn)),
        )
    });
    let body = Body::of(Paint::Bright, sleeve)
        .with(Paint::Carbide, face)
        .with(Paint::Steel, retainer)
        .with(Paint::Steel, collar)
        .with_all(Paint::Black, set_screws);
    let rotating = assembly.mesh("seal sleeve", &body);
    assembly.part(seal, Piece::of(ROTATING).showing(rotating));
    let counter = Body::of(Paint::Carbide, tube(0.010, 0.0262, 0.0322, 24).moved(DVec3::X * 0.0765))
        .with(Paint::Rubber, tube(0.004, 0.0322, 0.0330, 24).moved(DVec3::X * 0.081));
    let counter = assembly.mesh("stationary face", &counter);
    assembly.part(seal, Piece::of(STATIONARY).showing(counter));
    let screw = assembly.mesh("socket screw M10x25", &socket_screw(Thread::M10, 0.025));
    let screws = turns(4, PI / 4.0).enumerate().map(|(place, turn)| {
        let at = around_x(0.054, turn) + DVec3::X * 0.1035;
        let piece = Piece::nth(SEAL_SCREW, place).at(at).showing(screw).tightened(Thread::M10);
        assembly.part(seal, piece.knows("torque_nm", json!(45.0)))
    });
    let screws = screws.collect();

    (seal, screws)
}
