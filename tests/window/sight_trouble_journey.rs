//! Labels that hang elsewhere than they were surveyed are named, an outline that does not fit is taken away on a person's
//! word, and pictures from files are looked at as the camera's are.

use millwright_sight_runs::{Light, Recorded, Run};
use serde_json::{Value as Json, json};

use crate::desk::Desk;
use crate::guide_journey::at_step;
use crate::shift_journey::{go, plant};
use crate::sight_journey::{guided, labels, pick, play, recorded, says, standing};

/// The labels of a machine, with what the engine knows of each.
async fn hung(desk: &Desk, pump: &Json) -> Vec<Json> {
    desk.value("fiducial_list", json!({"asset_id": pump})).await.as_array().unwrap().clone()
}

/// A grey picture as a bitmap file of 256 shades, its rows from the bottom up.
fn bitmap(run: &Recorded, frame: usize) -> Vec<u8> {
    let [width, height] = run.camera.numbers().size_px.map(|px| px as usize);
    let begins_at = 14 + 40 + 4 * 256_u32;
    let bytes = begins_at + (width * height) as u32;
    let mut file = b"BM".to_vec();
    file.extend(
        [bytes, 0, begins_at, 40, width as u32, height as u32].iter().flat_map(|word| word.to_le_bytes()),
    );
    file.extend([1_u16, 8].iter().flat_map(|half| half.to_le_bytes()));
    file.extend(
        [0_u32, (width * height) as u32, 2_835, 2_835, 256, 0].iter().flat_map(|word| word.to_le_bytes()),
    );
    file.extend((0..=255_u8).flat_map(|grey| [grey, grey, grey, 0]));
    assert!(width % 4 == 0, "rows are whole words");
    let rows = run.frames[frame].brightness.chunks_exact(width);
    file.extend(rows.rev().flatten());
    file
}

#[tokio::test]
async fn swapped_labels_are_named_an_outline_that_does_not_fit_goes_and_pictures_are_looked_at_too() {
    let mut run = recorded(Run::Under(Light::Workshop), 6);
    let desk = Desk::open().await;
    let (anna, bernd, pump) = plant(&desk).await;
    let order = guided(&desk, &pump, &bernd, &anna).await;
    // Whoever hung them took one for the other.
    let (first, second) = (run.labels[0].machine_from_tag, run.labels[1].machine_from_tag);
    (run.labels[0].machine_from_tag, run.labels[1].machine_from_tag) = (second, first);
    labels(&desk, &pump, &run).await;
    go(&desk, &format!("guide-run/{}", order.as_str().unwrap())).await;
    at_step(&desk, "Look at the motor").await;
    play(&desk, &run).await;
    desk.until("the swapped labels to be named", || async {
        says(&desk, "sight-fault").await.contains("hang in each other's places")
    })
    .await;
    desk.fits("sight-swapped").await;
    desk.pictures_in_all_themes("sight-swapped").await;

    // With one label alone nothing proves where the machine stands: a person says that the outline lies elsewhere.
    for label in hung(&desk, &pump).await.iter().skip(1) {
        desk.value("fiducial_remove", json!({"fiducial_id": label["fiducial_id"]})).await;
    }
    go(&desk, "today").await;
    go(&desk, &format!("guide-run/{}", order.as_str().unwrap())).await;
    at_step(&desk, "Look at the motor").await;
    play(&desk, &run).await;
    desk.see("run-again").await;
    desk.see("fits").await;
    assert_eq!(standing(&desk).await, "Outline", "no more than the outline is shown");
    desk.fits("sight-unproven").await;
    desk.pictures_in_all_themes("sight-unproven").await;
    desk.touch("fits-no").await;
    desk.see("fits-denied").await;
    desk.until("the outline to go", || async { standing(&desk).await == "Lost" }).await;
    desk.fits("sight-denied").await;
    desk.pictures_in_all_themes("sight-denied").await;
    desk.touch("fits-again").await;
    desk.see("fits").await;

    // Pictures from files, of a camera that nobody measured; one that is none is named.
    desk.touch("run-end").await;
    let pictures = (0..4).map(|frame| (format!("picture-{frame}.bmp"), bitmap(&run, frame)));
    pick(&desk, pictures.collect()).await;
    desk.see("sight-unmeasured").await;
    desk.see("run-again").await;
    assert!(says(&desk, "sight-error").await.contains("1 label"), "the label is found in the pictures");
    desk.touch("run-end").await;
    pick(&desk, vec![("notes.png".to_owned(), b"no picture".to_vec())]).await;
    desk.until("the file to be named", || async {
        says(&desk, "sight-trouble").await.contains("«notes.png» cannot be read as a picture")
    })
    .await;
    desk.close().await;
}
