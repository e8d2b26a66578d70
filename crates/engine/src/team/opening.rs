//! Offered transactions as they are read: what their bytes say, and whether their device signed it. That needs no store,
//! so large offers are read on every core at once.

use ed25519_dalek::{Signature, VerifyingKey};
use millwright_local_db::SealedTxn;
use millwright_model::{DeviceId, TimestampMs, Txn};
use millwright_team::{OfferedTxn, RefusedTalk};

use super::unhex;

/// Less than this is read where it stands: to hand it over would take longer.
const WORTH_HANDING_OVER_BYTES: usize = 256 * 1024;

/// Reads what a device offers, each by itself: a fault of one says nothing of the others.
pub(super) async fn open_all(
    txns: &[OfferedTxn],
    device_id: DeviceId,
    key: VerifyingKey,
) -> Vec<Result<SealedTxn, RefusedTalk>> {
    let bytes: usize = txns.iter().map(|txn| txn.bytes.len()).sum();
    if bytes < WORTH_HANDING_OVER_BYTES {
        return txns.iter().map(|txn| open(txn, device_id, &key)).collect();
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let parts: Vec<_> = txns
        .chunks(txns.len().div_ceil(cores).max(1))
        .map(|part| {
            let part = part.to_vec();
            let opening = move || part.iter().map(|txn| open(txn, device_id, &key)).collect::<Vec<_>>();
            tokio::task::spawn_blocking(opening)
        })
        .collect();
    let mut opened = Vec::with_capacity(txns.len());
    for part in parts {
        match part.await {
            Ok(part) => opened.extend(part),
            // The runtime ends, or memory did: they are read here, and nothing is judged that was not read.
            Err(_) => {
                let rest = txns.iter().skip(opened.len());
                return opened.into_iter().chain(rest.map(|txn| open(txn, device_id, &key))).collect();
            }
        }
    }
    opened
}

/// The transaction, if its bytes say what it is offered as and its signature holds. When it was recorded here is still
/// to be said.
fn open(offered: &OfferedTxn, device_id: DeviceId, key: &VerifyingKey) -> Result<SealedTxn, RefusedTalk> {
    let unfit = |what: &str| RefusedTalk::Unfit { what: what.to_owned() };
    let bytes = offered.bytes.clone().into_bytes();
    let txn: Txn = serde_json::from_slice(&bytes).map_err(|_fault| unfit("bytes that are no transaction"))?;
    let prev_hash: [u8; 32] = unhex(&offered.prev_hash).ok_or_else(|| unfit("a hash that is none"))?;
    let sig: [u8; 64] = unhex(&offered.sig).ok_or_else(|| unfit("a signature that is none"))?;
    let names_itself = txn.txn_id == offered.txn_id && txn.first_seq == offered.first_seq;
    if !names_itself || txn.device_id != device_id {
        return Err(unfit("a transaction of another name or device"));
    }
    let in_sequence = txn.ops.iter().zip(txn.first_seq..).all(|(op, seq)| op.seq == seq);
    if !in_sequence {
        return Err(unfit("ops out of sequence"));
    }
    let hash = SealedTxn::chain_hash(&prev_hash, &bytes);
    if key.verify_strict(&hash, &Signature::from_bytes(&sig)).is_err() {
        return Err(RefusedTalk::SignatureWrong);
    }
    Ok(SealedTxn { txn, bytes, prev_hash, sig, recorded_at: TimestampMs(0), held_until: None })
}
