//! Orders as people work on them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set up its world fails")]

mod common;

use common::*;
use millwright_engine::Handle;
use millwright_model::*;

#[tokio::test]
async fn nobody_picked_means_nobody_can_record_and_the_error_says_so() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    world.engine.handle(PersonPick { person_id: None }).await.unwrap();
    let error = world.engine.handle(WorkOrderStart { work_order_id: order }).await.unwrap_err();
    assert_eq!(error.code, Code::NoActor);
}

#[tokio::test]
async fn closing_takes_four_inputs_and_books_the_time() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    world.engine.handle(WorkOrderStart { work_order_id: order }).await.unwrap();
    world.pass_ms(42 * 60_000);
    world.engine.handle(WorkOrderClose { work_order_id: order, closing: full_closing(40) }).await.unwrap();
    let view = world.show(order).await;
    assert_eq!(view.overview.order.status, WorkOrderStatus::Completed);
    assert_eq!(view.labour_minutes, 40, "what the person said counts, not the timer");
    assert!(view.timer.is_none(), "the timer stopped");
}

#[tokio::test]
async fn done_details_later_always_works_and_lands_on_a_list() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    let step = world
        .engine
        .handle(WorkStepAdd {
            work_order_id: order,
            draft: StepDraft { title: "Measure".into(), form: StepForm::Check, mandatory: true },
        })
        .await
        .unwrap();
    let refused = world
        .engine
        .handle(WorkOrderClose { work_order_id: order, closing: full_closing(5) })
        .await
        .unwrap_err();
    assert!(refused.message.contains("Measure"), "{}", refused.message);
    let Some(Refusal::StepsToDo { steps }) = refused.refusal else { panic!("{:?}", refused.refusal) };
    assert!(matches!(steps.as_slice(), [step] if step.ends_with("Measure")), "{steps:?}");
    world
        .engine
        .handle(WorkOrderClose { work_order_id: order, closing: Closing::DetailsLater })
        .await
        .unwrap();
    assert_eq!(world.engine.handle(TodayShow {}).await.unwrap().details_pending.len(), 1);
    world
        .engine
        .handle(WorkStepRecord { work_step_id: step, outcome: Some(StepOutcome::Checked), instrument: None })
        .await
        .unwrap();
    world.engine.handle(WorkOrderClose { work_order_id: order, closing: full_closing(5) }).await.unwrap();
    assert!(world.engine.handle(TodayShow {}).await.unwrap().details_pending.is_empty());
    assert_eq!(world.show(order).await.labour_minutes, 5);
}

#[tokio::test]
async fn a_reading_is_judged_by_the_engine_whatever_the_screen_says() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    let form = StepForm::Measurement { unit: "mm".into(), low: None, high: Some(0.05), decimals: 2 };
    let step = world
        .engine
        .handle(WorkStepAdd {
            work_order_id: order,
            draft: StepDraft { title: "Run-out".into(), form, mandatory: false },
        })
        .await
        .unwrap();
    world
        .engine
        .handle(WorkStepRecord {
            work_step_id: step,
            outcome: Some(StepOutcome::Measured { value: 0.08, in_limits: true }),
            instrument: None,
        })
        .await
        .unwrap();
    let view = world.show(order).await;
    let recorded = view.steps.iter().find(|view| view.step.work_step_id == step).unwrap();
    assert_eq!(recorded.step.outcome, Some(StepOutcome::Measured { value: 0.08, in_limits: false }));
    let not_a_number = world
        .engine
        .handle(WorkStepRecord {
            work_step_id: step,
            outcome: Some(StepOutcome::Measured { value: f64::NAN, in_limits: true }),
            instrument: None,
        })
        .await;
    assert!(not_a_number.is_err());
}

#[tokio::test]
async fn an_outcome_that_the_step_did_not_ask_for_is_refused() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    let step = world.show(order).await.steps[0].step.work_step_id;
    let refused = world
        .engine
        .handle(WorkStepRecord { work_step_id: step, outcome: Some(StepOutcome::Passed), instrument: None })
        .await
        .unwrap_err();
    assert_eq!(refused.code, Code::Invalid);
}

