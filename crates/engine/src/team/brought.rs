//! What a member brings of the device that it was before its directory was restored or copied. That device's own key is
//! gone with its machine; its signature stands on every transaction, so it does not matter who brings them.

use ed25519_dalek::{Signature, VerifyingKey};
use millwright_local_db::{Contact, SealedTxn};
use millwright_model::Device;
use millwright_team::*;

use super::judging::{self, NotTaken, Standing};
use super::node::{SEQ_MAX, keep_person_keys, refused, unfit};
use super::{Role, carried, letter, seal, unhex};
use crate::EngineError;
use crate::engine::Inner;

/// The writer of what is brought, as the one who brings it names it.
pub(super) struct Writer {
    pub(super) device_id: millwright_model::DeviceId,
    pub(super) verifying_key: String,
    pub(super) next_seq: u64,
}

/// Judges what `by` brings of the device that it was. What that device cannot say itself, being shut out or forked, is laid
/// aside for a person.
pub(super) async fn take(
    engine: &Inner,
    by: &Device,
    writer: Writer,
    txns: Vec<OfferedTxn>,
    person_keys: Vec<SealedPersonKey>,
) -> Result<ToDevice, NotTaken> {
    if txns.is_empty() || txns.len() > TXNS_MAX || person_keys.len() > ROWS_MAX {
        return unfit("more than one message may hold, or nothing");
    }
    let mut session = engine.database.read().await?;
    let known = (session.get(writer.device_id).await?, session.contact(writer.device_id).await?);
    drop(session);
    let (device, contact, standing) = match known {
        (Some(device), Some(contact)) => (device, contact, Standing::Member),
        (None, None) => stranger(by, &writer)?,
        (Some(_), None) | (None, Some(_)) => return unfit("transactions that no member wrote"),
    };
    // Nobody says anything in another one's name: this is looked at before anything else is.
    let key = unhex(&device.verifying_key).and_then(|key: [u8; 32]| VerifyingKey::from_bytes(&key).ok());
    if !key.is_some_and(|key| txns.iter().all(|txn| is_signed_with(&key, txn))) {
        return refused(RefusedTalk::SignatureWrong);
    }
    if device.revoked_at.is_some() || contact.quarantined.is_some() {
        return lay_aside(engine, &device, ToNode::Offer { txns, person_keys }).await;
    }
    keep_person_keys(engine, &person_keys).await?;
    match judging::take(engine, &device, &contact, &txns, standing).await {
        Ok(judgements) => {
            if txns.iter().any(|txn| txn.bytes.contains("sealed_name")) {
                let mut session = engine.database.read().await?;
                engine.people.load(&mut session, &engine.vault).await?;
            }
            tracing::info!("{} brings {} transactions of who it was", by.name, judgements.len());
            Ok(ToDevice::Judged { judgements })
        }
        // Nothing is taken from the device for what another one says: a person looks.
        Err(NotTaken::Refused(RefusedTalk::ChainForked)) if standing == Standing::Member => {
            lay_aside(engine, &device, ToNode::Offer { txns, person_keys }).await
        }
        Err(NotTaken::Refused(RefusedTalk::ChainForked)) => unfit("a chain that does not go on"),
        Err(other) => Err(other),
    }
}

/// A device that was never let in: whoever was it answers for it, in its own areas.
fn stranger(by: &Device, writer: &Writer) -> Result<(Device, Contact, Standing), NotTaken> {
    if writer.next_seq > SEQ_MAX {
        return unfit("a chain that is too long");
    }
    let device =
        Device { device_id: writer.device_id, verifying_key: writer.verifying_key.clone(), ..by.clone() };
    let contact = Contact {
        device_id: writer.device_id,
        certificate: Vec::new(),
        joined_seq: writer.next_seq,
        contact_at: None,
        holder: None,
        checkpoint: 0,
        pending: 0,
        quarantined: None,
    };
    Ok((device, contact, Standing::Stranger))
}

fn is_signed_with(key: &VerifyingKey, txn: &OfferedTxn) -> bool {
    let (Some(prev_hash), Some(sig)) = (unhex(&txn.prev_hash), unhex(&txn.sig)) else { return false };
    let hash = SealedTxn::chain_hash(&prev_hash, txn.bytes.as_bytes());
    key.verify_strict(&hash, &Signature::from_bytes(&sig)).is_ok()
}

async fn lay_aside(engine: &Inner, device: &Device, message: ToNode) -> Result<ToDevice, NotTaken> {
    let Role::Node { team_id } = engine.team.role() else { return refused(RefusedTalk::Unable) };
    let own = seal::own_public(&engine.vault, &*engine.ports.mint)?;
    let envelope = (LetterTo::Node, team_id, device.device_id);
    let bytes = letter::enclose(engine, envelope, own, &SaidToNode { messages: vec![message] })?;
    let letter = Letter::from_bytes(&bytes).map_err(EngineError::internal)?;
    carried::lay_aside(engine, &letter).await?;
    Ok(ToDevice::Noted)
}
