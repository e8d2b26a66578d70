//! What several people edit at once, as Loro documents: the drafts of guides, the boards of workshops, and scenarios. A document is the
//! sum of its updates, in whichever order they come; who keeps or carries an update is not known here.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod error;
mod guard;
mod guide_draft;
mod node;
mod scenario_draft;
mod updates;
pub mod workshop;

pub use error::DocumentError;
pub use guide_draft::{DraftVersion, GuideDraft};
pub use scenario_draft::ScenarioDraft;
