//! What a step of a guide shows on a machine, as a frame of the scene in JSON: for whoever draws it, on a screen and on
//! paper. Nothing here draws, and nothing here knows a language.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod facts;
mod frame;
mod motion;

pub use facts::{MachineFacts, Movement, PartFacts, Touched};
pub use frame::{Canvas, PartPlace, Seen, ShownValue, Telling, callouts, frame, sign, zone};
pub use motion::StepMoves;
