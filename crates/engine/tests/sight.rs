//! Looking through a camera: where the machine stands by its labels, what is not proven and what is wrong, points laid
//! by hand, recorded runs, profiles, and bytes that are no picture.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails where it stands")]

mod common;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::*;
use millwright_engine::Handle as _;
use millwright_model::*;
use millwright_vision::{CameraModel, FiducialFamily as Family, GreyFrame, RecordingWriter};

const SIZE_PX: [u32; 2] = [640, 480];
/// Metres for a pixel, on the plane of the labels.
const M_PER_PX: f64 = 0.0005;

/// A label on a wall that the camera looks straight at: its number, its middle and the width of its cells, in pixels.
#[derive(Copy, Clone)]
struct Hung {
    number: u32,
    middle_px: [i32; 2],
    cell_px: i32,
}

const LEFT: Hung = Hung { number: 3, middle_px: [150, 240], cell_px: 12 };
const RIGHT: Hung = Hung { number: 4, middle_px: [480, 200], cell_px: 12 };
const THIRD: Hung = Hung { number: 5, middle_px: [330, 380], cell_px: 8 };

impl Hung {
    fn size_m(self) -> f64 {
        f64::from(8 * self.cell_px) * M_PER_PX
    }

    /// In the machine's frame, which begins in the middle of the picture: x right, y up, z towards the camera.
    fn middle_m(self) -> [f64; 3] {
        let [x, y] = self.middle_px;
        [f64::from(x - 320) * M_PER_PX, f64::from(240 - y) * M_PER_PX, 0.0]
    }
}

/// The wall with labels on it, as the camera sees it.
fn picture(labels: &[Hung]) -> Vec<u8> {
    let mut brightness = vec![120_u8; 640 * 480];
    for label in labels {
        let cells = Family::Tag36h11.bitmap(label.number).unwrap();
        let side = cells.len() as i32 * label.cell_px;
        for y in 0..side {
            for x in 0..side {
                let (column, row) = (label.middle_px[0] - side / 2 + x, label.middle_px[1] - side / 2 + y);
                let white = cells[(y / label.cell_px) as usize][(x / label.cell_px) as usize];
                brightness[(row * 640 + column) as usize] = if white { 230 } else { 20 };
            }
        }
    }
    brightness
}

fn frame(at_s: f64, labels: &[Hung]) -> Vec<u8> {
    let head = SightHead { size_px: SIZE_PX, at_s, point_m: Some([0.0, 0.0, 0.02]) };
    [&head.to_bytes()[..], &picture(labels)].concat()
}

fn camera() -> Option<SightCamera> {
    Some(SightCamera { camera: "Rear camera".into(), focus: String::new(), size_px: SIZE_PX })
}

/// A machine on which labels are registered; `surveyed` of them hang where it is known.
async fn machine(world: &World, hung: &[Hung], surveyed: &[Hung]) -> (AssetId, Vec<FiducialId>) {
    world
        .engine
        .handle(PersonAdd { name: "Anna".into(), erp_number: None, language: "en".into() })
        .await
        .unwrap();
    let people = world.engine.handle(PersonList {}).await.unwrap();
    world.engine.handle(PersonPick { person_id: Some(people[0].person_id) }).await.unwrap();
    let asset_id = world.asset("P-1").await;
    let mut ids = vec![];
    for label in hung {
        let hang = FiducialHang {
            asset_id,
            family: FiducialFamily::Tag36h11,
            number: Some(i64::from(label.number)),
            size_mm: label.size_m() * 1_000.0,
            name: format!("Label {}", label.number),
        };
        ids.push(world.engine.handle(hang).await.unwrap());
    }
    survey(world, asset_id, hung, &ids, surveyed).await;
    (asset_id, ids)
}

async fn survey(world: &World, asset_id: AssetId, hung: &[Hung], ids: &[FiducialId], surveyed: &[Hung]) {
    let found = surveyed
        .iter()
        .filter_map(|label| {
            let place = hung.iter().position(|one| one.number == label.number)?;
            Some(FiducialFound {
                fiducial_id: ids[place],
                machine_from_label: Pose { position_m: label.middle_m(), rotation: [0.0, 0.0, 0.0, 1.0] },
                sigma: [0.0005, 0.0005, 0.0005, 0.002, 0.002, 0.002],
            })
        })
        .collect();
    world.engine.handle(FiducialSurvey { asset_id, found }).await.unwrap();
}

