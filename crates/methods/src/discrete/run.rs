//! The engine: takes one event after the other off the calendar and lets the model make of it what it will.

use std::ops::ControlFlow;

use super::Calendar;

/// How many events happen between two looks at whether anybody still waits for the result.
const EVENTS_BETWEEN_LOOKS: u64 = 4_096;

/// What events mean.
pub trait Model {
    /// The event of `place` happens at `now_s`. What comes next, here or elsewhere, goes to the calendar; nothing comes
    /// here where nothing is set. [`ControlFlow::Break`] ends the run.
    fn happen(&mut self, place: usize, now_s: f64, calendar: &mut Calendar) -> ControlFlow<()>;
}

/// Whether a run is to stop: asked every few thousand events, from whichever thread runs.
pub type Cancelled<'a> = &'a (dyn Fn() -> bool + Sync);

/// How far a run goes.
#[derive(Copy, Clone)]
pub struct Bounds<'a> {
    /// Events up to and at this moment happen.
    pub until_s: f64,
    /// A run of more is refused.
    pub events_max: u64,
    /// Whether nobody waits for the result any more.
    pub cancelled: Cancelled<'a>,
}

/// Why a run has no result.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Stopped {
    /// Nobody waits any more.
    #[error("cancelled")]
    Cancelled,
    /// More happened than a run may hold.
    #[error("more than {events_max} events, by {at_s} s of the time simulated")]
    TooManyEvents {
        /// The most a run may hold.
        events_max: u64,
        /// How far it came.
        at_s: f64,
    },
}

/// Runs a model: until the bound, or until nothing is to come, or until the model says so. How many events happened.
///
/// # Errors
/// [`Stopped`] where it was cancelled, or too much happened.
pub fn run<M: Model>(model: &mut M, calendar: &mut Calendar, bounds: Bounds<'_>) -> Result<u64, Stopped> {
    // Compared as bits, in whose order what is infinite or not a number comes last.
    let until_s = if bounds.until_s > 0.0 { bounds.until_s.min(f64::MAX) } else { 0.0 };
    let until = until_s.to_bits();
    let mut events = 0;
    loop {
        if (bounds.cancelled)() {
            return Err(Stopped::Cancelled);
        }
        let many = EVENTS_BETWEEN_LOOKS.min(bounds.events_max - events);
        for happened in 0..many {
            let (now_s, place) = calendar.first();
            if now_s.to_bits() > until {
                return Ok(events + happened);
            }
            calendar.take(place);
            let flow = model.happen(place, now_s, calendar);
            calendar.settle(place);
            if flow.is_break() {
                return Ok(events + happened + 1);
            }
        }
        events += many;
        if events == bounds.events_max {
            let (at_s, _) = calendar.first();
            if at_s.to_bits() > until {
                return Ok(events);
            }
            return Err(Stopped::TooManyEvents { events_max: bounds.events_max, at_s });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    /// Ticks once a second, so many times.
    struct Ticks {
        left: u32,
        stop: AtomicBool,
    }

    impl Model for Ticks {
        fn happen(&mut self, place: usize, now_s: f64, calendar: &mut Calendar) -> ControlFlow<()> {
            if self.left == 0 {
                return ControlFlow::Break(());
            }
            self.left -= 1;
            self.stop.store(self.left < 10, Ordering::Relaxed);
            calendar.set(place, now_s + 1.0);
            ControlFlow::Continue(())
        }
    }

    fn ticks(left: u32, until_s: f64, events_max: u64) -> Result<u64, Stopped> {
        let mut calendar = Calendar::new(1);
        calendar.set(0, 1.0);
        let mut model = Ticks { left, stop: AtomicBool::new(false) };
        run(&mut model, &mut calendar, Bounds { until_s, events_max, cancelled: &|| false })
    }

    #[test]
    fn a_run_ends_with_its_bound_or_its_model() {
        assert_eq!(ticks(1_000, 10.0, 100), Ok(10));
        assert_eq!(ticks(5, f64::INFINITY, 100), Ok(6));
        assert_eq!(ticks(1_000, 10.0, 10), Ok(10));
    }

    #[test]
    fn a_run_in_which_too_much_happens_says_how_far_it_came() {
        assert_eq!(ticks(1_000, 11.0, 10), Err(Stopped::TooManyEvents { events_max: 10, at_s: 11.0 }));
    }

    #[test]
    fn a_run_for_which_nobody_waits_ends() {
        let mut calendar = Calendar::new(1);
        calendar.set(0, 1.0);
        let stop = AtomicBool::new(true);
        let cancelled = || stop.load(Ordering::Relaxed);
        let mut model = Ticks { left: 1, stop: AtomicBool::new(false) };
        let bounds = Bounds { until_s: 9.0, events_max: 9, cancelled: &cancelled };
        assert_eq!(run(&mut model, &mut calendar, bounds), Err(Stopped::Cancelled));
    }
}
