//! Live values: newest per series, and which series the screen shows.

use std::collections::{BTreeSet, HashMap};

use leptos::prelude::*;
use leptos::task::spawn_local;
use millwright_model::{LiveValue, LiveWatch, SeriesKey, TagState};

use crate::ipc;

#[derive(Default)]
struct Book {
    values: HashMap<SeriesKey, ArcRwSignal<Option<LiveValue>>>,
    watched: HashMap<u32, Vec<SeriesKey>>,
    next_watch: u32,
    asked: BTreeSet<SeriesKey>,
}

/// Live values of the series that the screen shows.
#[derive(Copy, Clone)]
pub(crate) struct Live(StoredValue<Book>);

impl Live {
    /// Nothing heard, nothing watched.
    pub(crate) fn new() -> Self {
        Self(StoredValue::new(Book::default()))
    }

    /// The last value of a series.
    pub(crate) fn value(self, series: &SeriesKey) -> ArcRwSignal<Option<LiveValue>> {
        self.0
            .try_update_value(|book| book.values.entry(series.clone()).or_default().clone())
            .unwrap_or_default()
    }

    /// Takes what was heard.
    pub(crate) fn take(self, values: Vec<LiveValue>) {
        for value in values {
            self.value(&value.series).set(Some(value));
        }
    }

    /// Takes the value that came with a view.
    pub(crate) fn seed(self, tag: &TagState) {
        let signal = self.value(&tag.binding.series);
        if tag.live.is_some() && signal.with_untracked(|known| *known != tag.live) {
            signal.set(tag.live.clone());
        }
    }

    /// Watches these series as long as the calling component lives.
    pub(crate) fn watch(self, series: impl Fn() -> Vec<SeriesKey> + 'static) {
        let watch_id = self
            .0
            .try_update_value(|book| {
                book.next_watch = book.next_watch.wrapping_add(1);
                book.next_watch
            })
            .unwrap_or_default();
        Effect::new(move |_| {
            let series = series();
            self.0.update_value(|book| {
                book.watched.insert(watch_id, series);
            });
            self.ask();
        });
        on_cleanup(move || {
            self.0.try_update_value(|book| book.watched.remove(&watch_id));
        });
    }

    /// Tells the engine, when what is watched changed.
    fn ask(self) {
        let wanted = self.0.try_update_value(|book| {
            let wanted: BTreeSet<SeriesKey> = book.watched.values().flatten().cloned().collect();
            (wanted != book.asked).then(|| {
                book.asked.clone_from(&wanted);
                wanted
            })
        });
        let Some(wanted) = wanted.flatten() else { return };
        spawn_local(async move {
            // Without an answer the values stay as they were, with their age.
            if let Ok(values) = ipc::call(LiveWatch { series: wanted.into_iter().collect() }).await {
                self.take(values);
            }
        });
    }
}
