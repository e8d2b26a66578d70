//! What is printed is what the family's makers print.

use millwright_vision::FiducialFamily;

use crate::real::data;

#[test]
fn bitmaps_are_those_of_the_makers() {
    let Some(folder) = data("apriltag/tag36h11") else { return };
    for id in 0..60 {
        let path = folder.join(format!("tag36_11_{id:05}.png"));
        let theirs = image::open(path).unwrap().to_luma8();
        let ours = FiducialFamily::Tag36h11.bitmap(id).unwrap();
        let side = ours.len() as u32;
        assert_eq!(theirs.dimensions(), (side, side));
        for (x, y, pixel) in theirs.enumerate_pixels() {
            assert_eq!(pixel.0[0] > 127, ours[y as usize][x as usize], "id {id} at {x}, {y}");
        }
    }
}
