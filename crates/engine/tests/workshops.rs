//! SWOT workshops: begun, written on several devices apart, met again with nothing lost, and what is left out of a board.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set up its world fails")]

mod common;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::rogue::Rogue;
use common::team::*;
use common::*;
use millwright_documents::workshop::{Beginning, Workshop as Document, WorkshopRefusal};
use millwright_engine::brief::Reader;
use millwright_engine::{BoardTold, Handle as _, Mint as _, RandomMint, board_pptx};
use millwright_model::*;
use serde_json::json;
use uuid::Uuid;

async fn begin(world: &World, title: &str) -> WorkshopId {
    let begin = WorkshopCreate { title: title.into(), language: "en".into(), last_year: None };
    world.engine.handle(begin).await.unwrap()
}

async fn view(world: &World, workshop_id: WorkshopId) -> WorkshopView {
    world.engine.handle(WorkshopShow { workshop_id }).await.unwrap()
}

async fn board(world: &World, workshop_id: WorkshopId) -> Board {
    view(world, workshop_id).await.board
}

async fn write(world: &World, workshop_id: WorkshopId, acts: Vec<WorkshopAct>) -> WorkshopView {
    world.engine.handle(WorkshopWrite { workshop_id, acts, seat: None }).await.unwrap()
}

async fn refused(world: &World, workshop_id: WorkshopId, act: WorkshopAct) -> WorkshopFault {
    let error =
        world.engine.handle(WorkshopWrite { workshop_id, acts: vec![act], seat: None }).await.unwrap_err();
    match error.refusal {
        Some(Refusal::Workshop { fault }) => fault,
        other => panic!("{other:?}"),
    }
}

async fn note(world: &World, workshop_id: WorkshopId, frame: FrameKind, text: &str) -> WorkshopNoteId {
    let put = WorkshopNotePut {
        workshop_id,
        note_id: None,
        frame: frame.key().into(),
        text: text.into(),
        seat: None,
    };
    world.engine.handle(put).await.unwrap()
}

fn phase(phase: WorkshopPhase) -> WorkshopAct {
    WorkshopAct::Phase { phase }
}

fn texts(board: &Board) -> Vec<&str> {
    let mut texts: Vec<&str> = board.notes.iter().map(|note| note.text.as_str()).collect();
    texts.sort_unstable();
    texts
}

fn fresh_id() -> Uuid {
    RandomMint.uuid(MORNING)
}

async fn person(world: &World) -> PersonId {
    world.engine.handle(AppStatus {}).await.unwrap().person.unwrap().person_id
}

/// A node with a workshop of Anna's, and a tablet of Ben's, who takes part.
async fn room() -> (Plant, World, WorkshopId) {
    let plant = Plant::new().await;
    let tablet = plant.tablet_of("Ben's", "Ben Novak").await;
    tablet.meet().await;
    let workshop_id = begin(&plant.node, "SWOT 2027").await;
    let admit = WorkshopAdmit { workshop_id, person_ids: vec![person(&tablet).await] };
    plant.node.engine.handle(admit).await.unwrap();
    tablet.meet().await;
    (plant, tablet, workshop_id)
}

/// The updates of a board as they lie here.
async fn updates(world: &World, workshop_id: WorkshopId) -> Vec<DocumentUpdate> {
    let mut session = world.engine.database().read().await.unwrap();
    session.updates_of_document(workshop_id.0).await.unwrap()
}

