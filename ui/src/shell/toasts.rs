//! Short messages at the foot: saved and how long it can be undone; a problem, said once.

use leptos::prelude::*;
use millwright_model::TxnUndo;

use crate::icon::Glyph;
use crate::part::Icon;
use crate::session::{Matter, Session, Toast};
use crate::text;

/// The messages.
#[component]
pub(crate) fn Toasts() -> impl IntoView {
    let session = Session::here();
    view! {
        <div class="toasts" aria-live="polite">
            <For each=move || session.toasts.get() key=|toast| toast.toast_id let:toast><ToastCard toast/></For>
        </div>
    }
}

#[component]
fn ToastCard(toast: Toast) -> impl IntoView {
    let session = Session::here();
    let toast_id = toast.toast_id;
    let gone = move || session.toasts.update(|toasts| toasts.retain(|toast| toast.toast_id != toast_id));
    let until = toast.until;
    let left = move || ((until.since_ms(session.now.get()) + 999) / 1000).max(0);
    match toast.matter {
        Matter::Saved(txn_id) => {
            let undo = move |_| {
                gone();
                session.send(TxnUndo { txn_id }, move |()| session.say(Matter::Notice(text::undone().to_owned())));
            };
            view! {
                <div class="toast" role="status" data-test="toast-saved">
                    <Icon glyph=Glyph::Check/><span class="grow">{text::saved()}</span>
                    <button class="btn" data-test="undo" on:click=undo><Icon glyph=Glyph::Undo2/>{move || text::undo_seconds(left())}</button>
                </div>
            }
            .into_any()
        }
        Matter::Notice(words) => view! {
            <div class="toast" role="status" data-test="toast-notice"><span class="grow">{words}</span>
                <button class="btn tight" aria-label=text::close() on:click=move |_| gone()><Icon glyph=Glyph::X/></button></div>
        }
        .into_any(),
        Matter::Problem(words) => view! {
            <div class="toast error" role="alert" data-test="toast-error"><Icon glyph=Glyph::TriangleAlert/><span class="grow">{words}</span>
                <button class="btn tight" aria-label=text::close() on:click=move |_| gone()><Icon glyph=Glyph::X/></button></div>
        }
        .into_any(),
    }
}
