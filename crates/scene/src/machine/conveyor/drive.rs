//! The geared motor on the head drum's shaft, its torque arm, the local switch and the emergency stop.

use std::f64::consts::{FRAC_PI_2, PI};

use glam::{DAffine3, DVec2, DVec3};
use serde_json::json;

use super::Layout;
use crate::geometry::Shape;
use crate::machine::assembly::{Assembly, Called, Piece, label_mount};
use crate::machine::body::{
    Body, bar, block, circle, prism_x, rod, rounded_rectangle, to_y, to_z, tube, turned, turned_ring,
};
use crate::machine::paint::Paint;
use crate::machine::print::{Print, Weight};
use crate::machine::stock::{Thread, hex_screw, socket_head};
use crate::model::{PartId, Texture};

const GEAR_MOTOR: Called = Called { number: "CNV-300", en: "Geared motor", de: "Getriebemotor" };
const TORQUE_ARM: Called = Called { number: "CNV-310", en: "Torque arm", de: "Drehmomentstütze" };
const ARM_SCREW: Called =
    Called { number: "CNV-311", en: "Screw of the torque arm", de: "Schraube Drehmomentstütze" };
const SWITCH: Called = Called { number: "CNV-320", en: "Local isolator", de: "Reparaturschalter" };
const STOP: Called = Called { number: "CNV-330", en: "Pull cord switch", de: "Seilzugschalter" };
const CORD: Called = Called { number: "CNV-331", en: "Emergency pull cord", de: "Not-Halt-Seil" };

/// What steps move.
pub(super) struct Drive {
    pub(super) gear_motor: PartId,
    pub(super) torque_arm_screw: PartId,
}

pub(super) fn build(assembly: &mut Assembly, unit: PartId, layout: &Layout) -> Drive {
    let picture = assembly.picture(nameplate());
    let mesh = assembly.mesh("geared motor", &gear_motor(picture));
    let z = layout.side + 0.110;
    let at = DVec3::new(layout.head, layout.axis, z);
    // On the cap of the hollow shaft: beside it the motor's flange and screws leave no room.
    let mount = DAffine3::from_translation(DVec3::new(0.0, 0.0, 0.0785));
    let gear_motor = assembly.part(
        unit,
        Piece::of(GEAR_MOTOR)
            .at(at)
            .showing(mesh)
            .knows("hazard", json!(["W012", "W017"]))
            .knows("mass_kg", json!(28.0))
            .knows(
                "lock_point",
                json!({ "energy": "electric", "how": "Turn the local isolator to 0 and lock it; pull the cord to try." }),
            )
            .knows("label_mounts", json!([label_mount("drive-front", &mount, 0.04)])),
    );
    let arm =
        Body::of(Paint::Frame, bar(DVec3::new(-0.190, -0.070, -0.040), DVec3::new(-0.060, -0.058, -0.024)))
            .with(Paint::Frame, bar(DVec3::new(-0.196, -0.075, -0.075), DVec3::new(-0.176, -0.053, -0.020)))
            .with(
                Paint::Rubber,
                tube(0.016, 0.006, 0.016, 18)
                    .moved(DVec3::new(-0.186, 0.0, 0.0))
                    .placed(&to_y())
                    .moved(DVec3::new(-0.172, 0.140, -0.032)),
            );
    let arm_mesh = assembly.mesh("torque arm", &arm);
    assembly.part(gear_motor, Piece::of(TORQUE_ARM).showing(arm_mesh));
    let screw = assembly.mesh("hex screw M12x50", &hex_screw(Thread::M12, 0.050));
    let place = DAffine3::from_translation(DVec3::new(-0.170, -0.052, -0.032)) * to_y();
    let piece = Piece::of(ARM_SCREW).placed(&place).showing(screw).tightened(Thread::M12);
    let torque_arm_screw = assembly.part(gear_motor, piece);
    switches(assembly, unit, layout);
    Drive { gear_motor, torque_arm_screw }
}

