//! Recordings of a camera: every frame as it was, with its time and the camera's numbers, so that what was seen live can
//! be seen again bit for bit.
//!
//! Numbers are little-endian. A recording begins with [`MAGIC`] and the camera: width and height (u32 each), then focal
//! lengths, centre, distortion and standard deviations (13 × f64) in the order of [`crate::CameraNumbers`]. Frames follow:
//! a byte 1, the time in seconds (f64), width and height (u32 each), the number of bytes that follow (u32), and the
//! brightness as zlib data, each pixel as its difference from what its neighbours suggest. A byte 0 ends the recording.

mod guess;
mod reader;
mod writer;

pub use reader::{RecordedFrame, RecordingReader};
pub use writer::RecordingWriter;

/// What a recording begins with.
pub const MAGIC: [u8; 8] = *b"MWVIEW1\n";
/// The largest recording, in bytes.
pub const RECORDING_BYTES_MAX: u64 = 4 << 30;
/// The most frames.
pub const RECORDING_FRAMES_MAX: u64 = 200_000;

const FRAME_FOLLOWS: u8 = 1;
const END: u8 = 0;

/// What keeps a recording from being written or read.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// It would become too long.
    #[error("the recording is full")]
    Full,
    /// It does not begin as one.
    #[error("this is no recording")]
    NoRecording,
    /// It ends in the middle: it was cut off, or never finished.
    #[error("the recording is cut off")]
    CutOff,
    /// Its bytes say what cannot be.
    #[error("the recording is damaged: {0}")]
    Damaged(&'static str),
    /// A frame comes before the one that was written last, or at no time.
    #[error("a frame's time must be a number that does not go back")]
    Time,
    /// The camera is none.
    #[error(transparent)]
    Camera(#[from] crate::CameraError),
    /// The bytes could not be written or read.
    #[error("the recording could not be written or read: {0}")]
    Io(std::io::Error),
}
