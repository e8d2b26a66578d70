//! A SWOT workshop in one window: silent notes, revealed, put together, voted on, weighed, paired, and an action that its
//! owner finds in Today.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};

use crate::desk::Desk;
use crate::shift_journey::{go, plant};

async fn board(desk: &Desk, workshop: &Json) -> Json {
    desk.value("workshop_show", json!({"workshop_id": workshop})).await["board"].take()
}

/// Writes a note into a frame.
pub(crate) async fn note(desk: &Desk, frame: &str, text: &str) {
    desk.write(&format!("add-{frame}"), text).await;
    desk.touch(&format!("add-{frame}-go")).await;
    desk.until(&format!("«{text}» to stand on the screen"), || async { desk.text().await.contains(text) })
        .await;
}

/// Goes on to the next phase, and waits until the window stands there.
pub(crate) async fn go_on(desk: &Desk, phase: &str) {
    desk.touch("workshop-next").await;
    let there = format!(
        "return document.querySelector('[data-test=phase-{phase}]')?.getAttribute('aria-current') === 'step'"
    );
    desk.until(&format!("the workshop to stand at «{phase}»"), || async {
        desk.script(&there).await == true
    })
    .await;
}

/// Drags a note by its grip onto something.
async fn drag_note(desk: &Desk, grip: &str, onto: &str) {
    desk.see(grip).await;
    let script = format!(
        "const named = name => document.querySelector('[data-test=\"' + name + '\"]'); \
         const grip = named('{grip}'); const heading = named('{onto}').querySelector('h2'); \
         heading.scrollIntoView({{block: 'center'}}); \
         const middle = element => {{ const box = element.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; }}; \
         const at = (kind, [x, y]) => grip.dispatchEvent(new PointerEvent(kind, \
             {{clientX: x, clientY: y, pointerId: 1, button: 0, bubbles: true, cancelable: true}})); \
         at('pointerdown', middle(grip)); at('pointermove', middle(heading)); at('pointerup', middle(heading));"
    );
    desk.script_once(&script).await;
}

