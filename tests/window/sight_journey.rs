//! Looking through the camera: a scan leads over the order to its guide, steps stand on the machine in the picture, a
//! frozen picture is the evidence, and a device without a label in view still gets the order closed.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use millwright_sight_runs::{FRAMES, LabelledMachine, Light, Recorded, Run, record_part, usual_camera};
use serde_json::{Value as Json, json};

use crate::desk::Desk;
use crate::guide_journey::{MODEL, agreed, at_step, begun, shoot, step, written};
use crate::shift_journey::{go, plant};

/// Registers the labels of a recorded run on the pump, and where they hang.
pub async fn labels(desk: &Desk, pump: &Json, run: &Recorded) {
    let mut found = Vec::new();
    for label in &run.labels {
        let hang = json!({"asset_id": pump, "family": label.family.as_str(), "number": label.id,
            "size_mm": label.size_m * 1_000.0, "name": format!("Label {}", label.id)});
        let fiducial_id = desk.value("fiducial_hang", hang).await;
        let pose = &label.machine_from_tag;
        let pose = json!({"position_m": pose.position_m, "rotation": pose.quaternion()});
        let sigma = [0.0005, 0.0005, 0.0005, 0.002, 0.002, 0.002];
        found.push(json!({"fiducial_id": fiducial_id, "machine_from_label": pose, "sigma": sigma}));
    }
    desk.value("fiducial_survey", json!({"asset_id": pump, "found": found})).await;
}

/// A guide whose steps are shown on the pump's model, approved, and an order that is worked by it.
pub async fn guided(desk: &Desk, pump: &Json, bernd: &Json, anna: &Json) -> Json {
    let guide = begun(desk, "Replace the seal", pump).await;
    let model = json!({"guide_id": guide, "media_type": "model/gltf-binary", "file_name": "pump.glb",
        "bytes_base64": STANDARD.encode(MODEL)});
    desk.value("guide_file_add", model).await;
    let shown = |part: &str, how: Json, label: &str| json!({"part": part, "how": how, "label": {"en": {"text": label}}});
    let steps = json!([
        step(
            1,
            "Look at the motor",
            json!({"shows": [shown("MOT-100", json!({"kind": "highlight"}), "Main motor")],
            "evidence": [{"form": {"kind": "photo"}}]})
        ),
        step(
            2,
            "Tighten the gland",
            json!({"shows": [shown("PMP-240", json!({"kind": "tighten", "torque_nm": 45.0}), "Gland nuts")],
            "torque": {"nominal_nm": 45.0, "tolerance_nm": 2.0}})
        ),
        step(3, "Close up", json!({"shows": [shown("GRD-100", json!({"kind": "outline"}), "Guard")]})),
    ]);
    written(desk, &guide, "Seal", steps).await;
    agreed(desk, &guide, bernd, anna).await;
    let order = json!({"title": "Seal leaks", "description": "", "asset_id": pump, "priority": "high",
        "request_id": null, "due_at": null, "assignee_id": null, "steps": []});
    let order = desk.value("work_order_create", order).await;
    desk.value("work_order_guide", json!({"work_order_id": order, "guide_id": guide})).await;
    desk.value("work_order_start", json!({"work_order_id": order})).await;
    order
}

/// A scanner types the code of a label.
pub async fn scan(desk: &Desk, code: &str) {
    let keys = format!(
        "for (const key of [...'{code}', 'Enter']) document.body.dispatchEvent(new KeyboardEvent('keydown', {{key, bubbles: true}}))"
    );
    desk.script_once(&keys).await;
}

/// Picks files as the person's file chooser would: their names, and their bytes.
pub async fn pick(desk: &Desk, files: Vec<(String, Vec<u8>)>) {
    desk.see("run-file").await;
    let script = "const files = new DataTransfer(); \
         for (const [name, base64] of arguments[0]) { \
             const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0)); \
             files.items.add(new File([bytes], name)); } \
         const input = document.querySelector('[data-test=\"run-file\"]'); input.files = files.files; \
         input.dispatchEvent(new Event('change', {bubbles: true}))";
    let files: Vec<Json> =
        files.into_iter().map(|(name, bytes)| json!([name, STANDARD.encode(bytes)])).collect();
    desk.client.execute(script, vec![json!(files)]).await.unwrap();
}

/// Picks a recorded run.
pub async fn play(desk: &Desk, run: &Recorded) {
    pick(desk, vec![("pump.mwview".to_owned(), run.to_recording().unwrap())]).await;
}

pub async fn standing(desk: &Desk) -> Json {
    desk.script("return document.querySelector('[data-test=camera-view]')?.dataset.standing").await
}

