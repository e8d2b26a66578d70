//! A scenario morning: a template's questions, a slider, three answers compared, an origin opened, a decision, and a
//! signpost of the demo plant that is crossed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};

use crate::desk::Desk;
use crate::shift_journey::{go, plant};

async fn text_of(desk: &Desk, name: &str) -> String {
    desk.see(name).await.text().await.unwrap_or_default()
}

/// Moves a slider as a finger does: through places on the way, and lets go.
async fn slide(desk: &Desk, name: &str, place: u32) {
    let script = format!(
        "const slider = document.querySelector('[data-test=\"slider-{name}\"]'); \
         for (const [at, what] of [[{place} - 20, 'input'], [{place}, 'input'], [{place}, 'change']]) {{ \
             slider.value = at; slider.dispatchEvent(new Event(what, {{bubbles: true}})); }}"
    );
    desk.script_once(&script).await;
}

async fn scenario(desk: &Desk) -> Json {
    let listed = desk.value("scenario_list", json!({})).await;
    let scenario_id = listed[0]["scenario"]["scenario_id"].clone();
    desk.value("scenario_show", json!({"scenario_id": scenario_id})).await
}

fn question<'v>(view: &'v Json, name: &str) -> &'v Json {
    let questions = view["questions"].as_array().unwrap();
    questions.iter().find(|question| question["name"] == name).unwrap()
}

/// The demo plant, with values from its machines, and an empty Plan room.
async fn plan_room() -> Desk {
    let desk = Desk::open().await;
    desk.touch("first-start-demo").await;
    desk.touch("person-0").await;
    desk.see("page-today").await;
    let vibrates = || async {
        let tree = desk.value("asset_tree", json!({})).await;
        tree.as_array().unwrap().iter().any(|node| {
            node["asset"]["code"] == "P-101A"
                && node["tags"].as_array().unwrap().iter().any(|tag| {
                    tag["binding"]["name"] == "Vibration" && tag["live"]["sample"]["value"].is_object()
                })
        })
    };
    desk.until("the pump to speak", vibrates).await;
    desk.touch("rail-plan").await;
    desk.see("scenario-templates").await;
    desk
}

