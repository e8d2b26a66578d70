//! glTF 2.0: the JSON of a file becomes a tree of parts; what hangs on it is read beside (surfaces, movements).

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use glam::{Mat4, Quat, Vec3};
use gltf::json::scene::Node;
use gltf::json::validation::{Error, Validate as _};
use gltf::json::{Index, Path, Root};

use super::accessor::Buffers;
use super::limits::{Limits, within};
use super::{ImportFault, Imported, container, gltf_motion, gltf_surface};
use crate::model::{Contents, DEPTH_MAX, Extras, MeshId, Model, Part, PartId, Pose};

/// Under this name the joints of a model stand in the extras of its scene: glTF has no joints of its own.
pub const JOINTS_KEY: &str = "joints";

/// Extensions that a file may require: what they change is read, or does not matter to what is read.
const KNOWN_EXTENSIONS: &[&str] = &[
    "KHR_mesh_quantization",
    "KHR_materials_unlit",
    "KHR_materials_specular",
    "KHR_materials_ior",
    "KHR_materials_clearcoat",
    "KHR_materials_sheen",
    "KHR_materials_emissive_strength",
    "KHR_lights_punctual",
];
/// Extensions that change the bytes themselves, and how to do without.
const REFUSED_EXTENSIONS: &[(&str, &str)] = &[
    ("KHR_draco_mesh_compression", "Export it without Draco compression."),
    ("EXT_meshopt_compression", "Export it without meshopt compression."),
    ("KHR_texture_basisu", "Export it with PNG or JPEG textures instead of KTX2."),
    ("EXT_texture_webp", "Export it with PNG or JPEG textures."),
    ("EXT_mesh_gpu_instancing", "Export it with a node for each part."),
];

/// Reads a GLB, or a glTF whose other files `outside` gives by the names that it uses.
///
/// # Errors
/// When it is damaged, uses what is not read, or is beyond the limits; the fault names the node, mesh or accessor.
pub fn read_gltf(
    bytes: &[u8],
    name: &str,
    outside: &dyn Fn(&str) -> Option<Vec<u8>>,
    limits: &Limits,
) -> Result<Imported, ImportFault> {
    let chunks = container::split(bytes, limits)?;
    let root: Root =
        serde_json::from_slice(chunks.json).map_err(|error| ImportFault::damaged("the JSON", error))?;
    look_at(&root, limits)?;
    let buffers = buffers(&root, chunks.binary, outside, limits)?;
    let mut notes = Vec::new();
    let tree = Tree::of(&root, limits)?;
    let made = gltf_surface::read(&buffers, outside, limits, &mut notes)?;
    let animations = gltf_motion::read(&buffers, &tree.part_of_node, limits, &mut notes)?;
    let scene = scene(&root);
    let mut extras = match scene.and_then(|scene| scene.extras.as_ref()) {
        Some(raw) => extras_of("the scene", raw.get(), limits.extras_bytes.saturating_mul(16))?,
        None => Extras::new(),
    };
    let joints = gltf_motion::joints(extras.remove(JOINTS_KEY))?;
    let scene_name = scene.and_then(|scene| scene.name.clone());
    let contents = Contents {
        name: scene_name.unwrap_or_else(|| name.to_owned()),
        parts: tree.parts,
        meshes: made.meshes,
        materials: made.materials,
        textures: made.textures,
        joints,
        animations,
        extras,
    };
    if contents.parts.is_empty() {
        return Err(ImportFault::Nothing);
    }
    Ok(Imported { model: Model::of(contents)?, notes })
}

/// What can be refused before anything is read.
fn look_at(root: &Root, limits: &Limits) -> Result<(), ImportFault> {
    for name in &root.extensions_required {
        let refused = REFUSED_EXTENSIONS.iter().find(|(refused, _)| refused == name);
        if refused.is_some() || !KNOWN_EXTENSIONS.contains(&name.as_str()) {
            return Err(ImportFault::Unsupported {
                at: "extensionsRequired".to_owned(),
                what: format!("the extension {}", name.chars().take(80).collect::<String>()),
                advice: refused.map_or("Export it as plain glTF 2.0.", |(_, advice)| advice),
            });
        }
    }
    within("the file", "nodes", root.nodes.len() as u64, limits.nodes as u64)?;
    within("the file", "meshes", root.meshes.len() as u64, limits.meshes as u64)?;
    within("the file", "materials", root.materials.len() as u64, limits.materials as u64)?;
    within("the file", "textures", root.textures.len() as u64, limits.textures as u64)?;
    within("the file", "animations", root.animations.len() as u64, limits.animations as u64)?;
    accessors_there(root)?;
    let mut wrong: Option<(String, Error)> = None;
    root.validate(root, Path::new, &mut |path, error| {
        // Of extensions our own list says what is read; many writers leave out the bounds, which are not used.
        let at = path().0;
        let is_bounds = error == Error::Missing && (at.ends_with(".min") || at.ends_with(".max"));
        if error != Error::Unsupported && !is_bounds && wrong.is_none() {
            wrong = Some((at, error));
        }
    });
    match wrong {
        Some((at, error)) => Err(ImportFault::damaged(at, error)),
        None => Ok(()),
    }
}

