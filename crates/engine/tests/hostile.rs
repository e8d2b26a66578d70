//! A device that lies: forged actors, repeated ops, other people's areas, absurd sizes, undeclared formats, forked
//! chains, and a door held shut. Each is refused and named, nothing of it takes effect, and the others go on.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set up its world fails")]

mod common;

use std::collections::BTreeMap;

use common::rogue::*;
use common::team::*;
use common::*;
use millwright_engine::Handle as _;
use millwright_engine::simulation::{self, ToDevice, ToNode};
use millwright_model::*;
use millwright_team::{OfferedTxn, RefusedTalk, TXNS_MAX};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use uuid::Uuid;

/// What everybody else does meanwhile: it must go on, whatever the rogue said.
async fn the_others_go_on(plant: &Plant, tablet: &World) {
    let text =
        format!("Still here {}", Uuid::from_u128(plant.node.show(plant.order).await.notes.len() as u128));
    tablet.engine.handle(NoteAdd { work_order_id: plant.order, text: text.clone() }).await.unwrap();
    tablet.meet().await;
    let notes = plant.node.show(plant.order).await.notes;
    assert!(notes.iter().any(|note| note.note.text == text), "the others go on");
    all_equal(&plant.node, &[tablet]).await;
}

async fn retitled(plant: &Plant, rogue: &Rogue, to: &str) -> Op {
    let from = plant.node.title(plant.order).await;
    rogue.update(Entity::WorkOrder, plant.order.0, &[("title", json!(from), json!(to))])
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_acts_as_the_erp_as_an_unknown_person_or_with_a_proof_that_no_device_can_give() {
    let plant = Plant::new().await;
    let honest = plant.tablet("Honest").await;
    let mut rogue = Rogue::let_in(&plant.node, &[]).await;
    let somebody = plant.node.engine.handle(PersonList {}).await.unwrap().remove(0).person_id;
    let forged = [
        Actor::erp("test"),
        Actor::picked(PersonId(Uuid::from_u128(0xdead))),
        Actor { actor_id: Some("nobody".into()), ..Actor::picked(somebody) },
        Actor { assurance: Assurance::Badge, ..Actor::picked(somebody) },
        Actor { second_actor_id: Some(PersonId(Uuid::from_u128(0xbeef))), ..Actor::picked(somebody) },
    ];
    for actor in forged {
        let op = Op { actor: actor.clone(), ..retitled(&plant, &rogue, "Forged").await };
        let verdict = rogue.offer(&plant.node, vec![op]).await.unwrap();
        assert!(
            matches!(verdict, Verdict::Rejected { reason: RejectReason::ActorForged { .. } }),
            "{actor:?}: {verdict:?}"
        );
    }
    assert_eq!(plant.node.title(plant.order).await, "Replace mechanical seal");
    the_others_go_on(&plant, &honest).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_op_counts_once_whoever_repeats_it_under_whatever_name() {
    let plant = Plant::new().await;
    let honest = plant.tablet("Honest").await;
    honest.engine.handle(NoteAdd { work_order_id: plant.order, text: "Mine".into() }).await.unwrap();
    honest.meet().await;
    let mut rogue = Rogue::let_in(&plant.node, &[]).await;
    let of_another = rogue.accepted_ops(&plant.node).await;
    let of_another = of_another.into_iter().find(|op| op.entity == Entity::Note).unwrap();
    let own = rogue.note(plant.order, "Once");
    assert_eq!(rogue.offer(&plant.node, vec![own.clone()]).await.unwrap(), Verdict::Accepted);
    let replayed = Verdict::Rejected { reason: RejectReason::OpReplayed };
    assert_eq!(rogue.offer(&plant.node, vec![own.clone()]).await.unwrap(), replayed, "its own, once more");
    assert_eq!(rogue.offer(&plant.node, vec![of_another]).await.unwrap(), replayed, "another one's");
    let twice = rogue.note(plant.order, "Twice in one");
    assert_eq!(rogue.offer(&plant.node, vec![twice.clone(), twice]).await.unwrap(), replayed);
    the_others_go_on(&plant, &honest).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_of_one_area_writes_reads_and_fetches_nothing_of_another() {
    use base64::Engine as _;

    let plant = Plant::new().await;
    let csv = "code,name,level,parent,criticality,class,erp_number,uns_path\n\
               NORTH,North,area,,,,,\nSOUTH,South,area,,,,,\nP-N,Pump,machine,NORTH,,,,\nP-S,Pump,machine,SOUTH,,,,\n";
    plant.node.engine.handle(AssetImport { csv: csv.into(), dry_run: false }).await.unwrap();
    plant.node.pass_ms(11_000);
    let by_code = |code: &'static str| {
        let engine = &plant.node.engine;
        async move {
            let assets = engine.handle(AssetTree {}).await.unwrap();
            assets.into_iter().find(|asset| asset.asset.code == code).unwrap().asset.asset_id
        }
    };
    let (north, south) = (by_code("NORTH").await, by_code("P-S").await);
    let picture = vec![7_u8; 2_000];
    let add = AttachmentAdd {
        work_order_id: None,
        work_step_id: None,
        asset_id: Some(south),
        request_id: None,
        media_type: "image/jpeg".into(),
        file_name: "south.jpg".into(),
        bytes_base64: base64::engine::general_purpose::STANDARD.encode(&picture),
        part: None,
    };
    plant.node.engine.handle(add).await.unwrap();
    plant.node.pass_ms(11_000);
    let mut rogue = Rogue::let_in(&plant.node, &[north]).await;
    let name = [("name", json!("Pump"), json!("Mine now"))];
    let foreign = rogue.update(Entity::Asset, south.0, &name);
    let out = Verdict::Rejected { reason: RejectReason::OutOfScope };
    assert_eq!(rogue.offer(&plant.node, vec![foreign]).await.unwrap(), out);
    let planted = rogue.create(
        Entity::Asset,
        Uuid::from_u128(77),
        &[
            ("code", json!("X-1")),
            ("name", json!("X")),
            ("parent_id", json!(south)),
            ("level", json!("machine")),
        ],
    );
    assert_eq!(rogue.offer(&plant.node, vec![planted]).await.unwrap(), out);
    // What it is told names nothing of the other area.
    for message in
        [ToNode::Rows { after: None }, ToNode::Fetch { after: 0 }, ToNode::Fetch { after: i64::MIN }]
    {
        let answer = serde_json::to_string(&rogue.say(&plant.node, message).await).unwrap();
        assert!(answer.contains("P-N") && !answer.contains("P-S") && !answer.contains("South"), "{answer}");
    }
    let hash = blake3::hash(&picture).to_hex().to_string();
    let answer = rogue.say(&plant.node, ToNode::BlobGet { hash, offset: 0 }).await;
    assert_eq!(answer, ToDevice::BlobPiece { piece: None }, "a photo of another area");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_of_two_gigabytes_finds_no_place() {
    let plant = Plant::new().await;
    let honest = plant.tablet("Honest").await;
    let mut rogue = Rogue::let_in(&plant.node, &[]).await;
    let size = 2 * 1024 * 1024 * 1024_u64;
    let hash = "ab".repeat(32);
    let put =
        |size: u64, offset: u64| ToNode::BlobPut { hash: hash.clone(), offset, size, piece: "AAAA".into() };
    let unnamed = rogue.say(&plant.node, put(size, 0)).await;
    assert!(matches!(unnamed, ToDevice::Refused { why: RefusedTalk::Unfit { .. } }), "{unnamed:?}");
    let unnamed = rogue.say(&plant.node, put(3, 0)).await;
    assert_eq!(unnamed, ToDevice::Refused { why: RefusedTalk::TooEarly });
    let named = rogue.attachment(plant.order, &hash, size as i64);
    let verdict = rogue.offer(&plant.node, vec![named]).await.unwrap();
    assert!(matches!(verdict, Verdict::Rejected { reason: RejectReason::TooLarge { .. } }), "{verdict:?}");
    let refused = rogue.say(&plant.node, put(size, 0)).await;
    assert!(matches!(refused, ToDevice::Refused { why: RefusedTalk::Unfit { .. } }), "{refused:?}");
    // One that says it is small and brings other bytes, or bytes behind its end.
    let small = rogue.attachment(plant.order, &hash, 3);
    assert_eq!(rogue.offer(&plant.node, vec![small]).await.unwrap(), Verdict::Accepted);
    for message in [put(3, 0), put(3, 2), put(3, u64::MAX), put(u64::MAX, 0)] {
        let answer = rogue.say(&plant.node, message).await;
        let nothing_kept = matches!(answer, ToDevice::Refused { .. } | ToDevice::BlobHas { offset: 0 });
        assert!(nothing_kept, "{answer:?}");
    }
    let has = rogue.say(&plant.node, ToNode::BlobGet { hash: hash.clone(), offset: 0 }).await;
    assert_eq!(has, ToDevice::BlobPiece { piece: None });
    // The others have a photo that nobody can bring: they say so and go on.
    the_others_go_on(&plant, &honest).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undeclared_format_or_an_absurd_size_is_rejected_and_the_chain_goes_on() {
    let plant = Plant::new().await;
    let honest = plant.tablet("Honest").await;
    let mut rogue = Rogue::let_in(&plant.node, &[]).await;
    let op = rogue.note(plant.order, "From the future");
    let verdict = rogue.offer_as(&plant.node, OP_FORMAT + 1, vec![op]).await.unwrap();
    assert_eq!(
        verdict,
        Verdict::Rejected { reason: RejectReason::FormatUnknown { format: OP_FORMAT + 1, known: OP_FORMAT } }
    );
    let long = rogue.note(plant.order, &"x".repeat(9 * 1024 * 1024));
    let wide = rogue.note(plant.order, &"x".repeat(1024 * 1024));
    let deep = (0..100).fold(json!(1), |value, _| json!([value]));
    let nested = rogue.update(Entity::WorkOrder, plant.order.0, &[("description", json!(""), deep)]);
    let many = (0..2_000).map(|number| (format!("field_{number}"), json!(number))).collect::<Vec<_>>();
    let many: Vec<(&str, serde_json::Value)> =
        many.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    let many = rogue.create(Entity::Note, Uuid::from_u128(4), &many);
    let named = "n".repeat(10_000);
    let named = rogue.update(Entity::WorkOrder, plant.order.0, &[(named.as_str(), json!(null), json!(1))]);
    for (what, op) in [("long", long), ("wide", wide), ("nested", nested), ("many", many), ("named", named)] {
        let verdict = rogue.offer(&plant.node, vec![op]).await.unwrap();
        assert!(matches!(verdict, Verdict::Rejected { .. }), "{what}: {verdict:?}");
    }
    let op = rogue.note(plant.order, "As it should be");
    assert_eq!(rogue.offer(&plant.node, vec![op]).await.unwrap(), Verdict::Accepted, "its chain goes on");
    let too_many = vec![rogue.sealed(OP_FORMAT, vec![]); TXNS_MAX + 1];
    let answer = rogue.say(&plant.node, ToNode::Offer { txns: too_many, person_keys: vec![] }).await;
    assert!(matches!(answer, ToDevice::Refused { why: RefusedTalk::Unfit { .. } }), "{answer:?}");
    the_others_go_on(&plant, &honest).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn values_that_no_column_can_hold_are_rejected_with_their_field() {
    let plant = Plant::new().await;
    let honest = plant.tablet("Honest").await;
    let mut rogue = Rogue::let_in(&plant.node, &[]).await;
    let order = plant.order.0;
    let title = plant.node.title(plant.order).await;
    let bad = [
        rogue.update(Entity::WorkOrder, order, &[("title", json!(title), json!(7))]),
        rogue.update(Entity::WorkOrder, order, &[("status", json!("released"), json!("exploded"))]),
        rogue.update(Entity::WorkOrder, order, &[("due_at", json!(null), json!("tomorrow"))]),
        rogue.create(Entity::Note, Uuid::from_u128(3), &[]),
        rogue.create(
            Entity::Labour,
            Uuid::from_u128(3),
            &[("minutes", json!(i64::MAX)), ("work_order_id", json!("x"))],
        ),
        rogue.update(Entity::WorkOrder, Uuid::from_u128(0xdead), &[("title", json!("a"), json!("b"))]),
    ];
    for op in bad {
        let named = format!("{:?}", op.fields);
        let verdict = rogue.offer(&plant.node, vec![op]).await.unwrap();
        assert!(matches!(verdict, Verdict::Rejected { .. }), "{named}: {verdict:?}");
    }
    the_others_go_on(&plant, &honest).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forked_chain_or_a_false_signature_shuts_its_device_up_until_a_person_has_looked() {
    let plant = Plant::new().await;
    let honest = plant.tablet("Honest").await;
    let mut forked = Rogue::let_in(&plant.node, &[]).await;
    let first = forked.sealed(OP_FORMAT, vec![forked.note(plant.order, "One")]);
    let second = forked.sealed(OP_FORMAT, vec![forked.note(plant.order, "Another in its place")]);
    assert_eq!(forked.offer_sealed(&plant.node, first).await.unwrap(), Verdict::Accepted);
    assert_eq!(forked.offer_sealed(&plant.node, second).await, Err(RefusedTalk::ChainForked));
    let mut liar = Rogue::let_in(&plant.node, &[]).await;
    let mut unsigned = liar.sealed(OP_FORMAT, vec![liar.note(plant.order, "Unsigned")]);
    unsigned.sig = "00".repeat(64);
    assert_eq!(liar.offer_sealed(&plant.node, unsigned).await, Err(RefusedTalk::SignatureWrong));
    // A transaction of another device, brought as one's own.
    let mut thief = Rogue::let_in(&plant.node, &[]).await;
    let stolen = liar.sealed(OP_FORMAT, vec![liar.note(plant.order, "Stolen")]);
    let refused = thief.offer_sealed(&plant.node, stolen).await.unwrap_err();
    assert!(matches!(refused, RefusedTalk::Unfit { .. }), "{refused:?}");
    for rogue in [&mut forked, &mut liar] {
        for message in [ToNode::Fetch { after: 0 }, ToNode::Rows { after: None }, ToNode::Wait { after: 0 }] {
            let answer = rogue.say(&plant.node, message).await;
            assert!(matches!(answer, ToDevice::Refused { why: RefusedTalk::ChainForked }), "{answer:?}");
        }
    }
    let view = plant.node.engine.handle(TeamShow {}).await.unwrap();
    let quarantined: BTreeMap<_, _> = view
        .devices
        .iter()
        .filter_map(|device| Some((device.device.device_id, device.quarantined.clone()?)))
        .collect();
    assert_eq!(quarantined.len(), 2, "people see which, and why");
    assert!(quarantined[&forked.device_id].contains("forked"));
    assert_eq!(plant.node.show(plant.order).await.notes.len(), 1);
    the_others_go_on(&plant, &honest).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn absurd_numbers_in_a_greeting_or_a_question_change_nothing() {
    let plant = Plant::new().await;
    let honest = plant.tablet("Honest").await;
    let rogue = Rogue::let_in(&plant.node, &[]).await;
    for checkpoint in [i64::MIN, -1, i64::MAX] {
        let hello = ToNode::Hello {
            format: 1,
            op_format: u16::MAX,
            checkpoint,
            holder: Some(PersonId(Uuid::from_u128(5))),
            pending: u64::MAX,
        };
        rogue.say(&plant.node, hello).await;
        rogue.say(&plant.node, ToNode::Fetch { after: checkpoint }).await;
        plant.node.engine.handle(TeamShow {}).await.unwrap();
        honest.meet().await;
    }
    let hello = ToNode::Hello { format: 999, op_format: 1, checkpoint: 0, holder: None, pending: 0 };
    let answer = rogue.say(&plant.node, hello).await;
    assert!(matches!(answer, ToDevice::Refused { why: RefusedTalk::FormatUnknown { .. } }), "{answer:?}");
    for hash in ["", "../../../etc/passwd", "zz", &"a".repeat(100_000)] {
        let answer = rogue.say(&plant.node, ToNode::BlobGet { hash: hash.into(), offset: u64::MAX }).await;
        assert!(matches!(answer, ToDevice::Refused { why: RefusedTalk::Unfit { .. } }), "{answer:?}");
    }
    let kept = ToNode::BlobsKept { hashes: vec!["ab".repeat(32); 100_000] };
    assert!(matches!(rogue.say(&plant.node, kept).await, ToDevice::Refused { .. }));
    the_others_go_on(&plant, &honest).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_with_a_good_code_cannot_take_the_place_of_a_member() {
    let plant = Plant::new().await;
    let honest = plant.tablet("Honest").await;
    let taken = simulation::device_id(&honest.engine);
    let invite = TeamInvite { address: plant.address.clone(), minutes: 10 };
    let invitation = plant.node.engine.handle(invite).await.unwrap().invitation;
    let mut rogue = Rogue::new();
    rogue.device_id = taken;
    let answer = rogue.ask(&plant.node, &invitation).await;
    assert_eq!(answer, ToDevice::Refused { why: RefusedTalk::NotLetIn });
    assert!(plant.node.engine.handle(TeamShow {}).await.unwrap().asks.is_empty());
    // A chain that would begin behind every number there is.
    let mut endless = Rogue::new();
    endless.next_seq = u64::MAX;
    let answer = endless.ask(&plant.node, &invitation).await;
    assert!(matches!(answer, ToDevice::Refused { why: RefusedTalk::Unfit { .. } }), "{answer:?}");
    the_others_go_on(&plant, &honest).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_who_hold_the_door_and_say_nothing_keep_no_member_out() {
    let plant = Plant::new().await;
    let honest = plant.tablet("Honest").await;
    let mut held = Vec::new();
    for number in 0..400 {
        let Ok(mut stream) = tokio::net::TcpStream::connect(&plant.address).await else { break };
        // Some say nothing, some begin a handshake that never ends.
        if number % 2 == 0 {
            stream.write_all(&[0x16, 0x03, 0x01, 0x02, 0x00, 0x01]).await.unwrap();
        }
        held.push(stream);
    }
    assert!(held.len() >= 300, "the test holds the door");
    the_others_go_on(&plant, &honest).await;
    drop(held);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_message_ends_the_connection_and_nothing_else() {
    let plant = Plant::new().await;
    let honest = plant.tablet("Honest").await;
    let rogue = Rogue::let_in(&plant.node, &[]).await;
    let deep = format!("{{\"say\":\"offer\",\"txns\":{}", "[".repeat(200_000));
    let frames: [Vec<u8>; 6] = [
        // Four gigabytes are announced, and nothing comes.
        u32::MAX.to_be_bytes().to_vec(),
        // A frame within the bound that never ends.
        [&(10_u32 * 1024 * 1024).to_be_bytes()[..], b"{\"say\":"].concat(),
        frame(b"{\"say\":\"become_node\"}"),
        frame(&[0xff; 64]),
        frame(b""),
        frame(deep.as_bytes()),
    ];
    for bytes in frames {
        let mut stream = rogue.connect(&plant.address).await;
        stream.write_all(&bytes).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut rest = Vec::new();
        // The node ends the talk; whether with or without the manners of TLS is its own.
        let _ended = stream.read_to_end(&mut rest).await;
        assert_eq!(rest, b"", "no answer to what is no message");
    }
    the_others_go_on(&plant, &honest).await;
}

fn frame(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u32).to_be_bytes()[..], bytes].concat()
}

/// A member that says it was another device once, and brings what that one recorded.
fn brings(of: &Rogue, txns: &[OfferedTxn]) -> ToNode {
    ToNode::OfferFormer {
        device_id: of.device_id,
        verifying_key: of.verifying_key(),
        next_seq: of.next_seq,
        txns: txns.to_vec(),
        person_keys: vec![],
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_brings_as_another_device_what_that_one_never_signed() {
    let plant = Plant::new().await;
    let honest = plant.tablet("Honest").await;
    honest.meet().await;
    let honest_id = simulation::device_id(&honest.engine);
    // With a key of its own, which it says is the other one's.
    let mut rogue = Rogue::let_in(&plant.node, &[]).await;
    let as_honest = Rogue::posing_as(honest_id);
    let forged = as_honest.sealed(OP_FORMAT, vec![rogue.note(plant.order, "In Anna's name")]);
    let said = rogue.say(&plant.node, brings(&as_honest, &[forged])).await;
    assert_eq!(said, ToDevice::Refused { why: RefusedTalk::SignatureWrong });
    let quarantined = rogue.offer(&plant.node, vec![]).await.unwrap_err();
    assert_eq!(
        quarantined,
        RefusedTalk::ChainForked,
        "who forges is heard no more until a person has looked"
    );
    // With bytes that the other one did sign, and something put in.
    let mut other = Rogue::let_in(&plant.node, &[]).await;
    let signed = other.sealed(OP_FORMAT, vec![other.note(plant.order, "As signed")]);
    other.offer_sealed(&plant.node, signed.clone()).await.unwrap();
    let second = Rogue::let_in(&plant.node, &[]).await;
    let bytes = signed.bytes.replace("As signed", "As forged");
    let said = second.say(&plant.node, brings(&other, &[OfferedTxn { bytes, ..signed }])).await;
    assert_eq!(said, ToDevice::Refused { why: RefusedTalk::SignatureWrong });
    other.offer(&plant.node, vec![other.note(plant.order, "Goes on")]).await.unwrap();
    // As the node itself, whose word is nobody else's to bring.
    let third = Rogue::let_in(&plant.node, &[]).await;
    let as_node = Rogue::posing_as(simulation::device_id(&plant.node.engine));
    let forged = as_node.sealed(OP_FORMAT, vec![third.note(plant.order, "In the node's name")]);
    let said = third.say(&plant.node, brings(&as_node, &[forged])).await;
    assert!(matches!(said, ToDevice::Refused { why: RefusedTalk::Unfit { .. } }), "{said:?}");
    let notes = plant.node.show(plant.order).await.notes;
    let mut texts: Vec<_> = notes.into_iter().map(|note| note.note.text).collect();
    texts.sort();
    assert_eq!(texts, ["As signed", "Goes on"]);
    the_others_go_on(&plant, &honest).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_brings_a_fork_of_another_devices_chain_hurts_nobody_and_a_person_sees_it() {
    let plant = Plant::new().await;
    let honest = plant.tablet("Honest").await;
    let mut forked = Rogue::let_in(&plant.node, &[]).await;
    let one = forked.sealed(OP_FORMAT, vec![forked.note(plant.order, "One")]);
    let other = forked.sealed(OP_FORMAT, vec![forked.note(plant.order, "Other")]);
    forked.offer_sealed(&plant.node, one).await.unwrap();
    let bringer = Rogue::let_in(&plant.node, &[]).await;
    assert_eq!(bringer.say(&plant.node, brings(&forked, &[other])).await, ToDevice::Noted);
    let view = plant.node.engine.handle(TeamShow {}).await.unwrap();
    assert_eq!(view.carried.len(), 1, "it is laid aside");
    assert!(view.devices.iter().all(|view| view.quarantined.is_none()));
    forked.offer(&plant.node, vec![forked.note(plant.order, "Two")]).await.unwrap();
    the_others_go_on(&plant, &honest).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_says_to_have_been_a_stranger_gets_no_further_than_its_own_areas() {
    let plant = Plant::new().await;
    let area = plant.node.asset("NORTH").await;
    let member = Rogue::let_in(&plant.node, &[area]).await;
    let stranger = Rogue::new();
    let elsewhere = plant.node.asset("SOUTH").await;
    let rename = member.update(Entity::Asset, elsewhere.0, &[("name", json!("Pump"), json!("Mine"))]);
    let txn = stranger.sealed(OP_FORMAT, vec![rename]);
    match member.say(&plant.node, brings(&stranger, &[txn])).await {
        ToDevice::Judged { judgements } => {
            assert_eq!(judgements[0].verdict, Verdict::Rejected { reason: RejectReason::OutOfScope });
        }
        other => panic!("{other:?}"),
    }
}
