//! Tabletop exercises of scenarios: planned, played by the clock, looked back on.

mod about_sheet;
mod action_sheet;
mod actions_card;
mod clock_bar;
mod desk;
mod entry_sheet;
mod exercise_page;
mod exercises_page;
mod inject_card;
mod inject_sheet;
mod injects_card;
mod log_card;
mod play_face;
mod report_face;
mod roles_card;

pub(crate) use exercise_page::ExercisePage;
pub(crate) use exercises_page::ExercisesPage;
