//! Disks that fail: what this process writes and syncs goes through here, and a folder's disk can be full or broken from
//! any write on, be it SQLite's or ours.
//!
//! Elsewhere than on Linux no disk fails.
#![cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "no disk fails there"))]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// How a disk fails.
#[derive(Copy, Clone, Debug)]
pub enum Failure {
    /// No room is left: half of a write finds its place, the rest does not.
    Full,
    /// Writes and syncs are answered with an error.
    Broken,
}

/// How many disks fail now: while none does, a write costs nothing more.
static FAILING: AtomicUsize = AtomicUsize::new(0);
static DISKS: Mutex<Vec<Arc<State>>> = Mutex::new(Vec::new());

struct State {
    folder: PathBuf,
    fails: AtomicBool,
    /// So many writes still arrive.
    writes_left: AtomicI64,
    errno: AtomicI32,
    /// Whether a write was refused since it began to fail.
    refused: AtomicBool,
}

/// The disk under a machine's folder.
pub struct Disk(Arc<State>);

impl Disk {
    pub fn under(folder: &Path) -> Self {
        let state = Arc::new(State {
            folder: folder.canonicalize().unwrap(),
            fails: AtomicBool::new(false),
            writes_left: AtomicI64::new(0),
            errno: AtomicI32::new(0),
            refused: AtomicBool::new(false),
        });
        DISKS.lock().unwrap().push(state.clone());
        Self(state)
    }

    /// After `writes` more this disk takes nothing any more, until it is mended.
    pub fn fail_after(&self, writes: usize, failure: Failure) {
        let errno = match failure {
            Failure::Full => libc::ENOSPC,
            Failure::Broken => libc::EIO,
        };
        self.0.errno.store(errno, Ordering::SeqCst);
        self.0.writes_left.store(writes as i64, Ordering::SeqCst);
        self.0.refused.store(false, Ordering::SeqCst);
        if !self.0.fails.swap(true, Ordering::SeqCst) {
            FAILING.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Whether it has refused anything since it began to fail.
    pub fn has_refused(&self) -> bool {
        self.0.refused.load(Ordering::SeqCst)
    }

    /// The disk is good again. Answers whether it had refused anything.
    pub fn mend(&self) -> bool {
        if self.0.fails.swap(false, Ordering::SeqCst) {
            FAILING.fetch_sub(1, Ordering::SeqCst);
        }
        self.0.refused.swap(false, Ordering::SeqCst)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        self.mend();
        DISKS.lock().unwrap().retain(|state| !Arc::ptr_eq(state, &self.0));
    }
}

/// What the disk under an open file says to a write.
enum Word {
    Goes,
    /// So many bytes find their place.
    GoesInPart(usize),
    Fails(i32),
}

fn word_of_the_disk(file: i32, bytes: usize) -> Word {
    if FAILING.load(Ordering::Relaxed) == 0 {
        return Word::Goes;
    }
    let Ok(path) = std::fs::read_link(format!("/proc/self/fd/{file}")) else { return Word::Goes };
    let Ok(disks) = DISKS.lock() else { return Word::Goes };
    let state =
        disks.iter().find(|state| state.fails.load(Ordering::SeqCst) && path.starts_with(&state.folder));
    let Some(state) = state else { return Word::Goes };
    let left = state.writes_left.fetch_sub(1, Ordering::SeqCst);
    let errno = state.errno.load(Ordering::SeqCst);
    if left > 0 {
        return Word::Goes;
    }
    state.refused.store(true, Ordering::SeqCst);
    if left == 0 && errno == libc::ENOSPC && bytes > 1 {
        return Word::GoesInPart(bytes / 2);
    }
    Word::Fails(errno)
}

#[cfg(target_os = "linux")]
mod calls {
    //! The calls of the C library that this binary's own code, the standard library's and SQLite's are linked to.
    #![allow(unsafe_code, reason = "the calls of the C library are what a failing disk answers")]

    use libc::{SYS_fdatasync, SYS_fsync, SYS_write, c_int, c_long, c_void, size_t, ssize_t, syscall};

    use super::{Word, word_of_the_disk};

    fn fails(errno: i32) {
        // SAFETY: the location is this thread's own.
        unsafe { *libc::__errno_location() = errno };
    }

    fn sync(call: c_long, file: c_int) -> c_int {
        match word_of_the_disk(file, 0) {
            Word::Fails(errno) => {
                fails(errno);
                -1
            }
            // SAFETY: the call takes a file and no memory.
            Word::Goes | Word::GoesInPart(_) => unsafe { syscall(call, file) as c_int },
        }
    }

    /// Writes, as far as the disk does.
    ///
    /// # Safety
    /// `bytes` holds `count` of them, as for the call whose place this takes.
    #[unsafe(no_mangle)]
    pub unsafe extern "C" fn write(file: c_int, bytes: *const c_void, count: size_t) -> ssize_t {
        let count = match word_of_the_disk(file, count) {
            Word::Goes => count,
            Word::GoesInPart(some) => some,
            Word::Fails(errno) => {
                fails(errno);
                return -1;
            }
        };
        // SAFETY: no more than the caller's bytes are read.
        unsafe { syscall(SYS_write, file, bytes, count) as ssize_t }
    }

    /// Syncs, if the disk does.
    #[unsafe(no_mangle)]
    pub extern "C" fn fsync(file: c_int) -> c_int {
        sync(SYS_fsync, file)
    }

    /// Syncs, if the disk does.
    #[unsafe(no_mangle)]
    pub extern "C" fn fdatasync(file: c_int) -> c_int {
        sync(SYS_fdatasync, file)
    }
}
