//! The ERP over its real port: what a gateway answers, and what survives a restart.

use axum::http::StatusCode;
use reqwest::{Client, Method, Response};
use serde_json::{Value, json};

use super::Erp;
use crate::ready::Credentials;
use crate::seed::Seed;

struct Talk {
    erp: Erp,
    client: Client,
    credentials: Credentials,
    token: Option<String>,
    folder: tempfile::TempDir,
}

impl Talk {
    async fn begin() -> Self {
        Self::on(tempfile::tempdir().unwrap()).await
    }

    async fn on(folder: tempfile::TempDir) -> Self {
        let credentials = Credentials::draw("millwright").unwrap();
        let erp = super::start(folder.path(), &Seed::load().unwrap(), &credentials).await.unwrap();
        let client = Client::builder().cookie_store(true).build().unwrap();
        Self { erp, client, credentials, token: None, folder }
    }

    fn url(&self, path: &str) -> String {
        match path.strip_prefix('/') {
            Some(path) => format!("{}{path}", self.erp.url().split_once("sap/").unwrap().0),
            None => format!("{}{path}", self.erp.url()),
        }
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let login = (&self.credentials.username, Some(&self.credentials.password));
        self.client.request(method, self.url(path)).basic_auth(login.0, login.1)
    }

    async fn get(&self, path: &str) -> Value {
        let response = self.request(Method::GET, path).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        response.json().await.unwrap()
    }

    async fn rows(&self, path: &str) -> Vec<Value> {
        self.get(path).await["d"]["results"].as_array().unwrap().clone()
    }

    async fn fetch_token(&mut self) {
        let request = self.request(Method::GET, "API_MAINTENANCEORDER/").header("x-csrf-token", "Fetch");
        let response = request.send().await.unwrap();
        self.token = Some(response.headers()["x-csrf-token"].to_str().unwrap().to_owned());
    }

    async fn write(&mut self, method: Method, path: &str, if_match: Option<&str>, body: &Value) -> Response {
        self.try_write(method, path, if_match, body).await.unwrap()
    }

    async fn try_write(
        &mut self,
        method: Method,
        path: &str,
        if_match: Option<&str>,
        body: &Value,
    ) -> Result<Response, reqwest::Error> {
        if self.token.is_none() {
            self.fetch_token().await;
        }
        let token = self.token.clone().unwrap();
        let mut request = self.request(method, path).header("x-csrf-token", token).json(body);
        if let Some(etag) = if_match {
            request = request.header("If-Match", etag);
        }
        request.send().await
    }

    async fn confirm(&mut self, minutes: &str, own_key: &str) -> Response {
        let body = json!({ "MaintenanceOrder": "4000127", "MaintenanceOrderOperation": "0010",
            "PersonnelNumber": "00000042", "ActualWorkQuantity": minutes, "ActualWorkQuantityUnit": "MIN",
            "PostingDate": "/Date(1795392000000)/", "YY1_MillwrightKey_CNF": own_key });
        self.write(Method::POST, "API_MAINTORDERCONFIRMATION/MaintOrderConfirmation", None, &body).await
    }

    async fn issue(&mut self, part: &str, quantity: &str, movement: &str) -> Response {
        let item = json!({ "Material": part, "Plant": "1010", "StorageLocation": "0001", "EntryUnit": "EA",
            "GoodsMovementType": movement, "ManufacturingOrder": "4000127", "QuantityInEntryUnit": quantity });
        let body = json!({ "GoodsMovementCode": "03", "PostingDate": "/Date(1795392000000)/",
            "DocumentDate": "/Date(1795392000000)/", "MaterialDocumentHeaderText": "key-1",
            "to_MaterialDocumentItem": [item] });
        self.write(Method::POST, "API_MATERIAL_DOCUMENT_SRV/A_MaterialDocumentHeader", None, &body).await
    }

    async fn stock_of(&self, part: &str) -> String {
        let filter = format!("API_MATERIAL_STOCK_SRV/A_MatlStkInAcctMod?$filter=Material eq '{part}'");
        self.rows(&filter).await[0]["MatlWrhsStkQtyInMatlBaseUnit"].as_str().unwrap().to_owned()
    }

