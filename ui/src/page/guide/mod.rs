//! The Guide room: guides and their revisions, writing them, working by them and practising.

mod align_panel;
mod ask_form;
mod camera_view;
mod checklist;
mod draft_edit;
mod draft_page;
mod draft_shows;
mod draft_step;
mod eye;
mod guide_page;
mod guides_page;
mod machine_view;
mod marked_picture;
mod new_guide;
mod order_guide;
mod outline;
mod picture_edit;
mod practised;
mod run_page;
mod sight_bar;
mod stage;
mod step_panel;
mod try_out;

pub(crate) use draft_page::GuideDraftPage;
pub(crate) use eye::{Eye, Taken, next_drawing, pause};
pub(crate) use guide_page::GuidePage;
pub(crate) use guides_page::GuidesPage;
pub(crate) use order_guide::OrderGuide;
pub(crate) use run_page::{GuidePracticePage, GuideRunPage};
pub(crate) use try_out::TryOut;
