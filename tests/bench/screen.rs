//! A screen whose pixels can be read from outside: what a person sees, and when, whatever the program says of itself.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::FileExt;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

/// How often the pixels are looked at.
const LOOK_EVERY: Duration = Duration::from_millis(2);
/// After this long without the picture the run is broken.
const PATIENCE: Duration = Duration::from_secs(60);

/// As long as a finger rests on the glass.
const PRESS: Duration = Duration::from_millis(60);

/// A part of the screen, in pixels.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Area {
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
}

impl Area {
    /// Its middle, where a finger goes.
    pub fn middle(&self) -> (u32, u32) {
        (self.x + self.width / 2, self.y + self.height / 2)
    }
}

/// Xvfb with its picture in a file.
pub struct Screen {
    child: Child,
    pub display: String,
    frame: File,
    /// What moves the pointer: one program for all taps, so that no start of a program is in their time.
    finger: Option<(Child, ChildStdin)>,
    _folder: tempfile::TempDir,
    pixels_at: u64,
    bytes_per_line: u64,
}

impl Screen {
    pub fn start() -> Self {
        let folder = tempfile::tempdir_in("/dev/shm").unwrap();
        let mut child = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-fbdir"])
            .arg(folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb is missing: `cargo xtask setup` installs it");
        let mut number = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut number).unwrap();
        let mut frame = File::open(folder.path().join("Xvfb_screen0")).unwrap();
        // The X window dump format (XWDFile.h): big-endian words; 0 header size, 12 bytes per line, 19 colours.
        let mut header = [0; 100];
        frame.read_exact(&mut header).unwrap();
        let word = |index: usize| {
            u64::from(u32::from_be_bytes(header[index * 4..index * 4 + 4].try_into().unwrap()))
        };
        Self {
            child,
            display: format!(":{}", number.trim()),
            pixels_at: word(0) + word(19) * 12,
            bytes_per_line: word(12),
            frame,
            finger: None,
            _folder: folder,
        }
    }

    /// The pixels of an area, four bytes each, row by row.
    pub fn look(&self, area: Area) -> Vec<u8> {
        let width = area.width as usize * 4;
        let mut pixels = vec![0; width * area.height as usize];
        for (row, line) in pixels.chunks_exact_mut(width).enumerate() {
            let y = u64::from(area.y) + row as u64;
            let at = self.pixels_at + y * self.bytes_per_line + u64::from(area.x) * 4;
            self.frame.read_exact_at(line, at).unwrap();
        }
        pixels
    }

    /// Waits until an area shows exactly `wanted`; answers the moment it was seen.
    pub fn until_it_shows(&self, area: Area, wanted: &[u8]) -> Instant {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let seen = self.look(area);
            let now = Instant::now();
            if seen == wanted {
                return now;
            }
            assert!(now < deadline, "the picture never came");
            std::thread::sleep(LOOK_EVERY);
        }
    }

    /// Waits until an area shows anything but `before`.
    pub fn until_it_leaves(&self, area: Area, before: &[u8]) {
        let deadline = Instant::now() + PATIENCE;
        while self.look(area) == before {
            assert!(Instant::now() < deadline, "the screen never changed at {area:?}");
            std::thread::sleep(LOOK_EVERY);
        }
    }

    /// Waits until an area has text in it and stays as it is for a second; answers its pixels.
    pub fn settled(&self, area: Area) -> Vec<u8> {
        let deadline = Instant::now() + PATIENCE;
        let mut last = self.look(area);
        let mut since = Instant::now();
        loop {
            std::thread::sleep(Duration::from_millis(20));
            let seen = self.look(area);
            if seen != last {
                last = seen;
                since = Instant::now();
            } else if since.elapsed() > Duration::from_secs(1) && has_text(&seen) {
                return seen;
            }
            assert!(Instant::now() < deadline, "the screen never came to rest at {area:?}");
        }
    }

    /// A tap; answers the moment at which the finger lifted, when the browser calls it one.
    pub fn tap(&mut self, area: Area) -> Instant {
        let (x, y) = area.middle();
        self.point(&format!("mousemove {x} {y}\nmousedown 1\n"));
        std::thread::sleep(PRESS);
        let lifted = Instant::now();
        self.point("mouseup 1\n");
        lifted
    }

    fn point(&mut self, commands: &str) {
        let (_, stdin) = self.finger.get_or_insert_with(|| {
            let mut child = Command::new("xdotool")
                .arg("-")
                .env("DISPLAY", &self.display)
                .stdin(Stdio::piped())
                .spawn()
                .expect("xdotool is missing: `cargo xtask setup` installs it");
            let stdin = child.stdin.take().unwrap();
            (child, stdin)
        });
        stdin.write_all(commands.as_bytes()).unwrap();
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        if let Some((mut finger, _)) = self.finger.take() {
            let _gone = finger.kill().is_err();
            let _reaped = finger.wait().is_err();
        }
        // It may have ended by itself.
        let _gone = self.child.kill().is_err();
        let _reaped = self.child.wait().is_err();
    }
}

/// Text has many shades; an empty area has one, a bar or a button without its words few.
fn has_text(pixels: &[u8]) -> bool {
    let shades: std::collections::BTreeSet<&[u8]> = pixels.chunks_exact(4).collect();
    shades.len() > 12
}
