//! Work from one end to the other: a request taken over into an order with its checklist, edited, told in words; a tag
//! changed and removed; a camera that sees no code; a link that is not encrypted; the same screens in other languages.

use std::time::Duration;

use serde_json::{Value as Json, json};

use crate::desk::Desk;

/// A plant with two people, two machines and no connection.
async fn plant(desk: &Desk) -> (Json, Json) {
    desk.touch("first-start-plant").await;
    desk.write("plant-name", "North\u{e007}").await;
    desk.see("person-add").await;
    let mut settings = desk.value("settings_show", json!({})).await;
    settings["own_keys"] = json!(false);
    settings["plant_zone"] = json!("Europe/Berlin");
    desk.value("settings_save", json!({"settings": settings})).await;
    let add = |name: &'static str, language: &'static str| async move {
        desk.value("person_add", json!({"name": name, "erp_number": null, "language": language})).await
    };
    let anna = add("Anna Weber", "en").await;
    add("Bernd Krause", "de").await;
    desk.value("person_pick", json!({"person_id": anna})).await;
    let csv = "code,name,level,parent,criticality,class,erp_number,uns_path\n\
               NORTH,North plant,site,,C,,,\n\
               P-101A,Cooling water pump,machine,NORTH,A,centrifugal pump,10004711,\n\
               CV-7,Conveyor 7,machine,NORTH,B,conveyor,,\n";
    let report = desk.value("asset_import", json!({"csv": csv, "dry_run": false})).await;
    assert_eq!(report["refused"], json!([]));
    let tree = desk.value("asset_tree", json!({})).await;
    let pump = tree.as_array().unwrap().iter().find(|node| node["asset"]["code"] == "P-101A").unwrap();
    (anna, pump["asset"]["asset_id"].clone())
}

async fn go(desk: &Desk, place: &str) {
    desk.script(&format!("location.hash = '#/{place}'")).await;
}

async fn orders(desk: &Desk) -> Vec<Json> {
    desk.value("work_order_list", json!({"filter": {}})).await.as_array().unwrap().clone()
}

#[tokio::test]
async fn a_request_becomes_an_order_with_a_checklist_that_is_edited_and_told_in_words() {
    let desk = Desk::open().await;
    let (_, pump) = plant(&desk).await;
    go(&desk, &format!("asset/{}", pump.as_str().unwrap())).await;
    desk.touch("asset-raise").await;
    desk.write("raise-text", "Seal weeps at the drive side").await;
    desk.touch("raise-down").await;
    desk.touch("raise-send").await;
    desk.see("request-accept").await;
    desk.touch("request-accept").await;
    desk.see("new-order-sheet").await;
    desk.touch("priority-2").await;
    desk.touch("due-tomorrow").await;
    desk.touch("assignee-1").await;
    desk.touch("draft-add").await;
    desk.write("step-add-title", "Measure shaft run-out").await;
    desk.touch("step-kind-number").await;
    desk.write("step-unit", "mm").await;
    desk.write("step-high", "0.05").await;
    desk.touch("step-decimals-more").await;
    desk.touch("step-decimals-more").await;
    desk.touch("step-mandatory").await;
    desk.fits("step-edit").await;
    desk.pictures_in_all_themes("step-edit").await;
    desk.touch("draft-keep").await;
    desk.touch("draft-add").await;
    desk.write("step-add-title", "Coupling insert").await;
    desk.touch("step-kind-choice").await;
    desk.write("step-option-0", "good").await;
    desk.write("step-option-1", "worn").await;
    desk.touch("draft-keep").await;
    desk.see("draft-1").await;
    desk.fits("new-order").await;
    desk.pictures_in_all_themes("new-order").await;
    desk.touch("new-order-create").await;
    desk.see("page-order").await;
    desk.see("order-request").await;
    let order = orders(&desk).await.remove(0)["order"].clone();
    let id = order["work_order_id"].as_str().unwrap().to_owned();
    assert_eq!(order["priority"], "high");
    assert!(order["due_at"].is_i64());

    desk.touch("step-1-change").await;
    desk.write("step-high", "0.04").await;
    desk.touch("step-add-confirm").await;
    desk.gone("step-add-sheet").await;
    desk.touch("order-start").await;
    desk.write("step-1-value", "0.03").await;
    desk.touch("step-1-save").await;
    let show = || async { desk.value("work_order_show", json!({"work_order_id": id})).await };
    let measured = || async { show().await["steps"][0]["step"]["outcome"]["value"] == 0.03 };
    desk.until("the reading to be kept", measured).await;

    desk.touch("edit-open").await;
    desk.see("edit-sheet").await;
    desk.write("edit-title", "Replace the mechanical seal").await;
    desk.touch("priority-1").await;
    desk.touch("due-hour-earlier").await;
    desk.touch("assignee-0").await;
    desk.fits("edit").await;
    desk.pictures_in_all_themes("edit").await;
    desk.touch("edit-save").await;
    desk.gone("edit-sheet").await;
    let edited = || async { show().await["overview"]["order"]["title"] == "Replace the mechanical seal" };
    desk.until("the edit to be kept", edited).await;
    desk.touch("history-open").await;
    desk.see("history-entry").await;
    let history = desk.see("history").await.text().await.unwrap();
    for words in [
        "Title: Seal weeps at the drive side → Replace the mechanical seal",
        "Priority: High → Emergency",
        "Who is to do it: Bernd Krause → Anna Weber",
        "Measure shaft run-out",
    ] {
        assert!(history.contains(words), "«{words}» is not in\n{history}");
    }
    for raw in ["due_at", "assignee_id", "in_progress", "work_order", "{", "null"] {
        assert!(!history.contains(raw), "«{raw}» is in\n{history}");
    }
    desk.script("document.querySelector('[data-test=history]').scrollIntoView()").await;
    desk.picture("history").await;

    // The request leads to its order, and what was due tomorrow is late in three days.
    go(&desk, &format!("asset/{}", pump.as_str().unwrap())).await;
    desk.touch("request-order").await;
    desk.see("page-order").await;
    desk.set_clock_forward(Duration::from_secs(3 * 24 * 3600)).await;
    go(&desk, "work/open").await;
    desk.until("the order to be late", || async { desk.text().await.contains("late, was due") }).await;
    desk.close().await;
}

