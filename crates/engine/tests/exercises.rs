//! Tabletop exercises: from a template to a report and an action that its owner finds in Today, over pauses, kills and two
//! devices that log apart.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails where it stands")]

mod common;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::team::*;
use common::*;
use millwright_engine::Handle as _;
use millwright_model::*;

const MINUTE_MS: i64 = 60_000;

async fn scenario(world: &World) -> ScenarioId {
    let create = ScenarioCreate {
        name: None,
        language: "en".into(),
        template: Some("key-supplier".into()),
        text: None,
    };
    world.engine.handle(create).await.unwrap()
}

/// The exercise of a key supplier that fails.
async fn planned(world: &World) -> ExerciseId {
    let create = ExerciseCreate {
        scenario_id: scenario(world).await,
        title: None,
        language: "en".into(),
        template: Some("key-supplier".into()),
    };
    world.engine.handle(create).await.unwrap()
}

async fn view(world: &World, exercise_id: ExerciseId) -> ExerciseView {
    world.engine.handle(ExerciseShow { exercise_id }).await.unwrap()
}

async fn moves(world: &World, exercise_id: ExerciseId, act: ExerciseAct) -> ExerciseClock {
    world.engine.handle(ExerciseClockMove { exercise_id, act }).await.unwrap()
}

/// What the clock reads, in minutes.
async fn reads(world: &World, exercise_id: ExerciseId) -> i64 {
    view(world, exercise_id).await.clock.reading_ms(world.now().await) / MINUTE_MS
}

fn response(exercise_id: ExerciseId, inject: &ExerciseInject, text: &str, met: InjectMet) -> ExerciseLog {
    ExerciseLog {
        exercise_id,
        entry_kind: ExerciseEntryKind::Response,
        inject_id: Some(inject.exercise_inject_id),
        role_id: None,
        text: text.into(),
        met: Some(met),
        corrects: None,
    }
}

fn entry(exercise_id: ExerciseId, entry_kind: ExerciseEntryKind, text: &str) -> ExerciseLog {
    ExerciseLog {
        exercise_id,
        entry_kind,
        inject_id: None,
        role_id: None,
        text: text.into(),
        met: None,
        corrects: None,
    }
}

fn fault<T: std::fmt::Debug>(refused: Result<T, ApiError>) -> ExerciseFault {
    match refused.unwrap_err().refusal {
        Some(Refusal::Exercise { fault }) => fault,
        other => panic!("{other:?}"),
    }
}

async fn anna(world: &World) -> PersonId {
    world.engine.handle(AppStatus {}).await.unwrap().person.unwrap().person_id
}

fn save(inject: &ExerciseInject, at_ms: i64) -> ExerciseInjectSave {
    ExerciseInjectSave {
        exercise_inject_id: Some(inject.exercise_inject_id),
        exercise_id: inject.exercise_id,
        at_ms,
        sender: inject.sender.clone(),
        role_id: inject.role_id,
        means: inject.means,
        message: inject.message.clone(),
        expected: inject.expected.clone(),
        notes: inject.notes.clone(),
    }
}

#[tokio::test]
async fn the_template_of_the_scenario_comes_first_and_every_template_makes_an_exercise_in_both_languages() {
    let world = World::new().await;
    let scenario_id = scenario(&world).await;
    for language in ["en", "de"] {
        let list = ExerciseTemplateList { scenario_id, language: language.into() };
        let templates = world.engine.handle(list).await.unwrap();
        assert_eq!(templates.len(), 6);
        assert_eq!(templates[0].key, "key-supplier");
        assert_eq!(templates.iter().filter(|template| template.fits).count(), 1);
        for template in templates {
            let create = ExerciseCreate {
                scenario_id,
                title: None,
                language: language.into(),
                template: Some(template.key.clone()),
            };
            let exercise_id = world.engine.handle(create).await.unwrap();
            let view = view(&world, exercise_id).await;
            assert_eq!(view.exercise.title, template.title);
            assert_eq!(view.injects.len() as u32, template.inject_count);
            assert_eq!(view.roles.len() as u32, template.role_count);
            assert!(view.injects.iter().all(|inject| view.role(inject.role_id).is_some()));
        }
    }
    let all = world.engine.handle(ExerciseList { scenario_id: Some(scenario_id) }).await.unwrap();
    assert_eq!(all.len(), 12);
    let others = world.engine.handle(ExerciseList { scenario_id: Some(ScenarioId::default()) }).await;
    assert_eq!(others.unwrap(), []);
    let unknown =
        ExerciseCreate { scenario_id, title: None, language: "en".into(), template: Some("flood".into()) };
    let refused = fault(world.engine.handle(unknown).await);
    assert_eq!(refused, ExerciseFault::NoTemplate { key: "flood".into() });
}

