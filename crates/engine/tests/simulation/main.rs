//! Ten devices, a node, an ERP and a broker on a network that drops, repeats, delays and cuts off, with crashes, failing
//! disks, wrong clocks and old versions: whatever the seed does, after it heals every queue drains, everybody is equal,
//! and every act has had its effect once.
//!
//! `MILLWRIGHT_SIMULATE=FROM..TO cargo test -p millwright-engine --test simulation` runs other seeds; a failing one is
//! named, and `SEED..SEED+1` repeats it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a run that cannot go on fails, and says with which seed"
)]

mod acts;
mod broker;
mod chance;
#[path = "../common/mod.rs"]
mod common;
mod core;
mod disk;
mod erp;
mod machine;
mod network;
mod properties;
mod tally;
mod witness;
mod world;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use world::World;

/// After so many failing seeds no more are tried.
const FAILED_MAX: usize = 10;

/// From so many seeds on every kind of trouble must have come about.
const TALLIED_FROM: u64 = 200;

async fn run(seed: u64) {
    let mut world = World::new(seed).await;
    for _ in 0..60 + world.chance.below(60) {
        world.step().await;
    }
    world.heal().await;
    world.check().await;
}

#[test]
fn whatever_the_seed_does_everybody_ends_equal_and_nothing_is_lost_or_done_twice() {
    let long = std::env::var_os("MILLWRIGHT_LONG").is_some();
    let asked = std::env::var("MILLWRIGHT_SIMULATE").ok().and_then(|text| {
        let (from, to) = text.split_once("..")?;
        Some(from.parse::<u64>().ok()?..to.parse::<u64>().ok()?)
    });
    let seeds = asked.unwrap_or(0..if long { 20_000 } else { 300 });
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let next = AtomicU64::new(seeds.start);
    let failed = Mutex::new(Vec::new());
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for worker in 0..workers {
            let (next, seeds, failed) = (&next, &seeds, &failed);
            scope.spawn(move || {
                core::stay_on_one(worker);
                loop {
                    let seed = next.fetch_add(1, Ordering::SeqCst);
                    if seed >= seeds.end || failed.lock().unwrap().len() >= FAILED_MAX {
                        return;
                    }
                    let ended = std::panic::catch_unwind(|| runtime().block_on(Box::pin(run(seed))));
                    if ended.is_err() {
                        failed.lock().unwrap().push(seed);
                    }
                }
            });
        }
    });
    let again = |seed: &u64| {
        format!("MILLWRIGHT_SIMULATE={seed}..{} cargo test -p millwright-engine --test simulation", seed + 1)
    };
    let failed: Vec<String> = failed.lock().unwrap().iter().map(again).collect();
    assert!(failed.is_empty(), "failing seeds:\n{}", failed.join("\n"));
    if cfg!(target_os = "linux") && seeds.end - seeds.start >= TALLIED_FROM {
        tally::check();
    }
}
