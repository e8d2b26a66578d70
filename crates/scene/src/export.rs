//! A model as a GLB file (glTF 2.0) that reads back equal, byte for byte the same wherever it is written.

use std::collections::HashMap;
use std::io::Cursor;

use glam::{Quat, Vec3};
use image::{ExtendedColorType, ImageEncoder as _};
use serde::ser::{Serialize, SerializeMap as _, SerializeSeq as _, Serializer};
use serde_json::{Map, Number, Value, json};

use crate::import::{JOINTS_KEY, WrittenJoint};
use crate::model::{Alpha, Animation, Keys, Material, Model, Part, Pose, SplineKey, Surface, Track};

/// Component types and targets of glTF 2.0.
const FLOAT: u32 = 5126;
const UNSIGNED_SHORT: u32 = 5123;
const UNSIGNED_INT: u32 = 5125;
const ARRAY_BUFFER: u32 = 34_962;
const ELEMENT_ARRAY_BUFFER: u32 = 34_963;

/// Why a model is not written.
#[derive(Debug, thiserror::Error)]
pub enum ExportFault {
    /// A texture is no PNG.
    #[error("texture {index} cannot be written as PNG")]
    Texture {
        /// Its place.
        index: usize,
        /// Why.
        #[source]
        source: image::ImageError,
    },
    /// The description is no JSON.
    #[error("the description cannot be written as JSON")]
    Json(#[from] serde_json::Error),
    /// A GLB counts its bytes in 32 bits.
    #[error("{bytes} bytes are more than a GLB holds")]
    TooLarge {
        /// How many.
        bytes: usize,
    },
}

/// Writes a model as GLB.
///
/// # Errors
/// When a texture cannot be packed, or it is larger than a GLB can be.
pub fn to_glb(model: &Model) -> Result<Vec<u8>, ExportFault> {
    let mut writer = Writer::default();
    let textures = writer.textures(model)?;
    let meshes: Vec<Value> = model
        .meshes()
        .iter()
        .map(|mesh| {
            let primitives: Vec<Value> =
                mesh.surfaces.iter().map(|surface| writer.surface(surface)).collect();
            json!({ "name": mesh.name, "primitives": primitives })
        })
        .collect();
    let animations: Vec<Value> =
        model.animations().iter().map(|animation| writer.animation(animation)).collect();
    let mut extras = model.extras().clone();
    if !model.joints().is_empty() {
        let joints: Vec<WrittenJoint> = model.joints().iter().map(WrittenJoint::from).collect();
        extras.insert(JOINTS_KEY.to_owned(), serde_json::to_value(joints)?);
    }
    let tops = model.parts().iter().enumerate().filter(|(_, part)| part.parent.is_none());
    let mut scene =
        json!({ "name": model.name(), "nodes": tops.map(|(index, _)| index).collect::<Vec<_>>() });
    put(&mut scene, "extras", (!extras.is_empty()).then_some(Value::Object(extras)));
    let mut root = json!({
        "asset": { "version": "2.0", "generator": "millwright-scene" },
        "scene": 0,
        "scenes": [scene],
        "nodes": nodes(model),
        "buffers": [{ "byteLength": writer.bytes.len() }],
    });
    let lists = [
        ("meshes", meshes),
        ("animations", animations),
        ("materials", model.materials().iter().map(material).collect()),
        ("images", textures.images),
        ("textures", textures.textures),
        ("accessors", writer.accessors),
        ("bufferViews", writer.views),
    ];
    for (name, list) in lists {
        put(&mut root, name, (!list.is_empty()).then_some(Value::Array(list)));
    }
    packed(serde_json::to_vec(&Sorted(&root))?, writer.bytes)
}

fn packed(mut json: Vec<u8>, mut binary: Vec<u8>) -> Result<Vec<u8>, ExportFault> {
    json.resize(json.len().next_multiple_of(4), b' ');
    binary.resize(binary.len().next_multiple_of(4), 0);
    let bytes = 12 + 8 + json.len() + 8 + binary.len();
    let length = |bytes: usize| {
        u32::try_from(bytes).map(u32::to_le_bytes).map_err(|_more| ExportFault::TooLarge { bytes })
    };
    let mut file = Vec::with_capacity(bytes);
    file.extend(b"glTF");
    file.extend(2_u32.to_le_bytes());
    file.extend(length(bytes)?);
    for (kind, chunk) in [(b"JSON", json), (b"BIN\0", binary)] {
        file.extend(length(chunk.len())?);
        file.extend(kind);
        file.extend(chunk);
    }
    Ok(file)
}

fn nodes(model: &Model) -> Vec<Value> {
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); model.parts().len()];
    for (index, part) in model.parts().iter().enumerate() {
        if let Some(list) = part.parent.and_then(|parent| children.get_mut(parent.index())) {
            list.push(index);
        }
    }
    model.parts().iter().zip(children).map(|(part, children)| node(part, children)).collect()
}

