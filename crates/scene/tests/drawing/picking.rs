//! What is picked is what is seen.

use glam::Vec2;
use millwright_scene::frame::{Accent, Fill, Look, Motion, PartRef, Reach, Rule};
use millwright_scene::pick::Snap;

use crate::{frame_around, pump, stage};

#[test]
fn the_part_that_is_picked_is_the_one_that_is_drawn_there() {
    let model = pump();
    let mut stage = stage(&model);
    let frame = frame_around(&model, Motion::default(), 0.5, 0.35, 1.3);
    let plain = stage.picture(&frame).unwrap();
    let (mut looked_at, mut wrong) = (0, Vec::new());
    for (x, y) in (8..320).step_by(24).flat_map(|x| (8..240).step_by(24).map(move |y| (x, y))) {
        stage.draw(&frame).unwrap();
        let Some(hit) = stage.pick(Vec2::new(x as f32 + 0.5, y as f32 + 0.5)) else { continue };
        // The pixel changes when the part that was picked is hatched, and only then.
        let mut marked = frame.clone();
        marked.rules =
            vec![Rule { part: PartRef::Id(hit.part), reach: Reach::Alone, look: Look::of(Fill::Hidden) }];
        let without = stage.picture(&marked).unwrap();
        looked_at += 1;
        let around = |picture: &millwright_scene::render::Pixmap| picture.at(x, y);
        if around(&plain) == around(&without) {
            wrong.push((x, y, model.part(hit.part).unwrap().name.clone()));
        }
    }
    assert!(looked_at > 30, "{looked_at} pixels of the machine were looked at");
    // Where one part lies flush on another of its colour, the pixel stays as it was.
    assert!(wrong.len() * 20 <= looked_at, "{wrong:?} of {looked_at}");
}

#[test]
fn a_point_that_is_picked_is_seen_at_the_pixel_that_was_asked() {
    let model = pump();
    let mut stage = stage(&model);
    stage.draw(&frame_around(&model, Motion::default(), 0.5, 0.35, 1.3)).unwrap();
    let at = Vec2::new(160.0, 130.0);
    let hit = stage.pick(at).unwrap();
    assert!(stage.see(hit.point_m).unwrap().distance(at) < 0.05);
}

#[test]
fn a_corner_near_the_finger_is_what_is_measured_from() {
    let model = pump();
    let mut stage = stage(&model);
    let mut frame = frame_around(&model, Motion::default(), 0.5, 0.35, 1.3);
    frame.look = Look::of(Fill::Shaded).with(Accent::Edges);
    stage.draw(&frame).unwrap();
    // The near corner of the frame's front.
    let (_, snapped) = stage.measure(Vec2::new(160.0, 190.0), 60.0).unwrap();
    assert!(matches!(snapped, Snap::Corner(_) | Snap::Edge(_)), "{snapped:?}");
}

#[test]
fn before_anything_is_drawn_nothing_is_picked() {
    assert_eq!(stage(&pump()).pick(Vec2::new(1.0, 1.0)), None);
}
