//! What is set for this device and its plant, as it is kept.

use millwright_local_db::{Session, StoreError, WriteSession};
use millwright_model::Settings;

/// The name under which it is kept.
pub(crate) const SETTINGS: &str = "settings";

/// What is set; as a new device has it where nothing was.
pub(crate) async fn kept(session: &mut Session) -> Result<Settings, StoreError> {
    Ok(session.setting(SETTINGS).await?.unwrap_or_default())
}

/// Keeps what is set.
pub(crate) async fn keep(session: &mut WriteSession, settings: &Settings) -> Result<(), StoreError> {
    session.set_setting(SETTINGS, settings).await
}
