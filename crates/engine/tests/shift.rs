//! The shift log and the hand-over: what writes itself, what people write, what the next shift has read.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails where it stands")]

mod common;

use common::*;
use millwright_engine::Handle as _;
use millwright_model::*;

const HOUR: i64 = 3_600_000;

async fn view(world: &World) -> ShiftView {
    world.engine.handle(ShiftShow { at: None }).await.unwrap()
}

fn happenings(view: &ShiftView) -> Vec<ShiftHappening> {
    let mut lines: Vec<&ShiftLine> = view.groups.iter().flat_map(|group| &group.lines).collect();
    lines.sort_by_key(|line| line.item.at);
    lines.into_iter().map(|line| line.item.happening.clone()).collect()
}

async fn another(world: &World, name: &str) -> PersonId {
    let add = PersonAdd { name: name.into(), erp_number: None, language: "en".into() };
    world.engine.handle(add).await.unwrap()
}

async fn hold(world: &World, person_id: PersonId) {
    world.engine.handle(PersonPick { person_id: Some(person_id) }).await.unwrap();
}

fn line(text: &str) -> ShiftEntryAdd {
    ShiftEntryAdd {
        entry_kind: ShiftEntryKind::Watch,
        text: text.into(),
        asset_id: None,
        work_order_id: None,
        attachment: None,
    }
}

async fn in_berlin(world: &World, now: &str, hour: i64) {
    let settings = Settings { plant_zone: "Europe/Berlin".into(), ..Settings::default() };
    world.engine.handle(SettingsSave { settings }).await.unwrap();
    // Civil time in winter: an hour ahead of UTC.
    let day = CivilDate::try_from(now.to_owned()).unwrap();
    let at = i64::from(day.days()) * 24 * HOUR + (hour - 1) * HOUR;
    world.clock.0.store(at, std::sync::atomic::Ordering::SeqCst);
}

async fn handed_over(world: &World, text: &str) -> HandoverProposal {
    let proposal = world.engine.handle(HandoverPrepare { at: None }).await.unwrap();
    let items = proposal.items.iter().filter(|item| item.keep).map(|item| item.line.item.item_id).collect();
    let give = HandoverGive { at: proposal.shift.starts_at, text: text.into(), items };
    world.engine.handle(give).await.unwrap();
    proposal
}

async fn dump(world: &World) -> std::collections::BTreeMap<String, Vec<String>> {
    world.engine.database().read().await.unwrap().dump().await.unwrap()
}

#[tokio::test]
async fn the_log_writes_itself_from_what_people_do() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    let asset_id = world.asset("P-101A").await;
    assert!(happenings(&view(&world).await).is_empty(), "what an ERP brings is no news of the shift");
    let draft = StepDraft {
        title: "Run-out".into(),
        form: StepForm::Measurement { unit: "mm".into(), low: None, high: Some(0.05), decimals: 2 },
        mandatory: true,
    };
    let step = world.engine.handle(WorkStepAdd { work_order_id: order, draft }).await.unwrap();
    let mut expected = Vec::new();
    world.pass_ms(1_000);
    world.engine.handle(WorkOrderStart { work_order_id: order }).await.unwrap();
    expected.push(ShiftHappening::OrderStarted);
    world.pass_ms(1_000);
    let beyond = Some(StepOutcome::Measured { value: 0.08, in_limits: true });
    world
        .engine
        .handle(WorkStepRecord { work_step_id: step, outcome: beyond, instrument: None })
        .await
        .unwrap();
    expected.push(ShiftHappening::ReadingBeyond { step: "Run-out".into(), value: 0.08, unit: "mm".into() });
    world.pass_ms(1_000);
    let held =
        WorkOrderHold { work_order_id: order, reason: "Seal missing".into(), cause: Some(HoldCause::Part) };
    world.engine.handle(held).await.unwrap();
    expected.push(ShiftHappening::OrderHeld { reason: "Seal missing".into(), waits_for_part: true });
    world.pass_ms(1_000);
    let raise = RequestRaise {
        asset_id,
        part: None,
        text: "It leaks".into(),
        priority: Priority::High,
        machine_down: true,
    };
    world.engine.handle(raise).await.unwrap();
    expected.push(ShiftHappening::RequestRaised { text: "It leaks".into(), machine_down: true });
    world.pass_ms(1_000);
    world.engine.handle(WorkOrderClose { work_order_id: order, closing: full_closing(5) }).await.unwrap();
    expected.push(ShiftHappening::OrderCompleted {
        words: "Seal leaks – Seal replaced".into(),
        details_pending: false,
    });
    let shown = view(&world).await;
    assert_eq!(happenings(&shown), expected);
    let requested = shown.groups.iter().find(|group| group.asset_id == Some(asset_id)).unwrap();
    assert_eq!(requested.lines.len(), 1, "lines are by machine");
    let about_order = &shown.groups.iter().find(|group| group.asset_id.is_none()).unwrap().lines[0];
    assert_eq!(about_order.order_number.as_deref(), Some("4000127"));
    assert!(about_order.by_name.is_some(), "by name");
}

