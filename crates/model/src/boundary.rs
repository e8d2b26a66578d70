//! What every command of the boundary has.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Reach;

/// A command of the engine. Its serde form is its arguments.
pub trait Command: Serialize + DeserializeOwned {
    /// Its name at the boundary.
    const NAME: &'static str;
    /// What it does to what is kept, and whether programs on the network may give it.
    const REACH: Reach;
    /// What it answers.
    type Output: Serialize + DeserializeOwned;
}
