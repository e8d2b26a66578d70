//! The doors of the fuzz target to the parsers of this room. Not for anybody else.

/// Bytes of either side, and a scanned invitation.
pub fn heard(bytes: &[u8]) {
    if let Some((head, body)) = bytes.split_first_chunk::<4>() {
        let _length = crate::length(*head).is_ok();
        let _body = crate::decode::<crate::ToNode>(body).is_ok();
    }
    let _to_node = crate::decode::<crate::ToNode>(bytes).is_ok();
    let _to_device = crate::decode::<crate::ToDevice>(bytes).is_ok();
    let _letter = crate::Letter::from_bytes(bytes).is_ok();
    let _said = serde_json::from_slice::<crate::SaidToNode>(bytes).is_ok();
    let _answered = serde_json::from_slice::<crate::SaidToDevice>(bytes).is_ok();
    let _invitation = String::from_utf8_lossy(bytes).parse::<crate::Invitation>().is_ok();
}
