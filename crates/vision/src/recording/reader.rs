//! Reads a recording that anybody may have sent: no more memory than a frame needs, whatever its bytes say.

use std::io::{ErrorKind, Read};

use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

use super::guess::pixels;
use super::{END, FRAME_FOLLOWS, MAGIC, RECORDING_FRAMES_MAX, RecordingError};
use crate::camera::{CameraModel, CameraNumbers};
use crate::frame::{FRAME_SIDE_MAX_PX, FrameError, GreyFrame};

/// What compressed data may have over the bytes of a frame: zlib adds little to what it cannot compress.
const DATA_MORE_BYTES: usize = 1_024;

/// A frame of a recording.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedFrame {
    /// When it was taken, in seconds of the camera's clock.
    pub at_s: f64,
    width_px: usize,
    height_px: usize,
    brightness: Vec<u8>,
}

impl RecordedFrame {
    /// The frame as the detector takes it.
    ///
    /// # Errors
    /// Never for a frame that was read.
    pub fn as_grey(&self) -> Result<GreyFrame<'_>, FrameError> {
        GreyFrame::new(self.width_px, self.height_px, self.width_px, &self.brightness)
    }

    /// Its brightness, row by row from the upper left corner.
    pub fn into_brightness(self) -> Vec<u8> {
        self.brightness
    }
}

/// Reads frames of one camera.
#[derive(Debug)]
pub struct RecordingReader<R: Read> {
    input: R,
    camera: CameraModel,
    frames: u64,
    last_s: f64,
    is_over: bool,
}

impl<R: Read> RecordingReader<R> {
    /// Opens a recording.
    ///
    /// # Errors
    /// When it is none, or its camera is none.
    pub fn open(mut input: R) -> Result<Self, RecordingError> {
        let mut magic = [0; MAGIC.len()];
        take(&mut input, &mut magic)?;
        if magic != MAGIC {
            return Err(RecordingError::NoRecording);
        }
        let size_px = [take_u32(&mut input)?, take_u32(&mut input)?];
        let mut numbers = [0.0; 13];
        for number in &mut numbers {
            *number = take_f64(&mut input)?;
        }
        let [fx, fy, cx, cy, k1, k2, p1, p2, k3, s1, s2, s3, s4] = numbers;
        let camera = CameraModel::new(CameraNumbers {
            size_px,
            focal_px: [fx, fy],
            centre_px: [cx, cy],
            distortion: [k1, k2, p1, p2, k3],
            sigma_px: [s1, s2, s3, s4],
        })?;
        Ok(Self { input, camera, frames: 0, last_s: f64::NEG_INFINITY, is_over: false })
    }

    /// The camera that was recorded.
    pub fn camera(&self) -> &CameraModel {
        &self.camera
    }

    /// The next frame; nothing after the last.
    ///
    /// # Errors
    /// When the recording is cut off or damaged; there is nothing more to read then.
    pub fn next_frame(&mut self) -> Result<Option<RecordedFrame>, RecordingError> {
        if self.is_over {
            return Ok(None);
        }
        let frame = self.read_frame();
        self.is_over = !matches!(frame, Ok(Some(_)));
        frame
    }

    fn read_frame(&mut self) -> Result<Option<RecordedFrame>, RecordingError> {
        let mut kind = [0];
        take(&mut self.input, &mut kind)?;
        match kind[0] {
            END => return Ok(None),
            FRAME_FOLLOWS if self.frames < RECORDING_FRAMES_MAX => self.frames += 1,
            FRAME_FOLLOWS => return Err(RecordingError::Damaged("it has too many frames")),
            _ => return Err(RecordingError::Damaged("what follows is no frame")),
        }
        let at_s = take_f64(&mut self.input)?;
        if !(at_s.is_finite() && at_s >= self.last_s) {
            return Err(RecordingError::Damaged("time goes back"));
        }
        let [width_px, height_px, data_bytes] =
            [(); 3].map(|()| take_u32(&mut self.input).map(|size| size as usize));
        let (width_px, height_px, data_bytes) = (width_px?, height_px?, data_bytes?);
        let fits = |side: usize| (1..=FRAME_SIDE_MAX_PX).contains(&side);
        if !fits(width_px) || !fits(height_px) {
            return Err(RecordingError::Damaged("a frame has no such sides"));
        }
        let pixel_count = width_px * height_px;
        if data_bytes > pixel_count + pixel_count / 8 + DATA_MORE_BYTES {
            return Err(RecordingError::Damaged("a frame has too many bytes"));
        }
        let mut data = vec![];
        let found =
            (&mut self.input).take(data_bytes as u64).read_to_end(&mut data).map_err(RecordingError::Io)?;
        if found < data_bytes {
            return Err(RecordingError::CutOff);
        }
        let mut brightness = decompress_to_vec_zlib_with_limit(&data, pixel_count)
            .map_err(|_error| RecordingError::Damaged("a frame cannot be unpacked"))?;
        if brightness.len() != pixel_count {
            return Err(RecordingError::Damaged("a frame has too few pixels"));
        }
        let mut rest = brightness.as_mut_slice();
        let mut above: &[u8] = &[];
        while let Some((row, below)) = rest.split_at_mut_checked(width_px) {
            pixels(row, above);
            (above, rest) = (row, below);
        }
        self.last_s = at_s;
        Ok(Some(RecordedFrame { at_s, width_px, height_px, brightness }))
    }
}

fn take<R: Read>(input: &mut R, bytes: &mut [u8]) -> Result<(), RecordingError> {
    input.read_exact(bytes).map_err(|error| match error.kind() {
        ErrorKind::UnexpectedEof => RecordingError::CutOff,
        _ => RecordingError::Io(error),
    })
}

fn take_u32<R: Read>(input: &mut R) -> Result<u32, RecordingError> {
    let mut bytes = [0; 4];
    take(input, &mut bytes)?;
    Ok(u32::from_le_bytes(bytes))
}

fn take_f64<R: Read>(input: &mut R) -> Result<f64, RecordingError> {
    let mut bytes = [0; 8];
    take(input, &mut bytes)?;
    Ok(f64::from_le_bytes(bytes))
}
