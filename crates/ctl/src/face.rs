//! Who takes the commands: an engine of our own, or the owner of the data directory through its door.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use millwright_engine::{
    Engine, EngineError, Handle, KeySource, NoShell, OpenOptions, Ports, demo_program, door,
};
use millwright_ledger_pg::{LedgerAddress, PostgresLedger};
use millwright_local_db::{DataDirectory, StoreError};
use millwright_model::{ApiError, Code, Command, Ledger};
use serde_json::Value as Json;

/// A taker of commands.
pub(crate) enum Face {
    /// The directory was free.
    Own(Engine),
    /// Somebody else owns it and takes commands here.
    Door(PathBuf),
}

impl Face {
    /// Takes the directory, or finds its owner.
    pub(crate) async fn open(
        path: &Path,
        face: &str,
        connect: bool,
        ledger: Option<&LedgerAddress>,
    ) -> Result<Self, ApiError> {
        let ledger: Option<Arc<dyn Ledger>> = match ledger {
            Some(address) => {
                let ledger = PostgresLedger::open(address.clone()).await;
                Some(Arc::new(ledger.map_err(StoreError::from).map_err(EngineError::from)?))
            }
            None => None,
        };
        let options = OpenOptions {
            path: path.to_owned(),
            face: face.to_owned(),
            key_source: KeySource::of_this_user(),
            demo_program: demo_program(),
            connect,
            erp: None,
            ledger,
        };
        match Engine::open(options, Ports::real(Arc::new(NoShell))).await {
            Ok(engine) => Ok(Self::Own(engine)),
            Err(EngineError::Store(error @ StoreError::Locked { .. })) => {
                let owner = DataDirectory::owner(path).and_then(|owner| owner.socket);
                owner.map(Self::Door).ok_or_else(|| ApiError::new(Code::Locked, error.to_string()))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Gives a command and waits for its answer.
    pub(crate) async fn call<C: Command>(&self, command: C) -> Result<C::Output, ApiError>
    where
        Engine: Handle<C>,
    {
        match self {
            Self::Own(engine) => engine.handle(command).await,
            Self::Door(path) => {
                let arguments = serde_json::to_value(&command).map_err(internal)?;
                let answer = door::ask(path, C::NAME, arguments).await?;
                serde_json::from_value(answer).map_err(internal)
            }
        }
    }

    /// Gives a command by its name.
    pub(crate) async fn call_by_name(&self, name: &str, arguments: Json) -> Result<Json, ApiError> {
        match self {
            Self::Own(engine) => engine.call(name, arguments).await,
            Self::Door(path) => door::ask(path, name, arguments).await,
        }
    }

    /// The engine, for what only the owner may do to the files.
    pub(crate) fn owned(&self) -> Result<&Engine, ApiError> {
        match self {
            Self::Own(engine) => Ok(engine),
            Self::Door(path) => {
                let message = format!(
                    "The data directory is in use (its door is {}). Stop the owner first.",
                    path.display()
                );
                Err(ApiError::new(Code::Locked, message))
            }
        }
    }

    /// Lets the directory go.
    pub(crate) async fn close(self) -> Result<(), ApiError> {
        match self {
            Self::Own(engine) => engine.close().await.map_err(ApiError::from),
            Self::Door(_path) => Ok(()),
        }
    }
}

pub(crate) fn internal(error: impl std::fmt::Display) -> ApiError {
    ApiError::new(Code::Internal, error.to_string())
}
