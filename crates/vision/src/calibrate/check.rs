//! Whether a camera's profile still fits, from one label that is moved through the picture for some seconds.
//!
//! Each picture gives the label's pose by the profile, and what is left of its corners. Of a true profile only noise is
//! left; a false one leaves the same errors in the same places and tilts, because no pose explains them. How the profile
//! would have to change for them to go away is solved over all pictures at once, with how sure that is: focal length from
//! how a tilted square narrows, distortion from how corners lie near the picture's edges.
//!
//! What it cannot see: a wrong size of the label (everything is then as much too near or too far, in every picture alike);
//! a centre that is off by less than the profile itself says; distortion beyond the part of the picture that the label
//! visited; a label that is not flat, or a shutter that rolls while the tablet moves, which look like a lens. It tells a
//! profile that should be measured anew; it does not replace measuring.

use std::array;

use crate::camera::{CameraModel, CameraNumbers};
use crate::homography::Homography;
use crate::linear::{add_equation, apply, inverse};
use crate::pose::{
    PoseError, RigidPose, Sight, TagView, corners_m, cost_of, fit, residuals, sight_slopes, two_poses,
};

/// Fewer pictures of the label tell noise from fault badly.
pub const CHECK_VIEWS_MIN: usize = 20;
/// More pictures than this are not looked at: the first are.
pub const CHECK_VIEWS_MAX: usize = 600;
/// How far off distances may be, as a share, before the profile no longer fits.
pub const SCALE_OFF_MAX: f64 = 0.012;
/// How far off the picture's edge may be, as a share of the picture's width, before the profile no longer fits.
pub const EDGE_OFF_MAX: f64 = 0.0025;
/// So sure must it be how far off distances are, as one standard deviation and a share.
const SCALE_SIGMA_MAX: f64 = 0.004;
/// So sure must it be how far off the edge is, as one standard deviation and a share of the picture's width.
const EDGE_SIGMA_MAX: f64 = 0.000_8;
/// How many standard deviations are no chance.
const SURE_SIGMAS: f64 = 3.0;
/// What may be left for each free number, in squares of standard deviations, once the profile is changed as it should be.
const UNEXPLAINED_MAX: f64 = 9.0;
/// How near the picture's edges the label must have been, as a share of its sides.
const EDGE_BAND: f64 = 0.12;
/// The middle of the picture, as a share of its sides around the centre.
const MIDDLE_BAND: f64 = 0.2;
/// Two poses that explain a view about as well are not told apart; where they differ by more than this, in radians, the
/// view says nothing.
const SAME_POSE_RAD: f64 = 0.3;
const SAME_COST: f64 = 6.0;
/// How often the changed profile is looked at again.
const ROUNDS: usize = 4;
/// What the centre is taken to be off by at least, as a share of the picture's width: it never explains much.
const CENTRE_SIGMA_MIN: f64 = 0.002;

/// Scale, radial distortion, centre.
const NUMBERS: usize = 4;

/// What a look at a label through a profile says of the profile.
#[derive(Clone, Debug, PartialEq)]
pub enum ProfileCheck {
    /// It fits.
    Fits(ProfileEvidence),
    /// It does not fit, for this reason: the camera should be measured anew.
    DoesNotFit {
        /// What does not fit.
        misfit: ProfileMisfit,
        /// What was seen.
        evidence: ProfileEvidence,
    },
    /// Too little was seen to say.
    NotYet {
        /// What is missing, the most important first; never empty.
        missing: Vec<CheckMissing>,
    },
}

/// What does not fit of a profile.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum ProfileMisfit {
    /// Focal lengths: distances come out wrong everywhere.
    FocalLength,
    /// Distortion: places come out wrong towards the picture's edges.
    Distortion,
    /// Neither explains what is left: a label that is not flat, a lens unlike any, pictures taken in too quick a motion.
    Unexplained,
}

/// What is still to be shown.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum CheckMissing {
    /// More pictures of the label.
    Views,
    /// The label in the middle of the picture.
    Middle,
    /// The label at the left edge.
    Left,
    /// The label at the right edge.
    Right,
    /// The label at the upper edge.
    Top,
    /// The label at the lower edge.
    Bottom,
    /// The label tilted more, to all sides, or from nearer.
    Tilt,
}

