//! A backup of a tablet that is restored: what it had not brought to its team's node reaches it once, whoever else sent it
//! meanwhile; nothing of it reaches another team.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails where it stands")]

mod common;

use std::future::Future;

use common::team::*;
use common::*;
use millwright_engine::simulation::{self, Line, LineError, ToDevice, ToNode};
use millwright_engine::{Engine, Handle as _};
use millwright_model::*;

/// Whether a device has the photo of an order, and not only its record.
async fn has_photo(world: &World, order: WorkOrderId) -> bool {
    let view = world.show(order).await;
    let Some(attachment) = view.attachments.first() else { return false };
    let read = AttachmentRead { attachment_id: attachment.attachment_id };
    world.engine.handle(read).await.is_ok()
}

async fn new_order(world: &World, title: &str) -> WorkOrderId {
    let create = WorkOrderCreate {
        title: title.into(),
        description: String::new(),
        asset_id: None,
        priority: Priority::Medium,
        request_id: None,
        due_at: None,
        assignee_id: None,
        steps: vec![],
    };
    world.engine.handle(create).await.unwrap()
}

/// A tablet with nothing on its way, that can no longer undo anything.
async fn settled_tablet(plant: &Plant) -> World {
    let tablet = plant.tablet("Tablet 3").await;
    tablet.meet().await;
    tablet
}

async fn only_here(world: &World) -> (i64, i64) {
    let state = world.sync().await.state;
    (state.records_only_here, state.photos_only_here)
}

async fn device(node: &World, name: &str) -> DeviceView {
    let devices = node.engine.handle(TeamShow {}).await.unwrap().devices;
    devices.into_iter().find(|view| view.device.name == name).unwrap()
}

/// Whose letters the node laid aside, and how many.
async fn laid_aside(node: &World) -> Vec<(String, u64)> {
    let carried = node.engine.handle(TeamShow {}).await.unwrap().carried;
    carried.into_iter().map(|view| (view.device_name, view.letters)).collect()
}

async fn nothing_took_effect_twice(node: &World) {
    node.deliver().await;
    let twice: Vec<_> = node.erp.effect_counts().into_iter().filter(|(_, count)| *count != 1).collect();
    assert_eq!(twice, [], "effects at the ERP");
}

