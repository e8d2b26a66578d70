//! Allocation against published cases, against all plans one by one, and priorities.
#![cfg(feature = "native")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot set up its world fails")]

use std::collections::BTreeMap;

use millwright_methods::allocation::{
    Activity, Aim, Allocation, Checked, Demand, Difference, LIMIT_MS, Look, Moved, MovedWhat, Problem,
    Resource, Unsolved, Worth, allocate, differences, moved,
};
use proptest::prelude::*;

const LOOK: Look<'_> = Look { limit_ms: LIMIT_MS, near: None, cancelled: &|| false };

fn best(problem: &Problem) -> Allocation {
    allocate(problem, &LOOK).unwrap()
}

fn resource(name: &str, capacity: f64, unit: &str) -> Resource {
    Resource { name: name.to_owned(), capacity, unit: unit.to_owned() }
}

fn activity(name: &str, uses: &[(&str, f64)]) -> Activity {
    let uses = uses.iter().map(|(name, figure)| ((*name).to_owned(), *figure)).collect();
    Activity { name: name.to_owned(), uses, ..Activity::default() }
}

fn demand(name: &str, amount: f64, met_by: &[&str], priority: Option<u8>) -> Demand {
    let met_by = met_by.iter().map(|name| ((*name).to_owned(), 1.0)).collect();
    Demand { name: name.to_owned(), amount, unit: String::new(), met_by, priority }
}

fn amounts(allocation: &Allocation) -> Vec<f64> {
    allocation.amounts.iter().map(|amount| amount.amount).collect()
}

/// The amounts as they are told.
fn said(allocation: &Allocation) -> Vec<String> {
    amounts(allocation).into_iter().map(|amount| format!("{amount:.4}")).collect()
}

fn near(found: f64, known: f64) {
    assert!((found - known).abs() <= 1e-6 * known.abs().max(1.0), "{found} is not {known}");
}

/// V06: `tests/resource_allocation_problem.rs` of good_lp 1.15: 10 x + 11 y, x + 2 y ≤ 5, x + y ≤ 3.
fn two_products() -> Problem {
    Problem {
        resources: vec![resource("Fuel", 5.0, "l"), resource("Time", 3.0, "h")],
        activities: vec![
            Activity { gain: 10.0, ..activity("X", &[("Fuel", 1.0), ("Time", 1.0)]) },
            Activity { gain: 11.0, ..activity("Y", &[("Fuel", 2.0), ("Time", 1.0)]) },
        ],
        ..Problem::default()
    }
}

#[test]
fn v06_two_products_of_good_lp() {
    let allocation = best(&two_products());
    near(allocation.value, 32.0);
    assert_eq!(amounts(&allocation), [1.0, 2.0]);
    assert_eq!(allocation.checked, Checked::ByProof);
    let worth: Vec<(&str, Worth)> =
        allocation.limits.iter().map(|limit| (limit.resource.as_str(), limit.worth)).collect();
    let [("Fuel", Worth::PerUnit { better_by: fuel }), ("Time", Worth::PerUnit { better_by: time })] =
        worth[..]
    else {
        panic!("{worth:?}")
    };
    near(fuel, 1.0);
    near(time, 9.0);
}

/// V07: a textbook case of transport (Vogel's approximation): three plants, four customers.
fn transport() -> Problem {
    let plants = [("P1", 300.0), ("P2", 400.0), ("P3", 500.0)];
    let customers = [("A", 250.0), ("B", 350.0), ("C", 400.0), ("D", 200.0)];
    let costs = [[3.0, 1.0, 7.0, 4.0], [2.0, 6.0, 5.0, 9.0], [8.0, 3.0, 3.0, 2.0]];
    let lane = |plant: usize, customer: usize| format!("{} to {}", plants[plant].0, customers[customer].0);
    let lanes = (0..3).flat_map(|plant| (0..4).map(move |customer| (plant, customer)));
    Problem {
        aim: Aim::LeastCost,
        resources: plants.iter().map(|(name, capacity)| resource(name, *capacity, "pcs")).collect(),
        activities: lanes
            .map(|(plant, customer)| Activity {
                cost: costs[plant][customer],
                ..activity(&lane(plant, customer), &[(plants[plant].0, 1.0)])
            })
            .collect(),
        demands: (0..4)
            .map(|customer| {
                let by: Vec<String> = (0..3).map(|plant| lane(plant, customer)).collect();
                let by: Vec<&str> = by.iter().map(String::as_str).collect();
                demand(customers[customer].0, customers[customer].1, &by, None)
            })
            .collect(),
        ..Problem::default()
    }
}

