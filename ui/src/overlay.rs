//! How much may be shown over the camera's picture: as much as is known of where the machine stands, and no more.
//!
//! An exact arrow where the error is small beside the part, then the part's outline, then a circle as large as the error,
//! then the 3D view from the camera's side. Each is named, so that nobody takes one for a better one.

use millwright_model::{Pose, SightProof, SightSeen};

/// An arrow may be off by so much of the part's radius, and by no less than this.
const EXACT_SHARE: f64 = 0.25;
const EXACT_MM: f64 = 3.0;
/// An outline likewise.
const OUTLINE_SHARE: f64 = 0.8;
const OUTLINE_MM: f64 = 8.0;
/// A circle larger than this, in millimetres, points at nothing.
const CIRCLE_MAX_MM: f64 = 250.0;
/// An attitude that may be off by more than this, in degrees, lets no part be outlined.
const TURNED_MAX_DEG: f64 = 12.0;
/// For so many pictures less must be known before less is shown, and more before more is: nothing flickers.
const DOWN_AFTER: u32 = 6;
const UP_AFTER: u32 = 2;

/// What is shown over the picture, the least first.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Standing {
    /// Nothing: where the machine stands is not known.
    Lost,
    /// A circle as large as the error.
    Circle,
    /// The part's outline.
    Outline,
    /// Everything, exactly where it is.
    Exact,
}

/// What a person said of an outline that one label alone speaks for.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Fits {
    /// Nothing yet: they are asked.
    #[default]
    Unsaid,
    /// It lies on the machine.
    Yes,
    /// It does not.
    No,
}

/// What one picture allows to be shown of a part with this radius.
pub(crate) fn allowed(seen: &SightSeen, radius_m: f64, fits: Fits) -> Standing {
    let Some(error) = seen.error.filter(|_| seen.camera_from_machine.is_some()) else {
        return Standing::Lost;
    };
    let most = match (seen.proof, fits) {
        (SightProof::Nothing | SightProof::Contradicting, _) | (SightProof::OneLabel, Fits::No) => {
            Standing::Lost
        }
        (SightProof::OneLabel, Fits::Unsaid) => Standing::Outline,
        (SightProof::OneLabel, Fits::Yes) | (SightProof::Agreeing | SightProof::ByHand, _) => Standing::Exact,
    };
    let radius_mm = radius_m * 1_000.0;
    let turned = error.bound_deg > TURNED_MAX_DEG;
    let by_error = match error.bound_mm {
        mm if mm <= (EXACT_SHARE * radius_mm).max(EXACT_MM) && !turned => Standing::Exact,
        mm if mm <= (OUTLINE_SHARE * radius_mm).max(OUTLINE_MM) && !turned => Standing::Outline,
        mm if mm <= CIRCLE_MAX_MM => Standing::Circle,
        _ => Standing::Lost,
    };
    most.min(by_error)
}

/// What is shown from picture to picture, without flicker.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Steady {
    shown: Standing,
    other_for: u32,
}

impl Steady {
    /// Nothing is shown yet.
    pub(crate) const NOTHING: Self = Self { shown: Standing::Lost, other_for: 0 };

    /// What is shown after one more picture that allows this much. Where nothing says where the machine stands, nothing is
    /// drawn at once; what is told of it waits.
    pub(crate) fn after(self, allowed: Standing) -> Self {
        if allowed == self.shown {
            return Self { other_for: 0, ..self };
        }
        let other_for = self.other_for + 1;
        let enough = if allowed < self.shown { DOWN_AFTER } else { UP_AFTER };
        if other_for >= enough { Self { shown: allowed, other_for: 0 } } else { Self { other_for, ..self } }
    }

    /// What is shown.
    pub(crate) fn shown(self) -> Standing {
        self.shown
    }
}

/// Where the camera's eye is, in the machine's frame: the inverse of the pose, applied to nothing.
pub(crate) fn eye_m(camera_from_machine: &Pose) -> [f64; 3] {
    let [tx, ty, tz] = camera_from_machine.position_m;
    let [x, y, z, w] = camera_from_machine.rotation;
    turned([-x, -y, -z, w], [-tx, -ty, -tz])
}

/// From which side the camera looks at a point of the machine: azimuth and elevation, in radians, as the 3D view turns.
pub(crate) fn side_of(camera_from_machine: &Pose, middle_m: [f64; 3]) -> Option<(f64, f64)> {
    let eye = eye_m(camera_from_machine);
    let [dx, dy, dz] = [0, 1, 2].map(|axis| eye[axis] - middle_m[axis]);
    let flat = dx.hypot(dz);
    let far = flat.hypot(dy);
    (far > 1e-6 && far.is_finite()).then(|| (dx.atan2(dz), dy.atan2(flat)))
}

/// A vector turned by a unit quaternion x, y, z, w.
fn turned([x, y, z, w]: [f64; 4], [a, b, c]: [f64; 3]) -> [f64; 3] {
    let (tx, ty, tz) = (2.0 * (y * c - z * b), 2.0 * (z * a - x * c), 2.0 * (x * b - y * a));
    [a + w * tx + y * tz - z * ty, b + w * ty + z * tx - x * tz, c + w * tz + x * ty - y * tx]
}

