//! Memory and processor time of a program with everything it started.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use millwright_tests::program;

use crate::screen::Screen;
use crate::seed;

/// Ticks of `/proc/PID/stat` in a second: 100 on every Linux that counts.
const TICKS_PER_SECOND: f64 = 100.0;
/// How long the app rests before it counts as idle, and how long it is watched then.
const REST: Duration = Duration::from_secs(15);
const WATCHED: Duration = Duration::from_secs(30);

/// The app on a screen, ended with its owner.
pub struct App(pub Child);

impl App {
    /// Starts the built app on `data`, with no session bus and no portal.
    pub fn start(screen: &Screen, data: &Path) -> Self {
        let child = Command::new(program("millwright"))
            .arg("--data")
            .arg(data)
            .env("DISPLAY", &screen.display)
            .env("MILLWRIGHT_KEY_FOLDER", seed::key_folder(data))
            .env("MILLWRIGHT_LOG", "warn")
            .env("GTK_USE_PORTAL", "0")
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .env_remove("WAYLAND_DISPLAY")
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        Self(child)
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for App {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _gone = self.0.kill().is_err();
        let _reaped = self.0.wait().is_err();
    }
}

/// A process and all that it started.
pub fn family(root: u32) -> BTreeSet<u32> {
    let mut parents = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap() {
        let Ok(id) = entry.unwrap().file_name().to_string_lossy().parse::<u32>() else { continue };
        // It may end while we look.
        if let Some((parent, _ticks)) = stat(id) {
            parents.push((id, parent));
        }
    }
    let mut family = BTreeSet::from([root]);
    loop {
        let before = family.len();
        family.extend(
            parents
                .iter()
                .filter(|(_, parent)| family.contains(parent))
                .map(|(id, _)| *id)
                .collect::<Vec<_>>(),
        );
        if family.len() == before {
            return family;
        }
    }
}

/// Parent, and ticks of processor time spent.
fn stat(id: u32) -> Option<(u32, u64)> {
    let text = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name may hold anything, brackets too.
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    Some((
        fields.get(1)?.parse().ok()?,
        fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?,
    ))
}

/// The proportional set size of a family, in MB of 10^6 bytes.
pub fn pss_mb(root: u32) -> f64 {
    let of_one = |id: u32| -> Option<f64> {
        let text = std::fs::read_to_string(format!("/proc/{id}/smaps_rollup")).ok()?;
        let line = text.lines().find_map(|line| line.strip_prefix("Pss:"))?;
        line.split_whitespace().next()?.parse().ok()
    };
    family(root).into_iter().filter_map(of_one).sum::<f64>() * 1024.0 / 1e6
}

/// Seconds of processor time that a family has spent.
pub fn processor_seconds(root: u32) -> f64 {
    let ticks: u64 = family(root).into_iter().filter_map(|id| stat(id).map(|(_, ticks)| ticks)).sum();
    ticks as f64 / TICKS_PER_SECOND
}

/// Memory and processor time while nobody touches the app and nothing comes in.
pub fn idle(data: &Path) {
    let screen = Screen::start();
    let app = App::start(&screen, data);
    std::thread::sleep(REST);
    let before = processor_seconds(app.id());
    std::thread::sleep(WATCHED);
    let share = (processor_seconds(app.id()) - before) / WATCHED.as_secs_f64();
    println!("\n## At rest on Today, connected to nothing\n");
    println!("| | |\n|---|---|");
    println!("| memory of all {} processes (PSS) | {:.0} MB |", family(app.id()).len(), pss_mb(app.id()));
    println!("| of one core, over {} s | {:.2} % |", WATCHED.as_secs(), share * 100.0);
}

/// Seconds of processor time that all programs of the app and its webviews have spent so far on this machine.
pub fn spent_s() -> f64 {
    let of_app = |id: &u32| {
        let name = std::fs::read_to_string(format!("/proc/{id}/comm")).unwrap_or_default();
        ["millwright", "WebKitWebProces", "WebKitNetworkPr"].contains(&name.trim())
    };
    let all = std::fs::read_dir("/proc").unwrap().flatten();
    let ids = all.filter_map(|entry| entry.file_name().to_string_lossy().parse::<u32>().ok());
    let ticks: u64 = ids.filter(of_app).filter_map(stat).map(|(_parent, ticks)| ticks).sum();
    ticks as f64 / TICKS_PER_SECOND
}
