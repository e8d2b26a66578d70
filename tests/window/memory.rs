//! What stays behind in the webview while the rooms are walked and the clock ticks: nothing.

use serde_json::{Value as Json, json};

use crate::desk::Desk;

/// Rounds through the rooms that are looked back on.
const ROUNDS: usize = 12;

/// Counts whatever makes a writer of dates from here on: each holds some 50 KB that the garbage collector does not see.
const COUNT_WRITERS: &str = "
    window.__writers = 0;
    const counted = made => new Proxy(made, {
        construct(target, words) { window.__writers++; return new target(...words); },
        apply(target, self, words) { window.__writers++; return Reflect.apply(target, self, words); },
    });
    Intl.DateTimeFormat = counted(Intl.DateTimeFormat);
    for (const name of ['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString'])
        Date.prototype[name] = counted(Date.prototype[name]);
";

/// What the page holds: elements, callbacks of commands, the module's memory and its objects of the page.
const HELD: &str = "
    const [done] = arguments;
    import('/app.js').then(module => module.default()).then(module => done({
        elements: document.querySelectorAll('*').length,
        callbacks: window.__TAURI_INTERNALS__.callbacks.size,
        memory: module.memory.buffer.byteLength,
        objects: (module.__wbindgen_externrefs ?? []).length,
    }), error => done({error: String(error)}));
";

/// A plant with somebody at work and an order that is due, so that both rooms write dates.
async fn work(desk: &Desk) {
    desk.see("first-start-plant").await;
    desk.value("plant_start", json!({"plant_name": "North"})).await;
    let ines = json!({"name": "Ines", "erp_number": null, "language": "en"});
    let person_id = desk.value("person_add", ines).await;
    desk.value("person_pick", json!({"person_id": person_id})).await;
    let due_at = desk.script("return Date.now() + 3 * 86_400_000").await;
    for title in ["Grease the bearings", "Check the belt"] {
        let order = json!({
            "title": title, "description": "", "asset_id": null, "priority": "medium", "request_id": null,
            "assignee_id": person_id, "due_at": due_at, "steps": [],
        });
        desk.value("work_order_create", order).await;
    }
    desk.see("next-title").await;
}

/// Once to Work and back to Today, each with what it shows.
async fn walk(desk: &Desk) {
    for (way, shown) in
        [("rail-work", "[data-test=page-work] a.row"), ("rail-today", "[data-test=next-title]")]
    {
        desk.touch(way).await;
        let there = format!("return document.querySelector('{shown}') !== null");
        desk.until(way, || async { desk.script(&there).await == true }).await;
    }
}

async fn held(desk: &Desk) -> Json {
    // A command on its way has a callback: the page is asked when none is.
    let none = "return window.__TAURI_INTERNALS__.callbacks.size === 1";
    desk.until("the commands to be answered", || async { desk.script(none).await == true }).await;
    desk.client.execute_async(HELD, vec![]).await.unwrap()
}

#[tokio::test]
async fn walking_the_rooms_and_letting_time_pass_leaves_nothing_behind() {
    let desk = Desk::open().await;
    work(&desk).await;
    walk(&desk).await;
    walk(&desk).await;
    let before = held(&desk).await;
    assert!(before["memory"].as_u64() > Some(0), "{before}");
    desk.script(COUNT_WRITERS).await;
    let second = desk.script("return Date.now()").await.as_f64().unwrap();
    for _round in 0..ROUNDS {
        walk(&desk).await;
    }
    // The clock of the screens ticks once a second: a few ticks must have been among it.
    let ticked = format!("return Date.now() > {second} + 4000");
    desk.until("the clock to tick", || async { desk.script(&ticked).await == true }).await;
    assert_eq!(held(&desk).await, before);
    assert_eq!(desk.script("return window.__writers").await, 0, "writers of dates are made once");
    desk.close().await;
}
