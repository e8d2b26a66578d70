//! Letters of others that lie here, and whether this device shares copies at all.

use leptos::prelude::*;
use millwright_model::{
    AppStatus, CarriedView, Settings, SettingsSave, TeamOutboxDiscard, TeamOutboxTake, TeamView,
};

use crate::part::HoldButton;
use crate::session::{Matter, Session};
use crate::{calendar, figure, text};

/// On a member: gives copies of what waits to others, and keeps theirs.
#[component]
pub(super) fn SharesCopies() -> impl IntoView {
    let session = Session::here();
    let settings = Memo::new(move |_| session.settings());
    let save = move |shares_copies: bool| {
        let settings = Settings { shares_copies, ..settings.get_untracked() };
        session.send(SettingsSave { settings }, move |()| {
            session.say(Matter::Notice(text::kept().to_owned()));
            session.send(AppStatus {}, move |status| session.take_status(status));
        });
    };
    view! {
        <section class="card form">
            <label class="check"><input type="checkbox" data-test="shares-copies" prop:checked=move || settings.with(|settings| settings.shares_copies)
                on:change=move |event| save(event_target_checked(&event))/>{text::shares_copies()}</label>
            <p class="muted small">{text::shares_copies_explained()}</p>
        </section>
    }
}

/// Whose letters lie here. At the node a person says what becomes of them.
#[component]
pub(super) fn Carried(team: RwSignal<TeamView>, is_node: bool) -> impl IntoView {
    let title = if is_node { text::laid_aside_title() } else { text::carried_title() };
    let explained = if is_node { text::laid_aside_explained() } else { text::carried_explained() };
    view! {
        <Show when=move || team.with(|team| !team.carried.is_empty())>
            <section class="card" data-test="team-carried"><h2>{title}</h2>
                <p class="muted small">{explained}</p>
                <div class="rows">{move || team.with(|team| team.carried.iter().cloned().map(|of| view! { <CarriedRow of is_node/> }).collect_view())}</div>
            </section>
        </Show>
    }
}

#[component]
fn CarriedRow(of: CarriedView, is_node: bool) -> impl IntoView {
    let session = Session::here();
    let device_id = of.device_id;
    let size = figure::room(i64::try_from(of.size_bytes).unwrap_or(i64::MAX));
    let take = move |_| {
        session.send(TeamOutboxTake { device_id }, move |judged| {
            session.say(Matter::Notice(text::letter_taken_by_node(judged)));
        });
    };
    let discard = Callback::new(move |()| session.send(TeamOutboxDiscard { device_id }, |()| {}));
    view! {
        <div class="row fit" data-test="team-carried-row">
            <div class="grow"><b>{of.device_name}</b><div class="muted small">{text::carried_facts(of.letters, size, calendar::moment(of.since))}</div></div>
            {is_node.then(|| view! { <div class="acts">
                <button class="btn" data-test="outbox-take" on:click=take>{text::laid_aside_take()}</button>
                <HoldButton look="danger" test="outbox-discard" label=text::laid_aside_discard() acts=discard/>
            </div> })}
        </div>
    }
}
