//! The key that a whole team has: made by the node, told to its members over their own encrypted line, kept among secrets.

use crate::EngineError;
use crate::engine::Inner;
use crate::team::shared::give_secrets;
use crate::team::unhex;

/// Its name among secrets.
pub(crate) const KEY: &str = "together_key";

/// The team's key as this device has it; nothing as long as the node did not tell it.
pub(super) fn known(engine: &Inner) -> Option<[u8; 32]> {
    engine.vault.get(KEY).and_then(|bytes| bytes.try_into().ok())
}

/// The key that this node tells, made when it is first needed.
pub(crate) async fn own_key(engine: &Inner) -> Result<[u8; 32], EngineError> {
    if let Some(key) = known(engine) {
        return Ok(key);
    }
    let key = renew_key(engine)?;
    if engine.shared.is_some() {
        let mut session = engine.database.write().await?;
        give_secrets(engine, &mut session).await?;
        session.commit().await?;
    }
    Ok(key)
}

/// A new key for the team: whoever left it knows the old one.
pub(crate) fn renew_key(engine: &Inner) -> Result<[u8; 32], EngineError> {
    let key = engine.ports.mint.secret();
    keep(engine, &key)?;
    Ok(key)
}

/// Takes the key that the node told.
pub(crate) fn hear_key(engine: &Inner, text: &str) -> Result<(), EngineError> {
    match unhex::<32>(text) {
        Some(key) if known(engine) != Some(key) => keep(engine, &key),
        Some(_known) => Ok(()),
        None => {
            tracing::warn!("the node told a key that is none");
            Ok(())
        }
    }
}

/// Forgets the key: this device is out of its team.
pub(crate) fn forget_key(engine: &Inner) -> Result<(), EngineError> {
    engine.vault.set(KEY, None, &*engine.ports.mint)?;
    engine.together.key_news.send_modify(|news| *news += 1);
    Ok(())
}

fn keep(engine: &Inner, key: &[u8; 32]) -> Result<(), EngineError> {
    engine.vault.set(KEY, Some(key), &*engine.ports.mint)?;
    engine.together.key_news.send_modify(|news| *news += 1);
    Ok(())
}
