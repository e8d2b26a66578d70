//! A disk that answers writes and syncs with an error: a plain word of its own, nothing half done, and recording goes on
//! when it is mended.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set up its world fails")]

mod common;
#[path = "simulation/disk.rs"]
#[allow(dead_code, reason = "here no disk is full")]
mod disk;

use common::*;
use disk::{Disk, Failure};
use millwright_engine::Handle;
use millwright_model::*;

async fn note(world: &World, order: WorkOrderId) -> Result<(), ApiError> {
    world.engine.handle(NoteAdd { work_order_id: order, text: "Seal is dry".into() }).await.map(drop)
}

async fn photo(world: &World, order: WorkOrderId) -> Result<(), ApiError> {
    world.engine.handle(photo_of(order)).await.map(drop)
}

fn is_of_the_disk(refused: &ApiError) {
    assert_eq!((refused.code, &refused.refusal), (Code::DiskFailed, &Some(Refusal::DiskFailed)));
    for word in ["was not done", "untouched", "backup", "try again"] {
        assert!(refused.message.contains(word), "{}", refused.message);
    }
}

#[tokio::test]
async fn a_broken_disk_is_told_as_one_and_nothing_of_what_was_refused_is_there() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    let disk = Disk::under(world.folder.path());
    for writes in 0..3 {
        disk.fail_after(writes, Failure::Broken);
        let refused = (note(&world, order).await, photo(&world, order).await);
        assert!(disk.mend(), "it was written to");
        let Err(of_the_photo) = refused.1 else { panic!("after {writes} writes the photo was kept") };
        is_of_the_disk(&of_the_photo);
        if let Err(of_the_note) = refused.0 {
            is_of_the_disk(&of_the_note);
        }
    }
    let kept = world.show(order).await;
    assert_eq!(kept.attachments.len(), 0);
    note(&world, order).await.unwrap();
    photo(&world, order).await.unwrap();
    let after = world.show(order).await;
    assert_eq!((after.notes.len(), after.attachments.len()), (kept.notes.len() + 1, 1));
    assert!(world.engine.database().check(true).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_cannot_be_written_at_all_is_told_so_at_once() {
    let world = World::new().await;
    let order = world.pulled_order().await;
    let disk = Disk::under(world.folder.path());
    disk.fail_after(0, Failure::Broken);
    is_of_the_disk(&note(&world, order).await.unwrap_err());
    is_of_the_disk(&photo(&world, order).await.unwrap_err());
    disk.mend();
    assert_eq!(world.show(order).await.notes.len(), 0);
}
