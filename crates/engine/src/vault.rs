//! Secrets sealed on this device: one wrapping key, and small values sealed with it in `DIR/secrets`.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::Aead;
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};

use crate::EngineError;
use crate::key::KeySource;
use crate::ports::Mint;

/// Small secrets by name, sealed with XChaCha20-Poly1305; the name is authenticated by its own key.
pub(crate) struct Vault {
    path: PathBuf,
    wrapping_key: [u8; 32],
    sealed: Mutex<BTreeMap<String, String>>,
}

impl Vault {
    pub(crate) fn open(path: &Path, source: &KeySource, mint: &dyn Mint) -> Result<Self, EngineError> {
        let wrapping_key = source.key(&path.with_extension("salt"), mint)?;
        let sealed = match std::fs::read(path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map_err(|error| EngineError::Internal(format!("{}: {error}", path.display())))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(EngineError::Internal(format!("{}: {error}", path.display()))),
        };
        Ok(Self { path: path.to_owned(), wrapping_key, sealed: Mutex::new(sealed) })
    }

    /// Seals bytes with the wrapping key, for values kept elsewhere (keys of people).
    pub(crate) fn seal(&self, purpose: &str, plain: &[u8], mint: &dyn Mint) -> Result<Vec<u8>, EngineError> {
        seal_with(&self.key_for(purpose), plain, mint)
    }

    /// Opens what [`Vault::seal`] sealed for the same purpose; nothing when the key is another.
    pub(crate) fn open_sealed(&self, purpose: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        open_with(&self.key_for(purpose), sealed)
    }

    /// The file of the secrets.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A secret as it lies in the file, sealed.
    pub(crate) fn sealed(&self, name: &str) -> Option<String> {
        self.sealed.lock().ok()?.get(name).cloned()
    }

    /// Keeps a secret that was sealed elsewhere with the same key; false when the key is another.
    pub(crate) fn take(&self, name: &str, sealed: &str) -> Result<bool, EngineError> {
        let bytes = STANDARD.decode(sealed).unwrap_or_default();
        if self.open_sealed(name, &bytes).is_none() {
            return Ok(false);
        }
        let mut all = self.sealed.lock().map_err(EngineError::internal)?;
        all.insert(name.to_owned(), sealed.to_owned());
        self.write(&all)?;
        Ok(true)
    }

    pub(crate) fn get(&self, name: &str) -> Option<Vec<u8>> {
        let sealed = self.sealed.lock().ok()?.get(name)?.clone();
        self.open_sealed(name, &STANDARD.decode(sealed).ok()?)
    }

    pub(crate) fn text(&self, name: &str) -> Option<String> {
        String::from_utf8(self.get(name)?).ok()
    }

    pub(crate) fn set(&self, name: &str, plain: Option<&[u8]>, mint: &dyn Mint) -> Result<(), EngineError> {
        let sealed = plain.map(|plain| self.seal(name, plain, mint)).transpose()?;
        let mut all = self.sealed.lock().map_err(EngineError::internal)?;
        match sealed {
            Some(sealed) => all.insert(name.to_owned(), STANDARD.encode(sealed)),
            None => all.remove(name),
        };
        self.write(&all)
    }

    fn write(&self, all: &BTreeMap<String, String>) -> Result<(), EngineError> {
        let bytes = serde_json::to_vec(all)?;
        write_private(&self.path, &bytes)
            .map_err(|error| EngineError::Internal(format!("{}: {error}", self.path.display())))
    }

    fn key_for(&self, purpose: &str) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new_derive_key("millwright vault 2026");
        hasher.update(&self.wrapping_key);
        hasher.update(purpose.as_bytes());
        *hasher.finalize().as_bytes()
    }
}

/// Seals `plain` under `key`: 24 bytes of nonce, then the ciphertext with its tag.
pub(crate) fn seal_with(key: &[u8; 32], plain: &[u8], mint: &dyn Mint) -> Result<Vec<u8>, EngineError> {
    let random = mint.secret();
    let nonce = random.first_chunk::<24>().copied().unwrap_or_default();
    let cipher = XChaCha20Poly1305::new(key.into());
    let sealed = cipher.encrypt(XNonce::from_slice(&nonce), plain).map_err(EngineError::internal)?;
    Ok([&nonce[..], &sealed[..]].concat())
}

/// Opens what [`seal_with`] sealed; nothing when the key is another or a byte was changed.
pub(crate) fn open_with(key: &[u8; 32], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, sealed) = sealed.split_first_chunk::<24>()?;
    XChaCha20Poly1305::new(key.into()).decrypt(XNonce::from_slice(nonce), sealed).ok()
}

/// Writes a file that only this user may read, whole or not at all.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let part = path.with_extension("part");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(&part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&part, path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RandomMint;

    #[test]
    fn a_secret_comes_back_only_with_the_same_wrapping_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets");
        let vault = Vault::open(&path, &KeySource::Given([1; 32]), &RandomMint).unwrap();
        vault.set("erp", Some(b"hunter2"), &RandomMint).unwrap();
        let again = Vault::open(&path, &KeySource::Given([1; 32]), &RandomMint).unwrap();
        assert_eq!(again.text("erp").as_deref(), Some("hunter2"));
        let other = Vault::open(&path, &KeySource::Given([2; 32]), &RandomMint).unwrap();
        assert_eq!(other.text("erp"), None);
        let stored = std::fs::read(&path).unwrap();
        assert!(!stored.windows(7).any(|window| window == b"hunter2"), "the secret is not in the file");
    }

    #[test]
    fn a_secret_under_another_name_does_not_open() {
        let folder = tempfile::tempdir().unwrap();
        let vault =
            Vault::open(&folder.path().join("secrets"), &KeySource::Given([1; 32]), &RandomMint).unwrap();
        let sealed = vault.seal("erp", b"x", &RandomMint).unwrap();
        assert_eq!(vault.open_sealed("plant", &sealed), None);
    }
}
