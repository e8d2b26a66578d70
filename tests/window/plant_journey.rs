//! A real connection through the forms, an order done with both sides cut and heard afterwards by somebody else at the
//! broker, a delivery that the ERP refuses mended in the Sync centre, a field changed on
//! both sides decided there, and an order corrected after delivery.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use millwright_model::DemoReady;
use millwright_tests::program;
use serde_json::{Value as Json, json};

use crate::desk::Desk;
use crate::listener::Listener;

/// Where the events of work go at the plant's broker.
const EVENT_ROOT: &str = "umh/v1/north";

/// The demo plant's process as a plant of its own: its broker and ERP are reached like any other.
struct Plant {
    child: Child,
    ready: DemoReady,
    _folder: tempfile::TempDir,
}

impl Drop for Plant {
    fn drop(&mut self) {
        let _gone = self.child.kill().is_err();
        let _reaped = self.child.wait().is_err();
    }
}

impl Plant {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut child = Command::new(program("millwright-demo"))
            .arg("--data")
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, ready: serde_json::from_str(&line).unwrap(), _folder: folder }
    }

    /// Frozen, neither its broker nor its ERP answers, as behind a cut cable.
    fn signal(&self, signal: &str) {
        let status = Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        assert!(status.success(), "the plant runs");
    }

    fn root(&self) -> String {
        let url = &self.ready.erp_url;
        let after_scheme = url.find("//").unwrap() + 2;
        let end = url[after_scheme..].find('/').map_or(url.len(), |place| after_scheme + place);
        url[..end].to_owned()
    }

    fn request(&self, method: reqwest::Method, url: String) -> reqwest::RequestBuilder {
        reqwest::Client::new()
            .request(method, url)
            .basic_auth(&self.ready.erp_username, Some(&self.ready.erp_password))
    }

    async fn fault(&self, mode: &str) {
        let answer = self
            .request(reqwest::Method::POST, format!("{}/demo/faults", self.root()))
            .body(json!({"mode": mode}).to_string())
            .send()
            .await
            .unwrap();
        assert!(answer.status().is_success(), "{}", answer.status());
    }

    async fn state(&self) -> Json {
        let answer =
            self.request(reqwest::Method::GET, format!("{}/demo/state", self.root())).send().await.unwrap();
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    }
}

async fn connect(desk: &Desk, plant: &Plant) {
    desk.touch("first-start-plant").await;
    // Enter confirms; with a real keyboard at hand our own one is switched off, as a person at a desk would.
    desk.write("plant-name", "North\u{e007}").await;
    desk.see("person-add").await;
    let mut settings = desk.value("settings_show", json!({})).await;
    settings["own_keys"] = json!(false);
    desk.value("settings_save", json!({"settings": settings})).await;
    desk.touch("person-add").await;
    desk.write("person-name", "Anna Weber").await;
    desk.write("person-number", "00000042").await;
    desk.touch("person-save").await;
    desk.see("page-today").await;
    desk.picture("today-empty").await;
    desk.touch("rail-settings").await;
    desk.touch("settings-connections").await;
    desk.touch("plant-transport-TCP").await;
    // The demo broker speaks 3.1.1 only.
    desk.touch("plant-mqtt5").await;
    desk.write("plant-host", "127.0.0.1").await;
    desk.write("plant-port", &plant.ready.mqtt_port.to_string()).await;
    desk.write("plant-username", &plant.ready.mqtt_username).await;
    desk.write("plant-password", "wrong").await;
    desk.touch("plant-test").await;
    desk.see("connection-finding").await;
    desk.picture("connection-refused").await;
    desk.write("plant-password", &plant.ready.mqtt_password).await;
    desk.write("plant-event-root", EVENT_ROOT).await;
    desk.touch("plant-save").await;
    desk.write("erp-url", &plant.ready.erp_url).await;
    desk.write("erp-username", &plant.ready.erp_username).await;
    desk.write("erp-password", &plant.ready.erp_password).await;
    desk.write("erp-request-limit", "3").await;
    desk.touch("erp-save").await;
    let both_up = || async {
        let sync = desk.value("app_status", json!({})).await["sync"].take();
        sync["plant"]["state"] == "up" && sync["erp"]["state"] == "up"
    };
    desk.until("both links to be up", both_up).await;
}

async fn order(desk: &Desk, number: &str) -> Json {
    let orders = desk.value("work_order_list", json!({"filter": {}})).await;
    let found = orders.as_array().unwrap().iter().find(|overview| overview["order"]["erp_number"] == number);
    found.map(|overview| overview["order"].clone()).unwrap_or(Json::Null)
}

async fn show(desk: &Desk, id: &Json) -> Json {
    desk.value("work_order_show", json!({"work_order_id": id})).await
}

async fn delivered(desk: &Desk, id: &Json) {
    let all_done = || async {
        let deliveries = show(desk, id).await["deliveries"].take();
        let deliveries = deliveries.as_array().unwrap().clone();
        !deliveries.is_empty() && deliveries.iter().all(|delivery| delivery["state"] == "done")
    };
    desk.until("everything to be delivered", all_done).await;
}

