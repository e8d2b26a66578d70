//! How a message travels: four bytes of length, then JSON.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The longest message that is read.
pub const FRAME_MAX_BYTES: usize = 16 * 1024 * 1024;

/// A message that cannot be read or sent.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// It is longer than is read.
    #[error("a message of {bytes} bytes; at most {FRAME_MAX_BYTES} are taken")]
    TooLong {
        /// How long.
        bytes: usize,
    },
    /// It is not the JSON of a message.
    #[error("a message cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
}

/// The message with its length before it.
///
/// # Errors
/// When it is longer than anybody reads.
pub fn encode<M: Serialize>(message: &M) -> Result<Vec<u8>, FrameError> {
    let mut frame = vec![0; 4];
    serde_json::to_writer(&mut frame, message)?;
    let bytes = frame.len() - 4;
    let length = u32::try_from(bytes).ok().filter(|_| bytes <= FRAME_MAX_BYTES);
    let length = length.ok_or(FrameError::TooLong { bytes })?;
    if let Some(head) = frame.first_chunk_mut::<4>() {
        *head = length.to_be_bytes();
    }
    Ok(frame)
}

/// The length that four bytes announce.
///
/// # Errors
/// When it is more than is read.
pub fn length(head: [u8; 4]) -> Result<usize, FrameError> {
    let bytes = u32::from_be_bytes(head) as usize;
    if bytes > FRAME_MAX_BYTES { Err(FrameError::TooLong { bytes }) } else { Ok(bytes) }
}

/// The message in the bytes after the length.
///
/// # Errors
/// When they are no message.
pub fn decode<M: DeserializeOwned>(bytes: &[u8]) -> Result<M, FrameError> {
    Ok(serde_json::from_slice(bytes)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ToNode;

    #[test]
    fn a_message_comes_out_as_it_went_in() {
        let frame = encode(&ToNode::Fetch { after: 7 }).unwrap();
        let (head, body) = frame.split_first_chunk::<4>().unwrap();
        assert_eq!(length(*head).unwrap(), body.len());
        assert_eq!(decode::<ToNode>(body).unwrap(), ToNode::Fetch { after: 7 });
    }

    #[test]
    fn a_length_beyond_the_bound_is_refused_before_a_byte_is_read() {
        assert!(matches!(length([0xff; 4]), Err(FrameError::TooLong { bytes: 0xffff_ffff })));
    }
}