#[tokio::test]
async fn an_exercise_goes_from_a_template_over_a_paused_clock_to_a_report_and_an_action_in_today() {
    let world = World::new().await;
    let exercise_id = planned(&world).await;
    let before = view(&world, exercise_id).await;
    let person_id = anna(&world).await;
    let purchasing = before.roles.iter().find(|role| role.name == "Purchasing").unwrap();
    let cast = ExerciseRoleSave {
        exercise_role_id: Some(purchasing.exercise_role_id),
        exercise_id,
        name: "Purchasing".into(),
        person_id: Some(person_id),
    };
    world.engine.handle(cast).await.unwrap();
    let [first, second, third, ..] = &before.injects[..] else { panic!("three injects: {before:?}") };
    assert_eq!((first.at_ms, second.at_ms, third.at_ms), (0, 8 * MINUTE_MS, 16 * MINUTE_MS));

    moves(&world, exercise_id, ExerciseAct::Start).await;
    world
        .engine
        .handle(response(exercise_id, first, "Promised parts for Monday", InjectMet::NotMet))
        .await
        .unwrap();
    world.pass_ms(5 * MINUTE_MS);
    moves(&world, exercise_id, ExerciseAct::Pause).await;
    world.pass_ms(20 * MINUTE_MS);
    assert_eq!(reads(&world, exercise_id).await, 5, "who talks does not lose exercise time");
    let early = world.engine.handle(response(exercise_id, second, "", InjectMet::AsExpected)).await;
    assert_eq!(fault(early), ExerciseFault::InjectNotCome);
    moves(&world, exercise_id, ExerciseAct::Resume).await;
    world.pass_ms(3 * MINUTE_MS);
    assert_eq!(view(&world, exercise_id).await.came(world.now().await).count(), 2);
    world
        .engine
        .handle(response(exercise_id, second, "Listed the open orders", InjectMet::Partly))
        .await
        .unwrap();
    moves(&world, exercise_id, ExerciseAct::Jump { to_ms: third.at_ms }).await;
    world.engine.handle(response(exercise_id, third, "Counted the stock", InjectMet::Better)).await.unwrap();
    let decision = entry(exercise_id, ExerciseEntryKind::Decision, "One voice to customers: sales");
    world.engine.handle(decision).await.unwrap();
    let strength = entry(exercise_id, ExerciseEntryKind::Strength, "The team was together in minutes");
    world.engine.handle(strength).await.unwrap();
    moves(&world, exercise_id, ExerciseAct::End).await;
    let improve = entry(exercise_id, ExerciseEntryKind::Improve, "Nobody knew what may be promised");
    world.engine.handle(improve).await.unwrap();

    let view = view(&world, exercise_id).await;
    let of_second = view.responses(second.exercise_inject_id).next().unwrap();
    assert_eq!((of_second.at_ms, of_second.played_by), (8 * MINUTE_MS, Some(person_id)));
    let due = CivilDate::from_ymd(2026, 11, 20);
    let action = ExerciseActionSave {
        exercise_action_id: None,
        exercise_id,
        text: "Write down what may be promised".into(),
        entry_id: view.standing(ExerciseEntryKind::Improve).next().map(|entry| entry.exercise_entry_id),
        owner: Some(person_id),
        due,
    };
    let exercise_action_id = world.engine.handle(action).await.unwrap();
    let mine = world.engine.handle(ExerciseActionList {}).await.unwrap();
    let [own] = &mine[..] else { panic!("one action: {mine:?}") };
    assert_eq!(own.action.text, "Write down what may be promised");
    assert_eq!(own.exercise_title, view.exercise.title);
    assert!(own.late, "it was due before today");

    let file = |form| ExerciseReportWrite { exercise_id, form, language: Some("en".into()) };
    let json = world.engine.handle(file(ExerciseReportForm::Json)).await.unwrap();
    let json: serde_json::Value =
        serde_json::from_slice(&STANDARD.decode(json.bytes_base64).unwrap()).unwrap();
    let report: ExerciseReport = serde_json::from_value(json["report"].clone()).unwrap();
    // Two moves of the clock are never at one moment: the end is a millisecond after the jump.
    assert_eq!(report.lasted_ms, 16 * MINUTE_MS + 1);
    let gaps: Vec<u32> = report.gaps().map(|inject| inject.number).collect();
    assert_eq!(gaps, [1, 2], "what was not met, and what was met in part; what never came is no gap");
    assert_eq!(report.injects.iter().filter(|inject| inject.came).count(), 3);
    assert_eq!(report.actions[0].owner.as_deref(), Some("Anna Weber"));
    assert_eq!(report.actions[0].because.as_deref(), Some("Nobody knew what may be promised"));
    let markdown = world.engine.handle(file(ExerciseReportForm::Markdown)).await.unwrap();
    let markdown = String::from_utf8(STANDARD.decode(markdown.bytes_base64).unwrap()).unwrap();
    for said in [
        "## Gaps",
        "Promised parts for Monday",
        "not met",
        "Anna Weber",
        "One voice to customers",
        "2026-11-20",
    ] {
        assert!(markdown.contains(said), "«{said}»: {markdown}");
    }
    let pdf = world.engine.handle(file(ExerciseReportForm::Pdf)).await.unwrap();
    assert!(STANDARD.decode(&pdf.bytes_base64).unwrap().starts_with(b"%PDF"));

    world.engine.handle(ExerciseActionDone { exercise_action_id, is_done: true }).await.unwrap();
    assert_eq!(world.engine.handle(ExerciseActionList {}).await.unwrap(), []);
}

