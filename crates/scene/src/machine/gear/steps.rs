//! The reducer taken apart: from the oil to the shafts.

use glam::DVec3;
use serde_json::json;

use super::Parts;
use crate::machine::assembly::{Assembly, Move};

pub(super) fn build(assembly: &mut Assembly, parts: &Parts) {
    let up = DVec3::Y;
    let unscrewed = |list: &[crate::model::PartId], way: DVec3| -> Vec<Move> {
        list.iter().map(|part| Move::Unscrew(*part, way, 2)).collect()
    };
    assembly.step("oil-drained", 2.0, &[Move::Unscrew(parts.drain, DVec3::Z * 0.10, 3)]);
    // In the frame of the cover, its screws point along +Z.
    assembly.step("hatch-screws-out", 2.0, &unscrewed(&parts.hatch_screws, DVec3::Z * 0.06));
    assembly.step("hatch-off", 2.0, &[Move::Out(parts.hatch, DVec3::new(0.0, 0.22, 0.10))]);
    assembly.step("split-screws-out", 2.0, &unscrewed(&parts.split_screws, up * 0.12));
    let covers: Vec<Move> = parts
        .covers
        .iter()
        .enumerate()
        .map(|(place, part)| Move::Out(*part, DVec3::X * if place % 2 == 0 { -0.16 } else { 0.16 }))
        .collect();
    assembly.step("covers-off", 2.0, &covers);
    assembly.step("upper-housing-off", 2.5, &[Move::Out(parts.upper, up * 0.45)]);
    let [input, intermediate, output] = parts.shafts;
    assembly.step("input-shaft-out", 2.0, &[Move::Out(input, DVec3::new(0.0, 0.16, 0.20))]);
    assembly.step("intermediate-shaft-out", 2.0, &[Move::Out(intermediate, up * 0.22)]);
    assembly.step("output-shaft-out", 2.0, &[Move::Out(output, DVec3::new(0.0, 0.24, -0.20))]);
    assembly.knows(
        "procedures",
        json!({
            "inspect-teeth": ["hatch-screws-out", "hatch-off"],
            "replace-bearings": [
                "oil-drained", "hatch-screws-out", "hatch-off", "split-screws-out", "covers-off", "upper-housing-off",
                "input-shaft-out", "intermediate-shaft-out", "output-shaft-out"
            ],
        }),
    );
}
