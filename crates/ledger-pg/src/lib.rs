//! The team's ledger on PostgreSQL: one order of units for several node processes, with the server's own durability,
//! replication and failover beneath it.
//!
//! Nothing here knows what a unit means; that is the store's and the engine's.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod address;
mod ledger;
mod reading;
mod server;
mod turn;

pub use address::{AddressFault, LedgerAddress};
pub use ledger::PostgresLedger;
