//! What the steps of bringing data in share: the file, what is said of it, and what the engine answered.

use leptos::prelude::*;
use leptos::task::spawn_local;
use millwright_model::*;
use wasm_bindgen::JsCast;

use crate::data_words;
use crate::ipc;
use crate::session::{Matter, Session};
use crate::text;
use crate::words;

/// The steps of bringing one file in.
#[derive(Copy, Clone)]
pub(super) struct Bringing {
    /// What the file holds.
    pub(super) kind: RwSignal<DataKind>,
    /// The file.
    pub(super) file: RwSignal<Option<DataFile>>,
    /// What the person says about it.
    pub(super) reading: RwSignal<DataReading>,
    /// How it is understood.
    pub(super) preview: RwSignal<Option<DataPreviewView>>,
    /// What its columns mean.
    pub(super) matches: RwSignal<Vec<ColumnMatch>>,
    /// What would happen, or happened.
    pub(super) report: RwSignal<Option<DataReport>>,
    /// The engine is at it.
    pub(super) busy: RwSignal<bool>,
    /// Why the file is not taken.
    pub(super) problem: RwSignal<Option<String>>,
    /// Answers to what was asked before are no longer wanted.
    turn: StoredValue<u32>,
}

impl Bringing {
    pub(super) fn new() -> Self {
        Self {
            kind: RwSignal::new(DataKind::Assets),
            file: RwSignal::new(None),
            reading: RwSignal::new(DataReading::default()),
            preview: RwSignal::new(None),
            matches: RwSignal::new(Vec::new()),
            report: RwSignal::new(None),
            busy: RwSignal::new(false),
            problem: RwSignal::new(None),
            turn: StoredValue::new(0),
        }
    }

    /// Takes another kind of data.
    pub(super) fn choose(self, kind: DataKind) {
        self.kind.set(kind);
        self.understand(None);
    }

    /// A file was picked and is being read: what is shown of the one before is no longer what would be brought in.
    /// The turn is to be given back with the file: another one may be picked before this one is read.
    pub(super) fn open(self) -> u32 {
        self.file.set(None);
        self.preview.set(None);
        self.report.set(None);
        self.problem.set(None);
        self.begin()
    }

    /// Takes the file that was picked; nothing where it cannot be read.
    pub(super) fn take(self, turn: u32, file: Option<DataFile>) {
        if !self.ended(turn) {
            return;
        }
        let Some(file) = file else {
            return self.problem.set(Some(text::file_unreadable().to_owned()));
        };
        self.file.set(Some(file));
        self.reading.set(DataReading::default());
        self.understand(None);
    }

    /// Takes what a person says about the file.
    pub(super) fn read(self, change: impl FnOnce(&mut DataReading)) {
        let matches = self.matches.get_untracked();
        let header_before = self.reading.with_untracked(|reading| reading.header_row);
        let sheet_before = self.reading.with_untracked(|reading| reading.sheet.clone());
        let cells_before = self.reading.with_untracked(|reading| (reading.separator, reading.encoding));
        self.reading.update(change);
        // Columns keep their meaning while they are the same columns.
        let same_columns = self.reading.with_untracked(|reading| {
            reading.header_row == header_before
                && reading.sheet == sheet_before
                && (reading.separator, reading.encoding) == cells_before
        });
        self.understand(same_columns.then_some(matches));
    }

    /// Says what a column means; nothing for a column that is not used.
    pub(super) fn match_column(self, column: u32, field: Option<DataField>) {
        let mut matches = self.matches.get_untracked();
        matches.retain(|one| one.column != column && Some(one.field) != field);
        matches.extend(field.map(|field| ColumnMatch { column, field }));
        matches.sort_by_key(|one| one.column);
        self.understand(Some(matches));
    }

