//! Signing: what the signature means, then press and hold.

use leptos::prelude::*;
use millwright_model::{SignatureAdd, WorkOrderView};

use crate::calendar;
use crate::part::{Empty, HoldButton};
use crate::session::Session;
use crate::text;

/// Signatures, and giving one.
#[component]
pub(super) fn SignCard(view: RwSignal<WorkOrderView>) -> impl IntoView {
    let session = Session::here();
    let signatures = Memo::new(move |_| view.with(|view| view.signatures.clone()));
    let work_order_id = view.with_untracked(|view| view.overview.order.work_order_id);
    let meanings = [text::sign_done(), text::sign_checked(), text::sign_handed_over()];
    let meaning = RwSignal::new(meanings.first().copied().unwrap_or_default().to_owned());
    let sign = Callback::new(move |()| {
        session.record(SignatureAdd { work_order_id, meaning: meaning.get_untracked() })
    });
    view! {
        <section class="card" data-test="signatures">
            <h2>{text::signature()}</h2>
            {move || signatures.with(Vec::is_empty).then(|| view! { <Empty says=text::signature_empty()/> })}
            {move || signatures.get().into_iter().map(|signature| view! {
                <div class="row fit"><i class="dot"></i><div class="grow"><b>{signature.person_name}</b>" · "{signature.signature.meaning}<div class="muted small">{calendar::day_time(signature.signature.signed_at)}</div></div></div>
            }).collect_view()}
            <div class="choice" role="radiogroup" aria-label=text::sign_meaning()>
                {meanings.into_iter().enumerate().map(|(place, choice)| view! {
                    <button type="button" class="btn" role="radio" class:on=move || meaning.with(|meaning| meaning == choice) data-test=format!("sign-meaning-{place}")
                        aria-checked=move || meaning.with(|meaning| meaning == choice).to_string() on:click=move |_| meaning.set(choice.to_owned())>{choice}</button>
                }).collect_view()}
            </div>
            <div class="acts"><HoldButton label=text::sign_hold() look="big grow" test="sign" acts=sign/></div>
        </section>
    }
}
