//! The rooms.

mod asset;
mod asset_tree;
mod bind_tag;
mod bring;
mod camera_check;
mod camera_watch;
mod elsewhere;
mod exercise;
mod first_start;
mod guide;
mod joined;
mod labels_card;
mod order;
mod part;
mod parts;
mod plan_tabs;
mod plans;
mod plant;
mod room;
mod scenario;
mod settings;
mod shift;
mod sync;
mod sync_cards;
mod today;
mod today_actions;
mod today_asking;
mod today_exceptions;
mod today_next;
mod trend_card;
mod who_are_you;
mod work;
mod workshop;

pub(crate) use first_start::FirstStart;
pub(crate) use room::Room;
pub(crate) use who_are_you::WhoAreYou;
