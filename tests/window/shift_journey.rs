//! A shift from its first line to the next shift's last «read»: a log that writes itself, a line in three taps, a
//! hand-over that is trimmed, items confirmed by name, plans that raise orders, and what a supervisor sees to.

use std::time::Duration;

use serde_json::{Value as Json, json};

use crate::desk::Desk;

const NIL: &str = "00000000-0000-0000-0000-000000000000";

/// A plant with two people and a pump with an order on it.
pub async fn plant(desk: &Desk) -> (Json, Json, Json) {
    desk.touch("first-start-plant").await;
    desk.write("plant-name", "North\u{e007}").await;
    desk.see("person-add").await;
    let mut settings = desk.value("settings_show", json!({})).await;
    settings["own_keys"] = json!(false);
    settings["plant_zone"] = json!("Europe/Berlin");
    desk.value("settings_save", json!({"settings": settings})).await;
    let add = |name: &'static str| async move {
        desk.value("person_add", json!({"name": name, "erp_number": null, "language": "en"})).await
    };
    let (anna, bernd) = (add("Anna Weber").await, add("Bernd Krause").await);
    desk.value("person_pick", json!({"person_id": anna})).await;
    let csv = "code,name,level,parent,criticality\nNORTH,North plant,site,,C\n\
               P-101A,Cooling water pump,machine,NORTH,A\n";
    let report = desk.value("asset_import", json!({"csv": csv, "dry_run": false})).await;
    assert_eq!(report["refused"], json!([]));
    let tree = desk.value("asset_tree", json!({})).await;
    let pump = tree.as_array().unwrap().iter().find(|node| node["asset"]["code"] == "P-101A").unwrap();
    desk.see("page-today").await;
    (anna, bernd, pump["asset"]["asset_id"].clone())
}

/// One shift round the clock: the hour at which the test runs does not matter.
async fn one_shift(desk: &Desk) {
    let shifts = json!([{"name": "Day and night", "starts_min": 0}]);
    desk.value("shift_pattern_save", json!({"shifts": shifts})).await;
}

pub async fn go(desk: &Desk, place: &str) {
    desk.script(&format!("location.hash = '#/{place}'")).await;
}

/// Somebody else takes the tablet: the window learns it as it would from its own «Who are you?».
pub async fn hold(desk: &Desk, place: usize, name: &str) {
    desk.touch("person-open").await;
    desk.see("who-sheet").await;
    desk.touch(&format!("person-{place}")).await;
    desk.gone("who-sheet").await;
    desk.until(&format!("{name} to hold the tablet"), || async {
        desk.see("person-open").await.text().await.unwrap_or_default().contains(name)
    })
    .await;
}

async fn order(desk: &Desk, title: &str, pump: &Json, steps: Json) -> Json {
    let create = json!({"title": title, "description": "", "asset_id": pump, "priority": "high",
        "request_id": null, "due_at": null, "assignee_id": null, "steps": steps});
    desk.value("work_order_create", create).await
}

async fn shift(desk: &Desk) -> Json {
    desk.value("shift_show", json!({"at": null})).await
}

