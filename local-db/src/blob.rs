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

    /// A piece of a blob and how large the whole is; nothing when it is not here.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn piece(
        &self,
        hash: BlobHash,
        offset: u64,
        length: usize,
    ) -> Result<Option<(Vec<u8>, u64)>, StoreError> {
        piece_at(&self.path_of(hash), offset, length)
    }

    /// How much of a blob has come so far: all of it, or what lies in its unfinished file.
    pub fn come_so_far(&self, hash: BlobHash) -> u64 {
        let size = |path: PathBuf| std::fs::metadata(path).ok().map(|file| file.len());
        size(self.path_of(hash)).or_else(|| size(self.unfinished(hash))).unwrap_or_default()
    }

    /// Whether all of a blob is here.
    pub fn has(&self, hash: BlobHash) -> bool {
        self.path_of(hash).is_file()
    }

    /// Adds a piece to an unfinished blob of `size` bytes, whose next byte is `offset`. When it was the last, the whole
    /// is checked against its hash and kept; what does not match is thrown away. Answers the next byte wanted.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn put_piece(&self, hash: BlobHash, offset: u64, size: u64, piece: &[u8]) -> Result<u64, StoreError> {
        use std::io::Write;

        if self.has(hash) {
            return Ok(size);
        }
        let path = self.unfinished(hash);
        if self.come_so_far(hash) > size {
            // Somebody brought more than the whole: it cannot be the beginning of it.
            std::fs::remove_file(&path).map_err(StoreError::file(&path))?;
        }
        let mut there = self.come_so_far(hash);
        // All of it may lie there already, where the disk took every piece and then not the whole: that is kept now.
        if there < size || size == 0 {
            if offset != there || piece.len() as u64 > size - there {
                return Ok(there);
            }
            let mut file = std::fs::OpenOptions::new()
                .create(true)
                .append(true)
                .open(&path)
                .map_err(StoreError::file(&path))?;
            file.write_all(piece).and_then(|()| file.sync_data()).map_err(StoreError::file(&path))?;
            there += piece.len() as u64;
        }
        if there < size {
            return Ok(there);
        }
        let bytes = std::fs::read(&path).map_err(StoreError::file(&path))?;
        let matches = blake3::hash(&bytes) == hash.0;
        if matches {
            self.put(&bytes)?;
        }
        std::fs::remove_file(&path).map_err(StoreError::file(&path))?;
        Ok(if matches { size } else { 0 })
    }

    /// Removes a blob, or what has come of it so far.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn remove(&self, hash: BlobHash) -> Result<(), StoreError> {
        for path in [self.path_of(hash), self.unfinished(hash)] {
            match std::fs::remove_file(&path) {
                Ok(()) => {}
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(StoreError::file(path)(error)),
            }
        }
        Ok(())
    }

    /// Removes what came of blobs that are not whole, and the blobs that `keep` does not know.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn remove_strays(&self, keep: impl Fn(&str) -> bool) -> Result<(), StoreError> {
        for entry in std::fs::read_dir(&self.path).map_err(StoreError::file(&self.path))? {
            let path = entry.map_err(StoreError::file(&self.path))?.path();
            if path.extension().is_some_and(|extension| extension == "part") {
                std::fs::remove_file(&path).map_err(StoreError::file(&path))?;
            }
            if !path.is_dir() {
                continue;
            }
            for entry in std::fs::read_dir(&path).map_err(StoreError::file(&path))? {
                let blob = entry.map_err(StoreError::file(&path))?.path();
                if blob.file_name().and_then(|name| name.to_str()).is_some_and(|name| !keep(name)) {
                    std::fs::remove_file(&blob).map_err(StoreError::file(&blob))?;
                }
            }
        }
        Ok(())
    }

    /// Removes every blob.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn remove_all(&self) -> Result<(), StoreError> {
        match std::fs::remove_dir_all(&self.path) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(StoreError::file(&self.path)(error)),
        }
        std::fs::create_dir_all(&self.path).map_err(StoreError::file(&self.path))
    }

    fn unfinished(&self, hash: BlobHash) -> PathBuf {
        self.path.join(format!("{hash}.part"))
    }

    fn path_of(&self, hash: BlobHash) -> PathBuf {
        let hex = hash.to_string();
        let (folder, _) = hex.split_at(2);
        self.path.join(folder).join(&hex)
    }
}

