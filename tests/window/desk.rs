//! A screen, a driver and the real program in it: what a person at the tablet would see and touch.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use millwright_tests::{program, workspace};
use serde_json::json;

/// How long a person would wait before they call it broken. Nothing is judged by it but «never».
const PATIENCE: Duration = Duration::from_secs(60);

/// A child that ends with its owner.
pub struct Ended(pub Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _gone = self.0.kill().is_err();
        let _reaped = self.0.wait().is_err();
    }
}

/// What the program said while it ran: shown where its test fails, kept quiet where it passes.
struct Said(PathBuf);

/// How many lines of it are shown: the last ones.
const SAID_LINES: usize = 60;

impl Drop for Said {
    #[expect(clippy::print_stdout, reason = "a failed test says what it saw")]
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        let said = std::fs::read_to_string(&self.0).unwrap_or_default();
        // What webkit misses of a desktop is said at every start, and is not what went wrong.
        let lines: Vec<&str> =
            said.lines().filter(|line| !line.is_empty() && !line.contains("WebKitWebProcess:")).collect();
        println!("the program said at last:\n{}", lines[lines.len().saturating_sub(SAID_LINES)..].join("\n"));
    }
}

/// Finds targets smaller than 48 × 48 px, texts cut off without an ellipsis, and what sticks out of the window.
const LAYOUT: &str = r#"
    const wrong = [];
    const called = element => (element.dataset.test || element.className || element.tagName) + ': ' + (element.innerText || element.ariaLabel || '').slice(0, 40);
    const shown = element => { const box = element.getBoundingClientRect(); return box.width > 0 && box.height > 0 && getComputedStyle(element).visibility !== 'hidden' && !element.classList.contains('hidden-input'); };
    for (const element of document.querySelectorAll('button, a[href], input:not([type=checkbox]):not([type=file]), textarea, label.check, label.btn')) {
        if (!shown(element) || element.closest('.entry') || element.closest('h1')) continue;
        const box = element.getBoundingClientRect();
        if (box.height < 47.5 || box.width < 39.5) wrong.push('small ' + Math.round(box.width) + 'x' + Math.round(box.height) + ' ' + called(element));
    }
    for (const element of document.querySelectorAll('body *')) {
        // A wide table is pushed sideways in a frame that fits itself.
        if (!shown(element) || element.closest('svg') || element.closest('.sheet-grid > *')) continue;
        const box = element.getBoundingClientRect();
        if (box.right > innerWidth + 1 || box.left < -1) wrong.push('sticks out ' + Math.round(box.left) + '..' + Math.round(box.right) + ' ' + called(element));
        const style = getComputedStyle(element);
        if (element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0 && style.overflowX === 'hidden' && style.textOverflow !== 'ellipsis' && element.children.length === 0) wrong.push('cut off ' + called(element));
    }
    return wrong.slice(0, 12);
"#;

/// The real window under Xvfb, driven through WebDriver.
pub struct Desk {
    pub client: Client,
    // Before the folder that it lies in: fields go in their order.
    _said: Said,
    pub data: tempfile::TempDir,
    pictures: PathBuf,
    display: String,
    _driver: Ended,
    _screen: Ended,
}

impl Desk {
    /// Starts screen, driver and program on an empty data folder.
    pub async fn open() -> Self {
        Self::switch_on(tempfile::tempdir().unwrap()).await
    }

    /// The same in a session with a bus, where the desktop can be spoken to.
    pub async fn open_on_bus(address: &str) -> Self {
        let data = tempfile::tempdir().unwrap();
        let (directory, key_folder) = (data.path().join("data"), data.path().join("key"));
        Self::start(data, &directory, &key_folder, Some(address)).await
    }

    /// Starts screen, driver and program on `directory`; `data` lives as long as the desk does.
    pub async fn open_on(data: tempfile::TempDir, directory: &Path, key_folder: &Path) -> Self {
        Self::start(data, directory, key_folder, None).await
    }

