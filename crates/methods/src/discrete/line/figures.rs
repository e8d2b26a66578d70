//! What a line gave in a run: pieces, times, the ratios of ISO 22400-2, energy and cost.

use serde::Serialize;

/// One run of a line, over the time counted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figures {
    /// Pieces that left the last machine as they should be.
    pub good: u64,
    /// Pieces taken out as scrap, at any machine.
    pub scrapped: u64,
    /// Pieces that the first machine took.
    pub started: u64,
    /// Pieces in machines and buffers when the count began.
    pub in_line_at_begin: u64,
    /// And when it ended: begun with + started = good + scrapped + these.
    pub in_line_at_end: u64,
    /// Good pieces per hour, off shift included.
    pub throughput_per_h: f64,
    /// Of the line: its time elements are those of its constraint (see [`super::Line::constraint`]), its quantities those
    /// of all pieces that left it, good or scrapped at whichever machine.
    pub ratios: Ratios,
    /// Which machine the constraint is, from 0.
    pub constraint: usize,
    /// What all machines drew.
    pub energy_kwh: f64,
    /// Everything together.
    pub cost: f64,
    /// For each good piece; the whole, if there is none.
    pub cost_per_good: f64,
    /// In their order.
    pub machines: Vec<MachineFigures>,
    /// How much happened, the warm-up included.
    pub events: u64,
}

/// One machine.
#[derive(Copy, Clone, Debug, Default, PartialEq, Serialize)]
pub struct MachineFigures {
    /// What its time went to.
    pub times: Times,
    /// Its own.
    pub ratios: Ratios,
    /// How often it broke.
    pub failures: u64,
    /// Hours that a crew worked on it, off shift too.
    pub repair_h: f64,
    /// Hours of planned maintenance, off shift too.
    pub maintenance_h: f64,
}

/// What the time went to, each hour to one of these.
#[derive(Copy, Clone, Debug, Default, PartialEq, Serialize)]
pub struct Times {
    /// On a piece.
    pub working_h: f64,
    /// Nothing came.
    pub starved_h: f64,
    /// What it had finished found no place.
    pub blocked_h: f64,
    /// Broken, and all crews busy; or due for maintenance that needs one.
    pub waiting_for_crew_h: f64,
    /// Broken, and a crew at it.
    pub under_repair_h: f64,
    /// Planned maintenance on shift.
    pub planned_stop_h: f64,
    /// The line stood as planned.
    pub off_shift_h: f64,
}

impl Times {
    /// Everything.
    pub fn sum_h(&self) -> f64 {
        self.on_shift_h() + self.off_shift_h
    }

    /// ISO 22400-2's planned operation time.
    pub fn on_shift_h(&self) -> f64 {
        let Self {
            working_h,
            starved_h,
            blocked_h,
            waiting_for_crew_h,
            under_repair_h,
            planned_stop_h,
            off_shift_h: _,
        } = self;
        working_h + starved_h + blocked_h + waiting_for_crew_h + under_repair_h + planned_stop_h
    }
}

/// Overall equipment effectiveness and what it is made of, as ISO 22400-2:2014 defines it for a work unit.
///
/// - PBT, planned busy time: the time on shift less planned maintenance.
/// - APT, actual production time: the time in which it works on pieces. Repairs and the waiting for a crew (actual unit down
///   time), starving and blocking (actual unit delay time) are in PBT and not in APT, and so lower the availability.
/// - PRI, planned run time per item; PQ, produced quantity; GQ, good quantity.
///
/// Availability = APT / PBT; effectiveness = PRI × PQ / APT; quality ratio = GQ / PQ; and the product of all three is OEE =
/// PRI × GQ / PBT. Each is 0 where nothing is to be divided by. The effectiveness is above 1 where pieces take less than is
/// planned; that of a line also where it gives more pieces in the time counted than its constraint has worked on, from what
/// stood in its buffers.
#[derive(Copy, Clone, Debug, Default, PartialEq, Serialize)]
pub struct Ratios {
    /// PBT.
    pub planned_busy_h: f64,
    /// APT.
    pub production_h: f64,
    /// PRI.
    pub planned_run_time_s: f64,
    /// PQ.
    pub produced: u64,
    /// GQ.
    pub good: u64,
    /// APT / PBT.
    pub availability: f64,
    /// PRI × PQ / APT.
    pub effectiveness: f64,
    /// GQ / PQ.
    pub quality: f64,
    /// All three.
    pub oee: f64,
}

impl Ratios {
    /// From the elements of time, and pieces.
    pub fn of(times: &Times, planned_run_time_s: f64, produced: u64, good: u64) -> Self {
        let planned_busy_h = times.on_shift_h() - times.planned_stop_h;
        let production_h = times.working_h;
        let availability = share(production_h, planned_busy_h);
        let effectiveness = share(planned_run_time_s * produced as f64, production_h * 3_600.0);
        let quality = share(good as f64, produced as f64);
        let oee = availability * effectiveness * quality;
        Self {
            planned_busy_h,
            production_h,
            planned_run_time_s,
            produced,
            good,
            availability,
            effectiveness,
            quality,
            oee,
        }
    }
}

fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_ratios_multiply_to_what_good_pieces_took_of_the_planned_time() {
        // A shift of 8 h with 30 min of maintenance and 1 h lost; 60 s are planned for a piece; 380 made, 361 good.
        let times = Times {
            working_h: 6.5,
            blocked_h: 0.4,
            under_repair_h: 0.6,
            planned_stop_h: 0.5,
            ..Times::default()
        };
        let ratios = Ratios::of(&times, 60.0, 380, 361);
        assert_eq!((ratios.planned_busy_h, ratios.production_h), (7.5, 6.5));
        assert!((ratios.availability - 6.5 / 7.5).abs() < 1e-15);
        assert!((ratios.effectiveness - 380.0 / 390.0).abs() < 1e-15);
        assert_eq!(ratios.quality, 0.95);
        assert!((ratios.oee - 361.0 * 60.0 / (7.5 * 3_600.0)).abs() < 1e-15);
    }

    #[test]
    fn a_machine_that_never_ran_has_no_ratios() {
        let ratios = Ratios::of(&Times { off_shift_h: 8.0, ..Times::default() }, 60.0, 0, 0);
        assert_eq!(
            (ratios.availability, ratios.effectiveness, ratios.quality, ratios.oee),
            (0.0, 0.0, 0.0, 0.0)
        );
    }
}
