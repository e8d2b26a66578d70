//! How finely a picture is drawn that moves: as finely as the device draws it in time. What stands is drawn as finely as
//! it can be.

use std::cell::Cell;

/// A picture that moves and takes longer than this is drawn more coarsely, in milliseconds.
const DRAWN_MAX_MS: f64 = 22.0;
/// One that would take less than this a step finer is drawn so.
const FINER_BELOW_MS: f64 = 14.0;
/// For so many pictures, one after the other: the first ones after a change take longer.
const SLOW_AFTER: u32 = 3;
const QUICK_AFTER: u32 = 40;

/// A step: pixels of the canvas for one of the screen, each way, and whether edges are smoothed.
#[derive(Copy, Clone, Debug, PartialEq)]
struct Step {
    share: f64,
    is_smooth: bool,
}

impl Step {
    /// How much is drawn, in pixels' worth: four samples take about twice as long as one.
    fn work(self) -> f64 {
        self.share * self.share * if self.is_smooth { 2.0 } else { 1.0 }
    }
}

/// The finest first.
const STEPS: [Step; 4] = [
    Step { share: 1.0, is_smooth: true },
    Step { share: 1.0, is_smooth: false },
    Step { share: 0.7, is_smooth: false },
    Step { share: 0.5, is_smooth: false },
];

/// How finely is drawn, and since when that has been too much or could be more.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fineness {
    step: usize,
    slow_for: u32,
    quick_for: u32,
}

thread_local! {
    /// What was learnt of this device since the screens began: the next picture begins with it.
    static LEARNT: Cell<Fineness> = const { Cell::new(Fineness::FINEST) };
}

impl Fineness {
    /// As finely as it can be.
    pub(crate) const FINEST: Self = Self { step: 0, slow_for: 0, quick_for: 0 };

    /// As finely as the last picture that moved was drawn.
    pub(crate) fn learnt() -> Self {
        LEARNT.get()
    }

    /// What the next picture that moves begins with.
    pub(crate) fn keep(self) {
        LEARNT.set(Self { slow_for: 0, quick_for: 0, ..self });
    }

    fn step(self) -> Step {
        STEPS.get(self.step).copied().unwrap_or(STEPS[0])
    }

    /// Whether nothing is finer.
    pub(crate) fn is_finest(self) -> bool {
        self.step == 0
    }

    /// Pixels of the canvas for one of the screen, each way.
    pub(crate) fn share(self) -> f64 {
        self.step().share
    }

    /// Whether edges are smoothed.
    pub(crate) fn is_smooth(self) -> bool {
        self.step().is_smooth
    }

    /// After a picture that took so long to draw.
    pub(crate) fn after(self, drawn_ms: f64) -> Self {
        let finer = self.step.checked_sub(1).and_then(|step| STEPS.get(step));
        let would_take_ms = finer.map(|finer| drawn_ms * finer.work() / self.step().work());
        let slow_for = if drawn_ms > DRAWN_MAX_MS { self.slow_for + 1 } else { 0 };
        let quick_for =
            if would_take_ms.is_some_and(|ms| ms < FINER_BELOW_MS) { self.quick_for + 1 } else { 0 };
        if slow_for >= SLOW_AFTER && self.step + 1 < STEPS.len() {
            return Self { step: self.step + 1, slow_for: 0, quick_for: 0 };
        }
        if quick_for >= QUICK_AFTER {
            return Self { step: self.step.saturating_sub(1), slow_for: 0, quick_for: 0 };
        }
        Self { slow_for, quick_for, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// After pictures that take `ms` at the finest step, and as much less as there is less to draw at a coarser one.
    fn after(begin: Fineness, finest_ms: f64, pictures: u32) -> Fineness {
        (0..pictures).fold(begin, |now, _| now.after(finest_ms * now.step().work() / STEPS[0].work()))
    }

    #[test]
    fn a_device_that_draws_in_time_draws_as_finely_as_it_can() {
        assert_eq!(after(Fineness::FINEST, 6.0, 500).step, 0);
    }

    #[test]
    fn a_slow_device_draws_more_coarsely_until_it_is_in_time_and_stays_there() {
        let coarse = after(Fineness::FINEST, 100.0, 50);
        assert_eq!((coarse.share(), coarse.is_smooth()), (0.5, false));
        let usual = after(Fineness::FINEST, 40.0, 50);
        assert_eq!((usual.share(), usual.is_smooth()), (1.0, false));
        assert_eq!(after(usual, 40.0, 1_000), usual, "it does not go back and forth");
    }

    #[test]
    fn one_slow_picture_changes_nothing() {
        let mut now = Fineness::FINEST.after(300.0).after(300.0).after(5.0);
        now = now.after(300.0);
        assert_eq!(now.step, 0);
    }

    #[test]
    fn a_device_that_became_quick_draws_finely_again() {
        let coarse = after(Fineness::FINEST, 100.0, 50);
        assert_eq!(after(coarse, 4.0, 500).step, 0);
    }
}
