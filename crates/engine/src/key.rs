//! Where the wrapping key comes from: the key store of the operating system, a service credential, or a file.

use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use argon2::Argon2;
use millwright_model::KeyFault;

use crate::EngineError;
use crate::ports::Mint;
use crate::vault::write_private;

/// How long the key store may take: a start must not wait for a session bus that never answers.
const PATIENCE: Duration = Duration::from_secs(1);
/// The name of the item in the key store.
const SERVICE: &str = "Millwright";
const ITEM: &str = "device key";
/// The name of a systemd credential (`LoadCredential=millwright-key:…`).
const CREDENTIAL: &str = "millwright-key";
/// A credential with fewer bytes is guessed too soon.
const CREDENTIAL_BYTES_MIN: usize = 16;
const CREDENTIAL_BYTES_MAX: usize = 4096;
const SALT_BYTES: usize = 16;

/// Where the 256-bit key that seals all secrets of this device comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// The key store of the operating system; where none answers, a file in this folder. What was taken first stays.
    KeyStore(PathBuf),
    /// A file outside the data directory that only this user may read; made on first use.
    UserFile(PathBuf),
    /// A passphrase or random bytes that the service manager hands over in a file; the key is derived from it.
    Credential(PathBuf),
    /// Given by the caller (tests).
    Given([u8; 32]),
}

impl KeySource {
    /// The source for programs of this user: a systemd credential where there is one, the folder of
    /// `MILLWRIGHT_KEY_FOLDER` where that is set, else the key store. All lie apart from the data directories, so
    /// that a copied directory holds no key.
    pub fn of_this_user() -> Self {
        let variable = |name: &str| std::env::var_os(name).map(PathBuf::from);
        let credential = variable("CREDENTIALS_DIRECTORY").map(|folder| folder.join(CREDENTIAL));
        if let Some(credential) = credential.filter(|path| path.is_file()) {
            return Self::Credential(credential);
        }
        if let Some(folder) = variable("MILLWRIGHT_KEY_FOLDER") {
            return Self::UserFile(folder.join("device.key"));
        }
        let folder = variable("XDG_CONFIG_HOME")
            .map(|folder| folder.join("millwright"))
            .or_else(|| variable("APPDATA").map(|folder| folder.join("Millwright")))
            .or_else(|| variable("HOME").map(|folder| folder.join(".config/millwright")));
        Self::KeyStore(folder.unwrap_or_else(|| PathBuf::from(".millwright")))
    }

    /// The key. `salt_path` holds the salt of a derived key, beside the secrets that it seals.
    pub(crate) fn key(&self, salt_path: &Path, mint: &dyn Mint) -> Result<[u8; 32], EngineError> {
        match self {
            Self::Given(key) => Ok(*key),
            Self::UserFile(path) => of_file(path, mint),
            Self::Credential(path) => of_credential(path, salt_path, mint),
            Self::KeyStore(folder) => of_key_store(folder, mint, ask_in_time),
        }
    }
}

/// What is asked of the key store.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Ask {
    Read,
    Keep([u8; 32]),
}

/// The key store's answer: the key, nothing where it has none, or why it does not serve.
type Answer = Result<Option<Vec<u8>>, String>;

fn of_key_store(
    folder: &Path,
    mint: &dyn Mint,
    ask: impl Fn(Ask) -> Answer,
) -> Result<[u8; 32], EngineError> {
    let file = folder.join("device.key");
    if file.is_file() {
        return of_file(&file, mint);
    }
    // Without this mark a key store that is silent today could be mistaken for one that was never used, and a new
    // key would make every secret of this device unreadable.
    let mark = folder.join("device.key.is-in-the-key-store");
    match (ask(Ask::Read), mark.is_file()) {
        (Ok(Some(key)), _) => key.try_into().map_err(|key: Vec<u8>| {
            EngineError::Internal(format!(
                "the key store holds {} bytes as Millwright's key instead of 32",
                key.len()
            ))
        }),
        (Ok(None), true) => Err(EngineError::KeyStore(KeyFault::Gone { mark: mark.display().to_string() })),
        (Err(reason), true) => Err(EngineError::KeyStore(KeyFault::Silent { reason })),
        (Ok(None), false) => {
            let key = mint.secret();
            match ask(Ask::Keep(key)) {
                Ok(_) => keep(&mark, b"").map(|()| key),
                Err(reason) => {
                    tracing::info!("the key store keeps nothing ({reason}): the key goes to a file");
                    of_file(&file, mint)
                }
            }
        }
        (Err(reason), false) => {
            tracing::info!("no key store answers ({reason}): the key goes to a file");
            of_file(&file, mint)
        }
    }
}

/// Asks on a thread of its own, which is left behind where no answer comes.
fn ask_in_time(ask: Ask) -> Answer {
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || {
        // Nobody waits any longer when this fails.
        let _late = send.send(ask_key_store(ask)).is_err();
    });
    receive.recv_timeout(PATIENCE).unwrap_or_else(|_late| Err("no answer within a second".to_owned()))
}

fn ask_key_store(ask: Ask) -> Answer {
    let entry = keyring::Entry::new(SERVICE, ITEM).map_err(|error| error.to_string())?;
    let outcome = match ask {
        Ask::Read => entry.get_secret().map(Some),
        Ask::Keep(key) => entry.set_secret(&key).map(|()| None),
    };
    match outcome {
        Err(keyring::Error::NoEntry) => Ok(None),
        outcome => outcome.map_err(|error| error.to_string()),
    }
}

