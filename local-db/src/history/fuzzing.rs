//! Gives bytes to the history's readers; what they read must be written and read again as the same.

use super::{StoredSample, bytes, chunk as chunks, group, journal as journals, pyramid};

/// The same bytes as they are, and with a checksum that fits, so that the layout behind it is reached.
fn both(given: &[u8], read: impl Fn(&[u8])) {
    read(given);
    let mut summed = given.to_vec();
    bytes::put_checksum(&mut summed);
    read(&summed);
}

pub(crate) fn journal(given: &[u8]) {
    both(given, |given| {
        let Ok(batch) = journals::decode(given) else { return };
        let borrowed: Vec<(i64, Vec<&StoredSample>)> =
            batch.iter().map(|(series_id, samples)| (*series_id, samples.iter().collect())).collect();
        let again = journals::encode(borrowed.iter().map(|(id, samples)| (*id, samples.as_slice())));
        // As text, where a NaN is equal to itself.
        assert_eq!(
            journals::decode(&again).ok().map(|batch| format!("{batch:?}")),
            Some(format!("{batch:?}"))
        );
    });
}

pub(crate) fn chunk(given: &[u8]) {
    if let Ok(samples) = chunks::open(given) {
        let again = chunks::seal(&samples).and_then(|sealed| chunks::open(&sealed)).ok();
        assert_eq!(again.map(|samples| format!("{samples:?}")), Some(format!("{samples:?}")));
    }
    if let Ok(entries) = pyramid::decode(given) {
        let _written = pyramid::encode(&entries).is_ok();
    }
    both(given, |given| {
        for (_, chunk) in group::decode(given).unwrap_or_default() {
            let _opened = chunks::open(chunk).is_ok();
        }
    });
}
