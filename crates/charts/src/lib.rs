//! Pictures of numbers as SVG: a trend, a sparkline, a gauge, distributions beside each other, a tornado.
//!
//! Shapes carry the class of their role (`c-mean`, `c-band` …), so that a theme colours a picture without drawing it
//! again. Those that go on paper and slides are drawn as PNG too (feature `png`), in colours and dashes that tell them
//! apart also without colour. Nothing here knows of machines, screens or files.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod class_svg;
mod distributions;
mod gauge;
mod label;
#[cfg(feature = "png")]
mod pixels;
mod role;
mod spark;
mod tornado;
mod trend;

#[cfg(feature = "png")]
pub use distributions::distributions_png;
pub use distributions::{CURVES_MAX, Curve, Distributions, distributions};
pub use gauge::{Gauge, gauge};
pub use spark::spark;
#[cfg(feature = "png")]
pub use tornado::tornado_png;
pub use tornado::{BARS_MAX, Bar, Tornado, tornado};
pub use trend::{Bucket, ChartError, Trend, trend};
