//! A bad network on real sockets: a proxy before the node's door that cuts, crumbles and repeats what passes.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// So much of a connection is crumbled: all of a handshake and some of what comes after it.
const CRUMBLED_BYTES: u64 = 20_000;

/// What becomes of one connection.
#[derive(Copy, Clone, Debug)]
enum Fate {
    /// All of it passes.
    Well,
    /// It ends after so many bytes in one of the two directions, in the middle of whatever was said.
    CutAfter { up: u64, down: u64 },
    /// All of it passes, the first of it a few bytes at a time.
    Crumbled { bytes: usize },
    /// Some bytes come twice.
    RepeatedAfter { up: u64 },
    /// It is accepted and ended at once.
    TurnedAway,
}

pub struct Proxy {
    pub address: SocketAddr,
    healed: Arc<AtomicBool>,
    pub cut: Arc<AtomicU64>,
}

impl Proxy {
    /// A network before `node` that is as bad as `seed` says, until it is healed.
    pub async fn before(node: SocketAddr, seed: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (healed, cut) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let proxy = Self { address, healed: healed.clone(), cut: cut.clone() };
        tokio::spawn(async move {
            let mut state = seed;
            while let Ok((near, _)) = listener.accept().await {
                let fate = if healed.load(Ordering::SeqCst) { Fate::Well } else { fate(&mut state) };
                let cut = cut.clone();
                tokio::spawn(async move {
                    let Ok(far) = TcpStream::connect(node).await else { return };
                    if !pass(near, far, fate).await {
                        cut.fetch_add(1, Ordering::SeqCst);
                    }
                });
            }
        });
        proxy
    }

    /// From now on everything passes.
    pub fn heal(&self) {
        self.healed.store(true, Ordering::SeqCst);
    }

    /// From now on it is as bad as the seed says.
    pub fn spoil(&self) {
        self.healed.store(false, Ordering::SeqCst);
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014).
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

fn fate(state: &mut u64) -> Fate {
    // A handshake takes some 2,000 bytes each way; most cuts are to be in what comes after it.
    let bytes = |state: &mut u64| match next(state) % 3 {
        0 => next(state) % 3_000,
        1 => 2_000 + next(state) % 8_000,
        _ => 5_000 + next(state) % 200_000,
    };
    match next(state) % 8 {
        0 => Fate::Well,
        1 => Fate::Crumbled { bytes: 1 + (next(state) % 7) as usize },
        2 => Fate::RepeatedAfter { up: bytes(state) },
        3 => Fate::TurnedAway,
        4 | 5 => Fate::CutAfter { up: bytes(state), down: u64::MAX },
        _ => Fate::CutAfter { up: u64::MAX, down: bytes(state) },
    }
}

/// Lets a connection have its fate; answers whether it was let go on to its own end.
async fn pass(near: TcpStream, far: TcpStream, fate: Fate) -> bool {
    let (mut near_in, mut near_out) = near.into_split();
    let (mut far_in, mut far_out) = far.into_split();
    let (up, down) = match fate {
        Fate::TurnedAway => return false,
        Fate::Well => (Way::plain(), Way::plain()),
        Fate::Crumbled { bytes } => {
            (Way { most: bytes, ..Way::plain() }, Way { most: bytes, ..Way::plain() })
        }
        Fate::CutAfter { up, down } => (Way { left: up, ..Way::plain() }, Way { left: down, ..Way::plain() }),
        Fate::RepeatedAfter { up } => (Way { repeat_after: up, ..Way::plain() }, Way::plain()),
    };
    // When one direction ends, so does the connection: both halves are dropped.
    tokio::select! {
        whole = carry(&mut near_in, &mut far_out, up) => whole,
        whole = carry(&mut far_in, &mut near_out, down) => whole,
    }
}

#[derive(Copy, Clone)]
struct Way {
    /// So many bytes at a time.
    most: usize,
    /// So many in all.
    left: u64,
    /// After so many, what passes comes twice, once.
    repeat_after: u64,
}

impl Way {
    fn plain() -> Self {
        Self { most: 16 * 1024, left: u64::MAX, repeat_after: u64::MAX }
    }
}

async fn carry(from: &mut (impl AsyncRead + Unpin), to: &mut (impl AsyncWrite + Unpin), way: Way) -> bool {
    let Way { most, mut left, mut repeat_after } = way;
    let mut buffer = vec![0; most];
    let mut passed = 0_u64;
    loop {
        let Ok(read) = from.read(&mut buffer).await else { return true };
        let Some(bytes) = buffer.get(..read).filter(|bytes| !bytes.is_empty()) else { return true };
        let bytes = if (bytes.len() as u64) > left { &bytes[..left as usize] } else { bytes };
        if to.write_all(bytes).await.is_err() {
            return true;
        }
        passed += bytes.len() as u64;
        left -= bytes.len() as u64;
        if left == 0 {
            return false;
        }
        if passed > repeat_after {
            repeat_after = u64::MAX;
            if to.write_all(bytes).await.is_err() {
                return true;
            }
        }
        if passed > CRUMBLED_BYTES {
            buffer.resize(Way::plain().most, 0);
        }
    }
}
