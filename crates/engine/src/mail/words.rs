//! What e-mails say, in English and German, each beside the other; in the plant's hours.

use millwright_local_db::Session;
use millwright_model::{Priority, TimestampMs, TodayException, WorkOrderOverview};
use uuid::Uuid;

use super::digest::Open;
use super::planning::News;
use crate::EngineError;
use crate::engine::Inner;
use crate::use_case::alert::Asking;
use crate::use_case::date;
use crate::use_case::paper::words::{Language, filled};

/// So many new requests and orders of one transaction are told line by line; the rest is counted.
const LINES_MAX: usize = 20;
/// So many lines of one kind stand in a digest; the rest is counted.
const DIGEST_LINES_MAX: usize = 40;
/// The longest subject, in characters.
const SUBJECT_MAX: usize = 120;
/// The longest of a person's words in one line, in characters.
const WORDS_MAX: usize = 500;

macro_rules! words {
    ($($name:ident: $english:literal, $german:literal;)+) => {
        impl Reader {
            $(fn $name(&self) -> &'static str {
                match self.language {
                    Language::English => $english,
                    Language::German => $german,
                }
            })+
        }

        #[cfg(test)]
        const ALL: &[(&str, &str, &str)] = &[$((stringify!($name), $english, $german)),+];
    };
}

words! {
    emergency: "Emergency", "Notfall";
    high: "High", "Hoch";
    medium: "Medium", "Mittel";
    low: "Low", "Niedrig";
    subject_one: "{priority}: {what}", "{priority}: {what}";
    subject_more: "{priority}: {what} and {count} more", "{priority}: {what} und {count} weitere";
    machine: "Machine: {machine}", "Maschine: {machine}";
    machine_down: "The machine stands still.", "Die Maschine steht.";
    number: "Number: {number}", "Nummer: {number}";
    due: "Due: {when}", "Fällig: {when}";
    more: "and {count} more in the app", "und {count} weitere in der App";
    nobody_took: "Nobody has taken it on: {what}", "Niemand hat es übernommen: {what}";
    nobody_took_since: "Nobody has taken it on since {when}.", "Seit {when} hat es niemand übernommen.";
    why: "Millwright at {plant} writes to this address because it stands among the connections in Settings. Nobody reads answers.", "Millwright ({plant}) schreibt an diese Adresse, weil sie in den Einstellungen unter Verbindungen steht. Antworten liest niemand.";
    digest_subject: "{shift} {day}: {count} open", "{shift} {day}: {count} offen";
    digest_nothing: "Nothing stands open.", "Es steht nichts offen.";
    digest_unread: "{count} of what the last shift handed over has been read by nobody yet.", "{count} aus der letzten Übergabe hat noch niemand gelesen.";
    digest_exceptions: "To be seen to", "Zu klären";
    digest_due: "Due in this shift", "In dieser Schicht fällig";
    early: "Early", "Früh";
    late_shift: "Late", "Spät";
    night: "Night", "Nacht";
    nobody_takes: "Taken on by nobody: {what}", "Von niemandem übernommen: {what}";
    is_late: "Late: {what}", "Überfällig: {what}";
    is_unassigned: "Nobody is to do it: {what}", "Niemand zugeteilt: {what}";
    waits_for_parts: "Waits for parts: {what}", "Wartet auf Teile: {what}";
    is_rejected: "Refused outside: {what}", "Außen abgelehnt: {what}";
    details_later: "Details to follow: {what}", "Angaben fehlen noch: {what}";
    is_override: "Skipped or out of limits: {what}", "Übersprungen oder außerhalb der Grenzen: {what}";
    is_silent: "Silent device: {what}, {count} open orders", "Stilles Gerät: {what}, {count} offene Aufträge";
    workshop_again: "A year ago, to be held again: {what}", "Vor einem Jahr gehalten, wieder an der Zeit: {what}";
    signpost_crossed: "A scenario asks for a look: {what}", "Ein Szenario meldet sich: {what}";
    worked_twice: "Two devices worked on it: {what}", "Zwei Geräte arbeiteten daran: {what}";
    test_subject: "Test from Millwright", "Test von Millwright";
    test_text: "This is a test. It was sent {when} through {host}; e-mails from this plant arrive here.", "Dies ist ein Test. Er wurde {when} über {host} verschickt; E-Mails aus diesem Werk kommen hier an.";
}

/// Who reads, as far as words go.
pub(crate) struct Reader {
    language: Language,
    zone: String,
    plant: String,
}

/// The language of the person who holds this device.
pub(crate) fn holders_language(engine: &Inner) -> String {
    let holder = engine.person().and_then(|person_id| engine.people.get(person_id));
    holder.map(|person| person.language).unwrap_or_default()
}

