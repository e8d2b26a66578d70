//! Finding fiducials and the camera's pose, beside the detector of AprilTag's makers (C, with `--features peer`).
//!
//! Both sides get the same pictures, one thread each, in the same run. Sections: `photos`, `pictures`, `pose`, `tagless`;
//! all without a name. `cargo bench -p millwright-vision --features peer --bench fiducial -- pictures`
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench prints, and fails where it cannot measure"
)]

#[path = "../tests/fiducials/scene.rs"]
mod scene;

use std::f64::consts::TAU;
use std::path::PathBuf;
use std::time::Instant;

use millwright_vision::{
    CameraModel, CameraNumbers, Detector, FiducialFamily, GreyFrame, RigidPose, TagView, estimate_tag,
};
use scene::{Chance, Patch, Placed, Shot, View, Wall, picture};

const SIZE_M: f64 = 0.16;
const FRAMES: u64 = 20;
const PHOTO_ROUNDS: usize = 41;
const TAGLESS_FRAMES: u64 = 10_000;

/// What a detector found of one fiducial.
type Found = (u32, [[f64; 2]; 4]);

/// A detector under test.
trait Side {
    fn detect(&mut self, width_px: usize, height_px: usize, pixels: &[u8]) -> Vec<Found>;
}

struct Ours(Detector);

impl Side for Ours {
    fn detect(&mut self, width_px: usize, height_px: usize, pixels: &[u8]) -> Vec<Found> {
        let frame = GreyFrame::new(width_px, height_px, width_px, pixels).unwrap();
        self.0.detect(frame).iter().map(|detection| (detection.id, detection.corners_px)).collect()
    }
}

#[cfg(feature = "peer")]
struct Peer(apriltag::Detector);

#[cfg(feature = "peer")]
impl Peer {
    fn new(decimation: f32) -> Self {
        let builder = apriltag::Detector::builder().add_family_bits(apriltag::Family::tag_36h11(), 2);
        let mut detector = builder.build().unwrap();
        detector.set_thread_number(1);
        detector.set_decimation(decimation);
        Self(detector)
    }

    fn image(width_px: usize, height_px: usize, pixels: &[u8]) -> apriltag::Image {
        let mut image = apriltag::Image::zeros_with_stride(width_px, height_px, width_px).unwrap();
        image.as_slice_mut().copy_from_slice(pixels);
        image
    }
}

#[cfg(feature = "peer")]
impl Side for Peer {
    fn detect(&mut self, width_px: usize, height_px: usize, pixels: &[u8]) -> Vec<Found> {
        let image = Self::image(width_px, height_px, pixels);
        self.0.detect(&image).iter().map(|found| (found.id() as u32, found.corners())).collect()
    }
}

fn sides() -> Vec<(&'static str, Box<dyn Side>)> {
    let ours = Ours(Detector::new(&[FiducialFamily::Tag36h11]));
    #[cfg_attr(not(feature = "peer"), allow(unused_mut, reason = "the peer is built on demand"))]
    let mut sides: Vec<(&'static str, Box<dyn Side>)> = vec![("ours", Box::new(ours))];
    #[cfg(feature = "peer")]
    sides.extend([
        ("C, decimate 1", Box::new(Peer::new(1.0)) as Box<dyn Side>),
        ("C, decimate 2", Box::new(Peer::new(2.0)) as Box<dyn Side>),
    ]);
    sides
}

fn far(one: [f64; 2], other: [f64; 2]) -> f64 {
    (one[0] - other[0]).hypot(one[1] - other[1])
}

fn percentile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(((values.len() as f64 - 1.0) * share).round() as usize).copied().unwrap_or(f64::NAN)
}

/// What a quarter of several measurements stays below, in milliseconds: others may use the machine too.
fn quick_ms(times: usize, mut run: impl FnMut()) -> f64 {
    let mut all: Vec<f64> = (0..times)
        .map(|_| {
            let started = Instant::now();
            run();
            started.elapsed().as_secs_f64() * 1_000.0
        })
        .collect();
    percentile(&mut all, 0.25)
}

