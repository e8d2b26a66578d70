//! The exchange as a file: what waits here is written to a stick, and what comes on one is taken.

use leptos::prelude::*;
use millwright_model::{FileSave, LetterTaken, TeamLetterTake, TeamLetterWrite};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::icon::Glyph;
use crate::part::{Icon, read_file};
use crate::session::{Matter, Session};
use crate::text;

/// The largest letter that is read.
const LETTER_BYTES_MAX: f64 = 128.0 * 1024.0 * 1024.0;

/// Writes a letter to the node, or takes one; on the node only the latter, and its answer is saved at once.
#[component]
pub(super) fn LetterCard(is_node: bool) -> impl IntoView {
    let session = Session::here();
    let write = move |_| {
        session.send(TeamLetterWrite {}, move |written| {
            let said = text::letter_written(written.transactions, written.photos);
            let left = (written.photos_left > 0).then(|| text::letter_photos_left(written.photos_left));
            let save = FileSave { file_name: written.file_name, bytes_base64: written.bytes_base64 };
            session.send(save, move |saved| {
                let parts = [Some(said.clone()), left.clone(), Some(text::file_saved(saved.path))];
                session.say(Matter::Notice(parts.into_iter().flatten().collect::<Vec<_>>().join(" ")));
            });
        });
    };
    let taken = move |taken: LetterTaken| {
        let said = if is_node {
            text::letter_taken_by_node(taken.transactions)
        } else {
            text::letter_taken(taken.transactions, taken.accepted)
        };
        let Some(answer) = taken.answer else { return session.say(Matter::Notice(said)) };
        let save = FileSave { file_name: answer.file_name, bytes_base64: answer.bytes_base64 };
        session.send(save, move |saved| {
            session.say(Matter::Notice(format!("{said} {}", text::letter_answer_saved(saved.path))));
        });
    };
    let picked = move |event: web_sys::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some(input) = input else { return };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            if file.size() > LETTER_BYTES_MAX {
                session.say(Matter::Problem(text::letter_too_large().to_owned()));
            } else {
                read_file(file, move |file| match file {
                    Some(file) => session.send(TeamLetterTake { bytes_base64: file.bytes_base64 }, taken),
                    None => session.say(Matter::Problem(text::file_unreadable().to_owned())),
                });
            }
        }
        // The same file can be picked again.
        input.set_value("");
    };
    let explained = if is_node { text::letter_node_explained() } else { text::letter_explained() };
    view! {
        <section class="card form" data-test="team-letter">
            <h2>{text::letter_title()}</h2>
            <p class="muted">{explained}</p>
            <div class="acts">
                {(!is_node).then(|| view! { <button class="btn big" data-test="letter-write" on:click=write>{text::letter_write()}</button> })}
                <label class="btn big"><Icon glyph=Glyph::FolderOpen/>{if is_node { text::letter_take() } else { text::letter_take_answer() }}
                    <input class="hidden-input" type="file" accept=".millwright-letter" data-test="letter-file" on:change=picked/></label>
            </div>
        </section>
    }
}
