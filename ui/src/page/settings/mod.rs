//! Settings: the device, people, connections, import, about.

mod about;
mod alerts;
mod cameras;
mod device;
mod erp_form;
mod kept;
mod mail_form;
mod people;
mod plant_form;
mod plant_heard;
mod rung_people;
mod settings_page;
mod team;
mod team_copies;
mod team_join;
mod team_letter;
mod team_node;
mod tested;

pub(crate) use settings_page::SettingsPage;
