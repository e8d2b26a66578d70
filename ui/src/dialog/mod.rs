//! Sheets that open from anywhere.

mod alerts_sheet;
mod new_order;
mod pass_on;
mod priority_choice;
mod raise_request;
mod scan_sheet;
mod search_sheet;
mod shift_entry;
mod who_sheet;

pub(crate) use alerts_sheet::AlertsSheet;
pub(crate) use new_order::{Checklist, NewOrder};
pub(crate) use pass_on::PassOn;
pub(crate) use priority_choice::PriorityChoice;
pub(crate) use raise_request::RaiseRequest;
pub(crate) use scan_sheet::{ScanSheet, follow_scan};
pub(crate) use search_sheet::SearchSheet;
pub(crate) use shift_entry::ShiftEntrySheet;
pub(crate) use who_sheet::WhoSheet;
