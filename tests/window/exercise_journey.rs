//! A tabletop exercise in one window: planned from its scenario's template, played by the clock, looked back on, and an
//! improvement that its owner finds in Today.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};

use crate::desk::Desk;
use crate::shift_journey::{go, plant};

/// The scenario of a key supplier, and its page.
async fn scenario(desk: &Desk) -> Json {
    let create = json!({"name": null, "language": "en", "template": "key-supplier", "text": null});
    let scenario_id = desk.value("scenario_create", create).await;
    go(desk, &format!("scenario/{}", scenario_id.as_str().unwrap())).await;
    desk.see("page-scenario").await;
    scenario_id
}

async fn exercise(desk: &Desk) -> Json {
    let all = desk.value("exercise_list", json!({"scenario_id": null})).await;
    let exercise_id = all[0]["exercise"]["exercise_id"].clone();
    desk.value("exercise_show", json!({"exercise_id": exercise_id})).await
}

async fn text_of(desk: &Desk, name: &str) -> String {
    desk.see(name).await.text().await.unwrap_or_default()
}

/// Presses a key on a button that wants to be held, for as long as it wants.
async fn hold_down(desk: &Desk, name: &str) {
    desk.see(name).await;
    desk.script_once(&format!(
        "document.querySelector('[data-test=\"{name}\"]').dispatchEvent(new KeyboardEvent('keydown', {{key: 'Enter', bubbles: true}}))"
    ))
    .await;
}

/// Pictures of a screen in all sizes and themes, and nothing that does not fit in the two sizes.
async fn looked_at(desk: &Desk, name: &str) {
    desk.pictures_in_all_themes(name).await;
    desk.fits(name).await;
    desk.size(800, 1280).await;
    desk.fits(&format!("{name}-upright")).await;
    desk.size(1280, 800).await;
}

