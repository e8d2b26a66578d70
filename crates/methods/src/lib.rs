//! Every formula: pure functions of numbers, with the source of each.
//!
//! Nothing here knows of records, files, clocks or chance: seeds and times come in as arguments. The same inputs give the
//! same bits on every machine, under every number of threads: see [`elementary`] and [`random`].
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod allocation;
pub mod discrete;
pub mod elementary;
pub mod random;
pub mod scenario;
pub mod sobol;
pub mod special;
pub mod supply;
pub mod weighting;
