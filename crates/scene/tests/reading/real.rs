//! A real pump, one STL per part, and a real robot with its joints.

use std::path::PathBuf;

use millwright_scene::import::{LengthUnit, Limits, StlReading, UpAxis, read, read_gltf, read_urdf};
use millwright_scene::to_glb;

/// Where the data sets are, if they are there.
fn data(folder: &str) -> Option<PathBuf> {
    let given = std::env::var_os("MILLWRIGHT_TEST_DATA").map(PathBuf::from);
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let above = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/data");
    let found =
        given.into_iter().chain([beside(), above()]).map(|data| data.join(folder)).find(|path| path.is_dir());
    if found.is_none() {
        println!("SKIPPED: {folder} is not there");
    }
    found
}

#[test]
fn every_part_of_a_real_pump_is_read_and_survives_being_written() {
    let Some(folder) = data("meshes/pump") else { return };
    let reading = StlReading { unit: LengthUnit::Metre, up: UpAxis::Z };
    let mut parts = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "stl") {
            continue;
        }
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).unwrap();
        let model = read(&bytes, &name, &reading).unwrap().model;
        let count = u32::from_le_bytes(bytes[80..84].try_into().unwrap()) as usize;
        assert!(
            model.drawn_triangles() * 10 >= count * 9,
            "{name}: {} of {count} triangles",
            model.drawn_triangles()
        );
        let back = read_gltf(&to_glb(&model).unwrap(), "", &|_| None, &Limits::default()).unwrap().model;
        assert_eq!(back, model, "{name}");
        parts += 1;
    }
    assert_eq!(parts, 8);
}

#[test]
fn a_real_robot_stands_upright_with_six_joints() {
    let Some(folder) = data("meshes/irb2400") else { return };
    let urdf = std::fs::read(folder.join("irb2400.urdf")).unwrap();
    // Its pictures are COLLADA; the STL of each link, made for collisions, lies beside it.
    let mesh = |uri: &str| {
        let name = uri.rsplit('/').next()?.replace(".dae", ".stl");
        std::fs::read(folder.join(name)).ok()
    };
    let imported = read_urdf(&urdf, &mesh, &Limits::default()).unwrap();
    let model = imported.model;
    assert_eq!(model.name(), "abb_irb2400");
    let names: Vec<&str> = model.joints().iter().map(|joint| joint.name.as_str()).collect();
    assert_eq!(names, ["joint_1", "joint_2", "joint_3", "joint_4", "joint_5", "joint_6"]);
    let back = read_gltf(&to_glb(&model).unwrap(), "", &|_| None, &Limits::default()).unwrap().model;
    assert_eq!(back, model);
}
