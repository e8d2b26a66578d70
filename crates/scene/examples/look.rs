//! Looks at a model without a screen: `cargo run --example look -- MODEL OUT.png [AZIMUTH ELEVATION [FRAME.json]]`.
//!
//! A frame given as JSON is laid over the one that has all of the machine in view; its camera is left out then.
#![allow(clippy::print_stdout, reason = "a program for a terminal")]

use std::error::Error;
use std::sync::Arc;

use glam::Vec3;
use millwright_scene::camera::Orbit;
use millwright_scene::frame::{Frame, Motion};
use millwright_scene::import::{StlReading, read};
use millwright_scene::pose::{Rig, Stance};
use millwright_scene::render::Stage;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [model, out, rest @ ..] = arguments.as_slice() else {
        return Err("usage: look MODEL OUT.png [AZIMUTH ELEVATION [FRAME.json [ZOOM]]]".into());
    };
    let number = |at: usize, otherwise: f32| rest.get(at).map_or(Ok(otherwise), |text| text.parse::<f32>());
    let imported = read(&std::fs::read(model)?, model, &StlReading::default())?;
    for note in &imported.notes {
        println!("left out: {note:?}");
    }
    let model = Arc::new(imported.model);
    let (rig, mut stance) = (Rig::of(&model), Stance::default());
    let (width_px, height_px) = (1280, 800);
    let mut frame: serde_json::Value = match rest.get(2) {
        Some(path) => serde_json::from_slice(&std::fs::read(path)?)?,
        None => serde_json::json!({}),
    };
    let motion: Motion =
        serde_json::from_value(frame.get("motion").cloned().unwrap_or(serde_json::json!({})))?;
    rig.stand(&model, &motion, &mut stance);
    let bounds = rig.bounds(&stance);
    let mut orbit =
        Orbit::around(Vec3::from(bounds.low), Vec3::from(bounds.high), number(0, 0.6)?, number(1, 0.35)?);
    orbit.distance_m /= number(3, 1.25)?;
    let standard = serde_json::to_value(Frame::of(width_px, height_px, orbit.camera(width_px, height_px)))?;
    if let (Some(frame), serde_json::Value::Object(standard)) = (frame.as_object_mut(), standard) {
        for (key, value) in standard {
            frame.entry(key).or_insert(value);
        }
    }
    let frame: Frame = serde_json::from_value(frame)?;
    let mut stage = Stage::headless()?;
    stage.load(Arc::clone(&model))?;
    let picture = stage.picture(&frame)?;
    std::fs::write(out, picture.to_png()?)?;
    println!(
        "{}: {} parts, {} triangles, {:?} on {}",
        model.name(),
        model.parts().len(),
        model.drawn_triangles(),
        stage.totals(),
        stage.adapter_name()
    );
    Ok(())
}
