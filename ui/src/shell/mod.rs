//! What stands around the rooms: rail, top bar, chips, toasts, and what lies over the page.

mod alert_band;
mod chips;
mod frame;
mod navigate;
mod overlays;
mod rail;
mod toasts;
mod top;

pub(crate) use frame::Frame;
pub(crate) use navigate::{go, go_back, is_at_the_start, provide_route, use_route};
pub(crate) use overlays::Overlays;
pub(crate) use rail::Rail;
pub(crate) use toasts::Toasts;
pub(crate) use top::Top;
