//! A queue before equal servers: arrivals, waiting in the order of arrival, service. G/G/c, and M/M/c with durations that have
//! no memory.

use std::collections::VecDeque;
use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use super::statistics::Estimate;
use super::{Bounds, Calendar, Cancelled, Draws, Duration, Error, Invalid, Model, run};
use crate::random::Stream;

/// What comes and how it is served.
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Queue {
    /// From one arrival to the next.
    pub between_arrivals_s: Duration,
    /// How long one is served.
    pub service_s: Duration,
    /// How many are served side by side.
    pub servers: u32,
}

/// How much of it is run.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Course {
    /// The first to be served are not counted: the queue begins empty.
    pub warm_up_customers: u64,
    /// Then, so many batches are, whose means say how far off the whole may be.
    pub batches: u32,
    /// How many customers one holds: many times what the queue remembers.
    pub customers_per_batch: u64,
    /// Of all chance.
    pub seed: u64,
    /// Which of the runs of this seed.
    pub replication: u64,
}

/// What was seen, each with its interval by batch means.
#[derive(Copy, Clone, Debug, PartialEq, Serialize)]
pub struct Seen {
    /// L: customers in the system, on average over the time.
    pub in_system: Estimate,
    /// Lq: of those, how many wait.
    pub in_queue: Estimate,
    /// W: how long each stays.
    pub time_in_system_s: Estimate,
    /// Wq: of that, how long each waits.
    pub waiting_s: Estimate,
    /// The share of the time that a server works.
    pub utilisation: Estimate,
    /// How many were served, those before the count included.
    pub customers: u64,
    /// How many events that took.
    pub events: u64,
}

/// More servers are no queue.
pub const SERVERS_MAX: u32 = 10_000;
/// More batches say nothing new.
pub const BATCHES_MAX: u32 = 10_000;
/// More customers are not run at once.
pub const CUSTOMERS_MAX: u64 = 100_000_000_000;
/// A queue of more has no end.
pub const WAITING_MAX: usize = 10_000_000;

const ARRIVALS: u64 = 0;
const SERVICE: u64 = 1;

/// Runs a queue.
///
/// # Errors
/// [`Error::Invalid`] names what cannot be; [`Error::Stopped`] where it was cancelled.
pub fn simulate(queue: &Queue, course: &Course, cancelled: Cancelled<'_>) -> Result<Seen, Error> {
    check(queue, course)?;
    let stream = |purpose| Stream { seed: course.seed, purpose, block: course.replication };
    let mut counter = Counter {
        arrivals: Draws::new(queue.between_arrivals_s, stream(ARRIVALS)),
        service: Draws::new(queue.service_s, stream(SERVICE)),
        waiting: VecDeque::new(),
        free: (1..=queue.servers).rev().collect(),
        busy: 0.0,
        current: Batch::default(),
        began_s: 0.0,
        last_s: 0.0,
        batch_left: if course.warm_up_customers > 0 {
            course.warm_up_customers
        } else {
            course.customers_per_batch
        },
        customers_per_batch: course.customers_per_batch,
        batches: Vec::with_capacity(course.batches as usize + 1),
        batches_wanted: course.batches as usize + usize::from(course.warm_up_customers > 0),
        overflowed: false,
    };
    let mut calendar = Calendar::new(queue.servers + 1);
    calendar.set(0, counter.arrivals.draw());
    let bounds = Bounds { until_s: f64::INFINITY, events_max: u64::MAX, cancelled };
    let events = run(&mut counter, &mut calendar, bounds)?;
    if counter.overflowed {
        let must = format!("must not fill a queue of {WAITING_MAX} that wait: more come than can be served");
        return Err(Invalid::new("queue", must).into());
    }
    let counted = &counter.batches[usize::from(course.warm_up_customers > 0)..];
    let customers = course.customers_per_batch as f64;
    let of = |value: &dyn Fn(&Batch) -> f64| Estimate::of(&counted.iter().map(value).collect::<Vec<f64>>());
    Ok(Seen {
        in_system: of(&|batch| (batch.waiting_area + batch.busy_area) / batch.lasted_s),
        in_queue: of(&|batch| batch.waiting_area / batch.lasted_s),
        time_in_system_s: of(&|batch| (batch.waited_s + batch.served_s) / customers),
        waiting_s: of(&|batch| batch.waited_s / customers),
        utilisation: of(&|batch| batch.busy_area / batch.lasted_s / f64::from(queue.servers)),
        customers: course.warm_up_customers + u64::from(course.batches) * course.customers_per_batch,
        events,
    })
}

