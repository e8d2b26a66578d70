//! glTF and GLB: a model that is whole, or a refusal; what was read can be written and reads back.
#![no_main]

use millwright_scene::import::{Limits, read_gltf};
use millwright_scene::to_glb;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { texture_pixels: 1 << 16, triangles: 10_000, corners: 30_000, keys: 10_000, ..Limits::default() };
    let Ok(imported) = read_gltf(bytes, "fuzz", &|_uri| None, &limits) else { return };
    assert!(imported.model.meshes().iter().map(|mesh| mesh.triangle_count()).sum::<usize>() <= limits.triangles);
    let Ok(written) = to_glb(&imported.model) else { return };
    let back = read_gltf(&written, "fuzz", &|_uri| None, &Limits::default()).expect("what was written is read");
    assert_eq!(back.model.parts().len(), imported.model.parts().len(), "a part was lost");
});