#[tokio::test]
async fn a_scenario_from_a_template_is_answered_compared_and_decided_on() {
    let desk = plan_room().await;
    desk.pictures_in_all_themes("plan-empty").await;
    desk.touch("template-key-supplier").await;
    desk.see("page-scenario").await;
    desk.see("option-2-mean").await;
    desk.see("influence-approval").await;
    desk.pictures_in_all_themes("scenario").await;
    desk.touch("picture-above").await;
    desk.picture("scenario-above").await;

    // Dragging tries answers out: the picture follows, and nothing is written.
    let before = text_of(&desk, "option-0-mean").await;
    let written = scenario(&desk).await;
    slide(&desk, "insolvency", 800).await;
    desk.see("scenario-tried").await;
    let follows = || async { text_of(&desk, "option-0-mean").await != before };
    desk.until("the picture to follow the slider", follows).await;
    assert_eq!(scenario(&desk).await["text"], written["text"], "what is tried out is not written");
    desk.pictures_in_all_themes("scenario-tried").await;
    desk.touch("tried-keep").await;
    desk.gone("scenario-tried").await;
    let view = scenario(&desk).await;
    assert_eq!(question(&view, "insolvency")["origin"]["kind"], "person");
    assert!(question(&view, "insolvency")["answered_by"].is_string());

    // A typed range, and nobody knows.
    desk.touch("questions-more").await;
    desk.touch("question-approval_cost-open").await;
    desk.see("answer-sheet").await;
    desk.pictures_in_all_themes("scenario-answer").await;
    desk.touch("answer-unknown").await;
    desk.gone("answer-sheet").await;
    let view = scenario(&desk).await;
    assert_eq!(
        question(&view, "approval_cost")["answer"],
        json!({"is": "between", "low": 100, "high": 10_000_000})
    );

    // What changed since it was begun, and how far it moved the result.
    desk.touch("scenario-freeze").await;
    desk.until("a frozen baseline", || async {
        !scenario(&desk).await["baselines"].as_array().unwrap().is_empty()
    })
    .await;
    slide(&desk, "insolvency", 300).await;
    desk.touch("tried-keep").await;
    desk.gone("scenario-tried").await;
    desk.touch("scenario-changes").await;
    desk.see("change-insolvency").await;
    desk.pictures_in_all_themes("scenario-changes").await;
    desk.touch("sheet-close").await;

    // Two things that nobody knows span four worlds, each with its story.
    desk.touch("worlds-open").await;
    desk.see("world-high-high").await;
    desk.touch("world-high-low-tell").await;
    desk.write("story-text", "They want it, and it takes long.").await;
    desk.touch("story-keep").await;
    desk.gone("story-sheet").await;
    assert_eq!(scenario(&desk).await["narratives"][0]["text"], "They want it, and it takes long.");
    desk.pictures_in_all_themes("scenario-worlds").await;

    desk.touch("scenario-decide").await;
    desk.see("decide-sheet").await;
    desk.touch("decide-2").await;
    desk.write("decide-reason", "A second supplier is approved within a quarter").await;
    desk.pictures_in_all_themes("scenario-decide").await;
    desk.touch("decide-write").await;
    desk.see("decision-0").await;
    let decision = scenario(&desk).await["decided"][0]["decision"].clone();
    assert_eq!(decision["choice"][0]["option"], "approve a second supplier");
    desk.touch("scenario-brief").await;
    desk.see("brief-sheet").await;
    desk.pictures_in_all_themes("scenario-brief").await;
    for (form, begins) in [("pdf", "%PDF"), ("pptx", "PK"), ("xlsx", "PK"), ("md", "# "), ("json", "{")] {
        let command = json!({"scenario_id": view["scenario"]["scenario_id"], "language": "en",
            "form": if form == "md" { "markdown" } else { form }});
        let file = desk.value("scenario_brief_write", command).await;
        let bytes = STANDARD.decode(file["bytes_base64"].as_str().unwrap()).unwrap();
        assert!(bytes.starts_with(begins.as_bytes()), "{form}");
        std::fs::write(desk.picture_place(&format!("brief.{form}")), bytes).unwrap();
    }
    desk.touch("sheet-close").await;
    desk.touch("scenario-model").await;
    desk.see("model-sheet").await;
    desk.pictures_in_all_themes("scenario-model").await;
    desk.touch("sheet-close").await;
    desk.close().await;
}

#[tokio::test]
async fn an_answer_is_taken_from_a_tag_and_a_signpost_raises_its_scenario() {
    let desk = plan_room().await;
    desk.touch("template-key-supplier").await;
    desk.see("option-2-mean").await;

    // An answer bound to a tag: frozen, it names the tag and the time, and leads to the machine.
    desk.touch("question-stock_reach-open").await;
    desk.touch("answer-bind").await;
    desk.touch("asset-pick-P-101A").await;
    desk.touch("tag-Vibration").await;
    desk.pictures_in_all_themes("scenario-bind").await;
    desk.touch("bind-newest").await;
    desk.see("answer-bound").await;
    desk.touch("sheet-close").await;
    desk.touch("scenario-freeze").await;
    let taken = || async { question(&scenario(&desk).await, "stock_reach")["origin"]["kind"] == "tag" };
    desk.until("the answer to come from the tag", taken).await;
    let view = scenario(&desk).await;
    let origin = question(&view, "stock_reach")["origin"]["of"].as_str().unwrap().to_owned();
    assert!(origin.starts_with("Vibration, 20"), "the tag and the time: {origin}");
    desk.touch("question-stock_reach-open").await;
    desk.see("answer-origin").await;
    desk.pictures_in_all_themes("scenario-origin").await;
    desk.touch("origin-open").await;
    desk.see("tile-Vibration").await;
    desk.script("history.back()").await;

    desk.touch("signpost-new").await;
    desk.see("signpost-sheet").await;
    desk.write("signpost-name", "The pump that the supplier keeps runs rough").await;
    desk.touch("asset-pick-P-101A").await;
    desk.touch("tag-Vibration").await;
    desk.write("signpost-threshold", "0.1").await;
    desk.pictures_in_all_themes("scenario-signpost").await;
    desk.touch("signpost-save").await;
    let name = "signpost-The pump that the supplier keeps runs rough";
    desk.see(name).await;
    desk.see(&format!("{name}-crossed")).await;
    desk.pictures_in_all_themes("scenario-crossed").await;
    desk.touch("back").await;
    desk.see("page-scenarios").await;
    desk.pictures_in_all_themes("scenarios").await;
    let listed = desk.value("scenario_list", json!({})).await;
    assert_eq!(listed[0]["crossed_count"], 1);
    let title = listed[0]["scenario"]["name"].as_str().unwrap();
    desk.touch(&format!("scenario-{title}")).await;
    desk.touch(&format!("{name}-seen")).await;
    desk.gone(&format!("{name}-crossed")).await;
    desk.close().await;
}

