//! Bringing data in from a file, step by step, and taking out what is here.

mod bring_page;
mod columns_card;
mod report_card;
mod state;
mod take_out_card;
mod understood_card;

pub(crate) use bring_page::BringPage;
