//! Tables, one file each: what is put in comes out, and the questions find what they should.

#![allow(clippy::unwrap_used, reason = "a test that cannot set up its world fails")]

#[path = "../common/mod.rs"]
mod common;

mod camera_profile;
mod carried_update;
mod document_update;
mod energy_source;
mod exercise;
mod fiducial;
mod guide;
mod guide_read;
mod guide_revision;
mod handover;
mod handover_acknowledgement;
mod machine_model;
mod maintenance_plan;
mod migration;
mod scenario;
mod scenario_baseline;
mod scenario_decision;
mod scenario_outcome;
mod shift_entry;
mod shift_pattern;
mod signpost;
mod signpost_crossing;
mod step_time;
mod txn;
mod unindexed;
mod work_order;
mod work_step;
mod workshop;
