//! Nothing on one tablet only: what waits is copied to another tablet while the node is gone, and reaches the node through
//! it; what a tablet holds that was shut out is laid aside.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails where it stands")]

mod common;

use common::rogue::Rogue;
use common::team::*;
use common::*;
use millwright_engine::simulation::{ToDevice, ToNode};
use millwright_engine::{Copied, Handle as _};
use millwright_model::*;
use millwright_team::{OfferedTxn, RefusedTalk};

const LOOPBACK: &str = "127.0.0.1:0";

/// A tablet that others find, and of which the node knows where.
async fn keeper(plant: &Plant, name: &str) -> World {
    let tablet = plant.tablet_of(name, &format!("Holder of {name}")).await;
    tablet.engine.keep_for_others(LOOPBACK.parse().unwrap()).await.unwrap();
    tablet.meet().await;
    tablet
}

/// A tablet, and one that it finds; they know each other.
async fn pair(plant: &Plant) -> (World, World) {
    let b = keeper(plant, "B").await;
    let a = plant.tablet("A").await;
    b.meet().await;
    a.meet().await;
    (a, b)
}

async fn copy(tablet: &World) -> Copied {
    tablet.pass_ms(11_000);
    tablet.engine.copy_to_others().await.unwrap()
}

/// Whose letters lie on a device, and how many.
async fn carried(world: &World) -> Vec<(String, u64)> {
    let carried = world.engine.handle(TeamShow {}).await.unwrap().carried;
    carried.into_iter().map(|view| (view.device_name, view.letters)).collect()
}

async fn device_id(world: &World, name: &str) -> DeviceId {
    let devices = world.engine.handle(TeamShow {}).await.unwrap().devices;
    devices.into_iter().find(|view| view.device.name == name).unwrap().device.device_id
}

async fn contact_at(world: &World, name: &str) -> Option<TimestampMs> {
    let devices = world.engine.handle(TeamShow {}).await.unwrap().devices;
    devices.into_iter().find(|view| view.device.name == name).unwrap().contact_at
}

