//! What is known exactly of queues: the formulas that simulations are checked against, and quick answers where they fit.

use serde::Serialize;

/// A queue in the long run.
#[derive(Copy, Clone, Debug, PartialEq, Serialize)]
pub struct LongRun {
    /// L: customers in the system, on average.
    pub in_system: f64,
    /// Lq: of those, how many wait.
    pub in_queue: f64,
    /// W: how long each stays.
    pub time_in_system_s: f64,
    /// Wq: of that, how long each waits.
    pub waiting_s: f64,
    /// The share of the time that a server works.
    pub utilisation: f64,
}

/// Arrivals and service without memory, and so many servers: M/M/c, by Erlang's C formula (Erlang, 1917; Gross and Harris,
/// «Fundamentals of Queueing Theory», §2.3). Nothing if more come than can be served: then the queue has no long run.
pub fn many_servers(arrivals_per_s: f64, served_per_s: f64, servers: u32) -> Option<LongRun> {
    let load = arrivals_per_s / served_per_s;
    let utilisation = load / f64::from(servers);
    if !(utilisation < 1.0 && load > 0.0) {
        return None;
    }
    // Erlang's B by its recursion, which stays between 0 and 1; then C of B.
    let blocking = (1..=servers).fold(1.0, |blocking, server| {
        let carried = load * blocking;
        carried / (f64::from(server) + carried)
    });
    let waits = blocking / (1.0 - utilisation * (1.0 - blocking));
    let waiting_s = waits / (f64::from(servers) * served_per_s - arrivals_per_s);
    let time_in_system_s = waiting_s + 1.0 / served_per_s;
    Some(LongRun {
        in_system: arrivals_per_s * time_in_system_s,
        in_queue: arrivals_per_s * waiting_s,
        time_in_system_s,
        waiting_s,
        utilisation,
    })
}

/// Arrivals without memory, any service, one server: M/G/1, by Pollaczek and Khinchine. `variation` is the service time's
/// standard deviation over its mean.
pub fn any_service(arrivals_per_s: f64, service_mean_s: f64, variation: f64) -> Option<LongRun> {
    let utilisation = arrivals_per_s * service_mean_s;
    if !(utilisation < 1.0 && utilisation > 0.0) {
        return None;
    }
    let waiting_s =
        utilisation * service_mean_s * (1.0 + variation * variation) / (2.0 * (1.0 - utilisation));
    let time_in_system_s = waiting_s + service_mean_s;
    Some(LongRun {
        in_system: arrivals_per_s * time_in_system_s,
        in_queue: arrivals_per_s * waiting_s,
        time_in_system_s,
        waiting_s,
        utilisation,
    })
}

/// Machines that fail and crews that mend them, in the long run.
#[derive(Copy, Clone, Debug, PartialEq, Serialize)]
pub struct Repairs {
    /// The share of the time that a machine runs.
    pub running: f64,
    /// That it is under repair.
    pub under_repair: f64,
    /// That it waits for a crew.
    pub waiting: f64,
}

/// The machine-repair model: so many equal machines that fail after a running time without memory, and so many crews with
/// repair times without memory (Palm's machine interference; Gross and Harris, §2.7 «finite source queues»).
pub fn machine_repair(machines: u32, crews: u32, mean_to_failure_s: f64, mean_repair_s: f64) -> Repairs {
    // How likely so many are down, from one to the next, against none.
    let mut likely = 1.0;
    let (mut sum, mut down, mut in_repair) = (0.0, 0.0, 0.0);
    for many in 0..=machines {
        let busy = f64::from(many.min(crews));
        if many > 0 {
            likely *= f64::from(machines - many + 1) / mean_to_failure_s * mean_repair_s / busy;
        }
        sum += likely;
        down += f64::from(many) * likely;
        in_repair += busy * likely;
    }
    let of_all = sum * f64::from(machines);
    Repairs {
        running: 1.0 - down / of_all,
        under_repair: in_repair / of_all,
        waiting: (down - in_repair) / of_all,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(one: f64, other: f64) -> bool {
        (one - other).abs() < 1e-12 * other.abs().max(1.0)
    }

    #[test]
    fn one_server_at_four_fifths_holds_four() {
        let long_run = many_servers(0.8, 1.0, 1).unwrap();
        let known = [4.0, 3.2, 5.0, 4.0, 0.8];
        let LongRun { in_system, in_queue, time_in_system_s, waiting_s, utilisation } = long_run;
        let found = [in_system, in_queue, time_in_system_s, waiting_s, utilisation];
        assert!(found.into_iter().zip(known).all(|(found, known)| near(found, known)), "{long_run:?}");
    }

    #[test]
    fn two_servers_wait_by_erlangs_formula() {
        // Gross and Harris: for c = 2, Wq = ρ² / (μ (1 − ρ²)).
        let long_run = many_servers(1.5, 1.0, 2).unwrap();
        assert!(near(long_run.waiting_s, 0.75 * 0.75 / (1.0 - 0.75 * 0.75)));
        assert_eq!(many_servers(2.0, 1.0, 2), None);
        assert!(many_servers(9_000.0, 1.0, 10_000).unwrap().waiting_s < 1e-20);
    }

    #[test]
    fn any_service_without_memory_is_the_plain_queue() {
        let (any, plain) = (any_service(0.8, 1.0, 1.0).unwrap(), many_servers(0.8, 1.0, 1).unwrap());
        assert!(near(any.waiting_s, plain.waiting_s) && near(any.in_system, plain.in_system));
        assert!(near(any_service(0.8, 1.0, 0.0).unwrap().waiting_s, 2.0));
    }

    #[test]
    fn machines_with_a_crew_each_are_available_as_each_alone() {
        let repairs = machine_repair(5, 5, 90.0, 10.0);
        assert!(
            near(repairs.running, 0.9) && near(repairs.under_repair, 0.1) && repairs.waiting.abs() < 1e-12
        );
        // Two machines, one crew, as long to mend as to fail: 1, 2 and 2 parts of 5 of the time are 0, 1 and 2 down.
        let repairs = machine_repair(2, 1, 1.0, 1.0);
        assert!(near(repairs.running, 0.4) && near(repairs.under_repair, 0.4) && near(repairs.waiting, 0.2));
    }
}
