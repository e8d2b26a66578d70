//! What the window hears of the engine, and what the webview may use of the machine.

use millwright_engine::{Ring, Shell};
use millwright_model::{Bell, CacheTag, Event};
use tauri::{AppHandle, Emitter, Manager, Runtime, WebviewWindow};

use crate::bell::SystemBell;

/// The name under which the screens listen.
const EVENT: &str = "engine";

/// Tells the screens what the engine says.
pub(crate) struct ScreenShell<R: Runtime> {
    app: AppHandle<R>,
    bell: SystemBell,
}

impl<R: Runtime> ScreenShell<R> {
    /// The screens of `app`, and the notifications of the system that it runs on.
    pub(crate) fn of(app: &AppHandle<R>) -> Self {
        let told = app.clone();
        let bell = SystemBell::hang(move || tell(&told, Event::Changed(vec![CacheTag::Alerts])));
        Self { app: app.clone(), bell }
    }
}

fn tell<R: Runtime>(app: &AppHandle<R>, event: Event) {
    if let Err(error) = app.emit(EVENT, event) {
        tracing::warn!("the window does not hear: {error}");
    }
}

impl<R: Runtime> Shell for ScreenShell<R> {
    fn tell(&self, event: Event) {
        tell(&self.app, event);
    }

    fn ring(&self, ring: Ring) -> bool {
        self.bell.ring(ring);
        true
    }

    fn bell(&self) -> Bell {
        self.bell.stands()
    }
}

/// What WebKit's script engine reads of its environment. By itself it lets some 30 MB of litter lie before it tidies up,
/// and as much again in what the litter holds of the page; on a device that is on for months that is memory which nobody
/// else gets. The screens keep 5 MB alive: tidying up is a matter of milliseconds.
#[cfg(target_os = "linux")]
const SCRIPT_HEAP: [(&str, &str); 2] = [
    // Bytes up to which a heap may grow whatever is alive in it.
    ("JSC_largeHeapSize", "8388608"),
    // Above that: how many times what is alive may lie there as litter.
    ("JSC_heapGrowthMaxIncrease", "1"),
];

/// Keeps the webview's litter small. To be called before there is a second thread, and before there is a webview.
pub(crate) fn keep_litter_small() {
    #[cfg(target_os = "linux")]
    for (name, value) in SCRIPT_HEAP {
        // What somebody has set on purpose stays.
        if let Err(error) = webkit2gtk::glib::setenv(name, value, false) {
            tracing::warn!("{name}: {error}");
        }
    }
}

/// Lets our own page, and nobody else's, use the camera and, for voice notes, the microphone.
pub(crate) fn allow_camera<R: Runtime>(app: &AppHandle<R>) {
    let Some(window) = app.get_webview_window("main") else { return };
    if let Err(error) = allow_camera_in(&window) {
        tracing::warn!("the camera is not available: {error}");
    }
}

#[cfg(target_os = "linux")]
fn allow_camera_in<R: Runtime>(window: &WebviewWindow<R>) -> tauri::Result<()> {
    use webkit2gtk::glib::Cast;
    use webkit2gtk::{PermissionRequestExt, SettingsExt, UserMediaPermissionRequest, WebViewExt};

    window.with_webview(|webview| {
        let webview = webview.inner();
        if let Some(settings) = WebViewExt::settings(&webview) {
            settings.set_enable_media_stream(true);
            // A camera that shows a test picture and a microphone that hums: what a machine without them can be tested with.
            #[cfg(feature = "test-clock")]
            settings.set_enable_mock_capture_devices(true);
        }
        webview.connect_permission_request(|_webview, request| {
            // The window shows only our own pages (see the content security policy), so the origin is ours.
            match request.downcast_ref::<UserMediaPermissionRequest>() {
                Some(_camera_or_microphone) => request.allow(),
                None => request.deny(),
            }
            true
        });
    })
}

#[cfg(not(target_os = "linux"))]
fn allow_camera_in<R: Runtime>(_window: &WebviewWindow<R>) -> tauri::Result<()> {
    // WebView2 asks the person itself.
    Ok(())
}
