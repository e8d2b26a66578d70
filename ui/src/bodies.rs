//! Simple bodies that stand in for parts of a machine without a model: placed where somebody taps, sized and moved.

use millwright_model::{Pose, StandIn, StandInShape};

use millwright_step_scene::Touched;

/// The ground on which the first bodies are placed: only an author sees it, and no guide keeps it.
pub(crate) const FLOOR: &str = "(floor)";

/// What a new body measures each way, in metres.
const NEW_M: f64 = 0.2;
/// The shortest and the longest side, in metres.
const SIDE_M: (f64, f64) = (0.005, 20.0);
/// How far from the middle of the machine a body may stand, in metres.
const FAR_M: f64 = 50.0;

/// A change of one body.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(crate) enum BodyChange {
    /// A side gets longer or shorter: which, and by how many metres.
    Size(usize, f64),
    /// It moves along an axis of the machine: which, and by how many metres.
    Move(usize, f64),
    /// It becomes a box of about its size.
    Block,
    /// It becomes a cylinder of about its size.
    Cylinder,
    /// It is turned by a quarter about an axis of the machine.
    QuarterTurn(usize),
}

/// The ground, large enough for what stands on it.
pub(crate) fn floor() -> StandIn {
    StandIn {
        part: FLOOR.to_owned(),
        shape: StandInShape::Block { size_m: [2.0, 0.002, 2.0] },
        machine_from_part: Pose { position_m: [0.0, -0.001, 0.0], ..Pose::IDENTITY },
    }
}

/// A new body that touches what was tapped.
pub(crate) fn placed(
    at: &Touched,
    is_cylinder: bool,
    bodies: &[StandIn],
    name: impl Fn(usize) -> String,
) -> StandIn {
    let half_m = NEW_M / 2.0;
    // Along the axis of the machine that the surface faces most: bodies stand square to it.
    let axis = (0..3).max_by(|a, b| at.normal[*a].abs().total_cmp(&at.normal[*b].abs())).unwrap_or(1);
    let out = [0, 1, 2].map(|one| if one == axis { at.normal[axis].signum() } else { 0.0 });
    let position_m = [0, 1, 2].map(|one| rounded_m(at.point_m[one] + out[one] * half_m));
    let free = (1..).map(name).find(|name| bodies.iter().all(|body| body.part != *name));
    let (shape, rotation) = match is_cylinder {
        true => (StandInShape::Cylinder { radius_m: half_m, length_m: NEW_M }, along(axis)),
        false => (StandInShape::Block { size_m: [NEW_M; 3] }, Pose::IDENTITY.rotation),
    };
    StandIn { part: free.unwrap_or_default(), shape, machine_from_part: Pose { position_m, rotation } }
}

/// The body after a change.
pub(crate) fn changed(body: &StandIn, change: BodyChange) -> StandIn {
    let mut body = body.clone();
    match (change, &mut body.shape) {
        (BodyChange::Size(side, by_m), StandInShape::Block { size_m }) => {
            if let Some(side_m) = size_m.get_mut(side) {
                *side_m = sized_m(*side_m + by_m);
            }
        }
        (BodyChange::Size(0, by_m), StandInShape::Cylinder { radius_m, .. }) => {
            *radius_m = sized_m(*radius_m * 2.0 + by_m) / 2.0;
        }
        (BodyChange::Size(_, by_m), StandInShape::Cylinder { length_m, .. }) => {
            *length_m = sized_m(*length_m + by_m);
        }
        (BodyChange::Move(axis, by_m), _) => {
            if let Some(at_m) = body.machine_from_part.position_m.get_mut(axis) {
                *at_m = rounded_m((*at_m + by_m).clamp(-FAR_M, FAR_M));
            }
        }
        (BodyChange::Block, StandInShape::Cylinder { radius_m, length_m }) => {
            body.shape = StandInShape::Block { size_m: [*radius_m * 2.0, *radius_m * 2.0, *length_m] };
        }
        (BodyChange::Cylinder, StandInShape::Block { size_m: [x, y, z] }) => {
            body.shape = StandInShape::Cylinder { radius_m: x.min(*y) / 2.0, length_m: *z };
        }
        (BodyChange::QuarterTurn(axis), _) => {
            let turn = quarter(axis);
            body.machine_from_part.rotation = times(turn, body.machine_from_part.rotation);
        }
        (BodyChange::Block, StandInShape::Block { .. })
        | (BodyChange::Cylinder, StandInShape::Cylinder { .. }) => {}
    }
    body
}

