//! Records and teams, measured: what an op and its deliveries cost beside a bare row, a rebuild, what a node takes in,
//! and the first start of a tablet at a large plant with its lists and its search.
//!
//! `cargo xtask bench team` runs it; figures go to standard output as Markdown.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench that cannot set up its world stops, and its output is its result"
)]

#[path = "../tests/common/mod.rs"]
mod common;

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use common::*;
use millwright_engine::simulation::{self, Line, LineError, ToDevice, ToNode};
use millwright_engine::{Engine, Handle};
use millwright_local_db::{Database, SealedTxn};
use millwright_model::*;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection, SqliteConnection};

const WRITES: usize = 500;
const OPS: usize = 1_000_000;
const OPS_IN_A_TXN: usize = 500;
const MERGED_ASSETS: usize = 20_000;
const ASSETS_IN_A_TXN: usize = 500;
const ORDERS: usize = 100_000;
const LOOKS: usize = 40;

#[tokio::main]
async fn main() {
    println!("\n## Records and teams\n\n| | |\n|---|---|");
    writes().await;
    if std::env::args().any(|argument| argument == "writes") {
        return;
    }
    rebuild().await;
    merge().await;
    first_start().await;
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn worst_of_20(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() * 95 / 100]
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// So many records are written on one order: a shift's work, not a year's.
const WRITES_ON_AN_ORDER: usize = 5;

/// Orders and a part from the ERP, so that records on them leave for it.
async fn world_with_orders() -> (World, Vec<WorkOrderId>, PartId) {
    let world = World::new().await;
    let orders = (0..WRITES / WRITES_ON_AN_ORDER).map(|number| {
        ErpRecord::WorkOrder(erp_order(&format!("{}", 4_000_000 + number), "Replace mechanical seal"))
    });
    world.erp.page(orders.collect());
    let part =
        ErpPart { key: "S45".into(), number: "S45".into(), name: "Seal 45 mm".into(), unit: "EA".into() };
    world.erp.page(vec![ErpRecord::Part(part)]);
    world.engine.synchronise().await.unwrap();
    world.engine.synchronise().await.unwrap();
    tell_the_plant(&world).await;
    let orders = world.engine.handle(WorkOrderList { filter: WorkOrderFilter::default() }).await.unwrap();
    let parts = world.engine.handle(PartList { containing: "seal".into(), asset_id: None }).await.unwrap();
    let orders = orders.iter().map(|overview| overview.order.work_order_id).collect();
    (world, orders, parts[0].part.part_id)
}

/// The same record through the same store, with what is asked before it is written, and no op, chain, signature or
/// delivery: what a record costs that is only a row.
async fn write_row<R: Record>(world: &World, order: WorkOrderId, part: Option<PartId>, record: &R) {
    let mut session = world.engine.database().write().await.unwrap();
    assert!(session.get::<WorkOrder>(order).await.unwrap().is_some());
    if let Some(part) = part {
        assert!(session.get::<Part>(part).await.unwrap().is_some());
    }
    let op = Op {
        op_id: OpId(record.record_id()),
        seq: 0,
        actor: Actor::system(),
        entity: R::ENTITY,
        entity_id: record.record_id(),
        kind: OpKind::Create,
        fields: field_changes(None, Some(record)).unwrap(),
    };
    session.apply(&op).await.unwrap();
    session.commit().await.unwrap();
}

/// A record with all that goes with it, beside the same record as a row of the same store, and beside a bare row of the
/// same words in a database with nothing else; all durable, in turns. A note leaves nowhere; a part that was used is told
/// to the ERP and to the plant.
async fn writes() {
    let (world, orders, part_id) = world_with_orders().await;
    let (plain, plain_orders, plain_part) = world_with_orders().await;
    let folder = tempfile::tempdir().unwrap();
    let options = SqliteConnectOptions::new()
        .filename(folder.path().join("bare.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let mut bare = SqliteConnection::connect_with(&options).await.unwrap();
    let table =
        "create table note (note_id text primary key, work_order_id text, text text, written_at integer)";
    sqlx::query(table).execute(&mut bare).await.unwrap();
    let mut rows = Vec::new();
    let (mut notes, mut parts_used, mut note_rows, mut part_rows) =
        <(Vec<_>, Vec<_>, Vec<_>, Vec<_>)>::default();
    for number in 0..WRITES {
        let text = format!("Looked at the coupling, {number} times now");
        let (work_order_id, plain_order) =
            (orders[number / WRITES_ON_AN_ORDER], plain_orders[number / WRITES_ON_AN_ORDER]);
        let began = Instant::now();
        let mut transaction = bare.begin().await.unwrap();
        sqlx::query("insert into note values (?, ?, ?, ?)")
            .bind(format!("{number:036}"))
            .bind(work_order_id.to_string())
            .bind(&text)
            .bind(number as i64)
            .execute(&mut *transaction)
            .await
            .unwrap();
        transaction.commit().await.unwrap();
        rows.push(began.elapsed());
        let note = Note {
            note_id: NoteId(uuid::Uuid::from_u128(1 << 90 | number as u128)),
            work_order_id: Some(plain_order),
            asset_id: None,
            text: text.clone(),
            written_at: TimestampMs(number as i64),
            written_by: None,
        };
        let began = Instant::now();
        write_row(&plain, plain_order, None, &note).await;
        note_rows.push(began.elapsed());
        let began = Instant::now();
        world.engine.handle(NoteAdd { work_order_id, text }).await.unwrap();
        notes.push(began.elapsed());
        let quantity = Quantity::whole(1, "EA");
        let part_use = PartUse {
            part_use_id: PartUseId(uuid::Uuid::from_u128(1 << 91 | number as u128)),
            work_order_id: plain_order,
            part_id: plain_part,
            quantity: quantity.clone(),
            location: None,
            corrects: None,
            reason: None,
            recorded_at: TimestampMs(number as i64),
            recorded_by: None,
        };
        let began = Instant::now();
        write_row(&plain, plain_order, Some(plain_part), &part_use).await;
        part_rows.push(began.elapsed());
        let began = Instant::now();
        world.engine.handle(PartUseAdd { work_order_id, part_id, quantity, location: None }).await.unwrap();
        parts_used.push(began.elapsed());
    }
    let mut session = world.engine.database().read().await.unwrap();
    for target in [DeliveryTarget::Erp, DeliveryTarget::Broker] {
        assert_eq!(session.delivery_counts(target).await.unwrap().0 as usize, WRITES);
    }
    let row = median(rows);
    println!("| a bare row in a database with nothing else: median | {:.2} ms |", ms(row));
    for (name, times, without) in [
        ("a note with op, chain and signature", notes, note_rows),
        ("a used part with the same and its deliveries to the ERP and the plant", parts_used, part_rows),
    ] {
        let (time, without) = (median(times), median(without));
        println!(
            "| {name}; the same without (aim: 1.25 ×); beside the bare row | {:.2} ms, {:.2} ms ({:.2} ×), {:.2} × |",
            ms(time),
            ms(without),
            time.as_secs_f64() / without.as_secs_f64(),
            time.as_secs_f64() / row.as_secs_f64()
        );
    }
}

/// What is recorded is told to a broker, which nobody speaks to here.
async fn tell_the_plant(world: &World) {
    let connection = PlantConnection {
        host: "127.0.0.1".into(),
        port: 1,
        transport: PlantTransport::Tcp,
        mqtt5: false,
        username: None,
        ca_pem: None,
        client_certificate_pem: None,
        filters: vec!["umh/v1/#".into()],
        event_root: Some("umh/v1/acme/north".into()),
        listen_only: false,
        sparkplug_host_id: None,
        tags_max: None,
        plain_reason: None,
    };
    let save = PlantConnectionSave { connection: Some(connection), password: None, client_key_pem: None };
    world.engine.handle(save).await.unwrap();
}

/// Every row built anew from a million ops.
async fn rebuild() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(&folder.path().join("millwright.db")).await.unwrap();
    let device_id = DeviceId(uuid::Uuid::from_u128(7));
    let (mut next, mut hash) = (0_u64, [0; 32]);
    let id = |number: u64| uuid::Uuid::from_u128(1 << 100 | u128::from(number));
    for _ in 0..OPS / OPS_IN_A_TXN {
        let ops = (next..next + OPS_IN_A_TXN as u64)
            .map(|number| {
                let (entity_id, order) = (id(number), WorkOrderId(id(number % 50_000)));
                let note = Note {
                    note_id: NoteId(entity_id),
                    work_order_id: Some(order),
                    asset_id: None,
                    text: format!("Looked at the coupling, {number} times now"),
                    written_at: TimestampMs(number as i64),
                    written_by: None,
                };
                let fields = field_changes(None, Some(&note)).unwrap();
                let (op_id, actor) = (OpId(id(number)), Actor::system());
                Op {
                    op_id,
                    seq: number,
                    actor,
                    entity: Entity::Note,
                    entity_id,
                    kind: OpKind::Create,
                    fields,
                }
            })
            .collect();
        let txn = Txn {
            txn_id: TxnId(id(next)),
            device_id,
            first_seq: next,
            format: OP_FORMAT,
            hlc: Hlc(next + 1),
            undoes: None,
            reason: None,
            decides: None,
            ops,
        };
        let bytes = serde_json::to_vec(&txn).unwrap();
        let (recorded_at, held_until) = (TimestampMs(next as i64), None);
        let sealed = SealedTxn { txn, bytes, prev_hash: hash, sig: [0; 64], recorded_at, held_until };
        let mut session = database.write().await.unwrap();
        hash = session.append(&sealed).await.unwrap();
        session.commit().await.unwrap();
        next += OPS_IN_A_TXN as u64;
    }
    let began = Instant::now();
    let applied = database.rebuild().await.unwrap();
    let took = began.elapsed();
    assert_eq!(applied as usize, OPS);
    println!(
        "| rebuild of {OPS} ops (aim: 10 s) | {:.1} s, {:.0} ops/s |",
        took.as_secs_f64(),
        applied as f64 / took.as_secs_f64()
    );
}

async fn admit(node: &World, address: &str, device: &World) {
    let invite = TeamInvite { address: address.to_owned(), minutes: 60 };
    let invitation = node.engine.handle(invite).await.unwrap().invitation;
    device.engine.handle(TeamJoin { invitation, name: "Bench".into() }).await.unwrap();
    device.engine.exchange().await.unwrap();
    let device_id = node.engine.handle(TeamShow {}).await.unwrap().asks[0].device_id;
    node.engine.handle(TeamAdmit { device_id, scope: Scope::default() }).await.unwrap();
    device.engine.exchange().await.unwrap();
}

/// A node with its address, and a member on which machines were recorded that the node does not know.
async fn apart() -> (World, World) {
    let node = World::new().await;
    let address = node.engine.serve_team("127.0.0.1:0".parse().unwrap()).await.unwrap().to_string();
    let device = World::new().await;
    admit(&node, &address, &device).await;
    device.engine.exchange().await.unwrap();
    for part in 0..MERGED_ASSETS / ASSETS_IN_A_TXN {
        let mut csv = "code,name,level\n".to_owned();
        for number in 0..ASSETS_IN_A_TXN {
            writeln!(csv, "M-{part:03}-{number:04},Machine {number},machine").unwrap();
        }
        device.engine.handle(AssetImport { csv, dry_run: false }).await.unwrap();
    }
    device.pass_ms(11_000);
    (node, device)
}

/// How many fields those machines have at the node.
async fn merged_fields(node: &World) -> usize {
    let mut session = node.engine.database().read().await.unwrap();
    let (mut ops, mut fields) = (0_usize, 0_usize);
    for stored in session.entries_after(0, 10_000).await.unwrap() {
        let txn = stored.txn().unwrap();
        if txn.device_id != stored.device_id || txn.ops.len() < ASSETS_IN_A_TXN {
            continue;
        }
        ops += txn.ops.len();
        fields += txn.ops.iter().map(|op| op.fields.len()).sum::<usize>();
    }
    assert_eq!(ops, MERGED_ASSETS);
    fields
}

/// What is in the talk of a member with its node, apart from the network.
struct Timed<'n> {
    node: &'n Engine,
    device: DeviceId,
    /// Messages and answers as bytes, and read again.
    bytes: Duration,
    /// The node judges what is offered, and has it durable.
    judging: Duration,
    /// The node answers everything else.
    telling: Duration,
}

impl Line for Timed<'_> {
    async fn say(&mut self, message: ToNode) -> Result<ToDevice, LineError> {
        let began = Instant::now();
        let frame = millwright_team::encode(&message)?;
        let message: ToNode = millwright_team::decode(&frame[4..])?;
        self.bytes += began.elapsed();
        let part =
            if matches!(message, ToNode::Offer { .. }) { &mut self.judging } else { &mut self.telling };
        let began = Instant::now();
        let answer = simulation::answer(self.node, Some(self.device), message).await;
        *part += began.elapsed();
        let began = Instant::now();
        let frame = millwright_team::encode(&answer)?;
        let answer = millwright_team::decode(&frame[4..])?;
        self.bytes += began.elapsed();
        Ok(answer)
    }
}

