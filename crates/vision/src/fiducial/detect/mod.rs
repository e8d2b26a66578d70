//! Finds fiducials in a frame.

mod decode;
mod edge;
mod expected;
mod hull;
mod light;
mod outline;
mod pattern;
mod quad;
mod samples;
mod sheet;
mod threshold;

use super::codebook::Codebook;
use super::family::FiducialFamily;
use crate::frame::{GreyFrame, Region};
use decode::Outcome;
use edge::Step;
use outline::Worth;
use pattern::PatternFitter;
use quad::{Quad, QuadFinder};
use threshold::Darkness;

/// The shorter side of the box around an outline, in pixels, from which it is looked at.
const BOX_SIDE_MIN_PX: u32 = 6;

/// Cells smaller than this, in pixels, are read wrong when corners are off by a part of a pixel.
const SMALL_CELL_PX: f64 = 4.0;
/// Cells smaller than this, in pixels, tell more together than the edges of the frame do.
const ALIGNED_CELL_PX: f64 = 3.2;
/// Cells narrower than this, in pixels, have edges that blur each other.
const NARROW_CELL_PX: f64 = 2.0;
/// How much farther than usual corners of an outline may be from where edges cross.
const PATIENCE: f64 = 3.0;
/// What a corner is off by at best, as one standard deviation in pixels, up to a blur as sharp cameras have it. Beyond, it
/// grows with the blur: that of motion has another shape than it is taken for.
const CORNER_FLOOR_PX: f64 = 0.03;
const SHARP_BLUR_PX: f64 = 0.8;
/// What a corner of a sharp fiducial of one pixel would be off by, in pixels; shrinks with its size.
const CORNER_NOISE_PX: f64 = 1.0;

/// What the camera's tone may have moved edges by where cells did not tell, as a share of their blur: half of the light lies
/// that far from half of the brightness. All four edges move together: as if each corner were off by twice as much.
const EDGE_TONE_SHARE: f64 = 0.45;

/// Below this many pixels, cells run into each other, and corners are told worse by more than their size says.
const CROWDED_CELL_PX: f64 = 2.5;
/// What a corner is off by where it was not measured, as one standard deviation in pixels.
const UNMEASURED_SIGMA_PX: f64 = 1.0;

/// A fiducial that was found.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Detection {
    /// Its family.
    pub family: FiducialFamily,
    /// Its number in the family.
    pub id: u32,
    /// Its detection corners in pixels: lower left, lower right, upper right, upper left of the printed sheet, which is
    /// counter-clockwise as seen. The centre of the picture's first pixel is (0.5, 0.5). The order is AprilTag's.
    pub corners_px: [[f64; 2]; 4],
    /// How many bits were wrong and put right.
    pub hamming: u32,
    /// How far bits lay from the middle between black and white on average, in steps of brightness: the more, the surer.
    pub decision_margin: f64,
    /// Whether its corners were measured to a part of a pixel. Where edges or cells did not settle, they are as the
    /// outline has them.
    pub is_measured: bool,
    /// How blurred its edges are, as one standard deviation in pixels. A sharp camera has 0.4 to 0.8.
    pub blur_px: f64,
    /// What the noise of the picture takes its corners off by, as one standard deviation on each axis, in pixels; 0 where
    /// its edges alone were measured, and not its cells.
    pub noise_px: f64,
    /// How bright its black and its white are, 0 to 255.
    pub black: f64,
    /// See `black`.
    pub white: f64,
}

impl Detection {
    /// The middle: where the diagonals cross, in pixels.
    pub fn centre_px(&self) -> [f64; 2] {
        let [a, b, c, d] = self.corners_px;
        let between = |from: [f64; 2], to: [f64; 2]| [to[0] - from[0], to[1] - from[1]];
        quad::crossing(a, between(a, c), b, between(b, d)).unwrap_or(a)
    }

    /// What each corner may be off by: one standard deviation on each axis, in pixels. Small, pale and blurred fiducials
    /// are told less well; sheets and lenses are never perfect.
    pub fn corner_sigma_px(&self) -> f64 {
        if !self.is_measured {
            return UNMEASURED_SIGMA_PX;
        }
        let narrowest_px = quad::narrowest_px(&self.corners_px).max(1.0);
        let paleness = 150.0 / (self.white - self.black).max(5.0);
        let cell_px = narrowest_px / f64::from(self.family.corner_distance_cells());
        let crowding = (CROWDED_CELL_PX / cell_px).max(1.0).powi(2);
        let usual = CORNER_NOISE_PX * (paleness.max(0.5) * self.blur_px.max(0.5) / SHARP_BLUR_PX) * crowding
            / narrowest_px;
        let tone = if self.noise_px > 0.0 { 0.0 } else { EDGE_TONE_SHARE * self.blur_px };
        let floor = CORNER_FLOOR_PX * (self.blur_px / SHARP_BLUR_PX).max(1.0);
        floor.hypot(usual.max(self.noise_px)).hypot(tone)
    }

