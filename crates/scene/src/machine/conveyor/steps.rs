//! What is done to a conveyor: guards off, the belt slackened and drawn aside, a roller or a drum out, the drive off.

use glam::DVec3;
use serde_json::json;

use super::Parts;
use crate::machine::assembly::{Assembly, Move};

pub(super) fn build(assembly: &mut Assembly, parts: &Parts) {
    let up = DVec3::Y;
    let unscrewed = |list: &[crate::model::PartId], way: DVec3| -> Vec<Move> {
        list.iter().map(|part| Move::Unscrew(*part, way, 2)).collect()
    };
    assembly.step("head-guard-screws-out", 2.0, &unscrewed(&parts.head_guard_screws, up * 0.12));
    assembly.step("head-guard-off", 2.0, &[Move::Out(parts.head_guard, DVec3::new(0.35, 0.25, 0.0))]);
    assembly.step("tail-guard-screws-out", 2.0, &unscrewed(&parts.tail_guard_screws, up * 0.12));
    assembly.step("tail-guard-off", 2.0, &[Move::Out(parts.tail_guard, DVec3::new(-0.35, 0.25, 0.0))]);
    assembly.step("belt-slackened", 2.0, &[Move::Out(parts.tail_drum, DVec3::X * 0.060)]);
    assembly.step("scraper-out", 2.0, &[Move::Out(parts.scraper, DVec3::new(0.22, -0.10, 0.0))]);
    if let Some(roller) = parts.rollers.first() {
        assembly.step("roller-out", 2.0, &[Move::Out(*roller, DVec3::new(0.0, 0.30, 0.0))]);
    }
    assembly.step("torque-arm-loosened", 2.0, &[Move::Unscrew(parts.torque_arm_screw, up * 0.10, 2)]);
    assembly.step("drive-off", 2.0, &[Move::Out(parts.gear_motor, DVec3::Z * 0.35)]);
    assembly.step("belt-off", 2.5, &[Move::Out(parts.belt, DVec3::Z * -0.85)]);
    assembly.step("head-drum-out", 2.5, &[Move::Out(parts.head_drum, DVec3::new(0.40, 0.0, 0.0))]);
    assembly.knows(
        "procedures",
        json!({
            "replace-roller": ["tail-guard-screws-out", "tail-guard-off", "belt-slackened", "roller-out"],
            "replace-drive": ["torque-arm-loosened", "drive-off"],
            "replace-belt": [
                "head-guard-screws-out", "head-guard-off", "tail-guard-screws-out", "tail-guard-off", "belt-slackened",
                "scraper-out", "torque-arm-loosened", "drive-off", "belt-off"
            ],
        }),
    );
}
