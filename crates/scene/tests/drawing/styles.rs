//! How parts look, one picture for each way.

use millwright_scene::frame::{
    Accent, Background, Fill, Frame, Look, Motion, PartRef, Played, Reach, Rule, Section, Theme,
};
use millwright_scene::render::{Picture, Pixels};

use crate::{frame_around, pump, snapshot, stage};

fn rule(part: &str, look: Look) -> Rule {
    Rule { part: PartRef::Name(part.into()), reach: Reach::Branch, look }
}

/// The wet end of the pump, near.
fn near() -> Frame {
    let model = pump();
    let mut frame = frame_around(&model, Motion::default(), 0.35, 0.3, 1.5);
    frame.camera.camera_from_machine.translation_m.x += 0.28;
    frame
}

fn check(name: &str, change: impl FnOnce(&mut Frame)) {
    let mut frame = near();
    change(&mut frame);
    snapshot::check(name, &stage(&pump()).picture(&frame).unwrap());
}

const SHADED: Look = Look::of(Fill::Shaded);

#[test]
fn shaded() {
    check("shaded", |_| {});
}

#[test]
fn edges() {
    check("edges", |frame| frame.look = SHADED.with(Accent::Edges));
}

#[test]
fn a_ghost_shows_what_lies_behind_it() {
    check("ghost", |frame| {
        frame.rules = vec![
            rule("PMP-120", Look::of(Fill::Ghost).with(Accent::Edges)),
            rule("GRD-100", Look::of(Fill::Ghost)),
        ];
    });
}

#[test]
fn what_is_seen_through_others_is_hatched_where_they_stand_before_it() {
    check("xray", |frame| frame.rules = vec![rule("PMP-240", SHADED.with(Accent::XRay))]);
}

#[test]
fn what_is_highlighted_is_striped_too() {
    check("highlight", |frame| frame.rules = vec![rule("PMP-230", SHADED.with(Accent::Highlight))]);
}

#[test]
fn an_outline_is_black_and_white() {
    check("outline", |frame| frame.rules = vec![rule("GRD-100", SHADED.with(Accent::Outline))]);
}

#[test]
fn a_part_can_be_its_outline_alone() {
    check("outline-alone", |frame| {
        frame.look = Look::of(Fill::Hidden);
        frame.rules = vec![rule("PMP-120", Look::of(Fill::Hidden).with(Accent::Outline))];
    });
}

#[test]
fn hatched() {
    check("hatch", |frame| frame.rules = vec![rule("GRD-100", SHADED.with(Accent::Hatch))]);
}

#[test]
fn an_outline_is_four_pixels_wide_and_has_both_tones_on_every_ground() {
    for theme in [Theme::LIGHT, Theme::DARK, Theme::SUNLIGHT] {
        let mut frame = near();
        frame.theme = theme;
        frame.look = Look::of(Fill::Hidden);
        frame.rules = vec![rule("GRD-100", Look::of(Fill::Hidden).with(Accent::Outline))];
        let picture = stage(&pump()).picture(&frame).unwrap();
        // From the left edge of the picture to the right in the row of the guard's middle.
        let row: Vec<[u8; 4]> = (0..picture.width_px).filter_map(|x| picture.at(x, 130)).collect();
        let ground = row[0];
        let line: Vec<[u8; 4]> = row
            .iter()
            .copied()
            .skip_while(|pixel| *pixel == ground)
            .take_while(|pixel| *pixel != ground)
            .collect();
        let tones = [0, 255].map(|tone: u8| {
            let is = |pixel: &&[u8; 4]| pixel[..3].iter().all(|value| value.abs_diff(tone) < 70);
            // What has the tone of the ground is not told from it.
            (ground[0].abs_diff(tone) > 40).then(|| line.iter().filter(is).count())
        });
        assert!(
            tones.iter().flatten().all(|count| *count >= 1),
            "{tones:?} pixels of black and white on {ground:?}: {line:?}"
        );
        assert!(
            tones.iter().flatten().count() == 1 || (4..=8).contains(&line.len()),
            "{line:?} on {ground:?}"
        );
    }
}