#[tokio::test]
async fn completed_work_cannot_be_started_again() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    world.engine.handle(WorkOrderClose { work_order_id: order, closing: full_closing(1) }).await.unwrap();
    let error = world.engine.handle(WorkOrderStart { work_order_id: order }).await.unwrap_err();
    assert_eq!(error.code, Code::Precondition);
    assert!(error.message.contains("completed"), "{}", error.message);
    let Some(Refusal::NoSuchMove { from, to, .. }) = error.refusal else { panic!("{error:?}") };
    assert_eq!((from, to), (WorkOrderStatus::Completed, WorkOrderStatus::InProgress));
}

#[tokio::test]
async fn a_photo_is_on_disk_before_its_op_and_survives_a_kill() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    let command = AttachmentAdd {
        work_order_id: Some(order),
        work_step_id: None,
        asset_id: None,
        request_id: None,
        media_type: "image/jpeg".into(),
        file_name: "seal.jpg".into(),
        bytes_base64: "cGhvdG8=".into(),
        part: None,
    };
    let id = world.engine.handle(command).await.unwrap();
    let world = world.after_kill().await;
    let read = world.engine.handle(AttachmentRead { attachment_id: id }).await.unwrap();
    assert_eq!(read.bytes_base64, "cGhvdG8=");
    assert_eq!(world.sync().await.state.photos_only_here, 1);
}

#[tokio::test]
async fn everything_recorded_survives_a_kill() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    world.engine.handle(WorkOrderStart { work_order_id: order }).await.unwrap();
    world.engine.handle(NoteAdd { work_order_id: order, text: "Seal face scored".into() }).await.unwrap();
    let before = world.show(order).await;
    let world = world.after_kill().await;
    let after = world.show(order).await;
    assert_eq!(before.notes, after.notes);
    assert_eq!(before.overview, after.overview);
}

#[tokio::test]
async fn names_of_people_are_in_no_file_of_the_directory() {
    let world = World::new().await;
    world
        .engine
        .handle(PersonAdd { name: "Zebulon Quist".into(), erp_number: None, language: "en".into() })
        .await
        .unwrap();
    world.engine.close().await.unwrap();
    for entry in std::fs::read_dir(world.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            assert!(!bytes.windows(7).any(|window| window == b"Zebulon"), "{}", path.display());
        }
    }
}

#[tokio::test]
async fn a_csv_with_one_bad_row_changes_nothing_and_names_the_row() {
    let world = World::new().await;
    let csv = "code;name;level;parent\nN;North;site;\nP-1;Pump;machine;N\nP-2;Pump;gadget;N\nP-3;Pump;machine;NOWHERE\n";
    let report = world.engine.handle(AssetImport { csv: csv.into(), dry_run: false }).await.unwrap();
    assert_eq!(report.refused.iter().map(|row| row.line).collect::<Vec<_>>(), [4, 5]);
    assert!(report.refused[0].reason.contains("gadget"));
    assert!(world.engine.handle(AssetTree {}).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_same_csv_twice_changes_nothing() {
    let world = World::new().await;
    let csv = "code,name,level,parent,criticality\nN,North,site,,\nP-101A,Cooling water pump,machine,N,A\n"
        .to_owned();
    let first = world.engine.handle(AssetImport { csv: csv.clone(), dry_run: false }).await.unwrap();
    assert_eq!((first.created, first.same), (2, 0));
    let second = world.engine.handle(AssetImport { csv, dry_run: false }).await.unwrap();
    assert_eq!((second.created, second.changed, second.same), (0, 0, 2));
}

#[tokio::test]
async fn a_csv_with_wrong_columns_says_which() {
    let world = World::new().await;
    let error = world
        .engine
        .handle(AssetImport { csv: "kode,name\n1,2\n".into(), dry_run: false })
        .await
        .unwrap_err();
    assert!(error.message.contains("kode") && error.message.contains("code"), "{}", error.message);
}

#[tokio::test]
async fn a_code_is_learnt_once_and_then_known() {
    let world = World::new().await;
    let csv = "code,name,level\nP-101A,Cooling water pump,machine\n".to_owned();
    world.engine.handle(AssetImport { csv, dry_run: false }).await.unwrap();
    let unknown = world.engine.handle(ScanResolve { code: "0815".into() }).await.unwrap();
    assert_eq!(unknown, ScanFinding::Unknown { code: "0815".into() });
    let ScanFinding::Asset { asset, .. } =
        world.engine.handle(ScanResolve { code: "p 101 a".into() }).await.unwrap()
    else {
        panic!("the code itself is known")
    };
    world.engine.handle(LabelLearn { code: "0815".into(), asset_id: asset.asset_id }).await.unwrap();
    let known = world.engine.handle(ScanResolve { code: "0815".into() }).await.unwrap();
    assert!(matches!(known, ScanFinding::Asset { asset: found, .. } if found.asset_id == asset.asset_id));
}

#[tokio::test]
async fn the_window_is_told_what_became_stale() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    world.shell.0.lock().unwrap().clear();
    world.engine.handle(NoteAdd { work_order_id: order, text: "x".into() }).await.unwrap();
    let told = world.shell.0.lock().unwrap().clone();
    assert!(
        told.iter()
            .any(|event| matches!(event, Event::Changed(tags) if tags.contains(&CacheTag::WorkOrder(order))))
    );
}

#[tokio::test]
async fn every_change_of_an_order_is_in_its_history_with_who_and_how_sure() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    world.engine.handle(WorkOrderStart { work_order_id: order }).await.unwrap();
    let history =
        world.engine.handle(HistoryShow { entity: Entity::WorkOrder, entity_id: order.0 }).await.unwrap();
    let entities: Vec<Entity> = history.iter().map(|entry| entry.entity).collect();
    // Newest first: the start, then the pull with the step that came with the order.
    assert_eq!(entities, [Entity::WorkOrder, Entity::WorkOrder, Entity::WorkStep]);
    assert_eq!((history[0].actor.as_str(), history[0].assurance), ("Anna Weber", Assurance::Picked));
    assert_eq!(history[1].actor, "ERP test");
}

