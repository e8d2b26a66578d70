//! Plants as events: what stands, works, waits and breaks, from one moment at which something happens to the next.
//!
//! One engine ([`run`]) takes the events of any [`Model`] off its [`Calendar`]. On it run queues before counters
//! ([`queue`]), which theory knows exactly ([`theory`]), and lines of machines ([`line`]), of which what-ifs are asked:
//! runs of the same seed share their chance between options, so that what differs is what was changed. The same input gives the
//! same bits on every machine and under every number of threads.

mod calendar;
mod duration;
pub mod line;
pub mod queue;
mod run;
pub mod statistics;
pub mod theory;

pub use calendar::Calendar;
pub use duration::{Draws, Duration};
pub use run::{Bounds, Cancelled, Model, Stopped, run};

/// Something in the input cannot be: where, and what must hold there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {must}")]
pub struct Invalid {
    /// As a person would look for it: «machine 3 «Filler»».
    pub place: String,
    /// «cycle time must be above 0 s».
    pub must: String,
}

impl Invalid {
    pub(crate) fn new(place: impl Into<String>, must: impl Into<String>) -> Self {
        Self { place: place.into(), must: must.into() }
    }
}

/// Why there is no result.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// The input cannot be.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The run did not come to its end.
    #[error(transparent)]
    Stopped(#[from] Stopped),
}
