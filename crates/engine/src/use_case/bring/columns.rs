//! What the columns of a file mean: by their names in English and German, as a person says, or as it was remembered of
//! a file with the same columns.

use std::collections::{BTreeMap, BTreeSet};

use millwright_local_db::{Session, WriteSession};
use millwright_model::*;
use millwright_sheet::{NumberFault, Value, column_letter, decimal_evidence, read_decimal};
use serde::{Deserialize, Serialize};

use super::file::{Opened, refuse};
use super::out::REASON_HEADER;
use crate::EngineError;

/// Under this name of the settings it is kept what columns mean.
const REMEMBERED: &str = "data_matches";
/// So many sets of columns are remembered.
const REMEMBERED_MAX: usize = 64;

/// Columns that a person matched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Remembered {
    kind: DataKind,
    headers: Vec<String>,
    matches: Vec<ColumnMatch>,
}

/// The columns of a file that mean something, and how its numbers are written.
pub(super) struct Columns {
    places: BTreeMap<DataField, usize>,
    decimal_mark: Option<DecimalMark>,
    /// The plant's zone.
    pub(super) zone: String,
}

impl Columns {
    /// Takes matches that go together.
    pub(super) fn of(
        kind: DataKind,
        matches: &[ColumnMatch],
        opened: &Opened,
        zone: String,
    ) -> Result<Self, EngineError> {
        let mut places = BTreeMap::new();
        let mut taken = BTreeSet::new();
        for one in matches {
            let column = one.column as usize;
            let unfit = |column: String| Err(refuse(FileFault::MatchUnfit { column }));
            if column >= opened.headers.len() || !taken.insert(column) {
                return unfit(column_letter(column.min(100_000)));
            }
            let known = kind.fields().iter().any(|(field, _)| *field == one.field);
            if !known || places.insert(one.field, column).is_some() {
                return unfit(one.field.to_string());
            }
        }
        let mut columns = Self { places, decimal_mark: None, zone };
        columns.decimal_mark = opened.wished_decimal_mark().or_else(|| columns.shown_decimal_mark(opened));
        Ok(columns)
    }

    /// The place of a field's column.
    pub(super) fn place(&self, field: DataField) -> Option<usize> {
        self.places.get(&field).copied()
    }

    /// The decimal mark of the numbers, where it is known.
    pub(super) fn decimal_mark(&self) -> Option<DecimalMark> {
        self.decimal_mark
    }

    /// Needed fields without a column.
    pub(super) fn missing(&self, kind: DataKind) -> Vec<DataField> {
        let needed = kind.fields().iter().filter(|(_, needed)| *needed);
        needed.map(|(field, _)| *field).filter(|field| !self.places.contains_key(field)).collect()
    }

    /// Texts in columns of numbers, with their rows and columns.
    fn number_texts<'o>(&'o self, opened: &'o Opened) -> impl Iterator<Item = (u32, usize, &'o str)> {
        let numbers: Vec<usize> =
            self.places.iter().filter(|(field, _)| is_number(**field)).map(|(_, place)| *place).collect();
        opened.rows().iter().flat_map(move |row| {
            let texts: Vec<(u32, usize, &str)> = numbers
                .iter()
                .filter_map(|place| match row.cells.get(*place).map(|cell| &cell.value) {
                    Some(Value::Text(text)) => Some((row.number, *place, text.as_str())),
                    _ => None,
                })
                .collect();
            texts
        })
    }

    /// The mark that the numbers themselves show, where they agree.
    fn shown_decimal_mark(&self, opened: &Opened) -> Option<DecimalMark> {
        let mut shown = None;
        for (_, _, text) in self.number_texts(opened) {
            let mark = match decimal_evidence(text) {
                Some(millwright_sheet::DecimalMark::Comma) => DecimalMark::Comma,
                Some(millwright_sheet::DecimalMark::Point) => DecimalMark::Point,
                None => continue,
            };
            match shown {
                Some(before) if before != mark => return None,
                _ => shown = Some(mark),
            }
        }
        shown
    }

    /// The first number that can be read in two ways.
    pub(super) fn open_number(&self, opened: &Opened) -> Option<OpenNumber> {
        self.number_texts(opened).find_map(|(row, place, text)| {
            match read_decimal(text, sheet_mark(self.decimal_mark)) {
                Err(NumberFault::Ambiguous { with_comma, with_point }) => Some(OpenNumber {
                    row,
                    column: column_letter(place),
                    given: text.to_owned(),
                    with_comma,
                    with_point,
                }),
                _ => None,
            }
        })
    }
}