/// Where the camera took what is shown at a pixel of its straightened picture: bent as the lens bends (Brown and Conrady).
pub(crate) fn bent(
    [fx, fy, cx, cy]: [f64; 4],
    [k1, k2, p1, p2, k3]: [f64; 5],
    [x_px, y_px]: [f64; 2],
) -> [f64; 2] {
    let (x, y) = ((x_px - cx) / fx, (y_px - cy) / fy);
    let r2 = x * x + y * y;
    let radial = 1.0 + r2 * (k1 + r2 * (k2 + r2 * k3));
    let bent_x = x * radial + 2.0 * p1 * x * y + p2 * (r2 + 2.0 * x * x);
    let bent_y = y * radial + p1 * (r2 + 2.0 * y * y) + 2.0 * p2 * x * y;
    [bent_x * fx + cx, bent_y * fy + cy]
}

/// Where a pixel of a board lies in a picture that is shown whole on it; nothing beside the picture.
pub(crate) fn in_picture(
    [x_px, y_px]: [f64; 2],
    [board_width, board_height]: [f64; 2],
    picture_px: [u32; 2],
) -> Option<[f64; 2]> {
    let [width, height] = picture_px.map(f64::from);
    let scale = (board_width / width).min(board_height / height);
    if scale.is_nan() || scale <= 0.0 {
        return None;
    }
    let [x, y] = [
        (x_px - (board_width - width * scale) / 2.0) / scale,
        (y_px - (board_height - height * scale) / 2.0) / scale,
    ];
    ((0.0..=width).contains(&x) && (0.0..=height).contains(&y)).then_some([x, y])
}

/// So many of the points as far from each other as can be, by their places in the list: the first is the farthest from
/// their middle, each further one the farthest from those before.
pub(crate) fn spread(points: &[[f64; 3]], count: usize) -> Vec<usize> {
    let square = |one: &[f64; 3], other: &[f64; 3]| -> f64 {
        one.iter().zip(other).map(|(one, other)| (one - other).powi(2)).sum()
    };
    let number = points.len().max(1) as f64;
    let middle = [0, 1, 2].map(|axis| points.iter().map(|point| point[axis]).sum::<f64>() / number);
    let mut chosen: Vec<usize> = vec![];
    while chosen.len() < count.min(points.len()) {
        let far = |point: &[f64; 3]| match chosen.as_slice() {
            [] => square(point, &middle),
            chosen => chosen
                .iter()
                .filter_map(|place| points.get(*place))
                .map(|known| square(point, known))
                .fold(f64::INFINITY, f64::min),
        };
        let left = points.iter().enumerate().filter(|(place, _)| !chosen.contains(place));
        let Some((place, _)) = left.max_by(|(_, one), (_, other)| far(one).total_cmp(&far(other))) else {
            break;
        };
        chosen.push(place);
    }
    chosen
}

/// Brightness of pixels with red, green, blue and how solid they are, behind `head`: as the engine takes a picture.
pub(crate) fn grey_behind(head: &[u8], rgba: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(head.len() + rgba.len() / 4);
    bytes.extend_from_slice(head);
    // Rec. 601 luma in 256ths.
    let luma = |pixel: &[u8; 4]| {
        ((77 * u32::from(pixel[0]) + 150 * u32::from(pixel[1]) + 29 * u32::from(pixel[2])) >> 8) as u8
    };
    bytes.extend(rgba.as_chunks::<4>().0.iter().map(luma));
    bytes
}

/// Whether two pictures are the same but for the noise of the camera: then nothing needs to be looked at anew.
pub(crate) fn is_still(before: &[u8], now: &[u8]) -> bool {
    /// Every so many pixels one is held against the one before.
    const STRIDE: usize = 37;
    /// How much they may differ on average, in steps of brightness.
    const NOISE: u64 = 4;
    if before.len() != now.len() || now.is_empty() {
        return false;
    }
    let pairs = before.iter().step_by(STRIDE).zip(now.iter().step_by(STRIDE));
    let (sum, count) = pairs.fold((0_u64, 0_u64), |(sum, count), (one, other)| {
        (sum + u64::from(one.abs_diff(*other)), count + 1)
    });
    sum < NOISE * count
}

#[cfg(test)]
mod tests {
    use millwright_model::SightError;

    use super::*;

    fn seen(proof: SightProof, bound_mm: f64, bound_deg: f64) -> SightSeen {
        SightSeen {
            at_s: 0.0,
            labels: vec![],
            camera_from_machine: Some(Pose::IDENTITY),
            error: Some(SightError { bound_mm, bound_deg }),
            proof,
            faults: vec![],
            hints: vec![],
            board: None,
            check: None,
            took_us: 0,
        }
    }