#[test]
fn a_cut_shows_hatched_faces_and_leaves_shafts_whole() {
    check("section", |frame| {
        frame.sections = vec![Section { point_m: glam::Vec3::ZERO, normal: glam::Vec3::Z }];
        frame.look = SHADED.with(Accent::Edges);
        frame.rules = vec![Rule {
            reach: Reach::Alone,
            ..rule("PMP-240", SHADED.with(Accent::Edges).with(Accent::Uncut))
        }];
    });
}

#[test]
fn pulled_apart() {
    let model = pump();
    let motion = Motion { exploded: 0.8, ..Motion::default() };
    let mut frame = frame_around(&model, motion, 0.5, 0.3, 1.2);
    frame.look = SHADED.with(Accent::Edges);
    snapshot::check("exploded", &stage(&model).picture(&frame).unwrap());
}

#[test]
fn a_step_in_its_middle() {
    let played =
        ["guard-screws-out", "guard-off"].map(|animation| Played { animation: animation.into(), at_s: 1.0 });
    check("animation", |frame| frame.motion.played = played.to_vec());
}

/// A picture of stripes, so that one sees where it is straight.
fn stripes(width: u32, height: u32) -> Vec<u8> {
    (0..height)
        .flat_map(|y| (0..width).map(move |x| if (x / 16 + y / 16) % 2 == 0 { 150 } else { 105 }))
        .collect()
}

#[test]
fn over_a_picture_the_real_machine_hides_what_lies_behind_it() {
    let mut stage = stage(&pump());
    let pixels = stripes(320, 240);
    stage.show_picture(&Picture { width_px: 320, height_px: 240, pixels: Pixels::Grey(&pixels) }).unwrap();
    let mut frame = near();
    frame.background = Background::Picture;
    frame.camera.lens.k1 = -0.25;
    // The frame is that of a camera: the picture has its size.
    frame.look = Look::of(Fill::Occluder);
    frame.rules = vec![
        rule("PMP-240", SHADED.with(Accent::Highlight)),
        rule("GRD-100", Look::of(Fill::Occluder).with(Accent::Edges)),
        rule("CPL-120", SHADED.with(Accent::XRay)),
    ];
    snapshot::check("over-a-picture", &stage.picture(&frame).unwrap());
}

#[test]
fn over_nothing_the_ground_is_clear() {
    let mut frame = near();
    frame.background = Background::Clear;
    let picture = stage(&pump()).picture(&frame).unwrap();
    assert_eq!(picture.at(2, 2), Some([0; 4]), "beside the machine");
    assert!(picture.rgba.chunks(4).any(|pixel| pixel[3] == 255), "the machine itself is solid");
}

#[test]
fn with_one_sample_a_pixel_the_same_is_seen_and_only_rims_differ() {
    let mut frame = near();
    frame.look = SHADED.with(Accent::Edges);
    frame.rules = vec![
        rule("PMP-230", SHADED.with(Accent::Highlight)),
        rule("PMP-240", SHADED.with(Accent::XRay)),
        rule("MOT-100", SHADED.with(Accent::Outline)),
    ];
    let mut stage = stage(&pump());
    let smooth = stage.picture(&frame).unwrap();
    let rough = stage.picture(&Frame { is_smooth: false, ..frame.clone() }).unwrap();
    let again = stage.picture(&frame).unwrap();
    assert_eq!(smooth.rgba, again.rgba, "one after the other, both are drawn as they are meant");
    let differs = |(one, other): (&[u8], &[u8])| one.iter().zip(other).any(|(a, b)| a.abs_diff(*b) > 48);
    let pixels = || smooth.rgba.chunks_exact(4).zip(rough.rgba.chunks_exact(4));
    let (other, all) = (pixels().filter(|pair| differs(*pair)).count(), pixels().count());
    assert!(other > 0, "edges are not smoothed");
    assert!(other * 20 < all, "{other} of {all} pixels look different");
}