fn node(part: &Part, children: Vec<usize>) -> Value {
    let mut node = json!({ "name": part.name });
    let Pose { translation, rotation, scale } = part.parent_from_part;
    put(&mut node, "translation", (translation != Vec3::ZERO).then(|| numbers(&translation.to_array())));
    put(&mut node, "rotation", (rotation != Quat::IDENTITY).then(|| numbers(&rotation.to_array())));
    put(&mut node, "scale", (scale != Vec3::ONE).then(|| numbers(&scale.to_array())));
    put(&mut node, "mesh", part.mesh.map(|mesh| json!(mesh.0)));
    put(&mut node, "children", (!children.is_empty()).then(|| json!(children)));
    put(&mut node, "extras", (!part.extras.is_empty()).then(|| Value::Object(part.extras.clone())));
    node
}

fn material(material: &Material) -> Value {
    let mut look = json!({
        "baseColorFactor": numbers(&material.base_color),
        "metallicFactor": number(material.metallic),
        "roughnessFactor": number(material.roughness),
    });
    put(&mut look, "baseColorTexture", material.texture.map(|texture| json!({ "index": texture.0 })));
    let (mode, cutoff) = match material.alpha {
        Alpha::Opaque => ("OPAQUE", None),
        Alpha::Mask(cutoff) => ("MASK", Some(number(cutoff))),
        Alpha::Blend => ("BLEND", None),
    };
    let mut written = json!({
        "name": material.name,
        "pbrMetallicRoughness": look,
        "alphaMode": mode,
        "doubleSided": material.double_sided,
    });
    put(&mut written, "alphaCutoff", cutoff);
    written
}

#[derive(Default)]
struct Writer {
    bytes: Vec<u8>,
    views: Vec<Value>,
    accessors: Vec<Value>,
    /// What movements share, many screws the same times and turns, by shape and bytes.
    shared: HashMap<(String, Vec<u8>), usize>,
}

#[derive(Default)]
struct Pictures {
    images: Vec<Value>,
    textures: Vec<Value>,
}

impl Writer {
    fn textures(&mut self, model: &Model) -> Result<Pictures, ExportFault> {
        let mut pictures = Pictures::default();
        for (index, texture) in model.textures().iter().enumerate() {
            let mut png = Cursor::new(Vec::new());
            let encoder = image::codecs::png::PngEncoder::new_with_quality(
                &mut png,
                image::codecs::png::CompressionType::Best,
                image::codecs::png::FilterType::Adaptive,
            );
            encoder
                .write_image(&texture.rgba, texture.width_px, texture.height_px, ExtendedColorType::Rgba8)
                .map_err(|source| ExportFault::Texture { index, source })?;
            let view = self.view(png.get_ref(), None);
            pictures
                .images
                .push(json!({ "name": texture.name, "mimeType": "image/png", "bufferView": view }));
            pictures.textures.push(json!({ "source": index }));
        }
        Ok(pictures)
    }

    fn surface(&mut self, surface: &Surface) -> Value {
        let positions = surface.positions.iter().map(|vector| vector.to_array());
        let (low, high) =
            surface.positions.iter().fold((Vec3::INFINITY, Vec3::NEG_INFINITY), |(low, high), point| {
                (low.min(*point), high.max(*point))
            });
        let mut attributes = json!({ "POSITION": self.floats(positions, "VEC3", Some(ARRAY_BUFFER)) });
        if let Some(Value::Object(accessor)) = self.accessors.last_mut() {
            accessor.insert("min".to_owned(), numbers(&low.to_array()));
            accessor.insert("max".to_owned(), numbers(&high.to_array()));
        }
        let normals = surface.normals.iter().map(|vector| vector.to_array());
        let normals = self.floats(normals, "VEC3", Some(ARRAY_BUFFER));
        put(&mut attributes, "NORMAL", Some(json!(normals)));
        if !surface.uvs.is_empty() {
            let uvs = self.floats(surface.uvs.iter().map(|uv| uv.to_array()), "VEC2", Some(ARRAY_BUFFER));
            put(&mut attributes, "TEXCOORD_0", Some(json!(uvs)));
        }
        let mut primitive = json!({ "attributes": attributes, "indices": self.indices(surface), "mode": 4 });
        put(&mut primitive, "material", surface.material.map(|material| json!(material.0)));
        primitive
    }

    fn indices(&mut self, surface: &Surface) -> usize {
        let corners = surface.triangles.iter().flatten();
        let is_short = surface.positions.len() < usize::from(u16::MAX);
        let bytes: Vec<u8> = match is_short {
            true => corners.flat_map(|corner| (*corner as u16).to_le_bytes()).collect(),
            false => corners.flat_map(|corner| corner.to_le_bytes()).collect(),
        };
        let component = if is_short { UNSIGNED_SHORT } else { UNSIGNED_INT };
        let view = self.view(&bytes, Some(ELEMENT_ARRAY_BUFFER));
        self.accessor(view, surface.triangles.len() * 3, component, "SCALAR")
    }

