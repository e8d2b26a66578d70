//! Keeping a file that the engine made in the person's folder for downloads.

use leptos::prelude::*;
use leptos::task::spawn_local;
use millwright_model::{Command, FileSave};

use crate::ipc;
use crate::session::{Matter, Session};
use crate::text;

/// Asks for a file with `command`, keeps it, and says where it lies; `busy` is set meanwhile.
pub(crate) fn save_file<C: Command + 'static>(
    command: C,
    file_of: impl FnOnce(C::Output) -> FileSave + 'static,
    busy: RwSignal<bool>,
) {
    let session = Session::here();
    busy.set(true);
    spawn_local(async move {
        let saved = async { ipc::call(file_of(ipc::call(command).await?)).await };
        match saved.await {
            Ok(saved) => session.say(Matter::Notice(text::file_saved(saved.path))),
            Err(error) => session.refuse(&error),
        }
        busy.try_set(false);
    });
}
