//! STL in both forms: triangles within bounds, or a refusal.
#![no_main]

use millwright_scene::import::{Limits, StlReading, read, read_stl};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { triangles: 1_000, corners: 3_000, meshes: 20, ..Limits::default() };
    if let Ok(imported) = read_stl(bytes, "fuzz", &StlReading::default(), &limits) {
        assert!(imported.model.drawn_triangles() <= limits.triangles, "more triangles than the limit");
    }
    let _outcome = read(bytes, "fuzz", &StlReading::default()).is_ok();
});
