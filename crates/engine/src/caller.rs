//! Commands of programs: who gave one, what it may, and that an act asked for again has its effect once.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use millwright_local_db::{ActKey, KeyedAct, WriteSession};
use millwright_model::{
    Actor, ApiError, Code, Done, PersonId, Reach, TimestampMs, Token, TokenId, TxnId, WhyClosed,
};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::engine::Inner;
use crate::{Engine, EngineError};

/// How long an act's key is kept with its answer.
const KEY_KEPT_MS: i64 = 24 * 60 * 60 * 1000;
/// The most keys that are kept: beyond it the oldest go before their time.
const KEYS_MAX: i64 = 100_000;
/// The longest key.
const KEY_MAX_BYTES: usize = 200;
/// When a token was shown is kept to this.
const USED_TO_MS: i64 = 60 * 60 * 1000;

tokio::task_local! {
    /// The program whose command this task runs.
    static CALLER: Running;
}

/// A command of a program while it runs.
struct Running {
    token: Token,
    act: Option<RunningAct>,
}

/// An act with a key while it runs.
#[derive(Clone)]
struct RunningAct {
    key: ActKey,
    /// Whether a transaction of it holds its key.
    kept: Arc<AtomicBool>,
}

/// A program that showed a good token.
#[derive(Clone, Debug)]
pub struct Caller {
    token: Token,
}

/// Why a program may not give a command.
#[derive(Copy, Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// There is no such command.
    #[error("there is no such command")]
    NoSuchCommand,
    /// No program may.
    #[error("programs may not give this command: {0}")]
    Closed(WhyClosed),
    /// The token names other commands.
    #[error("this token is not for this command")]
    NotGranted,
    /// The token only asks, and the command changes something.
    #[error("this token may only ask, and this command changes something")]
    ReadsOnly,
}

/// Why a program's command has no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CallError {
    /// It may not give it.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The key is not one.
    #[error("a key has 1 to {KEY_MAX_BYTES} visible letters of ASCII")]
    BadKey,
    /// The act with this key runs this very moment.
    #[error("the act with this key is still running: ask again in a moment")]
    KeyRunning,
    /// The key was used for something else.
    #[error("this key was used for another act: every act needs a key of its own")]
    KeyOfAnother,
    /// The act had its effect, and the process ended before its answer was kept.
    #[error("this act had its effect before; its answer was lost when the process ended")]
    TookEffect {
        /// The transaction that it made.
        txn_id: Option<TxnId>,
    },
    /// The command failed.
    #[error(transparent)]
    Failed(#[from] ApiError),
}

impl From<EngineError> for CallError {
    fn from(error: EngineError) -> Self {
        Self::Failed(error.into())
    }
}

/// The acts that run now, by token and key.
#[derive(Default)]
pub(crate) struct RunningActs(Mutex<BTreeSet<(TokenId, String)>>);

/// The right to run the act with a key; it ends with this value.
struct Turn<'e> {
    acts: &'e RunningActs,
    key: (TokenId, String),
}

impl RunningActs {
    fn enter(&self, act: &ActKey) -> Result<Turn<'_>, CallError> {
        let key = (act.token_id, act.key.clone());
        let fresh = self.0.lock().map_err(EngineError::internal)?.insert(key.clone());
        if fresh { Ok(Turn { acts: self, key }) } else { Err(CallError::KeyRunning) }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if let Ok(mut running) = self.acts.0.lock() {
            running.remove(&self.key);
        }
    }
}

/// The hash that is kept of a secret. Its 256 bits are drawn, not chosen: nobody can try them through, however quick a
/// try is, so a slow hash as for passwords would only slow the door.
pub(crate) fn secret_hash(secret: &str) -> [u8; 32] {
    *blake3::hash(secret.as_bytes()).as_bytes()
}

/// The program whose command runs, as the actor of what it changes.
pub(crate) fn actor() -> Option<Actor> {
    CALLER.try_with(|running| Actor::program(&running.token.name, running.token.person_id)).ok()
}

/// The person for whom the program acts whose command runs; nothing where no program's does.
pub(crate) fn person() -> Option<Option<PersonId>> {
    CALLER.try_with(|running| running.token.person_id).ok()
}

/// Keeps, with what a transaction writes, that the act of the program whose command runs has its effect in it. Of several
/// transactions of one act the first holds its key. Where another one had that key, nothing of this transaction stays.
pub(crate) async fn keep_act(
    session: &mut WriteSession,
    txn_id: Option<TxnId>,
    created_id: Option<Uuid>,
    now: TimestampMs,
) -> Result<(), EngineError> {
    let act = CALLER.try_with(|running| running.act.clone()).ok().flatten();
    let Some(act) = act.filter(|act| !act.kept.load(Ordering::Relaxed)) else { return Ok(()) };
    session.keep_act(&act.key, txn_id, created_id, now).await?;
    act.kept.store(true, Ordering::Relaxed);
    Ok(())
}

impl Caller {
    /// The token that was shown.
    pub fn token(&self) -> &Token {
        &self.token
    }

