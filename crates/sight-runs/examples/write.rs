//! Writes a run: `cargo run -p millwright-sight-runs --example write -- RUN OUT` makes `OUT.mwview` and `OUT.json`; with a
//! third argument, pictures of every so many frames beside them. `gear-reducer`, `conveyor` and `board` are runs in the
//! workshop; all others are around the pump.
#![allow(clippy::print_stdout, reason = "a program for a terminal")]

use std::error::Error;

use millwright_sight_runs::{LabelledMachine, Light, Run, record, usual_camera};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, out, rest @ ..] = arguments.as_slice() else {
        return Err(usage().into());
    };
    let workshop = vec![Run::Under(Light::Workshop)];
    let (machine, runs) = match name.as_str() {
        "gear-reducer" => (LabelledMachine::gear_reducer()?, workshop),
        "conveyor" => (LabelledMachine::conveyor()?, workshop),
        "board" => (LabelledMachine::board()?, workshop),
        "all" => (LabelledMachine::pump()?, Run::ALL.to_vec()),
        name => (LabelledMachine::pump()?, vec![Run::named(name).ok_or_else(usage)?]),
    };
    let every = rest.first().map(|every| every.parse::<usize>()).transpose()?;
    let camera = usual_camera()?;
    for recorded in record(&machine, &camera, &runs)? {
        let out = if runs.len() > 1 { format!("{out}-{}", recorded.run.as_str()) } else { out.clone() };
        let bytes = recorded.to_recording()?;
        println!("{out}.mwview: {} frames, {} bytes", recorded.frames.len(), bytes.len());
        std::fs::write(format!("{out}.mwview"), bytes)?;
        std::fs::write(format!("{out}.json"), recorded.truth().to_json()?)?;
        let [width, height] = camera.numbers().size_px;
        for (index, frame) in recorded.frames.iter().enumerate() {
            if every.is_some_and(|every| index % every.max(1) == 0) {
                let mut picture = format!("P5\n{width} {height}\n255\n").into_bytes();
                picture.extend(&frame.brightness);
                std::fs::write(format!("{out}-{index:03}.pgm"), picture)?;
            }
        }
    }
    Ok(())
}

fn usage() -> String {
    let names: Vec<&str> = Run::ALL.iter().map(|run| run.as_str()).collect();
    format!(
        "usage: write RUN OUT [EVERY], RUN being one of {}, gear-reducer, conveyor, board or all",
        names.join(", ")
    )
}
