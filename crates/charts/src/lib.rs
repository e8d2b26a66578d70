//! Pictures of numbers as SVG: a trend, a sparkline, a gauge, how options of a scenario come out.
//!
//! Shapes carry the class of their role (`c-mean`, `c-band` …), so that a theme colours a picture without drawing it
//! again. Nothing here knows of machines, screens or files.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod class_svg;
mod gauge;
mod spark;
mod spread;
mod trend;

pub use gauge::{Gauge, gauge};
pub use spark::spark;
pub use spread::{Spread, SpreadOption, Swing, spread, swing};
pub use trend::{Bucket, ChartError, Trend, trend};
