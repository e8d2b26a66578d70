//! A step on the machine's model as a frame of the scene: how parts look and what is written beside them.

use std::collections::BTreeMap;

use millwright_model::{Hazard, ShowHow, ShownPart, TagBindingId, TagCondition};
use serde_json::{Value, json};

/// What a frame is drawn on.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Canvas {
    /// Its pixels, across and downwards.
    pub size_px: (u32, u32),
    /// Its pixels for one of the layout.
    pub px_scale: f64,
    /// Whether edges are smoothed: it takes about twice as long.
    pub is_smooth: bool,
}

/// From where the machine is seen, as the stage gives it: an orbit and its camera, both JSON of the scene.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// What is drawn on.
    pub canvas: Canvas,
    /// The camera.
    pub camera: Value,
    /// Movements that are under way or done, as the scene has them.
    pub played: Value,
    /// How far the machine is pulled apart, 0 to 1.
    pub exploded: f64,
    /// Where it is cut open, as the scene has it.
    pub sections: Value,
    /// What is kept free of texts at the edges, for what lies over the picture: top, right, bottom, left, in pixels of the
    /// layout.
    pub insets_px: [f64; 4],
    /// Where the parts that are shown rest: the middle in the machine's frame and the radius round it, in metres.
    pub places: BTreeMap<String, PartPlace>,
}

/// A live value as it stands on a part.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownValue {
    /// What is measured.
    pub title: String,
    /// The value with its unit.
    pub value: String,
    /// How old it is.
    pub age: String,
    /// How it stands.
    pub condition: TagCondition,
}

/// What words stand beside what is shown.
pub struct Telling<'t> {
    /// A part's own words in the person's language.
    pub say: &'t dyn Fn(&ShownPart) -> String,
    /// The live value of a tag; nothing where the machine has no such tag.
    pub value: &'t dyn Fn(TagBindingId) -> Option<ShownValue>,
    /// A number as people read it.
    pub number: &'t dyn Fn(f64) -> String,
    /// What can hurt, in words.
    pub hazard: &'t dyn Fn(Hazard) -> String,
}

/// The frame of a step.
pub fn frame(shows: &[ShownPart], seen: &Seen, telling: &Telling<'_>) -> Value {
    let rules: Vec<Value> =
        shows.iter().map(|shown| json!({"part": shown.part, "look": look(&shown.how)})).collect();
    let marks: Vec<Value> = callouts(shows, telling)
        .chain(shows.iter().filter_map(|shown| zone(shown, seen.places.get(&shown.part)?)))
        .chain(shows.iter().filter_map(sign))
        .collect();
    json!({
        "width_px": seen.canvas.size_px.0,
        "height_px": seen.canvas.size_px.1,
        "px_scale": seen.canvas.px_scale,
        "is_smooth": seen.canvas.is_smooth,
        "camera": seen.camera,
        "background": "clear",
        "motion": {"played": seen.played, "exploded": seen.exploded},
        "sections": seen.sections,
        "look": {"fill": "shaded", "accents": ["edges"]},
        "rules": rules,
        "marks": marks,
        "insets_px": seen.insets_px,
    })
}

/// Where a part is: its middle in the machine's frame and the radius round it, in metres.
pub type PartPlace = ([f64; 3], f64);

/// Never by hue alone: what is pointed at is striped and outlined in black and white.
fn look(how: &ShowHow) -> Value {
    match how {
        ShowHow::Highlight
        | ShowHow::Move { .. }
        | ShowHow::Turn { .. }
        | ShowHow::Tighten { .. }
        | ShowHow::Play { .. } => json!({"fill": "shaded", "accents": ["edges", "highlight", "outline"]}),
        ShowHow::Outline | ShowHow::PutBack | ShowHow::Zone { .. } | ShowHow::Value { .. } => {
            json!({"fill": "shaded", "accents": ["edges", "outline"]})
        }
        ShowHow::XRay => json!({"fill": "shaded", "accents": ["edges", "xray", "outline"]}),
        ShowHow::Ghost => json!({"fill": "ghost", "accents": ["edges"]}),
        ShowHow::Removed => json!({"fill": "hidden", "accents": []}),
    }
}

/// What stands beside every part that is shown: a number and words, or a live value.
pub fn callouts<'t>(shows: &'t [ShownPart], telling: &'t Telling<'_>) -> impl Iterator<Item = Value> + 't {
    shows.iter().enumerate().filter_map(|(place, shown)| match &shown.how {
        ShowHow::Value { tag_binding_id } => live(place + 1, shown, (telling.value)(*tag_binding_id)?),
        // A part that is shown twice, as by two movements, has one callout unless the second says something of its own.
        _ if shows.iter().take(place).any(|before| is_same(before, shown))
            && (telling.say)(shown).is_empty() =>
        {
            None
        }
        _ => callout(place + 1, shown, telling),
    })
}

fn is_same(before: &ShownPart, shown: &ShownPart) -> bool {
    before.part == shown.part && std::mem::discriminant(&before.how) == std::mem::discriminant(&shown.how)
}

