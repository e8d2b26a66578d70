//! A maintenance plan as it is being written: what was typed so far, and the plan it makes.

use millwright_model::{
    AssetId, CalendarUnit, CivilDate, MaintenancePlan, MeterSource, PlanMode, PlanRhythm, Priority,
    StepDraft, TagBindingId,
};

use crate::figure;

/// What a plan comes round by.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum PlanBy {
    /// The calendar.
    #[default]
    Calendar,
    /// A tag that counts.
    Tag,
    /// A meter that people read.
    Reading,
}

impl PlanBy {
    /// All of them, in the order shown.
    pub(crate) const ALL: [Self; 3] = [Self::Calendar, Self::Tag, Self::Reading];

    /// Its name in tests.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Calendar => "calendar",
            Self::Tag => "tag",
            Self::Reading => "reading",
        }
    }
}

/// What was typed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TypedPlan {
    /// One line of what is to be done.
    pub(crate) title: String,
    /// Its checklist.
    pub(crate) steps: Vec<StepDraft>,
    /// How urgent its orders are.
    pub(crate) priority: Priority,
    /// What it comes round by.
    pub(crate) by: PlanBy,
    /// By the calendar: every so many …
    pub(crate) every: i64,
    /// … of these.
    pub(crate) unit: CalendarUnit,
    /// The first day it is due.
    pub(crate) first_due: CivilDate,
    /// By a meter: every so much.
    pub(crate) every_meter: String,
    /// Where the counting begins.
    pub(crate) counted_from: String,
    /// The order is raised when so much is left.
    pub(crate) ahead: String,
    /// The tag that counts.
    pub(crate) tag_binding_id: Option<TagBindingId>,
    /// What is read.
    pub(crate) meter_name: String,
    /// Its unit.
    pub(crate) meter_unit: String,
    /// What the next occasion is counted from.
    pub(crate) mode: PlanMode,
    /// The lead in days.
    pub(crate) lead_days: i64,
}

impl TypedPlan {
    /// An empty form, first due on `first_due`.
    pub(crate) fn empty(first_due: CivilDate) -> Self {
        Self {
            title: String::new(),
            steps: Vec::new(),
            priority: Priority::Medium,
            by: PlanBy::Calendar,
            every: 1,
            unit: CalendarUnit::Month,
            first_due,
            every_meter: String::new(),
            counted_from: String::new(),
            ahead: String::new(),
            tag_binding_id: None,
            meter_name: String::new(),
            meter_unit: String::new(),
            mode: PlanMode::Fixed,
            lead_days: 3,
        }
    }

    /// The form of a plan that is changed.
    pub(crate) fn of(plan: &MaintenancePlan, today: CivilDate) -> Self {
        let mut typed = Self {
            title: plan.title.clone(),
            steps: plan.steps.clone(),
            priority: plan.priority,
            mode: plan.mode,
            lead_days: plan.lead_days,
            ..Self::empty(today)
        };
        match &plan.rhythm {
            PlanRhythm::Calendar { every, unit, first_due } => {
                (typed.every, typed.unit, typed.first_due) = (*every, *unit, *first_due);
            }
            PlanRhythm::Meter { every, source, counted_from, ahead } => {
                typed.every_meter = figure::plain(*every);
                typed.counted_from = figure::plain(*counted_from);
                typed.ahead = figure::plain(*ahead);
                match source {
                    MeterSource::Tag { tag_binding_id } => {
                        typed.by = PlanBy::Tag;
                        typed.tag_binding_id = Some(*tag_binding_id);
                    }
                    MeterSource::Reading { name, unit } => {
                        typed.by = PlanBy::Reading;
                        typed.meter_name = name.clone();
                        typed.meter_unit = figure::unit(unit);
                    }
                }
            }
        }
        typed
    }

