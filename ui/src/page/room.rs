//! The room of the present address.

use leptos::prelude::*;

use crate::page::exercise::{ExercisePage, ExercisesPage};
use crate::page::guide::{GuideDraftPage, GuidePage, GuidePracticePage, GuideRunPage, GuidesPage};
use crate::page::order::OrderPage;
use crate::page::part::PartPage;
use crate::page::parts::PartsPage;
use crate::page::plans::PlansPage;
use crate::page::plant::PlantPage;
use crate::page::scenario::{ScenarioPage, ScenariosPage};
use crate::page::settings::SettingsPage;
use crate::page::shift::ShiftPage;
use crate::page::supply_page::SupplyPage;
use crate::page::sync::SyncPage;
use crate::page::today::TodayPage;
use crate::page::what_if::{WhatIfLinesPage, WhatIfPage};
use crate::page::work::WorkPage;
use crate::page::workshop::{WorkshopPage, WorkshopStagePage, WorkshopsPage};
use crate::route::Route;
use crate::shell::use_route;

/// Shows it.
#[component]
pub(crate) fn Room() -> impl IntoView {
    let route = use_route();
    move || match route.get() {
        Route::Today => view! { <TodayPage/> }.into_any(),
        Route::Work(list) => view! { <WorkPage list/> }.into_any(),
        Route::Order(work_order_id) => view! { <OrderPage work_order_id/> }.into_any(),
        Route::Guides => view! { <GuidesPage/> }.into_any(),
        Route::Guide(guide_id) => view! { <GuidePage guide_id/> }.into_any(),
        Route::GuideDraft(guide_id) => view! { <GuideDraftPage guide_id/> }.into_any(),
        Route::GuidePractice(guide_id) => view! { <GuidePracticePage guide_id/> }.into_any(),
        Route::GuideRun(work_order_id) => view! { <GuideRunPage work_order_id/> }.into_any(),
        Route::Plant => view! { <PlantPage asset_id=None/> }.into_any(),
        Route::Asset(asset_id) => view! { <PlantPage asset_id=Some(asset_id)/> }.into_any(),
        Route::Shift(at) => view! { <ShiftPage at/> }.into_any(),
        Route::Plans => view! { <PlansPage/> }.into_any(),
        Route::Parts => view! { <PartsPage/> }.into_any(),
        Route::Part(part_id) => view! { <PartPage part_id/> }.into_any(),
        Route::Scenarios => view! { <ScenariosPage/> }.into_any(),
        Route::Scenario(scenario_id) => view! { <ScenarioPage scenario_id/> }.into_any(),
        Route::Supply => view! { <SupplyPage/> }.into_any(),
        Route::WhatIfLines => view! { <WhatIfLinesPage/> }.into_any(),
        Route::WhatIf(line_id) => view! { <WhatIfPage line_id/> }.into_any(),
        Route::Exercises(scenario_id) => view! { <ExercisesPage scenario_id/> }.into_any(),
        Route::Exercise(exercise_id) => view! { <ExercisePage exercise_id/> }.into_any(),
        Route::Workshops => view! { <WorkshopsPage/> }.into_any(),
        Route::Workshop(workshop_id) => view! { <WorkshopPage workshop_id/> }.into_any(),
        Route::WorkshopStage(workshop_id) => view! { <WorkshopStagePage workshop_id/> }.into_any(),
        Route::Sync => view! { <SyncPage/> }.into_any(),
        Route::Settings(tab) => view! { <SettingsPage tab/> }.into_any(),
    }
}