/// A live value with its age: what is not known to be good never looks good.
fn live(place: usize, shown: &ShownPart, value: ShownValue) -> Option<Value> {
    let trust = match value.condition {
        TagCondition::Normal | TagCondition::Unusual | TagCondition::BeyondLimit => "good",
        TagCondition::Stale | TagCondition::Silent => "stale",
        TagCondition::NotGood => "bad",
    };
    Some(json!({
        "kind": "label",
        "id": format!("{place}"),
        "anchor": {"part": shown.part},
        "title": value.title,
        "value": value.value,
        "age": value.age,
        "trust": trust,
    }))
}

/// The room in which something can hurt.
pub fn zone(shown: &ShownPart, (middle_m, _): &PartPlace) -> Option<Value> {
    let ShowHow::Zone { radius_m, .. } = &shown.how else { return None };
    Some(json!({"kind": "zone", "shape": {"sphere": {"middle_m": middle_m, "radius_m": radius_m}}}))
}

/// The number of what is shown, with what is done to it and what the author wrote.
fn callout(place: usize, shown: &ShownPart, telling: &Telling<'_>) -> Option<Value> {
    let does = match &shown.how {
        ShowHow::Ghost | ShowHow::Removed | ShowHow::Value { .. } => return None,
        ShowHow::Highlight | ShowHow::Outline | ShowHow::XRay | ShowHow::Play { .. } | ShowHow::PutBack => {
            String::new()
        }
        ShowHow::Move { along_m } => {
            let length_m = along_m.iter().map(|metres| metres * metres).sum::<f64>().sqrt();
            format!("\u{2192} {} mm", (telling.number)((length_m * 1_000.0).round()))
        }
        ShowHow::Turn { clockwise } => if *clockwise { "\u{21bb}" } else { "\u{21ba}" }.to_owned(),
        ShowHow::Tighten { torque_nm } => format!("\u{21bb} {} N·m", (telling.number)(*torque_nm)),
        ShowHow::Zone { hazard, .. } => (telling.hazard)(*hazard),
    };
    let written = (telling.say)(shown);
    let title = if written.is_empty() { &shown.part } else { &written };
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
pub fn sign(shown: &ShownPart) -> Option<Value> {
    let ShowHow::Zone { hazard, .. } = &shown.how else { return None };
    let sign = match hazard {
        Hazard::Electricity | Hazard::HotSurface | Hazard::AutomaticStart | Hazard::Crushing => hazard.sign(),
        _ => Hazard::General.sign(),
    };
    Some(json!({"kind": "safety", "anchor": {"part": shown.part}, "sign": sign}))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot set up its world fails")]
mod tests {
    use millwright_model::Words;

    use super::*;

    fn shown(how: ShowHow) -> ShownPart {
        ShownPart { part: "SEAL-45".into(), how, label: Words::default() }
    }

    fn framed(how: ShowHow, written: &str) -> Value {
        let seen = Seen {
            canvas: Canvas { size_px: (640, 480), px_scale: 1.0, is_smooth: true },
            camera: Value::Null,
            played: json!([]),
            exploded: 0.0,
            sections: json!([]),
            insets_px: [0.0; 4],
            places: BTreeMap::from([("SEAL-45".to_owned(), ([0.1, 0.2, 0.3], 0.05))]),
        };
        let value = |_| {
            Some(ShownValue {
                title: "Pressure".into(),
                value: "0.0 bar".into(),
                age: "1 s ago".into(),
                condition: TagCondition::Stale,
            })
        };
        frame(
            &[shown(how)],
            &seen,
            &Telling {
                say: &|_| written.to_owned(),
                value: &value,
                number: &|number| number.to_string(),
                hazard: &|hazard| format!("{hazard:?}"),
            },
        )
    }

    #[test]
    fn a_live_value_stands_on_its_part_with_its_age_and_a_stale_one_does_not_look_good() {
        let frame = framed(ShowHow::Value { tag_binding_id: TagBindingId::default() }, "");
        let label = &frame["marks"][0];
        assert_eq!((&label["kind"], &label["value"]), (&json!("label"), &json!("0.0 bar")));
        assert_eq!((&label["age"], &label["trust"]), (&json!("1 s ago"), &json!("stale")));
    }

    #[test]
    fn a_zone_is_a_room_around_its_part() {
        let frame = framed(ShowHow::Zone { hazard: Hazard::Crushing, radius_m: 0.5 }, "");
        let zone = frame["marks"].as_array().unwrap().iter().find(|mark| mark["kind"] == "zone").unwrap();
        assert_eq!(zone["shape"]["sphere"], json!({"middle_m": [0.1, 0.2, 0.3], "radius_m": 0.5}));
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
        let zone = |hazard| framed(ShowHow::Zone { hazard, radius_m: 0.5 }, "")["marks"][2]["sign"].clone();
        assert_eq!((zone(Hazard::HotSurface), zone(Hazard::Laser)), (json!("W017"), json!("W001")));
    }
}