/// Does an order while neither side answers; when they are back, the ERP has booked it once and the listener heard it.
async fn done_with_both_sides_cut(desk: &Desk, plant: &Plant, listener: &Listener) {
    const NUMBER: &str = "4000111";
    let id = order(desk, NUMBER).await["work_order_id"].clone();
    plant.signal("-STOP");
    let closing = json!({"how": "full", "found_code": null, "found_text": "Switch loose", "done_code": null, "done_text": "Switch fastened", "minutes": 15});
    desk.value("work_order_close", json!({"work_order_id": id, "closing": closing})).await;
    let waiting = show(desk, &id).await["deliveries"].take();
    assert!(waiting.as_array().unwrap().iter().all(|delivery| delivery["state"] != "done"), "{waiting}");
    plant.signal("-CONT");
    // The hold ends by the clock, not by waiting.
    desk.set_clock_forward(std::time::Duration::from_secs(11)).await;
    delivered(desk, &id).await;
    assert_eq!(booked_minutes(&plant.state().await, NUMBER), 15.0);
    let deliveries = show(desk, &id).await["deliveries"].take();
    let told: Vec<String> = deliveries
        .as_array()
        .unwrap()
        .iter()
        .filter(|delivery| delivery["target"] == "broker")
        .map(|delivery| delivery["step_key"].as_str().unwrap().to_owned())
        .collect();
    assert!(!told.is_empty(), "{deliveries}");
    let all_heard = || async { told.iter().all(|op_id| listener.event(op_id).is_some()) };
    desk.until("somebody else to hear of it", all_heard).await;
    let completed = told
        .iter()
        .filter_map(|op_id| listener.event(op_id))
        .any(|event| event["entity_id"] == id && event["fields"]["status"] == "completed");
    assert!(completed, "the event says that the order is completed");
}

#[tokio::test]
async fn a_refused_delivery_and_a_conflict_are_mended_and_an_order_is_corrected_afterwards() {
    let plant = Plant::start();
    let desk = Desk::open().await;
    connect(&desk, &plant).await;
    let came = || async { !order(&desk, "4000127").await.is_null() };
    desk.until("the order from the ERP", came).await;
    let id = order(&desk, "4000127").await["work_order_id"].clone();
    let listener = Listener::at(&plant.ready, EVENT_ROOT).await;
    done_with_both_sides_cut(&desk, &plant, &listener).await;

    plant.fault("reject_next").await;
    let closing = json!({"how": "full", "found_code": null, "found_text": "Seal leaks", "done_code": null, "done_text": "Seal replaced", "minutes": 42});
    desk.value("work_order_close", json!({"work_order_id": id, "closing": closing})).await;
    desk.touch("rail-sync").await;
    desk.see("delivery-retry").await;
    desk.pictures_in_all_themes("rejected").await;
    plant.fault("none").await;
    desk.touch("delivery-retry").await;
    delivered(&desk, &id).await;

    let second = order(&desk, "4000108").await;
    let ours = json!({"work_order_id": second["work_order_id"], "title": "Ours", "description": second["description"], "priority": second["priority"], "due_at": second["due_at"]});
    desk.value("work_order_edit", ours).await;
    change_at_the_erp(&plant, "4000108", "Theirs").await;
    desk.touch("erp-pull").await;
    desk.see("conflict-theirs").await;
    desk.picture("conflict").await;
    desk.touch("conflict-theirs").await;
    desk.gone("conflict-theirs").await;
    assert_eq!(order(&desk, "4000108").await["title"], "Theirs");

    desk.script(&format!("location.hash = '#/order/{}'", id.as_str().unwrap())).await;
    desk.touch("correct-open").await;
    desk.see("correct-sheet").await;
    for _ in 0..2 {
        desk.touch("correct-labour-0-fewer").await;
    }
    desk.write("correct-reason", "typed wrong").await;
    desk.picture("correct").await;
    desk.touch("correct-confirm").await;
    let corrected = || async { show(&desk, &id).await["labour_minutes"] == 40 };
    desk.until("the correction to be kept", corrected).await;
    delivered(&desk, &id).await;
    let state = plant.state().await;
    assert_eq!(booked_minutes(&state, "4000127"), 40.0, "{state}");
    desk.close().await;
}

/// The sum of all confirmations on an order at the ERP.
fn booked_minutes(state: &Json, order: &str) -> f64 {
    let confirmations = state["confirmations"].as_array().unwrap_or_else(|| panic!("{state}"));
    let minutes = |confirmation: &Json| {
        let text = confirmation["ActualWorkQuantity"].as_str().unwrap_or("0").to_owned();
        text.parse::<f64>().unwrap()
    };
    confirmations.iter().filter(|confirmation| confirmation["MaintenanceOrder"] == order).map(minutes).sum()
}

/// Another planner changes the order's title at the ERP.
async fn change_at_the_erp(plant: &Plant, number: &str, title: &str) {
    let url = format!(
        "{}/API_MAINTENANCEORDER/MaintenanceOrder('{number}')",
        plant.ready.erp_url.trim_end_matches('/')
    );
    let fetched = plant
        .request(reqwest::Method::GET, format!("{url}?$format=json"))
        .header("x-csrf-token", "Fetch")
        .header("accept", "application/json")
        .send()
        .await
        .unwrap();
    let header = |name: &str| {
        fetched.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
    };
    let (token, cookie) = (header("x-csrf-token"), header("set-cookie"));
    let body: Json = serde_json::from_str(&fetched.text().await.unwrap()).unwrap();
    let etag = body["d"]["__metadata"]["etag"].as_str().unwrap_or_else(|| panic!("{body}")).to_owned();
    let changed = plant
        .request(reqwest::Method::PATCH, url)
        .header("x-csrf-token", token)
        .header("cookie", cookie.split(';').next().unwrap_or_default())
        .header("if-match", etag)
        .header("content-type", "application/json")
        .body(json!({"MaintenanceOrderDesc": title}).to_string())
        .send()
        .await
        .unwrap();
    assert!(changed.status().is_success(), "{}: {}", changed.status(), changed.text().await.unwrap());
}
