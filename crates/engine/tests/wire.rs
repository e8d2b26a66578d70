//! Three devices and a node over real sockets through a network that cuts, crumbles and repeats: whatever it does, once
//! it is good again everybody is equal, nothing is lost, and every act has had its effect once.
//!
//! `MILLWRIGHT_LONG=1` runs more seeds.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set up its world fails")]

mod common;

use base64::Engine as _;
use common::proxy::Proxy;
use common::team::*;
use common::*;
use millwright_engine::Handle as _;
use millwright_model::*;

/// How often a device tries to get through before it gives up for now.
const TRIES: usize = 6;

/// A photo of this size, different for each number.
fn photo(number: usize, bytes: usize) -> String {
    let picture: Vec<u8> = (0..bytes).map(|place| (place * 31 + number * 17 + place / 251) as u8).collect();
    base64::engine::general_purpose::STANDARD.encode(picture)
}

async fn acts(tablet: &World, order: WorkOrderId, round: usize, number: usize) -> usize {
    let engine = &tablet.engine;
    let text = format!("Round {round} of {number}");
    engine.handle(NoteAdd { work_order_id: order, text }).await.unwrap();
    if round.is_multiple_of(3) {
        tablet.retitle(order, &format!("Seal, {round} {number}")).await;
    }
    if round % 4 == number {
        let add = AttachmentAdd {
            work_order_id: Some(order),
            work_step_id: None,
            asset_id: None,
            request_id: None,
            media_type: "image/jpeg".into(),
            file_name: format!("{round}-{number}.jpg"),
            bytes_base64: photo(round * 10 + number, 120_000),
            part: None,
        };
        engine.handle(add).await.unwrap();
        return 1;
    }
    0
}

async fn through(seed: u64) {
    let plant = Plant::new().await;
    let proxy = Proxy::before(plant.address.parse().unwrap(), seed).await;
    // Let in over the good network, then moved behind the bad one: a code is good once, and people stand by.
    let mut tablets = Vec::new();
    let by_proxy = Plant { address: proxy.address.to_string(), ..plant };
    proxy.heal();
    for number in 0..3 {
        tablets.push(by_proxy.tablet_of(&format!("T{number}"), &format!("Person {number}")).await);
    }
    let plant = by_proxy;
    proxy.spoil();
    let (mut photos, mut failed) = (0, 0);
    for round in 0..6 {
        for (number, tablet) in tablets.iter().enumerate() {
            photos += acts(tablet, plant.order, round, number).await;
            tablet.pass_ms(11_000);
            for _ in 0..TRIES {
                match tablet.engine.exchange().await {
                    Ok(()) => break,
                    Err(_cut) => failed += 1,
                }
            }
        }
    }
    assert!(failed > 0, "seed {seed}: the network was not bad");
    proxy.heal();
    let devices: Vec<&World> = tablets.iter().collect();
    for device in &devices {
        device.meet().await;
    }
    all_equal(&plant.node, &devices).await;
    let view = plant.node.show(plant.order).await;
    assert_eq!(view.notes.len(), 6 * 3, "seed {seed}: every note, once");
    assert_eq!(view.attachments.len(), photos, "seed {seed}");
    for device in devices.iter().copied().chain([&plant.node]) {
        for attachment in &view.attachments {
            let attachment_id = attachment.attachment_id;
            let read = device.engine.handle(AttachmentRead { attachment_id }).await;
            assert!(read.is_ok(), "seed {seed}: a photo did not arrive: {:?}", read.err());
        }
    }
    for tablet in &tablets {
        let state = tablet.sync().await.state;
        assert_eq!((state.records_only_here, state.photos_only_here), (0, 0), "seed {seed}: drained");
    }
    plant.node.deliver().await;
    let twice: Vec<_> = plant.node.erp.effect_counts().into_iter().filter(|(_, count)| *count != 1).collect();
    assert_eq!(twice, [], "seed {seed}: effects at the ERP");
}

#[tokio::test(flavor = "multi_thread")]
async fn over_a_network_that_cuts_crumbles_and_repeats_nothing_is_lost_and_nothing_happens_twice() {
    let seeds = if std::env::var_os("MILLWRIGHT_LONG").is_some() { 200 } else { 4 };
    for seed in 0..seeds {
        through(seed).await;
    }
}