    async fn start(data: tempfile::TempDir, directory: &Path, key_folder: &Path, bus: Option<&str>) -> Self {
        let (screen, display) = start_screen();
        let port = free_port();
        let said = data.path().join("said.txt");
        let heard = std::fs::OpenOptions::new().create(true).append(true).open(&said).unwrap();
        let mut driver = Command::new("WebKitWebDriver");
        driver
            .args([format!("--port={port}"), "--host=127.0.0.1".to_owned()])
            .env("DISPLAY", &display)
            // What tauri's own driver sets, so that the webview takes orders.
            .env("TAURI_AUTOMATION", "true")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            // No session bus, where a test does not bring one, and no desktop portal: a start must not wait for either.
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .env_remove("XDG_RUNTIME_DIR")
            .env("GTK_USE_PORTAL", "0")
            .env("MILLWRIGHT_KEY_FOLDER", key_folder)
            .env("XDG_DOWNLOAD_DIR", data.path().join("downloads"))
            .stdout(Stdio::null())
            .stderr(heard);
        if let Some(address) = bus {
            driver.env("DBUS_SESSION_BUS_ADDRESS", address);
        }
        let driver =
            Ended(driver.spawn().expect("WebKitWebDriver is missing: `cargo xtask setup` installs it"));
        wait_for_port(port).await;
        let mut capabilities = Capabilities::new();
        let app = json!({"binary": program("millwright"), "args": ["--data", directory]});
        capabilities.insert("webkitgtk:browserOptions".to_owned(), app);
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .unwrap();
        let pictures = pictures();
        std::fs::create_dir_all(&pictures).unwrap();
        let desk =
            Self { client, _said: Said(said), data, pictures, display, _driver: driver, _screen: screen };
        desk.size(1280, 800).await;
        desk
    }

    /// Switches the tablet off: its folder stays.
    pub async fn switch_off(self) -> tempfile::TempDir {
        self.client.close().await.unwrap();
        self.data
    }

    /// Switches the tablet of a folder on.
    pub async fn switch_on(data: tempfile::TempDir) -> Self {
        let (directory, key_folder) = (data.path().join("data"), data.path().join("key"));
        Self::open_on(data, &directory, &key_folder).await
    }

    /// Makes the window so large, and waits until the page knows. WebDriver's own way waits for a window manager,
    /// and there is none on this screen.
    pub async fn size(&self, width: u32, height: u32) {
        let (width_text, height_text) = (width.to_string(), height.to_string());
        let resized = Command::new("xdotool")
            .args([
                "search",
                "--onlyvisible",
                "--name",
                "^Millwright$",
                "windowsize",
                &width_text,
                &height_text,
            ])
            .env("DISPLAY", &self.display)
            .status()
            .expect("xdotool is missing: `cargo xtask setup` installs it");
        assert!(resized.success(), "the window can be resized");
        let knows =
            || async { self.script("return window.innerWidth").await.as_u64() == Some(u64::from(width)) };
        self.until("the page to know its new size", knows).await;
        // A picture taken before the next frame would show the old one in the corner of the new.
        let drawn = "const [done] = arguments; requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 60)))";
        self.client.execute_async(drawn, vec![]).await.unwrap();
    }

