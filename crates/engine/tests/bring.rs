//! Data that comes in files and goes out in files, against a real store.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set up its world fails")]

mod common;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::*;
use millwright_engine::Handle;
use millwright_model::*;
use millwright_sheet::{Value, Wishes, write_csv, write_xlsx};

/// Files of every kind that go together, in the order in which they are brought in.
const FILES: &[(DataKind, &str)] = &[
    (
        DataKind::Assets,
        "Kennzeichen;Bezeichnung;Ebene;Übergeordnet;Kritikalität;Klasse\n\
         P-101A;Kühlwasserpumpe;Maschine;HALLE-3;A;Kreiselpumpe\n\
         HALLE-3;Halle 3;Bereich;NORD;;\n\
         0042;\"Förderband; lang\";machine;HALLE-3;b;\n\
         NORD;Werk Nord;Werk;;;\n",
    ),
    (
        DataKind::Parts,
        "Teilenummer;Bezeichnung;ME;Alternativteile\n\
         00700;Gleitringdichtung;EA;701 | 702\n701;Gleitringdichtung B;EA;\n702;Dichtung C;EA;\nÖL-1;Getriebeöl;L;\n",
    ),
    (
        DataKind::WhereUsed,
        "Teil;Anlage;Menge;Einbauort\n00700;P-101A;2;Antriebsseite\n00700;P-101A;1;Pumpenseite\nÖL-1;0042;1,5;\n",
    ),
    (
        DataKind::Stock,
        "Teil;Lagerort;Lagerplatz;Bestand;Stand\n\
         00700;Hauptlager;A-01;4;20.11.2026 08:15\n00700;Außenlager;;1;2026-11-20\nÖL-1;Hauptlager;F-3;1.125,125;2026-11-20\n",
    ),
    (
        DataKind::Suppliers,
        "Lieferant;Firma;Teil;Lieferzeit;Preis;Währung\n\
         L1;Dichtungen Süd GmbH;00700;5;1.234,50;EUR\nL1;Dichtungen Süd GmbH;701;7;12,5;EUR\nL2;Schmierstoffe;;;;\n",
    ),
    (DataKind::People, "Name;Personalnummer;Sprache\nJörg Müller;00042;de\nZoë Adams;;en\n"),
    (
        DataKind::Skills,
        "Mitarbeiter;Qualifikation;Qualifikationsname;Stufe;Gültig bis\n\
         00042;LOTO;Freischalten;3;31.12.2027\nZoë Adams;LOTO;Freischalten;1;\n00042;ALIGN;Ausrichten;4;\n",
    ),
    (
        DataKind::Orders,
        "Auftragsnummer;Titel;Beschreibung;Anlage;Status;Priorität;Fällig am;Zuständig;Befund;Maßnahme;Abgeschlossen;Grund\n\
         A-1;Dichtung tauschen;\"Zwei\nZeilen\";P-101A;freigegeben;hoch;30.11.2026;00042;;;;\n\
         A-2;Lager getauscht;;P-101A;erledigt;3;2025-03-01;;Lager laut;Lager neu;2025-03-02 14:30:05;\n\
         A-3;Entfällt;;0042;storniert;4;;;;;;nicht mehr nötig\n",
    ),
    (
        DataKind::Downtimes,
        "Maschine;Von;Bis;Ursache\nP-101A;2026-11-20 06:00;2026-11-20 07:45;Dichtung undicht\n0042;2026-11-23 08:00;;\n",
    ),
    (
        DataKind::TagBindings,
        "Anlage;Messreihe;Bezeichnung;Einheit;Üblich von;Üblich bis;Obergrenze;Veraltet nach\n\
         P-101A;uns:umh/v1/north/p-101a/_raw/vibration;Schwingung;mm/s;1,9;2,4;3,5;5\n\
         0042;spb:g/n/d:Speed;Drehzahl;r/min;;;;\n",
    ),
];

fn file(name: &str, bytes: &[u8]) -> DataFile {
    DataFile { file_name: name.to_owned(), bytes_base64: STANDARD.encode(bytes) }
}

fn csv(text: &str) -> DataFile {
    file("data.csv", text.as_bytes())
}

fn bytes_of(file: &FileBytes) -> Vec<u8> {
    STANDARD.decode(&file.bytes_base64).unwrap()
}

impl World {
    async fn preview(&self, kind: DataKind, file: &DataFile) -> DataPreviewView {
        let (file, reading) = (file.clone(), DataReading::default());
        self.engine.handle(DataPreview { kind, file, reading, matches: None }).await.unwrap()
    }

    async fn try_to(&self, kind: DataKind, file: &DataFile, dry_run: bool) -> Result<DataReport, ApiError> {
        let reading = DataReading::default();
        let preview = DataPreview { kind, file: file.clone(), reading: reading.clone(), matches: None };
        let matches = self.engine.handle(preview).await?.matches;
        self.engine.handle(DataBring { kind, file: file.clone(), reading, matches, dry_run }).await
    }

    async fn bring(&self, kind: DataKind, file: &DataFile) -> DataReport {
        self.try_to(kind, file, false).await.unwrap()
    }

    async fn brought(&self, kind: DataKind, text: &str) -> DataReport {
        let report = self.bring(kind, &csv(text)).await;
        assert_eq!(report.refused_rows, [], "{kind}");
        report
    }

