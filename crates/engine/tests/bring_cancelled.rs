//! Bringing data in that a person gives up: nothing of it stays, and the store goes on.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails where it stands")]

mod common;

use std::fmt::Write as _;
use std::future::Future as _;
use std::task::Poll;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::*;
use millwright_engine::Handle as _;
use millwright_model::*;

fn parts(rows: usize) -> DataFile {
    let mut csv = "number,name,unit\n".to_owned();
    for row in 0..rows {
        writeln!(csv, "10-{row},Part {row},EA").unwrap();
    }
    DataFile { file_name: "parts.csv".into(), bytes_base64: STANDARD.encode(csv) }
}

/// The file as it is understood, to be brought in.
async fn understood(world: &World, file: DataFile) -> DataBring {
    let (kind, reading) = (DataKind::Parts, DataReading::default());
    let preview = DataPreview { kind, file: file.clone(), reading: reading.clone(), matches: None };
    let matches = world.engine.handle(preview).await.unwrap().matches;
    DataBring { kind, file, reading, matches, dry_run: false }
}

async fn bring(world: &World, file: DataFile) -> Result<DataReport, ApiError> {
    world.engine.handle(understood(world, file).await).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_up_while_it_comes_in_leaves_everything_as_it_was() {
    let world = World::new().await;
    bring(&world, parts(3)).await.unwrap();
    let before = world.engine.database().read().await.unwrap().dump().await.unwrap();
    // While the file is read, while its rows are tried, and while they are written.
    for polls in [1, 20, 200] {
        // It is understood before: what is heard while nothing comes in gives nothing up.
        let command = understood(&world, parts(20_000)).await;
        let mut bringing = Box::pin(world.engine.handle(command));
        let mut left = polls;
        std::future::poll_fn(|context| {
            let ended = bringing.as_mut().poll(context).is_ready();
            assert!(!ended, "it had {left} of {polls} steps to go");
            left -= 1;
            if left == 0 { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        world.engine.handle(DataBringCancel {}).await.unwrap();
        assert_eq!(bringing.await.unwrap_err().refusal, Some(Refusal::BringCancelled), "after {polls} steps");
        assert_eq!(world.engine.database().read().await.unwrap().dump().await.unwrap(), before);
    }
    let report = bring(&world, parts(5)).await.unwrap();
    assert_eq!((report.new, report.same), (2, 3), "the store goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_that_comes_before_or_after_gives_nothing_up() {
    let world = World::new().await;
    world.engine.handle(DataBringCancel {}).await.unwrap();
    assert_eq!(bring(&world, parts(3)).await.unwrap().new, 3);
    world.engine.handle(DataBringCancel {}).await.unwrap();
    assert_eq!(bring(&world, parts(3)).await.unwrap().same, 3);
}
