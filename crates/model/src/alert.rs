//! Alerts: what is urgent and nobody has taken on, who hears of it when, and what people say on it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{AssetId, DeviceId, PersonId, PersonRole, Priority, RequestId, TimestampMs, WorkOrderId};

const MINUTE_MS: i64 = 60_000;

/// The request or order that something is about.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum AlertSubject {
    /// A request.
    Request(RequestId),
    /// An order.
    WorkOrder(WorkOrderId),
}

impl AlertSubject {
    /// Its id.
    pub fn id(self) -> Uuid {
        match self {
            Self::Request(request_id) => request_id.0,
            Self::WorkOrder(work_order_id) => work_order_id.0,
        }
    }
}

/// That a person took something on that asked for somebody.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// Who.
    pub by: PersonId,
    /// On which device.
    pub on: DeviceId,
    /// When, by that device's clock.
    pub at: TimestampMs,
}

/// That a person passed something on that asks for somebody.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassedOn {
    /// Who.
    pub by: PersonId,
    /// On which device.
    pub on: DeviceId,
    /// When, by that device's clock.
    pub at: TimestampMs,
    /// To whom; nothing for whoever is next in line.
    pub to: Option<PersonId>,
    /// What they said about it; may be empty.
    pub word: String,
}

/// Who hears of an alert on a rung.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "ids", rename_all = "snake_case")]
pub enum AlertAudience {
    /// Whoever holds a device, and a device that nobody holds.
    #[default]
    Everyone,
    /// Who sees to the work of all.
    Supervisors,
    /// These people.
    People(Vec<PersonId>),
}

impl AlertAudience {
    /// Whether it is somebody who holds a device; nothing where nobody does.
    pub fn includes(&self, holder: Option<(PersonId, PersonRole)>) -> bool {
        match (self, holder) {
            (Self::Everyone, _) => true,
            (Self::Supervisors, Some((_, role))) => role == PersonRole::Supervisor,
            (Self::People(people), Some((person_id, _))) => people.contains(&person_id),
            (Self::Supervisors | Self::People(_), None) => false,
        }
    }
}

/// One rung: after so many minutes in which nobody took it on, these people hear of it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlertRung {
    /// After how many minutes.
    pub after_minutes: u32,
    /// Who.
    pub who: AlertAudience,
}

impl AlertRung {
    fn after_ms(&self) -> i64 {
        i64::from(self.after_minutes) * MINUTE_MS
    }
}

/// What counts as an alert, and who hears of it when.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AlertLadder {
    /// Requests and orders from this priority up; nothing where there are to be no alerts.
    pub from_priority: Option<Priority>,
    /// Orders that the ERP makes count, too.
    pub erp_orders: bool,
    /// The rungs, from the first that is heard; the first is heard at once.
    pub rungs: Vec<AlertRung>,
}

impl Default for AlertLadder {
    /// What works with nobody setting it up: at once, and once more after ten minutes.
    fn default() -> Self {
        let rung = |after_minutes| AlertRung { after_minutes, who: AlertAudience::Everyone };
        Self { from_priority: Some(Priority::High), erp_orders: false, rungs: vec![rung(0), rung(10)] }
    }
}

/// How an alert stands.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct AlertStand {
    /// Since when it asks, as far as the clocks can be believed.
    pub since: TimestampMs,
    /// The rung it stands on, from 0.
    pub rung: usize,
    /// For how long it counts as not taken on: at least as long as its rung wants.
    pub waited_ms: i64,
    /// The person to whom it was passed on and who has not had the time of a rung yet.
    pub asks: Option<PersonId>,
}

impl AlertLadder {
    /// What was raised longer ago stands in lists and asks nobody: a tablet that was away for days wakes nobody.
    pub const ALERT_FOR_MS: i64 = 24 * 3_600_000;
    /// The most rungs.
    pub const RUNGS_MAX: usize = 8;

    /// The ladder with what could not work set right: a first rung that is heard at once, the others after it in order
    /// and while it is still an alert; a rung on which nobody stands is the supervisors'.
    pub fn set_right(mut self) -> Self {
        self.rungs.truncate(Self::RUNGS_MAX);
        let last_min = (Self::ALERT_FOR_MS / MINUTE_MS) as u32 - 1;
        for rung in &mut self.rungs {
            rung.after_minutes = rung.after_minutes.min(last_min);
            if rung.who == AlertAudience::People(Vec::new()) {
                rung.who = AlertAudience::Supervisors;
            }
        }
        self.rungs.sort_by_key(|rung| rung.after_minutes);
        match self.rungs.first_mut() {
            Some(first) => first.after_minutes = 0,
            None => self.rungs = Self::default().rungs,
        }
        self
    }

