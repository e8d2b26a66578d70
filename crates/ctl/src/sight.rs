//! What a camera sees, at a terminal: fiducials in a picture, runs recorded from pictures and seen again, machines drawn.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, Subcommand, ValueEnum};
use glam::Vec3;
use millwright_model::{ApiError, SavedFile};
use millwright_scene::camera::Orbit;
use millwright_scene::frame::Frame;
use millwright_scene::import::StlReading;
use millwright_scene::pose::{Rig, Stance};
use millwright_scene::render::Stage;
use millwright_vision::{
    CameraModel, CameraNumbers, Detection, Detector, FiducialFamily, GreyFrame, Hint, PosePair,
    RECORDING_BYTES_MAX, RecordingReader, RecordingWriter, TagTracker, TagView, estimate_tag, hints,
};
use serde::Serialize;

use crate::face::internal;
use crate::guide::read;
use crate::output::answer;
use crate::run::invalid;

/// The largest picture that is read, in pixels a side.
const PICTURE_SIDE_MAX_PX: u32 = 8_192;

#[derive(Debug, Subcommand)]
pub(crate) enum SightAct {
    /// Find fiducial labels in a picture, and say where the camera stands and how far off that may be.
    Detect {
        /// The picture (PNG or JPEG).
        image: PathBuf,
        #[command(flatten)]
        tags: TagWords,
        /// The camera's numbers, as JSON; else a usual field of view with wider bounds.
        #[arg(long)]
        camera: Option<PathBuf>,
    },
    /// Keep the pictures of a folder, in the order of their names, as a recorded run.
    Record {
        /// The folder with PNG or JPEG pictures of one size.
        folder: PathBuf,
        /// The camera's numbers, as JSON; else a usual field of view with wider bounds.
        #[arg(long)]
        camera: Option<PathBuf>,
        /// Milliseconds from one picture to the next.
        #[arg(long, default_value_t = 33)]
        every_ms: u32,
        /// The recording to write; a file that is there stays.
        #[arg(long)]
        out: PathBuf,
    },
    /// See a recorded run again: the same fiducials and poses, bit for bit.
    Replay {
        /// The recording.
        recording: PathBuf,
        #[command(flatten)]
        tags: TagWords,
    },
    /// Draw a machine's model (GLB, STL, URDF) into a PNG, without a screen.
    Render {
        /// The model.
        model: PathBuf,
        /// What is to be seen, as JSON: fields of a frame; what it leaves out is as usual.
        #[arg(long)]
        frame: Option<PathBuf>,
        /// Pixels across.
        #[arg(long, default_value_t = 1280, value_parser = clap::value_parser!(u32).range(1..=8192))]
        width: u32,
        /// Pixels downwards.
        #[arg(long, default_value_t = 800, value_parser = clap::value_parser!(u32).range(1..=8192))]
        height: u32,
        /// From where, around the machine, in degrees.
        #[arg(long, default_value_t = 35.0, allow_negative_numbers = true)]
        azimuth_deg: f32,
        /// From how high, in degrees.
        #[arg(long, default_value_t = 20.0, allow_negative_numbers = true)]
        elevation_deg: f32,
        /// The PNG to write; a file that is there stays.
        #[arg(long)]
        out: PathBuf,
    },
}

/// Which fiducials are looked for.
#[derive(Debug, Args)]
pub(crate) struct TagWords {
    /// Their family; all where none is given.
    #[arg(long, value_enum)]
    family: Option<FamilyWord>,
    /// The distance between their detection corners, in metres; without it there is no pose.
    #[arg(long)]
    tag_size_m: Option<f64>,
}

/// A family of fiducials.
#[derive(Copy, Clone, Debug, ValueEnum)]
pub(crate) enum FamilyWord {
    #[value(name = "tag36h11")]
    Tag36h11,
    #[value(name = "tagStandard41h12")]
    TagStandard41h12,
}

impl TagWords {
    fn families(&self) -> Vec<FiducialFamily> {
        match self.family {
            Some(FamilyWord::Tag36h11) => vec![FiducialFamily::Tag36h11],
            Some(FamilyWord::TagStandard41h12) => vec![FiducialFamily::TagStandard41h12],
            None => FiducialFamily::ALL.to_vec(),
        }
    }
}

