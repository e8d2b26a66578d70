//! The doors of the fuzz targets to the parsers of this room. Not for anybody else.

use crate::history::fuzzing as history;

/// A record of the history's journal.
pub fn history_journal(bytes: &[u8]) {
    history::journal(bytes);
}

/// A sealed chunk, a pyramid and a row of heads.
pub fn history_chunk(bytes: &[u8]) {
    history::chunk(bytes);
}