/// A flat gear case on the shaft, along Z, and a motor that lies on it along -X.
fn gear_motor(picture: u32) -> Body {
    let case: Vec<DVec2> = {
        let arc = |x: f64, radius: f64, from: f64| {
            (0..=10).map(move |step| {
                let turn = from + PI * f64::from(step) / 10.0;
                DVec2::new(x, 0.0) + DVec2::from_angle(turn) * radius
            })
        };
        arc(0.0, 0.080, -FRAC_PI_2).chain(arc(-0.130, 0.062, FRAC_PI_2)).collect()
    };
    let thick = 0.110;
    let mut body = Body::of(
        Paint::GearGrey,
        Shape::extruded(&case, &[circle(DVec2::ZERO, 0.0205, 20)], thick).moved(DVec3::Z * -0.055),
    )
    .with(
        Paint::GearGrey,
        turned_ring(&[(-0.072, 0.0205), (-0.072, 0.040), (0.072, 0.040), (0.072, 0.0205)], 24)
            .placed(&to_z()),
    )
    .with(Paint::Black, rod(0.006, 0.038, 0.002, 24).placed(&to_z()).moved(DVec3::Z * 0.072));
    for (x, y) in [
        (0.052, 0.050),
        (0.052, -0.050),
        (-0.060, 0.062),
        (-0.060, -0.062),
        (-0.170, 0.034),
        (-0.170, -0.034),
    ] {
        body = body.and(&socket_head(Thread::M8).placed(&to_z()).moved(DVec3::new(x, y, 0.055)));
    }
    // The motor stands off to the back of the case, parallel to the drum.
    let motor = motor(picture).placed(&(DAffine3::from_translation(DVec3::new(-0.130, 0.0, 0.055)) * to_z()));
    body.and(&motor)
}

/// Along X from its flange.
fn motor(picture: u32) -> Body {
    let (radius, length) = (0.068, 0.165);
    let mut body = Body::of(
        Paint::MotorGrey,
        turned(&[(0.0, 0.0), (0.0, 0.080), (0.014, 0.080), (0.016, radius), (0.016, 0.0)], 32),
    )
    .with(Paint::MotorGrey, tube(length, radius * 0.8, radius, 32).moved(DVec3::X * 0.014));
    for index in 0..24 {
        let turn = f64::from(index) * std::f64::consts::TAU / 24.0 + 0.13;
        if turn.cos() > 0.80 {
            continue;
        }
        let rib = bar(DVec3::new(0.022, radius * 0.96, -0.0013), DVec3::new(length, radius * 1.14, 0.0013));
        body = body.with(Paint::MotorGrey, rib.placed(&DAffine3::from_rotation_x(turn)));
    }
    let cowl = turned_ring(
        &[
            (length - 0.004, 0.070),
            (length - 0.004, 0.0745),
            (length + 0.050, 0.0745),
            (length + 0.058, 0.066),
            (length + 0.0565, 0.065),
            (length + 0.050, 0.072),
        ],
        32,
    );
    let mut holes: Vec<Vec<DVec2>> = Vec::new();
    for ring in [0.024, 0.048] {
        for turn in crate::machine::body::turns(8, ring * 9.0) {
            let spoke = rounded_rectangle(DVec2::new(0.013, ring * 0.48), 0.003, 1);
            let direction = DVec2::from_angle(turn);
            holes.push(spoke.iter().map(|point| direction.rotate(*point + DVec2::X * ring)).collect());
        }
    }
    let grille = prism_x(&circle(DVec2::ZERO, 0.0655, 32), &holes, length + 0.0565, length + 0.058);
    let terminals =
        block(DVec3::new(0.086, 0.046, 0.086), 0.006).moved(DVec3::new(0.085, radius + 0.018, 0.0));
    let lid = block(DVec3::new(0.090, 0.008, 0.090), 0.003).moved(DVec3::new(0.085, radius + 0.045, 0.0));
    let gland = rod(0.020, 0.011, 0.002, 6).placed(&to_z()).moved(DVec3::new(0.070, radius + 0.016, 0.042));
    let plate = DAffine3::from_translation(DVec3::new(0.090, 0.0, radius * 1.145));
    body.with(Paint::MotorGrey, cowl)
        .with(Paint::MotorGrey, grille)
        .with(Paint::MotorGrey, terminals)
        .with(Paint::MotorGrey, lid)
        .with(Paint::Brass, gland)
        .with_plate(picture, DVec2::new(0.080, 0.040), &plate)
}

