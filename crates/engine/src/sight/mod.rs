//! Looking through a camera: each picture is told what labels it shows, where the machine stands and how far off that may
//! be. One camera at a time: that of the window.

mod board;
mod check;
mod look;
mod survey;

use std::io::Cursor;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use millwright_model::*;
use millwright_vision::{
    CalibrationBoard, CameraModel, CameraNumbers, GreyFrame, PointView, RecordingReader, estimate_points,
};

use self::board::Board;
use self::check::Check;
use self::look::Look;
pub(crate) use self::look::family_of;
use crate::EngineError;
use crate::engine::{Engine, Inner};
use crate::use_case::camera_profile;
use crate::use_case::guide::{not_now, unfit};

/// A recorded run that is looked at on a device, in bytes.
const RECORDING_MAX_BYTES: usize = 64 << 20;
/// How exactly a finger lays a point over a picture, as one standard deviation in pixels of the picture.
const HAND_SIGMA_PX: f64 = 3.0;

/// The camera that is looked through, if one is. Clones are the same.
#[derive(Clone, Default)]
pub(crate) struct Sights(Arc<Mutex<Option<Sight>>>);

struct Sight {
    /// Its camera, as profiles know it; nothing for a recorded run.
    named: Option<SightCamera>,
    camera: CameraModel,
    purpose: Purpose,
    recording: Option<RecordingReader<Cursor<Vec<u8>>>>,
}

enum Purpose {
    Machine(Box<Look>),
    Board(Box<Board>),
    Check(Box<Check>),
}

/// A picture of a recorded run, with what it shows.
#[derive(Clone, Debug, PartialEq)]
pub struct RunPicture {
    /// What it shows.
    pub seen: SightSeen,
    /// Across and downwards, in pixels.
    pub size_px: [u32; 2],
    /// Row by row, from the upper left corner.
    pub brightness: Vec<u8>,
}

impl Sight {
    fn look(&mut self, frame: GreyFrame<'_>, at_s: f64, point_m: Option<[f64; 3]>) -> SightSeen {
        match &mut self.purpose {
            Purpose::Machine(look) => look.at(&self.camera, frame, at_s, point_m),
            Purpose::Board(board) => board.at(frame, at_s),
            Purpose::Check(check) => check.at(&self.camera, frame, at_s),
        }
    }

    /// The look at the machine, where that is what the camera is for.
    fn machine(&mut self) -> Option<(&CameraModel, &mut Look)> {
        match &mut self.purpose {
            Purpose::Machine(look) => Some((&self.camera, look)),
            Purpose::Board(_) | Purpose::Check(_) => None,
        }
    }
}

impl Sights {
    /// Does something with the camera that is looked through, away from what waits for answers.
    async fn with<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Sight) -> Result<T, EngineError> + Send + 'static,
    ) -> Result<T, EngineError> {
        let sights = Arc::clone(&self.0);
        let acted = tokio::task::spawn_blocking(move || {
            let mut sight = sights.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            act(sight.as_mut().ok_or_else(|| not_now(GuideFault::NoSight))?)
        });
        acted.await.map_err(EngineError::internal)?
    }

    fn put(&self, sight: Option<Sight>) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = sight;
    }
}

fn unreadable(reason: impl ToString) -> EngineError {
    unfit(GuideFault::SightUnfit { reason: reason.to_string() })
}

