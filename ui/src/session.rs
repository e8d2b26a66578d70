//! What every screen shares: the app's state, the time, toasts, what lies over the page, and giving commands.

use std::collections::HashMap;

use leptos::prelude::*;
use leptos::task::spawn_local;
use millwright_model::*;

use crate::ipc;
use crate::live::Live;
use crate::words;

/// What lies over the page.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Overlay {
    /// Find anything.
    Search,
    /// Scan or type a code.
    Scan,
    /// Say that something is wrong with a machine.
    Raise {
        /// The machine, where it is known.
        asset_id: Option<AssetId>,
        /// The part of it, by its name in the machine's model.
        part: Option<String>,
    },
    /// Pick who holds the device.
    WhoAreYou,
    /// A new order.
    NewOrder(OrderFrom),
    /// A line of the shift log, on a machine where one is named.
    ShiftEntry(Option<AssetId>),
    /// All that is urgent and asks for somebody.
    Alerts,
    /// To whom something urgent is passed on.
    PassOn(AlertSubject),
}

/// What a new order is made from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum OrderFrom {
    /// Nothing yet.
    Nothing,
    /// A machine.
    Asset(AssetId),
    /// A request that is taken over.
    Request(Box<RequestOverview>),
}

/// A short message at the foot of the screen.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Toast {
    /// Tells it from others.
    pub(crate) toast_id: u32,
    /// What it is about.
    pub(crate) matter: Matter,
    /// When it goes by itself.
    pub(crate) until: TimestampMs,
}

/// What a toast is about.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Matter {
    /// A change was kept and can be undone.
    Saved(TxnId),
    /// Something went as wished.
    Notice(String),
    /// Something did not.
    Problem(String),
}

/// A text field that our own keyboard types into.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum KeysFor {
    /// None.
    #[default]
    Nobody,
    /// A field has the focus.
    Field,
}

/// What every screen shares.
#[derive(Copy, Clone)]
pub(crate) struct Session {
    /// What the app is and how it stands.
    pub(crate) status: RwSignal<Option<AppStatusView>>,
    /// The engine's time, to the second.
    pub(crate) now: RwSignal<TimestampMs>,
    /// What lies over the page.
    pub(crate) overlay: RwSignal<Option<Overlay>>,
    /// Short messages.
    pub(crate) toasts: RwSignal<Vec<Toast>>,
    /// What is urgent and asks for somebody.
    pub(crate) alerts: RwSignal<AlertsView>,
    /// What of it the person put off: as it stood then.
    alerts_put_off: RwSignal<Vec<AlertView>>,
    /// Where the person was when the device went off, until they are there again.
    pub(crate) kept_place: RwSignal<Option<KeptPlace>>,
    /// Whether our own keyboard is up.
    pub(crate) keys_for: RwSignal<KeysFor>,
    /// Live values.
    pub(crate) live: Live,
    clock_offset_ms: StoredValue<i64>,
    versions: StoredValue<HashMap<CacheTag, ArcRwSignal<u32>>>,
    next_toast: StoredValue<u32>,
}

impl Session {
    /// The session of this window. It is asked for in handlers too, where there is no context.
    pub(crate) fn here() -> Self {
        thread_local! {
            static HERE: std::cell::OnceCell<Session> = const { std::cell::OnceCell::new() };
        }
        HERE.with(|here| *here.get_or_init(Self::new))
    }

    fn new() -> Self {
        Self {
            status: RwSignal::new(None),
            now: RwSignal::new(TimestampMs(js_sys::Date::now() as i64)),
            overlay: RwSignal::new(None),
            toasts: RwSignal::new(Vec::new()),
            alerts: RwSignal::new(AlertsView::default()),
            alerts_put_off: RwSignal::new(Vec::new()),
            kept_place: RwSignal::new(None),
            keys_for: RwSignal::new(KeysFor::Nobody),
            live: Live::new(),
            clock_offset_ms: StoredValue::new(0),
            versions: StoredValue::new(HashMap::new()),
            next_toast: StoredValue::new(0),
        }
    }

    /// Takes the state of the app, and the engine's time with it.
    pub(crate) fn take_status(self, status: AppStatusView) {
        self.clock_offset_ms.set_value(status.now.0 - js_sys::Date::now() as i64);
        self.status.set(Some(status));
        self.tick();
    }

    /// Lets a second pass.
    pub(crate) fn tick(self) {
        let now = TimestampMs(js_sys::Date::now() as i64 + self.clock_offset_ms.get_value());
        self.now.set(now);
        if self.toasts.with_untracked(|toasts| toasts.iter().any(|toast| toast.until <= now)) {
            self.toasts.update(|toasts| toasts.retain(|toast| toast.until > now));
        }
    }