async fn look_at(world: &World, asset_id: AssetId) -> SightView {
    let open =
        SightOpen { purpose: SightPurpose::Machine { asset_id }, camera: camera(), recording_base64: None };
    world.engine.handle(open).await.unwrap()
}

/// How far the camera is from the wall, by its own numbers.
fn far_m() -> f64 {
    CameraModel::unmeasured(640, 480).unwrap().numbers().focal_px[0] * M_PER_PX
}

fn stands_before_the_wall(seen: &SightSeen) {
    let pose = seen.camera_from_machine.unwrap();
    let [x, y, z] = pose.position_m;
    assert!(
        x.abs() < 0.002 && y.abs() < 0.002 && (z - far_m()).abs() < 0.004,
        "{pose:?}, {} m away",
        far_m()
    );
}

#[tokio::test]
async fn labels_that_agree_say_where_the_machine_stands_and_one_alone_is_not_proven() {
    let world = World::new().await;
    let (asset_id, ids) = machine(&world, &[LEFT, RIGHT], &[LEFT, RIGHT]).await;
    let view = look_at(&world, asset_id).await;
    assert!(!view.is_measured && view.labels.len() == 2, "{view:?}");
    let both = world.engine.sight_frame(frame(0.0, &[LEFT, RIGHT])).await.unwrap();
    assert_eq!((both.proof, both.faults.len()), (SightProof::Agreeing, 0));
    let mut named: Vec<_> = both.labels.iter().map(|label| label.fiducial_id.unwrap()).collect();
    named.sort();
    let mut all = ids.clone();
    all.sort();
    assert_eq!(named, all);
    stands_before_the_wall(&both);
    let bound_mm = both.error.unwrap().bound_mm;
    assert!(bound_mm > 1.0, "a camera that nobody measured is off by its field of view: {bound_mm} mm");

    let one = world.engine.sight_frame(frame(0.1, &[LEFT])).await.unwrap();
    assert_eq!(one.proof, SightProof::OneLabel);
    assert!(one.error.unwrap().bound_mm >= bound_mm, "less is known by one");
    let none = world.engine.sight_frame(frame(2.0, &[])).await.unwrap();
    assert_eq!((none.proof, none.camera_from_machine, none.error), (SightProof::Nothing, None, None));
}

#[tokio::test]
async fn a_label_that_was_moved_is_named_and_the_others_say_where_the_machine_stands() {
    let world = World::new().await;
    let elsewhere = Hung { middle_px: [500, 360], ..THIRD };
    let (asset_id, _) = machine(&world, &[LEFT, RIGHT, THIRD], &[LEFT, RIGHT, THIRD]).await;
    look_at(&world, asset_id).await;
    let seen = world.engine.sight_frame(frame(0.0, &[LEFT, RIGHT, elsewhere])).await.unwrap();
    let [LabelFault::Moved { label, by_m }] = &seen.faults[..] else { panic!("{:?}", seen.faults) };
    assert_eq!(label, "Label 5");
    assert!((by_m - 0.086).abs() < 0.01, "{by_m} m");
    assert_eq!(seen.proof, SightProof::Agreeing);
    stands_before_the_wall(&seen);
}

#[tokio::test]
async fn a_number_that_is_seen_twice_is_taken_for_none() {
    let world = World::new().await;
    let (asset_id, _) = machine(&world, &[LEFT], &[LEFT]).await;
    look_at(&world, asset_id).await;
    let twin = Hung { number: LEFT.number, ..RIGHT };
    let seen = world.engine.sight_frame(frame(0.0, &[LEFT, twin])).await.unwrap();
    assert_eq!(
        (seen.labels.len(), seen.proof),
        (2, SightProof::Nothing),
        "two candidates are shown, none is guessed"
    );
    assert!(seen.labels.iter().all(|label| label.fiducial_id.is_none()));
}

