//! Where the person is: a closed list of screens, each with its address.

use millwright_model::{
    AssetId, ExerciseId, GuideId, PartId, ScenarioId, TimestampMs, WorkOrderId, WorkshopId,
};

/// Which orders the Work room lists.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum WorkList {
    /// Open ones of the person.
    #[default]
    Mine,
    /// All open ones.
    Open,
    /// Closed with details missing.
    DetailsPending,
    /// All, also done ones.
    All,
}

impl WorkList {
    /// All of them, in the order shown.
    pub(crate) const ALL: [Self; 4] = [Self::Mine, Self::Open, Self::DetailsPending, Self::All];

    /// Its name in an address.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Open => "open",
            Self::DetailsPending => "details-pending",
            Self::All => "all",
        }
    }
}

/// A part of the settings.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum SettingsTab {
    /// How the device looks and behaves.
    #[default]
    Device,
    /// The people of this device.
    People,
    /// The plant's broker and the ERP.
    Connections,
    /// The devices that share the plant.
    Team,
    /// Data from files and into files.
    Import,
    /// What this is.
    About,
}

impl SettingsTab {
    /// All of them, in the order shown.
    pub(crate) const ALL: [Self; 6] =
        [Self::Device, Self::People, Self::Connections, Self::Team, Self::Import, Self::About];

    /// Its name in an address.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::People => "people",
            Self::Connections => "connections",
            Self::Team => "team",
            Self::Import => "import",
            Self::About => "about",
        }
    }
}

/// A screen.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Route {
    /// The first screen.
    #[default]
    Today,
    /// Lists of orders.
    Work(WorkList),
    /// One order.
    Order(WorkOrderId),
    /// Guides.
    Guides,
    /// One guide with its revisions.
    Guide(GuideId),
    /// The draft of a guide.
    GuideDraft(GuideId),
    /// A guide that is practised.
    GuidePractice(GuideId),
    /// An order that is worked by its guide.
    GuideRun(WorkOrderId),
    /// The tree of assets.
    Plant,
    /// One asset beside the tree.
    Asset(AssetId),
    /// The shift that runs, or the one in which an instant lies.
    Shift(Option<TimestampMs>),
    /// Maintenance plans.
    Plans,
    /// Parts.
    Parts,
    /// One part.
    Part(PartId),
    /// Scenarios.
    Scenarios,
    /// One scenario.
    Scenario(ScenarioId),
    /// Lines that can be tried out.
    WhatIfLines,
    /// One line, tried out.
    WhatIf(AssetId),
    /// How long the plant lives without each supplier.
    Supply,
    /// The tabletop exercises of a scenario.
    Exercises(ScenarioId),
    /// One tabletop exercise.
    Exercise(ExerciseId),
    /// Workshops.
    Workshops,
    /// The board of one workshop.
    Workshop(WorkshopId),
    /// The same for a big screen.
    WorkshopStage(WorkshopId),
    /// What waits, what needs a person, what went.
    Sync,
    /// Settings.
    Settings(SettingsTab),
}

impl Route {
    /// Its address, from the `#`.
    pub(crate) fn hash(self) -> String {
        match self {
            Self::Today => "#/today".to_owned(),
            Self::Work(list) => format!("#/work/{}", list.as_str()),
            Self::Order(work_order_id) => format!("#/order/{work_order_id}"),
            Self::Guides => "#/guides".to_owned(),
            Self::Guide(guide_id) => format!("#/guide/{guide_id}"),
            Self::GuideDraft(guide_id) => format!("#/guide-draft/{guide_id}"),
            Self::GuidePractice(guide_id) => format!("#/guide-practice/{guide_id}"),
            Self::GuideRun(work_order_id) => format!("#/guide-run/{work_order_id}"),
            Self::Plant => "#/plant".to_owned(),
            Self::Asset(asset_id) => format!("#/asset/{asset_id}"),
            Self::Shift(None) => "#/shift".to_owned(),
            Self::Shift(Some(at)) => format!("#/shift/{}", at.0),
            Self::Plans => "#/plans".to_owned(),
            Self::Parts => "#/parts".to_owned(),
            Self::Part(part_id) => format!("#/part/{part_id}"),
            Self::Scenarios => "#/scenarios".to_owned(),
            Self::Scenario(scenario_id) => format!("#/scenario/{scenario_id}"),
            Self::WhatIfLines => "#/plan/what-if".to_owned(),
            Self::WhatIf(line_id) => format!("#/plan/what-if/{line_id}"),
            Self::Supply => "#/plan/supply".to_owned(),
            Self::Exercises(scenario_id) => format!("#/exercises/{scenario_id}"),
            Self::Exercise(exercise_id) => format!("#/exercise/{exercise_id}"),
            Self::Workshops => "#/plan/workshops".to_owned(),
            Self::Workshop(workshop_id) => format!("#/plan/workshops/{workshop_id}"),
            Self::WorkshopStage(workshop_id) => format!("#/plan/workshops/{workshop_id}/stage"),
            Self::Sync => "#/sync".to_owned(),
            Self::Settings(tab) => format!("#/settings/{}", tab.as_str()),
        }
    }