    async fn export(&self, kind: DataKind, format: FileFormat) -> FileBytes {
        self.engine.handle(DataExport { kind, format, seen: DataSeen::default() }).await.unwrap()
    }

    /// Everything of [`FILES`].
    async fn with_everything() -> Self {
        let world = Self::new().await;
        let settings = Settings { plant_zone: "Europe/Berlin".into(), ..Settings::default() };
        world.engine.handle(SettingsSave { settings }).await.unwrap();
        for (kind, text) in FILES {
            let report = world.brought(*kind, text).await;
            assert!(report.new > 0, "{kind}");
        }
        world
    }
}

/// The table of a file, as texts.
fn table(bytes: &[u8]) -> Vec<Vec<String>> {
    let table = millwright_sheet::read(bytes, &Wishes::default()).unwrap();
    let text = |value: &Value| match value {
        Value::Text(text) => text.clone(),
        Value::Empty => String::new(),
        other => format!("{other:?}"),
    };
    table.rows.iter().map(|row| row.cells.iter().map(|cell| text(&cell.value)).collect()).collect()
}

#[tokio::test]
async fn the_same_file_twice_changes_nothing() {
    let world = World::with_everything().await;
    for (kind, text) in FILES {
        let again = world.brought(*kind, text).await;
        assert_eq!((again.new, again.changed), (0, 0), "{kind}: {:?}", again.changed_rows);
        assert!(again.same > 0, "{kind}");
        assert_eq!(again.done.unwrap().txn_id, None, "{kind}: nothing was written");
    }
}

#[tokio::test]
async fn what_goes_out_comes_in_again_and_changes_nothing() {
    let world = World::with_everything().await;
    // A quantity with three decimals, whose point could be taken for one between groups.
    let stock = world.export(DataKind::Stock, FileFormat::Csv).await;
    assert!(String::from_utf8(bytes_of(&stock)).unwrap().contains("1125.1250"));
    for kind in DataKind::ALL {
        for format in FileFormat::ALL {
            let out = world.export(*kind, *format).await;
            assert!(out.rows > 0 && out.file_name.ends_with(format.as_str()), "{}", out.file_name);
            let report = world.bring(*kind, &file(&out.file_name, &bytes_of(&out))).await;
            assert_eq!(report.refused_rows, [], "{kind} as {format}");
            assert_eq!((report.new, report.changed_rows.as_slice()), (0, &[][..]), "{kind} as {format}");
            assert_eq!(report.same as u64, out.rows, "{kind} as {format}");
        }
    }
}

/// A kind, a row by its first cells, the column that is edited, what stands there and what is written.
const EDITS: &[(DataKind, &str, DataField, &str, &str)] = &[
    (DataKind::Assets, "P-101A", DataField::Name, "Kühlwasserpumpe", "Pumpe 1"),
    (DataKind::Parts, "00700", DataField::Name, "Gleitringdichtung", "Gleitringdichtung 50 mm"),
    (DataKind::WhereUsed, "ÖL-1", DataField::Quantity, "1.5", "2.25"),
    (DataKind::Stock, "00700", DataField::OnHand, "4", "6"),
    (DataKind::Suppliers, "L1", DataField::Price, "1234.5", "1300.75"),
    (DataKind::People, "Jörg Müller", DataField::Name, "Jörg Müller", "Jörg Maier"),
    (DataKind::Skills, "00042", DataField::SkillLevel, "3", "4"),
    (DataKind::Orders, "A-1", DataField::Title, "Dichtung tauschen", "Dichtung prüfen"),
    (DataKind::Downtimes, "P-101A", DataField::Reason, "Dichtung undicht", "Lager heiß"),
    (DataKind::TagBindings, "P-101A", DataField::LimitHigh, "3.5", "4.25"),
];

#[tokio::test]
async fn every_export_can_be_edited_and_brought_in_and_taken_back() {
    let world = World::with_everything().await;
    for (kind, row, field, before, after) in EDITS {
        let place = kind.fields().iter().position(|(known, _)| known == field).unwrap();
        let out = bytes_of(&world.export(*kind, FileFormat::Csv).await);
        let mut rows = table(&out);
        let edited = rows
            .iter_mut()
            .find(|cells| cells[0] == *row && cells.get(place).is_some_and(|cell| cell == before))
            .unwrap_or_else(|| panic!("{kind}: no {row} with {before}"));
        edited[place] = (*after).to_owned();
        let values: Vec<Vec<Value>> =
            rows.iter().map(|cells| cells.iter().cloned().map(Value::Text).collect()).collect();
        for bytes in [write_csv(&values), write_xlsx("edited", &values).unwrap()] {
            let tried = world.try_to(*kind, &file("edited", &bytes), true).await.unwrap();
            assert_eq!(tried.refused_rows, [], "{kind}");
            assert_eq!((tried.new, tried.changed), (0, 1), "{kind}: {:?}", tried.changed_rows);
            assert_eq!(
                bytes_of(&world.export(*kind, FileFormat::Csv).await),
                out,
                "{kind}: a try changes nothing"
            );
            let report = world.bring(*kind, &file("edited", &bytes)).await;
            assert!(report.changed_rows[0].fields.contains(field), "{kind}: {:?}", report.changed_rows);
            let now = bytes_of(&world.export(*kind, FileFormat::Csv).await);
            assert!(
                table(&now).iter().any(|cells| cells.get(place).is_some_and(|cell| cell == after)),
                "{kind}"
            );
            let done = report.done.unwrap();
            assert!(done.undo_until.is_some(), "{kind}");
            world.engine.handle(TxnUndo { txn_id: done.txn_id.unwrap() }).await.unwrap();
            assert_eq!(bytes_of(&world.export(*kind, FileFormat::Csv).await), out, "{kind}: taken back");
        }
    }
}

