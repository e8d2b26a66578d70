//! Reading a code off a picture of the camera.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use millwright_model::{CodeFound, CodeKind, CodeRead, Refusal};
use millwright_vision::{Picture, SIDE_MAX_PX, read_code};

use crate::EngineError;
use crate::engine::Inner;

/// The longest picture in base64: four characters for three bytes.
const PICTURE_MAX_CHARS: usize = (SIDE_MAX_PX as usize * SIDE_MAX_PX as usize).div_ceil(3) * 4;

pub(crate) async fn code_read(_engine: &Inner, command: CodeRead) -> Result<Option<CodeFound>, EngineError> {
    if command.brightness_base64.len() > PICTURE_MAX_CHARS {
        return Err(EngineError::Invalid(Refusal::PictureTooLarge { side_px: SIDE_MAX_PX }));
    }
    let brightness = STANDARD
        .decode(&command.brightness_base64)
        .map_err(|error| EngineError::Invalid(Refusal::PictureBroken { reason: error.to_string() }))?;
    let picture = Picture::new(command.width, command.height, brightness)
        .map_err(|error| EngineError::Invalid(Refusal::PictureUnfit { reason: error.to_string() }))?;
    // Looking takes up to some tens of milliseconds: not on a thread that others wait for.
    let found =
        tokio::task::spawn_blocking(move || read_code(picture)).await.map_err(EngineError::internal)?;
    Ok(found.map(|code| CodeFound {
        kind: match code.kind {
            millwright_vision::CodeKind::Qr => CodeKind::Qr,
            millwright_vision::CodeKind::DataMatrix => CodeKind::DataMatrix,
            millwright_vision::CodeKind::Code128 => CodeKind::Code128,
        },
        text: code.text,
    }))
}