    /// Asks how the file is understood; with nothing said, columns are matched by their names.
    fn understand(self, matches: Option<Vec<ColumnMatch>>) {
        self.report.set(None);
        self.problem.set(None);
        let Some(file) = self.file.get_untracked() else { return };
        let (kind, reading) = (self.kind.get_untracked(), self.reading.get_untracked());
        let turn = self.begin();
        spawn_local(async move {
            let found = ipc::call(DataPreview { kind, file, reading, matches }).await;
            if !self.ended(turn) {
                return;
            }
            match found {
                Ok(preview) => {
                    let focus = focused();
                    self.matches.set(preview.matches.clone());
                    self.preview.set(Some(preview));
                    // What is drawn anew takes the place of what had the focus, and goes on having it.
                    request_animation_frame(move || focus_again(focus.as_deref()));
                }
                Err(error) => {
                    self.preview.set(None);
                    self.problem.set(Some(words::error(&error)));
                }
            }
        });
    }

    /// Tries the rows, or brings them in.
    pub(super) fn bring(self, dry_run: bool) {
        let Some(file) = self.file.get_untracked() else { return };
        let (kind, reading) = (self.kind.get_untracked(), self.reading.get_untracked());
        let matches = self.matches.get_untracked();
        let turn = self.begin();
        spawn_local(async move {
            let found = ipc::call(DataBring { kind, file, reading, matches, dry_run }).await;
            if !self.ended(turn) {
                return;
            }
            match found {
                Ok(report) => {
                    if let Some(done) = &report.done {
                        let session = Session::here();
                        session.kept(done);
                        if done.undo_until.is_none() {
                            let done = text::bring_done(report.new, report.changed);
                            session.say(Matter::Notice(done));
                        }
                    }
                    self.report.set(Some(report));
                }
                Err(error) => self.problem.set(Some(words::error(&error))),
            }
        });
    }

    /// Gives up what goes on: a file that is read is not waited for, and of rows that come in nothing is kept.
    pub(super) fn cancel(self) {
        let turn = self.begin();
        let _is_ours = self.ended(turn);
        spawn_local(async move {
            if let Err(error) = ipc::call(DataBringCancel {}).await {
                self.problem.set(Some(words::error(&error)));
            }
        });
    }

    /// Keeps the refused rows as a file.
    pub(super) fn save_refused(self) {
        let Some(file) = self.file.get_untracked() else { return };
        let (kind, reading) = (self.kind.get_untracked(), self.reading.get_untracked());
        let matches = self.matches.get_untracked();
        let reasons = self.report.with_untracked(|report| {
            let refused = report.iter().flat_map(|report| &report.refused_rows);
            refused.map(|one| (one.row, data_words::reason(one))).collect()
        });
        let session = Session::here();
        session.send(DataRefused { kind, file, reading, matches, reasons }, move |out| {
            let FileBytes { file_name, rows: _, bytes_base64 } = out;
            session.send(FileSave { file_name, bytes_base64 }, move |saved| {
                session.say(Matter::Notice(text::file_saved(saved.path)));
            });
        });
    }

    fn begin(self) -> u32 {
        let turn = self.turn.get_value().wrapping_add(1);
        self.turn.set_value(turn);
        self.busy.set(true);
        turn
    }

    /// Whether this is the answer that is waited for.
    fn ended(self, turn: u32) -> bool {
        let wanted = self.turn.try_get_value() == Some(turn);
        if wanted {
            self.busy.set(false);
        }
        wanted
    }
}

/// The name of what has the focus.
fn focused() -> Option<String> {
    document().active_element()?.get_attribute("data-test")
}

/// Gives the focus to what is called so, where it lost it.
fn focus_again(name: Option<&str>) {
    let Some(name) = name.filter(|name| focused().as_deref() != Some(*name)) else { return };
    let found = document().query_selector(&format!("[data-test=\"{name}\"]")).ok().flatten();
    if let Some(element) = found.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
        && element.focus().is_err()
    {
        // It can still be touched.
    }
}
