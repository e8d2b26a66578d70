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

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Identity {
    device_id: DeviceId,
    code: String,
    verifying_key: [u8; 32],
}

/// This device.
pub(crate) struct Device {
    pub(crate) device_id: DeviceId,
    pub(crate) code: String,
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
            return Ok((Self { device_id: identity.device_id, code: identity.code, signing_key }, false));
        }
        let secret = mint.secret();
        let signing_key = SigningKey::from_bytes(&secret);
        vault.set(SIGNING_KEY, Some(&secret), mint)?;
        let code = mint
            .secret()
            .iter()
            .take(3)
            .filter_map(|byte| CODE_LETTERS.get(*byte as usize % CODE_LETTERS.len()))
            .map(|letter| char::from(*letter))
            .collect();
        let identity = Identity {
            device_id: DeviceId(mint.uuid(now)),
            code,
            verifying_key: signing_key.verifying_key().to_bytes(),
        };
        session.set_setting(SETTING, &identity).await?;
        Ok((Self { device_id: identity.device_id, code: identity.code, signing_key }, true))
    }

    /// This device's signature over a transaction's hash.
    pub(crate) fn sign(&self, hash: &[u8; 32]) -> [u8; 64] {
        self.signing_key.sign(hash).to_bytes()
    }
}
