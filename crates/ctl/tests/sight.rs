//! What a camera sees, at a terminal: labels with their pose, runs seen again, machines drawn, and files that are none.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up its world fails")]

mod common;

use common::Terminal;
use image::{GrayImage, Luma};
use millwright_vision::FiducialFamily;
use serde_json::json;

/// Pixels of a cell, and of the white around the sheet.
const CELL_PX: u32 = 20;
const RIM_PX: u32 = 150;
const LENS_BLUR_PX: f32 = 0.8;
const CAMERA: &str = r#"{"size_px": [500, 500], "focal_px": [600, 600], "centre_px": [250, 250],
    "distortion": [0, 0, 0, 0, 0], "sigma_px": [0.5, 0.5, 0.5, 0.5]}"#;

/// A sheet with label 7 of 36h11, straight ahead in the middle of the picture, moved to the right by some pixels; blurred
/// by a little less than a pixel, as every lens does.
fn sheet(device: &Terminal, name: &str, right_px: u32) {
    let cells = FiducialFamily::Tag36h11.bitmap(7).unwrap();
    let side = cells.len() as u32 * CELL_PX + 2 * RIM_PX;
    let mut picture = GrayImage::from_pixel(side, side, Luma([235]));
    for (row, line) in cells.iter().enumerate() {
        for (column, white) in line.iter().enumerate() {
            for y in 0..CELL_PX {
                for x in 0..CELL_PX {
                    let (column, row) =
                        (column as u32 * CELL_PX + RIM_PX + x, row as u32 * CELL_PX + RIM_PX + y);
                    picture.put_pixel(column + right_px, row, Luma([if *white { 235 } else { 25 }]));
                }
            }
        }
    }
    let picture = image::imageops::blur(&picture, LENS_BLUR_PX);
    let mut png = Vec::new();
    picture.write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png).unwrap();
    device.write_bytes(name, &png);
}

#[test]
fn a_label_is_found_with_its_corners_its_pose_and_how_far_off_that_may_be() {
    let device = Terminal::new();
    device.write("camera.json", CAMERA);
    sheet(&device, "sheet.png", 0);
    let words = [
        "guide",
        "detect",
        "sheet.png",
        "--family",
        "tag36h11",
        "--tag-size-m",
        "0.08",
        "--camera",
        "camera.json",
    ];
    let found = device.json("guide-detect", &words);
    let [tag] = found.as_array().unwrap().as_slice() else { panic!("one label: {found}") };
    assert_eq!((&tag["family"], &tag["id"], &tag["hamming"]), (&json!("tag36h11"), &json!(7), &json!(0)));
    // The black border begins one cell inside of the sheet; corners go lower left, lower right, upper right, upper left.
    let (low, high) = (f64::from(RIM_PX + CELL_PX), f64::from(RIM_PX + 9 * CELL_PX));
    for (corner, wanted) in [[low, high], [high, high], [high, low], [low, low]].iter().enumerate() {
        for axis in 0..2 {
            let off = tag["corners_px"][corner][axis].as_f64().unwrap() - wanted[axis];
            assert!(off.abs() < 0.1, "corner {corner} is {off} px off");
        }
    }
    // 160 pixels at a focal length of 600 are 80 mm at 300 mm.
    let pose = &tag["pose"];
    let position_m: Vec<f64> =
        pose["position_m"].as_array().unwrap().iter().map(|m| m.as_f64().unwrap()).collect();
    let off_mm = 1_000.0
        * position_m.iter().zip([0.0, 0.0, 0.3]).map(|(is, wanted)| (is - wanted).abs()).fold(0.0, f64::max);
    assert!(off_mm < pose["error_mm"].as_f64().unwrap() && off_mm < 1.0, "{off_mm} mm off: {pose}");
    let without = device.json("guide-detect", &["guide", "detect", "sheet.png"]);
    assert!(without[0]["pose"].is_null(), "without a size there is no pose");
}

#[test]
fn a_recorded_run_is_seen_again_bit_for_bit() {
    let device = Terminal::new();
    device.write("camera.json", CAMERA);
    device.folder("run");
    for number in 0..4 {
        sheet(&device, &format!("run/{number}.png"), 10 * number);
    }
    device.says(&["guide", "record", "run", "--camera", "camera.json", "--out", "run.mwr"]);
    let again = || device.json("guide-replay", &["guide", "replay", "run.mwr", "--tag-size-m", "0.08"]);
    let (first, second) = (again(), again());
    assert_eq!(first, second);
    assert_eq!(first.as_array().unwrap().len(), 4);
    assert_eq!(first[3]["tags"][0]["id"], 7);
    let (code, said) = device.run(&["guide", "record", "run", "--out", "run.mwr"]);
    assert_eq!(code, Some(5), "a recording that is there stays: {said}");
    let cut = &device.read("run.mwr")[..900];
    device.write_bytes("cut.mwr", cut);
    let (code, said) = device.run(&["guide", "replay", "cut.mwr"]);
    assert!(code == Some(5) && said.contains("cut.mwr: the recording is cut off"), "{code:?} {said}");
}

#[test]
fn a_machine_is_drawn_without_a_screen() {
    let device = Terminal::new();
    let pump = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/machines/pump.glb");
    let small = ["--width", "160", "--height", "120"];
    let draw = |more: &[&str], out: &str| {
        let words = [&["guide", "render", pump, "--out", out][..], &small, more].concat();
        device.says(&words);
        image::load_from_memory(&device.read(out)).unwrap().into_rgba8()
    };
    let plain = draw(&[], "plain.png");
    assert_eq!(plain.dimensions(), (160, 120));
    device.write("frame.json", r#"{"look": {"fill": "ghost"}}"#);
    assert_ne!(draw(&["--frame", "frame.json"], "ghost.png"), plain, "a frame says how it looks");
    device.write("no.glb", "ISO-10303-21; a STEP file");
    let (code, said) = device.run(&["guide", "render", "no.glb", "--out", "no.png"]);
    assert!(code == Some(5) && said.contains("no.glb"), "{code:?} {said}");
}

#[test]
fn what_is_no_picture_and_no_camera_is_named() {
    let device = Terminal::new();
    device.write("words.png", "no picture");
    let (code, said) = device.run(&["guide", "detect", "words.png"]);
    assert!(code == Some(5) && said.contains("words.png"), "{code:?} {said}");
    sheet(&device, "sheet.png", 0);
    device.write("camera.json", &CAMERA.replace("[500, 500]", "[640, 480]"));
    let (code, said) = device.run(&["guide", "detect", "sheet.png", "--camera", "camera.json"]);
    assert!(
        code == Some(5) && said.contains("640 × 480"),
        "another shape than the camera's: {code:?} {said}"
    );
}

#[test]
fn the_register_of_labels_knows_the_families_and_numbers_that_are_found() {
    for (registered, found) in [
        (millwright_model::FiducialFamily::Tag36h11, FiducialFamily::Tag36h11),
        (millwright_model::FiducialFamily::TagStandard41h12, FiducialFamily::TagStandard41h12),
    ] {
        assert_eq!(registered.as_str(), found.as_str());
        assert_eq!(registered.id_count(), found.id_count(), "{}", found.as_str());
    }
}