/// What was seen of a profile.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct ProfileEvidence {
    /// How much too far away things are taken to be, as a share: 0.03 for three per cent too far. The focal length of the
    /// profile is as much too long.
    pub scale_off: f64,
    /// One standard deviation of that.
    pub scale_sigma: f64,
    /// How far outside of its true place the profile expects what is seen at the middle of the picture's left and right
    /// edges, in pixels; negative for inside.
    pub edge_off_px: f64,
    /// One standard deviation of that, in pixels.
    pub edge_sigma_px: f64,
    /// What of the corners' errors is systematic, as the root mean square on each axis in pixels: a better profile would
    /// take it away.
    pub systematic_px: f64,
    /// What is left with the better profile, as the root mean square on each axis in pixels.
    pub noise_px: f64,
    /// The pictures that it was told from.
    pub view_count: usize,
}

/// Holds a profile against views of one label with corners `size_m` metres apart: taken over some seconds, while the tablet
/// is moved so that the label visits the middle and all edges of the picture, tilted to all sides.
///
/// # Errors
/// When the size or a standard deviation is none.
pub fn check_profile(
    camera: &CameraModel,
    size_m: f64,
    views: &[TagView],
) -> Result<ProfileCheck, PoseError> {
    if !(size_m.is_finite() && size_m > 0.0) {
        return Err(PoseError::Size);
    }
    let views = views.get(..views.len().min(CHECK_VIEWS_MAX)).unwrap_or_default();
    if !views.iter().all(|view| view.sigma_px > 0.0 && view.sigma_px.is_finite()) {
        return Err(PoseError::Sigma);
    }
    let told: Vec<Told> = views.iter().filter_map(|view| Told::of(camera, size_m, view)).collect();
    let mut missing = places_missing(camera, views);
    if told.len() < CHECK_VIEWS_MIN {
        missing.insert(0, CheckMissing::Views);
        return Ok(ProfileCheck::NotYet { missing });
    }
    let Some(change) = change_of(camera, &told) else {
        missing.push(CheckMissing::Tilt);
        return Ok(ProfileCheck::NotYet { missing });
    };
    let width_px = f64::from(camera.numbers().size_px[0]);
    let evidence = change.evidence(camera, &told);
    let is_sure = |off: f64, sigma: f64, most: f64| off.abs() > most.max(SURE_SIGMAS * sigma);
    // What is certainly wrong is said as soon as it is certain; what is right needs everything to have been seen.
    let misfit = if is_sure(evidence.scale_off, evidence.scale_sigma, SCALE_OFF_MAX) {
        Some(ProfileMisfit::FocalLength)
    } else if is_sure(evidence.edge_off_px, evidence.edge_sigma_px, EDGE_OFF_MAX * width_px) {
        Some(ProfileMisfit::Distortion)
    } else if change.unexplained > UNEXPLAINED_MAX {
        Some(ProfileMisfit::Unexplained)
    } else {
        None
    };
    if evidence.scale_sigma > SCALE_SIGMA_MAX {
        missing.push(CheckMissing::Tilt);
    }
    match misfit {
        // Poses of a label that was hardly moved are too much alike to blame the lens for.
        Some(misfit) if missing.len() <= 2 => Ok(ProfileCheck::DoesNotFit { misfit, evidence }),
        _ if !missing.is_empty() => Ok(ProfileCheck::NotYet { missing }),
        _ if evidence.edge_sigma_px > EDGE_SIGMA_MAX * width_px => {
            Ok(ProfileCheck::NotYet { missing: vec![CheckMissing::Views] })
        }
        _ => Ok(ProfileCheck::Fits(evidence)),
    }
}

