//! The store: a data directory with one owner, the log of ops and the rows that are its projection,
//! deliveries, blobs and the history of telemetry.
//!
//! Everything here is mechanism. What a record may become is decided in the engine.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod backup;
mod blob;
mod carried_update;
mod copies;
mod database;
mod delivery;
mod directory;
mod error;
mod external;
mod folding;
#[doc(hidden)]
pub mod fuzzing;
mod history;
mod joining;
mod keyed_act;
mod known;
mod learned;
mod log;
mod projection;
mod search;
mod setting;
mod settled;
mod shared;
mod table;
mod team;
mod token;
mod unindexed;
mod views;
mod webhook;
mod writing;

pub use backup::{BackupReport, back_up, restore};
pub use blob::{BlobHash, Blobs};
pub use carried_update::{CARRIED_OF_DOCUMENT_MAX, CarriedUpdate, LiveDocument};
pub use copies::{CarriedLetter, WaitingHere};
pub use database::{Database, Session, WriteSession};
pub use delivery::{DeliveryRow, NewDelivery};
pub use directory::{DataDirectory, LockedBy};
pub use error::StoreError;
pub use external::{PartAt, PartPlace};
pub use history::{Forgotten, History, HistoryStatistics, RETENTION_STEP_MS, Retention, StoredSample};
pub use joining::StoredAsk;
pub use keyed_act::{ActKey, KeyedAct};
pub use log::{ChainFault, ChainHead, SealedTxn, StoredTxn};
pub use search::{FoundRecord, plain_code};
pub use team::{BaseRow, Contact};
pub use webhook::{WebhookEvent, WebhookRow};

/// The schema that this version writes.
pub const SCHEMA_VERSION: u32 = 13;