#[test]
fn v07_transport_costs_2850() {
    let allocation = best(&transport());
    near(allocation.value, 2850.0);
    assert!(allocation.demands.iter().all(|demand| demand.short == 0.0), "{allocation:?}");
    let mut whole = transport();
    whole.activities.iter_mut().for_each(|lane| lane.whole = true);
    let allocation = best(&whole);
    near(allocation.value, 2850.0);
    assert_eq!(allocation.checked, Checked::ByBoth);
}

#[test]
fn a_plant_that_is_out_leaves_a_shortage_that_is_told_and_the_first_customers_are_served() {
    let mut problem = transport();
    for (demand, priority) in problem.demands.iter_mut().zip([1, 1, 2, 3]) {
        demand.priority = Some(priority);
    }
    let before = best(&problem);
    let whole_plant = problem.clone();
    problem.resources[2].capacity = 0.0;
    let after = best(&problem);
    // 700 are left: 250 and 350 of the first, then 100 of 400.
    let short: Vec<f64> = after.demands.iter().map(|demand| demand.short).collect();
    assert_eq!(short.iter().map(|short| short.round()).collect::<Vec<f64>>(), [0.0, 0.0, 300.0, 200.0]);
    // What is no longer sent there helps first whoever comes second.
    let p1 = after.limits.iter().find(|limit| limit.resource == "P1").unwrap();
    assert_eq!(p1.worth, Worth::LessShort { priority: 2 });
    let changed =
        Difference { place: "resource «P3»: capacity".to_owned(), before: Some(500.0), after: Some(0.0) };
    assert_eq!(differences(&whole_plant, &problem), [changed]);
    let moves = moved(&before, &after);
    let short_of_d = Moved {
        what: MovedWhat::Short,
        name: "D".to_owned(),
        before: Some(0.0),
        after: Some(after.demands[3].short),
    };
    assert!(moves.contains(&short_of_d) && moves[0].what == MovedWhat::Value, "{moves:?}");
}

#[test]
fn a_priority_is_never_given_up_for_money() {
    // Whoever comes second pays a hundred times as much.
    let problem = Problem {
        resources: vec![resource("Line", 10.0, "h")],
        activities: vec![
            Activity { gain: 1.0, ..activity("For Anna", &[("Line", 1.0)]) },
            Activity { gain: 100.0, ..activity("For Bert", &[("Line", 1.0)]) },
        ],
        demands: vec![
            demand("Anna", 8.0, &["For Anna"], Some(1)),
            demand("Bert", 8.0, &["For Bert"], Some(2)),
        ],
        ..Problem::default()
    };
    assert_eq!(said(&best(&problem)), ["8.0000", "2.0000"]);
    let mut turned = problem;
    (turned.demands[0].priority, turned.demands[1].priority) = (Some(2), Some(1));
    assert_eq!(said(&best(&turned)), ["2.0000", "8.0000"]);
}

#[test]
fn an_activity_of_priority_is_done_as_much_as_can_be() {
    let mut problem = two_products();
    (problem.activities[0].most, problem.activities[0].priority) = (Some(2.5), Some(1));
    assert_eq!(amounts(&best(&problem)), [2.5, 0.5]);
}

#[test]
fn a_set_up_is_paid_once_or_not_at_all_and_lots_are_large_enough() {
    let mut problem = two_products();
    let y = &mut problem.activities[1];
    (y.most, y.fixed_cost) = (Some(10.0), 3.0);
    // 30 with X alone; 32 less 3 with both.
    let allocation = best(&problem);
    assert_eq!((amounts(&allocation), allocation.value), (vec![3.0, 0.0], 30.0));
    assert_eq!(allocation.checked, Checked::ByBoth);
    problem.activities[1].fixed_cost = 1.0;
    near(best(&problem).value, 31.0);
    (problem.activities[1].fixed_cost, problem.activities[1].least_if_any) = (0.0, 2.2);
    // 2.2 of Y leave fuel for 0.6 of X.
    let allocation = best(&problem);
    near(allocation.value, 30.2);
    near(amounts(&allocation)[1], 2.2);
}

#[test]
fn overtime_gives_hours_at_a_price() {
    let mut problem = two_products();
    let overtime = Activity { cost: 4.0, most: Some(1.0), ..activity("Overtime", &[("Time", -1.0)]) };
    problem.activities.push(overtime);
    // An hour is worth 9.
    let allocation = best(&problem);
    near(allocation.value, 32.0 + 9.0 - 4.0);
    near(amounts(&allocation)[2], 1.0);
}