    /// The element with `data-test`, once it is there.
    pub async fn see(&self, name: &str) -> Element {
        let css = format!("[data-test=\"{name}\"]");
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(&css)).await;
        match found {
            Ok(element) => element,
            Err(error) => {
                self.picture("lost").await;
                panic!("«{name}» never came: {error}; the page told of {:?}", self.violations().await);
            }
        }
    }

    /// Waits until an element with `data-test` is gone.
    pub async fn gone(&self, name: &str) {
        let css = format!("[data-test=\"{name}\"]");
        self.until(&format!("«{name}» to go"), || async {
            self.client.find(Locator::Css(&css)).await.is_err()
        })
        .await;
    }

    /// Touches the element with `data-test`, once it can be touched: a button that is still off would swallow it.
    pub async fn touch(&self, name: &str) {
        let ready = format!("[data-test=\"{name}\"]:not(:disabled)");
        let on = || async { self.client.find(Locator::Css(&ready)).await.is_ok() };
        self.until(&format!("«{name}» to be there and on"), on).await;
        self.act_on(name, "touched", |element| async move { element.click().await }).await;
    }

    /// Types into the element with `data-test`.
    pub async fn write(&self, name: &str, text: &str) {
        self.act_on(name, "written into", |element| async move {
            element.clear().await?;
            element.send_keys(text).await
        })
        .await;
    }

    /// Does something to an element as soon as it can be done. A person scrolls until what they want lies free; the
    /// driver stops at the edge, under what sticks there. A list may be drawn anew between finding and acting: then
    /// it is found again.
    async fn act_on<F>(&self, name: &str, done: &str, act: impl Fn(Element) -> F)
    where
        F: Future<Output = Result<(), CmdError>>,
    {
        let deadline = Instant::now() + PATIENCE;
        let free =
            format!("document.querySelector('[data-test=\"{name}\"]')?.scrollIntoView({{block: 'center'}})");
        loop {
            self.see(name).await;
            self.script(&free).await;
            match act(self.see(name).await).await {
                Ok(()) => return,
                Err(error) if Instant::now() > deadline => {
                    self.picture("lost").await;
                    panic!("«{name}» cannot be {done}: {error:?}")
                }
                Err(_redrawn) => tokio::task::yield_now().await,
            }
        }
    }

    /// The text of the whole page.
    pub async fn text(&self) -> String {
        let body = self.client.find(Locator::Css("body")).await.unwrap();
        body.text().await.unwrap_or_default()
    }

    /// Waits until `holds`.
    pub async fn until<F: Future<Output = bool>>(&self, what: &str, holds: impl Fn() -> F) {
        let deadline = Instant::now() + PATIENCE;
        while !holds().await {
            if Instant::now() > deadline {
                self.picture("lost").await;
                panic!("waited in vain for {what}; the page says:\n{}", self.text().await);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Runs a script in the page that does no harm when it runs twice: under load the driver at times loses what a
    /// script answered («Could not parse script result»), and then it is asked again.
    pub async fn script(&self, script: &str) -> serde_json::Value {
        for _ in 0..3 {
            match self.client.execute(script, vec![]).await {
                Err(CmdError::Standard(lost)) if lost.message.contains("parse script result") => {}
                answered => return answered.unwrap_or_else(|error| panic!("{script}: {error:?}")),
            }
        }
        panic!("the driver lost three times what this answered: {script}")
    }

    /// Runs a script in the page that must run once only, as a pressed key.
    pub async fn script_once(&self, script: &str) {
        self.client.execute(script, vec![]).await.unwrap_or_else(|error| panic!("{script}: {error:?}"));
    }

    /// Gives a command of the boundary as the screens do, from inside the page.
    pub async fn command(&self, name: &str, command: serde_json::Value) -> serde_json::Value {
        let script = "const [name, command, done] = arguments; \
                      window.__TAURI__.core.invoke(name, {command}).then(value => done({value}), error => done({error}))";
        self.client.execute_async(script, vec![json!(name), command]).await.unwrap()
    }

    /// What a command of the boundary answers; it must not fail.
    pub async fn value(&self, name: &str, command: serde_json::Value) -> serde_json::Value {
        let mut answer = self.command(name, command).await;
        assert!(answer.get("error").is_none(), "{name}: {answer}");
        answer["value"].take()
    }

    /// Where a picture of this name lies.
    pub fn picture_place(&self, name: &str) -> PathBuf {
        self.pictures.join(name)
    }

    /// Keeps a picture of the window.
    pub async fn picture(&self, name: &str) {
        let png = self.client.screenshot().await.unwrap();
        std::fs::write(self.pictures.join(format!("{name}.png")), png).unwrap();
    }

    /// Keeps pictures of this screen in both sizes and the three themes, for whoever says with `MILLWRIGHT_PICTURES` that
    /// they look at them: they take half of the journeys' time. Else one is kept.
    pub async fn pictures_in_all_themes(&self, name: &str) {
        if std::env::var_os("MILLWRIGHT_PICTURES").is_none() {
            return self.picture(name).await;
        }
        for (width, height) in [(1280, 800), (800, 1280)] {
            self.size(width, height).await;
            for theme in ["light", "dark", "sunlight"] {
                // The desk sets its own theme again when what is set becomes stale: then the picture is taken once more.
                for _ in 0..5 {
                    self.picture_in(theme, &format!("{name}-{width}x{height}-{theme}")).await;
                    if self.script("return document.documentElement.dataset.theme").await == theme {
                        break;
                    }
                }
            }
        }
        self.script("document.documentElement.dataset.theme = 'light'").await;
        self.size(1280, 800).await;
    }

    async fn picture_in(&self, theme: &str, name: &str) {
        self.script(&format!("document.documentElement.dataset.theme = '{theme}'")).await;
        // Colours fade from theme to theme; a picture in between shows what nobody reads.
        let still = || async {
            self.script(
                "return document.getAnimations().filter(one => one instanceof CSSTransition).length === 0",
            )
            .await
                == true
        };
        self.until("the colours to settle", still).await;
        self.picture(name).await;
    }

    /// Sets the clock of the engine forward, through the local door as a script would.
    pub async fn set_clock_forward(&self, by: Duration) {
        let arguments = json!({"offset_ms": by.as_millis() as u64}).to_string();
        let output = Command::new(program("millwrightctl"))
            .args(["--data".as_ref(), self.data.path().join("data").as_os_str()])
            .args(["call", "test_clock_set", &arguments])
            .env("MILLWRIGHT_KEY_FOLDER", self.data.path().join("key"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// What the pages did against the content security policy so far.
    pub async fn violations(&self) -> Vec<String> {
        let heard = self.script("return window.__violations").await;
        let heard = heard.as_array().expect("the programs are built with the feature test-clock").clone();
        heard.iter().map(|one| one.as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Everything that a gloved hand cannot hit, and everything that does not fit: nothing.
    pub async fn fits(&self, name: &str) {
        let wrong = self.script(LAYOUT).await;
        if wrong != json!([]) {
            self.picture(&format!("{name}-does-not-fit")).await;
        }
        assert_eq!(wrong, json!([]), "{name}");
    }

    /// Closes the window as a person does; no page may have broken the content security policy.
    pub async fn close(self) {
        assert_eq!(self.violations().await, Vec::<String>::new());
        self.client.close().await.unwrap();
    }
}

/// Where pictures go: `MILLWRIGHT_PICTURES`, else the build folder.
fn pictures() -> PathBuf {
    std::env::var_os("MILLWRIGHT_PICTURES").map_or_else(
        || program("millwright").with_file_name("pictures"),
        |folder| workspace().join(Path::new(&folder)),
    )
}

pub fn start_screen() -> (Ended, String) {
    let mut screen = Command::new("Xvfb")
        .args(["-displayfd", "1", "-screen", "0", "1400x1400x24", "-nolisten", "tcp"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("Xvfb is missing: `cargo xtask setup` installs it");
    let mut display = String::new();
    BufReader::new(screen.stdout.take().unwrap()).read_line(&mut display).unwrap();
    (Ended(screen), format!(":{}", display.trim()))
}

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

pub async fn wait_for_port(port: u16) {
    let deadline = Instant::now() + PATIENCE;
    while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        assert!(Instant::now() < deadline, "nothing listens on port {port}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