/// What a tablet recorded while it was cut off, taken in by the node: checked, judged, kept and told back.
async fn merge() {
    let (node, device) = apart().await;
    let began = Instant::now();
    device.engine.exchange().await.unwrap();
    let took = began.elapsed();
    let fields = merged_fields(&node).await;
    println!(
        "| a tablet brings {MERGED_ASSETS} new machines with {fields} fields to the node over TLS, and has its answer | {:.2} s, {:.0} fields/s |",
        took.as_secs_f64(),
        fields as f64 / took.as_secs_f64()
    );
    let (node, device) = apart().await;
    let mut line = Timed {
        node: &node.engine,
        device: simulation::device_id(&device.engine),
        bytes: Duration::ZERO,
        judging: Duration::ZERO,
        telling: Duration::ZERO,
    };
    let began = Instant::now();
    simulation::talk(&device.engine, &mut line).await.unwrap();
    let whole = began.elapsed();
    let fields = merged_fields(&node).await;
    println!(
        "| of it the node: checked, judged and durable (aim: 200,000 fields/s; cr-sqlite, published: 11,000 to 20,000) | {:.2} s, {:.0} fields/s |",
        line.judging.as_secs_f64(),
        fields as f64 / line.judging.as_secs_f64()
    );
    let device_side = whole.saturating_sub(line.bytes + line.judging + line.telling);
    println!(
        "| what limits the whole: messages as JSON and back, the node's other answers, the tablet | {:.2}, {:.2}, {:.2} s |",
        line.bytes.as_secs_f64(),
        line.telling.as_secs_f64(),
        device_side.as_secs_f64()
    );
    let began = Instant::now();
    while node.engine.database().index_some().await.unwrap() {}
    println!(
        "| the node's search index takes them in afterwards, bit by bit | {:.2} s |",
        began.elapsed().as_secs_f64()
    );
}