async fn stands(desk: &Desk, wanted: &str) {
    desk.until(&format!("the overlay to be «{wanted}»"), || async { standing(desk).await == wanted }).await;
}

pub async fn says(desk: &Desk, name: &str) -> String {
    desk.see(name).await.text().await.unwrap_or_default()
}

async fn all_recorded(desk: &Desk, order: &Json) -> bool {
    let run = desk.value("guide_run", json!({"work_order_id": order})).await;
    let open = |step: &Json| {
        step["records"].as_array().unwrap().iter().any(|record| record["step"]["outcome"].is_null())
    };
    !run["steps"].as_array().unwrap().iter().any(open)
}

/// Every so many of a run's frames: drawing them all takes longer than a window test should.
pub fn recorded(run: Run, every: usize) -> Recorded {
    let (machine, camera) = (LabelledMachine::pump().unwrap(), usual_camera().unwrap());
    record_part(&machine, &camera, &[run], (0..FRAMES).step_by(every)).unwrap().remove(0)
}

#[tokio::test]
async fn a_scan_leads_to_steps_that_stand_on_the_machine_and_a_frozen_picture_is_the_evidence() {
    let run = recorded(Run::Under(Light::Workshop), 6);
    let desk = Desk::open().await;
    let (anna, bernd, pump) = plant(&desk).await;
    let order = guided(&desk, &pump, &bernd, &anna).await;
    labels(&desk, &pump, &run).await;

    // From the scan to the first step: the code on the machine, its one open order, the guide.
    desk.see("page-today").await;
    scan(&desk, "P-101A").await;
    desk.touch("guide-open").await;
    at_step(&desk, "Look at the motor").await;
    desk.see("camera-view").await;
    desk.see("sight-error").await;

    // The camera's test picture shows no label: the 3D view is large, and what to do is said.
    stands(&desk, "Lost").await;
    assert_eq!(says(&desk, "stage-kind").await, "3D view");
    assert!(says(&desk, "sight-error").await.contains("No label in view"));
    desk.fits("sight-no-label").await;
    desk.pictures_in_all_themes("sight-no-label").await;

    // A recorded run of the pump: several labels agree, and the step stands on the machine.
    play(&desk, &run).await;
    stands(&desk, "Exact").await;
    desk.see("run-again").await;
    assert_eq!(says(&desk, "stage-kind").await, "Over the machine: exact");
    let error = says(&desk, "sight-error").await;
    assert!(error.contains("mm") && error.contains("labels"), "{error}");
    desk.fits("sight").await;
    desk.pictures_in_all_themes("sight").await;

    // Frozen, the picture with what stands on it is what the step asks for.
    desk.touch("freeze").await;
    desk.touch("ask-0-frozen").await;
    desk.see("ask-0-done").await;
    let view = desk.value("work_order_show", json!({"work_order_id": order})).await;
    let kept =
        view["attachments"].as_array().unwrap().iter().find(|one| one["media_type"] == "image/jpeg").unwrap();
    let bytes = desk.value("attachment_read", json!({"attachment_id": kept["attachment_id"]})).await;
    let jpeg = STANDARD.decode(bytes["bytes_base64"].as_str().unwrap()).unwrap();
    assert!(jpeg.len() > 20_000, "the picture is in it, not an empty canvas: {} bytes", jpeg.len());
    std::fs::write(desk.picture_place("sight-evidence.jpg"), jpeg).unwrap();

    // The tablet lies on the bench: the next steps stand on the same picture.
    desk.touch("step-next").await;
    at_step(&desk, "Tighten the gland").await;
    desk.until("the gland to stand on the frozen picture", || async {
        ["Exact", "Outline"].map(Json::from).contains(&standing(&desk).await)
    })
    .await;
    desk.fits("sight-frozen").await;
    desk.pictures_in_all_themes("sight-frozen").await;
    desk.touch("step-next").await;
    at_step(&desk, "Close up").await;
    desk.touch("step-next").await;
    desk.until("every step to be recorded", || all_recorded(&desk, &order)).await;
    let closing = json!({"work_order_id": order, "closing": {"how": "full", "found_code": null,
        "found_text": "Seal leaks", "done_code": null, "done_text": "Seal replaced", "minutes": 40}});
    desk.value("work_order_close", closing).await;
    let view = desk.value("work_order_show", json!({"work_order_id": order})).await;
    assert_eq!(view["overview"]["order"]["status"], "completed");
    desk.close().await;
}

