//! Standard parts as a shop has them: screws, nuts, flanges, bearings, eyes and plugs. Sizes after ISO and DIN.

use std::f64::consts::{PI, TAU};

use glam::{DVec2, DVec3};

use super::body::{Body, around_x, circle, outwards, prism_x, rod, tube, turned, turned_ring, turns};
use super::paint::Paint;
use crate::geometry::Shape;

/// A metric thread, by its diameter in millimetres.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Thread {
    M6,
    M8,
    M10,
    M12,
    M16,
    M20,
}

impl Thread {
    /// Nominal diameter, metres.
    pub(super) fn diameter_m(self) -> f64 {
        match self {
            Self::M6 => 0.006,
            Self::M8 => 0.008,
            Self::M10 => 0.010,
            Self::M12 => 0.012,
            Self::M16 => 0.016,
            Self::M20 => 0.020,
        }
    }

    /// Across flats of a hexagon (ISO 4014), metres.
    fn flats_m(self) -> f64 {
        match self {
            Self::M6 => 0.010,
            Self::M8 => 0.013,
            Self::M10 => 0.016,
            Self::M12 => 0.018,
            Self::M16 => 0.024,
            Self::M20 => 0.030,
        }
    }

    /// Height of a head (ISO 4014), metres.
    pub(super) fn head_m(self) -> f64 {
        match self {
            Self::M6 => 0.004,
            Self::M8 => 0.0053,
            Self::M10 => 0.0064,
            Self::M12 => 0.0075,
            Self::M16 => 0.010,
            Self::M20 => 0.0125,
        }
    }

    /// Tightening torque of property class 8.8, lightly oiled (VDI 2230, friction 0.14), newton metres.
    pub(super) fn torque_nm(self) -> f64 {
        match self {
            Self::M6 => 10.0,
            Self::M8 => 25.0,
            Self::M10 => 49.0,
            Self::M12 => 85.0,
            Self::M16 => 210.0,
            Self::M20 => 425.0,
        }
    }

    /// How it is called.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::M6 => "M6",
            Self::M8 => "M8",
            Self::M10 => "M10",
            Self::M12 => "M12",
            Self::M16 => "M16",
            Self::M20 => "M20",
        }
    }
}

/// A hexagon along X with its upper corners turned off, as heads and nuts have them.
fn hexagon(flats_m: f64, height_m: f64) -> Shape {
    let radius = flats_m / 3.0_f64.sqrt();
    let ring = |x: f64, radius: f64| {
        turns(6, 0.0).map(|turn| around_x(radius, turn) + DVec3::X * x).collect::<Vec<_>>()
    };
    Shape::lofted(&[ring(0.0, radius), ring(height_m * 0.82, radius), ring(height_m, radius * 0.88)])
}

/// A hexagon screw with its washer, along X: the shank goes into -X, the head stands on 0.
pub(super) fn hex_screw(thread: Thread, length_m: f64) -> Body {
    let diameter = thread.diameter_m();
    let washer = diameter * 0.18;
    Body::of(Paint::Steel, hexagon(thread.flats_m(), thread.head_m()).moved(DVec3::X * washer))
        .with(Paint::Steel, tube(washer, diameter * 0.52, diameter * 1.08, 16))
        .with(Paint::Steel, rod(length_m, diameter / 2.0, diameter * 0.08, 9).moved(DVec3::X * -length_m))
}

/// A socket screw (ISO 4762) along X, its head on 0.
pub(super) fn socket_screw(thread: Thread, length_m: f64) -> Body {
    let diameter = thread.diameter_m();
    socket_head(thread)
        .with(Paint::Black, rod(length_m, diameter / 2.0, diameter * 0.08, 8).moved(DVec3::X * -length_m))
}

/// The head of one alone, for screws that nobody takes out.
pub(super) fn socket_head(thread: Thread) -> Body {
    let diameter = thread.diameter_m();
    let (outer, inner, depth) = (diameter * 0.75, diameter * 0.42, diameter * 0.5);
    let head = turned(
        &[
            (0.0, outer),
            (diameter, outer * 0.94),
            (diameter, inner),
            (diameter - depth, inner),
            (diameter - depth, 0.0),
        ],
        10,
    );
    Body::of(Paint::Black, head)
}

/// A stud with its nut, along X: the nut stands on 0, the stud goes through it.
pub(super) fn stud_nut(thread: Thread) -> Body {
    let diameter = thread.diameter_m();
    Body::of(Paint::Steel, hexagon(thread.flats_m(), diameter * 0.85)).with(
        Paint::Steel,
        rod(diameter * 1.9, diameter / 2.0, diameter * 0.1, 10).moved(DVec3::X * diameter * -0.5),
    )
}

/// A pipe flange along X from 0: its raised face looks to -X. Outer diameter, circle of holes, hole and bore in metres.
pub(super) struct Flange {
    pub(super) outer_m: f64,
    pub(super) holes_on_m: f64,
    pub(super) hole_m: f64,
    pub(super) holes: usize,
    pub(super) bore_m: f64,
    pub(super) thickness_m: f64,
}

impl Flange {
    /// EN 1092-1, PN 16.
    pub(super) fn dn(nominal: u32) -> Self {
        let (outer_m, holes_on_m, holes, thickness_m) = match nominal {
            ..=32 => (0.140, 0.100, 4, 0.018),
            33..=40 => (0.150, 0.110, 4, 0.018),
            41..=50 => (0.165, 0.125, 4, 0.018),
            51..=65 => (0.185, 0.145, 8, 0.018),
            66..=80 => (0.200, 0.160, 8, 0.020),
            _ => (0.220, 0.180, 8, 0.020),
        };
        let bore_m = f64::from(nominal) / 1000.0;
        Self { outer_m, holes_on_m, hole_m: 0.018, holes, bore_m, thickness_m }
    }

