//! Who this device is: its id, its code, and the key that signs its transactions.

use ed25519_dalek::{Signer, SigningKey};
use millwright_local_db::WriteSession;
use millwright_model::{DeviceId, TimestampMs};
use serde::{Deserialize, Serialize};

use crate::EngineError;
use crate::ports::Mint;
use crate::vault::Vault;

const SETTING: &str = "device";
const SIGNING_KEY: &str = "device_signing_key";

/// Letters that nobody reads as another one.
const CODE_LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";

/// So many letters that nobody reads as another one, drawn by chance.
pub(crate) fn random_code(mint: &dyn Mint, letters: usize) -> String {
    let random = mint.secret();
    let letter = |byte: &u8| CODE_LETTERS.get(*byte as usize % CODE_LETTERS.len());
    random.iter().take(letters).filter_map(letter).map(|letter| char::from(*letter)).collect()
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Identity {
    device_id: DeviceId,
    code: String,
    verifying_key: [u8; 32],
}

/// This device.
pub(crate) struct Device {
    pub(crate) device_id: DeviceId,
    code: std::sync::RwLock<String>,
    signing_key: SigningKey,
}

impl Device {
    /// The device of this data directory; a new one where it has none, or where its key is not on this machine
    /// (a restored or copied directory).
    pub(crate) async fn of(
        session: &mut WriteSession,
        vault: &Vault,
        mint: &dyn Mint,
        now: TimestampMs,
    ) -> Result<(Self, bool), EngineError> {
        let identity: Option<Identity> = session.setting(SETTING).await?;
        let key = vault
            .get(SIGNING_KEY)
            .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
            .map(|bytes| SigningKey::from_bytes(&bytes));
        if let (Some(identity), Some(signing_key)) = (identity, key)
            && identity.verifying_key == signing_key.verifying_key().to_bytes()
        {
            return Ok((Self::new(identity, signing_key), false));
        }
        let secret = mint.secret();
        let signing_key = SigningKey::from_bytes(&secret);
        vault.set(SIGNING_KEY, Some(&secret), mint)?;
        let code = random_code(mint, 3);
        let identity = Identity {
            device_id: DeviceId(mint.uuid(now)),
            code,
            verifying_key: signing_key.verifying_key().to_bytes(),
        };
        session.set_setting(SETTING, &identity).await?;
        Ok((Self::new(identity, signing_key), true))
    }

    /// The id of the device that a directory belongs to, and the key that its signatures are checked with; nothing in a
    /// new one.
    pub(crate) async fn known_in(
        session: &mut millwright_local_db::Session,
    ) -> Result<Option<(DeviceId, [u8; 32])>, EngineError> {
        let identity: Option<Identity> = session.setting(SETTING).await?;
        Ok(identity.map(|identity| (identity.device_id, identity.verifying_key)))
    }

    fn new(identity: Identity, signing_key: SigningKey) -> Self {
        Self { device_id: identity.device_id, code: identity.code.into(), signing_key }
    }

    /// The three letters before the numbers that this device gives.
    pub(crate) fn code(&self) -> String {
        self.code.read().map(|code| code.clone()).unwrap_or_default()
    }

    /// Takes another code: another device of the team has this one.
    pub(crate) async fn take_code(&self, session: &mut WriteSession, code: &str) -> Result<(), EngineError> {
        if let Some(identity) = session.setting::<Identity>(SETTING).await? {
            session.set_setting(SETTING, &Identity { code: code.to_owned(), ..identity }).await?;
        }
        if let Ok(mut kept) = self.code.write() {
            code.clone_into(&mut kept);
        }
        Ok(())
    }

    /// The key that this device's signatures are checked with.
    pub(crate) fn verifying_key(&self) -> [u8; 32] {
        self.signing_key.verifying_key().to_bytes()
    }

    /// The secret half of the key, for this device's side of a TLS connection.
    pub(crate) fn signing_secret(&self) -> [u8; 32] {
        self.signing_key.to_bytes()
    }

    /// This device's signature over a transaction's hash.
    pub(crate) fn sign(&self, hash: &[u8; 32]) -> [u8; 64] {
        self.signing_key.sign(hash).to_bytes()
    }
}
