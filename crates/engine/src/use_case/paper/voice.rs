//! How printed records say moments, numbers and the closed lists of the domain.

use millwright_model::*;

use super::words::{Language, filled};
use crate::use_case::date;

/// A language and the plant's clock.
#[derive(Clone)]
pub(in crate::use_case) struct Voice {
    pub(in crate::use_case) language: Language,
    pub(in crate::use_case) zone: String,
}

impl Voice {
    /// A day and time by the plant's clock, with the year: paper is read years later.
    pub(in crate::use_case) fn moment(&self, at: TimestampMs) -> String {
        let said = date::plant_time(at, &self.zone);
        format!("{} {}", self.day(said.on), clock(said.time_ms / 60_000))
    }

    pub(in crate::use_case) fn moment_or_none(&self, at: Option<TimestampMs>) -> Option<String> {
        at.map(|at| self.moment(at))
    }

    /// The time of day by the plant's clock.
    pub(super) fn time(&self, at: TimestampMs) -> String {
        clock(date::plant_time(at, &self.zone).time_ms / 60_000)
    }

    pub(in crate::use_case) fn day(&self, day: CivilDate) -> String {
        let (year, month, of_month) = day.ymd();
        match self.language {
            Language::English => day.to_string(),
            Language::German => format!("{of_month:02}.{month:02}.{year:04}"),
        }
    }

    /// A number as the language writes it.
    pub(in crate::use_case) fn number(&self, number: f64) -> String {
        self.decimal(&number.to_string())
    }

    fn decimal(&self, text: &str) -> String {
        match self.language {
            Language::English => text.to_owned(),
            Language::German => text.replace('.', ","),
        }
    }

    pub(super) fn with_unit(&self, number: f64, unit: &str) -> String {
        format!("{} {unit}", self.number(number)).trim_end().to_owned()
    }

    pub(super) fn quantity(&self, quantity: &Quantity) -> String {
        format!("{} {}", self.decimal(&quantity.decimal()), quantity.unit).trim_end().to_owned()
    }

    pub(super) fn minutes(&self, minutes: i64) -> String {
        filled(self.language.minutes(), &[("count", &minutes.to_string())])
    }

    pub(super) fn price(&self, hundredths: i64, currency: &str) -> String {
        let sign = if hundredths < 0 { "-" } else { "" };
        let magnitude = hundredths.unsigned_abs();
        let number = format!("{sign}{}.{:02}", magnitude / 100, magnitude % 100);
        format!("{} {currency}", self.decimal(&number)).trim_end().to_owned()
    }

    /// What lies between two limits.
    pub(super) fn between(&self, low: Option<f64>, high: Option<f64>, unit: &str) -> String {
        match (low, high) {
            (Some(low), Some(high)) => {
                format!("{} \u{2013} {}", self.number(low), self.with_unit(high, unit))
            }
            (Some(low), None) => format!("\u{2265} {}", self.with_unit(low, unit)),
            (None, Some(high)) => format!("\u{2264} {}", self.with_unit(high, unit)),
            (None, None) => unit.to_owned(),
        }
    }

    pub(super) fn value(&self, value: &Value, unit: &str) -> String {
        match value {
            Value::Float(number) => self.with_unit((number * 1e6).round() / 1e6, unit),
            Value::Int(number) => format!("{number} {unit}").trim_end().to_owned(),
            Value::Bool(flag) => self.yes_or_no(*flag).to_owned(),
            Value::Text(text) => text.clone(),
        }
    }

