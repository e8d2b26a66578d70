//! Profiles of cameras: made once for a kind of camera, and shared with all tablets.

use millwright_model::*;

use super::guide::unfit;
use super::{actor, optional_text, required_text};
use crate::EngineError;
use crate::engine::Inner;
use crate::unit::Unit;

const NAME_CHARS: usize = 200;
/// The widest picture of a camera.
const SIDE_MAX_PX: i64 = 16_384;
/// A profile that leaves more than this, in pixels, is none.
const RESIDUAL_MAX_PX: f64 = 5.0;

pub(crate) async fn list(
    engine: &Inner,
    _command: CameraProfileList,
) -> Result<Vec<CameraProfile>, EngineError> {
    Ok(engine.database.read().await?.camera_profiles().await?)
}

pub(crate) async fn add(engine: &Inner, command: CameraProfileAdd) -> Result<CameraProfileId, EngineError> {
    let profile = checked(command.profile)?;
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let profile = CameraProfile {
        camera_profile_id: unit.mint(),
        made_at: unit.now,
        made_by: engine.person(),
        ended_at: None,
        ..profile
    };
    unit.create(&profile).await?;
    unit.stale(CacheTag::Guides);
    unit.commit().await?;
    Ok(profile.camera_profile_id)
}

fn checked(profile: CameraProfile) -> Result<CameraProfile, EngineError> {
    let camera = required_text(&profile.camera, Input::CameraName, NAME_CHARS)?;
    let focus = optional_text(&profile.focus, Input::CameraName, NAME_CHARS)?;
    let is_side = |side: i64| (16..=SIDE_MAX_PX).contains(&side);
    let [fx, fy, cx, cy] = profile.intrinsics_px;
    let (width, height) = (profile.width_px as f64, profile.height_px as f64);
    let sound = is_side(profile.width_px)
        && is_side(profile.height_px)
        && [fx, fy].iter().all(|focal| (width / 20.0..=width * 20.0).contains(focal))
        && (0.0..=width).contains(&cx)
        && (0.0..=height).contains(&cy)
        && profile.distortion.iter().all(|part| part.is_finite() && part.abs() <= 10.0)
        && profile.sigma_px.iter().all(|sigma| sigma.is_finite() && (0.0..=width).contains(sigma))
        && (0.0..=RESIDUAL_MAX_PX).contains(&profile.residual_px)
        && (0.0..=1.0).contains(&profile.coverage)
        && profile.picture_count > 0;
    if !sound {
        return Err(unfit(GuideFault::NotANumber { what: "The profile".to_owned() }));
    }
    Ok(CameraProfile { camera, focus, ..profile })
}

pub(crate) async fn end(engine: &Inner, command: CameraProfileEnd) -> Result<Done, EngineError> {
    let mut unit = Unit::begin(engine, actor(engine)?).await?;
    let profile: CameraProfile = unit.need(command.camera_profile_id, Missing::CameraProfile).await?;
    let ended = CameraProfile { ended_at: profile.ended_at.or(Some(unit.now)), ..profile.clone() };
    unit.update(&profile, &ended).await?;
    unit.stale(CacheTag::Guides);
    unit.commit().await
}
