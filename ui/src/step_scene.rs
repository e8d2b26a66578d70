//! What a step shows over the camera's picture, as a frame of the scene: no more of it than is known of where the machine
//! stands.

use std::collections::{BTreeMap, BTreeSet};

use millwright_model::{Pose, ShowHow, ShownPart};
use millwright_step_scene::{Canvas, PartPlace, Telling, callouts, sign, zone};
use serde_json::{Value, json};

use crate::figure;
use crate::overlay::{self, Standing};

/// Where the camera's picture says that the machine stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OverPicture {
    /// What is drawn on.
    pub(crate) canvas: Canvas,
    /// Pixels of the camera's picture.
    pub(crate) picture_px: [u32; 2],
    /// Focal lengths and principal point, in pixels of the picture.
    pub(crate) intrinsics_px: [f64; 4],
    /// Brown–Conrady: k1, k2, p1, p2, k3.
    pub(crate) distortion: [f64; 5],
    /// Nothing where it is not known: then the picture alone is shown.
    pub(crate) camera_from_machine: Option<Pose>,
    /// How much may be shown.
    pub(crate) standing: Standing,
    /// How far off the part of interest may be, in millimetres.
    pub(crate) error_mm: f64,
    /// Where the parts that are shown are: the middle in the machine's frame and the radius round it, in metres.
    pub(crate) places: BTreeMap<String, PartPlace>,
    /// This step's movements, as the scene has them.
    pub(crate) played: Value,
    /// Parts that earlier steps took away: they hide nothing any more.
    pub(crate) away: BTreeSet<String>,
}

/// An arrow round a part is no wider than this: round a large one it would lead the eye away, in metres.
const RING_MAX_M: f64 = 0.07;

/// The frame of a step over the camera's picture: no more of it than is known of where the machine stands.
pub(crate) fn frame_over(shows: &[ShownPart], over: &OverPicture, telling: &Telling<'_>) -> Value {
    let standing = if over.camera_from_machine.is_some() { over.standing } else { Standing::Lost };
    let pose = over.camera_from_machine.unwrap_or(Pose::IDENTITY);
    let hidden =
        |part: &String| json!({"part": part, "reach": "alone", "look": {"fill": "hidden", "accents": []}});
    let gone = over.away.iter().map(hidden);
    let (rules, marks): (Vec<Value>, Vec<Value>) = match standing {
        Standing::Lost => (vec![], vec![]),
        Standing::Circle => {
            let circle = |shown: &ShownPart| {
                json!({"kind": "error_circle", "anchor": {"part": shown.part}, "radius_mm": over.error_mm,
                    "text": format!("± {} mm", figure::plain(over.error_mm.round()))})
            };
            let first = shows.iter().find(|shown| points(&shown.how));
            (vec![], first.map(circle).into_iter().collect())
        }
        Standing::Outline => {
            let outline = |shown: &ShownPart| json!({"part": shown.part, "look": {"fill": "occluder", "accents": ["outline"]}});
            let rules = shows.iter().filter(|shown| points(&shown.how)).map(outline);
            (gone.chain(rules).collect(), callouts(shows, telling).collect())
        }
        Standing::Exact => {
            let rule = |shown: &ShownPart| json!({"part": shown.part, "look": look_over(&shown.how)});
            let eye_m = overlay::eye_m(&pose);
            let arrow = |shown: &ShownPart| arrow(&shown.how, over.places.get(&shown.part)?, eye_m);
            let zone = |shown: &ShownPart| zone(shown, over.places.get(&shown.part)?);
            let marks = callouts(shows, telling)
                .chain(shows.iter().filter_map(arrow))
                .chain(shows.iter().filter_map(zone))
                .chain(shows.iter().filter_map(sign));
            (gone.chain(shows.iter().map(rule)).collect(), marks.collect())
        }
    };
    let [fx, fy, cx, cy] = over.intrinsics_px;
    let [k1, k2, p1, p2, k3] = over.distortion;
    let hidden = standing == Standing::Lost || standing == Standing::Circle;
    json!({
        "width_px": over.canvas.size_px.0,
        "height_px": over.canvas.size_px.1,
        "px_scale": over.canvas.px_scale,
        "is_smooth": over.canvas.is_smooth,
        "camera": {
            "intrinsics": {"fx_px": fx, "fy_px": fy, "cx_px": cx, "cy_px": cy,
                "width_px": over.picture_px[0], "height_px": over.picture_px[1]},
            "lens": {"k1": k1, "k2": k2, "p1": p1, "p2": p2, "k3": k3},
            "camera_from_machine": {"translation_m": pose.position_m, "rotation": pose.rotation},
            "near_m": 0.02,
            "far_m": 60.0,
            "fit": "contain",
        },
        "background": "picture",
        "motion": {"played": if standing == Standing::Exact { over.played.clone() } else { json!([]) }},
        // The real machine stands in the picture: its model only hides what lies behind it.
        "look": {"fill": if hidden { "hidden" } else { "occluder" }, "accents": []},
        "rules": rules,
        "marks": marks,
        "insets_px": [64.0, 24.0, 96.0, 24.0],
    })
}

