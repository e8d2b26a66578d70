//! Data directories with a past: a plant with machines and years of finished orders, made by the engine itself.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use millwright_engine::{Engine, Handle, KeySource, NoShell, OpenOptions, Ports};
use millwright_local_db::Database;
use millwright_model::*;

/// The title of the order that Today shows first.
pub const FIRST_ORDER: &str = "Replace the worn coupling of the feed pump";

/// Opens an engine on `data` that connects to nothing unless it is told to.
pub async fn engine(data: &Path, connect: bool) -> Engine {
    let options = OpenOptions {
        path: data.to_owned(),
        face: "bench".into(),
        key_source: key_of(data),
        demo_program: None,
        connect,
        erp: None,
        ledger: None,
    };
    Engine::open(options, Ports::real(Arc::new(NoShell))).await.unwrap()
}

/// Where the wrapping key of `data` lies, for the programs that are started on it.
pub fn key_folder(data: &Path) -> PathBuf {
    data.with_extension("key")
}

fn key_of(data: &Path) -> KeySource {
    KeySource::UserFile(key_folder(data).join("device.key"))
}

/// A founded directory at `data` with at least `ops` ops in its log, one person at work and one urgent order first.
pub async fn founded(data: &Path, ops: i64) -> PathBuf {
    let engine = engine(data, false).await;
    engine.handle(PlantStart { plant_name: "Bench".into() }).await.unwrap();
    let person_id = engine
        .handle(PersonAdd { name: "Ines".into(), erp_number: None, language: "en".into() })
        .await
        .unwrap();
    engine.handle(PersonPick { person_id: Some(person_id) }).await.unwrap();
    let settings = Settings { theme: Theme::Light, own_keys: false, ..Settings::default() };
    engine.handle(SettingsSave { settings }).await.unwrap();
    let mut csv = "code,name,level\n".to_owned();
    for number in 0..300 {
        writeln!(csv, "M-{number:04},Machine {number},machine").unwrap();
    }
    engine.handle(AssetImport { csv, dry_run: false }).await.unwrap();
    let assets: Vec<AssetId> =
        engine.handle(AssetTree {}).await.unwrap().into_iter().map(|node| node.asset.asset_id).collect();
    assert!(assets.len() >= 300, "the machines are there");
    let mut number = 0_usize;
    while count_ops(data).await < ops {
        for _order in 0..(ops / 10 + 1).min(200) {
            finish_an_order(&engine, assets[number % assets.len()], number).await;
            number += 1;
        }
    }
    for title in ["Grease the bearings", "Check the belt"] {
        create(&engine, title, assets[1], Priority::Medium).await;
    }
    let first = create(&engine, FIRST_ORDER, assets[0], Priority::High).await;
    engine.handle(WorkOrderAssign { work_order_id: first, assignee_id: Some(person_id) }).await.unwrap();
    engine.close().await.unwrap();
    data.to_owned()
}

async fn create(engine: &Engine, title: &str, asset_id: AssetId, priority: Priority) -> WorkOrderId {
    engine
        .handle(WorkOrderCreate {
            title: title.into(),
            description: String::new(),
            asset_id: Some(asset_id),
            priority,
            request_id: None,
            assignee_id: None,
            due_at: None,
            steps: Vec::new(),
        })
        .await
        .unwrap()
}

async fn finish_an_order(engine: &Engine, asset_id: AssetId, number: usize) {
    let work_order_id = create(engine, &format!("Inspection {number}"), asset_id, Priority::Low).await;
    engine.handle(WorkOrderStart { work_order_id }).await.unwrap();
    for text in ["Looked at the coupling", "Cleaned the guard", "Nothing loose"] {
        engine.handle(NoteAdd { work_order_id, text: text.into() }).await.unwrap();
    }
    let closing = Closing::Full {
        found_code: None,
        found_text: "Worn".into(),
        done_code: None,
        done_text: "Greased".into(),
        minutes: 20,
    };
    engine.handle(WorkOrderClose { work_order_id, closing }).await.unwrap();
}

async fn count_ops(data: &Path) -> i64 {
    let database = Database::open(&data.join("millwright.db")).await.unwrap();
    let ops = database.read().await.unwrap().op_count().await.unwrap();
    database.close().await;
    ops
}
