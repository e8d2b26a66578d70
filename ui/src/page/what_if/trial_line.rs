//! What the screen holds of a line that is tried out: as it stands, as it might be, and what came of it.

use leptos::prelude::*;
use millwright_model::{LineFork, WhatIfComparison, WhatIfOption, WhatIfRun};

use crate::line_changes::follow;
use crate::session::Session;
use crate::text;

/// How often each line is run: the bands are narrow, and the answer is there at once.
pub(super) const REPLICATIONS: u32 = 200;

/// A line being tried out.
#[derive(Copy, Clone)]
pub(super) struct TrialLine {
    /// As it stands.
    pub(super) base: RwSignal<LineFork>,
    /// As it might be.
    pub(super) options: RwSignal<Vec<WhatIfOption>>,
    /// Which is looked at; nothing for the line as it stands.
    pub(super) chosen: RwSignal<Option<usize>>,
    /// How far is looked ahead.
    pub(super) hours: RwSignal<f64>,
    /// What came of it; nothing as long as it was not run as it is now.
    pub(super) told: RwSignal<Option<WhatIfComparison>>,
    /// Whether it runs.
    pub(super) running: RwSignal<bool>,
}

impl TrialLine {
    /// With nothing changed yet.
    pub(super) fn of(fork: LineFork) -> Self {
        Self {
            base: RwSignal::new(fork),
            options: RwSignal::new(Vec::new()),
            chosen: RwSignal::new(None),
            hours: RwSignal::new(7.0 * 24.0),
            told: RwSignal::new(None),
            running: RwSignal::new(false),
        }
    }

    /// The line that is looked at.
    pub(super) fn line(self) -> LineFork {
        match self.chosen.get() {
            Some(at) => self
                .options
                .with(|options| options.get(at).map(|option| option.line.clone()))
                .unwrap_or_else(|| self.base.get()),
            None => self.base.get(),
        }
    }

    /// Changes the line that is looked at. An option says only what is other than the line as it stands: the rest follows.
    pub(super) fn change(self, change: impl Fn(&mut LineFork)) {
        match self.chosen.get_untracked() {
            Some(at) => self.options.update(|options| {
                if let Some(option) = options.get_mut(at) {
                    change(&mut option.line);
                }
            }),
            None => {
                let before = self.base.get_untracked();
                self.base.update(&change);
                let after = self.base.get_untracked();
                self.options.update(|options| {
                    options.iter_mut().for_each(|option| follow(&mut option.line, &before, &after));
                });
            }
        }
        self.told.set(None);
    }

    /// Adds an option that is the line as it stands, to be changed.
    pub(super) fn add(self) {
        let line = self.base.get_untracked();
        let place = self.options.with_untracked(Vec::len);
        self.options.update(|options| {
            options.push(WhatIfOption { name: text::what_if_option_number(place + 1), line });
        });
        self.chosen.set(Some(place));
        self.told.set(None);
    }

    /// Throws the option away that is looked at.
    pub(super) fn remove(self) {
        let Some(at) = self.chosen.get_untracked() else { return };
        self.chosen.set(None);
        self.options.update(|options| {
            if at < options.len() {
                options.remove(at);
            }
        });
        self.told.set(None);
    }

    /// Runs all of them.
    pub(super) fn run(self) {
        let command = WhatIfRun {
            line: self.base.get_untracked(),
            options: self.options.get_untracked(),
            hours: self.hours.get_untracked(),
            replications: REPLICATIONS,
        };
        self.running.set(true);
        let told = move |told| {
            self.running.try_set(false);
            self.told.try_set(Some(told));
        };
        Session::here().send_or(command, told, move || {
            self.running.try_set(false);
        });
    }
}