    async fn fault(&self, mode: &str) {
        let request = self.request(Method::POST, "/demo/faults").json(&json!({ "mode": mode }));
        assert_eq!(request.send().await.unwrap().status(), StatusCode::OK);
    }
}

const ORDER: &str = "API_MAINTENANCEORDER/MaintenanceOrder";

#[tokio::test]
async fn without_the_password_nothing_is_answered() {
    let talk = Talk::begin().await;
    for path in [ORDER, "/", "/demo/state", "/demo/faults"] {
        let bare = talk.client.get(talk.url(path)).send().await.unwrap();
        assert_eq!(bare.status(), StatusCode::UNAUTHORIZED, "{path}");
        let guess = talk.client.get(talk.url(path)).basic_auth("millwright", Some("guess"));
        assert_eq!(guess.send().await.unwrap().status(), StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[tokio::test]
async fn a_write_needs_the_token_of_its_own_session() {
    let mut talk = Talk::begin().await;
    let refused = talk.request(Method::POST, ORDER).json(&json!({})).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    assert_eq!(refused.headers()["x-csrf-token"], "Required");
    talk.fetch_token().await;
    talk.client = Client::builder().cookie_store(true).build().unwrap();
    assert_eq!(talk.confirm("10", "k").await.status(), StatusCode::FORBIDDEN, "another session's token");
    talk.fetch_token().await;
    assert_eq!(talk.confirm("10", "k").await.status(), StatusCode::CREATED);
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_overlap() {
    let talk = Talk::begin().await;
    let mut url = talk.url(&format!("{ORDER}?$orderby=MaintenanceOrder&$format=json&$inlinecount=allpages"));
    let mut numbers = Vec::new();
    let mut pages = 0;
    loop {
        let login = (&talk.credentials.username, Some(&talk.credentials.password));
        let request = talk.client.get(&url).basic_auth(login.0, login.1);
        let page: Value =
            request.header("Prefer", "odata.maxpagesize=4").send().await.unwrap().json().await.unwrap();
        let rows = page["d"]["results"].as_array().unwrap();
        assert!(rows.len() <= 4);
        assert_eq!(page["d"]["__count"], Seed::load().unwrap().orders.len().to_string());
        numbers.extend(rows.iter().map(|row| row["MaintenanceOrder"].as_str().unwrap().to_owned()));
        pages += 1;
        match page["d"]["__next"].as_str() {
            Some(next) => url = next.to_owned(),
            None => break,
        }
    }
    assert!(pages >= 5, "{pages}");
    assert_eq!(numbers.len(), Seed::load().unwrap().orders.len());
    assert!(numbers.is_sorted());
}

#[tokio::test]
async fn options_of_a_query_do_what_they_say() {
    let talk = Talk::begin().await;
    let all = talk.rows(&format!("{ORDER}?$top=2&$skip=1&$orderby=MaintenanceOrder desc")).await;
    assert_eq!(all.len(), 2);
    assert_eq!(all[0]["MaintenanceOrder"], "4000126");
    assert!(all[0]["to_MaintenanceOrderOperation"]["__deferred"]["uri"].is_string());
    let one = talk.get(&format!("{ORDER}('4000127')?$expand=to_MaintenanceOrderOperation")).await;
    assert_eq!(one["d"]["to_MaintenanceOrderOperation"]["results"].as_array().unwrap().len(), 9);
    assert!(one["d"]["__metadata"]["etag"].as_str().unwrap().starts_with("W/\"datetimeoffset'"));
    let few = talk.rows(&format!("{ORDER}?$select=MaintenanceOrder&$top=1")).await;
    assert!(few[0].get("MaintPriority").is_none());
    let filter = "API_EQUIPMENT/Equipment?$filter=(ValidityEndDate eq datetime'9999-12-31T00:00:00')";
    assert_eq!(talk.rows(filter).await.len(), 12);
    let request = talk.request(Method::GET, "API_EQUIPMENT/Equipment/$count");
    assert_eq!(request.send().await.unwrap().text().await.unwrap(), "12");
    for wrong in ["?$filter=Nonsense eq '1'", "?$top=x", "?$expand=to_Nowhere", "?$orderby=Nonsense"] {
        let request = talk.request(Method::GET, &format!("{ORDER}{wrong}"));
        assert_eq!(request.send().await.unwrap().status(), StatusCode::BAD_REQUEST, "{wrong}");
    }
}

#[tokio::test]
async fn a_change_needs_the_version_it_was_made_from() {
    let mut talk = Talk::begin().await;
    let order = format!("{ORDER}('4000127')");
    let etag = talk.get(&order).await["d"]["__metadata"]["etag"].as_str().unwrap().to_owned();
    let text = json!({ "MaintenanceOrderDesc": "Seal worn", "MaintOrdProcessPhaseCode": "05" });
    let status = |response: Response| response.status().as_u16();
    assert_eq!(status(talk.write(Method::PATCH, &order, None, &text).await), 428);
    assert_eq!(status(talk.write(Method::PATCH, &order, Some("W/\"old\""), &text).await), 412);
    assert_eq!(status(talk.write(Method::PATCH, &order, Some(&etag), &text).await), 204);
    assert_eq!(status(talk.write(Method::PATCH, &order, Some(&etag), &text).await), 412);
    let after = talk.get(&order).await["d"].clone();
    assert_eq!(after["MaintenanceOrderDesc"], "Seal worn");
    assert_eq!(after["MaintOrdProcessPhaseCode"], "02", "the phase moves by action only");
    assert_eq!(after["LastChangeByUser"], "millwright");
}

#[tokio::test]
async fn a_text_of_an_order_is_made_below_it_and_changed_by_its_key() {
    let mut talk = Talk::begin().await;
    let below = format!("{ORDER}('4000127')/to_MaintenanceOrderLongText");
    let set = "API_MAINTENANCEORDER/MaintenanceOrderLongText";
    let key = format!("{set}(MaintenanceOrder='4000127',TextObjectType='KOPF',Language='EN')");
    let body = json!({ "TextObjectType": "KOPF", "Language": "EN", "MaintenanceOrderLongText": "Seal worn" });
    let there = talk.request(Method::GET, &key).send().await.unwrap();
    assert_eq!(there.status(), StatusCode::NOT_FOUND);
    assert_eq!(talk.write(Method::POST, set, None, &body).await.status(), StatusCode::METHOD_NOT_ALLOWED);
    let nameless = json!({ "Language": "EN", "MaintenanceOrderLongText": "Seal worn" });
    assert_eq!(talk.write(Method::POST, &below, None, &nameless).await.status(), StatusCode::BAD_REQUEST);
    assert_eq!(talk.write(Method::POST, &below, None, &body).await.status(), StatusCode::CREATED);
    assert_eq!(talk.write(Method::POST, &below, None, &body).await.status(), StatusCode::BAD_REQUEST);
    assert_eq!(talk.rows(&below).await.len(), 1);
    let more = json!({ "MaintenanceOrderLongText": "Seal worn\nReplaced" });
    assert_eq!(talk.write(Method::PATCH, &key, None, &more).await.status(), StatusCode::NO_CONTENT);
    let text = talk.get(&key).await["d"].clone();
    assert_eq!(text["MaintenanceOrderLongText"], "Seal worn\nReplaced");
    assert_eq!(text["MaintenanceOrder"], "4000127");
}

#[tokio::test]
async fn an_order_is_edited_in_the_fields_that_people_edit() {
    let mut talk = Talk::begin().await;
    let order = format!("{ORDER}('4000127')");
    let body = json!({ "MaintenanceOrderDesc": "Replace seal and gasket", "MaintPriority": "1",
        "MaintOrdBasicEndDateTime": "/Date(1796047200000+0000)/" });
    let edited = talk.write(Method::PATCH, &order, Some("*"), &body).await;
    assert_eq!(edited.status(), StatusCode::NO_CONTENT);
    let after = talk.get(&order).await["d"].clone();
    for field in ["MaintenanceOrderDesc", "MaintPriority", "MaintOrdBasicEndDateTime"] {
        assert_eq!(after[field], body[field], "{field}");
    }
    assert_eq!(after["MaintOrdBasicEndDate"], "/Date(1795996800000)/");
    assert_eq!(after["MaintOrdBasicEndTime"], "PT14H00M00S");
    let day = json!({ "MaintOrdBasicEndDate": "/Date(0)/" });
    assert_eq!(talk.write(Method::PATCH, &order, Some("*"), &day).await.status(), StatusCode::NO_CONTENT);
    let after = talk.get(&order).await["d"].clone();
    assert_eq!(after["MaintOrdBasicEndDate"], "/Date(1795996800000)/", "the day follows the instant only");
    let none = json!({ "MaintOrdBasicEndDateTime": null });
    assert_eq!(talk.write(Method::PATCH, &order, Some("*"), &none).await.status(), StatusCode::NO_CONTENT);
    assert!(talk.get(&order).await["d"]["MaintOrdBasicEndDate"].is_null());
    let too_long = json!({ "MaintenanceOrderDesc": "x".repeat(41) });
    let refused = talk.write(Method::PATCH, &order, Some("*"), &too_long).await;
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn an_order_moves_by_actions_and_only_forwards() {
    let mut talk = Talk::begin().await;
    let act = |action: &str| format!("API_MAINTENANCEORDER/{action}?MaintenanceOrder='4000120'");
    let nothing = json!({});
    let complete = talk.write(Method::POST, &act("SetMaintOrdToTechCompleted"), Some("*"), &nothing).await;
    assert_eq!(complete.status(), StatusCode::BAD_REQUEST, "it was not released");
    for action in ["ReleaseMaintenanceOrder", "SetMaintOrdToTechCompleted"] {
        let done = talk.write(Method::POST, &act(action), Some("*"), &nothing).await;
        assert_eq!(done.status(), StatusCode::OK, "{action}");
    }
    let order = talk.get(&format!("{ORDER}('4000120')")).await;
    assert_eq!(order["d"]["MaintOrdProcessPhaseCode"], "03");
    let again = talk.write(Method::POST, &act("ReleaseMaintenanceOrder"), Some("*"), &nothing).await;
    assert_eq!(again.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_new_order_gets_the_next_number_and_is_found_by_our_key() {
    let mut talk = Talk::begin().await;
    let body = json!({ "MaintenanceOrderType": "PM01", "MaintenanceOrderDesc": "Noise at the coupling",
        "MaintenancePlant": "1010", "MaintenancePlanningPlant": "1010", "MainWorkCenter": "MECH",
        "Equipment": "10004711", "MaintPriority": "3", "YY1_MillwrightKey_ORD": "our-key" });
    let created = talk.write(Method::POST, ORDER, None, &body).await;
    assert_eq!(created.status(), StatusCode::CREATED);
    let created: Value = created.json().await.unwrap();
    assert_eq!(created["d"]["MaintenanceOrder"], "4000128");
    assert_eq!(created["d"]["FunctionalLocation"], "NORTH-UT-PH");
    let found = talk.rows(&format!("{ORDER}?$filter=YY1_MillwrightKey_ORD eq 'our-key'&$top=1")).await;
    assert_eq!(found[0]["MaintenanceOrder"], "4000128");
    for (field, value) in [("Equipment", "99"), ("Nonsense", "x"), ("MaintPriority", "22")] {
        let mut wrong = body.clone();
        wrong[field] = value.into();
        let refused = talk.write(Method::POST, ORDER, None, &wrong).await;
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST, "{field}");
    }
}

#[tokio::test]
async fn goods_movements_move_the_stock_and_never_below_zero() {
    let mut talk = Talk::begin().await;
    assert_eq!(talk.stock_of("SEAL-45").await, "2");
    let issued = talk.issue("SEAL-45", "1.5", "261").await;
    assert_eq!(issued.status(), StatusCode::CREATED);
    let issued: Value = issued.json().await.unwrap();
    assert_eq!(issued["d"]["MaterialDocument"], "4900000001");
    assert_eq!(talk.stock_of("SEAL-45").await, "0.5");
    let deficit = talk.issue("SEAL-45", "1", "261").await;
    assert_eq!(deficit.status(), StatusCode::BAD_REQUEST);
    let message: Value = deficit.json().await.unwrap();
    assert_eq!(message["error"]["message"]["value"], "Deficit of SEAL-45: 0.5 EA.");
    assert_eq!(talk.issue("SEAL-45", "1", "262").await.status(), StatusCode::CREATED);
    assert_eq!(talk.stock_of("SEAL-45").await, "1.5");
    assert_eq!(talk.issue("SEAL-45", "-1", "261").await.status(), StatusCode::BAD_REQUEST);
    assert_eq!(talk.issue("UNKNOWN", "1", "261").await.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_was_posted_survives_a_restart_with_number_and_version() {
    let mut talk = Talk::begin().await;
    assert_eq!(talk.confirm("42", "key-42").await.status(), StatusCode::CREATED);
    assert_eq!(talk.issue("SEAL-45", "1", "261").await.status(), StatusCode::CREATED);
    let before = talk.get("/demo/state").await;
    let Talk { folder, .. } = talk;
    let mut talk = Talk::on(folder).await;
    assert_eq!(talk.get("/demo/state").await, before);
    let next: Value = talk.confirm("10", "key-10").await.json().await.unwrap();
    assert_eq!(next["d"]["MaintOrderConf"], "0000000002");
}

#[tokio::test]
async fn faults_come_and_go_on_demand() {
    let mut talk = Talk::begin().await;
    talk.fetch_token().await;
    talk.fault("down").await;
    let down = talk.request(Method::GET, ORDER).send().await.unwrap();
    assert_eq!(down.status(), StatusCode::SERVICE_UNAVAILABLE);
    talk.fault("lose_answers").await;
    let body = json!({ "MaintenanceOrder": "4000127", "MaintenanceOrderOperation": "0010",
        "YY1_MillwrightKey_CNF": "lost" });
    let path = "API_MAINTORDERCONFIRMATION/MaintOrderConfirmation";
    let lost = match talk.try_write(Method::POST, path, None, &body).await {
        Ok(response) => response.bytes().await.is_err(),
        Err(_broken) => true,
    };
    assert!(lost, "the answer must not arrive");
    talk.fault("reject_next").await;
    assert_eq!(talk.confirm("10", "rejected").await.status(), StatusCode::BAD_REQUEST);
    assert_eq!(talk.confirm("10", "taken").await.status(), StatusCode::CREATED);
    let keys: Vec<Value> = talk.get("/demo/state").await["confirmations"].as_array().unwrap().clone();
    let keys: Vec<&str> = keys.iter().filter_map(|row| row["YY1_MillwrightKey_CNF"].as_str()).collect();
    assert_eq!(keys, ["lost", "taken"]);
    let unknown = talk.request(Method::POST, "/demo/faults").json(&json!({ "mode": "explode" }));
    assert_eq!(unknown.send().await.unwrap().status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_page_shows_what_was_posted_and_escapes_it() {
    let mut talk = Talk::begin().await;
    let body = json!({ "MaintenanceOrder": "4000127", "MaintenanceOrderOperation": "0010",
        "ConfirmationText": "<b>done</b>" });
    let path = "API_MAINTORDERCONFIRMATION/MaintOrderConfirmation";
    assert_eq!(talk.write(Method::POST, path, None, &body).await.status(), StatusCode::CREATED);
    let page = talk.request(Method::GET, "/").send().await.unwrap().text().await.unwrap();
    assert!(page.contains("&lt;b&gt;done&lt;/b&gt;") && !page.contains("<b>done"));
    assert!(page.contains("Replace mechanical seal"));
}