#[tokio::test]
async fn what_was_brought_in_is_taken_back_as_one() {
    let world = World::new().await;
    let report = world.brought(DataKind::Assets, FILES[0].1).await;
    assert_eq!(report.new, 4);
    let done = report.done.unwrap();
    let tree = world.engine.handle(AssetTree {}).await.unwrap();
    assert_eq!(tree.len(), 4);
    let (entity, entity_id) = (Entity::Asset, tree[0].asset.asset_id.0);
    let history = world.engine.handle(HistoryShow { entity, entity_id }).await.unwrap();
    assert_eq!(history[0].reason.as_deref(), Some("data.csv"), "the history names the file");
    world.engine.handle(TxnUndo { txn_id: done.txn_id.unwrap() }).await.unwrap();
    assert!(world.engine.handle(AssetTree {}).await.unwrap().is_empty());
    let people = world.brought(DataKind::People, "name\nZoë Adams\n").await;
    let known = world.engine.handle(PersonList {}).await.unwrap();
    assert!(known.iter().any(|person| person.name.as_deref() == Some("Zoë Adams")));
    world.engine.handle(TxnUndo { txn_id: people.done.unwrap().txn_id.unwrap() }).await.unwrap();
    assert_eq!(world.engine.handle(PersonList {}).await.unwrap().len(), 1, "names are forgotten with it");
}

#[tokio::test]
async fn rows_are_projections_of_what_was_brought_in() {
    let world = World::with_everything().await;
    let before = world.engine.database().read().await.unwrap().dump().await.unwrap();
    world.engine.database().rebuild().await.unwrap();
    assert_eq!(world.engine.database().read().await.unwrap().dump().await.unwrap(), before);
}

#[tokio::test]
async fn how_a_file_is_understood_is_said_and_can_be_said_otherwise() {
    let world = World::new().await;
    let latin = b"Export vom 23.11.2026\n\nTeilenummer;Bezeichnung;ME\n007;\xD6l;L\n";
    let preview = world.preview(DataKind::Parts, &file("teile.csv", latin)).await;
    assert_eq!(preview.understood.encoding, Some(TextEncoding::Windows1252));
    assert_eq!(preview.understood.separator, Some(CellSeparator::Semicolon));
    assert_eq!((preview.understood.header_row, preview.understood.rows), (3, 1));
    assert_eq!(preview.columns[1], FileColumn { letter: "B".into(), header: "Bezeichnung".into() });
    assert_eq!(preview.rows, [FileRow { row: 4, cells: vec!["007".into(), "Öl".into(), "L".into()] }]);
    assert_eq!(preview.missing, []);
    let reading = DataReading { header_row: Some(1), ..DataReading::default() };
    let otherwise =
        DataPreview { kind: DataKind::Parts, file: file("teile.csv", latin), reading, matches: None };
    let preview = world.engine.handle(otherwise.clone()).await.unwrap();
    assert_eq!((preview.understood.header_row, preview.understood.rows), (1, 2));
    assert_eq!(preview.missing, [DataField::Number, DataField::Name, DataField::Unit]);
    let reading = DataReading { encoding: Some(TextEncoding::Utf8), ..DataReading::default() };
    let refused = world.engine.handle(DataPreview { reading, ..otherwise }).await.unwrap_err();
    assert_eq!(
        refused.refusal,
        Some(Refusal::FileRefused { fault: FileFault::NotEncoded { encoding: TextEncoding::Utf8, line: 4 } })
    );
}

#[tokio::test]
async fn a_number_that_can_be_read_in_two_ways_is_asked_back() {
    let world = World::with_everything().await;
    let text = csv("part;location;bin;on_hand\nÖL-1;Hauptlager;F-3;1.500\n");
    let preview = world.preview(DataKind::Stock, &text).await;
    let open = preview.open_number.unwrap();
    assert_eq!((open.row, open.column.as_str(), open.given.as_str()), (2, "D", "1.500"));
    assert_eq!((open.with_comma.as_str(), open.with_point.as_str()), ("1500", "1.500"));
    assert_eq!(preview.understood.decimal_mark, None);
    let report = world.bring(DataKind::Stock, &text).await;
    assert!(matches!(report.refused_rows[0].fault, RowFault::OpenNumber { .. }), "{:?}", report.refused_rows);
    assert_eq!(report.changed, 0);
    for (mark, amount) in [(DecimalMark::Comma, "1500"), (DecimalMark::Point, "1.5")] {
        let reading = DataReading { decimal_mark: Some(mark), ..DataReading::default() };
        let (kind, matches) = (DataKind::Stock, preview.matches.clone());
        let command = DataBring { kind, file: text.clone(), reading, matches, dry_run: false };
        let report = world.engine.handle(command).await.unwrap();
        assert_eq!((report.changed, report.refused), (1, 0), "{mark}");
        let out = table(&bytes_of(&world.export(DataKind::Stock, FileFormat::Csv).await));
        assert!(out.iter().any(|row| row[1] == "Hauptlager" && row[3] == amount), "{out:?}");
    }
    // Other numbers of the file say which mark it has.
    let text = csv("part;location;bin;on_hand\nÖL-1;Hauptlager;F-3;1.500\nÖL-1;Außenlager;;2,5\n");
    let preview = world.preview(DataKind::Stock, &text).await;
    assert_eq!(preview.understood.decimal_mark, Some(DecimalMark::Comma));
    assert_eq!(preview.open_number, None);
}

