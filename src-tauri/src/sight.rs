//! Pictures of the camera on their way to the engine and back: as bytes, because they are too large for JSON.

#![expect(
    clippy::let_underscore_must_use,
    reason = "tauri's command macro writes such a line for every handler"
)]

use millwright_engine::{Engine, RunPicture};
use millwright_model::{ApiError, Code, SightHead, SightSeen};
use tauri::State;
use tauri::ipc::{InvokeBody, Request, Response};

/// What a picture of the camera shows.
#[tauri::command]
pub(crate) async fn sight_frame(
    engine: State<'_, Engine>,
    request: Request<'_>,
) -> Result<SightSeen, ApiError> {
    let InvokeBody::Raw(bytes) = request.body() else {
        return Err(ApiError::new(Code::Invalid, "a picture comes as bytes"));
    };
    engine.sight_frame(bytes.clone()).await
}

/// The next picture of a recorded run with what it shows, as bytes: how long the JSON is (four bytes, little-endian), the
/// JSON of what it shows, a head, and its brightness. No bytes at the end of the run.
#[tauri::command]
pub(crate) async fn sight_next(
    engine: State<'_, Engine>,
    point_m: Option<[f64; 3]>,
) -> Result<Response, ApiError> {
    let Some(RunPicture { seen, size_px, brightness }) = engine.sight_next(point_m).await? else {
        return Ok(Response::new(Vec::new()));
    };
    let json = serde_json::to_vec(&seen).map_err(|error| ApiError::new(Code::Internal, error.to_string()))?;
    let length = u32::try_from(json.len()).unwrap_or(u32::MAX);
    let head = SightHead { size_px, at_s: seen.at_s, point_m };
    let parts: [&[u8]; 4] = [&length.to_le_bytes(), &json, &head.to_bytes(), &brightness];
    Ok(Response::new(parts.concat()))
}
