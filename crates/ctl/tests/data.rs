//! Files of data at a terminal: the program itself, its answers and its exit codes.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up its world fails")]

use std::path::Path;
use std::process::{Command, Output};

fn run(folder: &Path, arguments: &[&str]) -> Output {
    // The key of the secrets lies beside the data, so that no key store is asked.
    Command::new(env!("CARGO_BIN_EXE_millwrightctl"))
        .arg("--data")
        .arg(folder.join("data"))
        .args(arguments)
        .env("MILLWRIGHT_KEY_FOLDER", folder.join("key"))
        .current_dir(folder)
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn a_file_is_previewed_tried_brought_in_and_taken_out() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("in.csv", "Ident;Bezeichnung;Ebene\nP-1;Pumpe;Maschine\nP-2;Säge;gadget\n");
    let file = ["--kind", "assets", "--file", "in.csv", "--match", "Ident=code"];
    let with = |first: &[&str], more: &[&str]| {
        let arguments: Vec<&str> = [first, &file, more].concat();
        run(folder.path(), &arguments)
    };
    let preview = with(&["data", "preview"], &["--json"]);
    let json: serde_json::Value =
        serde_json::from_slice(&preview.stdout).unwrap_or_else(|_| panic_with(&preview));
    assert_eq!(json["schema"], "millwright/data-preview/1");
    assert_eq!(json["data"]["understood"]["separator"], "semicolon");
    assert_eq!(json["data"]["missing"], serde_json::json!([]));
    assert_eq!(json["data"]["matches"].as_array().map(Vec::len), Some(3));

    let tried = with(&["data", "import"], &["--dry-run"]);
    assert_eq!(tried.status.code(), Some(5), "{}", said(&tried));
    assert!(said(&tried).contains("1 new, 0 changed, 0 as they were, 1 refused"), "{}", said(&tried));
    let listed = run(folder.path(), &["asset", "list"]);
    assert!(!said(&listed).contains("P-1"), "a try changes nothing");

    let brought = with(&["data", "import"], &["--refused", "left.csv", "--json"]);
    assert_eq!(brought.status.code(), Some(5), "{}", said(&brought));
    let left = std::fs::read_to_string(folder.path().join("left.csv")).unwrap();
    assert!(left.contains("refused_because") && left.contains("gadget") && !left.contains("P-1"), "{left}");
    let again = with(&["data", "import"], &["--refused", "left.csv"]);
    assert_eq!(again.status.code(), Some(5));
    assert!(said(&again).contains("left.csv"), "a file that is there stays: {}", said(&again));

    let out = run(folder.path(), &["data", "export", "--kind", "assets", "--file", "out.xlsx"]);
    assert_eq!(out.status.code(), Some(0), "{}", said(&out));
    let same = run(folder.path(), &["data", "import", "--kind", "assets", "--file", "out.xlsx"]);
    assert_eq!(same.status.code(), Some(0), "{}", said(&same));
    assert!(said(&same).contains("0 new, 0 changed, 1 as they were, 0 refused"), "{}", said(&same));
}

fn panic_with(output: &Output) -> serde_json::Value {
    serde_json::json!({ "said": said(output) })
}

#[test]
fn what_cannot_be_is_refused_with_code_5_and_what_is_misspelt_with_2() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("bad.csv"), "code,name\n1,\"x\n").unwrap();
    let code = |arguments: &[&str]| run(folder.path(), arguments).status.code();
    assert_eq!(code(&["data", "import", "--kind", "assets", "--file", "bad.csv"]), Some(5));
    assert_eq!(code(&["data", "import", "--kind", "assets", "--file", "nowhere.csv"]), Some(5));
    assert_eq!(code(&["data", "import", "--kind", "gadgets", "--file", "bad.csv"]), Some(2));
    assert_eq!(code(&["data", "export", "--kind", "assets", "--file", "out.txt"]), Some(5));
}

#[test]
fn assets_from_csv_go_on_as_before() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.csv"), "code,name,level\nP-1,Pump,machine\nP-2,Pump,gadget\n")
        .unwrap();
    let refused = run(folder.path(), &["--json", "asset", "import", "a.csv"]);
    assert_eq!(refused.status.code(), Some(5), "{}", said(&refused));
    let json: serde_json::Value = serde_json::from_slice(&refused.stdout).unwrap();
    assert_eq!(json["schema"], "millwright/asset-import/1");
    assert_eq!((&json["data"]["created"], &json["data"]["refused"][0]["line"]), (&1.into(), &3.into()));
    assert!(!said(&run(folder.path(), &["asset", "list"])).contains("P-1"), "all rows or none");
    std::fs::write(folder.path().join("a.csv"), "code,name,level\nP-1,Pump,machine\n").unwrap();
    assert_eq!(run(folder.path(), &["asset", "import", "a.csv"]).status.code(), Some(0));
    assert!(said(&run(folder.path(), &["asset", "list"])).contains("P-1"));
}

#[test]
fn a_machine_goes_on_paper_and_never_over_a_file_that_is_there() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("in.csv"), "code,name,level\nP-1,Kühlwasserpumpe,machine\n").unwrap();
    let brought = run(folder.path(), &["data", "import", "--kind", "assets", "--file", "in.csv"]);
    assert_eq!(brought.status.code(), Some(0), "{}", said(&brought));
    let write = || run(folder.path(), &["asset", "pdf", "P-1", "--out", "pump.pdf", "--language", "de"]);
    let written = write();
    assert_eq!(written.status.code(), Some(0), "{}", said(&written));
    assert!(said(&written).contains("pump.pdf is written: 1 of A4."), "{}", said(&written));
    let bytes = std::fs::read(folder.path().join("pump.pdf")).unwrap();
    assert!(bytes.starts_with(b"%PDF-1.7"));
    let again = write();
    assert_eq!(again.status.code(), Some(5), "{}", said(&again));
    assert_eq!(std::fs::read(folder.path().join("pump.pdf")).unwrap(), bytes);
    let unknown = run(folder.path(), &["part", "pdf", "4711", "--out", "part.pdf"]);
    assert_eq!(unknown.status.code(), Some(5), "{}", said(&unknown));
}
