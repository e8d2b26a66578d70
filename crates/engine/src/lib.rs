//! The engine: everything a face can do, and the loops that bring it to the plant and the ERP and back.
//!
//! Faces (the desktop shell, `millwrightctl`) give commands of `model` to [`Engine::handle`] and hear
//! [`millwright_model::Event`]s through a [`Shell`]. The engine never asks the wall clock or draws a random
//! number itself: both are [`Ports`].
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod acting;
mod alerting;
mod call;
mod caller;
mod connection;
mod delivering;
mod demo_guide;
mod device;
mod disk;
pub mod door;
mod engine;
mod error;
#[doc(hidden)]
pub mod fuzzing;
mod guests;
mod held;
mod historian;
mod indexing;
mod key;
mod live;
mod mail;
mod outbound;
mod people;
mod place;
mod plain;
mod plant_link;
mod ports;
mod publishing;
mod pulling;
mod settings;
mod sight;
#[doc(hidden)]
pub mod simulation;
mod team;
#[cfg(feature = "test-clock")]
mod test_clock;
mod together;
mod unit;
mod unnoted;
mod use_case;
mod vault;
mod viewer;
mod webhook;

pub use call::Handle;
pub use caller::{CallError, Caller, Denied};
pub use engine::{Engine, OpenOptions};
pub use error::EngineError;
pub use key::KeySource;
pub use place::{default_directory, demo_program};
pub use ports::{Clock, Mint, NoShell, Ports, RandomMint, Ring, Shell, SystemClock};
pub use sight::RunPicture;
pub use team::copies::Copied;
pub use team::shared::LedgerState;
pub use use_case::brief;
pub use use_case::paper::{BoardTold, board_pptx};