#[tokio::test]
async fn a_shift_is_handed_over_and_read_item_by_item() {
    let desk = Desk::open().await;
    let (_, _, pump) = plant(&desk).await;
    one_shift(&desk).await;
    let id = order(&desk, "Replace mechanical seal", &pump, json!([])).await;
    desk.touch("rail-shift").await;
    desk.see("page-shift").await;
    assert!(desk.text().await.contains("Nothing so far"), "an empty log says what comes");
    desk.fits("shift-empty").await;

    // The log writes itself.
    desk.value("work_order_start", json!({"work_order_id": id})).await;
    desk.until("the start to stand in the log", || async { desk.text().await.contains("Work begun") }).await;

    // A line in three taps, and its words.
    desk.touch("shift-entry-open").await;
    desk.see("shift-entry-sheet").await;
    desk.touch("asset-pick-P-101A").await;
    desk.touch("entry-kind-watch").await;
    desk.write("entry-text", "Runs warm at the drive side").await;
    desk.fits("shift-entry").await;
    desk.pictures_in_all_themes("shift-entry").await;
    desk.touch("entry-save").await;
    desk.gone("shift-entry-sheet").await;
    desk.see("undo").await;
    desk.until("the line", || async { desk.text().await.contains("Runs warm at the drive side") }).await;

    // The same from the machine's page, where the machine is known: two taps and a photo.
    go(&desk, &format!("asset/{}", pump.as_str().unwrap())).await;
    desk.touch("asset-line").await;
    desk.touch("entry-kind-safety").await;
    desk.touch("entry-photo").await;
    desk.see("photo-sheet").await;
    let ready = "return !document.querySelector('[data-test=photo-shoot]').disabled";
    desk.until("the camera's test picture", || async { desk.script(ready).await == true }).await;
    desk.touch("photo-shoot").await;
    desk.gone("shift-entry-sheet").await;
    let kept = || async {
        let view = desk.value("asset_show", json!({"asset_id": pump})).await;
        view["attachments"].as_array().unwrap().len() == 1
    };
    desk.until("the photo to be kept on the machine", kept).await;

    // The voice note's sheet: what there is of a microphone is told, and leaving it keeps nothing.
    desk.touch("rail-shift").await;
    desk.touch("shift-entry-open").await;
    desk.touch("entry-no-asset").await;
    desk.touch("entry-kind-note").await;
    desk.touch("entry-voice").await;
    desk.see("voice-sheet").await;
    desk.fits("voice").await;
    desk.picture("voice").await;
    desk.script("document.querySelector('[data-test=voice-sheet] [data-test=sheet-close]')?.click()").await;
    desk.gone("voice-sheet").await;
    desk.touch("sheet-close").await;
    desk.gone("shift-entry-sheet").await;

    desk.fits("shift").await;
    desk.pictures_in_all_themes("shift").await;

    // Handing over: one item is trimmed.
    desk.touch("handover-open").await;
    desk.see("handover-sheet").await;
    desk.see("handover-item-3").await;
    desk.touch("handover-item-1").await;
    desk.write("handover-text", "The seal waits in the cabinet").await;
    desk.fits("handover").await;
    desk.pictures_in_all_themes("handover").await;
    desk.touch("handover-give").await;
    desk.gone("handover-sheet").await;
    desk.until("the hand-over", || async { shift(&desk).await["handovers"].as_array().unwrap().len() == 1 })
        .await;
    desk.touch("rail-today").await;
    desk.gone("unread").await;

    // The next shift: it stands ahead of Today until each item is confirmed.
    hold(&desk, 1, "Bernd").await;
    desk.see("unread").await;
    let first = "const cards = [...document.querySelectorAll('.page section')]; return cards[0].dataset.test";
    assert_eq!(desk.script(first).await, "unread", "ahead of everything else");
    assert!(desk.text().await.contains("The seal waits in the cabinet"));
    desk.fits("unread").await;
    desk.pictures_in_all_themes("unread").await;
    desk.touch("unread-0-ok").await;
    desk.until("one item less", || async { !desk.text().await.contains("The seal waits in the cabinet") })
        .await;
    desk.touch("unread-all").await;
    desk.gone("unread").await;
    let read = || async {
        let view = shift(&desk).await;
        view["handovers"][0]["lines"]
            .as_array()
            .unwrap()
            .iter()
            .all(|line| line["acknowledged"][0]["person_name"] == "Bernd Krause")
    };
    desk.until("every item to be read by name", read).await;
    desk.touch("rail-shift").await;
    desk.see("handover-line").await;
    assert!(desk.see("handovers").await.text().await.unwrap().contains("Read by Bernd Krause"));
    desk.picture("shift-read").await;

    // The next day it is a past shift, with all of it.
    desk.set_clock_forward(Duration::from_secs(24 * 3600)).await;
    go(&desk, "today").await;
    go(&desk, "shift").await;
    desk.see("page-shift").await;
    desk.touch("shift-past-0").await;
    desk.until("the past shift", || async { desk.text().await.contains("Runs warm at the drive side") })
        .await;
    desk.see("shift-now").await;
    desk.close().await;
}

