//! The room of the shift: its log, handing over, what was handed over and who read it.

mod hand_over_sheet;
mod handover_card;
mod line_row;
mod pattern_sheet;
mod shift_page;
mod unread_card;

pub(crate) use shift_page::ShiftPage;
pub(crate) use unread_card::UnreadCard;