/// The arrow that says what is done with a part: along its way, round it, or down at it.
fn arrow(how: &ShowHow, (middle_m, radius_m): &PartPlace, eye_m: [f64; 3]) -> Option<Value> {
    let from_eye = [0, 1, 2].map(|axis| middle_m[axis] - eye_m[axis]);
    // Where nobody wrote the axis down, the arrow runs as it is seen from here.
    let round = |turn: &str, text: String| {
        json!({"kind": "torque", "middle_m": middle_m, "axis": from_eye, "radius_m": radius_m.clamp(0.02, RING_MAX_M),
            "turn": turn, "text": text})
    };
    Some(match how {
        ShowHow::Move { along_m } => {
            let there = [0, 1, 2].map(|axis| middle_m[axis] + along_m[axis]);
            json!({"kind": "arrow", "way_m": [middle_m, there]})
        }
        ShowHow::Turn { clockwise } => {
            round(if *clockwise { "clockwise" } else { "counter_clockwise" }, String::new())
        }
        ShowHow::Tighten { torque_nm } => round("clockwise", format!("{} N·m", figure::plain(*torque_nm))),
        ShowHow::Highlight | ShowHow::XRay => {
            let [x, y, z] = *middle_m;
            let to = radius_m * 0.5;
            let from = to + (radius_m * 0.6).clamp(0.06, 0.2);
            json!({"kind": "arrow", "way_m": [[x, y + from, z], [x, y + to, z]]})
        }
        ShowHow::Outline
        | ShowHow::Ghost
        | ShowHow::Removed
        | ShowHow::Play { .. }
        | ShowHow::PutBack
        | ShowHow::Value { .. }
        | ShowHow::Zone { .. } => {
            return None;
        }
    })
}

/// Whether a part that is shown so is pointed at, not away from.
fn points(how: &ShowHow) -> bool {
    !matches!(how, ShowHow::Ghost | ShowHow::Removed)
}

/// As [`look`], where the real part is seen in the picture: solid colours would hide it.
fn look_over(how: &ShowHow) -> Value {
    match how {
        ShowHow::Highlight
        | ShowHow::Move { .. }
        | ShowHow::Turn { .. }
        | ShowHow::Tighten { .. }
        | ShowHow::Play { .. } => json!({"fill": "ghost", "accents": ["edges", "hatch", "outline"]}),
        ShowHow::Outline | ShowHow::PutBack | ShowHow::Zone { .. } | ShowHow::Value { .. } => {
            json!({"fill": "occluder", "accents": ["outline"]})
        }
        ShowHow::XRay => json!({"fill": "ghost", "accents": ["edges", "xray", "outline"]}),
        ShowHow::Ghost => json!({"fill": "ghost", "accents": ["edges"]}),
        ShowHow::Removed => json!({"fill": "hidden", "accents": []}),
    }
}

#[cfg(test)]
mod tests {
    use millwright_model::Words;

    use super::*;

    fn shown(how: ShowHow) -> ShownPart {
        ShownPart { part: "SEAL-45".into(), how, label: Words::default() }
    }

    fn over(standing: Standing) -> Value {
        let over = OverPicture {
            canvas: Canvas { size_px: (800, 600), px_scale: 1.0, is_smooth: true },
            picture_px: [640, 480],
            intrinsics_px: [500.0, 501.0, 320.0, 240.0],
            distortion: [0.1, 0.0, 0.0, 0.0, 0.0],
            camera_from_machine: Some(Pose::IDENTITY),
            standing,
            error_mm: 31.6,
            places: BTreeMap::from([("SEAL-45".to_owned(), ([0.1, 0.2, 0.3], 0.05))]),
            played: json!([]),
            away: BTreeSet::from(["COVER".to_owned()]),
        };
        let telling = Telling {
            say: &|_| "Pull it".to_owned(),
            value: &|_| None,
            number: &figure::plain,
            hazard: &|hazard| hazard.sign().to_owned(),
        };
        frame_over(&[shown(ShowHow::Highlight)], &over, &telling)
    }

    #[test]
    fn what_earlier_steps_took_away_hides_nothing_over_the_picture() {
        let rules = over(Standing::Exact)["rules"].clone();
        assert_eq!((&rules[0]["part"], &rules[0]["look"]["fill"]), (&json!("COVER"), &json!("hidden")));
    }

    #[test]
    fn over_the_picture_no_more_is_shown_than_is_known() {
        let exact = over(Standing::Exact);
        assert_eq!(exact["rules"][1]["look"]["fill"], "ghost", "the real part is seen through it");
        assert_eq!((&exact["look"]["fill"], &exact["background"]), (&json!("occluder"), &json!("picture")));
        assert_eq!(exact["camera"]["intrinsics"]["fy_px"], 501.0);
        let arrow = exact["marks"].as_array().unwrap().iter().find(|mark| mark["kind"] == "arrow").unwrap();
        assert!(arrow["way_m"][0][1].as_f64() > arrow["way_m"][1][1].as_f64(), "it points down at the part");
        let outline = over(Standing::Outline);
        assert_eq!(outline["rules"][1]["look"], json!({"fill": "occluder", "accents": ["outline"]}));
        let circle = over(Standing::Circle);
        assert_eq!(circle["rules"], json!([]));
        assert_eq!(
            (&circle["marks"][0]["kind"], &circle["marks"][0]["text"]),
            (&json!("error_circle"), &json!("± 32 mm"))
        );
        let lost = over(Standing::Lost);
        assert_eq!(
            (&lost["rules"], &lost["marks"], &lost["look"]["fill"]),
            (&json!([]), &json!([]), &json!("hidden"))
        );
    }
}
