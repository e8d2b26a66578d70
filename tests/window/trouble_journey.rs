//! What goes wrong with other systems, in German: why and what to do in words of the plant, the systems' own beside it.

use serde_json::json;

use crate::desk::Desk;
use crate::shift_journey::{go, hold, plant};

/// A port at which nothing listens.
fn closed_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

async fn says(desk: &Desk, name: &str, words: &str) {
    let there = || async { desk.see(name).await.text().await.is_ok_and(|text| text.contains(words)) };
    desk.until(&format!("«{words}» in {name}"), there).await;
}

#[tokio::test]
async fn what_goes_wrong_is_said_in_german_and_the_technical_words_stand_below() {
    let desk = Desk::open().await;
    plant(&desk).await;
    let person = json!({"name": "Carla Ort", "erp_number": null, "language": "de"});
    let carla = desk.value("person_add", person).await;
    let people = desk.value("person_list", json!({})).await;
    let place = people.as_array().unwrap().iter().position(|one| one["person_id"] == carla).unwrap();
    hold(&desk, place, "Carla").await;

    // Trying a broker that is not there.
    go(&desk, "settings/connections").await;
    desk.touch("plant-transport-TCP").await;
    desk.write("plant-host", "127.0.0.1").await;
    desk.write("plant-port", &closed_port().to_string()).await;
    desk.touch("plant-test").await;
    says(&desk, "connection-finding", "an diesem Port antwortet nichts").await;
    says(&desk, "connection-finding", "Prüfen Sie den Port").await;
    says(&desk, "technical", "technisch: «127.0.0.1» answers, but nothing listens at port").await;
    desk.script("document.querySelector('[data-test=connection-finding]').scrollIntoView({block: 'center'})")
        .await;
    desk.fits("trouble-tested").await;
    desk.pictures_in_all_themes("trouble-tested").await;

    // Kept all the same, with an ERP whose name nobody knows: the Sync centre says both.
    desk.touch("plant-save").await;
    let erp = json!({"protocol": "o_data_v4", "url": "https://no-such-erp.invalid/", "system": "S4", "username": "planner",
        "token_url": null, "mapping_toml": null, "request_limit_s": 3, "plain_reason": null});
    desk.value("erp_connection_save", json!({"connection": erp, "password": "secret"})).await;
    let both_down = || async {
        let sync = desk.value("app_status", json!({})).await["sync"].take();
        sync["plant"]["cause"]["is"] == "connection_refused" && sync["erp"]["cause"]["is"] == "name_not_found"
    };
    desk.until("both links to be down", both_down).await;
    go(&desk, "sync").await;
    says(&desk, "sync-links", "geht nicht seit").await;
    says(&desk, "sync-links", "an diesem Port antwortet nichts").await;
    says(&desk, "sync-links", "Einen Rechner mit diesem Namen kennt niemand").await;
    desk.fits("trouble-links").await;
    desk.pictures_in_all_themes("trouble-links").await;
    desk.close().await;
}