#[tokio::test]
async fn what_was_undone_or_taken_back_is_not_told() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    let step = world.show(order).await.steps[0].step.work_step_id;
    let started = world.engine.handle(WorkOrderStart { work_order_id: order }).await.unwrap();
    world.engine.handle(TxnUndo { txn_id: started.txn_id.unwrap() }).await.unwrap();
    let skipped = Some(StepOutcome::Skipped { reason: "no access".into() });
    world
        .engine
        .handle(WorkStepRecord { work_step_id: step, outcome: skipped, instrument: None })
        .await
        .unwrap();
    assert_eq!(happenings(&view(&world).await).len(), 1);
    world
        .engine
        .handle(WorkStepRecord { work_step_id: step, outcome: None, instrument: None })
        .await
        .unwrap();
    assert!(happenings(&view(&world).await).is_empty());
}

#[tokio::test]
async fn a_line_with_a_voice_note_is_on_the_disk_and_hangs_on_the_machine() {
    let world = World::new().await;
    let asset_id = world.asset("P-101A").await;
    let voice = AttachmentDraft {
        media_type: "audio/webm".into(),
        file_name: "voice.webm".into(),
        bytes_base64: "cGhvdG8=".into(),
    };
    let add = ShiftEntryAdd { asset_id: Some(asset_id), attachment: Some(voice), ..line("") };
    world.engine.handle(add).await.unwrap();
    let world = world.after_kill().await;
    let shown = view(&world).await;
    let attachment = shown.groups[0].lines[0].attachment.clone().unwrap();
    let read = AttachmentRead { attachment_id: attachment.attachment_id };
    assert_eq!(world.engine.handle(read).await.unwrap().bytes_base64, "cGhvdG8=");
    let machine = world.engine.handle(AssetShow { asset_id }).await.unwrap();
    assert_eq!(machine.attachments, [attachment]);
}

#[tokio::test]
async fn a_line_that_says_nothing_is_refused_and_one_can_be_undone() {
    let world = World::new().await;
    let refused = world.engine.handle(line("  ")).await.unwrap_err();
    assert_eq!(refused.refusal, Some(Refusal::LineSaysNothing));
    let broken = AttachmentDraft {
        media_type: "audio/webm".into(),
        file_name: "v".into(),
        bytes_base64: "not base64!".into(),
    };
    let refused = world.engine.handle(ShiftEntryAdd { attachment: Some(broken), ..line("") }).await;
    assert_eq!(refused.unwrap_err().code, Code::Invalid);
    let done = world.engine.handle(line("Runs warm")).await.unwrap();
    assert_eq!(happenings(&view(&world).await).len(), 1);
    world.engine.handle(TxnUndo { txn_id: done.txn_id.unwrap() }).await.unwrap();
    assert!(happenings(&view(&world).await).is_empty());
}

