//! The runs: which light, which labels, and the frames with what is true of each.

use millwright_vision::{
    CameraModel, CameraNumbers, GreyFrame, RECORDING_BYTES_MAX, RecordingWriter, RigidPose, SurveyedTag,
};

use crate::RunFault;
use crate::grid::{Grid, Radiance};
use crate::hall::Hall;
use crate::light::{Conditions, Light};
use crate::machine::LabelledMachine;
use crate::optics::{Drop, Plane};
use crate::path::Way;
use crate::sensor::exposed;
use crate::studio::{DrawnTwice, Studio};
use crate::truth::{TrueLabel, TrueMoment, Truth};

/// Frames in a second.
pub const FRAMES_PER_S: f64 = 10.0;
/// How long a run along a machine is.
pub(crate) const DURATION_S: f64 = 6.0;
/// While labels are covered one by one: how long all are seen, and how long each takes from its card's first edge to the
/// next label's; in the second half of it the card lies still.
const ALL_SEEN_S: f64 = 1.2;
const EACH_COVERED_S: f64 = 1.0;

/// What is recorded.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum Run {
    /// A way along the machine's front under a light.
    Under(Light),
    /// The same in the workshop, while cards slide over the labels, one after the other, until none is left.
    LabelsCoveredOneByOne,
}

/// A frame and what is true of it.
#[derive(Clone, Debug, PartialEq)]
pub struct TrueFrame {
    /// When it was taken, in seconds.
    pub at_s: f64,
    /// Where the machine stood, in the middle of the exposure.
    pub camera_from_machine: RigidPose,
    /// The share of each label that is covered, in the order of the labels.
    pub covers: Vec<f64>,
    /// Its pixels, row by row.
    pub brightness: Vec<u8>,
}

/// A run that was recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// Which.
    pub run: Run,
    /// The machine's name.
    pub machine: &'static str,
    /// The camera, exactly.
    pub camera: CameraModel,
    /// The labels as they were surveyed.
    pub labels: Vec<SurveyedTag>,
    /// What guidance points at, in the machine's frame.
    pub point_m: [f64; 3],
    /// The frames.
    pub frames: Vec<TrueFrame>,
}

impl Run {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Under(Light::Workshop),
        Self::Under(Light::FiveLux),
        Self::Under(Light::DirectSun),
        Self::Under(Light::Backlight),
        Self::Under(Light::WetLens),
        Self::LabelsCoveredOneByOne,
    ];

    /// Its name in file names and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Under(light) => light.as_str(),
            Self::LabelsCoveredOneByOne => "labels-covered",
        }
    }

    /// The run of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|run| run.as_str() == name)
    }

    /// The light of it.
    pub fn light(self) -> Light {
        match self {
            Self::Under(light) => light,
            Self::LabelsCoveredOneByOne => Light::Workshop,
        }
    }

    /// The share of each label that is covered at a time.
    fn covers(self, labels: usize, at_s: f64) -> Vec<f64> {
        let cover = |place: usize| match self {
            Self::Under(_) => 0.0,
            Self::LabelsCoveredOneByOne => {
                let begun_s = ALL_SEEN_S + EACH_COVERED_S * place as f64;
                ((at_s - begun_s) / (EACH_COVERED_S / 2.0)).clamp(0.0, 1.0)
            }
        };
        (0..labels).map(cover).collect()
    }
}

/// 640 × 480 pixels with a view of 60 degrees and the lens of a plain camera, measured well: its numbers are exact.
///
/// # Errors
/// Never.
pub fn usual_camera() -> Result<CameraModel, RunFault> {
    Ok(CameraModel::new(CameraNumbers {
        size_px: [640, 480],
        focal_px: [556.0, 555.0],
        centre_px: [323.5, 238.0],
        distortion: [-0.06, 0.02, 0.0006, -0.0004, 0.0],
        sigma_px: [0.0; 4],
    })?)
}

