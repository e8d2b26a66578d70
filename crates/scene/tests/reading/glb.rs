//! GLB and glTF: what is taken, and what is refused with its place.

use base64::Engine as _;
use millwright_scene::import::{ImportFault, Imported, Limits, Note, read_gltf};
use millwright_scene::to_glb;
use serde_json::{Value, json};

use crate::plate_with_bolt;

/// Three corners, then three indices of 16 bits.
fn triangle_bytes() -> Vec<u8> {
    let corners = [0.0_f32, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0];
    let mut bytes: Vec<u8> = corners.iter().flat_map(|number| number.to_le_bytes()).collect();
    bytes.extend([0_u16, 1, 2, 0].iter().flat_map(|index| index.to_le_bytes()));
    bytes
}

/// A file with one triangle on one node, to be spoilt.
fn triangle() -> Value {
    let bytes = triangle_bytes();
    let data = base64::engine::general_purpose::STANDARD.encode(&bytes);
    json!({
        "asset": { "version": "2.0" },
        "scene": 0,
        "scenes": [{ "nodes": [0] }],
        "nodes": [{ "name": "cover", "mesh": 0 }],
        "meshes": [{ "name": "lid", "primitives": [{ "attributes": { "POSITION": 0 }, "indices": 1 }] }],
        "accessors": [
            { "bufferView": 0, "count": 3, "componentType": 5126, "type": "VEC3" },
            { "bufferView": 1, "count": 3, "componentType": 5123, "type": "SCALAR" },
        ],
        "bufferViews": [
            { "buffer": 0, "byteOffset": 0, "byteLength": 36 },
            { "buffer": 0, "byteOffset": 36, "byteLength": 8 },
        ],
        "buffers": [{ "byteLength": 44, "uri": format!("data:application/octet-stream;base64,{data}") }],
    })
}

fn read(file: &Value) -> Result<Imported, ImportFault> {
    read_gltf(file.to_string().as_bytes(), "file", &|_uri| None, &Limits::default())
}

/// What is said of the file after a change.
fn says(change: impl FnOnce(&mut Value)) -> String {
    let mut file = triangle();
    change(&mut file);
    read(&file).unwrap_err().to_string()
}

#[test]
fn a_triangle_without_normals_gets_one_that_stands_on_it() {
    let model = read(&triangle()).unwrap().model;
    let surface = &model.meshes()[0].surfaces[0];
    assert_eq!(surface.normals, vec![glam::Vec3::Z; 3]);
    assert_eq!(model.parts()[0].name, "cover");
}

#[test]
fn what_is_packed_is_refused_by_its_name_with_a_way_out() {
    for (name, advice) in [
        ("KHR_draco_mesh_compression", "without Draco"),
        ("KHR_texture_basisu", "instead of KTX2"),
        ("EXT_meshopt_compression", "without meshopt"),
        ("ACME_secret", "plain glTF 2.0"),
    ] {
        let said = says(|file| file["extensionsRequired"] = json!([name]));
        assert!(said.contains(name) && said.contains(advice), "{said}");
    }
}

#[test]
fn a_sparse_accessor_is_refused_where_it_is_used() {
    let said = says(|file| {
        file["accessors"][0]["sparse"] = json!({
            "count": 1,
            "indices": { "bufferView": 1, "componentType": 5123 },
            "values": { "bufferView": 0 },
        });
    });
    assert_eq!(
        said,
        "mesh 0 «lid», primitive 0, accessor 0: a sparse accessor is not read here. Export it without sparse accessors."
    );
}

#[test]
fn a_corner_that_is_not_there_is_named_with_its_mesh() {
    let said = says(|file| {
        file["accessors"][0]["count"] = json!(2);
    });
    assert_eq!(said, "mesh 0 «lid», primitive 0: corner 2 is not there: it has 2");
}

#[test]
fn an_accessor_beyond_its_view_is_named() {
    let said = says(|file| file["accessors"][0]["byteOffset"] = json!(8));
    assert_eq!(said, "mesh 0 «lid», primitive 0, accessor 0: it reaches beyond its buffer view");
    let said = says(|file| file["accessors"][0]["count"] = json!(u64::MAX));
    assert!(said.ends_with("it reaches beyond its buffer view"), "{said}");
}

#[test]
fn an_accessor_that_is_not_there_is_named_with_its_mesh() {
    let said = says(|file| file["accessors"] = json!([]));
    assert_eq!(said, "mesh 0: accessor 0 is not there");
}

#[test]
fn a_position_that_is_no_number_is_refused() {
    let mut bytes = triangle_bytes();
    bytes[4..8].copy_from_slice(&f32::NAN.to_le_bytes());
    let data = base64::engine::general_purpose::STANDARD.encode(&bytes);
    let said = says(|file| {
        file["buffers"][0]["uri"] = json!(format!("data:;base64,{data}"));
        file["accessors"][1]["count"] = json!(3);
        file["meshes"][0]["primitives"][0]["attributes"]["NORMAL"] = json!(0);
    });
    assert_eq!(said, "mesh 0 «lid», surface 0: a corner is not a finite number");
}

#[test]
fn a_node_that_hangs_on_itself_is_refused() {
    let said = says(|file| file["nodes"][0]["children"] = json!([0]));
    assert!(said.contains("hangs on more than one node"), "{said}");
}

#[test]
fn nodes_lie_in_each_other_only_so_deep() {
    let said = says(|file| {
        let nodes: Vec<Value> = (0..100).map(|index| json!({ "children": [index + 1] })).collect();
        file["nodes"] = json!(nodes);
        file["nodes"][99] = json!({ "name": "last" });
    });
    assert!(said.contains("nodes above each other; at most 64"), "{said}");
}