/// Where in the picture the label was not yet.
fn places_missing(camera: &CameraModel, views: &[TagView]) -> Vec<CheckMissing> {
    let [width_px, height_px] = camera.numbers().size_px.map(f64::from);
    let places: Vec<[f64; 2]> =
        views.iter().flat_map(|view| view.corners_px).map(|[x, y]| [x / width_px, y / height_px]).collect();
    let is_seen = |within: &dyn Fn([f64; 2]) -> bool| places.iter().any(|place| within(*place));
    let is_middle = |share: f64| (share - 0.5).abs() < MIDDLE_BAND;
    type IsThere<'p> = &'p dyn Fn([f64; 2]) -> bool;
    let all: [(CheckMissing, IsThere<'_>); 5] = [
        (CheckMissing::Middle, &|[x, y]| is_middle(x) && is_middle(y)),
        (CheckMissing::Left, &|[x, _]| x < EDGE_BAND),
        (CheckMissing::Right, &|[x, _]| x > 1.0 - EDGE_BAND),
        (CheckMissing::Top, &|[_, y]| y < EDGE_BAND),
        (CheckMissing::Bottom, &|[_, y]| y > 1.0 - EDGE_BAND),
    ];
    all.into_iter().filter(|(_, within)| !is_seen(within)).map(|(missing, _)| missing).collect()
}

/// A view whose pose is told.
struct Told {
    sights: [Sight; 4],
    camera_from_tag: RigidPose,
}

impl Told {
    fn of(camera: &CameraModel, size_m: f64, view: &TagView) -> Option<Self> {
        let corners = corners_m(size_m);
        let sights: [Sight; 4] = array::from_fn(|index| Sight {
            point_m: corners[index],
            pixel: view.corners_px[index],
            sigma_px: view.sigma_px,
        });
        let mut pairs = Vec::with_capacity(4);
        for sight in &sights {
            pairs.push(([sight.point_m[0], sight.point_m[1]], camera.unproject(sight.pixel)?));
        }
        let seeds = two_poses(&Homography::of_pairs(&pairs)?, &pairs)?;
        let mut fits = seeds.into_iter().filter_map(|seed| fit(camera, &sights, seed));
        let (one, other) = (fits.next()?, fits.next());
        let (best, second) = match other {
            Some(other) if other.cost < one.cost => (other, Some(one)),
            other => (one, other),
        };
        let is_told = second.is_none_or(|second| {
            second.cost > best.cost + SAME_COST
                || second.camera_from_body.angle_to_rad(&best.camera_from_body) < SAME_POSE_RAD
        });
        is_told.then_some(Self { sights, camera_from_tag: best.camera_from_body })
    }
}

/// How the profile would have to change.
struct Change {
    camera: CameraModel,
    /// One standard deviation of scale, radial distortion and the centre.
    sigmas: [f64; NUMBERS],
    /// What is left for each free number, in squares of standard deviations.
    unexplained: f64,
}

fn change_of(camera: &CameraModel, told: &[Told]) -> Option<Change> {
    let start = camera.numbers();
    let width_px = f64::from(start.size_px[0]);
    let centre_sigmas = [2, 3].map(|index| start.sigma_px[index].max(CENTRE_SIGMA_MIN * width_px));
    let mut total = [0.0; NUMBERS];
    let mut changed = camera.clone();
    let mut poses: Vec<RigidPose> = told.iter().map(|view| view.camera_from_tag).collect();
    let mut covariance = [[0.0; NUMBERS]; NUMBERS];
    for _ in 0..ROUNDS {
        let mut normal = [[0.0; NUMBERS]; NUMBERS];
        let mut right = [0.0; NUMBERS];
        for (axis, sigma) in centre_sigmas.iter().enumerate() {
            let weight = 1.0 / (sigma * sigma);
            normal[2 + axis][2 + axis] = weight;
            right[2 + axis] = -weight * total[2 + axis];
        }
        for (view, pose) in told.iter().zip(&poses) {
            // A corner that the changed lens cannot show says nothing.
            add_view(&changed, view, pose, &mut normal, &mut right);
        }
        covariance = inverse(&normal)?;
        let step = apply(&covariance, &right);
        total = array::from_fn(|index| total[index] + step[index]);
        let [scale, radial, x, y] = total;
        let [k1, k2, p1, p2, k3] = start.distortion;
        changed = CameraModel::new(CameraNumbers {
            focal_px: start.focal_px.map(|focal| focal * (1.0 + scale)),
            centre_px: [start.centre_px[0] + x, start.centre_px[1] + y],
            distortion: [k1 + radial, k2, p1, p2, k3],
            ..start.clone()
        })
        .ok()?;
        for (view, pose) in told.iter().zip(&mut poses) {
            *pose = fit(&changed, &view.sights, *pose)?.camera_from_body;
        }
    }
    let cost: f64 =
        told.iter().zip(&poses).filter_map(|(view, pose)| cost_of(&changed, &view.sights, pose)).sum();
    let free = (2 * told.len()).saturating_sub(NUMBERS).max(1) as f64;
    let unexplained = cost / free;
    let excess = unexplained.max(1.0);
    let sigmas = array::from_fn(|index| (covariance[index][index] * excess).max(0.0).sqrt());
    Some(Change { camera: changed, sigmas, unexplained })
}

/// Adds what a view says of the profile, once its own pose follows whatever the profile becomes.
fn add_view(
    camera: &CameraModel,
    view: &Told,
    camera_from_tag: &RigidPose,
    normal: &mut [[f64; NUMBERS]; NUMBERS],
    right: &mut [f64; NUMBERS],
) -> Option<()> {
    let focal_px = camera.numbers().focal_px;
    let mut pose = [[0.0; 6]; 6];
    let mut pose_right = [0.0; 6];
    let mut mixed = [[0.0; 6]; NUMBERS];
    let mut own = [[0.0; NUMBERS]; NUMBERS];
    let mut own_right = [0.0; NUMBERS];
    for sight in &view.sights {
        let (projection, pose_rows) = sight_slopes(camera, camera_from_tag, sight)?;
        let slopes = camera.slopes_by_numbers(&projection);
        let weight = 1.0 / (sight.sigma_px * sight.sigma_px);
        for axis in 0..2 {
            let left_px = sight.pixel[axis] - projection.pixel[axis];
            let scale = focal_px[axis] * projection.direction[axis];
            let row = [scale, slopes[axis][4], slopes[axis][2], slopes[axis][3]];
            add_equation(&mut pose, &mut pose_right, &pose_rows[axis], left_px, weight);
            add_equation(&mut own, &mut own_right, &row, left_px, weight);
            for (cells, slope) in mixed.iter_mut().zip(row) {
                for (cell, other) in cells.iter_mut().zip(pose_rows[axis]) {
                    *cell += weight * slope * other;
                }
            }
        }
    }
    let by_pose = inverse(&pose)?;
    let toward = apply(&by_pose, &pose_right);
    for row in 0..NUMBERS {
        let through = apply(&by_pose, &mixed[row]);
        for column in 0..NUMBERS {
            let taken: f64 = through.iter().zip(mixed[column]).map(|(one, other)| one * other).sum();
            normal[row][column] += own[row][column] - taken;
        }
        let taken: f64 = mixed[row].iter().zip(toward).map(|(one, other)| one * other).sum();
        right[row] += own_right[row] - taken;
    }
    Some(())
}

impl Change {
    fn evidence(&self, profile: &CameraModel, told: &[Told]) -> ProfileEvidence {
        let (start, better) = (profile.numbers(), self.camera.numbers());
        let true_share = better.focal_px[0] / start.focal_px[0];
        // A direction that the profile sees at the edge, without what the focal length does: that moves with distances.
        let edge = [f64::from(start.size_px[0]), start.centre_px[1]];
        let radius = profile.unproject(edge).map_or(0.7, |[x, _]| x);
        let by_radial_px = start.focal_px[0] * radius.powi(3);
        let edge_off_px = -by_radial_px * (better.distortion[0] - start.distortion[0]);
        let before = rms_px(profile, told, |view| Some(view.camera_from_tag));
        let noise_px = rms_px(&self.camera, told, |view| {
            Some(fit(&self.camera, &view.sights, view.camera_from_tag)?.camera_from_body)
        });
        ProfileEvidence {
            scale_off: 1.0 / true_share - 1.0,
            scale_sigma: self.sigmas[0],
            edge_off_px,
            edge_sigma_px: self.sigmas[1] * by_radial_px.abs(),
            systematic_px: (before * before - noise_px * noise_px).max(0.0).sqrt(),
            noise_px,
            view_count: told.len(),
        }
    }
}

/// What is left of corners, as the root mean square on each axis in pixels.
fn rms_px(camera: &CameraModel, told: &[Told], pose: impl Fn(&Told) -> Option<RigidPose>) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0_f64);
    for view in told {
        let Some(pose) = pose(view) else { continue };
        for [x, y] in residuals(camera, &view.sights, &pose).flatten() {
            sum += x * x + y * y;
            count += 2.0;
        }
    }
    (sum / count.max(1.0)).sqrt()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set up its world fails")]