    fn animation(&mut self, animation: &Animation) -> Value {
        let mut samplers = Vec::new();
        let mut channels = Vec::new();
        for channel in &animation.channels {
            let times = self.shared_floats(channel.track.times_s().iter().map(|time_s| [*time_s]), "SCALAR");
            if let (Some(Value::Object(accessor)), [first, .., last] | [first @ last]) =
                (self.accessors.get_mut(times), channel.track.times_s())
            {
                accessor.insert("min".to_owned(), numbers(&[*first]));
                accessor.insert("max".to_owned(), numbers(&[*last]));
            }
            let (path, interpolation, output) = match &channel.track {
                Track::Translation { keys, .. } => {
                    let (how, values) = laid_out(keys, Vec3::to_array);
                    ("translation", how, self.shared_floats(values.into_iter(), "VEC3"))
                }
                Track::Scale { keys, .. } => {
                    let (how, values) = laid_out(keys, Vec3::to_array);
                    ("scale", how, self.shared_floats(values.into_iter(), "VEC3"))
                }
                Track::Rotation { keys, .. } => {
                    let (how, values) = laid_out(keys, |turn: &Quat| turn.to_array());
                    ("rotation", how, self.shared_floats(values.into_iter(), "VEC4"))
                }
            };
            channels.push(json!({
                "sampler": samplers.len(),
                "target": { "node": channel.part.0, "path": path },
            }));
            samplers.push(json!({ "input": times, "interpolation": interpolation, "output": output }));
        }
        json!({ "name": animation.name, "channels": channels, "samplers": samplers })
    }

    fn floats<const N: usize>(
        &mut self,
        elements: impl ExactSizeIterator<Item = [f32; N]>,
        shape: &str,
        target: Option<u32>,
    ) -> usize {
        let count = elements.len();
        let bytes: Vec<u8> = elements.flatten().flat_map(f32::to_le_bytes).collect();
        let view = self.view(&bytes, target);
        self.accessor(view, count, FLOAT, shape)
    }

    fn shared_floats<const N: usize>(
        &mut self,
        elements: impl ExactSizeIterator<Item = [f32; N]> + Clone,
        shape: &str,
    ) -> usize {
        let bytes: Vec<u8> = elements.clone().flatten().flat_map(f32::to_le_bytes).collect();
        let key = (shape.to_owned(), bytes);
        if let Some(known) = self.shared.get(&key) {
            return *known;
        }
        let accessor = self.floats(elements, shape, None);
        self.shared.insert(key, accessor);
        accessor
    }

    fn view(&mut self, bytes: &[u8], target: Option<u32>) -> usize {
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
        let mut view = json!({ "buffer": 0, "byteOffset": self.bytes.len(), "byteLength": bytes.len() });
        put(&mut view, "target", target.map(|target| json!(target)));
        self.bytes.extend(bytes);
        self.views.push(view);
        self.views.len() - 1
    }

    fn accessor(&mut self, view: usize, count: usize, component: u32, shape: &str) -> usize {
        let accessor =
            json!({ "bufferView": view, "count": count, "componentType": component, "type": shape });
        self.accessors.push(accessor);
        self.accessors.len() - 1
    }
}

/// Keys in the order of glTF, and how that calls them.
fn laid_out<V, const N: usize>(
    keys: &Keys<V>,
    array: impl Fn(&V) -> [f32; N],
) -> (&'static str, Vec<[f32; N]>) {
    match keys {
        Keys::Step(keys) => ("STEP", keys.iter().map(array).collect()),
        Keys::Linear(keys) => ("LINEAR", keys.iter().map(array).collect()),
        Keys::Spline(keys) => {
            let three = |key: &SplineKey<V>| [array(&key.arriving), array(&key.value), array(&key.leaving)];
            ("CUBICSPLINE", keys.iter().flat_map(three).collect())
        }
    }
}

fn put(object: &mut Value, key: &str, value: Option<Value>) {
    if let (Value::Object(map), Some(value)) = (object, value) {
        map.insert(key.to_owned(), value);
    }
}

fn numbers(numbers: &[f32]) -> Value {
    Value::Array(numbers.iter().copied().map(number).collect())
}

/// The shortest decimal that reads back as the same 32 bits. A model has finite numbers only.
fn number(number: f32) -> Value {
    let short =
        number.to_string().parse::<f64>().ok().filter(|short| (*short as f32).to_bits() == number.to_bits());
    Number::from_f64(short.unwrap_or(f64::from(number))).map_or(Value::Null, Value::Number)
}

/// JSON with its keys in order, whatever order the map keeps.
struct Sorted<'a>(&'a Value);

impl Serialize for Sorted<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(map) => sorted_map(map, serializer),
            Value::Array(list) => {
                let mut sequence = serializer.serialize_seq(Some(list.len()))?;
                for value in list {
                    sequence.serialize_element(&Sorted(value))?;
                }
                sequence.end()
            }
            plain @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
                plain.serialize(serializer)
            }
        }
    }
}

fn sorted_map<S: Serializer>(map: &Map<String, Value>, serializer: S) -> Result<S::Ok, S::Error> {
    let mut entries: Vec<(&String, &Value)> = map.iter().collect();
    entries.sort_by_key(|(key, _)| *key);
    let mut written = serializer.serialize_map(Some(entries.len()))?;
    for (key, value) in entries {
        written.serialize_entry(key, &Sorted(value))?;
    }
    written.end()
}
