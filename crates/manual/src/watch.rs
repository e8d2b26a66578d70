//! Work on a PDF on a thread of its own: it may panic, its stack is its own, and it is waited for only so long.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use crate::ManualFault;

/// The stack of such a thread, in bytes. Forms lie in each other up to fifty deep, arrays and dictionaries deeper.
const STACK_BYTES: usize = 32 << 20;
/// How many threads may still be busy with what nobody waits for any more before the next is refused.
const LEFT_ALONE_MAX: usize = 2;

static LEFT_ALONE: AtomicUsize = AtomicUsize::new(0);

/// Ends the work of this thread, as if it had panicked, but without a word to the panic hook.
pub(crate) fn stop(fault: ManualFault) -> ! {
    resume_unwind(Box::new(fault))
}

/// The bytes of a PDF, which are given out until a time and no longer: the renderer asks for them whenever it looks an
/// object up, and knows no other way to be interrupted.
pub(crate) struct WatchedBytes {
    bytes: Arc<[u8]>,
    until: Deadline,
}

impl WatchedBytes {
    pub(crate) fn new(bytes: Arc<[u8]>, until: Deadline) -> Self {
        Self { bytes, until }
    }
}

impl AsRef<[u8]> for WatchedBytes {
    fn as_ref(&self) -> &[u8] {
        self.until.check();
        &self.bytes
    }
}

/// When work on a page, or on the opening, ends.
#[derive(Copy, Clone)]
pub(crate) struct Deadline {
    at: Instant,
    page: Option<u32>,
    seconds: u64,
}

impl Deadline {
    pub(crate) fn after(seconds: u64, page: Option<u32>) -> Self {
        Self { at: Instant::now() + Duration::from_secs(seconds), page, seconds }
    }

    pub(crate) fn fault(&self) -> ManualFault {
        ManualFault::TooLong { page: self.page, seconds: self.seconds }
    }

    /// Ends the work of this thread when the time is over.
    pub(crate) fn check(&self) {
        // While a thread already unwinds, a second unwinding would end the program.
        if Instant::now() > self.at && !std::thread::panicking() {
            stop(self.fault());
        }
    }
}

/// Does work on a thread of its own and waits for it until the deadline.
///
/// A thread that is not done by then is left alone: nothing can end it from outside. It ends by itself at the next object
/// that it looks up in the file; where it looks up none, only when its work is done. So few are left alone at a time.
///
/// # Errors
/// What the work says; and when it panics, takes too long, or must not begin.
pub(crate) fn on_own_thread<T: Send + 'static>(
    deadline: Deadline,
    work: impl FnOnce() -> Result<T, ManualFault> + Send + 'static,
) -> Result<T, ManualFault> {
    if LEFT_ALONE.load(Ordering::Relaxed) >= LEFT_ALONE_MAX {
        return Err(ManualFault::Busy);
    }
    let (send, receive) = sync_channel(0);
    let worker = move || {
        let done =
            catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(fault_of(panic, deadline)));
        // Nobody takes it any more: this thread had been left alone, until now.
        if send.send(done).is_err() {
            LEFT_ALONE.fetch_sub(1, Ordering::Relaxed);
        }
    };
    std::thread::Builder::new()
        .name("manual".to_owned())
        .stack_size(STACK_BYTES)
        .spawn(worker)
        .map_err(|error| ManualFault::Thread(error.to_string()))?;
    // A little longer than the work is given, so that it can end itself.
    let left = deadline.at.saturating_duration_since(Instant::now()) + Duration::from_millis(250);
    match receive.recv_timeout(left) {
        Ok(done) => done,
        Err(RecvTimeoutError::Timeout) => {
            LEFT_ALONE.fetch_add(1, Ordering::Relaxed);
            Err(deadline.fault())
        }
        Err(RecvTimeoutError::Disconnected) => Err(ManualFault::GaveUp { page: deadline.page }),
    }
}

fn fault_of(panic: Box<dyn Any + Send>, deadline: Deadline) -> ManualFault {
    match panic.downcast::<ManualFault>() {
        Ok(fault) => *fault,
        Err(_) => ManualFault::GaveUp { page: deadline.page },
    }
}
