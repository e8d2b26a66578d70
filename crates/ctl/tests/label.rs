//! Labels at a terminal: registered, printed in true size on paper and for label printers, and what is refused.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up its world fails")]

mod common;

use common::Terminal;

fn device() -> Terminal {
    let device = Terminal::new();
    device.says(&["person", "add", "Anna"]);
    device.says(&["person", "pick", "Anna"]);
    device.write("assets.csv", "code,name,level\nP-1,Pump,machine\n");
    device.says(&["asset", "import", "assets.csv"]);
    device
}

#[test]
fn a_label_is_hung_printed_and_measured() {
    let device = device();
    let hung = device.says(&["label", "hang", "--asset", "P-1", "Motor, north side", "--size-mm", "60"]);
    assert_eq!(hung.trim(), "Motor, north side\ttag36h11 0\t60.0 mm\tnot surveyed\tbar not measured");
    let hung = device.says(&["label", "hang", "--asset", "P-1", "Base", "--size-mm", "40"]);
    assert!(hung.contains("tag36h11 1"), "the next number that is free: {hung}");
    for (media, more, out, begins) in [
        ("a4", &[][..], "a4.pdf", &b"%PDF-"[..]),
        ("die-cut", &["--width-mm", "150", "--height-mm", "100"][..], "cut.pdf", b"%PDF-"),
        ("zpl", &["--dpi", "300", "--width-mm", "100", "--height-mm", "150"][..], "roll.zpl", b"^XA"),
    ] {
        let mut words = vec!["label", "print", "--asset", "P-1", "--media", media, "--out", out];
        words.extend(more);
        assert!(device.says(&words).contains("measure the bar"), "{media}");
        assert!(device.read(out).starts_with(begins), "{media}");
    }
    assert!(String::from_utf8(device.read("roll.zpl")).unwrap().contains("tag36h11"));
    let listed = device.says(&["label", "list", "--asset", "P-1"]);
    assert!(
        listed.contains("tag36h11 0\t60.3 mm"),
        "a label printer prints whole dots, and that is kept: {listed}"
    );
    device.says(&["label", "measure", "--asset", "P-1", "Base", "--bar-mm", "98.5"]);
    let listed = device.says(&["label", "list", "--asset", "P-1"]);
    assert!(listed.contains("Base\ttag36h11 1\t40.0 mm\tnot surveyed\tbar 98.5 mm"), "{listed}");
    device.says(&["label", "board", "--out", "board.pdf"]);
    assert!(device.read("board.pdf").starts_with(b"%PDF-"));
}

#[test]
fn a_label_that_does_not_fit_and_wrong_names_are_refused_by_name() {
    let device = device();
    device.says(&["label", "hang", "--asset", "P-1", "Base", "--size-mm", "120"]);
    let print = |more: &[&str]| {
        let mut words = vec!["label", "print", "--asset", "P-1", "--out", "x.pdf"];
        words.extend(more);
        device.run(&words)
    };
    let (code, said) = print(&["--media", "die-cut", "--width-mm", "62", "--height-mm", "40"]);
    assert_eq!(code, Some(5));
    assert!(said.contains("P-1") && said.contains("62"), "the label and what it is to fit on: {said}");
    assert_eq!(print(&["--media", "zpl", "--dpi", "204"]).0, Some(5));
    assert!(print(&["--label", "Nothing"]).1.contains("Nothing"));
    // A file that is there stays: it can only be written because nothing was.
    device.says(&["label", "print", "--asset", "P-1", "--out", "x.pdf"]);
}
