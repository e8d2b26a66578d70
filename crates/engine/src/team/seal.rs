//! Secrets for one device: sealed with a key that only its X25519 secret can derive.

use x25519_dalek::{PublicKey, StaticSecret};

use super::{base64_of, from_base64};
use crate::EngineError;
use crate::ports::Mint;
use crate::vault::{Vault, open_with, seal_with};

pub(crate) const SECRET: &str = "device_sealing_key";
const CONTEXT: &str = "millwright sealed to a device 2026";

/// This device's secret, made when it is first needed.
pub(crate) fn own_secret(vault: &Vault, mint: &dyn Mint) -> Result<StaticSecret, EngineError> {
    if let Some(bytes) = vault.get(SECRET).and_then(|bytes| <[u8; 32]>::try_from(bytes).ok()) {
        return Ok(bytes.into());
    }
    let bytes = mint.secret();
    vault.set(SECRET, Some(&bytes), mint)?;
    Ok(bytes.into())
}

/// The public half of this device's secret.
pub(crate) fn own_public(vault: &Vault, mint: &dyn Mint) -> Result<[u8; 32], EngineError> {
    Ok(PublicKey::from(&own_secret(vault, mint)?).to_bytes())
}

/// Seals `plain` to whoever has the secret of `public`: 32 bytes of a key of its own, then the sealed bytes, in base64.
pub(crate) fn seal_to(public: [u8; 32], plain: &[u8], mint: &dyn Mint) -> Result<String, EngineError> {
    let once = StaticSecret::from(mint.secret());
    let own = PublicKey::from(&once).to_bytes();
    let shared = once.diffie_hellman(&PublicKey::from(public));
    let key = key_of(shared.as_bytes(), &own, &public);
    Ok(base64_of(&[&own[..], &seal_with(&key, plain, mint)?[..]].concat()))
}

/// Opens what was sealed to this device; nothing when it was sealed to another.
pub(crate) fn open_own(secret: &StaticSecret, sealed: &str) -> Option<Vec<u8>> {
    let bytes = from_base64(sealed)?;
    let (theirs, sealed) = bytes.split_first_chunk::<32>()?;
    let shared = secret.diffie_hellman(&PublicKey::from(*theirs));
    let key = key_of(shared.as_bytes(), theirs, &PublicKey::from(secret).to_bytes());
    open_with(&key, sealed)
}

fn key_of(shared: &[u8; 32], once: &[u8; 32], public: &[u8; 32]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_derive_key(CONTEXT);
    hasher.update(shared).update(once).update(public);
    *hasher.finalize().as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RandomMint;

    #[test]
    fn only_the_device_it_was_sealed_to_opens_it() {
        let (mine, other) = (StaticSecret::from([1; 32]), StaticSecret::from([2; 32]));
        let sealed = seal_to(PublicKey::from(&mine).to_bytes(), b"key of a person", &RandomMint).unwrap();
        assert_eq!(open_own(&mine, &sealed).as_deref(), Some(&b"key of a person"[..]));
        assert_eq!(open_own(&other, &sealed), None);
    }
}