    pub(super) fn shape(&self) -> Vec<Shape> {
        let outline = circle(DVec2::ZERO, self.outer_m / 2.0, 30);
        let mut holes: Vec<Vec<DVec2>> = turns(self.holes, PI / self.holes as f64)
            .map(|turn| circle(DVec2::from_angle(turn) * self.holes_on_m / 2.0, self.hole_m / 2.0, 10))
            .collect();
        holes.push(circle(DVec2::ZERO, self.bore_m / 2.0, 20));
        let disc = prism_x(&outline, &holes, 0.0, self.thickness_m);
        let face = tube(0.002, self.bore_m / 2.0, self.holes_on_m / 2.0 - self.hole_m * 0.8, 20);
        vec![disc, face.moved(DVec3::X * -0.002)]
    }
}

/// A ball bearing along X from 0.
pub(super) fn ball_bearing(bore_m: f64, outer_m: f64, width_m: f64) -> Body {
    let (inner, outer) = (bore_m / 2.0, outer_m / 2.0);
    let ball = (outer - inner) * 0.30;
    let middle = (outer + inner) / 2.0;
    let sphere: Vec<(f64, f64)> = (0..=4)
        .map(|step| PI * f64::from(step) / 4.0)
        .map(|turn| (width_m / 2.0 - ball * turn.cos(), ball * turn.sin()))
        .collect();
    let balls = turns(8, 0.0).map(|turn| turned(&sphere, 6).moved(around_x(middle, turn)));
    Body::of(Paint::Bright, tube(width_m, inner, inner + (outer - inner) * 0.28, 24))
        .with(Paint::Bright, tube(width_m, outer - (outer - inner) * 0.28, outer, 24))
        .with_all(Paint::Bright, balls)
        .with(
            Paint::Brass,
            tube(width_m * 0.3, middle - ball * 0.35, middle + ball * 0.35, 24)
                .moved(DVec3::X * width_m * 0.35),
        )
}

/// A ring eye to lift by, standing on 0 along X.
pub(super) fn eye_bolt(size_m: f64) -> Body {
    let (ring, wire) = (size_m * 0.9, size_m * 0.28);
    let rings: Vec<Vec<DVec3>> = turns(18, 0.0)
        .map(|turn| {
            let (sin, cos) = turn.sin_cos();
            turns(7, 0.0)
                .map(|section| {
                    let reach = ring + wire * section.cos();
                    DVec3::new(reach * cos, reach * sin, wire * section.sin())
                })
                .collect()
        })
        .collect();
    let torus = Shape::lofted_around(&rings).moved(DVec3::X * (ring + wire + size_m * 0.35));
    Body::of(Paint::Steel, torus).with(
        Paint::Steel,
        turned(
            &[
                (0.0, 0.0),
                (0.0, size_m * 0.75),
                (size_m * 0.3, size_m * 0.75),
                (size_m * 0.75, size_m * 0.32),
                (size_m * 0.75, 0.0),
            ],
            16,
        ),
    )
}

/// A screwed plug along X, its collar on 0.
pub(super) fn plug(thread: Thread) -> Body {
    let diameter = thread.diameter_m();
    Body::of(Paint::Steel, rod(diameter * 0.25, diameter * 0.85, diameter * 0.05, 12))
        .with(Paint::Steel, hexagon(diameter * 1.1, diameter * 0.6).moved(DVec3::X * diameter * 0.25))
}

/// An oil level glass along X: a brass ring with a window half full.
pub(super) fn sight_glass(size_m: f64) -> Body {
    let (outer, inner) = (size_m / 2.0, size_m * 0.34);
    let half_disc = |from: f64, to: f64| {
        let mut outline: Vec<DVec2> = (0..=12)
            .map(|step| from + (to - from) * f64::from(step) / 12.0)
            .map(|turn| DVec2::from_angle(turn) * inner)
            .collect();
        outline.dedup_by(|a, b| a.distance(*b) < 1e-9);
        // Across and up, in the plane of the window.
        prism_x(&outline, &[], size_m * 0.08, size_m * 0.08 + 0.001)
    };
    Body::of(
        Paint::Brass,
        turned_ring(
            &[
                (0.0, inner),
                (0.0, outer),
                (size_m * 0.12, outer),
                (size_m * 0.2, outer * 0.86),
                (size_m * 0.2, inner),
            ],
            24,
        ),
    )
    .with(Paint::Oil, half_disc(PI, TAU))
    .with(Paint::White, half_disc(0.0, PI))
    .with(Paint::Glass, rod(0.002, inner, 0.0, 20).moved(DVec3::X * size_m * 0.13))
}

/// A key (DIN 6885) lying along X on a shaft of a radius, its middle at 0 and up.
pub(super) fn key(length_m: f64, width_m: f64, shaft_radius_m: f64) -> Shape {
    super::body::block(DVec3::new(length_m, width_m * 0.9, width_m), width_m * 0.02)
        .moved(DVec3::Y * (shaft_radius_m + width_m * 0.05))
}

/// A circle of the same body, pointing along X, at turns about the X axis.
pub(super) fn ring_of(body: &Body, radius_m: f64, at_turns: impl IntoIterator<Item = f64>) -> Body {
    at_turns.into_iter().fold(Body::default(), |all, turn| all.and(&body.moved(around_x(radius_m, turn))))
}

/// A body that lies along X, standing on a cylinder about the X axis at a turn.
pub(super) fn standing_on(body: &Body, x_m: f64, radius_m: f64, turn_rad: f64) -> Body {
    body.placed(&outwards(turn_rad)).moved(around_x(radius_m, turn_rad) + DVec3::X * x_m)
}