#[tokio::test]
async fn a_tag_is_changed_and_removed_and_the_machines_history_keeps_it() {
    let desk = Desk::open().await;
    let (_, pump) = plant(&desk).await;
    let binding = json!({"tag_binding_id": "00000000-0000-0000-0000-000000000000", "asset_id": pump, "series": "uns:umh/v1/north/p-101a/_raw/vibration",
        "name": "Vibration", "unit": "mm/s", "usual_low": 1.9, "usual_high": 2.4, "limit_low": null, "limit_high": 3.5, "silence_ms": 60000, "position": 1});
    desk.value("tag_binding_save", json!({"binding": binding})).await;
    let photo = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    let attachment = json!({"asset_id": pump, "media_type": "image/png", "file_name": "plate.png", "bytes_base64": photo.rsplit(',').next().unwrap()});
    desk.value("attachment_add", attachment).await;
    go(&desk, &format!("asset/{}", pump.as_str().unwrap())).await;
    desk.touch("tag-change").await;
    desk.write("bind-limit-high", "3.0").await;
    desk.fits("tag-change").await;
    desk.pictures_in_all_themes("tag-change").await;
    desk.touch("bind-save").await;
    desk.gone("bind-sheet").await;
    let show = || async { desk.value("asset_show", json!({"asset_id": pump})).await };
    desk.until("the limit to be kept", || async { show().await["tags"][0]["binding"]["limit_high"] == 3.0 })
        .await;
    desk.touch("tag-change").await;
    desk.touch("bind-remove").await;
    desk.until("the tag to go", || async { show().await["tags"] == json!([]) }).await;
    desk.touch("history-open").await;
    desk.see("history-entry").await;
    let history = desk.see("history").await.text().await.unwrap();
    assert!(history.contains("Tag «Vibration»") && history.contains("Upper limit: 3.5 → 3"), "{history}");
    desk.fits("asset").await;
    desk.pictures_in_all_themes("asset").await;
    desk.close().await;
}

#[tokio::test]
async fn the_camera_is_looked_at_calmly_and_an_unknown_code_is_asked_about_once() {
    let desk = Desk::open().await;
    let (_, pump) = plant(&desk).await;
    desk.see("page-today").await;
    desk.touch("scan-open").await;
    let frames = || async {
        let says = desk.see("scan-says").await;
        says.attr("data-frames")
            .await
            .unwrap()
            .and_then(|count| count.parse::<u32>().ok())
            .unwrap_or_default()
    };
    desk.until("frames to be looked at", || async { frames().await >= 2 }).await;
    assert!(desk.see("scan-says").await.text().await.unwrap().contains("No code found yet"));
    desk.gone("toast-error").await;
    desk.fits("scan").await;
    desk.pictures_in_all_themes("scan").await;
    for key in "QR-4711".chars() {
        desk.touch(&format!("scan-key-{key}")).await;
    }
    desk.touch("scan-go").await;
    desk.see("scan-unknown").await;
    desk.picture("scan-unknown").await;
    desk.touch("asset-pick-P-101A").await;
    desk.see("page-asset").await;
    let found = desk.value("scan_resolve", json!({"code": "QR-4711"})).await;
    assert_eq!(found["asset"]["asset_id"], pump, "it is asked only once");
    desk.close().await;
}