#[tokio::test]
async fn an_exercise_is_planned_played_by_the_clock_and_ends_in_an_action_in_today() {
    let desk = Desk::open().await;
    let (anna, ..) = plant(&desk).await;
    scenario(&desk).await;
    desk.touch("scenario-exercises").await;
    desk.see("page-exercises").await;
    assert!(desk.text().await.contains("No exercise yet"), "an empty list says what to do");
    desk.see("exercise-template-key-supplier").await;
    looked_at(&desk, "exercises-empty").await;
    desk.touch("exercise-template-key-supplier").await;
    desk.see("page-exercise").await;

    // Planned: what it is to show, the list of what happens, who plays what.
    desk.see("inject-8").await;
    looked_at(&desk, "exercise-plan").await;
    desk.touch("exercise-change").await;
    desk.write("exercise-title-text", "The seal supplier fails").await;
    desk.fits("exercise-about").await;
    desk.picture("exercise-about").await;
    desk.touch("exercise-save").await;
    desk.until("the new title", || async {
        text_of(&desk, "exercise-title").await == "The seal supplier fails"
    })
    .await;
    desk.touch("role-Sales").await;
    desk.touch("assignee-0").await;
    desk.fits("exercise-role").await;
    desk.touch("role-save").await;
    desk.until("Anna to play sales", || async { text_of(&desk, "role-Sales").await.contains("Anna Weber") })
        .await;
    desk.touch("inject-8-earlier").await;
    desk.until("the inject to come a minute earlier", || async {
        exercise(&desk).await["injects"][7]["at_ms"] == json!(65 * 60_000)
    })
    .await;
    desk.touch("inject-2-open").await;
    desk.see("inject-sheet").await;
    desk.write("inject-expected", "A list of open orders within the hour").await;
    desk.fits("exercise-inject").await;
    looked_at(&desk, "exercise-inject").await;
    desk.touch("inject-save").await;
    desk.gone("inject-sheet").await;

    // Played: the first inject is there at once.
    desk.touch("exercise-start").await;
    desk.see("exercise-clock").await;
    desk.see("came-1").await;
    desk.write("act-1", "Call the team together, promise nothing").await;
    desk.touch("inject-1-expected").await;
    looked_at(&desk, "exercise-first").await;
    desk.touch("inject-1-as-expected").await;
    desk.see("inject-1-answer").await;
    desk.set_clock_forward(Duration::from_secs(8 * 60 + 5)).await;
    desk.see("came-2").await;
    assert!(
        text_of(&desk, "clock-time").await.starts_with("0:08:"),
        "{}",
        text_of(&desk, "clock-time").await
    );
    desk.touch("clock-pause").await;
    desk.see("clock-resume").await;
    let stands = text_of(&desk, "clock-time").await;
    desk.set_clock_forward(Duration::from_secs(30 * 60)).await;
    desk.write("act-2", "Purchasing looks up advance payments").await;
    desk.touch("inject-2-partly").await;
    desk.see("inject-2-answer").await;
    assert_eq!(text_of(&desk, "clock-time").await, stands, "who talks does not lose exercise time");
    desk.touch("clock-resume").await;
    desk.touch("speed-10").await;
    desk.until("the clock to run ten times as fast", || async {
        text_of(&desk, "clock-state").await.contains("10×")
    })
    .await;
    desk.touch("speed-1").await;
    desk.touch("clock-jump").await;
    desk.see("came-3").await;
    desk.touch("clock-jump").await;
    desk.see("came-4").await;
    desk.write("act-4", "Sales promises Friday").await;
    desk.touch("inject-4-not").await;
    desk.see("inject-4-answer").await;
    desk.touch("log-decision").await;
    desk.write("entry-text", "Only the plant manager speaks to customers").await;
    desk.touch("entry-role-Plant manager").await;
    looked_at(&desk, "exercise-entry").await;
    desk.touch("entry-save").await;
    desk.see("log-line-Only the plant manager speaks to customers").await;
    desk.touch("log-improve").await;
    desk.write("entry-text", "Nobody knew who may promise a date").await;
    desk.touch("entry-save").await;
    desk.see("log-line-Nobody knew who may promise a date").await;
    desk.touch("log-strength").await;
    desk.write("entry-text", "The team sat together within minutes").await;
    desk.touch("entry-save").await;
    desk.see("log-line-The team sat together within minutes").await;
    looked_at(&desk, "exercise-play").await;
    let answered = exercise(&desk).await["log"].clone();
    let of_sales = answered
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["text"] == "Sales promises Friday")
        .unwrap()
        .clone();
    assert_eq!(of_sales["played_by"], anna, "who played the role is kept with what they did");

    // Looked back on.
    hold_down(&desk, "clock-end").await;
    desk.see("exercise-report").await;
    desk.see("review-4-action").await;
    looked_at(&desk, "exercise-report").await;
    desk.touch("improve-action").await;
    desk.write("exercise-action-text", "Write down who may promise dates").await;
    desk.touch("assignee-0").await;
    desk.touch("due-week").await;
    desk.fits("exercise-action").await;
    desk.picture("exercise-action").await;
    desk.touch("exercise-action-save").await;
    desk.see("exercise-action-Write down who may promise dates").await;
    let exercise_id = exercise(&desk).await["exercise"]["exercise_id"].clone();
    for (form, ending, begins) in [("pdf", "pdf", "%PDF"), ("markdown", "md", "# "), ("json", "json", "{")] {
        let command = json!({"exercise_id": exercise_id, "form": form, "language": "en"});
        let file = desk.value("exercise_report_write", command).await;
        let bytes = STANDARD.decode(file["bytes_base64"].as_str().unwrap()).unwrap();
        assert!(bytes.starts_with(begins.as_bytes()), "{form}");
        std::fs::write(desk.picture_place(&format!("exercise-report.{ending}")), bytes).unwrap();
    }
    desk.touch("report-markdown").await;
    desk.until("the report to be kept", || async {
        std::fs::read_dir(desk.data.path().join("downloads")).is_ok_and(|mut files| {
            files.any(|file| {
                file.is_ok_and(|file| file.path().extension().is_some_and(|ending| ending == "md"))
            })
        })
    })
    .await;
    desk.touch("back").await;
    desk.see("exercise-The seal supplier fails").await;
    desk.fits("exercises").await;
    desk.picture("exercises").await;

    go(&desk, "today").await;
    desk.see("my-exercise-action-Write down who may promise dates").await;
    desk.fits("today-exercise-action").await;
    desk.picture("today-exercise-action").await;
    desk.touch("my-exercise-action-done").await;
    desk.gone("exercise-actions-mine").await;
    desk.close().await;
}

#[tokio::test]
async fn a_tablet_that_goes_off_in_the_middle_of_an_exercise_comes_back_to_the_same_time() {
    let desk = Desk::open().await;
    plant(&desk).await;
    scenario(&desk).await;
    desk.touch("scenario-exercises").await;
    desk.touch("exercise-template-key-supplier").await;
    desk.touch("exercise-start").await;
    desk.see("came-1").await;
    desk.touch("clock-jump").await;
    desk.see("came-2").await;
    desk.touch("clock-pause").await;
    desk.see("clock-resume").await;
    let exercise_id = exercise(&desk).await["exercise"]["exercise_id"].clone();
    let stands = text_of(&desk, "clock-time").await;
    let data = desk.switch_off().await;
    let desk = Desk::switch_on(data).await;
    go(&desk, &format!("exercise/{}", exercise_id.as_str().unwrap())).await;
    desk.see("came-2").await;
    assert_eq!(text_of(&desk, "clock-time").await, stands);
    desk.close().await;
}
