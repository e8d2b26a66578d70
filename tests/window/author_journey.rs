//! Writing what a step shows: a machine without a model is built from bodies, a piece of a manual becomes a picture, parts
//! move and are looked into, and a fault is pinned on the part that was tapped.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};

use crate::desk::Desk;
use crate::guide_journey::{MODEL, agreed, at_step, begun, step, written};
use crate::shift_journey::{go, plant};

/// Waits until the machine is drawn.
async fn drawn(desk: &Desk) {
    desk.until("the machine to be drawn", || async {
        desk.script("return document.querySelector('[data-test=machine]')?.dataset.ready").await == "true"
    })
    .await;
}

/// Taps the machine at a place of its canvas, in shares of its width and height.
async fn tap(desk: &Desk, (across, down): (f64, f64)) {
    let tap = format!(
        "const canvas = document.querySelector('[data-test=machine-canvas]'); \
         canvas.scrollIntoView({{block: 'center'}}); const board = canvas.getBoundingClientRect(); \
         for (const kind of ['pointerdown', 'pointerup']) canvas.dispatchEvent(new PointerEvent(kind, {{clientX: \
         board.left + board.width * {across}, clientY: board.top + board.height * {down}, bubbles: true, pointerId: 1}}));"
    );
    desk.script_once(&tap).await;
}

/// Moves a slider as a finger does.
async fn slide(desk: &Desk, name: &str, to: u32) {
    desk.see(name).await;
    let script = format!(
        "const slider = document.querySelector('[data-test=\"{name}\"]'); slider.value = {to}; \
         slider.dispatchEvent(new Event('input', {{bubbles: true}}))"
    );
    desk.script_once(&script).await;
}

async fn content(desk: &Desk, guide: &Json) -> Json {
    desk.value("guide_draft_show", json!({"guide_id": guide})).await["content"].clone()
}

/// A page of 400 × 300 points for each text: a dark block in its upper left quarter, and the text as a bar beside it.
fn manual(pages: usize) -> Vec<u8> {
    let mut objects = vec!["<< /Type /Catalog /Pages 2 0 R >>".to_owned()];
    let kids: Vec<String> = (0..pages).map(|page| format!("{} 0 R", 3 + page * 2)).collect();
    objects.push(format!("<< /Type /Pages /Kids [{}] /Count {pages} >>", kids.join(" ")));
    for page in 0..pages {
        let drawing =
            format!("0.1 0.2 0.5 rg 20 170 160 110 re f 0.8 0.1 0.1 rg {} 60 80 40 re f", 40 + page * 120);
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 300] /Resources << >> /Contents {} 0 R >>",
            4 + page * 2
        ));
        objects.push(format!("<< /Length {} >>\nstream\n{drawing}\nendstream", drawing.len()));
    }
    let (mut file, mut places) = ("%PDF-1.7\n".to_owned(), Vec::new());
    for (number, object) in objects.iter().enumerate() {
        places.push(file.len());
        file += &format!("{} 0 obj\n{object}\nendobj\n", number + 1);
    }
    let table = file.len();
    file += &format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for place in places {
        file += &format!("{place:010} 00000 n \n");
    }
    file += &format!("trailer << /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1);
    file.into_bytes()
}

