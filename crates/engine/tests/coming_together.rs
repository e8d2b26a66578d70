//! Devices that worked alone come into one team: the same orders, machines and people are one afterwards, and what was
//! on its way outside has its effect once.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set up its world fails")]

mod common;

use std::sync::Arc;

use common::team::*;
use common::*;
use millwright_engine::Handle as _;
use millwright_model::*;

/// Two orders at one ERP that everybody pulls.
fn shared_erp() -> Arc<TestErp> {
    let erp = Arc::new(TestErp::default());
    let order = |number: &str, title: &str| ErpRecord::WorkOrder(erp_order(number, title));
    erp.page(vec![order("4000127", "Replace mechanical seal"), order("4000128", "Align coupling")]);
    erp
}

async fn order_called(world: &World, title: &str) -> WorkOrderId {
    let orders = world.engine.handle(WorkOrderList { filter: Default::default() }).await.unwrap();
    orders.iter().find(|order| order.order.title == title).unwrap().order.work_order_id
}

async fn close(world: &World, order: WorkOrderId, minutes: i64) {
    world.start(order).await;
    world.finish(order, minutes).await;
}

fn booked(erp: &TestErp, minutes: i64) -> usize {
    erp.facts()
        .iter()
        .filter(|fact| matches!(fact, Fact::LabourBooked { minutes: booked, .. } if *booked == minutes))
        .count()
}

async fn unknown(world: &World) -> usize {
    let waiting = world.sync().await.waiting;
    waiting.iter().filter(|delivery| delivery.state == DeliveryState::Unknown).count()
}

fn each_effect_once(erp: &TestErp) {
    let twice: Vec<_> = erp.effect_counts().into_iter().filter(|(_, count)| *count != 1).collect();
    assert_eq!(twice, []);
}

/// Both sides hear of each other until nobody has anything to say.
async fn settle(plant: &Plant, devices: &[&World]) {
    for _ in 0..3 {
        for device in devices {
            device.meet().await;
        }
        plant.node.deliver().await;
        plant.node.pass_ms(5_000);
        plant.node.engine.synchronise().await.unwrap();
    }
    all_equal(&plant.node, devices).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_that_worked_alone_with_the_same_orders_machines_and_people_are_one_team() {
    let erp = shared_erp();
    let (a, b) = (World::on_erp(&erp).await, World::on_erp(&erp).await);
    for lone in [&a, &b] {
        lone.engine.synchronise().await.unwrap();
        lone.asset("P-101").await;
        lone.asset("P-102").await;
    }
    // A booked, and the answers were lost; B booked, and everything was heard.
    let (seal, coupling) =
        (order_called(&a, "Replace mechanical seal").await, order_called(&b, "Align coupling").await);
    a.start(seal).await;
    a.deliver().await;
    a.finish(seal, 40).await;
    erp.set_mood(Mood::LosesAnswers);
    a.deliver().await;
    assert!(booked(&erp, 40) == 1 && unknown(&a).await > 0, "A has steps of unknown outcome");
    erp.set_mood(Mood::Well);
    close(&b, coupling, 25).await;
    b.deliver().await;
    let plant = Plant::of(World::on_erp(&erp).await).await;
    plant.admit(&a, "A", &[]).await;
    plant.admit(&b, "B", &[]).await;
    settle(&plant, &[&a, &b]).await;
    each_effect_once(&erp);
    assert_eq!((booked(&erp, 40), booked(&erp, 25)), (1, 1));
    for order in [seal, coupling] {
        assert_eq!(plant.node.status(order).await, WorkOrderStatus::Completed);
    }
    let filter = WorkOrderFilter { open_only: false, ..WorkOrderFilter::default() };
    assert_eq!(plant.node.engine.handle(WorkOrderList { filter }).await.unwrap().len(), 2);
    let tree = plant.node.engine.handle(AssetTree {}).await.unwrap();
    let codes: Vec<&str> = tree.iter().map(|node| node.asset.code.as_str()).collect();
    assert_eq!(codes, ["P-101", "P-102"], "each machine is there once");
    for world in [&plant.node, &a, &b] {
        let people = world.engine.handle(PersonList {}).await.unwrap();
        assert_eq!(people.len(), 1, "who has the same number is one person");
        assert_eq!(people[0].name.as_deref(), Some("Anna Weber"));
        let labour = world.show(seal).await.labour;
        assert_eq!(labour[0].person_name.as_deref(), Some("Anna Weber"), "and what each did is theirs");
    }
    for world in [&plant.node, &a, &b] {
        let view = world.sync().await;
        assert_eq!((view.waiting, view.needs_you), (vec![], vec![]), "nothing is left to be delivered");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_had_not_left_goes_through_the_node_and_what_was_given_up_stays_given_up() {
    let erp = shared_erp();
    let lone = World::on_erp(&erp).await;
    lone.engine.synchronise().await.unwrap();
    erp.set_mood(Mood::Rejects);
    let (seal, coupling) =
        (order_called(&lone, "Replace mechanical seal").await, order_called(&lone, "Align coupling").await);
    close(&lone, seal, 40).await;
    lone.deliver().await;
    while let Some(rejected) = lone.sync().await.needs_you.first() {
        let delivery_id = rejected.delivery_id;
        lone.engine.handle(DeliveryDiscard { delivery_id, reason: "booked by hand".into() }).await.unwrap();
    }
    erp.set_mood(Mood::Dead);
    close(&lone, coupling, 25).await;
    lone.pass_ms(11_000);
    lone.engine.synchronise().await.unwrap_err();
    erp.set_mood(Mood::Well);
    let plant = Plant::of(World::on_erp(&erp).await).await;
    plant.admit(&lone, "Lone", &[]).await;
    settle(&plant, &[&lone]).await;
    each_effect_once(&erp);
    assert_eq!(booked(&erp, 25), 1, "what had not left goes through the node");
    assert_eq!(booked(&erp, 40), 0, "what a person gave up is not taken up again");
}
