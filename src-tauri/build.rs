//! Tells tauri which commands there are: without this list every window could call every command.

use std::error::Error;

use tauri_build::{AppManifest, Attributes};

fn main() -> Result<(), Box<dyn Error>> {
    // tauri's code generation wants the folder of the screens, also before they were ever built.
    std::fs::create_dir_all("ui/dist")?;
    let commands: &'static [&'static str] =
        [millwright_model::COMMAND_NAMES, &millwright_model::SIGHT_HANDLERS].concat().leak();
    let attributes = Attributes::new()
        .capabilities_path_pattern("src-tauri/capabilities/*.json")
        .app_manifest(AppManifest::new().commands(commands));
    tauri_build::try_build(attributes)?;
    Ok(())
}