#[tokio::test]
async fn a_link_that_is_not_encrypted_wants_a_reason_and_wears_a_badge() {
    let desk = Desk::open().await;
    plant(&desk).await;
    desk.touch("rail-settings").await;
    desk.touch("settings-connections").await;
    desk.touch("plant-transport-TCP").await;
    // An address that documentation keeps free: nobody answers there.
    desk.write("plant-host", "192.0.2.1").await;
    desk.write("plant-username", "millwright").await;
    desk.see("plant-plain-reason").await;
    desk.write("plant-plain-reason", "own cable, no switch between").await;
    desk.touch("plant-save").await;
    desk.see("toast-error").await;
    assert!(desk.text().await.contains("unencrypted: give it again"), "a password is asked for again");
    desk.write("plant-password", "secret").await;
    desk.fits("connections").await;
    desk.pictures_in_all_themes("connections").await;
    desk.touch("plant-save").await;
    desk.see("chip-plain").await;
    desk.touch("chip-plain").await;
    desk.see("plain-link").await;
    let said = desk.see("plain-link").await.text().await.unwrap();
    assert!(said.contains("Anna Weber") && said.contains("own cable"), "{said}");
    desk.fits("plain-link").await;
    desk.pictures_in_all_themes("plain-link").await;
    desk.close().await;
}

#[tokio::test]
async fn the_screens_hold_longer_words_and_other_letters() {
    let desk = Desk::open().await;
    let (_, pump) = plant(&desk).await;
    let steps = json!([
        {"title": "Measure shaft run-out", "form": {"kind": "measurement", "unit": "mm", "low": null, "high": 0.05, "decimals": 2}, "mandatory": true},
        {"title": "Coupling insert", "form": {"kind": "choice", "options": ["good", "worn"]}, "mandatory": false}
    ]);
    let create = json!({"title": "Replace mechanical seal", "description": "", "asset_id": pump, "priority": "high", "request_id": null, "due_at": 1_800_000_000_000_i64, "assignee_id": null, "steps": steps});
    let order = desk.value("work_order_create", create).await;
    desk.value(
        "request_raise",
        json!({"asset_id": pump, "text": "It leaks", "priority": "medium", "machine_down": true}),
    )
    .await;
    desk.value("work_order_start", json!({"work_order_id": order})).await;
    for language in ["de", "qps"] {
        let person = json!({"name": format!("Person {language}"), "erp_number": null, "language": language});
        let person = desk.value("person_add", person).await;
        desk.value("person_pick", json!({"person_id": person})).await;
        let spoken = || async {
            let page = desk.text().await;
            if language == "de" { page.contains("Einstellungen") } else { page.contains('⟦') }
        };
        desk.until("the language", spoken).await;
        let places = [
            ("today", "today", "page-today"),
            ("work", "work/open", "page-work"),
            ("order", &format!("order/{}", order.as_str().unwrap()), "page-order"),
            ("asset", &format!("asset/{}", pump.as_str().unwrap()), "page-asset"),
            ("parts", "parts", "page-parts"),
            ("shift", "shift", "page-shift"),
            ("plans", "plans", "page-plans"),
            ("sync", "sync", "page-sync"),
            ("settings", "settings/device", "page-settings"),
            ("connections", "settings/connections", "plant-form"),
            ("import", "settings/import", "bring-file"),
            ("about", "settings/about", "version"),
        ];
        for (name, place, seen) in places {
            go(&desk, place).await;
            desk.see(seen).await;
            for (width, height) in [(1280, 800), (800, 1280)] {
                desk.size(width, height).await;
                desk.picture(&format!("{language}-{name}-{width}x{height}")).await;
                desk.fits(&format!("{language}-{name}-{width}x{height}")).await;
            }
        }
        go(&desk, &format!("order/{}", order.as_str().unwrap())).await;
        for (sheet, open) in [("close-sheet", "close-open"), ("edit-sheet", "edit-open")] {
            desk.touch(open).await;
            desk.see(sheet).await;
            for (width, height) in [(1280, 800), (800, 1280)] {
                desk.size(width, height).await;
                desk.picture(&format!("{language}-{sheet}-{width}x{height}")).await;
                desk.fits(&format!("{language}-{sheet}-{width}x{height}")).await;
            }
            desk.touch("sheet-close").await;
            desk.gone(sheet).await;
        }
    }
    desk.close().await;
}
