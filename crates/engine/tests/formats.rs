//! Two versions side by side: what the older one cannot read is not told it, and what it cannot take waits, named.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set up its world fails")]

mod common;

use common::rogue::Rogue;
use common::team::*;
use common::*;
use millwright_engine::simulation::{self, Line, LineError, ToDevice, ToNode};
use millwright_engine::{Engine, Handle as _};
use millwright_model::*;

/// A line to a node that reads `op_format` at most.
struct ToOlderNode<'n> {
    node: &'n Engine,
    device: DeviceId,
    op_format: u16,
}

impl Line for ToOlderNode<'_> {
    async fn say(&mut self, message: ToNode) -> Result<ToDevice, LineError> {
        let mut answer = simulation::answer(self.node, Some(self.device), message).await;
        if let ToDevice::Welcome { op_format, .. } = &mut answer {
            *op_format = self.op_format;
        }
        Ok(answer)
    }
}

async fn talk(tablet: &World, node: &World, op_format: u16) {
    let device = simulation::device_id(&tablet.engine);
    let mut line = ToOlderNode { node: &node.engine, device, op_format };
    simulation::talk(&tablet.engine, &mut line).await.unwrap();
}

/// A workshop: a kind of record that came with the newest format.
async fn begin_workshop(world: &World) -> WorkshopId {
    let begin = WorkshopCreate { title: "SWOT".into(), language: "en".into(), last_year: None };
    world.engine.handle(begin).await.unwrap()
}

async fn waits(tablet: &World) -> (i64, i64) {
    let view = tablet.engine.handle(TeamShow {}).await.unwrap();
    (view.pending, view.pending_newer)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_newer_than_the_node_reads_waits_named_and_goes_when_the_node_was_updated() {
    let plant = Plant::new().await;
    let tablet = plant.tablet("A").await;
    tablet.engine.handle(NoteAdd { work_order_id: plant.order, text: "Warm".into() }).await.unwrap();
    let workshop_id = begin_workshop(&tablet).await;
    tablet.pass_ms(11_000);
    talk(&tablet, &plant.node, OP_FORMAT - 1).await;
    assert_eq!(waits(&tablet).await, (1, 1), "it waits, and people see why");
    assert_eq!(plant.node.show(plant.order).await.notes.len(), 1, "what it reads does not wait");
    assert!(plant.node.engine.handle(WorkshopShow { workshop_id }).await.is_err());
    tablet.engine.handle(WorkshopShow { workshop_id }).await.expect("work goes on");
    talk(&tablet, &plant.node, OP_FORMAT).await;
    assert_eq!(waits(&tablet).await, (0, 0));
    plant.node.engine.handle(WorkshopShow { workshop_id }).await.unwrap();
    all_equal(&plant.node, &[&tablet]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_reads_an_older_format_is_told_nothing_of_kinds_it_does_not_know() {
    let plant = Plant::new().await;
    begin_workshop(&plant.node).await;
    let older = Rogue::let_in(&plant.node, &[]).await;
    let hello =
        |op_format: u16| ToNode::Hello { format: 1, op_format, checkpoint: 0, holder: None, pending: 0 };
    older.say(&plant.node, hello(OP_FORMAT - 1)).await;
    let ToDevice::Rows { rows: known, more, .. } = older.say(&plant.node, ToNode::Rows { after: None }).await
    else {
        panic!("rows were asked for");
    };
    assert!(!known.is_empty() && !more, "what it knows is told to it");
    let ToDevice::Entries { entries, checkpoint, rows, .. } =
        older.say(&plant.node, ToNode::Fetch { after: 0 }).await
    else {
        panic!("entries were asked for");
    };
    assert!(rows.is_empty());
    assert!(!entries.is_empty() && checkpoint > 0, "it goes from checkpoint to checkpoint all the same");
    let ops = entries.iter().flat_map(|entry| serde_json::from_str::<Txn>(&entry.bytes).unwrap().ops);
    let unknown: Vec<Op> = ops.filter(|op| op.entity.since_format() >= OP_FORMAT).collect();
    assert_eq!(unknown, [], "what it does not know was left out");
    assert_eq!(entries.iter().filter(|entry| entry.excerpt).count(), 1, "and that is said");
    older.say(&plant.node, hello(OP_FORMAT)).await;
    let ToDevice::Rows { rows, .. } = older.say(&plant.node, ToNode::Rows { after: None }).await else {
        panic!("rows were asked for");
    };
    assert!(rows.len() > known.len(), "updated, it fills up with all of them");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_this_version_does_not_know_is_kept_and_travels_on() {
    let plant = Plant::new().await;
    let tablet = plant.tablet("A").await;
    let mut newer = Rogue::let_in(&plant.node, &[]).await;
    let to = serde_json::json!({"of": ["a", "later"], "version": 2});
    let op = newer.update(
        Entity::WorkOrder,
        plant.order.0,
        &[("safety_class", serde_json::Value::Null, to.clone())],
    );
    assert_eq!(newer.offer(&plant.node, vec![op]).await.unwrap(), Verdict::Accepted);
    tablet.meet().await;
    for world in [&plant.node, &tablet] {
        let mut session = world.engine.database().read().await.unwrap();
        let fields = session.fields(Entity::WorkOrder, plant.order.0).await.unwrap().unwrap();
        assert_eq!(fields["safety_class"], to);
    }
    tablet.retitle(plant.order, "Changed by a version that does not know the field").await;
    tablet.meet().await;
    let mut session = plant.node.engine.database().read().await.unwrap();
    let fields = session.fields(Entity::WorkOrder, plant.order.0).await.unwrap().unwrap();
    assert_eq!(fields["safety_class"], to, "and is not lost by it");
}