/// A new tablet at a plant with 100,000 orders, and what it then shows.
async fn first_start() {
    let node = World::new().await;
    let address = node.engine.serve_team("127.0.0.1:0".parse().unwrap()).await.unwrap().to_string();
    let titles = ["Replace mechanical seal", "Grease the bearings", "Check the belt", "Inspect the guard"];
    for page in 0..ORDERS / 1_000 {
        let orders = (0..1_000).map(|number| {
            let number = page * 1_000 + number;
            let order = erp_order(&format!("{}", 4_000_000 + number), titles[number % titles.len()]);
            ErpRecord::WorkOrder(order)
        });
        node.erp.page(orders.collect());
    }
    node.engine.synchronise().await.unwrap();
    for _ in 0..ORDERS / 1_000 {
        node.engine.synchronise().await.unwrap();
    }
    let device = World::new().await;
    let began = Instant::now();
    admit(&node, &address, &device).await;
    device.engine.exchange().await.unwrap();
    let took = began.elapsed();
    let filter = WorkOrderFilter::default();
    let orders = device.engine.handle(WorkOrderList { filter: filter.clone() }).await.unwrap();
    let mut session = device.engine.database().read().await.unwrap();
    let there = session.all::<WorkOrder>().await.unwrap().len();
    drop(session);
    assert_eq!(there, ORDERS);
    println!(
        "| first start of a tablet with {ORDERS} open orders and their steps, over TLS | {:.1} s |",
        took.as_secs_f64()
    );
    let began = Instant::now();
    let found = device.engine.handle(Search { text: "mech seal".into() }).await.unwrap();
    let looked = began.elapsed();
    assert!(!found.is_empty());
    let began = Instant::now();
    while device.engine.database().index_some().await.unwrap() {}
    println!(
        "| its search index takes them in afterwards; a search until then looks at the rows | {:.1} s, {:.0} ms |",
        began.elapsed().as_secs_f64(),
        ms(looked)
    );
    let mut lists = Vec::new();
    for _ in 0..LOOKS {
        let began = Instant::now();
        let found = device.engine.handle(WorkOrderList { filter: filter.clone() }).await.unwrap();
        lists.push(began.elapsed());
        assert_eq!(found.len(), orders.len());
    }
    let mut searches = Vec::new();
    for number in 0..LOOKS {
        let text = if number % 2 == 0 { format!("{}", 4_050_000 + number) } else { "mech seal".to_owned() };
        let began = Instant::now();
        let found = device.engine.handle(Search { text }).await.unwrap();
        searches.push(began.elapsed());
        assert!(!found.is_empty());
    }
    for (name, times) in [("the list of orders", lists), ("a search", searches)] {
        println!(
            "| {name} at that size: median, p95 (aim: 20 ms) | {:.1}, {:.1} ms |",
            ms(median(times.clone())),
            ms(worst_of_20(times))
        );
    }
}
