//! What the engine asks of its surroundings: the time, new ids, and somebody to tell.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use millwright_model::{Bell, Event, Priority, TimestampMs};
use uuid::Uuid;

/// The wall clock.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> TimestampMs;
}

/// The source of new ids and random bytes.
pub trait Mint: Send + Sync {
    /// A new UUIDv7.
    fn uuid(&self, now: TimestampMs) -> Uuid;
    /// 32 bytes that nobody can guess.
    fn secret(&self) -> [u8; 32];
}

/// Who shows what the engine does: a window, or nobody.
pub trait Shell: Send + Sync {
    /// Something became stale or live values came. Must not block.
    fn tell(&self, event: Event);

    /// Calls people who do not look at the window: a notification of the system. Must not block. Answers whether
    /// there is anything to call with; whether the system shows it is what [`Shell::bell`] knows.
    fn ring(&self, _ring: Ring) -> bool {
        false
    }

    /// Whether people can be called here.
    fn bell(&self) -> Bell {
        Bell::NotHere
    }
}

/// What people are called with: a machine and words, in their language, and no names of people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ring {
    /// How urgent it is.
    pub priority: Priority,
    /// One line.
    pub title: String,
    /// A few more.
    pub text: String,
}

/// The surroundings of an engine.
#[derive(Clone)]
pub struct Ports {
    /// The wall clock.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub mint: Arc<dyn Mint>,
    /// Who is told.
    pub shell: Arc<dyn Shell>,
}

impl Ports {
    /// The machine's clock and random numbers, and `shell`.
    pub fn real(shell: Arc<dyn Shell>) -> Self {
        Self { clock: Arc::new(SystemClock), mint: Arc::new(RandomMint), shell }
    }
}

/// The machine's clock.
#[derive(Copy, Clone, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> TimestampMs {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now_ms = i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX);
        #[cfg(feature = "test-clock")]
        let now_ms = now_ms + crate::test_clock::offset_ms();
        TimestampMs(now_ms)
    }
}

/// The operating system's random numbers.
#[derive(Copy, Clone, Debug)]
pub struct RandomMint;

impl Mint for RandomMint {
    fn uuid(&self, now: TimestampMs) -> Uuid {
        let random = self.secret();
        let mut bytes = [0; 10];
        bytes.copy_from_slice(random.first_chunk::<10>().unwrap_or(&[0; 10]));
        uuid::Builder::from_unix_timestamp_millis(now.0.max(0) as u64, &bytes).into_uuid()
    }

    fn secret(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        if let Err(error) = getrandom::fill(&mut bytes) {
            // Without random numbers no id is unique and no key is secret: going on would harm the plant's records.
            tracing::error!("the operating system gives no random numbers: {error}");
            std::process::abort();
        }
        bytes
    }
}

/// Nobody: for engines without a window.
#[derive(Copy, Clone, Debug)]
pub struct NoShell;

impl Shell for NoShell {
    fn tell(&self, _event: Event) {}
}