#[tokio::test]
async fn an_order_is_made_with_its_checklist_and_the_checklist_is_mended_until_it_is_recorded() {
    let world = World::new().await;
    let draft = |title: &str, form: StepForm| StepDraft { title: title.into(), form, mandatory: true };
    let measure = StepForm::Measurement { unit: "mm".into(), low: None, high: Some(0.05), decimals: 2 };
    let order = world
        .engine
        .handle(WorkOrderCreate {
            title: "Align the coupling".into(),
            description: String::new(),
            asset_id: None,
            priority: Priority::Medium,
            request_id: None,
            due_at: Some(TimestampMs(99)),
            assignee_id: None,
            steps: vec![draft("Lock out", StepForm::Check), draft("Measure", measure)],
        })
        .await
        .unwrap();
    let steps = world.show(order).await.steps;
    let titles: Vec<(i64, &str)> =
        steps.iter().map(|view| (view.step.position, view.step.title.as_str())).collect();
    assert_eq!(titles, [(1, "Lock out"), (2, "Measure")]);
    let (first, second) = (steps[0].step.work_step_id, steps[1].step.work_step_id);
    let choice = StepForm::Choice { options: vec!["good".into(), "worn".into()] };
    let edit = WorkStepEdit { work_step_id: second, draft: draft("Look at the insert", choice.clone()) };
    world.engine.handle(edit).await.unwrap();
    assert_eq!(world.show(order).await.steps[1].step.form, choice);
    let outcome = Some(StepOutcome::Checked);
    world.engine.handle(WorkStepRecord { work_step_id: first, outcome, instrument: None }).await.unwrap();
    let refused = world.engine.handle(WorkStepRemove { work_step_id: first }).await.unwrap_err();
    assert_eq!(refused.code, Code::Precondition, "what is recorded is not removed: {}", refused.message);
    world.engine.handle(WorkStepRemove { work_step_id: second }).await.unwrap();
    assert_eq!(world.show(order).await.steps.len(), 1);
    let history =
        world.engine.handle(HistoryShow { entity: Entity::WorkOrder, entity_id: order.0 }).await.unwrap();
    let removed = history.iter().find(|entry| entry.kind == OpKind::Delete).unwrap();
    assert_eq!(removed.about.as_deref(), Some("Look at the insert"), "the history keeps what was removed");
}

