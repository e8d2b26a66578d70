//! A node and its devices over real TLS on loopback: let in, work apart, meet, and be equal.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set up its world fails")]

mod common;

use common::team::*;
use common::*;
use millwright_engine::simulation::{self, Line, LineError, ToDevice, ToNode};
use millwright_engine::{Engine, Handle as _};
use millwright_model::*;

#[tokio::test(flavor = "multi_thread")]
async fn what_one_device_records_is_judged_by_the_node_and_seen_by_another() {
    let plant = Plant::new().await;
    let (a, b) = (plant.tablet("A").await, plant.tablet_of("B", "Ben Horn").await);
    assert_eq!(a.title(plant.order).await, "Replace mechanical seal", "a new device has what the node has");
    a.engine.handle(WorkOrderStart { work_order_id: plant.order }).await.unwrap();
    a.engine.handle(NoteAdd { work_order_id: plant.order, text: "Bearing is warm".into() }).await.unwrap();
    assert_eq!(b.status(plant.order).await, WorkOrderStatus::Released, "nobody has met");
    a.meet().await;
    b.meet().await;
    assert_eq!(b.status(plant.order).await, WorkOrderStatus::InProgress);
    assert_eq!(b.show(plant.order).await.notes.len(), 1);
    all_equal(&plant.node, &[&a, &b]).await;
    let names = |people: Vec<PersonView>| people.into_iter().filter_map(|person| person.name).count();
    assert_eq!(
        names(b.engine.handle(PersonList {}).await.unwrap()),
        2,
        "names travel to who may read them, and Anna is one"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_node_speaks_to_the_erp_and_each_act_takes_effect_once() {
    let plant = Plant::new().await;
    let a = plant.tablet("A").await;
    a.engine.handle(WorkOrderStart { work_order_id: plant.order }).await.unwrap();
    let close = WorkOrderClose { work_order_id: plant.order, closing: full_closing(40) };
    a.engine.handle(close).await.unwrap();
    a.meet().await;
    a.engine.synchronise().await.unwrap();
    assert_eq!(a.erp.facts().len(), 0, "the device has no business there");
    plant.node.deliver().await;
    let booked = plant
        .node
        .erp
        .facts()
        .iter()
        .filter(|fact| matches!(fact, Fact::LabourBooked { minutes: 40, .. }))
        .count();
    assert_eq!(booked, 1);
    assert!(plant.node.erp.effect_counts().values().all(|count| *count == 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_field_changed_apart_keeps_the_first_and_asks_about_the_other() {
    let plant = Plant::new().await;
    let (a, b) = (plant.tablet("A").await, plant.tablet("B").await);
    a.retitle(plant.order, "Seal, drive side").await;
    b.retitle(plant.order, "Seal and sleeve").await;
    a.meet().await;
    b.meet().await;
    assert_eq!(b.title(plant.order).await, "Seal, drive side", "what was accepted stands");
    let card = b.sync().await.conflicts.remove(0);
    assert_eq!((card.ours, card.theirs), ("Seal and sleeve".into(), "Seal, drive side".into()));
    let keep = ConflictResolve { conflict_id: card.conflict_id, keep: Side::Ours };
    b.engine.handle(keep).await.unwrap();
    all_equal(&plant.node, &[&a, &b]).await;
    assert_eq!(a.title(plant.order).await, "Seal and sleeve");
    assert_eq!(plant.node.sync().await.conflicts, [], "the card is closed everywhere");
    assert_eq!(b.sync().await.conflicts, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn different_fields_merge_and_bookings_add_up() {
    let plant = Plant::new().await;
    let (a, b) = (plant.tablet("A").await, plant.tablet("B").await);
    for device in [&a, &b] {
        device.engine.handle(WorkOrderStart { work_order_id: plant.order }).await.unwrap();
        device.pass_ms(30 * 60_000);
        device.engine.handle(TimerStop { work_order_id: plant.order }).await.unwrap();
    }
    all_equal(&plant.node, &[&a, &b]).await;
    assert_eq!(plant.node.show(plant.order).await.labour_minutes, 60, "both worked half an hour");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_closed_on_two_tablets_is_closed_once_and_both_bookings_stay() {
    let plant = Plant::new().await;
    let (a, b) = (plant.tablet("A").await, plant.tablet("B").await);
    for (device, minutes) in [(&a, 20), (&b, 25)] {
        device.engine.handle(WorkOrderStart { work_order_id: plant.order }).await.unwrap();
        let close = WorkOrderClose { work_order_id: plant.order, closing: full_closing(minutes) };
        device.engine.handle(close).await.unwrap();
    }
    all_equal(&plant.node, &[&a, &b]).await;
    plant.node.deliver().await;
    let facts = plant.node.erp.facts();
    let closed = facts
        .iter()
        .filter(|fact| matches!(fact, Fact::OrderStatusChanged { to: WorkOrderStatus::Completed, .. }));
    assert_eq!(closed.count(), 1, "one confirmation");
    assert_eq!(plant.node.show(plant.order).await.labour_minutes, 45, "both contributions");
}

#[tokio::test]
async fn who_takes_back_what_others_had_done_already_does_not_take_it_back_from_them() {
    let plant = Plant::new().await;
    let (a, b) = (plant.tablet("A").await, plant.tablet("B").await);
    let close = || WorkOrderClose { work_order_id: plant.order, closing: full_closing(20) };
    a.engine.handle(close()).await.unwrap();
    a.pass_ms(11_000);
    a.engine.exchange().await.unwrap();
    // B does not know of it, closes the order too, and thinks better of it.
    let closed = b.engine.handle(close()).await.unwrap();
    b.engine.handle(TxnUndo { txn_id: closed.txn_id.unwrap() }).await.unwrap();
    all_equal(&plant.node, &[&a, &b]).await;
    for world in [&plant.node, &a, &b] {
        let order = world.show(plant.order).await.overview.order;
        assert_eq!(order.status, WorkOrderStatus::Completed, "A closed it, and A did not take that back");
    }
    b.engine.handle(close()).await.unwrap_err();
    plant.node.deliver().await;
    let closed = plant.node.erp.facts().into_iter();
    let closed =
        closed.filter(|fact| matches!(fact, Fact::OrderStatusChanged { to: WorkOrderStatus::Completed, .. }));
    assert_eq!(closed.count(), 1, "one confirmation");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undone_act_reaches_the_node_with_its_undo_and_nothing_is_delivered() {
    let plant = Plant::new().await;
    let a = plant.tablet("A").await;
    let done = a.engine.handle(WorkOrderStart { work_order_id: plant.order }).await.unwrap();
    a.engine.handle(TxnUndo { txn_id: done.txn_id.unwrap() }).await.unwrap();
    all_equal(&plant.node, &[&a]).await;
    plant.node.deliver().await;
    assert_eq!(plant.node.erp.facts(), []);
    assert_eq!(plant.node.status(plant.order).await, WorkOrderStatus::Released);
}

/// A line on which the node hears everything, and its answers to offers are lost.
struct LosesVerdicts<'n> {
    node: &'n Engine,
    device: DeviceId,
}

impl Line for LosesVerdicts<'_> {
    async fn say(&mut self, message: ToNode) -> Result<ToDevice, LineError> {
        match simulation::answer(self.node, Some(self.device), message).await {
            ToDevice::Judged { .. } => Err(LineError::Broken(std::io::Error::other("lost"))),
            answer => Ok(answer),
        }
    }
}

/// A line that breaks after the first page of what was accepted.
struct BreaksAfterAPage<'n> {
    node: &'n Engine,
    device: DeviceId,
    pages: usize,
}

impl Line for BreaksAfterAPage<'_> {
    async fn say(&mut self, message: ToNode) -> Result<ToDevice, LineError> {
        if self.pages == 1 {
            return Err(LineError::Broken(std::io::Error::other("cut")));
        }
        self.pages += usize::from(matches!(message, ToNode::Fetch { .. }));
        Ok(simulation::answer(self.node, Some(self.device), message).await)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_here_stays_in_sight_when_the_line_breaks_before_it_comes_back() {
    let plant = Plant::new().await;
    let a = plant.tablet("A").await;
    for number in 0..250 {
        let text = format!("note {number} of the node");
        plant.node.engine.handle(NoteAdd { work_order_id: plant.order, text }).await.unwrap();
    }
    a.engine.handle(NoteAdd { work_order_id: plant.order, text: "mine".into() }).await.unwrap();
    a.pass_ms(11_000);
    let device = simulation::device_id(&a.engine);
    let mut line = BreaksAfterAPage { node: &plant.node.engine, device, pages: 0 };
    assert!(simulation::talk(&a.engine, &mut line).await.is_err());
    assert_eq!(a.sync().await.state.records_only_here, 0, "the node has it");
    let seen = a.show(plant.order).await.notes;
    assert!(seen.len() > 100, "a page came: {}", seen.len());
    assert!(seen.iter().any(|note| note.note.text == "mine"));
    a.meet().await;
    assert_eq!(a.show(plant.order).await.notes.len(), 251);
    all_equal(&plant.node, &[&a]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_was_set_back_takes_back_nothing_that_has_left() {
    let plant = Plant::new().await;
    let a = plant.tablet("A").await;
    let done = a.engine.handle(WorkOrderStart { work_order_id: plant.order }).await.unwrap();
    a.pass_ms(11_000);
    let device = simulation::device_id(&a.engine);
    let mut line = LosesVerdicts { node: &plant.node.engine, device };
    assert!(simulation::talk(&a.engine, &mut line).await.is_err());
    // The node has it, the tablet does not know that, and by its clock it could still be undone.
    a.pass_ms(-5_000);
    let undo = TxnUndo { txn_id: done.txn_id.unwrap() };
    assert_eq!(a.engine.handle(undo).await.unwrap_err().refusal, Some(Refusal::UndoTooLate));
    a.meet().await;
    assert_eq!(plant.node.status(plant.order).await, WorkOrderStatus::InProgress);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_that_can_still_be_undone_is_brought_after_its_record() {
    let plant = Plant::new().await;
    let (a, b) = (plant.tablet("A").await, plant.tablet("B").await);
    let add = AttachmentAdd {
        work_order_id: Some(plant.order),
        work_step_id: None,
        asset_id: None,
        request_id: None,
        media_type: "image/jpeg".into(),
        file_name: "seal.jpg".into(),
        bytes_base64: "cGhvdG8=".into(),
        part: None,
    };
    let attachment_id = a.engine.handle(add).await.unwrap();
    a.engine.exchange().await.unwrap();
    assert_eq!(a.sync().await.state.photos_only_here, 1, "its record is held, and so is the photo");
    a.meet().await;
    b.meet().await;
    assert_eq!(b.engine.handle(AttachmentRead { attachment_id }).await.unwrap().bytes_base64, "cGhvdG8=");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_goes_to_the_node_and_from_there_to_the_others() {
    use base64::Engine as _;

    let plant = Plant::new().await;
    let (a, b) = (plant.tablet("A").await, plant.tablet("B").await);
    let picture: Vec<u8> = (0..1_300_000_u32).map(|number| (number % 251) as u8).collect();
    let attachment_id = a
        .engine
        .handle(AttachmentAdd {
            work_order_id: Some(plant.order),
            work_step_id: None,
            asset_id: None,
            request_id: None,
            media_type: "image/jpeg".into(),
            file_name: "seal.jpg".into(),
            bytes_base64: base64::engine::general_purpose::STANDARD.encode(&picture),
            part: None,
        })
        .await
        .unwrap();
    assert_eq!(a.sync().await.state.photos_only_here, 1);
    a.meet().await;
    assert_eq!(a.sync().await.state.photos_only_here, 0, "the node has it");
    b.meet().await;
    let bytes = b.engine.handle(AttachmentRead { attachment_id }).await.unwrap().bytes_base64;
    assert_eq!(base64::engine::general_purpose::STANDARD.decode(bytes).unwrap(), picture);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rebuild_gives_equal_rows_on_the_node_and_on_a_device_with_waiting_work() {
    let plant = Plant::new().await;
    let (a, b) = (plant.tablet("A").await, plant.tablet("B").await);
    a.retitle(plant.order, "One").await;
    b.retitle(plant.order, "Two").await;
    a.meet().await;
    b.meet().await;
    b.engine.handle(WorkOrderStart { work_order_id: plant.order }).await.unwrap();
    for world in [&plant.node, &b] {
        let before = rows(&world.engine).await;
        world.engine.database().rebuild().await.unwrap();
        assert_eq!(rows(&world.engine).await, before);
    }
    all_equal(&plant.node, &[&a, &b]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_joins_brings_what_it_recorded_alone_and_one_machine_stays_one() {
    let plant = Plant::new().await;
    let machine = plant.node.asset("P-101").await;
    let lone = World::new().await;
    let same = lone.asset("P-101").await;
    let raise = RequestRaise {
        asset_id: same,
        part: None,
        text: "Leaks".into(),
        priority: Priority::High,
        machine_down: false,
    };
    lone.engine.handle(raise).await.unwrap();
    lone.deliver().await;
    plant.admit(&lone, "Lone", &[]).await;
    all_equal(&plant.node, &[&lone]).await;
    let requests = plant.node.engine.handle(RequestList { open_only: true }).await.unwrap();
    assert_eq!(requests[0].request.asset_id, machine, "what was raised on its twin is on the machine");
    let tree = lone.engine.handle(AssetTree {}).await.unwrap();
    assert_eq!(tree.iter().filter(|node| node.asset.code == "P-101").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_of_one_area_holds_that_area_and_hears_when_an_order_leaves_it() {
    let plant = Plant::new().await;
    let csv = "code,name,level,parent,criticality,class,erp_number,uns_path\n\
               NORTH,North,area,,b,,,\nSOUTH,South,area,,b,,,\nP-1,Pump,machine,NORTH,b,,,\nP-2,Pump,machine,SOUTH,b,,,\n";
    plant.node.engine.handle(AssetImport { csv: csv.into(), dry_run: false }).await.unwrap();
    let tree = plant.node.engine.handle(AssetTree {}).await.unwrap();
    let id = |code: &str| tree.iter().find(|node| node.asset.code == code).unwrap().asset.asset_id;
    let create = |code: &str| WorkOrderCreate {
        title: format!("Work on {code}"),
        description: String::new(),
        asset_id: Some(id(code)),
        priority: Priority::Medium,
        request_id: None,
        due_at: None,
        assignee_id: None,
        steps: vec![],
    };
    let ours = plant.node.engine.handle(create("P-1")).await.unwrap();
    plant.node.engine.handle(create("P-2")).await.unwrap();
    let tablet = World::new().await;
    plant.admit(&tablet, "North", &[id("NORTH")]).await;
    let titles = async || {
        let orders = tablet.engine.handle(WorkOrderList { filter: Default::default() }).await.unwrap();
        let mut titles: Vec<String> = orders.into_iter().map(|order| order.order.title).collect();
        titles.sort();
        titles
    };
    assert_eq!(titles().await, ["Replace mechanical seal", "Work on P-1"], "no machine means everybody's");
    let WorkOrder { title, description, priority, due_at, assignee_id, .. } =
        plant.node.show(ours).await.overview.order;
    let moved = WorkOrderEdit {
        work_order_id: ours,
        title,
        description,
        priority,
        due_at,
        assignee_id,
        asset_id: Some(id("P-2")),
    };
    plant.node.engine.handle(moved).await.unwrap();
    tablet.meet().await;
    assert_eq!(titles().await, ["Replace mechanical seal"]);
    let before = rows(&tablet.engine).await;
    tablet.engine.database().rebuild().await.unwrap();
    assert_eq!(rows(&tablet.engine).await, before, "a rebuild knows what came and went");
    // The machine itself is moved into the area, with its orders and what was recorded on them; and out again.
    let note = NoteAdd { work_order_id: ours, text: "On the other side now".into() };
    plant.node.engine.handle(note).await.unwrap();
    for (parent, expected) in [
        ("NORTH", &["Replace mechanical seal", "Work on P-1", "Work on P-2"][..]),
        ("SOUTH", &["Replace mechanical seal"][..]),
    ] {
        let csv = format!("code,name,level,parent,criticality\nP-2,Pump,machine,{parent},b\n");
        plant.node.engine.handle(AssetImport { csv, dry_run: false }).await.unwrap();
        tablet.meet().await;
        assert_eq!(titles().await, expected, "the machine is in {parent}");
        let tree = tablet.engine.handle(AssetTree {}).await.unwrap();
        assert_eq!(tree.iter().any(|node| node.asset.code == "P-2"), parent == "NORTH");
        if parent == "NORTH" {
            assert_eq!(tablet.show(ours).await.notes.len(), 1, "with all that hangs on it");
        }
        let before = rows(&tablet.engine).await;
        tablet.engine.database().rebuild().await.unwrap();
        assert_eq!(rows(&tablet.engine).await, before, "a rebuild knows what came and went");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_whose_areas_are_said_anew_fills_up_again_with_them() {
    let plant = Plant::new().await;
    let csv = "code,name,level,parent,criticality,class,erp_number,uns_path\n\
               NORTH,North,area,,b,,,\nSOUTH,South,area,,b,,,\nP-1,Pump,machine,NORTH,b,,,\nP-2,Pump,machine,SOUTH,b,,,\n";
    plant.node.engine.handle(AssetImport { csv: csv.into(), dry_run: false }).await.unwrap();
    let tree = plant.node.engine.handle(AssetTree {}).await.unwrap();
    let id = |code: &str| tree.iter().find(|node| node.asset.code == code).unwrap().asset.asset_id;
    let tablet = World::new().await;
    plant.admit(&tablet, "North", &[id("NORTH")]).await;
    let machines = async || {
        let tree = tablet.engine.handle(AssetTree {}).await.unwrap();
        let mut codes: Vec<String> = tree.into_iter().map(|node| node.asset.code).collect();
        codes.sort();
        codes
    };
    assert_eq!(machines().await, ["NORTH", "P-1"]);
    let devices = tablet.engine.handle(TeamShow {}).await.unwrap().devices;
    let device_id = devices.into_iter().find(|view| view.is_this).unwrap().device.device_id;
    for (areas, codes) in [
        (vec![id("SOUTH")], &["P-2", "SOUTH"][..]),
        (vec![], &["NORTH", "P-1", "P-2", "SOUTH"][..]),
        (vec![id("NORTH")], &["NORTH", "P-1"][..]),
    ] {
        let set = TeamScopeSet { device_id, scope: Scope { areas } };
        plant.node.engine.handle(set).await.unwrap();
        // It is told with one talk, and fills up with the next; what it records meanwhile stays.
        tablet.meet().await;
        tablet.retitle(plant.order, &format!("Before {}", codes.join(" "))).await;
        tablet.meet().await;
        tablet.meet().await;
        assert_eq!(machines().await, codes);
        assert_eq!(plant.node.title(plant.order).await, format!("Before {}", codes.join(" ")));
        let before = rows(&tablet.engine).await;
        tablet.engine.database().rebuild().await.unwrap();
        assert_eq!(rows(&tablet.engine).await, before, "a rebuild knows what came and went");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_tablet_is_shut_out_takes_nothing_in_and_is_emptied_at_its_next_word() {
    let plant = Plant::new().await;
    let (a, b) = (plant.tablet("A").await, plant.tablet("B").await);
    let devices = plant.node.engine.handle(TeamShow {}).await.unwrap().devices;
    let lost = devices.iter().find(|view| view.device.name == "A").unwrap().device.device_id;
    a.engine.handle(WorkOrderStart { work_order_id: plant.order }).await.unwrap();
    plant.node.engine.handle(TeamRevoke { device_id: lost, reason: "Left in a taxi".into() }).await.unwrap();
    a.pass_ms(11_000);
    a.engine.exchange().await.unwrap_err();
    assert_eq!(a.role().await, TeamRole::ShutOut);
    assert!(rows(&a.engine).await.values().all(Vec::is_empty), "nothing of the plant is left on it");
    assert_eq!(plant.node.status(plant.order).await, WorkOrderStatus::Released, "nothing was taken from it");
    b.meet().await;
    assert_eq!(b.status(plant.order).await, WorkOrderStatus::Released);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_used_or_wrong_code_opens_no_door() {
    let plant = Plant::new().await;
    let invite = TeamInvite { address: plant.address.clone(), minutes: 10 };
    let invitation = plant.node.engine.handle(invite).await.unwrap().invitation;
    let (first, second) = (World::new().await, World::new().await);
    for device in [&first, &second] {
        let join = TeamJoin { invitation: invitation.clone(), name: "T".into() };
        device.engine.handle(join).await.unwrap();
    }
    first.engine.exchange().await.unwrap();
    let error = second.engine.exchange().await.unwrap_err();
    assert!(error.to_string().contains("used up"), "{error}");
    assert_eq!(second.role().await, TeamRole::Alone, "it may ask anew with another invitation");
    assert_eq!(plant.node.engine.handle(TeamShow {}).await.unwrap().asks.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_years_off_changes_no_accepted_order() {
    let plant = Plant::new().await;
    let (a, b) = (plant.tablet("A").await, plant.tablet("B").await);
    a.pass_ms(10 * 365 * 86_400_000);
    b.pass_ms(-10 * 365 * 86_400_000);
    a.retitle(plant.order, "From the future").await;
    a.meet().await;
    b.meet().await;
    b.retitle(plant.order, "From the past").await;
    b.meet().await;
    all_equal(&plant.node, &[&a, &b]).await;
    assert_eq!(plant.node.title(plant.order).await, "From the past", "the node's order decides, no clock");
}

#[tokio::test(flavor = "multi_thread")]
async fn records_and_photos_reach_the_node_on_a_stick_and_its_answer_comes_back_on_it() {
    use base64::Engine as _;

    let plant = Plant::new().await;
    let (a, b) = (plant.tablet("A").await, plant.tablet("B").await);
    b.engine.handle(NoteAdd { work_order_id: plant.order, text: "By network".into() }).await.unwrap();
    b.meet().await;
    let picture: Vec<u8> = (0..900_000_u32).map(|number| (number % 241) as u8).collect();
    a.engine.handle(NoteAdd { work_order_id: plant.order, text: "By stick".into() }).await.unwrap();
    let add = AttachmentAdd {
        work_order_id: Some(plant.order),
        work_step_id: None,
        asset_id: None,
        request_id: None,
        media_type: "image/jpeg".into(),
        file_name: "seal.jpg".into(),
        bytes_base64: base64::engine::general_purpose::STANDARD.encode(&picture),
        part: None,
    };
    let attachment_id = a.engine.handle(add).await.unwrap();
    a.pass_ms(11_000);
    let letter = a.engine.handle(TeamLetterWrite {}).await.unwrap();
    assert_eq!((letter.transactions, letter.photos, letter.photos_left), (2, 1, 0));
    let state = a.sync().await.state;
    assert_eq!(
        (state.records_only_here, state.photos_only_here),
        (2, 1),
        "it waits until the answer is here"
    );
    let take = |bytes_base64: &str| TeamLetterTake { bytes_base64: bytes_base64.to_owned() };
    let taken = plant.node.engine.handle(take(&letter.bytes_base64)).await.unwrap();
    assert_eq!(taken.transactions, 2);
    // The same letter once more: nothing happens twice, and the answer is as good.
    plant.node.engine.handle(take(&letter.bytes_base64)).await.unwrap();
    assert_eq!(plant.node.show(plant.order).await.notes.len(), 2);
    let bytes = plant.node.engine.handle(AttachmentRead { attachment_id }).await.unwrap().bytes_base64;
    assert_eq!(base64::engine::general_purpose::STANDARD.decode(bytes).unwrap(), picture);
    let answer = taken.answer.unwrap().bytes_base64;
    let heard = a.engine.handle(take(&answer)).await.unwrap();
    assert_eq!(heard.transactions, 2);
    assert_eq!(a.show(plant.order).await.notes.len(), 2, "what the others did came with it");
    let state = a.sync().await.state;
    assert_eq!((state.records_only_here, state.photos_only_here), (0, 0));
    a.engine.handle(take(&answer)).await.unwrap();
    all_equal(&plant.node, &[&a, &b]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_leaves_a_photo_out_while_its_record_can_still_be_undone() {
    let plant = Plant::new().await;
    let a = plant.tablet("A").await;
    a.engine.handle(NoteAdd { work_order_id: plant.order, text: "By stick".into() }).await.unwrap();
    a.pass_ms(11_000);
    let add = AttachmentAdd {
        work_order_id: Some(plant.order),
        work_step_id: None,
        asset_id: None,
        request_id: None,
        media_type: "image/jpeg".into(),
        file_name: "seal.jpg".into(),
        bytes_base64: "cGhvdG8=".into(),
        part: None,
    };
    a.engine.handle(add).await.unwrap();
    let letter = a.engine.handle(TeamLetterWrite {}).await.unwrap();
    assert_eq!((letter.transactions, letter.photos), (1, 0));
    let take = |bytes_base64: String| TeamLetterTake { bytes_base64 };
    let answer = plant.node.engine.handle(take(letter.bytes_base64)).await.unwrap().answer.unwrap();
    let heard = a.engine.handle(take(answer.bytes_base64)).await.unwrap();
    assert_eq!(heard.transactions, 1, "what was in it is not held up");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_was_changed_or_is_for_somebody_else_is_refused() {
    use base64::Engine as _;

    let base64 = &base64::engine::general_purpose::STANDARD;
    let plant = Plant::new().await;
    let (a, b) = (plant.tablet("A").await, plant.tablet("B").await);
    a.engine.handle(NoteAdd { work_order_id: plant.order, text: "By stick".into() }).await.unwrap();
    a.pass_ms(11_000);
    let letter = a.engine.handle(TeamLetterWrite {}).await.unwrap().bytes_base64;
    let take = |bytes_base64: String| TeamLetterTake { bytes_base64 };
    let node = &plant.node.engine;
    // B says that it is B's.
    let text = String::from_utf8(base64.decode(&letter).unwrap()).unwrap();
    let (of_a, of_b) = (device_id(&plant, "A").await, device_id(&plant, "B").await);
    let renamed = base64.encode(text.replace(&of_a.to_string(), &of_b.to_string()));
    let refused = node.handle(take(renamed)).await.unwrap_err();
    assert_eq!(refused.refusal, Some(Refusal::LetterForged));
    let answer = node.handle(take(letter.clone())).await.unwrap().answer.unwrap().bytes_base64;
    let refused = b.engine.handle(take(answer.clone())).await.unwrap_err();
    assert_eq!(refused.refusal, Some(Refusal::LetterForAnother));
    let refused = a.engine.handle(take(letter.clone())).await.unwrap_err();
    assert_eq!(refused.refusal, Some(Refusal::LetterForAnother), "a device takes no letters to the node");
    let cut = base64.encode(&base64.decode(&answer).unwrap()[..200]);
    let refused = a.engine.handle(take(cut)).await.unwrap_err();
    assert!(refused.message.starts_with("the letter cannot be read"), "{}", refused.message);
    assert_eq!(a.sync().await.state.records_only_here, 1);
    // A device that was shut out gets nothing in on a stick either, and is emptied by the answer.
    let revoke = TeamRevoke { device_id: of_a, reason: "lost".into() };
    node.handle(revoke).await.unwrap();
    a.engine.handle(NoteAdd { work_order_id: plant.order, text: "Later".into() }).await.unwrap();
    a.pass_ms(11_000);
    let letter = a.engine.handle(TeamLetterWrite {}).await.unwrap().bytes_base64;
    let taken = node.handle(take(letter)).await.unwrap();
    assert_eq!(taken.transactions, 0);
    a.engine.handle(take(taken.answer.unwrap().bytes_base64)).await.unwrap_err();
    assert!(matches!(a.role().await, TeamRole::ShutOut));
}

async fn device_id(plant: &Plant, name: &str) -> DeviceId {
    let devices = plant.node.engine.handle(TeamShow {}).await.unwrap().devices;
    devices.iter().find(|view| view.device.name == name).unwrap().device.device_id
}
