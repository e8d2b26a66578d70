//! What steps show on the machine's model, as pictures for paper, drawn without a screen.

use std::collections::BTreeMap;
use std::sync::Arc;

use millwright_local_db::{BlobHash, Session};
use millwright_model::*;
use millwright_scene::camera::Orbit;
use millwright_scene::frame::{Background, Frame, Motion};
use millwright_scene::import::{StlReading, read};
use millwright_scene::machine::{StandIn as Body, with_stand_ins};
use millwright_scene::model::Model;
use millwright_scene::pose::{Rig, Stance};
use millwright_scene::render::Stage;
use millwright_step_scene::{Canvas, MachineFacts, Movement, PartFacts, Seen, StepMoves, Telling, frame};
use serde_json::json;

use super::voice::Voice;
use crate::EngineError;
use crate::engine::Inner;

/// Pixels of a picture: four to three, sharp enough for a third of a page.
const SIZE_PX: (u32, u32) = (1_000, 750);
/// Pixels for one of the layout: texts keep a size that is read on paper.
const PX_SCALE: f64 = 1.25;
/// From which side machines are seen, as on the screen: azimuth and elevation, in radians.
const SIDE_RAD: (f32, f32) = (0.6, 0.35);
/// How much nearer than what has all of the machine in view.
const NEARER: f32 = 0.85;
/// Pictures of one guide; steps beyond have none on paper.
pub(super) const PICTURES_MAX: usize = 200;

/// The pictures of the steps that show something on the machine; none where nothing can be drawn: no model, no adapter.
pub(super) async fn pictures(
    engine: &Inner,
    session: &mut Session,
    voice: &Voice,
    content: &GuideContent,
    asset: Option<&Asset>,
) -> Result<BTreeMap<GuideStepId, Vec<u8>>, EngineError> {
    if content.steps().all(|step| step.shows.is_empty()) {
        return Ok(BTreeMap::new());
    }
    let blob = match (&content.model, asset) {
        (Some(model), _) => Some(model.blob.clone()),
        (None, Some(asset)) => session.models_for(asset).await?.into_iter().next().map(|model| model.blob),
        (None, None) => None,
    };
    let hash = blob.and_then(|blob| BlobHash::parse(&blob));
    let bytes = hash.map(|hash| engine.blobs.get(hash)).transpose()?.flatten();
    if bytes.is_none() && content.stand_ins.is_empty() {
        return Ok(BTreeMap::new());
    }
    let (content, voice) = (content.clone(), voice.clone());
    let drawn = tokio::task::spawn_blocking(move || drawn(bytes.as_deref(), &content, &voice));
    match drawn.await.map_err(EngineError::internal)? {
        Ok(pictures) => Ok(pictures),
        Err(reason) => {
            // A guide without pictures of its model is still a guide.
            tracing::warn!("the steps of a guide are on paper without pictures of the machine: {reason}");
            Ok(BTreeMap::new())
        }
    }
}

fn drawn(
    bytes: Option<&[u8]>,
    content: &GuideContent,
    voice: &Voice,
) -> Result<BTreeMap<GuideStepId, Vec<u8>>, String> {
    let model = match bytes {
        Some(bytes) => read(bytes, "machine", &StlReading::default()).map_err(said)?.model,
        None => Model::default(),
    };
    let bodies = serde_json::to_value(&content.stand_ins).and_then(serde_json::from_value::<Vec<Body>>);
    let model = Arc::new(with_stand_ins(model, &bodies.map_err(said)?).map_err(said)?);
    let (rig, mut stance) = (Rig::of(&model), Stance::default());
    rig.stand(&model, &Motion::default(), &mut stance);
    let bounds = rig.bounds(&stance);
    if bounds.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut orbit = Orbit::around(bounds.low.into(), bounds.high.into(), SIDE_RAD.0, SIDE_RAD.1);
    orbit.distance_m *= NEARER;
    let camera = serde_json::to_value(orbit.camera(SIZE_PX.0, SIZE_PX.1)).map_err(said)?;
    let facts = facts_of(&model);
    let mut stage = Stage::headless().map_err(said)?;
    stage.load(Arc::clone(&model)).map_err(said)?;
    let mut pictures = BTreeMap::new();
    let mut earlier: Vec<&[ShownPart]> = Vec::new();
    for step in content.steps() {
        let moves = StepMoves::of(earlier.iter().copied(), &step.shows);
        earlier.push(&step.shows);
        if step.shows.is_empty() || pictures.len() >= PICTURES_MAX {
            continue;
        }
        let place = |part: &String| {
            let id = model.part_named(part)?;
            let middle = rig.branch_middle(id, &stance)?;
            let radius_m = rig.branch_bounds(id, &stance).radius_m();
            Some((middle.as_dvec3().to_array(), f64::from(radius_m)))
        };
        let places = step.shows.iter().filter_map(|shown| Some((shown.part.clone(), place(&shown.part)?)));
        let seen = Seen {
            canvas: Canvas { size_px: SIZE_PX, px_scale: PX_SCALE, is_smooth: true },
            camera: camera.clone(),
            // On paper a movement has ended: what was taken off lies beside.
            played: moves.played(&facts, moves.duration_s(&facts)),
            exploded: 0.0,
            sections: json!([]),
            insets_px: [12.0; 4],
            places: places.collect(),
        };
        let say = |shown: &ShownPart| shown.label.read(voice.language.tag(), &content.language).to_owned();
        let telling = Telling {
            say: &say,
            // A value on paper would be old as soon as it is printed.
            value: &|_| None,
            number: &|number| voice.number(number),
            hazard: &|hazard| voice.language.hazard(hazard).to_owned(),
        };
        let mut frame: Frame = serde_json::from_value(frame(&step.shows, &seen, &telling)).map_err(said)?;
        frame.background = Background::Backdrop;
        let png = stage.picture(&frame).map_err(said)?.to_png().map_err(said)?;
        pictures.insert(step.step_id, png);
    }
    Ok(pictures)
}

fn facts_of(model: &Model) -> MachineFacts {
    let parts = model
        .parts()
        .iter()
        .map(|part| PartFacts { name: part.name.clone(), parent: part.parent.map(|parent| parent.index()) });
    let animations = model.animations().iter().map(|animation| Movement {
        name: animation.name.clone(),
        duration_s: f64::from(animation.duration_s()),
        parts: animation
            .channels
            .iter()
            .filter_map(|channel| Some(model.part(channel.part)?.name.clone()))
            .collect(),
    });
    MachineFacts { parts: parts.collect(), animations: animations.collect(), bounds_m: None }
}

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}
