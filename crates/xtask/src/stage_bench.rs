//! The stage beside three.js: the same machine, drawn in turns in one headless Chromium without a graphics card.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::step::{say, step};
use crate::{setup, ui};

/// How long the browser may take for all rounds.
const PATIENCE: Duration = Duration::from_secs(300);
/// What the bench reads of a posted answer.
const ANSWER_BYTES_MAX: u64 = 1024 * 1024;
/// A browser that asks nobody for anything, and draws in software.
const CHROMIUM: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// Builds the stage for release, measures, and says the ratio and what limits it.
///
/// # Errors
/// When the browser does not answer, or the page fails.
pub(crate) fn run(root: &Path) -> Result<()> {
    step("Chromium", setup::for_stage_bench)?;
    let peer = step("three.js", || setup::three(root))?;
    step("the stage", || ui::run(&["--release".to_owned(), "stage3d".to_owned()]))?;
    let folders =
        [root.join("ui/stage3d/bench"), root.join("ui/dist"), peer.join("node_modules/three/build")];
    let answer = step("bench: stage", || measured(&folders))?;
    tell(&answer)
}

/// Serves the page to a browser until it posts its answer.
fn measured(folders: &[PathBuf; 3]) -> Result<Value> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let page = format!("http://{}/bench.html", listener.local_addr()?);
    let (found, answers) = mpsc::channel();
    let folders = folders.clone();
    // Ends with the program: it waits for a browser that is gone.
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            if let Ok(Some(answer)) = serve(stream, &folders)
                && found.send(answer).is_err()
            {
                return;
            }
        }
    });
    let profile = std::env::temp_dir().join(format!("millwright-stage-bench-{}", std::process::id()));
    let mut browser = Browser::open(&page, &profile)?;
    let answer = answers.recv_timeout(PATIENCE).context("the browser did not answer");
    browser.close();
    fs::remove_dir_all(&profile).with_context(|| profile.display().to_string())?;
    let answer: Value = serde_json::from_slice(&answer?)?;
    match answer.get("error") {
        Some(error) => bail!("{error}"),
        None => Ok(answer),
    }
}

/// A browser that is closed when it is no longer wanted.
struct Browser(Child);

impl Browser {
    fn open(page: &str, profile: &Path) -> Result<Self> {
        let mut chromium = Command::new("chromium");
        chromium.args(CHROMIUM).arg(format!("--user-data-dir={}", profile.display())).arg(page);
        let child = chromium.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        Ok(Self(child.context("chromium did not start")?))
    }

    fn close(&mut self) {
        if self.0.kill().and_then(|()| self.0.wait()).is_err() {
            // It had ended already.
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.close();
    }
}

/// Answers one request; what was posted is handed back.
fn serve(mut stream: TcpStream, folders: &[PathBuf; 3]) -> Result<Option<Vec<u8>>> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut first, mut length) = (String::new(), 0);
    reader.read_line(&mut first)?;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse()?;
        }
    }
    if first.starts_with("POST ") {
        let mut answer = Vec::new();
        reader.take(length.min(ANSWER_BYTES_MAX)).read_to_end(&mut answer)?;
        stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")?;
        return Ok(Some(answer));
    }
    let asked = first.split(' ').nth(1).unwrap_or_default();
    let name = asked.rsplit('/').next().unwrap_or_default();
    let known = folders.iter().map(|folder| folder.join(name)).find(|path| path.is_file());
    let Some(path) = known else {
        stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")?;
        return Ok(None);
    };
    let kind = match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html",
        Some("js") => "text/javascript",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    };
    let bytes = fs::read(&path)?;
    let length = bytes.len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    )?;
    stream.write_all(&bytes)?;
    Ok(None)
}

/// Says the figures as a table, and what limits the stage.
fn tell(answer: &Value) -> Result<()> {
    let number = |value: &Value, name: &str| value[name].as_f64().with_context(|| format!("no {name}"));
    let sides = answer["sides"].as_array().context("no sides")?;
    let (ours, peers) = sides.split_first().context("no sides")?;
    say(&format!(
        "## Stage\n\n{} parts, {} triangles, {} × {} pixels, 4 samples, on {}; three.js {}\n\n| | frame | of it the call | draws | load |\n|---|---|---|---|---|",
        answer["parts"],
        answer["triangles"],
        answer["width"],
        answer["height"],
        answer["adapter"],
        answer["three"]
    ));
    for side in sides {
        say(&format!(
            "| {} | {:.1} ms | {:.1} ms | {} | {:.0} ms |",
            side["name"].as_str().unwrap_or_default(),
            number(side, "frame_ms")?,
            number(side, "call_ms")?,
            side["draws"],
            number(side, "load_ms")?
        ));
    }
    let (frame, call) = (number(ours, "frame_ms")?, number(ours, "call_ms")?);
    for peer in peers {
        say(&format!(
            "{:.1} × the frame rate of {}",
            number(peer, "frame_ms")? / frame.max(f64::EPSILON),
            peer["name"].as_str().unwrap_or_default()
        ));
    }
    let limit = if call * 2.0 < frame { "the software rasteriser" } else { "the work before the device" };
    say(&format!(
        "The stage is limited by {limit}: {:.0} % of a frame is the device's",
        (1.0 - call / frame) * 100.0
    ));
    Ok(())
}