/// A kind, a file, the row and column that are refused, and why.
fn refusals() -> Vec<(DataKind, &'static str, u32, &'static str, RowFault)> {
    use DataKind::*;
    let given = |given: &str| given.to_owned();
    let missing = |text: &str, what: Missing| RowFault::NotHere { given: text.to_owned(), what };
    let one_of = |text: &str, known: &[&str]| RowFault::NotOneOf {
        given: text.to_owned(),
        known: known.iter().map(|one| (*one).to_owned()).collect(),
    };
    let levels = ["enterprise", "site", "area", "line", "machine", "component"];
    vec![
        (Assets, "code,name,level\nX,,machine\n", 2, "B", RowFault::Empty),
        (Assets, "code,name,level\nX,X,gadget\n", 2, "C", one_of("gadget", &levels)),
        (Assets, "code,name,level,criticality\nX,X,machine,D\n", 2, "D", one_of("D", &["A", "B", "C"])),
        (
            Assets,
            "code,name,level,parent\nX,X,machine,NOWHERE\n",
            2,
            "D",
            missing("NOWHERE", Missing::Machine),
        ),
        (Assets, "code,name,level\nX,X,machine\nX,Y,machine\n", 3, "", RowFault::Twice { first: 2 }),
        (Assets, "code,name,level,parent\nX,X,machine,X\n", 2, "D", RowFault::Circle { given: given("X") }),
        (
            Assets,
            "code,name,level\nX,X,machine,one more\n",
            2,
            "",
            RowFault::TooManyCells { count: 4, header: 3 },
        ),
        (
            Parts,
            "number,name,unit\n00700,Seal,KG\n",
            2,
            "C",
            RowFault::OtherUnit { unit: given("EA"), given: given("KG") },
        ),
        (Parts, "number,name,unit,alternates\nN,N,EA,701 | 999\n", 2, "D", missing("999", Missing::Part)),
        (Parts, "number,name,unit,alternates\nN,N,EA,N\n", 2, "D", RowFault::Circle { given: given("N") }),
        (WhereUsed, "part,asset,quantity\n999,P-101A,1\n", 2, "A", missing("999", Missing::Part)),
        (WhereUsed, "part,asset,quantity\n701,NOWHERE,1\n", 2, "B", missing("NOWHERE", Missing::Machine)),
        (
            WhereUsed,
            "part,asset,quantity\n701,P-101A,\"1,5\"\n",
            2,
            "C",
            RowFault::WholePieces { given: given("1.5") },
        ),
        (
            WhereUsed,
            "part,asset,quantity\n00700,P-101A,1\n",
            2,
            "B",
            RowFault::Several { given: given("00700") },
        ),
        (
            Stock,
            "part,location,on_hand\nÖL-1,L,many\n",
            2,
            "C",
            RowFault::NotANumber { given: given("many") },
        ),
        (
            Stock,
            "part,location,on_hand\nÖL-1,L,-1\n",
            2,
            "C",
            RowFault::OutOfBounds { given: given("-1"), least: given("0"), most: given("1000000000000") },
        ),
        (
            Stock,
            "part,location,on_hand\nÖL-1,L,0.12345\n",
            2,
            "C",
            RowFault::TooManyDecimals { given: given("0.12345"), decimals: 3 },
        ),
        (
            Stock,
            "part,location,on_hand,as_of\nÖL-1,L,1,30.02.2026\n",
            2,
            "D",
            RowFault::NotADate { given: given("30.02.2026") },
        ),
        (
            Stock,
            "part,location,on_hand,as_of\nÖL-1,L,1,03/04/2026\n",
            2,
            "D",
            RowFault::OpenDate { given: given("03/04/2026") },
        ),
        (
            Suppliers,
            "supplier,supplier_name,part,lead_time_days,price,currency\nL9,N,701,3,1.5,EURO\n",
            2,
            "F",
            one_of("EURO", &["EUR", "USD", "GBP", "CHF", "…"]),
        ),
        (
            Suppliers,
            "supplier,supplier_name,part,lead_time_days,price,currency\nL9,N,701,3,1.5,\n",
            2,
            "F",
            RowFault::Empty,
        ),
        (
            Suppliers,
            "supplier,supplier_name,part,lead_time_days\nL9,N,701,3\nL9,M,702,3\n",
            3,
            "B",
            RowFault::Differs { given: given("M"), first: 2 },
        ),
        (Suppliers, "supplier,supplier_name,part,lead_time_days\nL9,N,,3\n", 2, "C", RowFault::Empty),
        (People, "name,erp_number,language\nA,1,fr\n", 2, "C", one_of("fr", &["en", "de"])),
        (People, "name,erp_number\nA,7\nB,7\n", 3, "", RowFault::Twice { first: 2 }),
        (Skills, "person,skill,skill_level\nNobody,LOTO,1\n", 2, "A", missing("Nobody", Missing::Person)),
        (Skills, "person,skill,skill_level\n00042,LOTTO,1\n", 2, "B", missing("LOTTO", Missing::Skill)),
        (
            Skills,
            "person,skill,skill_level\n00042,LOTO,5\n",
            2,
            "C",
            RowFault::OutOfBounds { given: given("5"), least: given("0"), most: given("4") },
        ),
        (
            Orders,
            "number,title,status\nB-1,T,nearly\n",
            2,
            "C",
            one_of("nearly", &["planned", "released", "in_progress", "on_hold", "completed", "cancelled"]),
        ),
        (Orders, "number,title,status\nB-1,T,completed\n", 2, "", RowFault::Empty),
        (
            Orders,
            "number,title,status\nA-1,Dichtung tauschen,completed\n",
            2,
            "C",
            RowFault::StatusByHand { to: WorkOrderStatus::Completed },
        ),
        (
            Orders,
            "number,title\nA-2,Anders\n",
            2,
            "",
            RowFault::OrderClosed { status: WorkOrderStatus::Completed },
        ),
        (Orders, "number,title,found\nA-1,Dichtung tauschen,x\n", 2, "C", RowFault::Fixed),
        (Orders, "number,title,found_code\nB-1,T,NOPE\n", 2, "C", one_of("NOPE", &[])),
        (Orders, "number,title,assignee\nB-1,T,Nobody\n", 2, "C", missing("Nobody", Missing::Person)),
        (
            Downtimes,
            "asset,from,to\n0042,2026-11-20 08:00,2026-11-20 07:00\n",
            2,
            "C",
            RowFault::Crossed { low: given("2026-11-20 08:00:00"), high: given("2026-11-20 07:00:00") },
        ),
        (Downtimes, "asset,from,reason_code\n0042,2026-11-20,NOPE\n", 2, "C", one_of("NOPE", &[])),
        (TagBindings, "asset,series,name\n0042,topic,N\n", 2, "B", one_of("topic", &["uns:…", "spb:…"])),
        (
            TagBindings,
            "asset,series,name,usual_low,usual_high\n0042,uns:a,N,3,2\n",
            2,
            "E",
            RowFault::Crossed { low: given("3"), high: given("2") },
        ),
        (
            TagBindings,
            "asset,series,name,silence_s\n0042,uns:a,N,0.01\n",
            2,
            "D",
            RowFault::OutOfBounds { given: given("0.01"), least: given("0.1"), most: given("2678400") },
        ),
    ]
}