    /// How something stands that was raised at `raised_at` by its device's clock, was first heard of here at `heard_at`
    /// by ours, and that nobody has taken on; nothing once it is too old to ask anybody.
    ///
    /// A clock may be wrong: what says that it was raised after it was heard of, or before there were such devices,
    /// counts from when it was heard of.
    pub fn stand(
        &self,
        raised_at: TimestampMs,
        heard_at: TimestampMs,
        passed_on: Option<&PassedOn>,
        now: TimestampMs,
    ) -> Option<AlertStand> {
        let heard_at = heard_at.min(now);
        let believable = (TimestampMs::PLAUSIBLE_MIN..=heard_at).contains(&raised_at);
        let since = if believable { raised_at } else { heard_at };
        let age_ms = now.since_ms(since);
        if age_ms > Self::ALERT_FOR_MS {
            return None;
        }
        let last = self.rungs.len().saturating_sub(1);
        let by_time = AlertStand { since, rung: self.rung_after(age_ms), waited_ms: age_ms, asks: None };
        let Some(passed_on) = passed_on else { return Some(by_time) };
        let passed_at = passed_on.at.clamp(since, now);
        if passed_on.to.is_some() {
            // Whoever it was passed to has the time of the rungs anew; then it goes on as for anybody.
            let waited_ms = now.since_ms(passed_at);
            let rung = self.rung_after(waited_ms);
            let asks = passed_on.to.filter(|_| rung == 0);
            return Some(AlertStand { since, rung, waited_ms, asks });
        }
        let next = (self.rung_after(passed_at.since_ms(since)) + 1).min(last);
        let rung = by_time.rung.max(next);
        let reached_ms = self.rungs.get(rung).map_or(0, AlertRung::after_ms);
        Some(AlertStand { rung, waited_ms: age_ms.max(reached_ms), ..by_time })
    }

    /// The rung that is reached after so long.
    fn rung_after(&self, waited_ms: i64) -> usize {
        self.rungs.iter().rposition(|rung| rung.after_ms() <= waited_ms).unwrap_or_default()
    }

    /// Whether an alert that stands so is shown to somebody who holds a device: it was, or is, theirs to hear.
    pub fn is_shown_to(&self, stand: &AlertStand, holder: Option<(PersonId, PersonRole)>) -> bool {
        let asked = stand.asks.is_some() && stand.asks == holder.map(|(person_id, _)| person_id);
        asked || self.rungs.iter().take(stand.rung + 1).any(|rung| rung.who.includes(holder))
    }

    /// Whether somebody who holds a device is called now: they are on the rung that was reached, or it was passed to
    /// them.
    pub fn calls(&self, stand: &AlertStand, holder: Option<(PersonId, PersonRole)>) -> bool {
        match stand.asks {
            Some(asked) => holder.is_some_and(|(person_id, _)| person_id == asked),
            None => self.rungs.get(stand.rung).is_some_and(|rung| rung.who.includes(holder)),
        }
    }
}

/// Something urgent that asks for somebody, as screens show it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlertView {
    /// What it is about.
    pub about: AlertSubject,
    /// How urgent it is.
    pub priority: Priority,
    /// The number that people see.
    pub number: String,
    /// What is wrong or to be done.
    pub text: String,
    /// The machine.
    pub asset_id: Option<AssetId>,
    /// What the plant calls the machine.
    pub asset_code: Option<String>,
    /// What the machine is.
    pub asset_name: Option<String>,
    /// Whether the machine stands still.
    pub machine_down: bool,
    /// Since when it asks.
    pub since: TimestampMs,
    /// The rung it stands on, from 0: above that it was passed on since nobody took it.
    pub rung: u32,
    /// Who passed it on to whom, and what they said.
    pub passed_on: Option<PassedOnView>,
    /// Whether it was passed on to the person who holds this device.
    pub asks_you: bool,
}

/// Who passed something on.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassedOnView {
    /// Who.
    pub by_name: Option<String>,
    /// Whether it went to somebody by name, and not to whoever is next in line.
    pub to_person: bool,
    /// To whom.
    pub to_name: Option<String>,
    /// When.
    pub at: TimestampMs,
    /// What they said about it; may be empty.
    pub word: String,
}

/// Whether this device can show notifications of its system.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "bell", rename_all = "snake_case")]
pub enum Bell {
    /// No window is open that could.
    #[default]
    NotHere,
    /// It can, as far as is known.
    Ready,
    /// The system shows none.
    Broken {
        /// What the system said.
        said: String,
    },
}

/// What asks for somebody.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AlertsView {
    /// The most urgent first, at most [`AlertsView::ALERTS_MAX`].
    pub alerts: Vec<AlertView>,
    /// Whether this device can show notifications of its system.
    pub bell: Bell,
    /// What counts as an alert here, and who hears of it when: in a team as the node says.
    pub ladder: AlertLadder,
}

impl AlertsView {
    /// What is shown at most: more is no alert any more, and stands in lists.
    pub const ALERTS_MAX: usize = 100;
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: TimestampMs = TimestampMs(1_795_435_200_000);
    const DAY_MIN: i64 = 24 * 60;

    fn minute(minute: i64) -> TimestampMs {
        NOON.plus_ms(minute * MINUTE_MS)
    }

    fn person(number: u128) -> PersonId {
        PersonId(Uuid::from_u128(number))
    }

    fn passed(at_min: i64, to: Option<PersonId>) -> PassedOn {
        PassedOn { by: person(1), on: DeviceId::default(), at: minute(at_min), to, word: String::new() }
    }