#[tokio::test]
async fn a_step_says_whether_it_can_be_changed_here_as_the_engine_would() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    let draft = |title: &str| StepDraft { title: title.into(), form: StepForm::Check, mandatory: false };
    for title in ["Look at the seal", "Wipe the sensor"] {
        world.engine.handle(WorkStepAdd { work_order_id: order, draft: draft(title) }).await.unwrap();
    }
    let steps = world.show(order).await.steps;
    let own = steps[1].step.work_step_id;
    let outcome = Some(StepOutcome::Checked);
    world.engine.handle(WorkStepRecord { work_step_id: own, outcome, instrument: None }).await.unwrap();
    let asked = async || {
        let mut asked = Vec::new();
        for view in world.show(order).await.steps {
            let edit = WorkStepEdit { work_step_id: view.step.work_step_id, draft: draft(&view.step.title) };
            let refusal = world.engine.handle(edit).await.err().and_then(|error| error.refusal);
            assert_eq!(view.changeable, refusal.is_none(), "{refusal:?}");
            asked.push(refusal);
        }
        asked
    };
    let of_erp = Some(Refusal::StepOfErp { position: steps[0].step.position });
    let recorded = Some(Refusal::StepRecorded { position: steps[1].step.position });
    assert_eq!(asked().await, [of_erp.clone(), recorded.clone(), None]);
    world.engine.handle(WorkOrderClose { work_order_id: order, closing: full_closing(1) }).await.unwrap();
    let number = world.show(order).await.overview.order.number().to_owned();
    let closed = Some(Refusal::OrderClosed { order: number });
    assert_eq!(asked().await, [of_erp, recorded, closed]);
}

#[tokio::test]
async fn an_order_is_edited_while_it_is_open_and_the_history_names_people_and_machines() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    let before = world.show(order).await.overview.order;
    let people = world.engine.handle(PersonList {}).await.unwrap();
    let edit = WorkOrderEdit {
        work_order_id: order,
        title: before.title.clone(),
        description: before.description.clone(),
        priority: Priority::Emergency,
        due_at: Some(TimestampMs(1_800_000_000_000)),
        assignee_id: Some(people[0].person_id),
        asset_id: before.asset_id,
    };
    world.engine.handle(edit.clone()).await.unwrap();
    let history =
        world.engine.handle(HistoryShow { entity: Entity::WorkOrder, entity_id: order.0 }).await.unwrap();
    let changed = &history[0];
    assert!(changed.fields.contains_key("due_at") && !changed.fields.contains_key("title"));
    let named = changed.names.get(&people[0].person_id.to_string());
    assert_eq!(named, people[0].name.as_ref());
    let stranger = WorkOrderEdit { assignee_id: Some(PersonId(uuid::Uuid::from_u128(4711))), ..edit.clone() };
    assert_eq!(world.engine.handle(stranger).await.unwrap_err().code, Code::NotFound);
    world
        .engine
        .handle(WorkOrderClose { work_order_id: order, closing: Closing::DetailsLater })
        .await
        .unwrap();
    let late = world.engine.handle(edit).await.unwrap_err();
    assert_eq!(late.code, Code::Precondition, "completed work is corrected, not edited: {}", late.message);
}

#[tokio::test]
async fn a_request_becomes_one_order_and_both_know_each_other() {
    let world = World::new().await;
    let asset_id = world.asset("P-1").await;
    let raise = RequestRaise {
        asset_id,
        part: None,
        text: "It leaks".into(),
        priority: Priority::High,
        machine_down: true,
    };
    let request_id = world.engine.handle(raise).await.unwrap();
    let photo = AttachmentAdd {
        work_order_id: None,
        work_step_id: None,
        asset_id: None,
        request_id: Some(request_id),
        media_type: "image/jpeg".into(),
        file_name: "leak.jpg".into(),
        bytes_base64: "AAAA".into(),
        part: None,
    };
    world.engine.handle(photo.clone()).await.unwrap();
    let take_over = WorkOrderCreate {
        title: "It leaks".into(),
        description: String::new(),
        asset_id: Some(asset_id),
        priority: Priority::High,
        request_id: Some(request_id),
        due_at: None,
        assignee_id: None,
        steps: vec![],
    };
    let order = world.engine.handle(take_over.clone()).await.unwrap();
    let view = world.show(order).await;
    let request = view.request.unwrap();
    assert_eq!(
        (request.request.request_id, request.photos.len()),
        (request_id, 1),
        "the order shows the request"
    );
    let listed = world.engine.handle(RequestList { open_only: false }).await.unwrap();
    assert_eq!(
        listed[0].order.as_ref().map(|order| order.work_order_id),
        Some(order),
        "and it leads to the order"
    );
    let twice = world.engine.handle(take_over).await.unwrap_err();
    assert_eq!(twice.code, Code::Precondition, "nobody does the same work twice: {}", twice.message);
    let of_asset = AttachmentAdd { request_id: None, asset_id: Some(asset_id), ..photo };
    world.engine.handle(of_asset).await.unwrap();
    assert_eq!(world.engine.handle(AssetShow { asset_id }).await.unwrap().attachments.len(), 1);
}