/// How many frames a run along a machine has.
pub const FRAMES: usize = (DURATION_S * FRAMES_PER_S) as usize;

/// Records runs around a machine. Those that differ in their light alone are drawn once.
///
/// # Errors
/// When the machine cannot be drawn here.
pub fn record(
    machine: &LabelledMachine,
    camera: &CameraModel,
    runs: &[Run],
) -> Result<Vec<Recorded>, RunFault> {
    record_part(machine, camera, runs, 0..machine.frame_count())
}

/// The same for some of the frames: each is as it is in the whole run.
///
/// # Errors
/// When the machine cannot be drawn here.
pub fn record_part(
    machine: &LabelledMachine,
    camera: &CameraModel,
    runs: &[Run],
    frames: impl IntoIterator<Item = usize>,
) -> Result<Vec<Recorded>, RunFault> {
    let grid = Grid::of(camera)?;
    let mut studio = Studio::of(machine, &grid)?;
    let way = machine.way;
    let to_sun = sun_in(machine, &way);
    let mut recorded: Vec<Recorded> = runs.iter().map(|run| empty(*run, machine, camera)).collect();
    for index in frames {
        let at_s = index as f64 / FRAMES_PER_S;
        let camera_from_machine = way.camera_from_machine(at_s);
        let mut drawn: Vec<Drawing> = vec![];
        for recording in &recorded {
            let covers = recording.run.covers(machine.labels.len(), at_s);
            if !drawn.iter().any(|known| known.covers == covers) {
                drawn.push(Drawing::of(&mut studio, camera, &camera_from_machine, covers)?);
            }
        }
        let scene = Scene { machine, camera, camera_from_machine, to_sun };
        let taken = |recording: &mut Recorded| {
            let conditions = recording.run.light().conditions();
            let covers = recording.run.covers(machine.labels.len(), at_s);
            let Some(drawing) = drawn.iter().find(|known| known.covers == covers) else { return Ok(()) };
            let radiance =
                grid.radiance(machine, &drawing.samples, &way.while_open(at_s, conditions.exposure_s))?;
            let brightness = scene.taken(&drawing.hall, &radiance, &conditions, at_s, index as u64);
            recording.frames.push(TrueFrame { at_s, camera_from_machine, covers, brightness });
            Ok::<(), RunFault>(())
        };
        // Frames of different runs know nothing of each other.
        std::thread::scope(|scope| {
            let all: Vec<_> = recorded.iter_mut().map(|recording| scope.spawn(|| taken(recording))).collect();
            all.into_iter()
                .try_for_each(|one| one.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        })?;
    }
    Ok(recorded)
}

fn empty(run: Run, machine: &LabelledMachine, camera: &CameraModel) -> Recorded {
    Recorded {
        run,
        machine: machine.name,
        camera: camera.clone(),
        labels: machine.labels.clone(),
        point_m: machine.point_m,
        frames: vec![],
    }
}

/// The direction of the sun, in the machine's frame, that the first label mirrors into the camera in the middle of the
/// way.
fn sun_in(machine: &LabelledMachine, way: &Way) -> [f64; 3] {
    let eye_m = way.camera_from_machine(way.duration_s() / 2.0).inverse().position_m;
    let Some(label) = machine.labels.first() else { return [0.0, 1.0, 0.0] };
    let pose = &label.machine_from_tag;
    let to_eye = unit([0, 1, 2].map(|axis| eye_m[axis] - pose.position_m[axis]));
    mirrored(to_eye, pose.rotation.map(|row| row[2]))
}

/// What runs under different lights share.
struct Drawing {
    covers: Vec<f64>,
    samples: DrawnTwice,
    hall: Hall,
}

impl Drawing {
    fn of(
        studio: &mut Studio<'_>,
        camera: &CameraModel,
        camera_from_machine: &RigidPose,
        covers: Vec<f64>,
    ) -> Result<Self, RunFault> {
        let samples = studio.drawn(camera_from_machine, &covers)?;
        let hall = Hall::behind(camera, camera_from_machine, &samples.filled);
        Ok(Self { covers, samples, hall })
    }
}

/// What is seen, from where.
struct Scene<'a> {
    machine: &'a LabelledMachine,
    camera: &'a CameraModel,
    camera_from_machine: RigidPose,
    to_sun: [f64; 3],
}

