//! The unit taken apart: from the guard to the seal.

use glam::DVec3;

use super::{Layout, Parts};
use crate::machine::assembly::{Assembly, Move};

pub(super) fn build(assembly: &mut Assembly, parts: &Parts, layout: &Layout) {
    let up = DVec3::Y;
    let unscrewed = |list: &[crate::model::PartId], way: DVec3| -> Vec<Move> {
        list.iter().map(|part| Move::Unscrew(*part, way, 2)).collect()
    };
    assembly.step("guard-screws-out", 2.0, &unscrewed(&parts.guard_screws, up * 0.10));
    assembly.step("guard-off", 2.0, &[Move::Out(parts.guard, up * 0.42)]);
    let half = parts.spacer_screws.len() / 2;
    let (pump_side, motor_side) = parts.spacer_screws.split_at(half);
    let mut screws = unscrewed(pump_side, DVec3::X * 0.035);
    screws.extend(unscrewed(motor_side, DVec3::X * -0.035));
    assembly.step("coupling-screws-out", 2.0, &screws);
    // What was unscrewed is taken away with the spacer.
    let mut spacer: Vec<Move> = vec![Move::Out(parts.spacer, DVec3::Z * 0.32)];
    spacer.extend(pump_side.iter().map(|part| Move::Out(*part, DVec3::new(-0.015, 0.05, 0.32))));
    spacer.extend(motor_side.iter().map(|part| Move::Out(*part, DVec3::new(0.015, 0.05, 0.32))));
    assembly.step("spacer-out", 2.0, &spacer);
    assembly.step("bracket-foot-screws-out", 2.0, &unscrewed(&parts.foot_screws, up * 0.10));
    assembly.step("casing-nuts-off", 2.0, &unscrewed(&parts.casing_nuts, DVec3::X * 0.060));
    let way = DVec3::X * (layout.spec.spacer_m * 0.9);
    assembly.step("back-pull-out", 2.5, &[Move::Out(parts.pull_out, way)]);
    assembly.step("pull-out-to-bench", 2.5, &[Move::Out(parts.pull_out, way + DVec3::new(0.0, 0.12, 0.45))]);
    assembly.step("hub-off", 2.0, &[Move::Out(parts.pump_hub, DVec3::X * 0.14)]);
    assembly.step("impeller-nut-off", 2.0, &[Move::Unscrew(parts.impeller_nut, DVec3::X * -0.40, 3)]);
    assembly.step("impeller-off", 2.0, &[Move::Out(parts.impeller, DVec3::X * -0.32)]);
    assembly.step("seal-screws-out", 2.0, &unscrewed(&parts.seal_screws, DVec3::X * 0.030));
    assembly.step("cover-off", 2.0, &[Move::Out(parts.cover, DVec3::X * -0.20)]);
    assembly.step("seal-out", 2.0, &[Move::Out(parts.seal, DVec3::X * -0.12)]);
    let mut motor = unscrewed(&parts.motor_screws, up * 0.10);
    motor.push(Move::Out(parts.fan_cowl, DVec3::X * 0.22));
    assembly.step("motor-loosened", 2.0, &motor);
    assembly.step("motor-off", 2.5, &[Move::Out(parts.motor, up * 0.45)]);
    assembly.knows(
        "procedures",
        serde_json::json!({
            "replace-seal": [
                "guard-screws-out", "guard-off", "coupling-screws-out", "spacer-out", "bracket-foot-screws-out",
                "casing-nuts-off", "back-pull-out", "pull-out-to-bench", "impeller-nut-off", "impeller-off",
                "seal-screws-out", "cover-off", "seal-out"
            ],
            "replace-motor": ["guard-screws-out", "guard-off", "coupling-screws-out", "spacer-out", "motor-loosened", "motor-off"],
        }),
    );
}