fn piece_at(path: &Path, offset: u64, length: usize) -> Result<Option<(Vec<u8>, u64)>, StoreError> {
    use std::io::{Read, Seek, SeekFrom};

    let mut file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(StoreError::file(path)(error)),
    };
    let size = file.metadata().map_err(StoreError::file(path))?.len();
    let mut piece = Vec::new();
    file.seek(SeekFrom::Start(offset)).map_err(StoreError::file(path))?;
    file.take(length as u64).read_to_end(&mut piece).map_err(StoreError::file(path))?;
    Ok(Some((piece, size)))
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
    fn a_blob_that_comes_in_pieces_goes_on_where_it_was_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path()).unwrap();
        let hash = BlobHash(blake3::hash(b"photograph"));
        assert_eq!(blobs.put_piece(hash, 0, 10, b"photo").unwrap(), 5);
        assert_eq!(blobs.put_piece(hash, 0, 10, b"photo").unwrap(), 5, "a repeated piece changes nothing");
        assert_eq!(blobs.put_piece(hash, 5, 10, b"graph").unwrap(), 10);
        assert_eq!(blobs.piece(hash, 5, 3).unwrap(), Some((b"gra".to_vec(), 10)));
        let other = BlobHash(blake3::hash(b"other"));
        assert_eq!(blobs.put_piece(other, 0, 5, b"wrong").unwrap(), 0, "what does not match begins anew");
        assert!(!blobs.has(other));
    }

    #[test]
    fn a_blob_that_came_whole_while_the_disk_took_no_more_is_kept_when_it_is_brought_again() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path()).unwrap();
        let hash = BlobHash(blake3::hash(b"photo"));
        // Where its folder would be lies something else: the last step fails, after every piece has come.
        let in_the_way = blobs.path_of(hash).parent().unwrap().to_owned();
        std::fs::write(&in_the_way, b"").unwrap();
        assert!(blobs.put_piece(hash, 0, 5, b"photo").is_err());
        std::fs::remove_file(&in_the_way).unwrap();
        assert!(!blobs.has(hash));
        assert_eq!(blobs.put_piece(hash, 0, 5, b"photo").unwrap(), 5);
        assert!(blobs.has(hash), "who hears that all of it is there may forget it");
    }

    #[test]
    fn a_beginning_that_is_longer_than_the_whole_is_thrown_away() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path()).unwrap();
        let hash = BlobHash(blake3::hash(b"photo"));
        assert_eq!(blobs.put_piece(hash, 0, 100, b"something else").unwrap(), 14);
        assert_eq!(blobs.put_piece(hash, 0, 5, b"photo").unwrap(), 5);
        assert!(blobs.has(hash));
    }

    #[test]
    fn what_nobody_knows_and_what_is_not_whole_is_swept_away() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path()).unwrap();
        let (kept, stray) = (blobs.put(b"kept").unwrap(), blobs.put(b"stray").unwrap());
        let unfinished = BlobHash(blake3::hash(b"photograph"));
        blobs.put_piece(unfinished, 0, 10, b"photo").unwrap();
        blobs.remove_strays(|name| name == kept.to_string()).unwrap();
        assert_eq!((blobs.has(kept), blobs.has(stray), blobs.come_so_far(unfinished)), (true, false, 0));
        blobs.remove(kept).unwrap();
        blobs.remove(kept).unwrap();
        assert!(!blobs.has(kept));
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
