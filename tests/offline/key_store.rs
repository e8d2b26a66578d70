//! The key that seals the secrets lies in the desktop's real key store (gnome-keyring), and a start never waits for one.

use std::path::Path;
use std::process::{Command, Output};

use millwright_tests::program;

/// Runs the command line twice as one desktop user whose key store is unlocked with the session.
fn in_a_session(home: &Path, script: &str) -> Output {
    let script = format!(
        "printf secret | gnome-keyring-daemon --unlock --components=secrets --control-directory=\"$HOME/keyring\" > /dev/null 2>&1\n{script}"
    );
    let mut session = Command::new("dbus-run-session");
    session.args(["--", "sh", "-ec", &script]);
    of_this_home(&mut session, home)
        .output()
        .expect("dbus-run-session is missing: `cargo xtask setup` installs it")
}

fn of_this_home<'a>(command: &'a mut Command, home: &Path) -> &'a mut Command {
    command
        .env("HOME", home)
        .env("CTL", program("millwrightctl"))
        .env("DATA", home.join("data"))
        .env_remove("XDG_CONFIG_HOME")
        .env_remove("XDG_DATA_HOME")
        .env_remove("XDG_RUNTIME_DIR")
        .env_remove("MILLWRIGHT_KEY_FOLDER")
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
}

fn without_a_session(home: &Path, words: &[&str], bus: Option<&Path>) -> Output {
    let mut command = Command::new(program("millwrightctl"));
    of_this_home(&mut command, home).arg("--data").arg(home.join("data")).args(words);
    if let Some(bus) = bus {
        command.env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", bus.display()));
    }
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn names_are_read_again_with_the_key_of_the_desktops_key_store() {
    let home = tempfile::tempdir().unwrap();
    let added = in_a_session(
        home.path(),
        "\"$CTL\" --data \"$DATA\" person add Ines\n\"$CTL\" --data \"$DATA\" person list",
    );
    assert!(added.status.success() && said(&added).contains("Ines\t"), "{}", said(&added));
    let config = home.path().join(".config/millwright");
    assert!(config.join("device.key.is-in-the-key-store").is_file());
    assert!(!config.join("device.key").exists(), "no file holds the key");
    let again = in_a_session(home.path(), "\"$CTL\" --data \"$DATA\" person list");
    assert!(said(&again).contains("Ines\t"), "{}", said(&again));
    let silent = without_a_session(home.path(), &["person", "list"], None);
    assert_eq!(silent.status.code(), Some(6), "{}", said(&silent));
    assert!(said(&silent).contains("unlock the key store"), "{}", said(&silent));
}

#[test]
fn a_session_bus_that_never_answers_does_not_hold_the_start_up() {
    let home = tempfile::tempdir().unwrap();
    // It takes the connection and says nothing, for ever.
    let bus = home.path().join("bus");
    let _mute = std::os::unix::net::UnixListener::bind(&bus).unwrap();
    let started = without_a_session(home.path(), &["person", "add", "Ines"], Some(&bus));
    assert!(started.status.success(), "{}", said(&started));
    assert!(home.path().join(".config/millwright/device.key").is_file(), "the key went to a file");
    let again = without_a_session(home.path(), &["person", "list"], None);
    assert!(said(&again).contains("Ines\t"), "{}", said(&again));
}