#[tokio::test]
async fn every_refusal_names_its_row_and_column_and_nothing_is_guessed() {
    let world = World::with_everything().await;
    let before = world.engine.database().read().await.unwrap().dump().await.unwrap();
    for (kind, text, row, column, fault) in refusals() {
        let report = world.try_to(kind, &csv(text), true).await.unwrap();
        let refusal = report
            .refused_rows
            .iter()
            .find(|refusal| refusal.row == row)
            .unwrap_or_else(|| panic!("{kind}: nothing refused in {text}: {report:?}"));
        assert_eq!(refusal.fault, fault, "{kind}: {text}");
        assert_eq!(refusal.column.as_deref().unwrap_or_default(), column, "{kind}: {text}");
        let file = DataFile { file_name: "data.csv".into(), ..csv(text) };
        let matches = world.preview(kind, &file).await.matches;
        let reading = DataReading::default();
        let out = world
            .engine
            .handle(DataRefused { kind, file, reading, matches, reasons: Default::default() })
            .await
            .unwrap();
        assert_eq!(out.file_name, "data-refused.csv");
        let rows = table(&bytes_of(&out));
        assert!(rows[0].last().is_some_and(|header| header == "refused_because"), "{rows:?}");
        assert!(rows[1..].iter().any(|cells| cells.contains(&refusal.to_string())), "{rows:?}");
    }
    assert_eq!(world.engine.database().read().await.unwrap().dump().await.unwrap(), before);
}

#[tokio::test]
async fn refused_rows_stay_out_are_mended_and_come_in() {
    let world = World::new().await;
    let text = "Kennzeichen;Name;Ebene;Übergeordnet;Bemerkung\n\
                N;Nord;Werk;;ok\nP-1;Pumpe;Machine;N;\nP-2;Pumpe 2;gadget;N;=1+1\nP-3;Pumpe 3;machine;P-2;\n";
    let report = world.bring(DataKind::Assets, &csv(text)).await;
    assert_eq!((report.new, report.refused), (2, 2));
    let rows: Vec<u32> = report.refused_rows.iter().map(|refusal| refusal.row).collect();
    assert_eq!(rows, [4, 5], "what is part of a refused row is refused with it");
    let command = DataRefused {
        kind: DataKind::Assets,
        file: csv(text),
        reading: DataReading::default(),
        matches: world.preview(DataKind::Assets, &csv(text)).await.matches,
        reasons: [(4, "«gadget» ist keine Ebene".to_owned())].into(),
    };
    let out = bytes_of(&world.engine.handle(command).await.unwrap());
    let mut rows = table(&out);
    assert_eq!(rows[0], ["Kennzeichen", "Name", "Ebene", "Übergeordnet", "Bemerkung", "refused_because"]);
    assert_eq!(&rows[1][..5], ["P-2", "Pumpe 2", "gadget", "N", "=1+1"]);
    assert_eq!(rows[1][5], "«gadget» ist keine Ebene", "in the person's words");
    assert!(rows[2][5].contains("P-2"), "in English where nobody says otherwise: {rows:?}");
    rows[1][2] = "Maschine".to_owned();
    let values: Vec<Vec<Value>> =
        rows.into_iter().map(|cells| cells.into_iter().map(Value::Text).collect()).collect();
    let mended = world.bring(DataKind::Assets, &file("mended.csv", &write_csv(&values))).await;
    assert_eq!((mended.new, mended.refused), (2, 0));
    assert_eq!(world.engine.handle(AssetTree {}).await.unwrap().len(), 4);
}