#[tokio::test]
async fn the_clock_goes_on_after_a_kill_as_if_nothing_had_been() {
    let world = World::new().await;
    let exercise_id = planned(&world).await;
    moves(&world, exercise_id, ExerciseAct::Start).await;
    world.pass_ms(4 * MINUTE_MS);
    moves(&world, exercise_id, ExerciseAct::Speed { percent: 200 }).await;
    let first = view(&world, exercise_id).await.injects[0].clone();
    world
        .engine
        .handle(response(exercise_id, &first, "Called the team", InjectMet::AsExpected))
        .await
        .unwrap();
    let before = view(&world, exercise_id).await;
    let world = world.after_kill().await;
    world.pass_ms(3 * MINUTE_MS);
    assert_eq!(view(&world, exercise_id).await, before);
    assert_eq!(reads(&world, exercise_id).await, 10, "four minutes, and three at twice the speed");
    moves(&world, exercise_id, ExerciseAct::Pause).await;
    let world = world.after_kill().await;
    world.pass_ms(60 * MINUTE_MS);
    assert_eq!(reads(&world, exercise_id).await, 10, "it stands over night");
}

#[tokio::test]
async fn a_clock_on_the_wall_that_is_set_back_takes_no_exercise_time_away() {
    let world = World::new().await;
    let exercise_id = planned(&world).await;
    moves(&world, exercise_id, ExerciseAct::Start).await;
    world.pass_ms(10 * MINUTE_MS);
    moves(&world, exercise_id, ExerciseAct::Pause).await;
    world.pass_ms(-30 * MINUTE_MS);
    let clock = moves(&world, exercise_id, ExerciseAct::Resume).await;
    assert_eq!(clock.state, ExerciseState::Running);
    assert_eq!(reads(&world, exercise_id).await, 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_devices_that_log_at_once_both_stand_and_their_clocks_are_one() {
    let plant = Plant::new().await;
    let exercise_id = planned(&plant.node).await;
    let tablet = plant.tablet_of("Ben's", "Ben Novak").await;
    plant.node.pass_ms(11_000);
    tablet.meet().await;
    moves(&plant.node, exercise_id, ExerciseAct::Start).await;
    // The start is not held for ten seconds: the others at the table see it with the next exchange.
    tablet.engine.exchange().await.unwrap();
    let [node, other] = [&plant.node, &tablet];
    let seen = view(other, exercise_id).await;
    assert_eq!(seen.clock, view(node, exercise_id).await.clock);
    assert_eq!(seen.clock.state, ExerciseState::Running);

    // Apart: both log about the same inject, and both pause.
    for world in [node, other] {
        world.pass_ms(5 * MINUTE_MS);
    }
    let first = &seen.injects[0];
    node.engine.handle(response(exercise_id, first, "Called the team", InjectMet::AsExpected)).await.unwrap();
    other.engine.handle(response(exercise_id, first, "Promised parts", InjectMet::NotMet)).await.unwrap();
    moves(node, exercise_id, ExerciseAct::Pause).await;
    other.pass_ms(MINUTE_MS);
    moves(other, exercise_id, ExerciseAct::Pause).await;
    node.pass_ms(MINUTE_MS + 11_000);
    all_equal(node, &[other]).await;
    let (here, there) = (view(node, exercise_id).await, view(other, exercise_id).await);
    assert_eq!(here.log, there.log);
    let mut said: Vec<&str> =
        here.responses(first.exercise_inject_id).map(|entry| entry.text.as_str()).collect();
    said.sort_unstable();
    assert_eq!(said, ["Called the team", "Promised parts"]);
    assert_eq!(here.clock, there.clock);
    assert_eq!(here.clock.state, ExerciseState::Paused);
    let far = TimestampMs(MORNING.0 + 600 * MINUTE_MS);
    assert_eq!(here.clock.reading_ms(far), there.clock.reading_ms(far));
    assert_eq!(node.sync().await.conflicts, [], "nobody is asked whose pause counts");
}

#[tokio::test]
async fn nothing_is_logged_before_the_start_and_a_clock_refuses_what_leads_nowhere() {
    let world = World::new().await;
    let exercise_id = planned(&world).await;
    let first = view(&world, exercise_id).await.injects[0].clone();
    let answer = || response(exercise_id, &first, "Called the team", InjectMet::AsExpected);
    assert_eq!(fault(world.engine.handle(answer()).await), ExerciseFault::NotStarted);
    let note = || entry(exercise_id, ExerciseEntryKind::Note, "Coffee");
    assert_eq!(fault(world.engine.handle(note()).await), ExerciseFault::NotStarted);
    let tries = |act| world.engine.handle(ExerciseClockMove { exercise_id, act });
    assert_eq!(fault(tries(ExerciseAct::Pause).await), ExerciseFault::NotStarted);
    moves(&world, exercise_id, ExerciseAct::Start).await;
    assert_eq!(fault(tries(ExerciseAct::Start).await), ExerciseFault::StartedAlready);
    let unsaid = ExerciseLog { met: None, ..answer() };
    assert_eq!(fault(world.engine.handle(unsaid).await), ExerciseFault::ResponseUnfit);
    let judged = ExerciseLog { met: Some(InjectMet::Partly), ..note() };
    assert_eq!(fault(world.engine.handle(judged).await), ExerciseFault::ResponseUnfit);
    moves(&world, exercise_id, ExerciseAct::End).await;
    assert_eq!(fault(tries(ExerciseAct::Resume).await), ExerciseFault::Ended);
    world.engine.handle(answer()).await.unwrap();
    assert_eq!(view(&world, exercise_id).await.log.len(), 1, "what was done is written down afterwards too");
}

#[tokio::test]
async fn a_wrong_tap_is_undone_and_a_wrong_entry_is_corrected_without_being_lost() {
    let world = World::new().await;
    let exercise_id = planned(&world).await;
    moves(&world, exercise_id, ExerciseAct::Start).await;
    let first = view(&world, exercise_id).await.injects[0].clone();
    let tapped = world.engine.handle(response(exercise_id, &first, "", InjectMet::NotMet)).await.unwrap();
    world.engine.handle(TxnUndo { txn_id: tapped.txn_id.unwrap() }).await.unwrap();
    assert_eq!(view(&world, exercise_id).await.log, []);
    world.pass_ms(2 * MINUTE_MS);
    world.engine.handle(response(exercise_id, &first, "Waited", InjectMet::NotMet)).await.unwrap();
    world.pass_ms(30 * MINUTE_MS);
    let wrong = view(&world, exercise_id).await.log[0].clone();
    let better = ExerciseLog {
        corrects: Some(wrong.exercise_entry_id),
        ..response(exercise_id, &first, "Called the team", InjectMet::AsExpected)
    };
    world.engine.handle(better).await.unwrap();
    let view = view(&world, exercise_id).await;
    assert_eq!(view.log.len(), 2, "both are kept");
    let stands: Vec<&ExerciseEntry> = view.responses(first.exercise_inject_id).collect();
    assert_eq!(stands.len(), 1);
    assert_eq!((stands[0].text.as_str(), stands[0].at_ms), ("Called the team", wrong.at_ms));
    assert_eq!(view.met(first.exercise_inject_id), Some(InjectMet::AsExpected));
}

#[tokio::test]
async fn injects_are_moved_added_and_removed_until_they_came() {
    let world = World::new().await;
    let exercise_id = planned(&world).await;
    let injects = view(&world, exercise_id).await.injects;
    let last = injects.last().unwrap();
    let to = ExerciseInjectMove { exercise_inject_id: last.exercise_inject_id, at_ms: 2 * MINUTE_MS };
    world.engine.handle(to).await.unwrap();
    let moved = view(&world, exercise_id).await;
    assert_eq!(moved.inject(last.exercise_inject_id).unwrap().0, 2, "it is the second now");
    moves(&world, exercise_id, ExerciseAct::Start).await;
    world.pass_ms(5 * MINUTE_MS);
    let came = world.engine.handle(save(&injects[0], 60 * MINUTE_MS)).await;
    assert_eq!(fault(came), ExerciseFault::InjectCame);
    let gone = ExerciseInjectRemove { exercise_inject_id: injects[0].exercise_inject_id };
    assert_eq!(fault(world.engine.handle(gone).await), ExerciseFault::InjectCame);
    let anew = ExerciseInjectSave { exercise_inject_id: None, ..save(&injects[0], 0) };
    let inject_id = world.engine.handle(anew).await.unwrap();
    let view_now = view(&world, exercise_id).await;
    let (_, added) = view_now.inject(inject_id).unwrap();
    assert_eq!(added.at_ms, 5 * MINUTE_MS, "what is put before the present comes at once");
    let late = world.engine.handle(save(&injects[3], ExerciseInject::AT_MAX_MS + 1)).await;
    assert_eq!(fault(late), ExerciseFault::TimeUnfit);
    let gone = ExerciseInjectRemove { exercise_inject_id: injects[3].exercise_inject_id };
    world.engine.handle(gone).await.unwrap();
    assert!(view(&world, exercise_id).await.inject(injects[3].exercise_inject_id).is_none());
}

#[tokio::test]
async fn a_role_is_removed_when_no_inject_goes_to_it_and_an_exercise_until_it_began() {
    let world = World::new().await;
    let exercise_id = planned(&world).await;
    let roles = view(&world, exercise_id).await.roles;
    let remove = ExerciseRoleRemove { exercise_role_id: roles[0].exercise_role_id };
    assert_eq!(fault(world.engine.handle(remove).await), ExerciseFault::RoleInUse { count: 2 });
    let observer =
        ExerciseRoleSave { exercise_role_id: None, exercise_id, name: "Observer".into(), person_id: None };
    let exercise_role_id = world.engine.handle(observer).await.unwrap();
    assert_eq!(view(&world, exercise_id).await.roles.last().unwrap().name, "Observer");
    world.engine.handle(ExerciseRoleRemove { exercise_role_id }).await.unwrap();
    let done = world.engine.handle(ExerciseRemove { exercise_id }).await.unwrap();
    let gone = world.engine.handle(ExerciseShow { exercise_id }).await.unwrap_err();
    assert_eq!(gone.code, Code::NotFound);
    world.engine.handle(TxnUndo { txn_id: done.txn_id.unwrap() }).await.unwrap();
    assert_eq!(view(&world, exercise_id).await.roles, roles, "it comes back whole with an undo");
    moves(&world, exercise_id, ExerciseAct::Start).await;
    let refused = world.engine.handle(ExerciseRemove { exercise_id }).await;
    assert_eq!(fault(refused), ExerciseFault::StartedAlready);
}