/// The mark in the words of the room of tables.
pub(super) fn sheet_mark(mark: Option<DecimalMark>) -> Option<millwright_sheet::DecimalMark> {
    mark.map(|mark| match mark {
        DecimalMark::Comma => millwright_sheet::DecimalMark::Comma,
        DecimalMark::Point => millwright_sheet::DecimalMark::Point,
    })
}

/// A name of a column as it is shown: on one line.
pub(super) fn tidy(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A name as it is compared: letters and digits alone, without regard to case.
fn plain(name: &str) -> String {
    let mut plain = String::new();
    for character in name.chars().flat_map(char::to_lowercase).filter(|letter| letter.is_alphanumeric()) {
        match character {
            'ä' => plain.push_str("ae"),
            'ö' => plain.push_str("oe"),
            'ü' => plain.push_str("ue"),
            'ß' => plain.push_str("ss"),
            other => plain.push(other),
        }
    }
    plain
}

/// What the columns mean by their names.
pub(super) fn found(kind: DataKind, headers: &[String]) -> Vec<ColumnMatch> {
    let names: Vec<String> = headers.iter().map(|header| plain(header)).collect();
    let mut matches: Vec<ColumnMatch> = Vec::new();
    // Our own names first, so that a synonym of one field never takes the column of another.
    for own in [true, false] {
        for (field, _) in kind.fields() {
            if matches.iter().any(|one| one.field == *field) {
                continue;
            }
            let is_named = |name: &String| {
                if own {
                    *name == plain(field.as_str())
                } else {
                    synonyms(kind, *field).iter().any(|synonym| plain(synonym) == *name)
                }
            };
            let free = |place: usize| !matches.iter().any(|one| one.column as usize == place);
            let place = names
                .iter()
                .enumerate()
                .position(|(place, name)| !name.is_empty() && free(place) && is_named(name));
            if let Some(column) = place.and_then(|place| u32::try_from(place).ok()) {
                matches.push(ColumnMatch { column, field: *field });
            }
        }
    }
    matches.sort_by_key(|one| one.column);
    matches
}

/// Whether a field holds numbers.
fn is_number(field: DataField) -> bool {
    use DataField::*;
    matches!(
        field,
        Quantity
            | OnHand
            | LeadTimeDays
            | Price
            | SkillLevel
            | PlannedMinutes
            | UsualLow
            | UsualHigh
            | LimitLow
            | LimitHigh
            | SilenceS
            | Position
    )
}

/// Names that people give a column, in English and German.
fn synonyms(kind: DataKind, field: DataField) -> &'static [&'static str] {
    use DataField::*;
    match field {
        Code => &[
            "asset",
            "asset code",
            "equipment",
            "tag no",
            "machine",
            "id",
            "Kennzeichen",
            "Kennung",
            "Anlagencode",
            "Anlagennummer",
            "Maschinennummer",
            "Technischer Platz",
            "Equipmentnummer",
            "Anlage",
        ],
        Name => &[
            "description",
            "designation",
            "label",
            "full name",
            "Bezeichnung",
            "Benennung",
            "Beschreibung",
            "Kurztext",
            "Vor- und Nachname",
            "Mitarbeiter",
            "Messgröße",
            "Merkmal",
        ],
        Level => &["type", "hierarchy level", "Ebene", "Hierarchieebene", "Stufe"],
        Parent => &[
            "parent code",
            "part of",
            "superior",
            "belongs to",
            "Übergeordnet",
            "Oberplatz",
            "Gehört zu",
            "Teil von",
            "Übergeordnete Anlage",
        ],
        ErpNumber => &[
            "erp",
            "sap number",
            "personnel number",
            "employee number",
            "ERP-Nummer",
            "SAP-Nummer",
            "Personalnummer",
            "Equipment-Nr",
        ],
        UnsPath => &["namespace", "topic", "mqtt path", "UNS-Pfad", "Namensraum"],
        Criticality => &["abc", "abc indicator", "Kritikalität", "ABC-Kennzeichen"],
        Class => &["category", "asset class", "Klasse", "Maschinenart", "Art"],
        Number if kind == DataKind::Orders => &[
            "order",
            "order number",
            "work order",
            "no",
            "Auftrag",
            "Auftragsnummer",
            "Nummer",
            "Auftrags-Nr",
        ],
        Number => &[
            "part number",
            "material",
            "material number",
            "item",
            "article",
            "no",
            "Teilenummer",
            "Materialnummer",
            "Artikelnummer",
            "Nummer",
            "Artikel",
            "Teil",
        ],
        Unit => {
            &["uom", "unit of measure", "base unit", "Einheit", "ME", "Mengeneinheit", "Basismengeneinheit"]
        }
        Alternates => &["alternative parts", "substitutes", "Ersatz", "Alternativen", "Alternativteile"],
        Part => &[
            "part number",
            "material",
            "material number",
            "item",
            "article",
            "Teil",
            "Teilenummer",
            "Materialnummer",
            "Artikelnummer",
            "Artikel",
        ],
        Asset => &[
            "asset code",
            "equipment",
            "machine",
            "Anlage",
            "Maschine",
            "Equipmentnummer",
            "Technischer Platz",
            "Kennzeichen",
        ],
        Quantity => &["qty", "amount", "pieces", "Menge", "Anzahl", "Stück"],
        Place => &["position on machine", "installed at", "Einbauort", "Einbauplatz", "Stelle"],
        Location => &["storage location", "warehouse", "store", "Lager", "Lagerort"],
        Bin => &["storage bin", "shelf", "Lagerplatz", "Fach", "Regal"],
        OnHand => &["stock", "quantity", "qty", "on stock", "Bestand", "Lagerbestand", "Menge", "Anzahl"],
        AsOf => &["counted", "counted on", "stock date", "Stand", "Gezählt am", "Inventurdatum"],
        Supplier => &[
            "supplier number",
            "vendor",
            "vendor number",
            "number",
            "Lieferant",
            "Lieferantennummer",
            "Kreditor",
            "Nummer",
        ],
        SupplierName => {
            &["name", "vendor name", "company", "Firma", "Lieferantenname", "Name des Lieferanten"]
        }
        LeadTimeDays => &[
            "lead time",
            "delivery time",
            "delivery days",
            "Lieferzeit",
            "Lieferzeit Tage",
            "Planlieferzeit",
        ],
        Price => &["unit price", "net price", "Preis", "Einzelpreis", "Nettopreis"],
        Currency => &["Währung", "curr"],
        Language => &["lang", "Sprache"],
        Person => &[
            "name",
            "employee",
            "employee number",
            "personnel number",
            "Mitarbeiter",
            "Person",
            "Personalnummer",
            "Name der Person",
        ],
        Skill => &["skill code", "qualification", "competence", "Fähigkeit", "Qualifikation", "Kompetenz"],
        SkillName => {
            &["qualification name", "Name der Fähigkeit", "Bezeichnung", "description", "Qualifikationsname"]
        }
        SkillLevel => &["level", "grade", "rating", "Stufe", "Niveau", "Grad"],
        ValidUntil => &["expires", "expiry", "valid to", "Gültig bis", "Ablauf", "Läuft ab"],
        Title => &["short text", "subject", "what", "Titel", "Kurztext", "Betreff", "Bezeichnung"],
        Description => &["long text", "details", "text", "Beschreibung", "Langtext"],
        WorkKind => &["kind", "order type", "type", "Auftragsart", "Art"],
        Status => &["state", "order status", "Zustand", "Auftragsstatus"],
        StatusReason => &["reason", "Grund", "Statusgrund"],
        Priority => &["prio", "urgency", "Priorität", "Dringlichkeit"],
        Due => {
            &["due date", "deadline", "required by", "Fällig", "Fällig am", "Termin", "Endtermin", "Eckende"]
        }
        PlannedStart => {
            &["start date", "basic start", "Geplanter Beginn", "Starttermin", "Eckstart", "Plan-Beginn"]
        }
        PlannedMinutes => &["planned time", "duration min", "Geplante Minuten", "Planzeit", "Dauer min"],
        Assignee => {
            &["assigned to", "responsible", "technician", "Zuständig", "Verantwortlich", "Bearbeiter"]
        }
        FoundCode => &["damage code", "failure code", "Schadenscode", "Befundcode"],
        Found => &["finding", "damage", "cause", "Befund", "Schaden", "Gefunden"],
        DoneCode => &["activity code", "Maßnahmencode"],
        Done => &["activity", "action taken", "Maßnahme", "Getan", "Erledigt"],
        Started => &["actual start", "begun", "Begonnen", "Ist-Beginn"],
        Completed => {
            &["finished", "completed on", "actual end", "closed", "Abgeschlossen", "Fertig am", "Ist-Ende"]
        }
        Created => &["created on", "Angelegt", "Angelegt am", "Erstellt am"],
        From => &["start", "begin", "down since", "Von", "Beginn", "Ab"],
        To => &["end", "until", "up again", "Bis", "Ende"],
        ReasonCode => &["cause code", "failure code", "Grundcode", "Ursachencode"],
        Reason => &["cause", "why", "Grund", "Ursache"],
        Series => &["tag", "topic", "signal", "Messreihe", "Reihe", "Signal"],
        UsualLow => &["usual from", "normal low", "Üblich von", "Normal von"],
        UsualHigh => &["usual to", "normal high", "Üblich bis", "Normal bis"],
        LimitLow => &["limit from", "low limit", "min", "Untergrenze", "Grenze unten"],
        LimitHigh => &["limit to", "high limit", "max", "Obergrenze", "Grenze oben"],
        SilenceS => &["silence", "timeout", "stale after", "Stille", "Veraltet nach"],
        Position => &["order", "sequence", "Reihenfolge"],
    }
}

