//! What devices say to each other over the broker: sealed with the team's key, each update signed by whoever wrote it.

use ed25519_dalek::{Signature, VerifyingKey};
use millwright_local_db::CarriedUpdate;
use millwright_model::{DeviceId, DocumentUpdate, DocumentUpdateId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::key;
use crate::EngineError;
use crate::device::Device;
use crate::engine::Inner;
use crate::ports::Mint;
use crate::team::{hex, unhex};
use crate::vault::{open_with, seal_with};

const KEY_CONTEXT: &str = "millwright documents together 2026";
const SIGN_CONTEXT: &str = "millwright document update by its writer 2026";
/// The most documents of which one message tells.
pub(super) const DOCUMENTS_MAX: usize = 50;
/// The most ids in one message.
pub(super) const IDS_MAX: usize = 30_000;
/// The most updates in one message.
pub(super) const UPDATES_MAX: usize = 500;
/// So many bytes of updates make a message full.
pub(super) const FULL_BYTES: usize = 256 * 1024;

/// What is said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "say", rename_all = "snake_case")]
pub(super) enum Spoken {
    /// What was written.
    Wrote {
        /// As their writers signed it.
        updates: Vec<Written>,
    },
    /// How documents stand at a device.
    Stands {
        /// Which.
        device_id: DeviceId,
        /// The documents.
        documents: Vec<Stand>,
    },
    /// Which updates of a document lie at a device: others say what is missing.
    Lies {
        /// Which document.
        document_id: Uuid,
        /// Their ids.
        ids: Vec<DocumentUpdateId>,
    },
}

/// How a document stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stand {
    pub(super) document_id: Uuid,
    /// Of the ids of all its updates, as 64 hex digits.
    pub(super) digest: String,
}

/// An update with its writer's signature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Written {
    pub(super) update: DocumentUpdate,
    pub(super) sig: String,
}

impl From<CarriedUpdate> for Written {
    fn from(carried: CarriedUpdate) -> Self {
        Self { update: carried.update, sig: carried.sig }
    }
}

impl Written {
    /// What this device wrote, signed.
    pub(super) fn by(device: &Device, update: DocumentUpdate) -> Result<Self, EngineError> {
        let sig = hex(&device.sign(&hash_of(&update)?));
        Ok(Self { update, sig })
    }

    /// The update, where the device that it names signed it.
    pub(super) fn checked(self, verifying_key: &str) -> Option<CarriedUpdate> {
        let key = VerifyingKey::from_bytes(&unhex(verifying_key)?).ok()?;
        let hash = hash_of(&self.update).ok()?;
        key.verify_strict(&hash, &Signature::from_bytes(&unhex(&self.sig)?)).ok()?;
        Some(CarriedUpdate { update: self.update, sig: self.sig })
    }
}

fn hash_of(update: &DocumentUpdate) -> Result<[u8; 32], EngineError> {
    let mut hasher = blake3::Hasher::new_derive_key(SIGN_CONTEXT);
    hasher.update(&serde_json::to_vec(update)?);
    Ok(*hasher.finalize().as_bytes())
}

/// Seals and opens what a team says.
pub(super) struct Sealer {
    team_id: Uuid,
    key: [u8; 32],
}

impl Sealer {
    /// With the team's key as this device has it.
    pub(super) async fn of(engine: &Inner, team_id: Uuid) -> Result<Option<Self>, EngineError> {
        let key = if engine.team.is_node() { Some(key::own_key(engine).await?) } else { key::known(engine) };
        Ok(key.map(|key| Self::new(team_id, &key)))
    }