    /// The plan, once everything it needs is there. What is changed keeps what the form does not ask for.
    pub(crate) fn plan(
        &self,
        asset_id: AssetId,
        before: Option<&MaintenancePlan>,
    ) -> Option<MaintenancePlan> {
        let title = self.title.trim();
        if title.is_empty() {
            return None;
        }
        let rhythm = match self.by {
            PlanBy::Calendar => {
                PlanRhythm::Calendar { every: self.every, unit: self.unit, first_due: self.first_due }
            }
            PlanBy::Tag => self.meter(MeterSource::Tag { tag_binding_id: self.tag_binding_id? })?,
            PlanBy::Reading => {
                let (name, unit) = (self.meter_name.trim(), self.meter_unit.trim());
                if name.is_empty() || unit.is_empty() {
                    return None;
                }
                self.meter(MeterSource::Reading { name: name.to_owned(), unit: figure::unit_code(unit) })?
            }
        };
        Some(MaintenancePlan {
            maintenance_plan_id: before.map(|plan| plan.maintenance_plan_id).unwrap_or_default(),
            asset_id,
            title: title.to_owned(),
            steps: self.steps.clone(),
            priority: self.priority,
            planned_minutes: before.and_then(|plan| plan.planned_minutes),
            rhythm,
            mode: self.mode,
            lead_days: self.lead_days,
            last_done_at: before.and_then(|plan| plan.last_done_at),
            ended_at: None,
        })
    }

    fn meter(&self, source: MeterSource) -> Option<PlanRhythm> {
        let number_or_zero = |typed: &str| {
            if typed.trim().is_empty() { Some(0.0) } else { figure::typed_number(typed) }
        };
        let every = figure::typed_number(&self.every_meter).filter(|every| *every > 0.0)?;
        let ahead = number_or_zero(&self.ahead).filter(|ahead| (0.0..every).contains(ahead))?;
        Some(PlanRhythm::Meter { every, source, counted_from: number_or_zero(&self.counted_from)?, ahead })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> TypedPlan {
        TypedPlan { title: " Grease ".to_owned(), ..TypedPlan::empty(CivilDate::from_days(20_000)) }
    }

    #[test]
    fn a_plan_is_made_once_everything_is_there() {
        let asset_id = AssetId::default();
        assert_eq!(TypedPlan { title: " ".to_owned(), ..typed() }.plan(asset_id, None), None);
        assert_eq!(typed().plan(asset_id, None).map(|plan| plan.title).as_deref(), Some("Grease"));
        let tag = TypedPlan { by: PlanBy::Tag, every_meter: "500".to_owned(), ..typed() };
        assert_eq!(tag.plan(asset_id, None), None, "no tag is chosen");
        let chosen = TypedPlan { tag_binding_id: Some(TagBindingId::default()), ..tag };
        assert!(chosen.plan(asset_id, None).is_some(), "what is left empty is nought");
        for (every, ahead) in [("", ""), ("0", ""), ("-5", ""), ("500", "500"), ("500", "-1"), ("x", "")] {
            let unfit =
                TypedPlan { every_meter: every.to_owned(), ahead: ahead.to_owned(), ..chosen.clone() };
            assert_eq!(unfit.plan(asset_id, None), None, "«{every}», «{ahead}»");
        }
    }

    #[test]
    fn what_is_changed_keeps_what_the_form_does_not_ask_for() {
        let by_hand = TypedPlan {
            by: PlanBy::Reading,
            every_meter: "250.5".to_owned(),
            counted_from: "10".to_owned(),
            ahead: "5".to_owned(),
            meter_name: "Operating hours".to_owned(),
            meter_unit: "h".to_owned(),
            ..typed()
        };
        let mut plan = by_hand.plan(AssetId::default(), None).unwrap();
        plan.planned_minutes = Some(30);
        let again = TypedPlan::of(&plan, CivilDate::from_days(20_000));
        assert_eq!(again, TypedPlan { title: "Grease".to_owned(), ..by_hand });
        assert_eq!(again.plan(plan.asset_id, Some(&plan)), Some(plan));
    }
}