#[tokio::test]
async fn a_circle_is_refused_also_through_what_is_here() {
    let world = World::with_everything().await;
    // P-101A stands in HALLE-3, which would stand in P-101A.
    let text = "code,name,level,parent\nHALLE-3,Halle 3,area,P-101A\n";
    let report = world.bring(DataKind::Assets, &csv(text)).await;
    assert!(matches!(report.refused_rows[0].fault, RowFault::Circle { .. }), "{report:?}");
    let text = "code,name,level,parent\nA,A,area,B\nB,B,area,C\nC,C,area,A\nD,D,machine,A\n";
    let report = world.bring(DataKind::Assets, &csv(text)).await;
    assert_eq!((report.new, report.refused), (0, 4), "{report:?}");
}

#[tokio::test]
async fn a_column_that_is_not_there_leaves_what_is_here() {
    let world = World::with_everything().await;
    let report = world.brought(DataKind::Assets, "code,name,level\nP-101A,Pumpe neu,machine\n").await;
    assert_eq!(report.changed_rows[0].fields, [DataField::Name]);
    let out = table(&bytes_of(&world.export(DataKind::Assets, FileFormat::Csv).await));
    let pump = out.iter().find(|row| row[0] == "P-101A").unwrap();
    assert_eq!(pump[1..], ["Pumpe neu", "machine", "HALLE-3", "", "", "A", "Kreiselpumpe"]);
    // An empty cell of a column that is there says that there is nothing.
    let report = world.brought(DataKind::Assets, "code,name,level,class\nP-101A,Pumpe neu,machine,\n").await;
    assert_eq!(report.changed_rows[0].fields, [DataField::Class]);
}

#[tokio::test]
async fn columns_that_a_person_matched_are_remembered_for_the_same_columns() {
    let world = World::new().await;
    let text = "Ident;Was;Wo\nX-1;Presse;Linie\n";
    let preview = world.preview(DataKind::Assets, &csv(text)).await;
    assert_eq!((preview.matches.as_slice(), preview.remembered), (&[][..], false));
    let matches: Vec<ColumnMatch> = [DataField::Code, DataField::Name, DataField::Level]
        .into_iter()
        .zip(0..)
        .map(|(field, column)| ColumnMatch { column, field })
        .collect();
    let (kind, reading) = (DataKind::Assets, DataReading::default());
    let command = DataBring {
        kind,
        file: csv(text),
        reading: reading.clone(),
        matches: matches.clone(),
        dry_run: true,
    };
    world.engine.handle(command.clone()).await.unwrap();
    assert!(!world.preview(kind, &csv(text)).await.remembered, "a try is not remembered");
    world.engine.handle(DataBring { dry_run: false, ..command.clone() }).await.unwrap();
    let other_rows = csv("IDENT;was;Wo\nX-2;Säge;Linie\n");
    let preview = world.preview(kind, &other_rows).await;
    assert_eq!((preview.matches, preview.remembered), (matches.clone(), true));
    assert!(!world.preview(DataKind::Parts, &other_rows).await.remembered, "for this kind alone");
    // A person can always say otherwise; what cannot be is refused.
    let twice = vec![matches[0], ColumnMatch { column: 1, ..matches[0] }];
    let refused = world.engine.handle(DataBring { matches: twice, ..command.clone() }).await.unwrap_err();
    assert!(matches!(refused.refusal, Some(Refusal::FileRefused { fault: FileFault::MatchUnfit { .. } })));
    let refused = world.engine.handle(DataBring { matches: vec![matches[0]], ..command }).await.unwrap_err();
    assert_eq!(
        refused.refusal,
        Some(Refusal::FileRefused {
            fault: FileFault::ColumnsMissing { fields: vec![DataField::Name, DataField::Level] }
        })
    );
}

