//! The port to a team's ledger that several node processes share: whose turn it is to write, what was written since,
//! photos and files, and who speaks to the outside. Without a runtime, and without a word of any database.

use std::pin::Pin;

use serde_json::Value as Json;

use crate::DeviceId;

/// The answer of a ledger, when it comes.
pub type LedgerFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, LedgerFault>> + Send + 'a>>;

/// Why a ledger does not serve.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LedgerFault {
    /// It cannot be reached, or does not take writes (a standby).
    #[error("the team's ledger cannot be reached: {reason}")]
    Unreachable {
        /// What was heard.
        reason: String,
    },
    /// The connection broke while a unit was being kept: whether it was is seen at the next turn.
    #[error("the team's ledger did not answer whether it kept what was written: {reason}")]
    Unclear {
        /// What was heard.
        reason: String,
    },
    /// It is not what it should be: another team's, a newer version's, a copy that lost what this node has seen.
    #[error("the team's ledger does not fit: {reason}")]
    Unfit {
        /// How that shows.
        reason: String,
    },
    /// It was given up for another place, by a person.
    #[error("the team's ledger was moved away from here: {to}")]
    Moved {
        /// Where to.
        to: String,
    },
}

/// A row that every node process has alike, as it is after a unit.
#[derive(Clone, Debug, PartialEq)]
pub struct LedgerRow {
    /// Its table.
    pub table: String,
    /// Its key in that table, as a JSON array.
    pub key: String,
    /// Its columns by name; nothing when there is no such row any more.
    pub image: Option<Json>,
}

/// An accepted or rejected transaction at its place in the team's order.
#[derive(Clone, Debug, PartialEq)]
pub struct LedgerTxn {
    /// Its place.
    pub place: i64,
    /// Its id.
    pub txn_id: String,
    /// Its columns by name.
    pub image: Json,
}

/// What one write added: it is kept whole or not at all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LedgerUnit {
    /// Transactions, by their places.
    pub txns: Vec<LedgerTxn>,
    /// Rows that changed.
    pub rows: Vec<LedgerRow>,
}

impl LedgerUnit {
    /// Whether nothing is to be kept.
    pub fn is_empty(&self) -> bool {
        self.txns.is_empty() && self.rows.is_empty()
    }
}

/// Where a reader of rows has come to: rows of later units than `unit`, after the key of the row it had last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LedgerRowsAfter {
    /// The unit.
    pub unit: i64,
    /// Table and key of the last row.
    pub row: Option<(String, String)>,
}

/// Reading what was kept, in the order of the ledger.
pub trait LedgerReader: Send {
    /// Transactions after a place, at most `limit`.
    fn txns(&mut self, after_place: i64, limit: i64) -> LedgerFuture<'_, Vec<LedgerTxn>>;

    /// Rows that changed since, at most `limit`, in the order of their tables and keys.
    fn rows<'a>(&'a mut self, after: &'a LedgerRowsAfter, limit: i64) -> LedgerFuture<'a, Vec<LedgerRow>>;
}

/// The turn to write: no other node process writes until it is dropped or used up.
pub trait LedgerTurn: LedgerReader {
    /// The last unit.
    fn head(&self) -> i64;

    /// Keeps a unit, durably, and ends the turn. Answers its number.
    fn append(self: Box<Self>, unit: LedgerUnit) -> LedgerFuture<'static, i64>;

    /// Gives the ledger up, durably, and ends the turn: whoever comes is told where the truth lies from now on.
    fn close(self: Box<Self>, moved_to: String) -> LedgerFuture<'static, ()>;
}

/// A ledger that node processes share.
pub trait Ledger: Send + Sync + std::fmt::Debug {
    /// The last unit.
    fn head(&self) -> LedgerFuture<'_, i64>;

    /// The last unit, once it is beyond `unit` or a while has passed.
    fn news(&self, unit: i64) -> LedgerFuture<'_, i64>;

    /// A look at what is kept now, beside whoever has the turn.
    fn reader(&self) -> LedgerFuture<'_, Box<dyn LedgerReader>>;

    /// Waits for the turn to write.
    fn turn(&self) -> LedgerFuture<'_, Box<dyn LedgerTurn>>;

    /// Takes or renews the right to speak to the outside, for `for_ms` milliseconds from now; false while another device
    /// has it.
    fn hold(&self, holder: DeviceId, for_ms: i64) -> LedgerFuture<'_, bool>;

    /// Gives that right back.
    fn release(&self, holder: DeviceId) -> LedgerFuture<'_, ()>;

    /// Keeps a photo or file by the hash of its bytes.
    fn put_blob<'a>(&'a self, hash: &'a str, bytes: &'a [u8]) -> LedgerFuture<'a, ()>;

    /// A photo or file; nothing when it is not there.
    fn blob<'a>(&'a self, hash: &'a str) -> LedgerFuture<'a, Option<Vec<u8>>>;
}