#[test]
fn whole_amounts_have_no_price_but_one_unit_more_has_a_worth() {
    let mut problem = two_products();
    problem.resources[0].capacity = 5.0;
    problem.activities.iter_mut().for_each(|activity| activity.whole = true);
    let allocation = best(&problem);
    assert_eq!(amounts(&allocation), [1.0, 2.0]);
    assert_eq!(
        allocation.limits.iter().map(|limit| limit.worth).collect::<Vec<_>>(),
        [Worth::OneMore { better_by: 1.0 }, Worth::OneMore { better_by: 9.0 }].map(|worth| worth)
    );
}

#[test]
fn what_cannot_be_says_what_is_missing() {
    let mut problem = transport();
    problem.resources[2].capacity = 400.0;
    let Err(Unsolved::Infeasible { missing }) = allocate(&problem, &LOOK) else {
        panic!("1,100 of 1,200 are there")
    };
    near(missing.iter().map(|missing| missing.amount).sum(), 100.0);
    let mut problem = two_products();
    problem.activities[0].least = 4.0;
    assert_eq!(
        allocate(&problem, &LOOK).unwrap_err().to_string(),
        "not everything that must be can be done: resource «Time» lacks 1 h. Have more of it, ask for less, or give \
         demands a priority"
    );
}

#[test]
fn what_has_no_end_is_named() {
    let mut problem = two_products();
    problem.activities.push(Activity { gain: 1.0, ..activity("Talk", &[]) });
    let told = allocate(&problem, &LOOK).unwrap_err();
    assert_eq!(told, Unsolved::Unbounded { activities: vec!["Talk".to_owned()] });
    assert_eq!(told.to_string(), "there is no end to «Talk»: say the most of it, or what it uses");
}

#[test]
fn what_need_not_move_stays() {
    // Two lanes at one price: either would do.
    let problem = Problem {
        aim: Aim::LeastCost,
        resources: vec![resource("North", 10.0, "t"), resource("South", 10.0, "t")],
        activities: vec![
            Activity { cost: 2.0, ..activity("By north", &[("North", 1.0)]) },
            Activity { cost: 2.0, ..activity("By south", &[("South", 1.0)]) },
        ],
        demands: vec![demand("Customer", 8.0, &["By north", "By south"], None)],
        ..Problem::default()
    };
    let mut before = best(&problem);
    for (north, south) in [(8.0, 0.0), (0.0, 8.0), (3.0, 5.0)] {
        (before.amounts[0].amount, before.amounts[1].amount) = (north, south);
        let after = allocate(&problem, &Look { near: Some(&before), ..LOOK }).unwrap();
        near(amounts(&after)[0], north);
        near(after.value, 16.0);
    }
}

#[test]
fn nobody_waits_for_what_is_cancelled_or_takes_too_long() {
    let look = Look { cancelled: &|| true, ..LOOK };
    assert_eq!(allocate(&two_products(), &look), Err(Unsolved::Cancelled));
    // Sixty things or not, in a room with twelve limits: more ways than there is time for.
    let mut number = 7_u64;
    let mut next = move || {
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from((number >> 33) as u32 % 900 + 100)
    };
    let names: Vec<String> = (0..12).map(|place| format!("Limit {place}")).collect();
    let activities = (0..60).map(|place| {
        let uses: Vec<(&str, f64)> = names.iter().map(|name| (name.as_str(), next())).collect();
        let gain = next() + 500.0;
        Activity { gain, most: Some(1.0), whole: true, ..activity(&format!("Thing {place}"), &uses) }
    });
    let activities = activities.collect();
    let resources = names.iter().map(|name| resource(name, 16_000.0, "")).collect();
    let problem = Problem { resources, activities, ..Problem::default() };
    let told = allocate(&problem, &Look { limit_ms: 60, ..LOOK }).unwrap_err();
    assert!(matches!(told, Unsolved::TooLong { .. }), "{told}");
    assert!(told.to_string().contains("allow more time"), "{told}");
}