/// A fiducial that was found.
#[derive(Debug, Serialize)]
struct Found {
    family: &'static str,
    id: u32,
    /// Lower left, lower right, upper right, upper left of the sheet; the first pixel's centre is (0.5, 0.5).
    corners_px: [[f64; 2]; 4],
    hamming: u32,
    decision_margin: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pose: Option<Pose>,
    hints: Vec<String>,
}

/// Where a fiducial stands in the camera's frame (x right, y down, z ahead), and how far off that may be in 95 of 100.
#[derive(Debug, Serialize)]
struct Pose {
    position_m: [f64; 3],
    /// x, y, z, w.
    quaternion: [f64; 4],
    error_mm: f64,
    error_deg: f64,
    residual_px: f64,
    /// Whether another pose may be the true one: then it lies within the error.
    ambiguous: bool,
}

impl Pose {
    fn of(pair: &PosePair) -> Self {
        let error = pair.error_at([0.0; 3]);
        let pose = &pair.best.camera_from_body;
        Self {
            position_m: pose.position_m,
            quaternion: pose.quaternion(),
            error_mm: error.bound_mm,
            // More than half a turn is no more than any attitude.
            error_deg: error.bound_deg.min(180.0),
            residual_px: pair.best.residual_px,
            ambiguous: pair.is_ambiguous(),
        }
    }
}

/// What a frame of a run showed.
#[derive(Debug, Serialize)]
struct Seen {
    at_s: f64,
    tags: Vec<Found>,
}

pub(crate) fn act(json: bool, act: &SightAct) -> Result<(), ApiError> {
    match act {
        SightAct::Detect { image, tags, camera } => {
            let picture = Grey::read(image)?;
            let camera = picture.camera(camera.as_deref())?;
            let found = detect(&picture, tags, &camera)?;
            answer(json, "guide-detect", &found, |found| found.iter().map(line).collect())
        }
        SightAct::Record { folder, camera, every_ms, out } => {
            record(json, folder, camera.as_deref(), *every_ms, out)
        }
        SightAct::Replay { recording, tags } => {
            let seen = replay(recording, tags)?;
            answer(json, "guide-replay", &seen, |seen| {
                let of = |frame: &Seen| {
                    let tags = frame.tags.iter().map(|tag| format!("  {}", line(tag)));
                    std::iter::once(format!("{:.3} s", frame.at_s)).chain(tags).collect::<Vec<_>>()
                };
                seen.iter().flat_map(of).collect()
            })
        }
        SightAct::Render { model, frame, width, height, azimuth_deg, elevation_deg, out } => {
            let seen_from = (azimuth_deg.to_radians(), elevation_deg.to_radians());
            render(json, model, frame.as_deref(), (*width, *height), seen_from, out)
        }
    }
}

fn detect(picture: &Grey, tags: &TagWords, camera: &CameraModel) -> Result<Vec<Found>, ApiError> {
    let frame = picture.frame()?;
    let mut detector = Detector::new(&tags.families());
    let found = detector.detect(frame).iter();
    found.map(|detection| told(frame, detection, &TagView::of(detection), camera, tags)).collect()
}

/// A fiducial that is seen at `view`, with its pose where its size is known.
fn told(
    frame: GreyFrame<'_>,
    detection: &Detection,
    view: &TagView,
    camera: &CameraModel,
    tags: &TagWords,
) -> Result<Found, ApiError> {
    let pair = pose(camera, view, tags.tag_size_m)?;
    let angle_rad = pair.as_ref().map(|pair| pair.best.face_angle_rad());
    Ok(Found {
        family: detection.family.as_str(),
        id: detection.id,
        corners_px: view.corners_px,
        hamming: detection.hamming,
        decision_margin: detection.decision_margin,
        pose: pair.as_ref().map(Pose::of),
        hints: hints(frame, detection, angle_rad).iter().map(said).collect(),
    })
}

