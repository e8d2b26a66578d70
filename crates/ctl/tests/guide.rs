//! Guides at a terminal: brought in, listed, taken out as files and on paper, and wrong names.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up its world fails")]

mod common;

use common::Terminal;
use serde_json::json;

const MARKDOWN: &str = "# Replace the seal\n\n## Seal\n\n### Isolate the pump\n\nLock main switch Q1.\n\n### Draw the cartridge\n\nLoosen four screws crosswise.\n";

/// Anna wrote a guide for P-1 in Markdown, and Bernd approved it.
fn device() -> Terminal {
    let device = Terminal::new();
    for name in ["Anna", "Bernd"] {
        device.says(&["person", "add", name]);
    }
    device.says(&["person", "pick", "Anna"]);
    device.write("assets.csv", "code,name,level\nP-1,Pump,machine\n");
    device.says(&["asset", "import", "assets.csv"]);
    device.write("seal.md", MARKDOWN);
    let came = device.json("guide-imported", &["guide", "import", "seal.md", "--asset", "P-1"]);
    assert_eq!(came["step_count"], 2, "{came}");
    assert!(device.says(&["guide", "list"]).contains("\tP-1\tdraft"));
    let submit = json!({"guide_id": came["guide_id"], "news": "First"}).to_string();
    let revision = device.json("guide_submit", &["call", "guide_submit", &submit]);
    assert!(device.says(&["guide", "list"]).contains("in review"));
    device.says(&["person", "pick", "Bernd"]);
    device.says(&["call", "guide_approve", &json!({"guide_revision_id": revision}).to_string()]);
    device
}

#[test]
fn a_guide_comes_in_as_markdown_and_goes_out_in_every_form() {
    let device = device();
    let listed = device.says(&["guide", "list", "--asset", "P-1"]);
    assert_eq!(listed.trim(), "Replace the seal\tP-1\trevision 1, 2 steps");
    let export = |words: &[&str], out: &str| {
        let mut all = vec!["guide", "export", "Replace the seal", "--out", out];
        all.extend(words);
        device.says(&all)
    };
    assert!(export(&["--pdf", "--language", "de"], "seal.pdf").contains("of A4"));
    assert!(device.read("seal.pdf").starts_with(b"%PDF-"));
    export(&["--format", "arlem"], "seal.zip");
    export(&["--format", "json", "--revision", "1"], "seal.json");
    export(&["--format", "markdown"], "again.md");
    let again = String::from_utf8(device.read("again.md")).unwrap();
    assert!(again.contains("Draw the cartridge") && again.contains("Loosen four screws crosswise."));
    for file in ["seal.zip", "seal.json", "again.md"] {
        let came = device.json("guide-imported", &["guide", "import", file, "--class", "pump"]);
        assert_eq!(came["step_count"], 2, "{file}: {came}");
    }
}

#[test]
fn wrong_names_and_files_change_nothing_and_are_named() {
    let device = device();
    let refuses = |words: &[&str]| device.refuses(words).0;
    assert_eq!(refuses(&["guide", "export", "Nothing", "--pdf", "--out", "a.pdf"]), Some(5));
    assert_eq!(
        refuses(&["guide", "export", "Replace the seal", "--revision", "7", "--pdf", "--out", "a.pdf"]),
        Some(5)
    );
    device.write("taken.pdf", "mine");
    assert_eq!(refuses(&["guide", "export", "Replace the seal", "--pdf", "--out", "taken.pdf"]), Some(5));
    assert_eq!(device.read("taken.pdf"), b"mine");
    device.write("notes.md", "no guide");
    let (code, error) = device.refuses(&["guide", "import", "notes.md"]);
    assert_eq!(code, Some(5), "{error}");
    let (code, said) = device.run(&["guide", "import", "absent.md"]);
    assert!(code == Some(5) && said.contains("absent.md"), "{said}");
    assert_eq!(device.says(&["guide", "list"]).lines().count(), 1);
}