/// The library's own look takes the accessor of a position for granted and would not come back from one that is not
/// there.
fn accessors_there(root: &Root) -> Result<(), ImportFault> {
    for (index, mesh) in root.meshes.iter().enumerate() {
        for accessor in mesh.primitives.iter().flat_map(|primitive| primitive.attributes.values()) {
            if root.get(*accessor).is_none() {
                let reason = format!("accessor {} is not there", accessor.value());
                return Err(ImportFault::damaged(format!("mesh {index}"), reason));
            }
        }
    }
    Ok(())
}

fn buffers<'a>(
    root: &'a Root,
    binary: &'a [u8],
    outside: &dyn Fn(&str) -> Option<Vec<u8>>,
    limits: &Limits,
) -> Result<Buffers<'a>, ImportFault> {
    let mut bytes: Vec<Cow<'a, [u8]>> = Vec::new();
    let mut total: usize = 0;
    for (index, buffer) in root.buffers.iter().enumerate() {
        let at = format!("buffer {index}");
        let found: Cow<'a, [u8]> = match &buffer.uri {
            None if index == 0 => binary.into(),
            None => return Err(ImportFault::damaged(at, "only the first buffer may lie in the file itself")),
            Some(uri) => resolve(uri, &at, outside, limits)?.into(),
        };
        if (found.len() as u64) < buffer.byte_length.0 {
            let reason = format!("it says {} bytes and there are {}", buffer.byte_length.0, found.len());
            return Err(ImportFault::damaged(at, reason));
        }
        total = total.saturating_add(found.len());
        within(&at, "bytes of all buffers", total as u64, limits.bytes as u64)?;
        bytes.push(found);
    }
    Ok(Buffers { root, bytes })
}

/// The bytes that a URI names: its own, or those of another file.
pub(super) fn resolve(
    uri: &str,
    at: &str,
    outside: &dyn Fn(&str) -> Option<Vec<u8>>,
    limits: &Limits,
) -> Result<Vec<u8>, ImportFault> {
    let bytes = match uri.strip_prefix("data:") {
        Some(data) => {
            let (_, encoded) = data
                .split_once(";base64,")
                .ok_or_else(|| ImportFault::damaged(at, "its data URI is not in base64"))?;
            BASE64.decode(encoded).map_err(|error| ImportFault::damaged(at, error))?
        }
        None => {
            let uri = uri.chars().take(limits.name_chars).collect::<String>();
            outside(&uri).ok_or_else(|| ImportFault::Missing { at: at.to_owned(), uri })?
        }
    };
    within(at, "bytes", bytes.len() as u64, limits.bytes as u64)?;
    Ok(bytes)
}

fn scene(root: &Root) -> Option<&gltf::json::Scene> {
    root.scene.and_then(|index| root.get(index)).or_else(|| root.scenes.first())
}

/// What a node is called in a fault.
pub(super) fn node_place(index: usize, node: &Node) -> String {
    let name: String = node.name.as_deref().unwrap_or_default().chars().take(80).collect();
    format!("node {index} «{name}»")
}

pub(super) fn extras_of(at: &str, raw: &str, limit: usize) -> Result<Extras, ImportFault> {
    within(at, "bytes of extras", raw.len() as u64, limit as u64)?;
    match serde_json::from_str(raw).map_err(|error| ImportFault::damaged(at, error))? {
        serde_json::Value::Object(map) => Ok(map),
        serde_json::Value::Null => Ok(Extras::new()),
        other => Ok(Extras::from_iter([("extras".to_owned(), other)])),
    }
}

/// The nodes of the scene as parts.
struct Tree {
    parts: Vec<Part>,
    /// For each node the part it became.
    part_of_node: Vec<Option<PartId>>,
}

