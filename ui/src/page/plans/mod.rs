//! Maintenance plans: the list of all, the card of a machine, and the forms for a plan and for a meter.

mod plan_row;
mod plan_sheet;
mod plans_card;
mod plans_page;
mod reading_sheet;

pub(crate) use plans_card::PlansCard;
pub(crate) use plans_page::PlansPage;
