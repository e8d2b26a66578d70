//! Where whoever holds the device was, with what they had typed: a device that dies comes back to it.

use millwright_model::*;

use crate::EngineError;
use crate::engine::Inner;

const SETTING: &str = "place";
/// The longest address and name of a field.
const NAME_CHARS: usize = 300;
/// The most that is kept of what was typed.
const TYPED_MAX_CHARS: usize = 100_000;

pub(crate) async fn keep(engine: &Inner, command: PlaceKeep) -> Result<(), EngineError> {
    let kept = command.kept.filter(|kept| {
        let chars: usize = kept.typed.values().map(|text| text.chars().count()).sum();
        let names = kept.typed.keys().chain([&kept.place]);
        // What is longer than anybody types is not worth a refusal while they type.
        chars <= TYPED_MAX_CHARS && names.clone().all(|name| name.chars().count() <= NAME_CHARS)
    });
    let mut session = engine.database.write().await?;
    session.set_setting(SETTING, &kept).await?;
    session.commit().await?;
    Ok(())
}

pub(crate) async fn show(engine: &Inner, _command: PlaceShow) -> Result<Option<KeptPlace>, EngineError> {
    Ok(engine.database.read().await?.setting::<Option<KeptPlace>>(SETTING).await?.flatten())
}