    fn new(team_id: Uuid, key: &[u8; 32]) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key(KEY_CONTEXT);
        hasher.update(key).update(team_id.as_bytes());
        Self { team_id, key: *hasher.finalize().as_bytes() }
    }

    pub(super) fn team_id(&self) -> Uuid {
        self.team_id
    }

    pub(super) fn seal(&self, spoken: &Spoken, mint: &dyn Mint) -> Result<Vec<u8>, EngineError> {
        seal_with(&self.key, &serde_json::to_vec(spoken)?, mint)
    }

    /// What was said; nothing where another key sealed it, or it is not what this version says.
    pub(super) fn open(&self, sealed: &[u8]) -> Option<Spoken> {
        Self::read(&open_with(&self.key, sealed)?)
    }

    fn read(plain: &[u8]) -> Option<Spoken> {
        let spoken: Spoken = serde_json::from_slice(plain).ok()?;
        let fits = match &spoken {
            Spoken::Wrote { updates } => updates.len() <= UPDATES_MAX,
            Spoken::Stands { documents, .. } => documents.len() <= DOCUMENTS_MAX,
            Spoken::Lies { ids, .. } => ids.len() <= IDS_MAX,
        };
        fits.then_some(spoken)
    }
}

/// A message, and what one that was opened says, for the fuzz target.
pub(super) fn fuzzed(bytes: &[u8]) {
    let _sealed = Sealer::new(Uuid::nil(), &[0; 32]).open(bytes).is_some();
    if let Some(Spoken::Wrote { updates }) = Sealer::read(bytes) {
        let key = hex(&[0; 32]);
        let _signed = updates.into_iter().filter_map(|written| written.checked(&key)).count();
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer, SigningKey};
    use millwright_model::TimestampMs;

    use super::*;
    use crate::RandomMint;

    fn update() -> DocumentUpdate {
        DocumentUpdate {
            document_update_id: DocumentUpdateId(Uuid::from_u128(1)),
            document_id: Uuid::from_u128(2),
            bytes: "AAAA".to_owned(),
            written_at: TimestampMs(3),
            written_by: None,
            written_on: Some(DeviceId(Uuid::from_u128(4))),
        }
    }

    fn spoken() -> Spoken {
        Spoken::Lies { document_id: Uuid::from_u128(2), ids: vec![DocumentUpdateId(Uuid::from_u128(1))] }
    }

    #[test]
    fn only_the_team_with_its_present_key_opens_what_is_said() {
        let team = Uuid::from_u128(9);
        let sealed = Sealer::new(team, &[1; 32]).seal(&spoken(), &RandomMint).unwrap();
        assert_eq!(Sealer::new(team, &[1; 32]).open(&sealed), Some(spoken()));
        assert_eq!(Sealer::new(team, &[2; 32]).open(&sealed), None, "a key that was renewed");
        assert_eq!(Sealer::new(Uuid::from_u128(8), &[1; 32]).open(&sealed), None, "another team");
        assert!(!sealed.windows(4).any(|window| window == b"lies"), "nobody reads along");
    }

    #[test]
    fn an_update_is_believed_only_as_its_writer_signed_it() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let sig = hex(&key.sign(&hash_of(&update()).unwrap()).to_bytes());
        let verifying = hex(&key.verifying_key().to_bytes());
        let written = Written { update: update(), sig: sig.clone() };
        assert!(written.clone().checked(&verifying).is_some());
        let other = DocumentUpdate { bytes: "AAAB".to_owned(), ..update() };
        assert!(Written { update: other, sig: sig.clone() }.checked(&verifying).is_none());
        let of_another = DocumentUpdate { written_on: Some(DeviceId(Uuid::from_u128(5))), ..update() };
        assert!(Written { update: of_another, sig }.checked(&verifying).is_none());
        let stranger = SigningKey::from_bytes(&[8; 32]).verifying_key().to_bytes();
        assert!(written.checked(&hex(&stranger)).is_none());
    }

    #[test]
    fn what_is_too_much_is_not_heard() {
        let sealer = Sealer::new(Uuid::nil(), &[1; 32]);
        let ids = vec![DocumentUpdateId(Uuid::nil()); IDS_MAX + 1];
        let sealed = sealer.seal(&Spoken::Lies { document_id: Uuid::nil(), ids }, &RandomMint).unwrap();
        assert_eq!(sealer.open(&sealed), None);
        assert_eq!(sealer.open(b"no message"), None);
    }
}