fn photos() {
    let given = std::env::var_os("MILLWRIGHT_TEST_DATA").map(PathBuf::from);
    let beside = ["../../../shared/data", "../../../../shared/data"]
        .map(|path| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path));
    let folder =
        given.into_iter().chain(beside).map(|data| data.join("apriltag/photos")).find(|path| path.is_dir());
    let Some(folder) = folder else {
        println!("SKIPPED: photos are not there");
        return;
    };
    for name in ["33369213973_9d9bb4cc96_c", "34139872896_defdb2f8d9_c"] {
        let photo = image::open(folder.join(format!("{name}.jpg"))).unwrap().to_luma8();
        let (width, height) = (photo.width() as usize, photo.height() as usize);
        // In turns: what else the machine does then slows all sides alike.
        let mut sides = sides();
        let mut found = vec![0; sides.len()];
        let mut times = vec![vec![]; sides.len()];
        for _ in 0..PHOTO_ROUNDS {
            for (((_, detector), found), times) in sides.iter_mut().zip(&mut found).zip(&mut times) {
                let started = Instant::now();
                *found = detector.detect(width, height, &photo).len();
                times.push(started.elapsed().as_secs_f64() * 1_000.0);
            }
        }
        let quick: Vec<f64> = times.iter_mut().map(|times| percentile(times, 0.25)).collect();
        for (((side, _), found), ms) in sides.iter().zip(found).zip(&quick) {
            let ratio = ms / quick[0];
            println!(
                "photo {name} {width}×{height} | {side:14} | {found:3} found | {ms:8.3} ms | {ratio:6.1}×"
            );
        }
    }
}

/// A fiducial somewhere in the picture, `side_px` wide when seen straight.
fn somewhere(chance: &mut Chance, view: &View, side_px: f64, tilt_max_deg: f64) -> Placed {
    let id = (chance.next() % 587) as u32;
    // In the middle half: at the picture's rim, a tilt adds to how much aside it is seen.
    let seen_px = [
        chance.between(view.width_px as f64 * 0.25, view.width_px as f64 * 0.75),
        chance.between(view.height_px as f64 * 0.25, view.height_px as f64 * 0.75),
    ];
    let angles = [TAU, tilt_max_deg.to_radians(), TAU].map(|most| chance.between(0.0, most));
    let distance_m = view.focal_px * SIZE_M / side_px;
    Placed::tilted(
        FiducialFamily::Tag36h11,
        id,
        SIZE_M,
        view,
        seen_px,
        distance_m,
        angles[0],
        angles[1],
        angles[2],
    )
}

fn pictures() {
    let view = View::hd();
    for wall in [Wall::Flat(120.0), Wall::Busy] {
        for noise in [0.0, 1.0, 2.0, 4.0] {
            for side_px in [144.0, 48.0, 24.0, 16.0] {
                let frames: Vec<(Placed, Vec<u8>)> = (0..FRAMES)
                    .map(|seed| {
                        let placed = somewhere(&mut Chance::new(seed), &view, side_px, 55.0);
                        let pixels = picture(&view, &[placed], &Shot { wall, noise, ..Shot::plain(seed) });
                        (placed, pixels)
                    })
                    .collect();
                let mut base = f64::NAN;
                for (side, mut detector) in sides() {
                    let (mut found, mut squares, mut times) = (0.0, 0.0, vec![]);
                    for (placed, pixels) in &frames {
                        let started = Instant::now();
                        let all = detector.detect(view.width_px, view.height_px, pixels);
                        times.push(started.elapsed().as_secs_f64() * 1_000.0);
                        let truth = placed.corners_px(&view);
                        let near =
                            |seen: &&Found| seen.0 == placed.id && far(seen.1[0], truth[0]) < side_px / 4.0;
                        if let Some((_, corners)) = all.iter().find(near) {
                            found += 1.0;
                            squares += corners
                                .iter()
                                .zip(truth)
                                .map(|(one, other)| far(*one, other).powi(2))
                                .sum::<f64>();
                        }
                    }
                    let ms = percentile(&mut times, 0.25);
                    base = if base.is_nan() { ms } else { base };
                    println!(
                        "720p {wall:?} noise {noise} side {side_px:3} px | {side:14} | recall {:.2} | RMS {:.4} px | {ms:8.3} ms | {:6.1}×",
                        found / frames.len() as f64,
                        (squares / (4.0 * f64::max(found, 1.0))).sqrt(),
                        ms / base,
                    );
                }
            }
        }
    }
}

