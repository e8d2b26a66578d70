//! The system's notifications: a thread of its own speaks to the desktop, so that nothing waits for it.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use millwright_engine::Ring;
use millwright_model::{Bell, Priority};
use notify_rust::Notification;

/// So many calls may wait for a desktop that does not answer; what comes beyond stands in the app all the same.
const WAITING_MAX: usize = 16;
/// What people see as the sender.
const SENDER: &str = "Millwright";

/// The system's notifications.
pub(crate) struct SystemBell {
    calls: SyncSender<Ring>,
    stands: Arc<Mutex<Bell>>,
}

impl SystemBell {
    /// Starts the thread; `changed` is called when it turns out otherwise whether people can be called.
    pub(crate) fn hang(changed: impl Fn() + Send + 'static) -> Self {
        let (calls, waiting) = sync_channel(WAITING_MAX);
        let stands = Arc::new(Mutex::new(Bell::Ready));
        let kept = stands.clone();
        let thread = std::thread::Builder::new().name("bell".to_owned());
        if let Err(error) = thread.spawn(move || ring_all(&waiting, &kept, &changed)) {
            keep(&stands, Bell::Broken { said: error.to_string() });
        }
        Self { calls, stands }
    }

    /// Calls people, as soon as the desktop takes it.
    pub(crate) fn ring(&self, ring: Ring) {
        if self.calls.try_send(ring).is_err() {
            tracing::warn!("the desktop takes no notifications: one is shown in the window only");
        }
    }

    /// Whether people can be called.
    pub(crate) fn stands(&self) -> Bell {
        self.stands.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Keeps how it stands; answers whether that is news.
fn keep(stands: &Mutex<Bell>, now: Bell) -> bool {
    let mut kept = stands.lock().unwrap_or_else(PoisonError::into_inner);
    let news = *kept != now;
    *kept = now;
    news
}

fn ring_all(waiting: &Receiver<Ring>, stands: &Mutex<Bell>, changed: &impl Fn()) {
    let note = |outcome: Result<(), String>| {
        let now = match outcome {
            Ok(()) => Bell::Ready,
            Err(said) => Bell::Broken { said },
        };
        if keep(stands, now.clone()) {
            if let Bell::Broken { said } = now {
                tracing::warn!("this system shows no notifications: {said}");
            }
            changed();
        }
    };
    note(system::asked());
    for ring in waiting {
        note(show(&ring));
    }
}

fn show(ring: &Ring) -> Result<(), String> {
    let mut notification = Notification::new();
    notification.appname(SENDER).summary(&ring.title).body(&system::plain(&ring.text));
    system::press(&mut notification, ring.priority == Priority::Emergency);
    notification.show().map(|_shown| ()).map_err(|error| error.to_string())
}

#[cfg(target_os = "linux")]
mod system {
    //! The notifications of a freedesktop session.

    use notify_rust::{Hint, Notification, Urgency};

    /// Asks the session whether somebody shows notifications.
    pub(super) fn asked() -> Result<(), String> {
        notify_rust::get_server_information().map(|_server| ()).map_err(|error| error.to_string())
    }

    /// What people wrote, for a desktop that may take it for markup.
    pub(super) fn plain(text: &str) -> String {
        text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
    }

    /// What cannot wait stays until somebody puts it away.
    pub(super) fn press(notification: &mut Notification, cannot_wait: bool) {
        notification
            .urgency(if cannot_wait { Urgency::Critical } else { Urgency::Normal })
            .hint(Hint::DesktopEntry("millwright".to_owned()));
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    //! The notifications of other systems: asked when there is something to show.

    use notify_rust::Notification;

    pub(super) fn asked() -> Result<(), String> {
        Ok(())
    }

    pub(super) fn plain(text: &str) -> String {
        text.to_owned()
    }

    pub(super) fn press(_notification: &mut Notification, _cannot_wait: bool) {}
}