#[test]
fn a_large_plan_is_solved_and_proved() {
    // 40 plants, 100 customers, every lane between them.
    let cost = |plant: usize, customer: usize| ((plant * 37 + customer * 61) % 97 + 1) as f64;
    let lanes = || (0..40).flat_map(|plant| (0..100).map(move |customer| (plant, customer)));
    let lane = |plant: usize, customer: usize| format!("{plant} to {customer}");
    let plant = |place: usize| format!("Plant {place}");
    let problem = Problem {
        aim: Aim::LeastCost,
        resources: (0..40).map(|place| resource(&plant(place), 100.0 + place as f64, "t")).collect(),
        activities: lanes()
            .map(|(from, to)| Activity {
                cost: cost(from, to),
                ..activity(&lane(from, to), &[(plant(from).as_str(), 1.0)])
            })
            .collect(),
        demands: (0..100)
            .map(|to| {
                let by: Vec<String> = (0..40).map(|from| lane(from, to)).collect();
                let by: Vec<&str> = by.iter().map(String::as_str).collect();
                demand(&format!("Customer {to}"), 55.0, &by, Some(if to < 50 { 1 } else { 2 }))
            })
            .collect(),
        ..Problem::default()
    };
    let allocation = best(&problem);
    assert_eq!(allocation.checked, Checked::ByProof);
    let short = |range: std::ops::Range<usize>| {
        allocation.demands[range].iter().map(|demand| demand.short).sum::<f64>()
    };
    // 5,500 are wanted; 4,780 are there.
    near(short(0..50), 0.0);
    near(short(50..100), 720.0);
}

/// A small problem of whole amounts.
fn small() -> impl Strategy<Value = Problem> {
    let figures = |range: std::ops::Range<i32>| range.prop_map(f64::from);
    let resource_strategy = (figures(0..15), prop::collection::vec(figures(0..4), 3));
    let activity_strategy =
        (figures(-3..9), 0_i32..4, 0_i32..3, figures(0..6), prop::option::weighted(0.2, 1_u8..3));
    let demand_strategy = (figures(1..8), prop::collection::vec(figures(0..3), 3), 1_u8..4);
    (
        prop::collection::vec(resource_strategy, 0..4),
        prop::collection::vec(activity_strategy, 3),
        prop::collection::vec(demand_strategy, 0..4),
    )
        .prop_map(|(resources, activities, demands)| {
            let name = |kind: &str, number: usize| format!("{kind} {number}");
            let uses = |place: usize| -> BTreeMap<String, f64> {
                let all = resources.iter().enumerate();
                all.map(|(number, (_, uses))| (name("resource", number), uses[place])).collect()
            };
            let activities = activities.iter().enumerate().map(|(place, of)| {
                let (gain, most, lot, fixed_cost, priority) = *of;
                Activity {
                    name: name("activity", place),
                    most: Some(f64::from(most)),
                    whole: true,
                    uses: uses(place),
                    gain,
                    fixed_cost,
                    least_if_any: f64::from(lot.min(most)),
                    priority,
                    ..Activity::default()
                }
            });
            let demands = demands.iter().enumerate().filter_map(|(number, (amount, meets, priority))| {
                let meets = meets.iter().enumerate().filter(|(_, figure)| **figure > 0.0);
                let met_by: BTreeMap<String, f64> =
                    meets.map(|(place, figure)| (name("activity", place), *figure)).collect();
                (!met_by.is_empty()).then(|| Demand {
                    name: name("demand", number),
                    amount: *amount,
                    unit: String::new(),
                    met_by,
                    priority: Some(*priority),
                })
            });
            Problem {
                activities: activities.collect(),
                demands: demands.collect(),
                resources: resources
                    .iter()
                    .enumerate()
                    .map(|(number, (capacity, _))| resource(&name("resource", number), *capacity, ""))
                    .collect(),
                ..Problem::default()
            }
        })
}

/// Of a plan: what is missing of each priority, and the value; none where a limit is broken.
fn reckoned(problem: &Problem, plan: &[f64]) -> Option<(Vec<f64>, f64)> {
    let amount =
        |name: &String| plan[problem.activities.iter().position(|activity| activity.name == *name).unwrap()];
    for resource in &problem.resources {
        let used: f64 =
            problem.activities.iter().zip(plan).map(|(of, amount)| of.uses[&resource.name] * amount).sum();
        if used > resource.capacity {
            return None;
        }
    }
    let mut value = 0.0;
    let mut missing = vec![0.0; 3];
    for (activity, amount) in problem.activities.iter().zip(plan) {
        if *amount > 0.0 {
            if *amount < activity.least_if_any {
                return None;
            }
            value += activity.gain * amount - activity.fixed_cost;
        }
        if let (Some(priority), Some(most)) = (activity.priority, activity.most.filter(|most| *most > 0.0)) {
            missing[usize::from(priority) - 1] += 1.0 - amount / most;
        }
    }
    for demand in &problem.demands {
        let met: f64 = demand.met_by.iter().map(|(name, figure)| figure * amount(name)).sum();
        let share = (1.0 - met / demand.amount).max(0.0);
        missing[usize::from(demand.priority.unwrap()) - 1] += share;
    }
    Some((missing, value))
}