#[tokio::test]
async fn a_removed_tag_stays_in_the_history_of_its_machine() {
    let world = World::new().await;
    let asset_id = world.asset("P-1").await;
    let binding = TagBinding {
        tag_binding_id: TagBindingId::default(),
        asset_id,
        series: SeriesKey("uns:a".into()),
        name: "Vibration".into(),
        unit: "mm/s".into(),
        usual_low: None,
        usual_high: None,
        limit_low: None,
        limit_high: Some(3.5),
        silence_ms: 60_000,
        position: 1,
    };
    world.engine.handle(TagBindingSave { binding }).await.unwrap();
    let bound = world.engine.handle(AssetShow { asset_id }).await.unwrap().tags.remove(0).binding;
    let stricter = TagBinding { limit_high: Some(3.0), ..bound.clone() };
    world.engine.handle(TagBindingSave { binding: stricter }).await.unwrap();
    world.engine.handle(TagBindingRemove { tag_binding_id: bound.tag_binding_id }).await.unwrap();
    assert!(world.engine.handle(AssetShow { asset_id }).await.unwrap().tags.is_empty());
    let history =
        world.engine.handle(HistoryShow { entity: Entity::Asset, entity_id: asset_id.0 }).await.unwrap();
    let of_tag: Vec<(OpKind, Option<&str>)> = history
        .iter()
        .filter(|entry| entry.entity == Entity::TagBinding)
        .map(|entry| (entry.kind, entry.about.as_deref()))
        .collect();
    let named = Some("Vibration");
    assert_eq!(of_tag, [(OpKind::Delete, named), (OpKind::Update, named), (OpKind::Create, named)]);
}

#[tokio::test]
async fn a_frame_without_a_code_is_calm_and_a_broken_frame_is_refused() {
    let world = World::new().await;
    let frame =
        |width: u32, height: u32, brightness_base64: String| CodeRead { width, height, brightness_base64 };
    // 64 × 48 pixels of one grey: 3072 bytes are 4096 characters.
    let grey = world.engine.handle(frame(64, 48, "gICA".repeat(1024))).await.unwrap();
    assert_eq!(grey, None);
    for broken in
        [frame(64, 48, "gICA".into()), frame(64, 48, "%".into()), frame(1 << 20, 1 << 20, String::new())]
    {
        assert_eq!(world.engine.handle(broken).await.unwrap_err().code, Code::Invalid);
    }
}

#[cfg(not(feature = "test-clock"))]
#[tokio::test]
async fn an_engine_that_was_not_built_for_tests_lets_nobody_set_its_clock() {
    let world = World::new().await;
    let refused = world.engine.call("test_clock_set", serde_json::json!({"offset_ms": 1})).await.unwrap_err();
    assert_eq!(refused.code, Code::Invalid);
    assert!(refused.message.contains("there is no command"), "{}", refused.message);
}

#[tokio::test]
async fn a_fault_that_is_pinned_on_a_part_says_so_here_and_to_the_erp() {
    let world = World::new().await;
    let asset_id = world.asset("P-1").await;
    let raise = RequestRaise {
        asset_id,
        part: Some(" SEAL-45 ".into()),
        text: "It leaks".into(),
        priority: Priority::High,
        machine_down: false,
    };
    world.engine.handle(raise.clone()).await.unwrap();
    let listed = world.engine.handle(RequestList { open_only: true }).await.unwrap();
    assert_eq!(listed[0].request.part.as_deref(), Some("SEAL-45"));
    world.deliver().await;
    let told = world.erp.facts().into_iter().find_map(|fact| match fact {
        Fact::RequestRaised { text, .. } => Some(text),
        _ => None,
    });
    assert_eq!(told.as_deref(), Some("SEAL-45: It leaks"));
    let long = RequestRaise { part: Some("x".repeat(201)), ..raise };
    assert_eq!(world.engine.handle(long).await.unwrap_err().code, Code::Invalid);
}
