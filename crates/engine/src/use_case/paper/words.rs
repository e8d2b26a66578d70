//! The words of printed records, in English and German, each beside the other.

/// A language that paper speaks.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    German,
}

impl Language {
    /// The language of a BCP 47 tag; English for one that is not spoken here.
    pub(crate) fn of_tag(tag: &str) -> Self {
        match tag.split('-').next() {
            Some(primary) if primary.eq_ignore_ascii_case("de") => Self::German,
            _ => Self::English,
        }
    }

    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }
}

macro_rules! words {
    ($($name:ident: $english:literal, $german:literal;)+) => {
        impl Language {
            $(pub(super) fn $name(self) -> &'static str {
                match self {
                    Self::English => $english,
                    Self::German => $german,
                }
            })+
        }

        #[cfg(test)]
        pub(super) const ALL: &[(&str, &str, &str)] = &[$((stringify!($name), $english, $german)),+];
    };
}

words! {
    page: "Page {page} of {pages}", "Seite {page} von {pages}";
    left_out: "and {count} more in the app", "und {count} weitere in der App";
    replaced: "□ stands for a sign that cannot be printed here; the app shows it.", "□ steht für ein Zeichen, das hier nicht gedruckt werden kann; die App zeigt es.";
    labels: "Labels", "Schilder";
    bar: "100 mm – measure it", "100 mm – nachmessen";
    between_corners: "{mm} mm between corners", "{mm} mm zwischen den Ecken";
    board: "Camera board", "Kameratafel";
    board_says: "Print at 100 %, glue it to something flat", "Mit 100 % drucken, auf etwas Ebenes kleben";
    no_photo: "This photo cannot be shown here; it is in the app.", "Dieses Foto kann hier nicht gezeigt werden; es ist in der App.";
    made: "Made {at} on device {device}", "Erstellt {at} auf Gerät {device}";
    yes: "Yes", "Ja";
    no: "No", "Nein";
    nobody: "Nobody", "Niemand";
    erased: "a person whose name was erased", "eine Person, deren Name gelöscht wurde";
    minutes: "{count} min", "{count} min";
    days: "{count} days", "{count} Tage";
    total: "In all", "Zusammen";

    order: "Work order", "Auftrag";
    request: "Request", "Meldung";
    machine: "Machine", "Maschine";
    place: "Place", "Ort";
    part: "Part", "Teil";
    shift: "Shift", "Schicht";
    plan: "Maintenance plan", "Wartungsplan";
    guide: "Guide", "Anleitung";
    revision: "Revision", "Revision";
    revision_stands: "Revision {number}", "Revision {number}";
    written_by: "Written by", "Verfasst von";
    approved_by: "Approved by", "Freigegeben von";
    news: "What is new", "Neu darin";
    check_sum: "Check sum", "Prüfsumme";
    not_approved: "This revision is not approved: do not work by it.", "Diese Revision ist nicht freigegeben: nicht danach arbeiten.";
    warning: "Warning", "Warnung";
    wear: "Wear", "Tragen";
    tools: "Tools", "Werkzeug";
    torque: "Torque", "Drehmoment";
    workshop: "SWOT workshop", "SWOT-Workshop";
    strengths: "Strengths", "Stärken";
    weaknesses: "Weaknesses", "Schwächen";
    opportunities: "Opportunities", "Chancen";
    threats: "Threats", "Risiken";
    held_on: "Held on", "Gehalten am";
    led_by: "Led by", "Geleitet von";
    took_part: "Took part", "Teilgenommen";
    ended: "Ended", "Beendet";
    under_way: "Under way", "Im Gang";
    votes: "Votes", "Stimmen";
    weight: "Weight", "Gewicht";
    rating: "Rating", "Bewertung";
    totals: "Totals", "Summen";
    internal_total: "Inside (IFE)", "Innen (IFE)";
    external_total: "Outside (EFE)", "Außen (EFE)";
    consistency: "Consistency ratio", "Konsistenzwert";
    ties: "Order hangs on the way of weighing", "Reihenfolge hängt von der Art der Gewichtung ab";
    strategies: "Strategies", "Strategien";
    pair: "Out of", "Aus";
    strength_opportunity: "Strengths take opportunities", "Stärken nutzen Chancen";
    strength_threat: "Strengths ward off threats", "Stärken wehren Risiken ab";
    weakness_opportunity: "Opportunities mend weaknesses", "Chancen heilen Schwächen";
    weakness_threat: "Weaknesses kept from threats", "Schwächen vor Risiken schützen";
    inside: "Inside", "Innen";
    outside: "Outside", "Außen";
    frame: "Frame", "Feld";
    score: "Score", "Wert";
    notes_on_board: "Notes on the board", "Zettel am Brett";
    no_notes: "Nothing here.", "Hier steht nichts.";
    no_actions: "No action was agreed.", "Keine Maßnahme vereinbart.";
    made_at: "Made {at}", "Erstellt {at}";
    goes_on: "({slide} of {slides})", "({slide} von {slides})";
    actions: "Actions", "Maßnahmen";
    action_done: "Done", "Erledigt";
    compared_with: "Compared with {title}", "Verglichen mit {title}";
    there_again: "There again", "Wieder dabei";
    new_since: "New", "Neu";
    gone_since: "Gone", "Weggefallen";
    moved_from: "{text} (was under {frame})", "{text} (stand unter {frame})";
    skill: "Skill", "Qualifikation";
    waiting: "Wait", "Warten";
    try_out: "Isolate", "Freischalten";
    try_out_asked: "own try-out that nothing moves", "eigener Versuch, dass sich nichts bewegt";
    tried_out_shown: "tried out; the plant showed {value}", "versucht; die Anlage zeigte {value}";
    tried_out_by_two: "tried out by two people; the plant did not show it", "von zwei Personen versucht; die Anlage zeigte es nicht";
    signature_asked: "signature: {meaning}", "Unterschrift: {meaning}";
    signed_step: "signed, see below", "unterschrieben, siehe unten";

    priority: "Priority", "Priorität";
    emergency: "Emergency", "Notfall";
    high: "High", "Hoch";
    medium: "Medium", "Mittel";
    low: "Low", "Niedrig";
    planned: "Planned", "Geplant";
    released: "Released", "Freigegeben";
    in_progress: "In progress", "In Arbeit";
    on_hold: "On hold", "Unterbrochen";
    completed: "Completed", "Erledigt";
    cancelled: "Cancelled", "Storniert";
    work_kind: "Kind of work", "Art der Arbeit";
    corrective: "Repair", "Instandsetzung";
    preventive: "Planned maintenance", "Wartung";
    inspection: "Inspection", "Inspektion";
    due: "Due", "Fällig";
    planned_start: "Planned start", "Geplanter Beginn";
    planned_time: "Planned time", "Geplante Dauer";
    assignee: "Handed to", "Zugewiesen an";
    created_at: "Written", "Angelegt";
    started_at: "Begun", "Begonnen";
    completed_at: "Completed", "Erledigt";
    number_here: "Number of this device", "Nummer dieses Geräts";
    erp_number: "Number in the ERP", "Nummer im ERP";
    description: "What is to be done", "Was zu tun ist";
    details_pending: "Details are still missing: they are added later.", "Angaben fehlen noch: Sie werden nachgetragen.";
    held_because: "On hold: {reason}", "Unterbrochen: {reason}";
    cancelled_because: "Cancelled: {reason}", "Storniert: {reason}";
    outcome: "What was found and done", "Befund und Maßnahme";
    found: "Found", "Befund";
    done: "Done", "Maßnahme";

    steps: "Checklist", "Prüfschritte";
    step_number: "No.", "Nr.";
    step: "Step", "Schritt";
    expected: "Expected", "Soll";
    recorded: "Recorded", "Ist";
    by_and_when: "By, when", "Wer, wann";
    mandatory: "mandatory", "Pflicht";
    tick: "done", "erledigt";
    pass: "in order", "in Ordnung";
    fail: "not in order: {remark}", "nicht in Ordnung: {remark}";
    beyond: "{value}, outside the limits", "{value}, außerhalb der Grenzen";
    photographed: "photo, see below", "Foto, siehe unten";
    skipped: "left out: {reason}", "ausgelassen: {reason}";
    open_step: "not recorded", "nicht aufgezeichnet";
    photo_asked: "photo", "Foto";
    words_asked: "words", "Text";
    one_of: "one of: {options}", "eines von: {options}";

    labour: "Labour", "Arbeitszeit";
    person: "Person", "Person";
    day: "Day", "Tag";
    time_worked: "Time", "Zeit";
    remark: "Remark", "Bemerkung";
    corrected: "Correction: {reason}", "Korrektur: {reason}";
    parts_used: "Parts used", "Verwendete Teile";
    number: "Number", "Nummer";
    name: "Name", "Bezeichnung";
    quantity: "Quantity", "Menge";
    taken_from: "From", "Von";
    notes: "Notes", "Notizen";
    when: "When", "Wann";
    who: "Who", "Wer";
    note: "Note", "Notiz";
    signatures: "Signatures", "Unterschriften";
    meaning: "Signed for", "Unterschrieben für";
    not_signed: "Nobody has signed this order.", "Diesen Auftrag hat niemand unterschrieben.";
    course: "Course", "Verlauf";
    what: "What", "Was";
    corrections: "Corrections", "Korrekturen";
    before: "Before", "Vorher";
    after: "After", "Nachher";
    why: "Why", "Warum";
    photos: "Photos", "Fotos";
    more_photos: "{count} older photos are in the app.", "{count} ältere Fotos sind in der App.";
    files: "Other files, kept in the app", "Weitere Dateien in der App";
    file: "File", "Datei";
    size: "Size", "Größe";

    raised_at: "Raised", "Gemeldet";
    raised_by: "Raised by", "Gemeldet von";
    machine_down: "Machine stands still", "Maschine steht";
    fault: "What is wrong", "Was nicht stimmt";
    request_new: "New", "Neu";
    request_ordered: "An order was written", "Auftrag erstellt";
    request_declined: "Turned down", "Abgelehnt";
    declined_because: "Turned down: {reason}", "Abgelehnt: {reason}";
    answered_by: "Its order", "Ihr Auftrag";
    answers: "Answers request", "Zur Meldung";

    code: "Code", "Kennzeichen";
    level: "Level", "Ebene";
    enterprise: "Enterprise", "Unternehmen";
    site: "Site", "Standort";
    area: "Area", "Bereich";
    line: "Line", "Linie";
    level_machine: "Machine", "Maschine";
    component: "Component", "Bauteil";
    criticality: "Criticality", "Kritikalität";
    class: "Class", "Art";
    uns_path: "Path in the namespace", "Pfad im Namensraum";
    also_known: "Also known as", "Auch bekannt als";
    tags: "Tags", "Messstellen";
    measuring_point: "Tag", "Messstelle";
    last_value: "Last value", "Letzter Wert";
    usual: "Usual", "Üblich";
    limits: "Limits", "Grenzen";
    state: "State", "Stand";
    tag_normal: "normal", "normal";
    tag_unusual: "unusual", "ungewöhnlich";
    tag_beyond: "outside its limits", "außerhalb der Grenzen";
    tag_stale: "not current", "nicht aktuell";
    tag_bad: "not to be trusted", "nicht verlässlich";
    tag_silent: "never heard", "nie gehört";
    open_orders: "Open orders", "Offene Aufträge";
    closed_orders: "Closed orders, the latest", "Abgeschlossene Aufträge, die letzten";
    no_open_orders: "There is no open order.", "Es gibt keinen offenen Auftrag.";
    requests: "Requests", "Meldungen";
    parts_of_machine: "Parts it uses", "Ersatzteile";
    on_hand: "On stock", "Bestand";
    plans: "Maintenance plans", "Wartungspläne";

    unit: "Unit", "Einheit";
    single_source: "Only one supplier offers it.", "Nur ein Lieferant bietet es an.";
    stock: "Stock", "Bestand";
    location: "Location", "Lagerort";
    bin: "Bin", "Lagerplatz";
    as_of: "As of", "Stand vom";
    suppliers: "Suppliers", "Lieferanten";
    supplier: "Supplier", "Lieferant";
    lead_time: "Lead time", "Lieferzeit";
    price: "Price", "Preis";
    pictures_left_out: "Only the first steps have a picture of the machine here.", "Nur die ersten Schritte haben hier ein Bild der Maschine.";
    where_used: "Where it is used", "Verwendung";
    alternates: "Parts that can take its place", "Ersatzweise verwendbar";

    handed_over: "Handed over by {person} at {at}", "Übergeben von {person} um {at}";
    not_handed_over: "This shift was not handed over.", "Diese Schicht wurde nicht übergeben.";
    read_by: "Read by", "Gelesen von";
    not_read: "not read yet", "noch nicht gelesen";
    time: "Time", "Zeit";
    no_machine: "No machine", "Ohne Maschine";
    only_newest: "So much happened that only the newest is here; the app has all of it.", "Es ist so viel geschehen, dass hier nur das Neueste steht; die App hat alles.";
    nothing_happened: "Nothing happened.", "Nichts geschehen.";
    early: "Early", "Früh";
    late: "Late", "Spät";
    night: "Night", "Nacht";
    begun: "work begun", "Arbeit begonnen";
    held: "interrupted: {reason}", "unterbrochen: {reason}";
    held_for_part: "waits for a part: {reason}", "wartet auf ein Teil: {reason}";
    closed: "completed: {words}", "erledigt: {words}";
    closed_bare: "completed", "erledigt";
    closed_pending: "completed, details still missing", "erledigt, Angaben fehlen noch";
    given_up: "cancelled: {reason}", "storniert: {reason}";
    still_open: "not finished: {status}", "nicht fertig: {status}";
    step_skipped: "step «{step}» left out: {reason}", "Schritt «{step}» ausgelassen: {reason}";
    mandatory_skipped: "mandatory step «{step}» left out: {reason}", "Pflichtschritt «{step}» ausgelassen: {reason}";
    reading_beyond: "«{step}»: {value}, outside the limits", "«{step}»: {value}, außerhalb der Grenzen";
    stands_still: "stands still: {text}", "steht: {text}";
    asked: "request: {text}", "Meldung: {text}";
    plan_raised: "due by its plan", "fällig nach Plan";
    entry_fault: "fault: {text}", "Störung: {text}";
    entry_watch: "keep an eye on it: {text}", "im Auge behalten: {text}";
    entry_safety: "safety: {text}", "Sicherheit: {text}";
    entry_done: "done: {text}", "erledigt: {text}";
    with_file: "{text} (with a photo or voice note)", "{text} (mit Foto oder Sprachnotiz)";
    silent: "{tag} fell silent", "{tag} verstummt";

    rhythm: "Comes round", "Kommt wieder";
    every_day: "every {count} days", "alle {count} Tage";
    every_week: "every {count} weeks", "alle {count} Wochen";
    every_month: "every {count} months", "alle {count} Monate";
    every_year: "every {count} years", "alle {count} Jahre";
    every_meter: "every {amount} of {meter}", "alle {amount} von {meter}";
    first_on: "{rhythm}, first on {day}", "{rhythm}, zuerst am {day}";
    counted: "Counted", "Gezählt";
    fixed: "fixed: by the calendar or meter alone", "fest: nach Kalender oder Zähler allein";
    floating: "floating: from the last time it was done", "gleitend: ab dem letzten Mal";
    lead: "Order is raised", "Auftrag entsteht";
    days_ahead: "{count} days ahead", "{count} Tage vorher";
    meter_ahead: "when {amount} is left", "wenn {amount} übrig sind";
    next_due: "Next due", "Nächste Fälligkeit";
    raised_on: "Next order on", "Nächster Auftrag am";
    last_done: "Last done", "Zuletzt erledigt";
    meter_stands: "Meter stands at", "Zählerstand";
    plan_runs: "Runs", "Läuft";
    plan_ended: "Ended", "Beendet";
    orders_of_plan: "Orders it raised", "Aufträge aus dem Plan";

    after_action: "After-action report", "Auswertung der Übung";
    scenario: "Scenario", "Szenario";
    planned_for: "Planned for", "Geplant für";
    exercise_time: "Exercise time", "Übungszeit";
    objectives: "What it was to show", "Was sie zeigen sollte";
    injects: "Injects", "Einspielungen";
    inject: "Inject", "Einspielung";
    inject_way: "{from} → {to}", "{from} → {to}";
    roles: "Roles", "Rollen";
    role: "Role", "Rolle";
    played_by: "Played by", "Gespielt von";
    course_of_exercise: "What was to happen, and what did", "Was geschehen sollte, und was geschah";
    expected_act: "Expected", "Erwartet";
    act_taken: "What was done", "Was getan wurde";
    met: "Met", "Erfüllt";
    met_as_expected: "as expected", "wie erwartet";
    met_better: "better", "besser";
    met_partly: "partly", "teilweise";
    met_not: "not met", "nicht erfüllt";
    unanswered: "not answered", "nicht beantwortet";
    not_played: "not played", "nicht gespielt";
    gaps: "Gaps", "Lücken";
    decisions: "Decisions", "Entscheidungen";
    went_well: "What went well", "Was gut war";
    to_improve: "To improve", "Zu verbessern";
    improvement_actions: "Improvement actions", "Verbesserungen";
    because_of: "Because of", "Anlass";
    owner: "Owner", "Verantwortlich";
    open_action: "open", "offen";
    done_on: "done {at}", "erledigt {at}";
}