fn pose(camera: &CameraModel, view: &TagView, size_m: Option<f64>) -> Result<Option<PosePair>, ApiError> {
    let Some(size_m) = size_m else { return Ok(None) };
    estimate_tag(camera, view, size_m).map(Some).map_err(|error| invalid(error.to_string()))
}

fn record(
    json: bool,
    folder: &Path,
    camera: Option<&Path>,
    every_ms: u32,
    out: &Path,
) -> Result<(), ApiError> {
    let unreadable = |error: std::io::Error| invalid(format!("{}: {error}", folder.display()));
    let mut pictures: Vec<PathBuf> = std::fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect())
        .map_err(unreadable)?;
    pictures.retain(|path| {
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        matches!(ending.as_str(), "png" | "jpg" | "jpeg")
    });
    pictures.sort();
    let first =
        pictures.first().ok_or_else(|| invalid(format!("{}: there is no picture", folder.display())))?;
    let camera = Grey::read(first)?.camera(camera)?;
    let file = File::create_new(out).map_err(|error| invalid(format!("{}: {error}", out.display())))?;
    let wrong = |error: millwright_vision::RecordingError| invalid(error.to_string());
    let mut recording =
        RecordingWriter::new(BufWriter::new(file), &camera, RECORDING_BYTES_MAX).map_err(wrong)?;
    for (number, path) in pictures.iter().enumerate() {
        let picture = Grey::read(path)?;
        let at_s = number as f64 * f64::from(every_ms) / 1_000.0;
        recording.write(picture.frame()?, at_s).map_err(wrong)?;
    }
    let file =
        recording.finish().map_err(wrong)?.into_inner().map_err(|error| internal(error.into_error()))?;
    file.sync_all().map_err(internal)?;
    let saved = SavedFile { path: out.display().to_string() };
    answer(json, "guide-recording", &saved, |saved| vec![format!("{} is written.", saved.path)])
}

fn replay(path: &Path, tags: &TagWords) -> Result<Vec<Seen>, ApiError> {
    let file = File::open(path).map_err(|error| invalid(format!("{}: {error}", path.display())))?;
    let wrong = |error: millwright_vision::RecordingError| invalid(format!("{}: {error}", path.display()));
    let mut recording = RecordingReader::open(BufReader::new(file)).map_err(wrong)?;
    let camera = recording.camera().clone();
    let mut tracker = TagTracker::new(&tags.families());
    let mut seen = Vec::new();
    while let Some(frame) = recording.next_frame().map_err(wrong)? {
        let grey = frame.as_grey().map_err(internal)?;
        let tracked = tracker.track(grey, frame.at_s).iter();
        let tags = tracked
            .map(|tag| told(grey, &tag.detection, &TagView::of_tracked(tag), &camera, tags))
            .collect::<Result<Vec<Found>, ApiError>>()?;
        seen.push(Seen { at_s: frame.at_s, tags });
    }
    Ok(seen)
}

fn render(
    json: bool,
    path: &Path,
    frame: Option<&Path>,
    (width_px, height_px): (u32, u32),
    (azimuth_rad, elevation_rad): (f32, f32),
    out: &Path,
) -> Result<(), ApiError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let imported = millwright_scene::import::read(&read(path)?, &name, &StlReading::default())
        .map_err(|error| invalid(format!("{}: {error}", path.display())))?;
    let model = Arc::new(imported.model);
    let asked: serde_json::Map<String, serde_json::Value> = match frame {
        Some(path) => serde_json::from_slice(&read(path)?)
            .map_err(|error| invalid(format!("{}: {error}", path.display())))?,
        None => serde_json::Map::new(),
    };
    let wrong = |error: serde_json::Error| invalid(format!("the frame: {error}"));
    let motion = asked.get("motion").cloned().map(serde_json::from_value).transpose().map_err(wrong)?;
    let mut stance = Stance::default();
    let rig = Rig::of(&model);
    rig.stand(&model, &motion.unwrap_or_default(), &mut stance);
    let bounds = rig.bounds(&stance);
    let orbit = Orbit::around(Vec3::from(bounds.low), Vec3::from(bounds.high), azimuth_rad, elevation_rad);
    let usual = Frame::of(width_px, height_px, orbit.camera(width_px, height_px));
    let serde_json::Value::Object(mut whole) = serde_json::to_value(usual).map_err(internal)? else {
        return Err(internal("a frame is an object"));
    };
    whole.extend(asked);
    let frame: Frame = serde_json::from_value(whole.into()).map_err(wrong)?;
    let mut stage = Stage::headless().map_err(|error| invalid(error.to_string()))?;
    stage.load(model).map_err(|error| invalid(error.to_string()))?;
    let picture = stage.picture(&frame).map_err(|error| invalid(error.to_string()))?;
    let png = picture.to_png().map_err(internal)?;
    let mut file = File::create_new(out).map_err(|error| invalid(format!("{}: {error}", out.display())))?;
    std::io::Write::write_all(&mut file, &png).map_err(internal)?;
    let saved = SavedFile { path: out.display().to_string() };
    answer(json, "guide-render", &saved, |saved| vec![format!("{} is written.", saved.path)])
}

