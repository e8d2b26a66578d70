//! Something urgent: it stands above every room, the desktop shows it, it is put off, passed on and taken on by name.

use std::time::Duration;

use serde_json::{Value as Json, json};

use crate::bell::Desktop;
use crate::desk::Desk;
use crate::shift_journey::{go, hold, plant};

async fn raise(desk: &Desk, pump: &Json, text: &str) {
    let raise = json!({"asset_id": pump, "text": text, "priority": "emergency", "machine_down": true});
    desk.value("request_raise", raise).await;
}

async fn asking(desk: &Desk) -> usize {
    desk.value("alert_list", json!({})).await["alerts"].as_array().unwrap().len()
}

async fn says(desk: &Desk, name: &str, words: &str) {
    let there = || async { desk.see(name).await.text().await.is_ok_and(|text| text.contains(words)) };
    desk.until(&format!("«{words}» in {name}"), there).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emergency_is_shown_called_put_off_passed_on_and_taken_on() {
    let desktop = tokio::task::spawn_blocking(Desktop::start).await.unwrap();
    let desk = Desk::open_on_bus(&desktop.address).await;
    let (_, bernd, pump) = plant(&desk).await;

    // It takes its place above the room, and covers none of it.
    raise(&desk, &pump, "Seal leaks & sprays, < 3 bar").await;
    says(&desk, "alert-band", "Seal leaks & sprays, < 3 bar").await;
    says(&desk, "alert-band", "P-101A").await;
    let apart = "const band = document.querySelector('[data-test=alert-band]').getBoundingClientRect(); \
                 return band.bottom <= document.querySelector('.main').getBoundingClientRect().top + 1";
    assert_eq!(desk.script(apart).await, true, "no work is covered");
    desk.fits("alert-band").await;
    desk.pictures_in_all_themes("alert-band").await;

    // The desktop shows it once it can no longer be undone: the machine and the words, and nobody's name.
    assert_eq!(desktop.shown(), []);
    desk.set_clock_forward(Duration::from_secs(11)).await;
    desk.until("the desktop to show it", || async { desktop.shown().len() == 1 }).await;
    let first = desktop.shown().remove(0);
    assert_eq!((first.sender.as_str(), first.urgency), ("Millwright", 2), "it stays until it is put away");
    assert_eq!(first.title, "Emergency: P-101A Cooling water pump");
    assert!(first.text.starts_with("Seal leaks &amp; sprays, &lt; 3 bar"), "{}", first.text);
    assert!(!first.text.contains("Anna"));

    // Nobody takes it: it asks again, here and on the desktop.
    desk.set_clock_forward(Duration::from_secs(11 * 60)).await;
    says(&desk, "alert-band", "Nobody has taken it on yet").await;
    desk.until("the desktop to show it again", || async { desktop.shown().len() == 2 }).await;
    assert!(desktop.shown()[1].title.starts_with("Nobody has taken it on"));

    // Put off, it is one tap away, in every room.
    desk.touch("alert-later").await;
    desk.gone("alert-band").await;
    desk.touch("rail-work").await;
    desk.touch("chip-alerts").await;
    desk.see("alerts-sheet").await;
    desk.fits("alerts-sheet").await;
    desk.pictures_in_all_themes("alerts-sheet").await;
    desk.touch("sheet-close").await;

    // What comes next asks anew. It is passed on to Bernd with a word.
    raise(&desk, &pump, "Motor smokes").await;
    says(&desk, "alert-band", "Motor smokes").await;
    desk.touch("alert-pass").await;
    desk.see("pass-on-sheet").await;
    desk.write("pass-on-word", "You know this motor").await;
    desk.fits("pass-on").await;
    desk.pictures_in_all_themes("pass-on").await;
    desk.touch("pass-on-1").await;
    desk.gone("pass-on-sheet").await;
    says(&desk, "alert-band", "passed it on to Bernd Krause").await;
    desk.set_clock_forward(Duration::from_secs(12 * 60)).await;
    let mut person = desk.value("person_list", json!({})).await;
    let german = person.as_array_mut().unwrap().iter().position(|one| one["person_id"] == bernd).unwrap();
    hold(&desk, german, "Bernd").await;
    says(&desk, "alert-band", "You know this motor").await;

    // By keyboard: taken on, and taken back for a moment.
    desk.see("alert-take").await.send_keys("\u{e007}").await.unwrap();
    desk.see("undo").await;
    desk.until("one to be taken", || async { asking(&desk).await == 1 }).await;
    desk.touch("undo").await;
    desk.until("it to ask again", || async { asking(&desk).await == 2 }).await;
    desk.touch("alert-take").await;
    desk.until("one to be taken", || async { asking(&desk).await == 1 }).await;
    let requests = desk.value("request_list", json!({"open_only": true})).await;
    let motor = requests.as_array().unwrap().iter().find(|one| one["request"]["text"] == "Motor smokes");
    assert_eq!(motor.unwrap()["taken_by_name"], "Bernd Krause");
    go(&desk, "today").await;
    desk.until("its name on Today", || async { desk.text().await.contains("Bernd Krause has taken it on") })
        .await;
    desk.picture("alert-taken").await;
    let left = desktop.shown().len();

    // What is set up, and off is off.
    go(&desk, "settings/device").await;
    desk.see("bell-settings").await;
    desk.touch("bell-0").await;
    let off = || async { desk.value("settings_show", json!({})).await["bell_from"] == Json::Null };
    desk.until("the notifications to be off", off).await;
    desk.touch("rung-1-supervisors").await;
    let supervisors = || async {
        desk.value("settings_show", json!({})).await["alerts"]["rungs"][1]["who"]["kind"] == "supervisors"
    };
    desk.until("the second step to be the supervisors'", supervisors).await;

    // People by name: found by a few letters, put on the step and taken off; nobody at all cannot be kept.
    let named = || async {
        let ids = desk.value("settings_show", json!({})).await["alerts"]["rungs"][1]["who"]["ids"].take();
        ids.as_array().cloned().unwrap_or_default()
    };
    desk.touch("rung-1-people").await;
    says(&desk, "rung-people-count", "Nobody is chosen yet").await;
    assert!(!desk.see("rung-people-keep").await.is_enabled().await.unwrap());
    desk.fits("rung-people-empty").await;
    desk.write("people-pick-text", "krau").await;
    desk.gone("people-pick-Anna Weber").await;
    desk.touch("people-pick-Bernd Krause").await;
    desk.write("people-pick-text", "a").await;
    // By keyboard, too.
    desk.see("people-pick-Anna Weber").await.send_keys("\u{e007}").await.unwrap();
    says(&desk, "rung-people-count", "2 chosen").await;
    desk.fits("rung-people").await;
    desk.pictures_in_all_themes("rung-people").await;
    desk.touch("rung-people-keep").await;
    desk.until("both to be on the step", || async { named().await.len() == 2 }).await;
    says(&desk, "rung-names", "Bernd Krause, Anna Weber").await;
    desk.touch("rung-1-people").await;
    desk.touch("people-pick-Anna Weber").await;
    says(&desk, "rung-people-count", "1 chosen").await;
    desk.touch("rung-people-keep").await;
    desk.until("Bernd alone to be on the step", || async { named().await == [bernd.clone()] }).await;
    says(&desk, "rung-names", "Bernd Krause").await;
    desk.script("document.querySelector('[data-test=bell-settings]').scrollIntoView()").await;
    desk.fits("alert-settings").await;
    desk.pictures_in_all_themes("alert-settings").await;
    raise(&desk, &pump, "Guard is off").await;
    desk.set_clock_forward(Duration::from_secs(13 * 60)).await;
    says(&desk, "alert-band", "Guard is off").await;
    assert_eq!(desktop.shown().len(), left, "it is off");
    desk.close().await;
}

#[tokio::test]
async fn a_system_without_notifications_says_so_and_asks_in_the_app_in_german_too() {
    let desk = Desk::open().await;
    let (_, _, pump) = plant(&desk).await;
    let person = json!({"name": "Carla Ort", "erp_number": null, "language": "de"});
    let carla = desk.value("person_add", person).await;
    let people = desk.value("person_list", json!({})).await;
    let place = people.as_array().unwrap().iter().position(|one| one["person_id"] == carla).unwrap();
    hold(&desk, place, "Carla").await;
    raise(&desk, &pump, "Gleitringdichtung undicht").await;
    says(&desk, "alert-band", "Gleitringdichtung undicht").await;
    says(&desk, "alert-band", "Ich übernehme").await;
    desk.fits("alert-german").await;
    desk.pictures_in_all_themes("alert-german").await;
    go(&desk, "settings/device").await;
    says(&desk, "bell-broken", "Dieses System zeigt keine Mitteilungen").await;
    desk.script("document.querySelector('[data-test=bell-settings]').scrollIntoView()").await;
    desk.fits("bell-broken").await;
    desk.pictures_in_all_themes("bell-broken").await;
    desk.touch("rung-1-people").await;
    says(&desk, "rung-people-sheet", "Wer wird auf dieser Stufe gerufen?").await;
    desk.write("people-pick-text", "nobody is called that").await;
    says(&desk, "rung-people-sheet", "Nichts gefunden").await;
    desk.fits("rung-people-german").await;
    desk.pictures_in_all_themes("rung-people-german").await;
    desk.touch("sheet-close").await;
    desk.touch("alert-take").await;
    desk.gone("alert-band").await;
    desk.close().await;
}