    /// The screen of an address; Today for one that leads nowhere.
    pub(crate) fn parse(hash: &str) -> Self {
        let mut parts = hash.trim_start_matches(['#', '/']).split('/');
        let (room, which) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let found = match room {
            "work" => WorkList::ALL
                .into_iter()
                .find(|list| list.as_str() == which)
                .or(Some(WorkList::Mine))
                .map(Self::Work),
            "order" => which.parse().ok().map(Self::Order),
            "guides" => Some(Self::Guides),
            "guide" => which.parse().ok().map(Self::Guide),
            "guide-draft" => which.parse().ok().map(Self::GuideDraft),
            "guide-practice" => which.parse().ok().map(Self::GuidePractice),
            "guide-run" => which.parse().ok().map(Self::GuideRun),
            "plant" => Some(Self::Plant),
            "asset" => which.parse().ok().map(Self::Asset),
            "shift" => Some(Self::Shift(which.parse().ok().map(TimestampMs))),
            "plans" => Some(Self::Plans),
            "parts" => Some(Self::Parts),
            "part" => which.parse().ok().map(Self::Part),
            "scenarios" => Some(Self::Scenarios),
            "scenario" => which.parse().ok().map(Self::Scenario),
            "plan" if which == "what-if" => match parts.next() {
                None => Some(Self::WhatIfLines),
                Some(line_id) => line_id.parse().ok().map(Self::WhatIf),
            },
            "plan" if which == "supply" => Some(Self::Supply),
            "exercises" => which.parse().ok().map(Self::Exercises),
            "exercise" => which.parse().ok().map(Self::Exercise),
            "plan" if which == "workshops" => {
                let (workshop_id, stage) = (parts.next().unwrap_or_default(), parts.next());
                match (workshop_id, stage) {
                    ("", None) => Some(Self::Workshops),
                    (workshop_id, None) => workshop_id.parse().ok().map(Self::Workshop),
                    (workshop_id, Some("stage")) => workshop_id.parse().ok().map(Self::WorkshopStage),
                    _ => None,
                }
            }
            "sync" => Some(Self::Sync),
            "settings" => {
                let tab = SettingsTab::ALL.into_iter().find(|tab| tab.as_str() == which).unwrap_or_default();
                Some(Self::Settings(tab))
            }
            _ => None,
        };
        found.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_screen_is_found_by_its_address() {
        let mut routes = vec![
            Route::Today,
            Route::Order(WorkOrderId(uuid::Uuid::from_u128(7))),
            Route::Guides,
            Route::Guide(GuideId(uuid::Uuid::from_u128(4))),
            Route::GuideDraft(GuideId(uuid::Uuid::from_u128(5))),
            Route::GuidePractice(GuideId(uuid::Uuid::from_u128(6))),
            Route::GuideRun(WorkOrderId(uuid::Uuid::from_u128(3))),
            Route::Plant,
            Route::Asset(AssetId(uuid::Uuid::from_u128(8))),
            Route::Parts,
            Route::Part(PartId(uuid::Uuid::from_u128(9))),
            Route::Scenarios,
            Route::Scenario(ScenarioId(uuid::Uuid::from_u128(2))),
            Route::Sync,
            Route::Shift(None),
            Route::Shift(Some(TimestampMs(1_795_424_400_000))),
            Route::Plans,
            Route::Exercises(ScenarioId(uuid::Uuid::from_u128(2))),
            Route::Exercise(ExerciseId(uuid::Uuid::from_u128(3))),
            Route::Workshops,
            Route::Workshop(WorkshopId(uuid::Uuid::from_u128(2))),
            Route::WorkshopStage(WorkshopId(uuid::Uuid::from_u128(2))),
        ];
        routes.extend(WorkList::ALL.map(Route::Work));
        routes.extend(SettingsTab::ALL.map(Route::Settings));
        for route in routes {
            assert_eq!(Route::parse(&route.hash()), route);
        }
    }

    #[test]
    fn an_address_that_leads_nowhere_leads_to_today() {
        for hash in ["", "#", "#/nowhere", "#/order/not-an-id"] {
            assert_eq!(Route::parse(hash), Route::Today, "{hash}");
        }
    }
}
