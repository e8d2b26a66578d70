//! Writes a recording, frame by frame.

use std::io::Write;

use miniz_oxide::deflate::compress_to_vec_zlib;

use super::guess::differences;
use super::{END, FRAME_FOLLOWS, MAGIC, RECORDING_BYTES_MAX, RECORDING_FRAMES_MAX, RecordingError};
use crate::camera::{CameraModel, CameraNumbers};
use crate::frame::GreyFrame;

/// How hard to compress, 0 to 10: quick enough for a live camera.
const EFFORT: u8 = 1;

/// Writes frames of one camera.
#[derive(Debug)]
pub struct RecordingWriter<W: Write> {
    out: W,
    limit_bytes: u64,
    written_bytes: u64,
    frames: u64,
    last_s: f64,
    differences: Vec<u8>,
}

impl<W: Write> RecordingWriter<W> {
    /// Begins a recording of at most `limit_bytes`, and never more than [`RECORDING_BYTES_MAX`].
    ///
    /// # Errors
    /// When there is no room for its beginning, or it cannot be written.
    pub fn new(out: W, camera: &CameraModel, limit_bytes: u64) -> Result<Self, RecordingError> {
        let mut writer = Self {
            out,
            limit_bytes: limit_bytes.min(RECORDING_BYTES_MAX),
            written_bytes: 0,
            frames: 0,
            last_s: f64::NEG_INFINITY,
            differences: vec![],
        };
        let CameraNumbers { size_px, focal_px, centre_px, distortion, sigma_px } = camera.numbers();
        let mut head = MAGIC.to_vec();
        head.extend(size_px.iter().flat_map(|side| side.to_le_bytes()));
        let numbers = focal_px.iter().chain(centre_px).chain(distortion).chain(sigma_px);
        head.extend(numbers.flat_map(|number| number.to_le_bytes()));
        writer.put(&head)?;
        Ok(writer)
    }

    /// Adds a frame that was taken at `at_s` seconds of any clock that goes forward.
    ///
    /// # Errors
    /// When the recording is full, the time goes back, or it cannot be written. A frame that is refused leaves nothing.
    pub fn write(&mut self, frame: GreyFrame<'_>, at_s: f64) -> Result<(), RecordingError> {
        if !(at_s.is_finite() && at_s >= self.last_s) {
            return Err(RecordingError::Time);
        }
        if self.frames >= RECORDING_FRAMES_MAX {
            return Err(RecordingError::Full);
        }
        self.differences.clear();
        let mut above: &[u8] = &[];
        for y in 0..frame.height_px() {
            let row = frame.row(y);
            differences(row, above, &mut self.differences);
            above = row;
        }
        let data = compress_to_vec_zlib(&self.differences, EFFORT);
        let mut bytes = Vec::with_capacity(data.len() + 21);
        bytes.push(FRAME_FOLLOWS);
        bytes.extend(at_s.to_le_bytes());
        let sizes = [frame.width_px(), frame.height_px(), data.len()];
        bytes.extend(sizes.iter().flat_map(|size| (*size as u32).to_le_bytes()));
        bytes.extend(data);
        self.put(&bytes)?;
        self.last_s = at_s;
        self.frames += 1;
        Ok(())
    }

    /// How many bytes it has so far.
    pub fn written_bytes(&self) -> u64 {
        self.written_bytes
    }

    /// Ends the recording.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> Result<W, RecordingError> {
        self.out.write_all(&[END]).and_then(|()| self.out.flush()).map_err(RecordingError::Io)?;
        Ok(self.out)
    }

    /// Writes whole parts only, with room left for the end.
    fn put(&mut self, bytes: &[u8]) -> Result<(), RecordingError> {
        let written_bytes = self.written_bytes + bytes.len() as u64;
        if written_bytes + 1 > self.limit_bytes {
            return Err(RecordingError::Full);
        }
        self.out.write_all(bytes).map_err(RecordingError::Io)?;
        self.written_bytes = written_bytes;
        Ok(())
    }
}