/// Headers as they are remembered: compared, and without the column that a file of refused rows has more.
fn key(headers: &[String]) -> Vec<String> {
    let mut key: Vec<String> = headers.iter().map(|header| plain(header)).collect();
    if key.last().is_some_and(|last| *last == plain(REASON_HEADER)) {
        key.pop();
    }
    key
}

/// What a person said of a file with the same columns.
pub(super) async fn remembered(
    session: &mut Session,
    kind: DataKind,
    headers: &[String],
) -> Result<Option<Vec<ColumnMatch>>, EngineError> {
    let all: Vec<Remembered> = session.setting(REMEMBERED).await?.unwrap_or_default();
    let headers = key(headers);
    Ok(all.into_iter().rev().find(|one| one.kind == kind && one.headers == headers).map(|one| one.matches))
}

/// Keeps what a person said, where it is not what the names say anyway.
pub(super) async fn remember(
    session: &mut WriteSession,
    kind: DataKind,
    headers: &[String],
    matches: &[ColumnMatch],
) -> Result<(), EngineError> {
    let mut all: Vec<Remembered> = session.setting(REMEMBERED).await?.unwrap_or_default();
    let before = all.clone();
    let mut matches = matches.to_vec();
    matches.sort_by_key(|one| one.column);
    let by_name = found(kind, headers) == matches;
    let headers = key(headers);
    all.retain(|one| one.kind != kind || one.headers != headers);
    if !by_name {
        all.push(Remembered { kind, headers, matches });
    }
    if all.len() > REMEMBERED_MAX {
        all.remove(0);
    }
    if all != before {
        session.set_setting(REMEMBERED, &all).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(kind: DataKind, headers: &[&str]) -> Vec<(u32, DataField)> {
        let headers: Vec<String> = headers.iter().map(|header| (*header).to_owned()).collect();
        found(kind, &headers).into_iter().map(|one| (one.column, one.field)).collect()
    }

    #[test]
    fn columns_are_known_by_their_names_in_both_languages() {
        assert_eq!(
            named(DataKind::Assets, &["Kennzeichen", "Bezeichnung", "Ebene", "Übergeordnet", "Sonstiges"]),
            [(0, DataField::Code), (1, DataField::Name), (2, DataField::Level), (3, DataField::Parent)]
        );
        assert_eq!(
            named(DataKind::Stock, &["Teilenummer", "LAGERORT", "Lager-Platz", "Bestand"]),
            [(0, DataField::Part), (1, DataField::Location), (2, DataField::Bin), (3, DataField::OnHand)]
        );
    }

    #[test]
    fn a_columns_own_name_goes_before_a_synonym_of_another_field() {
        // «description» is a synonym of a name, but here both have a column.
        let matches = named(DataKind::Orders, &["Beschreibung", "title", "number", "Kurztext"]);
        assert_eq!(matches, [(0, DataField::Description), (1, DataField::Title), (2, DataField::Number)]);
    }

    #[test]
    fn every_column_of_every_kind_is_known_by_its_own_name() {
        for kind in DataKind::ALL {
            let names: Vec<&str> = kind.fields().iter().map(|(field, _)| field.as_str()).collect();
            let expected: Vec<(u32, DataField)> =
                kind.fields().iter().enumerate().map(|(place, (field, _))| (place as u32, *field)).collect();
            assert_eq!(named(*kind, &names), expected, "{kind}");
        }
    }

    #[test]
    fn no_name_stands_for_two_fields_of_a_kind() {
        for kind in DataKind::ALL {
            let mut names = BTreeMap::new();
            for (field, _) in kind.fields() {
                for synonym in synonyms(*kind, *field) {
                    let before = names.insert(plain(synonym), *field);
                    assert!(before.is_none_or(|before| before == *field), "{kind}: {synonym}");
                }
            }
        }
    }
}
