//! What a step shows on the machine's model, as a frame of the scene: how parts look and what is written beside them.

use millwright_model::{Hazard, ShowHow, ShownPart};
use serde_json::{Value, json};

use crate::figure;
use crate::guide_words;

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