#[test]
fn a_sheared_node_a_skin_and_a_morph_target_are_refused() {
    let sheared = [1.0, 0.0, 0.0, 0.0, 0.5, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0];
    let said = says(|file| file["nodes"][0]["matrix"] = json!(sheared));
    assert!(said.starts_with("node 0 «cover»: a matrix that shears or flattens"), "{said}");
    let said = says(|file| {
        file["skins"] = json!([{ "joints": [0] }]);
        file["nodes"][0]["skin"] = json!(0);
    });
    assert!(said.starts_with("node 0 «cover»: a skin"), "{said}");
    let said = says(|file| file["meshes"][0]["primitives"][0]["targets"] = json!([{ "POSITION": 0 }]));
    assert!(said.contains("a morph target"), "{said}");
}

#[test]
fn lines_are_left_out_and_noted() {
    let mut file = triangle();
    let lines = json!({ "attributes": { "POSITION": 0 }, "mode": 1 });
    file["meshes"][0]["primitives"].as_array_mut().unwrap().push(lines);
    let imported = read(&file).unwrap();
    assert_eq!(imported.notes, [Note::NoSurface { at: "mesh 0 «lid», primitive 1".into() }]);
}

#[test]
fn a_strip_and_a_fan_become_triangles_that_face_the_same_way() {
    for (mode, around) in [(5, [0_u16, 1, 2, 3]), (6, [0, 1, 3, 2])] {
        let corners = [0.0_f32, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0];
        let mut bytes: Vec<u8> = corners.iter().flat_map(|number| number.to_le_bytes()).collect();
        bytes.extend(around.iter().flat_map(|index| index.to_le_bytes()));
        let mut file = triangle();
        file["buffers"] = json!([{ "byteLength": 56, "uri": "square.bin" }]);
        file["bufferViews"][0]["byteLength"] = json!(48);
        file["bufferViews"][1]["byteOffset"] = json!(48);
        file["accessors"][0]["count"] = json!(4);
        file["accessors"][1]["count"] = json!(4);
        file["meshes"][0]["primitives"][0]["mode"] = json!(mode);
        let given = |_: &str| Some(bytes.clone());
        let model = read_gltf(file.to_string().as_bytes(), "", &given, &Limits::default()).unwrap().model;
        let surface = &model.meshes()[0].surfaces[0];
        assert_eq!(surface.normals, vec![glam::Vec3::Z; 6], "mode {mode}");
    }
}

#[test]
fn another_file_is_asked_for_by_its_name() {
    let mut file = triangle();
    file["buffers"][0]["uri"] = json!("cover.bin");
    assert_eq!(
        read(&file).unwrap_err().to_string(),
        "buffer 0: the file «cover.bin» that belongs to it was not given"
    );
    let given = |uri: &str| (uri == "cover.bin").then(triangle_bytes);
    let model = read_gltf(file.to_string().as_bytes(), "file", &given, &Limits::default()).unwrap().model;
    assert_eq!(model.drawn_triangles(), 1);
}

#[test]
fn too_many_bytes_nodes_and_triangles_are_refused_before_they_are_read() {
    let file = triangle().to_string();
    let limits = Limits { bytes: 10, ..Limits::default() };
    assert!(matches!(
        read_gltf(file.as_bytes(), "", &|_| None, &limits),
        Err(ImportFault::TooMany { what: "bytes", .. })
    ));
    let limits = Limits { nodes: 0, ..Limits::default() };
    assert!(matches!(
        read_gltf(file.as_bytes(), "", &|_| None, &limits),
        Err(ImportFault::TooMany { what: "nodes", .. })
    ));
    let limits = Limits { triangles: 0, ..Limits::default() };
    assert!(matches!(
        read_gltf(file.as_bytes(), "", &|_| None, &limits),
        Err(ImportFault::TooMany { what: "triangles of all meshes", .. })
    ));
}

#[test]
fn a_picture_is_looked_at_before_it_is_unpacked() {
    // A PNG header that says 60,000 × 60,000 pixels.
    let mut png = vec![0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13];
    png.extend(b"IHDR");
    png.extend(60_000_u32.to_be_bytes());
    png.extend(60_000_u32.to_be_bytes());
    png.extend([8, 6, 0, 0, 0, 0, 0, 0, 0]);
    let data = base64::engine::general_purpose::STANDARD.encode(&png);
    let said = says(|file| {
        file["images"] = json!([{ "uri": format!("data:image/png;base64,{data}") }]);
        file["textures"] = json!([{ "source": 0 }]);
        file["materials"] = json!([{ "pbrMetallicRoughness": { "baseColorTexture": { "index": 0 } } }]);
    });
    assert!(said.starts_with("image 0: "), "{said}");
}

#[test]
fn a_ktx2_picture_is_refused_by_its_name() {
    let data = base64::engine::general_purpose::STANDARD.encode(b"\xABKTX 20\xBB\r\n\x1A\n");
    let said = says(|file| {
        file["images"] = json!([{ "uri": format!("data:image/ktx2;base64,{data}") }]);
        file["textures"] = json!([{ "source": 0 }]);
        file["materials"] = json!([{ "pbrMetallicRoughness": { "baseColorTexture": { "index": 0 } } }]);
    });
    assert!(said.contains("KTX2"), "{said}");
}

#[test]
fn a_glb_that_ends_early_is_refused_at_every_length() {
    let whole = to_glb(&plate_with_bolt()).unwrap();
    for length in 0..whole.len() {
        let outcome = read_gltf(&whole[..length], "cut", &|_| None, &Limits::default());
        assert!(outcome.is_err(), "{length} of {} bytes were read", whole.len());
    }
}
