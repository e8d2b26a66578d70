//! Converts a robot's description with its STL files to GLB: `cargo run --example convert -- ROBOT.urdf OUT.glb`.

use std::error::Error;
use std::path::Path;

use millwright_scene::import::{Limits, read_urdf};
use millwright_scene::to_glb;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [robot, out] = arguments.as_slice() else { return Err("usage: convert ROBOT.urdf OUT.glb".into()) };
    let folder = Path::new(robot).parent().unwrap_or(Path::new("."));
    // The STL of each link lies beside the description, whatever the description calls it.
    let mesh = |uri: &str| {
        let name = uri.rsplit('/').next()?.replace(".dae", ".stl");
        std::fs::read(folder.join(name)).ok()
    };
    let imported = read_urdf(&std::fs::read(robot)?, &mesh, &Limits::default())?;
    std::fs::write(out, to_glb(&imported.model)?)?;
    Ok(())
}