/// Errors of a pose: place in millimetres and attitude in degrees.
fn off(found: &RigidPose, truth: &RigidPose) -> (f64, f64) {
    (found.distance_to_m(truth) * 1_000.0, found.angle_to_rad(truth).to_degrees())
}

/// What a fiducial goes through on its way into a picture.
#[derive(Clone, Copy, Debug)]
enum Condition {
    /// Light as it is, and nothing between.
    Clear,
    /// Written as cameras do for eyes: the dark is lifted.
    ForEyes,
    /// A lamp is mirrored in it, twice as bright as its white.
    Glare,
    /// A thumb lies over a part of it.
    PartlyHidden,
}

impl Condition {
    const ALL: [Self; 4] = [Self::Clear, Self::ForEyes, Self::Glare, Self::PartlyHidden];

    fn shot(self, seed: u64, chance: &mut Chance) -> Shot {
        let plain = Shot { wall: Wall::Busy, noise: 2.0, ..Shot::plain(seed) };
        let mut patch = |radius: f64, light: f64, is_mirrored: bool| {
            let middle = [0, 1].map(|_axis| chance.between(-0.5, 0.5));
            Some(Patch { middle, radius, light, is_mirrored })
        };
        match self {
            Self::Clear => plain,
            Self::ForEyes => Shot { black: 12.0, white: 190.0, noise: 1.0, gamma: 2.2, ..plain },
            Self::Glare => Shot { patch: patch(0.05, 420.0, true), ..plain },
            Self::PartlyHidden => Shot { patch: patch(0.12, 110.0, false), ..plain },
        }
    }
}

fn pose() {
    let view = View::hd();
    let camera = CameraModel::new(CameraNumbers {
        size_px: [1280, 720],
        focal_px: [view.focal_px; 2],
        centre_px: view.centre_px,
        distortion: [0.0; 5],
        sigma_px: [0.0; 4],
    })
    .unwrap();
    for condition in Condition::ALL {
        let distances_m: &[f64] = match condition {
            Condition::Clear | Condition::ForEyes => &[0.5, 1.0, 2.0, 3.0],
            Condition::Glare | Condition::PartlyHidden => &[1.0, 2.0],
        };
        for distance_m in distances_m {
            pose_under(condition, *distance_m, &view, &camera);
        }
    }
}

