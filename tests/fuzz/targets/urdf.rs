//! Robots' descriptions: a tree of links, or a refusal; whatever their meshes hold.
#![no_main]

use millwright_scene::import::{Limits, read_urdf};

/// Between the description and the bytes of its meshes.
const BETWEEN: &[u8] = b"</robot>";

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { triangles: 1_000, corners: 3_000, nodes: 200, ..Limits::default() };
    let end = bytes.windows(BETWEEN.len()).position(|window| window == BETWEEN);
    let (description, mesh) = bytes.split_at(end.map_or(bytes.len(), |end| end + BETWEEN.len()));
    if let Ok(imported) = read_urdf(description, &|_uri| Some(mesh.to_vec()), &limits) {
        assert!(imported.model.parts().len() <= limits.nodes * 2, "more parts than the limit");
    }
});
