//! ERP connectors behind one port: OData V2 and V4 (SAP's names by default) and Tryton.
//!
//! Nothing here knows of the database or of who decides when to send. An adapter plans a transaction as
//! idempotent steps, sends one, and can be asked later whether a step whose answer was lost took effect.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

#[doc(hidden)]
pub mod fuzzing;
mod http;
pub mod odata;
mod port;
mod reference;
mod secret;
mod text;
pub mod tryton;

pub use port::{
    ConnectionReport, ErpError, ErpPort, Finding, KeyLookup, KnownKeys, OrderField, PlanError, PortFuture,
    PushError, ReachedSource,
};
pub use secret::Secret;