#[tokio::test]
async fn two_shifts_have_two_logs_also_in_the_night_of_the_clock_change() {
    let world = World::new().await;
    in_berlin(&world, "2026-03-28", 23).await;
    world.engine.handle(line("In the night")).await.unwrap();
    let night = view(&world).await;
    assert_eq!((night.shift.name.as_str(), night.current), ("Night", true));
    assert_eq!(night.shift.ends_at.since_ms(night.shift.starts_at), 7 * HOUR, "an hour is missing");
    world.pass_ms(6 * HOUR);
    let morning = view(&world).await;
    assert_eq!(morning.shift.name, "Early", "23:00 and six hours is 06:00 in this night");
    assert!(morning.groups.is_empty());
    world.engine.handle(line("In the morning")).await.unwrap();
    let past = world.engine.handle(ShiftShow { at: Some(night.shift.starts_at) }).await.unwrap();
    assert!(!past.current);
    assert_eq!(past.later, Some(morning.shift.clone()));
    assert_eq!(morning.earlier[0], night.shift);
    let says = |view: &ShiftView| match &happenings(view)[..] {
        [ShiftHappening::Written { text, .. }] => text.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(says(&past), "In the night");
    assert_eq!(says(&view(&world).await), "In the morning");
    let ahead = ShiftShow { at: Some(morning.shift.ends_at) };
    let refused = world.engine.handle(ahead).await.unwrap_err();
    assert_eq!(refused.refusal, Some(Refusal::ShiftNotBegun));
}

#[tokio::test]
async fn the_plant_says_when_its_shifts_begin() {
    let world = World::new().await;
    let shift = |name: &str, starts_min| ShiftTime { name: name.into(), starts_min };
    for unfit in [vec![], vec![shift("A", 60), shift("B", 60)], vec![shift("A", 1_440)]] {
        let refused = world.engine.handle(ShiftPatternSave { shifts: unfit }).await.unwrap_err();
        assert!(matches!(refused.refusal, Some(Refusal::ShiftsUnfit { limit: 8 })), "{refused:?}");
    }
    let shifts = vec![shift("Nights", 1_080), shift("Days", 360)];
    let done = world.engine.handle(ShiftPatternSave { shifts }).await.unwrap();
    let shown = view(&world).await;
    assert_eq!((shown.shift.name.as_str(), shown.pattern[0].name.as_str()), ("Days", "Days"));
    world.engine.handle(TxnUndo { txn_id: done.txn_id.unwrap() }).await.unwrap();
    assert_eq!(view(&world).await.pattern, ShiftTime::usual());
    let again = ShiftPatternSave { shifts: vec![shift("Round the clock", 0)] };
    world.engine.handle(again).await.unwrap();
    assert_eq!(view(&world).await.shift.name, "Round the clock", "the one that was undone wakes up");
}

#[tokio::test]
async fn a_hand_over_is_proposed_trimmed_and_read_item_by_item_by_two_people() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    world.engine.handle(WorkOrderStart { work_order_id: order }).await.unwrap();
    world.engine.handle(line("Runs warm")).await.unwrap();
    let proposal = handed_over(&world, "Quiet").await;
    let kept: Vec<bool> = proposal.items.iter().map(|item| item.keep).collect();
    assert_eq!(kept, [true, true, false], "still open, the line; that work began is routine");
    assert!(matches!(
        proposal.items[0].line.item.happening,
        ShiftHappening::StillOpen { status: WorkOrderStatus::InProgress }
    ));
    let today = world.engine.handle(TodayShow {}).await.unwrap();
    assert!(today.unread.is_empty(), "who hands over has nothing to read");

    let (bernd, carla) = (another(&world, "Bernd").await, another(&world, "Carla").await);
    hold(&world, bernd).await;
    world.pass_ms(8 * HOUR);
    let today = world.engine.handle(TodayShow {}).await.unwrap();
    let unread = &today.unread[0];
    assert_eq!(unread.lines.len(), 3, "the words and two items");
    assert_eq!(unread.lines[0].line.item.happening, ShiftHappening::Said { text: "Quiet".into() });
    let handover_id = unread.handover_id;
    let first = unread.lines[0].line.item.item_id;
    let done = world.engine.handle(HandoverAcknowledge { handover_id, items: vec![first] }).await.unwrap();
    assert_eq!(world.engine.handle(TodayShow {}).await.unwrap().unread[0].lines.len(), 2);
    world.engine.handle(TxnUndo { txn_id: done.txn_id.unwrap() }).await.unwrap();
    assert_eq!(world.engine.handle(TodayShow {}).await.unwrap().unread[0].lines.len(), 3);
    let all: Vec<uuid::Uuid> = unread.lines.iter().map(|line| line.line.item.item_id).collect();
    let acknowledge = HandoverAcknowledge { handover_id, items: all.clone() };
    world.engine.handle(acknowledge.clone()).await.unwrap();
    assert!(world.engine.handle(TodayShow {}).await.unwrap().unread.is_empty());
    let again = world.engine.handle(acknowledge.clone()).await.unwrap();
    assert_eq!(again.txn_id, None, "read is read");

    hold(&world, carla).await;
    assert_eq!(
        world.engine.handle(TodayShow {}).await.unwrap().unread[0].lines.len(),
        3,
        "each for themselves"
    );
    world.pass_ms(60_000);
    world.engine.handle(HandoverAcknowledge { handover_id, items: vec![first] }).await.unwrap();
    let shift = ShiftShow { at: Some(proposal.shift.starts_at) };
    let shown = world.engine.handle(shift).await.unwrap();
    let names: Vec<Option<String>> =
        shown.handovers[0].lines[0].acknowledged.iter().map(|read| read.person_name.clone()).collect();
    assert_eq!(names, [Some("Bernd".into()), Some("Carla".into())]);

    world.pass_ms(72 * HOUR);
    assert!(
        world.engine.handle(TodayShow {}).await.unwrap().unread.is_empty(),
        "after three days it asks only for what nobody has read"
    );
    let stranger = HandoverAcknowledge { handover_id, items: vec![uuid::Uuid::from_u128(1)] };
    assert_eq!(world.engine.handle(stranger).await.unwrap_err().code, Code::NotFound);
}