#[tokio::test]
async fn a_machine_without_a_model_is_built_from_bodies_and_its_guide_shows_them() {
    let desk = Desk::open().await;
    let (anna, bernd, pump) = plant(&desk).await;
    let guide = begun(&desk, "Grease the old mixer", &pump).await;
    written(&desk, &guide, "Mixer", json!([step(1, "Grease the bearing", json!({}))])).await;
    go(&desk, &format!("guide-draft/{}", guide.as_str().unwrap())).await;

    // The ground is there at once; a tap places a box on it, another one a cylinder on the box.
    desk.touch("bodies-begin").await;
    drawn(&desk).await;
    tap(&desk, (0.5, 0.55)).await;
    desk.see("body-panel").await;
    desk.write("body-name", "Gearbox").await;
    desk.touch("body-name-keep").await;
    let named = || async { content(&desk, &guide).await["stand_ins"][0]["part"] == "Gearbox" };
    desk.until("the box to have its name", named).await;
    desk.touch("body-longer-0").await;
    let longer = || async { desk.see("body-side-0").await.text().await.unwrap_or_default() == "220 mm" };
    desk.until("the box to be longer", longer).await;
    desk.touch("tap-cylinder").await;
    let two = || async { content(&desk, &guide).await["stand_ins"].as_array().unwrap().len() == 2 };
    tap(&desk, (0.5, 0.5)).await;
    desk.until("a cylinder to stand on the box", two).await;
    desk.fits("guide-bodies").await;
    desk.pictures_in_all_themes("guide-bodies").await;

    // What stands in for a part is shown in a step like a part.
    desk.touch("tap-show").await;
    tap(&desk, (0.5, 0.5)).await;
    desk.see("shown-0").await;
    desk.touch("show-0-turn").await;
    desk.touch("show-0-clockwise").await;
    desk.write("show-0-says", "Bearing: one stroke of grease").await;
    desk.touch("draft-title").await;
    let kept = || async {
        let shown = content(&desk, &guide).await["tasks"][0]["steps"][0]["shows"][0].clone();
        shown["how"] == json!({"kind": "turn", "clockwise": true})
            && shown["label"]["en"]["text"] == "Bearing: one stroke of grease"
    };
    desk.until("how it is shown to be kept", kept).await;

    agreed(&desk, &guide, &bernd, &anna).await;
    go(&desk, &format!("guide/{}", guide.as_str().unwrap())).await;
    desk.touch("guide-practice").await;
    drawn(&desk).await;
    assert_eq!(desk.see("stage-kind").await.text().await.unwrap_or_default(), "3D view");
    desk.fits("guide-bodies-run").await;
    desk.pictures_in_all_themes("guide-bodies-run").await;
    desk.close().await;
}

#[tokio::test]
async fn a_piece_of_a_manuals_page_becomes_the_picture_of_a_step() {
    let desk = Desk::open().await;
    let (_, _, pump) = plant(&desk).await;
    let guide = begun(&desk, "Change the filter", &pump).await;
    written(&desk, &guide, "Filter", json!([step(1, "Open the lid", json!({}))])).await;
    go(&desk, &format!("guide-draft/{}", guide.as_str().unwrap())).await;
    let bring = |bytes: Vec<u8>| {
        let desk = &desk;
        async move {
            desk.see("manual-file").await;
            let script = "const [base64] = arguments; \
                 const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0)); \
                 const files = new DataTransfer(); files.items.add(new File([bytes], 'filter.pdf')); \
                 const input = document.querySelector('[data-test=\"manual-file\"]'); input.files = files.files; \
                 input.dispatchEvent(new Event('change', {bubbles: true}))";
            desk.client.execute(script, vec![json!(STANDARD.encode(bytes))]).await.unwrap();
        }
    };
    desk.touch("picture-manual").await;
    desk.see("manual-sheet").await;

    // What is no manual says why, and nothing of it is kept.
    bring(b"%PDF-1.7\nnothing behind it".to_vec()).await;
    let refused = || async { desk.text().await.contains("The manual cannot be shown") };
    desk.until("the broken file to be refused", refused).await;
    assert_eq!(desk.value("manual_list", json!({"guide_id": guide})).await, json!([]));

    bring(manual(2)).await;
    desk.see("manual-page").await;
    desk.touch("manual-after").await;
    let second =
        || async { desk.see("manual-where").await.text().await.unwrap_or_default() == "Page 2 of 2" };
    desk.until("the second page", second).await;
    desk.see("manual-page").await;
    let stroke = "const board = document.querySelector('[data-test=manual-page]'); board.scrollIntoView({block: 'center'}); \
         const frame = board.getBoundingClientRect(); \
         const at = (kind, x, y) => board.dispatchEvent(new PointerEvent(kind, {clientX: frame.left + frame.width * x, \
         clientY: frame.top + frame.height * y, bubbles: true, pointerId: 1})); \
         at('pointerdown', .05, .05); at('pointermove', .3, .3); at('pointermove', .5, .5); at('pointerup', .5, .5);";
    desk.script_once(stroke).await;
    desk.fits("guide-manual").await;
    desk.pictures_in_all_themes("guide-manual").await;
    desk.touch("manual-take").await;
    desk.gone("manual-sheet").await;
    desk.see("picture-0").await;
    let picture = content(&desk, &guide).await["tasks"][0]["steps"][0]["pictures"][0].clone();
    assert_eq!(picture["caption"]["en"]["text"], "filter.pdf, page 2");
    desk.close().await;
}

