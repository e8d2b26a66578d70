//! What a step shows on the machine's model, as a frame of the scene: how parts look and what is written beside them.

use std::collections::BTreeMap;

use millwright_model::{Hazard, Pose, ShowHow, ShownPart};
use serde_json::{Value, json};

use crate::figure;
use crate::guide_words;
use crate::overlay::{self, Standing};

/// From where the machine is seen, as the stage gives it: an orbit and its camera, both JSON of the scene.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Seen {
    /// Pixels of the canvas, across and downwards.
    pub(crate) size_px: (u32, u32),
    /// Pixels of the canvas for one of the layout.
    pub(crate) px_scale: f64,
    /// The camera.
    pub(crate) camera: Value,
}

/// The frame of a step. `say` gives a part's own words in the person's language.
pub(crate) fn frame(shows: &[ShownPart], seen: &Seen, say: impl Fn(&ShownPart) -> String) -> Value {
    let rules: Vec<Value> =
        shows.iter().map(|shown| json!({"part": shown.part, "look": look(&shown.how)})).collect();
    let marks: Vec<Value> = shows
        .iter()
        .enumerate()
        .filter_map(|(place, shown)| callout(place + 1, shown, &say(shown)))
        .chain(shows.iter().filter_map(sign))
        .collect();
    json!({
        "width_px": seen.size_px.0,
        "height_px": seen.size_px.1,
        "px_scale": seen.px_scale,
        "camera": seen.camera,
        "background": "clear",
        "look": {"fill": "shaded", "accents": ["edges"]},
        "rules": rules,
        "marks": marks,
        // What lies over the picture: its name above, buttons at either hand.
        "insets_px": [64.0, 72.0, 24.0, 72.0],
    })
}

/// Where the camera's picture says that the machine stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OverPicture {
    /// Pixels of the canvas, across and downwards.
    pub(crate) size_px: (u32, u32),
    /// Pixels of the canvas for one of the layout.
    pub(crate) px_scale: f64,
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
}

/// An arrow round a part is no wider than this: round a large one it would lead the eye away, in metres.
const RING_MAX_M: f64 = 0.07;

/// Where a part is: its middle in the machine's frame and the radius round it, in metres.
pub(crate) type PartPlace = ([f64; 3], f64);

/// The frame of a step over the camera's picture: no more of it than is known of where the machine stands.
pub(crate) fn frame_over(
    shows: &[ShownPart],
    over: &OverPicture,
    say: impl Fn(&ShownPart) -> String,
) -> Value {
    let standing = if over.camera_from_machine.is_some() { over.standing } else { Standing::Lost };
    let pose = over.camera_from_machine.unwrap_or(Pose::IDENTITY);
    let (rules, marks) = match standing {
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
            let numbered = shows.iter().enumerate();
            let marks = numbered.filter_map(|(place, shown)| callout(place + 1, shown, &say(shown)));
            (shows.iter().filter(|shown| points(&shown.how)).map(outline).collect(), marks.collect())
        }
        Standing::Exact => {
            let rule = |shown: &ShownPart| json!({"part": shown.part, "look": look_over(&shown.how)});
            let numbered = shows.iter().enumerate();
            let callouts = numbered.filter_map(|(place, shown)| callout(place + 1, shown, &say(shown)));
            let eye_m = overlay::eye_m(&pose);
            let arrow = |shown: &ShownPart| arrow(&shown.how, over.places.get(&shown.part)?, eye_m);
            let marks = callouts.chain(shows.iter().filter_map(arrow)).chain(shows.iter().filter_map(sign));
            (shows.iter().map(rule).collect(), marks.collect())
        }
    };
    let [fx, fy, cx, cy] = over.intrinsics_px;
    let [k1, k2, p1, p2, k3] = over.distortion;
    let hidden = standing == Standing::Lost || standing == Standing::Circle;
    json!({
        "width_px": over.size_px.0,
        "height_px": over.size_px.1,
        "px_scale": over.px_scale,
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
        | ShowHow::Value { .. } => json!({"fill": "ghost", "accents": ["edges", "hatch", "outline"]}),
        ShowHow::Outline | ShowHow::Zone { .. } => json!({"fill": "occluder", "accents": ["outline"]}),
        ShowHow::XRay => json!({"fill": "ghost", "accents": ["edges", "xray", "outline"]}),
        ShowHow::Ghost => json!({"fill": "ghost", "accents": ["edges"]}),
        ShowHow::Removed => json!({"fill": "hidden", "accents": []}),
    }
}

/// Never by hue alone: what is pointed at is striped and outlined in black and white.
fn look(how: &ShowHow) -> Value {
    match how {
        ShowHow::Highlight
        | ShowHow::Move { .. }
        | ShowHow::Turn { .. }
        | ShowHow::Tighten { .. }
        | ShowHow::Value { .. } => json!({"fill": "shaded", "accents": ["edges", "highlight", "outline"]}),
        ShowHow::Outline | ShowHow::Zone { .. } => {
            json!({"fill": "shaded", "accents": ["edges", "outline"]})
        }
        ShowHow::XRay => json!({"fill": "shaded", "accents": ["edges", "xray", "outline"]}),
        ShowHow::Ghost => json!({"fill": "ghost", "accents": ["edges"]}),
        ShowHow::Removed => json!({"fill": "hidden", "accents": []}),
    }
}

