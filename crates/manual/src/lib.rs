//! Pages of a maker's manual as pictures: a PDF is opened within bounds, a page is drawn, and a piece of one is cropped.
//!
//! A PDF comes from anywhere. So what a file unpacks to is reckoned before it is unpacked, a page is rehearsed before it
//! is drawn, and both happen on a thread of their own that may panic, and is waited for only so long. What stays open is
//! told at [`ManualLimits`].
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod fault;
mod inflate;
mod limits;
mod manual;
mod picture;
mod reach;
mod rehearsal;
mod watch;
mod weight;

pub use fault::{Excess, ManualFault};
pub use limits::ManualLimits;
pub use manual::Manual;
pub use picture::{Area, Crop, PagePicture};
