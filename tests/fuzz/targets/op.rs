//! The bytes of a transaction as they are stored and exchanged.
#![no_main]

use libfuzzer_sys::fuzz_target;
use millwright_model::Txn;

fuzz_target!(|bytes: &[u8]| {
    let Ok(txn) = serde_json::from_slice::<Txn>(bytes) else { return };
    let again = serde_json::to_vec(&txn).expect("a transaction can be written");
    let read: Txn = serde_json::from_slice(&again).expect("what was written can be read");
    assert_eq!(format!("{read:?}"), format!("{txn:?}"));
});
