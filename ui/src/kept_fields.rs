//! What is typed on a screen and not kept yet: noted with the place, so that a device that dies comes back to it.

use std::collections::BTreeMap;
use std::time::Duration;

use leptos::prelude::*;
use millwright_model::{KeptPlace, PlaceKeep};

use crate::route::Route;
use crate::session::Session;

/// What is typed is noted when nothing was typed for so long.
const PAUSE: Duration = Duration::from_millis(400);

/// The fields of one screen.
#[derive(Copy, Clone)]
pub(crate) struct KeptFields {
    place: StoredValue<String>,
    typed: StoredValue<BTreeMap<String, String>>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl KeptFields {
    /// Notes that the person is at `place`, for everything below; when they leave, it is forgotten.
    pub(crate) fn at(place: Route) -> Self {
        let session = Session::here();
        let place = place.hash();
        // What was typed there before the device went off.
        let before = session.kept_place.get_untracked().filter(|kept| kept.place == place);
        session.kept_place.set(None);
        let fields = Self {
            place: StoredValue::new(place),
            typed: StoredValue::new(before.map(|kept| kept.typed).unwrap_or_default()),
            timer: StoredValue::new(None),
        };
        fields.note();
        on_cleanup(move || {
            fields.hold_off();
            session.send(PlaceKeep { kept: None }, |()| ());
        });
        provide_context(fields);
        fields
    }

    /// The text of a field, as it was typed before.
    pub(crate) fn field(name: &str) -> RwSignal<String> {
        let Some(fields) = use_context::<Self>() else { return RwSignal::new(String::new()) };
        let name = name.to_owned();
        let text =
            RwSignal::new(fields.typed.with_value(|typed| typed.get(&name).cloned().unwrap_or_default()));
        Effect::new(move |begun: Option<()>| {
            let text = text.get();
            if begun.is_some() {
                fields.typed.update_value(|typed| {
                    if text.is_empty() {
                        typed.remove(&name)
                    } else {
                        typed.insert(name.clone(), text)
                    };
                });
                fields.note_soon();
            }
        });
        text
    }

    fn note_soon(self) {
        self.hold_off();
        let noted = move || self.note();
        self.timer.set_value(set_timeout_with_handle(noted, PAUSE).ok());
    }

    fn hold_off(self) {
        if let Some(handle) = self.timer.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    }

    fn note(self) {
        let (Some(place), Some(typed)) = (self.place.try_get_value(), self.typed.try_get_value()) else {
            return;
        };
        Session::here().send(PlaceKeep { kept: Some(KeptPlace { place, typed }) }, |()| ());
    }
}