impl Tree {
    fn of(root: &Root, limits: &Limits) -> Result<Self, ImportFault> {
        let reached = reached(root)?;
        // In the order of the file where that has parents first, so that a model that was written reads back the same.
        let rises = reached.iter().all(|(node, parent)| parent.is_none_or(|parent| parent < *node));
        let mut order = reached;
        if rises {
            order.sort_by_key(|(node, _)| *node);
        }
        let mut tree =
            Self { parts: Vec::with_capacity(order.len()), part_of_node: vec![None; root.nodes.len()] };
        for (index, parent) in order {
            let Some(node) = root.nodes.get(index) else { continue };
            let parent = parent.and_then(|parent| tree.part_of_node.get(parent).copied().flatten());
            let id = PartId::at(tree.parts.len());
            tree.parts.push(part(index, node, parent, limits)?);
            if let Some(place) = tree.part_of_node.get_mut(index) {
                *place = Some(id);
            }
        }
        Ok(tree)
    }
}

/// The nodes that hang on the scene, each with its parent, parents first.
fn reached(root: &Root) -> Result<Vec<(usize, Option<usize>)>, ImportFault> {
    let roots: Vec<Index<Node>> = match scene(root) {
        Some(scene) => scene.nodes.clone(),
        None => {
            let mut is_child = vec![false; root.nodes.len()];
            for child in root.nodes.iter().filter_map(|node| node.children.as_ref()).flatten() {
                if let Some(mark) = is_child.get_mut(child.value()) {
                    *mark = true;
                }
            }
            let tops = is_child.iter().enumerate().filter(|(_, is_child)| !**is_child);
            tops.map(|(index, _)| Index::new(u32::try_from(index).unwrap_or(u32::MAX))).collect()
        }
    };
    let mut seen = vec![false; root.nodes.len()];
    let mut order = Vec::new();
    let mut open: Vec<(usize, Option<usize>, usize)> =
        roots.iter().rev().map(|index| (index.value(), None, 1)).collect();
    while let Some((index, parent, depth)) = open.pop() {
        let Some(node) = root.nodes.get(index) else {
            return Err(ImportFault::damaged("the scene", format!("node {index} is not there")));
        };
        let at = || node_place(index, node);
        if std::mem::replace(seen.get_mut(index).unwrap_or(&mut false), true) {
            return Err(ImportFault::damaged(at(), "it hangs on more than one node"));
        }
        within(&at(), "nodes above each other", depth as u64, DEPTH_MAX as u64)?;
        order.push((index, parent));
        let children = node.children.iter().flatten().rev();
        open.extend(children.map(|child| (child.value(), Some(index), depth + 1)));
        // Each node is taken once, so that more than that waiting is a node named twice.
        within(&at(), "nodes that hang on each other", open.len() as u64, root.nodes.len() as u64)?;
    }
    Ok(order)
}

fn part(index: usize, node: &Node, parent: Option<PartId>, limits: &Limits) -> Result<Part, ImportFault> {
    let at = || node_place(index, node);
    if node.skin.is_some() {
        return Err(ImportFault::Unsupported {
            at: at(),
            what: "a skin".to_owned(),
            advice: "Export rigid parts: each on a node of its own.",
        });
    }
    let name = node.name.clone().unwrap_or_else(|| format!("node {index}"));
    limits.name(&format!("node {index}"), &name)?;
    let extras = match &node.extras {
        Some(raw) => extras_of(&at(), raw.get(), limits.extras_bytes)?,
        None => Extras::new(),
    };
    let mesh = node.mesh.map(|mesh| MeshId::at(mesh.value()));
    Ok(Part { name, parent, parent_from_part: pose(node, &at)?, mesh, extras })
}

fn pose(node: &Node, at: &dyn Fn() -> String) -> Result<Pose, ImportFault> {
    if let Some(matrix) = &node.matrix {
        return Pose::of_matrix(&Mat4::from_cols_array(matrix)).ok_or_else(|| ImportFault::Unsupported {
            at: at(),
            what: "a matrix that shears or flattens".to_owned(),
            advice: "Export it with translation, rotation and scale.",
        });
    }
    let rotation = node.rotation.map_or(Quat::IDENTITY, |rotation| Quat::from_array(rotation.0));
    let length = rotation.length();
    if !(0.5..2.0).contains(&length) {
        return Err(ImportFault::damaged(at(), "its rotation is no unit quaternion"));
    }
    let is_unit = (length - 1.0).abs() < 1e-5;
    Ok(Pose {
        translation: node.translation.map_or(Vec3::ZERO, Vec3::from),
        rotation: if is_unit { rotation } else { rotation / length },
        scale: node.scale.map_or(Vec3::ONE, Vec3::from),
    })
}