    /// Hears the engine.
    pub(crate) fn hear(self, event: Event) {
        match event {
            Event::Changed(tags) => {
                for tag in tags {
                    self.version(tag).update(|version| *version = version.wrapping_add(1));
                }
            }
            Event::Live(values) => self.live.take(values),
        }
    }

    /// Counts how often what `tag` names became stale.
    pub(crate) fn version(self, tag: CacheTag) -> ArcRwSignal<u32> {
        self.versions
            .try_update_value(|versions| versions.entry(tag).or_insert_with(|| ArcRwSignal::new(0)).clone())
            .unwrap_or_else(|| ArcRwSignal::new(0))
    }

    /// What asks for somebody and was not put off as it stands now: on the next rung, or passed on, it asks anew.
    pub(crate) fn alerts_not_put_off(self) -> Vec<AlertView> {
        let put_off = self.alerts_put_off.get();
        self.alerts
            .with(|view| view.alerts.iter().filter(|alert| !put_off.contains(alert)).cloned().collect())
    }

    /// Puts off what asks now.
    pub(crate) fn put_alerts_off(self) {
        self.alerts_put_off.set(self.alerts.get_untracked().alerts);
    }

    /// Who holds the device.
    pub(crate) fn person_id(self) -> Option<PersonId> {
        self.status.with(|status| status.as_ref()?.person.as_ref().map(|person| person.person_id))
    }

    /// The tag of the language that the person reads.
    pub(crate) fn language(self) -> String {
        self.status.with(|status| {
            let status = status.as_ref();
            let person = status.and_then(|status| status.person.as_ref());
            let tag =
                person.map(|person| &person.language).or(status.map(|status| &status.settings.language));
            tag.map_or_else(|| "en".to_owned(), |tag| tag.split('-').next().unwrap_or("en").to_owned())
        })
    }

    /// How the device looks and behaves.
    pub(crate) fn settings(self) -> Settings {
        self.status.with(|status| status.as_ref().map(|status| status.settings.clone())).unwrap_or_default()
    }

    /// Whether our own number pad and keyboard are wanted.
    pub(crate) fn own_keys(self) -> bool {
        self.status.with(|status| status.as_ref().is_none_or(|status| status.settings.own_keys))
    }

    /// Says something short.
    pub(crate) fn say(self, matter: Matter) {
        let seconds = if matches!(matter, Matter::Problem(_)) { 12 } else { 5 };
        self.say_until(matter, self.now.get_untracked().plus_ms(seconds * 1000));
    }

    /// Says why a command was refused.
    pub(crate) fn refuse(self, error: &ApiError) {
        self.say(Matter::Problem(words::error(error)));
    }

    fn say_until(self, matter: Matter, until: TimestampMs) {
        let toast_id = self.next_toast.get_value();
        self.next_toast.set_value(toast_id.wrapping_add(1));
        self.toasts.update(|toasts| {
            // What went well after a problem is the answer to it.
            let mended = !matches!(matter, Matter::Problem(_));
            toasts.retain(|toast| {
                toast.matter != matter && !(mended && matches!(toast.matter, Matter::Problem(_)))
            });
            if toasts.len() > 2 {
                toasts.remove(0);
            }
            toasts.push(Toast { toast_id, matter, until });
        });
    }

    /// Gives a command; a refusal is said once, at the foot of the screen.
    pub(crate) fn send<C: Command + 'static>(self, command: C, then: impl FnOnce(C::Output) + 'static) {
        self.send_or(command, then, || ());
    }

    /// The same, and does something else where it was refused, after that was said.
    pub(crate) fn send_or<C: Command + 'static>(
        self,
        command: C,
        then: impl FnOnce(C::Output) + 'static,
        otherwise: impl FnOnce() + 'static,
    ) {
        spawn_local(async move {
            match ipc::call(command).await {
                Ok(output) => then(output),
                Err(error) => {
                    self.refuse(&error);
                    otherwise();
                }
            }
        });
    }

    /// Gives a command that records something: it can be undone for ten seconds.
    pub(crate) fn record<C: Command<Output = Done> + 'static>(self, command: C) {
        self.record_then(command, || ());
    }

    /// The same, and goes on when it is kept.
    pub(crate) fn record_then<C: Command<Output = Done> + 'static>(
        self,
        command: C,
        then: impl FnOnce() + 'static,
    ) {
        self.send(command, move |done| {
            self.kept(&done);
            then();
        });
    }

    /// Says that a change was kept, and how long it can be undone.
    pub(crate) fn kept(self, done: &Done) {
        if let (Some(txn_id), Some(until)) = (done.txn_id, done.undo_until) {
            self.say_until(Matter::Saved(txn_id), until);
        }
    }
}