/// Puts a value into its place in a text.
pub(crate) fn filled(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    let mut rest = text;
    // One pass: braces in a value are letters, never places.
    while let Some((before, behind)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, after)) = behind.split_once('}') else {
            out.push('{');
            rest = behind;
            continue;
        };
        if let Some((_, value)) = values.iter().find(|(known, _)| *known == name) {
            out.push_str(value);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The names of the places for values in a text, in order of the alphabet.
#[cfg(test)]
pub(crate) fn places(text: &str) -> Vec<String> {
    let mut names: Vec<String> =
        text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0.to_owned())).collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_places_for_values() {
        for (name, english, german) in ALL {
            assert_eq!(places(english), places(german), "{name}");
            assert!(!english.is_empty() && !german.is_empty(), "{name}");
        }
    }

    #[test]
    fn what_people_wrote_is_never_taken_for_a_place() {
        let filled = filled("{status}: {reason}", &[("status", "{reason}"), ("reason", "a {brace")]);
        assert_eq!(filled, "{reason}: a {brace");
    }

    #[test]
    fn german_in_austria_is_german() {
        assert_eq!(Language::of_tag("de-AT"), Language::German);
        assert_eq!(Language::of_tag("fr"), Language::English);
        assert_eq!(Language::of_tag(""), Language::English);
    }
}