#[tokio::test]
async fn points_that_a_person_lays_over_the_picture_say_where_the_machine_stands() {
    let world = World::new().await;
    let (asset_id, _) = machine(&world, &[LEFT], &[]).await;
    look_at(&world, asset_id).await;
    let seen = world.engine.sight_frame(frame(0.0, &[LEFT])).await.unwrap();
    assert_eq!(seen.proof, SightProof::Nothing, "nobody knows where the label hangs");
    let at = |x: f64, y: f64| AlignedPoint {
        point_m: [(x - 320.0) * M_PER_PX, (240.0 - y) * M_PER_PX, 0.0],
        at_px: [x, y],
    };
    let points = vec![at(100.0, 100.0), at(540.0, 100.0), at(540.0, 400.0), at(100.0, 400.0)];
    let seen = world.engine.handle(SightAlign { points: points.clone(), point_m: None }).await.unwrap();
    assert_eq!(seen.proof, SightProof::ByHand);
    stands_before_the_wall(&seen);
    let few = SightAlign { points: points[..3].to_vec(), point_m: None };
    let refused = world.engine.handle(few).await.unwrap_err();
    assert!(
        matches!(refused.refusal, Some(Refusal::Guide { fault: GuideFault::NoPose { .. } })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_recorded_run_is_seen_again_as_it_was_taken() {
    let world = World::new().await;
    let (asset_id, _) = machine(&world, &[LEFT, RIGHT], &[LEFT, RIGHT]).await;
    let camera = CameraModel::unmeasured(640, 480).unwrap();
    let mut writer = RecordingWriter::new(vec![], &camera, 64 << 20).unwrap();
    let brightness = picture(&[LEFT, RIGHT]);
    for at_s in [0.0, 0.1] {
        writer.write(GreyFrame::new(640, 480, 640, &brightness).unwrap(), at_s).unwrap();
    }
    let recording = writer.finish().unwrap();
    let open = |bytes: &[u8]| SightOpen {
        purpose: SightPurpose::Machine { asset_id },
        camera: None,
        recording_base64: Some(STANDARD.encode(bytes)),
    };
    let mut runs = vec![];
    for _ in 0..2 {
        world.engine.handle(open(&recording)).await.unwrap();
        let mut run = vec![];
        while let Some(mut next) = world.engine.sight_next(None).await.unwrap() {
            assert_eq!((next.size_px, &next.brightness), (SIZE_PX, &brightness));
            next.seen.took_us = 0;
            run.push(next.seen);
        }
        assert_eq!(run.len(), 2);
        assert_eq!(run[1].proof, SightProof::Agreeing);
        runs.push(run);
    }
    assert_eq!(runs[0], runs[1], "the same run says the same");
    let refused = world.engine.handle(open(&recording[..20])).await.unwrap_err();
    assert!(
        matches!(refused.refusal, Some(Refusal::Guide { fault: GuideFault::SightUnfit { .. } })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn the_profile_of_the_camera_is_taken_and_narrows_the_bound() {
    let world = World::new().await;
    let (asset_id, _) = machine(&world, &[LEFT, RIGHT], &[LEFT, RIGHT]).await;
    look_at(&world, asset_id).await;
    let before = world.engine.sight_frame(frame(0.0, &[LEFT, RIGHT])).await.unwrap();
    let numbers = CameraModel::unmeasured(1280, 960).unwrap().numbers().clone();
    let profile = CameraProfile {
        camera_profile_id: CameraProfileId::default(),
        camera: "Rear camera".into(),
        width_px: 1280,
        height_px: 960,
        focus: String::new(),
        intrinsics_px: [numbers.focal_px[0], numbers.focal_px[1], numbers.centre_px[0], numbers.centre_px[1]],
        distortion: [0.0; 5],
        sigma_px: [0.5; 4],
        residual_px: 0.2,
        coverage: 0.8,
        picture_count: 10,
        made_at: TimestampMs(0),
        made_by: None,
        ended_at: None,
    };
    world.engine.handle(CameraProfileAdd { profile }).await.unwrap();
    let view = look_at(&world, asset_id).await;
    assert!(view.is_measured, "a profile of the same camera at twice the size: {view:?}");
    let after = world.engine.sight_frame(frame(0.0, &[LEFT, RIGHT])).await.unwrap();
    let [before_mm, after_mm] = [before, after].map(|seen| seen.error.unwrap().bound_mm);
    assert!(after_mm < before_mm / 3.0, "from {before_mm} to {after_mm} mm");
}

#[tokio::test]
async fn what_is_no_picture_is_refused_and_says_why() {
    let world = World::new().await;
    let (asset_id, _) = machine(&world, &[], &[]).await;
    let refused = world.engine.sight_frame(frame(0.0, &[])).await.unwrap_err();
    assert!(matches!(refused.refusal, Some(Refusal::Guide { fault: GuideFault::NoSight })), "{refused:?}");
    look_at(&world, asset_id).await;
    let whole = frame(0.0, &[]);
    for bytes in [&[][..], &whole[..39], &whole[..whole.len() - 1]] {
        let refused = world.engine.sight_frame(bytes.to_vec()).await.unwrap_err();
        assert!(matches!(refused.refusal, Some(Refusal::Guide { fault: GuideFault::SightUnfit { .. } })));
    }
    let smaller = SightHead { size_px: [64, 48], at_s: 0.0, point_m: None };
    let bytes = [&smaller.to_bytes()[..], &[0; 64 * 48]].concat();
    assert!(world.engine.sight_frame(bytes).await.is_err(), "the camera was opened at another size");
    world.engine.handle(SightClose {}).await.unwrap();
    assert!(world.engine.sight_frame(whole).await.is_err());
}

#[tokio::test]
async fn pictures_of_the_board_that_show_nothing_new_are_not_kept_and_too_few_measure_nothing() {
    let world = World::new().await;
    let (_, _) = machine(&world, &[], &[]).await;
    let open = SightOpen { purpose: SightPurpose::Board, camera: camera(), recording_base64: None };
    world.engine.handle(open).await.unwrap();
    let board: Vec<Hung> = (0..20_i32)
        .map(|index| Hung {
            number: 560 + index as u32,
            middle_px: [110 + index % 4 * 44 * 2, 60 + index / 4 * 44 * 2],
            cell_px: 6,
        })
        .collect();
    let first = world.engine.sight_frame(frame(0.0, &board)).await.unwrap().board.unwrap();
    assert!(first.is_kept && first.picture_count == 1 && first.coverage > 0.2, "{first:?}");
    let again = world.engine.sight_frame(frame(0.1, &board)).await.unwrap().board.unwrap();
    assert!(!again.is_kept && again.picture_count == 1, "{again:?}");
    let refused = world.engine.handle(SightProfileKeep {}).await.unwrap_err();
    assert!(
        matches!(refused.refusal, Some(Refusal::Guide { fault: GuideFault::NotMeasured { .. } })),
        "{refused:?}"
    );
    assert_eq!(world.engine.handle(CameraProfileList {}).await.unwrap(), []);
}

#[tokio::test]
async fn a_camera_is_held_against_a_label_and_told_what_to_show_next() {
    let world = World::new().await;
    let (_, ids) = machine(&world, &[LEFT, RIGHT], &[]).await;
    let purpose = SightPurpose::Check { fiducial_id: ids[0] };
    let open = SightOpen { purpose, camera: camera(), recording_base64: None };
    let view = world.engine.handle(open).await.unwrap();
    assert!(!view.is_measured, "nobody measured this camera yet");
    let look = async |number: i32, labels: &[Hung]| {
        world.engine.sight_frame(frame(f64::from(number) * 0.1, labels)).await.unwrap()
    };
    let other = look(0, &[RIGHT]).await;
    assert_eq!((other.labels.len(), other.check.unwrap().picture_count), (0, 0), "another label is none");
    let twice = look(1, &[LEFT, Hung { middle_px: [480, 200], ..LEFT }]).await;
    assert_eq!(twice.check.unwrap().picture_count, 0, "of two with one number nobody knows which it is");
    let still = look(2, &[LEFT]).await.check.unwrap();
    assert_eq!(still.answer, ProfileAnswer::NotYet { show: ShowLabel::Middle });
    assert_eq!(look(3, &[LEFT]).await.check.unwrap().picture_count, 1, "the same again tells nothing new");
    for number in 0..30 {
        let middle_px = [290 + number * 2, 220 + number % 7 * 4];
        look(number + 4, &[Hung { middle_px, ..LEFT }]).await;
    }
    let told = look(40, &[Hung { middle_px: [350, 240], ..LEFT }]).await.check.unwrap();
    let ProfileAnswer::NotYet { show } = told.answer else { panic!("{told:?}: the edges were never shown") };
    assert!(!matches!(show, ShowLabel::Longer | ShowLabel::Middle), "{told:?}");
    let none = SightPurpose::Check { fiducial_id: FiducialId::default() };
    let open = SightOpen { purpose: none, camera: camera(), recording_base64: None };
    assert_eq!(world.engine.handle(open).await.unwrap_err().code, Code::NotFound);
}
