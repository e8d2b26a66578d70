//! Where things are on the screen: asked once of the real page, then only the pixels count.

use std::path::Path;

use crate::desk::Desk;
use crate::screen::Area;
use crate::seed;

/// What is looked at and touched.
#[derive(Copy, Clone, Debug)]
pub struct Places {
    /// The title of the first order on Today.
    pub first_order: Area,
    /// The way to Today, and the word above that room.
    pub today: Room,
    /// The way to Work.
    pub work: Room,
}

/// A room: the finger's way to it, and the heading that says that one is there.
#[derive(Copy, Clone, Debug)]
pub struct Room {
    pub way: Area,
    pub heading: Area,
}

/// Opens the app on `data` and asks the page.
pub async fn of_the_rooms(data: &Path) -> Places {
    let desk = Desk::open_on(tempfile::tempdir().unwrap(), data, &seed::key_folder(data)).await;
    let first_order = area(&desk, "[data-test=next-title]").await;
    let today = room(&desk, "rail-today").await;
    let work = room(&desk, "rail-work").await;
    // No journey to judge: only the driver is let go.
    desk.client.clone().close().await.unwrap();
    Places { first_order, today, work }
}

async fn room(desk: &Desk, way: &str) -> Room {
    desk.touch(way).await;
    let page = way.replace("rail-", "page-");
    desk.see(&page).await;
    Room {
        way: area(desk, &format!("[data-test={way}]")).await,
        heading: area(desk, &format!("[data-test={page}] h1")).await,
    }
}

async fn area(desk: &Desk, css: &str) -> Area {
    let script = format!(
        "const found = document.querySelector('{css}'); if (!found) return null; \
         const box = found.getBoundingClientRect(); return [box.x, box.y, box.width, box.height]"
    );
    desk.until(&format!("«{css}»"), || async { desk.script(&script).await.is_array() }).await;
    let numbers: Vec<f64> = serde_json::from_value(desk.script(&script).await).unwrap();
    let whole = |number: f64| number.floor() as u32;
    // A heading may be as wide as the page: its words are at its start.
    Area {
        x: whole(numbers[0]),
        y: whole(numbers[1]),
        width: whole(numbers[2]).min(240),
        height: whole(numbers[3]).min(60),
    }
}