#[tokio::test]
async fn a_line_is_tried_out_compared_and_kept_as_a_scenario() {
    let desk = Desk::open().await;
    plant(&desk).await;
    let csv = "code,name,level,parent\nS-9,Site,site,\nL-9,Filling,line,S-9\nM-91,Washer,machine,L-9\nM-92,Filler,machine,L-9\n";
    desk.value("asset_import", json!({"csv": csv, "dry_run": false})).await;
    go(&desk, "scenarios").await;
    desk.touch("tab-what-if").await;
    desk.fits("what-if-lines").await;
    desk.touch("line-L-9").await;
    desk.see("page-what-if").await;
    desk.touch("what-if-add").await;
    desk.touch("machine-Filler").await;
    desk.write("what-if-cycle", "45").await;
    desk.fits("what-if-machine").await;
    desk.touch("machine-save").await;
    desk.touch("buffer-more-0").await;
    desk.touch("what-if-run").await;
    desk.see("option 1-output").await;
    desk.fits("what-if").await;
    desk.pictures_in_all_themes("what-if").await;
    desk.touch("what-if-keep").await;
    desk.touch("what-if-keep-go").await;
    desk.see("page-scenario").await;
    let all = desk.value("scenario_list", json!({})).await;
    assert_eq!(all[0]["scenario"]["name"], "What if: Filling");
    desk.close().await;
}

#[tokio::test]
async fn a_scenario_about_a_supplier_fills_itself_and_says_what_is_missing() {
    let desk = plan_room().await;
    desk.touch("template-key-supplier").await;
    desk.touch("scenario-fill").await;
    desk.see("fill-suppliers").await;
    desk.fits("scenario-fill-suppliers").await;
    desk.pictures_in_all_themes("scenario-fill-suppliers").await;
    desk.script_once("document.querySelector('[data-test=fill-suppliers] button').click()").await;
    desk.see("fill-count").await;
    desk.fits("scenario-filled").await;
    desk.pictures_in_all_themes("scenario-filled").await;
    let view = scenario(&desk).await;
    let from_erp = view["questions"].as_array().unwrap().iter().filter(|one| one["origin"]["kind"] == "erp");
    assert!(from_erp.count() > 0, "something of it is known: {}", view["questions"]);
    desk.close().await;
}

/// Drags from one thing of the diagram to a place beside it, or onto another thing.
async fn drag_in_diagram(desk: &Desk, from: &str, by: (i32, i32), onto: Option<&str>) {
    let onto = onto.map_or_else(|| "null".to_owned(), |name| format!("'{name}'"));
    let script = format!(
        "const named = name => document.querySelector('[data-test=\"' + name + '\"]'); \
         const middle = element => {{ const box = element.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; }}; \
         const from = named('{from}'); const board = document.querySelector('.diagram'); \
         const [x, y] = middle(from); const to = {onto} ? middle(named({onto})) : [x + {}, y + {}]; \
         const at = (element, kind, [x, y]) => element.dispatchEvent(new PointerEvent(kind, \
             {{clientX: x, clientY: y, pointerId: 1, button: 0, bubbles: true, cancelable: true}})); \
         at(from, 'pointerdown', [x, y]); at(board, 'pointermove', [(x + to[0]) / 2, (y + to[1]) / 2]); \
         at(board, 'pointermove', to); at(board, 'pointerup', to);",
        by.0, by.1
    );
    desk.script_once(&script).await;
}

