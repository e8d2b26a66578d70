//! x
use millwright_paper::label::*;
#[test]
fn probe() {
    let family = millwright_vision::FiducialFamily::Tag36h11;
    let label = |n: u32, cell| Label {
        code: Matrix::of_dark(
            millwright_vision::write_qr("millwright:asset:0192f0c1-2222-7333-8444-555566667777").unwrap(),
        ),
        code_module_m: 0.00075,
        fiducial: Matrix::of_light(family.bitmap(n).unwrap()),
        fiducial_cell_m: cell,
        title: "P-101A".into(),
        lines: vec![
            "Antriebsseite links unten neben dem Kasten".into(),
            format!("tag36h11 · {n}"),
            "60,0 mm".into(),
        ],
    };
    let sheet = LabelSheet {
        title: "Schilder".into(),
        language: "de".into(),
        made: Default::default(),
        bar_words: "100 mm – nachmessen".into(),
        labels: (0..6).map(|n| label(n, 0.0075)).chain((6..9).map(|n| label(n, 0.018))).collect(),
    };
    let pdf = write_label_pdf(&sheet, LabelMedia::A4).unwrap();
    std::fs::write("/tmp/a4.pdf", &pdf.bytes).unwrap();
    let pdf = write_label_pdf(
        &LabelSheet { labels: vec![label(3, 0.005)], ..sheet.clone() },
        LabelMedia::DieCut { width_mm: 62.0, height_mm: 100.0 },
    )
    .unwrap();
    std::fs::write("/tmp/dc.pdf", &pdf.bytes).unwrap();
    let pdf = write_label_pdf(
        &LabelSheet { labels: vec![label(3, 0.005)], ..sheet.clone() },
        LabelMedia::DieCut { width_mm: 110.0, height_mm: 75.0 },
    )
    .unwrap();
    std::fs::write("/tmp/wide.pdf", &pdf.bytes).unwrap();
    let zpl = write_label_zpl(
        &LabelSheet { labels: vec![label(3, 0.005)], ..sheet },
        LabelPrinter { width_mm: 101.6, height_mm: 76.0, density: DotDensity::Dpi300 },
    )
    .unwrap();
    std::fs::write("/tmp/a.zpl", &zpl.commands).unwrap();
}