pub(crate) async fn open(engine: &Inner, command: SightOpen) -> Result<SightView, EngineError> {
    let recording = command.recording_base64.map(recorded).transpose()?;
    let profile = match &command.camera {
        Some(camera) if recording.is_none() => profile_of(engine, camera).await?,
        _ => None,
    };
    let (camera, is_measured) = match (&recording, &profile, &command.camera) {
        (Some(recording), _, _) => (recording.camera().clone(), true),
        (None, Some(profile), Some(named)) => (camera_of(profile, named.size_px)?, true),
        (None, _, Some(SightCamera { size_px: [width_px, height_px], .. })) => {
            (CameraModel::unmeasured(*width_px, *height_px).map_err(unreadable)?, false)
        }
        (None, _, None) => return Err(unreadable("there is neither a camera nor a recorded run")),
    };
    let labels = match command.purpose {
        SightPurpose::Machine { asset_id } => engine.database.read().await?.fiducials_of(asset_id).await?,
        SightPurpose::Board => Vec::new(),
        SightPurpose::Check { fiducial_id } => {
            let label: Option<Fiducial> = engine.database.read().await?.get(fiducial_id).await?;
            vec![label.ok_or(EngineError::NotFound(Missing::Fiducial))?]
        }
    };
    let purpose = match command.purpose {
        SightPurpose::Machine { .. } => Purpose::Machine(Box::new(Look::of(&labels))),
        SightPurpose::Check { .. } => {
            let label = labels.first().ok_or(EngineError::NotFound(Missing::Fiducial))?;
            Purpose::Check(Box::new(Check::of(label)))
        }
        SightPurpose::Board => {
            Purpose::Board(Box::new(Board::of(CalibrationBoard::PRINTED, camera.numbers().size_px)))
        }
    };
    let CameraNumbers { size_px, focal_px: [fx, fy], centre_px: [cx, cy], distortion, .. } =
        camera.numbers().clone();
    engine.sights.put(Some(Sight { named: command.camera, camera, purpose, recording }));
    Ok(SightView { size_px, intrinsics_px: [fx, fy, cx, cy], distortion, is_measured, labels })
}

fn recorded(base64: String) -> Result<RecordingReader<Cursor<Vec<u8>>>, EngineError> {
    if base64.len() / 4 * 3 > RECORDING_MAX_BYTES {
        return Err(unreadable(format!("a recorded run has at most {} MB", RECORDING_MAX_BYTES >> 20)));
    }
    let bytes = STANDARD.decode(base64).map_err(unreadable)?;
    RecordingReader::open(Cursor::new(bytes)).map_err(unreadable)
}

/// The newest profile of this camera at this focus whose picture has the same shape.
async fn profile_of(engine: &Inner, named: &SightCamera) -> Result<Option<CameraProfile>, EngineError> {
    let profiles = engine.database.read().await?.camera_profiles().await?;
    let [width_px, height_px] = named.size_px.map(i64::from);
    let fits = |profile: &CameraProfile| {
        profile.ended_at.is_none()
            && profile.camera == named.camera.trim()
            && profile.focus == named.focus.trim()
            && (profile.width_px * height_px - profile.height_px * width_px).abs() <= profile.width_px
    };
    Ok(profiles.into_iter().filter(fits).max_by_key(|profile| profile.made_at))
}

fn camera_of(profile: &CameraProfile, [width_px, height_px]: [u32; 2]) -> Result<CameraModel, EngineError> {
    let [fx, fy, cx, cy] = profile.intrinsics_px;
    let side = |side: i64| u32::try_from(side).unwrap_or_default();
    let numbers = CameraNumbers {
        size_px: [side(profile.width_px), side(profile.height_px)],
        focal_px: [fx, fy],
        centre_px: [cx, cy],
        distortion: profile.distortion,
        sigma_px: profile.sigma_px,
    };
    let camera = CameraModel::new(numbers).map_err(unreadable)?;
    camera.at_size(width_px, height_px).ok_or_else(|| unreadable("the picture has another shape"))
}

pub(crate) async fn align(engine: &Inner, command: SightAlign) -> Result<SightSeen, EngineError> {
    let act = move |sight: &mut Sight| {
        let (camera, look) = sight.machine().ok_or_else(|| not_now(GuideFault::NoSight))?;
        let points: Vec<PointView> = command
            .points
            .iter()
            .map(|AlignedPoint { point_m, at_px }| PointView {
                point_m: *point_m,
                at_px: *at_px,
                sigma_px: HAND_SIGMA_PX,
            })
            .collect();
        let pair = estimate_points(camera, &points)
            .map_err(|error| unfit(GuideFault::NoPose { reason: error.to_string() }))?;
        Ok(look.by_hand(&pair, command.point_m))
    };
    engine.sights.with(act).await
}

