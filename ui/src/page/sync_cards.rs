//! What needs a person: a delivery to try again or give up, a card with two values.

use std::collections::BTreeMap;

use leptos::prelude::*;
use millwright_model::{Between, Conflict, ConflictResolve, Delivery, DeliveryDiscard, DeliveryRetry, Side};

use crate::calendar;
use crate::field;
use crate::icon::Glyph;
use crate::page::order::{DeliveryRow, ReasonSheet};
use crate::part::Icon;
use crate::session::{Matter, Session};
use crate::text;

/// A delivery that needs a person.
#[component]
pub(super) fn NeedsYou(delivery: Delivery) -> impl IntoView {
    let session = Session::here();
    let delivery_id = delivery.delivery_id;
    let giving_up = RwSignal::new(false);
    let may_have_gone = delivery.may_have_gone();
    let let_be = move |_| {
        session.send(DeliveryDiscard { delivery_id, reason: text::mail_let_be().to_owned() }, |()| ())
    };
    let retry = move |_| {
        session.send(DeliveryRetry { delivery_id }, move |()| {
            session.say(Matter::Notice(text::delivery_retried().to_owned()))
        })
    };
    let discard = Callback::new(move |reason: String| {
        session.send(DeliveryDiscard { delivery_id, reason }, move |()| giving_up.set(false))
    });
    view! {
        <DeliveryRow delivery>
            <button class="btn" data-test="delivery-retry" on:click=retry><Icon glyph=Glyph::RefreshCw/>{if may_have_gone { text::mail_send_again() } else { text::try_again() }}</button>
            {if may_have_gone {
                view! { <button class="btn" data-test="mail-let-be" on:click=let_be>{text::mail_let_be()}</button> }.into_any()
            } else {
                view! { <button class="btn danger" data-test="delivery-discard" on:click=move |_| giving_up.set(true)>{text::give_up()}</button> }.into_any()
            }}
        </DeliveryRow>
        <Show when=move || giving_up.get()>
            <ReasonSheet title=text::give_up_title() act=text::give_up_hold() test="discard" hold=true choices=vec![text::give_up_there(), text::give_up_wrong()]
                close=Callback::new(move |()| giving_up.set(false)) given=discard/>
        </Show>
    }
}

/// Two values, both kept until a person decides.
#[component]
pub(super) fn ConflictCard(
    conflict: Conflict,
    /// What people call the records that ids stand for.
    names: BTreeMap<String, String>,
) -> impl IntoView {
    let session = Session::here();
    let conflict_id = conflict.conflict_id;
    let keep = move |keep: Side| session.record(ConflictResolve { conflict_id, keep });
    let by = conflict.changed_by.unwrap_or_else(|| match conflict.between {
        Between::UsAndErp => text::target_erp().to_owned(),
        Between::TwoDevices => text::another_device().to_owned(),
    });
    let (of, name) = (conflict.entity, conflict.field);
    let word = field::name(of, &name).unwrap_or_else(text::field_other);
    let said = |value: &serde_json::Value| calendar::shown(field::value(of, &name, value, &names));
    let (ours, theirs) = (said(&conflict.ours), said(&conflict.theirs));
    view! {
        <div class="row fit" data-test="conflict">
            <i class="tri"></i>
            <div class="grow"><b>{conflict.entity_label}</b>" · "{word}<div class="muted small">{text::conflict_more(by, calendar::moment(conflict.noticed_at))}</div></div>
            <div class="acts">
                <button class="btn big" data-test="conflict-ours" on:click=move |_| keep(Side::Ours)><span><span class="muted small">{text::keep_ours()}</span><br/>{ours}</span></button>
                <button class="btn big" data-test="conflict-theirs" on:click=move |_| keep(Side::Theirs)><span><span class="muted small">{text::keep_theirs()}</span><br/>{theirs}</span></button>
            </div>
        </div>
    }
}