    #[test]
    fn the_larger_the_error_beside_the_part_the_less_is_shown() {
        let shown = |mm| allowed(&seen(SightProof::Agreeing, mm, 0.5), 0.05, Fits::Unsaid);
        assert_eq!(
            [2.0, 12.0, 30.0, 90.0, 400.0].map(shown),
            [Standing::Exact, Standing::Exact, Standing::Outline, Standing::Circle, Standing::Lost]
        );
        let turned = allowed(&seen(SightProof::Agreeing, 2.0, 30.0), 0.05, Fits::Unsaid);
        assert_eq!(turned, Standing::Circle, "an outline that may be turned by 30° points elsewhere");
    }

    #[test]
    fn one_label_alone_gives_no_arrow_before_a_person_says_that_it_fits() {
        let shown = |fits| allowed(&seen(SightProof::OneLabel, 1.0, 0.5), 0.05, fits);
        assert_eq!(
            [Fits::Unsaid, Fits::Yes, Fits::No].map(shown),
            [Standing::Outline, Standing::Exact, Standing::Lost]
        );
    }

    #[test]
    fn labels_that_contradict_each_other_and_no_label_at_all_show_nothing() {
        assert_eq!(allowed(&seen(SightProof::Contradicting, 1.0, 0.5), 0.05, Fits::Yes), Standing::Lost);
        let nothing = SightSeen { camera_from_machine: None, ..seen(SightProof::Agreeing, 1.0, 0.5) };
        assert_eq!(allowed(&nothing, 0.05, Fits::Yes), Standing::Lost);
    }

    #[test]
    fn one_bad_picture_takes_nothing_away_and_many_do() {
        let good = Steady::NOTHING.after(Standing::Exact).after(Standing::Exact);
        assert_eq!(good.shown(), Standing::Exact);
        assert_eq!(good.after(Standing::Lost).after(Standing::Exact).shown(), Standing::Exact);
        let lost = (0..DOWN_AFTER).fold(good, |steady, _| steady.after(Standing::Lost));
        assert_eq!(lost.shown(), Standing::Lost);
    }

    #[test]
    fn the_3d_view_is_turned_to_the_side_where_the_camera_is() {
        // The camera 2 m in front of the machine (+z), level, upright: x to the right, y down, z ahead.
        let front = Pose { position_m: [0.0, 0.0, 2.0], rotation: [1.0, 0.0, 0.0, 0.0] };
        let (azimuth, elevation) = side_of(&front, [0.0; 3]).unwrap();
        assert!(azimuth.abs() < 1e-9 && elevation.abs() < 1e-9, "{azimuth} {elevation}");
        // One metre above it as well.
        let above = Pose { position_m: [0.0, 1.0, 2.0], ..front };
        let (_, elevation) = side_of(&above, [0.0; 3]).unwrap();
        assert!((elevation - 0.5_f64.atan()).abs() < 1e-9, "{elevation}");
        // To the right of the middle.
        let right = side_of(&front, [-2.0, 0.0, 0.0]).unwrap().0;
        assert!((right - std::f64::consts::FRAC_PI_4).abs() < 1e-9, "{right}");
        assert_eq!(side_of(&front, [0.0, 0.0, 2.0]), None, "inside of the machine there is no side");
    }

    #[test]
    fn a_tap_is_taken_where_the_camera_saw_it() {
        let (lens, plain) = ([500.0, 500.0, 320.0, 240.0], [0.0; 5]);
        assert_eq!(bent(lens, plain, [100.0, 50.0]), [100.0, 50.0]);
        let [x, y] = bent(lens, [-0.1, 0.0, 0.0, 0.0, 0.0], [570.0, 240.0]);
        assert!((x - (320.0 + 250.0 * (1.0 - 0.1 * 0.25))).abs() < 1e-9 && y == 240.0, "{x} {y}");
        assert_eq!(in_picture([400.0, 300.0], [800.0, 600.0], [640, 480]), Some([320.0, 240.0]));
        assert_eq!(in_picture([10.0, 300.0], [1_000.0, 600.0], [640, 480]), None, "beside the picture");
    }

    #[test]
    fn points_to_align_by_lie_far_apart() {
        let points = [[0.0; 3], [0.1, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.05, 0.05, 0.0]];
        let mut chosen = spread(&points, 3);
        chosen.sort_unstable();
        assert_eq!(chosen, [0, 2, 3]);
        assert_eq!(spread(&[], 4), Vec::<usize>::new());
        assert_eq!(spread(&points, 9).len(), 5);
    }

    #[test]
    fn colours_become_brightness_behind_the_head() {
        let bytes = grey_behind(&[9, 9], &[255, 255, 255, 255, 0, 0, 0, 255, 255, 0, 0, 255]);
        assert_eq!(bytes, [9, 9, 255, 0, 76]);
    }

    #[test]
    fn noise_is_still_and_a_moved_picture_is_not() {
        let before: Vec<u8> = (0..10_000_u32).map(|at| (at / 40 % 256) as u8).collect();
        let noisy: Vec<u8> =
            before.iter().enumerate().map(|(at, grey)| grey.saturating_add((at % 3) as u8)).collect();
        let moved: Vec<u8> = before.iter().map(|grey| grey.wrapping_add(20)).collect();
        assert!(is_still(&before, &noisy) && !is_still(&before, &moved));
        assert!(!is_still(&[], &[]) && !is_still(&before, &before[1..]));
    }
}
