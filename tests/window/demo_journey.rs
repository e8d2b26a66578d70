//! First start, the demo plant, an order done with both sides cut, and both sides holding it afterwards.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::json;

use crate::desk::Desk;

/// The demo plant's process: frozen, neither its broker nor its ERP answers, as behind a cut cable.
fn demo_plant(data: &Path, signal: &str) {
    let pattern = format!("millwright-demo --data {}", data.join("data/demo").display());
    let status = Command::new("pkill").args([signal, "-f", &pattern]).status().unwrap();
    assert!(status.success(), "the demo plant runs");
}

/// Every line of the demo ERP's journal.
fn erp_journal(data: &Path) -> String {
    let folder = data.join("data/demo");
    let files =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    files.map(|path| String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned()).collect()
}

#[tokio::test]
async fn an_order_done_with_both_sides_cut_is_with_both_when_they_are_back() {
    let desk = Desk::open().await;
    desk.see("first-start-demo").await;
    desk.pictures_in_all_themes("first-start").await;
    desk.touch("first-start-demo").await;
    desk.see("person-0").await;
    desk.picture("who-are-you").await;
    desk.touch("person-0").await;
    desk.see("page-today").await;
    let orders = || async {
        !desk
            .value("work_order_list", json!({"filter": {"open_only": true}}))
            .await
            .as_array()
            .unwrap()
            .is_empty()
    };
    desk.until("orders from the ERP", orders).await;
    let live = || async {
        let tree = desk.value("asset_tree", json!({})).await;
        let machines = tree.as_array().unwrap().iter().filter(|node| {
            node["tags"].as_array().unwrap().iter().any(|tag| tag["live"]["sample"]["value"].is_object())
        });
        machines.count() >= 10
    };
    desk.until("live values from the machines", live).await;
    desk.pictures_in_all_themes("today").await;

    let today = desk.value("today_show", json!({})).await;
    let next = today["next"]["order"].clone();
    let id = next["work_order_id"].as_str().unwrap().to_owned();
    demo_plant(desk.data.path(), "-STOP");
    desk.touch("order-start").await;
    desk.see("page-order").await;
    desk.see("undo").await;
    desk.pictures_in_all_themes("order").await;
    desk.touch("close-open").await;
    desk.see("close-sheet").await;
    desk.touch("found-0").await;
    desk.touch("done-0").await;
    desk.picture("close").await;
    desk.touch("close-confirm").await;
    let completed = || async {
        desk.value("work_order_show", json!({"work_order_id": id})).await["overview"]["order"]["status"]
            == "completed"
    };
    desk.until("the order to be completed on the tablet", completed).await;
    let view = desk.value("work_order_show", json!({"work_order_id": id})).await;
    assert!(
        view["deliveries"].as_array().unwrap().iter().all(|delivery| delivery["state"] != "done"),
        "nothing left while both sides were cut"
    );

    demo_plant(desk.data.path(), "-CONT");
    // The hold ends by the clock, not by waiting.
    desk.set_clock_forward(Duration::from_secs(11)).await;
    let delivered = || async {
        let view = desk.value("work_order_show", json!({"work_order_id": id})).await;
        let deliveries = view["deliveries"].as_array().unwrap().clone();
        !deliveries.is_empty() && deliveries.iter().all(|delivery| delivery["state"] == "done")
    };
    desk.until("the ERP and the broker to have it", delivered).await;
    let view = desk.value("work_order_show", json!({"work_order_id": id})).await;
    let journal = erp_journal(desk.data.path());
    for delivery in view["deliveries"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|delivery| delivery["target"] == "erp" && delivery["label"]["does"] == "book_labour")
    {
        let key = delivery["step_key"].as_str().unwrap();
        assert_eq!(journal.matches(key).count(), 1, "the ERP holds the booking {key} once");
    }
    desk.touch("rail-plant").await;
    desk.touch("asset-P-101A").await;
    desk.see("tile-Vibration").await;
    desk.see("trend").await;
    desk.pictures_in_all_themes("plant").await;
    desk.touch("rail-sync").await;
    desk.see("sync-done").await;
    desk.pictures_in_all_themes("sync").await;
    desk.touch("rail-work").await;
    desk.touch("list-open").await;
    desk.see("order-4000111").await;
    desk.picture("work").await;
    desk.touch("rail-settings").await;
    desk.picture("settings").await;
    desk.close().await;
}

#[tokio::test]
async fn the_demo_plant_shows_guides_with_models_labels_and_live_values() {
    let desk = Desk::open().await;
    desk.touch("first-start-demo").await;
    desk.touch("person-0").await;
    desk.see("page-today").await;
    let guides =
        || async { desk.value("guide_list", json!({"asset_id": null})).await.as_array().unwrap().len() == 3 };
    desk.until("three guides", guides).await;
    let guides = desk.value("guide_list", json!({"asset_id": null})).await;
    for guide in guides.as_array().unwrap() {
        assert_eq!(guide["approved_number"], 1, "{guide}");
        let asset = &guide["guide"]["asset_id"];
        let labels = desk.value("fiducial_list", json!({"asset_id": asset})).await;
        let surveyed = labels.as_array().unwrap().iter().filter(|label| !label["survey"].is_null()).count();
        assert!(surveyed >= 1, "{guide}: {labels}");
        assert_eq!(
            desk.value("machine_model_list", json!({"asset_id": asset})).await.as_array().unwrap().len(),
            1
        );
    }
    crate::shift_journey::go(&desk, "guides").await;
    desk.pictures_in_all_themes("demo-guides").await;

    // The pump's: practised up to the step at which its vibration stands on the sensor.
    let pump = guides.as_array().unwrap().iter().find(|guide| guide["asset_code"] == "P-101A").unwrap();
    crate::shift_journey::go(&desk, &format!("guide/{}", pump["guide"]["guide_id"].as_str().unwrap())).await;
    desk.touch("guide-practice").await;
    desk.touch("mode").await;
    desk.touch("list-step-13").await;
    crate::guide_journey::at_step(&desk, "Measure vibration").await;
    let drawn = "return document.querySelector('[data-test=machine]')?.dataset.ready === 'true'";
    desk.until("the machine to be drawn", || async { desk.script(drawn).await == true }).await;
    let told = "return document.querySelector('[data-test=machine-canvas]')?.getAttribute('aria-label')";
    desk.until("the vibration to stand on its sensor, with its age", || async {
        let told = desk.script(told).await;
        told.as_str().is_some_and(|told| told.contains("mm/s") && told.contains("ago"))
    })
    .await;
    desk.fits("demo-live-value").await;
    desk.pictures_in_all_themes("demo-live-value").await;
    desk.close().await;
}
