//! The Plan room: scenarios with numbers.

mod answer_sheet;
mod bind_sheet;
mod brief_sheet;
mod change_sheet;
mod decide_sheet;
mod decided_card;
mod diagram_card;
mod figure_sheet;
mod fill_sheet;
mod influence_card;
mod model_sheet;
mod new_scenario;
mod origin;
mod picture_card;
mod question_row;
mod questions_card;
mod scenario_page;
mod scenarios_page;
mod signpost_sheet;
mod signposts_card;
mod trial;
mod twice_card;
mod worlds_card;

pub(crate) use scenario_page::ScenarioPage;
pub(crate) use scenarios_page::ScenariosPage;
