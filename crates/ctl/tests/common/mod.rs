//! The program itself on a data directory of its own, as somebody at a terminal gives its commands.
#![allow(dead_code, reason = "each test binary uses its own part of this")]
#![allow(clippy::unwrap_used, reason = "a test that cannot set up its world fails")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value as Json;

/// A data directory, and the program on it.
pub struct Terminal {
    folder: tempfile::TempDir,
}

impl Terminal {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn program(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_millwrightctl"));
        let folder = self.folder.path();
        command.arg("--data").arg(folder.join("data")).args(words);
        // The key of the secrets lies beside the data, so that no key store is asked.
        command.env("MILLWRIGHT_KEY_FOLDER", folder.join("key")).current_dir(folder);
        command
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }

    pub fn write_bytes(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.folder.path().join(name), bytes).unwrap();
    }

    pub fn folder(&self, name: &str) {
        std::fs::create_dir(self.folder.path().join(name)).unwrap();
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.folder.path().join(name)).unwrap()
    }

    /// What the program answers, and with which exit code.
    pub fn run(&self, words: &[&str]) -> (Option<i32>, String) {
        let output = self.program(words).output().unwrap();
        (output.status.code(), said(&output))
    }

    /// What it prints for people when it succeeds.
    pub fn says(&self, words: &[&str]) -> String {
        let (code, said) = self.run(words);
        assert_eq!(code, Some(0), "{words:?}: {said}");
        said
    }

    /// The data of its answer as JSON, which has this schema.
    pub fn json(&self, schema: &str, words: &[&str]) -> Json {
        let output = self.program(words).arg("--json").output().unwrap();
        assert!(output.status.success(), "{words:?}: {}", said(&output));
        let mut answer: Json = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(answer["schema"], format!("millwright/{schema}/1"), "{words:?}");
        answer["data"].take()
    }

    /// Its exit code and the code of its error as JSON, beside an answer of nothing.
    pub fn refuses(&self, words: &[&str]) -> (Option<i32>, Json) {
        let output = self.program(words).arg("--json").output().unwrap();
        assert!(output.stdout.is_empty(), "{words:?}: {}", said(&output));
        let error: Json = serde_json::from_slice(&output.stderr).unwrap();
        assert_eq!(error["schema"], "millwright/error/1");
        (output.status.code(), error["data"]["code"].clone())
    }

    /// Runs it as the node of a team until this goes; answers where devices reach it.
    pub fn serve_team(&self) -> (Running, String) {
        let mut serve = self.program(&["serve", "--team", "127.0.0.1:0"]);
        let mut child = serve.stdout(Stdio::piped()).spawn().unwrap();
        let mut ready = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut ready).unwrap();
        let (_, address) = ready.trim().rsplit_once(" team ").unwrap();
        let address = address.to_owned();
        (Running(child), address)
    }
}

/// A program that ends with the test.
pub struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ended = self.0.kill().is_ok() && self.0.wait().is_ok();
    }
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
