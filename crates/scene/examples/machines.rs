//! Writes the machines that are made by code: `cargo run -p millwright-scene --example machines [FOLDER]`.
#![allow(clippy::print_stdout, reason = "a program for a terminal")]

use std::error::Error;
use std::path::PathBuf;

use millwright_scene::{machine, to_glb};

fn main() -> Result<(), Box<dyn Error>> {
    let standard = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../assets/machines");
    let folder = std::env::args().nth(1).map_or_else(standard, PathBuf::from);
    std::fs::create_dir_all(&folder)?;
    for (name, model) in machine::all()? {
        let bytes = to_glb(&model)?;
        std::fs::write(folder.join(name), &bytes)?;
        println!(
            "{name}: {} parts, {} triangles, {} bytes",
            model.parts().len(),
            model.drawn_triangles(),
            bytes.len()
        );
    }
    Ok(())
}