/// The sides that can be changed, in metres: three of a box, diameter and length of a cylinder.
pub(crate) fn sides_m(shape: &StandInShape) -> Vec<f64> {
    match shape {
        StandInShape::Block { size_m } => size_m.to_vec(),
        StandInShape::Cylinder { radius_m, length_m } => vec![radius_m * 2.0, *length_m],
    }
}

fn sized_m(side_m: f64) -> f64 {
    rounded_m(side_m.clamp(SIDE_M.0, SIDE_M.1))
}

/// To the tenth of a millimetre.
fn rounded_m(length_m: f64) -> f64 {
    (length_m * 10_000.0).round() / 10_000.0
}

const HALF: f64 = std::f64::consts::FRAC_1_SQRT_2;

/// A quarter turn about an axis of the machine.
fn quarter(axis: usize) -> [f64; 4] {
    match axis {
        0 => [HALF, 0.0, 0.0, HALF],
        1 => [0.0, HALF, 0.0, HALF],
        _ => [0.0, 0.0, HALF, HALF],
    }
}

/// What lies along z, along an axis.
fn along(axis: usize) -> [f64; 4] {
    match axis {
        0 => quarter(1),
        1 => quarter(0),
        _ => Pose::IDENTITY.rotation,
    }
}

/// One turn after another, as a unit quaternion again.
fn times([ax, ay, az, aw]: [f64; 4], [bx, by, bz, bw]: [f64; 4]) -> [f64; 4] {
    let turned = [
        aw * bx + ax * bw + ay * bz - az * by,
        aw * by - ax * bz + ay * bw + az * bx,
        aw * bz + ax * by - ay * bx + az * bw,
        aw * bw - ax * bx - ay * by - az * bz,
    ];
    let length = turned.iter().map(|part| part * part).sum::<f64>().sqrt();
    if length > 0.0 { turned.map(|part| part / length) } else { Pose::IDENTITY.rotation }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(place: usize) -> String {
        format!("Part {place}")
    }

    fn tapped(point_m: [f64; 3], normal: [f64; 3]) -> Touched {
        Touched { name: FLOOR.to_owned(), point_m, normal }
    }

    #[test]
    fn a_body_stands_on_the_floor_where_it_was_tapped() {
        let body = placed(&tapped([0.3, 0.0, -0.2], [0.0, 1.0, 0.0]), false, &[], name);
        assert_eq!((body.part.as_str(), body.machine_from_part.position_m), ("Part 1", [0.3, 0.1, -0.2]));
    }

    #[test]
    fn a_cylinder_stands_out_of_the_side_that_was_tapped_and_has_a_name_of_its_own() {
        let first = placed(&tapped([0.0; 3], [0.0, 1.0, 0.0]), false, &[], name);
        let body = placed(&tapped([0.1, 0.1, 0.0], [0.98, 0.1, 0.1]), true, &[first], name);
        assert_eq!((body.part.as_str(), body.machine_from_part.position_m), ("Part 2", [0.2, 0.1, 0.0]));
        assert_eq!(body.machine_from_part.rotation, quarter(1), "along x");
        assert!(body.machine_from_part.is_sound());
    }

    #[test]
    fn a_side_never_becomes_nothing_and_a_body_keeps_its_size_when_it_changes_its_kind() {
        let body = placed(&tapped([0.0; 3], [0.0, 1.0, 0.0]), false, &[], name);
        let thin = changed(&body, BodyChange::Size(1, -9.0));
        assert_eq!(sides_m(&thin.shape), [0.2, 0.005, 0.2]);
        let round = changed(&body, BodyChange::Cylinder);
        assert_eq!(sides_m(&round.shape), [0.2, 0.2]);
        assert_eq!(sides_m(&changed(&round, BodyChange::Block).shape), [0.2; 3]);
        assert_eq!(changed(&round, BodyChange::Cylinder), round);
    }

    #[test]
    fn four_quarter_turns_are_none() {
        let body = placed(&tapped([0.0; 3], [0.0, 1.0, 0.0]), true, &[], name);
        let turned = (0..4).fold(body.clone(), |body, _| changed(&body, BodyChange::QuarterTurn(0)));
        let (a, b) = (body.machine_from_part.rotation, turned.machine_from_part.rotation);
        let same: f64 = (0..4).map(|part| a[part] * b[part]).sum();
        assert!((same.abs() - 1.0).abs() < 1e-9, "{b:?}");
    }
}
