//! One order with all on it.

mod assign_sheet;
mod close_sheet;
mod correct_sheet;
mod deliveries_card;
mod edit_sheet;
mod history_card;
mod order_head;
mod order_page;
mod parts_card;
mod reason_sheet;
mod record_card;
mod request_card;
mod sign_card;
mod step_form;
mod step_measure;
mod step_row;
mod steps_card;

pub(crate) use assign_sheet::AssignSheet;
pub(crate) use deliveries_card::DeliveryRow;
pub(crate) use history_card::HistoryCard;
pub(crate) use order_page::OrderPage;
pub(crate) use reason_sheet::ReasonSheet;
pub(crate) use step_measure::StepMeasure;