fn says(updates: &[DocumentUpdate], text: &str) -> bool {
    let bytes = updates.iter().map(|update| STANDARD.decode(&update.bytes).unwrap());
    bytes.into_iter().any(|bytes| bytes.windows(text.len()).any(|window| window == text.as_bytes()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workshop_goes_from_silent_notes_to_an_action_that_its_owner_finds_in_today() {
    let world = World::new().await;
    let workshop_id = begin(&world, "SWOT 2027").await;
    let first = note(&world, workshop_id, FrameKind::Strengths, "Own seal workshop").await;
    let second = note(&world, workshop_id, FrameKind::Strengths, "We have a seal workshop of our own").await;
    let threat = note(&world, workshop_id, FrameKind::Threats, "Supplier A is in trouble").await;
    let seen = view(&world, workshop_id).await;
    assert!(seen.board.notes.is_empty() && seen.private.len() == 3, "they are on this device only");
    let seen = world.engine.handle(WorkshopReveal { workshop_id }).await.unwrap();
    assert_eq!((seen.board.notes.len(), seen.private.len()), (3, 0));
    assert_eq!(seen.board.phase, WorkshopPhase::Reveal);

    let cluster_id = ClusterId(fresh_id());
    let seen = write(
        &world,
        workshop_id,
        vec![
            phase(WorkshopPhase::Cluster),
            WorkshopAct::Cluster { cluster_id, title: "Own seals".into() },
            WorkshopAct::IntoCluster { note_id: first, cluster_id: Some(cluster_id) },
            WorkshopAct::IntoCluster { note_id: second, cluster_id: Some(cluster_id) },
        ],
    )
    .await;
    assert!(seen.alike.is_empty(), "what is together is not proposed again");
    let (seals, supplier) = (WorkshopItemId::from(cluster_id), WorkshopItemId::from(threat));
    let seen = write(
        &world,
        workshop_id,
        vec![
            phase(WorkshopPhase::Vote),
            WorkshopAct::Vote { item_id: seals, votes: 3 },
            WorkshopAct::Vote { item_id: supplier, votes: 2 },
            WorkshopAct::Shortlist { item_id: seals, on: true },
            WorkshopAct::Shortlist { item_id: supplier, on: true },
        ],
    )
    .await;
    assert_eq!(seen.board.votes[0].left, 0);
    let more = WorkshopAct::Vote { item_id: seals, votes: 4 };
    assert_eq!(refused(&world, workshop_id, more).await, WorkshopFault::NoVotesLeft { left: 0, wanted: 1 });
    let seen = write(
        &world,
        workshop_id,
        vec![
            phase(WorkshopPhase::Weigh),
            WorkshopAct::Points { item_id: seals, points: 100 },
            WorkshopAct::Points { item_id: supplier, points: 100 },
            WorkshopAct::Rate { item_id: seals, rating: Some(4) },
            WorkshopAct::Rate { item_id: supplier, rating: Some(2) },
        ],
    )
    .await;
    assert_eq!(seen.weight(seals), Some(1.0));
    assert_eq!((seen.scores.internal.total, seen.scores.external.total), (Some(4.0), Some(2.0)));
    assert_eq!(seen.scores.pairs[0].kind, PairKind::StrengthThreat);

    let (strategy_id, action_id) = (StrategyId(fresh_id()), WorkshopActionId(fresh_id()));
    let anna = person(&world).await;
    let action = BoardAction {
        action_id,
        text: "Stock the seals of supplier A".into(),
        owner: Some(anna),
        due: CivilDate::from_ymd(2000, 1, 1),
        strategy_id: Some(strategy_id),
        done: false,
    };
    let text = "Make the seals ourselves".to_owned();
    write(
        &world,
        workshop_id,
        vec![
            phase(WorkshopPhase::Pair),
            WorkshopAct::Strategy { strategy_id, internal: seals, external: supplier, text },
            phase(WorkshopPhase::Act),
            WorkshopAct::Action { action: action.clone() },
        ],
    )
    .await;
    let found = world.engine.handle(WorkshopActionList {}).await.unwrap();
    assert_eq!((found[0].action.clone(), found[0].late), (action, true));

    // It ends: the board stays, the action goes on until it is done.
    world.engine.handle(WorkshopEnd { workshop_id }).await.unwrap();
    let late = WorkshopAct::Title { title: "Too late".into() };
    assert_eq!(refused(&world, workshop_id, late).await, WorkshopFault::Ended);
    write(&world, workshop_id, vec![WorkshopAct::ActionDone { action_id, done: true }]).await;
    assert_eq!(world.engine.handle(WorkshopActionList {}).await.unwrap(), []);

    // Taken out and brought in, it says the same.
    let export = |form| WorkshopExport { workshop_id, form, language: Some("de".into()) };
    let json = world.engine.handle(export(WorkshopForm::Json)).await.unwrap();
    let again = world.engine.handle(WorkshopImport { bytes_base64: json.bytes_base64 }).await.unwrap();
    let (was, is) = (board(&world, workshop_id).await, board(&world, again).await);
    assert_eq!((is.notes, is.clusters, is.actions), (was.notes, was.clusters, was.actions));
    let markdown = world.engine.handle(export(WorkshopForm::Markdown)).await.unwrap();
    let text = String::from_utf8(STANDARD.decode(markdown.bytes_base64).unwrap()).unwrap();
    assert!(text.contains("## Stärken") && text.contains("Make the seals ourselves"), "{text}");
    let pdf = world.engine.handle(export(WorkshopForm::Pdf)).await.unwrap();
    assert!(STANDARD.decode(pdf.bytes_base64).unwrap().starts_with(b"%PDF"));
    let deck = world.engine.handle(export(WorkshopForm::Pptx)).await.unwrap();
    assert!(deck.file_name.ends_with(".pptx"), "{}", deck.file_name);
    let slides = slides(&STANDARD.decode(deck.bytes_base64).unwrap());
    assert!(slides[0].contains("SWOT 2027") && slides[0].contains("Geleitet von: Anna Weber"), "{slides:?}");
    let all = slides.join(" ");
    for said in [
        "Own seals",
        "\u{2013} We have a seal workshop of our own",
        "Innen (IFE): 4,00",
        "Außen (EFE): 2,00",
        "Stärken wehren Risiken ab",
        "Make the seals ourselves",
        "Stock the seals of supplier A",
        "01.01.2000",
        "Erledigt",
    ] {
        assert!(all.contains(said), "«{said}» is not in {all}");
    }
}

/// The words of all slides of a deck, each paragraph with a blank behind it.
fn slides(bytes: &[u8]) -> Vec<String> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let count = archive.file_names().filter(|name| name.starts_with("ppt/slides/slide")).count();
    (1..=count)
        .map(|number| {
            let part = archive.by_name(&format!("ppt/slides/slide{number}.xml")).unwrap();
            let xml = std::io::read_to_string(part).unwrap();
            let runs = xml.split("<a:t>").skip(1).map(|rest| rest.split("</a:t>").next().unwrap());
            runs.collect::<Vec<_>>().join(" ").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        })
        .collect()
}

/// A board with many notes, all on the short list, strategies, and more actions than a slide holds.
fn long_board() -> Board {
    let anna = ParticipantId(Uuid::from_u128(1));
    let beginning = Beginning {
        workshop_id: WorkshopId(Uuid::from_u128(9)),
        title: "Plant 2 <next> year & beyond".to_owned(),
        language: "en".to_owned(),
        allowance: 60,
        facilitator: anna,
        person_id: None,
    };
    let mut document = Document::begin(&beginning, WorkshopDevice(7)).unwrap();
    let note_id = |place: usize| WorkshopNoteId::of(anna, place as u64);
    let item = |place: usize| WorkshopItemId::from(note_id(place));
    let mut acts = vec![phase(WorkshopPhase::Reveal)];
    for (place, kind) in (0..60).zip(FrameKind::SWOT.into_iter().cycle()) {
        let text = format!("Note {place:02} of {}: what we saw and what it does to us", kind.key());
        let frame = kind.key().to_owned();
        acts.push(WorkshopAct::AddNote { note_id: note_id(place), frame, text, on_paper: false });
    }
    acts.push(phase(WorkshopPhase::Vote));
    acts.extend((0..12).map(|place| WorkshopAct::Shortlist { item_id: item(place), on: true }));
    acts.push(WorkshopAct::Vote { item_id: item(59), votes: 7 });
    acts.push(phase(WorkshopPhase::Weigh));
    for place in 0..12 {
        // Strengths 3 or 4, weaknesses 1 or 2.
        let rating = if place % 4 == 1 { 2 } else { 3 };
        acts.push(WorkshopAct::Rate { item_id: item(place), rating: Some(rating) });
        let points = if place < 4 { 20 } else { 15 };
        acts.push(WorkshopAct::Points { item_id: item(place), points });
    }
    acts.push(phase(WorkshopPhase::Pair));
    for place in 0..6 {
        acts.push(WorkshopAct::Strategy {
            strategy_id: StrategyId(Uuid::from_u128(100 + place)),
            internal: item(0),
            external: item(2),
            text: format!("Strategy {place} of many"),
        });
    }
    acts.push(phase(WorkshopPhase::Act));
    for place in 0..40 {
        acts.push(WorkshopAct::Action {
            action: BoardAction {
                action_id: WorkshopActionId(Uuid::from_u128(200 + place)),
                text: format!("Action {place:02}, to be done before the others"),
                owner: None,
                due: CivilDate::from_ymd(2027, 1, 1 + (place % 28) as u32),
                strategy_id: Some(StrategyId(Uuid::from_u128(100 + place % 6))),
                done: place % 2 == 0,
            },
        });
    }
    for act in acts {
        document.act(anna, &act).unwrap();
    }
    document.board().clone()
}

fn told() -> BoardTold {
    BoardTold::of_board(long_board(), TimestampMs(1_790_000_000_000))
}

fn reader(language: &str) -> Reader {
    Reader { language: language.to_owned(), zone: "Europe/Berlin".to_owned() }
}

#[test]
fn every_word_of_a_long_board_comes_back_on_slides_of_either_language() {
    let told = told();
    for (language, more) in [("en", "Strengths take opportunities"), ("de", "Stärken nutzen Chancen")] {
        let written = board_pptx(&told, &reader(language)).unwrap();
        let slides = slides(&written.bytes);
        assert_eq!(slides.len(), written.slides);
        let all = slides.join(" ");
        let board = &told.board;
        let notes = board.notes.iter().map(|note| &note.text);
        let strategies = board.strategies.iter().map(|strategy| &strategy.text);
        let actions = board.actions.iter().map(|action| &action.text);
        assert_eq!((board.notes.len(), board.strategies.len(), board.actions.len()), (60, 6, 40));
        for said in notes.chain(strategies).chain(actions).chain([&board.title]) {
            assert!(all.contains(said.as_str()), "{language}: «{said}» is not in {all}");
        }
        assert!(all.contains(more), "{all}");
        // The beginning, four frames, IFE and EFE, four kinds of pairs, actions: what is long goes on with more slides.
        assert!(slides.len() > 1 + 4 + 2 + 4 + 1, "{}", slides.len());
        assert_eq!(written.bytes, board_pptx(&told, &reader(language)).unwrap().bytes, "the same bytes");
    }
    let all = slides(&board_pptx(&told, &reader("en")).unwrap().bytes).join(" ");
    assert!(all.find("Note 59").unwrap() < all.find("Note 03").unwrap(), "the most votes first");
}

/// Somebody else's office opens a board's deck and prints it: only among the long checks, which install it.
#[test]
fn an_office_opens_the_slides_of_a_board_and_prints_them() {
    if std::env::var_os("MILLWRIGHT_LONG").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let written = board_pptx(&told(), &reader("de")).unwrap();
    let file = folder.path().join("board.pptx");
    std::fs::write(&file, &written.bytes).unwrap();
    let profile = format!("-env:UserInstallation=file://{}", folder.path().join("profile").display());
    let done = std::process::Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", "pdf", "--outdir"])
        .arg(folder.path())
        .arg(&file)
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let document = lopdf::Document::load(folder.path().join("board.pdf")).unwrap();
    assert_eq!(document.get_pages().len(), written.slides);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_two_devices_wrote_apart_is_all_there_when_they_meet() {
    let (plant, tablet, workshop_id) = room().await;
    let ours = note(&plant.node, workshop_id, FrameKind::Strengths, "Anna's own note").await;
    let theirs = note(&tablet, workshop_id, FrameKind::Weaknesses, "Ben's own note").await;
    plant.node.engine.handle(WorkshopReveal { workshop_id }).await.unwrap();
    tablet.meet().await;
    tablet.engine.handle(WorkshopReveal { workshop_id }).await.unwrap();
    tablet.meet().await;
    write(&plant.node, workshop_id, vec![phase(WorkshopPhase::Vote)]).await;
    tablet.meet().await;
    // Apart: both vote, for both notes.
    let vote = |note_id: WorkshopNoteId, votes| WorkshopAct::Vote { item_id: note_id.into(), votes };
    write(&plant.node, workshop_id, vec![vote(ours, 3), vote(theirs, 2)]).await;
    write(&tablet, workshop_id, vec![vote(ours, 1), vote(theirs, 4)]).await;
    for world in [&plant.node, &tablet] {
        let votes: u32 = board(world, workshop_id).await.items.iter().map(|item| item.votes).sum();
        assert_eq!(votes, 5, "so far each knows its own");
    }
    tablet.meet().await;
    let (there, here) = (board(&plant.node, workshop_id).await, board(&tablet, workshop_id).await);
    assert_eq!(there, here);
    assert_eq!(texts(&here), ["Anna's own note", "Ben's own note"]);
    let votes = |note_id: WorkshopNoteId| here.item(note_id.into()).unwrap().votes;
    assert_eq!((votes(ours), votes(theirs)), (4, 6));
    all_equal(&plant.node, &[&tablet]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn private_notes_are_in_no_update_before_they_are_revealed() {
    let (plant, tablet, workshop_id) = room().await;
    let secret = "Nobody trains the night shift";
    note(&tablet, workshop_id, FrameKind::Weaknesses, secret).await;
    tablet
        .engine
        .handle(WorkshopReveal { workshop_id })
        .await
        .expect_err("whoever leads ends the collecting");
    tablet.meet().await;
    assert!(!says(&updates(&tablet, workshop_id).await, secret));
    assert!(!says(&updates(&plant.node, workshop_id).await, secret));
    assert!(board(&plant.node, workshop_id).await.notes.is_empty());
    // Who holds the tablet next does not see it, but that there is one.
    let add = PersonAdd { name: "Cora".into(), erp_number: None, language: "en".into() };
    let (ben, cora) = (person(&tablet).await, tablet.engine.handle(add).await.unwrap());
    tablet.engine.handle(PersonPick { person_id: Some(cora) }).await.unwrap();
    let seen = view(&tablet, workshop_id).await;
    assert_eq!((seen.me, seen.private.len(), seen.private_of_others), (None, 0, 1));
    tablet.engine.handle(PersonPick { person_id: Some(ben) }).await.unwrap();
    plant.node.engine.handle(WorkshopReveal { workshop_id }).await.unwrap();
    tablet.meet().await;
    tablet.engine.handle(WorkshopReveal { workshop_id }).await.unwrap();
    tablet.meet().await;
    assert!(says(&updates(&plant.node, workshop_id).await, secret), "the look at bytes finds what is there");
    assert_eq!(texts(&board(&plant.node, workshop_id).await), [secret]);
    assert_eq!(view(&tablet, workshop_id).await.private, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_whoever_leads_says_where_the_workshop_stands() {
    let (plant, tablet, workshop_id) = room().await;
    let fault = refused(&tablet, workshop_id, phase(WorkshopPhase::Vote)).await;
    assert_eq!(fault, WorkshopFault::NoRight { needed: WorkshopNeeds::Facilitator });
    assert_eq!(board(&tablet, workshop_id).await.phase, WorkshopPhase::Collect);
    // Somebody on the same tablet who was not let in does nothing at all.
    let add = PersonAdd { name: "Cora".into(), erp_number: None, language: "en".into() };
    let cora = tablet.engine.handle(add).await.unwrap();
    tablet.engine.handle(PersonPick { person_id: Some(cora) }).await.unwrap();
    assert_eq!(refused(&tablet, workshop_id, phase(WorkshopPhase::Vote)).await, WorkshopFault::NotLetIn);
    // A tablet that joins the team later is let in by the next change of whoever leads.
    let late = plant.tablet_of("Late", "Dora").await;
    late.meet().await;
    let admit = WorkshopAdmit { workshop_id, person_ids: vec![person(&late).await] };
    plant.node.engine.handle(admit).await.unwrap();
    late.meet().await;
    assert!(view(&late, workshop_id).await.may_write);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_hostile_device_writes_is_left_out_of_the_board_and_named() {
    let (plant, tablet, workshop_id) = room().await;
    note(&plant.node, workshop_id, FrameKind::Strengths, "Own seal workshop").await;
    let good = plant.node.engine.handle(WorkshopReveal { workshop_id }).await.unwrap().board;
    let mut rogue = Rogue::let_in(&plant.node, &[]).await;
    // A board of its own under the same id, in which it leads.
    let beginning = Beginning {
        workshop_id,
        title: "Mine".into(),
        language: "en".into(),
        allowance: 100,
        facilitator: ParticipantId(fresh_id()),
        person_id: None,
    };
    let forged = Document::begin(&beginning, WorkshopDevice(7)).unwrap().everything().unwrap();
    let update = |device: DeviceId, bytes: &[u8]| {
        [
            ("document_update_id", json!(null)),
            ("document_id", json!(workshop_id)),
            ("bytes", json!(STANDARD.encode(bytes))),
            ("written_at", json!(0)),
            ("written_by", json!(null)),
            ("written_on", json!(device)),
        ]
    };
    let mut offered = Vec::new();
    for bytes in [forged.as_slice(), b"no update at all"] {
        let id = fresh_id();
        let mut fields = update(rogue.device_id, bytes);
        fields[0].1 = json!(id);
        let op = rogue.create(Entity::DocumentUpdate, id, &fields);
        assert_eq!(rogue.offer(&plant.node, vec![op]).await.unwrap(), Verdict::Accepted);
        offered.push(DocumentUpdateId(id));
    }
    // In the name of the node's own device it does not even become a record.
    let node_device = millwright_engine::simulation::device_id(&plant.node.engine);
    let id = fresh_id();
    let mut fields = update(node_device, &forged);
    fields[0].1 = json!(id);
    let op = rogue.create(Entity::DocumentUpdate, id, &fields);
    let verdict = rogue.offer(&plant.node, vec![op]).await.unwrap();
    let reason = RejectReason::ValueUnfit { field: "written_on".into() };
    assert_eq!(verdict, Verdict::Rejected { reason });
    // The board is as it was, here and there, and goes on; what was left out is named.
    tablet.meet().await;
    for world in [&plant.node, &tablet] {
        let seen = view(world, workshop_id).await;
        assert_eq!(seen.board, good);
        let mut left: Vec<_> = seen.left_out.iter().map(|left| left.document_update_id).collect();
        left.sort_unstable();
        let mut expected = offered.clone();
        expected.sort_unstable();
        assert_eq!(left, expected);
        let unknown = WorkshopRefusal::UnknownDevice { device: WorkshopDevice(7) }.to_string();
        assert!(seen.left_out.iter().any(|left| left.reason == unknown), "{:?}", seen.left_out);
    }
    write(&plant.node, workshop_id, vec![phase(WorkshopPhase::Cluster)]).await;
    // A device that fills up anew, with all of it at once, comes to the same board.
    let fresh = plant.tablet("Fresh").await;
    fresh.meet().await;
    assert_eq!(board(&fresh, workshop_id).await, board(&plant.node, workshop_id).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn this_year_is_read_beside_last_year() {
    let world = World::new().await;
    let last = begin(&world, "SWOT 2026").await;
    for text in ["Own seal workshop", "Night shift without a planner"] {
        note(&world, last, FrameKind::Strengths, text).await;
    }
    world.engine.handle(WorkshopReveal { workshop_id: last }).await.unwrap();
    let create = WorkshopCreate { title: "SWOT 2027".into(), language: "en".into(), last_year: Some(last) };
    let workshop_id = world.engine.handle(create).await.unwrap();
    note(&world, workshop_id, FrameKind::Weaknesses, "Our own seal workshop").await;
    note(&world, workshop_id, FrameKind::Threats, "Stricter discharge limits").await;
    world.engine.handle(WorkshopReveal { workshop_id }).await.unwrap();
    let years = view(&world, workshop_id).await.years.unwrap();
    let counts = (years.kept.len(), years.new.len(), years.gone.len());
    assert_eq!((years.title_before.as_str(), counts), ("SWOT 2026", (1, 1, 1)));
    assert!(years.kept[0].moved, "what was a strength is a weakness now");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_is_the_same_after_the_device_was_switched_off() {
    let world = World::new().await;
    let workshop_id = begin(&world, "SWOT 2027").await;
    note(&world, workshop_id, FrameKind::Strengths, "Own seal workshop").await;
    world.engine.handle(WorkshopReveal { workshop_id }).await.unwrap();
    note_on_board(&world, workshop_id, 7, "Written after the first").await;
    let before = board(&world, workshop_id).await;
    let world = world.after_kill().await;
    assert_eq!(board(&world, workshop_id).await, before);
    note_on_board(&world, workshop_id, 8, "Written after the start").await;
    assert_eq!(board(&world, workshop_id).await.notes.len(), 3);
}

async fn note_on_board(world: &World, workshop_id: WorkshopId, random: u64, text: &str) {
    let me = view(world, workshop_id).await.me.unwrap();
    let (note_id, frame) = (WorkshopNoteId::of(me, random), FrameKind::Threats.key().to_owned());
    let act = WorkshopAct::AddNote { note_id, frame, text: text.into(), on_paper: false };
    write(world, workshop_id, vec![act]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_later_it_is_time_to_look_again() {
    let world = World::new().await;
    let before = begin(&world, "SWOT 2027").await;
    let person_id = person(&world).await;
    world.engine.handle(PersonRoleSet { person_id, role: PersonRole::Supervisor }).await.unwrap();
    let asks = || async {
        let today = world.engine.handle(TodayShow {}).await.unwrap();
        let is_it = |exception: &TodayException| matches!(exception, TodayException::WorkshopAgain { workshop_id, .. } if *workshop_id == before);
        today.exceptions.iter().any(is_it)
    };
    world.pass_ms(360 * 24 * 3_600_000);
    assert!(!asks().await);
    world.pass_ms(6 * 24 * 3_600_000);
    assert!(asks().await);
    begin(&world, "SWOT 2028").await;
    assert!(!asks().await, "the next one was begun");
}