#[tokio::test]
async fn labels_covered_one_by_one_leave_less_and_less_until_the_3d_view_and_every_step_can_be_finished() {
    let run = recorded(Run::LabelsCoveredOneByOne, 2);
    let desk = Desk::open().await;
    let (anna, bernd, pump) = plant(&desk).await;
    let order = guided(&desk, &pump, &bernd, &anna).await;
    labels(&desk, &pump, &run).await;
    go(&desk, &format!("guide-run/{}", order.as_str().unwrap())).await;
    at_step(&desk, "Look at the motor").await;
    play(&desk, &run).await;
    let (mut seen, mut asked): (Vec<String>, bool) = (vec![], false);
    let deadline = Instant::now() + Duration::from_secs(60);
    while desk.client.find(fantoccini::Locator::Css("[data-test=run-again]")).await.is_err() {
        let now = standing(&desk).await.as_str().unwrap_or_default().to_owned();
        if seen.last() != Some(&now) {
            seen.push(now);
        }
        asked |= desk.client.find(fantoccini::Locator::Css("[data-test=fits]")).await.is_ok();
        assert!(Instant::now() < deadline, "the run never ended; so far {seen:?}");
    }
    assert!(seen.contains(&"Exact".to_owned()), "{seen:?}");
    assert!(asked, "with one label left a person is asked whether it fits: {seen:?}");
    stands(&desk, "Lost").await;
    assert_eq!(says(&desk, "stage-kind").await, "3D view from your side");
    desk.fits("sight-covered").await;
    desk.pictures_in_all_themes("sight-covered").await;
    // Without a label in view the work goes on all the same.
    desk.touch("ask-0-photo").await;
    shoot(&desk).await;
    desk.see("ask-0-done").await;
    for title in ["Tighten the gland", "Close up"] {
        desk.touch("step-next").await;
        at_step(&desk, title).await;
    }
    desk.touch("step-next").await;
    desk.until("every step to be recorded", || all_recorded(&desk, &order)).await;
    desk.close().await;
}

/// Where a point of the machine is seen on the page, in the straightened picture that stands on the canvas.
async fn on_page(desk: &Desk, run: &Recorded, point_m: [f64; 3]) -> Option<[f64; 2]> {
    let pose = run.frames.last().unwrap().camera_from_machine;
    let seen = run.camera.project(pose.apply(point_m))?;
    let numbers = run.camera.numbers();
    let [width, height] = numbers.size_px.map(f64::from);
    let inside = (10.0..width - 10.0).contains(&seen[0]) && (10.0..height - 10.0).contains(&seen[1]);
    let straight = run.camera.unproject(seen).filter(|_| inside)?;
    let at = [0, 1].map(|axis| straight[axis] * numbers.focal_px[axis] + numbers.centre_px[axis]);
    let board = "const board = document.querySelector('[data-test=sight-canvas]').getBoundingClientRect(); \
         return [board.left, board.top, board.width, board.height]";
    let board: Vec<f64> = serde_json::from_value(desk.script(board).await).unwrap();
    let scale = (board[2] / width).min(board[3] / height);
    let [left, top] =
        [(board[2] - width * scale) / 2.0 + board[0], (board[3] - height * scale) / 2.0 + board[1]];
    Some([left + at[0] * scale, top + at[1] * scale])
}