pub(crate) async fn survey(engine: &Inner, _command: SightSurvey) -> Result<Vec<SurveyedLabel>, EngineError> {
    let act = |sight: &mut Sight| {
        let (_, look) = sight.machine().ok_or_else(|| not_now(GuideFault::NoSight))?;
        Ok(look.surveyed())
    };
    engine.sights.with(act).await
}

pub(crate) async fn profile_keep(
    engine: &Inner,
    _command: SightProfileKeep,
) -> Result<CameraProfile, EngineError> {
    let act = |sight: &mut Sight| match (&sight.purpose, &sight.named) {
        (Purpose::Board(board), Some(named)) => {
            let found = board
                .measured()
                .map_err(|error| not_now(GuideFault::NotMeasured { reason: error.to_string() }))?;
            Ok((named.clone(), found))
        }
        _ => Err(not_now(GuideFault::NoSight)),
    };
    let (named, found) = engine.sights.with(act).await?;
    let numbers = found.camera.numbers();
    let ([fx, fy], [cx, cy]) = (numbers.focal_px, numbers.centre_px);
    let profile = CameraProfile {
        camera_profile_id: CameraProfileId::default(),
        camera: named.camera,
        width_px: i64::from(numbers.size_px[0]),
        height_px: i64::from(numbers.size_px[1]),
        focus: named.focus,
        intrinsics_px: [fx, fy, cx, cy],
        distortion: numbers.distortion,
        sigma_px: numbers.sigma_px,
        residual_px: found.residual_px,
        coverage: found.coverage,
        picture_count: i64::try_from(found.picture_count).unwrap_or(i64::MAX),
        made_at: engine.now(),
        made_by: engine.person(),
        ended_at: None,
    };
    let camera_profile_id =
        camera_profile::add(engine, CameraProfileAdd { profile: profile.clone() }).await?;
    Ok(CameraProfile { camera_profile_id, ..profile })
}

pub(crate) async fn close(engine: &Inner, _command: SightClose) -> Result<(), EngineError> {
    engine.sights.put(None);
    Ok(())
}

impl Engine {
    /// What a picture of the camera shows: its bytes are a [`SightHead`] and the brightness behind it. It is no command of
    /// the list, because a picture is too large for JSON.
    ///
    /// # Errors
    /// When no camera is looked through, or the bytes are no picture.
    pub async fn sight_frame(&self, bytes: Vec<u8>) -> Result<SightSeen, ApiError> {
        let act = move |sight: &mut Sight| {
            let (head, brightness) = SightHead::split(&bytes)
                .ok_or_else(|| unreadable("its bytes are not as many as its size says"))?;
            let [width, height] = head.size_px.map(|side| side as usize);
            let frame = GreyFrame::new(width, height, width, brightness).map_err(unreadable)?;
            if head.size_px != sight.camera.numbers().size_px {
                let [width, height] = sight.camera.numbers().size_px;
                return Err(unreadable(format!("the camera was opened for {width} × {height} pixels")));
            }
            Ok(sight.look(frame, head.at_s, head.point_m))
        };
        self.inner.sights.with(act).await.map_err(ApiError::from)
    }

    /// The next picture of the recorded run; nothing at its end.
    ///
    /// # Errors
    /// When no recorded run is looked at, or it is broken there.
    pub async fn sight_next(&self, point_m: Option<[f64; 3]>) -> Result<Option<RunPicture>, ApiError> {
        let act = move |sight: &mut Sight| {
            let recording = sight.recording.as_mut().ok_or_else(|| not_now(GuideFault::NoSight))?;
            let Some(picture) = recording.next_frame().map_err(unreadable)? else { return Ok(None) };
            let seen = sight.look(picture.as_grey().map_err(unreadable)?, picture.at_s, point_m);
            let size_px = sight.camera.numbers().size_px;
            Ok(Some(RunPicture { seen, size_px, brightness: picture.into_brightness() }))
        };
        self.inner.sights.with(act).await.map_err(ApiError::from)
    }
}