#[tokio::test]
async fn a_whole_file_is_refused_with_its_place_and_nothing_changes() {
    let world = World::new().await;
    let before = world.engine.database().read().await.unwrap().dump().await.unwrap();
    let many: String = std::iter::once("code,name,level\n".to_owned())
        .chain((0..100_001).map(|n| format!("{n},n,site\n")))
        .collect();
    let wide = format!("code,name,level\n{}\n", ",".repeat(300));
    for (bytes, expected) in [
        (b"".to_vec(), FileFault::Nothing),
        (b"code,name\n1,\"x\n".to_vec(), FileFault::QuoteOpen { line: 2 }),
        (b"code,name\n1,\"x\"y\n".to_vec(), FileFault::AfterQuote { line: 2, column: "B".into() }),
        (b"code,name\n1,\0\n".to_vec(), FileFault::NotText { line: 2 }),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec(), FileFault::OldOrLocked),
        (many.into_bytes(), FileFault::TooManyRows { row: 100_001, limit: 100_000 }),
        (wide.into_bytes(), FileFault::TooManyColumns { row: 2, limit: 256 }),
        (
            format!("code,name\n1,{}\n", "x".repeat(40_000)).into_bytes(),
            FileFault::CellTooLong { column: "B".into(), row: 2, limit: 32_767 },
        ),
    ] {
        let error = world.try_to(DataKind::Assets, &file("bad", &bytes), false).await.unwrap_err();
        assert_eq!(error.code, Code::Invalid, "{expected:?}");
        assert_eq!(error.refusal, Some(Refusal::FileRefused { fault: expected }));
        assert!(error.message.ends_with("Nothing was changed."), "{}", error.message);
    }
    let zip = world.try_to(DataKind::Assets, &file("cut.xlsx", b"PK\x03\x04rest"), false).await.unwrap_err();
    assert!(
        matches!(zip.refusal, Some(Refusal::FileRefused { fault: FileFault::Damaged { .. } })),
        "{zip:?}"
    );
    let large = file("large.csv", &vec![b'x'; 50 * 1024 * 1024 + 4]);
    let large = world.try_to(DataKind::Assets, &large, false).await.unwrap_err();
    assert!(matches!(large.refusal, Some(Refusal::ImportTooLarge { .. })), "{large:?}");
    let broken = DataFile { file_name: "x".into(), bytes_base64: "*".into() };
    let broken = world.try_to(DataKind::Assets, &broken, false).await.unwrap_err();
    assert!(matches!(broken.refusal, Some(Refusal::FileBroken { .. })), "{broken:?}");
    assert_eq!(world.engine.database().read().await.unwrap().dump().await.unwrap(), before);
}

#[tokio::test]
async fn open_orders_reach_the_erp_once_and_closed_ones_never() {
    let world = World::with_everything().await;
    world.deliver().await;
    let facts = world.erp.facts();
    let created: Vec<&Fact> = facts.iter().filter(|fact| matches!(fact, Fact::OrderCreated { .. })).collect();
    assert_eq!(facts.len(), created.len(), "{facts:?}");
    assert!(
        matches!(created.as_slice(), [Fact::OrderCreated { title, .. }] if title == "Dichtung tauschen"),
        "{created:?}"
    );
    // An order of other books is corrected here without a word to the ERP that never had it.
    let orders = world.engine.handle(WorkOrderList { filter: Default::default() }).await.unwrap();
    let old = orders.iter().find(|one| one.order.local_number.as_deref() == Some("A-2")).unwrap();
    assert_eq!(old.order.completed_at, Some(TimestampMs(1_740_922_205_000)), "2025-03-02 14:30:05 in Berlin");
    let command = WorkOrderCorrect {
        work_order_id: old.order.work_order_id,
        reason: "typed wrong".into(),
        labour: vec![],
        parts: vec![],
        found_text: Some("Lager sehr laut".into()),
        done_text: None,
    };
    world.engine.handle(command).await.unwrap();
    world.deliver().await;
    assert_eq!(world.erp.facts().len(), 1);
    assert_eq!(world.sync().await.state.erp_waiting, 0);
}

#[tokio::test]
async fn an_open_order_is_edited_released_and_given_up_by_a_file() {
    let world = World::with_everything().await;
    world.brought(DataKind::Orders, "number,title,status\nB-1,Neu,planned\n").await;
    let status = || async {
        let out = table(&bytes_of(&world.export(DataKind::Orders, FileFormat::Csv).await));
        out.into_iter().find(|row| row[0] == "B-1").unwrap()[5].clone()
    };
    assert_eq!(status().await, "planned");
    world.brought(DataKind::Orders, "number,title,status\nB-1,Neu,released\n").await;
    assert_eq!(status().await, "released");
    let without = world.bring(DataKind::Orders, &csv("number,title,status\nB-1,Neu,cancelled\n")).await;
    assert_eq!(without.refused, 1, "a reason is needed");
    world.brought(DataKind::Orders, "number,title,status,status_reason\nB-1,Neu,cancelled,doppelt\n").await;
    assert_eq!(status().await, "cancelled");
}

#[tokio::test]
async fn an_export_holds_what_is_seen() {
    let world = World::with_everything().await;
    let seen = DataSeen { containing: "dichtung".into(), ..DataSeen::default() };
    let command = DataExport { kind: DataKind::Parts, format: FileFormat::Csv, seen };
    let out = world.engine.handle(command).await.unwrap();
    assert_eq!(out.rows, 3, "the oil is not seen");
    let orders = WorkOrderFilter { open_only: true, ..WorkOrderFilter::default() };
    let seen = DataSeen { orders, ..DataSeen::default() };
    let command = DataExport { kind: DataKind::Orders, format: FileFormat::Xlsx, seen };
    let out = world.engine.handle(command).await.unwrap();
    assert_eq!(out.rows, 1);
    assert_eq!(out.file_name, "orders-2026-11-23.xlsx");
    let read = millwright_sheet::read(&bytes_of(&out), &Wishes::default()).unwrap();
    let due = &read.rows[1].cells[8].value;
    assert!(matches!(due, Value::Moment(moment) if moment.day.ymd() == (2026, 11, 30)), "{due:?}");
}

