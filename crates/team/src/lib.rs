//! The exchange between the devices of a team: what they say to the node and hear from it, how a transaction is judged,
//! and what a device says next. Messages and time in, messages and events out: no sockets, no store.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod four_eyes;
mod frame;
#[doc(hidden)]
pub mod fuzzing;
mod invitation;
mod judge;
mod letter;
mod member;
mod message;

pub use frame::{FRAME_MAX_BYTES, FrameError, decode, encode, length};
pub use invitation::{Invitation, InvitationError};
pub use judge::{Current, Judged, OPS_MAX, TXN_MAX_BYTES, bounds, judge};
pub use letter::{
    LETTER_FORMAT, LETTER_MAX_BYTES, Letter, LetterAnswer, LetterError, LetterTo, SaidToDevice, SaidToNode,
};
pub use member::{Heard, Member, Next};
pub use message::*;