/// A picture as brightness.
struct Grey {
    width_px: u32,
    height_px: u32,
    brightness: Vec<u8>,
}

impl Grey {
    fn read(path: &Path) -> Result<Self, ApiError> {
        let wrong = |error: &dyn std::fmt::Display| invalid(format!("{}: {error}", path.display()));
        let mut reader = image::ImageReader::open(path)
            .map_err(|error| wrong(&error))?
            .with_guessed_format()
            .map_err(|error| wrong(&error))?;
        let mut limits = image::Limits::default();
        limits.max_image_width = Some(PICTURE_SIDE_MAX_PX);
        limits.max_image_height = Some(PICTURE_SIDE_MAX_PX);
        reader.limits(limits);
        let picture = reader.decode().map_err(|error| wrong(&error))?.into_luma8();
        Ok(Self { width_px: picture.width(), height_px: picture.height(), brightness: picture.into_raw() })
    }

    fn frame(&self) -> Result<GreyFrame<'_>, ApiError> {
        let (width, height) = (self.width_px as usize, self.height_px as usize);
        GreyFrame::new(width, height, width, &self.brightness).map_err(internal)
    }

    /// The camera of a file at this picture's size, or one that nobody measured.
    fn camera(&self, file: Option<&Path>) -> Result<CameraModel, ApiError> {
        let Some(path) = file else {
            return CameraModel::unmeasured(self.width_px, self.height_px)
                .map_err(|error| invalid(error.to_string()));
        };
        let numbers: CameraNumbers = serde_json::from_slice(&read(path)?)
            .map_err(|error| invalid(format!("{}: {error}", path.display())))?;
        let camera =
            CameraModel::new(numbers).map_err(|error| invalid(format!("{}: {error}", path.display())))?;
        camera.at_size(self.width_px, self.height_px).ok_or_else(|| {
            let [width, height] = camera.numbers().size_px;
            invalid(format!(
                "{}: the camera was measured at {width} × {height}, and the picture is {} × {}",
                path.display(),
                self.width_px,
                self.height_px
            ))
        })
    }
}

fn line(found: &Found) -> String {
    let place = found.pose.as_ref().map(|pose| {
        let [x, y, z] = pose.position_m;
        format!("\t{x:.4} {y:.4} {z:.4} m ± {:.1} mm, {:.2}°", pose.error_mm, pose.error_deg)
    });
    let hints = if found.hints.is_empty() { String::new() } else { format!("\t{}", found.hints.join(", ")) };
    format!("{} {}{}{hints}", found.family, found.id, place.unwrap_or_default())
}

fn said(hint: &Hint) -> String {
    match hint {
        Hint::Oblique { angle_deg } => format!("seen from too far aside: {angle_deg:.0}°"),
        Hint::Far { side_px } => format!("too far: {side_px:.0} px wide"),
        Hint::Blurred { blur_px } => format!("blurred: {blur_px:.1} px"),
        Hint::Dark { white } => format!("dark: white is {white:.0} of 255"),
        Hint::Glare { share } => format!("glare on {:.0} %", share * 100.0),
        Hint::Pale { contrast } => format!("pale: {contrast:.0} steps between black and white"),
    }
}