fn labour_booked(node: &World) -> Vec<i64> {
    let minutes = |fact: Fact| match fact {
        Fact::LabourBooked { minutes, .. } => Some(minutes),
        _ => None,
    };
    node.erp.facts().into_iter().filter_map(minutes).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_lost_tablet_had_not_sent_reaches_the_node_from_its_backup_with_its_photos() {
    let plant = Plant::new().await;
    let lost = settled_tablet(&plant).await;
    note(&lost, plant.order, "Seal is dry").await;
    photo(&lost, plant.order).await;
    lost.start(plant.order).await;
    lost.finish(plant.order, 25).await;
    lost.pass_ms(11_000);
    let waited = only_here(&lost).await;
    let backup = lost.back_up().await;
    drop(lost);
    let restored = backup.on_another_machine().await;
    assert_eq!(restored.role().await, TeamRole::Alone);
    assert_eq!(only_here(&restored).await, waited, "it says that these records are only here");
    assert!(waited.0 >= 4 && waited.1 == 1);
    plant.admit(&restored, "Tablet 3 again", &[]).await;
    assert_eq!(notes(&plant.node, plant.order).await, ["Seal is dry"]);
    assert_eq!(plant.node.status(plant.order).await, WorkOrderStatus::Completed);
    nothing_took_effect_twice(&plant.node).await;
    assert_eq!(labour_booked(&plant.node), [25]);
    restored.meet().await;
    restored.meet().await;
    assert!(has_photo(&plant.node, plant.order).await);
    assert_eq!(only_here(&restored).await, (0, 0));
    all_equal(&plant.node, &[&restored]).await;
    let names: Vec<_> = restored.engine.handle(PersonList {}).await.unwrap();
    assert!(names.iter().all(|person| person.name.is_some()), "the node gave it the names: {names:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_tablet_had_sent_after_its_backup_is_there_once() {
    let plant = Plant::new().await;
    let tablet = settled_tablet(&plant).await;
    note(&tablet, plant.order, "Before").await;
    tablet.start(plant.order).await;
    tablet.pass_ms(11_000);
    let backup = tablet.back_up().await;
    tablet.finish(plant.order, 25).await;
    note(&tablet, plant.order, "After").await;
    tablet.meet().await;
    drop(tablet);
    let restored = backup.on_another_machine().await;
    plant.admit(&restored, "Again", &[]).await;
    assert_eq!(restored.status(plant.order).await, WorkOrderStatus::Completed, "nothing old lies on top");
    assert_eq!(notes(&restored, plant.order).await, ["After", "Before"]);
    assert_eq!(notes(&plant.node, plant.order).await, ["After", "Before"]);
    assert_eq!(restored.sync().await.conflicts, []);
    assert_eq!(only_here(&restored).await, (0, 0));
    nothing_took_effect_twice(&plant.node).await;
    all_equal(&plant.node, &[&restored]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tablet_and_the_copy_of_its_folder_both_go_on_and_lose_nothing() {
    let plant = Plant::new().await;
    let tablet = settled_tablet(&plant).await;
    note(&tablet, plant.order, "Before the copy").await;
    tablet.pass_ms(11_000);
    let copy = tablet.back_up().await.on_another_machine().await;
    note(&copy, plant.order, "On the copy").await;
    note(&tablet, plant.order, "On the tablet").await;
    plant.admit(&copy, "Copy", &[]).await;
    copy.meet().await;
    tablet.meet().await;
    let all = ["Before the copy", "On the copy", "On the tablet"];
    assert_eq!(notes(&plant.node, plant.order).await, all);
    all_equal(&plant.node, &[&tablet, &copy]).await;
    for name in ["Tablet 3", "Copy"] {
        assert_eq!(device(&plant.node, name).await.quarantined, None, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_recorded_since_on_what_was_not_sent_comes_after_it() {
    let plant = Plant::new().await;
    let lost = settled_tablet(&plant).await;
    let order = new_order(&lost, "Found on the round").await;
    lost.pass_ms(11_000);
    let backup = lost.back_up().await;
    drop(lost);
    let restored = backup.on_another_machine().await;
    note(&restored, order, "Written before it was let in again").await;
    restored.pass_ms(11_000);
    assert_eq!(only_here(&restored).await, (2, 0));
    // Its first backup is lost in its turn: who it was twice is one after the other.
    let again = restored.back_up().await;
    drop(restored);
    let again = again.on_another_machine().await;
    note(&again, order, "On the third tablet").await;
    again.pass_ms(11_000);
    plant.admit(&again, "Third", &[]).await;
    let all = ["On the third tablet", "Written before it was let in again"];
    assert_eq!(notes(&plant.node, order).await, all);
    assert_eq!(plant.node.title(order).await, "Found on the round");
    nothing_took_effect_twice(&plant.node).await;
    all_equal(&plant.node, &[&again]).await;
    let rebuilt = rows(&again.engine).await;
    again.engine.database().rebuild().await.unwrap();
    assert_eq!(rows(&again.engine).await, rebuilt, "the rows follow from what is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_recorded_without_a_team_comes_along_from_a_backup_too() {
    let plant = Plant::new().await;
    let lone = World::new().await;
    let order = new_order(&lone, "Before there was a team").await;
    note(&lone, order, "Kept").await;
    lone.pass_ms(11_000);
    let backup = lone.back_up().await;
    drop(lone);
    let restored = backup.on_another_machine().await;
    plant.admit(&restored, "Restored", &[]).await;
    restored.meet().await;
    assert_eq!(notes(&plant.node, order).await, ["Kept"]);
    all_equal(&plant.node, &[&restored]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_recorded_for_one_team_stays_out_of_another() {
    let (plant, another) = (Plant::new().await, Plant::new().await);
    let lost = settled_tablet(&plant).await;
    note(&lost, plant.order, "Nobody else's business").await;
    lost.pass_ms(11_000);
    let backup = lost.back_up().await;
    drop(lost);
    let restored = backup.on_another_machine().await;
    let invite = TeamInvite { address: another.address.clone(), minutes: 10 };
    let invitation = another.node.engine.handle(invite).await.unwrap().invitation;
    let join = TeamJoin { invitation, name: "Wanderer".into() };
    let refused = restored.engine.handle(join).await.unwrap_err();
    assert_eq!(refused.refusal, Some(Refusal::RestoredFromAnotherTeam));
    assert_eq!(restored.role().await, TeamRole::Alone);
    assert_eq!(notes(&restored, plant.order).await, ["Nobody else's business"], "it stays here, to be read");
    plant.admit(&restored, "Back", &[]).await;
    assert_eq!(notes(&plant.node, plant.order).await, ["Nobody else's business"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_tablet_recorded_that_was_shut_out_is_laid_aside_and_a_person_may_take_it() {
    let plant = Plant::new().await;
    let stolen = settled_tablet(&plant).await;
    note(&stolen, plant.order, "From its backup").await;
    photo(&stolen, plant.order).await;
    stolen.pass_ms(11_000);
    let backup = stolen.back_up().await;
    drop(stolen);
    let device_id = device(&plant.node, "Tablet 3").await.device.device_id;
    plant.node.engine.handle(TeamRevoke { device_id, reason: "stolen".into() }).await.unwrap();
    let restored = backup.on_another_machine().await;
    plant.admit(&restored, "New one", &[]).await;
    assert_eq!(notes(&plant.node, plant.order).await, [""; 0], "nothing of it is taken by itself");
    assert_eq!(laid_aside(&plant.node).await, [("Tablet 3".to_owned(), 1)]);
    assert_eq!(notes(&restored, plant.order).await, [""; 0], "and nothing of it is shown as if it were");
    assert_eq!(only_here(&restored).await, (0, 0));
    restored.meet().await;
    assert_eq!(laid_aside(&plant.node).await, [("Tablet 3".to_owned(), 1)], "it is laid aside once");
    assert_eq!(plant.node.engine.handle(TeamOutboxTake { device_id }).await.unwrap(), 2);
    restored.meet().await;
    restored.meet().await;
    for world in [&plant.node, &restored] {
        assert_eq!(notes(world, plant.order).await, ["From its backup"]);
        assert!(has_photo(world, plant.order).await);
    }
    all_equal(&plant.node, &[&restored]).await;
}

/// A line that breaks as soon as something of a former self is offered, or to a node that does not take it yet.
struct PoorLine<'n> {
    node: &'n Engine,
    device: DeviceId,
    node_is_older: bool,
}

impl Line for PoorLine<'_> {
    fn say(&mut self, message: ToNode) -> impl Future<Output = Result<ToDevice, LineError>> + Send {
        let of_a_former_self = matches!(message, ToNode::OfferFormer { .. });
        async move {
            if of_a_former_self {
                assert!(!self.node_is_older, "an older node cannot read it");
                return Err(LineError::Broken(std::io::Error::other("cut")));
            }
            let mut answer = simulation::answer(self.node, Some(self.device), message).await;
            if let ToDevice::Welcome { team: Some(team), .. } = &mut answer {
                team.takes_former = !self.node_is_older;
            }
            Ok(answer)
        }
    }
}

/// A tablet from a backup, let in again over a line that brought nothing of what it recorded before.
async fn filled_and_cut_off(plant: &Plant, node_is_older: bool) -> World {
    let lost = settled_tablet(plant).await;
    note(&lost, plant.order, "Unsent").await;
    photo(&lost, plant.order).await;
    lost.pass_ms(11_000);
    let backup = lost.back_up().await;
    drop(lost);
    let restored = backup.on_another_machine().await;
    let invite = TeamInvite { address: plant.address.clone(), minutes: 10 };
    let invitation = plant.node.engine.handle(invite).await.unwrap().invitation;
    restored.engine.handle(TeamJoin { invitation, name: "Again".into() }).await.unwrap();
    restored.engine.exchange().await.unwrap();
    let device = simulation::device_id(&restored.engine);
    let admit = TeamAdmit { device_id: device, scope: Scope::default() };
    plant.node.engine.handle(admit).await.unwrap();
    restored.engine.exchange().await.unwrap();
    let mut line = PoorLine { node: &plant.node.engine, device, node_is_older };
    let talked = simulation::talk(&restored.engine, &mut line).await;
    assert_eq!(talked.is_ok(), node_is_older, "{talked:?}");
    assert!(matches!(restored.role().await, TeamRole::Member { filled: true, .. }));
    assert_eq!(notes(&restored, plant.order).await, ["Unsent"], "what waits lies on top of what is accepted");
    assert_eq!(only_here(&restored).await, (2, 1));
    restored
}

#[tokio::test(flavor = "multi_thread")]
async fn it_goes_on_a_stick_too() {
    let plant = Plant::new().await;
    let restored = filled_and_cut_off(&plant, false).await;
    note(&restored, plant.order, "Since").await;
    restored.pass_ms(11_000);
    let letter = restored.engine.handle(TeamLetterWrite {}).await.unwrap();
    assert_eq!((letter.transactions, letter.photos), (3, 1));
    let take = TeamLetterTake { bytes_base64: letter.bytes_base64 };
    let taken = plant.node.engine.handle(take).await.unwrap();
    assert_eq!(notes(&plant.node, plant.order).await, ["Since", "Unsent"]);
    assert!(has_photo(&plant.node, plant.order).await);
    let answer = TeamLetterTake { bytes_base64: taken.answer.unwrap().bytes_base64 };
    restored.engine.handle(answer).await.unwrap();
    assert_eq!(only_here(&restored).await, (0, 0));
    all_equal(&plant.node, &[&restored]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_does_not_take_it_yet_gets_it_after_its_update_and_nothing_before_it() {
    let plant = Plant::new().await;
    let restored = filled_and_cut_off(&plant, true).await;
    note(&restored, plant.order, "Since").await;
    restored.pass_ms(11_000);
    let device = simulation::device_id(&restored.engine);
    let mut line = PoorLine { node: &plant.node.engine, device, node_is_older: true };
    simulation::talk(&restored.engine, &mut line).await.unwrap();
    assert_eq!(notes(&plant.node, plant.order).await, [""; 0]);
    assert_eq!(only_here(&restored).await.0, 3);
    restored.meet().await;
    restored.meet().await;
    assert_eq!(notes(&plant.node, plant.order).await, ["Since", "Unsent"]);
    assert!(has_photo(&plant.node, plant.order).await);
    all_equal(&plant.node, &[&restored]).await;
}