    /// The length of each side, in pixels, in the order of the corners.
    pub fn sides_px(&self) -> [f64; 4] {
        [0, 1, 2, 3].map(|side| {
            let (from, to) = (self.corners_px[side], self.corners_px[(side + 1) % 4]);
            (to[0] - from[0]).hypot(to[1] - from[1])
        })
    }
}

/// Finds fiducials, and keeps what it needs for that from frame to frame.
#[derive(Clone, Debug)]
pub struct Detector {
    books: Vec<(FiducialFamily, Codebook)>,
    step: Step,
    fitter: PatternFitter,
    darkness: Darkness,
    points: Vec<(u16, u16)>,
    finder: QuadFinder,
    quads: Vec<Quad>,
    found: Vec<Detection>,
}

impl Detector {
    /// A detector of some families.
    pub fn new(families: &[FiducialFamily]) -> Self {
        let mut families = families.to_vec();
        families.sort_unstable();
        families.dedup();
        Self {
            books: families.into_iter().map(|family| (family, Codebook::new(family))).collect(),
            step: Step::new(),
            fitter: PatternFitter::default(),
            darkness: Darkness::default(),
            points: vec![],
            finder: QuadFinder::default(),
            quads: vec![],
            found: vec![],
        }
    }

    /// The fiducials in `frame`, by family, id and place. The same frame gives the same answer, bit for bit.
    pub fn detect(&mut self, frame: GreyFrame<'_>) -> &[Detection] {
        self.search(frame, None);
        &self.found
    }

    /// How far dark and light lay apart at least in the last frame, in steps of brightness.
    pub(crate) fn contrast_min(&self) -> u8 {
        self.darkness.contrast_min
    }

    fn search(&mut self, frame: GreyFrame<'_>, contrast_min: Option<u8>) {
        self.found.clear();
        self.find_quads(frame, contrast_min);
        let contrast_min = f64::from(self.darkness.contrast_min);
        for quad in &self.quads {
            for (family, book) in &self.books {
                let tools = (&self.step, &mut self.fitter);
                self.found.extend(read(frame, quad, *family, book, contrast_min, tools));
            }
        }
        drop_doubles(&mut self.found);
    }

    /// The fiducials that lie within a part of `frame`, in the coordinates of the whole.
    pub fn detect_within(&mut self, frame: GreyFrame<'_>, region: Region) -> &[Detection] {
        self.search_within(frame, region, None)
    }

    /// The same, where it is known how far dark and light lie apart: a small part does not tell its noise.
    pub(crate) fn detect_with_contrast(
        &mut self,
        frame: GreyFrame<'_>,
        region: Region,
        contrast_min: u8,
    ) -> &[Detection] {
        self.search_within(frame, region, Some(contrast_min))
    }

    fn search_within(
        &mut self,
        frame: GreyFrame<'_>,
        region: Region,
        contrast_min: Option<u8>,
    ) -> &[Detection] {
        let Some(part) = frame.part(region) else {
            self.found.clear();
            return &self.found;
        };
        self.search(part, contrast_min);
        for detection in &mut self.found {
            for corner in &mut detection.corners_px {
                *corner = [corner[0] + region.left_px as f64, corner[1] + region.top_px as f64];
            }
        }
        &self.found
    }

    fn find_quads(&mut self, frame: GreyFrame<'_>, contrast_min: Option<u8>) {
        self.quads.clear();
        self.darkness.find(frame, contrast_min);
        let light_inside =
            |sought: bool| self.books.iter().any(|(family, _)| family.is_light_inside() == sought);
        let worth = Worth {
            side_min_px: BOX_SIDE_MIN_PX,
            dark_inside: light_inside(false),
            light_inside: light_inside(true),
        };
        let (finder, quads) = (&mut self.finder, &mut self.quads);
        outline::walk_all(&mut self.darkness, &mut self.points, worth, |outline| {
            quads.extend(finder.find(outline))
        });
    }
}