    pub(super) fn yes_or_no(&self, flag: bool) -> &'static str {
        if flag { self.language.yes() } else { self.language.no() }
    }

    /// A person by the name that is known here.
    pub(super) fn person(&self, name: Option<&str>) -> String {
        name.unwrap_or(self.language.erased()).to_owned()
    }

    pub(super) fn priority(&self, priority: Priority) -> &'static str {
        match priority {
            Priority::Emergency => self.language.emergency(),
            Priority::High => self.language.high(),
            Priority::Medium => self.language.medium(),
            Priority::Low => self.language.low(),
        }
    }

    pub(super) fn status(&self, status: WorkOrderStatus) -> &'static str {
        match status {
            WorkOrderStatus::Planned => self.language.planned(),
            WorkOrderStatus::Released => self.language.released(),
            WorkOrderStatus::InProgress => self.language.in_progress(),
            WorkOrderStatus::OnHold => self.language.on_hold(),
            WorkOrderStatus::Completed => self.language.completed(),
            WorkOrderStatus::Cancelled => self.language.cancelled(),
        }
    }

    pub(super) fn work_kind(&self, kind: WorkKind) -> &'static str {
        match kind {
            WorkKind::Corrective => self.language.corrective(),
            WorkKind::Preventive => self.language.preventive(),
            WorkKind::Inspection => self.language.inspection(),
        }
    }

    pub(super) fn level(&self, level: AssetLevel) -> &'static str {
        match level {
            AssetLevel::Enterprise => self.language.enterprise(),
            AssetLevel::Site => self.language.site(),
            AssetLevel::Area => self.language.area(),
            AssetLevel::Line => self.language.line(),
            AssetLevel::Machine => self.language.level_machine(),
            AssetLevel::Component => self.language.component(),
        }
    }

    pub(super) fn condition(&self, condition: TagCondition) -> &'static str {
        match condition {
            TagCondition::Normal => self.language.tag_normal(),
            TagCondition::Unusual => self.language.tag_unusual(),
            TagCondition::BeyondLimit => self.language.tag_beyond(),
            TagCondition::Stale => self.language.tag_stale(),
            TagCondition::NotGood => self.language.tag_bad(),
            TagCondition::Silent => self.language.tag_silent(),
        }
    }

    pub(super) fn request_status(&self, status: RequestStatus) -> &'static str {
        match status {
            RequestStatus::New => self.language.request_new(),
            RequestStatus::Ordered => self.language.request_ordered(),
            RequestStatus::Declined => self.language.request_declined(),
        }
    }

    /// What a shift is called: those that come with the app in the language, the plant's own as they are.
    pub(super) fn shift_name(&self, name: &str) -> String {
        match name {
            "Early" => self.language.early().to_owned(),
            "Late" => self.language.late().to_owned(),
            "Night" => self.language.night().to_owned(),
            own => own.to_owned(),
        }
    }

    pub(super) fn occasion(&self, due: OccasionDue, unit: &str) -> String {
        match due {
            OccasionDue::Day(day) => self.day(day),
            OccasionDue::Meter(stand) => self.with_unit(stand, unit),
        }
    }

    pub(super) fn size(&self, bytes: i64) -> String {
        format!("{} kB", (bytes.max(0) as u64).div_ceil(1000))
    }
}

/// A time of day in minutes since midnight.
pub(super) fn clock(minutes: i64) -> String {
    format!("{:02}:{:02}", minutes.div_euclid(60), minutes.rem_euclid(60))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn voice(language: Language) -> Voice {
        Voice { language, zone: "Europe/Berlin".to_owned() }
    }

    #[test]
    fn moments_are_those_of_the_plants_clock() {
        let at = TimestampMs(1_795_476_600_000);
        assert_eq!(voice(Language::German).moment(at), "24.11.2026 00:30");
        assert_eq!(voice(Language::English).moment(at), "2026-11-24 00:30");
    }

    #[test]
    fn numbers_are_written_as_the_language_writes_them() {
        let german = voice(Language::German);
        assert_eq!(german.between(Some(0.5), Some(2.0), "mm/s"), "0,5 – 2 mm/s");
        assert_eq!(german.between(None, Some(0.05), "mm"), "≤ 0,05 mm");
        assert_eq!(german.price(123_450, "EUR"), "1234,50 EUR");
        assert_eq!(voice(Language::English).price(-5, "EUR"), "-0.05 EUR");
    }
}
