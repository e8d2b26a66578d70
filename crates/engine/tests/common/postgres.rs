//! PostgreSQL servers of a test's own, from Debian's packages: a primary, a synchronous standby, and their faults.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Where Debian keeps the programs of PostgreSQL.
const PROGRAMS: &str = "/usr/lib/postgresql";
/// The one that owns the files when the test runs as root: the server refuses to.
const SERVER_USER: &str = "postgres";

/// A running server.
pub struct Postgres {
    folder: tempfile::TempDir,
    pub port: u16,
    server: Child,
}

impl Postgres {
    /// A new server without data.
    pub fn start() -> Self {
        let folder = folder();
        let data = folder.path().join("data");
        succeed(
            program("initdb")
                .args(["-A", "trust", "-U", "mill", "-E", "UTF8", "--locale=C", "-D"])
                .arg(&data),
        );
        Self::run(folder)
    }

    /// A standby that the server waits for before it says that anything is kept.
    pub fn synchronous_standby(&self) -> Self {
        let folder = folder();
        let port = self.port.to_string();
        let from = ["-h", "127.0.0.1", "-p", &port, "-U", "mill", "-R", "-X", "stream", "-c", "fast", "-D"];
        succeed(program("pg_basebackup").args(from).arg(folder.path().join("data")));
        let standby = Self::run(folder);
        self.sql("alter system set synchronous_standby_names = '*'");
        self.sql("select pg_reload_conf()");
        let ready = "select count(*) from pg_stat_replication where sync_state = 'sync'";
        let mut looks = 0;
        while self.sql(ready) != "1" {
            looks += 1;
            assert!(looks < 400, "the standby never became synchronous");
            std::thread::sleep(std::time::Duration::from_millis(25));
        }
        standby
    }

    /// Makes a standby the server that takes writes.
    pub fn promote(&self) {
        succeed(program("pg_ctl").args(["promote", "-w", "-D"]).arg(self.data()));
        self.sql("alter system set synchronous_standby_names = ''");
        self.sql("select pg_reload_conf()");
    }

    /// The power goes: no process of the server says goodbye.
    pub fn cut_power(mut self) -> PathBuf {
        self.kill();
        self.data()
    }

    /// Stops the server without a word and starts it again on the same files.
    pub fn after_power_cut(mut self) -> Self {
        self.kill();
        let port = self.port;
        let folder = std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap());
        Self::run_at(folder, port)
    }

    /// Its address for a ledger.
    pub fn address(&self) -> String {
        format!("postgres://mill@127.0.0.1:{}/postgres", self.port)
    }

    /// What a statement answers, as text.
    pub fn sql(&self, statement: &str) -> String {
        let port = self.port.to_string();
        let output = program("psql")
            .args(["-h", "127.0.0.1", "-p", &port, "-U", "mill", "-d", "postgres", "-Atqc", statement])
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    fn run(folder: tempfile::TempDir) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        Self::run_at(folder, port)
    }

    fn run_at(folder: tempfile::TempDir, port: u16) -> Self {
        let mut running = Self { server: Self::launch(folder.path(), port), folder, port };
        let mut looks = 0;
        while running.sql("select 1") != "1" {
            looks += 1;
            assert!(looks < 1_200, "{}", std::fs::read_to_string(running.folder.path().join("log")).unwrap());
            std::thread::sleep(std::time::Duration::from_millis(25));
            // It does not start while processes of the one that was killed have still to end.
            if running.server.try_wait().unwrap().is_some() {
                running.server = Self::launch(running.folder.path(), port);
            }
        }
        running
    }

    fn launch(folder: &Path, port: u16) -> Child {
        let data = folder.join("data");
        // A file of a server that was killed would be taken for a running one's.
        let _none = std::fs::remove_file(data.join("postmaster.pid")).is_ok();
        program("postgres")
            .arg("-D")
            .arg(&data)
            .arg("-k")
            .arg(folder)
            .args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1", "-c", "max_wal_senders=4"])
            .args(["-c", "wal_level=replica", "-c", "hot_standby=on", "-c", "logging_collector=off"])
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(folder.join("log")).unwrap())
            .spawn()
            .unwrap()
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn kill(&mut self) {
        // The first line of its file is the process of the server itself; its children go when it is gone.
        let file = std::fs::read_to_string(self.data().join("postmaster.pid")).unwrap_or_default();
        if let Some(process) = file.lines().next() {
            let _gone = Command::new("kill").args(["-9", process]).status().is_ok();
        }
        let _reaped = self.server.wait().is_ok();
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A folder that the server's user may write.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    if is_root() {
        succeed(Command::new("chown").arg(SERVER_USER).arg(folder.path()));
    }
    folder
}

/// A program of PostgreSQL, as a user that it runs for.
fn program(name: &str) -> Command {
    let path = programs().join(name);
    if !is_root() {
        return Command::new(path);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid", SERVER_USER, "--regid", SERVER_USER, "--clear-groups"]).arg(path);
    command
}

fn programs() -> PathBuf {
    let mut versions: Vec<PathBuf> = std::fs::read_dir(PROGRAMS)
        .expect("PostgreSQL is missing: `cargo xtask setup` installs it")
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .filter(|path| path.join("postgres").is_file())
        .collect();
    versions.sort();
    versions.pop().expect("PostgreSQL is missing: `cargo xtask setup` installs it")
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;

    std::fs::metadata(Path::new("/proc/self")).is_ok_and(|own| own.uid() == 0)
}

fn succeed(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
