//! What the screens are told, as JSON: of a model that was read, of a frame, of a point that was picked.

use millwright_scene::frame::{Motion, PartRef};
use millwright_scene::import::{ImportFault, Imported, StlReading, read};
use millwright_scene::model::{Mesh, Model, Part, PartId};
use millwright_scene::pick::Hit;
use millwright_scene::pose::{Bounds, Rig, Stance};
use serde_json::{Value, json};

/// Characters of a path; of a longer one the end is kept.
const PATH_CHARS_MAX: usize = 512;

/// What became of a frame.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    /// It is the one that is shown.
    Unchanged,
    /// It was drawn.
    Drawn {
        /// Draws.
        draws: u32,
        /// Bytes that went to the device.
        uploaded_bytes: u64,
    },
    /// The webview took the canvas's graphics away; the frame is drawn as soon as it gives them back.
    Lost,
}

impl Done {
    pub(crate) fn told(self) -> Value {
        match self {
            Self::Unchanged => json!({ "done": "unchanged" }),
            Self::Drawn { draws, uploaded_bytes } => {
                json!({ "done": "drawn", "draws": draws, "uploaded_bytes": uploaded_bytes })
            }
            Self::Lost => json!({ "done": "lost" }),
        }
    }
}

/// Reads a model that stands alone in one file.
pub(crate) fn model_of(bytes: &[u8]) -> Result<Imported, ImportFault> {
    read(bytes, "machine", &StlReading::default())
}

/// A model: its parts with their paths, what moves them, and the box around all as it rests.
pub(crate) fn model(model: &Model, notes: usize) -> Value {
    let paths = paths(model.parts());
    let parts: Vec<Value> = model
        .parts()
        .iter()
        .zip(&paths)
        .enumerate()
        .map(|(at, (part, path))| told_part(model, at, part, path))
        .collect();
    let animations = model.animations().iter().map(|animation| {
        let mut moved: Vec<&str> = animation
            .channels
            .iter()
            .filter_map(|channel| Some(model.part(channel.part)?.name.as_str()))
            .collect();
        moved.dedup();
        json!({ "name": animation.name, "duration_s": animation.duration_s(), "parts": moved })
    });
    let joints = model.joints().iter().map(|joint| json!({ "name": joint.name, "part": joint.part }));
    json!({
        "name": model.name(),
        "extras": model.extras(),
        "triangles": model.drawn_triangles(),
        "parts": parts,
        "animations": animations.collect::<Vec<_>>(),
        "joints": joints.collect::<Vec<_>>(),
        "bounds_m": bounds(model).map(|bounds| [bounds.low.to_array(), bounds.high.to_array()]),
        "left_out": notes,
    })
}

fn told_part(model: &Model, at: usize, part: &Part, path: &str) -> Value {
    json!({
        "part": PartId::at(at),
        "name": part.name,
        "path": path,
        "parent": part.parent,
        "triangles": model.mesh_of(part).map_or(0, Mesh::triangle_count),
        "extras": part.extras,
    })
}

/// The box around a model as it rests, in its own frame; nothing where nothing is seen.
pub(crate) fn bounds(model: &Model) -> Option<Bounds> {
    let (rig, mut stance) = (Rig::of(model), Stance::default());
    rig.stand(model, &Motion::default(), &mut stance);
    Some(rig.bounds(&stance)).filter(|bounds| !bounds.is_empty())
}

/// Where a part and all that hangs on it is as the machine rests; nothing where there is none, or nothing of it is seen.
pub(crate) fn place_of(model: &Model, name: &str) -> Option<Value> {
    let (rig, mut stance) = (Rig::of(model), Stance::default());
    rig.stand(model, &Motion::default(), &mut stance);
    let part = rig.part(&PartRef::Name(name.to_owned()))?;
    let middle = rig.branch_middle(part, &stance)?;
    let radius_m = rig.branch_bounds(part, &stance).radius_m();
    Some(json!({ "middle_m": middle.to_array(), "radius_m": radius_m }))
}