impl Scene<'_> {
    /// The picture that is taken of it.
    fn taken(
        &self,
        hall: &Hall,
        radiance: &Radiance,
        conditions: &Conditions,
        at_s: f64,
        index: u64,
    ) -> Vec<u8> {
        let [width, height] = self.camera.numbers().size_px.map(|side| side as usize);
        let behind = hall.light(conditions.windows);
        let light = radiance.light.iter().zip(behind).map(|(light, behind)| light + behind).collect();
        let mut plane = Plane { width, height, light };
        self.mirror_sun(&mut plane, radiance, conditions);
        let drops = Drop::on_lens(conditions.drops, self.camera.numbers().size_px, at_s, 7);
        let plane = plane
            .through(&drops)
            .scattered(conditions.halos, conditions.veil_share)
            .blurred(conditions.blur_px);
        exposed(&plane, conditions, index + 1)
    }

    /// Adds the sun as the sheets' laminate mirrors it.
    fn mirror_sun(&self, plane: &mut Plane, radiance: &Radiance, conditions: &Conditions) {
        let Some(sun) = conditions.sun else { return };
        let machine_from_camera = self.camera_from_machine.inverse();
        for (pixel, label, share) in &radiance.sheets {
            let place = [(pixel % plane.width) as f64 + 0.5, (pixel / plane.width) as f64 + 0.5];
            let Some(label) = self.machine.labels.get(*label) else { continue };
            let Some([x, y]) = self.camera.unproject(place) else { continue };
            let turn = RigidPose { position_m: [0.0; 3], ..machine_from_camera };
            let to_eye = unit(turn.apply([-x, -y, -1.0]));
            let mirror = mirrored(to_eye, label.machine_from_tag.rotation.map(|row| row[2]));
            let cosine = (0..3).map(|axis| mirror[axis] * self.to_sun[axis]).sum::<f64>().clamp(-1.0, 1.0);
            let lobe = (-(cosine.acos() / sun.lobe_rad).powi(2) / 2.0).exp() as f32;
            if let Some(light) = plane.light.get_mut(*pixel) {
                *light += share * sun.light * lobe;
            }
        }
    }
}

fn unit(vector: [f64; 3]) -> [f64; 3] {
    let long = vector.iter().map(|part| part * part).sum::<f64>().sqrt();
    vector.map(|part| part / long)
}

/// The direction on the other side of a normal.
fn mirrored(direction: [f64; 3], normal: [f64; 3]) -> [f64; 3] {
    let along = (0..3).map(|axis| direction[axis] * normal[axis]).sum::<f64>();
    [0, 1, 2].map(|axis| 2.0 * along * normal[axis] - direction[axis])
}

impl Recorded {
    /// The frames as a recording that vision reads.
    ///
    /// # Errors
    /// When it would become too long.
    pub fn to_recording(&self) -> Result<Vec<u8>, RunFault> {
        let mut writer = RecordingWriter::new(vec![], &self.camera, RECORDING_BYTES_MAX)?;
        let [width, height] = self.camera.numbers().size_px.map(|side| side as usize);
        for frame in &self.frames {
            writer.write(GreyFrame::new(width, height, width, &frame.brightness)?, frame.at_s)?;
        }
        Ok(writer.finish()?)
    }

    /// What is true of it.
    pub fn truth(&self) -> Truth {
        Truth {
            run: self.run.as_str().to_owned(),
            machine: self.machine.to_owned(),
            camera: self.camera.clone(),
            point_m: self.point_m,
            labels: self.labels.iter().map(TrueLabel::from).collect(),
            frames: self.frames.iter().map(TrueMoment::from).collect(),
        }
    }
}