fn of_credential(path: &Path, salt_path: &Path, mint: &dyn Mint) -> Result<[u8; 32], EngineError> {
    let credential = std::fs::read(path).map_err(|error| failed(path, &error))?;
    let credential = credential.trim_ascii_end();
    if !(CREDENTIAL_BYTES_MIN..=CREDENTIAL_BYTES_MAX).contains(&credential.len()) {
        return Err(EngineError::KeyStore(KeyFault::CredentialLength {
            path: path.display().to_string(),
            bytes: credential.len() as u64,
            least: CREDENTIAL_BYTES_MIN as u64,
            most: CREDENTIAL_BYTES_MAX as u64,
        }));
    }
    let salt = match std::fs::read(salt_path) {
        Ok(salt) => salt,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let salt = mint.secret().iter().copied().take(SALT_BYTES).collect::<Vec<u8>>();
            keep(salt_path, &salt)?;
            salt
        }
        Err(error) => return Err(failed(salt_path, &error)),
    };
    let mut key = [0; 32];
    // Argon2id with the crate's defaults: 19 MiB, two passes, one lane (OWASP, Password Storage Cheat Sheet).
    Argon2::default().hash_password_into(credential, &salt, &mut key).map_err(EngineError::internal)?;
    Ok(key)
}

fn of_file(path: &Path, mint: &dyn Mint) -> Result<[u8; 32], EngineError> {
    match std::fs::read(path) {
        Ok(bytes) => bytes.try_into().map_err(|bytes: Vec<u8>| {
            let (path, bytes) = (path.display().to_string(), bytes.len() as u64);
            EngineError::KeyStore(KeyFault::FileLength { path, bytes })
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let key = mint.secret();
            keep(path, &key)?;
            Ok(key)
        }
        Err(error) => {
            let (path, reason) = (path.display().to_string(), error.to_string());
            Err(EngineError::KeyStore(KeyFault::FileUnreadable { path, reason }))
        }
    }
}

fn keep(path: &Path, bytes: &[u8]) -> Result<(), EngineError> {
    let write = || {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        write_private(path, bytes)
    };
    write().map_err(|error| failed(path, &error))
}

fn failed(path: &Path, error: &std::io::Error) -> EngineError {
    EngineError::KeyStore(KeyFault::File { path: path.display().to_string(), reason: error.to_string() })
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::RandomMint;

    /// A key store in memory.
    fn store(kept: &RefCell<Option<Vec<u8>>>) -> impl Fn(Ask) -> Answer {
        |ask| match ask {
            Ask::Read => Ok(kept.borrow().clone()),
            Ask::Keep(key) => {
                *kept.borrow_mut() = Some(key.to_vec());
                Ok(None)
            }
        }
    }

    fn silent(_ask: Ask) -> Answer {
        Err("silent".to_owned())
    }

    #[test]
    fn the_key_goes_to_the_key_store_and_no_file_holds_it() {
        let folder = tempfile::tempdir().unwrap();
        let kept = RefCell::new(None);
        let key = of_key_store(folder.path(), &RandomMint, store(&kept)).unwrap();
        assert_eq!(of_key_store(folder.path(), &RandomMint, store(&kept)).unwrap(), key);
        assert!(!folder.path().join("device.key").exists());
    }

    #[test]
    fn where_no_key_store_answers_the_key_goes_to_a_file_and_stays_there() {
        let folder = tempfile::tempdir().unwrap();
        let key = of_key_store(folder.path(), &RandomMint, silent).unwrap();
        let kept = RefCell::new(None);
        assert_eq!(of_key_store(folder.path(), &RandomMint, store(&kept)).unwrap(), key);
        assert_eq!(*kept.borrow(), None, "the key is not moved behind the user's back");
    }

    #[test]
    fn a_key_store_that_is_silent_later_stops_the_start_instead_of_making_a_new_key() {
        let folder = tempfile::tempdir().unwrap();
        let kept = RefCell::new(None);
        of_key_store(folder.path(), &RandomMint, store(&kept)).unwrap();
        let refused = of_key_store(folder.path(), &RandomMint, silent).unwrap_err();
        assert!(refused.to_string().contains("unlock the key store"), "{refused}");
        let emptied = RefCell::new(None);
        let refused = of_key_store(folder.path(), &RandomMint, store(&emptied)).unwrap_err();
        assert!(refused.to_string().contains("no longer holds"), "{refused}");
        assert_eq!(*emptied.borrow(), None);
    }

    #[test]
    fn a_credential_gives_the_same_key_with_the_same_salt_only() {
        let folder = tempfile::tempdir().unwrap();
        let credential = folder.path().join("credential");
        std::fs::write(&credential, "correct horse battery staple\n").unwrap();
        let source = KeySource::Credential(credential.clone());
        let key = |salt: &str| source.key(&folder.path().join(salt), &RandomMint).unwrap();
        assert_eq!(key("one"), key("one"));
        assert_ne!(key("one"), key("two"));
        std::fs::write(&credential, "short").unwrap();
        let refused = source.key(&folder.path().join("one"), &RandomMint).unwrap_err();
        assert!(refused.to_string().contains("5 bytes"), "{refused}");
    }
}