/// The names from the uppermost part down to each, with `/` between them.
fn paths(parts: &[Part]) -> Vec<String> {
    let mut paths: Vec<String> = Vec::with_capacity(parts.len());
    for part in parts {
        let above = part.parent.and_then(|parent| paths.get(parent.index()));
        let path = above.map_or_else(|| part.name.clone(), |above| format!("{above}/{}", part.name));
        paths.push(shortened(path));
    }
    paths
}

fn shortened(path: String) -> String {
    let too_many = path.chars().count().saturating_sub(PATH_CHARS_MAX);
    match too_many {
        0 => path,
        _ => std::iter::once('…').chain(path.chars().skip(too_many + 1)).collect(),
    }
}

/// What a finger is on.
pub(crate) fn hit(model: &Model, hit: &Hit) -> Value {
    json!({
        "part": hit.part,
        "name": model.part(hit.part).map(|part| part.name.as_str()),
        "point_m": hit.point_m,
        "normal": hit.normal,
        "distance_m": hit.distance_m,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot set up its world fails")]
mod tests {
    use super::*;

    const PUMP: &[u8] = include_bytes!("../../../assets/machines/pump.glb");

    #[test]
    fn a_model_is_told_with_its_parts_their_paths_and_what_is_known_of_them() {
        let pump = model_of(PUMP).unwrap().model;
        let told = model(&pump, 0);
        let parts = told["parts"].as_array().unwrap();
        assert_eq!(parts.len(), pump.parts().len());
        let sum: u64 = parts.iter().map(|part| part["triangles"].as_u64().unwrap()).sum();
        assert_eq!(told["triangles"].as_u64().unwrap(), sum);
        for (at, part) in parts.iter().enumerate() {
            let (path, name) = (part["path"].as_str().unwrap(), part["name"].as_str().unwrap());
            assert_eq!(part["part"].as_u64().unwrap(), at as u64);
            assert!(path == name || path.ends_with(&format!("/{name}")), "{path} and {name}");
        }
        assert!(parts.iter().any(|part| part["path"].as_str().unwrap().contains('/')), "some hang on others");
        assert!(parts.iter().any(|part| !part["extras"].as_object().unwrap().is_empty()));
        let [low, high] = [0, 1].map(|end| told["bounds_m"][end][1].as_f64().unwrap());
        assert!(low < high && high < 5.0, "{low} to {high} m");
    }

    #[test]
    fn a_part_is_told_where_it_is_with_all_that_hangs_on_it() {
        let pump = model_of(PUMP).unwrap().model;
        let place = place_of(&pump, "SEAL-45").unwrap();
        let whole = bounds(&pump).unwrap();
        for axis in 0..3 {
            let middle = place["middle_m"][axis].as_f64().unwrap() as f32;
            assert!((whole.low[axis]..=whole.high[axis]).contains(&middle), "axis {axis}: {middle}");
        }
        assert!((0.01..0.5).contains(&place["radius_m"].as_f64().unwrap()));
        assert_eq!(place_of(&pump, "no such part"), None);
    }

    #[test]
    fn of_a_path_that_is_too_long_the_end_is_kept() {
        let part = |at: u32| Part {
            name: format!("{at:0100}"),
            parent: at.checked_sub(1).map(PartId),
            ..Part::default()
        };
        let paths = paths(&(0..20).map(part).collect::<Vec<_>>());
        let last = paths.last().unwrap();
        assert_eq!(last.chars().count(), PATH_CHARS_MAX);
        assert!(last.starts_with('…') && last.ends_with("0019"), "{last}");
    }

    #[test]
    fn what_is_no_model_is_refused_by_name() {
        assert_eq!(model_of(b"").unwrap_err().to_string(), "there is nothing in the file");
        let cut = model_of(&PUMP[..PUMP.len() / 2]).unwrap_err().to_string();
        assert!(cut.contains(": "), "it says where: {cut}");
    }

    #[test]
    fn what_was_done_is_told_in_words() {
        let drawn = Done::Drawn { draws: 7, uploaded_bytes: 512 };
        assert_eq!(drawn.told().to_string(), r#"{"done":"drawn","draws":7,"uploaded_bytes":512}"#);
        assert_eq!(Done::Unchanged.told().to_string(), r#"{"done":"unchanged"}"#);
        assert_eq!(Done::Lost.told().to_string(), r#"{"done":"lost"}"#);
    }
}