/// The number of what is shown, with what is done to it and what the author wrote.
fn callout(place: usize, shown: &ShownPart, written: &str) -> Option<Value> {
    let does = match &shown.how {
        ShowHow::Ghost | ShowHow::Removed => return None,
        ShowHow::Highlight | ShowHow::Outline | ShowHow::XRay | ShowHow::Value { .. } => String::new(),
        ShowHow::Move { along_m } => {
            let length_m = along_m.iter().map(|metres| metres * metres).sum::<f64>().sqrt();
            format!("\u{2192} {} mm", figure::plain((length_m * 1_000.0).round()))
        }
        ShowHow::Turn { clockwise } => if *clockwise { "\u{21bb}" } else { "\u{21ba}" }.to_owned(),
        ShowHow::Tighten { torque_nm } => format!("\u{21bb} {} N·m", figure::plain(*torque_nm)),
        ShowHow::Zone { hazard, .. } => guide_words::hazard(*hazard).to_owned(),
    };
    let title = if written.is_empty() { &shown.part } else { written };
    Some(json!({
        "kind": "callout",
        "id": format!("{place}"),
        "anchor": {"part": shown.part},
        "badge": place.to_string(),
        "title": title,
        "detail": does,
        "tone": if matches!(shown.how, ShowHow::Zone { .. }) { "critical" } else { "accent" },
    }))
}

/// The safety sign of a zone, where the scene draws it.
fn sign(shown: &ShownPart) -> Option<Value> {
    let ShowHow::Zone { hazard, .. } = &shown.how else { return None };
    let sign = match hazard {
        Hazard::Electricity | Hazard::HotSurface | Hazard::AutomaticStart | Hazard::Crushing => hazard.sign(),
        _ => Hazard::General.sign(),
    };
    Some(json!({"kind": "safety", "anchor": {"part": shown.part}, "sign": sign}))
}

#[cfg(test)]
mod tests {
    use millwright_model::Words;

    use super::*;

    fn shown(how: ShowHow) -> ShownPart {
        ShownPart { part: "SEAL-45".into(), how, label: Words::default() }
    }

    fn framed(how: ShowHow, written: &str) -> Value {
        let seen = Seen { size_px: (640, 480), px_scale: 1.0, camera: Value::Null };
        frame(&[shown(how)], &seen, |_| written.to_owned())
    }

    #[test]
    fn what_is_pointed_at_is_outlined_and_named() {
        let frame = framed(ShowHow::Tighten { torque_nm: 45.0 }, "");
        assert_eq!(frame["rules"][0]["look"]["accents"], json!(["edges", "highlight", "outline"]));
        assert_eq!(frame["marks"][0]["title"], "SEAL-45", "where nothing is written the part says its name");
        assert_eq!(frame["marks"][0]["detail"], "\u{21bb} 45 N·m");
        assert_eq!(framed(ShowHow::Highlight, "Pull it")["marks"][0]["title"], "Pull it");
    }

    fn over(standing: Standing) -> Value {
        let over = OverPicture {
            size_px: (800, 600),
            px_scale: 1.0,
            picture_px: [640, 480],
            intrinsics_px: [500.0, 501.0, 320.0, 240.0],
            distortion: [0.1, 0.0, 0.0, 0.0, 0.0],
            camera_from_machine: Some(Pose::IDENTITY),
            standing,
            error_mm: 31.6,
            places: BTreeMap::from([("SEAL-45".to_owned(), ([0.1, 0.2, 0.3], 0.05))]),
        };
        frame_over(&[shown(ShowHow::Highlight)], &over, |_| "Pull it".to_owned())
    }

    #[test]
    fn over_the_picture_no_more_is_shown_than_is_known() {
        let exact = over(Standing::Exact);
        assert_eq!(exact["rules"][0]["look"]["fill"], "ghost", "the real part is seen through it");
        assert_eq!((&exact["look"]["fill"], &exact["background"]), (&json!("occluder"), &json!("picture")));
        assert_eq!(exact["camera"]["intrinsics"]["fy_px"], 501.0);
        let arrow = exact["marks"].as_array().unwrap().iter().find(|mark| mark["kind"] == "arrow").unwrap();
        assert!(arrow["way_m"][0][1].as_f64() > arrow["way_m"][1][1].as_f64(), "it points down at the part");
        let outline = over(Standing::Outline);
        assert_eq!(outline["rules"][0]["look"], json!({"fill": "occluder", "accents": ["outline"]}));
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

    #[test]
    fn what_was_taken_off_is_not_there_and_has_no_words() {
        let frame = framed(ShowHow::Removed, "Cover");
        assert_eq!(frame["rules"][0]["look"]["fill"], "hidden");
        assert_eq!(frame["marks"], json!([]));
    }

    #[test]
    fn a_zone_carries_its_sign_also_where_the_scene_has_none_of_its_own() {
        let zone = |hazard| framed(ShowHow::Zone { hazard, radius_m: 0.5 }, "")["marks"][1]["sign"].clone();
        assert_eq!((zone(Hazard::HotSurface), zone(Hazard::Laser)), (json!("W017"), json!("W001")));
    }
}
