//! Tokens of programs: made, listed, taken back.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use millwright_model::*;

use super::required_text;
use crate::EngineError;
use crate::caller::secret_hash;
use crate::engine::Inner;

/// The longest that a token lives.
const DAYS_MAX: u32 = 3650;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// What every secret begins with, so that a search for leaked secrets finds it.
const SECRET_MARK: &str = "mwt_";

pub(crate) async fn create(engine: &Inner, command: TokenCreate) -> Result<TokenMade, EngineError> {
    let name = required_text(&command.name, Input::TokenName, 80)?;
    for command in command.commands.iter().flatten() {
        if matches!(Reach::of(command), None | Some(Reach::Closed(_))) {
            return Err(EngineError::Invalid(Refusal::NotForPrograms { command: command.clone() }));
        }
    }
    if let Some(person_id) = command.person_id
        && engine.people.get(person_id).is_none()
    {
        return Err(EngineError::NotFound(Missing::Person));
    }
    let now = engine.now();
    let secret = format!("{SECRET_MARK}{}", URL_SAFE_NO_PAD.encode(engine.ports.mint.secret()));
    let token = Token {
        token_id: TokenId(engine.ports.mint.uuid(now)),
        name,
        reads_only: command.reads_only,
        commands: command.commands,
        person_id: command.person_id,
        created_at: now,
        expires_at: now.plus_ms(i64::from(command.days.clamp(1, DAYS_MAX)) * DAY_MS),
        revoked_at: None,
        used_at: None,
    };
    let mut session = engine.database.write().await?;
    session.add_token(&token, &secret_hash(&secret)).await?;
    session.commit().await?;
    Ok(TokenMade { token, secret })
}

pub(crate) async fn list(engine: &Inner, _command: TokenList) -> Result<Vec<Token>, EngineError> {
    Ok(engine.database.read().await?.tokens().await?)
}

pub(crate) async fn revoke(engine: &Inner, command: TokenRevoke) -> Result<(), EngineError> {
    let mut session = engine.database.write().await?;
    if !session.revoke_token(command.token_id, engine.now()).await? {
        return Err(EngineError::NotFound(Missing::Token));
    }
    session.commit().await?;
    Ok(())
}