#[tokio::test]
async fn parts_move_in_a_step_the_machine_is_looked_into_and_a_fault_is_pinned_on_a_part() {
    let desk = Desk::open().await;
    let (anna, bernd, pump) = plant(&desk).await;
    let guide = begun(&desk, "Replace the seal", &pump).await;
    let model = json!({"guide_id": guide, "media_type": "model/gltf-binary", "file_name": "pump.glb",
        "bytes_base64": STANDARD.encode(MODEL)});
    desk.value("guide_file_add", model).await;
    let shown = |part: &str, how: Json| json!({"part": part, "how": how, "label": {}});
    let play = |animation: &str| json!({"kind": "play", "animation": animation});
    let steps = json!([
        step(
            1,
            "Take off the guard",
            json!({"shows": [shown("GRD-100", play("guard-screws-out")), shown("GRD-100", play("guard-off"))]})
        ),
        step(
            2,
            "Keep away",
            json!({"shows": [shown("CPL-120", json!({"kind": "zone", "hazard": "automatic_start", "radius_m": 0.35})),
            shown("MOT-100", json!({"kind": "highlight"}))]})
        ),
    ]);
    written(&desk, &guide, "Seal", steps).await;
    agreed(&desk, &guide, &bernd, &anna).await;
    let order = json!({"title": "Seal leaks", "description": "", "asset_id": pump, "priority": "high",
        "request_id": null, "due_at": null, "assignee_id": null, "steps": []});
    let order = desk.value("work_order_create", order).await;
    desk.value("work_order_guide", json!({"work_order_id": order, "guide_id": guide})).await;
    desk.value("work_order_start", json!({"work_order_id": order})).await;
    go(&desk, &format!("guide-run/{}", order.as_str().unwrap())).await;
    at_step(&desk, "Take off the guard").await;
    drawn(&desk).await;

    // Both movements are played by themselves, one after the other, and can be seen again.
    let played = || async {
        desk.script("return document.querySelector('[data-test=machine]')?.dataset.played").await
    };
    desk.until("both movements to have ended", || async { played().await == "4" }).await;
    desk.fits("guide-movement").await;
    desk.pictures_in_all_themes("guide-movement").await;
    desk.touch("machine-play").await;
    desk.until("the movement to run again", || async { played().await != "4" }).await;

    // Looked into: pulled apart, and cut open from the front.
    desk.touch("inside").await;
    slide(&desk, "inside-apart", 60).await;
    desk.picture("guide-apart").await;
    slide(&desk, "inside-apart", 0).await;
    desk.touch("cut-front").await;
    slide(&desk, "inside-depth", 55).await;
    desk.fits("guide-cut").await;
    desk.pictures_in_all_themes("guide-cut").await;
    desk.touch("cut-none").await;
    desk.touch("inside").await;

    // A zone of danger, with the guard still off; a fault is pinned on the part that was tapped.
    desk.touch("step-next").await;
    at_step(&desk, "Keep away").await;
    drawn(&desk).await;
    desk.fits("guide-zone").await;
    desk.pictures_in_all_themes("guide-zone").await;
    tap(&desk, (0.5, 0.5)).await;
    let part = desk.see("touched-part").await.text().await.unwrap();
    assert!(!part.is_empty());
    desk.touch("touched-report").await;
    desk.see("raise-sheet").await;
    desk.write("raise-text", "Cracked at the rim").await;
    desk.pictures_in_all_themes("guide-fault").await;
    desk.touch("raise-send").await;
    desk.gone("raise-sheet").await;
    let requests = desk.value("request_list", json!({"open_only": true})).await;
    assert_eq!(
        (&requests[0]["request"]["part"], &requests[0]["request"]["text"]),
        (&json!(part), &json!("Cracked at the rim"))
    );
    desk.close().await;
}