    /// The default ladder with supervisors after half an hour.
    fn ladder() -> AlertLadder {
        let mut ladder = AlertLadder::default();
        ladder.rungs.push(AlertRung { after_minutes: 30, who: AlertAudience::Supervisors });
        ladder
    }

    #[test]
    fn a_rung_is_reached_when_its_minutes_have_passed_and_a_day_later_nobody_is_asked() {
        for (waited_min, rung) in [
            (0, Some(0)),
            (9, Some(0)),
            (10, Some(1)),
            (29, Some(1)),
            (30, Some(2)),
            (DAY_MIN, Some(2)),
            (DAY_MIN + 1, None),
        ] {
            let stand = ladder().stand(NOON, NOON, None, minute(waited_min));
            assert_eq!(stand.map(|stand| stand.rung), rung, "after {waited_min} minutes");
        }
    }

    #[test]
    fn a_clock_that_is_wrong_makes_it_ring_neither_for_ever_nor_never() {
        let years_ms = 10 * 365 * 86_400_000;
        for (clock, raised_at) in [("ahead", NOON.plus_ms(years_ms)), ("reset", TimestampMs(0))] {
            let stand = |minutes| ladder().stand(raised_at, NOON, None, minute(minutes));
            assert_eq!(stand(0).map(|stand| (stand.rung, stand.since)), Some((0, NOON)), "{clock}");
            assert_eq!(stand(10).map(|stand| stand.rung), Some(1), "{clock}");
            assert_eq!(stand(DAY_MIN + 1), None, "{clock}");
        }
        // Our own clock was set back since.
        let stand = ladder().stand(minute(60), minute(60), None, NOON).unwrap();
        assert_eq!((stand.since, stand.rung, stand.waited_ms), (NOON, 0, 0));
    }

    #[test]
    fn next_in_line_hears_at_once_and_the_ladder_goes_on_from_there() {
        for (passed_min, now_min, rung) in [(2, 2, 1), (2, 29, 1), (2, 30, 2), (12, 12, 2), (40, 41, 2)] {
            let stand = ladder().stand(NOON, NOON, Some(&passed(passed_min, None)), minute(now_min)).unwrap();
            assert_eq!((stand.rung, stand.asks), (rung, None), "passed at {passed_min}, now {now_min}");
        }
        let stand = ladder().stand(NOON, NOON, Some(&passed(2, None)), minute(2)).unwrap();
        assert_eq!(stand.waited_ms, 10 * MINUTE_MS, "who hears after ten minutes hears now");
    }

    #[test]
    fn whoever_it_was_passed_to_has_ten_minutes_of_their_own() {
        let to = person(7);
        let stand =
            |now_min| ladder().stand(NOON, NOON, Some(&passed(8, Some(to))), minute(now_min)).unwrap();
        assert_eq!((stand(8).rung, stand(8).asks), (0, Some(to)));
        assert_eq!((stand(17).rung, stand(17).asks), (0, Some(to)));
        assert_eq!((stand(18).rung, stand(18).asks), (1, None));
        let (seven, eight) = ((to, PersonRole::Technician), (person(8), PersonRole::Technician));
        assert!(ladder().calls(&stand(8), Some(seven)) && !ladder().calls(&stand(8), Some(eight)));
        assert!(ladder().calls(&stand(18), Some(eight)));
    }

    #[test]
    fn who_is_called_is_who_stands_on_the_rung() {
        let stand = |minutes| ladder().stand(NOON, NOON, None, minute(minutes)).unwrap();
        let technician = Some((person(1), PersonRole::Technician));
        let supervisor = Some((person(2), PersonRole::Supervisor));
        for (minutes, holder, called) in [
            (0, technician, true),
            (0, supervisor, true),
            (0, None, true),
            (30, technician, false),
            (30, supervisor, true),
            (30, None, false),
        ] {
            assert_eq!(ladder().calls(&stand(minutes), holder), called, "{minutes} {holder:?}");
            assert!(ladder().is_shown_to(&stand(minutes), holder), "who was called once goes on seeing it");
        }
    }

    #[test]
    fn what_could_not_work_is_set_right() {
        let rung = |after_minutes| AlertRung { after_minutes, who: AlertAudience::Everyone };
        let odd = AlertLadder { rungs: vec![rung(90_000), rung(5)], ..AlertLadder::default() };
        let minutes =
            |ladder: &AlertLadder| ladder.rungs.iter().map(|rung| rung.after_minutes).collect::<Vec<_>>();
        assert_eq!(minutes(&odd.set_right()), [0, 1_439]);
        let empty = AlertLadder { rungs: vec![], ..AlertLadder::default() };
        assert_eq!(minutes(&empty.set_right()), [0, 10]);
        let nobody = AlertRung { after_minutes: 0, who: AlertAudience::People(vec![]) };
        let nobody = AlertLadder { rungs: vec![nobody], ..AlertLadder::default() };
        assert_eq!(nobody.set_right().rungs[0].who, AlertAudience::Supervisors, "a rung calls somebody");
    }
}
