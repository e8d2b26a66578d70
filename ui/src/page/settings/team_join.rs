//! The way into a team: the node's code scanned or pasted, a name, and a person who lets the device in.

use leptos::prelude::*;
use millwright_model::{AppStatus, CodeFound, TeamJoin, TeamJoinCancel};

use crate::icon::Glyph;
use crate::part::{Camera, CodeLook, Icon, Sheet, TextField};
use crate::session::Session;
use crate::text;

/// For a device without a team.
#[component]
pub(super) fn JoinCard(
    /// It had one.
    shut_out: bool,
) -> impl IntoView {
    let session = Session::here();
    let (name, invitation) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let scanning = RwSignal::new(false);
    let unready = move || name.with(|name| name.trim().is_empty()) || invitation.with(String::is_empty);
    let ask = move |_| {
        let command = TeamJoin { invitation: invitation.get_untracked(), name: name.get_untracked() };
        session.send(command, move |()| {
            session.send(AppStatus {}, move |status| session.take_status(status));
        });
    };
    let scanned = Callback::new(move |code: CodeFound| {
        invitation.set(code.text);
        scanning.set(false);
    });
    view! {
        <section class="card form" data-test="team-join">
            <h2>{text::team_alone_title()}</h2>
            {shut_out.then(|| view! { <p class="strong" data-test="team-shut-out">{text::team_shut_out()}</p> })}
            <p class="muted">{text::team_alone_explained()}</p>
            <TextField label=text::team_device_name() value=name test="team-name"/>
            <TextField label=text::team_invitation() value=invitation test="team-invitation" lines=true/>
            <div class="acts">
                <button class="btn big" data-test="team-scan" on:click=move |_| scanning.set(true)><Icon glyph=Glyph::ScanLine/>{text::team_scan()}</button>
                <button class="btn primary" data-test="team-ask" disabled=unready on:click=ask>{text::team_ask()}</button>
            </div>
        </section>
        <Show when=move || scanning.get()><ScanInvitation close=Callback::new(move |()| scanning.set(false)) scanned/></Show>
    }
}

#[component]
fn ScanInvitation(close: Callback<()>, scanned: Callback<CodeFound>) -> impl IntoView {
    let (video, live) = (NodeRef::<leptos::html::Video>::new(), RwSignal::new(false));
    view! {
        <Sheet title=text::team_scan() close test="team-scan-sheet">
            <Camera video live/>
            <CodeLook video live found=scanned/>
        </Sheet>
    }
}

/// For a device that has asked.
#[component]
pub(super) fn AskingCard(address: String) -> impl IntoView {
    let session = Session::here();
    let cancel = move |_| session.send(TeamJoinCancel {}, |()| {});
    view! {
        <section class="card form" data-test="team-asking">
            <h2>{text::team_asking(address)}</h2>
            <div class="acts"><button class="btn big" data-test="team-ask-cancel" on:click=cancel>{text::team_ask_cancel()}</button></div>
        </section>
    }
}
