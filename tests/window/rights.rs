//! What pages may do: a window without a capability nothing at all, our own window nothing past its policy.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use millwright_model::{COMMAND_NAMES, SIGHT_HANDLERS};
use millwright_tests::program;
use serde_json::Value as Json;

use crate::desk::{Desk, Ended, start_screen};

#[test]
fn a_window_with_no_capability_is_refused_every_command() {
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report.json");
    let (screen, display) = start_screen();
    let app = Command::new(program("millwright"))
        .arg("--data")
        .arg(folder.path().join("data"))
        .env("DISPLAY", &display)
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .env("GTK_USE_PORTAL", "0")
        .env("MILLWRIGHT_KEY_FOLDER", folder.path().join("key"))
        .env("MILLWRIGHT_STRANGER_REPORT", &report)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let app = Ended(app);
    let deadline = Instant::now() + Duration::from_secs(60);
    let said: Json = loop {
        if let Some(said) = std::fs::read(&report).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok())
        {
            break said;
        }
        assert!(Instant::now() < deadline, "the window without rights never said what it got");
        std::thread::sleep(Duration::from_millis(50));
    };
    drop(app);
    drop(screen);
    // Every command of the boundary, hearing events, and opening windows.
    assert_eq!(said["asked"], COMMAND_NAMES.len() + SIGHT_HANDLERS.len() + 2);
    assert_eq!(said["refused"], said["asked"], "{said}");
}

#[tokio::test]
async fn what_breaks_the_content_security_policy_is_heard() {
    let desk = Desk::open().await;
    desk.see("first-start-demo").await;
    assert!(desk.violations().await.is_empty());
    desk.script(
        "const image = new Image(); image.src = 'http://example.invalid/x.png'; document.body.append(image)",
    )
    .await;
    desk.until("the violation to be heard", || async { desk.violations().await.len() == 1 }).await;
    desk.client.close().await.unwrap();
}