/// The name of a message, made from `id` at the domain that we write from.
pub(super) fn message_id(id: Uuid, from: &str) -> String {
    let domain = from.rsplit_once('@').map_or("millwright.invalid", |(_, domain)| domain);
    format!("<{}@{domain}>", id.simple())
}

/// What people wrote, on one line and not endless.
fn line(text: &str, max: usize) -> String {
    let words = text.split(|letter: char| letter.is_whitespace() || letter.is_control());
    let line = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    if line.chars().count() <= max {
        return line;
    }
    line.chars().take(max.saturating_sub(1)).chain(['…']).collect()
}

impl Reader {
    /// A reader of `language`; of the plant's where they said none.
    pub(crate) async fn of(session: &mut Session, language: &str) -> Result<Self, EngineError> {
        let settings = crate::settings::kept(session).await?;
        let plant: String = session.setting("plant_name").await?.unwrap_or_default();
        let tag = if language.is_empty() { &settings.language } else { language };
        Ok(Self {
            language: Language::of_tag(tag),
            zone: settings.plant_zone.clone(),
            plant: line(&plant, 80),
        })
    }

    fn priority(&self, priority: Priority) -> &'static str {
        match priority {
            Priority::Emergency => self.emergency(),
            Priority::High => self.high(),
            Priority::Medium => self.medium(),
            Priority::Low => self.low(),
        }
    }

    fn when(&self, at: TimestampMs) -> String {
        let at = date::plant_time(at, &self.zone);
        let minutes = at.time_ms / 60_000;
        format!("{} {:02}:{:02}", at.on, minutes / 60, minutes % 60)
    }

    /// The subject, of the most urgent first.
    pub(super) fn subject_of(&self, news: &[&News]) -> String {
        let Some(first) = news.first() else { return String::new() };
        let what = match &first.machine {
            Some(machine) => format!("{machine} – {}", first.text),
            None => first.text.clone(),
        };
        let (what, count) = (line(&what, SUBJECT_MAX - 40), (news.len() - 1).to_string());
        let places = [("priority", self.priority(first.priority)), ("what", &what), ("count", &count)];
        line(
            &filled(if news.len() == 1 { self.subject_one() } else { self.subject_more() }, &places),
            SUBJECT_MAX,
        )
    }

    /// The text: each with what is needed to act on it.
    pub(super) fn text_of(&self, news: &[&News]) -> String {
        let mut blocks: Vec<String> = news.iter().take(LINES_MAX).map(|news| self.block_of(news)).collect();
        if news.len() > LINES_MAX {
            blocks.push(filled(self.more(), &[("count", &(news.len() - LINES_MAX).to_string())]));
        }
        self.signed(blocks)
    }

    fn block_of(&self, news: &News) -> String {
        let mut lines = vec![format!("{}: {}", self.priority(news.priority), line(&news.text, WORDS_MAX))];
        if let Some(machine) = &news.machine {
            lines.push(filled(self.machine(), &[("machine", &line(machine, WORDS_MAX))]));
        }
        if news.machine_down {
            lines.push(self.machine_down().to_owned());
        }
        if !news.number.is_empty() {
            lines.push(filled(self.number(), &[("number", &news.number)]));
        }
        if let Some(due_at) = news.due_at {
            lines.push(filled(self.due(), &[("when", &self.when(due_at))]));
        }
        lines.join("\n")
    }

    fn signed(&self, mut blocks: Vec<String>) -> String {
        blocks.push(format!("-- \n{}", filled(self.why(), &[("plant", &self.plant)])));
        blocks.join("\n\n")
    }

    /// The subject of what stands open as a shift begins.
    pub(super) fn subject_of_digest(&self, open: &Open) -> String {
        let shift = match open.shift.name.as_str() {
            "Early" => self.early(),
            "Late" => self.late_shift(),
            "Night" => self.night(),
            own => own,
        };
        let (day, count) = (open.shift.starts_on.to_string(), open.count().to_string());
        line(
            &filled(self.digest_subject(), &[("shift", shift), ("day", &day), ("count", &count)]),
            SUBJECT_MAX,
        )
    }

    /// What stands open as a shift begins.
    pub(super) fn text_of_digest(&self, open: &Open) -> String {
        let mut blocks = Vec::new();
        if open.unread > 0 {
            blocks.push(filled(self.digest_unread(), &[("count", &open.unread.to_string())]));
        }
        let exceptions = open.exceptions.iter().map(|exception| self.exception(exception)).collect();
        blocks.extend(self.listed(self.digest_exceptions(), exceptions));
        blocks
            .extend(self.listed(self.digest_due(), open.due.iter().map(|order| self.order(order)).collect()));
        if blocks.is_empty() {
            blocks.push(self.digest_nothing().to_owned());
        }
        self.signed(blocks)
    }

    fn listed(&self, title: &str, lines: Vec<String>) -> Option<String> {
        let left_out = lines.len().saturating_sub(DIGEST_LINES_MAX);
        let mut said: Vec<String> =
            lines.iter().take(DIGEST_LINES_MAX).map(|said| format!("- {}", line(said, WORDS_MAX))).collect();
        if left_out > 0 {
            said.push(filled(self.more(), &[("count", &left_out.to_string())]));
        }
        (!said.is_empty()).then(|| format!("{title}\n{}", said.join("\n")))
    }

    fn order(&self, overview: &WorkOrderOverview) -> String {
        let order = &overview.order;
        let parts = [Some(order.number()), overview.asset_code.as_deref(), Some(order.title.as_str())];
        let mut said = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        if let Some(due_at) = order.due_at {
            said.push_str(&format!(" ({})", filled(self.due(), &[("when", &self.when(due_at))])));
        }
        said
    }

    fn exception(&self, exception: &TodayException) -> String {
        let of = |text: &str, what: &str| filled(text, &[("what", what)]);
        match exception {
            TodayException::NobodyTakes { alert } => {
                let parts =
                    [Some(alert.number.as_str()), alert.asset_code.as_deref(), Some(alert.text.as_str())];
                of(self.nobody_takes(), &parts.into_iter().flatten().collect::<Vec<_>>().join(" · "))
            }
            TodayException::Late { order } => of(self.is_late(), &self.order(order)),
            TodayException::Unassigned { order } => of(self.is_unassigned(), &self.order(order)),
            TodayException::WaitingForParts { order, .. } => of(self.waits_for_parts(), &self.order(order)),
            TodayException::DeliveryRejected { delivery } => of(self.is_rejected(), &delivery.entity_label),
            TodayException::DetailsLater { order } => of(self.details_later(), &self.order(order)),
            TodayException::Override { order, .. } => of(self.is_override(), &self.order(order)),
            TodayException::SilentDevice { name, open_orders, .. } => {
                filled(self.is_silent(), &[("what", name), ("count", &open_orders.to_string())])
            }
            TodayException::SignpostCrossed { scenario, signpost } => {
                of(self.signpost_crossed(), &format!("{} · {}", scenario.name, signpost.signpost.name))
            }
            TodayException::WorkshopAgain { title, .. } => of(self.workshop_again(), title),
            TodayException::WorkedTwice { notice } => {
                of(self.worked_twice(), &format!("{} · {}", notice.number, notice.title))
            }
        }
    }

    /// The first line of what people are called with, of the most urgent first.
    pub(crate) fn title_of_call(&self, calls: &[&Asking]) -> String {
        let Some(first) = calls.first() else { return String::new() };
        let machine = first.machine_name().unwrap_or_else(|| first.number.clone());
        let what = format!("{}: {}", self.priority(first.priority), line(&machine, SUBJECT_MAX));
        if first.stand.rung > 0 { filled(self.nobody_took(), &[("what", &what)]) } else { what }
    }

    /// What people are called with.
    pub(crate) fn text_of_call(&self, calls: &[&Asking]) -> String {
        let Some(first) = calls.first() else { return String::new() };
        let mut lines = vec![line(&first.text, WORDS_MAX)];
        if first.machine_down {
            lines.push(self.machine_down().to_owned());
        }
        if calls.len() > 1 {
            lines.push(filled(self.more(), &[("count", &(calls.len() - 1).to_string())]));
        }
        lines.join("\n")
    }

    /// The subject of what nobody has taken on.
    pub(super) fn subject_of_alert(&self, one: &Asking) -> String {
        let subject = self.subject_of(&[&News::of(one)]);
        line(&filled(self.nobody_took(), &[("what", &subject)]), SUBJECT_MAX)
    }

    /// What nobody has taken on.
    pub(super) fn text_of_alert(&self, one: &Asking) -> String {
        let since = filled(self.nobody_took_since(), &[("when", &self.when(one.stand.since))]);
        self.signed(vec![self.block_of(&News::of(one)), since])
    }

    /// The subject of a test.
    pub(super) fn subject_of_test(&self) -> String {
        self.test_subject().to_owned()
    }

    /// The text of a test.
    pub(super) fn text_of_test(&self, now: TimestampMs, host: &str) -> String {
        let text = filled(self.test_text(), &[("when", &self.when(now)), ("host", host)]);
        self.signed(vec![text])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::use_case::paper::words::places;

    #[test]
    fn both_languages_have_the_same_places_for_values() {
        for (name, english, german) in ALL {
            assert_eq!(places(english), places(german), "{name}");
        }
    }

    #[test]
    fn what_people_wrote_is_one_line_whatever_they_wrote() {
        assert_eq!(line("Seal\r\nBcc: eve@evil.example\u{0}\u{85}x", 80), "Seal Bcc: eve@evil.example x");
        assert_eq!(line("abcdef", 4), "abc…");
    }
}
