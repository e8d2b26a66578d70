//! The door for guests of a workshop: people with a browser and no Millwright, who come in with a code that works once.
//!
//! It speaks plain HTTP on one address that somebody chose, ends with the workshop, and reaches nothing but that workshop's
//! public state and what its guest wrote. What a guest does is an act on the board under a name of their own on this device:
//! the board refuses what a guest may not, whatever their browser sends.

mod act;
mod page;
mod seen;
mod talk;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub(crate) use act::{GuestAct, do_act};
use millwright_listen::Door;
use millwright_model::{
    GuestStand, ParticipantId, TimestampMs, WorkshopDoor, WorkshopDoorView, WorkshopGuest, WorkshopId,
};
pub(crate) use seen::seen;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::device::random_code;
use crate::engine::Inner;
use crate::ports::Mint;
use crate::use_case::paper::words::Language;

/// How long a code may be used.
const CODE_MS: i64 = 15 * 60_000;
/// How many letters a code has: one of 10^11, and tries are slowed down.
const CODE_LETTERS: usize = 8;
/// So long a door that was shut says so to whoever asks.
const SAYS_SHUT_FOR: Duration = Duration::from_secs(5);
/// A browser that has not spoken for so long is away.
const AWAY_AFTER_MS: i64 = 45_000;

/// The doors that are open on this device.
pub(crate) struct Guests {
    doors: Mutex<BTreeMap<WorkshopId, OpenDoor>>,
    /// Goes up with everything that a board may show otherwise.
    pub(crate) news: watch::Sender<u64>,
}

impl Default for Guests {
    fn default() -> Self {
        Self { doors: Mutex::default(), news: watch::channel(0).0 }
    }
}

/// One of them.
struct OpenDoor {
    door: Door,
    url: String,
    opened: WorkshopDoor,
    codes: Vec<Code>,
    browsers: Vec<Browser>,
}

/// A code that waits to be used.
struct Code {
    code: String,
    participant_id: ParticipantId,
    expires_at: TimestampMs,
}

/// A browser that came in.
struct Browser {
    token_hash: blake3::Hash,
    participant_id: ParticipantId,
    spoke_at: TimestampMs,
}

/// What a browser shows that it came in: drawn by chance, known to nobody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GuestToken(String);

impl GuestToken {
    fn new(mint: &dyn Mint) -> Self {
        Self(blake3::Hash::from_bytes(mint.secret()).to_hex().to_string())
    }

    fn hash(text: &str) -> blake3::Hash {
        blake3::hash(text.as_bytes())
    }
}

impl Guests {
    /// Opens a door at a socket that this machine already listens at.
    pub(crate) fn open(
        &self,
        engine: &Arc<Inner>,
        workshop_id: WorkshopId,
        language: Language,
        listener: TcpListener,
        address: SocketAddr,
        opened: WorkshopDoor,
    ) {
        let routes = talk::routes(engine, workshop_id, language, address);
        let door = Door::open("guests of a workshop", listener, None, routes);
        let open = OpenDoor {
            door,
            url: format!("http://{address}/"),
            opened,
            codes: Vec::new(),
            browsers: Vec::new(),
        };
        let Ok(mut doors) = self.doors.lock() else { return };
        let before = doors.insert(workshop_id, open);
        drop(doors);
        shut(before);
    }

    /// Shuts the door of a workshop, where one is open.
    pub(crate) fn close(&self, workshop_id: WorkshopId) {
        let Ok(mut doors) = self.doors.lock() else { return };
        let open = doors.remove(&workshop_id);
        drop(doors);
        shut(open);
    }

    /// Shuts every door.
    pub(crate) fn close_all(&self) {
        let Ok(mut doors) = self.doors.lock() else { return };
        let all = std::mem::take(&mut *doors);
        drop(doors);
        all.into_values().for_each(|open| drop(tokio::spawn(open.door.close())));
    }

    /// Whether the door of a workshop is open.
    pub(crate) fn is_open(&self, workshop_id: WorkshopId) -> bool {
        self.doors.lock().is_ok_and(|doors| doors.contains_key(&workshop_id))
    }