#[tokio::test]
async fn a_model_is_drawn_moved_about_and_a_figure_made_of_one_more() {
    let desk = plan_room().await;
    desk.touch("template-key-supplier").await;
    desk.see("option-2-mean").await;
    desk.touch("scenario-draw").await;
    desk.see("figure-loss").await;
    desk.touch("diagram-fit").await;
    desk.fits("scenario-diagram").await;
    desk.pictures_in_all_themes("scenario-diagram").await;

    // What is moved about stands there, and changes no figure.
    let text = scenario(&desk).await["text"].clone();
    drag_in_diagram(&desk, "figure-loss", (30, 60), None).await;
    desk.until("the figure to stand where it was dragged", || async {
        scenario(&desk).await["places"][0]["name"] == "loss"
    })
    .await;
    assert_eq!(scenario(&desk).await["text"], text);
    desk.touch("diagram-tidy").await;
    desk.gone("diagram-tidy").await;

    // A new figure, and an arrow from it into another.
    desk.touch("diagram-new").await;
    desk.touch("kind-chance").await;
    desk.write("new-figure-says", "freight = 5000 to 9000 EUR").await;
    desk.fits("scenario-figure-new").await;
    desk.picture("scenario-figure-new").await;
    desk.touch("new-figure-add").await;
    desk.see("figure-freight").await;
    drag_in_diagram(&desk, "figure-freight-arrow", (0, 0), Some("figure-second_cost")).await;
    desk.see("figure-sheet").await;
    desk.fits("scenario-figure").await;
    desk.pictures_in_all_themes("scenario-figure").await;
    desk.touch("figure-save").await;
    desk.gone("figure-sheet").await;
    desk.see("arrow-freight-second_cost").await;
    let view = scenario(&desk).await;
    let second = view["figures"].as_array().unwrap().iter().find(|one| one["name"] == "second_cost").unwrap();
    assert!(second["says"].as_str().unwrap().ends_with("+ freight"), "{second}");

    // What others are made of stays; a new name is told everywhere.
    drag_in_diagram(&desk, "figure-freight", (0, 0), None).await;
    desk.touch("figure-remove").await;
    desk.until("why it stays to be said", || async {
        desk.text().await.contains("still needed by second_cost")
    })
    .await;
    desk.write("figure-name", "extra_freight").await;
    desk.touch("figure-rename").await;
    desk.see("arrow-extra_freight-second_cost").await;
    desk.close().await;
}

#[tokio::test]
async fn the_plant_without_a_supplier_is_seen_and_made_a_scenario() {
    let desk = plan_room().await;
    // Two parts were used that one supplier alone has; nothing of either is left.
    let open = || desk.value("work_order_list", json!({"filter": {"open_only": true}}));
    desk.until("orders from the ERP", || async { !open().await.as_array().unwrap().is_empty() }).await;
    let order = open().await[0]["order"]["work_order_id"].clone();
    for number in ["BRG-22216", "CPL-INS-75"] {
        let parts = desk.value("part_list", json!({"asset_id": null, "containing": number})).await;
        let use_it = json!({"work_order_id": order,
            "part_id": parts[0]["part"]["part_id"], "quantity": {"thousandths": 1_000, "unit": "EA"}, "location": null});
        desk.value("part_use_add", use_it).await;
    }
    desk.touch("tab-supply").await;
    desk.see("page-supply").await;
    let risk = desk.value("supply_risk_show", json!({"outage_days": 90})).await;
    assert_eq!(risk["suppliers"][0]["short_days"], 90.0);
    let number = risk["suppliers"][0]["number"].as_str().unwrap().to_owned();
    let name = risk["suppliers"][0]["name"].as_str().unwrap().to_owned();
    desk.touch(&format!("supplier-{number}-open")).await;
    desk.fits("supply").await;
    desk.pictures_in_all_themes("supply").await;
    desk.touch("outage-180").await;
    desk.touch(&format!("supplier-{number}-begin")).await;
    desk.see("page-scenario").await;
    assert_eq!(scenario(&desk).await["scenario"]["name"], format!("Without {name}"));
    desk.close().await;
}
