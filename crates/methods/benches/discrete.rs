//! Discrete events, measured: customers of a plain queue through the engine that also runs lines, beside SimPy with the same
//! number of customers, and a shift of a line a thousand times.
//!
//! `cargo bench -p millwright-methods --bench discrete`; `-- lines` leaves the queues out.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench that cannot set up its world stops, and its output is its result"
)]

#[path = "peers/mod.rs"]
mod peers;
#[path = "worked/mod.rs"]
mod worked;

use std::process::Command;

use millwright_methods::discrete::Duration;
use millwright_methods::discrete::line::{
    Buffer, Costs, Crews, Failures, Line, Machine, Period, Replications, outlook,
};
use millwright_methods::discrete::queue::{Course, Queue, simulate};
use worked::Worked;

const TIMES: usize = 5;
const CUSTOMERS: u64 = 20_000_000;
/// SimPy is asked for as many as it serves in a few seconds.
const CUSTOMERS_BESIDE: u64 = 200_000;
/// And so many times here, for a time that can be measured.
const ROUNDS: u32 = 20;

/// The plain queue as SimPy's own examples write it, every waiting time kept.
const SIMPY: &str = r#"
import random, sys, time
import simpy
many = int(sys.argv[1])
chance = random.Random(42)
waits = []
def customer(env, server):
    came = env.now
    with server.request() as turn:
        yield turn
        waits.append(env.now - came)
        yield env.timeout(chance.expovariate(1.0))
def source(env, server):
    for _ in range(many):
        yield env.timeout(chance.expovariate(0.8))
        env.process(customer(env, server))
began = time.process_time()
env = simpy.Environment()
env.process(source(env, simpy.Resource(env, 1)))
env.run()
took = time.process_time() - began
print(simpy.__version__, took, sum(waits) / len(waits))
"#;

fn main() {
    println!(
        "\n## Discrete events\n\nSeconds are those that a processor worked, where the system counts them.\n"
    );
    println!("| | |\n|---|---|");
    if std::env::args().all(|argument| argument != "lines") {
        queues();
    }
    lines();
}

fn plain_queue(customers: u64) -> (f64, f64, u64) {
    let queue = Queue {
        between_arrivals_s: Duration::Exponential { mean: 1.25 },
        service_s: Duration::Exponential { mean: 1.0 },
        servers: 1,
    };
    let course = Course {
        warm_up_customers: 0,
        batches: 20,
        customers_per_batch: customers / 20,
        seed: 42,
        replication: 0,
    };
    let worked = Worked::begin();
    let seen = simulate(&queue, &course, &|| false).unwrap();
    (worked.end_s(), seen.waiting_s.mean, seen.events)
}

fn best(mut once: impl FnMut() -> f64) -> f64 {
    (0..TIMES).map(|_| once()).fold(f64::INFINITY, f64::min)
}

fn queues() {
    let (_, waiting_s, events) = plain_queue(CUSTOMERS);
    let took_s = best(|| plain_queue(CUSTOMERS).0);
    println!(
        "| M/M/1, one core, {CUSTOMERS} customers | {:.1} M customers/s, {:.1} M events/s; Wq {waiting_s:.3} (theory: 4) |",
        CUSTOMERS as f64 / took_s / 1e6,
        events as f64 / took_s / 1e6
    );
    let ours_s =
        best(|| (0..ROUNDS).map(|_| plain_queue(CUSTOMERS_BESIDE).0).sum::<f64>() / f64::from(ROUNDS));
    let Some(python) = peers::python() else {
        println!("SKIPPED: no Python with simpy");
        return;
    };
    let mut waiting = String::new();
    let theirs: Option<(String, f64)> = (0..3)
        .filter_map(|_| {
            let output =
                Command::new(&python).args(["-c", SIMPY, &CUSTOMERS_BESIDE.to_string()]).output().ok()?;
            let text = String::from_utf8(output.stdout).ok()?;
            let mut words = text.split_whitespace();
            let (version, took) = (words.next()?.to_owned(), words.next()?.parse().ok()?);
            waiting = words.next()?.to_owned();
            Some((version, took))
        })
        .min_by(|(_, one), (_, other)| f64::total_cmp(one, other));
    let Some((version, theirs_s)) = theirs else {
        println!("SKIPPED: SimPy told nothing");
        return;
    };
    println!(
        "| SimPy {version}, {CUSTOMERS_BESIDE} customers | {theirs_s:.2} s, {:.0} customers/s; Wq {waiting} |",
        CUSTOMERS_BESIDE as f64 / theirs_s
    );
    println!(
        "| the same number here | {:.2} ms, {:.1} M customers/s: **{:.0} times** |",
        ours_s * 1e3,
        CUSTOMERS_BESIDE as f64 / ours_s / 1e6,
        theirs_s / ours_s
    );
}

/// A shift of a line of five machines that break, a thousand times.
fn lines() {
    let machine = |number: u32| {
        let mut machine = Machine::new(&format!("M{number}"), Duration::Weibull { scale: 30.0, shape: 3.0 });
        machine.failures = Some(Failures {
            time_to_failure_h: Duration::Weibull { scale: 6.0, shape: 1.5 },
            repair_time_h: Duration::LogNormal { mean: 0.3, deviation: 0.2 },
        });
        machine.scrap_share = 0.01;
        machine
    };
    let line = Line {
        machines: (1..=5).map(machine).collect(),
        buffers: vec![Buffer::of(10); 4],
        shifts: None,
        crews: Crews { many: Some(1), work_off_shift: false },
        costs: Costs::default(),
    };
    let replications = Replications { many: 1_000, threads: 1 };
    let mut events = 0;
    let took_s = best(|| {
        let worked = Worked::begin();
        events = outlook(&line, &Period::of(8.0, 1), replications, &|| false).unwrap().events;
        worked.end_s()
    });
    println!(
        "| a shift of 8 h of a line of five machines, 1,000 replications, one core | {:.0} ms, {:.1} M events/s |",
        took_s * 1e3,
        events as f64 / took_s / 1e6
    );
}