/// Reads a quadrilateral and measures its corners. One that looks like a fiducial and is not read is measured first.
fn read(
    frame: GreyFrame<'_>,
    quad: &Quad,
    family: FiducialFamily,
    book: &Codebook,
    contrast_min: f64,
    (step, fitter): (&Step, &mut PatternFitter),
) -> Option<Detection> {
    let cells = f64::from(family.corner_distance_cells());
    let measure = |corners_px: &[[f64; 2]; 4], black: f64, white: f64, rounds: usize| {
        let levels = if family.is_light_inside() { [white, black] } else { [black, white] };
        let refined = step.refine(frame, corners_px, cells, levels, PATIENCE, rounds)?;
        quad::is_convex(&refined.corners_px).then_some(refined)
    };
    let decoded = match decode::decode(frame, quad, family, book, contrast_min) {
        Outcome::Read(decoded) => decoded,
        // Only small ones can be misread for corners that are a little off.
        Outcome::Likely { black, white } if quad.narrowest_px() < SMALL_CELL_PX * cells => {
            let corners_px = measure(&quad.corners_px, black, white, edge::ROUNDS_TO_READ)?.corners_px;
            match decode::decode(frame, &Quad { corners_px, ..*quad }, family, book, contrast_min) {
                Outcome::Read(decoded) => decoded,
                Outcome::Likely { .. } | Outcome::Nothing => return None,
            }
        }
        Outcome::Likely { .. } | Outcome::Nothing => return None,
    };
    // Corners may move far where they are acute, as long as what they frame reads as well as before.
    let reads = |corners_px: &[[f64; 2]; 4]| {
        let moved = Quad { corners_px: *corners_px, ..*quad };
        match decode::decode(frame, &moved, family, book, contrast_min) {
            Outcome::Read(again) => again.id == decoded.id && again.margin >= 0.9 * decoded.margin,
            Outcome::Likely { .. } | Outcome::Nothing => false,
        }
    };
    let light = (decoded.black, decoded.white);
    let mut align = |corners_px: &[[f64; 2]; 4], blur_px: f64| {
        fitter
            .align(frame, (family, decoded.id), corners_px, light, blur_px)
            .filter(|aligned| quad::is_convex(&aligned.corners_px) && reads(&aligned.corners_px))
    };
    let aligned = align(&decoded.corners_px, edge::BLUR_FIRST_PX);
    // Edges of narrow cells blur each other: they tell something, and not to a part of a pixel.
    let is_narrow = quad.narrowest_px() < NARROW_CELL_PX * cells;
    let is_small = quad.narrowest_px() < ALIGNED_CELL_PX * cells;
    let is_measured = aligned.is_some() || !is_narrow;
    let refined = aligned.or_else(|| {
        let measured = measure(&decoded.corners_px, decoded.black, decoded.white, edge::ROUNDS)
            .filter(|refined| reads(&refined.corners_px))?;
        // From where edges are, cells may settle what they did not from where the outline was.
        let aligned = (!is_small).then(|| align(&measured.corners_px, measured.blur_px));
        Some(aligned.flatten().unwrap_or(measured))
    });
    let (corners_px, blur_px, noise_px) = refined
        .map_or((decoded.corners_px, edge::BLUR_FIRST_PX, 0.0), |refined| {
            (refined.corners_px, refined.blur_px, refined.noise_px)
        });
    Some(Detection {
        family,
        id: decoded.id,
        corners_px,
        hamming: decoded.wrong_bits,
        decision_margin: decoded.margin,
        is_measured: is_measured && refined.is_some(),
        blur_px,
        noise_px,
        black: decoded.black,
        white: decoded.white,
    })
}

/// Sorts detections, and keeps the surest of those with the same id at the same place.
fn drop_doubles(found: &mut Vec<Detection>) {
    found.sort_by(|one, other| {
        (one.family, one.id, one.hamming)
            .cmp(&(other.family, other.id, other.hamming))
            .then(other.decision_margin.total_cmp(&one.decision_margin))
            .then(one.corners_px[0][0].total_cmp(&other.corners_px[0][0]))
            .then(one.corners_px[0][1].total_cmp(&other.corners_px[0][1]))
    });
    let mut kept: usize = 0;
    for index in 0..found.len() {
        let this = found[index];
        let reach = this.sides_px().iter().fold(f64::INFINITY, |least, side| least.min(*side)) / 2.0;
        let centre = this.centre_px();
        let is_double = found[..kept].iter().any(|other| {
            let [x, y] = other.centre_px();
            (other.family, other.id) == (this.family, this.id) && (x - centre[0]).hypot(y - centre[1]) < reach
        });
        if !is_double {
            found[kept] = this;
            kept += 1;
        }
    }
    found.truncate(kept);
    found.sort_by(|one, other| {
        let place = |detection: &Detection| detection.corners_px[0];
        (one.family, one.id)
            .cmp(&(other.family, other.id))
            .then(place(one)[0].total_cmp(&place(other)[0]))
            .then(place(one)[1].total_cmp(&place(other)[1]))
    });
}
