//! A line tried out: taken as it stands, changed on the side, and run beside the line as it is.

mod comparison;
mod lines_page;
mod machine_sheet;
mod trial_line;
mod what_if_page;

pub(crate) use lines_page::WhatIfLinesPage;
pub(crate) use what_if_page::WhatIfPage;
