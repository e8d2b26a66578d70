//! A plant's own files: a matrix and a list of machines from Excel with slips in them, understood, tried, brought in,
//! taken back, mended, and taken out again from the lists.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use millwright_sheet::{Value, Wishes, write_xlsx};
use serde_json::{Value as Json, json};

use crate::desk::Desk;

async fn plant(desk: &Desk) {
    desk.touch("first-start-plant").await;
    desk.write("plant-name", "North\u{e007}").await;
    desk.see("person-add").await;
    let mut settings = desk.value("settings_show", json!({})).await;
    settings["own_keys"] = json!(false);
    settings["plant_zone"] = json!("Europe/Berlin");
    desk.value("settings_save", json!({"settings": settings})).await;
    let person = json!({"name": "Anna Weber", "erp_number": "00042", "language": "en"});
    let anna = desk.value("person_add", person).await;
    desk.value("person_pick", json!({"person_id": anna})).await;
}

/// A workbook of texts.
fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    let cells = |row: &&[&str]| row.iter().map(|cell| Value::Text((*cell).to_owned())).collect();
    write_xlsx("Blatt", &rows.iter().map(cells).collect::<Vec<Vec<Value>>>()).unwrap()
}

/// Picks a file as the person's file chooser would: no driver opens the system's own.
async fn pick(desk: &Desk, name: &str, bytes: &[u8]) {
    desk.see("bring-file").await;
    let script = "const [name, base64] = arguments; \
         const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0)); \
         const files = new DataTransfer(); files.items.add(new File([bytes], name)); \
         const input = document.querySelector('[data-test=\"bring-file\"]'); input.files = files.files; \
         input.dispatchEvent(new Event('change', {bubbles: true}))";
    desk.client.execute(script, vec![json!(name), json!(STANDARD.encode(bytes))]).await.unwrap();
}

/// Chooses in a list of choices.
async fn choose(desk: &Desk, name: &str, value: &str) {
    desk.see(name).await;
    let script = "const [name, value] = arguments; \
         const list = document.querySelector(`[data-test=\"${name}\"]`); list.value = value; \
         list.dispatchEvent(new Event('change', {bubbles: true}))";
    desk.client.execute(script, vec![json!(name), json!(value)]).await.unwrap();
}

async fn codes(desk: &Desk) -> Vec<String> {
    let tree = desk.value("asset_tree", json!({})).await;
    let code = |node: &Json| node["asset"]["code"].as_str().unwrap().to_owned();
    tree.as_array().unwrap().iter().map(code).collect()
}

/// The files that were saved so far, by name.
fn saved(desk: &Desk) -> Vec<std::path::PathBuf> {
    let folder = desk.data.path().join("downloads");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    files.sort();
    files
}

#[tokio::test]
async fn a_matrix_and_a_list_of_machines_come_in_from_excel_are_mended_and_go_out() {
    let desk = Desk::open().await;
    plant(&desk).await;
    desk.touch("rail-settings").await;
    desk.touch("settings-import").await;
    let machines = workbook(&[
        &["Ident", "Bezeichnung", "Ebene", "Übergeordnet"],
        &["0042", "Kühlwasserpumpe", "Maschine", "H3"],
        &["H3", "Halle 3", "Bereich", ""],
        &["0043", "Förderband", "Gerät", "H3"],
    ]);
    pick(&desk, "anlagen.xlsx", &machines).await;
    desk.see("bring-understood").await;
    // «Ident» is nobody's name for a code: the person says what it is.
    desk.see("bring-missing").await;
    desk.picture("bring-columns").await;
    choose(&desk, "bring-column-A", "code").await;
    desk.gone("bring-missing").await;
    desk.touch("bring-try").await;
    desk.see("bring-report").await;
    let refused = desk.see("bring-lines").await.text().await.unwrap();
    assert!(refused.contains("Gerät") && refused.contains("Row 4"), "{refused}");
    desk.pictures_in_all_themes("bring-report").await;
    desk.fits("bring-report").await;
    assert!(codes(&desk).await.is_empty(), "a try changes nothing");
    desk.touch("bring-go").await;
    desk.see("toast-saved").await;
    assert_eq!(codes(&desk).await, ["0042", "H3"]);
    desk.touch("undo").await;
    let empty = || async { codes(&desk).await.is_empty() };
    desk.until("it to be taken back", empty).await;

    // Brought in once more; what was refused is saved, mended and brought in as well.
    pick(&desk, "anlagen.xlsx", &machines).await;
    desk.see("bring-remembered").await;
    desk.touch("bring-try").await;
    desk.see("bring-go").await;
    desk.touch("bring-go").await;
    desk.gone("bring-go").await;
    desk.touch("bring-save-refused").await;
    let one = || async { saved(&desk).len() == 1 };
    desk.until("the refused rows to be saved", one).await;
    let left = std::fs::read(&saved(&desk)[0]).unwrap();
    let table = millwright_sheet::read(&left, &Wishes::default()).unwrap();
    let texts: Vec<String> = table.rows[1]
        .cells
        .iter()
        .map(|cell| match &cell.value {
            Value::Text(text) => text.clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(&texts[..4], ["0043", "Förderband", "Gerät", "H3"]);
    let mended = workbook(&[
        &["Ident", "Bezeichnung", "Ebene", "Übergeordnet", "refused_because"],
        &["0043", "Förderband", "Maschine", "H3", &texts[4]],
    ]);
    pick(&desk, "mended.xlsx", &mended).await;
    desk.touch("bring-try").await;
    desk.touch("bring-go").await;
    let all = || async { codes(&desk).await.len() == 3 };
    desk.until("the mended row to come in", all).await;

    desk.touch("bring-kind-skills").await;
    let matrix = workbook(&[
        &["Mitarbeiter", "Qualifikation", "Qualifikationsname", "Stufe", "Gültig bis"],
        &["00042", "LOTO", "Freischalten", "3", "31.12.2027"],
    ]);
    pick(&desk, "matrix.xlsx", &matrix).await;
    desk.touch("bring-try").await;
    desk.touch("bring-go").await;
    desk.see("toast-saved").await;

    for (width, height) in [(1280, 800), (800, 1280)] {
        desk.size(width, height).await;
        desk.picture(&format!("bring-{width}x{height}")).await;
        desk.fits(&format!("bring-{width}x{height}")).await;
    }
    desk.size(1280, 800).await;
    desk.touch("rail-plant").await;
    desk.touch("take-out-open").await;
    desk.touch("take-out-xlsx").await;
    let two = || async { saved(&desk).len() == 2 };
    desk.until("the list to be saved", two).await;
    let out = saved(&desk).into_iter().find(|path| path.display().to_string().contains("assets-")).unwrap();
    let table = millwright_sheet::read(&std::fs::read(out).unwrap(), &Wishes::default()).unwrap();
    assert_eq!(table.rows.len(), 4, "the names of the columns and three machines");
    desk.close().await;
}
