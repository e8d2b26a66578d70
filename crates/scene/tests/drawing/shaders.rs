//! Every shader is sound, and can be had in WebGL2.

use millwright_scene::render::SHADERS;
use naga::back::glsl;
use naga::valid::{Capabilities, ModuleInfo, ValidationFlags, Validator};

fn sound(name: &str, source: &str) -> (naga::Module, ModuleInfo) {
    let module = naga::front::wgsl::parse_str(source)
        .unwrap_or_else(|error| panic!("{name}: {}", error.emit_to_string(source)));
    let info = Validator::new(ValidationFlags::all(), Capabilities::empty())
        .validate(&module)
        .unwrap_or_else(|error| panic!("{name}: {}", error.emit_to_string(source)));
    (module, info)
}

#[test]
fn every_shader_is_sound_without_anything_that_is_not_everywhere() {
    for (name, source) in SHADERS {
        sound(name, source);
    }
}

#[test]
fn every_entry_of_every_shader_can_be_had_in_webgl2() {
    let options = glsl::Options {
        version: glsl::Version::Embedded { version: 300, is_webgl: true },
        ..glsl::Options::default()
    };
    let mut entries = 0;
    for (name, source) in SHADERS {
        let (module, info) = sound(name, source);
        for entry in &module.entry_points {
            let wanted = glsl::PipelineOptions {
                shader_stage: entry.stage,
                entry_point: entry.name.clone(),
                multiview: None,
            };
            let mut text = String::new();
            let bounds = naga::proc::BoundsCheckPolicies::default();
            glsl::Writer::new(&mut text, &module, &info, &options, &wanted, bounds)
                .and_then(|mut writer| writer.write())
                .unwrap_or_else(|error| panic!("{name}, {}: {error}", entry.name));
            assert!(text.starts_with("#version 300 es"), "{name}, {}", entry.name);
            entries += 1;
        }
    }
    assert!(entries >= 20, "{entries} entries were looked at");
}
