//! The light of a run, as numbers of physics: how much there is, what the camera makes of it, and what gets in its way.
//!
//! Unit of light: 1 is what white (a perfect diffuser) throws back where the machine stands.

use crate::hall::WindowLight;

/// Under which light a machine is seen.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum Light {
    /// A hall with lamps, 500 lx, as EN 12464-1 asks for at machines: nothing is scarce and nothing too much.
    Workshop,
    /// Emergency light, 5 lx, a hundredth of it: the camera opens as long as 10 frames a second and a hand allow, and
    /// amplifies what is left.
    FiveLux,
    /// Sun through a door, 50,000 lx: paper is at the end of the scale, and the sun is mirrored in laminated labels.
    DirectSun,
    /// A bright sky in windows behind the machine: the lens scatters it over all of the picture.
    Backlight,
    /// Drops of water on the lens.
    WetLens,
}

/// What becomes of light on its way to a picture.
#[derive(Clone, Debug)]
pub(crate) struct Conditions {
    /// How bright windows are.
    pub(crate) windows: WindowLight,
    /// The share of the picture's mean light that the lens scatters evenly over it.
    pub(crate) veil_share: f32,
    /// The share of each pixel's light that goes into a halo, and how wide that is, in pixels.
    pub(crate) halos: &'static [(f32, f64)],
    /// The blur of lens and focus, one standard deviation in pixels, without what the pixels themselves average.
    pub(crate) blur_px: f64,
    /// The sun in labels: how bright it is mirrored.
    pub(crate) sun: Option<Sun>,
    /// How many drops are on the lens.
    pub(crate) drops: usize,
    /// Electrons in a pixel for light of 1.
    pub(crate) electrons: f32,
    /// How many electrons fill the scale of 255 steps.
    pub(crate) full_scale_electrons: f32,
    /// Noise of reading a pixel, one standard deviation in electrons.
    pub(crate) read_noise_electrons: f32,
    /// How long the camera is open, in seconds.
    pub(crate) exposure_s: f64,
}

/// The sun as laminated labels mirror it.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Sun {
    /// How bright its image is.
    pub(crate) light: f32,
    /// How far from the mirror's direction it is still seen, one standard deviation in radians.
    pub(crate) lobe_rad: f64,
}

/// Pixels of 2 to 3 µm, as tablets and inspection cameras have them, hold about so many electrons.
const FULL_WELL_ELECTRONS: f32 = 9_000.0;
/// And are read with so much noise.
const READ_NOISE_ELECTRONS: f32 = 3.0;
/// The share of the scale that automatic exposure gives white: paper then has 0.8 of the scale's light, which is written
/// as 231 of 255.
const WHITE_OF_SCALE: f32 = 1.0;
/// A lens that is in focus at one distance, and the filter over the pixels.
const SHARP_PX: f64 = 0.45;
/// A clean lens scatters 1 % widely: veiling glare index by ISO 9358 of tablets' cameras is 1 to 3 %.
const VEIL_CLEAN: f32 = 0.01;

impl Light {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Workshop, Self::FiveLux, Self::DirectSun, Self::Backlight, Self::WetLens];

    /// Its name in file names and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Workshop => "workshop",
            Self::FiveLux => "five-lux",
            Self::DirectSun => "direct-sun",
            Self::Backlight => "backlight",
            Self::WetLens => "wet-lens",
        }
    }

    pub(crate) fn conditions(self) -> Conditions {
        let workshop = Conditions {
            // Daylight beside lamps: windows are a little brighter than the wall.
            windows: 0.9,
            veil_share: VEIL_CLEAN,
            halos: &[],
            blur_px: SHARP_PX,
            sun: None,
            drops: 0,
            electrons: FULL_WELL_ELECTRONS * WHITE_OF_SCALE,
            full_scale_electrons: FULL_WELL_ELECTRONS,
            read_noise_electrons: READ_NOISE_ELECTRONS,
            // 500 lx and f/2 fill a pixel of that size in about 8 ms.
            exposure_s: 0.008,
        };
        match self {
            Self::Workshop => workshop,
            // A hundredth of the light for 40 ms instead of 8: a twentieth of the electrons, which gain brings to half of
            // the scale. Its noise on paper is √360 = 19 of 360 electrons, a signal of 19 to 1.
            Self::FiveLux => Conditions {
                windows: 0.05,
                electrons: FULL_WELL_ELECTRONS / 20.0,
                full_scale_electrons: FULL_WELL_ELECTRONS / 10.0,
                exposure_s: 0.040,
                ..workshop
            },
            // The machine is dark paint, so that automatic exposure puts paper over the end of the scale: 1.3 × 0.8. The
            // sun has 1.6e9 cd/m² and white under it 16,000. Laminate mirrors 4 %, and its gloss spreads the sun's disc
            // of 6.8e-5 sr over a lobe of 4e-4 sr: where it is mirrored best, it is 600 times as bright as white.
            Self::DirectSun => Conditions {
                windows: 0.5,
                halos: &[(0.005, 5.0), (0.010, 25.0)],
                sun: Some(Sun { light: 600.0, lobe_rad: 0.008 }),
                electrons: FULL_WELL_ELECTRONS * 1.3,
                exposure_s: 0.0005,
                ..workshop
            },
            // Overcast sky has 5,000 cd/m², white at 500 lx has 160: windows are 25 times as bright. Automatic exposure
            // gives way by half, and a lens that was touched scatters 3 %.
            Self::Backlight => Conditions {
                windows: 25.0,
                veil_share: 0.03,
                halos: &[(0.015, 10.0), (0.010, 40.0)],
                electrons: FULL_WELL_ELECTRONS * 0.45,
                ..workshop
            },
            // Water on the lens scatters more too.
            Self::WetLens => Conditions { drops: 14, veil_share: 0.03, ..workshop },
        }
    }
}
