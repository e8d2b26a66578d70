//! A full disk: a clear word, nothing half done, and recording goes on from the reserve.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that cannot set up its world fails")]

mod common;

use std::process::Command;

use common::*;
use millwright_engine::Handle;
use millwright_model::*;

/// A file system of its own that holds next to nothing.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// Needs the right to mount; without it there is no small disk.
    fn new(megabytes: u32) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "tmpfs"])
            .arg(folder.path())
            .status();
        mounted.is_ok_and(|status| status.success()).then_some(Self(folder))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _still_there = Command::new("umount").arg("-l").arg(self.0.path()).status().is_err();
    }
}

#[tokio::test]
async fn a_full_disk_loses_nothing_and_the_reserve_lets_recording_go_on() {
    let Some(disk) = SmallDisk::new(40) else {
        println!("SKIPPED: this user may not mount a small disk");
        return;
    };
    let world = World::new_in(disk.0.path()).await;
    let order = world.pulled_order().await;
    // Something else fills the disk to the last byte.
    let filler = disk.0.path().join("filler");
    let filled = Command::new("dd")
        .args(["if=/dev/zero", "bs=4096"])
        .arg(format!("of={}", filler.display()))
        .stderr(std::process::Stdio::null())
        .status()
        .unwrap();
    assert!(!filled.success(), "dd stops only when the disk is full");
    let mut kept = 0;
    let refused = loop {
        let note = NoteAdd { work_order_id: order, text: "x".repeat(2_000) };
        match world.engine.handle(note).await {
            Ok(_) => kept += 1,
            Err(error) => break error,
        }
        assert!(kept < 10_000, "the disk never fills");
    };
    assert_eq!(refused.code, Code::DiskFull, "{}", refused.message);
    assert!(refused.message.contains("try again"), "{}", refused.message);
    world.engine.handle(NoteAdd { work_order_id: order, text: "after".into() }).await.unwrap();
    let view = world.show(order).await;
    assert_eq!(
        view.notes.len(),
        kept + 1,
        "everything that was answered with «kept» is there, and nothing else"
    );
    assert!(world.engine.database().check(true).await.unwrap().is_empty());
}