    /// Whether the program may give the command called `name`.
    ///
    /// # Errors
    /// Why it may not.
    pub fn may(&self, name: &str) -> Result<(), Denied> {
        let reach = Reach::of(name).ok_or(Denied::NoSuchCommand)?;
        if let Reach::Closed(why) = reach {
            return Err(Denied::Closed(why));
        }
        if self.token.commands.as_ref().is_some_and(|granted| !granted.iter().any(|known| known == name)) {
            return Err(Denied::NotGranted);
        }
        if self.token.reads_only && reach != Reach::Reads {
            return Err(Denied::ReadsOnly);
        }
        Ok(())
    }
}

impl Engine {
    /// The program that shows this secret; nothing where no good token has it.
    ///
    /// # Errors
    /// When the store refuses.
    pub async fn caller(&self, secret: &str) -> Result<Option<Caller>, EngineError> {
        let now = self.inner.now();
        let found = self.inner.database.read().await?.token_of_hash(&secret_hash(secret)).await?;
        let Some(token) = found.filter(|token| token.is_good_at(now)) else { return Ok(None) };
        if token.used_at.is_none_or(|used_at| now.since_ms(used_at) >= USED_TO_MS) {
            let mut session = self.inner.database.write().await?;
            session.token_used(token.token_id, now).await?;
            session.commit().await?;
        }
        Ok(Some(Caller { token }))
    }

    /// Takes a command of a program. With a key a command that changes something has its effect once, however often it
    /// is asked for within a day, also when the process ended in between: the key is kept in the transaction of the
    /// effect.
    ///
    /// # Errors
    /// When the program may not, its key was used for something else, or the command fails. An act that failed without
    /// an effect may be asked for again with its key.
    pub async fn call_for(
        &self,
        caller: &Caller,
        name: &str,
        arguments: Json,
        key: Option<&str>,
    ) -> Result<Json, CallError> {
        caller.may(name)?;
        let token = caller.token.clone();
        let Some(key) = key.filter(|_| Reach::of(name) == Some(Reach::Changes)) else {
            let running = Running { token, act: None };
            return Ok(CALLER.scope(running, Box::pin(self.call(name, arguments))).await?);
        };
        if key.is_empty() || key.len() > KEY_MAX_BYTES || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(CallError::BadKey);
        }
        let key = ActKey {
            token_id: token.token_id,
            key: key.to_owned(),
            asked_hash: *blake3::hash(format!("{name} {arguments}").as_bytes()).as_bytes(),
        };
        let _turn = self.inner.running_acts.enter(&key)?;
        if let Some(kept) = kept_act(&self.inner, &key).await? {
            return again(name, &key, kept);
        }
        let act = RunningAct { key, kept: Arc::default() };
        let running = Running { token, act: Some(act.clone()) };
        let answer = CALLER.scope(running, Box::pin(self.call(name, arguments))).await;
        let kept = act.kept.load(Ordering::Relaxed);
        if answer.is_err() && !kept {
            // Nothing of it stayed; it may be that another node process was asked for the same act at the same time.
            self.inner.keep_up().await?;
            return match kept_act(&self.inner, &act.key).await? {
                Some(kept) => again(name, &act.key, kept),
                None => Ok(answer?),
            };
        }
        if let Err(error) = keep_answer(&self.inner, &act.key, kept, &answer).await {
            // The effect is kept with its key: the same act asked for again says so.
            tracing::error!("the answer of an act was not kept: {error}");
        }
        Ok(answer?)
    }
}

async fn kept_act(engine: &Inner, key: &ActKey) -> Result<Option<KeyedAct>, EngineError> {
    Ok(engine.database.read().await?.keyed_act(key.token_id, &key.key).await?)
}

async fn keep_answer(
    engine: &Inner,
    key: &ActKey,
    kept: bool,
    answer: &Result<Json, ApiError>,
) -> Result<(), EngineError> {
    let now = engine.now();
    let mut session = engine.database.write().await?;
    if !kept {
        // It had its effect in no transaction of the log.
        session.keep_act(key, None, None, now).await?;
    }
    session.keep_answer(key, &serde_json::to_string(answer)?).await?;
    session.forget_acts(now.plus_ms(-KEY_KEPT_MS), KEYS_MAX).await?;
    session.commit().await?;
    Ok(())
}

/// What an act that had its effect before is answered now.
fn again(name: &str, act: &ActKey, kept: KeyedAct) -> Result<Json, CallError> {
    if kept.asked_hash != act.asked_hash {
        return Err(CallError::KeyOfAnother);
    }
    if let Some(answer) = kept.answer {
        let answer: Result<Json, ApiError> = serde_json::from_str(&answer)
            .map_err(|error| ApiError::new(Code::Internal, error.to_string()))?;
        return Ok(answer?);
    }
    // The process ended between the effect and its answer: most answers can be told from the effect.
    let done = Done { txn_id: kept.txn_id, undo_until: None };
    let candidates = [serde_json::to_value(done), serde_json::to_value(kept.created_id), Ok(Json::Null)];
    let candidates = candidates.into_iter().flatten().collect();
    Engine::answer_among(name, candidates).ok_or(CallError::TookEffect { txn_id: kept.txn_id })
}