async fn revoke(plant: &Plant, name: &str) {
    let device_id = device_id(&plant.node, name).await;
    plant.node.engine.handle(TeamRevoke { device_id, reason: "lost".into() }).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_on_a_tablet_that_is_lost_reaches_the_node_through_another() {
    let plant = Plant::new().await;
    let (a, b) = pair(&plant).await;
    note(&a, plant.order, "Seal is dry").await;
    photo(&a, plant.order).await;
    assert_eq!(copy(&a).await, Copied { places: 1, letters: 2 });
    let state = a.sync().await.state;
    assert_eq!((state.records_only_here, state.photos_only_here, state.oldest_only_here_at), (0, 0, None));
    assert_eq!((state.records_copied, state.photos_copied), (2, 1));
    assert_eq!(state.copied_to, ["B"]);
    assert_eq!(carried(&b).await, [("A".to_owned(), 2)]);
    assert_eq!(notes(&b, plant.order).await, [""; 0], "the one who keeps it cannot read it");
    assert_eq!(copy(&a).await, Copied { places: 1, letters: 0 }, "nothing is given twice");
    drop(a);
    let spoke_at = contact_at(&plant.node, "A").await;
    plant.node.pass_ms(3_600_000);
    b.meet().await;
    assert_eq!(carried(&b).await, []);
    assert_eq!(notes(&plant.node, plant.order).await, ["Seal is dry"]);
    assert_eq!(contact_at(&plant.node, "A").await, spoke_at, "it has not spoken itself: it is silent");
    let attachment_id = plant.node.show(plant.order).await.attachments[0].attachment_id;
    assert!(plant.node.engine.handle(AttachmentRead { attachment_id }).await.is_ok(), "its photo too");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tablet_that_comes_back_adds_nothing_twice() {
    let plant = Plant::new().await;
    let (a, b) = pair(&plant).await;
    a.start(plant.order).await;
    a.finish(plant.order, 25).await;
    copy(&a).await;
    b.meet().await;
    note(&a, plant.order, "Later").await;
    a.meet().await;
    b.meet().await;
    all_equal(&plant.node, &[&a, &b]).await;
    plant.node.deliver().await;
    let twice: Vec<_> = plant.node.erp.effect_counts().into_iter().filter(|(_, count)| *count != 1).collect();
    assert_eq!(twice, [], "effects at the ERP");
    assert_eq!(notes(&plant.node, plant.order).await, ["Later"]);
    let state = a.sync().await.state;
    assert_eq!((state.records_only_here, state.records_copied), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_still_be_undone_is_not_copied() {
    let plant = Plant::new().await;
    let (a, _b) = pair(&plant).await;
    note(&a, plant.order, "Wrong order").await;
    assert_eq!(a.engine.copy_to_others().await.unwrap().letters, 0);
    assert_eq!(a.sync().await.state.records_only_here, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_for_another_is_there_after_a_restart() {
    let plant = Plant::new().await;
    let (a, b) = pair(&plant).await;
    note(&a, plant.order, "Kept").await;
    copy(&a).await;
    let (clock, erp) = (b.clock.clone(), b.erp.clone());
    let b = World::in_place(b.end().await, &clock, &erp, [7; 32]).await.unwrap();
    assert_eq!(carried(&b).await, [("A".to_owned(), 1)]);
    b.meet().await;
    assert_eq!(notes(&plant.node, plant.order).await, ["Kept"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_builds_on_a_lost_one_waits_and_nobody_is_quarantined() {
    let plant = Plant::new().await;
    let (a, b) = pair(&plant).await;
    note(&a, plant.order, "First").await;
    copy(&a).await;
    let letters = b.folder.path().join("letters");
    let first = std::fs::read_dir(&letters).unwrap().next().unwrap().unwrap().path();
    note(&a, plant.order, "Second").await;
    copy(&a).await;
    std::fs::remove_dir_all(first).unwrap();
    b.meet().await;
    assert_eq!(carried(&b).await, [("A".to_owned(), 1)], "the second waits");
    assert_eq!(notes(&plant.node, plant.order).await, [""; 0]);
    a.meet().await;
    b.meet().await;
    assert_eq!(carried(&b).await, []);
    assert_eq!(notes(&plant.node, plant.order).await, ["First", "Second"]);
    let devices = plant.node.engine.handle(TeamShow {}).await.unwrap().devices;
    assert!(devices.iter().all(|view| view.quarantined.is_none()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gap_in_a_chain_is_no_fork() {
    let plant = Plant::new().await;
    let mut device = Rogue::let_in(&plant.node, &[]).await;
    let first = device.sealed(OP_FORMAT, vec![device.note(plant.order, "First")]);
    device.goes_on_from(&first);
    let second = device.sealed(OP_FORMAT, vec![device.note(plant.order, "Second")]);
    let offer = |txn: &OfferedTxn| ToNode::Offer { txns: vec![txn.clone()], person_keys: vec![] };
    let early = device.say(&plant.node, offer(&second)).await;
    assert_eq!(early, ToDevice::Refused { why: RefusedTalk::TooEarly });
    for txn in [&first, &second] {
        let taken = device.say(&plant.node, offer(txn)).await;
        assert!(matches!(taken, ToDevice::Judged { .. }), "{taken:?}");
    }
    assert_eq!(notes(&plant.node, plant.order).await, ["First", "Second"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_keeps_only_what_the_one_who_brings_it_wrote_itself() {
    let plant = Plant::new().await;
    let (b, c) = (keeper(&plant, "B").await, keeper(&plant, "C").await);
    let a = plant.tablet("A").await;
    for tablet in [&a, &b] {
        tablet.meet().await;
    }
    note(&a, plant.order, "Mine").await;
    let letter = {
        a.pass_ms(11_000);
        a.engine.handle(TeamLetterWrite {}).await.unwrap().bytes_base64
    };
    let put = |bytes: &str| {
        use base64::Engine as _;
        let size = base64::engine::general_purpose::STANDARD.decode(bytes).unwrap();
        let hash = blake3::hash(&size).to_hex().to_string();
        ToNode::LetterPut { hash, offset: 0, size: size.len() as u64, piece: bytes.to_owned() }
    };
    let as_member = millwright_engine::simulation::answer_as_member;
    let by_b = as_member(&c.engine, device_id(&plant.node, "B").await, put(&letter)).await;
    assert!(matches!(by_b, ToDevice::Refused { why: RefusedTalk::Unfit { .. } }), "{by_b:?}");
    let torn = format!("{}AAAA", &letter[..letter.len() - 8]);
    let by_a = as_member(&c.engine, device_id(&plant.node, "A").await, put(&torn)).await;
    assert!(matches!(by_a, ToDevice::Refused { why: RefusedTalk::Unfit { .. } }), "{by_a:?}");
    let endless =
        ToNode::LetterPut { hash: "00".repeat(32), offset: 0, size: u64::MAX, piece: "AAAA".into() };
    let by_a = as_member(&c.engine, device_id(&plant.node, "A").await, endless).await;
    assert!(matches!(by_a, ToDevice::Refused { why: RefusedTalk::Unfit { .. } }), "{by_a:?}");
    let asked = as_member(&c.engine, device_id(&plant.node, "A").await, ToNode::Fetch { after: 0 }).await;
    assert!(matches!(asked, ToDevice::Refused { .. }), "a member answers nothing else: {asked:?}");
    assert_eq!(carried(&c).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_shut_out_keeps_no_copies_and_another_one_gets_them() {
    let plant = Plant::new().await;
    let (a, b) = pair(&plant).await;
    note(&a, plant.order, "Twice kept").await;
    copy(&a).await;
    let c = keeper(&plant, "C").await;
    revoke(&plant, "B").await;
    drop(b);
    a.meet().await;
    note(&a, plant.order, "Later").await;
    copy(&a).await;
    let state = a.sync().await.state;
    assert_eq!((state.records_only_here, state.copied_to), (0, vec!["C".to_owned()]));
    assert_eq!(carried(&c).await, [("A".to_owned(), 1)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_anybody_in_reach_records_wait_as_before() {
    let plant = Plant::new().await;
    let (a, b) = pair(&plant).await;
    b.end().await;
    note(&a, plant.order, "Alone").await;
    assert_eq!(copy(&a).await, Copied::default());
    assert_eq!(a.sync().await.state.records_only_here, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waited_on_a_tablet_that_was_shut_out_is_laid_aside_before_it_is_emptied() {
    let plant = Plant::new().await;
    let a = plant.tablet("A").await;
    a.meet().await;
    note(&a, plant.order, "Found in its outbox").await;
    photo(&a, plant.order).await;
    a.pass_ms(11_000);
    revoke(&plant, "A").await;
    assert!(a.engine.exchange().await.is_err());
    assert_eq!(a.role().await, TeamRole::ShutOut, "it is emptied");
    assert_eq!(notes(&plant.node, plant.order).await, [""; 0], "nothing of it is taken by itself");
    assert_eq!(carried(&plant.node).await, [("A".to_owned(), 2)]);
    let device_id = device_id(&plant.node, "A").await;
    assert_eq!(plant.node.engine.handle(TeamOutboxTake { device_id }).await.unwrap(), 2);
    assert_eq!(notes(&plant.node, plant.order).await, ["Found in its outbox"]);
    assert_eq!(carried(&plant.node).await, []);
    let attachment_id = plant.node.show(plant.order).await.attachments[0].attachment_id;
    assert!(plant.node.engine.handle(AttachmentRead { attachment_id }).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_tablet_kept_of_one_that_was_shut_out_is_laid_aside_too_and_can_be_thrown_away() {
    let plant = Plant::new().await;
    let (a, b) = pair(&plant).await;
    note(&a, plant.order, "Who knows").await;
    copy(&a).await;
    revoke(&plant, "A").await;
    b.meet().await;
    assert_eq!(carried(&b).await, []);
    assert_eq!(carried(&plant.node).await, [("A".to_owned(), 1)]);
    let Plant { node, order, .. } = plant;
    let (clock, erp) = (node.clock.clone(), node.erp.clone());
    let node = World::in_place(node.end().await, &clock, &erp, [7; 32]).await.unwrap();
    let device_id = device_id(&node, "A").await;
    node.engine.handle(TeamOutboxDiscard { device_id }).await.unwrap();
    assert_eq!((carried(&node).await, notes(&node, order).await.len()), (vec![], 0));
}