mod tests {
    use super::*;

    const SIZE_M: f64 = 0.08;
    const NOISE_PX: f64 = 0.12;

    fn lens(focal_px: f64, k1: f64) -> CameraModel {
        CameraModel::new(CameraNumbers {
            size_px: [1280, 720],
            focal_px: [focal_px, focal_px * 0.997],
            centre_px: [643.0, 357.0],
            distortion: [k1, 0.05, 0.000_6, -0.000_4, 0.0],
            sigma_px: [2.0, 2.0, 2.0, 2.0],
        })
        .unwrap()
    }

    /// Numbers that look like chance and are the same each time.
    struct Chance(u64);

    impl Chance {
        fn even(&mut self) -> f64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 11) as f64 / (1_u64 << 53) as f64
        }

        fn normal(&mut self) -> f64 {
            let radius = (-2.0 * self.even().max(1e-12).ln()).sqrt();
            radius * (self.even() * std::f64::consts::TAU).cos()
        }
    }

    /// The label as a tablet sees it that is moved for ten seconds: `reach` of the picture, tilted by up to `tilt_rad`.
    fn moved(camera: &CameraModel, reach: f64, tilt_rad: f64, seed: u64) -> Vec<TagView> {
        let mut chance = Chance(seed);
        let mut views = vec![];
        for index in 0..120 {
            let at = f64::from(index) / 120.0 * std::f64::consts::TAU;
            // Two turns of a figure that goes to all edges and through the middle.
            let x_px = 640.0 + reach * 560.0 * (2.0 * at).sin();
            let y_px = 360.0 + reach * 290.0 * (3.0 * at).sin();
            let far_m = 0.34 + 0.06 * (5.0 * at).cos();
            let Some([x, y]) = camera.unproject([x_px, y_px]) else { continue };
            let tilt = [tilt_rad * (4.0 * at).sin(), tilt_rad * (4.0 * at).cos(), 0.3 * at.sin()];
            // The label faces the camera: half a turn around x, then the tilt.
            let facing = RigidPose::of_quaternion([1.0, 0.0, 0.0, 0.0], [0.0; 3]);
            let turned = facing.changed([0.0, 0.0, 0.0, tilt[0], tilt[1], tilt[2]]);
            let pose = RigidPose { position_m: [x * far_m, y * far_m, far_m], ..turned };
            let corners = corners_m(SIZE_M).map(|corner| camera.project(pose.apply(corner)));
            let [Some(a), Some(b), Some(c), Some(d)] = corners else { continue };
            let within = |[x, y]: [f64; 2]| (0.0..1280.0).contains(&x) && (0.0..720.0).contains(&y);
            if ![a, b, c, d].into_iter().all(within) {
                continue;
            }
            let corners_px =
                [a, b, c, d].map(|place| place.map(|number| number + NOISE_PX * chance.normal()));
            views.push(TagView { corners_px, sigma_px: NOISE_PX });
        }
        views
    }

    fn checked(profile: &CameraModel, truth: &CameraModel, seed: u64) -> ProfileCheck {
        check_profile(profile, SIZE_M, &moved(truth, 1.0, 0.6, seed)).unwrap()
    }

    #[test]
    fn a_true_profile_fits_whatever_the_noise() {
        let camera = lens(910.0, -0.12);
        for seed in 1..=20 {
            let ProfileCheck::Fits(evidence) = checked(&camera, &camera, seed) else {
                panic!("{seed}: {:?}", checked(&camera, &camera, seed))
            };
            assert!(evidence.scale_off.abs() < SCALE_OFF_MAX, "{evidence:?}");
            assert!(evidence.systematic_px < 0.03 && evidence.noise_px < 0.1, "{evidence:?}");
        }
    }

    #[test]
    fn a_focal_length_three_per_cent_off_is_found_with_its_size() {
        let truth = lens(910.0, -0.12);
        for (share, seed) in [(1.03, 1), (0.97, 2), (1.03, 3), (0.97, 4)] {
            let profile = lens(910.0 * share, -0.12);
            let found = checked(&profile, &truth, seed);
            let ProfileCheck::DoesNotFit { misfit: ProfileMisfit::FocalLength, evidence } = found else {
                panic!("{share}: {found:?}")
            };
            assert!((evidence.scale_off - (share - 1.0)).abs() < 0.01, "{share}: {evidence:?}");
        }
    }

    #[test]
    fn a_wrong_distortion_is_found_at_the_edges() {
        let truth = lens(910.0, -0.12);
        for (k1, sign) in [(0.0, 1.0), (-0.24, -1.0)] {
            let found = checked(&lens(910.0, k1), &truth, 5);
            let ProfileCheck::DoesNotFit { misfit: ProfileMisfit::Distortion, evidence } = found else {
                panic!("{k1}: {found:?}")
            };
            assert!(evidence.edge_off_px * sign > 10.0, "{evidence:?}");
            assert!(evidence.systematic_px > 0.05, "{evidence:?}");
        }
    }

    #[test]
    fn a_tablet_that_stands_still_says_nothing_yet() {
        let truth = lens(910.0, -0.12);
        for profile in [lens(910.0, -0.12), lens(940.0, -0.12)] {
            let views = moved(&truth, 0.0, 0.0, 6);
            let ProfileCheck::NotYet { missing } = check_profile(&profile, SIZE_M, &views).unwrap() else {
                panic!("it said something")
            };
            assert!(
                missing.contains(&CheckMissing::Left) && missing.contains(&CheckMissing::Tilt),
                "{missing:?}"
            );
            assert!(!missing.contains(&CheckMissing::Middle), "{missing:?}");
        }
        let few = moved(&truth, 1.0, 0.6, 7);
        let found = check_profile(&truth, SIZE_M, &few[..5]).unwrap();
        let ProfileCheck::NotYet { missing } = found else { panic!("{found:?}") };
        assert_eq!(missing.first(), Some(&CheckMissing::Views));
    }

    #[test]
    fn a_label_that_never_came_to_the_edges_or_was_never_tilted_does_not_pass() {
        let camera = lens(910.0, -0.12);
        let found = check_profile(&camera, SIZE_M, &moved(&camera, 0.4, 0.6, 8)).unwrap();
        let ProfileCheck::NotYet { missing } = found else { panic!("{found:?}") };
        assert!(missing.contains(&CheckMissing::Right), "{missing:?}");
        let found = check_profile(&camera, SIZE_M, &moved(&camera, 1.0, 0.0, 9)).unwrap();
        let ProfileCheck::NotYet { missing } = found else { panic!("{found:?}") };
        assert_eq!(missing, [CheckMissing::Tilt]);
    }

    #[test]
    fn a_label_of_another_size_is_not_seen_as_a_fault_of_the_lens() {
        let camera = lens(910.0, -0.12);
        let views = moved(&camera, 1.0, 0.6, 10);
        let found = check_profile(&camera, SIZE_M * 1.1, &views).unwrap();
        assert!(matches!(found, ProfileCheck::Fits(_)), "{found:?}");
    }

    #[test]
    fn sizes_and_standard_deviations_that_are_none_are_refused() {
        let camera = lens(910.0, -0.12);
        let view = TagView { corners_px: [[0.0; 2]; 4], sigma_px: 0.1 };
        for size_m in [0.0, -1.0, f64::NAN] {
            assert_eq!(check_profile(&camera, size_m, &[view]), Err(PoseError::Size));
        }
        let unsure = TagView { sigma_px: 0.0, ..view };
        assert_eq!(check_profile(&camera, SIZE_M, &[unsure]), Err(PoseError::Sigma));
    }
}
