//! The settings and their parts.

use leptos::prelude::*;

use super::about::About;
use super::alerts::{BellSettings, LadderSettings};
use super::cameras::CameraSettings;
use super::device::DeviceSettings;
use super::erp_form::ErpForm;
use super::kept::KeptSettings;
use super::mail_form::MailForm;
use super::people::People;
use super::plant_form::PlantForm;
use super::plant_heard::PlantHeardCard;
use super::team::TeamSettings;
use crate::page::bring::BringPage;
use crate::query::{query, shown};
use crate::route::{Route, SettingsTab};
use crate::text;

fn name(tab: SettingsTab) -> &'static str {
    match tab {
        SettingsTab::Device => text::settings_device(),
        SettingsTab::People => text::settings_people(),
        SettingsTab::Connections => text::settings_connections(),
        SettingsTab::Team => text::settings_team(),
        SettingsTab::Import => text::settings_import(),
        SettingsTab::About => text::settings_about(),
    }
}

/// A part of the settings.
#[component]
pub(crate) fn SettingsPage(tab: SettingsTab) -> impl IntoView {
    let connections = query(|| millwright_model::ConnectionsShow {}, Vec::new());
    view! {
        <div class="page" data-test="page-settings">
            <h1>{text::settings()}</h1>
            <nav class="tags">{SettingsTab::ALL.map(|choice| view! {
                <a class="chip" class:on=choice == tab href=Route::Settings(choice).hash() data-test=format!("settings-{}", choice.as_str())>{name(choice)}</a>
            })}</nav>
            {match tab {
                SettingsTab::Device => view! { <DeviceSettings/><CameraSettings/><BellSettings/><LadderSettings/><KeptSettings/> }.into_any(),
                SettingsTab::People => view! { <People/> }.into_any(),
                SettingsTab::Connections => view! {
                    {shown(connections, move |connections| {
                        let kept = connections.get_untracked();
                        view! { <div class="cols even"><PlantForm kept=kept.plant key_kept=kept.plant_key_kept/><ErpForm kept=kept.erp/><MailForm kept=kept.mail/></div> }.into_any()
                    })}
                    <PlantHeardCard/>
                }.into_any(),
                SettingsTab::Team => view! { <TeamSettings/> }.into_any(),
                SettingsTab::Import => view! { <BringPage/> }.into_any(),
                SettingsTab::About => view! { <About/> }.into_any(),
            }}
        </div>
    }
}