    /// A new code for a guest; an older one of theirs, and the browser that they came in with, count no more.
    pub(crate) fn invite(
        &self,
        workshop_id: WorkshopId,
        participant_id: ParticipantId,
        mint: &dyn Mint,
        now: TimestampMs,
    ) {
        let Ok(mut doors) = self.doors.lock() else { return };
        let Some(open) = doors.get_mut(&workshop_id) else { return };
        open.codes.retain(|code| code.participant_id != participant_id && code.expires_at > now);
        open.browsers.retain(|browser| browser.participant_id != participant_id);
        let code = random_code(mint, CODE_LETTERS);
        open.codes.push(Code { code, participant_id, expires_at: now.plus_ms(CODE_MS) });
    }

    /// Uses a code up: whoever brings it is let in, and nobody else with the same.
    fn come_in(
        &self,
        workshop_id: WorkshopId,
        code: &str,
        mint: &dyn Mint,
        now: TimestampMs,
    ) -> Option<GuestToken> {
        let said: String = code
            .chars()
            .filter(char::is_ascii_alphabetic)
            .map(|letter| letter.to_ascii_uppercase())
            .collect();
        let mut doors = self.doors.lock().ok()?;
        let open = doors.get_mut(&workshop_id)?;
        let place = open.codes.iter().position(|known| known.code == said && known.expires_at > now)?;
        let Code { participant_id, .. } = open.codes.remove(place);
        let token = GuestToken::new(mint);
        open.browsers.push(Browser { token_hash: GuestToken::hash(&token.0), participant_id, spoke_at: now });
        Some(token)
    }

    /// Who a browser is of, and notes that it speaks.
    fn who(&self, workshop_id: WorkshopId, token: &str, now: TimestampMs) -> Option<ParticipantId> {
        let hash = GuestToken::hash(token);
        let mut doors = self.doors.lock().ok()?;
        let browser =
            doors.get_mut(&workshop_id)?.browsers.iter_mut().find(|browser| browser.token_hash == hash)?;
        browser.spoke_at = now;
        Some(browser.participant_id)
    }

    /// The door of a workshop with its guests; nothing where none is open here.
    pub(crate) fn view(
        &self,
        workshop_id: WorkshopId,
        guests: impl IntoIterator<Item = (ParticipantId, u32)>,
        now: TimestampMs,
    ) -> Option<WorkshopDoorView> {
        let doors = self.doors.lock().ok()?;
        let open = doors.get(&workshop_id)?;
        let mut guests: Vec<WorkshopGuest> = guests
            .into_iter()
            .map(|(participant_id, number)| {
                let stand = open.stand(participant_id, now);
                WorkshopGuest { participant_id, number, stand }
            })
            .collect();
        guests.sort_by_key(|guest| guest.number);
        let WorkshopDoor { opened_at, reason, .. } = open.opened.clone();
        Some(WorkshopDoorView { url: open.url.clone(), opened_at, reason, guests })
    }
}

impl OpenDoor {
    fn stand(&self, participant_id: ParticipantId, now: TimestampMs) -> GuestStand {
        let is_of = |code: &&Code| code.participant_id == participant_id && code.expires_at > now;
        if let Some(Code { code, expires_at, .. }) = self.codes.iter().find(is_of) {
            let url = format!("{}#{code}", self.url);
            let rows = millwright_vision::write_qr(&url).unwrap_or_default();
            let modules =
                rows.iter().map(|row| row.iter().map(|dark| if *dark { '#' } else { ' ' }).collect());
            let modules = modules.collect();
            return GuestStand::Invited { code: code.clone(), url, modules, expires_at: *expires_at };
        }
        match self.browsers.iter().find(|browser| browser.participant_id == participant_id) {
            Some(browser) if now.since_ms(browser.spoke_at) < AWAY_AFTER_MS => GuestStand::Here,
            Some(_silent) => GuestStand::Away,
            None => GuestStand::Out,
        }
    }
}

/// Ends a door beside what goes on. For a moment whoever asks is told that it is shut; nothing else is answered any more.
fn shut(open: Option<OpenDoor>) {
    if let Some(open) = open {
        tokio::spawn(async move {
            tokio::time::sleep(SAYS_SHUT_FOR).await;
            open.door.close().await;
        });
    }
}

/// What a guest's browser sends, for the fuzz target.
pub(crate) fn fuzzed(bytes: &[u8]) {
    let _act = serde_json::from_slice::<GuestAct>(bytes).is_ok();
}