#[tokio::test]
async fn a_person_is_told_by_number_and_two_of_a_name_are_asked_back() {
    let world = World::with_everything().await;
    // The same number, another name: the person married.
    let report = world.brought(DataKind::People, "name,erp_number\nJörg Schulze,00042\n").await;
    assert_eq!((report.new, report.changed), (0, 1));
    // The same name, another number: somebody else.
    let report = world.brought(DataKind::People, "name,erp_number\nJörg Schulze,00043\n").await;
    assert_eq!((report.new, report.changed), (1, 0));
    let report = world.bring(DataKind::People, &csv("name,language\nJörg Schulze,en\n")).await;
    assert!(matches!(report.refused_rows[0].fault, RowFault::Several { .. }), "{report:?}");
}

#[tokio::test]
async fn what_gave_way_is_found_where_it_is_named_and_not_made_again() {
    let world = World::with_everything().await;
    let tree = world.engine.handle(AssetTree {}).await.unwrap();
    let id = |code: &str| tree.iter().find(|node| node.asset.code == code).unwrap().asset.asset_id;
    world.engine.handle(AssetJoin { asset_id: id("0042"), into: id("P-101A") }).await.unwrap();
    let report = world.bring(DataKind::Assets, &csv("code,name,level\n0042,Band,machine\n")).await;
    assert_eq!(
        report.refused_rows[0].fault,
        RowFault::GaveWay { given: "0042".into(), stays: "P-101A".into() }
    );
    let report = world.brought(DataKind::WhereUsed, "part,asset,quantity,place\n701,0042,1,x\n").await;
    assert_eq!(report.new_rows[0].label, "701 · P-101A");
}

#[tokio::test]
async fn a_matrix_of_people_and_skills_is_read_cell_by_cell() {
    let world = World::with_everything().await;
    let text = "Personalnummer;Abteilung;LOTO;KRAN: Kranschein;SCHWEISS\n\
                00042;Mechanik;3;2;1\nZoë Adams;Elektrik;7;;\nNiemand;Mechanik;1;;\n";
    let preview = world.preview(DataKind::Skills, &csv(text)).await;
    assert!(preview.understood.matrix, "{:?}", preview.understood);
    assert_eq!(preview.rows[1].cells, ["00042", "KRAN", "Kranschein", "2"]);
    let report = world.bring(DataKind::Skills, &csv(text)).await;
    assert_eq!((report.new, report.changed, report.same), (1, 0, 1), "{report:?}");
    let places: Vec<(u32, Option<&str>)> =
        report.refused_rows.iter().map(|one| (one.row, one.column.as_deref())).collect();
    // A skill that nobody named, a level that there is not, and a person whom nobody knows.
    assert_eq!(places, [(2, Some("E")), (3, Some("C")), (4, Some("A"))]);
    let (kind, reading, matches) = (DataKind::Skills, DataReading::default(), preview.matches);
    let command = DataRefused { kind, file: csv(text), reading, matches, reasons: Default::default() };
    let rows = table(&bytes_of(&world.engine.handle(command).await.unwrap()));
    assert_eq!(rows.len(), 4);
    assert_eq!(rows[1][..4], ["00042", "SCHWEISS", "", "1"]);
    let again = world.bring(DataKind::Skills, &csv(text)).await;
    assert_eq!((again.new, again.changed, again.same), (0, 0, 2));
}

#[tokio::test]
async fn formulas_are_taken_by_what_the_file_kept_or_refused() {
    let world = World::new().await;
    let bytes = include_bytes!("../../sheet/tests/files/openpyxl.xlsx");
    let preview = world.preview(DataKind::Assets, &file("anlagen.xlsx", bytes)).await;
    assert_eq!((preview.understood.header_row, preview.understood.formulas), (3, 1));
    assert_eq!(preview.understood.sheets, ["Anlagen", "Notizen"]);
    let report = world.bring(DataKind::Assets, &file("anlagen.xlsx", bytes)).await;
    assert_eq!((report.new, report.refused), (2, 0), "{:?}", report.refused_rows);
    // The column with the formula as the class of the machine: nobody computes it.
    let mut matches = preview.matches.clone();
    matches.push(ColumnMatch { column: 6, field: DataField::Class });
    let command = DataBring {
        kind: DataKind::Assets,
        file: file("anlagen.xlsx", bytes),
        reading: DataReading::default(),
        matches,
        dry_run: true,
    };
    let report = world.engine.handle(command).await.unwrap();
    assert_eq!(report.refused_rows[0].fault, RowFault::NoResult);
    assert_eq!((report.refused_rows[0].row, report.refused_rows[0].column.as_deref()), (4, Some("G")));
}

#[tokio::test]
async fn thousands_of_rows_come_in_as_one_and_are_told_in_part() {
    let world = World::new().await;
    let rows: String = (0..3_000).map(|n| format!("M-{n},Machine {n},machine\n")).collect();
    let report = world.brought(DataKind::Assets, &format!("code,name,level\n{rows}")).await;
    assert_eq!((report.new, report.new_rows.len()), (3_000, DataReport::ROWS_TOLD));
    assert_eq!(world.engine.handle(AssetTree {}).await.unwrap().len(), 3_000);
}