fn check(queue: &Queue, course: &Course) -> Result<(), Invalid> {
    queue.between_arrivals_s.check("queue", "time between arrivals", "s")?;
    queue.service_s.check("queue", "service time", "s")?;
    let within = |place: &str, name: &str, value: u64, low: u64, high: u64| {
        if (low..=high).contains(&value) {
            Ok(())
        } else {
            Err(Invalid::new(place, format!("{name} must be between {low} and {high}")))
        }
    };
    within("queue", "number of servers", queue.servers.into(), 1, SERVERS_MAX.into())?;
    within("course", "number of batches", course.batches.into(), 2, BATCHES_MAX.into())?;
    within("course", "customers per batch", course.customers_per_batch, 1, CUSTOMERS_MAX)?;
    let counted = course.customers_per_batch.saturating_mul(course.batches.into());
    within(
        "course",
        "customers of all batches",
        counted.saturating_add(course.warm_up_customers),
        1,
        CUSTOMERS_MAX,
    )
}

/// What is summed over a batch of customers whose service began.
#[derive(Copy, Clone, Debug, Default)]
struct Batch {
    waited_s: f64,
    served_s: f64,
    /// Customers times seconds.
    waiting_area: f64,
    busy_area: f64,
    lasted_s: f64,
}

/// The queue while it runs. Place 0 is the door, the others are the servers.
struct Counter {
    arrivals: Draws,
    service: Draws,
    /// When each came.
    waiting: VecDeque<f64>,
    free: Vec<u32>,
    /// How many servers work.
    busy: f64,
    current: Batch,
    began_s: f64,
    last_s: f64,
    batch_left: u64,
    customers_per_batch: u64,
    batches: Vec<Batch>,
    batches_wanted: usize,
    overflowed: bool,
}

impl Counter {
    #[inline]
    fn serve(
        &mut self,
        server: usize,
        waited_s: f64,
        now_s: f64,
        calendar: &mut Calendar,
    ) -> ControlFlow<()> {
        let service_s = self.service.draw();
        calendar.set(server, now_s + service_s);
        self.current.waited_s += waited_s;
        self.current.served_s += service_s;
        self.batch_left -= 1;
        if self.batch_left == 0 { self.close(now_s) } else { ControlFlow::Continue(()) }
    }

