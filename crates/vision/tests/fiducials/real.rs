//! Data that others made, where it is there.

use std::path::PathBuf;

use millwright_vision::{Detector, FiducialFamily, GreyFrame};

/// Where the data sets are, if they are there.
pub fn data(folder: &str) -> Option<PathBuf> {
    let given = std::env::var_os("MILLWRIGHT_TEST_DATA").map(PathBuf::from);
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let above = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/data");
    let found =
        given.into_iter().chain([beside(), above()]).map(|data| data.join(folder)).find(|path| path.is_dir());
    if found.is_none() {
        println!("SKIPPED: {folder} is not there");
    }
    found
}

/// The corners that others found: lines of `id, (x y), (x y), (x y), (x y)`.
fn listed(text: &str) -> Vec<[[f64; 2]; 4]> {
    text.lines()
        .filter_map(|line| {
            let numbers: Vec<f64> = line
                .split(|character: char| !(character.is_ascii_digit() || character == '.'))
                .filter_map(|number| number.parse().ok())
                .collect();
            let corner = |index: usize| [numbers[1 + 2 * index], numbers[2 + 2 * index]];
            (numbers.len() == 9).then(|| [corner(0), corner(1), corner(2), corner(3)])
        })
        .collect()
}

fn far(one: [f64; 2], other: [f64; 2]) -> f64 {
    (one[0] - other[0]).hypot(one[1] - other[1])
}

#[test]
fn photos_show_what_the_makers_detector_found() {
    let Some(folder) = data("apriltag/photos") else { return };
    for (name, count) in [("33369213973_9d9bb4cc96_c", 12), ("34139872896_defdb2f8d9_c", 10)] {
        let photo = image::open(folder.join(format!("{name}.jpg"))).unwrap().to_luma8();
        let (width, height) = (photo.width() as usize, photo.height() as usize);
        let frame = GreyFrame::new(width, height, width, photo.as_raw()).unwrap();
        let mut detector = Detector::new(&[FiducialFamily::Tag36h11]);
        let found = detector.detect(frame);
        let list = listed(&std::fs::read_to_string(folder.join(format!("{name}.txt"))).unwrap());
        assert_eq!(list.len(), count);
        assert!(found.len() >= count && found.iter().all(|detection| detection.id == 0), "{name}: {found:?}");
        // Their list was made without measuring edges: it is off by up to half a pixel on every side itself,
        // and by three at the tip of one sheet that is seen from far aside.
        let (mut squares, mut near) = (0.0, 0);
        for corners in &list {
            let centre = |of: &[[f64; 2]; 4]| {
                [0, 1].map(|axis| of.iter().map(|corner| corner[axis]).sum::<f64>() / 4.0)
            };
            let ours = found
                .iter()
                .min_by(|a, b| {
                    far(centre(&a.corners_px), centre(corners))
                        .total_cmp(&far(centre(&b.corners_px), centre(corners)))
                })
                .unwrap();
            let most = (0..4).map(|index| far(ours.corners_px[index], corners[index])).fold(0.0, f64::max);
            assert!(most <= 4.0, "{name}: {corners:?} is off by {most} px");
            near += usize::from(most <= 0.9);
            squares += (0..4).map(|index| far(ours.corners_px[index], corners[index]).powi(2)).sum::<f64>();
        }
        println!("{name}: {} found, RMS {:.3} px", found.len(), (squares / 4.0 / count as f64).sqrt());
        assert!(near + 1 >= count, "{name}: {near} of {count} are near the list");
    }
}