#[tokio::test]
async fn a_workshop_ends_in_an_action_that_its_owner_finds_in_today() {
    let desk = Desk::open().await;
    plant(&desk).await;
    go(&desk, "plan/workshops").await;
    desk.see("page-workshops").await;
    assert!(desk.text().await.contains("No workshop yet"), "an empty list says what to do");
    desk.fits("workshops-empty").await;
    desk.touch("workshop-new").await;
    desk.write("workshop-title", "SWOT 2027").await;
    desk.fits("workshop-new").await;
    desk.touch("workshop-begin").await;
    desk.see("page-workshop").await;
    let all = desk.value("workshop_list", json!({})).await;
    let workshop = all[0]["workshop"]["workshop_id"].clone();

    // Silent notes: on this device only.
    note(&desk, "strengths", "Own seal workshop").await;
    note(&desk, "strengths", "Seal workshop of our own").await;
    note(&desk, "threats", "Supplier A in restructuring").await;
    assert_eq!(board(&desk, &workshop).await["notes"], json!([]));
    desk.fits("workshop-collect").await;
    desk.pictures_in_all_themes("workshop-collect").await;
    go_on(&desk, "reveal").await;
    desk.until("all notes to be on the board", || async {
        board(&desk, &workshop).await["notes"].as_array().unwrap().len() == 3
    })
    .await;

    // Dragged into another frame and back; until it is let go, nothing is written.
    go_on(&desk, "cluster").await;
    for (onto, frame) in [("frame-weaknesses", "weaknesses"), ("frame-threats", "threats")] {
        drag_note(&desk, "grip-Supplier A in restructuring", onto).await;
        desk.until("the note to be in the other frame", || async {
            let notes = board(&desk, &workshop).await["notes"].as_array().unwrap().clone();
            notes.iter().any(|note| note["text"] == "Supplier A in restructuring" && note["frame"] == frame)
        })
        .await;
    }

    // Put together by choosing, with a finger or the keyboard.
    desk.touch("note-Own seal workshop").await;
    desk.touch("note-Seal workshop of our own").await;
    desk.fits("workshop-cluster").await;
    desk.picture("workshop-cluster").await;
    desk.touch("cluster-together").await;
    desk.see("cluster-Own seal workshop").await;

    // Dots: never more than there are.
    go_on(&desk, "vote").await;
    for _ in 0..3 {
        desk.touch("vote-Own seal workshop").await;
    }
    for _ in 0..2 {
        desk.touch("vote-Supplier A in restructuring").await;
    }
    desk.until("all votes to be given", || async {
        desk.see("votes-left").await.text().await.unwrap_or_default().contains("0 of 5")
    })
    .await;
    let off = "return document.querySelector('[data-test=\"vote-Own seal workshop\"]').disabled";
    assert_eq!(desk.script(off).await, true);
    desk.touch("list-highest").await;
    desk.until("both to be on the short list", || async {
        let items = board(&desk, &workshop).await["items"].as_array().unwrap().clone();
        items.iter().filter(|item| item["shortlisted"] == true).count() == 2
    })
    .await;
    desk.fits("workshop-vote").await;
    desk.pictures_in_all_themes("workshop-vote").await;

    // Weighed: each half has one item, which gets all points.
    go_on(&desk, "weigh").await;
    for side in ["internal", "external"] {
        let within =
            |test: &str| format!("document.querySelector('[data-test=weigh-{side}] [data-test={test}]')");
        desk.see(&format!("weigh-{side}")).await;
        desk.script_once(&format!("{}.click()", within("points-evenly"))).await;
        let on = format!("return !{}.disabled", within("points-keep"));
        desk.until("the points to be 100", || async { desk.script(&on).await == true }).await;
        desk.script_once(&format!("{}.click()", within("points-keep"))).await;
    }
    desk.until("both halves to be weighed", || async {
        let view = desk.value("workshop_show", json!({"workshop_id": workshop})).await;
        view["scores"]["pairs"].as_array().unwrap().len() == 1
    })
    .await;
    desk.fits("workshop-weigh").await;
    desk.picture("workshop-weigh").await;

    // A pair becomes a strategy.
    go_on(&desk, "pair").await;
    desk.touch("pair-make").await;
    desk.write("strategy-text", "Make the seals ourselves").await;
    desk.touch("strategy-save").await;
    desk.see("strategy-Make the seals ourselves").await;
    desk.fits("workshop-pair").await;
    desk.picture("workshop-pair").await;

    // An action with an owner and a day.
    go_on(&desk, "act").await;
    desk.touch("action-new").await;
    desk.write("action-text", "Stock the seals of supplier A").await;
    let people = desk.value("person_list", json!({})).await;
    let anna = people.as_array().unwrap().iter().position(|one| one["name"] == "Anna Weber").unwrap();
    desk.touch(&format!("assignee-{anna}")).await;
    desk.touch("due-week").await;
    desk.fits("workshop-action").await;
    desk.touch("action-save").await;
    desk.see("action-Stock the seals of supplier A").await;
    desk.fits("workshop-act").await;
    desk.picture("workshop-act").await;
    go(&desk, "today").await;
    desk.see("workshop-action-Stock the seals of supplier A").await;
    desk.fits("today-workshop-action").await;
    desk.touch("workshop-action-done").await;
    desk.gone("workshop-actions").await;

    // What a room looks at.
    go(&desk, &format!("plan/workshops/{}/stage", workshop.as_str().unwrap())).await;
    desk.see("page-workshop-stage").await;
    desk.until("the stage to show the board", || async { desk.text().await.contains("Own seal workshop") })
        .await;
    desk.picture("workshop-stage").await;
    // What goes out for who was not there.
    for (form, begins) in [("pdf", "%PDF"), ("pptx", "PK"), ("markdown", "# "), ("json", "{")] {
        let command = json!({"workshop_id": workshop, "form": form, "language": "en"});
        let file = desk.value("workshop_export", command).await;
        let bytes = STANDARD.decode(file["bytes_base64"].as_str().unwrap()).unwrap();
        assert!(bytes.starts_with(begins.as_bytes()), "{form}");
        std::fs::write(desk.picture_place(&format!("workshop.{form}")), bytes).unwrap();
    }
    desk.close().await;
}