fn pose_under(condition: Condition, distance_m: f64, view: &View, camera: &CameraModel) {
    let (mut ours, mut theirs, mut bounded) = (vec![], vec![], 0);
    for seed in 0..100 {
        let mut chance = Chance::new(seed);
        let placed = somewhere(&mut chance, view, view.focal_px * SIZE_M / distance_m, 75.0);
        let pixels = picture(view, &[placed], &condition.shot(seed, &mut chance));
        let flip = RigidPose::of_quaternion([1.0, 0.0, 0.0, 0.0], [0.0; 3]);
        let sheet = RigidPose { rotation: placed.camera_from_tag, position_m: placed.middle_m };
        let truth = sheet.then(&flip);
        let frame = GreyFrame::new(1280, 720, 1280, &pixels).unwrap();
        let mut detector = Detector::new(&[FiducialFamily::Tag36h11]);
        if let Some(detection) = detector.detect(frame).iter().find(|found| found.id == placed.id) {
            let pair = estimate_tag(camera, &TagView::of(detection), SIZE_M).unwrap();
            let (mm, deg) = off(&pair.best.camera_from_body, &truth);
            let error = pair.error_at([0.0; 3]);
            bounded += usize::from(mm <= error.bound_mm && deg <= error.bound_deg);
            ours.push((mm, deg));
        }
        theirs.extend(peer_pose(view, &pixels, placed.id).map(|found| off(&found, &sheet)));
    }
    let frames = ours.len();
    for (side, errors) in [("ours", ours), ("C, decimate 1", theirs)] {
        let (mut mm, mut deg): (Vec<f64>, Vec<f64>) = errors.into_iter().unzip();
        println!(
            "pose {condition:?} {distance_m} m, 0–75° | {side:14} | {:3} frames | median {:.3} mm {:.3}° | p95 {:.3} mm {:.3}°",
            mm.len(),
            percentile(&mut mm, 0.5),
            percentile(&mut deg, 0.5),
            percentile(&mut mm, 0.95),
            percentile(&mut deg, 0.95),
        );
    }
    println!("pose {condition:?} {distance_m} m | the stated bounds held in {bounded} of {frames} frames");
}

#[cfg(feature = "peer")]
fn peer_pose(view: &View, pixels: &[u8], id: u32) -> Option<RigidPose> {
    let mut peer = Peer::new(1.0);
    let found = peer.0.detect(&Peer::image(view.width_px, view.height_px, pixels));
    let found = found.iter().find(|found| found.id() as u32 == id)?;
    let pose = found.estimate_tag_pose(&apriltag::TagParams {
        tagsize: SIZE_M,
        fx: view.focal_px,
        fy: view.focal_px,
        cx: view.centre_px[0],
        cy: view.centre_px[1],
    })?;
    let (rotation, translation) = (pose.rotation().data().to_vec(), pose.translation().data().to_vec());
    Some(RigidPose {
        rotation: [0, 1, 2].map(|row| [0, 1, 2].map(|column| rotation[3 * row + column])),
        position_m: [translation[0], translation[1], translation[2]],
    })
}

#[cfg(not(feature = "peer"))]
fn peer_pose(_: &View, _: &[u8], _: u32) -> Option<RigidPose> {
    None
}

fn tagless() {
    let view = View { width_px: 320, height_px: 240, centre_px: [160.0, 120.0], ..View::hd() };
    let mut detector = Detector::new(&FiducialFamily::ALL);
    let mut found = 0;
    for seed in 0..TAGLESS_FRAMES {
        let shot = Shot { wall: Wall::Busy, noise: (seed % 4) as f64 * 2.0, ..Shot::plain(seed + 1_000_000) };
        let pixels = picture(&view, &[], &shot);
        let frame = GreyFrame::new(320, 240, 320, &pixels).unwrap();
        found += detector.detect(frame).len();
    }
    let mut chance = Chance::new(1);
    let noise: Vec<u8> = (0..1280 * 720).map(|_| chance.next() as u8).collect();
    let frame = GreyFrame::new(1280, 720, 1280, &noise).unwrap();
    let ms = quick_ms(11, || {
        detector.detect(frame);
    });
    println!("worst case | 720p of nothing but noise, both families | {ms:.3} ms");
    println!("tagless | {TAGLESS_FRAMES} busy frames of 320×240, both families | {found} false fiducials");
}

fn main() {
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let sections: [(&str, fn()); 4] =
        [("photos", photos), ("pictures", pictures), ("pose", pose), ("tagless", tagless)];
    for (name, run) in sections {
        if wanted.is_empty() || wanted.iter().any(|wanted| wanted == name) {
            run();
        }
    }
}
