//! The page that a guest's browser shows: one file each of HTML, script and style, and its words in both languages.

use std::collections::BTreeMap;

use crate::use_case::paper::words::Language;

pub(super) const SCRIPT: &str = include_str!("page.js");
pub(super) const STYLE: &str = include_str!("page.css");
const HTML: &str = include_str!("page.html");

/// Nothing but this door's own script and style, and talks with nobody else.
pub(super) const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Words by their names, in English and German.
const WORDS: &[(&str, &str, &str)] = &[
    ("guest", "Guest {number}", "Gast {number}"),
    ("enter_title", "Take part in the workshop", "Am Workshop teilnehmen"),
    ("enter_code", "Code from the facilitator's screen", "Code vom Bildschirm der Moderation"),
    ("enter", "Come in", "Eintreten"),
    (
        "enter_note",
        "What is written here goes unencrypted over this network. No name is asked for.",
        "Was hier geschrieben wird, geht unverschlüsselt durch dieses Netz. Nach keinem Namen wird gefragt.",
    ),
    ("strengths", "Strengths", "Stärken"),
    ("weaknesses", "Weaknesses", "Schwächen"),
    ("opportunities", "Opportunities", "Chancen"),
    ("threats", "Threats", "Risiken"),
    (
        "collect",
        "Write: only you see your notes until they are revealed",
        "Schreiben: bis zum Aufdecken sehen nur Sie Ihre Notizen",
    ),
    ("reveal", "Read what all wrote", "Lesen, was alle geschrieben haben"),
    ("cluster", "Notes are put together", "Notizen werden geordnet"),
    ("vote", "Give your votes", "Stimmen vergeben"),
    ("weigh", "Weigh the short list", "Die engere Auswahl gewichten"),
    ("pair", "Items are paired", "Punkte werden gepaart"),
    ("act", "Actions are agreed on", "Maßnahmen werden vereinbart"),
    ("note_new", "New note", "Neue Notiz"),
    ("add", "Add", "Hinzufügen"),
    ("save", "Save", "Speichern"),
    ("change", "Change", "Ändern"),
    ("take_back", "Take back", "Zurücknehmen"),
    ("mine", "yours", "von Ihnen"),
    ("empty", "Nothing here yet.", "Hier steht noch nichts."),
    ("locked_frame", "Locked", "Gesperrt"),
    ("votes_left", "{count} votes left", "Noch {count} Stimmen"),
    ("vote_more", "One vote more for {what}", "Eine Stimme mehr für {what}"),
    ("vote_less", "One vote less for {what}", "Eine Stimme weniger für {what}"),
    ("votes", "{count} votes", "{count} Stimmen"),
    (
        "points_hint",
        "Share out 100 points in each half. {left} left.",
        "Je Hälfte 100 Punkte verteilen. Noch {left}.",
    ),
    ("points_for", "Points for {what}", "Punkte für {what}"),
    ("internal", "Strengths and weaknesses", "Stärken und Schwächen"),
    ("external", "Opportunities and threats", "Chancen und Risiken"),
    ("rank_hint", "The most important first.", "Das Wichtigste zuerst."),
    ("rank_up", "Move up: {what}", "Nach oben: {what}"),
    (
        "pairs_hint",
        "Pairs are judged at the facilitator's device.",
        "Paare werden am Gerät der Moderation beurteilt.",
    ),
    ("nothing_listed", "Nothing is on the short list.", "Nichts steht auf der engeren Auswahl."),
    ("ended", "The workshop has ended. Thank you.", "Der Workshop ist zu Ende. Danke."),
    (
        "shut",
        "The door for guests is shut. What you wrote is kept.",
        "Die Tür für Gäste ist zu. Was Sie geschrieben haben, ist aufgehoben.",
    ),
    (
        "away",
        "No connection. It is tried again by itself; what you wrote is still in the field.",
        "Keine Verbindung. Es wird von selbst neu versucht; was Sie geschrieben haben, steht noch im Feld.",
    ),
    (
        "why_code",
        "This code is used up or too old. Ask for a new one.",
        "Dieser Code ist verbraucht oder zu alt. Bitten Sie um einen neuen.",
    ),
    (
        "why_stranger",
        "This browser has to come in again: ask for a new code.",
        "Dieser Browser muss neu eintreten: Bitten Sie um einen neuen Code.",
    ),
    (
        "why_too_often",
        "Too fast. Wait a moment and try again.",
        "Zu schnell. Warten Sie einen Moment und versuchen Sie es noch einmal.",
    ),
    ("why_not_now", "The workshop has gone on meanwhile.", "Der Workshop ist inzwischen weiter."),
    ("why_locked", "This part of the board is locked.", "Dieser Teil der Tafel ist gesperrt."),
    ("why_not_there", "This is not on the board any more.", "Das steht nicht mehr auf der Tafel."),
    ("why_no_votes_left", "You have no votes left.", "Sie haben keine Stimmen mehr."),
    ("why_full", "There is no room for more.", "Mehr passt nicht auf die Tafel."),
    ("why_no_right", "Guests cannot do this.", "Das können Gäste nicht."),
    (
        "why_unfit",
        "This does not fit: a note has up to 500 letters.",
        "Das passt nicht: Eine Notiz hat höchstens 500 Zeichen.",
    ),
    (
        "why_failed",
        "It could not be kept. Try again.",
        "Es konnte nicht festgehalten werden. Versuchen Sie es noch einmal.",
    ),
];

/// The page in a language.
pub(super) fn html(language: Language) -> String {
    let words: BTreeMap<&str, &str> = WORDS
        .iter()
        .map(|(name, english, german)| match language {
            Language::English => (*name, *english),
            Language::German => (*name, *german),
        })
        .collect();
    // Our own words; a `<` in them would still end the element that carries them.
    let json = serde_json::json!(words).to_string().replace('<', "\\u003c");
    HTML.replace("{{language}}", language.tag()).replace("{{words}}", &json)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_word_that_the_script_says_is_there() {
        let known: BTreeSet<&str> = WORDS.iter().map(|(name, _, _)| *name).collect();
        assert_eq!(known.len(), WORDS.len(), "no word is there twice");
        for said in SCRIPT.split("say(\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(known.contains(said), "{said}");
        }
    }

    #[test]
    fn a_word_asks_for_the_same_in_both_languages() {
        let asks = |text: &str| -> BTreeSet<String> {
            text.split('{').skip(1).filter_map(|rest| rest.split('}').next().map(str::to_owned)).collect()
        };
        for (name, english, german) in WORDS {
            assert_eq!(asks(english), asks(german), "{name}");
        }
    }

    #[test]
    fn nothing_is_written_into_the_page_as_markup() {
        for forbidden in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("] {
            assert!(!SCRIPT.contains(forbidden), "{forbidden}");
        }
    }
}