#[tokio::test]
async fn a_machine_that_nobody_surveyed_is_laid_by_hand_and_that_surveys_its_labels() {
    let run = recorded(Run::Under(Light::Workshop), 10);
    let desk = Desk::open().await;
    let (anna, bernd, pump) = plant(&desk).await;
    let order = guided(&desk, &pump, &bernd, &anna).await;
    for label in &run.labels {
        let hang = json!({"asset_id": pump, "family": label.family.as_str(), "number": label.id,
            "size_mm": label.size_m * 1_000.0, "name": format!("Label {}", label.id)});
        desk.value("fiducial_hang", hang).await;
    }
    go(&desk, &format!("guide-run/{}", order.as_str().unwrap())).await;
    at_step(&desk, "Look at the motor").await;
    desk.touch("stage-other").await;
    play(&desk, &run).await;
    desk.see("run-again").await;
    assert!(says(&desk, "sight-error").await.contains("No label in view whose place is known"));
    desk.touch("align-begin").await;
    desk.see("align").await;
    desk.fits("sight-align").await;
    desk.pictures_in_all_themes("sight-align").await;
    let mut laid = 0;
    while laid < 4 {
        let part = desk.see("align-part").await.attr("data-middle-m").await.unwrap().expect("points enough");
        let middle: Vec<f64> = part.split(' ').map(|metres| metres.parse().unwrap()).collect();
        match on_page(&desk, &run, [middle[0], middle[1], middle[2]]).await {
            Some([x, y]) => {
                laid += 1;
                let tap = format!(
                    "document.querySelector('[data-test=sight-canvas]').dispatchEvent(new PointerEvent('pointerup', \
                     {{clientX: {x}, clientY: {y}, bubbles: true}}))"
                );
                desk.script_once(&tap).await;
            }
            None => desk.touch("align-skip").await,
        }
        let other = || async {
            let now =
                desk.script("return document.querySelector('[data-test=align-part]')?.dataset.middleM").await;
            now.as_str() != Some(part.as_str())
        };
        desk.until("the next point to be asked for", other).await;
    }
    desk.until("the machine to stand where it was laid", || async {
        says(&desk, "sight-error").await.contains("laid by hand")
    })
    .await;
    desk.until("the motor to be shown there", || async { standing(&desk).await != "Lost" }).await;
    desk.see("survey").await;
    desk.fits("sight-by-hand").await;
    desk.pictures_in_all_themes("sight-by-hand").await;

    // What was laid by hand says where the labels hang: kept, they say it from now on.
    desk.touch("survey-keep").await;
    let surveyed = || async {
        let labels = desk.value("fiducial_list", json!({"asset_id": pump})).await;
        labels.as_array().unwrap().iter().find(|label| !label["survey"].is_null()).cloned()
    };
    desk.until("a label's place to be kept", || async { surveyed().await.is_some() }).await;
    let label = surveyed().await.unwrap();
    let truth = run.labels.iter().find(|known| label["number"] == known.id).unwrap();
    let place = &label["survey"]["machine_from_label"]["position_m"];
    let off_m = (0..3)
        .map(|axis| (place[axis].as_f64().unwrap() - truth.machine_from_tag.position_m[axis]).powi(2))
        .sum::<f64>()
        .sqrt();
    assert!(off_m < 0.03, "label {} was found {off_m} m beside its place", truth.id);
    desk.close().await;
}

#[tokio::test]
async fn labels_are_hung_printed_and_measured_at_the_machine() {
    let desk = Desk::open().await;
    let (_, _, pump) = plant(&desk).await;
    go(&desk, &format!("asset/{}", pump.as_str().unwrap())).await;
    desk.touch("label-new").await;
    desk.write("label-name", "Motor, north side").await;
    desk.fits("label-new").await;
    desk.pictures_in_all_themes("label-new").await;
    desk.touch("label-hang").await;
    desk.gone("label-sheet").await;
    desk.see("label-0").await;
    desk.touch("label-print").await;
    desk.fits("label-print").await;
    desk.pictures_in_all_themes("label-print").await;
    desk.touch("save-zpl").await;
    desk.gone("label-print-sheet").await;
    // The camera's test picture shows no label: what to show is said, and that nobody measured this camera.
    desk.touch("label-0-check").await;
    desk.see("check-unmeasured").await;
    desk.until("the camera to be looked through", || async {
        says(&desk, "check-answer").await.contains("not in view")
    })
    .await;
    desk.fits("camera-check").await;
    desk.pictures_in_all_themes("camera-check").await;
    desk.touch("check-done").await;
    desk.gone("check-sheet").await;
    desk.touch("label-0-bar").await;
    desk.write("bar-mm", "98,5").await;
    desk.touch("bar-keep").await;
    desk.gone("bar-sheet").await;
    desk.until("the bar to be known", || async { says(&desk, "label-0").await.contains("98.5 mm") }).await;
    desk.script("document.querySelector('[data-test=asset-labels]').scrollIntoView({block: 'center'})").await;
    desk.fits("labels").await;
    desk.pictures_in_all_themes("labels").await;
    desk.close().await;
}

#[tokio::test]
async fn a_camera_is_measured_by_the_printed_board_and_nothing_is_kept_before_it_is_settled() {
    let desk = Desk::open().await;
    plant(&desk).await;
    go(&desk, "settings/device").await;
    desk.see("cameras").await;
    desk.script("document.querySelector('[data-test=cameras]').scrollIntoView({block: 'center'})").await;
    desk.fits("cameras").await;
    desk.pictures_in_all_themes("cameras").await;
    desk.touch("camera-measure").await;
    desk.until("the camera to be looked through", || async {
        desk.text().await.contains("0 of 10 pictures")
    })
    .await;
    let off = "return document.querySelector('[data-test=measure-keep]').disabled";
    assert_eq!(desk.script(off).await, true, "the camera's test picture shows no board");
    desk.fits("camera-measure").await;
    desk.pictures_in_all_themes("camera-measure").await;
    desk.touch("sheet-close").await;
    desk.gone("measure-sheet").await;
    desk.close().await;
}
