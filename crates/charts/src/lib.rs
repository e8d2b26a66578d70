//! Pictures of numbers as SVG: a trend, a sparkline, a gauge, how options of a scenario come out; where the boxes of a
//! diagram stand by themselves.
//!
//! Shapes carry the class of their role (`c-mean`, `c-band` …), so that a theme colours a picture without drawing it
//! again. Nothing here knows of machines, screens or files.
//!
//! What goes on paper and slides (feature `png`) is drawn as PNG, in inks and dashes that tell curves and bars apart also
//! without colour: distributions beside each other, a tornado.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod class_svg;
#[cfg(feature = "png")]
mod distributions;
mod gauge;
#[cfg(feature = "png")]
mod label;
mod layers;
#[cfg(feature = "png")]
mod pixels;
#[cfg(all(test, feature = "png"))]
mod recorded;
#[cfg(feature = "png")]
mod role;
mod spark;
mod spread;
#[cfg(feature = "png")]
mod tornado;
mod trend;

#[cfg(feature = "png")]
pub use distributions::{CURVES_MAX, Curve, Distributions, distributions_png};
pub use gauge::{Gauge, gauge};
pub use layers::{Arrow, BOX_HIGH, BOX_WIDE, arrow_path, layers};
pub use spark::spark;
pub use spread::{Spread, SpreadOption, Swing, spread, swing};
#[cfg(feature = "png")]
pub use tornado::{BARS_MAX, Bar, Tornado, tornado_png};
pub use trend::{Bucket, ChartError, Trend, trend};
