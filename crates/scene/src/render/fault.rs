//! Why nothing is drawn.

/// Why a stage cannot be had, or a frame is not drawn.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StageFault {
    /// This machine has nothing to draw with.
    #[error("there is no graphics adapter to draw with: {reason}")]
    NoAdapter {
        /// What the system said.
        reason: String,
    },
    /// The page has nothing to draw machines with.
    #[error(
        "machines cannot be drawn here: the webview has no WebGL2, or the canvas is in use for something else"
    )]
    NoCanvas {
        /// What the webview said.
        reason: String,
    },
    /// The adapter gives no device.
    #[error("the graphics adapter {adapter} cannot be used: {reason}")]
    NoDevice {
        /// Its name.
        adapter: String,
        /// What it said.
        reason: String,
    },
    /// A size beyond what can be drawn on.
    #[error("{width_px} × {height_px} pixels cannot be drawn on; each side may have 1 to {limit_px}")]
    Size {
        /// Pixels across.
        width_px: u32,
        /// Pixels downwards.
        height_px: u32,
        /// The most.
        limit_px: u32,
    },
    /// A picture whose bytes do not fill it.
    #[error("a picture of {width_px} × {height_px} pixels has {found} bytes; it should have {wanted}")]
    Picture {
        /// Pixels across.
        width_px: u32,
        /// Pixels downwards.
        height_px: u32,
        /// Bytes it has.
        found: usize,
        /// Bytes it should have.
        wanted: usize,
    },
    /// More parts than the table of parts has room for.
    #[error("{parts} parts are more than the {limit} that this adapter can draw")]
    TooManyParts {
        /// How many.
        parts: usize,
        /// The most.
        limit: usize,
    },
    /// The canvas or the device is gone: another stage has to be made.
    #[error("what is drawn on was lost: {reason}")]
    Lost {
        /// How that showed.
        reason: String,
    },
    /// The driver refused what it was told.
    #[error("the graphics driver refused: {reason}")]
    Driver {
        /// What it said.
        reason: String,
    },
    /// The shipped font cannot be read.
    #[error("the shipped font cannot be read")]
    Font,
}