/// Whether one plan is to be chosen before another: by what is missing, first priority first, then by value.
fn is_better(one: &(Vec<f64>, f64), other: &(Vec<f64>, f64)) -> bool {
    for (mine, theirs) in one.0.iter().zip(&other.0) {
        if (mine - theirs).abs() > 1e-6 {
            return mine < theirs;
        }
    }
    one.1 > other.1 + 1e-6
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(250) })]

    /// Of all plans there are, one by one, none is better; and both solvers say so.
    #[test]
    fn no_plan_of_all_there_are_is_better(problem in small()) {
        let allocation = allocate(&problem, &LOOK).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let found = reckoned(&problem, &amounts(&allocation)).expect("it keeps every limit");
        prop_assert!((found.1 - allocation.value).abs() < 1e-6);
        prop_assert!(
            matches!(allocation.checked, Checked::ByBoth | Checked::ByProof),
            "{:?}", allocation.checked
        );
        let most = |place: usize| problem.activities[place].most.unwrap() as i32;
        for x in 0..=most(0) {
            for y in 0..=most(1) {
                for z in 0..=most(2) {
                    let plan = [x, y, z].map(f64::from);
                    if let Some(other) = reckoned(&problem, &plan) {
                        prop_assert!(!is_better(&other, &found), "{plan:?} is better than {allocation:?}");
                    }
                }
            }
        }
    }

    /// Figures as plants have them, from thousandths to millions: solved and proved, every limit kept.
    #[test]
    fn figures_of_any_size_are_solved_and_proved(
        of in prop::collection::vec((-3_i32..6, 1.0_f64..10.0, prop::collection::vec(0.1_f64..10.0, 6)), 1..6),
        gains in prop::collection::vec((-2_i32..5, 0.1_f64..10.0), 6),
        wanted in prop::collection::vec((-2_i32..5, 1.0_f64..10.0, 1_u8..4), 0..4),
    ) {
        let sized = |exponent: i32, figure: f64| figure * 10_f64.powi(exponent);
        let resources: Vec<Resource> = of
            .iter()
            .enumerate()
            .map(|(place, (exponent, capacity, _))| {
                resource(&format!("R{place}"), sized(*exponent, *capacity), "")
            })
            .collect();
        let activities = gains.iter().enumerate().map(|(place, (exponent, gain))| {
            let uses: Vec<(&str, f64)> = resources
                .iter()
                .zip(&of)
                .map(|(resource, (_, _, uses))| (resource.name.as_str(), uses[place]))
                .collect();
            Activity { gain: sized(*exponent, *gain), ..activity(&format!("A{place}"), &uses) }
        });
        let activities: Vec<Activity> = activities.collect();
        let demands = wanted.iter().enumerate().map(|(place, (exponent, amount, priority))| {
            let by = [format!("A{place}"), format!("A{}", place + 1)];
            let by: Vec<&str> = by.iter().map(String::as_str).collect();
            demand(&format!("D{place}"), sized(*exponent, *amount), &by, Some(*priority))
        });
        let demands = demands.collect();
        let problem = Problem { resources, activities, demands, ..Problem::default() };
        let allocation = allocate(&problem, &LOOK).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert!(
            matches!(allocation.checked, Checked::ByProof | Checked::ByBoth), "{:?}", allocation.checked
        );
    }

    /// A price says the most that more of a resource can be worth, and the least that less of it costs.
    #[test]
    fn prices_hold_on_both_sides(mut problem in small(), step in 0.01_f64..2.0) {
        for activity in &mut problem.activities {
            (activity.whole, activity.fixed_cost, activity.least_if_any) = (false, 0.0, 0.0);
            activity.priority = None;
        }
        problem.demands.clear();
        let allocation = best(&problem);
        prop_assert_eq!(allocation.checked, Checked::ByProof);
        for limit in &allocation.limits {
            let Worth::PerUnit { better_by } = limit.worth else { panic!("{limit:?}") };
            let place = problem.resources.iter().position(|resource| resource.name == limit.resource).unwrap();
            let mut other = problem.clone();
            other.resources[place].capacity += step;
            let more = best(&other).value;
            prop_assert!(more <= allocation.value + better_by * step + 1e-6, "{more} with more of {limit:?}");
            other.resources[place].capacity = (problem.resources[place].capacity - step).max(0.0);
            let less = problem.resources[place].capacity - other.resources[place].capacity;
            let fewer = best(&other).value;
            prop_assert!(fewer <= allocation.value - better_by * less + 1e-6, "{fewer} with less of {limit:?}");
        }
    }
}
