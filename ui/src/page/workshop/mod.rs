//! Workshops: their list, and a board from silent notes to actions.

mod actions;
mod board_desk;
mod board_page;
mod board_side;
mod cluster_bar;
mod frames;
mod guests_sheet;
mod new_workshop;
mod note_drag;
mod note_row;
mod out;
mod pairs;
mod people_sheet;
mod phase_bar;
mod points;
mod rules_sheet;
mod seat_bar;
mod stage_page;
mod strategies;
mod weigh;
mod workshops_page;
mod years_sheet;

pub(crate) use board_page::WorkshopPage;
pub(crate) use stage_page::WorkshopStagePage;
pub(crate) use workshops_page::WorkshopsPage;