fn switches(assembly: &mut Assembly, unit: PartId, layout: &Layout) {
    let x = layout.head - 0.55;
    let z = layout.side + 0.056;
    let isolator = Body::of(Paint::White, block(DVec3::new(0.080, 0.120, 0.060), 0.008))
        .with(Paint::Guard, rod(0.004, 0.030, 0.001, 24).placed(&to_z()).moved(DVec3::Z * 0.030))
        .with(
            Paint::Red,
            block(DVec3::new(0.014, 0.052, 0.018), 0.005)
                .placed(&DAffine3::from_rotation_z(0.0))
                .moved(DVec3::Z * 0.042),
        )
        .with(
            Paint::Black,
            rod(0.018, 0.010, 0.002, 12)
                .placed(&DAffine3::from_rotation_z(-FRAC_PI_2))
                .moved(DVec3::new(0.0, -0.058, 0.0)),
        );
    let mesh = assembly.mesh("isolator", &isolator);
    let at = DVec3::new(x, layout.axis - 0.005, z + 0.030);
    assembly.part(
        unit,
        Piece::of(SWITCH)
            .at(at)
            .showing(mesh)
            .knows("lock_point", json!({ "energy": "electric", "holes": 3 })),
    );
    let stop = Body::of(Paint::Red, block(DVec3::new(0.120, 0.060, 0.050), 0.008))
        .with(Paint::Guard, block(DVec3::new(0.080, 0.004, 0.052), 0.001).moved(DVec3::Y * 0.031))
        .with(Paint::Steel, tube(0.006, 0.008, 0.013, 14).placed(&to_z()).moved(DVec3::new(-0.076, 0.0, 0.0)))
        .with(
            Paint::Red,
            turned(
                &[(0.0, 0.0), (0.0, 0.010), (0.012, 0.010), (0.014, 0.018), (0.024, 0.014), (0.026, 0.0)],
                18,
            )
            .placed(&to_y())
            .moved(DVec3::Y * 0.032),
        );
    let mesh = assembly.mesh("pull cord switch", &stop);
    let cord_y = layout.axis + 0.118;
    let cord_z = layout.side + 0.075;
    let at = DVec3::new(layout.head - 0.34, cord_y, cord_z);
    assembly.part(unit, Piece::of(STOP).at(at).showing(mesh).knows("hazard", json!(["W018"])));
    let (from, to) = (layout.tail + 0.10, layout.head - 0.415);
    let mut cord =
        Body::of(Paint::Red, rod(to - from, 0.0032, 0.0005, 8).moved(DVec3::new(from, cord_y, cord_z)));
    for index in 0..4 {
        let x = from + (to - from) * f64::from(index) / 3.0;
        let eye = tube(0.005, 0.007, 0.011, 12).moved(DVec3::new(x.min(to - 0.006), cord_y, cord_z));
        let post = bar(
            DVec3::new(x.min(to - 0.010) - 0.004, layout.axis + 0.070, cord_z - 0.014),
            DVec3::new(x.min(to - 0.010) + 0.004, cord_y, cord_z - 0.008),
        );
        let foot = bar(
            DVec3::new(x.min(to - 0.010) - 0.015, layout.axis + 0.0745, layout.side + 0.010),
            DVec3::new(x.min(to - 0.010) + 0.015, layout.axis + 0.079, cord_z - 0.008),
        );
        cord = cord.with(Paint::Steel, eye).with(Paint::Steel, post).with(Paint::Steel, foot);
    }
    let mesh = assembly.mesh("pull cord", &cord);
    assembly.part(unit, Piece::of(CORD).showing(mesh));
}

fn nameplate() -> Texture {
    let (ink, paper) = ([24, 28, 32], [222, 224, 226]);
    let mut print = Print::blank(256, 128, paper);
    print.frame(3, 3, 250, 122, 2, ink);
    print.words("GEARED MOTOR", 12.0, 30.0, 20.0, Weight::Strong, ink);
    for (line, text) in
        ["0.75 kW  400 V  1.9 A", "1420 / 38 1/min  i=37", "IP 55   188 N·m"].into_iter().enumerate()
    {
        print.words(text, 12.0, 58.0 + 26.0 * line as f32, 17.0, Weight::Regular, ink);
    }
    print.texture("nameplate of the geared motor")
}
