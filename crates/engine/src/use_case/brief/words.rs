//! The words of a scenario's brief, in English and German, each beside the other.

use crate::use_case::paper::words::Language;

/// The words in one language.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Words(pub(super) Language);

macro_rules! words {
    ($($name:ident: $english:literal, $german:literal;)+) => {
        impl Words {
            $(pub(super) fn $name(self) -> &'static str {
                match self.0 {
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
    page: "Page {page} of {pages}", "Seite {page} von {pages}";
    left_out: "and {count} more in the app", "und {count} weitere in der App";
    replaced: "□ stands for a sign that cannot be printed here; the app shows it.", "□ steht für ein Zeichen, das hier nicht gedruckt werden kann; die App zeigt es.";
    no_picture: "This picture cannot be shown here.", "Dieses Bild kann hier nicht gezeigt werden.";
    made: "Made {at}", "Erstellt {at}";
    goes_on: "({slide} of {slides})", "({slide} von {slides})";

    scenario: "Scenario", "Szenario";
    decided_standing: "Decided", "Entschieden";
    open_standing: "Not decided", "Offen";
    baseline: "Figures of the plant", "Zahlen der Anlage";
    no_baseline: "none taken yet", "noch keine genommen";
    compared_by: "Compared by", "Verglichen nach";
    lower_better: "{result}: less is better", "{result}: weniger ist besser";
    higher_better: "{result}: more is better", "{result}: mehr ist besser";
    trials: "Trials", "Durchläufe";
    by_person: "{at}, {person}", "{at}, {person}";

    results: "What comes of each option", "Was jede Möglichkeit bringt";
    option: "Option", "Möglichkeit";
    as_it_is: "as it is", "wie es ist";
    p5: "P5", "P5";
    p50: "P50", "P50";
    p95: "P95", "P95";
    mean: "Mean", "Mittel";
    regret: "Regret", "Bedauern";
    regret_most: "at most", "höchstens";
    best_share: "Best in", "Beste in";
    in_unit: "in {unit}", "in {unit}";
    yes_in: "yes in", "ja in";
    best_says: "On average «{option}» is best. «{careful}» misses least in the worst case. Knowing all chances before deciding would be worth {worth}.", "Im Mittel ist «{option}» am besten. «{careful}» verfehlt im schlimmsten Fall am wenigsten. Alle Zufälle vor der Entscheidung zu kennen, wäre {worth} wert.";
    more_options: "and {count} more options in the app", "und {count} weitere Möglichkeiten in der App";
    how_to_read: "One in twenty lies below P5, one half below P50, one in twenty above P95. Regret is what an option misses, on average and at most, against the best one under the same chances.", "Einer von zwanzig liegt unter P5, die Hälfte unter P50, einer von zwanzig über P95. Bedauern ist, was eine Möglichkeit im Mittel und höchstens unter denselben Zufällen gegenüber der besten verfehlt.";
    spread: "How likely each figure is", "Wie wahrscheinlich jede Zahl ist";
    spread_root: "How likely each figure is (heights as square roots, so that what is rare is seen)", "Wie wahrscheinlich jede Zahl ist (Höhen als Wurzeln, damit Seltenes zu sehen ist)";
    spread_says: "Curves of {result} for {options}.", "Kurven von {result} für {options}.";

    moves: "What moves it most", "Was es am meisten bewegt";
    moves_says: "{result} where each figure is low (one in ten lies below) or high (one in ten above), all others in the middle.", "{result}, wenn jede Zahl niedrig ist (eine von zehn liegt darunter) oder hoch (eine von zehn darüber), alle anderen in der Mitte.";
    moves_caption: "Where each figure is low or high (one in ten lies beyond), all others in the middle", "Wenn jede Zahl niedrig oder hoch ist (eine von zehn liegt jenseits), alle anderen in der Mitte";
    figure: "Figure", "Zahl";
    low: "low", "niedrig";
    high: "high", "hoch";
    share: "Share of the spread", "Anteil an der Streuung";
    in_the_middle: "{result}, all in the middle", "{result}, alle in der Mitte";
    moves_strongest: "Most hangs on {figures}.", "Am meisten hängt an {figures}.";
    moves_rest: "The rest hangs on chances that are no figure of their own, such as whether something goes wrong.", "Der Rest hängt an Zufällen, die keine eigene Zahl sind, etwa daran, ob etwas ausfällt.";
    moves_nothing: "Nothing in the model comes by chance.", "Nichts im Modell kommt durch Zufall.";

    decision: "Decision", "Entscheidung";
    undecided: "Nothing is decided yet.", "Noch ist nichts entschieden.";
    reason: "Why", "Warum";
    decided: "Decided", "Entschieden";
    owner: "Sees to it", "Verantwortlich";
    review: "Looked at again", "Wiedervorlage";
    came: "What came of it", "Was daraus wurde";
    came_says: "{result}: {came}", "{result}: {came}";
    within: "where 90 % were expected", "wo 90 % erwartet waren";
    beyond: "outside of where 90 % were expected", "außerhalb der erwarteten 90 %";

    signposts: "Signposts", "Wegweiser";
    no_signposts: "No signpost is set.", "Kein Wegweiser ist gesetzt.";
    meaning: "It comes true when", "Es tritt ein, wenn";
    tag: "Tag", "Messwert";
    threshold: "Threshold", "Schwelle";
    standing: "Stands", "Stand";
    above: "above {value}", "über {value}";
    below: "below {value}", "unter {value}";
    for_hours: "{side} for {count} h", "{side} für {count} h";
    crossed: "crossed {at}", "überschritten {at}";
    quiet: "not crossed", "nicht überschritten";
    unbound: "no longer bound", "nicht mehr gebunden";

    assumptions: "Assumptions", "Annahmen";
    name: "Name", "Name";
    question: "Question", "Frage";
    answer: "Answer", "Antwort";
    answer_low: "Answer, low", "Antwort, niedrig";
    answer_high: "Answer, high", "Antwort, hoch";
    unit: "Unit", "Einheit";
    origin: "Comes from", "Herkunft";
    origin_kind: "Origin", "Herkunft";
    origin_text: "Origin, which", "Herkunft, welche";
    remarks: "Remarks", "Bemerkungen";
    range: "{low} to {high}", "{low} bis {high}";
    not_known: "not known", "nicht bekannt";
    yes: "yes", "ja";
    no: "no", "nein";
    source_tag: "tag", "Messwert";
    source_erp: "ERP", "ERP";
    source_file: "file", "Datei";
    source_person: "person", "Person";
    source_assumption: "assumption", "Annahme";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::use_case::paper::words::places;

    #[test]
    fn both_languages_have_the_same_places_for_values() {
        for (name, english, german) in ALL {
            assert_eq!(places(english), places(german), "{name}");
            assert!(!english.is_empty() && !german.is_empty(), "{name}");
        }
    }
}