    #[cold]
    #[inline(never)]
    fn close(&mut self, now_s: f64) -> ControlFlow<()> {
        self.current.lasted_s = now_s - self.began_s;
        self.batches.push(std::mem::take(&mut self.current));
        self.began_s = now_s;
        self.batch_left = self.customers_per_batch;
        if self.batches.len() == self.batches_wanted {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }
}

impl Model for Counter {
    #[inline]
    fn happen(&mut self, place: usize, now_s: f64, calendar: &mut Calendar) -> ControlFlow<()> {
        let lasted_s = now_s - self.last_s;
        self.last_s = now_s;
        self.current.waiting_area += self.waiting.len() as f64 * lasted_s;
        self.current.busy_area += self.busy * lasted_s;
        if place == 0 {
            calendar.set(0, now_s + self.arrivals.draw());
            if let Some(server) = self.free.pop() {
                self.busy += 1.0;
                return self.serve(server as usize, 0.0, now_s, calendar);
            }
            if self.waiting.len() == WAITING_MAX {
                self.overflowed = true;
                return ControlFlow::Break(());
            }
            self.waiting.push_back(now_s);
        } else if let Some(came_s) = self.waiting.pop_front() {
            return self.serve(place, now_s - came_s, now_s, calendar);
        } else {
            self.busy -= 1.0;
            self.free.push(place as u32);
        }
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::theory::{LongRun, any_service, many_servers};
    use super::*;

    fn without_memory(arrivals_per_s: f64, served_per_s: f64, servers: u32) -> Queue {
        Queue {
            between_arrivals_s: Duration::Exponential { mean: 1.0 / arrivals_per_s },
            service_s: Duration::Exponential { mean: 1.0 / served_per_s },
            servers,
        }
    }

    const COURSE: Course = Course {
        warm_up_customers: 5_000,
        batches: 20,
        customers_per_batch: 15_000,
        seed: 9,
        replication: 0,
    };

    type Figure = fn(&Seen) -> Estimate;

    /// Twelve long runs against theory: their intervals hold it most times, and their mean is as near as such means are (1.9
    /// half-widths are 99.9 % of Student's t with 11 degrees of freedom).
    fn assert_covers(queue: &Queue, known: LongRun) {
        let runs: Vec<Seen> = (0..12)
            .map(|replication| simulate(queue, &Course { replication, ..COURSE }, &|| false).unwrap())
            .collect();
        let pairs: [(&str, Figure, f64); 5] = [
            ("L", |seen| seen.in_system, known.in_system),
            ("Lq", |seen| seen.in_queue, known.in_queue),
            ("W", |seen| seen.time_in_system_s, known.time_in_system_s),
            ("Wq", |seen| seen.waiting_s, known.waiting_s),
            ("utilisation", |seen| seen.utilisation, known.utilisation),
        ];
        for (name, of, known) in pairs {
            let held = runs.iter().filter(|seen| of(seen).covers(known)).count();
            assert!(held >= 9, "{name}: {held} of 12 hold {known}");
            let means: Vec<f64> = runs.iter().map(|seen| of(seen).mean).collect();
            let whole = Estimate::of(&means);
            assert!((whole.mean - known).abs() < 1.9 * whole.half_width, "{name}: {whole:?} is not {known}");
            assert!(whole.half_width < 0.05 * known, "{name}: {whole:?} says too little");
        }
    }

    #[test]
    fn a_plain_queue_is_as_long_as_theory_says() {
        let known = LongRun {
            in_system: 4.0,
            in_queue: 3.2,
            time_in_system_s: 5.0,
            waiting_s: 4.0,
            utilisation: 0.8,
        };
        assert_covers(&without_memory(0.8, 1.0, 1), known);
    }

    #[test]
    fn queues_before_several_servers_are_as_long_as_erlang_says() {
        for (arrivals_per_s, servers) in [(1.6, 2), (4.0, 5), (18.0, 20)] {
            let known = many_servers(arrivals_per_s, 1.0, servers).unwrap();
            assert_covers(&without_memory(arrivals_per_s, 1.0, servers), known);
        }
    }

    #[test]
    fn service_of_constant_length_halves_the_waiting() {
        let queue = Queue { service_s: Duration::Constant { value: 1.0 }, ..without_memory(0.8, 1.0, 1) };
        assert_covers(&queue, any_service(0.8, 1.0, 0.0).unwrap());
    }

    #[test]
    fn intervals_hold_the_truth_about_as_often_as_they_say() {
        let course = Course { warm_up_customers: 2_000, batches: 20, customers_per_batch: 2_500, ..COURSE };
        let held = (0..200)
            .filter(|replication| {
                let course = Course { replication: *replication, ..course };
                simulate(&without_memory(0.5, 1.0, 1), &course, &|| false).unwrap().waiting_s.covers(1.0)
            })
            .count();
        // 190 of 200, give or take three standard deviations of 3.1.
        assert!((181..=199).contains(&held), "{held} of 200");
    }

    #[test]
    fn the_same_seed_gives_the_same_bits_as_on_every_machine() {
        let seen = simulate(&without_memory(0.8, 1.0, 1), &COURSE, &|| false).unwrap();
        assert_eq!(seen.waiting_s.mean.to_bits(), WAITING_BITS, "{}", seen.waiting_s.mean.to_bits());
    }

    /// As this was first run on x86-64.
    const WAITING_BITS: u64 = 4_615_944_569_776_674_866;

    #[test]
    fn what_cannot_be_is_named() {
        let error =
            |queue: Queue, course: Course| simulate(&queue, &course, &|| false).unwrap_err().to_string();
        let plain = without_memory(0.8, 1.0, 1);
        assert_eq!(
            error(Queue { servers: 0, ..plain }, COURSE),
            "queue: number of servers must be between 1 and 10000"
        );
        let slow = Queue { service_s: Duration::Exponential { mean: f64::INFINITY }, ..plain };
        assert_eq!(error(slow, COURSE), "queue: service time must be above 0 s on average");
        assert!(
            error(plain, Course { batches: 1, ..COURSE }).starts_with("course: number of batches must be")
        );
        assert_eq!(
            simulate(&plain, &COURSE, &|| true),
            Err(Error::Stopped(crate::discrete::Stopped::Cancelled))
        );
    }
}
