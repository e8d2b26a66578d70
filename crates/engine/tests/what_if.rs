//! A line tried out: taken as it stands, changed, compared under the same luck, and kept as a scenario; nothing of the plant
//! changes by it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set up its world fails")]

mod common;

use common::*;
use millwright_engine::Handle as _;
use millwright_model::*;

/// A line of three machines, of which the filler stood still four times.
async fn line() -> (World, AssetId) {
    let world = World::new().await;
    let csv = "code,name,level,parent\nS-1,Site,site,\nL-1,Filling,line,S-1\nM-1,Washer,machine,L-1\nM-2,Filler,machine,L-1\n\
               M-3,Capper,machine,L-1\n";
    world.engine.handle(AssetImport { csv: csv.into(), dry_run: false }).await.unwrap();
    let lines = world.engine.handle(WhatIfLines {}).await.unwrap();
    let line = lines.iter().find(|line| line.code == "L-1").unwrap();
    assert_eq!(line.machine_count, 3);
    (world, line.line_id)
}

async fn fork(world: &World, line_id: AssetId) -> LineFork {
    world.engine.handle(LineForkShow { line_id }).await.unwrap()
}

fn option(name: &str, line: &LineFork, change: impl FnOnce(&mut LineFork)) -> WhatIfOption {
    let mut line = line.clone();
    change(&mut line);
    WhatIfOption { name: name.into(), line }
}

fn measure(outlook: &WhatIfOutlook, measure: WhatIfMeasure) -> WhatIfEstimate {
    *outlook.measures.iter().find(|one| one.measure == measure).unwrap()
}

fn change(outlook: &WhatIfOutlook, measure: WhatIfMeasure) -> WhatIfEstimate {
    *outlook.changes.iter().find(|one| one.measure == measure).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_knows_of_a_line_is_assumed_and_says_so() {
    let (world, line_id) = line().await;
    let fork = fork(&world, line_id).await;
    let names: Vec<&str> = fork.machines.iter().map(|machine| machine.name.as_str()).collect();
    assert_eq!(names, ["Washer", "Filler", "Capper"], "in the order of their codes");
    assert_eq!(fork.buffers.len(), 2);
    assert!(fork.machines.iter().all(|machine| machine.cycle_time_s.from == ForkedFrom::Assumption));
    assert!(fork.shifts.iter().all(|shift| shift.works));
    let machine = WhatIfFault::NoMachines;
    let of_site = world.engine.handle(LineForkShow { line_id: fork.machines[0].asset_id }).await.unwrap_err();
    assert!(matches!(of_site.refusal, Some(Refusal::WhatIf { fault }) if fault == machine));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_at_the_slowest_machine_is_more_than_luck_and_one_elsewhere_is_not() {
    let (world, line_id) = line().await;
    let mut base = fork(&world, line_id).await;
    base.machines[1].cycle_time_s = ForkedFigure::said(90.0);
    let faster =
        option("Faster filler", &base, |line| line.machines[1].cycle_time_s = ForkedFigure::said(75.0));
    let slower =
        option("Slow washer", &base, |line| line.machines[0].cycle_time_s = ForkedFigure::said(61.0));
    let half = option("One shift", &base, |line| {
        line.shifts.iter_mut().skip(1).for_each(|shift| shift.works = false)
    });
    let run = WhatIfRun { line: base, options: vec![faster, slower, half], hours: 168.0, replications: 100 };
    let told = world.engine.handle(run.clone()).await.unwrap();
    let [as_it_is, faster, slower, half] = &told.outlooks[..] else { panic!("{told:?}") };
    let output = measure(as_it_is, WhatIfMeasure::Output);
    assert!((4_000.0..6_720.0).contains(&output.mean), "at most one in 90 s: {output:?}");
    let more = change(faster, WhatIfMeasure::Output);
    assert!(more.mean > more.half_width, "{more:?}");
    let none = change(slower, WhatIfMeasure::Output);
    assert!(none.mean.abs() < more.mean / 10.0, "{none:?}");
    let less = change(half, WhatIfMeasure::Output);
    assert!(less.mean < -output.mean / 2.0, "{less:?}");
    let again = world.engine.handle(run).await.unwrap();
    assert_eq!(told, again, "the same luck gives the same");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_tried_out_is_kept_as_a_scenario_and_the_plant_stays_as_it_is() {
    let (world, line_id) = line().await;
    let before = world.engine.database().read().await.unwrap().dump().await.unwrap();
    let base = fork(&world, line_id).await;
    let faster = option("Faster", &base, |line| line.machines[0].cycle_time_s = ForkedFigure::said(50.0));
    let run = WhatIfRun { line: base.clone(), options: vec![faster.clone()], hours: 24.0, replications: 50 };
    world.engine.handle(run).await.unwrap();
    assert_eq!(world.engine.database().read().await.unwrap().dump().await.unwrap(), before);
    let keep = WhatIfKeep {
        name: "Filling, faster".into(),
        language: "en".into(),
        line: base,
        options: vec![faster],
        hours: 24.0,
        replications: 50,
    };
    let scenario_id = world.engine.handle(keep).await.unwrap();
    let view = world.engine.handle(ScenarioShow { scenario_id }).await.unwrap();
    assert_eq!(view.scenario.name, "Filling, faster");
    let results: Vec<&str> = view.results.iter().map(|result| result.name.as_str()).collect();
    assert_eq!(results, ["oee", "output", "cost"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_is_refused_at_its_place() {
    let (world, line_id) = line().await;
    let mut base = fork(&world, line_id).await;
    let of = |line: LineFork, hours: f64| WhatIfRun { line, options: Vec::new(), hours, replications: 10 };
    assert!(world.engine.handle(of(base.clone(), 1e9)).await.is_err());
    assert!(world.engine.handle(of(base.clone(), f64::NAN)).await.is_err());
    base.machines[1].cycle_time_s = ForkedFigure::said(-1.0);
    let refused = world.engine.handle(of(base, 8.0)).await.unwrap_err();
    let Some(Refusal::WhatIf { fault: WhatIfFault::Unfit { place, .. } }) = refused.refusal else {
        panic!("{refused:?}")
    };
    assert!(place.contains("Filler"), "{place}");
}
