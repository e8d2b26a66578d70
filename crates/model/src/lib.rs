//! The words of Millwright: entities, ids, units, commands, events and errors.
//!
//! One struct serves row, command and view. Nothing here knows of files, clocks, random numbers,
//! databases or screens, and all of it builds for wasm32.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod alert;
mod alias;
mod asset;
mod boundary;
mod bring;
mod bring_fault;
mod cause;
mod command;
mod connection;
mod delivery;
mod demo;
mod downtime;
mod elsewhere;
mod erp;
mod error;
mod event;
mod exception;
mod finding_view;
mod id;
mod key_fault;
mod ledger;
mod mail;
mod op;
mod outbound;
mod paper;
mod part;
mod person;
mod plan;
mod plan_view;
mod quantity;
mod reach;
mod record;
mod refusal;
#[cfg(feature = "schema")]
pub mod schema;
mod shift;
mod shift_view;
mod skill;
mod step_fault;
mod team;
mod time;
mod token;
mod value;
mod view;
mod webhook;
mod work_order;

pub use alert::*;
pub use alias::*;
pub use asset::*;
pub use boundary::Command;
pub use bring::*;
pub use bring_fault::*;
pub use cause::*;
pub use command::*;
pub use connection::*;
pub use delivery::*;
pub use demo::*;
pub use downtime::*;
pub use elsewhere::*;
pub use erp::*;
pub use error::*;
pub use event::*;
pub use exception::*;
pub use finding_view::*;
pub use id::*;
pub use key_fault::*;
pub use ledger::*;
pub use mail::*;
pub use op::*;
pub use outbound::*;
pub use paper::*;
pub use part::*;
pub use person::*;
pub use plan::*;
pub use plan_view::*;
pub use quantity::*;
pub use reach::*;
pub use record::{Entity, Record};
pub use refusal::*;
pub use shift::*;
pub use shift_view::*;
pub use skill::*;
pub use step_fault::*;
pub use team::*;
pub use time::*;
pub use token::*;
pub use value::*;
pub use view::*;
pub use webhook::*;
pub use work_order::*;
