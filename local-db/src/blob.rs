//! Photos and files, found by the hash of their bytes: write, fsync, rename, fsync the directory, then the op.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::StoreError;
use crate::directory::write_durably;

/// The BLAKE3 hash of a blob.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BlobHash(blake3::Hash);

impl BlobHash {
    /// The hash written as 64 hex digits; anything else is nothing.
    pub fn parse(text: &str) -> Option<Self> {
        blake3::Hash::from_hex(text).ok().map(Self)
    }
}

impl fmt::Display for BlobHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_hex())
    }
}

/// The blobs of a data directory.
#[derive(Clone, Debug)]
pub struct Blobs {
    path: PathBuf,
}

impl Blobs {
    /// The blobs under `path`, which is made when it is not there.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(path).map_err(StoreError::file(path))?;
        Ok(Self { path: path.to_owned() })
    }

    /// Keeps `bytes`; when this returns they survive a power cut. The same bytes are kept once.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn put(&self, bytes: &[u8]) -> Result<BlobHash, StoreError> {
        let hash = BlobHash(blake3::hash(bytes));
        let path = self.path_of(hash);
        if path.is_file() {
            return Ok(hash);
        }
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(StoreError::file(parent))?;
            crate::directory::sync_directory(&self.path).map_err(StoreError::file(&self.path))?;
        }
        write_durably(&path, bytes)?;
        Ok(hash)
    }

    /// The bytes of a blob, checked against its hash; nothing when it is not here.
    ///
    /// # Errors
    /// When it cannot be read, or its bytes are not the ones that were kept.
    pub fn get(&self, hash: BlobHash) -> Result<Option<Vec<u8>>, StoreError> {
        let path = self.path_of(hash);
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(StoreError::file(path)(error)),
        };
        if blake3::hash(&bytes) != hash.0 {
            return Err(StoreError::corrupt(format!("blob {hash}"), "its bytes do not match its hash"));
        }
        Ok(Some(bytes))
    }

    fn path_of(&self, hash: BlobHash) -> PathBuf {
        let hex = hash.to_string();
        let (folder, _) = hex.split_at(2);
        self.path.join(folder).join(&hex)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blob_comes_back_as_it_was_kept() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path()).unwrap();
        let hash = blobs.put(b"photo").unwrap();
        assert_eq!(blobs.get(hash).unwrap().as_deref(), Some(&b"photo"[..]));
        assert_eq!(blobs.put(b"photo").unwrap(), hash, "the same bytes are kept once");
    }

    #[test]
    fn a_blob_with_a_flipped_bit_is_not_given_out() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path()).unwrap();
        let hash = blobs.put(b"photo").unwrap();
        std::fs::write(blobs.path_of(hash), b"phoTo").unwrap();
        assert!(matches!(blobs.get(hash), Err(StoreError::Corrupt { .. })));
    }
}