#[tokio::test]
async fn an_item_that_nobody_has_read_asks_until_somebody_does() {
    let world = World::new().await;
    handed_over(&world, "The fire door sticks").await;
    let bernd = another(&world, "Bernd").await;
    hold(&world, bernd).await;
    world.pass_ms(30 * 24 * HOUR);
    let unread = world.engine.handle(TodayShow {}).await.unwrap().unread;
    let items = unread[0].lines.iter().map(|line| line.line.item.item_id).collect();
    let read = HandoverAcknowledge { handover_id: unread[0].handover_id, items };
    world.engine.handle(read).await.unwrap();
    let carla = another(&world, "Carla").await;
    hold(&world, carla).await;
    assert!(world.engine.handle(TodayShow {}).await.unwrap().unread.is_empty());
}

#[tokio::test]
async fn who_hands_over_a_little_late_means_the_shift_that_has_just_ended() {
    let world = World::new().await;
    world.engine.handle(line("Runs warm")).await.unwrap();
    let shift = view(&world).await.shift;
    world.clock.0.store(shift.ends_at.0 + HOUR / 2, std::sync::atomic::Ordering::SeqCst);
    let proposal = world.engine.handle(HandoverPrepare { at: None }).await.unwrap();
    assert_eq!((&proposal.shift, proposal.items.len()), (&shift, 1));
    handed_over(&world, "").await;
    let proposal = world.engine.handle(HandoverPrepare { at: None }).await.unwrap();
    assert_eq!(proposal.shift.starts_at, shift.ends_at, "it was handed over: the running one is meant");
}

#[tokio::test]
async fn a_line_that_is_no_longer_in_the_log_is_not_handed_over() {
    let world = World::new().await;
    let done = world.engine.handle(line("Runs warm")).await.unwrap();
    let proposal = world.engine.handle(HandoverPrepare { at: None }).await.unwrap();
    world.engine.handle(TxnUndo { txn_id: done.txn_id.unwrap() }).await.unwrap();
    let items = proposal.items.iter().map(|item| item.line.item.item_id).collect();
    let give = HandoverGive { at: proposal.shift.starts_at, text: String::new(), items };
    let refused = world.engine.handle(give).await.unwrap_err();
    assert_eq!(refused.refusal, Some(Refusal::NotHere { what: Missing::Line }));
}

#[tokio::test]
async fn nothing_of_a_shift_leaves_the_plant_and_a_rebuild_gives_equal_rows() {
    let world = World::new().await;
    let asset_id = world.asset("P-101A").await;
    world.engine.handle(ShiftEntryAdd { asset_id: Some(asset_id), ..line("Runs warm") }).await.unwrap();
    handed_over(&world, "Quiet").await;
    let bernd = another(&world, "Bernd").await;
    hold(&world, bernd).await;
    world.engine.handle(PersonRoleSet { person_id: bernd, role: PersonRole::Supervisor }).await.unwrap();
    let unread = world.engine.handle(TodayShow {}).await.unwrap().unread;
    let items = unread[0].lines.iter().map(|line| line.line.item.item_id).collect();
    let read = HandoverAcknowledge { handover_id: unread[0].handover_id, items };
    world.engine.handle(read).await.unwrap();
    world.deliver().await;
    assert!(world.erp.facts().is_empty(), "{:?}", world.erp.facts());
    let before = dump(&world).await;
    assert!(before["handover_acknowledgement"].len() == 2 && before["shift_entry"].len() == 1);
    world.engine.database().rebuild().await.unwrap();
    assert_eq!(dump(&world).await, before);
}