#[tokio::test]
async fn a_plan_raises_its_order_and_a_supervisor_sees_what_does_not_go_as_it_should() {
    let desk = Desk::open().await;
    let (anna, _, pump) = plant(&desk).await;
    one_shift(&desk).await;
    go(&desk, &format!("asset/{}", pump.as_str().unwrap())).await;
    desk.touch("plan-new").await;
    desk.see("plan-sheet").await;
    desk.write("plan-title", "Grease the bearings").await;
    desk.touch("plan-unit-week").await;
    desk.touch("plan-due-today").await;
    desk.fits("plan").await;
    desk.pictures_in_all_themes("plan").await;
    desk.touch("plan-save").await;
    desk.gone("plan-sheet").await;
    desk.see("plan-0").await;
    let plans = || async { desk.value("plan_list", json!({"asset_id": null})).await };
    assert_eq!(plans().await[0]["plan"]["rhythm"]["unit"], "week");
    // Once the plan can no longer be undone, the next look raises its order.
    desk.set_clock_forward(Duration::from_secs(120)).await;
    let deadline = std::time::Instant::now() + Duration::from_secs(120);
    while plans().await[0]["open_order"].is_null() {
        assert!(std::time::Instant::now() < deadline, "the plan raised no order: {}", plans().await);
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    desk.see("plan-0-order").await;
    desk.fits("asset-plan").await;

    // A meter that is read by hand.
    let rhythm = json!({"by": "meter", "every": 500.0, "counted_from": 0.0, "ahead": 0.0,
        "source": {"from": "reading", "name": "Operating hours", "unit": "h"}});
    let plan = json!({"maintenance_plan_id": NIL, "asset_id": pump, "title": "Change oil", "steps": [],
        "priority": "low", "planned_minutes": null, "rhythm": rhythm, "mode": "floating", "lead_days": 7,
        "last_done_at": null, "ended_at": null});
    desk.value("plan_save", json!({"plan": plan})).await;
    go(&desk, "plans").await;
    desk.see("page-plans").await;
    desk.see("plan-1-read").await;
    desk.touch("plan-1-read").await;
    desk.write("reading-value", "480").await;
    desk.fits("reading").await;
    desk.picture("reading").await;
    desk.touch("reading-save").await;
    desk.gone("reading-sheet").await;
    desk.until("the reading", || async { plans().await[1]["meter"] == 480.0 }).await;
    desk.fits("plans").await;
    desk.pictures_in_all_themes("plans").await;

    // The shift goes on paper: one page in the folder for downloads.
    go(&desk, "shift").await;
    desk.touch("paper-save").await;
    let papers = || async {
        let folder = desk.data.path().join("downloads");
        let files = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        files.filter(|path| path.extension().is_some_and(|end| end == "pdf")).collect::<Vec<_>>()
    };
    desk.until("the shift to be a PDF", || async { papers().await.len() == 1 }).await;
    let paper = papers().await.remove(0);
    assert!(paper.display().to_string().contains("shift-"), "{}", paper.display());
    assert!(std::fs::read(&paper).unwrap().starts_with(b"%PDF-"));
    desk.fits("shift-paper").await;
    desk.picture("shift-paper").await;

    // Bernd skips a mandatory step; Anna sees to the work of all.
    let steps = json!([{"title": "Lock out", "form": {"kind": "check"}, "mandatory": true}]);
    let id = order(&desk, "Align the coupling", &pump, steps).await;
    hold(&desk, 1, "Bernd").await;
    desk.value("work_order_start", json!({"work_order_id": id})).await;
    let view = desk.value("work_order_show", json!({"work_order_id": id})).await;
    let skipped = json!({"kind": "skipped", "reason": "no lock at hand"});
    let step = view["steps"][0]["step"]["work_step_id"].clone();
    desk.value("work_step_record", json!({"work_step_id": step, "outcome": skipped})).await;
    desk.touch("rail-today").await;
    desk.see("page-today").await;
    desk.gone("exceptions").await;
    hold(&desk, 0, "Anna").await;
    go(&desk, "settings/people").await;
    desk.touch("role-0-supervisor").await;
    desk.until("the role to be kept", || async {
        let people = desk.value("person_list", json!({})).await;
        people.as_array().unwrap().iter().any(|one| one["person_id"] == anna && one["role"] == "supervisor")
    })
    .await;
    desk.fits("people").await;
    desk.picture("people").await;
    desk.touch("rail-today").await;
    desk.see("exceptions").await;
    let said = || async { desk.see("exceptions").await.text().await.unwrap_or_default() };
    desk.until("the override", || async { said().await.contains("Mandatory step «Lock out» skipped") }).await;
    assert!(said().await.contains("Nobody is on it"), "the plan's order: {}", said().await);
    desk.fits("exceptions").await;
    desk.pictures_in_all_themes("exceptions").await;
    // Each has its one next act: the order is handed to somebody right here.
    desk.touch("exception-0-act").await;
    desk.see("assign-sheet").await;
    desk.touch("assign-1").await;
    desk.gone("assign-sheet").await;
    desk.until("nobody to be missing", || async { !said().await.contains("Nobody is on it") }).await;
    desk.value("signature_add", json!({"work_order_id": id, "meaning": "Checked"})).await;
    desk.until("the override to go", || async { !said().await.contains("Lock out") }).await;
    desk.close().await;
}
